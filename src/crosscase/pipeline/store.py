"""Results of pure functions, kept by the hash of what went in: safe at any moment, and never wrong, only absent."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from crosscase import paths, renames
from crosscase.refusals import named

T = TypeVar("T")
_open: dict[Path, dict[str, Any]] = {}
_guard = threading.Lock()
_computing = threading.RLock()
"""Held while something is computed: what several threads ask for is computed once, and syntax trees are made by one
thread at a time, which CPython 3.11 demands (it fails with `AST constructor recursion depth mismatch` otherwise)."""


def write_whole(path: Path, text: str, durable: bool = True) -> None:
    """Write a text so that a reader sees the old file or the new one, never a part; `durable` outlives a power cut.

    `CrosscaseError` where something holds a file that is to be durable: it stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with named(path), part.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            if durable:
                stream.flush()
                os.fsync(stream.fileno())
        renames.replace(part, path, None if durable else 0)  # nobody waits for what may be absent
    except PermissionError as error:
        if durable:
            raise renames.held(path, error, "build again") from error
        raise
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def write_json(path: Path, data: object) -> None:
    """Write data as JSON, keys sorted, whole or not at all."""
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def remembered(kind: str, key: str, compute: Callable[[], T]) -> T:
    """Return `compute()`, or what it returned for this key in an earlier run; the value is plain JSON data."""
    path = paths.results() / ".cache" / f"{kind}.json"
    with _guard:
        if path not in _open:
            _open[path] = _read(path)
        known = _open[path]
    if key not in known:
        with _computing:
            if key not in known:
                value = compute()
                with _guard:
                    known[key] = value
                    with contextlib.suppress(OSError):  # a cache that cannot be written costs time, nothing else
                        # the order of keys is part of the data: parameters are shown in it
                        write_whole(path, json.dumps(dict(list(known.items())[-5000:]), indent=1), durable=False)
    return known[key]


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
