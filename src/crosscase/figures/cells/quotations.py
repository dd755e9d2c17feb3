"""Who is quoted on what: subtheme x role counts with sectors over the roles, themes over the subthemes, and margins."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import listed, need, no_duplicates, plural
from crosscase.figures.ink.grid import Grid, draw_grid, stripe
from crosscase.figures.ink.sheet import Sheet
from crosscase.figures.ink.style import ACCENT, INK, PAPER, ink_on, tint

TOTAL = "\0total"
ROLES = "\0roles"


def alt_quotation_matrix(frame: pd.DataFrame) -> str:
    """Say the totals by theme and role and which subthemes rest on one role.

    Parameters
    ----------
    frame : DataFrame
        As for `quotation_matrix`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"subtheme": ["funding"], "role": ["insurer"], "n": [1]})
    >>> alt_quotation_matrix(frame)
    'Matrix of 1 quotation: 1 subtheme by 1 role. By role: insurer 1. One role label only: funding.'
    """
    table, rows, columns, themes, _ = _parts(frame)
    if not rows or not columns:
        raise NothingToShow("no quotation has a subtheme and a role.")
    text = (
        f"Matrix of {plural(int(table['n'].sum()), 'quotation')}: {plural(len(rows), 'subtheme')} by "
        f"{plural(len(columns), 'role')}."
    )
    if themes:
        sums = table.assign(heading=table["subtheme"].map(themes)).groupby("heading", sort=False)["n"].sum()
        text += " By theme: " + listed([f"{name} {int(n)}" for name, n in sums.items()]) + "."
    by_role = table.groupby("role", sort=False)["n"].sum()
    text += " By role: " + listed([f"{columns[role]} {int(by_role[role])}" for role in columns]) + "."
    filled = table[table["n"].gt(0)]
    single = [label for s, label in rows.items() if filled.loc[filled["subtheme"].eq(s), "role"].nunique() == 1]
    return text + (f" One role label only: {listed(single)}." if single else "")


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
        For missing columns and two rows for one cell.

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

    grid = Grid(
        {**rows, TOTAL: "All"},
        {**columns, TOTAL: "Quotations", ROLES: "Roles"},
        {**themes, TOTAL: ""} if themes else {},
        {**sectors, TOTAL: "", ROLES: ""} if sectors else {},
        cell_width=0.22,
        label_share=0.34,
        bold_rows=frozenset({TOTAL}),
    )
    y = draw_grid(sheet, 0.06 * sheet.scale, grid, cell)
    entries = [(lambda s, x, yy, m: _roles(s, x, yy, 1), "the subtheme rests on one role label only")]
    if any(v == 1 for v in voices.values()):
        y = sheet.legend(0.08 * sheet.scale, y + 0.1 * sheet.scale, sheet.width - 0.16 * sheet.scale, entries)
    return sheet.finish(y + 0.06 * sheet.scale)


def _parts(
    frame: pd.DataFrame,
) -> tuple[pd.DataFrame, dict[str, str], dict[str, str], dict[str, str], dict[str, str]]:
    table = need(frame, ["subtheme", "role", "n"], "quotation_matrix")
    no_duplicates(table, ["subtheme", "role"], "quotation_matrix")
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
    sheet.rect(x - size / 2, y - size / 2, size, size, fill=fill, radius=0.03 * sheet.scale)
    sheet.text(x, y, str(n), weight="bold", ha="center", color=ink_on(fill))


def _roles(sheet: Sheet, x: float, y: float, count: int) -> None:
    if count == 1:
        sheet.circle(x, y, 0.078 * sheet.scale, fill=PAPER, edge=INK, line=1.4)
    sheet.text(x, y, str(count), ha="center", size=sheet.look.small)
