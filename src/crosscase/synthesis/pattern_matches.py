"""Propositions set beside studies: what each study reports for and against each, and where it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.frames import need, one_cell, one_row
from crosscase.ids import join, split
from crosscase.terms import MATCHES, PROPOSITION_KINDS

NOT_MATCHED = "nobody has set this proposition beside this study"
COUNTED = (*MATCHES, "not_matched")
_OF = {(True, False): "supported", (False, True): "contradicted", (True, True): "mixed", (False, False): "silent"}
PROPOSED = ["proposition", "kind", "label", "statement"]
MATCHED = ["proposition", "study", "match", "segments", "against", "reason"]


def match_of(segments: Iterable[str], against: Iterable[str]) -> str:
    """Return how a study fits a proposition, from what speaks for and against it there.

    Segments on one side alone support or contradict, segments on both are mixed, and a study without any is silent:
    no match rests on silence, and nothing that speaks against a proposition is outvoted.

    Examples
    --------
    >>> match_of(["k1"], []), match_of(["k1"], ["k2"]), match_of([], [])
    ('supported', 'mixed', 'silent')
    """
    check_arguments(match_of, locals())
    return _OF[any(True for _ in segments), any(True for _ in against)]


def match_problems(matches: pd.DataFrame, codings: Mapping[str, Iterable[str]], place: str) -> list[Problem]:
    """Return what is wrong with pattern matches, whoever entered them.

    Parameters
    ----------
    matches : pandas.DataFrame
        `proposition, study, match` (`supported`, `contradicted`, `mixed`, `silent`), `segments, against` (ids of
        codings of that study, joined by semicolons).
    codings : mapping of str to iterable of str
        Study -> ids of the codings that its matrices rest on; a study that is not there is passed over.
    place : str
        What the table is called in messages.

    Returns
    -------
    list of Problem
        One for each match that is not the one of its segments (`match_of`), each id that no coding of the study has,
        and each id that speaks both for and against.

    Examples
    --------
    >>> matches = pd.DataFrame({"proposition": ["p"], "study": ["a"], "match": ["supported"], "segments": [None],
    ...     "against": [None]})
    >>> match_problems(matches, {"a": ["k1"]}, "pattern_matches.csv")[0].found
    "'supported' with 0 segments for it and 0 against"
    """
    check_arguments(match_problems, locals())
    need(matches, ["proposition", "study", "match", "segments", "against"], "matches", {"match": MATCHES})
    known = {study: set(ids) for study, ids in codings.items()}
    problems = []
    for number, row in enumerate(matches.to_dict("records"), start=2):
        at, sides = f"{place}, row {number}", {side: split(row[side]) for side in ("segments", "against")}
        if row["match"] != (fits := match_of(sides["segments"], sides["against"])):
            found = (
                f"{row['match']!r} with {len(sides['segments'])} segments for it and {len(sides['against'])} against"
            )
            rule = "a match follows from its segments, and silence is no evidence"
            problems.append(Problem(f"{at}, column match", rule, found, fits, "correct the match or the segments"))
        for side, ids in sides.items():
            problems += [
                Problem(f"{at}, column {side}", f"a coding of {row['study']}", repr(each), remedy="correct the id")
                for each in ids
                if row["study"] in known and each not in known[row["study"]]
            ]
        for each in sorted(set(sides["segments"]) & set(sides["against"])):
            rule = "a segment speaks for a proposition or against it"
            problems.append(Problem(at, rule, f"{each!r} in both", remedy="leave it on one side, or code it twice"))
    return problems


def pattern_match(
    propositions: pd.DataFrame, matches: pd.DataFrame, studies: list[str], kind: str = "proposition"
) -> pd.DataFrame:
    """Set each proposition beside each study.

    Parameters
    ----------
    propositions : pandas.DataFrame
        `proposition, kind` (`proposition`, `mechanism`, `rival`), `label, statement`.
    matches : pandas.DataFrame
        As in `match_problems`, with `reason`.
    studies : list of str
        The studies in the order of the columns.
    kind : str
        Which kind of proposition.

    Returns
    -------
    pandas.DataFrame
        One row per proposition and study: `proposition, label, study, match` (null where nobody matched them), `n_for`,
        `n_against` (segments; never compared or added up between studies), `segments, against, reason`.

    Raises
    ------
    CrosscaseError
        For a proposition or a pair that stands twice, a proposition that is not there, and unknown words.

    References
    ----------
    Trochim WMK (1989). Outcome pattern matching and program theory. Evaluation and Program Planning 12(4):355-366,
    doi:10.1016/0149-7189(89)90052-9. Yin RK (2018). Case study research and applications (6th ed.), chapter 5. SAGE.

    Examples
    --------
    >>> propositions = pd.DataFrame({"proposition": ["p"], "kind": ["proposition"], "label": ["Trust"],
    ...     "statement": ["Trust carries."]})
    >>> matches = pd.DataFrame({"proposition": ["p"], "study": ["a"], "match": ["mixed"], "segments": ["k1;k2"],
    ...     "against": ["k3"], "reason": ["both are told"]})
    >>> pattern_match(propositions, matches, ["a", "b"])[["study", "match", "n_for", "n_against"]].values.tolist()
    [['a', 'mixed', 2, 1], ['b', None, 0, 0]]
    """
    check_arguments(pattern_match, locals())
    need(propositions, PROPOSED, "propositions", {"kind": PROPOSITION_KINDS})
    one_row(propositions, "proposition", "propositions")
    need(matches, MATCHED, "matches", {"match": MATCHES})
    one_cell(matches, ["proposition", "study"], "matches")
    if kind not in PROPOSITION_KINDS:
        raise CrosscaseError(Problem("kind", "a known kind", repr(kind), ", ".join(PROPOSITION_KINDS)))
    strange = sorted(set(matches["proposition"].dropna().astype(str)) - set(propositions["proposition"].astype(str)))
    raise_if([Problem("matches, column proposition", "a proposition that is there", repr(each)) for each in strange])
    known = {(row["proposition"], row["study"]): row for row in matches.to_dict("records")}
    rows = []
    for proposition, label in propositions.loc[propositions["kind"].eq(kind), ["proposition", "label"]].itertuples(
        index=False
    ):
        for study in studies:
            row = known.get((proposition, study))
            ids = {side: split(row[side]) if row else [] for side in ("segments", "against")}
            match = row["match"] if row else None
            counts = [len(ids["segments"]), len(ids["against"])]
            joined = [join(ids["segments"]), join(ids["against"])]
            rows.append((proposition, label, study, match, *counts, *joined, row["reason"] if row else NOT_MATCHED))
    columns = ["proposition", "label", "study", "match", "n_for", "n_against", "segments", "against", "reason"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["match"] = pd.Series([row[3] for row in rows], dtype="object")
    return frame


def matched_in(table: pd.DataFrame) -> pd.DataFrame:
    """Count for each proposition in how many studies it is supported, contradicted, mixed, and not spoken of.

    `table` is what `pattern_match` returns; studies are counted, never segments.

    Returns
    -------
    pandas.DataFrame
        One row per proposition in the given order: `proposition, label, n_studies` (that speak of it), `of, supported,
        contradicted, mixed, silent, not_matched` (numbers of studies), `studies_for, studies_against` (where anything
        speaks for it, against it).

    Examples
    --------
    >>> table = pd.DataFrame({"proposition": ["p", "p", "p"], "label": "Trust", "study": ["a", "b", "c"],
    ...     "match": ["mixed", "supported", "silent"]})
    >>> matched_in(table)[["n_studies", "of", "studies_for", "studies_against"]].values.tolist()
    [[2, 3, 'a;b', 'a']]
    """
    check_arguments(matched_in, locals())
    need(table, ["proposition", "label", "study", "match"], "table", {"match": MATCHES})
    one_cell(table, ["proposition", "study"], "table")
    rows = []
    for proposition, part in table.groupby("proposition", sort=False):
        counts = {match: int(part["match"].eq(match).sum()) for match in MATCHES}
        counts["not_matched"] = int(part["match"].isna().sum())
        sides = [join(part.loc[part["match"].isin([way, "mixed"]), "study"]) for way in ("supported", "contradicted")]
        speak = len(part) - counts["silent"] - counts["not_matched"]
        rows.append((proposition, part["label"].iloc[0], speak, len(part), *counts.values(), *sides))
    columns = ["proposition", "label", "n_studies", "of", *COUNTED, "studies_for", "studies_against"]
    return pd.DataFrame(rows, columns=columns)
