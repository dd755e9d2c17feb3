"""Joint permutation over all codes: participants are exchanged between cases, or roles within cases; never segments."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import sparse
from statsmodels.stats.proportion import confint_proportions_2indep

from crosscase.arguments import Seed, Values, check_arguments
from crosscase.comparison.attainable import TOO_MANY, smallest_p, smallest_p_within
from crosscase.comparison.given import frame_of, series_of
from crosscase.comparison.results import family_of, positive_int, result_frame
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import choice, need, ordered

BATCH = 100
SLACK = 1e-9


def unit_values(
    codings: pd.DataFrame, unit: str = "participant", value: str = "presence", codes: list[str] | None = None
) -> pd.DataFrame:
    """Bring codings to the level at which they may be exchanged: one row per participant (or focus group, document).

    Parameters
    ----------
    codings : DataFrame
        `code` and the column named by `unit`.
    unit : str
        Column of the exchangeable unit.
    value : {"presence", "share"}
        1 where the unit has the code; or the share of the unit's codings that carry it (with many segments per
        participant nearly everyone mentions a common code, and presence loses power).
    codes : list of str, optional
        Which codes in which order.

    Returns
    -------
    DataFrame
        Unit x code.

    Examples
    --------
    >>> codings = pd.DataFrame({"participant": ["p1", "p1", "p2"], "code": ["trust", "money", "money"]})
    >>> unit_values(codings).to_dict("index")
    {'p1': {'trust': 1.0, 'money': 1.0}, 'p2': {'trust': 0.0, 'money': 1.0}}
    """
    check_arguments(unit_values, locals())
    choice(value, ("presence", "share"), "value")
    need(codings, [unit, "code"], "codings")
    frame = codings.dropna(subset=[unit, "code"])
    names = ordered(frame["code"].unique()) if codes is None else codes
    counts = frame.groupby([unit, "code"], observed=True).size().unstack(fill_value=0)
    total = counts.sum(axis=1)
    counts = counts.reindex(columns=pd.Index(names, name="code"), fill_value=0)
    return counts.gt(0).astype(float) if value == "presence" else counts.div(total, axis=0)


def unit_labels(codings: pd.DataFrame, column: str, unit: str = "participant") -> pd.Series:
    """Label (case, role, group) of each unit; a unit with several labels is refused.

    Parameters
    ----------
    codings : DataFrame
        With `column` and the column named by `unit`.
    column : str
        Column of the label.
    unit : str
        Column of the exchangeable unit.

    Returns
    -------
    Series
        Label per unit.

    Raises
    ------
    CrosscaseError
        Where a unit has more than one label.

    Examples
    --------
    >>> unit_labels(pd.DataFrame({"participant": ["p1", "p1"], "case": ["north", "north"]}), "case").to_dict()
    {'p1': 'north'}
    """
    check_arguments(unit_labels, locals())
    need(codings, [unit, column], "codings")
    pairs = codings[[unit, column]].dropna().drop_duplicates()
    twice = sorted(set(pairs.loc[pairs[unit].duplicated(), unit].astype(str)))
    if twice:
        problems = [
            Problem(f"codings, {unit} {u!r}", f"one {column} per {unit}", "several", remedy="split the unit or drop it")
            for u in twice
        ]
        raise CrosscaseError(problems)
    return pairs.set_index(unit)[column]


def permuted_labels(
    labels: np.ndarray, strata: np.ndarray | None, n: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Permute integer labels (within strata), in batches of rows.

    Yields
    ------
    array of int
        Up to `BATCH` rows, one permutation each.
    """
    parts = [np.arange(len(labels))] if strata is None else [np.flatnonzero(strata == s) for s in np.unique(strata)]
    for begin in range(0, n, BATCH):
        size = min(BATCH, n - begin)
        out = np.empty((size, len(labels)), dtype=labels.dtype)
        for part in parts:
            out[:, part] = rng.permuted(np.broadcast_to(labels[part], (size, len(part))), axis=1)
        yield out


def between_share(labels: np.ndarray, values: np.ndarray, n_groups: int) -> np.ndarray:
    """Return the share of the sum of squares between groups (eta squared), permutations x codes.

    `labels` is permutations x units; `values`, units x codes, are centred and of unit length per code. Times the number
    of units it is Pearson's chi-square of code by group where values are 0/1.

    Examples
    --------
    >>> v = np.array([[0.5], [0.5], [-0.5], [-0.5]])
    >>> between_share(np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), v, 2).ravel().round(9).tolist()
    [1.0, 0.0]
    """
    n_rows, n_units = labels.shape
    column = (labels + np.arange(n_rows)[:, None] * n_groups).ravel()
    sizes = np.bincount(labels[0], minlength=n_groups)
    weight = np.divide(1.0, np.sqrt(sizes), out=np.zeros(n_groups), where=sizes > 0)
    one_hot = sparse.csr_array(
        (weight[labels].ravel(), (column, np.tile(np.arange(n_units), n_rows))), shape=(n_rows * n_groups, n_units)
    )
    sums = (one_hot @ values).reshape(n_rows, n_groups, -1)
    return np.einsum("rgc,rgc->rc", sums, sums)


