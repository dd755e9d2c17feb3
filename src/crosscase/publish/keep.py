"""Keep what a notebook found, under a stable dotted id: its sentence, its values, its table, its figure.

Each run writes into its own folder, which the runner names in `CROSSCASE_RUN`; without a runner (a person in
JupyterLab) things are kept under `results/scratch`. Numbers are stored unrounded; `text` is what is printed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase import ids, paths, trace
from crosscase.analyses.result import Result
from crosscase.analyses.shown import figure_png
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.recipes import dump_recipe
from crosscase.publish.words import level_words

ID = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)+")
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

    def full_id(self, name: str) -> str:
        """Return the dotted id of a name, refusing anything but lower case, digits, `-`, `_` and dots."""
        full = f"{self.owner}.{name}"
        if not ID.fullmatch(full):
            rule, remedy = "an id has lower-case parts joined by dots", "rename it, for example inventory.interviews"
            raise CrosscaseError(Problem(f"id {full!r}", rule, "", "a-z, 0-9, - and _", remedy))
        if found := ids.unfit(full, ids.LONGEST_ID):
            rule = "an id is the name of a file on every system"
            raise CrosscaseError(Problem(f"id {full!r}", rule, found, remedy="give it a shorter or another name"))
        return full

    def __call__(self, name: str, result: Result) -> None:
        """Keep a result, and show it where a notebook runs.

        The sentence is kept always; the values under ids of their own; the table as CSV and Excel, unless the question
        was refused; the figure as SVG, PNG and recipe (from which it is drawn again in any size; a figure of
        one's own has none), unless it has nothing to show.

        Parameters
        ----------
        name : str
            Dotted name inside the owner.
        result : Result
            What an analysis found.

        Raises
        ------
        CrosscaseError
            Where an id is malformed, or kept twice in this run; where the result shows words of texts that nobody has
            released.
        """
        full = self.full_id(name)
        if result.held:
            rule, remedy = "nothing is kept that shows words of unreleased texts", "look at it without keeping it"
            raise CrosscaseError(Problem(f"id {full}", rule, result.held, remedy=remedy))
        drawing = result.drawing
        record = {"id": full, "caption": result.caption, "limits": result.limits, "sentence": result.sentence}
        _append("results.json", record | {"refused": result.refused or result.empty})
        for value in result.values:
            _append("values.json", value.record(self.full_id(value.id)))
        if not result.refused and len(result.frame.columns):  # without columns the sentence is all
            self._table(full, result)
        png = None
        if drawing is not None and not drawing.empty:
            png = self._figure(full, result)
        if (shell := sys.modules.get("IPython")) and shell.get_ipython():
            apart = f'<div style="margin-bottom:2em">{result.html(png)}</div>'
            shell.display.display(shell.display.HTML(apart))

    def _table(self, full: str, result: Result) -> None:
        """Keep the table; the CSV file keeps neutral ids, the workbook has names where these are at hand.

        The workbook ends after `SHEET_ROWS` rows and says how many more there are.
        """
        from crosscase.publish.cells import write_csv
        from crosscase.publish.columns import columns_of
        from crosscase.publish.sheets import write_workbook

        flat, shown = _flat(result.frame), _flat(result.table)
        folder = _folder("tables")
        write_csv(flat, folder / f"{full}.csv")
        sheet = _sheet(shown.rename(columns=dict(result.headings)))
        words, title = level_words(trace.level()), full.rsplit(".", 1)[-1]
        write_workbook(folder / f"{full}.xlsx", {title: sheet}, title=result.about, note=words)
        columns = columns_of(flat, result.kinds, result.headings)
        _append("tables.json", {"id": full, "caption": result.about, "rows": len(flat), "columns": columns})

    def _figure(self, full: str, result: Result) -> bytes:
        """Keep the figure and return its picture of pixels; the same frame gives the same bytes."""
        import matplotlib as mpl

        assert result.drawing is not None
        _append("figures.json", {"id": full, "alt": result.alt, "caption": result.about})
        folder, note = _folder("figures"), level_words(trace.level())
        figure = result.figure()
        with mpl.rc_context({"svg.hashsalt": full}):
            about = {"Date": None, "Creator": None, "Description": note}
            figure.savefig(folder / f"{full}.svg", metadata=about)
        if result.drawing.recipe:
            (folder / f"{full}.json").write_text(dump_recipe(result.drawing), encoding="utf-8", newline="\n")
        png = figure_png(figure, 150, note)
        (folder / f"{full}.png").write_bytes(png)
        return png


def keeper(owner: str) -> Keeper:
    """Return the keeper of a study, or of `synthesis` or `poster`."""
    return Keeper(owner)


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reset_index() if any(frame.index.names) else frame


def _sheet(frame: pd.DataFrame) -> pd.DataFrame:
    """Return what goes into a workbook: the whole table, or its first rows and a last one that says what is missing."""
    if len(frame) <= SHEET_ROWS:
        return frame
    note = f"{len(frame) - SHEET_ROWS:,} more rows are in the CSV file of the same name."
    last = pd.DataFrame([[note] + [None] * (frame.shape[1] - 1)], columns=frame.columns, dtype=object)
    return pd.concat([frame.head(SHEET_ROWS).astype(object), last], ignore_index=True)


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
            rule = "an id is kept once in a run"
            raise CrosscaseError(Problem(f"id {record['id']}", rule, "it twice", remedy="rename one"))
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
