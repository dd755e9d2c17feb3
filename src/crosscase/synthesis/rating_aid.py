"""What the codings offer people who rate constructs: counts and a direction beside their ratings, never over them."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import merged, need, one_cell
from crosscase.ids import join, split
from crosscase.synthesis.linking import codings_of_themes
from crosscase.terms import DIRECTED

HELD = ("valence", "document", "role_mode", "role", "coding_id", "coder")
NAMED = {"coders": "coder", "mappers": "mapper"}
NOTE = "computed from codings and framework map; whether examples are explicit is for people to say"
OPEN = "not rated by people"


def rating_aid(
    codings: pd.DataFrame,
    maps: pd.DataFrame,
    constructs: pd.DataFrame,
    cases: list[str],
    framework: str,
    themes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count for each construct and case what the codings hold, and which ratings that would be compatible with.

    Strength 2 needs explicit examples from at least two persons, which no count can see: the aid offers 2 only where
    at least two roles speak, and always 1 beside it.

    Parameters
    ----------
    codings : pandas.DataFrame
        Codings of one study: `coding_id, document, case, theme, valence, role, role_mode, coder`.
    maps : pandas.DataFrame
        Framework map of the study: `theme, framework, construct`, optionally `mapper`.
    constructs : pandas.DataFrame
        The framework: `construct, label, order`.
    cases : list of str
        Cases in order.
    framework : str
        Which framework of `maps`.
    themes : pandas.DataFrame, optional
        Themes of the study, to link codings as `codings_of_themes` does.

    Returns
    -------
    pandas.DataFrame
        One row per construct and case: `construct, label, case, n_segments, inhibits, promotes, condition, neutral,
        ambivalent` (segments), `n_documents, n_voices` (roles that speak), `compatible` (ratings joined by
        semicolons; `missing` where nothing is coded), `segments, coders, mappers, note`.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["k1"], "document": ["d"], "case": ["north"], "theme": ["t"],
    ...     "valence": ["inhibits"], "role": ["nurse"], "role_mode": ["voice"], "coder": ["anna"]})
    >>> maps = pd.DataFrame({"theme": ["t"], "framework": ["f"], "construct": ["c"]})
    >>> constructs = pd.DataFrame({"construct": ["c"], "label": ["C"], "order": [1]})
    >>> rating_aid(codings, maps, constructs, ["north", "south"], "f")["compatible"].tolist()
    ['-1', 'missing']
    """
    check_arguments(rating_aid, locals())
    need(codings, ["coding_id", "document", "case", "theme", "valence", "role", "role_mode"], "codings")
    need(maps, ["theme", "framework", "construct"], "maps")
    need(constructs, ["construct", "label", "order"], "constructs")
    mine = maps[maps["framework"] == framework]
    linked = codings_of_themes(mine["theme"].dropna(), codings[codings["case"].isin(cases)], themes)
    columns = [name for name in ("theme", "construct", "mapper") if name in mine]
    joined = merged(linked, mine[columns].rename(columns={"theme": "wanted"}), ["wanted"])
    joined = joined.drop_duplicates(["coding_id", "construct"])
    groups = joined.groupby(["construct", "case"]).indices
    held = {name: joined[name].tolist() for name in (*HELD, "mapper") if name in joined}
    missing = {name: joined[name].isna().tolist() for name in held}
    rows = []
    for construct, label in constructs.sort_values("order")[["construct", "label"]].itertuples(index=False):
        for case in cases:
            here = groups.get((construct, case), ())
            part = {name: [values[i] for i in here if not missing[name][i]] for name, values in held.items()}
            counts = {name: part["valence"].count(name) for name in DIRECTED}
            speak = [i for i in here if held["role_mode"][i] == "voice" and not missing["role"][i]]
            voices = len({role for i in speak for role in split(held["role"][i])})
            rows.append(
                {"construct": construct, "label": label, "case": case, "n_segments": len(here)}
                | counts
                | {"n_documents": len(set(part["document"])), "n_voices": voices}
                | {"compatible": _compatible(len(here), counts, voices), "segments": join(part["coding_id"])}
                | {name: join(dict.fromkeys(part.get(one, ()))) for name, one in NAMED.items()}
                | {"note": NOTE}
            )
    columns = ["construct", "label", "case", "n_segments", *DIRECTED, "n_documents", "n_voices", "compatible"]
    return pd.DataFrame(rows, columns=[*columns, "segments", "coders", "mappers", "note"])


def _compatible(n: int, counts: dict[str, int], voices: int) -> str:
    """Ratings that contradict no count."""
    if n == 0:
        return "missing"
    if counts["ambivalent"] or (counts["inhibits"] and counts["promotes"]):
        return "0 mixed;-1;1"
    strong = voices >= 2
    if counts["promotes"]:
        return "1;2" if strong else "1"
    if counts["inhibits"]:
        return "-1;-2" if strong else "-1"
    return "0"


def ratings_beside_aid(matrix: pd.DataFrame, aid: pd.DataFrame) -> pd.DataFrame:
    """Put the aid beside the ratings of people; the ratings stay as entered, whatever the aid says.

    `matrix` is what `rating_matrix` returns, `aid` what `rating_aid` does.

    Returns
    -------
    pandas.DataFrame
        `matrix` with `n_segments, inhibits, promotes, condition, neutral, ambivalent, n_documents, n_voices,
        compatible` and `look` (empty where rating and codings go together, else what to look at again).

    Examples
    --------
    >>> matrix = pd.DataFrame({"construct": ["c"], "case": ["n"], "rating": ["2"], "state": ["rated"]})
    >>> aid = pd.DataFrame({"construct": ["c"], "case": ["n"], "n_segments": [1], "inhibits": [1], "promotes": [0],
    ...     "condition": [0], "neutral": [0], "ambivalent": [0], "n_documents": [1], "n_voices": [1],
    ...     "compatible": ["-1"]})
    >>> ratings_beside_aid(matrix, aid)[["rating", "look"]].values.tolist()
    [['2', 'the coded segments point to -1']]
    """
    check_arguments(ratings_beside_aid, locals())
    need(matrix, ["construct", "case", "rating", "state"], "matrix")
    need(
        aid,
        [
            "construct",
            "case",
            "n_segments",
            "inhibits",
            "promotes",
            "condition",
            "neutral",
            "ambivalent",
            "n_documents",
            "n_voices",
            "compatible",
        ],
        "aid",
    )
    beside = ["construct", "case", "n_segments", *DIRECTED, "n_documents", "n_voices", "compatible"]
    for place, table in (("matrix", matrix), ("aid", aid)):
        one_cell(table, ["construct", "case"], place)
    out = merged(matrix, aid[beside], ["construct", "case"], how="left")
    out["look"] = [
        _look(state, rating, n, fits)
        for state, rating, n, fits in zip(out["state"], out["rating"], out["n_segments"], out["compatible"])
    ]
    return out


def _look(state: str, rating: object, n: float, compatible: object) -> str:
    if pd.isna(n):
        return "the aid does not cover it"
    if state in ("not rated", "raters differ"):
        return OPEN if n else ""
    if state == "missing":
        return "rated as missing, but segments are coded" if n else ""
    if not n:
        return "rated without a coded segment"
    fits = split(compatible)
    return "" if str(rating) in fits else f"the coded segments point to {' or '.join(fits)}"
