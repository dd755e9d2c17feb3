"""The rendered book: what is printed, where it leads, what a hostile name can do (nothing)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from lxml import html

from crosscase.publish.book_links import broken_links, loaded_from_outside


def page(folder: Path, name: str) -> html.HtmlElement:
    return html.document_fromstring((folder / name).read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.fixture
def chapter(small_book) -> html.HtmlElement:
    return page(small_book.folder, "studies/demo.html")


def value(chapter: html.HtmlElement, identifier: str) -> html.HtmlElement:
    return next(v for v in chapter.find_class("cc-value") if f"id {identifier}" in words(v.find_class("cc-tip")[0]))


def test_a_value_prints_its_text_and_tells_its_origin(chapter):
    found = value(chapter, "demo.share.trust")
    assert words(found.find_class("cc-value-text")[0]) == "0.67 (n = 3)"
    tip = words(found.find_class("cc-tip")[0])
    assert "Share of trust" in tip
    assert f"unrounded {2 / 3!r}" in tip
    assert "notebook 10_documents, demo" in tip
    link = found.find_class("cc-value-text")[0]
    assert link.get("href") == "../notebooks/demo/10_documents.html"
    assert link.get("aria-describedby") == found.find_class("cc-tip")[0].get("id")


def test_a_value_prints_its_unit_and_what_is_undefined_says_why(chapter):
    assert words(value(chapter, "demo.inventory.interviews").find_class("cc-value-text")[0]) == "3 interviews"
    missing = value(chapter, "demo.inventory.hours")
    assert words(missing.find_class("cc-value-text")[0]) == "not stated"
    assert "reason not stated" in words(missing.find_class("cc-tip")[0])


def test_a_quotation_shows_its_words_and_what_may_not_travel_a_marked_paraphrase(chapter):
    assert words(chapter.find_class("cc-quotation")[0]).startswith("“Trust came first.” (Mayor; Interview, paragraph 1")
    paraphrase = words(chapter.find_class("cc-paraphrase")[0])
    assert paraphrase.startswith("It grew (paraphrase, not the words of the source; Mayor; Report, paragraph 4")


def test_a_figure_has_its_alternative_text_and_its_files(small_book, chapter):
    figure = chapter.find_class("cc-figure")[0]
    image = next(figure.iter("img"))
    (record,) = json.loads((small_book.root / "results/runs/10_documents/demo/figures.json").read_text())
    assert image.get("alt") == record["alt"] != ""
    assert image.get("src").endswith(".svg")
    hrefs = [a.get("href") for a in figure.iter("a")]
    for suffix, kind in (("svg", "figures"), ("png", "figures"), ("csv", "tables"), ("xlsx", "tables")):
        name = f"data/{kind}/demo.inventory.overview.{suffix}"
        assert f"../{name}" in hrefs
        kept = small_book.root / f"results/runs/10_documents/demo/{kind}/demo.inventory.overview.{suffix}"
        assert (small_book.folder / name).read_bytes() == kept.read_bytes()


def test_a_table_shows_labels_short_numbers_with_full_precision_and_links_to_segments(chapter):
    table = next(t for t in chapter.iter("table") if "cc-table" in t.get("class", ""))
    assert [words(cell) for cell in table.iter("th")] == ["code", "Share of segments", "segments"]
    first = next(row for row in table.iter("tr") if "Trust between partners" in words(row))
    titled = {words(cell): cell.get("title") for cell in first.iter("td") if cell.get("title")}
    assert titled == {"Trust between partners": "trust", "0.667": repr(2 / 3)}
    assert [a.get("href") for a in first.iter("a")] == [
        f"../segments/demo/page-1.html#seg-{i}" for i in ("a1", "a3", "a4")
    ]
    assert "Codes by share, n = 3 segments (2 rows)." in words(table.find("caption"))


def matrix_cells(chapter: html.HtmlElement) -> dict[tuple[str, str], html.HtmlElement]:
    matrix = chapter.find_class("cc-matrix")[0]
    head, *rows = list(matrix.iter("tr"))
    columns = [words(cell) for cell in head.iter("th")]
    cells = {}
    for row in rows:
        name = words(row.find("th"))
        cells |= {(name.split()[0], column): cell for column, cell in zip(columns, row.findall("td"))}
    return cells


def test_each_state_of_a_matrix_cell_has_a_sign_and_words(small, chapter):
    cells = matrix_cells(chapter)
    north, south = small.HOSTILE.split()[0], "South"
    assert {key: words(cell) for key, cell in cells.items()} == {
        (north, "Trust between partners"): "● 2",
        (north, "Money"): "● 1",
        (south, "Trust between partners"): "◐ 1 of 2",
        (south, "Money"): "? not stated",
    }
    assert "0" not in words(cells[(south, "Money")])
    assert not list(cells[(south, "Money")].iter("a"))


def test_a_matrix_cell_leads_to_exactly_the_segments_behind_it(small_book, small, chapter):
    cells = matrix_cells(chapter)
    north = small.HOSTILE.split()[0]

    def behind(row: str, column: str) -> list[str]:
        """The coding ids at the end of the cell's link, read from the page that it leads to."""
        name, _, anchor = next(cells[(row, column)].iter("a")).get("href").partition("#")
        tree = page(small_book.folder / "studies", unquote(name)) if name else chapter
        target = tree.get_element_by_id(unquote(anchor))
        if target.tag == "article":
            return [anchor.removeprefix("seg-")]
        if target.tag == "li":
            return [a.get("href").partition("#seg-")[2] for a in target.iter("a")]
        found = []
        for sibling in target.itersiblings():
            if sibling.tag != "article":
                break
            found.append(sibling.get("id").removeprefix("seg-"))
        return found

    assert behind(north, "Trust between partners") == ["a1", "a4"]
    assert behind(north, "Money") == ["a2"]
    assert behind("South", "Trust between partners") == ["a1", "a3"]


