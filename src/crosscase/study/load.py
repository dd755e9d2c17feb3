"""The one reader of the study data: a study as tables, its restricted texts, its memos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from crosscase import documents, paths, tables, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.model import StudyInfo, read_info

SHARED = {
    "findings": "synthesis/findings.csv",
    "finding_evidence": "synthesis/finding_evidence.csv",
    "cerqual": "synthesis/cerqual.csv",
    "appraisals": "synthesis/appraisals.csv",
    "framework_changes": "synthesis/framework_changes.csv",
    "leftover_decisions": "synthesis/leftover_decisions.csv",
    "calibration_agreement": "calibration/agreement.csv",
    "calibration_saturation": "calibration/saturation.csv",
    "calibration_tests": "calibration/tests.csv",
}
NOT_TABLES = frozenset({"constructs", *SHARED})


@dataclass
class Study:
    """One study: `info` from `study.yml`, and each table of the data dictionary as an attribute.

    Tables are read when they are first asked for and noted as inputs of the run. A table that the study does not
    have comes out empty, with its columns, so that one notebook serves every study.

    Parameters
    ----------
    name : str
        Id of the study, the name of its folder.
    folder : pathlib.Path
        Where its tables lie.
    info : StudyInfo
        What `study.yml` says.

    Examples
    --------
    A study's tables are frames: `load_study("nl-work-roadmap").cases`.
    """

    name: str
    folder: Path
    info: StudyInfo
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)

    def __getattr__(self, table: str) -> pd.DataFrame:
        if table.startswith("_") or table not in table_names():
            raise AttributeError(f"a study has no table {table!r}; it has {', '.join(table_names())}")
        return self.table(table)

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of one table, typed as the dictionary says.

        Raises
        ------
        CrosscaseError
            Where the dictionary has no such table, or the file breaks its rules.
        """
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name].copy()

    def has(self, name: str) -> bool:
        """Tell whether the study has any row of a table."""
        return not self.table(name).empty

    def labels(self, name: str) -> dict[str, str]:
        """Return id -> label of the table `cases`, `codebook`, `themes` or `roles`, in the table's order."""
        frame = self.table(name)
        return dict(zip(frame[tables.schema(name).key[0]], frame["label"]))

    def _read(self, name: str) -> pd.DataFrame:
        schema = tables.schema(name)
        path = trace.note_read(self.folder / f"{name}.csv")
        if not path.is_file():
            return tables.empty(schema)
        text = read_text(path)
        try:
            frame = tables.parse(text, schema)
        except (ValueError, KeyError):
            frame = None
        if frame is None or not set(text.partition("\n")[0].strip().split(",")) <= set(schema.columns):
            _, problems = tables.problems_in(text, schema, f"{self.name}/{name}.csv")
            raise CrosscaseError(problems)
        return frame

    def memos(self) -> dict[str, str]:
        """Return the memos of the study: name of the file without ending -> text."""
        folder = trace.note_read(self.folder / "memos")
        files = sorted(folder.glob("*.md")) if folder.is_dir() else []
        return {file.stem: read_text(trace.note_read(file)) for file in files}

    def coders(self) -> list[str]:
        """Return the coders in the order of `study.yml`, then any other that the codings name."""
        found = self.table("codings")["coder"].dropna().unique().tolist()
        return [c for c in self.info.coders if c in found] + sorted(c for c in found if c not in self.info.coders)

    def primary_codings(self) -> pd.DataFrame:
        """Return the codings of the primary coder, on which the matrices rest; all codings where none is named."""
        codings = self.table("codings")
        primary = self.info.primary_coder
        return codings if primary is None else codings[codings["coder"] == primary].reset_index(drop=True)


