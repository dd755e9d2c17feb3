"""A folder that holds texts and tables: the texts become documents, the codings of the tables go onto them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.imported import Imported
from crosscase.exchange.placed import Places, StandingText
from crosscase.exchange.segments import ENDINGS, add_tables, parts_of, tables_in
from crosscase.exchange.sheet_reader import Table
from crosscase.exchange.texts import DOCUMENTS, KNOWN, add_documents, tell_what_next

NOT_READ = "tables of the folder that hold no codings as they are (crosscase add STUDY FILE --map COLUMN=FIELD)"


def read_mixed(
    path: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
    texts: Sequence[StandingText] = (),
) -> Imported:
    """Return the study in a folder of documents and of tables with their codings.

    A table that holds no codings is named with the reason; it keeps nobody from having the rest.

    Parameters
    ----------
    path : pathlib.Path
        The folder; its folders are read too.
    mapping : mapping of str to str, optional
        Heading -> field of the tables.
    progress : callable, optional
        Told the part that is done, 0 to 1.
    texts : sequence of StandingText
        The texts that the study has already; those of the folder go first.

    Raises
    ------
    CrosscaseError
        Where nothing of it can be read, or a link leads out of the folder.
    """
    builder = Builder(DOCUMENTS, "", path.stem)
    files = folder.files_below(path)
    tables = [file for file in files if file.suffix.lower() in ENDINGS]
    failed = add_documents(builder, path, [file for file in files if file not in set(tables)], progress)
    commented = bool(builder.codings)
    found, wrong = _readable(path, tables, mapping or {}, builder)
    own = {key: _names(key, document.title) for key, document in builder.documents.items()}
    others = [each for each in texts if not _known(each, own)]
    rounds = add_tables(builder, found, mapping or {}, lambda: Places(others, builder, own)) if found else []
    if not builder.documents and not builder.codes:
        nothing = [Problem(path.name, "there is a document to read", "none", ", ".join(KNOWN))]
        raise CrosscaseError([*failed, *wrong] or nothing)
    if commented or not builder.codings:
        tell_what_next(builder)
    else:
        builder.format = "folder of documents and of tables with their codings"
    out = assemble(builder)
    out.reconciled = rounds or []
    return out


def _readable(
    path: Path, files: Sequence[Path], mapping: Mapping[str, str], builder: Builder
) -> tuple[list[tuple[Path, Table]], list[Problem]]:
    """Return the tables that hold codings or a codebook; the others are named, with what is wrong with each."""
    found: list[tuple[Path, Table]] = []
    wrong: list[Problem] = []
    for file in files:
        try:
            tables = [(file, table) for table in tables_in(file, folder.read(file, path))]
            parts_of(tables, mapping, Builder(DOCUMENTS))
            found += tables
        except CrosscaseError as error:
            wrong += error.problems
            why = error.problems[0]
            builder.left_out.add(NOT_READ, ascii(f"{file.relative_to(path).as_posix()}: {why.rule}, {why.found}"))
    return found, wrong


def _names(key: str, title: str) -> frozenset[str]:
    return frozenset({key, key.rpartition("/")[2], title})


def _known(text: StandingText, own: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether a text of the study is one that the folder brings."""
    return any(text.known_as & names for names in own.values())
