"""What a person sees while notebooks run, or book and posters are built: a calm live view, plain lines in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from crosscase.pipeline.job import Job

Times = dict[str, dict[str, float]]  # job -> durations of its last run
Tell = Callable[[str, float], None]
FIXED = 9 + 24 + 4  # columns of the live line for its title, its bar and the spaces between


def estimate(left: Iterable[str], running: dict[str, float], times: Times, workers: int) -> float | None:
    """Return the seconds that remain, judged by the durations of the last run.

    `left`: jobs that have not begun. `running`: job -> seconds since it began. `times`: job -> durations of its last
    run. `workers` is how many run at once. None where no duration is known at all.

    >>> estimate(["a/x", "a/y"], {"a/z": 1.0}, {"a/x": {"seconds": 4.0}, "a/z": {"seconds": 3.0}}, 2)
    4.75
    """
    if not times:
        return None

    def usual(job: str) -> float:
        same = [t["seconds"] for name, t in times.items() if name.split("/")[0] == job.split("/")[0]]
        known = same or [t["seconds"] for t in times.values()]
        return times[job]["seconds"] if job in times else sum(known) / len(known)

    begun = [max(0.0, usual(job) - seconds) for job, seconds in running.items()]
    total = sum(begun) + sum(map(usual, left))
    return max(total / workers, *begun, 0.0)


def clock(seconds: float | None) -> str:
    """Return a duration as a person reads it.

    >>> clock(None), clock(9.4), clock(75)
    ('?', '9 s', '1 min 15 s')
    """
    if seconds is None:
        return "?"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def names(running: list[str], room: int) -> str:
    """Name what runs in so many columns: all of it, or the first and how many more.

    >>> names(["10_a/north", "10_a/south"], 40), names(["10_a/north", "10_a/south", "20_b/north"], 24)
    ('10_a/north, 10_a/south', '10_a/north and 2 more')
    >>> names(["10_a/north"], 6)
    '10_a/…'
    """
    text = ", ".join(running)
    if len(text) > room and len(running) > 1:
        text = f"{running[0]} and {len(running) - 1} more"
    return text if len(text) <= room else text[: max(0, room - 1)] + "…"


class Silent:
    """Shows nothing; also the shape of the other two."""

    def __init__(self, total: int, times: Times, workers: int) -> None:
        self.total, self.times, self.workers = total, times, workers
        self.running: dict[str, float] = {}
        self.left: set[str] = set()
        self.ended = 0

    def __enter__(self) -> Silent:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def plan(self, jobs: Iterable[Job]) -> None:
        """Take the jobs that may run."""
        self.left = {job.id for job in jobs}

    def begin(self, job: Job, reason: str) -> None:
        """Note that a job has begun."""
        self.left.discard(job.id)
        self.running[job.id] = time.monotonic()

    def end(self, job: Job, word: str, seconds: float = 0.0) -> None:
        """Note that a job has ended: `done`, `unchanged`, `failed` or `skipped`."""
        self.left.discard(job.id)
        self.running.pop(job.id, None)
        self.ended += 1
        if word == "done" and job.id not in self.times:  # the first run of all: what is through tells of the rest
            self.times = {**self.times, job.id: {"seconds": seconds}}

    def remaining(self) -> float | None:
        """Return the seconds that remain, or None."""
        now = time.monotonic()
        return estimate(self.left, {job: now - begin for job, begin in self.running.items()}, self.times, self.workers)

    def tick(self) -> None:
        """Show that time passes."""


class Lines(Silent):
    """One plain line where a job begins or ends."""

    def __init__(self, *args: Any, stream: TextIO | None = None) -> None:
        super().__init__(*args)
        self.stream = stream or sys.stderr

    def begin(self, job: Job, reason: str) -> None:
        """Say which notebook runs, and why."""
        super().begin(job, reason)
        self._say(f"running {job.id}: {reason}")

    def end(self, job: Job, word: str, seconds: float = 0.0) -> None:
        """Say how it ended, how many are through, and what remains."""
        super().end(job, word, seconds)
        if word != "unchanged":
            took = f" in {seconds:.1f} s" if seconds else ""
            self._say(f"{word} {job.id}{took} [{self.ended}/{self.total}, about {clock(self.remaining())} left]")

    def _say(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()


class Bar(Silent):
    """One live line: a bar, the counts, what runs now, the time that remains."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._progress = Progress(
            TextColumn("notebooks"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[remaining]}"),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            refresh_per_second=4,
        )
        self._task = self._progress.add_task("", total=self.total, remaining="")

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.running.clear()
        self.tick()
        self._progress.stop()

    def begin(self, job: Job, reason: str) -> None:
        """Show which notebook runs."""
        super().begin(job, reason)
        self.tick()

    def end(self, job: Job, word: str, seconds: float = 0.0) -> None:
        """Move the bar; a failure stays as a line of its own above it."""
        super().end(job, word, seconds)
        if word == "failed":
            self._progress.console.print(f"failed: {job.id}", markup=False)
        self.tick()

    def tick(self) -> None:
        """Write the line again."""
        left = self.remaining() if self.running or self.left else 0.0
        remaining = f"about {clock(left)} left" if left else ""
        counts = len(f"{self.total}/{self.total}")
        room = self._progress.console.width - len(remaining) - counts - FIXED
        now = names(list(self.running), room)
        self._progress.update(self._task, completed=self.ended, description=now, remaining=remaining)


def view(show: bool, total: int, times: Times, workers: int) -> Silent:
    """Return the view that fits: nothing, a live line in a terminal, plain lines elsewhere."""
    import os

    if not show:
        return Silent(total, times, workers)
    if sys.stderr.isatty() and not os.environ.get("CI"):
        return Bar(total, times, workers)
    return Lines(total, times, workers)


@contextmanager
def steps(title: str, show: bool) -> Iterator[Tell]:
    """Yield a function that takes what is being done and the share that is done, from 0 to 1.

    `title` is what the whole is, such as `book`. `show` says whether to show anything.
    """
    if not show:
        yield lambda what, share: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.fields[title]}: {task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("begin", total=1.0, title=title)
            yield lambda what, share: bar.update(task, description=what, completed=share)
    else:
        said: list[str] = []

        def line(what: str, share: float) -> None:
            if not said or said[-1] != what:
                said.append(what)
                print(f"{title}: {what} [{share:.0%}]", file=sys.stderr, flush=True)

        yield line
