"""Neutral ids: what people are called in a file becomes d07, p03, c1, k02, in random order; the names lie apart.

An id made of a name gives the name away wherever the id goes, also in git. So documents, participants, coders, cases
and everything else that is not the codebook get ids that say nothing. What each was called in the file is kept under
`restricted/`, so that a later import of the same things finds the same ids.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from pathlib import PurePosixPath

import pandas as pd

from crosscase import tables
from crosscase.exchange.imported import Imported
from crosscase.ids import each, join, split
from crosscase.study import StudyInfo
from crosscase.study.model import Coder

LETTERS = {
    "document": "d", "participant": "p", "coder": "c", "case": "k", "role": "r", "theme": "t", "memo": "m",
    "variable": "v", "set": "s", "quotation": "q", "fact": "f", "item": "i", "outcome": "o", "relation": "x",
    "link": "l", "membership": "g", "outcome row": "w", "set row": "y", "round": "round-",
}  # fmt: skip
DIGITS = {"coder": 1, "link": 5, "membership": 5, "set row": 5, "outcome row": 3, "round": 1}
MOST_DIGITS = 6
CODING, ROUND, STUDY = "coding", "round", "study"
OPEN_ROUND = re.compile(r"[0-9]{1,3}|consensus-[0-9]{4}-[0-9]{2}-[0-9]{2}|round-[0-9]{1,4}")
"""Rounds that say nothing: numbers, and days of meetings."""
DECISIONS, DIFFERENCE = "consensus_decisions", "segment"
UNIT, MEMBER, ENDS = ("unit", "id"), ("member_kind", "member"), (("source_kind", "source"), ("target_kind", "target"))
SPOKEN = ("document", "participant", "coder", "case", "role", "theme", "memo", "variable", "set", ROUND)
"""Kinds whose names a person would look for; of the others nobody has named any."""

RESERVED = {"coder": ("consensus",)}
"""Ids that we give ourselves and that are nobody's name."""

MAX_MARK = 2000
_SPAN = re.compile(r"@[0-9]+-[0-9]+\Z")

Ids = dict[str, dict[str, str]]


def neutralise(found: Imported, info: StudyInfo, known: pd.DataFrame, before: pd.DataFrame) -> StudyInfo:
    """Give everything a reader found neutral ids, in place, and return `study.yml` with them.

    `known` and `before` are the tables `names` and `documents` of the study that stands, empty for a new one: the same
    name gets the same id, and the same content under a new name keeps it; what is new in a study that stands gets an id
    of six digits. The table `names` is added.
    """
    frames = found.frames
    _number_codings(frames)
    given = frames.pop("names", tables.empty(tables.schema("names")))
    called = {kind: dict(zip(rows["id"], rows["name"])) for kind, rows in given.groupby("kind")}
    ids: Ids = {}
    rows = []
    for kind, used in _used(found, info).items():
        names = {old: called.get(kind, {}).get(old, old) for old in used}
        there = _known(names, known[known["kind"] == kind])
        if kind == "document":
            there |= _same_content(used, frames, before, there)
        taken = {*known.loc[known["kind"] == kind, "id"], *there.values()}
        ids[kind] = _assign(kind, used, there, taken, _own(found, kind, called), apart=len(known) > 0)
        told = {old: name for old, name in names.items() if kind != ROUND or ids[kind][old] != name}
        rows += [{"kind": kind, "id": ids[kind][old], "name": name} for old, name in told.items()]
    gone = known[~known["id"].isin([row["id"] for row in rows])] if len(known) else known
    _only_known(found, ids)
    for name, frame in frames.items():
        frames[name] = _renamed(frame, tables.schema(name), ids)
    frames["names"] = pd.concat([pd.DataFrame(rows, columns=["kind", "id", "name"]), gone], ignore_index=True)
    frames["names"] = frames["names"][frames["names"]["kind"].isin(SPOKEN)].reset_index(drop=True)
    stems = {PurePosixPath(old).stem if old.endswith(".txt") else old: new for old, new in ids["document"].items()}
    files = stems | ids["document"]
    found.texts = {_file(name, files, content): content for name, content in found.texts.items()}
    found.memos = {ids["memo"].get(name, name): text for name, text in found.memos.items()}
    _order_codings(frames, ids["fact"])
    spoken = {key: who if who.description else _named(who, key, ids) for key, who in info.coders.items()}
    coders = sorted(((ids["coder"].get(key, key), who) for key, who in spoken.items()), key=_natural)
    primary = info.primary_coder and ids["coder"].get(info.primary_coder, info.primary_coder)
    rounds = [ids[ROUND].get(each, each) for each in info.reconciled_rounds]
    return info.model_copy(update={"coders": dict(coders), "primary_coder": primary, "reconciled_rounds": rounds})


