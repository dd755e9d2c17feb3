"""Whether two results are the same: values and tables within a tolerance, figures by what they show."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

TOLERANCE = 1e-9
SVG_NOISE = re.compile(r"<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
SVG_NAME = re.compile(r'(?<=["#])[mpiac][0-9a-f]{10}(?=[")])')


@dataclass(frozen=True)
class Difference:
    """One result that is not the same."""

    kind: str  # `value`, `table`, `figure`, `file`
    name: str  # id of the value, or file below `results`
    recorded: str
    found: str  # what came out now

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: recorded {self.recorded}, now {self.found}"


def tolerance_of(name: str, tolerances: dict[str, float]) -> float:
    """Return the relative tolerance of a value or table: of the longest pattern that fits its id.

    >>> tolerance_of("north.agreement.alpha", {"*.agreement.*": 1e-3, "north.*": 1e-6})
    0.001
    >>> tolerance_of("south.cases", {})
    1e-09
    """
    fitting = [pattern for pattern in tolerances if fnmatchcase(name, pattern)]
    return tolerances[max(fitting, key=len)] if fitting else TOLERANCE


def same(recorded: Any, found: Any, tolerance: float) -> bool:
    """Tell whether two values are the same; numbers within a relative tolerance.

    >>> same(0.1 + 0.2, 0.3, 1e-9), same(2, 3, 1e-9), same("a", "a", 0), same(None, 0, 1e-9)
    (True, False, True, False)
    """
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (recorded, found))
    if numbers:
        return math.isclose(recorded, found, rel_tol=tolerance, abs_tol=tolerance * 1e-3)
    return type(recorded) is type(found) and recorded == found


def compare_values(recorded: dict[str, Any], found: dict[str, Any], tolerances: dict[str, float]) -> list[Difference]:
    """Return the values that differ, are gone or are new."""
    out = []
    for name in sorted(recorded.keys() | found.keys()):
        both = name in recorded and name in found
        if not both or not same(recorded[name], found[name], tolerance_of(name, tolerances)):
            was, now = (repr(values[name]) if name in values else "none" for values in (recorded, found))
            out.append(Difference("value", name, was, now))
    return out


def compare_tables(recorded: Path, found: Path, tolerance: float) -> str:
    """Return where two CSV tables first differ, empty where they are the same; numbers within a tolerance."""
    with recorded.open(newline="", encoding="utf-8-sig") as one, found.open(newline="", encoding="utf-8-sig") as two:
        old, new = list(csv.reader(one)), list(csv.reader(two))
    if len(old) != len(new):
        return f"{len(new) - 1} rows for {len(old) - 1}"
    for row, (a, b) in enumerate(zip(old, new)):
        if len(a) != len(b):
            return f"row {row}: {len(b)} columns for {len(a)}"
        for column, left, right in zip(old[0], a, b):
            if left != right and not same(_number(left), _number(right), tolerance):
                return f"row {row}, column {column}: {right!r} for {left!r}"
    return ""


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def same_figure(recorded: Path, found: Path) -> bool:
    """Tell whether two figures show the same: pixels of a bitmap, marks of a drawing (not its date or names)."""
    if recorded.suffix == ".png":
        import matplotlib.image
        import numpy as np

        return bool(np.array_equal(matplotlib.image.imread(recorded), matplotlib.image.imread(found)))
    return _marks(recorded) == _marks(found)


def _marks(path: Path) -> str:
    """Return a drawing with its random names numbered in the order in which they appear."""
    text = SVG_NOISE.sub("", path.read_text(encoding="utf-8"))
    numbers: dict[str, str] = {}
    return SVG_NAME.sub(lambda found: numbers.setdefault(found[0], f"name{len(numbers)}"), text)
