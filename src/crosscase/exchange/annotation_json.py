"""Read annotated texts in JSON or JSON lines: doccano, Prodigy, Label Studio; a file, or a folder of one per coder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.decode import decode
from crosscase.exchange.imported import Imported
from crosscase.exchange.label_studio import is_task, take_task
from crosscase.exchange.marks import Marks
from crosscase.exchange.positions import Reading

SUFFIXES = ("json", "jsonl", "ndjson")
SPANS = ("label", "labels", "spans", "entities", "annotations")
TEXTS = ("text", "data", "content")
TITLES = ("document", "document_name", "filename", "file_name", "file", "title", "name", "source", "interview")
CASES = ("case", "participant", "site", "region", "respondent")
CODERS = ("annotator", "_annotator_id", "_session_id", "user", "username", "coder", "created_by")
REFUSED = {"reject": "texts that a coder rejected", "ignore": "texts that a coder passed over"}


def read_annotations(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in annotated texts.

    doccano and Prodigy count code points, Label Studio UTF-16 units; labels of a whole text are codes on the whole
    document. In a folder each file is a coder's, where the annotations name nobody. `CrosscaseError` where nothing of
    the kind is found; the message says which keys there are.
    """
    files = [file for file in folder.files_of(path) if path.is_file() or file.suffix.lower().lstrip(".") in SUFFIXES]
    inside = path if path.is_dir() else None
    builder = Builder("annotated texts in JSON", "", path.stem, Reading("code point", 2))
    marks = Marks(builder)
    keys: dict[str, None] = {}
    for number, file in enumerate(files, start=1):
        coder = file.stem if len(files) > 1 else None
        for record in _records(decode(folder.read(file, inside))[0].removeprefix("\ufeff"), file.name):
            if is_task(record):
                builder.origin, builder.expected = "Label Studio", Reading("utf-16", 2)
                take_task(record, coder, marks)
            elif not _take(record, coder, marks):
                keys |= dict.fromkeys(map(str, record))
        if progress is not None:
            progress(number / len(files))
    if not builder.documents:
        rule = "the JSON holds annotated texts as doccano, Prodigy or Label Studio write them"
        found, allowed = f"the keys {', '.join(map(ascii, list(keys)[:20]))}", "text with label, spans or entities"
        raise CrosscaseError(Problem(path.name, rule, found, allowed, "export it as JSON or JSONL from one of these"))
    if keys:
        builder.left_out.add("records without a text", ", ".join(map(ascii, list(keys)[:20])))
    return assemble(builder)


def _records(content: str, place: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file: of a list, of lines, or the one that it is."""
    try:
        try:
            found = json.loads(content)
        except ValueError:
            lines = (line for line in content.splitlines() if line.strip())
            found = [json.loads(line) for line in lines]
    except (ValueError, RecursionError) as error:
        rule, remedy = "the file is JSON, or JSON in each line", "export it again"
        raise CrosscaseError(Problem(place, rule, ascii(str(error))[1:121], remedy=remedy)) from None
    for record in found if isinstance(found, list) else [found]:
        if isinstance(record, dict):
            yield record


def _take(record: dict[str, Any], coder: str | None, marks: Marks) -> bool:
    """Add a record of doccano or Prodigy; tell whether it holds a text."""
    builder = marks.builder
    text = next((record[key] for key in TEXTS if isinstance(record.get(key), str)), None)
    if text is None:
        return False
    builder.origin = builder.origin or ("Prodigy" if {"spans", "_input_hash", "answer"} & set(record) else "doccano")
    if (why := REFUSED.get(str(record.get("answer")))) is not None:
        builder.left_out.add(why)
        return True
    about = {**record, **(record["meta"] if isinstance(record.get("meta"), dict) else {})}
    number = record["id"] if "id" in record else marks.number(text)
    title = next((str(about[key]) for key in TITLES if isinstance(about.get(key), str) and about[key]), None)
    document = marks.document(title or f"text {number}", text)
    for case in (str(about[key]) for key in CASES if isinstance(about.get(key), str) and about[key]):
        if case not in builder.cases:
            builder.case(case, case)
        builder.member(case, document=document)
        break
    who = next((about[key] for key in CODERS if isinstance(about.get(key), str | int)), coder)
    _spans(record, document, marks, marks.coder(who), coder)
    for part in ("relations", "Comments", "comments"):
        if isinstance(record.get(part), list) and record[part]:
            builder.left_out.add(f"{part.lower()} of annotated texts", n=len(record[part]))
    return True


def _spans(record: dict[str, Any], document: str, marks: Marks, coder: str | None, file: str | None) -> None:
    """Add the labels of a record: on spans, or on the whole text."""
    whole = list(record["accept"]) if isinstance(record.get("accept"), list) else []
    for key in SPANS:
        found = record.get(key)
        if isinstance(found, str):
            whole.append(found)
        for item in found if isinstance(found, list) else []:
            if isinstance(item, str):
                whole.append(item)
                continue
            span = _span(item)
            if span is None:
                marks.builder.left_out.add("annotations without a sound place or label")
                continue
            start, end, label = span
            named = item.get("user") if isinstance(item, dict) else None
            by = marks.coder(named if isinstance(named, str | int) else None) or coder
            marks.mark(document, start, end, marks.code(label), by)
    for label in dict.fromkeys(map(str, whole)):
        if not (record.get("spans") and label == record.get("label")):
            marks.mark(document, None, None, marks.code(label), coder)


def _span(item: Any) -> tuple[int, int, str] | None:
    """Return begin, end and label of an annotation, in a list or in an object."""
    if isinstance(item, list) and len(item) >= 3:
        start, end, label = item[:3]
    elif isinstance(item, dict):
        start = item.get("start_offset", item.get("start"))
        end = item.get("end_offset", item.get("end"))
        label = item.get("label")
    else:
        return None
    sound = all(isinstance(n, int) and not isinstance(n, bool) and 0 <= n < 2**48 for n in (start, end))
    return (start, end, str(label)) if sound and isinstance(label, str | int) and names.label(label) else None
