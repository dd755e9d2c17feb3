"""What is remembered: computed once however many threads ask, and syntax trees by one thread at a time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from crosscase import paths
from crosscase.pipeline.store import remembered


def test_what_several_threads_ask_for_is_computed_once_and_never_two_at_a_time(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    at_work, calls, together = threading.Semaphore(1), [], []

    def compute(key: str) -> str:
        if not at_work.acquire(blocking=False):
            together.append(key)
            return key
        calls.append(key)
        time.sleep(0.02)
        at_work.release()
        return key.upper()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda key: remembered("test", key, lambda: compute(key)), "abab" * 4))
    assert found == list("ABAB" * 4)
    assert sorted(calls) == ["a", "b"]
    assert not together


def test_one_thing_may_ask_for_another_while_it_is_computed(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    assert remembered("test", "outer", lambda: [remembered("test", "inner", lambda: 1), 2]) == [1, 2]
