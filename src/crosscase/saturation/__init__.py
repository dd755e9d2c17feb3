"""Saturation: whether further sampling units would bring further codes, and how sure that is."""

from crosscase.saturation.coverage import accumulation, sample_coverage, units_needed
from crosscase.saturation.curves import code_curve, code_frequencies, frequency_counts, permuted_curves, rarefaction
from crosscase.saturation.gate import curve_for_stance, meaning_row, sampling_order, saturation_for_stance
from crosscase.saturation.guest import guest_runs, guest_saturation, guest_table
from crosscase.saturation.richness import richness_table
from crosscase.saturation.stance import STANCES, meaning_saturation, stance_allows
from crosscase.saturation.summary import group_presence, saturation_summary, saturation_table
from crosscase.saturation.units import presence_table

__all__ = [
    "STANCES",
    "accumulation",
    "code_curve",
    "code_frequencies",
    "curve_for_stance",
    "frequency_counts",
    "group_presence",
    "guest_runs",
    "guest_saturation",
    "guest_table",
    "meaning_row",
    "meaning_saturation",
    "permuted_curves",
    "presence_table",
    "rarefaction",
    "richness_table",
    "sample_coverage",
    "sampling_order",
    "saturation_for_stance",
    "saturation_summary",
    "saturation_table",
    "stance_allows",
    "units_needed",
]
