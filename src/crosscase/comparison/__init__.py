"""Comparison of cases: displays, logic, and tests that fit few and dependent data."""
