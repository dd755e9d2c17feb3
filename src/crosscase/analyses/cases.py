"""Cases side by side: themes by case, the bridge to shared codes, and cases against their outcomes."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices
from crosscase.analyses.attainment import outcome_words, ratings_of
from crosscase.analyses.cells import said_of_cases, single_cases
from crosscase.analyses.labels import met, used
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, leaders, listed, share
from crosscase.analyses.values import Value, each_value
from crosscase.study import Study

RULE = "an outcome comes with what helps and not with what hampers"


def framework(study: Study) -> Result:
    """Return the framework matrix case by theme in the four states of a cell.

    Parameters
    ----------
    study : Study
        The study.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> framework(load_study("no-fact-teams")).sentence
    'All 16 themes are stated of single teams, none of them of more than one.'
    """
    cells = matrices.as_cells(_by_theme(study), "theme", "case", used_columns=True)
    themes, cases = matrices.finding_labels(study.themes), study.labels("cases")
    caption = "Themes by case, in the four states of a cell."
    if cells.empty:
        return refuse(f"No segment ties a theme to a {study.info.case_noun}.", caption)
    noun = (study.info.case_noun, study.info.case_noun_plural)
    return Result(
        cells,
        caption,
        says=lambda frame: said_of_cases(frame, ("theme", "themes"), themes, single_cases(study), noun),
        limits="Where nothing is marked the source is silent, which is no zero.",
        draws=lambda frame: figures.matrix(
            frame, used(themes, frame["row"]), used(cases, frame["column"]), nouns=("theme", "case")
        ),
        names=study.named,
    )


def chart(study: Study) -> Result:
    """Return the framework matrix as a chart to read: each cell's summary, or the coder's notes."""
    codings, themes = study.primary_codings(), matrices.finding_themes(study.themes)
    coded = matrices.finding_codings(codings, study.themes)
    matrix = matrices.framework_matrix(coded, study.cases, themes, study.summaries)
    frame = matrices.framework_chart(matrix, codings)
    caption = "Framework matrix: case by theme, cell = summary or coder's notes, with its segments."
    if frame.empty:
        return refuse(f"No segment ties a theme to a {study.info.case_noun}.", caption)

    def says(frame: pd.DataFrame) -> str:
        written, noted = (int(frame["written"].eq(kind).sum()) for kind in ("summary", "coder's notes"))
        stale = int(frame["stale"].fillna(False).sum())
        cells = share(noted, len(frame), "cell")
        found = f"{cells} about which something is known {'holds' if noted < 2 else 'hold'} the coder's notes"
        summaries = f"{written or 'none'} {'holds' if written < 2 else 'hold'} a written summary"
        return f"{found}; {summaries}" + (
            f", of which {stale} {'is' if stale == 1 else 'are'} out of date." if stale else "."
        )

    return Result(frame, caption, says=says, names=study.named)


def bridge(study: Study) -> Result:
    """Return the bridge from each case's own theme names to the codes that cases share."""
    caption = "From the theme names of each case to shared codes."
    cases, codes = study.labels("cases"), study.labels("codebook")
    if reason := _no_bridge(study):
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        shared = frame.groupby("code")["case"].nunique().gt(1).sum()
        ties = f"{count(frame['theme'].nunique(), 'theme name')} of {count(frame['case'].nunique(), *_noun(study))}"
        return f"{ties} lead to {count(frame['code'].nunique(), 'code')}, {shared or 'none'} of them shared."

    return Result(
        matrices.bridge(study.primary_codings(), study.themes, study.cases).links,
        caption,
        says=says,
        limits="Shared is the code that a coder gave, not the words of the cases.",
        draws=lambda frame: figures.bridge(frame, used(cases, frame["case"]), used(codes, frame["code"])),
        names=study.named,
    )


def shared_codes(study: Study) -> Result:
    """Return the codes behind the bridge: in which case they hinder, in which they promote."""
    caption, labels = "Shared codes: in which case they hinder, in which they promote.", study.labels("codebook")
    frame = matrices.bridge(study.primary_codings(), study.themes, study.cases).codes

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "cases that report {code} (hinders: {hinders}; promotes: {promotes})"
        unit = study.info.case_noun_plural
        return each_value("bridge", frame, key="code", value="n_cases", about=about, unit=unit, reason="reason")

    def says(frame: pd.DataFrame) -> str:
        shared, turned = frame[frame["shared"]], frame[frame["contrast"]]
        one, many = _noun(study)
        are = "is" if len(shared) == 1 else "are"
        found = f"Of {count(len(frame), 'code')}, {len(shared) or 'none'} {are} shared by {many}"
        names = listed([labels.get(code, code) for code in turned["code"]], 4)
        verbs = "hinders" if len(turned) == 1 else "hinder", "promotes" if len(turned) == 1 else "promote"
        return f"{found}; {names} {verbs[0]} in one {one} and {verbs[1]} in another." if len(turned) else f"{found}."

    if reason := _no_bridge(study):
        return refuse(reason, caption, counts(frame.assign(n_cases=None, reason=reason.removesuffix("."))))
    return Result(frame, caption, says=says, counts=counts, names=study.named)


