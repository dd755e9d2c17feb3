"""Agreement per code: the coefficient with its interval, and beside it how often each coder used the code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labels_of, need, plural
from crosscase.figures.ink.marks import dot, dot_key
from crosscase.figures.ink.page import fits, fitted, left_out
from crosscase.figures.ink.panel import Panel, ticks
from crosscase.figures.ink.sheet import Key, Painter, Sheet, label_width, text_width, wrap
from crosscase.figures.ink.style import ACCENT, INK, MUTED, PALE, PAPER, RULE, SERIES

LEAST = 5
"""Units that carry a code, without which its coefficient is not drawn."""
APART = 0.07
"""Inches of the book between the marks of two coders in one row."""
CUSTOMARY = (0.67, 0.8)
"""Limits that are customary for Krippendorff's alpha (Krippendorff 2018); they are ticks, no verdict."""


@dataclass
class _Row:
    """One code, with its words wrapped and its height known."""

    label: list[str]
    reason: list[str]
    data: pd.Series
    bold: bool
    height: float


@dataclass
class _Columns:
    """Where the columns stand: label, panel of coefficients, panel of prevalence, printed numbers, n."""

    label: float
    left: float
    main: float
    side: float
    numbers: float
    spans: bool


def alt_forest(
    frame: pd.DataFrame,
    codes: Order = None,
    *,
    measure: str = "coefficient",
    overall: str | None = None,
    unit: str = "units",
    limits: Sequence[float] | None = None,
) -> str:
    """Say the coefficient of all codes together, the highest and the lowest, and what is undefined or not drawn."""
    table, labels = _forest(frame, codes)
    shown, few = _enough(table, labels, overall)
    if not shown:
        why = f"no code is coded in {LEAST} {unit} or more." if labels else "no code has a coefficient."
        raise NothingToShow(why)
    rows = table.set_index("code")
    if rows.loc[list(shown), "estimate"].isna().all():
        reasons = [str(r) for r in rows.loc[list(shown), "reason"].dropna() if r] if "reason" in rows else []
        raise NothingToShow(f"{(reasons[-1] if reasons else 'no coefficient is defined').rstrip('.')}.")
    known = [code for code in shown if pd.notna(rows.loc[code, "estimate"]) and code != overall]
    known.sort(key=lambda code: -rows.loc[code, "estimate"])
    undefined = [shown[code] for code in shown if pd.isna(rows.loc[code, "estimate"])]

    def said(code: str) -> str:
        row = rows.loc[code]
        span = f", {_two(row['low'])} to {_two(row['high'])}" if pd.notna(row["low"]) and not _flat(row) else ""
        rare = ", rare" if _rare(row) else ""
        return f"{short(shown[code])} {_two(row['estimate'])} (n {_count(row)}{span}{rare})"

    head = f"{measure[:1].upper()}{measure[1:]} of {plural(len(known), 'code')}"
    ends = f"highest {said(known[0])}, lowest {said(known[-1])}" if len(known) > 1 else "".join(map(said, known))
    first = f"{head}: {ends}." if known else ""
    both = f"{said(overall)}." if overall in shown and pd.notna(rows.loc[overall, "estimate"]) else ""
    rest = f"Undefined: {named(undefined)}." if undefined else ""
    return brief(first, both, rest, _few(few, LEAST, unit))


