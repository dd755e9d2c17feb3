"""The preview: shows the book in a browser of this machine, and each change a few seconds after it was saved."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline.ending import end, like_ctrl_c, not_disturbed
from crosscase.pipeline.preview_server import Said, Server
from crosscase.refusals import named, refused

LOOK = 0.25
"""Seconds between two looks at the files: their dates tell on every system, and nothing has to be installed for it."""
LEFT_OUT = (
    "crosscase build does what the preview leaves out: posters, the check of links, the second reader's page after a "
    "change in a chapter, and the book in results/book."
)


class Watch:
    """Tells which files, in some folders or given by themselves, are other than at the last look: by date and size."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.folders = list(folders)
        self._known = self._look()

    def changed(self) -> set[Path]:
        """Return the files that are other than at the last look."""
        now = self._look()
        before, self._known = self._known, now
        return {path for path in before.keys() | now.keys() if before.get(path) != now.get(path)}

    def settled(self) -> set[Path]:
        """Return what has changed, once nothing changes any more: programs save in several steps."""
        found = self.changed()
        while found:
            time.sleep(LOOK / 2)
            if not (more := self.changed()):
                break
            found |= more
        return found

    def _look(self) -> dict[Path, tuple[int, int]]:
        found: dict[Path, tuple[int, int]] = {}
        for path in self._files():
            try:
                status = path.stat()
            except OSError:
                continue  # it went while we looked
            found[path] = status.st_mtime_ns, status.st_size
        return found

    def _files(self) -> Iterator[Path]:
        for top in self.folders:
            if top.is_file():
                yield top
            for place, below, names in os.walk(top):
                below[:] = [name for name in below if not _passed_over(name)]
                yield from (Path(place, name) for name in names if not _passed_over(name))


def _passed_over(name: str) -> bool:
    """Tell whether a file or folder is none that a person edits."""
    return paths.hidden(name) or name.endswith(("~", ".swp", ".part")) or name == "__pycache__"


