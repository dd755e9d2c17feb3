"""Golden values printed in publications, each naming its source."""

import numpy as np
import pandas as pd
import pytest

from crosscase.agreement import (
    Bootstrap,
    Linearised,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    cu_alpha,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    mv_alpha,
    percent_agreement,
    prevalence_bias,
    scott_pi,
    specific_agreement,
    u_alpha,
    u_alpha_1995,
    unanimous_agreement,
    weights_from_disagreement,
)

nan = float("nan")


def table(rows, names=None):
    names = names or list(range(1, len(rows) + 1))
    return pd.DataFrame(rows, index=names, columns=names)


def three(value):
    return pytest.approx(value, abs=5.1e-4)


def two(value):
    return pytest.approx(value, abs=5.1e-3)


# Cohen (1960), p. 45: proportions of N = 200
COHEN_1960 = table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, examples A to D
KRIPPENDORFF_A = pd.DataFrame({"a": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "b": [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]})
KRIPPENDORFF_B = pd.DataFrame({"a": list("aabbdcccedda"), "b": list("babbbcccEddd".replace("E", "e"))})
KRIPPENDORFF_C = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        "C": [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    }
)


def test_cohen_1960():
    found = cohen_kappa(COHEN_1960, layout="crosstab")
    assert found.observed == two(0.70)
    assert found.expected == two(0.41)
    assert float(found) == three(0.492)


def test_cohen_1968_with_disagreement_weights():
    # Cohen (1968), table 1: the table of 1960 with weights 0, 1, 3 / 1, 0, 6 / 3, 6, 0 gives kappa_w = .348
    weights = weights_from_disagreement(table([[0, 1, 3], [1, 0, 6], [3, 6, 0]]))
    assert float(cohen_kappa(COHEN_1960, layout="crosstab", weights=weights)) == three(0.348)


def test_fleiss_1971():
    # Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses; kappa = .430, P = .5556, Pe = .2201
    rows = """444444 222555 233335 555555 222444 113333 333355 113334 114444 555555 144444 124444 222333 144444 224445
    333335 111455 111112 224444 133555 555555 244444 224555 114444 144445 222224 111155 224444 133333 555555"""
    frame = pd.DataFrame([[int(digit) for digit in row] for row in rows.split()])
    found = fleiss_kappa(frame)
    assert float(found) == three(0.430)
    assert found.observed == three(0.5556)
    assert found.expected == three(0.2201)
    counts = pd.DataFrame([[row.tolist().count(k) for k in range(1, 6)] for row in frame.to_numpy()])
    assert float(fleiss_kappa(counts, layout="counts")) == pytest.approx(float(found), abs=1e-12)
    # in his table five patients have one diagnosis from all six: 1, 4, 10, 21 and 30
    assert float(unanimous_agreement(frame)) == pytest.approx(5 / 30)
    assert float(unanimous_agreement(counts, layout="counts")) == pytest.approx(5 / 30)


def test_artstein_poesio_2008():
    # Computational Linguistics 34: p. 558 (two categories) and p. 568 (three categories, with weights)
    first = table([[20, 20], [10, 50]], ["STAT", "IReq"])
    assert float(percent_agreement(first, layout="crosstab")) == three(0.7)
    assert float(brennan_prediger(first, layout="crosstab")) == three(0.4)
    assert float(scott_pi(first, layout="crosstab")) == three(0.341)
    assert float(cohen_kappa(first, layout="crosstab")) == three(0.348)
    assert specific_agreement(first, layout="crosstab")["specific_agreement"].tolist() == [three(0.571), three(0.769)]
    names = ["STAT", "IReq", "Chck"]
    second = table([[46, 6, 0], [0, 32, 0], [0, 6, 10]], names)
    assert float(brennan_prediger(second, layout="crosstab")) == three(0.82)
    assert float(scott_pi(second, layout="crosstab")) == three(0.7995)
    assert float(cohen_kappa(second, layout="crosstab")) == three(0.8013)
    assert float(krippendorff_alpha(second, layout="crosstab")) == pytest.approx(0.8005, abs=6e-4)
    distance = table([[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]], names)
    assert float(krippendorff_alpha(second, layout="crosstab", level=distance)) == three(0.8156)
    weighted = cohen_kappa(second, layout="crosstab", weights=weights_from_disagreement(distance))
    assert float(weighted) == three(0.8163)


def test_krippendorff_1980():
    # Content Analysis (1980), p. 133 and p. 139; irr::kripp.alpha gives 0.635 for the second
    first = pd.DataFrame({"a": [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], "b": [0, 1, 1, 0, 0, 1, 0, 1, 0, 0]})
    assert float(krippendorff_alpha(first)) == three(0.095)
    second = pd.DataFrame(
        [[1, 1, 1], [1, 2, 2], [2, 2, 2], [4, 4, 4], [1, 4, 4], [2, 2, 2], [1, 2, 3], [3, 3, 3], [2, 2, 2]]
    )
    assert float(krippendorff_alpha(second)) == three(0.642)
    assert float(krippendorff_alpha(second, level="interval")) == three(0.547)
    assert float(krippendorff_alpha(second, level="ratio")) == pytest.approx(0.4835, abs=1e-3)


