"""Where coders differ, segment by segment: missed, other code, other boundary, other valence."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.alpha import krippendorff_alpha
from crosscase.agreement.cleaning import prepare_codings
from crosscase.agreement.nominal import cohen_kappa, percent_agreement
from crosscase.agreement.overlap import overlapping_pairs

KINDS = ("missed", "other code", "other boundary", "other valence")
NONE = "(not coded)"
_SIDE = ("coder", "code", "start", "end", "valence", "locator", "coding_id")


def compare_segments(
    codings: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    *,
    judged: pd.DataFrame | None = None,
    tolerance: int = 0,
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
    ready = prepare_codings(codings, coders, codes)
    seen = ready.seen if judged is None else judged
    people = list(coders) if coders is not None else sorted(codings["coder"].unique())
    rows = ready.codings.copy()
    for name in ("valence", "locator", "coding_id"):
        if name not in rows:
            rows[name] = pd.NA
    frames = []
    for first, second in combinations(people, 2):
        both = set(seen.loc[seen["coder"] == first, "document"]) & set(seen.loc[seen["coder"] == second, "document"])
        part = rows[rows["document"].isin(both)]
        sides = [part[part["coder"] == name].reset_index(drop=True) for name in (first, second)]
        frames.append(_compare(sides[0], sides[1], first, second, tolerance))
    if not frames:
        return pd.DataFrame(columns=_COLUMNS)
    out = pd.concat(frames, ignore_index=True)
    order = ["document", "start", "end", "coder_1", "coder_2", "code_1", "code_2", "kind"]
    return out.sort_values(order, kind="stable", ignore_index=True)


def disagreements(
    codings: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    *,
    judged: pd.DataFrame | None = None,
    tolerance: int = 0,
) -> pd.DataFrame:
    """Table of the segments where coders differ, for the consensus meeting.

    Parameters
    ----------
    codings, coders, codes, judged, tolerance
        As in `compare_segments`.

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
    table = compare_segments(codings, coders, codes, judged=judged, tolerance=tolerance)
    table = table[table["kind"] != "agreed"].reset_index(drop=True)
    return table.assign(decision=pd.NA, decided_on=pd.NA, reason=pd.NA)


