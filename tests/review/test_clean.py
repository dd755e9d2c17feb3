"""No false alarm: what is borne out by its segments is not called into question."""

from collections import Counter

import numpy as np
import pytest

from crosscase.review import CHECKS, LOOK, PASSED, TIP, Computed, Material, review
from crosscase.simulate import claimed_study
from crosscase.stances import STANCES
from crosscase.study import StudyInfo

KNOWN = sorted(set(STANCES) - {"unspecified"})
"""A study that does not state its stance is told so."""
TOGETHER = {"coding_reliability", "content_analysis"}


def simulated(seed):
    """Draw a clean study of any size and stance."""
    rng = np.random.default_rng(seed)
    stance = KNOWN[seed % len(KNOWN)]
    made = claimed_study(
        stance=stance,
        n_cases=int(rng.integers(2, 6)),
        n_documents=int(rng.integers(2, 5)),
        n_roles=int(rng.integers(2, 7)),
        n_themes=int(rng.integers(2, 7)),
        n_coders=int(rng.integers(1 + (stance in TOGETHER), 4)),
        agreement=float(rng.uniform(0.6, 1)),
        contrary=float(rng.uniform(0, 0.4)),
        seed=seed,
    )
    info = StudyInfo(**made.info)
    return Material(made.name, info, made.frames, made.prose, Computed(made.values), made.memos)


def alarms(notes):
    return [f"{note.check.number} {note.subject}: {note.said}" for note in notes if note.state in (LOOK, TIP)]


@pytest.mark.parametrize("seed", range(10))
def test_a_clean_study_raises_no_alarm(seed):
    assert alarms(review(simulated(seed))) == []


@pytest.mark.long
def test_two_hundred_clean_studies_raise_no_alarm_and_pass_every_check():
    passed = Counter()
    for seed in range(200):
        notes = review(simulated(seed))
        assert alarms(notes) == [], seed
        passed.update(note.check.number for note in notes if note.state == PASSED)
    assert {number for number in CHECKS if passed[number] < 10} == set()
