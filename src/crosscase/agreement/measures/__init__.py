"""Measures of agreement: one entry each, with formula, source and conditions; `registry` lists all."""
