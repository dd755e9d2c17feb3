"""What hampers and what facilitates: themes as published, and the segments behind themes and codes."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crosscase import figures, matrices
from crosscase.analyses.cells import nouns, single_cases
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer
from crosscase.analyses.sentences import count, listed, verb
from crosscase.analyses.values import Value, each_value
from crosscase.ids import split
from crosscase.study import Study

VERBS = {
    "hampers": ("hampers", "hamper"),
    "facilitates": ("facilitates", "facilitate"),
    "both": ("works both ways", "work both ways"),
    "condition": ("is a condition", "are conditions"),
    "neutral": ("is neutral", "are neutral"),
    "not stated": ("has no stated direction", "have no stated direction"),
}
"""Direction -> what one of them does, and what many do."""

VALENCES = {
    "inhibits": ("inhibits", "inhibit"),
    "promotes": ("promotes", "promote"),
    "ambivalent": VERBS["both"],
    "condition": VERBS["condition"],
    "neutral": VERBS["neutral"],
}
"""Valence -> what one of them does, and what many do."""


def direction_words(directions: Iterable[str], what: tuple[str, str]) -> str:
    """Return how many of the items hamper, facilitate, work both ways ... as a sentence.

    What the items are is given of one and of many.

    Examples
    --------
    >>> direction_words(["hampers", "condition", "condition"], ("theme", "themes"))
    'Of 3 themes, 1 hampers and 2 are conditions.'
    >>> direction_words(["hampers"], ("theme", "themes"))
    'The only theme hampers.'
    """
    found = list(directions)
    if not found:
        return f"No {what[0]} has a direction."
    if len(found) == 1:
        return f"The only {what[0]} {VERBS[found[0]][0]}."
    numbers = [(found.count(name), *verbs) for name, verbs in VERBS.items() if name in found]
    if len(numbers) == 1:
        return f"All {count(len(found), *what)} {numbers[0][2]}."
    return f"Of {count(len(found), *what)}, {listed([f'{n} {verb(n, one, many)}' for n, one, many in numbers])}."


def themes(study: Study) -> Result:
    """Return the themes as published, by direction: the answer to the question of the study.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> themes(load_study("no-fact-teams")).sentence
    'Of 16 themes, 8 hamper and 8 facilitate.'
    """
    frame = matrices.valence_table(study.themes)

    def counts(frame: pd.DataFrame) -> list[Value]:
        number = frame.groupby("direction", as_index=False).agg(n=("theme", "nunique"))
        return each_value("directions", number, "direction", "n", "themes that count as: {direction}", "themes")

    return answer(
        study,
        frame,
        f"Themes by direction (n = {len(frame)} themes at the finest level).",
        lambda frame: direction_words(frame["direction"], ("theme", "themes")),
        "A theme that is a condition and hampers counts as one that hampers.",
        counts=counts,
        if_empty="The study has no table of themes, so none has a direction.",
    )


def theme_segments(study: Study) -> Result:
    """Return the segments of the primary coding by theme and direction."""
    coded = matrices.finding_codings(study.primary_codings(), study.themes)
    below = study.themes["kind"].eq("subtheme").any()
    what = ("theme or subtheme", "themes and subthemes") if below else ("theme", "themes")
    labels = matrices.finding_labels(study.themes)
    return _segments(study, matrices.valence_table(coded, by="theme"), "theme", what, labels)


def code_segments(study: Study) -> Result:
    """Return the segments of the primary coding by code and direction."""
    table = matrices.valence_table(study.primary_codings(), by="code")
    return _segments(study, table, "code", ("code", "codes"), study.labels("codebook"))


def _segments(study: Study, table: pd.DataFrame, item: str, what: tuple[str, str], labels: dict[str, str]) -> Result:
    tree = study.codebook if item == "code" else study.themes
    parents = tree.dropna(subset=["parent"]).set_index(item)["parent"].to_dict()

    def says(frame: pd.DataFrame) -> str:
        told = frame[frame["direction"].ne("not stated")]
        if told.empty:
            return f"No segment says in which direction its {item} works (n = {int(frame['n_codings'].sum())})."
        silent = len(frame) - len(told)
        rest = f"; {count(silent, *what)} {verb(silent, 'has', 'have')} none" if silent else ""
        words = direction_words(told["direction"], (f"{what[0]} with a direction", f"{what[1]} with a direction"))
        return f"{words.removesuffix('.')}{rest}."

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        bars = matrices.valence_long(frame, item)
        return figures.valence_bars(bars, used(labels, bars["item"]), parents=parents)

    limits = "A segment may lie under several; numbers of segments say how densely a text was coded, not how strongly."
    none = f"No segment stands under a {item}, so none is counted by direction."
    return answer(
        study, table, f"Direction of the coded segments, by {item}.", says, limits, draws=draws, if_empty=none
    )


def case_themes(study: Study) -> Result:
    """Return the themes that a case brings for itself, by direction, as published."""
    labels, cases = study.labels("themes"), single_cases(study)
    frame, (one, many) = matrices.case_valence(study.themes, study.cases), nouns(study)

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        shown = frame.assign(theme=frame["themes"].map(split)).explode("theme")
        shown = shown[shown["theme"].fillna("").ne("")]
        shown = shown.assign(label=[labels.get(theme, theme) for theme in shown["theme"]])
        return figures.case_valence_panels(shown[["case", "theme", "label", "valence"]], used(cases, shown["case"]))

    return answer(
        study,
        frame,
        "Themes bound to a case, by direction.",
        lambda frame: themes_by_case(frame, cases, many),
        "A direction in which no theme is reported of a case is not stated, unless its themes are listed completely.",
        draws=draws,
        refused="" if frame["n_themes"].sum() else f"The study binds no theme to a single {one}.",
    )


def themes_by_case(frame: pd.DataFrame, cases: dict[str, str], many: str) -> str:
    """Say how many themes each case has in each direction; beyond four cases, all of them together.

    A number of themes that is null is not stated; cases have labels, and a word for many.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "a", "b"], "valence": ["inhibits", "promotes", "inhibits"],
    ...     "n_themes": [3, 1, None]})
    >>> themes_by_case(frame, {"a": "Team A", "b": "Team B"}, "teams")
    'Team A: 3 themes inhibit and 1 promotes.'
    """

    def of(part: pd.DataFrame) -> str:
        numbers = part.groupby("valence", sort=False)["n_themes"].sum()
        told = [(int(n), VALENCES.get(str(v), ("has no direction", "have no direction"))) for v, n in numbers.items()]
        first, *more = [f"{n} {words[n != 1]}" for n, words in told if n > 0]
        number, _, rest = first.partition(" ")
        return listed([f"{count(int(number), 'theme')} {rest}", *more])

    known = frame[frame["n_themes"].fillna(0).gt(0)]
    if known.empty:
        return f"No theme is tied to any of the {many}."
    if known["case"].nunique() > 4:
        return f"{known['case'].nunique()} {many} have themes of their own: {of(known)}."
    said = [f"{cases.get(case, case)}: {of(part)}" for case, part in known.groupby("case", sort=False)]
    return "; ".join(said) + "."
