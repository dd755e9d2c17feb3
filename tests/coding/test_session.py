"""The protocol without a browser: what the page may ask, what it is told, what it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.coding import workbench
from crosscase.coding.session import Session
from crosscase.errors import CrosscaseError
from crosscase.exchange.adding import add_files
from crosscase.exchange.consensus import SHEET, differences, read_decisions
from crosscase.exchange.consensus_round import write_round
from crosscase.study import load_study
from crosscase.study.check import check_study


def ask(session, kind, **cells):
    return session.handle({"kind": kind, "id": 7, **cells})


def only(replies, kind):
    found = [reply for reply in replies if reply["kind"] == kind]
    assert found, replies
    return found[0]


def opened(coder="c1", document="d01", **how):
    session = Session("talks", coder, **how)
    only(ask(session, "start"), "study")
    only(ask(session, "open", document=document), "document")
    return session


def coded(session, start, end, code="time", document="d01"):
    return only(ask(session, "code", document=document, start=start, end=end, code=code), "changed")["coding"]


def rows():
    return load_study("talks").whole("codings").set_index("coding_id")


def test_the_page_starts_with_documents_codes_and_progress(home):
    study = only(ask(Session("talks", "c1"), "start"), "study")
    assert [row["title"] for row in study["documents"]] == ["Interview 1", "Interview 2"]
    assert [row["code"] for row in study["codes"]] == ["relations", "trust", "time", "money"]
    assert len({(row["colour"], row["line"]) for row in study["codes"]}) == 4
    assert study["progress"]["d01"] == {"codings": 0, "mine": 0, "covered": 0.0}
    assert "text" not in study


def test_a_coding_is_saved_told_changed_and_undone_over_several_steps(home):
    session = opened()
    coding = coded(session, 23, 35)
    told = only(ask(session, "change", coding=coding, was={"valence": ""}, now={"valence": "inhibits"}), "changed")
    assert told["rows"][0]["valence"] == "inhibits"
    ask(session, "change", coding=coding, was={"memo": ""}, now={"memo": "says it twice\u202e"})
    assert rows().loc[coding, "memo"] == "says it twice"
    for kind, state in [
        ("undo", ("inhibits", None)), ("undo", (None, None)), ("undo", None), ("redo", (None, None)),
        ("redo", ("inhibits", None)), ("redo", ("inhibits", "says it twice")),
    ]:  # fmt: skip
        replies = ask(session, kind)
        assert all(reply["kind"] != "problem" for reply in replies)
        found = rows()
        seen = (
            None
            if found.empty
            else tuple(None if cell != cell else cell for cell in found[["valence", "memo"]].iloc[0])
        )
        assert seen == state
    assert only(ask(session, "redo"), "told")["said"] == "nothing to redo"


def test_a_new_code_comes_with_its_coding_and_goes_with_it(home):
    session = opened()
    reply = only(
        ask(session, "code", document="d01", start=0, end=4, label=" <b>Fear</b> of\nloss ", parent="time"), "changed"
    )
    book = load_study("talks").codebook.set_index("code")
    assert book["label"]["b-fear-b-of-loss"] == "<b>Fear</b> of loss"
    assert [row["code"] for row in reply["codes"]] == ["relations", "trust", "time", "b-fear-b-of-loss", "money"]
    ask(session, "undo")
    assert rows().empty
    assert "b-fear-b-of-loss" not in set(load_study("talks").codebook["code"])


def test_two_windows_hear_of_each_other_and_are_asked_where_they_differ(home):
    one, two = opened(), opened()
    coding = coded(one, 23, 35)
    assert only(ask(two, "sync"), "changed")["rows"][0]["coding_id"] == coding
    assert ask(two, "sync") == []
    ask(one, "change", coding=coding, was={"memo": ""}, now={"memo": "mine"})
    asked = ask(two, "change", coding=coding, was={"memo": ""}, now={"memo": "yours"})
    conflict = only(asked, "conflict")
    assert conflict["theirs"]["memo"] == "mine"
    assert conflict["mine"] == {"memo": "yours"}
    assert rows().loc[coding, "memo"] == "mine"
    assert only(asked, "changed")["rows"][0]["memo"] == "mine"
    ask(two, "change", coding=coding, was={"memo": "mine"}, now={"memo": "mine\nyours"})
    ask(one, "undo")  # of "mine", which is no longer what stands there
    assert rows().loc[coding, "memo"] == "mine\nyours"


def test_blind_mode_shows_and_touches_nothing_of_others(home):
    first = opened("c1")
    theirs = coded(first, 23, 35)
    ask(first, "memo", document="d01", was="", text="What I think of it.")
    blind = Session("talks", "c2", blind=True)
    study = only(ask(blind, "start"), "study")
    text = only(ask(blind, "open", document="d01"), "document")
    assert study["progress"]["d01"]["codings"] == 0
    assert list(study["coders"]) == ["c2"]
    assert text["codings"] == []
    assert text["memo"] == ""
    ask(blind, "memo", document="d01", was="", text="What I think.")
    mine = coded(blind, 23, 40)
    assert ask(blind, "sync") == []
    coded(first, 0, 3)
    assert [row for reply in ask(blind, "sync") for row in reply["rows"]] == []
    for kind, cells in {
        "compare": {}, "write_round": {}, "remove_code": {"code": "money"},
        "merge_code": {"code": "time", "into": "trust"},
        "rename_code": {"code": "time", "new": "hours"}, "remove": {"coding": theirs},
        "change": {"coding": theirs, "was": {}, "now": {"memo": "x"}},
    }.items():  # fmt: skip
        assert ask(blind, kind, **cells)[0]["kind"] == "problem", kind
    assert {theirs, mine} <= set(rows().index)


def test_codes_are_renamed_and_joined_in_every_table_and_that_is_undone_unless_something_came_after(home):
    session = opened()
    coding = coded(session, 23, 35)
    ask(session, "rename_code", code="time", new="Lack of time")
    assert rows().loc[coding, "code"] == "lack-of-time"
    ask(session, "merge_code", code="lack-of-time", into="trust")
    assert rows().loc[coding, "code"] == "trust"
    other = opened()
    late = coded(other, 0, 4, "money")
    refused = only(ask(session, "undo"), "problem")
    assert "has not changed since" in refused["said"][0]
    ask(other, "remove", coding=late)
    for code in ("lack-of-time", "time"):
        only(ask(session, "undo"), "changed")
        assert rows().loc[coding, "code"] == code
    ask(session, "undo")
    assert rows().empty


def test_codes_are_moved_with_their_branch(home):
    session = opened()
    told = only(ask(session, "move_code", code="relations", parent="time"), "changed")
    assert {row["code"]: row.get("parent") for row in told["codes"]}["relations"] == "time"
    assert "below itself" in only(ask(session, "move_code", code="time", parent="trust"), "problem")["said"][0]
    told = only(ask(session, "move_code", code="money", parent="", before="time"), "changed")
    order = [row["code"] for row in told["codes"]]
    assert order.index("money") < order.index("time")
    assert check_study("talks") == []


def test_a_decided_round_is_what_a_workbook_gives(home, monkeypatch):
    one, two = opened("c1"), opened("c2")
    for session, code in ((one, "time"), (two, "trust")):
        coded(session, 23, 35, code)
        coded(session, 100, 110, "money")
    coded(one, 0, 10, "money")
    found = only(ask(one, "compare"), "differences")
    assert found["total"] == 2
    assert any("Nobody" in row["match"] or "Nobody" in row["right"] for row in found["rows"])
    assert only(ask(one, "write_round"), "problem")
    said = {"other code": "first", "missed": "second"}
    for row in found["rows"]:
        ask(one, "decide", segment=row["segment"], difference=row["kind"], decision=said[row["kind"]], reason="agreed")
    again = only(ask(opened("c1"), "compare"), "differences")
    assert {row["decided"]["decision"] for row in again["rows"]} == {"first", "second"}

    study = load_study("talks")
    table = differences(study)
    table = table.assign(decision=table["kind"].map(said), decided_code=None, decided_valence=None, reason="agreed")
    day = one.now().date().isoformat()
    sheets = {SHEET: table.assign(decided_on=day).astype("object").where(lambda frame: frame.notna(), None)}
    replies = ask(one, "write_round")
    mine = load_study("talks")
    kept = {name: mine.whole(name) for name in ("codings", "consensus_decisions")}
    assert mine.info.reconciled_rounds == [f"consensus-{day}"]
    assert only(replies, "differences")["rounds"] == [f"consensus-{day}"]
    assert len(list((home / "restricted" / "talks" / "before").iterdir())) == 1
    only(ask(one, "undo"), "changed")
    assert load_study("talks").info.reconciled_rounds == []
    write_round(load_study("talks"), read_decisions(load_study("talks"), sheets))
    for name, frame in kept.items():
        assert load_study("talks").whole(name).equals(frame), name


def test_words_are_found_in_all_their_forms(home):
    session = opened()
    found = only(ask(session, "search", query="trust"), "found")
    assert [row["match"] for row in found["rows"]] == ["trusted", "Trust", "Trusting"]
    here = only(ask(session, "search", query="trusted", document="d02"), "found")
    assert {row["document"] for row in here["rows"]} == {"d02"}
    text = only(ask(session, "open", document="d01"), "document")["text"]
    assert text[found["rows"][0]["start"] : found["rows"][0]["end"]] == "trusted"


def test_what_another_program_does_meanwhile_reaches_the_page(home, tmp_path):
    session, other = opened(), opened()
    ask(other, "new_code", label="Fear")
    text = ask(session, "open", document="d02")
    assert [reply["kind"] for reply in text] == ["changed", "document"]
    assert "fear" in {row["code"] for row in text[0]["codes"]}
    (tmp_path / "third.txt").write_text("INT: One more.\n")
    add_files("talks", [tmp_path / "third.txt"])
    told = only(ask(session, "sync"), "changed")
    (new,) = [row for row in told["documents"] if row["document"] not in ("d01", "d02")]
    assert coded(session, 0, 3, document=new["document"])
    note = "One more, and one more after that."
    assert only(ask(session, "memo", document=new["document"], was="", text=note), "told")


def test_a_memo_is_kept_and_undone(home):
    session = opened()
    ask(session, "memo", document="d01", was="", text="One.\n")
    ask(session, "memo", document="d01", was="One.", text="One, two.")
    assert load_study("talks").whole_memos() == {"d01": "One, two.\n"}
    ask(session, "undo")
    assert load_study("talks").whole_memos() == {"d01": "One.\n"}
    ask(session, "undo")
    assert load_study("talks").whole_memos() == {}


BAD = [
    None, [], "start", 3, {}, {"kind": "none"}, {"kind": "open"}, {"kind": "open", "document": 3},
    {"kind": "open", "document": "../../etc/passwd"}, {"kind": "open", "document": "d99"},
    {"kind": "code", "document": "d01", "start": -1, "end": 4, "code": "time"},
    {"kind": "code", "document": "d01", "start": 0, "end": 10**12, "code": "time"},
    {"kind": "code", "document": "d01", "start": 0, "end": 9_999, "code": "time"},
    {"kind": "code", "document": "d01", "start": True, "end": 4, "code": "time"},
    {"kind": "code", "document": "d01", "start": 0, "end": 4, "code": "no-such-code"},
    {"kind": "code", "document": "d01", "start": 0, "end": 4, "label": "\u202e \n"},
    {"kind": "code", "document": "d01", "start": 0, "end": 4, "label": "x", "parent": "nowhere"},
    {"kind": "code", "document": "d01", "start": 0, "end": 4, "code": "time", "coder": "c2"},
    {"kind": "change", "coding": "c9", "was": {}, "now": {"memo": "x"}},
    {"kind": "change", "coding": "c9", "was": {}, "now": {"coder": "c2"}},
    {"kind": "remove", "coding": "c9"}, {"kind": "memo", "document": "../x", "was": "", "text": "x"},
    {"kind": "new_code", "label": "Time"}, {"kind": "move_code", "code": "time", "parent": "time"},
    {"kind": "remove_code", "code": "relations"}, {"kind": "rename_code", "code": "time", "new": "trust"},
    {"kind": "merge_code", "code": "none", "into": "time"}, {"kind": "merge_code", "code": "time", "into": "time"},
    {"kind": "compare"}, {"kind": "search", "query": ""},
    {"kind": "decide", "segment": "x", "difference": "y", "decision": "z"},
]  # fmt: skip


@pytest.mark.parametrize("message", BAD, ids=repr)
def test_a_wrong_message_is_refused_in_a_sentence_and_nothing_is_written(home, message):
    session = opened()
    before = {path: path.read_bytes() for path in home.rglob("*.csv")}
    replies = session.handle(message)
    assert [reply["kind"] for reply in replies if reply["kind"] in ("problem", "conflict")], replies
    assert "Traceback" not in str(replies)
    assert {path: path.read_bytes() for path in home.rglob("*.csv")} == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6,
)  # fmt: skip
KINDS = ["open", "code", "change", "remove", "new_code", "memo", "search", "decide", "undo", "sync", "move_code"]
NAMES = ["document", "start", "end", "code", "coding", "label", "parent", "was", "now", "text", "query", "id", "before"]


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5))))
def test_no_message_whatever_it_holds_ends_in_an_exception(home, asked):
    session = opened()
    for kind, cells in asked:
        assert all("kind" in reply for reply in session.handle({"kind": kind, **cells}))


def test_a_table_that_somebody_has_broken_is_told_and_stays_as_it_is(home):
    session = opened()
    coded(session, 23, 35)
    path = home / "data/studies/talks/codings.csv"
    broken = path.read_text() + "<<<<<<< mine\n"
    path.write_text(broken)
    for kind, cells in {
        "code": {"document": "d01", "start": 0, "end": 5, "code": "time"}, "open": {"document": "d01"}, "start": {},
    }.items():  # fmt: skip
        only(ask(session, kind, **cells), "problem")
    assert path.read_text() == broken


def test_the_state_of_the_widget_holds_nothing_of_the_study(home):
    widget = workbench("talks", coder="c1")
    sent = []
    widget.send = lambda reply, buffers=None: sent.append(reply)
    for message in ({"kind": "start"}, {"kind": "open", "document": "d01"}):
        widget._take(widget, message, [])
    assert [reply["kind"] for reply in sent] == ["study", "document"]
    kept = repr(widget.get_state()) + repr(widget) + repr(widget._repr_mimebundle_())
    for word in ("corridor", "alderman", "Interview 1", "Relations"):
        assert word not in kept


def test_who_codes_is_clear_before_anything_is_shown(home):
    with pytest.raises(CrosscaseError, match="several coders"):
        workbench("talks")
    with pytest.raises(CrosscaseError, match="none"):
        workbench("no-such-study", coder="c1")
    with pytest.raises(CrosscaseError, match="name of their own"):
        workbench("talks", coder="consensus")
    session = opened("Anna of the Hill")
    coding = coded(session, 0, 4)
    assert load_study("talks").coder_names()[rows().loc[coding, "coder"]] == "Anna of the Hill"
    assert "Anna" not in "".join(path.read_text() for path in (home / "data/studies/talks").glob("*.*"))
    assert opened("Anna of the Hill").me == session.me
