"""The trail of a study in the book: what was decided, and where nothing is written, what belongs there."""

from __future__ import annotations

import pytest
from lxml import html

from crosscase import paths
from crosscase.publish.sphinx_ext.trail import difference
from crosscase.study import load_study
from crosscase.study.trail import DECIDED, PLACES


def page(folder, name: str) -> html.HtmlElement:
    return html.document_fromstring((folder / name).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture
def trail(small_book) -> html.HtmlElement:
    return page(small_book.folder, "trail.html")


@pytest.fixture
def told(trail) -> html.HtmlElement:
    """The section of the study for which everything is written."""
    return trail.get_element_by_id("trail-plain")


def rows(section: html.HtmlElement, heading: str) -> list[list[str]]:
    below = section.xpath(f".//p[@class='rubric'][contains(., '{heading}')]/following::table[1]/tbody/tr")
    return [[said(cell) for cell in row.iter("td")] for row in below]


def test_every_study_of_the_book_has_its_section(trail):
    assert [said(each)[:13] for each in trail.xpath("//article//h2")] == ["Demonstration", "<b>Plain</b> "]
    assert [section.get("id") for section in trail.xpath("//article//section/section")] == ["trail-demo", "trail-plain"]


def test_an_adjudication_says_what_changed_and_why_and_leads_to_the_segments(told):
    changed, added, withdrawn = rows(told, "adjudicated")
    assert changed == [
        "a2 → j1 paragraph 1",
        "changed: code: Money → Trust between partners; direction: inhibits → condition",
        "It <must> be there.",
        "ann, 2019-05-02",
    ]
    assert added[:2] == ["j2", "added: Money"]
    assert withdrawn[:2] == ["a4 paragraph 2", "withdrawn: Trust between partners, neutral"]
    [link] = told.xpath(".//a[contains(., 'j1')]")
    assert link.get("href").startswith("segments/plain/")
    assert "Codings: 1 changed, 1 added, 1 withdrawn (COREQ item 24, SRQR item 15)." in said(told)


def test_a_proposal_of_a_memo_has_its_decision(told):
    first, second = rows(told, "memos")
    assert first == [
        "ann, 1",
        "Trust between partners, Money: Part <them>.",
        "put off",
        "Later.",
        "ann, 2019-05-02",
    ]
    assert second[:3] == ["ann, 2", "Stop.", "declined"]


def test_a_change_of_the_codebook_shows_what_went_and_what_came(told):
    [row] = rows(told, "codebook")
    assert row[:3] == ["2", "Trust between partners, definition", "Being there sure"]
    assert [said(each) for each in told.iter("del")] == ["there"]
    assert [said(each) for each in told.iter("ins")] == ["sure"]
    assert "The codebook stands at version 2; 1 code was changed" in said(told)


def test_words_that_are_markup_stay_words():
    assert difference("a <b>", "a <i> c") == "<bdi>a <del>&lt;b&gt;</del> <ins>&lt;i&gt; c</ins></bdi>"


def test_who_made_it_and_what_nobody_knows(told):
    text = said(told)
    assert "Two <nurses>." in text
    assert "ann (person, primary coding, 4 codings). first" in text
    assert "bot (language model, 1 coding). a program" in text
    assert "What is not known (SRQR items 6 and 14) who typed" in text


def test_where_nothing_is_written_stands_what_belongs_there(small_book, trail, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(small_book.root))
    text = said(trail.get_element_by_id("trail-demo"))
    study = load_study("demo")
    for name, place in PLACES.items():
        assert place.heading in text, name
        if name in DECIDED and study.has(name):
            continue
        assert f"Here belongs {place.belongs} ({place.written}; {place.items})." in text, name


def test_the_default_chapter_shows_the_same(small_book, told):
    chapter = page(small_book.folder, "studies/plain.html").xpath("//article")[0]
    assert rows(chapter, "memos") == rows(told, "memos")
    assert "Here belongs how they know the field" in said(chapter)


def test_a_citation_leads_to_its_entry_and_the_entry_to_its_doi(small_book, trail):
    [link] = trail.xpath("//article//a[contains(., 'Tong')]")
    target, _, anchor = link.get("href").partition("#")
    entry = page(small_book.folder, target).get_element_by_id(anchor)
    assert target == "references.html"
    assert "COREQ" in said(entry)
    assert [a.get("href") for a in entry.iter("a")] == ["https://doi.org/10.1093/intqhc/mzm042"]
    assert small_book.report.warnings == []


def test_a_word_of_the_glossary_leads_to_its_meaning(small_book, trail):
    [link] = trail.xpath("//article//a[.//*[contains(@class, 'std-term')]][contains(., 'codebook')]")
    target, _, anchor = link.get("href").partition("#")
    assert target == "glossary.html"
    assert said(page(small_book.folder, target).get_element_by_id(anchor)).startswith("codebook")
