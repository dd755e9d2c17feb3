"""A JupyterLab of its own on a free port of the loopback interface, with a notebook that shows the coding page."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

TOKEN = "a-token-for-tests"
PATIENCE = 60_000


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on; `OSError` where none may be had."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def write_notebook(folder: Path, call: str, name: str = "page.ipynb") -> None:
    source = f"from crosscase.coding import workbench\n{call}"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)


@contextlib.contextmanager
def served(home: Path, settings: dict[str, Any] | None = None) -> Iterator[str]:
    """Serve a compendium's notebooks and yield the address; the server ends with the block."""
    port = free_port()
    config = home / "lab"
    overrides = config / "settings" / "overrides.json"
    overrides.parent.mkdir(parents=True, exist_ok=True)
    wanted = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    overrides.write_text(json.dumps(wanted | (settings or {})))
    environment = os.environ | {
        "CROSSCASE_HOME": str(home), "JUPYTER_CONFIG_DIR": str(config), "JUPYTER_DATA_DIR": str(config / "data"),
        "JUPYTER_RUNTIME_DIR": str(config / "run"), "JUPYTERLAB_WORKSPACES_DIR": str(config / "workspaces"),
        "JUPYTERLAB_SETTINGS_DIR": str(config / "user"), "IPYTHONDIR": str(config / "ipython"),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1",
        f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={home / 'notebooks'}", "--allow-root",
        f"--LabApp.app_settings_dir={config / 'settings'}", "--LabApp.news_url=None",
    ]  # fmt: skip
    with (home / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        end = time.monotonic() + PATIENCE / 1000
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api/status?token={TOKEN}", timeout=5).read()
                break
            if process.poll() is not None or time.monotonic() > end:
                raise OSError((home / "lab.log").read_text(errors="replace")[-2000:])
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def run_page(page: Any, address: str, name: str = "page.ipynb", view: str = "lab") -> Any:
    """Open a notebook, run its cell and return the coding page, with a text in it."""
    page.goto(f"{address}/{view}/tree/{name}?token={TOKEN}&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=PATIENCE)
    page.wait_for_function(
        "() => document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'", timeout=PATIENCE
    )
    prompt = page.locator(".jp-CodeCell .jp-InputPrompt").first
    for _ in range(6):  # a cell that is run before the kernel has been connected is not run at all
        if page.locator(".jp-Dialog").count():  # JupyterLab has something to say of its own
            page.locator(".jp-Dialog .jp-mod-accept").last.click()
            page.locator(".jp-Dialog").wait_for(state="detached")
        with contextlib.suppress(Exception):
            page.locator(".jp-CodeCell .cm-content").first.click(timeout=8_000)
            page.keyboard.press("Shift+Enter")
        with contextlib.suppress(Exception):
            page.wait_for_function("node => node.textContent !== '[ ]:'", arg=prompt.element_handle(), timeout=8_000)
            break
    bench = page.locator(".cc-workbench").first
    bench.wait_for(timeout=PATIENCE)
    opened(page)
    return bench


def opened(page: Any) -> None:
    """Wait until a text is open on the coding page."""
    page.wait_for_function("() => document.querySelector('.cc-workbench')?.dataset.document", timeout=PATIENCE)
