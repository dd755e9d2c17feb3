"""Directives for chapters that fit any study: its codes as a tree, the cases that are coded, its origin, its gaps."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from crosscase.matrices import code_use
from crosscase.publish.book_text import clean, isolated
from crosscase.publish.import_page import quotations_words
from crosscase.publish.sphinx_ext.context import NO_GAP, StudyDirective, html_node, paragraph
from crosscase.study import Study
from crosscase.study.missing import missing_words

LONGEST = 30
"""Lines up to which a tree lies open; a longer one opens on a click."""

MOST_NAMED = 15
"""Cases that are named one by one."""


class CodeTree(StudyDirective):
    """Show the codes of a study as a tree, each with how often it was used and its definition where it has one."""

    def show(self, study: Study) -> list[nodes.Node]:
        """Return the tree; nothing where there is no code."""
        if study.codebook.empty:
            return []
        title, tree = "The codes, each below the one it belongs to", _tree(study)
        folded = len(study.codebook) > LONGEST
        shown = f"<details><summary>{title}</summary>{tree}</details>" if folded else f"<p>{title}:</p>{tree}"
        return [html_node(shown)]


def _tree(study: Study) -> str:
    """Return the codes as a nested HTML list, without recursion: a tree may be deep."""
    below: dict[str, list[dict[str, Any]]] = {}
    known = set(study.codebook["code"])
    for row in code_use(study.codebook, study.primary_codings()).to_dict("records"):
        below.setdefault(row["parent"] if row["parent"] in known else "", []).append(row)
    out: list[str] = ["<ul>"]
    waiting: list[dict[str, Any] | str] = ["</ul>", *reversed(below.pop("", []))]
    while waiting:
        row = waiting.pop()
        if isinstance(row, str):
            out.append(row)
            continue
        defined = f": {isolated(row['definition'])}" if isinstance(row["definition"], str) and row["definition"] else ""
        out.append(f"<li>{isolated(row['label'])}{defined} {_used(row)}")
        if children := below.pop(row["code"], []):
            out.append("<ul>")
            waiting += ["</ul></li>", *reversed(children)]
        else:
            out.append("</li>")
    return "".join(out)


def _used(row: dict[str, Any]) -> str:
    """Return how often a code was used, in brackets; with the codes below it where that is more."""
    n, documents, all_of = row["n_segments"], row["n_documents"], row["n_with_below"]
    own = f"{n} segment{'s'[: n != 1]} in {documents} document{'s'[: documents != 1]}" if n else "not used"
    more = f"{all_of} with the codes below" if all_of > n else ""
    return f'<span class="cc-note">({"; ".join(filter(None, (own if n or not more else "", more)))})</span>'


class CodedCases(StudyDirective):
    """Name the cases that codings belong to, where those are not all of them."""

    def show(self, study: Study) -> list[nodes.Node]:
        """Return a sentence; nothing where every case is coded, or there are too many to name."""
        text = "" if study.cases.empty else _coded(study)
        return [paragraph(text)] if text else []


def _coded(study: Study) -> str:
    used = set(study.codings["case"].dropna())
    labels = [clean(row["label"]) for row in study.cases.to_dict("records") if row["case"] in used]
    if not labels:
        return "No coding belongs to a case, so the cases cannot be compared."
    if len(labels) == len(study.cases) or len(labels) > MOST_NAMED:
        return ""
    more = "Where a document lies in several cases, its codings count for the one that holds other documents too."
    return f"Codings belong to these: {', '.join(labels)}. {more}"


class StudyOrigin(StudyDirective):
    """Say where an imported study came from, with a link to the report of its import; and where it has no text."""

    def show(self, study: Study) -> list[nodes.Node]:
        """Return a paragraph; nothing where there is nothing to say."""
        words = nodes.paragraph()
        if len(study.documents) and not study.documents["code_points"].notna().any():
            words += nodes.Text("None of its documents has a text: codings lie on parts of pictures or recordings. ")
        if said := quotations_words(study):
            words += nodes.Text(f"{said} ")
        if study.info.origin:
            origin = clean(study.info.origin).rstrip(".")
            words += nodes.Text(f"It was {origin}." if origin[:1].islower() else f"{origin}.")
            if href := self.book.link(self.env.docname, f"imports/{study.name}"):
                words += nodes.Text(" What was read, what was left out and which positions look wrong stands in its ")
                words += [nodes.reference("", "import report", refuri=href, internal=True), nodes.Text(".")]
        return [words] if len(words) else []


class StudyGaps(StudyDirective):
    """Name what a study lacks and what its publications do not state, so that an absent figure is no riddle."""

    def show(self, study: Study) -> list[nodes.Node]:
        """Return the gaps as a list."""
        gaps = [clean(line) for line in missing_words(study)]
        gaps += [f"Recorded as not stated: {clean(line)}." for line in study.info.not_stated]
        gaps += [f"Not in the file we hold, though the publication may have it: {clean(line)}."
                 for line in study.info.not_in_file]  # fmt: skip
        if not gaps:
            return [paragraph(NO_GAP)]
        return [nodes.bullet_list("", *(nodes.list_item("", paragraph(gap)) for gap in gaps))]


DIRECTIVES = {"code-tree": CodeTree, "coded-cases": CodedCases, "study-origin": StudyOrigin, "study-gaps": StudyGaps}
