"""Whatever kills a build, the next one ends with the same bytes, and nothing half-written is ever taken for whole."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline import load_plan, place, run, stale
from crosscase.pipeline.cache import text_hash

BUILD = """
from crosscase.pipeline import load_plan, run
import sys
report = run(load_plan(), warm={warm}, workers=2)
sys.exit(0 if report.ok else 1)
"""
LONG = pytest.mark.long
SLOW = "import time\ntime.sleep(0.15)\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def start(warm=False):
    def heed():
        """Heed Ctrl-C even where this suite itself runs in the background, which ignores it."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    return subprocess.Popen(
        [sys.executable, "-c", BUILD.format(warm=warm)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=heed if os.name == "posix" else None,
    )


def family(root):
    """Return the process ids that work for this compendium, found by their environment."""
    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open(f"/proc/{name}/environ", "rb") as stream:
                    environment = stream.read()
            except OSError:
                continue
            if f"CROSSCASE_HOME={root}\0".encode() in environment + b"\0":
                found.add(int(name))
    return found


def wait_for(condition, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@pytest.fixture
def slower(compendium):
    compendium.study("west", ["d", "e", "f"])
    cells = (SLOW + compendium.read, SLOW + compendium.keep)
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", *cells)
    return compendium


def role(pid, build):
    """Say what a process of a build is: the runner, its warm server, or a kernel."""
    if pid == build:
        return "runner"
    with contextlib.suppress(OSError), open(f"/proc/{pid}/cmdline", "rb") as stream:
        command = stream.read()
        if b"warm.py" in command:
            with open(f"/proc/{pid}/stat") as status:
                parent = int(status.read().rsplit(")", 1)[1].split()[1])
            return "warm server" if parent == build else "forked kernel"
        return "kernel" if b"ipykernel" in command else "other"
    return "already gone"


def keep_log(line):
    """Add a line to the log of the kill test, where a person wants one (`CROSSCASE_KILL_LOG=FILE`)."""
    if file := os.environ.get("CROSSCASE_KILL_LOG"):
        with open(file, "a", encoding="utf-8") as stream:
            stream.write(line + "\n")


def whole(compendium):
    """Check every finished folder against its own state: nothing in it is partial."""
    for state in (compendium.results / "runs").glob("*/*/state.json"):
        record = json.loads(state.read_text())
        files = {path.relative_to(state.parent).as_posix() for path in state.parent.rglob("*") if path.is_file()}
        assert files == record["products"].keys() | {"state.json"}
        for name in record["products"]:
            assert name not in stale(load_plan()).get(record["job"], "")


@linux
@pytest.mark.parametrize(
    ("warm", "moments"),
    [
        pytest.param(False, 12, marks=LONG),
        pytest.param(True, 8, marks=LONG),
    ],
)
def test_kill_at_random_moments_then_resume(slower, warm, moments):
    run(load_plan(), warm=False, progress=False)
    undisturbed = slower.bytes_of_runs()
    chance = random.Random(7)
    for moment in range(1, moments + 1):
        for job in chance.sample(["north", "south", "west"], 2):
            target = slower.results / "runs" / "10_cases" / job
            if target.exists():
                (target / "state.json").unlink(missing_ok=True)
        build = start(warm)
        # count from the moment at which notebooks begin, so that a slow machine does not only meet the imports
        wait_for(lambda build=build: any(place.staging().glob(f"*-{build.pid}-*")) or build.poll() is not None)
        pause = chance.uniform(0.0, 2.5)
        time.sleep(pause)
        others = [pid for pid in sorted(family(slower.root)) if role(pid, build.pid) not in ("runner", "other")]
        one = [chance.choice(others)] if others else []
        chosen = {"runner": [build.pid], "one of its processes": one, "both": [build.pid, *one]}
        pids = chosen[chance.choice(sorted(chosen))] or [build.pid]
        killed = " and ".join(sorted({role(pid, build.pid) for pid in pids}))
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        build.communicate()
        assert wait_for(lambda: not family(slower.root)), "a kernel is left behind"
        whole(slower)
        finished = len(list((slower.results / "runs").glob("*/*/state.json")))
        keep_log(f"{'warm' if warm else 'cold'} {moment:2}: after {pause:.1f} s killed {killed}; {finished} of 4 whole")
    report = run(load_plan(), warm=False, progress=False)
    assert report.ok
    assert slower.bytes_of_runs() == undisturbed
    keep_log(f"{'warm' if warm else 'cold'}: resumed, {len(report.done)} run again, the bytes of an undisturbed build")
    assert not place.staging().exists()


@linux
def test_only_what_was_not_finished_runs_after_a_kill(slower):
    slower.notebook("10_cases", "study = 'north'\nseed = 0", "import time\ntime.sleep(1)\n" + slower.read, slower.keep)
    build = start()
    runs = slower.results / "runs" / "10_cases"
    assert wait_for(lambda: len(list(runs.glob("*/state.json"))) >= 1)
    build.kill()
    build.wait()
    build.stdout.close()
    finished = {f"10_cases/{state.parent.name}" for state in runs.glob("*/state.json")}
    report = run(load_plan(), warm=False, progress=False)
    assert set(report.fresh) == finished
    assert report.ok


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=LONG)])
def test_a_stopped_build_ends_its_kernels(slower, number):
    slower.notebook("10_cases", "study = 'north'\nseed = 0", "import time\ntime.sleep(600)")
    build = start(warm=True)
    assert wait_for(lambda: len(family(slower.root)) >= 3)
    build.send_signal(number)
    text, _ = build.communicate(timeout=60)
    assert "KeyboardInterrupt" in text
    assert wait_for(lambda: not family(slower.root), 20)
    assert json.loads((slower.results / "run.json").read_text())["interrupted"] is True


