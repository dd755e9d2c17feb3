"""A study edited in a workbook: written for a person, taken back with what others have changed in the meantime."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import Problem, raise_if
from crosscase.exchange.changing import write_changed
from crosscase.exchange.edit_layout import KEY, TABLES, VALUES, Shown, sheets, shown_names
from crosscase.exchange.edit_read import Workbook, read_workbook
from crosscase.exchange.edit_report import EditReport, described, told
from crosscase.exchange.edit_rows import MARK
from crosscase.exchange.edit_take import Taken, taken
from crosscase.exchange.edit_write import write_edit
from crosscase.exchange.framework_sheet import framework_frame
from crosscase.exchange.merging import Standing, standing_study
from crosscase.release import written
from crosscase.release.gate import put_file
from crosscase.study import Study
from crosscase.study.merge import BACK, BOTH, CHANGED, DELETED, GONE, NEW, WENT, Change, Merged, merge_tables
from crosscase.study.said import MEMOS

LetGo = Callable[[Sequence[tuple[str, str]]], Collection[str]]
ALL = "all"
WRITES = (NEW, CHANGED, WENT, BACK)


def nothing_goes(would: Sequence[tuple[str, str]]) -> Collection[str]:
    """Let nothing go."""
    return ()


def export_edit(study: Study, path: Path) -> dict[str, int]:
    """Write the workbook in which a person edits a study.

    Parameters
    ----------
    study : Study
        The study.
    path : pathlib.Path
        The file, an `.xlsx` that lies where nothing is published: in the top folder of the compendium, under
        `restricted/`, or outside.

    Returns
    -------
    dict of str to int
        Sheet -> number of rows.

    Raises
    ------
    CrosscaseError
        Where the file may not lie there, or holds changes that nobody has read.
    """
    raise_if(_place_problems(path))
    rows: dict[str, int] = {}
    put_file(path, lambda target: rows.update(write_edit(study, target, path.name)), without=[study.name])
    if study.level == "restricted":
        with contextlib.suppress(OSError):
            path.chmod(0o600)
    return rows


def _place_problems(path: Path) -> list[Problem]:
    """Return why a workbook with names and texts may not lie somewhere."""
    problems = []
    if path.suffix.lower() != ".xlsx":
        problems.append(Problem(path.name, "the file is an Excel workbook", path.suffix or "no ending", ".xlsx"))
    if not path.parent.is_dir():
        problems.append(Problem(str(path.parent), "the folder of the file exists", "no such folder"))
    root, target = paths.root(), path.resolve()
    inside = target.relative_to(root).parts if target.is_relative_to(root) else ()
    hidden = target.is_relative_to(paths.restricted().resolve()) or inside[:1] == (paths.RESTRICTED,)
    if len(inside) > 1 and not hidden:
        rule = "a workbook with names and texts lies where nothing is published or kept by git"
        allowed = f"the top folder of the compendium, {paths.RESTRICTED}/, or a folder outside of it"
        found = f"the folder {inside[0]}/"
        problems.append(Problem(paths.relative(path), rule, found, allowed, "name another file with --to"))
    return problems


def read_edit(study: str, path: Path, *, dry_run: bool = False, let_go: LetGo = nothing_goes) -> EditReport:
    """Take back the workbook of a study: what a person changed in it comes in, what others changed meanwhile stays.

    Parameters
    ----------
    study : str
        Id of the study.
    path : pathlib.Path
        The workbook.
    dry_run : bool
        Whether to report only.
    let_go : callable, optional
        Given everything that would go, as pairs of name and words, it returns the names of what may: `cases/k01`, a
        table such as `codebook`, or `all`.

    Returns
    -------
    EditReport
        Sheet by sheet what is new, changed and gone.

    Raises
    ------
    CrosscaseError
        With every cell and row that cannot be read; then nothing is written.
    """
    found = prepare_edit(study, path)
    if found.would_go and (agreed := tuple(let_go(found.would_go))):
        found = found.letting_go(agreed)
    return found.finish(dry_run)


class Prepared:
    """A workbook that was read and merged, nothing written yet.

    `report` tells what is changed, `would_go` what goes only where somebody agrees, as pairs of name and words.
    """

    _named: Shown
    _book: Workbook
    _taken: Taken

    def __init__(
        self, start: Standing, path: Path, agreed: Collection[str] = (), before: Prepared | None = None
    ) -> None:
        self.path, self._start = path, start
        self._named = before._named if before else _named(start)
        self._book = before._book if before else read_workbook(path, start.study.name)
        self._taken = before._taken if before else taken(self._book, start.frames, self._named, start.info.public)
        base = self._book.memory.frames
        merged = _merged(start, self._taken, base, agreed)
        raise_if(_circles(merged, self._taken))
        frames = dict(merged.frames)
        if called := self._taken.called:
            schema = tables.schema("names")
            rows = pd.DataFrame(called, columns=schema.columns)
            frames["names"] = tables.typed(pd.concat([frames["names"], rows], ignore_index=True), schema)
        self._state = replace(start, frames=frames)
        self.would_go = _would_go(merged, start, self._named, base)
        self.report = _report(path, self._state, merged, self._taken, base, self._named, agreed)

    def letting_go(self, agreed: Collection[str]) -> Prepared:
        """Return the same where what is named may go."""
        return Prepared(self._start, self.path, agreed, self)

    def finish(self, dry_run: bool = False) -> EditReport:
        """Write the study, unless nothing is changed; the state before is kept for `crosscase undo`."""
        if dry_run:
            return self.report
        if self.report.changed:
            write_changed(self._state, f"edit --read {self.path.name}")
            self.report.written = True
        written.note(self.path)
        return self.report


def prepare_edit(study: str, path: Path) -> Prepared:
    """Read a workbook and merge it into its study, nothing written yet; errors as `read_edit`."""
    return Prepared(standing_study(study), path)


def _named(start: Standing) -> Shown:
    study = start.study
    cells = framework_frame(study) if study.has("cases") and study.has("themes") else None
    hashes = (
        {}
        if cells is None
        else {f"{c}{MARK}{t}": mark for c, t, mark in cells[["case", "theme", "current_hash"]].itertuples(index=False)}
    )
    return shown_names(start.frames, study.labels("themes"), hashes)


def _merged(start: Standing, found: Taken, base: Mapping[str, pd.DataFrame], agreed: Collection[str]) -> Merged:
    """Return the study with the workbook merged in; the attributes of a case or document go where it goes itself."""
    speaks: dict[str, Collection[tuple[str, ...]] | None] = dict.fromkeys((*TABLES, VALUES))
    goes: set[tuple[str, str]] | None = None

    def let_go(table: str, key: tuple[str, ...]) -> bool:
        if table == VALUES and goes is not None:
            return (KEY[key[0]], key[1]) in goes
        return table == VALUES or not {ALL, table, "/".join([table, *key])}.isdisjoint(agreed)

    def merge() -> Merged:
        schemas = {MEMOS.name: MEMOS}
        return merge_tables(start.frames, found.frames, base, speaks=speaks, let_go=let_go, schemas=schemas)

    goes = {(each.table, each.key[0]) for each in merge().of(WENT)} if agreed else set()
    return merge()


def _would_go(merged: Merged, start: Standing, named: Shown, base: Mapping[str, pd.DataFrame]) -> list[tuple[str, str]]:
    """Return what goes only where somebody agrees; values of an attribute go with their case or document."""
    out = []
    for change in (change for change in merged.of(GONE) if change.table != VALUES):
        words = described(change, start.frames, named)
        edited = ", changed in the files meanwhile" if _differs(change, start.frames, base) else ""
        out.append((change.name, words + edited))
    return out


def _circles(merged: Merged, found: Taken) -> list[Problem]:
    """Return the rows that would stand above themselves."""
    problems = []
    for sheet in (sheet for sheet in sheets() if any(column.field == "parent" for column in sheet.columns)):
        frame = merged.frames[sheet.table]
        parents = dict(zip(frame[sheet.key], frame["parent"].astype("object").where(frame["parent"].notna(), None)))
        for id in parents:
            seen, at = {id}, parents[id]
            while at is not None and at not in seen:
                seen.add(at)
                at = parents.get(at)
            if at == id:
                place = f"{found.places.get((sheet.table, id), f'sheet {sheet.name}')}, column Below"
                problems.append(
                    Problem(place, "nothing stands below itself", f"a circle of {len(seen)}", remedy="correct it")
                )
    return problems


def _report(
    path: Path, state: Standing, merged: Merged, found: Taken, base: Mapping[str, pd.DataFrame],
    named: Shown, agreed: Collection[str],
) -> EditReport:  # fmt: skip
    study = state.study.name
    changes = [change for change in merged.changes if change.table in (*TABLES, VALUES) and not _silent(change)]
    changes = [change for change in changes if change.kind != DELETED or _differs(change, found.frames, base)]
    now = shown_names(state.frames, state.study.labels("themes"), {})
    names = {table: named.of(table) | now.of(table) for table in {*named.names, *now.names}}
    both = Shown(names, named.attributes | now.attributes)
    report = EditReport(study, path.name, told(changes, both, state.frames[VALUES], bool(agreed)), found.notes)
    report.changed = sum(change.kind in WRITES for change in merged.changes) + len(found.called)
    if any(change.kind == GONE for change in changes):
        report.advice.append("let it go with --let-go NAME (as in brackets above, a table, or all)")
    if any(change.kind == BOTH for change in changes):
        report.advice.append(
            f"to have your own where both changed: write a new workbook (crosscase edit {study}) and enter it there"
        )
    opened = [
        c.key[0]
        for c in changes
        if (c.table, c.column, c.kind) == ("documents", "release", CHANGED) and c.after == "verbatim"
    ]
    if opened:
        shown = ", ".join(both.of("documents").get(id, id) for id in opened)
        report.advice.append(f"from now on quotations may be printed of: {shown}")
    return report


def _silent(change: Change) -> bool:
    """Tell whether a change follows from another one that is told."""
    return change.column == "segments_hash" or (change.table == VALUES and change.kind in (GONE, WENT))


def _differs(change: Change, frames: Mapping[str, pd.DataFrame], base: Mapping[str, pd.DataFrame]) -> bool:
    """Tell whether a row is another one than it was when the workbook was written."""
    of = tables.schema(change.table)
    rows = [
        frame[[tuple(map(str, row)) == change.key for row in frame[list(of.key)].itertuples(index=False)]]
        for frame in (frames[change.table], base[change.table])
    ]
    return not rows[0].reset_index(drop=True).equals(rows[1].reset_index(drop=True))
