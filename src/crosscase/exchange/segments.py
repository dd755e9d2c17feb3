"""Read tables of coded segments: exports of MAXQDA, ATLAS.ti, NVivo, Dedoose, Taguette, or any CSV and workbook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crosscase import ids, terms
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder, Code
from crosscase.exchange.codebook_table import CodebookColumns, add_codes
from crosscase.exchange.columns import known
from crosscase.exchange.imported import Imported
from crosscase.exchange.parts import named_parts, tell_assumed
from crosscase.exchange.placed import Places, StandingText, stated_span
from crosscase.exchange.segment_rows import Part, Row, rows_of
from crosscase.exchange.shapes import Shape, shape_of
from crosscase.exchange.sheet_reader import Table, read_delimited, read_tables
from crosscase.exchange.tabular import PATH, as_step, from_step

ENDINGS = (".csv", ".tsv", ".xlsx", ".ods")
MAX_LEVELS = 50
_LEVELS = re.compile(r"\s*(?: > |\\\\|\\|::)\s*")
_OURS = re.compile(re.escape(PATH))
_NO_LEVELS = re.compile(r"(?!)")
OWN = {"coding_id", "document", "document_title", "case", "case_label", "code", "code_label"}


def read_segments(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
    texts: Sequence[StandingText] = (),
) -> Imported:
    """Return the study in tables of coded segments (CSV, TSV, workbook), or the codebook in a table.

    Sheets with the same columns, and the files of a folder, are read together: one per interview or per coder. The
    texts between the segments are not in such a table: each document is made of its distinct segments, one after the
    other, and the report says so; segments of a document whose text is there already are placed in it.

    Parameters
    ----------
    path : pathlib.Path
        The file, or a folder of tables.
    mapping : mapping of str to str, optional
        Heading -> field; corrects the guess.
    progress : callable, optional
        Told the part that is done, 0 to 1.
    texts : sequence of StandingText
        The texts that the study has already.

    Raises
    ------
    CrosscaseError
        Where a link leads out of the folder, or no table of coded segments and no codebook is in the file; the message
        shows what was recognised.
    """
    builder = Builder("table of coded segments", "", path.stem)
    files, inside = folder.files_below(path), path if path.is_dir() else None
    files = [file for file in files if inside is None or file.suffix.lower() in ENDINGS]
    found: list[tuple[Path, Table]] = []
    for number, file in enumerate(files, start=1):
        found += [(file, table) for table in tables_in(file, folder.read(file, inside))]
        if progress is not None:
            progress(0.5 * number / len(files))
    coded = add_tables(builder, found, mapping or {}, lambda: Places(texts, builder))
    if coded is None:
        builder.format = "codebook in a table"
        builder.notes.append("A codebook alone: add documents and codings before its book can be built.")
        return assemble(builder)
    if not builder.codings:
        raise CrosscaseError(Problem(path.name, "the table holds a coded segment", "none", remedy="check the export"))
    out = assemble(builder)
    out.reconciled = coded
    return out


def add_tables(
    builder: Builder, found: Sequence[tuple[Path, Table]], mapping: Mapping[str, str], known_texts: Callable[[], Places]
) -> list[str] | None:
    """Add the codings and codebooks of some tables; return the rounds in which coders agreed together.

    `known_texts` gives the texts on which segments are placed, asked for where there are any. None where the tables are
    codebooks alone. `CrosscaseError` where none of them can be read, or a file of one table cannot.
    """
    parts, codebooks = parts_of(found, mapping, builder)
    codes: dict[str, str] = {}
    for table, columns in codebooks:
        _add_codebook(table, columns, codes, builder)
    tell_assumed(found, builder)
    if not parts:
        return None
    rows: list[Row] = []
    for part in parts:
        rows += rows_of(part, builder)
        builder.mapping |= part.shape.told()
        _name_what_is_not_read(part, builder)
    if not rows:
        return []
    places = known_texts()
    _build(rows, codes, places, builder)
    if places.made:
        builder.notes.append(
            "The texts between the segments are not in such a table: each document consists of its segments. "
            "Agreement, coverage and the share of text coded mean little on them; import the project file to have them."
        )
    turns = (column.round for part in parts for column in part.shape.codes)
    return list(dict.fromkeys(turn for turn in turns if turn))


def tables_in(path: Path, content: bytes) -> list[Table]:
    """Return the tables of a file; `CrosscaseError` where it is none, or has no row."""
    if path.suffix.lower() in (".csv", ".tsv", ".tab", ".txt"):
        return [read_delimited(path, content, known)]
    if not (tables := read_tables(path, content, known)):
        raise CrosscaseError(Problem(path.name, "the workbook has a sheet with rows", "none"))
    return tables


def parts_of(
    found: Sequence[tuple[Path, Table]], mapping: Mapping[str, str], builder: Builder
) -> tuple[list[Part], list[tuple[Table, CodebookColumns]]]:
    """Return the tables of coded segments, and those that are codebooks; other sheets are named."""
    shaped: list[tuple[Path, Table, Shape]] = []
    codebooks: list[tuple[Table, CodebookColumns]] = []
    failed: list[CrosscaseError] = []
    sheets = Counter(file for file, _ in found)
    for file, table in found:
        said = {k: v for k, v in mapping.items() if k in table.frame.columns or len(found) == 1}
        try:
            shaped.append((file, table, shape_of(table.frame, said, file.name)))
        except CrosscaseError as error:
            if columns := CodebookColumns(table.frame, said):
                codebooks.append((table, columns))
            elif sheets[file] == 1:
                raise
            else:
                failed.append(error)
                builder.left_out.add("other sheets of the workbook", repr(names.label(table.name)))
    if not shaped and not codebooks:
        raise failed[0]
    return named_parts(shaped, builder), codebooks


def _add_codebook(table: Table, columns: CodebookColumns, codes: dict[str, str], builder: Builder) -> None:
    def add(path: str, definition: str, rules: Mapping[str, str], levels: re.Pattern[str] = _LEVELS) -> str:
        return _code(path, levels, "", definition, codes, builder, rules)

    def add_below(steps: list[str], definition: str, rules: Mapping[str, str]) -> str:
        return add(PATH.join(map(as_step, steps)), definition, rules, _OURS)

    add_codes(table.frame, columns, builder, add, add_below)
    for heading in table.frame.columns:
        if heading not in columns.read() and table.frame[heading].notna().any():
            builder.left_out.add("columns that are not read (say what one holds with --map)", names.label(heading))


def _name_what_is_not_read(part: Part, builder: Builder) -> None:
    shape, frame = part.shape, part.table.frame
    read = {*shape.found.values(), *(OWN if "code_path" in shape.found else ()), *shape.marks}
    read |= {column.heading for column in shape.codes}
    read |= {"Codes Applied Combined"} if "codes_by_column" in shape.found else set()
    for heading in frame.columns:
        if heading not in read and frame[heading].notna().any():
            builder.left_out.add("columns that are not read (say what one holds with --map)", names.label(heading))


def _build(rows: list[Row], codes: dict[str, str], texts: Places, builder: Builder) -> None:
    """Make documents of the segments, then codes, coders, cases and codings."""
    for row in rows:
        title = names.label(row.get("document_title") or row.get("document")) or "document"
        key = texts.key_of(names.label(row.get("document")) or title, title)
        where = f"{row.get('start')}-{row.get('end')}" if row.get("start") and row.get("end") else None
        locator = names.label(row.get("locator")) or None
        row |= {"key": key, "title": title, "where": where or locator, "positions": where}
        row["segment"] = names.prose(row.get("quotation")) or None
        texts.add(key, title, row["segment"], row["where"], where, names.label(row.get("coder")))
    texts.place()
    segments: dict[tuple[str, str | None, str | None, str], int] = {}
    groups: dict[str, dict[str, None]] = {}
    levels_told: list[str] = []
    for row in rows:
        levels = _OURS if row.get("code_path") else _NO_LEVELS if row["rule"] == "code_as_is" else _LEVELS
        leaf = names.label(row.get("code_label")) if row.get("code_path") else ""
        name = str(row["code"])
        if levels is _LEVELS and name not in levels_told and _LEVELS.search(name.strip()):
            levels_told.append(name)
        code = _code(name, levels, leaf, names.prose(row.get("definition")), codes, builder)
        coder = names.label(row.get("coder"))
        if coder and coder not in builder.coders:
            builder.coder(coder, coder, coder)
        key, where = str(row["key"]), row["where"]
        case = names.label(row.get("case_label") or row.get("case"))
        place = (key, row["segment"], where, case)
        if place not in segments:
            start, end = texts.at(key, row["segment"], where)
            elsewhere = row["positions"] and stated_span(row["positions"]) != (start, end)
            shown = names.label(row.get("locator")) or (f"positions {row['positions']}" if elsewhere else None)
            shown = shown or (f"row {row['row']}" if start is None else None)
            segments[place] = builder.segment(key, start, end, shown)
        builder.coding(segments[place], code, coder or None, row.get("date"), row.get("memo"), **_extra(row, builder))
        if case and case not in builder.cases:
            builder.case(case, case)
        if case:
            builder.member(case, segment=segments[place])
        if group := names.label(row.get("group")):
            groups.setdefault(group, {})[key] = None
    if levels_told:
        shown = "; ".join(repr(names.label(name)[:60]) for name in levels_told[:3])
        n, remedy = len(levels_told), "to keep such names whole: --map 'COLUMN=code_as_is'"
        builder.notes.append(f"{n:,} names of codes were read as a code below others, as {shown} ({remedy}).")
    for group, members in groups.items():
        builder.group(group, group, "", [("document", key) for key in members])
    if n := sum(bool(row.get("weight")) for row in rows):
        builder.left_out.add("weights of codings", n=n)


def _extra(row: Row, builder: Builder) -> dict[str, str]:
    """Return the columns of a coding beyond segment, code and coder; values that mean nothing here are named."""
    extra = {}
    for field, allowed in (("valence", terms.VALENCES), ("role_mode", terms.ROLE_MODES)):
        value = str(row.get(field) or "").strip().lower()
        if value in allowed:
            extra[field] = value
        elif value:
            builder.left_out.add(f"values of {field} that are none of {', '.join(sorted(allowed))}", repr(value[:40]))
    if turn := names.label(row.get("round")):
        extra["round"] = turn
    if theme := names.label(row.get("theme")):
        extra["theme"] = builder.theme(theme)
    roles = [builder.role(role) for part in ids.split(row.get("role")) if (role := names.label(part))]
    if roles:
        extra["role"] = ids.join(dict.fromkeys(roles))
    return extra


def _code(
    path: str,
    levels: re.Pattern[str],
    leaf: str,
    definition: str,
    codes: dict[str, str],
    builder: Builder,
    rules: Mapping[str, str] | None = None,
) -> str:
    """Add a code with the codes above it, as its path names them."""
    steps = [step for step in (names.label(part) for part in levels.split(path)) if step] or ["code"]
    if levels is _LEVELS and len(steps) > 1 and steps[0].lower() in ("nodes", "codes", "code system"):
        steps = steps[1:]
    if len(steps) > MAX_LEVELS:
        builder.warnings.add(f"paths of codes with more than {MAX_LEVELS} levels, cut off there", repr(steps[0])[:60])
        steps = steps[:MAX_LEVELS]
    parent = None
    for depth in range(1, len(steps) + 1):
        key = PATH.join(steps[:depth])
        if key not in codes:
            codes[key] = key
            last = depth == len(steps)
            label = from_step(steps[depth - 1]) if levels is _OURS else steps[depth - 1]
            mine: dict[str, Any] = dict(rules or {}) if last else {}
            builder.code(key, leaf if last and leaf else label, parent, definition if last else None, **mine)
        elif depth == len(steps) and (definition or rules):
            _define(builder.codes[key], definition, rules or {})
        parent = key
    return PATH.join(steps)


def _define(code: Code, definition: str, rules: Mapping[str, str]) -> None:
    """Give a code that was named before it was defined what it does not have yet."""
    code.definition = code.definition or definition or None
    code.color = code.color or rules.get("color")
    code.extra = {field: text for field, text in rules.items() if field != "color"} | code.extra
