"""Rows of a table of coded segments as records, one per code on a segment, with what was assumed told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from crosscase import spreadsheets
from crosscase.exchange import names
from crosscase.exchange.as_above import as_above
from crosscase.exchange.builder import Builder
from crosscase.exchange.code_cells import split_cells
from crosscase.exchange.shapes import Shape, is_marked
from crosscase.exchange.sheet_reader import Table
from crosscase.exchange.tabular import unguard

Row = dict[str, str | None]
_ERRORS = (
    "#null! #div/0! #value! #ref! #name? #num! #n/a #getting_data #spill! #calc! #field! #blocked! #unknown! #nv "
    "#wert! #bezug! #zahl! #überlauf! #valeur! #nom? #nombre! #waarde! #naam? #n/b #verw! #getal! #deel/0! #verdi! "
    "#navn? #i/t #værdi! #reference! #værdifejl! #värdefel! #namn? #saknas! #referens! #referanse! #ogiltigt! #¡ref! "
    "#¡valor! #¿nombre? #¡div/0! #div/0 #rif! #valore! #nome?"
)
ERRORS = frozenset(_ERRORS.split())
MARK_NAMES = {"\n": "line ends", ";": "semicolons", "|": "bars", ",": "commas"}
WHOLE = "to keep such cells whole: --map '{column}=code_as_is'"


@dataclass(frozen=True)
class Part:
    """One table of a file with its shape; `document` and `coder` are the names of the file or sheet, where they are."""

    place: str
    table: Table
    shape: Shape
    document: str | None = None
    coder: str | None = None

    def at(self, row: object) -> str:
        """Return the place of a row for a remark."""
        return f"{self.place}, row {row}" if self.place else f"row {row}"


def rows_of(part: Part, builder: Builder) -> list[Row]:
    """Return one record per code on a segment; rows that hold none, and what was assumed, are told to the builder."""
    frame, shape = _without_errors(part, builder), part.shape
    records: list[Row] = [
        {str(field): _text(cell) for field, cell in record.items()}
        for record in pd.DataFrame({f: frame[h] for f, h in shape.found.items() if h in frame}).to_dict("records")
    ]
    records = records or [{} for _ in frame.index]
    numbers = frame.index.tolist()
    _fill("document", records, part, builder)
    codes = _codes(frame, records, part, builder)
    _fill("case", records, part, builder)
    _dates(records, builder)
    out: list[Row] = []
    for number, record, whole, given in zip(numbers, records, frame.to_dict("records"), codes):
        given = given + [(code, None, None) for heading, code in shape.marks.items() if is_marked(whole.get(heading))]
        if not given:
            builder.left_out.add("rows without a code", part.at(number))
            continue
        if (
            not record.get("quotation")
            and not (record.get("start") and record.get("end"))
            and not record.get("locator")
        ):
            builder.left_out.add("rows without a segment", part.at(number))
            continue
        if "document" in shape.found and not record.get("document") and not record.get("document_title"):
            builder.warnings.add("rows without a document, put in one called 'document'", part.at(number))
        own = record | {"document": record.get("document") or part.document, "row": str(number)}
        for code, coder, turn in given:
            said = {"code": code, "coder": coder or record.get("coder") or part.coder}
            out.append(own | said | ({"round": turn} if turn else {}) | {"rule": shape.rule})
    return out


def _text(cell: object) -> str | None:
    return str(unguard(cell)) if isinstance(cell, str) else None


def _without_errors(part: Part, builder: Builder) -> pd.DataFrame:
    """Return a table without the cells in which a spreadsheet shows an error; each is named."""
    frame = part.table.frame.copy()
    for heading in frame.columns:
        wrong = [isinstance(cell, str) and cell.strip().lower() in ERRORS for cell in frame[heading]]
        if any(wrong):
            for number, cell in frame.loc[wrong, heading].items():
                place = f"{part.at(number)}, column {names.label(heading)!r}: {cell}"
                builder.left_out.add("cells in which the spreadsheet shows an error", place)
            frame.loc[wrong, heading] = None
    return frame


def _fill(field: str, records: list[Row], part: Part, builder: Builder) -> None:
    """Give empty cells of a document or case the value above, where the column is so written."""
    if field not in part.shape.found or "code_path" in part.shape.found:
        return
    above = as_above([record.get(field) for record in records])
    for number in above:
        records[number][field] = records[number - 1].get(field)
    _tell_above(field, above, part, builder)


def _tell_above(field: str, above: Sequence[int], part: Part, builder: Builder) -> None:
    index = part.table.frame.index
    for number in above:
        builder.warnings.add(
            f"empty cells of the column of {field}s, read as the {field} above", part.at(index[number])
        )


def _codes(
    frame: pd.DataFrame, records: list[Row], part: Part, builder: Builder
) -> list[list[tuple[str, str | None, str | None]]]:
    """Return the codes of each row with coder and round, where their column says them."""
    shape = part.shape
    out: list[list[tuple[str, str | None, str | None]]] = [[] for _ in records]
    counts = [_number(record.get("n_codes")) for record in records]
    for column in shape.codes:
        cells = [_text(cell) for cell in frame[column.heading]]
        if "code_path" in shape.found:
            for codes, record in zip(out, records):
                codes += [(path, None, None)] if (path := record.get("code_path")) else []
            continue
        if len(shape.codes) == 1 and "n_codes" not in shape.found:
            _codes_above(cells, records, part, builder)
        split = split_cells(cells, counts if len(shape.codes) == 1 else [None] * len(cells), shape.rule)
        for codes, new in zip(out, split.codes):
            there = set() if column.coder else {code for code, *_ in codes}
            codes += [(code, column.coder, column.round) for code in new if code not in there]
        _tell(column.heading, split.examples, split.whole, builder)
        for number in split.unsettled:
            what = "cells whose number of codes does not settle where one ends, kept as one code (say what parts them "
            example = f"{part.at(frame.index[number])}: {cells[number]}"
            builder.warnings.add(f"{what}with --map '{column.heading}=codes_by_comma')", names.label(example)[:120])
    return out


def _codes_above(cells: list[str | None], records: list[Row], part: Part, builder: Builder) -> None:
    """Give empty cells of a row with a segment the code above, where the column is so written or a person said so."""
    if part.shape.rule not in ("", "code_or_above"):
        return
    rows = [n for n, record in enumerate(records) if record.get("quotation") or record.get("start")]
    mine, within = [cells[n] for n in rows], [records[n].get("document") for n in rows]
    above = [rows[n] for n in as_above(mine, within, forced=part.shape.rule == "code_or_above")]
    wanted, last = set(above), None
    for number, cell in enumerate(cells):
        last = cell or last
        if number in wanted:
            cells[number] = last
    _tell_above("code", above, part, builder)


def _tell(column: str, examples: dict[str, list[str]], whole: list[str], builder: Builder) -> None:
    remedy = WHOLE.format(column=column)
    for mark, cells in examples.items():
        shown = "; ".join(map(repr, cells))
        builder.notes.append(f"Cells of codes are parted at {MARK_NAMES.get(mark, mark)}, as {shown} ({remedy}).")
    if whole:
        shown = "; ".join(repr(names.label(cell)[:60]) for cell in whole)
        what = "cells of codes with a comma, each kept as one code (to part them: --map"
        builder.warnings.add(f"{what} '{column}=codes_by_comma')", shown)


def _dates(records: list[Row], builder: Builder) -> None:
    """Write dates in ISO 8601 where the column tells days from months."""
    read, order = spreadsheets.settled(record.get("date") for record in records)
    for record in records:
        if (value := record.get("date")) in read:
            record["date"] = read[str(value)]
    if order:
        builder.notes.append(f"Dates were read with the {order}, as those with a part above 12 have it.")


def _number(cell: str | None) -> int | None:
    found = re.fullmatch(r"\s*(\d{1,6})(?:[.,]0+)?\s*", cell or "")
    return int(found[1]) if found else None
