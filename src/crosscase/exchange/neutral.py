"""Neutral ids: what people are called in a file becomes d07, p03, c1, k02, in random order; the names lie apart.

An id made of a name gives the name away wherever the id goes, also in git. So documents, participants, coders, cases
and everything else that is not the codebook get ids that say nothing. What each was called in the file is kept under
`restricted/`, so that a later import of the same things finds the same ids.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath

import pandas as pd

from crosscase import tables
from crosscase.exchange.imported import Imported
from crosscase.study import StudyInfo
from crosscase.study.model import Coder

LETTERS = {
    "document": "d", "participant": "p", "coder": "c", "case": "k", "role": "r", "theme": "t", "memo": "m",
    "variable": "v", "set": "s", "quotation": "q", "fact": "f", "item": "i", "outcome": "o", "relation": "x",
    "link": "l", "membership": "g", "outcome row": "w", "set row": "y",
}  # fmt: skip
DIGITS = {"coder": 1, "link": 5, "membership": 5, "set row": 5, "outcome row": 3}
CODING = "coding"
UNIT, MEMBER, ENDS = ("unit", "id"), ("member_kind", "member"), (("source_kind", "source"), ("target_kind", "target"))
SPOKEN = ("document", "participant", "coder", "case", "role", "theme", "memo", "variable", "set")
"""Kinds whose names a person would look for; of the others nobody has named any."""

RESERVED = {"coder": ("consensus",)}
"""Ids that we give ourselves and that are nobody's name."""

Ids = dict[str, dict[str, str]]


def neutralise(found: Imported, info: StudyInfo, known: pd.DataFrame, before: pd.DataFrame) -> StudyInfo:
    """Give everything a reader found neutral ids, in place, and return `study.yml` with them.

    Parameters
    ----------
    found : Imported
        What was read; its tables, texts and memos are changed, and the table `names` is added.
    info : StudyInfo
        What `study.yml` says.
    known : pandas.DataFrame
        Table `names` of the study that stands, empty for a new one: the same name gets the same id.
    before : pandas.DataFrame
        Table `documents` of the study that stands: the same content under a new name keeps its id.
    """
    frames = found.frames
    given = frames.pop("names", tables.empty(tables.schema("names")))
    called = {kind: dict(zip(rows["id"], rows["name"])) for kind, rows in given.groupby("kind")}
    ids: Ids = {}
    rows = []
    for kind, used in _used(found, info).items():
        there = {name: id for id, name in _of_kind(known, kind).items()}
        if kind == "document":
            there |= _same_content(used, frames, before, there)
        names = {old: called.get(kind, {}).get(old, old) for old in used}
        ids[kind] = _assign(kind, names, there)
        rows += [{"kind": kind, "id": ids[kind][old], "name": name} for old, name in names.items()]
    gone = known[~known["id"].isin([row["id"] for row in rows])] if len(known) else known
    for name, frame in frames.items():
        frames[name] = _renamed(frame, tables.schema(name), ids)
    frames["names"] = pd.concat([pd.DataFrame(rows, columns=["kind", "id", "name"]), gone], ignore_index=True)
    frames["names"] = frames["names"][frames["names"]["kind"].isin(SPOKEN)].reset_index(drop=True)
    stems = {PurePosixPath(old).stem if old.endswith(".txt") else old: new for old, new in ids["document"].items()}
    files = ids["document"] | stems
    found.texts = {_file(name, files, content): content for name, content in found.texts.items()}
    found.memos = {ids["memo"].get(name, name): text for name, text in found.memos.items()}
    _number_codings(frames)
    spoken = {key: who if who.description else _named(who, key, ids) for key, who in info.coders.items()}
    coders = sorted(((ids["coder"].get(key, key), who) for key, who in spoken.items()), key=_natural)
    primary = info.primary_coder and ids["coder"].get(info.primary_coder, info.primary_coder)
    return info.model_copy(update={"coders": dict(coders), "primary_coder": primary})


def _used(found: Imported, info: StudyInfo) -> dict[str, list[str]]:
    """Return every id in use, by kind, in the order of the file."""
    used: dict[str, dict[str, None]] = {kind: {} for kind in LETTERS}
    used["coder"] |= dict.fromkeys(info.coders)
    used["memo"] |= dict.fromkeys(found.memos)
    for name, frame in found.frames.items():
        schema = tables.schema(name)
        for column, kind in schema.ids.items():
            if kind in used and column in frame:
                cells = frame[column].dropna()
                parts = cells.str.split(tables.LIST_SEPARATOR).explode() if _is_list(schema, column) else cells
                used[kind] |= dict.fromkeys(parts.tolist())
    return {kind: list(names) for kind, names in used.items()}


def _is_list(schema: tables.Schema, column: str) -> bool:
    return next(item for item in schema.fields if item["name"] == column)["type"] == "list"


def _of_kind(known: pd.DataFrame, kind: str) -> dict[str, str]:
    mine = known[known["kind"] == kind]
    return dict(zip(mine["id"], mine["name"]))


