"""What people judged across studies, and their ratings: unknown studies, themes, constructs and ratings are told."""

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.study import load_shared
from crosscase.study.check import check_study
from crosscase.study.check_shared import check_synthesis

FRAMEWORK = "construct,label,parent,order,source\nouter,Outer setting,,1,me\nouter/law,Law,outer,2,me\n"
RATING = "case,framework,construct,rating,rater,round,rationale\n"
EVIDENCE = "finding,study,theme\n"
CERQUAL = "finding,component,judgement,rationale,judge\n"
APPRAISALS = "study,suitability,limitations,judge,rationale,judged_on\n"
CHANGES = "framework,version,change,construct,label,reason,decided_by,decided_on\n"
DECISIONS = "framework,study,theme,decision,construct,reason,decided_by,decided_on\n"
BY = "fits,anna,2026-01-02\n"


@pytest.fixture
def shared(small):
    """Folder of the tables across studies, beside a small study and a framework of two constructs."""
    (paths.frameworks()).mkdir(parents=True, exist_ok=True)
    (paths.frameworks() / "mine.csv").write_text(FRAMEWORK, encoding="utf-8")
    folder = paths.studies().parent / "synthesis"
    folder.mkdir(exist_ok=True)
    return folder


def write(folder, name, text):
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")


def told():
    return "\n".join(map(str, check_synthesis()))


def test_right_judgements_have_no_problem(shared):
    write(shared, "findings", "finding,statement,author\nf1,Trust helps.,anna\n")
    write(shared, "finding_evidence", EVIDENCE + "f1,small,working\n")
    write(shared, "cerqual", CERQUAL + "f1,coherence,minor,one differs,anna\nouter/law,overall,low,thin,anna\n")
    write(shared, "framework_changes", CHANGES + "mine,2,added,outer/luck,Luck," + BY)
    write(shared, "leftover_decisions", DECISIONS + "mine,small,funding,existing_construct,outer/luck," + BY)
    assert check_synthesis() == []
    assert load_shared("findings")["finding"].tolist() == ["f1"]


@pytest.mark.parametrize(
    ("table", "text", "place", "words"),
    [
        ("finding_evidence", EVIDENCE + "f9,small,working\n", "finding_evidence.csv, row 2, column finding", "'f9'"),
        ("finding_evidence", EVIDENCE + "outer,big,working\n", "row 2, column study", "small"),
        ("finding_evidence", EVIDENCE + "outer,small,workin\n", "row 2, column theme", "perhaps working"),
        ("cerqual", CERQUAL + "f9,coherence,minor,x,anna\n", "row 2, column finding", "'f9'"),
        ("cerqual", CERQUAL + "outer,coherence,nice,x,anna\n", "row 2, column judgement", "serious"),
        ("appraisals", APPRAISALS + "big,3,minor,anna,x,2026-01-02\n", "row 2, column study", "'big'"),
        (
            "leftover_decisions", DECISIONS + "mine,small,funding,existing_construct,outer/lav," + BY,
            "row 2, column construct", "perhaps outer/law",
        ),
        (
            "leftover_decisions", DECISIONS + "mine,small,funding,existing_construct,," + BY,
            "row 2, column construct", "without one",
        ),
        ("leftover_decisions", DECISIONS + "yours,small,funding,outside,," + BY, "row 2, column framework", "mine"),
        (
            "framework_changes", CHANGES + "mine,2,renamed,outer/lav,Law," + BY,
            "row 2, column construct", "perhaps outer/law",
        ),
        ("opinions", "a,b\n1,2\n", "synthesis/opinions.csv", "only tables of the dictionary"),
    ],
)  # fmt: skip
def test_each_rule_names_its_place(shared, table, text, place, words):
    write(shared, table, text)
    report = told()
    assert place in report
    assert words in report


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        ("north,mine,outer/law,+1,anna,consensus,two gave examples", "", ""),
        ("north,mine,outer/lav,+1,anna,consensus,x", "row 2, column construct", "perhaps outer/law"),
        ("north,yours,outer/law,+1,anna,consensus,x", "row 2, column framework", "mine"),
        ("north,mine,outer/law,5,anna,consensus,x", "row 2, column rating", "missing"),
        ("nord,mine,outer/law,+1,anna,consensus,x", "row 2, column case", "perhaps north"),
        ("north,mine,outer/law,+1,anna,consensus,", "row 2, column rationale", ""),
    ],
)  # fmt: skip
def test_ratings_keep_to_cases_frameworks_and_their_scale(shared, small, row, place, words):
    write(small, "cfir_ratings", RATING + row + "\n")
    report = "\n".join(map(str, check_study("small")))
    assert (f"small/cfir_ratings.csv, {place}" in report) if place else report == ""
    assert words in report


def test_an_unreadable_table_is_told_with_the_others(shared):
    write(shared, "cerqual", "finding,component\nf1\n")
    write(shared, "opinions", "a\n1\n")
    assert "opinions" in told()
    assert "cerqual.csv" in told()
    with pytest.raises(CrosscaseError):
        load_shared("cerqual")
