"""The one way from a foreign file to a study: readers add what they find, `assemble` makes tables of it."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from crosscase.documents import normalise
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import names
from crosscase.exchange.positions import Reading
from crosscase.exchange.report import Remarks

MAX_ORIGINAL = 200 * 1024**2
MAX_ORIGINALS = 1024**3
MAX_TEXT_FILE = 64 * 1024**2
MAX_TEXTS = 512 * 1024**2
MAX_CODINGS = 5_000_000
WHOLE = 2**49
SUFFIXES = [
    "txt", "md", "vtt", "srt", "html", "htm", "docx", "doc", "odt", "rtf", "pdf", "jpg", "jpeg", "png", "gif", "tif",
    "tiff", "bmp", "webp", "mp3", "wav", "m4a", "wma", "ogg", "mp4", "mov", "avi", "wmv", "mkv",
]  # fmt: skip


Coding = tuple[int, str, str | None, str | None, str | None]


@dataclass
class Document:
    """One document as a reader found it."""

    id: str
    title: str
    kind: str
    raw: str | None
    original: str | None
    extractor: str | None
    date: str | None
    language: str | None
    paragraphs: int = 0


@dataclass
class Code:
    """One code as a reader found it."""

    label: str
    parent: str | None
    definition: str | None
    color: str | None
    extra: dict[str, str]


@dataclass
class Case:
    """One case as a reader found it."""

    label: str
    parent: str | None
    description: str | None


class Builder:
    """Collects what a file holds under the file's own keys.

    `expected` is how the program is known to count positions; None where these are code points of the normalised text.
    `placed` are the segments, by number, that we found ourselves: always code points of the normalised text.
    """

    def __init__(self, format: str, origin: str = "", title: str = "", expected: Reading | None = None) -> None:
        self.format, self.origin, self.title, self.expected = format, names.label(origin), names.label(title), expected
        self.description = ""
        self.coders: dict[str, tuple[str, str]] = {}
        self.codes: dict[str, Code] = {}
        self.cases: dict[str, Case] = {}
        self.documents: dict[str, Document] = {}
        self.originals: dict[str, bytes] = {}
        self.segments: list[tuple[str, int | None, int | None, str | None]] = []
        self.placed: dict[int, tuple[int, int]] = {}
        self.codings: list[Coding] = []
        self.coding_extra: dict[int, dict[str, str]] = {}
        self.pages: dict[str, list[int]] = {}
        self.members: list[tuple[str, str | None, int | None, str | None, str | None]] = []
        self.variables: dict[str, tuple[str, str, str]] = {}
        self.values: dict[tuple[str, str, str], str] = {}
        self.memos: dict[str, tuple[str, str, str | None, str | None]] = {}
        self.links: list[tuple[str, str, str, tuple[str, str], tuple[str, str]]] = []
        self.sets: dict[str, tuple[str, str, list[tuple[str, str]]]] = {}
        self.themes: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self._theme_of: dict[str, str] = {}
        self._role_of: dict[str, str] = {}
        self.left_out, self.warnings = Remarks(), Remarks()
        self.notes: list[str] = []
        self.mapping: dict[str, str] = {}
        self.placing = 0
        self.repeated = 0
        self.categories = 0
        self.trusted = False
        self._document_ids: set[str] = set()
        self._kept_bytes = 0
        self._characters = 0
        self._coder_ids: set[str] = set()

    def coder(self, key: str, label: object, wanted: str | None = None) -> None:
        """Add a coder; `wanted` is the id it should have."""
        if self._is_there("coders", key, self.coders, label):
            return
        shown = names.label(label) or "not named"
        plain = wanted if wanted and re.fullmatch(r"[A-Za-z0-9][\w.-]{0,60}", wanted, re.ASCII) else None
        coder = names.unique(plain or names.slug(shown, "coder"), self._coder_ids)
        self._coder_ids.add(coder)
        self.coders[key] = (coder, shown)

    def _is_there(self, what: str, key: str, known: Container[str], label: object) -> bool:
        """Tell whether the key of a thing is taken, and warn where it is."""
        if key in known:
            self.warnings.add(f"two {what} have the same key; the first is kept", repr(names.label(label)))
        return key in known

    def owner(self, name: object) -> str:
        """Return the key of who owns a row of a program that has no users of its own but names."""
        key = f"u{names.label(name)}"
        if key not in self.coders:
            self.coder(key, name)
        return key

    def code(
        self,
        key: str,
        label: object,
        parent: str | None = None,
        definition: object = None,
        color: object = None,
        **extra: str,
    ) -> None:
        """Add a code; `extra` are other columns of the codebook."""
        if self._is_there("codes", key, self.codes, label):
            return
        self.codes[key] = Code(
            names.label(label) or "code without a name", parent, names.prose(definition) or None, _color(color), extra
        )

    def case(self, key: str, label: object, parent: str | None = None, description: object = None) -> None:
        """Add a case."""
        if self._is_there("cases", key, self.cases, label):
            return
        self.cases[key] = Case(names.label(label) or "case without a name", parent, names.prose(description) or None)

    def document(
        self,
        key: str,
        title: object,
        *,
        text: str | None = None,
        original: bytes | None = None,
        suffix: str = "",
        kind: str = "other",
        date: object = None,
        extractor: str | None = None,
        language: str | None = None,
    ) -> bool:
        """Add a document with its text, its original file, or both; tell whether it is new.

        The text is as decoded, with its own line ends; the original is the file behind it, or the picture or recording,
        and `suffix` its ending; `date` is as the file has it, `extractor` the program that made the text.
        """
        if self._is_there("documents", key, self.documents, title):
            return False
        shown = names.label(title) or "document without a name"
        plain = names.slug(stem_of(shown), "document")
        suffix = suffix.lower() if suffix.lower() in SUFFIXES else "bin"
        name = names.unique(plain, self._document_ids)
        self._document_ids.add(name)
        if text is not None and len(text) > MAX_TEXT_FILE:
            rule = f"a text has at most {MAX_TEXT_FILE:,} characters"
            raise CrosscaseError(Problem(repr(shown), rule, f"{len(text):,}"))
        self._characters += len(text or "")
        if self._characters > MAX_TEXTS:
            raise CrosscaseError(Problem(repr(shown), f"all texts have at most {MAX_TEXTS:,} characters", "more"))
        identifier = f"{name}.txt" if text is not None else f"{name}.{suffix}"
        kept = None
        if original is not None:
            kept = f"originals/{name}.{suffix}" if text is not None else identifier
            self._kept_bytes += len(original)
            if len(original) > MAX_ORIGINAL or self._kept_bytes > MAX_ORIGINALS:
                self.left_out.add("originals too large to be kept", identifier)
                kept = None
            else:
                self.originals[kept] = original
        when = names.date(date)
        self.documents[key] = Document(
            identifier, shown, kind, _sound(text), kept, extractor, when[:10] if when else None, language
        )
        return True

    def normalised(self, key: str) -> str | None:
        """Return the text of a document as its offsets are counted; None where there is none."""
        raw = self.documents[key].raw if key in self.documents else None
        return None if raw is None else normalise(raw)

    def segment(self, document: str, start: int | None, end: int | None, locator: str | None = None) -> int:
        """Add a segment and return its number."""
        self.segments.append((document, start, end, locator))
        return len(self.segments) - 1

    def coding(
        self, segment: int, code: str, coder: str | None, date: str | None = None, memo: str | None = None, **extra: str
    ) -> None:
        """Put a code on a segment; `date` and `memo` as the file has them, `extra` are other columns of codings."""
        self.check_size()
        if extra:
            self.coding_extra[len(self.codings)] = extra
        self.codings.append((segment, code, coder, date, memo))

    def check_size(self) -> None:
        """Refuse more codings than a study can have."""
        if len(self.codings) >= MAX_CODINGS:
            raise CrosscaseError(Problem("codings", f"at most {MAX_CODINGS:,}", "more"))

    def member(
        self,
        case: str,
        *,
        document: str | None = None,
        segment: int | None = None,
        coder: str | None = None,
        date: str | None = None,
    ) -> None:
        """Place a document or a segment in a case."""
        self.members.append((case, document, segment, coder, date))

    def variable(self, key: str, label: object, type: str = "text", description: object = None) -> None:
        """Add a variable of cases or documents."""
        if key not in self.variables:
            known = type if type in ("text", "boolean", "integer", "float", "date", "datetime") else "text"
            self.variables[key] = (names.label(label) or "variable", known, names.prose(description))

    def value(self, unit: str, key: str, variable: str, value: object) -> None:
        """Give a case or a document its value of a variable."""
        shown = names.prose(value)
        if shown and self.values.setdefault((unit, key, variable), shown) != shown:
            self.left_out.add("second values of a variable for the same case or document", repr(shown[:40]))

    def theme(self, label: str) -> str:
        """Add a theme where it is new, and return its id."""
        return _named(label, self.themes, self._theme_of, "theme")

    def role(self, label: str) -> str:
        """Add a role where it is new, and return its id."""
        return _named(label, self.roles, self._role_of, "role")

    def memo(self, key: str, title: object, text: object, coder: str | None = None, date: object = None) -> None:
        """Add a memo."""
        if self._is_there("memos", key, self.memos, title):
            return
        when = names.day(names.date(date)) if self.trusted else names.date(date)
        self.memos[key] = (names.label(title) or "memo", names.prose(text), coder, when)

    def link(
        self, kind: str, source: tuple[str, str], target: tuple[str, str], label: object = "", direction: str = ""
    ) -> None:
        """Link two things, each given as kind and the file's own key (a segment by its number)."""
        self.links.append((kind, names.label(label), direction, source, target))

    def group(self, key: str, label: object, description: object, members: list[tuple[str, str]]) -> None:
        """Add a set of codes, documents, cases or memos."""
        if self._is_there("sets", key, self.sets, label):
            return
        self.sets[key] = (names.label(label) or "set", names.prose(description), members)


