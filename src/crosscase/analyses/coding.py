"""Codebook, codings and coding matrices: which codes were used, by whom, of which case and role, and which meet."""

from __future__ import annotations

import pandas as pd

from crosscase import figures, matrices
from crosscase.analyses.cells import matrix, nouns, said_of_cases, said_of_columns, single_cases
from crosscase.analyses.compared import Compared
from crosscase.analyses.directions import themes_by_case
from crosscase.analyses.result import Result, answer
from crosscase.analyses.sentences import count, each, leaders, listed, share, times
from crosscase.analyses.values import Value, each_value
from crosscase.ids import split
from crosscase.study import Study

QUOTED = "verbatim_quote"
"""The code under which participants' own words lie."""


def codebook(study: Study) -> Result:
    """Return the codebook, with the rules that all coders followed.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> codebook(load_study("no-fact-teams")).sentence
    '24 of 61 codes in the codebook are used by the primary coding.'
    """
    codes = matrices.applied_codes(study.codebook, study.codings)
    met = len(set(study.primary_codings()["code"]) & set(codes))
    who = "the primary coding" if study.info.primary_coder else "the codings"

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "The study has no codebook."
        own = share(met, len(codes), "code")
        return f"{own} in the codebook {'is' if met < 2 else 'are'} used by {who}."

    caption, limits = f"Codebook with {len(codes)} codes.", "Codes that only group others are listed and not counted."
    n = Value("codes.n", len(codes), "codes in the codebook", unit="codes")
    table = matrices.code_use(study.codebook, study.primary_codings())
    return answer(study, table, caption, says, limits, counts=lambda _: [n])


