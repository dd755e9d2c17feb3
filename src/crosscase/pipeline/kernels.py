"""Kernels of the running interpreter: forked from the warm server where that works, ordinary ones elsewhere."""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import queue
import signal
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.utils import ensure_async

from crosscase.pipeline.server import RUNNING, runtime, stopped, warm_server

_numbers = itertools.count(1)


class Forked:
    """A forked kernel, looked at like a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle = os.pidfd_open(pid)

    def poll(self) -> int | None:
        """Return None while it runs, else 0."""
        import select

        if self._handle < 0:
            return 0
        watch = select.poll()
        watch.register(self._handle, select.POLLIN)
        return 0 if watch.poll(0) else None

    def wait(self) -> int:
        """Release the handle of an ended kernel."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        return 0

    def send_signal(self, number: int) -> None:
        """Send a signal to the kernel alone."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


class Provisioner(LocalProvisioner):
    """Starts the kernel of one job: forked where that works, else as a process of its own."""

    manager: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Start the kernel and limit its memory."""
        manager = self.manager
        started = False
        if manager.warm:
            request = {
                "argv": cmd[cmd.index("-f") :],
                "env": kwargs["env"],
                "cwd": str(kwargs["cwd"]),
                "log": str(manager.log_file),
            }
            with contextlib.suppress(OSError, ValueError):
                process: Any = Forked(warm_server().fork(request))
                self.process = process
                self.pid = self.pgid = process.pid
                self.cwd = kwargs["cwd"]
                started = True
        if not started:
            with open(manager.log_file, "ab") as log:
                await super().launch_kernel(cmd, **kwargs, stdout=log, stderr=log)
        manager.process = self.process
        RUNNING.add(self.pid or 0)
        if stopped() and self.pid:  # the build was stopped while this kernel started: nobody else would end it
            with contextlib.suppress(OSError):
                os.kill(self.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        limit_memory(self.pid or 0, manager.memory_limit)
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """Forget the kernel when it is gone."""
        RUNNING.discard(self.pid or 0)
        await super().cleanup(restart=restart)


def limit_memory(pid: int, megabytes: int | None) -> None:
    """Limit the memory of a process, where the platform can (Linux)."""
    if megabytes and sys.platform == "linux":
        import resource

        amount = megabytes * 2**20
        with contextlib.suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (amount, amount))


def how_ended(process: Any, memory_limit: int | None) -> tuple[str, str]:
    """Say how a kernel ended that nobody asked to end, and what may help.

    A forked one is the child of its server, so that its status is not known here.
    """
    out_of_memory = "usually the machine ran out of memory" + (
        f", or its limit of {memory_limit} MB (memory_limit in the plan)" if memory_limit else ""
    )
    status = None if process is None or isinstance(process, Forked) else process.poll()
    if status is None:
        return "its kernel died without a word", (
            f"{out_of_memory}, a compiled library crashed, or the notebook ended itself (os._exit)."
        )
    if status >= 0:
        return f"its kernel ended with status {status}", "look for os._exit, or a library that ends the program."
    name = signal.Signals(-status).name if -status in {each.value for each in signal.Signals} else f"signal {-status}"
    if name in ("SIGKILL", "SIGTERM"):
        return f"its kernel was killed ({name})", f"{out_of_memory}."
    return f"its kernel crashed ({name})", f"a compiled library crashed, or {out_of_memory}."


class Client(AsyncKernelClient):
    """Talks to the kernel of one job."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and its output arrives.

        The client of Jupyter then listens for silence, which costs a fifth of a second for each notebook; who reads
        the output looks at what it answers, so that nothing has to be thrown away. A slow kernel answers several of
        our questions at once: which of them is of no matter.
        """
        end = time.monotonic() + (timeout or math.inf)
        answered = False
        while time.monotonic() < end:
            self.kernel_info()
            with contextlib.suppress(queue.Empty):
                reply = await ensure_async(self.shell_channel.get_msg(timeout=1))
                if reply["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(reply)
                    answered = True
            if answered and await self._heard():
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel did not respond in {timeout} seconds")

    async def _heard(self) -> bool:
        """Tell whether the output says that something we asked is done; before that nobody listens to it yet."""
        with contextlib.suppress(queue.Empty):
            while True:
                message = await ensure_async(self.iopub_channel.get_msg(timeout=0.2))
                done = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
                if done and message["parent_header"].get("session") == self.session.session:
                    return True
        return False


class Manager(AsyncKernelManager):
    """Manages the kernel of one job; needs no kernel to be installed with Jupyter."""

    process: Any = None

    def prepare(self, log_file: Path, warm: bool, memory_limit: int | None) -> Manager:
        """Say how the kernel of this manager is started."""
        self.log_file, self.warm, self.memory_limit = log_file, warm, memory_limit
        self.client_factory = Client
        self._kernel_spec = KernelSpec(
            argv=[sys.executable, str(Path(__file__).with_name("warm.py")), "-f", "{connection_file}"],
            display_name="Python 3",
            language="python",
        )
        self.number = next(_numbers)
        self.connection_file = str(runtime() / f"{self.number}.json")
        if os.name == "posix":  # sockets in our own folder: no port can clash, nobody else can connect
            self.transport, self.ip = "ipc", str(runtime() / f"{self.number}")
        return self

    async def _async_pre_start_kernel(self, **kwargs: Any) -> Any:
        if self.provisioner is None:
            self.provisioner = Provisioner(kernel_id="crosscase", kernel_spec=self._kernel_spec, parent=self)
            self.provisioner.manager = self
        return await super()._async_pre_start_kernel(**kwargs)
