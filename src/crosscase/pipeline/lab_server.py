"""JupyterLab that ends when whoever has started it does: its standard input is a pipe, which ends with its writer.

However that one ends, by Ctrl-C, with its terminal or killed, JupyterLab then ends its kernels and itself, on every
system. It is started as a script, so that nothing of this package is in its kernels.
"""

from __future__ import annotations

import os
import sys
import threading
import time

WAIT = 0.05  # seconds between two looks whether the server is there yet


def end_with_starter() -> None:
    """Wait for the end of standard input, then stop the server as its own signal does."""
    while os.read(0, 2**12):
        pass
    from jupyter_server.serverapp import ServerApp

    while not (ServerApp.initialized() and getattr(ServerApp.instance(), "io_loop", None)):
        time.sleep(WAIT)
    ServerApp.instance().stop(from_signal=True)


if __name__ == "__main__":
    sys.path.pop(0)  # the folder of this script, put there by Python
    threading.Thread(target=end_with_starter, daemon=True).start()
    from jupyterlab.labapp import main

    sys.exit(main())
