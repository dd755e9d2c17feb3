"""Reads PDFs in a process of its own: how many bytes, then the bytes come in; a line of JSON goes out for each.

Where areas of pages (JSON) follow the bytes, their words are wanted instead of the pages.

Run as a script, it imports nothing of ours, so that it is there in a tenth of a second. `pdf_text` is the other side.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from typing import Any

MAX_PAGES = 20_000
MAX_WORDS = 20_000
MAX_TEXT = 64 * 1024**2


def hold(memory: int, seconds: int) -> None:
    """Limit the memory that is asked for and the time of the processor, and write no core file, where that exists."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))
        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


Line = tuple[str, float, float, float, float]


def lines_of(layer: Any) -> list[Line]:
    """Return the printed lines of a page: words, and left, right, bottom and top in points.

    A hyphen where a word was parted is told as U+FFFE and without a line end. Where characters and their places do not
    agree (characters of two units), lines stand one below the other and letters are one wide.
    """
    text = layer.get_text_range()
    known = len(text) == layer.count_chars()
    lines: list[Line] = []
    at = 0
    for number, raw in enumerate(re.split("(\r\n|\n|\r|(?<=\ufffe))", text)):
        words = raw.strip()
        if number % 2 == 0 and words:
            start = at + len(raw) - len(raw.lstrip())
            box = (0.0, float(len(words)), -float(number), -float(number) + 1.0)
            if known:
                first = layer.get_charbox(start, loose=True)
                last = layer.get_charbox(start + len(words) - 1, loose=True)
                box = (first[0], last[2], first[1], first[3])
            left, right, bottom, top = (round(float(place), 2) for place in box)
            lines.append((words, left, right, bottom, top))
        at += len(raw)
    return lines


def pages_of(content: bytes) -> list[list[Line]]:
    """Return the printed lines of each page."""
    import pypdfium2

    pages: list[list[Line]] = []
    size = 0
    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            layer = page.get_textpage()
            pages.append(lines_of(layer))
            layer.close()
            page.close()
            size += sum(len(line[0]) for line in pages[-1])
            if size > MAX_TEXT:
                raise ValueError(f"more than {MAX_TEXT:,} characters")
    finally:
        document.close()
    return pages


def words_of(content: bytes, areas: list[list[int]]) -> list[str]:
    """Return the words that lie in areas: page from 0, two corners; empty for a page that is not there."""
    import pypdfium2

    words: list[str] = []
    document = pypdfium2.PdfDocument(content)
    try:
        for number, x1, y1, x2, y2 in areas:
            if not 0 <= number < len(document):
                words.append("")
                continue
            page = document[number]
            layer = page.get_textpage()
            found = layer.get_text_bounded(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            words.append(found[:MAX_WORDS])
            layer.close()
            page.close()
    finally:
        document.close()
    return words


def main() -> None:
    """Answer until the other side closes."""
    take, give = sys.stdin.buffer, sys.stdout.buffer
    while line := take.readline(80):
        size, memory, seconds, areas = map(int, line.split())
        hold(memory, seconds)
        try:
            content = take.read(size)
            told = take.read(areas)
            answer: dict[str, object] = (
                {"areas": words_of(content, json.loads(told))} if told else {"pages": pages_of(content)}
            )
        except MemoryError:
            answer = {"limit": "memory"}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        content = b""
        give.write(json.dumps(answer).encode() + b"\n")
        give.flush()


if __name__ == "__main__":
    main()
