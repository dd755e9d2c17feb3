"""Tables and their schemas: the Frictionless schema of a table is the one source of its columns, types and rules.

Reading and writing of frames happens here in memory terms; which file belongs to which study is the business of
`crosscase.study`.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem

DTYPES = {"string": "str", "list": "str", "integer": "Int64", "number": "float64", "boolean": "boolean"}
LEVEL, OPEN, ID = "crosscase:level", "crosscase:open", "crosscase:id"
CHECKS = {"isin": "enum", "str_matches": "pattern"}
CHECKS |= {"greater_than_or_equal_to": "minimum", "less_than_or_equal_to": "maximum"}


@dataclass(frozen=True)
class Schema:
    """A table schema as read from `data/dictionary/`: Frictionless fields, key of a row, foreign keys.

    A study must have a table that is `required`; one of the `level` restricted stays as a whole under `restricted/`.
    """

    name: str
    title: str
    description: str
    fields: tuple[dict[str, Any], ...] = field(repr=False)
    key: tuple[str, ...]
    foreign: tuple[dict[str, Any], ...] = field(repr=False)
    required: bool
    level: str = "public"

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return [item["name"] for item in self.fields]

    @property
    def dtypes(self) -> dict[str, str]:
        """Column -> pandas dtype."""
        return {item["name"]: DTYPES[item["type"]] for item in self.fields}

    @property
    def restricted(self) -> list[str]:
        """Columns by which people may be known; they lie under `restricted/` until somebody releases them."""
        return [item["name"] for item in self.fields if item.get(LEVEL) == "restricted"]

    @property
    def guarded(self) -> list[str]:
        """Columns that are public but for cells that repeat a text which is not released."""
        return [item["name"] for item in self.fields if item.get(LEVEL) == "guarded"]

    @property
    def ids(self) -> dict[str, str]:
        """Column -> kind of the ids that it holds, such as `document`."""
        return {item["name"]: item[ID] for item in self.fields if ID in item}

    def is_list(self, column: str) -> bool:
        """Tell whether the cells of a column hold several ids or words, joined as `crosscase.ids` joins them."""
        return next(item for item in self.fields if item["name"] == column)["type"] == "list"

    def open_pattern(self, column: str) -> str | None:
        """Return the form of cells that are public although their column is restricted, such as a page; or None."""
        return next(item for item in self.fields if item["name"] == column).get(OPEN)

    def part(self, level: str) -> Schema:
        """Return the schema of what a study keeps at one level of a table.

        `public`: every column, those by which people may be known not required. `restricted`: the key and those.
        """
        hidden = {*self.restricted, *self.guarded}
        kept = [x for x in self.fields if level == "public" or x["name"] in hidden or x["name"] in self.key]
        loose = [_loosened(x) if x["name"] in hidden else x for x in kept]
        return replace(self, fields=tuple(loose), required=self.required and level == "public")

    def constraint(self, column: str, rule: str) -> Any:
        """Return one constraint of a column (`required`, `enum`, `pattern`, `minimum` ...), or None."""
        return next(item for item in self.fields if item["name"] == column).get("constraints", {}).get(rule)


def _loosened(item: dict[str, Any]) -> dict[str, Any]:
    """Return a field that need not be filled."""
    return {**item, "constraints": {k: v for k, v in item.get("constraints", {}).items() if k != "required"}}


@cache
def _schema(path: Path) -> Schema:
    raw = json.loads(path.read_text(encoding="utf-8"))
    return Schema(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"],
        fields=tuple(raw["fields"]),
        key=tuple(raw["primaryKey"]),
        foreign=tuple(raw["foreignKeys"]),
        required=raw["crosscase:required"],
        level=raw.get(LEVEL, "public"),
    )


def schema(name: str) -> Schema:
    """Return the schema of a table; `CrosscaseError` where the dictionary has no such table."""
    path = trace.note_once(paths.dictionary() / f"{name}.json")
    if not path.is_file():
        rule, allowed = "each table has a schema in data/dictionary/", ", ".join(names())
        raise CrosscaseError(Problem(f"table {name!r}", rule, "", allowed, "use one of these names"))
    return _schema(path)


def names() -> list[str]:
    """Return the names of all tables that the dictionary knows."""
    return sorted(path.stem for path in paths.dictionary().glob("*.json"))


def empty(of: Schema) -> pd.DataFrame:
    """Return a frame with the columns and types of a schema and no row."""
    return pd.DataFrame({column: _missing(dtype, 0) for column, dtype in of.dtypes.items()})


def _missing(dtype: str, rows: int) -> pd.api.extensions.ExtensionArray | np.ndarray:
    """Return so many missing values of a type."""
    if dtype == "float64":
        return np.full(rows, np.nan)
    return _NOTHING[dtype].take(np.full(rows, -1), allow_fill=True)


_NOTHING = {dtype: pd.array([], dtype=dtype) for dtype in sorted(set(DTYPES.values()) - {"float64"})}


def parse(text: str, of: Schema) -> pd.DataFrame:
    """Return the typed frame of a CSV text that is known to be valid; columns that are absent come out empty.

    `ValueError` where a cell cannot be read as its column's type; `problems_in` says which.
    """
    frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_values=[""])
    return typed(frame, of)


def typed(frame: pd.DataFrame, of: Schema) -> pd.DataFrame:
    """Return a frame with the columns of a schema in order and type; absent ones come out empty. Errors as `parse`."""
    if frame.empty:
        return empty(of)
    columns = {
        column: _convert(frame[column], dtype).array if column in frame else _missing(dtype, len(frame))
        for column, dtype in of.dtypes.items()
    }
    return pd.DataFrame(columns, index=frame.index)


def _convert(raw: pd.Series, dtype: str) -> pd.Series:
    if raw.dtype == dtype:
        return raw
    if dtype == "boolean":
        return raw.map({"true": True, "false": False, True: True, False: False}).astype("boolean")
    if dtype in ("Int64", "float64"):
        return pd.to_numeric(raw.astype("object").where(raw.notna(), None), errors="raise").astype(dtype)
    return raw.astype("str").where(raw.notna(), pd.NA).astype("str")


_QUOTED = ',"\n\r'


def to_csv(frame: pd.DataFrame, of: Schema) -> str:
    """Return the CSV text of a frame: UTF-8, LF, columns in the schema's order, empty columns left out.

    `CrosscaseError` where the frame has a column that the schema does not know.
    """
    if unknown := [c for c in frame.columns if c not in of.columns]:
        rule = "only columns of the dictionary are written"
        raise CrosscaseError(Problem(f"table {of.name}", rule, ", ".join(unknown), ", ".join(of.columns)))
    required = {c for c in of.columns if of.constraint(c, "required")} | set(of.key)
    kept = [c for c in of.columns if c in frame and (c in required or frame[c].notna().any())]
    out = frame[kept].copy()
    for column in kept:
        if of.dtypes[column] == "float64":
            out[column] = [None if pd.isna(v) else f"{v:.15g}" for v in out[column]]
        elif of.dtypes[column] == "boolean":
            out[column] = [None if pd.isna(v) else str(bool(v)).lower() for v in out[column]]
    lines = map(",".join, zip(*(_cells(out[column]) for column in kept))) if len(kept) > 1 else None
    if lines is None:
        return out.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    return "\n".join([",".join(kept), *lines]) + "\n"


def _cells(column: pd.Series) -> list[str]:
    """Return the cells of a column as CSV has them: quoted only where a cell needs it, none empty."""
    cells = [str(cell) for cell in column.astype("object").where(column.notna(), "").tolist()]
    together = "\0".join(cells)
    if any(mark in together for mark in _QUOTED):
        cells = ['"' + c.replace('"', '""') + '"' if any(mark in c for mark in _QUOTED) else c for c in cells]
    return cells


def problems_in(text: str, of: Schema, place: str) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Check a CSV text against a schema and tell everything that is wrong with it.

    Returns the typed frame (None where the file is too broken to type), and the problems: row numbers count the header
    as row 1, as a spreadsheet does.
    """
    raw, problems = _records(text, of, place)
    if raw is None:
        return None, problems
    raw, wrong_type = _type_problems(raw, of, place)
    frame = typed(raw, of)
    return frame, problems + wrong_type + _rule_problems(frame, of, place)


