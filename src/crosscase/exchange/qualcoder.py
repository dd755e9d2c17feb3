"""Read a QualCoder project: the folder `NAME.qda` or its `data.qda`, database versions 8 to 17."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError
from crosscase.exchange import folder, names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import WHOLE, Builder
from crosscase.exchange.counts import Counts
from crosscase.exchange.imported import Imported
from crosscase.exchange.refi import rectangle
from crosscase.exchange.safe_sqlite import Database, database

PICTURES = {"jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"}
AUDIO = {"mp3", "wav", "m4a", "ogg", "wma"}
VIDEO = {"mp4", "mov", "avi", "mkv", "wmv", "ogv"}
MAX_MEDIA = 200 * 1024**2
LEFT_OUT = {"stored_sql": "stored queries", "gr_free_text_item": "items of graphs", "ris": "bibliographic details"}


def read_qualcoder(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a QualCoder project (folder or database); positions are code points of the stored text.

    `CrosscaseError` where the database is broken, or a link leads out of the folder.
    """
    return assemble(collect_qualcoder(path, progress))


def collect_qualcoder(path: Path, progress: Callable[[float], None] | None = None) -> Builder:
    """Return what a project holds before tables are made of it; `CrosscaseError` as `read_qualcoder`."""
    file = path / "data.qda" if path.is_dir() else path
    if path.is_dir():
        folder.refuse_links(path)
    with database(file) as base:
        project = next(iter(base.rows("project", ["databaseversion", "memo", "about"])), {})
        version = names.label(project.get("databaseversion"))
        title = (path if path.is_dir() else path.parent if path.name == "data.qda" else path).stem
        builder = Builder("QualCoder project", f"QualCoder, database {version}".rstrip(), title)
        builder.description = names.prose(project.get("memo"))
        reader = _Reader(base, builder, file.parent)
        for step, work in enumerate(reader.steps(), start=1):
            work()
            if progress is not None:
                progress(step / 8)
        if (file.parent / "pseudonyms.json").is_file():
            builder.warnings.add(
                "pseudonyms.json lies beside the project: the key to the names of participants; it was not read"
            )
    return builder


