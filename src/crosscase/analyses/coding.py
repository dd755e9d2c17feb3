"""Codebook, codings and coding matrices: which codes were used, by whom, of which case and role, and which meet."""

from __future__ import annotations

import pandas as pd

from crosscase import figures, matrices
from crosscase.analyses.cells import said_of_cases, said_of_columns, single_cases
from crosscase.analyses.directions import themes_by_case
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, leaders, listed, share, times
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
    '23 of 60 codes in the codebook are used by the primary coding.'
    """
    codes = matrices.applied_codes(study.codebook, study.codings)
    met = len(set(study.primary_codings()["code"]) & set(codes))
    who = "the primary coding" if study.info.primary_coder else "the codings"

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "The study has no codebook."
        own = share(met, len(codes), "code")
        return f"{own} in the codebook {'is' if met < 2 else 'are'} used by {who}."

    return Result(
        study.codebook,
        f"Codebook with {len(codes)} codes.",
        says=says,
        limits="Codes that only group others are listed and not counted.",
        counts=lambda _: [Value("codes.n", len(codes), "codes in the codebook", unit="codes")],
        names=study.named,
    )


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

    return Result(
        matrices.coder_summary(study.codings),
        "Codings per coder; every coder of an embedded study is a language model.",
        says=says,
        limits="Numbers of segments say how densely a text was coded; they are never compared between studies.",
        counts=lambda frame: each_value(
            "codings", frame, key="coder", value="n_codings", about="codings by {coder}", unit="codings"
        ),
        names=study.named,
    )


def themes(study: Study) -> Result:
    """Return the published themes, subthemes and the factors that statements of influence name."""

    def number(frame: pd.DataFrame, kind: str) -> int:
        return int((frame["kind"] == kind).sum())

    def says(frame: pd.DataFrame) -> str:
        if not number(frame, "theme"):
            return "The study reports no theme."
        below, factors = number(frame, "subtheme"), number(frame, "factor")
        own = f"The study reports {count(number(frame, 'theme'), 'theme')}" + (
            f" with {count(below, 'subtheme')}" if below else ""
        )
        return f"{own}, and names {count(factors, 'more factor')} of influence." if factors else f"{own}."

    return Result(
        study.themes,
        "Themes as published, with subthemes, factors and the frame of the text.",
        says=says,
        counts=lambda frame: [
            Value("themes.n", number(frame, "theme"), "themes reported", unit="themes"),
            Value("themes.subthemes", number(frame, "subtheme"), "subthemes reported", unit="subthemes"),
        ],
        names=study.named,
    )


def case_matrix(study: Study) -> Result:
    """Return the coding matrix code by case: present, absent, known only for a group of cases, or not stated."""
    table = matrices.coding_matrix(study.primary_codings(), "case", cases=study.cases, codes=study.codebook)
    cells = matrices.as_cells(table, "code", "case", used_rows=True, used_columns=True)
    codes, cases = study.labels("codebook"), study.labels("cases")
    noun = (study.info.case_noun, study.info.case_noun_plural)
    return Result(
        cells,
        "Coding matrix: code by case, primary coding.",
        says=lambda frame: said_of_cases(frame, ("code", "codes"), codes, single_cases(study), noun),
        limits="A count stands where the source speaks of several cases without naming them; silence is no zero.",
        draws=lambda frame: figures.matrix(
            frame, used(codes, frame["row"]), used(cases, frame["column"]), nouns=("code", "case")
        ),
        names=study.named,
    )


def role_matrix(study: Study) -> Result:
    """Return the coding matrix code by role: who speaks about what, and who is spoken about."""
    table = matrices.coding_matrix(study.primary_codings(), "role", roles=study.roles, codes=study.codebook)
    cells = matrices.as_cells(table, "code", "role", used_rows=True, used_columns=True)
    codes, roles = study.labels("codebook"), study.labels("roles")
    return Result(
        cells,
        "Coding matrix: code by stakeholder role, primary coding.",
        says=lambda frame: (
            said_of_columns(frame, ("code", "codes"), ("role", "roles"), roles) or "No coded segment names a role."
        ),
        limits="A role counts whether it speaks or is spoken about.",
        draws=lambda frame: figures.matrix(
            frame, used(codes, frame["row"]), used(roles, frame["column"]), nouns=("code", "role")
        ),
        names=study.named,
    )


def co_occurrence(study: Study) -> Result:
    """Return which codes meet on the same stretch of text."""
    codings, labels = study.primary_codings(), study.labels("codebook")
    return Result(
        matrices.co_occurrence(codings, by="overlap"),
        "Codes that meet on overlapping segments; the most frequent pairs.",
        says=lambda frame: pairs_that_meet(matrices.named_pairs(frame, labels), frame, codings),
        limits="Counted are pairs of overlapping codings of the primary coder.",
        draws=lambda frame: figures.co_occurrence(matrices.named_pairs(frame, labels)),
        names=study.named,
    )


def pairs_that_meet(named: pd.DataFrame, pairs: pd.DataFrame, codings: pd.DataFrame) -> str:
    """Say which two codes share text most often, of how many segments coded with either.

    Parameters
    ----------
    named, pairs : pandas.DataFrame
        `code_a, code_b, n, segments`, with labels and with ids of the codes.
    codings : pandas.DataFrame
        `coding_id, document, start, end, code`.

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
        often = times(int(top["n"].iloc[0]))
        if len(words) == len(pairs):
            return f"No two codes stand out: all {len(pairs)} pairs that meet do so {often}."
        if len(words) > 3:
            return f"No two codes stand out: {len(words)} of {len(pairs)} pairs that meet do so {often}."
        return f"{len(words)} of {len(pairs)} pairs that meet do so most often, {often} each: {'; '.join(words)}."
    pair, spans = top.iloc[0], ["document", "start", "end"]
    either = codings[codings["code"].isin([pair["code_a"], pair["code_b"]])]
    both = either[either["coding_id"].isin(split(pair["segments"]))]
    n, of = len(both.drop_duplicates(spans)), len(either.drop_duplicates(spans))
    return f"{words[0]} meet most often: on {n} of {count(of, 'segment')} coded with either."


