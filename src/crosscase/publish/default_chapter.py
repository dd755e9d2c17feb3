"""The chapter of a study for which nobody has written one: its order, its sentences, and its gaps by name."""

from __future__ import annotations

from pathlib import Path

from crosscase import paths
from crosscase.publish.book_text import md_text
from crosscase.publish.values import Kept
from crosscase.study import Study
from crosscase.study.missing import missing_words
from crosscase.study.model import QUESTION

IMPORT_REPORT, NAMES = "import.md", "Names behind the ids"
LARGEST = 3000
"""Cells that a matrix may have before the chapter shows its figure alone: a browser stays quick, a reader too."""

TALLEST = 40
"""Codes up to which a chapter shows the drawn matrix beside the one whose cells lead to their segments."""


LONGEST = 15
"""Rows up to which a table lies open; a longer one opens on a click."""


def study_chapter(study: Study, kept: Kept) -> str:
    """Return the chapter as MyST, from the question over matrix, themes, cases and saturation to the gaps by name.

    Parameters
    ----------
    study : Study
        The study.
    kept : Kept
        What the notebooks kept; what is not there, or empty, is left out and named at the end.
    """
    chapter = _Chapter(study, kept)
    for section in (_question, _data, _matrix, _themes, _cases, _together, _saturation, _agreement, _influence):
        section(chapter)
    _gaps(chapter)
    return "\n".join(chapter.lines)


class _Chapter:
    """Lines of a chapter, and which figures turned out empty."""

    def __init__(self, study: Study, kept: Kept) -> None:
        self.study, self.kept = study, kept
        self.lines = [f"# {md_text(study.info.short_title)}\n"]

    def say(self, *sentences: str) -> None:
        """Add a paragraph of the sentences that are not empty."""
        if text := " ".join(filter(None, sentences)):
            self.lines.append(f"{text}\n")

    def value(self, identifier: str, extra: str = "") -> str:
        """Return the role that prints a value; nothing where it is not kept or undefined."""
        record = self.kept.values.get(f"{self.study.name}.{identifier}")
        if record is None or record["value"] is None:
            return ""
        return f"{{value}}`{record['id']}{'|' + extra if extra else ''}`"

    def count(self, identifier: str) -> str:
        """Return the role that prints a count with its unit, one of them in the singular."""
        record = self.kept.values.get(f"{self.study.name}.{identifier}") or {}
        unit = record.get("unit") or ""
        if record.get("value") != 1 or not unit.endswith("s"):
            return self.value(identifier, "unit")
        one = f"{unit[:-3]}y" if unit.endswith("ies") else unit[:-1]
        return f"{self.value(identifier)} {md_text(one)}"

    def reason(self, identifier: str) -> str:
        """Return why a value is undefined."""
        record = self.kept.values.get(f"{self.study.name}.{identifier}") or {}
        return md_text(record.get("reason") or "") if record.get("value") is None else ""

    def figure(self, identifier: str) -> bool:
        """Show a figure that has something to show; tell whether it has."""
        record = self.kept.figures.get(f"{self.study.name}.{identifier}")
        if record is None:
            return False
        self.lines.append(f"```{{kept-figure}} {record['id']}\n```\n")
        return True

    def table(self, identifier: str, columns: str = "", directive: str = "kept-table") -> bool:
        """Show a table that has rows; tell whether it has."""
        record = self.kept.tables.get(f"{self.study.name}.{identifier}")
        if record is None or not record["rows"]:
            return False
        if directive == "kept-matrix" and record["rows"] > LARGEST:
            return False
        known = [c for c in columns.split(", ") if c in record["columns"]]
        option = f":columns: {', '.join(known)}\n" if known else ""
        block = f"```{{{directive}}} {record['id']}\n{option}```\n"
        if directive == "kept-table" and record["rows"] > LONGEST:
            block = folded(record["caption"].rstrip("."), block)
        self.lines.append(block)
        return True


def _question(chapter: _Chapter) -> None:
    chapter.lines.append("## What was asked\n")
    if chapter.study.info.question == QUESTION:
        chapter.say("Nobody has written down the research question of this study yet; `study.yml` has a place for it.")
    chapter.lines.append(f"```{{study-facts}} {chapter.study.name}\n```\n")


