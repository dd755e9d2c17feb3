"""Assemble the source of the book: the chapters as written, and beside them everything that is generated."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from crosscase import paths, yaml_text
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.publish.book_alone import chapters_that_hold, cite_page, front_page, settings_of
from crosscase.publish.book_data import BookData
from crosscase.publish.book_guide import copy_guide, no_guide
from crosscase.publish.book_notebooks import heading_of, notebook_page
from crosscase.publish.book_reach import notebook_problems, reach_problems
from crosscase.publish.book_settings import CONFIG
from crosscase.publish.book_text import clean, md_text
from crosscase.publish.default_chapter import TEMPLATE, not_run, study_chapter
from crosscase.publish.dictionary_page import dictionary_page
from crosscase.publish.import_page import has_report, import_page
from crosscase.publish.poster_page import copy_posters, poster_page
from crosscase.publish.reproduction import fact_counts, reproduction_page, reproduction_table
from crosscase.publish.review_page import read_again, review_counts, review_page
from crosscase.publish.segments import segment_pages
from crosscase.publish.values import KINDS, Kept, read_kept
from crosscase.publish.words import level_words
from crosscase.study import Study, level_of, list_studies, load_study

STUDY_GLOB = "studies/*"
NOTEBOOKS = "notebooks"
SETTINGS = "crosscase-book.json"
REPORT = "crosscase-report.json"
SUFFIXES = {"tables": ("csv", "xlsx"), "figures": ("svg", "png")}
OURS = "The Crosscase contributors"  # whom the page on citing names as long as nobody has rewritten it
PLAN = "plan"  # folder of the results with the drawing of the plan and its description


@dataclass
class Source:
    """The assembled source tree."""

    folder: Path  # where it is
    studies: list[Study]  # the studies of the book, in order
    kept: Kept
    # file of the tree -> the chapter it was copied from, as a person knows it
    chapters: dict[str, str] = field(default_factory=dict)
    # study -> entries of the table of contents below its chapter
    sections: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    # how many published numbers are reproduced, differ, cannot be reproduced
    counts: dict[str, int] = field(default_factory=dict)
    # how many notes the second reader makes, by state
    review: dict[str, int] = field(default_factory=dict)
    # chapters (without ending) that speak of studies which are not in this book
    dropped: set[str] = field(default_factory=set)
    # page of a notebook -> its own heading, for the table of contents
    headings: dict[str, str] = field(default_factory=dict)
    # study that is shown by the default chapter -> what notebooks that have not run for it would keep
    not_run: dict[str, dict[str, str]] = field(default_factory=dict)
    # what has been read for it, for who renders it in this process
    data: BookData = field(default_factory=BookData)

    @property
    def alone(self) -> bool:
        """Whether the book leaves studies of the compendium out."""
        return bool(set(list_studies()) - {study.name for study in self.studies})

    def write(self, name: str, text: str) -> None:
        """Write one generated page or file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def assemble(studies: list[str], folder: Path) -> Source:
    """Write the source tree of the book, new from the ground up.

    `studies`: ids of the studies, in the order of the book. `folder` is where the tree goes; what was there is
    replaced. Raises `CrosscaseError` where a chapter, a setting, a poster or a notebook reads, runs or leads to what is
    not the book's, a study does not exist, a text under `restricted/` is not the one that was coded, or the table of
    contents names a chapter that is not there.
    """
    problems = reach_problems()
    for executed, place, page in _executed(studies):
        problems += notebook_problems(json.loads(executed.read_text(encoding="utf-8")), place, page)
    raise_if(problems)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    kept = read_kept()
    source = Source(folder, [load_study(name) for name in studies], kept, data=BookData(kept))
    _copy_chapters(source)
    source.chapters |= copy_guide(source.folder)
    if source.alone:
        _drop_chapters(source)
        source.kept = _of_studies(source.kept, studies)
    _copy_notebooks(source)
    for study in source.studies:
        _add_study(source, study)
    _add_pages(source)
    _copy_data(source)
    _write_contents(source)
    settings = {"studies": studies, "level": level_of(studies), "chapters": source.chapters, "not_run": source.not_run}
    source.write(SETTINGS, json.dumps(settings))
    return source


def _copy_chapters(source: Source) -> None:
    """Copy the book as written; chapters of studies that are not in this book stay out."""
    names = {study.name for study in source.studies}
    for path in sorted(paths.book().rglob("*")):
        inside = path.relative_to(paths.book())
        if not path.is_file() or any(p.startswith(".") or p in ("_build", "__pycache__") for p in inside.parts):
            continue
        other = inside.parent.as_posix() == "studies" and inside.suffix == ".md" and inside.stem not in names
        if other or inside.as_posix() == TEMPLATE:
            continue
        target = source.folder / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        source.chapters[inside.as_posix()] = paths.relative(path)


