"""What the folder `book` may reach: nothing outside itself; checked line by line before anything is rendered.

The renderer is held to the same rule once more, see `sphinx_ext.guard`: a form of writing that is not known here reads
nothing either, it is only told with less.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from crosscase import paths, yaml_text
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.addresses import ADDRESS, INSIDE, LIVE, broken_html, broken_rule, named
from crosscase.publish.book_guide import GUIDE

HEAD = "the head of a chapter says what describes it, and sets nothing"
HEAD_KEYS = named("author authors date description html_meta keywords orphan subtitle title tocdepth")
TEXTS = (".md", ".markdown", ".myst", ".txt")
FILE_DIRECTIVES = named(
    "audio bibliography drawio-figure drawio-image figure graphviz image include inheritance-diagram literalinclude "
    "mermaid pdf-include thumbnail uml video"
)
"""Directives whose argument is a file."""
FILE_OPTIONS = named("diff file img-background img-bottom img-top load poster url")
LINK_OPTIONS = frozenset({"link", "target"})
LINK_DIRECTIVES = frozenset({"button-link"})
FILE_ROLES = frozenset({"download", "nb-download", "image"})
REFUSED = {
    **dict.fromkeys(("eval-rst", "restructuredtext"), "write the same in MyST Markdown"),
    **dict.fromkeys(
        ("plot", "ipython", "jupyter-execute", "jupyter-input", "program-output", "command-output", "exec", "runblock"),
        "do it in a notebook, and show what it kept",
    ),
    **dict.fromkeys(("automodule", "autoclass", "autofunction", "autosummary", "autodata"), "describe it in words"),
}
"""Directives that run something, with what to do instead."""
VERBATIM = named("code code-block code-cell literalinclude math parsed-literal raw sourcecode")
"""Directives whose body is shown and never read as Markdown."""
DEEP = 20
"""How deep directives may lie in each other; the renderer itself gives up at some ten times of that."""
_INFO = re.compile(r"\{([^\s}]+)\}[ \t]*(.*)", re.DOTALL)
_OPTION = re.compile(r"\s*:([\w-]+):[ \t]*(.*)")
_KEY = re.compile(r"([\w-]+):[ \t]*(.*)")
_TITLED = re.compile(r".*<([^<>]*)>\s*", re.DOTALL)


def reach_problems() -> list[Problem]:
    """Return everything in the chapters and in the guide that reads, shows, runs or leads to what is not the book's.

    Each has file and line.
    """
    from crosscase.publish.book_settings import settings_problems

    found: list[Problem] = []
    for base, said, above in ((paths.book(), "book", ""), (paths.guide(), "docs/guide", f"{GUIDE}/")):
        for path in sorted(base.rglob("*")):
            inside = path.relative_to(base).as_posix()
            if link := outward_link(path, base, said):
                found.append(link)
            elif path.is_file() and not any(part.startswith(".") for part in inside.split("/")):
                found += file_problems(path, f"{said}/{inside}", f"{above}{inside}")
    return found + settings_problems()


def outward_link(path: Path, base: Path | None = None, said: str = "book") -> Problem | None:
    """Return a problem where a file or folder below `base`, by default the book, is a link that leads out of it."""
    base = base or paths.book()
    if not path.is_relative_to(base) or not path.is_symlink() or path.resolve().is_relative_to(base.resolve()):
        return None
    place = f"{said}/{path.relative_to(base).as_posix()}"
    return Problem(place, INSIDE, "a link that leads out of it", remedy="put a copy of the file there, or delete it")


def notebook_problems(notebook: Mapping[str, Any], place: str, page: str) -> list[Problem]:
    """Return what breaks the rule in the Markdown cells of a notebook.

    `place` is what to call it, `page` its page, from the folder `book`.
    """
    found = []
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        source = cell.get("source", "")
        if cell.get("cell_type") == "markdown":
            text = source if isinstance(source, str) else "".join(source)
            found += text_problems(text, f"{place}, cell {number}", page, head=False)
        elif cell.get("cell_type") == "raw":
            rule, remedy = "a notebook holds cells of code and of Markdown", "make it one of these, or delete it"
            found.append(Problem(f"{place}, cell {number}", rule, "a raw cell", remedy=remedy))
    return found


def text_problems(text: str, place: str, page: str, *, head: bool = True) -> list[Problem]:
    """Return what breaks the rule in a Markdown text.

    `place` is what to call it. `page` is its page, from the folder `book`. `head` says whether it may begin with a head
    between lines of hyphens.

    >>> print(*text_problems("A\\n\\n```{include} ../x.md\\n```", "book/a.md", "a.md"))
    book/a.md, line 3: a page of the book reads and shows files of the folder book only; found {include} ../x.md. \
