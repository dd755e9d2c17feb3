"""What a person sees while the book and the posters are built: a bar with the step in a terminal, lines in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[str, float], None]


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
