"""Published analyses: the fixtures name the sources; results as R's QCA gives them for the same data."""

import numpy as np
import pandas as pd
import pytest

from crosscase.configurations import (
    enhanced_analysis,
    minimize,
    necessity,
    necessity_search,
    solutions_frame,
    sufficiency,
    truth_table,
    untenable_rows,
)


def models(table, **options):
    """Models as sets of terms, so that the order does not matter."""
    return {frozenset(text.split(" + ")) for text in minimize(table, **options).expressions}


def terms(text):
    return frozenset(text.split(" + "))


def fit(solution, decimals=3):
    frame = solutions_frame(solution).set_index("term")
    return frame[["consistency", "pri", "raw_coverage", "unique_coverage"]].round(decimals)


class TestLipsetCrisp:
    def test_truth_table_numbers_rows_and_names_cases(self, crisp_lipset):
        rows = truth_table(crisp_lipset, "SURV").rows
        assert rows["OUT"].to_dict() == {
            1: "0", 2: "0", 5: "0", 6: "0", 22: "1", 23: "0", 24: "1", 31: "0", 32: "1",
        }  # fmt: skip
        assert rows.loc[32, "cases"] == "BE,CZ,NL,UK"
        assert rows.loc[32, "n"] == 4

    def test_solutions_of_the_outcome_and_of_its_absence(self, crisp_lipset):
        table = truth_table(crisp_lipset, "SURV")
        absent = truth_table(crisp_lipset, "~SURV")
        assert models(table) == {terms("DEV*~URB*LIT*STB + DEV*LIT*IND*STB")}
        assert models(table, include="?") == {terms("DEV*STB")}
        assert models(absent) == {terms("~DEV*~URB*~IND + DEV*LIT*IND*~STB")}
        assert models(absent, include="?") == {terms("~DEV + ~STB")}
        assert minimize(table, include="?").simplifying_assumptions(0) == [18, 20, 26, 28, 30]

    def test_coverage_of_terms(self, crisp_lipset):
        found = fit(minimize(truth_table(crisp_lipset, "SURV")))
        assert found.loc["DEV*~URB*LIT*STB", ["raw_coverage", "unique_coverage"]].tolist() == [0.5, 0.25]
        assert found.loc["DEV*LIT*IND*STB", ["raw_coverage", "unique_coverage"]].tolist() == [0.75, 0.5]

    def test_necessary_expressions(self, crisp_lipset):
        found = necessity_search(crisp_lipset, "SURV", incl_cut=1).set_index("expression")
        assert set(found.index) == {
            "DEV", "LIT", "STB", "DEV*LIT", "DEV*STB", "LIT*STB", "DEV*LIT*STB", "~URB + IND",
        }  # fmt: skip
        assert found["ron"].round(3).loc[["DEV", "LIT", "STB", "LIT*STB", "~URB + IND"]].tolist() == [
            0.8,
            0.5,
            0.7,
            0.9,
            0,
        ]
        assert found.loc["~URB + IND", "coverage"] == pytest.approx(8 / 18)

    def test_rows_inside_an_expression(self, crisp_lipset):
        table = truth_table(crisp_lipset, "SURV")
        assert table.rows_in("DEV*~IND*STB") == [18, 26, 30]
        assert table.rows_in("DEV*~IND*STB", observed=True) == [18, 22, 26, 30]


class TestLipsetFuzzy:
    def test_three_solutions_and_their_fit(self, fuzzy_lipset):
        table = truth_table(fuzzy_lipset, "SURV", incl_cut=0.7)
        conservative = minimize(table)
        assert conservative.expressions == ["DEV*~URB*LIT*STB + DEV*LIT*IND*STB"]
        found = fit(conservative)
        assert found.loc["DEV*~URB*LIT*STB"].tolist() == [0.809, 0.761, 0.433, 0.196]
        assert found.loc["DEV*LIT*IND*STB"].tolist() == [0.843, 0.821, 0.622, 0.385]
        assert found.loc["(model)"].tolist()[:3] == [0.871, 0.851, 0.818]
        assert minimize(table, include="?").expressions == ["DEV*STB"]
        intermediate = minimize(table, include="?", dir_exp="1,1,1,1,1")
        assert intermediate.expressions == ["DEV*LIT*STB"]
        assert fit(intermediate).loc["DEV*LIT*STB"].tolist()[:3] == [0.869, 0.848, 0.824]

    def test_contradictory_assumptions_are_found_and_excluded(self, fuzzy_lipset):
        table = truth_table(fuzzy_lipset, "SURV", incl_cut=0.8)
        rows = untenable_rows(table)
        assert rows["row"].tolist() == [10, 12, 14, 16, 17, 21, 25, 29]
        solution, excluded = enhanced_analysis(table)
        assert excluded.equals(rows)
        assert not set(rows["row"]) & set(solution.simplifying_assumptions())

    def test_case_labels_follow_membership_above_one_half(self, fuzzy_lipset):
        report = solutions_frame(minimize(truth_table(fuzzy_lipset, "SURV", incl_cut=0.7), include="?"))
        assert report["cases"].iloc[0] == "BE,CZ,FI,FR,IE,NL,SE,UK"
        assert (report["deviant"] == "").all()


