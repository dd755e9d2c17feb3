"""The directive that draws a kept matrix: each cell with its state in sign and words, and a way to its segments."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from crosscase import ids
from crosscase.publish.book_text import clean, html_text, isolated, show_number, slug
from crosscase.publish.columns import ID_OF
from crosscase.publish.sphinx_ext.context import html_node, paragraph
from crosscase.publish.sphinx_ext.kept import TABLE, KeptDirective

STATES = {
    "present": ("●", "present: at least one segment"),
    "count": ("◐", "known only for cases together: k of n cases, or all of them, not which"),
    "absent": ("○", "absent: looked for, or listed in full, and not found"),
    "not_stated": ("?", "not stated: the source is silent; this is no zero"),
}


MOST_CELLS = 3000
"""Cells that a page shows: a browser stays quick, a reader too."""


class KeptMatrix(KeptDirective):
    """Draw a kept long table as a matrix; the options name its columns where they are called otherwise."""

    option_spec: ClassVar[dict[str, Any]] = dict.fromkeys(
        ("row", "column", "state", "value", "rows", "columns"), directives.unchanged_required
    )

    def run(self) -> list[nodes.Node]:
        """Return the matrix, or note why there is none."""
        record = self.record_or_said("tables")
        if isinstance(record, list):
            return record
        if record["rows"] > MOST_CELLS:
            words = f"{clean(record['caption'])} It has {record['rows']:,} cells, too many for this page."
            return [paragraph(words, "cc-not-drawn"), self.links(record, TABLE)]
        frame = self._cells(self.read_table(record))
        if frame is None:
            return []
        rows = self.pick("rows", frame["row"].drop_duplicates().tolist(), "matrix")
        columns = self.pick("columns", frame["column"].drop_duplicates().tolist(), "matrix")
        if rows is None or columns is None:
            return []
        table = _Drawing(self, record, frame, rows, columns)
        behind = table.segments_html()
        return [html_node(table.html()), self.links(record, TABLE), *([html_node(behind)] if behind else [])]

    def _cells(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        """Return the cells under the names row, column, state, value, k, n, segments; problems for what is missing."""
        names = {name: self.options.get(name, name) for name in ("row", "column", "state", "value")}
        needed = [names["row"], names["column"], names["state"], *([names["value"]] if "value" in self.options else [])]
        if missing := [name for name in needed if name not in frame]:
            rule = "a matrix needs the columns row, column and state, or options that name them"
            self.fail(rule, f"no column {missing[0]!r}", ", ".join(frame.columns))
            return None
        empty = pd.Series(pd.NA, index=frame.index, dtype="object")
        cells = {name: frame.get(source, empty) for name, source in names.items()}
        extra = ("k", "n", "segments", "group_segments", "note", "row_label", "column_label")
        cells |= {name: frame.get(name, empty) for name in extra}
        out = pd.DataFrame(cells)
        out = out[out["row"].notna() & out["column"].notna()]
        if len(wrong := out[~out["state"].isin(list(STATES))]):
            self.fail("the state of a cell is one of four", repr(wrong["state"].iloc[0]), ", ".join(STATES))
            return None
        if out.duplicated(["row", "column"]).any():
            twice = out[out.duplicated(["row", "column"])].iloc[0]
            self.fail("a matrix has one cell per row and column", f"({twice['row']}, {twice['column']}) twice")
            return None
        return out


class _Drawing:
    """The HTML of one matrix."""

    def __init__(
        self, at: KeptMatrix, record: dict[str, Any], frame: pd.DataFrame, rows: list[str], columns: list[str]
    ) -> None:
        self.at, self.record, self.rows, self.columns = at, record, rows, columns
        self.cells = {(cell["row"], cell["column"]): cell for cell in frame.to_dict("records")}
        self.study = record["study"] if record["study"] in at.book.studies else None
        self.anchor = f"cells-{slug(record['id'])}-{at.env.new_serialno('cc-matrix')}"
        self.labels = self._labels(frame)

    def _labels(self, frame: pd.DataFrame) -> dict[str, str]:
        """Return id -> label: of the kinds that rows and columns are said to have, or brought by the table itself.

        Where a table does not say what its rows and columns are, every table of the study that has labels is asked.
        """
        book = self.at.book
        labels: dict[str, str] = {}
        kinds = [self.record["columns"][self.at.options.get(name, name)]["kind"] for name in ("row", "column")]
        if not all(kind.startswith(ID_OF) for kind in kinds):
            kinds = ["id of studies", *(f"{ID_OF}{table}" for table in ("roles", "themes", "codebook", "cases"))]
            if self.study:
                documents = book.study(self.study).documents
                labels |= dict(zip(documents["document"], documents["title"]))
        for kind in kinds:
            labels |= book.labels(kind, self.study or "")
        for name in ("row", "column"):
            own = frame[frame[f"{name}_label"].notna()]
            labels |= dict(zip(own[name], own[f"{name}_label"]))
        return labels

    def label(self, name: str) -> str:
        return isolated(self.labels.get(name, name))

    def html(self) -> str:
        caption = html_text(self.record["caption"])
        head = "".join(f'<th scope="col">{self.label(name)}</th>' for name in self.columns)
        body = "".join(
            f'<tr><th scope="row">{self.label(row)}</th>{"".join(self._cell(row, c) for c in self.columns)}</tr>'
            for row in self.rows
        )
        used = {cell["state"] for cell in self.cells.values()}
        legend = "".join(
            f'<li><span class="cc-{state}" aria-hidden="true">{sign}</span> {words}</li>'
            for state, (sign, words) in STATES.items()
            if state in used
        )
        return (
            f'<div class="cc-matrix-box"><p class="cc-caption" id="{self.anchor}-caption">{caption}</p>'
            f'<div class="cc-scroll" role="region" tabindex="0" aria-labelledby="{self.anchor}-caption">'
            f'<table class="cc-matrix" aria-labelledby="{self.anchor}-caption">'
            f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
            f'<ul class="cc-legend" aria-label="Signs">{legend}</ul></div>'
        )

    def _cell(self, row: str, column: str) -> str:
        cell = self.cells.get((row, column))
        if cell is None:
            return "<td></td>"
        sign, words = STATES[cell["state"]]
        shown = f'<span class="cc-sign" aria-hidden="true">{sign}</span> {html_text(_words(cell))}'
        if target := self._target(row, column):
            shown = f'<a href="{html_text(target)}">{shown}</a>'
        title = words + (f". {clean(cell['note'])}" if pd.notna(cell["note"]) else "")
        return f'<td class="cc-{cell["state"]}" title="{html_text(title)}">{shown}</td>'

    def _segments(self, row: str, column: str) -> list[str]:
        cell = self.cells[(row, column)]
        held = (ids.split(cell[name]) for name in ("segments", "group_segments"))
        return list(dict.fromkeys(each for part in held for each in part))

    def _target(self, row: str, column: str) -> str:
        """Return the address of the segments behind a cell: one segment, their page's own cell, or the list below."""
        ids = self._segments(row, column)
        if not ids or not self.study:
            return ""
        here, book = self.at.env.docname, self.at.book
        if len(ids) == 1:
            return book.segment_link(here, self.study, ids[0])
        cells = book.pages(self.study).cells
        for key in ((column, row), (row, column)):
            if key in cells and cells[key][1] == frozenset(ids):
                return book.link(here, cells[key][0])
        return f"#{self._cell_anchor(row, column)}"

    def _cell_anchor(self, row: str, column: str) -> str:
        return f"{self.anchor}--{slug(row)}--{slug(column)}"

    def segments_html(self) -> str:
        """Return the folded list of the segments behind each cell; empty where no cell needs it."""
        lines = []
        for row in self.rows:
            for column in self.columns:
                anchor = self._cell_anchor(row, column)
                if (row, column) not in self.cells or self._target(row, column) != f"#{anchor}":
                    continue
                links = ", ".join(self.at.segment(self.study or "", each) for each in self._segments(row, column))
                lines.append(f'<li id="{anchor}"><b>{self.label(row)}, {self.label(column)}</b>: {links}</li>')
        if not lines:
            return ""
        head = "<summary>Segments behind the cells</summary>"
        return f'<details class="cc-behind">{head}<ul>{"".join(lines)}</ul></details>'


def _words(cell: dict[str, Any]) -> str:
    """Return what stands in a cell beside its sign.

    >>> _words({"state": "count", "value": None, "k": "2", "n": "4"})
    '2 of 4'
    """
    if cell["state"] == "present":
        return "yes" if pd.isna(cell["value"]) else _number(cell["value"])
    if cell["state"] == "count":
        if pd.isna(cell["k"]):
            return "some"
        if cell["k"] == cell["n"] and float(cell["n"]) > 1:
            return "both" if float(cell["n"]) == 2 else f"all {_number(cell['n'])}"
        return f"{_number(cell['k'])} of {_number(cell['n']) if pd.notna(cell['n']) else '?'}"
    return cell["state"].replace("_", " ")


def _number(text: str) -> str:
    try:
        return show_number(float(text))
    except ValueError:
        return clean(text)


DIRECTIVES = {"kept-matrix": KeptMatrix}
