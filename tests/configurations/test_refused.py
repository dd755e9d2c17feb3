"""What is no calibrated set, no name and no list: refused once, by name."""

import numpy as np
import pandas as pd
import pytest

from crosscase.configurations import calibrate, coincidence_analysis, membership, necessity, truth_table, xy_frame
from crosscase.errors import CrosscaseError

FRAME = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])


def problems(call):
    with pytest.raises(CrosscaseError) as caught:
        call()
    return caught.value.problems


@pytest.mark.parametrize("value", [1.2, -0.1, 2, 5.5, "much"])
def test_memberships_lie_between_0_and_1(value):
    frame = FRAME.astype(object)
    frame.loc["b", "A"] = value
    for call in (
        lambda: membership(frame, "A + B"),
        lambda: xy_frame(frame, "A*B", "Y"),
        lambda: xy_frame(frame, "B", "~A"),
    ):
        (one,) = problems(call)
        assert "column A" in one.place
        assert f"{value} (b)" in one.found


def test_values_of_a_multi_value_condition_and_missing_ones_pass():
    frame = FRAME.assign(T=[0, 2, 1], M=[0.2, np.nan, 1])
    assert membership(frame, "T[2]*A").tolist() == [0, 1, 0]
    assert membership(frame, "M").tolist()[::2] == [0.2, 1]
    assert xy_frame(frame, "M", "Y")["region"].tolist()[1] == "missing"
    assert "column T" in problems(lambda: membership(frame, "T"))[0].place
    assert "column T" in problems(lambda: membership(frame.assign(T=[0, 1.5, 2]), "T[2]"))[0].place


def test_rounding_takes_no_case_out_of_a_set():
    near = FRAME.astype(float).assign(A=[1 + 2.3e-16, 1.0, -1e-17], Y=[1 + 2.3e-16, 1.0, 0.0])
    assert near["A"].max() > 1
    assert membership(near, "A").tolist() == [1, 1, 0]
    assert xy_frame(near, "A", "Y")["x"].tolist() == [1, 1, 0]
    table = truth_table(near, "Y")
    assert table.levels == (2, 2)
    assert table.rows["cases"].tolist() == truth_table(FRAME, "Y").rows["cases"].tolist()
    assert necessity(near, "Y").equals(necessity(FRAME, "Y"))
    assert coincidence_analysis(near).formulas.equals(coincidence_analysis(FRAME).formulas)


def test_levels_of_a_misspelt_condition():
    (one,) = problems(lambda: truth_table(FRAME, "Y", levels={"a": 3}))
    assert (one.place, one.found, one.allowed) == ("levels", "'a'", "A, B")
    assert len(problems(lambda: truth_table(FRAME, "Y", levels={"A": "3", "B": 1}))) == 2
    assert len(problems(lambda: truth_table(FRAME, "Y", levels="A"))) == 1


@pytest.mark.parametrize("name", ["A*B", "A+B", "~A", "A[1]", "A(x)"])
def test_a_name_with_an_operator_is_refused_once(name):
    frame = FRAME.rename(columns={"A": name})
    for call in (
        lambda: truth_table(frame, "Y"),
        lambda: coincidence_analysis(frame),
        lambda: necessity(frame, "Y"),
    ):
        (one,) = problems(call)
        assert one.place == f"column {name}"


@pytest.mark.parametrize("rows", ["12", "1", b"1", 1, [1.5], ["1"], [True], [None]])
def test_rows_to_exclude_are_a_list_of_numbers(rows):
    for call in (lambda: truth_table(FRAME, "Y", exclude=rows), lambda: truth_table(FRAME, "Y").exclude(rows)):
        (one,) = problems(call)
        assert one.place == "exclude"
    assert truth_table(FRAME, "Y", exclude=[1.0, np.int64(2)]).excluded == {1, 2}


@pytest.mark.parametrize("ordering", ["AB", ["A", "B"], [["A"], "B"]])
def test_an_ordering_is_a_list_of_lists(ordering):
    (one,) = problems(lambda: coincidence_analysis(FRAME, ordering=ordering))
    assert one.place == "ordering"


@pytest.mark.parametrize(
    "values",
    [
        pd.to_datetime(["2020-01-01", "2021-01-01", None]),
        pd.Series(pd.to_datetime(["2020-01-01", "2021-01-01"]).date),
        pd.to_timedelta([1, 2], unit="D"),
        pd.period_range("2020", periods=2, freq="Y"),
        [pd.Timestamp("2020-01-01"), 3],
    ],
)
def test_dates_are_no_raw_values(values):
    (one,) = problems(lambda: calibrate(pd.Series(values), (1, 2, 3)))
    assert "not dates" in one.rule
