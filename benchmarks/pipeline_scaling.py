"""From measured times to 1 to 256 workers: where more workers stop helping, and why.

    python benchmarks/pipeline_scaling.py [results/run.json]        # prints the last section of docs/scaling.md

A build is simulated job by job: the scheduler hands out one job after another (a fixed cost each), every worker first
starts its warm server (once), each job costs the start of its kernel and the time inside its cells, and waits for the
jobs whose results it reads. Costs that are not in `run.json` were measured on two cores and are named below.
"""

from __future__ import annotations

import heapq
import json
import sys
from dataclasses import dataclass
from pathlib import Path

WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
WARM = 4.0  # seconds until a new worker's warm server has imported everything
START = 0.5  # seconds to fork a kernel and end it, on an idle machine
HAND_OUT = 0.02  # seconds of the runner per job: key, staging folder, moving in place
SCHEDULER = 0.001  # seconds of the Dask scheduler per job


@dataclass(frozen=True)
class Task:
    """One job: seconds inside its cells, and the jobs that it waits for."""

    name: str
    seconds: float
    after: tuple[str, ...]


def ranks(tasks: list[Task]) -> dict[str, float]:
    """Return for each task the longest chain that begins with it."""
    rank = {task.name: task.seconds + START for task in tasks}
    for task in reversed(tasks):
        for before in task.after:
            own = next(each.seconds for each in tasks if each.name == before) + START
            rank[before] = max(rank[before], own + rank[task.name])
    return rank


def simulate(tasks: list[Task], workers: int, hand_out: float = HAND_OUT + SCHEDULER) -> float:
    """Return the seconds of a build with so many workers; the runner is one thread and hands out in turn."""
    rank = ranks(tasks) if any(task.after for task in tasks) else {task.name: task.seconds for task in tasks}
    open_before = {task.name: len(task.after) for task in tasks}
    readers: dict[str, list[Task]] = {}
    for task in tasks:
        for before in task.after:
            readers.setdefault(before, []).append(task)
    ready = [(-rank[task.name], task.name, task) for task in tasks if not task.after]
    heapq.heapify(ready)
    free = [WARM] * workers
    heapq.heapify(free)
    runner, now = 0.0, 0.0
    running: list[tuple[float, str]] = []
    while ready or running:
        if ready and free:
            begin = max(runner, now, free[0])
            if not running or begin <= running[0][0]:
                heapq.heappop(free)
                _, _, task = heapq.heappop(ready)
                runner = begin + hand_out
                heapq.heappush(running, (runner + START + task.seconds, task.name))
                continue
        now, name = heapq.heappop(running)
        heapq.heappush(free, now)
        for task in readers.get(name, []):
            open_before[task.name] -= 1
            if not open_before[task.name]:
                heapq.heappush(ready, (-rank[task.name], task.name, task))
    return now


def measured(path: Path) -> list[Task]:
    """Return the tasks of a recorded run that ran everything."""
    run = json.loads(path.read_text(encoding="utf-8"))
    seconds = {each["job"]: each["cell_seconds"] for each in run["done"]}
    tasks = {
        name: Task(name, seconds[name], tuple(before for before in about["after"] if before in seconds))
        for name, about in run["jobs"].items()
        if name in seconds
    }
    ordered: dict[str, Task] = {}

    def take(task: Task) -> None:
        for before in task.after:
            take(tasks[before])
        ordered.setdefault(task.name, task)

    for task in tasks.values():
        take(task)
    return list(ordered.values())


def wide(tasks: list[Task], copies: int) -> list[Task]:
    """Return a compendium with so many times the studies, without the jobs that read all others."""
    free = [task for task in tasks if not task.after]
    return [Task(f"{task.name}#{copy}", task.seconds, ()) for copy in range(copies) for task in free]


def page(tasks: list[Task]) -> str:
    big = wide(tasks, max(1, round(10_000 / max(1, sum(not task.after for task in tasks)))))
    small = [Task(f"small {number}", 0.1, ()) for number in range(10_000)]
    alone = simulate(tasks, 1)
    chain = max(ranks(tasks).values())
    total = sum(task.seconds for task in tasks)
    mean = total / len(tasks)
    limit = (mean + START) / (HAND_OUT + SCHEDULER)
    cost = HAND_OUT + SCHEDULER
    lines = f"""\
## From one to 256 workers

Measured: {len(tasks)} notebooks, {total:.0f} s inside cells; the longest chain of notebooks that wait for each other
takes {chain:.0f} s. Simulated from these times: the same plan on 1 to 256 workers, a plan with {len(big):,} such
notebooks, and one of {len(small):,} tiny ones (0.1 s inside cells). Seconds, and how many times faster than one worker:

| workers | this plan | faster | many studies | faster | tiny notebooks | faster |
|---:|---:|---:|---:|---:|---:|---:|""".splitlines()
    firsts = [simulate(each, 1) for each in (tasks, big, small)]
    for workers in WORKERS:
        times = [simulate(each, workers) for each in (tasks, big, small)]
        cells = " | ".join(f"{time:,.0f} | {first / time:.1f}" for time, first in zip(times, firsts))
        lines.append(f"| {workers} | {cells} |")
    text = f"""
This plan alone cannot be faster than {WARM + chain:.0f} s, its longest chain after a worker has warmed up
({alone:.0f} s with one worker): beyond the number of notebooks that can run side by side, more workers wait.

With many studies the runner becomes the limit. It needs {1000 * cost:.0f} ms per notebook (hash its inputs, move its
results in place; Dask's scheduler alone {1000 * SCHEDULER:.0f} ms), so it hands out about {1 / cost:.0f} notebooks a
second at most. With {mean:.1f} s inside cells on average that is reached at about {limit:.0f} workers, with tiny
notebooks at about {(0.1 + START) / cost:.0f}.

Assumed: {WARM:g} s until a worker has imported everything once, {START:g} s to start and end a kernel, a shared disk
that does not become slow. Made by `benchmarks/pipeline_scaling.py` from `results/run.json`."""
    lines += text.splitlines()
    return "\n".join(lines)


if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("results/run.json")
    print(page(measured(file)))
