"""Numbered marks in a plane, and beside it the key to their numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from crosscase.figures.ink.panel import Box, free_place
from crosscase.figures.ink.sheet import Sheet, longest_word, text_width, wrap

Entry = tuple[Callable[[Sheet, float, float], None], str]
"""Paints the number at the left end of a line (sheet, x, y), and the words behind it."""
MOST = 3
"""Columns of a key that is too long for one."""


def number_at(sheet: Sheet, number: int, x: float, y: float, taken: list[Box],
              turn: float = 1.0) -> None:  # fmt: skip
    """Write a number near its mark, where it covers nothing; with `turn` -1 rather above than below."""
    wide, tall = text_width(str(number), sheet.look.small, "bold"), 0.8 * sheet.leading(sheet.look.small)
    at = free_place(x, y, wide, tall, taken, turn * sheet.scale)
    sheet.text(*at, str(number), size=sheet.look.small, weight="bold", ha="center")


def key_beside(sheet: Sheet, x: float, y: float, bottom: float, indent: float, entries: Sequence[Entry]) -> float:
    """Write the key from `x` to the right edge, in more columns where it would end below `bottom`; return its end."""
    size, words = sheet.look.small, [words for _, words in entries]
    room = sheet.width - x - 0.05 * sheet.scale
    most = max(1, min(MOST, int(room / (indent + longest_word(words, size) + 0.1 * sheet.scale))))
    for columns in range(1, most + 1):
        step, many = room / columns, -(-len(entries) // columns)
        wide = step - indent - (0.1 * sheet.scale if columns > 1 else 0.0)
        tall = [len(wrap(each, wide, size)) * sheet.leading(size) + 0.03 * sheet.scale for each in words]
        parts = range(0, len(entries), max(many, 1))
        if y + max((sum(tall[start : start + many]) for start in parts), default=0.0) <= bottom:
            break
    ends = [y]
    for column, start in enumerate(parts):
        at, left = y, x + column * step
        for paint, said in entries[start : start + many]:
            paint(sheet, left, at + sheet.leading(size) / 2)
            at = sheet.block(left + indent, at, wide, said, size=size) + 0.03 * sheet.scale
        ends.append(at)
    return max(ends)
