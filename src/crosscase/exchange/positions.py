"""How a program counts positions in a text: the candidate readings, their score, the choice, the way back.

Programs that write REFI-QDA disagree on the unit (code points, UTF-16 units, UTF-8 bytes), on whether a line end of two
characters counts once or twice, on the byte order mark, and on whether the end belongs to the selection. The standard
does not settle it. A selection made by a person begins and ends at words; so the reading under which most selections do
is the right one. See `docs/decisions/positions.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from crosscase import documents

Offsets = NDArray[np.int64]
UNITS = ("code point", "utf-16", "utf-8")
SAMPLE_DOCUMENTS = 200
SAMPLE_PER_DOCUMENT = 100
SIGMAS = 3.0


@dataclass(frozen=True)
class Reading:
    """One way to count positions.

    `unit` is what is counted (`UNITS`), `line_end` how much a line end of two characters (CR LF) counts: 1 or 2, `mark`
    whether a byte order mark at the beginning is counted, `inclusive` whether the end is the last character itself.

    Examples
    --------
    >>> str(Reading("utf-16", 2, False, False))
    'utf-16, CRLF counts 2, byte order mark not counted, end exclusive'
    """

    unit: str = "code point"
    line_end: int = 1
    mark: bool = False
    inclusive: bool = False

    def __str__(self) -> str:
        mark = "counted" if self.mark else "not counted"
        end = "inclusive" if self.inclusive else "exclusive"
        return f"{self.unit}, CRLF counts {self.line_end}, byte order mark {mark}, end {end}"


@dataclass(frozen=True)
class Choice:
    """The reading that was chosen, with its evidence."""

    reading: Reading
    score: float
    n: int
    expected: Reading
    rivals: tuple[tuple[Reading, float], ...] = ()


def expected_reading(origin: str) -> Reading:
    """Return the reading a program is known to use, by the `origin` that it writes; else that of the standard.

    Examples
    --------
    >>> expected_reading("NVivo 20.1 for Windows").unit
    'utf-16'
    >>> expected_reading("NVivo for Mac 20.5.0").unit
    'code point'
    """
    name = origin.lower()
    if "nvivo" in name and "mac" not in name:
        return Reading("utf-16", 2)
    if "maxqda" in name or "atlas" in name:
        return Reading("utf-16", 1)
    return Reading("code point", 2)


def _extras(raw: str, unit: str, line_end: int) -> tuple[Offsets, Offsets]:
    """Return where characters of the normalised text count more than one, with the surplus added up."""
    text = documents.normalise(raw)
    where: list[Offsets] = []
    surplus: list[Offsets] = []
    if not text.isascii() and unit != "code point":
        codes = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
        at = np.flatnonzero(codes > (0x7F if unit == "utf-8" else 0xFFFF))
        wide = codes[at]
        more = 1 + (wide > 0x7FF) + (wide > 0xFFFF) if unit == "utf-8" else np.ones(len(at))
        where.append(at.astype(np.int64))
        surplus.append(np.asarray(more, dtype=np.int64))
    if line_end == 2 and "\r\n" in raw:
        pieces = raw.removeprefix("\ufeff").split("\r\n")
        ends = np.cumsum(np.fromiter((len(documents.normalise(p)) + 1 for p in pieces[:-1]), dtype=np.int64)) - 1
        where.append(ends)
        surplus.append(np.ones(len(ends), dtype=np.int64))
    if not where:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    at = np.concatenate(where)
    order = np.argsort(at, kind="stable")
    return at[order], np.cumsum(np.concatenate(surplus)[order])


def to_code_points(raw: str, start: Offsets, end: Offsets, reading: Reading) -> tuple[Offsets, Offsets]:
    """Translate selections in a text as it was decoded into code points of the LF-normalised one, end exclusive.

    Examples
    --------
    >>> one = np.array([3]); two = np.array([6])
    >>> [a.tolist() for a in to_code_points("a\\r\\nbcd", one, two, Reading("utf-16", 2))]
    [[2], [5]]
    """
    marked, beyond = raw.startswith("\ufeff"), int(reading.inclusive)
    if not marked and "\r" not in raw and (reading.unit == "code point" or raw.isascii()):
        return start, end + beyond
    at, surplus = _extras(raw, reading.unit, reading.line_end)
    shift = (3 if reading.unit == "utf-8" else 1) if reading.mark and marked else 0
    out = []
    for offsets in (start - shift, end - shift):
        if len(at):
            before = np.searchsorted(at + 1 + surplus, offsets, side="right")
            counted = offsets - np.where(before > 0, surplus[np.maximum(before - 1, 0)], 0)
            following = np.where(before < len(at), at[np.minimum(before, len(at) - 1)], np.iinfo(np.int64).max)
            offsets = np.minimum(counted, following)
        out.append(offsets)
    return out[0], out[1] + beyond


def from_code_points(raw: str, offsets: Offsets, reading: Reading) -> Offsets:
    """Translate code points of the LF-normalised text into positions as a program counts them.

    Examples
    --------
    >>> from_code_points("\\U0001f600b\\r\\nc", np.array([1, 2, 3]), Reading("utf-16", 2)).tolist()
    [2, 3, 5]
    """
    at, surplus = _extras(raw, reading.unit, reading.line_end)
    if not len(at):
        return offsets
    before = np.searchsorted(at, offsets, side="left")
    return offsets + np.where(before > 0, surplus[np.maximum(before - 1, 0)], 0)


def cuts(text: str, start: int, end: int) -> bool:
    """Tell whether a selection begins or ends inside a word.

    Examples
    --------
    >>> cuts("two words", 4, 9), cuts("two words", 5, 9), cuts("two words", 0, 99)
    (False, True, True)
    """
    length = len(text)
    if not 0 <= start < end <= length:
        return True
    if start and text[start].isalnum() and text[start - 1].isalnum():
        return True
    return end < length and text[end].isalnum() and text[end - 1].isalnum()


def border_score(text: str, start: int, end: int) -> float:
    """Return how well a selection fits the words: 1 where both borders are tight, 0 where both cut a word or miss.

    White space just inside a border counts half: a person may select it, but a reading that is one off does so always.

    Examples
    --------
    >>> border_score("two words", 4, 9), border_score("two words", 3, 9), border_score("two words", 5, 9)
    (1.0, 0.75, 0.5)
    """
    length = len(text)
    if not 0 <= start < end <= length:
        return 0.0
    score = 0.0
    first, last = text[start], text[end - 1]
    if not (start and first.isalnum() and text[start - 1].isalnum()):
        score += 0.25 if first.isspace() else 0.5
    if not (end < length and last.isalnum() and text[end].isalnum()):
        score += 0.25 if last.isspace() else 0.5
    return score


def _kinds(text: str) -> NDArray[np.uint8]:
    """Return for each character of a text: 2 for a letter or digit, 1 for white space, 0 for all else."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    if len(codes) and codes.max() > 0xFFFF:
        different, back = np.unique(codes, return_inverse=True)
        return np.array([_kind(chr(code)) for code in different.tolist()], np.uint8)[back]
    return _table()[codes]


