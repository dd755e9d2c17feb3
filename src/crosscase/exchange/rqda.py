"""Read an RQDA project (`.rqda`); rows whose status is not 1 were deleted in the program and are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crosscase.exchange import names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.counts import Counts
from crosscase.exchange.imported import Imported
from crosscase.exchange.safe_sqlite import Database, database

ACTIVE = 1


def read_rqda(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in an RQDA database; positions are code points of the stored text."""
    return assemble(collect_rqda(path, progress))


def collect_rqda(path: Path, progress: Callable[[float], None] | None = None) -> Builder:
    """Return what a project holds before tables are made of it; `CrosscaseError` as `read_rqda`."""
    with database(path) as base:
        project = next(iter(base.rows("project", ["databaseversion", "memo"])), {})
        version = names.label(project.get("databaseversion"))
        builder = Builder("RQDA project", f"RQDA, database {version}".rstrip(), path.stem)
        builder.description = names.prose(project.get("memo"))
        reader = _Reader(base, builder)
        for step in (reader.codes, reader.sources, reader.codings, reader.cases, reader.memos):
            step()
    return builder


class _Reader:
    """Reads table by table; keys are the file's own numbers with a letter before."""

    def __init__(self, base: Database, builder: Builder) -> None:
        self._base, self._builder = base, builder
        self._counts: dict[str, Counts] = {}

    def _active(self, table: str, wanted: list[str], order: str = "") -> Iterator[dict[str, Any]]:
        has_status = "status" in self._base.columns(table)
        for row in self._base.rows(table, [*wanted, "status"], order):
            if has_status and row["status"] != ACTIVE:
                self._builder.left_out.add(f"deleted rows of the table {table}")
                continue
            yield row

    def codes(self) -> None:
        above: dict[Any, str] = {}
        for row in self._active("codecat", ["catid", "name", "memo"], "catid"):
            self._builder.code(f"k{row['catid']}", row["name"], None, row["memo"])
            self._builder.categories += 1
        for row in self._active("treecode", ["cid", "catid"]):
            if row["cid"] in above:
                self._builder.left_out.add("second categories of a code", names.label(row["cid"]))
            above.setdefault(row["cid"], f"k{row['catid']}")
        for row in self._active("freecode", ["id", "name", "memo", "color"], "id"):
            parent = above.get(row["id"])
            self._builder.code(f"c{row['id']}", row["name"], parent, row["memo"], row["color"])

    def sources(self) -> None:
        for row in self._active("source", ["id", "name", "file", "memo", "owner", "date"], "id"):
            text = row["file"] if isinstance(row["file"], str) else None
            self._builder.document(f"s{row['id']}", row["name"], text=text, suffix="txt", extractor="RQDA")
            if isinstance(row["memo"], str) and row["memo"].strip():
                key = f"ms{row['id']}"
                owner = self._builder.owner(row["owner"])
                self._builder.memo(key, f"Memo on {names.label(row['name'])}", row["memo"], owner)
                self._builder.link("memo", ("document", f"s{row['id']}"), ("memo", key))

    def codings(self) -> None:
        wanted = ["cid", "fid", "seltext", "selfirst", "selend", "owner", "date", "memo"]
        for table in ("coding", "coding2"):
            for row in self._active(table, wanted):
                segment, owner = self._segment(row), self._builder.owner(row["owner"])
                self._builder.coding(segment, f"c{_number(row['cid'])}", owner, row["date"], row["memo"])
        if "imageCoding" in self._base.tables and (n := sum(1 for _ in self._active("imageCoding", ["cid"]))):
            self._builder.left_out.add("codings on pictures (RQDA keeps pictures outside of the file)", n=n)

    def _segment(self, row: dict[str, Any]) -> int:
        start, end = _number(row["selfirst"]), _number(row["selend"])
        key = f"s{_number(row['fid'])}"
        found = self._builder.documents.get(key)
        text = found.raw if found is not None else None
        if text and start is not None and end is not None:
            if key not in self._counts:
                self._counts[key] = Counts(text)
            counts = self._counts[key]
            quoted = row.get("seltext")
            if isinstance(quoted, str) and quoted and not counts.holds(quoted, start, end):
                self._builder.warnings.add(
                    "segments whose stored quotation is another text", f"{found.id if found else key} {start}-{end}"
                )
            start, end = counts.normalised(start), counts.normalised(end)
        return self._builder.segment(key, start, end)

    def cases(self) -> None:
        for row in self._active("cases", ["id", "name", "memo"], "id"):
            self._builder.case(f"p{row['id']}", row["name"], None, row["memo"])
        for row in self._active("caselinkage", ["caseid", "fid", "selfirst", "selend", "owner", "date"]):
            key = f"s{_number(row['fid'])}"
            start, end = _number(row["selfirst"]), _number(row["selend"])
            found = self._builder.documents.get(key)
            length = len(found.raw or "") if found is not None else 0
            if start is None or end is None or (start <= 1 and end >= length - 1):
                self._builder.member(f"p{row['caseid']}", document=key)
            else:
                self._builder.member(f"p{row['caseid']}", segment=self._segment(row))
        for row in self._active("attributes", ["name", "class", "memo"]):
            kind = "float" if row["class"] == "numeric" else "text"
            self._builder.variable(f"a{row['name']}", row["name"], kind, row["memo"])
        for table, unit, letter, column in (
            ("caseAttr", "case", "p", "caseID"),
            ("fileAttr", "document", "s", "fileID"),
        ):
            for row in self._active(table, ["variable", "value", column]):
                variable = f"a{row['variable']}"
                self._builder.variable(variable, row["variable"])
                self._builder.value(unit, f"{letter}{_number(row[column])}", variable, row["value"])

    def memos(self) -> None:
        for number, row in enumerate(self._active("journal", ["name", "journal", "date", "owner"])):
            owner = self._builder.owner(row["owner"])
            self._builder.memo(f"j{number}", row["name"], row["journal"], owner, row["date"])
        for number, row in enumerate(self._active("annotation", ["fid", "position", "annotation", "owner", "date"])):
            key = f"n{number}"
            self._builder.memo(key, "Annotation", row["annotation"], self._builder.owner(row["owner"]), row["date"])
            self._builder.link("memo", ("document", f"s{_number(row['fid'])}"), ("memo", key))


def _number(value: Any) -> int | None:
    """Return a whole number that R may have stored as a real one."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, int) and abs(value) < 2**48 else None
