"""Where jobs run: threads here, or a Dask cluster; both behind the interface of `concurrent.futures`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from crosscase.errors import CrosscaseError, Problem
from crosscase.pipeline.work import Order, Outcome, work, work_elsewhere


@dataclass
class Pool:
    """An executor and what the runner has to know about it.

    Parameters
    ----------
    executor : concurrent.futures.Executor
        What takes the jobs.
    task : callable
        What is done with each.
    width : int
        How many run at once.
    depth : int
        How many may be given out at once.
    warm : bool
        Whether kernels are forked from a warm server.
    stop : callable
        Ends everything at once.
    """

    executor: Executor
    task: Callable[[Order], Outcome]
    width: int
    depth: int
    warm: bool
    stop: Callable[[], None]

    def submit(self, order: Order) -> Future[Outcome]:
        """Give out one job."""
        return self.executor.submit(self.task, order)


@contextmanager
def open_pool(workers: int, warm: bool, scheduler: str | None) -> Iterator[Pool]:
    """Open threads on this machine, or the executor of a Dask cluster where its scheduler is named."""
    if scheduler:
        with _dask(scheduler, warm) as pool:
            yield pool
    else:
        with _threads(workers, warm) as pool:
            yield pool


@contextmanager
def _threads(workers: int, warm: bool) -> Iterator[Pool]:
    from crosscase.pipeline.server import can_warm, close_all, warm_server

    warm = warm and can_warm()
    if warm:
        warm_server()  # imports pandas and the like while this process imports papermill
    executor = ThreadPoolExecutor(workers, thread_name_prefix="notebook")

    def stop() -> None:
        executor.shutdown(wait=False, cancel_futures=True)
        close_all(now=True)

    try:
        with executor:
            yield Pool(executor, work, workers, workers, warm, stop)
    finally:
        close_all()


@contextmanager
def _dask(address: str, warm: bool) -> Iterator[Pool]:
    try:
        from distributed import Client
    except ImportError as error:
        rule, remedy = "a cluster needs the package distributed", "pip install 'crosscase[cluster]'"
        raise CrosscaseError(Problem("--scheduler", rule, "not installed", remedy=remedy)) from error
    try:
        client = Client(address, timeout=20, set_as_default=False)
    except (OSError, ValueError) as error:
        found = f"no answer from {address} ({error})"
        remedy = "start it: dask scheduler, and dask worker ADDRESS on each machine"
        raise CrosscaseError(Problem("--scheduler", "a Dask scheduler listens there", found, remedy=remedy)) from error
    with client:
        width = max(1, sum(client.nthreads().values()))
        executor = client.get_executor(pure=False)
        try:
            yield Pool(executor, work_elsewhere, width, 10**6, warm, executor.shutdown)
        finally:
            executor.shutdown(wait=False)
