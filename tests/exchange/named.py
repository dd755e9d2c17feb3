"""A study as the file had it: neutral ids turned back into the names they stand for, rows in the file's order."""

from __future__ import annotations

import pandas as pd

from crosscase import tables
from crosscase.exchange.neutral import _renamed
from crosscase.study import Study
from crosscase.study import load_study as load_as_kept
from crosscase.study.keys import read_key
from crosscase.study.load import table_names
from crosscase.study.model import Coder
from crosscase.study.texts import file_of, read_verified


def names_of(study: Study) -> dict[str, dict[str, str]]:
    frame = study.whole("names")
    return {kind: dict(zip(rows["id"], rows["name"])) for kind, rows in frame.groupby("kind")} | {
        kind: {} for kind in ("document", "coder", "case", "memo") if kind not in set(frame["kind"])
    }


class Named(Study):
    """A study with the names of its file in the place of ids."""

    def memos(self):
        names = names_of(load_as_kept(self.name))["memo"]
        return {names.get(memo, memo): text for memo, text in load_as_kept(self.name).memos().items()}


def load_study(name: str) -> Study:
    """Return a study under the names of its file."""
    kept = load_as_kept(name)
    ids = names_of(kept)
    coders = {ids["coder"].get(coder, coder): who for coder, who in kept.info.coders.items()}
    coders = {
        name: Coder(kind=who.kind, description="") if who.description == name else who for name, who in coders.items()
    }
    primary = kept.info.primary_coder and ids["coder"].get(kept.info.primary_coder, kept.info.primary_coder)
    info = kept.info.model_copy(update={"coders": coders, "primary_coder": primary})
    study = Named(name, kept.folder, info)
    for table in table_names():
        study._tables[table] = _renamed(kept.whole(table), tables.schema(table), ids)
    shown = _renamed(kept.table("codings"), tables.schema("codings"), ids)
    order = {document: number for number, document in enumerate(study._tables["documents"]["document"])}
    for frames, frame in ((study._tables, study._tables["codings"]), (study._shown, shown)):
        ranked = frame.assign(_rank=frame["document"].map(order))
        ranked = ranked.sort_values(["_rank", "start", "end", "locator", "code", "coder"], kind="stable")
        numbers = [f"c{number:06d}" for number in range(1, len(ranked) + 1)] if len(kept.whole("names")) else None
        out = ranked.drop(columns="_rank").reset_index(drop=True)
        frames["codings"] = out if numbers is None else out.assign(coding_id=numbers)
    return study


def texts_of(name: str) -> dict[str, str]:
    """Return the texts of a study, under the names that the file gave its documents."""
    kept = load_as_kept(name)
    names, found = names_of(kept)["document"], {}
    for row in kept.documents.to_dict("records"):
        if row["kind"] not in ("picture", "audio", "video") and (text := read_verified(name, row)) is not None:
            found[names.get(row["document"], row["document"])] = text
    return found


def path_of(name: str, document: str):
    """Return the file of a document that the imported file called so."""
    kept = load_as_kept(name)
    ids = {shown: id for id, shown in names_of(kept)["document"].items()}
    return file_of(name, ids.get(document, document))


def text_of(study: Study, document: str) -> str:
    """Return the text of a document under the name of its file."""
    return texts_of(study.name).get(document)


def quoted(name: str) -> tuple[Study, list[str]]:
    """Return a study and the quotation behind each coding, each held against its keyed hash."""
    kept, key = load_as_kept(name), read_key(name)
    texts = {row["document"]: read_verified(name, row) for row in kept.documents.to_dict("records")}
    rows = kept.codings[kept.codings["start"].notna()]
    for row in rows.itertuples():
        text = texts[row.document][row.start : row.end]
        assert row.quotation_hmac == key.sign(text, f"{row.document}#{row.start}-{row.end}")
    study, named = load_study(name), texts_of(name)
    shown = study.codings[study.codings["start"].notna()]
    return study, [named[row.document][row.start : row.end] for row in shown.itertuples()]


def same(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Tell whether two tables hold the same."""
    return one.reset_index(drop=True).equals(other.reset_index(drop=True))
