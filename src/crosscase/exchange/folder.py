"""A folder of a stranger: which of its files are read, and that none of them lies outside of it.

The path that a person typed may be a link itself; what lies in the folder behind it may not lead out of it.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem

MAX_FILE = 512 * 1024**2
MAX_ENTRIES = 100_000
SHOWN = 20


def files_of(path: Path) -> list[Path]:
    """Return a file itself, or the files of a folder by name; what programs hide there is passed over.

    `CrosscaseError` where a link anywhere in the folder leads out of it; each is named.
    """
    if not path.is_dir():
        return [path]
    refuse_links(path)
    return sorted(entry for entry in path.iterdir() if not paths.hidden(entry.name) and entry.is_file())


def files_below(path: Path) -> list[Path]:
    """Return a file itself, or the files of a folder and of the folders in it, those of each folder first by name.

    `CrosscaseError` as `files_of`.
    """
    found = files_of(path)
    if path.is_dir():
        for at, folders, names in os.walk(path):
            here = Path(at)
            folders[:] = sorted(name for name in folders if not paths.hidden(name) and not _is_link(here / name, True))
            if here != path:
                inside = (here / name for name in sorted(names) if not paths.hidden(name))
                found += [entry for entry in inside if entry.is_file()]
    return found


def refuse_links(folder: Path) -> None:
    """Refuse a folder in which a link, of a file or a folder, leads out of it; each such link is named."""
    home = Path(os.path.realpath(folder))
    problems: list[Problem] = []
    seen = 0
    for at, folders, names in os.walk(home):
        for name in (*folders, *names):
            seen += 1
            entry = Path(at) / name
            if _is_link(entry, name in folders) and not _inside(Path(os.path.realpath(entry)), home):
                problems.append(_leads_out(f"{folder.name}/{entry.relative_to(home).as_posix()}"))
        folders[:] = [name for name in folders if not _is_link(Path(at) / name, True)]
        if seen > MAX_ENTRIES:
            rule, remedy = (
                f"a folder to import holds at most {MAX_ENTRIES:,} files",
                "put what is meant into one folder",
            )
            problems.append(Problem(folder.name, rule, "more", remedy=remedy))
        if problems and (seen > MAX_ENTRIES or len(problems) >= SHOWN):
            break
    if problems:
        raise CrosscaseError(problems[:SHOWN])


def read(path: Path, folder: Path | None = None, *, most: int = MAX_FILE) -> bytes:
    """Return the content of a file that is known to lie in a folder even if its name is changed while it is read.

    The folder is None for a path that a person typed. `CrosscaseError` where the file cannot be read, is no plain file,
    has more than `most` bytes, or is a link that leads out of the folder.
    """
    place = path.name if folder is None else f"{folder.name}/{path.name}"
    try:
        # a pipe would keep the reader waiting for ever; on Windows the first flag is missing, the second needed
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(number, "rb") as stream:
            opened = os.fstat(stream.fileno())
            if not stat.S_ISREG(opened.st_mode):
                raise CrosscaseError(Problem(place, "what is read is a plain file", "another kind"))
            if folder is not None:
                real = Path(os.path.realpath(path))
                if not (_inside(real, Path(os.path.realpath(folder))) and os.path.samestat(os.stat(real), opened)):
                    raise CrosscaseError(_leads_out(place))
            if opened.st_size > most:
                found = f"{opened.st_size:,}"
                raise CrosscaseError(Problem(place, f"a document has at most {most:,} bytes", found))
            return stream.read(most + 1)[:most]
    except OSError as error:
        found = error.strerror or "it cannot be read"
        raise CrosscaseError(Problem(place, "the file exists and can be read", found)) from None


def _is_link(entry: Path, is_folder: bool) -> bool:
    """Tell whether an entry is a link; a junction of Windows is one, and shows in the real path of a folder alone."""
    if os.path.islink(entry):
        return True
    if os.name != "nt" or not is_folder:
        return False
    return os.path.normcase(os.path.realpath(entry)) != os.path.normcase(str(entry))


def _inside(path: Path, folder: Path) -> bool:
    return path == folder or folder in path.parents


def _leads_out(place: str) -> Problem:
    rule, found = "nothing in a folder leads out of it", "a link to a place outside"
    return Problem(place, rule, found, remedy="put a copy of the file in its place, or take the link away")
