"""`crosscase review` and its page in the book: what is printed, with which status, and what an answer changes."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosscase.cli import main
from crosscase.publish.book import fingerprint
from crosscase.publish.review_page import read_again, review_counts, review_page
from crosscase.publish.values import Kept
from crosscase.review import CHECKS, LOOK, Found, Note

ROOT = Path(__file__).resolve().parents[2]
STUDY = """title: A small study
short_title: Small
question: What helps?
stance: codebook
coders:
  x: {kind: person, description: A nurse who knows the field.}
  y: {kind: person, description: ""}
primary_coder: x
not_stated: [how people were chosen]
"""
TABLES = {
    "cases": "case,label,kind\nnorth,North,case\n",
    "documents": "document,title,kind,case,code_points,release\none.txt,Interview,interview,north,90,none\n",
    "codebook": "code,label,definition,exclusion,example\ntrust,Trust,that people rely on others,all else,they do\n",
    "codings": "coding_id,document,start,end,code,coder,round,case\nx1,one.txt,0,18,trust,x,1,north\n"
    "y1,one.txt,0,18,trust,y,1,north\n",
}
ANSWERS = "check,subject,reason,author,date\n"


@pytest.fixture
def small(tmp_path, monkeypatch):
    (tmp_path / "compendium.yml").write_text("title: Small\nstudies: all\nnotebooks: []\n", encoding="utf-8")
    for part in ("dictionary", "frameworks"):
        shutil.copytree(ROOT / "data" / part, tmp_path / "data" / part)
    (tmp_path / "book").mkdir()
    shutil.copyfile(ROOT / "book" / "study.md", tmp_path / "book" / "study.md")
    folder = tmp_path / "data" / "studies" / "small"
    folder.mkdir(parents=True)
    (folder / "study.yml").write_text(STUDY, encoding="utf-8")
    for name, content in TABLES.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    return folder


def asked(*arguments):
    return CliRunner().invoke(main, ["review", *arguments])


def test_the_report_is_printed_and_the_status_is_zero(small):
    done = asked("small")
    assert done.exit_code == 0
    assert done.output.startswith("small: Small\n1 worth a look, ")
    assert "y: Nothing is said of who this is" in " ".join(done.output.split())


def test_strict_gives_status_one_until_the_note_is_answered(small):
    assert asked("small", "--strict").exit_code == 1
    (small / "review.csv").write_text(ANSWERS + "R17,y,She wishes it so.,x,2026-01-02\n", encoding="utf-8")
    done = asked("small", "--strict")
    assert done.exit_code == 0
    assert "Set aside: She wishes it so. (x, 2026-01-02)" in done.output


def test_without_a_study_all_are_read_and_the_synthesis_where_it_has_findings(small):
    assert asked().output.count("worth a look,") == 1
    shared = small.parents[1] / "synthesis"
    shared.mkdir()
    (shared / "argument.csv").write_text(
        "finding,heading,statement,kind,strength,codes,segments,against,looked_for,author,date\n"
        "trust,Trust holds,Trust holds.,cross_case,inferred,trust,small.x1,,nothing,x,2026-01-02\n",
        encoding="utf-8",
    )
    said = " ".join(asked().output.split())
    assert "synthesis: Across the studies" in said
    assert "trust: It speaks across cases, and all its segments speak of small." in said
    assert "trust: It is read out of the text and not stated there, and it stands on one segment." in said


def test_an_unknown_study_is_named(small):
    done = asked("smal")
    assert done.exit_code == 1
    assert "study 'smal'" in done.output


def test_a_broken_table_is_told_without_a_traceback(small):
    (small / "review.csv").write_text(ANSWERS + "17,y,No.,x,yesterday\n", encoding="utf-8")
    (small / "themes.csv").write_text("theme,label,kund\na,A,theme\n", encoding="utf-8")
    done = asked("small")
    assert done.exit_code == 1
    assert "'kund'" in done.output
    assert done.exception is None or isinstance(done.exception, SystemExit)


def test_the_page_tells_what_the_command_tells(small):
    readings = read_again(["small"], Kept(), whole=True)
    page = review_page(readings)
    assert review_counts(readings)[LOOK] == 1
    assert re.search(r"^\| Small \| 1 \| ", page, re.MULTILINE)
    assert "## Small" in page
    assert "`y`: Nothing is said of who this is" in page
    for check in CHECKS.values():
        assert f'id="question-{check.number}"' in page
        assert f'href="#question-{check.number}"' in page


def test_nothing_that_a_study_is_called_becomes_markup(small):
    """The page is Markdown: names and subjects stay words."""
    text = STUDY.replace("short_title: Small", "short_title: '<b>x</b> | {value}`y`'").replace("  y:", '  "y`<i>|":')
    (small / "study.yml").write_text(text, encoding="utf-8")
    codings = small / "codings.csv"
    codings.write_text(codings.read_text(encoding="utf-8").replace(",y,", ",y`<i>|,"), encoding="utf-8")
    page = review_page(read_again(["small"], Kept()))
    assert "<b>" not in page
    assert "{value}`" not in page
    assert "`y'<i>/`" in page


def test_the_page_shows_each_check_of_a_state_once(small):
    check = CHECKS["R13"]
    notes = [Note(check, LOOK, code, "It has no definition.", "codebook.csv") for code in ("a", "b")]
    reading = read_again(["small"], Kept())[0]._replace(notes=notes)
    page = review_page([reading])
    assert "`a`, `b`: It has no definition" in page


@pytest.mark.parametrize("file", ["data/studies/small/review.csv", "data/synthesis/argument.csv"])
def test_an_answer_and_a_finding_across_studies_make_the_book_stale(small, file):
    before = fingerprint(["small"])
    path = small.parents[2] / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(ANSWERS, encoding="utf-8")
    assert fingerprint(["small"]) != before


def test_a_default_chapter_is_read_like_a_written_one(small):
    (reading,) = read_again(["small"], Kept())
    assert list(reading.material.prose) == ["book/study.md"]
    chapter = small.parents[2] / "book" / "studies" / "small.md"
    chapter.parent.mkdir()
    chapter.write_text("# Small\n\n## Limits\n", encoding="utf-8")
    assert list(read_again(["small"], Kept())[0].material.prose) == ["book/studies/small.md"]


def test_what_a_check_finds_is_worth_a_look_where_it_does_not_say_less():
    assert Found("a", "It is so.", "b.csv").state == LOOK


def test_a_build_ends_with_what_the_second_reader_notes():
    from crosscase.pipeline.main_job import BuildSummary

    assert (
        "second reader: 2 worth a look (crosscase review tells them)"
        in BuildSummary(review="2 worth a look").summary().splitlines()
    )
    assert "second reader" not in BuildSummary().summary()
