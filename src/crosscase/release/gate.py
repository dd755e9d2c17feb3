"""The gate: nothing is put in place that repeats 40 characters of a text that nobody has released.

Whoever writes a file for people to take away asks here first: the runner before results are moved in place, the book
and the posters before they are, the export before its file is. The permission is then kept whatever way a passage took:
a notebook that prints it, a chapter that pastes it, a memo that repeats it, the properties of a spreadsheet.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, Problem
from crosscase.refusals import refused
from crosscase.release.at_hand import state
from crosscase.release.contents import Closed, pieces
from crosscase.release.pieces import Piece
from crosscase.release.runs import MEASURE, Run
from crosscase.release.unreleased import Unreleased, unreleased
from crosscase.release.views import View, views
from crosscase.release.written import note, refuse_unread

RULE = f"nothing repeats {MEASURE} characters of a text that is not released"
REMEDY = "take the passage out or say it in other words; where it may be shown, release its document (documents.csv)"
TOLD = 20
"""How many places are told; the rest is counted."""
_WITHIN = 10  # characters from its start at which a run is placed: its first letters may agree by chance
_AT_ONCE = 1 << 21


@dataclass
class _Batch:
    """Texts that wait to be looked through together."""

    views: list[View]
    pieces: list[tuple[str, Piece]]
    size: int = 0


class Gate:
    """What looks through files before they go out, for texts that may not be in them."""

    def __init__(self, texts: Unreleased) -> None:
        self.texts = texts
        self._clean: set[bytes] = set()

    def problems(self, files: Iterable[tuple[str, Path | bytes]], without: Sequence[str] = ()) -> list[Problem]:
        """Return what is wrong with some files: each place that repeats a passage, each part that is closed to sight.

        Each file, or its content, comes with the name that a person knows; `without` are studies whose texts may be in
        them, because a person asked for that.
        """
        if without:
            others = {key: text for key, text in self.texts.texts.items() if key[0] not in without}
            return Gate(Unreleased(others, self.texts.allowed)).problems(files)
        if not self.texts:
            return []
        found: dict[tuple[str, str, Any], Run] = {}
        closed: list[Problem] = []
        seen = set(self._clean)
        for name, piece, view, run in self._runs(files, seen, closed):
            if not self.texts.is_passage(run):
                continue
            parts = (name, piece.place, piece.where(view.origin(run.start + _WITHIN)))
            place = ", ".join(part for part in parts if part)
            key = (name, place, run.secret)
            if key not in found or found[key].length < run.length:
                found[key] = run
            if len(found) > 50 * TOLD:
                break
        if not found and not closed:
            self._clean = seen
        told = [_problem(place, run) for (_, place, _), run in found.items()]
        return [*told, *closed]

    def _runs(
        self, files: Iterable[tuple[str, Path | bytes]], seen: set[bytes], closed: list[Problem]
    ) -> Iterator[tuple[str, Piece, View, Run]]:
        """Yield each run with the name of its file, its piece, and the view of the piece that shows it."""
        batch = _Batch([], [])
        for name, file in files:
            content = file if isinstance(file, bytes) else file.read_bytes()
            try:
                for piece in pieces(name, content, seen):
                    for view in views(piece.text):
                        batch.views.append(view)
                        batch.pieces.append((name, piece))
                        batch.size += len(view.text)
                    if batch.size > _AT_ONCE:
                        yield from self._looked_through(batch)
                        batch = _Batch([], [])
            except Closed as error:
                remedy = "leave it out, or save it without a password and whole"
                closed.append(Problem(name, "what goes out can be looked through", str(error), remedy=remedy))
        yield from self._looked_through(batch)

    def _looked_through(self, batch: _Batch) -> Iterator[tuple[str, Piece, View, Run]]:
        for run in self.texts.secrets.find([view.text for view in batch.views]):
            name, piece = batch.pieces[run.text]
            yield name, piece, batch.views[run.text], run


_open: dict[str, Gate] = {}


def current() -> Gate:
    """Return the gate of this compendium; its texts are read once, as long as they and their permissions stay."""
    now = state()
    if now not in _open:
        _open.clear()
        _open[now] = Gate(unreleased() if now else Unreleased({}))
    return _open[now]


def check_folder(folder: Path, shown: str, origins: Sequence[Path] = ()) -> None:
    """Refuse a finished folder, not yet in place, of which any file repeats an unreleased passage (`check_files`).

    `shown` is what people know it as, such as `results/book`.
    """
    files = ((f"{shown}/{path.relative_to(folder).as_posix()}", path) for path in _files([folder]))
    check_files(files, origins)


def check_files(
    files: Iterable[tuple[str, Path | bytes]], origins: Sequence[Path] = (), *, without: Sequence[str] = ()
) -> None:
    """Refuse finished files, not yet in place, that repeat an unreleased passage.

    `CrosscaseError` with each file and place, and the document whose words stand there; never the words. `origins` are
    files and folders of which they were made; where a passage stands in one of these, its place there is told too.
    `without` are studies whose texts may be in them, because a person asked for that.
    """
    now = current()
    if not (problems := now.problems(files, without)):
        return
    sources = now.problems([(paths.relative(file), file) for file in _files(origins)], without) if origins else []
    raise CrosscaseError(shortened([*sources, *problems]))


def put_file(path: Path, write: Callable[[Path], None], *, without: Sequence[str] = ()) -> None:
    """Write a file beside its target, look it through, then put it in its place: never half a file, never a passage.

    `write` writes it to the path that it is given. `CrosscaseError` as `check_files`, and where somebody has changed
    the file that stands there since we wrote or read it; what stood there stays.
    """
    refuse_unread(path)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}-", suffix=".part", dir=path.parent)
    except OSError as error:
        raise CrosscaseError(refused(error, path)) from error
    os.close(handle)
    temporary = Path(name)
    try:
        write(temporary)
        check_files([(path.name, temporary)], without=without)
        temporary.chmod(0o644)
        renames.replace(temporary, path)
        note(path)
    except OSError as error:
        raise CrosscaseError(refused(error, path)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def told_safely(words: str, about: str) -> str:
    """Return a message (of a failed notebook for instance), or why it is withheld: it repeats an unreleased passage."""
    problems = current().problems([(about, words.encode("utf-8", errors="replace"))]) if words else []
    return f"the message is withheld: it repeats {problems[0].found}" if problems else words


def _files(places: Sequence[Path]) -> list[Path]:
    found = [path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*")))]
    return [path for path in found if path.is_file()]


def _problem(place: str, run: Run) -> Problem:
    study, document = run.secret
    found = f"{run.length} characters of {document} ({study}), from character {run.begin} on"
    return Problem(place, RULE, found, remedy=REMEDY)


def shortened(problems: list[Problem]) -> list[Problem]:
    """Return the first problems, and how many more there are."""
    if len(problems) <= TOLD:
        return problems
    files = len({problem.place.split(",")[0] for problem in problems})
    rest = Problem("more places", RULE, f"{len(problems) - TOLD} more, in {files} files in all")
    return [*problems[:TOLD], rest]
