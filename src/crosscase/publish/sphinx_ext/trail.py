"""Directives of the trail: who made a study, what was adjudicated, what became of memos, how the codebook changed."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from docutils import nodes

from crosscase import ids, terms
from crosscase.publish.book_text import ABSENT, clean, html_text, isolated
from crosscase.publish.sphinx_ext.context import BookDirective, html_node
from crosscase.publish.sphinx_ext.study import KINDS
from crosscase.publish.words import in_words
from crosscase.study import Study
from crosscase.study.adjudication import STANDS
from crosscase.study.trail import DECIDED, PLACES, WRITTEN, Place

LONGEST = 15
"""Rows up to which a table lies open; a longer one opens on a click."""
LABELLED = {"code": "codebook", "theme": "themes", "case": "cases", "role": "roles"}
SHOWN_AS = {"valence": "direction", "role_mode": "role as", "start": "first code point", "end": "last code point"}
Rows = list[list[str]]


class TrailDirective(BookDirective):
    """What shows the places of a trail; where one is empty, what belongs there."""

    def places(self, study: Study) -> list[nodes.Node]:
        """Return the places of a study in their order."""
        return [*self.people(study), *(node for name in DECIDED for node in self.decided(study, name))]

    def people(self, study: Study) -> Iterator[nodes.Node]:
        """Yield who made the study, who coded and mapped it, and what these were given."""
        about = study.info.reflexivity
        rows = [(PLACES[name], getattr(about, name)) for name in WRITTEN]
        lines = [*_written(*rows[:2]), ("Who coded", _coders(study)), *_written(*rows[2:3])]
        lines += [("Who mapped it to frameworks", mappers)] if (mappers := _mappers(study)) else []
        lines += _written(*rows[3:])
        shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in lines)
        yield html_node(f'<dl class="cc-study-facts cc-trail">{shown}</dl>')

    def decided(self, study: Study, name: str) -> Iterator[nodes.Node]:
        """Yield one table of decisions with its heading."""
        place, frame = PLACES[name], study.table(name)
        yield nodes.rubric(place.heading, place.heading)
        if frame.empty:
            yield html_node(f"<p>{_belongs(place)}</p>")
            return
        head, rows = _TABLES[name](self, study, frame)
        yield html_node(f"<p>{_summary(name, frame)} ({html_text(place.items)}).</p>")
        cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        columns = "".join(f'<th scope="col">{html_text(each)}</th>' for each in head)
        table = f"<table class='table cc-table'><thead><tr>{columns}</tr></thead><tbody>{cells}</tbody></table>"
        box = f'<div class="cc-scroll cc-decided" tabindex="0" role="region" aria-label="{place.heading}">{table}</div>'
        words = f"{len(frame)} rows"
        folded = f'<details class="cc-folded"><summary>{words}</summary>{box}</details>'
        yield html_node(folded if len(frame) > LONGEST else box)

    def segment(self, study: Study, coding: object) -> str:
        """Return the id of a coding, as a link where the book shows it."""
        if not isinstance(coding, str):
            return ""
        href = self.book.segment_link(self.env.docname, study.name, coding)
        return f'<a href="{html_text(href)}">{isolated(coding)}</a>' if href else isolated(coding)


class StudyTrail(TrailDirective):
    """Show the trail of the study whose id is its argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the places; nothing, and a problem, where the book has no such study."""
        study = self.find_study(self.arguments[0])
        return [] if study is None else self.places(study)


class Trail(TrailDirective):
    """Show the trail of every study of the book, a section for each."""

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        labels = self.env.get_domain("std").labels  # type: ignore[attr-defined]
        sections: list[nodes.Node] = []
        for name in self.book.studies:
            study = self.book.study(name)
            title, label = clean(study.info.short_title), f"trail-{name}"
            section = nodes.section("", nodes.title(title, title), ids=[nodes.make_id(label)], names=[label])
            labels[label] = self.env.docname, section["ids"][0], title
            section += self.places(study)
            sections.append(section)
        return sections


def _belongs(place: Place) -> str:
    return (
        f'<span class="cc-note">Nothing is written here yet. Here belongs {html_text(place.belongs)} '
        f"({html_text(place.written)}; {html_text(place.items)}).</span>"
    )


def _written(*rows: tuple[Place, str | list[str]]) -> list[tuple[str, str]]:
    """Return heading and content of the places that are keys of `study.yml`."""
    lines = []
    for place, said in rows:
        listed = "".join(f"<li>{isolated(item)}</li>" for item in said) if isinstance(said, list) else ""
        text = f"<ul>{listed}</ul>" if listed else isolated(said) if said else _belongs(place)
        lines.append((f"{html_text(place.heading)} <span class='cc-note'>({html_text(place.items)})</span>", text))
    return lines


def _coders(study: Study) -> str:
    """Return each coder with its kind, what is said of it, and how many codings it made."""
    made, names = study.codings["coder"].value_counts(), study.coder_names()
    lines = []
    for id in [*study.info.coders, *(each for each in study.coders() if each not in study.info.coders)]:
        who, n = study.info.coders.get(id), int(made.get(id, 0))
        kind = KINDS[who.kind] if who else "kind not described"
        primary = ", primary coding" if id == study.info.primary_coder else ""
        codings = f", {n:,} coding{'' if n == 1 else 's'}" if n else ""
        said = f". {who.description}" if who and who.description and who.description != names.get(id) else ""
        lines.append(f"<li>{isolated(f'{names.get(id, id)} ({kind}{primary}{codings}){said}')}</li>")
    return f"<ul>{''.join(lines)}</ul>" if lines else "No coder is named."


def _mappers(study: Study) -> str:
    """Return who mapped themes to constructs, and how often."""
    made = study.framework_map["mapper"].fillna("nobody named").value_counts(sort=False)
    lines = (f"<li>{isolated(f'{who}: {n:,} links of a theme to a construct')}</li>" for who, n in made.items())
    return f"<ul>{listed}</ul>" if (listed := "".join(lines)) else ""


def _summary(name: str, frame: pd.DataFrame) -> str:
    """Return in a sentence how many decisions of each kind there are."""
    if name == "codebook_changes":
        codes, last = frame["code"].nunique(), int(frame["version"].max())
        return f"The codebook stands at version {last}; {codes} {'code was' if codes == 1 else 'codes were'} changed"
    kind = frame["change" if name == "adjudications" else "decision"]
    counts = (f"{n:,} {in_words(str(each))}" for each, n in kind.value_counts(sort=False).items())
    what = "Codings" if name == "adjudications" else "Proposals"
    return f"{what}: {', '.join(counts)}"


def _who(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return f"{isolated(names.get(row['decided_by'], row['decided_by']))}, {isolated(row['decided_on'])}"


def _why(row: Mapping[str, Any]) -> str:
    return isolated(row["reason"]) if isinstance(row["reason"], str) else ABSENT


def _adjudications(of: TrailDirective, study: Study, frame: pd.DataFrame) -> tuple[list[str], Rows]:
    """Return the adjudications as rows: where, what was done, why, by whom."""
    before = study.codings.set_index("coding_id")
    labels = {column: study.labels(table) for column, table in LABELLED.items()}
    names, rows = study.coder_names(), []
    for row in frame.to_dict("records"):
        old = before.loc[row["coding_id"]].to_dict() if row["coding_id"] in before.index else {}
        links = [of.segment(study, row[column]) for column in ("coding_id", "adjudication")]
        if row["change"] == "withdrawn":
            links.pop()
        paragraph = row["paragraph"] if pd.notna(row["paragraph"]) else old.get("paragraph")
        where = f"paragraph {paragraph}" if pd.notna(paragraph) else ""
        place = "<br>".join(part for part in (" → ".join(filter(None, links)), where) if part)
        rows.append([place, _done(row, old, labels), _why(row), _who(row, names)])
    return ["coding", "what was done", "why", "who and when"], rows


def _done(row: Mapping[str, Any], old: Mapping[str, Any], labels: Mapping[str, Mapping[str, str]]) -> str:
    """Return in words what an adjudication changed."""

    def said(column: str, cell: Any) -> str:
        if pd.isna(cell):
            return "none"
        if column in labels:
            return ", ".join(labels[column].get(each, each) for each in ids.split(cell))
        return terms.said(str(cell))

    code = said("code", old.get("code", row["code"]))
    if row["change"] != "changed":
        direction = row["valence"] if row["change"] == "added" else old.get("valence")
        told = f", {said('valence', direction)}" if direction and pd.notna(direction) else ""
        return f"{html_text(row['change'])}: {isolated(code + told)}"
    changed = [c for c in STANDS if c != "paragraph" and pd.notna(row[c]) and row[c] != old.get(c)]
    lines = (
        f"{SHOWN_AS.get(c, c)}: {isolated(said(c, old.get(c)))} → {isolated(said(c, row[c]))}"
        for c in changed
    )  # fmt: skip
    head = "" if "code" in changed else f"{isolated(code)}; "
    return f"changed: {head}{'; '.join(lines)}"


def _memo_decisions(of: TrailDirective, study: Study, frame: pd.DataFrame) -> tuple[list[str], Rows]:
    """Return the decisions on memos as rows: which memo, the proposal, the decision, why, by whom."""
    names, codes = study.coder_names(), study.labels("codebook")
    rows = []
    for row in frame.to_dict("records"):
        about = ", ".join(codes.get(each, each) for each in ids.split(row["codes"]))
        proposal = isolated(row["proposal"]) if isinstance(row["proposal"], str) else ABSENT
        memo = f"{isolated(names.get(row['memo'], row['memo']))}, {row['number']}"
        told = f"<b>{isolated(about)}</b>: {proposal}" if about else proposal
        rows.append([memo, told, html_text(in_words(row["decision"])), _why(row), _who(row, names)])
    return ["memo", "proposal", "decision", "why", "who and when"], rows


def _codebook_changes(of: TrailDirective, study: Study, frame: pd.DataFrame) -> tuple[list[str], Rows]:
    """Return the changes of the codebook as rows: version, code and column, the difference, why, by whom."""
    names, labels = study.coder_names(), study.labels("codebook")
    rows = []
    for row in frame.sort_values("version", kind="stable").to_dict("records"):
        what = f"{isolated(labels.get(row['code'], row['code']))}, {isolated(row['column'])}"
        rows.append([str(row["version"]), what, difference(row["before"], row["after"]), _why(row), _who(row, names)])
    return ["version", "code", "what it said and says", "why", "who and when"], rows


def difference(before: object, after: object) -> str:
    """Return two texts as one in HTML: words that went are struck out, words that came are underlined.

    >>> difference("unequal tasks", "unequal rules"), difference(None, "new")
    ('<bdi>unequal <del>tasks</del> <ins>rules</ins></bdi>', '<bdi><ins>new</ins></bdi>')
    """
    old, new = (clean(text).split() for text in (before, after))
    parts = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(html_text(" ".join(old[i:j])))
            continue
        changed = (("del", old[i:j]), ("ins", new[k:m]))
        parts += [f"<{tag}>{html_text(' '.join(words))}</{tag}>" for tag, words in changed if words]
    return f"<bdi>{' '.join(parts)}</bdi>" if parts else ABSENT


_TABLES: dict[str, Callable[[TrailDirective, Study, pd.DataFrame], tuple[list[str], Rows]]] = {
    "adjudications": _adjudications,
    "memo_decisions": _memo_decisions,
    "codebook_changes": _codebook_changes,
}
DIRECTIVES = {"study-trail": StudyTrail, "trail": Trail}
