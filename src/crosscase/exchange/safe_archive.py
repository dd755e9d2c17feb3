"""Zip archives from strangers: read only after their table of contents is known to be harmless, and only in memory."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from crosscase.errors import CrosscaseError, Problem

MAX_ENTRIES = 100_000
MAX_TOTAL = 4 * 1024**3
MAX_ONE = 1024**3
MAX_CONTENTS = 64 * 1024**2
MAX_RATIO = 250
RATIO_FROM = 4 * 1024**2
COMPLETE = "the file is a complete zip archive"
BROKEN_OFF = "export the project again; a download that broke off gives this too"
STREAM_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError)
_IGNORED = ("__macosx/",)
_IGNORED_NAMES = (".ds_store", "thumbs.db", ".root")


@dataclass(frozen=True)
class _End:
    """What the end of an archive says: where its table of contents ends, how long it is, where it should begin."""

    at: int
    contents: int
    offset: int
    begins: bool


def _end_of(stream: IO[bytes]) -> _End | None:
    """Read the end of an archive, of zip64 too, where the numbers that matter lie in a second record before it."""
    stream.seek(0)
    begins = stream.read(4) == b"PK\x03\x04"
    size = stream.seek(0, 2)
    before = stream.seek(max(0, size - 2**16 - 22 - 76))
    tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return None
    contents, offset = struct.unpack("<LL", tail[at + 12 : at + 20])
    wide = at - 76
    if wide >= 0 and tail[at - 20 : at - 16] == b"PK\x06\x07" and tail[wide : wide + 4] == b"PK\x06\x06":
        contents, offset = struct.unpack("<QQ", tail[wide + 40 : wide + 56])
        at = wide
    return _End(before + at, contents, offset, begins)


class Archive:
    """An archive whose entries were checked; nothing is ever unpacked to disk.

    `max_total` and `max_one` are bytes that all entries, and one entry, may have when unpacked; `place` is a name for
    the messages. `CrosscaseError` where it is no zip archive (large ones of the kind zip64 are), is truncated,
    encrypted, holds links, names that lead out of it, the same name twice, or more than the limits allow.
    """

    def __init__(
        self, path: Path | IO[bytes], *, max_total: int = MAX_TOTAL, max_one: int = MAX_ONE, place: str = ""
    ) -> None:
        self.place = place or (path.name if isinstance(path, Path) else "archive")
        self._max_one, self._left = max_one, max_total
        self._last: dict[str, list[str]] | None = None
        try:
            self._refuse_contents(path)
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, OverflowError) as error:
            raise CrosscaseError(self._problem(COMPLETE, str(error) or type(error).__name__, BROKEN_OFF)) from None
        try:
            self._entries = self._checked(max_total)
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def names(self) -> list[str]:
        """Return the names of all files in the archive, with forward slashes, in its order."""
        return [name for name, _ in self._entries.values()]

    def find(self, name: str) -> str | None:
        """Return the name of an entry as the archive spells it, whatever the case of its letters; None if absent."""
        found = self._entries.get(_key(name))
        return found[0] if found else None

    def find_anywhere(self, name: str) -> str | None:
        """Return the one entry whose last part is a name, whatever its folder; None where there is none or several."""
        if self._last is None:
            self._last = {}
            for key, (whole, _) in self._entries.items():
                self._last.setdefault(key.rpartition("/")[2], []).append(whole)
        found = self._last.get(_key(name).rpartition("/")[2], [])
        return found[0] if len(found) == 1 else None

    def size(self, name: str) -> int:
        """Return the unpacked size that the archive declares for an entry."""
        return self._entry(name).file_size

    def read(self, name: str) -> bytes:
        """Return the content of an entry; `CrosscaseError` where it is not there, larger than declared, or damaged."""
        info = self._entry(name)
        self._left -= info.file_size
        if self._left < 0:
            rule = (
                "what is read of the archive, entries that are named again and again included, stays within its limit"
            )
            raise CrosscaseError(self._problem(rule, _shown(name), "a zip bomb looks like this; do not open it"))
        parts, size = [], 0
        try:
            with self._zip.open(info) as stream:
                while part := stream.read(1 << 20):
                    size += len(part)
                    if size > min(self._max_one, info.file_size):
                        raise CrosscaseError(self._problem("an entry is not larger than declared", info.filename))
                    parts.append(part)
        except STREAM_ERRORS as error:
            raise self._packed(info.filename, error) from None
        return b"".join(parts)

    def open(self, name: str) -> IO[bytes]:
        """Return a stream of an entry, for content that is read piece by piece; see `STREAM_ERRORS`."""
        try:
            return self._zip.open(self._entry(name))
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError) as error:
            raise CrosscaseError(self._problem("every entry can be unpacked", str(error), "export it again")) from None

    def head(self, name: str, size: int = 4096) -> bytes:
        """Return the beginning of an entry; `CrosscaseError` where it cannot be unpacked."""
        with self.open(name) as stream:
            try:
                return stream.read(size)
            except STREAM_ERRORS as error:
                raise self._packed(name, error) from None

    def _entry(self, name: str) -> zipfile.ZipInfo:
        found = self._entries.get(_key(name))
        if found is None:
            raise CrosscaseError(self._problem(f"the archive holds {_shown(name)}", "no such entry"))
        return found[1]

    def _packed(self, name: str, error: Exception) -> CrosscaseError:
        found = f"{_shown(name)}: {str(error) or type(error).__name__}"
        return CrosscaseError(self._problem("every entry can be unpacked", found, "export it again"))

    def _problem(self, rule: str, found: str, remedy: str = "") -> Problem:
        return Problem(self.place, rule, found, remedy=remedy)

    def _refuse_contents(self, path: Path | IO[bytes]) -> None:
        """Refuse a table of contents that would fill the memory, and an archive that broke off after one inside it.

        The second (a Word file that lay in a project) would be read in the place of the whole.
        """
        if isinstance(path, Path):
            with path.open("rb") as stream:
                end = _end_of(stream)
        else:
            end = _end_of(path)
            path.seek(0)
        if end is None:
            return
        if end.contents > MAX_CONTENTS:
            rule, found = f"the table of contents has at most {MAX_CONTENTS:,} bytes", f"{end.contents:,}"
            raise CrosscaseError(self._problem(rule, found, "do not trust this file"))
        if end.begins and end.at - end.contents - end.offset > 0:
            raise CrosscaseError(self._problem(COMPLETE, "it ends with an archive that lay inside of it", BROKEN_OFF))

    def _checked(self, max_total: int) -> dict[str, tuple[str, zipfile.ZipInfo]]:
        infos = [info for info in self._zip.infolist() if not info.filename.endswith(("/", "\\"))]
        problems: list[Problem] = []
        if len(infos) > MAX_ENTRIES:
            problems.append(self._problem(f"at most {MAX_ENTRIES:,} entries", f"{len(infos):,}"))
        total = sum(info.file_size for info in infos)
        if total > max_total:
            rule = f"all entries together unpack to at most {max_total:,} bytes"
            problems.append(self._problem(rule, f"{total:,} declared", "a zip bomb looks like this; do not open it"))
        entries: dict[str, tuple[str, zipfile.ZipInfo]] = {}
        for info in infos[:MAX_ENTRIES]:
            name = info.filename.replace("\\", "/")
            if wrong := self._wrong(info, name):
                problems.append(wrong)
                continue
            if name.lower().startswith(_IGNORED) or name.rpartition("/")[2].lower() in _IGNORED_NAMES:
                continue
            key = _key(name)
            if key in entries:
                problems.append(self._problem("each name once in the archive", f"{_shown(name)} twice"))
            entries[key] = (name, info)
        if problems:
            raise CrosscaseError(problems[:20])
        return entries

    def _wrong(self, info: zipfile.ZipInfo, name: str) -> Problem | None:
        if not name:
            return self._problem("each entry has a name", "an empty one", "export it again")
        if name.startswith("/") or ".." in name.split("/") or (len(name) > 1 and name[1] == ":"):
            return self._problem("no name in the archive leads out of it", _shown(name), "do not trust this file")
        if stat.S_ISLNK(info.external_attr >> 16):
            return self._problem("no entry is a link", _shown(name), "do not trust this file")
        if info.flag_bits & 0x1:
            return self._problem("no entry is encrypted", _shown(name), "save the project without a password")
        if info.file_size > self._max_one:
            return self._problem(f"an entry has at most {self._max_one:,} bytes", f"{_shown(name)}: {info.file_size:,}")
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
            rule = f"an entry unpacks to at most {MAX_RATIO} times its packed size"
            found = f"{_shown(name)}: {info.compress_size:,} to {info.file_size:,} bytes"
            return self._problem(rule, found, "a zip bomb looks like this; do not open it")
        return None


def _key(name: str) -> str:
    return name.replace("\\", "/").removeprefix("./").lower()


def _shown(name: str) -> str:
    return ascii(name if len(name) <= 80 else name[:77] + "...")
