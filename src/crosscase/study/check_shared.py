"""Check what is argued and judged across studies (`data/synthesis/`): rules of each table, and keys that must exist."""

from __future__ import annotations

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.argument import argument_problems
from crosscase.study.conflicts import conflict_problems
from crosscase.study.files import read_table
from crosscase.study.load import list_studies, load_study
from crosscase.study.shared import SHARED, list_frameworks, load_framework
from crosscase.synthesis import match_problems

FOLDER = "synthesis"
BY_KIND = {
    "proposition": ("source", "predicts"),
    "mechanism": ("cause", "effect", "mechanism"),
    "rival": ("predicts", "weighing"),
}
"""Kind of a proposition -> columns without which it says nothing that could be looked for."""


def check_synthesis() -> list[Problem]:
    """Return everything that is wrong with the tables in `data/synthesis/`; an empty list where nothing is.

    A table must be one of the dictionary and keep its rules; its findings, propositions, studies, themes, segments,
    frameworks and constructs must exist (constructs that people added in `framework_changes.csv` count). Each
    proposition is matched with each study.
    """
    wanted = {name: file for name, file in SHARED.items() if file.startswith(f"{FOLDER}/")}
    folder, problems = paths.studies().parent / FOLDER, []
    if marked := conflict_problems([folder]):
        return marked
    for path in sorted(folder.glob("*.csv")):
        if f"{FOLDER}/{path.name}" not in wanted.values():
            allowed = ", ".join(file.removeprefix(f"{FOLDER}/") for file in wanted.values())
            place, rule = f"{FOLDER}/{path.name}", "only tables of the dictionary"
            problems.append(Problem(place, rule, "another", allowed, "rename it"))
    frames: dict[str, pd.DataFrame] = {}
    broken: set[str] = set()
    for name, file in wanted.items():
        if not (folder.parent / file).is_file():
            continue
        try:
            schema = tables.schema(name)
            frame, found = tables.problems_in(read_table(folder.parent / file, schema), schema, file)
        except CrosscaseError as error:
            problems += error.problems
            continue
        problems += found
        if frame is not None:
            frames[name] = frame
        if found:
            broken.add(name)
    for name, frame in frames.items():
        problems += _keys(name, SHARED[name], frame, frames)
        if name == "argument_across" and name not in broken:
            problems += argument_problems(SHARED[name], frame, *_standing())
        if name == "pattern_matches" and name not in broken:
            problems += _match_problems(frame, SHARED[name], frames)
    return problems


def constructs_by_framework() -> dict[str, set[str]]:
    """Return the constructs of each framework; none for one whose table cannot be read."""
    known: dict[str, set[str]] = {}
    for framework in list_frameworks():
        try:
            known[framework] = set(load_framework(framework)["construct"])
        except CrosscaseError:
            known[framework] = set()
    return known


def unknown_constructs(frame: pd.DataFrame, file: str, changes: pd.DataFrame | None = None) -> list[Problem]:
    """Return a problem for each framework that has no table and each construct that its framework does not hold."""
    known = constructs_by_framework()
    if changes is not None:
        for framework, part in changes[changes["change"] == "added"].groupby("framework"):
            known.setdefault(str(framework), set()).update(part["construct"].dropna())
    problems = []
    for row, (framework, construct) in frame[["framework", "construct"]].iterrows():
        place = f"{file}, row {row + 2}"
        if pd.isna(framework):
            continue
        if framework not in known:
            rule = "a table of data/frameworks"
            problems.append(Problem(f"{place}, column framework", rule, repr(framework), ", ".join(known)))
        elif pd.notna(construct) and construct not in known[framework]:
            where, rule = f"{place}, column construct", f"a construct of frameworks/{framework}.csv"
            allowed = closest(str(construct), known[framework])
            problems.append(Problem(where, rule, repr(construct), allowed, "correct the construct"))
    return problems


