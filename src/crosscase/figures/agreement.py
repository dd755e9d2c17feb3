"""How coders agree: coefficients with intervals per code, which codes are confused, how agreement moves over rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.checks import labels_of, listed, need, no_duplicates, number, plural
from crosscase.figures.marks import not_stated_mark
from crosscase.figures.panel import Panel, ticks
from crosscase.figures.sheet import Painter, Sheet, label_width, nothing, text_width, wrap
from crosscase.figures.style import ACCENT, INK, MUTED, PALE, RULE, SERIES

Order = Sequence[str] | Mapping[str, str] | None


def forest(
    frame: pd.DataFrame,
    codes: Order = None,
    *,
    measure: str = "coefficient",
    overall: str | None = None,
    kind: str = "book",
    width: float | None = None,
) -> Figure:
    """Draw a coefficient with its interval per code, and beside it how often each coder used the code.

    Parameters
    ----------
    frame : DataFrame
        One row per code: `code`, `estimate`, `low`, `high` (null where undefined), `n`; optionally `prevalence` or
        several columns `prevalence_<coder>` (shares, 0 to 1), `label` and `reason` (printed where undefined).
    codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    measure : str
        Name of the coefficient, printed over its panel.
    overall : str, optional
        The code that stands for all codes together; set in bold.
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one code.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["trust"], "estimate": [0.6], "low": [0.4], "high": [0.8], "n": [120]})
    >>> forest(frame).get_size_inches()[0].item()
    7.2
    """
    table, labels = _forest(frame, codes)
    if not labels:
        return nothing("Nothing to draw: no code has a coefficient.", kind, width)
    shares = [c for c in table.columns if str(c).startswith("prevalence")]
    sheet = Sheet(kind, width)
    look, pad, size = sheet.look, 0.08 * sheet.scale, sheet.look.small
    name = label_width(list(labels.values()), look.base, 0.6 * sheet.scale, look.width * 0.32)
    printed = text_width("−0.00 [−0.00, 0.00]", size)
    count = max(text_width(f"{n:,.0f}" if pd.notna(n) else "", size) for n in table["n"]) + pad
    left = pad + name + pad
    room = look.width - left - printed - count - 3 * pad
    main = room * (0.64 if shares else 1.0) - pad
    heights = {c: max(0.24 * sheet.scale, len(wrap(t, name, look.base)) * sheet.leading() + 0.05 * sheet.scale)
               for c, t in labels.items()}  # fmt: skip
    top = pad + 1.3 * sheet.leading(size)
    body = sum(heights.values())
    low = min(0.0, float(pd.concat([table["low"], table["estimate"]]).min(skipna=True) or 0.0))
    panel = Panel(sheet, left, top, main, body, (max(low, -1.0) if low < 0 else 0.0, 1.0), (0, 1))
    panel.frame(ticks(*panel.x_range, 4), [])
    sheet.line([panel.at_x(0)] * 2, [top, top + body], color=MUTED, line=0.8, dash=(0, (3, 2)))
    sheet.text(left, pad + sheet.leading(size) / 2, measure, size=size, weight="bold", color=MUTED)
    side = None
    if shares:
        most = max(float(table[shares].max().max()), 0.05)
        side = Panel(sheet, left + main + 2.5 * pad, top, room - main - 3.5 * pad, body, (0, most * 1.05), (0, 1))
        side.frame([(v, f"{100 * v:g} %") for v, _ in ticks(0, most * 1.05, 2)], [])
        sheet.text(side.x, pad + sheet.leading(size) / 2, "used in", size=size, weight="bold", color=MUTED)
    sheet.text(look.width - pad, pad + sheet.leading(size) / 2, "n", size=size, weight="bold", ha="right", color=MUTED)
    y, rows = top, table.set_index("code")
    for code, label in labels.items():
        middle, bold = y + heights[code] / 2, "bold" if code == overall else "normal"
        if code == overall:
            sheet.rect(pad / 2, y, look.width - pad, heights[code], fill=PALE, z=0.3)
        sheet.lines(pad, middle, wrap(label, name, look.base), weight=bold)
        _forest_row(sheet, panel, side, rows.loc[code], shares, middle, look.width - count - 1.5 * pad)
        n = rows.loc[code, "n"]
        sheet.text(look.width - pad, middle, f"{n:,.0f}" if pd.notna(n) else "?", size=size, ha="right", color=MUTED)
        y += heights[code]
    y += 1.6 * sheet.leading(size) + pad
    entries: list[tuple[Painter, str]] = [(_interval_key, "coefficient with interval")]
    entries += [((lambda s, x, yy, m, i=i: _share(s, x, yy, i)), str(c).removeprefix("prevalence").strip("_") or "share of units with the code") for i, c in enumerate(shares)]  # fmt: skip  # noqa: E501
    return sheet.finish(sheet.legend(pad, y, look.width - 2 * pad, entries) + 0.04 * sheet.scale)


def alt_forest(frame: pd.DataFrame, codes: Order = None, *, measure: str = "coefficient") -> str:
    """Say the coefficients with their intervals, and which are undefined.

    Parameters
    ----------
    frame, codes, measure
        As for `forest`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["trust"], "estimate": [0.6], "low": [0.4], "high": [0.8], "n": [120]})
    >>> alt_forest(frame, measure="alpha")
    'Plot of alpha for 1 code. trust 0.60 (0.40 to 0.80, n 120).'
    """
    table, labels = _forest(frame, codes)
    rows, said, undefined = table.set_index("code"), [], []
    for code, label in labels.items():
        row = rows.loc[code]
        if pd.isna(row["estimate"]):
            undefined.append(label)
        else:
            span = f"{row['low']:.2f} to {row['high']:.2f}, " if pd.notna(row["low"]) else ""
            said.append(f"{label} {row['estimate']:.2f} ({span}n {number(row['n'])})")
    text = f"Plot of {measure} for {plural(len(labels), 'code')}. {'; '.join(said)}."
    return text + (f" Undefined: {listed(undefined)}." if undefined else "")


def drift_rounds(
    frame: pd.DataFrame,
    codes: Order = None,
    *,
    measure: str = "value",
    label: str = "agreement",
    kind: str = "book",
    width: float | None = None,
) -> Figure:
    """Draw how agreement on each code moves over the rounds of coding: one small panel per code, one scale for all.

    Parameters
    ----------
    frame : DataFrame
        One row per round and code: `round`, `code` and the column named by `measure` (0 to 1, null where
        undefined); optionally `coder` (one line each).
    codes : sequence of str or mapping of str to str, optional
        In drawing order, or id -> label.
    measure : str
        Column that is drawn, such as `positive_agreement`.
    label : str
        What it is, in words.
    kind : str
        `book` or `poster`.
    width : float, optional
        Width in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    CrosscaseError
        For missing columns and two rows for one point.

    Examples
    --------
    >>> frame = pd.DataFrame({"round": [1, 2], "code": ["trust"] * 2, "value": [0.5, 0.7]})
    >>> drift_rounds(frame).get_size_inches()[0].item()
    7.2
    """
    table, labels, rounds, coders = _rounds(frame, codes, measure)
    if not labels or not rounds:
        return nothing("Nothing to draw: there is one round of coding only, or none.", kind, width)
    sheet = Sheet(kind, width)
    look, pad, size = sheet.look, 0.08 * sheet.scale, sheet.look.small
    across = min(len(labels), max(1, int(look.width / (1.75 * sheet.scale))))
    step = (look.width - pad) / across
    inner = step - text_width("0.0", size) - 3.5 * pad
    lowest = min(0.0, float(table[measure].min(skipna=True) or 0.0))
    y, ids = pad, list(labels)
    for start in range(0, len(ids), across):
        part = ids[start : start + across]
        heads = [wrap(labels[c], step - 2 * pad, look.base, "bold") for c in part]
        head = max(map(len, heads)) * sheet.leading() + 0.5 * pad
        for i, (code, lines) in enumerate(zip(part, heads)):
            x = i * step + pad + text_width("0.0", size) + 1.5 * pad
            sheet.lines(i * step + pad, y + len(lines) * sheet.leading() / 2, lines, weight="bold")
            ends = (-0.3, len(rounds) - 0.7)
            panel = Panel(sheet, x, y + head + pad, inner, 0.85 * sheet.scale, ends, (lowest, 1.0))
            panel.frame([(k, str(r)) for k, r in enumerate(rounds)], [(0.0, "0"), (0.5, "0.5"), (1.0, "1")])
            _moves(panel, table[table["code"].eq(code)], rounds, coders, measure)
        y += head + 0.85 * sheet.scale + 3 * pad + sheet.leading(size)
    y = sheet.block(pad, y, look.width - 2 * pad, f"Upwards: {label}. Across: round.", size=size, color=MUTED)
    entries: list[tuple[Painter, str]] = [
        ((lambda s, x, yy, m, i=i: _share(s, x, yy, i)), str(coder)) for i, coder in enumerate(coders) if coder
    ]
    if table[measure].isna().any():
        entries.append((lambda s, x, yy, m: not_stated_mark(s, x, yy, m, m), "undefined in this round"))
    return sheet.finish(sheet.legend(pad, y, look.width - 2 * pad, entries) + 0.04 * sheet.scale)


def alt_drift_rounds(
    frame: pd.DataFrame, codes: Order = None, *, measure: str = "value", label: str = "agreement"
) -> str:
    """Say the first and the last round of each code.

    Parameters
    ----------
    frame, codes, measure, label
        As for `drift_rounds`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"round": [1, 2], "code": ["trust"] * 2, "value": [0.5, 0.7]})
    >>> alt_drift_rounds(frame)
    'Small panels of agreement over 2 rounds. trust: 0.50, 0.70.'
    """
    table, labels, rounds, coders = _rounds(frame, codes, measure)
    parts = []
    for code, name in labels.items():
        for coder in coders:
            mine = table[table["code"].eq(code) & table["coder"].eq(coder)].set_index("round")[measure]
            said = ["undefined" if pd.isna(mine.get(r)) else f"{mine[r]:.2f}" for r in rounds]
            parts.append(f"{name}{f' ({coder})' if coder else ''}: {', '.join(said)}.")
    return f"Small panels of {label} over {plural(len(rounds), 'round')}. " + " ".join(parts)


def _forest(frame: pd.DataFrame, codes: Order) -> tuple[pd.DataFrame, dict[str, str]]:
    table = need(frame, ["code", "estimate", "low", "high", "n"], "forest")
    no_duplicates(table, ["code"], "forest")
    table = table.astype({"code": str})
    for column in ("estimate", "low", "high", "n", *[c for c in table if str(c).startswith("prevalence")]):
        table[column] = pd.to_numeric(table[column]).astype(float)
    labels = labels_of(codes, table["code"])
    if codes is None and "label" in table:
        labels = dict(zip(table["code"], table["label"].astype(str)))
    return table, {code: label for code, label in labels.items() if table["code"].eq(code).any()}


def _forest_row(sheet, panel, side, row, shares, y, right) -> None:  # type: ignore[no-untyped-def]
    size = sheet.look.small
    sheet.line([panel.x, sheet.width - 0.08 * sheet.scale], [y, y], color=RULE, line=0.3, z=0.6)
    if pd.isna(row["estimate"]):
        reason = row.get("reason")
        words = reason if isinstance(reason, str) and reason else "undefined"
        inside = wrap(words, panel.width - 0.1 * sheet.scale, size)
        sheet.rect(panel.x, y - 0.09 * sheet.scale, panel.width, 0.18 * sheet.scale, fill="#ebebeb", z=0.7)
        sheet.text(panel.x + 0.05 * sheet.scale, y, inside[0] + (" …" if len(inside) > 1 else ""), size=size, slant="italic", color=MUTED)  # fmt: skip  # noqa: E501
    else:
        if pd.notna(row["low"]):
            low, high = max(row["low"], panel.x_range[0]), min(row["high"], panel.x_range[1])
            sheet.line([panel.at_x(low), panel.at_x(high)], [y, y], color=ACCENT, line=1.6, z=3)
            for end in (low, high):
                sheet.line([panel.at_x(end)] * 2, [y - 0.035 * sheet.scale, y + 0.035 * sheet.scale], color=ACCENT, line=1.2)  # fmt: skip  # noqa: E501
        sheet.circle(panel.at_x(max(row["estimate"], panel.x_range[0])), y, 0.045 * sheet.scale, fill=ACCENT, edge=INK, line=0.5)
        span = f" [{row['low']:.2f}, {row['high']:.2f}]" if pd.notna(row["low"]) else ""
        sheet.text(right, y, f"{row['estimate']:.2f}{span}".replace("-", "−"), size=size, ha="right")
    for i, column in enumerate(shares):
        if side is not None and pd.notna(row[column]):
            _share(sheet, side.at_x(row[column]), y, i)


def _share(sheet: Sheet, x: float, y: float, series: int) -> None:
    color, marker, _ = SERIES[(series + 1) % len(SERIES)]
    sheet.axes.plot(
        [x], [y], marker=marker, markersize=5 * sheet.scale, color=color, markeredgecolor=INK,
        markeredgewidth=0.5 * sheet.scale, zorder=4,
    )  # fmt: skip


def _interval_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.line([x - size / 2, x + size / 2], [y, y], color=ACCENT, line=1.6, z=3)
    sheet.circle(x, y, 0.045 * sheet.scale, fill=ACCENT, edge=INK, line=0.5)


def _rounds(
    frame: pd.DataFrame, codes: Order, measure: str
) -> tuple[pd.DataFrame, dict[str, str], list[object], list[str]]:
    table = need(frame, ["round", "code", measure], "drift_rounds")
    table = table.assign(coder=table["coder"].astype(str) if "coder" in table else "").astype({"code": str})
    no_duplicates(table, ["round", "code", "coder"], "drift_rounds")
    labels = labels_of(codes, table["code"])
    return table, labels, sorted(table["round"].unique()), list(dict.fromkeys(table["coder"]))


def _moves(panel: Panel, table: pd.DataFrame, rounds: list[object], coders: list[str], measure: str) -> None:
    sheet = panel.sheet
    for i, coder in enumerate(coders):
        mine = table[table["coder"].eq(coder)].set_index("round")[measure]
        points = [(panel.at_x(k), mine.get(r)) for k, r in enumerate(rounds)]
        for (x0, a), (x1, b) in zip(points, points[1:]):  # noqa: RUF007
            if pd.notna(a) and pd.notna(b):
                color, _, dash = SERIES[(i + 1) % len(SERIES)]
                sheet.line([x0, x1], [panel.at_y(a), panel.at_y(b)], color=color, line=1.4, dash=dash, z=2.5)
        for x, value in points:
            if pd.notna(value):
                _share(sheet, x, panel.at_y(value), i)
            elif len(coders) == 1:
                not_stated_mark(sheet, x, panel.y + panel.height / 2, 0.16 * sheet.scale, panel.height)
