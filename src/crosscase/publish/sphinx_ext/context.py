"""What the roles and directives share during one build: kept results, studies, addresses, and the problems found."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.logging import WarningLogRecordTranslator, WarningSuppressor

from crosscase.errors import Problem
from crosscase.publish.book_data import BookData
from crosscase.publish.book_source import REPORT, SETTINGS
from crosscase.publish.book_text import closest
from crosscase.publish.findings import Segment
from crosscase.publish.segments import SegmentPages
from crosscase.publish.sphinx_ext.guard import Guard
from crosscase.publish.sphinx_ext.labels import COMPARED, labels_of
from crosscase.publish.values import KINDS, Kept
from crosscase.study import Study, level_of, list_studies

NO_GAP = "No gap is recorded for this study."
RoleResult = tuple[list[nodes.Node], list[nodes.system_message]]
Use = tuple[str, str]
"""`study` and its id, `synthesis` and nothing, or a kind of kept results and an id."""


class BookContext:
    """The state of one build."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        file = Path(app.srcdir) / SETTINGS
        settings = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        self.studies: list[str] = settings.get("studies") or list_studies()
        self.not_run: dict[str, dict[str, str]] = settings.get("not_run", {})
        self.chapters: dict[str, str] = settings.get("chapters", {})
        self.level: str = settings.get("level") or level_of(self.studies)
        self.report = file.with_name(REPORT) if settings else None
        self.guard = Guard(app, self)
        self.uses: dict[str, set[Use]] = {}  # page -> what it was made of beside its own text
        self.problems: list[Problem] = []
        self.warnings: list[dict[str, Any]] = []
        self.data = BookData()
        app.crosscase = self  # type: ignore[attr-defined]

    def note(self, kind: str, name: str) -> None:
        """Note what the page that is read is made of: `study` and its id, or a kind of kept results and an id."""
        if page := self.app.env.temp_data.get("docname") if self.app.env else None:
            self.uses.setdefault(page, set()).add((kind, name))

    @cached_property
    def kept(self) -> Kept:
        """Kept results that note which of them a page asks for."""
        return Kept(*(_Noting(getattr(self.data.kept, kind), kind, self.note) for kind in KINDS))

    def study(self, name: str) -> Study:
        """Return a study of the book."""
        self.note("study", name)
        return self.data.study(name)

    def pages(self, study: str) -> SegmentPages:
        """Return the segment pages of a study."""
        self.note("study", study)
        return self.data.pages(study)

    def segments(self, study: str) -> dict[str, Segment]:
        """Return each coding of a study by its id."""
        self.note("study", study)
        return self.data.segments(study)

    def labels(self, kind: str, study: str) -> Mapping[str, str]:
        """Return id -> label of one kind of ids in a study."""
        for name in self.studies if kind in COMPARED else [study]:
            self.note("study", name)
        if (kind, study) not in self.data.labels:
            self.data.labels[kind, study] = labels_of(self, kind, study)
        return self.data.labels[kind, study]

    def place(self, source: str, line: int, text: str) -> str:
        """Return file and line as a person knows them: the chapter, not its copy; the line that holds `text`."""
        path = Path(source)
        try:
            name = path.relative_to(self.app.srcdir).as_posix()
        except ValueError:
            name = path.name
        if text and path.is_file():
            lines = path.read_text(encoding="utf-8").split("\n")
            line = next((n for n in range(max(line - 1, 0), len(lines)) if text in lines[n]), line - 1) + 1
        return f"{self.chapters.get(name, name)}, line {line}"

    def has_page(self, docname: str) -> bool:
        """Tell whether the book has a page."""
        return docname in self.app.env.found_docs

    def notebook_page(self, record: dict[str, Any]) -> str:
        """Return the page of the executed notebook that made a kept record, or an empty text."""
        place = record["run"].split("/", 1)[-1]
        page = f"notebooks/{place}/{record['notebook']}"
        return page if self.has_page(page) else ""

    def link(self, here: str, target: str) -> str:
        """Return the address of `page#anchor` as seen from the page `here`; empty where there is no such page."""
        page, _, anchor = target.partition("#")
        if not page or not self.has_page(page):
            return ""
        address = self.app.builder.get_relative_uri(here, page)
        return f"{address}#{anchor}" if anchor else address or "#"

    def segment_link(self, here: str, study: str, coding: str) -> str:
        """Return the address of a segment as seen from a page; empty where the book does not show it."""
        return self.link(here, self.pages(study).segments.get(coding, ""))

    def why_unknown(self, here: str, identifier: str) -> str:
        """Return the notebook that would have kept an id, where a default chapter names it and that has not run."""
        study, _, name = identifier.partition(".")
        if study in self.not_run:
            self.note("study", study)
        if any(identifier in getattr(self.kept, kind) for kind in KINDS):
            return ""
        return self.not_run.get(study, {}).get(name, "") if here == f"studies/{study}" else ""

    def once(self, said: str, at: tuple[str, int]) -> bool:
        """Tell whether something was not yet said in the section of a place (file, line); it is from now on."""
        path, line = Path(at[0]), at[1]
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
        place = sum(each.startswith("#") for each in lines[:line]), said
        known: set[tuple[int, str]] = self.app.env.temp_data.setdefault("crosscase-said", set())
        new = place not in known
        known.add(place)
        return new

    def listen(self) -> None:
        """Collect every warning of the build with its place."""
        handler = _Collector(self.warnings)
        handler.addFilter(WarningSuppressor(self.app))
        handler.addFilter(WarningLogRecordTranslator(self.app))
        logging.getLogger("sphinx").addHandler(handler)
        self.app._crosscase_handler = handler  # type: ignore[attr-defined]

    def write_report(self, error: Exception | None) -> None:
        """Write problems and warnings where the builder of the book reads them."""
        logging.getLogger("sphinx").removeHandler(self.app._crosscase_handler)  # type: ignore[attr-defined]
        for warning in self.warnings:
            where, _, line = warning["place"].rpartition(":")
            where, line = (where, line) if line.isdigit() else (warning["place"].removesuffix(":"), "")
            path = Path(where)
            if path.is_relative_to(self.app.srcdir):
                where = path.relative_to(self.app.srcdir).as_posix()
            warning["file"], warning["line"] = where, line
        content = {
            "problems": [vars(p) for p in self.problems],
            "warnings": self.warnings,
            "pages": len(self.app.env.found_docs),
            "error": str(error) if error else "",
        }
        if self.report:
            self.report.write_text(json.dumps(content), encoding="utf-8", newline="\n")


