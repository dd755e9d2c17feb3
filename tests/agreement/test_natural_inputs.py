"""What people have at hand goes in as it is: arrays, lists, texts, categoricals, nullable columns, tables of counts."""

import numpy as np
import pandas as pd
import pytest

from crosscase.agreement import (
    OVERALL,
    agreement_table,
    agreement_weights,
    boundary_similarity,
    brennan_prediger,
    character_kappa,
    cohen_kappa,
    disagreements,
    fleiss_kappa,
    gwet_ac2,
    jaccard_alpha,
    krippendorff_alpha,
    masi_alpha,
    mv_alpha,
    overlap_agreement,
    pabak,
    percent_agreement,
    pooled_kappa,
    prevalence_bias,
    specific_agreement,
    treatments,
    u_alpha,
    unitizing_table,
    weights_from_disagreement,
)
from crosscase.errors import CrosscaseError

ROWS = [[1, 1, 2], [2, 2, 2], [1, 2, 2], [1, 1, 1], [3, 3, None], [3, 3, 3]]
FRAME = pd.DataFrame(ROWS)
# by hand: 17 judgements, observed disagreement 4 / 17, expected 192 / 272
NOMINAL = 1 - (4 / 17) / (192 / 272)


def text(value):
    return None if pd.isna(value) else f"code {int(value)}"


@pytest.mark.parametrize(
    "data",
    [
        ROWS,
        [tuple(row) for row in ROWS],
        np.array(ROWS, dtype=float),
        np.array(ROWS, dtype=object),
        np.ma.masked_invalid(np.array(ROWS, dtype=float)),
        {"x": [1, 2, 1, 1, 3, 3], "y": [1, 2, 2, 1, 3, 3], "z": [2, 2, 2, 1, None, 3]},
        FRAME.astype("Int64"),
        FRAME.astype("Float64"),
        FRAME.astype("Int64").astype("category"),
        FRAME.astype({0: "category"}),
        FRAME.astype(object).where(FRAME.notna(), None),
        FRAME.astype(object).where(FRAME.notna(), pd.NA),
        FRAME.map(text),
        FRAME.map(text).astype("string"),
        FRAME.map(text).astype("category"),
        FRAME.assign(silent=np.nan),
        pd.DataFrame(np.array(ROWS, dtype=float), columns=pd.MultiIndex.from_product([["round 1"], ["x", "y", "z"]])),
    ],
    ids=str,
)
def test_one_table_in_every_guise_gives_one_alpha(data):
    found = krippendorff_alpha(data)
    assert float(found) == pytest.approx(NOMINAL, abs=1e-12)
    assert found.n_units == 6


def test_numbers_stay_numbers_in_categoricals_and_declared_arrays():
    expected = float(krippendorff_alpha(FRAME, level="interval"))
    assert float(krippendorff_alpha(FRAME.astype("Int64").astype("category"), level="interval")) == expected
    assert float(krippendorff_alpha(FRAME, level="interval", categories=np.array([1, 2, 3]))) == expected
    # distances between the values 1, 2, 10, not between their places
    far = [[1, 1], [2, 10], [10, 10], [1, 2]]
    assert float(cohen_kappa(far, weights="linear", categories=np.array([1, 2, 10]))) == float(
        cohen_kappa(far, weights="linear")
    )
    assert agreement_weights(np.array([1, 2, 10]), "linear").to_numpy()[0, 1] == pytest.approx(1 - 1 / 9)


def test_documents_may_be_a_column():
    frame = FRAME.set_axis(list("xyz"), axis=1).assign(document=list("aabbcc"))
    assert float(krippendorff_alpha(frame, documents="document")) == pytest.approx(NOMINAL, abs=1e-12)
    with pytest.raises(CrosscaseError, match="a column of the frame"):
        krippendorff_alpha(frame, documents="text")


COUNTS = pd.DataFrame([[0, 3, 0], [2, 1, 0], [3, 0, 0]], columns=[3, 1, 2])


def test_counts_go_by_name_or_by_place():
    units = [[1, 1, 1], [3, 3, 1], [3, 3, 3]]
    expected = float(krippendorff_alpha(units, level="interval"))
    found = krippendorff_alpha(COUNTS, layout="counts", level="interval", categories=[1, 2, 3])
    assert float(found) == pytest.approx(expected, abs=1e-12)
    by_place = krippendorff_alpha(COUNTS.to_numpy(), layout="counts", level="interval", categories=np.array([3, 1, 2]))
    assert float(by_place) == pytest.approx(expected, abs=1e-12)
    # a category that nobody chose still could have been
    four = brennan_prediger(COUNTS, layout="counts", categories=[1, 2, 3, 4])
    assert four.expected == pytest.approx(1 / 4)
    for kind in ("Int64", "float", "object"):
        assert float(fleiss_kappa(COUNTS.astype(kind), layout="counts")) == float(fleiss_kappa(COUNTS, layout="counts"))


