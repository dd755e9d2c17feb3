"""Every place of a compendium, named once; no other module spells a path by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from crosscase.errors import CrosscaseError, Problem

PLAN = "compendium.yml"
HOME_VARIABLE = "CROSSCASE_HOME"
RUN_VARIABLE = "CROSSCASE_RUN"
LEVEL_VARIABLE = "CROSSCASE_LEVEL"
RESTRICTED = "restricted"
LEVELS = ("public", "restricted")


def root() -> Path:
    """Return the folder of the compendium: `CROSSCASE_HOME`, or the nearest folder above with `compendium.yml`."""
    if named := os.environ.get(HOME_VARIABLE):
        return _resolved(named, os.getcwd())
    here = Path.cwd().resolve()
    for folder in (here, *here.parents):
        if (folder / PLAN).is_file():
            return folder
    rule = f"commands work inside a compendium, a folder that holds {PLAN}"
    remedy = f"change into your copy of the compendium, or set {HOME_VARIABLE} to its folder"
    raise CrosscaseError(Problem(str(here), rule, "none here or above", remedy=remedy))


@lru_cache(maxsize=64)
def _resolved(named: str, _here: str) -> Path:
    """Return the real path of a name; asked thousands of times in one look at a plan."""
    return Path(named).resolve()


def relative(path: Path) -> str:
    """Return a path as the compendium writes it: from its root, with forward slashes."""
    try:
        return path.resolve().relative_to(root()).as_posix()
    except ValueError:
        return path.name


def plan() -> Path:
    """Return the plan: which studies, which notebooks, with which parameters."""
    return root() / PLAN


def lock() -> Path:
    """Return the lock of the environment."""
    return root() / "requirements.lock"


def dictionary() -> Path:
    """Return the folder of table schemas."""
    return root() / "data" / "dictionary"


def frameworks() -> Path:
    """Return the folder of construct lists."""
    return root() / "data" / "frameworks"


def studies() -> Path:
    """Return the folder that holds one folder per study."""
    return root() / "data" / "studies"


def restricted() -> Path:
    """Return the folder of texts and names that may not travel (never under version control)."""
    return root() / RESTRICTED


def level() -> str:
    """Return the level at which this process works: `restricted` reads what lies under `restricted/`, `public` not.

    `CrosscaseError` where `CROSSCASE_LEVEL` names none of these.
    """
    named = os.environ.get(LEVEL_VARIABLE) or "restricted"
    if named not in LEVELS:
        rule = "the level is one of a list"
        raise CrosscaseError(Problem(LEVEL_VARIABLE, rule, repr(named), ", ".join(LEVELS), "correct the variable"))
    return named


@contextmanager
def at_level(wanted: str) -> Iterator[None]:
    """Work at another level for a while: the gate looks for unreleased texts also in what is built as public."""
    before = os.environ.get(LEVEL_VARIABLE)
    os.environ[LEVEL_VARIABLE] = wanted
    try:
        yield
    finally:
        if before is None:
            del os.environ[LEVEL_VARIABLE]
        else:
            os.environ[LEVEL_VARIABLE] = before


def withheld(path: Path | str) -> bool:
    """Tell whether a path lies under `restricted/` while this process works at the level `public`."""
    return level() == "public" and Path(os.path.abspath(path)).is_relative_to(restricted())


def hidden(name: str) -> bool:
    """Tell whether a file is none of the person's: hidden, or left behind by a program (`._a.csv`, `~$b.docx`).

    Examples
    --------
    >>> hidden("._a.csv"), hidden("~$b.docx"), hidden("a.csv")
    (True, True, False)
    """
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def notebooks() -> Path:
    """Return the folder of notebooks, stored without outputs."""
    return root() / "notebooks"


@lru_cache(maxsize=1)
def source() -> Path:
    """Return the folder of the package's code that is running."""
    return Path(__file__).resolve().parent


def book() -> Path:
    """Return the folder of the book's chapters."""
    return root() / "book"


def guide() -> Path:
    """Return the folder of the user's guide, which the book takes into itself."""
    return root() / "docs" / "guide"


def results() -> Path:
    """Return the folder of everything that is generated."""
    return root() / "results"


def runs() -> Path:
    """Return the folder with one folder per finished notebook run."""
    return results() / "runs"


def built_book() -> Path:
    """Return the folder of the rendered book."""
    return results() / "book"


def posters() -> Path:
    """Return the folder of the posters."""
    return results() / "poster"
