"""Write the sources of a REFI-QDA project with their selections and codings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crosscase.exchange import refi
from crosscase.exchange.qdpx_plan import Plan, Selection
from crosscase.exchange.xml_out import add, moment, text

TAGS = {"picture": "PictureSource", "audio": "AudioSource", "video": "VideoSource"}
Put = Callable[[str, bytes], None]


def write_sources(root: Any, plan: Plan, put: Put) -> None:
    """Add all sources to a project, and their files to the archive."""
    if not plan.documents:
        return
    wrapper = add(root, "Sources")
    for row in plan.documents:
        document = row["document"]
        if row["kind"] in TAGS:
            _media(wrapper, plan, row, TAGS[row["kind"]], put)
        elif document in plan.originals or _chosen(plan, document, "rectangle"):
            _pdf(wrapper, plan, row, put)
        else:
            source = _source(wrapper, plan, row, "TextSource")
            _text_file(source, plan, document, put)
            _text_selections(source, plan, document)
            _tail(source, plan, document)


def _source(wrapper: Any, plan: Plan, row: dict[str, Any], tag: str) -> Any:
    identifier = plan.guid("document", row["document"])
    when = moment(row["date"])
    return add(wrapper, tag, guid=identifier, name=text(row["title"]), creationDateTime=when)


def _text_file(element: Any, plan: Plan, document: str, put: Put) -> None:
    name = f"{plan.guid('document', document)}.txt"
    put(f"sources/{name}", plan.encoded(plan.texts[document]))
    element.set("plainTextPath", f"internal://{name}")


def _original(element: Any, plan: Plan, document: str, put: Put) -> None:
    if document in plan.originals:
        suffix, content = plan.originals[document]
        name = f"{plan.guid('document', document)}.{suffix}"
        put(f"sources/{name}", content)
        element.set("path", f"internal://{name}")


def _media(wrapper: Any, plan: Plan, row: dict[str, Any], tag: str, put: Put) -> None:
    source = _source(wrapper, plan, row, tag)
    _original(source, plan, row["document"], put)
    for selection in _chosen(plan, row["document"], "rectangle", "time"):
        _area(source, plan, selection, tag.replace("Source", "Selection"))
    _tail(source, plan, row["document"])


def _pdf(wrapper: Any, plan: Plan, row: dict[str, Any], put: Put) -> None:
    document = row["document"]
    source = _source(wrapper, plan, row, "PDFSource")
    _original(source, plan, document, put)
    for selection in _chosen(plan, document, "rectangle"):
        _area(source, plan, selection, "PDFSelection")
    if document in plan.texts:
        inside = add(source, "Representation", guid=plan.guid("representation", document))
        _text_file(inside, plan, document, put)
        _text_selections(inside, plan, document)
    _tail(source, plan, document)


def _chosen(plan: Plan, document: str, *kinds: str) -> list[Selection]:
    return [selection for (kind, *_), selection in plan.selections[document].items() if kind in kinds]


def _text_selections(element: Any, plan: Plan, document: str) -> None:
    chosen = _chosen(plan, document, "text")
    starts = plan.positions(document, [s.start or 0 for s in chosen])
    ends = plan.positions(document, [s.end or 0 for s in chosen])
    for selection, start, end in zip(chosen, starts, ends):
        item = add(element, "PlainTextSelection", guid=selection.guid)
        item.set("startPosition", str(start))
        item.set("endPosition", str(end))
        _codings(item, plan, selection)


def _area(source: Any, plan: Plan, selection: Selection, tag: str) -> None:
    item = add(source, tag, guid=selection.guid)
    locator = selection.locator or ""
    if found := refi.read_rectangle(locator):
        page, corners = found
        if page is not None:
            item.set("page", page)
        for name, value in zip(("firstX", "firstY", "secondX", "secondY"), corners):
            item.set(name, value)
    elif times := refi.read_time(locator):
        item.set("begin", times[0])
        item.set("end", times[1])
    _codings(item, plan, selection)


def _codings(element: Any, plan: Plan, selection: Selection) -> None:
    for row in selection.codings:
        coding = add(
            element,
            "Coding",
            guid=plan.guid("coding", row["coding_id"]),
            creatingUser=plan.guid("coder", row["coder"]),
            creationDateTime=moment(row["date"]),
        )
        add(coding, "CodeRef", targetGUID=plan.guid("code", row["code"]))
        note = plan.guid("coding memo", row["coding_id"])
        if note in plan.coding_memos:
            add(coding, "NoteRef", targetGUID=note)
    for memo in dict.fromkeys(selection.notes):
        add(element, "NoteRef", targetGUID=plan.guid("memo", memo))


def _tail(source: Any, plan: Plan, document: str) -> None:
    """Add what follows the selections: codings of the whole, notes, values of variables."""
    for selection in _chosen(plan, document, "whole"):
        _codings(source, plan, selection)
    for memo in plan.notes_of.get(("document", document), ()):
        add(source, "NoteRef", targetGUID=plan.guid("memo", memo))
    plan.add_values(source, "document", document)
