"""The warm server: whoever asks for a kernel gets it before what only some notebooks need is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from crosscase.pipeline.server import can_warm

SCRIPT = """
from crosscase.pipeline import warm
warm.THEN = ("one", "two")
warm.preload = lambda name: print("import", name, flush=True)
for line in warm.requests():
    print("kernel", line, flush=True)
"""
pytestmark = pytest.mark.skipif(not can_warm(), reason="kernels are forked on Linux only")


def test_requests_that_wait_are_answered_first():
    done = subprocess.run([sys.executable, "-c", SCRIPT], input="a\nb\n", capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[:2] == ["kernel a", "kernel b"], done.stderr
    assert done.returncode == 0


def test_while_nobody_asks_the_rest_is_imported_once():
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        seen = [process.stdout.readline().strip() for _ in range(2)]
        process.stdin.write("a\n")
        process.stdin.flush()
        seen.append(process.stdout.readline().strip())
        process.stdin.close()
        assert [*seen, process.stdout.read()] == ["import one", "import two", "kernel a", ""]
