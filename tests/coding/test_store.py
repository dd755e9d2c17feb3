"""Small edits under a lock: nothing lost by two windows, by a kill between steps, or by the level of a column."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.study import load_study
from crosscase.study.check import check_study
from crosscase.study.coding_store import CodingStore
from crosscase.study.edits import FIRST, Conflict, Edit, round_of, rows_of
from crosscase.study.save import save_study


def code(store, start=23, end=35, code="time", coder="c1", **cells):
    edit = store.coding("d01", start, end, code, coder, **cells)
    return edit, store.apply([edit])


def on_disk(name="talks"):
    return {row["coding_id"]: row for row in rows_of(load_study(name).whole("codings"))}


def test_a_coding_is_on_disk_with_hash_and_paragraph_and_the_study_is_sound(home):
    store = CodingStore("talks")
    edit, back = code(store, memo="said twice", valence="inhibits", case="k1", role="r1;r2", date="2026-01-02")
    row = on_disk()[edit.key]
    assert row["paragraph"] == 2
    assert len(row["quotation_hmac"]) == 64
    assert row["memo"] == "said twice"
    public = (home / "data/studies/talks/codings.csv").read_text()
    assert "said twice" not in public
    assert "2026-01-02" not in public
    assert check_study("talks") == []
    store.apply(back)
    assert on_disk() == {}


def test_what_is_written_is_what_the_writer_of_whole_studies_writes(home):
    store = CodingStore("talks")
    for start in (0, 10, 23):
        code(store, start, start + 5, memo=f"note {start}")
    files = ["data/studies/talks/codings.csv", "restricted/talks/codings.csv"]
    mine = [(home / file).read_bytes() for file in files]
    study = load_study("talks")
    frames = {name: study.whole(name) for name in ("documents", "cases", "roles", "codebook", "codings")}
    save_study("talks", study.info, frames, replace=True)
    assert [(home / file).read_bytes() for file in files] == mine


def test_a_note_that_repeats_its_segment_stays_back_where_notes_are_released(fresh_home):
    home = fresh_home(public=["codings.memo"])
    store = CodingStore("talks")
    quoting, _ = code(store, 23, 74, memo="Nobody had time. We met in the corridor and talked.")
    free, _ = code(store, 0, 20, memo="a beginning")
    public = (home / "data/studies/talks/codings.csv").read_text()
    assert "corridor" not in public
    assert "a beginning" in public
    assert on_disk()[quoting.key]["memo"].startswith("Nobody")
    store.apply([Edit("codings", free.key, {"valence": None}, {"valence": "promotes"})])
    assert "corridor" not in (home / "data/studies/talks/codings.csv").read_text()


def test_in_a_study_that_is_public_as_a_whole_such_a_note_stays_back_too(fresh_home):
    home = fresh_home(public="all")
    code(CodingStore("talks"), 23, 74, memo="Nobody had time. We met in the corridor and talked.")
    assert "corridor" not in (home / "data/studies/talks/codings.csv").read_text()
    assert next(iter(on_disk().values()))["memo"].startswith("Nobody")


def test_the_second_window_is_told_what_the_first_has_done(home):
    one, two = CodingStore("talks"), CodingStore("talks")
    edit, _ = code(one)
    assert two.table("codings")["coding_id"].tolist() == [edit.key]
    one.apply([Edit("codings", edit.key, {"valence": None}, {"valence": "promotes"})])
    with pytest.raises(Conflict, match="another valence") as told:
        two.apply([Edit("codings", edit.key, {"valence": None}, {"valence": "inhibits"})])
    assert told.value.theirs["valence"] == "promotes"
    two.apply([Edit("codings", edit.key, {"memo": None}, {"memo": "another cell is no conflict"})])
    assert on_disk()[edit.key]["valence"] == "promotes"
    with pytest.raises(Conflict, match="another"):
        two.apply([Edit("codings", edit.key, dict(edit.now), None)])
    one.apply([Edit("codings", edit.key, on_disk()[edit.key], None)])
    with pytest.raises(Conflict, match="gone"):
        two.apply([Edit("codings", edit.key, {"valence": "promotes"}, {"valence": "na"})])


def test_the_same_coding_by_the_same_coder_is_there_once_and_others_have_their_own(home):
    one, two = CodingStore("talks"), CodingStore("talks")
    first = one.coding("d01", 0, 5, "time", "c1")
    assert two.coding("d01", 0, 5, "time", "c1").key == first.key
    assert two.coding("d01", 0, 5, "time", "c2").key != first.key
    assert two.coding("d01", 0, 6, "time", "c1").key != first.key


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"case": "k9"}, "id of cases"), ({"role": "r1;r9"}, "id of roles"), ({"valence": "good"}, "one of a list"),
        ({"code": "none-such"}, "id of codebook"), ({"colour": "red"}, "columns of the dictionary"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_refused_and_nothing_is_written(home, cells, said):
    store = CodingStore("talks")
    edit = store.coding("d01", 0, 5, cells.pop("code", "time"), "c1", **cells)
    with pytest.raises(CrosscaseError, match=said):
        store.apply([edit])
    assert on_disk() == {}


@pytest.mark.parametrize("span", [(-1, 5), (5, 5), (0, 10_000), (7, 3)])
def test_a_segment_outside_of_the_text_is_refused(home, span):
    with pytest.raises(CrosscaseError, match="inside the text"):
        CodingStore("talks").coding("d01", *span, "time", "c1")


def test_codes_are_made_moved_and_taken_away_and_back(home):
    store = CodingStore("talks")
    order = lambda: store.table("codebook")["code"].tolist()  # noqa: E731
    before = store.rows("codebook")
    made = Edit("codebook", "fear", None, {"code": "fear", "label": "Fear", "parent": "time"}, after="time")
    undo = [store.apply([made])]
    assert order() == ["relations", "trust", "time", "fear", "money"]
    undo.append(store.apply([Edit("codebook", "money", {"parent": None}, {"parent": "relations"}, after=FIRST)]))
    assert order() == ["money", "relations", "trust", "time", "fear"]
    code(store, code="fear")
    with pytest.raises(CrosscaseError, match="not in use"):
        store.apply([Edit("codebook", "fear", {"code": "fear", "label": "Fear", "parent": "time"}, None)])
    with pytest.raises(CrosscaseError, match="below itself"):
        store.apply([Edit("codebook", "relations", {"parent": None}, {"parent": "trust"})])
    store.apply([Edit("codings", row["coding_id"], row, None) for row in store.rows("codings")])
    for edits in reversed(undo):
        store.apply(edits)
    assert store.rows("codebook") == before


def test_the_round_is_the_one_in_which_the_coder_works():
    frame = pd.DataFrame({"document": ["a", "a", "b"], "coder": ["x", "x", "y"], "round": ["2", "10", "consensus-1"]})
    assert round_of(frame, "x", "a") == "10"
    assert round_of(frame, "y", "b", ["consensus-1"]) == "10"
    assert round_of(frame.assign(round=None), "x", "a") is None


def test_a_memo_is_written_where_it_belongs_and_two_windows_do_not_lose_each_other(fresh_home):
    home = fresh_home(public=["memos"])
    store = CodingStore("talks")
    store.save_memo("d01", "", "My own words.")
    assert (home / "data/studies/talks/memos/d01.md").is_file()
    store.save_memo("d01", "My own words.", "She said: nobody had time, we met in the corridor and talked.\n" * 3)
    with pytest.raises(Conflict, match="another text"):
        store.save_memo("d01", "My own words.", "Other words.")
    store.save_memo("d01", load_study("talks").whole_memos()["d01"], "")
    assert not list(home.rglob("d01.md"))


def test_a_new_coder_gets_a_place_in_the_study_and_the_name_stays_restricted(home):
    store = CodingStore("talks")
    store.add_coder("c3", "anna")
    study = load_study("talks")
    assert list(study.info.coders) == ["c1", "c2", "c3"]
    assert study.coder_names()["c3"] == "anna"
    assert "anna" not in "".join(path.read_text() for path in (home / "data/studies/talks").iterdir())


class Killed(BaseException):
    """What ends a process, in a test that wants to look at what it leaves."""


def killed_after(steps):
    left = iter(range(steps))

    def check():
        if next(left, None) is None:
            raise Killed

    return check


WINDOWS = st.sampled_from([0, 1])
STEP = st.one_of(
    st.tuples(st.just("add"), WINDOWS, st.integers(0, 40), st.sampled_from(["time", "money", "trust"])),
    st.tuples(st.just("note"), WINDOWS, st.integers(0, 9), st.text("abc <>\n", max_size=6)),
    st.tuples(st.just("turn"), WINDOWS, st.integers(0, 9), st.sampled_from(["promotes", "inhibits", None])),
    st.tuples(st.just("remove"), WINDOWS, st.integers(0, 9), st.just("")),
    st.tuples(st.just("undo"), WINDOWS, st.just(0), st.just("")),
    st.tuples(st.just("look"), WINDOWS, st.just(0), st.just("")),
)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(STEP, st.one_of(st.none(), st.integers(0, 3))), max_size=14), st.sampled_from(["none", "all"])
)
def test_whatever_two_windows_do_and_whenever_one_is_killed_nothing_is_lost(fresh_home, steps, public):
    fresh_home(public=public)
    stores = [CodingStore("talks"), CodingStore("talks")]
    seen = [{}, {}]
    undo = [[], []]
    for (what, window, number, cell), kill in steps:
        before = on_disk()
        store, mine = stores[window], seen[window]
        ids = sorted(mine)
        row = mine[ids[number % len(ids)]] if ids else None
        if what == "look":
            seen[window] = {each["coding_id"]: each for each in store.rows("codings")}
            continue
        if what == "add":
            edits = [store.coding("d01", number, number + 7, cell, "c1")]
        elif what == "undo":
            edits = undo[window].pop() if undo[window] else []
        elif row is None:
            continue
        elif what == "remove":
            edits = [Edit("codings", row["coding_id"], row, None)]
        else:
            column = "memo" if what == "note" else "valence"
            edits = [
                Edit("codings", row["coding_id"], {column: row.get(column)}, {column: (cell or "").strip() or None})
            ]
        touched = {edit.key for edit in edits}
        try:
            undo[window].append(store.apply(edits, killed_after(kill) if kill is not None else lambda: None))
        except Conflict:
            assert on_disk() == before
        except Killed:
            stores[window], undo[window] = CodingStore("talks"), []
        after = on_disk()
        assert {id: row for id, row in after.items() if id not in touched} == {
            id: row for id, row in before.items() if id not in touched
        }
        for edit in edits:
            had, has = before.get(edit.key), after.get(edit.key)
            wanted = edit.now and (dict(edit.now) if edit.was is None else {**(had or {}), **edit.now})
            wanted = wanted and {name: cell for name, cell in wanted.items() if cell is not None}
            assert has in (had, wanted or None), (edit, had, has)
    assert [p for p in check_study("talks") if "codings" in p.place] == []


HOLD = """
import sys
from crosscase.study.coding_store import CodingStore
store = CodingStore("talks")
for number in range(10_000):
    store.apply([store.coding("d01", number % 60, number % 60 + 3 + number // 60, "time", "c1", memo=f"n{number}")])
    print(number, flush=True)
"""


@pytest.mark.posix
def test_a_process_that_is_killed_has_saved_what_it_had_told(home):
    process = subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=os.environ.copy())
    store = CodingStore("talks")
    told = [process.stdout.readline() for _ in range(6)]
    code(store, 1, 60, "money")  # while the other one writes
    os.kill(process.pid, signal.SIGKILL)
    told += process.stdout.read().splitlines()
    process.wait()
    notes = {row.get("memo") for row in on_disk().values()}
    assert {f"n{line.strip()}" for line in told} <= notes
    assert "money" in {row["code"] for row in on_disk().values()}
    assert code(CodingStore("talks"), 2, 50, "trust")[0].key in on_disk()
    assert [p for p in check_study("talks") if "codings" in p.place] == []


def test_at_the_level_public_no_text_is_coded(home, monkeypatch):
    monkeypatch.setenv(paths.LEVEL_VARIABLE, "public")
    with pytest.raises(CrosscaseError, match="level public"):
        CodingStore("talks")