def read_text(path: Path) -> str:
    """Read a file of the compendium as UTF-8 with LF line ends.

    Raises
    ------
    CrosscaseError
        Where the bytes are not UTF-8.
    """
    try:
        return documents.normalise(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        found = f"byte {error.start} is {path.read_bytes()[error.start]:#04x}"
        remedy = "save it as UTF-8 (in Excel: CSV UTF-8)"
        raise CrosscaseError(Problem(paths.relative(path), "files are UTF-8", found, "UTF-8", remedy)) from None


def table_names() -> list[str]:
    """Return the tables that a study may have."""
    return [name for name in tables.names() if name not in NOT_TABLES]


def list_studies() -> list[str]:
    """Return the ids of all studies under `data/studies`."""
    folder = trace.note_read(paths.studies())
    return sorted(path.parent.name for path in folder.glob("*/study.yml"))


def load_study(name: str) -> Study:
    """Return a study by its id.

    Raises
    ------
    CrosscaseError
        Where there is no such study, or its `study.yml` breaks the rules.
    """
    folder = paths.studies() / name
    known = list_studies()
    if name not in known:
        allowed = ", ".join(known) or "none yet"
        raise CrosscaseError(
            Problem(f"study {name!r}", "a study has a folder in data/studies", "none", allowed, "check the name")
        )
    return Study(name=name, folder=folder, info=_info(trace.note_read(folder / "study.yml")))


_infos: dict[tuple[str, str], StudyInfo] = {}


def _info(path: Path) -> StudyInfo:
    """Return what a `study.yml` says, read once as long as its content stays."""
    key = (str(path), trace.sha256(path))
    if key not in _infos:
        _infos[key] = read_info(path)
    return _infos[key].model_copy(deep=True)


def load_studies(names: list[str] | None = None) -> Iterator[Study]:
    """Yield several studies, all of them by default, in alphabetical order."""
    for name in names or list_studies():
        yield load_study(name)


def stack(table: str, names: list[str] | None = None) -> pd.DataFrame:
    """Return one table of several studies under each other, with the study in the first column.

    Parameters
    ----------
    table : str
        Name of a table of the dictionary, or `primary_codings`.
    names : list of str, optional
        Studies, all by default.
    """
    frames = []
    for study in load_studies(names):
        frame = study.primary_codings() if table == "primary_codings" else study.table(table)
        frame.insert(0, "study", study.name)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else tables.empty(tables.schema(table)).assign(study="")


def study_labels(names: list[str]) -> dict[str, str]:
    """Return study id -> short title, in the order given."""
    return {study.name: study.info.short_title for study in load_studies(names)}


def load_framework(name: str) -> pd.DataFrame:
    """Return a framework as its list of constructs, from `data/frameworks/`.

    Raises
    ------
    CrosscaseError
        Where there is no such framework or its table breaks the rules.
    """
    path = trace.note_read(paths.frameworks() / f"{name}.csv")
    schema = tables.schema("constructs")
    if not path.is_file():
        known = ", ".join(list_frameworks())
        raise CrosscaseError(Problem(f"framework {name!r}", "a framework is a table in data/frameworks", "none", known))
    frame, problems = tables.problems_in(read_text(path), schema, f"frameworks/{name}.csv")
    if problems or frame is None:
        raise CrosscaseError(problems)
    return frame


def load_shared(name: str) -> pd.DataFrame:
    """Return a table that belongs to no single study: what people judged in the synthesis, and our calibrations.

    Parameters
    ----------
    name : str
        Key of `SHARED`. A table that is not there comes out empty, with its columns: nobody has judged yet.

    Raises
    ------
    CrosscaseError
        Where there is no such table, or the file breaks its rules.
    """
    if name not in SHARED:
        allowed = ", ".join(SHARED)
        raise CrosscaseError(Problem(f"table {name!r}", "a table of the compendium as a whole", "none", allowed))
    path, schema = trace.note_read(paths.studies().parent / SHARED[name]), tables.schema(name)
    if not path.is_file():
        return tables.empty(schema)
    frame, problems = tables.problems_in(read_text(path), schema, SHARED[name])
    if problems or frame is None:
        raise CrosscaseError(problems)
    return frame


def list_frameworks() -> list[str]:
    """Return the names of all frameworks."""
    return sorted(path.stem for path in trace.note_read(paths.frameworks()).glob("*.csv"))
