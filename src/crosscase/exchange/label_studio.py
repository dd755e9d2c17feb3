"""Tasks of Label Studio: labels on spans of texts, pages and dialogues, choices on whole texts; JSON and JSON-MIN."""

from __future__ import annotations

from typing import Any

from crosscase.exchange import names
from crosscase.exchange.html_text import text_of_html
from crosscase.exchange.marks import Marks

LABELS = ("labels", "hypertextlabels", "paragraphlabels")
WHOLE = ("choices", "taxonomy")
TITLES = ("title", "document", "filename", "file", "name", "interview")


def is_task(record: dict[str, Any]) -> bool:
    """Tell whether a record is a task of Label Studio."""
    if isinstance(record.get("data"), dict) and isinstance(record.get("annotations", record.get("completions")), list):
        return True
    return isinstance(record.get("text"), str) and bool(_small(record))


def _small(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the labelled spans of a record of JSON-MIN."""
    lists = [value for value in record.values() if isinstance(value, list)]
    return [
        item for items in lists for item in items if isinstance(item, dict) and isinstance(item.get("labels"), list)
    ]


def take_task(record: dict[str, Any], coder: str | None, marks: Marks) -> None:
    """Add a task: its text, and what each coder marked in it."""
    builder = marks.builder
    data = record["data"] if isinstance(record.get("data"), dict) else record
    title = next((data[key] for key in TITLES if isinstance(data.get(key), str) and data[key]), None)
    text, starts = _text(data)
    if text is None:
        builder.left_out.add("tasks without a text (pictures, recordings, texts behind an address)")
        return
    document = marks.document(str(title or f"task {record.get('id', len(builder.documents) + 1)}"), text)
    if data is record:
        by = marks.coder(_name(record.get("annotator"))) or marks.coder(coder)
        for item in _small(record):
            _result({"type": "labels", "value": item}, document, starts, by, None, marks)
        return
    if record.get("predictions"):
        builder.left_out.add("predictions of a model", n=len(record["predictions"]))
    for annotation in record.get("annotations") or record.get("completions") or []:
        if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
            builder.left_out.add("annotations that were cancelled")
            continue
        by = marks.coder(_name(annotation.get("completed_by"))) or marks.coder(coder)
        when = annotation.get("created_at")
        for result in annotation.get("result") or []:
            if isinstance(result, dict):
                _result(result, document, starts, by, when if isinstance(when, str) else None, marks)


def _name(who: Any) -> str | None:
    if isinstance(who, dict):
        whole = " ".join(str(who.get(key) or "") for key in ("first_name", "last_name")).strip()
        return names.label(whole or who.get("email") or who.get("username") or who.get("id"))
    return f"annotator {who}" if isinstance(who, int) else who if isinstance(who, str) else None


def _text(data: dict[str, Any]) -> tuple[str | None, list[int]]:
    """Return the text of a task and, for a dialogue, where its paragraphs begin in it."""
    for value in data.values():
        if isinstance(value, list) and value and all(isinstance(item, dict) and "labels" not in item for item in value):
            parts, starts, at = [], [], 0
            for item in value:
                words = item.get("text", item.get("phrase"))
                who = item.get("author", item.get("name", item.get("speaker")))
                head = f"{who}: " if isinstance(who, str) and who else ""
                part = f"{head}{words if isinstance(words, str) else ''}\n"
                starts.append(at + len(head.encode("utf-16-le", "surrogatepass")) // 2)
                at += len(part.encode("utf-16-le", "surrogatepass")) // 2
                parts.append(part)
            return "".join(parts), starts
    texts = {key: value for key, value in data.items() if isinstance(value, str) and key not in TITLES}
    text = next((texts[key] for key in ("text", "html", "content", "transcript") if key in texts), None)
    text = max(texts.values(), key=len, default=None) if text is None else text
    if text is None or text.startswith(("http://", "https://", "s3://", "gs://", "/data/")):
        return None, []
    return (text_of_html(text).text if "html" in texts and text is texts["html"] else text), []


def _result(
    result: dict[str, Any], document: str, starts: list[int], coder: str | None, when: str | None, marks: Marks
) -> None:
    kind, value = str(result.get("type")), result.get("value")
    value = value if isinstance(value, dict) else {}
    if kind in WHOLE:
        for choice in value.get(kind) or []:
            path = choice if isinstance(choice, list) else [choice]
            code = None
            for step in path:
                code = marks.code(step, code)
            if code is not None:
                marks.mark(document, None, None, code, coder, when)
        return
    labels = next((value[key] for key in (kind, *LABELS) if isinstance(value.get(key), list)), None)
    if kind not in LABELS or labels is None:
        marks.builder.left_out.add(f"results of another kind: {ascii(kind)[1:40]}")
        return
    start, end = _place(value, starts)
    if start is None or end is None:
        marks.builder.left_out.add("annotations without a sound place or label")
        return
    for label in labels:
        marks.mark(document, start, end, marks.code(label), coder, when)


def _place(value: dict[str, Any], starts: list[int]) -> tuple[int | None, int | None]:
    """Return begin and end of a span in the whole text; in a dialogue they are counted in its paragraphs."""
    whole = value.get("globalOffsets")
    if isinstance(whole, dict):
        return _number(whole.get("start")), _number(whole.get("end"))
    ends = _number(value.get("start")), _number(value.get("end"))
    if not starts:
        return ends
    within = _number(value.get("startOffset")), _number(value.get("endOffset"))
    found = [
        starts[paragraph] + offset
        for paragraph, offset in zip(ends, within)
        if paragraph is not None and offset is not None and paragraph < len(starts)
    ]
    return (found[0], found[1]) if len(found) == 2 else (None, None)


def _number(raw: Any) -> int | None:
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 15:
        raw = int(raw)
    return raw if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw < 2**48 else None
