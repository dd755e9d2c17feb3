"""The chapter of a study that has none of its own: a file of the book that people can edit, held like every chapter."""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
import pytest
from lxml import html

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.publish.book import build_book
from crosscase.publish.book_source import assemble
from crosscase.publish.default_chapter import not_run, study_chapter
from crosscase.publish.values import read_kept
from crosscase.study import load_study

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"\{study\}\.([a-z0-9_.-]+)")


@pytest.fixture
def chapter(small_book) -> html.HtmlElement:
    text = (small_book.folder / "studies" / "plain.html").read_bytes()
    return html.document_fromstring(text, parser=html.HTMLParser(encoding="utf-8")).xpath("//article")[0]


def said(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def kept_in(notebook: Path) -> set[str]:
    cells = nbformat.read(notebook, 4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    return set(re.findall(r"\bkeep(?:\.\w+)?\(\s*['\"]([^'\"]+)", "\n".join(code)))


def test_everything_that_the_default_chapter_shows_is_kept_by_some_notebook():
    lines = (ROOT / "book" / "study.md").read_text(encoding="utf-8").splitlines()
    names = set(NAMED.findall("\n".join(line for line in lines if not line.startswith("%"))))
    assert len(names) > 15
    assert names <= set().union(*map(kept_in, (ROOT / "notebooks").glob("*.ipynb")))


def test_it_is_filled_with_id_and_title_and_keeps_its_lines(compendium):
    text = study_chapter(load_study("plain"))
    assert len(text.split("\n")) == len((compendium / "book" / "study.md").read_text(encoding="utf-8").split("\n"))
    assert "{study}" not in text
    assert "\n# &#60;b&#62;Plain" in text
    assert "plain.codes.counts" in text


def test_what_is_refused_is_told_once_in_its_sentence(chapter):
    assert said(chapter).count("Nothing meets <b>here</b>.") == 1
    assert "Codes that meet." not in said(chapter)  # the directive has nothing to add
    assert not chapter.find_class("cc-figure")


def test_a_long_table_opens_on_a_click_and_a_title_is_no_markup(chapter):
    [folded] = [each for each in chapter.iter("details") if each.find_class("cc-table")]
    assert "Trust between partners" in said(folded)
    assert said(chapter.find(".//h1")).startswith("<b>Plain</b> *study*")
    assert not list(chapter.find(".//h1").iter("b"))


def test_codes_coded_cases_and_gaps_are_named(chapter):
    text = said(chapter)
    assert "Trust between partners: Being sure" in text
    assert "Recorded as not stated: how many hours were observed." in text
    assert "One or more" not in text


def test_a_written_chapter_goes_first_and_the_file_is_no_page(small_book):
    assert "A demonstration" in (small_book.folder / "studies" / "demo.html").read_text(encoding="utf-8")
    assert not (small_book.folder / "study.html").exists()


@pytest.mark.long
def test_an_edited_copy_is_used_and_its_unknown_ids_are_refused_with_their_line(compendium):
    text = "# {title}\n\nOurs.\n\n```{kept-figure} {study}.meeting\n```\n\n{sentence}`{study}.codes.counts`\n"
    (compendium / "book" / "study.md").write_text(text, encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book(["plain"])
    assert {problem.place for problem in caught.value.problems} == {"book/study.md, line 5", "book/study.md, line 8"}


def test_without_the_file_the_book_says_where_to_take_it_from(compendium):
    (compendium / "book" / "study.md").unlink()
    with pytest.raises(CrosscaseError, match="fresh copy") as caught:
        assemble(["plain"], compendium / "results" / ".book-source")
    assert caught.value.problems[0].place == "book/study.md"
    assemble(["demo"], compendium / "results" / ".book-source")  # a study with a chapter of its own does not need it


def notebook(folder: Path, name: str, *cells: str) -> None:
    folder.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells]), folder / name)


def test_what_a_notebook_that_has_not_run_would_keep_is_no_mistake(compendium):
    notebook(paths.notebooks(), "10_documents.ipynb", 'study = "x"', 'keep("inventory", y)')
    notebook(paths.notebooks(), "40_later.ipynb", 'study = "x"', 'keep("later", y)\nkeep(\n    "more.x", z)')
    notebook(paths.notebooks(), "60_whole.ipynb", 'studies = ["x"]', 'keep("whole", y)')
    assert not_run(load_study("plain"), read_kept()) == {"later": "40_later", "more.x": "40_later"}


def test_of_another_study_one_learns_which_notebook_keeps_a_value(compendium):
    state = paths.runs() / "10_documents" / "plain" / "state.json"
    state.unlink()
    found = not_run(load_study("plain"), read_kept())
    assert found["share.trust"] == found["codes.counts"] == found["meetings"] == "10_documents"


@pytest.mark.long
def test_a_notebook_that_has_not_run_is_named_once_in_a_section(compendium):
    notebook(paths.notebooks(), "40_later.ipynb", 'study = "x"', 'keep("later", y)', 'keep("more.x", z)')
    text = (
        "# {title}\n\n```{kept-figure} {study}.later\n```\n\n```{kept-matrix} {study}.more.x\n```\n\n"
        "And {sentence}`{study}.later`.\n\n## Again\n\n```{kept-table} {study}.later\n```\n"
    )
    (compendium / "book" / "study.md").write_text(text, encoding="utf-8")
    report = build_book(["plain"])
    page = html.document_fromstring((report.index.parent / "studies" / "plain.html").read_bytes())
    shown = said(page.xpath("//article")[0])
    assert shown.count("The notebook 40_later has not run for this study.") == 2
    assert "And (not computed: the notebook 40_later has not run for this study)." in shown


@pytest.mark.long
def test_a_written_chapter_is_not_forgiven(compendium):
    notebook(paths.notebooks(), "40_later.ipynb", 'study = "x"', 'keep("later", y)')
    chapter = compendium / "book" / "studies" / "demo.md"
    chapter.write_text(chapter.read_text(encoding="utf-8") + "\n```{kept-figure} demo.later\n```\n", encoding="utf-8")
    with pytest.raises(CrosscaseError, match="kept figure"):
        build_book(["demo"])


def test_the_settings_of_the_build_carry_what_did_not_run(compendium):
    notebook(paths.notebooks(), "40_later.ipynb", 'study = "x"', 'keep("later", y)')
    assemble(["demo", "plain"], compendium / "results" / ".book-source")
    settings = json.loads((compendium / "results" / ".book-source" / "crosscase-book.json").read_text())
    assert settings["not_run"] == {"plain": {"later": "40_later"}}
    assert settings["chapters"]["studies/plain.md"] == "book/study.md"
