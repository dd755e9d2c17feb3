"""What a framework construct does in how many studies; studies are counted, never segments."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need, stated
from crosscase.ids import join
from crosscase.terms import DIRECTED

DIRECTIONS = ("barrier", "facilitator", "condition", "ambivalent")
CONFIDENCE = ("low", "medium", "high")


def construct_by_study(
    maps: pd.DataFrame, constructs: pd.DataFrame, framework: str, studies: list[str]
) -> pd.DataFrame:
    """Return the matrix construct x study with direction and confidence.

    Parameters
    ----------
    maps : pandas.DataFrame
        Framework maps of several studies: `study, theme, framework, construct, direction, confidence`.
    constructs : pandas.DataFrame
        The framework: `construct, label, parent, order`.
    framework : str
        Which framework of `maps`.
    studies : list of str
        The studies in the order of the columns; one without any theme on a construct is `not reported`.

    Returns
    -------
    pandas.DataFrame
        One row per construct that any study reports, and study: `construct`, `label`, `domain`, `study`, `reported`,
        `direction` (the one direction; `mixed` where themes of the study point both ways; empty where not reported),
        `also_condition` (True where a theme is a condition beside a direction that is another), `n_themes`,
        `n_<direction>` for each direction, `confidence` (the highest of the themes that carry this direction; a mixed
        one is carried by all but conditions), `themes`.

    References
    ----------
    Hilton Boon M, Thomson H (2021). The effect direction plot revisited. Research Synthesis Methods 12(1):29-33,
    doi:10.1002/jrsm.1458.

    Examples
    --------
    >>> maps = pd.DataFrame({"study": ["a", "a"], "theme": ["x", "y"], "framework": "f", "construct": "c",
    ...     "direction": ["barrier", "facilitator"], "confidence": ["low", "high"]})
    >>> constructs = pd.DataFrame({"construct": ["c"], "label": ["C"], "parent": [None], "order": [1]})
    >>> construct_by_study(maps, constructs, "f", ["a", "b"])[["study", "reported", "n_themes"]].values.tolist()
    [['a', True, 2], ['b', False, 0]]
    """
    check_arguments(construct_by_study, locals())
    columns = ["study", "theme", "framework", "construct", "direction", "confidence"]
    need(maps, columns, "maps", {"confidence": CONFIDENCE, "direction": DIRECTIONS})
    need(constructs, ["construct", "label", "parent", "order"], "constructs")
    chosen = maps[maps["framework"] == framework]
    known = constructs[constructs["construct"].isin(chosen["construct"])].sort_values("order")
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = {}
    names = ["construct", "study", "theme", "direction", "confidence"]
    for construct, study, *theme in chosen[names].itertuples(index=False):
        found.setdefault((construct, study), []).append((theme[0], theme[1], theme[2]))
    rows = []
    for construct, label, parent in known[["construct", "label", "parent"]].itertuples(index=False):
        for study in studies:
            themes = found.get((construct, study), [])
            ways = Counter(direction for _, direction, _ in themes if pd.notna(direction))
            rows.append(
                {
                    "construct": construct,
                    "label": label,
                    "domain": label if pd.isna(parent) else str(construct).split("/")[0],
                    "study": study,
                    "reported": bool(themes),
                    "direction": (direction := one_direction(list(ways))),
                    "also_condition": ways["condition"] > 0 and direction != "condition",
                    "n_themes": len(themes),
                    **{f"n_{way}": ways[way] for way in DIRECTIONS},
                    "confidence": _confidence([(way, sure) for _, way, sure in themes], direction),
                    "themes": join(theme for theme, _, _ in themes),
                }
            )
    columns = ["construct", "label", "domain", "study", "reported", "direction", "also_condition", "n_themes"]
    columns += [f"n_{direction}" for direction in DIRECTIONS] + ["confidence", "themes"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"reported": "bool", "also_condition": "bool", "direction": "object", "confidence": "object"})


def one_direction(found: list[str]) -> str | None:
    """Return a study's one direction on a construct; barrier beside facilitator, or anything ambivalent, is mixed.

    A condition beside them is said apart (`also_condition`).
    """
    if not found:
        return None
    poles = [d for d in found if d in ("barrier", "facilitator")]
    if "ambivalent" in found or len(poles) == 2:
        return "mixed"
    return poles[0] if poles else found[0]


def _confidence(themes: list[tuple[str, str]], direction: str | None) -> str | None:
    """Return the highest confidence of the themes that carry a study's direction; without one, of all themes."""
    ways = {"mixed": ("barrier", "facilitator", "ambivalent")}.get(str(direction), (direction,))
    carry = [sure for way, sure in themes if pd.notna(sure) and (direction is None or way in ways)]
    return max(carry, key=CONFIDENCE.index, default=None)


def reported_in(cells: pd.DataFrame) -> pd.DataFrame:
    """Count for each construct in how many studies it is reported, and in which direction.

    `cells` is what `construct_by_study` returns.

    Returns
    -------
    pandas.DataFrame
        One row per construct: `construct`, `label`, `domain`, `n_studies`, `of`, `barrier`, `facilitator`,
        `condition`, `mixed` (numbers of studies, together `n_studies`), `n_also_condition` (studies in which a
        condition stands beside another direction), `studies`; the most widely reported first.
    """
    check_arguments(reported_in, locals())
    need(cells, ["construct", "label", "domain", "study", "reported", "direction", "also_condition"], "cells")
    stated(cells, ["reported", "also_condition"], "cells")
    grouped = cells[cells["reported"]].groupby("construct", sort=False)
    out = cells.drop_duplicates("construct")[["construct", "label", "domain"]].set_index("construct")
    out["n_studies"] = grouped["study"].nunique()
    out["of"] = cells["study"].nunique()
    for direction in ("barrier", "facilitator", "condition", "mixed"):
        out[direction] = grouped["direction"].agg(lambda found, wanted=direction: int((found == wanted).sum()))
    out["n_also_condition"] = grouped["also_condition"].sum()
    out["studies"] = grouped["study"].agg(join)
    return out.sort_values("n_studies", ascending=False, kind="stable").reset_index()


def code_contrast(codings: pd.DataFrame, code: str, studies: list[str]) -> pd.DataFrame:
    """Compare what one code does in each study: which directions it takes, each direction counted once per study.

    Parameters
    ----------
    codings : pandas.DataFrame
        Codings of several studies: `study, coding_id, code, valence`.
    code : str
        The code to contrast.
    studies : list of str
        The studies to show, in order.

    Returns
    -------
    pandas.DataFrame
        One row per study: `study`, `reported`, `inhibits`, `promotes`, `condition`, `neutral`, `ambivalent` (True
        where the study has at least one such segment), `n_segments` (never to be compared between studies),
        `segments`.
    """
    check_arguments(code_contrast, locals())
    need(codings, ["study", "coding_id", "code", "valence"], "codings")
    mine, rows = codings[codings["code"] == code], []
    for study in studies:
        here = mine[mine["study"] == study]
        found = set(here["valence"].dropna())
        directions = {d: d in found for d in DIRECTED}
        segments = join(here["coding_id"])
        rows.append(
            {"study": study, "reported": bool(len(here)), **directions, "n_segments": len(here), "segments": segments}
        )
    columns = ["study", "reported", *DIRECTED, "n_segments", "segments"]
    return pd.DataFrame(rows, columns=columns)
