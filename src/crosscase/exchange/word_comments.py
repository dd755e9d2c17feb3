"""Read a Word document whose comments are codes: comment = code(s), commented span = segment, author = coder."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from crosscase.exchange import names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.docx_text import EXTRACTOR, Comment, read_docx
from crosscase.exchange.imported import Imported

MAX_CODE = 80
MAX_WORDS = 10
_CODES = re.compile(r"[;\n]+")


def read_word_comments(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a Word document with comments.

    Codes in one comment are separated by semicolons or line ends. A comment with a part that is longer than a code can
    be (80 characters or 10 words) is kept as a memo on its segment.
    """
    found = read_docx(path)
    builder = Builder("Word document with comments as codes", "Word", path.stem)
    builder.document("d", path.name, text=found.text, original=path.read_bytes(), suffix="docx", extractor=EXTRACTOR)
    for number, comment in enumerate(found.comments):
        _comment(builder, comment, number)
    if not builder.codings:
        builder.warnings.add("no comment of the document could be read as a code")
    return assemble(builder)


def _comment(builder: Builder, comment: Comment, number: int) -> None:
    if comment.start is None or comment.end is None or comment.start >= comment.end:
        builder.left_out.add("comments that stand on no text (answers to comments among them)", f"comment {number + 1}")
        return
    coder = names.label(comment.author)
    if coder and coder not in builder.coders:
        builder.coder(coder, coder)
    segment = builder.segment("d", comment.start, comment.end)
    for part in filter(None, (names.label(part) for part in _CODES.split(comment.text))):
        if len(part) > MAX_CODE or len(part.split()) > MAX_WORDS:
            builder.memo(f"m{number}", f"Comment {number + 1}", comment.text, coder or None, comment.date)
            builder.link("memo", ("segment", str(segment)), ("memo", f"m{number}"))
            builder.warnings.add("comments too long for a code, kept as memos", f"comment {number + 1}")
            return
    for part in dict.fromkeys(filter(None, (names.label(part) for part in _CODES.split(comment.text)))):
        key = part.lower()
        if key not in builder.codes:
            builder.code(key, part)
        builder.coding(segment, key, coder or None, comment.date)
