"""The one writer of the study data: a study appears whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from crosscase import ids, paths, renames, tables, yaml_text
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.refusals import named
from crosscase.study import levels
from crosscase.study.locked import locked
from crosscase.study.model import StudyInfo, read_info

OURS = frozenset({"synthesis", "poster", "compendium"})
"""Names that stand beside those of studies."""
_PLAIN = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)  # leads nowhere else, so that nothing need be resolved


def save_study(
    name: str,
    info: StudyInfo,
    frames: Mapping[str, pd.DataFrame],
    *,
    memos: Mapping[str, str] | None = None,
    texts: Mapping[str, str | bytes] | None = None,
    extra: Mapping[str, str | bytes] | None = None,
    kept: Mapping[str, str | bytes] | None = None,
    ours: StudyInfo | None = None,
    withheld: Withheld | None = None,
    replace: bool = False,
    gone: Collection[str] = (),
) -> Path:
    """Write a study: what it has released under `data/studies/`, its names, notes and texts under `restricted/`.

    Each folder appears whole or not at all. What lies under `restricted/` beside the tables stays as it is, unless
    `texts` are given: then they replace it.

    Parameters
    ----------
    name : str
        Id of the study.
    info : StudyInfo
        Content of `study.yml`; its key `public` says what is released.
    frames : mapping of str to pandas.DataFrame
        Table name -> frame with columns of the dictionary; empty optional tables are not written.
    memos : mapping of str to str, optional
        File name without ending -> Markdown.
    texts : mapping of str to str or bytes, optional
        File under `restricted/` -> content.
    extra : mapping of str to str or bytes, optional
        Other files beside the public tables.
    kept : mapping of str to str, optional
        Other files under `restricted/`, such as the report of an import.
    ours : StudyInfo, optional
        What of `info` we have written ourselves, so that it may stand in the public file of a new study.
    withheld : Withheld, optional
        Cells and memos that stay under `restricted/` although they are released: they repeat a text that is not.
    replace : bool
        Whether a study of this name may be replaced.
    gone : collection of str
        Files under `restricted/` to take away, such as the text of a document that is no longer there.

    Returns
    -------
    pathlib.Path
        Folder of the study.

    Raises
    ------
    CrosscaseError
        Where the name is no safe folder name, the study exists and `replace` is False, a frame has unknown columns,
        or names are to be written at the level `public`, at which they cannot be read back.
    """
    check_name(name)
    target = paths.studies() / name
    if target.exists() and not replace:
        rule, remedy = "a study is never overwritten by accident", "choose another name"
        raise CrosscaseError(Problem(f"data/studies/{name}", rule, "it exists", remedy=remedy))
    if info.public != levels.ALL and paths.level() == "public":
        rule = "a study whose names are under restricted/ is written where they can be read"
        remedy = f"leave out --level public, or unset {paths.LEVEL_VARIABLE}"
        raise CrosscaseError(Problem(f"data/studies/{name}", rule, "the level public", "restricted", remedy))
    hidden = paths.restricted() / name
    with locked(name):
        open_files, closed_files = _parts(name, info, frames, memos or {}, ours or _typed(target), withheld)
        _keep_words(open_files, target / "study.yml")
        _keep_words(closed_files, hidden / "study.yml")
        return _written(name, open_files | dict(extra or {}), closed_files | dict(kept or {}), texts, gone)


def _written(
    name: str,
    open_files: dict[str, str | bytes],
    closed_files: dict[str, str | bytes],
    texts: Mapping[str, str | bytes] | None,
    gone: Collection[str],
) -> Path:
    """Write the files of a study; with texts its folder under `restricted/` is a new one."""
    target, hidden = paths.studies() / name, paths.restricted() / name
    if not texts:
        return replace_files(name, open_files, closed_files, {*_ours(hidden), *gone})
    new, old = not hidden.exists(), None
    try:
        old = _write_folder(hidden.resolve(), {**texts, **closed_files}, private=True)
        _write_folder(target, open_files)
    except BaseException:
        if new:
            shutil.rmtree(hidden, ignore_errors=True)
        elif old is not None:
            renames.put_back(old, hidden.resolve())
        raise
    if old is not None:
        renames.drop(old)
    return target


def replace_files(
    name: str, shown: Mapping[str, str | bytes], hidden: Mapping[str, str | bytes], gone: Collection[str] = ()
) -> Path:
    """Write the public folder of a study whole and some files under `restricted/`; all of them, or none.

    Parameters
    ----------
    name : str
        Id of the study.
    shown : mapping of str to str or bytes
        Every file of `data/studies/<name>/`.
    hidden : mapping of str to str or bytes
        Files of `restricted/<name>/`; what is not named here or in `gone` stays as it is.
    gone : collection of str
        Files of `restricted/<name>/` that are taken away unless `hidden` names them.

    Returns
    -------
    pathlib.Path
        The public folder.
    """
    with locked(name):
        return _replaced(name, shown, hidden, gone)


def _replaced(
    name: str, shown: Mapping[str, str | bytes], hidden: Mapping[str, str | bytes], gone: Collection[str]
) -> Path:
    target, folder = paths.studies() / name, paths.restricted() / name
    new, before = not folder.exists(), {}
    for file in {*hidden, *gone}:
        path = safe_file(folder, file)
        before[file] = path.read_bytes() if path.is_file() else None
    try:
        if before:
            _write_files(folder, hidden, before)
        _write_folder(target, shown)
    except BaseException:
        if new:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _restore(folder, before, hidden)
        raise
    return target


@dataclass(frozen=True)
class Withheld:
    """What stays under `restricted/` although its column is public: rows by `table.column`, and memos."""

    cells: dict[str, pd.Series] = field(default_factory=dict)
    memos: frozenset[str] = frozenset()

    def of(self, table: str) -> dict[str, pd.Series] | None:
        """Return column -> rows of one table; None where nothing of it stays back."""
        mine = {key.partition(".")[2]: rows for key, rows in self.cells.items() if key.partition(".")[0] == table}
        return mine or None

    def __len__(self) -> int:
        return sum(int(rows.sum()) for rows in self.cells.values()) + len(self.memos)


def _typed(folder: Path) -> StudyInfo | None:
    """Return the public `study.yml` as it stands, None where there is none that can be read."""
    try:
        return read_info(folder / "study.yml")
    except CrosscaseError:
        return None


def _parts(
    name: str,
    info: StudyInfo,
    frames: Mapping[str, pd.DataFrame],
    memos: Mapping[str, str],
    typed: StudyInfo | None,
    withheld: Withheld | None,
) -> tuple[dict[str, str | bytes], dict[str, str | bytes]]:
    """Return the files of a study: those for `data/`, and those for `restricted/`."""
    about, closed_about = info_texts(name, info, typed)
    shown: dict[str, str | bytes] = {"study.yml": about}
    hidden: dict[str, str | bytes] = {"study.yml": closed_about} if closed_about is not None else {}
    for table, frame in frames.items():
        open_text, closed_text = table_texts(table, frame, info.public, withheld.of(table) if withheld else None)
        shown |= {f"{table}.csv": open_text} if open_text is not None else {}
        hidden |= {f"{table}.csv": closed_text} if closed_text is not None else {}
    released = levels.is_released(info.public, levels.MEMOS)
    for memo, text in memos.items():
        held = withheld is not None and memo in withheld.memos
        (shown if released and not held else hidden)[f"memos/{memo}.md"] = text.rstrip("\n") + "\n"
    return shown, hidden


def _keep_words(files: dict[str, str | bytes], path: Path) -> None:
    """Leave a `study.yml` as a person has written it, with remarks and line ends, where it says what is to be said."""
    new = files.get(path.name)
    if not isinstance(new, str) or not path.is_file():
        return
    try:
        old = path.read_bytes()
        same = yaml_text.load(old.decode("utf-8"), path.name) == yaml_text.load(new, path.name)
        if same or dump_info(read_info(path)) == new:
            files[path.name] = old
    except (CrosscaseError, UnicodeDecodeError):
        return


def table_texts(
    table: str, frame: pd.DataFrame, public: levels.Public, withheld: Mapping[str, pd.Series] | None = None
) -> tuple[str | None, str | None]:
    """Return one table as the CSV text for `data/` and the one for `restricted/`; None where there is no file.

    `withheld` are by column the rows whose cells stay under `restricted/` although the column is released.
    """
    schema = tables.schema(table)
    if public == levels.ALL and schema.level == "public" and withheld is None:
        return (tables.to_csv(frame, schema) if schema.required or not frame.empty else None), None
    open_part, closed_part = levels.split(frame, schema, public, withheld)
    open_text = closed_text = None
    if open_part is not None and (schema.required or not open_part.empty):
        open_text = tables.to_csv(open_part, schema.part("public"))
    if closed_part is not None and not closed_part.empty:
        closed_text = tables.to_csv(closed_part, schema.part("restricted"))
    return open_text, closed_text


def info_texts(name: str, info: StudyInfo, typed: StudyInfo | None) -> tuple[str, str | None]:
    """Return `study.yml` as the text for `data/` and the one for `restricted/`, None where nothing stays there.

    `typed` is the public file as it stands.
    """
    shown, hidden = levels.split_info(info, name, typed)
    return dump_info(shown), yaml_text.dump(hidden, width=100) if hidden else None


def _ours(folder: Path) -> set[str]:
    """Return the tables and memos that lie under `restricted/` of a study."""
    tables_of = {f"{name}.csv" for name in tables.names()} | {"study.yml"}
    found = {name for name in tables_of if (folder / name).is_file()}
    return found | {f"memos/{path.name}" for path in (folder / "memos").glob("*.md")}


def _write_files(folder: Path, files: Mapping[str, str | bytes], before: Mapping[str, object]) -> None:
    """Write some files of a folder, each by one rename, and drop those of `before` that are no longer there."""
    for name, content in files.items():
        path = safe_file(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        wanted = content.encode("utf-8") if isinstance(content, str) else content
        if path.is_file() and path.read_bytes() == wanted:
            continue
        renames.write(path, wanted, 0o600)
    for name in set(before) - set(files):
        try:
            (folder / name).unlink(missing_ok=True)
        except PermissionError as error:
            raise renames.held(folder / name, error) from error


def _restore(folder: Path, before: Mapping[str, bytes | None], written: Mapping[str, object]) -> None:
    """Write the former content of some files again; what is held by now comes to lie beside its place, and is named."""
    problems: list[Problem] = []
    for name in {**before, **written}:
        content = before.get(name)
        try:
            _write_files(folder, {} if content is None else {name: content}, {} if content is not None else {name: 0})
        except CrosscaseError as error:
            problems += error.problems
            if content is not None:
                beside = safe_file(folder, f"{name}.before")
                beside.write_bytes(content)
                remedy = f"close it, put {paths.relative(beside)} in its place, and try again"
                problems[-1] = replace(error.problems[0], remedy=remedy)
    raise_if(problems)


def dump_info(info: StudyInfo) -> str:
    """Return `study.yml` as text, keys in the model's order, empty keys left out."""
    content = info.model_dump(exclude_defaults=True)
    if "public" in info.model_fields_set:  # what is released is said, also where it is all
        content["public"] = info.public
    return yaml_text.dump(content, width=100)


