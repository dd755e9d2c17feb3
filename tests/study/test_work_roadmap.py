"""What the work roadmap says and how we read it: the faults that were corrected cannot come back."""

import pandas as pd
import pytest

from crosscase.ids import split
from crosscase.study import load_study

HAMPERS_AND_HELPS = "inhibit", "promote"


@pytest.fixture(scope="module")
def study():
    return load_study("nl-work-roadmap")


@pytest.fixture(scope="module")
def standing(study):
    return study.primary_codings()


def test_no_direction_is_given_where_the_sentence_gives_no_sign(study, standing):
    unknown = study.relations[study.relations["sign"].eq("?")]
    for relation in unknown.itertuples():
        start, end = map(int, relation.spans.split("-"))
        inside = standing[standing["start"].ge(start) & standing["end"].le(end)]
        assert set(inside["valence"]) <= {"neutral", "na"}, relation.relation
    mapped = study.framework_map.set_index("theme")["direction"]
    assert not set(unknown["source"]) & set(mapped[mapped.isin(["barrier", "facilitator"])].index)


def test_no_theme_goes_against_its_own_note(study):
    noted = study.themes.dropna(subset=["valence_note"])
    both = [all(word in note for word in HAMPERS_AND_HELPS) for note in noted["valence_note"]]
    assert sum(both) == 8
    assert set(noted.loc[both, "valence"]) == {"ambivalent"}


def test_trouble_from_unlike_partners_is_told_of_partners(standing):
    mix = standing[standing["code"].eq("actor_heterogeneity")]
    assert set(mix["valence"]) == {"inhibits"}
    assert set(mix["paragraph"]) == {29, 34}
    assert set(standing.loc[standing["code"].eq("structural_mismatch"), "valence"]) == {"inhibits"}


def test_results_are_no_influences(standing):
    assert set(standing.loc[standing["code"].eq("progress_outcome"), "valence"]) == {"neutral"}


def test_stated_helps_are_relations_and_a_list_is_read_like_any_other(study):
    relations = study.relations
    helps = relations[relations["target"].eq("collaboration") & relations["sign"].eq("+")]
    assert {"acquaintance", "common_goal", "mutual_understanding", "trust", "key_persons"} <= set(helps["source"])
    assert not relations.duplicated(["source", "target", "spans"]).any()


def test_an_earlier_history_is_no_outcome_and_not_tied_to_the_agreements(study, standing):
    assert set(study.outcomes.loc[study.outcomes["kind"].eq("outcome"), "outcome"]) == {
        "funding_agreement",
        "agreement_made_or_intended",
        "shared_savings",
    }
    history = standing[standing["code"].eq("prior_history")]
    assert "two_of_four_regions" not in set(history["case"])


def test_what_the_abstract_says_is_marked_as_not_in_the_file(study):
    abstract = study.facts[study.facts["stage"].eq("abstract")]
    assert len(abstract)
    assert abstract["document"].isna().all()
    assert abstract["note"].str.contains("not in the file").all()


def test_every_segment_has_a_sentence_of_ours(study):
    place = ["document", "start", "end"]
    added = study.adjudications.dropna(subset=["start"])
    added = added.assign(document=added["document"].fillna(study.documents["document"].iloc[0]))
    wanted = pd.concat([study.codings[place], added[place].astype(study.codings[place].dtypes.to_dict())])
    said = study.paraphrases.set_index(place)["paraphrase"]
    assert set(said.index) == set(wanted.drop_duplicates().itertuples(index=False, name=None))
    assert said.str.endswith(".").all()
    assert said.str.split().str.len().ge(5).all()


def test_findings_speak_of_both_sides(study):
    argument = study.argument
    assert {"within_case", "cross_case", "negative_case", "rival"} == set(argument["kind"])
    tension = argument.set_index("finding").loc["political-will-beats-money"]
    assert {"A003-174", "A003-180"} <= set(split(tension["against"]))


def test_what_says_the_same_from_the_other_side_is_no_objection(study):
    against = study.argument.set_index("finding")["against"].dropna()
    lack_of_trust_or_of_a_common_goal = {"A003-118", "A003-122", "A003-079"}
    assert not set(split(against["knowing-each-other-carries"])) & lack_of_trust_or_of_a_common_goal
    assert "A003-053" not in split(against["the-ill-to-mend-held-it-back"])


def test_what_keeps_partners_apart_and_political_backing_are_findings(study):
    rests = study.argument.set_index("finding")["segments"]
    assert {"A003-077", "A003-078", "A003-084", "A003-085"} <= set(split(rests["own-interests-keep-apart"]))
    assert {"A003-125", "A003-128"} <= set(split(rests["political-backing-matters"]))


def test_a_decision_on_a_memo_names_the_adjudication_that_it_means(study, standing):
    said = study.memo_decisions.set_index(["memo", "number"])["reason"]
    code = standing.set_index("coding_id")["code"]
    for place, ours, wanted in [
        (("coder_b", 9), "J003-039", "legislation_regulation"),
        (("coder_b", 15), "J003-042", "progress_outcome"),
        (("coder_c", 6), "J003-039", "legislation_regulation"),
        (("coder_c", 11), "J003-046", "goal_clarity"),
    ]:
        assert ours in said[place], place
        assert code[ours] == wanted, place


def test_a_theme_in_the_map_holds_both_sides_that_its_reason_names(study):
    spans = study.themes.set_index("theme")["spans"]
    assert set(split(spans["political_support"])) >= {"9520-9719", "9720-9889"}


def test_that_regions_moved_unlike_is_not_told_as_how_far_they_got(study):
    told = study.argument.set_index("finding")["statement"]["regions-start-and-move-unlike"]
    assert "far" not in told.replace(",", " ").split()
