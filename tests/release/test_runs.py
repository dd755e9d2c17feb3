"""Every run of 40 characters is found whatever its dress; nothing shorter is told, and nothing that is not there."""

from __future__ import annotations

import html
import json
import re
import unicodedata

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from crosscase.release import runs
from crosscase.release.letters import letters, positions, tidy
from crosscase.release.runs import LETTERS, MEASURE, Secrets
from crosscase.release.views import views

WORD = st.text("abcdefghijklmnopqrstuvwxyzäöüéñøßœжшы文字", min_size=2, max_size=9)
MARK = st.sampled_from([" ", " ", " ", ", ", ". ", " – ", "\n", "\n\n", "; ", " (", "’s "])
SECRET = st.lists(st.tuples(WORD, MARK), min_size=30, max_size=60).map(lambda parts: "".join(w + m for w, m in parts))


def between(text, inner, every=3):
    """Put something between letters of a word, never at its end."""
    inside = [n % every == every - 1 and text[n : n + 2].isalnum() and n + 1 < len(text) for n in range(len(text))]
    return "".join(c + (inner if put else "") for c, put in zip(text, inside))


DRESS = {
    "plain": lambda t: t,
    "capitals": lambda t: t.upper(),
    "one line": lambda t: re.sub(r"\s+", " ", t),
    "a word a line": lambda t: re.sub(r"\s+", "\r\n\t", t),
    "broken words": lambda t: between(t, "-\n"),
    "soft hyphens": lambda t: between(t, "\u00ad"),
    "nothing wide": lambda t: between(t, "\u200b", 2),
    "accents apart": lambda t: unicodedata.normalize("NFD", t),
    "wide letters": lambda t: "".join(chr(ord(c) + 0xFEE0) if "a" <= c <= "z" else c for c in t),
    "other quotes": lambda t: t.replace("’", "'").replace("–", "-"),
    "entities": lambda t: "".join(f"&#{ord(c)};" for c in t),
    "hexadecimal entities": lambda t: "".join(f"&#x{ord(c):X};" if n % 2 else c for n, c in enumerate(t)),
    "named entities": lambda t: html.escape(t).encode("ascii", "xmlcharrefreplace").decode(),
    "tags": lambda t: between(t, "</b><b class='x'>"),
    "tags and entities": lambda t: between("".join(f"&#{ord(c)};" if c in "aeé" else c for c in t), ""),
    "json": json.dumps,
    "json in json": lambda t: json.dumps(json.dumps({"a": t})),
    "a page in json": lambda t: json.dumps(between(t, "<i>").replace("<i>", "<i></i>")),
    "python": ascii,
    "of a script": lambda t: t.replace("\n", "\\n").replace("s", "\\x73").replace("a", "\\u{61}"),
    "of an address": lambda t: "".join(f"%{b:02X}" for b in t.encode()),
    "of a table": lambda t: '"' + t.replace('"', '""') + '"',
}


def shown(secrets, text):
    return [run for view in views(text) for run in secrets.find([view.text])]


def stretch(secret, start, length):
    """The shortest stretch from a place on that has at least so many characters; None where the text ends before."""
    return next(
        (secret[start:end] for end in range(start + 1, len(secret) + 1) if len(tidy(secret[start:end])) >= length), None
    )


@pytest.mark.long
@pytest.mark.parametrize("dress", DRESS)
@settings(max_examples=40)
@given(secret=SECRET, data=st.data())
def test_a_planted_run_is_found_in_every_dress(dress, secret, data):
    start = data.draw(st.integers(0, len(secret) - 1))
    planted = stretch(secret, start, MEASURE + data.draw(st.integers(0, 30)))
    assume(planted is not None and len(letters(planted)) >= LETTERS)
    found = shown(Secrets({("s", "d"): secret}), f"0 1 2 {DRESS[dress](planted)} 3 4 5")
    assert found
    assert all(run.length >= MEASURE for run in found)


@settings(max_examples=150)
@given(secret=SECRET, data=st.data(), length=st.integers(5, MEASURE - 1))
def test_nothing_shorter_is_told(secret, data, length):
    start = data.draw(st.integers(0, len(secret) - 1))
    planted = stretch(secret, start, length)
    assume(planted is not None and len(tidy(planted)) == length)
    assert not shown(Secrets({("s", "d"): secret}), f"0{planted}1")


def by_hand(secret, text):
    """Every maximal run of letters that two texts share, by looking at all pairs of places."""
    a, b, at = letters(secret), letters(text), positions(secret)
    found = set()
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] != b[j] or (i and j and a[i - 1] == b[j - 1]):
                continue
            size = 0
            while i + size < len(a) and j + size < len(b) and a[i + size] == b[j + size]:
                size += 1
            if size >= LETTERS and len(tidy(secret[at[i] : at[i + size - 1] + 1])) >= MEASURE:
                found.add((j, size))
    return found


