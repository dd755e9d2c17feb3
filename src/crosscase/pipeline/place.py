"""Where finished work goes: one build at a time, moved in place whole, nothing half-written left behind."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, Problem
from crosscase.pipeline.job import Job
from crosscase.refusals import named, refused


def staging() -> Path:
    """Return the folder in which work is done before it is moved in place."""
    return paths.results() / ".staging"


@contextlib.contextmanager
def only_build() -> Iterator[None]:
    """Hold the lock of `results`; the system releases it however this process ends.

    Raises `CrosscaseError` where another build holds it, or `results` cannot be written.
    """
    path = paths.results() / ".lock"
    try:
        with named(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            stream = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise CrosscaseError(refused(error, then="build again")) from error
    with stream:
        if not _lock(stream.fileno()):
            stream.seek(0)
            holder = stream.read().strip() or "another process"
            rule = "one build at a time works on a compendium"
            raise CrosscaseError(Problem("results", rule, f"{holder} at work", remedy="wait for it, or stop it"))
        stream.seek(0)
        stream.truncate()
        stream.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        stream.flush()
        yield
        with contextlib.suppress(OSError):
            stream.seek(0)
            stream.truncate()


def _lock(descriptor: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(descriptor, 2**20, os.SEEK_SET)  # beyond the text, which others may still read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def clean_staging() -> None:
    """Remove what an interrupted build left."""
    shutil.rmtree(staging(), ignore_errors=True)


def move_in_place(work: Path, job: Job) -> None:
    """Put a finished staging folder where the results of its job belong; at no moment is there a mixture of both.

    `CrosscaseError` where something holds the old results: they stay, or lie beside their place for `put_back`.
    """
    target = job.folder
    target.parent.mkdir(parents=True, exist_ok=True)
    old = _aside(target)
    shutil.rmtree(old, ignore_errors=True)
    renames.exchange(work, target, old, "build again")
    shutil.rmtree(old, ignore_errors=True)
    with contextlib.suppress(OSError):  # the results are there: what cannot go is no reason to fail
        failed(job).unlink(missing_ok=True)


def _aside(target: Path) -> Path:
    """Return where the old results of a job lie while the new ones come."""
    return target.with_name(f".{target.name}-old")


def put_back() -> None:
    """Put results that a refused rename or a kill has left beside their place into it again."""
    for top in (paths.runs(), paths.results() / "sweeps"):
        for old in top.glob("*/.*-old/"):
            target = old.with_name(old.name.removeprefix(".").removesuffix("-old"))
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
            else:
                with contextlib.suppress(OSError):
                    renames.replace(old, target)


def failed(job: Job) -> Path:
    """Return where the executed notebook of a failed job is left for inspection."""
    return paths.results() / "failed" / job.notebook / f"{job.place}.ipynb"


def keep_failed(work: Path, job: Job) -> Path | None:
    """Leave the executed notebook of a failed job for inspection and drop the rest; None where there is none."""
    notebook, target = work / f"{job.notebook}.ipynb", failed(job)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        renames.replace(notebook, target)
    except OSError:
        return None
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return target


def drop_obsolete(jobs: list[Job]) -> list[str]:
    """Remove the results of jobs that the plan no longer has; return their names."""
    wanted = {folder for job in jobs for folder in (job.folder, _aside(job.folder))}
    wanted_failed = {failed(job) for job in jobs}
    gone = []
    for top in (paths.runs(), paths.results() / "sweeps"):
        for folder in sorted(top.glob("*/*/")):
            if folder not in wanted:
                shutil.rmtree(folder, ignore_errors=True)
                gone.append(folder.relative_to(top).as_posix())
        for parent in sorted(top.glob("*/")):
            with contextlib.suppress(OSError):
                parent.rmdir()  # only where it is empty
    for file in (paths.results() / "failed").glob("*/*.ipynb"):
        if file not in wanted_failed:
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
    return gone
