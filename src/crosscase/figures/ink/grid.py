"""Geometry of a grid with row and column labels, shared by every matrix-like figure.

Wraps labels, groups rows and columns, and stacks blocks that are too wide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crosscase.figures.ink.brief import named
from crosscase.figures.ink.checks import plural
from crosscase.figures.ink.sheet import Sheet, label_width, longest_word, text_width, wrap
from crosscase.figures.ink.style import INK, MUTED, PALE, RULE

Cell = Callable[[Sheet, float, float, float, float, str, str], None]
"""Draws one cell: sheet, x and y of its centre, width, height, row id, column id."""


@dataclass
class Grid:
    """What a grid shows.

    Parameters
    ----------
    rows, columns : mapping of str to str
        Id -> label, in drawing order.
    row_groups, column_groups : mapping of str to str
        Id -> heading of its group; may be empty.
    cell_width, cell_height : float
        Least size of a cell in inches of the book.
    max_cell : float
        Greatest width of a cell in inches of the book.
    label_share : float
        Greatest share of the width that row labels may take.
    bold_rows : set of str
        Rows (such as a margin) set in bold.
    triangle : bool
        Whether rows and columns are the same and only the lower half is filled: a block then begins with the row of
        its first column, as those above hold nothing.
    silent : callable, optional
        Whether a row says nothing in the columns of a block: two such rows or more become one line with their count.
    noun, silence : str
        What a row is, and what a line of silent rows says, such as `code` and `nothing stated`.
    """

    rows: Mapping[str, str]
    columns: Mapping[str, str]
    row_groups: Mapping[str, str] = field(default_factory=dict)
    column_groups: Mapping[str, str] = field(default_factory=dict)
    cell_width: float = 0.42
    cell_height: float = 0.27
    max_cell: float = 1.25
    label_share: float = 0.42
    bold_rows: frozenset[str] = frozenset()
    triangle: bool = False
    silent: Callable[[str, Sequence[str]], bool] | None = None
    noun: str = "row"
    silence: str = "nothing stated"


def draw_grid(sheet: Sheet, top: float, grid: Grid, cell: Cell) -> float:
    """Draw a grid from `top` downwards and return the `y` below it.

    Columns that do not fit are drawn as further blocks below, each with its row labels.
    """
    rows = _grouped(grid.rows, grid.row_groups, grid.bold_rows)
    grid = replace(grid, rows=rows, columns=_grouped(grid.columns, grid.column_groups))
    labels, room = _room(sheet, grid)
    least, ids = grid.cell_width * sheet.scale, list(grid.columns)
    blocks = -(-len(ids) // per_block(sheet, grid))
    size = -(-len(ids) // max(blocks, 1))
    y = top
    for start in range(0, len(ids), max(size, 1)):
        part = ids[start : start + size]
        width = min(room / size, max(grid.max_cell * sheet.scale, least))
        y = _block(sheet, y, grid, part, labels, width, cell) + (0.22 * sheet.scale if start + size < len(ids) else 0)
    return y


def per_block(sheet: Sheet, grid: Grid) -> int:
    """Return how many columns fit beside each other."""
    return max(1, int(_room(sheet, grid)[1] / (grid.cell_width * sheet.scale)))


def _room(sheet: Sheet, grid: Grid) -> tuple[float, float]:
    look = sheet.look
    labels = label_width(list(grid.rows.values()), look.base, 0.6 * sheet.scale, look.width * grid.label_share)
    return labels, look.width - labels - 2 * 0.08 * sheet.scale


def _grouped(
    labels: Mapping[str, str], groups: Mapping[str, str], last: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Put what stands under one heading together, in the order in which the headings first appear."""
    order = {heading: i for i, heading in enumerate(dict.fromkeys(groups.get(key, "") for key in labels))}
    return dict(sorted(labels.items(), key=lambda item: (item[0] in last, order[groups.get(item[0], "")])))


