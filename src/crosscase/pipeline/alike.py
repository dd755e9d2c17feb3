"""What a worker has in common with the build, looked at on the worker before its first job.

The text of this file travels to the worker and is executed there: it needs nothing but Python, because the worker may
have another copy of this package, or none. The build asks it the same about itself.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import pickle
import platform
import socket
import sys
import time
import types

RUN = "(scope := {'__name__': 'alike'}, exec(text, scope), scope['checked'](wanted, order))[-1]"
"""What a worker evaluates: it knows `text`, the text of this file, what is `wanted` there, and its `order`."""
ASKED = ("numpy", "pandas", "scipy")
"""Modules that say their version themselves: metadata can be those of another installation."""
PACKAGE = "crosscase"
NOTHING = "not installed"


def source_hash() -> str:
    """Return the SHA-256 of the package that is imported here: the names and the bytes of all its files."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return NOTHING
    top = next(iter(spec.submodule_search_locations))
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if name != "__pycache__" and not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and not name.endswith((".pyc", ".part")):
                path = os.path.join(folder, name)
                with open(path, "rb") as stream:
                    content = hashlib.sha256(stream.read()).hexdigest()
                digest.update(f"{os.path.relpath(path, top)} {content}\n".replace(os.sep, "/").encode())
    return digest.hexdigest()


def versions(names: list[str]) -> dict[str, str]:
    """Return package -> version of what is installed here."""
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = NOTHING
    return found


def said(names: tuple[str, ...]) -> dict[str, str]:
    """Return module -> version, as the modules say it."""
    found = {}
    for name in names:
        try:
            found[name] = str(getattr(importlib.import_module(name), "__version__", NOTHING))
        except ImportError:
            found[name] = NOTHING
    return found


def here(packages: list[str]) -> dict[str, dict[str, str]]:
    """Return what makes results here: Python, this package by its source, other packages by their versions."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {
        "": {"Python": python, "Crosscase": source_hash()},
        "packages": versions(packages),
        "modules": said(ASKED),
    }


def differences(wanted: dict) -> list[tuple[str, str, str]]:
    """Return what differs here: what, what was found, what the build has.

    `wanted` is what `here` says at the build, with `token`, a file that the build has written, and what is `in` it.
    """
    facts = here(list(wanted["here"]["packages"]))
    found = [
        (name, facts[kind].get(name, NOTHING), value)
        for kind, values in wanted["here"].items()
        for name, value in values.items()
        if facts[kind].get(name, NOTHING) != value
    ]
    found = list({each[0]: each for each in found}.values())
    if not sees(wanted["token"], wanted["in"]):
        found.append(("the folder of the compendium", "not seen", os.path.dirname(wanted["token"])))
    return found


def sees(path: str, content: str) -> bool:
    """Tell whether a file of the build is here and the folder can be written; a network may take a moment."""
    mine = f"{path}-{socket.gethostname()}-{os.getpid()}"
    for _ in range(4):
        try:
            with open(path, encoding="utf-8") as stream:
                same = stream.read() == content
            with open(mine, "w", encoding="utf-8"):
                pass
            os.unlink(mine)
            if same:
                return True
        except OSError:
            pass
        time.sleep(0.5)
    return False


def checked(wanted: dict, order: bytes) -> object:
    """Do the work of an order where this worker is like the build; else return what differs, and where.

    What was found is remembered for the build, and the package that was imported first for as long as the worker lives.
    """
    known = vars(sys.modules.setdefault("_crosscase_worker", types.ModuleType("_crosscase_worker")))
    if wanted["in"] not in known:
        known[wanted["in"]] = differences(wanted)
    differ = list(known[wanted["in"]])
    source = wanted["here"][""]["Crosscase"]
    if not differ and known.setdefault("source", source) != source:
        differ.append(("Crosscase", "an earlier one is in memory", source))
    if differ:
        from distributed import get_worker

        worker = get_worker()
        return {"refused": differ, "worker": worker.address, "name": str(worker.name), "machine": socket.gethostname()}
    return importlib.import_module("crosscase.pipeline.work").work_elsewhere(pickle.loads(order))
