"""What was reached: requirements, steps, outcomes and attributes of the cases, as far as they are stated."""

from __future__ import annotations

import pandas as pd

from crosscase import figures, outcomes
from crosscase.analyses.cells import matrix, nouns, said_of_cases, single_cases
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import count, listed, low, share, verb
from crosscase.analyses.values import Value, each_value
from crosscase.study import Study

TOGETHER = "What is stated of several cases together is put in no single one."
ASKED = "A requirement says what is asked of a case. Whether it was met is another statement, and not drawn here."


def requirements(study: Study) -> Result:
    """Return which requirements bind which case; what is asked of all cases binds each of them.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> requirements(load_study("be-chronic-care-pilots")).sentence
    'All 5 requirements bind each of 2 pilots; whether they were met is not told here.'
    """
    return _by_case(study, "requirement", "What is required of each case.", ASKED)


def steps(study: Study) -> Result:
    """Return the steps by case: reached, known only for a group, or not stated."""
    return _by_case(study, "step", "Progress by case and step; unknown is drawn as unknown.")


def _by_case(study: Study, kind: str, caption: str, limits: str = TOGETHER) -> Result:
    frame = outcomes.outcome_matrix(study.outcomes, study.cases, kind)
    rows, cases = outcomes.row_labels(frame), outcomes.column_labels(frame)

    def says(frame: pd.DataFrame) -> str:
        denied, bound = int(frame["state"].eq("absent").sum()), frame["state"].eq("present")
        if kind == "requirement" and bound.all():
            number = frame["row"].nunique()
            every = share(number, number, kind, does=("binds", "bind"))
            met = "it was" if number == 1 else "they were"
            return f"{every} each of {count(len(cases), *nouns(study))}; whether {met} met is not told here."
        words = said_of_cases(frame, (kind, f"{kind}s"), rows, cases, nouns(study))
        return words + (f" In {count(denied, 'cell')} it is stated that it was not so." if denied else "")

    none = f"The study states no {kind}s of its {study.info.case_noun_plural}."
    return matrix(study, frame, caption, says, limits, rows, cases, (kind, "case"), if_empty=none)


def stated(study: Study) -> Result:
    """Return outcomes, requirements and attributes as they are stated, most of them as k of n cases."""

    def counts(frame: pd.DataFrame) -> list[Value]:
        open_ = frame[(frame["kind"] == "outcome") & frame["state"].isin(["count", "not_stated"])]
        kinds = frame.groupby("kind", as_index=False).agg(n=("outcome", "nunique"))
        about, unit = "{label} ({stage}): {cases}", study.info.case_noun_plural
        return [
            *each_value("outcomes", open_, ["outcome", "stage"], "k", about, unit),
            *each_value("outcomes", kinds, "kind", "n", "{kind}s stated", "{kind}s"),
        ]

    frame = outcomes.outcome_counts(study.outcomes, study.cases)
    caption = "Outcomes, requirements and attributes as stated: k of n cases, members unknown."
    if frame.empty:
        return refuse("The study states no outcome, requirement or attribute of its cases.", caption)
    return answer(study, frame, caption, stated_words, TOGETHER, counts=counts)


def stated_words(frame: pd.DataFrame) -> str:
    """Say which outcomes are stated of how many cases, and how many requirements and attributes there are.

    Examples
    --------
    >>> frame = pd.DataFrame({"outcome": ["pay", "plan"], "label": ["Funding agreed", "Plan"], "kind": "outcome",
    ...     "k": [2, None], "n": [4, None], "state": ["count", "no"], "cases": ["Two of four", "Region 1"]})
    >>> stated_words(frame)
    '2 outcomes are stated: Funding agreed (2 of 4) and Plan (not so in Region 1).'
    """
    mine = frame[frame["kind"].eq("outcome")]
    kinds = frame[frame["kind"].ne("outcome")].groupby("kind", sort=False)["outcome"].nunique()
    rest = listed([count(int(n), str(kind)) for kind, n in kinds.items()])
    if mine.empty:
        return f"No outcome is stated, but {rest}."
    said = []
    for row in mine.to_dict("records"):
        where = "" if pd.isna(row["cases"]) else f" {row['cases']}"
        words = {"yes": f"in{where}", "no": f"not so in{where}", "not_stated": "of how many is not stated"}
        known = row["state"] == "count" and not pd.isna(row["k"])
        text = f"{row['k']:g} of {row['n']:g}" if known else words.get(row["state"], "of some")
        said.append(f"{row['label']} ({text})")
    number = mine["outcome"].nunique()
    own = f"{count(number, 'outcome')} {verb(number)} stated: {listed(said, 5)}"
    return f"{own}; so {'are' if kinds.sum() > 1 else 'is'} {rest}." if rest else f"{own}."


def attributes(study: Study) -> Result:
    """Return the attributes and the concept of the literature to which the study maps them."""

    def says(frame: pd.DataFrame) -> str:
        numbers = frame.groupby("maps_to", sort=False)["outcome"].nunique()
        found = listed([f"{count(int(n), 'attribute')} to {concept}" for concept, n in numbers.items()], 4)
        return f"The study maps {found}."

    frame = outcomes.outcome_counts(study.outcomes, study.cases).dropna(subset=["maps_to"])
    caption = "Attributes and the concept of the literature to which the study maps them."
    none = "The study maps no attribute of its cases to a concept of the literature."
    return answer(study, frame, caption, says, if_empty=none)


