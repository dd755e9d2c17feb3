"""What a matrix of cell states says: how much is stated of single cases, and what is known only of several together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.analyses.sentences import leaders, listed, share
from crosscase.study import Study


def single_cases(study: Study) -> dict[str, str]:
    """Return id -> label of the individual cases, in the order of the table."""
    cases = study.cases[study.cases["kind"] == "case"]
    return dict(zip(cases["case"], cases["label"].fillna(cases["case"])))


def said_of_cases(
    cells: pd.DataFrame,
    what: tuple[str, str],
    labels: Mapping[str, str],
    cases: Mapping[str, str],
    noun: tuple[str, str],
) -> str:
    """Say how many rows are stated of single cases, which of most of them, and how many only of several together.

    Parameters
    ----------
    cells : pandas.DataFrame
        `row, column, state`, the columns being cases and groups of cases.
    what : tuple of str
        What the rows are, one and many.
    labels : mapping of str to str
        Row -> label.
    cases : mapping of str to str
        Individual case -> label.
    noun : tuple of str
        What a case is called, one and many.

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["pay", "pay", "time", "time"], "column": list("abab"),
    ...     "state": ["present", "present", "present", "not_stated"]})
    >>> said_of_cases(cells, ("code", "codes"), {"pay": "Pay"}, {"a": "A", "b": "B"}, ("team", "teams"))
    'Both codes are stated of single teams, most widely Pay: 2 of 2 teams.'
    """
    one, many = noun
    rows, own = cells["row"].nunique(), cells[cells["column"].isin(cases) & cells["state"].eq("present")]
    together = set(cells.loc[cells["state"].eq("count"), "row"]) - set(own["row"])
    if not len(own) and not together:
        return f"No {what[0]} is stated of a single {one}, nor of several {many} together."
    if not len(own):
        are = "is" if len(together) == 1 else "are"
        several = f"{share(len(together), rows, *what)} {are} stated of several {many} together"
        return f"{several}, and none of a single {one}." if len(cases) > 1 else f"{several}."
    numbers = own.groupby("row", sort=False)["column"].nunique().rename("n").reset_index()
    found = f"{share(len(numbers), rows, *what)} {'is' if len(numbers) == 1 else 'are'} stated"
    if len(cases) == 1:
        whom = next(iter(cases.values()))
        found += f" of {whom}"
    else:
        found += f" of single {many}"
        named, top = leaders(numbers.assign(label=[labels.get(r, r) for r in numbers["row"]]), "label", "n")
        each = " each" if len(named) > 1 else ""
        if top == 1:
            found += ", none of them of more than one"
        elif len(named) == len(numbers) > 1:
            found += f", each of {top:g} of {len(cases)} {many}"
        else:
            found += f", most widely {listed(named, 3)}: {top:g} of {len(cases)} {many}{each}"
    rest = f"; {len(together)} {'is' if len(together) == 1 else 'are'} known only for several together"
    return found + (rest if together else "") + "."


def said_of_columns(
    cells: pd.DataFrame, rows: tuple[str, str], columns: tuple[str, str], labels: Mapping[str, str]
) -> str:
    """Say which column is present in most rows, with how many there are; nothing where none is present.

    Parameters
    ----------
    cells : pandas.DataFrame
        `row, column, state`.
    rows, columns : tuple of str
        What they are, one and many.
    labels : mapping of str to str
        Column -> label.

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["pay", "time"], "column": "nurse", "state": ["present", "not_stated"]})
    >>> said_of_columns(cells, ("code", "codes"), ("role", "roles"), {"nurse": "Nurses"})
    'The role with most codes is Nurses: 1 of 2.'
    """
    present = cells[cells["state"].eq("present")]
    numbers = present.groupby("column", sort=False)["row"].nunique().rename("n").reset_index()
    named, top = leaders(numbers.assign(label=[labels.get(c, c) for c in numbers["column"]]), "label", "n")
    if not named:
        return ""
    are = f"{columns[0]} with most {rows[1]} is" if len(named) == 1 else f"{columns[1]} with most {rows[1]} are"
    each = "" if len(named) == 1 else " each"
    return f"The {are} {listed(named, 3)}: {top:g} of {cells['row'].nunique()}{each}."


def counted_states(cells: pd.DataFrame, states: Iterable[str] = ("present", "absent", "count")) -> int:
    """Return how many cells are in one of the states; by default those about which anything is known."""
    return int(cells["state"].isin(list(states)).sum())
