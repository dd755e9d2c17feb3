"""From a theme to the codings behind it: by the theme they carry, by its subthemes, by the place where it is stated."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from crosscase.arguments import Name, check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need
from crosscase.ids import span, split

BY_THEME = "theme"
BY_PLACE = "place in the text"


def codings_of_themes(
    wanted: Iterable[Name], codings: pd.DataFrame, themes: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Find the codings of one study that stand behind themes.

    A coding belongs to a theme when it carries the theme or one of its subthemes; where no coding does, when it
    overlaps a place in the text at which the publication states the theme.

    Parameters
    ----------
    wanted : iterable of str
        Themes.
    codings : pandas.DataFrame
        Codings of one study: `coding_id, theme`, and `document, start, end` where places are to be used.
    themes : pandas.DataFrame, optional
        Themes of the study: `theme, parent`, optionally `document, spans` ("start-end", joined by semicolons).

    Returns
    -------
    pandas.DataFrame
        One row per theme and coding: `wanted` (the theme), `linked_by` ("theme" or "place in the text"), and the
        columns of `codings`.

    Examples
    --------
    >>> codings = pd.DataFrame({"coding_id": ["k1"], "theme": ["x"], "document": ["d"], "start": [5], "end": [9]})
    >>> themes = pd.DataFrame({"theme": ["x", "y"], "parent": [None, None], "document": ["d", "d"],
    ...     "spans": [None, "8-20"]})
    >>> codings_of_themes(["x", "y"], codings, themes)[["wanted", "linked_by"]].values.tolist()
    [['x', 'theme'], ['y', 'place in the text']]
    """
    check_arguments(codings_of_themes, locals())
    need(codings, ["theme"], "codings")
    if themes is not None:
        need(themes, ["theme", "parent"], "themes")
    below, parts = _below(themes), []
    places = {} if themes is None or "spans" not in themes else _places(themes)
    if places:
        need(codings, ["document", "start", "end"], "codings")
    for theme in dict.fromkeys(wanted):
        inner = below.get(theme, {theme})
        found, how = codings[codings["theme"].isin(inner)], BY_THEME
        if found.empty:
            here = pd.Series(False, index=codings.index)
            for document, start, end in (place for name in sorted(inner) for place in places.get(name, [])):
                overlap = (codings["start"] < end) & (codings["end"] > start)
                here |= codings["document"].eq(document) & overlap.fillna(False).astype(bool)
            found, how = codings[here], BY_PLACE
        parts.append(found.assign(wanted=theme, linked_by=how))
    if not parts:
        return codings.iloc[:0].assign(wanted="", linked_by="")
    return pd.concat(parts, ignore_index=True)


def _below(themes: pd.DataFrame | None) -> dict[str, set[str]]:
    """Return theme -> the theme and all its subthemes."""
    found: dict[str, set[str]] = {}
    parent = {} if themes is None else dict(zip(themes["theme"], themes["parent"]))
    for theme in parent:
        at, seen = theme, set()
        while isinstance(at, str) and at not in seen:
            seen.add(at)
            found.setdefault(at, set()).add(theme)
            at = parent.get(at)
    return found


def _places(themes: pd.DataFrame) -> dict[str, list[tuple[str, int, int]]]:
    """Return theme -> document, start and end of each place where it is stated."""
    found: dict[str, list[tuple[str, int, int]]] = {}
    need(themes, ["document"], "themes")
    stated = themes.dropna(subset=["document", "spans"])
    for theme, document, spans in stated[["theme", "document", "spans"]].itertuples(index=False):
        for text in split(spans):
            if not (at := span(text)):
                raise CrosscaseError(Problem(f"themes, theme {theme!r}, spans", "places in a text", repr(text), "5-20"))
            found.setdefault(theme, []).append((document, *at))
    return found
