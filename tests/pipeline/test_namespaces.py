"""With no network, a disk that is really full, results that really cannot be written: in namespaces of Linux."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

from crosscase.pipeline import load_plan, run

BUILD = """
import sys
from crosscase.errors import CrosscaseError
from crosscase.pipeline import load_plan, run
try:
    report = run(load_plan(), warm={warm}, workers=2, progress=False)
    print(report.summary())
    sys.exit(0 if report.ok else 1)
except CrosscaseError as error:
    print(error)
    sys.exit(2)
"""
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount", "--net", "sh", "-c"]


def possible():
    if sys.platform != "linux" or not shutil.which("unshare"):
        return False
    trial = "d=$(mktemp -d) && mount -t tmpfs -o size=1M t $d && umount $d"
    return subprocess.run([*UNSHARE, trial], capture_output=True).returncode == 0


pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not possible(), reason="no namespaces here: not Linux, or not allowed"),
]


def build(before, warm=False, after="true"):
    """Run a build in a shell with a network of its own that leads nowhere, after some preparation."""
    program = 'python="$0"; code="$1"; ' + before + '; "$python" -c "$code"; status=$?; ' + after + "; exit $status"
    command = [*UNSHARE, program, sys.executable, BUILD.format(warm=warm)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("warm", [False, True])
def test_no_network_is_needed_and_changes_nothing(compendium, warm):
    body = (
        "import socket\ntry:\n    socket.create_connection(('192.0.2.1', 80), 1)\nexcept OSError:\n    print('cut off')"
    )
    compendium.notebook("30_alone", "study = 'north'", body)
    run(load_plan(), warm=warm, progress=False)
    connected = compendium.bytes_of_runs()
    shutil.rmtree(compendium.results)
    done = build("true", warm)
    assert done.returncode == 0, done.stdout + done.stderr
    assert compendium.bytes_of_runs() == connected
    assert b"cut off" in connected["30_alone/north/30_alone.ipynb"]


def test_a_disk_that_is_full_is_told_and_the_next_build_ends_the_same(compendium):
    fill = "import os\nfrom pathlib import Path\nPath(os.environ['CROSSCASE_RUN'], 'big').write_bytes(b'x' * 600_000)"
    compendium.notebook("30_big", "study = 'north'", fill, after=["10_cases"])
    run(load_plan(), warm=False, progress=False)
    undisturbed = compendium.bytes_of_runs()
    shutil.rmtree(compendium.results)
    compendium.results.mkdir()
    kept = compendium.root.parent / "kept"
    done = build(f"mount -t tmpfs -o size=1M t '{compendium.results}'", after=f"cp -r '{compendium.results}' '{kept}'")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "No space left on device" in done.stdout
    assert "make room" in done.stdout
    shutil.rmtree(compendium.results)
    shutil.copytree(kept, compendium.results)
    finished = {state.parent.parent.name + "/" + state.parent.name for state in kept.glob("runs/*/*/state.json")}
    assert finished
    assert len(finished) < 5
    report = run(load_plan(), warm=False, progress=False)
    assert report.ok
    assert finished <= {*report.fresh}
    assert compendium.bytes_of_runs() == undisturbed


def test_results_that_are_read_only_are_told_and_stay_as_they_are(compendium):
    run(load_plan(), warm=False, progress=False)
    before = compendium.bytes_of_runs()
    compendium.study("north", ["a", "b", "new"])
    place = compendium.results
    done = build(f"mount --bind '{place}' '{place}' && mount -o remount,bind,ro '{place}'")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "can only be read" in done.stdout
    assert compendium.bytes_of_runs() == before
    assert json.loads((place / "run.json").read_text())["failures"] == []
    assert os.access(place, os.W_OK)
