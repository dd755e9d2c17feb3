"""A quotation by its id, as the book and a poster print it; never one whose owner has released nothing."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from crosscase.publish.book_text import closest
from crosscase.study import Study, restricted

NEVER = "a quotation with release none is never printed, nor its paraphrase"


class Refused(NamedTuple):
    """Why there is no quotation: the rule, what would be allowed, what to do."""

    rule: str
    allowed: str = ""
    remedy: str = "correct the id"


def find_quotation(study: Study, key: str) -> tuple[pd.Series, restricted.Quotation] | Refused:
    """Return the row of a quotation and its text, which is null where only the paraphrase may be shown.

    `key` is the id of the quotation in its table `quotations`.
    """
    rows = study.quotations[study.quotations["quotation"] == key]
    if rows.empty:
        known = [f"{study.name}.{each}" for each in study.quotations["quotation"]]
        return Refused("the id is in the quotation index", closest(f"{study.name}.{key}", known))
    row = rows.iloc[0]
    released = study.documents.set_index("document")["release"].get(row["document"])
    if "none" in (row["release"], released):
        return Refused(NEVER, remedy="take it out, or ask its owner for a wider release")
    return row, restricted.quote(study, row["document"], int(row["start"]), int(row["end"]), row["release"])