@settings(max_examples=80)
@given(st.text("ab ", min_size=60, max_size=260), st.text("ab ", min_size=60, max_size=260))
@example("ab" * 60, "ba" * 60)
@example("a " * 70, "a" * 70)
def test_what_is_told_is_what_a_search_by_hand_finds(secret, text):
    longest = max(by_hand(secret, text), key=lambda run: run[1], default=None)
    found = list(Secrets({("s", "d"): secret}).find([text]))
    at = letters(text), positions(text)
    assert bool(found) >= bool(longest)
    if longest:
        spans = {(run.start, run.end) for run in found}
        assert (at[1][longest[0]], at[1][longest[0] + longest[1] - 1] + 1) in spans
    for run in found:
        assert letters(text[run.start : run.end]) == letters(secret[run.begin : run.stop])


def test_letters_that_share_a_byte_are_told_apart():
    """The first look takes several letters beyond ASCII for the same; the second does not."""
    same = {}
    for code in range(0x4E00, 0x4F00):
        same.setdefault(letters(chr(code)), []).append(chr(code))
    one, other = next(pair for pair in same.values() if len(pair) > 1)[:2]
    assert not list(Secrets({("s", "d"): one * 60}).find([other * 60]))
    assert [run.length for run in Secrets({("s", "d"): one * 60}).find([one * 50])] == [50]


def test_equal_hashes_of_different_letters_are_no_run(monkeypatch):
    monkeypatch.setattr(
        runs, "_hash", lambda row, at: np.full(len(runs._words(row)[runs.BLOCK - 8 :][at]), 1 << 63, dtype="uint64")
    )
    text = "The quick brown fox jumps over the lazy dog and then it rests for a while."
    assert not list(Secrets({("s", "d"): text}).find([text[::-1]]))
    assert len(list(Secrets({("s", "d"): text}).find([text]))) == 1


def test_a_run_knows_its_place_and_which_text_it_is_of():
    texts = {("s", "a"): "one " * 3 + "x" * 50, ("t", "b"): "Nobody told us that the money would be gone by May."}
    found = list(Secrets(texts).find(["nothing", "so: nobody told US that the money would be gone by May!"]))
    assert [(run.text, run.start, run.secret, run.begin, run.length) for run in found] == [(1, 4, ("t", "b"), 0, 50)]


def test_a_text_that_is_there_twice_is_told_once():
    text = "Nobody told us that the money would be gone by the end of May."
    found = list(Secrets({("s", "a"): text, ("s", "b"): text}).find([text]))
    assert [run.secret for run in found] == [("s", "a")]


def test_endless_repetitions_cost_little():
    rows = "la " * 30_000 + "Nobody told us that the money would be gone by the end of May. " + "la " * 30_000
    secrets = Secrets({("s", "a"): rows, ("s", "b"): "0" * 100_000})
    assert len(secrets._blocks) < 200
    told = list(secrets.find(["1" * 100_000 + "la " * 20_000 + "0" * 20_000]))
    assert told
    assert [run.begin for run in secrets.find(["x la nobody told us that the money would be gone x"])] == [89_997]


def test_runs_do_not_reach_from_one_text_into_the_next():
    text = "Nobody told us that the money would be gone by the end of May."
    secrets = Secrets({("s", "a"): text[:31], ("s", "b"): text[31:]})
    assert not list(secrets.find([text]))
    assert not list(Secrets({("s", "a"): text}).find([text[:31], text[31:]]))


@pytest.mark.parametrize("text", ["", "   ", "a", "-" * 200, "\u200b" * 90])
def test_texts_without_letters(text):
    assert not list(Secrets({("s", "d"): text}).find([text, "words"]))
    assert not list(Secrets({("s", "d"): "words " * 20}).find([text]))


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_letters_and_their_places(text):
    at = positions(text)
    assert len(at) == len(letters(text))
    assert letters("".join(text[n] for n in dict.fromkeys(at.tolist()))) == letters(text)


@settings(max_examples=60)
@given(SECRET, st.sampled_from(["json", "tags", "entities", "a page in json", "named entities"]))
def test_a_place_in_a_view_leads_back_to_the_file(secret, dress):
    head = "<p>0 1</p>\n&amp;\\n" * 3
    text = head + DRESS[dress](secret)
    for run_view in views(text):
        for run in Secrets({("s", "d"): secret}).find([run_view.text]):
            origin = run_view.origin(run.start)
            assert len(head) <= origin < len(text)


def test_names_that_follow_each_other_are_no_passage_also_where_a_run_ends_inside_of_one():
    from crosscase.release.letters import letters
    from crosscase.release.unreleased import Unreleased

    text = (
        "They named 'Paperwork and other burdens of offices', 'Administration and means', and then went home to rest."
    )
    names = ["Paperwork and other burdens of offices", "Administration and means"]
    listed = '["paperwork","Paperwork and other burdens of offices"],["administration_of_x","Administration and means"]'
    held = Unreleased({("s", "d"): text}, {"s": [letters(name) for name in names]})
    runs_found = list(held.secrets.find([listed]))
    assert runs_found
    assert not [run for run in runs_found if held.is_passage(run)]
    pasted = "Paperwork and other burdens of offices', 'Administration and means', and then went home"
    assert [run for run in held.secrets.find([pasted]) if held.is_passage(run)]
    alone = Unreleased({("s", "d"): text})
    assert [run for run in alone.secrets.find([listed]) if alone.is_passage(run)]
