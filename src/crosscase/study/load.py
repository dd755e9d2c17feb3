"""The one reader of the study data: a study as tables, its restricted texts, its memos."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from crosscase import matrices, notes, paths, tables, trace
from crosscase.errors import CrosscaseError, Problem
from crosscase.study import levels, shown
from crosscase.study.adjudication import adjudicated
from crosscase.study.files import parsed, read_text
from crosscase.study.model import StudyInfo, read_hidden_info, read_info
from crosscase.study.names import told_apart, with_names
from crosscase.study.shared import SHARED
from crosscase.study.texts import read_verified

REPEATS = "*Not shown: this memo repeats words of a document that is not released.*\n"
SILENT = ("picture", "audio", "video")
NOT_TABLES = frozenset({"constructs", *SHARED})


@dataclass(repr=False)
class Study:
    """One study: `info` from `study.yml`, and each table of the data dictionary as an attribute.

    Tables are read when they are first asked for and noted as inputs of the run. A table that the study does not
    have comes out empty, with its columns, so that one notebook serves every study. What the study has not released
    is read from `restricted/` where that is at hand; elsewhere ids stand in the place of names.

    Parameters
    ----------
    name : str
        Id of the study, the name of its folder.
    folder : pathlib.Path
        Where its tables lie.
    info : StudyInfo
        What `study.yml` says.
    earlier : bool
        Whether a column of earlier versions is passed over, for those who bring a study up to date.
    public_only : bool
        Whether names and notes under `restricted/` are left alone, as for an anonymous export; texts are not.

    Examples
    --------
    A study's tables are frames: `load_study("nl-work-roadmap").cases`.
    """

    name: str
    folder: Path
    info: StudyInfo
    earlier: bool = field(default=False, repr=False)
    public_only: bool = field(default=False, repr=False)
    _tables: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _shown: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    _repeating: pd.Series | None = field(default=None, repr=False)
    _primary: pd.DataFrame | None = field(default=None, repr=False)

    def __getattr__(self, table: str) -> pd.DataFrame:
        if table.startswith("_") or table not in table_names():
            raise AttributeError(f"a study has no table {table!r}; it has {', '.join(table_names())}")
        return self.table(table)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *table_names()})

    def __repr__(self) -> str:
        return shown.as_text(self.name, self.info, shown.table_counts(self.table, table_names()))

    def _repr_html_(self) -> str:
        return shown.as_html(self.name, self.info, shown.table_counts(self.table, table_names()))

    def table(self, name: str) -> pd.DataFrame:
        """Return a copy of one table, typed as the dictionary says, as it may be shown.

        Codings that name no case or role have those of their document, and the theme of their code where no coding
        names a theme; a study without a table of themes has the groups of its codebook as themes. A note of `codings`
        that repeats the words of its segment is left out where these are not released. As it is kept, a table is
        returned by `whole`.

        Raises
        ------
        CrosscaseError
            Where the dictionary has no such table, or the file breaks its rules.
        """
        if name not in self._shown and name == "codings":
            self._shown[name] = self._belonging(self.released_codings())
        if name not in self._shown and name == "themes" and self.whole(name).empty:
            schema = tables.schema(name)
            self._shown[name] = tables.typed(matrices.themes_of_codes(self.table("codebook")), schema)
        return self._shown[name].copy() if name in self._shown else self.whole(name)

    def released_codings(self) -> pd.DataFrame:
        """Return the codings as they are kept, without notes that repeat words which are not released."""
        whole = self.whole("codings")
        return whole.assign(memo=whole["memo"].where(~self.repeating_notes()))

    def _belonging(self, codings: pd.DataFrame) -> pd.DataFrame:
        """Return codings with what they take over from their document and their code."""
        placed = matrices.with_documents(codings, self.table("documents"))
        if self.whole("codings")["theme"].notna().any():
            return placed
        return matrices.under_codes(placed, self.table("codebook"), self.table("themes"))

    def whole(self, name: str) -> pd.DataFrame:
        """Return a copy of one table with everything that is kept of it, for those who write it again."""
        if name not in self._tables:
            self._tables[name] = self._read(name)
        return self._tables[name].copy()

    def read_so_far(self) -> list[str]:
        """Return the tables that were read already, so that later changes of their files are not seen here."""
        return list(self._tables)

    def repeating_notes(self) -> pd.Series:
        """Tell for each coding whether its note repeats words of its segment that are not released.

        Only where the text is here can that be told.
        """
        if self._repeating is None:
            codings = self.whole("codings")
            noted = set(codings.loc[codings["memo"].notna() & codings["start"].notna(), "document"])
            self._repeating = notes.repeating_notes(codings, dict(self.unreleased_texts(noted)))
        return self._repeating

    def unreleased_texts(self, documents: Collection[str] | None = None) -> Iterator[tuple[str, str]]:
        """Yield id and text of each document (of those given) that is here and not released word by word, of any kind.

        `CrosscaseError` where a file is not the one that was coded.
        """
        for row in self.whole("documents").to_dict("records"):
            if row["release"] != "verbatim" and (documents is None or row["document"] in documents):
                text = read_verified(self.name, row, any_kind=True)
                if text is not None:
                    yield row["document"], text

    @property
    def restricted(self) -> Path:
        """Folder of the texts, names and notes that may not travel."""
        return paths.restricted() / self.name

    @property
    def level(self) -> str:
        """`restricted` where anything under `restricted/` is at hand for this study, else `public`."""
        return "restricted" if trace.note_list(self.restricted, "*") else "public"

    def has(self, name: str) -> bool:
        """Tell whether the study has any row of a table."""
        return not self.table(name).empty

    def labels(self, name: str) -> dict[str, str]:
        """Return id -> label of the table `cases`, `codebook`, `themes` or `roles`, in the table's order.

        Labels that occur more than once are told apart, as figures and tables show them side by side: by the label of
        what stands above them, else by their id.
        """
        frame = self.table(name)
        key = tables.schema(name).key[0]
        parents = dict(zip(frame[key], frame["parent"])) if "parent" in frame else {}
        return told_apart(dict(zip(frame[key], frame["label"])), parents)

    def _read(self, name: str) -> pd.DataFrame:
        schema = tables.schema(name)
        path, place = trace.note_read(self.folder / f"{name}.csv"), f"{self.name}/{name}.csv"
        shown = parsed(path, schema.part("public"), place, self.earlier)
        kept = None
        parted = self.info.public != levels.ALL and (schema.restricted or schema.guarded)
        hidden = parted or schema.level == "restricted"
        if hidden and not self.public_only:
            path = trace.note_read(self.restricted / f"{name}.csv")
            place = f"restricted/{self.name}/{name}.csv"
            kept = None if paths.withheld(path) else parsed(path, schema.part("restricted"), place)
        if schema.level == "restricted":
            return tables.empty(schema) if kept is None else tables.typed(kept, schema)
        if shown is None:
            return tables.empty(schema)
        return levels.named(levels.join(shown, kept, schema), schema)

    def memos(self) -> dict[str, str]:
        """Return the memos of the study as they may be shown: name of the file without ending -> text.

        In the place of one that repeats words of a document that is not released stands a sentence that says so.
        """
        memos = self.whole_memos()
        hidden = notes.repeating(memos, (text for _, text in self.unreleased_texts())) if memos else set()
        return memos | dict.fromkeys(sorted(hidden), REPEATS)

    def whole_memos(self) -> dict[str, str]:
        """Return the memos of the study as they were written."""
        found: dict[str, str] = {}
        alone = self.info.public == levels.ALL or self.public_only
        for place in [self.folder] if alone else [self.restricted, self.folder]:
            files = trace.note_list(place / "memos", "*.md")
            found |= {file.stem: read_text(trace.note_read(file)) for file in files}
        return dict(sorted(found.items()))

    def beside(self, *, hidden: bool = True) -> dict[str, bytes]:
        """Return the public files beside the tables and memos, such as the report of an import, as they are."""
        known = {"study.yml", *(f"{name}.csv" for name in table_names())}
        files = (path for path in sorted(self.folder.rglob("*")) if path.is_file())
        named = {path.relative_to(self.folder).as_posix(): path for path in files if hidden or path.name[0] != "."}
        memos = {f"memos/{path.name}" for path in (self.folder / "memos").glob("*.md")}
        return {name: path.read_bytes() for name, path in named.items() if name not in known | memos}

    def names(self, kind: str) -> dict[str, str]:
        """Return neutral id -> name in the imported file, for `document`, `coder`, `case` ... where it is known."""
        frame = self.table("names")
        mine = frame[frame["kind"] == kind]
        return dict(zip(mine["id"], mine["name"]))

    def coder_names(self) -> dict[str, str]:
        """Return coder -> name as it may be shown: that of the imported file where it is at hand, else the id."""
        return {coder: coder for coder in self.info.coders} | self.names("coder")

    def named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return a frame with names in the place of neutral ids, where the names of an import are at hand."""
        return with_names(frame, self._shown_names())

    def _shown_names(self) -> dict[str, str]:
        """Return neutral id -> label, title or name, where the names of an import are at hand."""
        known = self.table("names")
        if known.empty:
            return {}
        names = dict(zip(known["id"], known["name"])) | self.coder_names()
        for table, column in (("documents", "title"), ("cases", "label"), ("themes", "label"), ("roles", "label")):
            part = self.table(table)
            names |= told_apart(dict(zip(part[tables.schema(table).key[0]], part[column])))
        return {id: name for id, name in names.items() if id != name}

    def public_view(self) -> Study:
        """Return the study as those have it who have nothing of what lies under `restricted/` but texts."""
        info = _info(self.name, self.folder / "study.yml", public_only=True)
        return Study(self.name, self.folder, info, public_only=True)

    def coders(self) -> list[str]:
        """Return the coders in the order of `study.yml`, then any other that the codings name."""
        found = self.table("codings")["coder"].dropna().unique().tolist()
        return [c for c in self.info.coders if c in found] + sorted(c for c in found if c not in self.info.coders)

    def primary_codings(self) -> pd.DataFrame:
        """Return a copy of the codings on which matrices rest: the adjudicated ones of the primary coder, else all."""
        if self._primary is None:
            self._primary = self._standing()
        return self._primary.copy()

    def _standing(self) -> pd.DataFrame:
        codings, decided = self.table("codings"), self.table("adjudications")
        primary = self.info.primary_coder
        if decided.empty:
            return codings if primary is None else codings[codings["coder"] == primary].reset_index(drop=True)
        codings = self.released_codings()
        mine = codings if primary is None else codings[codings["coder"] == primary].reset_index(drop=True)
        return self._belonging(adjudicated(mine, decided))

    def standing_codings(self) -> pd.DataFrame:
        """Return the codings of every coder, with those of the primary coder as they stand after adjudication."""
        codings = self.table("codings")
        primary = self.info.primary_coder
        if primary is None:
            return self.primary_codings()
        return pd.concat([self.primary_codings(), codings[codings["coder"].ne(primary)]], ignore_index=True)


