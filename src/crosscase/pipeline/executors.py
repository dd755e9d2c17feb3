"""Where jobs run: threads here, or a Dask cluster; both behind the interface of `concurrent.futures`."""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.pipeline import cluster
from crosscase.pipeline.cluster import Workers
from crosscase.pipeline.work import Order, Outcome, work

QUEUES = {name.lower(): f"{name}Cluster" for name in ("SLURM", "PBS", "SGE", "LSF", "HTCondor", "OAR", "Moab")}


@dataclass
class Pool:
    """Where jobs go, and what the runner has to know about it."""

    submit: Callable[[Order], Future[Outcome]]  # gives out one job
    width: int  # how many run at once
    depth: int  # how many may be given out at once
    warm: bool  # whether kernels are forked from a warm server
    stop: Callable[[], None]  # ends everything at once
    workers: Workers | None = None  # of a cluster


@contextmanager
def open_pool(workers: int, warm: bool, scheduler: str | None, notebooks: Sequence[Path] = ()) -> Iterator[Pool]:
    """Open threads on this machine, or the executor of a Dask cluster.

    `workers` is how many jobs run at once; on a queue of jobs (SLURM and the like) the most workers to ask it for.
    `warm` says whether kernels are forked from a warm server, where the platform can. `scheduler`: none for threads;
    `tcp://...` or `tls://...` for a Dask scheduler that runs; the name of a queueing system (`slurm`, `pbs`, `sge`,
    `lsf`, `htcondor`, `oar`, `moab`) to start workers through it with dask-jobqueue, set up in the usual file
    `~/.config/dask/jobqueue.yaml`. `notebooks` are those that will run: a worker needs what they import. Raises
    `CrosscaseError` where the scheduler does not answer, is none of these, or a package is missing.
    """
    if scheduler is None:
        with _threads(workers, warm) as pool:
            yield pool
    elif scheduler in QUEUES:
        with _queue(scheduler, workers) as address, _dask(address, warm, notebooks, workers) as pool:
            yield pool
    else:
        with _dask(scheduler, warm, notebooks) as pool:
            yield pool


def foresee(warm: bool | None, scheduler: str | None) -> None:
    """Start the warm server where nothing has been run yet, so that it imports while the plan is read."""
    from crosscase.pipeline.server import begin, can_warm, warm_server

    if scheduler is None and warm is not False and can_warm() and not paths.runs().exists():
        begin()
        warm_server()


@contextmanager
def _threads(workers: int, warm: bool) -> Iterator[Pool]:
    from crosscase.pipeline.engine import limit_cells
    from crosscase.pipeline.server import begin, can_warm, close_all, warm_server

    begin()
    warm = warm and can_warm()
    if warm:
        warm_server()  # imports pandas and the like while this process imports papermill
    limit_cells(workers)
    threads = 2 * workers  # so that kernels start and end beside the cells of others
    executor = ThreadPoolExecutor(threads, thread_name_prefix="notebook")

    def stop() -> None:
        executor.shutdown(wait=False, cancel_futures=True)
        close_all(now=True)

    try:
        with executor:
            yield Pool(lambda order: executor.submit(work, order), workers, threads, warm, stop)
    finally:
        close_all()


@contextmanager
def _dask(address: Any, warm: bool, notebooks: Sequence[Path], width: int | None = None) -> Iterator[Pool]:
    """Open the executor of a scheduler that runs, given by its address or its cluster object."""
    Client = _need("distributed", "Client")
    try:
        client = Client(address, timeout=20, set_as_default=False)
    except (OSError, ValueError) as error:
        allowed = f"tcp://HOST:PORT, or one of {', '.join(QUEUES)}"
        remedy = "start it: dask scheduler, and dask worker ADDRESS on each machine"
        rule, found = "a Dask scheduler listens there", f"{address} ({error})"
        raise CrosscaseError(Problem("--scheduler", rule, found, allowed, remedy)) from error
    with client:
        width = width or max(1, sum(client.nthreads().values()))
        executor = client.get_executor(pure=False)
        wanted, token = cluster.wanted(list(notebooks))
        workers = cluster.Workers(client, executor, wanted)
        try:
            # everything ready is given out at once: which worker takes it, and what a lost one had, is Dask's to settle
            yield Pool(workers.submit, width, 10**6, warm, lambda: executor.shutdown(wait=False), workers)
        finally:
            token.unlink(missing_ok=True)
            executor.shutdown(wait=False)


@contextmanager
def _queue(name: str, workers: int) -> Iterator[Any]:
    """Start a Dask cluster whose workers are jobs of a queueing system, as many as there is work for."""
    kind = _need("dask_jobqueue", QUEUES[name])
    configured = _need("dask", "config").get(f"jobqueue.{name}.python", None)
    # a job is a shell script: a path with a space in it has to be quoted
    python = configured or shlex.quote(sys.executable)
    # workers elsewhere must reach the scheduler: they show certificates made for this build; the dashboard stays here
    private = tempfile.mkdtemp(prefix=".crosscase-", dir=Path.home())  # seen by every worker, readable by this user
    if any(character.isspace() for character in private):
        shutil.rmtree(private, ignore_errors=True)
        rule = "the workers of a queue find their certificates in your own folder, whose path has no space"
        raise CrosscaseError(Problem("--scheduler", rule, remedy="start a scheduler yourself, and name its address"))
    options = {"dashboard_address": "127.0.0.1:0"}
    secured = {"security": True, "protocol": "tls://", "shared_temp_directory": private}
    try:
        with kind(python=python, scheduler_options=options, **secured) as queue:
            queue.adapt(minimum=1, maximum=workers)
            yield queue
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _need(package: str, name: str) -> Any:
    try:
        return getattr(import_module(package), name)
    except ImportError as error:
        rule, remedy = f"a cluster needs the package {package}", "pip install 'crosscase[cluster]'"
        raise CrosscaseError(Problem("--scheduler", rule, "not installed", remedy=remedy)) from error
