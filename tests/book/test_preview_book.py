"""The book kept at hand for its preview: what is rendered again is what a build would make, and nothing leaks."""

from __future__ import annotations

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.publish.book import build_book
from crosscase.publish.preview_book import PreviewBook

PASSAGE = "Trust came first. Money came late. The board said little."


@pytest.fixture
def book(compendium, tmp_path):
    made = PreviewBook(tmp_path / "preview")
    assert "studies/demo.html" in made.update()
    return made


def change(path, before, after):
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8", newline="\n")
    return path


def pages(folder):
    found = (path for path in folder.rglob("*") if path.suffix == ".html" or path.name == "searchindex.js")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_pages_rendered_again_are_those_of_a_build_of_the_whole(book):
    demo = change(paths.book() / "studies" / "demo.md", "Trust opened", "Faith opened")
    assert [name for name in book.update([demo]) if name.endswith(".html")] == ["studies/demo.html"]
    # a title stands on the pages beside it, a label on pages of other files, a value on every page that prints it
    title = change(demo, "# A demonstration", "# The demonstration")
    assert "notebooks/demo/10_documents.html" in book.update([title])
    default = change(paths.book() / "study.md", "It has", "It holds")
    assert [name for name in book.update([default]) if name.endswith(".html")] == ["studies/plain.html"]
    label = change(paths.studies() / "demo" / "codebook.csv", "Trust between", "Faith between")
    assert {"studies/demo.html", "segments/demo/page-1.html"} <= set(book.update([label]))
    value = change(paths.runs() / "10_documents" / "demo" / "values.json", '"0.67"', '"0.68"')
    assert "studies/demo.html" in book.update([value])
    assert pages(book.site) == pages(build_book().index.parent)


def test_what_is_wrong_is_told_again_until_it_is_mended_and_the_last_good_page_stays(book):
    good = (book.site / "studies" / "demo.html").read_bytes()
    demo = change(paths.book() / "studies" / "demo.md", "{value}`demo.share.trust|n`", "{value}`demo.shar`")
    for changed in (demo, change(paths.book() / "methods.md", "Words.", "Other words.")):
        with pytest.raises(CrosscaseError) as caught:
            book.update([changed])
        assert [(p.place, p.found) for p in caught.value.problems] == [
            ("book/studies/demo.md, line 3", "{value}`demo.shar`")
        ]
        assert (book.site / "studies" / "demo.html").read_bytes() == good
    change(demo, "{value}`demo.shar`", "{value}`demo.share.trust|n`")
    assert "methods.html" in book.update([demo])
    change(demo, "Trust opened", "```{include} ../../data/x.md\n```\nTrust opened")
    for changed in (demo, paths.book() / "methods.md"):
        with pytest.raises(CrosscaseError, match="reads and shows files of the folder book only"):
            book.update([changed])


def test_a_passage_that_is_not_released_does_not_come_into_sight_and_is_not_left_behind(book, tmp_path):
    change(paths.studies() / "demo" / "documents.csv", "verbatim", "paraphrase")
    change(paths.studies() / "demo" / "quotations.csv", "verbatim", "paraphrase")
    change(paths.studies() / "plain" / "documents.csv", "verbatim", "paraphrase")
    change(paths.studies() / "plain" / "quotations.csv", "verbatim", "paraphrase")
    book.update()
    methods = change(paths.book() / "methods.md", "Words.", PASSAGE)
    with pytest.raises(CrosscaseError, match="not released"):
        book.update([methods])
    left = b"".join(path.read_bytes() for path in (tmp_path / "preview").rglob("*") if path.is_file())
    assert PASSAGE.encode() not in left
    change(methods, PASSAGE, "Other words.")
    assert "methods.html" in book.update([methods])


def test_a_page_that_comes_is_shown_and_one_that_goes_is_not(book):
    contents = change(paths.book() / "_toc.yml", "- file: methods", "- file: methods\n      - file: more")
    more = paths.book() / "more.md"
    more.write_text("# More\n\nWords.\n", encoding="utf-8")
    assert "more.html" in book.update([contents, more])
    change(contents, "\n      - file: more", "")
    more.unlink()
    book.update([contents, more])
    assert not (book.site / "more.html").exists()
