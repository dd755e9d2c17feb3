"""The reading of positions: translation there and back, and the choice among readings on texts made for it."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.documents import normalise
from crosscase.exchange.positions import (
    UNITS,
    Reading,
    _border_scores,
    _kinds,
    border_score,
    calibrate,
    cuts,
    expected_reading,
    from_code_points,
    to_code_points,
)

RAW = st.lists(st.sampled_from(["a", "é", "中", "😀", " ", "\r\n", "word"])).map("".join)
READINGS = [Reading(u, n, m, i) for u, n, m, i in product(UNITS, (1, 2), (False, True), (False, True))]


def counted(raw, at, reading):
    """Count a position slowly, character by character, as the reading says."""
    marked = raw.startswith("\ufeff")
    body = raw.removeprefix("\ufeff")
    size = {
        "code point": lambda c: 1,
        "utf-16": lambda c: len(c.encode("utf-16-le")) // 2,
        "utf-8": lambda c: len(c.encode()),
    }
    total = (3 if reading.unit == "utf-8" else 1) if marked and reading.mark else 0
    characters = re.findall("\r\n|.", body, re.DOTALL)
    for character in characters[:at]:
        if character == "\r\n":
            total += 2 if reading.line_end == 2 else 1
        else:
            total += size[reading.unit](character)
    return total


@settings(max_examples=60)
@given(raw=RAW, mark=st.booleans(), reading=st.sampled_from(READINGS))
def test_every_reading_is_undone(raw, mark, reading):
    raw = "\ufeff" + raw if mark else raw
    offsets = np.arange(len(normalise(raw)) + 1)
    theirs = np.array([counted(raw, at, reading) for at in offsets])
    start, end = to_code_points(raw, theirs, theirs - reading.inclusive, reading)
    assert start.tolist() == offsets.tolist()
    assert end.tolist() == offsets.tolist()
    plain = Reading(reading.unit, reading.line_end)
    assert from_code_points(raw, offsets, plain).tolist() == [
        counted(raw.removeprefix("\ufeff"), at, plain) for at in offsets
    ]


TEXT = "\ufeff" + "\r\n".join(f"Zeile {n} 😀 sagt wörtlich etwas über die Pflege 😀 und mehr." for n in range(30))


@pytest.mark.parametrize("reading", [r for r in READINGS if r != Reading("utf-8", 1, True, True)], ids=str)
def test_the_reading_that_was_used_is_found(reading):
    text = normalise(TEXT)
    spans = [(m.start(), m.end()) for m in re.finditer(r"wörtlich etwas|Pflege|mehr", text)]
    start = np.array([counted(TEXT, a, reading) for a, _ in spans])
    end = np.array([counted(TEXT, b, reading) for _, b in spans]) - reading.inclusive
    choice = calibrate([(TEXT, start, end)], Reading("code point", 2))
    a, b = to_code_points(TEXT, start, end, choice.reading)
    assert list(zip(a.tolist(), b.tolist())) == spans, choice
    assert choice.score == 1.0
    assert choice.n == len(spans) == 90


def test_few_selections_never_overrule_what_a_program_is_known_to_do():
    text = "one two three four"
    start, end = np.array([0, 5]), np.array([2, 6])
    choice = calibrate([(text, start, end)], Reading())
    assert not choice.reading.inclusive
    assert calibrate([], Reading()).n == 0


def test_without_selections_or_on_plain_text_readings_coincide():
    assert calibrate([("plain", np.array([0]), np.array([5]))], expected_reading("NVivo 20.1")).reading.unit == "utf-16"


@pytest.mark.parametrize(
    ("origin", "unit"),
    [
        ("NVivo 12.6", "utf-16"),
        ("NVivo for Mac 20.5.0", "code point"),
        ("MAXQDA 24.7", "utf-16"),
        ("qc", "code point"),
        ("", "code point"),
    ],
)
def test_known_programs(origin, unit):
    assert expected_reading(origin).unit == unit


def test_words_and_borders():
    assert [cuts("ab cd", *span) for span in [(0, 2), (0, 1), (1, 2), (3, 5), (3, 6), (2, 2)]] == [
        False, True, True, False, True, True,
    ]  # fmt: skip
    assert border_score("ab cd", 0, 3) == 0.75
    assert border_score("ab cd", 0, 9) == 0.0


def test_borders_are_scored_together_as_one_by_one():
    text = "ab c\u00e9\n.\U0001f600 \u0646\u4e2d 1"
    spans = [(a, b) for a in range(-1, len(text) + 2) for b in range(-1, len(text) + 2)]
    start, end = np.array(spans).T
    assert _border_scores(_kinds(text), start, end).tolist() == [border_score(text, a, b) for a, b in spans]
