"""The closed lists of the data model: which words a column may hold, and how a reader is told a word.

The data dictionary says the same to those who read the tables without this package; a test holds the two together. A
list that no line of code needs by name stands in the dictionary alone.
"""

from __future__ import annotations

VALENCES = ("inhibits", "promotes", "condition", "neutral", "ambivalent", "na")
"""What a statement says about collaboration; `na` is said by codings that have no direction."""
DIRECTED = tuple(valence for valence in VALENCES if valence != "na")

STATES = ("present", "absent", "count", "not_stated")
"""What is known of a cell of a matrix; silence is a state of its own and never absence."""
OUTCOME_STATES = ("yes", "no", "count", "not_stated")
"""The same for outcomes, as studies state them."""

CASE_KINDS = ("case", "all", "subset", "unspecified", "context")
COVERAGES = ("complete", "partial")
ROLE_MODES = ("voice", "about", "author")
STATUSES = ("stated", "derived", "not_stated")
STAGES = ("abstract", "poster", "paper", "thesis", "record", "press", "report", "unpublished")
SIGNS = ("+", "-", "?")
RELATION_KINDS = ("stated", "derived", "assumed", "proposed")
RELEASES = ("verbatim", "paraphrase", "none")
CONFIDENCES = ("high", "medium", "low")
DECISIONS = ("first", "second", "both", "neither", "other")
MATCHES = ("supported", "contradicted", "mixed", "silent")
"""How what a study reports fits a proposition; silence is a state of its own and fits nothing."""
PROPOSITION_KINDS = ("proposition", "mechanism", "rival")

IN_DICTIONARY = {
    "adjudications.role_mode": ROLE_MODES,
    "adjudications.valence": VALENCES,
    "cases.coverage": COVERAGES,
    "cases.kind": CASE_KINDS,
    "codings.role_mode": ROLE_MODES,
    "codings.valence": VALENCES,
    "consensus_decisions.decided_valence": VALENCES,
    "consensus_decisions.decision": DECISIONS,
    "documents.release": RELEASES,
    "documents.stage": STAGES,
    "facts.stage": STAGES,
    "facts.status": STATUSES,
    "framework_map.confidence": CONFIDENCES,
    "inventory.stage": STAGES,
    "inventory.status": STATUSES,
    "outcomes.stage": STAGES,
    "outcomes.state": OUTCOME_STATES,
    "pattern_matches.match": MATCHES,
    "propositions.kind": PROPOSITION_KINDS,
    "quotations.release": RELEASES,
    "relations.kind": RELATION_KINDS,
    "relations.sign": SIGNS,
    "themes.status": STATUSES,
    "themes.valence": VALENCES,
}
"""Column of the dictionary -> the list that it must hold."""

_SAID = {"missed": "coded by one only"}


def said(term: str) -> str:
    """Return a term as a reader is told it: without underscores, in other words where it could be misread.

    Examples
    --------
    >>> said("not_stated"), said("missed")
    ('not stated', 'coded by one only')
    """
    return _SAID.get(term, term.replace("_", " "))
