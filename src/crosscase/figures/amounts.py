"""What the publications say: the data inventory by unit, and facts that drift between poster, paper and thesis."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, named, short
from crosscase.figures.ink.checks import Order, labelled, labels_of, need, number, plural
from crosscase.figures.ink.marks import not_stated_mark
from crosscase.figures.ink.page import below, fitted, left_out
from crosscase.figures.ink.sheet import Sheet, label_width, longest_word, text_width, wrap
from crosscase.figures.ink.style import ACCENT, HATCH, INK, MUTED, PAPER, RULE

UNSAID = "number not stated"
STATUS = ("stated", "derived", "not_stated")


def alt_inventory_bars(inventory: pd.DataFrame) -> str:
    """Say what was collected in numbers, the greatest of each unit, and what has no number."""
    frame = _inventory(inventory)
    if frame.empty:
        raise NothingToShow("there are no rows to show.")
    known = frame[frame["amount"].notna()]
    silent = frame.loc[frame["amount"].isna(), "label"]
    if known.empty:
        raise NothingToShow(f"no number is stated for what was collected: {named(list(silent), 6)}.")
    most = known.loc[known.groupby("unit", sort=False)["amount"].idxmax()]
    said = [f"{short(label)} ({_amount(a, u)})" for label, a, u in zip(most["label"], most["amount"], most["unit"])]
    head = f"{plural(len(frame), 'kind')} of material in {plural(frame['unit'].nunique(), 'unit')}"
    return brief(
        f"{head}, {len(known)} with a number.",
        f"Most by unit: {'; '.join(said[:3])}{f'; {len(said) - 3} more' if len(said) > 3 else ''}.",
        f"Number not stated: {named(list(silent))}." if len(silent) else "",
    )


@drawing(alt_inventory_bars)
def inventory_bars(sheet: Sheet, inventory: pd.DataFrame) -> Figure:
    """Draw the data inventory: bars where all is counted in one unit, numbers by unit where not.

    Hours and interviews never share an axis: bars of two units side by side would be compared whatever the scale.

    Parameters
    ----------
    inventory : DataFrame
        One row per method and unit: `method`, `unit`, `amount` (number, null where not stated); optionally `status`
        (`stated`, `derived`, `not_stated`) and `label` (instead of `method`).

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
    mixed = frame["unit"].nunique() > 1
    ids = [str(i) for i in frame.index]

    def body(s: Sheet, kept: Sequence[str]) -> float:
        y = _inventory_rows(s, frame.loc[[int(i) for i in kept]], mixed)
        entries = [(_derived, "calculated from other numbers in the publication")]
        shown = entries if frame["status"].eq("derived").any() else []
        return below(s, y, [left_out(len(ids) - len(kept), "more kind", "")], shown)

    return fitted(sheet, body, ids)


def _inventory_rows(sheet: Sheet, frame: pd.DataFrame, mixed: bool) -> float:
    pad, look = 0.08 * sheet.scale, sheet.look
    digits = max(text_width(number(a), look.base, "bold") for a in frame["amount"])
    tail = max(text_width(_amount(a, u), look.base, "bold") for a, u in zip(frame["amount"], frame["unit"]))
    tail = max(tail + digits / 2, text_width(UNSAID, look.base)) + 0.4 * sheet.scale
    share = look.width - tail - 4 * pad if mixed else 0.38 * look.width
    labels = min(label_width(list(frame["label"]), look.base, 0.8 * sheet.scale, share), look.width - tail - 4 * pad)
    left, y = pad + labels + pad, pad
    room = max(look.width - left - tail - 3 * pad, 0.5 * sheet.scale)
    for unit, part in frame.groupby("unit", sort=False):
        y = sheet.block(pad, y, look.width - 2 * pad, f"in {unit}", size=look.small, weight="bold", color=MUTED)
        y += 0.03 * sheet.scale
        greatest = part["amount"].max()
        for label, amount, status in zip(part["label"], part["amount"], part["status"]):
            lines = wrap(label, labels, look.base)
            height = max(0.22 * sheet.scale, len(lines) * sheet.leading() + 0.06 * sheet.scale)
            middle = y + height / 2
            sheet.lines(pad, middle, lines)
            if mixed:
                sheet.line([pad, look.width - pad], [y, y], color=RULE, line=0.3)
                _numbered(sheet, left, digits, middle, amount, str(unit), status)
            elif pd.isna(amount):
                _unknown(sheet, left, middle)
            else:
                _bar(sheet, left, middle, room * amount / greatest if greatest else 0.0, _amount(amount, unit), status)
            if not mixed:
                sheet.line([left, left], [y, y + height], color=MUTED)
            y += height
        y += 0.1 * sheet.scale
    return y - 0.06 * sheet.scale


