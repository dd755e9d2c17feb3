"""Build the book: assemble its source, render it with Jupyter Book, and put it in place whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.publish.book_guide import GUIDE
from crosscase.publish.book_links import broken_links, loaded_from_outside
from crosscase.publish.book_policy import protect
from crosscase.publish.book_source import PLAN, REPORT, Source, assemble
from crosscase.publish.default_chapter import TEMPLATE, template
from crosscase.publish.digits import Digits, find_digits
from crosscase.refusals import named
from crosscase.study import list_studies
from crosscase.trace import sha256

Progress = Callable[[str, float], None]
STATE = ".book.json"
NOT_READ = frozenset({"__main__.py", "poster.py", "poster_set.py"})
BUILDERS = (
    *("jupyter-book", "sphinx", "sphinx-book-theme", "myst-nb", "myst-parser", "pydata-sphinx-theme"),
    *("sphinxcontrib-bibtex", "pybtex"),
)
UNUSED = (".buildinfo", "objects.inv", "_static/webpack-macros.html", "_static/sbt-webpack-macros.html")
"""Files that the renderer leaves beside the pages for other programs."""
_PERCENT = re.compile(r"(reading sources|writing output|copying images)\.\.\. \[ *(\d+)%\]")
_PHASES = {
    "reading sources": ("read the pages", 0.15, 0.6),
    "copying images": ("copy the figures", 0.6, 0.62),
    "writing output": ("write the pages", 0.62, 0.95),
}


@dataclass
class BookReport:
    """What a build of the book did and found."""

    index: Path  # the page to open
    built: bool  # false where nothing that the book reads had changed
    pages: int  # number of pages
    studies: list[str]  # studies in the book
    digits: list[Digits] = field(default_factory=list)  # digits in the prose of chapters that come from no role
    # what the renderer remarked on generated pages and notebooks, broken links, and what a page would load from outside
    warnings: list[str] = field(default_factory=list)
    # published numbers reproduced, differing, not reproducible
    reproduction: dict[str, int] = field(default_factory=dict)
    review: dict[str, int] = field(default_factory=dict)  # notes of the second reader, by state
    seconds: float = 0.0  # how long it took


def build_book(
    studies: Iterable[str] | None = None, out: Path | None = None, progress: Progress | None = None
) -> BookReport:
    """Build the book where anything that it reads has changed.

    Parameters
    ----------
    studies : iterable of str, optional
        Studies in the order of the book; all of them by default.
    out : pathlib.Path, optional
        Where the rendered book goes; `results/book` by default.
    progress : callable, optional
        Called with what is being done and how much is done (0 to 1).

    Returns
    -------
    BookReport
        Where it is, and what was found.

    Raises
    ------
    CrosscaseError
        With all problems together: unknown ids, quotations that may not be printed, unknown studies, warnings of the
        renderer about a chapter, each with file and line. The book that stood there before stays as it was.
    """
    began = time.monotonic()
    tell = progress if callable(progress) else lambda what, share: None
    names = list_studies() if studies is None else list(studies)
    target = paths.built_book() if out is None else Path(out)
    state_file = target.with_name(f"{target.name}{STATE}")
    tell("compare with the last book", 0.0)
    key = fingerprint(names)
    if (known := _known(state_file, key, target)) is not None:
        known.seconds = time.monotonic() - began
        return known
    tell("assemble the chapters", 0.02)
    work = target.with_name(f".{target.name}-build")
    with _renderer() as process:
        with named(target):
            source = assemble(names, paths.results() / ".book-source")
        try:
            remarks = _render(source, work, tell, process)
        except CrosscaseError:
            shutil.rmtree(work, ignore_errors=True)  # what broke a rule does not lie about
            raise
    rendered = work / "_build" / "html"
    _drop_unused(rendered)
    report = BookReport(
        index=target / "index.html",
        built=True,
        pages=sum(1 for _ in rendered.rglob("*.html")),
        studies=names,
        digits=list(digits_of(source)),
        warnings=remarks + [f"broken link in {each}" for each in broken_links(rendered)],
        reproduction=source.counts,
        review=source.review,
    )
    report.warnings += [f"loaded from outside by {each}" for each in loaded_from_outside(rendered)]
    report.warnings += [f"a script that no browser runs in {each}" for each in protect(rendered)]
    tell("look for passages that are not released", 0.96)
    _look_through(source, rendered, target)
    tell("put the book in place", 0.98)
    files = _put_in_place(rendered, target)
    report.seconds = time.monotonic() - began
    content = asdict(report) | {"index": "", "key": key, "files": files}
    renames.write(state_file, (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode(), then="build again")
    tell("done", 1.0)
    return report


def fingerprint(studies: list[str]) -> str:
    """Return the hash of everything the book reads: chapters, data, kept results, this package, the renderer."""
    digest = hashlib.sha256(json.dumps([studies, {name: version(name) for name in BUILDERS}]).encode())
    package = paths.source()
    folders = [paths.book(), paths.guide(), paths.dictionary(), paths.frameworks(), paths.runs(), paths.posters()]
    folders += [paths.results() / PLAN, paths.studies().parent / "synthesis"]
    folders += [base / name for name in studies for base in (paths.studies(), paths.restricted())]
    folders += [package / room for room in ("publish", "review", "study", "release")] + [paths.restricted()]
    seen = [folder for folder in folders if folder.is_dir() and not paths.withheld(folder)]
    files = [path for folder in seen for path in sorted(folder.rglob("*"))]
    others = [package.glob("*.py"), paths.studies().glob("*/documents.csv"), paths.notebooks().glob("*.ipynb")]
    for path in [*files, *(each for found in others for each in sorted(found))]:
        if path.is_file() and path.suffix != ".pyc" and path.name not in NOT_READ:
            digest.update(f"{paths.relative(path)} {path.name} {sha256(path)}\n".encode())
    return digest.hexdigest()


def _known(state_file: Path, key: str, target: Path) -> BookReport | None:
    """Return the report of the last build where its book still stands and nothing has changed."""
    try:
        state = json.loads(state_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if state.pop("key", None) != key or state.pop("files", None) != _count_files(target):
        return None
    state |= {"index": target / "index.html", "built": False, "digits": [Digits(**each) for each in state["digits"]]}
    return BookReport(**state)


def _count_files(folder: Path) -> int:
    return sum(1 for path in folder.rglob("*") if path.is_file())


@contextmanager
def _renderer() -> Iterator[subprocess.Popen[str]]:
    """Start a process that gets ready to render while the chapters are assembled; it ends with the block."""
    places = [str(paths.source().parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        paths.HOME_VARIABLE: str(paths.root()),
        "PYTHONPATH": os.pathsep.join(place for place in places if place),
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-P", "-m", "crosscase.publish.book_render"]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    words: dict[str, Any] = {"text": True, "encoding": "utf-8", "errors": "replace"}
    process = subprocess.Popen(command, env=environment, cwd=paths.root(), **pipes, **words)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _render(source: Source, folder: Path, tell: Progress, process: subprocess.Popen[str]) -> list[str]:
    """Have the process render; raise what it found in chapters, return its other remarks."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    with contextlib.suppress(OSError):  # where it has ended it has said why
        assert process.stdin is not None
        process.stdin.write(json.dumps([str(source.folder), str(folder)]) + "\n")
        process.stdin.flush()
    said = []
    for line in process.stdout or ():
        said.append(line.rstrip())
        tell_phase(line, tell)
    return judge(source, folder, process.wait(), said)


