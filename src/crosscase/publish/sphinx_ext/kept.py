"""Directives that show a kept figure or table with its links to the data and to the notebook that made it."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from crosscase.publish.book_text import ABSENT, clean, columns_as_read, html_text, isolated, show_number
from crosscase.publish.cells import read_csv
from crosscase.publish.reproduction import fact_anchor
from crosscase.publish.sphinx_ext.context import BookDirective
from crosscase.publish.words import heading, in_words
from crosscase.tables import LIST_SEPARATOR

MOST_ROWS = 100
MOST_LINKS = 6
SEGMENT_COLUMNS = ("segments", "group_segments", "coding_id", "codings")


LABELLED = {
    **dict.fromkeys(("code", "code_a", "code_b"), ("codebook", "code")),
    **dict.fromkeys(("theme", "subtheme", "claim", "source", "target"), ("themes", "theme")),
    **dict.fromkeys(("case", "cases", "case_a", "case_b", "hinders", "promotes"), ("cases", "case")),
    **dict.fromkeys(("role", "roles", "roles_quoted"), ("roles", "role")),
}
"""Column of a kept table -> the study's table whose labels a reader should see there instead of ids."""


NAMED = {**dict.fromkeys(("coder", "coder_1", "coder_2", "coders"), "coder"), "document": "document", "memo": "memo"}
"""Column -> what has the neutral ids in it, where the name in the imported file is shown if it is at hand."""


LONGEST_NAME = 32
"""Characters of a name that are shown: programs make titles of memos from what people said."""


OF_STUDIES = ("study", "case", "case_a", "case_b")
"""Columns in which the id of a study stands for it; a synthesis compares studies as cases."""


