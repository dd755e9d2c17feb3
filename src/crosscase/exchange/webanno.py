"""Read annotations of INCEpTION and WebAnno (TSV 3): a file, or the folder of an export; positions are UTF-16 units."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.decode import decode
from crosscase.exchange.imported import Imported
from crosscase.exchange.marks import Marks
from crosscase.exchange.positions import Reading

FORMAT = "#FORMAT=WebAnno TSV 3"
NOBODY = ("INITIAL_CAS",)
LINGUISTIC = ("POS", "Lemma", "MorphologicalFeatures", "Dependency", "SurfaceForm", "Stem", "Token")
MAX_GAP = 10_000
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_NUMBER = re.compile(r"(?<!\\)\[(\d{1,9})\]$")
_PLACE = re.compile(r"(\d{1,12})-(\d{1,12})")


@dataclass
class _Column:
    """One column behind the tokens: a feature of a layer of spans, or something that is no code."""

    layer: str
    feature: str
    codes: bool


@dataclass
class _File:
    """Text and annotations of one file."""

    columns: list[_Column] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    length: int = 0
    single: list[tuple[int, str, int, int]] = field(default_factory=list)
    several: dict[tuple[int, str, str], tuple[int, int]] = field(default_factory=dict)


def read_webanno(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in files of WebAnno TSV 3.

    Values of the features of spans are codes. In an export, the folder of a file names the document and the file its
    coder. White space between sentences is not in such a file: a blank stands for one character, a line end for more.
    `CrosscaseError` where a file is no WebAnno TSV 3.
    """
    inside = path if path.is_dir() else None
    files = [file for file in folder.files_below(path) if inside is None or file.suffix.lower() == ".tsv"]
    builder = Builder("annotations of INCEpTION or WebAnno", "INCEpTION or WebAnno", path.stem, Reading("utf-16", 2))
    marks = Marks(builder)
    for number, file in enumerate(files, start=1):
        if file.stem in NOBODY:
            continue
        found = _parse(decode(folder.read(file, inside))[0].removeprefix("\ufeff"), file.name, builder)
        exported = inside is not None and file.parent != inside
        title, coder = (file.parent.name, marks.coder(file.stem)) if exported else (_title(file), None)
        _take(found, marks.document(title, "".join(found.parts)), coder, marks)
        if progress is not None:
            progress(number / len(files))
    builder.notes.append("White space between sentences is not in WebAnno TSV: paragraphs are not those of the text.")
    return assemble(builder)


def _title(file: PurePath) -> str:
    return file.name.removesuffix(".tsv")


def _parse(content: str, place: str, builder: Builder) -> _File:
    if not content.startswith(FORMAT):
        rule, remedy = "the file is WebAnno TSV 3", "export it anew as WebAnno TSV v3.x, or as another format"
        raise CrosscaseError(Problem(place, rule, ascii(content[:40])[1:-1], FORMAT, remedy))
    found = _File()
    pending: list[str] = []
    for line in content.replace("\r\n", "\n").split("\n"):
        if line.startswith(("#T_SP=", "#T_CH=", "#T_RL=")):
            found.columns += _columns(line)
        elif line.startswith("#Text="):
            pending.append(_plain(line.removeprefix("#Text=")))
        elif line and not line.startswith("#"):
            cells = line.split("\t")
            place_of = _PLACE.fullmatch(cells[1]) if len(cells) > 2 else None
            if place_of is None:
                builder.left_out.add("lines that are no token", place)
                continue
            start, end = int(place_of[1]), int(place_of[2])
            if pending:
                _sentence(found, "\n".join(pending), start, place)
                pending = []
            for column, cell in enumerate(cells[3 : 3 + len(found.columns)]):
                _cell(found, column, cell, start, end)
    return found


def _columns(line: str) -> list[_Column]:
    kind, _, rest = line.partition("=")
    layer, *features = rest.split("|")
    short = layer.rpartition(".")[2]
    spans = kind == "#T_SP" and short not in LINGUISTIC
    return [
        _Column(short, name, spans and not name.startswith("ROLE_") and "." not in name) for name in features or [""]
    ]


def _sentence(found: _File, text: str, start: int, place: str) -> None:
    """Add a sentence where its first token begins."""
    gap = start - found.length
    if not 0 <= gap <= MAX_GAP:
        raise CrosscaseError(Problem(place, "sentences follow each other", f"one at {start} after {found.length}"))
    if gap:
        found.parts.append(" " if gap == 1 else "\n" + " " * (gap - 1))
    found.parts.append(text)
    found.length = start + len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cell(found: _File, column: int, cell: str, start: int, end: int) -> None:
    if cell in ("", "_") or not found.columns[column].codes:
        return
    for value in re.split(r"(?<!\\)\|", cell):
        number = _NUMBER.search(value)
        label = _plain(value[: number.start()] if number else value)
        if label == "_":
            continue
        if number is None:
            found.single.append((column, label, start, end))
        else:
            key = column, label, number[1]
            first, last = found.several.get(key, (start, end))
            found.several[key] = min(first, start), max(last, end)


def _plain(text: str) -> str:
    """Return a text without the escapes of the format."""
    return _ESCAPED.sub(lambda mark: _LETTERS.get(mark[1], mark[1]), text)


def _take(found: _File, document: str, coder: str | None, marks: Marks) -> None:
    used = [*found.single, *((column, label, *span) for (column, label, _), span in found.several.items())]
    layers = {column.layer for column in found.columns if column.codes}
    for column, label, start, end in used:
        layer, feature = found.columns[column].layer, found.columns[column].feature
        features = {other.feature for other in found.columns if other.layer == layer and other.codes}
        above = layer if len(features) < 2 else f"{layer}: {feature}"
        parent = marks.code(above) if len(layers) > 1 or len(features) > 1 else None
        marks.mark(document, start, end, marks.code(layer if label == "*" else label, parent), coder)
    if not all(column.codes for column in found.columns):
        marks.builder.left_out.add("layers that hold no codes (relations, chains, roles, parts of speech)")
