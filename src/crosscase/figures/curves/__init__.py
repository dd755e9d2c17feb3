"""Curves: saturation over units, and codes over rounds of coding."""
