"""Values: single numbers or words of a result, each with its id, its n, and the reason where it is undefined."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crosscase.errors import CrosscaseError, Problem

UNDEFINED = "undefined"


@dataclass(frozen=True)
class Value:
    """One value, unrounded, as book and poster can print it.

    Parameters
    ----------
    id : str
        Dotted name inside the owner (a study, or the synthesis), such as `inventory.interviews`.
    value : number, str or None
        None or NaN is undefined and needs a reason.
    about : str
        What it is, in a few words a reader understands.
    unit : str
        Unit as printed, such as `interviews`.
    n : int, optional
        How many observations it rests on.
    form : str
        Python format of the printed text, such as `.2f`; only there is anything rounded.
    reason : str
        Why it is undefined or not stated.

    Raises
    ------
    CrosscaseError
        Where it is undefined without a reason.

    Examples
    --------
    >>> Value("agreement.alpha", 0.8333, about="alpha over all codes", form=".2f", n=40).text
    '0.83'
    >>> Value("inventory.interviews", None, about="interviews", reason="not stated").text
    'not stated'
    """

    id: str
    value: Any
    about: str
    unit: str = ""
    n: int | None = None
    form: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", plain(self.value))
        if self.value is None and not self.reason:
            rule, remedy = "an undefined value has a reason", "give reason='not stated' or the like"
            raise CrosscaseError(Problem(f"value {self.id}", rule, "no reason", remedy=remedy))

    @property
    def text(self) -> str:
        """The value as it is printed."""
        if self.value is None:
            return self.reason if self.reason == "not stated" else UNDEFINED
        if self.form:
            return format(self.value, self.form)
        return f"{self.value:g}" if isinstance(self.value, float) and self.value.is_integer() else str(self.value)

    def record(self, full_id: str) -> dict[str, Any]:
        """Return it as it is kept, under its full id."""
        return {"id": full_id} | {
            each: getattr(self, each) for each in ("value", "text", "unit", "n", "about", "reason")
        }


def each_value(
    name: str,
    frame: pd.DataFrame,
    key: str | Sequence[str],
    value: str,
    about: str,
    unit: str = "",
    n: str | None = None,
    form: str = "",
    reason: str = "not stated",
) -> list[Value]:
    """Return one value per row of a frame, with the id `name.<key>`.

    Parameters
    ----------
    name : str
        First part of the ids.
    frame : pandas.DataFrame
        One row per value.
    key : str or sequence of str
        Column or columns that make the rest of the id.
    value : str
        Column of the numbers.
    about, unit : str
        What they are, and their unit; `{column}` is replaced by the row's cell.
    n : str, optional
        Column of the number of observations.
    form : str
        Format of the printed text.
    reason : str
        Column that says why a value is undefined, or that reason itself.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["North"], "n": [3]})
    >>> each_value("themes", frame, key="case", value="n", about="themes of {case}")[0].id
    'themes.north'
    """
    keys = [key] if isinstance(key, str) else list(key)
    return [
        Value(
            ".".join([name, *(slug(row[k]) for k in keys)]),
            row[value],
            about=about.format(**row),
            unit=unit.format(**row),
            n=None if n is None or pd.isna(row[n]) else int(row[n]),
            form=form,
            reason="" if plain(row[value]) is not None else str(row[reason] if reason in frame.columns else reason),
        )
        for row in frame.to_dict("records")
    ]


def plain(value: object) -> Any:
    """Turn numpy scalars into Python's and every kind of missing into None."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value


def slug(value: object) -> str:
    """Return a part of an id: lower case, anything else but letters, digits and underscores as a hyphen."""
    return re.sub(r"[^a-z0-9_]+", "-", str(value).lower()).strip("-_") or "x"
