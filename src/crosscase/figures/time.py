"""A timeline whose dates keep their precision: a year is drawn as a year, not as its first of January."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day

import pandas as pd
from matplotlib.figure import Figure

from crosscase.errors import Problem, raise_if
from crosscase.figures.drawing import NothingToShow, drawing
from crosscase.figures.ink.brief import brief, short
from crosscase.figures.ink.checks import need, plural
from crosscase.figures.ink.page import fitted, left_out, measured, tallest
from crosscase.figures.ink.panel import apart
from crosscase.figures.ink.sheet import Key, Painter, Sheet, text_width, wrap
from crosscase.figures.ink.style import MUTED, PAPER, RULE, SERIES

FEWEST = 4
"""Events of which a picture is drawn; fewer are a sentence."""
_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True)
class Moment:
    """One event with its first and last day as ordinal numbers."""

    first: int
    last: int
    date: str
    label: str
    stage: str


def alt_timeline(events: pd.DataFrame) -> str:
    """Say how many events are dated, and the first and the last of them."""
    moments = _moments(events)
    if not moments:
        raise NothingToShow("no event has a date.")
    said = [f"{_written(m.date)}: {m.label}{f' ({m.stage})' if m.stage else ''}" for m in moments]
    if len(moments) < FEWEST:
        raise NothingToShow(f"{plural(len(moments), 'event')} alone {_is(len(moments))} dated: {'; '.join(said)}.")
    first, last = (f"{_written(m.date)} ({short(m.label, 60)})" for m in (moments[0], moments[-1]))
    return brief(f"Timeline of {len(moments)} events, from {first} to {last}.", f"In order: {'; '.join(said)}.")


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


@drawing(alt_timeline)
def timeline(sheet: Sheet, events: pd.DataFrame) -> Figure:
    """Draw events down a scale of time; an event known to the month or year is a bar over that month or year.

    Parameters
    ----------
    events : DataFrame
        One row per event: `date` (`2018`, `2018-05`, `2018-05-23`, or two of these joined by `/`), `label`;
        optionally `stage` (marker shape and colour).

    Returns
    -------
    Drawing
        Nothing for fewer than four events: it then says them in a sentence.

    Raises
    ------
    CrosscaseError
        For missing columns and for dates that are none.

    Examples
    --------
    >>> events = pd.DataFrame({"date": ["2016-02", "2018", "2019", "2021"], "label": ["call", "start", "paper", "end"]})
    >>> timeline(events).draw().get_size_inches()[0].item()
    7.2
    """
    moments = _moments(events)
    pad, look = 0.1 * sheet.scale, sheet.look
    axis = pad + text_width("2000", look.small) + 0.12 * sheet.scale
    text_x = axis + 0.75 * sheet.scale
    dates = max(text_width(_written(m.date), look.base, "bold") for m in moments)
    stacked = dates > 0.22 * look.width
    label_x = text_x if stacked else text_x + dates + 1.5 * pad
    rows = [wrap(m.label, look.width - label_x - pad, look.base) for m in moments]
    heights = [(len(lines) + stacked) * sheet.leading() + 0.08 * sheet.scale for lines in rows]
    stages = list(dict.fromkeys(m.stage for m in moments))
    entries: Key = [(_marker_key(i), stage) for i, stage in enumerate(stages) if stage]

    def foot(s: Sheet, y: float, shown: Sequence[Moment]) -> float:
        if words := left_out(len(moments) - len(shown), "later event", ""):
            y = s.block(pad, y, look.width - 2 * pad, words, size=look.small, color=MUTED)
        spans = any(m.last - m.first > 20 for m in shown)
        bar: Key = [(_bar_key, "bar: known to the month or year only, or a period")]
        known = [entry for entry in entries if entry[1] in {m.stage for m in shown}]
        return s.legend(pad, y, look.width - 2 * pad, known + bar * spans) + 0.05 * s.scale

    room = tallest(sheet) - max(0.9 * sheet.scale, 0.33 * sheet.scale + measured(sheet, lambda s: foot(s, 0, moments)))

    def body(s: Sheet, kept: Sequence[str]) -> float:
        shown, tall = moments[: len(kept)], heights[: len(kept)]
        start = Day.fromordinal(min(m.first for m in moments)).year
        stop = Day.fromordinal(max(m.last for m in shown)).year + 1
        length = max(sum(tall) * 1.1, min(0.3 * s.scale * (stop - start), room), 1.2 * s.scale)
        top = 0.18 * s.scale
        begin, end = Day(start, 1, 1).toordinal(), Day(stop, 1, 1).toordinal()

        def at(ordinal: float) -> float:
            return top + length * (ordinal - begin) / (end - begin)

        _axis(s, axis, at, start, stop, length)
        middles = apart([at((m.first + m.last) / 2) for m in shown], tall, low=top, high=top + length)
        for moment, lines, middle in zip(shown, rows, middles):
            _event(s, moment, axis, at, stages.index(moment.stage), text_x, middle)
            first = middle - len(lines) * s.leading() / 2 if stacked else middle
            s.text(text_x, first, _written(moment.date), weight="bold")
            s.lines(label_x, middle + stacked * s.leading() / 2, lines)
        return foot(s, max(top + length, middles[-1] + tall[-1] / 2) + 0.1 * s.scale, shown)

    return fitted(sheet, body, [str(i) for i in range(len(moments))])


def _moments(events: pd.DataFrame) -> list[Moment]:
    frame = need(events, ["date", "label"], "timeline")
    problems, out = [], []
    for i, row in enumerate(frame.to_dict("records")):
        parts = str(row["date"]).split("/")
        spans = [_span(part) for part in parts]
        if not 1 <= len(parts) <= 2 or any(span is None for span in spans):
            problems.append(
                Problem(
                    place=f"figure timeline, row {i + 1}, column date",
                    rule="a date is a year, a month or a day, or two of them joined by /",
                    found=repr(row["date"]),
                    allowed="2018, 2018-05, 2018-05-23, 2018-05-23/2018-05-25",
                    remedy="leave rows without a date out, or correct the date",
                )
            )
            continue
        stage = row.get("stage")
        name = "" if stage is None or pd.isna(stage) else str(stage)
        out.append(Moment(spans[0][0], spans[-1][1], str(row["date"]), str(row["label"]), name))  # type: ignore[index]
    raise_if(problems)
    return sorted(out, key=lambda m: (m.first + m.last, m.first, m.label))


def _span(text: str) -> tuple[int, int] | None:
    match = _DATE.fullmatch(text.strip())
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = Day(year or 1, month or 1, day or 1)
        last = Day(year or 1, month or 12, day or calendar.monthrange(year or 1, month or 12)[1])
    except ValueError:
        return None
    return first.toordinal(), last.toordinal()


def _written(date: str) -> str:
    ends = [_words(part) for part in date.split("/")]
    if len(ends) == 2:
        shared = next((n for n in range(2, 0, -1) if ends[0][-n:] == ends[1][-n:]), 0)
        ends[0] = ends[0][: len(ends[0]) - shared]
    return "–".join(" ".join(end) for end in ends if end)


def _words(date: str) -> list[str]:
    parts = date.strip().split("-")
    month = [calendar.month_name[int(parts[1])]] if len(parts) > 1 else []
    return [*([str(int(parts[2]))] if len(parts) > 2 else []), *month, parts[0]]


def _axis(sheet: Sheet, x: float, at, start: int, stop: int, length: float) -> None:
    sheet.line([x, x], [at(Day(start, 1, 1).toordinal()), at(Day(stop, 1, 1).toordinal())], color=MUTED, line=1.2)
    step = max(1, round((stop - start) * sheet.leading(sheet.look.small) * 1.3 / length + 0.49))
    for year in range(start, stop + 1):
        y = at(Day(year, 1, 1).toordinal())
        tick = 0.06 * sheet.scale
        sheet.line([x - tick, x], [y, y], color=MUTED, line=0.8)
        if (year - start) % step == 0:
            sheet.text(x - 1.4 * tick, y, str(year), size=sheet.look.small, ha="right", color=MUTED)


def _event(sheet: Sheet, moment: Moment, axis: float, at, series: int, text_x: float, middle: float) -> None:
    lane = axis + (0.13 + 0.11 * (series % 3)) * sheet.scale
    y0, y1 = at(moment.first), at(moment.last + 1)
    centre = (y0 + y1) / 2
    if moment.last - moment.first > 20:
        half = 0.03 * sheet.scale
        sheet.rect(lane - half, y0, 2 * half, y1 - y0, fill=PAPER, edge=SERIES[series % len(SERIES)][0], line=1.0)
    _marker(sheet, lane, centre, 0.055 * sheet.scale, series)
    bend = axis + 0.52 * sheet.scale
    sheet.line([lane, bend, text_x - 0.06 * sheet.scale], [centre, middle, middle], color=RULE, line=0.7, z=1.2)


def _marker(sheet: Sheet, x: float, y: float, r: float, series: int) -> None:
    color, shape, _ = SERIES[series % len(SERIES)]
    sheet.marker(x, y, shape, 2 * r * 72, color)


def _marker_key(series: int) -> Painter:
    return lambda sheet, x, y, size: _marker(sheet, x, y, size * 0.4, series)


def _bar_key(sheet: Sheet, x: float, y: float, size: float) -> None:
    sheet.rect(x - size * 0.15, y - size / 2, size * 0.3, size, fill=PAPER, edge=MUTED, line=1.0)
