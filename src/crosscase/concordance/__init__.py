"""Words of texts before anything is coded: terms, what stands beside them, where they occur, and their lines.

Texts go in as a mapping of document to text, frames come out; places are `[start, end)` in Unicode code points.
"""

from crosscase.concordance.lines import kwic
from crosscase.concordance.places import occurrence
from crosscase.concordance.scores import log_dice, log_likelihood, log_ratio
from crosscase.concordance.term_lists import collocations, terms
from crosscase.concordance.tokens import can_stem, stop_words, words

__all__ = [
    "can_stem",
    "collocations",
    "kwic",
    "log_dice",
    "log_likelihood",
    "log_ratio",
    "occurrence",
    "stop_words",
    "terms",
    "words",
]
