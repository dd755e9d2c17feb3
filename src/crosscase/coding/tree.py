"""The codebook as a tree: codes made, moved and taken away by small edits, renamed and joined as a whole."""

from __future__ import annotations

from crosscase.coding.palette import next_colour
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import changing
from crosscase.exchange.names import label, slug, unique
from crosscase.study.coding_store import CodingStore
from crosscase.study.edits import FIRST, Edit

PROSE = ("memo", "definition", "inclusion", "exclusion")
"""Cells that hold more than a line."""


def new_code(store: CodingStore, name: str, parent: str = "") -> Edit:
    """Return the edit that makes a code, as the last one below its parent; `CrosscaseError` without a label.

    The label of another code below the same parent is refused: two of one name are told apart by nobody.
    """
    book, name = store.table("codebook"), label(name)
    if not name:
        raise CrosscaseError(Problem("new code", "a code has a label", "none"))
    siblings = book[book["parent"].fillna("").eq(parent)]
    if siblings["label"].str.casefold().eq(name.casefold()).any():
        raise CrosscaseError(Problem("new code", "codes below one parent have different labels", repr(name)))
    code = unique(slug(name, "code"), set(book["code"]))
    row = {"code": code, "label": name, "parent": parent or None, "color": next_colour(book)}
    return Edit("codebook", code, None, row, after=_last_below(store, parent))


def _last_below(store: CodingStore, parent: str) -> str | None:
    """Return the last code of a branch in the order of the codebook; None for the end of the table."""
    if not parent:
        return None
    inside, last = {parent}, parent
    book = store.table("codebook")
    for code, above in zip(book["code"], book["parent"]):
        if above in inside:
            inside.add(code)
            last = code
    return last


def move_code(store: CodingStore, code: str, parent: str, before: str) -> Edit:
    """Return the edit that puts a code below another one (or at the top), before a sibling or as the last one.

    Its branch follows, as every code names its parent.
    """
    row = _row(store, code)
    order = [id for id in store.table("codebook")["code"].tolist() if id != code]
    if before in order:
        at = order.index(before)
        after = order[at - 1] if at else FIRST
    else:
        last = _last_below(store, parent)
        after = last if last != code else (order[-1] if order else FIRST)
        after = after if after is not None else (order[-1] if order else FIRST)
    return Edit("codebook", code, {"parent": row.get("parent")}, {"parent": parent or None}, after=after)


def remove_code(store: CodingStore, code: str) -> Edit:
    """Return the edit that takes a code away; where something uses it, the store refuses it."""
    return Edit("codebook", code, _row(store, code), None)


def _row(store: CodingStore, code: str) -> dict:
    found = next((row for row in store.rows("codebook") if row["code"] == code), None)
    if found is None:
        raise CrosscaseError(Problem(f"code {code!r}", "a code of the codebook", "none"))
    return found


def rename(study: str, code: str, new: str) -> str:
    """Give a code another id in every table, and say what was done."""
    return f"code {code} is {new} now\n{changing.rename(study, 'code', code, slug(new, 'code')).text()}"


def merge(study: str, code: str, into: str) -> str:
    """Join a code into another one, and say what was done."""
    return f"{code} joined into {into}\n{changing.merge_codes(study, [code], into).text()}"
