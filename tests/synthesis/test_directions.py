"""Votes by direction: numbers published for the revised effect direction plot, intervals of the literature."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import figures, synthesis
from crosscase.errors import CrosscaseError


def cells(**counts):
    ways = [way for way, n in counts.items() for _ in range(n)]
    ways = [None if way == "silent" else way for way in ways]
    return pd.DataFrame(
        {
            "construct": "c",
            "label": "C",
            "domain": "C",
            "study": [f"s{i}" for i in range(len(ways))],
            "reported": [way is not None for way in ways],
            "direction": pd.Series(ways, dtype="object"),
            "confidence": pd.Series(["high" if way else None for way in ways], dtype="object"),
            "n_themes": [int(way is not None) for way in ways],
            "themes": "x",
        }
    )


def test_p_values_of_the_revised_effect_direction_plot():
    """Hilton Boon & Thomson (2021), Research Synthesis Methods 12, 29-33: 9 of 9 gives .0039, 5 of 6 gives .2188."""
    assert round(synthesis.vote_count(cells(facilitator=9)).loc[0, "p"], 4) == 0.0039
    assert round(synthesis.vote_count(cells(facilitator=5, barrier=1)).loc[0, "p"], 4) == 0.2188


def test_intervals_of_a_share():
    """Newcombe (1998, Statistics in Medicine 17, 857-872), table I: 0/20 and 1/29, Clopper-Pearson and Wilson."""
    exact = synthesis.vote_count(cells(facilitator=1, barrier=28)).loc[0]
    wilson = synthesis.vote_count(cells(facilitator=1, barrier=28), interval="wilson").loc[0]
    assert [round(exact["low"], 4), round(exact["high"], 4)] == [0.0009, 0.1776]
    assert [round(wilson["low"], 4), round(wilson["high"], 4)] == [0.0061, 0.1718]
    none = synthesis.vote_count(cells(barrier=20)).loc[0]
    assert [none["low"], round(none["high"], 4)] == [0, 0.1684]


@pytest.mark.parametrize(("n", "smallest", "readable"), [(4, 0.125, False), (5, 0.0625, False), (6, 0.03125, True)])
def test_fewer_than_six_studies_give_no_verdict(n, smallest, readable):
    out = synthesis.vote_count(cells(barrier=n)).loc[0]
    assert out["smallest_p"] == smallest
    assert (out["verdict"] == "p may be read") is readable
    assert ("too few studies" in out["reason"]) is not readable


def test_unclear_and_silent_studies_are_left_out_and_said():
    out = synthesis.vote_count(cells(facilitator=6, mixed=2, condition=1, silent=3)).loc[0]
    assert out[["of", "n_studies", "n_clear", "mixed", "condition"]].tolist() == [12, 9, 6, 2, 1]
    assert "3 without a clear direction left out; 3 not stated left out" in out["reason"]
    lone = synthesis.vote_count(cells(mixed=2)).loc[0]
    assert math.isnan(lone["p"])
    assert math.isnan(lone["low"])
    assert lone["reason"].startswith("no study with a clear direction")


def test_the_family_holds_only_constructs_that_could_reach_a_verdict():
    both = pd.concat([cells(barrier=6), cells(barrier=5).assign(construct="d")], ignore_index=True)
    out = synthesis.vote_count(both).set_index("construct")
    assert out.loc["c", "p_adjusted"] == out.loc["c", "p"]
    assert math.isnan(out.loc["d", "p_adjusted"])
    assert out["family"].unique().tolist() == ["one test (constructs), nothing to adjust"]


@settings(max_examples=25)
@given(st.integers(0, 12), st.integers(0, 12))
def test_turning_every_direction_turns_the_share_and_keeps_p(up, down):
    if up + down == 0:
        return
    one = synthesis.vote_count(cells(facilitator=up, barrier=down)).loc[0]
    two = synthesis.vote_count(cells(facilitator=down, barrier=up)).loc[0]
    assert one["p"] == pytest.approx(two["p"])
    assert one["share_promotes"] == pytest.approx(1 - two["share_promotes"])
    assert one["low"] == pytest.approx(1 - two["high"])
    assert one["low"] <= one["share_promotes"] <= one["high"]


def test_options_are_refused_together():
    with pytest.raises(CrosscaseError) as caught:
        synthesis.vote_count(cells(barrier=1), level=1.5, interval="guess")
    assert [problem.place for problem in caught.value.problems] == ["level", "interval"]


def test_harvest_bars_stand_for_studies_that_report_and_say_who_judged_them():
    judged = pd.DataFrame({"study": ["s0"], "suitability": [3], "judge": ["anna"], "rationale": ["three regions"]})
    bars = synthesis.harvest_frame(cells(barrier=1, mixed=1, silent=1), judged)
    assert bars["direction"].tolist() == ["inhibits", "mixed"]
    assert bars["suitability"].tolist()[0] == 3
    assert bars["suitability"].isna().tolist() == [False, True]
    assert bars["reason"].tolist() == ["", "no person has appraised the design of this study"]
    assert "(2 of 2: 1 inhibits, 1 mixed)" in figures.effect_direction(bars).alt


@pytest.mark.parametrize(
    ("cells_", "word"),
    [({"suitability": 4}, "1, 2, 3"), ({"judge": None}, "has a judge"), ({"rationale": ""}, "has a rationale")],
)
def test_appraisals_are_peoples_judgements_with_reasons(cells_, word):
    judged = pd.DataFrame([{"study": "s0", "suitability": 2, "judge": "anna", "rationale": "why"} | cells_])
    with pytest.raises(CrosscaseError, match=word):
        synthesis.harvest_frame(cells(barrier=1), judged)
