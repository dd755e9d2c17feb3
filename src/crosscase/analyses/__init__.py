"""Analyses of a study, one file per notebook: each function takes a study and returns a `Result` that shows itself.

The pure functions below (`matrices`, `agreement`, `comparison` ...) take frames of one's own; the functions here bind
the labels, cases, roles and stance of a study to them.
"""
