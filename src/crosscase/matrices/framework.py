"""The framework matrix: per case and theme a summary in own words, with the segments it rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, one_row, ordered
from crosscase.ids import split, split_rows
from crosscase.matrices.given import pick_coder
from crosscase.matrices.themes import ancestry, theme_matrix


def segments_hash(codings: pd.DataFrame) -> str:
    """Fingerprint of a set of segments: changes when a segment is added, removed, moved or recoded.

    Parameters
    ----------
    codings : DataFrame
        `document, start, end` and, where present, `code` and `theme`; the order of the rows does not matter.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits.

    Examples
    --------
    >>> segments_hash(pd.DataFrame({"document": ["d"], "start": [0], "end": [9]}))[:8]
    '21e823c8'
    """
    check_arguments(segments_hash, locals())
    need(codings, ["document", "start", "end"], "codings")
    columns = [c for c in ("document", "start", "end", "code", "theme") if c in codings]
    lines = sorted(
        {
            "\t".join("" if pd.isna(item) else str(item) for item in row)
            for row in codings[columns].astype(object).itertuples(index=False, name=None)
        }
    )
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def framework_matrix(
    codings: pd.DataFrame,
    cases: pd.DataFrame,
    themes: pd.DataFrame,
    summaries: pd.DataFrame | None = None,
    coder: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Chart cases against themes: summary, segments, state, and whether the segments changed since the summary.

    Parameters
    ----------
    codings : DataFrame
        As for `theme_matrix`.
    cases, themes : DataFrame
        Tables of cases and themes.
    summaries : DataFrame, optional
        `case, theme, summary, segments_hash` (fingerprint of the cell's segments when the summary was written; null
        where it was not kept), one row per cell; further columns (author, date) are carried along.
    coder : str or iterable of str, optional
        Restrict to these coders.

    Returns
    -------
    DataFrame
        The columns of `theme_matrix` plus `summary, filled` (a summary is there), `current_hash`, `segments_hash`
        (the stored one), `stale` (True where the fingerprint differs; null where there is no summary or no stored
        fingerprint) and `stale_reason`.

    Raises
    ------
    CrosscaseError
        For summaries of cases or themes that do not exist, and two summaries of one cell.

    References
    ----------
    Gale, N. K., et al. (2013). Using the framework method for the analysis of qualitative data in
    multi-disciplinary health research. BMC Medical Research Methodology 13, 117. doi:10.1186/1471-2288-13-117

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["c1"], "document": ["d"], "start": [0], "end": [4], "case": ["a"],
    ...                         "theme": ["t"], "coder": ["x"], "valence": ["na"]})
    >>> cases = pd.DataFrame({"case": ["a"], "kind": ["case"], "coverage": ["partial"]})
    >>> themes = pd.DataFrame({"theme": ["t"], "parent": [None]})
    >>> told = pd.DataFrame({"case": ["a"], "theme": ["t"], "summary": ["Trust grew."], "segments_hash": ["old"]})
    >>> framework_matrix(codings, cases, themes, told)[["case", "theme", "summary", "stale"]]
      case theme      summary  stale
    0    a     t  Trust grew.   True
    """
    check_arguments(framework_matrix, locals())
    cells = theme_matrix(codings, themes, cases=cases, coder=coder)
    lines = ancestry(themes)
    frame = split_rows(pick_coder(codings, coder), "theme").dropna(subset="theme")
    frame = frame.assign(cell_theme=frame["theme"].map(lambda theme: lines[str(theme)])).explode("cell_theme")
    hashes = {key: segments_hash(part) for key, part in frame.groupby(["case", "cell_theme"], dropna=False)}
    keyed = {(None if pd.isna(case) else case, theme): value for (case, theme), value in hashes.items()}
    empty = segments_hash(frame.iloc[:0])
    keys = [(None if pd.isna(case) else case, theme) for case, theme in zip(cells["case"], cells["theme"])]
    cells["current_hash"] = [keyed.get(key, empty) for key in keys]
    told = _check_summaries(summaries, cells)
    extra = [column for column in told if column not in ("case", "theme")]
    told = told.assign(case=told["case"].astype(object), theme=told["theme"].astype(object))
    cells = cells.assign(theme=cells["theme"].astype(object)).merge(told, how="left", on=["case", "theme"])
    cells["filled"] = cells["summary"].notna() & cells["summary"].astype("string").str.strip().ne("").fillna(False)
    known_hash = cells["filled"] & cells["segments_hash"].notna()
    changed = cells["segments_hash"].ne(cells["current_hash"])
    cells["stale"] = changed.where(known_hash).astype("boolean")
    cells["stale_reason"] = ""
    cells.loc[cells["filled"] & ~known_hash, "stale_reason"] = "no fingerprint was kept with the summary"
    cells.loc[known_hash & changed, "stale_reason"] = "the segments of this cell changed since it was summarised"
    order = [c for c in cells if c not in (*extra, "filled", "current_hash", "stale", "stale_reason")]
    rest = [column for column in extra if column not in ("summary", "segments_hash")]
    return cells[[*order, "summary", "filled", "current_hash", "segments_hash", "stale", "stale_reason", *rest]]


