"""What a run did: its report for people and `results/run.json`, the durations for the next estimate, the manifest."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline.cache import file_hash, package_version, read_state
from crosscase.pipeline.job import Job
from crosscase.pipeline.outputs import LEFT_OUT
from crosscase.pipeline.store import write_json

LONGEST = 8  # rows of the table of times that a person sees; all are in run.json


@dataclass
class Failure:
    """One job that did not go through."""

    job: str
    notebook: str
    study: str
    cell: int  # number of the cell in the stored notebook, from 1; 0 where no cell is to blame
    error: str  # what went wrong in plain words
    advice: str  # what may help
    executed: str  # where the executed notebook is left, from the compendium's root
    skipped: list[str]  # jobs that did not run because of it
    command: str  # the command that runs just this one

    def __str__(self) -> str:
        cell = f", cell {self.cell}" if self.cell else ""
        lines = [f"notebook {self.notebook}, {self.study}{cell}: {self.error}"]
        if self.advice:
            lines.append(f"  {self.advice}")
        if self.executed:
            lines.append(f"  executed so far: {self.executed}")
        if self.skipped:
            lines.append(f"  not run because of it: {', '.join(self.skipped)}")
        return "\n".join([*lines, f"  run just this one: {self.command}"])


@dataclass
class Timing:
    """How long one job took, in seconds: in all, inside its cells, until its kernel was ready."""

    job: str
    seconds: float
    cell_seconds: float
    start_seconds: float
    reason: str
    where: str


@dataclass
class RunReport:
    """What a run did."""

    done: list[Timing] = field(default_factory=list)  # jobs that ran and went through
    fresh: list[str] = field(default_factory=list)  # jobs whose results were fresh
    failures: list[Failure] = field(default_factory=list)  # jobs that failed; the command line then ends with status 1
    cut: dict[str, list[int]] = field(default_factory=dict)  # job -> cells of which outputs were left out
    refused: list[str] = field(default_factory=list)  # workers of a cluster that got no job, and why
    removed: list[str] = field(default_factory=list)  # results removed because the plan no longer has their jobs
    seconds: float = 0.0  # duration of the whole run
    workers: int = 1  # how many jobs could run at once
    warm: bool = False  # whether kernels were forked from a warm server
    interrupted: bool = False  # whether it was stopped by a person
    started: str = field(default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds"))

    @property
    def ok(self) -> bool:
        """Whether nothing failed."""
        return not self.failures and not self.interrupted

    def table(self) -> list[tuple[str, float, float, str]]:
        """Return job, seconds, seconds inside cells and reason, the slowest first."""
        rows = [(timing.job, timing.seconds, timing.cell_seconds, timing.reason) for timing in self.done]
        return sorted(rows, key=lambda row: -row[1])

    def summary(self) -> str:
        """Return the end of a run in a few lines: counts, a table of the longest times, and each failure."""
        counts = f"{len(self.done)} run, {len(self.fresh)} unchanged, {len(self.failures)} failed"
        lines = [f"notebooks: {counts}, in {self.seconds:.1f} s"]
        rows = self.table()
        if len(rows) > 1:
            wide = max(len(row[0]) for row in rows[:LONGEST])
            lines.append(f"  {'longest':<{wide}}  seconds  in cells")
            lines += [f"  {job:<{wide}}  {seconds:7.1f}  {cells:8.1f}" for job, seconds, cells, _ in rows[:LONGEST]]
        if len(rows) > LONGEST:
            lines.append(f"  the times of the other {len(rows) - LONGEST} are in results/run.json")
        lines += [f"  {line}" for line in self.refused]
        for job, cells in self.cut.items():
            lines.append(f"  {LEFT_OUT}: {job}, {'cell' if len(cells) == 1 else 'cells'} {', '.join(map(str, cells))}")
        return "\n".join([*lines, *map(str, self.failures)])


def write_run(report: RunReport, jobs: list[Job]) -> None:
    """Write `results/run.json`: everything about this run."""
    about = {
        "crosscase": package_version(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "jobs": {job.id: {"parameters": job.parameters, "after": list(job.after)} for job in jobs},
    }
    content = asdict(report) | about
    machines: dict[str, str] = {}
    for timing in content["done"]:
        machine, _, process = timing["where"].partition(":")
        timing["where"] = f"{machines.setdefault(machine, f'machine {len(machines) + 1}')}, process {process}"
    write_json(paths.results() / "run.json", content)


def read_times() -> dict[str, dict[str, float]]:
    """Return job -> durations of its last run; empty where none is known."""
    try:
        times = json.loads(_times().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return times if isinstance(times, dict) else {}


def write_times(done: list[Timing]) -> None:
    """Add the durations of these jobs to `results/times.json`."""
    new = {
        timing.job: {
            "seconds": round(timing.seconds, 3),
            "cells": round(timing.cell_seconds, 3),
            "start": round(timing.start_seconds, 3),
        }
        for timing in done
    }
    if new:
        with contextlib.suppress(OSError, CrosscaseError):  # they only order the next build
            write_json(_times(), read_times() | new)


def _times() -> Path:
    return paths.results() / "times.json"


def write_manifest(jobs: list[Job]) -> None:
    """Write `results/manifest.json`: every value, and the hash of every table, figure and executed notebook.

    Its `level` is `restricted` where any of them read what lies under `restricted/`. It holds no time and no machine;
    two builds of the same compendium write the same bytes.
    """
    values: dict[str, Any] = {}
    files: dict[str, str] = {}
    levels: set[str] = set()
    for job in sorted(jobs, key=lambda job: job.id):
        state = None if job.sweep else read_state(job)
        for name, digest in (state or {"products": {}})["products"].items():
            files[f"runs/{job.id}/{name}"] = digest
        levels |= {state.get("level", "public")} if state else set()
        kept = job.folder / "values.json"
        if state and kept.exists():
            values |= {record["id"]: record["value"] for record in json.loads(kept.read_text(encoding="utf-8"))}
    lock = {"lock": file_hash(paths.lock()), "plan": file_hash(paths.plan())}
    level = "restricted" if "restricted" in levels else "public"
    write_json(paths.results() / "manifest.json", {"level": level, "made_with": lock, "values": values, "files": files})
