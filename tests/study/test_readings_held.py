"""Readings of the family partnerships and the FACT teams that were wrong once: each rule fails on the tables before."""

import pytest

from crosscase import ids, matrices
from crosscase.study import load_study

DIRECTIONS = {"inhibits", "promotes", "condition", "ambivalent"}


@pytest.fixture(scope="module")
def partnerships():
    return load_study("nl-family-partnerships")


@pytest.fixture(scope="module")
def teams():
    return load_study("no-fact-teams")


def within(codings, spans):
    """Return the codings that lie inside a passage."""
    return [
        row
        for start, end in filter(None, map(ids.span, ids.split(spans)))
        for row in codings.itertuples()
        if start <= row.start and row.end <= end
    ]


def test_a_passage_that_gives_no_sign_gives_no_direction(partnerships):
    unsigned = partnerships.relations[partnerships.relations["sign"].eq("?")]
    found = [row for spans in unsigned["spans"] for row in within(partnerships.primary_codings(), spans)]
    assert len(found) > 4
    assert not [row.coding_id for row in found if row.valence in DIRECTIONS]
    assert "trust" not in set(partnerships.framework_map["theme"])


def test_what_a_sentence_helps_is_one_effect_and_no_help_itself(partnerships):
    """Monitoring in trust is one effect: no second arrow goes to trust, and neither is coded as a help."""
    helped = partnerships.relations[partnerships.relations["spans"].eq("3060-3199")]
    assert set(helped["target"]) == {"cond_monitoring"}
    target = within(partnerships.primary_codings(), "3141-3199")
    assert {(row.code, row.valence) for row in target} == {
        ("governance_monitoring", "neutral"),
        ("trust_relations", "neutral"),
    }


def test_the_statement_that_all_hang_together_covers_every_condition(partnerships):
    covers = partnerships.relations.set_index("relation").at["r06", "covers"]
    stated = partnerships.themes[partnerships.themes["voice"].eq("authors: analysis")]
    assert set(ids.split(covers)) == set(stated["theme"])


def test_perspectives_to_be_covered_are_no_mix_of_partners(partnerships):
    assert "actor_heterogeneity" not in set(partnerships.primary_codings()["code"])


def test_what_only_our_file_lacks_is_not_said_to_be_missing_from_the_publication(partnerships):
    assert not [gap for gap in partnerships.info.not_stated if "title" in gap or "author" in gap]
    assert len(partnerships.info.not_in_file) == 3
    assert set(partnerships.info.ours) == {"title", "question"}


def test_title_aim_and_project_are_no_theme_of_a_team(teams):
    primary = teams.primary_codings()
    everywhere = primary[primary["case"].eq("all_teams")]
    assert set(everywhere["theme"]) <= {"methods", "aim"}
    assert not set(everywhere["code"]) & {"leadership_management", "service_model", "research_coproduction"}
    titles = primary[primary["code"].eq("leadership_management") & primary["case"].isna()]
    assert set(titles["valence"]) == {"neutral"}


def test_no_theme_of_a_team_is_absent_by_silence(teams):
    """Researchers make the themes, and the abstract does not say that it lists all."""
    cells = matrices.coding_matrix(teams.primary_codings(), "case", cases=teams.cases, codes=teams.codebook)
    assert "absent" not in set(cells["state"])


@pytest.mark.parametrize("name", ["nl-family-partnerships", "no-fact-teams"])
def test_every_segment_has_a_paraphrase_of_one_sentence(name):
    study = load_study(name)
    place = ["document", "start", "end"]
    every = {*study.codings[place].itertuples(index=False, name=None)}
    every |= {*study.primary_codings()[place].itertuples(index=False, name=None)}
    told = study.paraphrases
    assert {*told[place].itertuples(index=False, name=None)} == every
    assert told["paraphrase"].is_unique
    assert told["paraphrase"].str.endswith(".").all()
    assert told["paraphrase"].str.split().str.len().ge(5).all()