@cache
def _table() -> NDArray[np.uint8]:
    return np.array([_kind(chr(code)) for code in range(0x10000)], np.uint8)


def _kind(character: str) -> int:
    return 2 if character.isalnum() else int(character.isspace())


def _border_scores(kinds: NDArray[np.uint8], start: Offsets, end: Offsets) -> NDArray[np.float64]:
    """Return `border_score` of many selections of one text."""
    length = len(kinds)
    inside = (start >= 0) & (start < end) & (end <= length)
    if not length:
        return np.zeros(len(start))
    a, b = np.where(inside, start, 0), np.where(inside, end, 1)
    first, last = kinds[a], kinds[b - 1]
    cut_first = (a > 0) & (first == 2) & (kinds[a - 1] == 2)
    cut_last = (b < length) & (last == 2) & (kinds[np.minimum(b, length - 1)] == 2)
    scores = np.where(cut_first, 0.0, np.where(first == 1, 0.25, 0.5))
    scores += np.where(cut_last, 0.0, np.where(last == 1, 0.25, 0.5))
    return np.where(inside, scores, 0.0)


@dataclass(frozen=True)
class _Shape:
    """What of a text can make readings differ: a byte order mark, line ends of two characters, wide characters."""

    mark: bool
    two: bool
    wide: bool
    high: bool


