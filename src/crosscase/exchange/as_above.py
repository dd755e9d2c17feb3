"""Empty cells that mean "as above", told from cells that are empty because there is nothing."""

from __future__ import annotations

from collections.abc import Sequence


def as_above(
    cells: Sequence[str | None], within: Sequence[str | None] | None = None, *, forced: bool = False
) -> list[int]:
    """Return the numbers of the empty cells that take the value above them; empty where the column is not so written.

    A column is written so where its first cell is filled and each value heads one block: no value stands twice. What
    recurs was written out, and an empty cell beside it says nothing.

    Parameters
    ----------
    cells : sequence of str or None
        The column.
    within : sequence of str or None, optional
        A column under each value of which the values may stand again (the document, for a code).
    forced : bool
        Whether a person said that empty cells mean the value above.

    Examples
    --------
    >>> as_above(["a", None, "b", None]), as_above(["a", None, "a", "b"])
    ([1, 3], [])
    """
    if not cells or not cells[0] or all(cells):
        return []
    scope = list(within) if within is not None else [None] * len(cells)
    if not forced:
        heads = [(cell, place) for cell, place in zip(cells, scope) if cell]
        if len(set(heads)) < len(heads):
            return []
    return [number for number, cell in enumerate(cells) if not cell]