def quoted(study: Study) -> Result:
    """Return the participant quotations in the codings, by theme."""
    codings, labels = study.primary_codings(), study.labels("themes")
    quotes = codings[codings["code"] == QUOTED]
    roles = matrices.coding_matrix(quotes, "role", roles=study.roles)
    speaking = int((roles["state"] == "present").sum())
    found = matrices.theme_matrix(
        matrices.finding_codings(quotes, study.themes), matrices.finding_themes(study.themes), "document"
    )
    frame = found.groupby("theme", sort=False, as_index=False)["n_segments"].sum()
    about = "participant quotations in the primary coding"
    values = [
        Value("codings.quotations", len(quotes), about, unit="quotations"),
        Value("codings.quotations.roles", speaking, "roles quoted", unit="role labels"),
    ]
    caption = "Participant quotations in the primary coding, by theme."
    if quotes.empty:
        return refuse("The primary coding marks no words of a participant, so none are counted.", caption, values)

    def says(frame: pd.DataFrame) -> str:
        top = frame[frame["theme"].isin(study.themes.loc[study.themes["parent"].isna(), "theme"])]
        named, most = leaders(top.assign(label=[labels.get(t, t) for t in top["theme"]]), "label", "n_segments")
        each = " each" if len(named) > 1 else ""
        of = f"The primary coding marks {count(len(quotes), 'quotation')} of {count(speaking, 'role')}"
        return f"{of}; they stand most often under {listed(named, 3)}: {most:g}{each}." if named and most else f"{of}."

    return Result(
        frame,
        caption,
        says=says,
        limits="A quotation under a subtheme counts for its theme too.",
        counts=lambda frame: [
            *values,
            *each_value(
                "codings.quotations",
                frame,
                key="theme",
                value="n_segments",
                about="quotations under {theme}",
                unit="quotations",
            ),
        ],
        names=study.named,
    )


def case_directions(study: Study) -> Result:
    """Return the themes of each case by direction, counted from the codings."""
    links = matrices.bridge(study.primary_codings(), study.themes, study.cases).links
    told = links.drop_duplicates(["theme", "case", "valence"]).assign(parent=None)
    found = matrices.known_only(matrices.case_valence(told, study.cases), "n_themes")
    cases, many = single_cases(study), study.info.case_noun_plural

    def counts(frame: pd.DataFrame) -> list[Value]:
        all_cases = frame.groupby("valence", as_index=False)["n_themes"].sum(min_count=1)
        about, every = "themes of {case} that are coded {valence}", "case-bound themes that are coded {valence}"
        return [
            *each_value("codings.themes", frame, key=["case", "valence"], value="n_themes", about=about, unit="themes"),
            *each_value("codings.themes", all_cases, key="valence", value="n_themes", about=every, unit="themes"),
        ]

    caption = "Themes of each case by direction, counted from the primary coding."
    if not found["n_themes"].fillna(0).sum():
        reason = f"No segment ties a theme to a single {study.info.case_noun}, so no direction is counted by case."
        return refuse(reason, caption, counts(found))
    return Result(
        found,
        caption,
        says=lambda frame: themes_by_case(frame, cases, many),
        limits="A theme coded in two directions counts under both; what no segment says is not stated.",
        counts=counts,
        names=study.named,
    )
