"""Files that we have written for people: what they have changed in one is read back before it is written again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, Problem

MEMORY = ".written.json"
"""The file under `results/` that remembers what was written last, and read last."""


def refuse_unread(path: Path) -> None:
    """Refuse to write over a file that is not as we have written or read it last; one that is not there is fine."""
    if path.is_file() and _memory().get(_name(path)) != _digest(path):
        rule, found = "no file with changes that nobody has read is written over", "it has changed, or is none of ours"
        remedy = "read it back first, choose another name, or move it away"
        raise CrosscaseError(Problem(paths.relative(path), rule, found, remedy=remedy))


def note(path: Path) -> None:
    """Remember a file as it is now: it was written by us, or was read."""
    memory = _memory() | {_name(path): _digest(path)}
    there = {name: digest for name, digest in memory.items() if Path(name).is_file()}
    paths.results().mkdir(parents=True, exist_ok=True)
    renames.write(paths.results() / MEMORY, (json.dumps(there, indent=1) + "\n").encode("utf-8"))


def _memory() -> dict[str, str]:
    try:
        content = json.loads((paths.results() / MEMORY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _name(path: Path) -> str:
    return str(path.resolve())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