def check_name(name: str) -> None:
    """Refuse a study id that is not a plain folder name on every system: lower-case letters, digits and hyphens."""
    raise_if(name_problems(name))


def name_problems(name: str) -> list[Problem]:
    """Return what is wrong with a study id: letters, length, a name that Windows or the compendium needs itself."""
    plain = name.replace("-", "").isalnum() and name.isascii() and name == name.lower() and not name.startswith("-")
    found = ids.unfit(name, ids.LONGEST_STUDY) or ("" if plain else "other signs")
    if name in OURS:
        found = f"{name!r} is a name of the compendium"
    allowed = f"a-z, 0-9 and hyphens, at most {ids.LONGEST_STUDY}"
    place, rule = f"study name {name!r}", "a study id is a plain folder name"
    return [Problem(place, rule, found, allowed, "choose another")] if found else []


def safe_file(folder: Path, name: str) -> Path:
    """Return the path of a file inside a folder; `CrosscaseError` where the name is absolute, climbs, or is empty."""
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        rule = "a file stays inside its study's folder"
        raise CrosscaseError(Problem(f"file name {name!r}", rule, remedy="rename it"))
    if found := next(filter(None, map(ids.unfit, name.split("/"))), ""):
        raise CrosscaseError(Problem(f"file name {name!r}", "every system can have the file", found, "", "rename it"))
    return path


def _write_folder(target: Path, files: Mapping[str, str | bytes], private: bool = False) -> Path | None:
    """Write files into a new folder beside the target, then put it in the target's place.

    What stood there is removed; where it is private it is returned instead, for whoever may have to put it back.
    """
    with named(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))  # no longer than the name of the study
    made = {staging}
    try:
        for name, content in files.items():
            plain = _PLAIN.fullmatch(name) and not any(map(ids.unfit, name.split("/")))
            path = staging / name if plain else safe_file(staging, name)
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            with named(target / name):
                path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
            if private:
                path.chmod(0o600)
        staging.chmod(0o700 if private else 0o755)
        old = renames.aside(target)
        there = renames.exchange(staging, target, old)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    if private and there:
        return old
    if there:
        renames.drop(old)
    return None
