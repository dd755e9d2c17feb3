"""Marks that git leaves in a file where two people changed the same lines."""

from __future__ import annotations

import re
from pathlib import Path

from crosscase import paths
from crosscase.errors import Problem

_MARK = re.compile(r"^(?:<{7}|>{7})(?: .*)?$|^={7}$")
_ENDS = (".csv", ".yml", ".md", ".json")


def conflict_problems(folders: list[Path]) -> list[Problem]:
    """Return a problem for each mark of a merge conflict in the tables, memos and YAML files of some folders."""
    problems = []
    for path in (path for folder in folders for path in _files(folder)):
        if paths.withheld(path):
            continue
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), start=1):
            if _MARK.match(line):
                rule = "no mark of a merge conflict of git is left"
                remedy = "keep the right lines of both, delete the marks, then `git add` the file"
                problems.append(Problem(f"{paths.relative(path)}, line {number}", rule, line[:40], remedy=remedy))
    return problems if any(problem.found[0] in "<>" for problem in problems) else []


def _files(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*")) + sorted((folder / "memos").glob("*"))
    return [path for path in found if path.suffix in _ENDS and path.is_file() and not paths.hidden(path.name)]
