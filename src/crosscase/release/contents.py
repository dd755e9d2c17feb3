"""A file as the texts in it, each with its place, by its content and not by its ending."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace

from crosscase.release import pictures, places, views
from crosscase.release.pieces import Piece

DEPTH = 6
"""How deep a file may be packed in files."""
MOST = 2 * 1024**3
"""Bytes that all that is packed in one file may have."""
_ZLIB = (b"x\x01", b"x\x9c", b"x\xda", b"x\x5e")
_DESCRIPTION = 24  # bytes of sizes that may follow a part of an archive
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Closed(Exception):
    """A part of a file that cannot be looked into."""


def pieces(name: str, content: bytes, seen: set[bytes] | None = None) -> Iterator[Piece]:
    """Yield the texts of a file; its name only helps to word places.

    Parts whose hashes are in `seen` are passed over, those looked at are added. `Closed` where a part is locked with a
    password, damaged, or unpacks to more than `MOST` bytes.
    """
    yield from _Reader(set() if seen is None else seen).read(name, content, 0)


class _Reader:
    def __init__(self, seen: set[bytes]) -> None:
        self.seen = seen
        self.left = MOST

    def read(self, name: str, content: bytes, depth: int) -> Iterator[Piece]:
        """Yield the texts of a file or of a part of one."""
        mark = hashlib.blake2b(content, digest_size=16).digest()
        if not content or mark in self.seen:
            return
        self.seen.add(mark)
        self.left -= len(content) if depth else 0
        if depth > DEPTH or self.left < 0:
            raise Closed("it is packed too deep or unpacks to too much to be looked through")
        yield from self._opened(name, content, depth)

    def _opened(self, name: str, content: bytes, depth: int) -> Iterator[Piece]:
        if content[:4] in (b"PK\x03\x04", b"PK\x05\x06") or (
            content[:4] != b"%PDF" and zipfile.is_zipfile(io.BytesIO(content[-(1 << 17) :]))
        ):
            yield from self._zip(content, depth)
        elif (opened := self._unpacked(name, content)) is not None:
            yield from self.inside("unpacked", opened[0], depth)
            yield from self.inside("behind what is packed", opened[1], depth)
        elif b"%PDF-" in content[:1024]:
            from crosscase.release import pdf

            for place, text in pdf.texts(content, Closed):
                yield Piece(place, text)
            for place, data in pdf.attachments(content):
                yield from self.inside(place, data, depth)
        elif content.startswith(b"SQLite format 3\0"):
            from crosscase.release import databases

            for place, cell in databases.cells(content, Closed):
                yield from [Piece(place, cell)] if isinstance(cell, str) else self.inside(place, cell, depth)
        elif (found := pictures.parts(content)) is not None:
            for place, data in found:
                yield from self.inside(place, data, depth)
        elif len(content) > 512 and content[257:262] == b"ustar":
            yield from self._tar(content, depth)
        else:
            for text in decoded(content):
                yield from self._text(name, text, depth)

    def inside(self, place: str, content: bytes, depth: int) -> Iterator[Piece]:
        """Yield the texts of something packed, with the place of the packing before theirs."""
        for piece in self.read(place, content, depth + 1):
            yield replace(piece, place=f"{place}, {piece.place}" if piece.place else place)

    def _text(self, name: str, text: str, depth: int) -> Iterator[Piece]:
        """Yield a text without the pictures in it, then what the pictures and other packed things hold."""
        kept, last, where = [], 0, places.finder(name, text)
        for start, _, content in views.hexadecimal(text):
            if _is_file(content) or _is_text(content):
                for piece in self.inside("packed (hexadecimal)", content, depth):
                    yield replace(piece, place=", ".join(part for part in (where(start), piece.place) if part))
        for start, end, content in views.packed(text):
            if not _is_file(content) and not _is_text(content):
                continue
            for piece in self.inside("packed (base64)", content, depth):
                yield replace(piece, place=", ".join(part for part in (where(start), piece.place) if part))
            if pictures.parts(content) is not None:
                kept.append(text[last:start])
                last = end
        if not last:
            yield Piece("", text, where)
            return
        bare = "\n".join([*kept, text[last:]])
        yield Piece("", bare, places.finder(name, bare))

    def _zip(self, content: bytes, depth: int) -> Iterator[Piece]:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir() or info.file_size]
                yield from self.inside("outside of the archive", _outside(content, archive), depth)
                if sum(info.file_size for info in infos) > self.left:
                    raise Closed("it unpacks to too much to be looked through")
                notes = [archive.comment, *(info.comment for info in infos), *(info.extra for info in infos)]
                yield from self.inside("comments of the archive", b"\n".join(note for note in notes if note), depth)
                yield Piece("names in the archive", "\n".join(info.filename for info in infos))
                sheets = places.Workbook(archive)
                for info in infos:
                    for piece in self.inside(info.filename, archive.read(info), depth):
                        yield sheets.placed(info.filename, piece)
        except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError) as error:
            raise Closed(f"an archive in it cannot be opened ({error or type(error).__name__})") from None

    def _unpacked(self, name: str, content: bytes) -> tuple[bytes, bytes] | None:
        """Return what one file packed by gzip, bzip2, xz or zlib holds and what is behind it; None for other files."""
        if content.startswith(b"\x1f\x8b"):
            try:
                with gzip.open(io.BytesIO(content)) as stream:
                    return self._limited(stream.read(self.left + 1)), b""
            except (OSError, EOFError, zlib.error) as error:
                raise Closed(f"what is packed in it cannot be opened ({error})") from None
        for begin, kind in ((b"BZh", bz2.BZ2Decompressor), (b"\xfd7zXZ", lzma.LZMADecompressor)):
            if content.startswith(begin):
                return self._streams(content, begin, kind)
        if content[:2] in _ZLIB:
            opened = zlib.decompressobj()
            try:
                return self._limited(opened.decompress(content, self.left + 1)), opened.unused_data
            except zlib.error:
                return None
        return None

    def _streams(
        self, content: bytes, begin: bytes, kind: type[bz2.BZ2Decompressor | lzma.LZMADecompressor]
    ) -> tuple[bytes, bytes]:
        """Return what the streams of a file hold that follow each other, and what is behind the last."""
        out = []
        while content.startswith(begin):
            opened = kind()
            try:
                out.append(opened.decompress(content, self.left + 1))
            except (OSError, EOFError, lzma.LZMAError) as error:
                raise Closed(f"what is packed in it cannot be opened ({error})") from None
            self._limited(b"".join(out))
            if not opened.eof:
                raise Closed("what is packed in it cannot be opened (it ends too early)")
            content = opened.unused_data
        return b"".join(out), content

    def _limited(self, content: bytes) -> bytes:
        if len(content) > self.left:
            raise Closed("it unpacks to too much to be looked through")
        return content

    def _tar(self, content: bytes, depth: int) -> Iterator[Piece]:
        try:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                for member in archive:
                    yield Piece("names in the archive", f"{member.name}\n{member.linkname}")
                    if member.isfile() and (stream := archive.extractfile(member)):
                        yield from self.inside(member.name, stream.read(), depth)
        except (tarfile.TarError, EOFError, OSError) as error:
            raise Closed(f"an archive in it cannot be opened ({error})") from None


def decoded(content: bytes) -> list[str]:
    """Return bytes as text: by their mark, as UTF-8, or in every way that their letters could be read.

    Examples
    --------
    >>> decoded("é".encode()), decoded("a text".encode("utf-16"))
    (['é'], ['a text'])
    """
    wide = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for marks, name in ((codecs.BOM_UTF8, "utf-8-sig"), (wide, "utf-16")):
        if content.startswith(marks):
            return [content.decode(name, errors="replace")]
    try:
        text = content.decode("utf-8")
        if "\0" not in text:
            return [text]
    except UnicodeDecodeError:
        text = content.decode("utf-8", errors="ignore")
    out = [text, content.decode("cp1252", errors="ignore")]
    if content.count(0) * 8 > len(content) or _wide(content):
        out += [content[skip:].decode(name, errors="replace") for skip in (0, 1) for name in ("utf-16-le", "utf-16-be")]
    return out


def _wide(content: bytes) -> bool:
    """Tell whether somewhere in a binary file letters stand with a zero byte beside each, as UTF-16 writes them."""
    return bool(re.search(rb"(?:[\x20-\x7e]\0){20}|(?:\0[\x20-\x7e]){20}", content)) if b"\0" in content else False


def _outside(content: bytes, archive: zipfile.ZipFile) -> bytes:
    """Return the bytes of an archive that are no part that it lists: before, between and behind them."""
    taken = [(archive.start_dir, content.rfind(b"PK\x05\x06") + 22 + len(archive.comment))]
    for info in archive.infolist():
        head = info.header_offset + 30
        sizes = content[head - 4 : head - 2], content[head - 2 : head]
        name, extra = (int.from_bytes(size, "little") for size in sizes)
        taken += [(info.header_offset, head), (head + name + extra, head + name + extra + info.compress_size)]
        if content[head : head + name] in (info.filename.encode(), info.orig_filename.encode("cp437", "replace")):
            taken.append((head, head + name))
    out, last = [], 0
    for begin, end in sorted(taken):
        gap = content[last:begin]
        if gap and not (gap.startswith(b"PK\x07\x08") and len(gap) <= _DESCRIPTION):
            out.append(gap)
        last = max(last, end)
    return b"".join([*out, content[last:]])


def _is_file(content: bytes) -> bool:
    heads = (b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"SQLite format 3", b"BZh", b"\xfd7zXZ")
    return content.startswith(heads) or pictures.parts(content) is not None or _is_zlib(content)


def _is_zlib(content: bytes) -> bool:
    try:
        return content[:2] in _ZLIB and bool(zlib.decompressobj().decompress(content, 64))
    except zlib.error:
        return False


def _is_text(content: bytes) -> bool:
    """Tell whether what was unpacked from letters can be a text at all; most of it is chance."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _wide(content):
        return True
    try:
        content[: len(content) // 4 * 4].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(content) - 8:
            return False
    return not _BINARY.search(content)
