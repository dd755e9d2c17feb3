"""Check a rendered book: every address inside it exists, and nothing is loaded from outside it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = ("script", "img", "iframe", "source", "video", "audio", "embed")
LOADED_LINKS = {"stylesheet", "preload", "prefetch", "preconnect", "icon", "modulepreload", "dns-prefetch"}


def read_pages(folder: Path) -> dict[Path, tuple[list[str], set[str], list[str]]]:
    """Return for each page its addresses, its anchors, and what it loads by itself."""
    from lxml import html

    pages = {}
    for path in sorted(folder.rglob("*.html")):
        if "_static" in path.relative_to(folder).parts:
            continue
        tree = html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
        links = [a.get("href") for a in tree.iter("a") if a.get("href")]
        loads = [e.get("src") for e in tree.iter(*LOADED) if e.get("src")]
        loads += [e.get("href") for e in tree.iter("link") if LOADED_LINKS & set((e.get("rel") or "").split())]
        anchors = {e.get("id") for e in tree.iter() if e.get("id")} | {a.get("name") for a in tree.iter("a")}
        pages[path] = (links, {a for a in anchors if a}, loads)
    return pages


def broken_links(folder: Path) -> list[str]:
    """Return every address in the book that leads to no page, file or anchor of it, as `page: address`."""
    pages = read_pages(folder)
    anchors = {path.resolve(): found[1] for path, found in pages.items()}
    broken = []
    for path, (links, _, loads) in pages.items():
        for address in dict.fromkeys([*links, *loads]):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            anchor = unquote(parts.fragment)
            missing = not target.is_file()
            if not missing and anchor and target in anchors:
                missing = anchor not in anchors[target] and anchor != "top"
            if missing:
                broken.append(f"{path.relative_to(folder).as_posix()}: {address}")
    return broken


def loaded_from_outside(folder: Path) -> list[str]:
    """Return every script, style, picture or frame that a page would load from another host, as `page: address`."""
    found = []
    for path, (_, _, loads) in read_pages(folder).items():
        outside = [address for address in loads if urlsplit(address).netloc]
        found += [f"{path.relative_to(folder).as_posix()}: {address}" for address in outside]
    return found