def _used(found: Imported, info: StudyInfo) -> dict[str, list[str]]:
    """Return every id in use, by kind, in the order of the file."""
    used: dict[str, dict[str, None]] = {kind: {} for kind in LETTERS}
    used["coder"] |= dict.fromkeys([*info.coders, *([info.primary_coder] if info.primary_coder else [])])
    used[ROUND] |= dict.fromkeys(info.reconciled_rounds)
    used["memo"] |= dict.fromkeys(found.memos)
    for name, frame in found.frames.items():
        schema = tables.schema(name)
        for column, kind in schema.ids.items():
            if kind in used and column in frame:
                cells = frame[column].dropna()
                used[kind] |= dict.fromkeys((each(cells) if schema.is_list(column) else cells).tolist())
    return {kind: list(names) for kind, names in used.items()}


def _known(names: Mapping[str, str], known: pd.DataFrame) -> dict[str, str]:
    """Return the ids of what had the same name in the study that stands, each id once; an id may have several names."""
    pairs = list(zip(known["id"], known["name"]))
    same = set(pairs)
    out = {old: old for old, name in names.items() if (old, name) in same}
    free: dict[str, list[str]] = {}
    for id, name in pairs:
        free.setdefault(name, []).append(id)
    taken = set(out)
    for old, name in names.items():
        if old not in out and (id := next((id for id in free.get(name, ()) if id not in taken), None)) is not None:
            out[old] = id
            taken.add(id)
    return out


def _own(found: Imported, kind: str, called: Mapping[str, Container[str]]) -> Callable[[str], bool]:
    """Tell whether an id is one that we gave: only an export of ours that carries its names is believed."""
    ours = found.info is not None and bool(called)
    listed = called.get(kind, ()) if kind in SPOKEN else None
    form = re.compile(rf"{LETTERS[kind]}[0-9]{{{DIGITS.get(kind, 2)},{MOST_DIGITS}}}")
    return lambda id: ours and (listed is None or id in listed) and form.fullmatch(id) is not None


def _same_content(
    used: Iterable[str], frames: Mapping[str, pd.DataFrame], before: pd.DataFrame, there: Mapping[str, str]
) -> dict[str, str]:
    """Return the ids of documents whose content was there under another name."""
    now = frames["documents"].set_index("document")["sha256"].dropna() if "documents" in frames else pd.Series()
    old = before.dropna(subset=["sha256"])
    of_content = dict(zip(old["sha256"], old["document"]))
    taken, found = {*there.values()}, {}
    for name in used:
        same = of_content.get(now.get(name))
        if name not in there and same is not None and same not in taken:
            found[name] = same
            taken.add(same)
    return found


def _assign(
    kind: str,
    used: Iterable[str],
    there: Mapping[str, str],
    taken: Iterable[str],
    own: Callable[[str], bool],
    apart: bool = False,
) -> dict[str, str]:
    """Return old id -> neutral id: the known one, the own one where it is neutral already, else a free one.

    With `apart` free ones are drawn from a million: two people who each add to a study would take the same next number.
    """
    fixed = {old: old for old in used if old in RESERVED.get(kind, ()) or (kind == ROUND and OPEN_ROUND.fullmatch(old))}
    out = {old: id for old, id in there.items() if id not in fixed} | fixed
    taken = {*taken, *out.values()}
    for old in used:
        if old not in out and old not in taken and own(old):
            out[old] = old
            taken.add(old)
    rest = [old for old in used if old not in out]
    if apart and kind != ROUND:
        return out | dict(zip(rest, _drawn(LETTERS[kind], len(rest), taken)))
    digits = max(DIGITS.get(kind, 2), len(str(len(out) + len(rest) + len(taken)))) if kind != ROUND else 1
    free = (f"{LETTERS[kind]}{number:0{digits}}" for number in range(1, len(rest) + len(taken) + 1))
    pool = [name for name in free if name not in taken][: len(rest)]
    if kind != ROUND:
        secrets.SystemRandom().shuffle(pool)
    return out | dict(zip(rest, pool))


