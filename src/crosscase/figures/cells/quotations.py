"""Who is quoted on what: subtheme x role counts with sectors over the roles, themes over the subthemes, and margins."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import need, plural
from crosscase.figures.ink.grid import Grid, draw_grid, stripe
from crosscase.figures.ink.page import below, fits, fitted, left_out
from crosscase.figures.ink.sheet import Sheet
from crosscase.figures.ink.style import ACCENT, INK, PAPER, ink_on, tint

TOTAL = "\0total"
ROLES = "\0roles"


def alt_quotation_matrix(frame: pd.DataFrame) -> str:
    """Say the totals by theme, the role that is quoted most, and which subthemes rest on one role.

    Examples
    --------
    >>> alt_quotation_matrix(pd.DataFrame({"subtheme": ["funding"], "role": ["insurer"], "n": [1]}))
    '1 quotation: 1 subtheme by 1 role. Most quoted: insurer (1). One role label only: funding.'
    """
    table, rows, columns, themes, _ = _parts(frame)
    total = int(table["n"].sum())
    if not rows or not columns or not total:
        raise NothingToShow("no quotation has a subtheme and a role.")
    by_role = table.groupby("role", sort=False)["n"].sum()
    most = [columns[role] for role in columns if by_role[role] == by_role.max()]
    filled = table[table["n"].gt(0)].groupby("subtheme")["role"].nunique()
    single = [label for s, label in rows.items() if filled.get(s, 0) == 1]
    silent = [label for s, label in rows.items() if s not in filled]
    sums = table.assign(heading=table["subtheme"].map(themes)).groupby("heading", sort=False)["n"].sum()
    by_theme = sums.sort_values(ascending=False, kind="stable")
    size = f"{plural(len(rows), 'subtheme')} by {plural(len(columns), 'role')}"
    return brief(
        f"{plural(total, 'quotation')}: {size}.",
        f"By theme: {named([f'{short(str(name), 30)} {int(n)}' for name, n in by_theme.items()])}." if themes else "",
        f"Most quoted: {named(most, 2)} ({int(by_role.max())}).",
        f"No quotation: {named(silent, 2)}." if silent else "",
        f"One role label only: {named(single, 2)}." if single else "",
    )


@drawing(alt_quotation_matrix)
def quotation_matrix(sheet: Sheet, frame: pd.DataFrame) -> Figure:
    """Draw counts of quotations by subtheme and role, with both margins and the number of roles each row rests on.

    Parameters
    ----------
    frame : DataFrame
        One row per subtheme and role: `subtheme`, `role`, `n` (count, 0 or more); optionally `theme` and `sector`
        (headings), `subtheme_label` and `role_label`. A subtheme without quotations appears where it has a row with
        n = 0 (its role may then be null).

    Returns
    -------
    Drawing
        Squares shaded and printed by count; the last two columns give the total and the number of roles, which is
        framed where a subtheme rests on one role only.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"subtheme": ["funding"], "role": ["insurer"], "n": [1]})
    >>> quotation_matrix(frame).draw().get_size_inches()[0].item()
    7.2
    """
    table, rows, columns, themes, sectors = _parts(frame)
    counts = {(s, r): int(n) for s, r, n in zip(table["subtheme"], table["role"], table["n"])}
    total = {s: sum(counts.get((s, r), 0) for r in columns) for s in rows}
    voices = {s: sum(counts.get((s, r), 0) > 0 for r in columns) for s in rows}
    greatest = max([*counts.values(), 1])
    margin = {r: sum(counts.get((s, r), 0) for s in rows) for r in columns}

    def cell(s: Sheet, x: float, y: float, w: float, h: float, row: str, column: str) -> None:
        if row == TOTAL or column in (TOTAL, ROLES):
            stripe(s, x, y, w, h)
        if column == ROLES:
            if row != TOTAL:
                _roles(s, x, y, voices[row])
            return
        if row == TOTAL:
            s.text(x, y, str(sum(total.values()) if column == TOTAL else margin[column]), weight="bold", ha="center")
        elif column == TOTAL:
            s.text(x, y, str(total[row]), weight="bold", ha="center")
        elif counts.get((row, column), 0):
            _count(s, x, y, min(w, h) * 0.82, counts[(row, column)], greatest)

    entries = [(lambda s, x, yy, m: _roles(s, x, yy, 1), "the subtheme rests on one role label only")]

    headed = 2

    def body(s: Sheet, kept: Sequence[str]) -> float:
        grid = Grid(
            {r: label for r, label in rows.items() if r in set(kept)} | {TOTAL: "All"},
            {**columns, TOTAL: "Quotations", ROLES: "Roles"},
            {**themes, TOTAL: ""} if themes and headed else {},
            {**sectors, TOTAL: "", ROLES: ""} if sectors and headed > 1 else {},
            cell_width=0.22,
            label_share=0.34,
            bold_rows=frozenset({TOTAL}),
            silent=lambda row, part: not any(counts.get((row, each), 0) for each in part if each in columns),
            noun="subtheme",
            silence="no quotation of these roles",
        )
        y = draw_grid(s, 0.06 * s.scale, grid, cell)
        alone = entries if any(voices[r] == 1 for r in kept) else []
        return below(s, y, [left_out(len(rows) - len(kept), "subtheme")], alone)

    ranked = sorted(rows, key=lambda r: -total[r])
    while headed and fits(sheet, body, ranked) < len(ranked):  # headings give way to subthemes
        headed -= 1
    return fitted(sheet, body, ranked)


def _parts(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str], dict[str, str], dict[str, str], dict[str, str]]:
    table = need(frame, ["subtheme", "role", "n"], "quotation_matrix", keys=["subtheme", "role"])
    table = table.assign(n=pd.to_numeric(table["n"]).fillna(0))
    if "theme" in table:
        order = {name: i for i, name in enumerate(dict.fromkeys(table["theme"]))}
        table = table.sort_values("theme", key=lambda s: s.map(order), kind="stable")
    table = table.astype({"subtheme": str})
    named = table[table["role"].notna()].astype({"role": str})
    if "sector" in named:
        order = {name: i for i, name in enumerate(dict.fromkeys(named["sector"]))}
        named = named.assign(_rank=named["sector"].map(order)).sort_values("_rank", kind="stable")
    labels = [c if c in table else d for c, d in (("subtheme_label", "subtheme"), ("role_label", "role"))]
    rows = {s: str(t) for s, t in zip(table["subtheme"], table[labels[0]])}
    columns = {r: str(t) for r, t in zip(named["role"], named[labels[1]])}
    themes = dict(zip(table["subtheme"], table["theme"].astype(str))) if "theme" in table else {}
    sectors = dict(zip(named["role"], named["sector"].astype(str))) if "sector" in named else {}
    return table[table["role"].notna()], rows, columns, themes, sectors


def _count(sheet: Sheet, x: float, y: float, size: float, n: int, greatest: int) -> None:
    fill = tint(ACCENT, 0.25 + 0.75 * n / greatest)
    sheet.field(x, y, size, size, fill=fill, radius=0.03 * sheet.scale)
    sheet.text(x, y, str(n), weight="bold", ha="center", color=ink_on(fill))


def _roles(sheet: Sheet, x: float, y: float, count: int) -> None:
    if count == 1:
        sheet.circle(x, y, 0.078 * sheet.scale, fill=PAPER, edge=INK, line=1.4)
    sheet.text(x, y, str(count), ha="center", size=sheet.look.small)
