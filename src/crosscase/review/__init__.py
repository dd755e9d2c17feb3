"""A kind second reader: coded checks of what a study claims, each with its reason and its source."""

from crosscase.review.across import across
from crosscase.review.check import ALL, APART, ASIDE, LOOK, PASSED, STATES, TIP, Check, Found, Note
from crosscase.review.material import Computed, Material, material
from crosscase.review.reading import review, unneeded
from crosscase.review.registry import CHECKS
from crosscase.review.report import HEADINGS, counts, in_words, report, together

__all__ = [
    "ALL", "APART", "ASIDE", "CHECKS", "HEADINGS", "LOOK", "PASSED", "STATES", "TIP", "Check", "Computed", "Found",
    "Material", "Note", "across", "counts", "in_words", "material", "report", "review", "together", "unneeded",
]  # fmt: skip
