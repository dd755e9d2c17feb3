"""The embedded studies: no judgement of people is there, so none is shown; frameworks and headlines agree."""

import shutil
from pathlib import Path

import pytest

from crosscase import synthesis, tables
from crosscase.errors import CrosscaseError
from crosscase.study import list_studies, load_framework, load_study, stack
from crosscase.study.load import table_names
from crosscase.study.shared import SHARED, load_shared

JUDGED = ("cerqual", "appraisals", "framework_changes", "leftover_decisions")


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("CROSSCASE_HOME", str(Path(__file__).resolve().parents[2]))


def test_shared_tables_are_no_tables_of_a_study_and_have_a_schema():
    assert not set(SHARED) & set(table_names())
    assert set(SHARED) <= set(tables.names())
    assert "cfir_ratings" in table_names()
    with pytest.raises(CrosscaseError, match="cerqual"):
        load_shared("opinions")


def test_a_table_with_a_wrong_judgement_is_refused(monkeypatch, tmp_path):
    root = Path(__file__).resolve().parents[2]
    (tmp_path / "compendium.yml").write_text("", encoding="utf-8")
    folder = tmp_path / "data" / "synthesis"
    folder.mkdir(parents=True)
    shutil.copytree(root / "data" / "dictionary", tmp_path / "data" / "dictionary")
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    head = "finding,component,judgement,rationale,judge\n"
    (folder / "cerqual.csv").write_text(head + "f,coherence,minor,one study differs,anna;ben\n", encoding="utf-8")
    assert load_shared("cerqual")["judge"].tolist() == ["anna;ben"]
    assert load_shared("argument_across").empty
    (folder / "cerqual.csv").write_text(head + "f,coherence,splendid,,anna\n", encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        load_shared("cerqual")
    assert len(caught.value.problems) == 2


def test_nobody_has_rated_or_judged_the_embedded_studies():
    assert all(load_shared(name).empty for name in JUDGED)
    study = load_study("nl-work-roadmap")
    constructs, cases = load_framework("cfir2022"), study.cases["case"].tolist()
    ratings = synthesis.check_ratings(study.cfir_ratings, constructs, cases)
    matrix = synthesis.rating_matrix(ratings, constructs, cases)
    assert matrix["state"].unique().tolist() == ["not rated"]
    codings = study.primary_codings()
    aid = synthesis.rating_aid(codings, study.framework_map, constructs, cases, "cfir2022", study.themes)
    beside = synthesis.ratings_beside_aid(matrix, aid)
    assert beside["rating"].isna().all()
    coded = beside[beside["n_segments"] > 0]
    assert len(coded)
    assert set(coded["look"]) == {"not rated by people"}
    findings = load_shared("argument_across")
    evidence = synthesis.argued_evidence(findings)
    facts = synthesis.adequacy_facts(evidence[evidence["side"].eq("for")], stack("primary_codings"))
    profile = synthesis.evidence_profile(findings, facts, load_shared("cerqual"), len(list_studies()))
    assert len(profile)
    assert profile["overall"].isna().all()
    assert set(profile["reason"]) == {"not judged by people"}


def test_no_count_of_studies_differs_from_the_studies_named_beside_it():
    """The profile once said "5 of 5" beside four studies: each row counts what it names."""
    findings = load_shared("argument_across")
    evidence = synthesis.argued_evidence(findings)
    facts = synthesis.adequacy_facts(evidence[evidence["side"].eq("for")], stack("primary_codings"))
    profile = synthesis.evidence_profile(findings, facts, load_shared("cerqual"), len(list_studies()))
    assert profile["studies"].str.split(";").map(len).tolist() == profile["n_studies"].tolist()
    assert facts["reason"].str.startswith("no coding").sum() == 0


def test_every_theme_is_mapped_itself_through_others_or_left():
    for framework in ("cfir2022", "rmic", "cgr2012"):
        fit = synthesis.framework_fit(synthesis.theme_coverage(stack("themes"), stack("framework_map"), framework))
        assert (fit[["n_itself", "n_by_subthemes", "n_by_theme", "n_left"]].sum(axis=1) == fit["n_themes"]).all()
        mine = stack("framework_map").query("framework == @framework")
        assert fit["n_itself"].sum() == len(mine[["study", "theme"]].drop_duplicates())


def test_a_match_and_a_finding_rest_on_codings_that_stand_and_never_on_silence():
    standing = {study: load_study(study).primary_codings()["coding_id"].tolist() for study in list_studies()}
    assert synthesis.match_problems(load_shared("pattern_matches"), standing, "pattern_matches.csv") == []
    propositions = load_shared("propositions")
    for kind in ("proposition", "mechanism", "rival"):
        table = synthesis.pattern_match(propositions, load_shared("pattern_matches"), list_studies(), kind)
        assert table["match"].notna().all()


@pytest.mark.parametrize("framework", ["rmic", "cgr2012"])
def test_frameworks_with_levels_are_summed_up_without_loss(framework):
    constructs = load_framework(framework)
    assert constructs["level"].notna().all()
    cells = synthesis.construct_by_study(stack("framework_map"), constructs, framework, list_studies())
    domains = synthesis.framework_summary(cells, constructs)
    levels = synthesis.framework_summary(cells, constructs, by="level")
    assert domains["n_constructs"].sum() == levels["n_constructs"].sum()
    assert domains["n_reported"].sum() == levels["n_reported"].sum() == cells["construct"].nunique()
    poles = ["barrier", "facilitator", "condition", "mixed"]
    assert (domains[poles].sum(axis=1) == domains["n_studies"]).all()


@pytest.mark.parametrize("framework", ["cfir2022", "rmic", "cgr2012"])
def test_each_theme_is_taken_or_in_the_queue(framework):
    coverage = synthesis.theme_coverage(stack("themes"), stack("framework_map"), framework)
    queue = synthesis.leftovers(coverage, load_shared("leftover_decisions"))
    assert len(queue) + (coverage["taken_by"] != "").sum() == len(coverage)
    assert (coverage.loc[coverage["taken_by"] != "", "constructs"] != "").all()
    version = synthesis.framework_version(load_framework(framework), load_shared("framework_changes"), framework)
    assert synthesis.framework_diff(load_framework(framework), version).empty


def test_mixed_company_is_told_as_the_documents_tell_it():
    """Trouble in three documents, value in two of them; perspectives to be covered are no mix."""
    offenders, pilots, roadmap = "be-mentally-ill-offenders", "be-chronic-care-pilots", "nl-work-roadmap"
    table = synthesis.evidence_by_study(load_shared("argument_across"), list_studies())
    mixed = table[table["finding"].eq("mixed-company")].set_index("study")
    assert set(mixed.index[mixed["n_for"].gt(0)]) == {offenders, pilots, roadmap}
    assert set(mixed.index[mixed["n_against"].gt(0)]) == {offenders, pilots}
    contrast = synthesis.code_contrast(stack("primary_codings"), "actor_heterogeneity", list_studies())
    assert set(contrast.loc[contrast["inhibits"], "study"]) == {offenders, pilots, roadmap}
    assert set(contrast.loc[contrast["promotes"], "study"]) == {offenders, pilots}
    assert set(contrast.loc[contrast["condition"], "study"]) == {pilots}  # the authorities prescribed it


def test_nothing_that_adjudication_made_a_mere_effect_or_wish_speaks_for_a_proposition_alone():
    """A match needs a coding that says how a thing acts, or that it is needed."""
    ways = {
        (study, coding): valence
        for study in list_studies()
        for coding, valence in load_study(study).primary_codings()[["coding_id", "valence"]].itertuples(index=False)
    }
    table = synthesis.pattern_match(load_shared("propositions"), load_shared("pattern_matches"), list_studies())
    bare = [
        (row["proposition"], row["study"])
        for row in table[table["n_for"].gt(0)].to_dict("records")
        if all(ways[row["study"], each] in ("neutral", "na") for each in row["segments"].split(";"))
    ]
    assert bare == []
