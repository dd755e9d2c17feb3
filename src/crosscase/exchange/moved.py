"""Bring the data of a study to the level that its `public:` says: earlier imports, columns not released, releases."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from crosscase import tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.exchange.imported import Imported
from crosscase.exchange.neutral import neutralise
from crosscase.exchange.permission import sign
from crosscase.exchange.rewriting import held_back
from crosscase.study import Study, StudyInfo, levels, load_study, save_study
from crosscase.study.before import FOLDER, others
from crosscase.study.check_levels import REPORTS, is_earlier, level_problems, public_note_problems
from crosscase.study.keys import KEY_FILE, new_key, read_key
from crosscase.study.load import table_names
from crosscase.study.locked import alone
from crosscase.study.model import IMPORTED, Coder, blank_info, read_info
from crosscase.study.said import SAID
from crosscase.study.save import Withheld

OWN = {"study.yml", KEY_FILE, SAID, *REPORTS}
FROM_FILE = ("title", "short_title", "design")
"""Keys of `study.yml` that an earlier import took from the file; the others a person has written."""


@alone
def move_over(name: str) -> str:
    """Move to `restricted/` what stands in `data/` and nobody has released; return a sentence, empty where nothing was.

    A study of an earlier import gets neutral ids and keyed hashes as well.

    Parameters
    ----------
    name : str
        Id of the study.

    Raises
    ------
    CrosscaseError
        Where its tables cannot be read, or the level is `public`.
    """
    study = load_study(name)
    if is_earlier(study.info, study.folder) or _has_plain_hashes(study):
        return _move_import(study)
    found = level_problems(name, study.info, study.folder)
    if study.info.public == levels.ALL or not (found or public_note_problems(name, study.info.public)):
        return ""
    _write(study, study.info)
    return f"{name}: what nobody has released was moved from data/studies/{name}/ to restricted/{name}/."


def _has_plain_hashes(study: Study) -> bool:
    return any("plain hashes" in problem.found for problem in level_problems(study.name, None, study.folder))


def _move_import(study: Study) -> str:
    """Give an earlier import neutral ids and keyed hashes, its names and notes a place under `restricted/`."""
    earlier = Study(study.name, study.folder, study.info, earlier=True)
    info = study.info.model_copy(update={"public": []})
    found = Imported("", frames={each: earlier.whole(each) for each in table_names() if not earlier.whole(each).empty})
    for each in ("documents", "codebook", "codings", "cases"):
        found.frames.setdefault(each, tables.empty(tables.schema(each)))
    found.memos, found.texts = earlier.whole_memos(), _texts(study)
    written = {key: getattr(info, key) for key in levels.SAID if key not in FROM_FILE}
    ours = blank_info(study.name).model_copy(update=written)
    documents = tables.empty(tables.schema("documents"))
    info = neutralise(found, info, tables.empty(tables.schema("names")), documents)
    key = read_key(study.name) or new_key()
    sign(found, key)
    beside = study.beside(hidden=False)
    kept: dict[str, str | bytes] = {KEY_FILE: key.text(), **others(study.name)}
    kept |= {file: text for file, text in beside.items() if file in REPORTS}
    extra = {file: text for file, text in beside.items() if file not in REPORTS}
    how: dict[str, Any] = {"extra": extra, "kept": kept, "ours": ours, "replace": True}
    save_study(study.name, info, found.frames, memos=found.memos, texts=found.texts, **how)
    return (
        f"{study.name}: hashes are keyed now, ids are neutral, and names, notes and values lie under "
        f"restricted/{study.name}/; git keeps what earlier commits hold, chapters that name old ids must be changed."
    )


def _texts(study: Study) -> dict[str, str | bytes]:
    """Return what lies under `restricted/` of an earlier import: texts as texts, originals as bytes."""
    found: dict[str, str | bytes] = {}
    links = [path for path in study.restricted.rglob("*") if path.is_symlink()] if study.restricted.is_dir() else []
    rule = "no link lies among the texts"
    raise_if([Problem(f"restricted/{study.name}/{link.name}", rule, "a link", remedy="move it out") for link in links])
    for path in sorted(study.restricted.rglob("*")) if study.restricted.is_dir() else ():
        name = path.relative_to(study.restricted).as_posix()
        if path.is_file() and not path.is_symlink() and name not in OWN and not name.endswith(".part"):
            if name.startswith(f"{FOLDER}/"):
                continue  # former states go with the study as they are
            content = path.read_bytes()
            found[name] = content.decode("utf-8") if _is_text(study, name, content) else content
    return found


def _is_text(study: Study, name: str, content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return name.endswith(".txt") and "/" not in name


def _write(study: Study, info: StudyInfo, typed: StudyInfo | None = None) -> Withheld:
    """Write a study again with other releases; return what stays back all the same."""
    frames = {each: study.whole(each) for each in table_names()}
    memos = study.whole_memos()
    info, held = held_back(info, frames, memos, dict(study.unreleased_texts()))
    how: dict[str, Any] = {"extra": study.beside(hidden=False), "replace": True, "withheld": held, "ours": typed}
    save_study(study.name, info, frames, memos=memos, **how)
    return held


@dataclass(frozen=True)
class Release:
    """What a release did: column -> cells that are public now or no longer, and notes that stay back all the same."""

    study: str
    columns: dict[str, int]
    withheld: int = 0

    def text(self) -> str:
        """Return what was done as lines for people."""
        lines = [f"{column}: {n:,} {'cell' if n == 1 else 'cells'}" for column, n in self.columns.items()]
        if self.withheld:
            where = f"restricted/{self.study}/"
            lines.append(f"{self.withheld:,} notes or memos repeat words of a text and stay under {where}")
        return "\n".join(lines)


@alone
def release_columns(name: str, columns: Iterable[str], *, back: bool = False) -> Release:
    """Make columns public by which people may be known, or take them back.

    Parameters
    ----------
    name : str
        Id of the study.
    columns : iterable of str
        Such as `cases.label`, `memos`, `study.title`; or `all`.
    back : bool
        Whether to move them to `restricted/` again; what git has recorded stays recorded.

    Raises
    ------
    CrosscaseError
        Where a column is none that can be released, or the study has not been moved over yet.
    """
    study, wanted = load_study(name), list(dict.fromkeys(columns))
    if problems := [p for p in level_problems(name, study.info, study.folder) if "earlier import" in p.found]:
        raise CrosscaseError(problems)
    known = levels.releasable()
    strange = [column for column in wanted if column not in known and column != levels.ALL]
    if strange or (levels.ALL in wanted and len(wanted) > 1):
        rule, allowed = "a column that people may be known by, or all", ", ".join(sorted(known))
        places = [f"column {column!r}" for column in strange or wanted]
        raise CrosscaseError([Problem(place, rule, "none of them", allowed) for place in places])
    if study.info.public != levels.ALL and study.level == "public":
        rule = "columns are released where what they hold is at hand"
        remedy = f"put restricted/{name}/ in its place, and leave out --level public"
        raise CrosscaseError(Problem(f"restricted/{name}", rule, "nothing", remedy=remedy))
    before = set(known) if study.info.public == levels.ALL else set(study.info.public)
    chosen = set(known) if levels.ALL in wanted else set(wanted)
    after = before - chosen if back else before | chosen
    imported = study.info.origin.startswith(IMPORTED)
    whole = levels.ALL in wanted and not back and not imported
    public = levels.ALL if whole else [column for column in known if column in after]
    typed = _blanked(study, chosen) if back else None
    held = _write(study, study.info.model_copy(update={"public": public}), typed)
    counts = {column: _cells(study, column) for column in known if column in chosen}
    notes = 0 if back else len(held)
    return Release(name, {column: n for column, n in counts.items() if n or column in wanted}, notes)


def _blanked(study: Study, columns: Collection[str]) -> StudyInfo:
    """Return the public `study.yml` without the keys that are taken back."""
    typed, blank = read_info(study.folder / "study.yml"), blank_info(study.name)
    keys = [key for key in levels.SAID if f"{levels.ABOUT}.{key}" in columns]
    coders = typed.coders
    if f"{levels.ABOUT}.coders" in columns:
        coders = {coder: Coder(kind=who.kind) for coder, who in coders.items()}
    return typed.model_copy(update={key: getattr(blank, key) for key in keys} | {"coders": coders})


def _cells(study: Study, column: str) -> int:
    table, _, field = column.partition(".")
    if column == levels.MEMOS:
        return len(study.whole_memos())
    if table == levels.ABOUT:
        value = getattr(study.info, field)
        return len(value) if field == "coders" else int(bool(value))
    return int(study.whole(table)[field].notna().sum())
