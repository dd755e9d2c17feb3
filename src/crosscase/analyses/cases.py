"""Cases side by side: themes by case, the bridge to shared codes, and cases against their outcomes."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices
from crosscase.analyses.attainment import outcome_words, ratings_of
from crosscase.analyses.cells import matrix, nouns, said_of_cases, said_of_columns, single_cases
from crosscase.analyses.labels import met, used
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import count, leaders, listed, low, share, verb
from crosscase.analyses.values import Value, each_value
from crosscase.study import Study

NOTED = ["paraphrases", "coder's notes"]
RULE = "an outcome comes with what helps and not with what hampers"


def framework(study: Study) -> Result:
    """Return the framework matrix case by theme in the four states of a cell.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> framework(load_study("no-fact-teams")).sentence
    'All 16 themes are stated of single teams, none of them of more than one.'
    """
    themes, what = matrices.finding_labels(study.themes), ("theme", "themes")
    if study.cases.empty and len(study.documents):
        return _by_document(study, themes, what)
    return matrix(
        study,
        matrices.as_cells(_by_theme(study), "theme", "case", used_columns=True),
        "Themes by case, in the four states of a cell.",
        lambda frame: said_of_cases(frame, what, themes, single_cases(study), nouns(study)),
        "Where nothing is marked the source is silent, which is no zero.",
        themes,
        study.labels("cases"),
        ("theme", "case"),
        if_empty=_untied(study),
    )


def _by_document(study: Study, themes: dict[str, str], what: tuple[str, str]) -> Result:
    """Return the framework matrix document by theme, for a study without cases."""
    coded = matrices.finding_codings(study.primary_codings(), study.themes)
    table = matrices.theme_matrix(coded, matrices.finding_themes(study.themes), "document")
    titles = dict(zip(study.documents["document"], study.documents["title"].fillna(study.documents["document"])))
    return matrix(
        study,
        matrices.as_cells(table, "theme", "document", columns=study.documents["document"]),
        "Themes by document; the study has no cases.",
        lambda frame: said_of_columns(frame, what, ("document", "documents"), titles),
        "Absent means that codings of the document stand under themes, and none under this one.",
        themes,
        titles,
        ("theme", "document"),
        if_empty=_untied(study),
    )


def _untied(study: Study) -> str:
    """Say why no cell of themes by case is known: there is no theme, nothing is sorted under one, or of no case."""
    if study.themes.empty:
        return "There are no themes: no table of them, and no code that groups others."
    if matrices.finding_codings(study.primary_codings(), study.themes).empty:
        return "The codings are not sorted yet: none stands under a theme, so that no cell is known."
    return f"No segment ties a theme to a {study.info.case_noun}."


def chart(study: Study) -> Result:
    """Return the framework matrix as a chart to read: each cell's summary, or what its segments say."""
    codings, themes = study.primary_codings(), matrices.finding_themes(study.themes)
    place = ["document", "start", "end"]
    codings = codings.merge(study.paraphrases[[*place, "paraphrase"]], how="left", on=place)
    coded = matrices.finding_codings(codings, study.themes)
    cells = matrices.framework_matrix(coded, study.cases, themes, study.summaries)

    def says(frame: pd.DataFrame) -> str:
        written, noted = (int(frame["written"].isin(kinds).sum()) for kinds in (["summary"], NOTED))
        stale = int(frame["stale"].fillna(False).sum())
        cells, holds = share(noted, len(frame), "cell"), ("holds", "hold")
        found = f"{cells} about which something is known {holds[noted > 1]} paraphrases or notes of the coder"
        summaries = f"{written or 'none'} {holds[written > 1]} a written summary"
        return f"{found}; {summaries}" + (f", of which {stale} {verb(stale)} out of date." if stale else ".")

    caption = "Framework matrix: case by theme, cell = summary, or paraphrases of its segments, with these."
    return answer(study, matrices.framework_chart(cells, codings), caption, says, if_empty=_untied(study))


def bridge(study: Study) -> Result:
    """Return the bridge from each case's own theme names to the codes that cases share."""
    cases, codes = study.labels("cases"), study.labels("codebook")

    def says(frame: pd.DataFrame) -> str:
        shared = frame.groupby("code")["case"].nunique().gt(1).sum()
        ties = f"{count(frame['theme'].nunique(), 'theme name')} of {count(frame['case'].nunique(), *nouns(study))}"
        return f"{ties} lead to {count(frame['code'].nunique(), 'code')}, {shared or 'none'} of them shared."

    return answer(
        study,
        _bridge(study).links,
        "From the theme names of each case to shared codes.",
        says,
        "Shared is the code that a coder gave, not the words of the cases.",
        draws=lambda frame: figures.bridge(frame, used(cases, frame["case"]), used(codes, frame["code"])),
        refused=_no_bridge(study),
    )