def _same_content(
    used: Iterable[str], frames: Mapping[str, pd.DataFrame], before: pd.DataFrame, there: Mapping[str, str]
) -> dict[str, str]:
    """Return the ids of documents whose content was there under another name."""
    now = frames["documents"].set_index("document")["sha256"].dropna() if "documents" in frames else pd.Series()
    old = before.dropna(subset=["sha256"])
    of_content = dict(zip(old["sha256"], old["document"]))
    named, taken = set(used) & set(there), {there[name] for name in used if name in there}
    found: dict[str, str] = {}
    for name in used:
        same = of_content.get(now.get(name))
        if name not in named and same is not None and same not in taken:
            found[name] = same
            taken.add(same)
    return found


def _assign(kind: str, names: Mapping[str, str], there: Mapping[str, str]) -> dict[str, str]:
    """Return old id -> neutral id: the known one, the own one where it is neutral already, else a random free one."""
    letter, digits = LETTERS[kind], DIGITS.get(kind, 2)
    neutral = re.compile(rf"{letter}\d{{{digits},}}")
    out = {old: there[name] for old, name in names.items() if name in there}
    taken = {*there.values()}
    for old in names:
        if old not in out and neutral.fullmatch(old) and old not in taken:
            out[old] = old
            taken.add(old)
    out |= {old: old for old in RESERVED.get(kind, ()) if old in names}
    rest = [old for old in names if old not in out]
    digits = max(digits, len(str(len(names) + len(taken))))
    free = (f"{letter}{number:0{digits}}" for number in range(1, len(names) + len(taken) + 1))
    pool = [name for name in free if name not in taken][: len(rest)]
    secrets.SystemRandom().shuffle(pool)
    return out | dict(zip(rest, pool))


def _renamed(frame: pd.DataFrame, schema: tables.Schema, ids: Ids) -> pd.DataFrame:
    """Return a table with neutral ids; rows of a table that a neutral id leads are in the order of the file still."""
    out = frame.copy()
    for column, kind in schema.ids.items():
        if kind in ids and column in out:
            out[column] = _mapped(out[column], ids[kind], _is_list(schema, column))
    for kind_column, column in (UNIT, MEMBER, *ENDS):
        if {kind_column, column} <= set(out.columns):
            out[column] = [_end(kind, id, ids) for kind, id in zip(out[kind_column], out[column])]
    return tables.typed(out, schema)


def _mapped(column: pd.Series, names: Mapping[str, str], several: bool) -> pd.Series:
    change: Callable[[str], str] = lambda cell: names.get(cell, cell)  # noqa: E731
    if several:
        join = tables.LIST_SEPARATOR
        change = lambda cell: join.join(names.get(part, part) for part in cell.split(join))  # noqa: E731
    known = {cell: change(cell) for cell in column.dropna().unique()}
    return column.map(known)


def _end(kind: object, id: object, ids: Ids) -> object:
    """Return the id of a polymorphic column: of the kind beside it; a segment is `document#place`."""
    if not isinstance(id, str) or not isinstance(kind, str):
        return id
    if kind == "segment":
        document, mark, place = id.partition("#")
        return f"{ids['document'].get(document, document)}{mark}{place}"
    return ids.get(kind, {}).get(id, id)


def _file(name: str, documents: Mapping[str, str], content: str | bytes) -> str:
    """Return the name of a file under `restricted/`: the id of its document, with the ending it has."""
    path = PurePosixPath(name)
    new = documents.get(path.name) or documents.get(path.stem) or path.stem
    return str(path.with_name(f"{new}{path.suffix or ('.txt' if isinstance(content, str) else '')}"))


def _number_codings(frames: dict[str, pd.DataFrame]) -> None:
    """Put codings in the order of their neutral documents and number them, so that no id tells the file's order."""
    codings = frames.get("codings")
    if codings is None or codings.empty:
        return
    order = ["document", "start", "end", "locator", "code", "coder", "coding_id"]
    ordered = codings.sort_values([c for c in order if c in codings], kind="stable", ignore_index=True)
    new = [f"c{number:06d}" for number in range(1, len(ordered) + 1)]
    numbers = dict(zip(ordered["coding_id"], new))
    frames["codings"] = ordered.assign(coding_id=new)
    for name, frame in frames.items():
        for column, kind in tables.schema(name).ids.items():
            if kind == CODING and name != "codings" and column in frame:
                several = _is_list(tables.schema(name), column)
                frames[name] = frame = frame.assign(**{column: _mapped(frame[column], numbers, several)})


def _named(who: Coder, name: str, ids: Ids) -> Coder:
    """Return a coder whose name, which was the id, is now the description."""
    return who if ids["coder"].get(name, name) == name else who.model_copy(update={"description": name})


def _natural(item: tuple[str, object]) -> tuple[str, int]:
    letters = item[0].rstrip("0123456789")
    return letters, int(item[0][len(letters) :] or 0)
