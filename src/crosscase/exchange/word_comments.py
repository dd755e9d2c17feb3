"""Word documents whose comments are codes: comment = code(s), commented span = segment, author = coder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from crosscase.exchange import names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.docx_text import EXTRACTOR, Comment, read_docx
from crosscase.exchange.imported import Imported

FORMAT, ORIGIN = "Word document with comments as codes", "Word"
ANSWERS = "answers to comments, kept as memos"
MAX_CODE = 80
MAX_WORDS = 10
_CODES = re.compile(r"[;\n]+")


def read_word_comments(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a Word document with comments.

    Codes in one comment are separated by semicolons or line ends. A comment with a part that is longer than a code can
    be (80 characters or 10 words) is kept as a memo on its segment, and so is an answer to a comment.
    """
    found = read_docx(path)
    builder = Builder(FORMAT, ORIGIN, path.stem)
    builder.document("d", path.name, text=found.text, original=path.read_bytes(), suffix="docx", extractor=EXTRACTOR)
    take_comments(builder, "d", found.comments)
    if not builder.codings:
        builder.warnings.add("no comment of the document could be read as a code")
    return assemble(builder)


def take_comments(builder: Builder, document: str, comments: Iterable[Comment], name: str = "") -> None:
    """Add the comments of a document as codings and memos; `name` leads their places in the report."""
    for number, comment in enumerate(comments, start=1):
        _comment(builder, document, comment, number, f"{name}, comment {number}".removeprefix(", "))


def _comment(builder: Builder, document: str, comment: Comment, number: int, place: str) -> None:
    if comment.start is None or comment.end is None or comment.start >= comment.end:
        builder.left_out.add("comments that stand on no text", place)
        return
    coder = names.label(comment.author)
    if coder and coder not in builder.coders:
        builder.coder(coder, coder)
    segment = builder.segment(document, comment.start, comment.end)
    parts = list(dict.fromkeys(filter(None, (names.label(part) for part in _CODES.split(comment.text)))))
    long = any(len(part) > MAX_CODE or len(part.split()) > MAX_WORDS for part in parts)
    if comment.answers or long:
        key = f"m{len(builder.memos)}"
        builder.memo(key, f"Comment {number}", comment.text, coder or None, comment.date)
        builder.link("memo", ("segment", str(segment)), ("memo", key))
        builder.warnings.add(ANSWERS if comment.answers else "comments too long for a code, kept as memos", place)
        return
    for part in parts:
        key = part.lower()
        if key not in builder.codes:
            builder.code(key, part)
        builder.coding(segment, key, coder or None, comment.date)
