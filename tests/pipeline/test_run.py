"""What a run leaves: same bytes by every way, failures in plain words, nothing that leaks between notebooks."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from crosscase.pipeline import load_plan, run

FIGURE = """\
import matplotlib.pyplot as plt
import pandas as pd
frame = pd.DataFrame({"case": ["a", "b"], "codes": [3, 5]})
frame
"""
PLOT = """\
fig, ax = plt.subplots(figsize=(3, 2))
ax.plot(frame["codes"], marker="o")
plt.show()
"""
KEPT = """\
import os
from matplotlib.figure import Figure
print("drawn", flush=True)
import sys; print("warned", file=sys.stderr)
figure = Figure(figsize=(2, 2))
figure.subplots().bar(frame["case"], frame["codes"])
figure.savefig(os.environ["CROSSCASE_RUN"] + "/bars.svg", metadata={"Date": None})
figure
"""
SETTINGS = """\
import decimal, locale, logging, os, sys, warnings
import numpy as np, pandas as pd, matplotlib, matplotlib.pyplot as plt, pandera.pandas, scipy.stats, statsmodels.api
from pandas._config.config import _global_config
show = lambda thing: print(repr(thing).replace(os.environ["CROSSCASE_RUN"], "run"))
for group, settings in sorted(_global_config.items()):
    show([group, settings])
show([(name, str(value)) for name, value in sorted(matplotlib.rcParams.items())])
show([np.get_printoptions(), np.geterr(), decimal.getcontext(), locale.setlocale(locale.LC_ALL), plt.isinteractive()])
for kind in (UserWarning, DeprecationWarning, FutureWarning, RuntimeWarning, PendingDeprecationWarning, ImportWarning):
    warnings.warn(f"a {kind.__name__}", kind)
    warnings.warn("as from a library", kind, stacklevel=3)
show([sys.path, sys.flags, sys.getrecursionlimit(), sys.getfilesystemencoding(), sys.flags.hash_randomization])
show([sorted(name for name in os.environ if not name.startswith(("JPY", "PYDEVD"))), os.nice(0), logging.root.level])
show(matplotlib.get_backend())
show(sorted(vars(__builtins__).keys() - {"execfile", "runfile"}))  # the debugger's, which forked kernels go without
pd.DataFrame({f"a long name of column {number}": ["a long text in it"] for number in range(25)})
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


def quiet(**options):
    return run(load_plan(), progress=False, **options)


def executed(compendium, job):
    notebook = job.split("/")[0]
    return json.loads((compendium.results / "runs" / job / f"{notebook}.ipynb").read_text())


def outputs(compendium, job, cell):
    cells = executed(compendium, job)["cells"]
    return next(each["outputs"] for each in cells if each["id"] == cell)


@linux
@pytest.mark.long
def test_forked_and_ordinary_kernels_give_the_same_bytes(compendium):
    compendium.notebook("30_figure", "study = 'north'", FIGURE, PLOT, KEPT)
    compendium.notebook("40_settings", "study = 'north'", SETTINGS)
    assert quiet(warm=False).ok
    cold = compendium.bytes_of_runs()
    report = quiet(warm=True, force=True)
    assert report.warm
    warm = compendium.bytes_of_runs()
    for study in ("north", "south"):
        name = f"40_settings/{study}/40_settings.ipynb"
        one, two = (set(each[name].decode().split(", ")) for each in (warm, cold))
        assert (one - two, two - one) == (set(), set())
    assert {name for name in cold.keys() | warm.keys() if cold.get(name) != warm.get(name)} == set()
    shown = [output["data"].keys() for output in outputs(compendium, "30_figure/north", "c1")]
    assert [sorted(each) for each in shown] == [["image/png", "text/plain"]]
    assert b"<svg" in warm["30_figure/north/bars.svg"]


@pytest.mark.long
def test_another_clock_locale_seed_and_order_give_the_same_bytes(compendium, monkeypatch):
    body = "import time, locale, os\nprint(list({'north', 'south', 'west'}), time.tzname, locale.getlocale())"
    compendium.notebook("30_env", "study = 'north'", body, "print(object(), os.getcwd())", "1 / 3")
    quiet(warm=False, workers=2)
    first = compendium.bytes_of_runs()
    for name, value in {
        "TZ": "Asia/Tokyo",
        "LC_ALL": "de_DE.UTF-8",
        "PYTHONHASHSEED": "7",
        "MPLBACKEND": "svg",
    }.items():
        monkeypatch.setenv(name, value)
    compendium.plan["notebooks"].reverse()
    compendium.write()
    quiet(warm=False, workers=1, force=True)
    assert compendium.bytes_of_runs() == first
    text = first["30_env/north/30_env.ipynb"].decode()
    assert "<object object at 0x…> <compendium>/notebooks" in text