def ratings_of(study: Study) -> pd.DataFrame:
    """Return per individual case how many of its stated outcomes were reached; null where none is stated of it."""
    return outcomes.case_ratings(study.outcomes, study.cases)


def ratings(study: Study) -> Result:
    """Return how many outcomes each case reached, where they are stated of the case by itself."""
    frame, caption = ratings_of(study), "Outcomes reached by each case, where they are stated of the case by itself."
    none = (
        f"No outcome is stated of a single {study.info.case_noun} by itself." if frame["outcome"].isna().all() else ""
    )

    def says(frame: pd.DataFrame) -> str:
        return outcome_words(frame, single_cases(study), *nouns(study))

    return answer(study, frame, caption, says, TOGETHER, refused=none)


def outcome_words(frame: pd.DataFrame, cases: dict[str, str], one: str, many: str) -> str:
    """Say of how many cases outcomes are stated, and how many each of them reached.

    An outcome is the number that a case reached, null where none is stated; of how many may stand in `n_stated`.

    Examples
    --------
    >>> frame = pd.DataFrame({"case": ["a", "b"], "outcome": [2.0, None], "n_stated": [3, 0]})
    >>> outcome_words(frame, {"a": "Region 1"}, "region", "regions")
    'Outcomes are stated of 1 of 2 regions: Region 1 reached 2 of 3.'
    """
    known = frame.dropna(subset=["outcome"]).sort_values("outcome", ascending=False, kind="stable")
    if known.empty:
        return f"No outcome is stated of a single {one}."
    of = [f" of {n:g}" for n in known["n_stated"]] if "n_stated" in known else [""] * len(known)
    said = [f"{cases.get(c, c)} reached {n:g}{k}" for c, n, k in zip(known["case"], known["outcome"], of)]
    return f"Outcomes are stated of {low(share(len(known), len(frame), one, many))}: {listed(said, 5)}."


def progress(study: Study) -> Result:
    """Return the progress of each case over steps and outcomes; what is only known as a count stands apart."""
    totals, cases = _unknown_members(study), study.labels("cases")

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, known = "cells of case by step in which the status is stated", int((frame["status"] != "unknown").sum())
        return [Value("progress.known", known, about, unit="cells", n=len(frame))]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        steps = dict(zip(frame["step"], frame["label"]))
        return figures.step_progress(frame, used(cases, frame["case"]), steps, totals=totals)

    return answer(
        study,
        outcomes.progress(study.outcomes, study.cases),
        "Progress of each case over steps and outcomes; what is only known as a count stands in a row of its own.",
        lambda frame: progress_words(frame, totals, *nouns(study)),
        TOGETHER,
        draws=draws,
        counts=counts,
        if_empty="The study states no steps or outcomes of its cases.",
    )


def progress_words(frame: pd.DataFrame, totals: pd.DataFrame, one: str, many: str) -> str:
    """Say how many steps and outcomes are reached, not reached, or not stated, and how many are known as k of n only.

    The frame holds the status of single cases, the totals what is known as k of n; one and many are what cases are.

    Examples
    --------
    >>> frame = pd.DataFrame({"status": ["reached", "unknown"]})
    >>> progress_words(frame, pd.DataFrame(), "region", "regions")
    'Of 2 cells of region by step or outcome, 1 is reached and 1 is not stated.'
    """
    words = {"reached": "reached", "under_way": "under way", "not_reached": "not reached", "unknown": "not stated"}
    numbers = [(int(frame["status"].eq(status).sum()), said) for status, said in words.items()]
    found = [f"{n} {verb(n)} {said}" for n, said in numbers if n]
    cell = f"cell of {one} by step or outcome", f"cells of {one} by step or outcome"
    if frame["status"].eq("unknown").all():
        of = f"{share(0, len(frame), *cell)} has a stated status"
    elif len(found) == 1:
        of = f"{share(len(frame), len(frame), *cell)} {found[0].partition(' ')[2]}"
    else:
        of = f"Of {count(len(frame), *cell)}, {listed(found)}"
    together = f"{count(len(totals), 'step or outcome', 'steps and outcomes')} {verb(len(totals))}"
    rest = f"; {together} known only as k of n {many}" if len(totals) else ""
    return f"{of}{rest}."


def totals(study: Study) -> Result:
    """Return the steps and outcomes stated as k of n cases."""
    many, caption = study.info.case_noun_plural, "Steps and outcomes stated as k of n cases, members unknown."

    def says(frame: pd.DataFrame) -> str:
        said = [f"{row.label} ({row.k:g} of {row.n:g})" for row in frame.dropna(subset=["k", "n"]).itertuples()]
        return f"Stated of {many} together: {listed(said, 5)}." if said else "Of how many cases is not stated."

    none = f"No step or outcome is stated as k of n {many}."
    return answer(study, _unknown_members(study), caption, says, TOGETHER, if_empty=none)


def _unknown_members(study: Study) -> pd.DataFrame:
    """Return the steps and outcomes stated as k of n, but for those that none reached: these are known of each case."""
    return outcomes.progress_totals(outcomes.of_each(study.outcomes, study.cases))
