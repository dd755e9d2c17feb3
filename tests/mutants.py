"""Change the code in small ways and see whether the tests notice: mutmut on a sample of each room of the core.

    python run.py mutants                     every room, 40 mutants each
    python run.py mutants saturation -n 100   one room, more of them
    python run.py mutants study --seed 2      another sample

Prints for each room how many mutants its tests killed, and each survivor as a diff. A mutant that no test reaches
counts as a survivor; one that never ends, ends the program, or that mypy refuses (which is part of the suite), as
killed. mutmut needs `fork`, so that this runs on Linux and macOS (on Windows inside WSL); it is no part of the
environment: `pip install mutmut`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SURVIVED = {0: "survived", 33: "no test reaches it", None: "not run"}
STAND = "project/test_results_stand.py"
ROOMS = {
    "agreement": ("agreement/*", ["agreement", "analyses", STAND]),
    "saturation": ("saturation/*", ["saturation", "analyses", STAND]),
    "matrices": ("matrices/*", ["matrices", "analyses", STAND]),
    "comparison": ("comparison/*", ["comparison", "analyses", STAND]),
    "configurations": ("configurations/*", ["configurations", "analyses", STAND]),
    "synthesis": ("synthesis/*", ["synthesis", "analyses", STAND]),
    "study": ("study/*", ["study", "exchange"]),
    "cache": ("pipeline/cache.py", ["pipeline/test_cache.py", "pipeline/test_plan.py", "pipeline/test_run.py"]),
}
"""Room -> its files below src/crosscase, and the tests below tests/ that are asked about it."""
WORDS = [r"\bProblem\(", r"^\s*(rule|remedy|found|allowed|place|where)(, \w+)* = "]
"""Lines that are not changed: the words of a message. Whether there is one, and which, is changed."""
SETTINGS = """
[tool.mutmut]
source_paths = ["src/"]
only_mutate = ["src/crosscase/{files}"]
pytest_add_cli_args_test_selection = {tests}
pytest_add_cli_args = ["-p", "no:cacheprovider", "-p", "no:xdist", "-m", "not long or answers"]
do_not_mutate_patterns = {words}
type_check_command = ["mypy", "src/crosscase/{typed}", "--output", "json", "--disable-error-code", "unused-ignore",
    "--disable-error-code", "has-type"]
also_copy = {copied}
"""
NAMEABLE = """def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if "\\\\" not in item.nodeid]
"""
"""Leaves out tests that mutmut cannot ask for again by their name: those with a backslash in it."""
LEFT = (".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", "results", "restricted", "mutants", "src")


def main() -> int:
    """Look through the rooms that are asked for; return 1 where one kills fewer than 85 % of its sample."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rooms", nargs="*", default=list(ROOMS), help=f"of {', '.join(ROOMS)}; all by default")
    parser.add_argument("-n", "--number", type=int, default=40, help="how many mutants of each room (default 40)")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (default 1)")
    asked = parser.parse_args()
    if wrong := sorted(set(asked.rooms) - set(ROOMS)):
        parser.error(f"no such room: {', '.join(wrong)}; there are {', '.join(ROOMS)}")
    if subprocess.run([sys.executable, "-c", "import mutmut"], capture_output=True).returncode:
        sys.exit(f"mutmut is not installed here. Next: {sys.executable} -m pip install mutmut")
    good = True
    for room in asked.rooms:
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            states = look(room, Path(folder) / "crosscase", asked.number, asked.seed)
        survivors = {name: found for name, found in states.items() if found[0]}
        score = 1 - len(survivors) / len(states)
        good &= score >= 0.85
        print(f"\n== {room}: {len(states) - len(survivors)} of {len(states)} killed ({score:.0%})", flush=True)
        for name, (why, diff) in sorted(survivors.items()):
            print(f"{name}: {why}\n{diff}", flush=True)
    return 0 if good else 1


def look(room: str, copy: Path, number: int, seed: int) -> dict[str, tuple[str, str]]:
    """Return name -> why it survived (empty where killed) and its diff, for a sample of the mutants of a room."""
    files, tests = ROOMS[room]
    shutil.copytree(ROOT, copy, ignore=lambda at, names: LEFT[:-1] if Path(at) == ROOT else ["__pycache__"])
    (copy / "conftest.py").write_text(NAMEABLE, encoding="utf-8")
    copied = sorted(path.name for path in copy.iterdir() if path.name not in LEFT)
    with open(copy / "pyproject.toml", "a", encoding="utf-8") as stream:
        given = {"tests": [f"tests/{name}" for name in tests], "copied": copied, "words": WORDS}
        typed = files.removesuffix("/*")
        stream.write(
            SETTINGS.format(files=files, typed=typed, **{key: json.dumps(each) for key, each in given.items()})
        )
    mutmut(copy, "run", "nothing.of.this.name")  # makes the mutants, and notes which test reaches what
    notes = {path: json.loads(path.read_text(encoding="utf-8")) for path in copy.rglob("mutants/src/**/*.meta")}
    names = sorted(name for note in notes.values() for name in note["exit_code_by_key"])
    if not names:
        sys.exit(f"{room}: mutmut made nothing. It says:\n{mutmut(copy, 'run', 'nothing.of.this.name')[-2000:]}")
    sample = random.Random(seed).sample(names, min(number, len(names)))
    said = mutmut(copy, "run", *sample)
    codes: dict[str, int | None] = {}
    for path in notes:
        codes |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    if all(codes[name] is None for name in sample):
        said = "\n".join(line[:200] for line in said.splitlines()[-60:])
        sys.exit(f"{room}: its tests do not pass where nothing is changed. mutmut says:\n{said}")
    why = {name: SURVIVED.get(codes[name], "") for name in sample}
    return {name: (told, mutmut(copy, "show", name) if told else "") for name, told in why.items()}


def mutmut(copy: Path, *arguments: str) -> str:
    """Run mutmut in the copy and return what it says."""
    environment = os.environ | {"CROSSCASE_HOME": str(copy)}
    command = [sys.executable, "-m", "mutmut", *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