def closest(value: str, known: set[str]) -> str:
    """Return what was perhaps meant, or the first of what is allowed."""
    import difflib

    near = difflib.get_close_matches(value, sorted(known), n=3, cutoff=0.5)
    if near:
        return "perhaps " + ", ".join(near)
    shown = sorted(known)[:8]
    if not known:
        return "nothing: the table is not there"
    return ", ".join(shown) + (" ..." if len(known) > len(shown) else "")


def _keys(name: str, file: str, frame: pd.DataFrame, frames: dict[str, pd.DataFrame]) -> list[Problem]:
    problems: list[Problem] = []
    if name == "cerqual":
        findings = set(frames["argument_across"]["finding"]) if "argument_across" in frames else set()
        problems += _absent(frame, "finding", findings, file, "a finding of argument.csv")
    if name == "propositions":
        for kind, columns in BY_KIND.items():
            for column in columns:
                problems += [
                    Problem(f"{file}, row {row + 2}, column {column}", f"a {kind} has it", "nothing", remedy="write it")
                    for row in frame.index[frame["kind"].eq(kind) & frame[column].isna()]
                ]
    if "study" in frame:
        problems += _absent(frame, "study", set(list_studies()), file, "a study of data/studies")
    if "theme" in frame and "study" in frame:
        for study, part in frame[frame["study"].isin(list_studies())].groupby("study"):
            themes = set(load_study(str(study)).themes["theme"])
            problems += _absent(part, "theme", themes, file, f"a theme of {study}/themes.csv")
    if "framework" in frame and "construct" in frame:
        new = {"framework_changes": ("change", "added"), "leftover_decisions": ("decision", "new_construct")}
        column, word = new.get(name, ("framework", ""))
        problems += unknown_constructs(frame[frame[column] != word], file, frames.get("framework_changes"))
    if name == "leftover_decisions":
        bare = frame["decision"].isin(["existing_construct", "new_construct"]) & frame["construct"].isna()
        for row in frame.index[bare]:
            rule, found = "the decision names its construct", f"{frame.at[row, 'decision']} without one"
            problems.append(Problem(f"{file}, row {row + 2}, column construct", rule, found, "", "name the construct"))
    return problems


def _standing() -> tuple[pd.DataFrame, set[str]]:
    """Return the codings that stand in any study, and all facts, each as `study.id`; none of a broken study."""
    codings, facts = [pd.DataFrame(columns=["coding_id", "code", "valence"])], set()
    for name in list_studies():
        try:
            study = load_study(name)
            standing = study.standing_codings()[["coding_id", "code", "valence"]]
            facts |= {f"{name}.{fact}" for fact in study.facts["fact"]}
        except CrosscaseError:  # told where the study is checked
            continue
        codings.append(standing.assign(coding_id=f"{name}." + standing["coding_id"]))
    return pd.concat(codings, ignore_index=True), facts


def _match_problems(frame: pd.DataFrame, file: str, frames: dict[str, pd.DataFrame]) -> list[Problem]:
    """Each match is that of its segments, and each proposition has one with each study."""
    known = frames["propositions"]["proposition"] if "propositions" in frames else pd.Series(dtype=str)
    problems = _absent(frame, "proposition", set(known), file, "a proposition of propositions.csv")
    codings: dict[str, list[str]] = {}
    for study in sorted(set(frame["study"]) & set(list_studies())):
        try:
            codings[study] = load_study(study).primary_codings()["coding_id"].tolist()
        except CrosscaseError:  # told where the study is checked
            continue
    problems += match_problems(frame, codings, file)
    matched = set(zip(frame["proposition"], frame["study"]))
    rule, remedy = "each proposition is matched with each study", "add the row; a study that says nothing is silent"
    return problems + [
        Problem(file, rule, f"none of {proposition!r} with {study}", remedy=remedy)
        for proposition in known
        for study in sorted(set(frame["study"]) & set(list_studies()))
        if (proposition, study) not in matched
    ]


def _absent(frame: pd.DataFrame, column: str, known: set[str], file: str, rule: str) -> list[Problem]:
    cells = frame[column].dropna()
    return [
        Problem(f"{file}, row {row + 2}, column {column}", rule, repr(value), closest(str(value), known), "correct it")
        for row, value in cells[~cells.isin(known)].items()
    ]
