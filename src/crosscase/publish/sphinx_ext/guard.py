"""The renderer held to the rule of the book: while a page is read, no file outside the book, no program, no network.

`publish.book_reach` tells what breaks the rule line by line before anything is rendered. This module holds for every
form of writing, also for one that is not known there: the interpreter itself asks here before it opens a file.
"""

from __future__ import annotations

import mimetypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from crosscase import paths
from crosscase.errors import Problem
from crosscase.publish.addresses import INSIDE, broken_html, broken_rule

COPY = "copy what the page needs into the folder book"
OUTSIDE_OF_US = "while a page is read, nothing is started and nothing is fetched"
STARTING = frozenset(
    {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "subprocess.Popen"}
)
FETCHING = frozenset({"socket.connect", "socket.getaddrinfo", "urllib.Request"})
WRITING = os.O_WRONLY | os.O_RDWR
MATHJAX = {
    "options": {"ignoreHtmlClass": ".*", "processHtmlClass": "math|mathjax_process"},
    "tex": {"packages": {"[-]": ["require", "autoload", "html", "configmacros"]}},
}
"""Formulas are set where the renderer made a formula and nowhere else, without commands that link, load or style."""


class Told(Protocol):
    """What takes the problems and remarks of a build."""

    chapters: dict[str, str]
    problems: list[Problem]
    warnings: list[dict[str, Any]]


class Guard:
    """Keeps watch during one build.

    `context` is where problems are noted.
    """

    def __init__(self, app: Sphinx, context: Told) -> None:
        self.app, self.context = app, context
        self.ours = 0
        self.thread = 0  # that of the build: what another one does, such as showing pages, is no page's doing
        self.allowed: tuple[str, ...] = ()

    def connect(self) -> None:
        """Begin to watch."""
        app = self.app
        app.connect("config-inited", _settle, priority=900)
        app.connect("builder-inited", lambda app: self._begin())
        app.connect("doctree-read", lambda app, doctree: self._look(doctree), priority=900)
        app.connect("env-updated", lambda app, env: self._files(env))
        app.connect("build-finished", lambda app, error: self._end(), priority=0)

    @contextmanager
    def reading_data(self) -> Iterator[None]:
        """Let our own readers read the data of a study."""
        self.ours += 1
        try:
            yield
        finally:
            self.ours -= 1

    def _begin(self) -> None:
        mimetypes.init()  # reads files of the system when it is first asked
        root = paths.root()
        places = [self.app.srcdir, self.app.outdir, self.app.doctreedir, paths.source(), sys.prefix, sys.base_prefix]
        real = {Path(os.path.realpath(place)) for place in [*map(str, places), *filter(None, sys.path)]}
        self.allowed = tuple(f"{place}{os.sep}" for place in sorted(real) if not root.is_relative_to(place))
        self.thread = threading.get_ident()
        _listen()
        _WATCHING[:] = [self]

    def _end(self) -> None:
        _WATCHING.clear()

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Refuse what a page may not do; called by the interpreter for everything that it does."""
        if self.ours or event not in HEARD or threading.get_ident() != self.thread:
            return
        page = self.app.env.temp_data.get("docname") if self.app.env else None
        if page is None:
            return
        if event == "open":
            self._open(page, *arguments)
        else:
            found = f"{event} {str(arguments[0])[:80]}" if arguments else event
            self._fail(page, OUTSIDE_OF_US, found, "take out what asks for it")
            raise PermissionError(f"{OUTSIDE_OF_US} ({event})")

    def _open(self, page: str, path: Any, mode: Any, flags: int) -> None:
        if not isinstance(path, str | bytes | os.PathLike) or flags & WRITING == os.O_WRONLY:
            return
        real = os.path.realpath(os.fsdecode(path))
        if real.startswith(self.allowed) or real in (os.devnull, "/dev/urandom"):
            return
        self._fail(page, INSIDE, Path(real).name, COPY)
        raise PermissionError(INSIDE)

    def _fail(self, page: str, rule: str, found: str, remedy: str) -> None:
        place = self.context.chapters.get(f"{page}.md", page)
        problem = Problem(place, rule, found, remedy=remedy)
        if problem not in self.context.problems:
            self.context.problems.append(problem)

    def _files(self, env: Any) -> None:
        """Hold every file that a page asked for to the rule: pictures, downloads, included texts."""
        base = Path(self.app.srcdir).resolve()
        asked = [(name, pages) for store in (env.images, env.dlfiles) for name, (pages, _) in store.items()]
        asked += [(name, [page]) for page, names in env.dependencies.items() for name in names]
        for name, pages in asked:
            real = (base / name).resolve()
            if not real.is_relative_to(base) and not f"{real}".startswith(self.allowed):
                for page in sorted(pages):
                    self._fail(page, INSIDE, Path(name).name, COPY)

    def _look(self, doctree: nodes.document) -> None:
        """Hold every address and every piece of HTML of a page to the rule."""
        page = self.app.env.docname
        own = f"{page}.md" in self.context.chapters
        for node in doctree.findall(nodes.reference):
            if rule := broken_rule(node.get("refuri", ""), page, loaded=False):
                self._fail(page, rule, str(node["refuri"])[:80], COPY)
                node["refuri"] = ""
        for node in doctree.findall(nodes.raw):
            for _, rule, found in broken_html(node.astext(), page) if "html" in node.get("format", "") else ():
                if own:
                    self._fail(page, rule, found, "take it out")
                else:
                    self.context.warnings.append({"place": page, "message": f"{rule}: {found}"})


_WATCHING: list[Guard] = []
"""The guard of the build that is under way, if one is."""


@cache
def _listen() -> None:
    """Have the interpreter ask the guard; once, since it forgets nobody who has asked to be told."""

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        for guard in _WATCHING:
            guard.hear(event, arguments)

    sys.addaudithook(hear)


HEARD = STARTING | FETCHING | {"open"}


def _settle(app: Sphinx, config: Config) -> None:
    """Set what no chapter and no setting may change: nothing is executed or evaluated while the book is rendered."""
    config.nb_execution_mode = "off"
    config.myst_enable_extensions = [each for each in config.myst_enable_extensions if each != "substitution"]
    config.myst_substitutions = {}
    config.mathjax3_config, config.myst_update_mathjax = MATHJAX, False
