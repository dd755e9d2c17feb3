"""What calibrations share: a seed for each design, and the summary in words of where an interval holds."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from crosscase.errors import Problem, raise_if
from crosscase.frames import need

Each = Callable[[Callable[[Any], pd.DataFrame], Iterable[Any]], Iterable[pd.DataFrame]]


def design_seed(seed: int, design: Mapping[str, Any]) -> int:
    """Give a design a seed of its own, which depends on nothing but the main seed and the design's settings.

    A row of a calibration can so be simulated again alone, whatever other designs stood beside it.

    Parameters
    ----------
    seed : int
        Main seed.
    design : mapping
        Settings; numbers, texts and lists of them.

    Returns
    -------
    int
        Below 2^32.

    Examples
    --------
    >>> design_seed(1, {"n_units": 20, "prevalence": 0.1}) == design_seed(1, {"prevalence": 0.1, "n_units": 20})
    True
    """
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in design.items()}
    mark = zlib.crc32(json.dumps(plain, sort_keys=True).encode())
    return int(np.random.SeedSequence([seed, mark]).generate_state(1)[0])


def refuse_unknown(place: str, asked: Iterable[str], known: Iterable[str]) -> None:
    """Raise one error with every name that is not known."""
    allowed = list(known)
    problems = [Problem(place, "a known name", repr(name), ", ".join(allowed)) for name in asked if name not in allowed]
    raise_if(problems)


def need_columns(designs: pd.DataFrame, columns: Iterable[str]) -> None:
    """Raise one error with every column that a table of designs lacks."""
    need(designs, columns, "designs")


def where_trusted(table: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Summarise over designs how far each interval, or each test, can be trusted.

    Parameters
    ----------
    table : DataFrame
        As `calibrate_agreement`, `calibrate_saturation` or `calibrate_tests` returns it.
    by : list of str
        Columns to group by, for example `["coefficient", "interval", "n_documents"]`.

    Returns
    -------
    DataFrame
        The groups, `n_designs, n_not_trusted, lowest, highest` (coverage or rejection rate over the designs where it
        is defined), `most_undefined` (largest share of simulations without a result), `words`. Rows on power are
        left out.

    Raises
    ------
    CrosscaseError
        For unknown columns.

    Examples
    --------
    >>> table = pd.DataFrame({"interval": ["a", "a"], "coverage": [0.80, 0.95], "n_undefined": [0, 10],
    ...     "n_simulations": [100, 100], "words": ["cannot be trusted: too narrow", "as good as it says"]})
    >>> where_trusted(table, ["interval"])["words"].tolist()
    ['in 1 of 2 designs not to be trusted; right in .80 to .95 of the simulations; up to 10 % undefined']
    """
    refuse_unknown("by", by, table.columns)
    value, verb = ("coverage", "right") if "coverage" in table else ("rate", "rejects")
    kept = table[table["measures"].ne("power")] if "measures" in table else table
    rows = []
    for key, part in kept.groupby(by, sort=False, dropna=False):
        bad = int(part["words"].str.startswith("cannot be trusted").sum())
        low, high = float(part[value].min()), float(part[value].max())
        lost = float((part["n_undefined"] / part["n_simulations"]).max())
        of = f"{len(part)} design" + ("s" if len(part) != 1 else "")
        words = f"in {bad} of {of} not to be trusted" if bad else f"can be trusted in {len(part)} of {of}"
        if not np.isnan(low):
            words += f"; {verb} in {_share(low)} to {_share(high)} of the simulations"
        words += f"; up to {f'{100 * lost:.0f} %' if lost >= 0.01 else 'under 1 %'} undefined" if lost else ""
        rows.append(
            dict(zip(by, key))
            | {"n_designs": len(part), "n_not_trusted": bad, "lowest": low, "highest": high}
            | {"most_undefined": lost, "words": words}
        )
    columns = [*by, "n_designs", "n_not_trusted", "lowest", "highest", "most_undefined", "words"]
    return pd.DataFrame(rows, columns=columns)


def _share(value: float) -> str:
    return f"{value:.2f}".lstrip("0") if value < 1 else "1"
