"""The coding page in a real JupyterLab: by keyboard alone, blind, in two windows, and nothing is kept by notebooks."""

from __future__ import annotations

import importlib.util
import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from crosscase.study import load_study
from crosscase.study.check import check_study
from crosscase.study.edits import rows_of

CHROMIUM = os.environ.get("CROSSCASE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SAVING = {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}
WAIT = 30_000

pytestmark = [pytest.mark.browser, pytest.mark.long]


def beside(name: str) -> ModuleType:
    """Return a module that lies beside this file."""
    spec = importlib.util.spec_from_file_location(f"coding_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Lab(NamedTuple):
    """A compendium, its JupyterLab, and who opens pages in it."""

    home: Path
    address: str
    open: Callable[..., Any]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("not run: no Chromium on this machine (set CROSSCASE_CHROMIUM)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="not run: Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str, ModuleType]]:
    """A JupyterLab for all tests of this file; each has a study of its own."""
    home, lab = tmp_path_factory.mktemp("lab"), beside("lab")
    before = os.environ.get("CROSSCASE_HOME")
    os.environ["CROSSCASE_HOME"] = str(home)
    beside("conftest").make(home, "first")
    try:
        lab.free_port()
    except OSError as error:
        pytest.skip(f"not run: no port of the loopback interface ({error})")
    with lab.served(home, SAVING) as address:
        yield home, address, lab
    if before is None:
        del os.environ["CROSSCASE_HOME"]
    else:
        os.environ["CROSSCASE_HOME"] = before


@pytest.fixture
def lab(server: Any, chromium: Any, request: pytest.FixtureRequest) -> Iterator[Lab]:
    home, address, lab = server
    pages = []
    study = f"talks-{zlib.crc32(request.node.name.encode())}"
    beside("conftest").make(home, study)

    def open_page(call: str = 'coder="c1"') -> Any:
        name = f"{study}-{len(pages)}.ipynb"
        lab.write_notebook(home / "notebooks", f'workbench("{study}", {call})', name)
        page = chromium.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(WAIT)
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("dialog", lambda dialog: dialog.type == "beforeunload" or page.problems.append(dialog.message))
        page.on("dialog", lambda dialog: dialog.accept())
        page.study, page.name = study, name
        page.open_again = lambda: lab.run_page(page, address, name, view="doc")
        page.open_again()
        pages.append(page)
        return page

    yield Lab(home, address, open_page)
    for page in pages:
        assert page.problems == []
        page.close()


def codings(page: Any) -> list[dict[str, Any]]:
    return sorted(rows_of(load_study(page.study).whole("codings")), key=lambda row: row["start"])


def said(page: Any, words: str) -> None:
    page.wait_for_function("w => document.querySelector('.cc-status').textContent.includes(w)", arg=words)


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus_text(page: Any) -> None:
    """Come into the text by keys alone, from wherever JupyterLab has put the focus when the cell had run."""
    page.locator(".cc-documents [tabindex='0']").focus()
    press(page, "F6", "F6")
    page.wait_for_function("() => document.activeElement.classList.contains('cc-text')")


def put(page: Any, code: str, n: int) -> None:
    """Type a code for what is marked, and wait until it is on the page."""
    page.keyboard.type(code)
    page.wait_for_function("c => document.querySelector('.cc-picker input').value === c", arg=code)
    press(page, "Enter")
    page.wait_for_function("n => document.querySelectorAll('.cc-chip').length === n", arg=n)


def test_a_transcript_is_coded_by_keyboard_alone_and_all_is_there_after_a_reload(lab):
    page = lab.open()
    focus_text(page)
    press(page, "ArrowDown", "Home", *["ArrowRight"] * 6, "s")
    put(page, "time", 1)
    press(page, "-")
    said(page, "direction saved")
    press(page, "ArrowRight", *["ArrowLeft"] * 3, "w")
    put(page, "Relations > Meeting by chance", 2)
    press(page, "Escape", "Control+Home", *["ArrowDown"] * 4, "l", "ArrowRight", *["Shift+ArrowLeft"] * 15)
    put(page, "trust", 3)
    press(page, "+")
    said(page, "direction saved")
    press(page, "F2", "Tab", "Tab", "Tab", "ArrowDown")
    page.wait_for_function("() => document.activeElement.value === 'k1'")
    press(page, "Tab", "ArrowDown")
    page.wait_for_function("() => document.activeElement.value === 'r1'")
    press(page, "Tab", "Tab")
    page.wait_for_function("() => document.activeElement.tagName === 'TEXTAREA'")
    page.keyboard.type("relief, not praise")
    press(page, "Escape")
    said(page, "note saved")
    page.wait_for_function("() => document.activeElement.classList.contains('cc-text')")
    press(page, "F7")
    page.keyboard.type("Places matter.")
    said(page, "memo saved")

    time, chance, trust = codings(page)
    texts = (lab.home / "restricted" / page.study / "d01.txt").read_text(encoding="utf-8")
    assert texts[time["start"] : time["end"]] == "Nobody had time."
    assert time["valence"] == "inhibits"
    assert chance["code"] == "meeting-by-chance"
    assert texts[trust["start"] : trust["end"]] == "We trusted her."[-15:]
    assert {name: trust.get(name) for name in ("valence", "case", "role", "memo")} == {
        "valence": "promotes", "case": "k1", "role": "r1", "memo": "relief, not praise",
    }  # fmt: skip
    assert check_study(page.study) == []

    page.open_again()
    page.wait_for_function("() => document.querySelectorAll('.cc-chip').length === 3")
    assert page.locator(".cc-memo").input_value() == "Places matter."
    focus_text(page)
    press(page, "Control+z")  # this window has done nothing yet
    said(page, "nothing to undo")
    press(page, ".")
    said(page, "line 2")


def test_what_a_notebook_keeps_of_the_page_holds_no_text_and_no_name(lab):
    page = lab.open()
    page.locator(".jp-Toolbar [data-jp-item-name='save']").click()
    file = lab.home / "notebooks" / page.name
    page.wait_for_function("() => !document.querySelector('.jp-mod-dirty')")
    kept = file.read_text(encoding="utf-8")
    assert "anywidget" in kept, "the state of the widget is saved, so that the test sees it"
    for words in ("corridor", "alderman", "Interview 1", "Relations"):
        assert words not in kept


def test_hostile_text_is_text(lab):
    page = lab.open()
    assert "<b>money</b>" in page.locator(".cc-text").inner_text()
    assert page.locator(".cc-text b").count() == 0
    focus_text(page)
    press(page, "w", "Enter")
    put(page, "<img src=x onerror=alert(1)>", 1)
    assert page.locator(".cc-workbench img").count() == 0
    assert page.locator(".cc-tree").inner_text().count("<img src=x onerror=alert(1)>") == 1
    before = page.locator(".cc-text").inner_text()
    press(page, "Control+Home", "x", "Backspace")  # Delete would take the coding at the caret away
    page.keyboard.insert_text("nothing is written into the text")
    assert page.locator(".cc-text").inner_text() == before


def test_a_blind_coder_sees_nothing_of_the_other(lab):
    first = lab.open()
    focus_text(first)
    press(first, "w")
    put(first, "time", 1)
    blind = lab.open('coder="c2", blind=True')
    assert blind.locator(".cc-chip").count() == 0
    assert "blind" in blind.locator(".cc-head h1").inner_text()
    assert not blind.get_by_role("button", name="Compare").is_visible()
    assert blind.locator(".cc-documents small").first.inner_text().startswith("0 codings")
    focus_text(blind)
    press(blind, "w")
    put(blind, "trust", 1)
    first.bring_to_front()
    first.evaluate("() => window.dispatchEvent(new Event('focus'))")
    first.wait_for_function("() => document.querySelectorAll('.cc-chip').length === 2")
    first.keyboard.press("F8")
    first.locator(".cc-card").wait_for()
    first.locator(".cc-radio input").first.check()
    first.locator(".cc-card > input").fill("as agreed")
    first.keyboard.press("Tab")
    said(first, "decision saved")
    first.get_by_role("button", name="Write the round").click()
    first.get_by_text("Rounds so far").wait_for()
    assert len(load_study(first.study).info.reconciled_rounds) == 1
    assert blind.evaluate("() => document.querySelectorAll('.cc-chip').length") == 1


def test_two_windows_that_write_the_same_note_are_asked_and_both_are_kept(lab):
    one = lab.open()
    focus_text(one)
    press(one, "w")
    put(one, "time", 1)
    two = lab.open()
    two.wait_for_function("() => document.querySelectorAll('.cc-chip').length === 1")
    for page in (one, two):
        page.bring_to_front()
        page.locator(".cc-chip").first.click()
        page.locator(".cc-form textarea").fill("mine" if page is one else "yours")
    one.bring_to_front()
    one.locator(".cc-form textarea").blur()
    said(one, "note saved")
    two.evaluate("() => document.querySelector('.cc-form textarea').dispatchEvent(new Event('change'))")
    two.locator(".cc-conflict").wait_for()
    assert codings(one)[0]["memo"] == "mine"
    two.locator(".cc-conflict").get_by_role("button", name="Keep both").click()
    said(two, "note saved")
    assert codings(one)[0]["memo"] == "mine\nyours"


def test_by_mouse_and_in_the_tree_and_back_again(lab):
    page = lab.open()
    page.locator(".cc-text").get_by_text("How did it begin").dblclick(position={"x": 5, "y": 8})
    page.wait_for_function("() => getSelection().toString().trim().length > 0")
    put(page, "time", 1)
    order = "() => [...document.querySelectorAll('.cc-tree [role=treeitem]')].map(e => e.dataset.code + e.ariaLevel)"
    wait = f"wanted => JSON.stringify(({order})()) === JSON.stringify(wanted)"
    page.locator("[data-code=money]").click()
    press(page, "Alt+ArrowUp")
    page.wait_for_function(wait, arg=["relations1", "trust2", "money1", "time1"])
    press(page, "Alt+ArrowRight")
    page.wait_for_function(wait, arg=["relations1", "trust2", "money2", "time1"])
    press(page, "F2")
    page.keyboard.press("Control+a")
    page.keyboard.type("Money and means")
    press(page, "Enter")
    page.get_by_role("treeitem", name="Money and means").wait_for()
    page.locator("[data-code=time]").click()
    press(page, "m")
    page.locator(".cc-book select").select_option("trust")
    press(page, "Enter")
    page.wait_for_function(wait, arg=["relations1", "trust2", "money2"])
    assert codings(page)[0]["code"] == "trust"
    for _ in range(5):
        last = page.locator(".cc-head button", has_text="Undo").get_attribute("title")
        page.get_by_role("button", name="Undo").click()
        said(page, f"undone: {last}")
    page.wait_for_function(wait, arg=["relations1", "trust2", "time1", "money1"])
    assert codings(page) == []
    assert load_study(page.study).labels("codebook")["money"] == "Money"


def test_no_key_of_the_page_reaches_the_notebook_around_it(lab):
    """In command mode JupyterLab takes single letters: d d deletes a cell, m makes it prose, x cuts it."""
    page = lab.open()
    cells = (
        "() => [...document.querySelectorAll('.jp-Notebook .jp-Cell')].map(e => e.classList.contains('jp-CodeCell'))"
    )
    before = page.evaluate(cells)
    places = page.locator(".cc-workbench :is(button, select, [tabindex='0'])").all()
    for place in places:
        if place.is_visible() and place.is_enabled():
            place.focus()
            page.keyboard.press("d")
            page.keyboard.press("d")
            page.keyboard.press("x")
            inside = "() => !!document.activeElement.closest('.cc-workbench')"
            assert page.evaluate(inside), place.evaluate("e => e.outerHTML.slice(0, 120)")
    assert page.evaluate(cells) == before


def test_the_page_says_what_it_is_to_those_who_do_not_see_it(lab):
    page = lab.open()
    tree = page.locator(".cc-workbench").aria_snapshot()
    for role in ('textbox "Text of the document"', 'listbox "Documents"', 'tree "Codebook"', "tablist", "status"):
        assert role in tree, role
    nameless = page.eval_on_selector_all(
        ".cc-workbench button, .cc-workbench input, .cc-workbench select, .cc-workbench textarea",
        "all => all.filter(e => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute('aria-label') ||"
        " (e.labels || []).length)).map(e => e.outerHTML.slice(0, 120))",
    )
    assert nameless == []
    page.locator(".cc-documents [tabindex='0']").focus()
    seen = []
    for _ in range(40):  # Tab leads through the page and out of it: nothing keeps the keyboard
        page.keyboard.press("Tab")
        inside = page.evaluate("() => !!document.activeElement.closest('.cc-workbench')")
        seen.append(inside)
        if not inside:
            break
    assert not seen[-1]
