"""Workers on other machines: each is looked at before its first job, and one that differs from the build gets none."""

from __future__ import annotations

import ast
import importlib.metadata
import pickle
import re
import secrets
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError, Problem, shortened
from crosscase.pipeline import alike
from crosscase.pipeline.parameters import read_notebook, source_of
from crosscase.pipeline.place import staging
from crosscase.pipeline.work import Order, Outcome

RULE = "a worker has the Crosscase, the packages and the Python of the build, and sees its folder under the same path"
REMEDY = "install requirements.lock and this copy of Crosscase there, stop the worker, and start it again"
FOLDER_REMEDY = "mount the folder there under the same path, with permission to write, or start the worker where it is"
MOST = 6
"""How many differences of a worker are told; the rest is counted."""


@dataclass
class Workers:
    """The workers of a Dask scheduler as a build sees them."""

    client: Any  # of `distributed`
    executor: Any  # its executor
    wanted: dict[str, Any]  # what a worker must have, see `alike.differences`
    refused: dict[str, Problem] = field(default_factory=dict)  # address of a worker -> why it gets no job
    given: dict[Future[Any], tuple[Order, set[str]]] = field(default_factory=dict)  # to which workers alone; none: any

    def submit(self, order: Order) -> Future[Outcome]:
        """Give out one job, to those workers that may do it."""
        only = self._others() if self.refused else set()
        names: dict[str, Any] = {"text": Path(alike.__file__).read_text(encoding="utf-8")}
        names |= {"wanted": self.wanted, "order": pickle.dumps(order)}
        where = {"workers": sorted(only), "allow_other_workers": False} if only else {}
        future: Future[Any] = self.executor.submit(eval, alike.RUN, names, **where)
        self.given[future] = order, only
        return future

    def _others(self) -> set[str]:
        """Return the workers that were not refused.

        Raises `CrosscaseError` where every worker was, with what is wrong with each.
        """
        others = set(self.client.scheduler_info()["workers"]) - self.refused.keys()
        if not others:
            raise CrosscaseError(list(dict.fromkeys(self.refused.values())))
        return others

    def again(self, future: Future[Any]) -> Order | None:
        """Return the order of a job that a refused worker gave back; None where a job was done."""
        order, _ = self.given.pop(future)
        if future.cancelled() or future.exception() is not None or not isinstance(answer := future.result(), dict):
            return None
        self.refused.setdefault(answer["worker"], _problem(**answer))
        return order

    def stranded(self) -> list[tuple[Future[Any], Order]]:
        """Take back jobs that were given to some workers alone, all of which are gone."""
        if not any(only for _, only in self.given.values()):
            return []
        now = set(self.client.scheduler_info()["workers"])
        left = [future for future, (_, only) in self.given.items() if only and not only & now and not future.done()]
        for future in left:
            future.cancel()
        return [(future, self.given.pop(future)[0]) for future in left]


def _problem(refused: list[tuple[str, str, str]], worker: str, name: str, machine: str) -> Problem:
    folder = [each for each in refused if each[0].startswith("the folder")]
    told = [f"{what} {_short(found)}, here {_short(wanted)}" for what, found, wanted in refused if what != "Crosscase"]
    told = [*(_another(found) for what, found, _ in refused if what == "Crosscase"), *told]
    more = f"; {len(told) - MOST} more" if len(told) > MOST else ""
    remedies = ([REMEDY] if len(folder) < len(refused) else []) + ([FOLDER_REMEDY] if folder else [])
    place = f"worker {name} on {machine}"
    return Problem(place, RULE, "; ".join(told[:MOST]) + more, remedy="; ".join(remedies))


def _another(found: str) -> str:
    known = len(found) == 64
    return "another copy of Crosscase (its source differs)" if known else f"Crosscase: {found}"


def _short(value: str) -> str:
    return shortened(value, 100)


def told(problems: dict[str, Problem]) -> list[str]:
    """Return one line for each worker that got no job."""
    return [f"{problem.place} got no job: {problem.found}" for problem in dict.fromkeys(problems.values())]


def wanted(notebooks: list[Path]) -> tuple[dict[str, Any], Path]:
    """Return what a worker must have to run some notebooks, and the file by which it sees the folder of the build."""
    token, content = staging() / f"seen-{secrets.token_hex(4)}", secrets.token_hex(16)
    token.parent.mkdir(parents=True, exist_ok=True)
    token.write_text(content, encoding="utf-8")
    return {"here": alike.here(sorted(packages(notebooks))), "token": str(token), "in": content}, token


def packages(notebooks: list[Path]) -> set[str]:
    """Return the installed packages that results may depend on: what this package and notebooks import, and so on."""
    homes = importlib.metadata.packages_distributions()
    waiting = {"crosscase", *(name for module in imported(notebooks) for name in homes.get(module, ()))}
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        try:
            needs = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue
        found.add(name)
        waiting |= {match[0].lower() for match in map(_needed, needs) if match} - found
    return found - {"crosscase"}


def _needed(requirement: str) -> re.Match[str] | None:
    """Return the name of a requirement; None where only an extra needs it."""
    return None if re.search(r"\bextra\s*==", requirement) else re.match(r"[A-Za-z0-9._-]+", requirement)


def imported(notebooks: list[Path]) -> set[str]:
    """Return the top modules that notebooks import."""
    return {name for path in notebooks for cell in read_notebook(path)["cells"] for name in _imports(source_of(cell))}


def _imports(text: str) -> Iterator[str]:
    """Yield what a cell imports; lines for IPython are left out, a cell that is no Python has nothing."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("%", "!")))
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        yield from (name.partition(".")[0] for name in names)
