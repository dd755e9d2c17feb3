"""How long a build takes: our runner beside the papermill command (and Snakemake, where it is installed).

    python benchmarks/pipeline_bench.py                  # a copy of the compendium itself
    python benchmarks/pipeline_bench.py --made-up 5      # a made-up compendium with that many studies
    python benchmarks/pipeline_bench.py --snakemake PATH # the no-op of Snakemake on the same plan
    python benchmarks/pipeline_bench.py --many 1000      # many small notebooks on a local Dask cluster of two workers

All ways run side by side in one run on the same machine, so that their ratios mean something.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crosscase import paths

LOAD = """\
import numpy as np
import pandas as pd
import statsmodels.api as sm
import matplotlib.pyplot as plt
from crosscase import paths, trace
rng = np.random.default_rng(seed)
frame = pd.DataFrame({"x": rng.normal(size=2000), "case": rng.integers(0, 6, 2000)})
frame["y"] = 2 * frame["x"] + rng.normal(size=2000)
"""
FIT = 'fit = sm.OLS(frame["y"], sm.add_constant(frame[["x"]])).fit()\nfit.params.round(6)'
DRAW = 'fig, ax = plt.subplots()\nax.scatter(frame["x"], frame["y"], s=4)\nplt.show()'
TABLE = 'frame.groupby("case").agg(["mean", "count"])'
RUN = "from crosscase.pipeline import load_plan, run; import sys; sys.exit(not run(load_plan(), progress=False).ok)"
PLAN_ONLY = "from crosscase.pipeline import load_plan, stale; print(len(stale(load_plan())))"


def notebook(path: Path, parameters: str, cells: list[str]) -> None:
    import nbformat

    node = nbformat.v4.new_notebook()
    node.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    node.cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")]
    node.cells += [nbformat.v4.new_code_cell(cell, id=f"c{number}") for number, cell in enumerate(cells)]
    nbformat.write(node, path)


def made_up(root: Path, studies: int, small: bool = False) -> None:
    """Write a compendium: per study five notebooks like real ones, or one small one."""
    (root / "notebooks").mkdir(parents=True)
    (root / "requirements.lock").write_text("pandas==3.1.1\n")
    for number in range(studies):
        folder = root / "data" / "studies" / f"s{number:04}"
        folder.mkdir(parents=True)
        (folder / "study.yml").write_text("title: x\n")
    names = ["10_small"] if small else [f"{number}0_part" for number in range(1, 6)]
    plan = ["title: made up", "notebooks:"]
    for name in names:
        cells = ["1 + 1"] if small else [LOAD, FIT, DRAW, TABLE]
        notebook(root / "notebooks" / f"{name}.ipynb", "study = 's0000'\nseed = 1", cells)
        plan.append(f"  - {{notebook: {name}, title: {name}, per: study, reason: benchmark}}")
    (root / "compendium.yml").write_text("\n".join(plan) + "\n")


def real(root: Path) -> bool:
    """Copy this repository's compendium; False where it has no notebooks yet."""
    here = Path(__file__).resolve().parent.parent
    if not list((here / "notebooks").glob("*.ipynb")):
        return False
    for name in ("compendium.yml", "requirements.lock", "notebooks", "data", "restricted"):
        if (here / name).is_dir():
            shutil.copytree(here / name, root / name)
        elif (here / name).exists():
            root.mkdir(parents=True, exist_ok=True)
            shutil.copy(here / name, root / name)
    return True


