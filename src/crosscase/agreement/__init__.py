"""Agreement between coders: coefficients with intervals, unitizing, and the disagreements themselves."""

from crosscase.agreement.advice import interval_advice, passages_marked, reading_advice, why_not
from crosscase.agreement.codings.clean import OVERALL, prepare_codings
from crosscase.agreement.codings.differences import (
    NOT_CODED,
    compare_segments,
    confusion,
    confusion_frame,
    disagreement_counts,
    disagreements,
    valence_agreement,
)
from crosscase.agreement.codings.presence import case_links, presence_agreement, presence_support
from crosscase.agreement.codings.rounds import drift_over_rounds, independent, rounds_table
from crosscase.agreement.codings.side_by_side import reading_counts, side_by_side
from crosscase.agreement.codings.units import code_sets, presence, treatments
from crosscase.agreement.comparison import agreement_table, both_intervals, forest_frame, negotiated_agreement
from crosscase.agreement.intervals import Bootstrap, Linearised
from crosscase.agreement.judgements.weights import agreement_weights, weights_from_disagreement
from crosscase.agreement.measures.alpha import krippendorff_alpha
from crosscase.agreement.measures.base import Coefficient, Measure
from crosscase.agreement.measures.chance import (
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    holsti,
    pabak,
    percent_agreement,
    scott_pi,
    unanimous_agreement,
)
from crosscase.agreement.measures.registry import MEASURES, kept_measures
from crosscase.agreement.measures.sets import jaccard_alpha, jaccard_distance, masi_alpha, masi_distance, mv_alpha
from crosscase.agreement.measures.specific import (
    negative_agreement,
    pooled_kappa,
    positive_agreement,
    prevalence_bias,
    specific_agreement,
)
from crosscase.agreement.planning import units_for_width
from crosscase.agreement.spans.boundaries import boundary_similarity
from crosscase.agreement.spans.continuum import lengths, located
from crosscase.agreement.spans.gamma import gamma_agreement
from crosscase.agreement.spans.overlap import character_kappa, overlap_agreement
from crosscase.agreement.spans.unitizing import (
    cu_alpha,
    marked_alike,
    u_alpha,
    u_alpha_binary,
    unitizing_family,
    unitizing_table,
)
from crosscase.agreement.spans.unitizing_1995 import u_alpha_1995

__all__ = [
    "MEASURES", "NOT_CODED", "OVERALL", "Bootstrap", "Coefficient", "Linearised", "Measure", "agreement_table",
    "agreement_weights", "both_intervals", "boundary_similarity", "brennan_prediger", "case_links", "character_kappa",
    "code_sets", "cohen_kappa", "compare_segments", "confusion", "confusion_frame", "conger_kappa", "cu_alpha",
    "disagreement_counts", "disagreements", "drift_over_rounds", "fleiss_kappa", "forest_frame", "gamma_agreement",
    "gwet_ac1", "gwet_ac2", "holsti", "independent", "interval_advice", "jaccard_alpha", "jaccard_distance",
    "kept_measures", "krippendorff_alpha", "lengths", "located", "marked_alike", "masi_alpha", "masi_distance",
    "mv_alpha", "negative_agreement", "negotiated_agreement", "overlap_agreement", "pabak", "passages_marked",
    "percent_agreement", "pooled_kappa", "positive_agreement", "prepare_codings", "presence", "presence_agreement",
    "presence_support", "prevalence_bias", "reading_advice", "reading_counts", "rounds_table", "scott_pi",
    "side_by_side", "specific_agreement", "treatments", "u_alpha", "u_alpha_1995", "u_alpha_binary",
    "unanimous_agreement", "unitizing_family", "unitizing_table", "units_for_width", "valence_agreement",
    "weights_from_disagreement", "why_not",
]  # fmt: skip
