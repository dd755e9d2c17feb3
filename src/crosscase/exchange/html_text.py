"""The text of HTML, without its tags, as stable as its input: no browser, no layout."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from lxml import etree

from crosscase.exchange import names
from crosscase.exchange.decode import decode

INSIDE = "<body><div>"  # white space that leads a piece of a page counts
HIDDEN = {"script", "style", "head", "template", "noscript", "title"}
BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre",
    "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip


_SAID = rb"""<(?:meta|\?xml)\b[^>]{0,400}?\b(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})"""
CHARSET = re.compile(_SAID, re.IGNORECASE)
LOOKED_AT = 4096
AS_BROWSERS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874", "gb2312": "gb18030"}
"""Encodings that browsers read as a larger one, by the Encoding Standard (WHATWG)."""


@dataclass(frozen=True)
class HtmlText:
    """Text and title of a page; `breaks` are the offsets of the text where a block begins or ends."""

    text: str
    title: str
    breaks: tuple[int, ...] = ()

    def with_lines(self) -> tuple[str, list[int]]:
        """Return the text with a line end put in at each break that has none, and the offsets where one was put in.

        Examples
        --------
        >>> text_of_html("<p>one</p><p>two</p>").with_lines()
        ('one\\ntwo', [3])
        """
        put = [
            at
            for at in sorted(set(self.breaks))
            if 0 < at < len(self.text) and self.text[at - 1] != "\n" and self.text[at] != "\n"
        ]
        pieces = [self.text[a:b] for a, b in zip([0, *put], [*put, len(self.text)])]
        return "\n".join(pieces), put


def decode_html(content: bytes) -> tuple[str, str]:
    """Return the text of a page and its encoding: a byte order mark decides, then UTF-8, then what the page says.

    A page that is sound UTF-8 is UTF-8, as pages are saved anew and keep the words in their head.

    Examples
    --------
    >>> decode_html('<meta charset="windows-1251">\u043c\u044b'.encode("cp1251"))[1]
    'cp1251'
    >>> decode_html('<meta charset="windows-1251">\u043c\u044b'.encode())[1]
    'utf-8'
    """
    text, encoding = decode(content)
    said = CHARSET.search(content[:LOOKED_AT])
    if said is None or encoding.startswith("utf-16") or (encoding == "utf-8" and b"\x1b" not in content):
        return text, encoding
    try:
        name = codecs.lookup(said[1].decode("ascii", "replace")).name
        name = AS_BROWSERS.get(name, name)
        told = content.decode(name, "replace")
    except (LookupError, ValueError, TypeError):
        return text, encoding
    return (text, encoding) if name.startswith("utf") else (told, name)


class _Reader:
    """What the parser tells of the page, added up."""

    def __init__(self, blocks: bool) -> None:
        self.parts: list[str] = []
        self.title: list[str] = []
        self.breaks: list[int] = []
        self._length = 0
        self._blocks, self._hidden, self._in_title = blocks, 0, False

    def start(self, tag: str, attributes: object) -> None:
        self._in_title = tag == "title" or self._in_title
        if self._blocks and tag in HIDDEN:
            self._hidden += 1
        self._break(tag)

    def end(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._blocks and tag in HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        self._break(tag)

    def data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        if not self._hidden:
            self.parts.append(data)
            self._length += len(data)

    def close(self) -> _Reader:
        return self

    def _break(self, tag: str) -> None:
        if tag in BLOCKS:
            self.breaks.append(self._length)
            if self._blocks:
                self.parts.append("\n")


def text_of_html(html: str, *, blocks: bool = False) -> HtmlText:
    """Return the text of HTML.

    The parser tells tag after tag and builds no tree, so that time and memory grow with the length of the page,
    whatever is left open, nested or doubled in it. Without `blocks` it is every character of the text and no other, as
    programs count it that store HTML; with it blocks (paragraphs, headings, rows) become lines, scripts and styles are
    left out, white space is single, for reading.

    Examples
    --------
    >>> text_of_html("<p>Caf&eacute;</p><p>2</p>").text, text_of_html("<p>Caf&eacute;</p><p>2</p>", blocks=True).text
    ('Café2', 'Café\\n2\\n')
    """
    reader = _Reader(blocks)
    if html:
        parser = etree.HTMLParser(target=reader, huge_tree=True, no_network=True, encoding="utf-8")
        parser.feed((html if blocks else INSIDE + html).encode("utf-8", "replace"))
        parser.close()
    text = "".join(reader.parts)
    if blocks:
        lines = (" ".join(line.split()) for line in text.split("\n"))
        text = "\n".join(line for line in lines if line) + "\n"
    return HtmlText(text, names.label("".join(reader.title)), tuple(reader.breaks))
