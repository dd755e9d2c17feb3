"""Run the plan: what is stale, in order, several at once; a failure stops only what depends on it."""

from __future__ import annotations

import os
import time
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline import place
from crosscase.pipeline.cache import Look, ingredients, stale_reason, text_hash
from crosscase.pipeline.cluster import told
from crosscase.pipeline.compared import write_sweeps
from crosscase.pipeline.ending import like_ctrl_c
from crosscase.pipeline.executors import Pool, foresee, open_pool
from crosscase.pipeline.exits import Exits
from crosscase.pipeline.job import Job
from crosscase.pipeline.plan import Plan
from crosscase.pipeline.progress import Silent, view
from crosscase.pipeline.report import Failure, RunReport, Timing, read_times, write_manifest, write_run, write_times
from crosscase.pipeline.work import Order, Outcome
from crosscase.refusals import refused


def run(
    plan: Plan,
    *,
    jobs: list[Job] | None = None,
    force: bool = False,
    workers: int | None = None,
    warm: bool | None = None,
    scheduler: str | None = None,
    progress: bool = True,
) -> RunReport:
    """Run every job that is not fresh.

    Parameters
    ----------
    plan : Plan
        The plan.
    jobs : list of Job, optional
        Only these, as `Plan.jobs` returns them; all by default.
    force : bool
        Run them even where their results are fresh.
    workers : int, optional
        How many run at once; the number of processors by default.
    warm : bool, optional
        Whether kernels are forked from a warm server; by default where the platform allows and it pays.
    scheduler : str, optional
        Address of a Dask scheduler (`tcp://...`), or a queueing system such as `slurm`; see `executors.open_pool`.
        Without it, everything runs on this machine.
    progress : bool
        Whether to show what runs.

    Returns
    -------
    RunReport
        What ran, what was fresh, what failed and why.

    Raises
    ------
    CrosscaseError
        Where the plan is wrong or another build is at work.
    KeyboardInterrupt
        Where a person stopped it; everything finished stays.
    """
    with place.only_build(), like_ctrl_c():
        foresee(warm, scheduler)
        every = plan.jobs()
        chosen = every if jobs is None else jobs
        place.clean_staging()
        place.put_back()
        report = RunReport()
        if jobs is None:
            report.removed = place.drop_obsolete(every)
        build = _Build(every, chosen, force, report)
        begin = time.monotonic()
        try:
            build.go(workers, warm, scheduler, progress)
        except KeyboardInterrupt:
            report.interrupted = True
            raise
        finally:
            report.seconds = time.monotonic() - begin
            write_times(report.done)
            if report.done or report.failures or report.removed or not (paths.results() / "manifest.json").exists():
                write_manifest(every)
                write_sweeps(every)
            write_run(report, chosen)
            place.clean_staging()
    return report


