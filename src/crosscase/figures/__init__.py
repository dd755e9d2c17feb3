"""Figures of the book and the posters: frame in, matplotlib Figure out; nothing is computed here but where ink goes."""
