"""Cells of codes: one code or a list of them, parted as the number of codes says where the table has one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

from crosscase.exchange import names
from crosscase.exchange.columns import CODE_RULES

MARKS = ("\n", ";", "|", ",", "/", "+", "&")
ALWAYS = re.compile(r"[\n;|]+")
MOST_PARTS = 12
SHOWN = 3


@dataclass
class Cells:
    """The codes of each cell; `examples` of cells that were parted, by mark; numbers of cells that are not settled."""

    codes: list[list[str]]
    examples: dict[str, list[str]] = field(default_factory=dict)
    unsettled: list[int] = field(default_factory=list)
    whole: list[str] = field(default_factory=list)


def split_cells(cells: Sequence[str | None], counts: Sequence[int | None], rule: str = "") -> Cells:
    """Return the codes of each cell.

    Parameters
    ----------
    cells : sequence of str or None
        The cells of one column of codes.
    counts : sequence of int or None
        How many codes each cell holds, where the table says so. The mark that agrees with most of them parts the cells;
        a name that holds the mark is put together again where its number and the other names settle it.
    rule : str
        A key of `CODE_RULES`, where a person said how cells are written.

    Returns
    -------
    Cells
        Without a rule and without numbers, cells are parted at line ends, semicolons and bars; at commas only where
        every part stands elsewhere as a code. `whole` are examples of cells with commas that were kept whole.

    Examples
    --------
    >>> split_cells(["a, b", "c, d, a", "c, d"], [2, 2, 1]).codes
    [['a', 'b'], ['c, d', 'a'], ['c, d']]
    >>> split_cells(["a; b", "c"], [None, None]).codes
    [['a', 'b'], ['c']]
    """
    if rule in CODE_RULES and rule != "code_or_above":
        mark = CODE_RULES[rule] if rule.startswith("codes_by_") else None
        return Cells([_distinct((cell or "").split(mark) if mark else [cell or ""]) for cell in cells])
    if any(n is not None and n > 1 for n in counts):
        return _by_number(cells, counts)
    out = Cells([_distinct(ALWAYS.split(cell or "")) for cell in cells])
    for cell, codes in zip(cells, out.codes):
        if cell and len(codes) > 1:
            _example(out, ALWAYS.search(cell)[0][0], cell)  # type: ignore[index]
    if not out.examples:
        _at_commas(cells, out)
    return out


def _at_commas(cells: Sequence[str | None], out: Cells) -> None:
    """Part cells at commas where each part of each stands elsewhere too; else keep them whole."""
    several = {cell: _distinct(cell.split(",")) for cell in cells if cell and len(_distinct(cell.split(","))) > 1}
    if not several:
        return
    seen = Counter(code for codes in several.values() for code in codes)
    seen.update({names.label(cell) for cell in cells if cell and cell not in several})
    if any(seen[code] < 2 for codes in several.values() for code in codes):
        out.whole = list(several)[:SHOWN]
        return
    for number, cell in enumerate(cells):
        if cell in several:
            out.codes[number] = several[cell]
            _example(out, ",", str(cell))


def _by_number(cells: Sequence[str | None], counts: Sequence[int | None]) -> Cells:
    """Part cells at the mark that agrees with most of the numbers of codes."""
    out = Cells([[] for _ in cells])
    said = [(cell, n) for cell, n in zip(cells, counts) if cell and n is not None and n > 1]
    parted = {mark: [(len(_distinct(cell.split(mark))), n) for cell, n in said] for mark in MARKS}
    mark = max(MARKS, key=lambda each: (sum(a == n for a, n in parted[each]), sum(a >= n for a, n in parted[each])))
    known: set[str] = set()
    open_: list[int] = []
    for number, (cell, n) in enumerate(zip(cells, counts)):
        parts = _distinct((cell or "").split(mark))
        wanted = [names.label(cell)] if n == 1 else parts
        if not cell or n == 0:
            continue
        if n is None or len(wanted) == n:
            out.codes[number] = wanted
            known |= set(wanted) if n is not None else set()
            if len(wanted) > 1:
                _example(out, mark, cell)
        else:
            open_.append(number)
    while open_:
        settled = {
            number: joined for number in open_ if (joined := _joined(cells[number], counts[number], mark, known))
        }
        if not settled:
            break
        for number, codes in settled.items():
            out.codes[number] = codes
            known |= set(codes)
            _example(out, mark, str(cells[number]))
        open_ = [number for number in open_ if number not in settled]
    for number in open_:
        out.codes[number] = _distinct([cells[number] or ""])
        out.unsettled.append(number)
    return out


def _joined(cell: str | None, n: int | None, mark: str, known: set[str]) -> list[str] | None:
    """Return the only way to make so many codes of the parts of a cell in which the most are known; None if several."""
    parts = (cell or "").split(mark)
    if n is None or not 0 < n < len(parts) <= MOST_PARTS:
        return None
    ways = []
    for cuts in combinations(range(1, len(parts)), n - 1):
        borders = [0, *cuts, len(parts)]
        codes = [names.label(mark.join(parts[a:b])) for a, b in pairwise(borders)]
        ways.append((sum(code in known for code in codes), codes))
    best = max(score for score, _ in ways)
    found = [codes for score, codes in ways if score == best]
    return found[0] if best and len(found) == 1 and all(found[0]) else None


def _distinct(parts: Sequence[str]) -> list[str]:
    labels = (names.label(part) for part in parts)
    return list(dict.fromkeys(label for label in labels if label))


def _example(out: Cells, mark: str, cell: str) -> None:
    examples = out.examples.setdefault(mark, [])
    if len(examples) < SHOWN:
        examples.append(names.label(cell)[:60])