def test_numbers_stand_in_their_own_order_whatever_the_order_of_the_columns():
    units = [[1, 1, 1], [3, 3, 1], [3, 3, 3], [2, 2, 1]]
    counts = pd.DataFrame([[0, 3, 0], [2, 1, 0], [3, 0, 0], [0, 1, 2]], columns=[3, 1, 2])
    for level in ("ordinal", "interval"):
        expected = float(krippendorff_alpha(units, level=level))
        assert float(krippendorff_alpha(counts, layout="counts", level=level)) == pytest.approx(expected, abs=1e-12)
    expected = float(gwet_ac2(units, weights="gwet_ordinal"))
    assert float(gwet_ac2(counts, layout="counts", weights="gwet_ordinal")) == pytest.approx(expected, abs=1e-12)
    pairs = pd.DataFrame({"x": [1, 1, 3, 2, 3], "y": [1, 3, 3, 1, 2]})
    table = pd.crosstab(pairs["x"], pairs["y"]).reindex(index=[3, 1, 2], columns=[2, 3, 1])
    for weights in ("linear", "gwet_ordinal"):
        expected = float(cohen_kappa(pairs, weights=weights))
        found = cohen_kappa(table, layout="crosstab", weights=weights, scores="positions")
        assert float(found) == pytest.approx(expected, abs=1e-12)


X, Y = pd.Series(list("xxyzzx")), pd.Series(list("xyyxyx"))


@pytest.mark.parametrize(
    "table",
    [
        pd.crosstab(X, Y),
        pd.crosstab(X, Y).astype("Int64"),
        pd.DataFrame([[2, 1, 0], [0, 1, 0], [1, 1, 0]]),
        pd.DataFrame([[2, 1, 0], [0, 1, 0], [1, 1, 0]], index=list("xyz")),
        pd.DataFrame([[2, 0, 1], [1, 0, 1], [0, 0, 1]], index=list("xzy"), columns=list("xzy")),
        np.array([[2, 1, 0], [0, 1, 0], [1, 1, 0]]),
    ],
    ids=["second coder never used z", "nullable", "no names", "names on one side", "another order", "array"],
)
def test_a_crosstab_in_every_guise_gives_one_kappa(table):
    expected = cohen_kappa(pd.DataFrame({"x": X, "y": Y}))
    found = cohen_kappa(table, layout="crosstab")
    assert float(found) == pytest.approx(float(expected), abs=1e-12)
    assert found.n_units == 6


def test_an_array_crosstab_takes_the_declared_names():
    found = cohen_kappa([[20, 5], [10, 15]], layout="crosstab", categories=["yes", "no"])
    assert float(found) == pytest.approx(0.4)
    table = pd.DataFrame([[20, 5], [10, 15]], index=["yes", "no"], columns=["yes", "no"])
    assert float(cohen_kappa(table, layout="crosstab", categories=["no", "yes"])) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pd.crosstab(X, X, margins=True), "without margins"),
        (pd.DataFrame([[1, 2], [3, 4]], index=["a", "b"], columns=["c", "d"]), "name the same categories"),
        (pd.DataFrame([[1, 2], [3, 4]], index=["a", "a"], columns=["a", "b"]), "each category has one row"),
        ([[0.4, 0.1], [0.2, 0.3]], "multiply by the number of units"),
        ([[1, np.nan], [2, -3]], "1 empty, 1 negative"),
    ],
)
def test_bad_crosstabs_are_refused(table, words):
    with pytest.raises(CrosscaseError, match=words):
        cohen_kappa(table, layout="crosstab")


WORDS = pd.DataFrame({"x": ["low", "high", "medium", "low"], "y": ["low", "medium", "medium", "high"]})
ORDER = ["low", "medium", "high"]


