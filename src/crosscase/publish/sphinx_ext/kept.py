"""Directives that show a kept figure or table with its links to the data and to the notebook that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from crosscase.ids import split
from crosscase.publish.book_text import ABSENT, clean, html_text, isolated, show_number
from crosscase.publish.cells import read_csv
from crosscase.publish.columns import NUMBER, SEGMENTS, TERM, TEXT, TRUTH, heading
from crosscase.publish.reproduction import fact_anchor
from crosscase.publish.sphinx_ext.context import BookDirective, html_node, paragraph
from crosscase.publish.sphinx_ext.labels import label
from crosscase.publish.words import in_words

MOST_ROWS = 100
TABLE = [("tables", "csv"), ("tables", "xlsx")]
MOST_LINKS = 6
NUMBER_CLASS = ' class="cc-number"'
FACT = "id of facts"
YES_NO = {"True": "yes", "False": "no"}


class KeptDirective(BookDirective):
    """What figures, tables and matrices share."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"name": directives.unchanged}

    def sentence_instead(self, kind: str) -> list[nodes.Node] | None:
        """Return the sentence of a result that has no such figure or table; None where it has one.

        A table without rows is its sentence too. What was said in a section is not said again in it.
        """
        name = self.arguments[0]
        if notebook := self.book.why_unknown(self.env.docname, name):
            text = f"The notebook {notebook} has not run for this study."
            return [paragraph(text, "cc-not-drawn")] if self.book.once(text, self.get_source_info()) else []
        result = self.book.kept.results.get(name)
        record = getattr(self.book.kept, kind).get(name)
        if result is None or not result["sentence"] or (record and record.get("rows", 1)):
            return None
        if not record and not result["refused"]:
            return None
        if not self.book.once(result["sentence"], self.get_source_info()):
            return []
        said = paragraph(clean(result["sentence"]), "cc-not-drawn")
        self.add_name(said)
        return [said, self.links(result, TABLE if name in self.book.kept.tables else [])]

    def record_or_said(self, kind: str) -> dict[str, Any] | list[nodes.Node]:
        """Return the kept record that the directive names, or what stands in its place."""
        if (said := self.sentence_instead(kind)) is not None:
            return said
        return self.find_kept(kind) or []

    def read_table(self, record: dict[str, Any]) -> pd.DataFrame:
        """Return the kept table as texts, empty cells null."""
        return read_csv(self.book.kept.path("tables", record["id"], "csv"))

    def pick(self, option: str, known: Sequence[str], of: str) -> list[str] | None:
        """Return the names that an option lists, all by default; None (and a problem) where one is unknown."""
        if option not in self.options:
            return list(known)
        wanted = [name.strip() for name in self.options[option].split(",") if name.strip()]
        if unknown := [name for name in wanted if name not in known]:
            self.fail(f"the option {option} names {option} of the {of}", repr(unknown[0]), ", ".join(known))
            return None
        return wanted

    def segment(self, study: str, coding: str) -> str:
        """Return the id of a segment, as a link where the book shows it."""
        href = self.book.segment_link(self.env.docname, study, coding)
        return f'<a href="{html_text(href)}">{isolated(coding)}</a>' if href else isolated(coding)

    def links(self, record: dict[str, Any], kinds: list[tuple[str, str]]) -> nodes.paragraph:
        """Return the line of links: each file of the record, then its notebook."""
        line = nodes.paragraph(classes=["cc-links"])
        for kind, suffix in kinds:
            address = self.address_of_file(f"data/{kind}/{record['id']}.{suffix}")
            words = f"{'data ' if kind == 'tables' and len(kinds) > 2 else ''}{suffix.upper()}"
            line += [nodes.reference(words, words, refuri=address, internal=True), nodes.Text(" · ")]
        page = self.book.notebook_page(record)
        words = f"notebook {record['notebook']}"
        if page:
            line += nodes.reference(words, words, refuri=self.book.link(self.env.docname, page), internal=True)
        else:
            line += nodes.Text(words)
        line += nodes.Text(f" · {record['id']}")
        return line


class KeptFigure(KeptDirective):
    """Show a kept figure: the SVG with its alternative text and caption; where it has nothing to show, why."""

    def run(self) -> list[nodes.Node]:
        """Return the figure, or note why there is none."""
        record = self.record_or_said("figures")
        if isinstance(record, list):
            return record
        address = self.address_of_file(f"data/figures/{record['id']}.svg")
        picture = f'<img src="{html_text(address)}" alt="{html_text(record["alt"])}">'
        image = html_node(f'<div class="cc-figure-box">{picture}</div>')
        kinds = [("figures", "svg"), ("figures", "png"), *(TABLE if record["id"] in self.book.kept.tables else [])]
        caption = nodes.caption(record["caption"])
        if finding := clean(self.book.kept.results.get(record["id"], {}).get("sentence", "")):
            caption += [nodes.strong(finding, finding), nodes.Text(" ")]
        caption += nodes.Text(clean(record["caption"]))
        figure = nodes.figure("", image, caption, nodes.legend("", self.links(record, kinds)), classes=["cc-figure"])
        self.set_source_info(figure)
        self.set_source_info(caption)
        self.add_name(figure)
        return [figure]


