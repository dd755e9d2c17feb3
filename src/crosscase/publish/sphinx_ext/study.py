"""Directives about a study: its card on the landing page, its facts, what it does not state."""

from __future__ import annotations

import re
from urllib.parse import quote

from docutils import nodes

from crosscase.publish.book_text import html_text, isolated
from crosscase.publish.sphinx_ext.context import NO_GAP, BookDirective, StudyDirective, html_node, paragraph
from crosscase.stances import STANCES
from crosscase.study import Study
from crosscase.study.model import QUESTION, Worded

MOST_NAMED = 20
"""Cases or documents that are named one by one; of more, only how many there are is said."""
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>]+")
KINDS = {"person": "person", "language_model": "language model", "rule": "rule (program)"}


class StudyCards(BookDirective):
    """Show one card per study of the book, each with its question and a link to its chapter."""

    def run(self) -> list[nodes.Node]:
        """Return the cards."""
        cards = "".join(self._card(self.book.study(name)) for name in self.book.studies)
        return [html_node(f'<ul class="cc-cards">{cards}</ul>')]

    def _card(self, study: Study) -> str:
        info = study.info
        href = self.book.link(self.env.docname, f"studies/{study.name}")
        cases = study.cases[study.cases["kind"] == "case"]
        facts = [
            info.country,
            f"published {info.year}" if info.year else "",
            _count(len(cases), info.case_noun, info.case_noun_plural),
        ]
        facts.append(_count(len(study.documents), "document", "documents"))
        line = " · ".join(isolated(fact) for fact in facts if fact)
        name = isolated(info.short_title)
        asked = f"<p>{isolated(info.question)}{_ours(study, 'question')}</p>" if info.question != QUESTION else ""
        title = f'<a href="{html_text(href)}">{name}</a>' if href else name
        return (
            f'<li class="cc-card"><p class="cc-card-title">{title}</p>{asked}<p class="cc-card-facts">{line}</p></li>'
        )


class StudyFacts(StudyDirective):
    """Show what a study is: question, design, stance with its reason, documents, coders, publications."""

    def show(self, study: Study) -> list[nodes.Node]:
        """Return the facts."""
        rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _facts(study) if value)
        return [html_node(f'<dl class="cc-study-facts">{rows}</dl>')]


class NotStated(StudyDirective):
    """List what the publications of a study do not state: named gaps instead of silence."""

    def show(self, study: Study) -> list[nodes.Node]:
        """Return the gaps."""
        lacking = [f"{gap} (not in the file we hold)" for gap in study.info.not_in_file]
        items = "".join(f"<li>{isolated(gap)}</li>" for gap in [*study.info.not_stated, *lacking])
        return [html_node(f'<ul class="cc-gaps">{items}</ul>') if items else paragraph(NO_GAP)]


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}" if number else ""


def _facts(study: Study) -> list[tuple[str, str]]:
    info = study.info
    stance = html_text(STANCES[info.stance].label)
    if info.stance_note:
        stance += f": {isolated(info.stance_note)}"
    cases = study.cases[study.cases["kind"] == "case"]["label"]
    return [
        ("Title", isolated(info.title) + _ours(study, "title")),
        ("Question", isolated(info.question) + _ours(study, "question") if info.question != QUESTION else ""),
        ("Design", isolated(info.design) + _ours(study, "design") if info.design else ""),
        ("Analytic stance", stance),
        ("Where", isolated(info.country) if info.country else ""),
        ("Fieldwork", isolated(info.fieldwork) if info.fieldwork else ""),
        ("Published", str(info.year or "")),
        ("Cases", _cases(list(cases), info.case_noun_plural)),
        ("Documents", _documents(study)),
        ("Coders", _coders(study)),
        ("Authors of the study", isolated(", ".join(info.authors)) if info.authors else ""),
        ("Publications", _publications(study)),
        ("Licence", isolated(info.licence) if info.licence else ""),
    ]


def _ours(study: Study, key: Worded) -> str:
    """Return the mark of words that are ours and not the publication's, with the reason."""
    why = study.info.ours.get(key)
    return f' <span class="cc-note">(our words: {isolated(why)})</span>' if why else ""


def _list(items: object) -> str:
    lines = "".join(f"<li>{isolated(item)}</li>" for item in items)  # type: ignore[attr-defined]
    return f"<ul>{lines}</ul>" if lines else ""


def _publications(study: Study) -> str:
    """Return the publications, each with a link to its DOI where the study names one."""
    lines = []
    for each in study.info.publications:
        line = isolated(f"{each.stage}: {each.citation}")
        if each.doi and _DOI.fullmatch(each.doi):
            words = html_text(f"doi:{each.doi}")
            link = f'<a href="https://doi.org/{quote(each.doi, safe="/")}" rel="noopener">{words}</a>'
            line = line.replace(words, link, 1) if words in line else f"{line}, {link}"
        lines.append(f"<li>{line}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else ""


def _cases(labels: list[str], noun: str) -> str:
    if len(labels) > MOST_NAMED:
        return f"{len(labels)} {isolated(noun)}"
    return f"{isolated(noun)}: {', '.join(isolated(label) for label in labels)}" if labels else ""


def _documents(study: Study) -> str:
    words = {"verbatim": "may be quoted", "paraphrase": "paraphrases only", "none": "nothing may be shown"}
    if len(study.documents) > MOST_NAMED:
        counts = study.documents.groupby(["kind", "release"], sort=True).size()
        return _list(f"{n} of the kind {kind}; {words[release]}" for (kind, release), n in counts.items())
    lines = []
    for row in study.documents.to_dict("records"):
        language = f", {row['language']}" if isinstance(row["language"], str) else ""
        lines.append(f"{row['title']} ({row['kind']}{language}; {words[row['release']]})")
    return _list(lines)


def _coders(study: Study) -> str:
    lines = []
    names = study.coder_names()
    for id in dict.fromkeys([*study.info.coders, *study.coders()]):
        coder, name = study.info.coders.get(id), names.get(id, id)
        kind = KINDS[coder.kind] if coder else "kind not described"
        primary = ", primary coding" if id == study.info.primary_coder else ""
        known = coder is None or coder.description.casefold() in ("", name.casefold())
        about = "" if known or coder is None else f". {coder.description}"
        lines.append(f"{name} ({kind}{primary}){about}")
    return _list(lines)


DIRECTIVES = {"study-cards": StudyCards, "study-facts": StudyFacts, "not-stated": NotStated}
