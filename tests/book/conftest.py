"""A small compendium and its book, built once per test process, and a browser to look at books."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from crosscase import paths
from crosscase.publish.book import BookReport, build_book

CHROMIUM = os.environ.get("CROSSCASE_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class SmallBook(NamedTuple):
    """The compendium, its rendered book and the report of the build."""

    root: Path
    folder: Path
    report: BookReport


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """The module that writes the small compendium."""
    spec = importlib.util.spec_from_file_location("small_compendium", Path(__file__).with_name("small.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compendium(small: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small compendium of its own for one test."""
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "compendium"))
    return small.make(tmp_path / "compendium")


@pytest.fixture(scope="session")
def small_book(small: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> SmallBook:
    """The book of a small compendium whose path holds a space and letters beyond ASCII; read only."""
    root = tmp_path_factory.mktemp("böok") / "with a space"
    before = os.environ.get(paths.HOME_VARIABLE)
    try:
        small.make(root)
        report = build_book()
    finally:
        os.environ.pop(paths.HOME_VARIABLE, None)
        if before is not None:
            os.environ[paths.HOME_VARIABLE] = before
    return SmallBook(root, root / "results" / "book", report)


class Visit:
    """A page and everything it complained about or asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.outside: list[str] = []
        self.dialogs: list[str] = []
        page.on("dialog", self._dialog)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("requestfailed", self._failed)
        page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _failed(self, request: Any) -> None:
        if request.failure != "net::ERR_ABORTED":  # what a page still asked for when the next one was opened
            self.complaints.append(f"{self.page.url}: failed {request.url} {request.failure}")

    def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(f"{self.page.url}: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.outside.append(f"{self.page.url}: {request.url}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("not run: no Chromium on this machine (set CROSSCASE_CHROMIUM)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="not run: Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield Visit(page)
    page.close()
