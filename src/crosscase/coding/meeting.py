"""Two coders side by side, and what they decide: kept at once, written as the round that a workbook would give."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from crosscase.coding.messages import Decide
from crosscase.exchange.consensus import NEEDED, SHEET, differences, read_decisions
from crosscase.exchange.consensus_round import write_round
from crosscase.study import load_study
from crosscase.study.coding_store import CodingStore
from crosscase.study.edits import rows_of

AROUND = 160
"""Code points of text on each side of a difference."""
MOST = 2_000


def shown(store: CodingStore) -> dict[str, Any]:
    """Return the differences between coders with the text around them and what was decided so far.

    `CrosscaseError` where fewer than two coders have coded.
    """
    study, draft, rows = load_study(store.name), store.draft(), []
    table = differences(study)
    kept = [name for name in table.columns if name not in ("decision", "decided_on", "reason")]
    for row in rows_of(table[kept].head(MOST)):
        text = store.text(row["document"]) or ""
        start, end = row["start"], row["end"]
        around = {"left": text[max(0, start - AROUND) : start], "match": text[start:end]}
        rows.append(row | around | {"right": text[end : end + AROUND], "decided": draft.get(_key(row), {})})
    rounds = list(study.info.reconciled_rounds)
    return {"kind": "differences", "rows": rows, "total": len(table), "rounds": rounds}


def _key(row: dict[str, Any]) -> str:
    return f"{row['kind']}|{row['segment']}"


def decide(store: CodingStore, message: Decide, today: dt.date) -> None:
    """Keep one decision, or open the difference again where the decision is empty."""
    cells = {
        "segment": message.segment, "kind": message.difference, "decision": message.decision,
        "decided_code": message.decided_code, "decided_valence": message.decided_valence,
        "decided_on": today.isoformat(), "reason": message.reason,
    }  # fmt: skip
    store.save_draft(_key(cells), cells if message.decision else None)


def sheet(store: CodingStore) -> pd.DataFrame:
    """Return the decisions as the sheet of a workbook; those on what is no difference any more are left out."""
    there = {_key(row) for row in rows_of(differences(load_study(store.name))[["segment", "kind"]])}
    rows = [cells for key, cells in store.draft().items() if key in there]
    return pd.DataFrame(rows, columns=list(NEEDED), dtype="object").replace("", None)


def write(study: str, replace: bool) -> str:
    """Write the decisions as a reconciled round, and say what was done; what the study was before is kept.

    `CrosscaseError` with every problem of the decisions; then nothing is written.
    """
    store = CodingStore(study)
    known = load_study(study)
    decided = read_decisions(known, {SHEET: sheet(store)})
    return write_round(known, decided, replace=replace).text()
