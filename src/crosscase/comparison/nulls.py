"""Co-occurrence of codes against chance: codes are exchanged over the codings of one participant."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crosscase.arguments import Seed, check_arguments
from crosscase.comparison.permutation import max_t
from crosscase.comparison.results import ALPHA, family_of, positive_int, result_frame
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import choice, need
from crosscase.ids import split
from crosscase.matrices.cooccurrence import UNITS, co_occurrence, unit_code_matrix
from crosscase.matrices.encoded import positions

LEAST = 2
EXCHANGES = 40_000_000  # tried at most where codes are dealt out again and again: about a minute
BURN_IN = 20
SMALL = 200_000
"""Cells of a table of units and codes up to which multiplying it whole is faster than leaving out the empty ones."""


def co_occurrence_null(
    codings: pd.DataFrame,
    by: str = "segment",
    within: str = "participant",
    *,
    least: int = LEAST,
    n_permutations: int = 999,
    seed: Seed = 1,
) -> pd.DataFrame:
    """Test which codes meet more often than if each participant's codes were dealt out over that participant's codings.

    The exchange keeps how many codes each unit has and how often each participant uses each code. Where several coders
    coded, a unit holds, once, each code that any of them gave it: what two coders saw alike is no second meeting.

    Parameters
    ----------
    codings : DataFrame
        As for `co_occurrence`, with the column named by `within`.
    by : {"segment", "paragraph", "turn"}
        What counts as meeting; must lie inside the unit of exchange.
    within : str
        Column inside which codes are exchanged (participant, focus group, document).
    least : int
        Codes with fewer codings are left out of the family (their number does not change under exchange, so this
        does not bias the test).
    n_permutations : int
        Random exchanges.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    DataFrame
        One row per pair of codes that could meet: `subject` ("a x b"), `code_a, code_b, statistic` (units in which
        both occur), `n` (units), `p` (one-sided: more than chance), `p_adjusted` (step-down maxT over standardised
        counts), `effect` (observed over expected; null where nothing is expected) with `expected` and the range
        `null_low` to `null_high` that holds 95 % of the exchanges (the interval of chance, not of the effect),
        `n_participants` in which the pair meets, `smallest_p, family, reason`. Sorted by adjusted p.

    Raises
    ------
    CrosscaseError
        For an unknown `by`, or a missing unit of exchange.

    References
    ----------
    Westfall & Young (1993), as `max_t`. Gotelli, N. J. (2000). Null model analysis of species co-occurrence patterns.
    Ecology 81, 2606-2621 (fixed margins).

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": list("abcd"), "document": "d", "start": [0, 0, 9, 20],
    ...                         "end": [5, 5, 12, 25], "code": ["trust", "money", "trust", "money"],
    ...                         "participant": "p1"})
    >>> out = co_occurrence_null(codings, n_permutations=99)
    >>> out["subject"].tolist(), out["statistic"].tolist()
    (['money x trust'], [1])
    """
    check_arguments(co_occurrence_null, locals())
    positive_int(n_permutations, "n_permutations", 99)
    positive_int(least, "least", 1)
    choice(by, ("segment", "paragraph", "turn"), "by")
    need(codings, ["code", within, *UNITS[by]], "codings")
    frame = codings.dropna(subset=["code", within, *UNITS[by]]).drop(columns="coder", errors="ignore")
    frame = frame.drop_duplicates([*UNITS[by], within, "code"]) if _several(codings) else frame
    counts = frame["code"].value_counts()
    labels = sorted(map(str, counts.index[counts >= least]))
    if len(labels) < 2:
        raise CrosscaseError(Problem("codings", f"two codes with {least} codings or more are needed", str(len(labels))))
    pairs = frame.drop_duplicates([*UNITS[by], within, "code"])
    unit = pairs.groupby([*UNITS[by], within], sort=False, dropna=False).ngroup().to_numpy()
    owner = pairs.groupby(within, sort=False, dropna=False).ngroup().to_numpy()
    every = [*labels, *sorted(set(map(str, counts.index)) - set(labels))]
    code = positions(pairs["code"], every)
    observed = _meetings(unit, code, len(labels))
    null = _exchanged(unit, code, owner, len(labels), n_permutations, seed)
    lost = int(codings[["code", within, *UNITS[by]]].isna().any(axis=1).sum())
    return _table(frame, labels, observed, null, by, within, int(unit.max()) + 1, lost)


def _several(codings: pd.DataFrame) -> bool:
    """Whether several coders coded."""
    return "coder" in codings and codings["coder"].nunique() > 1


def _meetings(unit: np.ndarray, code: np.ndarray, n_codes: int) -> np.ndarray:
    """Number of units in which each pair of the first `n_codes` codes meets, upper triangle as a vector."""
    use, n_units = code < n_codes, int(unit.max()) + 1
    if n_units * n_codes <= SMALL:
        held = np.zeros((n_units, n_codes))
        held[unit[use], code[use]] = 1.0
        return (held.T @ held).astype(np.int32)[np.triu_indices(n_codes, 1)]
    matrix = unit_code_matrix(unit[use], code[use], n_units, n_codes)
    return (matrix.T @ matrix).toarray()[np.triu_indices(n_codes, 1)]


def _exchanged(unit: np.ndarray, code: np.ndarray, owner: np.ndarray, n_codes: int, n: int, seed: Seed) -> np.ndarray:
    """Meetings after exchanges that keep the codes of each unit distinct, their number, and each participant's codes.

    A dealt-out code may not land where it already is: else every observed pair would look too frequent. So two codings
    of one participant change codes where both units stay free of doubles, again and again (a symmetric chain on all
    such tables), as many proposals between two counts as there are codings.
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(owner, kind="stable")
    units, codes = unit[order].tolist(), code[order].tolist()
    size = np.bincount(owner)
    first = np.repeat(np.cumsum(size) - size, size)
    width = np.repeat(size, size)
    held: list[set[int]] = [set() for _ in range(int(unit.max()) + 1)]
    for u, c in zip(units, codes):
        held[u].add(c)
    out = np.empty((n, n_codes * (n_codes - 1) // 2), dtype=np.int32)
    sorted_unit, thin = unit[order], len(codes)
    for step in range(-BURN_IN, n):
        picks = rng.integers(0, len(codes), thin)
        others = first[picks] + (rng.random(thin) * width[picks]).astype(np.int64)
        for i, j in zip(picks.tolist(), others.tolist()):
            a, b, u, v = codes[i], codes[j], units[i], units[j]
            if a == b or u == v or b in held[u] or a in held[v]:
                continue
            held[u].remove(a)
            held[u].add(b)
            held[v].remove(b)
            held[v].add(a)
            codes[i], codes[j] = b, a
        if step >= 0:
            out[step] = _meetings(sorted_unit, np.array(codes), n_codes)
    return out


def _table(
    frame: pd.DataFrame,
    labels: list[str],
    observed: np.ndarray,
    null: np.ndarray,
    by: str,
    within: str,
    n_units: int,
    lost: int,
) -> pd.DataFrame:
    mean, spread = null.mean(axis=0), null.std(axis=0)
    possible = (observed > 0) | (null > 0).any(axis=0)
    varies = spread > 0
    scale = np.where(varies, spread, 1.0)
    z = np.where(varies, (observed - mean) / scale, 0.0)
    family = np.flatnonzero(varies)
    p, adjusted = np.full(len(z), np.nan), np.full(len(z), np.nan)
    if len(family):
        batches = iter([(null[:, family] - mean[family]) / scale[family]])
        p[family], adjusted[family] = max_t(z[family], batches, len(null))
    low, high = np.quantile(null, [0.025, 0.975], axis=0)
    spans = co_occurrence(frame.assign(coding_id=np.arange(len(frame))), by)
    owners = frame[within].to_numpy()
    met = {
        (a, b): len({owners[int(i)] for i in split(ids)})
        for a, b, ids in zip(spans["code_a"], spans["code_b"], spans["segments"])
    }
    told = family_of(len(family), "pairs of codes", "step-down Westfall-Young maxT")
    left = f"{lost} coding(s) without {within} or {by} left out" if lost else ""
    rows = []
    for i, (a, b) in enumerate(zip(*np.triu_indices(len(labels), 1))):
        if not possible[i]:
            continue
        reason = "" if varies[i] else "the exchange cannot change how often they meet"
        rows.append(
            {
                "subject": f"{labels[a]} x {labels[b]}",
                "statistic": int(observed[i]),
                "statistic_name": f"{by}s shared",
                "n": n_units,
                "p": p[i],
                "p_adjusted": adjusted[i],
                "effect": observed[i] / mean[i] if mean[i] > 0 else np.nan,
                "effect_name": "observed / expected",
                "smallest_p": 1 / (1 + len(null)),
                "family": told,
                "reason": "; ".join(filter(None, [reason, left])),
                "code_a": labels[a],
                "code_b": labels[b],
                "expected": mean[i],
                "null_low": low[i],
                "null_high": high[i],
                "n_participants": met.get((labels[a], labels[b]), 0),
            }
        )
    return result_frame(rows).sort_values(["p_adjusted", "p", "subject"], ignore_index=True)


def marked_pairs(
    codings: pd.DataFrame, *, least: int = LEAST, n_permutations: int | None = None, seed: Seed = 1
) -> pd.DataFrame:
    """Mark the pairs of codes that share a paragraph more often than if the codes were dealt out over the paragraphs.

    Without participants the paragraph is the unit and the document the bound of the exchange. Paragraphs of one text
    depend on each other, so a mark is a hint where to read, not a finding about people.

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, paragraph, code`, optionally `coder`.
    least : int
        Codes with fewer codings stay out of the family.
    n_permutations : int, optional
        As for `co_occurrence_null`; without it 999, and with very many codings fewer, down to 99, so that at most
        `EXCHANGES` exchanges are tried. `smallest_p` tells how many there were.
    seed : int
        As for `co_occurrence_null`.

    Returns
    -------
    pandas.DataFrame
        As `co_occurrence_null`, with `n` as the number of shared paragraphs, `n_units` and `marked` (adjusted p at or
        below .05); no row where fewer than two codes are frequent enough, or none can meet.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "paragraph": [1, 2], "code": ["a", "b"]})
    >>> marked_pairs(codings, n_permutations=99).empty
    True
    """
    check_arguments(marked_pairs, locals())
    need(codings, ["document", "paragraph", "code"], "codings")
    names = ["code_a", "code_b", "n", "n_units", "expected", "null_low", "null_high", "p", "p_adjusted", "smallest_p"]
    names += ["marked", "family", "reason"]
    frame = codings.dropna(subset=["document", "paragraph", "code"])
    if (frame["code"].value_counts() >= least).sum() < 2:
        return pd.DataFrame(columns=names)
    number = n_permutations or int(np.clip(EXCHANGES // len(frame), 99, 999))
    null = co_occurrence_null(frame, "paragraph", "document", least=least, n_permutations=number, seed=seed)
    if null.empty:  # no two of them share a paragraph, and no exchange brings them together
        return pd.DataFrame(columns=names)
    null = null.rename(columns={"n": "n_units", "statistic": "n"})
    return null.assign(marked=null["p_adjusted"].le(ALPHA))[names]
