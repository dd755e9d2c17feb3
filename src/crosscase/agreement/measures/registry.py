"""All measures by their names: tables, intervals, values and simulations ask here which there are."""

from __future__ import annotations

from crosscase.agreement.measures import chance, sets, specific
from crosscase.agreement.measures.alpha import krippendorff_alpha
from crosscase.agreement.measures.base import Measure
from crosscase.agreement.spans import unitizing

MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        chance.percent_agreement,
        chance.unanimous_agreement,
        specific.positive_agreement,
        specific.negative_agreement,
        chance.cohen_kappa,
        chance.conger_kappa,
        chance.fleiss_kappa,
        chance.brennan_prediger,
        krippendorff_alpha,
        chance.gwet_ac1,
        chance.gwet_ac2,
        chance.scott_pi,
        chance.holsti,
        chance.pabak,
        sets.mv_alpha,
        sets.jaccard_alpha,
        sets.masi_alpha,
        unitizing.u_alpha,
        unitizing.u_alpha_binary,
        unitizing.cu_alpha,
    )
}
"""Name -> measure, in the order in which tables show them."""


def in_table() -> list[Measure]:
    """Return the measures that stand in the agreement table of a study."""
    return [measure for measure in MEASURES.values() if measure.in_table]


def with_interval() -> list[Measure]:
    """Return those of them that have an interval there."""
    return [measure for measure in MEASURES.values() if measure.has_interval]


def kept_measures() -> list[Measure]:
    """Return those whose value over all codes is kept under an id of its own."""
    return [measure for measure in MEASURES.values() if measure.kept]
