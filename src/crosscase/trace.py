"""What a run has read: files with their hashes, and the modules of this package that it used.

The one reader of the study data notes each file here as it reads it, so that the cache knows the true inputs of a
notebook and nobody has to declare them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

from crosscase import paths

MISSING = "missing"
AT_ONCE = 2**18
"""Bytes read at a time."""
_reads: dict[str, str] = {}


def sha256(path: Path | str) -> str:
    """Return the SHA-256 of a file, of the names in a folder, or `missing`.

    What lies under `restricted/` is missing at the level `public`.

    Examples
    --------
    >>> sha256(Path("no such file"))
    'missing'
    """
    if paths.withheld(path):
        return MISSING
    if os.path.isdir(path):
        return hashlib.sha256("\n".join(sorted(os.listdir(path))).encode()).hexdigest()
    if not os.path.isfile(path):
        return MISSING
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as stream:
        while part := stream.read(AT_ONCE):
            digest.update(part)
    return digest.hexdigest()


def note_read(path: Path) -> Path:
    """Note that a file (or the list of a folder) is an input of this run, and return it."""
    _reads[_name(path)] = sha256(path)
    return path


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
