"""Keep what a notebook found, under a stable dotted id: a value, a table, a figure.

Each run writes into its own folder, which the runner names in `CROSSCASE_RUN`; without a runner (a person in
JupyterLab) things are kept under `results/scratch`. Numbers are stored unrounded; `text` is what is printed.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.recipes import dump_recipe
from crosscase.publish.shown import NotDrawn, Shown, why_empty
from crosscase.publish.words import level_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from crosscase.study import Study

ID = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)+")
UNDEFINED = "undefined"
CLOSING = "\n]\n"
"""How a list on disk ends."""
SHEET_ROWS = 20_000  # a spreadsheet ends after 1,048,576 rows, and people's patience long before


class Keeper:
    """Keeps the results of one study (or of the synthesis) under ids that begin with its name.

    Parameters
    ----------
    owner : str
        Study id, or `synthesis`, `poster`; the first part of every id.

    Examples
    --------
    >>> Keeper("demo").full_id("inventory.interviews")
    'demo.inventory.interviews'
    """

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._study: Study | None = None

    def full_id(self, name: str) -> str:
        """Return the dotted id of a name, refusing anything but lower case, digits, `-`, `_` and dots."""
        full = f"{self.owner}.{name}"
        if not ID.fullmatch(full):
            raise CrosscaseError(
                Problem(
                    place=f"id {full!r}",
                    rule="an id has lower-case parts joined by dots",
                    allowed="a-z, 0-9, - and _",
                    remedy="rename it, for example inventory.interviews",
                )
            )
        return full

    def value(
        self,
        name: str,
        value: float | int | str | None,
        *,
        about: str,
        unit: str = "",
        n: int | None = None,
        form: str = "",
        reason: str = "",
    ) -> None:
        """Keep one value unrounded, with the text that book and poster print.

        Parameters
        ----------
        name : str
            Dotted name inside the owner, such as `inventory.interviews`.
        value : number, str or None
            The unrounded value; None or NaN is undefined and needs a reason.
        about : str
            What it is, in a few words a reader understands.
        unit : str
            Unit as printed in tables, such as `interviews`.
        n : int, optional
            How many observations it rests on.
        form : str
            Python format of the printed text, such as `.2f`; only here is anything rounded.
        reason : str
            Why it is undefined or not stated.

        Raises
        ------
        CrosscaseError
            Where the id is malformed, kept twice in this run, or undefined without a reason.
        """
        full = self.full_id(name)
        plain = _plain(value)
        if plain is None and not reason:
            raise CrosscaseError(
                Problem(
                    place=f"value {full}",
                    rule="an undefined value has a reason",
                    found=repr(value),
                    remedy="give reason='not stated in the source' or the like",
                )
            )
        if plain is None:
            text = reason if reason == "not stated" else UNDEFINED
        else:
            text = format(plain, form) if form else _show(plain)
        record = {"id": full, "value": plain, "text": text, "unit": unit, "n": n, "about": about, "reason": reason}
        _append("values.json", record)

    def values(
        self,
        name: str,
        frame: pd.DataFrame,
        *,
        key: str | list[str],
        value: str,
        about: str,
        unit: str = "",
        n: str | None = None,
        form: str = "",
        reason: str = "not stated",
    ) -> pd.DataFrame:
        """Keep one value per row of a frame, under `name.<key>`.

        Parameters
        ----------
        name : str
            First part of the ids.
        frame : pandas.DataFrame
            One row per value.
        key : str or list of str
            Column or columns that make the rest of the id.
        value : str
            Column of the numbers.
        about : str
            What they are; `{column}` is replaced by the row's cell.
        unit, form : str
            Unit (`{column}` is replaced as well) and format of the printed text.
        n : str, optional
            Column of the number of observations.
        reason : str
            Column that says why a value is undefined, or that reason itself.

        Returns
        -------
        pandas.DataFrame
            The frame, to be shown.
        """
        keys = [key] if isinstance(key, str) else key
        for row in frame.to_dict("records"):
            why = str(row[reason]) if reason in frame.columns else reason
            self.value(
                ".".join([name, *(_slug(row[k]) for k in keys)]),
                row[value],
                about=about.format(**row),
                unit=unit.format(**row),
                n=None if n is None or pd.isna(row[n]) else int(row[n]),
                form=form,
                reason=why if _plain(row[value]) is None else "",
            )
        return self._named(frame)

    def table(
        self, name: str, frame: pd.DataFrame, *, caption: str, labels: dict[str, str] | None = None
    ) -> pd.DataFrame:
        """Keep a table as CSV and Excel; the workbook ends after `SHEET_ROWS` rows and says how many more there are.

        Parameters
        ----------
        name : str
            Dotted name inside the owner.
        frame : pandas.DataFrame
            The table; its index is kept where it has a name.
        caption : str
            One sentence: what the table shows, with the n it rests on.
        labels : dict, optional
            Column -> heading as a reader should see it.

        Returns
        -------
        pandas.DataFrame
            The frame, to be shown, with names for neutral ids where these are at hand, as in the workbook.
        """
        from crosscase.publish.cells import write_csv
        from crosscase.publish.sheets import write_workbook

        full = self.full_id(name)
        flat = frame.reset_index() if any(frame.index.names) else frame
        folder = _folder("tables")
        write_csv(flat, folder / f"{full}.csv")
        sheet = _sheet(self._named(flat).rename(columns=labels or {}))
        words = level_words(trace.level())
        write_workbook(folder / f"{full}.xlsx", {name.rsplit(".", 1)[-1]: sheet}, title=caption, note=words)
        record = {
            "id": full,
            "caption": caption,
            "labels": labels or {},
            "rows": len(flat),
            "columns": [str(c) for c in flat.columns],
        }
        _append("tables.json", record)
        return self._named(frame)

    def _named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a table with names for neutral ids where they are at hand; the CSV file keeps the ids."""
        from crosscase.study import list_studies, load_study

        if self._study is None and self.owner in list_studies():
            self._study = load_study(self.owner)
        return frame if self._study is None else self._study.named(frame)

    def figure(
        self, name: str, figure: Figure, *, alt: str, caption: str, data: pd.DataFrame | None = None
    ) -> Shown | NotDrawn:
        """Keep a figure as SVG, PNG and recipe with its alternative text, and the data behind it as a table.

        A figure that has nothing to show, as its alternative text says, is kept as the sentence that says why.

        The recipe (what draws it, with its arguments) lets it be drawn again in any size without the notebook.

        Parameters
        ----------
        name : str
            Dotted name inside the owner.
        figure : matplotlib.figure.Figure
            The figure; the same figure gives the same bytes.
        alt : str
            What a person who cannot see it must know; not the caption again.
        caption : str
            One sentence: what the figure shows and does not show.
        data : pandas.DataFrame, optional
            The numbers behind it; kept as a table under the same name.

        Returns
        -------
        Shown or NotDrawn
            The picture with its alternative text, or why there is none, to be shown.
        """
        full = self.full_id(name)
        if not alt.strip():
            raise CrosscaseError(
                Problem(place=f"figure {full}", rule="every figure has alternative text", remedy="give alt=")
            )
        empty = why_empty(alt)
        _append("figures.json", {"id": full, "alt": alt, "caption": caption, "data": data is not None, "empty": empty})
        if data is not None:
            self.table(name, data, caption=f"Data behind the figure: {caption}")
        if empty:
            return NotDrawn(empty, caption)
        folder = _folder("figures")
        import matplotlib as mpl

        with mpl.rc_context({"svg.hashsalt": full}):
            about = {"Date": None, "Creator": None, "Description": level_words(trace.level())}
            figure.savefig(folder / f"{full}.svg", metadata=about)
        if recipe := getattr(figure, "recipe", None):
            (folder / f"{full}.json").write_text(dump_recipe(*recipe), encoding="utf-8", newline="\n")
        png = _png(figure, 150)
        (folder / f"{full}.png").write_bytes(png)
        return Shown(png, alt, caption, min(7.2, float(figure.get_size_inches()[0])))