def test_weights_by_distance_never_guess_the_order_of_words():
    numbers = WORDS.replace({"low": 1, "medium": 2, "high": 3}).astype(int)
    expected = float(cohen_kappa(numbers, weights="linear"))
    ordered = WORDS.astype(pd.CategoricalDtype(ORDER, ordered=True))
    assert float(cohen_kappa(WORDS, weights="linear", categories=ORDER)) == pytest.approx(expected)
    assert float(cohen_kappa(ordered, weights="linear")) == pytest.approx(expected)
    assert float(krippendorff_alpha(ordered, level="ordinal")) == pytest.approx(
        float(krippendorff_alpha(numbers, level="ordinal"))
    )
    table = pd.crosstab(WORDS["x"], WORDS["y"]).reindex(index=ORDER, columns=ORDER)
    assert float(cohen_kappa(table, layout="crosstab", weights="linear")) == pytest.approx(expected)
    assert float(krippendorff_alpha(table, layout="crosstab", level="ordinal")) == pytest.approx(
        float(krippendorff_alpha(numbers, level="ordinal"))
    )
    for unknown in (WORDS, WORDS.astype("category"), ordered.astype({"y": str})):
        for call in (cohen_kappa, gwet_ac2):
            with pytest.raises(CrosscaseError, match="need the order of text categories"):
                call(unknown, weights="linear")
    assert float(percent_agreement(WORDS)) == 0.5


def test_own_tables_may_be_lists():
    units = [["a", "a"], ["a", "b"], ["b", "b"]]
    weights, distance = [[1, 0.5], [0.5, 1]], [[0, 2], [2, 0]]
    assert float(cohen_kappa(units, weights=weights)) == pytest.approx(float(cohen_kappa(units)))
    assert float(krippendorff_alpha(units, level=distance)) == pytest.approx(float(krippendorff_alpha(units)))
    assert weights_from_disagreement([[0, 4], [2, 0]]).to_numpy().tolist() == [[1, 0], [0.5, 1]]
    assert float(cohen_kappa(units, weights=None)) == float(cohen_kappa(units))


SETS = [[{"a"}, {"a", "b"}], [set(), {"b"}], [{"b"}, None], [{"a", "b"}, {"a", "b"}]]


@pytest.mark.parametrize("function", [mv_alpha, jaccard_alpha, masi_alpha])
def test_sets_may_come_as_lists_and_arrays(function):
    expected = float(function(pd.DataFrame(SETS)))
    assert float(function(SETS)) == expected
    assert float(function(np.array(SETS, dtype=object))) == expected
    assert float(function([[None if cell is None else sorted(cell) for cell in row] for row in SETS])) == expected
    with pytest.raises(CrosscaseError, match="one document per unit"):
        function(SETS, documents=["d"])


def test_a_large_frame_of_sets_stays_small():
    # thousands of different sets: the number of units must not be counted set by set
    rng = np.random.default_rng(5)
    cells = [[frozenset(np.flatnonzero(row)) for row in unit] for unit in rng.random((3000, 2, 40)) < 0.1]
    import tracemalloc

    tracemalloc.start()
    mv_alpha(cells)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


def test_pooled_kappa_of_a_list():
    tables = [[[40, 9], [6, 45]], [[20, 5], [10, 15]]]
    named = pooled_kappa(dict(zip("ab", tables)), layout="crosstab")
    assert float(pooled_kappa(tables, layout="crosstab")) == float(named)
    with pytest.raises(CrosscaseError, match="each with its own table"):
        pooled_kappa(pd.DataFrame([[1, 1]]))


SPANS = pd.DataFrame({"coder": ["x", "y"], "start": [0, 2], "end": [4, 6], "code": "c"})


@pytest.mark.parametrize(
    "spans",
    [
        SPANS.to_dict("records"),
        SPANS.astype(object),
        SPANS.astype({"start": "Int64", "end": "Float64", "coder": "category", "code": "string"}),
        SPANS.drop(columns="code"),
        SPANS.assign(coder=[1, 2], code=7),
    ],
    ids=["records", "objects", "nullable", "no code", "numbers as names"],
)
def test_spans_in_every_guise_give_one_value(spans):
    assert float(u_alpha(spans, 10)) == pytest.approx(float(u_alpha(SPANS, 10)))
    assert float(u_alpha(spans, 10.0)) == pytest.approx(float(u_alpha(SPANS, 10)))
    assert character_kappa(spans, 10)["kappa"].tolist() == character_kappa(SPANS, 10)["kappa"].tolist()
    found = overlap_agreement(spans, threshold=0.3).iloc[0]
    assert (found["n_documents"], found["n_matched"]) == (1, 1)


def test_a_named_coder_who_marked_nothing_judged_the_one_text():
    found = overlap_agreement(SPANS, ["x", "z"]).iloc[0]
    assert (found["n_documents"], found["n_first"], found["n_second"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: krippendorff_alpha([1, 2, 3]), "put the coders side by side"),
        (lambda: krippendorff_alpha(pd.Series([1, 2])), "put the coders side by side"),
        (lambda: krippendorff_alpha(np.zeros((2, 2, 2))), "two dimensions"),
        (lambda: krippendorff_alpha("abc"), "two dimensions"),
        (lambda: krippendorff_alpha([]), "no column"),
        (lambda: krippendorff_alpha(pd.DataFrame(SETS)), "use mv_alpha"),
        (lambda: u_alpha("abc", 10), "a list of records"),
        (lambda: u_alpha(SPANS.astype({"start": str}), 10), "offsets are whole numbers"),
        (lambda: u_alpha(SPANS, 10.5), "each document has code points"),
    ],
)
def test_what_cannot_be_read_is_told(call, words):
    with pytest.raises(CrosscaseError, match=words):
        call()


