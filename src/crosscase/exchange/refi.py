"""Words that the reader and the writer of REFI-QDA share: identifiers, tags, kinds of sources, locators."""

from __future__ import annotations

import re
import uuid

PROJECT_SPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_SPACE = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Crosscase"
OURS = uuid.UUID("5d8a9a55-6f0b-5f6e-9a55-c4055ca5e000")
SOURCES = {"TextSource": "other", "PDFSource": "other", "PictureSource": "picture"} | {
    "AudioSource": "audio",
    "VideoSource": "video",
}
DIRECTIONS = {"Associative": "associative", "OneWay": "one_way", "Bidirectional": "bidirectional"}
TYPES = {"Text": "text", "Boolean": "boolean", "Integer": "integer", "Float": "float", "Date": "date"} | {
    "DateTime": "datetime"
}
SECTIONS = {"Include": "inclusion", "Exclude": "exclusion", "Example": "example"}
_RECTANGLE = re.compile(r"(?:page (-?\d+), )?rectangle (-?\d+),(-?\d+)-(-?\d+),(-?\d+)$")
_TIME = re.compile(r"(\d+)-(\d+) ms$")


def plain_guid(raw: str | None) -> str:
    """Return a GUID without braces and in lower case, as GUIDs are compared.

    Examples
    --------
    >>> plain_guid("{AB-1}")
    'ab-1'
    """
    return raw.strip(" \t\r\n{}").lower() if raw else ""


def guid(study: str, kind: str, *parts: object) -> str:
    """Return the GUID of a thing: always the same for the same study, kind and id."""
    return str(uuid.uuid5(OURS, "\x1f".join([study, kind, *map(str, parts)])))


def rectangle(first: tuple[str, str], second: tuple[str, str], page: str | None = None) -> str:
    """Return the locator of a rectangle on a picture or page.

    Examples
    --------
    >>> rectangle(("0", "0"), ("710", "720"), "3")
    'page 3, rectangle 0,0-710,720'
    """
    where = f"rectangle {','.join(first)}-{','.join(second)}"
    return f"page {page}, {where}" if page is not None else where


def read_rectangle(locator: str) -> tuple[str | None, list[str]] | None:
    """Return page and corners of a locator, or None where it is no rectangle.

    Examples
    --------
    >>> read_rectangle("page 3, rectangle 0,0-710,720")
    ('3', ['0', '0', '710', '720'])
    """
    found = _RECTANGLE.match(locator)
    return (found.group(1), list(found.groups()[1:])) if found else None


def read_time(locator: str) -> tuple[str, str] | None:
    """Return begin and end in milliseconds of a locator, or None where it is no time span.

    Examples
    --------
    >>> read_time("1000-2500 ms")
    ('1000', '2500')
    """
    found = _TIME.match(locator)
    return (found.group(1), found.group(2)) if found else None


def to_description(definition: str | None, rules: dict[str, str]) -> str:
    """Return definition and rules of a code as one description, each rule in a paragraph that names it.

    Examples
    --------
    >>> to_description("What.", {"inclusion": "When."})
    'What.\\n\\nInclude: When.'
    """
    words = {column: word for word, column in SECTIONS.items()}
    parts = [definition or "", *(f"{words[column]}: {text}" for column, text in rules.items() if text)]
    return "\n\n".join(part for part in parts if part)


def from_description(text: str) -> tuple[str, dict[str, str]]:
    """Take a description of ours apart again into the definition and the rules.

    Examples
    --------
    >>> from_description("What.\\n\\nInclude: When.")
    ('What.', {'inclusion': 'When.'})
    """
    parts = re.split(r"(?:\A|\n\n)(Include|Exclude|Example): ", text)
    return parts[0], {SECTIONS[word]: rule for word, rule in zip(parts[1::2], parts[2::2])}
