"""What a browser may do with a page of the book: a policy in each page that forbids what the book does not need."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
OURS = re.compile(
    r"\s*(?:"
    r"document\.documentElement\.dataset\.mode = localStorage\.getItem\(\"mode\"\) \|\| \"\w*\";\s*"
    r"document\.documentElement\.dataset\.theme = localStorage\.getItem\(\"theme\"\) \|\| \"\w*\";"
    r"|let toggle\w+ = '[\w ]*';"
    r"|var togglebuttonSelector = '[\w ., -]*';"
    r"|DOCUMENTATION_OPTIONS\.pagename = '[\w/ .+=,~-]*';"
    r"|DOCUMENTATION_OPTIONS\.search_as_you_type = (?:true|false);"
    r"|// Activate the search field on page load\s*"
    r"let searchInput = document\.querySelector\(\"form\.bd-search input\"\);\s*"
    r"if \(searchInput\) \{\s*searchInput\.focus\(\);\s*searchInput\.select\(\);\s*"
    r"console\.log\(\"\[PST\]: Set focus on search field\.\"\);\s*\}"
    r"|window\.MathJax = \{[\w\s\"':,.*|\[\]{}-]*\}"
    r")\s*"
)
"""The scripts that the renderer and its theme write into a page; any other one is never run."""
CHARSET = re.compile(r'<meta charset="[\w-]+"\s*/?>', re.IGNORECASE)
DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self' {scripts}",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "media-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
)
"""All that the book needs. `unsafe-inline` of styles: the theme and notebooks write sizes and colours into elements."""


def policy(page: str) -> tuple[str, list[str]]:
    """Return the policy of a page, and the scripts in it that are not the renderer's."""
    hashes, strange = [], []
    for attributes, script in SCRIPT.findall(page):
        if "src=" in attributes:
            continue
        if OURS.fullmatch(script):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            hashes.append(f"'sha256-{digest}'")
        else:
            strange.append(" ".join(script.split())[:80])
    scripts = " ".join(dict.fromkeys(hashes))
    return "; ".join(DIRECTIVES).format(scripts=scripts).replace(" ;", ";"), strange


def protected(page: str) -> tuple[str, list[str]]:
    """Return a page with its policy written into it, and the scripts in it that no browser will run."""
    words, strange = policy(page)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{words}">'
    place = found.end() if (found := CHARSET.search(page)) else 0
    return f"{page[:place]}\n    {meta}{page[place:]}", strange


def protect(folder: Path) -> list[str]:
    """Write its policy into every page of a rendered book; return what no browser will run, as `page: script`."""
    refused = []
    for path in sorted(folder.rglob("*.html")):
        written, strange = protected(path.read_text(encoding="utf-8"))
        refused += [f"{path.relative_to(folder).as_posix()}: {script}" for script in strange]
        path.write_text(written, encoding="utf-8", newline="\n")
    return refused
