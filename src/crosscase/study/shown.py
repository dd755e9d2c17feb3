"""A study as it shows itself: its title and question, and how many rows each of its tables has."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd

from crosscase import tables
from crosscase.errors import CrosscaseError
from crosscase.study.model import StudyInfo


def table_counts(read: Callable[[str], pd.DataFrame], names: list[str]) -> pd.DataFrame:
    """Return how many rows each table of a study has, and what such a table holds.

    Parameters
    ----------
    read : callable
        Name of a table -> table.
    names : list of str
        Tables of the dictionary.

    Returns
    -------
    pandas.DataFrame
        `table`, `rows` (missing where the table cannot be read), `holds`.
    """

    def count(name: str) -> int | None:
        try:
            return len(read(name))
        except (CrosscaseError, OSError):
            return None

    rows = [(name, count(name), tables.schema(name).description) for name in names]
    return pd.DataFrame(rows, columns=["table", "rows", "holds"]).astype({"rows": "Int64"})


def _parted(counts: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    empty = counts["rows"].eq(0).fillna(False)
    return counts[~empty], ", ".join(counts.loc[empty, "table"])


def as_text(name: str, info: StudyInfo, counts: pd.DataFrame) -> str:
    """Return a study as lines of text: what it is called, what it asks, the tables that it has, and what is empty."""
    there, empty = _parted(counts)
    width = max((len(table) for table in there["table"]), default=0)
    lines = [
        f"  .{table:<{width}}  " + ("cannot be read: crosscase check" if pd.isna(rows) else f"{rows:>7,}")
        for table, rows in there[["table", "rows"]].itertuples(index=False)
    ]
    head = [f"Study {name}: {info.title}", info.question, ""]
    last = f"  what the last build found: crosscase.load_results({name!r})"
    return "\n".join([*head, *lines, *([f"  empty: {empty}"] if empty else []), last])


def as_html(name: str, info: StudyInfo, counts: pd.DataFrame) -> str:
    """Return a study as HTML for a notebook, every text of it as text."""
    there, empty = _parted(counts)
    rows = "".join(
        f'<tr><th scope="row" style="text-align:left"><code>.{escape(table)}</code></th>'
        f'<td style="text-align:right">{"cannot be read" if pd.isna(n) else format(n, ",")}</td>'
        f'<td style="text-align:left">{escape(holds)}</td></tr>'
        for table, n, holds in there.itertuples(index=False)
    )
    return (
        f"<p><strong>{escape(info.title)}</strong> (<code>{escape(name)}</code>)<br>{escape(info.question)}</p>"
        f'<table><thead><tr><th scope="col">table</th><th scope="col">rows</th><th scope="col">holds</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>" + (f"<p>Empty: {escape(empty)}</p>" if empty else "")
    )
