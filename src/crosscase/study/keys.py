"""Keyed hashes: they tell the holder of a study whether a text has changed, and nobody else what stands in it.

A plain hash of a short answer gives the answer back to whoever guesses it. A hash under a key that never leaves
`restricted/` does not (HMAC, RFC 2104; SHA-256, FIPS 180-4).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping

import pandas as pd

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem

KEY_FILE = "hash.key"
LONG = 20_000
"""Code points from which on a segment is signed with the whole of its document: thousands of segments that each hold a
whole text are signed in linear time, and a change anywhere in it is found all the same."""
_LENGTH = 64


class Key:
    """The key of one study (64 hexadecimal digits); it signs and never shows itself.

    Examples
    --------
    >>> key = Key("0" * 64)
    >>> key, key.sign("no", "d01") == key.sign("no", "d02")
    (<the key of a study>, False)
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        self._secret = bytes.fromhex(secret)

    def __repr__(self) -> str:
        return "<the key of a study>"

    def __reduce__(self) -> str:
        raise TypeError("a key is never written with other things")

    def sign(self, content: str | bytes, place: str) -> str:
        """Return the HMAC-SHA-256 of a place and of the text (as UTF-8) or bytes there.

        The place is signed too: else equal answers would have equal hashes, and could be counted.
        """
        raw = content.encode("utf-8") if isinstance(content, str) else content
        return hmac.digest(self._secret, place.encode("utf-8") + b"\0" + raw, "sha256").hex()

    def text(self) -> str:
        """Return the content of the key's file; for the writer of the study and nobody else."""
        return self._secret.hex() + "\n"


def new_key() -> Key:
    """Return a key that nobody knows yet."""
    return Key(secrets.token_hex(_LENGTH // 2))


def read_key(study: str) -> Key | None:
    """Return the key of a study, None where it is not here (or the level is `public`); a damaged one is refused."""
    path = trace.note_read(paths.restricted() / study / KEY_FILE)
    if paths.withheld(path) or not path.is_file():
        return None
    text = path.read_text(encoding="ascii", errors="replace").strip()
    if len(text) != _LENGTH or set(text) - set("0123456789abcdef"):
        rule = f"a key has {_LENGTH} hexadecimal digits"
        remedy = f"put the file back from a copy, or delete it and run `crosscase check {study} --fix`"
        raise CrosscaseError(Problem(f"restricted/{study}/{KEY_FILE}", rule, "something else", remedy=remedy))
    return Key(text)


def sign_quotations(codings: pd.DataFrame, texts: Mapping[str, str | bytes], key: Key) -> pd.Series:
    """Return the keyed hash of the quotation behind each coding, whose places are code points of the normalised text.

    It is null where its text is not given; what is no text is passed over.
    """
    signed: list[str | None] = [None] * len(codings)
    known: dict[tuple[str, int, int], str] = {}
    whole: dict[str, bytes] = {}
    columns = (codings["document"], codings["start"].astype("Int64"), codings["end"].astype("Int64"))
    places = zip(*(column.tolist() for column in columns))
    for row, place in enumerate(places):
        document, start, end = place
        text = texts.get(document)
        if not isinstance(text, str) or start is pd.NA or end is pd.NA:
            continue
        if place not in known:
            if end - start > LONG and document not in whole:
                whole[document] = hashlib.sha256(text.encode("utf-8")).digest()
            content = whole[document] if end - start > LONG else text[start:end]
            known[place] = key.sign(content, f"{document}#{start}-{end}")
        signed[row] = known[place]
    return pd.Series(signed, index=codings.index, dtype="object")