def _of_studies(kept: Kept, studies: list[str]) -> Kept:
    """Return what was kept for some studies; what lies there of others is not part of this book."""
    parts = (getattr(kept, kind) for kind in KINDS)
    return Kept(*({name: record for name, record in part.items() if record["study"] in studies} for part in parts))


def _drop_chapters(source: Source) -> None:
    """Take out the chapters that speak of other studies; the first page is then one for these studies."""
    chapters = [name for name in source.chapters if name.endswith(".md") and "/" not in name]
    texts = {name: (source.folder / name).read_text(encoding="utf-8") for name in chapters}
    for name in set(texts) - chapters_that_hold(texts, [study.name for study in source.studies]):
        (source.folder / name).unlink()
        del source.chapters[name]
        source.dropped.add(name.removesuffix(".md"))
    if OURS in texts.get("cite.md", ""):
        source.write("cite.md", cite_page(source.studies))
    config = yaml_text.load((source.folder / CONFIG).read_text(encoding="utf-8"), f"book/{CONFIG}")
    source.write(CONFIG, yaml.safe_dump(settings_of(config, source.studies), sort_keys=False, allow_unicode=True))
    if "index" in source.dropped:
        source.write("index.md", front_page(source.studies))


def _copy_notebooks(source: Source) -> None:
    """Copy each executed notebook of this book to `notebooks/<study or compendium>/<notebook>.ipynb`."""
    titles = {study.name: clean(study.info.short_title) for study in source.studies}
    for executed, _, page in _executed([study.name for study in source.studies]):
        target = source.folder / page
        target.parent.mkdir(parents=True, exist_ok=True)
        source.headings[page.removesuffix(".ipynb")] = heading_of(executed)
        of = titles.get(target.parent.name, "")
        target.write_text(notebook_page(executed, of), encoding="utf-8", newline="\n")


def _executed(studies: list[str]) -> Iterator[tuple[Path, str, str]]:
    """Yield each executed notebook of the book of these studies: file, what to call it, its page."""
    left_out = set(list_studies()) - set(studies)
    left_out |= {"compendium"} if left_out else set()
    for state in sorted(paths.runs().glob("*/*/state.json")):
        notebook, place = state.parent.parent.name, state.parent.name
        executed = state.parent / f"{notebook}.ipynb"
        if executed.is_file() and place not in left_out:
            yield executed, f"notebook {notebook} ({place})", f"{NOTEBOOKS}/{place}/{notebook}.ipynb"


def _add_study(source: Source, study: Study) -> None:
    """Add the pages of one study: its chapter where none is written, its segments, its place in the contents."""
    chapter = f"studies/{study.name}.md"
    if chapter not in source.chapters:
        source.write(chapter, study_chapter(study))
        source.chapters[chapter] = f"book/{TEMPLATE}"
        source.not_run[study.name] = not_run(study, source.kept)
    pages = segment_pages(study)
    source.data.add(study, pages)
    for name, text in pages.pages.items():
        source.write(f"{name}.md", text)
    index, *parts = pages.pages
    entry: dict[str, Any] = {"file": index, "title": pages.titles[index]}
    if parts:
        entry["sections"] = [{"file": part, "title": pages.titles[part]} for part in parts]
    report = []
    if has_report(study):
        source.write(f"imports/{study.name}.md", import_page(study))
        report = [{"file": f"imports/{study.name}", "title": "Import report"}]
    source.sections[study.name] = [*_files(source, f"{NOTEBOOKS}/{study.name}/*"), entry, *report]


def kept_blocks(kept: Kept, study: str | None) -> str:
    """Return MyST that shows everything kept for a study (or, with None, for the whole), notebook by notebook."""
    mine = [record for record in kept.results.values() if record["study"] == study]
    lines = []
    for notebook in sorted({record["notebook"] for record in mine}):
        lines.append(f"## {md_text(notebook.lstrip('0123456789_').replace('_', ' ').capitalize())}\n")
        for record in mine:
            if record["notebook"] == notebook:
                lines.append(f"```{{{_block(record, kept)}}} {record['id']}\n```\n")
    return "\n".join(lines)


def _block(record: dict[str, Any], kept: Kept) -> str:
    """Return the directive that shows a result."""
    if record["id"] in kept.figures:
        return "kept-figure"
    table = kept.tables.get(record["id"], {"columns": ()})
    return "kept-matrix" if {"row", "column", "state"} <= set(table["columns"]) else "kept-table"


