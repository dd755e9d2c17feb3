"""What codes do between studies: one code contrasted, studies in pairs, all codes; studies alone are counted."""

from __future__ import annotations

import pandas as pd

from crosscase import figures
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, listed, plural
from crosscase.analyses.values import Value, each_value
from crosscase.study import stack, study_labels
from crosscase.study.examples import load_example
from crosscase.synthesis import code_contrast, codes_by_study, contrast_cells, different_pair

WAYS = {"inhibits": "inhibits in", "promotes": "promotes in", "condition": "is a condition in"}
DOES = {"inhibits": "inhibits", "promotes or condition": "promotes or is a condition", "both": "does both"}


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


def pairs(studies: list[str], code: str) -> Result:
    """Return pairs of studies by their stated conditions and by what one code does in each; values of the first two."""
    names = study_labels(studies)
    words = load_example("configuration_rubric").query("grade == 'yes'").set_index("condition")["definition"]
    stated = load_example("configuration_cells").query("condition != 'GREW'")
    found = different_pair(
        stated.assign(condition=stated["condition"].map(words)),
        code_contrast(stack("primary_codings", studies), code, studies),
    ).replace(";", "; ", regex=True)

    def first(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["case_a"].isin(studies[:2]) & frame["case_b"].isin(studies[:2])]

    def says(frame: pd.DataFrame) -> str:
        if first(frame).empty:
            return "There are no two studies to pair."
        row = first(frame).iloc[0]
        a, b = names[row["case_a"]], names[row["case_b"]]
        known, differ = int(row["n_known"]), f"{a} and {b} differ in {row['n_different']}"
        stated = f"{differ} of {plural(known, 'condition')} stated of both"
        first_words = stated if known else f"No condition is stated of both {a} and {b}"
        one, two = (DOES.get(row[which], "has no direction") for which in ("outcome_a", "outcome_b"))
        return f"{first_words}; the code {_label(studies, code)} {one} in the former and {two} in the latter."

    def values(frame: pd.DataFrame) -> list[Value]:
        about = "conditions in which the first two studies differ"
        return [
            *each_value("pair", first(frame), "case_a", "different", about),
            *each_value("pair.same", first(frame), "case_a", "same", "conditions that the first two studies share"),
            *each_value("pair.design", first(frame), "case_a", "design", "design of this pair"),
        ]

    caption = "Pairs of studies by stated conditions and by what the code does in them."
    limits = "A condition on which the cases of a study differ counts as not stated."
    return Result(found, caption, says, counts=values, limits=limits)


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
