"""What a notebook leaves is looked through before it is put in place, and again where texts or permissions change."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline.cache import STATE, text_hash
from crosscase.pipeline.store import remembered

if TYPE_CHECKING:
    from crosscase.pipeline.job import Job
    from crosscase.pipeline.work import Outcome


class Exits:
    """The exits of one run: its own process looks through everything, so that the texts are read once."""

    @cached_property
    def _texts(self) -> str:
        """Hash of what shows that the texts at hand or their permissions changed; empty where no text is here."""
        from crosscase.release.at_hand import state

        now = state()
        return hashlib.sha256(now.encode()).hexdigest() if now else ""

    def refuse(self, outcome: Outcome, job: Job) -> None:
        """Turn the outcome of a job into a failure where its results repeat an unreleased passage, and drop them.

        Of a job that failed, the executed notebook and the words of the error go out: they are looked through as well.
        """
        folder = Path(outcome.staging) if outcome.staging else None
        if not self._texts or folder is None or not folder.is_dir():
            return
        if outcome.ok:
            if wrong := self.wrong(folder, job):
                outcome.ok, outcome.error = False, f"its results were not put in place: {wrong}"
                outcome.advice = "nothing of it was kept"
                shutil.rmtree(folder, ignore_errors=True)
            return
        from crosscase.release.gate import check_folder, told_safely

        outcome.error = told_safely(outcome.error, job.id)
        outcome.advice = told_safely(outcome.advice, job.id)
        try:
            check_folder(folder, job.id)
        except CrosscaseError as error:
            outcome.advice += f" Its executed notebook was not kept: {error}"
            shutil.rmtree(folder, ignore_errors=True)

    def wrong(self, folder: Path, job: Job) -> str:
        """Say what is wrong with the results of a job, in one text; the same results are looked through once."""
        if not self._texts:
            return ""
        products = json.loads((folder / STATE).read_text(encoding="utf-8")).get("products", {})

        def look() -> dict[str, bool]:
            from crosscase.release.gate import check_folder

            check_folder(folder, paths.relative(job.folder), [job.source])
            return {"clean": True}

        try:
            remembered("exits", text_hash([self._texts, products]), look)
        except CrosscaseError as error:
            return str(error)
        return ""