def _png(figure: Figure, dpi: float) -> bytes:
    """Return a figure as a picture of pixels; it has no transparent part, which would only cost time and room."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    canvas, before = figure.canvas, figure.dpi
    try:
        figure.set_dpi(dpi)
        drawn = FigureCanvasAgg(figure)
        drawn.draw()
        picture = Image.frombuffer("RGBA", drawn.get_width_height(), drawn.buffer_rgba(), "raw", "RGBA", 0, 1)
    finally:
        figure.set_dpi(before)
        figure.set_canvas(canvas)
    out, about = io.BytesIO(), PngInfo()
    about.add_text("Description", level_words(trace.level()))
    picture.convert("RGB").save(out, "png", dpi=(dpi, dpi), compress_level=3, pnginfo=about)
    return out.getvalue()


def keeper(owner: str) -> Keeper:
    """Return the keeper of a study, or of `synthesis` or `poster`."""
    return Keeper(owner)


def _plain(value: object) -> Any:
    """Turn numpy scalars into Python's and every kind of missing into None."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value


def _sheet(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what goes into a workbook: the whole table, or its first rows and a last one that says what is missing."""
    if len(frame) <= SHEET_ROWS:
        return frame
    note = f"{len(frame) - SHEET_ROWS:,} more rows are in the CSV file of the same name."
    last = pd.DataFrame([[note] + [None] * (frame.shape[1] - 1)], columns=frame.columns, dtype=object)
    return pd.concat([frame.head(SHEET_ROWS).astype(object), last], ignore_index=True)


def _slug(value: object) -> str:
    """Return a part of an id: lower case, anything else but letters and digits as a hyphen or underscore."""
    return re.sub(r"[^a-z0-9_]+", "-", str(value).lower()).strip("-_") or "x"


def _show(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) and value.is_integer() else str(value)


def _folder(name: str = "") -> Path:
    run = os.environ.get(paths.RUN_VARIABLE)
    folder = (Path(run) if run else paths.results() / "scratch") / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_ids: dict[Path, tuple[int, set[str]]] = {}


def _append(name: str, record: dict[str, Any]) -> None:
    """Add a record to a list on disk, refusing the same id twice inside one run."""
    path = _folder() / name
    if os.environ.get(paths.RUN_VARIABLE):
        size, known = _known(path)
        if record["id"] in known:
            raise CrosscaseError(
                Problem(
                    place=f"id {record['id']}",
                    rule="an id is kept once in a run",
                    found="it twice",
                    remedy="rename one",
                )
            )
        written = _listed([record]).encode()
        with path.open("r+b" if size else "wb") as stream:
            if size:  # the list goes on where its closing bracket stood
                stream.seek(size - len(CLOSING))
                written = b"," + written[1:]
            stream.write(written)
            _ids[path] = stream.tell(), known | {record["id"]}
        return
    records = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    records = [known for known in records if known["id"] != record["id"]]
    path.write_text(_listed([*records, record]), encoding="utf-8", newline="\n")


def _known(path: Path) -> tuple[int, set[str]]:
    """Return the size of a list on disk and the ids in it, read again only where somebody else wrote to it."""
    size = path.stat().st_size if path.exists() else 0
    if size and _ids.get(path, (0, set()))[0] != size:
        _ids[path] = size, {record["id"] for record in json.loads(path.read_text(encoding="utf-8"))}
    return size, _ids[path][1] if size else set()


def _listed(records: list[dict[str, Any]]) -> str:
    return json.dumps(records, indent=1, ensure_ascii=False) + "\n"