def tell_phase(line: str, tell: Progress) -> None:
    """Tell how far the renderer is, where a line of it says so."""
    if match := _PERCENT.search(line):
        words, low, high = _PHASES[match[1]]
        tell(words, low + (high - low) * int(match[2]) / 100)


def judge(source: Source, folder: Path, status: int, said: list[str]) -> list[str]:
    """Raise the problems of a rendering; return the remarks that do not stop it."""
    file = source.folder / REPORT
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    problems = [Problem(**each) for each in found.get("problems", [])]
    remarks = []
    for warning in found.get("warnings", []):
        name, line = warning["file"], warning["line"]
        message = warning["message"].replace(f"{paths.root()}{os.sep}", "")
        if chapter := source.chapters.get(name) or source.chapters.get(f"{name}.md"):
            place = f"{chapter}, line {line}" if line else chapter
            rule = "a chapter renders without a warning"
            problems.append(Problem(place, rule, message, remedy="correct the chapter"))
        else:
            remarks.append(f"{name}{f', line {line}' if line else ''}: {message}".removeprefix(": "))
    raise_if(problems)
    if status or not found or found["error"] or not (folder / "_build" / "html" / "index.html").is_file():
        error = found.get("error") or "\n".join(said[-15:])
        rule = "Jupyter Book renders the book"
        raise CrosscaseError(Problem(paths.relative(source.folder), rule, error, remedy="see its message"))
    return remarks


def digits_of(source: Source) -> Iterator[Digits]:
    """Yield the digits in the prose of the chapters that come from no role."""
    if source.not_run:  # some study is shown by the default chapter; its own title is no prose of the book
        yield from find_digits(template().read_text(encoding="utf-8-sig"), f"book/{TEMPLATE}")
    for name, chapter in source.chapters.items():
        if name.endswith(".md") and not name.startswith(("_", f"{GUIDE}/")) and chapter != f"book/{TEMPLATE}":
            yield from find_digits((source.folder / name).read_text(encoding="utf-8"), chapter)


def _drop_unused(rendered: Path) -> None:
    """Delete what no page asks for: the formula renderer, which is the larger part of a book without formulas."""
    if not any(b"/mathjax/" in path.read_bytes() for path in rendered.rglob("*.html")):
        shutil.rmtree(rendered / "_static" / "mathjax", ignore_errors=True)
    for name in UNUSED:
        (rendered / name).unlink(missing_ok=True)


def _look_through(source: Source, rendered: Path, target: Path) -> None:
    """Refuse a book that repeats a passage of an unreleased text, and leave none of it behind."""
    from crosscase.release.gate import check_folder

    try:
        check_folder(
            rendered, paths.relative(target), [paths.book(), paths.guide(), paths.studies(), paths.notebooks()]
        )
    except CrosscaseError:
        for folder in (rendered.parent.parent, source.folder):
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _put_in_place(rendered: Path, target: Path) -> int:
    """Exchange the old book for the new one by renaming; return the number of files.

    `CrosscaseError` where a page is held: then the old book stands, or lies beside its place for the next build.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    old = renames.aside(target)
    if renames.exchange(rendered, target, old, "build again"):
        renames.drop(old)
    shutil.rmtree(rendered.parent.parent, ignore_errors=True)
    return _count_files(target)