def shared_codes(study: Study) -> Result:
    """Return the codes behind the bridge: in which case they hinder, in which they promote."""
    caption, labels = "Shared codes: in which case they hinder, in which they promote.", study.labels("codebook")
    frame, (one, many) = _bridge(study).codes, nouns(study)

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "cases that report {code} (hinders: {hinders}; promotes: {promotes})"
        return each_value("bridge", frame, "code", "n_cases", about, many, reason="reason")

    def says(frame: pd.DataFrame) -> str:
        shared, turned = frame[frame["shared"]], frame[frame["contrast"]]
        n = len(turned)
        found = f"Of {count(len(frame), 'code')}, {len(shared) or 'none'} {verb(len(shared))} shared by {many}"
        names = listed([labels.get(code, code) for code in turned["code"]], 4)
        ways = f"{verb(n, 'hinders', 'hinder')} in one {one} and {verb(n, 'promotes', 'promote')} in another"
        return f"{found}; {names} {ways}." if n else f"{found}."

    if reason := _no_bridge(study):
        return refuse(reason, caption, counts(frame.assign(n_cases=None, reason=reason.removesuffix("."))))
    return answer(study, frame, caption, says, counts=counts)


def meta_matrix(study: Study) -> Result:
    """Return the case-ordered meta-matrix: cases in the order of what they reached, by the themes stated most."""
    caption = "Cases by outcome and by the themes stated most; a case without a stated outcome comes last."
    ratings, many = ratings_of(study), study.info.case_noun_plural
    if reason := _unrated(study, "put in an order", f"there is no order to put the {many} in"):
        return refuse(reason, caption)
    cases, heads = study.labels("cases"), {"outcome": "Outcomes reached"} | study.labels("themes")

    def says(frame: pd.DataFrame) -> str:
        return outcome_words(frame.drop_duplicates("case"), single_cases(study), *nouns(study))

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        rows, columns = met(cases, frame["case"]), used(heads, frame["column"])
        return figures.meta_matrix(frame, rows, columns, order_by="number of outcomes reached, where stated")

    return answer(study, comparison.meta_frame(_theme_cells(study), ratings), caption, says, draws=draws)


def negative_cases(study: Study) -> Result:
    """Return each case against the rule that an outcome goes with themes that help."""
    cases, themes = single_cases(study), study.labels("themes")

    def number(frame: pd.DataFrame, kind: str) -> int:
        return int(_kind(frame).eq(kind).sum())

    def counts(frame: pd.DataFrame) -> list[Value]:
        against, unknown = number(frame, "negative"), number(frame, "not known")
        about = "negative cases over all themes", "cells in which it cannot be told"
        return [
            Value("negative_cases.n", against, about[0], unit="cells", n=len(frame)),
            Value("negative_cases.not_known", unknown, about[1], unit="cells", n=len(frame)),
        ]

    def says(frame: pd.DataFrame) -> str:
        against, unknown = frame[_kind(frame).eq("negative")], number(frame, "not known")
        ruled = frame[_kind(frame).ne("no rule")]
        rest = f"; of {unknown} it cannot be told" if unknown else ""
        if ruled.empty:
            return f"No theme has a single direction, so there is no rule to hold a {study.info.case_noun} against."
        if unknown == len(ruled):
            one, n = study.info.case_noun, (ruled["theme"].nunique(), frame["theme"].nunique())
            why = f"{low(share(*n, 'theme', does=('has', 'have')))} a single direction"
            never = f"theme and outcome are never both stated of a single {one}"
            return f"No {one} can be held against the rule that {RULE}: {why}, and there {never}."
        if against.empty:
            confirms = share(number(frame, "confirms"), len(frame), "cell")
            return f"No case goes against the rule that {RULE}; {confirms} confirm it{rest}."
        names = [(themes.get(r.theme, r.theme), f" in {cases.get(r.case, r.case)}") for r in against.itertuples()]
        one = against["case"].nunique() == 1
        told = listed([theme + where * (not one) for theme, where in names], 4) + names[0][1] * one
        go = share(len(names), len(frame), "cell")
        return f"{go} {verb(len(names), 'goes', 'go')} against the rule that {RULE}: {told}{rest}."

    caption = "Each case against the rule that an outcome goes with what helps."
    limits = "Nothing is expected of a theme that works both ways or whose direction is not stated."
    none = f"No theme is tied to a {study.info.case_noun}, so none can be held against the rule that {RULE}."
    return answer(study, _negative(study), caption, says, limits, counts=counts, refused=_no_rule(study), if_empty=none)


