"""Robustness of a solution: published values, a case worked by hand, what always holds, and what is refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.configurations import (
    anchor_ranges,
    calibrate,
    cut_ranges,
    leave_one_case_out,
    minimize,
    robustness_cases,
    robustness_fit,
    solutions_frame,
    truth_table,
)
from crosscase.errors import CrosscaseError

CONDITIONS = ["HE", "GG", "AH", "HI", "HW"]
TOGETHER = "(all together)"


def countries(data, incl_cut=0.87, n_cut=2):
    return truth_table(data, "HL", CONDITIONS, incl_cut=incl_cut, n_cut=n_cut)


def solution(data, incl_cut=0.87, n_cut=2):
    return minimize(countries(data, incl_cut, n_cut), include="?")


def only(whole, term):
    """Return a solution of one term."""
    return replace(whole, models=[(whole.prime_implicants.index(term),)], n_models=1)


class TestOanaAndSchneider:
    """Formulas: replication script of doi:10.1177/00491241211036158; values: printed by SetMethods 4.1 on its data."""

    def test_the_solutions_of_the_protocol(self, paykani):
        other = paykani.assign(HW=calibrate(paykani["WEAL"], (1000, 9000, 37000)))
        found = [solution(paykani), solution(paykani, 0.75), solution(other), solution(other, n_cut=1)]
        assert [each.expressions for each in found] == [
            ["GG*AH + HE*~GG*HI*HW"], ["HE + ~GG*HW"], ["GG*AH + AH*HI"], ["HE*GG*AH + HE*AH*HI"],
        ]  # fmt: skip

    def test_fit_of_two_test_solutions(self, paykani):
        tests = [solution(paykani, 0.7), solution(paykani, n_cut=1)]
        assert [each.expressions[0] for each in tests] == ["HE + HW + AH*HI", "HE*GG*AH + HE*~GG*HI*HW"]
        found = robustness_fit(solution(paykani), tests).set_index("test").loc[TOGETHER]
        columns = ["rf_cov", "rf_cons", "rf_sc_min_ts", "rf_sc_max_ts"]
        assert found[columns].astype(float).round(3).tolist() == [0.987, 0.973, 0.960, 0.724]

    def test_a_test_solution_in_the_middle_counts(self, paykani):
        initial, wide, narrow = solution(paykani), solution(paykani, 0.7), solution(paykani, n_cut=1)
        middle = only(initial, "GG*AH")
        found = robustness_fit(initial, [wide, middle, narrow]).iloc[0]
        assert round(found["rf_cons"], 3) == 0.963
        # printed .887: SetMethods divides coverages that it has rounded to three decimals; unrounded it is .888
        whole = solutions_frame(initial).query("term == '(model)'")["raw_coverage"].iloc[0]
        assert round(round(found["core_coverage"], 3) / round(whole, 3), 3) == 0.887
        assert found["rf_cov"] == pytest.approx(found["core_coverage"] / whole)
        last = robustness_fit(initial, [wide, middle]).iloc[0]
        assert last[["rf_sc_min_ts", "rf_sc_max_ts"]].astype(float).round(3).tolist() == [0.885, 0.730]
        moved = robustness_fit(initial, [wide, narrow, middle]).iloc[0]
        pd.testing.assert_series_equal(found, moved)

    def test_range_of_the_frequency_cut(self, paykani):
        found = cut_ranges(countries(paykani), include="?").set_index("what")
        assert found.loc["n_cut", ["lowest", "highest"]].tolist() == [2, 2]

    def test_every_case_has_its_kind(self, paykani):
        initial, tests = solution(paykani), [solution(paykani, 0.7), solution(paykani, n_cut=1)]
        cases, fit = robustness_cases(initial, tests), robustness_fit(initial, tests).iloc[0]
        kinds = cases["kind"].value_counts()
        assert kinds.sum() == len(paykani) == fit["n_cases"]
        typical = [kinds.get(f"{kind} typical", 0) for kind in ("robust", "shaky", "possible")]
        assert fit["rcr_typ"] == typical[0] / sum(typical)
        assert fit["rcc_rank"] == 4


class TestByHand:
    """Four cases of each kind, in memberships that can be added in the head."""

    @pytest.fixture
    def found(self):
        index = list("abcdefgh")
        frame = pd.DataFrame({"A": [1, 1, 1, 1, 0, 0, 0, 0], "B": [1, 1, 0, 0, 1, 1, 0, 0],
                              "Y": [1, 0, 1, 0, 1, 0, 1, 0]}, index=index)  # fmt: skip
        every = minimize(truth_table(frame, "Y", incl_cut=0.5), include="?")
        tables = truth_table(frame, "Y", incl_cut=0.5)
        terms = np.array([[1, -1], [-1, 1], [1, 1]], dtype=np.int8)
        a, b, both = (replace(every, table=tables, terms=terms, models=[(i,)], n_models=1) for i in range(3))
        return a, b, both

    def test_cases(self, found):
        a, b, _ = found
        assert robustness_cases(a, b)["kind"].tolist() == [
            "robust typical", "robust deviant", "shaky typical", "shaky deviant",
            "possible typical", "possible deviant", "extreme deviant coverage", "irrelevant",
        ]  # fmt: skip

    def test_fit(self, found):
        a, b, both = found
        fit = robustness_fit(a, {"b": b, "both": both}).set_index("test")
        # the core is A*B (2 cases, 1 with Y); A has 4 cases, 2 with Y; maxTS is B
        assert fit.loc[TOGETHER, ["rf_cov", "rf_cons"]].tolist() == [0.5, 1.0]
        assert fit.loc[TOGETHER, ["rf_sc_min_ts", "rf_sc_max_ts"]].tolist() == [2 / 4, 2 / 6]
        assert fit.loc[TOGETHER, ["rcr_typ", "rcr_dev"]].tolist() == [1 / 3, 1 / 3]
        assert fit["rcc_rank"].to_dict() == {TOGETHER: 4, "b": 4, "both": 3}
        assert fit.index.tolist() == [TOGETHER, "b", "both"]
        assert robustness_fit(both, a).iloc[0]["rcc_rank"] == 2

    def test_exactly_half_is_in_no_kind(self, found):
        a, b, _ = found
        half = replace(b, table=replace(b.table, data=b.table.data.assign(B=[0.5, 1, 0, 0, 1, 1, 0, 0])))
        assert robustness_cases(a, half)["kind"][0] == "undecided"
        assert robustness_fit(a, half)["n_undecided"].tolist() == [1, 1]

    def test_undefined_without_a_core_says_why(self):
        frame = pd.DataFrame({"A": [1, 0, 0], "B": [0, 1, 0], "Y": [1, 1, 0]}, index=list("abc"))
        every = minimize(truth_table(frame, "Y"), include="?")
        fit = robustness_fit(only(every, "A"), only(every, "B")).iloc[0]
        assert np.isnan(fit["rf_cons"])
        assert np.isnan(fit["rcr_dev"])
        assert fit["rf_cov"] == 0.0
        assert "rf_cons undefined: no case is to any degree in the robust core" in fit["reason"]
        assert "rcr_dev undefined: no deviant case" in fit["reason"]

    def test_cases_that_a_test_does_not_know_are_said(self):
        frame = pd.DataFrame({"A": [1, 1, 0, 0], "Y": [1, 1, 0, 0]}, index=list("abcd"))
        initial, fewer = (minimize(truth_table(part, "Y")) for part in (frame, frame.drop("a")))
        fit = robustness_fit(initial, fewer)
        assert fit["n_cases"].tolist() == [3, 3]
        assert "1 case(s) that not all solutions know left out" in fit["reason"][0]


class TestRanges:
    def test_crisp_lipset_by_hand(self, crisp_lipset):
        """Every row is consistent with 1 or 0, so any cut above 0 gives the same; all rows but one have few cases."""
        found = cut_ranges(truth_table(crisp_lipset, "SURV"), include="?").set_index("what")
        assert found.loc["incl_cut", ["lowest", "highest", "bounds"]].tolist() == [0, 1, "above lowest, up to highest"]
        assert found["models"].tolist() == ["DEV*STB"] * 3
        assert found.loc["incl_cut", "models_below"] == "1"
        assert found.loc["n_cut", "lowest"] == 1

    def test_moved_within_the_range_nothing_changes_and_beyond_it_does(self, fuzzy_lipset):
        def models(cut):
            table = truth_table(fuzzy_lipset, "SURV", incl_cut=cut)
            return set(minimize(table, include="?").expressions) if table.rows["OUT"].eq("1").any() else set()

        found = cut_ranges(truth_table(fuzzy_lipset, "SURV", incl_cut=0.75), include="?").set_index("what")
        low, high = found.loc["incl_cut", ["lowest", "highest"]]
        assert models(low + 1e-6) == models(high) == models(0.75)
        assert models(low) != models(0.75)
        assert models(high + 1e-6) != models(0.75)

    def test_anchors_of_a_condition(self, fuzzy_lipset):
        gnp = pd.Series([720, 1098, 586, 468, 590, 983, 795, 390, 424, 662, 517, 1008, 350, 320, 331, 367, 897, 1038],
                        index=fuzzy_lipset.index)  # fmt: skip
        table = truth_table(fuzzy_lipset, "SURV", incl_cut=0.8)
        found = anchor_ranges(table, "DEV", gnp, (400, 550, 900), step=10, most_steps=12, include="?", log_odds=3)
        assert found["what"].tolist() == ["DEV, exclusion", "DEV, crossover", "DEV, inclusion"]
        crossover = found.set_index("what").loc["DEV, crossover"]
        for value, same in (
            (crossover["lowest"], True),
            (crossover["highest"], True),
            (crossover["lowest"] - 10, False),
        ):
            moved = fuzzy_lipset.assign(DEV=calibrate(gnp, (400, value, 900), log_odds=3))
            again = minimize(truth_table(moved, "SURV", incl_cut=0.8), include="?")
            assert (set(again.expressions) == set(crossover["models"].split("\n"))) == same

    def test_where_nothing_changes_the_end_is_undefined_and_says_so(self):
        raw = pd.Series([1.0, 2.0, 9.0, 10.0], index=list("abcd"))
        frame = pd.DataFrame({"A": calibrate(raw, (2, 5, 9)), "Y": [0, 0, 1, 1]})
        table = truth_table(frame, "Y", incl_cut=0.8)
        found = anchor_ranges(table, "A", raw, (2, 5, 9), step=0.5, most_steps=3)
        assert found[["lowest", "highest"]].isna().all(axis=None)
        assert found["reason"].str.contains("no change").all()

    def test_a_case_on_the_crossover_is_passed_over(self):
        raw = pd.Series([1.0, 3.0, 9.0, 10.0], index=list("abcd"))
        frame = pd.DataFrame({"A": calibrate(raw, (0, 5, 9)), "Y": [0, 0, 1, 1]})
        found = anchor_ranges(truth_table(frame, "Y", incl_cut=0.8), "A", raw, (0, 5, 9), step=1, most_steps=4)
        assert found.set_index("what").loc["A, crossover", "lowest"] == 4
        with pytest.raises(CrosscaseError, match=r"exactly \.5"):
            anchor_ranges(truth_table(frame, "Y", incl_cut=0.8), "A", raw, (0, 3, 9), step=1)

    def test_the_outcome_may_be_moved_too(self):
        raw = pd.Series([10, 20, 30, 40], index=list("abcd"))
        frame = pd.DataFrame({"A": [0, 0, 1, 1], "Y": calibrate(raw, [25], "crisp")})
        found = anchor_ranges(truth_table(frame, "Y"), "Y", raw, [25], step=2, method="crisp").iloc[0]
        # at 19 case b has the outcome too, and A is still sufficient; above 30 case c loses it
        assert (found["highest"], found["models_above"]) == (29.0, "no solution")

    def test_ends_of_the_scale_are_said(self):
        frame = pd.DataFrame({"A": [1, 1, 0], "Y": [1, 1, 0]}, index=list("abc"))
        found = cut_ranges(truth_table(frame, "Y")).set_index("what")
        assert found.loc["incl_cut", ["lowest", "highest"]].tolist() == [0.0, 1.0]
        assert found.loc["incl_cut", "models_below"] == "1"
        assert found.loc["incl_cut", "bounds"] == "above lowest, up to highest"
        assert found.loc["incl_cut", "reason"] == "holds up to 1"
        assert found.loc["n_cut", ["lowest", "highest"]].tolist() == [1, 2]
        assert found.loc["n_cut", "models_above"] == "no solution"

    def test_excluded_rows_and_the_second_cut_stay(self):
        frame = pd.DataFrame({"A": [1, 1, 1, 0, 0], "B": [1, 1, 0, 1, 0], "Y": [1, 1, 1, 0, 0]}, index=list("abcde"))
        table = truth_table(frame, "Y", incl_cut=(1, 0.4), exclude=[3])
        assert minimize(table).expressions == ["A*B"]
        found = cut_ranges(table).set_index("what").loc["incl_cut"]
        assert (found["models"], found["lowest"], found["bounds"]) == ("A*B", 0.4, "from lowest to highest")
        assert leave_one_case_out(table).set_index("case").loc["c", "models"] == "A*B"


class TestLeaveOneOut:
    def test_what_rests_on_one_case(self):
        frame = pd.DataFrame({"A": [1, 1, 0], "B": [1, 0, 0], "Y": [1, 1, 0]}, index=["a", "b", "c"])
        found = leave_one_case_out(truth_table(frame, "Y")).set_index("case")
        assert found["same"].to_dict() == {"a": False, "b": False, "c": True}
        assert found["coverage"].tolist() == [1.0, 1.0, 1.0]
        none = leave_one_case_out(truth_table(frame.iloc[[0]], "Y")).iloc[0]
        assert (none["models"], none["reason"], none["n_models"]) == ("no solution", "no case is left", 0)
        thin = leave_one_case_out(truth_table(frame.drop("b"), "Y")).set_index("case").loc["a"]
        assert (thin["models"], thin["reason"]) == ("no solution", "no row reaches the cut-offs")
        assert np.isnan(thin["consistency"])

    def test_lipset(self, fuzzy_lipset):
        table = truth_table(fuzzy_lipset, "SURV", incl_cut=0.75)
        found = leave_one_case_out(table, include="?").set_index("case")
        for case in ("EE", "FI", "UK"):
            again = minimize(truth_table(fuzzy_lipset.drop(case), "SURV", incl_cut=0.75), include="?")
            assert found.loc[case, "models"] == "\n".join(again.expressions)
            whole = solutions_frame(again).query("term == '(model)'").iloc[0]
            assert found.loc[case, "consistency"] == pytest.approx(whole["consistency"])
            assert found.loc[case, "coverage"] == pytest.approx(whole["raw_coverage"])


CASES = st.lists(st.tuples(*[st.sampled_from([0.1, 0.3, 0.6, 0.9])] * 4), min_size=3, max_size=8)


@settings(max_examples=25, deadline=None)
@given(CASES, st.sampled_from([0.6, 0.75, 0.9]), st.sampled_from([0.5, 0.7, 0.95]))
def test_what_always_holds(rows, first, second):
    frame = pd.DataFrame(rows, columns=["A", "B", "C", "Y"], index=[f"c{i}" for i in range(len(rows))])
    tables = [truth_table(frame, "Y", incl_cut=cut) for cut in (first, second)]
    if not all(table.rows["OUT"].eq("1").any() for table in tables):
        return
    initial, test = (minimize(table, include="?") for table in tables)
    fit = robustness_fit(initial, [initial, test]).iloc[0]
    assert 0 <= fit["rf_cov"] <= 1
    assert 0 < fit["rf_sc_min_ts"] <= 1
    assert 0 < fit["rf_sc_max_ts"] <= 1
    assert fit["n_robust"] + fit["n_shaky"] == robustness_cases(initial, test)["initial"].gt(0.5).sum()
    itself = robustness_fit(initial, initial).iloc[0]
    shares = itself[["rf_cov", "rf_cons", "rf_sc_min_ts", "rf_sc_max_ts"]].astype(float)
    assert np.allclose(shares, 1.0)
    assert itself["rcc_rank"] == 1
    found = cut_ranges(tables[0], include="?").set_index("what")
    assert (found["lowest"] <= found["given"]).all()
    assert (found["given"] <= found["highest"]).all()
    held = truth_table(frame, "Y", incl_cut=found.loc["incl_cut", "highest"])
    assert set(minimize(held, include="?").expressions) == set(initial.expressions)


class TestRefused:
    FRAME = pd.DataFrame({"A": [1, 0], "Y": [1, 0]}, index=["a", "b"])

    @pytest.fixture
    def found(self):
        return minimize(truth_table(self.FRAME, "Y"))

    @pytest.mark.parametrize("tests", [[], None, "A", 3, ["A"], {"x": None}])
    def test_what_is_no_solution(self, found, tests):
        for ask in (robustness_fit, robustness_cases):
            with pytest.raises(CrosscaseError, match="tests"):
                ask(found, tests)

    def test_other_outcomes_models_and_cases(self, found):
        absent = minimize(truth_table(self.FRAME, "~Y"))
        with pytest.raises(CrosscaseError, match="the same outcome"):
            robustness_fit(found, absent)
        for model in (1, -1, "first", 0.5):
            with pytest.raises(CrosscaseError, match="a model of the initial solution"):
                robustness_cases(found, found, model=model)
        others = minimize(truth_table(self.FRAME.set_axis(["x", "y"]), "Y"))
        with pytest.raises(CrosscaseError, match="no case that all of them know"):
            robustness_fit(found, others)
        with pytest.raises(CrosscaseError, match="initial"):
            robustness_fit("A", found)

    def test_anchors(self):
        table, raw = truth_table(self.FRAME, "Y"), pd.Series([1.0, 9.0], index=["a", "b"])
        with pytest.raises(CrosscaseError) as caught:
            anchor_ranges(table, "B", raw.drop("b"), [5], step=0, most_steps=0, method="indirect")
        assert [p.place for p in caught.value.problems] == ["column", "method", "step", "most_steps", "raw"]
        with pytest.raises(CrosscaseError, match="raw"):
            anchor_ranges(table, "A", [1, 9], [5], step=1, method="crisp")

    @pytest.mark.parametrize("odd", [None, "A", 3, [], {}, pd.DataFrame(), pd.Series(dtype=float), np.nan])
    def test_what_is_no_table_and_no_name(self, odd):
        raw = pd.Series([1.0, 9.0], index=["a", "b"])
        for ask in (cut_ranges, leave_one_case_out, lambda table: anchor_ranges(table, "A", raw, [5], step=1)):
            with pytest.raises(CrosscaseError, match="table: a TruthTable"):
                ask(odd)
        table = truth_table(self.FRAME, "Y")
        with pytest.raises(CrosscaseError, match="a condition, or the outcome"):
            anchor_ranges(table, "B" if isinstance(odd, str) else odd, raw, [5], step=1)

    def test_a_table_without_a_positive_row(self):
        table = truth_table(self.FRAME.assign(Y=0), "Y")
        for ask in (cut_ranges, leave_one_case_out):
            with pytest.raises(CrosscaseError, match="there is a row with output 1"):
                ask(table)
