"""An adjudication corrects the primary coding and touches no coding; a finding stands on codings that stand."""

import pandas as pd
import pytest

from crosscase.study import load, load_study
from crosscase.study.check import check_study

HEAD = "adjudication,round,decided_on,decided_by,change,coding_id,document,start,end,code,valence,reason\n"
ROUND = "adjudication-2026-11-29,2026-11-29,y"
CHANGED = f"j1,{ROUND},changed,x2,,,,,condition,It is a condition.\n"
ADDED = f"j2,{ROUND},added,,one.txt,37,60,trust,promotes,The help was passed over.\n"
WITHDRAWN = f"j3,{ROUND},withdrawn,x1,,,,,,It says nothing of trust.\n"
FINDINGS = "finding,heading,statement,kind,strength,codes,direction,segments,against,looked_for,author,date\n"


def told(problems):
    return "\n".join(str(problem) for problem in problems)


@pytest.fixture
def decided(small):
    (small / "adjudications.csv").write_text(HEAD + CHANGED + ADDED + WITHDRAWN)
    return small


def test_the_codings_that_stand_are_worked_out_once_and_each_caller_has_its_own(decided, monkeypatch):
    study, asked = load_study("small"), []
    worked_out = load.adjudicated
    monkeypatch.setattr(load, "adjudicated", lambda *given: asked.append(1) or worked_out(*given))
    study.primary_codings()["code"] = "spoiled"
    assert study.primary_codings()["code"].tolist() == ["money", "trust"]
    assert len(asked) == 1


def test_the_primary_coding_is_adjudicated_and_no_coding_is_touched(decided):
    study = load_study("small")
    assert study.codings["coding_id"].tolist() == ["x1", "x2", "y1"]
    found = study.primary_codings().set_index("coding_id")
    assert found.index.tolist() == ["j1", "j2"]
    changed, added = found.loc["j1"], found.loc["j2"]
    assert (changed["start"], changed["code"], changed["valence"], changed["theme"]) == (
        19,
        "money",
        "condition",
        "funding",
    )
    assert (added["start"], added["end"], added["code"]) == (37, 60, "trust")
    assert pd.isna(added["theme"])
    assert found["coder"].unique().tolist() == ["y"]
    assert found["round"].unique().tolist() == ["adjudication-2026-11-29"]
    assert study.standing_codings()["coding_id"].tolist() == ["j1", "j2", "y1"]
    assert check_study("small") == []


def test_where_the_author_is_found_to_speak_no_role_does(small):
    head = "adjudication,round,decided_on,decided_by,change,coding_id,role_mode,reason\n"
    (small / "adjudications.csv").write_text(head + f"j1,{ROUND},changed,x1,author,The author words it.\n")
    study = load_study("small")
    assert study.codings.loc[0, "role"] == "nurse;client"
    found = study.primary_codings().set_index("coding_id").loc["j1"]
    assert (found["code"], found["role_mode"]) == ("trust", "author")
    assert pd.isna(found["role"])


@pytest.mark.parametrize(("end", "words"), [("30", ""), ("19", "19-19"), ("99", "<= 60")])
def test_the_end_of_a_segment_can_be_changed_alone(small, end, words):
    (small / "adjudications.csv").write_text(
        f"adjudication,round,decided_on,decided_by,change,coding_id,end,reason\nj1,{ROUND},changed,x2,{end},Shorter.\n"
    )
    report = told(check_study("small"))
    assert (words in report and "row 2" in report) if words else not report


def test_without_adjudications_the_codings_stand_as_they_are(small):
    study = load_study("small")
    assert study.primary_codings()["coding_id"].tolist() == ["x1", "x2"]
    assert study.primary_codings().dtypes.equals(study.codings.dtypes)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"j1,{ROUND},changed,y1,,,,,condition,Why.\n", "the coding is one of the primary coder x"),
        (f"j1,{ROUND},changed,,,,,,condition,Why.\n", "what is changed or withdrawn is a coding"),
        (f"j1,{ROUND},changed,x1,,,,,,Why.\n", "something is changed"),
        (f"j1,{ROUND},added,x1,one.txt,0,5,trust,,Why.\n", "a coding that is added replaces none"),
        (f"j1,{ROUND},added,,one.txt,0,5,,,Why.\n", "a coding that is added has document, start, end and code"),
        (f"x1,{ROUND},withdrawn,x2,,,,,,Why.\n", "the id is that of no coding"),
        (CHANGED + f"j2,{ROUND},withdrawn,x2,,,,,,Why.\n", "one coding is decided once"),
        (f"j1,{ROUND},withdrawn,x9,,,,,,Why.\n", "'x9'"),
        (f"j1,{ROUND},added,,one.txt,50,99,trust,,Why.\n", "<= 60"),
    ],
)
def test_what_is_wrong_with_an_adjudication_is_told_with_its_row(small, row, words):
    (small / "adjudications.csv").write_text(HEAD + row)
    report = told(check_study("small"))
    assert "small/adjudications.csv, row" in report
    assert words in report


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("f1,H,S,within_case,stated,money,inhibits,x2,x1,,y,2026-11-29\n", ""),
        ("f1,H,S,within_case,stated,money,inhibits,x2,,Help with money.,y,2026-11-29\n", ""),
        ("f1,H,S,within_case,stated,money,inhibits,x2,,,y,2026-11-29\n", "it is said what was looked for"),
        ("f1,H,S,within_case,stated,money,promotes,x2,x1,,y,2026-11-29\n", "x2: inhibits"),
        ("f1,H,S,within_case,stated,trust,,x2,x1,,y,2026-11-29\n", "x2: money"),
        ("f1,H,S,within_case,stated,money;trust,,x2,x1,,y,2026-11-29\n", "each of its codes is carried"),
        ("f1,H,S,within_case,stated,money,,x9,x1,,y,2026-11-29\n", "'x9'"),
        ("f1,H,S,within_case,stated,money,,x2,F9,,y,2026-11-29\n", "or of a fact"),
        ("f1,H,S,within_case,stated,,,,x1,,y,2026-11-29\n", "silence is none"),
        ("f1,Agreed in none,S,within_case,stated,money,,x2,x1,,y,2026-11-29\n", "a heading holds no number"),
        ("f1,H,Two agreed.,within_case,stated,money,,x2,x1,,y,2026-11-29\n", "'Two'"),
        ("f1,H,{value:s.n} of one {given:12},within_case,stated,money,,x2,x1,,y,2026-11-29\n", ""),
        (f"f1,{'a ' * 15},S,within_case,stated,money,,x2,x1,,y,2026-11-29\n", "15 words"),
    ],
)
def test_a_finding_stands_on_what_it_claims(small, row, words):
    (small / "argument.csv").write_text(FINDINGS + row)
    report = told(check_study("small"))
    assert ("small/argument.csv, row 2" in report and words in report) if words else not report


def test_a_finding_stands_on_the_coding_that_stands(decided):
    row = "f1,H,S,within_case,stated,money,{},{},j2,,y,2026-11-29\n"
    (decided / "argument.csv").write_text(FINDINGS + row.format("condition", "j1"))
    assert check_study("small") == []
    (decided / "argument.csv").write_text(FINDINGS + row.format("inhibits", "x2"))
    assert "the id is that of a coding that stands" in told(check_study("small"))
