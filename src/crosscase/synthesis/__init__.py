"""Synthesis across studies: framework constructs, best fit, ratings, directions, confidence; studies are counted."""

from crosscase.synthesis.between import aid_by_study, different_pair
from crosscase.synthesis.cerqual import adequacy_facts, check_judgements, evidence_profile, findings_from_constructs
from crosscase.synthesis.constructs import CONFIDENCE, DIRECTIONS, code_contrast, construct_by_study, reported_in
from crosscase.synthesis.directions import harvest_frame, vote_count
from crosscase.synthesis.domains import framework_summary
from crosscase.synthesis.frames import codes_by_study, contrast_cells, effect_directions, most_reported
from crosscase.synthesis.left_out import leave_one_study_out
from crosscase.synthesis.leftovers import framework_fit, leftovers, theme_coverage
from crosscase.synthesis.linking import codings_of_themes
from crosscase.synthesis.rating_aid import rating_aid, ratings_beside_aid
from crosscase.synthesis.ratings import check_ratings, distinguishing_constructs, rating_matrix
from crosscase.synthesis.versions import framework_diff, framework_version

__all__ = [
    "CONFIDENCE", "DIRECTIONS", "adequacy_facts", "aid_by_study", "check_judgements", "check_ratings", "code_contrast",
    "codes_by_study", "codings_of_themes", "construct_by_study", "contrast_cells", "different_pair",
    "distinguishing_constructs", "effect_directions", "evidence_profile", "findings_from_constructs", "framework_diff",
    "framework_fit", "framework_summary", "framework_version", "harvest_frame", "leave_one_study_out", "leftovers",
    "most_reported", "rating_aid", "rating_matrix", "ratings_beside_aid", "reported_in", "theme_coverage",
    "vote_count",
]  # fmt: skip
