"""Directions: what inhibits and what promotes, by code, theme, case and construct."""
