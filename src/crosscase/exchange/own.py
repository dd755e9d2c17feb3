"""A whole study in one file of ours: JSON, which carries everything, and a workbook, which people can read."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from crosscase import documents, tables
from crosscase.errors import CrosscaseError, Problem, raise_if, shortened, shown
from crosscase.exchange import folder, names
from crosscase.exchange.imported import Imported
from crosscase.exchange.outgoing import Outgoing, coder_columns
from crosscase.exchange.sheet_reader import read_sheets, sheet_names
from crosscase.exchange.tabular import guard, segments_table, unguard
from crosscase.publish.sheets import write_workbook
from crosscase.publish.words import level_words
from crosscase.study import StudyInfo, list_frameworks, load_framework
from crosscase.study.files import OUTDATED
from crosscase.study.load import table_names

MARK = "crosscase-study"
VERSION = 1
STUDY_SHEET = "study"
MEMO_SHEET = "memos"
SEGMENT_SHEET = "segments"
CELL = 32_767
MAX_JSON = 1024**3
HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Halves of letters, which JSON may hold alone and a file may not."""
MOST_DIGITS = 18


def _tables(out: Outgoing) -> dict[str, pd.DataFrame]:
    frames = {name: out.codings() if name == "codings" else out.study.whole(name) for name in table_names()}
    frames = {name: frame for name, frame in frames.items() if not frame.empty or tables.schema(name).required}
    if out.anonymous:
        coders = out.coder_names()
        for name, frame in frames.items():
            for column in {*coder_columns(name), "by"} & set(frame):
                frame[column] = frame[column].map(coders).astype("str")
        for frame in (frames[name] for name in ("cfir_ratings",) if name in frames):
            others = [rater for rater in frame["rater"].unique() if rater not in coders]
            shown_as = coders | {rater: f"rater {number}" for number, rater in enumerate(others, start=1)}
            frame["rater"] = frame["rater"].map(shown_as).astype("str")
    for name, frame in frames.items():
        if not frame.empty:
            out.counts[f"rows of {name}"] = len(frame)
    return frames


def _info(out: Outgoing) -> dict[str, Any]:
    content = out.study.info.model_dump(exclude_defaults=True)
    if out.anonymous:
        shown_as = out.coder_names()
        for key in ("authors", "reflexivity"):
            content.pop(key, None)
        coders = content.pop("coders", {})
        content["coders"] = {shown_as[coder]: {"kind": who["kind"]} for coder, who in coders.items()}
        if content.get("primary_coder") in shown_as:
            content["primary_coder"] = shown_as[content["primary_coder"]]
    return content


