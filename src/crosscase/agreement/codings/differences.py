"""Where coders differ, segment by segment: missed, other code, other boundary, other valence."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.codings.clean import OVERALL, Codings, Names, Seen
from crosscase.agreement.codings.paired import KINDS, Laid, lay
from crosscase.agreement.measures.alpha import krippendorff_alpha
from crosscase.agreement.measures.chance import cohen_kappa, percent_agreement
from crosscase.arguments import check_arguments
from crosscase.frames import need

NOT_CODED = "(not coded)"
_SIDE = ("coder", "code", "start", "end", "valence", "locator", "coding_id")


def compare_segments(
    codings: Codings, coders: Names = None, codes: Names = None, *, judged: Seen = None, tolerance: int = 0
) -> pd.DataFrame:
    """Lay the codings of each pair of coders side by side: what agrees and what differs, and how.

    Two codings meet where they carry the same code and share a code point. A coding that meets none of the other
    coder's is an `other code` with each coding of the other coder over the same text that meets none either, else
    `missed`.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end, code, coder`, optionally `valence`, `locator`, `coding_id`; overlapping spans of one code
        by one coder are merged first.
    coders, codes : sequence of str, optional
        Who and what to compare.
    judged : DataFrame, optional
        `document, coder`; without it a coder judged the documents in which he or she coded anything. Only documents
        that both judged are compared.
    tolerance : int
        Code points by which a boundary may differ and still be the same.

    Returns
    -------
    DataFrame
        `segment, document, start, end, kind, coder_1, code_1, start_1, end_1, valence_1, locator_1, coding_id_1,
        coder_2, ..., coding_id_2, shared`: kind is `agreed` or one of `KINDS`; codings that meet get a row `agreed`, or
        a row for each of `other boundary` and `other valence` that holds. The side of a coder who missed it is empty.
        `segment` is a stable id made of document, offsets, coders and codes; `shared` counts shared code points.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y", "x"], "start": [0, 0, 9], "end": [4, 5, 12],
    ...                         "code": ["a", "a", "b"]})
    >>> more = pd.DataFrame([{"document": "d", "coder": "y", "start": 20, "end": 22, "code": "a"}])
    >>> codings = pd.concat([codings, more])
    >>> compare_segments(codings)[["kind", "code_1", "code_2"]].fillna("").values.tolist()
    [['other boundary', 'a', 'a'], ['missed', 'b', ''], ['missed', '', 'a']]
    """
    check_arguments(compare_segments, locals())
    found = lay(codings, coders, codes, judged=judged, tolerance=tolerance)
    return _listed(found, found.in_order(np.arange(len(found.kind))))


def disagreements(
    codings: Codings,
    coders: Names = None,
    codes: Names = None,
    *,
    judged: Seen = None,
    tolerance: int = 0,
    most: int | None = None,
) -> pd.DataFrame:
    """Table of the segments where coders differ, for the consensus meeting.

    Parameters
    ----------
    codings, coders, codes, judged, tolerance
        As in `compare_segments`.
    most : int, optional
        List only so many, the first in reading order; `disagreement_counts` counts all of them.

    Returns
    -------
    DataFrame
        The rows of `compare_segments` that are not `agreed`, with empty columns `decision, decided_on, reason` to be
        filled in.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": 0, "end": 4, "code": ["a", "b"]})
    >>> disagreements(codings)["kind"].tolist()
    ['other code']
    """
    check_arguments(disagreements, locals())
    found = lay(codings, coders, codes, judged=judged, tolerance=tolerance)
    table = _listed(found, found.in_order(found.differing(), most))
    return table.assign(decision=pd.NA, decided_on=pd.NA, reason=pd.NA)


def disagreement_counts(
    codings: Codings, coders: Names = None, codes: Names = None, *, judged: Seen = None, tolerance: int = 0
) -> pd.DataFrame:
    """Count the differences by kind and pair of coders (`coder_1, coder_2, kind, n`), without listing them.

    Arguments as in `compare_segments`; every kind has a row for every pair that differs anywhere.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": 0, "end": 4, "code": ["a", "b"]})
    >>> disagreement_counts(codings)["n"].tolist()
    [0, 1, 0, 0]
    """
    check_arguments(disagreement_counts, locals())
    found = lay(codings, coders, codes, judged=judged, tolerance=tolerance)
    rows = []
    for first, second in sorted({*zip(found.first.tolist(), found.second.tolist())}):
        pair = (found.first == first) & (found.second == second)
        counts = dict(zip(found.kinds, np.bincount(found.kind[pair], minlength=len(found.kinds)).tolist()))
        if any(counts[kind] for kind in KINDS):
            rows += [(found.coders[first], found.coders[second], kind, counts[kind]) for kind in KINDS]
    return pd.DataFrame(rows, columns=["coder_1", "coder_2", "kind", "n"]).astype({"n": "int64"})


def confusion(codings: Codings, coders: Names = None, codes: Names = None, *, judged: Seen = None) -> pd.DataFrame:
    """Which codes coders take for each other: pairs of codings by code and code.

    Arguments as in `compare_segments`.

    Returns
    -------
    DataFrame
        `code_1, code_2, n_pairs, shared, share`, order of coders ignored (`code_1` before `code_2`): the same code
        where codings meet, two codes where one coder put the one and the other coder the other, `(not coded)` where
        one coder missed it. `shared` counts code points, `share` is of all pairs of `code_1`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": 0, "end": 4, "code": ["a", "b"]})
    >>> confusion(codings)[["code_1", "code_2", "n_pairs"]].values.tolist()
    [['a', 'b', 1]]
    """
    check_arguments(confusion, locals())
    found = lay(codings, coders, codes, judged=judged)
    code, names = pd.factorize(found.rows["code"], sort=True)
    none = len(names)
    sides = [np.where(side >= 0, code[side], none)[~found.again] for side in (found.one, found.two)]
    pair = np.minimum(*sides) * (none + 1) + np.maximum(*sides)
    size = (none + 1) ** 2
    n_pairs, shared = np.bincount(pair, minlength=size), np.bincount(pair, found.shared[~found.again], minlength=size)
    there = np.flatnonzero(n_pairs)
    low, high = np.divmod(there, none + 1)
    labels = np.array([*names, NOT_CODED], dtype=object)
    out = pd.DataFrame({"code_1": labels[low], "code_2": labels[high]}).astype("str")
    out["n_pairs"], out["shared"] = n_pairs[there], shared[there].astype(np.int64)
    every = np.bincount(low, out["n_pairs"], none + 1) + np.bincount(
        high, np.where(low == high, 0, out["n_pairs"]), none + 1
    )
    out["share"] = out["n_pairs"] / every[low]
    return out.sort_values(["code_1", "code_2"], ignore_index=True)


def confusion_frame(table: pd.DataFrame, most: int = 16) -> pd.DataFrame:
    """Return the codes on which coders differ most as the confusion map is drawn: `code_a, code_b, n`, each pair once.

    `table` is the answer of `confusion`; at most `most` codes, those with most pairs in which the other coder gave
    another code or none. `(not coded)` is a code_b like any other.

    Examples
    --------
    >>> table = pd.DataFrame({"code_1": ["a", "a", "c"], "code_2": ["a", "b", "c"], "n_pairs": [5, 2, 9]})
    >>> confusion_frame(table).values.tolist()
    [['a', 'a', 5], ['a', 'b', 2]]
    """
    check_arguments(confusion_frame, locals())
    need(table, ["code_1", "code_2", "n_pairs"], "table")
    apart = table[table["code_1"] != table["code_2"]]
    ends = pd.concat([apart.set_index(side)["n_pairs"] for side in ("code_1", "code_2")])
    by_code = ends[ends.index != NOT_CODED].groupby(level=0).sum()
    total = by_code.sort_index(key=lambda names: names.astype(str)).sort_values(ascending=False, kind="stable")
    chosen = {*total.head(most).index, NOT_CODED}
    kept = table[table["code_1"].isin(chosen) & table["code_2"].isin(chosen)]
    names = {"code_1": "code_a", "code_2": "code_b", "n_pairs": "n"}
    return kept.rename(columns=names)[[*names.values()]].reset_index(drop=True)


def valence_agreement(
    codings: Codings, coders: Names = None, codes: Names = None, *, judged: Seen = None
) -> pd.DataFrame:
    """Agreement on the valence of codings whose code both coders gave.

    Arguments as in `compare_segments`; `valence` is required in the codings.

    Returns
    -------
    DataFrame
        One row per code and `(all codes)`: `code, n_pairs, n_without_valence, percent_agreement, cohen_kappa,
        krippendorff_alpha, reason`. Each pair of codings that meet counts once; pairs where a valence is missing are
        left out and counted. With more than two coders the pairs of all coders are put together.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "coder": ["x", "y"], "start": [0, 0], "end": [4, 4], "code": "a",
    ...                         "valence": ["promotes", "inhibits"]})
    >>> valence_agreement(codings)[["code", "n_pairs", "percent_agreement"]].values.tolist()
    [['a', 1, 0.0], ['(all codes)', 1, 0.0]]
    """
    check_arguments(valence_agreement, locals())
    found = lay(codings, coders, codes, judged=judged)
    rows = found.rows
    places = np.flatnonzero((found.shared > 0) & ~found.again)
    places = places[rows["code"].to_numpy()[found.one[places]] == rows["code"].to_numpy()[found.two[places]]]
    valence = rows["valence"].astype("string")
    met = pd.DataFrame(
        {f"valence_{n}": valence.iloc[side[places]].array for n, side in ((1, found.one), (2, found.two))}
    )
    by_code = dict(iter(met.groupby(rows["code"].to_numpy()[found.one[places]])))
    names = sorted(by_code) if codes is None else list(codes)
    out: list[dict[str, Any]] = []
    for code, part in [*((code, by_code.get(code, met.iloc[:0])) for code in names), (OVERALL, met)]:
        pair = part[["valence_1", "valence_2"]].astype(object)
        known = pair[pair.notna().all(axis=1)]
        row: dict[str, Any] = {"code": code, "n_pairs": len(known), "n_without_valence": len(pair) - len(known)}
        coefficients = [
            each(known) if len(known) else None for each in (percent_agreement, cohen_kappa, krippendorff_alpha)
        ]
        for name, value in zip(("percent_agreement", "cohen_kappa", "krippendorff_alpha"), coefficients):
            row[name] = float("nan") if value is None else value.value
        row["reason"] = coefficients[2].reason if coefficients[2] is not None else "no pair of codings with valence"
        out.append(row)
    return pd.DataFrame(out)


_COLUMNS = ["segment", "document", "start", "end", "kind", *(f"{name}_1" for name in _SIDE),
            *(f"{name}_2" for name in _SIDE), "shared"]  # fmt: skip


def _listed(found: Laid, places: np.ndarray) -> pd.DataFrame:
    """Write findings out as a table, in the order given."""
    names, kinds = np.array(found.coders, dtype=object), found.kinds
    out = pd.DataFrame({"kind": kinds[found.kind[places]], "shared": found.shared[places].astype(np.int64)})
    for side, rows, coder in ((1, found.one, found.first), (2, found.two, found.second)):
        taken = found.rows.reindex(rows[places]).reset_index(drop=True)
        for name in _SIDE:
            kept = pd.Series(names[coder[places]], dtype=object) if name == "coder" else taken[name]
            out[f"{name}_{side}"] = kept.astype("Int64") if name in ("start", "end") else kept.astype("string")
        out[f"document_{side}"] = taken["document"].astype("string")
    out["document"] = out.pop("document_1").fillna(out.pop("document_2"))
    out["start"] = out[["start_1", "start_2"]].min(axis=1).astype("Int64")
    out["end"] = out[["end_1", "end_2"]].max(axis=1).astype("Int64")
    marks = [
        f"{document}:{_mark(start_1, end_1, coder_1, code_1)}:{_mark(start_2, end_2, coder_2, code_2)}"
        for document, start_1, end_1, coder_1, code_1, start_2, end_2, coder_2, code_2 in out[
            ["document", "start_1", "end_1", "coder_1", "code_1", "start_2", "end_2", "coder_2", "code_2"]
        ].itertuples(index=False)
    ]
    out["segment"] = pd.Series(marks, dtype="string")
    return out[_COLUMNS]


def _mark(start: Any, end: Any, coder: str, code: Any) -> str:
    return f"{coder}=-" if pd.isna(start) else f"{coder}={code}@{start}-{end}"
