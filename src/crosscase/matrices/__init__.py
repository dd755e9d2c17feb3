"""Matrices from codings: every cell with its state and with the segments behind it."""

from crosscase.matrices.attributes import attribute_groups, attribute_matrix
from crosscase.matrices.belonging import themes_of_codes, under_codes, with_documents
from crosscase.matrices.cells import count_matrix, merged_length
from crosscase.matrices.codebook import applied_codes, code_use
from crosscase.matrices.coders import coder_summary
from crosscase.matrices.coding import NOT_SORTED, coding_matrix, wide
from crosscase.matrices.cooccurrence import co_occurrence, named_pairs, overlapping_pairs
from crosscase.matrices.display import as_cells, known_only
from crosscase.matrices.findings import finding_codings, finding_labels, finding_themes
from crosscase.matrices.framework import framework_chart, framework_matrix, segments_hash
from crosscase.matrices.quotations import RoleSector, quotation_cells, quotation_frame, role_sector
from crosscase.matrices.roles import method_role, perspective_matrix, role_modes
from crosscase.matrices.themes import ancestry, leaf_themes, theme_matrix, triangulation_matrix
from crosscase.matrices.valence import Bridge, bridge, case_valence, valence_long, valence_table

__all__ = [
    "NOT_SORTED", "Bridge", "RoleSector", "ancestry", "applied_codes", "as_cells", "attribute_groups",
    "attribute_matrix", "bridge", "case_valence", "co_occurrence", "code_use", "coder_summary", "coding_matrix",
    "count_matrix", "finding_codings", "finding_labels", "finding_themes", "framework_chart", "framework_matrix",
    "known_only", "leaf_themes", "merged_length", "method_role", "named_pairs", "overlapping_pairs",
    "perspective_matrix", "quotation_cells", "quotation_frame", "role_modes", "role_sector", "segments_hash",
    "theme_matrix", "themes_of_codes", "triangulation_matrix", "under_codes", "valence_long", "valence_table", "wide",
    "with_documents",
]  # fmt: skip
