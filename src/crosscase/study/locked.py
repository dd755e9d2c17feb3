"""One writer of a study at a time: a lock that other windows and other programs of this machine see."""

from __future__ import annotations

import contextlib
import functools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ParamSpec, TypeVar

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.refusals import named

PATIENCE = 20.0
"""Seconds for which a writer waits for another one."""
_P = ParamSpec("_P")
_R = TypeVar("_R")
_guard = threading.RLock()
_held: dict[Path, tuple[int, int]] = {}


def lock_file(study: str) -> Path:
    """Return the file that is locked while a study is written; its content means nothing, and git does not see it."""
    return paths.studies() / f".{study}.lock"


@contextlib.contextmanager
def locked(study: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock of a study for a while; who holds it already may take it again.

    The system lets it go when a process ends, also where that was killed.

    Parameters
    ----------
    study : str
        Id of the study.
    patience : float
        Seconds to wait for another writer.

    Raises
    ------
    CrosscaseError
        Where another program holds it for longer.
    """
    path = lock_file(study).resolve()
    if not _guard.acquire(timeout=patience):
        raise _busy(study)
    try:
        handle, times = _held.get(path) or (_taken(study, path, patience), 0)
        _held[path] = (handle, times + 1)
        try:
            yield
        finally:
            handle, times = _held.pop(path)
            if times > 1:
                _held[path] = (handle, times - 1)
            else:
                _let_go(path, handle)
    finally:
        _guard.release()


def alone(change: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let a function that reads, changes and writes a study, its first argument, hold the lock from first to last.

    So what somebody codes meanwhile comes before or after the change, and never under it.
    """

    @functools.wraps(change)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with locked(str(args[0] if args else kwargs["study"])):
            return change(*args, **kwargs)

    return wrapped


def _taken(study: str, path: Path, patience: float) -> int:
    """Return the open file that holds the lock."""
    end = time.monotonic() + patience
    with named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            handle = _opened(path, end)
            try:
                _lock(handle)
                if _is(path, handle):
                    return handle
            except OSError:
                if time.monotonic() > end:
                    os.close(handle)
                    raise _busy(study) from None
            os.close(handle)  # another one has it, or its last holder has taken the file away meanwhile
            time.sleep(0.01)


def _opened(path: Path, end: float) -> int:
    """Open the file; Windows refuses that for the moment in which its last holder takes it away."""
    while True:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > end:
                raise
        time.sleep(0.01)


def _is(path: Path, handle: int) -> bool:
    """Tell whether an open file is the one that has the name now."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(handle))
    except FileNotFoundError:
        return False


def _let_go(path: Path, handle: int) -> None:
    """Take the file away and let the lock go, which closing does on every system; who waits makes a new one."""
    if sys.platform != "win32":
        path.unlink(missing_ok=True)
    os.close(handle)
    if sys.platform == "win32":
        with contextlib.suppress(OSError):  # another one waits with it open
            path.unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _busy(study: str) -> CrosscaseError:
    rule, remedy = "one program writes a study at a time", "wait until the other one is done, then try again"
    return CrosscaseError(Problem(f"data/studies/{study}", rule, "another one is writing", remedy=remedy))
