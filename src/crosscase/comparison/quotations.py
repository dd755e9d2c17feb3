"""What a handful of quotations can and cannot carry: association of theme with role or sector, and its power."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from crosscase.arguments import Seed, check_arguments
from crosscase.comparison.permutation import SLACK
from crosscase.comparison.results import ALPHA, family_of, holm, positive_int, result_frame
from crosscase.errors import Problem, raise_if
from crosscase.frames import need

STRENGTHS = tuple(n / 10 for n in range(11))


class QuotationTest(NamedTuple):
    """Tests and power; see `quotation_test`."""

    tests: pd.DataFrame
    power: pd.DataFrame


def quotation_test(
    quotations: pd.DataFrame,
    columns: tuple[str, ...] = ("role", "sector"),
    by: str | Sequence[str] = "theme",
    *,
    n_permutations: int = 9999,
    n_simulations: int = 500,
    seed: Seed = 1,
) -> QuotationTest:
    """Test whether themes are carried by certain roles or sectors, and say how strong a link so few quotations show.

    Themes are exchanged over the quotations. That treats quotations as independent although one participant may
    stand behind several: the p is at best too small, and the reason says so.

    Parameters
    ----------
    quotations : DataFrame
        One row per quotation with `by` and `columns`; rows with a null are left out for that column.
    columns : tuple of str
        Who speaks: role label, sector.
    by : str or sequence of str
        Theme, subtheme, or both: all tests on the same quotations are one family.
    n_permutations : int
        Random permutations.
    n_simulations : int
        Simulated sets of quotations per strength of the link.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    QuotationTest
        `tests`: one row per theme level and column: `subject, statistic` (chi-square of the table), `n` (quotations),
        `p, p_adjusted` (Holm), `effect` (Cramer's V; no interval: biased upwards in sparse tables), `null_effect` (mean
        V under exchange: what chance alone gives), `smallest_p` (p of the most aligned table the margins allow, as
        far as the permutations resolve it), `n_labels, n_themes, n_single` (labels quoted once), `family, reason`,
        `statement`. `power`: `subject, strength` (share of quotations whose speaker is aligned with the theme; the
        rest is exchanged at random), `power` (share of simulated sets with p at or below .05), `n_simulations`.

    Examples
    --------
    >>> frame = pd.DataFrame({"theme": list("aabb"), "role": list("xxyy")})
    >>> tests, power = quotation_test(frame, ("role",), n_permutations=999, n_simulations=50)
    >>> float(tests["statistic"][0]), bool(tests["p"][0] > 0.2)
    (4.0, True)
    """
    check_arguments(quotation_test, locals())
    positive_int(n_permutations, "n_permutations", 99)
    positive_int(n_simulations, "n_simulations", 10)
    levels = [by] if isinstance(by, str) else list(by)
    need(quotations, [*levels, *columns], "quotations")
    raise_if([
        Problem("columns", "a column is held against another one", repr(name), remedy="leave one out")
        for name in columns
        if name in levels
    ])  # fmt: skip
    rows, powers = [], []
    for level in levels:
        for column in columns:
            row, power = _one(quotations[[level, column]], level, column, n_permutations, n_simulations, seed)
            rows.append(row)
            powers += power
    out = result_frame(rows)
    out["p_adjusted"] = holm(out["p"])
    out["family"] = family_of(int(out["p"].notna().sum()), f"{' and '.join(columns)} by {' and '.join(levels)}", "Holm")
    return QuotationTest(out, pd.DataFrame(powers, columns=["subject", "strength", "power", "n_simulations"]))


def chi_squares(themes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return Pearson's chi-square of many theme x label tables with the same margins.

    `themes` holds one row per table, the themes exchanged differently; `labels` role or sector of each quotation.

    Examples
    --------
    >>> chi_squares(np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([0, 0, 1, 1])).tolist()
    [4.0, 0.0]
    """
    n_tables, n = themes.shape
    a, b = int(themes.max()) + 1, int(labels.max()) + 1
    cell = (themes * b + labels) + (np.arange(n_tables) * a * b)[:, None]
    counts = np.bincount(cell.ravel(), minlength=n_tables * a * b).reshape(n_tables, a, b)
    expected = np.outer(np.bincount(themes[0], minlength=a), np.bincount(labels, minlength=b)) / n
    weight = np.divide(1.0, expected, out=np.zeros_like(expected), where=expected > 0)
    return np.einsum("tab,ab->t", counts.astype(float) ** 2, weight) - n