def test_krippendorff_2011_examples_a_to_d():
    assert float(krippendorff_alpha(KRIPPENDORFF_A)) == three(0.095)
    assert float(krippendorff_alpha(KRIPPENDORFF_B)) == three(0.692)
    values = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for level, value in values.items():
        assert float(krippendorff_alpha(KRIPPENDORFF_C, level=level)) == three(value)
    assert krippendorff_alpha(KRIPPENDORFF_C).n_units == 11


def test_hayes_krippendorff_2007():
    # Communication Methods and Measures 1, p. 84: ordinal alpha .7598 (published as .7598), 40 units, 5 coders
    rows = """112-2 1101- 2333- -00-0 000-0 000-0 102-1 1-20- 222-2 2111- -100- 0000- 1222- 33223 111-1 111-1 212-2
    1233- 1101- 000-0 0011- 00-00 2333- 0000- 12-22 0111- 00010 1212- 1122- 112-2 110-0 2121- 22-22 3222- 222-2 223-2
    222-2 22-12 2222- 111-1"""
    frame = pd.DataFrame([[nan if mark == "-" else int(mark) for mark in row] for row in rows.split()])
    assert len(frame) == 40
    assert float(krippendorff_alpha(frame, level="ordinal")) == pytest.approx(0.7598, abs=1e-4)


def test_gwet_variances_on_krippendorffs_data():
    # Gwet's linearised standard error of alpha as irrCAC prints it for these data: 0.14557, interval (0.419, 1)
    found = krippendorff_alpha(KRIPPENDORFF_C, interval=Linearised(over="units"))
    assert found.standard_error == pytest.approx(0.14557, abs=6e-6)
    assert (found.low, found.high) == (three(0.419), 1.0)


def test_gwet_2014_raw_coefficients_and_standard_errors():
    # Gwet, Handbook of Inter-Rater Reliability: 4 raters, 12 subjects (cac.raw4raters), as his R package prints them
    frame = KRIPPENDORFF_C.assign(B=KRIPPENDORFF_C["B"].mask(KRIPPENDORFF_C.index == 11))
    frame.loc[11, "C"] = 3
    values = {
        percent_agreement: (0.81818, 0.12561),
        fleiss_kappa: (0.76117, 0.15302),
        gwet_ac1: (0.77544, 0.14295),
        brennan_prediger: (0.77273, 0.14472),
        conger_kappa: (0.76282, 0.14917),
        krippendorff_alpha: (0.74342, 0.14557),
    }
    for function, (value, error) in values.items():
        found = function(frame, interval=Linearised(over="units"))
        assert float(found) == pytest.approx(value, abs=6e-6)
        assert found.standard_error == pytest.approx(error, abs=6e-6)
    assert gwet_ac2(frame, weights="gwet_ordinal").variant == "gwet_ordinal"


def test_feinstein_cicchetti_1990_paradox():
    # J Clin Epidemiol 43, 543-549 and 551-558: the same agreement of .85, kappa .70 and .32
    even, uneven = table([[40, 9], [6, 45]]), table([[80, 10], [5, 5]])
    assert float(percent_agreement(even, layout="crosstab")) == two(0.85)
    assert float(percent_agreement(uneven, layout="crosstab")) == two(0.85)
    assert float(cohen_kappa(even, layout="crosstab")) == two(0.70)
    assert float(cohen_kappa(uneven, layout="crosstab")) == two(0.32)
    assert specific_agreement(uneven, layout="crosstab")["specific_agreement"].tolist() == [two(0.914), two(0.40)]
    found = prevalence_bias(uneven, layout="crosstab").iloc[0]
    assert found["prevalence_index"] == two(0.75)
    assert found["bias_index"] == two(0.05)
    assert found["pabak"] == two(0.70)


def test_gwet_2008_ac1_beside_the_paradox():
    # Gwet's example of 125 subjects, 118 of them positive for both: AC1 .94, kappa -.0234
    frame = table([[118, 5], [2, 0]])
    assert float(gwet_ac1(frame, layout="crosstab")) == pytest.approx(0.9408, abs=1e-4)
    assert float(cohen_kappa(frame, layout="crosstab")) == pytest.approx(-0.0234, abs=1e-4)


