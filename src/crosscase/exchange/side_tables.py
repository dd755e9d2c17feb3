"""The tables beside documents and codings: variables, memos, links and sets, the file's keys replaced by our ids."""

from __future__ import annotations

import pandas as pd

from crosscase import tables
from crosscase.exchange import names
from crosscase.exchange.builder import Builder
from crosscase.exchange.imported import Imported


def plain_ids(labels: dict[str, str], fallback: str) -> dict[str, str]:
    """Return a plain id for each key, unique, made of its label."""
    taken: set[str] = set()
    ids = {}
    for key, text in labels.items():
        ids[key] = names.unique(names.slug(text, fallback), taken)
        taken.add(ids[key])
    return ids


def side_tables(
    found: Builder,
    frames: dict[str, pd.DataFrame],
    codes: dict[str, str],
    cases: dict[str, str],
    segments: pd.DataFrame,
    out: Imported,
) -> None:
    """Add variables, memos, links and sets, with the file's keys replaced by our ids."""
    variables = plain_ids({key: label for key, (label, _, _) in found.variables.items()}, "variable")
    documents = {key: document.id for key, document in found.documents.items()}
    memos = plain_ids({key: title for key, (title, _, _, _) in found.memos.items()}, "memo")
    ids = {"case": cases, "code": codes, "document": documents, "memo": memos}
    frames["variables"] = pd.DataFrame(
        [
            {"variable": variables[key], "label": label, "type": type_, "description": text or None}
            for key, (label, type_, text) in found.variables.items()
        ],
        columns=tables.schema("variables").columns,
    )
    rows = []
    for (unit, key, variable), value in found.values.items():
        if key in ids[unit] and variable in variables:
            rows.append({"unit": unit, "id": ids[unit][key], "variable": variables[variable], "value": value})
        else:
            out.left_out.add("values of variables, cases or documents that are not there")
    frames["variable_values"] = pd.DataFrame(rows, columns=tables.schema("variable_values").columns)
    _memos(found, frames, memos, out)
    frames["links"] = _links(found, ids, segments, out)
    frames["sets"] = _sets(found, ids, out)


def _memos(found: Builder, frames: dict[str, pd.DataFrame], memos: dict[str, str], out: Imported) -> None:
    rows = []
    for key, (title, text, coder, when) in found.memos.items():
        out.memos[memos[key]] = text or "(empty)"
        by = found.coders[coder][0] if coder in found.coders else None
        rows.append({"memo": memos[key], "title": title, "coder": by, "date": when})
    frames["memo_index"] = pd.DataFrame(rows, columns=tables.schema("memo_index").columns)


def _links(found: Builder, ids: dict[str, dict[str, str]], segments: pd.DataFrame, out: Imported) -> pd.DataFrame:
    def resolved(kind: str, key: str) -> str | None:
        if kind == "study":
            return "study"
        if kind != "segment":
            return ids[kind].get(key)
        row = segments.loc[int(key)]
        if not row["ok"] or row["document"] not in ids["document"]:
            return None
        where = f"{row['start']}-{row['end']}" if pd.notna(row["start"]) else row["locator"]
        return f"{ids['document'][row['document']]}#{where}"

    rows: list[dict[str, str | None]] = []
    for kind, label, direction, source, target in found.links:
        ends = resolved(*source), resolved(*target)
        if None in ends:
            out.left_out.add("links to things that are not there")
            continue
        row = {"kind": kind, "label": label or None, "direction": direction or None}
        row |= {"source_kind": source[0], "source": ends[0], "target_kind": target[0], "target": ends[1]}
        rows.append(row | {"link": f"l{len(rows) + 1:05d}"})
    return pd.DataFrame(rows, columns=tables.schema("links").columns)


def _sets(found: Builder, ids: dict[str, dict[str, str]], out: Imported) -> pd.DataFrame:
    names_of = plain_ids({key: label for key, (label, _, _) in found.sets.items()}, "set")
    rows: list[dict[str, str | None]] = []
    for key, (label, text, members) in found.sets.items():
        base = {"set": names_of[key], "label": label, "description": text or None}
        kept = [(kind, ids[kind][member]) for kind, member in dict.fromkeys(members) if member in ids[kind]]
        if len(kept) < len(members):
            out.left_out.add("members of sets that are not there", n=len(members) - len(kept))
        pairs: list[tuple[str | None, str | None]] = [*kept] or [(None, None)]
        for kind, member in pairs:
            rows.append({**base, "row": f"s{len(rows) + 1:05d}", "member_kind": kind, "member": member})
    return pd.DataFrame(rows, columns=tables.schema("sets").columns)