def timed(command: list[str], root: Path, **more: str) -> float:
    env = os.environ | {paths.HOME_VARIABLE: str(root)} | more
    begin = time.perf_counter()
    subprocess.run(command, env=env, cwd=root, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def by_papermill(root: Path, limit: int | None) -> tuple[float, int, int]:
    """Run the notebooks by the papermill command, one after another; return seconds, how many, how many in all."""
    os.environ[paths.HOME_VARIABLE] = str(root)
    from crosscase.pipeline import load_plan

    jobs = load_plan().jobs()
    chosen = jobs[:: max(1, len(jobs) // limit)][:limit] if limit else jobs
    total = 0.0
    for job in chosen:
        run = root / "by-papermill" / job.id
        run.mkdir(parents=True)
        (run / "job.json").write_text(json.dumps({"after": list(job.after)}))
        file = run / "parameters.yml"
        file.write_text(json.dumps(job.parameters))
        command = [sys.executable, "-m", "papermill", str(job.source), str(run / "out.ipynb"), "-f", str(file)]
        command += ["--cwd", str(root / "notebooks"), "--no-progress-bar", "--log-level", "ERROR", "-k", "python3"]
        total += timed(command, root, **{paths.RUN_VARIABLE: str(run)})
    return total, len(chosen), len(jobs)


def snakefile(root: Path) -> None:
    """Write the same plan for Snakemake: a rule per job, the inputs that our runs recorded."""
    os.environ[paths.HOME_VARIABLE] = str(root)
    from crosscase.pipeline import load_plan
    from crosscase.pipeline.cache import read_state

    jobs = load_plan().jobs()
    rules = [f"rule all:\n    input: {[f'snake/{job.id}.ipynb' for job in jobs]!r}\n"]
    for number, job in enumerate(jobs):
        reads = [name for name in (read_state(job) or {"reads": {}})["reads"] if (root / name).is_file()]
        inputs = [f"notebooks/{job.notebook}.ipynb", *reads, *(f"snake/{name}.ipynb" for name in job.after)]
        rules.append(
            f"rule job{number}:\n    input: {inputs!r}\n    output: {f'snake/{job.id}.ipynb'!r}\n"
            f"    params: p={json.dumps(job.parameters)!r}\n    shell: 'cp {{input[0]}} {{output}}'\n"
        )
    (root / "Snakefile").write_text("\n".join(rules))


def side_by_side(root: Path, limit: int | None, snakemake: str | None) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    cold = timed(python(RUN), root)
    report = json.loads((root / "results" / "run.json").read_text())
    cells = sum(job["cell_seconds"] for job in report["done"])
    slots = cold * report["workers"]
    rows.append((f"whole build, {len(report['done'])} notebooks, {report['workers']} workers", f"{cold:.1f} s"))
    rows.append(("  of it inside cells", f"{cells:.1f} s of {slots:.1f} worker-seconds"))
    seconds, count, every = by_papermill(root, limit)
    whole = seconds / count * every
    rows.append((f"papermill command, one after another ({count} of {every} run)", f"{whole:.1f} s"))
    rows.append(("  ratio", f"{whole / cold:.1f}"))
    nothing = statistics.median(timed(python(PLAN_ONLY), root) for _ in range(5))
    rows.append(("nothing changed, plan", f"{nothing:.2f} s"))
    rows.append(("nothing changed, run", f"{statistics.median(timed(python(RUN), root) for _ in range(5)):.2f} s"))
    rows += one_parameter(root)
    if snakemake:
        snakefile(root)
        timed([snakemake, "--cores", "2", "--quiet"], root)
        idle = statistics.median(timed([snakemake, "--cores", "2", "--quiet"], root) for _ in range(5))
        rows.append(("nothing changed, Snakemake", f"{idle:.2f} s, ratio {idle / nothing:.1f}"))
    return rows


def one_parameter(root: Path) -> list[tuple[str, str]]:
    """Change one parameter of one study, for the first notebook that declares a number."""
    import yaml

    os.environ[paths.HOME_VARIABLE] = str(root)
    from crosscase.pipeline import load_plan
    from crosscase.pipeline.parameters import declared

    data = yaml.safe_load((root / "compendium.yml").read_text(encoding="utf-8"))
    study = load_plan().studies[0]
    for entry in data["notebooks"]:
        told = declared(root / "notebooks" / f"{entry['notebook']}.ipynb") or {}
        name = next((name for name, about in told.items() if about["type"] == "int"), None)
        if name and entry["per"] == "study":
            value = int(told[name]["default"].replace("_", "")) + 1
            entry.setdefault("studies", {}).setdefault(study, {})[name] = value
            break
    else:
        return [("one parameter changed", "no notebook declares a number")]
    (root / "compendium.yml").write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")
    seconds = timed(python(RUN), root)
    done = json.loads((root / "results" / "run.json").read_text())["done"]
    cells = sum(job["cell_seconds"] for job in done)
    return [(f"{name} of {study} changed: {len(done)} run", f"{seconds:.1f} s, of it {cells:.1f} s inside cells")]


def many(root: Path, count: int) -> list[tuple[str, str]]:
    """Run many small notebooks on two Dask workers; time and memory in each fifth of the run."""
    import threading

    import psutil
    from distributed import LocalCluster

    made_up(root, count, small=True)
    os.environ[paths.HOME_VARIABLE] = str(root)
    from crosscase.pipeline import load_plan, run

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster:
        workers = [psutil.Process(info.pid) for info in cluster.workers.values()]
        me = psutil.Process()
        memory: list[tuple[float, float]] = []
        stop = threading.Event()

        def look() -> None:
            while not stop.wait(1):
                held = sum(process.memory_info().rss for process in workers)
                memory.append((held / 2**20, me.memory_info().rss / 2**20))

        thread = threading.Thread(target=look)
        thread.start()
        report = run(load_plan(), scheduler=cluster.scheduler_address, progress=False)
        stop.set()
        thread.join()
    seconds = fifths([timing.seconds for timing in report.done])
    held, own = (fifths([each[place] for each in memory]) for place in (0, 1))
    return [
        (f"{len(report.done)} small notebooks, two Dask workers", f"{report.seconds:.0f} s"),
        ("  seconds each, median of each fifth", ", ".join(f"{each:.2f}" for each in seconds)),
        ("  memory of both workers, MB, median of each fifth", ", ".join(f"{each:.0f}" for each in held)),
        ("  memory of runner and scheduler, MB, median of each fifth", ", ".join(f"{each:.0f}" for each in own)),
    ]


def fifths(values: list[float]) -> list[float]:
    """Return the median of each fifth of a series."""
    step = max(1, len(values) // 5)
    return [statistics.median(values[place : place + step]) for place in range(0, 5 * step, step)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--made-up", type=int, default=0, metavar="STUDIES")
    parser.add_argument("--papermill-limit", type=int, default=None, help="run only so many by the papermill command")
    parser.add_argument("--snakemake", default=None, help="path of the snakemake command")
    parser.add_argument("--many", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "compendium"
        if given.many:
            rows = many(root, given.many)
        else:
            if given.made_up or not real(root):
                made_up(root, given.made_up or 4)
            rows = side_by_side(root, given.papermill_limit, given.snakemake)
    print("| what | measured |\n|---|---|")
    for what, measured in rows:
        print(f"| {what} | {measured} |")


if __name__ == "__main__":
    main()
