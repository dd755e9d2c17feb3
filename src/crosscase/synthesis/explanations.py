"""Building an explanation across studies: mechanisms as an explanatory effects matrix, rivals, negative cases."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.synthesis.pattern_matches import matched_in, pattern_match

EFFECTS = ["proposition", "cause", "effect", "mechanism"]
WEIGHED = ["proposition", "statement", "predicts", "weighing"]


def explanatory_effects(propositions: pd.DataFrame, matches: pd.DataFrame, studies: list[str]) -> pd.DataFrame:
    """Return the explanatory effects matrix: what acts on what, how, and in which studies that is told.

    Parameters
    ----------
    propositions : pandas.DataFrame
        As in `pattern_match`, with `cause, effect, mechanism` of those of the kind `mechanism`.
    matches : pandas.DataFrame
        As in `pattern_match`.
    studies : list of str
        The studies.

    Returns
    -------
    pandas.DataFrame
        One row per mechanism: `proposition, cause, effect, mechanism, studies_for, studies_against, n_studies` (that
        speak of it), `of`. A mechanism that one study tells is that study's, and no pattern.

    References
    ----------
    Miles MB, Huberman AM, Saldaña J (2020). Qualitative data analysis: a methods sourcebook (4th ed.), chapter 9
    (explanatory effects matrix). SAGE.

    Examples
    --------
    >>> propositions = pd.DataFrame({"proposition": ["m"], "kind": ["mechanism"], "label": ["Money and trust"],
    ...     "statement": ["Unfair money costs trust."], "cause": ["money"], "effect": ["trust"],
    ...     "mechanism": ["who works unpaid feels cheated"]})
    >>> matches = pd.DataFrame({"proposition": ["m"], "study": ["a"], "match": ["supported"], "segments": ["k1"],
    ...     "against": [None], "reason": ["said so"]})
    >>> explanatory_effects(propositions, matches, ["a", "b"])[["cause", "effect", "studies_for"]].values.tolist()
    [['money', 'trust', 'a']]
    """
    check_arguments(explanatory_effects, locals())
    need(propositions, EFFECTS, "propositions")
    counted = matched_in(pattern_match(propositions, matches, studies, "mechanism"))
    joined = counted.merge(propositions[EFFECTS], on="proposition", how="left", validate="1:1")
    return joined[[*EFFECTS, "studies_for", "studies_against", "n_studies", "of"]]


def rivals_weighed(propositions: pd.DataFrame, matches: pd.DataFrame, studies: list[str]) -> pd.DataFrame:
    """Return the rival explanations with what each predicts, the studies that fit and do not, and its weighing.

    Parameters
    ----------
    propositions : pandas.DataFrame
        As in `pattern_match`, with `predicts, weighing` of those of the kind `rival`.
    matches : pandas.DataFrame
        As in `pattern_match`.
    studies : list of str
        The studies.

    Returns
    -------
    pandas.DataFrame
        One row per rival: `proposition, label, statement, predicts, studies_for, studies_against, n_studies` (that
        speak of it), `of, standing`, `weighing`. The standing says what the studies allow: `cannot be told here` where
        none speaks of it, `open` where none speaks against it, `not alone` where some do, `spoken against` where
        every one that speaks of it speaks against it only.

    References
    ----------
    Yin RK (2018). Case study research and applications (6th ed.), chapter 5 (rival explanations). SAGE.

    Examples
    --------
    >>> propositions = pd.DataFrame({"proposition": ["r"], "kind": ["rival"], "label": ["Phase"],
    ...     "statement": ["It is the phase."], "predicts": ["trouble early on"], "weighing": ["all are early"]})
    >>> matches = pd.DataFrame({"proposition": ["r"], "study": ["a"], "match": ["mixed"], "segments": ["k1"],
    ...     "against": ["k2"], "reason": ["both"]})
    >>> rivals_weighed(propositions, matches, ["a", "b"])["standing"].tolist()
    ['not alone']
    """
    check_arguments(rivals_weighed, locals())
    need(propositions, WEIGHED, "propositions")
    counted = matched_in(pattern_match(propositions, matches, studies, "rival"))
    joined = counted.merge(propositions[WEIGHED], on="proposition", how="left", validate="1:1")
    joined["standing"] = [
        _standing(int(fits), int(against), int(mixed))
        for fits, against, mixed in joined[["supported", "contradicted", "mixed"]].itertuples(index=False)
    ]
    columns = ["proposition", "label", "statement", "predicts", "studies_for", "studies_against", "n_studies", "of"]
    return joined[[*columns, "standing", "weighing"]]


def negative_matches(table: pd.DataFrame) -> pd.DataFrame:
    """Return where a study speaks against a proposition: the negative cases that an explanation has to face.

    Parameters
    ----------
    table : pandas.DataFrame
        As `pattern_match` returns it.

    Returns
    -------
    pandas.DataFrame
        The rows with anything against: `proposition, label, study, match, against, reason`; contradicted ones first.

    References
    ----------
    Miles MB, Huberman AM, Saldaña J (2020). Qualitative data analysis: a methods sourcebook (4th ed.), chapter 11
    (looking for negative evidence). SAGE.

    Examples
    --------
    >>> table = pd.DataFrame({"proposition": ["p", "p"], "label": "Trust", "study": ["a", "b"],
    ...     "match": ["mixed", "supported"], "against": ["k3", ""], "reason": ["both", "for"]})
    >>> negative_matches(table)["study"].tolist()
    ['a']
    """
    check_arguments(negative_matches, locals())
    need(table, ["proposition", "label", "study", "match", "against", "reason"], "table")
    found = table[table["match"].isin(["contradicted", "mixed"])]
    ordered = found.sort_values("match", key=lambda match: match.eq("mixed"), kind="stable", ignore_index=True)
    return ordered[["proposition", "label", "study", "match", "against", "reason"]]


def _standing(fits: int, against: int, mixed: int) -> str:
    if not fits + against + mixed:
        return "cannot be told here"
    if not against + mixed:
        return "open"
    return "not alone" if fits + mixed else "spoken against"
