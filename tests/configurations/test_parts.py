"""Calibration, checks of input, report frames: small cases that can be followed by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from crosscase.configurations import (
    calibrate,
    calibrate_rubric,
    cutoff_sweep,
    limited_diversity,
    membership,
    minimize,
    necessity,
    necessity_search,
    remarks,
    skewness,
    sufficiency,
    truth_table,
    untenable_rows,
    xy_frame,
)
from crosscase.configurations.expressions import expectations, parse_expression
from crosscase.errors import CrosscaseError

GDP = pd.Series(
    [720, 1098, 586, 468, 590, 983, 795, 390, 424, 662, 517, 1008, 350, 320, 331, 367, 897, 1038],
    index=["AU", "BE", "CZ", "EE", "FI", "FR", "DE", "GR", "HU", "IE", "IT", "NL", "PL", "PT", "RO", "ES", "SE", "UK"],
)


class TestCalibrate:
    def test_log_odds_of_3_reproduce_the_published_memberships(self, fuzzy_lipset):
        """Rihoux & Ragin (2009), ch. 5: GNP per head with anchors 400, 550, 900."""
        assert calibrate(GDP, (400, 550, 900), log_odds=3).round(2).tolist() == fuzzy_lipset["DEV"].tolist()
        assert calibrate(GDP, (400, 550, 900)).round(2).tolist() != fuzzy_lipset["DEV"].tolist()

    @pytest.mark.parametrize(("log_odds", "inside"), [(3.0, 0.9526), (math.log(19), 0.95)])
    def test_anchors(self, log_odds, inside):
        scores = calibrate(pd.Series([10.0, 20.0, 40.0]), (10, 20, 40), log_odds=log_odds)
        assert scores.tolist() == pytest.approx([1 - inside, 0.5, inside], abs=1e-4)
        assert scores.attrs["calibration"]["log_odds"] == log_odds

    def test_falling_anchors_give_the_complement(self):
        raw = pd.Series([5.0, 12.0, 30.0, 50.0, np.nan])
        rising, falling = calibrate(raw, (10, 20, 40)), calibrate(raw, (40, 20, 10))
        assert falling.to_numpy() == pytest.approx(1 - rising.to_numpy(), nan_ok=True)

    def test_linear_and_crisp(self):
        raw = pd.Series([5, 10, 15, 20, 30, 40, 50])
        assert calibrate(raw, (10, 20, 40), "linear").tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1]
        assert calibrate(raw, (20,), "crisp").tolist() == [0, 0, 0, 1, 1, 1, 1]
        assert calibrate(raw, (10, 40), "crisp").tolist() == [0, 1, 1, 1, 1, 2, 2]

    def test_bell_and_bent_lines(self):
        raw = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        assert calibrate(raw, (1, 3, 5, 6, 7, 9), "bell").tolist() == [0, 0, 0.25, 0.5, 0.75, 1, 1, 0.5, 0.25, 0]
        bent = calibrate([2, 4], (1, 3, 5), "linear", below=2, above=0.5)
        assert bent.tolist() == pytest.approx([0.125, 1 - math.sqrt(0.5) / 2])

    def test_totally_fuzzy_and_relative_as_r_computes_it(self):
        """`pmax(0, (E(x) - E(1)) / (1 - E(1)))` with E the empirical distribution, run in R 4.2."""
        scale = [1, 2, 2, 3, 5, 4, 4, 7, 1, 6]
        expected = [0, 0.25, 0.25, 0.375, 0.75, 0.625, 0.625, 1, 0, 0.875]
        assert calibrate(scale, method="tfr").tolist() == pytest.approx(expected)
        assert calibrate([2, 3, np.nan, 3, 4], (1,), "tfr").tolist() == pytest.approx(
            [0.25, 0.75, np.nan, 0.75, 1], nan_ok=True
        )

    def test_indirect_as_r_computes_it(self):
        """`glm(..., quasibinomial)` run in R 4.2: a value at a bound lies below it, 0 is taken as .00001."""
        raw = [0, 1.5, 2, 3.7, 4, 5, 6.2, 8, 9.9, 10, 12, 15, 15.5, 19]
        expected = [
            0, 0, 0, 0.00674271, 0.02538366, 0.22638149, 0.40650338, 0.44894792, 0.54731167, 0.5568956, 0.80323659,
            0.98652758, 0.99223071, 0.9998387,
        ]  # fmt: skip
        assert calibrate(raw, (4, 8, 12), "indirect").tolist() == pytest.approx(expected, abs=1e-7)

    def test_text_is_refused_by_name(self):
        with pytest.raises(CrosscaseError, match=r"'much' \(north\)"):
            calibrate(pd.Series(["much", 2.0], index=["north", "south"]), (1, 2, 3))

    def test_indirect_fits_the_grades_and_keeps_the_order(self):
        raw = pd.Series(np.linspace(1, 20, 40))
        scores = calibrate(raw, (4, 8, 12, 16), "indirect")
        assert scores.between(0, 1).all()
        assert scores.is_monotonic_increasing
        graded = np.linspace(0, 1, 5)[np.searchsorted([4, 8, 12, 16], raw, side="right")]
        # the score equations of a logistic fit: residuals sum to 0 and are uncorrelated with every regressor
        for regressor in (np.ones(40), np.log(raw), np.sqrt(raw), raw, raw**2):
            assert float(((graded - scores) * regressor).sum()) == pytest.approx(0, abs=1e-5)

    @pytest.mark.parametrize(
        ("thresholds", "method", "options"),
        [
            ((1, 2), "direct", {}), ((1, 3, 2), "linear", {}), ((3, 2), "crisp", {}), ((1, 2, 3), "magic", {}),
            ((1, 2, 3), "direct", {"log_odds": 0}), ((1, 2), "indirect", {"memberships": (0, 1)}),
            ((1, 2), "indirect", {}), ((1, 2, 3), "bell", {}), ((1, 2), "tfr", {}), ((1, 2, 3), "linear", {"below": 0}),
        ],
    )  # fmt: skip
    def test_refused(self, thresholds, method, options):
        with pytest.raises(CrosscaseError):
            calibrate(pd.Series([0.0, 2.0, 3.0]), thresholds, method, **options)


class TestRubric:
    rubric = pd.DataFrame(
        {
            "condition": ["trust", "trust", "trust", "money"],
            "grade": [0, 1, 2, 1],
            "membership": [0.0, 0.33, 1.0, 1.0],
            "definition": ["none", "some", "much", "joint budget"],
        }
    )

    def cells(self, **changes):
        record = {"case": "north", "condition": "trust", "grade": 1, "rationale": "said by two of three managers"}
        return pd.DataFrame([record | changes])

    def test_memberships_and_what_was_not_judged(self):
        wide, record = calibrate_rubric(self.cells(), self.rubric, cases=["north", "south"])
        assert wide.loc["north", "trust"] == 0.33
        assert wide.isna().sum().sum() == 3
        assert (record["note"] == "not judged").sum() == 3
        assert record.loc[0, "definition"] == "some"

    @pytest.mark.parametrize("changes", [{"grade": 9}, {"condition": "luck"}, {"rationale": " "}, {"rationale": None}])
    def test_cells_that_are_refused(self, changes):
        with pytest.raises(CrosscaseError) as caught:
            calibrate_rubric(self.cells(**changes), self.rubric)
        assert "north" in str(caught.value)

    def test_all_problems_come_together(self):
        twice = pd.concat([self.cells(), self.cells(rationale="")])
        rubric = self.rubric.assign(membership=[0.0, 0.5, 1.2, 1.0])
        with pytest.raises(CrosscaseError) as caught:
            calibrate_rubric(twice, rubric)
        assert len(caught.value.problems) == 4


class TestTruthTable:
    frame = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 1, 0, 0], "Y": [1, 0, 0, 0]}, index=list("abcd"))

    def test_consistency_pri_and_deviant_cases(self):
        rows = truth_table(self.frame, "Y").rows
        assert rows.loc[4, ["OUT", "n", "consistency", "pri", "cases", "deviant"]].tolist() == [
            "0",
            2,
            0.5,
            0.5,
            "a,b",
            "b",
        ]

    @pytest.mark.parametrize(
        ("cut", "pri_cut", "n_cut", "out"),
        [(0.5, 0, 1, "1"), (0.5, 0.6, 1, "0"), ((0.8, 0.5), 0, 1, "C"), ((0.8, 0.6), 0, 1, "0"), (0.5, 0, 3, "?")],
    )
    def test_outputs(self, cut, pri_cut, n_cut, out):
        table = truth_table(self.frame, "Y", incl_cut=cut, pri_cut=pri_cut, n_cut=n_cut)
        assert table.rows.loc[4, "OUT"] == out

    def test_complete_table_and_excluded_rows(self):
        table = truth_table(self.frame, "Y", incl_cut=0.5, exclude=[2])
        complete = table.complete()
        assert complete["OUT"].tolist() == ["0", "0", "?", "1"]
        assert complete["note"].tolist() == ["", "no case; excluded", "no case", ""]
        assert table.exclude([1, 4]).rows["note"].to_dict() == {1: "", 4: "excluded"}
        assert minimize(table, include="?").expressions == ["A"]
        assert set(minimize(truth_table(self.frame, "Y", incl_cut=0.5), include="?").expressions) == {"A", "B"}

    def test_cases_without_values_are_named(self):
        frame = self.frame.astype(float)
        frame.loc["d", ["A", "Y"]] = np.nan
        table = truth_table(frame, "Y")
        assert table.left_out.values.tolist() == [["d", "missing: A, Y"]]
        assert limited_diversity(table)["n_left_out"].iloc[0] == 1
        assert necessity(frame, "Y", "B")["n_left_out"].iloc[0] == 1

    @pytest.mark.parametrize(
        ("column", "values", "told"),
        [
            ("A", [0.5, 1, 0, 0], "exactly .5"),
            ("A", [1.2, 1, 0, 0], "whole numbers"),
            ("A", [-1, 1, 0, 0], "0 to 1"),
            ("A", [33, 1, 0, 0], "few values"),
            ("A", ["yes", 1, 0, 0], "'yes' (a)"),
            ("Y", [2, 1, 0, 0], "value to be explained"),
            ("Y", [1.5, 1, 0, 0], "calibrate"),
        ],
    )
    def test_refused_data(self, column, values, told):
        with pytest.raises(CrosscaseError, match=r".") as caught:
            truth_table(self.frame.assign(**{column: values}), "Y")
        assert told in str(caught.value)

    def test_refused_arguments(self):
        for options in ({"incl_cut": 1.2}, {"incl_cut": (0.5, 0.8)}, {"n_cut": 0}, {"pri_cut": 2}, {"exclude": [9]}):
            with pytest.raises(CrosscaseError):
                truth_table(self.frame, "Y", **options)
        with pytest.raises(CrosscaseError) as caught:
            truth_table(self.frame, "Z", ["A", "C"])
        assert len(caught.value.problems) == 2
        wide = pd.DataFrame(np.eye(21, dtype=int), columns=[f"C{i}" for i in range(21)]).assign(Y=1)
        with pytest.raises(CrosscaseError, match="21 conditions"):
            truth_table(wide, "Y")

    def test_labels_types_and_cuts_are_read_leniently(self):
        frame = self.frame.astype("Int64").reset_index(names="who")
        frame["B"] = frame["B"].astype(bool)
        table = truth_table(frame, "Y", case="who", incl_cut=np.array([0.8, 0.5]))
        assert table.rows["cases"].tolist() == ["c,d", "a,b"]
        assert table.rows["OUT"].tolist() == ["0", "C"]
        with pytest.raises(CrosscaseError, match="labels"):
            truth_table(frame, "Y", case="name")

    def test_a_value_without_a_case_is_a_remainder_and_named(self):
        frame = self.frame.assign(A=[3, 1, 0, 0])
        table = truth_table(frame, "Y")
        assert table.levels == (4, 2)
        assert "values without a case, taken as remainders: A[2]" in remarks(table)
        assert truth_table(frame, "Y", levels={"A": 5}).levels == (5, 2)

    @pytest.mark.parametrize("kind", [int, float, bool, str, "category", "Int64", "boolean", "string", object])
    def test_columns_of_any_kind_give_the_same_answer_in_one_line(self, kind):
        frame = pd.DataFrame({"A": [1, 1, 0, 0], "B": [1, 0, 1, 0], "Y": [1, 1, 0, 0]}, index=list("wxyz"))
        data = frame.astype(kind)
        assert minimize(truth_table(data, "Y"), include="?").expressions == ["A"]
        assert necessity(data, "Y")["consistency"].tolist() == [1, 0, 0.5, 0.5]
        assert necessity_search(data, "Y", "A, B")["expression"].tolist() == ["A"]
        assert sufficiency(data, "Y", "A")["consistency"].tolist() == [1]

    def test_labels_come_from_the_index_or_a_column_called_case(self):
        named = self.frame.rename_axis("region")
        column = self.frame.reset_index(names="case")
        for data in (named, column, self.frame.set_axis([1, 2, "Y"], axis=1).rename(columns={1: "A", 2: "B"})):
            assert truth_table(data, "Y").rows["cases"].tolist() == ["c,d", "a,b"]
            assert necessity(data, "Y")["expression"].tolist() == ["A", "~A", "B", "~B"]
        assert truth_table(self.frame.set_axis([1, 2, "Y"], axis=1), "Y").conditions == ("1", "2")

    @pytest.mark.parametrize(
        ("data", "outcome", "told"),
        [
            (frame["A"], "Y", "DataFrame"), (frame.to_numpy(), "Y", "DataFrame"), (frame, None, "found None"),
            (frame.iloc[:0], "Y", "0 cases"), (frame.rename(index={"a": np.nan}), "Y", "a case has a label"),
            (frame.rename(index={"a": "b"}), "Y", "one row"), (frame.assign(W=list("pqrs")), "Y", "make it the index"),
        ],
    )  # fmt: skip
    def test_what_is_no_table_of_cases_is_told(self, data, outcome, told):
        with pytest.raises(CrosscaseError, match=told):
            truth_table(data, outcome)
        with pytest.raises(CrosscaseError, match=told):
            necessity(data, outcome)

    def test_refused_minimizations(self):
        table = truth_table(self.frame, "Y")
        for options in (
            {},
            {"include": "!"},
            {"explain": "2"},
            {"explain": "0", "include": "0"},
            {"explain": "0", "dir_exp": "A"},
        ):
            with pytest.raises(CrosscaseError):
                minimize(table, **options)

    def test_what_is_odd_is_named_with_the_solution_and_where_there_is_none(self):
        frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 1, 1], "C": [1, 1, 0], "Y": [1, 0, 1]}, index=["a", "b, c", "d"])
        table = truth_table(frame, "Y")
        told = minimize(table, include="?").note
        assert "no variation in B" in told
        assert "row 8 is contradictory (1 of 2 cases with Y: a; without: b, c): output 0" in told
        assert "2 configurations observed for 3 conditions: more conditions than the cases can carry" in told
        assert minimize(table, include="?", dir_exp="A").note.endswith(told.split("; ", 1)[1])
        with pytest.raises(CrosscaseError, match="no case shows Y"):
            minimize(truth_table(frame.assign(Y=0), "Y"))
        assert remarks(truth_table(frame.assign(Y=[1, 1, 0]).drop(columns=["B", "C"]), "Y")) == []
        missing = frame.astype(float).assign(A=[1, np.nan, 0])
        assert remarks(truth_table(missing, "Y"))[0] == "left out: b, c (missing: A)"

    def test_a_table_without_negative_rows_says_nothing(self):
        solution = minimize(truth_table(self.frame.assign(Y=1), "Y"), include="?")
        assert solution.expressions == ["1"]
        assert "tautology" in solution.note


class TestExpressions:
    def test_reading(self):
        assert [[str(x) for x in t] for t in parse_expression("A * ~B+C{1,2}")] == [["A", "~B"], ["C[1,2]"]]
        for text in ("A**B", "A + ", "", "A[x]"):
            with pytest.raises(CrosscaseError):
                parse_expression(text)

    def test_membership_of_values(self):
        frame = pd.DataFrame({"T": [0, 1, 2], "F": [0.2, 0.6, 0.9]})
        assert membership(frame, "T[1,2]").tolist() == [0, 1, 1]
        assert membership(frame, "~T[1]").tolist() == [1, 0, 1]
        assert membership(frame, "F[0]*T[2]").round(2).tolist() == [0, 0, 0.1]
        with pytest.raises(CrosscaseError, match="'G'"):
            membership(frame, "G")

    def test_expectations(self):
        names, levels = ["A", "B", "T"], [2, 2, 3]
        assert expectations("1, -, 1;2", names, levels) == {0: {1}, 2: {1, 2}}
        assert expectations({"A": 0, "T": [2], "B": None}, names, levels) == {0: {0}, 2: {2}}
        assert expectations("~A, T[1,2]", names, levels) == {0: {0}, 2: {1, 2}}
        for wrong in ("1, 0", "A, Z", {"T": 3}):
            with pytest.raises(CrosscaseError):
                expectations(wrong, names, levels)


class TestReports:
    def test_skewed_and_constant_sets(self):
        frame = pd.DataFrame({"A": [1] * 13, "B": [1] * 6 + [0] * 7, "Y": [1] * 12 + [0]})
        report = skewness(truth_table(frame, "Y")).set_index("set")
        assert report.loc["A", "warning"].startswith("no variation")
        assert report.loc["B", "warning"] == ""
        assert report.loc["Y", "warning"].startswith("skewed: 12 of 13")
        assert report.index[-1] == "Y"

    def test_limited_diversity(self, krook):
        found = limited_diversity(truth_table(krook, "WNP", n_cut=2)).iloc[0]
        assert (found["n_possible"], found["n_observed"], found["n_remainders"], found["n_below_n_cut"]) == (
            32,
            5,
            27,
            9,
        )
        assert "32 configurations" in found["note"]
        assert "9 of 14" in found["note"]

    def test_sweep_says_where_the_solution_changes(self, fuzzy_lipset):
        sweep = cutoff_sweep(fuzzy_lipset, "SURV", incl_cuts=[0.7, 0.75, 0.8, 1.0], include="?")
        assert sweep["models"].tolist() == ["DEV*STB", "DEV*~IND + URB*STB", "DEV*~IND + URB*STB", ""]
        assert sweep["changed"].tolist() == [False, True, False, True]
        assert sweep["n_models"].tolist() == [1, 1, 1, 0]
        assert np.isnan(sweep["consistency"].iloc[3])
        assert sweep["coverage"].round(3).iloc[0] == 0.824

    def test_xy_regions(self):
        frame = pd.DataFrame(
            {"A": [0.6, 0.9, 0.9, 0.2, 0.1, None], "Y": [0.8, 0.7, 0.3, 0.7, 0.2, 1]}, index=list("abcdef")
        )
        found = xy_frame(frame, "A", "Y").set_index("case")["region"].tolist()
        assert found == ["typical", "deviant in degree", "deviant in kind", "not covered", "irrelevant", "missing"]
        needed = xy_frame(frame, "A", "Y", "necessity").set_index("case")["region"]
        assert needed.tolist()[:5] == ["deviant in degree", "typical", "not covered", "deviant in kind", "irrelevant"]
        with pytest.raises(CrosscaseError):
            xy_frame(frame, "A", "Y", "cause")

    def test_undefined_fit_says_why(self):
        frame = pd.DataFrame({"A": [0, 0], "Y": [1, 0]})
        found = sufficiency(frame, "Y", "A").iloc[0]
        assert np.isnan(found["consistency"])
        assert "no case has membership in the set" in found["note"]
        nothing = necessity(frame.assign(Y=0), "Y", "~A").iloc[0]
        assert "no case has membership in the outcome" in nothing["note"]

    def test_impossible_rows_and_simultaneous_subsets(self):
        frame = pd.DataFrame({"A": [0.9, 0.6, 0.2], "B": [0.1, 0.4, 0.2], "Y": [0.9, 0.5, 0.3]}, index=list("abc"))
        table = truth_table(frame, "Y", incl_cut=0.7)
        rows = untenable_rows(table, impossible="A*B", kinds=["simultaneous"])
        assert rows.loc[rows["kind"] == "impossible", "row"].tolist() == [4]
        both = set(table.rows.index[table.rows["OUT"] == "1"]) & set(
            table.negate().rows.index[table.negate().rows["OUT"] == "1"]
        )
        assert set(rows.loc[rows["kind"] == "simultaneous", "row"]) == both
        with pytest.raises(CrosscaseError):
            untenable_rows(table, kinds=["odd"])
