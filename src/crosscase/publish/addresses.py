"""Whether an address or a piece of HTML stays inside the book: no file beside it, no program, no other way out."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import unquote

INSIDE = "a page of the book reads and shows files of the folder book only"
ADDRESS = "a link leads to a page of the book, or to an address that begins with http, https or mailto"
LIVE = "a page holds text, pictures and tables, and no program of its own"


def named(names: str) -> frozenset[str]:
    """Return names that stand in one text, parted by spaces."""
    return frozenset(names.split())


FOLLOWED = frozenset({"http", "https", "mailto"})
LIVE_TAGS = named("applet base embed form frame frameset iframe link meta noscript object script template")
LOADED_BY = frozenset({"src", "srcset", "poster", "background", "data", "lowsrc", "dynsrc", "imagesrcset"})
LED_BY = frozenset({"href", "xlink:href", "action", "formaction", "cite", "longdesc", "ping", "codebase"})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_BLANK = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_PICTURE = re.compile(r"data:image/(?:png|gif|jpe?g|webp)[;,]", re.IGNORECASE)
_STYLE = re.compile(
    r"url\s*\(\s*['\"]?(?!data:image/(?:png|gif|jpe?g|webp)[;,])|@import|expression\s*\(", re.IGNORECASE
)


def broken_rule(address: str, page: str, *, loaded: bool) -> str:
    """Return the rule that an address of a page breaks; empty where it breaks none.

    `address` is a path or address as written; escapes and characters that a browser leaves out are undone first. `page`
    is the page it stands on, from the folder `book`. `loaded` says whether the page takes it in by itself (a picture, a
    text to include); otherwise a reader may follow it.

    >>> broken_rule("../index.md", "studies/a.md", loaded=True)
    ''
    >>> broken_rule("../../restricted/a.txt", "studies/a.md", loaded=True) == INSIDE
    True
    >>> broken_rule("java\\tscript&#58;alert(1)", "a.md", loaded=False) == ADDRESS
    True
    """
    plain = _BLANK.sub("", html.unescape(address))
    for _ in range(3):
        plain = _BLANK.sub("", unquote(plain))
    rule = INSIDE if loaded else ADDRESS
    if (scheme := _SCHEME.match(plain)) and scheme[1].lower() in ("path", "project"):
        plain, scheme = plain[scheme.end() :], None  # what MyST writes before a path of its own
    if scheme:
        fine = bool(_PICTURE.match(plain)) if loaded else scheme[1].lower() in FOLLOWED
        return "" if fine else rule
    path = plain.replace("\\", "/").partition("#")[0].partition("?")[0]
    if path.startswith(("//", "~")):
        return rule
    start = "" if path.startswith("/") else posixpath.dirname(page)
    reached = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
    return INSIDE if reached.split("/")[0] == ".." else ""


def broken_html(source: str, page: str) -> Iterator[tuple[int, str, str]]:
    """Find what a piece of HTML would run, load from elsewhere, or lead to.

    `page` is the page it stands on, from the folder `book`. Yields the line of the piece, counted from 0, the rule, and
    what breaks it.

    >>> [found for _, _, found in broken_html('<p onclick="x()">a</p><img src="a.png">', "a.md")]
    ['<p onclick=...>']
    """
    reader = _Reader(page)
    reader.feed(source)
    reader.close()
    yield from reader.found


class _Reader(HTMLParser):
    """Looks at every tag and its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.found: list[tuple[int, str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line = self.getpos()[0] - 1
        if tag in LIVE_TAGS or tag.partition(":")[2] in LIVE_TAGS:
            self.found.append((line, LIVE, f"<{tag}>"))
        for name, value in attrs:
            text = value or ""
            if name.startswith("on") or name == "srcdoc" or (name == "style" and _STYLE.search(text)):
                self.found.append((line, LIVE, f"<{tag} {name}=...>"))
            elif name in LOADED_BY or (name in LED_BY and tag in ("image", "use", "feimage")):
                every = text.split(",") if name.endswith("srcset") else [text]
                for each in (part.split()[0] if name.endswith("srcset") else part for part in every if part.strip()):
                    self._look(line, tag, name, each, loaded=True)
            elif name in LED_BY:
                self._look(line, tag, name, text, loaded=False)

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style" and (out := _STYLE.search(data)):
            line = self.getpos()[0] - 1 + data[: out.start()].count("\n")
            self.found.append((line, LIVE, f"<style> with {out[0]}"))

    def _look(self, line: int, tag: str, name: str, address: str, *, loaded: bool) -> None:
        if rule := broken_rule(address, self.page, loaded=loaded):
            self.found.append((line, rule, f"<{tag} {name}={address[:80]!r}>"))

    handle_startendtag = handle_starttag
