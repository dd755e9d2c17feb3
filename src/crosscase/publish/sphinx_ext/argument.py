"""Findings as cards, and the mark that ties a sentence to the segments on which it stands."""

from __future__ import annotations

from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from crosscase.ids import split
from crosscase.publish.book_text import clean, closest, slug
from crosscase.publish.findings import ACROSS, STRENGTHS, Segment, addresses, findings_of, heading_of, pieces
from crosscase.publish.sphinx_ext.context import BookDirective, BookRole, RoleResult, paragraph
from crosscase.publish.sphinx_ext.roles import value_mark
from crosscase.publish.values import printed_value

CLOSED = "What it says is not released."
NONE = "No finding is written down yet: the table argument.csv holds them, with what stands for and against each."


class FromRole(BookRole):
    """Mark where a sentence comes from: `study.coding; coding; other-study.coding`, printed as paragraphs."""

    def run(self) -> RoleResult:
        """Return links to the segments, or note why there are none."""
        found = addresses(self.text)
        if not found or any(study not in self.book.studies for study, _ in found):
            allowed = closest(found[0][0], self.book.studies) if found else "study.coding"
            return self.fail("each segment is that of a study of the book", allowed)
        shown = [(each, self.book.segments(each[0]).get(each[1])) for each in found]
        for (study, coding), known in shown:
            if known is None:
                codings = self.book.study(study).primary_codings()["coding_id"]
                return self.fail(f"{coding} is a coding of {study}", closest(coding, list(codings)))
        marks = segment_marks(self, [each for _, each in shown if each is not None])
        return [nodes.superscript("", "", *marks, classes=["cc-from"])], []


def segment_marks(place: Any, segments: list[Segment]) -> list[nodes.Node]:
    """Return links to segments, each called by its paragraph, with the study where the page is not that study's."""
    out: list[nodes.Node] = []
    seen: dict[tuple[str, int | None], int] = {}
    study = place.env.docname.removeprefix("studies/")
    for each in segments:
        key = each.study, each.paragraph
        seen[key] = seen.get(key, 0) + 1
        number = "" if each.paragraph is None else str(each.paragraph)
        text = (number or each.coding) + ("" if seen[key] == 1 else chr(96 + min(seen[key], 26)))
        if each.study != study:
            text = f"{clean(place.book.study(each.study).info.short_title)} ¶{text}"
        elif not out:
            text = f"¶{text}"
        study = each.study
        href = place.book.segment_link(place.env.docname, each.study, each.coding)
        out += [nodes.Text(", ")] if out else []
        if href:
            node = nodes.reference(text, text, refuri=href, internal=True, classes=["cc-segment-link"])
            node["reftitle"] = clean(each.paraphrase) or each.coding
            out.append(node)
        else:
            out.append(nodes.inline(text, text))
    return out


class FindingRole(BookRole):
    """Print the heading of a finding, with a link to its card: `study.finding`."""

    def run(self) -> RoleResult:
        """Return the heading, or note why there is none."""
        self.book.note("study", self.text.strip().partition(".")[0])
        heading, known = heading_of(self.text.strip())
        if heading is None:
            return self.fail("the id is that of a finding", closest(self.text, known))
        owner, _, finding = self.text.strip().partition(".")
        page = ACROSS if owner == ACROSS else f"studies/{owner}"
        href = self.book.link(self.env.docname, f"{page}#{anchor(finding)}")
        text = clean(heading) or clean(finding)
        node = nodes.reference(text, text, refuri=href, internal=True) if href else nodes.inline(text, text)
        return [node], []


def anchor(finding: str) -> str:
    """Return the anchor of a finding's card."""
    return f"finding-{slug(finding)}"


