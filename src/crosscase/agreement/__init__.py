"""Agreement between coders: coefficients with intervals, unitizing, and the disagreements themselves."""

from crosscase.agreement.alpha import krippendorff_alpha
from crosscase.agreement.cleaning import prepare_codings
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
from crosscase.agreement.result import Coefficient
from crosscase.agreement.specific import pooled_kappa, prevalence_bias, specific_agreement
from crosscase.agreement.stance import STANCES, stance_allows
from crosscase.agreement.study import OVERALL, agreement_table, negotiated_agreement, treatments
from crosscase.agreement.units import code_sets, presence
from crosscase.agreement.weights import agreement_weights, weights_from_disagreement

__all__ = [
    "OVERALL",
    "STANCES",
    "Bootstrap",
    "Coefficient",
    "Linearised",
    "agreement_table",
    "agreement_weights",
    "brennan_prediger",
    "code_sets",
    "cohen_kappa",
    "conger_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "holsti",
    "krippendorff_alpha",
    "negotiated_agreement",
    "pabak",
    "percent_agreement",
    "pooled_kappa",
    "prepare_codings",
    "presence",
    "prevalence_bias",
    "scott_pi",
    "specific_agreement",
    "stance_allows",
    "treatments",
    "weights_from_disagreement",
]
