"""Tables that belong to no single study: frameworks, what is argued and judged across studies, our calibrations."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crosscase import paths, tables, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.files import read_table

_ACROSS = ("propositions", "pattern_matches", "cerqual", "appraisals", "framework_changes", "leftover_decisions")
SHARED = {name: f"synthesis/{name}.csv" for name in _ACROSS} | {"argument_across": "synthesis/argument.csv"}
SHARED |= {f"calibration_{name}": f"calibration/{name}.csv" for name in ("agreement", "saturation", "tests")}


def load_framework(name: str) -> pd.DataFrame:
    """Return a framework as its list of constructs, from `data/frameworks/`.

    Raises
    ------
    CrosscaseError
        Where there is no such framework or its table breaks the rules.
    """
    path = trace.note_read(paths.frameworks() / f"{name}.csv")
    schema = tables.schema("constructs")
    if not path.is_file():
        known = ", ".join(list_frameworks())
        raise CrosscaseError(Problem(f"framework {name!r}", "a framework is a table in data/frameworks", "none", known))
    return _sound(path, schema, f"frameworks/{name}.csv")


def _sound(path: Path, schema: tables.Schema, place: str) -> pd.DataFrame:
    """Return the table in a file that keeps its rules."""
    frame, problems = tables.problems_in(read_table(path, schema), schema, place)
    if problems or frame is None:
        raise CrosscaseError(problems)
    return frame


def load_shared(name: str) -> pd.DataFrame:
    """Return a table that belongs to no single study: what is argued and judged across studies, and our calibrations.

    Parameters
    ----------
    name : str
        Key of `SHARED`. A table that is not there comes out empty, with its columns: nobody has judged yet.

    Raises
    ------
    CrosscaseError
        Where there is no such table, or the file breaks its rules.
    """
    if name not in SHARED:
        allowed = ", ".join(SHARED)
        raise CrosscaseError(Problem(f"table {name!r}", "a table of the compendium as a whole", "none", allowed))
    path, schema = trace.note_read(paths.studies().parent / SHARED[name]), tables.schema(name)
    return _sound(path, schema, SHARED[name]) if path.is_file() else tables.empty(schema)


def list_frameworks() -> list[str]:
    """Return the names of all frameworks."""
    return sorted(path.stem for path in trace.note_list(paths.frameworks(), "*.csv"))
