"""What a PDF says: on its pages, in its information, notes, alternative texts and attachments."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

_SKIPPED = frozenset({"XRef", "ObjStm"})
_DRAWN = frozenset({"Image", "Form"})


def texts(content: bytes, closed: type[Exception]) -> Iterator[tuple[str, str]]:
    """Yield the text of each page, then every text that stands elsewhere in the file; `closed` if locked or damaged."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise closed(f"the PDF cannot be opened ({error})") from None
    try:
        for number in range(len(document)):
            page = document[number]
            words = page.get_textpage()
            yield f"page {number + 1}", words.get_text_range()
            words.close()
            page.close()
    finally:
        document.close()
    yield from _elsewhere(content, closed)


def attachments(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what is attached to a PDF."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(document.count_attachments()):
            attached = document.get_attachment(number)
            yield f"attachment {attached.get_name()}", bytes(attached.get_data())
    finally:
        document.close()


def _elsewhere(content: bytes, closed: type[Exception]) -> Iterator[tuple[str, str]]:
    """Yield the texts of every object: information, XMP, notes, bookmarks, alternative texts, form fields."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import PDFStream

    try:
        document = PDFDocument(PDFParser(io.BytesIO(content)))
        numbers = sorted({number for table in document.xrefs for number in table.get_objids()})
    except Exception as error:
        raise closed(f"the PDF cannot be looked through ({type(error).__name__})") from None
    yield "information of the document", "\n".join(_strings(document.info))
    for number in numbers:
        try:
            thing = document.getobj(number)
            if isinstance(thing, PDFStream):
                kind = str(getattr(thing.attrs.get("Type"), "name", ""))
                if kind == "Metadata" or thing.attrs.get("Subtype") == "XML":
                    yield "metadata (XMP)", thing.get_data().decode("utf-8", errors="replace")
                thing = {} if kind in _SKIPPED else thing.attrs
        except Exception:  # a number without an object, or a damaged one: nothing in it is shown by any reader
            continue
        found = list(_strings(thing))
        if any(len(text) >= 20 for text in found):
            named = thing if isinstance(thing, dict) else {}
            kind = getattr(named.get("Subtype") or named.get("S") or named.get("Type"), "name", "")
            yield f"object {number}{f' ({kind})' if kind else ''}", "\n".join(found)


def _strings(thing: Any, depth: int = 0) -> Iterator[str]:
    from pdfminer.utils import decode_text

    if isinstance(thing, bytes):
        yield decode_text(thing)
    elif isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict) and depth < 30:
        for value in thing.values():
            yield from _strings(value, depth + 1)
    elif isinstance(thing, list | tuple) and depth < 30:
        for value in thing:
            yield from _strings(value, depth + 1)
