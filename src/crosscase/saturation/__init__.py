"""Saturation: whether further sampling units would bring further codes, and how sure that is."""

from crosscase.saturation.abundance import abundance_table, good_turing_coverage
from crosscase.saturation.coverage import accumulation, sample_coverage, units_needed
from crosscase.saturation.curves import code_curve, code_frequencies, frequency_counts, permuted_curves, rarefaction
from crosscase.saturation.guest import guest_runs, guest_saturation, guest_table
from crosscase.saturation.richness import richness_table
from crosscase.saturation.sampling import Sampling, curves, sampled_over, sampling_order
from crosscase.saturation.stance import STANCES, meaning_saturation, stance_allows
from crosscase.saturation.summary import group_presence, saturation_summary, saturation_table
from crosscase.saturation.units import presence_table

__all__ = [
    "STANCES", "Sampling", "abundance_table", "accumulation", "code_curve", "code_frequencies", "curves",
    "frequency_counts", "good_turing_coverage", "group_presence", "guest_runs", "guest_saturation", "guest_table",
    "meaning_saturation", "permuted_curves", "presence_table", "rarefaction", "richness_table", "sample_coverage",
    "sampled_over", "sampling_order", "saturation_summary", "saturation_table", "stance_allows", "units_needed",
]  # fmt: skip
