"""What inhibits and what promotes, case by case: panels with the names of the themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, listed, need
from crosscase.figures.ink.marks import valence_mark
from crosscase.figures.ink.sheet import Sheet, label_width, text_width, wrap
from crosscase.figures.ink.style import RULE, VALENCE, tint

Order = Sequence[str] | Mapping[str, str] | None


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


def themes_of(frame: pd.DataFrame, where: str, *more: str) -> pd.DataFrame:
    """Return themes bound to cases, with `label` and a valence in every row."""
    table = need(frame, ["case", "theme", "valence", *more], where, {"valence": VALENCE})
    table = table[table["case"].notna()]
    table = table.assign(label=(table["label"] if "label" in table else table["theme"]).astype(str))
    return table.assign(valence=table["valence"].fillna("na")).astype({"case": str})


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
