"""CFIR ratings: entered by people with their rationale, per case and construct; read, checked, laid out, compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.comparison.exact import permute_cases
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.frames import need, numbers, one_cell
from crosscase.ids import join

VALUES: dict[str, float] = {"-2": -2.0, "-1": -1.0, "0": 0.0, "0 mixed": 0.0, "1": 1.0, "2": 2.0, "missing": np.nan}
ROUNDS = ("independent", "consensus")
NOT_RATED = "no person has rated this"
MISSING = "the raters found nothing on it in the data"
DIFFER = "independent raters differ; enter their consensus"
MATRIX = ["construct", "label", "domain", "case", "rating", "value", "mixed", "state", "round", "raters", "n_raters"]


def check_ratings(
    ratings: pd.DataFrame, constructs: pd.DataFrame, cases: Iterable[str], coders: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Check ratings that people entered and give them their one spelling ("+1" is "1").

    Parameters
    ----------
    ratings : pandas.DataFrame
        `case, construct, rating` (-2, -1, 0, 0 mixed, 1, 2, missing), `rater, round` (`independent`, `consensus`),
        `rationale`, optionally `segments, rated_on`.
    constructs : pandas.DataFrame
        The framework: `construct, label`.
    cases : iterable of str
        The cases that may be rated.
    coders : mapping of str to str, optional
        Who is what: name -> `person`, `language_model`, `rule`, as `study.yml` says.

    Returns
    -------
    pandas.DataFrame
        The ratings, spelled alike.

    Raises
    ------
    CrosscaseError
        With every problem: unknown ratings, rounds, cases, constructs; no rater or rationale; a rater who is no
        person; two rows for one case, construct, rater and round, or two consensus rows.

    References
    ----------
    Damschroder LJ, Lowery JC (2013). Evaluation of a large-scale weight management program using the consolidated
    framework for implementation research (CFIR). Implementation Science 8:51, doi:10.1186/1748-5908-8-51.

    Examples
    --------
    >>> ratings = pd.DataFrame({"case": ["n"], "construct": ["c"], "rating": ["+1"], "rater": ["anna"],
    ...     "round": ["consensus"], "rationale": ["two managers gave examples"]})
    >>> check_ratings(ratings, pd.DataFrame({"construct": ["c"]}), ["n"])["rating"].tolist()
    ['1']
    """
    check_arguments(check_ratings, locals())
    need(ratings, ["case", "construct", "rating", "rater", "round", "rationale"], "ratings")
    need(constructs, ["construct"], "constructs")
    out = ratings.copy()
    out["rating"] = [str(cell).strip().removeprefix("+").lower() for cell in out["rating"]]
    known, allowed, problems = set(constructs["construct"]), list(cases), []
    for number, row in enumerate(out.to_dict("records"), start=2):
        place = f"cfir_ratings, row {number}"
        for column, choices in (("rating", list(VALUES)), ("round", list(ROUNDS)), ("case", allowed)):
            if row[column] not in choices:
                problems.append(Problem(place, f"a known {column}", repr(row[column]), ", ".join(choices)))
        if row["construct"] not in known:
            problems.append(Problem(place, "a construct of the framework", repr(row["construct"])))
        problems += [
            Problem(place, f"a rating has a {name}", "an empty cell", remedy="fill it")
            for name in ("rater", "rationale")
            if pd.isna(row[name]) or not str(row[name]).strip()
        ]
        kind = (coders or {}).get(str(row["rater"]), "person")
        if kind != "person":
            problems.append(Problem(place, "ratings are entered by people", f"{row['rater']}, a {kind}"))
    keys = ["case", "construct", "round"]
    twice = out[out.duplicated([*keys, "rater"]) | (out.duplicated(keys) & out["round"].eq("consensus"))]
    problems += [
        Problem("cfir_ratings", "one row for each", ", ".join(map(str, key)), remedy="keep one")
        for key in twice[[*keys, "rater"]].itertuples(index=False)
    ]
    raise_if(problems)
    return out


