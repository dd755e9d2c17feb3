"""Building the book: what stops it and in which words, what it leaves alone, what it reports."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from crosscase.errors import CrosscaseError
from crosscase.publish import book
from crosscase.publish.book import build_book, fingerprint

WRONG = """# Wrong

Held {value}`demo.inventory.interview` and
a share of {value}`demo.share.trust|percent`. {quote}`demo.q3`

{quote}`demo.q9` {segment}`demo.zz` {quote}`nowhere.q1`

```{kept-figure} demo.inventory.overvieuw
```

```{kept-table} demo.codes.counts
:columns: code, shares
```

```{kept-matrix} demo.codes.counts
```

```{study-facts} demmo
```

```{findings} demo
:only: trust-frist
```

Why.{from}`demo.a99` What? {finding}`demo.trust-frist`

A [page](missing.md) that is not there.
"""


def test_everything_that_is_wrong_is_told_at_once_with_file_and_line(compendium):
    (compendium / "book" / "studies" / "demo.md").write_text(WRONG, encoding="utf-8")
    before = compendium / "results" / "book"
    before.mkdir()
    (before / "index.html").write_text("the book of yesterday", encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book()
    found = {problem.place: problem for problem in caught.value.problems}
    chapter = "book/studies/demo.md, line"
    assert found[f"{chapter} 3"].rule == "the id is that of a kept value"
    assert found[f"{chapter} 3"].found == "{value}`demo.inventory.interview`"
    assert "demo.inventory.interviews" in found[f"{chapter} 3"].allowed
    rules = [(p.place, p.rule) for p in caught.value.problems]
    assert (f"{chapter} 4", "after the bar stands what else is printed, not 'percent'") in rules
    assert (f"{chapter} 4", "a quotation with release none is never printed, nor its paraphrase") in rules
    assert (f"{chapter} 6", "the id is in the quotation index") in rules
    assert (f"{chapter} 6", "the id is that of a coding") in rules
    assert (f"{chapter} 6", "the id begins with a study of the book") in rules
    assert found[f"{chapter} 8"].allowed.startswith("perhaps demo.inventory.overview")
    assert found[f"{chapter} 11"].found == "'shares'"
    assert found[f"{chapter} 15"].found == "no column 'row'"
    assert found[f"{chapter} 18"].allowed.startswith("perhaps demo")
    assert found[f"{chapter} 21"].allowed == "perhaps trust-first"
    assert (f"{chapter} 25", "a99 is a coding of demo") in rules
    assert found[f"{chapter} 25"].allowed == "perhaps demo.trust-first"
    assert found[f"{chapter} 27"].rule == "a chapter renders without a warning"
    assert found[f"{chapter} 27"].found.startswith("'myst' cross-reference target not found: 'missing.md'")
    assert len(rules) == 14
    assert (before / "index.html").read_text(encoding="utf-8") == "the book of yesterday"


@pytest.mark.long
def test_without_the_texts_the_book_shows_paraphrases(small, tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path / "c"))
    small.make(tmp_path / "c", with_text=False)
    report = build_book(["demo"])
    text = "\n".join(p.read_text(encoding="utf-8") for p in report.index.parent.rglob("*.html"))
    assert "Trust came first" not in text
    assert "Confidence first" in text
    assert "no quotation: the document is not here" in text
    assert not (report.index.parent / "studies" / "plain.html").exists()
    assert report.studies == ["demo"]


def test_a_changed_document_stops_the_book_before_anything_is_sliced(compendium, monkeypatch):
    monkeypatch.setattr(book, "_render", lambda *_: pytest.fail("nothing may be rendered"))
    (compendium / "restricted" / "demo" / "d1.txt").write_text("Another text, of another day.", encoding="utf-8")
    with pytest.raises(CrosscaseError, match="the text is the one that was coded"):
        build_book()


def test_a_chapter_of_the_contents_that_is_missing_is_named(compendium):
    (compendium / "book" / "methods.md").unlink()
    with pytest.raises(CrosscaseError) as caught:
        build_book()
    assert [(p.place, p.found) for p in caught.value.problems] == [("book/_toc.yml", "'methods'")]


def test_the_fingerprint_follows_contents_and_not_dates(compendium):
    first = fingerprint(["demo"])
    os.utime(compendium / "book" / "index.md", (1, 1))
    assert fingerprint(["demo"]) == first
    changes = [
        compendium / "book" / "index.md",
        compendium / "data" / "studies" / "demo" / "codings.csv",
        compendium / "restricted" / "demo" / "d1.txt",
        compendium / "results" / "runs" / "10_documents" / "demo" / "values.json",
    ]
    seen = {first}
    for path in changes:
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(fingerprint(["demo"]))
    assert len(seen) == 1 + len(changes)
    (compendium / "data" / "studies" / "plain" / "codings.csv").write_text("other", encoding="utf-8")
    assert fingerprint(["demo"]) in seen


def test_a_book_of_unchanged_inputs_is_left_alone(small_book, monkeypatch):
    monkeypatch.setenv("CROSSCASE_HOME", str(small_book.root))
    monkeypatch.setattr(book, "_render", lambda *_: pytest.fail("nothing may be rendered"))
    again = build_book()
    assert not again.built
    assert (again.pages, again.reproduction) == (small_book.report.pages, small_book.report.reproduction)


def test_a_page_that_was_deleted_is_noticed(small_book):
    state = small_book.folder.with_name("book.book.json")
    key = json.loads(state.read_text(encoding="utf-8"))["key"]
    assert book._known(state, key, small_book.folder) is not None
    page = small_book.folder / "cite.html"
    content = page.read_bytes()
    page.unlink()
    try:
        assert book._known(state, key, small_book.folder) is None
    finally:
        page.write_bytes(content)


def test_nothing_half_written_stays_in_the_results(small_book):
    names = {path.name for path in (small_book.root / "results").iterdir()}
    assert names == {"book", "book.book.json", ".book-source", "runs"}


def test_digits_in_chapters_are_reported_with_their_line(compendium, monkeypatch):
    from crosscase.publish.book_source import assemble

    (compendium / "book" / "methods.md").write_text("# Methods\n\nWe asked 12 people.\n", encoding="utf-8")
    source = assemble(["demo"], compendium / "results" / ".book-source")
    assert [(d.place, d.digits) for d in book.digits_of(source)] == [("book/methods.md, line 3", "12")]


def test_the_old_book_comes_back_where_the_new_one_cannot_be_put_in_place(tmp_path, monkeypatch):
    old, new = tmp_path / "book", tmp_path / ".book-build" / "_build" / "html"
    for folder, text in ((old, "old"), (new, "new")):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(text, encoding="utf-8")
    replace = os.replace

    def fail_for_the_new(source, target):
        if source == new:
            raise PermissionError(13, "a file is open in another program")
        replace(source, target)

    monkeypatch.setattr("crosscase.renames.PATIENCE", 0.0)
    monkeypatch.setattr(os, "replace", fail_for_the_new)
    with pytest.raises(CrosscaseError) as caught:
        book._put_in_place(new, old)
    assert caught.value.problems[0].remedy.startswith("close it in Excel")
    assert (old / "index.html").read_text(encoding="utf-8") == "old"
    monkeypatch.undo()
    assert book._put_in_place(new, old) == 1
    assert (old / "index.html").read_text(encoding="utf-8") == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["book"]


def test_what_is_kept_for_the_whole_is_shown_in_the_synthesis(compendium):
    from crosscase.publish.book_source import kept_blocks
    from crosscase.publish.values import read_kept

    kept = read_kept()
    assert kept_blocks(kept, None) == ""
    shown = kept_blocks(kept, "plain")
    assert "```{kept-figure} plain.inventory.overview\n```" in shown
    assert "```{kept-matrix} plain.matrix.codes\n```" in shown
    assert "```{kept-table} plain.inventory.overview" not in shown


@pytest.mark.long
@pytest.mark.parametrize("place", [".", "book"])
def test_jupyter_book_by_itself_says_in_one_line_what_to_do(compendium, place):
    code = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", code, "build", str((compendium / "book").relative_to(compendium / place))]
    done = subprocess.run(command, cwd=compendium / place, capture_output=True, text=True)
    assert done.returncode
    (line,) = [line for line in done.stderr.splitlines() if "crosscase build" in line]
    assert "holds only the chapters" in line
    assert "Traceback" not in done.stderr
    assert not (compendium / "book" / "_build").exists()
