"""A text of a file, and where a place in it is for a person who looks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A text of a file: which part it is, as a person can find it (empty for the whole), and where a place in it is."""

    place: str
    text: str
    where: Callable[[int], str] = lambda _: ""
