"""Read annotations of CATMA (TEI XML): a collection alone, or the folder of an export with its texts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, safe_xml
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.decode import decode
from crosscase.exchange.imported import Imported
from crosscase.exchange.marks import PIECES, Marks
from crosscase.exchange.positions import Reading

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_PLACE = re.compile(r"#char=(\d{1,15}),(\d{1,15})$")
_OWN = ("catma_markupauthor", "catma_displaycolor", "catma_markuptimestamp")


def read_catma(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in collections of annotations of CATMA.

    Tags are codes in their tree, their properties memos. A text is the `.txt` beside a collection or in a folder above
    it, as CATMA exports them; without one the codings keep their positions. `CrosscaseError` where the XML is broken or
    hostile, or holds no annotation of CATMA.
    """
    inside = path if path.is_dir() else None
    files = folder.files_below(path)
    builder = Builder("annotations of CATMA", "CATMA", path.stem, Reading("utf-16", 2))
    marks = Marks(builder)
    collections = [file for file in files if path.is_file() or file.suffix.lower() in (".xml", ".tei")]
    for number, file in enumerate(collections, start=1):
        root = safe_xml.root(io.BytesIO(folder.read(file, inside)), file.name)
        if not any(True for _ in root.iterfind(".//{*}ab[@type='catma']")):
            builder.left_out.add("files that hold no annotation of CATMA", ascii(file.name))
            continue
        _collection(root, file, files, inside, marks)
        if progress is not None:
            progress(number / len(collections))
    if not builder.documents:
        raise CrosscaseError(Problem(path.name, "a TEI file holds annotations of CATMA (ab of type catma)", "none"))
    return assemble(builder)


def _text_of(file: Path, files: list[Path], length: int) -> Path | None:
    """Return the text of a collection: the only one that is long enough in its folder, or in one of two above it."""
    for above in (file.parent, file.parent.parent, file.parent.parent.parent):
        there = [text for text in files if text.suffix.lower() == ".txt" and text.parent == above]
        fitting = [text for text in there if text.stat().st_size >= length]
        if there:
            return fitting[0] if len(fitting) == 1 else None
    return None


def _collection(root: Any, file: Path, files: list[Path], inside: Path | None, marks: Marks) -> None:
    """Add one collection of annotations of one text."""
    builder = marks.builder
    places: dict[str, list[tuple[int, int]]] = {}
    length = 0
    for pointer in root.iterfind(".//{*}ab[@type='catma']//{*}ptr"):
        found = _PLACE.search(pointer.get("target") or "")
        if found is None:
            continue
        start, end = int(found[1]), int(found[2])
        length = max(length, end)
        for annotation in (pointer.getparent().get("ana") or "").split():
            pieces = places.setdefault(annotation.lstrip("#"), [])
            if pieces and pieces[-1][1] == start:
                pieces[-1] = (pieces[-1][0], end)
            else:
                pieces.append((start, end))
    beside = _text_of(file, files, length)
    content = None if beside is None else decode(folder.read(beside, inside))[0].removeprefix("\ufeff")
    title = beside.name if beside is not None else file.stem
    document = marks.document(title, content)
    for tag in root.iterfind(".//{*}fsdDecl/{*}fsDecl"):
        key = tag.get(_ID) or ""
        if key not in builder.codes:
            label = next((part.text for part in tag.iterfind("{*}fsDescr")), None)
            builder.code(key, label, tag.get("baseTypes"))
    for annotation in root.iterfind(".//{*}text//{*}fs"):
        values = {
            str(part.get("name")): "; ".join(value.text or "" for value in part.iterfind(".//{*}string"))
            for part in annotation.iterfind("{*}f")
        }
        memo = "\n".join(f"{name}: {value}" for name, value in values.items() if name not in _OWN and value) or None
        pieces = places.get(annotation.get(_ID) or "", [])
        if not pieces:
            builder.left_out.add("annotations without a place", ascii(file.name))
        if len(pieces) > 1:
            builder.warnings.add(PIECES, ascii(file.name))
        coder, when = marks.coder(values.get("catma_markupauthor")), values.get("catma_markuptimestamp")
        for start, end in pieces:
            marks.mark(document, start, end, annotation.get("type") or "", coder, when, memo)
