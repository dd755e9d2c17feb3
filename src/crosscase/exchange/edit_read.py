"""Read the sheets of a workbook that a person gives back: each cell with its row, whatever program saved it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError, Problem, raise_if, shown
from crosscase.exchange.edit_cells import said
from crosscase.exchange.edit_layout import HOW_TO, ID, LISTS, MEMORY, STALE, Sheet, sheets
from crosscase.exchange.edit_memory import Memory, recall
from crosscase.exchange.safe_archive import Archive
from crosscase.exchange.sheet_reader import MAX_CELLS, MAX_COLUMNS, MAX_UNPACKED, check_office

MAX_ROWS = 1_048_576
LOOK = 20
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^<>]*?\bref="([A-Z0-9:]+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


class Fault(str):
    """A cell that says nothing: an error of the program, or a formula that nobody has computed."""


@dataclass
class Grid:
    """One sheet as it is: headings in their order, and row number -> heading -> cell."""

    name: str
    headings: list[str]
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Workbook:
    """The sheets that are there, by table, and what the workbook held when it was written; what was passed over."""

    grids: dict[str, Grid]
    memory: Memory
    notes: list[str]


def read_workbook(path: Path, study: str) -> Workbook:
    """Read a workbook that `crosscase edit` wrote and a person has saved.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    study : str
        The study whose workbook it is.

    Raises
    ------
    CrosscaseError
        Where the file is hostile, no workbook, of another study, has merged cells, a column twice, or a sheet without
        its head.
    """
    if not path.is_file():
        raise CrosscaseError(Problem(path.name, "the file is there", "no such file", remedy="check the path"))
    check_office(path)
    formulas, merged = _looked_over(path)
    book, plain = _load(path, True), _load(path, False) if formulas else None
    try:
        if MEMORY not in book.sheetnames:
            rule, remedy = "the workbook is one that `crosscase edit` wrote", "write one with `crosscase edit STUDY`"
            found = f"no sheet {MEMORY!r}, which is hidden"
            raise CrosscaseError(Problem(path.name, rule, found, remedy=remedy))
        memory = recall((row[0].value for _, row in _rows(book[MEMORY], path) if row), path.name)
        if memory.study != study:
            rule = f"the workbook is one of the study {study}"
            raise CrosscaseError(Problem(path.name, rule, f"one of {shown(memory.study)}", remedy="check the name"))
        return _workbook(path, book, plain, merged, memory)
    except CrosscaseError:
        raise
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None
    finally:
        book.close()
        if plain is not None:
            plain.close()


def _workbook(path: Path, book: Any, plain: Any, merged: dict[str, list[str]], memory: Memory) -> Workbook:
    called = {str(name).strip().casefold(): str(name) for name in book.sheetnames}
    grids, notes, problems = {}, [], []
    for sheet in sheets():
        name = called.pop(sheet.name.casefold(), None)
        if name is None:
            notes.append(f"the sheet {sheet.name} is not in the workbook: its table stays as it is")
            continue
        page = book[name]
        for range in merged.get(str(getattr(page, "_worksheet_path", "")).lstrip("/"), []):
            remedy = "take the merge apart and fill each cell"
            problems.append(Problem(f"sheet {name}, cells {range}", "no cells are merged", range, remedy=remedy))
        formulas = None if plain is None else plain[name]
        known = {column.heading for column in sheet.columns} | {ID} | set(memory.shown.attributes.values())
        grid, found = _grid(path, sheet, name, page, formulas, known)
        problems += found
        if grid is not None:
            grids[sheet.table] = grid
    raise_if(problems)
    for name in called.values():
        if name not in (HOW_TO, LISTS, MEMORY):
            notes.append(f"the sheet {shown(name, 60)} is none of the study's: it was not read")
    return Workbook(grids, memory, notes)


def _load(path: Path, values: bool) -> Any:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(path, read_only=True, data_only=values, keep_links=False)
    except Exception as error:
        raise CrosscaseError(_broken(path, error)) from None


def _broken(path: Path, error: Exception) -> Problem:
    found = f"{type(error).__name__}: {error}"[:160]
    return Problem(path.name, "the file is a sound workbook", found, remedy="open it and save it again as .xlsx")


def _looked_over(path: Path) -> tuple[bool, dict[str, list[str]]]:
    """Tell whether any sheet holds formulas, and the merged ranges of each part."""
    formulas, merged = False, {}
    with Archive(path, max_total=MAX_UNPACKED, place=path.name) as archive:
        for name in (name for name in archive.names() if name.startswith("xl/worksheets/") and name.endswith(".xml")):
            found, kept = [], b""
            with archive.open(name) as stream:
                while block := stream.read(1 << 20):
                    block = kept + block
                    formulas = formulas or _FORMULA.search(block) is not None
                    found += _MERGED.findall(block)
                    kept = block[block.rfind(b"<") :] if b"<" in block[-300:] else b""
            merged[name] = list(dict.fromkeys(range.decode("ascii") for range in found))[:LOOK]
    return formulas, merged


def _rows(page: Any, path: Path) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield number and cells of the rows of a sheet within its limits."""
    if hasattr(page, "reset_dimensions"):
        page.reset_dimensions()
    cells = 0
    for number, row in enumerate(page.iter_rows(), start=1):
        cells += len(row)
        if number > MAX_ROWS or len(row) > MAX_COLUMNS or cells > MAX_CELLS:
            rule = f"a sheet has at most {MAX_ROWS:,} rows, {MAX_COLUMNS:,} columns and {MAX_CELLS:,} cells"
            found, remedy = f"{len(row):,} columns in row {number:,}", "delete what lies beyond the filled cells"
            raise CrosscaseError(Problem(f"{path.name}, sheet {page.title}", rule, found, remedy=remedy))
        yield number, row


