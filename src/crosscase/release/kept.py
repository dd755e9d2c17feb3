"""What lies under `restricted/`, recognised in other files: whole, packed, in part, or as a key."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from crosscase.release.contents import Closed, decoded, pieces
from crosscase.study.before import FOLDER

TOKEN, KEY = range(16, 257), range(16, 4097)
"""Bytes of a file under `restricted/` that is taken for a key (one word, or so called) and looked for in others."""
LINES, LINE = 3, 25
"""So many lines of one table, or one line of so many characters, are a part of it."""
_NOT_HEX = re.compile(r"[^0-9a-f]+")
_PARTING = re.compile(r"[\s\"',;|]+")
_BREAK = re.compile(r"\\r\\n|\\n|[\r\n]")
_LEVEL = re.compile(r"Built at the level (?:restricted)\.|\A\s*[\[{](?s:.*?)\"level\"\s*:\s*\"restricted\"")

COPY, PART, KEPT_KEY, LEVEL = (
    ("nothing under restricted/ is committed", "a copy of a file there"),
    ("nothing under restricted/ is committed", "rows of a table there"),
    ("no key is committed", "it holds a key of restricted/"),
    ("nothing that was made of restricted/ is committed", "it says that its level is restricted"),
)
CLOSED = "what is committed can be looked through"


class Kept:
    """The files of a folder that must not travel; it need not exist.

    A study as it was lies there too, with tables that were public then: what of them `public`, the folder of the
    studies, holds now is no secret.
    """

    def __init__(self, folder: Path, public: Path | None = None) -> None:
        self._copies: set[bytes] = set()
        self._raw: set[bytes] = set()
        self._digits: set[str] = set()
        self._lines: dict[str, set[str]] = {}
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file() and (content := path.read_bytes()).strip():
                now = _now(path.relative_to(folder).parts, public)
                if content != now:
                    self._note(path, content, now)

    def _note(self, path: Path, content: bytes, now: bytes) -> None:
        self._copies |= {_hash(content), *(_hash(_closed_up(text)) for text in decoded(content)[:1])}
        bare = content.strip()
        if (len(bare) in TOKEN and len(bare.split()) == 1) or ("key" in path.name.lower() and len(bare) in KEY):
            self._raw |= {bare, bare.hex().encode()}
            digits = _NOT_HEX.sub("", bare.decode("ascii", errors="ignore").lower())
            if len(digits) == 64:
                raw = bytes.fromhex(digits)
                self._digits.add(digits)
                self._raw |= {raw, base64.b64encode(raw).rstrip(b"="), base64.urlsafe_b64encode(raw).rstrip(b"=")}
        if path.suffix.lower() == ".csv":
            for text in decoded(content)[:1]:
                known = {row for text in decoded(now)[:1] for row in _rows(text)}
                self._lines[str(path)] = set(list(_rows(text))[1:]) - known

    def found_in(self, name: str, content: bytes) -> tuple[str, str] | None:
        """Return which rule a file breaks and what was found in it, None where it holds nothing of the folder."""
        if _hash(content) in self._copies:
            return COPY
        if any(key in content for key in self._raw):
            return KEPT_KEY
        try:
            for piece in pieces(name, content):
                if found := self._in_text(piece.text):
                    return found
        except Closed as error:
            return CLOSED, str(error)
        return None

    def _in_text(self, text: str) -> tuple[str, str] | None:
        if _LEVEL.search(text):
            return LEVEL
        raw = text.encode("utf-8", errors="replace")
        if any(key in raw for key in self._raw):
            return KEPT_KEY
        digits = _NOT_HEX.sub("", text.lower()) if self._digits else ""
        if any(key in digits for key in self._digits):
            return KEPT_KEY
        if _hash(_closed_up(text)) in self._copies:
            return COPY
        rows = set(_rows(text)) if self._lines else set()
        for lines in self._lines.values():
            same = rows & lines
            if len(same) >= LINES or any(len(row) >= LINE for row in same):
                return PART
        return None


def _now(parts: tuple[str, ...], public: Path | None) -> bytes:
    """Return what a public file of a study holds now of which a former state is kept; nothing for any other file."""
    study, *inside = parts
    if public is None or len(inside) < 4 or (inside[0], inside[2]) != (FOLDER, "data"):
        return b""
    path = public.joinpath(study, *inside[3:])
    return path.read_bytes() if path.is_file() else b""


def _hash(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _closed_up(text: str) -> bytes:
    """Return a text without white space: a line more at its end makes no other file of it."""
    return "".join(text.split()).encode("utf-8", errors="replace")


def _rows(text: str) -> Iterator[str]:
    """Yield the rows of a table in a text, whatever parts and quotes its cells."""
    for line in _BREAK.split(text):
        if row := _PARTING.sub(" ", line).strip().casefold():
            yield row
