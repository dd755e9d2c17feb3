"""Printed lines are no paragraphs: columns, hyphens, headers and footers, speakers, indents, pages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crosscase.exchange import import_file
from crosscase.exchange.pdf_lines import Line, join_lines
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, texts_of

FILES = Path(__file__).parent / "files"
LONG = (
    "The responsibilities of coordination are considerable, and health is a recognised consideration for the "
    "organisation of multidisciplinary cooperation between the municipality and its administrative neighbours"
)


def made(path, source):
    typst = pytest.importorskip("typst")
    path.with_suffix(".typ").write_text(source, encoding="utf-8")
    typst.compile(str(path.with_suffix(".typ")), output=str(path))
    return path


def column(*texts, left=0.0, top=700.0, right=None, step=12.0):
    """Return lines that stand below each other, ten points high and five points a letter."""
    ends = right or [left + 5 * len(text) for text in texts]
    return [
        Line(text, left, end, top - step * n, top - step * n + 10) for n, (text, end) in enumerate(zip(texts, ends))
    ]


def test_wrapped_lines_are_one_paragraph_and_its_sentences_are_whole(home):
    import_file(FILES / "three_sentences.pdf", "s")
    row = load_study("s").documents.iloc[0]
    assert (row["sentences"], row["paragraphs"]) == (3, 1)
    assert check_study("s") == []


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("justify", ["true", "false"])
def test_columns_hyphens_headers_and_footers(home, tmp_path, columns, justify):
    words = [
        "appointed",
        "telephoned",
        "discussed",
        "reconsidered",
        "interviewed",
        "visited",
        "neglected",
        "remembered",
    ]
    paragraphs = [f"{LONG.replace('considerable', word)}. Nobody {word} it {n} times." for n, word in enumerate(words)]
    source = f"""#set page(width: {150 * columns}pt, height: 260pt, margin: 40pt, columns: {columns},
      header: [A report on care #h(1fr) Town], footer: context [Page #counter(page).display()])
    #set text(size: 8pt, hyphenate: true, lang: "en")
    #set par(justify: {justify})
    = Introduction

    """ + "\n\n".join(paragraphs)
    report = import_file(made(tmp_path / "a.pdf", source), "s")
    assert texts_of("s")["a.txt"].splitlines() == ["Introduction", *paragraphs]
    pages = load_study("s").table("pages")
    assert len(pages) > 1
    assert pages["start"].is_monotonic_increasing
    told = " ".join(report.left_out)
    assert "A report on care" in told
    assert "Page " in told
    assert check_study("s") == []


def test_turns_of_an_interview_and_paragraphs_with_an_indent(home, tmp_path):
    turns = ["I: How did it begin?", f"Nurse 2: {LONG}.", "I: And then?", "P: Then we met.", f"P: {LONG}."]
    head = '#set page(width: 300pt, height: 200pt, margin: 40pt, numbering: "1")\n#set text(size: 9pt)\n'
    import_file(made(tmp_path / "a.pdf", head + "\n\n".join(turns)), "s")
    assert texts_of("s")["a.txt"].splitlines() == turns
    indented = head + "#set par(first-line-indent: 12pt, spacing: 0.65em, justify: true)\n"
    import_file(made(tmp_path / "b.pdf", indented + "\n\n".join([f"{LONG}."] * 4)), "t")
    assert texts_of("t")["b.txt"].splitlines() == [f"{LONG}."] * 4


def test_a_hyphen_at_the_end_of_a_line_goes_unless_the_word_is_written_with_it():
    lines = column("it was well-known to the coordi-", "nator, less well-", "known in North-", "South talks")
    assert join_lines([lines]).text == "it was well-known to the coordinator, less well-known in North-South talks\n"
    assert (
        join_lines([column("the neigh\ufffe", "bour of an under\u00ad", "ground")]).text
        == "the neighbour of an underground\n"
    )


def test_what_ends_a_paragraph():
    full = "one two three four five six seven"
    for second, ends in (
        ("eight nine ten eleven and twelve.", False),
        ("Eight nine ten eleven and twelve.", False),
        ("• eight", True),
        ("2. eight", True),
        ("Ann: eight", True),
    ):
        text = join_lines([column(full, second, full, full)]).text
        assert (f"{full}\n{second}" in text) == ends, second
    wide = [*column(full, full), *column("Apart from it.", top=650)]
    assert join_lines([wide]).text == f"{full} {full}\nApart from it.\n"
    short = column(full, "It ends.", "And the next begins, and goes on", full)
    assert join_lines([short]).text.splitlines()[0] == f"{full} It ends."


def test_a_paragraph_goes_on_over_columns_and_pages():
    left, right = column("one two three four five", "six seven eight nine ten"), column("eleven twelve", left=200)
    found = join_lines([[*left, *right], [], column("and the last page")])
    assert found.text == "one two three four five six seven eight nine ten eleven twelve and the last page\n"
    assert [found.text[at:][:3] for at in found.pages] == ["one", "and", "and"]


def test_what_stands_once_is_no_header():
    pages = [column("Same first line of the page", f"body {n} of it", "Same last line.") for n in ("a", "b")]
    assert join_lines(pages).dropped == []
    assert join_lines([column("12"), column("11")]).dropped == []
    assert join_lines([]).text == ""


def test_lines_take_time_in_step_with_their_number(soon):
    pages = [column(*["x" * 60] * 60) for _ in range(2_000)]
    assert len(join_lines(pages).pages) == 2_000
    assert join_lines([column("-" * 1_000_000, "I" * 1_000_000, ":" * 1_000_000)]).text
