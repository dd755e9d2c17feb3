"""The user's guide is a part of every book, also of one of other people's studies; where there is none, it is left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosscase.errors import CrosscaseError
from crosscase.publish.book import build_book, fingerprint
from crosscase.publish.book_links import broken_links
from crosscase.publish.book_reach import reach_problems

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide"


@pytest.fixture
def guided(compendium):
    """A small compendium that has the guide."""
    shutil.copytree(GUIDE, compendium / "docs" / "guide")
    return compendium


def test_the_book_of_one_study_has_the_whole_guide(guided):
    report = build_book(["plain"])
    folder = guided / "results" / "book"
    pages = {path.stem for path in (folder / "guide").glob("*.html")}
    assert pages == {path.stem for path in GUIDE.glob("*.md")}
    assert broken_links(folder) == []
    front = (folder / "index.html").read_text(encoding="utf-8")
    assert '<span class="caption-text">Guide</span>' in front
    assert 'href="guide/tutorial.html"' in front
    assert not any("docs/guide" in each.place for each in report.digits), "its numbers are no findings"
    assert not any("guide" in each for each in report.warnings)
    assert not list(folder.rglob("*alder*")), "the texts of the tutorial are no pages"


def test_a_book_without_a_guide_has_no_such_part(small_book):
    assert ">Guide<" not in (small_book.folder / "index.html").read_text(encoding="utf-8")


def test_a_change_of_the_guide_makes_the_book_anew(guided):
    before = fingerprint(["plain"])
    page = guided / "docs" / "guide" / "read.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert fingerprint(["plain"]) != before


def test_a_page_of_the_guide_reaches_no_further_than_a_chapter_and_is_named_as_it_is(guided):
    (guided / "docs" / "guide" / "bad.md").write_text("# Bad\n\n```{include} ../../x.md\n```\n", encoding="utf-8")
    (problem,) = reach_problems()
    assert problem.place == "docs/guide/bad.md, line 3"


def test_a_page_that_is_not_there_is_told(guided):
    (guided / "docs" / "guide" / "read.md").unlink()
    with pytest.raises(CrosscaseError, match="guide/read"):
        build_book(["plain"])