def meta_matrix(study: Study) -> Result:
    """Return the case-ordered meta-matrix: cases in the order of what they reached, by the themes stated most."""
    caption = "Cases by outcome and by the themes stated most; a case without a stated outcome comes last."
    ratings, many = ratings_of(study), study.info.case_noun_plural
    if len(ratings) < 2:
        return refuse(_fewer_than_two(study, "put in an order"), caption)
    if ratings["outcome"].isna().all():
        reason = f"No outcome is stated of a single {study.info.case_noun}, so there is no order to put the {many} in."
        return refuse(reason, caption)
    cases, heads = study.labels("cases"), {"outcome": "Outcomes reached"} | study.labels("themes")
    order = "number of outcomes reached, where stated"
    return Result(
        comparison.meta_frame(_theme_cells(study), ratings),
        caption,
        says=lambda frame: outcome_words(frame.drop_duplicates("case"), single_cases(study), *_noun(study)),
        draws=lambda frame: figures.meta_matrix(
            frame, met(cases, frame["case"]), used(heads, frame["column"]), order_by=order
        ),
        names=study.named,
    )


def negative_cases(study: Study) -> Result:
    """Return each case against the rule that an outcome goes with themes that help."""
    caption = "Each case against the rule that an outcome goes with what helps."
    frame = _negative(study)
    cases, themes = single_cases(study), study.labels("themes")

    def counts(frame: pd.DataFrame) -> list[Value]:
        kind = frame["role"].str.partition(":")[0] if len(frame) else pd.Series(dtype=object)
        against, unknown = int(kind.eq("negative").sum()), int(kind.eq("not known").sum())
        about = "negative cases over all themes", "cells in which it cannot be told"
        return [
            Value("negative_cases.n", against, about[0], unit="cells", n=len(frame)),
            Value("negative_cases.not_known", unknown, about[1], unit="cells", n=len(frame)),
        ]

    if reason := _no_outcome(study, f"no {study.info.case_noun} can be held against the rule that {RULE}"):
        return refuse(reason, caption, counts(frame))

    def says(frame: pd.DataFrame) -> str:
        kind = frame["role"].str.partition(":")[0]
        against = frame[kind.eq("negative")]
        unknown = int(kind.eq("not known").sum())
        rest = f"; of {unknown} it cannot be told" if unknown else ""
        if against.empty:
            confirms = share(int(kind.eq("confirms").sum()), len(frame), "cell")
            return f"No case goes against the rule that {RULE}; {confirms} confirm it{rest}."
        one = against["case"].nunique() == 1
        told = [
            themes.get(r.theme, r.theme) + f" in {cases.get(r.case, r.case)}" * (not one) for r in against.itertuples()
        ]
        where = f" in {cases.get(against['case'].iloc[0], against['case'].iloc[0])}" if one else ""
        go = f"{share(len(told), len(frame), 'cell')} {'goes' if len(told) == 1 else 'go'}"
        return f"{go} against the rule that {RULE}: {listed(told, 4)}{where}{rest}."

    limits = "Nothing is expected of a theme that works both ways or whose direction is not stated."
    return Result(frame, caption, says=says, limits=limits, counts=counts, names=study.named)


def negative_by_theme(study: Study) -> Result:
    """Return, for each theme, how many cases confirm the rule, contradict it, or cannot be told."""
    caption = "Cases that confirm, contradict, or cannot be told, by theme."
    if reason := _no_outcome(study, f"no {study.info.case_noun} can be held against the rule that {RULE}"):
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        against, confirms = frame["negative"].gt(0), frame["confirms"].gt(0)
        only, silent = int((confirms & ~against).sum()), int((~confirms & ~against).sum())
        found = f"A case goes against the rule under {int(against.sum()) or 'none'} of {count(len(frame), 'theme')}"
        return (
            f"{found}; under {only or 'none'} cases only confirm it, and under {silent or 'none'} nothing can be told."
        )

    frame = comparison.negative_summary(_negative(study))
    return Result(frame, caption, says=says, limits=f"The rule: {RULE}.", names=study.named)


def pairs(study: Study) -> Result:
    """Return the most-similar and most-different pairs of cases, and why a pair is none."""
    caption = "Most-similar and most-different pairs of cases, or why a pair is refused."
    frame, cases = comparison.case_pairs(_theme_cells(study), ratings_of(study)), single_cases(study)

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "pairs of cases that can be told apart and whose outcome is stated"
        return [Value("pairs.usable", int(frame["refused"].eq("").sum()), about, unit="pairs", n=len(frame))]

    if len(cases) < 2:
        return refuse(_fewer_than_two(study, "paired"), caption, counts(frame))
    if frame.empty:
        one, many = _noun(study)
        return refuse(f"No theme is tied to a {one}, so no two {many} can be told apart.", caption, counts(frame))
    return Result(
        frame,
        caption,
        says=lambda frame: pair_words(frame, cases, study.info.case_noun_plural),
        limits="Only what is stated of a single case counts: what is known of several together tells none apart.",
        counts=counts,
        names=study.named,
    )


