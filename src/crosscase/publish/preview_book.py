"""The book kept at hand for its preview: rendered once, then only the pages that a change concerns.

A page that was rendered anew is the page that a build of the whole would make; what Sphinx does not see for itself is
told to it: that a page shows the data of a study or what a notebook kept, and that all pages show the titles of all.
Nothing comes to lie in `site` but what the gate has let through.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, raise_if
from crosscase.publish.book import UNUSED, Progress, digits_of, judge, tell_phase
from crosscase.publish.book_policy import protected
from crosscase.publish.book_reach import file_problems
from crosscase.publish.book_render import HTML, render
from crosscase.publish.book_source import REPORT, SETTINGS, Source, assemble
from crosscase.publish.default_chapter import TEMPLATE, study_chapter
from crosscase.publish.findings import ACROSS
from crosscase.publish.values import KINDS
from crosscase.study import list_studies
from crosscase.trace import sha256

Use = tuple[str, str]
"""What a page is made of: `study` and its id, or a kind of kept results and an id."""
PAGES = (".md", ".ipynb")
BY_THEMSELVES = ("extra", "_generated", "posters")
"""Folders of the source whose files concern only the pages that ask for them."""
INDEX = ("_all_titles", "_filenames", "_index_entries", "_mapping", "_title_mapping", "_titles")
"""What the index of the search knows of the pages."""


class PreviewBook:
    """The book of some studies in a folder of its own; `site` in it is what may be shown.

    `studies` are ids in the order of the book, all of them by default.
    """

    def __init__(self, folder: Path, studies: Iterable[str] | None = None) -> None:
        self.studies = list_studies() if studies is None else list(studies)
        self.site = folder / "site"
        self.site.mkdir(parents=True, exist_ok=True)
        self._tree, self._new, self._work = folder / "source", folder / "new-source", folder / "work"
        self._source: Source | None = None
        self._waiting: set[Path] | None = None  # changed since an update went through; None where that is not known
        self._again: set[str] = set()  # pages to be read again: what they show has changed, or something was wrong
        self._uses: dict[str, set[Use]] = {}  # page -> what it is made of beside its own text
        self._signs: dict[Use, str] = {}  # hash of each thing that a page may be made of
        self._shared = ""  # hash of what every page may show of the others
        self._index: Any = None  # index of the search
        self._seen: dict[str, tuple[int, int]] = {}  # rendered file -> date and size when it was put in place

    def update(self, changed: Iterable[Path] | None = None, tell: Progress = lambda what, share: None) -> list[str]:
        """Bring the site up to what the compendium says; return the files of it that are new or other than before.

        `changed` are the files that have changed since the last update; None where that is not known. Raises
        `CrosscaseError` with all problems, as a build does; then the site stays as it was.
        """
        known = None if changed is None or self._waiting is None else self._waiting | set(changed)
        self._waiting = known
        if (chapters := self._chapters(known)) is not None:
            self._copy(chapters)
        else:
            tell("assemble the chapters", 0.02)
            self._assemble()
        before = self._shared
        out = self._render(tell)
        if before and self._shared != before:  # what stands on all pages, such as a title
            out += self._render(tell, everything=True)
        self._waiting, self._again = set(), set()
        return list(dict.fromkeys(out))

    def digits(self) -> list[str]:
        """Return the digits in the prose of the chapters that come from no role, as a build tells them."""
        return [] if self._source is None else [str(each) for each in digits_of(self._source)]

    def _chapters(self, changed: set[Path] | None) -> list[str] | None:
        """Return the chapters, from the folder `book`, where nothing but chapters that are there has changed."""
        if changed is None or self._source is None or self._source.alone:
            return None
        base = paths.book()
        inside = [path.relative_to(base).as_posix() for path in changed if path.is_relative_to(base)]
        known = self._source.chapters.keys() | {TEMPLATE}
        whole = [name for name in inside if name in known and name.endswith(".md") and (base / name).is_file()]
        return sorted(whole) if len(whole) == len(changed) and not any(map(Path.is_symlink, changed)) else None

    def _copy(self, chapters: list[str]) -> None:
        """Copy chapters into the source, and fill in the default one."""
        assert self._source is not None
        raise_if([problem for name in chapters for problem in file_problems(paths.book() / name, f"book/{name}", name)])
        for name in chapters:
            if name != TEMPLATE:
                shutil.copyfile(paths.book() / name, self._tree / name)
                continue
            for study in self._source.studies:
                if study.name in self._source.not_run:
                    self._source.write(f"studies/{study.name}.md", study_chapter(study))

    def _assemble(self) -> None:
        """Assemble the source anew and take over what is other; note which pages that concerns."""
        source = assemble(self.studies, self._new)
        signs = _signs(source)
        if self._source is None or _for_all(self._tree, self._new):
            self._forget()
            shutil.rmtree(self._tree, ignore_errors=True)
        for name in _files(self._tree) - _files(self._new):
            (self._tree / name).unlink()
        for name in _files(self._new):
            target = self._tree / name
            if not target.is_file() or not filecmp.cmp(self._new / name, target, shallow=False):
                target.parent.mkdir(parents=True, exist_ok=True)
                renames.replace(self._new / name, target)
        shutil.rmtree(self._new, ignore_errors=True)
        changed = {use for use in self._signs.keys() | signs.keys() if self._signs.get(use) != signs.get(use)}
        self._again |= {page for page, uses in self._uses.items() if uses & changed}
        self._signs, self._source = signs, replace(source, folder=self._tree)

    def _forget(self) -> None:
        """Drop all that is rendered, so that all is rendered anew; what may be shown stays."""
        shutil.rmtree(self._work, ignore_errors=True)
        self._uses, self._shared, self._again, self._index = {}, "", set(), None

    def _render(self, tell: Progress, everything: bool = False) -> list[str]:
        """Render what is new or other, or write every page anew; return what that changed in the site."""
        assert self._source is not None
        data, apps = self._source.data, list[Any]()
        read: list[str] = []

        def prepare(app: Any) -> None:
            apps.append(app)
            app.crosscase.data = data
            front = [app.config.root_doc]
            app.builder.get_outdated_docs = lambda: sorted(app.env.found_docs) if everything else front
            app.connect("env-get-outdated", lambda *_: sorted(self._again))
            app.connect("env-before-read-docs", lambda app, env, pages: read.extend(pages))
            app.builder.load_indexer = lambda pages: self._go_on_with_index(app, set(pages))

        (self._tree / REPORT).unlink(missing_ok=True)
        for late in (self._work / HTML / "_static").glob("mystnb.*.css"):
            late.unlink()  # a build puts it there when all pages are written, and its address says whether it was there
        said = _Lines(tell)
        try:
            try:
                render(self._tree, self._work, said, prepare)  # type: ignore[arg-type]
            finally:
                self._again |= set(read)
            judge(self._source, self._work, 0, said.lines)
        except CrosscaseError as error:
            named = {problem.place.partition(", line ")[0] for problem in error.problems}
            self._again |= {page_of(name) for name, chapter in self._source.chapters.items() if chapter in named}
            raise
        except Exception as error:
            self._forget()
            judge(self._source, self._work, 1, [*said.lines, f"{type(error).__name__}: {error}"])
            raise
        app = apps[0]
        for page in read:
            self._uses[page] = app.crosscase.uses.get(page, set())
        self._shared = shared(app.env)
        return self._put_in_place()

    def _go_on_with_index(self, app: Any, pages: set[str]) -> None:
        """Give the index of the search what it had of all pages but these; from its file it would read less."""
        index = app.builder.indexer
        if self._index is not None:
            for name in INDEX:
                setattr(index, name, getattr(self._index, name))
        index.prune(set(app.env.all_docs) - pages)
        for words in (index._mapping, index._title_mapping):
            for word in [word for word, where in words.items() if not where]:
                del words[word]
        self._index = index

    def _put_in_place(self) -> list[str]:
        """Look through what is new and put it into the site; return its names.

        `CrosscaseError` where a passage that is not released stands in it: then none of it is left behind.
        """
        from crosscase.release.gate import check_files

        rendered = self._work / HTML
        names = sorted(_files(rendered) - set(UNUSED))
        new: list[tuple[str, Path | bytes]] = []
        seen: dict[str, tuple[int, int]] = {}
        for name in names:
            status = (rendered / name).stat()
            seen[name] = status.st_mtime_ns, status.st_size
            if seen[name] != self._seen.get(name) and (content := self._other(name)) is not None:
                new.append((name, content))
        try:
            check_files(((f"preview/{name}", content) for name, content in new), [paths.book(), paths.studies()])
        except CrosscaseError:
            self._forget()
            shutil.rmtree(self._tree, ignore_errors=True)
            self._source = None
            raise
        for name, content in new:
            self._place(name, content)
        for name in _files(self.site) - set(names):
            (self.site / name).unlink()
        self._seen = seen
        return [name for name, _ in new]

    def _other(self, name: str) -> Path | bytes | None:
        """Return a rendered file as it may be shown, its page with a policy; None where the site has just this."""
        path, target = self._work / HTML / name, self.site / name
        if path.suffix != ".html":
            same = target.is_file() and filecmp.cmp(path, target, shallow=False)
            return None if same else path
        content = protected(path.read_text(encoding="utf-8"))[0].encode()
        return None if target.is_file() and target.read_bytes() == content else content

    def _place(self, name: str, content: Path | bytes) -> None:
        target = self.site / name
        part = target.with_name(f".{target.name}.part")
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content) if isinstance(content, bytes) else shutil.copyfile(content, part)
        renames.replace(part, target)


class _Lines:
    """Takes what Sphinx says, as lines, and tells how far it is."""

    encoding = "utf-8"

    def __init__(self, tell: Progress) -> None:
        self.lines: list[str] = []
        self._tell = tell

    def write(self, text: str) -> int:
        """Take a piece of text."""
        for line in text.splitlines():
            if line.strip():
                self.lines.append(line)
                tell_phase(line, self._tell)
        return len(text)

    def flush(self) -> None:
        """Do nothing: nothing is held back."""

    def isatty(self) -> bool:
        """Say that no person reads here."""
        return False


def page_of(name: str) -> str:
    """Return the page of a file of the source."""
    return name.rpartition(".")[0]


def _files(folder: Path) -> set[str]:
    """Return the files in a folder, by their paths from there; the report of a rendering is none of a source."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in found if name != REPORT}