def write_json(out: Outgoing, path: Path) -> None:
    """Write a study as one JSON file: `study.yml`, all tables as they are in CSV, memos, and texts where asked for."""
    frames = {name: tables.to_csv(frame, tables.schema(name)) for name, frame in _tables(out).items()}
    content: dict[str, Any] = {MARK: VERSION, "name": out.study.name, "level": out.level}
    content |= {"info": _info(out), "tables": {}}
    for name, text in frames.items():
        raw = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        content["tables"][name] = {"columns": list(raw.columns), "rows": raw.values.tolist()}
    content["memos"] = out.memos()
    if out.texts:
        kinds = out.study.documents[["document", "kind"]].itertuples(index=False)
        found = {document: out.text(document, kind) for document, kind in kinds}
        content["texts"] = {document: text for document, text in found.items() if text is not None}
        if lost := len(found) - len(content["texts"]):
            out.not_carried.add("documents that are no text, or whose text is not here", n=lost)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_json(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a JSON file of ours; `CrosscaseError` where it is none, or its tables break their rules."""
    try:
        raw = folder.read(path, most=MAX_JSON).decode("utf-8-sig")
        content = json.loads(raw)
        if HALF.search(raw):
            content = json.loads(names.whole(json.dumps(content, ensure_ascii=False)))
    except (ValueError, RecursionError) as error:
        raise CrosscaseError(Problem(path.name, "the file is JSON in UTF-8", str(error)[:120])) from None
    if not isinstance(content, dict) or content.get(MARK) != VERSION:
        found = shown(content.get(MARK) if isinstance(content, dict) else type(content).__name__)
        raise CrosscaseError(Problem(path.name, f"the key {MARK} says the version", found, str(VERSION)))
    try:
        frames = {
            str(name): pd.DataFrame(table["rows"], columns=table["columns"], dtype="object")
            for name, table in content.get("tables", {}).items()
        }
        memos = {str(k): str(v) for k, v in content.get("memos", {}).items()}
        texts = {str(k): documents.normalise(str(v)) for k, v in content.get("texts", {}).items()}
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise CrosscaseError(Problem(path.name, "tables hold columns and rows", type(error).__name__)) from None
    return _checked(path.name, "Crosscase study in one JSON file", content.get("info"), frames, memos, texts)


def write_workbook_of(out: Outgoing, path: Path) -> None:
    """Write a study as a workbook: a sheet per table, the coded segments with labels first, formulas neutral."""
    sheets = {SEGMENT_SHEET: segments_table(out)}
    sheets |= _tables(out)
    info = [(key, json.dumps(value, ensure_ascii=False)) for key, value in _info(out).items()]
    sheets[STUDY_SHEET] = pd.DataFrame(info, columns=["key", "value"])
    if memos := out.memos():
        sheets[MEMO_SHEET] = pd.DataFrame(list(memos.items()), columns=["memo", "text"])
    for name, frame in sheets.items():
        text = frame.select_dtypes(include=["str", "object"])
        if cut := int(text.map(lambda cell: isinstance(cell, str) and len(cell) > CELL - 1).to_numpy().sum()):
            out.not_carried.add(f"sheet {name}: the end of cells longer than a workbook allows", n=cut)
        sheets[name] = frame.astype(object).where(frame.notna(), None).map(_guard)
    write_workbook(path, sheets, out.study.info.title, level_words(out.level))


def _guard(cell: object) -> object:
    """Guard a cell for a writer that puts the quote before formulas itself."""
    if not isinstance(cell, str):
        return guard(cell)
    guarded = str(guard(cell))
    return cell if guarded[1:] == cell and not cell.startswith("'") else guarded


def is_ours(path: Path) -> bool:
    """Tell whether a workbook is one of ours."""
    return {STUDY_SHEET, "documents", "codebook", "codings"} <= set(sheet_names(path))


def read_workbook(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a workbook of ours; `CrosscaseError` where it is broken, or its tables break their rules."""
    sheets = {name: frame.map(unguard) for name, frame in read_sheets(path).items()}
    try:
        info = {str(k): json.loads(str(v)) for k, v in sheets[STUDY_SHEET][["key", "value"]].itertuples(index=False)}
        memos = {}
        if MEMO_SHEET in sheets:
            memos = {str(k): str(v) for k, v in sheets[MEMO_SHEET][["memo", "text"]].itertuples(index=False)}
    except (KeyError, ValueError, RecursionError) as error:
        found = str(error)[:120]
        raise CrosscaseError(Problem(f"{path.name}, sheet study", "each key has a JSON value", found)) from None
    frames = {name: frame for name, frame in sheets.items() if name in table_names()}
    found_in = _checked(path.name, "Crosscase study in one workbook", info, frames, memos, {})
    found_in.notes.append("A workbook holds no texts: put them under restricted/ with their own command.")
    return found_in


def _checked(
    place: str, format: str, info: object, frames: dict[str, pd.DataFrame], memos: dict[str, str], texts: dict[str, str]
) -> Imported:
    problems: list[Problem] = []
    out = Imported(format, "Crosscase", memos=memos)
    out.texts.update(texts)
    try:
        out.info = StudyInfo.model_validate(info)
    except ValidationError as error:
        for item in error.errors():
            key = shortened(".".join(map(str, item["loc"])))
            problems.append(Problem(f"{place}, study, key {key}", item["msg"], shown(item["input"], 80)))
    for name, raw in frames.items():
        if name not in table_names():
            problems.append(Problem(f"{place}, table {name!a}", "only tables of the dictionary", "another"))
            continue
        schema = tables.schema(name)
        raw = raw.drop(columns=[column for column in OUTDATED if column in raw])
        cells = raw.astype(object).where(raw.notna(), None).map(_cell)
        if too_long := _long_numbers(cells, schema, f"{place}, table {name}"):
            problems += too_long
            continue
        text = cells.to_csv(index=False, lineterminator="\n")
        frame, found = tables.problems_in(text, schema, f"{place}, table {name}")
        problems += found
        if frame is not None:
            out.frames[name] = frame
            out.counts[f"rows of {name}"] = len(frame)
    for name in (n for n in ("documents", "codebook", "codings", "cases") if n not in frames):
        problems.append(Problem(place, f"the table {name} is required", "none"))
    raise_if(problems[:50])
    _only_own_files(place, out)
    _only_known_constructs(out)
    return out


def _only_known_constructs(out: Imported) -> None:
    """Leave out what names a framework or construct that is not here: it could be any words."""
    constructs: dict[str, set[str]] = {}
    for name in (name for name in ("framework_map", "cfir_ratings") if name in out.frames):
        frame = out.frames[name]
        for each in set(frame["framework"]) & set(list_frameworks()) - set(constructs):
            constructs[each] = set(load_framework(each)["construct"])
        pairs = zip(frame["framework"], frame["construct"])
        there = [construct in constructs.get(framework, ()) for framework, construct in pairs]
        if lost := len(frame) - sum(there):
            out.frames[name] = frame[there].reset_index(drop=True)
            out.counts[f"rows of {name}"] = sum(there)
            out.left_out.add(f"rows of {name}: the framework or construct is not in data/frameworks", n=lost)


def _long_numbers(cells: pd.DataFrame, schema: tables.Schema, place: str) -> list[Problem]:
    """Return a problem for each column of whole numbers that holds one of more digits than any count has."""
    problems = []
    for column in (c for c in dict.fromkeys(cells.columns) if schema.dtypes.get(c) == "Int64"):
        # a column may be there twice, which is a problem of its own
        values = cells.loc[:, cells.columns == column].iloc[:, 0].tolist()
        for number, value in enumerate(values, start=2):
            if isinstance(value, str) and len(value) > MOST_DIGITS and re.search(rf"\d{{{MOST_DIGITS + 1}}}", value):
                rule = f"a whole number has at most {MOST_DIGITS} digits"
                where = f"{place}, row {number}, column {column}"
                problems.append(Problem(where, rule, shortened(value), remedy="correct the cell"))
                break
    return problems


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if value is None else str(value)


def _only_own_files(place: str, out: Imported) -> None:
    """Refuse names of files that lead anywhere, and texts that are not the ones that were coded."""
    problems = []
    hashes = dict(zip(out.frames["documents"]["document"], out.frames["documents"]["sha256"]))
    for name in [*out.memos, *out.texts, *hashes]:
        if not re.fullmatch(r"[^\\/:*?\"<>|\x00-\x1f]{1,120}", name) or name.strip(". ") == "":
            rule = "the name of a document or memo is a plain file name"
            problems.append(Problem(f"{place}, {ascii(name)[:80]}", rule))
    for name, text in out.texts.items():
        content = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        if name not in hashes:
            problems.append(Problem(f"{place}, text {ascii(name)[:80]}", "each text belongs to a document", "none"))
        elif pd.notna(hashes[name]) and hashes[name] != hashlib.sha256(content).hexdigest():
            rule = "the text is the one that was coded (SHA-256)"
            problems.append(Problem(f"{place}, text {ascii(name)[:80]}", rule))
    raise_if(problems[:50])
