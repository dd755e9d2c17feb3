"""Renames on systems where somebody else may hold a file: Excel, a virus scanner, a folder kept in step with a cloud.

Windows refuses to rename what is open. Most of these let go within a second, so a refused rename is tried again; after
that nothing is lost, and the person is told what to close.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.refusals import HELD, named

PATIENCE = 2.0
"""Seconds for which a refused rename is tried again."""
_ASIDE = re.compile(r"\.(.+)-old(\d*)")
_GONE = re.compile(r"\.(.+)-gone\d*")


def replace(source: Path, target: Path, patience: float | None = None) -> None:
    """Rename as `os.replace` does, again and again for two seconds (or `patience`) where something holds the file."""
    end, pause = time.monotonic() + (PATIENCE if patience is None else patience), 0.02
    while True:
        try:
            os.replace(source, target)
            return
        except OSError as error:
            if error.errno not in HELD or time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(2 * pause, 0.25)


def held(path: Path, error: OSError, then: str = "try again") -> CrosscaseError:
    """Return what a person is told of a file or folder that cannot be put in place; `then` is what to do next."""
    rule, found = "a finished file takes the place of the old one", error.strerror or str(error)
    remedy = f"close it in Excel, or whatever else has it open, then {then}"
    return CrosscaseError(Problem(paths.relative(path), rule, found, remedy=remedy))


def write(path: Path, content: bytes, mode: int | None = None, then: str = "try again") -> None:
    """Write a file beside its place, then rename it into it: a reader sees the old file or the new one, never a part.

    `CrosscaseError` where something holds the old file, which stays; `mode` are its permissions.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with named(path):
            part.write_bytes(content)
        if mode is not None:
            part.chmod(mode)
        try:
            replace(part, path)
        except PermissionError as error:
            raise held(path, error, then) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def aside(target: Path, word: str = "old") -> Path:
    """Return a free name beside a place, where what stands there can lie while its successor comes."""
    number = 1
    while (free := target.with_name(f".{target.name}-{word}{number if number > 1 else ''}")).exists():
        number += 1
    return free


def return_to(folder: Path) -> list[Path]:
    """Put back what a refused rename or a kill left beside its place inside a folder; return what is back.

    What has a successor in its place stays aside: only whoever put it there knows whether that one is complete.
    """
    for rest in (old for old in folder.glob(".*-gone*") if _GONE.fullmatch(old.name)):
        shutil.rmtree(rest, ignore_errors=True)
    left = [(found, old) for old in folder.glob(".*-old*") if (found := _ASIDE.fullmatch(old.name))]
    back = []
    for found, old in sorted(left, key=lambda each: -int(each[0][2] or 1)):  # the last one moved aside is the newest
        target = folder / found[1]
        if not target.exists():
            try:
                replace(old, target)
            except OSError:
                continue
            back.append(target)
    return back


def return_all() -> list[Path]:
    """Put back what lies aside of studies, their restricted folders and the book; return what is back.

    Outside of a compendium there is nothing to do.
    """
    try:
        places = (paths.studies(), paths.restricted().resolve(), paths.results())
    except CrosscaseError:
        return []
    return [path for place in places for path in return_to(place)]


def drop(old: Path) -> None:
    """Delete a folder that has a successor; what cannot go at once never comes back, and is no reason to fail."""
    found = _ASIDE.fullmatch(old.name)
    gone = aside(old.with_name(found[1] if found else old.name.lstrip(".")), "gone")
    with contextlib.suppress(OSError):
        replace(old, gone, 0)
    shutil.rmtree(gone if gone.exists() else old, ignore_errors=True)


def exchange(new: Path, target: Path, old: Path, then: str = "try again") -> bool:
    """Put a new folder in the place of the one that is there, which is moved to `old`; tell whether there was one.

    `CrosscaseError` where a rename is refused: then the one that was there is there again or, where that is refused
    too, lies at `old`, which is named and which the next command puts back (`return_to`). `then` is what a person is
    to do after closing what holds a file.
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
        if error.errno in HELD:
            raise held(target, error, then) from error
        raise
    return there


def put_back(old: Path, target: Path, then: str = "try again") -> None:
    """Put what was moved aside in its place again, whatever stands there now.

    `CrosscaseError` where that is refused; it names where the old one lies.
    """
    new = old.with_name(f"{old.name}-new")
    if not old.exists():
        return  # somebody else has put it back
    try:
        if target.exists():
            replace(target, new)
        replace(old, target)
    except OSError as error:
        problem = held(target, error, f"rename {paths.relative(old)} to {target.name} and {then}").problems[0]
        raise CrosscaseError(problem) from error
    drop(new)