def test_segments_show_text_only_where_it_may_be_shown(small_book):
    tree = page(small_book.folder, "segments/demo/page-1.html")
    said = {each.get("id"): words(each) for each in tree.find_class("cc-segment")}
    assert said["seg-a1"].startswith(
        "Trust came first. Note of the coder: Confidence was there at the start Interview,"
    )
    assert "2 of 2 coders" in said["seg-a1"]
    assert "1 of 2 coders" in said["seg-a2"]
    note = "the coder's note; no quotation"
    ours = "They grew surer of each other. our paraphrase; no quotation: the text has no release permission"
    assert said["seg-a3"].startswith(f"{ours} Note of the coder: Confidence grew")
    assert said["seg-a4"].startswith(f"Silence {note}: it holds a quotation that has no release")
    assert "Set aside on 2026-01-01: Silence <i>hampers</i> here." in said["seg-a4"]
    assert "Adjudicated on 2026-01-01: Silence <i>hampers</i> here." in said["seg-j1"]
    assert "valence inhibits" in said["seg-j1"]
    for path in small_book.folder.rglob("*.html"):
        assert "The board said little" not in path.read_text(encoding="utf-8"), path
    folded = [each.get("id") for details in tree.iter("details") for each in details.find_class("cc-segment")]
    assert folded == ["seg-b1", "seg-a4"]


def test_a_sentence_leads_to_its_segments_and_a_finding_to_what_is_for_and_against_it(chapter):
    marks = chapter.find_class("cc-from")[0]
    assert words(marks) == "¶1, 2"
    assert [each.get("href") for each in marks.iter("a")] == [
        "../segments/demo/page-1.html#seg-a1",
        "../segments/demo/page-1.html#seg-a4",
    ]
    assert marks.find(".//a").get("title") == "Confidence was there at the start"
    first, second, again = chapter.find_class("cc-finding")
    assert first.get("id") == "finding-trust-first"
    assert again.get("id") is None
    assert next(each.get("href") for each in chapter.iter("a") if words(each) == "Trust <b>opened</b> it")[0] == "#"
    said = words(first)
    assert said.startswith("Trust <b>opened</b> it Trust helped in 3 interviews")
    assert "as the authors conclude Stands on: ¶1, 4 Against it: Funds were late ¶1; a lot of trust" in said
    assert "our reading, from several passages; another explanation Stands on: ¶1" in words(second)
    assert "Looked for against it: Money that came in time." in words(second)


