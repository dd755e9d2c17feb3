"""How what runs until a person ends it comes to its end: Ctrl-C, a closed terminal and a request to end are one."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

PATIENCE = 10.0
"""Seconds that a program has to end by itself before it is ended."""


@contextlib.contextmanager
def like_ctrl_c() -> Iterator[None]:
    """Treat a request to end (SIGTERM) and a closed terminal (SIGHUP) like Ctrl-C, so that nothing is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    names = (name for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
    numbers = [getattr(signal, name) for name in names]
    before = {number: signal.getsignal(number) for number in numbers}
    ignored = {number for number, handler in before.items() if handler is signal.SIG_IGN}  # as nohup asks for
    try:
        for number in before.keys() - ignored:
            signal.signal(number, stop)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def not_disturbed() -> Iterator[None]:
    """Take no signal while things are put away: whoever asks twice would leave half of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number in numbers:
            signal.signal(number, signal.SIG_IGN)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(process: subprocess.Popen[Any], patience: float = PATIENCE) -> int:
    """Ask a program to end, wait for it, and end it where it does not; return its status."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
