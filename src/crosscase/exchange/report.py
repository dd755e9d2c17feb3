"""What an import read, left out and doubts, and what an export could not carry: as text for people and for the file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

SHOWN = 1000
MOST_SHOWN = 320


@dataclass
class Lines:
    """Remarks of one kind, counted, with the first places kept."""

    what: str
    n: int = 0
    places: list[str] = field(default_factory=list)

    def add(self, place: str = "", n: int = 1) -> None:
        """Count one more, and keep its place while there are few."""
        self.n += n
        if place and len(self.places) < SHOWN:
            self.places.append(place)

    def __str__(self) -> str:
        text = self.what if self.n == 1 else f"{self.what} ({self.n:,} times)"
        if self.places:
            more = f" and {self.n - len(self.places):,} more" if self.n > len(self.places) else ""
            text += ": " + "; ".join(self.places) + more
        return text


class Remarks:
    """Remarks in the order in which their kinds first came up."""

    def __init__(self) -> None:
        self._kinds: dict[str, Lines] = {}

    def add(self, what: str, place: str = "", n: int = 1) -> None:
        """Note a remark and its place."""
        self._kinds.setdefault(what, Lines(what)).add(place, n)

    def count(self, what: str) -> int:
        """Return how often a remark was made."""
        return self._kinds[what].n if what in self._kinds else 0

    def __iter__(self) -> Iterator[Lines]:
        return iter(self._kinds.values())

    def __len__(self) -> int:
        return len(self._kinds)

    def texts(self) -> list[str]:
        """Return the remarks as sentences."""
        return [str(lines) for lines in self]


@dataclass(frozen=True)
class Kept:
    """A column that stays under `restricted/`, as `crosscase release-columns` takes it, with its first cells."""

    column: str
    n: int
    examples: tuple[str, ...]

    def __str__(self) -> str:
        shown = "; ".join(self.examples)
        return f"{self.column} ({self.n:,}): {shown}"


@dataclass
class ImportReport:
    """What an import did.

    `positions` says how positions were read, with the score; `mapping` what each column of a table was taken for;
    `asked` which permissions the file asked for (none was taken); `in_vivo` which codes repeat a segment; `withheld`
    how many cells and memos stay back although they are public; `names` what the ids stand for; `changes` what is new,
    changed and gone in a study that stood. `folder` is None for a dry run.
    """

    study: str
    file: str
    sha256: str
    format: str
    origin: str
    counts: dict[str, int]
    left_out: list[str]
    warnings: list[str]
    positions: list[str]
    mapping: dict[str, str]
    notes: list[str]
    folder: Path | None = None
    asked: list[str] = field(default_factory=list)
    restricted: list[Kept] = field(default_factory=list)
    in_vivo: list[str] = field(default_factory=list)
    withheld: int = 0
    names: pd.DataFrame = field(default_factory=pd.DataFrame)
    changes: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the report as Markdown."""
        head = [f"file: {_plain(self.file)} (SHA-256 {self.sha256[:16]} ...)", f"format: {self.format}"]
        head.append(f"made by: {_plain(self.origin) or 'not said'}")
        sections = self._sections()
        if len(self.names):
            rows = zip(self.names["kind"], self.names["id"], self.names["name"])
            sections["Names behind the ids"] = [f"{kind} {id}: {name}" for kind, id, name in rows]
        return _markdown(f"Import of {self.study}", head, "Read", self.counts, sections)

    def public_text(self) -> str:
        """Return what of the report may lie in `data/`: numbers, and no name, place or word of the file."""
        n = len(self.left_out) + len(self.warnings)
        remarks = f"- {n:,} kinds of remarks: the whole report is under restricted/{self.study}/import.md"
        lines = [f"# Import of {self.study}", "", f"- format: {self.format}", "", "## Read", ""]
        return "\n".join([*lines, *(f"- {n:,} {what}" for what, n in self.counts.items()), "", remarks]) + "\n"

    def _released(self) -> list[str]:
        """Tell what stays under `restricted/`, what a code's name may give away, and what the file asked for."""
        lines = [str(kept) for kept in self.restricted]
        if self.withheld:
            lines.append(f"{self.withheld:,} definitions, notes or memos that would be public repeat words of a text")
        if self.restricted:
            one = self.restricted[0].column
            lines.append(f"release what may be public: crosscase release-columns {self.study} {one}")
        return lines

    def _sections(self) -> dict[str, list[str]]:
        codebook = f"rename them in data/studies/{self.study}/codebook.csv, which is public"
        repeated = f"{len(self.in_vivo):,} names of codes repeat a segment ({codebook}): " + "; ".join(self.in_vivo)
        return {
            "New, changed, gone": self.changes,
            "Stays under restricted/ (column, cells, examples)": self._released(),
            "Public all the same": [repeated] if self.in_vivo else [],
            "Asked for by the file": self.asked,
            "Columns": [f"{column} holds {field}" for field, column in self.mapping.items()],
            "Positions": self.positions,
            "Looks wrong": self.warnings,
            "Left out": self.left_out,
            "What next": self.notes,
        }

    def terminal(self, width: int = 100) -> str:
        """Return the report for a terminal: counts in a column, remarks wrapped, long lists of places cut short."""
        made = f", made by {self.origin}" if self.origin else ""
        lines = [f"{self.study}: {self.format}{made}", ""]
        lines += [f"{n:>9,}  {what}" for what, n in self.counts.items()]
        lines += _wrapped(self._sections(), width)
        whole = f"The whole report: restricted/{self.study}/import.md"
        return "\n".join([*lines, "", "Nothing was written (dry run)." if self.folder is None else whole])