def negative_by_theme(study: Study) -> Result:
    """Return, for each theme, how many cases confirm the rule, contradict it, or cannot be told."""
    caption = "Cases that confirm, contradict, or cannot be told, by theme."
    if reason := _no_rule(study):
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        against, confirms = frame["negative"].gt(0), frame["confirms"].gt(0)
        only, silent = int((confirms & ~against).sum()), int((~confirms & ~against).sum())
        found = f"A case goes against the rule under {int(against.sum()) or 'none'} of {count(len(frame), 'theme')}"
        rest = f"under {only or 'none'} cases only confirm it, and under {silent or 'none'} nothing can be told"
        return f"{found}; {rest}."

    return answer(study, comparison.negative_summary(_negative(study)), caption, says, f"The rule: {RULE}.")


def pairs(study: Study) -> Result:
    """Return the most-similar and most-different pairs of cases, and why a pair is none."""
    frame, cases = comparison.case_pairs(_theme_cells(study), ratings_of(study)), single_cases(study)
    one, many = nouns(study)

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "pairs of cases that can be told apart and whose outcome is stated"
        return [Value("pairs.usable", _usable(frame), about, unit="pairs", n=len(frame))]

    return answer(
        study,
        frame,
        "Most-similar and most-different pairs of cases, or why a pair is refused.",
        lambda frame: pair_words(frame, cases, many),
        "Only what is stated of a single case counts: what is known of several together tells none apart.",
        counts=counts,
        refused=_fewer_than_two(study, "paired") if len(cases) < 2 else "",
        if_empty=f"No theme is tied to a {one}, so no two {many} can be told apart.",
    )


def _usable(pairs: pd.DataFrame) -> int:
    """Count the pairs that can be told apart and whose outcome is stated."""
    return int(pairs["refused"].isin(["", *comparison.NEITHER.values()]).sum())


def pair_words(frame: pd.DataFrame, cases: dict[str, str], many: str) -> str:
    """Say how many pairs can be compared, and which differ most; cases have labels, and a word for many.

    Examples
    --------
    >>> frame = pd.DataFrame({"case_a": ["a"], "case_b": ["b"], "n_known": [0], "n_different": [0],
    ...     "share_different": [None], "refused": ["nothing is stated of both cases: they cannot be told apart"]})
    >>> pair_words(frame, {"a": "Pilot 1", "b": "Pilot 2"}, "pilots")
    'Pilot 1 and Pilot 2 cannot be told apart: no theme is stated of both as present or absent.'
    """
    frame = frame.assign(pair=[f"{cases.get(a, a)} and {cases.get(b, b)}" for a, b in zip(frame.case_a, frame.case_b)])
    known, usable = frame[frame["n_known"].gt(0)], _usable(frame)
    if known.empty:
        why = "cannot be told apart: no theme is stated of both as present or absent."
        return f"{frame['pair'].iloc[0]} {why}" if len(frame) == 1 else f"The {len(frame)} pairs of {many} {why}"
    head = share(usable, len(frame), f"pair of {many}", f"pairs of {many}", does=("has", "have"))
    head += " an outcome stated on both sides"
    named, widest = leaders(known, "pair", "share_different")
    if not widest:
        return f"{head}; no pair differs in a theme known of both."
    top = known[known["share_different"].eq(widest)].iloc[0]
    differ = f"{listed(named, 2)} {'differ' if len(known) == 1 else 'differ most'}"
    return f"{head}; {differ}, in {int(top['n_different'])} of {int(top['n_known'])} themes known of both."


