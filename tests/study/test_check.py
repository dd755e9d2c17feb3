"""Each rule of a study is told with its place, and everything that is wrong is told at once."""

import pytest

from crosscase.study import list_studies
from crosscase.study.check import check_frameworks, check_study

SPAN = "small/codings.csv, row 3, columns start, end"


def told(problems):
    return "\n".join(str(problem) for problem in problems)


def test_a_right_study_has_no_problem(small, text):
    assert check_study("small") == []


@pytest.mark.parametrize(
    ("table", "before", "after", "place", "words"),
    [
        ("cases", "south,South,case", "south,South,kase", "small/cases.csv, row 3, column kind", "case, all, subset"),
        ("cases", "south,South", "north,South", "small/cases.csv, row 3, column case", "has one row"),
        ("cases", "both,Both,all,2", "both,Both,all,two", "small/cases.csv, row 4, column k", "a whole number"),
        ("codings", "x2,one.txt,19,35", "x2,one.txt,19,99", SPAN, "<= 60"),
        ("codings", "x2,one.txt,19,35", "x2,one.txt,35,19", SPAN, "start < end"),
        ("codings", "x2,one.txt,19,35", "x2,one.txt,19,19", SPAN, "19-19; allowed: 0 <= start < end, both or none"),
        ("codings", "x2,one.txt", "x2,two.txt", "row 3, column document", "document of documents.csv"),
        ("codings", "18,trust,x", "18,turst,x", "small/codings.csv, row 2, column code", "perhaps trust"),
        ("codings", "nurse;client", "nurse;clown", "small/codings.csv, row 2, column role", "'clown'"),
        ("codings", "35,money,x", "35,money,z", "small/codings.csv, row 3, column coder", "described in study.yml"),
        ("codings", "x2,one.txt,19,35", "x2,one.txt,,", "small/codings.csv, row 3", "a locator"),
        ("relations", "funding,working", "funds,working", "row 2, column source", "perhaps funding"),
        ("relations", "+,stated", "*,stated", "small/relations.csv, row 2, column sign", "+, -, ?"),
        ("codebook", "relations,Relations,", "relations,Relations,trust", "small/codebook.csv, row 2", "no circle"),
        ("documents", "verbatim", "public", "row 2, column release", "verbatim, paraphrase, none"),
        ("roles", "nurse,Nurse,role", "nurse,Nurse", "small/roles.csv, row 2", "2 cells where the header has 3"),
        ("roles", "role,label,kind", "role,label,sort", "small/roles.csv, row 1", "'sort'"),
    ],
)  # fmt: skip
def test_each_rule_names_place_and_remedy(small, table, before, after, place, words):
    path = small / f"{table}.csv"
    content = path.read_text()
    assert before in content
    path.write_text(content.replace(before, after, 1))
    report = told(check_study("small"))
    assert place in report
    assert words in report


def test_all_problems_come_at_once(small):
    for table, before, after in (("cases", "case,,,partial", "kase,,,partial"), ("codings", "x2,one", "x2,two")):
        path = small / f"{table}.csv"
        path.write_text(path.read_text().replace(before, after))
    (small / "notes.csv").write_text("a,b\n1,2\n")
    (small / "documents.csv").unlink()
    report = told(check_study("small"))
    for words in (
        "cases.csv, row 3",
        "codings.csv, row 3",
        "notes.csv: only tables of the dictionary",
        "the table is required",
    ):
        assert words in report


def test_a_changed_text_is_told_and_nothing_is_sliced(small, text):
    text.write_bytes(text.read_bytes().replace(b"slowly", b"slowlx"))
    assert "SHA-256" in told(check_study("small"))


def test_a_drifted_quotation_is_told(small, text):
    path = small / "codings.csv"
    lines = path.read_text().splitlines()
    path.write_text(
        "\n".join([lines[0] + ",quotation_hmac", lines[1] + "," + "0" * 64, *(x + "," for x in lines[2:])]) + "\n"
    )
    assert check_study("small") == []  # without the key nothing can be said
    (text.parent / "hash.key").write_text("ab" * 32 + "\n")
    assert "row 2, column quotation_hmac" in told(check_study("small"))
    (text.parent / "hash.key").write_text("not a key\n")
    assert "hash.key: a key has 64 hexadecimal digits" in told(check_study("small"))


def test_study_yml_refuses_what_it_does_not_know(small):
    (small / "study.yml").write_text("title: A\nshort_title: A\nquestion: Q\nstance: relfexive\nstanse: x\n")
    report = told(check_study("small"))
    assert "key stance" in report
    assert "'reflexive'" in report
    assert "key stanse: only known keys" in report


def test_not_utf8_is_told(small):
    (small / "roles.csv").write_bytes(b"role,label,kind\nnurse,\x81\x8d\x8f\x90,role\n")
    assert "files are UTF-8" in told(check_study("small"))


def test_the_embedded_studies_are_right():
    assert len(list_studies()) >= 5
    assert [p for name in list_studies() for p in check_study(name)] == []
    assert check_frameworks() == []


@pytest.mark.parametrize(
    ("spans", "words"),
    [("0-18;19-35", ""), ("0-99", "start < end <= 60"), ("18-18", "start < end"), ("²-³", "²-³"), ("5", "5")],
)
def test_spans_of_a_relation_lie_in_its_document(small, text, spans, words):
    path = small / "relations.csv"
    path.write_text(
        f"relation,source,target,sign,kind,directed,document,spans\nr1,funding,working,+,stated,true,one.txt,{spans}\n"
    )
    report = told(check_study("small"))
    assert ("small/relations.csv, row 2, column spans" in report and words in report) if words else not report