def _records(text: str, of: Schema, place: str) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Read the records strictly: one header, known columns, the same number of cells in each row."""
    try:
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        return None, [Problem(place, "a table is valid CSV", str(error), remedy="look for an unclosed quotation mark")]
    allowed, top = ", ".join(of.columns), f"{place}, row 1"
    if not rows:
        rule, remedy = "a table has a header row", "add the header or delete the file"
        return None, [Problem(place, rule, "an empty file", allowed, remedy)]
    header, problems = rows[0], []
    for column in dict.fromkeys(header):
        if column not in of.columns:
            problems.append(Problem(top, "only known columns", repr(column), allowed, "rename or delete it"))
        elif header.count(column) > 1:
            problems.append(Problem(top, "each column once", f"{column!r} twice", remedy="delete one"))
    for column in (c for c in of.columns if of.constraint(c, "required") and c not in header):
        problems.append(Problem(top, f"the column {column} is required", "no such column", remedy="add it"))
    rule = "each row has one cell per column"
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            found = f"{len(row)} cells where the header has {len(header)}"
            problems.append(Problem(f"{place}, row {number}", rule, found, remedy="check commas"))
    if problems:
        return None, problems
    return pd.DataFrame(rows[1:], columns=header, dtype="object").replace("", None), []


def _type_problems(raw: pd.DataFrame, of: Schema, place: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Name each cell of a wrong type and empty it, so that the other rules can still be checked."""
    raw, problems = raw.copy(), []
    for column, dtype in of.dtypes.items():
        if column not in raw or dtype == "str":
            continue
        cells = raw[column].dropna()
        if dtype == "boolean":
            bad, allowed = cells[~cells.isin(["true", "false"])], "true, false"
        else:
            numbers = pd.to_numeric(cells, errors="coerce")
            wrong = numbers.isna() | numbers.abs().eq(float("inf"))
            if dtype == "Int64":
                wrong |= numbers.mod(1).ne(0)
            bad, allowed = cells[wrong], "a whole number" if dtype == "Int64" else "a number with a decimal point"
        rule = f"the type is {next(f['type'] for f in of.fields if f['name'] == column)}"
        for index, cell in bad.items():
            where = f"{place}, row {index + 2}, column {column}"
            problems.append(Problem(where, rule, repr(cell), allowed, "correct the cell"))
        raw.loc[bad.index, column] = None
    return raw, problems


