"""A text of a file, and where a place in it is for a person who looks for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A text of a file.

    Parameters
    ----------
    place : str
        Which part of the file it is, as a person can find it; empty for the whole file.
    text : str
        The text.
    where : callable
        Takes a place in the text and says in words where that is.
    """

    place: str
    text: str
    where: Callable[[int], str] = lambda _: ""
