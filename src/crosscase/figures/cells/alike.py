"""What a matrix merges: rows and columns that say nothing of their own become one, named with their count."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from crosscase.figures.ink.brief import named
from crosscase.figures.ink.checks import listed, plural

LOUD = "loud"
"""Stands for a cell that says something of this row and column; such a line is never merged."""


@dataclass(frozen=True)
class Lines:
    """Rows or columns as they are drawn.

    Parameters
    ----------
    labels : mapping of str to str
        Id -> label in drawing order; merged lines stand under the id of the first of them.
    notes : sequence of str
        A sentence for each merged line whose label cannot name all of it.
    """

    labels: Mapping[str, str]
    notes: Sequence[str] = field(default_factory=tuple)


def merged(
    labels: Mapping[str, str],
    cells: Mapping[str, Sequence[Hashable]],
    noun: str,
    *,
    groups: Mapping[str, str] | None = None,
    silence: str = "nothing stated",
    silent: bool = True,
) -> Lines:
    """Merge lines that say nothing, and lines that hold nothing but the same count of cases together.

    Parameters
    ----------
    labels : mapping of str to str
        Id -> label in drawing order.
    cells : mapping of str to sequence
        Id -> what its cells say: None where nothing is stated, `LOUD`, or the count in words.
    noun : str
        What a line is, such as `code`.
    groups : mapping of str to str, optional
        Id -> heading; only lines under one heading are merged.
    silence : str
        What silent lines say.
    silent : bool
        Whether silent lines are merged here (the last of all lines), or left to the blocks of the grid.

    Examples
    --------
    >>> cells = {"a": ("both", None), "b": ("both", None), "c": (LOUD, None), "d": (None, None), "e": (None, None)}
    >>> merged({key: key.upper() for key in cells}, cells, "code").labels
    {'a': 'A and B', 'c': 'C', 'd': '2 codes: nothing stated'}
    """
    found: dict[tuple[Hashable, ...], list[str]] = {}
    for line in labels:
        said = tuple(cells[line])
        alone = LOUD in said or (not silent and not any(said))
        heading = (groups or {}).get(line, "") if any(said) else ""
        found.setdefault((line,) if alone else (heading, *said, ""), []).append(line)
    shown, last, notes = {}, {}, []
    for lines in sorted(found.values(), key=lambda each: list(labels).index(each[0])):
        first, names = lines[0], [labels[each] for each in lines]
        if len(lines) == 1:
            shown[first] = names[0]
        elif any(cells[first]):
            shown[first] = listed(names) if len(names) < 4 else f"{plural(len(names), noun)} alike"
            if len(names) > 3:
                notes.append(f"{plural(len(names), noun)} alike: {named(names, 12)}.")
        else:
            last[first] = f"{plural(len(lines), noun)}: {silence}"
            notes.append(f"{plural(len(lines), noun)}, {silence}: {named(names, 12)}.")
    return Lines(shown | last, tuple(notes))
