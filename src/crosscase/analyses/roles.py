"""Who takes part and who is heard: roles, their voices and perspectives, and roles compared within cases."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices
from crosscase.analyses.cells import counted_states, said_of_columns
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, leaders, listed, share
from crosscase.analyses.values import Value
from crosscase.comparison.results import ALPHA
from crosscase.study import Study

MODES = {"voice": "speaks", "about": "spoken about"}


def roles(study: Study) -> Result:
    """Return the stakeholder roles with their sector and stated orientation.

    Parameters
    ----------
    study : Study
        The study.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> roles(load_study("no-fact-teams")).sentence
    'The study names 3 roles in 3 sectors.'
    """

    def counts(frame: pd.DataFrame) -> list[Value]:
        named, described = int((frame["kind"] == "perspective").sum()), int(frame["orientation"].notna().sum())
        about = "perspectives named by the study", "actors whose logic or view is described"
        return [
            Value("roles.perspectives", named, about[0], unit="perspectives"),
            Value("roles.orientations", described, about[1], unit="actors"),
        ]

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "The study names no role."
        sectors, views = frame["sector"].dropna().nunique(), int(frame["orientation"].notna().sum())
        own = f"The study names {count(len(frame), 'role')}" + (f" in {count(sectors, 'sector')}" if sectors else "")
        return f"{own}, and describes the logic or view of {views}." if views else f"{own}."

    caption = f"Stakeholder roles (n = {len(study.roles)}) with sector and stated orientation."
    return Result(study.roles, caption, says=says, counts=counts, names=study.named)


def actor_mix(study: Study) -> Result:
    """Return how often each role speaks and is spoken about."""
    frame, labels = matrices.role_modes(study.primary_codings(), study.roles), study.labels("roles")
    caption = "Actors by sector or line of care, with the number of segments in which they speak or are spoken about."
    if frame.empty:
        return refuse("The study names no role, so nobody speaks or is spoken about.", caption)

    def says(frame: pd.DataFrame) -> str:
        of = count(frame["row"].nunique(), "role")
        said = []
        for mode, (one, many) in (("voice", ("speaks", "speak")), ("about", ("is spoken about", "are spoken about"))):
            part = frame[frame["column"].eq(mode) & frame["value"].gt(0)]
            named, top = leaders(part, "label", "value")
            each = " each" if len(named) > 1 else ""
            often = f", most often {listed(named, 3)} ({count(int(top), 'segment')}{each})" if named else ""
            said.append(f"{len(part) or 'none'} {many if len(part) > 1 else one}{often}")
        return f"Of {of}, {'; '.join(said)}."

    return Result(
        frame,
        caption,
        says=says,
        draws=lambda frame: figures.matrix(
            frame,
            used(labels, frame["row"]),
            MODES,
            row_groups=dict(zip(frame["row"], frame["sector"])),
            nouns=("role", "column"),
        ),
        names=study.named,
    )


def perspectives(study: Study) -> Result:
    """Return whose own view on which theme is known; what the source does not split stays not stated."""
    frame = matrices.perspective_matrix(study.primary_codings(), study.themes, study.roles)
    roles, themes = study.labels("roles"), study.labels("themes")
    caption = "Perspectives by theme, from segments in which the role itself speaks."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "cells of perspective by theme with a stated voice"
        return [Value("perspectives.stated", counted_states(frame, ["present"]), about, unit="cells", n=len(frame))]

    if frame.empty:
        reason = "No role speaks in the coded segments, so no view on a theme is told from another."
        return refuse(reason, caption, counts(frame))

    def says(frame: pd.DataFrame) -> str:
        turned = frame.rename(columns={"row": "column", "column": "row"})
        stated = counted_states(frame, ["present"])
        first = said_of_columns(turned, ("theme", "themes"), ("perspective", "perspectives"), roles)
        cells = share(stated, len(frame), "cell of perspective by theme", "cells of perspective by theme")
        found = f"{cells} {'states' if stated < 2 else 'state'} a role's own voice"
        return f"{found}; {first[0].lower()}{first[1:]}" if first else f"{found}."

    return Result(
        frame,
        caption,
        says=says,
        limits="A role that does not speak on a theme may have a view on it.",
        draws=lambda frame: figures.matrix(
            frame, used(roles, frame["row"]), used(themes, frame["column"]), nouns=("perspective", "theme")
        ),
        counts=counts,
        names=study.named,
    )


def within_cases(study: Study, permutations: int, seed: int) -> Result:
    """Return roles compared within cases by exchanging participants, where these are known.

    Parameters
    ----------
    study : Study
        The study.
    permutations, seed : int
        Number of permutations, and their seed.
    """
    found = comparison.role_comparison(study.primary_codings(), study.documents, n_permutations=permutations, seed=seed)
    caption, labels = "Roles compared within cases by exchanging participants.", study.labels("codebook")

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "codes for which roles could be compared within cases"
        return [Value("roles.within_cases.tested", int(frame["p"].notna().sum()), about, unit="codes")]

    if found["p"].isna().all():
        why = str(next(iter(found["reason"].dropna()), "nothing can be exchanged")) or "nothing can be exchanged"
        return refuse(f"Roles cannot be compared within cases: {why}.", caption, counts(found))

    return Result(found, caption, says=lambda frame: difference_words(frame, labels), counts=counts, names=study.named)


def difference_words(tests: pd.DataFrame, labels: dict[str, str]) -> str:
    """Say in how many codes roles differ within cases by more than chance.

    Parameters
    ----------
    tests : pandas.DataFrame
        `subject` (code), `p, p_adjusted, n` (participants).
    labels : dict of str to str
        Code -> label.

    Examples
    --------
    >>> tests = pd.DataFrame({"subject": ["trust"], "p": [0.01], "p_adjusted": [0.01], "n": [12]})
    >>> difference_words(tests, {"trust": "Trust"})
    'Roles differ within cases in 1 of 1 code: Trust (n = 12 participants).'
    """
    known = tests.dropna(subset=["p"])
    apart = known[known["p_adjusted"].le(ALPHA)]
    people = f"n = {int(known['n'].max())} participants"
    if apart.empty:
        codes = share(0, len(known), "code")
        return f"{codes} differs between roles within cases by more than chance ({people})."
    names = listed([labels.get(code, code) for code in apart["subject"]], 5)
    return f"Roles differ within cases in {len(apart)} of {count(len(known), 'code')}: {names} ({people})."