class Findings(BookDirective):
    """Show findings as cards: what each says, whose it is, what stands for it and what against it."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"only": directives.unchanged, "kind": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        """Return the cards, or note what is wrong with them."""
        owner = self.arguments[0]
        if owner != ACROSS and self.find_study(owner) is None:
            return []
        self.book.note("study", owner)
        frame = findings_of(owner)
        if (kind := self.options.get("kind")) is not None:
            frame = frame[frame["kind"].eq(kind.strip())]
        if (only := self.options.get("only")) is not None:
            wanted = [each.strip() for each in only.split(",")]
            if unknown := [each for each in wanted if each not in set(frame["finding"])]:
                return self.fail(
                    "the finding is one of argument.csv", unknown[0], closest(unknown[0], frame["finding"])
                )
            frame = frame.set_index("finding").loc[wanted].reset_index()
        return [self._card(row, owner) for _, row in frame.iterrows()] or [paragraph(NONE)]

    def _card(self, row: pd.Series, owner: str) -> nodes.Node:
        head = nodes.paragraph(
            "", "", nodes.strong("", clean(row["heading"]) or clean(row["finding"])), classes=["cc-card-title"]
        )
        said = (
            nodes.paragraph("", "", *self._statement(row, owner)) if pd.notna(row["statement"]) else paragraph(CLOSED)
        )
        whose = [STRENGTHS.get(row["strength"], row["strength"])]
        whose += ["against the rest"] if row["kind"] == "negative_case" else []
        whose += ["another explanation"] if row["kind"] == "rival" else []
        lines = [paragraph("; ".join(whose), "cc-note")]
        name = "" if owner == ACROSS else owner
        lines.append(self._stands("Stands on", row["segments"], name, owner))
        if split(row["against"]):
            lines.append(self._stands("Against it", row["against"], name, owner, words=True))
        if isinstance(row["looked_for"], str):
            words = f"Looked for against it: {clean(row['looked_for'])}"
            lines.append(paragraph(words, "cc-against"))
        card = nodes.container("", head, said, *lines, classes=["cc-finding"])
        shown: set[str] = self.env.temp_data.setdefault("crosscase-findings", set())
        if row["finding"] not in shown:  # a page that shows it again leads to the first
            shown.add(row["finding"])
            card["ids"].append(anchor(row["finding"]))
        return card

    def _statement(self, row: pd.Series, owner: str) -> list[nodes.Node]:
        out: list[nodes.Node] = []
        for kind, content in pieces(clean(row["statement"])):
            if kind in ("text", "given"):
                out.append(nodes.Text(content))
                continue
            name, *extras = (part.strip() for part in content.split("|"))
            record = self.book.kept.values.get(name)
            if record is None:
                self.fail(f"a value of the finding {row['finding']} of {owner} is kept", repr(name),
                          closest(name, self.book.kept.values), "correct the id in argument.csv")  # fmt: skip
                continue
            out.append(value_mark(self, record, printed_value(record, extras)))
        for name in split(row["values"]):
            if name not in self.book.kept.values:
                self.fail(f"a value of the finding {row['finding']} of {owner} is kept", repr(name),
                          closest(name, self.book.kept.values), "correct the id in argument.csv")  # fmt: skip
        return out

    def _stands(self, head: str, cell: object, name: str, owner: str, words: bool = False) -> nodes.Node:
        """Return what stands for or against a finding: paragraphs as links, what is against in our words as well."""
        line: list[nodes.Node] = [nodes.strong("", f"{head}: ")]
        together: list[Segment] = []
        for number, (study, id) in enumerate(addresses(cell, name)):
            line += [nodes.Text("; ")] if number and words else []
            if study not in self.book.studies:
                self.fail("what a finding stands on belongs to a study of the book", repr(study), remedy="correct it")
                continue
            known = self.book.segments(study).get(id)
            if known is None:
                line.append(nodes.inline("", self._fact(study, id)))
                continue
            if not words:
                together.append(known)
                continue
            line += [nodes.Text(f"{clean(known.paraphrase)} ")] if known.paraphrase else []
            line += segment_marks(self, [known])
        line += segment_marks(self, together)
        return nodes.paragraph("", "", *line, classes=["cc-against" if words else "cc-stands"])

    def _fact(self, study: str, fact: str) -> str:
        facts = self.book.study(study).facts
        rows = facts[facts["fact"].eq(fact)]
        if rows.empty:
            self.fail("it is a coding or a fact of its study", repr(fact), remedy="correct the id in argument.csv")
            return fact
        return f"{clean(rows.iloc[0]['value'])} (published fact {fact})"


ROLES = {"from": FromRole(), "finding": FindingRole()}
DIRECTIVES = {"findings": Findings}
