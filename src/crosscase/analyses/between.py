"""What codes do between studies: one code contrasted, and all codes; studies alone are counted."""

from __future__ import annotations

import pandas as pd

from crosscase import figures
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, listed
from crosscase.analyses.values import Value
from crosscase.study import stack, study_labels
from crosscase.synthesis import code_contrast, codes_by_study, contrast_cells

WAYS = {"inhibits": "inhibits in", "promotes": "promotes in", "condition": "is a condition in"}


def contrast(studies: list[str], code: str) -> Result:
    """Return in which studies one code inhibits, promotes or is a condition, each direction counted once per study."""
    names, label, plain = study_labels(studies), _label(studies, code), code.replace("_", " ")

    def says(frame: pd.DataFrame) -> str:
        coded = int(frame["reported"].sum())
        if not coded:
            return f"The code {label} is used in none of {_studies(len(frame))}."
        ways = listed([f"{words} {_named(frame, way, names)}" for way, words in WAYS.items()])
        other = int((frame["reported"] & ~frame[list(WAYS)].any(axis=1)).sum())
        rest = f"; in {other} it has none of these directions" if other else ""
        rest += f"; in {len(frame) - coded} it is not coded" if len(frame) > coded else ""
        aside = "studies differ in more than this, so the reason cannot be told from it"
        return f"Of {_studies(len(frame))}, the code {label} {ways}{rest}; {aside}."

    def values(frame: pd.DataFrame) -> list[Value]:
        either, n = frame["promotes"] | frame["condition"], len(frame)
        about, helps = f"studies in which {plain} inhibits", f"studies in which {plain} promotes or is a condition"
        return [
            Value("contrast.inhibits", int(frame["inhibits"].sum()), about, unit="studies", n=n),
            Value("contrast.required", int(either.sum()), helps, unit="studies", n=n),
        ]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.matrix(contrast_cells(frame), names)

    caption = f"Whether the code {label} inhibits, promotes or is a condition, by study."
    limits = "Each direction counts once per study, however many segments carry it, in the primary coding."
    return Result(code_contrast(stack("primary_codings", studies), code, studies), caption, says, draws, values, limits)


def codes(studies: list[str]) -> Result:
    """Return in how many studies each code has a direction."""

    def everywhere(frame: pd.DataFrame) -> int:
        return int(frame["n_studies"].eq(len(studies)).sum())

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No code has a direction in any of {_studies(len(studies))}."
        n, top = everywhere(frame), int(frame["n_studies"].max())
        of = f"Of {count(len(frame), 'code')} with a direction in any of {_studies(len(studies))}"
        widest = int(frame["n_studies"].eq(top).sum())
        wide = f"; {widest} {'have' if widest > 1 else 'has'} one in {top}" if not n else ""
        return f"{of}, {n or 'none'} {'have' if n > 1 else 'has'} one in each{wide}."

    def values(frame: pd.DataFrame) -> list[Value]:
        about = "codes with a direction in every study"
        return [Value("codes.everywhere", everywhere(frame), about, unit="codes", n=len(frame))]

    frame = codes_by_study(stack("primary_codings", studies), stack("codebook", studies), studies)
    limits = "A study counts once, however many of its segments carry the code, in the primary coding."
    return Result(frame, "In how many studies each code stands with a direction.", says, counts=values, limits=limits)


def _label(studies: list[str], code: str) -> str:
    return dict(stack("codebook", studies)[["code", "label"]].itertuples(index=False)).get(code, code)


def _named(frame: pd.DataFrame, way: str, names: dict[str, str]) -> str:
    found = [names[study] for study in frame.loc[frame[way], "study"]]
    return f"{len(found)} ({listed(found, 4)})" if found else "none"


def _studies(n: int) -> str:
    return count(n, "study", "studies")
