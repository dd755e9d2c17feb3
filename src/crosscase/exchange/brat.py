"""Read a folder of brat: a text and beside it its annotations (`talk.txt`, `talk.ann`); positions are code points."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.decode import decode
from crosscase.exchange.imported import Imported
from crosscase.exchange.marks import PIECES, Marks
from crosscase.exchange.positions import Reading

_SPAN = re.compile(r"(\S{1,400}) (\d{1,15} \d{1,15}(?:;\d{1,15} \d{1,15})*)")
_KINDS = {"R": "relations", "E": "events", "*": "equivalences", "A": "attributes", "M": "attributes"} | {
    "N": "links to other sources"
}


def read_brat(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a folder of brat.

    Types of annotations are codes, notes on them memos. Where the same files lie in several folders, these are the
    coders'. `CrosscaseError` where a text is missing or a link leads out of the folder.
    """
    inside = path if path.is_dir() else path.parent
    files = folder.files_below(path) if path.is_dir() else [path]
    annotated = [file for file in files if file.suffix.lower() == ".ann"]
    builder = Builder("folder of brat", "brat", path.stem, Reading("code point", 2))
    marks = Marks(builder)
    often = Counter(file.name for file in annotated)
    problems: list[Problem] = []
    for number, file in enumerate(annotated, start=1):
        beside = file.with_suffix(".txt")
        if not beside.is_file():
            rule = "the text lies beside its annotations"
            problems.append(Problem(file.name, rule, "none", beside.name, "put the text into the same folder"))
            continue
        text = decode(folder.read(beside, inside))[0]
        coder = marks.coder(file.parent.name) if often[file.name] > 1 else None
        document = marks.document(beside.name, text)
        _annotations(decode(folder.read(file, inside))[0], document, coder, marks, file.name)
        if progress is not None:
            progress(number / len(annotated))
    if problems:
        raise CrosscaseError(problems)
    for file in files:
        if file.suffix.lower() == ".txt" and file.with_suffix(".ann") not in annotated:
            marks.document(file.name, decode(folder.read(file, inside))[0])
    return assemble(builder)


def _annotations(content: str, document: str, coder: str | None, marks: Marks, place: str) -> None:
    notes: dict[str, str] = {}
    spans: list[tuple[str, str, list[tuple[int, int]]]] = []
    for line in content.splitlines():
        identifier, _, rest = line.partition("\t")
        kind = identifier[:1]
        if kind == "T":
            found = _SPAN.match(rest)
            if found is None:
                marks.builder.left_out.add("annotations without a sound place", f"{place}, {ascii(identifier)[1:20]}")
                continue
            pieces = [(int(a), int(b)) for a, _, b in (piece.partition(" ") for piece in found[2].split(";"))]
            spans.append((identifier, found[1], pieces))
        elif kind == "#":
            about, _, text = rest.partition("\t")
            target = about.rpartition(" ")[2]
            notes[target] = f"{notes[target]}\n{text}" if target in notes else text
        elif kind in _KINDS:
            marks.builder.left_out.add(f"{_KINDS[kind]} of annotations")
    for identifier, label, pieces in spans:
        if len(pieces) > 1:
            marks.builder.warnings.add(PIECES, f"{place}, {identifier[:20]}")
        for start, end in pieces:
            marks.mark(document, start, end, marks.code(label), coder, memo=notes.get(identifier))
