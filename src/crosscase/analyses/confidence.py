"""How sure a synthesis is: what a framework leaves over, facts and judgements behind findings, ratings by people."""

from __future__ import annotations

import pandas as pd

from crosscase.analyses.mapped import Mapped, mapped
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, listed, verb
from crosscase.analyses.values import Value
from crosscase.study import load_framework, stack, study_labels
from crosscase.study.load import load_shared
from crosscase.synthesis import (
    adequacy_facts,
    aid_by_study,
    check_judgements,
    evidence_profile,
    findings_from_constructs,
    framework_fit,
    leftovers,
    rating_matrix,
    ratings_beside_aid,
    theme_coverage,
)


def left_over(studies: list[str], framework: str) -> Result:
    """Return the themes that no construct of a framework takes, and what people decided about each."""
    of, coverage = mapped(studies, framework), _coverage(studies, framework)
    decisions = load_shared("leftover_decisions")

    def opened(frame: pd.DataFrame) -> int:
        return int(frame["status"].eq("open").sum())

    def says(frame: pd.DataFrame) -> str:
        left, waiting = int(frame["status"].ne("taken since").sum()), opened(frame)
        if not left:
            return of.said(f"Every theme of {of.n} finds a construct of the {of.short}")
        find = f"{left} of {count(len(coverage), 'theme')} {verb(left, 'finds', 'find')} no construct"
        wait = f"{'none of them waits' if not waiting else _wait(waiting, left)} for people to decide"
        return of.said(f"{find} of the {of.short}, and {wait}")

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value("leftovers.open", opened(frame), "leftovers that wait for people", unit="themes", n=len(coverage))
        ]

    frame = leftovers(coverage, decisions[decisions["framework"].eq(framework)])
    caption = f"Themes that no construct of the {of.short} takes, and what people decided."
    limits = "Factors that occur in statements of influence alone are counted among the themes."
    return Result(frame, caption, says, counts=counts, limits=limits)


def fit(studies: list[str], framework: str) -> Result:
    """Return how much of what each study reports a framework carries as it was published."""
    of = mapped(studies, framework)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No study of {of.n} has a theme that the {of.short} could carry."
        taken, all_of = int(frame["n_a_priori"].sum()), int(frame["n_themes"].sum())
        carries = f"The {of.short} carries {taken} of {count(all_of, 'theme')} as published"
        if len(frame) == 1:
            return of.said(carries)
        least, most = (_share(frame, frame["share_a_priori"].agg(end), of) for end in ("min", "max"))
        return of.said(f"{carries}, from {least} to {most}" if least != most else f"{carries}, in each study alike")

    limits = "A theme counts as carried where it, its subthemes or the theme above it are mapped to a construct."
    caption = f"Themes that the {of.short} carries as published, by study."
    return Result(framework_fit(_coverage(studies, framework)), caption, says, limits=limits)


def adequacy(studies: list[str], framework: str, least: int = 4) -> Result:
    """Return the facts on the adequacy of data behind each drafted finding, by study.

    A construct is drafted as a finding when at least so many studies report it.
    """
    of = mapped(studies, framework)
    findings, facts = _facts(studies, of, least)
    caption = "Facts on the adequacy of data behind each drafted finding, by study."
    if findings.empty:
        return refuse(_none(of, least), caption)

    def says(frame: pd.DataFrame) -> str:
        bare, mute = frame["n_segments"].eq(0), frame["n_segments"].gt(0) & frame["n_voices"].eq(0)
        whole = int(frame.groupby("finding", sort=False)["n_segments"].min().gt(0).sum())
        behind = f"Behind {whole or 'none'} of {count(len(findings), 'drafted finding')} stands a coded segment"
        pairs = f"of {count(len(frame), 'pair')} of finding and study, {int(bare.sum()) or 'none'} without any"
        mutes = f"in {int(mute.sum()) or 'none'} nobody speaks"
        return of.said(f"{behind} in each study that reports it; {pairs}, and {mutes}")

    limits = "Segments are never added up or compared between studies; whether the data are adequate people judge."
    return Result(facts, caption, says, limits=limits)


