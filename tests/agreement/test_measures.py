"""A coefficient has one home: what is entered there is known to tables, intervals, values and simulations."""

import inspect

import numpy as np
import pandas as pd
import pytest

from crosscase import agreement
from crosscase.agreement import MEASURES
from crosscase.agreement.measures.chance import ChanceMeasure, pooled
from crosscase.errors import CrosscaseError
from crosscase.simulate import true_agreement

CODINGS = pd.DataFrame(
    [(d, s, s + 5, "a", c) for d in ("d", "e") for s, c in ((0, "x"), (0, "y"), (10, "x"))],
    columns=["document", "start", "end", "code", "coder"],
).assign(round="1")
UNITS = pd.DataFrame(
    [(d, s, s + 10, s) for d in ("d", "e") for s in (0, 10, 20)], columns=["document", "start", "end", "unit"]
)


def half(ratings, weights):
    """Agreement beyond a chance of one half."""
    return pooled(ratings, weights, lambda share, weights: np.full(len(share), 0.5))


NEW = ChanceMeasure(
    "half_chance", "Half-chance coefficient", "chance agreement is one half.", "Nobody, doi:10.0/0",
    lambda ratings: half(ratings, np.eye(ratings.n_categories)), build=half,
    in_table=True, has_interval=True, kept=True, true_value="brennan_prediger",
)  # fmt: skip


def test_a_new_entry_is_in_the_table_with_its_interval_and_nothing_else_is_told(monkeypatch):
    monkeypatch.setitem(MEASURES, NEW.name, NEW)
    table = agreement.agreement_table(CODINGS, UNITS, resamples=20).set_index(["code", "coefficient"])
    new, same = table.loc[("a", NEW.name)], table.loc[("a", "brennan_prediger")]
    assert new["value"] == pytest.approx(same["value"]), "of two categories each is half of chance"
    assert new["low"] <= new["value"] <= new["high"]
    both = agreement.both_intervals(CODINGS, UNITS, over="documents", resamples=20)
    assert both[both["coefficient"] == NEW.name]["linearised_low"].notna().all()
    assert NEW.name in agreement.presence_agreement(CODINGS, "document")
    assert NEW in agreement.kept_measures()


@pytest.mark.parametrize("name", MEASURES)
def test_every_measure_is_public_under_its_one_name_with_formula_and_source(name):
    measure = MEASURES[name]
    assert getattr(agreement, name) is measure
    assert measure.__doc__.startswith(f"{measure.label}: {measure.formula}")
    assert measure.formula.endswith(".")
    assert not measure.reference or measure.reference in measure.__doc__
    assert not measure.true_value or measure.true_value in true_agreement(0.5, 0.5)
    assert not measure.instead or measure.instead in MEASURES
    assert measure.in_table >= max(measure.has_interval, measure.kept), "what has an interval or an id is in the table"


@pytest.mark.parametrize("name", [name for name, measure in MEASURES.items() if callable(measure)])
def test_the_help_of_a_measure_names_what_it_takes(name):
    for parameter in list(inspect.signature(MEASURES[name]).parameters):
        assert parameter in MEASURES[name].__doc__, parameter


@pytest.mark.parametrize(
    "name", [name for name, each in MEASURES.items() if callable(each) and each.of == "categories"]
)
def test_called_and_in_the_plain_form_a_measure_gives_the_same(name):
    frame = pd.DataFrame({"x": [0, 1, 1, 0, 1], "y": [0, 1, 0, 0, 1]})
    table = agreement.agreement_table(
        pd.DataFrame(
            [(0, 10 * unit, 10 * unit + 5, "a", coder) for coder in frame for unit in frame.index[frame[coder] == 1]],
            columns=["document", "start", "end", "code", "coder"],
        ),
        pd.DataFrame([(0, 10 * unit, 10 * unit + 10, unit) for unit in frame.index], columns=UNITS.columns),
        measures=[name], over="units", resamples=5,
    )  # fmt: skip
    called = {} if name != "gwet_ac2" else {"weights": "identity"}
    assert table["value"].tolist() == pytest.approx([float(MEASURES[name](frame, **called))] * 2, abs=1e-12)


def test_a_table_refuses_names_it_does_not_know_and_measures_of_something_else():
    for name in ("kappa", "u_alpha", "mv_alpha"):
        with pytest.raises(CrosscaseError, match=f"coefficients of categories; found {name}"):
            agreement.agreement_table(CODINGS, UNITS, measures=[name])


def test_conditions_hold_in_a_table_too():
    three = pd.concat([CODINGS, CODINGS.assign(coder="z")])
    with pytest.raises(CrosscaseError, match=r"at most 2 coders; found 3 coders.*fleiss_kappa"):
        agreement.agreement_table(three, UNITS, measures=["scott_pi"], resamples=5)


def test_a_mean_over_pairs_says_in_a_table_too_which_it_left_out():
    rows = pd.DataFrame(
        [("d", 0, 5, "a", "x"), ("d", 0, 5, "b", "y"), ("d", 0, 5, "b", "z")],
        columns=["document", "start", "end", "code", "coder"],
    )
    units = UNITS[UNITS["document"] == "d"]
    table = agreement.agreement_table(rows, units, over="units", resamples=5).set_index(["code", "coefficient"])
    assert table.loc[("a", "cohen_kappa"), "reason"].startswith("1 of 3 pairs of coders undefined and left out")
    assert "pairs" not in table.loc[("a", "krippendorff_alpha"), "reason"]