class KeptDirective(BookDirective):
    """What figures, tables and matrices share."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"name": directives.unchanged}

    def sentence_instead(self, kind: str) -> list[nodes.Node]:
        """Return the sentence of a result that has no such figure or table; nothing where it has one.

        A table without rows is its sentence too.
        """
        name = self.arguments[0]
        result = self.book.kept.results.get(name)
        record = getattr(self.book.kept, kind).get(name)
        if result is None or not result["sentence"] or (record and record.get("rows", 1)):
            return []
        if not record and not result["refused"]:
            return []
        words = f"{clean(result['caption'])} {clean(result['sentence'])}"
        said = nodes.paragraph(words, words, classes=["cc-not-drawn"])
        self.add_name(said)
        tables = [("tables", "csv"), ("tables", "xlsx")] if name in self.book.kept.tables else []
        return [said, self.links(result, tables)]

    def read_table(self, record: dict[str, Any]) -> pd.DataFrame:
        """Return the kept table as texts, empty cells null."""
        path = self.book.kept.path("tables", record["id"], "csv")
        return read_csv(path)

    def pick_columns(self, frame: pd.DataFrame) -> pd.DataFrame | None:
        """Return the columns that the option `columns` names; None (and a problem) where one is unknown."""
        if "columns" not in self.options:
            return frame
        wanted = [name.strip() for name in self.options["columns"].split(",") if name.strip()]
        if unknown := [name for name in wanted if name not in frame]:
            self.fail("the option columns names columns of the table", repr(unknown[0]), ", ".join(frame.columns))
            return None
        return frame[wanted]

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
        if said := self.sentence_instead("figures"):
            return said
        record = self.find_kept("figures")
        if record is None:
            return []
        address = self.address_of_file(f"data/figures/{record['id']}.svg")
        picture = f'<img src="{html_text(address)}" alt="{html_text(record["alt"])}">'
        image = nodes.raw("", f'<div class="cc-figure-box">{picture}</div>', format="html")
        kinds = [("figures", "svg"), ("figures", "png")]
        if record["id"] in self.book.kept.tables:
            kinds += [("tables", "csv"), ("tables", "xlsx")]
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
    """Show a kept table with its labels; `columns` picks columns, `rows` says how many rows are shown."""

    option_spec: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged,
        "columns": directives.unchanged_required,
        "rows": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        """Return the table, or note why there is none."""
        if said := self.sentence_instead("tables"):
            return said
        record = self.find_kept("tables")
        if record is None:
            return []
        full = self.read_table(record)
        studies = full["study"].tolist() if "study" in full else [record["study"]] * len(full)
        frame = self.pick_columns(full)
        if frame is None:
            return []
        frame = columns_as_read(frame)
        limit = self.options.get("rows", MOST_ROWS)
        caption = clean(record["caption"]).rstrip(".")
        if "(n = " not in caption:
            caption += f" ({len(frame)} {'row' if len(frame) == 1 else 'rows'})"
        if len(frame) > limit:
            caption += f". The first {limit} rows; all of them are in the files below"
        table = self._table(frame.head(limit), record, studies, caption + ".")
        self.add_name(table)
        return [table, self.links(record, [("tables", "csv"), ("tables", "xlsx")])]

    def _table(self, frame: pd.DataFrame, record: dict[str, Any], studies: list[str], caption: str) -> nodes.table:
        """Return the table; its cells are HTML, because a node per cell makes large books slow."""
        numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame]
        kinds = [' class="cc-number"' if number else "" for number in numeric]
        coders = self.book.study(record["study"]).coder_names() if record["study"] in self.book.studies else {}
        labels = [record["labels"].get(name, coders.get(name) or heading(str(name))) for name in frame]
        head = "".join(f'<th scope="col"{kind}>{html_text(label)}</th>' for label, kind in zip(labels, kinds))
        body = "".join(
            f"<tr>{''.join(self._cell(str(name), value, study) for name, value in zip(frame, values))}</tr>"
            for values, study in zip(frame.itertuples(index=False), studies)
        )
        content = nodes.raw("", f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody>", format="html")
        table = nodes.table("", nodes.title(caption, caption), content, classes=["cc-table"])
        self.set_source_info(table)
        return table

    def _cell(self, name: str, value: Any, study: str) -> str:
        """Return a cell: numbers shortened with their full precision as title, ids of segments as links."""
        if isinstance(value, str):
            if name in SEGMENT_COLUMNS and study in self.book.studies:
                return f"<td>{self._segments(value, study)}</td>"
            if (
                name == "fact"
                and study in self.book.studies
                and (href := self.book.link(self.env.docname, f"reproduction#{fact_anchor(study, value)}"))
            ):
                return f'<td><a href="{html_text(href)}">{isolated(value)}</a></td>'
            words = self._label(name, value, study) or in_words(name, value)
            if words != value:
                return f'<td title="{html_text(value)}">{isolated(words)}</td>'
            return f"<td>{isolated({'True': 'yes', 'False': 'no'}.get(value, value))}</td>"
        if pd.isna(value):
            return f"<td>{ABSENT}</td>"
        text, full = show_number(float(value)), repr(float(value)).removesuffix(".0")
        title = "" if text == full else f' title="{full}"'
        return f'<td class="cc-number"{title}>{text}</td>'

    def _label(self, column: str, value: str, study: str) -> str:
        """Return the label of an id (or of several, joined) of the study's tables; empty where it has none."""
        if column in OF_STUDIES and value in self.book.studies:
            return str(self.book.study(value).info.short_title)
        if study not in self.book.studies:
            return ""
        known = self.book.study(study)
        if column in NAMED:
            labels = known.coder_names() if NAMED[column] == "coder" else known.names(NAMED[column])
            labels = {
                id: name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for id, name in labels.items()
            }
        else:
            table, key = LABELLED["code"] if column in known.info.coders else LABELLED.get(column, ("", ""))
            if not table:
                return ""
            part = known.table(table)
            labels = dict(zip(part[key], part["label"]))
        ids = [each.strip() for each in value.split(LIST_SEPARATOR)]
        return ", ".join(labels[each] for each in ids) if all(each in labels for each in ids) else ""

    def _segments(self, ids: str, study: str) -> str:
        out = []
        every = [each for each in ids.split(LIST_SEPARATOR) if each]
        for each in every[:MOST_LINKS]:
            href = self.book.segment_link(self.env.docname, study, each)
            out.append(f'<a href="{html_text(href)}">{isolated(each)}</a>' if href else isolated(each))
        if len(every) > MOST_LINKS:
            out.append(f"and {len(every) - MOST_LINKS} more")
        return " ".join(out)


DIRECTIVES = {"kept-figure": KeptFigure, "kept-table": KeptTable}
