"""Add files to a study that stands, or bring in a newer export: read, merged, told, and written only then."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from crosscase.exchange import look_alikes
from crosscase.exchange.imported import Imported
from crosscase.exchange.merging import Standing, merge_into, names_with_labels, sign_new, standing_study, would_go
from crosscase.exchange.neutral import neutralise
from crosscase.exchange.permission import in_vivo, take_no_release, what_stays, written_counts
from crosscase.exchange.reading import (
    MAPPING,
    REPORT,
    Progress,
    digest_of,
    read,
    study_info,
    without_collecting,
)  # fmt: skip
from crosscase.exchange.report import ImportReport
from crosscase.exchange.rewriting import held_back, rewrite
from crosscase.release.written import note
from crosscase.study import Study
from crosscase.study.keys import KEY_FILE, new_key, read_key
from crosscase.study.locked import alone
from crosscase.study.merge import BACK, BOTH, CHANGED, DELETED, GONE, MAPS, NEW, UNSAID, WENT, Change
from crosscase.study.model import read_info
from crosscase.study.said import MEMOS, SAID

LetGo = Callable[[Sequence[tuple[str, str]]], Collection[str]]
"""Given what would go (name and words), return the names of what may."""
TOLD = {
    NEW: "new", CHANGED: "changed as in the file", BOTH: "changed by hand and in the file: yours stays",
    GONE: "no longer in the file: stays, as nobody has let it go", WENT: "no longer in the file: gone",
    UNSAID: "not in this file: stays", DELETED: "deleted by hand, in the file still: stays deleted",
    BACK: "deleted by hand, named by others: back again",
}  # fmt: skip
ALL = "all"
MANY = 200


def nothing_goes(would: Sequence[tuple[str, str]]) -> Collection[str]:
    """Let nothing go."""
    return ()


@without_collecting()
@alone
def add_files(
    name: str,
    files: Sequence[Path],
    *,
    whole: bool = False,
    mapping: Mapping[str, str] | None = None,
    coder: str = "",
    round: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    let_go: LetGo = nothing_goes,
) -> ImportReport:
    """Merge documents, the codings of a coder or a round, or a newer export into a study that stands.

    What people wrote beside the files stays; the report lists what is new, changed and gone, table by table. What would
    go is kept unless `let_go` agrees, and the study as it was lies under `restricted/<study>/before/`.

    Parameters
    ----------
    name : str
        Id of the study.
    files : sequence of pathlib.Path
        Anything that can be imported, merged in this order.
    whole : bool
        Whether a file is a newer export of what was imported, so that it speaks of the whole study: what it no longer
        has was taken out. Else it speaks of the codings of its own documents, coders and rounds.
    mapping : mapping of str to str, optional
        For tables of coded segments: heading -> field.
    coder, round : str, optional
        Who coded, and in which round, where a file does not say it.
    dry_run : bool
        Whether to report only.
    progress : callable, optional
        Told the part that is done, 0 to 1.
    let_go : callable, optional
        Given everything that would go, as pairs of name and words, it returns the names of what may: `cases/k01`,
        `texts/d02`, a table such as `codings`, or `all`.

    Returns
    -------
    ImportReport

    Raises
    ------
    CrosscaseError
        Where a file cannot be read, the study does not exist, or its names are not at hand; then nothing is written.
    """
    start = standing_study(name)
    read_in = [_read(Path(path), start.study, mapping, coder, round, progress) for path in files]
    state = _merged(start, read_in, whole, ())
    agreed = tuple(let_go(would)) if (would := would_go(state)) else ()
    if agreed:
        read_in = [_read(Path(path), start.study, mapping, coder, round, None) for path in files]
        state = _merged(start, read_in, whole, agreed)
    return _written(start, state, read_in, [Path(path) for path in files], dry_run, progress)


def _read(
    path: Path, study: Study, mapping: Mapping[str, str] | None, coder: str, round: str, progress: Progress | None
) -> tuple[Imported, list[str]]:
    found = read(path, study.name, mapping, progress, study)
    asked = take_no_release(found)
    codings = found.frames["codings"]
    if coder and codings["coder"].nunique() == 1:
        only = codings["coder"].iloc[0]
        found.frames["codings"] = codings = codings.assign(coder=coder)
        found.coders = {coder: found.coders[only].model_copy(update={"description": ""})}
    if round:
        found.frames["codings"] = codings.assign(round=codings["round"].fillna(round))
    return found, asked


def _merged(
    start: Standing, read_in: Sequence[tuple[Imported, list[str]]], whole: bool, agreed: Sequence[str]
) -> Standing:
    """Return the study with all files merged in; the readings are used up."""

    def let_go(each: str) -> bool:
        return ALL in agreed or each in agreed or each.partition("/")[0] in agreed

    state = start
    for found, _ in read_in:
        info = neutralise(
            found, study_info(found, start.study.name), names_with_labels(state), state.frames["documents"]
        )
        state = merge_into(state, found, info, whole=whole, let_go=let_go)
    return state


def _written(
    start: Standing, state: Standing, read_in: Sequence[tuple[Imported, list[str]]], files: Sequence[Path],
    dry_run: bool, progress: Progress | None,
) -> ImportReport:  # fmt: skip
    """Write what was merged, and return the report of it."""
    name, last = start.study.name, read_in[-1][0]
    key = read_key(name) or new_key()
    sign_new(state, key)
    frames = {table: frame for table, frame in state.frames.items() if table != MEMOS.name}
    info, ours = state.info, read_info(start.study.folder / "study.yml")
    info, held = held_back(info, frames, state.memos, state.texts())
    repeated = [label for found, _ in read_in for label in in_vivo(found)]
    counts = Counter({what: n for found, _ in read_in for what, n in found.counts.items()})
    whole = Imported(last.format, last.origin, frames=frames, memos=state.memos, counts=dict(counts))
    report = ImportReport(
        study=name,
        file=", ".join(path.name for path in files),
        sha256=digest_of(files[0]),
        format=last.format,
        origin=last.origin,
        counts=written_counts(whole),
        left_out=_all(found.left_out.texts() for found, _ in read_in),
        warnings=_all(found.warnings.texts() for found, _ in read_in),
        positions=_all(found.positions for found, _ in read_in),
        mapping=last.mapping,
        notes=[*_all(found.notes for found, _ in read_in), *_look_alikes(start, state)],
        asked=_all(asked for _, asked in read_in),
        restricted=what_stays(whole, info, name, ours),
        in_vivo=list(dict.fromkeys(repeated)),
        withheld=len(held),
        names=frames["names"],
        changes=told(state),
    )
    if not dry_run:
        kept: dict[str, str | bytes] = {REPORT: report.text(), KEY_FILE: key.text(), SAID: state.said.text()}
        if last.mapping:
            kept[MAPPING] = json.dumps(last.mapping, indent=2, ensure_ascii=False) + "\n"
        left = [each.key[0] for each in state.changes if (each.table, each.kind) == ("documents", WENT)]
        report.folder = rewrite(
            start.study, f"add {report.file}", info, frames, memos=state.memos, texts=state.texts(),
            extra={REPORT: report.public_text()}, kept=kept | state.written, written=state.written,
            gone=state.files_of(left),
        )  # fmt: skip
        for path in (path for path in files if path.is_file()):
            note(path)
    if progress is not None:
        progress(1.0)
    return report


def _look_alikes(start: Standing, state: Standing) -> list[str]:
    """Return what is said of codes that are new and look like another one."""
    book = state.frames["codebook"]
    return look_alikes.said(start.study.name, book, {*book["code"]} - {*start.frames["codebook"]["code"]})


def _all(parts: object) -> list[str]:
    return list(dict.fromkeys(line for part in parts for line in part))  # type: ignore[attr-defined]


def told(state: Standing) -> list[str]:
    """Return what a merge did as lines for people: counts by table, and by name what is not new."""
    lines = list(state.told)
    groups: dict[tuple[str, str], list[Change]] = {}
    for change in state.changes:
        if change.table not in (*MAPS, "names"):
            groups.setdefault((change.table, change.kind), []).append(change)
    for (table, kind), changes in sorted(groups.items(), key=lambda item: (item[0][0], list(TOLD).index(item[0][1]))):
        lines.append(f"{table}: {len(changes):,} {TOLD[kind]}")
        if kind in (CHANGED, BOTH, GONE, WENT, DELETED, BACK):
            lines[-1] += ": " + "; ".join(map(_one, changes[:MANY]))
            lines[-1] += f" and {len(changes) - MANY:,} more" if len(changes) > MANY else ""
    for document, why in state.asked.items():
        lines.append(f"texts/{document}: the file has another text; yours stays: {why}")
    if any(kind == GONE for _, kind in groups) or state.asked:
        lines.append("let it go with --let-go NAME (a name as above, a table, or all)")
    return lines


def _one(change: Change) -> str:
    if not change.column:
        return change.name
    before_, after = (shown[:60] or "(empty)" for shown in (change.before, change.after))
    if change.kind == BOTH:
        return f"{change.name}, {change.column}: {before_!r} stays, the file has {after!r}"
    return f"{change.name}, {change.column}: {before_!r} is {after!r} now"