@drawing(alt_forest)
def forest(
    sheet: Sheet,
    frame: pd.DataFrame,
    codes: Order = None,
    *,
    measure: str = "coefficient",
    overall: str | None = None,
    unit: str = "units",
    limits: Sequence[float] | None = None,
) -> Figure:
    """Draw a coefficient with its interval per code, and beside it how often each coder used the code.

    Parameters
    ----------
    frame : DataFrame
        One row per code: `code`, `estimate`, `low`, `high` (null where undefined), `n`; optionally `n_coded` (those of
        the n that carry the code), `prevalence` or several columns `prevalence_<coder>` (shares, 0 to 1), `label` and
        `reason` (printed where undefined) and `rare` (bool: the interval is drawn thin and grey, for it holds less
        often than it says). Limits that do not differ are printed as "no spread". With `n_coded`, codes that fewer
        than five units carry are counted in one line.
    codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    measure : str
        Name of the coefficient, printed over its panel.
    overall : str, optional
        The code that stands for all codes together; set in bold.
    unit : str
        What is coded, as printed where codes are left out.
    limits : sequence of float, optional
        Ticks of reference; without it .67 and .80 where the measure is an alpha, none otherwise.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["trust"], "estimate": [0.6], "low": [0.4], "high": [0.8], "n": [120]})
    >>> forest(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table, labels = _forest(frame, codes)
    labels, few = _enough(table, labels, overall)
    table = table[table["code"].isin(list(labels))]
    rank = table.set_index("code")["n_coded"].fillna(0) if "n_coded" in table else {}
    ranked = sorted(labels, key=lambda code: (code != overall, -rank.get(code, 0)))
    ticked = limits if limits is not None else CUSTOMARY if "alpha" in measure.lower() else ()
    shares = [str(c) for c in table.columns if str(c).startswith("prevalence")]
    if not _wide(sheet):
        table = table.drop(columns="n_coded", errors="ignore")
    counts = [*(_count(row) for _, row in table.iterrows()), _counted(table)]
    key = _key(shares, measure, table, ticked)

    def paint(s: Sheet, kept: Sequence[str], share: float, least: float) -> float:
        pad, size = 0.08 * s.scale, s.look.small
        columns = _columns(s, list(labels.values()), counts, table, shares, share)
        chosen = {code: label for code, label in labels.items() if code in set(kept)}
        rows = _rows(s, table.set_index("code"), chosen, columns, overall, max(least, (len(shares) + 1) * APART))
        y = top = pad + 1.3 * s.leading(size)
        body = sum(row.height for row in rows)
        panel, side = _panels(s, table, shares, columns, top, body)
        for limit in ticked:
            x = panel.at_x(limit)
            s.line([x, x], [top - 0.04 * s.scale, top + body], color=MUTED, line=0.7, dash=(0, (1, 2)), z=0.8)
        heads = [(columns.left, measure if text_width(measure, size, "bold") < columns.main else "value", "left")]
        heads += [(s.width - pad, _counted(table), "right")] + ([(side.x, "used in", "left")] if side else [])
        for x, words, ha in heads:
            s.text(x, pad + s.leading(size) / 2, words, size=size, weight="bold", ha=ha, color=MUTED)
        for row in rows:
            if row.bold:
                s.rect(pad / 2, y, s.width - pad, row.height, fill=PALE, z=0.3)
            _draw(s, row, y + row.height / 2, panel, side, shares, columns)
            y += row.height
        lines = [_few(few, LEAST, unit), left_out(len(labels) - len(rows), "more row", "")]
        return _foot(s, y + 1.6 * s.leading(size) + pad, " ".join(filter(None, lines)), key)

    for share, least in ((0.32, 0.24), (0.5, 0.24), (0.5, 0.2)):  # wider labels and tighter rows where rows are many
        body = partial(paint, share=share, least=least)
        if not _wide(sheet) or fits(sheet, body, ranked) == len(ranked):
            break
    return fitted(sheet, body, ranked)


def _foot(sheet: Sheet, y: float, words: str, key: Sequence[tuple[Painter, str]]) -> float:
    pad = 0.08 * sheet.scale
    if words:
        y = sheet.block(pad, y, sheet.width - 2 * pad, words, size=sheet.look.small, color=MUTED) + 0.5 * pad
    return sheet.legend(pad, y, sheet.width - 2 * pad, key) + 0.04 * sheet.scale


def _enough(table: pd.DataFrame, labels: dict[str, str], overall: str | None) -> tuple[dict[str, str], int]:
    """Return the codes that enough units carry, and how many do not."""
    if "n_coded" not in table:
        return labels, 0
    rare = set(table.loc[table["n_coded"].lt(LEAST), "code"]) - {overall}
    kept = {code: label for code, label in labels.items() if code not in rare}
    few = len(labels) - len(kept)
    return ({} if set(kept) <= {overall} and few else kept), few


def _few(count: int, least: int, unit: str) -> str:
    return left_out(count, "code", f"coded in fewer than {least} {unit}")


def _forest(frame: pd.DataFrame, codes: Order) -> tuple[pd.DataFrame, dict[str, str]]:
    table = need(frame, ["code", "estimate", "low", "high", "n"], "forest", keys=["code"])
    table = table.astype({"code": str})
    more = [c for c in table if c == "n_coded" or str(c).startswith("prevalence")]
    for column in ("estimate", "low", "high", "n", *more):
        table[column] = pd.to_numeric(table[column]).astype(float)
    labels = labels_of(codes, table["code"])
    if codes is None and "label" in table:
        labels = dict(zip(table["code"], table["label"].astype(str)))
    return table, {code: label for code, label in labels.items() if table["code"].eq(code).any()}


def _wide(sheet: Sheet) -> bool:
    """Whether there is room for limits and numbers of coded units in figures."""
    return bool(sheet.look.width > 6 * sheet.scale)


def _count(row: pd.Series) -> str:
    n = f"{row['n']:,.0f}" if pd.notna(row["n"]) else "?"
    return f"{row['n_coded']:,.0f} of {n}" if pd.notna(row.get("n_coded")) else n


def _counted(table: pd.DataFrame) -> str:
    return "coded of n" if "n_coded" in table else "n"


def _two(value: float) -> str:
    """Two digits; what rounds to nothing has no sign."""
    return f"{value:.2f}".replace("-0.00", "0.00")


def _rare(row: pd.Series) -> bool:
    """Whether the code is rare and has an interval that a reader might trust."""
    flag = row.get("rare")
    return bool(pd.notna(flag) and flag and pd.notna(row["low"]))


def _flat(row: pd.Series) -> bool:
    """Whether the limits are one point: then they tell nothing of how far the value might move."""
    return bool(pd.notna(row["low"]) and row["high"] - row["low"] < 1e-12)


def _columns(
    sheet: Sheet, labels: list[str], counts: list[str], table: pd.DataFrame, shares: list[str], share: float
) -> _Columns:
    look, pad, size = sheet.look, 0.08 * sheet.scale, sheet.look.small
    label = label_width(labels, look.base, 0.6 * sheet.scale, look.width * share)
    spans = _wide(sheet) and bool(table["low"].notna().any())
    printed = text_width("−0.00 [−0.00, 0.00]" if spans else "−0.00", size)
    n = max(text_width(count, size, "bold" if count == counts[-1] else "normal") for count in counts)
    room = look.width - label - printed - n - 7 * pad
    main = room * (0.66 if shares else 1.0)
    return _Columns(label, label + 2 * pad, main, room - main - 2 * pad, look.width - n - 2.5 * pad, spans)


def _rows(
    sheet: Sheet, table: pd.DataFrame, labels: Mapping[str, str], columns: _Columns, overall: str | None, least: float
) -> list[_Row]:
    look, rows = sheet.look, []
    for code, text in labels.items():
        data, bold = table.loc[code], code == overall
        label = wrap(text, columns.label, look.base, "bold" if bold else "normal")
        reason: list[str] = []
        if pd.isna(data["estimate"]):
            given = data.get("reason")
            words = given if isinstance(given, str) and given else "undefined"
            reason = wrap(words, columns.main - 0.1 * sheet.scale, look.small)
        tall = max(len(label) * sheet.leading(), len(reason) * sheet.leading(look.small))
        rows.append(_Row(label, reason, data, bold, max(least * sheet.scale, tall + 0.06 * sheet.scale)))
    return rows


def _panels(
    sheet: Sheet, table: pd.DataFrame, shares: list[str], columns: _Columns, top: float, body: float
) -> tuple[Panel, Panel | None]:
    def fitting(width: float, text: str) -> int:
        return max(1, int(width / (text_width(text, sheet.look.small) + 0.15 * sheet.scale)) - 1)

    least = pd.concat([table["low"], table["estimate"]]).min(skipna=True)
    low = max(float(least), -1.0) if pd.notna(least) and least < 0 else 0.0
    panel = Panel(sheet, columns.left, top, columns.main, body, (low, 1.0), (0, 1))
    panel.frame(ticks(low, 1.0, min(5, fitting(columns.main, "−0.5"))), [])
    sheet.line([panel.at_x(0)] * 2, [top, top + body], color=MUTED, line=0.8, dash=(0, (3, 2)))
    if not shares:
        return panel, None
    most = table[shares].max().max()
    high = 1.08 * max(float(most) if pd.notna(most) else 0.0, 0.05)
    side = Panel(
        sheet, columns.left + columns.main + 2.5 * 0.08 * sheet.scale, top, columns.side, body, (0, high), (0, 1)
    )
    marks = ticks(0, high, min(4, fitting(columns.side, "20 %")))
    side.frame(_spaced(side, [(v, f"{100 * v:g}" + (" %" if v else "")) for v, _ in marks]), [])
    return panel, side


def _spaced(panel: Panel, marks: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Keep the words of ticks that stand clear of the next one, the last in any case."""
    size, gap = panel.sheet.look.small, 0.06 * panel.sheet.scale
    kept: list[tuple[float, str]] = []
    for value, words in reversed(marks):
        half = text_width(words, size) / 2
        free = not kept or panel.at_x(value) + half + gap < panel.at_x(kept[0][0]) - text_width(kept[0][1], size) / 2
        if free:
            kept.insert(0, (value, words))
    return kept


