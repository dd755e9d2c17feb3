"""A kept figure is a recipe: the function that draws it and its arguments, from which it is drawn again in any size."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from crosscase import figures, paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.values import Kept, read_kept
from crosscase.publish.words import level_words
from crosscase.study import level_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from crosscase.figures.drawing import Drawing

FORMATS = ("svg", "pdf", "png", "tiff")
_REAL_TEXT: dict[Any, Any] = {"svg.fonttype": "none", "pdf.fonttype": 42, "ps.fonttype": 42}


def dump_recipe(drawing: Drawing) -> str:
    """Return a drawing as JSON: its function, its arguments (frames, labels, texts, numbers) and its options.

    Raises `TypeError` where an argument is of a kind that JSON cannot hold.
    """
    arguments = [_plain(each) for each in drawing.arguments]
    recipe = {"draw": drawing.name, "arguments": arguments, "options": _plain(drawing.options)}
    return json.dumps(recipe, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def load_recipe(text: str) -> Drawing:
    """Return the drawing of a recipe.

    Raises `CrosscaseError` where the text is no recipe, or names no figure.
    """
    remedy = "run its notebook again"
    try:
        raw = json.loads(text)
        draw, arguments = str(raw["draw"]), [_whole(each) for each in raw["arguments"]]
        options = _whole(raw["options"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        rule = "a kept figure has its recipe as JSON"
        raise CrosscaseError(Problem("recipe", rule, type(error).__name__, remedy=remedy)) from None
    if draw not in figures.FIGURES or not isinstance(options, dict):
        rule, known = "a recipe names a figure of crosscase.figures", ", ".join(figures.FIGURES)
        raise CrosscaseError(Problem("recipe", rule, ascii(draw)[:80], known, remedy))
    try:
        return getattr(figures, draw)(*arguments, **options)
    except TypeError:
        rule = "a recipe gives a figure the arguments that it takes"
        raise CrosscaseError(Problem("recipe", rule, draw, remedy=remedy)) from None


def save_figure(figure: Figure, path: Path, kind: str, *, dpi: float = 300, title: str = "", note: str = "") -> None:
    """Write a figure as a journal wants it: text that stays text, fonts embedded, or pixels of a given fineness.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        The figure.
    path : pathlib.Path
        Where it goes.
    kind : {"svg", "pdf", "png", "tiff"}
        Format.
    dpi : float
        Pixels per inch of `png` and `tiff`.
    title, note : str
        Kept in the properties of the file.
    """
    import matplotlib as mpl

    about: dict[str, Any] = {
        "svg": {"Title": title, "Description": note, "Date": None, "Creator": None},
        "pdf": {"Title": title, "Subject": note, "CreationDate": None, "Creator": None, "Producer": None},
        "png": {"Title": title, "Description": note, "Software": None},
    }
    more: dict[str, Any] = {"metadata": about[kind]} if kind in about else {}
    if kind == "tiff":
        more["pil_kwargs"] = {"compression": "tiff_lzw", "description": note}
    with mpl.rc_context(_REAL_TEXT | {"svg.hashsalt": title or "crosscase"}):
        figure.savefig(path, format=kind, dpi=dpi, **more)


def draw_kept(
    identifier: str, path: Path, kind: str, *, look: str = "book", width: float | None = None, dpi: float = 600
) -> str:
    """Draw a kept figure into a file, and return its size in words.

    Parameters
    ----------
    identifier : str
        Id of the figure.
    path : pathlib.Path
        The file; it is looked through for passages that are not released before it is put in place.
    kind : {"svg", "pdf", "png", "tiff"}
        Format.
    look, width, dpi
        As `Drawing.draw` and `save_figure` take them.

    Raises
    ------
    CrosscaseError
        Where no figure of this id is kept, it has no recipe, or the width is too small.
    """
    from crosscase.release.gate import put_file

    kept = read_kept()
    figure = kept_drawing(identifier, kept).draw(look, width)
    record = kept.figures[identifier]
    note = level_words(level_of([record["study"]] if record["study"] else None))
    put_file(path, lambda target: save_figure(figure, target, kind, dpi=dpi, title=record["caption"], note=note))
    wide, high = (float(each) * 25.4 for each in figure.get_size_inches())
    return f"{wide:.0f} x {high:.0f} mm"


def kept_drawing(identifier: str, kept: Kept) -> Drawing:
    """Return the drawing of a kept figure from its recipe.

    Raises `CrosscaseError` where no figure of this id is kept, it has nothing to show, or it has no recipe.
    """
    if reason := kept.results.get(identifier, {}).get("refused"):
        rule = "a figure that is drawn has something to show"
        raise CrosscaseError(Problem(f"figure {identifier}", rule, str(reason), remedy="look at its notebook"))
    if identifier not in kept.figures:
        near = ", ".join(get_close_matches(identifier, list(kept.figures), 5)) or f"{len(kept.figures)} figures"
        remedy = "`crosscase figures` lists them; `crosscase build` makes them"
        raise CrosscaseError(Problem(f"figure {identifier!r}", "the id is that of a kept figure", "none", near, remedy))
    file = kept.path("figures", identifier, "json")
    if not file.is_file():
        rule, own = "a figure that is drawn anew has a recipe", "a figure of one's own is taken as it is from results"
        remedy = f"run its notebook again; {own}, or drawn as a figure of ours"
        raise CrosscaseError(Problem(f"figure {identifier!r}", rule, "no recipe", remedy=remedy))
    return load_recipe(file.read_text(encoding="utf-8"))


def uses(identifier: str) -> list[str]:
    """Return the chapters and posters that name a figure, as paths from the compendium's root."""
    wanted = re.compile(rf"(?<![\w.-]){re.escape(identifier)}(?![\w-]|\.\w)")
    places = [*sorted(paths.book().rglob("*.md")), *sorted((paths.book() / "posters").glob("*.yml"))]
    return [paths.relative(path) for path in places if wanted.search(path.read_text(encoding="utf-8"))]


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; what JSON has no place for is a mapping with one key that begins with `$`."""
    if hasattr(value, "item") and not isinstance(value, pd.DataFrame | pd.Series):
        value = value.item()
    match value:
        case None | bool() | str() | int():
            return value
        case float():
            return value if math.isfinite(value) else {"$float": str(value)}
        case pd.DataFrame():
            columns = [_column(value.iloc[:, number]) for number in range(value.shape[1])]
            names = [_plain(name) for name in value.columns]
            return {"$frame": {"names": names, "columns": columns, "index": _index(value.index)}}
        case pd.Series():
            return {"$series": {"name": _plain(value.name), "column": _column(value), "index": _index(value.index)}}
        case dict() | Mapping():
            return {"$map": [[_plain(key), _plain(each)] for key, each in value.items()]}
        case tuple():
            return {"$tuple": [_plain(each) for each in value]}
        case list():
            return [_plain(each) for each in value]
        case set() | frozenset():
            return {"$set": sorted(_plain(each) for each in value)}
    if value is pd.NA or value is pd.NaT:
        return {"$missing": "NA" if value is pd.NA else "NaT"}
    raise TypeError(f"a recipe cannot hold a {type(value).__name__}")


def _column(column: pd.Series) -> dict[str, Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        categories = [_plain(each) for each in column.cat.categories]
        cells = [_plain(cell) for cell in column.astype("object")]
        return {"type": "category", "of": categories, "ordered": bool(column.cat.ordered), "cells": cells}
    return {"type": str(column.dtype), "cells": [_plain(cell) for cell in column.tolist()]}


def _index(index: pd.Index) -> dict[str, Any] | None:
    if isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1 and index.name is None:
        return None
    if isinstance(index, pd.MultiIndex):
        raise TypeError("a recipe cannot hold an index of several levels")
    return {"name": _plain(index.name), "column": _column(index.to_series())}


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if not isinstance(value, dict):
        return value
    (kind, content), *_ = value.items()
    match kind:
        case "$float":
            return float(content)
        case "$missing":
            return pd.NA if content == "NA" else pd.NaT
        case "$map":
            return {_whole(key): _whole(each) for key, each in content}
        case "$tuple":
            return tuple(_whole(each) for each in content)
        case "$set":
            return set(content)
        case "$series":
            return pd.Series(_cells(content["column"]), name=_whole(content["name"])).set_axis(_axis(content))
        case "$frame":
            columns = {number: _cells(each) for number, each in enumerate(content["columns"])}
            frame = pd.DataFrame(columns, index=None if columns else range(0))
            frame.columns = pd.Index([_whole(name) for name in content["names"]])
            return frame if content["index"] is None else frame.set_axis(_axis(content))
    raise KeyError(kind)


def _cells(content: dict[str, Any]) -> pd.Series:
    cells = [_whole(cell) for cell in content["cells"]]
    if content["type"] == "category":
        kind = pd.CategoricalDtype([_whole(each) for each in content["of"]], ordered=content["ordered"])
        return pd.Series(cells, dtype="object").astype(kind)
    return pd.Series(cells, dtype=content["type"])


def _axis(content: dict[str, Any]) -> pd.Index:
    index = content["index"]
    if index is None:
        return pd.RangeIndex(len(content["column"]["cells"]))
    return pd.Index(_cells(index["column"]), name=_whole(index["name"]))
