"""What codes are counted over: the documents of a study, or the paragraphs of a single published text."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need
from crosscase.ids import join, split
from crosscase.saturation.coverage import accumulation, too_thin
from crosscase.saturation.curves import code_curve, rarefaction
from crosscase.saturation.stance import stance_allows
from crosscase.saturation.summary import group_presence
from crosscase.saturation.units import presence_table

UNITS = ("document", "paragraph")
WITHIN = "paragraphs of one published text"
#: draws behind the band of the extrapolated curve
RESAMPLES = 200
CURVE = ["units", "codes", "part", "low", "high", "n_units", "group"]


@dataclass(frozen=True)
class Sampling:
    """Units in the order in which they came, the codings in them, and why nothing may be counted where so."""

    codings: pd.DataFrame  # with column `sampled`: the unit of each coding
    order: pd.DataFrame  # `unit, order, case, role, ordered_by`
    noun: str  # what the units are, in words
    reason: str  # why nothing is counted; empty where it is
    uncoded: int = 0  # documents that nobody has coded, which do not count

    @property
    def groups(self) -> list[str]:
        """Whether units are known by case and by role."""
        return [name for name in ("case", "role") if self.order[name].notna().any()]

    def presence(self) -> pd.DataFrame:
        """Units by codes, units in order."""
        return presence_table(self.codings, self.order, unit="sampled")


def sampling_order(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents in the order of collection: by date where every document has one, else as listed.

    `unit, order, case, role, ordered_by`.
    """
    check_arguments(sampling_order, locals())
    need(documents, ["document", "date", "case", "role"], "documents")
    dated = bool(documents["date"].notna().all()) and len(documents) > 0
    ordered = documents.sort_values("date", kind="stable") if dated else documents
    return pd.DataFrame(
        {
            "unit": ordered["document"].to_numpy(),
            "order": range(1, len(ordered) + 1),
            "case": ordered["case"].to_numpy(),
            "role": ordered["role"].to_numpy(),
            "ordered_by": "date of collection" if dated else "order of the table documents; dates are missing",
        }
    )


def sampled_over(
    codings: pd.DataFrame, documents: pd.DataFrame, units: pd.DataFrame, stance: str, unit: str = "document"
) -> Sampling:
    """Say over what codes are counted in a study, and whether its stance and its material allow it.

    Parameters
    ----------
    codings : DataFrame
        Codings of one coder or one round: `document, code, case, role, paragraph`.
    documents : DataFrame
        Table `documents`.
    units : DataFrame
        Table `units`: `document, kind, unit`.
    stance : str
        Analytic stance of the study.
    unit : {"document", "paragraph"}
        Documents count from their first coding on: one that nobody has coded yet says nothing about codes that are not
        in it. Paragraphs are for a study of one document only, and then show how codes gather within that text; they
        say nothing about the interviews behind it.

    Returns
    -------
    Sampling

    Raises
    ------
    CrosscaseError
        For an unknown unit.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "code": ["a", "b"], "case": None, "role": None, "paragraph": [1, 2]})
    >>> documents = pd.DataFrame({"document": ["d"], "date": None, "case": None, "role": None})
    >>> units = pd.DataFrame({"document": "d", "kind": "paragraph", "unit": ["1", "2"]})
    >>> sampled_over(codings, documents, units, "codebook").reason
    'one document only; saturation is counted over documents and needs several'
    >>> sampled_over(codings, documents, units, "codebook", "paragraph").presence().sum(axis=1).tolist()
    [1, 1]
    """
    check_arguments(sampled_over, locals())
    need(codings, ["document"], "codings")
    need(documents, ["document", "date", "case", "role"], "documents")
    if unit not in UNITS:
        raise CrosscaseError(Problem("unit", "what codes are counted over", repr(unit), ", ".join(UNITS)))
    allowed, why = stance_allows(stance)
    if unit == "document":
        coded = documents["document"].isin(codings["document"])
        order = sampling_order(documents[coded])
        lacking = f"{_count(len(order))} only; saturation is counted over documents and needs several"
        if not coded.all():
            lacking = (
                f"{len(order) or 'none'} of {len(documents)} documents is coded; saturation needs several that are"
            )
        reason = why if not allowed else "" if len(order) > 1 else lacking
        return Sampling(codings.assign(sampled=codings["document"]), order, "documents", reason, int((~coded).sum()))
    rows = codings[codings["paragraph"].notna()]
    rows = rows.assign(sampled=rows["document"] + " " + rows["paragraph"].astype("Int64").astype("string"))
    order = _paragraphs(rows, units)
    reason = why if not allowed else ""
    if not reason and len(documents) > 1:
        reason = "the study has several documents, over which it is counted; within one text it would say less"
    if not reason and len(order) < 2:
        reason = "fewer than two paragraphs are known"
    return Sampling(rows[rows["sampled"].isin(order["unit"])], order, WITHIN, reason)


