"""The text of PDFs, read by a process beside us: a PDF of a few kilobytes can ask for gigabytes and minutes."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import TracebackType

from crosscase.documents import normalise
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.limited import NO_WINDOW, LimitError, environment, stop, within
from crosscase.exchange.pdf_lines import Line, join_lines

JOINED = "crosscase pdf 2"
DROPPED = "lines that repeat at the edge of pages (headers, footers, numbers), not in the text"
SECONDS = 120
MEMORY = 1024**3
MOST_STOPPED = 3
_CHILD = Path(__file__).with_name("pdf_child.py")
_REMEDY = "do not trust this file; if it is yours, print it to a new PDF, or save its text as .txt or .docx"


@dataclass
class Extracted:
    """A text, the program that made it, where its pages begin, and the headers and footers that are not in it.

    `times` are the times that a transcript had, `doubtful` the letters of which the encoding is a guess.
    """

    text: str
    extractor: str
    pages: list[int] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    times: int = 0
    doubtful: int = 0


class PdfReader:
    """Reads the PDFs of one import with one process, which is started with the first and ended with the import.

    To start it costs as much as reading thirty pages; so a folder of PDFs takes hardly longer than without it. A PDF
    that comes again, as a project may name it a thousand times, is read once. The limits are seconds for one PDF, and
    bytes that the process may hold beside the file itself.

    Examples
    --------
    >>> with PdfReader() as pdfs:
    ...     pdfs.text(b"no PDF", "a.pdf")
    Traceback (most recent call last):
    crosscase.errors.CrosscaseError: a.pdf: the file is a sound PDF; ...
    """

    def __init__(self, seconds: float | None = None, memory: int | None = None) -> None:
        self._seconds, self._memory = seconds or SECONDS, memory or MEMORY
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = 0
        self._read: dict[bytes, Extracted] = {}

    def __enter__(self) -> PdfReader:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next PDF starts another."""
        if self._process is not None:
            stop(self._process)
            self._process = None

    def text(self, content: bytes, place: str) -> Extracted:
        """Return the text of a PDF in the order in which it was set, which keeps columns apart, a line per paragraph.

        `CrosscaseError` where it is broken, needs a password, or asks for more time or memory than it may have; after
        three of those no other PDF of this import is tried.
        """
        digest = sha256(content).digest()
        if digest not in self._read:
            self._read[digest] = _joined(self._answer(content, place, "pages"))
        return self._read[digest]

    def _answer(self, content: bytes, place: str, wanted: str, areas: bytes = b"") -> list[object]:
        """Return a list that the process answers; `CrosscaseError` where it has none, or its limits are reached."""
        if self._stopped >= MOST_STOPPED:
            found = f"{MOST_STOPPED} PDFs before it were stopped, it was not tried"
            raise CrosscaseError(Problem(place, self._rule(), found, remedy="take those out and import again"))
        used = self._process is not None
        try:
            try:
                answer = self._ask(content, areas)
            except LimitError:
                if not used:
                    raise
                answer = self._ask(content, areas)  # what was read before may have filled the process
        except LimitError as error:
            self._stopped += 1
            raise CrosscaseError(Problem(place, self._rule(), str(error), remedy=_REMEDY)) from None
        found_there = answer.get(wanted)
        if not isinstance(found_there, list):
            found, remedy = ascii(answer.get("error"))[1:-1][:120], "open it and save it again, without a password"
            raise CrosscaseError(Problem(place, "the file is a sound PDF", found, remedy=remedy))
        return found_there

    def areas(self, content: bytes, areas: list[tuple[int, int, int, int, int]], place: str) -> list[str]:
        """Return the words that lie in areas of a PDF: page from 0, two corners in points from the bottom left.

        No words for an area on a page that is not there. `CrosscaseError` as `text`.
        """
        return [str(words) for words in self._answer(content, place, "areas", json.dumps(areas).encode())]

    def _rule(self) -> str:
        return f"a PDF is read within {self._seconds:g} seconds and {self._memory // 1024**2:,} MB of memory"

    def _ask(self, content: bytes, areas: bytes) -> dict[str, object]:
        """Return what the process answers; where it fails for want of something, it is ended."""
        process = self._process = self._process or _start()
        memory = self._memory + 2 * len(content)

        def talk() -> bytes:
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(b"%d %d %d %d\n" % (len(content), memory, int(self._seconds) + 5, len(areas)))
                process.stdin.write(content)
                process.stdin.write(areas)
                process.stdin.flush()
            except OSError:
                return b""
            return process.stdout.readline()

        try:
            answer = within(process, talk, seconds=self._seconds, memory=memory)
        except BaseException:
            self.close()
            raise
        found = json.loads(answer) if answer.endswith(b"\n") else {"limit": "memory"}
        if "limit" in found:
            self.close()
            raise LimitError("more memory asked for, or the process that read it broke off")
        return dict(found)


def _start() -> subprocess.Popen[bytes]:
    """Start the process with the interpreter that runs here; its folder is no place to import from."""
    return subprocess.Popen(
        [sys.executable, "-P", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
        creationflags=NO_WINDOW,
    )


def _joined(pages: list[object]) -> Extracted:
    """Return the text of pages of printed lines, as the process tells them."""
    lines = [
        [Line(normalise(text).replace("\x00", ""), *map(float, box)) for text, *box in page]
        for page in pages
        if isinstance(page, list)
    ]
    found = join_lines(lines)
    return Extracted(found.text, f"pypdfium2 {version('pypdfium2')}, {JOINED}", found.pages, found.dropped)
