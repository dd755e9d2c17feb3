"""Synthesis across studies: propositions and findings set beside studies, constructs, best fit, ratings, confidence."""

from crosscase.synthesis.between import aid_by_study
from crosscase.synthesis.cerqual import adequacy_facts, check_judgements, evidence_profile
from crosscase.synthesis.constructs import CONFIDENCE, DIRECTIONS, code_contrast, construct_by_study, reported_in
from crosscase.synthesis.domains import framework_summary
from crosscase.synthesis.explanations import explanatory_effects, negative_matches, rivals_weighed
from crosscase.synthesis.findings import argued_evidence, evidence_by_study
from crosscase.synthesis.frames import codes_by_study, contrast_cells, effect_directions
from crosscase.synthesis.leftovers import framework_fit, leftovers, theme_coverage
from crosscase.synthesis.linking import codings_of_themes
from crosscase.synthesis.pattern_matches import match_of, match_problems, matched_in, pattern_match
from crosscase.synthesis.rating_aid import rating_aid, ratings_beside_aid
from crosscase.synthesis.ratings import check_ratings, distinguishing_constructs, rating_matrix
from crosscase.synthesis.versions import framework_diff, framework_version

__all__ = [
    "CONFIDENCE", "DIRECTIONS", "adequacy_facts", "aid_by_study", "argued_evidence", "check_judgements",
    "check_ratings", "code_contrast", "codes_by_study", "codings_of_themes", "construct_by_study", "contrast_cells",
    "distinguishing_constructs", "effect_directions", "evidence_by_study", "evidence_profile", "explanatory_effects",
    "framework_diff", "framework_fit", "framework_summary", "framework_version", "leftovers", "match_of",
    "match_problems", "matched_in", "negative_matches", "pattern_match", "rating_aid", "rating_matrix",
    "ratings_beside_aid", "reported_in", "rivals_weighed", "theme_coverage",
]  # fmt: skip