def table_names() -> list[str]:
    """Return the tables that a study may have."""
    return [name for name in tables.names() if name not in NOT_TABLES]


def list_studies() -> list[str]:
    """Return the ids of all studies under `data/studies`."""
    return sorted(path.parent.name for path in trace.note_list(paths.studies(), "*/study.yml"))


def load_study(name: str) -> Study:
    """Return a study by its id.

    Raises
    ------
    CrosscaseError
        Where there is no such study, or its `study.yml` breaks the rules.
    """
    folder = paths.studies() / name
    # the list of all studies is no input of what uses one of them
    if name not in {path.parent.name for path in trace.matching(paths.studies(), "*/study.yml")}:
        rule, allowed = "a study has a folder in data/studies", ", ".join(list_studies()) or "none yet"
        raise CrosscaseError(Problem(f"study {name!r}", rule, "none", allowed, "check the name"))
    return Study(name=name, folder=folder, info=_info(name, trace.note_read(folder / "study.yml")))


_infos: dict[tuple[str, ...], StudyInfo] = {}


def _info(name: str, path: Path, public_only: bool = False) -> StudyInfo:
    """Return what a `study.yml` says, with what lies under `restricted/`; read once as long as its content stays."""
    key = (str(path), trace.sha256(path))
    if key not in _infos:
        _infos[key] = read_info(path)
    info = _infos[key]
    if info.public != levels.ALL and not public_only:
        hidden = trace.note_read(paths.restricted() / name / "study.yml")
        if hidden.is_file() and not paths.withheld(hidden):
            both = (*key, str(hidden), trace.sha256(hidden))
            if both not in _infos:
                _infos[both] = read_hidden_info(hidden, info, name)
            info = _infos[both]
    return info.model_copy(deep=True)


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


def level_of(names: list[str] | None = None) -> str:
    """Return the level of what is made of some studies, all by default: `restricted` where it is of any of them."""
    found = [study.level for study in load_studies(names)]
    return "restricted" if "restricted" in found else "public"


def study_labels(names: list[str]) -> dict[str, str]:
    """Return study id -> short title, in the order given."""
    return {study.name: study.info.short_title for study in load_studies(names)}
