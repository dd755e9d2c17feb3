"""The logic of multi-case studies: propositions, rivals, negative cases, comparable pairs, joint displays."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if, shown
from crosscase.frames import merged, need, one_row, ordered
from crosscase.ids import join

VERDICTS = ("supports", "contradicts", "undecided", "not_stated")
JOINT = ("confirms", "expands", "discords", "silent")


def pattern_matching(propositions: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """Match what was predicted for each case with what was found, and check that the prediction came first.

    Parameters
    ----------
    propositions : DataFrame
        `proposition, case, predicted, replication` (literal or theoretical) and `written`, the date on which the
        proposition was written down.
    observations : DataFrame
        `proposition, case, observed` and `opened`, the date on which the case's data were opened; optionally
        `segments`. `predicted` and `observed` are compared as texts.

    Returns
    -------
    DataFrame
        One row per proposition and case: `proposition, case, replication, predicted, observed, match` (as
        predicted, not as predicted, not stated), `written, opened, in_time` (null where a date is missing),
        `n_matched, n_known` (of the proposition), `segments, note`.

    Raises
    ------
    CrosscaseError
        For two predictions or two observations of one case, unknown kinds of replication, and dates that are none.

    References
    ----------
    Yin, R. K. (2018). Case study research and applications (6th ed.), chapter 5.

    Examples
    --------
    >>> p = pd.DataFrame({"proposition": ["p1"], "case": ["a"], "predicted": ["high"], "replication": ["literal"],
    ...                   "written": ["2020-01-01"]})
    >>> o = pd.DataFrame({"proposition": ["p1"], "case": ["a"], "observed": ["high"], "opened": ["2020-03-01"]})
    >>> pattern_matching(p, o)[["match", "in_time"]].values.tolist()
    [['as predicted', True]]
    """
    check_arguments(pattern_matching, locals())
    need(propositions, ["proposition", "case", "predicted", "replication", "written"], "propositions")
    need(observations, ["proposition", "case", "observed", "opened"], "observations")
    keys = ["proposition", "case"]
    problems = [
        Problem(f"{place}, proposition {p!r}, case {c!r}", "one row per proposition and case", "two")
        for place, frame in (("propositions", propositions), ("observations", observations))
        for p, c in frame.loc[frame.duplicated(keys), keys].itertuples(index=False)
    ]
    problems += [
        Problem("propositions, column replication", "unknown kind", repr(kind), "'literal', 'theoretical'")
        for kind in ordered(propositions["replication"])
        if kind not in ("literal", "theoretical")
    ]
    for place, frame, column in (("propositions", propositions, "written"), ("observations", observations, "opened")):
        wrong = frame.loc[frame[column].notna() & _dates(frame[column]).isna(), column]
        problems += [Problem(f"{place}, column {column}", "a date is needed", repr(v), "YYYY-MM-DD") for v in wrong]
    raise_if(problems)
    out = merged(propositions, observations, keys, how="left", suffixes=("", "_observed"))
    same = out["predicted"].astype("string").eq(out["observed"].astype("string")).fillna(False)
    stated = out["observed"].notna() & out["observed"].ne("not_stated")
    out["match"] = [
        "not stated" if not s else "as predicted" if m else "not as predicted" for s, m in zip(stated, same)
    ]
    written, opened = _dates(out["written"]), _dates(out["opened"])
    out["in_time"] = (written < opened).astype("boolean").mask(written.isna() | opened.isna())
    group = out.groupby("proposition", sort=False)["match"]
    out["n_matched"] = group.transform(lambda m: int(m.eq("as predicted").sum()))
    out["n_known"] = group.transform(lambda m: int(m.ne("not stated").sum()))
    out["note"] = out["in_time"].map({False: "written when the case was already open: no prediction", True: ""})
    out["note"] = out["note"].astype(object).where(out["in_time"].notna(), "dates not stated")
    out["segments"] = out.get("segments", "")
    return out[
        [
            *keys,
            "replication",
            "predicted",
            "observed",
            "match",
            "written",
            "opened",
            "in_time",
            "n_matched",
            "n_known",
            "segments",
            "note",
        ]
    ]


def _dates(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values.astype("string"), format="%Y-%m-%d", errors="coerce")


def rival_explanations(rivals: pd.DataFrame) -> pd.DataFrame:
    """Weigh each finding's rival explanations over the cases.

    Parameters
    ----------
    rivals : DataFrame
        `finding, rival, case, verdict` (of the evidence on the rival: supports, contradicts, undecided,
        not_stated), optionally `segments`.

    Returns
    -------
    DataFrame
        One row per finding and rival: `finding, rival, n_supports, n_contradicts, n_undecided, n_not_stated`,
        `supported_in, contradicted_in` (cases), `standing` (open, weakened, ruled out where examined, not examined),
        `segments`. "Ruled out where examined" needs a contradiction in every case in which anything is stated.

    Raises
    ------
    CrosscaseError
        For unknown verdicts.

    Examples
    --------
    >>> rivals = pd.DataFrame({"finding": "f", "rival": "funding", "case": ["a", "b"],
    ...                        "verdict": ["contradicts", "not_stated"]})
    >>> rival_explanations(rivals)["standing"].tolist()
    ['ruled out where examined']
    """
    check_arguments(rival_explanations, locals())
    need(rivals, ["finding", "rival", "case", "verdict"], "rivals")
    unknown = [v for v in ordered(rivals["verdict"]) if v not in VERDICTS]
    raise_if([Problem("rivals, column verdict", "unknown verdict", repr(v), ", ".join(VERDICTS)) for v in unknown])
    rows = []
    for (finding, rival), group in rivals.groupby(["finding", "rival"], sort=False):
        n = {v: int(group["verdict"].eq(v).sum()) for v in VERDICTS}
        if not n["supports"] + n["contradicts"] + n["undecided"]:
            standing = "not examined"
        elif n["contradicts"] and not n["supports"] + n["undecided"]:
            standing = "ruled out where examined"
        else:
            standing = "weakened" if n["contradicts"] > n["supports"] else "open"
        ids = group["segments"].dropna().astype(str) if "segments" in group else []
        rows.append(
            {
                "finding": finding,
                "rival": rival,
                **{f"n_{v}": n[v] for v in VERDICTS},
                "supported_in": join(group.loc[group["verdict"].eq("supports"), "case"]),
                "contradicted_in": join(group.loc[group["verdict"].eq("contradicts"), "case"]),
                "standing": standing,
                "segments": join(i for i in ids if i),
            }
        )
    return pd.DataFrame(rows)


def negative_cases(
    cells: pd.DataFrame, outcomes: pd.DataFrame, directions: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """List the cases that contradict "where the theme is, the outcome is".

    Parameters
    ----------
    cells : DataFrame
        Result of `coding_matrix` or `theme_matrix` with cases as rows.
    outcomes : DataFrame
        `case, outcome` (True, False, or null where not stated).
    directions : mapping of str to str, optional
        Theme or code -> `facilitates`, `condition`, `hampers` or `both`. Where a theme hampers, the rule is turned
        round: where it is, the outcome is not. Of a theme that works both ways, or whose direction is not stated,
        nothing is expected. Without directions every theme is expected to go with the outcome.

    Returns
    -------
    DataFrame
        One row per theme or code and case: `state, outcome, role` (confirms, negative: theme without the outcome,
        negative: outcome without the theme, negative: outcome with a theme that hampers, irrelevant: ..., no rule,
        not known), `segments`.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": list("ab"), "kind": "case", "code": "trust", "state": ["present", "present"]})
    >>> outcomes = pd.DataFrame({"case": list("ab"), "outcome": [True, False]})
    >>> negative_cases(cells, outcomes)["role"].tolist()
    ['confirms', 'negative: theme without the outcome']
    """
    check_arguments(negative_cases, locals())
    column = "theme" if "theme" in cells else "code"
    need(cells, ["case", column, "state"], "cells")
    need(outcomes, ["case", "outcome"], "outcomes")
    frame = cells[cells["kind"].eq("case")] if "kind" in cells else cells[cells["case"].notna()]
    one_row(outcomes, "case", "outcomes")
    if not set(outcomes["outcome"].dropna()) <= {True, False}:
        raise CrosscaseError(Problem("outcomes, column outcome", "true or false", shown(list(outcomes["outcome"]))))
    outcome = outcomes.set_index("case")["outcome"].astype("boolean")
    out = frame.assign(outcome=frame["case"].map(outcome).astype("boolean"))
    out["role"] = [
        _role("facilitates" if directions is None else directions.get(str(name)), state, y)
        for name, state, y in zip(out[column], out["state"], out["outcome"])
    ]
    out["segments"] = out.get("segments", "")
    return out[[column, "case", "state", "outcome", "role", "segments"]].reset_index(drop=True)


def _role(direction: object, state: str, outcome: object) -> str:
    """What a case says of the rule on one theme."""
    if direction not in ("facilitates", "condition", "hampers"):
        return "no rule"
    if state not in ("present", "absent") or pd.isna(outcome):
        return "not known"
    there, reached = state == "present", bool(outcome)
    if direction == "hampers":
        if not there:
            return "irrelevant: without the theme"
        return "negative: outcome with a theme that hampers" if reached else "confirms"
    if there:
        return "confirms" if reached else "negative: theme without the outcome"
    return "negative: outcome without the theme" if reached else "irrelevant: neither"


def similar_pairs(attributes: pd.DataFrame, outcome: pd.Series) -> pd.DataFrame:
    """Find the most-similar pairs with different outcomes and the most-different pairs with the same outcome.

    Parameters
    ----------
    attributes : DataFrame
        Case x attribute, any values; null where not stated.
    outcome : Series
        Outcome per case; cases without one are paired with design "outcome not stated".

    Returns
    -------
    DataFrame
        One row per pair: `case_a, case_b, n_known` (attributes stated for both), `n_different, share_different`
        (null where nothing is known for both), `different, same, unknown` (attributes), `outcome_a, outcome_b`,
        `design`, `rank` within the design (1 is the most telling pair; ties share it), `note`. The designs:
        most-similar different-outcome (at most half of the attributes known for both differ), most-different
        same-outcome (at least half differ), and what is neither: unlike with different outcomes, alike with the same
        outcome, outcome not stated, attributes not stated.

    References
    ----------
    Berg-Schlosser, D., & De Meur, G. (2009). Comparative research design: case and variable selection. In
    Configurational comparative methods (pp. 19-32). Sage.

    Examples
    --------
    >>> attributes = pd.DataFrame({"mandate": [1, 0], "country": ["be", "be"]}, index=["a", "b"])
    >>> similar_pairs(attributes, pd.Series({"a": "good", "b": "poor"}))[["design", "different"]].values.tolist()
    [['most-similar different-outcome', 'mandate']]
    """
    check_arguments(similar_pairs, locals())
    if not attributes.index.is_unique or attributes.index.hasnans:
        found = shown(list(attributes.index))
        raise CrosscaseError(Problem("attributes", "each case has one row and a name", found, remedy="merge or rename"))
    rows = []
    for a, b in combinations(attributes.index, 2):
        left, right = attributes.loc[a], attributes.loc[b]
        stated = left.notna() & right.notna()
        names = {
            "different": [c for c in attributes if stated[c] and left[c] != right[c]],
            "same": [c for c in attributes if stated[c] and left[c] == right[c]],
            "unknown": [c for c in attributes if not stated[c]],
        }
        n, y = int(stated.sum()), (outcome.get(a), outcome.get(b))
        rows.append(
            {
                "case_a": a,
                "case_b": b,
                "n_known": n,
                "n_different": len(names["different"]),
                "share_different": len(names["different"]) / n if n else float("nan"),
                **{key: join(value) for key, value in names.items()},
                "outcome_a": y[0],
                "outcome_b": y[1],
                "design": _design(len(names["different"]), n, *y),
                "note": "" if n else "no attribute is stated for both cases",
            }
        )
    columns = ["case_a", "case_b", "n_known", "n_different", "share_different", "different", "same", "unknown"]
    out = pd.DataFrame(rows, columns=[*columns, "outcome_a", "outcome_b", "design", "note"])
    if not rows:
        return out.assign(rank=pd.Series(dtype="Int64"))
    far = ~out["design"].isin(["most-similar different-outcome", "alike with the same outcome"])
    key = out["share_different"].where(~far, -out["share_different"])
    out["rank"] = key.groupby(out["design"]).rank(method="min").astype("Int64")
    return out.sort_values(["design", "rank"], kind="stable", ignore_index=True)


def _design(different: int, known: int, left: object, right: object) -> str:
    """Return what a pair of cases is good for, by how alike they are and by their outcomes."""
    if pd.isna(left) or pd.isna(right):
        return "outcome not stated"
    if not known:
        return "attributes not stated"
    if left == right:
        return "most-different same-outcome" if 2 * different >= known else "alike with the same outcome"
    return "most-similar different-outcome" if 2 * different <= known else "unlike with different outcomes"


def joint_display(qualitative: pd.DataFrame, quantitative: pd.DataFrame, fit: pd.DataFrame) -> pd.DataFrame:
    """Set numbers and findings of the same case side by side, with the judgement how they fit.

    Parameters
    ----------
    qualitative : DataFrame
        `case, theme, finding`, optionally `segments`.
    quantitative : DataFrame
        `case, theme, measure, value`, optionally `n`.
    fit : DataFrame
        `case, theme, fit` (confirms, expands, discords, silent) and `rationale`: a person's judgement.

    Returns
    -------
    DataFrame
        One row per case, theme and measure: `case, theme, finding, measure, value, n, fit, rationale, segments,
        note`; a side that is missing is named, and "not judged" stands where no judgement was made.

    Raises
    ------
    CrosscaseError
        For unknown fits, two judgements of one cell, and judgements of a cell with neither finding nor measure.

    References
    ----------
    Guetterman, T. C., Fetters, M. D., & Creswell, J. W. (2015). Integrating quantitative and qualitative results in
    health science mixed methods research through joint displays. Annals of Family Medicine 13, 554-561.
    doi:10.1370/afm.1865

    Examples
    --------
    >>> ql = pd.DataFrame({"case": ["a"], "theme": ["trust"], "finding": ["grew"]})
    >>> qn = pd.DataFrame({"case": ["a"], "theme": ["trust"], "measure": ["score"], "value": [4.0]})
    >>> judged = pd.DataFrame({"case": ["a"], "theme": ["trust"], "fit": ["confirms"], "rationale": ["both up"]})
    >>> joint_display(ql, qn, judged)[["finding", "value", "fit"]].values.tolist()
    [['grew', 4.0, 'confirms']]
    """
    check_arguments(joint_display, locals())
    need(qualitative, ["case", "theme", "finding"], "qualitative")
    need(quantitative, ["case", "theme", "measure", "value"], "quantitative")
    need(fit, ["case", "theme", "fit", "rationale"], "fit")
    problems = [
        Problem("fit, column fit", "unknown judgement", repr(f), ", ".join(JOINT))
        for f in ordered(fit["fit"])
        if f not in JOINT
    ]
    problems += [
        Problem(f"fit, case {c!r}, theme {t!r}", "one judgement per cell", "two")
        for c, t in fit.loc[fit.duplicated(["case", "theme"]), ["case", "theme"]].itertuples(index=False)
    ]
    cells = {*zip(qualitative["case"], qualitative["theme"]), *zip(quantitative["case"], quantitative["theme"])}
    problems += [
        Problem(f"fit, case {c!r}, theme {t!r}", "a judgement has a finding or a measure", "neither", "", "correct it")
        for c, t in zip(fit["case"], fit["theme"])
        if (c, t) not in cells
    ]
    raise_if(problems)
    out = merged(qualitative, quantitative, ["case", "theme"], how="outer", suffixes=("", "_measure"))
    out = merged(out, fit, ["case", "theme"], how="left", suffixes=("", "_fit"))
    out["note"] = [
        "" if not (a or b) else "no measure" if b else "no finding"
        for a, b in zip(out["finding"].isna(), out["measure"].isna())
    ]
    out["fit"] = out["fit"].astype(object).fillna("not judged")
    for column in ("n", "segments"):
        out[column] = out.get(column, pd.NA)
    return out[["case", "theme", "finding", "measure", "value", "n", "fit", "rationale", "segments", "note"]]
