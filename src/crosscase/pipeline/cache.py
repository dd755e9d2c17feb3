"""What is fresh and what is not, and why: contents are compared, never dates."""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscase import paths, trace
from crosscase.pipeline.parameters import read_notebook, source_of
from crosscase.pipeline.store import remembered

if TYPE_CHECKING:
    from crosscase.pipeline.job import Job
    from crosscase.pipeline.plan import Plan

FORMAT = 2  # raise it where the engine writes something else for the same input
STATE = "state.json"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
_file_hashes: dict[tuple[str, int, int], str] = {}


def file_hash(path: Path | str) -> str:
    """Return `trace.sha256` of a file or folder, computed once per process while its date and size stay."""
    try:
        status = os.stat(path)
    except OSError:
        return trace.sha256(path) if "*" in str(path) else trace.MISSING
    if paths.withheld(path):
        return trace.MISSING
    if stat.S_ISDIR(status.st_mode):
        return trace.sha256(path)
    key = (str(path), status.st_mtime_ns, status.st_size)
    if key not in _file_hashes:
        _file_hashes[key] = trace.sha256(path)
    return _file_hashes[key]


class Look:
    """One look at the compendium: each file is looked at once, however many jobs ask for it."""

    def __init__(self) -> None:
        root = str(paths.root())
        self.file = functools.cache(lambda name: file_hash(os.path.join(root, os.path.expanduser(name))))
        self.module, self.notebook = functools.cache(module_hash), functools.cache(notebook_hash)


def text_hash(data: object) -> str:
    """Return the SHA-256 of plain data, independent of the order of keys."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def notebook_hash(path: Path) -> str:
    """Return the hash of what a notebook means: its cells; not its outputs, counters or the editor's metadata."""
    cells = [
        [cell["cell_type"], cell.get("id", ""), source_of(cell), sorted(cell.get("metadata", {}).get("tags", []))]
        for cell in read_notebook(path)["cells"]
    ]
    return text_hash(cells)


def module_hash(name: str) -> str:
    """Return the hash of what a part of this package means, `missing` where it is gone.

    `name`: path below the package's folder. A Python file counts by its syntax tree without docstrings, so comments and
    layout change nothing; any other file counts by its bytes.
    """
    path = paths.source() / name
    raw = file_hash(path)
    if raw == trace.MISSING or path.suffix != ".py":
        return raw
    return remembered("meaning", f"{PYTHON} {raw}", lambda: _meaning(path))


def _meaning(path: Path) -> str:
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            match node.body:
                case [ast.Expr(value=ast.Constant(value=str())), *rest]:
                    node.body = rest or [ast.Pass()]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def used_parts(modules: list[str]) -> dict[str, str]:
    """Return part -> meaning for the modules a run used and for the data files that lie beside them."""
    source = paths.source()
    folders = {(source / name).parent for name in modules}
    beside = [
        file.relative_to(source).as_posix()
        for folder in folders
        for file in folder.iterdir()
        if file.is_file() and file.suffix not in (".py", ".pyc") and not paths.hidden(file.name)
    ]
    return {name: module_hash(name) for name in sorted({*modules, *beside})}


def ingredients(job: Job, by_id: dict[str, Job], look: Look | None = None) -> dict[str, Any]:
    """Return what is known before a run: together these make the key of a job."""
    return {
        "format": FORMAT,
        "notebook": (look or Look()).notebook(job.source),
        "parameters": job.parameters,
        "lock": file_hash(paths.lock()),
        "python": PYTHON,
        "after": {name: by_id[name].parameters for name in sorted(job.after)},
    }


def read_state(job: Job) -> dict[str, Any] | None:
    """Return the state that the last finished run of a job left, or None."""
    try:
        state = json.loads((job.folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    needed = {"key", "made_with", "reads", "modules", "products"}
    return state if isinstance(state, dict) and needed <= state.keys() else None


def stale_reason(job: Job, by_id: dict[str, Job], look: Look | None = None) -> str:
    """Say why a job has to run, in words; empty where its results are fresh.

    `look` is what this look at the compendium has seen already; nothing by default. Returns such as `never run`,
    `parameter seed changed`, `codings.csv changed`; the first reason found.
    """
    state = read_state(job)
    if state is None:
        return "never run"
    look = look or Look()
    now = ingredients(job, by_id, look)
    if state["key"] != text_hash(now):
        return _different(state["made_with"], now)
    for name, digest in state["reads"].items():
        if (found := look.file(name)) != digest:
            return f"{_short(name)} {_change(digest, found)}"
    for name, digest in state["modules"].items():
        if (found := look.module(name)) != digest:
            return f"module {name} {_change(digest, found)}"
    folder = str(job.folder)
    for name, digest in state["products"].items():
        if (found := file_hash(os.path.join(folder, name))) != digest:
            return f"its result {name} {_change(digest, found)}"
    return ""


def _change(before: str, now: str) -> str:
    return "is new" if before == trace.MISSING else "is gone" if now == trace.MISSING else "changed"


def _short(name: str) -> str:
    """Leave out what the name of the job says already.

    >>> _short("data/studies/north/codings.csv"), _short("data/frameworks/cfir.csv")
    ('codings.csv', 'data/frameworks/cfir.csv')
    """
    parts = name.split("/")
    inside = parts[:2] == ["data", "studies"] and len(parts) > 3 and "*" not in parts[2]
    return "/".join(parts[3:]) if inside else name


def _different(before: dict[str, Any], now: dict[str, Any]) -> str:
    old, new = before.get("parameters", {}), now["parameters"]
    for name in sorted({*old, *new}):
        if name not in old or name not in new or old[name] != new[name]:
            return f"parameter {name} changed"
    words = {
        "notebook": "the notebook changed",
        "lock": "the environment lock changed",
        "python": f"Python is now {PYTHON}",
        "after": "the jobs it reads, or their parameters, changed",
        "format": "this version of crosscase writes its results otherwise",
    }
    return next((words[name] for name in words if before.get(name) != now[name]), "a type of a parameter changed")


def stale(plan: Plan, jobs: list[Job] | None = None) -> dict[str, str]:
    """Return the jobs that would run, with the reason of each.

    Parameters
    ----------
    plan : Plan
        The plan.
    jobs : list of Job, optional
        Only these; all jobs of the plan by default.

    Returns
    -------
    dict of str to str
        Job id -> reason. A job that waits for a stale one is listed as `after ..., which runs again`; it runs only if
        that one then gives other results.
    """
    every = plan.jobs()
    jobs = every if jobs is None else jobs
    by_id = {job.id: job for job in [*every, *jobs]}
    reasons: dict[str, str] = {}
    look = Look()
    for job in jobs:
        reason = stale_reason(job, by_id, look)
        again = next((name for name in job.after if name in reasons), "")
        if again and (not reason or reason.startswith("results/runs/")):
            reason = f"after {again}, which runs again"
        if reason:
            reasons[job.id] = reason
    return reasons


@functools.lru_cache(maxsize=1)
def package_version() -> str:
    """Return the version of this package."""
    from importlib.metadata import version

    return version("crosscase")