def test_fleiss_levin_paik_2003_interval_of_kappa():
    # Statistical Methods for Rates and Proportions, 3rd ed., table 18.1 (100 subjects, psychotic, neurotic, organic):
    # kappa .68, large-sample 95 % interval .504 to .848 (from a rounded standard error)
    frame = table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])
    found = cohen_kappa(frame, layout="crosstab", interval=Linearised(over="units", large_sample=True))
    assert float(found) == pytest.approx(0.676, abs=5e-4)
    assert [found.low, found.high] == pytest.approx([0.504, 0.848], abs=1e-3)


def test_brennan_prediger_1981():
    # Educational and Psychological Measurement 41, p. 689 and p. 691, proportions times 100
    first = table([[50, 0, 0], [10, 10, 10], [20, 0, 0]])
    assert float(cohen_kappa(first, layout="crosstab")) == two(0.27)
    assert float(brennan_prediger(first, layout="crosstab")) == two(0.40)
    second = table([[50, 0, 10], [0, 10, 10], [10, 10, 0]])
    assert float(cohen_kappa(second, layout="crosstab")) == two(0.29)
    assert float(brennan_prediger(second, layout="crosstab")) == two(0.40)


def test_zwick_1988():
    # Psychological Bulletin 103, p. 376: three tables with the same agreement of .60 (the last pi is printed .460)
    a = [[20, 0, 0, 5], [0, 10, 15, 0], [0, 15, 10, 0], [5, 0, 0, 20]]
    b = [[20, 10, 10, 0], [10, 10, 0, 0], [10, 0, 10, 0], [0, 0, 0, 20]]
    c = [[20, 5, 5, 10], [0, 10, 5, 5], [0, 5, 10, 5], [0, 0, 0, 20]]
    for rows, s, pi, kappa in ((a, 0.467, 0.467, 0.467), (b, 0.467, 0.444, 0.444), (c, 0.467, 0.4595, 0.474)):
        frame = table(rows)
        assert float(brennan_prediger(frame, layout="crosstab")) == three(s)
        assert float(scott_pi(frame, layout="crosstab")) == three(pi)
        assert float(cohen_kappa(frame, layout="crosstab")) == three(kappa)


def test_krippendorff_1995_digitized_spans():
    # Sociological Methodology 25, p. 57, pair A marked point by point: kappa .385, pi .314
    bertha = [0] * 2 + [1] * 8 + [0] * 4 + [1] * 6 + [0] * 4
    bill = [0] * 4 + [1] * 4 + [0] * 7 + [1] * 2 + [0] * 7
    frame = pd.DataFrame({"Bertha": bertha, "Bill": bill})
    assert float(cohen_kappa(frame)) == three(0.385)
    assert float(scott_pi(frame)) == three(0.314)
    assert float(krippendorff_alpha(frame)) == three(0.329)


def test_krippendorff_2004_unitizing_in_the_form_of_1995():
    # Quality & Quantity 38, 787-800: a continuum of 300 from 150 on, two observers, categories c and k
    rows = [("i", "c", 225, 70), ("i", "c", 370, 30), ("j", "c", 220, 80), ("j", "c", 355, 20), ("j", "c", 400, 20)]
    rows += [(coder, "k", start, length) for coder in "ij" for start, length in ((180, 60), (300, 50))]
    spans = pd.DataFrame(rows, columns=["coder", "code", "start", "length"])
    spans["start"] -= 150
    spans["end"] = spans["start"] + spans["length"]
    found = u_alpha_1995(spans, 300).set_index("code")
    assert found["observed"].round(4).tolist() == [0.0144, 0.0, 0.0144]
    assert found["expected"].round(4).tolist()[:2] == [0.0532, 0.049]
    # from unrounded parts, as the tests of DKPro Statistics hold them
    assert found["value"].tolist() == pytest.approx([0.7285, 1.0, 0.8587], abs=1e-4)
    assert found["n_spans"].tolist() == [5, 4, 9]


def test_krippendorff_craggs_2016_sets():
    # Communication Methods and Measures 10, tables 3, 8a-c and 9a-c
    def frame(**coders):
        return pd.DataFrame(
            {name: [None if cell is None else set(cell) for cell in cells] for name, cells in coders.items()}
        )

    table_3 = frame(F=["bd", "abd", "", "a"], G=["d", "b", "a", None], H=[None, "bd", "a", None])
    assert float(mv_alpha(table_3)) == pytest.approx(0.2866, abs=5e-5)
    published = [
        (["a", "abd", "d"], ["a", "abd", "d"], ["a", "abde", "d"], 0.947),
        (["a", "ab", "d"], ["a", "ab", "d"], ["a", "abd", "d"], 0.923),
        (["a", "b", "d"], ["a", "b", "d"], ["a", "bd", "d"], 0.895),
        (["a", "ab", "d"], ["a", "ad", "d"], ["a", "bd", "d"], 0.716),
        (["a", "ab", "d"], ["a", "ed", "d"], ["a", "f", "d"], 0.554),
        (["a", "ab", "bd"], ["b", "ed", "d"], ["ab", "f", "be"], -0.002),
    ]
    for f, g, h, value in published:
        assert float(mv_alpha(frame(F=f, G=g, H=h))) == three(value)


