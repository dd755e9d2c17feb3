"""Coding matrices: case, role or document x code, every cell with its state and its segments."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import choice, known, need, ordered
from crosscase.ids import split_rows
from crosscase.matrices.cells import count_cells
from crosscase.matrices.encoded import positions
from crosscase.matrices.given import check_cases, pick_coder
from crosscase.matrices.states import cell_states

ROWS: tuple[str | tuple[str, str], ...] = ("case", "role", "document", ("case", "role"))
NEEDED = ("coding_id", "document", "start", "end")
NOT_SORTED = "not sorted yet"
"""Note of the cells of a matrix under whose columns nobody has put a coding."""


def coding_matrix(
    codings: pd.DataFrame,
    rows: str | tuple[str, str] = "case",
    *,
    cases: pd.DataFrame | None = None,
    roles: pd.DataFrame | None = None,
    codes: Iterable[str] | pd.DataFrame | None = None,
    coder: str | Iterable[str] | None = None,
    mode: str | None = None,
    asked: pd.DataFrame | None = None,
    participant: str = "participant",
) -> pd.DataFrame:
    """Count the codings of each case, role or document under each code, with the state of every cell.

    Parameters
    ----------
    codings : DataFrame
        One row per code on one segment by one coder: `coding_id, document, start, end, code, coder, valence, case,
        role, role_mode` (as far as `rows` needs them).
    rows : {"case", "role", "document"} or ("case", "role")
        What the rows are. A coding that names several roles counts under each of them.
    cases : DataFrame, optional
        Table of cases: `case, kind, k, n, coverage`. Without it every case counts as an individual case of which the
        source may be silent.
    roles : DataFrame, optional
        Table of roles (`role`); gives the order and refuses unknown roles.
    codes : iterable of str or DataFrame with a column `code`, optional
        Which codes in which order; otherwise all that occur.
    coder : str or iterable of str, optional
        Restrict to these coders; otherwise all coders together.
    mode : {"voice", "about", "author"}, optional
        Restrict to codings in which the role speaks, is spoken about, or is the author.
    asked : DataFrame, optional
        Who was asked: one row per participant with `participant`, the row columns, and `code` where not everything
        was asked of everyone.
    participant : str
        Column of the codings that names the participant (or focus group).

    Returns
    -------
    DataFrame
        One row per cell: the row columns (`case` with its `kind`, `role`, `document`), `code`, `state` (present,
        absent, count, not_stated), `k` and `n` (of a count), `n_codings`, `n_segments` (distinct spans),
        `n_characters` (code points in the union of the spans), `n_coders` (on how many coders the cell stands),
        `n_participants` (null where participants are not known) of `n_asked` (null where not known), `n_inhibits`,
        `n_promotes`, `n_condition`, `n_neutral`, `n_ambivalent`, `n_na`, `segments` (ids of the codings, joined by
        ";"), `group_segments` (codings about a group of cases, on which a count rests), `note`. Codings without a
        case or role stand in a last row whose label is null, so that the margins are those of the codings. For case
        x role only the pairs that occur have rows. Nothing is absent where nothing is coded at all: `note` then says
        "not sorted yet".

    Raises
    ------
    CrosscaseError
        For unknown options, missing columns, and cases or roles that their table does not hold.

    References
    ----------
    Miles, M. B., Huberman, A. M., & Saldana, J. (2014). Qualitative data analysis: a methods sourcebook (3rd ed.).

    Examples
    --------
    >>> codings = pd.DataFrame({
    ...     "coding_id": ["c1", "c2"], "document": "d1", "start": [0, 5], "end": [10, 12], "code": "trust",
    ...     "coder": "x", "valence": "promotes", "case": ["north", "north"]})
    >>> cases = pd.DataFrame({"case": ["north", "south"], "kind": "case", "coverage": ["partial", "complete"]})
    >>> coding_matrix(codings, cases=cases)[["case", "code", "segments", "state", "n_segments", "n_characters"]]
        case   code segments    state  n_segments  n_characters
    0  north  trust    c1;c2  present           2            12
    1  south  trust            absent           0             0
    """
    check_arguments(coding_matrix, locals())
    need(codings, [*NEEDED, "code"], "codings")
    if isinstance(codes, pd.DataFrame):
        need(codes, ["code"], "codes")
        codes = ordered(codes["code"])
    labels = ordered(codings["code"].unique()) if codes is None else ordered(codes)
    return build_matrix(
        pick_coder(codings, coder),
        rows,
        "code",
        labels,
        cases=cases,
        roles=roles,
        mode=mode,
        asked=asked,
        participant=participant,
    )


def build_matrix(
    codings: pd.DataFrame,
    rows: str | tuple[str, str],
    column: str,
    labels: list[str],
    *,
    cases: pd.DataFrame | None = None,
    roles: pd.DataFrame | None = None,
    mode: str | None = None,
    asked: pd.DataFrame | None = None,
    participant: str = "participant",
    bound: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Cells of any coding matrix; `column` is `code` or `theme`, `bound` the pairs that hold without a coding.

    Returns
    -------
    DataFrame
        As `coding_matrix`, with `column` in the place of `code`.
    """
    rows = tuple(rows) if isinstance(rows, (list, tuple)) else rows  # type: ignore[assignment]
    choice(rows, ROWS, "rows")
    names = [rows] if isinstance(rows, str) else list(rows)
    need(codings, names, "codings")
    if mode is not None:
        choice(mode, ("voice", "about", "author"), "mode")
        need(codings, ["role_mode"], "codings")
        codings = codings[codings["role_mode"].eq(mode).fillna(False)]
    frame = _tidy_rows(codings, names, cases, roles)
    grid = _row_grid(frame, names, cases, roles)
    row = _row_positions(frame, grid, names)
    col = positions(frame[column], labels)
    use = (row >= 0) & (col >= 0)
    n_cells = len(grid) * len(labels)
    counts = count_cells(frame[use], row[use] * len(labels) + col[use], n_cells, participant)
    repeat = np.repeat(np.arange(len(grid)), len(labels))
    cells = grid.iloc[repeat].reset_index(drop=True)
    cells[column] = np.tile(np.array(labels, dtype=object), len(grid))
    cells = pd.concat([cells, counts], axis=1)
    cells["n_asked"] = _n_asked(cells, names, column, asked)
    cells["evidence"] = cells["n_codings"].gt(0) | _is_bound(cells, column, bound)
    out = _finish(_with_states(cells, names, column, cases), names, column)
    return out if cells["evidence"].any() else _not_sorted(out)


