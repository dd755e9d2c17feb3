"""The warm server seen from the runner: its life, the folder of its sockets, the environment of every kernel."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from crosscase.pipeline.private import without_secrets

KEPT_PYTHON = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONPATH", "PYTHONHOME")


def can_warm() -> bool:
    """Tell whether kernels can be forked from a warm server here: on Linux."""
    return sys.platform == "linux"


def fixed_environment() -> dict[str, str]:
    """Return the environment every kernel gets: what could change a result is fixed, no keys, the rest is kept."""
    env = {
        name: value
        for name, value in without_secrets(os.environ).items()
        if not name.startswith(("LC_", "PYTHON", "MPL", "JPY_")) and name not in ("LANG", "LANGUAGE")
    }
    env |= {name: os.environ[name] for name in KEPT_PYTHON if name in os.environ}
    env |= {
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "SOURCE_DATE_EPOCH": "946684800",
        "IPYTHONDIR": str(runtime() / "ipython"),  # nobody's own start-up files
        "MATPLOTLIBRC": str(runtime() / "matplotlibrc"),  # nor their figure settings
        # one thread each: as many kernels as processors run anyway, and sums do not depend on their number
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }
    return env


_runtime: dict[int, Path] = {}
_guard = threading.Lock()


def runtime() -> Path:
    """Return this process's folder for connection files and sockets; its path is short, as sockets demand."""
    with _guard:
        if os.getpid() not in _runtime:
            base = "/tmp" if len(tempfile.gettempdir()) > 40 and os.path.isdir("/tmp") else None
            folder = Path(tempfile.mkdtemp(prefix="crosscase-", dir=base))
            (folder / "matplotlibrc").write_text("svg.hashsalt: crosscase\n", encoding="utf-8")
            _runtime[os.getpid()] = folder
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
        return _runtime[os.getpid()]


class WarmServer:
    """The warm server of this process, started when first needed; see `warm.py`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        script = str(Path(__file__).with_name("warm.py"))
        self._process = subprocess.Popen(
            [sys.executable, script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=fixed_environment(),
            text=True,
            start_new_session=True,
        )

    def fork(self, request: dict[str, Any]) -> int:
        """Fork a kernel and return its process id; OSError where the server is gone."""
        with self._lock:
            if self._process.stdin is None or self._process.stdout is None:
                raise OSError("no pipe to the warm server")
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        if not answer:
            raise OSError("the warm server ended")
        return int(answer)

    def close(self) -> None:
        """End the server, which has nothing to put away, and with it every kernel that still runs."""
        self._process.kill()
        with contextlib.suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=10)
        if self._process.stdout:
            self._process.stdout.close()


_servers: dict[int, WarmServer] = {}
_servers_guard = threading.Lock()
RUNNING: set[int] = set()  # process ids of the kernels of this process
_stopped: set[int] = set()  # this process, once its build was stopped: then no kernel may start any more


def stopped() -> bool:
    """Tell whether the build of this process was stopped."""
    return os.getpid() in _stopped


def begin() -> None:
    """Let kernels start: a new build begins."""
    _stopped.discard(os.getpid())


def warm_server() -> WarmServer:
    """Return the warm server of this process, starting it where there is none."""
    with _servers_guard:
        if stopped():
            raise OSError("the build was stopped")
        if os.getpid() not in _servers:
            _servers[os.getpid()] = WarmServer()
        return _servers[os.getpid()]


def close_all(now: bool = False) -> None:
    """End the warm server of this process and, with `now`, every kernel that runs or is just about to."""
    with _servers_guard:
        if now:
            _stopped.add(os.getpid())
        server = _servers.pop(os.getpid(), None)
    if server:
        server.close()
    for pid in list(RUNNING) if now else ():
        with contextlib.suppress(OSError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


atexit.register(close_all, True)
