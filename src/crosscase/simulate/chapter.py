"""The chapter of a simulated study, and the values that it prints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crosscase.stances import STANCES

CLOSE = 1.8
"""How many times longer one case's texts may be where counts of two stand side by side."""
FEWEST = 10
"""Of how many a percentage is printed."""


def kept_values(
    rng: np.random.Generator, name: str, segments: pd.DataFrame, documents: pd.DataFrame, stance: str, n_coders: int
) -> dict[str, dict[str, Any]]:
    """Return the records of what may be printed: counts by case, a share, agreement where coders are compared."""
    lengths = documents.groupby("case")["code_points"].sum()
    counts = segments.groupby("case").size()
    values = {
        f"{name}.segments.{case}": {
            "value": int(n),
            "text": str(n),
            "unit": "segments",
            "n": None,
            "long": lengths[case],
        }
        for case, n in counts.items()
    }
    share = float(segments["theme"].eq("theme_1").mean())
    of = {"unit": "", "n": len(segments)}
    values[f"{name}.share"] = {"value": share, "text": f"{share:.0%}", **of}
    values[f"{name}.began"] = {"value": None, "text": "not stated", "unit": "", "n": None, "reason": "not stated"}
    if n_coders > 1 and STANCES[stance].agreement.allowed:
        alpha = float(rng.uniform(0.6, 0.9))
        values[f"{name}.agreement.overall.krippendorff_alpha"] = {"value": alpha, "text": f"{alpha:.2f}", **of}
    return values


def chapter(
    name: str, values: dict[str, dict[str, Any]], documents: pd.DataFrame, argument: pd.DataFrame
) -> dict[str, str]:
    """Return the chapter as MyST, by its file: findings, counts side by side only of texts of like length, limits."""
    counted = {each: record["long"] for each, record in values.items() if "long" in record}
    first, *others = sorted(counted, key=lambda each: (counted[each], each))
    beside = [each for each in others if counted[each] <= CLOSE * counted[first]]
    said = " and ".join(f"{{value}}`{each}|unit`" for each in [first, *beside])
    lines = ["# A simulated study", "", "## What stands", "", f"There are {said}.", ""]
    if values[f"{name}.share"]["n"] >= FEWEST:
        lines += [f"The first theme has {{value}}`{name}.share|n` of them.", ""]
    lines += [f"When it began is {{value}}`{name}.began`.", ""]
    alpha = f"{name}.agreement.overall.krippendorff_alpha"
    if alpha in values:
        lines += [f"Coders agree by {{value}}`{alpha}`.", "", f"```{{kept-table}} {name}.agreement", "```", ""]
    if len(argument) % 2:
        lines += [f"```{{findings}} {name}", "```", ""]
    else:
        told = [each for each, kind in zip(argument["finding"], argument["kind"]) if kind != "rival"]
        lines += [f"```{{findings}} {name}", f":only: {', '.join(told)}", "```", ""]
    lines += ["## Limits", "", "People who left are not heard.", ""]
    return {f"book/studies/{name}.md": "\n".join(lines)}
