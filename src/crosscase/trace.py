"""What a run has read: files with their hashes, and the modules of this package that it used.

The one reader of the study data notes each file here as it reads it, so that the cache knows the true inputs of a
notebook and nobody has to declare them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from crosscase import paths

MISSING = "missing"
AT_ONCE = 2**18
"""Bytes read at a time."""
_reads: dict[str, str] = {}
_noted: dict[Path, str] = {}
"""Paths as they were given -> the names they were noted by."""


def sha256(path: Path | str) -> str:
    """Return the SHA-256 of a file, of the names in a folder (or that match a pattern such as `x/*.md`), or `missing`.

    What a system or a program leaves in a folder is not looked at. What lies under `restricted/` is missing at the
    level `public`.

    Examples
    --------
    >>> sha256(Path("no such file"))
    'missing'
    """
    if paths.withheld(path):
        return MISSING
    if os.path.isdir(path):
        return _names(name for name in os.listdir(path) if not paths.hidden(name))
    if not os.path.isfile(path):
        folder, pattern = _parted(Path(path))
        found = matching(folder, pattern) if pattern else []
        return _names(file.relative_to(folder).as_posix() for file in found) if found else MISSING
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as stream:
        while part := stream.read(AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def _names(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()


def _parted(path: Path) -> tuple[Path, str]:
    """Part a path with `*` below the compendium's folder into a folder and a pattern; empty where there is none."""
    root = paths.root()
    parts = path.relative_to(root).parts if path.is_relative_to(root) else path.parts
    first = next((number for number, part in enumerate(parts) if "*" in part), len(parts))
    start = root if path.is_relative_to(root) else Path()
    return start.joinpath(*parts[:first]), "/".join(parts[first:])


def matching(folder: Path, pattern: str) -> list[Path]:
    """Return what matches a pattern in a folder, sorted, without what a system or a program leaves there."""
    found = folder.glob(pattern)
    return sorted(path for path in found if not any(map(paths.hidden, path.relative_to(folder).parts)))


def note_list(folder: Path, pattern: str) -> list[Path]:
    """Note that the list of what matches a pattern in a folder is an input of this run, and return what matches.

    Nothing else that comes or goes in the folder concerns the run.
    """
    note_read(folder / pattern)
    return [] if paths.withheld(folder) else matching(folder, pattern)


def note_read(path: Path) -> Path:
    """Note that a file (or the list of a folder) is an input of this run, and return it."""
    name = _noted[path] = _name(path)
    _reads[name] = sha256(path)
    return path


def note_once(path: Path) -> Path:
    """Note a file that this process reads once and keeps as it was then, and return it."""
    return path if _noted.get(path) in _reads else note_read(path)


def _name(path: Path) -> str:
    """Return a path from the compendium's root, also through a link inside it; elsewhere from one's own folder."""
    root = paths.root()
    for place in (Path(os.path.abspath(path)), path.resolve()):
        if place.is_relative_to(root):
            return place.relative_to(root).as_posix()
    real, home = path.resolve(), Path.home().resolve()
    if real.is_relative_to(home):
        return f"~/{real.relative_to(home).as_posix()}"
    return Path(os.path.relpath(real, root)).as_posix() if real.anchor == root.anchor else real.as_posix()


def reads() -> dict[str, str]:
    """Return the inputs noted so far: path from the compendium's root -> SHA-256 or `missing`."""
    return dict(sorted(_reads.items()))


def level(read: dict[str, str] | None = None) -> str:
    """Return the level of what a run makes: `restricted` where it has read anything under `restricted/`, else `public`.

    Parameters
    ----------
    read : dict of str to str, optional
        As `reads` returns them; those of this run by default.

    Examples
    --------
    >>> level({"restricted/x/cases.csv": "missing", "data/studies/x/cases.csv": "ab"}), level({"restricted/x": "ab"})
    ('public', 'restricted')
    """
    found = reads() if read is None else read
    here = any(name.split("/")[0] == paths.RESTRICTED and digest != MISSING for name, digest in found.items())
    return "restricted" if here else "public"


def modules() -> list[str]:
    """Return the modules of this package that are loaded, as paths below the package's folder."""
    source = paths.source()
    files = (
        getattr(module, "__file__", None) for name, module in list(sys.modules.items()) if name.startswith("crosscase")
    )
    found = {Path(file).resolve() for file in files if file}
    return sorted(file.relative_to(source).as_posix() for file in found if file.is_relative_to(source))


def write(path: str | Path) -> None:
    """Write what was read and used as JSON; the runner asks for this at the end of each notebook."""
    text = json.dumps({"reads": reads(), "modules": modules()}, indent=1) + "\n"
    Path(path).write_text(text, encoding="utf-8", newline="\n")
