"""The same plan on a Dask cluster: a real scheduler and real workers, over the loopback interface."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from importlib.metadata import version
from pathlib import Path

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline import alike, executors, load_plan, run
from crosscase.pipeline import cluster as clusters

pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path, compendium):
    """A scheduler and a function that starts a worker; all are processes of their own and end with the test."""
    file = tmp_path / "scheduler.json"
    elsewhere = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}
    elsewhere.pop("CROSSCASE_HOME")
    started = []

    def start(kind, *options, first=None):
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{kind}",
            "--scheduler-file",
            str(file),
            "--no-dashboard",
        ]
        path = os.pathsep.join(filter(None, [first and str(first), elsewhere.get("PYTHONPATH")]))
        process = subprocess.Popen(
            [*command, *options],
            env=elsewhere | {"PYTHONPATH": path},
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    def worker(first=None):
        """Start a worker that imports from the folder `first` before all others."""
        return start("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", first=first)

    start("scheduler", "--host", "127.0.0.1", "--port", "0")
    end = time.monotonic() + 30
    while not file.exists() and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.2)
    yield json.loads(file.read_text())["address"], worker
    for process in reversed(started):
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        process.wait()


@pytest.mark.long
@pytest.mark.posix
def test_same_bytes_as_here_though_a_worker_is_killed_and_another_comes(compendium, cluster):
    address, worker = cluster
    for name in ("west", "east", "centre", "coast"):
        compendium.study(name, [name, "x"])
    cell = "import time\ntime.sleep(0.4)\n" + compendium.read
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", cell, compendium.keep)
    assert run(load_plan(), warm=False, progress=False).ok
    here = compendium.bytes_of_runs()

    first, second = worker(), worker()
    done = []
    build = threading.Thread(
        target=lambda: done.append(run(load_plan(), force=True, warm=False, scheduler=address, progress=False))
    )
    build.start()
    staging = compendium.results / ".staging"
    end = time.monotonic() + 60
    while time.monotonic() < end and not any(f"-{first.pid}-" in path.name for path in staging.glob("*")):
        time.sleep(0.02)
    os.kill(first.pid, signal.SIGKILL)
    third = worker()
    build.join(timeout=120)
    (report,) = done
    assert report.ok, report.summary()
    assert len(report.done) == 7
    there = compendium.bytes_of_runs()
    for name in here:
        assert there[name].decode().splitlines() == here[name].decode().splitlines(), name
    workers = {int(timing.where.rsplit(":", 1)[1]) for timing in report.done}
    assert second.pid in workers
    assert workers <= {first.pid, second.pid, third.pid}


def test_a_failure_on_a_worker_is_told_as_here(compendium, cluster):
    address, worker = cluster
    worker()
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", "if study == 'south':\n    raise ValueError('no')")
    report = run(load_plan(), warm=False, scheduler=address, progress=False)
    assert len(report.failures) == 1, report.summary()
    (failure,) = report.failures
    assert (failure.job, failure.cell, failure.error) == ("10_cases/south", 3, "ValueError: no")
    assert failure.skipped == ["20_total/compendium"]


@pytest.fixture
def altered(tmp_path):
    """A folder with a copy of the package in which one word is another."""
    folder = tmp_path / "altered"
    shutil.copytree(paths.source(), folder / "crosscase", ignore=shutil.ignore_patterns("__pycache__"))
    file = folder / "crosscase" / "pipeline" / "normalise.py"
    text = file.read_text(encoding="utf-8")
    assert "Parameters of this run" in text
    file.write_text(text.replace("Parameters of this run", "Parameters of that run"), encoding="utf-8")
    return folder


def connected(address, number):
    """Wait until so many workers have come."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(number, timeout=60)


def test_a_worker_with_an_altered_copy_is_refused(compendium, cluster, altered):
    address, worker = cluster
    worker(altered)
    with pytest.raises(CrosscaseError) as caught:
        run(load_plan(), warm=False, scheduler=address, progress=False)
    (problem,) = caught.value.problems
    assert problem.place.startswith("worker tcp://127.0.0.1:")
    assert problem.place.endswith(f" on {socket.gethostname()}")
    assert problem.found == "another copy of Crosscase (its source differs)"
    assert "requirements.lock" in problem.remedy
    assert not (compendium.results / "runs").exists()


@pytest.mark.long
def test_jobs_of_a_refused_worker_go_elsewhere_and_it_is_told(compendium, cluster, altered):
    address, worker = cluster
    for name in ("west", "east", "centre", "coast"):
        compendium.study(name, [name, "x"])
    worker(altered)
    good = worker()
    connected(address, 2)
    report = run(load_plan(), warm=False, scheduler=address, progress=False)
    assert report.ok, report.summary()
    assert len(report.done) == 7
    assert {int(timing.where.rsplit(":", 1)[1]) for timing in report.done} == {good.pid}
    (line,) = report.refused
    assert "got no job: another copy of Crosscase" in line
    assert line in report.summary()
    assert all(b"that run" not in content for content in compendium.bytes_of_runs().values())


def test_a_worker_with_another_pandas_is_refused(compendium, cluster, tmp_path):
    address, worker = cluster
    metadata = tmp_path / "other" / "pandas-0.1.dist-info" / "METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n", encoding="utf-8")
    worker(tmp_path / "other")
    with pytest.raises(CrosscaseError) as caught:
        run(load_plan(), warm=False, scheduler=address, progress=False)
    (problem,) = caught.value.problems
    assert problem.found == f"pandas 0.1, here {version('pandas')}"


def seen(tmp_path, **changed):
    """What a build wants of a worker, with some facts changed."""
    (tmp_path / "seen").write_text("42", encoding="utf-8")
    facts = alike.here(["pandas"])
    for kind, values in changed.items():
        facts[kind if kind != "itself" else ""] |= values
    return {"here": facts, "token": str(tmp_path / "seen"), "in": "42"}


