"""What the last build found of a study, at the prompt: each kept result by its id, with sentence, table and figure."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from crosscase.analyses.shown import sentence_html, table_html
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.cells import read_csv
from crosscase.publish.values import Kept, read_kept


@dataclass(frozen=True, repr=False)
class KeptResult:
    """One result as it was kept: `sentence`, `caption`, `limits`, `frame`, and its figure as SVG where it has one."""

    id: str
    sentence: str
    caption: str
    limits: str
    notebook: str
    kept: Kept

    @property
    def frame(self) -> pd.DataFrame:
        """Its table, with neutral ids; empty where the question was refused."""
        if self.id not in self.kept.tables:
            return pd.DataFrame()
        frame = read_csv(self.kept.path("tables", self.id, "csv"))
        kinds = self.kept.tables[self.id].get("columns", {})
        numbers = [column for column in frame if kinds.get(column, {}).get("kind") == "number"]
        return frame.assign(**{column: pd.to_numeric(frame[column], errors="coerce") for column in numbers})

    @property
    def svg(self) -> str:
        """Its figure; empty where it has none. `crosscase figure ID` draws it in any size."""
        if self.id not in self.kept.figures:
            return ""
        return self.kept.path("figures", self.id, "svg").read_text(encoding="utf-8")

    def __repr__(self) -> str:
        return f"{self.id}: {self.sentence or self.caption}"

    def _repr_html_(self) -> str:
        parts = [f"<p><strong>{escape(self.caption)}</strong> <code>{escape(self.id)}</code></p>"]
        if svg := self.svg:
            data = base64.b64encode(svg.encode()).decode()
            alt = escape(self.kept.figures[self.id]["alt"], quote=True)
            parts.append(f'<img style="max-width:100%" alt="{alt}" src="data:image/svg+xml;base64,{data}">')
        parts.append(sentence_html(self.sentence))
        if len(frame := self.frame):
            parts.append(table_html(frame))
        if self.limits:
            parts.append(f"<p><em>{escape(self.limits)}</em></p>")
        return "".join(parts)


class StudyResults(Mapping[str, KeptResult]):
    """The kept results of a study, by id without the name of the study; Tab completes the ids.

    Parameters
    ----------
    study : str
        Id of the study, or `synthesis`, `configurations` ...
    kept : Kept
        What all runs have kept.
    """

    def __init__(self, study: str, kept: Kept) -> None:
        self.study = study
        self._kept = kept
        self._records = {
            identifier.removeprefix(f"{study}."): record
            for identifier, record in kept.results.items()
            if identifier.startswith(f"{study}.")
        }

    def __getitem__(self, name: str) -> KeptResult:
        name = name.removeprefix(f"{self.study}.")
        if name not in self._records:
            rule, allowed = "a result of this study, by its id", ", ".join(self._records) or "none yet"
            raise KeyError(str(CrosscaseError(Problem(f"result {name!r}", rule, "none", allowed))))
        record = self._records[name]
        return KeptResult(
            record["id"], record["sentence"], record["caption"], record["limits"], record["notebook"], self._kept
        )

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._records)

    @property
    def values_table(self) -> pd.DataFrame:
        """Every number of the study: `id`, unrounded `value`, printed `text`, `unit`, `n`, `notebook`."""
        mine = [record for key, record in self._kept.values.items() if key.startswith(f"{self.study}.")]
        columns = ["id", "value", "text", "unit", "n", "notebook"]
        return pd.DataFrame([{column: record.get(column) for column in columns} for record in mine], columns=columns)

    def _frame(self) -> pd.DataFrame:
        rows = [(name, record["notebook"], record["sentence"]) for name, record in self._records.items()]
        return pd.DataFrame(rows, columns=["id", "notebook", "finding"])

    def __repr__(self) -> str:
        head = f"{len(self)} results of {self.study}" if len(self) else f"{self.study}: no results yet; {_NEXT}"
        return "\n".join([head, *(f"  {name}: {record['sentence']}" for name, record in self._records.items())])

    def _repr_html_(self) -> str:
        if not len(self):
            return f"<p>{escape(repr(self))}</p>"
        with pd.option_context("display.max_colwidth", None, "display.max_rows", None):
            return self._frame().to_html(index=False, border=0)


_NEXT = "crosscase build makes them"


def load_results(study: str) -> StudyResults:
    """Return what the last build found of a study, to be looked at by id.

    Parameters
    ----------
    study : str
        Id of the study, or `synthesis`.

    Returns
    -------
    StudyResults
        Id -> result with `sentence`, `frame`, `svg`; `values_table` has every number.

    Raises
    ------
    CrosscaseError
        Where two runs have kept something under one id.

    Examples
    --------
    `load_results("nl-work-roadmap")["matrix.case_code"].frame`
    """
    return StudyResults(study, read_kept())
