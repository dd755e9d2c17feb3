"""An explanation across studies: propositions matched, mechanisms, rivals, negative cases, and what is argued."""

from __future__ import annotations

import pandas as pd

from crosscase import figures
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, listed, most, plural, verb
from crosscase.analyses.values import Value, each_value
from crosscase.study import study_labels
from crosscase.study.shared import load_shared
from crosscase.synthesis import (
    evidence_by_study,
    explanatory_effects,
    matched_in,
    negative_matches,
    pattern_match,
    rivals_weighed,
)

MATCHED = "matched by one reader, a language model"
LIMITS = (
    "A study that does not speak of a proposition says nothing for or against it; documents differ in length, and a "
    "long one speaks of more."
)
NONE = "No proposition has been set beside these studies."


def pattern(studies: list[str]) -> Result:
    """Return which propositions of the frameworks each study speaks for and against.

    Parameters
    ----------
    studies : list of str
        Ids of studies, in the order of the columns.
    """
    names, caption = study_labels(studies), "Propositions of the frameworks set beside each study."
    table = _matched(studies, "proposition")
    if table.empty:
        return refuse(NONE, caption)

    def says(frame: pd.DataFrame) -> str:
        counted = matched_in(frame)
        sure, told, against = _uncontested(counted), counted["n_studies"].gt(0), counted["studies_against"].ne("")
        widest, top = most(counted[told], "label", "n_studies", 3)
        first = f"Of {count(len(counted), 'proposition')}, {len(sure) or 'none'} {verb(len(sure), 'has', 'have')}"
        first += f" two or more studies for it and none against; {int(against.sum()) or 'none'} {verb(against.sum())}"
        wide = f"most studies speak of {widest} ({top:.0f} of {len(studies)})" if widest else "no study speaks of any"
        return f"{first} spoken against somewhere; {wide}; {MATCHED}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        counted, silent = matched_in(frame), int(frame["match"].eq("silent").sum())
        against, sure = int(counted["studies_against"].ne("").sum()), _uncontested(counted)
        once = int(counted["n_studies"].eq(1).sum())
        n = len(counted)
        return [
            Value("pattern.propositions", n, "propositions of the frameworks", unit="propositions"),
            Value("pattern.cells", len(frame), "propositions set beside studies", unit="cells"),
            Value(
                "pattern.silent", silent, "cells in which the study does not speak of it", unit="cells", n=len(frame)
            ),
            Value("pattern.contested", against, "propositions that some study speaks against", "propositions", n),
            Value(
                "pattern.uncontested",
                len(sure),
                "propositions with two studies for and none against",
                "propositions",
                n,
            ),
            Value("pattern.uncontested.names", listed(sure) or None, "the same by name", reason="there is none"),
            Value("pattern.once", once, "propositions of which one study alone speaks", "propositions", n),
            *_sides("pattern", counted, "proposition"),
        ]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.pattern_match(frame, dict(zip(frame["proposition"], frame["label"])), names)

    return Result(table, caption, says, draws, counts, LIMITS)


def effects(studies: list[str]) -> Result:
    """Return the explanatory effects matrix: what acts on what, how, and in which studies it is told."""
    caption = "Explanatory effects matrix: causes, effects and mechanisms as the studies tell them."
    propositions, matches = load_shared("propositions"), load_shared("pattern_matches")
    table = explanatory_effects(propositions, matches, studies)
    if table.empty:
        return refuse("No mechanism has been read out of these studies.", caption)

    def several(frame: pd.DataFrame) -> int:
        return int(frame["studies_for"].str.contains(";").sum())

    def says(frame: pd.DataFrame) -> str:
        n, against = several(frame), int(frame["studies_against"].ne("").sum())
        told = f"Of {count(len(frame), 'mechanism')}, {n or 'none'} {verb(n)} told in more than one study"
        return f"{told}, and against {against or 'none'} something is told; {MATCHED}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "mechanisms told in more than one study"
        sides = matched_in(pattern_match(propositions, matches, studies, "mechanism"))
        widest, top = most(sides.assign(n=sides["supported"] + sides["mixed"]), "label", "n", 3)
        none, tell = "no study tells of any", "studies that tell it"
        alone = frame.loc[frame["studies_for"].isin(studies), "studies_for"]
        return [
            Value("effects.widest", widest or None, "the mechanism told in most studies", reason=none),
            Value("effects.widest.studies", int(top) if widest else None, tell, "studies", reason=none),
            Value("effects.alone", len(alone), "mechanisms told in a single study", "mechanisms", len(frame)),
            *(
                Value(f"effects.alone.{study}", int(alone.eq(study).sum()), f"told in {name} alone", "mechanisms")
                for study, name in study_labels(studies).items()
            ),
            Value("effects.mechanisms", len(frame), "mechanisms that the studies tell", unit="mechanisms"),
            Value("effects.several", several(frame), about, unit="mechanisms", n=len(frame)),
            *_sides("effects", sides, "mechanism"),
        ]

    limits = "A mechanism is told, not shown: no document follows it from cause to effect."
    return Result(table, caption, says, counts=counts, limits=limits)