@pytest.mark.long
@pytest.mark.posix
@pytest.mark.parametrize("warm", [False, pytest.param(True, marks=linux)])
def test_nothing_leaks_from_one_notebook_to_the_next(compendium, warm):
    soil = """\
import builtins, gc, os, random, sys, warnings
import numpy, matplotlib
builtins.leak = left = 1
random.seed(1); numpy.random.seed(1)
os.environ["LEAK"] = "1"; os.chdir("/"); os.umask(0)
matplotlib.rcParams["font.size"] = 99
warnings.simplefilter("error"); sys.path.append("/leak"); sys.modules["leak"] = os
sys.setrecursionlimit(123456)
stream = open(os.devnull)
"""
    look = """\
import builtins, os, random, sys, warnings
import numpy, matplotlib
print([hasattr(builtins, "leak"), "left" in globals(), os.environ.get("LEAK"), os.path.basename(os.getcwd())])
print([matplotlib.rcParams["font.size"], "/leak" in sys.path, "leak" in sys.modules, sys.getrecursionlimit() == 123456])
print([name for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}")
       and os.path.realpath(f"/proc/self/fd/{name}").startswith(os.environ["CROSSCASE_HOME"] + "/data")])
print(warnings.filters[0][0] == "error")
"""
    chance = "import random, numpy\nprint(random.random(), numpy.random.random())"
    compendium.plan["notebooks"] = []
    compendium.notebook("10_soil", "study = 'north'", soil, per="study")
    compendium.notebook("20_look", "study = 'north'", look, after=["10_soil"])
    compendium.notebook("30_chance", "study = 'north'", chance)
    assert quiet(warm=warm, workers=1).ok
    (seen,) = outputs(compendium, "20_look/north", "c0")
    assert seen["text"].splitlines() == [
        "[False, False, None, 'notebooks']",
        "[10.0, False, False, False]",
        "[]",
        "False",
    ]
    north, south = (outputs(compendium, f"30_chance/{study}", "c0")[0]["text"] for study in ("north", "south"))
    assert all(a != b for a, b in zip(north.split(), south.split(), strict=True)), "kernels share a random state"


def test_the_card_shows_every_parameter_and_nothing_of_the_machine_stays(compendium):
    compendium.entry("10_cases")["parameters"] = {"seed": 4}
    compendium.write()
    quiet(warm=False)
    notebook = executed(compendium, "10_cases/north")
    card = notebook["cells"][0]
    assert card["cell_type"] == "markdown"
    assert "| `study` | `'north'` | which study |" in card["source"]
    assert "| `seed` | `4` | of the sampler |" in card["source"]
    text = json.dumps(notebook)
    assert str(compendium.root) not in text
    assert "papermill" not in text
    assert "iopub" not in text


@pytest.mark.long
def test_what_is_remembered_keeps_the_order_of_parameters(compendium, monkeypatch):
    compendium.notebook("30_order", "zeta = 1\nstudy = 'north'\nalpha = 2", "0")
    compendium.entry("30_order")["parameters"] = {"zeta": 5, "alpha": 6}
    compendium.write()
    quiet(warm=False)
    first = compendium.bytes_of_runs()
    monkeypatch.setattr("crosscase.pipeline.store._open", {})  # as in a new process
    quiet(warm=False, force=True)
    assert compendium.bytes_of_runs() == first
    card = executed(compendium, "30_order/north")["cells"][0]["source"]
    assert card.index("zeta") < card.index("study") < card.index("alpha")


def test_printed_text_is_joined_whatever_its_chunks(compendium):
    body = "import sys, time\nfor i in range(3):\n    print(i, flush=True); print('e', i, file=sys.stderr, flush=True)"
    compendium.notebook("30_print", "study = 'north'", body + "\n    time.sleep(0.05)")
    quiet(warm=False)
    streams = [(each["name"], each["text"]) for each in outputs(compendium, "30_print/north", "c0")]
    assert streams == [("stdout", "0\n1\n2\n"), ("stderr", "e 0\ne 1\ne 2\n")]


