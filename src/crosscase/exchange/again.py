"""A second import of the same study: what people have written beside the import stays."""

from __future__ import annotations

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError
from crosscase.exchange.imported import Imported
from crosscase.study import Study, StudyInfo, load_study
from crosscase.study.keys import KEY_FILE
from crosscase.study.model import QUESTION

BY_PEOPLE = ["kind", "release", "release_reason", "citation", "stage", "date"]
ABOUT = (
    "title", "short_title", "question", "stance", "stance_note", "design", "country", "sector", "year", "fieldwork",
    "case_noun", "case_noun_plural", "authors", "publications", "reconciled_rounds", "propositions", "not_stated",
    "not_in_file", "ours", "reflexivity", "licence",
)  # fmt: skip
CARRIED = "tables written by hand, carried over: `crosscase check` says where they no longer fit"
TABLES = (
    "themes", "roles", "relations", "outcomes", "quotations", "facts", "framework_map", "inventory",
    "summaries", "cfir_ratings", "consensus_decisions", "adjudications", "argument", "paraphrases", "review",
    "codebook_changes", "memo_decisions",
)  # fmt: skip
DEFINED = ("definition", "inclusion", "exclusion", "example", "color")
"""Columns of the codebook that people fill beside a file."""


def known_study(name: str) -> Study | None:
    """Return the study that an import is about to replace; None where there is none or it cannot be read."""
    if not (paths.studies() / name / "study.yml").is_file():
        return None
    try:
        return load_study(name)
    except CrosscaseError:
        return None


def keep_what_people_wrote(old: Study, new: Imported, info: StudyInfo) -> StudyInfo:
    """Carry over what no export holds: `study.yml`, releases of unchanged documents, tables written by hand.

    Documents and tables of `new` are changed in place; `info` is what `study.yml` would say without the old study, and
    what it says now is returned.
    """
    new.frames["documents"] = _documents(old.whole("documents"), new.frames["documents"])
    public = old.info.public if "public" in old.info.model_fields_set else []
    new.frames["codebook"] = _defined(old.whole("codebook"), new.frames["codebook"])
    _rounds(old, new)
    _files(old, new)
    kept = {key: getattr(old.info, key) for key in ABOUT}
    if old.info.question == QUESTION:
        kept.pop("question")
    primary = old.info.primary_coder if old.info.primary_coder in {*info.coders, *reached(new)} else info.primary_coder
    coders = {name: old.info.coders.get(name, coder) for name, coder in info.coders.items()}
    left = reached(new)
    coders |= {name: who for name, who in old.info.coders.items() if name in left and name not in coders}
    new.notes.append("The study was there before: study.yml and the releases of unchanged documents were kept.")
    for table in TABLES:
        if table not in new.frames and len(rows := old.whole(table)):
            new.frames[table] = rows
            new.warnings.add(CARRIED, table)
    return info.model_copy(update=kept | {"primary_coder": primary, "coders": coders, "public": public})


def reached(new: Imported) -> set[str]:
    """Return the coders of the codings as they are now."""
    return set(new.frames["codings"]["coder"]) if "codings" in new.frames else set()


def _documents(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the new documents with what people wrote about those whose id and content have not changed."""
    before = old.dropna(subset=["sha256"]).set_index(["document", "sha256"])
    keys = pd.MultiIndex.from_frame(new[["document", "sha256"]])
    same = keys.isin(before.index)
    out = new.copy()
    for column in (c for c in BY_PEOPLE if c in before and c in out):
        said = pd.Series(before[column].reindex(keys).to_numpy(), index=out.index)
        out[column] = out[column].where(~same | said.isna(), said)
    return out


def _defined(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the new codebook with definitions and rules that people wrote for codes to which the file gives none."""
    before, out = old.set_index("code"), new.copy()
    for column in (c for c in DEFINED if c in before and c in out):
        out[column] = out[column].where(out[column].notna(), out["code"].map(before[column]))
    return out


def _rounds(old: Study, new: Imported) -> None:
    """Carry over the codings of consensus meetings on documents that are the same; told where one cannot stand."""
    codings, rounds = old.whole("codings"), old.info.reconciled_rounds
    mine = codings[codings["round"].isin(rounds)]
    if mine.empty or "codings" not in new.frames:
        return
    now = set(zip(new.frames["documents"]["document"], new.frames["documents"]["sha256"]))
    there = {document for document, digest in _contents(old) if (document, digest) in now}
    stands = mine["document"].isin(there) & mine["code"].isin(new.frames["codebook"]["code"])
    if lost := int((~stands).sum()):
        new.warnings.add("codings of a consensus meeting whose document or code has changed, not carried over", n=lost)
    frame = pd.concat([new.frames["codings"], mine[stands]], ignore_index=True)
    new.frames["codings"] = frame.drop_duplicates("coding_id", keep="last").reset_index(drop=True)


def _contents(study: Study) -> list[tuple[str, str]]:
    documents = study.whole("documents").dropna(subset=["sha256"])
    return list(zip(documents["document"], documents["sha256"]))


def _files(old: Study, new: Imported) -> None:
    """Keep the files that people put beside the texts under `restricted/`, and memos that no file has brought."""
    names = old.whole("names")
    brought = {*old.whole("documents")["document"], *names.loc[names["kind"] == "document", "id"]}
    ours = {"study.yml", KEY_FILE, "import.md", "import_map.json", *(f"{name}.csv" for name in tables.names())}
    for path in sorted(old.restricted.rglob("*")) if old.restricted.is_dir() else ():
        name = path.relative_to(old.restricted).as_posix()
        theirs = path.stem in brought or path.name in brought or name in ours or name.startswith("memos/")
        if path.is_file() and not path.is_symlink() and not theirs and not name.endswith(".part"):
            new.texts.setdefault(name, path.read_bytes())
    made = set(names.loc[names["kind"] == "memo", "id"])
    for memo, text in old.whole_memos().items():
        if memo not in made:
            new.memos.setdefault(memo, text)
