"""Transcripts of meetings and films: what was said and by whom; captions are no paragraphs, and times stay outside."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.exchange import import_file
from crosscase.exchange.captions import text_of_captions
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, texts_of

VOICES = """WEBVTT - a talk

NOTE nobody reads
this

STYLE
::cue { color: red }

5f0a-1
00:00:01.000 --> 00:00:02.500 align:start
<v Ann de Wit>We were <i>never</i>

00:02.500 --> 00:04.000
<v.loud Ann de Wit>told &amp; asked.</v>

00:04.000 --> 00:05.000
<v Ben>Is it<00:04.500> so?</v> <v Ann de Wit>It is: always.</v>

00:05.000 --> 00:06.000
"""
NAMES = """1
00:00:01,000 --> 00:00:02,000
Ann: The bus
was late.

2
00:00:02,000 --> 00:00:03,000
Ann: We walked.

3
00:00:03,000 --> 00:00:04,000
Ben: Remember: no bus.

4
00:00:05,000 --> 00:00:06,000
Ben: None.
"""
NOBODY = """1
00:00:01,000 --> 00:00:02,000
The bus was

2
00:00:02,000 --> 00:00:03,000
late. And

3
00:00:03,000 --> 00:00:04,000
Note: full.

4
00:00:04,000 --> 00:00:05,000
We walked.
"""


@pytest.mark.parametrize(
    ("text", "said", "times"),
    [
        (VOICES, "Ann de Wit: We were never told & asked.\nBen: Is it so?\nAnn de Wit: It is: always.\n", 4),
        (NAMES, "Ann: The bus was late. We walked.\nBen: Remember: no bus. None.\n", 4),
        (NOBODY, "The bus was late. And Note: full.\nWe walked.\n", 4),
        ("WEBVTT\n", "", 0),
        ("", "", 0),
    ],
    ids=["voice tags", "names before a colon", "nobody named", "nothing said", "empty"],
)
def test_what_is_said_stands_in_turns(text, said, times):
    assert text_of_captions(text) == (said, times)


def test_words_that_look_like_marks_stay():
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n- a < b and c > d <3 <unknown>\n"
    assert text_of_captions(text)[0] == "- a < b and c > d <3 <unknown>\n"


@given(st.text(st.sampled_from("WEBVTT\n:->0123. <v Ann></v>&amp;a"), max_size=200))
def test_no_transcript_stops_the_reader(text):
    said, times = text_of_captions(text)
    assert times >= 0
    assert said == "" or said.endswith("\n")


@pytest.mark.parametrize("name", ["talk.vtt", "talk.srt"])
def test_a_transcript_is_a_document_and_its_times_are_told(home, tmp_path, name):
    path = tmp_path / name
    path.write_text(VOICES if name.endswith("vtt") else NAMES, encoding="utf-8")
    report = import_file(path, "s")
    assert check_study("s") == []
    assert texts_of("s")["talk.txt"].count("\n") >= 2
    assert load_study("s").documents["extractor"].tolist() == ["crosscase captions 1, utf-8"]
    assert any("times of transcripts" in line and name in line for line in report.left_out)
    kept = list((home / "restricted" / "s" / "originals").iterdir())
    assert [path.suffix for path in kept] == [path.suffix]
    assert "-->" in kept[0].read_text(encoding="utf-8")


def test_letters_of_a_guessed_encoding_are_told(home, tmp_path):
    """A text of the Mac is read as it was written; where the guess leaves doubts, their number is told."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mac.txt").write_bytes("Déjà vu à Genève, ça va".encode("mac_roman"))
    (tmp_path / "in" / "odd.txt").write_bytes(b"caf\xe9 \xd0\xd0a\xd0 \x90b\x90\x8dc")
    report = import_file(tmp_path / "in", "s")
    assert texts_of("s")["mac.txt"] == "Déjà vu à Genève, ça va"
    doubts = [line for line in report.warnings if "letters that look wrong" in line]
    assert len(doubts) == 1
    assert "odd.txt" in doubts[0]