def test_names_of_a_study_are_text_and_never_markup(small_book):
    pages = list(small_book.folder.rglob("*.html"))
    assert len(pages) == small_book.report.pages
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert "<script>window" not in text, path
        assert "<b>Plain" not in text, path
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), path
    assert "&lt;script&gt;window.pwned=1&lt;/script&gt;" in (small_book.folder / "studies/demo.html").read_text("utf-8")


def test_facts_of_a_study_say_who_coded_and_what_is_missing(chapter):
    facts = words(chapter.find_class("cc-study-facts")[0])
    assert "bot (language model). a program" in facts
    assert "codebook thematic analysis: the publication says so" in facts
    assert "Report (published report, en; paraphrases only)" in facts
    assert [words(gap) for gap in chapter.find_class("cc-gaps")[0]] == [
        "how many hours were observed",
        "the year of the talks (not in the file we hold)",
    ]


def test_words_of_ours_are_marked_and_a_year_is_that_of_publication(chapter):
    facts = words(chapter.find_class("cc-study-facts")[0])
    assert "Title A study of trust (our words: the report has none) Question What helps <and> hinders? Ana" in facts
    assert "Published 2018" in facts
    assert "when" not in facts


def test_the_landing_page_has_a_card_per_study(small_book):
    cards = page(small_book.folder, "index.html").find_class("cc-card")
    assert [words(card.find_class("cc-card-title")[0]) for card in cards] == ["Demonstration", "<b>Plain</b> *study*"]
    assert words(cards[0].find_class("cc-card-facts")[0]) == "published 2018 · 2 towns · 2 documents"


def test_the_reproduction_page_shows_both_numbers_where_they_differ(small_book):
    rows = [words(row) for row in page(small_book.folder, "reproduction.html").iter("tr")]
    differs = next(row for row in rows if row.startswith("four talks"))
    assert differs.startswith("four talks (paper, printed, f2) 4 interviews 3Interviews <held>")
    assert "≠ differs" in differs
    assert any(
        row.startswith("hours | pipes (paper, printed, f3) 90.5 interviews – – not reproducible value") for row in rows
    )
    assert small_book.report.reproduction == {"reproduced": 4, "differs": 2, "not reproducible": 2}


def test_the_dictionary_page_has_every_table_and_column(small_book, small):
    from crosscase import tables

    tree = page(small_book.folder, "dictionary.html")
    known = [each["name"] for name in tables.names() for each in tables.schema(name).fields]
    shown = [words(row.find("td")) for row in tree.iter("tr") if row.find("td") is not None]
    assert shown == known


def test_no_link_is_broken_and_nothing_is_loaded_from_outside(small_book):
    assert broken_links(small_book.folder) == []
    assert loaded_from_outside(small_book.folder) == []
    assert small_book.report.warnings == []


def test_a_broken_link_and_an_outside_script_are_found(tmp_path):
    (tmp_path / "b.html").write_text('<p id="here">x</p>', encoding="utf-8")
    links = '<a href="b.html#here">1</a><a href="b.html#gone">2</a><a href="c.html">3</a><a href="#no">4</a>'
    text = f'{links}<img src="x.png"><script src="https://cdn.example/x.js"></script><a href="https://a.example">5</a>'
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    assert broken_links(tmp_path) == ["a.html: b.html#gone", "a.html: c.html", "a.html: #no", "a.html: x.png"]
    assert loaded_from_outside(tmp_path) == ["a.html: https://cdn.example/x.js"]


def test_a_book_without_formulas_carries_no_formula_renderer(small_book):
    assert not (small_book.folder / "_static" / "mathjax").exists()
