"""Check what people judged across studies (`data/synthesis/`): rules of each table, and keys that must exist."""

from __future__ import annotations

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.load import SHARED, list_frameworks, list_studies, load_framework, load_study, read_text

FOLDER = "synthesis"


def check_synthesis() -> list[Problem]:
    """Return everything that is wrong with the tables in `data/synthesis/`; an empty list where nothing is.

    A table must be one of the dictionary and keep its rules; its findings, studies, themes, frameworks and constructs
    must exist (constructs that people added in `framework_changes.csv` count).
    """
    wanted = {name: file for name, file in SHARED.items() if file.startswith(f"{FOLDER}/")}
    folder, problems = paths.studies().parent / FOLDER, []
    for path in sorted(folder.glob("*.csv")):
        if f"{FOLDER}/{path.name}" not in wanted.values():
            allowed = ", ".join(file.removeprefix(f"{FOLDER}/") for file in wanted.values())
            place, rule = f"{FOLDER}/{path.name}", "only tables of the dictionary"
            problems.append(Problem(place, rule, "another", allowed, "rename it"))
    frames: dict[str, pd.DataFrame] = {}
    for name, file in wanted.items():
        if not (folder.parent / file).is_file():
            continue
        try:
            frame, found = tables.problems_in(read_text(folder.parent / file), tables.schema(name), file)
        except CrosscaseError as error:
            problems += error.problems
            continue
        problems += found
        if frame is not None:
            frames[name] = frame
    for name, frame in frames.items():
        problems += _keys(name, SHARED[name], frame, frames)
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
    if name in ("finding_evidence", "cerqual"):
        findings = set(frames["findings"]["finding"]) if "findings" in frames else set()
        findings |= {construct for known in constructs_by_framework().values() for construct in known}
        problems += _absent(frame, "finding", findings, file, "a finding of findings.csv, or a construct")
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


def _absent(frame: pd.DataFrame, column: str, known: set[str], file: str, rule: str) -> list[Problem]:
    cells = frame[column].dropna()
    return [
        Problem(f"{file}, row {row + 2}, column {column}", rule, repr(value), closest(str(value), known), "correct it")
        for row, value in cells[~cells.isin(known)].items()
    ]
