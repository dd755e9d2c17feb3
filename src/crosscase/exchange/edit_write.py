"""Write the workbook: labels, drop-downs, frozen heads, remarks on columns, and a first sheet that says how to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase import ids, paths, tables, terms
from crosscase.exchange.edit_cells import written
from crosscase.exchange.edit_layout import (
    HOW_TO,
    ID,
    INTEGER,
    KEY,
    LINE,
    LIST,
    LISTS,
    MEMORY,
    NUMBER,
    READ_ONLY,
    REFERENCE,
    STALE,
    TABLES,
    TERM,
    VALUES,
    Column,
    Sheet,
    Shown,
    sheets,
    shown_names,
)  # fmt: skip
from crosscase.exchange.edit_memory import pieces
from crosscase.exchange.edit_rows import MARK, Row, rows_of
from crosscase.exchange.framework_sheet import framework_frame
from crosscase.publish.words import level_words
from crosscase.study import Study, restricted
from crosscase.study.load import table_names

FIXED = dt.datetime(2000, 1, 1)
MORE = 300
"""Rows below the last one in which the drop-downs work as well."""
MOST_QUOTATIONS, LONGEST_QUOTATION = 12, 500
HEAD, ASIDE, INDENT = "DCE6F1", "F2F2F2", 2
WORDS = [
    "This workbook holds the study {study}. Change it here, save it, and give it back:",
    "crosscase edit {study} --read {file} --dry-run   shows what you have changed, and every cell that cannot be read",
    "crosscase edit {study} --read {file}   takes it over; crosscase undo {study} takes that back",
    "",
    "Change a cell by typing over it. A new label renames a thing everywhere; what belonged to it stays with it.",
    "Add a row below the last one, with a name of its own. A column added to Cases or Documents is an attribute.",
    "Delete a row to take a thing away. You are asked by name before anything goes, and what others name stays.",
    "Many cells have a list: click the arrow. Where several may stand, put semicolons between them.",
    "Sort, filter, move and hide columns as you like. Grey columns and columns of your own are not read.",
    "Sort whole rows, never one column alone: the first column, which is hidden, says which row is which.",
    "A text that begins with =, +, - or @ has a ' before it, so that no program computes it; it is read without.",
    "What somebody else changes in the files meanwhile stays; where both of you changed a cell, you are told.",
    "Where you go on after it was read, write a new workbook first: crosscase edit {study}",
]
SECRET = "This file holds names and texts that are not public. Keep it as you keep the texts themselves."


def tables_of(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables of a study that a workbook is made of, as they are kept."""
    return {name: study.whole(name) for name in table_names() if name in (*TABLES, VALUES, "names")}


def write_edit(study: Study, path: Path, file: str) -> dict[str, int]:
    """Write the workbook of a study.

    Parameters
    ----------
    study : Study
        The study.
    path : pathlib.Path
        Where it is written.
    file : str
        What the person calls it.

    Returns
    -------
    dict of str to int
        Name of each sheet -> number of its rows.
    """
    from openpyxl import Workbook

    frames = tables_of(study)
    matrix = framework_frame(study) if study.has("cases") and study.has("themes") else None
    beside = _beside(study, matrix)
    cells = [] if matrix is None else zip(matrix["case"], matrix["theme"], matrix["current_hash"])
    hashes = {f"{case}{MARK}{theme}": mark for case, theme, mark in cells}
    labels = study.labels("themes")
    named = shown_names(frames, labels, hashes)
    book = Workbook()
    _how_to(book.active, study, file)
    lists = _Lists()
    made = {sheet.name: rows_of(sheet, frames, named) for sheet in sheets()}
    for sheet in sheets():
        page = book.create_sheet(sheet.name)
        _fill(page, sheet, made[sheet.name], named, beside if sheet.table == "summaries" else {})
        _drop_downs(page, sheet, made, lists, labels if frames["themes"].empty else {})
    lists.write(book.create_sheet(LISTS))
    kept = book.create_sheet(MEMORY)
    for number, piece in enumerate(pieces(study.name, frames, named), start=1):
        kept.cell(number, 1, piece)
    book[LISTS].sheet_state = kept.sheet_state = "hidden"
    book.properties.creator, book.properties.title = "Crosscase", f"Edit: {written(study.info.short_title)}"
    book.properties.description = level_words(study.level)
    book.properties.created = FIXED
    book.save(path)
    return {name: len(rows) for name, rows in made.items()}


