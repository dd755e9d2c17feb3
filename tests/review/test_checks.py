"""Each check finds what is planted, and nothing where nothing is."""

import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from planted import CODE, PLANTED, WITH, clean

from crosscase.review import CHECKS, LOOK, TIP, review

ALARMS = (LOOK, TIP)


def alarms(notes):
    return {note.check.number for note in notes if note.state in ALARMS}


def test_there_is_a_planted_study_for_each_check():
    assert list(PLANTED) == list(CHECKS)
    assert len(CHECKS) >= 25


def test_nothing_is_wrong_with_the_study_that_is_spoilt():
    assert alarms(review(clean().material())) == set()


@pytest.mark.parametrize("number", PLANTED)
def test_a_check_finds_what_is_planted_and_nothing_else(number):
    spoil, subject = PLANTED[number]
    made = clean()
    spoil(made)
    notes = review(made.material())
    mine = [note for note in notes if note.check.number == number and note.state in ALARMS]
    assert mine, f"{number} finds nothing"
    assert subject in {note.subject for note in mine} or not subject
    assert alarms(notes) == {number} | WITH.get(number, set())
    for note in mine:
        assert note.said.endswith(".")
        assert note.place


@pytest.mark.parametrize("check", CHECKS.values(), ids=lambda check: check.number)
def test_a_check_says_why_it_is_asked_and_who_says_so(check):
    assert re.fullmatch(r"R\d\d", check.number)
    assert check.question.endswith("?")
    assert check.reason.endswith(".")
    assert re.search(r"\b(19|20)\d\d\b", check.source)


def test_a_number_stays_with_its_question():
    """An answer in review.csv names the number."""
    known = Path(__file__).with_name("numbers.txt").read_text(encoding="utf-8").splitlines()
    assert [f"{check.number} {check.name}" for check in CHECKS.values()] == known


def test_a_negative_case_goes_against_the_rest_and_says_so():
    made = clean()
    PLANTED["R27"][0](made)
    rest = [note for note in review(made.material()) if note.check.number == "R27" and note.state in ALARMS]
    others = made.frames["codings"].loc[made.where("codings", code=CODE, valence="inhibits"), "coding_id"]
    made.set("argument", "finding", "upside-down", kind="negative_case", against=";".join(others))
    told = [note for note in review(made.material()) if note.check.number == "R27" and note.state in ALARMS]
    assert [note.subject for note in rest] == ["upside-down"]
    assert told == []
