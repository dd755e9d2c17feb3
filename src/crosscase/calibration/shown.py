"""Results of the calibration in the form in which the book shows them."""

from __future__ import annotations

import pandas as pd

from crosscase.calibration.summary import need_columns, refuse_unknown, where_trusted

WORDS = {
    "bootstrap_documents": "Bootstrap, documents",
    "bootstrap_units": "Bootstrap, units",
    "linearised_documents": "Linearised, documents",
    "linearised_units": "Linearised, units",
}


def coverage_frame(table: pd.DataFrame, coefficient: str) -> pd.DataFrame:
    """Return the coverage of each interval by documents and prevalence, as a forest plot wants it.

    Parameters
    ----------
    table : DataFrame
        As `calibrate_agreement` returns it.
    coefficient : str
        One of the coefficients simulated.

    Returns
    -------
    DataFrame
        `code` (interval, documents and prevalence), `label, estimate` (mean coverage over designs), `low, high` (worst
        and best design), `n` (designs), `interval, n_documents, prevalence`.

    Raises
    ------
    CrosscaseError
        For a coefficient that was not simulated, and missing columns.

    Examples
    --------
    >>> table = pd.DataFrame({"coefficient": "gwet_ac1", "interval": "bootstrap_units", "n_documents": 3,
    ...                       "prevalence": 0.1, "coverage": [0.7, 0.9]})
    >>> coverage_frame(table, "gwet_ac1")[["label", "estimate", "low", "high", "n"]].round(2).values.tolist()
    [['Bootstrap, units: 3 documents, code on 10 %', 0.8, 0.7, 0.9, 2]]
    """
    keys = ["interval", "n_documents", "prevalence"]
    need_columns(table, [*keys, "coefficient", "coverage"])
    refuse_unknown("coefficient", [coefficient], table["coefficient"].unique())
    groups = table[table["coefficient"] == coefficient].groupby(keys)["coverage"]
    out = groups.agg(estimate="mean", low="min", high="max", n="size").reset_index()
    out["label"] = [
        f"{WORDS.get(interval, interval)}: {documents} documents, code on {100 * share:g} %"
        for interval, documents, share in out[keys].itertuples(index=False)
    ]
    return out.assign(code=out["label"])[["code", "label", "estimate", "low", "high", "n", *keys]]


def false_alarms(table: pd.DataFrame) -> pd.DataFrame:
    """Return how often each test finds a difference that is not there.

    Parameters
    ----------
    table : DataFrame
        As `calibrate_tests` returns it.

    Returns
    -------
    DataFrame
        One row per `question`, `test` and `n_codes`, with the columns of `where_trusted`: `lowest, highest` are shares
        of simulated studies without any difference in which the test rejects.

    Examples
    --------
    >>> table = pd.DataFrame({"question": "any", "test": "chi", "n_codes": 1, "measures": ["type-1 error", "power"],
    ...                       "rate": [0.4, 0.9], "n_undefined": 0, "n_simulations": 100, "words": "cannot be trusted"})
    >>> false_alarms(table)["highest"].tolist()
    [0.4]
    """
    need_columns(table, ["measures", "n_codes"])
    return where_trusted(table[table["measures"] == "type-1 error"], ["question", "test", "n_codes"])
