"""One notebook with one set of parameters: its name, its place among the results, the command that runs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase import paths

COMPENDIUM = "compendium"


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters."""

    notebook: str  # its name without `.ipynb`
    title: str
    study: str | None  # the study it runs for; None for one that serves the whole compendium
    parameters: dict[str, Any] = field(hash=False)  # parameter -> value, as given to the notebook
    sweep: str = ""  # label of the parameter set of a sweep; empty for the ordinary job
    after: tuple[str, ...] = ()  # ids of the jobs whose results it reads
    time_limit: float = 1800  # seconds after which it is stopped
    memory_limit: int | None = None  # megabytes it may use, where the platform can limit that (Linux)

    @property
    def place(self) -> str:
        """The name of its folder below the notebook's: the study or `compendium`, and the label of the sweep."""
        return (self.study or COMPENDIUM) + (f"~{self.sweep}" if self.sweep else "")

    @property
    def id(self) -> str:
        """Its name: `<notebook>/<study or compendium>[~<sweep>]`."""
        return f"{self.notebook}/{self.place}"

    @property
    def folder(self) -> Path:
        """The folder of its finished results."""
        return (paths.results() / "sweeps" if self.sweep else paths.runs()) / self.notebook / self.place

    @property
    def source(self) -> Path:
        """The notebook itself, stored without outputs."""
        return paths.notebooks() / f"{self.notebook}.ipynb"

    @property
    def command(self) -> str:
        """The command that runs just this one."""
        study = f" --study {self.study}" if self.study else ""
        sweep = f" --sweep {self.sweep}" if self.sweep else ""
        return f"crosscase run {self.notebook}{study}{sweep}"
