"""XML from strangers: no entities, no DTD, no network, piece by piece so that memory stays bounded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.safe_archive import STREAM_ERRORS

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
    """Yield each element with one of the tags once it is complete, and forget it afterwards.

    Parameters
    ----------
    stream : binary file
        The XML.
    place : str
        Name for the messages.
    tags : list of str
        Tags with their namespace, as lxml writes them (`{uri}name`, `{*}name`).

    Raises
    ------
    CrosscaseError
        Where the XML is not well-formed, or declares a document type (the door of entity attacks).
    """
    checked = False
    try:
        for _, element in etree.iterparse(stream, events=("end",), tag=tags, **_SAFE):
            if not checked:
                _refuse_doctype(element.getroottree().docinfo, place)
                checked = True
            yield element
            element.clear(keep_tail=False)
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise CrosscaseError(_not_xml(place, error)) from None
    except STREAM_ERRORS as error:
        found = str(error) or type(error).__name__
        raise CrosscaseError(
            Problem(place, "the file can be read to its end", found, remedy="export the project again")
        ) from None


def root(stream: IO[bytes], place: str) -> Any:
    """Return the root element of a small XML document.

    Raises
    ------
    CrosscaseError
        As `pieces`.
    """
    try:
        tree = etree.parse(stream, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError as error:
        raise CrosscaseError(_not_xml(place, error)) from None
    except STREAM_ERRORS as error:
        raise CrosscaseError(Problem(place, "the file can be read to its end", str(error))) from None
    _refuse_doctype(tree.docinfo, place)
    return tree.getroot()


def root_tag(stream: IO[bytes], place: str) -> tuple[str, dict[str, str]]:
    """Return the tag of the root element without its namespace, and its attributes, reading no further.

    Raises
    ------
    CrosscaseError
        As `pieces`.
    """
    try:
        for _, element in etree.iterparse(stream, events=("start",), **_SAFE):
            _refuse_doctype(element.getroottree().docinfo, place)
            return str(etree.QName(element).localname), dict(element.attrib)
    except etree.XMLSyntaxError as error:
        raise CrosscaseError(_not_xml(place, error)) from None
    except STREAM_ERRORS as error:
        raise CrosscaseError(Problem(place, "the file can be read to its end", str(error))) from None
    raise CrosscaseError(Problem(place, "the file is XML", "no element"))


def _refuse_doctype(docinfo: Any, place: str) -> None:
    if docinfo.doctype or docinfo.internalDTD is not None:
        raise CrosscaseError(
            Problem(
                place,
                "the XML declares no document type and no entities",
                "a DOCTYPE",
                remedy="no program for qualitative analysis writes one; do not trust this file",
            )
        )


def _not_xml(place: str, error: Any) -> Problem:
    reason = (getattr(error, "msg", None) or str(error) or "nothing readable").partition("\n")[0][:200]
    return Problem(place, "the file is well-formed XML", ascii(reason)[1:-1], remedy="export the project again")