def _named(label: str, known: dict[str, str], by_label: dict[str, str], fallback: str) -> str:
    """Return the id of a label, made where there is none yet; an id that is plain already stays as it is."""
    if label in by_label:
        return by_label[label]
    wanted = label if re.fullmatch(r"[a-z0-9][a-z0-9_./-]{0,60}", label) else names.slug(label, fallback)
    identifier = names.unique(wanted, known)
    known[identifier], by_label[label] = label, identifier
    return identifier


def _color(raw: object) -> str | None:
    text = str(raw or "").strip().lstrip("#")
    if len(text) == 3:
        text = "".join(c * 2 for c in text)
    plain = text[-6:] if len(text) in (6, 8) else ""
    return f"#{plain.lower()}" if plain and all(c in "0123456789abcdefABCDEF" for c in plain) else None


def _sound(text: str | None) -> str | None:
    """Return a text that can be written as UTF-8; halves of characters become the replacement character."""
    if text is None or text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def stem_of(title: str) -> str:
    """Return a title without the ending of a file that it may have.

    >>> stem_of("Interview 3.docx"), stem_of("Dr. Who")
    ('Interview 3', 'Dr. Who')
    """
    stem, _, ending = title.rpartition(".")
    return stem if stem and ending.lower() in SUFFIXES else title
