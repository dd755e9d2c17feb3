"""From the printed lines of a PDF to paragraphs: joined where they were wrapped, without headers and footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

FULL = 0.85
GAP = 1.2
OTHER_SIZE = 1.15
INDENT = 6.0
EDGE = 2
MOST_SHOWN = 20
_END = re.compile(r"[.!?…:;][\"'’”»)\]]*$")
_LIST = r"[•‣▪◦●*–—-]\s|\(?\d{1,3}[.)]\s|\(?[a-z]\)\s"
_SPEAKER = r"[^\W\d_a-zß-ÿ][^\s:]{0,24}(?: [^\s:]{1,24}){0,2}:(?:\s|$)"
_BEGIN = re.compile(f"{_LIST}|{_SPEAKER}")
_SOFT = "\u00ad\ufffe\x02"
_HYPHENS = f"-\u2010{_SOFT}"
_NUMBER = re.compile(r"\d+|\b[ivxl]+\b")
_FOLIO = re.compile(r"-?\d+ \W*(?:\w{1,6} )?#(?: ?\W ?#| \w{1,4} #)?\W*")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


@dataclass(frozen=True)
class Line:
    """One printed line: its words and, in points from the bottom left of the page, where it stands."""

    text: str
    left: float
    right: float
    bottom: float
    top: float

    @property
    def wide(self) -> float:
        """Return how wide a letter is on average."""
        return max(self.right - self.left, 0.0) / max(len(self.text), 1)


@dataclass
class Joined:
    """A text with a line for each paragraph, where its pages begin, and the lines that repeat on pages."""

    text: str
    pages: list[int] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def join_lines(pages: Sequence[Sequence[Line]]) -> Joined:
    """Return the text of printed lines in the order in which they were set.

    A line goes on in the next where the next word had no room in it; a line that ends before its margin, a wider gap,
    an indent, another size of letters, a bullet or the name of a speaker begin a paragraph. A hyphen at the end of a
    line goes, unless the word is written with it elsewhere. What repeats at the edge of pages is left out and named.

    Examples
    --------
    >>> lines = [Line("The coordi-", 0, 60, 90, 100), Line("nator works.", 0, 55, 78, 88), Line("Next.", 0, 30, 50, 60)]
    >>> join_lines([lines]).text
    'The coordinator works.\\nNext.\\n'
    """
    kept, dropped = _without_edges([[line for line in page if line.text.strip()] for page in pages])
    words = _vocabulary(kept)
    parts: list[str] = []
    starts: list[int] = []
    empty = 0
    at, before, full, leading = 0, None, 0.0, 0.0
    for page in kept:
        fresh = True
        for run in _runs(page):
            margin, usual = _margin(run), _leading(run)
            for number, line in enumerate(run):
                text = line.text.strip()
                glue = "" if before is None else _glue(before, line, full, leading, number == 0, parts[-1], words)
                if glue is None:
                    parts[-1] = parts[-1][:-1]
                    at -= 1
                    glue = ""
                parts.append(glue)
                at += len(glue)
                if fresh:
                    starts += [at] * (1 + empty)
                    fresh, empty = False, 0
                parts.append(text)
                at += len(text)
                before, full, leading = line, margin, usual
        empty += fresh
    return Joined("".join(parts) + ("\n" if parts else ""), starts + [at] * empty, dropped)


def _glue(
    cur: Line, line: Line, full: float, leading: float, other_run: bool, written: str, words: Counter[str]
) -> str | None:
    """Return what stands between two lines: a line end, a blank, nothing; None where the hyphen before goes too."""
    begin = line.text.strip()[:1]
    if written[-1:] in _HYPHENS and written[-2:-1].isalnum() and begin.isalnum():
        if not begin.islower():
            return ""
        left, right = _last(written[:-1]), _first(line.text)
        return "" if _keeps(left, right, words) and written[-1] not in _SOFT else None
    ends = _END.search(written) is not None
    if _BEGIN.match(line.text.strip()):
        return "\n"
    if other_run:
        return "\n" if ends or (not begin.islower() and _had_room(cur, line, full)) else " "
    size = (cur.top - cur.bottom, line.top - line.bottom)
    if min(size) > 0 and max(size) > OTHER_SIZE * min(size):
        return "\n"
    if leading and cur.bottom - line.bottom > GAP * leading:
        return "\n"
    if not ends and begin.islower():
        return " "
    if ends and line.left > cur.left + INDENT:
        return "\n"
    return "\n" if _had_room(cur, line, full) else " "


def _had_room(cur: Line, line: Line, full: float) -> bool:
    """Tell whether the first word of a line would have stood at the end of the one before."""
    first = line.text.split()[0]
    return full - cur.right > line.wide * (len(first) + 1)


def _runs(page: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield the columns of a page: lines each of which lies below the one before."""
    run: list[Line] = []
    for line in page:
        if run and line.bottom > run[-1].bottom + (run[-1].top - run[-1].bottom) / 2:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _margin(run: Sequence[Line]) -> float:
    """Return where the lines of a column end on the right: not beyond where one in seven ends."""
    rights = sorted(line.right for line in run)
    return rights[-1] if len(rights) < 4 else rights[min(len(rights) - 1, int(FULL * len(rights)))]