def profiles(studies: list[str], framework: str, least: int = 4) -> Result:
    """Return evidence profiles: computed facts on each drafted finding beside judgements, which only people make."""
    of = mapped(studies, framework)
    findings, facts = _facts(studies, of, least)
    caption = "GRADE-CERQual profiles of the drafted findings: facts beside judgements."
    judgements = check_judgements(load_shared("cerqual"), findings["finding"])

    def values(frame: pd.DataFrame) -> list[Value]:
        judged, about = int(frame["overall"].notna().sum()), "findings whose confidence people judged"
        return [
            Value("cerqual.findings", len(frame), "drafted findings", unit="findings"),
            Value("cerqual.judged", judged, about, unit="findings", n=len(frame)),
        ]

    profile = evidence_profile(findings, facts, judgements, len(studies))
    if profile.empty:
        return refuse(_none(of, least), caption, values(profile))

    def says(frame: pd.DataFrame) -> str:
        judged = int(frame["overall"].notna().sum())
        of_all = f"of {count(len(frame), 'finding')} drafted from the map of {of.by}"
        if not judged:
            return f"People have judged the confidence in none {of_all}."
        said = listed([f"{n} {grade}" for grade, n in frame["overall"].value_counts(sort=False).items()])
        return f"People have judged the confidence in {judged} {of_all}: {said}."

    limits = "What nobody judged stays empty; no count stands in for it."
    return Result(profile, caption, says, counts=values, limits=limits)


def ratings(studies: list[str], framework: str) -> Result:
    """Return ratings by people, and the aid computed from codings beside them, never over them."""
    names, constructs = study_labels(studies), load_framework(framework)
    codings, maps, themes = (stack(table, studies) for table in ("primary_codings", "framework_map", "themes"))
    of = mapped(studies, framework)

    def values(frame: pd.DataFrame) -> list[Value]:
        rated, coded = int(frame["state"].eq("rated").sum()), int(frame["n_segments"].gt(0).sum())
        return [
            Value("ratings.rated", rated, "cells that people rated", unit="cells", n=len(frame)),
            Value("ratings.with_segments", coded, "cells with a coded segment", unit="cells", n=len(frame)),
        ]

    def says(frame: pd.DataFrame) -> str:
        rated, coded = (int(value.value) for value in values(frame))
        cells = f"{len(frame)} cells of construct and study"
        first = f"People have rated {rated or 'none'} of {cells}"
        return f"{first}; in {coded} of them codings offer an aid, by way of the map of {of.by}."

    aid = aid_by_study(codings, maps, constructs, framework, themes, list(names))
    beside = ratings_beside_aid(rating_matrix(stack("cfir_ratings", studies), constructs, studies), aid)
    frame = beside.sort_values("n_segments", ascending=False, kind="stable", ignore_index=True)
    caption = f"Ratings of the {of.short} by people beside the computed aid."
    limits = "Most segments first; empty means not rated, and no count sees whether an example is explicit."
    return Result(frame, caption, says, counts=values, limits=limits)


def _coverage(studies: list[str], framework: str) -> pd.DataFrame:
    return theme_coverage(stack("themes", studies), stack("framework_map", studies), framework)


def _facts(studies: list[str], of: Mapped, least: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the drafted findings, and what stands behind each within each study."""
    findings, evidence = findings_from_constructs(of.cells, least)
    return findings, adequacy_facts(evidence, stack("primary_codings", studies), stack("themes", studies))


def _share(frame: pd.DataFrame, share: float, of: Mapped) -> str:
    found = frame[frame["share_a_priori"].eq(share)]
    names = listed([of.studies.get(study, study) for study in found["study"]], 3)
    if len(found) > 1:
        return f"{share:.0%} in {names}"
    return f"{int(found['n_a_priori'].iloc[0])} of {int(found['n_themes'].iloc[0])} in {names}"


def _wait(waiting: int, left: int) -> str:
    if waiting == left:
        return "it waits" if left == 1 else "all of them wait"
    return f"{waiting} of them {verb(waiting, 'waits', 'wait')}"


def _none(of: Mapped, least: int) -> str:
    return f"No construct of the {of.short} is reported in at least {least} of {of.n}, so no finding is drafted."