class KeptTable(KeptDirective):
    """Show a kept table with its labels.

    `columns` picks columns, `rows` says how many rows are shown, `fold` from how many on the table opens on a click.
    """

    option_spec: ClassVar[dict[str, Any]] = {
        **KeptDirective.option_spec,
        "columns": directives.unchanged_required,
        **dict.fromkeys(("rows", "fold"), directives.nonnegative_int),
    }

    def run(self) -> list[nodes.Node]:
        """Return the table, or note why there is none."""
        record = self.record_or_said("tables")
        if isinstance(record, list):
            return record
        full = self.read_table(record)
        studies = full["study"].tolist() if "study" in full else [record["study"]] * len(full)
        picked = self.pick("columns", list(full), "table")
        if picked is None:
            return []
        frame = full[picked]
        limit = self.options.get("rows", MOST_ROWS)
        caption = clean(record["caption"]).rstrip(".")
        if "(n = " not in caption:
            caption += f" ({len(frame)} {'row' if len(frame) == 1 else 'rows'})"
        if len(frame) > limit:
            caption += f". The first {limit} rows; all of them are in the files below"
        table = self._table(frame.head(limit), record, studies, caption + ".")
        self.add_name(table)
        links = self.links(record, TABLE)
        if len(frame) <= self.options.get("fold", len(frame)):
            return [table, links]
        summary = f'<details class="cc-folded"><summary>{html_text(caption)}</summary>'
        return [html_node(summary), table, html_node("</details>"), links]

    def _table(self, frame: pd.DataFrame, record: dict[str, Any], studies: list[str], caption: str) -> nodes.table:
        """Return the table; its cells are HTML, because a node per cell makes large books slow."""
        coders = self.book.study(record["study"]).coder_names() if record["study"] in self.book.studies else {}
        columns = [_of_coder(name, record["columns"][name], coders) for name in frame]
        head = "".join(
            f'<th scope="col"{NUMBER_CLASS if each["kind"] == NUMBER else ""}>{html_text(each["heading"])}</th>'
            for each in columns
        )
        body = "".join(
            f"<tr>{''.join(self._cell(each['kind'], value, study) for each, value in zip(columns, values))}</tr>"
            for values, study in zip(frame.itertuples(index=False), studies)
        )
        content = html_node(f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>")
        table = nodes.table("", nodes.title(caption, caption), content, classes=["cc-table"])
        self.set_source_info(table)
        return table

    def _cell(self, kind: str, cell: Any, study: str) -> str:
        """Return a cell: numbers shortened with their full precision as title, ids of segments and facts as links."""
        if pd.isna(cell):
            return f"<td>{ABSENT}</td>"
        if kind == NUMBER:
            text, full = show_number(float(cell)), repr(float(cell)).removesuffix(".0")
            title = "" if text == full else f' title="{full}"'
            return f"<td{NUMBER_CLASS}{title}>{text}</td>"
        if kind == SEGMENTS and study in self.book.studies:
            return f"<td>{self._segments(cell, study)}</td>"
        if kind == TRUTH:
            return f"<td>{YES_NO[cell]}</td>"
        place = f"reproduction#{fact_anchor(study, cell)}" if kind == FACT and study in self.book.studies else ""
        if href := self.book.link(self.env.docname, place):
            return f'<td><a href="{html_text(href)}">{isolated(cell)}</a></td>'
        words = in_words(cell) if kind == TERM else label(self.book, kind, cell, study) or cell
        title = f' title="{html_text(cell)}"' if words != cell else ""
        return f"<td{title}>{isolated(words)}</td>"

    def _segments(self, ids: str, study: str) -> str:
        every = split(ids)
        more = [f"and {len(every) - MOST_LINKS} more"] if len(every) > MOST_LINKS else []
        return " ".join([*(self.segment(study, each) for each in every[:MOST_LINKS]), *more])


def _of_coder(name: str, column: dict[str, str], coders: Mapping[str, str]) -> dict[str, str]:
    """Return what a column holds; one that is named as a coder of the study is headed by that coder's name."""
    if name not in coders or column["heading"] != heading(name):
        return column
    return {"kind": "id of codebook" if column["kind"] == TEXT else column["kind"], "heading": coders[name]}


DIRECTIVES = {"kept-figure": KeptFigure, "kept-table": KeptTable}
