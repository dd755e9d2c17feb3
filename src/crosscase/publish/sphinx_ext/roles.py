"""Roles: a kept value, a quotation, a link to a segment, a number that is typed on purpose."""

from __future__ import annotations

from typing import Any

import pandas as pd
from docutils import nodes

from crosscase.publish.book_text import clean, closest
from crosscase.publish.quotation import Refused, find_quotation
from crosscase.publish.segments import locator
from crosscase.publish.sphinx_ext.context import BookRole, RoleResult
from crosscase.publish.sphinx_ext.marks import ValueMark
from crosscase.publish.values import printed_value
from crosscase.study import Study, restricted

NO_STUDY = "the id begins with a study of the book"
EXTRAS = ("unit", "n", "whole")


class ValueRole(BookRole):
    """Print the text of a kept value: `id`, `id|unit`, `id|n`, or `id|whole` for a count whose decimals say nothing."""

    def run(self) -> RoleResult:
        """Return the value with its origin, or note why there is none."""
        name, *extras = (part.strip() for part in self.text.split("|"))
        record = self.book.kept.values.get(name)
        if record is None and (notebook := self.book.why_unknown(self.env.docname, name)):
            return not_computed(notebook)
        if record is None:
            remedy = "correct the id, or keep the value in a notebook and run that again"
            return self.fail("the id is that of a kept value", closest(name, self.book.kept.values), remedy)
        if unknown := [extra for extra in extras if extra not in EXTRAS]:
            return self.fail(f"after the bar stands what else is printed, not {unknown[0]!r}", ", ".join(EXTRAS))
        return [value_mark(self, record, printed_value(record, extras))], []


def value_mark(role: BookRole, record: dict[str, Any], text: str) -> ValueMark:
    """Return the node of a value: what is printed, the note about its origin, the link to its notebook."""
    page = role.book.notebook_page(record)
    shown = "undefined" if record["value"] is None else repr(record["value"])
    tip = [(record["about"], ""), ("id", record["id"]), ("unrounded", shown)]
    tip += [(name, str(record[name])) for name in ("n", "unit") if record[name] not in (None, "")]
    tip += [("reason", record["reason"])] if record["reason"] else []
    tip.append(("notebook", f"{record['notebook']}, {record['study'] or 'all studies'}"))
    href = role.book.link(role.env.docname, page) if page else ""
    return ValueMark("", text, href=href, tip=tip, tip_id=f"cc-tip-{role.env.new_serialno('cc-tip')}")


def not_computed(notebook: str) -> RoleResult:
    """Return what stands where a value or a sentence of a notebook that has not run would stand."""
    text = f"(not computed: the notebook {notebook} has not run for this study)"
    return [nodes.inline(text, text, classes=["cc-not-drawn"])], []


class SentenceRole(BookRole):
    """Print the finding of a kept result, in the words that its notebook made of its numbers: `id`."""

    def run(self) -> RoleResult:
        """Return the sentence with its origin, or note why there is none."""
        name = self.text.strip()
        record = self.book.kept.results.get(name)
        if notebook := self.book.why_unknown(self.env.docname, name):
            return not_computed(notebook)
        if record is None or not record["sentence"]:
            remedy = "correct the id, or keep the result in a notebook and run that again"
            said = [name for name, each in self.book.kept.results.items() if each["sentence"]]
            return self.fail("the id is that of a kept result", closest(self.text, said), remedy)
        source, line = self.get_source_info()
        self.book.once(record["sentence"], (source, line or 1))
        text = clean(record["sentence"])
        return [nodes.inline(text, text, classes=["cc-given"])], []


class QuoteRole(BookRole):
    """Print a quotation where it may be shown, our paraphrase where it may not: `study.quotation`."""

    def run(self) -> RoleResult:
        """Return the quotation or the paraphrase, each marked as what it is, with its locator."""
        name, _, key = self.text.partition(".")
        if name not in self.book.studies:
            return self.fail(NO_STUDY, closest(name, self.book.studies))
        study = self.book.study(name)
        found = find_quotation(study, key)
        return self.fail(*found) if isinstance(found, Refused) else ([_quotation(study, *found)], [])


def _quotation(study: Study, row: pd.Series, found: restricted.Quotation) -> nodes.inline:
    titles = study.documents.set_index("document")["title"]
    labels = dict(zip(study.roles["role"], study.roles["label"]))
    where = locator(pd.concat([row, pd.Series({"locator": None})]), clean(titles.get(row["document"])) or None)
    who = f"{clean(labels.get(row['role'], row['role']))}; " if pd.notna(row["role"]) else ""
    if found.text is not None:
        text, kind, note = f"“{clean(found.text)}”", "cc-quotation", f"{who}{where}"
    else:
        text, kind = clean(row["paraphrase"]), "cc-paraphrase"
        note = f"paraphrase, not the words of the source; {who}{where}"
    inner = [nodes.inline(text, text, classes=["cc-said"]), nodes.Text(" ")]
    inner.append(nodes.inline(note, f"({note})", classes=["cc-source"]))
    return nodes.inline("", "", *inner, classes=[kind])


class SegmentRole(BookRole):
    """Link to a segment: `study.coding`, or `study.coding|words of the link`."""

    def run(self) -> RoleResult:
        """Return the link, or note why there is none."""
        address, _, words = self.text.partition("|")
        name, _, coding = address.strip().partition(".")
        if name not in self.book.studies:
            return self.fail(NO_STUDY, closest(name, self.book.studies))
        known = self.book.pages(name).segments
        if coding not in known:
            allowed = closest(f"{name}.{coding}", [f"{name}.{each}" for each in known])
            return self.fail("the id is that of a coding", allowed)
        href = self.book.segment_link(self.env.docname, name, coding)
        text = clean(words) or f"segment {clean(coding)}"
        if not href:
            return [nodes.inline(text, text)], []
        return [nodes.reference(text, text, refuri=href, internal=True, classes=["cc-segment-link"])], []


class GivenRole(BookRole):
    """Print a number that is typed on purpose: a year, a name, a paragraph."""

    def run(self) -> RoleResult:
        """Return the text as it is."""
        return [nodes.inline(self.text, self.text, classes=["cc-given"])], []


ROLES = {
    "value": ValueRole(),
    "sentence": SentenceRole(),
    "quote": QuoteRole(),
    "segment": SegmentRole(),
    "given": GivenRole(),
}
