"""A figure before it is drawn: what draws it and its arguments, to be drawn in any look and width."""

from __future__ import annotations

import inspect
import math
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec

from matplotlib.figure import Figure

from crosscase.errors import CrosscaseError, Problem
from crosscase.figures.ink.brief import MOST
from crosscase.figures.ink.letters import refuse_missing
from crosscase.figures.ink.sheet import Measure, Sheet, broken_words
from crosscase.figures.ink.style import LOOKS, inches

P = ParamSpec("P")
STEP, WIDEST = 5 / 25.4, 14.0
"""Inches: by which the least width is sought, and up to which."""


class NothingToShow(Exception):
    """Raised by the words of a figure whose frame has nothing to show; its text is a sentence that says why."""


class Drawing:
    """A figure that can be drawn in any look and width, with its alternative text.

    The functions of `crosscase.figures` return it. Nothing is drawn before `draw` is called, and a frame that has
    nothing to show is never drawn.

    Parameters
    ----------
    paint : callable
        Draws on a sheet: sheet, arguments, options.
    words : callable
        Returns the alternative text of the same arguments, or raises `NothingToShow`.
    arguments : tuple
        Frames and labels.
    options : mapping
        Options by name.

    Examples
    --------
    >>> import pandas as pd
    >>> from crosscase import figures
    >>> cells = pd.DataFrame({"row": ["a"], "column": ["trust"], "state": ["present"]})
    >>> drawing = figures.matrix(cells)
    >>> drawing.draw("poster").get_size_inches()[0].item(), drawing.empty
    (14.6, '')
    >>> figures.matrix(cells.head(0)).empty
    'There are no rows to show.'
    """

    def __init__(
        self,
        paint: Callable[..., Figure],
        words: Callable[..., str],
        arguments: tuple[Any, ...],
        options: Mapping[str, Any],
    ) -> None:
        self._paint, self._words = paint, words
        self.arguments, self.options = arguments, dict(options)

    recipe = True
    """Whether it can be written down and drawn again: its function and its arguments are all there is to it."""

    @property
    def name(self) -> str:
        """Name of the function of `crosscase.figures`."""
        return self._paint.__name__

    @cached_property
    def _said(self) -> tuple[str, str]:
        try:
            return self._words(*self.arguments, **self.options), ""
        except NothingToShow as reason:
            text = str(reason)
            return "", text[:1].upper() + text[1:]

    @property
    def empty(self) -> str:
        """Why there is nothing to show, as a sentence; nothing where there is something."""
        return self._said[1]

    @property
    def alt(self) -> str:
        """What a person who cannot see it needs; nothing where nothing is shown."""
        return self._said[0]

    def draw(self, look: str = "book", width: float | str | None = None) -> Figure:
        """Draw it.

        Parameters
        ----------
        look : {"book", "poster", "slide", "print"}
            Sizes of its text and marks.
        width : float or str, optional
            Width in inches, or with its unit (`"85mm"`); that of the look by default.

        Raises
        ------
        CrosscaseError
            Where there is nothing to show, or where a word of a label would be broken at that width: it then says
            the least width.
        """
        if self.empty:
            rule, remedy = "a figure that is drawn has something to show", "print the reason instead"
            raise CrosscaseError(Problem(f"figure {self.name}", rule, self.empty.rstrip("."), remedy=remedy))
        chosen = inches(width) if isinstance(width, str) else width
        if chosen is not None and (words := self._broken(look, chosen)):
            self._refuse_where_wider_helps(look, chosen, words[0])
        figure = self._paint(Sheet(look, chosen), *self.arguments, **self.options)
        refuse_missing(figure, f"figure {self.name}")
        return figure

    def _broken(self, look: str, width: float) -> list[str]:
        """Return the words of labels that are broken at a width."""
        with broken_words() as words:
            self._paint(Measure(look, width), *self.arguments, **self.options)
        return words

    def _refuse_where_wider_helps(self, look: str, width: float, word: str) -> None:
        """Say from which width on no word of a label is broken; one that is too long for any page stays broken."""
        first, last = math.floor(width / STEP) + 1, math.floor(max(WIDEST, LOOKS[look][0]) / STEP)
        if first > last or self._broken(look, last * STEP):
            return
        steps = range(first, last)
        least = first + bisect_left(steps, True, key=lambda step: not self._broken(look, step * STEP))
        rule = "a figure is wide enough for the words of its labels"
        found, allowed = f"{width * 25.4:.0f} mm breaks {word!r}", f"{round(least * STEP * 25.4)} mm or more"
        raise CrosscaseError(Problem(f"figure {self.name}, option width", rule, found, allowed, "ask for that width"))

    def __repr__(self) -> str:
        return f"Drawing {self.name}: {self.alt or self.empty}"

    def _repr_png_(self) -> bytes | None:
        from io import BytesIO

        if self.empty:
            return None
        out = BytesIO()
        self.draw().savefig(out, format="png", dpi=100)
        return out.getvalue()


