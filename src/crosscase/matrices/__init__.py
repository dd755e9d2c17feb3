"""Matrices from codings: every cell with its state and with the segments behind it."""

from crosscase.matrices.cells import count_matrix, merged_length
from crosscase.matrices.codebook import applied_codes
from crosscase.matrices.coding import coding_matrix, wide
from crosscase.matrices.cooccurrence import co_occurrence, overlapping_pairs
from crosscase.matrices.display import as_cells, known_only
from crosscase.matrices.framework import chart_coverage, framework_matrix, segments_hash
from crosscase.matrices.roles import RoleSector, method_role, role_sector
from crosscase.matrices.summaries import (
    case_themes,
    coder_summary,
    finding_codings,
    finding_labels,
    finding_themes,
    framework_chart,
    graph_headlines,
    graph_themes,
    labels_as_met,
    named_pairs,
    perspective_matrix,
    quotation_cells,
    quotation_frame,
    role_modes,
    used_labels,
    valence_long,
)
from crosscase.matrices.themes import ancestry, leaf_themes, theme_matrix, triangulation_matrix
from crosscase.matrices.valence import Bridge, bridge, case_valence, valence_table

__all__ = [
    "Bridge",
    "RoleSector",
    "ancestry",
    "applied_codes",
    "as_cells",
    "bridge",
    "case_themes",
    "case_valence",
    "chart_coverage",
    "co_occurrence",
    "coder_summary",
    "coding_matrix",
    "count_matrix",
    "finding_codings",
    "finding_labels",
    "finding_themes",
    "framework_chart",
    "framework_matrix",
    "graph_headlines",
    "graph_themes",
    "known_only",
    "labels_as_met",
    "leaf_themes",
    "merged_length",
    "method_role",
    "named_pairs",
    "overlapping_pairs",
    "perspective_matrix",
    "quotation_cells",
    "quotation_frame",
    "role_modes",
    "role_sector",
    "segments_hash",
    "theme_matrix",
    "triangulation_matrix",
    "used_labels",
    "valence_long",
    "valence_table",
    "wide",
]