def _drawn(letter: str, n: int, taken: Collection[str]) -> list[str]:
    """Return so many ids of six digits that are not taken, by chance."""
    drawn: dict[str, None] = {}
    while len(drawn) < n:
        name = f"{letter}{secrets.randbelow(10**MOST_DIGITS):0{MOST_DIGITS}}"
        drawn |= {} if name in taken else {name: None}
    return list(drawn)


def new_id(kind: str, taken: Collection[str]) -> str:
    """Return a neutral id for something new in a study that stands, as `neutralise` gives it."""
    return _drawn(LETTERS[kind], 1, taken)[0]


def _renamed(frame: pd.DataFrame, schema: tables.Schema, ids: Ids) -> pd.DataFrame:
    """Return a table with neutral ids; rows of a table that a neutral id leads are in the order of the file still."""
    out = frame.copy()
    for column, kind in schema.ids.items():
        if kind in ids and column in out:
            out[column] = _mapped(out[column], ids[kind], schema.is_list(column))
    for kind_column, column in (UNIT, MEMBER, *ENDS):
        if {kind_column, column} <= set(out.columns):
            out[column] = [_end(kind, id, ids) for kind, id in zip(out[kind_column], out[column])]
    return tables.typed(out, schema)


def _mapped(column: pd.Series, names: Mapping[str, str], several: bool) -> pd.Series:
    change: Callable[[str], str] = lambda cell: names.get(cell, cell)  # noqa: E731
    if several:
        change = lambda cell: join(names.get(part, part) for part in split(cell))  # noqa: E731
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


def _number_codings(frames: dict[str, pd.DataFrame], facts: Mapping[str, str] | None = None) -> None:
    """Give codings ids that are no names, here and wherever they are named; what names none that is there is empty.

    What was decided in an adjudication is a coding too. `facts` are the new ids of facts, which stand beside codings.
    """
    numbers: dict[str, str] = {}
    for table, key, letter in (("codings", "coding_id", "c"), ("adjudications", "adjudication", "j")):
        if (frame := frames.get(table)) is not None:
            numbers |= {old: f"{letter}{number:06d}" for number, old in enumerate(frame[key].tolist(), start=1)}
    named = frames["facts"]["fact"].dropna() if "facts" in frames else ()
    _rename_codings(frames, numbers | ({fact: fact for fact in named} | dict(facts or {})))


def _order_codings(frames: dict[str, pd.DataFrame], facts: Mapping[str, str]) -> None:
    """Put codings in the order of their neutral documents and number them, so that no id tells the file's order."""
    codings = frames.get("codings")
    if codings is None or codings.empty:
        return
    order = ["document", "start", "end", "locator", "code", "coder", "coding_id"]
    frames["codings"] = codings.sort_values([c for c in order if c in codings], kind="stable", ignore_index=True)
    _number_codings(frames, facts)


def _rename_codings(frames: dict[str, pd.DataFrame], numbers: Mapping[str, str]) -> None:
    for name in frames:
        schema, frame = tables.schema(name), frames[name]
        for column in (c for c, kind in schema.ids.items() if kind == CODING and c in frame):
            cells: Mapping[str, str | None] = numbers
            if schema.is_list(column):
                lists = {cell: split(cell) for cell in frame[column].dropna().unique()}
                cells = {cell: join(numbers[id] for id in ids if id in numbers) or None for cell, ids in lists.items()}
            frame = frame.assign(**{column: frame[column].map(cells).astype("str")})
        for kind_column, column in (MEMBER, *ENDS):
            if {kind_column, column} <= set(frame.columns):
                pairs = zip(frame[kind_column], frame[column])
                new = [numbers.get(id) if kind == CODING else id for kind, id in pairs]
                frame = frame.assign(**{column: pd.Series(new, index=frame.index, dtype="str")})
        frames[name] = frame


