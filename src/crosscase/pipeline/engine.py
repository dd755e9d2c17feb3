"""The papermill engine: our kernels, a limit on the time of the whole notebook, and the trace of what was read."""

from __future__ import annotations

import logging
import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase.pipeline.outputs import OUTPUTS, Outputs

ENGINE = "crosscase"
_guard = threading.Lock()
_slots: AbstractContextManager[Any] = nullcontext()


def limit_cells(number: int | None) -> None:
    """Let so many notebooks of this process be inside their cells at once (None: any number).

    Starting and ending a kernel is mostly waiting; with more threads than slots it happens beside the others' cells.
    """
    global _slots
    _slots = threading.Semaphore(number) if number else nullcontext()


WRITE_TRACE = """
import json as _json, sys as _sys
if any(_name.startswith("crosscase.") for _name in _sys.modules):
    from crosscase import trace as _trace
    _trace.write({path!r})
else:
    open({path!r}, "w").write(_json.dumps({{"reads": {{}}, "modules": []}}))
"""


@dataclass
class Session:
    """What the engine needs for one notebook, and what it has to tell afterwards."""

    root: Path
    folder: Path
    env: dict[str, str]
    warm: bool
    time_limit: float
    memory_limit: int | None
    log_file: Path
    notebook: Any = None
    cell_seconds: list[float] = field(default_factory=list)
    started: float = 0.0
    start_seconds: float = 0.0
    waited: float = 0.0
    running: int = 0
    """Index of the cell that was begun last."""
    kernel: Any = None
    """The process of the kernel, which knows how it ended."""
    outputs: Outputs = field(default_factory=Outputs)

    def remaining(self, _cell: object = None) -> int:
        """Return the seconds that are left of the limit of the whole notebook, at least one."""
        return max(1, round(self.started + self.time_limit - time.monotonic()))

    def late(self) -> bool:
        """Tell whether the limit of the whole notebook has passed."""
        return time.monotonic() > self.started + self.time_limit


class Ended(Exception):
    """A cell asked its notebook to end, by `exit()` or `quit()`."""


def quiet_papermill() -> Any:
    """Import papermill without what makes its import slow, silence its log, and register our engine with it."""
    with _guard:
        if "papermill" not in sys.modules and "rfc3987_syntax" not in sys.modules:
            # jsonschema would build parsers for seconds, for formats that no notebook uses
            sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
            try:
                import papermill
            finally:
                del sys.modules["rfc3987_syntax"]
        import papermill
        from papermill.engines import papermill_engines

        if ENGINE not in papermill_engines._engines:
            logging.getLogger("papermill").setLevel(logging.CRITICAL)
            logging.getLogger("papermill.translators").setLevel(logging.CRITICAL)
            papermill_engines.register(ENGINE, _engine())
    return papermill


def _engine() -> type:
    """Make the engine class; papermill is imported by now."""
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine

    from crosscase.pipeline.kernels import Manager

    class Client(PapermillNotebookClient):
        """Executes the cells, notes their times, and has the kernel write its trace at the end.

        Its outputs are `session.outputs`: nbclient's own way with a display id costs the square of its displays.
        """

        @property
        def iopub_timeout(self) -> int:
            """How long an output may come late: on a busy machine that is no reason to fail."""
            return min(180, self.session.remaining())

        def papermill_execute_cells(self) -> None:
            session: Session = self.session
            session.start_seconds = time.monotonic() - session.started
            waiting = time.monotonic()
            with _slots:
                session.started = time.monotonic()
                session.waited = session.started - waiting
                super().papermill_execute_cells()
                if not any(each.output_type == "error" for cell in self.nb.cells for each in cell.get("outputs", [])):
                    code = WRITE_TRACE.format(path=str(session.folder / "trace.json"))
                    request = self.kc.execute(code, silent=True, store_history=False)
                    self.wait_for_reply(request)

        async def async_execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
            begin, self.session.running = time.monotonic(), cell_index
            try:
                return await super().async_execute_cell(cell, cell_index, *args, **kwargs)
            finally:
                self.session.cell_seconds.append(time.monotonic() - begin)
                if cell.cell_type == "code":
                    self.session.outputs.take(cell, cell_index)

        def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
            if msg["msg_type"] in OUTPUTS and not self.session.outputs.admit(msg, cell_index):
                return None
            return super().process_message(msg, cell, cell_index)

        def output(self, outs: list[Any], msg: Any, display_id: str | None, cell_index: int) -> Any:
            if self.clear_before_next_output:
                self.session.outputs.release(outs)
            made = super().output(outs, msg, None, cell_index)
            if made is not None and display_id:
                self.session.outputs.name(made, display_id)
            return made

        def clear_output(self, outs: list[Any], msg: Any, cell_index: int) -> None:
            if not msg["content"].get("wait"):
                self.session.outputs.release(outs)
            super().clear_output(outs, msg, cell_index)

        def _update_display_id(self, display_id: str, msg: Any) -> None:
            self.session.outputs.update(display_id, msg["content"]["data"], msg["content"]["metadata"])

        def execute_cell(self, cell: Any, *args: Any, **kwargs: Any) -> Any:
            from jupyter_core.utils import run_sync

            return run_sync(self.async_execute_cell)(cell, *args, **kwargs)

    class Engine(NBClientEngine):
        """Papermill's own engine with our client and kernel manager."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, session: Any = None, **kwargs: Any) -> Any:
            session.notebook = nb_man.nb
            session.started = time.monotonic()

            def heed(cell: Any, cell_index: int, execute_reply: Any) -> None:
                """Stop where the cell asked to end: the kernel would take the cells that come, or not, by chance."""
                asked = execute_reply["content"].get("payload") or []
                if any(each.get("source") == "ask_exit" for each in asked):
                    raise Ended

            manager = Manager().prepare(session.log_file, session.warm, session.memory_limit)
            client = Client(
                nb_man,
                km=manager,
                kernel_name="python3",
                timeout_func=session.remaining,
                startup_timeout=180,
                coalesce_streams=False,  # see normalise.joined
                shutdown_kernel="immediate",
                on_cell_executed=heed,
                resources={"metadata": {"path": str(session.root / "notebooks")}},
            )
            client.session = session
            client.owns_km = True
            try:
                return client.execute(env=session.env, cleanup_kc=True)
            finally:
                session.kernel = manager.process

    return Engine