Next: copy what the page needs into the folder book
    """
    return _Text(text, place, page).problems(head)


def file_problems(path: Path, place: str, inside: str) -> list[Problem]:
    """Return what breaks the rule in one file of a chapter folder; `inside` is its path in the book's source."""
    if path.suffix.lower() in (".rst", ".rest"):
        rule, remedy = "chapters are Markdown (.md) or notebooks (.ipynb)", "write it in Markdown, or delete it"
        return [Problem(place, rule, path.suffix, remedy=remedy)]
    if path.suffix.lower() == ".ipynb":
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            found = "brackets in brackets without end" if isinstance(error, RecursionError) else str(error)
            return [Problem(place, "a notebook is JSON", found, remedy="save it again in JupyterLab")]
        if not _is_notebook(notebook):
            rule = "a notebook has metadata and a list of cells, each with its source"
            return [Problem(place, rule, "another kind of JSON", remedy="save it again in JupyterLab")]
        odd = sorted(set(notebook.get("metadata", {})) & {"mystnb", "jupytext"})
        remedy = "delete it from the metadata of the notebook"
        return [Problem(place, HEAD, each, remedy=remedy) for each in odd] + notebook_problems(notebook, place, inside)
    if path.suffix.lower() in TEXTS:
        try:
            return text_problems(path.read_text(encoding="utf-8-sig"), place, inside)
        except UnicodeDecodeError as error:
            return [Problem(place, "a chapter is text in UTF-8", str(error), remedy="save it in UTF-8")]
    return []


def _is_notebook(content: Any) -> bool:
    """Tell whether JSON has the form of a notebook, as far as it is read here."""
    if not isinstance(content, dict) or not isinstance(content.get("metadata", {}), dict):
        return False
    cells = content.get("cells", [])
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        return False
    sources = [cell.get("source", "") for cell in cells]
    return all(
        isinstance(each, str) or (isinstance(each, list) and all(isinstance(line, str) for line in each))
        for each in sources
    )


@lru_cache(maxsize=1)
def _parser() -> Any:
    """Return the parser that the renderer uses, with every way of writing that it could be told to know."""
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    parser = create_md_parser(MdParserConfig(enable_extensions={"colon_fence", "dollarmath", "deflist"}), RendererHTML)
    # else what it holds for dangerous is taken for text, and nobody is told
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