UNITS = pd.DataFrame({"document": "d", "start": [0, 10, 20], "end": [10, 20, 30], "unit": [1, 2, 3]})
CODINGS = pd.DataFrame(
    [("d", 0, 5, "a", "x"), ("d", 0, 5, "a", "y"), ("d", 12, 15, "b", "x"), ("d", 22, 25, "a", "y")],
    columns=["document", "start", "end", "code", "coder"],
)


def test_codings_may_come_as_records():
    expected = agreement_table(CODINGS, UNITS, over="units", resamples=20)
    found = agreement_table(CODINGS.to_dict("records"), UNITS, over="units", resamples=20)
    pd.testing.assert_frame_equal(found, expected)


@pytest.mark.parametrize("column", ["document", "code", "coder"])
def test_names_of_mixed_types_are_told_with_their_column(column):
    mixed = CODINGS.astype({column: object})
    mixed.loc[1, column] = 1
    calls = [
        lambda: agreement_table(mixed, UNITS, over="units", resamples=5),
        lambda: treatments(mixed, UNITS),
        lambda: u_alpha(mixed, {"d": 30, 1: 30}),
        lambda: disagreements(mixed),
        lambda: overlap_agreement(mixed),
    ]
    for call in calls:
        with pytest.raises(CrosscaseError, match=f"column {column}: names are of one type; found numbers and text"):
            call()
    assert agreement_table(CODINGS.assign(code=[1, 1, 2, 1]), UNITS, over="units", resamples=5)[
        "code"
    ].unique().tolist() == [1, 2, OVERALL]


def test_one_coder_is_told_where_pairs_are_compared():
    alone = CODINGS[CODINGS["coder"] == "x"]
    for found in (
        overlap_agreement(alone),
        character_kappa(alone, {"d": 30}),
        boundary_similarity(alone, {"d": 30}),
        agreement_table(alone, UNITS, over="units", resamples=5).rename(columns={"value": "kappa"}),
    ):
        assert found["reason"].str.contains("one coder only").all()
        assert found.filter(regex="kappa|agreement|similarity|alpha").isna().all(axis=None)


def test_alpha_of_each_code_takes_spans_of_one_text_without_a_name():
    expected = unitizing_table(CODINGS, {"d": 30})["u_alpha"]
    found = unitizing_table(CODINGS.drop(columns="document").to_dict("records"), 30)
    assert found["u_alpha"].tolist() == pytest.approx(expected.tolist())
    marked = unitizing_table(SPANS.drop(columns="code"), 10)
    assert marked["u_alpha"].tolist() == pytest.approx([float(u_alpha(SPANS, 10))])


BOOLEANS = pd.DataFrame({"x": [True, False, None, False], "y": [True, True, False, False]})


@pytest.mark.parametrize(
    "data",
    [
        BOOLEANS,
        BOOLEANS.to_dict("list"),
        BOOLEANS.to_numpy().tolist(),
        BOOLEANS.to_numpy(),
        BOOLEANS.astype("boolean"),
        BOOLEANS.astype({"x": "category"}),
        BOOLEANS.astype({"x": "boolean"}),
        BOOLEANS.map(lambda value: value if value is None else np.bool_(value)),
        BOOLEANS.map(lambda value: value if value is None else int(value)),
    ],
    ids=str,
)
def test_booleans_with_a_missing_judgement_are_two_categories(data):
    """By hand: of three units with two judgements two agree; worked out for each coefficient."""
    assert float(cohen_kappa(data)) == pytest.approx(0.4, abs=1e-12)
    # 6 judgements with a partner, 3 of each kind: 1 - (2/6) / (18/30)
    assert float(krippendorff_alpha(data)) == pytest.approx(4 / 9, abs=1e-12)
    # shares over all judgements, by units: (1, 0), (1/2, 1/2), (0, 1), (0, 1) -> 3/8 and 5/8
    chance = (3 / 8) ** 2 + (5 / 8) ** 2
    assert float(fleiss_kappa(data)) == pytest.approx((2 / 3 - chance) / (1 - chance), abs=1e-12)
    assert float(pabak(data)) == pytest.approx(1 / 3, abs=1e-12)
    assert prevalence_bias(data, positive=True)[["both", "second_only", "neither"]].values.tolist() == [[1, 1, 1]]
    assert float(cohen_kappa(data, categories=[True, False])) == pytest.approx(0.4, abs=1e-12)