def _data(chapter: _Chapter) -> None:
    chapter.lines.append("## What the study rests on\n")
    documents, sentences = chapter.count("documents.n"), chapter.count("documents.sentences")
    silent = not chapter.study.documents["code_points"].notna().any()
    if documents:
        chapter.say(
            f"The study rests on {documents}{f' with {sentences} of text' if sentences and not silent else ''}."
        )
    if silent and len(chapter.study.documents):
        chapter.say("None of them has a text: codings lie on parts of pictures or recordings.")
    if chapter.study.info.origin:
        chapter.say(
            f"It was {md_text(chapter.study.info.origin)}.",
            f"What was read, what was left out and which positions look wrong stands in its "
            f"[import report](../imports/{chapter.study.name}.md)."
            if has_report(chapter.study)
            else "",
        )
    chapter.figure("inventory")
    chapter.table("documents", "title, kind, language, date, sentences, release")


def _matrix(chapter: _Chapter) -> None:
    lines = chapter.lines
    lines.append("## The coding matrix\n")
    at = len(lines)
    listed = chapter.table("matrix.case_code", directive="kept-matrix")
    drawn = (not listed or len(chapter.study.codebook) <= TALLEST) and chapter.figure("matrix.case_code")
    if not drawn and not listed:
        chapter.say("No coding belongs to a case, so there is no matrix of codes by case.", _codes_alone(chapter))
    else:
        lines.insert(
            at,
            "Each row is a code, each column a case. A cell counts segments; where nothing is marked the material is "
            "silent, which is no zero.\n",
        )
    if drawn and not listed:
        chapter.say("The table behind the figure is too long for this page; its files lie among all results.")
    chapter.figure("matrix.role_code")


def _codes_alone(chapter: _Chapter) -> str:
    return "How often each code was used stands in the list of codes." if len(chapter.study.codings) else ""


def _themes(chapter: _Chapter) -> None:
    chapter.lines.append("## Themes and codes\n")
    if chapter.table("themes", "theme, label, parent, kind, case, valence"):
        chapter.figure("valence.themes")
        chapter.figure("matrix.framework")
    else:
        chapter.say("The study has no table of themes: codes stand without a level above, other than their own tree.")
    if not chapter.figure("valence.codes"):
        chapter.say("No coding says whether it hinders or helps, so nothing is drawn by direction.")
    if tree := code_tree(chapter.study):
        long = tree.count("\n") > 2 * LONGEST
        title = "The codes, each below the one it belongs to"
        chapter.lines.append(folded(title, tree) if long else f"{title}:\n\n{tree}")


def folded(title: str, content: str) -> str:
    """Return a part of a page that opens on a click."""
    return f"````{{dropdown}} {md_text(title)}\n{content}````\n"


def code_tree(study: Study) -> str:
    """Return the codes as a nested list, each with its definition where it has one."""
    below: dict[str, list[dict[str, str]]] = {}
    known = set(study.codebook["code"])
    for row in study.codebook.to_dict("records"):
        below.setdefault(row["parent"] if row["parent"] in known else "", []).append(row)
    lines, waiting = [], [(row, 0) for row in reversed(below.pop("", []))]
    while waiting:
        row, depth = waiting.pop()
        defined = isinstance(row["definition"], str) and row["definition"]
        lines.append(
            f"{'  ' * depth}- {md_text(row['label'])}" + (f": {md_text(row['definition'])}" if defined else "")
        )
        waiting += [(child, depth + 1) for child in reversed(below.pop(row["code"], []))]
    return "\n".join(lines) + "\n" if lines else ""


def _cases(chapter: _Chapter) -> None:
    chapter.lines.append("## The cases\n")
    count = chapter.count("cases.n")
    if not len(chapter.study.cases):
        chapter.say("The study names no cases, so nothing is compared between cases.")
        return
    chapter.say(f"The study names {count}." if count else "", _coded(chapter.study))
    chapter.table("cases", "label, kind, coverage, description")
    for identifier in ("case_valence", "progress", "meta_matrix", "steps", "requirements"):
        chapter.figure(identifier)