def test_bootstrap_of_a_published_table_lies_near_the_analytic_interval():
    analytic = cohen_kappa(COHEN_1960, layout="crosstab", interval=Linearised(over="units"))
    drawn = cohen_kappa(COHEN_1960, layout="crosstab", interval=Bootstrap(over="units", resamples=4000, seed=1))
    assert drawn.standard_error == pytest.approx(analytic.standard_error, rel=0.05)
    assert np.allclose([drawn.low, drawn.high], [analytic.low, analytic.high], atol=0.012)


def test_warrens_2010_kappas_of_eight_pathologists():
    # Advances in Data Analysis and Classification 4, p. 284, data of O'Malley et al. (2006): 30 biopsies, N or A
    rows = [(14, "NNNNNNNN"), (1, "NNNANNNN"), (1, "NNNNNNNA"), (10, "AAAAAAAA"), (2, "AANAAAAN"), (1, "AANANAAN"),
            (1, "AANANANN")]  # fmt: skip
    frame = pd.DataFrame([list(marks) for times, marks in rows for _ in range(times)])
    # printed from rounded parts: exact are .83571, .83235, .83263 and .83244
    values = {brennan_prediger: 0.8358, fleiss_kappa: 0.8324, conger_kappa: 0.8326, cohen_kappa: 0.8325}
    for function, value in values.items():
        assert float(function(frame)) == pytest.approx(value, abs=1e-4)


def test_krippendorff_2004_p_246_chance_by_three_definitions():
    # Content Analysis, 2nd ed.: the same agreement .460; S .190, pi .186, kappa .186 and .258
    even = table([[12, 9, 9], [9, 14, 9], [9, 9, 20]], list("abc"))
    uneven = table([[12, 18, 18], [0, 14, 18], [0, 0, 20]], list("abc"))
    for frame, kappa in ((even, 0.186), (uneven, 0.258)):
        assert float(percent_agreement(frame, layout="crosstab")) == three(0.460)
        assert float(brennan_prediger(frame, layout="crosstab")) == three(0.190)
        assert float(scott_pi(frame, layout="crosstab")) == three(0.186)
        assert float(cohen_kappa(frame, layout="crosstab")) == three(kappa)


def test_krippendorff_2004_p_227_three_categories_with_their_parts():
    first, second = list("aabbbbbccccc"), list("abbbbbcccccc")
    found = krippendorff_alpha(pd.DataFrame({"x": first, "y": second}))
    assert 1 - found.observed == pytest.approx(0.1667, abs=1e-4)
    assert 1 - found.expected == pytest.approx(0.6268, abs=1e-4)
    assert float(found) == three(0.734)


def test_randolph_2005_free_against_fixed_margins():
    # Free-marginal multirater kappa, p. 17: three raters, four cases
    first = pd.DataFrame([["Yes"] * 3, ["Yes", "Yes", "No"], ["No", "No", "Yes"], ["No"] * 3])
    second = pd.DataFrame([["Yes"] * 3, ["Yes", "Yes", "No"], ["Yes", "Yes", "No"], ["Yes"] * 3])
    assert float(fleiss_kappa(first)) == two(0.33)
    assert float(fleiss_kappa(second)) == two(-0.20)
    for frame in (first, second):
        assert float(brennan_prediger(frame)) == two(0.33)


@pytest.mark.parametrize(
    ("frame", "value"),
    [
        (KRIPPENDORFF_B, 0.692),
        (KRIPPENDORFF_A, 0.095),
        (
            pd.DataFrame(["111", "122", "222", "444", "144", "222", "123", "333", "222"])[0].map(list).apply(pd.Series),
            0.642,
        ),
    ],
    ids=["2011 B", "2011 A", "1980 p. 139, three observers"],
)
def test_u_alpha_of_one_unitization_in_equal_pieces_is_the_published_alpha(frame, value):
    # Where all observers cut the continuum alike, into pieces of one length without gaps, the definitions of
    # Krippendorff, Mathet, Bouvry & Widloecher (2016) become those of alpha: l_ck = length x o_ck, the squares of
    # segments the n_c that are taken from n_c n_k. So the tables printed for alpha are tables for u and cu as well.
    spans = pd.DataFrame(
        [(coder, 7 * place, 7 * place + 7, str(code)) for coder in frame for place, code in enumerate(frame[coder])],
        columns=["coder", "start", "end", "code"],
    )
    alpha = float(krippendorff_alpha(frame))
    assert alpha == three(value)
    for function in (u_alpha, cu_alpha):
        assert float(function(spans, 7 * len(frame))) == pytest.approx(alpha, abs=1e-12)
