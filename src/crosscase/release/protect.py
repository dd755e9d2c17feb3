"""Keep texts out of commits: a hook of git that refuses what lies under `restricted/` and what repeats it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, Problem
from crosscase.release.gate import current, shortened
from crosscase.release.kept import CLOSED, Kept

HOOK = "pre-commit"
KEPT = "pre-commit.before-crosscase"
MARK = "# crosscase protect"
_SCRIPT = """#!/bin/sh
{mark}: refuses to commit texts that are not released. `crosscase protect --remove` takes it out.
here=$(dirname "$0")
if [ -x "$here/{kept}" ]; then "$here/{kept}" "$@" || exit $?; fi
if [ ! -x {python} ]; then
  echo "crosscase protect: the environment that looks through commits is gone ({shown})." >&2
  echo "Next: make it again and run crosscase protect, or crosscase protect --remove." >&2
  exit 1
fi
home="$(git rev-parse --show-toplevel)"/{inside}
if [ ! -d "$home/restricted" ]; then home={root}; fi
{variable}="$home"
export {variable}
exec {python} -m crosscase protect --staged
"""


@dataclass(frozen=True)
class Hook:
    """What was done about the hook: where it is, and what was done, in words."""

    file: Path
    done: str


def protect(remove: bool = False) -> Hook:
    """Install the hook in the repository of this compendium, or take it out; a hook that was there is kept and called.

    `CrosscaseError` where the compendium is in no repository, or its hooks lie outside of it and serve others too.
    """
    file = _hooks() / HOOK
    kept = file.with_name(KEPT)
    ours = file.is_file() and MARK in file.read_text(encoding="utf-8", errors="replace")
    if remove:
        if not ours:
            return Hook(file, "there was no hook of crosscase")
        if kept.exists():
            renames.replace(kept, file)
            return Hook(file, "taken out; the hook that was there before is back")
        file.unlink()
        return Hook(file, "taken out")
    moved = file.exists() and not ours
    if moved:
        if kept.exists():
            found, remedy = f"{kept.name} and another {file.name}", "join them into one, then try again"
            raise CrosscaseError(Problem(str(file), "an earlier hook is never overwritten", found, remedy=remedy))
        renames.replace(file, kept)
    file.parent.mkdir(parents=True, exist_ok=True)
    python = shlex.quote(sys.executable)
    words = {"mark": MARK, "kept": KEPT, "python": python, "shown": sys.executable.replace('"', "")}
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip()).resolve()
    inside = paths.root().relative_to(top).as_posix()
    words |= {"variable": paths.HOME_VARIABLE, "root": shlex.quote(str(paths.root())), "inside": shlex.quote(inside)}
    try:
        renames.write(file, _SCRIPT.format(**words).encode(), 0o755)
    except BaseException:
        if moved:
            renames.replace(kept, file)
        raise
    before = f"; the hook that was there is now {KEPT} and is called first" if kept.exists() else ""
    return Hook(file, f"{'renewed' if ours else 'installed'}{before}")


def _hooks() -> Path:
    """Return the folder of hooks as git names it: of this work tree, or what `core.hooksPath` says."""
    root = paths.root()
    try:
        folder = Path(_git("rev-parse", "--git-path", "hooks").decode().strip())
        common = Path(_git("rev-parse", "--git-common-dir").decode().strip())
        top = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    except (OSError, subprocess.CalledProcessError):
        rule, remedy = "commits are made in a git repository", "run `git init` first"
        raise CrosscaseError(Problem(str(root), rule, "none here", remedy=remedy)) from None
    folder = (root / folder).resolve()
    if not any(folder.is_relative_to((root / place).resolve()) for place in (common, top)):
        rule = "the hooks belong to this repository alone"
        remedy = f"call `{sys.executable} -m crosscase protect --staged` from the {HOOK} hook there"
        raise CrosscaseError(Problem("core.hooksPath", rule, str(folder), remedy=remedy))
    return folder


def staged_problems() -> list[Problem]:
    """Return what is wrong with the files that are about to be committed, each with its next step.

    A file under `restricted/` or `results/`, a copy of one there or rows of its tables, a key, what says that its level
    is restricted, and 40 characters of an unreleased text; packed or not.
    """
    restricted, generated = paths.restricted().name, (*_inside(), paths.results().name)
    kept = Kept(paths.restricted(), paths.studies())
    problems, contents = [], []
    for name, content in _staged():
        remedy = f"git restore --staged -- {shlex.quote(name)}"
        parts = [part.casefold() for part in name.split("/")]  # some systems take Restricted for restricted
        if restricted in parts:
            problems.append(Problem(name, "nothing under restricted/ is committed", "it lies there", remedy=remedy))
        elif tuple(parts[: len(generated)]) == generated:
            rule = "nothing under results/ is committed, it is made of the data"
            problems.append(Problem(name, rule, "it lies there", remedy=remedy))
        elif found := kept.found_in(name, content):
            if found[0] == CLOSED:
                remedy = f"{remedy}, or save it without a password and whole"
            problems.append(Problem(name, *found, remedy=remedy))
        else:
            contents.append((name, content))
    return shortened(problems + current().problems(contents))


def _inside() -> tuple[str, ...]:
    """Return the folders that lead from the top of the repository to the compendium."""
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip()).resolve()
    root = paths.root().resolve()
    return tuple(part.casefold() for part in root.relative_to(top).parts) if root.is_relative_to(top) else ()


def _staged() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file that the commit would add or change."""
    command = ("diff", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=ACMRT")
    names = [os.fsdecode(name) for name in _git(*command, here=True).split(b"\0") if name]
    if not names:
        return
    asked = "".join(f":{name}\n" for name in names if "\n" not in name).encode("utf-8", "surrogateescape")
    answer = _git("cat-file", "--batch", given=asked, here=True)
    at = 0
    for name in names:
        if "\n" in name:
            yield name, _git("show", f":{name}", here=True)
            continue
        head, _, _ = answer[at:].partition(b"\n")
        at += len(head) + 1
        if not head.endswith(b"missing") and head.split()[-2] == b"blob":
            size = int(head.split()[-1])
            yield name, answer[at : at + size]
        if not head.endswith(b"missing"):
            at += int(head.split()[-1]) + 1


def _git(*arguments: str, given: bytes | None = None, here: bool = False) -> bytes:
    """Ask git, in the compendium; or here, where git started us, since it names its index from here."""
    folder = None if here else paths.root()
    return subprocess.run(["git", *arguments], cwd=folder, input=given, capture_output=True, check=True).stdout
