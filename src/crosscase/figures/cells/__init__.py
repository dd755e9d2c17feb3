"""Grids of cells: states, progress, quotations, and words."""
