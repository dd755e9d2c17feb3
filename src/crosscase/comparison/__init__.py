"""Comparison of cases: displays, logic, and tests that fit few and dependent data."""

from crosscase.comparison.attainable import smallest_p
from crosscase.comparison.by_outcome import NEITHER, case_pairs, contrast_by_outcome, meta_frame, negative_summary
from crosscase.comparison.clustering import Clustering, adjusted_rand, cluster_cases
from crosscase.comparison.displays import (
    WHOLE,
    case_ordered,
    cell_text,
    conceptually_clustered,
    contrast_table,
    dated_events,
    effects_matrix,
    step_progress,
    time_ordered,
)
from crosscase.comparison.exact import case_means, high_low, permute_cases
from crosscase.comparison.influence import (
    Influence,
    graph_headlines,
    graph_themes,
    influence,
    labelled_effects,
    passages,
)
from crosscase.comparison.logic import (
    joint_display,
    negative_cases,
    pattern_matching,
    rival_explanations,
    similar_pairs,
)
from crosscase.comparison.multilevel import multilevel_logistic
from crosscase.comparison.nulls import co_occurrence_null, marked_pairs
from crosscase.comparison.ordination import Correspondence, correspondence, map_places, outlines
from crosscase.comparison.participants import role_comparison
from crosscase.comparison.permutation import compare_groups, compare_roles, unit_labels, unit_values
from crosscase.comparison.propositions import match_propositions
from crosscase.comparison.quotations import QuotationTest, quotation_test
from crosscase.comparison.ranks import cochran_q, kendall_tau, sign_test, together
from crosscase.comparison.relation_effects import relation_effects
from crosscase.comparison.results import holm

__all__ = [
    "NEITHER", "WHOLE", "Clustering", "Correspondence", "Influence", "QuotationTest", "adjusted_rand", "case_means",
    "case_ordered", "case_pairs", "cell_text", "cluster_cases", "co_occurrence_null", "cochran_q", "compare_groups",
    "compare_roles", "conceptually_clustered", "contrast_by_outcome", "contrast_table", "correspondence",
    "dated_events", "effects_matrix", "graph_headlines", "graph_themes", "high_low", "holm", "influence",
    "joint_display", "kendall_tau", "labelled_effects", "map_places", "marked_pairs", "match_propositions",
    "meta_frame", "multilevel_logistic", "negative_cases", "negative_summary", "outlines", "passages",
    "pattern_matching", "permute_cases", "quotation_test", "relation_effects", "rival_explanations", "role_comparison",
    "sign_test", "similar_pairs", "smallest_p", "step_progress", "time_ordered", "together", "unit_labels",
    "unit_values",
]  # fmt: skip