def _numbered(sheet: Sheet, left: float, digits: float, y: float, amount: float, unit: str, status: object) -> None:
    """Write an amount with its end under those of other rows and its unit behind it."""
    if pd.isna(amount):
        sheet.text(left, y, UNSAID, slant="italic", color=MUTED)
        return
    right = left + digits
    sheet.text(right, y, number(amount), weight="bold", ha="right")
    sheet.text(right + 0.07 * sheet.scale, y, unit, color=MUTED)
    if status == "derived":
        _derived(sheet, right + text_width(unit, sheet.look.base) + 0.22 * sheet.scale, y, 0.13 * sheet.scale)


def alt_drift(frame: pd.DataFrame, stages: Order = None) -> str:
    """Say how many published facts change between stages, and which change most."""
    frame = _drift(frame)
    columns = labels_of(stages, frame["stage"])
    facts = frame.drop_duplicates("fact").set_index("fact")["label"]
    if facts.empty:
        raise NothingToShow("no fact is known in more than one stage.")
    moved = []
    for fact, label in facts.items():
        values = frame[frame["fact"].eq(fact)].set_index("stage")["value"]
        shown = [values.get(stage) for stage in columns]
        if _change(shown):
            told = [f"{short(_show(v), 30)} ({columns[s]})" for s, v in zip(columns, shown) if _show(v)]
            moved.append(f"{short(str(label))}: {', '.join(told)}")
    verb = "differs" if len(moved) == 1 or len(facts) == 1 else "differ"
    return brief(
        f"{len(moved)} of {plural(len(facts), 'fact')} {verb} between stages.",
        f"{'; '.join(moved[:2])}{f'; and {len(moved) - 2} more' if len(moved) > 2 else ''}." if moved else "",
        "" if moved else f"Facts: {named(list(facts))}.",
    )


@drawing(alt_drift)
def drift(sheet: Sheet, frame: pd.DataFrame, stages: Order = None) -> Figure:
    """Draw how published facts change over the stages of dissemination: numbers by stage, with their change.

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
        One row per fact with its value at each stage; a fact that changes is set in bold, with how much a number
        changes from the first stage that states it to the last, also in percent of the first. Numbers of different
        units share no scale.

    Raises
    ------
    CrosscaseError
        For a frame that it cannot draw, with all problems at once.

    Examples
    --------
    >>> frame = pd.DataFrame({"fact": ["interviews"] * 2, "stage": ["paper", "thesis"], "value": [21, 24]})
    >>> drift(frame).draw().get_size_inches()[0].item()
    7.2
    """
    frame = _drift(frame)
    columns = labels_of(stages, frame["stage"])
    facts = frame.drop_duplicates("fact").set_index("fact")["label"]
    values = {fact: frame[frame["fact"].eq(fact)].set_index("stage")["value"] for fact in facts.index}
    rows = {fact: [values[fact].get(stage) for stage in columns] for fact in facts.index}
    narrow = sheet.look.width < 5 * sheet.scale
    changes = {fact: _change(shown).replace(" (", "\n(" if narrow else " (") for fact, shown in rows.items()}

    def body(s: Sheet, kept: Sequence[str]) -> float:
        look, pad = s.look, 0.08 * s.scale
        said = [*(line for change in changes.values() for line in change.split("\n")), "change"]
        change = max(text_width(line, look.small, "bold") for line in said) + pad
        told, size = [_show(value) for row in rows.values() for value in row], look.small if narrow else look.base
        need = max(longest_word(told, look.small), longest_word(list(columns.values()), look.small, "bold"))
        need += 0.11 * s.scale
        labels = label_width(list(facts), size, 0.8 * s.scale, look.width * 0.3, "bold")
        labels = max(min(labels, look.width - change - 5 * pad - need * len(columns)), 0.8 * s.scale)
        left = pad + labels + 2 * pad
        step = (look.width - left - change - 2 * pad) / len(columns)
        y = pad + _stage_heads(s, pad, list(columns.values()), left, step)
        s.text(look.width - pad, y - 0.06 * s.scale - s.leading(look.small) / 2, "change", size=look.small,
               weight="bold", ha="right", color=MUTED)  # fmt: skip
        shown = [fact for fact in facts.index if fact in set(kept)]
        for fact in shown:
            label = wrap(str(facts[fact]), labels, size, "bold")
            y = _drift_row(s, y, label, size, rows[fact], changes[fact], left, step)
        s.line([pad, look.width - pad], [y, y], color=RULE, line=0.4)
        unsaid = any(not _show(value) for fact in shown for value in rows[fact])
        mark = [(_silent, "not stated at this stage")] if unsaid else []
        return below(s, y, [left_out(len(facts) - len(shown), "more fact", "")], mark)

    return fitted(sheet, body, sorted(facts.index, key=lambda fact: not changes[fact]))


