"""Build everything again from nothing in another folder, compare with what is recorded, and certify the outcome."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from crosscase import paths, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.pipeline.cache import package_version
from crosscase.pipeline.compare import TOLERANCE, Difference, compare_tables, compare_values, same_figure, tolerance_of
from crosscase.pipeline.plan import load_plan
from crosscase.pipeline.store import write_json, write_whole
from crosscase.refusals import named

INPUTS = ("compendium.yml", "requirements.lock", "notebooks", "data", "restricted", "book")
BUILD = "import sys; from crosscase.pipeline import load_plan, run; sys.exit(not run(load_plan(), **{options}).ok)"


@dataclass
class Certificate:
    """What came out the same when everything was built again."""

    title: str  # title of the compendium
    date: str  # when, in UTC
    # kind of result (`values`, `tables`, `figures`, `notebooks`) -> how many were compared, how many were the same
    compared: dict[str, int] = field(default_factory=dict)
    equal: dict[str, int] = field(default_factory=dict)
    identical_files: int = 0  # how many of the compared files are the same bytes
    differences: list[Difference] = field(default_factory=list)  # every value, table and figure that is not the same
    environment: dict[str, str] = field(default_factory=dict)  # versions and platform of this build, hash of the lock
    hashes: dict[str, str] = field(default_factory=dict)  # SHA-256 of the recorded manifest and of the new one
    tolerance: float = TOLERANCE  # relative tolerance of numbers, where the plan names no other

    @property
    def ok(self) -> bool:
        """Whether every value, table and figure is the same."""
        return not self.differences

    def text(self) -> str:
        """Return the certificate as Markdown."""
        verdict = "Reproduced" if self.ok else f"Not reproduced: {len(self.differences)} differences"
        lines = ["# Certificate of reproduction", "", f"**{self.title}**", "", f"{verdict}, {self.date}.", ""]
        lines += ["| what | compared | the same |", "|---|---:|---:|"]
        lines += [f"| {kind} | {number} | {self.equal[kind]} |" for kind, number in self.compared.items()]
        lines += ["", f"Files with the same bytes: {self.identical_files}."]
        near = f"Numbers are compared with a relative tolerance of {self.tolerance:g} unless the plan says otherwise;"
        lines += [near, "figures by what they show; executed notebooks by their bytes, for information.", ""]
        lines += [
            "| environment | |",
            "|---|---|",
            *(f"| {name} | {each} |" for name, each in self.environment.items()),
        ]
        lines += ["", "| SHA-256 | |", "|---|---|", *(f"| {name} | `{value}` |" for name, value in self.hashes.items())]
        if self.differences:
            lines += ["", "## Differences", "", *(f"- {difference}" for difference in self.differences)]
        return "\n".join(lines) + "\n"


def reproduce(
    folder: Path,
    *,
    recorded: Path | None = None,
    workers: int | None = None,
    warm: bool | None = None,
    progress: bool = True,
) -> Certificate:
    """Build from a clean state into another folder and compare every value, table and figure with the record.

    Parameters
    ----------
    folder : pathlib.Path
        Where to build; it must not exist or be empty. The certificate is left there as `certificate.md` and `.json`.
    recorded : pathlib.Path, optional
        Folder of the recorded results, with `manifest.json`; by default the results of this compendium. Where it holds
        the manifest alone, tables and figures are compared by their hashes.
    workers, warm, progress
        As `run` takes them.

    Returns
    -------
    Certificate
        What was the same and what was not.

    Raises
    ------
    CrosscaseError
        Where nothing is recorded, the folder is in use, or a notebook fails.
    """
    recorded = recorded or paths.results()
    _manifest(recorded)  # without it nothing is built
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()):
        rule = "a reproduction begins in an empty folder"
        raise CrosscaseError(Problem(str(folder), rule, "files there", remedy="name another folder"))
    plan = load_plan()
    _copy_inputs(folder)
    _build(folder, {"workers": workers, "warm": warm, "progress": progress})
    fresh = folder / "results"
    certificate = Certificate(
        title=plan.title,
        date=dt.datetime.now(dt.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        environment=_environment(),
        hashes={
            "recorded manifest": trace.sha256(recorded / "manifest.json"),
            "manifest of this build": trace.sha256(fresh / "manifest.json"),
        },
    )
    _compare(certificate, recorded, fresh, plan.tolerance)
    write_whole(folder / "certificate.md", certificate.text())
    write_json(folder / "certificate.json", asdict(certificate) | {"reproduced": certificate.ok})
    return certificate


def _manifest(results: Path) -> dict[str, Any]:
    try:
        return json.loads((results / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        rule = "a reproduction compares with recorded results"
        remedy = "build them first: crosscase build"
        raise CrosscaseError(Problem(f"{results.name}/manifest.json", rule, str(error), remedy=remedy)) from error


def _copy_inputs(folder: Path) -> None:
    """Copy what a build needs, and nothing that a build makes."""
    with named(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name in INPUTS:
        source = paths.root() / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__"))
        elif source.exists():
            shutil.copy(source, folder / name)


def _build(folder: Path, options: dict[str, Any]) -> None:
    """Build in a process of its own, which knows nothing of this one."""
    env = os.environ | {paths.HOME_VARIABLE: str(folder)}
    env.pop(paths.RUN_VARIABLE, None)
    if subprocess.run([sys.executable, "-c", BUILD.format(options=options)], env=env, cwd=folder).returncode:
        run = folder / "results" / "run.json"
        failures = json.loads(run.read_text(encoding="utf-8"))["failures"] if run.exists() else []
        found = "; ".join(f"{each['job']}: {each['error']}" for each in failures) or "see the messages above"
        rule = "every notebook goes through from a clean state"
        raise CrosscaseError(Problem(str(folder), rule, found, remedy="mend it, then reproduce again"))


def _environment() -> dict[str, str]:
    return {
        "crosscase": package_version(),
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "lock (SHA-256)": trace.sha256(paths.lock()),
    }


def _compare(out: Certificate, recorded: Path, fresh: Path, tolerances: dict[str, float]) -> None:
    """Compare two manifests, and the files behind them where hashes differ."""
    old, new = _manifest(recorded), _manifest(fresh)
    wrong = compare_values(old["values"], new["values"], tolerances)
    out.differences += wrong
    out.compared["values"] = len(old["values"].keys() | new["values"].keys())
    out.equal["values"] = out.compared["values"] - len(wrong)
    for name in sorted(old["files"].keys() | new["files"].keys()):
        kind = _kind(name)
        if not kind:
            continue
        out.compared[kind] = out.compared.get(kind, 0) + 1
        problem = "only in one of both" if name not in old["files"] or name not in new["files"] else ""
        if old["files"].get(name) == new["files"].get(name):
            out.identical_files += 1
        elif not problem:
            problem = _different(kind, recorded / name, fresh / name, tolerances)
        out.equal[kind] = out.equal.get(kind, 0) + (not problem)
        if problem and kind != "notebooks":
            out.differences.append(Difference(kind[:-1], name, old["files"].get(name, "none")[:12], problem))


def _kind(name: str) -> str:
    """Say what a file is; empty for those that only repeat others (lists of records, spreadsheets of tables)."""
    if name.endswith(".ipynb"):
        return "notebooks"
    if "/figures/" in name:
        return "figures"
    return "tables" if name.endswith(".csv") else ""


def _different(kind: str, recorded: Path, fresh: Path, tolerances: dict[str, float]) -> str:
    """Say how two files of different bytes differ in content; empty where they do not."""
    if kind == "notebooks" or not recorded.exists():
        return "other bytes"
    if kind == "tables":
        return compare_tables(recorded, fresh, tolerance_of(recorded.stem, tolerances))
    return "" if same_figure(recorded, fresh) else "another picture"