class _Build:
    """One build under way: which jobs wait, which run, how each ended."""

    def __init__(self, every: list[Job], chosen: list[Job], force: bool, report: RunReport) -> None:
        self.by_id = {job.id: job for job in [*every, *chosen]}
        self.waiting = {job.id: job for job in chosen}
        self.total = len(self.waiting)
        self.force = force
        self.report = report
        self.times = read_times()
        self.rank = self._ranks()
        self.reasons: dict[str, str] = {}
        self.running: dict[Future[Outcome], Job] = {}
        self.blocked: dict[str, str] = {}
        self.show = Silent(0, {}, 1)
        self.noted = time.monotonic()  # when the durations were last written
        self.exits = Exits()

    def go(self, workers: int | None, warm: bool | None, scheduler: str | None, progress: bool) -> None:
        """Run until nothing waits; workers are started only where something is stale."""
        ready = self._next_ready()
        if not ready:
            return
        wide = workers or os.cpu_count() or 1
        stale_now = len(ready) + sum(bool(set(job.after) & self.waiting.keys()) for job in self.waiting.values())
        warm = stale_now > 1 if warm is None else warm
        notebooks = sorted({job.source for job in self.by_id.values()})
        with (
            open_pool(wide, warm, scheduler, notebooks) as pool,
            view(progress, self.total, self.times, pool.width) as self.show,
        ):
            self.report.workers, self.report.warm = pool.width, pool.warm
            self.show.plan(self.waiting.values())
            self.show.ended = len(self.report.fresh)
            try:
                while ready or self.running:
                    while ready and len(self.running) < pool.depth:
                        self._start(ready.pop(0), pool)
                    self._collect(pool)
                    ready = self._next_ready(ready)
            except BaseException:
                pool.stop()
                raise
            finally:
                self.report.refused = told(pool.workers.refused) if pool.workers else []

    def _ranks(self) -> dict[str, float]:
        """Return for each job the time of the longest chain that begins with it; long chains go first."""
        usual = {name: self.times.get(name, {}).get("seconds", 1.0) for name in self.waiting}
        rank = dict(usual)
        for name in reversed(list(self.waiting)):
            for before in self.waiting[name].after:
                if before in rank:
                    rank[before] = max(rank[before], usual[before] + rank[name])
        return rank

    def _next_ready(self, ready: list[Job] | None = None) -> list[Job]:
        """Return the stale jobs that nothing holds back; fresh ones are settled on the way."""
        found = list(ready or [])
        busy = {job.id for job in [*self.running.values(), *found]}
        settled, look = True, Look()
        while settled:
            settled = False
            for job in list(self.waiting.values()):
                if job.id not in self.waiting or any(name in self.waiting or name in busy for name in job.after):
                    continue
                reason = stale_reason(job, self.by_id, look) or ("asked for" if self.force else "")
                del self.waiting[job.id]
                settled = True
                if reason:
                    self.reasons[job.id] = reason
                    found.append(job)
                    busy.add(job.id)
                elif wrong := self.exits.wrong(job.folder, job):
                    self._fail(job, Outcome(job.id, False, "", error=f"its results may not stay: {wrong}"))
                else:
                    self.report.fresh.append(job.id)
                    self.show.end(job, "unchanged")
        return sorted(found, key=lambda job: -self.rank[job.id])

    def _start(self, job: Job, pool: Pool) -> None:
        reason = self.reasons[job.id]
        order = Order(
            job=job,
            home=str(paths.root()),
            level=paths.level(),
            staging=str(place.staging() / text_hash(job.id)[:8]),
            ingredients=ingredients(job, self.by_id),
            after=[name for name in job.after if "~" not in name],
            warm=pool.warm,
        )
        self.show.begin(job, reason)
        self.running[pool.submit(order)] = job

    def _collect(self, pool: Pool) -> None:
        """Wait for a job to end, and settle every job that has."""
        finished, _ = wait(self.running, timeout=0.5, return_when=FIRST_COMPLETED)
        for future in finished:
            job = self.running.pop(future)
            if pool.workers and (order := pool.workers.again(future)):
                self.running[pool.submit(order)] = job
                continue
            try:
                outcome = future.result()
            except Exception as error:  # the pool itself lost it, for instance all its workers
                outcome = Outcome(job.id, False, "", error=f"its worker was lost ({type(error).__name__}: {error})")
            self._settle(job, outcome)
        for future, order in pool.workers.stranded() if pool.workers else ():
            self.running[pool.submit(order)] = self.running.pop(future)
        if finished and time.monotonic() > self.noted + 2:
            self.noted = time.monotonic()
            write_times(self.report.done)
        self.show.tick()

    def _settle(self, job: Job, outcome: Outcome) -> None:
        self.exits.refuse(outcome, job)
        if outcome.cut:
            self.report.cut[job.id] = outcome.cut
        if outcome.ok:
            try:
                place.move_in_place(Path(outcome.staging), job)
            except OSError as error:
                outcome.ok, outcome.error = False, f"its results could not be moved in place: {refused(error)}"
            except CrosscaseError as error:
                outcome.ok, outcome.error = False, f"its results could not be moved in place: {error}"
        if outcome.ok:
            took = outcome.seconds, outcome.cell_seconds, outcome.start_seconds
            self.report.done.append(Timing(job.id, *took, self.reasons[job.id], outcome.where))
            self.show.end(job, "done", outcome.seconds)
        else:
            self._fail(job, outcome)

    def _fail(self, job: Job, outcome: Outcome) -> None:
        self.show.end(job, "failed", outcome.seconds)
        left = place.keep_failed(Path(outcome.staging), job) if outcome.staging else None
        self.report.failures.append(
            Failure(
                job=job.id,
                notebook=job.notebook,
                study=(job.study or "whole compendium") + (f" with {job.sweep}" if job.sweep else ""),
                cell=outcome.cell,
                error=outcome.error,
                advice=outcome.advice,
                executed=paths.relative(left) if left else "",
                skipped=self._block(job),
                command=job.command,
            )
        )

    def _block(self, failed: Job) -> list[str]:
        """Take out every job that waits for a failed one, directly or not; return their names."""
        blocked, names = {failed.id}, []
        for job in list(self.waiting.values()):  # in an order in which each stands after those it reads
            if blocked & set(job.after):
                blocked.add(job.id)
                names.append(job.id)
                del self.waiting[job.id]
                self.show.end(job, "skipped")
        return names
