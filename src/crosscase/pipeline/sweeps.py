"""Sweeps: the same notebook with several parameter sets, for every study or one, for every case or some."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from crosscase import paths
from crosscase.errors import Problem

CASE = "case"
ALL = "all"
Grid = dict[str, Any]
Sweep = Grid | list[dict[str, Any]]


def points(sweep: Sweep, cases: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return label and parameters of each point of a sweep.

    A mapping is a grid: parameter -> its values. A list holds parameter sets. `case: all` stands for every one of
    `cases`, the individual cases of the study.

    >>> points({"seed": [1, 2]}, [])
    [('seed=1', {'seed': 1}), ('seed=2', {'seed': 2})]
    >>> [label for label, _ in points([{"seed": 1, "case": "all"}, {"seed": 2}], ["north", "south"])]
    ['seed=1,case=north', 'seed=1,case=south', 'seed=2']
    """
    if isinstance(sweep, dict):
        spread = {name: values if isinstance(values, list) else [values] for name, values in sweep.items()}
        found = [dict(zip(spread, values)) for values in itertools.product(*spread.values())] if spread else []
    else:
        found = list(sweep)
    whole = [
        each
        for point in found
        for each in ([point | {CASE: case} for case in cases] if point.get(CASE) == ALL else [point])
    ]
    return [(_label(point), point) for point in whole]


def _label(point: dict[str, Any]) -> str:
    plain = ",".join(f"{name}={value}" for name, value in point.items())
    safe = re.sub(r"[^A-Za-z0-9._=,-]+", "-", plain)
    if safe == plain and len(safe) <= 60 and not safe.endswith("."):  # Windows drops a dot at the end
        return safe
    digest = hashlib.sha256(json.dumps(point, sort_keys=True).encode()).hexdigest()
    return f"{safe[:48]}-{digest[:8]}"


def names_cases(sweep: Sweep) -> bool:
    """Tell whether a sweep varies the case, so that the cases of the study must be known."""
    return any(CASE in point for point in (sweep if isinstance(sweep, list) else [sweep]))


def cases_of(study: str | None) -> list[str]:
    """Return the individual cases of a study, in the order of its table; none where it has no such table."""
    path = paths.studies() / (study or "") / "cases.csv"
    if study is None or not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    return [row["case"] for row in rows if row.get("case") and row.get("kind", "case") == "case"]


def problems(entry: dict[str, Any], place: str, studies: Iterable[str]) -> list[Problem]:
    """Return what is wrong with the sweeps of one notebook: unknown studies and cases, a parameter set twice.

    `entry` is one entry of the plan, `place` what to call it, `studies` those of the plan.
    """
    studies, out = list(studies), []
    for study in entry["sweeps"]:
        if study not in studies:
            rule = "sweeps per study name studies of the plan"
            out.append(unknown(f"{place}, key sweeps", rule, study, studies))
    if entry["per"] != "study":
        if entry["sweeps"]:
            rule, remedy = "only a notebook with per: study has sweeps per study", "use sweep"
            out.append(Problem(f"{place}, key sweeps", rule, f"per: {entry['per']}", remedy=remedy))
        if names_cases(entry["sweep"]):
            rule, remedy = "only a notebook with per: study sweeps over cases", "leave out case"
            out.append(Problem(f"{place}, key sweep", rule, f"per: {entry['per']}", remedy=remedy))
        return out + _twice(entry["sweep"], [], f"{place}, key sweep")
    for study in studies:
        own = study in entry["sweeps"]
        sweep, key = (entry["sweeps"][study], f"key sweeps, {study}") if own else (entry["sweep"], "key sweep")
        cases = cases_of(study) if names_cases(sweep) else []
        for _, point in points(sweep, cases):
            if CASE in point and point[CASE] not in cases:
                rule = f"a sweep names cases of the study ({study})"
                out.append(unknown(f"{place}, {key}", rule, str(point[CASE]), cases))
        out += _twice(sweep, cases, f"{place}, {key}")
    return list({str(problem): problem for problem in out}.values())


def _twice(sweep: Sweep, cases: list[str], place: str) -> list[Problem]:
    labels = [label for label, _ in points(sweep, cases)]
    rule = "each parameter set stands once in a sweep"
    return [
        Problem(place, rule, f"{label} twice", remedy="drop one")
        for label in sorted({label for label in labels if labels.count(label) > 1})
    ]


def unknown(place: str, rule: str, found: str, known: list[str]) -> Problem:
    """Return the problem of a name that is not known, with the closest one that is."""
    close = get_close_matches(found, known, n=1, cutoff=0.5)
    remedy = f"did you mean {close[0]}?" if close else "correct the name"
    return Problem(place, rule, repr(found), ", ".join(known) or "none there", remedy)
