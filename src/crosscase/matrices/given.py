"""What the matrices are given: the table of cases, the valences of a row, the codings of the coders asked for."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crosscase.errors import Problem, raise_if
from crosscase.frames import need, ordered
from crosscase.ids import SEPARATOR, split
from crosscase.terms import CASE_KINDS, COVERAGES, VALENCES


def check_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """Check the table of cases (kinds, coverage, ids) and return it with every column it may lack."""
    need(cases, ["case", "kind"], "cases")
    out = cases.copy()
    for column in ("label", "k", "n", "coverage"):
        if column not in out:
            out[column] = pd.NA
    out["coverage"] = out["coverage"].astype(object).where(out["coverage"].notna(), None)
    problems = []
    for position, row in enumerate(out[["case", "kind", "coverage"]].itertuples(index=False)):
        place = f"cases, row {position}, case {row.case!r}"
        if row.kind not in CASE_KINDS:
            problems.append(Problem(f"{place}, column kind", "unknown kind", repr(row.kind), ", ".join(CASE_KINDS)))
        if not pd.isna(row.coverage) and row.coverage != "" and row.coverage not in COVERAGES:
            problems.append(
                Problem(f"{place}, column coverage", "unknown coverage", repr(row.coverage), ", ".join(COVERAGES))
            )
    for case in out.loc[out["case"].duplicated(), "case"]:
        problems.append(Problem("cases, column case", "each case has one row", f"{case!r} twice", remedy="drop one"))
    raise_if(problems)
    return out


def valences_of(value: object, place: str) -> list[str]:
    """The valences a theme or coding carries: one, or several joined by ";" or "/"; none where it is null."""
    if pd.isna(value) or str(value).strip() == "":
        return []
    parts = split(str(value).replace("/", SEPARATOR))
    unknown = [part for part in parts if part not in VALENCES]
    raise_if([Problem(place, "unknown valence", repr(part), ", ".join(VALENCES)) for part in unknown])
    return parts


def pick_coder(codings: pd.DataFrame, coder: str | Iterable[str] | None) -> pd.DataFrame:
    """The codings of one coder or several; all where `coder` is None; an unknown coder is refused."""
    if coder is None:
        return codings
    need(codings, ["coder"], "codings")
    wanted = [coder] if isinstance(coder, str) else list(coder)
    have = ordered(codings["coder"].unique())
    raise_if([Problem("coder", "has no codings", repr(w), ", ".join(have)) for w in wanted if w not in have])
    return codings[codings["coder"].isin(wanted)]
