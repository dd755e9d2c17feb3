"""Where the segments of a table lie: in the texts that are there, else in a document made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from crosscase.documents import QUOTATIONS_ONLY as MADE
from crosscase.documents import normalise
from crosscase.exchange import names
from crosscase.exchange.builder import Builder

GAP = "\n\n"
MOST_WORDS = 2_000
AMBIGUOUS = "quotations that stand more than once in the text of their document, put on the first place"
NOT_THERE = "quotations that are not in the text of their document, kept without a place in it"
WITHIN = 3

Key = tuple[str, str | None, str | None]


@dataclass(frozen=True)
class StandingText:
    """A text that a study has already; `known_as` are the names under which a table may mean it."""

    title: str
    text: str
    known_as: frozenset[str]
    kind: str = "other"
    extractor: str | None = None
    original: bytes | None = None
    suffix: str = ""
    pages: list[int] = field(default_factory=list)


class Places:
    """Collects the segments of each document, then finds where each lies (`place`, `at`).

    `own` are documents of the builder itself, key -> names under which a table may mean each.
    """

    def __init__(
        self, texts: Sequence[StandingText], builder: Builder, own: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.builder = builder
        self.texts: dict[str, str] = {}
        self._key: dict[str, str | None] = {}
        self._quoted: dict[str, dict[tuple[str | None, str | None], tuple[str | None, set[str]]]] = {}
        self._titles: dict[str, str] = {}
        self._at: dict[Key, tuple[int | None, int | None]] = {}
        self.made = 0
        for key, known_as in (own or {}).items():
            if (text := builder.normalised(key)) is not None:
                self._know(key, text, known_as)
        for number, standing in enumerate(texts):
            key = f"text {number}"
            given = {"original": standing.original, "suffix": standing.suffix, "extractor": standing.extractor}
            builder.document(key, standing.title, text=standing.text, kind=standing.kind, **given)  # type: ignore[arg-type]
            self._know(key, normalise(standing.text), standing.known_as)
            if standing.pages:
                builder.pages[key] = standing.pages

    def _know(self, key: str, text: str, known_as: frozenset[str]) -> None:
        """Take a text under the names that a table may mean it by; a name of two texts means none."""
        self.texts[key] = text
        for name in known_as:
            self._key[_plain(name)] = key if self._key.get(_plain(name), key) == key else None

    def key_of(self, name: str, title: str) -> str:
        """Return the key of a document: that of a text that is there, else its name."""
        found = self._key.get(_plain(name)) or self._key.get(_plain(title))
        return found or name

    def add(
        self, key: str, title: str, words: str | None, where: str | None, positions: str | None, coder: str
    ) -> None:
        """Add a segment of a document: its words, what tells its place from others, its positions, who marked it."""
        self._titles.setdefault(key, title)
        _, coders = self._quoted.setdefault(key, {}).setdefault((words, where), (positions, set()))
        coders.add(coder)

    def at(self, key: str, words: str | None, where: str | None) -> tuple[int | None, int | None]:
        """Return the place of a segment; None where it has none."""
        return self._at.get((key, words, where), (None, None))

    def place(self) -> None:
        """Find the place of each segment, and make a document of the segments of one whose text is not there."""
        for key, segments in self._quoted.items():
            if key in self.texts:
                self._in_text(key, self.texts[key], segments)
            else:
                self._make(key, segments)

    def _in_text(self, key: str, text: str, segments: dict) -> None:
        used: dict[str, int] = {}
        for words, where in sorted(segments, key=lambda item: _begin(item[1])):
            spots = _spots(text, words) if words else []
            given = stated_span(segments[(words, where)][0])
            if given and (not words or given in spots) and 0 <= given[0] < given[1] <= len(text):
                self._at[(key, words, where)] = given
            elif spots:
                number = used.get(words, 0)
                used[words] = number + 1
                self._at[(key, words, where)] = spots[min(number, len(spots) - 1)]
                if len(spots) > 1 and where is None:
                    self.builder.warnings.add(AMBIGUOUS, repr(words[:40]))
            else:
                self.builder.warnings.add(NOT_THERE, repr((words or where or "")[:40]))

    def _make(self, key: str, segments: dict) -> None:
        """Make a document of distinct segments; words of one coder within those of another share their place."""
        self.made += 1
        parts: list[str] = []
        at = 0
        ordered = [item for item in sorted(segments, key=lambda item: _begin(item[1])) if item[0]]
        within = _within(ordered, segments)
        for words, where in ordered:
            if (words, where) in within:
                continue
            self._at[(key, words, where)] = (at, at + len(words))
            parts.append(words)
            at += len(words) + len(GAP)
        for (words, where), outer in within.items():
            start = self._at[(key, *outer)][0] + str(outer[0]).index(words)  # type: ignore[operator]
            self._at[(key, words, where)] = (start, start + len(words))
        self.builder.document(key, self._titles[key], text=GAP.join(parts), extractor=MADE)


def _within(ordered: list, segments: dict) -> dict:
    """Return the segments whose words are the better part of one segment of another coder, which marked more."""
    if len({coder for _, coders in segments.values() for coder in coders}) < 2:
        return {}
    by_word: dict[str, list] = {}
    for item in ordered:
        for word in set(item[0].split()):
            by_word.setdefault(word, []).append(item)
    found = {}
    for item in sorted(ordered, key=lambda one: len(one[0])):
        words, where = item
        if len(words.split()) < WITHIN or where is not None:
            continue
        rare = min((by_word.get(word, []) for word in words.split()[1:-1]), key=len, default=[])
        if len(rare) > MOST_WORDS:
            continue
        outer = [
            other
            for other in rare
            if other != item and other[1] is None and len(words) < len(other[0]) <= 2 * len(words)
            and other[0].count(words) == 1 and not segments[other][1] & segments[item][1]
        ]  # fmt: skip
        if len(outer) == 1:
            found[item] = outer[0]
    return {item: outer for item, outer in found.items() if outer not in found}


def _spots(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, first as they are, else with any white space between them."""
    found: list[tuple[int, int]] = []
    at = text.find(words)
    while at >= 0 and len(found) < 1000:
        found.append((at, at + len(words)))
        at = text.find(words, at + len(words))
    if found or len(parts := words.split()) > MOST_WORDS or not parts:
        return found
    pattern = re.compile(r"\s+".join(map(re.escape, parts)))
    return [match.span() for match in pattern.finditer(text)]


def stated_span(where: str | None) -> tuple[int, int] | None:
    """Return the span that two numbers of a table state, None where they state none."""
    found = re.fullmatch(r"\s*(\d{1,15})(?:[.,]0+)?\s*-\s*(\d{1,15})(?:[.,]0+)?\s*", where or "", re.ASCII)
    return (int(found[1]), int(found[2])) if found else None


def _begin(where: str | None) -> float:
    head = (where or "").partition("-")[0].strip()
    return float(head) if head.isdigit() and head.isascii() and len(head) < 16 else float("inf")


def _plain(name: str) -> str:
    """Return the name of a document without its ending and case."""
    shown = names.label(name).casefold()
    stem, _, ending = shown.rpartition(".")
    return stem if stem and ending.isalnum() and len(ending) < 6 else shown
