"""What a sweep found, as tables: each value of each parameter set, and the sets beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from crosscase import paths
from crosscase.pipeline.job import Job
from crosscase.pipeline.store import write_whole
from crosscase.publish.cells import rows_text

PLANNED = "as planned"


def write_sweeps(jobs: Iterable[Job]) -> None:
    """Write the tables of each sweep into `results/sweeps`.

    `<notebook>.csv` has one row per study, parameter set and value; `<notebook>.compared.csv` one row per study and
    value, with a column for the run as planned and one for each parameter set, and whether they differ.

    `jobs`: all jobs of the plan; what has not run yet is left out.
    """
    jobs = list(jobs)
    swept = {job.notebook for job in jobs if job.sweep}
    for notebook in sorted(swept):
        mine = [job for job in jobs if job.notebook == notebook]
        kept = {job.id: _kept(job) for job in mine}
        folder = paths.results() / "sweeps"
        write_whole(folder / f"{notebook}.csv", _text(_rows(mine, kept)))
        write_whole(folder / f"{notebook}.compared.csv", _text(_beside(mine, kept)))
    for path in (paths.results() / "sweeps").glob("*.csv"):
        if path.name.removesuffix(".csv").removesuffix(".compared") not in swept:
            path.unlink()


def _kept(job: Job) -> list[dict[str, Any]]:
    path = job.folder / "values.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def _rows(jobs: list[Job], kept: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return one row per study, parameter set and value."""
    rows = []
    for job in jobs:
        if job.sweep:
            point = {name: value for name, value in job.parameters.items() if name != "study"}
            for record in kept[job.id]:
                rows.append({"study": job.study or "", **point, "id": record["id"], "value": record["value"]})
    names = dict.fromkeys(name for row in rows for name in row if name not in ("id", "value"))
    columns = [*(names or ["study"]), "id", "value"]
    return [dict.fromkeys(columns)] if not rows else [{name: row.get(name) for name in columns} for row in rows]


def _beside(jobs: list[Job], kept: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Return one row per study and value, a column per parameter set."""
    sets = list(dict.fromkeys(job.sweep or PLANNED for job in jobs))
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for job in jobs:
        for record in kept[job.id]:
            head = {"study": job.study or "", "id": record["id"], "about": record.get("about", "")}
            row = rows.setdefault((job.study or "", record["id"]), head | dict.fromkeys(sets) | {"differs": ""})
            row[job.sweep or PLANNED] = record["value"]
    for (study, _), row in rows.items():
        ran = [job.sweep or PLANNED for job in jobs if (job.study or "") == study and kept[job.id]]
        row["differs"] = "yes" if len({json.dumps(row[name]) for name in ran}) > 1 else "no"
    return list(rows.values()) or [dict.fromkeys(["study", "id", "about", *sets, "differs"])]


def _text(rows: list[dict[str, Any]]) -> str:
    """Return rows as CSV for people; a single row without content gives the header alone."""
    filled = (list(row.values()) for row in rows if any(value is not None for value in row.values()))
    return rows_text(list(rows[0]), filled)