def _only_known(found: Imported, ids: Ids) -> None:
    """Take out what leads to nothing that is there: its id could be any words."""
    frames = found.frames
    codes = set(frames["codebook"]["code"]) if "codebook" in frames else set()
    codings = set(frames["codings"]["coding_id"]) if "codings" in frames else set()
    place = re.compile("[0-9]+-[0-9]+|" + (tables.schema("codings").open_pattern("locator") or ""), re.ASCII)

    owners: dict[str, Container[str]] = {**ids, "code": codes, CODING: codings, STUDY: {STUDY}}

    def known(kind: object, id: object) -> bool:
        if not isinstance(kind, str) or not isinstance(id, str):
            return False
        if kind == "segment":
            document, _, where = id.partition("#")
            return document in ids["document"] and place.fullmatch(where) is not None
        return id in owners.get(kind, ())

    if (frame := frames.get("links")) is not None:
        frames["links"] = frame.assign(
            **{id: frame[id].mask(frame[kind] == STUDY, STUDY) for kind, id in ENDS if {kind, id} <= set(frame)}
        )
    for name, ends, what in (
        ("links", ENDS, "links to things that are not there"),
        ("variable_values", (UNIT,), "values of variables, cases or documents that are not there"),
    ):
        if (frame := frames.get(name)) is not None and len(frame):
            there = [True] * len(frame)
            for kind, id in ends:
                pairs = zip(_cells(frame, kind), _cells(frame, id))
                there = [before and known(*pair) for before, pair in zip(there, pairs)]
            frames[name] = frame[there].reset_index(drop=True)
            if lost := len(frame) - sum(there):
                found.left_out.add(what, n=lost)
    if (frame := frames.get("sets")) is not None and "member" in frame:
        there = [known(kind, id) for kind, id in zip(frame["member_kind"], frame["member"])]
        frames["sets"] = frame.assign(member=frame["member"].where(pd.Series(there, index=frame.index, dtype="bool")))
        if lost := int(frame["member"].notna().sum()) - sum(there):
            found.left_out.add("members of sets that are not there", n=lost)
    if (frame := frames.get(DECISIONS)) is not None and "decided_code" in frame:
        frames[DECISIONS] = frame.assign(decided_code=frame["decided_code"].where(frame["decided_code"].isin(codes)))
    if (frame := frames.get(DECISIONS)) is not None and DIFFERENCE in frame:
        frames[DECISIONS] = frame.assign(**{DIFFERENCE: _differences(frame, codes, ids)})


def _cells(frame: pd.DataFrame, column: str) -> list[object]:
    return frame[column].tolist() if column in frame else [None] * len(frame)


def _differences(frame: pd.DataFrame, codes: Container[str], ids: Ids) -> list[str]:
    """Return the id of each difference made of neutral ids; a number where it names no document, coder or code."""
    out = []
    for number, (document, cell) in enumerate(zip(frame["document"], frame[DIFFERENCE]), start=1):
        sides = _sides(str(cell).removeprefix(f"{document}:"), codes, ids["coder"])
        marks = [f"{ids['coder'][coder]}={rest}" for coder, rest in sides] or [f"difference {number}"]
        out.append(":".join([ids["document"].get(document, document), *marks]))
    return out


def _sides(mark: str, codes: Container[str], coders: Container[str]) -> list[tuple[str, str]]:
    """Return coder and what each gave, of the two sides of a difference; empty where they are not known."""
    if len(mark) > MAX_MARK:
        return []
    for cut in (found.start() for found in re.finditer(":", mark)):
        sides = [_side(part, codes, coders) for part in (mark[:cut], mark[cut + 1 :])]
        if sides[0] and sides[1]:
            return [sides[0], sides[1]]
    return []


def _side(part: str, codes: Container[str], coders: Container[str]) -> tuple[str, str] | None:
    for cut in (found.start() for found in re.finditer("=", part)):
        rest = part[cut + 1 :]
        if part[:cut] in coders:
            span = _SPAN.search(rest)
            if rest == "-" or (span and rest[: span.start()] in codes):
                return part[:cut], rest
    return None


def _named(who: Coder, name: str, ids: Ids) -> Coder:
    """Return a coder whose name, which was the id, is now the description."""
    return who if ids["coder"].get(name, name) == name else who.model_copy(update={"description": name})


def _natural(item: tuple[str, object]) -> tuple[str, int]:
    found = re.fullmatch(rf"(.*[^0-9])([0-9]{{1,{MOST_DIGITS}}})", item[0], re.DOTALL)
    return (found[1], int(found[2])) if found else (item[0], 0)