def _for_all(old: Path, new: Path) -> bool:
    """Tell whether something differs in two sources that concerns every page: pages come or go, or a setting."""
    before, now = _files(old), _files(new)
    different = before ^ now
    different |= {name for name in before & now if not filecmp.cmp(old / name, new / name, shallow=False)}
    if SETTINGS in different:
        settings = [json.loads((folder / SETTINGS).read_text(encoding="utf-8")) for folder in (old, new)]
        if settings[0] | {"not_run": None} == settings[1] | {"not_run": None}:
            different.remove(SETTINGS)
    alone = {name for name in different if name.split("/")[0] in BY_THEMSELVES}
    return any(name not in before & now or not name.endswith(PAGES) for name in different - alone)


def _signs(source: Source) -> dict[Use, str]:
    """Return a hash of the state of each thing that a page may be made of."""
    kept, signs = source.kept, {}
    for kind in KINDS:
        for name, record in getattr(kept, kind).items():
            table = sha256(kept.path(kind, name, "csv")) if kind == "tables" else ""
            signs[kind, name] = _hash([record, table])
    places = {study.name: [study.folder, study.restricted] for study in source.studies}
    for name, folders in (places | {ACROSS: [paths.studies().parent / ACROSS]}).items():
        files = [path for folder in folders if not paths.withheld(folder) for path in sorted(folder.rglob("*"))]
        content = [(path.name, sha256(path)) for path in files if path.is_file()]
        signs["study", name] = _hash([content, source.not_run.get(name)])
    return signs


def shared(env: Any) -> str:
    """Return a hash of what any page may show of the others: titles, the contents, anchors, terms, references."""
    std = env.get_domain("std")
    cited = sorted({target.key for each in env.get_domain("cite").citation_refs for target in each.targets})
    return _hash(
        [
            {page: title.astext() for page, title in sorted(env.titles.items())},
            {page: title.astext() for page, title in sorted(env.longtitles.items())},
            {page: contents.pformat() for page, contents in sorted(env.tocs.items())},
            sorted(env.toctree_includes.items()),
            [sorted(map(str, part.items())) for part in (std.labels, std.anonlabels, std.objects)],
            list(map(str, cited)),
        ]
    )


def _hash(state: object) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True, default=str).encode()).hexdigest()