class TestLipsetMultiValue:
    def test_solutions_with_a_contradiction(self, multi_lipset):
        conditions = ["DEV", "URB", "LIT", "IND"]
        table = truth_table(multi_lipset, "SURV", conditions)
        assert models(table) == {terms("DEV[2]*LIT[1]*IND[1] + DEV[1]*URB[0]*LIT[1]*IND[0]")}
        assert models(table, include="?") == {terms("DEV[2] + DEV[1]*IND[0]")}
        absent = truth_table(multi_lipset, "~SURV", conditions)
        assert models(absent) == {terms("DEV[0]*URB[0]*IND[0] + DEV[1]*URB[0]*LIT[1]*IND[1]")}
        assert models(absent, include="?") == {terms("DEV[0] + DEV[1]*URB[0]*IND[1]")}
        assert fit(minimize(table)).loc["(model)", "raw_coverage"] == 0.875

    def test_frequency_cut(self, multi_lipset):
        table = truth_table(multi_lipset, "SURV", n_cut=2)
        assert (table.rows["OUT"] == "?").sum() == 4
        solution = minimize(table, include="?")
        assert solution.expressions == ["LIT[1]*STB[1]"]
        assert fit(solution).loc["(model)"].tolist()[:3] == [0.889, 0.889, 1.0]

    def test_necessary_expressions(self, multi_lipset):
        found = necessity_search(multi_lipset, "SURV", incl_cut=1).set_index("expression")["ron"].round(3).to_dict()
        assert found == {
            "LIT[1]": 0.5, "STB[1]": 0.7, "LIT[1]*STB[1]": 0.9, "DEV[1] + IND[1]": 0.8, "URB[0] + IND[1]": 0.0,
            "DEV[2] + URB[1] + IND[0]": 0.1,
        }  # fmt: skip


class TestKrook:
    def test_two_tied_parsimonious_models(self, krook):
        table = truth_table(krook, "WNP")
        solution = minimize(table, include="?")
        assert models(table, include="?") == {terms("WS + ES*WM + QU*LP + ~ES*LP"), terms("WS + ES*WM + QU*LP + WM*LP")}
        assert solution.n_models == 2
        assert set(solution.core) == {"WS", "ES*WM", "QU*LP"}
        assert set(solution.prime_implicants) == {
            "WS", "~ES*LP", "ES*WM", "QU*LP", "WM*LP", "ES*~QU*~LP", "~QU*~WM*~LP",
        }  # fmt: skip

    def test_conservative_solutions(self, krook):
        expected = "~ES*~WS*WM*LP + ES*QU*~WS*WM + ES*QU*~WS*LP + ES*WS*~WM*~LP + ES*WS*WM*LP"
        assert models(truth_table(krook, "WNP")) == {terms(expected)}
        expected = "~ES*~WS*WM*~LP + QU*~WS*~WM*~LP + ES*~QU*~WS*~WM*LP"
        assert models(truth_table(krook, "~WNP")) == {terms(expected)}

    def test_unique_coverage_differs_between_models(self, krook):
        report = solutions_frame(minimize(truth_table(krook, "WNP"), include="?"))
        first = report[report["model"] == report.loc[report["term"] == "~ES*LP", "model"].iloc[0]].set_index("term")
        assert first["unique_coverage"].round(3)[["WS", "ES*WM", "QU*LP", "~ES*LP"]].tolist() == [
            0.182,
            0.091,
            0.091,
            0.091,
        ]

    def test_necessary_disjunctions(self, krook):
        found = necessity_search(krook, "WNP", incl_cut=0.9, cov_cut=0.65).set_index("expression")
        assert set(found.index) == {"ES + LP", "WS + LP", "~WM + LP"}
        assert found.loc["~WM + LP", ["consistency", "ron", "coverage"]].round(3).tolist() == [0.909, 0.583, 0.667]

    def test_every_irredundant_model_is_also_smallest(self, krook):
        table = truth_table(krook, "WNP")
        assert models(table, include="?", all_sol=True) == models(table, include="?")


