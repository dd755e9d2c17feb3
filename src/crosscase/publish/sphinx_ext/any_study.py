"""Directives for chapters that fit any study: its codes as a tree, the cases that are coded, its origin, its gaps."""

from __future__ import annotations

from docutils import nodes

from crosscase.publish.book_text import clean, isolated
from crosscase.publish.sphinx_ext.context import BookDirective
from crosscase.study import Study
from crosscase.study.missing import missing_words

LONGEST = 30
"""Lines up to which a tree lies open; a longer one opens on a click."""

MOST_NAMED = 15
"""Cases that are named one by one."""


class CodeTree(BookDirective):
    """Show the codes of a study, each below the one that it belongs to, with its definition where it has one."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the tree; nothing where there is no code."""
        study = self.find_study(self.arguments[0])
        if study is None or study.codebook.empty:
            return []
        title, tree = "The codes, each below the one it belongs to", _tree(study)
        folded = len(study.codebook) > LONGEST
        shown = f"<details><summary>{title}</summary>{tree}</details>" if folded else f"<p>{title}:</p>{tree}"
        return [nodes.raw("", shown, format="html")]


def _tree(study: Study) -> str:
    """Return the codes as a nested HTML list, without recursion: a tree may be deep."""
    below: dict[str, list[dict[str, str]]] = {}
    known = set(study.codebook["code"])
    for row in study.codebook.to_dict("records"):
        below.setdefault(row["parent"] if row["parent"] in known else "", []).append(row)
    out: list[str] = ["<ul>"]
    waiting: list[dict[str, str] | str] = ["</ul>", *reversed(below.pop("", []))]
    while waiting:
        row = waiting.pop()
        if isinstance(row, str):
            out.append(row)
            continue
        defined = f": {isolated(row['definition'])}" if isinstance(row["definition"], str) and row["definition"] else ""
        out.append(f"<li>{isolated(row['label'])}{defined}")
        if children := below.pop(row["code"], []):
            out.append("<ul>")
            waiting += ["</ul></li>", *reversed(children)]
        else:
            out.append("</li>")
    return "".join(out)


class CodedCases(BookDirective):
    """Name the cases that codings belong to, where those are not all of them."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a sentence; nothing where every case is coded, or there are too many to name."""
        study = self.find_study(self.arguments[0])
        text = "" if study is None or study.cases.empty else _coded(study)
        return [nodes.paragraph(text, text)] if text else []


def _coded(study: Study) -> str:
    used = set(study.codings["case"].dropna())
    labels = [clean(row["label"]) for row in study.cases.to_dict("records") if row["case"] in used]
    if not labels:
        return "No coding belongs to a case, so the cases cannot be compared."
    if len(labels) == len(study.cases) or len(labels) > MOST_NAMED:
        return ""
    more = "Where a document lies in several cases, its codings count for the one that holds other documents too."
    return f"Codings belong to these: {', '.join(labels)}. {more}"


class StudyOrigin(BookDirective):
    """Say where an imported study came from, with a link to the report of its import; and where it has no text."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a paragraph; nothing where there is nothing to say."""
        study = self.find_study(self.arguments[0])
        if study is None:
            return []
        words = nodes.paragraph()
        if len(study.documents) and not study.documents["code_points"].notna().any():
            words += nodes.Text("None of its documents has a text: codings lie on parts of pictures or recordings. ")
        if study.info.origin:
            origin = clean(study.info.origin).rstrip(".")
            words += nodes.Text(f"It was {origin}." if origin[:1].islower() else f"{origin}.")
            if href := self.book.link(self.env.docname, f"imports/{study.name}"):
                words += nodes.Text(" What was read, what was left out and which positions look wrong stands in its ")
                words += [nodes.reference("", "import report", refuri=href, internal=True), nodes.Text(".")]
        return [words] if len(words) else []


class StudyGaps(BookDirective):
    """Name what a study lacks and what its publications do not state, so that an absent figure is no riddle."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the gaps as a list."""
        study = self.find_study(self.arguments[0])
        if study is None:
            return []
        gaps = [clean(line) for line in missing_words(study)]
        gaps += [f"Recorded as not stated: {clean(line)}." for line in study.info.not_stated]
        if not gaps:
            text = "No gap is recorded for this study."
            return [nodes.paragraph(text, text)]
        return [nodes.bullet_list("", *(nodes.list_item("", nodes.paragraph(gap, gap)) for gap in gaps))]


DIRECTIVES = {"code-tree": CodeTree, "coded-cases": CodedCases, "study-origin": StudyOrigin, "study-gaps": StudyGaps}
