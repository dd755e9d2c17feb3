"""Every analysis of every embedded study makes a sentence of words, and draws or says why not."""

import re
import shutil
from pathlib import Path

import pytest

from crosscase.analyses import (
    agreement,
    attainment,
    cases,
    coding,
    directions,
    influence,
    planning,
    quotations,
    roles,
    triangulation,
)
from crosscase.study import list_studies, load_study

ANALYSES = {
    "codebook": coding.codebook,
    "coders": coding.coders,
    "themes": coding.themes,
    "matrix.case_code": coding.case_matrix,
    "matrix.role_code": coding.role_matrix,
    "co_occurrence": coding.co_occurrence,
    "codings.quoted": coding.quoted,
    "codings.directions": coding.case_directions,
    "valence.codes": directions.code_segments,
    "valence.themes": directions.theme_segments,
    "directions": directions.themes,
    "case_valence": directions.case_themes,
    "matrix.framework": cases.framework,
    "framework": cases.chart,
    "bridge": cases.bridge,
    "bridge.codes": cases.shared_codes,
    "meta_matrix": cases.meta_matrix,
    "negative_cases": cases.negative_cases,
    "negative_cases.summary": cases.negative_by_theme,
    "pairs": cases.pairs,
    "contrast": cases.contrast,
    "requirements": attainment.requirements,
    "steps": attainment.steps,
    "outcomes": attainment.stated,
    "attributes": attainment.attributes,
    "ratings": attainment.ratings,
    "progress": attainment.progress,
    "progress.totals": attainment.totals,
    "roles": roles.roles,
    "actor_mix": roles.actor_mix,
    "perspectives": roles.perspectives,
    "roles.within_cases": lambda study: roles.within_cases(study, 99, 1),
    "quotations": quotations.quotations,
    "quotations.by_role": lambda study: quotations.by_theme_and(study, "role"),
    "quotations.by_sector": lambda study: quotations.by_theme_and(study, "sector"),
    "quotations.by_theme": quotations.by_theme,
    "quotations.warnings": quotations.thin_themes,
    "quotations.test": lambda study: quotations.link_test(study, 99, 1)[0],
    "quotations.power": lambda study: quotations.link_test(study, 99, 1)[1],
    "propositions": influence.propositions,
    "effects": influence.effects,
    "time_ordered": influence.in_time,
    "meetings": lambda study: influence.meetings(study, 1),
    "influence": influence.graph,
    "influence.nodes": influence.factors,
    "influence.edges": influence.edges,
    "influence.apart": influence.apart,
    "claims": triangulation.claims,
    "stance.agreement": triangulation.stance,
    "rounds": triangulation.rounds,
    "treatments": triangulation.treatments,
    "agreement": lambda study: agreement.per_code(study, over="units", resamples=20),
    "agreement.intervals": lambda study: agreement.intervals(study, over="units", resamples=20),
    "planning": planning.units_needed,
    "unitizing.marked": agreement.marked,
    "unitizing": agreement.segments,
    "unitizing.overlap": agreement.matched,
    "unitizing.characters": agreement.characters,
    "unitizing.boundaries": agreement.cuts,
    "valence.agreement": agreement.directions,
    "presence.document": agreement.presence,
    "presence.case": lambda study: agreement.presence(study, "case"),
    "presence.support": agreement.support,
    "presence.support.case": lambda study: agreement.support(study, "case"),
    "disagreements": triangulation.differences,
    "disagreements.kinds": triangulation.kinds_of_differences,
    "confusion": triangulation.confusion,
    "agreement.drift": triangulation.drift,
    "readings": triangulation.readings,
    "memos": triangulation.memos,
}
ROOT = Path(__file__).resolve().parents[2]
TABLES_OF_THEIR_OWN = {"codebook", "coders", "themes", "roles", "matrix.case_code", "matrix.role_code", "co_occurrence"}
TABLES_OF_THEIR_OWN |= {"stance.agreement", "treatments", "agreement.drift"}
NO_WORDS = {"nan", "None", "<NA>", "NaN", "inf"}


QUICK = {"nl-work-roadmap", "be-chronic-care-pilots"}
"""The two that hold the most; the others are asked with the long tests."""


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in list_studies()],
)
def study(request):
    return load_study(request.param)


@pytest.mark.parametrize("name", ANALYSES)
def test_a_result_says_something_in_words_and_draws_or_says_why(study, name):
    result = ANALYSES[name](study)
    words = result.sentence
    assert words.endswith(".")
    assert words[0].isupper() or words[0].isdigit()
    assert not NO_WORDS & set(re.split(r"[\s,;:()]+", words))
    ids = {str(id) for table in ("cases", "codebook", "themes", "roles") for id in study.labels(table)}
    assert not {id for id in ids if "_" in id} & set(re.split(r"[\s,;:()]+", words))
    if result.refused:
        assert result.frame.empty
        assert result.drawing is None
    elif result.drawing is not None:
        assert bool(result.alt) != bool(result.empty)
    assert all(value.reason for value in result.values if value.value is None)


def test_a_study_of_which_nothing_is_known_is_asked_without_fault(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "data" / "dictionary", tmp_path / "data" / "dictionary")
    folder = tmp_path / "data" / "studies" / "bare"
    folder.mkdir(parents=True)
    (folder / "study.yml").write_text("title: Bare\nshort_title: Bare\nquestion: What?\nstance: unspecified\n")
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    bare = load_study("bare")
    for name, analysis in ANALYSES.items():
        result = analysis(bare)
        assert result.sentence.endswith("."), name
        assert not NO_WORDS & set(re.split(r"[\s,;:()]+", result.sentence)), name
        assert result.drawing is None or result.empty, name
        assert result.refused or name in TABLES_OF_THEIR_OWN, name
