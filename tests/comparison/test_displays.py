"""Displays, logic, influence, ordination and clustering."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.path import Path as MplPath
from scipy import stats
from scipy.spatial.distance import pdist, squareform

from crosscase import comparison as c
from crosscase.comparison.clustering import jaccard
from crosscase.errors import CrosscaseError

CASES = pd.DataFrame(
    {
        "case": ["r1", "r2", "two", "all"],
        "kind": ["case", "case", "subset", "all"],
        "k": [None, None, 1, None],
        "n": [None, None, 2, 2],
        "coverage": ["partial", "complete", None, None],
    }
)
# Greenacre (2007), Correspondence analysis in practice: 796 researchers, 10 disciplines x 5 levels of funding;
# total inertia .08288, first two principal inertias .03912 and .03038
FUNDING = [
    [3, 19, 39, 14, 10],
    [1, 2, 13, 1, 12],
    [6, 25, 49, 21, 29],
    [3, 15, 41, 35, 26],
    [10, 22, 47, 9, 26],
    [3, 11, 25, 15, 34],
    [1, 6, 14, 5, 11],
    [0, 12, 34, 17, 23],
    [2, 5, 11, 4, 7],
    [2, 11, 37, 8, 20],
]


def cells(states: dict[str, list[str]]) -> pd.DataFrame:
    rows = [(case, "case", code, s) for code, column in states.items() for case, s in zip("abcd", column)]
    return pd.DataFrame(rows, columns=["case", "kind", "code", "state"]).assign(segments="s1")


def test_case_order_keeps_ties_and_cases_without_outcome() -> None:
    ratings = pd.DataFrame({"case": list("abc"), "outcome": [1, 3, 3]})
    out = c.case_ordered(cells({"t": ["present"] * 4}), ratings)
    assert out["case"].tolist() == ["b", "c", "a", "d"]
    assert out["rank"].tolist()[:3] == [1, 1, 3]
    assert out["n_tied"].tolist()[:3] == [2, 2, 1]
    assert out["order_note"].tolist()[3] == "outcome not stated"


def test_contrast_counts_only_what_is_known() -> None:
    grid = cells(
        {
            "split": ["present", "present", "absent", "absent"],
            "gap": ["present", "not_stated", "absent", "count"],
            "none": ["not_stated", "count", "absent", "absent"],
        }
    )
    out = c.contrast_table(grid, pd.Series(dict(zip("abcd", ["high", "high", "low", "low"])))).set_index("code")
    assert out.loc["split", ["gap", "separates"]].tolist() == [1.0, True]
    assert out.loc["gap", ["k_high", "n_high", "not_stated_high", "n_low", "not_stated_low"]].tolist() == [
        1,
        1,
        1,
        1,
        1,
    ]
    assert not out.loc["gap", "separates"]
    assert np.isnan(out.loc["none", "gap"])
    assert out.loc["none", "reason"] == "a group has no case in which it is known"


def test_clustered_cells_say_k_of_n_asked() -> None:
    grid = pd.DataFrame(
        {
            "case": ["r1", "r2"],
            "theme": "pay",
            "state": ["present", "count"],
            "n_segments": [4, 0],
            "n_participants": [2, None],
            "n_asked": [5, None],
            "k": [None, 1],
            "n": [None, 2],
        }
    )
    grid = grid.astype(dict.fromkeys(("n_participants", "n_asked", "k", "n"), "Int64"))
    out = c.conceptually_clustered(grid, pd.DataFrame({"theme": ["money", "pay"], "parent": [None, "money"]}))
    assert out["cell_text"].tolist() == ["2 of 5 asked", "1 of 2 cases"]
    assert out["cluster"].tolist() == ["money", "money"]


def test_progress_shows_unknown_beside_counts_of_cases() -> None:
    records = pd.DataFrame(
        {
            "case": ["two", "all", "r1"],
            "step": ["fund", "fund", "start"],
            "status": "done",
            "source": ["paper", "abstract", "paper"],
        }
    )
    out = c.step_progress(records, ["start", "fund"], CASES).set_index(["case", "step"])
    assert out.loc[("r2", "fund"), "status"] == "unknown"
    assert out.loc[("two", "fund"), ["k", "n"]].tolist() == [1, 2]
    assert out.loc[("r1", "start"), "status"] == "done"
    with pytest.raises(CrosscaseError) as error:
        c.step_progress(records.assign(status="finished", step="end"), ["start"], CASES)
    assert "end" in str(error.value)


def test_time_matrix_knows_silence_from_absence() -> None:
    events = pd.DataFrame({"case": ["r1", "r2", "all"], "period": ["2015", "2016", "2016"], "event": list("xyz")})
    out = c.time_ordered(events, ["2015", "2016"], CASES).set_index(["case", "period"])["state"]
    assert out.to_dict() == {
        ("r1", "2015"): "present",
        ("r1", "2016"): "not_stated",
        ("r2", "2015"): "absent",
        ("r2", "2016"): "present",
        ("all", "2015"): "not_stated",
        ("all", "2016"): "count",
    }


def test_propositions_written_after_the_case_was_opened_are_no_predictions() -> None:
    p = pd.DataFrame(
        {
            "proposition": "p",
            "case": ["a", "b", "c"],
            "predicted": ["high", "high", "low"],
            "replication": ["literal", "literal", "theoretical"],
            "written": ["2020-01-02"] * 3,
        }
    )
    o = pd.DataFrame(
        {"proposition": "p", "case": ["a", "b"], "observed": ["high", "low"], "opened": ["2020-01-03", "2020-01-01"]}
    )
    out = c.pattern_matching(p, o)
    assert out["match"].tolist() == ["as predicted", "not as predicted", "not stated"]
    assert out["in_time"].tolist()[:2] == [True, False]
    assert (out["n_matched"][0], out["n_known"][0]) == (1, 2)
    with pytest.raises(CrosscaseError, match="date"):
        c.pattern_matching(p.assign(written="spring"), o)


def test_negative_cases_and_rivals() -> None:
    outcome = pd.DataFrame({"case": list("abcd"), "outcome": [True, False, True, None]})
    out = c.negative_cases(cells({"t": ["present", "present", "absent", "present"]}), outcome)
    assert out["role"].tolist() == [
        "confirms",
        "negative: theme without the outcome",
        "negative: outcome without the theme",
        "not known",
    ]
    rivals = pd.DataFrame(
        {
            "finding": "f",
            "rival": ["r", "r", "s"],
            "case": list("aba"),
            "verdict": ["contradicts", "undecided", "not_stated"],
        }
    )
    assert c.rival_explanations(rivals)["standing"].tolist() == ["weakened", "not examined"]


def test_a_theme_that_hampers_is_confirmed_where_the_outcome_fails() -> None:
    grid = cells({"held": ["present", "present", "absent", "absent"], "mixed": ["present"] * 4})
    outcome = pd.DataFrame({"case": list("abcd"), "outcome": [False, True, True, False]})
    out = c.negative_cases(grid, outcome, directions={"held": "hampers", "mixed": "both"})
    assert out.loc[out.iloc[:, 0].eq("held"), "role"].tolist() == [
        "confirms",
        "negative: outcome with a theme that hampers",
        "irrelevant: without the theme",
        "irrelevant: without the theme",
    ]
    assert set(out.loc[out.iloc[:, 0].eq("mixed"), "role"]) == {"no rule"}
    summary = c.negative_summary(out, out.columns[0]).set_index(out.columns[0])
    assert summary.loc["held", ["confirms", "negative", "irrelevant"]].tolist() == [1, 1, 2]
    assert "nothing is expected" in summary.loc["mixed", "reason"]


def test_pairs_by_hand() -> None:
    grid = pd.DataFrame({"mandate": [1, 1, 0], "country": ["be", "be", "nl"], "size": [1, 2, None]}, index=list("abc"))
    out = c.similar_pairs(grid, pd.Series({"a": "good", "b": "poor", "c": "good"})).set_index(["case_a", "case_b"])
    assert out.loc[("a", "b"), ["design", "different", "n_known"]].tolist() == [
        "most-similar different-outcome",
        "size",
        3,
    ]
    assert out.loc[("a", "c"), ["design", "share_different", "unknown"]].tolist() == [
        "most-different same-outcome",
        1.0,
        "size",
    ]
    assert out.loc[("b", "c"), ["design", "rank"]].tolist() == ["unlike with different outcomes", 1]


@pytest.mark.parametrize(
    ("left", "right", "same", "design"),
    [
        ((1, 1, 1), (0, 0, 0), False, "unlike with different outcomes"),
        ((1, 1, 1), (1, 0, 0), False, "unlike with different outcomes"),
        ((1, 1, 1), (1, 1, 0), False, "most-similar different-outcome"),
        ((1, 1, 1), (1, 1, 1), False, "most-similar different-outcome"),
        ((1, 1, None), (1, 0, 1), False, "most-similar different-outcome"),
        ((1, 1, 1), (1, 1, 1), True, "alike with the same outcome"),
        ((1, 1, 1), (1, 1, 0), True, "alike with the same outcome"),
        ((1, 1, None), (1, 0, 1), True, "most-different same-outcome"),
        ((1, 1, 1), (0, 0, 0), True, "most-different same-outcome"),
        ((1, None, None), (None, 1, 1), True, "attributes not stated"),
        ((1, 1, 1), (1, 1, 1), None, "outcome not stated"),
    ],
)
def test_a_pair_is_what_its_likeness_makes_it(left, right, same, design) -> None:
    grid = pd.DataFrame([left, right], index=["a", "b"], columns=list("xyz"))
    outcome = pd.Series({"a": "good", "b": None if same is None else "good" if same else "poor"})
    pair = c.similar_pairs(grid, outcome).loc[0]
    assert pair["design"] == design
    assert pair["n_known"] == 0 or pair["rank"] == 1


def test_among_pairs_of_one_design_the_most_telling_comes_first() -> None:
    grid = pd.DataFrame({"x": [1, 1, 1, 0], "y": [1, 1, 0, 0], "z": [1, 1, 1, 0]}, index=list("abcd"))
    alike = c.similar_pairs(grid, pd.Series("good", index=list("abcd")))
    ranks = {(row.case_a, row.case_b): (row.design.split()[0], row.rank) for row in alike.itertuples()}
    assert ranks[("a", "b")] == ("alike", 1)
    assert ranks[("a", "c")] == ranks[("b", "c")] == ("alike", 2)
    assert ranks[("a", "d")] == ranks[("b", "d")] == ("most-different", 1)
    assert ranks[("c", "d")] == ("most-different", 3)


def test_joint_display_names_the_missing_side() -> None:
    ql = pd.DataFrame({"case": ["a", "b"], "theme": "t", "finding": "grew"})
    qn = pd.DataFrame({"case": ["a", "c"], "theme": "t", "measure": "score", "value": [1.0, 2.0]})
    fit = pd.DataFrame({"case": ["a"], "theme": ["t"], "fit": ["discords"], "rationale": ["low score"]})
    out = c.joint_display(ql, qn, fit).set_index("case")
    assert out["fit"].to_dict() == {"a": "discords", "b": "not judged", "c": "not judged"}
    assert out["note"].to_dict() == {"a": "", "b": "no measure", "c": "no finding"}


def test_a_judgement_without_finding_and_measure_is_told() -> None:
    found = pd.DataFrame({"case": ["a"], "theme": ["trust"], "finding": ["grew"]})
    scores = pd.DataFrame({"case": ["a"], "theme": ["trust"], "measure": ["score"], "value": [4.0]})
    judged = pd.DataFrame({"case": ["b"], "theme": ["trust"], "fit": ["confirms"], "rationale": ["both up"]})
    with pytest.raises(CrosscaseError, match="case 'b', theme 'trust'"):
        c.joint_display(found, scores, judged)


def test_influence_degrees_provenance_and_isolated_nodes() -> None:
    relations = pd.DataFrame(
        [
            ("r1", "money", "watch", "?", "x", True),
            ("r2", "money", "trust", "+", "x", True),
            ("r3", "money", "trust", "-", "y", True),
            ("r4", "vision", "watch", "+", None, True),
            ("r5", "all", "all", "?", None, False),
            ("r6", "loop", "loop", "+", None, True),
        ],
        columns=["relation", "source", "target", "sign", "case", "directed"],
    )
    graph = c.influence(relations, pd.DataFrame({"theme": ["money", "watch", "roles"]}))
    nodes = graph.nodes.set_index("node")
    assert nodes["in_degree"].idxmax() == "watch"
    assert nodes.loc["money", ["out_degree", "n_out", "n_relations"]].tolist() == [2, 3, 4]
    assert sorted(nodes.index[nodes["isolated"]]) == ["roles"]
    edge = graph.edges.set_index(["source", "target"]).loc[("money", "trust")]
    assert edge[["sign", "n_relations", "n_cases", "relations"]].tolist() == ["mixed", 2, 2, "r2;r3"]
    assert graph.apart["reason"].tolist() == ["undirected", "relation of a node with itself"]
    assert graph.case_edges.set_index(["case", "source", "target"]).loc[("y", "money", "trust"), "sign"] == "-"
    with pytest.raises(CrosscaseError, match="sign"):
        c.influence(relations.assign(sign="plus"))
    mixed = c.effects_matrix(relations.assign(case="x"))
    assert mixed.set_index(["source", "target"]).loc[("money", "trust"), ["effect", "n_plus"]].tolist() == ["mixed", 1]


def test_correspondence_published_inertia() -> None:
    table = pd.DataFrame(FUNDING, columns=list("abcde"))
    out = c.correspondence(table, pd.Series(range(10)), n_bootstrap=5, n_permutations=99)
    row = out.inertia.iloc[0]
    assert row["total_inertia"] == pytest.approx(0.08288, abs=5e-6)
    assert row["axis_1"] * row["total_inertia"] == pytest.approx(0.03912, abs=5e-6)
    assert row["axis_2"] * row["total_inertia"] == pytest.approx(0.03038, abs=5e-6)
    chi = stats.chi2_contingency(table, correction=False).statistic
    assert row["total_inertia"] == pytest.approx(chi / 796)
    # one participant per case: every draw is the case itself, and lands on the case's own place
    drawn = out.bootstrap.groupby("case")[["axis_1", "axis_2"]].mean()
    assert drawn.to_numpy() == pytest.approx(out.cases[["axis_1", "axis_2"]].to_numpy())
    # weighted by mass the places average to the origin, their spread is the principal inertia
    mass = out.cases["total"] / 796
    assert (mass * out.cases["axis_1"]).sum() == pytest.approx(0, abs=1e-9)
    assert (mass * out.cases["axis_1"] ** 2).sum() == pytest.approx(row["axis_1"] * row["total_inertia"])


def test_correspondence_equals_prince_up_to_the_direction_of_the_axes() -> None:
    prince = pytest.importorskip("prince")
    rng = np.random.default_rng(4)
    table = pd.DataFrame(rng.integers(0, 9, (12, 6)), columns=list("abcdef"))
    cases = pd.Series([f"case {i % 7}" for i in range(12)])
    out = c.correspondence(table, cases, n_bootstrap=0, n_permutations=99)
    summed = table.groupby(cases).sum()
    model = prince.CA(n_components=2, engine="scipy").fit(summed)
    for ours, theirs in ((out.cases, model.row_coordinates(summed)), (out.themes, model.column_coordinates(summed))):
        for position, axis in enumerate(("axis_1", "axis_2")):
            other = theirs.iloc[:, position].to_numpy()
            assert np.abs(ours[axis].to_numpy()) == pytest.approx(np.abs(other), abs=1e-9)
            assert abs(np.corrcoef(ours[axis], other)[0, 1]) == pytest.approx(1)
    assert out.inertia["axis_1"][0] == pytest.approx(model.percentage_of_variance_[0] / 100)


def test_outlines_hold_the_share_they_name() -> None:
    rng = np.random.default_rng(2)
    places = rng.multivariate_normal([1, -2], [[2.0, 0.9], [0.9, 0.6]], 40_000)
    draws = pd.DataFrame({"case": "a", "axis_1": places[:, 0], "axis_2": places[:, 1]})
    edge = c.outlines(draws, 0.9, n_points=200)[["axis_1", "axis_2"]].to_numpy()
    inside = MplPath(edge).contains_points(places).mean()
    assert inside == pytest.approx(0.9, abs=0.01)
    assert c.outlines(draws.iloc[:2]).empty
    with pytest.raises(CrosscaseError, match="share"):
        c.outlines(draws, 1)


def test_map_places_keep_cases_and_themes_apart() -> None:
    out = c.correspondence(pd.DataFrame(FUNDING, columns=list("abcde")), pd.Series(range(10)), n_permutations=99)
    places = c.map_places(out, {0: "North"})
    assert places["kind"].value_counts().to_dict() == {"case": 10, "theme": 5}
    assert places["name"].iloc[0] == "North"


def test_ordination_and_clusters_are_refused_below_six_cases() -> None:
    table = pd.DataFrame(FUNDING[:5])
    assert c.correspondence(table, pd.Series(range(5))).reason == "refused: 5 cases, at least 6 are needed"
    assert c.cluster_cases(table.gt(9).astype(float)).reason == "refused: 5 cases, at least 6 are needed"


def test_clusters_of_two_plain_blocks_are_stable() -> None:
    block = pd.DataFrame(
        [[1, 1, 1, 0, 0, 0]] * 3 + [[0, 0, 0, 1, 1, 1]] * 3, index=list("abcdef"), columns=list("uvwxyz")
    )
    out = c.cluster_cases(block)
    assert out.clusters["cluster"].tolist() == [1, 1, 1, 2, 2, 2]
    assert out.clusters["stability"].tolist() == [1.0] * 6
    assert out.stability["adjusted_rand"].tolist() == [1.0] * 6
    fragile = pd.DataFrame([[1, 0, 0], [1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 1, 0], [0, 0, 1]], dtype=float)
    assert c.cluster_cases(fragile).stability["adjusted_rand"].min() < 1


def test_jaccard_and_rand_equal_other_libraries() -> None:
    sklearn = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    grid = rng.integers(0, 2, (7, 9))
    assert jaccard(grid.astype(float))[0] == pytest.approx(squareform(pdist(grid.astype(bool), "jaccard")))
    for _ in range(20):
        a, b = rng.integers(0, 3, (2, 10))
        assert c.adjusted_rand(a, b) == pytest.approx(sklearn.adjusted_rand_score(a, b))


def test_dated_facts_stay_with_the_study_as_a_whole() -> None:
    cases = pd.DataFrame({"case": ["a", "b"], "kind": "case", "coverage": ["complete", "partial"]})
    facts = pd.DataFrame({"fact": ["f", "g"], "date": ["2016-02", None], "event": ["Start", "Undated"]})
    out = c.dated_events(facts, cases).set_index("case")
    assert out.loc["study_as_a_whole", "events"] == "Start"
    assert out.loc[["a", "b"], "state"].eq("not_stated").all()


def test_contradictory_statuses_of_one_case_are_refused() -> None:
    records = pd.DataFrame({"case": "r1", "step": "plan", "status": ["done", "not_started"]})
    with pytest.raises(CrosscaseError, match="one status"):
        c.step_progress(records, ["plan"], CASES)


def test_correspondence_of_one_participant_a_case_has_no_p() -> None:
    table = pd.DataFrame(FUNDING, columns=list("abcde"))
    out = c.correspondence(table, pd.Series(range(10)), n_bootstrap=5, n_permutations=99)
    assert out.inertia[["p", "smallest_p"]].isna().all(axis=None)
    assert "p undefined: one participant in each case" in out.inertia["reason"][0]
    two = c.correspondence(table, pd.Series([*range(9), 0]), n_bootstrap=5, n_permutations=99)
    assert 0 < two.inertia["p"][0] <= 1
    assert two.inertia["smallest_p"][0] == pytest.approx(max(1 / 45, 1 / 100))


def test_correspondence_of_cases_of_one_profile_is_refused() -> None:
    table = pd.DataFrame([[1, 2, 3], [2, 4, 6]] * 7, columns=list("abc"))
    out = c.correspondence(table, pd.Series(list("ABCDEFG") * 2), n_permutations=99)
    assert "all cases have the same profile" in out.reason
    assert out.inertia.empty


def test_an_axis_without_inertia_has_no_bootstrap_places() -> None:
    table = pd.DataFrame([[3, 1, 1], [1, 3, 3]] * 6, columns=list("abc"))
    out = c.correspondence(table, pd.Series(list("ABCDEF") * 2), n_permutations=99)
    assert out.bootstrap["axis_1"].notna().all()
    assert out.bootstrap["axis_2"].isna().all()