def curves(over: Sampling, by: str | None = None) -> pd.DataFrame:
    """Return the curves of codes over units: in the real order, in any order, and with as many units again.

    Parameters
    ----------
    over : Sampling
        What codes are counted over.
    by : {"case", "role"}, optional
        A curve for each group of at least two units instead of one for all.

    Returns
    -------
    DataFrame
        One row per number of units and curve: `units, codes, part` (`real`, `rarefied`, `extrapolated`), `low, high`
        (of the rarefied curve what the order of these units alone changes, of the extrapolated one how uncertain the
        number of further codes is, by resampling; none where the units cover next to nothing), `n_units, group`. Empty
        where nothing may be counted.
    """
    check_arguments(curves, locals())
    if over.reason or (by is not None and by not in over.groups):
        return pd.DataFrame(columns=CURVE)
    presence = over.presence()
    parts = {"": presence} if by is None else group_presence(presence, over.order, by=by)
    frames = [_curve(part).assign(group=name) for name, part in parts.items() if len(part) > 1 and part.any(axis=None)]
    return pd.concat(frames, ignore_index=True)[CURVE] if frames else pd.DataFrame(columns=CURVE)


def _curve(presence: pd.DataFrame) -> pd.DataFrame:
    real = code_curve(presence)[["position", "cumulative"]].set_axis(["units", "codes"], axis=1)
    bounds = {"conditional_low": "low", "conditional_high": "high"}
    rarefied = rarefaction(presence).rename(columns=bounds)[["units", "codes", "low", "high"]]
    ahead = range(len(presence), 2 * len(presence) + 1)
    found = presence.to_numpy().sum(axis=0)
    further = accumulation(found, len(presence), ahead, n_resamples=RESAMPLES)
    known = further["codes"].notna() & (too_thin(found, len(presence)) == "")
    further = further.loc[known, ["units", "codes", "low", "high"]]
    parts = {"rarefied": rarefied, "real": real, "extrapolated": further}
    return pd.concat([part.assign(part=name) for name, part in parts.items()]).assign(n_units=len(presence))


def _paragraphs(rows: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Return the paragraphs in reading order with the cases and roles that their codings name."""
    blocks = units.loc[units["kind"] == "paragraph", ["document", "unit"]]
    names = blocks["document"] + " " + blocks["unit"].astype("string")
    named = {column: _joined(rows, column) for column in ("case", "role")}
    columns = {column: names.map(values).to_numpy() for column, values in named.items()}
    order = pd.DataFrame({"unit": names.to_numpy(), "order": range(1, len(names) + 1), **columns})
    return order.assign(ordered_by="reading order")


def _joined(rows: pd.DataFrame, column: str) -> pd.Series:
    """Return for each sampled unit the ids that a column of its codings names, each once, joined; null where none."""
    found: dict[str, set[str]] = {}
    for unit, cell in zip(rows["sampled"], rows[column]):
        ids = found.setdefault(unit, set())
        if pd.notna(cell):
            ids.update(part for part in split(cell) if part)
    return pd.Series({unit: join(sorted(ids)) or None for unit, ids in found.items()})


def _count(n: int) -> str:
    return "one document" if n == 1 else "no document"