def _add_pages(source: Source) -> None:
    """Add the pages about the whole: reproduction, second reader, dictionary (included by chapters), all results."""
    table = reproduction_table(source.studies, source.kept)
    source.counts = fact_counts(table)
    titles = {study.name: study.info.short_title for study in source.studies}
    source.write("_generated/reproduction.md", reproduction_page(table, titles))
    readings = read_again(source.studies, source.kept, whole=not source.alone)
    source.review = review_counts(readings)
    source.write("_generated/review.md", review_page(readings))
    source.write("_generated/dictionary.md", dictionary_page())
    source.write("_generated/results.md", _results_page(source))
    source.write("_generated/plan.md", _plan_figure(source))
    posters = copy_posters(source.folder / "extra" / "data" / "posters", [s.name for s in source.studies], source.alone)
    source.write("_generated/posters.md", poster_page(posters, source.studies, source.kept))
    source.write("_generated/synthesis.md", kept_blocks(source.kept, None) or "Nothing is kept yet.\n")


def _plan_figure(source: Source) -> str:
    """Return the drawing of the plan as a figure with its description, where the build has drawn it."""
    drawing, words = (paths.results() / PLAN / name for name in ("plan.svg", "plan.txt"))
    if not drawing.is_file() or not words.is_file():
        return "The plan is drawn by `crosscase build`.\n"
    target = source.folder / "_generated" / drawing.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(drawing, target)
    alt = " ".join(words.read_text(encoding="utf-8").split())
    return f"```{{figure}} /_generated/{drawing.name}\n:alt: {alt}\n:width: 100%\n\nThe plan of this compendium.\n```\n"


def _results_page(source: Source) -> str:
    """Return the list of every kept figure and table with its files."""
    lines = []
    for kind, suffixes in reversed(SUFFIXES.items()):
        records = getattr(source.kept, kind)
        lines += [f"## {kind.title()}\n", "| Id | What it shows | Files |", "|---|---|---|"] if records else []
        for name, record in sorted(records.items()):
            files = " ".join(f'<a href="data/{kind}/{name}.{s}">{s.upper()}</a>' for s in suffixes)
            lines.append(f"| `{name}` | {md_text(record['caption'])} | {files} |")
        lines += [""] if records else []
    return "\n".join(lines) or "Nothing is kept yet.\n"


def _copy_data(source: Source) -> None:
    """Copy the files of all kept tables and figures to `extra/data/`, which becomes `data/` in the rendered book.

    A CSV file has no place to say its level; a file beside them says it.
    """
    source.write("extra/data/LEVEL.txt", level_words(level_of([study.name for study in source.studies])) + "\n")
    for kind, suffixes in SUFFIXES.items():
        folder = source.folder / "extra" / "data" / kind
        folder.mkdir(parents=True, exist_ok=True)
        for name in getattr(source.kept, kind):
            for suffix in suffixes:
                path = source.kept.path(kind, name, suffix)
                if path.is_file():
                    shutil.copyfile(path, folder / path.name)


def _files(source: Source, pattern: str) -> list[dict[str, Any]]:
    """Return entries of the contents for the pages that match a pattern, in order of their names."""
    found = sorted(p for p in source.folder.glob(pattern) if p.suffix in (".md", ".ipynb"))
    names = [path.relative_to(source.folder).with_suffix("").as_posix() for path in found]
    headings = source.headings
    return [{"file": n} | ({"title": f"Notebook: {headings[n]}"} if n in headings else {}) for n in names]


def _write_contents(source: Source) -> None:
    """Write the table of contents: `glob` entries become the pages that there are."""
    path = paths.book() / "_toc.yml"
    try:
        contents = yaml_text.load(path.read_text(encoding="utf-8"), "book/_toc.yml")
    except (OSError, UnicodeDecodeError) as error:
        rule = "the book has a table of contents in YAML"
        raise CrosscaseError(Problem("book/_toc.yml", rule, str(error), remedy="correct the file")) from None
    problems: list[Problem] = []
    for part in contents.get("parts", [contents]):
        part["chapters"] = _expand(source, part.get("chapters", []), problems)
    if "parts" in contents:
        contents["parts"] = [part for part in contents["parts"] if part["chapters"]]
    raise_if(problems)
    source.write("_toc.yml", yaml.safe_dump(contents, sort_keys=False, allow_unicode=True))


def _expand(source: Source, entries: list[dict[str, Any]], problems: list[Problem]) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for entry in entries:
        if entry.get("glob") == STUDY_GLOB:
            for study in source.studies:
                page = {"file": f"studies/{study.name}", "title": clean(study.info.short_title)}
                out.append(page | {"sections": source.sections[study.name]})
            continue
        if "glob" in entry:
            out += _files(source, entry["glob"])
        if "glob" in entry or entry.get("file") in source.dropped or no_guide(entry):
            continue
        if "file" in entry and not any((source.folder / f"{entry['file']}{s}").is_file() for s in (".md", ".ipynb")):
            rule = "each chapter of the contents is a file of the folder book, or of the guide"
            remedy = "add the file, or drop the entry"
            problems.append(Problem("book/_toc.yml", rule, repr(entry["file"]), remedy=remedy))
        if "sections" in entry:
            entry = entry | {"sections": _expand(source, entry["sections"], problems)}
            if not entry["sections"]:
                del entry["sections"]
        out.append(entry)
    return out
