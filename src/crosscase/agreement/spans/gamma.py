"""Gamma of Mathet, Widloecher and Metivier, by the optional package that its authors' group maintains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import Codings, Names, as_codings, prepare_codings
from crosscase.agreement.spans.continuum import ONE_CODE, ONE_DOCUMENT
from crosscase.arguments import Seed, check_arguments
from crosscase.errors import CrosscaseError, Problem

#: It fits beside the pinned packages (tried with Python 3.11 to 3.13), but brings cvxopt, whose licence is the GPL, and
#: on macOS before 15 has no built cvxopt for Python 3.13. So it is asked for and not part of the environment.
INSTALL = 'run: python -m pip install "pygamma-agreement>=0.5" pyannote-core'


def gamma_agreement(
    codings: Codings,
    coders: Names = None,
    codes: Names = None,
    *,
    position: float = 1.0,
    category: float = 1.0,
    samples: int = 30,
    seed: Seed = 20210401,
) -> pd.DataFrame:
    """Gamma, document by document: aligns the spans of the coders and corrects for resampled annotations.

    The expected disorder is sampled, so gamma varies with the seed; only the observed disorder is exact. The cost
    grows steeply with the number of spans and coders. The package behind it may write solver messages.

    Parameters
    ----------
    codings : DataFrame
        `start, end, coder`, optionally `document` and `code`; spans may overlap.
    coders, codes : sequence of str, optional
        Who and what to compare.
    position, category : float
        Weights of differences in position and in code.
    samples : int
        Resampled annotations per document.
    seed : int
        Of the resampling.

    Returns
    -------
    DataFrame
        One row per document: `document, gamma, gamma_cat, observed_disorder, expected_disorder, n_coders, n_spans,
        samples, seed, reason`.

    Raises
    ------
    CrosscaseError
        Where the package `pygamma-agreement` is not installed; it says in one line how to install it.

    References
    ----------
    Mathet, Y., Widloecher, A. & Metivier, J.-P. (2015). The unified and holistic method gamma for inter-annotator
    agreement measure and alignment. Computational Linguistics 41, 437-479. doi:10.1162/COLI_a_00227
    Titeux, H. & Riad, R. (2021). pygamma-agreement. Journal of Open Source Software 6, 2989.
    doi:10.21105/joss.02989
    """
    check_arguments(gamma_agreement, locals())
    library, segment = _library()
    codings = as_codings(codings, {"document": ONE_DOCUMENT, "code": ONE_CODE})
    ready = prepare_codings(codings, coders, codes)
    people = list(coders) if coders is not None else sorted(codings["coder"].unique())
    state = np.random.get_state()
    rows = []
    try:
        for document, part in ready.codings.groupby("document", sort=True):
            np.random.seed(seed)
            head = {"document": document, "n_coders": int(part["coder"].nunique()), "n_spans": len(part)}
            found = _one(library, segment, part, people, position, category, samples)
            rows.append({**head, **found, "samples": samples, "seed": seed})
    finally:
        np.random.set_state(state)
    columns = ["document", "gamma", "gamma_cat", "observed_disorder", "expected_disorder", "n_coders", "n_spans",
               "samples", "seed", "reason"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _one(
    library: Any, segment: Any, part: pd.DataFrame, people: list[str], position: float, category: float, samples: int
) -> dict[str, Any]:
    undefined = dict.fromkeys(("gamma", "gamma_cat", "observed_disorder", "expected_disorder"), float("nan"))
    if part["coder"].nunique() < 2:
        return {**undefined, "reason": "document coded by one coder"}
    continuum = library.Continuum()
    for row in part.itertuples():
        if row.coder in people:
            continuum.add(str(row.coder), segment(float(row.start), float(row.end)), str(row.code))
    result = continuum.compute_gamma(
        library.CombinedCategoricalDissimilarity(alpha=position, beta=category), n_samples=samples
    )
    return {
        "gamma": float(result.gamma),
        "gamma_cat": float(result.gamma_cat),
        "observed_disorder": float(result.observed_disorder),
        "expected_disorder": float(result.expected_disorder),
        "reason": "",
    }


def _library() -> tuple[Any, Any]:
    try:
        import pygamma_agreement
        from pyannote.core import Segment
    except ImportError as error:
        raise CrosscaseError(
            Problem("gamma", "the package pygamma-agreement is installed", "no such package",
                    remedy=f"{INSTALL}, or use unitizing_family and boundary_similarity")
        ) from error  # fmt: skip
    return pygamma_agreement, Segment
