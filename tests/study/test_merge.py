"""Three versions of the tables in, one out: whatever a person wrote is there, or named among the changes."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from crosscase import tables
from crosscase.study.merge import BOTH, GONE, WENT, keep_all, merge_tables

CASES = ("k1", "k2", "k3", "k4")
WORD = st.sampled_from([None, "a", "b", "c"])


@st.composite
def cases(draw, ids=CASES):
    """Return a table of cases."""
    rows = [
        {"case": case, "label": draw(st.sampled_from("xyz")), "kind": "case", "country": draw(WORD)}
        | {"description": draw(WORD)}
        for case in draw(st.lists(st.sampled_from(ids), unique=True))
    ]
    return tables.typed(pd.DataFrame(rows, columns=tables.schema("cases").columns), tables.schema("cases"))


@st.composite
def studies(draw):
    """Return what a file said, what a person made of it, and what the file says now; a summary names a case."""
    base = draw(cases())
    rows = base.astype("object").where(base.notna(), None).to_dict("records")
    rows = [row for row in rows if draw(st.integers(0, 4))]
    for row in rows:
        for column in ("label", "country", "description"):
            if not draw(st.integers(0, 2)):
                row[column] = draw(st.sampled_from(["p", "q"] if column == "label" else ["p", "q", None]))
    rows += draw(cases(("h1", "h2"))).to_dict("records")
    schema = tables.schema("cases")
    earlier = tables.typed(pd.DataFrame(rows, columns=schema.columns), schema)
    named = earlier["case"].tolist()[:1]
    summaries = pd.DataFrame({"case": named, "theme": ["t"] * len(named), "summary": ["words"] * len(named)})
    by_hand = {"cases": earlier, "summaries": tables.typed(summaries, tables.schema("summaries"))}
    return {"cases": base}, by_hand, {"cases": draw(cases())}


def cells(frame):
    """Return (key, column) -> cell of every filled cell."""
    return {
        (row["case"], column): row[column]
        for row in frame.to_dict("records")
        for column in ("label", "country", "description")
        if pd.notna(row[column])
    }


@given(studies(), st.booleans(), st.booleans())
def test_every_cell_that_a_person_wrote_is_there_or_named(three, whole, agreed):
    base, earlier, new = three
    speaks = {"cases": None} if whole else {}
    merged = merge_tables(earlier, new, base, speaks=speaks, let_go=lambda *_: agreed)
    said, now = cells(base["cases"]), cells(merged.frames["cases"])
    named = {change.key[0] for change in merged.of(WENT)}
    for place, cell in cells(earlier["cases"]).items():
        if said.get(place) != cell:  # a person wrote it
            assert now.get(place) == cell or place[0] in named
    assert named <= set(base["cases"]["case"]) - set(new["cases"]["case"])
    assert not named or (whole and agreed)
    assert set(earlier["summaries"]["case"]) <= set(merged.frames["cases"]["case"])
    files, there = cells(new["cases"]), set(earlier["cases"]["case"])
    for place, cell in files.items():  # there, or a person has said otherwise
        deleted = place[0] in set(base["cases"]["case"]) - there
        by_hand = place in cells(earlier["cases"]) or place in said or deleted
        assert now.get(place) == cell or by_hand, place
    fresh = set(new["cases"]["case"]) - there - set(base["cases"]["case"])
    assert fresh <= set(merged.frames["cases"]["case"])


@given(studies())
def test_a_file_that_says_the_same_changes_nothing(three):
    base, earlier, _ = three
    merged = merge_tables(earlier, base, base, speaks={"cases": None}, let_go=lambda *_: True)
    assert cells(merged.frames["cases"]) == cells(earlier["cases"])
    assert merged.of(BOTH, GONE, WENT) == []


@given(studies())
def test_a_second_merge_of_the_same_file_changes_nothing(three):
    base, earlier, new = three
    once = merge_tables(earlier, new, base, let_go=keep_all)
    twice = merge_tables(once.frames, new, once.base, let_go=keep_all)
    assert cells(twice.frames["cases"]) == cells(once.frames["cases"])
    assert twice.of("new", "changed", BOTH) == []
