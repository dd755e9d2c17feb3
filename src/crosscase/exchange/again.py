"""A second import of the same study: what people have written beside the import stays."""

from __future__ import annotations

import pandas as pd

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.exchange.imported import Imported
from crosscase.study import Study, StudyInfo, load_study
from crosscase.study.model import QUESTION

BY_PEOPLE = ["kind", "release", "release_reason", "citation", "stage", "date"]
ABOUT = [
    "title",
    "short_title",
    "question",
    "stance",
    "stance_note",
    "design",
    "country",
    "sector",
    "year",
    "case_noun",
    "case_noun_plural",
    "authors",
    "publications",
    "reconciled_rounds",
    "propositions",
    "not_stated",
    "licence",
]
CARRIED = "tables written by hand, carried over: `crosscase check` says where they no longer fit"
TABLES = ("themes", "roles", "relations", "outcomes", "quotations", "facts", "framework_map", "inventory")


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

    Parameters
    ----------
    old : Study
        The study that is replaced.
    new : Imported
        What was read; its documents and tables are changed in place.
    info : StudyInfo
        What `study.yml` would say without the old study.

    Returns
    -------
    StudyInfo
        What it says now.
    """
    new.frames["documents"] = _documents(old.whole("documents"), new.frames["documents"])
    public = old.info.public if "public" in old.info.model_fields_set else []
    if isinstance(new.info, StudyInfo):
        return info.model_copy(update={"public": public})
    kept = {key: getattr(old.info, key) for key in ABOUT}
    if old.info.question == QUESTION:
        kept.pop("question")
    primary = old.info.primary_coder if old.info.primary_coder in info.coders else info.primary_coder
    coders = {name: old.info.coders.get(name, coder) for name, coder in info.coders.items()}
    new.notes.append("The study was there before: study.yml and the releases of unchanged documents were kept.")
    for table in TABLES:
        if table not in new.frames and len(rows := old.whole(table)):
            new.frames[table] = rows
            new.warnings.add(CARRIED, table)
    return info.model_copy(update=kept | {"primary_coder": primary, "coders": coders, "public": public})


def _documents(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the new documents with what people wrote about those whose content has not changed."""
    before = old.drop_duplicates("sha256").set_index("sha256")
    same = new["sha256"].notna() & new["sha256"].isin(before.index)
    out = new.copy()
    for column in (c for c in BY_PEOPLE if c in before and c in out):
        said = out["sha256"].map(before[column])
        out[column] = out[column].where(~same | said.isna(), said)
    return out
