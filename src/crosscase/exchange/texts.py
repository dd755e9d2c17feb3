"""Read documents to be coded: txt, md, html, docx, odt, rtf, pdf, vtt, srt become text with stable offsets."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crosscase.documents import normalise
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.captions import TIMES, text_of_captions
from crosscase.exchange.captions import VERSION as CAPTIONED
from crosscase.exchange.decode import decoded
from crosscase.exchange.docx_text import EXTRACTOR as DOCX
from crosscase.exchange.docx_text import read_docx
from crosscase.exchange.html_text import decode_html, text_of_html
from crosscase.exchange.imported import Imported
from crosscase.exchange.limited import LimitError, run
from crosscase.exchange.native import OFFICE, advice
from crosscase.exchange.pdf_text import DROPPED, Extracted, PdfReader
from crosscase.exchange.safe_archive import Archive
from crosscase.exchange.word_comments import FORMAT, ORIGIN, take_comments

PLAIN = ("txt", "text", "md", "markdown")
PANDOC = {"odt": "odt", "rtf": "rtf"}
CAPTIONS = ("vtt", "srt")
KNOWN = (*PLAIN, "html", "htm", "docx", *PANDOC, "pdf", *CAPTIONS)
DOCUMENTS = "documents to be coded"
DOUBTFUL = "letters that look wrong (save the file as UTF-8 where they are)"
MAX_FILE = folder.MAX_FILE
MAX_OUTPUT = 256 * 1024**2
MEMORY = 1024**3
SECONDS = 120


def read_documents(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return a study that holds documents, and the comments of its Word documents as codings.

    The folders of a folder are read too. Word documents with comments and the same text are copies that coders shared
    out: one document. `CrosscaseError` where a document, or each of a folder, cannot be read, or a link leads out of
    the folder.
    """
    builder = Builder(DOCUMENTS, "", path.stem)
    failed = add_documents(builder, path, folder.files_below(path), progress)
    if not builder.documents:
        raise CrosscaseError(failed or [Problem(path.name, "there is a document to read", "none", ", ".join(KNOWN))])
    tell_what_next(builder)
    return assemble(builder)


def tell_what_next(builder: Builder) -> None:
    """Note whether documents came with comments as codings, or wait for theirs."""
    if builder.codings:
        builder.format, builder.origin = FORMAT, ORIGIN
    else:
        builder.notes.append("Documents without codings: code them, or import the codings of a program instead.")


def add_documents(
    builder: Builder, path: Path, files: Sequence[Path], progress: Callable[[float], None] | None = None
) -> list[Problem]:
    """Add some files of a folder (or the file itself) as documents; what cannot be read is named and returned."""
    inside = path if path.is_dir() else None
    reader = _Reader(builder)
    failed: list[Problem] = []
    with PdfReader() as pdfs:
        for number, file in enumerate(files, start=1):
            name = file.relative_to(path).as_posix() if inside else file.name
            try:
                content = folder.read(file, inside)
                suffix = _suffix(content, file)
                if suffix is None:
                    failed += _other_kind(builder, name, file.suffix.lower().lstrip("."))
                    continue
                reader.take(content, name, suffix, pdfs)
            except CrosscaseError as error:
                failed += error.problems
                builder.left_out.add("documents that cannot be read", str(error).partition("\n")[0])
            if progress is not None:
                progress(number / len(files))
    return failed


def _other_kind(builder: Builder, name: str, suffix: str) -> list[Problem]:
    """Name a file that is no document; where something can be done about it, return that as a problem too."""
    builder.left_out.add("files of another kind", ascii(name))
    remedy = advice(suffix) or OFFICE.get(suffix)
    if remedy is None:
        return []
    builder.left_out.add(f"what to do with .{suffix}: {remedy}")
    return [Problem(name, "the file is of a kind that other programs read", f".{suffix}", remedy=remedy)]