def _draw(
    sheet: Sheet, row: _Row, y: float, panel: Panel, side: Panel | None, shares: list[str], columns: _Columns
) -> None:
    size, pad, data = sheet.look.small, 0.08 * sheet.scale, row.data
    sheet.lines(pad, y, row.label, weight="bold" if row.bold else "normal")
    sheet.line([panel.x, panel.x + panel.width], [y, y], color=RULE, line=0.3, z=0.6)
    if row.reason:
        half = row.height / 2 - 0.03 * sheet.scale
        sheet.rect(panel.x, y - half, panel.width, 2 * half, fill="#ebebeb", z=0.7)
        sheet.lines(panel.x + 0.05 * sheet.scale, y, row.reason, size=size, slant="italic", color=MUTED)
    else:
        _interval(sheet, panel, y, data["estimate"], data["low"], data["high"], _rare(data))
        span = f" [{_two(data['low'])}, {_two(data['high'])}]" if pd.notna(data["low"]) and columns.spans else ""
        span = " (no spread)" if span and _flat(data) else span
        color = MUTED if _rare(data) else INK
        printed = f"{_two(data['estimate'])}{span}".replace("-", "−")
        sheet.text(columns.numbers, y, printed, size=size, ha="right", color=color)
    sheet.text(sheet.width - pad, y, _count(data), size=size, ha="right", color=MUTED)
    for i, column in enumerate(shares):
        if side is not None and pd.notna(data[column]):
            at = y + (i - (len(shares) - 1) / 2) * APART * sheet.scale
            sheet.line([side.x, side.at_x(data[column])], [at, at], color=SERIES[(i + 1) % len(SERIES)][0], line=0.5)
            dot(sheet, side.at_x(data[column]), at, i + 1, 0.72)


