"""How long `crosscase build --study X` takes from nothing for one imported study, beside another version of the code.

    python benchmarks/one_study_bench.py                     # 50 documents, 1,000 codings, the version that is here
    python benchmarks/one_study_bench.py --against FOLDER    # and the version that is checked out in FOLDER, in turn

The study is made up, written as a REFI-QDA project, and imported into a copy of the compendium; nothing of it is
measured but the build. Other work on the machine lengthens the clock and hardly the processor time, so that both are
told: processor time is that of the command and of everything it has started, looked at twenty times a second.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from exchange_bench import generate

HERE = Path(__file__).resolve().parent.parent
STUDY = "made-up"
STEPS = ("notebooks", "poster", "book")
COPIED = ("notebooks", "book", "data", "compendium.yml", "requirements.lock")


def copy_of(version: Path, root: Path, project: Path) -> None:
    """Copy the compendium of a version and import the project into it."""
    for name in COPIED:
        (shutil.copytree if (version / name).is_dir() else shutil.copy)(version / name, root / name)
    crosscase(version, root, "import", str(project), "--study", STUDY, "--quiet")


def crosscase(version: Path, root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Run a command of a version to its end."""
    process = begin(version, root, *arguments)
    if process.wait():
        sys.exit(f"{' '.join(arguments)} ended with {process.returncode}")
    return process


def begin(version: Path, root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command of a version."""
    env = os.environ | {"CROSSCASE_HOME": str(root), "PYTHONPATH": str(version / "src")}
    command = [sys.executable, "-m", "crosscase", *arguments]
    return subprocess.Popen(command, cwd=root, env=env, stdout=subprocess.DEVNULL)


class Watch(threading.Thread):
    """Reads the processor time of a process and of everything it has started, until it is told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.top = psutil.Process(pid)
        self.seconds: dict[tuple[int, float], float] = {}
        self.stopping = threading.Event()

    def run(self) -> None:
        """Look twenty times a second."""
        while not self.stopping.wait(0.05):
            try:
                every = [self.top, *self.top.children(recursive=True)]
            except psutil.Error:
                return
            for process in every:
                try:
                    times = process.cpu_times()
                    self.seconds[(process.pid, process.create_time())] = times.user + times.system
                except psutil.Error:
                    continue


def measure(version: Path, root: Path, steps: tuple[str, ...]) -> tuple[float, float]:
    """Return seconds on the clock and of processor time of a build of these steps."""
    only = [word for step in steps for word in ("--only", step)]
    start = time.perf_counter()
    process = begin(version, root, "build", "--study", STUDY, "--quiet", *only)
    watch = Watch(process.pid)
    watch.start()
    if process.wait():
        sys.exit(f"the build ended with {process.returncode}")
    took = time.perf_counter() - start
    watch.stopping.set()
    watch.join()
    return took, sum(watch.seconds.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--codings", type=int, default=1_000)
    parser.add_argument("--codes", type=int, default=40)
    parser.add_argument("--coders", type=int, default=2)
    parser.add_argument("--against", type=Path, help="a checkout of another version")
    parser.add_argument("--parts", action="store_true", help="each step by itself")
    given = parser.parse_args()
    versions = [path.resolve() for path in (given.against, HERE) if path]
    ways = [(step,) for step in STEPS] if given.parts else [STEPS]
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project.qdpx"
        generate(project, given.documents, 0.015 * given.documents, given.codings, 1, given.codes, given.coders)
        taken = {}
        for version in versions:
            root = Path(folder) / str(len(taken))
            root.mkdir()
            copy_of(version, root, project)
            taken[version] = [measure(version, root, steps) for steps in ways]
        print("| version | steps | seconds | of processor time |\n|---|---|---:|---:|")
        for version, each in taken.items():
            for steps, (clock, processor) in zip(ways, each):
                print(f"| {version.name} | {', '.join(steps)} | {clock:.1f} | {processor:.1f} |")


if __name__ == "__main__":
    main()
