"""How fast the coding page is in a browser: a text of 10,000 lines with 5,000 codings in a JupyterLab of its own.

    python benchmarks/coding_bench.py [LINES CODINGS]

Measured are: from opening a document to its first text on the screen; from the key that puts a code to "saved"; the
time of a frame while the text scrolls by 300 pixels a frame. Chromium is asked for as in the tests.
"""

from __future__ import annotations

import importlib.util
import os
import random
import statistics
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import pandas as pd

TESTS = Path(__file__).resolve().parents[1] / "tests" / "coding"
WORDS = ("time", "trust", "money", "house", "winter", "people", "always", "never", "meeting", "letter", "work", "help")
SCROLL = """async () => {
  const node = document.querySelector('.cc-scroller');
  const times = [];
  let last = performance.now();
  for (let n = 0; n < 240; n++) {
    node.scrollTop += 300; // a hand that is in a hurry
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    times.push(now - last);
    last = now;
  }
  return times;
}"""
FIRST = """async () => {
  const app = document.querySelector('.cc-workbench').crosscase;
  await app.ask('open', { document: 'd02' });
  const began = performance.now();
  await app.ask('open', { document: 'd01' });
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""
MARK = """async (n) => {
  const app = document.querySelector('.cc-workbench').crosscase;
  const times = [];
  for (let k = 0; k < n; k++) {
    const began = performance.now();
    const start = 1000 + k * 97;
    await app.ask('code', { document: 'd01', start, end: start + 30 + k, code: 'time' });
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - began);
  }
  return times;
}"""


def beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"coding_{name}", TESTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(home: Path, lines: int, codings: int) -> None:
    from crosscase import tables
    from crosscase.study import load_study, save_study
    from crosscase.study.load import table_names

    dice = random.Random(1)
    said = (f"{dice.choice(['INT', 'ANNA', 'BEN'])}: {' '.join(dice.choices(WORDS, k=14))}." for _ in range(lines))
    text = "\n".join(said) + "\n"
    beside("conftest").make(home, "long", {"d01": text, "d02": "INT: Short.\n"})
    starts = sorted(dice.randrange(len(text) - 400) for _ in range(codings))
    rows = [
        {"coding_id": f"c{n:010x}", "document": "d01", "start": start, "end": start + dice.randrange(10, 300),
         "code": dice.choice(["trust", "money", "relations"]), "coder": "c1" if n % 3 else "c2", "memo": f"note {n}",
         "quotation_hmac": "0" * 64, "date": "2026-01-01T10:00:00", "valence": "promotes"}
        for n, start in enumerate(starts)
    ]  # fmt: skip
    study = load_study("long")
    frames = {name: study.whole(name) for name in table_names()}
    frames["codings"] = tables.typed(pd.DataFrame(rows), tables.schema("codings"))
    save_study("long", study.info, frames, replace=True)


def main(lines: int = 10_000, codings: int = 5_000) -> None:
    from playwright.sync_api import sync_playwright

    lab, browser = beside("lab"), beside("test_lab")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        os.environ["CROSSCASE_HOME"] = str(home)
        make(home, lines, codings)
        lab.write_notebook(home / "notebooks", 'workbench("long", coder="c1")')
        with lab.served(home) as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=browser.CHROMIUM, args=browser.ARGUMENTS)
            page = chromium.new_page(viewport={"width": 1400, "height": 900})
            lab.run_page(page, address, view="doc")
            opened = [page.evaluate(FIRST) for _ in range(3)]
            print(f"{lines:,} lines, {codings:,} codings: first text after {statistics.median(opened):.0f} ms")
            frames = page.evaluate(SCROLL)
            slow = sum(time > 50 for time in frames)
            print(f"scrolling: median frame {statistics.median(frames):.0f} ms, {slow} of {len(frames)} above 50 ms")
            times = page.evaluate(MARK, 30)
            print(f"marking to saved: median {statistics.median(times):.0f} ms, slowest {max(times):.0f} ms")
            chromium.close()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
