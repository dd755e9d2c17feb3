"""A study as it was before a command changed it, kept under `restricted/<study>/before/`, and the way back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from crosscase import paths, renames, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.refusals import named
from crosscase.study.keys import KEY_FILE
from crosscase.study.said import SAID
from crosscase.study.save import replace_files, safe_file

FOLDER, ABOUT = "before", "about.json"
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}-(\d+)")
_OPEN, _CLOSED = "data", "restricted"


@dataclass(frozen=True)
class Undone:
    """What was taken back: the command, the day, where the state before the undo lies, files edited since."""

    what: str
    day: str
    kept: Path
    edited: tuple[str, ...]


def keep_before(study: str, what: str, written: Collection[str] = (), today: dt.date | None = None) -> Path:
    """Copy what a command is about to change: all of `data/`, the tables under `restricted/`, and some texts.

    Parameters
    ----------
    study : str
        Id of the study.
    what : str
        The command, for people.
    written : collection of str
        Files under `restricted/<study>/`, beside tables, memos and reports, that are going to be written or removed.
    today : datetime.date, optional
        The day in the name of the folder.

    Returns
    -------
    pathlib.Path
        The folder, `restricted/<study>/before/<day>-<number>`.
    """
    home = paths.restricted() / study / FOLDER
    number = 1 + max((int(_NAME.fullmatch(path.name)[1]) for path in _entries(study)), default=0)  # type: ignore[index]
    folder = home / f"{today or dt.date.today()}-{number}"
    try:
        with named(folder):
            folder.mkdir(parents=True, mode=0o700)
            home.chmod(0o700)
            for name, path in _files(study, written):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.copyfile(path, target)
        _note(folder, {"what": what, "written": sorted(written), "after": {}, "undone": False})
    except BaseException:
        drop(folder)
        raise
    return folder


def finish(study: str, folder: Path) -> None:
    """Note how the files are after the command, so that an undo can tell what a person has edited since."""
    about = _about(folder)
    about["after"] = {name: _digest(path) for name, path in _files(study, about["written"])}
    _note(folder, about)


def drop(folder: Path) -> None:
    """Forget what was kept for a command that did nothing."""
    renames.drop(folder)
    if folder.parent.is_dir() and not any(folder.parent.iterdir()):
        folder.parent.rmdir()


def latest(study: str) -> Path:
    """Return the folder of the last command that can be taken back; `CrosscaseError` where there is none."""
    found = [path for path in _entries(study) if not _about(path)["undone"]]
    if not found:
        rule = "what is undone was kept before a command changed the study"
        raise CrosscaseError(Problem(f"restricted/{study}/{FOLDER}", rule, "nothing that is not undone yet"))
    return found[-1]


def edited(study: str, folder: Path) -> list[str]:
    """Return the files that were edited after the command whose former state a folder keeps."""
    about = _about(folder)
    now = {name: _digest(path) for name, path in _files(study, about["written"])}
    return sorted(name for name in {*now, *about["after"]} if now.get(name) != about["after"].get(name))


def undo(study: str, today: dt.date | None = None) -> Undone:
    """Take back the last command that changed a study: every file is as it was before.

    What stands now is kept as well, so that nothing is lost by an undo either.

    Raises
    ------
    CrosscaseError
        Where nothing was kept, or a file is held by another program; then everything stays.
    """
    folder = latest(study)
    about, since = _about(folder), tuple(edited(study, folder))
    now = keep_before(study, f"undo of: {about['what']}", about["written"], today)
    kept = {name: path.read_bytes() for name, path in _inside(folder) if name != ABOUT}
    shown = {name.partition("/")[2]: content for name, content in kept.items() if name.startswith(f"{_OPEN}/")}
    hidden = {name.partition("/")[2]: content for name, content in kept.items() if name.startswith(f"{_CLOSED}/")}
    there = {name.partition("/")[2] for name, _ in _files(study, about["written"]) if name.startswith(f"{_CLOSED}/")}
    try:
        replace_files(study, shown, hidden, there)
    except BaseException:
        drop(now)
        raise
    _note(folder, about | {"undone": True})
    _note(now, _about(now) | {"undone": True})
    return Undone(about["what"], folder.name[:10], now, since)


def others(study: str) -> dict[str, bytes]:
    """Return what is kept of former states, by name under `restricted/<study>/`."""
    return {f"{FOLDER}/{name}": path.read_bytes() for name, path in _inside(paths.restricted() / study / FOLDER)}


def _entries(study: str) -> list[Path]:
    home = paths.restricted() / study / FOLDER
    found = [path for path in home.glob("*") if _NAME.fullmatch(path.name) and (path / ABOUT).is_file()]
    return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))


def _files(study: str, written: Collection[str]) -> Iterator[tuple[str, Path]]:
    """Yield every file that a command may change, as `data/...` or `restricted/...`."""
    for name, path in _inside(paths.studies() / study):
        yield f"{_OPEN}/{name}", path
    home = paths.restricted() / study
    ours = {"study.yml", KEY_FILE, SAID, "import.md", "import_map.json", *(f"{name}.csv" for name in tables.names())}
    for name in sorted(ours):
        if (home / name).is_file():
            yield f"{_CLOSED}/{name}", home / name
    for name, path in _inside(home / "memos"):
        yield f"{_CLOSED}/memos/{name}", path
    for name in sorted(written):
        if (path := safe_file(home, name)).is_file() and name not in ours:
            yield f"{_CLOSED}/{name}", path


def _inside(folder: Path) -> list[tuple[str, Path]]:
    found = sorted(folder.rglob("*")) if folder.is_dir() else []
    return [(path.relative_to(folder).as_posix(), path) for path in found if path.is_file() and not path.is_symlink()]


def _about(folder: Path) -> dict:
    return json.loads((folder / ABOUT).read_text(encoding="utf-8"))


def _note(folder: Path, about: dict) -> None:
    renames.write(folder / ABOUT, (json.dumps(about, indent=1, ensure_ascii=False) + "\n").encode(), 0o600)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