def _rule_problems(frame: pd.DataFrame, of: Schema, place: str) -> list[Problem]:
    """Apply the constraints with pandera and word what it finds."""
    import pandera.errors

    try:
        pandera_schema(of).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        return [
            _problem(row, frame, of, place)
            for row in error.failure_cases.sort_values(["index", "column"], kind="stable").to_dict("records")
            if row["index"] is not None
        ]
    return []


def pandera_schema(of: Schema) -> Any:
    """Return the pandera schema that holds a frame to the constraints of a Frictionless schema."""
    import pandera.pandas as pa

    columns = {}
    for item in of.fields:
        rules = item.get("constraints", {})
        checks = []
        if enum := rules.get("enum"):
            checks.append(pa.Check.isin(enum))
        if pattern := rules.get("pattern"):
            checks.append(pa.Check.str_matches(pattern))
        if "minimum" in rules:
            checks.append(pa.Check.ge(rules["minimum"]))
        if "maximum" in rules:
            checks.append(pa.Check.le(rules["maximum"]))
        nullable, unique = not rules.get("required"), bool(rules.get("unique"))
        columns[item["name"]] = pa.Column(checks=checks, nullable=nullable, unique=unique, name=item["name"])
    return pa.DataFrameSchema(columns, unique=list(of.key), report_duplicates="exclude_first", strict=True)


def _problem(case: dict[str, Any], frame: pd.DataFrame, of: Schema, place: str) -> Problem:
    row, column, check = int(case["index"]), case["column"], str(case["check"])
    where = f"{place}, row {row + 2}, column {column}"
    if check == "not_nullable":
        return Problem(where, "the cell is required", "an empty cell", remedy="fill it")
    if "unique" in check:
        key = ", ".join(str(frame.at[row, c]) for c in of.key)
        unique, remedy = f"each {' + '.join(of.key)} has one row", "delete or rename the second one"
        return Problem(where, unique, repr(key), remedy=remedy)
    rule = CHECKS[check.split("(")[0]]
    allowed = of.constraint(column, rule)
    shown = ", ".join(allowed) if isinstance(allowed, list) else str(allowed)
    known = {"enum": "the cell is one of a list", "pattern": "the cell has a fixed form"}
    words = known.get(rule, f"the {rule} is {shown}")
    return Problem(where, words, repr(case["failure_case"]), shown, "correct the cell")
