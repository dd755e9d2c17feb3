"""All checks of the second reader, by number."""

from __future__ import annotations

from crosscase.review import (
    cases,
    coders,
    codes,
    directions,
    evidence,
    findings,
    limits,
    numbers,
    relations,
    themes,
    trail,
    voices,
)
from crosscase.review.check import Check

_ROOMS = (themes, directions, codes, coders, findings, evidence, cases, voices, numbers, relations, trail, limits)
CHECKS: dict[str, Check] = {check.number: check for room in _ROOMS for check in room.CHECKS}
"""Number -> check, in the order of their numbers."""