def _interval(sheet: Sheet, panel: Panel, y: float, estimate: float, low: float, high: float, rare: bool) -> None:
    color, line = (MUTED, 0.7) if rare else (ACCENT, 1.6)
    if pd.notna(low):
        ends = [panel.at_x(max(low, panel.x_range[0])), panel.at_x(min(high, panel.x_range[1]))]
        sheet.line(ends, [y, y], color=color, line=line, z=3)
        for end in ends:
            sheet.line([end, end], [y - 0.035 * sheet.scale, y + 0.035 * sheet.scale], color=color, line=line)
    fill, edge = (PAPER, MUTED) if rare else (ACCENT, INK)
    sheet.circle(panel.at_x(max(estimate, panel.x_range[0])), y, 0.045 * sheet.scale, fill=fill, edge=edge, line=0.8)


def _key(shares: list[str], measure: str, table: pd.DataFrame, limits: Sequence[float]) -> Key:
    def interval(thin: bool) -> Painter:
        def paint(sheet: Sheet, x: float, y: float, size: float) -> None:
            if table["low"].notna().any():
                line = 0.7 if thin else 1.6
                sheet.line([x - size / 2, x + size / 2], [y, y], color=MUTED if thin else ACCENT, line=line, z=3)
            fill, edge = (PAPER, MUTED) if thin else (ACCENT, INK)
            sheet.circle(x, y, 0.045 * sheet.scale, fill=fill, edge=edge, line=0.8)

        return paint

    entries: Key = []
    if table["estimate"].notna().any():
        entries.append((interval(False), f"{measure} with interval" if table["low"].notna().any() else measure))
    if any(_rare(row) for _, row in table.iterrows()):
        entries.append((interval(True), "of a code on few units: interval not to be trusted"))
    if len(limits):
        said = " and ".join(f"{limit:.2f}" for limit in limits)
        tick: Painter = lambda s, x, y, m: s.line(  # noqa: E731
            [x, x], [y - m / 2, y + m / 2], color=MUTED, line=0.9, dash=(0, (1, 2))
        )
        entries.append((tick, f"{said}: customary limits, no verdict"))
    for i, column in enumerate(shares):
        coder = column.removeprefix("prevalence").strip("_")
        words = f"share of units: {coder}" if coder else "share of units with the code"
        entries.append((dot_key(i + 1), words))
    return entries
