"""Crosscase: a reproducible research compendium for multi-case qualitative studies."""

__version__ = "0.1.0"
