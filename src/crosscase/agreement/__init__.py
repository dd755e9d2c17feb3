"""Agreement between coders: coefficients with intervals, unitizing, and the disagreements themselves."""

from crosscase.agreement.advice import interval_advice, reading_advice
from crosscase.agreement.alpha import krippendorff_alpha
from crosscase.agreement.boundaries import boundary_similarity
from crosscase.agreement.cleaning import prepare_codings
from crosscase.agreement.compared import (
    both_intervals,
    boundaries,
    case_links,
    lengths,
    located,
    marked_alike,
    pooled_characters,
)
from crosscase.agreement.disagreements import (
    NOT_CODED,
    compare_segments,
    confusion,
    disagreement_counts,
    disagreements,
    valence_agreement,
)
from crosscase.agreement.gamma import gamma_agreement
from crosscase.agreement.gate import COEFFICIENTS, agreement_for_stance, forest_frame, if_allowed, why_not
from crosscase.agreement.icc import icc
from crosscase.agreement.intervals import Bootstrap, Linearised
from crosscase.agreement.nominal import (
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
)
from crosscase.agreement.overlap import character_kappa, overlap_agreement
from crosscase.agreement.readings import confusion_frame, memo_table, reading_counts, side_by_side
from crosscase.agreement.result import Coefficient
from crosscase.agreement.rounds import drift_over_rounds, independent, rounds_table
from crosscase.agreement.sets import dice_distance, jaccard_alpha, jaccard_distance, masi_alpha, masi_distance, mv_alpha
from crosscase.agreement.specific import pooled_kappa, prevalence_bias, specific_agreement
from crosscase.agreement.stance import STANCES, stance_allows
from crosscase.agreement.study import OVERALL, agreement_table, negotiated_agreement, treatments
from crosscase.agreement.support import drift, presence_agreement, presence_support
from crosscase.agreement.unitizing import cu_alpha, ku_alpha, u_alpha, u_alpha_binary, unitizing_family, unitizing_table
from crosscase.agreement.units import code_sets, presence
from crosscase.agreement.weights import agreement_weights, weights_from_disagreement
from crosscase.agreement.words import SCALES, benchmark

__all__ = [
    "COEFFICIENTS",
    "NOT_CODED",
    "OVERALL",
    "SCALES",
    "STANCES",
    "Bootstrap",
    "Coefficient",
    "Linearised",
    "agreement_for_stance",
    "agreement_table",
    "agreement_weights",
    "benchmark",
    "both_intervals",
    "boundaries",
    "boundary_similarity",
    "brennan_prediger",
    "case_links",
    "character_kappa",
    "code_sets",
    "cohen_kappa",
    "compare_segments",
    "confusion",
    "confusion_frame",
    "conger_kappa",
    "cu_alpha",
    "dice_distance",
    "disagreement_counts",
    "disagreements",
    "drift",
    "drift_over_rounds",
    "fleiss_kappa",
    "forest_frame",
    "gamma_agreement",
    "gwet_ac1",
    "gwet_ac2",
    "holsti",
    "icc",
    "if_allowed",
    "independent",
    "interval_advice",
    "jaccard_alpha",
    "jaccard_distance",
    "krippendorff_alpha",
    "ku_alpha",
    "lengths",
    "located",
    "marked_alike",
    "masi_alpha",
    "masi_distance",
    "memo_table",
    "mv_alpha",
    "negotiated_agreement",
    "overlap_agreement",
    "pabak",
    "percent_agreement",
    "pooled_characters",
    "pooled_kappa",
    "prepare_codings",
    "presence",
    "presence_agreement",
    "presence_support",
    "prevalence_bias",
    "reading_advice",
    "reading_counts",
    "rounds_table",
    "scott_pi",
    "side_by_side",
    "specific_agreement",
    "stance_allows",
    "treatments",
    "u_alpha",
    "u_alpha_binary",
    "unitizing_family",
    "unitizing_table",
    "valence_agreement",
    "weights_from_disagreement",
    "why_not",
]
