"""Comparisons straight from the tables of a study: what they carry, and the reason where they are too thin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from crosscase.comparison.displays import case_ordered, cell_text, contrast_table, effects_matrix, time_ordered
from crosscase.comparison.exact import high_low
from crosscase.comparison.logic import pattern_matching, similar_pairs
from crosscase.comparison.nulls import LEAST, co_occurrence_null
from crosscase.comparison.permutation import compare_roles, unit_labels, unit_values
from crosscase.comparison.results import ALPHA, result_frame
from crosscase.frames import need
from crosscase.ids import join

NO_PARTICIPANT = "no document names its participant: segments of unknown speakers are no units that may be exchanged"
ONE_ROLE = "fewer than two participants with one role and one case each"
NO_CONTRAST = "no two cases with different stated outcomes: there is nothing to contrast"
NO_PROPOSITION = "the study states no proposition in advance: nothing was predicted, so nothing can match"
WHOLE = "study_as_a_whole"
EXCHANGES = 40_000_000  # tried at most where codes are dealt out again and again: about a minute


def role_comparison(
    codings: pd.DataFrame, documents: pd.DataFrame, *, n_permutations: int = 9999, seed: int = 1
) -> pd.DataFrame:
    """Compare roles within cases where documents name their participants; otherwise say why it cannot be done.

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, code, case, role`.
    documents : pandas.DataFrame
        `document, participant`, optionally `role, case` of that participant.
    n_permutations, seed : int
        As for `compare_roles`.

    Returns
    -------
    pandas.DataFrame
        As `compare_roles`; one row `all codes` with its `reason` where there is nothing to exchange.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d"], "code": ["trust"], "case": ["a"], "role": ["nurse"]})
    >>> documents = pd.DataFrame({"document": ["d"], "participant": [None]})
    >>> role_comparison(codings, documents)["subject"].tolist()
    ['all codes']
    """
    need(codings, ["document", "code", "case", "role"], "codings")
    need(documents, ["document", "participant"], "documents")
    people = documents.set_index("document")["participant"]
    frame = codings.assign(participant=codings["document"].map(people))
    frame = frame.dropna(subset=["participant", "role", "case"])
    if frame.empty:
        return result_frame([{"subject": "all codes", "n": 0, "reason": NO_PARTICIPANT}])
    values, roles, cases = unit_values(frame), unit_labels(frame, "role"), unit_labels(frame, "case")
    if len(values) < 2 or roles.nunique() < 2:
        return result_frame([{"subject": "all codes", "n": len(values), "reason": ONE_ROLE}])
    return compare_roles(values, roles, cases, n_permutations=n_permutations, seed=seed)


def meta_frame(cells: pd.DataFrame, ratings: pd.DataFrame, most: int = 6) -> pd.DataFrame:
    """Return the case-ordered meta-matrix as it is drawn: short words in each cell, cases in order of their outcome.

    Parameters
    ----------
    cells : pandas.DataFrame
        Result of `theme_matrix` with cases as rows.
    ratings : pandas.DataFrame
        `case, outcome` (a number; null where not stated).
    most : int
        How many themes: those stated in most cases, then those with most segments.

    Returns
    -------
    pandas.DataFrame
        `case, column` (theme), `text` (null where not stated), `outcome, rank, order_note, segments`; first the column
        `outcome` itself.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a"], "kind": "case", "theme": ["t"], "state": ["present"], "n_segments": [2]})
    >>> meta_frame(cells, pd.DataFrame({"case": ["a"], "outcome": [1]}))[["column", "text"]].values.tolist()
    [['outcome', '1'], ['t', '2 segments']]
    """
    need(cells, ["case", "theme", "state", "n_segments"], "cells")
    out = case_ordered(cells, ratings)
    said = out["state"].ne("not_stated")
    weight = out.assign(said=said).groupby("theme", sort=False)[["said", "n_segments"]].sum()
    themes = weight.sort_values(["said", "n_segments"], ascending=False, kind="stable").index[:most]
    out = out[out["theme"].isin(list(themes))]
    words = [None if row["state"] == "not_stated" else cell_text(row) for row in out.to_dict("records")]
    body = out.assign(column=out["theme"].astype(object), text=pd.Series(words, index=out.index, dtype=object))
    body["segments"] = body.get("segments", "")
    columns = ["case", "column", "text", "outcome", "rank", "order_note", "segments"]
    head = out.drop_duplicates("case").assign(column="outcome", segments="")
    stated = [None if pd.isna(value) else f"{value:g}" for value in head["outcome"]]
    head["text"] = pd.Series(stated, index=head.index, dtype=object)
    return pd.concat([head[columns], body[columns]], ignore_index=True)


def negative_summary(negatives: pd.DataFrame, theme: str = "theme") -> pd.DataFrame:
    """Count, for each theme, the cases that confirm, contradict, or cannot be told.

    Parameters
    ----------
    negatives : pandas.DataFrame
        As `negative_cases` returns them.
    theme : str
        Column of the theme or code.

    Returns
    -------
    pandas.DataFrame
        `theme, confirms, negative, irrelevant, not_known, n_cases, negative_cases` (named), `reason`.

    Examples
    --------
    >>> negatives = pd.DataFrame({"theme": ["t"], "case": ["a"], "role": ["not known"]})
    >>> negative_summary(negatives)["reason"].tolist()
    ['in no case are both the theme and the outcome stated']
    """
    need(negatives, [theme, "case", "role"], "negatives")
    rows = []
    for name, part in negatives.groupby(theme, sort=False):
        kind = part["role"].str.partition(":")[0]
        counts = {c: int(kind.eq(c.replace("_", " ")).sum()) for c in ("confirms", "negative", "irrelevant")}
        unknown = int(kind.eq("not known").sum())
        reason = "in no case are both the theme and the outcome stated" if unknown == len(part) else ""
        if kind.eq("no rule").all():
            reason = "the theme works both ways, or its direction is not stated: nothing is expected of it"
        named = join(part.loc[kind.eq("negative"), "case"].astype(str))
        row = {theme: name} | counts | {"not_known": unknown, "n_cases": len(part), "negative_cases": named}
        rows.append(row | {"reason": reason})
    names = [theme, "confirms", "negative", "irrelevant", "not_known", "n_cases", "negative_cases", "reason"]
    return pd.DataFrame(rows, columns=names)


def case_pairs(cells: pd.DataFrame, ratings: pd.DataFrame) -> pd.DataFrame:
    """Pair the cases of a study by the themes known for both; a study whose cases cannot be told apart gets a reason.

    Parameters
    ----------
    cells : pandas.DataFrame
        Result of `theme_matrix` with cases as rows; only presence and absence stated of a single case count.
    ratings : pandas.DataFrame
        `case, outcome`.

    Returns
    -------
    pandas.DataFrame
        As `similar_pairs`, with `refused`: why a pair is no most-similar or most-different pair; one row without
        cases where the study has one case only.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a", "b"], "kind": "case", "theme": "t", "state": "not_stated"})
    >>> case_pairs(cells, pd.DataFrame({"case": ["a", "b"], "outcome": [None, None]}))["refused"].tolist()
    ['nothing is stated of both cases: they cannot be told apart']
    """
    need(cells, ["case", "kind", "theme", "state"], "cells")
    single = cells[cells["kind"].eq("case")]
    known = single["state"].map({"present": True, "absent": False})
    wide = single.assign(known=known).pivot(index="case", columns="theme", values="known")
    wide = wide.reindex(single["case"].drop_duplicates())
    pairs = similar_pairs(wide, ratings.drop_duplicates("case").set_index("case")["outcome"])
    if pairs.empty:
        return pd.DataFrame([dict.fromkeys(pairs.columns) | {"refused": "one case only: there is no pair"}])
    thin = pairs["n_known"].eq(0)
    pairs["refused"] = ""
    pairs.loc[pairs["design"].eq("outcome not stated"), "refused"] = "the outcome is not stated of both cases"
    pairs.loc[thin, "refused"] = "nothing is stated of both cases: they cannot be told apart"
    return pairs


def match_propositions(propositions: Iterable[Mapping[str, str]], observations: pd.DataFrame) -> pd.DataFrame:
    """Match the propositions that a study stated in advance with what is stated of its cases.

    Parameters
    ----------
    propositions : iterable of mapping
        As in `study.yml`: `proposition, case, predicted, replication, written`, and `outcome`, the id of the outcome
        with which it is matched.
    observations : pandas.DataFrame
        `outcome, case, observed, opened`.

    Returns
    -------
    pandas.DataFrame
        As `pattern_matching`; one row with the reason in `note` where the study states no proposition.

    Examples
    --------
    >>> match_propositions([], pd.DataFrame(columns=["outcome", "case", "observed", "opened"]))["match"].tolist()
    ['not stated']
    """
    need(observations, ["outcome", "case", "observed", "opened"], "observations")
    said = pd.DataFrame(list(propositions))
    if said.empty:
        names = ["proposition", "case", "replication", "predicted", "observed", "written", "opened", "in_time"]
        empty = dict.fromkeys(names)
        return pd.DataFrame([empty | {"match": "not stated", "n_matched": 0, "n_known": 0, "note": NO_PROPOSITION}])
    need(said, ["proposition", "case", "predicted", "replication", "written", "outcome"], "study.yml, propositions")
    found = said[["proposition", "case", "outcome"]].merge(observations, how="inner", on=["case", "outcome"])
    return pattern_matching(said, found[["proposition", "case", "observed", "opened"]])


def labelled_effects(relations: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Return the effects matrix with readable names; relations without direction or case are told as such.

    Parameters
    ----------
    relations : pandas.DataFrame
        Table `relations`.
    labels : mapping of str to str
        Theme -> label.

    Returns
    -------
    pandas.DataFrame
        As `effects_matrix`, with `cause, effect_on` (labels) and `reason`; one row with the reason where none is
        stated.

    Examples
    --------
    >>> relations = pd.DataFrame(columns=["relation", "source", "target", "sign", "case", "directed"])
    >>> labelled_effects(relations, {})["reason"].tolist()
    ['the source states no relation between its themes']
    """
    need(relations, ["relation", "source", "target", "sign", "directed"], "relations")
    directed = relations[relations["directed"].fillna(False).astype(bool)]
    out = effects_matrix(directed)
    out.insert(1, "cause", [labels.get(name, name) for name in out["source"]])
    out.insert(2, "effect_on", [labels.get(name, name) for name in out["target"]])
    out["reason"] = ["all cases together, or not said of which" if pd.isna(case) else "" for case in out["case"]]
    if out.empty:
        reason = "the source states no relation between its themes"
        return pd.DataFrame([dict.fromkeys(out.columns) | {"reason": reason}])
    return out


def dated_events(facts: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """Return the time-ordered matrix of the dated facts; a fact of the study as a whole is put in no single case.

    Parameters
    ----------
    facts : pandas.DataFrame
        `fact, date, event`, the date as YYYY, YYYY-MM or YYYY-MM-DD.
    cases : pandas.DataFrame
        Table `cases`.

    Returns
    -------
    pandas.DataFrame
        As `time_ordered`, periods in years; the facts stand in the row `study_as_a_whole`.

    Examples
    --------
    >>> facts = pd.DataFrame({"fact": ["f1"], "date": ["2016"], "event": ["Start"]})
    >>> cases = pd.DataFrame({"case": ["a"], "kind": ["case"], "coverage": ["partial"]})
    >>> dated_events(facts, cases)[["case", "state", "events"]].values.tolist()
    [['a', 'not_stated', ''], ['study_as_a_whole', 'present', 'Start']]
    """
    need(facts, ["fact", "date", "event"], "facts")
    told = facts.dropna(subset=["date", "event"])
    events = pd.DataFrame(
        {"case": WHOLE, "period": told["date"].str[:4], "event": told["event"], "coding_id": told["fact"]}
    )
    whole = pd.DataFrame({"case": [WHOLE], "kind": ["context"]})
    single = cases.loc[cases["kind"].eq("case"), ["case", "kind", "coverage"]].assign(coverage="partial")
    return time_ordered(events, sorted(set(events["period"])), pd.concat([single, whole], ignore_index=True))


def contrast_or_reason(cells: pd.DataFrame, ratings: pd.DataFrame, cut: float | None = None) -> pd.DataFrame:
    """Contrast cases with a high and a low outcome; where outcomes do not differ or are not stated, say so.

    Parameters
    ----------
    cells : pandas.DataFrame
        Result of `theme_matrix` with cases as rows.
    ratings : pandas.DataFrame
        `case, outcome`.
    cut : float, optional
        High is at or above it; the highest stated outcome by default.

    Returns
    -------
    pandas.DataFrame
        As `contrast_table`; one row with the reason where there is no contrast.

    Examples
    --------
    >>> cells = pd.DataFrame({"case": ["a"], "kind": "case", "theme": "t", "state": "present"})
    >>> contrast_or_reason(cells, pd.DataFrame({"case": ["a"], "outcome": [None]}))["theme"].tolist()
    ['all themes']
    """
    stated = pd.to_numeric(ratings["outcome"]).dropna()
    top = float(stated.max()) if cut is None and len(stated) else cut
    groups = high_low(ratings, top) if top is not None else pd.Series(dtype=object)
    if groups.dropna().nunique() < 2:
        counts = {"k_high": 0, "n_high": 0, "k_low": 0, "n_low": 0, "gap": float("nan"), "separates": False}
        reason = f"{NO_CONTRAST} ({len(stated)} of {ratings['case'].nunique()} cases with a stated outcome)"
        return pd.DataFrame([{"theme": "all themes"} | counts | {"reason": reason}])
    return contrast_table(cells, groups)


def marked_pairs(
    codings: pd.DataFrame, *, least: int = LEAST, n_permutations: int | None = None, seed: int = 1
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
