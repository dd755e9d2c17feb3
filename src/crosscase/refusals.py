"""What the system refused, in plain words: the file, why, and what a person does next."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem

LONGEST_PATH = 259
"""Characters of a path that Windows takes where nobody has allowed it longer ones (MAX_PATH without its last sign)."""
HELD = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY})
"""What the system says of a file that somebody else has open, or that is not ours to change."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_WINDOWS = {
    5: "denied", 19: "read-only", 32: "open", 33: "open", 1224: "open", 39: "full", 112: "full", 206: "long",
    123: "name", 53: "network", 64: "network", 67: "network", 225: "virus", 1314: "links",
}  # fmt: skip
_POSIX = {errno.EROFS: "read-only", errno.ENAMETOOLONG: "long", errno.ENOENT: "missing", errno.EMFILE: "many"}
_POSIX |= {errno.ENFILE: "many", errno.EISDIR: "folder", errno.ENOTDIR: "file", errno.EEXIST: "there"}
_POSIX |= {errno.ENOTEMPTY: "there", errno.EIO: "device", errno.EINVAL: "name"}
_POSIX |= dict.fromkeys(HELD, "denied") | dict.fromkeys(FULL, "full") | {errno.ETXTBSY: "open", errno.EBUSY: "open"}
_PART = re.compile(r"\.?([^/\\]+?)(?:-[a-z0-9_]{8}|\.\d+\.\d+)?\.part$")  # a file that is not yet in its place
_CLOSE = "close it in Excel, or whatever else has it open, then {then}"
_WORDS = {
    "open": ("it is open in another program", _CLOSE),
    "denied": ("the system does not permit it", f"{_CLOSE}; if nothing has it open, get write permission"),
    "full": ("the disk is full", "make room, then {then}; what is finished stays"),
    "long": ("its path is too long", "move the compendium to a shorter folder, such as C:/studies, then {then}"),
    "read-only": ("it is on a disk that can only be read", "copy the compendium to a folder of your own, then {then}"),
    "missing": ("there is no such file or folder", "check the path, then {then}"),
    "many": ("too many files are open", "close other programs, or use fewer --workers, then {then}"),
    "folder": ("it is a folder", "give the name of a file, then {then}"),
    "file": ("a part of its path is a file", "check the path, then {then}"),
    "there": ("something of this name is in the way", "move it away, then {then}"),
    "device": ("the disk cannot read or write it", "check the disk or the network drive, then {then}"),
    "name": ("the system takes no such name", "give it a plain name (letters, digits, hyphens), then {then}"),
    "network": ("the network drive cannot be reached", "connect it, then {then}"),
    "virus": ("a virus scanner holds it back", "let the scanner pass it, then {then}"),
    "links": ("the system permits no links", "copy the file instead of linking it, then {then}"),
    "": ("the system refused it", "see what the system says, then {then}"),
}
NO_FILE = "the system"
"""The place of an error that names no file."""
RULE = "the system lets the file be read and written"


def refused(error: OSError, place: str | Path = "", then: str = "run the command again") -> Problem:
    """Return what a person is told of an error of the system.

    Parameters
    ----------
    error : OSError
        What the system raised.
    place : str or pathlib.Path
        The file as the person knows it; by default the one that the error names.
    then : str
        What is to be done after the cause is gone.

    Examples
    --------
    >>> print(refused(OSError(errno.ENOSPC, "No space left on device"), "cases.xlsx"))
    cases.xlsx: the system lets the file be read and written; found the disk is full (No space left on device). \
Next: make room, then run the command again; what is finished stays
    """
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):  # several files of a copy
        _, name, why = error.args[0][0]
        error = OSError(None, str(why), str(name))
    name = _file(error)
    found, remedy = _WORDS[_kind(error, name)]
    if found == _WORDS["long"][0] and name:
        found += f", {len(os.path.abspath(name))} characters"
    said = error.strerror or str(error) or type(error).__name__
    return Problem(_shown(place or name) or NO_FILE, RULE, f"{found} ({said})", remedy=remedy.format(then=then))


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Give an error of the system that names no file (a full disk, say) the name of the file that is written."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _kind(error: OSError, name: str) -> str:
    code = getattr(error, "winerror", None)
    if code in (2, 3) and len(name) > LONGEST_PATH - 12:  # a folder needs room for the name of a file in it
        return "long"
    return _WINDOWS.get(code or -1) or _POSIX.get(error.errno or -1, "")


def _file(error: OSError) -> str:
    """Return the file that an error names, of a rename the one that was to be replaced; empty where it names none."""
    for name in (error.filename2, error.filename):
        if isinstance(name, str | bytes | os.PathLike):
            return _PART.sub(r"\1", os.fsdecode(name))
    return ""


def _shown(place: str | Path) -> str:
    """Return a place from the root of the compendium where it lies inside, else as it is."""
    if not place or not os.path.isabs(place):
        return str(place)
    try:
        return Path(place).resolve().relative_to(paths.root()).as_posix()
    except (CrosscaseError, ValueError, OSError):
        return str(place)