def test_what_a_worker_has_in_common_with_a_build(tmp_path, monkeypatch):
    monkeypatch.setattr(alike.time, "sleep", lambda _: None)
    assert alike.differences(seen(tmp_path)) == []
    ((what, found, wanted),) = alike.differences(seen(tmp_path, itself={"Python": "CPython 3.99.0"}))
    assert (what, wanted) == ("Python", "CPython 3.99.0")
    assert platform.python_version() in found
    ((what, found, _),) = alike.differences(seen(tmp_path, modules={"pandas": "9"}))
    assert (what, found) == ("pandas", version("pandas"))
    ((what, found, _),) = alike.differences(seen(tmp_path, packages={"no-such-package": "1"}))
    assert (what, found) == ("no-such-package", "not installed")
    for token in ({"token": str(tmp_path / "other" / "seen")}, {"in": "43"}):
        ((what, found, _),) = alike.differences(seen(tmp_path) | token)
        assert (what, found) == ("the folder of the compendium", "not seen")
    assert [path.name for path in tmp_path.iterdir()] == ["seen"]


def test_the_text_that_travels_needs_nothing_of_this_package(tmp_path):
    """A worker may have no Crosscase, or another one: the text is executed there by itself."""
    scope = {"text": Path(alike.__file__).read_text(encoding="utf-8"), "order": b"", "wanted": None}
    with pytest.raises(TypeError):  # it begins with what is wanted
        eval(alike.RUN, scope)
    imports = {line for line in scope["text"].splitlines() if line.startswith(("import ", "from "))}
    assert not any("crosscase" in line for line in imports)
    assert alike.source_hash() == alike.source_hash() != alike.NOTHING


def test_packages_of_a_build_are_those_its_notebooks_import(compendium):
    compendium.notebook("10_cases", "study = 'north'", "%magic\nimport yaml.nodes\n!ls", "if")
    compendium.notebook("11_other", "study = 'north'", "import yaml.nodes\nfrom lxml import etree\n")
    notebooks = [compendium.root / "notebooks" / f"{name}.ipynb" for name in ("10_cases", "11_other")]
    assert clusters.imported(notebooks) == {"yaml", "lxml"}
    found = clusters.packages(notebooks)
    assert {"pandas", "numpy", "scipy", "lxml"} <= found
    assert not {"crosscase", "hypothesis"} & found


class Stub:
    """A client whose workers are named by hand, and its executor."""

    def __init__(self, *workers):
        self.workers, self.where = set(workers), []

    def scheduler_info(self):
        return {"workers": dict.fromkeys(self.workers)}

    def submit(self, *_, **where):
        self.where.append(where.get("workers"))
        return Future()


def test_where_jobs_of_refused_and_lost_workers_go():
    stub = Stub("a", "b")
    workers = clusters.Workers(stub, stub, {})
    future = workers.submit("order")
    answer = {"refused": [("pandas", "1", "2")], "worker": "a", "name": "first", "machine": "m"}
    future.set_result(answer)
    assert workers.again(future) == "order"
    second = workers.submit("order")
    assert stub.where == [None, ["b"]]
    assert workers.stranded() == []
    stub.workers = {"a", "c"}  # the only one that might do it is gone, another has come
    assert workers.stranded() == [(second, "order")]
    workers.submit("order")
    assert stub.where[-1] == ["c"]
    done = workers.submit("order")
    done.set_result("outcome")
    assert workers.again(done) is None
    stub.workers = {"a"}
    with pytest.raises(CrosscaseError, match=r"worker first on m: .*pandas 1, here 2"):
        workers.submit("order")


def test_no_scheduler_there(compendium, monkeypatch):
    distributed = pytest.importorskip("distributed")

    def no_answer(*_args, **_options):
        raise OSError("Timed out trying to connect")

    monkeypatch.setattr(distributed, "Client", no_answer)
    with pytest.raises(CrosscaseError) as caught:
        run(load_plan(), warm=False, scheduler="tcp://127.0.0.1:9", progress=False)
    assert "dask scheduler" in caught.value.problems[0].remedy


@pytest.mark.long
@pytest.mark.skipif(" " in sys.executable, reason="the stand-in splits its job script at spaces, as no shell does")
def test_workers_from_a_queue(compendium, monkeypatch, tmp_path):
    """The queueing system is dask-jobqueue's own stand-in, which runs each job as a process of this machine."""
    local = pytest.importorskip("dask_jobqueue.local")
    monkeypatch.setenv("HOME", str(tmp_path))

    def stand_in(python, scheduler_options, **secured):
        assert python == shlex.quote(sys.executable)
        assert scheduler_options == {"dashboard_address": "127.0.0.1:0"}
        assert secured["security"] is True
        (private,) = tmp_path.glob(".crosscase-*")
        assert private.stat().st_mode & 0o777 == 0o700
        options = {"cores": 1, "memory": "1GB", "processes": 1, "interface": "lo"}
        made = local.LocalCluster(**options, python=python, scheduler_options={"dashboard": False}, **secured)
        assert made.scheduler_address.startswith("tls://127.0.0.1:")
        assert all(file.stat().st_mode & 0o777 == 0o600 for file in private.iterdir())
        return made

    monkeypatch.setattr(sys.modules["dask_jobqueue"], "SLURMCluster", stand_in)
    assert "slurm" in executors.QUEUES
    report = run(load_plan(), warm=False, workers=1, scheduler="slurm", progress=False)
    assert report.ok, report.summary()
    assert len(report.done) == 3
    assert not list(tmp_path.glob(".crosscase-*"))
