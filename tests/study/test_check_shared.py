"""What is argued and judged across studies, and ratings: what does not exist or does not follow is told."""

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.study import load_shared
from crosscase.study.check import check_study
from crosscase.study.check_shared import check_synthesis

FRAMEWORK = "construct,label,parent,order,source\nouter,Outer setting,,1,me\nouter/law,Law,outer,2,me\n"
RATING = "case,framework,construct,rating,rater,round,rationale\n"
ARGUMENT = "finding,heading,statement,kind,strength,codes,direction,segments,against,looked_for,author,date\n"
FINDING = (
    "f1,Trust helps,Trust helps.,cross_case,stated,trust,promotes,small.x1,,Distrust that helps.,anna,2026-11-29\n"
)
PROPOSITIONS = "proposition,kind,label,statement,source,cause,effect,mechanism,predicts,weighing,author,date\n"
TRUST = "p1,proposition,Trust,Trust carries.,someone2000,,,,Trust helps.,,anna,2026-11-29\n"
MATCHES = "proposition,study,match,segments,against,reason,author\n"
CERQUAL = "finding,component,judgement,rationale,judge\n"
APPRAISALS = "study,limitations,judge,rationale,judged_on\n"
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
    write(shared, "argument", ARGUMENT + FINDING)
    write(shared, "propositions", PROPOSITIONS + TRUST)
    write(shared, "pattern_matches", MATCHES + "p1,small,supported,x1,,said so,anna\n")
    write(shared, "cerqual", CERQUAL + "f1,coherence,minor,one differs,anna\nf1,overall,low,thin,anna\n")
    write(shared, "framework_changes", CHANGES + "mine,2,added,outer/luck,Luck," + BY)
    write(shared, "leftover_decisions", DECISIONS + "mine,small,funding,existing_construct,outer/luck," + BY)
    assert check_synthesis() == []
    assert load_shared("argument_across")["finding"].tolist() == ["f1"]


@pytest.mark.parametrize(
    ("table", "text", "place", "words"),
    [
        ("argument", ARGUMENT + FINDING.replace("x1", "x9"), "argument.csv, row 2, column segments", "'small.x9'"),
        ("argument", ARGUMENT + FINDING.replace("small.x1", "x1"), "row 2, column segments", "'x1'"),
        ("argument", ARGUMENT + FINDING.replace("promotes", "inhibits"), "column direction", "small.x1: promotes"),
        ("argument", ARGUMENT + FINDING.replace("Distrust that helps.", ""), "column looked_for", "nothing"),
        ("propositions", PROPOSITIONS + TRUST.replace("Trust helps.", ""), "column predicts", "a proposition has"),
        ("propositions", PROPOSITIONS + TRUST.replace("proposition", "mechanism"), "column cause", "a mechanism has"),
        ("propositions", PROPOSITIONS + TRUST.replace(",proposition,", ",rival,"), "column weighing", "a rival has"),
        ("pattern_matches", MATCHES + "p9,small,silent,,,none,anna\n", "row 2, column proposition", "'p9'"),
        ("pattern_matches", MATCHES + "p1,big,silent,,,none,anna\n", "row 2, column study", "'big'"),
        ("pattern_matches", MATCHES + "p1,small,supported,,,none,anna\n", "row 2, column match", "allowed: silent"),
        ("pattern_matches", MATCHES + "p1,small,supported,x9,,none,anna\n", "row 2, column segments", "'x9'"),
        ("pattern_matches", MATCHES + "p1,small,perhaps,x1,,none,anna\n", "row 2, column match", "silent"),
        ("cerqual", CERQUAL + "f9,coherence,minor,x,anna\n", "row 2, column finding", "'f9'"),
        ("cerqual", CERQUAL + "f1,coherence,nice,x,anna\n", "row 2, column judgement", "serious"),
        ("appraisals", APPRAISALS + "big,minor,anna,x,2026-01-02\n", "row 2, column study", "'big'"),
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


def test_a_proposition_that_is_not_matched_with_a_study_is_told(shared):
    write(shared, "propositions", PROPOSITIONS + TRUST + TRUST.replace("p1", "p2"))
    write(shared, "pattern_matches", MATCHES + "p1,small,silent,,,none,anna\n")
    assert "synthesis/pattern_matches.csv: each proposition is matched with each study; found none of 'p2'" in told()
