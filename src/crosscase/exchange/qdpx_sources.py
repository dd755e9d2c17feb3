"""The sources and notes of a REFI-QDA project: texts, PDFs, pictures, recordings, with their selections."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from crosscase.errors import CrosscaseError
from crosscase.exchange import names
from crosscase.exchange.builder import WHOLE, Builder
from crosscase.exchange.decode import decode
from crosscase.exchange.docx_text import read_docx
from crosscase.exchange.pdf_text import DROPPED, Extracted, PdfReader
from crosscase.exchange.qdpx_areas import Areas
from crosscase.exchange.refi import SOURCES, plain_guid, rectangle

WHOLE_LOCATOR = "whole document"


def local(element: Any) -> str:
    """Return the tag of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


_TAILS: dict[str, str] = {}
_AROUND = " \t\r\n{}"
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d+)?", re.ASCII)
_PARTS = {"Description", "PlainTextContent", "PlainTextSelection", "Coding", "NoteRef", "VariableValue"}
PARTS = {
    "TextSource": _PARTS,
    "PDFSource": _PARTS | {"PDFSelection", "Representation"},
    "PictureSource": _PARTS | {"PictureSelection", "TextDescription"},
    "AudioSource": _PARTS | {"AudioSelection", "Transcript"},
    "VideoSource": _PARTS | {"VideoSelection", "Transcript"},
}
MOST_GUIDS = 20_000
_WHEN = "creationDateTime"


def _tail_of(element: Any) -> str:
    """Return the tag without its namespace, remembered, as selections are many."""
    tag = element.tag
    found = _TAILS.get(tag)
    if found is None:
        found = str(tag).rpartition("}")[2]
        if len(_TAILS) < 1000:
            _TAILS[tag] = found
    return found


def children(element: Any, tag: str) -> Iterator[Any]:
    """Yield the children of an element with a tag, in whatever namespace."""
    return element.iterchildren(f"{{*}}{tag}")


def _whole_number(raw: str | None) -> int | None:
    """Return a number as a whole one; some programs write coordinates with decimals."""
    if raw and len(raw) < 16 and raw.isascii() and raw.isdigit():
        return int(raw)
    text = (raw or "").strip()
    return round(float(text)) if len(text) < 32 and _NUMBER.fullmatch(text) else None


