"""Programs that read files of strangers run beside us, within limits of time, memory and output."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Callable
from typing import TypeVar

LOOK = 0.02
SECONDS_TO_END = 5
NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
KEPT = (
    "PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "CONDA_PREFIX",
)  # fmt: skip
Answer = TypeVar("Answer")


class LimitError(Exception):
    """A limit was reached; the text says which."""


def within(process: subprocess.Popen[bytes], work: Callable[[], Answer], *, seconds: float, memory: int) -> Answer:
    """Return what a conversation with a process gives; `LimitError`, and the process is gone, beyond its limits.

    The memory (in bytes) of the process is looked at from outside, which every platform can; what a platform can do
    inside of the process (see `hold`) comes on top. `work` writes to it and reads from it; it ends with the process.
    """
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def talk() -> None:
        try:
            answers.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    thread.join(LOOK)
    until, used = time.monotonic() + seconds, _memory_of(process.pid)
    try:
        while thread.is_alive():
            if used() > memory:
                raise LimitError(f"more than {memory // 1024**2:,} MB of memory")
            if time.monotonic() > until:
                raise LimitError(f"more than {seconds:g} seconds")
            thread.join(LOOK)
    except BaseException:
        stop(process)
        thread.join(5)
        raise
    if errors:
        raise errors[0]
    return answers[0]


def environment() -> dict[str, str]:
    """Return what such a program sees of the environment: enough to run, and no key that lies there."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def _memory_of(pid: int) -> Callable[[], int]:
    """Return a function that tells how many bytes a process holds; 0 once it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
    except psutil.Error:
        return lambda: 0

    def used() -> int:
        with contextlib.suppress(psutil.Error):
            return int(process.memory_info().rss)
        return 0

    return used


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process at once, wait until it is gone, and let go of its pipes."""
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    for pipe in (process.stdin, process.stdout, process.stderr):
        with contextlib.suppress(OSError, ValueError):
            if pipe is not None:
                pipe.close()


def run(command: list[str], *, seconds: float, memory: int, output: int, given: bytes = b"") -> tuple[int, bytes, str]:
    """Run a program within limits (bytes of memory and output); return its status, output, and the end of its messages.

    `LimitError` where a limit was reached, `OSError` where it cannot be started.

    Examples
    --------
    >>> import sys
    >>> run([sys.executable, "-c", "print(6 * 7, end='')"], seconds=60, memory=2**30, output=100)[:2]
    (0, b'42')
    """
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, env=environment(), creationflags=NO_WINDOW) as process:  # type: ignore[call-overload]
        said: list[bytes] = []

        def listen() -> None:
            while part := process.stderr.read(4096):
                said[:] = [b"".join(said)[-4096:], part]

        def write() -> None:
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(given)
            with contextlib.suppress(OSError, ValueError):
                process.stdin.close()

        helpers = [threading.Thread(target=work, daemon=True) for work in (listen, write)]
        for helper in helpers:
            helper.start()

        def read() -> bytes:
            parts, size = [], 0
            while part := process.stdout.read(1 << 16):
                size += len(part)
                if size > output:
                    raise LimitError(f"more than {output // 1024**2:,} MB of text")
                parts.append(part)
            return b"".join(parts)

        try:
            found = within(process, read, seconds=seconds, memory=memory)
            status = process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            stop(process)
            raise LimitError("no end after its last word") from None
        except BaseException:
            stop(process)
            raise
        for helper in helpers:
            helper.join(SECONDS_TO_END)
        return status, found, b"".join(said).decode("utf-8", "replace")