def _block(
    sheet: Sheet, y: float, grid: Grid, columns: Sequence[str], labels: float, width: float, cell: Cell
) -> float:
    pad = 0.08 * sheet.scale
    left = pad + labels + pad
    if grid.silent and not grid.triangle and all(grid.silent(row, columns) for row in grid.rows):
        words = f"{named([grid.columns[column] for column in columns], 12)}: {grid.silence} in these rows."
        return sheet.block(pad, y + pad / 2, sheet.width - 2 * pad, words, size=sheet.look.small, color=MUTED) + pad / 2
    y = _column_groups(sheet, y, grid, columns, left, width)
    y = _headers(sheet, y, grid, columns, left, width)
    right = left + width * len(columns)
    group = None
    kept = list(grid.rows)[list(grid.rows).index(columns[0]) :] if grid.triangle else list(grid.rows)
    quiet = [row for row in kept if grid.silent and row not in grid.bold_rows and grid.silent(row, columns)]
    quiet = quiet if len(quiet) > 1 else []
    for row in (row for row in kept if row not in quiet):
        label = grid.rows[row]
        if grid.row_groups and grid.row_groups.get(row, "") != group:
            group = grid.row_groups.get(row, "")
            if group:
                y += 0.05 * sheet.scale
                bottom = sheet.block(pad, y, right - pad, group, weight="bold", size=sheet.look.small, color=MUTED)
                y = bottom + 0.03 * sheet.scale
        weight = "bold" if row in grid.bold_rows else "normal"
        lines = wrap(label, labels, sheet.look.base, weight)
        height = max(grid.cell_height * sheet.scale, len(lines) * sheet.leading() + 0.07 * sheet.scale)
        sheet.line([pad, right], [y, y], color=RULE, line=0.4)
        sheet.lines(pad, y + height / 2, lines, weight=weight)
        for i, column in enumerate([] if sheet.blank else columns):
            cell(sheet, left + (i + 0.5) * width, y + height / 2, width, height, row, column)
        y += height
    sheet.line([pad, right], [y, y], color=RULE, line=0.4)
    if quiet:
        words = f"{plural(len(quiet), grid.noun)}, {grid.silence}: {named([grid.rows[row] for row in quiet], 12)}."
        y = sheet.block(pad, y + pad / 2, right - pad, words, size=sheet.look.small, color=MUTED) + pad / 2
    return y


def _column_groups(sheet: Sheet, y: float, grid: Grid, columns: Sequence[str], left: float, width: float) -> float:
    if not grid.column_groups:
        return y
    spans: list[tuple[str, int, int]] = []
    for i, column in enumerate(columns):
        name = grid.column_groups.get(column, "")
        first = spans.pop()[1] if spans and spans[-1][0] == name else i
        spans.append((name, first, i + 1))
    size, gap = sheet.look.small, 0.04 * sheet.scale
    rooms = [(b - a) * width - 2 * gap for _, a, b in spans]
    upright = all(longest_word([name], size, "bold") <= room for (name, _, _), room in zip(spans, rooms))
    tall = max(1.25 * sheet.scale, longest_word([name for name, _, _ in spans], size, "bold"))
    texts = [wrap(name, room if upright else tall, size, "bold") for (name, _, _), room in zip(spans, rooms)]
    if upright:
        height = max(len(t) for t in texts) * sheet.leading(size) + 0.06 * sheet.scale
    else:
        height = max(text_width(line, size, "bold") for t in texts for line in t) + 0.1 * sheet.scale
    for (name, a, b), lines in zip(spans, texts):
        x0, x1 = left + a * width + gap / 2, left + b * width - gap / 2
        if not name:
            continue
        if upright:
            sheet.lines((x0 + x1) / 2, y + height / 2, lines, ha="center", size=size, weight="bold", color=MUTED)
        else:
            _upward(sheet, (x0 + x1) / 2, y + height - 0.05 * sheet.scale, lines, size, "bold", MUTED)
        sheet.line([x0, x1], [y + height, y + height], color=MUTED, line=0.9)
    return y + height + 0.03 * sheet.scale


def _headers(sheet: Sheet, y: float, grid: Grid, columns: Sequence[str], left: float, width: float) -> float:
    texts = [grid.columns[column] for column in columns]
    size, gap = sheet.look.small, 0.05 * sheet.scale
    flat = [wrap(text, width - gap, size) for text in texts] if longest_word(texts, size) <= width - gap else []
    if flat and max(map(len, flat)) <= 4:
        height = max(map(len, flat)) * sheet.leading(size) + 0.08 * sheet.scale
        for i, lines in enumerate(flat):
            top = y + height - 0.04 * sheet.scale - len(lines) * sheet.leading(size) / 2
            sheet.lines(left + (i + 0.5) * width, top, lines, ha="center", size=size)
        return y + height
    most = max(1, int((width - 0.02 * sheet.scale) / sheet.leading(size) + 0.1))
    length = _upright_length(texts, most, size, sheet.scale)
    for i, text in enumerate(texts):
        _upward(sheet, left + (i + 0.5) * width, y + length, wrap(text, length, size), size, "normal", INK)
    return y + length + 0.06 * sheet.scale


def _upright_length(texts: Sequence[str], most: int, size: float, scale: float) -> float:
    """Find the shortest length at which every upward label needs no more than `most` lines."""
    length = max(0.5 * scale, longest_word(texts, size))
    while any(len(wrap(text, length, size)) > most for text in texts):
        length += 0.08 * scale
    return length + 0.02 * scale


def _upward(sheet: Sheet, x: float, bottom: float, lines: Sequence[str], size: float, weight: str, color: str) -> None:
    step = sheet.leading(size)
    first = x - step * (len(lines) - 1) / 2
    for i, line in enumerate(lines):
        sheet.text(first + i * step, bottom, line, size=size, weight=weight, color=color, upright=False)


def stripe(sheet: Sheet, x: float, y: float, width: float, height: float) -> None:
    """Draw a pale field behind a cell."""
    sheet.field(x, y, width, height, fill=PALE, z=0.5)
