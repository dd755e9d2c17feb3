"""SQLite files from strangers: opened read-only, their schema looked at before anything is asked."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from crosscase.errors import CrosscaseError, Problem

MAGIC = b"SQLite format 3\x00"
MAX_ROWS = 5_000_000
STEPS = 10_000
MAX_TICKS = 100_000
MAX_CELL = 256 * 1024**2
MOST_TIMES, MOST_MORE = 8, 64 * 1024**2
VIRTUAL = "CREATE VIRTUAL"


class Database:
    """A SQLite file opened for reading; a broken file ends in one message.

    `size` are the bytes of the file: pages that are referred to again and again can make much of few.
    """

    def __init__(self, connection: sqlite3.Connection, place: str, size: int = 0) -> None:
        self._connection, self.place, self._left = connection, place, MOST_TIMES * size + MOST_MORE
        listed = list(self.ask("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view')"))
        plain = {
            str(name): kind == "table" and str(sql)[: len(VIRTUAL)].upper() != VIRTUAL for name, kind, sql in listed
        }
        self.tables = {name for name in plain if plain[name]}
        self._computed = {name.lower() for name in plain if not plain[name]}

    def ask(self, query: str, parameters: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query; `CrosscaseError` where SQLite calls the file broken."""
        try:
            for number, row in enumerate(self._connection.execute(query, parameters)):
                if number >= MAX_ROWS:
                    raise CrosscaseError(Problem(self.place, f"at most {MAX_ROWS:,} rows in a table", "more"))
                self._left -= sum(len(cell) for cell in row if isinstance(cell, str | bytes))
                if self._left < 0:
                    rule, remedy = "a database holds what its size allows", "it repeats itself; do not trust this file"
                    raise CrosscaseError(Problem(self.place, rule, "much more", remedy=remedy))
                yield row
        except (sqlite3.Error, OverflowError, ValueError, UnicodeError) as error:
            raise CrosscaseError(_broken(self.place, error)) from None

    def columns(self, table: str) -> list[str]:
        """Return the columns of a table; empty where there is no such table.

        `CrosscaseError` where the file computes it (a view, a virtual table), which no program that we read does.
        """
        if table.lower() in self._computed:
            rule = f"the table {table} holds its rows"
            remedy = "no program that is read here writes this; do not trust it"
            raise CrosscaseError(Problem(self.place, rule, "a view or a virtual table", remedy=remedy))
        if table not in self.tables:
            return []
        return [str(row[1]) for row in self.ask(f'PRAGMA table_info("{table}")')]

    def rows(self, table: str, wanted: list[str], order: str = "") -> Iterator[dict[str, Any]]:
        """Yield a table as dictionaries with the wanted columns; columns that the file lacks come out None."""
        have = self.columns(table)
        chosen = [column for column in wanted if column in have]
        if not chosen:
            return
        listed = ", ".join(f'"{column}"' for column in chosen)
        by = f' ORDER BY "{order}"' if order in have else ""
        for row in self.ask(f'SELECT {listed} FROM "{table}"{by}'):
            yield dict.fromkeys(wanted) | dict(zip(chosen, row))


def address(path: PurePath) -> str:
    """Return the address by which SQLite opens a file, wherever it lies.

    SQLite takes no name of a server where an address has one, so the folders of a network begin with four slashes.

    Parameters
    ----------
    path : pathlib.PurePath
        An absolute path.

    Examples
    --------
    >>> from pathlib import PurePosixPath, PureWindowsPath
    >>> address(PurePosixPath("/a b/50%?#1.qda")), address(PureWindowsPath("Z:/a.qda"))
    ('file:///a%20b/50%25%3F%231.qda', 'file:///Z:/a.qda')
    >>> address(PureWindowsPath("//server/share/a.qda"))
    'file:////server/share/a.qda'
    """
    name = path.as_posix()
    if name.startswith("//?/"):  # how Windows names paths of any length
        name = "//" + name[8:] if name[4:8].upper() == "UNC/" else name[4:]
    return f"file://{'' if name.startswith('/') else '/'}{quote(os.fsencode(name), safe='/:')}"


def absolute(path: Path) -> Path:
    """Return a path from its drive or server on; a drive of a network stays one, since some refuse to say their server.

    A link is followed, as changes lie beside the file that it leads to.
    """
    return Path(os.path.realpath(path)) if path.is_symlink() else Path(os.path.abspath(path))


@contextmanager
def database(path: Path) -> Iterator[Database]:
    """Open a SQLite file for reading; neither the file nor its folder is touched. A broken one is refused."""
    try:
        with path.open("rb") as stream:
            if stream.read(16) != MAGIC:
                raise CrosscaseError(_broken(path.name, "it does not begin as a SQLite file"))
        _refuse_open(path)
        connection = sqlite3.connect(f"{address(absolute(path))}?mode=ro&immutable=1", uri=True)
    except (sqlite3.Error, OSError) as error:
        raise CrosscaseError(_broken(path.name, error)) from None
    ticks = 0

    def watch() -> int:
        nonlocal ticks
        ticks += 1
        return int(ticks > MAX_TICKS)

    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        connection.set_progress_handler(watch, STEPS)
        yield Database(connection, path.name, path.stat().st_size)
    except sqlite3.Error as error:
        raise CrosscaseError(_broken(path.name, error)) from None
    finally:
        connection.close()


def _refuse_open(path: Path) -> None:
    """Refuse a database with changes that lie beside it: read as it is, the newest codings would be missing."""
    for ending in ("-wal", "-journal"):
        beside = absolute(path).with_name(absolute(path).name + ending)
        if beside.is_file() and beside.stat().st_size:
            rule, remedy = "no changes lie beside the database", "close the program that uses it, then import again"
            raise CrosscaseError(Problem(path.name, rule, beside.name, remedy=remedy))


def _broken(place: str, error: object) -> Problem:
    remedy = "copy it again while the program that wrote it is closed"
    return Problem(place, "the file is a sound SQLite database", str(error)[:200] or type(error).__name__, "", remedy)
