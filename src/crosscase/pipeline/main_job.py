"""The main job: check the data, run the notebooks, build the posters and the book, and sum up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crosscase import paths
from crosscase.errors import raise_if
from crosscase.pipeline.progress import steps as show_steps

if TYPE_CHECKING:
    from crosscase.pipeline.plan import Plan


@dataclass
class BuildSummary:
    """What a build did, in the words of its last lines."""

    run: Any = None  # report of the notebooks, with `ok` and `summary()`
    values: int = 0  # how many values are kept
    # published facts by result: reproduced, differs, not reproducible
    facts: dict[str, int] = field(default_factory=dict)
    posters: list[str] = field(default_factory=list)  # posters built, from the compendium's root
    book: str = ""  # where the book is, or why it was not built
    digits: list[str] = field(default_factory=list)  # digits in prose that come from no role
    review: str = ""  # how many notes the second reader makes

    @property
    def ok(self) -> bool:
        """Whether every notebook went through."""
        return self.run is None or self.run.ok

    def summary(self) -> str:
        """Return the summary as lines for people."""
        lines = [] if self.run is None else [self.run.summary()]
        lines.append(f"values kept: {self.values}")
        if self.facts:
            lines.append("published facts: " + ", ".join(f"{count} {result}" for result, count in self.facts.items()))
        if self.posters:
            lines.append("posters: " + ", ".join(self.posters))
        if self.digits:
            lines.append(f"digits in prose that come from no role: {len(self.digits)}")
            lines += [f"  {line}" for line in self.digits[:20]]
        if self.review:
            lines.append(f"second reader: {self.review} (crosscase review tells them)")
        if self.book:
            lines.append(f"book: {self.book}")
        return "\n".join(lines)


def main_job(
    studies: list[str] | None = None,
    *,
    steps: Sequence[str] = ("notebooks", "poster", "book"),
    force: bool = False,
    workers: int | None = None,
    warm: bool | None = None,
    scheduler: str | None = None,
    progress: bool = True,
    say: Callable[[str], Any] = print,
) -> BuildSummary:
    """Do the main job on all studies of the plan, or on some.

    Parameters
    ----------
    studies : list of str, optional
        Only these studies; all of the plan by default.
    steps : sequence of str
        Any of `notebooks`, `poster`, `book`.
    force, workers, warm, scheduler, progress
        As `crosscase.pipeline.run` takes them.
    say : callable
        Takes a line for people.

    Returns
    -------
    BuildSummary
        What was done; posters and book are not built where a notebook failed.

    Raises
    ------
    CrosscaseError
        Where the data, the plan or a chapter is wrong.
    """
    from crosscase.pipeline.plan import load_plan
    from crosscase.pipeline.runner import run

    plan, out = load_plan(), BuildSummary()
    chosen = studies or plan.studies
    jobs = plan.jobs(studies=studies)
    check_data(chosen, say)
    if "notebooks" in steps:
        how: dict[str, Any] = {"force": force, "workers": workers, "warm": warm, "scheduler": scheduler}
        out.run = run(plan, jobs=jobs if studies else None, progress=progress, **how)
        if not out.run.ok:
            out.book = "not built, because a notebook failed"
            return out
    _publish(out, studies, plan.studies, steps, progress)
    return out


def check_data(studies: Sequence[str], say: Callable[[str], Any]) -> None:
    """Check the data of some studies and the frameworks; the same bytes are checked once.

    Raises `CrosscaseError` with all problems of all of them.
    """
    import hashlib

    from crosscase.pipeline.cache import file_hash
    from crosscase.pipeline.store import remembered

    shared = paths.studies().parent / "synthesis"
    folders = [paths.dictionary(), paths.frameworks(), shared, paths.source() / "study"]
    folders += [place / name for name in studies for place in (paths.studies(), paths.restricted())]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    listing = "\n".join(f"{path} {file_hash(path)}" for path in files)

    def check() -> dict[str, bool]:
        from crosscase.study.check import check_frameworks, check_study
        from crosscase.study.check_shared import check_synthesis

        found = [problem for name in studies for problem in check_study(name)]
        raise_if(found + check_frameworks() + check_synthesis())
        return {"checked": True}

    remembered("data", hashlib.sha256(listing.encode()).hexdigest(), check)
    say(f"data: {len(studies)} {'study' if len(studies) == 1 else 'studies'} checked, no problem")


def _publish(
    out: BuildSummary, studies: list[str] | None, every: list[str], steps: Sequence[str], progress: bool
) -> None:
    """Build posters and book from what is kept, and count the reproduced facts."""
    from crosscase.pipeline.plan import load_plan
    from crosscase.publish.reproduction import fact_counts, reproduction_table
    from crosscase.publish.values import read_kept

    kept = read_kept()
    out.values = len(kept.values)
    out.facts = fact_counts(reproduction_table(studies or every, kept))
    if "poster" in steps:
        out.posters = posters(studies, kept, progress)
    if "book" in steps:
        from crosscase.publish.book import build_book
        from crosscase.review import in_words

        draw_plan(load_plan())
        with show_steps("book", progress) as tell:
            report = build_book(studies, progress=tell)
        out.digits = [str(item) for item in report.digits]
        out.review = in_words(report.review) if report.review else ""
        out.book = str(report.index)


def draw_plan(plan: Plan) -> None:
    """Draw the plan for the book into `results/plan`, with its description; the same plan is drawn once."""
    import hashlib

    from crosscase.pipeline.cache import file_hash
    from crosscase.pipeline.graphs import alt_graph, draw_graph
    from crosscase.pipeline.store import remembered, write_whole

    folder = paths.results() / "plan"

    def draw() -> dict[str, str]:
        draw_graph(plan, folder / "plan.svg", state=False)
        write_whole(folder / "plan.txt", alt_graph(plan) + "\n")
        return {name: file_hash(folder / name) for name in ("plan.svg", "plan.txt")}

    program = file_hash(paths.source() / "pipeline" / "graphs.py")
    key = hashlib.sha256(f"{file_hash(paths.plan())}{plan.studies}{program}".encode()).hexdigest()
    if any(file_hash(folder / name) != digest for name, digest in remembered("drawing", key, draw).items()):
        draw()


def posters(studies: list[str] | None, kept: Any, progress: bool) -> list[str]:
    """Build the posters, or leave them alone where neither what they print nor what sets them has changed."""
    import hashlib

    from crosscase.pipeline.cache import file_hash
    from crosscase.pipeline.store import remembered

    def build() -> dict[str, Any]:
        from crosscase.publish.poster import build_posters

        with show_steps("posters", progress) as tell:
            tell("draw and set", 0.0)
            return {paths.relative(path): file_hash(path) for path in build_posters(studies, kept)}

    inputs = [paths.results() / "manifest.json", *sorted((paths.book() / "posters").glob("*"))]
    inputs += sorted(paths.source().glob("publish/poster*")) + sorted(paths.source().glob("publish/templates/*"))
    inputs += sorted(paths.studies().glob("*/study.yml")) + sorted(paths.studies().glob("*/quotations.csv"))
    inputs += sorted(paths.source().glob("release/*.py")) + sorted(paths.studies().glob("*/documents.csv"))
    inputs += [path for path in sorted(paths.restricted().rglob("*")) if path.is_file()]
    key = hashlib.sha256(f"{studies}{[(str(path), file_hash(path)) for path in inputs]}".encode()).hexdigest()
    built = remembered("posters", key, build)
    if any(file_hash(paths.root() / name) != digest for name, digest in built.items()):
        built = build()
    return list(built)