def framework_chart(matrix: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Return the `framework_matrix` as a chart to read: each cell's summary, or what is noted of its segments.

    `case, theme, state, k, n, n_segments, text, written` (`summary`, `paraphrases` or `coder's notes`; empty where the
    cell is), `stale, segments`; cells about which nothing is known or written are left out. Of a segment the column
    `paraphrase` of the codings is shown where they have it, else `memo`, the note of the coder.
    """
    check_arguments(framework_chart, locals())
    need(
        matrix,
        ["case", "theme", "state", "k", "n", "n_segments", "segments", "group_segments", "summary", "filled", "stale"],
        "matrix",
    )
    need(codings, ["coding_id", "memo"], "codings")
    one_row(codings, "coding_id", "codings")
    told = codings.set_index("coding_id")
    own_words = told["paraphrase"].dropna() if "paraphrase" in told else pd.Series(dtype=object)
    memos = {**told["memo"].dropna(), **own_words}
    known = matrix["state"].ne("not_stated") | matrix["filled"].fillna(False).astype(bool)
    chart = matrix[known & matrix["case"].notna()].copy()
    own, group = (chart[name].astype(object).fillna("") for name in ("segments", "group_segments"))
    listed = own.where(own.ne(""), group)
    notes = ["; ".join(dict.fromkeys(memos[name] for name in split(ids) if name in memos)) for ids in listed]
    chart["segments"] = listed
    chart["text"] = chart["summary"].astype("object").where(chart["filled"], notes)
    kinds = ["paraphrases" if set(split(ids)) & set(own_words.index) else "coder's notes" for ids in listed]
    written = pd.Series("summary", index=chart.index, dtype=object).where(chart["filled"], kinds)
    chart["written"] = written.where(chart["text"].fillna("").ne(""), "")
    columns = ["case", "theme", "state", "k", "n", "n_segments", "text", "written", "stale", "segments"]
    return chart[columns].reset_index(drop=True)


def _check_summaries(summaries: pd.DataFrame | None, cells: pd.DataFrame) -> pd.DataFrame:
    if summaries is None:
        return pd.DataFrame(columns=["case", "theme", "summary", "segments_hash"], dtype=object)
    need(summaries, ["case", "theme", "summary"], "summaries")
    out = summaries.copy()
    if "segments_hash" not in out:
        out["segments_hash"] = pd.NA
    out = out.drop(columns=[column for column in cells if column in out and column not in ("case", "theme")])
    cases, themes = set(ordered(cells["case"])), set(ordered(cells["theme"]))
    problems = [
        Problem(f"summaries, {name} {item!r}", f"the {name} must exist", remedy=f"correct the {name} or add it")
        for name, have in (("case", cases), ("theme", themes))
        for item in ordered(out[name])
        if item not in have
    ]
    doubled = out[out.duplicated(["case", "theme"])]
    problems += [
        Problem(f"summaries, case {case!r}, theme {theme!r}", "one summary per cell", "two", remedy="join them")
        for case, theme in zip(doubled["case"], doubled["theme"])
    ]
    raise_if(problems)
    return out
