"""Which row a name in a cell means: what the workbook calls it now, called it when it was written, or its id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from crosscase.exchange.edit_cells import Wrong, said
from crosscase.exchange.edit_layout import sheets
from crosscase.study.check_shared import closest


class Names:
    """The names of the rows of each table; `add` gives a new row one, `find` returns the id that a name means."""

    def __init__(self, written: Mapping[str, Mapping[str, str]], since: Mapping[str, Mapping[str, str]]) -> None:
        self._now: dict[str, dict[str, set[str]]] = {}
        self._then = [_by_name(written), _by_name(since)]
        self._ids = {table: set(rows) for table, rows in written.items()}
        for table, rows in since.items():
            self._ids.setdefault(table, set()).update(rows)
        self.new: dict[str, Callable[[str], str]] = {}

    def add(self, table: str, id: str, names: Iterable[str]) -> None:
        """Note what a row of the workbook is called now."""
        for name in names:
            self._now.setdefault(table, {}).setdefault(name, set()).add(id)
        self._ids.setdefault(table, set()).add(id)

    def find(self, table: str, name: str) -> str:
        """Return the id of the row of this name; `Wrong` where there is none, or several.

        Examples
        --------
        >>> names = Names({"cases": {"k1": "North", "k2": "South"}}, {})
        >>> names.find("cases", "North"), names.find("cases", "south "), names.find("cases", "k2")
        ('k1', 'k2', 'k2')
        """
        text = said(name) or ""
        for versions in (self._now, *self._then):
            if ids := versions.get(table, {}).get(text):
                if len(ids) > 1:
                    rule = "a name is that of one row"
                    raise Wrong(
                        rule, text, remedy="give the rows names of their own, or use the id: " + ", ".join(sorted(ids))
                    )
                return next(iter(ids))
        if text in self._ids.get(table, ()):
            return text
        low = " ".join(text.casefold().split())
        known = self._now.get(table, {}) | self._then[0].get(table, {})
        alike = {id for name, ids in known.items() if " ".join(name.casefold().split()) == low for id in ids}
        if len(alike) == 1:
            return alike.pop()
        if table in self.new:
            return self.new[table](text)
        where = next((sheet.name for sheet in sheets() if sheet.table == table), table)
        remedy = f"correct it, or add it to the sheet {where}"
        raise Wrong(f"the name is one of the sheet {where}", text, closest(text, set(known)), remedy)


def _by_name(rows: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, set[str]]]:
    out: dict[str, dict[str, set[str]]] = {}
    for table, names in rows.items():
        for id, name in names.items():
            if text := said(name):
                out.setdefault(table, {}).setdefault(text, set()).add(id)
    return out
