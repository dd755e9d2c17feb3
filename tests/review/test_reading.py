"""A study with few tables is read without a word of Python; answers set notes aside; sides of single checks."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from planted import CHAPTER, CODE, NAME, clean

from crosscase.review import (
    APART,
    ASIDE,
    CHECKS,
    LOOK,
    PASSED,
    TIP,
    Computed,
    Material,
    across,
    counts,
    material,
    report,
    review,
    unneeded,
)
from crosscase.study import StudyInfo, list_studies, load_study

INFO = StudyInfo(title="A", short_title="A", question="What helps?", stance="codebook")


def of(notes, number):
    return [note for note in notes if note.check.number == number]


def test_a_study_without_any_table_is_read():
    notes = review(Material("a", INFO, {}))
    assert {note.check.number for note in notes} == set(CHECKS)
    for note in notes:
        assert note.said or note.state == PASSED
    assert of(notes, "R01")[0].state == APART
    assert of(notes, "R01")[0].said == "The study has nothing in themes.csv and codings.csv."


@pytest.mark.parametrize("table", sorted(clean().frames))
def test_a_study_without_one_table_is_read(table):
    made = clean()
    del made.frames[table]
    notes = review(made.material())
    assert {note.check.number for note in notes} == set(CHECKS)


@pytest.mark.parametrize("table", sorted(clean().frames))
def test_a_table_with_nothing_but_what_is_required_is_read(table):
    from crosscase import tables

    made = clean()
    frame, schema = made.frames[table], tables.schema(table)
    need = {column for column in schema.columns if schema.constraint(column, "required")} | set(schema.key)
    made.frames[table] = frame[[column for column in frame if column in need]]
    assert {note.check.number for note in review(made.material())} == set(CHECKS)


@pytest.mark.parametrize("name", list_studies())
def test_every_study_of_the_compendium_is_read(name):
    notes = review(material(load_study(name)))
    assert {note.check.number for note in notes} == set(CHECKS)
    assert {note.state for note in of(notes, "R46")} == {PASSED}


def test_the_synthesis_is_asked_of_its_findings_alone():
    made = across([load_study(name) for name in list_studies()])
    notes = review(made, [check for check in CHECKS.values() if check.across])
    assert all(note.check.across for note in notes)
    assert made.primary["coding_id"].str.startswith(tuple(f"{name}." for name in list_studies())).all()


def answered(**cells):
    made = clean()
    made.set("argument", "finding", "time", looked_for="nothing")
    row = {"check": "R20", "subject": "time", "reason": "It is the rival.", "author": "ann", "date": "2026-01-02"}
    made.frames["review"] = pd.DataFrame([row | cells])
    return made.material()


@pytest.mark.parametrize("subject", ["time", "all"])
def test_an_answer_sets_a_note_aside(subject):
    made = answered(subject=subject)
    (note,) = of(review(made), "R20")
    assert note.state == ASIDE
    assert note.answer == "It is the rival. (ann, 2026-01-02)"
    assert unneeded(made, review(made)) == []
    assert counts(review(made))[LOOK] == 0
    assert "Set aside: It is the rival. (ann, 2026-01-02)" in report(made, review(made))


@pytest.mark.parametrize("cells", [{"check": "R21"}, {"subject": "money"}])
def test_an_answer_to_no_note_is_named_and_sets_nothing_aside(cells):
    made = answered(**cells)
    notes = review(made)
    assert of(notes, "R20")[0].state == LOOK
    assert len(unneeded(made, notes)) == 1
    assert "Answers in review.csv to notes that are not made:" in report(made, notes)


def test_one_answer_does_not_speak_for_another_subject():
    made = clean()
    for finding in ("time", "theme_1-exception"):
        made.set("argument", "finding", finding, looked_for=None, against=None)
    row = {"check": "R20", "subject": "time", "reason": "It is the rival.", "author": "ann", "date": "2026-01-02"}
    made.frames["review"] = pd.DataFrame([row])
    states = {note.subject: note.state for note in of(review(made.material()), "R20")}
    assert states == {"time": ASIDE, "theme_1-exception": LOOK}


def test_what_is_said_of_several_is_told_once():
    made = clean()
    for code in (CODE, "theme_2_code_1"):
        made.set("codebook", "code", code, example=None)
    notes = review(made.material())
    assert len(of(notes, "R13")) == 2
    assert f"- {CODE} and theme_2_code_1: It has a definition, but no example." in report(made.material(), notes, 200)


def test_a_report_says_where_why_and_who_says_so():
    made = clean()
    made.set("argument", "finding", "time", looked_for="nothing")
    said = report(made.material(), review(made.material()), 300)
    assert "1 worth a look" in said.splitlines()[1]
    assert "[argument.csv, row 6]" in said
    assert "Source: Miles, Huberman & Saldaña 2014" in said


def test_the_adjudicated_coding_is_what_counts():
    made = clean()
    made.code("x1", valence="promotes")
    row = {"document": None, "start": None, "end": None, "reason": "It tells the contrary.", "decided_by": "judge"}
    row |= {"round": "adjudication", "decided_on": "2026-01-01", "coding_id": "x1", "valence": "inhibits"}
    assert {note.subject for note in of(review(made.material()), "R28")} == {"theme_1"}
    made.add("adjudications", adjudication="jx", change="changed", **row)
    assert [note.state for note in of(review(made.material()), "R28")] == [PASSED]


def test_a_withdrawn_coding_counts_no_more():
    made = clean()
    made.code("x1", valence="promotes")
    row = {"reason": "It is of something else.", "decided_by": "judge", "round": "adjudication"}
    made.add("adjudications", adjudication="jx", change="withdrawn", coding_id="x1", decided_on="2026-01-01", **row)
    assert [note.state for note in of(review(made.material()), "R28")] == [PASSED]


def test_a_statistic_that_was_refused_is_not_shown():
    made = clean()
    made.info["stance"] = "reflexive"
    name = f"{NAME}.agreement.overall.krippendorff_alpha"
    made.values[name] = made.values[name] | {"value": None, "reason": "the stance does not allow it"}
    assert [note.state for note in of(review(made.material()), "R16")] == [PASSED]


@pytest.mark.parametrize(
    ("words", "state"),
    [("Saturation was reached after nine talks.", LOOK), ("Whether saturation makes sense is not asked.", PASSED)],
)
def test_a_statistic_is_found_in_words_too(words, state):
    made = clean()
    made.info["stance"] = "phenomenology"
    made.prose = {CHAPTER: f"# A\n\n{words}\n\n## Limits\n"}
    assert [note.state for note in of(review(made.material()), "R16")] == [state]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Nobody speaks of money", LOOK),
        ("Managers do not mention the clients", LOOK),
        ("Money is absent from two talks", LOOK),
        ("What clients think is not stated", PASSED),
        ("People say that nobody came", PASSED),
        ("Staff speak of money", PASSED),
    ],
)
def test_silence_is_told_from_what_is_said(said, state):
    made = clean()
    made.set("argument", "finding", "time", heading=said, statement=f"{said}.")
    assert [note.state for note in of(review(made.material()), "R29")] == [state]


def test_what_was_not_reached_is_stated_somewhere():
    made = clean()
    made.set("outcomes", "state", "no", fact="f2")
    (note,) = of(review(made.material()), "R29")
    assert note.said == "It is said not to be reached, and rests on f2, which is not stated."
    made.set("outcomes", "state", "no", fact=None)
    (note,) = of(review(made.material()), "R29")
    assert note.said == "It is said not to be reached, and neither a fact nor a passage says so."
    made.set("outcomes", "state", "no", spans="0-20")
    assert [note.state for note in of(review(made.material()), "R29")] == [PASSED]


@pytest.mark.parametrize(
    ("directive", "state"),
    [
        ("```{findings} simulated\n```", PASSED),
        ("```{findings} simulated\n:kind: negative_case\n```", PASSED),
        ("```{findings} simulated\n:kind: rival\n```", LOOK),
        ("```{findings} simulated\n:only: time, theme_1\n```", LOOK),
        ("```{findings} simulated\n:only: theme_1-exception, theme_2-exception\n```", PASSED),
        ("{finding}`simulated.theme_1-exception` {finding}`simulated.theme_2-exception`", PASSED),
        ("Some say the contrary.{from}`simulated.s8;s20`", PASSED),
        ("```{findings} another\n```", LOOK),
    ],
)
def test_a_negative_case_is_told_by_its_card_its_heading_or_its_segments(directive, state):
    made = clean()
    made.prose = {CHAPTER: f"# A\n\n{directive}\n"}
    assert {note.state for note in of(review(made.material()), "R32")} == {state}


def test_a_percentage_is_found_in_a_sentence_that_is_printed():
    made = clean()
    made.prose = {CHAPTER: "# A\n\n{sentence}`simulated.shares`\n"}
    frames, info = made.frames, StudyInfo(**made.info)
    few = Computed({}, {"simulated.shares": "Coders agree in 67% of 6 cells."})
    many = Computed({}, {"simulated.shares": "Coders agree in 67% of 1,600 cells."})
    states = [of(review(Material(NAME, info, frames, made.prose, each)), "R38")[0].state for each in (few, many)]
    assert states == [LOOK, PASSED]


def test_several_arrows_of_one_sentence_are_no_fault_where_they_decide_nothing():
    made = clean()
    same = {"document": "case_1_talk_1.txt", "spans": "9000-9100", "kind": "stated", "directed": True}
    made.add("relations", relation="x1", source="theme_1", target="theme_4", sign="-", **same)
    made.add("relations", relation="x2", source="theme_2", target="theme_4", sign="+", **same)
    assert [note.state for note in of(review(made.material()), "R40")] == [PASSED]  # a third sentence leads there too


def test_one_voice_of_one_passage_is_a_tip():
    made = clean()
    for table in ("codings", "quotations"):
        made.set(table, "theme", "theme_1", role=None)
    made.code("x1", role="role_2")
    (note,) = of(review(made.material()), "R01")
    assert (note.state, note.subject) == (TIP, "theme_1")
    assert note.said.startswith("Somebody speaks in one passage only (role_2)")


def test_an_unspecified_group_is_no_voice():
    made = clean()
    made.set("roles", "role", "role_1", kind="unspecified")
    for table in ("codings", "quotations"):
        frame = made.frames[table]
        frame.loc[frame["theme"].eq("theme_1") & frame["role"].ne("role_2"), "role"] = "role_1"
    (note,) = of(review(made.material()), "R01")
    assert note.said.endswith("come from role_2.")


def test_a_decision_on_a_memo_closes_it():
    made = clean()
    made.memos["coder_2"] = "# Memo\n\n- The first code should be split.\n"
    row = {"proposal": "Split it", "decision": "declined", "reason": "It holds", "decided_by": "judge"}
    made.add("memo_decisions", memo="coder_2", number=1, decided_on="2026-01-01", **row)
    assert [note.state for note in of(review(made.material()), "R43")] == [PASSED]


@pytest.mark.parametrize("table", ["codings", "codebook", "argument", "quotations"])
def test_a_table_that_breaks_its_rules_ends_in_no_traceback(table):
    """`crosscase check` tells what is wrong; the second reader reads on, or tells it too."""
    from crosscase import tables
    from crosscase.errors import CrosscaseError

    (key,) = tables.schema(table).key
    for frame in ({key: None}, {key: "x<y`|{z}"}):
        made = clean()
        made.frames[table] = pd.concat([made.frames[table].assign(**frame)] * 2, ignore_index=True)
        try:
            notes = review(made.material())
        except CrosscaseError:
            continue
        assert report(made.material(), notes)


def test_a_theme_without_a_sign_is_found_through_its_factors():
    made = clean()
    made.add("themes", theme="factor", label="Factor", kind="factor", parent="theme_1", status="derived")
    made.drop("relations", made.where("relations", source="theme_1"))
    place = {"document": "case_1_talk_1.txt", "spans": "9000-9100", "kind": "stated", "directed": True}
    made.add("relations", relation="x1", source="factor", target="theme_4", sign="?", **place)
    (note,) = of(review(made.material()), "R09")
    assert (note.subject, note.state) == ("theme_1", LOOK)
    made.add("relations", relation="x2", source="theme_1", target="theme_3", sign="-", **place | {"spans": "1-9"})
    assert [note.state for note in of(review(made.material()), "R09")] == [PASSED]


def test_a_code_that_an_adjudication_confirms_is_not_one_coder_s():
    made = clean()
    rows = made.where("codings", code="theme_2_code_1") & ~made.where("codings", coder="coder_1")
    made.drop("codings", rows)
    assert [note.subject for note in of(review(made.material()), "R11")] == ["theme_2_code_1"]
    row = {"document": "case_1_talk_1.txt", "start": 95_000, "end": 95_100, "code": "theme_2_code_1"}
    why = {"reason": "The passage says so.", "decided_on": "2026-01-01", "decided_by": "judge"}
    made.add("adjudications", adjudication="x1", round="adjudication", change="added", **row, **why)
    assert [note.state for note in of(review(made.material()), "R11")] == [PASSED]


@pytest.mark.parametrize(("column", "state"), [("definition", LOOK), ("example", TIP)])
def test_what_is_missing_of_many_codes_is_one_note(column, state):
    made = clean()
    for n in range(9):
        _more(made, f"more_{n}")
    made.frames["codebook"][column] = None
    (note,) = (note for note in of(review(made.material()), "R13") if note.state == state)
    assert note.subject == "all"
    assert note.said.split(":")[0].startswith(f"{len(set(made.frames['codings']['code']))} of ")


def test_many_codes_that_nobody_applied_are_one_note():
    made = clean()
    for n in range(9):
        made.add("codebook", code=f"more_{n}", label=f"more_{n}", definition=f"word_{n} and thing_{n} or place_{n}")
    (note,) = of(review(made.material()), "R10")
    assert note.subject == "all"
    assert note.said.startswith("9 of ")


def _more(made, code):
    made.add("codebook", code=code, label=code, exclusion="all else", definition=f"all of {code}", example="so")
    made.code(f"x-{code}", code=code)


@pytest.mark.parametrize(
    ("valence", "note", "state"),
    [
        ("inhibits", "inhibits, meetings promote", LOOK),
        ("condition", "mostly inhibits", LOOK),
        ("condition", "Set by the plan; whether it helps or hampers is not said", PASSED),
        ("inhibits", "The sentence gives no sign; it stands among barriers", PASSED),
        ("promotes", "Hedged: it appears to support care", PASSED),
        ("ambivalent", "scenarios promote, unclear goals inhibit", PASSED),
    ],
)
def test_a_note_may_leave_open_what_a_word_does_not_say(valence, note, state):
    made = clean()
    made.frames["themes"]["valence_note"] = None
    made.set("themes", "theme", "theme_1", valence=valence, valence_note=note)
    assert [each.state for each in of(review(made.material()), "R07")] == [state]


@pytest.mark.parametrize(("theme", "state"), [("methods", LOOK), ("limitation", PASSED)])
def test_a_limit_that_is_told_may_carry_a_finding(theme, state):
    made = clean()
    made.code("x1", theme=theme)
    made.find("said", "x1")
    assert [each.state for each in of(review(made.material()), "R23")] == [state]


def test_a_negative_case_goes_against_the_rest_by_what_it_is():
    made = clean()
    made.code("x1", valence="promotes")
    against = made.frames["argument"].set_index("finding").loc["theme_1", "against"]
    made.set("argument", "finding", "theme_1", against=f"{against};x1")
    made.find("odd", "x1", direction="promotes", kind="negative_case")
    notes = review(made.material())
    assert [each.state for number in ("R27", "R28") for each in of(notes, number)] == [PASSED, PASSED]


def test_nothing_is_said_of_a_finding_whose_segments_are_not_there():
    """That an id is unknown, or was set aside by an adjudication, is told by `crosscase check`."""
    made = clean()
    made.code("x1")
    made.find("narrow", "x1", "gone", kind="cross_case", strength="inferred")
    notes = review(made.material())
    for number in ("R21", "R22", "R24"):
        assert "narrow" not in {each.subject for each in of(notes, number)}
