"""What inhibits and what promotes: diverging bars, and the panels of several teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, listed, need, no_duplicates, number
from crosscase.figures.ink.marks import valence_legend, valence_mark
from crosscase.figures.ink.sheet import Sheet, label_width, text_width, wrap
from crosscase.figures.ink.style import INK, MUTED, RULE, VALENCE, tint

Order = Sequence[str] | Mapping[str, str] | None


def alt_valence_bars(frame: pd.DataFrame, rows: Order = None, *, unit: str = "segments") -> str:
    """Say the counts per item and valence.

    Parameters
    ----------
    frame, rows, unit
        As for `valence_bars`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["trust"] * 2, "valence": ["inhibits", "promotes"], "n": [1, 3]})
    >>> alt_valence_bars(frame)
    'Bars of segments by valence. trust: 1 inhibits, 3 promotes.'
    """
    counts = _counts(frame)
    parts = []
    for item, label in labels_of(rows, frame["item"]).items():
        said = [f"{number(counts[(item, v)])} {VALENCE[v].label}" for v in VALENCE if counts.get((item, v))]
        parts.append(f"{label}: {', '.join(said) or 'none'}.")
    if not parts:
        raise NothingToShow("no coding carries a valence.")
    return f"Bars of {unit} by valence. " + " ".join(parts)


@drawing(alt_valence_bars)
def valence_bars(
    sheet: Sheet,
    frame: pd.DataFrame,
    rows: Order = None,
    *,
    row_groups: Mapping[str, str] | None = None,
    unit: str = "segments",
) -> Figure:
    """Draw diverging bars: what inhibits to the left, what promotes to the right, the other valences beside them.

    Parameters
    ----------
    frame : DataFrame
        One row per item and valence: `item`, `valence`, `n` (a count, all in one unit).
    rows : sequence of str or mapping of str to str, optional
        Items in drawing order, or id -> label (themes, subthemes or cases); an item without rows is drawn with n = 0.
    row_groups : mapping of str to str, optional
        Item -> heading.
    unit : str
        What is counted, as printed over the column of totals.

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns, unknown valences and two rows for one bar.

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["trust"] * 2, "valence": ["inhibits", "promotes"], "n": [1, 3]})
    >>> valence_bars(frame).draw().get_size_inches()[0].item()
    7.2
    """
    counts = _counts(frame)
    labels = labels_of(rows, frame["item"])
    others = [v for v in VALENCE if v not in ("inhibits", "promotes") and any(counts.get((i, v)) for i in labels)]
    look, pad, size = sheet.look, 0.08 * sheet.scale, sheet.look.small
    name = label_width(list(labels.values()), look.base, 0.6 * sheet.scale, look.width * 0.32)
    total = max(text_width(unit, size), text_width("n = 000", size))
    digits = text_width("000", size) + 0.5 * pad
    most = [max((counts.get((i, v), 0) for i in labels), default=0) for v in ("inhibits", "promotes")]
    rest = max((sum(counts.get((i, v), 0) for v in others) for i in labels), default=0)
    room = look.width - name - total - 6 * pad - 2 * digits - (3 * pad if others else 0)
    per = room / max(sum(most) + rest, 1)
    zero = 2 * pad + name + digits + most[0] * per
    side = zero + most[1] * per + digits + 3 * pad
    y = _bar_heads(sheet, pad, zero, side if others else None, look.width - pad, unit)
    group = None
    for item, label in labels.items():
        if row_groups and row_groups.get(item) != group:
            group = row_groups.get(item)
            y = sheet.block(
                pad, y + 0.06 * sheet.scale, look.width - 2 * pad, group or "", size=size, weight="bold", color=MUTED
            )
        lines = wrap(label, name, look.base)
        height = max(0.25 * sheet.scale, len(lines) * sheet.leading() + 0.06 * sheet.scale)
        sheet.lines(pad, y + height / 2, lines)
        _bars(sheet, y + height / 2, item, counts, zero, side, per, others)
        n = sum(counts.get((item, v), 0) for v in VALENCE)
        sheet.text(look.width - pad, y + height / 2, f"n = {number(n)}", size=size, ha="right", color=MUTED)
        sheet.line([zero, zero], [y, y + height], color=INK, line=0.9, z=3)
        y += height
    shown = [v for v in VALENCE if any(counts.get((i, v)) for i in labels)]
    y = sheet.legend(pad, y + pad, look.width - 2 * pad, valence_legend(shown))
    return sheet.finish(y + 0.05 * sheet.scale)


def alt_case_valence_panels(themes: pd.DataFrame, cases: Order = None) -> str:
    """Say the themes per case and valence.

    Parameters
    ----------
    themes, cases
        As for `case_valence_panels`.

    Returns
    -------
    str

    Examples
    --------
    >>> themes = pd.DataFrame({"case": ["a"], "valence": ["inhibits"], "theme": ["Lack of resources"]})
    >>> alt_case_valence_panels(themes)
    'Themes by case and valence. a: inhibits 1 (Lack of resources).'
    """
    frame = themes_of(themes, "case_valence_panels")
    if frame.empty:
        raise NothingToShow("no theme is bound to a case and a valence.")
    parts = []
    for case, label in labels_of(cases, frame["case"]).items():
        mine = frame[frame["case"].eq(case)]
        said = [
            f"{VALENCE[v].label} {len(part)} ({'; '.join(part['label'])})"
            for v in VALENCE
            if len(part := mine[mine["valence"].eq(v)])
        ]
        parts.append(f"{label}: {listed(said) or 'no theme'}.")
    return "Themes by case and valence. " + " ".join(parts)


@drawing(alt_case_valence_panels)
def case_valence_panels(sheet: Sheet, themes: pd.DataFrame, cases: Order = None) -> Figure:
    """Draw a table of panels, case by valence, with the names of the themes in the cells.

    Parameters
    ----------
    themes : DataFrame
        One row per theme and case: `case`, `valence`, `theme` (its name as published); optionally `label`.
    cases : sequence of str or mapping of str to str, optional
        Cases in drawing order, or id -> label.

    Returns
    -------
    Drawing
        One row per case, one column per valence that occurs; the number of themes stands in each cell.

    Raises
    ------
    CrosscaseError
        For missing columns and unknown valences.

    Examples
    --------
    >>> themes = pd.DataFrame({"case": ["a"], "valence": ["inhibits"], "theme": ["Lack of resources"]})
    >>> case_valence_panels(themes).draw().get_size_inches()[0].item()
    7.2
    """
    frame = themes_of(themes, "case_valence_panels")
    labels = labels_of(cases, frame["case"])
    shown = [v for v in VALENCE if frame["valence"].eq(v).any()]
    look, pad = sheet.look, 0.09 * sheet.scale
    name = label_width(list(labels.values()), look.base, 0.5 * sheet.scale, look.width * 0.2, "bold")
    step = (look.width - name - 3 * pad) / len(shown)
    left, y, mark = name + 2 * pad, pad, 0.19 * sheet.scale
    for i, valence in enumerate(shown):
        x = left + i * step
        valence_mark(sheet, x + mark / 2 + pad, y + mark / 2, mark, valence)
        sheet.text(x + mark + 1.7 * pad, y + mark / 2, VALENCE[valence].label, weight="bold")
    y += mark + pad
    for case, label in labels.items():
        cells = [list(frame.loc[frame["case"].eq(case) & frame["valence"].eq(v), "label"]) for v in shown]
        y = _panel_row(sheet, y, wrap(label, name, look.base, "bold"), cells, shown, left, step)
    return sheet.finish(y + 0.02 * sheet.scale)


def _counts(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    table = need(frame, ["item", "valence", "n"], "valence_bars", {"valence": VALENCE})
    no_duplicates(table, ["item", "valence"], "valence_bars")
    return {(str(i), str(v)): float(n) for i, v, n in zip(table["item"], table["valence"], table["n"]) if pd.notna(n)}


def themes_of(frame: pd.DataFrame, where: str, *more: str) -> pd.DataFrame:
    """Return themes bound to cases, with `label` and a valence in every row."""
    table = need(frame, ["case", "theme", "valence", *more], where, {"valence": VALENCE})
    table = table[table["case"].notna()]
    table = table.assign(label=(table["label"] if "label" in table else table["theme"]).astype(str))
    return table.assign(valence=table["valence"].fillna("na")).astype({"case": str})


def _bar_heads(sheet: Sheet, y: float, zero: float, side: float | None, right: float, unit: str) -> float:
    size, middle = sheet.look.small, y + sheet.leading(sheet.look.small) / 2
    gap = 0.06 * sheet.scale
    sheet.text(zero - gap, middle, "inhibits ◂", size=size, weight="bold", ha="right", color=MUTED)
    sheet.text(zero + gap, middle, "▸ promotes", size=size, weight="bold", color=MUTED)
    if side is not None and side > zero + text_width("▸ promotes", size, "bold") + 4 * gap:
        sheet.text(side, middle, "other", size=size, weight="bold", color=MUTED)
    sheet.text(right, middle, unit, size=size, ha="right", weight="bold", color=MUTED)
    return y + sheet.leading(size) * 1.15


def _bars(sheet, y, item, counts, zero, side, per, others) -> None:
    half, size, gap = 0.08 * sheet.scale, sheet.look.small, 0.04 * sheet.scale
    for valence, sign in (("inhibits", -1), ("promotes", 1)):
        n = counts.get((item, valence), 0)
        if n:
            _strip(sheet, min(zero, zero + sign * n * per), y - half, n * per, 2 * half, valence)
            end = zero + sign * (n * per + gap)
            sheet.text(end, y, number(n), size=size, ha="right" if sign < 0 else "left")
    x = side
    for valence in others:
        n = counts.get((item, valence), 0)
        if n:
            _strip(sheet, x, y - half, n * per, 2 * half, valence)
            x += n * per
    if x > side:
        n = sum(counts.get((item, v), 0) for v in others)
        sheet.text(x + gap, y, number(n), size=size)


def _strip(sheet: Sheet, x: float, y: float, width: float, height: float, valence: str) -> None:
    mark = VALENCE[valence]
    sheet.rect(x, y, width, height, fill=mark.color, edge=INK, line=0.4, hatch=mark.hatch)
    if width > 0.7 * height:
        r = height * 0.42
        sheet.circle(x + width / 2, y + height / 2, r, fill=mark.color, z=3.5)
        sheet.text(
            x + width / 2,
            y + height / 2,
            mark.symbol,
            size=sheet.look.small,
            weight="bold",
            ha="center",
            color=mark.text,
        )


def _panel_row(sheet, y, label, cells, shown, left, step) -> float:
    look, pad = sheet.look, 0.09 * sheet.scale
    number_width = text_width("00", look.head, "bold") + pad
    inner = step - 2.5 * pad - number_width
    wrapped = [[wrap(theme, inner, look.base) for theme in themes] for themes in cells]
    between = 0.05 * sheet.scale
    tall = [sum(len(lines) for lines in cell) * sheet.leading() + between * max(len(cell) - 1, 0) for cell in wrapped]
    height = max([*tall, len(label) * sheet.leading(), sheet.leading()]) + 2 * pad
    sheet.lines(pad, y + height / 2, label, weight="bold")
    for i, (cell, valence) in enumerate(zip(wrapped, shown)):
        x, mark = left + i * step, VALENCE[valence]
        sheet.rect(x + pad / 2, y, step - pad, height - pad / 2, fill=tint(mark.color, 0.12), edge=RULE, line=0.5)
        sheet.rect(
            x + pad / 2, y, 0.05 * sheet.scale, height - pad / 2, fill=mark.color, hatch=mark.hatch, edge=mark.color
        )
        sheet.text(x + 1.5 * pad, y + height / 2 - pad / 4, str(len(cell)), size=look.head, weight="bold")
        at = y + (height - pad / 2 - tall[i]) / 2
        for lines in cell:
            middle = at + len(lines) * sheet.leading() / 2
            sheet.lines(x + 1.5 * pad + number_width, middle, lines)
            at += len(lines) * sheet.leading() + between
    return y + height
