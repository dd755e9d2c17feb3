"""What a picture file says beside its picture: comments, titles, camera notes. The picture itself is no text."""

from __future__ import annotations

import re
import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_DRAWN = frozenset({b"IDAT", b"PLTE", b"IHDR", b"IEND", b"tRNS", b"fdAT"})
_MOST = 1 << 26


def parts(content: bytes) -> list[tuple[str, bytes]] | None:
    """Return the parts of a PNG, JPEG, GIF, WebP or TIFF that may hold words, with their names; None if it is none."""
    if content.startswith(_PNG):
        return _png(content)
    if content.startswith(b"\xff\xd8\xff"):
        return _jpeg(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _webp(content)
    if content.startswith((b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"wOFF", b"wOF2", b"\0\1\0\0")):
        words = re.findall(rb"[\x09\x0a\x0d\x20-\x7e\x80-\xff]{30,}|(?:[\x20-\x7e]\0){30,}", content)
        return [("words in the file", b"\n".join(word for word in words if word.count(b" ") > 2 or b"\0" in word))]
    return None


def _png(content: bytes) -> list[tuple[str, bytes]]:
    found, at = [], len(_PNG)
    while at + 8 <= len(content):
        size, kind = struct.unpack(">L4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + size]
        at += 12 + size
        name = kind.decode("latin-1")
        if kind in (b"zTXt", b"iTXt"):
            key, _, rest = data.partition(b"\0")
            found.append((f"{name} of the picture", key + b"\n" + _unzipped(rest, kind == b"iTXt")))
        elif kind not in _DRAWN:
            found.append((f"{name} of the picture", data.replace(b"\0", b"\n") if kind == b"tEXt" else data))
        if kind == b"IEND":
            break
    return [*found, ("behind the picture", content[at:])]


def _unzipped(rest: bytes, international: bool) -> bytes:
    """Return the text of a PNG chunk that may be compressed; what cannot be unpacked stays as it is."""
    packed = rest[:1] == b"\1" if international else True
    body = rest[2:].split(b"\0", 2)[-1] if international else rest[1:]
    try:
        return zlib.decompressobj().decompress(body, _MOST) if packed else rest.replace(b"\0", b"\n")
    except zlib.error:
        return rest


def _jpeg(content: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] not in (0xDA, 0xD9):
        size = struct.unpack(">H", content[at + 2 : at + 4])[0]
        if content[at + 1] == 0xFE or 0xE0 <= content[at + 1] <= 0xEF:
            found.append(("notes of the picture", content[at + 4 : at + 2 + size]))
        at += 2 + max(size, 2)
    end = content.rfind(b"\xff\xd9")
    return [*found, ("behind the picture", content[end + 2 :] if end > 0 else b"")]


def _webp(content: bytes) -> list[tuple[str, bytes]]:
    found, at = [], 12
    while at + 8 <= len(content):
        kind, size = struct.unpack("<4sL", content[at : at + 8])
        if kind in (b"EXIF", b"XMP ", b"ICCP"):
            found.append((f"{kind.decode().strip()} of the picture", content[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found
