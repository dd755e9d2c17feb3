"""The primary coding after adjudication: what was changed, added or withdrawn; the codings themselves stay."""

from __future__ import annotations

import pandas as pd

from crosscase.errors import Problem

STANDS = ("document", "start", "end", "code", "valence", "theme", "case", "role", "role_mode", "paragraph")
PLACE = ("document", "start", "end", "code")


def adjudicated(primary: pd.DataFrame, adjudications: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that stand after adjudication.

    A coding that was changed or withdrawn is no longer among them. What took its place, or was added, carries the id of
    the adjudication, who decided as its coder, and the round of the adjudication. Where the author is found to
    speak, no role does.

    Parameters
    ----------
    primary : pandas.DataFrame
        Codings of the primary coder.
    adjudications : pandas.DataFrame
        Table `adjudications` of the study; a cell that is empty means as before.

    Returns
    -------
    pandas.DataFrame
        The columns of `primary`; those that stay first, then the others in the order of the adjudications.

    Examples
    --------
    >>> primary = pd.DataFrame({"coding_id": ["a1", "a2"], "code": ["trust", "money"], "coder": "a", "round": "1"})
    >>> decided = pd.DataFrame({"adjudication": ["j1"], "change": "changed", "coding_id": "a2", "code": "funding"})
    >>> decided = decided.assign(round="adjudication-2026-11-29", decided_on="2026-11-29", decided_by="b")
    >>> adjudicated(primary, decided)[["coding_id", "code", "coder"]].to_dict("list")
    {'coding_id': ['a1', 'j1'], 'code': ['trust', 'funding'], 'coder': ['a', 'b']}
    """
    if adjudications.empty:
        return primary
    before = primary.set_index("coding_id")
    standing = adjudications[adjudications["change"].ne("withdrawn")]
    rows = before.reindex(standing["coding_id"]).reset_index(drop=True)
    for column in (column for column in STANDS if column in standing and column in rows):
        said = standing[column].reset_index(drop=True).astype(rows[column].dtype)
        rows[column] = said.where(said.notna(), rows[column])
    if "role" in rows and "role_mode" in rows:
        rows["role"] = rows["role"].mask(rows["role_mode"].eq("author").fillna(False).astype(bool))
    who = {"coding_id": "adjudication", "coder": "decided_by", "round": "round", "date": "decided_on"}
    new = {column: standing[source].to_numpy() for column, source in who.items() if column in primary}
    none = {column: None for column in ("memo", "quotation_hmac", "locator") if column in primary}
    rows = rows.assign(**none, **new)[list(primary.columns)].astype(primary.dtypes.to_dict())
    kept = primary[~primary["coding_id"].isin(adjudications["coding_id"].dropna())]
    return pd.concat([kept, rows], ignore_index=True)


def placed(adjudications: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return adjudications with document, start and end of the coding that they change, where they say no other.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["a1"], "document": "d", "start": [3], "end": [9]})
    >>> decided = pd.DataFrame({"coding_id": ["a1"], "document": [None], "start": [None], "end": [7]})
    >>> placed(decided, codings)[["document", "start", "end"]].values.tolist()
    [['d', 3, 7]]
    """
    before = codings.drop_duplicates("coding_id").set_index("coding_id")
    filled = {
        column: adjudications[column].where(
            adjudications[column].notna(), adjudications["coding_id"].map(before[column])
        )
        for column in ("document", "start", "end")
    }
    return adjudications.assign(**filled)


def adjudication_problems(name: str, frame: pd.DataFrame, codings: pd.DataFrame, primary: str | None) -> list[Problem]:
    """Return what is wrong with the adjudications of a study, beyond the rules of the dictionary."""
    problems: list[Problem] = []

    def wrong(rows: pd.Series, column: str, rule: str, remedy: str) -> None:
        for row in frame.index[rows.fillna(False).astype(bool)]:
            cell = frame.at[row, column]
            place = f"{name}/adjudications.csv, row {row + 2}, column {column}"
            problems.append(Problem(place, rule, "empty" if pd.isna(cell) else repr(cell), remedy=remedy))

    coder = dict(zip(codings["coding_id"], codings["coder"]))
    added, of = frame["change"].eq("added"), frame["coding_id"]
    wrong(added & of.notna(), "coding_id", "a coding that is added replaces none", "leave it empty, or say changed")
    wrong(~added & of.isna(), "coding_id", "what is changed or withdrawn is a coding", "name it, or say added")
    if primary is not None:
        rule = f"the coding is one of the primary coder {primary}"
        wrong(of.map(coder).ne(primary) & of.isin(coder), "coding_id", rule, "name one of theirs")
    wrong(of.notna() & of.duplicated(), "coding_id", "one coding is decided once", "keep one row of it")
    rule = "the id is that of no coding: the coding that stands carries it"
    wrong(frame["adjudication"].isin(coder), "adjudication", rule, "take another id")
    rule = "a coding that is added has document, start, end and code"
    for column in PLACE:
        wrong(
            added & frame[column].isna(), column, "a coding that is added has document, start, end and code", "add it"
        )
    bare = frame[list(STANDS[:-1])].isna().all(axis=1)
    wrong(frame["change"].eq("changed") & bare, "change", "something is changed", "say what, or withdraw it")
    return problems