def _coded(study: Study) -> str:
    """Name the cases that codings belong to, where those are not all of them."""
    used = set(study.codings["case"].dropna())
    labels = [md_text(row["label"]) for row in study.cases.to_dict("records") if row["case"] in used]
    if not labels:
        return "No coding belongs to a case, so the cases cannot be compared."
    if len(labels) == len(study.cases) or len(labels) > LONGEST:
        return ""
    more = "Where a document lies in several cases, its codings count for the one that holds other documents too."
    return f"Codings belong to these: {', '.join(labels)}. {more}"


def _together(chapter: _Chapter) -> None:
    chapter.lines.append("## Codes that meet\n")
    if chapter.figure("co_occurrence"):
        chapter.table("co_occurrence", "code_a, code_b, n, n_a, n_b, jaccard, n_documents")
    else:
        chapter.say("No two codes share text, so there is nothing to draw.")


def _saturation(chapter: _Chapter) -> None:
    chapter.lines.append("## Saturation\n")
    seen = chapter.value("saturation.codes_observed", "whole")
    expected = chapter.value("saturation.chao2_bias_corrected", "whole")
    if seen:
        documents = chapter.count("documents.n")
        chapter.say(
            f"{seen} codes were found in {documents}.",
            f"Going by how many of them occur in one or two documents only, about {expected} exist."
            if expected
            else "",
            "Codes that recur say nothing about whether they are understood.",
        )
    else:
        chapter.say(_why("Saturation is not computed", chapter.reason("saturation.codes_observed")))
        return
    if chapter.figure("saturation.curve"):
        chapter.figure("saturation.curve.case")
    chapter.table("saturation.guest", "base_size, run_length, threshold, n_units, reached_at, codes_then, n_codes")


def _agreement(chapter: _Chapter) -> None:
    chapter.lines.append("## Agreement between coders\n")
    alpha = chapter.value("agreement.overall.krippendorff_alpha", "n")
    if not alpha:
        chapter.say(_why("There is no agreement to show", chapter.reason("agreement.overall.krippendorff_alpha")))
        return
    chapter.say(f"Krippendorff's alpha over all codes together is {alpha}.")
    chapter.figure("agreement.forest")
    chapter.figure("confusion")


def _influence(chapter: _Chapter) -> None:
    record = chapter.kept.figures.get(f"{chapter.study.name}.influence")
    if record is not None:
        chapter.lines.append("## What influences what\n")
        chapter.figure("influence")


def _gaps(chapter: _Chapter) -> None:
    """Name what the study lacks, so that an absent figure is no riddle."""
    chapter.lines.append("## What is not here, and why\n")
    words = [md_text(line) for line in missing_words(chapter.study)]
    stated = [md_text(line) for line in chapter.study.info.not_stated]
    if words:
        chapter.lines.append("\n".join(f"- {line}" for line in words) + "\n")
    if stated:
        chapter.say("Recorded as not stated: " + ", ".join(stated) + ".")
    if not words and not stated:
        chapter.say("No gap is recorded for this study.")


def _why(what: str, reason: str) -> str:
    return f"{what}: {reason}." if reason else f"{what}."


def has_report(study: Study) -> bool:
    """Tell whether a study came in by an import that left its report."""
    return _report(study).is_file()


def _report(study: Study) -> Path:
    """Return the whole report where it is at hand, else the public one, which holds numbers only."""
    whole = study.restricted / IMPORT_REPORT
    return whole if whole.is_file() and not paths.withheld(whole) else study.folder / IMPORT_REPORT


def import_page(study: Study) -> str:
    """Return the report of an import as a page of the book, its file names as text and never as markup.

    What the neutral ids stand for is told in the file alone: programs make titles of memos from what people said.
    """
    text = _report(study).read_text(encoding="utf-8").partition(f"\n## {NAMES}\n")[0].rstrip()
    return "\n".join(_shown(line) for line in text.splitlines()) + "\n"


def _shown(line: str) -> str:
    for mark in ("# ", "## ", "- "):
        if line.startswith(mark):
            return mark + md_text(_undone(line.removeprefix(mark)))
    return md_text(_undone(line))


def _undone(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">")
