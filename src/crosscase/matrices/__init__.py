"""Matrices from codings: every cell with its state and with the segments behind it."""

from crosscase.matrices.cells import count_matrix, merged_length
from crosscase.matrices.coding import coding_matrix, wide

__all__ = ["coding_matrix", "count_matrix", "merged_length", "wide"]
