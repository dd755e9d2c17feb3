"""Who takes part and who is heard: roles, their voices and perspectives, and roles compared within cases."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices
from crosscase.analyses.cells import counted_states, matrix, said_of_columns
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer
from crosscase.analyses.sentences import count, each, leaders, listed, low, share
from crosscase.analyses.values import Value
from crosscase.comparison.results import ALPHA
from crosscase.study import Study

MODES = {"voice": "speaks", "about": "spoken about"}


def roles(study: Study) -> Result:
    """Return the stakeholder roles with their sector and stated orientation.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> roles(load_study("no-fact-teams")).sentence
    'The study names 3 roles in 3 sectors.'
    """
    views = int(study.roles["orientation"].notna().sum())

    def counts(frame: pd.DataFrame) -> list[Value]:
        named, about = int((frame["kind"] == "perspective").sum()), "actors whose logic or view is described"
        return [
            Value("roles.perspectives", named, "perspectives named by the study", unit="perspectives"),
            Value("roles.orientations", views, about, unit="actors"),
        ]

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "The study names no role."
        sectors = frame["sector"].dropna().nunique()
        own = f"The study names {count(len(frame), 'role')}" + (f" in {count(sectors, 'sector')}" if sectors else "")
        return f"{own}, and describes the logic or view of {views}." if views else f"{own}."

    caption = f"Stakeholder roles (n = {len(study.roles)}) with sector and stated orientation."
    return answer(study, study.roles, caption, says, counts=counts)


def actor_mix(study: Study) -> Result:
    """Return how often each role speaks and is spoken about."""
    frame, labels = matrices.role_modes(study.primary_codings(), study.roles), study.labels("roles")

    def says(frame: pd.DataFrame) -> str:
        said = []
        for mode, (one, many) in (("voice", ("speaks", "speak")), ("about", ("is spoken about", "are spoken about"))):
            part = frame[frame["column"].eq(mode) & frame["value"].gt(0)]
            named, top = leaders(part, "label", "value")
            often = f", most often {listed(named, 3)} ({count(int(top), 'segment')}{each(named)})" if named else ""
            said.append(f"{len(part) or 'none'} {many if len(part) > 1 else one}{often}")
        return f"Of {count(frame['row'].nunique(), 'role')}, {'; '.join(said)}."

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        sectors = dict(zip(frame["row"], frame["sector"]))
        return figures.matrix(frame, used(labels, frame["row"]), MODES, row_groups=sectors, nouns=("role", "column"))

    caption = "Actors by sector or line of care, with the number of segments in which they speak or are spoken about."
    none = "The study names no role, so nobody speaks or is spoken about."
    return answer(study, frame, caption, says, draws=draws, if_empty=none)


def perspectives(study: Study) -> Result:
    """Return whose own view on which theme is known; what the source does not split stays not stated."""
    cells = matrices.perspective_matrix(study.primary_codings(), study.themes, study.roles)
    roles = study.labels("roles")

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "cells of perspective by theme with a stated voice"
        return [Value("perspectives.stated", counted_states(frame, ["present"]), about, unit="cells", n=len(frame))]

    def says(frame: pd.DataFrame) -> str:
        turned, stated = frame.rename(columns={"row": "column", "column": "row"}), counted_states(frame, ["present"])
        first = said_of_columns(turned, ("theme", "themes"), ("perspective", "perspectives"), roles)
        cell = "cell of perspective by theme", "cells of perspective by theme"
        found = f"{share(stated, len(frame), *cell, does=('states', 'state'))} a role's own voice"
        return f"{found}; {low(first)}" if first else f"{found}."

    return matrix(
        study,
        cells,
        "Perspectives by theme, from segments in which the role itself speaks.",
        says,
        "A role that does not speak on a theme may have a view on it.",
        roles,
        study.labels("themes"),
        ("perspective", "theme"),
        counts=counts,
        if_empty="No role speaks in the coded segments, so no view on a theme is told from another.",
    )


def within_cases(study: Study, permutations: int, seed: int) -> Result:
    """Return roles compared within cases by exchanging participants, where these are known.

    Parameters
    ----------
    permutations, seed : int
        Number of permutations, and their seed.
    """
    found = comparison.role_comparison(study.primary_codings(), study.documents, n_permutations=permutations, seed=seed)
    caption, labels = "Roles compared within cases by exchanging participants.", study.labels("codebook")

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "codes for which roles could be compared within cases"
        return [Value("roles.within_cases.tested", int(frame["p"].notna().sum()), about, unit="codes")]

    why = str(next(iter(found["reason"].dropna()), "")) or "nothing can be exchanged"
    refused = f"Roles cannot be compared within cases: {why}." if found["p"].isna().all() else ""
    return answer(study, found, caption, lambda frame: difference_words(frame, labels), counts=counts, refused=refused)


def difference_words(tests: pd.DataFrame, labels: dict[str, str]) -> str:
    """Say in how many codes roles differ within cases by more than chance; n are participants.

    Examples
    --------
    >>> tests = pd.DataFrame({"subject": ["trust"], "p": [0.01], "p_adjusted": [0.01], "n": [12]})
    >>> difference_words(tests, {"trust": "Trust"})
    'Roles differ within cases in 1 of 1 code: Trust (n = 12 participants).'
    """
    known = tests.dropna(subset=["p"])
    apart, people = known[known["p_adjusted"].le(ALPHA)], f"n = {int(known['n'].max())} participants"
    if apart.empty:
        return f"{share(0, len(known), 'code')} differs between roles within cases by more than chance ({people})."
    names = listed([labels.get(code, code) for code in apart["subject"]], 5)
    return f"Roles differ within cases in {len(apart)} of {count(len(known), 'code')}: {names} ({people})."