def _shape(raw: str) -> _Shape:
    mark, two = raw.startswith("\ufeff"), "\r\n" in raw
    wide = not (raw[1:] if mark else raw).isascii()
    high = wide and len(raw.encode("utf-16-le", "surrogatepass")) > 2 * len(raw)
    return _Shape(mark, two, wide, high)


def _candidates(shapes: list[_Shape]) -> list[Reading]:
    """Return the readings that can differ on these texts."""
    mark, two = any(s.mark for s in shapes), any(s.two for s in shapes)
    wide, high = any(s.wide for s in shapes), any(s.high for s in shapes)
    units = [unit for unit, differs in zip(UNITS, (True, high, wide)) if differs]
    ways = product(units, (1, 2) if two else (1,), (False, True) if mark else (False,), (False, True))
    return [Reading(*way) for way in ways]


def calibrate(selections: list[tuple[str, Offsets, Offsets]], expected: Reading, *, trust: bool = False) -> Choice:
    """Choose the reading under which most selections begin and end at words.

    The expected reading stays unless another fits clearly more selections than it loses: wins minus losses above three
    times the root of their number, which by chance happens about once in a thousand. `selections` are raw text, starts
    and ends of each text; with `trust` the expected reading is certain, and only its score is wanted.

    Examples
    --------
    >>> words = "one two three four five six seven eight nine ten".split()
    >>> text = "\U0001f600 " + " ".join(words)
    >>> start = np.array([text.index(f" {word}") + 2 for word in words])
    >>> end = start + np.array([len(word) for word in words])
    >>> calibrate([(text, start, end)], Reading("code point")).reading.unit
    'utf-16'
    """
    shapes = [_shape(raw) for raw, _, _ in selections]
    found: dict[Reading, list[NDArray[np.float64]]] = {reading: [] for reading in _candidates(shapes)}
    for raw, start, end in _sample(selections, shapes):
        step = max(1, -(-len(start) // SAMPLE_PER_DOCUMENT))
        start, end = start[::step], end[::step]
        text = documents.normalise(raw)
        letters = _kinds(text)
        for reading, scores in found.items():
            scores.append(_border_scores(letters, *to_code_points(raw, start, end, reading)))
    own = _equivalent(expected, list(found))
    if not any(map(len, found[own])):
        return Choice(expected, float("nan"), 0, expected)
    scored = {reading: np.concatenate(scores) for reading, scores in found.items()}
    better = [] if trust else [r for r, s in scored.items() if _clearly(s, scored[own])]
    chosen = max(better, key=lambda reading: scored[reading].mean(), default=own)
    rivals = sorted(((r, float(s.mean())) for r, s in scored.items() if r != chosen), key=lambda item: -item[1])
    reading = expected if chosen == own else chosen
    return Choice(reading, float(scored[chosen].mean()), len(scored[own]), expected, tuple(rivals))


def _sample(selections: list[tuple[str, Offsets, Offsets]], shapes: list[_Shape]) -> list[tuple[str, Offsets, Offsets]]:
    """Return enough texts to judge by: first those in which most readings differ, then some of all."""
    telling = [n for n, shape in enumerate(shapes) if shape.wide or shape.mark or "\r" in selections[n][0]]
    telling.sort(key=lambda n: not shapes[n].high)
    telling = telling[: SAMPLE_DOCUMENTS // 2]
    step = max(1, -(-len(selections) // (SAMPLE_DOCUMENTS // 2)))
    others = set(range(0, len(selections), step)) - set(telling)
    return [selections[n] for n in [*telling, *sorted(others)]]


def _clearly(rival: NDArray[np.float64], own: NDArray[np.float64]) -> bool:
    wins, losses = int((rival > own).sum()), int((rival < own).sum())
    return wins - losses > SIGMAS * (wins + losses) ** 0.5


def _equivalent(expected: Reading, among: list[Reading]) -> Reading:
    """Return the candidate that counts as the expected reading does on this material."""

    parts = ("inclusive", "mark", "line_end", "unit")  # the most telling first
    return min(among, key=lambda reading: [getattr(reading, part) != getattr(expected, part) for part in parts])