class _Noting(dict[str, dict[str, Any]]):
    """Kept results of one kind by their ids; who asks for one is noted."""

    def __init__(self, records: Mapping[str, dict[str, Any]], kind: str, note: Callable[[str, str], None]) -> None:
        super().__init__(records)
        self._kind, self._note = kind, note

    def __getitem__(self, name: str) -> dict[str, Any]:
        self._note(self._kind, name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(self._kind, str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(self._kind, name)
        return super().get(name, default)


class _Collector(logging.Handler):
    """Keeps each warning once: Sphinx may hold records back and send them again."""

    def __init__(self, into: list[dict[str, Any]]) -> None:
        super().__init__(logging.WARNING)
        self.into = into

    def emit(self, record: logging.LogRecord) -> None:
        message = logging.LogRecord.getMessage(record).strip()
        warning = {"place": str(getattr(record, "location", None) or ""), "message": message}
        if warning not in self.into:
            self.into.append(warning)


class BookRole(SphinxRole):
    """A role that knows the book and reports what it cannot resolve; it may read the data of a study."""

    def __call__(self, *arguments: Any, **options: Any) -> RoleResult:
        """Run the role as one of ours."""
        book = arguments[4].document.settings.env.app.crosscase
        with book.guard.reading_data():
            return super().__call__(*arguments, **options)

    @property
    def book(self) -> BookContext:
        """The state of this build."""
        return self.env.app.crosscase  # type: ignore[attr-defined]

    def fail(self, rule: str, allowed: str = "", remedy: str = "correct the id") -> RoleResult:
        """Note a problem at this place and return a stand-in, so that the build finds the other problems too."""
        source, line = self.get_source_info()
        written = "{" + self.name + "}`" + self.text
        place = self.book.place(source, line or 1, written)
        self.book.problems.append(Problem(place, rule, f"{written}`", allowed, remedy))
        return [nodes.literal(self.text, self.text)], []


class BookDirective(SphinxDirective):
    """A directive that knows the book and reports what it cannot resolve; it may read the data of a study."""

    def __init_subclass__(cls) -> None:
        """Run the directive as one of ours; it reads no text of a chapter as markup."""
        if "run" in cls.__dict__:
            own = cls.run

            @wraps(own)
            def run(self: BookDirective) -> list[nodes.Node]:
                with self.book.guard.reading_data():
                    return own(self)

            cls.run = run

    @property
    def book(self) -> BookContext:
        """The state of this build."""
        return self.env.app.crosscase  # type: ignore[attr-defined]

    def fail(self, rule: str, found: str = "", allowed: str = "", remedy: str = "") -> list[nodes.Node]:
        """Note a problem at this place and return nothing, so that the build finds the other problems too."""
        source, line = self.get_source_info()
        written = " ".join(["{" + self.name + "}", *self.arguments])
        place = self.book.place(source, line or 1, written)
        self.book.problems.append(Problem(place, rule, found or written, allowed, remedy))
        return []

    def find_study(self, name: str) -> Study | None:
        """Return a study of the book by its id, or note the problem."""
        if name in self.book.studies:
            return self.book.study(name)
        allowed = closest(name, self.book.studies)
        self.fail("the study is one of the book", repr(name), allowed, "correct the id of the study")
        return None

    def find_kept(self, kind: str) -> dict[str, Any] | None:
        """Return the kept record that the directive names, or note the problem."""
        known, name = getattr(self.book.kept, kind), self.arguments[0]
        if name in known:
            return known[name]
        rule = f"the id is that of a kept {kind[:-1]}"
        self.fail(rule, repr(name), closest(name, known), "correct the id, or keep it in a notebook and run that again")
        return None

    def address_of_file(self, path: str) -> str:
        """Return the address of a file of the book as seen from this page."""
        return "../" * self.env.docname.count("/") + path


class StudyDirective(BookDirective):
    """A directive that shows something of the study whose id is its argument."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return what is shown of the study; nothing, and a problem, where the book has no such study."""
        study = self.find_study(self.arguments[0])
        return [] if study is None else self.show(study)

    def show(self, study: Study) -> list[nodes.Node]:
        """Return what is shown."""
        raise NotImplementedError


def html_node(text: str) -> nodes.raw:
    """Return HTML as a node."""
    return nodes.raw("", text, format="html")


def paragraph(text: str, *classes: str) -> nodes.paragraph:
    """Return a paragraph of plain text."""
    return nodes.paragraph(text, text, classes=list(classes))
