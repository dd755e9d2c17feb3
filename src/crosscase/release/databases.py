"""The cells of an SQLite file, which the pages of the file may hold in pieces."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator


def cells(content: bytes, closed: type[Exception]) -> Iterator[tuple[str, str | bytes]]:
    """Yield each column of each table as one text, and each long binary cell, with its place; `closed` if broken."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        tables = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
        yield "tables", "\n".join(f"{name}\n{sql}" for name, sql in tables)
        for (table,) in [row[:1] for row in tables]:
            quoted = table.replace('"', '""')
            rows = connection.execute(f'SELECT * FROM "{quoted}"')
            names = [column[0] for column in rows.description]
            for number, row in enumerate(rows, start=1):
                for name, cell in zip(names, row):
                    if isinstance(cell, str | bytes) and len(cell) >= 20:
                        yield f"table {table}, row {number}, column {name}", cell
    except sqlite3.Error as error:
        raise closed(f"a database in it cannot be read ({error})") from None
    finally:
        connection.close()