class _Reader:
    """Adds document after document to a builder."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder
        self._commented: dict[str, str] = {}

    def take(self, content: bytes, name: str, suffix: str, pdfs: PdfReader) -> None:
        """Add one document, with its comments where it is one of Word."""
        builder, key, comments = self._builder, name, []
        if suffix == "docx":
            word = read_docx(io.BytesIO(content), name)
            found, comments = Extracted(word.text, DOCX), word.comments
        else:
            found = extract(content, name, suffix, pdfs)
        if comments and found.text.strip():
            key = self._commented.setdefault(found.text, name)
        if key != name:
            builder.warnings.add("commented copies of one text, taken as one document", ascii(f"{name} as {key}"))
        else:
            original = content if suffix not in PLAIN else None
            given: dict[str, Any] = {"original": original, "suffix": suffix, "extractor": found.extractor}
            if builder.document(key, name, text=found.text, **given) and found.pages:
                builder.pages[key] = found.pages
            for line in found.dropped:
                builder.left_out.add(DROPPED, ascii(f"{name}: {line}"))
            if found.times:
                builder.left_out.add(TIMES, ascii(name))
            if found.doubtful:
                builder.warnings.add(f"{DOUBTFUL}: {found.doubtful:,} of {found.extractor}", ascii(name))
        take_comments(builder, key, comments, name)


def _suffix(content: bytes, file: Path) -> str | None:
    """Return the kind of a document by its content, where that says it, else by its ending."""
    head = content[:1024].lstrip()
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    suffix = file.suffix.lower().lstrip(".")
    if head.startswith(b"PK"):
        return suffix if suffix in ("docx", "odt") else None
    if suffix in ("docx", "odt", "pdf", "rtf"):
        return None
    if suffix in KNOWN:
        return suffix
    return "html" if b"<html" in head.lower() else "txt" if suffix == "" else None


def extract(content: bytes, name: str, suffix: str, pdfs: PdfReader) -> Extracted:
    """Return the text of a document of a kind in `KNOWN`; refused where broken, hostile, encrypted or too large."""
    if suffix in (*PLAIN, *CAPTIONS):
        text, encoding, doubtful = decoded(content)
        if suffix in PLAIN:
            return Extracted(normalise(text), f"plain text, {encoding}", doubtful=doubtful)
        said, times = text_of_captions(normalise(text))
        return Extracted(said, f"{CAPTIONED}, {encoding}", times=times, doubtful=doubtful)
    if suffix in ("html", "htm"):
        text, encoding = decode_html(content)
        return Extracted(text_of_html(text, blocks=True).text, f"crosscase html 2, {encoding}")
    if suffix == "docx":
        return Extracted(normalise(read_docx(io.BytesIO(content), name).text), DOCX)
    if suffix == "pdf":
        return pdfs.text(content, name)
    return _pandoc(content, name, suffix)


def _pandoc(content: bytes, name: str, suffix: str) -> Extracted:
    """Let pandoc read it, without access to other files, within limits of time, memory and output."""
    import pypandoc

    if suffix == "odt":
        with Archive(io.BytesIO(content), max_total=MAX_FILE, place=name) as archive:
            if archive.find("content.xml") is None:
                raise CrosscaseError(Problem(name, "an odt file holds content.xml", "none"))
    limits = ["+RTS", f"-M{MEMORY // 1024**2}M", "-RTS"]
    command = [pypandoc.get_pandoc_path(), *limits, "--sandbox", "--wrap=none", "-f", PANDOC[suffix], "-t", "plain"]
    rule, remedy = "pandoc can read the document", "open it and save it as .docx or .txt"
    try:
        status, text, said = run(command, seconds=SECONDS, memory=2 * MEMORY, output=MAX_OUTPUT, given=content)
    except (OSError, LimitError) as error:
        found = str(error) if isinstance(error, LimitError) else type(error).__name__
        raise CrosscaseError(Problem(name, rule, found, remedy=remedy)) from None
    if status:
        found = said.strip()[-160:] or f"pandoc ended with {status}"
        raise CrosscaseError(Problem(name, rule, ascii(found)[1:-1], remedy=remedy))
    return Extracted(normalise(text.decode("utf-8", "replace")), f"pandoc {pypandoc.get_pandoc_version()}")
