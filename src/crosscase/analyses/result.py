"""What an analysis found: one tidy frame, and picture, words, values and table as views of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from crosscase import paths
from crosscase.analyses.values import Value

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from crosscase.figures.drawing import Drawing
    from crosscase.study import Study


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """What an analysis found, in one frozen object that shows itself.

    The frame is the only truth; all else is a view of it, computed when asked for.

    Parameters
    ----------
    frame : pandas.DataFrame
        The tidy table, unrounded, with the n beside each statistic; without columns where the sentence is all.
    caption : str
        One sentence: what is shown.
    says : str or callable
        The finding in one plain sentence, or what makes it of the frame; what is undefined says why.
    draws : callable, optional
        Makes the drawing of the frame.
    counts : callable, optional
        Makes the values of the frame.
    limits : str
        How to read it, and what it does not say.
    refused : str
        Why the question cannot be asked of this study, as a sentence; nothing is then drawn, and no table kept.
    names : callable, optional
        Turns a frame into one that people read, with names for neutral ids where these are at hand.
    headings : mapping of str to str
        Column -> heading as a reader should see it.
    kinds : mapping of str to str
        Column -> what it holds (`term`, `id of themes` ...), where `crosscase.publish.columns` would say it otherwise.
    held : str
        Why it is not kept, where it shows words of texts that nobody has released: it is for the eyes of those who have
        them.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": ["trust", "money"], "n": [5, 2]})
    >>> found = Result(frame, "Codes.", says=lambda f: f"{f['code'].iloc[0]} is coded most: {f['n'].iloc[0]} times.")
    >>> found
    Result of 2 rows: trust is coded most: 5 times.
    """

    frame: pd.DataFrame
    caption: str
    says: str | Callable[[pd.DataFrame], str] = ""
    draws: Callable[[pd.DataFrame], Drawing] | None = None
    counts: Callable[[pd.DataFrame], Iterable[Value]] | None = None
    limits: str = ""
    refused: str = ""
    names: Callable[[pd.DataFrame], pd.DataFrame] | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    held: str = ""

    @cached_property
    def drawing(self) -> Drawing | None:
        """What draws it; None where the analysis has no picture or the question is refused."""
        return None if self.draws is None or self.refused else self.draws(self.frame)

    @property
    def empty(self) -> str:
        """Why there is no picture though the analysis has one; nothing where there is one, or never is."""
        return self.drawing.empty if self.drawing is not None else ""

    @cached_property
    def sentence(self) -> str:
        """The finding in one plain sentence; why there is none where the question is refused."""
        if self.refused:
            return self.refused
        said = self.says(self.frame) if callable(self.says) else self.says
        return said or self.empty

    @property
    def alt(self) -> str:
        """What a person who cannot see the picture needs: the finding; nothing where there is no picture."""
        return self.drawing.alt if self.drawing is not None else ""

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The numbers with their ids."""
        return tuple(self.counts(self.frame)) if self.counts else ()

    @property
    def about(self) -> str:
        """Caption, limits, and why it is not kept, as one text."""
        return " ".join(filter(None, (self.caption, self.limits, self.held)))

    @property
    def table(self) -> pd.DataFrame:
        """The frame as people read it, with names for neutral ids where these are at hand."""
        return self.names(self.frame) if self.names else self.frame

    def figure(self, look: str = "book", width: float | str | None = None) -> Figure:
        """Draw it.

        Parameters
        ----------
        look : {"book", "poster", "slide", "print"}
            Sizes of its text and marks.
        width : float or str, optional
            Width in inches, or with its unit (`"85mm"`).

        Raises
        ------
        CrosscaseError
            Where there is nothing to draw, or the width breaks a word of a label: it then says the least width.
        """
        from crosscase.errors import CrosscaseError, Problem

        if self.drawing is None:
            rule, remedy = "a result that is drawn has a picture", "look at .frame"
            raise CrosscaseError(Problem("figure", rule, self.refused or "a table only", remedy=remedy))
        return self.drawing.draw(look, width)

    def __repr__(self) -> str:
        rows = f" of {len(self.frame)} row{'s'[: len(self.frame) != 1]}" if len(self.frame.columns) else ""
        return f"Result refused: {self.refused}" if self.refused else f"Result{rows}: {self.sentence}"

    def html(self, png: bytes | None = None) -> str:
        """Return its sentence, picture and table as HTML; what is not kept says its level, by which no commit takes it.

        Parameters
        ----------
        png : bytes, optional
            The picture, where it has been drawn already.
        """
        return self._html(png) + (f"<p>Built at the level {paths.RESTRICTED}.</p>" if self.held else "")

    def _repr_html_(self) -> str:
        return self.html()

    def _html(self, png: bytes | None) -> str:
        from html import escape

        from crosscase.analyses import shown

        said = shown.sentence_html(self.sentence)
        if self.refused:
            return f"{said}<p>Not computed: {escape(self.about)}</p>"
        rows = f"{len(self.frame)} row{'s'[: len(self.frame) != 1]}"
        table = shown.table_html(self.table.rename(columns=dict(self.headings)))
        if self.drawing is not None and not self.empty:
            picture = shown.figure_html(png or shown.figure_png(self.figure()), self.alt, self.about)
            return said + picture + shown.folded_html(f"The table behind it ({rows})", table)
        if self.frame.columns.empty:
            return f"{said}<p>{escape(self.about)}</p>"
        return f"{said}{table if len(self.frame) else ''}<p>{escape(self.about)} ({rows})</p>"


def refuse(reason: str, caption: str, values: Iterable[Value] = ()) -> Result:
    """Return the result of a question that this study does not allow.

    Parameters
    ----------
    reason : str
        Why, as a sentence; the book prints it.
    caption : str
        What would be shown.
    values : iterable of Value
        What stays undefined, each with its reason.

    Examples
    --------
    >>> refuse("One coder only, so nothing can be compared.", "Agreement.").sentence
    'One coder only, so nothing can be compared.'
    """
    kept = tuple(values)
    return Result(pd.DataFrame(), caption, refused=reason, counts=lambda _: kept)


def answer(
    study: Study,
    frame: pd.DataFrame,
    caption: str,
    says: str | Callable[[pd.DataFrame], str] = "",
    limits: str = "",
    *,
    draws: Callable[[pd.DataFrame], Drawing] | None = None,
    counts: Callable[[pd.DataFrame], Iterable[Value]] | None = None,
    refused: str = "",
    if_empty: str = "",
) -> Result:
    """Return what was found in a study, with names for its ids; the refusal where there is a reason for one.

    `refused` is the reason, as a sentence; `if_empty` is one that holds where the frame has no row. The values are then
    those of the frame as it is. All else as in `Result`.
    """
    if reason := refused or (if_empty if frame.empty else ""):
        return refuse(reason, caption, counts(frame) if counts else ())
    return Result(frame, caption, says, draws, counts, limits, names=study.named)
