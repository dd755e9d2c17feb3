"""The formats that can be read, and how each is recognised by what the file holds, whatever its name says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.decode import utf16_order
from crosscase.exchange.folder import files_below, files_of
from crosscase.exchange.imported import Imported
from crosscase.exchange.native import OFFICE, advice
from crosscase.exchange.placed import StandingText

Progress = Callable[[float], None]
HEAD = 4096


@dataclass(frozen=True)
class Format:
    """A format: its name for people, and the function that reads it."""

    label: str
    module: str
    function: str

    def read(
        self,
        path: Path,
        mapping: Mapping[str, str],
        progress: Progress | None,
        texts: Sequence[StandingText] = (),
    ) -> Imported:
        """Read a file of this format; a table is placed on the `texts` that its study has already."""
        reader = getattr(import_module(f"crosscase.exchange.{self.module}"), self.function)
        if self.function in TAKE_MAPPING:
            return reader(path, mapping, progress, texts)
        return reader(path, progress)


TAKE_MAPPING = ("read_segments", "read_mixed")
FORMATS = {
    "qdpx": Format("REFI-QDA project", "qdpx_read", "read_qdpx"),
    "qdc": Format("REFI-QDA codebook", "qdc", "read_qdc"),
    "taguette": Format("Taguette project", "taguette", "read_taguette"),
    "qualcoder": Format("QualCoder project", "qualcoder", "read_qualcoder"),
    "rqda": Format("RQDA project", "rqda", "read_rqda"),
    "segments": Format("table of coded segments or of a codebook", "segments", "read_segments"),
    "crosscase-json": Format("Crosscase study in one JSON file", "own", "read_json"),
    "crosscase-xlsx": Format("Crosscase study in one workbook", "own", "read_workbook"),
    "word-comments": Format("Word document with comments as codes", "word_comments", "read_word_comments"),
    "annotations": Format("annotated texts of doccano, Prodigy or Label Studio", "annotation_json", "read_annotations"),
    "brat": Format("folder of brat", "brat", "read_brat"),
    "webanno": Format("annotations of INCEpTION or WebAnno (TSV 3)", "webanno", "read_webanno"),
    "catma": Format("annotations of CATMA (TEI)", "catma", "read_catma"),
    "copies": Format("folder of projects, the copies of several coders", "copies", "read_copies"),
    "documents": Format("documents to be coded", "texts", "read_documents"),
    "mixed": Format("folder of documents and of tables with their codings", "mixed", "read_mixed"),
}

PROJECTS = {".qdpx", ".qda", ".rqda", ".sqlite3"}
ANNOTATED = {".ann": "brat", ".jsonl": "annotations", ".ndjson": "annotations", ".tsv": "webanno", ".xml": "catma"}
TABLES = {".csv", ".tsv", ".xlsx", ".ods"}
TEXTS = {".txt", ".text", ".md", ".markdown", ".docx", ".pdf", ".odt", ".rtf", ".html", ".htm", ".vtt", ".srt"}
"""Endings by which a folder is known as one of tables, or of texts."""
MARKS_OF = {"webanno": b"#format=webanno tsv", "catma": b"catma"}
"""Files by which a folder of annotations is known, and what they must hold near their beginning."""


def detect(path: Path) -> str:
    """Return which format a file or folder has, by its content.

    Parameters
    ----------
    path : pathlib.Path
        The file or folder.

    Returns
    -------
    str
        A key of `FORMATS`.

    Raises
    ------
    CrosscaseError
        Where it is not there, empty, or of no known format; the message says what to do instead.
    """
    path = Path(path)
    if path.is_dir():
        return _folder(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        rule, found = "the file exists and can be read", error.strerror or "it cannot be read"
        raise CrosscaseError(Problem(path.name, rule, found, remedy="check the path")) from None
    if not head:
        raise CrosscaseError(Problem(path.name, "the file has content", "0 bytes", remedy="export it again"))
    suffix = path.suffix.lower().lstrip(".")
    if head.startswith(b"SQLite format 3\x00"):
        return _sqlite(path, suffix)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(path, suffix)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if advice(suffix):
            raise _unknown(path, suffix)
        rule, found = "Office files are of the new kind", "the old binary kind"
        raise CrosscaseError(Problem(path.name, rule, found, remedy="open it and save it as .docx or .xlsx"))
    if head.startswith(b"\x1f\x8b"):
        rule, remedy = "the file is no packed one", "unpack it, and import the folder that comes out"
        raise CrosscaseError(Problem(path.name, rule, "a .gz", remedy=remedy))
    if advice(suffix):
        raise _unknown(path, suffix)
    return _plain(path, head, suffix)


def _plain(path: Path, head: bytes, suffix: str) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode()
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"%pdf") or start.startswith(b"{\\rtf"):
        return "documents"
    if start.startswith(b"{") and b'"crosscase' in start:
        return "crosscase-json"
    if start.startswith((b"{", b"[")) and suffix in ("json", "jsonl", "ndjson", ""):
        return "annotations"
    if suffix == "ann":
        return "brat"
    if start.startswith(b"#format=webanno tsv"):
        return "webanno"
    if start.startswith(b"<") and b"tei" in start and b"catma" in start:
        return "catma"
    if start.startswith(b"<"):
        if b"codebook" in start or suffix == "qdc":
            return "qdc"
        if b"<html" in start or b"<!doctype html" in start or suffix in ("html", "htm", "md", "txt"):
            return "documents"
        raise _unknown(path, suffix)
    if suffix in ("qdpx", "qdc", "qda", "rqda", "sqlite3", "xlsx", "ods", "docx", "odt", "pdf", "json"):
        rule, found = f"a .{suffix} file begins as one", "something else, or a file that broke off"
        remedy = "export it again, or give the file the ending of what it is"
        raise CrosscaseError(Problem(path.name, rule, found, remedy=remedy))
    if suffix in ("csv", "tsv", "tab"):
        return "segments"
    if suffix in ("txt", "md", "markdown", "text", "vtt", "srt", ""):
        if b"\x00" in head and utf16_order(head) is None:
            raise _unknown(path, suffix)
        return "documents"
    raise _unknown(path, suffix)


def _sqlite(path: Path, suffix: str) -> str:
    from crosscase.exchange.safe_sqlite import database

    with database(path) as base:
        tables = {name.lower() for name in base.tables}
    if {"tags", "highlights", "highlight_tags"} <= tables:
        return "taguette"
    if {"freecode", "coding", "source"} <= tables:
        return "rqda"
    if {"code_name", "code_text", "source"} <= tables:
        return "qualcoder"
    raise _unknown(path, suffix)


def _zip(path: Path, suffix: str) -> str:
    from crosscase.exchange.ods_tables import is_ods
    from crosscase.exchange.safe_archive import Archive

    with Archive(path) as archive:
        entries = [name.lower() for name in archive.names()]
    if any(name.endswith(".qde") for name in entries):
        return "qdpx"
    if "word/document.xml" in entries:
        return "word-comments" if "word/comments.xml" in entries else "documents"
    if "xl/workbook.xml" in entries:
        from crosscase.exchange.own import is_ours

        return "crosscase-xlsx" if is_ours(path) else "segments"
    if "content.xml" in entries and "mimetype" in entries:
        return "segments" if is_ods(path, path.name) else "documents"
    if suffix == "qdpx" or any(name.startswith("sources/") for name in entries):
        return "qdpx"
    raise _unknown(path, suffix)


def _folder(path: Path) -> str:
    if (path / "data.qda").is_file():
        return "qualcoder"
    below = files_below(path)
    for file in below:
        if (kind := ANNOTATED.get(file.suffix.lower())) and _begins(file, MARKS_OF.get(kind, b"")):
            return kind
    kinds = {p.suffix.lower() for p in files_of(path)}
    if kinds <= PROJECTS and (kinds or any(path.glob("*.qda/data.qda"))):
        return "copies"
    kinds |= {p.suffix.lower() for p in below}
    if kinds & TABLES:
        return "mixed" if kinds & TEXTS else "segments"
    if below:
        return "documents"
    raise CrosscaseError(Problem(path.name, "a folder of documents or tables holds files", "none"))


def _begins(file: Path, mark: bytes) -> bool:
    """Tell whether the beginning of a file names the program that wrote it; a file that cannot be read names none."""
    try:
        with file.open("rb") as stream:
            return mark in stream.read(HEAD).lower()
    except OSError:
        return False


def _unknown(path: Path, suffix: str) -> CrosscaseError:
    allowed = "; ".join(item.label for item in FORMATS.values())
    remedy = advice(suffix) or OFFICE.get(suffix) or "export it in one of these formats"
    return CrosscaseError(Problem(path.name, "the file is of a known format", "another", allowed, remedy))
