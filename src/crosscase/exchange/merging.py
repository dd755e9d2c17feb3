"""A file into a study that stands: what it brings comes in, what people have written stays, and all of it is told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.exchange.imported import Imported
from crosscase.exchange.settled import TEXTS, settle
from crosscase.study import Study, StudyInfo, load_study
from crosscase.study.check_levels import level_problems
from crosscase.study.keys import Key, read_key, sign_quotations
from crosscase.study.load import table_names
from crosscase.study.merge import GONE, MAPS, WENT, Change, merge_tables
from crosscase.study.model import IMPORTED
from crosscase.study.renaming import NATURAL, renamed, same_rows
from crosscase.study.said import MEMOS, Said, memo_frame, read_said
from crosscase.study.texts import digest_problem, file_of

ALL = "all"
LABELS = {"documents": "title", "cases": "label", "themes": "label", "roles": "label", "variables": "label"}
KINDS = {"documents": "document", "cases": "case", "themes": "theme", "roles": "role", "variables": "variable"}


@dataclass
class Standing:
    """A study as it stands while files are merged into it: read once, written once."""

    study: Study
    info: StudyInfo
    frames: dict[str, pd.DataFrame]
    said: Said
    written: dict[str, str | bytes] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    @property
    def memos(self) -> dict[str, str]:
        """Its memos: name -> text."""
        frame = self.frames[MEMOS.name]
        return dict(zip(frame["memo"], frame["text"].fillna("")))

    def content(self, document: str) -> str | bytes | None:
        """Return the content of a document, None where it is not here; `CrosscaseError` where it is another one."""
        path = file_of(self.study.name, document)
        name = self._name(document)
        if name not in self.written and (paths.withheld(path) or not path.is_file()):
            return None
        raw = self.written[name] if name in self.written else path.read_bytes()
        content = raw.encode("utf-8") if isinstance(raw, str) else raw
        row = self._row(document)
        different = (
            _hashed(row) and name not in self.written and digest_problem(row, content, read_key(self.study.name))
        )
        if different:
            rule, place = "the text is the one that was coded (SHA-256)", f"restricted/{self.study.name}/{path.name}"
            raise CrosscaseError(Problem(place, rule, *different, "put the original back before adding to it"))
        try:
            return content.decode("utf-8") if pd.notna(row.get("code_points")) else content
        except UnicodeDecodeError:
            return content

    def _row(self, document: str) -> dict:
        frame = self.frames["documents"]
        return frame[frame["document"].eq(document)].iloc[0].to_dict()

    def _name(self, document: str) -> str:
        """Return the name of the file of a document under `restricted/`."""
        path = file_of(self.study.name, document)
        if path.is_file():
            return path.relative_to((paths.restricted() / self.study.name).resolve()).as_posix()
        return next(
            (name for name in self.written if "/" not in name and PurePosixPath(name).stem == document), document
        )

    def files_of(self, documents: Collection[str]) -> list[str]:
        """Return the files of some documents under `restricted/`: texts and originals, as they are there."""
        home = (paths.restricted() / self.study.name).resolve()
        found = [path for each in documents if (path := file_of(self.study.name, each)).is_file()]
        found += [path for path in sorted((home / "originals").glob("*")) if path.stem in documents]
        return [path.relative_to(home).as_posix() for path in found]

    def texts(self) -> dict[str, str]:
        """Return every text that is here and not released word by word, by document, and those that are new."""
        found = dict(self.study.unreleased_texts())
        for name, content in self.written.items():
            if isinstance(content, str) and "/" not in name:
                found[_document_of(name, self.frames["documents"]["document"])] = content
        return found


def _document_of(name: str, documents: pd.Series) -> str:
    return name if documents.eq(name).any() else PurePosixPath(name).stem


def _hashed(row: Mapping) -> bool:
    return bool(pd.notna(row.get("sha256")) or pd.notna(row.get("hmac")))


def standing_study(name: str) -> Standing:
    """Return a study as something to merge files into.

    Raises
    ------
    CrosscaseError
        Where it does not exist, cannot be read, is of an earlier import, or its names are not at hand: then its ids
        would be drawn anew, and tables that people wrote by hand would name other things.
    """
    study = load_study(name)
    raise_if([p for p in level_problems(name, study.info, study.folder) if "earlier import" in p.found])
    if study.info.public != ALL and study.info.origin.startswith(IMPORTED) and not study.has("names"):
        rule = "a study takes in a file where the names behind its ids are at hand"
        remedy = f"put restricted/{name}/ back from the machine of the first import, or choose another --study"
        raise CrosscaseError(Problem(f"restricted/{name}/names.csv", rule, "none", remedy=remedy))
    frames = {each: study.whole(each) for each in table_names()}
    frames[MEMOS.name] = memo_frame(study.whole_memos())
    return Standing(study, study.info, frames, read_said(name))


def names_with_labels(standing: Standing) -> pd.DataFrame:
    """Return the table `names`, with ids and labels of what no import has named, so that a file finds it again."""
    rows = []
    for table, label in LABELS.items():
        frame, key = standing.frames[table], tables.schema(table).key[0]
        for id, name in frame[[key, label]].itertuples(index=False):
            rows += [(KINDS[table], id, name), (KINDS[table], id, id)]
    for coder, who in standing.info.coders.items():
        rows += [("coder", coder, who.description), ("coder", coder, coder)]
    rows += [("memo", memo, memo) for memo in standing.frames[MEMOS.name]["memo"]]
    more = pd.DataFrame(rows, columns=["kind", "id", "name"]).dropna()
    more = more[more["name"].ne("")].drop_duplicates()
    return pd.concat([standing.frames["names"], more], ignore_index=True)


def merge_into(
    standing: Standing, found: Imported, info: StudyInfo, *, whole: bool, let_go: Callable[[str], bool]
) -> Standing:
    """Return a study with what a file brings, nothing written yet.

    Parameters
    ----------
    standing : Standing
        The study.
    found : Imported
        What the file holds, under ids of the study where it knows the things.
    info : StudyInfo
        What `study.yml` would say of the file alone.
    whole : bool
        Whether the file is a newer export of what was imported, so that what it no longer has was taken out. Else it
        speaks only of the codings of its documents, coders and rounds.
    let_go : callable
        Whether something that would go may: its name, such as `cases/k01` or `texts/d01` -> bool.
    """
    earlier, said = dict(standing.frames), standing.said
    new = {name: frame for name, frame in found.frames.items() if name in earlier}
    new[MEMOS.name] = memo_frame(found.memos)
    new["names"] = _own_names(new.get("names"), standing)
    for kind, changes in said.renamed.items():
        new = {name: _once(name, frame) for name, frame in renamed(new, kind, changes).items()}
    contents = {_document_of(name, new["documents"]["document"]): text for name, text in found.texts.items()
                if "/" not in name}  # fmt: skip
    texts = settle(earlier, new, said.frames, contents, standing.content,
                   lambda document: let_go(f"{TEXTS}/{document}"), found.left_out, found.warnings)  # fmt: skip
    new = _aligned(texts.new, texts.base, texts.earlier)
    same_file = whole and (not said.format or said.format == found.format)
    speaks: dict[str, Collection[tuple[str, ...]] | None]
    speaks = dict.fromkeys([*earlier, MEMOS.name]) if same_file else {"codings": _of_this_file(texts.base, new)}
    speaks |= dict.fromkeys((*MAPS, "names"), ())
    agreed: Callable[[str, tuple[str, ...]], bool] = lambda table, key: let_go("/".join([table, *key]))  # noqa: E731
    merged = merge_tables(texts.earlier, new, texts.base, speaks=speaks, let_go=agreed, schemas={MEMOS.name: MEMOS})
    went = [
        Change(name, tuple(str(row[column]) for column in tables.schema(name).key), WENT)
        for name, rows in texts.went
        for row in rows.to_dict("records")
    ]
    added = {c.key[0] for c in merged.changes if (c.table, c.kind) == ("documents", "new")}
    written = _files(standing, found, added, texts.written)
    return Standing(
        standing.study,
        _merged_info(standing.info, info, merged.frames["codings"]),
        merged.frames,
        Said(said.format or found.format, merged.base, said.renamed),
        {**standing.written, **written},
        [*standing.changes, *merged.changes, *went],
        standing.asked | texts.asked,
        [*standing.told, *texts.told],
    )


def _own_names(names: pd.DataFrame | None, standing: Standing) -> pd.DataFrame:
    """Return the names of a file without those that stand in its place because no import has named a thing."""
    if names is None:
        return tables.empty(tables.schema("names"))
    more = names_with_labels(standing).iloc[len(standing.frames["names"]) :]
    known = set(zip(more["kind"], more["id"])) - set(
        zip(standing.frames["names"]["kind"], standing.frames["names"]["id"])
    )
    keep = [pair not in known for pair in zip(names["kind"], names["id"])]
    return names[keep].drop_duplicates(["kind", "id"]).reset_index(drop=True)


def _once(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table in which what was joined since is there once."""
    key = MEMOS.key if name == MEMOS.name else tables.schema(name).key
    return frame if name in NATURAL else frame.drop_duplicates([*key]).reset_index(drop=True)


