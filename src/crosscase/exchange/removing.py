"""Take a study away whole: its data, texts, results and posters; what else names it is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from crosscase import paths, renames
from crosscase.errors import CrosscaseError, Problem
from crosscase.refusals import refused
from crosscase.study.save import check_name


@dataclass(frozen=True)
class Removal:
    """What goes with a study, and what names it and stays."""

    study: str
    goes: tuple[Path, ...]
    stays: tuple[str, ...]

    def text(self) -> str:
        """Return it as lines for people, with the number of files in each folder."""
        lines = [
            f"{paths.relative(path)} ({_files(path):,} {'file' if _files(path) == 1 else 'files'})"
            for path in self.goes
        ]
        return "\n".join([*lines, *(f"stays, and names it: {place}" for place in self.stays)])


def removal(study: str) -> Removal:
    """Return what goes with a study; `CrosscaseError` where there is nothing of it."""
    check_name(study)
    folders = [paths.studies() / study, paths.restricted() / study]
    if not any(path.exists() for path in folders):
        raise CrosscaseError(Problem(f"study {study!r}", "a study has a folder in data/studies", "none"))
    files = [paths.book() / "studies" / f"{study}.md", paths.book() / "posters" / f"{study}.yml"]
    made = sorted(paths.posters().glob(f"{study}.*")) + sorted(paths.runs().glob(f"*/{study}"))
    book = paths.built_book()
    made += [path for path in (book / "segments" / study, book / "notebooks" / study) if path.exists()]
    made += sorted((book / "studies").glob(f"{study}.*")) + sorted((book / "_images").glob(f"{study}.*"))
    goes = [path for path in (*folders, *files, *made) if path.exists() or path.is_symlink()]
    named = [paths.plan(), *sorted((paths.studies().parent / "synthesis").glob("*.csv"))]
    named += [path for path in sorted(paths.book().rglob("*")) if path.suffix in (".md", ".yml") and path not in goes]
    stays = [
        f"{paths.relative(path)}, line {number}"
        for path in named
        if path.is_file()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1)
        if study in line
    ]
    return Removal(study, tuple(goes), tuple(stays))


def remove(found: Removal) -> None:
    """Take a study away, all of it or nothing. This cannot be undone: texts are deleted, former states too.

    Raises
    ------
    CrosscaseError
        Where another program holds a part of it; then all of it is in its place.
    """
    moved: list[tuple[Path, Path]] = []
    for path in found.goes:
        free = renames.aside(path)
        try:
            renames.replace(path, free)
        except OSError as error:
            for place, there in reversed(moved):
                renames.put_back(there, place)
            raise CrosscaseError(refused(error, path, "try again; nothing has gone")) from None
        moved.append((path, free))
    for _, free in moved:
        if free.is_dir() and not free.is_symlink():
            renames.drop(free)
        else:
            free.unlink(missing_ok=True)


def _files(path: Path) -> int:
    return sum(each.is_file() for each in path.rglob("*")) if path.is_dir() else 1
