"""The work on one job: run its notebook in a staging folder and leave there everything, ready to be moved in place.

This is what a thread, a process or a worker on another machine executes; it touches nothing but its staging folder.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import socket
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from crosscase import paths
from crosscase.pipeline.cache import FORMAT, STATE, file_hash, text_hash, used_parts
from crosscase.pipeline.job import Job
from crosscase.pipeline.outputs import beginning
from crosscase.pipeline.private import stand_ins, tidy

ANSI = re.compile(r"\x1b\[[0-9;]*m")
NOTE = "job.json"
ERROR_MARKER = "papermill-error-cell-tag"  # cells that papermill adds around a failing one
ENDED = "leave out what ends the program: a notebook goes through to its last cell"
TOO_LONG = "look for an endless loop, or raise time_limit in the plan"
_attempts = itertools.count(1)


@dataclass(frozen=True)
class Order:
    """Everything a worker needs to run one job; it travels between processes and machines."""

    job: Job
    home: str  # folder of the compendium, which every worker sees under the same path
    staging: str  # beginning of the name of the folder to work in
    ingredients: dict[str, Any]  # what the key of the job is made of, see `cache.ingredients`
    after: list[str]  # folders below `results/runs` that the notebook may read
    warm: bool  # whether to fork the kernel from a warm server
    level: str  # whether what lies under `restricted/` is read


@dataclass
class Outcome:
    """What came of one job."""

    job: str  # id of the job
    ok: bool  # whether it went through
    staging: str  # where its results lie
    seconds: float = 0.0
    cell_seconds: float = 0.0  # of these, inside its cells
    start_seconds: float = 0.0  # and until the kernel was ready
    waited: float = 0.0  # beside them, for its turn
    cell: int = 0  # number of the failing cell, counted from 1 over all cells of the stored notebook; 0 where none
    error: str = ""  # what went wrong in plain words
    advice: str = ""  # what may help
    cut: list[int] = field(default_factory=list)  # numbers of the cells of which outputs were left out
    where: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")  # machine and process


def work(order: Order) -> Outcome:
    """Run the notebook of a job; whatever goes wrong becomes part of the outcome."""
    begin = time.monotonic()
    # a job may be given out twice when a worker seems lost: each attempt has a folder of its own
    # and a short name, as a path has 260 characters on Windows
    machine = text_hash(socket.gethostname())[:4]
    attempt = f"{order.staging}-{machine}-{os.getpid()}-{next(_attempts)}"
    order = replace(order, staging=attempt)
    outcome = Outcome(order.job.id, False, attempt)
    try:
        _run(order, outcome)
    except Exception as error:
        outcome.ok = False
        outcome.error = outcome.error or f"{type(error).__name__}: {error}"
        outcome.advice = outcome.advice or _advice(error)
    known = stand_ins(_places(order.job, Path(attempt)))
    outcome.error, outcome.advice = tidy(outcome.error, known), tidy(outcome.advice, known)
    outcome.seconds = time.monotonic() - begin - outcome.waited
    return outcome


def work_elsewhere(order: Order) -> Outcome:
    """Do the same in another process, perhaps on another machine, that knows nothing of the compendium yet."""
    os.environ[paths.HOME_VARIABLE], os.environ[paths.LEVEL_VARIABLE] = order.home, order.level
    return work(order)


def _run(order: Order, outcome: Outcome) -> None:
    from crosscase.pipeline.engine import Session, quiet_papermill
    from crosscase.pipeline.parameters import declared
    from crosscase.pipeline.server import can_warm, fixed_environment

    quiet_papermill()
    import nbformat

    job, root, folder = order.job, Path(order.home), Path(order.staging)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    log_file = folder.with_name(folder.name + ".log")
    note = {"job": job.id, "notebook": job.notebook, "study": job.study, "parameters": job.parameters}
    _write(folder / NOTE, note | {"after": order.after})
    text = job.source.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    has_ids = json.loads(text).get("nbformat_minor", 0) >= 5
    session = Session(
        root=root,
        folder=folder,
        env=fixed_environment()
        | {paths.HOME_VARIABLE: str(root), paths.RUN_VARIABLE: str(folder), paths.LEVEL_VARIABLE: order.level},
        warm=order.warm and can_warm(),
        time_limit=job.time_limit,
        memory_limit=job.memory_limit,
        log_file=log_file,
    )
    try:
        _execute(job, notebook, session, outcome)
    finally:
        outcome.start_seconds, outcome.waited = session.start_seconds, session.waited
        outcome.cell_seconds = sum(session.cell_seconds)
        session.outputs.put_back()
        finished = session.notebook if session.notebook is not None else notebook
        outcome.cut = [_stored_number(finished, index) for index in sorted(session.outputs.said)]
        _save(job, finished, declared(job.source) or {}, root, folder, has_ids)
        with contextlib.suppress(OSError):  # Windows may hold the log: no reason for a job to fail
            if outcome.error and log_file.exists():
                tail = ANSI.sub("", log_file.read_text(encoding="utf-8", errors="replace"))[-400:].strip()
                outcome.advice += (
                    f" The kernel's last words: {tail}" if tail and outcome.error.startswith("its kernel") else ""
                )
            log_file.unlink(missing_ok=True)
    if not outcome.error and session.late():
        outcome.error, outcome.advice = f"it took longer than its limit of {job.time_limit:g} seconds to save", TOO_LONG
    if not outcome.error:
        _state(order, note)
        outcome.ok = True


def _execute(job: Job, notebook: Any, session: Any, outcome: Outcome) -> None:
    """Execute the notebook with papermill and translate what stops it."""
    from crosscase.pipeline.engine import ENGINE, Ended, quiet_papermill

    papermill = quiet_papermill()
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from crosscase.pipeline.kernels import how_ended

    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    try:
        papermill.execute_notebook(
            notebook,
            None,
            parameters=job.parameters,
            engine_name=ENGINE,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            request_save_on_cell_execute=False,
            session=session,
        )
    except PapermillExecutionError as error:
        outcome.cell = _stored_number(session.notebook, error.cell_index)
        outcome.error = _plain_error(error.ename, error.evalue)
        if error.ename == "SystemExit":
            outcome.error, outcome.advice = f"the notebook ended itself: {outcome.error}", ENDED
        if error.ename == "MemoryError" and job.memory_limit:
            outcome.advice = f"its limit is {job.memory_limit} MB (memory_limit in the plan)"
    except Ended:
        outcome.cell = _stored_number(session.notebook, session.running)
        outcome.error, outcome.advice = "the notebook ended itself: exit() or quit()", ENDED
    except CellTimeoutError:
        outcome.cell = _stored_number(session.notebook, session.running)
        outcome.error = f"it took longer than its limit of {job.time_limit:g} seconds and was stopped"
        outcome.advice = TOO_LONG
    except DeadKernelError:
        outcome.cell = _stored_number(session.notebook, session.running)
        outcome.error, outcome.advice = how_ended(session.kernel, job.memory_limit)
    else:  # papermill takes sys.exit(0) for a good end, and leaves out the cells that come after
        if quits := _exits(session.notebook):
            index, code = quits[0]
            outcome.cell = _stored_number(session.notebook, index)
            outcome.error, outcome.advice = f"the notebook ended itself: {_plain_error('SystemExit', code)}", ENDED


def _exits(notebook: Any) -> list[tuple[int, str]]:
    """Return index and code of the cells in which `sys.exit` was called."""
    return [
        (index, output.get("evalue") or "")
        for index, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if output.output_type == "error" and output.get("ename") == "SystemExit"
    ]


def _plain_error(name: str, value: str) -> str:
    """Say an error in one or a few lines, without colours; our own errors keep all their lines."""
    value = ANSI.sub("", value).strip()
    if name.endswith("CrosscaseError"):
        return beginning(value)
    value = beginning(value, 2_000)
    return f"{name}: {value}" if value else name


def _advice(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == 28:
        return "the disk is full: make room, then build again; what is finished stays"
    if isinstance(error, PermissionError | OSError):
        return "check that the folder results can be written"
    return "run it alone to see more"


def _stored_number(notebook: Any, index: int) -> int:
    """Return the number, from 1, that a cell of the executed notebook has in the stored one."""
    cells = [] if notebook is None else notebook.cells
    own = [cell for cell in cells if ERROR_MARKER not in cell.metadata.get("tags", [])]
    return index + 1 - sum("injected-parameters" in cell.metadata.get("tags", []) for cell in own[:index])


def _save(job: Job, notebook: Any, declared: dict[str, Any], root: Path, folder: Path, has_ids: bool) -> None:
    """Write the executed notebook, normalised and with its parameter card, into the staging folder."""
    from crosscase.pipeline.normalise import card, dumps, normalise

    names = stand_ins(_places(job, folder))
    data = normalise(notebook, names, has_ids)
    cells = [cell for cell in data["cells"] if ERROR_MARKER not in cell["metadata"].get("tags", [])]
    data["cells"] = [card(job.id, job.parameters, declared), *cells]
    data["metadata"]["crosscase"] = {"level": _level(folder)}
    (folder / f"{job.notebook}.ipynb").write_text(dumps(data), encoding="utf-8", newline="\n")


def _level(folder: Path) -> str:
    """Return the level of what a run has made; where it ended before it could say, the stricter one."""
    from crosscase import trace

    try:
        return trace.level(json.loads((folder / "trace.json").read_text(encoding="utf-8"))["reads"])
    except (OSError, ValueError, KeyError):
        return paths.level()


def _places(job: Job, folder: Path) -> dict[str, str]:
    """Return the folders of this run with the words for them."""
    from crosscase.pipeline.server import runtime

    return {str(folder): f"results/runs/{job.id}", str(runtime()): "<runtime>"}


def _state(order: Order, note: dict[str, Any]) -> None:
    """Write what the cache needs to know about this run; it holds no time and no machine."""
    folder = Path(order.staging)
    from crosscase.trace import level as level_of_reads

    trace = json.loads((folder / "trace.json").read_text(encoding="utf-8"))
    for name in ("trace.json", NOTE):
        (folder / name).unlink()
    products = sorted(path for path in folder.rglob("*") if path.is_file())
    state = note | {
        "format": FORMAT,
        "key": text_hash(order.ingredients),
        "made_with": order.ingredients,
        "level": level_of_reads(trace["reads"]),
        "reads": trace["reads"],
        "modules": used_parts(trace["modules"]),
        "products": {path.relative_to(folder).as_posix(): file_hash(path) for path in products},
    }
    _write(folder / STATE, state)


def _write(path: Path, data: object) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
