"""JupyterLab: it opens copies that are never overwritten, and it ends with whoever has started it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import nbformat
import pytest
from click.testing import CliRunner

from crosscase import paths
from crosscase.cli import main
from crosscase.pipeline import copies, lab


def notebook(path, *cells):
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell, id=f"c{n}") for n, cell in enumerate(cells)])
    nbformat.write(node, path)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    (tmp_path / "notebooks").mkdir()
    notebook(tmp_path / "notebooks" / "10_a.ipynb", "1 + 1")
    notebook(tmp_path / "notebooks" / "20_b.ipynb", "2 + 2")
    return tmp_path


def cells(path):
    return [cell["source"] for cell in nbformat.read(path, 4).cells]


def test_a_copy_that_somebody_has_changed_is_kept_and_said_and_any_other_follows_its_notebook(home):
    said = []
    folder = copies.renew(said.append)
    assert cells(folder / "10_a.ipynb") == ["1 + 1"]
    notebook(folder / "10_a.ipynb", "1 + 1", "mine")
    notebook(folder / "own.ipynb", "own")
    copies.renew(said.append)
    assert cells(folder / "10_a.ipynb") == ["1 + 1", "mine"]
    assert said == []
    for name in ("10_a", "20_b"):
        notebook(home / "notebooks" / f"{name}.ipynb", "newer")
    for _ in range(2):
        copies.renew(said.append)
        assert cells(folder / "10_a.ipynb") == ["1 + 1", "mine"]
    assert [re.match(r"lab/10_a.ipynb is yours and stays", each) is not None for each in said] == [True, True]
    assert cells(folder / "20_b.ipynb") == ["newer"]
    assert cells(folder / "own.ipynb") == ["own"]
    (folder / "10_a.ipynb").rename(folder / "10_mine.ipynb")
    copies.renew(said.append)
    assert cells(folder / "10_a.ipynb") == ["newer"]
    assert cells(folder / "10_mine.ipynb") == ["1 + 1", "mine"]


def test_a_file_that_was_there_before_or_is_no_notebook_any_more_is_a_persons_own(home):
    (home / "lab").mkdir()
    notebook(home / "lab" / "10_a.ipynb", "there before")
    copies.renew()
    assert cells(home / "lab" / "10_a.ipynb") == ["there before"]
    (home / "lab" / "20_b.ipynb").write_text("half of a", encoding="utf-8")
    notebook(home / "notebooks" / "20_b.ipynb", "newer")
    copies.renew()
    assert (home / "lab" / "20_b.ipynb").read_text(encoding="utf-8") == "half of a"


def test_a_copy_that_was_only_run_is_none_that_was_changed(home):
    folder = copies.renew()
    node = nbformat.read(folder / "10_a.ipynb", 4)
    node.cells[0].outputs = [nbformat.v4.new_output("stream", text="2")]
    nbformat.write(node, folder / "10_a.ipynb")
    copies.renew()
    assert nbformat.read(folder / "10_a.ipynb", 4).cells[0].outputs
    notebook(home / "notebooks" / "10_a.ipynb", "newer")
    copies.renew()
    assert cells(folder / "10_a.ipynb") == ["newer"]


OPENED = {
    "lab": "lab",
    "lab --original": "notebooks",
    "lab notebooks/10_a.ipynb --no-browser": "lab/10_a.ipynb",
    "lab --original 20_b.ipynb": "notebooks/20_b.ipynb",
    "lab 30_none.ipynb": "lab",
}


@pytest.mark.parametrize(("line", "place"), OPENED.items())
def test_what_is_opened_is_a_copy_unless_the_original_is_asked_for(home, monkeypatch, line, place):
    opened = []
    monkeypatch.setattr(lab, "open_lab", lambda *given: opened.append(given[:2]) or 0)
    done = CliRunner().invoke(main, line.split())
    assert done.exit_code == 0, done.output
    more = ["--no-browser"] if "--no-browser" in line else []
    assert opened == [(home / place, more)]
    assert (str(home / "lab") in done.output) == ("--original" not in line)


@pytest.fixture
def opened(home):
    psutil = pytest.importorskip("psutil")
    command = [sys.executable, "-m", "crosscase", "lab", "--no-browser", "--allow-root"]
    places = os.pathsep.join([str(paths.source().parent), os.environ.get("PYTHONPATH", "")])
    env = os.environ | {"PYTHONPATH": places, "PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    process = subprocess.Popen(command, env=env, start_new_session=True, **pipes)
    guard = threading.Timer(180, process.kill)
    guard.start()
    token = address = None
    while not (token and address):
        line = process.stdout.readline()
        assert line, "it has ended"
        token = token or next(iter(re.findall(r"asks for a token: (\S+)", line)), None)
        address = address or next(iter(re.findall(r"(http://127\.0\.0\.1:\d+)/lab", line)), None)
    head = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/api/kernels", json.dumps({"name": "python3"}).encode(), head)
    while True:  # it tells its address a moment before it listens
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                assert answer.status == 201
            break
        except urllib.error.URLError:
            assert process.poll() is None
            time.sleep(0.2)
    below = psutil.Process(process.pid).children(recursive=True)
    yield SimpleNamespace(process=process, below=below, psutil=psutil)
    guard.cancel()
    for each in below:
        with contextlib.suppress(psutil.Error):
            each.kill()
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.mark.long
@pytest.mark.posix
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"])
def test_it_ends_its_server_and_its_kernels_however_it_ends(opened, number):
    assert len(opened.below) >= 2
    os.kill(opened.process.pid, getattr(signal, number))
    opened.process.stdout.read()  # until the server too has closed it
    assert opened.process.wait() == (-signal.SIGKILL if number == "SIGKILL" else 0)
    _, alive = opened.psutil.wait_procs(opened.below, timeout=60)
    assert alive == []
