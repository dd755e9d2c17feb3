"""Several tables of one import: whether each sheet or file is an interview or a coder, and what was assumed of each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crosscase.exchange import names
from crosscase.exchange.builder import Builder
from crosscase.exchange.segment_rows import Part
from crosscase.exchange.shapes import Shape
from crosscase.exchange.sheet_reader import Table

SHARED = 0.5


def named_parts(shaped: Sequence[tuple[Path, Table, Shape]], builder: Builder) -> list[Part]:
    """Return tables with the document or coder that the name of their sheet or file stands for.

    Where a table has no column for documents, its name is that of the document; where it has a column for documents but
    none for coders, that of the coder, except where each table holds one document of its own. Where it has neither and
    half of the words stand in another table too, tables are those of coders.
    """
    several = len(shaped) > 1
    if not several:
        return [Part("", table, shape) for _, table, shape in shaped]
    labels = _labels([(file, table.name) for file, table, _ in shaped])
    documents = [_cells(table, shape, "document") for _, table, shape in shaped]
    with_documents = [cells for cells in documents if cells]
    interviews = all(len(cells) == 1 for cells in with_documents) and len(set().union(*with_documents)) == len(
        with_documents
    )
    words = [_cells(table, shape, "quotation") for _, table, shape in shaped]
    parts, said = [], set()
    for number, ((_, table, shape), label) in enumerate(zip(shaped, labels)):
        document = coder = None
        has_coder = "coder" in shape.found or any(column.coder for column in shape.codes)
        if "document" in shape.found:
            coder = None if has_coder or interviews else label
        elif has_coder or not _shares(words, number):
            document = label
        else:
            coder = label
        said |= {"document"} if document else {"coder"} if coder else set()
        parts.append(Part(label, table, shape, document, coder))
    for what in sorted(said):
        builder.notes.append(f"The name of each sheet or file was taken for its {what}: {'; '.join(labels[:10])}.")
    return parts


def _labels(found: Sequence[tuple[Path, str]]) -> list[str]:
    """Return what tells tables apart: the name of the sheet or file, else with the file's, else that of the folder.

    Examples
    --------
    >>> _labels([(Path("ann.csv"), ""), (Path("ben.csv"), "")]), _labels([(Path("a/x.csv"), ""), (Path("b/x.csv"), "")])
    (['ann', 'ben'], ['a', 'b'])
    """
    files = [file for file, _ in found]
    ways = [
        [sheet if sheet and files.count(file) > 1 else file.stem for file, sheet in found],
        [f"{file.stem} {sheet}" for file, sheet in found],
        [f"{file.parent.name} {sheet}" for file, sheet in found],
        [f"{file.parent.name} {file.stem} {sheet}" for file, sheet in found],
    ]
    labels = [[names.label(label) for label in way] for way in ways]
    return next((way for way in labels if len(set(way)) == len(way)), labels[-1])


def _cells(table: Table, shape: Shape, field: str) -> set[str]:
    return {names.label(cell) for cell in table.frame[shape.found[field]].dropna()} if field in shape.found else set()


def _shares(words: Sequence[set[str]], number: int) -> bool:
    """Tell whether half of the words of a table stand in another one too."""
    mine = words[number]
    return bool(mine) and any(
        len(mine & other) >= SHARED * min(len(mine), len(other))
        for n, other in enumerate(words)
        if n != number and other
    )


def tell_assumed(found: Sequence[tuple[Path, Table]], builder: Builder) -> None:
    """Tell in one sentence per way of reading what was assumed of the files, and what is doubtful in them."""
    said: dict[str, list[str]] = {}
    for file, table in found:
        if table.assumed:
            name = f"{names.label(file.name)}, {names.label(table.name)}" if table.name else names.label(file.name)
            said.setdefault(", ".join(table.assumed), []).append(name)
        for what, place in table.doubts:
            builder.warnings.add(what, f"{names.label(file.name)}, {place}" if len(found) > 1 else place)
    for how, files in said.items():
        shown = files[0] if len(files) == 1 else f"{len(files):,} tables ({files[0]} ...)"
        builder.notes.insert(0, f"Read {how}: {shown}.")