def confusion(
    codings: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    *,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Which codes coders take for each other: pairs of codings by code and code.

    Parameters
    ----------
    codings, coders, codes, judged
        As in `compare_segments`.

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
    table = compare_segments(codings, coders, codes, judged=judged)
    table = table.drop_duplicates("segment")
    pair = table[["code_1", "code_2"]].fillna("").to_numpy(dtype=object)
    low = [min(filter(None, names)) for names in pair]
    high = [max(names) if all(names) else NONE for names in pair]
    frame = pd.DataFrame({"code_1": low, "code_2": high, "shared": table["shared"].to_numpy()})
    out = frame.groupby(["code_1", "code_2"], as_index=False).agg(n_pairs=("shared", "size"), shared=("shared", "sum"))
    out = out[["code_1", "code_2", "n_pairs", "shared"]]
    all_pairs = pd.concat([frame["code_1"], frame.loc[frame["code_1"] != frame["code_2"], "code_2"]]).value_counts()
    out["share"] = out["n_pairs"] / out["code_1"].map(all_pairs)
    return out


def valence_agreement(
    codings: pd.DataFrame,
    coders: Sequence[str] | None = None,
    codes: Sequence[str] | None = None,
    *,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Agreement on the valence of codings whose code both coders gave.

    Parameters
    ----------
    codings, coders, codes, judged
        As in `compare_segments`; `valence` is required in the codings.

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
    table = compare_segments(codings, coders, codes, judged=judged)
    met = table[(table["shared"] > 0) & (table["code_1"] == table["code_2"])].drop_duplicates("segment")
    names = sorted(met["code_1"].unique()) if codes is None else list(codes)
    rows = []
    for code, part in [*((code, met[met["code_1"] == code]) for code in names), ("(all codes)", met)]:
        pair = part[["valence_1", "valence_2"]].astype(object)
        known = pair[pair.notna().all(axis=1)]
        row: dict[str, Any] = {"code": code, "n_pairs": len(known), "n_without_valence": len(pair) - len(known)}
        found = [each(known) if len(known) else None for each in (percent_agreement, cohen_kappa, krippendorff_alpha)]
        for name, value in zip(("percent_agreement", "cohen_kappa", "krippendorff_alpha"), found):
            row[name] = float("nan") if value is None else value.value
        row["reason"] = found[2].reason if found[2] is not None else "no pair of codings with valence"
        rows.append(row)
    return pd.DataFrame(rows)


_COLUMNS = ["segment", "document", "start", "end", "kind", *(f"{name}_1" for name in _SIDE),
            *(f"{name}_2" for name in _SIDE), "shared"]  # fmt: skip


def _compare(one: pd.DataFrame, two: pd.DataFrame, first: str, second: str, tolerance: int) -> pd.DataFrame:
    a, b, shared = _overlaps(one, two)
    same = one["code"].to_numpy()[a] == two["code"].to_numpy()[b]
    met_a, met_b = np.isin(np.arange(len(one)), a[same]), np.isin(np.arange(len(two)), b[same])
    boundary = np.zeros(len(a), dtype=bool)
    for name in ("start", "end"):
        boundary |= np.abs(one[name].to_numpy()[a] - two[name].to_numpy()[b]) > tolerance
    v_a, v_b = (side["valence"].astype("string") for side in (one, two))
    valence = (v_a.iloc[a].reset_index(drop=True) != v_b.iloc[b].reset_index(drop=True)).fillna(False).to_numpy(bool)
    swapped = ~same & ~met_a[a] & ~met_b[b]
    lone_a = np.flatnonzero(~met_a & ~np.isin(np.arange(len(one)), a[swapped]))
    lone_b = np.flatnonzero(~met_b & ~np.isin(np.arange(len(two)), b[swapped]))
    nobody = np.full(len(lone_a), -1), np.full(len(lone_b), -1)
    parts = [
        ("agreed", a, b, shared, same & ~boundary & ~valence),
        ("other boundary", a, b, shared, same & boundary),
        ("other valence", a, b, shared, same & valence),
        ("other code", a, b, shared, swapped),
        ("missed", lone_a, nobody[0], np.zeros(len(lone_a), int), np.ones(len(lone_a), bool)),
        ("missed", nobody[1], lone_b, np.zeros(len(lone_b), int), np.ones(len(lone_b), bool)),
    ]
    frames = [
        _rows(kind, one, two, x[chosen], y[chosen], count[chosen], first, second) for kind, x, y, count, chosen in parts
    ]
    return pd.concat(frames, ignore_index=True)


def _overlaps(one: pd.DataFrame, two: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    names = pd.Index(pd.concat([one["document"], two["document"]]).unique())
    stride = int(max(one["end"].max() if len(one) else 0, two["end"].max() if len(two) else 0)) + 1
    offsets = [
        side[name].to_numpy(np.int64) + names.get_indexer(side["document"]) * stride
        for side in (one, two)
        for name in ("start", "end")
    ]
    return overlapping_pairs(*offsets)


def _rows(
    kind: str,
    one: pd.DataFrame,
    two: pd.DataFrame,
    a: np.ndarray,
    b: np.ndarray,
    shared: np.ndarray,
    first: str,
    second: str,
) -> pd.DataFrame:
    out = pd.DataFrame({"kind": [kind] * len(a), "shared": shared.astype(np.int64)})
    for side, rows, place, coder in ((1, one, a, first), (2, two, b, second)):
        taken = rows.reindex(place).reset_index(drop=True)
        for name in _SIDE:
            kept = pd.Series([coder] * len(a)) if name == "coder" else taken[name]
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