def _not_sorted(cells: pd.DataFrame) -> pd.DataFrame:
    """Take back what is said to be absent where nothing is coded under any column: nobody has looked yet."""
    absent = cells["state"].eq("absent")
    note = cells["note"].mask(absent | cells["note"].eq(""), NOT_SORTED)
    return cells.assign(state=cells["state"].mask(absent, "not_stated"), note=note)


def _tidy_rows(
    codings: pd.DataFrame, names: list[str], cases: pd.DataFrame | None, roles: pd.DataFrame | None
) -> pd.DataFrame:
    if "role" in names:
        codings = split_rows(codings, "role")
        if roles is not None:
            need(roles, ["role"], "roles")
            known(codings["role"], roles, "role", "codings")
    if "case" in names and cases is not None:
        known(codings["case"], check_cases(cases), "case", "codings")
    return codings


def _row_grid(
    frame: pd.DataFrame, names: list[str], cases: pd.DataFrame | None, roles: pd.DataFrame | None
) -> pd.DataFrame:
    """The rows of the matrix in order; a null row last where codings have no label."""
    tables = {"case": cases, "role": roles, "document": None}
    orders = {}
    for name in names:
        table = tables[name]
        orders[name] = ordered(frame[name].unique()) if table is None else ordered(table[name])
    if len(names) == 1:
        name = names[0]
        labels: list[object] = [*orders[name], *([None] if bool(frame[name].isna().any()) else [])]
        return pd.DataFrame({name: pd.Series(labels, dtype=object)})
    pairs = frame[names].drop_duplicates(ignore_index=True)
    rank = pd.DataFrame({n: positions(pairs[n], orders[n]) for n in names}, index=pairs.index)
    rank = rank.where(rank >= 0, np.inf).sort_values(names, kind="stable")
    pairs = pairs.loc[rank.index].astype(object)
    return pairs.where(pairs.notna(), None).reset_index(drop=True)


