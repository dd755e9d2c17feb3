"""What a matrix of cell states says: how much is stated of single cases, and what is known only of several together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from crosscase import figures
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer
from crosscase.analyses.sentences import each, leaders, listed, share, verb
from crosscase.analyses.values import Value
from crosscase.study import Study

ARE = "is", "are"


def single_cases(study: Study) -> dict[str, str]:
    """Return id -> label of the individual cases, in the order of the table."""
    cases = study.cases[study.cases["kind"] == "case"]
    return dict(zip(cases["case"], cases["label"].fillna(cases["case"])))


def nouns(study: Study) -> tuple[str, str]:
    """Return what a case of the study is called, one and many."""
    return study.info.case_noun, study.info.case_noun_plural


def matrix(
    study: Study,
    cells: pd.DataFrame,
    caption: str,
    says: Callable[[pd.DataFrame], str],
    limits: str,
    rows: Mapping[str, str],
    columns: Mapping[str, str],
    axes: tuple[str, str],
    *,
    counts: Callable[[pd.DataFrame], Iterable[Value]] | None = None,
    if_empty: str = "",
) -> Result:
    """Return cells of a matrix, drawn with labels for the ids of its rows and columns; axes are what both hold."""

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.matrix(frame, used(rows, frame["row"]), used(columns, frame["column"]), nouns=axes)

    return answer(study, cells, caption, says, limits, draws=draws, counts=counts, if_empty=if_empty)


def said_of_cases(
    cells: pd.DataFrame,
    what: tuple[str, str],
    labels: Mapping[str, str],
    cases: Mapping[str, str],
    noun: tuple[str, str],
) -> str:
    """Say how many rows are stated of single cases, which of most of them, and how many only of several together.

    Cells are `row, column, state`, the columns being cases and groups of cases; labels are those of the rows, cases
    those of individual cases; what rows and cases are called is given of one and of many.

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
        several = f"{share(len(together), rows, *what, does=ARE)} stated of several {many} together"
        return f"{several}, and none of a single {one}." if len(cases) > 1 else f"{several}."
    numbers = own.groupby("row", sort=False)["column"].nunique().rename("n").reset_index()
    found = f"{share(len(numbers), rows, *what, does=ARE)} stated"
    if len(cases) == 1:
        found += f" of {next(iter(cases.values()))}"
    else:
        found += f" of single {many}"
        named, top = leaders(numbers, "row", "n", labels)
        if top == 1:
            found += ", none of them of more than one"
        elif len(named) == len(numbers) > 1:
            found += f", each of {top:g} of {len(cases)} {many}"
        else:
            found += f", most widely {listed(named, 3)}: {top:g} of {len(cases)} {many}{each(named)}"
    rest = f"; {len(together)} {verb(len(together))} known only for several together"
    return found + (rest if together else "") + "."


def said_of_columns(
    cells: pd.DataFrame, rows: tuple[str, str], columns: tuple[str, str], labels: Mapping[str, str]
) -> str:
    """Say which column is present in most rows, with how many there are; nothing where none is present.

    Cells are `row, column, state`; what rows and columns are is given of one and of many, labels are of the columns.

    Examples
    --------
    >>> cells = pd.DataFrame({"row": ["pay", "time"], "column": "nurse", "state": ["present", "not_stated"]})
    >>> said_of_columns(cells, ("code", "codes"), ("role", "roles"), {"nurse": "Nurses"})
    'The role with most codes is Nurses: 1 of 2.'
    """
    present = cells[cells["state"].eq("present")]
    numbers = present.groupby("column", sort=False)["row"].nunique().rename("n").reset_index()
    named, top = leaders(numbers, "column", "n", labels)
    if not named:
        return ""
    are = f"{columns[0]} with most {rows[1]} is" if len(named) == 1 else f"{columns[1]} with most {rows[1]} are"
    return f"The {are} {listed(named, 3)}: {top:g} of {cells['row'].nunique()}{each(named)}."


def counted_states(cells: pd.DataFrame, states: Iterable[str] = ("present", "absent", "count")) -> int:
    """Return how many cells are in one of the states; by default those about which anything is known."""
    return int(cells["state"].isin(list(states)).sum())
