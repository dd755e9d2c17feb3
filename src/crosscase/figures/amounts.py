"""What the publications say: the data inventory by unit, and facts that drift between poster, paper and thesis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.checks import labels_of, need, no_duplicates, number
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.sheet import Sheet, label_width, text_width, wrap
from crosscase.figures.ink.style import ACCENT, HATCH, INK, MUTED, PAPER, RULE, VALENCE

STATUS = ("stated", "derived", "not_stated")


def alt_inventory_bars(inventory: pd.DataFrame) -> str:
    """Say the inventory in words, with what is not stated.

    Parameters
    ----------
    inventory : DataFrame
        As for `inventory_bars`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"method": ["Interviews", "Observation"], "unit": ["interviews", "hours"]})
    >>> alt_inventory_bars(frame.assign(amount=[21, None]))
    'Bars, one panel per unit. Interviews: 21 interviews; Observation: number of hours not stated.'
    """
    frame = _inventory(inventory)
    if frame.empty:
        raise NothingToShow("there are no rows to show.")
    parts = [
        f"{label}: number of {unit} not stated" if pd.isna(amount) else f"{label}: {_amount(amount, unit)}"
        for label, amount, unit in zip(frame["label"], frame["amount"], frame["unit"])
    ]
    return f"Bars, one panel per unit. {'; '.join(parts)}."


@drawing(alt_inventory_bars)
def inventory_bars(sheet: Sheet, inventory: pd.DataFrame) -> Figure:
    """Draw the data inventory: one panel per unit, so that hours never share an axis with interviews.

    Parameters
    ----------
    inventory : DataFrame
        One row per method and unit: `method`, `unit`, `amount` (number, null where not stated); optionally `status`
        (`stated`, `derived`, `not_stated`) and `label` (instead of `method`).

    Returns
    -------
    Drawing

    Raises
    ------
    CrosscaseError
        For missing columns, an unknown status, or a negative amount.

    Examples
    --------
    >>> frame = pd.DataFrame({"method": ["interviews"], "unit": ["interviews"], "amount": [21]})
    >>> inventory_bars(frame).draw().get_size_inches()[0].item()
    7.2
    """
    frame = _inventory(inventory)
    pad, look = 0.08 * sheet.scale, sheet.look
    labels = label_width(list(frame["label"]), look.base, 0.8 * sheet.scale, look.width * 0.38)
    left, y = pad + labels + pad, pad
    tail = max(text_width(_amount(a, u), look.base, "bold") for a, u in zip(frame["amount"], frame["unit"]))
    room = max(look.width - left - tail - 3 * pad, 0.5 * sheet.scale)
    for unit, part in frame.groupby("unit", sort=False):
        y = sheet.block(pad, y, look.width - 2 * pad, f"in {unit}", size=look.small, weight="bold", color=MUTED)
        y += 0.03 * sheet.scale
        greatest = part["amount"].max()
        for label, amount, status in zip(part["label"], part["amount"], part["status"]):
            lines = wrap(label, labels, look.base)
            height = max(0.26 * sheet.scale, len(lines) * sheet.leading() + 0.06 * sheet.scale)
            middle = y + height / 2
            sheet.lines(pad, middle, lines)
            if pd.isna(amount):
                _unknown(sheet, left, middle)
            else:
                _bar(sheet, left, middle, room * amount / greatest if greatest else 0.0, _amount(amount, unit), status)
            sheet.line([left, left], [y, y + height], color=MUTED)
            y += height
        y += 0.1 * sheet.scale
    if frame["status"].eq("derived").any():
        y = sheet.legend(pad, y, look.width - 2 * pad, [(_derived, "calculated from other numbers in the publication")])
    return sheet.finish(y + 0.02 * sheet.scale)


def alt_drift(frame: pd.DataFrame, stages: Sequence[str] | Mapping[str, str] | None = None) -> str:
    """Say in words which published facts change between stages and which stay.

    Parameters
    ----------
    frame, stages
        As for `drift`.

    Returns
    -------
    str

    Examples
    --------
    >>> frame = pd.DataFrame({"fact": ["interviews"] * 2, "stage": ["paper", "thesis"], "value": [21, 24]})
    >>> alt_drift(frame)
    '1 of 1 facts differs between stages. interviews: 21 (paper), 24 (thesis).'
    """
    frame = _drift(frame)
    columns = labels_of(stages, frame["stage"])
    parts, changed = [], 0
    facts = frame.drop_duplicates("fact").set_index("fact")["label"]
    for fact, label in facts.items():
        values = frame[frame["fact"].eq(fact)].set_index("stage")["value"]
        said = [(_show(values.get(stage)), name) for stage, name in columns.items()]
        changed += len({text for text, _ in said if text}) > 1
        parts.append(f"{label}: " + ", ".join(f"{text or 'not stated'} ({name})" for text, name in said) + ".")
    if not parts:
        raise NothingToShow("no fact is known in more than one stage.")
    return f"{changed} of {len(parts)} facts {'differs' if changed == 1 else 'differ'} between stages. " + " ".join(
        parts
    )


@drawing(alt_drift)
def drift(sheet: Sheet, frame: pd.DataFrame, stages: Sequence[str] | Mapping[str, str] | None = None) -> Figure:
    """Draw how published facts change over the stages of dissemination, each fact on a scale of its own.

    Parameters
    ----------
    frame : DataFrame
        One row per fact and stage: `fact`, `stage`, `value` (number or text; null where not stated); optionally
        `label` (instead of `fact`) and `unit`.
    stages : sequence of str or mapping of str to str, optional
        Stages in order of time, or id -> label; otherwise in order of appearance.

    Returns
    -------
    Drawing
        One strip per fact with its printed values; a fact that changes is set in bold and marked "differs".

    Raises
    ------
    CrosscaseError
        For missing columns or two values of one fact in one stage.

    Examples
    --------
    >>> frame = pd.DataFrame({"fact": ["interviews"] * 2, "stage": ["paper", "thesis"], "value": [21, 24]})
    >>> drift(frame).draw().get_size_inches()[0].item()
    7.2
    """
    frame = _drift(frame)
    columns = labels_of(stages, frame["stage"])
    pad, look = 0.08 * sheet.scale, sheet.look
    facts = frame.drop_duplicates("fact").set_index("fact")["label"]
    labels = label_width(list(facts), look.base, 0.8 * sheet.scale, look.width * 0.34, "bold")
    verdict = text_width("differs", look.small) + pad
    left = pad + labels + 2 * pad
    step = (look.width - left - verdict - 2 * pad) / len(columns)
    y = pad + _stage_heads(sheet, pad, list(columns.values()), left, step)
    for fact, label in facts.items():
        values = frame[frame["fact"].eq(fact)].set_index("stage")["value"]
        shown = [values.get(stage) for stage in columns]
        y = _drift_row(sheet, y, str(label), labels, shown, left, step)
    sheet.line([pad, look.width - pad], [y, y], color=RULE, line=0.4)
    if any(
        stage not in set(frame.loc[frame["fact"].eq(f) & frame["value"].notna(), "stage"])
        for f in facts.index
        for stage in columns
    ):
        mark = [(lambda s, x, yy, m: not_stated_mark(s, x, yy, m, m), "not stated at this stage")]
        y = sheet.legend(pad, y + pad, look.width - 2 * pad, mark)
    return sheet.finish(y + 0.06 * sheet.scale)


def _inventory(inventory: pd.DataFrame) -> pd.DataFrame:
    frame = need(inventory, ["method", "unit", "amount"], "inventory_bars", {"status": STATUS})
    frame = frame.assign(amount=pd.to_numeric(frame["amount"]).astype(float))
    frame["label"] = (frame["label"] if "label" in frame else frame["method"]).astype(str)
    status = frame["status"] if "status" in frame else pd.Series("stated", index=frame.index)
    frame["status"] = status.fillna("stated").where(frame["amount"].notna(), "not_stated")
    if frame["amount"].lt(0).any():
        need(frame, ["an amount of zero or more in every row"], "inventory_bars")
    return frame


def _amount(amount: object, unit: object) -> str:
    return "" if pd.isna(amount) else f"{number(amount)} {unit}"


def _bar(sheet: Sheet, x: float, y: float, length: float, words: str, status: object) -> None:
    half = 0.075 * sheet.scale
    derived = status == "derived"
    sheet.rect(
        x, y - half, length, 2 * half, fill=PAPER if derived else ACCENT, edge=ACCENT, hatch="////" if derived else ""
    )
    sheet.text(x + length + 0.07 * sheet.scale, y, words, weight="bold")


def _derived(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.rect(x - size / 2, y - size / 3, size, size * 2 / 3, fill=PAPER, edge=ACCENT, hatch="////")


def _unknown(sheet: Sheet, x: float, y: float) -> None:
    half, length = 0.075 * sheet.scale, 0.45 * sheet.scale
    sheet.rect(x, y - half, length, 2 * half, fill="#ebebeb", edge=RULE, hatch=HATCH, dash=(0, (3, 2)))
    sheet.text(x + length + 0.07 * sheet.scale, y, "number not stated", slant="italic", color=MUTED)


def _drift(frame: pd.DataFrame) -> pd.DataFrame:
    out = need(frame, ["fact", "stage", "value"], "drift")
    no_duplicates(out, ["fact", "stage"], "drift")
    out = out.assign(label=(out["label"] if "label" in out else out["fact"]).astype(str))
    return out.astype({"fact": str, "stage": str, "value": object})


def _show(value: object) -> str:
    if value is None or pd.isna(value):
        return ""
    return value if isinstance(value, str) else number(value)


def _stage_heads(sheet: Sheet, y: float, names: Sequence[str], left: float, step: float) -> float:
    size = sheet.look.small
    heads = [wrap(name, step - 0.1 * sheet.scale, size, "bold") for name in names]
    height = max(map(len, heads)) * sheet.leading(size)
    for i, lines in enumerate(heads):
        middle = y + height - len(lines) * sheet.leading(size) / 2
        sheet.lines(left + (i + 0.5) * step, middle, lines, ha="center", size=size, weight="bold", color=MUTED)
    return height + 0.06 * sheet.scale


def _drift_row(
    sheet: Sheet, y: float, label: str, labels: float, values: Sequence[object], left: float, step: float
) -> float:
    look, pad = sheet.look, 0.08 * sheet.scale
    texts = [_show(value) for value in values]
    differs = len({text for text in texts if text}) > 1
    weight = "bold" if differs else "normal"
    sizes = [look.small if isinstance(value, str) else look.base for value in values]
    weights = ["normal" if isinstance(value, str) else weight for value in values]
    words = [wrap(t, step - 0.1 * sheet.scale, size, w) for t, size, w in zip(texts, sizes, weights)]
    numeric = [None if not text or isinstance(v, str) else float(v) for v, text in zip(values, texts)]  # type: ignore[arg-type]
    known = [v for v in numeric if v is not None]
    slope = 0.16 * sheet.scale if differs and len(known) > 1 else 0.0
    lines = wrap(label, labels, look.base, weight)
    tall = max(map(len, words)) * sheet.leading() + 0.14 * sheet.scale
    height = max(len(lines) * sheet.leading() + 0.1 * sheet.scale, tall + slope + 0.1 * sheet.scale)
    sheet.line([pad, look.width - pad], [y, y], color=RULE, line=0.4)
    sheet.lines(pad, y + height / 2, lines, weight=weight)
    base = y + height - 0.1 * sheet.scale
    xs = [left + (i + 0.5) * step for i in range(len(values))]
    span = max(known) - min(known) if known else 0
    ys = [base - (slope * (v - min(known)) / span if v is not None and span else 0.0) for v in numeric]
    color = VALENCE["inhibits"].color if differs else ACCENT
    for i in range(len(values) - 1):
        if numeric[i] is not None and numeric[i + 1] is not None:
            sheet.line(xs[i : i + 2], ys[i : i + 2], color=color, line=1.3, dash="--" if differs else "-")
    for x, at, text, word, size, bold in zip(xs, ys, texts, words, sizes, weights):
        if not text:
            not_stated_mark(sheet, x, y + height / 2, 0.3 * sheet.scale, 0.2 * sheet.scale)
            continue
        sheet.circle(x, at, 0.045 * sheet.scale, fill=color if not differs else PAPER, edge=color, line=1.4)
        top = at - 0.07 * sheet.scale - len(word) * sheet.leading(size) / 2
        sheet.lines(x, top, word, ha="center", weight=bold, size=size, color=INK)
    if differs:
        sheet.text(look.width - pad, y + height / 2, "differs", size=look.small, ha="right", color=INK, slant="italic")
    return y + height