def rivals(studies: list[str]) -> Result:
    """Return the rival explanations: what each predicts, which studies fit and which do not, and how it weighs."""
    caption = "Rival explanations, with what each predicts and how it weighs."
    table = rivals_weighed(load_shared("propositions"), load_shared("pattern_matches"), studies)
    if table.empty:
        return refuse("No rival explanation has been named.", caption)

    def says(frame: pd.DataFrame) -> str:
        order = ("spoken against", "not alone", "open", "cannot be told here")
        words = {"spoken against": "are spoken against wherever they are spoken of",
                 "not alone": "explain some studies and not others", "open": "have nothing against them",
                 "cannot be told here": "cannot be told from these documents"}  # fmt: skip
        found = [f"{n} {words[each]}" for each in order if (n := int(frame["standing"].eq(each).sum()))]
        return f"Of {count(len(frame), 'rival explanation')}, {listed(found)}; {MATCHED}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "rival explanations that cannot be ruled out"
        held = int(frame["standing"].isin(["open", "cannot be told here"]).sum())
        return [
            Value("rivals.n", len(frame), "rival explanations", unit="rivals"),
            Value("rivals.held", held, about, unit="rivals", n=len(frame)),
        ]

    limits = "A rival that no document speaks of stays: silence rules nothing out."
    return Result(table, caption, says, counts=counts, limits=limits)


def negative(studies: list[str]) -> Result:
    """Return the negative cases: where a study speaks against a proposition or a mechanism."""
    caption = "Negative cases: studies that speak against a proposition or a mechanism."
    tables = [_matched(studies, kind) for kind in ("proposition", "mechanism")]
    both = pd.concat(tables, ignore_index=True)
    if both.empty:
        return refuse(NONE, caption)
    found = negative_matches(both)

    def says(frame: pd.DataFrame) -> str:
        looked = plural(len(both), "cell")
        flat = int(frame["match"].eq("contradicted").sum())
        kinds = f"{flat or 'none'} of them against it only" if len(frame) else "looked for and not found"
        return f"In {len(frame) or 'none'} of {looked} something speaks against, {kinds}; {MATCHED}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        flat, n = int(frame["match"].eq("contradicted").sum()), len(both)
        return [
            Value("negative.n", len(frame), "cells in which something speaks against", unit="cells", n=n),
            Value("negative.flat", flat, "cells in which something speaks against only", unit="cells", n=n),
        ]

    limits = "What is against a proposition was looked for in every study; where nothing is told, nothing follows."
    return Result(found, caption, says, counts=counts, limits=limits)


def argued(studies: list[str]) -> Result:
    """Return which studies stand for and against each finding across them."""
    names, caption = study_labels(studies), "Findings across the studies, with the studies for and against each."
    argument = load_shared("argument_across")
    if argument.empty:
        return refuse("Nobody has worded a finding across these studies.", caption)
    table = evidence_by_study(argument, studies)

    def counted(frame: pd.DataFrame) -> pd.DataFrame:
        return matched_in(frame.rename(columns={"finding": "proposition"}))

    def says(frame: pd.DataFrame) -> str:
        sides = counted(frame)
        against, several = sides["studies_against"].ne(""), sides["studies_for"].str.contains(";")
        first = (
            f"Of {count(len(sides), 'finding')}, {int(several.sum()) or 'none'} {verb(several.sum(), 'rests', 'rest')}"
        )
        return f"{first} on more than one study, and something speaks against {int(against.sum()) or 'none'}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        sides, n = counted(frame), frame["finding"].nunique()
        several, against = sides["studies_for"].str.contains(";"), sides["studies_against"].ne("")
        about, opposed = "findings that rest on more than one study", "findings that something speaks against"
        return [
            Value("argued.findings", n, "findings across studies", unit="findings"),
            Value("argued.several", int(several.sum()), about, unit="findings", n=n),
            Value("argued.against", int(against.sum()), opposed, unit="findings", n=n),
            *_sides("argued", sides, "finding"),
        ]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        rows = dict(zip(frame["finding"], frame["label"]))
        return figures.pattern_match(frame.rename(columns={"finding": "proposition"}), rows, names, noun="finding")

    limits = "A finding is as good as its segments; how sure it is, people judge."
    return Result(table, caption, says, draws, counts, limits)


def _matched(studies: list[str], kind: str) -> pd.DataFrame:
    return pattern_match(load_shared("propositions"), load_shared("pattern_matches"), studies, kind)


def _uncontested(counted: pd.DataFrame) -> list[str]:
    """Return the labels of what two studies or more speak for and none against."""
    fits = counted["studies_for"].str.contains(";") & counted["studies_against"].eq("")
    return counted.loc[fits, "label"].tolist()


def _sides(name: str, counted: pd.DataFrame, noun: str) -> list[Value]:
    """Return for each row the number of studies for it, and against it."""
    n = {side: counted[f"studies_{side}"].str.split(";").map(lambda ids: len([i for i in ids if i])) for side in WAYS}
    frame = counted.assign(**{f"n_{side}": numbers for side, numbers in n.items()})
    found: list[Value] = []
    for side in WAYS:
        about = f"studies in which something speaks {side} the {noun}: {{label}}"
        rows = frame.assign(side=side)
        found += each_value(name, rows, ["proposition", "side"], f"n_{side}", about, "studies", n="of")
    return found


WAYS = ("for", "against")
