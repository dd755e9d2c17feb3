"""Coders who judge the same units: judgements with a known prevalence and a known agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.errors import Problem, raise_if


def category_shares(prevalence: float | Sequence[float]) -> NDArray[np.float64]:
    """Turn a prevalence (of categories 0 and 1), or shares of all categories that sum to 1, into shares of all.

    Examples
    --------
    >>> category_shares(0.25).tolist()
    [0.75, 0.25]
    """
    return np.array([1 - prevalence, prevalence] if isinstance(prevalence, (int, float)) else prevalence, dtype=float)


def check_shares(problems: list[Problem], **shares: float) -> None:
    """Add a problem for each argument that does not lie between 0 and 1."""
    problems += [
        Problem(name, "a share", f"{value}", "0 to 1") for name, value in shares.items() if not 0 <= value <= 1
    ]


def check_counts(problems: list[Problem], **counts: int) -> None:
    """Add a problem for each argument that is no whole number from 1."""
    problems += [
        Problem(name, "a whole number", f"{value}", "1 or more")
        for name, value in counts.items()
        if value < 1 or value != int(value)
    ]


def true_agreement(prevalence: float | Sequence[float], agreement: float) -> dict[str, float]:
    """Give the coefficients that the judgements of `coder_units` have in the population.

    Parameters
    ----------
    prevalence : float or sequence of float
        As `coder_units`.
    agreement : float
        Chance-corrected agreement of every pair of coders, 0 to 1.

    Returns
    -------
    dict of str to float
        `percent_agreement`; `kappa` (Cohen's, Scott's, Fleiss', Conger's and Krippendorff's nominal alpha share this
        value, as all coders have the same margins); `brennan_prediger`; `gwet_ac1`.

    Examples
    --------
    >>> {name: round(value, 3) for name, value in true_agreement(0.5, 0.6).items()}
    {'percent_agreement': 0.8, 'kappa': 0.6, 'brennan_prediger': 0.6, 'gwet_ac1': 0.6}
    """
    problems: list[Problem] = []
    check_shares(problems, agreement=agreement)
    raise_if(problems)
    shares = category_shares(prevalence)
    chance = float((shares**2).sum())
    percent = chance + (1 - chance) * agreement
    k = len(shares)
    gwet = float((shares * (1 - shares)).sum() / (k - 1))
    return {
        "percent_agreement": percent,
        "kappa": agreement,
        "brennan_prediger": (percent - 1 / k) / (1 - 1 / k),
        "gwet_ac1": (percent - gwet) / (1 - gwet),
    }


def _document_shares(
    rng: np.random.Generator, shares: NDArray[np.float64], icc: float, n_documents: int
) -> NDArray[np.float64]:
    """Draw the shares of the categories in each document, with the given correlation within documents."""
    if icc == 0:
        return np.tile(shares, (n_documents, 1))
    if icc == 1:
        return np.eye(len(shares))[rng.choice(len(shares), size=n_documents, p=shares)]
    drawn = rng.standard_gamma(np.maximum(shares, 1e-12) * (1 - icc) / icc, size=(n_documents, len(shares)))
    empty = drawn.sum(axis=1) == 0
    drawn[empty] = np.eye(len(shares))[rng.choice(len(shares), size=int(empty.sum()), p=shares)]
    return drawn / drawn.sum(axis=1, keepdims=True)


def _copying(rng: np.random.Generator, agreement: float, icc: float, n_documents: int) -> NDArray[np.float64]:
    """Draw for each document how often a coder reports what the unit holds; the mean square is the agreement."""
    if icc == 0 or agreement in (0, 1):
        return np.full(n_documents, np.sqrt(agreement))
    if icc == 1:
        return (rng.random(n_documents) < agreement).astype(float)
    spread = (1 - icc) / icc
    return np.sqrt(rng.beta(agreement * spread, (1 - agreement) * spread, size=n_documents))


def _pick(rng: np.random.Generator, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """Draw one category per row of shares."""
    points = rng.random((*shares.shape[:-1], 1))
    return np.minimum((points > shares.cumsum(axis=-1)).sum(axis=-1), shares.shape[-1] - 1)


def coder_units(
    *,
    n_coders: int = 2,
    n_units: int = 100,
    n_documents: int = 10,
    prevalence: float | Sequence[float] = 0.2,
    agreement: float = 0.7,
    document_icc: float = 0.1,
    agreement_icc: float = 0.0,
    missing: float = 0.0,
    seed: int = 0,
) -> pd.DataFrame:
    """Simulate judgements of several coders on the same units, units nested in documents.

    Each unit has a true category. A coder reports it with probability sqrt(agreement), else draws a category by its
    prevalence. Every pair of coders then has exactly the given chance-corrected agreement in the population, and every
    coder the given prevalence; `true_agreement` gives the coefficients.

    Parameters
    ----------
    n_coders, n_units, n_documents : int
        Size of the design; units are spread over documents as evenly as possible.
    prevalence : float or sequence of float
        Share of units that hold the code (categories 0 and 1), or the share of each category.
    agreement : float
        Chance-corrected agreement of every pair of coders, 0 to 1.
    document_icc : float
        Correlation of the true categories of two units of one document, 0 to 1.
    agreement_icc : float
        How much agreement itself differs between documents, 0 to 1.
    missing : float
        Share of judgements lost at random, 0 to 1.
    seed : int
        Seed of the generator.

    Returns
    -------
    DataFrame
        One row per unit, indexed by `unit`: `document`, `truth`, then one float column per coder (`coder_1` ...),
        NaN where missing.

    Raises
    ------
    CrosscaseError
        For impossible sizes and shares, all together.

    Examples
    --------
    >>> table = coder_units(n_coders=3, n_units=4, n_documents=2, seed=1)
    >>> table.columns.tolist(), table["document"].tolist()
    (['document', 'truth', 'coder_1', 'coder_2', 'coder_3'], ['d1', 'd1', 'd2', 'd2'])
    """
    shares = category_shares(prevalence)
    problems: list[Problem] = []
    check_counts(problems, n_coders=n_coders, n_units=n_units, n_documents=n_documents)
    check_shares(problems, agreement=agreement, document_icc=document_icc, agreement_icc=agreement_icc, missing=missing)
    if len(shares) < 2 or (shares < 0).any() or not np.isclose(shares.sum(), 1):
        problems.append(Problem("prevalence", "shares of two or more categories", f"{prevalence}", "0 to 1, sum 1"))
    if n_documents > n_units:
        problems.append(Problem("n_documents", "each document holds a unit", f"{n_documents} for {n_units} units"))
    raise_if(problems)
    rng = np.random.default_rng(seed)
    document = np.arange(n_units) * n_documents // n_units
    truth = _pick(rng, _document_shares(rng, shares, document_icc, n_documents)[document])
    copied = rng.random((n_units, n_coders)) < _copying(rng, agreement, agreement_icc, n_documents)[document][:, None]
    guess = rng.choice(len(shares), size=(n_units, n_coders), p=shares)
    judged = np.where(copied, truth[:, None], guess).astype(float)
    judged[rng.random(judged.shape) < missing] = np.nan
    columns: dict[str, Any] = {"document": [f"d{number + 1}" for number in document], "truth": truth}
    columns |= {f"coder_{number + 1}": judged[:, number] for number in range(n_coders)}
    return pd.DataFrame(columns, index=pd.Index([f"u{number + 1}" for number in range(n_units)], name="unit"))
