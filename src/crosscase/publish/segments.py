"""The segment pages of a study: what stands behind each cell of a matrix, with text only where it may be shown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from crosscase.ids import split
from crosscase.publish.book_text import clean, html_text, isolated, md_text, slug
from crosscase.study import Study, restricted

PER_PAGE = 300
NO_CASE = "no case named"


@dataclass
class SegmentPages:
    """The generated pages of one study and the addresses in them."""

    study: str  # id of the study
    # page (without ending, from the book's root) -> MyST text; the first one is the index
    pages: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)  # page -> its title in the table of contents
    segments: dict[str, str] = field(default_factory=dict)  # coding id -> `page#anchor`
    # `(code or theme, case)` and `(code or theme, None)` -> `page#anchor` and the ids of the codings there
    cells: dict[tuple[str, str | None], tuple[str, frozenset[str]]] = field(default_factory=dict)


def agreeing_coders(codings: pd.DataFrame, reconciled: Collection[str] = ()) -> pd.Series:
    """Count, for each coding, the coders who put the same code on an overlapping segment (the coder included).

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, start, end, code, coder`, and `round` where some are reconciled.
    reconciled : collection of str
        Rounds that came out of a discussion: what a group agreed on there is no agreement of coders.

    Returns
    -------
    pandas.Series
        Number of coders per row, of the independent rounds only; null where the coding has no offsets or comes from
        a reconciled round.

    Examples
    --------
    >>> rows = {"document": "d", "start": [0, 5, 20], "end": [10, 12, 30], "code": "x", "coder": ["a", "b", "b"]}
    >>> agreeing_coders(pd.DataFrame(rows)).tolist()
    [2, 2, 1]
    """
    counts = pd.Series(pd.NA, index=codings.index, dtype="Int64")
    placed = codings["start"].notna() & codings["end"].notna()
    alone = ~codings["round"].isin(list(reconciled)) if len(reconciled) else True
    spans = codings[placed & alone]
    for _, group in spans.groupby(["document", "code"], sort=False):
        start, end = group["start"].to_numpy(dtype="int64"), group["end"].to_numpy(dtype="int64")
        found = np.zeros(len(group), dtype="int64")
        for coder in group["coder"].unique():
            mine = (group["coder"] == coder).to_numpy()
            begins, ends = _union(start[mine], end[mine])
            at = np.searchsorted(begins, end, side="left") - 1
            found += (at >= 0) & (ends[np.clip(at, 0, None)] > start)
        counts.loc[group.index] = found
    return counts


def _union(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the spans joined where they overlap, in order."""
    order = np.argsort(start, kind="stable")
    start, reach = start[order], np.maximum.accumulate(end[order])
    first = np.concatenate(([True], start[1:] > reach[:-1]))
    last = np.concatenate((first[1:], [True]))
    return start[first], reach[last]


def segment_pages(study: Study, per_page: int = PER_PAGE) -> SegmentPages:
    """Return the pages that show the segments of a study by code, theme and case.

    A new page begins at the next code once a page holds `per_page` segments. Raises `CrosscaseError` where a text under
    `restricted/` is not the one that was coded: then nothing is sliced.
    """
    out = SegmentPages(study.name)
    labels = _Labels(study)
    standing, decided = study.primary_codings(), study.adjudications
    new = standing[~standing["coding_id"].isin(study.codings["coding_id"])]
    codings = pd.concat([study.codings, new], ignore_index=True) if len(new) else study.codings.reset_index(drop=True)
    rounds = {*study.info.reconciled_rounds, *decided["round"].dropna()}
    codings = codings.assign(agree=agreeing_coders(codings, rounds), shown=list(shown_texts(study, codings)))
    codings["primary"] = codings["coding_id"].isin(standing["coding_id"])
    codings["reason"] = codings["coding_id"].map(_reasons(decided))
    said = study.paraphrases.set_index(["document", "start", "end"])["paraphrase"].to_dict()
    places = zip(codings["document"], codings["start"], codings["end"])
    codings["paraphrase"] = [said.get(place) or "" for place in places]
    codings = codings.sort_values(["document", "start", "coding_id"], kind="stable", na_position="last")
    index = f"segments/{study.name}/index"
    bodies: dict[str, list[str]] = {}
    page, held, number = "", 0, 0
    groups = dict(list(codings.groupby("code", sort=False)))
    for code in [c for c in labels.code_order if c in groups]:
        rows = groups[code]
        if not page or held >= per_page:
            number, held = number + 1, 0
            page = f"segments/{study.name}/page-{number}"
            bodies[page] = []
        held += len(rows)
        bodies[page].append(_code_section(out, page, code, rows, labels))
    out.titles = {index: "Segments"}
    for page in bodies:
        out.titles[page] = f"Segments, part {page.rsplit('-', 1)[-1]}" if len(bodies) > 1 else "Segments in full"
    out.pages[index] = _index_page(out, index, study, labels, codings)
    title = md_text(study.info.short_title)
    for page, parts in bodies.items():
        out.pages[page] = f"# {out.titles[page]}: {title}\n\n" + "\n".join(parts)
    return out


def _reasons(decided: pd.DataFrame) -> dict[str, str]:
    """Return coding -> what an adjudication says of it: of the one that was set aside, and of the one that stands."""
    said: dict[str, str] = {}
    for row in decided.to_dict("records"):
        day, why = f"on {row['decided_on']}", str(row["reason"])
        said[row["adjudication"]] = f"Adjudicated {day}: {why}"
        if isinstance(row["coding_id"], str):
            said[row["coding_id"]] = f"Set aside {day}: {why}"
    return said


class _Labels:
    """Labels of codes, themes, cases, roles and documents of one study."""

    def __init__(self, study: Study) -> None:
        self.code = _pairs(study.codebook, "code")
        self.theme = _pairs(study.themes, "theme")
        self.case = _pairs(study.cases, "case")
        self.role = _pairs(study.roles, "role")
        self.document = dict(zip(study.documents["document"], study.documents["title"]))
        self.one_document = len(self.document) == 1
        self.definition = dict(zip(study.codebook["code"], study.codebook["definition"]))
        alone = ~study.codings["round"].isin(study.info.reconciled_rounds)
        self.coders = study.codings.loc[alone, "coder"].nunique()
        self.coder_names = study.coder_names()
        used = study.codings["code"].dropna().unique().tolist()
        self.code_order = [*self.code, *(c for c in used if c not in self.code)]


def _pairs(frame: pd.DataFrame, key: str) -> dict[str, str]:
    return dict(zip(frame[key], frame["label"].fillna(frame[key])))


def shown_texts(study: Study, codings: pd.DataFrame) -> Iterator[tuple[str | None, str]]:
    """Yield the text of each segment and why there is none.

    The permission is asked once per document, the text is sliced here. A quotation inside a segment may be more
    restricted than its document: then the whole segment is withheld.

    `codings` has `document, start, end`. Yields text and an empty reason, or None and the reason. Raises
    `CrosscaseError` where a text under `restricted/` is not the one that was coded.
    """
    held = study.quotations[study.quotations["release"] != "verbatim"]
    whole: dict[str, tuple[str | None, str]] = {}
    for document, start, end in zip(codings["document"], codings["start"], codings["end"]):
        if document not in whole:
            asked = restricted.quote(study, document, 0, 0)
            whole[document] = (restricted.text_of(study, document) if asked.text is not None else None, asked.reason)
        text, reason = whole[document]
        if pd.isna(start) or pd.isna(end):
            yield None, "the selection is not text"
        elif text is None:
            yield None, reason
        elif ((held["document"] == document) & (held["start"] < end) & (held["end"] > start)).any():
            yield None, "it holds a quotation that has no release permission"
        else:
            yield text[int(start) : int(end)], ""


def locator(row: pd.Series, title: str | None = None) -> str:
    """Return where a segment stands, in words; an empty title leaves the document out.

    >>> locator(pd.Series({"document": "d.txt", "paragraph": 3, "start": 10, "end": 20, "locator": None}))
    'd.txt, paragraph 3, characters 10–20'
    """
    parts = [clean(row["document"]) if title is None else title] if title != "" else []
    if pd.notna(row["paragraph"]):
        parts.append(f"paragraph {int(row['paragraph'])}")
    if pd.notna(row["start"]) and pd.notna(row["end"]):
        parts.append(f"characters {int(row['start'])}–{int(row['end'])}")
    if pd.notna(row["locator"]):
        parts.append(clean(row["locator"]))
    return ", ".join(parts)


def _raw(lines: list[str]) -> str:
    return "\n".join(["```{raw} html", *lines, "```", ""])


def _code_section(out: SegmentPages, page: str, code: str, rows: pd.DataFrame, labels: _Labels) -> str:
    """Return the section of one code: for each case its segments, then the codings of the other coders."""
    anchor = f"code-{slug(code)}"
    primary = rows[rows["primary"]]
    out.cells[(code, None)] = (f"{page}#{anchor}", frozenset(primary["coding_id"]))
    lines = []
    if clean(labels.definition.get(code)):
        lines.append(f'<p class="cc-definition">{isolated(labels.definition[code])}</p>')
    for cell, name, group in _cases(out, f"{page}#{anchor}", code, primary, labels):
        lines.append(f'<h3 id="{cell}">{name}</h3>')
        lines += _cards(out, page, group, labels)
    others = rows[~rows["primary"]]
    if len(others):
        words, aside = "coding" if len(others) == 1 else "codings", others["reason"].notna().any()
        whose = "of the other coders, or set aside" if aside else "of the other coders"
        lines.append(f"<details><summary>{len(others)} {words} {whose}</summary>")
        lines += [*_cards(out, page, others, labels), "</details>"]
    head = _raw([f'<span class="cc-anchor" id="{anchor}"></span>'])
    return f"{head}\n## {md_text(labels.code.get(code, code))}\n\n{_raw(lines)}"


def _cases(
    out: SegmentPages, place: str, of: str, rows: pd.DataFrame, labels: _Labels
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield anchor, label and segments of each case below a code or theme; note where its cell of a matrix stands."""
    for case, group in _by(rows, "case", list(labels.case)):
        address = f"{place}--case-{slug(case) if case else 'none'}"
        if case:
            out.cells.setdefault((of, case), (address, frozenset(group["coding_id"])))
        yield address.partition("#")[2], isolated(labels.case.get(case, case)) if case else NO_CASE, group


def _by(rows: pd.DataFrame, column: str, order: list[str]) -> Iterator[tuple[str | None, pd.DataFrame]]:
    """Yield the groups of a column in a given order, rows without a value last."""
    known = rows[column].dropna().unique().tolist()
    for value in [*(v for v in order if v in known), *(v for v in known if v not in order)]:
        yield value, rows[rows[column] == value]
    if rows[column].isna().any():
        yield None, rows[rows[column].isna()]


def _cards(out: SegmentPages, page: str, rows: pd.DataFrame, labels: _Labels) -> Iterator[str]:
    for _, row in rows.iterrows():
        anchor = f"seg-{slug(row['coding_id'])}"
        out.segments[row["coding_id"]] = f"{page}#{anchor}"
        text, reason = row["shown"]
        where = locator(row, "" if labels.one_document else clean(labels.document.get(row["document"])) or None)
        yield f'<article class="cc-segment" id="{anchor}">'
        if text is not None:
            yield f"<blockquote><p>{isolated(text)}</p></blockquote>"
        elif told := row["paraphrase"] or (row["memo"] if pd.notna(row["memo"]) else None):
            yield f'<p class="cc-paraphrase">{isolated(told)}</p>'
        if text is None:
            kind = "our paraphrase" if row["paraphrase"] else "the coder's note" if pd.notna(row["memo"]) else "no note"
            yield f'<p class="cc-note">{kind}; no quotation: {html_text(reason)}</p>'
        if pd.notna(row["memo"]) and (text is not None or row["paraphrase"]):
            yield f'<p class="cc-note">Note of the coder: {isolated(row["memo"])}</p>'
        if pd.notna(row["reason"]):
            yield f'<p class="cc-note">{isolated(row["reason"])}</p>'
        facts = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in _facts(row, labels))
        yield f'<p class="cc-locator">{isolated(where)}</p><dl class="cc-facts">{facts}</dl></article>'


def _facts(row: pd.Series, labels: _Labels) -> Iterator[tuple[str, str]]:
    if pd.notna(row["theme"]):
        yield "theme", isolated(labels.theme.get(row["theme"], row["theme"]))
    if pd.notna(row["role"]):
        names = [labels.role.get(r, r) for r in split(row["role"])]
        mode = f" ({html_text(row['role_mode'])})" if pd.notna(row["role_mode"]) else ""
        yield "role", ", ".join(isolated(n) for n in names) + mode
    if pd.notna(row["valence"]) and row["valence"] != "na":
        yield "valence", html_text(row["valence"])
    turn = f", round {html_text(row['round'])}" if pd.notna(row["round"]) else ""
    yield "coder", isolated(labels.coder_names.get(row["coder"], row["coder"])) + turn
    if pd.notna(row["agree"]) and labels.coders > 1:
        yield "same code here", f"{int(row['agree'])} of {labels.coders} coders"
    yield "coding", isolated(row["coding_id"])


def _index_page(out: SegmentPages, index: str, study: Study, labels: _Labels, codings: pd.DataFrame) -> str:
    """Return the page that lists codes, and under each theme and case the segments."""
    primary = codings[codings["primary"]]
    here = f"segments/{study.name}/"
    lines = ['<div class="cc-scroll" role="region" tabindex="0" aria-label="Codes"><table class="cc-plain">']
    lines.append("<thead><tr><th scope='col'>Code</th><th scope='col'>Segments</th></tr></thead><tbody>")
    for (code, case), (target, ids) in list(out.cells.items()):
        if case is None:
            link = _relative(target, here)
            lines.append(f'<tr><td><a href="{link}">{isolated(labels.code.get(code, code))}</a></td>')
            lines.append(f"<td>{len(ids)}</td></tr>")
    lines.append("</tbody></table></div>")
    parts = [f"# Segments: {md_text(study.info.short_title)}\n", _intro(study, labels), "## By code\n", _raw(lines)]
    themes = list(_by(primary[primary["theme"].notna()], "theme", list(labels.theme)))
    if themes:
        parts.append("## By theme\n")
    for theme, group in themes:
        anchor = f"theme-{slug(theme)}"
        out.cells.setdefault((str(theme), None), (f"{index}#{anchor}", frozenset(group["coding_id"])))
        block = [f'<h3 id="{anchor}">{isolated(labels.theme.get(str(theme), theme))}</h3>']
        for cell, name, rows in _cases(out, f"{index}#{anchor}", str(theme), group, labels):
            links = ", ".join(
                f'<a href="{_relative(out.segments[i], here)}">{isolated(i)}</a>' for i in rows["coding_id"]
            )
            block.append(f'<p id="{cell}"><strong>{name}</strong>: {links}</p>')
        parts.append(_raw(block))
    return "\n".join(parts)


def _relative(target: str, here: str) -> str:
    page, _, anchor = target.removeprefix(here).partition("#")
    return f"{page}.html#{anchor}"


def _intro(study: Study, labels: _Labels) -> str:
    primary = study.info.primary_coder
    who = f"the primary coder ({md_text(study.coder_names().get(primary, primary))})" if primary else "all coders"
    only = f" All are in one document: {md_text(next(iter(labels.document.values())))}." if labels.one_document else ""
    return (
        f"Each segment that {who} coded, by code and by theme. A segment shows its quotation only where its document "
        "is here and released; otherwise it shows our paraphrase, or the note of the coder where there is none, and "
        f"where to find it. Codings of the other coders stand folded under each code.{only}\n"
    )
