#!/usr/bin/env python3
"""Set up the environment of this compendium, then do one job in it. Needs nothing but Python.

    python3 run.py book      the main job: notebooks, book, posters   (on Windows: py run.py book)
    python3 run.py test      the test suite without its long sweeps: some minutes
    python3 run.py test-all  the whole test suite
    python3 run.py mutants   what the tests do not notice (needs mutmut)
    python3 run.py preview   the book in the browser, and every change seconds after it was saved
    python3 run.py lab       JupyterLab with copies of the notebooks
    python3 run.py COMMAND   any command of `crosscase`: list, run, check, import ... (`--help` shows them)

Files that a command names are looked for where you stand. The environment lies in `.venv`; it is made once from
`requirements.lock` and again only when the lock changes.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "crosscase.stamp"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOWEST, HIGHEST, BEST = (3, 11), (3, 13), "3.12"
LONGEST_PATH = 259
LONGEST_INSTALLED = len(".venv/Lib/site-packages/") + 145
ROOM = 20
"""Characters of a path that Windows takes; the longest that the environment needs; how many should be left."""


def main(arguments):
    """Do one job; return the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    refuse_other_pythons(arguments)
    if os.name == "nt" and not long_paths_allowed():
        print(long_path_warning(str(ROOT)), end="", file=sys.stderr, flush=True)
    prepare()
    job, *rest = arguments
    if job in ("test", "test-all"):
        chosen = ["-m", "not long"] if job == "test" else []
        command, place = [PYTHON, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *chosen, *rest], ROOT
    elif job == "mutants":
        command, place = [PYTHON, ROOT / "tests" / "mutants.py", *rest], ROOT
    else:  # -P: what lies where the person stands is data, never a module
        command, place = [PYTHON, "-P", "-m", "crosscase", "build" if job == "book" else job, *rest], None
    environment = dict(os.environ, CROSSCASE_HOME=str(ROOT), PYTHONUTF8="1")
    environment["PATH"] = str(BIN) + os.pathsep + environment.get("PATH", "")
    try:
        return subprocess.call([str(part) for part in command], cwd=place, env=environment)
    except KeyboardInterrupt:
        return 130


def refuse_other_pythons(arguments, version=sys.version_info, system=os.name):
    """Stop where this Python is too old or too new, with the command that starts the right one."""
    if not LOWEST <= tuple(version[:2]) <= HIGHEST:
        found = ".".join(map(str, version[:3]))
        allowed = f"{'.'.join(map(str, LOWEST))} to {'.'.join(map(str, HIGHEST))}"
        start = f"py -{BEST}" if system == "nt" else f"python{BEST}"
        again = " ".join([start, "run.py", *(f'"{part}"' if " " in part else part for part in arguments)])
        sys.exit(
            f"This compendium needs Python {allowed}; this is {found}. Next: {again}\n"
            f"(install Python {BEST} first where it is not here; it may stand beside this one)"
        )


def longest_path():
    """Return how many characters the longest path has that the environment or a build writes below the root."""
    studies = [folder.name for folder in (ROOT / "data" / "studies").glob("*/") if folder.is_dir()]
    lengths = [LONGEST_INSTALLED]
    for notebook in (ROOT / "notebooks").glob("*.ipynb"):
        kept = re.findall(r'keep\(\\"([a-z0-9_.-]+)', notebook.read_text(encoding="utf-8"))
        for owner in [*studies, "configurations"]:
            for name in kept:
                file = f"{owner}.{name}.json"
                lengths.append(len(f"results/runs/{notebook.stem}/{owner}/figures/{file}"))
                lengths.append(len(f"results/.staging/12345678-1234-1234567-123/figures/{file}"))
    return max(lengths)


def long_path_warning(root):
    """Return a line for whoever has put the compendium so deep that Windows may refuse paths in it, else nothing."""
    need = longest_path()
    left = LONGEST_PATH - len(root) - 1 - need
    if left >= ROOM:
        return ""
    what = f"{left} characters are left" if left >= 0 else f"{-left} characters are missing"
    return (
        f"Windows takes paths of {LONGEST_PATH} characters. This folder has {len(root)}, and the longest path in it "
        f"{need}: {what}.\nNext: move the compendium to a shorter folder, such as C:\\studies, or allow long paths "
        f"in Windows.\n"
    )


def long_paths_allowed():
    """Tell whether this Windows takes paths of any length."""
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\FileSystem") as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False


def prepare():
    """Make or renew `.venv` so that it holds what the lock names and nothing older."""
    content = LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    wanted = hashlib.sha256(content).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    print(f"Making the environment in {VENV} from {LOCK.name}; this happens once and takes a few minutes.", flush=True)
    make_venv()
    install()
    STAMP.write_text(wanted)


def make_venv():
    """Create an empty virtual environment, or say what is missing."""
    result = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    if result.returncode:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        debian = f"on Debian or Ubuntu run `apt install python{version}-venv`, then try again"
        windows = "close every program that uses .venv (JupyterLab, an editor, a terminal), then try again"
        sys.exit(
            f"Python could not make a virtual environment:\n{result.stdout}{result.stderr}\n"
            f"Next: {windows if os.name == 'nt' else debian}."
        )


def install():
    """Install the lock with uv where that works (seconds), else with pip (minutes); then this package, editable."""
    package = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    locked = ["--require-hashes", "-r", str(LOCK)]
    quiet = ["-m", "pip", "--disable-pip-version-check", "install", "-q"]
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "uv.lock.txt"
        first.write_text(entry("uv"), encoding="utf-8")
        if call(*quiet, "--require-hashes", "-r", first, must=False):
            install_with_uv = ["-m", "uv", "pip", "install", "-q", "--python", PYTHON]
            if call(*install_with_uv, "--compile-bytecode", *locked, must=False):
                call(*install_with_uv, *package)
                point_relatively()
                return
    print("uv could not install the lock here; trying pip.", flush=True)
    call(*quiet, *locked)
    call(*quiet, *package)
    point_relatively()


def point_relatively():
    """Let the environment find src/ by a relative path: Python reads an absolute one with letters beyond ASCII only in
    some locales, and does not start in the others."""
    for pointer in VENV.rglob("__editable__*crosscase*.pth"):
        pointer.write_text(os.path.relpath(ROOT / "src", pointer.parent) + "\n", encoding="ascii")


def entry(name):
    """Return the lines of one package in the lock, hashes included."""
    match = re.search(rf"^{re.escape(name)}==.*?(?=^\S|\Z)", LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if not match:
        sys.exit(f"{LOCK.name} has no {name}; write it again with the command in CONTRIBUTING.md")
    return match.group()


def call(*arguments, must=True):
    """Run the environment's Python; return whether it worked, or stop where it must."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run([str(PYTHON), *map(str, arguments)], cwd=ROOT, env=environment)
    if must and done.returncode:
        sys.exit("The environment could not be completed; the lines above say why. Is there a network?")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
