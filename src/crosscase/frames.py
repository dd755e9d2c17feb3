"""What every function asks of the frames and options that it is given, refused with all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if


def need(
    frame: pd.DataFrame, columns: Iterable[str], place: str, allowed: Mapping[str, Iterable[str]] | None = None
) -> None:
    """Refuse a frame that lacks columns, or that holds unknown words in a column of a closed list.

    Parameters
    ----------
    frame : DataFrame
        What was given.
    columns : iterable of str
        Columns that must be there.
    place : str
        What the frame is called in messages, such as `codings`.
    allowed : mapping of str to iterable of str, optional
        Column -> words it may hold; null is passed over, and so is a column that is not there.

    Raises
    ------
    CrosscaseError
        With one problem per missing column and per column with unknown words.

    Examples
    --------
    >>> need(pd.DataFrame({"case": ["a"]}), ["case"], "cases")
    >>> need(pd.DataFrame({"case": ["a"]}), ["case", "kind"], "cases")
    Traceback (most recent call last):
    crosscase.errors.CrosscaseError: cases, column kind: needs the column kind; found columns case. Next: add it, or \
rename the column that holds it
    """
    if not isinstance(frame, pd.DataFrame):
        raise CrosscaseError(Problem(place, "a pandas DataFrame is needed", type(frame).__name__))
    have = f"columns {', '.join(map(str, frame.columns))}" if len(frame.columns) else "no column"
    remedy = "add it, or rename the column that holds it"
    problems = [
        Problem(f"{place}, column {name}", f"needs the column {name}", have, remedy=remedy)
        for name in columns
        if name not in frame.columns
    ]
    for name, words in (allowed or {}).items():
        known = list(words)
        if name in frame.columns and (strange := sorted({str(v) for v in frame[name].dropna()} - set(known))):
            found = ", ".join(map(repr, strange))
            problems.append(
                Problem(f"{place}, column {name}", "only known words", found, ", ".join(known), "correct them")
            )
    raise_if(problems)


def choice(value: object, allowed: Iterable[object], place: str) -> None:
    """Refuse an option that is not known."""
    options = list(allowed)
    if value not in options:
        raise CrosscaseError(
            Problem(place, "is not a known option", repr(value), ", ".join(map(repr, options)), "use one of these")
        )


def ordered(values: Iterable[object]) -> list[str]:
    """Return distinct non-null values as text, in order of first appearance."""
    return list(dict.fromkeys(str(value) for value in values if not pd.isna(value) and str(value) != ""))


def known(values: pd.Series, table: pd.DataFrame, column: str, place: str) -> None:
    """Refuse ids that the table of cases, roles or themes does not hold."""
    unknown = sorted(set(ordered(values)) - set(ordered(table[column])))
    raise_if(
        [
            Problem(
                f"{place}, column {column}",
                f"the {column} must stand in the table of {column}s",
                repr(item),
                remedy=f"add it to the table of {column}s or correct it",
            )
            for item in unknown
        ]
    )
