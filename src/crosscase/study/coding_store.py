"""Codings, codes and memos written one at a time, as people make them: under a lock, by renames, never in silence.

Every write takes the lock of the study, reads what is on disk, puts one small edit on it, and writes the one table that
changed by an atomic rename. So a process may be killed at any moment, and two windows may write at once. Where a table
has a part under `restricted/`, that part is written before the public one where rows come in, and after it where rows
go: a row is there when its public part is, and cells without a row count for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crosscase import documents, notes, paths, renames, tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.ids import split
from crosscase.study import levels
from crosscase.study.edits import Conflict, Edit, applied, fits, round_of, rows_of
from crosscase.study.files import read_table
from crosscase.study.keys import read_key, sign_quotations
from crosscase.study.load import Study, load_study
from crosscase.study.locked import locked
from crosscase.study.model import Coder, StudyInfo, read_info
from crosscase.study.renaming import fresh_id
from crosscase.study.save import info_texts, safe_file, table_texts
from crosscase.study.texts import file_of, read_verified

TABLES = ("codebook", "codings")
"""In this order where rows come in: a code is there before a coding names it."""
ABOUT = ("study.yml", "documents.csv", "cases.csv", "roles.csv", "names.csv", "hash.key")
"""What is read of a study beside the tables that are written here."""
DRAFT = ".decisions.json"
Signature = tuple[tuple[str, int, int, int], ...]


class CodingStore:
    """The codings of one study, as several windows write them.

    Parameters
    ----------
    study : str
        Id of the study.

    Raises
    ------
    CrosscaseError
        Where there is no such study, or this process works at the level `public`, at which texts are not read.

    Examples
    --------
    `CodingStore("my-study").apply([edit])` writes one edit and returns the edits that take it back.
    """

    def __init__(self, study: str) -> None:
        if paths.level() == "public":
            rule, remedy = "codes are put on texts where these can be read", f"unset {paths.LEVEL_VARIABLE}"
            raise CrosscaseError(Problem(f"study {study!r}", rule, "the level public", "restricted", remedy))
        self.name = study
        self._texts: dict[str, tuple[Signature, str | None]] = {}
        self._known: dict[str, tuple[Signature, pd.DataFrame, dict[str, set[str]]]] = {}
        self._rows: dict[str, tuple[pd.DataFrame, dict[str, dict[str, Any]]]] = {}
        self._starts: dict[str, tuple[str, np.ndarray]] = {}
        self._study: tuple[Signature, Study] | None = None
        self.study.info  # noqa: B018  (a study that cannot be read is told at once)

    @property
    def study(self) -> Study:
        """The study as it is on disk now; tables are read again where their files changed."""
        now = self._signature(ABOUT)
        if self._study is None or self._study[0] != now:
            self._study = now, load_study(self.name)
        return self._study[1]

    def table(self, name: str) -> pd.DataFrame:
        """Return a table with everything that is kept of it, as it is on disk now."""
        return self._state(name)[0]

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return the rows of a table as plain mappings, without empty cells, in the order of the table."""
        return list(self.by_key(name).values())

    def by_key(self, name: str) -> Mapping[str, dict[str, Any]]:
        """Return id -> row, as `rows`; after an edit of ours only its row is read again."""
        frame = self.table(name)
        if name not in self._rows or self._rows[name][0] is not frame:
            key = tables.schema(name).key[0]
            self._rows[name] = frame, {row[key]: row for row in rows_of(frame)}
        return self._rows[name][1]

    def version(self) -> Signature:
        """Return what tells whether anything that the coding page shows has changed on disk."""
        return self._signature([*ABOUT, *(f"{name}.csv" for name in TABLES)])

    def text(self, document: str) -> str | None:
        """Return the verified text of a document, None where it is not here; `CrosscaseError` where it is another."""
        row = self._document(document)
        now = self._signature(["documents.csv"]) + _stat(file_of(self.name, document))
        if document not in self._texts or self._texts[document][0] != now:
            self._texts[document] = now, read_verified(self.name, row)
        return self._texts[document][1]

    def _document(self, document: str) -> dict[str, Any]:
        frame = self.table("documents")
        found = frame[frame["document"].eq(document)]
        if found.empty:
            raise CrosscaseError(Problem(f"document {document!r}", f"a document of {self.name}", "none"))
        return found.iloc[0].to_dict()

    def coding(self, document: str, start: int, end: int, code: str, coder: str, **cells: Any) -> Edit:
        """Return the edit that puts a code on a segment: with its id, round, paragraph and keyed hash.

        Parameters
        ----------
        document, start, end : str, int, int
            The segment, in code points of the normalised text.
        code, coder : str
            The code, and who puts it there.
        **cells
            Other columns of `codings`, such as `valence`, `case`, `role`, `memo`, `date`.

        Raises
        ------
        CrosscaseError
            Where the text is not here, or the segment lies outside of it.
        """
        text = self.text(document)
        if text is None or not 0 <= start < end <= len(text):
            found = "no text here" if text is None else f"{start}-{end} of {len(text)} code points"
            raise CrosscaseError(Problem(f"segment in {document}", "a segment lies inside the text", found))
        codings = self.table("codings")
        row: dict[str, Any] = {"document": document, "start": start, "end": end, "code": code, "coder": coder}
        row |= {name: cell for name, cell in cells.items() if cell not in (None, "")}
        if name := round_of(codings, coder, document, self.study.info.reconciled_rounds):
            row["round"] = name
        row["paragraph"] = self._paragraph(document, text, start) or None
        if (key := read_key(self.name)) is not None:
            row["quotation_hmac"] = sign_quotations(pd.DataFrame([row]), {document: text}, key).iloc[0]
        key_of = fresh_id("codings", row, codings["coding_id"].tolist())
        return Edit("codings", key_of, None, {"coding_id": key_of} | row)

    def _paragraph(self, document: str, text: str, start: int) -> int:
        """Return the number of the non-empty line that holds an offset."""
        if document not in self._starts or self._starts[document][0] is not text:
            self._starts[document] = text, documents.paragraph_spans(text)[:, 0]
        return int(np.searchsorted(self._starts[document][1], start, side="right"))

    def apply(self, edits: Sequence[Edit], check: Callable[[], None] = lambda: None) -> list[Edit]:
        """Write some edits, all of them or none, and return those that take them back, in the order to apply them.

        Parameters
        ----------
        edits : sequence of Edit
            What is to be done, put on the tables as they are on disk now.
        check : callable, optional
            Called between the steps of a write, for those who test what a kill leaves.

        Raises
        ------
        Conflict
            Where somebody else has changed a row since; then nothing is written.
        CrosscaseError
            Where an edit breaks a rule of the dictionary or names what is not there; then nothing is written.
        """
        with locked(self.name):
            frames = {name: self.table(name) for name in dict.fromkeys(edit.table for edit in edits)}
            before, back = dict(frames), []
            for edit in edits:
                frames[edit.table], undo = applied(frames[edit.table], edit)
                back.append(undo)
            raise_if(self._problems(edits, frames))
            changed = [name for name in TABLES if name in frames and not frames[name].equals(before[name])]
            fewer = any(edit.now is None for edit in edits)
            for name in reversed(changed) if fewer else changed:
                self._write(name, frames[name], [edit for edit in edits if edit.table == name], fewer, check)
        return back[::-1]

    def _problems(self, edits: Sequence[Edit], frames: dict[str, pd.DataFrame]) -> list[Problem]:
        problems: list[Problem] = []
        codes = frames.get("codebook", self.table("codebook") if edits else None)
        for edit in edits:
            schema, place = tables.schema(edit.table), f"{edit.table} {edit.key}"
            if edit.now is None:
                problems += self._used(edit, frames) if edit.table == "codebook" else []
                continue
            for column in (column for column in edit.now if column not in schema.columns):
                rule, allowed = "only columns of the dictionary are written", ", ".join(schema.columns)
                problems.append(Problem(place, rule, repr(column), allowed))
            mine = frames[edit.table]
            row = mine[mine[schema.key[0]].eq(edit.key)]
            sound = fits(rows_of(row)[0], schema)
            found = [] if sound else tables.problems_in(tables.to_csv(row, schema), schema, place)[1]
            problems += [Problem(place, each.rule, each.found, each.allowed, each.remedy) for each in found]
            for column, table in (("code", "codebook"), ("case", "cases"), ("role", "roles"), ("parent", "codebook")):
                if not (cell := edit.now.get(column)) or column == schema.key[0]:
                    continue
                frame = codes if table == "codebook" else self.table(table)
                there = set(frame[tables.schema(table).key[0]]) if frame is not None else set()
                for id in (id for id in (split(cell) if column == "role" else [cell]) if id not in there):
                    problems.append(Problem(f"{place}, column {column}", f"an id of {table}.csv", repr(id)))
            if edit.table == "codebook" and _circle(mine, edit.key):
                problems.append(Problem(place, "no code stands below itself", repr(edit.now.get("parent"))))
        return problems

    def _used(self, edit: Edit, frames: dict[str, pd.DataFrame]) -> list[Problem]:
        codings, book = frames.get("codings", self.table("codings")), frames["codebook"]
        uses = {"codings": codings["code"].eq(edit.key).sum(), "codes below it": book["parent"].eq(edit.key).sum()}
        found = [f"{n:,} {what}" for what, n in uses.items() if n]
        rule, remedy = "a code that goes is not in use", "merge it into another code"
        return [Problem(f"code {edit.key}", rule, " and ".join(found), remedy=remedy)] if found else []

    def add_coder(self, coder: str, name: str) -> None:
        """Note a new coder in `study.yml`, and the name behind a neutral id under `restricted/`."""
        with locked(self.name):
            info, codings = self.study.info, self.table("codings")
            if coder not in info.coders and (info.coders or codings.empty):
                self._write_info(info.model_copy(update={"coders": {**info.coders, coder: Coder(kind="person")}}))
            if name != coder and name not in self.study.names("coder").values():
                row = tables.typed(pd.DataFrame([{"kind": "coder", "id": coder, "name": name}]), tables.schema("names"))
                frame = pd.concat([self.table("names"), row], ignore_index=True)
                self._put("names", *table_texts("names", frame, info.public), fewer=False)

    def save_memo(self, memo: str, was: str, text: str) -> None:
        """Write a memo whole; an empty text takes it away.

        Raises
        ------
        Conflict
            Where it is not what the person saw.
        """
        with locked(self.name):
            stands = self.study.whole_memos().get(memo, "").rstrip("\n")
            if stands not in (was.rstrip("\n"), text.rstrip("\n")):
                raise Conflict(Edit("memo", memo, {"text": was}, {"text": text}), {"text": stands}, "another text")
            places = (self.study.folder, self.study.restricted)
            held = self._repeats_any(text) and levels.is_released(self.study.info.public, levels.MEMOS)
            if held and self.study.info.public == levels.ALL:
                self._write_info(self.study.info.model_copy(update={"public": list(levels.releasable())}))
            open_one = levels.is_released(self.study.info.public, levels.MEMOS) and not held
            target, other = places if open_one else places[::-1]
            path = safe_file(target, f"memos/{memo}.md")
            if text.strip():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o755 if open_one else 0o700)
                renames.write(path, (text.rstrip("\n") + "\n").encode("utf-8"), None if open_one else 0o600)
            else:
                path.unlink(missing_ok=True)
            safe_file(other, f"memos/{memo}.md").unlink(missing_ok=True)

    def draft(self) -> dict[str, dict[str, str]]:
        """Return the decisions of a meeting that are not written as a round yet, by difference."""
        path = self.study.restricted / DRAFT
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except ValueError:
            found = {}
        return found if isinstance(found, dict) else {}

    def save_draft(self, key: str, cells: dict[str, str] | None) -> None:
        """Keep one decision of a meeting, or forget it."""
        with locked(self.name):
            kept = {name: old for name, old in self.draft().items() if name != key}
            kept |= {key: cells} if cells is not None else {}
            self.study.restricted.mkdir(parents=True, exist_ok=True, mode=0o700)
            raw = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
            renames.write(self.study.restricted / DRAFT, raw.encode("utf-8"), 0o600)

    def _write_info(self, info: StudyInfo) -> None:
        open_text, closed_text = info_texts(self.name, info, read_info(self.study.folder / "study.yml"))
        if closed_text is not None:
            renames.write(self.study.restricted / "study.yml", closed_text.encode("utf-8"), 0o600)
        renames.write(self.study.folder / "study.yml", open_text.encode("utf-8"))

    def _repeats_any(self, cell: str) -> bool:
        return bool(notes.repeating({"": cell}, (text for _, text in self.study.unreleased_texts())))

    def _write(
        self, name: str, frame: pd.DataFrame, edits: Sequence[Edit], fewer: bool, check: Callable[[], None]
    ) -> None:
        """Write one table; what repeats a text that is not released stays back."""
        was = self._rows[name][1] if name in self._rows and self._rows[name][0] is self.table(name) else None
        schema, key = tables.schema(name), tables.schema(name).key[0]
        held = {column: set(ids) for column, ids in self._state(name)[2].items()}
        public = self.study.info.public
        guarded = {c for c in schema.restricted if levels.is_released(public, name, c)} | {*schema.guarded}
        for edit in edits:
            for column in guarded & set(edit.now or ()):
                held.setdefault(column, set()).discard(edit.key)
                if self._repeating(frame[frame[key].eq(edit.key)], column):
                    held[column].add(edit.key)
        kept = {column: frame[key].isin(ids) for column, ids in held.items() if ids and column in guarded}
        if kept and public == levels.ALL:
            self._write_info(self.study.info.model_copy(update={"public": list(levels.releasable())}))
        public = self.study.info.public
        frame = frame if public == levels.ALL else levels.in_order_of_ids(frame, schema)
        self._put(name, *table_texts(name, frame, public, kept or None), fewer=fewer, check=check)
        self._known[name] = self._signature(["study.yml", f"{name}.csv"]), frame, held
        if name == "codings" and was is not None:
            rows = dict(was)
            for edit in edits:
                rows.pop(edit.key, None)
                rows |= {row[key]: row for row in rows_of(frame[frame[key].eq(edit.key)])}
            self._rows[name] = frame, rows

    def _repeating(self, row: pd.DataFrame, column: str) -> bool:
        cell = row[column].iloc[0]
        if pd.isna(cell) or row[column].dtype != "str":
            return False
        texts = dict(self.study.unreleased_texts())
        if column == "memo" and bool(notes.repeating_notes(row, texts).any()):
            return True
        return bool(notes.repeating_cells(row[column], texts.values()).any())

    def _put(
        self, name: str, open_text: str | None, closed_text: str | None, *, fewer: bool,
        check: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Write both parts of a table, the one that must be there first before the other one."""
        parts = [(self.study.restricted, closed_text, 0o600), (self.study.folder, open_text, None)]
        for folder, text, mode in reversed(parts) if fewer else parts:
            path = folder / f"{name}.csv"
            check()
            if text is None:
                path.unlink(missing_ok=True)
            elif not path.is_file() or path.read_bytes() != text.encode("utf-8"):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                renames.write(path, text.encode("utf-8"), mode)
        check()

    def _state(self, name: str) -> tuple[pd.DataFrame, Signature, dict[str, set[str]]]:
        """Return a table, when it was read, and by column the rows whose cells lie under `restricted/`."""
        now = self._signature(["study.yml", f"{name}.csv"])
        if name not in self._known or self._known[name][0] != now:
            if name in TABLES:
                self._refuse_broken(name)
            frame = load_study(self.name).whole(name)
            self._known[name] = now, frame, self._held(name)
        signature, frame, held = self._known[name]
        return frame, signature, held

    def _refuse_broken(self, name: str) -> None:
        """Refuse a file that is no table, such as one with marks of a merge: written again, it would be lost."""
        schema = tables.schema(name)
        for folder, level in ((self.study.folder, "public"), (self.study.restricted, "restricted")):
            if (path := folder / f"{name}.csv").is_file():
                place = paths.relative(path)
                frame, problems = tables.problems_in(read_table(path, schema), schema.part(level), place)
                raise_if(problems if frame is None else [])

    def _held(self, name: str) -> dict[str, set[str]]:
        schema, path = tables.schema(name), self.study.restricted / f"{name}.csv"
        if self.study.info.public == levels.ALL or schema.level == "restricted" or not path.is_file():
            return {}
        kept = tables.parse(read_table(path, schema), schema.part("restricted"))
        key = schema.key[0]
        return {c: set(kept.loc[kept[c].notna(), key]) for c in (*schema.restricted, *schema.guarded) if c in kept}

    def _signature(self, files: Sequence[str]) -> Signature:
        folders = (paths.studies() / self.name, paths.restricted() / self.name)
        return tuple(each for file in files for folder in folders for each in _stat(folder / file))


def _stat(path: Path) -> Signature:
    try:
        found = path.stat()
    except OSError:
        return ((str(path), 0, 0, 0),)
    return ((str(path), found.st_mtime_ns, found.st_size, found.st_ino),)


def _circle(book: pd.DataFrame, code: str) -> bool:
    above = dict(zip(book["code"], book["parent"]))
    seen, at = {code}, above.get(code)
    while isinstance(at, str) and at:
        if at in seen:
            return True
        seen.add(at)
        at = above.get(at)
    return False