@dataclass
class ExportReport:
    """What an export wrote, what the format has no place for (`not_carried`), and what to mind (`warnings`)."""

    study: str
    to: str
    path: Path
    counts: dict[str, int]
    not_carried: list[str]
    warnings: list[str]

    def text(self) -> str:
        """Return the report as Markdown."""
        title, file = f"Export of {self.study} to {self.to}", f"file: {self.path.name}"
        return _markdown(title, [file], "Written", self.counts, self._sections())

    def _sections(self) -> dict[str, list[str]]:
        return {"Not carried": self.not_carried, "Mind": self.warnings}

    def terminal(self, width: int = 100) -> str:
        """Return the report for a terminal of so many columns."""
        lines = [f"{self.study} written to {self.path}", ""]
        lines += [f"{n:>9,}  {what}" for what, n in self.counts.items()]
        return "\n".join(lines + _wrapped(self._sections(), width))


def _markdown(title: str, head: list[str], done: str, counts: dict[str, int], sections: dict[str, list[str]]) -> str:
    """Return a report as Markdown: what it is of, what was counted, and each section that holds something."""
    lines = [f"# {title}", "", *(f"- {line}" for line in head), "", f"## {done}", ""]
    lines += [f"- {n:,} {what}" for what, n in counts.items()]
    for heading, items in sections.items():
        if items:
            lines += ["", f"## {heading}", "", *(f"- {_plain(item)}" for item in items)]
    return "\n".join(lines) + "\n"


def _wrapped(sections: dict[str, list[str]], width: int) -> list[str]:
    """Return sections as lines of a terminal."""
    lines: list[str] = []
    for title, items in sections.items():
        if items:
            lines += ["", title]
        for item in items:
            shown = _safe(item)
            if len(shown) > MOST_SHOWN:
                cut = shown[:MOST_SHOWN].rsplit("; ", 1)[0] if "; " in shown[:MOST_SHOWN] else shown[:MOST_SHOWN]
                shown = f"{cut} ... (all in the whole report)"
            bullet: dict[str, Any] = {"initial_indent": "- ", "subsequent_indent": "  ", "break_on_hyphens": False}
            lines += textwrap.wrap(shown, max(width, 40), **bullet)
    return lines


def _safe(text: str) -> str:
    """Return a text on one line without what steers a terminal."""
    return "".join(c if c.isprintable() else " " for c in " ".join(text.split()))


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is: no tags, no line breaks."""
    return " ".join(text.split()).replace("<", "&lt;").replace(">", "&gt;")