@pytest.mark.parametrize("data", [[[1, np.inf], [1, 1]], [[1, np.inf], [None, True]], [[2**53 + 1, np.inf], [1, 1]]])
def test_infinite_judgements_are_refused_in_every_guise(data):
    with pytest.raises(CrosscaseError, match="finite numbers"):
        cohen_kappa(data)
    with pytest.raises(CrosscaseError, match="finite numbers"):
        cohen_kappa(pd.DataFrame(data, dtype=object))


BIG = 2**53


@pytest.mark.parametrize(
    "data",
    [
        [[BIG, BIG], [BIG + 1, BIG], [BIG + 1, BIG + 1]],
        {"x": [BIG, BIG + 1, BIG + 1], "y": [BIG, BIG, BIG + 1]},
        np.array([[BIG, BIG], [BIG + 1, BIG], [BIG + 1, BIG + 1]]),
        np.array([[BIG, BIG], [BIG + 1, BIG], [BIG + 1, BIG + 1]], dtype="uint64"),
        pd.DataFrame({"x": [BIG, BIG + 1, BIG + 1, None], "y": [BIG, BIG, BIG + 1, BIG]}, dtype="Int64"),
        pd.DataFrame({"x": [BIG, BIG + 1, BIG + 1, None], "y": [BIG, BIG, BIG + 1, BIG]}, dtype=object),
        [[BIG, BIG], [BIG + 1, BIG], [BIG + 1, BIG + 1], [None, BIG]],
        [[-BIG, -BIG], [-BIG - 1, -BIG], [-BIG - 1, -BIG - 1]],
        [[2**70, 2**70], [2**70 + 1, 2**70], [2**70 + 1, 2**70 + 1]],
    ],
    ids=str,
)
def test_whole_numbers_too_large_for_a_float_stay_two_categories(data):
    small = [[0, 0], [1, 0], [1, 1]]
    assert len(specific_agreement(data)) == 2
    assert float(percent_agreement(data)) == pytest.approx(2 / 3)
    assert float(cohen_kappa(data)) == pytest.approx(float(cohen_kappa(small)), abs=1e-12)
    assert float(cohen_kappa(data, weights="linear")) == pytest.approx(float(cohen_kappa(small)), abs=1e-12)
    for level in ("nominal", "ordinal", "interval", "polar", "circular"):
        expected = float(krippendorff_alpha(small, level=level))
        assert float(krippendorff_alpha(data, level=level)) == pytest.approx(expected, abs=1e-12), level


def test_large_whole_numbers_may_be_declared():
    assert len(specific_agreement([[BIG, BIG], [BIG + 1, BIG]], categories=[BIG, BIG + 1, BIG + 2])) == 3


@pytest.mark.parametrize("table", [[[0, -1], [2, 0]], [[0, 4, -0.5], [4, 0, 1], [1, 1, 0]]])
def test_negative_disagreement_is_refused_with_the_rule(table):
    with pytest.raises(CrosscaseError, match="no disagreement is below 0; found -"):
        weights_from_disagreement(table)


@pytest.mark.parametrize(
    "table", [[["a", 0], [2, 0]], [], pd.DataFrame(), [0, 1], [[0, 1, 2], [1, 0, 2]], [[0, np.nan], [1, 0]], None, "no"]
)
def test_what_is_no_table_of_disagreement_is_refused(table):
    with pytest.raises(CrosscaseError, match="disagreement weights"):
        weights_from_disagreement(table)


@pytest.mark.parametrize(
    "data", [[["a", "a"], ["a", "a"]], [[1, 1], [1, 1]], [[True, True], [True, None], [True, True]]]
)
def test_pabak_of_one_category_is_twice_the_agreement_less_one(data):
    """Byrt, Bishop & Carlin (1993): PABAK = 2 po - 1, here 2 * 1 - 1; the other category is there, nobody chose it."""
    found = pabak(data)
    assert float(found) == 1.0 == prevalence_bias(data)["pabak"].item()
    assert (found.observed, found.expected, found.reason) == (1.0, 0.5, "")


def test_pabak_without_a_pair_is_undefined_both_ways():
    data = [["a", None], [None, "a"]]
    assert np.isnan(float(pabak(data)))
    assert np.isnan(prevalence_bias(data)["pabak"].item())
    assert pabak(data).reason == "no unit judged by two coders"