class TestPartyBans:
    def test_two_inclusion_cuts_and_contradictions(self, party_bans):
        table = truth_table(party_bans, "PB", incl_cut=(1, 0.4))
        assert table.levels == (3, 3, 3, 2)
        assert table.rows.index[table.rows["OUT"] == "C"].tolist() == [48]
        assert models(table, include="?, C") == {
            terms("C[1] + T[2] + T[1]*V[0] + C[0]"),
            terms("C[1] + T[2] + T[1]*V[0] + F[2]"),
        }
        assert models(table, explain="C") == {terms("C[2]*F[1]*T[2]*V[1]")}

    def test_intermediate_solution_with_several_expected_values(self, party_bans):
        table = truth_table(party_bans, "PB")
        solution = minimize(table, include="?", dir_exp="1, 1;2, 2, 1")
        assert set(map(terms, solution.expressions)) == {terms("C[1] + F[2] + T[1]*V[0] + T[2]*V[0] + C[0]*F[1]*T[2]")}
        assert fit(solution).loc["(model)"].tolist()[:3] == [1.0, 1.0, 0.952]
        assert fit(solution).loc["T[2]*V[0]", "unique_coverage"] == 0.048

    def test_necessary_disjunction(self, party_bans):
        found = necessity_search(party_bans, "PB", incl_cut=1)
        assert found["expression"].tolist() == ["C[1] + F[2] + T[2] + V[0]"]
        assert found[["ron", "coverage"]].round(3).values.tolist() == [[0.333, 0.913]]


class TestJobSecurity:
    def test_intermediate_solution_of_two_parsimonious_models(self, job_security):
        table = truth_table(job_security, "JSR")
        assert models(table, include="?") == {terms("S*R + L*P"), terms("S*R + P*~V")}
        solution = minimize(table, include="?", dir_exp="1,1,1,1,1,0")
        assert set(map(terms, solution.expressions)) == {terms("S*R*~V + S*C*R*P + S*L*R*P + C*L*P*~V")}
        assert solution.pairs["easy"].tolist() == [[31, 39, 45, 53, 55, 59, 61, 63]] * 2
        assert solution.conservative.expressions == minimize(table).expressions


class TestEthnicProtest:
    def test_four_tied_models_and_row_dominance(self, ethnic_protest):
        table = truth_table(ethnic_protest, "PROTEST")
        shared = "~NATPRIDE + DEMOC*GEOCON*POLDIS + "
        assert models(table, include="?") == {
            terms(shared + "~DEMOC*ETHFRACT*POLDIS + DEMOC*ETHFRACT*GEOCON"),
            terms(shared + "~DEMOC*ETHFRACT*POLDIS + DEMOC*ETHFRACT*~POLDIS"),
            terms(shared + "DEMOC*ETHFRACT*GEOCON + ETHFRACT*GEOCON*POLDIS"),
            terms(shared + "DEMOC*ETHFRACT*~POLDIS + ETHFRACT*GEOCON*POLDIS"),
        }
        assert models(table, include="?", row_dom=True) == {
            terms(shared + "DEMOC*ETHFRACT*GEOCON + ETHFRACT*GEOCON*POLDIS")
        }
        assert minimize(table, include="?").essential == ["~NATPRIDE", "DEMOC*GEOCON*POLDIS"]


def test_ten_tied_multi_value_models(many_values):
    found = models(truth_table(many_values, "~E[3]"), include="?")
    assert found == {
        terms(text)
        for text in (
            "B[1] + D[0] + D[1]", "B[1] + D[0] + A[0]*C[1]", "B[1] + D[0] + B[2]*C[1]", "B[1] + D[1] + B[0]*C[0]",
            "B[1] + A[0]*C[1] + B[0]*C[0]", "B[1] + B[0]*C[0] + B[2]*C[1]", "D[0] + D[1] + A[1]*D[3]",
            "D[0] + D[1] + C[0]*D[3]", "D[1] + A[1]*D[3] + B[0]*C[0]", "D[1] + B[0]*C[0] + C[0]*D[3]",
        )
    }  # fmt: skip
    assert models(truth_table(many_values, "D[2]")) == {terms("B[2]*C[0]*E[3]")}
    assert models(truth_table(many_values, "E[3]")) == {terms("B[2]*C[0]*D[2] + A[2]*B[0]*C[1]*D[3]")}


def test_relations_agree_with_the_solution_frame(fuzzy_lipset):
    direct = sufficiency(fuzzy_lipset, "SURV", "DEV*~URB*LIT*STB + DEV*LIT*IND*STB").set_index("term")
    report = solutions_frame(minimize(truth_table(fuzzy_lipset, "SURV", incl_cut=0.7))).set_index("term")
    for term in ("DEV*~URB*LIT*STB", "DEV*LIT*IND*STB"):
        columns = ["consistency", "pri", "raw_coverage", "unique_coverage"]
        assert np.allclose(direct.loc[term, columns].astype(float), report.loc[term, columns].astype(float))
    assert isinstance(necessity(fuzzy_lipset, "SURV"), pd.DataFrame)
