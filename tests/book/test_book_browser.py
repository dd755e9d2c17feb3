"""The book in a browser, opened from disk: no error, no request outside, search, keyboard, alternative texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crosscase.publish.book_links import broken_links, loaded_from_outside

REAL = Path(__file__).parents[2] / "results" / "book"
MOST_PAGES = 60

pytestmark = [pytest.mark.browser, pytest.mark.long]


def walk(visit: Any, folder: Path) -> None:
    """Open the pages of a book from disk and hold each to what every page must keep."""
    pages = [path for path in sorted(folder.rglob("*.html")) if "_static" not in path.parts]
    step = max(1, len(pages) // MOST_PAGES)
    for path in pages[::step]:
        visit.page.goto(path.as_uri())
        bare = visit.page.eval_on_selector_all(
            "article img, article figure svg, .bd-article svg[role=img]",
            "all => all.filter(e => !(e.getAttribute('alt') || e.getAttribute('aria-label') || '').trim()"
            " && e.getAttribute('role') !== 'presentation').map(e => e.outerHTML.slice(0, 120))",
        )
        assert bare == [], path
        twice = visit.page.evaluate(
            "() => { const ids = [...document.querySelectorAll('article [id]')].map(e => e.id);"
            " return ids.filter((id, n) => ids.indexOf(id) !== n); }"
        )
        assert twice == [], path
        nameless = visit.page.eval_on_selector_all(
            "summary, button, a[href]",
            "all => all.filter(e => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute('aria-label') ||"
            " e.title || (e.querySelector('img') || {}).alt || '').trim()).map(e => e.outerHTML.slice(0, 120))",
        )
        assert nameless == [], path
        wide = visit.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 1, f"{path} is wider than the window"
    assert visit.complaints == []
    assert visit.outside == []


def search(visit: Any, folder: Path, words: str) -> list[str]:
    """Return the addresses that the search of the book finds."""
    visit.page.goto(f"{(folder / 'search.html').as_uri()}?q={words.replace(' ', '+')}")
    visit.page.wait_for_selector("#search-results ul.search li a, #search-results .search-summary", timeout=60_000)
    visit.page.wait_for_timeout(500)
    return visit.page.eval_on_selector_all("#search-results ul.search li a", "all => all.map(e => e.href)")


def test_every_page_of_a_small_book_opens_from_disk_without_complaint(visit, small_book):
    walk(visit, small_book.folder)
    assert visit.page.evaluate("() => window.pwned") is None


def test_a_narrow_window_does_not_scroll_sideways(visit, small_book):
    visit.page.set_viewport_size({"width": 375, "height": 800})
    walk(visit, small_book.folder)


def test_the_search_finds_a_code(visit, small_book):
    found = search(visit, small_book.folder, "Trust between partners")
    assert any("segments/demo/page-1.html" in address for address in found)
    assert search(visit, small_book.folder, "nobodywrotethis") == []
    assert visit.complaints == []


def test_the_search_field_of_a_page_leads_to_the_search(visit, small_book):
    visit.page.goto((small_book.folder / "index.html").as_uri())
    visit.page.keyboard.press("Control+k")
    visit.page.keyboard.type("paraphrases")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector("#search-results ul.search li a", timeout=60_000)
    assert visit.complaints == []


def test_hover_and_keyboard_show_where_a_value_comes_from_and_escape_hides_it(visit, small_book):
    visit.page.goto((small_book.folder / "studies" / "demo.html").as_uri())
    value = visit.page.locator(".cc-value").first
    tip = value.locator(".cc-tip")
    assert not tip.is_visible()
    value.hover()
    assert tip.is_visible()
    visit.page.mouse.move(0, 600)
    assert not tip.is_visible()
    value.locator(".cc-value-text").focus()
    assert tip.is_visible()
    assert "demo.inventory.interviews" in tip.inner_text()
    visit.page.keyboard.press("Escape")
    assert not tip.is_visible()
    visit.page.mouse.move(0, 600)
    value.locator(".cc-value-text").click()
    visit.page.wait_for_url("**/notebooks/demo/10_documents.html")


def test_a_click_on_a_matrix_cell_unfolds_the_segments_behind_it(visit, small_book):
    visit.page.goto((small_book.folder / "studies" / "demo.html").as_uri())
    listed = visit.page.locator(".cc-behind li").first
    assert not listed.is_visible()
    visit.page.locator("td.cc-count a").first.click()
    listed.wait_for(state="visible")
    listed.locator("a").first.click()
    visit.page.wait_for_url("**/segments/demo/page-1.html#seg-a1")
    assert visit.page.locator("#seg-a1").is_visible()


def test_a_link_to_a_folded_segment_unfolds_it(visit, small_book):
    visit.page.goto((small_book.folder / "segments" / "demo" / "page-1.html").as_uri() + "#seg-b1")
    visit.page.locator("#seg-b1").wait_for(state="visible")


def test_the_first_stop_of_the_keyboard_skips_to_the_content(visit, small_book):
    visit.page.goto((small_book.folder / "studies" / "demo.html").as_uri())
    visit.page.keyboard.press("Tab")
    assert "Skip to main content" in visit.page.evaluate("() => document.activeElement.textContent")


@pytest.mark.skipif(not (REAL / "index.html").is_file(), reason="not run: results/book is not built yet")
class TestTheBookOfThisCompendium:
    """The same for the book that `make book` built here."""

    def test_every_page_opens_from_disk_without_complaint(self, visit: Any) -> None:
        walk(visit, REAL)

    def test_no_link_is_broken_and_nothing_is_loaded_from_outside(self) -> None:
        assert broken_links(REAL) == []
        assert loaded_from_outside(REAL) == []

    def test_the_search_finds_a_code(self, visit: Any) -> None:
        import pandas as pd

        root = REAL.parents[1] / "data" / "studies"
        codebook = pd.read_csv(next(iter(sorted(root.glob("*/codebook.csv")))))
        assert search(visit, REAL, str(codebook["label"].iloc[0]))


def test_on_paper_a_folded_table_is_open_and_closes_again(visit, small_book):
    visit.page.goto((small_book.folder / "studies" / "plain.html").as_uri())
    states = "() => [...document.querySelectorAll('details.cc-folded')].map(e => e.open)"
    before = visit.page.evaluate(states)
    assert before
    assert not any(before)
    visit.page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    assert all(visit.page.evaluate(states))
    visit.page.evaluate("() => window.dispatchEvent(new Event('afterprint'))")
    assert visit.page.evaluate(states) == before


def test_a_table_of_decisions_is_whole_on_paper(visit, small_book):
    visit.page.goto((small_book.folder / "trail.html").as_uri())
    visit.page.emulate_media(media="print")
    style = (
        "() => { const s = getComputedStyle(document.querySelector('.cc-decided')); return [s.maxHeight, s.overflow]; }"
    )
    assert visit.page.evaluate(style) == ["none", "visible"]
