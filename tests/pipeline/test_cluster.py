"""The same plan on a Dask cluster: a real scheduler and real workers, over the loopback interface."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time

import pytest

from crosscase.errors import CrosscaseError
from crosscase.pipeline import executors, load_plan, run

pytest.importorskip("distributed")


@pytest.fixture
def cluster(tmp_path, compendium):
    """A scheduler and a function that starts a worker; all are processes of their own and end with the test."""
    file = tmp_path / "scheduler.json"
    elsewhere = os.environ | {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s"}
    elsewhere.pop("CROSSCASE_HOME")
    started = []

    def start(kind, *options):
        command = [
            sys.executable,
            "-m",
            f"distributed.cli.dask_{kind}",
            "--scheduler-file",
            str(file),
            "--no-dashboard",
        ]
        process = subprocess.Popen(
            [*command, *options], env=elsewhere, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    def worker():
        return start("worker", "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")

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


@pytest.mark.slow
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


def test_no_scheduler_there(compendium, monkeypatch):
    distributed = pytest.importorskip("distributed")

    def no_answer(*_args, **_options):
        raise OSError("Timed out trying to connect")

    monkeypatch.setattr(distributed, "Client", no_answer)
    with pytest.raises(CrosscaseError) as caught:
        run(load_plan(), warm=False, scheduler="tcp://127.0.0.1:9", progress=False)
    assert "dask scheduler" in caught.value.problems[0].remedy


@pytest.mark.slow
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