def pair_words(frame: pd.DataFrame, cases: dict[str, str], many: str) -> str:
    """Say how many pairs can be compared, and which differ most.

    Parameters
    ----------
    frame : pandas.DataFrame
        `case_a, case_b, n_known, n_different, share_different, refused`.
    cases : dict of str to str
        Case -> label.
    many : str
        What cases are called.

    Examples
    --------
    >>> frame = pd.DataFrame({"case_a": ["a"], "case_b": ["b"], "n_known": [0], "n_different": [0],
    ...     "share_different": [None], "refused": ["nothing is stated of both cases: they cannot be told apart"]})
    >>> pair_words(frame, {"a": "Pilot 1", "b": "Pilot 2"}, "pilots")
    'Pilot 1 and Pilot 2 cannot be told apart: no theme is stated of both as present or absent.'
    """
    frame = frame.assign(pair=[f"{cases.get(a, a)} and {cases.get(b, b)}" for a, b in zip(frame.case_a, frame.case_b)])
    known, usable = frame[frame["n_known"].gt(0)], int(frame["refused"].eq("").sum())
    if known.empty:
        why = "cannot be told apart: no theme is stated of both as present or absent."
        return f"{frame['pair'].iloc[0]} {why}" if len(frame) == 1 else f"The {len(frame)} pairs of {many} {why}"
    head = share(usable, len(frame), f"pair of {many}", f"pairs of {many}")
    head += f" {'has' if usable < 2 else 'have'} an outcome stated on both sides"
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
    if len(ratings) < 2:
        return refuse(_fewer_than_two(study, "contrasted"), caption)
    if ratings["outcome"].isna().all():
        return refuse(f"No outcome is stated of a single {study.info.case_noun}, so none are contrasted.", caption)
    frame = comparison.contrast_by_outcome(_theme_cells(study), ratings)
    if frame.empty:
        stated = int(ratings["outcome"].notna().sum())
        of = f"(outcomes are stated of {stated} of {len(ratings)})"
        return refuse(f"No two {many} have different stated outcomes, so none are contrasted {of}.", caption)
    return Result(frame, caption, says=lambda frame: contrast_words(frame, labels, many), names=study.named)


def contrast_words(frame: pd.DataFrame, labels: dict[str, str], many: str) -> str:
    """Say which themes stand in all cases with a high outcome and in none with a low one, or the other way round.

    Parameters
    ----------
    frame : pandas.DataFrame
        `theme, k_high, n_high, k_low, n_low, gap, separates`, the largest gap first.
    labels : dict of str to str
        Theme -> label.
    many : str
        What cases are called.

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
        said = [
            f"{labels.get(r.theme, r.theme)} (in {r.k_high} of {r.n_high} with a high and {r.k_low} of {r.n_low} with "
            "a low outcome)"
            for r in part.itertuples()
        ]
        return listed(said, 3)

    apart = known[known["separates"].astype(bool)]
    if len(apart):
        verb = "separates" if len(apart) == 1 else "separate"
        return f"Of {count(len(frame), 'theme')}, {len(apart)} {verb} the {many}: {of(apart)}."
    widest = known[known["gap"].abs().eq(known["gap"].abs().max())]
    if not widest["gap"].abs().iloc[0]:
        return f"No theme tells {many} with a high outcome from those with a low one."
    return f"None of {count(len(frame), 'theme')} separates the {many}; the widest gap: {of(widest)}."


def _by_theme(study: Study) -> pd.DataFrame:
    coded = matrices.finding_codings(study.primary_codings(), study.themes)
    return matrices.theme_matrix(coded, matrices.finding_themes(study.themes), "case", cases=study.cases)


def _theme_cells(study: Study) -> pd.DataFrame:
    cells, themes = _by_theme(study), study.themes
    return cells[cells["theme"].isin(themes.loc[themes["kind"] == "theme", "theme"])]


def _negative(study: Study) -> pd.DataFrame:
    ratings, table = ratings_of(study), matrices.valence_table(study.themes)
    reached = ratings["outcome"].gt(0).astype("boolean").where(ratings["outcome"].notna())
    directions = dict(zip(table["theme"], table["direction"]))
    return comparison.negative_cases(_theme_cells(study), ratings.assign(outcome=reached), directions=directions)


def _noun(study: Study) -> tuple[str, str]:
    return study.info.case_noun, study.info.case_noun_plural


def _fewer_than_two(study: Study, what: str) -> str:
    one, many = _noun(study)
    number = len(single_cases(study))
    return f"The study compares one {one} only, so none are {what}." if number else f"No {many} are named to be {what}."


def _no_bridge(study: Study) -> str:
    if len(single_cases(study)) < 2:
        return _fewer_than_two(study, "joined by shared codes")
    links = matrices.bridge(study.primary_codings(), study.themes, study.cases).links
    return (
        "" if len(links) else f"No theme is tied to a single {study.info.case_noun}, so nothing leads to shared codes."
    )


def _no_outcome(study: Study, so: str) -> str:
    stated = ratings_of(study)["outcome"].notna().any()
    return "" if stated else f"No outcome is stated of a single {study.info.case_noun}, so {so}."
