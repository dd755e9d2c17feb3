"""From what a reader collected to the tables of the dictionary, with everything that looks wrong told."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from crosscase import documents as spans
from crosscase import tables
from crosscase.exchange import names, positions
from crosscase.exchange.belonging import place_in_cases
from crosscase.exchange.builder import WHOLE, Builder
from crosscase.exchange.imported import Imported
from crosscase.exchange.language import detect
from crosscase.exchange.report import Remarks
from crosscase.exchange.side_tables import plain_ids, side_tables
from crosscase.study.model import Coder

NOTHING = np.zeros(0, np.int64)
NOT_NAMED = "\0not named"
UNLISTED = "codings by somebody who is not among the users of the file, kept under a number"
NO_DATE = "dates of codings that are not year-month-day or day.month.year"
NO_CODE = "codings whose code is not in the codebook"
NO_DOCUMENT = "codings whose document is not there"
OUTSIDE = "segments outside their text, or of no length"
UNSEEN = "segments whose text is not in the file, kept where the program says that they lie"
CLIPPED = "segments that end beyond their text, cut off at its end"
CUT = "segments that begin or end inside a word"
SAME_NAME = "code names that occur more than once, told apart by the code above"
SAME_PLACE = "codes with the same name in the same place, kept apart by a number"
MAX_UNITS = 10_000_000
TWICE = "codings that are there twice (same segment, code and coder), both kept"


def assemble(found: Builder) -> Imported:
    """Return the study that a reader collected: tables that pass the check of a study, texts, memos, and remarks."""
    out = Imported(found.format, found.origin, found.title, found.description)
    out.left_out, out.warnings, out.notes, out.mapping = found.left_out, found.warnings, found.notes, found.mapping
    codes = _code_ids(found, out.warnings)
    cases = plain_ids({key: case.label for key, case in found.cases.items()}, "case")
    texts, segments = _segments(found, out)
    codings = _codings(found, segments, codes, out)
    frames = {"documents": _documents(found, texts, out), "codebook": _codebook(found, codes)}
    frames["cases"] = _cases(found, cases)
    frames["codings"], memberships = place_in_cases(found, codings, segments, cases, frames["documents"], out)
    frames["memberships"] = memberships
    frames["units"], frames["pages"] = _maps(found, texts, frames["documents"], out)
    frames |= _named(found)
    side_tables(found, frames, codes, cases, segments, out)
    out.frames = {name: tables.typed(frame, tables.schema(name)) for name, frame in frames.items()}
    out.texts = {**{found.documents[key].id: text for key, text in texts.items()}, **found.originals}
    who = {coder: "" if label == coder else label for coder, label in found.coders.values()}
    out.coders = {coder: Coder(kind="person", description=label) for coder, label in who.items()}
    _count(found, out)
    return out


def _code_ids(found: Builder, warnings: Remarks) -> dict[str, str]:
    """Return an id per code: its label, with the label above it where two codes share a name; circles are cut."""
    sound: set[str] = set()
    for key, code in found.codes.items():
        if code.parent is not None and code.parent not in found.codes:
            warnings.add("codes whose parent is not there, put at the top", repr(code.label))
            code.parent = None
        seen, at = {key}, code.parent
        while at is not None and at not in sound and at not in seen:
            seen.add(at)
            at = found.codes[at].parent if found.codes[at].parent in found.codes else None
        sound |= seen if at is None or at in sound else set()
        if at == key:
            warnings.add("codes above themselves (a circle), put at the top", repr(code.label))
            code.parent = None
    slugs = {key: names.slug(code.label, "code") for key, code in found.codes.items()}
    often = pd.Series(list(slugs.values()), dtype="object").value_counts()
    places = Counter((code.parent, code.label) for code in found.codes.values())
    labels = Counter(code.label.casefold() for code in found.codes.values())
    taken: set[str] = set()
    ids: dict[str, str] = {}
    for key, code in found.codes.items():
        wanted = slugs[key]
        if often[wanted] > 1:
            same = places[(code.parent, code.label)] > 1
            if labels[code.label.casefold()] > 1:
                warnings.add(SAME_PLACE if same else SAME_NAME, repr(code.label))
            wanted = f"{slugs[code.parent]}/{wanted}" if code.parent is not None else wanted
        ids[key] = names.unique(wanted, taken)
        taken.add(ids[key])
    return ids


def _segments(found: Builder, out: Imported) -> tuple[dict[str, str], pd.DataFrame]:
    """Return the normalised texts, and the segments in code points with what is wrong with each."""
    columns = ["document", "start", "end", "locator"]
    frame = pd.DataFrame(found.segments, columns=columns)
    frame["ok"] = True
    frame["paragraph"] = pd.NA
    start = pd.to_numeric(frame["start"], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    end = pd.to_numeric(frame["end"], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    spanned = np.isfinite(start) & np.isfinite(end) & (np.abs(start) < 2**50) & (np.abs(end) < 2**50)
    a, b = np.where(spanned, start, 0).astype(np.int64), np.where(spanned, end, 0).astype(np.int64)
    rows = {key: index.to_numpy() for key, index in frame[spanned].groupby("document", sort=False).groups.items()}
    raws = {key: document.raw for key, document in found.documents.items() if document.raw is not None}
    reading = _reading(found, rows, raws, a, b, out)
    placed = _placed(found, a, b, spanned)
    ok, blocks = np.ones(len(frame), bool), np.zeros(len(frame), np.int64)
    texts: dict[str, str] = {}
    for key, raw in raws.items():
        text = texts[key] = spans.normalise(raw)
        blocks_of = spans.paragraph_spans(text)[:, 0]
        found.documents[key].raw, found.documents[key].paragraphs = None, len(blocks_of)
        at, own = rows.pop(key, NOTHING), placed.get(key, NOTHING)
        if reading is not None:
            all_of_it = b[at] == WHOLE
            a[at], b[at] = positions.to_code_points(raw, a[at], b[at], reading)
            b[at[all_of_it]] = WHOLE
        title, at = found.documents[key].id, np.concatenate([at, own])
        _verify(text, title, at, a, b, ok, out)
        blocks[at] = blocks_of.searchsorted(a[at], side="right").clip(min=1)
    for key, at in rows.items():
        ok[at] = (a[at] >= 0) & (a[at] < b[at]) & (b[at] < WHOLE) & (key in found.documents)
        if kept := int(ok[at].sum()):
            out.warnings.add(UNSEEN, found.documents[key].id, n=kept)
    located = frame["locator"].notna().to_numpy()
    frame["ok"] = (ok & spanned) | located
    text_ok = ok & spanned
    frame["start"] = pd.Series(a, dtype="Int64").where(text_ok)
    frame["end"] = pd.Series(b, dtype="Int64").where(text_ok)
    frame["paragraph"] = pd.Series(blocks, dtype="Int64").where(text_ok & (blocks > 0))
    frame["known"] = frame["document"].isin(list(found.documents))
    return texts, frame


def _placed(found: Builder, a: np.ndarray, b: np.ndarray, spanned: np.ndarray) -> dict[str, np.ndarray]:
    """Put in the places that we found ourselves; return their numbers by document."""
    numbers: dict[str, list[int]] = {}
    for number, (start, end) in found.placed.items():
        a[number], b[number], spanned[number] = start, end, True
        numbers.setdefault(found.segments[number][0], []).append(number)
    return {key: np.array(mine, np.int64) for key, mine in numbers.items()}


def _reading(
    found: Builder, rows: dict[str, np.ndarray], raws: dict[str, str], a: np.ndarray, b: np.ndarray, out: Imported
) -> positions.Reading | None:
    """Choose how positions were counted, and say so; None where they are code points already."""
    if found.expected is None:
        return None
    selections = [(raws[key], at[b[at] < WHOLE]) for key, at in rows.items() if key in raws]
    choice = positions.calibrate([(raw, a[at], b[at]) for raw, at in selections], found.expected, trust=found.trusted)
    if choice.n:
        share = f"{choice.score:.1%} of the borders of {choice.n:,} segments lie at words"
        out.positions.append(f"read as {choice.reading}: {share}")
        for rival, score in choice.rivals[:3]:
            out.positions.append(f"not as {rival}: {score:.1%}")
        if choice.reading != choice.expected:
            expected = f"positions are not as {found.origin or 'the standard'} is known to count ({choice.expected})"
            out.warnings.add(expected)
    return choice.reading


def _verify(text: str, title: str, at: np.ndarray, a: np.ndarray, b: np.ndarray, ok: np.ndarray, out: Imported) -> None:
    """Cut off what ends beyond the text, refuse what has no length, flag what cuts words."""
    length = len(text)
    for row, i, j in zip(at.tolist(), a[at].tolist(), b[at].tolist()):
        if not 0 <= i < min(j, length):
            ok[row] = False
            out.left_out.add(OUTSIDE, f"{title} {i}-{j if j < WHOLE else length} of {length}")
            continue
        if j == WHOLE:
            b[row] = length
            continue
        if j > length:
            out.warnings.add(CLIPPED, f"{title} {i}-{j} of {length}")
            b[row] = j = length
        if positions.cuts(text, i, j):
            out.warnings.add(CUT, f"{title} {i}-{j}")


def _codings(found: Builder, segments: pd.DataFrame, codes: dict[str, str], out: Imported) -> pd.DataFrame:
    """Return the codings that have a code, a document and a segment, in reading order."""
    frame = pd.DataFrame(found.codings, columns=["segment", "code_key", "coder_key", "date", "memo"])
    frame["code"] = frame["code_key"].map(codes).astype("object")
    for column in ("valence", "round", "theme", "role", "role_mode"):
        given = {number: extra[column] for number, extra in found.coding_extra.items() if column in extra}
        frame[column] = pd.Series(given, index=frame.index, dtype="object")
    place = segments.loc[frame["segment"], ["document", "start", "end", "locator", "ok", "known", "paragraph"]]
    frame = pd.concat([frame, place.set_axis(frame.index)], axis=1)
    no_code, no_document = frame["code"].isna(), ~frame["known"].astype(bool)
    for remark, rows in ((NO_CODE, no_code), (NO_DOCUMENT, no_document & ~no_code)):
        if rows.any():
            out.left_out.add(remark, n=int(rows.sum()))
    lost = ~no_code & ~no_document & ~frame["ok"].astype(bool)
    if lost.any():
        out.left_out.add("codings on those segments", n=int(lost.sum()))
    if len(out.left_out):
        frame = frame[~no_code & ~no_document & ~lost]
    frame = frame.assign(coder_key=_known_coders(frame["coder_key"], found, out))
    frame = frame.assign(coder=frame["coder_key"].map({key: coder for key, (coder, _) in found.coders.items()}))
    frame, twice = _in_reading_order(frame, list(found.documents))
    if twice:
        out.warnings.add(TWICE, n=twice)
    stamp = {raw: names.date(raw) for raw in set(frame["date"]) if raw == raw and raw}
    stamp = {raw: names.day(when) for raw, when in stamp.items()} if found.trusted else stamp
    if unread := {raw for raw, when in stamp.items() if when is None and str(raw).strip()}:
        for raw, n in frame.loc[frame["date"].isin(unread), "date"].value_counts(sort=False).items():
            out.left_out.add(NO_DATE, repr(names.label(raw))[:40], n=int(n))
    note = {raw: names.prose(raw) or None for raw in set(frame["memo"]) if raw == raw and raw}
    return frame.assign(date=frame["date"].map(stamp), memo=frame["memo"].map(note))


def _known_coders(keys: pd.Series, found: Builder, out: Imported) -> pd.Series:
    """Return the keys of coders; whoever is in no list of users stays a coder of their own."""
    strange = ~keys.isin(list(found.coders))
    if not strange.any():
        return keys
    unlisted = [key for key in dict.fromkeys(keys[strange]) if isinstance(key, str) and key]
    for number, key in enumerate(unlisted, start=1):
        found.coder(key, f"unlisted user {number}")
        out.warnings.add(UNLISTED, found.coders[key][0], n=int((keys == key).sum()))
    unnamed = ~keys.isin(list(found.coders))
    if unnamed.any():
        found.coder(NOT_NAMED, "not named")
        out.warnings.add("codings without a known coder, kept under the coder 'not named'", n=int(unnamed.sum()))
    return keys.where(~unnamed, NOT_NAMED)


def _in_reading_order(frame: pd.DataFrame, documents: list[str]) -> tuple[pd.DataFrame, int]:
    """Return codings by document, place, code and coder, and how many are there twice."""
    keys = [_ranks(frame["document"], documents)]
    keys += [frame[column].to_numpy("float64", na_value=np.inf) for column in ("start", "end")]
    keys += [_ranks(frame[column]) for column in ("locator", "code", "coder")]
    order = np.lexsort(keys[::-1])
    same = np.ones(max(len(order) - 1, 0), bool)
    for key in keys:
        same &= key[order][1:] == key[order][:-1]
    return frame.iloc[order].reset_index(drop=True), int(same.sum())


def _ranks(column: pd.Series, order: list[str] | None = None) -> np.ndarray:
    """Return the place of each value in the order given, or in that of the alphabet; none comes last."""
    values = column.tolist()
    known = sorted({value for value in values if isinstance(value, str)}) if order is None else order
    rank = {value: number for number, value in enumerate(known)}
    return np.array([rank.get(value, len(rank)) for value in values], dtype=np.int64)


def _documents(found: Builder, texts: dict[str, str], out: Imported) -> pd.DataFrame:
    rows = []
    for key, document in found.documents.items():
        text, content = texts.get(key), b""
        if text is not None:
            content = text.encode("utf-8")
        elif document.original is not None:
            content = found.originals[document.original]
        row: dict[str, Any] = {"document": document.id, "title": document.title, "kind": document.kind}
        row |= {"date": document.date, "release": "none", "extractor": document.extractor}
        row["language"] = document.language or (detect(text) if text is not None else None)
        row |= {"code_points": len(text), "paragraphs": document.paragraphs} if text is not None else {}
        if text is not None or document.original:
            row["sha256"] = hashlib.sha256(content).hexdigest()
        rows.append(row)
        if text is not None and not text.strip():
            out.warnings.add("documents without text", document.id)
    return pd.DataFrame(rows, columns=tables.schema("documents").columns)


def _maps(
    found: Builder, texts: dict[str, str], documents: pd.DataFrame, out: Imported
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sentences and paragraphs, and pages, as spans; the number of sentences goes to the documents."""
    ids = {found.documents[key].id: text for key, text in texts.items()}
    pages = [
        {"document": found.documents[key].id, "page": number, "start": start, "end": end}
        for key, starts in found.pages.items()
        for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(texts.get(key, ""))]), start=1)
    ]
    table = pd.DataFrame(pages, columns=tables.schema("pages").columns)
    if sum(map(len, ids.values())) > MAX_UNITS:
        out.notes.append("The texts are too long for a table of their sentences; agreement needs units made first.")
        return pd.DataFrame(columns=tables.schema("units").columns), table
    units = spans.units(ids)
    counts = units[units["kind"] == "sentence"]["document"].value_counts()
    has_text = documents["code_points"].notna()
    documents["sentences"] = documents["document"].map(counts).fillna(0).where(has_text)
    return units, table


