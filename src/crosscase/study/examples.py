"""Example tables that belong to no study, from `data/examples`."""

from __future__ import annotations

import io

import pandas as pd

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.files import read_text


def load_example(name: str) -> pd.DataFrame:
    """Return an example table, a file of `data/examples` without ending; `CrosscaseError` where there is none."""
    folder = paths.studies().parent / "examples"
    path = trace.note_read(folder / f"{name}.csv")
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.csv")))
        raise CrosscaseError(Problem(f"example {name!r}", "an example is a table in data/examples", "none", known))
    return pd.read_csv(io.StringIO(read_text(path)))