def test_a_failing_cell_stops_its_dependents_only(compendium):
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", "1 + 1", "{}['region'] if study == 'south' else 0")
    compendium.notebook("30_other", "study = 'north'", "2")
    report = quiet(warm=False)
    assert {timing.job for timing in report.done} == {"10_cases/north", "30_other/north", "30_other/south"}
    (failure,) = report.failures
    assert not report.ok
    assert (failure.notebook, failure.study, failure.cell) == ("10_cases", "south", 4)
    assert failure.error == "KeyError: 'region'"
    assert failure.skipped == ["20_total/compendium"]
    assert failure.command == "crosscase run 10_cases --study south"
    left = compendium.root / failure.executed
    assert failure.executed == "results/failed/10_cases/south.ipynb"
    assert "KeyError" in left.read_text()
    assert not (compendium.results / "runs" / "10_cases" / "south").exists()
    assert not (compendium.results / ".staging").exists()
    told = report.summary()
    assert "notebook 10_cases, south, cell 4: KeyError: 'region'" in told
    assert "not run because of it: 20_total/compendium" in told
    assert [line.split()[0] for line in told.splitlines()[1:5]].count("longest") == 1
    assert sum(line.strip().startswith(("10_cases/north ", "30_other/")) for line in told.splitlines()) == 3
    record = json.loads((compendium.results / "run.json").read_text())
    assert record["failures"][0]["cell"] == 4

    compendium.notebook("10_cases", "study = 'north'\nseed = 0", compendium.read, compendium.keep)
    assert quiet(warm=False).ok
    assert not left.exists()


def test_our_own_errors_keep_their_words(compendium):
    body = "from crosscase.errors import *\nraise CrosscaseError([Problem('cases.csv, row 3', 'one row per case')])"
    compendium.notebook("30_check", "study = 'north'", body)
    report = quiet(warm=False)
    assert report.failures[0].error == "cases.csv, row 3: one row per case"


def test_a_notebook_that_hangs_is_stopped(compendium):
    compendium.notebook("30_hang", "study = 'north'", "0", "while True: pass", time_limit=2)
    compendium.plan["studies"] = ["north"]
    compendium.write()
    report = quiet(warm=False)
    (failure,) = report.failures
    assert failure.cell == 4
    assert failure.error == "it took longer than its limit of 2 seconds and was stopped"


@pytest.mark.posix
@pytest.mark.parametrize("warm", [False, pytest.param(True, marks=linux)])
def test_a_kernel_that_dies_is_told(compendium, warm):
    compendium.notebook("30_die", "study = 'north'", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)")
    compendium.plan["studies"] = ["north"]
    compendium.write()
    report = quiet(warm=warm)
    (failure,) = report.failures
    assert ("died" if warm else "was killed (SIGKILL)") in failure.error
    assert failure.cell == 3


@linux
def test_a_notebook_that_eats_memory_meets_its_limit(compendium):
    compendium.notebook("30_eat", "study = 'north'", "x = bytearray(3 * 2**30)", memory_limit=1500)
    compendium.plan["studies"] = ["north"]
    compendium.write()
    report = quiet(warm=False)
    (failure,) = report.failures
    assert failure.error.startswith("MemoryError")
    assert "1500 MB" in failure.advice


def test_the_view_of_a_log_names_job_reason_and_rest(compendium, capfd):
    quiet(warm=False)
    run(load_plan(), warm=False, force=True)
    lines = capfd.readouterr().err.splitlines()
    assert "running 10_cases/north: asked for" in lines
    assert any(line.startswith("done 20_total/compendium in") and "[3/3, about 0 s left]" in line for line in lines)
    assert not any("?" in line for line in lines)
    times = json.loads((compendium.results / "times.json").read_text())
    assert times.keys() == {"10_cases/north", "10_cases/south", "20_total/compendium"}


def test_sweep_results_lie_apart(compendium):
    compendium.entry("10_cases")["sweep"] = {"seed": [10, 20]}
    compendium.write()
    assert quiet(warm=False).ok
    table = (compendium.results / "sweeps" / "10_cases.csv").read_text("utf-8-sig").splitlines()
    assert table[0] == "study,seed,id,value"
    assert table[1:3] == ["north,10,north.cases.number,12", "north,20,north.cases.number,22"]
    beside = (compendium.results / "sweeps" / "10_cases.compared.csv").read_text("utf-8-sig").splitlines()
    assert beside == [
        "study,id,about,as planned,seed=10,seed=20,differs",
        "north,north.cases.number,,2,12,22,yes",
        "south,south.cases.number,,1,11,21,yes",
    ]
    swept = sorted(path.name for path in (compendium.results / "sweeps" / "10_cases").iterdir())
    assert swept == ["north~seed=10", "north~seed=20", "south~seed=10", "south~seed=20"]
    record = json.loads((compendium.results / "sweeps" / "10_cases" / swept[1] / "values.json").read_text())
    assert record[0]["value"] == 22
    assert (compendium.results / "runs" / "20_total" / "compendium" / "total.txt").read_text() == "Sum: 3"