def _codebook(found: Builder, codes: dict[str, str]) -> pd.DataFrame:
    rows = [
        {"code": codes[key], "label": code.label, "parent": codes.get(code.parent or "")}
        | {"definition": code.definition, "color": code.color, **code.extra}
        for key, code in found.codes.items()
    ]
    return pd.DataFrame(rows, columns=tables.schema("codebook").columns)


def _cases(found: Builder, cases: dict[str, str]) -> pd.DataFrame:
    always = {"kind": "case", "coverage": "partial"}
    rows = [
        {"case": cases[key], "label": case.label, "description": case.description, **always}
        for key, case in found.cases.items()
    ]
    return pd.DataFrame(rows, columns=tables.schema("cases").columns)


def _named(found: Builder) -> dict[str, pd.DataFrame]:
    """Return themes and roles, where codings name any."""
    themes = [{"theme": key, "label": label, "kind": "theme"} for key, label in found.themes.items()]
    roles = [{"role": key, "label": label, "kind": "role"} for key, label in found.roles.items()]
    given = {"themes": themes, "roles": roles}
    return {name: pd.DataFrame(rows, columns=tables.schema(name).columns) for name, rows in given.items() if rows}


def _count(found: Builder, out: Imported) -> None:
    """Count what was read in words of the field, before anything was left out."""
    out.counts = {
        "documents": len(found.documents),
        "codes": len(found.codes),
        "codings": len(found.codings) + found.placing + found.repeated,
        "cases": len(found.cases),
        "coders": len(found.coders),
    }
    more = {
        "of the codes are categories, which the program does not code with": found.categories,
        "codings that put a code on a segment": len(found.codings) if found.placing or found.repeated else 0,
        "codings that place a segment in a case": found.placing,
        "codings that repeat another (a quotation of a PDF as words and as area, or over two pages), taken once": (
            found.repeated
        ),
        "placements of a document or segment in a case": len(found.members) - found.placing,
        "variables": len(found.variables),
        "values of variables": len(found.values),
        "memos": len(found.memos),
        "links": len(found.links),
        "sets": len(found.sets),
        "themes": len(found.themes),
        "roles": len(found.roles),
    }
    out.counts |= {what: n for what, n in more.items() if n}
