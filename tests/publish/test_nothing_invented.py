"""A study of one's own: no author, licence, year, question or headline is printed that it does not state."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import yaml

from crosscase import paths
from crosscase.publish import poster
from crosscase.publish.book_alone import cite_page, settings_of
from crosscase.publish.sphinx_ext.study import _facts
from crosscase.publish.values import Kept
from crosscase.study import StudyInfo, load_study
from crosscase.study.model import QUESTION


def study(**said):
    info = {"title": "Care at home", "short_title": "Home", "question": QUESTION, "stance": "codebook"} | said
    return SimpleNamespace(name="home", info=StudyInfo.model_validate(info))


def test_a_poster_invents_no_licence_no_author_and_no_question(monkeypatch):
    mine = study(not_stated=["research question"])
    monkeypatch.setattr(poster, "quotations_words", lambda _: "")
    assert not any("CC BY" in line or "icence" in line for line in poster._footer(mine))
    assert poster._unnamed(mine) == ""
    made = poster._default("home", mine, Kept({}, {}, {}, {}))
    assert "".join(run.text for run in made.finding) == "Home"
    assert made.limits[0].text == "Not stated yet: research question."
    assert "Licence: CC0." in poster._footer(study(licence="CC0"))[-1]


def test_the_book_cites_the_study_and_not_the_compendium():
    bare = cite_page([study()])
    assert "five multi" not in bare
    assert "*Care at home*" in bare
    assert "Not stated in `study.yml`: authors and year." in bare
    full = cite_page([study(authors=["Ann Bee"], year=2025, licence="CC0")])
    assert "Ann Bee" in full
    assert "2025" in full
    assert "CC0" in full


def test_title_author_and_year_of_a_book_are_those_of_its_study():
    config = yaml.safe_load((paths.book() / "_config.yml").read_text(encoding="utf-8"))
    made = settings_of(config, [study()])
    assert (made["title"], made["author"], made["copyright"]) == ("Care at home", "", "")
    assert made["sphinx"] == config["sphinx"]
    assert settings_of(config, [study(title='<img src="x">Care')])["title"] == "img src x Care"


@pytest.mark.parametrize(("question", "shown"), [(QUESTION, ""), ("What helps?", "What helps?")])
def test_a_question_that_nobody_has_written_is_not_printed(question, shown):
    known = load_study("nl-work-roadmap")
    known.info = known.info.model_copy(update={"question": question, "ours": {}})
    assert shown in dict(_facts(known))["Question"]
    assert QUESTION not in dict(_facts(known))["Question"]