def _leading(run: Sequence[Line]) -> float:
    """Return the usual distance of lines; 0 where there are too few to tell."""
    steps = [above.bottom - below.bottom for above, below in pairwise(run)]
    return median(steps) if len(steps) > 2 else min(steps, default=0.0)


def _pattern(line: Line) -> str:
    """Return what of a line is the same on every page: its words without numbers, and how high it stands."""
    return f"{round(line.bottom)} " + " ".join(_NUMBER.sub("#", line.text.casefold()).split())


def _without_edges(pages: list[list[Line]]) -> tuple[list[list[Line]], list[str]]:
    """Return the pages without what repeats at their edges, and that once each.

    A header or footer stands at one height on three pages or more, or on each of two, set apart from the text; or it
    holds a number that rises from page to page, on three pages or more, or on two where it is nothing but a number.
    """
    seen: dict[tuple[str, str], list[tuple[bool, int | None]]] = {}
    for page in pages:
        for edge, index, apart in _edges(page):
            number = re.search(r"\d{1,9}", page[index].text)
            key = edge, _pattern(page[index])
            seen.setdefault(key, []).append((apart, int(number[0]) if number else None))
    most = max(2, sum(map(bool, pages)))
    repeated = set()
    for key, found in seen.items():
        n, numbers = sum(apart for apart, _ in found), [number for _, number in found if number is not None]
        rises = len(numbers) == len(found) and _rises(numbers)
        if n >= min(3, most) or (rises and len(found) >= (2 if _FOLIO.fullmatch(key[1]) else 3)):
            repeated.add(key)
    kept: list[list[Line]] = []
    dropped: dict[str, str] = {}
    for page in pages:
        gone = {index for edge, index, _ in _edges(page) if (edge, _pattern(page[index])) in repeated}
        dropped |= {_pattern(page[index]): page[index].text.strip() for index in sorted(gone, reverse=True)}
        kept.append([line for index, line in enumerate(page) if index not in gone])
    return kept, list(dropped.values())[:MOST_SHOWN]


def _edges(page: Sequence[Line]) -> list[tuple[str, int, bool]]:
    """Return the highest and the lowest lines of a page, and whether more than a line's distance parts each from it."""
    order = sorted(range(len(page)), key=lambda index: -page[index].bottom)
    usual = GAP * max((_leading(run) for run in _runs(page)), default=0.0)
    gaps = [page[a].bottom - page[b].bottom > usual > 0 for a, b in pairwise(order)]
    top = [("top", index, any(gaps[n:EDGE])) for n, index in enumerate(order[:EDGE])]
    low = [("bottom", index, any(gaps[::-1][n:EDGE])) for n, index in enumerate(order[::-1][:EDGE])]
    return top + low


def _rises(numbers: Sequence[int]) -> bool:
    return all(b > a for a, b in pairwise(numbers))


def _vocabulary(pages: Sequence[Sequence[Line]]) -> Counter[str]:
    """Count the words of the text, without those that end or begin a line, as these may be halves."""
    words: Counter[str] = Counter()
    for page in pages:
        for line in page:
            found = _WORD.findall(line.text.casefold())
            words.update(found if line.text.rstrip()[-1:] not in _HYPHENS else found[:-1])
    return words


def _keeps(left: str, right: str, words: Counter[str]) -> bool:
    """Tell whether two halves of a word are written with a hyphen elsewhere in the text, and not as one."""
    return bool(words[f"{left}-{right}"]) and not words[f"{left}{right}"]


def _last(text: str) -> str:
    found = re.search(r"[^\W\d_]+$", text[-60:])
    return found[0].casefold() if found else ""


def _first(text: str) -> str:
    found = re.match(r"\s*([^\W\d_]+)", text[:60])
    return found[1].casefold() if found else ""
