"""A kernel is ready when it answers and its output arrives: nothing is waited for beyond that."""

from __future__ import annotations

import asyncio
import queue

import pytest

from crosscase.pipeline.kernels import Client, Manager


class Channel:
    """Gives messages in order; a gap is a wait that ended with nothing."""

    def __init__(self, *messages):
        self.messages = list(messages)

    async def get_msg(self, timeout=None):
        if not self.messages:
            raise AssertionError("somebody waits for more")
        if (message := self.messages.pop(0)) is None:
            raise queue.Empty
        return message


def status(state, request):
    return {"msg_type": "status", "content": {"execution_state": state}, "parent_header": ours(request)}


def ours(request):
    return {"msg_id": request, "session": "ours" if request else ""}


def reply(request):
    return {"msg_type": "kernel_info_reply", "parent_header": {"msg_id": request}, "content": {}}


def client(monkeypatch, shell, output, alive=True):
    one = Client()
    one.session.session = "ours"
    asked = []
    monkeypatch.setattr(Client, "shell_channel", Channel(*shell))
    monkeypatch.setattr(Client, "iopub_channel", Channel(*output))
    monkeypatch.setattr(one, "kernel_info", lambda: asked.append(1), raising=False)
    monkeypatch.setattr(one, "_handle_kernel_info_reply", lambda message: None, raising=False)

    async def is_alive():
        return alive

    monkeypatch.setattr(one, "_async_is_alive", is_alive, raising=False)
    return one, asked


def test_it_is_ready_as_soon_as_its_answer_is_done(monkeypatch):
    output = (status("starting", ""), status("busy", "a"), status("idle", "a"))
    one, asked = client(monkeypatch, [reply("a")], output)
    asyncio.run(one.wait_for_ready(timeout=60))
    assert len(asked) == 1


def test_it_is_asked_again_where_the_output_does_not_arrive_yet(monkeypatch):
    one, asked = client(monkeypatch, [None, reply("a"), reply("b")], [None, status("idle", "b")])
    asyncio.run(one.wait_for_ready(timeout=60))
    assert len(asked) == 3


def test_a_slow_kernel_that_answers_two_questions_at_once_is_ready(monkeypatch):
    output = [status("idle", "b"), None, status("idle", "c"), None, status("idle", "d"), None]
    one, asked = client(monkeypatch, [None, reply("a"), reply("b"), reply("c")], output)
    asyncio.run(one.wait_for_ready(timeout=60))
    assert len(asked) == 2


def test_a_kernel_that_died_is_not_waited_for(monkeypatch):
    one, _ = client(monkeypatch, [None], [], alive=False)
    with pytest.raises(RuntimeError, match="died before"):
        asyncio.run(one.wait_for_ready(timeout=60))


def test_the_manager_of_a_job_hands_out_this_client(tmp_path):
    assert type(Manager().prepare(tmp_path / "log", False, None).client()) is Client