def coders(study: Study) -> Result:
    """Return how much each coder coded."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "Nothing is coded yet."
        numbers = frame["n_codings"]
        made = f"{count(len(frame), 'coder')} made {count(int(numbers.sum()), 'coding')}"
        least, top = f"{numbers.min():,}", f"{numbers.max():,}"
        if len(frame) == 1:
            return f"{made}."
        return f"{made}, {top} each." if least == top else f"{made}, from {least} to {top} each."

    return answer(
        study,
        matrices.coder_summary(study.codings),
        f"Codings per coder; {who}." if (who := Compared(study).who) else "Codings per coder.",
        says,
        "Numbers of segments say how densely a text was coded; they are never compared between studies.",
        counts=lambda frame: each_value("codings", frame, "coder", "n_codings", "codings by {coder}", "codings"),
    )


def themes(study: Study) -> Result:
    """Return the published themes, subthemes and the factors that statements of influence name."""

    def numbers(frame: pd.DataFrame) -> list[int]:
        return [int((frame["kind"] == kind).sum()) for kind in ("theme", "subtheme", "factor")]

    def says(frame: pd.DataFrame) -> str:
        top, below, factors = numbers(frame)
        if not top:
            return "The study reports no theme."
        if derived:
            groups = f"{count(top, 'theme')}" + (f" with {count(below, 'subtheme')}" if below else "")
            return f"The codebook groups its codes under {groups}; no theme is published."
        own = f"The study reports {count(top, 'theme')}" + (f" with {count(below, 'subtheme')}" if below else "")
        return f"{own}, and names {count(factors, 'more factor')} of influence." if factors else f"{own}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        top, below, _ = numbers(frame)
        return [
            Value("themes.n", top, "themes reported", unit="themes"),
            Value("themes.subthemes", below, "subthemes reported", unit="subthemes"),
        ]

    derived = study.whole("themes").empty
    caption = "Themes as published, with subthemes, factors and the frame of the text."
    caption = "Themes as the codebook groups its codes." if derived else caption
    return answer(study, study.themes, caption, says, counts=counts)


def case_matrix(study: Study) -> Result:
    """Return the coding matrix code by case: present, absent, known only for a group of cases, or not stated.

    Without cases the documents are the columns.
    """
    codes, what = study.labels("codebook"), ("code", "codes")
    if study.cases.empty:
        return _document_matrix(study)
    table = matrices.coding_matrix(study.primary_codings(), "case", cases=study.cases, codes=study.codebook)
    return matrix(
        study,
        matrices.as_cells(table, "code", "case", used_rows=True, used_columns=True),
        "Coding matrix: code by case, primary coding.",
        lambda frame: said_of_cases(frame, what, codes, single_cases(study), nouns(study)),
        "A count stands where the source speaks of several cases without naming them; silence is no zero.",
        codes,
        study.labels("cases"),
        ("code", "case"),
    )


def _document_matrix(study: Study) -> Result:
    """Return the coding matrix code by document, for a study without cases."""
    codings, what = study.primary_codings(), (("code", "codes"), ("document", "documents"))
    table = matrices.coding_matrix(codings, "document", codes=study.codebook)
    titles = dict(zip(study.documents["document"], study.documents["title"].fillna(study.documents["document"])))
    return matrix(
        study,
        matrices.as_cells(table, "code", "document", columns=study.documents["document"], used_rows=True),
        "Coding matrix: code by document; the study has no cases.",
        lambda frame: said_of_columns(frame, *what, titles),
        "Absent means that the document is coded and no segment of it carries the code.",
        study.labels("codebook"),
        titles,
        ("code", "document"),
        if_empty="No code is used in any document.",
    )


def role_matrix(study: Study) -> Result:
    """Return the coding matrix code by role: who speaks about what, and who is spoken about."""
    table = matrices.coding_matrix(study.primary_codings(), "role", roles=study.roles, codes=study.codebook)
    roles, what = study.labels("roles"), (("code", "codes"), ("role", "roles"))
    return matrix(
        study,
        matrices.as_cells(table, "code", "role", used_rows=True, used_columns=True),
        "Coding matrix: code by stakeholder role, primary coding.",
        lambda frame: said_of_columns(frame, *what, roles) or "No coded segment names a role.",
        "A role counts whether it speaks or is spoken about.",
        study.labels("codebook"),
        roles,
        ("code", "role"),
    )


def attribute_matrix(study: Study) -> Result:
    """Return the coding matrix code by attribute of documents, participants or cases, in the four states of a cell."""
    codings, codes = study.primary_codings(), study.codebook
    groups, left = matrices.attribute_groups(study.variable_values, study.variables)
    tables = [matrices.coding_matrix(codings, "document", codes=codes)]
    if study.has("cases"):
        tables.append(matrices.coding_matrix(codings, "case", cases=study.cases, codes=codes))
    table, what = matrices.attribute_matrix(tables, groups), (("code", "codes"), ("attribute", "attributes"))
    labels = dict(zip(table["group"], table["column_label"]))
    cells = matrices.as_cells(table, "code", "group", used_rows=True)
    limits = "Absent means that each document or case with this attribute is coded and none has the code."
    if left:
        limits += f" Not shown, as they make no groups: {listed(left, 4)}."
    return matrix(
        study,
        cells.assign(column_label=cells["column"].map(labels)),
        "Coding matrix: code by attribute of participants, documents or cases.",
        lambda frame: said_of_columns(frame, *what, labels) or "No coded segment belongs to an attribute.",
        limits,
        study.labels("codebook"),
        labels,
        ("code", "attribute"),
        if_empty="No attribute groups the documents or cases that are coded.",
    )


def co_occurrence(study: Study) -> Result:
    """Return which codes meet on the same stretch of text."""
    codings, labels = study.primary_codings(), study.labels("codebook")
    alone = "Counted are pairs of overlapping codings of the primary coder."
    several = "Counted are pairs of overlapping codings; a place counts once, however many coders marked it."
    return answer(
        study,
        matrices.co_occurrence(codings, by="overlap"),
        "Codes that meet on overlapping segments; the most frequent pairs.",
        lambda frame: pairs_that_meet(matrices.named_pairs(frame, labels), frame, codings),
        alone if study.info.primary_coder else several,
        draws=lambda frame: figures.co_occurrence(matrices.named_pairs(frame, labels)),
    )


def pairs_that_meet(named: pd.DataFrame, pairs: pd.DataFrame, codings: pd.DataFrame) -> str:
    """Say which two codes share text most often, of how many segments coded with either.

    The pairs stand with labels, and with ids of the codes as `crosscase.matrices.co_occurrence` returns them.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["c1", "c2", "c3"], "document": "d", "start": [0, 0, 9],
    ...     "end": [4, 4, 12], "code": ["pay", "time", "pay"]})
    >>> pairs = matrices.co_occurrence(codings, by="overlap")
    >>> pairs_that_meet(matrices.named_pairs(pairs, {"pay": "Pay", "time": "Time"}), pairs, codings)
    'Pay and Time meet most often: on 1 of 2 segments coded with either.'
    """
    if pairs.empty:
        return f"No two codes share text (n = {count(len(codings), 'coding')})."
    top = pairs[pairs["n"].eq(pairs["n"].max())]
    words = [f"{a} and {b}" for a, b in named.loc[top.index, ["code_a", "code_b"]].itertuples(index=False)]
    if len(words) > 1:
        often, all_of = times(int(top["n"].iloc[0])), "all" if len(words) == len(pairs) else f"{len(words)} of"
        if len(words) == len(pairs) or len(words) > 3:
            return f"No two codes stand out: {all_of} {len(pairs)} pairs that meet do so {often}."
        return f"{len(words)} of {len(pairs)} pairs that meet do so most often, {often} each: {'; '.join(words)}."
    pair, spans = top.iloc[0], ["document", "start", "end"]
    either = codings[codings["code"].isin([pair["code_a"], pair["code_b"]])]
    both = either[either["coding_id"].isin(split(pair["segments"]))]
    n, of = len(both.drop_duplicates(spans)), len(either.drop_duplicates(spans))
    return f"{words[0]} meet most often: on {n} of {count(of, 'segment')} coded with either."


def quoted(study: Study) -> Result:
    """Return the participant quotations in the codings, by theme."""
    codings, themes = study.primary_codings(), study.themes
    quotes = codings[codings["code"] == QUOTED]
    roles = matrices.coding_matrix(quotes, "role", roles=study.roles)
    speaking = int((roles["state"] == "present").sum())
    coded = matrices.finding_codings(quotes, themes)
    found = matrices.theme_matrix(coded, matrices.finding_themes(themes), "document")

    def says(frame: pd.DataFrame) -> str:
        top = frame[frame["theme"].isin(themes.loc[themes["parent"].isna(), "theme"])]
        named, most = leaders(top, "theme", "n_segments", study.labels("themes"))
        of = f"The primary coding marks {count(len(quotes), 'quotation')} of {count(speaking, 'role')}"
        stand = f"they stand most often under {listed(named, 3)}: {most:g}{each(named)}"
        return f"{of}; {stand}." if named and most else f"{of}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        name, unit, about = "codings.quotations", "quotations", "participant quotations in the primary coding"
        by_theme = each_value(name, frame, "theme", "n_segments", "quotations under {theme}", unit)
        return [
            Value(name, len(quotes), about, unit=unit),
            Value(f"{name}.roles", speaking, "roles quoted", unit="role labels"),
            *(by_theme if len(quotes) else []),
        ]

    return answer(
        study,
        found.groupby("theme", sort=False, as_index=False)["n_segments"].sum(),
        "Participant quotations in the primary coding, by theme.",
        says,
        "A quotation under a subtheme counts for its theme too.",
        counts=counts,
        refused="" if len(quotes) else "The primary coding marks no words of a participant, so none are counted.",
    )


def case_directions(study: Study) -> Result:
    """Return the themes of each case by direction, counted from the codings."""
    links = matrices.bridge(study.primary_codings(), study.themes, study.cases).links
    told = links.drop_duplicates(["theme", "case", "valence"]).assign(parent=None)
    found = matrices.known_only(matrices.case_valence(told, study.cases), "n_themes")
    cases, (one, many) = single_cases(study), nouns(study)

    def counts(frame: pd.DataFrame) -> list[Value]:
        all_cases = frame.groupby("valence", as_index=False)["n_themes"].sum(min_count=1)
        about, every = "themes of {case} that are coded {valence}", "case-bound themes that are coded {valence}"
        return [
            *each_value("codings.themes", frame, ["case", "valence"], "n_themes", about, "themes"),
            *each_value("codings.themes", all_cases, "valence", "n_themes", every, "themes"),
        ]

    none = f"No segment ties a theme to a single {one}, so no direction is counted by case."
    return answer(
        study,
        found,
        "Themes of each case by direction, counted from the primary coding.",
        lambda frame: themes_by_case(frame, cases, many),
        "A theme coded in two directions counts under both; what no segment says is not stated.",
        counts=counts,
        refused="" if found["n_themes"].fillna(0).sum() else none,
    )
