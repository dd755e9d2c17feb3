"""Random edits by hand, random newer exports: every cell that a person wrote is there, or named in the report."""

from __future__ import annotations

import io

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.exchange import import_file
from crosscase.study import load_study
from crosscase.study.check import check_study
from crosscase.study.load import table_names

WORDS = ("We wait.", "Nobody asks.", "They know us.", "Money is late.")
ROW = st.fixed_dictionaries({
    "document": st.sampled_from(["d1", "d2", "d3"]), "case": st.sampled_from(["north", "south"]),
    "quotation": st.sampled_from(WORDS), "code": st.sampled_from(["time", "trust", "money"]),
    "coder": st.sampled_from(["ann", "ben"]),
})  # fmt: skip
FILE = st.lists(ROW, min_size=1, max_size=5)
EDITS = (
    ("codebook", "data", "definition"), ("codebook", "data", "label"), ("codings", "data", "valence"),
    ("documents", "data", "kind"), ("cases", "restricted", "label"), ("cases", "restricted", "description"),
    ("documents", "restricted", "citation"), ("codings", "restricted", "memo"),
)  # fmt: skip
SAYS = {"valence": ["promotes", "inhibits"], "kind": ["interview", "report"]}


@st.composite
def stories(draw):
    """Return a file, edits (table, folder, column, row, words) and newer exports, each with what may go."""
    edit = st.tuples(st.sampled_from(EDITS), st.integers(0, 9), st.integers(0, 1))
    turns = st.tuples(FILE, st.lists(edit, max_size=4), st.booleans())
    return draw(FILE), draw(st.lists(turns, min_size=1, max_size=3))


def as_csv(rows):
    return pd.DataFrame(rows).drop_duplicates().to_csv(index=False)


def by_hand(home, edits):
    """Write into the files of the study as a person would; return what was written: (table, key, column) -> words."""
    said = {}
    for (table, folder, column), at, turn in edits:
        path = home / folder / ("studies/s" if folder == "data" else "s") / f"{table}.csv"
        if not path.is_file():
            continue
        frame = pd.read_csv(io.StringIO(path.read_text()), dtype=str, keep_default_na=False)
        if frame.empty:
            continue
        words = SAYS.get(column, [f"{column} by hand {at}", f"other {column}"])[turn]
        row = frame.index[at % len(frame)]
        frame.loc[row, column] = words
        frame = frame.fillna("")
        path.write_text(frame.to_csv(index=False))
        said[table, frame.iloc[row, 0], column] = words
    return said


@settings(max_examples=5)
@given(stories())
def test_every_cell_that_a_person_wrote_is_there_or_named(tmp_path_factory, monkeypatch_home, story):
    home, file = monkeypatch_home(), tmp_path_factory.mktemp("in") / "x.csv"
    first, turns = story
    file.write_text(as_csv(first))
    import_file(file, "s")
    said = {}
    for rows, edits, agreed in turns:
        said |= by_hand(home, edits)
        before = {name: load_study("s").whole(name) for name in table_names()}
        file.write_text(as_csv(rows))
        let_go = (lambda would: ["all"]) if agreed else (lambda would: [])
        report = import_file(file, "s", replace=True, let_go=let_go)
        now, told = load_study("s"), "\n".join(report.changes)
        for (table, key, column), words in list(said.items()):
            frame = now.whole(table)
            mine = frame.loc[frame.iloc[:, 0].eq(key), column]
            if mine.empty:
                assert f"{table}/{key}" in told
                del said[table, key, column]
            else:
                assert mine.tolist() == [words]
        if not agreed:
            for name in ("documents", "cases", "codebook", "codings"):
                assert set(before[name].iloc[:, 0]) <= set(now.whole(name).iloc[:, 0])
        assert check_study("s") == []