def rating_matrix(ratings: pd.DataFrame, constructs: pd.DataFrame, cases: list[str]) -> pd.DataFrame:
    """Lay ratings out as construct by case; the consensus counts, else independent raters who all say the same.

    Parameters
    ----------
    ratings : pandas.DataFrame
        As `check_ratings` returns them; may be empty.
    constructs : pandas.DataFrame
        The framework: `construct, label, order`.
    cases : list of str
        Cases in order.

    Returns
    -------
    pandas.DataFrame
        One row per construct and case: `construct, label, domain, case, rating` (as entered; null where none counts),
        `value` (-2 to 2; mixed is 0 with `mixed` true; undefined for missing and not rated, never 0), `mixed, state`
        (`rated`, `missing`, `not rated`, `raters differ`), `round, raters, n_raters, rationale, segments, reason`.

    Examples
    --------
    >>> constructs = pd.DataFrame({"construct": ["c"], "label": ["C"], "order": [1]})
    >>> empty = pd.DataFrame(columns=["case", "construct", "rating", "rater", "round", "rationale"])
    >>> rating_matrix(empty, constructs, ["north"])[["state", "reason"]].values.tolist()
    [['not rated', 'no person has rated this']]
    """
    check_arguments(rating_matrix, locals())
    need(ratings, ["case", "construct", "rating", "rater", "round", "rationale"] if len(ratings) else [], "ratings")
    need(constructs, ["construct", "label", "order"], "constructs")
    groups = dict(list(ratings.groupby(["construct", "case"]))) if len(ratings) else {}
    rows = []
    for construct, label in constructs.sort_values("order")[["construct", "label"]].itertuples(index=False):
        for case in cases:
            base = {"construct": construct, "label": label, "domain": str(construct).split("/")[0], "case": case}
            rows.append(base | _cell(groups.get((construct, case))))
    out = pd.DataFrame(rows, columns=[*MATRIX, "rationale", "segments", "reason"])
    return out.astype({"rating": "object", "value": "float64", "mixed": "bool"})


def _cell(part: pd.DataFrame | None) -> dict[str, object]:
    """Return what counts of the ratings of one construct in one case."""
    cell: dict[str, object] = {"rating": None, "value": np.nan, "mixed": False, "state": "not rated", "round": None}
    cell |= {"raters": "", "n_raters": 0, "rationale": "", "segments": "", "reason": NOT_RATED}
    if part is None:
        return cell
    consensus = part[part["round"] == "consensus"]
    used = consensus if len(consensus) else part
    said = list(dict.fromkeys(used["rating"]))
    cell |= {"round": used["round"].iloc[0], "raters": join(used["rater"]), "n_raters": used["rater"].nunique()}
    cell["rationale"] = " | ".join(used["rationale"])
    if "segments" in used:
        cell["segments"] = join(used["segments"].dropna())
    if len(said) > 1:
        heard = "; ".join(f"{rater}: {rating}" for rater, rating in zip(used["rater"], used["rating"]))
        return cell | {"state": "raters differ", "reason": f"{DIFFER} ({heard})"}
    state = "missing" if said[0] == "missing" else "rated"
    cell |= {"rating": said[0], "value": VALUES[said[0]], "mixed": said[0] == "0 mixed", "state": state}
    return cell | {"reason": MISSING if state == "missing" else ""}