def _silent(sheet: Sheet, x: float, y: float, size: float) -> None:
    not_stated_mark(sheet, x, y, size, size)


def _change(values: Sequence[object]) -> str:
    """Return how a fact changes over its stages; nothing where it stays or is stated once.

    Examples
    --------
    >>> _change([21, None, 24.0]), _change([7, 7]), _change(["two regions", "three regions"])
    ('+3 (+14 %)', '', 'differs')
    """
    known = [value for value in values if _show(value)]
    if len({_show(value) for value in known}) < 2:
        return ""
    first, last = known[0], known[-1]
    if any(isinstance(value, str) for value in known) or _show(first) == _show(last):
        return "differs"
    by = float(last) - float(first)  # type: ignore[arg-type]
    sign = "+" if by > 0 else "−"
    percent = f" ({sign}{abs(100 * by / float(first)):.0f} %)" if first else ""  # type: ignore[arg-type]
    return f"{sign}{number(abs(by))}{percent}"


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
    sheet.text(x + length + 0.07 * sheet.scale, y, UNSAID, slant="italic", color=MUTED)


def _drift(frame: pd.DataFrame) -> pd.DataFrame:
    out = need(frame, ["fact", "stage", "value"], "drift", keys=["fact", "stage"])
    out = labelled(out, "fact")
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
    sheet: Sheet,
    y: float,
    label: list[str],
    size: float,
    values: Sequence[object],
    change: str,
    left: float,
    step: float,
) -> float:
    look, pad = sheet.look, 0.08 * sheet.scale
    weight, said = "bold" if change else "normal", change.split("\n")
    sizes = [look.small if isinstance(value, str) else look.base for value in values]
    words = [wrap(_show(v), step - 0.1 * sheet.scale, size) for v, size in zip(values, sizes)]
    tall = max(*(len(lines) * sheet.leading(size) for lines, size in zip(words, sizes)), len(label) * sheet.leading(),
               len(said) * sheet.leading(look.small))  # fmt: skip
    height = tall + 0.12 * sheet.scale
    middle = y + height / 2
    sheet.line([pad, look.width - pad], [y, y], color=RULE, line=0.4)
    sheet.lines(pad, middle, label, weight=weight, size=size)
    for i, (value, lines, size) in enumerate(zip(values, words, sizes)):
        x = left + (i + 0.5) * step
        if _show(value):
            bold = "normal" if isinstance(value, str) else weight
            sheet.lines(x, middle, lines, ha="center", size=size, weight=bold)
        else:
            not_stated_mark(sheet, x, middle, 0.3 * sheet.scale, 0.2 * sheet.scale)
    sheet.lines(look.width - pad, middle, said, size=look.small, weight="bold", ha="right", color=INK)
    if change:
        sheet.rect(pad / 4, y + 0.03 * sheet.scale, 0.03 * sheet.scale, height - 0.06 * sheet.scale, fill=ACCENT)
    return y + height
