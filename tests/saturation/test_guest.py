"""Base size, run length and threshold by hand.

The numbers are our own: the definition is Guest, Namey & Chen's (2020, PLOS ONE 15(5), e0232076).
"""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.errors import CrosscaseError
from crosscase.saturation import guest_runs, guest_saturation, guest_table


def interviews(new_codes):
    """A presence table in which the units bring these numbers of new codes."""
    table = np.zeros((len(new_codes), sum(new_codes)), dtype=int)
    done = 0
    for row, number in enumerate(new_codes):
        table[row, done : done + number] = 1
        done += number
    return pd.DataFrame(table)


def test_six_plus_two():
    """Base 20 + 10 + 6 + 4 = 40; runs 3/40, 3/40, 2/40: the third is at 5 %, so six interviews and two more."""
    table = interviews([20, 10, 6, 4, 2, 1, 2, 0, 0])
    runs = guest_runs(table)
    assert runs["new_information"].tolist() == [3 / 40, 3 / 40, 2 / 40, 0]
    assert runs[["first", "last"]].values.tolist() == [[5, 6], [6, 7], [7, 8], [8, 9]]
    found = guest_saturation(table)
    assert found["notation"] == "6+2"
    assert (found["reached_at"], found["codes_then"], found["new_after"]) == (6, 43, 0)
    assert guest_saturation(table, threshold=0)["notation"] == "7+2"


def test_the_base_stays_the_denominator():
    """A run of 2 new codes is 2/10 of the base, whatever was found between."""
    runs = guest_runs(interviews([4, 3, 2, 1, 10, 0, 2]))
    assert runs["new_information"].tolist() == [1.0, 0.2]


def test_codes_after_a_false_end_are_counted():
    """Interviews after the confirming run bring three codes: the verdict keeps them in view."""
    found = guest_saturation(interviews([5, 5, 5, 5, 0, 0, 1, 0, 2]))
    assert found["notation"] == "4+2"
    assert found["new_after"] == 3
    assert found["share_then"] == 20 / 23


@pytest.mark.parametrize(
    ("new_codes", "reason"),
    [
        ([3, 2, 1, 1, 1], "too few units: 5, at least 6 needed"),
        ([0, 0, 0, 0, 1, 0, 0], "no code in the base"),
        ([4, 4, 4, 4, 4, 4], "not reached: every run brought more than the threshold"),
    ],
)
def test_no_verdict_names_its_reason(new_codes, reason):
    found = guest_saturation(interviews(new_codes))
    assert math.isnan(found["reached_at"])
    assert (found["notation"], found["reason"]) == ("", reason)


def test_all_twelve_choices():
    table = guest_table(interviews([20, 10, 6, 4, 2, 1, 2, 0, 0, 0]))
    assert len(table) == 12
    chosen = table.set_index(["threshold", "base_size", "run_length"])["notation"]
    assert chosen[0.05, 4, 2] == "6+2"
    assert chosen[0.0, 4, 3] == "7+3"
    assert chosen[0.05, 6, 2] == "6+2"


def test_bad_options_are_all_named():
    with pytest.raises(CrosscaseError) as caught:
        guest_runs(interviews([1]), base_size=0, run_length=0, threshold=5)
    assert [problem.place for problem in caught.value.problems] == ["base_size", "run_length", "threshold"]


@given(st.lists(st.integers(0, 6), min_size=6, max_size=14))
@settings(max_examples=50)
def test_a_stricter_threshold_never_ends_earlier(new_codes):
    loose, strict = (guest_saturation(interviews(new_codes), threshold=t)["reached_at"] for t in (0.05, 0.0))
    assert math.isnan(strict) or loose <= strict


def test_the_worked_example_of_the_paper():
    """Guest, Namey & Chen (2020), step by step: 37 themes in a base of 4, then 7 in the first run of 2, 19 %."""
    # how the 37 fall on the four interviews of the base, and what follows the first run, does not matter to it
    runs = guest_runs([20, 9, 5, 3, 4, 3])
    assert runs["base_codes"].tolist() == [37]
    assert runs["new_codes"].tolist() == [7]
    assert round(100 * runs["new_information"].iloc[0]) == 19


def test_new_codes_per_unit_say_the_same_as_the_table_behind_them():
    new = [3, 2, 0, 1, 1, 0, 0]
    table = interviews(new)
    for base, run in ((4, 2), (3, 1)):
        one, other = (guest_saturation(given, base_size=base, run_length=run) for given in (table, new))
        assert one == other
        assert one["notation"] == {4: "5+2", 3: "5+1"}[base]
    named = guest_runs(pd.Series(new, index=[f"i{n}" for n in range(1, 8)]), base_size=4)
    assert named["first_unit"].tolist() == ["i5", "i6"]
    assert len(guest_table(np.array(new))) == 12


@pytest.mark.parametrize("new", [[3, -1], [1.5, 2], ["two", 1], [None, 1]])
def test_new_codes_are_whole_numbers(new):
    with pytest.raises(CrosscaseError, match="whole numbers"):
        guest_saturation(new)
