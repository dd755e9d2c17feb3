"""A server that has imported what every notebook imports, and forks one kernel per request (Linux).

It is started as a script, not as a module of the package, so that a kernel begins without any part of this package
and records truly which parts its notebook used. One JSON object per line comes in; the process id of the new kernel
goes out. When its input ends (the runner is gone, however that happened) it ends, and its kernels end with it.

With arguments it is one kernel and no server: every kernel is launched here, forked or not.
"""

from __future__ import annotations

import builtins
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

# What takes long to import and changes nothing by being imported. Not matplotlib's inline backend: imported before
# the fork, it would lose every figure.
FIRST = (
    "numpy",
    "pandas",
    "pandas.io.formats.style",
    "pydantic",
    "yaml",
    "openpyxl",
    "scipy.sparse.csgraph",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "IPython.core.completer",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
)
"""What nearly every notebook needs; the first kernels are forked as soon as it is there."""
THEN = ("matplotlib.pyplot", "scipy.stats", "networkx", "pandera.pandas", "statsmodels.api")
"""What some notebooks need; imported while nobody asks for a kernel."""
LEFT_OUT = ("rfc3987_syntax", "debugpy")
"""What the others do without: parsers of formats that no notebook uses, a debugger that nobody asks for."""
PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask Linux to end this process when its parent ends, and end it now if that has happened already."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def preload(name: str) -> None:
    """Import a module; where it is missing, the notebook that needs it will fail, with its own words."""
    sys.modules.update(dict.fromkeys(LEFT_OUT))  # type: ignore[arg-type]  # an import of them fails while this lasts
    # what asks at its import whether it is in a notebook must hear yes: pandas sets the width of its tables by that
    vars(builtins)["get_ipython"] = lambda: SimpleNamespace(kernel=None)
    try:
        importlib.import_module(name)
    except Exception:
        return
    finally:
        del vars(builtins)["get_ipython"]
        for left_out in LEFT_OUT:
            del sys.modules[left_out]


def settle() -> None:
    """Keep what is imported out of the collection of garbage, so that kernels share its memory."""
    gc.collect()
    gc.freeze()


def become_kernel(request: dict[str, Any], imported: dict[str, str], server: int) -> None:
    """Turn this forked process into a kernel as if it had been started by itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    die_with_parent(server)
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.close(null)
    os.close(log)
    os.environ.clear()
    os.environ.update(request["env"] | imported)
    os.chdir(request["cwd"])
    reseed()
    launch([*request["argv"], f"--IPKernelApp.parent_handle={server}"])


def launch(arguments: list[str]) -> None:
    """Be a kernel that waits where its outputs are not taken as fast as they come; others then throw some away."""
    import zmq
    from ipykernel.kernelapp import IPKernelApp

    class Patient(IPKernelApp):
        """A kernel of which no output is lost, nor the word that a cell has ended."""

        def init_iopub(self, context: Any) -> None:
            context.setsockopt(zmq.XPUB_NODROP, 1)
            super().init_iopub(context)
            context.sockopts.pop(zmq.XPUB_NODROP)

    sys.argv = ["ipykernel_launcher", *arguments]
    Patient.launch_instance(argv=arguments)


def reseed() -> None:
    """Give this process random states and a figure backend of its own, as a fresh start would."""
    import random

    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()
    if "pandas" in sys.modules:
        sys.modules["pandas"].set_option("display.encoding", "UTF-8")  # what a kernel's standard output says
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = "module://matplotlib_inline.backend_inline"


def requests() -> Iterator[str]:
    """Yield the lines of standard input until it ends; while none waits, import what only some notebooks need."""
    later = list(THEN)
    begun = b""
    while True:
        if later and not select.select([0], [], [], 0)[0]:
            preload(later.pop(0))
            if not later:
                settle()
            continue
        part = os.read(0, 2**16)
        if not part:
            return
        *lines, begun = (begun + part).split(b"\n")
        yield from (line.decode() for line in lines)


def serve() -> None:
    """Import what is needed first, then fork one kernel per line of standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the runner's to handle
    before = dict(os.environ)
    for name in FIRST:
        preload(name)
    settle()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels leave no zombie
    server = os.getpid()
    for line in requests():
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                # environment variables that the imports have set, which every kernel must have too
                imported = {name: value for name, value in os.environ.items() if name not in before}
                become_kernel(json.loads(line), imported, server)
                code = 0
            finally:
                os._exit(code)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.path.pop(0)  # the folder of this script, put there by Python
    if sys.argv[1:]:
        launch(sys.argv[1:])
    else:
        serve()
