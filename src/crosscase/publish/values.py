"""Read what the notebooks kept: values, tables and figures of all finished runs, by id."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase import paths, trace
from crosscase.errors import Problem, raise_if


@dataclass
class Kept:
    """Everything kept by all runs.

    Parameters
    ----------
    values, tables, figures : dict of str to dict
        Id -> record. A record holds what the notebook said plus `run` (folder below `results/runs`), `notebook`,
        `study` and `parameters`.
    """

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)

    def path(self, kind: str, identifier: str, suffix: str) -> Path:
        """Return the file of a kept table or figure (`kind` is `tables` or `figures`)."""
        record = getattr(self, kind)[identifier]
        return paths.runs() / record["run"] / kind / f"{identifier}.{suffix}"


def read_kept() -> Kept:
    """Read what all finished runs have kept, noting each file as an input.

    Raises
    ------
    CrosscaseError
        Where two runs keep something under the same id.
    """
    kept, problems = Kept(), []
    for state_file in sorted(paths.runs().glob("*/*/state.json")):
        folder = state_file.parent
        job = json.loads(state_file.read_text(encoding="utf-8"))
        run = folder.relative_to(paths.runs()).as_posix()
        origin = {"run": run, "notebook": job["notebook"], "study": job.get("study"), "parameters": job["parameters"]}
        for kind in ("values", "tables", "figures"):
            known = getattr(kept, kind)
            for record in _records(folder / f"{kind}.json"):
                if (first := known.get(record["id"])) is not None:
                    problems.append(
                        Problem(
                            place=f"{kind[:-1]} {record['id']}",
                            rule="an id belongs to one run",
                            found=f"{first['run']} and {run}",
                            remedy="rename it in one of the notebooks",
                        )
                    )
                known[record["id"]] = record | origin
    raise_if(problems)
    return kept


def _records(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    trace.note_read(path)
    return json.loads(path.read_text(encoding="utf-8"))