@linux
def test_a_killed_kernel_fails_its_job_only(slower):
    slower.notebook("10_cases", "study = 'north'\nseed = 0", "import time\ntime.sleep(3 if study == 'south' else 0)")
    build = start()

    def kernel_of_south():
        for pid in family(slower.root) - {build.pid}:
            with open(f"/proc/{pid}/environ", "rb") as stream:
                if text_hash("10_cases/south")[:8].encode() in stream.read():
                    return pid
        return None

    assert wait_for(lambda: kernel_of_south() is not None)
    time.sleep(1)
    os.kill(kernel_of_south(), signal.SIGKILL)
    build.communicate(timeout=90)
    assert build.returncode == 1
    failures = json.loads((slower.results / "run.json").read_text())["failures"]
    assert [(failure["job"], failure["skipped"]) for failure in failures] == [
        ("10_cases/south", ["20_total/compendium"])
    ]


def test_two_builds_at_once(compendium):
    with place.only_build(), pytest.raises(CrosscaseError) as caught:
        run(load_plan(), warm=False, progress=False)
    assert f"process {os.getpid()} on" in caught.value.problems[0].found
    assert run(load_plan(), warm=False, progress=False).ok


def test_results_that_cannot_be_written(compendium):
    compendium.results.write_text("in the way")
    with pytest.raises(CrosscaseError) as caught:
        run(load_plan(), warm=False, progress=False)
    problem = caught.value.problems[0]
    assert (problem.place, problem.remedy) == ("results", "move it away, then build again")


@pytest.mark.parametrize("moment", [pytest.param("notebook", marks=LONG), "move"])
def test_a_full_disk_is_told_and_nothing_partial_stays(compendium, monkeypatch, moment):
    run(load_plan(), warm=False, progress=False)
    before = compendium.bytes_of_runs()
    compendium.study("north", ["a", "b", "c"])
    full = OSError(28, "No space left on device")

    def fail(*_args, **_options):
        raise full

    with monkeypatch.context() as patch:
        if moment == "notebook":
            patch.setattr("crosscase.pipeline.normalise.dumps", fail)
        else:
            patch.setattr(place, "move_in_place", fail)
        report = run(load_plan(), warm=False, progress=False)
    (failure,) = report.failures
    assert "No space left on device" in failure.error
    assert compendium.bytes_of_runs() == before
    after = run(load_plan(), warm=False, progress=False)
    assert after.ok
    assert {timing.job for timing in after.done} == {"10_cases/north", "20_total/compendium"}


@pytest.mark.parametrize(
    "which", [pytest.param("old aside", marks=LONG), "new in place", pytest.param("nor back", marks=LONG)]
)
def test_results_that_are_held_are_never_lost(compendium, monkeypatch, which):
    """Excel has a kept table open: the system refuses the renames of its folder."""
    run(load_plan(), warm=False, progress=False)
    before = compendium.bytes_of_runs()
    compendium.study("north", ["a", "b", "c"])
    folder, whole = str(paths.runs() / "10_cases" / "north"), os.replace

    def rename(source, target):
        back = "-old" in str(source) or str(source).endswith(".old")
        refused = {
            "old aside": str(source) == folder,
            "new in place": str(target) == folder and not back,
            "nor back": str(target) == folder,
        }
        if refused[which]:
            raise PermissionError(13, "Access is denied", str(source), None, str(target))
        return whole(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("crosscase.renames.PATIENCE", 0.1, raising=False)
        patch.setattr(os, "replace", rename)
        (failure,) = run(load_plan(), warm=False, progress=False).failures
    assert "results/runs/10_cases/north" in failure.error
    assert "close it in Excel" in failure.error
    assert "build again" in failure.error
    if which != "nor back":
        assert compendium.bytes_of_runs() == before
    else:
        assert sorted(before.values()) == sorted(compendium.bytes_of_runs().values())
    south = load_plan().jobs(studies=["south"])
    run(load_plan(), jobs=south, warm=False, progress=False)  # does not build the north: but puts it back
    assert compendium.bytes_of_runs() == before
    assert run(load_plan(), warm=False, progress=False).ok
    assert not list(compendium.results.rglob("*-old"))


@pytest.mark.parametrize("file", ["log", "failed notebook"])
def test_a_good_job_never_fails_on_what_it_clears_away(compendium, monkeypatch, file):
    unlink = type(compendium.root).unlink

    def refuse(path, *args, **options):
        if path.suffix == ".log" if file == "log" else "failed" in path.parts:
            raise PermissionError(13, "Access is denied", str(path))
        return unlink(path, *args, **options)

    monkeypatch.setattr(type(compendium.root), "unlink", refuse)
    report = run(load_plan(), warm=False, progress=False)
    assert report.ok, report.summary()


@pytest.mark.parametrize(
    "file", ["manifest.json", pytest.param("run.json", marks=LONG), pytest.param("times.json", marks=LONG)]
)
def test_a_report_that_is_held_is_told_by_name_and_durations_are_no_matter(compendium, monkeypatch, file):
    whole = os.replace

    def rename(source, target):
        if str(target).endswith(f"results{os.sep}{file}"):
            raise PermissionError(13, "Access is denied", str(source), None, str(target))
        return whole(source, target)

    monkeypatch.setattr("crosscase.renames.PATIENCE", 0.1)
    monkeypatch.setattr(os, "replace", rename)
    if file == "times.json":
        assert run(load_plan(), warm=False, progress=False).ok
        return
    with pytest.raises(CrosscaseError, match=rf"results/{file}.*Access is denied.*Excel.*then build again"):
        run(load_plan(), warm=False, progress=False)