def _row_positions(frame: pd.DataFrame, grid: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Row of the grid for each coding."""
    keys, grid_keys = np.zeros(len(frame), dtype=np.int64), np.zeros(len(grid), dtype=np.int64)
    for name in names:
        labels = ordered(grid[name])
        width = len(labels) + 1
        keys = keys * width + positions(frame[name], labels) + 1
        grid_keys = grid_keys * width + positions(grid[name], labels) + 1
    return pd.Index(grid_keys).get_indexer(pd.Index(keys))


def _n_asked(cells: pd.DataFrame, names: list[str], column: str, asked: pd.DataFrame | None) -> pd.Series:
    if asked is None:
        return pd.Series(pd.array([pd.NA] * len(cells), dtype="Int64"), index=cells.index)
    need(asked, ["participant", *names], "asked")
    keys = [*names, column] if column in asked else names
    counts = asked.drop_duplicates([*keys, "participant"]).groupby(keys).size().rename("n_asked").reset_index()
    counts[keys] = counts[keys].astype(object)
    return cells[keys].astype(object).merge(counts, how="left", on=keys)["n_asked"].fillna(0).astype("Int64")


def _is_bound(cells: pd.DataFrame, column: str, bound: pd.DataFrame | None) -> pd.Series:
    if bound is None or "case" not in cells or "role" in cells or not len(bound):
        return pd.Series(False, index=cells.index)
    pairs = set(zip(bound["case"].astype(str), bound[column].astype(str)))
    return pd.Series([(case, name) in pairs for case, name in zip(cells["case"], cells[column])], index=cells.index)


def _with_states(cells: pd.DataFrame, names: list[str], column: str, cases: pd.DataFrame | None) -> pd.DataFrame:
    if "case" not in names:
        coded = cells.groupby(names[0], dropna=False)["n_codings"].transform("sum").gt(0)
        silent = coded if names == ["document"] else cells["n_asked"].gt(0).fillna(False)
        state = np.select([cells["evidence"], silent.to_numpy(dtype=bool)], ["present", "absent"], "not_stated")
        note = np.where((state == "absent") & (names != ["document"]), "asked, not mentioned", "")
        return cells.assign(state=state, k=pd.NA, n=pd.NA, group_segments="", note=note)
    if cases is None:
        cases = pd.DataFrame(
            {"case": pd.Series(ordered(cells["case"]), dtype=object), "kind": "case", "coverage": "partial"}
        )
    table = check_cases(cases)
    lookup = table.set_index("case")
    cells = cells.assign(
        kind=cells["case"].map(lookup["kind"]).astype(object).fillna("none"),
        coverage=cells["case"].map(lookup["coverage"]).astype(object),
    )
    if len(names) == 1 or not len(cells):
        return cell_states(cells, column, table)
    parts = [cell_states(part, column, table) for _, part in cells.groupby("role", sort=False, dropna=False)]
    order = cells[[*names, column]].reset_index(names="order")
    return pd.concat(parts).merge(order, on=[*names, column]).sort_values("order", ignore_index=True)


def _finish(cells: pd.DataFrame, names: list[str], column: str) -> pd.DataFrame:
    """The documented columns in the documented order; k and n as nullable integers."""
    first = [name for name in (*names, "kind") if name in cells]
    if "kind" in first and "role" in first:
        first = ["case", "kind", "role"]
    valences = [name for name in cells if name.startswith("n_") and name not in ("n_asked",)]
    columns = [*first, column, "state", "k", "n", *valences, "segments", "group_segments", "note"]
    columns.insert(columns.index("n_participants") + 1, "n_asked")
    out = cells[columns].reset_index(drop=True)
    return out.astype({"k": "Int64", "n": "Int64"})


def wide(cells: pd.DataFrame, value: str = "n_segments") -> pd.DataFrame:
    """Pivot a long matrix to rows x codes (or themes), in the order of the long frame.

    Parameters
    ----------
    cells : DataFrame
        Result of `coding_matrix`, `theme_matrix`, `framework_matrix`, `triangulation_matrix` or `method_role`.
    value : str
        Column to show, for example `state`, `n_segments`, `n_participants`, `segments`.

    Returns
    -------
    DataFrame
        One row per case (role, document; two index levels for case x role), one column per code or theme.

    Raises
    ------
    CrosscaseError
        Where the value is not a column or a cell stands twice.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a", "b"], "code": "trust", "n_segments": [2, 0]})
    >>> wide(cells).loc["a", "trust"]
    np.int64(2)
    """
    check_arguments(wide, locals())
    need(cells, [value], "cells")
    column = next((name for name in ("code", "theme", "voice", "valence", "sector") if name in cells), None)
    rows = [
        name for name in ("case", "role", "document", "method", "claim", "sector") if name in cells and name != column
    ]
    if column is None and len(rows) > 1:
        column, rows = rows[0], rows[1:]
    if column is None or not rows:
        raise CrosscaseError(Problem("cells", "needs row labels and a column of codes or themes"))
    if bool(cells.duplicated([*rows, column]).any()):
        raise CrosscaseError(Problem("cells", "each cell may stand once", "doubled cells", remedy="filter first"))
    keys = cells[rows].drop_duplicates()
    if cells[column].isna().any():
        raise CrosscaseError(Problem(f"cells, column {column}", "each cell has a name", "an empty one"))
    labels = list(dict.fromkeys(cells[column]))
    row_keys = {key: i for i, key in enumerate(keys.itertuples(index=False, name=None))}
    column_keys = {label: i for i, label in enumerate(labels)}
    grid = np.full((len(row_keys), len(labels)), None, dtype=object)
    for key, label, item in zip(cells[rows].itertuples(index=False, name=None), cells[column], cells[value]):
        grid[row_keys[key], column_keys[label]] = item
    index = pd.MultiIndex.from_frame(keys) if len(rows) > 1 else pd.Index(keys[rows[0]], name=rows[0])
    return pd.DataFrame(grid, index=index, columns=pd.Index(labels, name=column)).infer_objects()
