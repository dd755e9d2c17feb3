"""Read tables of coded segments: exports of MAXQDA, ATLAS.ti, NVivo, Dedoose, Taguette, or any CSV and workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from crosscase import ids, terms
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.columns import SEVERAL, guess
from crosscase.exchange.imported import Imported
from crosscase.exchange.sheet_reader import read_delimited, read_sheets
from crosscase.exchange.tabular import PATH, from_step, unguard

GAP = "\n\n"
MAX_LEVELS = 50
_LEVELS = re.compile(r"\s*(?: > |\\\\|\\|::)\s*")
_OURS = re.compile(re.escape(PATH))
_SEVERAL_CODES = re.compile(r"[\n;|]+")
OWN = {"coding_id", "document", "document_title", "case", "case_label", "code", "code_label"}
YES = {"true", "1", "yes", "x"}


def read_segments(
    path: Path, mapping: Mapping[str, str] | None = None, progress: Callable[[float], None] | None = None
) -> Imported:
    """Return the study in a table of coded segments (CSV, TSV, workbook), or in a folder of such tables, one per coder.

    The texts between the segments are not in such a table: each document is made of its distinct segments, one after
    the other, and the report says so. The mapping (heading -> field) corrects the guess. `CrosscaseError` where a link
    leads out of the folder, or no table of coded segments is in the file; the message shows what was recognised.
    """
    builder = Builder("table of coded segments", "", path.stem)
    files, inside = folder.files_of(path), path if path.is_dir() else None
    files = [file for file in files if inside is None or file.suffix.lower() in (".csv", ".tsv", ".xlsx")]
    rows: list[dict[str, str | None]] = []
    for number, file in enumerate(files, start=1):
        frame = _table(file, folder.read(file, inside), mapping or {}, builder)
        found = guess(
            frame, {k: v for k, v in (mapping or {}).items() if k in frame.columns or len(files) == 1}, file.name
        )
        builder.mapping |= {heading: field for field, heading in found.items()}
        coder = file.stem if len(files) > 1 and "coder" not in found else None
        rows += _rows(frame, found, coder, builder)
        _name_what_is_not_read(frame, found, builder)
        if progress is not None:
            progress(0.5 * number / len(files))
    if not rows:
        raise CrosscaseError(Problem(path.name, "the table holds a coded segment", "none", remedy="check the export"))
    _build(rows, builder)
    builder.notes.append(
        "The texts between the segments are not in such a table: each document consists of its segments. Agreement, "
        "coverage and the share of text coded mean little on them; import the project file to have them."
    )
    return assemble(builder)


def _name_what_is_not_read(frame: pd.DataFrame, found: Mapping[str, str], builder: Builder) -> None:
    read = {*found.values(), *(OWN if "code_path" in found else ())}
    read |= {"Codes Applied Combined"} if "codes_by_column" in found else set()
    for heading in frame.columns:
        if heading not in read and not SEVERAL.match(str(heading)) and frame[heading].notna().any():
            builder.left_out.add("columns that are not read (say what one holds with --map)", names.label(heading))


def _table(path: Path, content: bytes, mapping: Mapping[str, str], builder: Builder) -> pd.DataFrame:
    """Return the table of coded segments: the only sheet, or the first that has the columns."""
    if path.suffix.lower() in (".csv", ".tsv", ".tab", ".txt"):
        return read_delimited(path, content)
    sheets = read_sheets(path, content)
    for name, frame in sheets.items():
        try:
            guess(frame, {k: v for k, v in mapping.items() if k in frame.columns}, path.name)
        except CrosscaseError:
            continue
        for other in (n for n in sheets if n != name):
            builder.left_out.add("other sheets of the workbook", ascii(names.label(other)))
        return frame
    if not sheets:
        raise CrosscaseError(Problem(path.name, "the workbook has a sheet with rows", "none"))
    return next(iter(sheets.values()))


def _rows(
    frame: pd.DataFrame, found: Mapping[str, str], coder: str | None, builder: Builder
) -> list[dict[str, str | None]]:
    """Return one record per code on a segment."""
    by_column = {h: m["code"] for h in frame.columns if (m := SEVERAL.match(str(h)))}
    columns = {field: frame[heading] for field, heading in found.items() if heading in frame}
    records = pd.DataFrame(columns).to_dict("records")
    out = []
    for number, (record, whole) in enumerate(zip(records, frame.to_dict("records")), start=2):
        row = {str(k): (str(unguard(v)) if isinstance(v, str) else None) for k, v in record.items()}
        codes = _codes(row, whole, by_column if "codes_by_column" in found else {})
        if not codes:
            builder.left_out.add("rows without a code", f"row {number}")
            continue
        if not row.get("quotation") and not (row.get("start") and row.get("end")) and not row.get("locator"):
            builder.left_out.add("rows without a segment", f"row {number}")
            continue
        out += [row | {"code": code, "coder": row.get("coder") or coder, "row": str(number)} for code in codes]
    return out


def _codes(row: dict[str, str | None], whole: dict[str, object], by_column: dict[str, str]) -> list[str]:
    if by_column:
        return [code for heading, code in by_column.items() if str(whole.get(heading) or "").strip().lower() in YES]
    if row.get("code_path"):
        return [str(row["code_path"])]
    parts = (names.label(part) for part in _SEVERAL_CODES.split(row.get("code") or ""))
    return list(dict.fromkeys(part for part in parts if part))


def _build(rows: list[dict[str, str | None]], builder: Builder) -> None:
    """Make documents of the segments, then codes, coders, cases and codings."""
    quoted: dict[str, dict[tuple[str, str | None], None]] = {}
    for row in rows:
        title = names.label(row.get("document_title") or row.get("document")) or "document"
        key = row["key"] = names.label(row.get("document")) or title
        row["title"] = title
        text = names.prose(row.get("quotation")) or None
        where = f"{row.get('start')}-{row.get('end')}" if row.get("start") and row.get("end") else None
        row |= {"segment": text, "where": where}
        if text is not None:
            quoted.setdefault(key, {})[(text, where)] = None
    places = _documents(rows, quoted, builder)
    codes: dict[str, str] = {}
    segments: dict[tuple[str, str | None, str | None, str], int] = {}
    groups: dict[str, dict[str, None]] = {}
    for row in rows:
        levels = _OURS if row.get("code_path") else _LEVELS
        leaf = names.label(row.get("code_label")) if row.get("code_path") else ""
        code = _code(str(row["code"]), levels, leaf, names.prose(row.get("definition")), codes, builder)
        coder = names.label(row.get("coder"))
        if coder and coder not in builder.coders:
            builder.coder(coder, coder, coder)
        key, locator = str(row["key"]), names.label(row.get("locator")) or None
        case = names.label(row.get("case_label") or row.get("case"))
        place = (key, row["segment"], row["where"] or locator, case)
        if place not in segments:
            start, end = places.get((key, row["segment"], row["where"]), (None, None))
            shown = locator or (f"positions {row['where']}" if row["where"] else None)
            segments[place] = builder.segment(key, start, end, shown)
        builder.coding(segments[place], code, coder or None, row.get("date"), row.get("memo"), **_extra(row, builder))
        if case and case not in builder.cases:
            builder.case(case, case)
        if case:
            builder.member(case, segment=segments[place])
        if group := names.label(row.get("group")):
            groups.setdefault(group, {})[key] = None
    for group, members in groups.items():
        builder.group(group, group, "", [("document", key) for key in members])
    if n := sum(bool(row.get("weight")) for row in rows):
        builder.left_out.add("weights of codings", n=n)


def _documents(
    rows: list[dict[str, str | None]], quoted: dict[str, dict[tuple[str, str | None], None]], builder: Builder
) -> dict[tuple[str, str | None, str | None], tuple[int, int]]:
    """Add each document as its distinct segments; return where each lies."""
    places: dict[tuple[str, str | None, str | None], tuple[int, int]] = {}
    for row in rows:
        key = str(row["key"])
        if key in builder.documents:
            continue
        parts, at = [], 0
        ordered = sorted(quoted.get(key, {}), key=lambda item: _begin(item[1]))
        for text, where in ordered:
            places[(key, text, where)] = (at, at + len(text))
            parts.append(text)
            at += len(text) + len(GAP)
        builder.document(key, row["title"], text=GAP.join(parts), extractor="made of its coded segments")
    return places


def _extra(row: dict[str, str | None], builder: Builder) -> dict[str, str]:
    """Return the columns of a coding beyond segment, code and coder; values that mean nothing here are named."""
    extra = {}
    for field, allowed in (("valence", terms.VALENCES), ("role_mode", terms.ROLE_MODES)):
        value = str(row.get(field) or "").strip().lower()
        if value in allowed:
            extra[field] = value
        elif value:
            builder.left_out.add(f"values of {field} that are none of {', '.join(sorted(allowed))}", ascii(value[:40]))
    if turn := names.label(row.get("round")):
        extra["round"] = turn
    if theme := names.label(row.get("theme")):
        extra["theme"] = builder.theme(theme)
    roles = [builder.role(role) for part in ids.split(row.get("role")) if (role := names.label(part))]
    if roles:
        extra["role"] = ids.join(dict.fromkeys(roles))
    return extra


def _begin(where: str | None) -> float:
    head = (where or "").partition("-")[0].strip()
    return float(head) if head.isdigit() and head.isascii() and len(head) < 16 else float("inf")


def _code(
    path: str, levels: re.Pattern[str], leaf: str, definition: str, codes: dict[str, str], builder: Builder
) -> str:
    """Add a code with the codes above it, as its path names them."""
    steps = [step for step in (names.label(part) for part in levels.split(path)) if step] or ["code"]
    if levels is _LEVELS and len(steps) > 1 and steps[0].lower() in ("nodes", "codes", "code system"):
        steps = steps[1:]
    if len(steps) > MAX_LEVELS:
        builder.warnings.add(f"paths of codes with more than {MAX_LEVELS} levels, cut off there", ascii(steps[0])[:60])
        steps = steps[:MAX_LEVELS]
    parent = None
    for depth in range(1, len(steps) + 1):
        key = PATH.join(steps[:depth])
        if key not in codes:
            codes[key] = key
            last = depth == len(steps)
            label = from_step(steps[depth - 1]) if levels is _OURS else steps[depth - 1]
            builder.code(key, leaf if last and leaf else label, parent, definition if last else None)
        parent = key
    return PATH.join(steps)
