"""The inventory filled in place: counted from the documents of a study, agreed to by a person, written with undo."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from crosscase import inventory, tables
from crosscase.concordance import words
from crosscase.documents import quotations_only
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.rewriting import rewrite
from crosscase.study import Study, load_study
from crosscase.study.load import table_names
from crosscase.study.wording import wording

ALL = "all"


def proposal(study: Study) -> pd.DataFrame:
    """Return what can be counted of a study's documents, beside what its inventory says.

    Columns as of `crosscase.inventory.beside_what_stands`. `CrosscaseError` where a text is not the one that was coded.
    """
    read = wording(study)
    partial = set(quotations_only(study.documents))
    counts = {name: len(words(text, read.languages[name])) for name, text in read.texts.items() if name not in partial}
    rows = inventory.from_documents(study.documents, study.pages, counts)
    return inventory.beside_what_stands(rows, study.inventory)


def fill_inventory(name: str, renew: Collection[str] = ()) -> list[str]:
    """Write what was counted and is not in the inventory yet; a row that is there is renewed only where it is named.

    Parameters
    ----------
    name : str
        Id of the study.
    renew : collection of str
        Rows (`item`) that say another number than was counted, and take it; or `all` of those.

    Returns
    -------
    list of str
        The rows that were written; `crosscase undo` takes them back.

    Raises
    ------
    CrosscaseError
        Where a row to renew says nothing else than was counted, or the study cannot be written.
    """
    study = load_study(name)
    found = proposal(study)
    differs = set(found.loc[found["state"].eq(inventory.DIFFERS), "item"])
    if strange := sorted(set(renew) - differs - {ALL}):
        rule, allowed = "what is renewed says another number than was counted", ", ".join(sorted(differs)) or "none"
        raise CrosscaseError(Problem("--renew", rule, ", ".join(strange), allowed))
    wanted = differs if ALL in renew else differs & set(renew)
    rows = found[found["state"].eq(inventory.NEW) | found["item"].isin(wanted)]
    if rows.empty:
        return []
    schema = tables.schema("inventory")
    new = tables.typed(rows.reindex(columns=list(schema.columns)), schema).set_index("item")
    table = study.whole("inventory").set_index("item")
    for item in new.index.intersection(table.index):
        table.loc[item, ["n", "status"]] = [new.at[item, "n"], new.at[item, "status"]]
    whole = pd.concat([table, new[~new.index.isin(table.index)]]).reset_index()
    frames = {each: study.whole(each) for each in table_names()}
    rewrite(study, "inventory", study.info, frames | {"inventory": tables.typed(whole[list(schema.columns)], schema)})
    return rows["item"].tolist()
