"""Read what the notebooks kept: values, tables and figures of all finished runs, by id."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase import paths, trace
from crosscase.errors import Problem, raise_if

KINDS = ("values", "tables", "figures", "results")


@dataclass
class Kept:
    """Everything kept by all runs."""

    # id -> record; a result has a sentence, and a table and a figure of the same id where it has any. A record holds
    # what the notebook said plus `run` (folder below `results/runs`), `notebook`, `study` and `parameters`
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)

    def path(self, kind: str, identifier: str, suffix: str) -> Path:
        """Return the file of a kept table or figure (`kind` is `tables` or `figures`), noted as an input."""
        record = getattr(self, kind)[identifier]
        return trace.note_read(paths.runs() / record["run"] / kind / f"{identifier}.{suffix}")


def printed_value(record: dict[str, Any], extras: Collection[str] = ()) -> str:
    """Return the text of a kept value; `extras` add its `unit` and `n`, or print a `whole` number without decimals.

    >>> printed_value({"text": "7.0", "value": 7, "unit": "talks", "n": 9}, ["whole", "unit", "n"])
    '7\\xa0talks (n\\xa0=\\xa09)'
    """
    text = str(record["text"])
    if "whole" in extras and isinstance(record["value"], int | float):
        text = f"{record['value']:.0f}"
    if "unit" in extras and record.get("unit"):
        text += f"\u00a0{record['unit']}"
    if "n" in extras and record.get("n") is not None:
        text += f" (n\u00a0=\u00a0{record['n']})"
    return text


def read_kept() -> Kept:
    """Read what all finished runs have kept, noting each file as an input.

    Inside a notebook that the runner executes, only the runs that the plan puts before it are read: what else lies in
    the results is chance.

    Raises `CrosscaseError` where two runs keep something under the same id.
    """
    kept, problems = Kept(), []
    for folder in _finished():
        state_file = folder / "state.json"
        job = json.loads(state_file.read_text(encoding="utf-8"))
        run = folder.relative_to(paths.runs()).as_posix()
        origin = {"run": run, "notebook": job["notebook"], "study": job.get("study"), "parameters": job["parameters"]}
        for kind in KINDS:
            known = getattr(kept, kind)
            for record in _records(folder / f"{kind}.json"):
                if (first := known.get(record["id"])) is not None:
                    place, remedy = f"{kind[:-1]} {record['id']}", "rename it in one of the notebooks"
                    found = f"{first['run']} and {run}"
                    problems.append(Problem(place, "an id belongs to one run", found, remedy=remedy))
                known[record["id"]] = record | origin
    raise_if(problems)
    return kept


def _finished() -> list[Path]:
    """Return the folders of the finished runs that may be read here, in a fixed order."""
    if run := os.environ.get(paths.RUN_VARIABLE):
        note = json.loads((Path(run) / "job.json").read_text(encoding="utf-8"))
        return [paths.runs() / name for name in sorted(note["after"])]
    return sorted(state.parent for state in paths.runs().glob("*/*/state.json"))


def _records(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    trace.note_read(path)
    return json.loads(path.read_text(encoding="utf-8"))