def _aligned(
    new: dict[str, pd.DataFrame], base: Mapping[str, pd.DataFrame], earlier: Mapping[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Give rows whose ids are numbers the ids that the same rows have in the study."""
    for name in sorted(NATURAL, key=lambda each: each == "adjudications"):
        if name in new and len(new[name]):
            key = tables.schema(name).key[0]
            before = base.get(name, tables.empty(tables.schema(name)))
            changes = same_rows(name, new[name], before, earlier[name])
            kind = tables.schema(name).ids[key]
            if kind in ("coding", "fact"):
                others = {each: frame for each, frame in new.items() if each != MEMOS.name}
                new = {**new, **renamed(others, kind, changes)}
            else:
                new[name] = new[name].assign(**{key: new[name][key].map(changes)})
    return new


def _of_this_file(base: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> list[tuple[str, ...]]:
    """Return the codings of which a file speaks that holds only some documents, coders or rounds."""
    codings, mine = base.get("codings"), new["codings"]
    if codings is None or mine.empty:
        return []
    place = ["document", "coder", "round"]
    there = set(mine[place].fillna("").itertuples(index=False, name=None))
    keep = [row in there for row in codings[place].fillna("").itertuples(index=False, name=None)]
    return [(key,) for key in codings.loc[keep, "coding_id"]]


def _files(
    standing: Standing, found: Imported, added: set[str], settled: Mapping[str, str | bytes]
) -> dict[str, str | bytes]:
    """Return the files to write under `restricted/`: texts of new documents, those that are new, and originals."""
    out: dict[str, str | bytes] = {}
    for name, content in found.texts.items():
        document = PurePosixPath(name).stem
        whose = name if name in added else document
        beside = "/" in name and (whose in settled or not (standing.study.restricted / name).exists())
        if whose in added or beside:
            out[name] = content
    for document, content in settled.items():
        own = next((n for n in found.texts if "/" not in n and PurePosixPath(n).stem == document), document)
        path = file_of(standing.study.name, document)
        out[path.name if path.is_file() else own] = content
    return out


def _merged_info(old: StudyInfo, new: StudyInfo, codings: pd.DataFrame) -> StudyInfo:
    """Return `study.yml` as it stands, with coders and rounds that the file brings, and nothing released by it."""
    coders = old.coders | {name: who for name, who in new.coders.items() if name not in old.coders}
    rounds = list(dict.fromkeys([*old.reconciled_rounds, *new.reconciled_rounds]))
    there = set(codings["coder"])
    primary = old.primary_coder if old.primary_coder in there else None
    return old.model_copy(update={
        "coders": coders, "reconciled_rounds": rounds, "primary_coder": primary,
        "public": old.public if "public" in old.model_fields_set else [],
    })  # fmt: skip


def sign_new(standing: Standing, key: Key) -> None:
    """Set the keyed hashes that are missing, of documents and codings whose text is here."""
    rows, codings = standing.frames["documents"], standing.frames["codings"]
    bare = codings["quotation_hmac"].isna() & codings["start"].notna()
    wanted = {*rows.loc[rows["hmac"].isna(), "document"], *codings.loc[bare, "document"]}
    contents = {name: content for name in wanted if (content := standing.content(name)) is not None}
    hashes = [
        key.sign(contents[name], name) if pd.isna(old) and name in contents else old
        for name, old in zip(rows["document"], rows["hmac"])
    ]
    standing.frames["documents"] = tables.typed(rows.assign(hmac=hashes), tables.schema("documents"))
    signed = sign_quotations(codings[bare], contents, key)
    cells = codings["quotation_hmac"].astype("object")
    cells[signed.index] = signed
    standing.frames["codings"] = tables.typed(codings.assign(quotation_hmac=cells), tables.schema("codings"))


def would_go(standing: Standing) -> list[tuple[str, str]]:
    """Return what goes only where somebody agrees: its name, and what it is."""
    out = [(change.name, _described(standing, change)) for change in standing.changes if change.kind == GONE]
    return out + [(f"{TEXTS}/{document}", f"its text: {why}") for document, why in standing.asked.items()]


def _described(standing: Standing, change: Change) -> str:
    """Return a row in words that a person knows it by."""
    schema = MEMOS if change.table == MEMOS.name else tables.schema(change.table)
    frame = standing.frames[change.table]
    mine = pd.Series(True, index=frame.index)
    for column, value in zip(schema.key, change.key):
        mine &= frame[column].astype("str").eq(value)
    rows = frame[mine]
    if rows.empty:
        return ""
    row = standing.study.named(rows.head(1)).iloc[0]
    shown = ("label", "title", "text", "code", "document", "start", "end", "coder", "case", "value", "summary")
    cells = [str(row[column]) for column in shown if column in row.index and pd.notna(row[column])]
    return " ".join(", ".join(cells).split())[:120]
