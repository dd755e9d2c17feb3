"""The plan: which notebooks run, for which studies, with which parameters, after which others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.pipeline import sweeps
from crosscase.pipeline.job import COMPENDIUM, Job


@dataclass
class Plan:
    """A checked plan."""

    title: str  # title of the compendium
    studies: list[str]  # ids of the studies, in the order of the plan
    entries: list[dict[str, Any]]  # one per notebook, in order, with every key of `schema.Entry`
    # value id -> relative tolerance when a reproduction compares it
    tolerance: dict[str, float] = field(default_factory=dict)

    def jobs(
        self,
        studies: Iterable[str] | None = None,
        notebooks: Iterable[str] | None = None,
        overrides: Mapping[str, Any] | None = None,
    ) -> list[Job]:
        """Return the jobs, every parameter checked against its notebook's parameters cell.

        Parameters
        ----------
        studies, notebooks : iterable of str, optional
            Only these (and the jobs whose results they read); all by default.
        overrides : mapping of str to value, optional
            Parameters that take precedence over the plan's, for the selected notebooks.

        Returns
        -------
        list of Job
            In an order in which each stands after those it reads.

        Raises
        ------
        CrosscaseError
            With all problems: unknown study, notebook or parameter, wrong type, no parameters cell.
        """
        from crosscase.pipeline.parameters import checked

        studies, notebooks = (None if each is None else list(each) for each in (studies, notebooks))
        wanted = self._selection(studies, notebooks)
        chosen = {entry["notebook"] for entry in self.entries} if notebooks is None else set(notebooks)
        each = (job for entry in self.entries for job in self._of(entry, overrides or {}, chosen, studies))
        everything = checked(each)
        by_id = {job.id: job for job in everything}
        needed: dict[str, Job] = {}

        def take(job: Job) -> None:
            if job.id not in needed:
                for name in job.after:
                    take(by_id[name])
                needed[job.id] = job

        for job in everything:
            if wanted(job):
                take(job)
        return list(needed.values())

    def _selection(self, studies: list[str] | None, notebooks: list[str] | None) -> Callable[[Job], bool]:
        names = [entry["notebook"] for entry in self.entries]
        problems = [
            sweeps.unknown(f"study {study}", "a selected study is in the plan", study, self.studies)
            for study in studies or ()
            if study not in self.studies
        ]
        problems += [
            sweeps.unknown(f"notebook {name}", "a selected notebook is in the plan", name, names)
            for name in notebooks or ()
            if name not in names
        ]
        raise_if(problems)

        def wanted(job: Job) -> bool:
            right_study = studies is None or job.study in studies or (job.study is None and notebooks is not None)
            return right_study and (notebooks is None or job.notebook in notebooks)

        return wanted

    def _of(
        self, entry: dict[str, Any], overrides: Mapping[str, Any], chosen: set[str], only: list[str] | None
    ) -> Iterable[Job]:
        """Yield the jobs of one notebook: each study, each parameter set of its sweep."""
        for study in self._studies(entry) if entry["per"] == "study" else [None]:
            base = {"study": study} if study else {}
            base |= entry["parameters"] | (entry["studies"].get(study, {}) if study else {})
            mine = entry["notebook"] in chosen and (only is None or study is None or study in only)
            sweep = entry["sweeps"].get(study, entry["sweep"]) if study else entry["sweep"]
            cases = sweeps.cases_of(study) if sweeps.names_cases(sweep) else []
            for label, point in [("", {}), *sweeps.points(sweep, cases)]:
                yield Job(
                    notebook=entry["notebook"],
                    title=entry["title"],
                    study=study,
                    parameters=base | point | (dict(overrides) if mine else {}),
                    sweep=label,
                    after=tuple(self._before(entry, study)),
                    time_limit=entry["time_limit"],
                    memory_limit=entry["memory_limit"],
                )

    def _studies(self, entry: dict[str, Any]) -> list[str]:
        """Return the studies for which a notebook runs: those of its key `only`, or all."""
        return [study for study in self.studies if not entry["only"] or study in entry["only"]]

    def _before(self, entry: dict[str, Any], study: str | None) -> Iterable[str]:
        others = {other["notebook"]: other for other in self.entries}
        for name in entry["after"]:
            if others[name]["per"] == COMPENDIUM:
                yield f"{name}/{COMPENDIUM}"
            else:
                yield from (f"{name}/{each}" for each in self._studies(others[name]) if study in (None, each))


def load_plan(path: Path | None = None) -> Plan:
    """Read and check the plan of the compendium.

    Parameters
    ----------
    path : pathlib.Path, optional
        The plan; by default `compendium.yml` of the current compendium.

    Raises
    ------
    CrosscaseError
        With all problems of the plan: each with its line, the rule and an example.
    """
    path = path or paths.plan()
    if not path.is_file():
        raise CrosscaseError(Problem(str(path), "a compendium has a plan", "no such file", remedy="create it"))
    data = _parsed(path)
    known = available_studies()
    studies = known if data["studies"] == "all" else data["studies"]
    plan = Plan(title=data["title"], studies=studies, entries=data["notebooks"], tolerance=data["tolerance"])
    raise_if(_problems(plan, known, path.name))
    return plan


def available_studies() -> list[str]:
    """Return the studies that have data, sorted: folders of `data/studies` with a `study.yml`."""
    return sorted(file.parent.name for file in trace.matching(paths.studies(), "*/study.yml"))


def _parsed(path: Path) -> dict[str, Any]:
    """Return the validated plan; the validator is loaded only for a text that it has not seen."""
    from crosscase.pipeline.store import remembered

    text = path.read_text(encoding="utf-8")

    def check() -> dict[str, Any]:
        from crosscase.pipeline.schema import parse

        return parse(text, path.name)

    rules = b"".join((Path(__file__).parents[1] / name).read_bytes() for name in ("pipeline/schema.py", "yaml_text.py"))
    return remembered("plan", hashlib.sha256(rules + text.encode()).hexdigest(), check)


def _problems(plan: Plan, known: list[str], name: str) -> list[Problem]:
    """Check what the shape cannot say: names that must exist, names once, no circle."""
    problems = [
        sweeps.unknown(f"{name}, studies", "a study has a folder with study.yml below data/studies", study, known)
        for study in plan.studies
        if study not in known
    ]
    names = [entry["notebook"] for entry in plan.entries]
    files = sorted(file.stem for file in paths.notebooks().glob("*.ipynb"))
    for study in {study for study in plan.studies if plan.studies.count(study) > 1}:
        problems.append(Problem(f"{name}, studies", "a study stands once", f"{study} twice", remedy="drop one"))
    for number, entry in enumerate(plan.entries, start=1):
        place = f"{name}, notebooks entry {number} ({entry['notebook']})"
        if names.index(entry["notebook"]) != number - 1:
            problems.append(Problem(place, "a notebook stands once in the plan", "it again", remedy="drop one"))
        if entry["notebook"] not in files:
            rule = "a notebook of the plan is a file of the folder notebooks"
            problems.append(sweeps.unknown(f"{place}, key notebook", rule, entry["notebook"], files))
        for other in entry["after"]:
            if other not in names:
                problems.append(sweeps.unknown(f"{place}, key after", "it names notebooks of the plan", other, names))
        for key, rule in (("studies", "overrides name studies of the plan"), ("only", "it names studies of the plan")):
            for study in entry[key]:
                if study not in plan.studies:
                    problems.append(sweeps.unknown(f"{place}, key {key}", rule, study, plan.studies))
        problems += sweeps.problems(entry, place, plan.studies)
        if entry["studies"] and entry["per"] == COMPENDIUM:
            rule = "only a notebook with per: study has overrides per study"
            problems.append(Problem(f"{place}, key studies", rule, "per: compendium", remedy="use parameters"))
        if entry["only"] and entry["per"] == COMPENDIUM:
            rule = "only a notebook with per: study is limited to studies"
            problems.append(Problem(f"{place}, key only", rule, "per: compendium", remedy="per: study, or drop it"))
    return problems + ([] if problems else _circle(plan, name))


def _circle(plan: Plan, name: str) -> list[Problem]:
    after = {entry["notebook"]: set(entry["after"]) for entry in plan.entries}
    while free := {notebook for notebook, before in after.items() if not before & after.keys()}:
        after = {notebook: before for notebook, before in after.items() if notebook not in free}
    if not after:
        return []
    rule = "no notebook waits, directly or not, for itself"
    return [Problem(f"{name}, keys after", rule, " and ".join(sorted(after)), remedy="remove one of these after")]