def contrast(study: Study) -> Result:
    """Return the themes in cases with a high and with a low outcome."""
    caption, ratings = "Themes in cases with a high and with a low outcome.", ratings_of(study)
    labels, many = study.labels("themes"), study.info.case_noun_plural
    if reason := _unrated(study, "contrasted", "none are contrasted"):
        return refuse(reason, caption)
    frame = comparison.contrast_by_outcome(_theme_cells(study), ratings)
    of = f"(outcomes are stated of {int(ratings['outcome'].notna().sum())} of {len(ratings)})"
    none = f"No two {many} have different stated outcomes, so none are contrasted {of}."
    return answer(study, frame, caption, lambda frame: contrast_words(frame, labels, many), if_empty=none)


def contrast_words(frame: pd.DataFrame, labels: dict[str, str], many: str) -> str:
    """Say which themes stand in all cases with a high outcome and in none with a low one, or the other way round.

    Examples
    --------
    >>> frame = pd.DataFrame({"theme": ["t"], "k_high": [2], "n_high": [2], "k_low": [0], "n_low": [1],
    ...     "gap": [1.0], "separates": [True]})
    >>> contrast_words(frame, {"t": "Trust"}, "teams")
    'Of 1 theme, 1 separates the teams: Trust (in 2 of 2 with a high and 0 of 1 with a low outcome).'
    """
    known = frame.dropna(subset=["gap"])
    if known.empty:
        return f"No theme is known both of {many} with a high and of {many} with a low outcome."

    def of(part: pd.DataFrame) -> str:
        both = "in {k_high} of {n_high} with a high and {k_low} of {n_low} with a low outcome"
        return listed(
            [f"{labels.get(row['theme'], row['theme'])} ({both.format(**row)})" for row in part.to_dict("records")], 3
        )

    apart, themes = known[known["separates"].astype(bool)], count(len(frame), "theme")
    if len(apart):
        return f"Of {themes}, {len(apart)} {verb(len(apart), 'separates', 'separate')} the {many}: {of(apart)}."
    widest = known[known["gap"].abs().eq(known["gap"].abs().max())]
    if not widest["gap"].abs().iloc[0]:
        return f"No theme tells {many} with a high outcome from those with a low one."
    return f"None of {themes} separates the {many}; the widest gap: {of(widest)}."


def _by_theme(study: Study) -> pd.DataFrame:
    coded = matrices.finding_codings(study.primary_codings(), study.themes)
    return matrices.theme_matrix(coded, matrices.finding_themes(study.themes), "case", cases=study.cases)


def _theme_cells(study: Study) -> pd.DataFrame:
    cells, themes = _by_theme(study), study.themes
    return cells[cells["theme"].isin(themes.loc[themes["kind"] == "theme", "theme"])]


def _negative(study: Study) -> pd.DataFrame:
    """Return cases against the rule, by the themes that have a direction: those at the finest level."""
    ratings, table = ratings_of(study), matrices.valence_table(study.themes)
    reached = ratings["outcome"].gt(0).astype("boolean").where(ratings["outcome"].notna())
    directions, cells = dict(zip(table["theme"], table["direction"])), _by_theme(study)
    cells = cells[cells["theme"].isin(table["theme"])]
    return comparison.negative_cases(cells, ratings.assign(outcome=reached), directions=directions)


def _kind(frame: pd.DataFrame) -> pd.Series:
    return frame["role"].str.partition(":")[0] if len(frame) else pd.Series(dtype=object)


def _bridge(study: Study) -> matrices.Bridge:
    return matrices.bridge(study.primary_codings(), study.themes, study.cases)


def _fewer_than_two(study: Study, what: str) -> str:
    one, many = nouns(study)
    named = len(single_cases(study))
    return f"The study compares one {one} only, so none are {what}." if named else f"No {many} are named to be {what}."


def _no_bridge(study: Study) -> str:
    if len(single_cases(study)) < 2:
        return _fewer_than_two(study, "joined by shared codes")
    none = f"No theme is tied to a single {study.info.case_noun}, so nothing leads to shared codes."
    return none if _bridge(study).links.empty else ""


def _no_outcome(study: Study, so: str) -> str:
    stated = ratings_of(study)["outcome"].notna().any()
    return "" if stated else f"No outcome is stated of a single {study.info.case_noun}, so {so}."


def _no_rule(study: Study) -> str:
    return _no_outcome(study, f"no {study.info.case_noun} can be held against the rule that {RULE}")


def _unrated(study: Study, what: str, so: str) -> str:
    """Return why cases cannot be compared by their outcome; nothing where they can."""
    return _fewer_than_two(study, what) if len(ratings_of(study)) < 2 else _no_outcome(study, so)