class Preview:
    """One preview of some studies: a server, a book kept at hand, and a run of notebooks where they are stale."""

    def __init__(self, folder: Path, studies: Sequence[str], say: Callable[[str], Any]) -> None:
        self.folder, self.studies, self.say = folder, list(studies), say
        (folder / "site").mkdir()
        self.server = Server(folder / "site")
        self.book: Any = None
        self.watch = Watch(self._folders())
        self.notebooks: subprocess.Popen[str] | None = None
        self.stale = True  # whether the notebooks are to be run where they need it
        self.changed: set[Path] | None = None  # what the pages do not show yet; None where that is not known

    def _folders(self) -> list[Path]:
        of_studies = [paths.studies(), paths.restricted()]
        if self.studies:
            of_studies = [place / name for name in self.studies for place in of_studies]
        shared = [
            paths.book(),
            paths.guide(),
            paths.notebooks(),
            paths.dictionary(),
            paths.frameworks(),
            paths.runs(),
            paths.plan(),
        ]
        return [*shared, *(paths.studies().parent / name for name in ("synthesis", "calibration")), *of_studies]

    def turn(self) -> None:
        """Look once: render what has changed, and run the notebooks that it makes stale."""
        found = self.watch.settled()
        if self.notebooks is not None:
            found = {path for path in found if not path.is_relative_to(paths.runs())}  # all of them when it ends
        words = (paths.book(), paths.guide())
        computed = [path for path in found if not any(map(path.is_relative_to, words))]
        self.stale |= any(not path.is_relative_to(paths.runs()) for path in computed)
        if found and self.changed is not None:
            self.changed |= found
        if self.changed is None or self.changed:
            self.render()
        if self.notebooks is not None and self.notebooks.poll() is not None:
            self._notebooks_ended()
        if self.stale and self.notebooks is None and not self.server.said.problems:
            self._run_notebooks()

    def render(self) -> None:
        """Bring the pages up to date; what is wrong is said, and the pages stay."""
        begin, first = time.monotonic(), self.book is None
        changed, self.changed = self.changed, set()
        self._doing("Pages are made anew.")
        try:
            if first:
                from crosscase.publish.preview_book import PreviewBook

                self.book = PreviewBook(self.folder, self.studies or None)
            new = self.book.update(changed, self._tell if first or changed is None else _tell_nobody)
        except CrosscaseError as error:
            self._wrong([str(problem) for problem in error.problems])
            return
        except OSError as error:
            self._wrong([str(refused(error))])
            return
        if any(not name.endswith((".html", "searchindex.js")) for name in new):
            self.server.assets = str(time.monotonic_ns())
        self.server.said = Said(self._computing(), [], self._notes(changed))
        pages = [name for name in new if name.endswith(".html")]
        shown = ", ".join(pages[:4]) + (f" and {len(pages) - 4} more" if len(pages) > 4 else "")
        self.say(f"shown after {time.monotonic() - begin:.1f} s: {shown or 'no page is other than before'}")

    def _notes(self, changed: set[Path] | None) -> list[str]:
        """Return typed numbers in the chapters that have just changed, as a build tells them."""
        names = {paths.relative(path) for path in changed or ()}
        found = [each for each in self.book.digits() if each.split(",")[0] in names] if names else []
        for each in found:
            self.say(f"a number that comes from no role: {each}")
        return [f"A number that comes from no role: {each}" for each in found]

    def _wrong(self, problems: list[str]) -> None:
        self.server.said = Said(self._computing(), problems)
        self.say("the last good pages stay; what is wrong:")
        for problem in problems:
            self.say(f"- {problem}")

    def _doing(self, words: str) -> None:
        self.server.said = Said(words, self.server.said.problems, self.server.said.notes)

    def _tell(self, what: str, share: float) -> None:
        self._doing(f"The pages are made: {what}, {share:.0%}.")

    def _computing(self) -> str:
        return "Notebooks run; their results come when they are there." if self.notebooks else ""

    def _run_notebooks(self) -> None:
        """Start a run of the stale notebooks beside us: chapters can be written meanwhile."""
        self.stale = False
        from crosscase import pipeline

        try:
            plan = pipeline.load_plan()
            stale = pipeline.stale(plan, plan.jobs(studies=self.studies) if self.studies else None)
        except CrosscaseError as error:
            self._wrong([str(problem) for problem in error.problems])
            return
        if not stale:
            return
        some = ", ".join(list(stale)[:3]) + (f" and {len(stale) - 3} more" if len(stale) > 3 else "")
        self.say(f"notebooks run, because data or notebooks have changed: {some}")
        only = [word for name in self.studies for word in ("--study", name)]
        command = [sys.executable, "-m", "crosscase", "build", "--only", "notebooks", "--quiet", *only]
        home = {paths.HOME_VARIABLE: str(paths.root()), "PYTHONUTF8": "1", "NO_COLOR": "1"}
        source = str(paths.source().parent)
        path = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH", "")]))
        with (self.folder / "notebooks.txt").open("w", encoding="utf-8") as said:
            streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": subprocess.STDOUT}
            self.notebooks = subprocess.Popen(command, env=os.environ | home | {"PYTHONPATH": path}, **streams)
        self._doing(self._computing())

    def _notebooks_ended(self) -> None:
        """Show what the notebooks have kept, or say what went wrong with them."""
        assert self.notebooks is not None
        status, self.notebooks = self.notebooks.wait(), None
        said = (self.folder / "notebooks.txt").read_text(encoding="utf-8").strip()
        self.watch.changed()
        self.changed = None
        self.render()
        if status:
            problems = [line for line in said.splitlines() if line.strip()]
            self._wrong([*problems, *self.server.said.problems])

    def close(self) -> None:
        """End everything that this preview has started."""
        if self.notebooks is not None:
            end(self.notebooks)
        self.server.close()


def _tell_nobody(what: str, share: float) -> None:
    """Say nothing: it takes a moment."""


def preview(
    studies: Sequence[str] = (), say: Callable[[str], Any] = print, show: Callable[[str], Any] | None = None
) -> None:
    """Show the book until a person ends it (Ctrl-C, a closed terminal); then nothing of it is left.

    Parameters
    ----------
    studies : sequence of str
        Only the book of these studies, which begins sooner; all of them by default.
    say : callable
        Takes a line for people.
    show : callable, optional
        Takes the address of the first page, to open it in a browser.

    Raises
    ------
    CrosscaseError
        Where there is no such study.
    """
    from crosscase.study import load_study

    for name in studies:
        load_study(name)
    try:
        with named(paths.results()):
            paths.results().mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=".preview-", dir=paths.results()))
    except OSError as error:
        raise CrosscaseError(refused(error)) from error
    running: Preview | None = None
    try:
        with like_ctrl_c():
            running = Preview(folder, studies, say)
            say(f"The book is shown at {running.server.address}")
            say(f"Each change is shown when it is saved; Ctrl-C ends it. {LEFT_OUT}")
            if show:
                show(running.server.address)
            while True:
                running.turn()
                time.sleep(LOOK)
    except KeyboardInterrupt:
        say("the preview has ended")
    finally:
        with not_disturbed():
            if running is not None:
                running.close()
            shutil.rmtree(folder, ignore_errors=True)
