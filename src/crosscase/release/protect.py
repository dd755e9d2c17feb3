"""Keep texts out of commits: a hook of git that refuses what lies under `restricted/` and what repeats it."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.release.gate import current, shortened

HOOK = "pre-commit"
KEPT = "pre-commit.before-crosscase"
MARK = "# crosscase protect"
TOKEN, KEY = range(16, 257), range(16, 4097)
"""Bytes of a file under `restricted/` that is taken for a key (one word, or so called) and looked for in others."""
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
    """What was done about the hook.

    Parameters
    ----------
    file : pathlib.Path
        Where it is.
    done : str
        What was done, in words.
    """

    file: Path
    done: str


def protect(remove: bool = False) -> Hook:
    """Install the hook in the repository of this compendium, or take it out; a hook that was there is kept and called.

    Parameters
    ----------
    remove : bool
        Take it out, and put back the hook that was there before.

    Raises
    ------
    CrosscaseError
        Where the compendium is in no repository, or its hooks lie outside of it and serve other repositories too.
    """
    file = _hooks() / HOOK
    kept = file.with_name(KEPT)
    ours = file.is_file() and MARK in file.read_text(encoding="utf-8", errors="replace")
    if remove:
        if not ours:
            return Hook(file, "there was no hook of crosscase")
        file.unlink()
        if kept.exists():
            os.replace(kept, file)
            return Hook(file, "taken out; the hook that was there before is back")
        return Hook(file, "taken out")
    if file.exists() and not ours:
        if kept.exists():
            found, remedy = f"{kept.name} and another {file.name}", "join them into one, then try again"
            raise CrosscaseError(Problem(str(file), "an earlier hook is never overwritten", found, remedy=remedy))
        os.replace(file, kept)
    file.parent.mkdir(parents=True, exist_ok=True)
    python = shlex.quote(sys.executable)
    words = {"mark": MARK, "kept": KEPT, "python": python, "shown": sys.executable.replace('"', "")}
    top = Path(_git("rev-parse", "--show-toplevel").decode().strip()).resolve()
    inside = paths.root().relative_to(top).as_posix()
    words |= {"variable": paths.HOME_VARIABLE, "root": shlex.quote(str(paths.root())), "inside": shlex.quote(inside)}
    file.write_text(_SCRIPT.format(**words), encoding="utf-8", newline="\n")
    file.chmod(0o755)
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

    A file under `restricted/`, a copy of one, a key in whatever file, and 40 characters of an unreleased text.
    """
    restricted = paths.restricted()
    copies, keys = _secrets(restricted)
    problems, contents = [], []
    for name, content in _staged():
        remedy = f"git restore --staged -- {shlex.quote(name)}"
        # some systems take Restricted for restricted
        if restricted.name in [part.casefold() for part in name.split("/")]:
            problems.append(Problem(name, "nothing under restricted/ is committed", "it lies there", remedy=remedy))
        elif hashlib.sha256(content).digest() in copies:
            problems.append(
                Problem(name, "nothing under restricted/ is committed", "a copy of a file there", remedy=remedy)
            )
        elif any(key in content for key in keys):
            problems.append(Problem(name, "no key is committed", "it holds a key of restricted/", remedy=remedy))
        else:
            contents.append((name, content))
    return shortened(problems + current().problems(contents))


def _secrets(folder: Path) -> tuple[set[bytes], list[bytes]]:
    """Return the hashes of all files in a folder, and the content of those that are keys."""
    copies, keys = set(), []
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        if not path.is_file() or not (content := path.read_bytes()).strip():
            continue
        copies.add(hashlib.sha256(content).digest())
        bare = content.strip()
        if (len(bare) in TOKEN and len(bare.split()) == 1) or ("key" in path.name.lower() and len(bare) in KEY):
            keys += [bare, bare.hex().encode()]
    return copies, keys


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