class _Reader:
    """Reads table by table; keys are the file's own numbers with a letter before."""

    def __init__(self, base: Database, builder: Builder, home: Path) -> None:
        self._base, self._builder, self._folder = base, builder, home
        self._texts: dict[Any, Counts] = {}

    def steps(self) -> list[Callable[[], None]]:
        coded = [self._texts_coded, self._areas_coded, self._times_coded]
        return [self._codes, self._sources, *coded, self._cases, self._attributes, self._memos]

    def _codes(self) -> None:
        for row in self._base.rows("code_cat", ["catid", "name", "memo", "supercatid"], "catid"):
            parent = f"k{row['supercatid']}" if row["supercatid"] is not None else None
            self._builder.code(f"k{row['catid']}", row["name"], parent, row["memo"])
            self._builder.categories += 1
        wanted = ["cid", "name", "memo", "catid", "color", "supercid"]
        for row in self._base.rows("code_name", wanted, "cid"):
            parent = f"k{row['catid']}" if row["catid"] is not None else None
            if row["supercid"] is not None:
                parent = f"c{row['supercid']}"
            self._builder.code(f"c{row['cid']}", row["name"], parent, row["memo"], row["color"])

    def _sources(self) -> None:
        for row in self._base.rows("source", ["id", "name", "fulltext", "mediapath", "memo", "owner"], "id"):
            key, path = f"s{row['id']}", str(row["mediapath"] or "")
            suffix = (path or str(row["name"])).rpartition(".")[2].lower()
            kind = "picture" if suffix in PICTURES else "audio" if suffix in AUDIO else "other"
            kind = "video" if suffix in VIDEO else kind
            text = row["fulltext"] if isinstance(row["fulltext"], str) else None
            kind = "other" if text else kind
            suffix = suffix if text or path or kind != "other" else "txt"
            original = self._media(path, row["name"]) if path else None
            given: dict[str, Any] = {"text": text, "original": original, "suffix": suffix, "kind": kind}
            self._builder.document(key, row["name"], extractor="QualCoder", **given)
            if text is not None:
                self._texts[row["id"]] = Counts(text)
            self._memo(f"ms{row['id']}", f"Memo on {names.label(row['name'])}", row, ("document", key))

    def _media(self, path: str, name: Any) -> bytes | None:
        """Return the file behind a source where it lies inside the project's folder."""
        inside = path.replace("\\", "/").lstrip("/")
        if path.startswith(("images:", "docs:", "audio:", "video:")) or ".." in inside.split("/"):
            self._builder.left_out.add("files that are linked from outside of the project", ascii(names.label(name)))
            return None
        try:
            return folder.read(self._folder / inside, self._folder, most=MAX_MEDIA)
        except (CrosscaseError, ValueError):
            self._builder.left_out.add("files that are not in the project's folder", ascii(names.label(name)))
            return None

    def _texts_coded(self) -> None:
        wanted = ["cid", "fid", "seltext", "pos0", "pos1", "owner", "date", "memo", "important"]
        for row in self._base.rows("code_text", wanted):
            start, end = _whole(row["pos0"]), _whole(row["pos1"])
            counts = self._texts.get(row["fid"])
            quoted = row["seltext"]
            if counts is not None and isinstance(quoted, str) and None not in (start, end):
                start, end = self._checked(counts, quoted, int(start or 0), int(end or 0))
            if counts is not None and start is not None and end is not None:
                start, end = counts.normalised(start), counts.normalised(end)
            segment = self._builder.segment(f"s{row['fid']}", start, end)
            self._coding(segment, row)

    def _coding(self, segment: int, row: dict[str, Any]) -> None:
        self._builder.coding(segment, f"c{row['cid']}", self._builder.owner(row["owner"]), row["date"], row["memo"])
        if row["important"]:
            self._builder.left_out.add("marks of importance on codings")

    def _checked(self, counts: Counts, quoted: str, start: int, end: int) -> tuple[int, int]:
        """Return the positions; where the stored quotation says that UTF-16 units were counted, those of the quotation.

        QualCoder slices by code points, but takes positions from its text widget, which counts UTF-16 units.
        """
        if counts.holds(quoted, start, end):
            return start, end
        for shift in {counts.wide(start), counts.wide(max(start - 1, 0))}:
            if shift and quoted and counts.holds(quoted, start - shift, start - shift + len(quoted)):
                self._builder.warnings.add("positions that counted UTF-16 units, corrected by the stored quotation")
                return start - shift, start - shift + len(quoted)
        self._builder.warnings.add("segments whose stored quotation is another text", f"{start}-{end}")
        return start, end

    def _areas_coded(self) -> None:
        wanted = ["id", "x1", "y1", "width", "height", "cid", "memo", "date", "owner", "pdf_page", "important"]
        for row in self._base.rows("code_image", wanted):
            corners = [_whole(row[name]) for name in ("x1", "y1", "width", "height")]
            locator = None
            if None not in corners:
                x, y, width, height = (int(c or 0) for c in corners)
                page = None if row["pdf_page"] is None else names.label(row["pdf_page"])
                locator = rectangle((str(x), str(y)), (str(x + width), str(y + height)), page)
            self._coding(self._builder.segment(f"s{row['id']}", None, None, locator), row)

    def _times_coded(self) -> None:
        for row in self._base.rows("code_av", ["id", "pos0", "pos1", "cid", "memo", "date", "owner", "important"]):
            start, end = _whole(row["pos0"]), _whole(row["pos1"])
            locator = f"{start}-{end} ms" if None not in (start, end) else None
            self._coding(self._builder.segment(f"s{row['id']}", None, None, locator), row)

    def _cases(self) -> None:
        for row in self._base.rows("cases", ["caseid", "name", "memo"], "caseid"):
            self._builder.case(f"p{row['caseid']}", row["name"], None, row["memo"])
        for row in self._base.rows("case_text", ["caseid", "fid", "pos0", "pos1", "owner", "date", "memo"]):
            if isinstance(row["memo"], str) and row["memo"].strip():
                self._builder.left_out.add("memos on the placement of a text in a case", f"p{row['caseid']}")
            key, start, end = f"s{row['fid']}", _whole(row["pos0"]), _whole(row["pos1"])
            counts = self._texts.get(row["fid"])
            if counts is None or start is None or end is None or (start == 0 and end >= len(counts.text) - 1):
                self._builder.member(f"p{row['caseid']}", document=key)
                continue
            start, end = counts.normalised(start), counts.normalised(end)
            self._builder.member(f"p{row['caseid']}", segment=self._builder.segment(key, start, min(end, WHOLE - 1)))

    def _attributes(self) -> None:
        types = {"numeric": "float", "character": "text"}
        for row in self._base.rows("attribute_type", ["name", "valuetype", "memo"]):
            kind = types.get(str(row["valuetype"]), "text")
            self._builder.variable(f"a{row['name']}", row["name"], kind, row["memo"])
        for row in self._base.rows("attribute", ["name", "attr_type", "value", "id"]):
            if row["attr_type"] not in ("case", "file"):
                self._builder.left_out.add("values of variables of memos", names.label(row["name"]))
                continue
            unit, letter = ("case", "p") if row["attr_type"] == "case" else ("document", "s")
            self._builder.value(unit, f"{letter}{row['id']}", f"a{row['name']}", row["value"])

    def _memos(self) -> None:
        for row in self._base.rows("journal", ["jid", "name", "jentry", "date", "owner"], "jid"):
            owner = self._builder.owner(row["owner"])
            self._builder.memo(f"j{row['jid']}", row["name"], row["jentry"], owner, row["date"])
        for row in self._base.rows("annotation", ["anid", "fid", "pos0", "pos1", "memo", "owner", "date"], "anid"):
            start, end = _whole(row["pos0"]), _whole(row["pos1"])
            counts = self._texts.get(row["fid"])
            if counts is not None and start is not None and end is not None:
                start, end = counts.normalised(start), counts.normalised(end)
            segment = self._builder.segment(f"s{row['fid']}", start, end)
            self._memo(f"n{row['anid']}", "Annotation", row, ("segment", str(segment)))
        for table, what in LEFT_OUT.items():
            if table in self._base.tables and (n := sum(1 for _ in self._base.ask(f"SELECT 1 FROM {table}"))):
                self._builder.left_out.add(what, n=n)

    def _memo(self, key: str, title: str, row: dict[str, Any], source: tuple[str, str]) -> None:
        if isinstance(row["memo"], str) and row["memo"].strip():
            self._builder.memo(key, title, row["memo"], self._builder.owner(row["owner"]), row.get("date"))
            self._builder.link("memo", source, ("memo", key))


def _whole(value: Any) -> int | None:
    if isinstance(value, float) and abs(value) < 2**48:
        value = round(value)
    return value if isinstance(value, int) and abs(value) < 2**48 else None
