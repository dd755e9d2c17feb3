"""Bytes of a text file as text, and which encoding that was."""

from __future__ import annotations

import codecs


def decode(content: bytes) -> tuple[str, str]:
    """Return the text of a file and the encoding that fits: a byte order mark decides, then UTF-8, then Windows-1252.

    The mark of UTF-8 stays in the text, as positions may count it.

    Examples
    --------
    >>> decode("é".encode()), decode(b"\\xe9"), decode("é".encode("utf-16"))
    (('é', 'utf-8'), ('é', 'windows-1252'), ('é', 'utf-16'))
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "windows-1252"
