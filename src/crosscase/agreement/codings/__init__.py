"""Codings made ready for comparison, and laid beside each other: rounds, units, presence, differences."""
