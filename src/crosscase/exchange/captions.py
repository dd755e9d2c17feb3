"""Transcripts as programs for meetings and films write them (WebVTT, SubRip): what was said, by whom, without times."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

VERSION = "crosscase captions 1"
TIMES = "times of transcripts, not in the text (the original keeps them)"
_TIMING = re.compile(r"\s*(?:\d{1,4}:)?\d{1,3}:\d{1,2}(?:[.,]\d{1,6})?\s*-->\s*(?:\d{1,4}:)?\d{1,3}:\d{1,2}")

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>|</v>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:[cibuv]|rt|ruby|lang|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.,]{1,20}>", re.IGNORECASE)
_NAMED = re.compile(r"([^\W\d_][^:<>\n.?!]{0,59}):\s+(?=\S)")
_END = re.compile(r"[.!?…][\"'’”»)\]]*\Z")


@dataclass
class Turn:
    """What one speaker says without a break; the speaker is empty where nobody is named."""

    speaker: str
    words: str


def text_of_captions(text: str) -> tuple[str, int]:
    """Return a transcript as text, a line for each turn with the speaker before it, and how many times it had.

    What one speaker says in several captions is one line; where nobody is named, a line ends with a sentence. A name
    before a colon is a speaker where it leads two captions or more, or stands in a voice tag (`<v Name>`).

    Parameters
    ----------
    text : str
        LF-normalised text of a `.vtt` or `.srt` file.

    Examples
    --------
    >>> text_of_captions("WEBVTT\\n\\n0:01.0 --> 0:02.0\\n<v Ann>We were\\n\\n0:02.0 --> 0:03.0\\n<v Ann>late.")
    ('Ann: We were late.\\n', 2)
    """
    captions = list(_captions(text))
    led = Counter(match[1] for words in captions if (match := _NAMED.match(words)))
    known = {name for name, n in led.items() if n > 1}
    turns: list[Turn] = []
    for words in captions:
        for turn in _turns(words, known):
            if turns and _goes_on(turns[-1], turn):
                turns[-1].words += f" {turn.words}"
            elif turn.words:
                turns.append(turn)
    lines = [f"{turn.speaker}: {turn.words}" if turn.speaker else turn.words for turn in turns]
    return "".join(f"{line}\n" for line in lines), len(captions)


def _captions(text: str) -> Iterator[str]:
    """Yield the words of each caption; headings, remarks, styles and numbers of captions are none."""
    words: list[str] | None = None
    for line in [*text.removeprefix("\ufeff").split("\n"), "0:00 --> 0:00"]:
        if _TIMING.match(line):
            if words is not None:
                yield " ".join(words)
            words = []
        elif not line.strip():
            if words is not None:
                yield " ".join(words)
            words = None
        elif words is not None:
            words.append(" ".join(line.split()))


def _turns(words: str, known: set[str]) -> Iterator[Turn]:
    """Yield what each speaker says in one caption."""
    parts = _VOICE.split(words)
    speaker = ""
    for number, part in enumerate(parts):
        if number % 2:
            speaker = " ".join(html.unescape(part or "").split())
            continue
        said = " ".join(html.unescape(_TAG.sub("", part)).split())
        match = None if speaker else _NAMED.match(said)
        if match and match[1] in known:
            yield Turn(match[1], said[match.end() :])
        elif said:
            yield Turn(speaker, said)


def _goes_on(before: Turn, turn: Turn) -> bool:
    """Tell whether a turn goes on with the one before it."""
    if before.speaker != turn.speaker:
        return False
    return bool(turn.speaker) or not _END.search(before.words)