def _standardised(values: np.ndarray, strata: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Values centred (within strata) and scaled to unit length; which codes vary at all."""
    centred = values - values.mean(axis=0)
    if strata is not None:
        for s in np.unique(strata):
            centred[strata == s] = values[strata == s] - values[strata == s].mean(axis=0)
    length = np.sqrt((centred**2).sum(axis=0))
    varies = length > 1e-12
    return centred[:, varies] / length[varies], varies


def max_t(observed: np.ndarray, batches: Iterator[np.ndarray], n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return p-values and step-down Westfall-Young maxT p-values from permuted statistics, large is extreme.

    Each is (1 + number at least as extreme) / (1 + n), n permutations x tests in all batches.

    References
    ----------
    Westfall, P. H., & Young, S. S. (1993). Resampling-based multiple testing. Wiley. Algorithm 4.1.
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical Applications in
    Genetics and Molecular Biology 9(1), 39. doi:10.2202/1544-6115.1585

    Examples
    --------
    >>> p, adjusted = max_t(np.array([3.0, 1.0]), iter([np.array([[0.0, 2.0], [1.0, 0.0], [0.0, 0.0]])]), 3)
    >>> p.tolist(), adjusted.tolist()
    ([0.25, 0.5], [0.25, 0.5])
    """
    order = np.argsort(observed)
    bound = observed - SLACK * (1 + np.abs(observed))
    single, joint = np.zeros(len(observed)), np.zeros(len(observed))
    for batch in batches:
        single += (batch >= bound).sum(axis=0)
        joint[order] += (np.maximum.accumulate(batch[:, order], axis=1) >= bound[order]).sum(axis=0)
    adjusted = (1 + joint) / (1 + n)
    adjusted[order[::-1]] = np.maximum.accumulate(adjusted[order[::-1]])
    return (1 + single) / (1 + n), adjusted


def compare_groups(
    values: Values,
    groups: pd.Series,
    strata: pd.Series | None = None,
    *,
    n_permutations: int = 9999,
    seed: Seed = 1,
    what: str = "codes",
) -> pd.DataFrame:
    """Test jointly for all codes whether any group of participants differs, by exchanging participants.

    Parameters
    ----------
    values : DataFrame
        Participant x code, presence or share (`unit_values`).
    groups : Series
        Group (case, or role) of each participant; participants without a group are left out and counted in
        `reason`.
    strata : Series, optional
        Participants are exchanged only within these (for example roles within cases, or cases within roles); values
        are then centred within strata.
    n_permutations : int
        Number of random permutations, at least 99.
    seed : int
        Seed of the random numbers.
    what : str
        What the columns are, for the statement of the family.

    Returns
    -------
    DataFrame
        One row per code: `subject, statistic` (n times the share of the sum of squares between groups; for 0/1
        values without strata Pearson's chi-square), `n` (participants), `p, p_adjusted` (step-down maxT), `effect`
        (eta squared; for two groups of 0/1 values the difference of proportions, first minus second in
        alphabetical order, with Newcombe's interval), `smallest_p` (what the permutations can reach with the ties
        among the values; undefined beyond fourteen groups of different sizes), `n_groups, n_permutations, family,
        reason`. Codes without variation keep
        their row, with the reason.

    Raises
    ------
    CrosscaseError
        For fewer than two groups, or undefined values.

    References
    ----------
    Westfall & Young (1993), as `max_t`. Newcombe, R. G. (1998). Interval estimation for the difference between
    independent proportions. Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> values = pd.DataFrame({"trust": [1, 1, 1, 1, 0, 0, 0, 0]}, index=list("abcdefgh"), dtype=float)
    >>> groups = pd.Series(["x"] * 4 + ["y"] * 4, index=values.index)
    >>> out = compare_groups(values, groups, n_permutations=999)
    >>> round(float(out["statistic"][0]), 9), int(out["n"][0]), float(out["effect"][0])
    (8.0, 8, 1.0)
    """
    check_arguments(compare_groups, locals())
    positive_int(n_permutations, "n_permutations", 99)
    kept, group, stratum, notes = _aligned(values, groups, strata)
    names = sorted(map(str, group.unique()))
    if len(names) < 2:
        raise CrosscaseError(Problem("groups", "two or more groups are needed", f"{len(names)} group(s)"))
    label = pd.Index(names).get_indexer(pd.Index(group.astype(str)))
    stratum_code = None if stratum is None else pd.factorize(stratum)[0]
    scaled, varies = _standardised(kept.to_numpy(dtype=float), stratum_code)
    observed = between_share(label[None, :], scaled, len(names))[0]
    rng = np.random.default_rng(seed)
    batches = (
        between_share(batch, scaled, len(names)) for batch in permuted_labels(label, stratum_code, n_permutations, rng)
    )
    p, adjusted = max_t(observed, batches, n_permutations)
    family = family_of(int(varies.sum()), what, "step-down Westfall-Young maxT")
    position = np.cumsum(varies) - 1
    rows = []
    for i, name in enumerate(kept.columns):
        j = position[i]
        row: dict[str, object] = {
            "subject": name,
            "statistic_name": "n x eta squared",
            "n": len(kept),
            "family": family,
            "n_groups": len(names),
            "n_permutations": n_permutations,
        }
        if varies[i]:
            # undefined where there are too many groups; what is drawn reaches no less than one draw of all
            least = float(np.maximum(_attainable(label, stratum_code, scaled[:, j]), 1 / (1 + n_permutations)))
            row |= {"statistic": len(kept) * observed[j], "p": p[j], "p_adjusted": adjusted[j], "smallest_p": least}
            row |= _effect(kept[name].to_numpy(dtype=float), label, names, observed[j])
            unreached = TOO_MANY if np.isnan(least) else ""
            row["reason"] = "; ".join(filter(None, [str(row.get("reason", "")), unreached, *notes]))
        else:
            row["reason"] = "; ".join(["no variation: every participant has the same value", *notes])
        rows.append(row)
    return result_frame(rows)


def _aligned(
    values: Values, groups: pd.Series, strata: pd.Series | None
) -> tuple[pd.DataFrame, pd.Series, pd.Series | None, list[str]]:
    """Values, groups and strata of the participants that have both; what was left out."""
    values = frame_of(values, "values")
    group = series_of(groups, "groups").reindex(values.index)
    use = group.notna()
    stratum = None
    if strata is not None:
        stratum = series_of(strata, "strata").reindex(values.index)
        use &= stratum.notna()
    if not bool(use.any()) or bool(values[use].isna().any(axis=None)):
        raise CrosscaseError(Problem("values", "a value for every participant and code, and a group, are needed"))
    left = int((~use).sum())
    notes = [f"{left} participant(s) without a group left out"] if left else []
    return values[use], group[use], None if stratum is None else stratum[use], notes


def _attainable(label: np.ndarray, strata: np.ndarray | None, values: np.ndarray) -> float:
    if strata is None:
        return smallest_p(np.bincount(label), values=values)
    return smallest_p_within(label, strata, values)


def _effect(x: np.ndarray, label: np.ndarray, names: list[str], eta: float) -> dict[str, object]:
    binary = bool(np.isin(x, (0.0, 1.0)).all())
    if len(names) != 2 or not binary:
        reason = "no interval: given for two groups and presence only"
        return {"effect": eta, "effect_name": "eta squared", "reason": reason}
    counts = [int(x[label == g].sum()) for g in (0, 1)]
    sizes = [int((label == g).sum()) for g in (0, 1)]
    low, high = confint_proportions_2indep(counts[0], sizes[0], counts[1], sizes[1], method="newcomb", compare="diff")
    return {
        "effect": counts[0] / sizes[0] - counts[1] / sizes[1],
        "effect_name": f"difference of proportions, {names[0]} - {names[1]}",
        "effect_low": float(low),
        "effect_high": float(high),
    }


def compare_roles(
    values: Values, roles: pd.Series, cases: pd.Series, *, n_permutations: int = 9999, seed: Seed = 1
) -> pd.DataFrame:
    """Compare roles within the same cases: role labels are exchanged within each case only.

    Parameters
    ----------
    values : DataFrame
        Participant x code (`unit_values`).
    roles, cases : Series
        Role and case of each participant.
    n_permutations, seed
        As for `compare_groups`.

    Returns
    -------
    DataFrame
        As `compare_groups`; `reason` names the roles that occur in one case only (they cannot be told from the
        case) and the cases with a single role (they carry no information).

    Examples
    --------
    >>> values = pd.DataFrame({"trust": [1.0, 0.0, 1.0, 0.0]}, index=list("abcd"))
    >>> roles = pd.Series(["nurse", "manager"] * 2, index=values.index)
    >>> cases = pd.Series(["n", "n", "s", "s"], index=values.index)
    >>> compare_roles(values, roles, cases, n_permutations=99)["smallest_p"].tolist()
    [0.5]
    """
    check_arguments(compare_roles, locals())
    pairs = pd.DataFrame({"role": roles, "case": cases}).dropna().drop_duplicates()
    once = pairs["role"].value_counts()
    if len(once) < 2:
        raise CrosscaseError(Problem("roles", "two or more roles are needed", f"{len(once)} role(s)"))
    alone = pairs["case"].value_counts()
    notes = []
    if bool(once.eq(1).any()):
        notes.append("role(s) in one case only: " + ", ".join(sorted(once.index[once.eq(1)].astype(str))))
    if bool(alone.eq(1).any()):
        notes.append("case(s) with one role only: " + ", ".join(sorted(alone.index[alone.eq(1)].astype(str))))
    out = compare_groups(values, roles, cases, n_permutations=n_permutations, seed=seed)
    out["reason"] = ["; ".join(filter(None, [reason, *notes])) for reason in out["reason"]]
    return out
