"""Propositions or findings set beside studies: what speaks for each, what against, and who does not speak of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named
from crosscase.figures.ink.checks import Order, labels_of, listed, need, plural
from crosscase.figures.ink.grid import Grid, draw_grid
from crosscase.figures.ink.marks import not_stated_mark, undefined_field, valence_mark
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Key, Painter, Sheet

MATCHES = {
    "supported": ("promotes", "speaks for it"),
    "contradicted": ("inhibits", "speaks against it"),
    "mixed": ("ambivalent", "speaks for and against it"),
    "silent": ("", "does not speak of it"),
}
"""Match -> the valence whose mark it has, and what a study does that is matched so."""
UNKNOWN = "nobody has looked"


def alt_pattern_match(
    frame: pd.DataFrame, propositions: Order = None, studies: Order = None, *, noun: str = "proposition"
) -> str:
    """Say how many cells speak for, against and not at all, and which rows most studies speak for.

    Examples
    --------
    >>> frame = pd.DataFrame({"proposition": ["Trust"] * 2, "study": ["a", "b"], "match": ["supported", "silent"]})
    >>> alt_pattern_match(frame)
    '1 proposition in 2 studies: 1 of 2 cells speaks for it, 1 does not speak of it. Most studies for: Trust (1).'
    """
    table, rows, columns = _cells(frame, propositions, studies)
    found = {(row, column): table.get((row, column)) for row in rows for column in columns}
    if not any(match in MATCHES and match != "silent" for match in found.values()):
        raise NothingToShow(f"no study speaks of any {noun}.")
    told: list[str] = []
    for match, words in [*((match, words) for match, (_, words) in MATCHES.items()), (None, UNKNOWN)]:
        if n := list(found.values()).count(match):
            of = "" if told else f" of {plural(len(found), 'cell')}"
            told.append(f"{n}{of} {words if match is None or n == 1 else _many(words)}")
    for_ = {row: sum(found[row, column] in ("supported", "mixed") for column in columns) for row in rows}
    most = max(for_.values())
    best = [rows[row] for row, n in for_.items() if n == most]
    head = f"{plural(len(rows), noun)} in {plural(len(columns), 'study', 'studies')}: {', '.join(told)}."
    against = [rows[row] for row in rows if any(found[row, c] in ("contradicted", "mixed") for c in columns)]
    return brief(
        head,
        f"Most studies for: {named(best)} ({most}{' each' * (len(best) > 1)})." if most else "No study speaks for any.",
        f"Something speaks against: {listed(against, 3)}." if against else "",
    )


@drawing(alt_pattern_match)
def pattern_match(
    sheet: Sheet,
    frame: pd.DataFrame,
    propositions: Order = None,
    studies: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    noun: str = "proposition",
) -> Figure:
    """Draw propositions by studies: what speaks for, against, both, and where a study does not speak of it.

    Parameters
    ----------
    frame : DataFrame
        One row per proposition and study: `proposition`, `study`, `match` (`supported`, `contradicted`, `mixed`,
        `silent`; null where nobody matched them). Silence is a thin dot: it is neither for nor against.
    propositions, studies : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    row_groups : mapping of str to str, optional
        Proposition -> heading under which it stands.
    noun : str
        What a row is, such as `proposition` or `finding`.

    Returns
    -------
    Drawing
        The last columns say in how many studies anything speaks for and against it.

    References
    ----------
    Trochim, W. M. K. (1989). Outcome pattern matching and program theory. Evaluation and Program Planning, 12(4),
    355-366. https://doi.org/10.1016/0149-7189(89)90052-9

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"proposition": ["Trust"], "study": ["north"], "match": ["supported"]})
    >>> pattern_match(frame).draw().get_size_inches()[0].item()
    7.2
    """
    known, rows, columns = _cells(frame, propositions, studies)
    sides = {"\0for": ("supported", "mixed"), "\0against": ("contradicted", "mixed")}
    heads = {**columns, "\0for": "for", "\0against": "against"}

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        if column in sides:
            n = sum(known.get((row, study)) in sides[column] for study in columns)
            s.text(x, y, str(n), weight="bold", ha="center")
            return
        match, size = known.get((row, column)), 0.19 * s.scale
        if match is None:
            undefined_field(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
        elif match == "silent":
            not_stated_mark(s, x, y, w - 0.06 * s.scale, h - 0.06 * s.scale)
        else:
            valence_mark(s, x, y, size, MATCHES[match][0])

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown = {row: label for row, label in rows.items() if row in set(kept)}
        grid = Grid(shown, heads, row_groups or {}, cell_width=0.3, cell_height=0.27, label_share=0.42, noun=noun)
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        seen = {known.get((row, column)) for row in shown for column in columns}
        return below(s, y, [left_out(len(rows) - len(shown), noun)], _key(seen))

    speaking = {row: sum(known.get((row, study)) not in (None, "silent") for study in columns) for row in rows}
    return fitted(sheet, body, sorted(rows, key=lambda row: -speaking[row]))


def _cells(
    frame: pd.DataFrame, propositions: Order, studies: Order
) -> tuple[dict[tuple[str, str], str | None], dict[str, str], dict[str, str]]:
    """Return (proposition, study) -> match, and the rows and columns with their labels."""
    keys = ["proposition", "study"]
    table = need(frame, [*keys, "match"], "pattern_match", {"match": list(MATCHES)}, keys=keys)
    table = table.astype({"proposition": str, "study": str})
    rows, columns = labels_of(propositions, table["proposition"]), labels_of(studies, table["study"])
    found = [None if pd.isna(match) else str(match) for match in table["match"]]
    return dict(zip(zip(table["proposition"], table["study"]), found)), rows, columns


def _many(words: str) -> str:
    return words.replace("speaks", "speak").replace("does not", "do not")


def _key(seen: set[str | None]) -> Key:
    entries: Key = [(_mark(mark), words) for match, (mark, words) in MATCHES.items() if mark and match in seen]
    if "silent" in seen:
        entries.append((lambda s, x, y, m: not_stated_mark(s, x, y, m, m), MATCHES["silent"][1]))
    if None in seen:
        entries.append((lambda s, x, y, m: undefined_field(s, x, y, m, m), UNKNOWN))
    return entries


def _mark(valence: str) -> Painter:
    return lambda sheet, x, y, size: valence_mark(sheet, x, y, 0.97 * size, valence)
