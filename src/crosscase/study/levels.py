"""What is public of a study and what stays under `restricted/`: one split when it is written, one join when read.

The dictionary says which columns people may be known by (`crosscase:level`). They lie in `restricted/<study>/`, in
tables of the same names, until `public:` in `study.yml` names them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from crosscase import tables
from crosscase.study.model import Coder, StudyInfo, blank_info

ALL, ABOUT, MEMOS = "all", "study", "memos"
SAID = (
    "title", "short_title", "question", "stance_note", "design", "country", "sector", "fieldwork", "case_noun",
    "case_noun_plural", "authors", "publications", "propositions", "not_stated", "not_in_file", "ours", "reflexivity",
    "licence", "origin",
)  # fmt: skip
"""Keys of `study.yml` that hold somebody's words; the others are terms and ids."""
NAMED = ("label", "title")
"""Columns for which the id stands where nothing may be read."""

Public = str | Collection[str]


def is_released(public: Public, table: str, column: str = "") -> bool:
    """Tell whether a study has released a column, `memos`, or a key of `study.yml` (as the table `study`).

    `public` is what `study.yml` says under that key: `all`, or names such as `cases.label`, `memos`, `study.title`.

    Examples
    --------
    >>> is_released("all", "cases", "label"), is_released(["cases.label"], "cases", "country")
    (True, False)
    """
    return public == ALL or (f"{table}.{column}" if column else table) in public


def releasable() -> dict[str, str]:
    """Return what a study can release, `table.column` or `memos` or `study.key` -> what it holds."""
    out = {
        f"{name}.{item['name']}": item["description"]
        for name in tables.names()
        for item in tables.schema(name).fields
        if item.get(tables.LEVEL) == "restricted" and tables.schema(name).level == "public"
    }
    del out["documents.sha256"]  # of a text that is not released it gives a short one back to whoever guesses
    out |= {MEMOS: "The memos of the study, whole."}
    return out | {f"{ABOUT}.{key}": f"The key {key} of study.yml." for key in (*SAID, "coders")}


def split(
    frame: pd.DataFrame, of: tables.Schema, public: Public, withheld: Mapping[str, pd.Series] | None = None
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    """Part a table into what goes to `data/` and what goes to `restricted/`; None where nothing does.

    `withheld` are by column the rows whose cells stay back although the column is public: they repeat a text.
    """
    if of.level == "restricted":
        return None, frame
    if frame.empty:
        return frame, None
    hidden = [c for c in (*of.restricted, *of.guarded) if c in frame and c not in of.key]
    frame = _without_stand_ins(frame, of)
    shown, kept = frame.copy(), frame[[*of.key, *hidden]].copy()
    for column in hidden:
        back, held = frame[column].notna(), (withheld or {}).get(column)
        if column in of.guarded or is_released(public, of.name, column):
            back &= False if held is None else held.reindex(frame.index, fill_value=False).astype(bool)
        elif pattern := of.open_pattern(column):
            back &= ~frame[column].astype("str").str.fullmatch(pattern).fillna(False).astype(bool)
        shown[column] = frame[column].where(~back)
        kept[column] = frame[column].where(back)
    some = kept[hidden].notna().any(axis=1) if hidden else pd.Series(False, index=kept.index)
    return in_order_of_ids(shown, of), kept[some] if some.any() else None


def _without_stand_ins(frame: pd.DataFrame, of: tables.Schema) -> pd.DataFrame:
    """Return a table without the ids that stand in the place of labels which could not be read."""
    if len(of.key) == 1:
        for column in (c for c in NAMED if c in frame and c in of.restricted):
            frame = frame.assign(**{column: frame[column].where(frame[column] != frame[of.key[0]])})
    return frame


def in_order_of_ids(frame: pd.DataFrame, of: tables.Schema) -> pd.DataFrame:
    """Put rows in the order of their neutral ids, so that the order of a file, often that of names, is not told."""
    ids = [c for c in of.key if c in (*of.ids, "id")] or (["document"] if "document" in of.ids else [])
    return frame.sort_values(ids, kind="stable", ignore_index=True) if ids else frame


def join(shown: pd.DataFrame, kept: pd.DataFrame | None, of: tables.Schema) -> pd.DataFrame:
    """Return the whole table: what `data/` leaves open is filled from `restricted/` by the key of each row.

    Cases, documents and the like come in the order that they have under `restricted/`, which is that of the file.
    """
    if kept is None or kept.empty or shown.empty:
        return shown
    out, key = shown.copy(), list(of.key)
    by_key = kept.drop_duplicates(key).set_index(key)
    rows = out[key[0]] if len(key) == 1 else pd.MultiIndex.from_frame(out[key])
    for column in (c for c in (*of.restricted, *of.guarded) if c in kept and c not in key):
        found = by_key[column].reindex(rows).to_numpy() if len(key) > 1 else rows.map(by_key[column]).to_numpy()
        there = pd.Series(found, index=out.index, dtype="object")
        out[column] = out[column].astype("object").where(out[column].notna(), there)
    if len(key) == 1 and key[0] in of.ids and of.ids[key[0]] != "coding":
        order = {id: number for number, id in enumerate(kept[key[0]])}
        out = out.sort_values(key[0], key=lambda ids: ids.map(order), kind="stable", ignore_index=True)
    return tables.typed(out, of)


def named(frame: pd.DataFrame, of: tables.Schema) -> pd.DataFrame:
    """Return a table in which the id stands where a label or title is needed and none may be read."""
    for column in (c for c in NAMED if c in frame and of.constraint(c, "required")):
        if frame[column].isna().any():
            ids = frame[list(of.key)].astype("str").agg("/".join, axis=1)
            frame = frame.assign(**{column: frame[column].where(frame[column].notna(), ids)})
    return frame


def split_info(info: StudyInfo, name: str, typed: StudyInfo | None) -> tuple[StudyInfo, dict[str, Any]]:
    """Part what `study.yml` says into the public file and what lies under `restricted/`.

    The id of the study stands for a title that is not public; what stands in the public file (`typed`) stays there.
    """
    if info.public == ALL:
        return info, {}
    blank, hidden, shown = blank_info(name), {}, {}
    for key in SAID:
        value = getattr(info, key)
        stands = typed is not None and getattr(typed, key) == value
        if value != getattr(blank, key) and not stands and not is_released(info.public, ABOUT, key):
            hidden[key], shown[key] = info.model_dump(mode="json")[key], getattr(blank, key)
    coders = {}
    for coder, who in info.coders.items():
        stands = typed is not None and typed.coders.get(coder, Coder(kind=who.kind)).description == who.description
        if who.description and not stands and not is_released(info.public, ABOUT, "coders"):
            hidden.setdefault("coders", {})[coder] = who.description
            who = Coder(kind=who.kind)
        coders[coder] = who
    return info.model_copy(update={**shown, "coders": coders}), hidden
