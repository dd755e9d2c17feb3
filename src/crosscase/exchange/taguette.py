"""Read a Taguette project (`.sqlite3`); its positions are UTF-8 bytes over the text without tags."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from crosscase.documents import normalise
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.html_text import text_of_html
from crosscase.exchange.imported import Imported
from crosscase.exchange.positions import Reading, to_code_points
from crosscase.exchange.safe_sqlite import Database, database

BYTES = Reading("utf-8", 2, False, False)
PARTS = (".", "/")


def read_taguette(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in a Taguette database: all its projects' documents, tags as codes, highlights as codings.

    Tags form a tree where they are written as one (`barrier.funding` below `barrier`); coders and dates come from the
    log of commands; a highlight without a tag is named and left out. `CrosscaseError` without a project.
    """
    return assemble(collect_taguette(path, progress))


def collect_taguette(path: Path, progress: Callable[[float], None] | None = None) -> Builder:
    """Return what a project holds before tables are made of it; `CrosscaseError` as `read_taguette`."""
    with database(path) as base:
        projects = list(base.rows("projects", ["id", "name", "description"], "id"))
        if not projects:
            raise CrosscaseError(Problem(path.name, "a Taguette database holds a project", "none"))
        builder = Builder("Taguette project", "Taguette", projects[0]["name"])
        builder.description = names.prose(projects[0]["description"])
        if len(projects) > 1:
            others = ", ".join(ascii(names.label(p["name"])) for p in projects[1:])
            builder.left_out.add("other projects in the same database; export each alone", others)
        project = projects[0]["id"]
        logins = {str(m["user_login"]) for m in base.rows("project_members", ["project_id", "user_login"])}
        for login in sorted(logins | {str(c["user_login"]) for c in base.rows("commands", ["user_login"])}):
            builder.coder(login, login)
        _tags(base, builder, project)
        texts = _documents(base, builder, project)
        _highlights(base, builder, project, texts)
    return builder


def _tags(base: Database, builder: Builder, project: object) -> None:
    tags = [
        t for t in base.rows("tags", ["id", "project_id", "path", "description"], "id") if t["project_id"] == project
    ]
    by_path = {str(tag["path"]): str(tag["id"]) for tag in tags}
    for tag in tags:
        path = str(tag["path"])
        parent = None
        for cut in (i for i in range(min(len(path), names.MAX_LABEL) - 1, -1, -1) if path[i] in PARTS):
            if path[:cut] in by_path:
                parent = by_path[path[:cut]]
                break
        builder.code(str(tag["id"]), path, parent, tag["description"])


def _documents(base: Database, builder: Builder, project: object) -> dict[object, tuple[str, list[int]]]:
    """Add the documents; return their text as Taguette counts it, and where line ends were put in for reading."""
    texts = {}
    wanted = ["id", "project_id", "name", "created", "description", "contents"]
    for row in base.rows("documents", wanted, "id"):
        if row["project_id"] != project:
            continue
        counted = text_of_html(normalise(str(row["contents"] or "")))
        text, put_in = counted.with_lines()
        builder.document(f"d{row['id']}", row["name"], text=text, extractor="Taguette")
        texts[row["id"]] = (counted.text, put_in)
        if about := names.prose(row["description"]):
            builder.memo(f"d{row['id']}", f"Description of {names.label(row['name'])}", about)
            builder.link("memo", ("document", f"d{row['id']}"), ("memo", f"d{row['id']}"))
    return texts


def _log(base: Database, builder: Builder) -> dict[object, tuple[str, str]]:
    """Return who made or last changed each highlight, and when."""
    made: dict[object, tuple[str, str]] = {}
    for row in base.rows("commands", ["id", "date", "user_login", "payload"], "id"):
        try:
            payload = json.loads(row["payload"] or "{}")
        except (ValueError, TypeError, RecursionError):
            builder.warnings.add("entries of the command log that cannot be read")
            continue
        if isinstance(payload, dict) and payload.get("type") == "highlight_add":
            made[payload.get("highlight_id")] = (str(row["user_login"]), str(row["date"]))
    return made


def _highlights(base: Database, builder: Builder, project: object, texts: dict[object, tuple[str, list[int]]]) -> None:
    made = _log(base, builder)
    tagged: dict[object, list[str]] = {}
    for row in base.rows("highlight_tags", ["highlight_id", "tag_id"]):
        tagged.setdefault(row["highlight_id"], []).append(str(row["tag_id"]))
    for row, start, stop, quoted in _placed(base, builder, texts, tagged):
        where = bisect_right(texts[row["document_id"]][1], start), bisect_left(texts[row["document_id"]][1], stop)
        start, stop = start + where[0], stop + where[1]
        segment = builder.segment(f"d{row['document_id']}", start, stop)
        stored = text_of_html(normalise(str(row["snippet"] or ""))).text
        if stored and stored != quoted:
            builder.warnings.add("segments whose stored quotation is another text", f"{start}-{stop}")
        coder, when = made.get(row["id"], (None, None))
        for code in tagged[row["id"]]:
            builder.coding(segment, code, coder, when)


def _placed(
    base: Database, builder: Builder, texts: dict[object, tuple[str, list[int]]], tagged: dict[object, list[str]]
) -> Iterator[tuple[dict[str, Any], int, int, str]]:
    """Yield the highlights that have a tag and a place, with where they lie in the text as Taguette has it."""
    rows = []
    for row in base.rows("highlights", ["id", "document_id", "start_offset", "end_offset", "snippet"], "id"):
        if row["document_id"] not in texts:
            continue
        if row["id"] not in tagged:
            builder.left_out.add("highlights without a tag", f"{names.label(row['id'])}")
        elif not all(isinstance(row[end], int) and 0 <= row[end] < 2**48 for end in ("start_offset", "end_offset")):
            builder.left_out.add("highlights without sound positions")
        else:
            rows.append(row)
    ends = np.zeros((2, len(rows)), np.int64)
    of: dict[object, list[int]] = {}
    for number, row in enumerate(rows):
        of.setdefault(row["document_id"], []).append(number)
    for document, mine in of.items():
        starts, stops = (np.array([rows[n][end] for n in mine]) for end in ("start_offset", "end_offset"))
        ends[0][mine], ends[1][mine] = to_code_points(texts[document][0], starts, stops, BYTES)
    for row, start, stop in zip(rows, *ends.tolist()):
        yield row, start, stop, texts[row["document_id"]][0][start:stop]
