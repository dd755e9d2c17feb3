"""What a workbook held when it was written, kept in it on a hidden sheet: the base that tells whose change is whose."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from crosscase import tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.edit_layout import MEMORY, TABLES, VALUES, Shown

VERSION = 1
PIECE = 30_000
MOST = 64 * 1024**2


@dataclass(frozen=True)
class Memory:
    """The study, its tables as they were written, and what their rows were called."""

    study: str
    frames: dict[str, pd.DataFrame]
    shown: Shown


def pieces(study: str, frames: Mapping[str, pd.DataFrame], shown: Shown) -> list[str]:
    """Return what a workbook remembers, in pieces that fit into cells."""
    kept = {name: tables.to_csv(frames[name], tables.schema(name)) for name in (*TABLES, VALUES)}
    content = {
        "version": VERSION, "study": study, "tables": kept, "names": shown.names, "attributes": shown.attributes,
        "hashes": shown.hashes,
    }  # fmt: skip
    packed = base64.b64encode(zlib.compress(json.dumps(content, ensure_ascii=False).encode("utf-8"), 9)).decode()
    return [packed[at : at + PIECE] for at in range(0, len(packed), PIECE)]


def recall(parts: Iterable[object], place: str) -> Memory:
    """Return what a workbook remembers; `CrosscaseError` where its hidden sheet is gone or was changed."""
    try:
        packed = base64.b64decode("".join(str(part) for part in parts if part is not None), validate=True)
        unpacked = zlib.decompressobj()
        content = json.loads(unpacked.decompress(packed, MOST))
        if unpacked.unconsumed_tail or not unpacked.eof or content["version"] != VERSION:
            raise ValueError("cut off, too large, or of another version")
        frames = {
            name: tables.typed(tables.parse(content["tables"][name], tables.schema(name)), tables.schema(name))
            for name in (*TABLES, VALUES)
        }
        names = {
            str(table): {str(id): str(name) for id, name in rows.items()} for table, rows in content["names"].items()
        }
        told = {each: {str(a): str(b) for a, b in content[each].items()} for each in ("attributes", "hashes")}
        return Memory(str(content["study"]), frames, Shown(names, told["attributes"], told["hashes"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error) as error:
        rule = "a workbook remembers on a hidden sheet what it held when it was written"
        remedy = "write a new one with `crosscase edit STUDY` and copy what you have changed into it"
        found = f"{type(error).__name__} on the sheet {MEMORY!r}"
        raise CrosscaseError(Problem(place, rule, found, remedy=remedy)) from None