def _grid(
    path: Path, sheet: Sheet, name: str, page: Any, formulas: Any, known: Collection[str]
) -> tuple[Grid | None, list[Problem]]:
    """Return a sheet below its head, which is the row of the first twenty with the most known headings."""
    rows = {number: [_cell(cell) for cell in row] for number, row in _rows(page, path) if any(map(_filled, row))}
    for number, other in _rows(formulas, path) if formulas is not None else ():
        for at, cell in enumerate(other):
            if cell.data_type == "f" and cell.value is not None:
                row = rows.setdefault(number, [])
                row += [None] * (at + 1 - len(row))
                row[at] = Fault("a formula that no program has computed") if row[at] is None else row[at]
    low = {heading.casefold() for heading in known}
    scores = {
        number: sum((said(cell) or "").casefold() in low for cell in rows[number]) for number in sorted(rows)[:LOOK]
    }
    best = max(scores, key=lambda number: (scores[number], -number), default=0)
    if not scores or scores[best] < 2:
        rule, remedy = "a sheet has its head, a row of the headings that it was written with", "put the headings back"
        return None, [Problem(f"sheet {name}", rule, "none in the first rows", remedy=remedy)]
    headings = [" ".join((said(cell) or "").split()) for cell in rows[best]]
    headings = [_known(heading, known) for heading in headings]
    problems = [
        Problem(f"sheet {name}, row {best}", "each heading once", f"{heading!r} twice", remedy="rename one")
        for heading in dict.fromkeys(headings)
        if heading and headings.count(heading) > 1
    ]
    first = sheet.column(sheet.label).heading
    needed = [first] if sheet.table != "summaries" else [first, "Theme", "Summary"]
    problems += [
        Problem(
            f"sheet {name}, row {best}", f"the column {heading!r} is there", "no such heading", remedy="put it back"
        )
        for heading in needed
        if heading not in headings
    ]
    body = {
        number: {heading: cell for heading, cell in zip(headings, row) if heading}
        for number, row in sorted(rows.items())
        if number > best
    }
    filled = {number: row for number, row in body.items() if any(said(cell) for cell in row.values())}
    return Grid(name, [heading for heading in headings if heading], filled), problems


def _known(heading: str, known: Collection[str]) -> str:
    """Return a heading as it was written, whatever its capitals are now."""
    return (
        heading
        if heading in known
        else next((each for each in known if each.casefold() == heading.casefold()), heading)
    )


def _filled(cell: Any) -> bool:
    return cell.value is not None


def _cell(cell: Any) -> Any:
    if cell.value is None:
        return None
    return Fault(f"an error of the program: {cell.value}") if cell.data_type == "e" else cell.value


NOT_READ = frozenset({"State", "Segments", "Quotations", "Notes", STALE})
"""Headings of columns that stand beside for reading."""
