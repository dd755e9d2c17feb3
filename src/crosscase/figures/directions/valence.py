"""What inhibits and what promotes, case by case: panels with the names of the themes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labelled, labels_of, need, plural
from crosscase.figures.ink.marks import valence_mark
from crosscase.figures.ink.page import below, fits, fitted, left_out
from crosscase.figures.ink.sheet import Sheet, label_width, text_width, wrap
from crosscase.figures.ink.style import RULE, VALENCE, tint


def alt_case_valence_panels(themes: pd.DataFrame, cases: Order = None) -> str:
    """Say how many themes inhibit and promote in each case, and name the first."""
    frame = themes_of(themes, "case_valence_panels")
    if frame.empty:
        raise NothingToShow("no theme is bound to a case and a valence.")
    labels = labels_of(cases, frame["case"])
    said = []
    for case, label in labels.items():
        mine = frame.loc[frame["case"].eq(case), "valence"]
        counts = [f"{mine.eq(v).sum()} {VALENCE[v].label}" for v in VALENCE if mine.eq(v).any()]
        said.append(f"{short(label, 30)}: {', '.join(counts) or 'none'}")
    return brief(
        f"{plural(len(frame), 'theme')} of {plural(len(labels), 'case')} by direction.",
        f"{'; '.join(said[:5])}{f'; {len(said) - 5} more' if len(said) > 5 else ''}.",
        f"Named first: {named(list(frame['label'])[:2], 2)}.",
    )


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
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> themes = pd.DataFrame({"case": ["a"], "valence": ["inhibits"], "theme": ["Lack of resources"]})
    >>> case_valence_panels(themes).draw().get_size_inches()[0].item()
    7.2
    """
    frame = themes_of(themes, "case_valence_panels")
    labels = labels_of(cases, frame["case"])
    shown = [v for v in VALENCE if frame["valence"].eq(v).any()]
    cells = {
        case: [list(frame.loc[frame["case"].eq(case) & frame["valence"].eq(v), "label"]) for v in shown]
        for case in labels
    }

    def paint(s: Sheet, here: Sequence[str], themes: int) -> float:
        look, pad = s.look, 0.09 * s.scale
        name = label_width(list(labels.values()), look.base, 0.5 * s.scale, look.width * 0.2, "bold")
        step = (look.width - name - 3 * pad) / len(shown)
        left, y, mark = name + 2 * pad, pad, 0.19 * s.scale
        for i, valence in enumerate(shown):
            x = left + i * step
            valence_mark(s, x + mark / 2 + pad, y + mark / 2, mark, valence)
            lines = wrap(VALENCE[valence].label, step - mark - 2 * pad, look.base, "bold")
            s.lines(x + mark + 1.7 * pad, y + mark / 2, lines, weight="bold")
        y += mark + pad
        for case, label in labels.items():
            if case in here:
                y = _panel_row(s, y, wrap(label, name, look.base, "bold"), cells[case], shown, left, step, themes)
        words = left_out(len(labels) - len(here), "case", "with fewer themes")
        return below(s, y - 0.16 * s.scale, [words], []) + 0.02 * s.scale if words else y + 0.02 * s.scale

    # as many themes in each cell as a page holds; fewer cases where it does not hold one theme of each
    ranked = sorted(labels, key=lambda case: -sum(map(len, cells[case])))
    here = ranked[: fits(sheet, lambda s, kept: paint(s, kept, 1), ranked)]
    most = max((len(cell) for row in cells.values() for cell in row), default=1)
    return fitted(sheet, lambda s, kept: paint(s, here, len(kept)), [str(i) for i in range(most)])


def themes_of(frame: pd.DataFrame, where: str, *more: str) -> pd.DataFrame:
    """Return themes bound to cases, with `label` and a valence in every row."""
    table = need(frame, ["case", "theme", "valence", *more], where, {"valence": VALENCE})
    table = table[table["case"].notna()]
    table = labelled(table, "theme")
    return table.assign(valence=table["valence"].fillna("na")).astype({"case": str})


def _panel_row(sheet, y, label, cells, shown, left, step, most) -> float:
    look, pad = sheet.look, 0.09 * sheet.scale
    narrow = look.width < 5 * sheet.scale
    head = look.base if narrow else look.head
    number_width = text_width("0" if narrow and most < 10 else "00", head, "bold") + (0.6 if narrow else 1) * pad
    inner = step - (2 if narrow else 2.5) * pad - number_width
    named = [[*themes[:most], *([f"and {len(themes) - most} more"] if len(themes) > most else [])] for themes in cells]
    wrapped = [[wrap(theme, inner, look.base) for theme in themes] for themes in named]
    between = 0.05 * sheet.scale
    tall = [sum(len(lines) for lines in cell) * sheet.leading() + between * max(len(cell) - 1, 0) for cell in wrapped]
    height = max([*tall, len(label) * sheet.leading(), sheet.leading()]) + 2 * pad
    sheet.lines(pad, y + height / 2, label, weight="bold")
    for i, (cell, valence, themes) in enumerate(zip(wrapped, shown, cells)):
        x, mark = left + i * step, VALENCE[valence]
        sheet.rect(x + pad / 2, y, step - pad, height - pad / 2, fill=tint(mark.color, 0.12), edge=RULE, line=0.5)
        sheet.rect(
            x + pad / 2, y, 0.05 * sheet.scale, height - pad / 2, fill=mark.color, hatch=mark.hatch, edge=mark.color
        )
        sheet.text(x + 1.5 * pad, y + height / 2 - pad / 4, str(len(themes)), size=head, weight="bold")
        at = y + (height - pad / 2 - tall[i]) / 2
        for lines in cell:
            middle = at + len(lines) * sheet.leading() / 2
            sheet.lines(x + 1.5 * pad + number_width, middle, lines)
            at += len(lines) * sheet.leading() + between
    return y + height