class _Text:
    """One Markdown text and what was found in it."""

    def __init__(self, text: str, place: str, page: str, offset: int = 0, depth: int = 0) -> None:
        self.lines = text.split("\n")
        self.text, self.place, self.page, self.offset = text, place, page, offset
        self.depth = depth  # how many directives it lies in
        self.found: list[Problem] = []
        self.seen: dict[tuple[int, str], int] = {}

    def problems(self, head: bool) -> list[Problem]:
        for token in _parser().parse(self.text):
            line = token.map[0] if token.map else 0
            if token.type == "front_matter":
                self._head(token.content, line) if head else None
            elif token.type in ("fence", "colon_fence") and (info := _INFO.fullmatch(token.info.strip())):
                self._directive(info[1], info[2].strip(), token.content, line)
            elif token.type == "html_block":
                self._html(token.content, line)
            elif token.type == "inline":
                last = token.map[1] if token.map else line + 1
                for child in token.children or []:
                    self._inline(child, line, last)
        return self.found

    def fail(self, line: int, rule: str, found: str, remedy: str = "") -> None:
        """Note a problem on a line of this text, counted from 0."""
        known = {
            INSIDE: "copy what the page needs into the folder book",
            ADDRESS: "name a page of the book, or an address that begins with https",
            LIVE: "take it out; the book runs no other program than its own",
        }
        place = f"{self.place}, line {self.offset + line + 1}"
        self.found.append(Problem(place, rule, found, remedy=remedy or known.get(rule, "take it out")))

    def address(self, line: int, address: str, written: str, *, loaded: bool) -> None:
        """Note a problem where an address leads out."""
        if rule := broken_rule(address, self.page, loaded=loaded):
            self.fail(line, rule, written)
        elif loaded and (reached := self._reached(address)) is not None:
            self.fail(line, INSIDE, f"{written}, a link to {reached}")

    def _reached(self, address: str) -> str | None:
        """Return where a file of the book really lies where that is outside."""
        base = paths.book().resolve()
        start = base if address.startswith("/") else (base / self.page).parent
        real = Path(os.path.realpath(start / address.lstrip("/")))
        return None if real.is_relative_to(base) else "a place outside"

    def _head(self, content: str, line: int) -> None:
        try:
            node = yaml_text.node(content, self.page)
        except CrosscaseError as error:
            for problem in error.problems:
                self.fail(line, problem.rule, problem.found, problem.remedy or "correct the head of the chapter")
            return
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else []:
            if key.value not in HEAD_KEYS:
                remedy = f"delete it; known are {', '.join(sorted(HEAD_KEYS))}"
                self.fail(line + 1 + key.start_mark.line, HEAD, repr(key.value), remedy)

    def _directive(self, name: str, argument: str, body: str, line: int) -> None:
        written = f"{{{name}}} {argument}".strip()
        options, used = _options(body)
        if name in REFUSED:
            self.fail(line, LIVE, written, REFUSED[name])
            return
        if name in FILE_DIRECTIVES and argument:
            self.address(line, argument, written, loaded=True)
            if name == "include" and not argument.lower().endswith(TEXTS):
                self.fail(line, f"a chapter includes texts ({', '.join(TEXTS)})", written, "use {literalinclude}")
        elif name in LINK_DIRECTIVES and argument:
            self.address(line, argument, written, loaded=False)
        for at, key, value in options:
            shown = f"{{{name}}} with :{key}: {value}"
            if name == "raw" and key in ("file", "url"):
                self.fail(line + 1 + at, INSIDE, shown, "write it into the page")
            elif key in FILE_OPTIONS:
                self.address(line + 1 + at, value, shown, loaded=True)
            elif key in LINK_OPTIONS:
                self.address(line + 1 + at, value, shown, loaded=False)
        rest = body.split("\n")[used:]
        if name == "raw":
            self._html("\n".join(rest), line + 1 + used)
        elif name == "toctree":
            for number, entry in enumerate(rest):
                target = found[1] if (found := _TITLED.fullmatch(entry.strip())) else entry.strip()
                self.address(line + 1 + used + number, target, f"{{toctree}} {entry.strip()}", loaded=False)
        elif name not in VERBATIM and self.depth == DEEP:
            self.fail(line, f"directives lie at most {DEEP} deep in each other", "more", "write it flatter")
        elif name not in VERBATIM:
            inner = _Text("\n".join(rest), self.place, self.page, self.offset + line + 1 + used, self.depth + 1)
            self.found += inner.problems(head=False)

    def _inline(self, child: Any, first: int, last: int) -> None:
        if child.type == "image":
            address = str(child.attrs.get("src", ""))
            self.address(self._line("](", address, first, last), address, f"a picture from {address}", loaded=True)
            for part in child.children or []:
                self._inline(part, first, last)
        elif child.type == "link_open":
            address = str(child.attrs.get("href", ""))
            self.address(self._line("](", address, first, last), address, f"a link to {address}", loaded=False)
        elif child.type == "html_inline":
            self._html(child.content, self._line("", child.content, first, last))
        elif child.type == "myst_role" and (name := child.meta.get("name", "")) in FILE_ROLES:
            target = found[1] if (found := _TITLED.fullmatch(child.content)) else child.content
            line = self._line("", child.content, first, last)
            self.address(line, target, f"{{{name}}}`{child.content}`", loaded=True)

    def _html(self, source: str, line: int) -> None:
        for at, rule, found in broken_html(source, self.page):
            self.fail(line + at, rule, found)

    def _line(self, before: str, text: str, first: int, last: int) -> int:
        """Return the line between two on which a piece of text stands; the first where it is written otherwise."""
        piece = text.split("\n")[0]
        for form in (before + piece, piece):
            for number in range(first, min(last, len(self.lines))):
                if form in self.lines[number]:
                    return number
        return first


def _options(body: str) -> tuple[list[tuple[int, str, str]], int]:
    """Return the options at the top of a directive as line, name, value, and how many lines they take."""
    lines = body.split("\n")
    out: list[tuple[int, str, str]] = []
    if lines[0].strip() == "---":
        for number, line in enumerate(lines[1:], start=1):
            if line.strip() in ("---", "..."):
                return out, number + 1
            if found := _KEY.match(line):
                out.append((number, found[1], found[2].strip().strip("\"'")))
        return out, len(lines)
    for number, line in enumerate(lines):
        if not (found := _OPTION.fullmatch(line)):
            return out, number
        out.append((number, found[1], found[2].strip()))
    return out, len(lines)