def _one(
    frame: pd.DataFrame, by: str, column: str, n_permutations: int, n_simulations: int, seed: Seed
) -> tuple[dict[str, object], list[tuple[str, float, float, int]]]:
    known = frame.dropna()
    theme, themes = pd.factorize(known[by])
    label, labels = pd.factorize(known[column])
    n, lost = len(known), len(frame) - len(known)
    notes = ["quotations are treated as independent, though one participant may stand behind several"]
    if lost:
        notes.append(f"{lost} quotation(s) without {column} or {by} left out")
    counts = np.bincount(label) if n else np.zeros(0, dtype=int)
    row: dict[str, object] = {
        "subject": f"{by} x {column}",
        "statistic_name": "chi-square",
        "n": n,
        "effect_name": "Cramer's V",
        "null_effect": np.nan,
        "n_labels": len(labels),
        "n_themes": len(themes),
        "n_single": int((counts == 1).sum()),
        "statement": "",
    }
    if len(labels) < 2 or len(themes) < 2:
        return row | {"reason": f"one {column} or one {by} only", "statement": "No comparison is possible."}, []
    rng = np.random.default_rng(seed)
    null = chi_squares(rng.permuted(np.broadcast_to(theme, (n_permutations, n)), axis=1), label)
    observed = float(chi_squares(theme[None, :], label)[0])
    best = _aligned(theme, label)
    top = max(float(chi_squares(best[None, :], label)[0]), float(null.max()), observed)
    width = n * (min(len(labels), len(themes)) - 1)
    row |= {
        "statistic": observed,
        "p": _tail(null, observed),
        "smallest_p": _tail(null, top),
        "effect": np.sqrt(observed / width),
        "null_effect": float(np.sqrt(np.maximum(null, 0) / width).mean()),
    }
    power = _power(best, label, null, n_simulations, rng)
    row["statement"] = _statement(row, power, column, by)
    return row | {"reason": "; ".join(notes)}, [(str(row["subject"]), s, p, n_simulations) for s, p in power]


def _tail(null: np.ndarray, value: float) -> float:
    return float((1 + (null >= value * (1 - SLACK) - SLACK).sum()) / (1 + len(null)))


def _aligned(theme: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Themes dealt out again so that each label keeps to as few themes as the margins allow (greedy)."""
    left = np.bincount(theme).astype(int)
    out = np.empty_like(theme)
    counts = np.bincount(label)
    for name in np.argsort(-counts, kind="stable"):
        places = np.flatnonzero(label == name)
        while len(places):
            fits = np.flatnonzero(left >= len(places))
            pick = int(fits[np.argmin(left[fits])]) if len(fits) else int(np.argmax(left))
            take = min(len(places), left[pick])
            out[places[:take]] = pick
            left[pick] -= take
            places = places[take:]
    return out


def _power(
    best: np.ndarray, label: np.ndarray, null: np.ndarray, n_simulations: int, rng: np.random.Generator
) -> list[tuple[float, float]]:
    out, n = [], len(best)
    ranked = np.sort(null)
    for strength in STRENGTHS:
        sets = np.tile(best, (n_simulations, 1))
        loose = n - round(strength * n)
        places = rng.random(sets.shape).argsort(axis=1)[:, :loose]
        np.put_along_axis(sets, places, rng.permuted(np.take_along_axis(sets, places, 1), axis=1), 1)
        values = chi_squares(sets, label)
        above = len(ranked) - np.searchsorted(ranked, values * (1 - SLACK) - SLACK)
        out.append((strength, float(((1 + above) / (1 + len(ranked)) <= ALPHA).mean())))
    return out


def _statement(row: dict[str, object], power: list[tuple[float, float]], column: str, by: str) -> str:
    seen = [strength for strength, share in power if strength > 0 and share >= 0.8]
    if row["smallest_p"] > ALPHA:  # type: ignore[operator]
        return f"{row['n']} quotations cannot reach p = .05 even if every {column} kept to one {by}."
    if not seen:
        return f"{row['n']} quotations find no link between {column} and {by} of any strength four times in five."
    return (
        f"{row['n']} quotations find a link between {column} and {by} four times in five only where at least "
        f"{min(seen):.0%} of them are aligned; the absence of a weaker link cannot be concluded."
    )
