"""Read documents to be coded: txt, md, html, docx, odt, rtf, pdf become text with stable offsets."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from crosscase.documents import normalise
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.decode import decode
from crosscase.exchange.docx_text import EXTRACTOR as DOCX
from crosscase.exchange.docx_text import read_docx
from crosscase.exchange.html_text import text_of_html
from crosscase.exchange.imported import Imported
from crosscase.exchange.safe_archive import Archive
from crosscase.exchange.sheet_reader import check_office

PLAIN = ("txt", "text", "md", "markdown")
PANDOC = {"odt": "odt", "rtf": "rtf"}
KNOWN = (*PLAIN, "html", "htm", "docx", *PANDOC, "pdf")
MAX_FILE = 512 * 1024**2
MAX_PAGES = 20_000
SECONDS = 120


@dataclass
class Extracted:
    """A text, the program that made it, and where its pages begin."""

    text: str
    extractor: str
    pages: list[int] = field(default_factory=list)


def read_documents(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return a study that holds documents and nothing else yet.

    Parameters
    ----------
    path : pathlib.Path
        A document, or a folder of them (its folders are not entered).
    progress : callable, optional
        Told the part that is done.

    Raises
    ------
    CrosscaseError
        Where a single document cannot be read, or none of a folder.
    """
    builder = Builder("documents to be coded", "", path.stem)
    files = (
        [path] if path.is_file() else sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith("."))
    )
    failed: list[Problem] = []
    for number, file in enumerate(files, start=1):
        suffix = _suffix(file)
        if suffix is None:
            builder.left_out.add("files of another kind", ascii(file.name))
            continue
        try:
            found = extract(file, suffix)
        except CrosscaseError as error:
            failed += error.problems
            builder.left_out.add("documents that cannot be read", str(error).partition("\n")[0])
            continue
        original = file.read_bytes() if suffix not in PLAIN else None
        if builder.document(
            file.name, file.name, text=found.text, original=original, suffix=suffix, extractor=found.extractor
        ):
            builder.pages.update({file.name: found.pages} if found.pages else {})
        if progress is not None:
            progress(number / len(files))
    if not builder.documents:
        raise CrosscaseError(failed or [Problem(path.name, "there is a document to read", "none", ", ".join(KNOWN))])
    builder.notes.append("Documents without codings: code them, or import the codings of a program instead.")
    return assemble(builder)


def _suffix(file: Path) -> str | None:
    """Return the kind of a document by its content, where that says it, else by its ending."""
    with file.open("rb") as stream:
        head = stream.read(1024).lstrip()
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


def extract(file: Path, suffix: str) -> Extracted:
    """Return the text of a document.

    Parameters
    ----------
    file : pathlib.Path
        The document.
    suffix : str
        Its kind, one of `KNOWN`.

    Raises
    ------
    CrosscaseError
        Where it is broken, hostile, encrypted or too large.
    """
    if file.stat().st_size > MAX_FILE:
        raise CrosscaseError(Problem(file.name, f"a document has at most {MAX_FILE:,} bytes", "more"))
    if suffix in PLAIN:
        text, encoding = decode(file.read_bytes())
        return Extracted(normalise(text), f"plain text, {encoding}")
    if suffix in ("html", "htm"):
        text, encoding = decode(file.read_bytes())
        return Extracted(text_of_html(text, blocks=True).text, f"crosscase html 1, {encoding}")
    if suffix == "docx":
        check_office(file)
        return Extracted(normalise(read_docx(file).text), DOCX)
    if suffix == "pdf":
        return pdf_text(file.read_bytes(), file.name)
    return _pandoc(file, suffix)


def pdf_text(content: bytes, place: str) -> Extracted:
    """Return the text of a PDF in the order in which it was set, which keeps columns apart, and where pages begin.

    Parameters
    ----------
    content : bytes
        The PDF.
    place : str
        Name for the messages.

    Raises
    ------
    CrosscaseError
        Where it is broken or needs a password.
    """
    import pypdfium2

    parts: list[str] = []
    pages: list[int] = []
    at = 0
    try:
        document = pypdfium2.PdfDocument(content)
        try:
            for number in range(min(len(document), MAX_PAGES)):
                page = document[number]
                layer = page.get_textpage()
                text = normalise(layer.get_text_range()).replace("\ufffe", "-").replace("\x00", "").strip("\n") + "\n\n"
                layer.close()
                page.close()
                pages.append(at)
                parts.append(text)
                at += len(text)
        finally:
            document.close()
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        remedy = "open it and save it again, without a password"
        raise CrosscaseError(Problem(place, "the file is a sound PDF", str(error)[:120], remedy=remedy)) from None
    return Extracted("".join(parts), f"pypdfium2 {_version('pypdfium2')}", pages)


def _pandoc(file: Path, suffix: str) -> Extracted:
    """Let pandoc read it, without access to other files, within limits of time and memory."""
    import pypandoc

    if suffix == "odt":
        with Archive(file, max_total=MAX_FILE) as archive:
            if archive.find("content.xml") is None:
                raise CrosscaseError(Problem(file.name, "an odt file holds content.xml", "none"))
    limits = ["+RTS", "-M1024M", "-RTS"]
    command = [pypandoc.get_pandoc_path(), *limits, "--sandbox", "--wrap=none", "-f", PANDOC[suffix], "-t", "plain"]
    try:
        done = subprocess.run(
            [*command, str(file.resolve())], capture_output=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CrosscaseError(Problem(file.name, "pandoc can read the document", type(error).__name__)) from None
    if done.returncode:
        found = done.stderr.decode("utf-8", "replace").strip()[-160:] or f"pandoc ended with {done.returncode}"
        raise CrosscaseError(Problem(file.name, "pandoc can read the document", ascii(found)[1:-1]))
    return Extracted(normalise(done.stdout.decode("utf-8", "replace")), f"pandoc {pypandoc.get_pandoc_version()}")


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)