def _beside(study: Study, matrix: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    """Return what stands beside each summary: state, number, quotations, notes, and why it must be read again."""
    if matrix is None:
        return {}
    codings = study.primary_codings().drop_duplicates("coding_id").set_index("coding_id")
    titles = dict(zip(study.documents["document"], study.documents["title"]))
    texts: dict[str, str | None] = {}
    out = {}
    for row in matrix.to_dict("records"):
        quoted = _quotations(study, codings, ids.split(row["segments"]), texts, titles)
        about = {"state": terms.said(str(row["state"])), "n_segments": int(row["n_segments"] or 0)}
        about |= {"quotations": written(quoted), "notes": written(str(row["notes"])), STALE: written(row["stale"])}
        out[f"{row['case']}{MARK}{row['theme']}"] = about
    return out


def _quotations(
    study: Study,
    codings: pd.DataFrame,
    segments: Sequence[str],
    texts: dict[str, str | None],
    titles: Mapping[str, str],
) -> str:
    """Return the words of some segments, where their texts are at hand."""
    lines: dict[str, None] = {}
    for id in segments:
        if id not in codings.index:
            continue
        document, start, end = codings.loc[id, ["document", "start", "end"]]
        if document not in texts:
            hidden = paths.level() == "public" or study.public_only
            texts[document] = None if hidden else restricted.text_of(study, document)
        if texts[document] is None or pd.isna(start) or pd.isna(end):
            continue
        words = " ".join(str(texts[document])[int(start) : int(end)].split())
        words = words if len(words) <= LONGEST_QUOTATION else f"{words[: LONGEST_QUOTATION - 1]}…"
        lines[f"“{words}”" + (f" ({titles[document]})" if len(titles) > 1 else "")] = None
    more = len(lines) - MOST_QUOTATIONS
    return "\n".join([*list(lines)[:MOST_QUOTATIONS], *([f"and {more:,} more"] if more > 0 else [])])


def _how_to(page: Any, study: Study, file: str) -> None:
    from openpyxl.styles import Alignment, Font

    page.title = HOW_TO
    lines = [str(study.info.short_title), *(line.format(study=study.name, file=file) for line in WORDS), ""]
    lines += [SECRET, ""] if study.level == "restricted" else []
    for number, line in enumerate(lines, start=1):
        page.cell(number, 1, written(line)).alignment = Alignment(wrap_text=True, vertical="top")
    page["A1"].font = Font(bold=True, size=14)
    for number, sheet in enumerate(sheets(), start=len(lines) + 1):
        page.cell(number, 1, f"{sheet.name}: {sheet.note}").alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width = 110
    page.sheet_view.showGridLines = False


def _fill(page: Any, sheet: Sheet, rows: Sequence[Row], named: Shown, beside: Mapping[str, Mapping[str, Any]]) -> None:
    """Write one sheet: its head with remarks, its rows, widths and looks."""
    from openpyxl.styles import Alignment, PatternFill
    from openpyxl.utils import get_column_letter

    columns = _columns(sheet, named)
    for number, (heading, _, width, kind, remark) in enumerate(columns, start=1):
        _head(page.cell(1, number, written(heading)), remark, kind == "aside")
        look = page.column_dimensions[get_column_letter(number)]
        look.width = width
        look.alignment = Alignment(wrap_text=True, vertical="top")
        if kind not in (INTEGER, NUMBER):
            look.number_format = "@"
    for at, row in enumerate(rows, start=2):
        for number, (_, field, _, kind, _) in enumerate(columns, start=1):
            held = row.attributes if kind == "attribute" else beside.get(row.id, {}) if kind == "aside" else row.cells
            value = written(row.id) if kind == "id" else held.get(field)
            cell = page.cell(at, number, value)
            cell.alignment = Alignment(
                wrap_text=True, vertical="top", indent=row.depth * INDENT if field == sheet.label else 0
            )
            if isinstance(value, str):
                cell.data_type, cell.number_format = "s", "@"
            if kind == "aside":
                cell.fill = PatternFill("solid", fgColor=ASIDE)
    page.column_dimensions["A"].hidden = True
    page.freeze_panes = "D2" if sheet.table == "summaries" else "C2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(2, len(rows) + 1)}"
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _columns(sheet: Sheet, named: Shown) -> list[tuple[str, str, int, str, str]]:
    """Return the columns of a sheet as heading, field, width, kind and remark."""
    out = [(ID, sheet.key, 12, "id", "Says which row is which. A new row has none.")]
    for column in sheet.columns:
        out.append((column.heading, column.field, column.width, column.kind, _remark(column, sheet)))
        if sheet.table == "summaries" and column.field == "theme":
            widths = {"state": 12, "n_segments": 10, "quotations": 60, "notes": 44}
            out += [(words, field, widths[field], "aside", "Not read.") for field, words in READ_ONLY.items()]
    if sheet.table == "summaries":
        out.append((STALE, STALE, 30, "aside", "Why a summary no longer fits its segments. Not read."))
    if sheet.unit:
        out += [
            (heading, id, max(12, min(30, len(heading) + 4)), "attribute", f"An attribute of {KEY[sheet.unit]}.")
            for id, heading in named.attributes.items()
        ]
    return out


def _remark(column: Column, sheet: Sheet) -> str:
    """Return what the dictionary says of a column, and how to fill it."""
    of = tables.schema(sheet.table)
    parts = [column.note]
    if column.field in (sheet.label, "summary") and sheet.table != "summaries":
        parts.append("Each row has one; a new one renames the row.")
    elif of.constraint(column.field, "required"):
        parts.append("It is filled in each row.")
    if column.kind in (REFERENCE, TERM):
        parts.append("Choose from the list.")
    elif column.kind == LIST:
        parts.append("Several with semicolons between them.")
    elif column.kind == LINE and column.field == "color":
        parts.append("Written as #1f77b4.")
    return " ".join(parts)


def _head(cell: Any, remark: str, aside: bool) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    cell.data_type, cell.number_format = "s", "@"
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    cell.fill = PatternFill("solid", fgColor=ASIDE if aside else HEAD)
    cell.border = Border(bottom=Side(style="thin", color="7F7F7F"))
    cell.comment = Comment(remark, "Crosscase", height=30 + 18 * (1 + len(remark) // 40), width=300)


class _Lists:
    """The closed words of the drop-downs, each list as a column of a hidden sheet."""

    def __init__(self) -> None:
        self.columns: dict[tuple[str, ...], int] = {}

    def range(self, words: Sequence[str]) -> str:
        """Return where a list stands."""
        from openpyxl.utils import get_column_letter

        number = self.columns.setdefault(tuple(words), len(self.columns) + 1)
        letter = get_column_letter(number)
        return f"'{LISTS}'!${letter}$1:${letter}${len(words)}"

    def write(self, page: Any) -> None:
        """Write the lists."""
        for words, number in self.columns.items():
            for at, word in enumerate(words, start=1):
                cell = page.cell(at, number, word)
                cell.data_type = "s"


def _drop_downs(
    page: Any, sheet: Sheet, made: Mapping[str, Sequence[Row]], lists: _Lists, themes: Mapping[str, str]
) -> None:
    """Give the columns of closed words and of names their lists; that of names grows with the sheet it points to."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    of, end = tables.schema(sheet.table), len(made[sheet.name]) + 1 + MORE
    places = {field: number for number, (_, field, *_) in enumerate(_columns(sheet, Shown({}, {})), start=1)}
    for column in sheet.columns:
        if column.kind == TERM:
            where = lists.range([terms.said(word) for word in of.constraint(column.field, "enum")])
        elif column.kind in (REFERENCE, LIST):
            other = next((each for each in sheets() if each.table == column.of), None)
            if other is None:
                continue
            where = f"'{other.name}'!$B$2:$B${len(made[other.name]) + 1 + MORE}"
            if column.of == "themes" and themes:
                where = lists.range([str(written(name)) for name in themes.values()])
        else:
            continue
        strict = column.kind == TERM
        rule = DataValidation("list", formula1=where, allow_blank=True, showErrorMessage=column.kind != LIST)
        rule.errorStyle = "stop" if strict else "warning"
        rule.error = "This word is not in the list." if strict else "This name is not in the list yet."
        letter = get_column_letter(places[column.field])
        rule.add(f"{letter}2:{letter}{end}")
        page.add_data_validation(rule)