def distinguishing_constructs(matrix: pd.DataFrame, groups: pd.Series, *, least: int = 2) -> pd.DataFrame:
    """Tell which constructs people rated differently where implementation went well and where it did not.

    The rule: a construct distinguishes strongly where the lowest rating of the high cases is at least 2 above the
    highest of the low cases, weakly where it is above it by less than 2 (with these ratings, by 1). The pattern of
    all ratings stands beside it. Missing ratings are left out, never taken as 0.

    Parameters
    ----------
    matrix : pandas.DataFrame
        As `rating_matrix` returns it.
    groups : pandas.Series
        "high" or "low" per case (`crosscase.comparison.high_low`); cases without a group are left out.
    least : int
        Rated cases that each group needs.

    Returns
    -------
    pandas.DataFrame
        One row per construct: `construct, label, domain, n_high, n_low` (rated cases), `high, low` (case=rating),
        `n_missing, n_not_rated, gap` (lowest of the high minus highest of the low cases), `finding`
        (`distinguishes strongly`, `distinguishes weakly`, `against expectation`, `does not distinguish`, `not enough
        ratings`), `p` (exact permutation of cases), `smallest_p, verdict, reason`.

    Raises
    ------
    CrosscaseError
        For other groups than high and low.

    References
    ----------
    Damschroder LJ, Lowery JC (2013), doi:10.1186/1748-5908-8-51, whose question this is; the rule is stated above.

    Examples
    --------
    >>> matrix = pd.DataFrame({"construct": "c", "label": "C", "domain": "C", "case": list("abcd"), "state": "rated",
    ...     "rating": ["2", "1", "-1", "-2"], "value": [2.0, 1.0, -1.0, -2.0], "reason": ""})
    >>> groups = pd.Series({"a": "high", "b": "high", "c": "low", "d": "low"})
    >>> distinguishing_constructs(matrix, groups)[["gap", "finding"]].values.tolist()
    [[2.0, 'distinguishes strongly']]
    """
    check_arguments(distinguishing_constructs, locals())
    need(matrix, ["construct", "label", "domain", "case", "state", "rating", "value"], "matrix")
    numbers(matrix, ["value"], "matrix")
    one_cell(matrix, ["construct", "case"], "matrix")
    strange = sorted(map(str, set(groups.dropna()) - {"high", "low"}))
    if strange:
        raise CrosscaseError(Problem("groups", "cases are high or low", ", ".join(map(str, strange)), "high, low"))
    rows = []
    for construct, part in matrix.groupby("construct", sort=False):
        part = part.assign(group=part["case"].map(groups))
        part = part[part["group"].notna()]
        rated = part[part["value"].notna()]
        high, low = (rated[rated["group"] == name] for name in ("high", "low"))
        first = matrix[matrix["construct"] == construct].iloc[0]
        row = {"construct": construct, "label": first["label"], "domain": first["domain"]}
        row |= {"n_high": len(high), "n_low": len(low), "high": _pattern(high), "low": _pattern(low)}
        row |= {"n_missing": int(part["state"].eq("missing").sum())}
        row |= {"n_not_rated": int(part["state"].isin(["not rated", "raters differ"]).sum())}
        rows.append(row | _contrast(high, low, least) | _exact(rated))
    columns = ["construct", "label", "domain", "n_high", "n_low", "high", "low", "n_missing", "n_not_rated", "gap"]
    return pd.DataFrame(rows, columns=[*columns, "finding", "p", "smallest_p", "verdict", "reason"])


def _pattern(part: pd.DataFrame) -> str:
    return "; ".join(f"{case}={rating}" for case, rating in zip(part["case"], part["rating"]))


def _contrast(high: pd.DataFrame, low: pd.DataFrame, least: int) -> dict[str, object]:
    if min(len(high), len(low)) < least:
        reason = f"fewer than {least} rated cases in a group" if len(high) + len(low) else NOT_RATED
        return {"gap": np.nan, "finding": "not enough ratings", "reason": reason}
    gap = float(high["value"].min() - low["value"].max())
    finding = "does not distinguish"
    if gap > 0:
        finding = "distinguishes strongly" if gap >= 2 else "distinguishes weakly"
    elif high["value"].max() < low["value"].min():
        finding = "against expectation"
    return {"gap": gap, "finding": finding, "reason": ""}


def _exact(rated: pd.DataFrame) -> dict[str, object]:
    """Exact permutation of the rated cases; undefined where a group has none."""
    if rated["group"].nunique() < 2:
        return {"p": np.nan, "smallest_p": np.nan, "verdict": "pattern only, no verdict"}
    values = rated.set_index("case")[["value"]]
    found = permute_cases(values, rated.set_index("case")["group"], what="constructs").iloc[0]
    return {name: found[name] for name in ("p", "smallest_p", "verdict")}
