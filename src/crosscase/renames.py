"""Renames on systems where somebody else may hold a file: Excel, a virus scanner, a folder kept in step with a cloud.

Windows refuses to rename what is open. Most of these let go within a second, so a refused rename is tried again; after
that nothing is lost, and the person is told what to close.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
from pathlib import Path

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem

PATIENCE = 2.0
"""Seconds for which a refused rename is tried again."""
_HELD = (errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY)


def replace(source: Path, target: Path) -> None:
    """Rename as `os.replace` does, again and again for two seconds where something holds the file."""
    end, pause = time.monotonic() + PATIENCE, 0.02
    while True:
        try:
            os.replace(source, target)
            return
        except OSError as error:
            if error.errno not in _HELD or time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 0.25)


def held(path: Path, error: OSError, then: str = "try again") -> CrosscaseError:
    """Return what a person is told of a file or folder that cannot be put in place; `then` is what to do next."""
    rule, found = "a finished file takes the place of the old one", error.strerror or str(error)
    remedy = f"close it in Excel, or whatever else has it open, then {then}"
    return CrosscaseError(Problem(paths.relative(path), rule, found, remedy=remedy))


def exchange(new: Path, target: Path, old: Path, then: str = "try again") -> bool:
    """Put a new folder in the place of the one that is there, which is moved to `old`; tell whether there was one.

    `CrosscaseError` where a rename is refused: then the one that was there is there again or, where that is refused
    too, lies at `old`, which is named. `then` is what a person is to do after closing what holds a file.
    """
    there = target.exists()
    try:
        if there:
            replace(target, old)
        try:
            replace(new, target)
        except BaseException:
            if there:
                put_back(old, target, then)
            raise
    except OSError as error:
        if error.errno in _HELD:
            raise held(target, error, then) from error
        raise
    return there


def put_back(old: Path, target: Path, then: str = "try again") -> None:
    """Put what was moved aside in its place again, whatever stands there now.

    `CrosscaseError` where that is refused; it names where the old one lies.
    """
    aside = old.with_name(f"{old.name}-new")
    try:
        if target.exists():
            replace(target, aside)
        replace(old, target)
    except OSError as error:
        problem = held(target, error, f"rename {paths.relative(old)} to {target.name} and {then}").problems[0]
        raise CrosscaseError(problem) from error
    shutil.rmtree(aside, ignore_errors=True)
