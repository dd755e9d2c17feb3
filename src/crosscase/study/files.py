"""Files of the compendium as text and as typed tables, also where a spreadsheet program saved them its own way."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crosscase import documents, paths, spreadsheets, tables
from crosscase.errors import CrosscaseError, Problem

OUTDATED = frozenset({"quotation_sha256"})
"""Columns that earlier versions wrote."""


def parsed(path: Path, schema: tables.Schema, place: str, earlier: bool = False) -> pd.DataFrame | None:
    """Return the typed table in a file, None where there is no file; a broken one raises all of its problems."""
    if not path.is_file():
        return None
    text = read_table(path, schema)
    try:
        frame = tables.parse(text, schema)
    except (ValueError, KeyError):
        frame = None
    header = set(text.partition("\n")[0].strip().split(","))
    if OUTDATED & header and not earlier:
        rule, remedy = "hashes of quotations are keyed", f"`crosscase check {place.split('/')[0]} --fix` makes them so"
        raise CrosscaseError(Problem(f"{place}, row 1", rule, "plain ones, which can be guessed", remedy=remedy))
    if frame is None or not header - OUTDATED <= set(schema.columns):
        _, problems = tables.problems_in(text, schema, place)
        raise CrosscaseError(problems)
    return frame


def read_text(path: Path) -> str:
    """Read a file of the compendium as UTF-8 with LF line ends; `CrosscaseError` where the bytes are not UTF-8."""
    try:
        return documents.normalise(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is {path.read_bytes()[error.start]:#04x}"
        remedy = "save it as UTF-8 (in Excel: CSV UTF-8)"
        raise CrosscaseError(Problem(paths.relative(path), "files are UTF-8", found, "UTF-8", remedy)) from None


def read_table(path: Path, schema: tables.Schema) -> str:
    """Read a table of the compendium as the dictionary wants it, also where a spreadsheet program saved it its own way.

    `CrosscaseError` where its encoding cannot be told.
    """
    try:
        return spreadsheets.as_written(path.read_bytes(), schema).text
    except UnicodeDecodeError:
        return read_text(path)