class SourceReader:
    """Adds sources and notes to a builder; `file` returns the bytes behind a path of the project, or None.

    Where we wrote the project (`ours`) the date of a source is that of the document, elsewhere it is only when the
    source was brought into the program.
    """

    def __init__(self, builder: Builder, file: Callable[[str], bytes | None], *, ours: bool = False) -> None:
        self._builder, self._file, self._ours = builder, file, ours
        self.selections: dict[str, int] = {}
        self.bare: list[str] = []
        self._pdfs = PdfReader()
        self._areas = Areas(builder, ours=ours)
        self._taken: set[tuple[int, str, str | None]] = set()
        self._coding_notes: list[tuple[int, str]] = []
        self._guids: dict[str | None, str] = {}
        self._notes_of: list[tuple[str, str, str]] = []
        self._noted: set[tuple[str, str, str]] = set()
        self._note_texts: dict[str, tuple[str, str, str | None, str | None]] = {}

    def source(self, element: Any, tag: str) -> None:
        """Add a source with all that is selected in it."""
        builder, key = self._builder, plain_guid(element.get("guid"))
        title, when = element.get("name"), element.get("creationDateTime") if self._ours else None
        if key in builder.documents:
            shown = ascii(names.label(title))
            builder.warnings.add(
                "two documents have the same GUID, both kept; cases, links and sets mean the first", shown
            )
            key = f"{key} {len(builder.documents)}"
        inside = next(children(element, "Representation"), None) if tag == "PDFSource" else element
        text = self._text(inside) if inside is not None and tag in ("TextSource", "PDFSource") else None
        path = element.get("path") or ""
        original = self._original(path, title) if tag != "TextSource" else None
        suffix = path.rpartition(".")[2]
        if tag == "TextSource" and text is None:
            suffix = self._withheld(title)
        if tag == "PDFSource" and text is None and original is not None:
            text = self._pdf_text(key, original, title)
        if not builder.document(key, title, text=text, original=original, suffix=suffix, kind=SOURCES[tag], date=when):
            return
        if tag == "TextSource" and element.get("richTextPath"):
            builder.left_out.add("styled versions of texts (layout, tables, pictures inside)")
        self._all_selections(element, inside, tag, key)
        for coding in children(element, "Coding"):
            whole = builder.segment(key, 0, WHOLE) if text else builder.segment(key, None, None, WHOLE_LOCATOR)
            self._coding(coding, whole, None)
        self._parts(element, key, title)
        self._refs(element, "document", key)
        self.values("document", key, children(element, "VariableValue"))
        about = next((d.text for d in children(element, "Description")), None)
        if about and about.strip():
            self._describe(key, title, about)

    def _all_selections(self, element: Any, inside: Any, tag: str, key: str) -> None:
        """Take the selections of a source.

        ATLAS.ti writes each quotation of a PDF twice under one GUID, as words of its text and as area of a page, with
        all its codings: the words are taken, the area becomes their locator.
        """
        first, before = len(self._builder.codings), len(self._builder.segments)
        if tag != "TextSource":
            for part in (element, inside) if inside is not None and inside is not element else (element,):
                self._text_selections(part, key)
            self._taken = {(segment, code, user) for segment, code, user, _, _ in self._builder.codings[first:]}
        self._selections(element, tag, key)
        self._taken = set()
        if len(element) == len(self._builder.segments) - before:
            return  # nothing but selections
        for child in element:
            if local(child) not in PARTS[tag]:
                self._builder.left_out.add("parts of sources that are not known", ascii(local(child))[:60])

    def _withheld(self, title: str | None) -> str:
        """Name a document whose text is not in the file, and return the ending that it has: the codings stay."""
        self._builder.warnings.add("documents whose text is not in the file", ascii(names.label(title)))
        return "txt"

    def _parts(self, element: Any, key: str, title: str | None) -> None:
        """Add transcripts and descriptions of pictures as documents of their own."""
        for tag, word in (("Transcript", "transcript"), ("TextDescription", "description")):
            for part in children(element, tag):
                text, part_key = self._text(part), f"{key}/{plain_guid(part.get('guid'))}"
                name = part.get("name") or f"{title or word} ({word})"
                suffix = self._withheld(name) if text is None else ""
                if not self._builder.document(part_key, name, text=text, suffix=suffix):
                    continue
                self._selections(part, "TextSource", part_key)
                self._transcript(part, part_key)
                self._refs(part, "document", part_key)

    def _transcript(self, part: Any, key: str) -> None:
        points = {plain_guid(p.get("guid")): p for p in children(part, "SyncPoint")}
        for selection in children(part, "TranscriptSelection"):
            ends = [points.get(plain_guid(selection.get(side))) for side in ("fromSyncPoint", "toSyncPoint")]
            start, end = [_whole_number(p.get("position")) if p is not None else None for p in ends]
            times = [_whole_number(p.get("timeStamp")) if p is not None else None for p in ends]
            locator = f"{times[0]}-{times[1]} ms" if None not in times else None
            self._selected(selection, self._builder.segment(key, start, end, locator))

    def _selections(self, element: Any, tag: str, key: str) -> None:
        builder = self._builder
        if tag == "TextSource":
            self._text_selections(element, key)
            return
        for selection in children(element, tag.replace("Source", "Selection")):
            read = selection.get
            if tag in ("AudioSource", "VideoSource"):
                times = _whole_number(read("begin")), _whole_number(read("end"))
                locator = f"{times[0]}-{times[1]} ms" if None not in times else None
            else:
                corners = [_whole_number(read(n)) for n in ("firstX", "firstY", "secondX", "secondY")]
                page = _whole_number(read("page")) if tag == "PDFSource" else None
                sound = None not in corners and (page is not None or tag != "PDFSource")
                x1, y1, x2, y2 = map(str, corners)
                locator = rectangle((x1, y1), (x2, y2), None if page is None else str(page)) if sound else None
            same = self.selections.get(plain_guid(read("guid"))) if self._taken or tag == "PDFSource" else None
            if same is not None and builder.segments[same][0] == key and builder.segments[same][3] is None:
                builder.segments[same] = (*builder.segments[same][:3], locator)
                number = same
            else:
                number = builder.segment(key, None, None, locator)
            if tag == "PDFSource" and locator is not None:
                box = tuple(int(corner or 0) for corner in corners)
                self._areas.add(number, key, int(page or 0), (box[0], box[1], box[2], box[3]), read("name") or "")
            self._selected(selection, number)

    def _text_selections(self, element: Any, key: str) -> None:
        """Take the selections of a text.

        Nearly all hold one coding with one code and nothing else: those are taken without calling on anybody, as there
        may be hundreds of thousands.
        """
        builder, known, selections = self._builder, self._guids, self.selections
        segments, codings = builder.segments, builder.codings
        space = str(element.tag)[: -len(local(element))]
        plain = [f"{space}Coding", f"{space}CodeRef"]
        for selection in children(element, "PlainTextSelection"):
            read, number = selection.get, len(segments)
            start, end = read("startPosition"), read("endPosition")
            segments.append((key, _whole_number(start), _whole_number(end), None))
            guid = (read("guid") or "").strip(_AROUND).lower()
            if len(selection) == 1 and guid and guid not in selections:
                coding = selection[0]
                if len(coding) == 1 and [coding.tag, (code := coding[0]).tag] == plain:
                    selections[guid] = number
                    target, user = code.get("targetGUID"), coding.get("creatingUser")
                    target = known.get(target) or self._known_guid(target)
                    user = known.get(user) or self._known_guid(user)
                    codings.append((number, target, user, coding.get(_WHEN), None))
                    continue
            self._selected(selection, number)
        builder.check_size()

    def _selected(self, selection: Any, segment: int) -> None:
        guid = plain_guid(selection.get("guid"))
        if self.selections.setdefault(guid, segment) != segment:
            self._builder.warnings.add("two selections have the same GUID; links lead to the first", guid)
        about, coded = None, False
        for child in selection:
            tag = _TAILS.get(child.tag) or _tail_of(child)
            if tag == "Coding":
                self._coding(child, segment, about)
                coded = True
            elif tag == "Description" and child.text and child.text.strip():
                about = child.text
            elif tag == "NoteRef":
                note = ("segment", str(segment), plain_guid(child.get("targetGUID")))
                if not self._taken or note not in self._noted:
                    self._noted.add(note)
                    self._notes_of.append(note)
        if not coded and about and f"comment {guid} {segment}" in self._builder.memos:
            return
        if not coded and about:
            key = f"comment {guid} {segment}"
            self._builder.memo(key, f"Comment on {selection.get('name') or 'a segment'}", about)
            self._builder.link("memo", ("segment", str(segment)), ("memo", key))
        elif not coded:
            self.bare.append(guid)

    def _coding(self, coding: Any, segment: int, memo: str | None) -> None:
        codes, notes = [], []
        for child in coding:
            tag = _TAILS.get(child.tag) or _tail_of(child)
            if tag == "CodeRef":
                codes.append(self._known_guid(child.get("targetGUID")))
            elif tag == "NoteRef":
                notes.append(plain_guid(child.get("targetGUID")))
        builder, read = self._builder, coding.get
        user = self._known_guid(read("creatingUser"))
        for code in codes or [""]:
            if (segment, code, user) in self._taken:
                builder.repeated += 1
                continue
            self._coding_notes += [(len(builder.codings), note) for note in notes]
            builder.coding(segment, code, user, read("creationDateTime"), memo)

    def _known_guid(self, raw: str | None) -> str:
        """Return a GUID of a code or coder: few, each read many times."""
        found = self._guids.get(raw)
        if found is None:
            found = plain_guid(raw)
            if len(self._guids) < MOST_GUIDS:
                self._guids[raw] = found
        return found

    def close(self) -> None:
        """Find the words of areas, and end the process that read PDFs."""
        self._areas.settle(self._pdfs)
        self._pdfs.close()

    def renumber(self, numbers: dict[int, int]) -> None:
        """Follow the codings after some were taken out: old number -> new number."""
        self._coding_notes = [(numbers[old], note) for old, note in self._coding_notes if old in numbers]

    def note(self, element: Any) -> None:
        """Take a note: a memo, or a document where it is coded itself."""
        key = plain_guid(element.get("guid"))
        found = self._text(element)
        text = found or ""
        if next(element.iterchildren("{*}PlainTextSelection", "{*}Coding"), None) is not None:
            suffix = self._withheld(element.get("name")) if found is None else ""
            given: dict[str, Any] = {"text": found, "suffix": suffix, "kind": "field notes"}
            new = self._builder.document(key, element.get("name"), **given)
            if new:
                self._selections(element, "TextSource", key)
                for coding in children(element, "Coding"):
                    self._coding(coding, self._builder.segment(key, 0, WHOLE), None)
                self._builder.notes.append("Memos that are coded themselves are documents of the kind field notes.")
            return
        about = next((d.text for d in children(element, "Description")), None)
        if key in self._note_texts:
            self._builder.warnings.add("two memos have the same key; the first is kept", key)
            return
        body = "\n\n".join(part.strip() for part in (text, about or "") if part.strip())
        coder, when = plain_guid(element.get("creatingUser")), element.get("creationDateTime")
        self._note_texts[key] = (element.get("name") or "", body, coder, when)

    def attach_notes(self, codes: list[tuple[str, str]], project: list[str]) -> None:
        """Put unnamed notes of codings into the codings, keep all others as memos, and link them."""
        builder = self._builder
        used = {note for _, _, note in self._notes_of} | {note for _, note in codes} | set(project)
        inline = {k for k, (name, *_) in self._note_texts.items() if not name.strip() and k not in used}
        inline &= {note for _, note in self._coding_notes}
        for key, (title, text, coder, when) in self._note_texts.items():
            if key not in inline:
                builder.memo(key, title, text, coder, when)
        for number, note in self._coding_notes:
            segment, code, coder, date, memo = builder.codings[number]
            if note in inline:
                text = "\n\n".join(part for part in (memo, self._note_texts[note][1]) if part)
                builder.codings[number] = (segment, code, coder, date, text)
            else:
                self._notes_of.append(("segment", str(segment), note))
        owners = [*self._notes_of, *(("code", code, note) for code, note in codes)]
        for kind, key, note in [*owners, *(("study", "", note) for note in project)]:
            if note not in builder.memos and note not in builder.documents:
                builder.left_out.add("references to a memo that is not there")
                continue
            kind = "case" if kind == "code" and key in builder.cases else kind
            target = "memo" if note in builder.memos else "document"
            builder.link("memo", (kind, key), (target, note))

    def noted(self) -> set[str]:
        """Return the GUIDs of the selections that have a memo."""
        numbers = {key for kind, key, _ in self._notes_of if kind == "segment"}
        return {guid for guid in self.bare if str(self.selections[guid]) in numbers}

    def _refs(self, element: Any, kind: str, key: str) -> None:
        for ref in children(element, "NoteRef"):
            self._notes_of.append((kind, key, plain_guid(ref.get("targetGUID"))))

    def values(self, unit: str, key: str, values: Iterable[Any]) -> None:
        """Add the values of variables of a case or a document."""
        for value in values:
            variable, found = None, None
            for child in value.iterchildren():
                if local(child) == "VariableRef":
                    variable = plain_guid(child.get("targetGUID"))
                elif local(child).endswith("Value"):
                    found = child.text
            if variable and found is not None:
                self._builder.value(unit, key, variable, found)

    def _describe(self, key: str, title: str | None, text: str) -> None:
        memo = f"description {key}"
        self._builder.memo(memo, f"Description of {names.label(title)}", text)
        self._builder.link("memo", ("document", key), ("memo", memo))

    def _text(self, element: Any) -> str | None:
        path = element.get("plainTextPath")
        content = self._file(path) if path else None
        if content is not None:
            text, encoding = decode(content)
            if encoding == "windows-1252":
                self._builder.warnings.add("texts that are no UTF-8, read as Windows-1252", ascii(path))
            return text
        inline = next(children(element, "PlainTextContent"), None)
        return (inline.text or "") if inline is not None else self._styled(element.get("richTextPath") or "")

    def _styled(self, path: str) -> str | None:
        """Return the text of a styled version, where a program left out the plain one that the standard asks for."""
        content = self._file(path) if path.lower().endswith(".docx") else None
        if content is None:
            return None
        try:
            found = read_docx(io.BytesIO(content), path, notes=False).text
        except CrosscaseError as error:
            self._builder.warnings.add("styled texts that cannot be read", str(error.problems[0]))
            return None
        self._builder.warnings.add("texts without a plain version, taken from their styled one", ascii(path))
        return found

    def _original(self, path: str, title: str | None) -> bytes | None:
        content = self._file(path) if path else None
        if content is None:
            self._builder.left_out.add(
                "pictures, recordings or PDFs that are not in the file", ascii(names.label(title))
            )
        return content

    def _pdf_text(self, key: str, content: bytes, title: str | None) -> str | None:
        """Return the text of a PDF that comes without one, so that it can be read; no selection refers to it."""
        try:
            found: Extracted = self._pdfs.text(content, names.label(title))
        except CrosscaseError as error:
            self._builder.warnings.add("PDFs whose text cannot be read", str(error.problems[0]))
            return None
        self._builder.pages[key] = found.pages
        for line in found.dropped:
            self._builder.left_out.add(DROPPED, ascii(f"{names.label(title)}: {line}"))
        return found.text
