"""How sure a synthesis is: what a framework leaves over, facts and judgements behind findings, ratings by people."""

from __future__ import annotations

import pandas as pd

from crosscase.analyses.mapped import Mapped, mapped
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, listed, verb
from crosscase.analyses.values import Value
from crosscase.study import load_framework, stack, study_labels
from crosscase.study.shared import load_shared
from crosscase.synthesis import (
    adequacy_facts,
    aid_by_study,
    argued_evidence,
    check_judgements,
    evidence_profile,
    framework_fit,
    leftovers,
    rating_matrix,
    ratings_beside_aid,
    theme_coverage,
)
from crosscase.synthesis.leftovers import FINDINGS

KINDS = ("theme, subtheme or factor", "themes, subthemes and factors")
NO_FINDING = "Nobody has worded a finding across these studies."


def left_over(studies: list[str], framework: str) -> Result:
    """Return the themes that no construct of a framework takes, and what people decided about each."""
    of, coverage = mapped(studies, framework), _coverage(studies, framework)
    decisions = load_shared("leftover_decisions")

    def opened(frame: pd.DataFrame) -> int:
        return int(frame["status"].eq("open").sum())

    def says(frame: pd.DataFrame) -> str:
        left, waiting = int(frame["status"].ne("taken since").sum()), opened(frame)
        if not left:
            return of.said(f"Every theme, subtheme and factor of {of.n} finds a construct of the {of.short}")
        find = f"{left} of {count(len(coverage), *KINDS)} {verb(left, 'finds', 'find')} no construct"
        wait = f"{'none of them waits' if not waiting else _wait(waiting, left)} for people to decide"
        return of.said(f"{find} of the {of.short}, and {wait}")

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value("leftovers.open", opened(frame), "leftovers that wait for people", unit=KINDS[1], n=len(coverage))
        ]

    frame = leftovers(coverage, decisions[decisions["framework"].eq(framework)])
    caption = f"Themes that no construct of the {of.short} takes, and what people decided."
    limits = "A factor is an end of a relation: what acts or is acted on where one thing is said to influence another."
    return Result(frame, caption, says, counts=counts, limits=limits)


def fit(studies: list[str], framework: str) -> Result:
    """Return how much of what each study reports a framework carries as it was published, and by what it is taken."""
    of = mapped(studies, framework)
    coverage = _coverage(studies, framework)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No study of {of.n} has a theme that the {of.short} could carry."
        taken, all_of = int(frame["n_a_priori"].sum()), int(frame["n_themes"].sum())
        carries = f"The {of.short} carries {taken} of {count(all_of, *KINDS)} as published"
        if len(frame) == 1:
            return of.said(carries)
        least, most = (_share(frame, frame["share_a_priori"].agg(end), of) for end in ("min", "max"))
        return of.said(f"{carries}, from {least} to {most}" if least != most else f"{carries}, in each study alike")

    def counts(frame: pd.DataFrame) -> list[Value]:
        n, unit = int(frame["n_themes"].sum()), KINDS[1]
        about = {
            "n_itself": "mapped themselves",
            "n_by_subthemes": "taken through their subthemes",
            "n_by_theme": "taken through the theme above",
            "n_left": "taken by no construct",
        }
        kinds = coverage["kind"].value_counts()
        return [
            Value(f"{framework}.fit.all", n, "themes, subthemes and factors of the studies", unit=unit),
            *(
                Value(f"{framework}.fit.{kind}s", int(kinds.get(kind, 0)), f"{kind}s", f"{kind}s", n)
                for kind in FINDINGS
            ),
            *(Value(f"{framework}.fit.{c}", int(frame[c].sum()), words, unit, n) for c, words in about.items()),
        ]

    limits = "A theme counts as carried where it, its subthemes or the theme above it are mapped to a construct."
    caption = f"Themes, subthemes and factors that the {of.short} carries as published, by study."
    heads = {"n_themes": "themes, subthemes and factors"}
    return Result(framework_fit(coverage), caption, says, counts=counts, limits=limits, headings=heads)


def adequacy(studies: list[str]) -> Result:
    """Return the facts on the adequacy of the data that stand for each finding, by study."""
    findings, evidence = _argued(studies)
    caption = "Facts on the adequacy of the data that stand for each finding, by study."
    if findings.empty:
        return refuse(NO_FINDING, caption)
    facts = adequacy_facts(evidence[evidence["side"].eq("for")], stack("primary_codings", studies))

    def says(frame: pd.DataFrame) -> str:
        mute = int((frame["n_segments"].gt(0) & frame["n_voices"].eq(0)).sum())
        pairs = count(len(frame), "pair")
        behind = f"Each of {count(len(findings), 'finding')} rests on coded segments, in {pairs} of finding and study"
        return f"{behind}; in {mute or 'none'} of these nobody speaks."

    limits = "Segments are never added up or compared between studies; whether the data are adequate people judge."
    return Result(facts, caption, says, limits=limits)


def profiles(studies: list[str]) -> Result:
    """Return evidence profiles: computed facts on each finding beside judgements, which only people make."""
    findings, evidence = _argued(studies)
    caption = "GRADE-CERQual profiles of the findings: facts beside judgements."
    judgements = check_judgements(load_shared("cerqual"), findings["finding"])

    def values(frame: pd.DataFrame) -> list[Value]:
        judged, about = int(frame["overall"].notna().sum()), "findings whose confidence people judged"
        return [
            Value("cerqual.findings", len(frame), "findings to be judged", unit="findings"),
            Value("cerqual.judged", judged, about, unit="findings", n=len(frame)),
        ]

    facts = adequacy_facts(evidence[evidence["side"].eq("for")], stack("primary_codings", studies))
    against = evidence[evidence["side"].eq("against")]
    named = findings.assign(statement=findings["heading"])
    appraised = load_shared("appraisals")["study"]
    profile = evidence_profile(named, facts, judgements, len(studies), against, appraised)
    if profile.empty:
        return refuse(NO_FINDING, caption, values(profile))

    def says(frame: pd.DataFrame) -> str:
        judged = int(frame["overall"].notna().sum())
        of_all = f"of {count(len(frame), 'finding')}"
        if not judged:
            return f"People have judged the confidence in none {of_all}."
        said = listed([f"{n} {grade}" for grade, n in frame["overall"].value_counts(sort=False).items()])
        return f"People have judged the confidence in {judged} {of_all}: {said}."

    limits = "What nobody judged stays empty; no count stands in for it."
    return Result(
        profile,
        caption,
        says,
        counts=values,
        limits=limits,
        headings={"statement": "finding", "n_voices": "roles that speak"},
    )


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


def _argued(studies: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the findings across studies, and what stands for and against each within these studies."""
    findings = load_shared("argument_across")
    evidence = argued_evidence(findings)
    return findings, evidence[evidence["study"].isin(studies)]


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
