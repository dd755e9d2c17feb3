"""The user's guide is a part of every book, also of one study alone; where there is none, it is left out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosscase import paths
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


@pytest.fixture(scope="module")
def guided_book(small, tmp_path_factory):
    """Return the folder of the book of one study of such a compendium, and the report of its build."""
    home = tmp_path_factory.mktemp("guided") / "a compendium"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.HOME_VARIABLE, str(home))
        small.make(home)
        shutil.copytree(GUIDE, home / "docs" / "guide")
        return home / "results" / "book", build_book(["plain"])


def test_the_book_of_one_study_has_the_whole_guide(guided_book):
    folder, report = guided_book
    pages = {path.stem for path in (folder / "guide").glob("*.html")}
    assert pages == {path.stem for path in GUIDE.glob("*.md")}
    assert broken_links(folder) == []
    front = (folder / "index.html").read_text(encoding="utf-8")
    assert '<span class="caption-text">Guide</span>' in front
    assert 'href="guide/tutorial.html"' in front
    assert not any("docs/guide" in each.place for each in report.digits), "its numbers are no findings"
    assert not any("guide" in each for each in report.warnings)
    assert not list(folder.rglob("*alder*")), "the texts of the tutorial are no pages"


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_opens_from_disk_on_a_desk_and_a_phone(visit, guided_book, width):
    visit.page.set_viewport_size({"width": width, "height": 844})
    for page in sorted((guided_book[0] / "guide").glob("*.html")):
        visit.page.goto(page.as_uri())
        assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page
    assert visit.complaints == []
    assert visit.outside == []


@pytest.mark.long
@pytest.mark.browser
def test_a_key_at_the_head_of_a_row_stays_on_one_line(visit, guided_book):
    visit.page.set_viewport_size({"width": 390, "height": 844})
    for name in ("keys-study", "keys-plan", "keys-poster"):
        visit.page.goto((guided_book[0] / "guide" / f"{name}.html").as_uri())
        keys = visit.page.locator("td:first-child > p > code:only-child")
        assert keys.count() > 5
        lines = keys.evaluate_all("all => all.map(each => [each.textContent, each.getClientRects().length])")
        assert [key for key, rows in lines if rows > 1] == [], name


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
