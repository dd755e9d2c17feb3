"""What is wrong with decisions and changes of a study is told by row; what the embedded studies say of themselves."""

import re

import pytest

from crosscase.study import list_studies, load_study
from crosscase.study.check import check_study
from crosscase.study.trail import DECIDED, PLACES, WRITTEN

MEMOS = "memo,number,codes,proposal,decision,reason,decided_by,decided_on\n"
CHANGES = "version,code,column,before,after,reason,decided_by,decided_on\n"
DAY = "x,2026-11-29\n"


def told(problems):
    return "\n".join(str(problem) for problem in problems)


@pytest.fixture
def described(small):
    """The small study with a memo and with definitions."""
    (small / "memos").mkdir()
    (small / "memos" / "x.md").write_text("Part them.\n")
    (small / "codebook.csv").write_text(
        "code,label,parent,definition\nrelations,Relations,,\ntrust,Trust,relations,Being sure\nmoney,Money,,\n"
    )
    return small


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"x,1,trust,Part it.,put_off,Later.,{DAY}", ""),
        (f"y,1,trust,Part it.,put_off,Later.,{DAY}", "the memo is a file under memos/; found 'y'; allowed: x"),
        (f"x,1,trst,Part it.,put_off,Later.,{DAY}", "'trst'"),
        (f"x,1,trust,Part it.,maybe,Later.,{DAY}", "'maybe'"),
        (
            "x,1,trust,Part it.,put_off,Later.,z,2026-11-29\n",
            "who decided is described in study.yml, key coders; found 'z'",
        ),
        (f"x,1,trust,Part it.,put_off,Later.,{DAY}x,1,,Stop.,declined,No.,{DAY}", "each memo + number has one row"),
    ],
)
def test_a_decision_on_a_memo(described, row, words):
    (described / "memo_decisions.csv").write_text(MEMOS + row)
    report = told(check_study("small"))
    assert ("small/memo_decisions.csv, row" in report and words in report) if words else not report


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (f"2,trust,definition,Being there,Being sure,Wide.,{DAY}", ""),
        (f"2,trust,definition,A,B,Wide.,{DAY}3,trust,definition,B,Being sure,Wide.,{DAY}", ""),
        (f"2,trust,code,,trust,New.,{DAY}", ""),
        (f"2,trust,definition,Being there,Being safe,Wide.,{DAY}", "row 2, column after"),
        (f"2,trust,definition,A,B,Wide.,{DAY}3,trust,definition,C,Being sure,Wide.,{DAY}", "row 2, column after"),
        (f"2,trust,meaning,A,B,Wide.,{DAY}", "what is changed is a column of codebook.csv; found 'meaning'"),
        ("2,trust,definition,A,Being sure,Wide.,z,2026-11-29\n", "found 'z'"),
    ],
)
def test_a_change_of_the_codebook(described, rows, words):
    (described / "codebook_changes.csv").write_text(CHANGES + rows)
    report = told(check_study("small"))
    assert ("small/codebook_changes.csv" in report and words in report) if words else not report


def test_who_adjudicated_is_described(described):
    head = "adjudication,round,decided_on,decided_by,change,coding_id,reason\n"
    (described / "adjudications.csv").write_text(f"{head}j1,meeting,2026-11-29,z,withdrawn,x1,Why.\n")
    assert "small/adjudications.csv, row 2, column decided_by" in told(check_study("small"))


def test_reflexivity_is_read_and_an_unknown_key_refused(described):
    file = described / "study.yml"
    file.write_text(file.read_text() + "reflexivity:\n  researchers: Two nurses.\n  unknown: [who typed]\n")
    about = load_study("small").info.reflexivity
    assert (about.researchers, about.relation, about.unknown) == ("Two nurses.", "", ["who typed"])
    file.write_text(file.read_text() + "  feelings: mixed\n")
    assert "reflexivity.feelings" in told(check_study("small"))


def test_places_are_keys_and_tables_that_exist(described):
    study = load_study("small")
    assert all(hasattr(study.info.reflexivity, name) for name in WRITTEN)
    assert all(study.table(name).empty for name in DECIDED)
    assert len(WRITTEN) + len(DECIDED) == len(PLACES)


@pytest.mark.parametrize("name", list_studies())
def test_the_embedded_studies_say_who_made_them(name):
    study = load_study(name)
    about = study.info.reflexivity
    assert "Not us" in about.researchers
    assert "language models" in about.researchers
    assert about.relation
    assert about.instructions
    assert any("language models" in line for line in about.unknown)


@pytest.mark.parametrize("name", list_studies())
def test_every_memo_of_the_embedded_studies_is_answered(name):
    study = load_study(name)
    decided = study.memo_decisions
    assert set(decided["memo"]) == set(study.memos())
    for memo, rows in decided.groupby("memo"):
        assert rows["number"].tolist() == list(range(1, len(rows) + 1)), memo
        entries = len(re.findall(r"^- ", study.memos()[memo], re.M))
        assert len(rows) == entries, memo
    named = set(re.findall(r"\b[AJ]\d{3}-\d{3}\b", " ".join(decided["reason"])))
    ids = {*study.codings["coding_id"], *study.adjudications["adjudication"]}
    assert named
    assert not {each for each in named - ids if each[0] == "A" or study.has("adjudications")}
