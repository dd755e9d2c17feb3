"""XML from strangers: no entities, no DTD, no network, piece by piece so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from lxml import etree

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.safe_archive import STREAM_ERRORS

MAX_AT_ONCE = 20_000_000
MAX_MARKS = 120_000_000
FROM = 4 * 1024**2
MAX_TOLD = 30_000_000
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def pieces(stream: IO[bytes], place: str, tags: list[str]) -> Iterator[Any]:
    """Yield each element with one of the tags (`{uri}name`, `{*}name`) once it is complete, and forget it afterwards.

    `CrosscaseError` where the XML is not well-formed, or declares a document type (the door of entity attacks).
    """
    checked = False
    counted = _Counted(stream, place)
    with _told(place, "export the project again"):
        for _, element in etree.iterparse(counted, events=("end",), tag=tags, **_SAFE):
            if not checked:
                _refuse_doctype(element.getroottree().docinfo, place)
                checked = True
            yield element
            counted.since = 0
            element.clear(keep_tail=False)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


class Target:
    """What `tell` tells a document to, piece by piece; a reader overrides what it needs."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take the begin of an element."""

    def end(self, tag: str) -> None:
        """Take the end of an element."""

    def data(self, text: str) -> None:
        """Take a piece of text."""

    def close(self) -> None:
        """Take the end of the document."""


def tell(stream: IO[bytes], place: str, target: Target) -> None:
    """Tell a target what an XML document holds, in order; no tree is built, so memory stays where it is.

    `CrosscaseError` as `pieces`, and where it has more elements than a person would wait for.
    """
    counted = _Counted(stream, place, MAX_TOLD, MAX_TOLD)
    parser = etree.XMLParser(target=_Guarded(target, place), **_SAFE)
    with _told(place):
        while part := counted.read(1 << 16):
            parser.feed(part)
        parser.close()


class _Guarded:
    """A target that hears of a document type first."""

    def __init__(self, target: Target, place: str) -> None:
        self._place = place
        self.start, self.end, self.data, self.close = target.start, target.end, target.data, target.close

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        raise CrosscaseError(_doctype(self._place))


class _Counted:
    """A stream that counts the tags and attributes in what is read, and stops where they would fill the memory.

    An archive packs a hundred million empty elements into four megabytes, and each takes a hundred bytes and more.
    """

    def __init__(self, stream: IO[bytes], place: str, once: int = 0, most: int = 0) -> None:
        self._stream, self._place = stream, place
        self._once, self._most = once or MAX_AT_ONCE, most or MAX_MARKS
        self.since, self._all = 0, 0

    def read(self, size: int = -1) -> bytes:
        """Return the next piece."""
        part = self._stream.read(size)
        n = part.count(b"<") + part.count(b"=")
        self.since, self._all = self.since + n, self._all + n
        if self.since > self._once or self._all > self._most:
            most = self._once if self.since > self._once else self._most
            rule, remedy = f"the XML has at most {most:,} tags and attributes in one piece", "save it in several parts"
            raise CrosscaseError(Problem(self._place, rule, "more", remedy=remedy))
        return part


def root(stream: IO[bytes], place: str) -> Any:
    """Return the root element of a small XML document; `CrosscaseError` as `pieces`."""
    with _told(place):
        tree = etree.parse(_Counted(stream, place), etree.XMLParser(**_SAFE))
    _refuse_doctype(tree.docinfo, place)
    return tree.getroot()


def root_tag(stream: IO[bytes] | _Counted, place: str) -> tuple[str, dict[str, str]]:
    """Return the tag of the root element without its namespace, and its attributes, reading no further; as `pieces`."""
    with _told(place):
        for _, element in etree.iterparse(stream, events=("start",), **_SAFE):
            _refuse_doctype(element.getroottree().docinfo, place)
            return str(etree.QName(element).localname), dict(element.attrib)
    raise CrosscaseError(Problem(place, "the file is XML", "no element"))


def look_over(stream: IO[bytes], place: str, size: int, most: int = MAX_MARKS) -> int:
    """Refuse XML that another library will read: with a document type, or more elements than a person would wait for.

    A file of a small `size` has not that many elements; else at most `most` tags and attributes. Returns how many were
    counted.
    """
    counted = _Counted(stream, place, most, most)
    with _told(place):
        root_tag(counted, place)
        while size > FROM and counted.read(1 << 20):
            pass
    return counted.since


def _refuse_doctype(docinfo: Any, place: str) -> None:
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise CrosscaseError(_doctype(place))


def _doctype(place: str) -> Problem:
    remedy = "no program for texts or qualitative analysis writes one; do not trust this file"
    return Problem(place, "the XML declares no document type and no entities", "a DOCTYPE", remedy=remedy)


@contextmanager
def _told(place: str, remedy: str = "") -> Iterator[None]:
    """Tell as a problem of the file what the parser or the stream finds wrong with it."""
    try:
        yield
    except etree.XMLSyntaxError as error:
        reason = (getattr(error, "msg", None) or str(error) or "nothing readable").partition("\n")[0][:200]
        rule, again = "the file is well-formed XML", "export the project again"
        raise CrosscaseError(Problem(place, rule, ascii(reason)[1:-1], remedy=again)) from None
    except STREAM_ERRORS as error:
        rule, found = "the file can be read to its end", str(error) or type(error).__name__
        raise CrosscaseError(Problem(place, rule, found, remedy=remedy)) from None
