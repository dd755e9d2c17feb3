"""What a person has written into the workbook, as tables: only cells that were changed differ from those written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from crosscase import tables
from crosscase.errors import CrosscaseError, Problem, raise_if, shown
from crosscase.exchange import names
from crosscase.exchange.builder import stem_of
from crosscase.exchange.edit_cells import LONGEST, Wrong, missing, said, same, settled, value
from crosscase.exchange.edit_layout import DATE, ID, KEY, VALUES, Column, Sheet, Shown, sheets
from crosscase.exchange.edit_match import Line, matched
from crosscase.exchange.edit_names import Names
from crosscase.exchange.edit_read import NOT_READ, Fault, Grid, Workbook
from crosscase.exchange.edit_rows import MARK, Row, attribute_cell, blank, rows_of, values_of
from crosscase.exchange.neutral import new_id
from crosscase.study.levels import ALL

DEFAULTS = {"release": "none", ("cases", "kind"): "case", ("themes", "kind"): "theme", ("roles", "kind"): "role",
            ("variables", "type"): "text"}  # fmt: skip
"""What a new row holds where nothing is said."""


@dataclass
class Taken:
    """The tables as the workbook has them, names behind new ids, where each row stands, what was passed over.

    `called` are rows of the table `names`: by them a file that is added later finds a new document or participant.
    """

    frames: dict[str, pd.DataFrame]
    called: list[tuple[str, str, str]]
    places: dict[tuple[str, str], str]
    notes: list[str] = field(default_factory=list)


@dataclass
class _Part:
    """One sheet while it is read."""

    sheet: Sheet
    grid: Grid
    before: dict[str, Row]
    lines: list[Line]


def taken(book: Workbook, frames: Mapping[str, pd.DataFrame], named: Shown, public: Any) -> Taken:
    """Return what a workbook says.

    Parameters
    ----------
    book : Workbook
        The workbook as it was read.
    frames : mapping of str to pandas.DataFrame
        The tables of the study as it stands now.
    named : Shown
        What its rows are called now.
    public
        What the study releases, as `study.yml` says it: where it keeps names back, new ids are neutral.

    Raises
    ------
    CrosscaseError
        With every cell and row that cannot be read.
    """
    return _Reader(book, frames, named, public).taken()


class _Reader:
    def __init__(self, book: Workbook, frames: Mapping[str, pd.DataFrame], named: Shown, public: Any) -> None:
        self.book, self.now, self.named, self.public = book, frames, named, public
        self.base, self.shown = book.memory.frames, book.memory.shown
        self.names = Names(self.shown.names, named.names)
        self.names.new["participants"] = self._participant
        self.participants: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.notes = list(book.notes)
        self.parts: dict[str, _Part] = {}

    def taken(self) -> Taken:
        for sheet in (sheet for sheet in sheets() if sheet.table in self.book.grids):
            self._match(sheet)
        headings = {part.sheet.unit: self._headings(part) for part in self.parts.values() if part.sheet.unit}
        frames = dict(self.base)
        for table, part in self.parts.items():
            frames[table] = self._frame(part)
        frames["variables"] = self._with_new_variables(frames["variables"], headings)
        for unit, found in headings.items():
            frames[VALUES] = self._values(frames[VALUES], self.parts[KEY[unit]], found)
        raise_if(self.problems)
        places = {(table, line.id or ""): f"sheet {part.grid.name}, row {line.number}"
                  for table, part in self.parts.items() for line in part.lines}  # fmt: skip
        called = [("participant", id, name) for id, name in self.participants.items()]
        return Taken(frames, called + self._files(), places, self.notes)

    def _match(self, sheet: Sheet) -> None:
        """Tell the rows of a sheet, give new ones their ids, and note what each row is called."""
        grid = self.book.grids[sheet.table]
        before = {row.id: row for row in rows_of(sheet, self.base, self.shown)}
        since = {row.id: row for row in rows_of(sheet, self.now, self.named) if row.id not in before}
        if sheet.table == "summaries":
            since = {}
        lines, problems = matched(sheet, grid, before, since)
        self.problems += problems
        self.parts[sheet.table] = _Part(sheet, grid, before, lines)
        for missing_ in (column.heading for column in sheet.columns if column.heading not in grid.headings):
            self.notes.append(f"the column {missing_!r} is not on the sheet {grid.name}: it stays as it is")
        if not sheet.unit:
            known = {ID, *NOT_READ, *(column.heading for column in sheet.columns)}
            for heading in (heading for heading in grid.headings if heading not in known):
                self.notes.append(
                    f"the column {shown(heading, 60)} on the sheet {grid.name} is none of the study's: not read"
                )
        if sheet.table == "summaries":
            return
        taken = {*self.base[sheet.table][sheet.key], *self.now[sheet.table][sheet.key]}
        heading = sheet.column(sheet.label).heading
        for line in lines:
            told = said(line.cells.get(heading))
            if line.id is None:
                line.id = self._new_id(sheet, told or "", taken)
                taken.add(line.id)
                above = said(line.cells.get("Below"))
                more = [f"{above} > {told}"] if above and told else []
                self.names.add(sheet.table, line.id, [told, *more] if told else [])
            elif told:
                self.names.add(sheet.table, line.id, [told])
                if sheet.table == "codebook" and line.id in self.shown.of("themes"):  # a group of codes is a theme
                    self.names.add("themes", line.id, [told])

    def _files(self) -> list[tuple[str, str, str]]:
        """Return what the text of each new document is called when it is added, where names are kept back."""
        part, known = self.parts.get("documents"), {*self.now["documents"]["document"]}
        if part is None or self.public == ALL:
            return []
        titles = {line.id: said(line.cells.get(part.sheet.column("title").heading)) or "" for line in part.lines}
        return [
            ("document", str(id), f"{names.slug(stem_of(title), 'document')}.txt")
            for id, title in titles.items()
            if id not in part.before and id not in known
        ]

    def _new_id(self, sheet: Sheet, label: str, taken: set[str]) -> str:
        kind = tables.schema(sheet.table).ids.get(sheet.key, "code")
        if sheet.table == "documents" and self.public == ALL:  # the id is the name of the file that is added later
            return names.unique(f"{names.slug(stem_of(label), 'document')}.txt", taken)
        if sheet.table == "codebook" or self.public == ALL:
            return names.unique(names.slug(label, "code" if sheet.table == "codebook" else "x"), taken)
        return new_id(kind, taken)

    def _participant(self, name: str) -> str:
        """Return the id of a participant that no document has had: neutral where names are kept back."""
        if len(name) > names.MAX_LABEL:
            raise Wrong(f"a name has at most {names.MAX_LABEL} characters", name)
        name = names.label(name)
        known = set(self.now["documents"]["participant"].dropna()) | set(self.base["documents"]["participant"].dropna())
        if self.public == ALL or name in known:
            return name
        if name not in self.participants.values():
            self.participants[new_id("participant", known | set(self.participants))] = name
        return next(id for id, each in self.participants.items() if each == name)

    def _frame(self, part: _Part) -> pd.DataFrame:
        """Return the table of a sheet: each row as it was written, with the cells that were changed."""
        sheet, schema = part.sheet, tables.schema(part.sheet.table)
        table = self.base[sheet.table]
        records = table.astype("object").where(table.notna(), None).to_dict("records")
        old = {self._id(sheet, record): record for record in records}
        dates = {
            column.field: settled([line.cells.get(column.heading) for line in part.lines])
            for column in sheet.columns
            if column.kind == DATE
        }
        out: dict[str, dict] = {}
        for line in part.lines:
            row = part.before.get(line.id or "")
            record = dict(old.get(line.id or "", blank(sheet)))
            if sheet.table == "summaries":
                found = self._summary(part, line, row, record, dates)
                if found is not None and (key := self._id(sheet, found)) in out:
                    self._wrong(
                        part, line, "Summary", Wrong("one summary for a case and a theme", "another row has one")
                    )
                elif found is not None:
                    out[key] = found
                continue
            record[sheet.key] = line.id
            for column in (column for column in sheet.columns if column.heading in line.cells or row is None):
                self._take(part, line, column, row, record, schema, dates.get(column.field, {}))
            if sheet.table == "outcomes" and missing(record["outcome"]):
                record["outcome"] = self._outcome(record)
            out[str(line.id)] = record
        order = [id for id in old if id in out] + [id for id in out if id not in old]
        frame = pd.DataFrame([out[id] for id in order], columns=schema.columns, dtype="object")
        try:
            return tables.typed(frame, schema)
        except (ValueError, TypeError) as error:
            raise CrosscaseError(
                Problem(f"sheet {part.grid.name}", "its cells have the types of their columns", str(error))
            ) from None

    def _id(self, sheet: Sheet, record: Mapping[str, Any]) -> str:
        return f"{record['case']}{MARK}{record['theme']}" if sheet.table == "summaries" else str(record[sheet.key])

    def _take(
        self, part: _Part, line: Line, column: Column, row: Row | None, record: dict, schema: tables.Schema,
        dates: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Take over one cell where it no longer says what was written."""
        cell = line.cells.get(column.heading)
        if row is not None and same(cell, row.cells[column.field]):
            return
        default = DEFAULTS.get(column.field) or DEFAULTS.get((schema.name, column.field))
        if row is None and said(cell) is None and default:
            record[column.field] = default
            return
        try:
            _plain(cell)
            found = value(cell, column, schema, self.names.find, dates)
        except Wrong as wrong:
            self._wrong(part, line, column.heading, wrong)
            return
        if column.field == part.sheet.label and row is not None:
            found = _bare(str(found), str(record[column.field] or ""), str(row.cells[column.field]))
        record[column.field] = found

    def _summary(
        self, part: _Part, line: Line, row: Row | None, record: dict, dates: Mapping[str, Mapping[str, str]]
    ) -> dict | None:
        """Return the summary of a cell of the framework matrix, None where nothing is written."""
        sheet, schema = part.sheet, tables.schema("summaries")
        case, theme, summary = (sheet.column(each) for each in ("case", "theme", "summary"))
        try:
            key = self._cell_of(line, row, (case, theme))
        except Wrong as wrong:
            self._wrong(part, line, case.heading, wrong)
            return None
        record["case"], _, record["theme"] = key.partition(MARK)
        cell = line.cells.get(summary.heading)
        rest = [column for column in sheet.columns if column.field in ("by", "date") and column.heading in line.cells]
        if said(cell) is None:
            if missing(record["summary"]) and any(said(line.cells.get(column.heading)) for column in rest):
                self._wrong(part, line, summary.heading, Wrong("what has an author or a date is a summary", "none"))
            return None
        was = record["summary"]
        for column in (summary, *rest):
            before = row if row is not None and not missing(was) else None
            if before is None and said(line.cells.get(column.heading)) is None:
                continue
            self._take(part, line, column, before, record, schema, dates.get(column.field, {}))
        if record["summary"] != was:
            record["segments_hash"] = self.shown.hashes.get(key) or self.named.hashes.get(key)
        return record

    def _cell_of(self, line: Line, row: Row | None, columns: tuple[Column, Column]) -> str:
        """Return case and theme of a summary; `Wrong` where the names in a row are no longer those of its id."""
        if row is not None and all(same(line.cells.get(each.heading), row.cells[each.field]) for each in columns):
            return row.id
        names_ = [said(line.cells.get(each.heading)) or "" for each in columns]
        key = MARK.join(self.names.find(each.of, name) for each, name in zip(columns, names_))
        if row is not None and key != row.id:
            rule = "a summary stays beside its case and theme"
            raise Wrong(rule, ", ".join(names_), remedy="add a row for another one")
        return key

    def _outcome(self, record: Mapping[str, Any]) -> str:
        """Return the id of the outcome of a new row: that of the rows of the same label, else a new one."""
        known = pd.concat([self.now["outcomes"], self.base["outcomes"]])
        alike = known.loc[known["label"].eq(record["label"]), "outcome"]
        return str(alike.iloc[0]) if len(alike) else str(record["row"])

    def _headings(self, part: _Part) -> dict[str, str]:
        """Return heading -> variable of the columns of attributes of a sheet; a heading nobody knows is a new one."""
        known = {ID, *(column.heading for column in part.sheet.columns)}
        by_heading = {said(heading): id for id, heading in self.shown.attributes.items()}
        found = {}
        for heading in (heading for heading in part.grid.headings if heading not in known):
            try:
                found[heading] = by_heading.get(heading) or self.names.find("variables", heading)
            except Wrong:
                taken = {*self.base["variables"]["variable"], *self.now["variables"]["variable"], *found.values()}
                sheet = next(sheet for sheet in sheets() if sheet.table == "variables")
                found[heading] = self._new_id(sheet, heading, taken)
                self.names.add("variables", found[heading], [heading])
        for id, heading in self.shown.attributes.items():
            if id not in found.values():
                self.notes.append(
                    f"the attribute {heading!r} is no column of the sheet {part.grid.name}: its values stay"
                )
        return found

    def _with_new_variables(self, variables: pd.DataFrame, headings: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
        schema, rows = tables.schema("variables"), []
        known = {*variables["variable"], *self.base["variables"]["variable"]}
        for unit, found in headings.items():
            for heading, id in found.items():
                if id not in known:
                    known.add(id)
                    cells = [line.cells.get(heading) for line in self.parts[KEY[unit]].lines]
                    rows.append({"variable": id, "label": heading, "type": _type(cells)})
        if not rows:
            return variables
        return tables.typed(pd.concat([variables, pd.DataFrame(rows)], ignore_index=True), schema)

    def _values(self, values: pd.DataFrame, part: _Part, found: Mapping[str, str]) -> pd.DataFrame:
        """Return the values of attributes with the cells that were changed; an emptied cell leaves its row empty."""
        unit, schema = part.sheet.unit, tables.schema(VALUES)
        old = values_of(values, unit)
        there = {line.id for line in part.lines}
        new: dict[tuple[str, str], object] = {}
        for line in part.lines:
            for heading, variable in found.items():
                cell, before = line.cells.get(heading), old.get(str(line.id), {}).get(variable)
                if same(cell, attribute_cell(before)):
                    continue
                try:
                    new[str(line.id), variable] = names.prose(_plain(cell)) or None
                except Wrong as wrong:
                    self._wrong(part, line, heading, wrong)
        mine = values["unit"].eq(unit)
        pairs = list(zip(values["id"], values["variable"]))
        changed = [new.pop(pair, cell) if own else cell for pair, cell, own in zip(pairs, values["value"], mine)]
        kept = values.assign(value=pd.Series(changed, index=values.index, dtype="object"))
        kept = kept[~mine | kept["id"].isin(there)]
        rows = [{"unit": unit, "id": id, "variable": variable, "value": cell}
                for (id, variable), cell in new.items() if cell is not None]  # fmt: skip
        return tables.typed(
            pd.concat([kept, pd.DataFrame(rows)], ignore_index=True) if rows else kept, schema
        ).reset_index(drop=True)

    def _wrong(self, part: _Part, line: Line, heading: str, wrong: Wrong) -> None:
        place = f"sheet {part.grid.name}, row {line.number}, column {heading}"
        self.problems.append(Problem(place, wrong.rule, wrong.found, wrong.allowed, wrong.remedy))


def _plain(cell: Any) -> str | None:
    """Return what a cell says; `Wrong` where it is an error or holds as much as a cell can."""
    if isinstance(cell, Fault):
        raise Wrong("a cell holds what is meant", str(cell), remedy="write the value itself")
    if len(text := said(cell) or "") >= LONGEST:
        raise Wrong(f"a cell holds less than {LONGEST:,} characters", f"{len(text):,}", remedy="edit it in the files")
    return text


def _bare(name: str, label: str, called: str) -> str:
    """Return a new label without what told the old one apart from others of its name.

    >>> _bare("Home > Others", "Other", "Home > Other"), _bare("More (a)", "Other", "Other (a)")
    ('Others', 'More')
    """
    at = called.rfind(label) if label else -1
    if at < 0:
        return name
    above, after = called[:at], called[at + len(label) :]
    return name.removeprefix(above).removesuffix(after).strip() or name


def _type(cells: list[Any]) -> str:
    """Return the type of a new attribute.

    >>> _type([34, None, 7.0]), _type(["nurse", 3]), _type([True]), _type([])
    ('integer', 'text', 'boolean', 'text')
    """
    texts = [text for cell in cells if (text := said(cell))]
    if texts and all(text in ("true", "false") for text in texts):
        return "boolean"
    for kind, form in (("integer", str.isdigit), ("float", _is_number), ("date", _is_date)):
        if texts and all(map(form, texts)):
            return kind
    return "text"


def _is_number(text: str) -> bool:
    try:
        return float(text) == float(text)
    except ValueError:
        return False


def _is_date(text: str) -> bool:
    return names.date(text) == text and len(text) == 10