class Own(Drawing):
    """A figure that a person has drawn with matplotlib: it has one size and no recipe."""

    name, recipe = "own", False

    def draw(self, look: str = "book", width: float | str | None = None) -> Figure:
        """Return the figure as it was drawn.

        Raises
        ------
        CrosscaseError
            Where another look or width is asked for, or a letter is in no font.
        """
        if look != "book" or width is not None:
            rule, remedy = "a figure of one's own has one size", "draw it with a function of crosscase.figures"
            asked = look if width is None else f"{look}, width {width}"
            raise CrosscaseError(Problem("figure of one's own", rule, asked, "look 'book' without a width", remedy))
        refuse_missing(self.arguments[0], "figure of one's own")
        return self.arguments[0]


def own(figure: Figure, alt: str) -> Drawing:
    """Return a figure of one's own as a drawing, so that it can be kept beside the others.

    It is shown and kept as SVG and PNG in the size in which it was drawn; without a recipe it cannot be drawn again
    for a poster, a slide or a journal.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn with matplotlib, or with a library that draws with it.
    alt : str
        What a person who cannot see it needs: the finding, in at most 300 characters.

    Raises
    ------
    CrosscaseError
        Without an alternative text, or with one that is too long.

    Examples
    --------
    >>> mine = own(Figure(figsize=(4, 2)), "Trust rises from 2 to 5.")
    >>> mine.alt, mine.draw().get_size_inches().tolist()
    ('Trust rises from 2 to 5.', [4.0, 2.0])
    """
    if not 0 < len(alt.strip()) <= MOST:
        rule, found = "a figure has an alternative text that says what it shows", f"{len(alt)} characters"
        raise CrosscaseError(Problem("figure of one's own, alt", rule, found, f"1 to {MOST} characters"))
    return Own(lambda figure, alt: figure, lambda figure, alt: alt.strip(), (figure, alt), {})


def drawing(words: Callable[P, str]) -> Callable[[Callable[Concatenate[Sheet, P], Figure]], Callable[P, Drawing]]:
    """Make of a function that draws on a sheet one that returns a `Drawing`.

    Parameters
    ----------
    words : callable
        Takes the same arguments without the sheet (it may leave out those that only place things), and returns the
        alternative text or raises `NothingToShow`.
    """

    def made(paint: Callable[Concatenate[Sheet, P], Figure]) -> Callable[P, Drawing]:
        signature = inspect.signature(paint)
        asked = signature.replace(parameters=list(signature.parameters.values())[1:], return_annotation="Drawing")

        known = inspect.signature(words).parameters

        def told(*arguments: Any, **options: Any) -> str:
            given = asked.bind(*arguments, **options).arguments
            return words(**{name: value for name, value in given.items() if name in known})  # type: ignore[call-arg]

        @wraps(paint)
        def later(*arguments: P.args, **options: P.kwargs) -> Drawing:
            asked.bind(*arguments, **options)
            return Drawing(paint, told, arguments, options)

        later.__signature__ = asked  # type: ignore[attr-defined]
        return later

    return made