def test_a_sweep_of_one_study_is_compared_with_itself_only_and_its_tables_go_with_it(compendium):
    compendium.entry("10_cases")["sweeps"] = {"south": {"seed": [0]}}
    compendium.write()
    assert quiet(warm=False).ok
    beside = (compendium.results / "sweeps" / "10_cases.compared.csv").read_text("utf-8-sig").splitlines()
    assert beside[1:] == ["north,north.cases.number,,2,,no", "south,south.cases.number,,1,1,no"]
    del compendium.entry("10_cases")["sweeps"]
    compendium.write()
    quiet(warm=False)
    assert list((compendium.results / "sweeps").glob("*.csv")) == []


def test_the_manifest_holds_values_and_files(compendium):
    quiet(warm=False)
    first = (compendium.results / "manifest.json").read_bytes()
    manifest = json.loads(first)
    assert manifest["values"] == {"north.cases.number": 2, "south.cases.number": 1}
    assert "runs/20_total/compendium/total.txt" in manifest["files"]
    quiet(warm=False, force=True)
    assert (compendium.results / "manifest.json").read_bytes() == first


def test_what_makes_the_import_of_papermill_slow_is_not_imported(compendium):
    """Measured: importing papermill takes 0.7 s without it and 3.4 s with it."""
    code = (
        "import sys; from crosscase.pipeline import load_plan, run; run(load_plan(), warm=False, progress=False);"
        "print('papermill' in sys.modules, 'lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]


def test_to_find_that_nothing_is_stale_nothing_heavy_is_imported(compendium):
    quiet(warm=False)
    code = (
        "import sys; from crosscase.pipeline import load_plan, run; report = run(load_plan());"
        "print(len(report.fresh), [name for name in HEAVY if name in sys.modules])"
    )
    heavy = ("papermill", "pandas", "matplotlib", "nbformat", "pydantic", "jupyter_client", "numpy", "rich")
    code = f"HEAVY = {heavy!r}\n{code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "3 []"


def test_the_first_run_of_all_soon_says_what_remains(compendium, capfd):
    run(load_plan(), warm=False, workers=1)
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("done")]
    assert lines[0].split("about ")[1] != "? left]"


def test_a_failure_in_a_sweep_names_the_parameter_set(compendium):
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", "1 / (seed - 2)", compendium.read, compendium.keep)
    compendium.entry("10_cases")["sweep"] = {"seed": [1, 2]}
    compendium.plan["studies"] = ["north"]
    compendium.write()
    (failure,) = quiet(warm=False).failures
    assert failure.study == "north with seed=2"
    assert failure.command == "crosscase run 10_cases --study north --sweep seed=2"
    assert failure.skipped == []


ENDS = {
    "sys.exit(0)": ("import sys\nsys.exit(0)", "the notebook ended itself: SystemExit: 0"),
    "sys.exit()": ("import sys\nsys.exit()", "the notebook ended itself: SystemExit"),
    "sys.exit(3)": ("import sys\nsys.exit(3)", "the notebook ended itself: SystemExit: 3"),
    "raise SystemExit": ("raise SystemExit", "the notebook ended itself: SystemExit"),
    "exit()": ("exit()", "the notebook ended itself: exit() or quit()"),
    "quit": ("quit", "the notebook ended itself: exit() or quit()"),
    "os._exit": ("import os\nos._exit(4)", "its kernel ended with status 4"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "its kernel was killed (SIGKILL)"),
    "crashed": ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "its kernel crashed (SIGSEGV)"),
}


FEW = {"sys.exit(0)", "exit()", "os._exit", "killed"}


@pytest.mark.posix
@pytest.mark.parametrize("end", [pytest.param(end, marks=[] if end in FEW else pytest.mark.long) for end in ENDS])
@pytest.mark.parametrize("last", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_notebook_that_ends_itself_is_told_with_its_cell(compendium, end, last):
    body, told = ENDS[end]
    after = [] if last else ["print('after')"]
    compendium.plan["notebooks"] = []
    compendium.notebook("10_end", "study = 'north'", "1 + 1", body, *after)
    job = load_plan().jobs(studies=["north"])
    report = quiet(jobs=job, warm=False)
    (failure,) = report.failures
    assert (failure.cell, failure.error) == (4, told)
    assert failure.executed == "results/failed/10_end/north.ipynb"
    assert "FileNotFoundError" not in report.summary()


@linux
@pytest.mark.parametrize("end", ["exit()", pytest.param("os._exit", marks=pytest.mark.long)])
def test_a_forked_kernel_that_ends_is_told_with_its_cell(compendium, end):
    compendium.plan["notebooks"] = []
    compendium.notebook("10_end", "study = 'north'", "1 + 1", ENDS[end][0])
    (failure,) = quiet(jobs=load_plan().jobs(studies=["north"]), warm=True).failures
    assert failure.cell == 4
    assert failure.error.startswith(("the notebook ended itself", "its kernel died without a word"))
