"""Simulated coders and studies with known truth, to learn how far intervals and tests can be trusted."""

from crosscase.simulate.assemblages import SimulatedUnits, sampling_units, saturation_coverage
from crosscase.simulate.calibration import agreement_designs, interval_coverage, rejection_rates, trust_words, wilson
from crosscase.simulate.claims import ClaimedStudy, claimed_study
from crosscase.simulate.coders import coder_units, true_agreement
from crosscase.simulate.large import LargeStudy, large_study
from crosscase.simulate.studies import SimulatedStudy, codings

__all__ = [
    "ClaimedStudy", "LargeStudy", "SimulatedStudy", "SimulatedUnits", "agreement_designs", "claimed_study",
    "coder_units", "codings", "interval_coverage", "large_study", "rejection_rates", "sampling_units",
    "saturation_coverage", "true_agreement", "trust_words", "wilson",
]  # fmt: skip
