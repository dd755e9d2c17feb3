"""The preview in a browser: a changed word appears by itself, and so does what is wrong, beside the last good page."""

from __future__ import annotations

import threading
import time

import pytest

from crosscase import paths
from crosscase.pipeline.preview import Preview


@pytest.fixture
def address(compendium, monkeypatch):
    monkeypatch.setattr(Preview, "_run_notebooks", lambda self: setattr(self, "stale", False))
    folder = paths.results() / ".preview-test"
    folder.mkdir(parents=True)
    running, ending = Preview(folder, [], lambda line: None), threading.Event()

    def turn():
        while not ending.is_set():
            running.turn()
            time.sleep(0.05)

    thread = threading.Thread(target=turn)
    thread.start()
    yield running.server.address
    ending.set()
    thread.join()
    running.close()


@pytest.mark.long
def test_a_changed_word_and_what_is_wrong_come_into_sight_by_themselves(address, visit):
    page = visit.page
    page.set_default_timeout(120_000)
    page.goto(f"{address}studies/demo.html")
    page.wait_for_function("document.title.includes('A demonstration')")
    visit.complaints.clear()  # of the page that waited: it said that the book is not there yet
    chapter = paths.book() / "studies" / "demo.md"
    good = chapter.read_text(encoding="utf-8")
    chapter.write_text(good.replace("Trust opened", "Confidence opened"), encoding="utf-8")
    page.wait_for_selector("text=Confidence opened")
    chapter.write_text(good.replace("{value}`demo.share.trust|n`", "{value}`demo.<b>shar`"), encoding="utf-8")
    page.wait_for_selector("#crosscase-preview:has-text('book/studies/demo.md, line 3')")
    assert "demo.<b>shar" in page.inner_text("#crosscase-preview")
    assert page.is_visible("text=Confidence opened")
    chapter.write_text(good, encoding="utf-8")
    page.wait_for_selector("#crosscase-preview", state="hidden")
    page.wait_for_selector("text=Trust opened the way")
    assert [each for each in visit.complaints if "favicon" not in each] == []
    assert all("127.0.0.1" in each for each in visit.outside)
