"""The consensus meeting: what goes out, what comes back, and that no coefficient ever rests on it."""

import datetime as dt
import re
import shutil
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from crosscase import agreement, documents, paths
from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.exchange.consensus import differences, export_differences, read_decisions
from crosscase.exchange.consensus_round import write_round
from crosscase.exchange.sheet_reader import read_sheets
from crosscase.publish.segments import agreeing_coders, segment_pages
from crosscase.study import load_study
from crosscase.study.check import check_study

ROOT = Path(__file__).resolve().parents[2]
NAME = "be-chronic-care-pilots"
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def study(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    for part in ("dictionary", "frameworks", f"studies/{NAME}"):
        shutil.copytree(ROOT / "data" / part, tmp_path / "data" / part)
    shutil.copyfile(ROOT / "compendium.yml", tmp_path / "compendium.yml")
    return load_study(NAME)


@pytest.fixture
def sheet(study, tmp_path):
    """The exported workbook and a function that fills rows: number of the difference -> cells."""
    file = tmp_path / "meeting.xlsx"
    export_differences(study, file)

    def fill(rows):
        book = load_workbook(file)
        page = book["decisions"]
        column = {cell.value: cell.column for cell in page[1]}
        for number, cells in rows.items():
            for name, value in cells.items():
                page.cell(number + 2, column[name], value)
        book.save(file)
        return read_sheets(file)

    fill.file = file
    return fill


GOOD = {"decided_on": "2026-11-20", "reason": "agreed in the meeting"}


def first_of(study, kind, where=lambda table: table["kind"].notna()):
    table = differences(study)
    return int(table.index[(table["kind"] == kind) & where(table)][0]), table


def test_the_workbook_holds_every_difference_and_no_text_that_may_not_travel(study, sheet):
    rows = read_sheets(sheet.file)["decisions"]
    assert len(rows) == len(differences(study)) > 100
    assert rows["quotation"].str.fullmatch(r"\(.*\)").all()
    assert rows["place"].str.contains("characters").all()
    assert rows[["decision", "decided_on", "reason"]].isna().all(axis=None)


def test_the_first_coder_stands_and_the_round_is_marked(study, sheet):
    place, table = first_of(study, "missed", lambda t: t["code_2"].notna())
    row = table.loc[place]
    before = {file.name: file.read_bytes() for file in study.folder.iterdir() if file.is_file()}
    outcome = write_round(study, read_decisions(study, sheet({place: {"decision": "second", **GOOD}}), TODAY))
    assert outcome.round == "consensus-2026-11-20"
    assert (outcome.n_decided, outcome.n_open) == (1, len(table) - 1)
    again = load_study(NAME)
    assert again.info.reconciled_rounds == ["consensus-2026-11-20"]
    held = again.codings[again.codings["round"] == "consensus-2026-11-20"]
    span = held[(held["code"] == row["code_2"]) & (held["start"] == row["start_2"]) & (held["end"] == row["end_2"])]
    assert len(span) == 1
    assert set(held["coder"]) == {"consensus"}
    assert again.consensus_decisions["decision"].tolist() == ["second"]
    assert again.consensus_decisions["reason"].tolist() == ["agreed in the meeting"]
    after = {file.name: file.read_bytes() for file in again.folder.iterdir() if file.is_file()}
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"study.yml", "codings.csv", "consensus_decisions.csv"}
    assert again.memos() == study.memos()
    assert check_study(NAME) == []
    assert again.primary_codings().equals(study.primary_codings())


def test_no_coefficient_rests_on_what_was_agreed_in_a_discussion(study, sheet):
    place, _ = first_of(study, "missed")
    write_round(study, read_decisions(study, sheet({place: {"decision": "first", **GOOD}}), TODAY))
    again = load_study(NAME)
    units = documents.choose_units(again.units, again.documents, "sentence")
    with pytest.raises(CrosscaseError, match="independent codings"):
        agreement.agreement_table(again.codings, units, rounds=again.info.reconciled_rounds, resamples=10)
    left = agreement.independent(again.codings, again.info.reconciled_rounds)
    assert set(left["coder"]) == set(study.coders())
    assert len(left) == len(study.codings)
    assert len(differences(again)) == len(differences(study)), "a second export asks about the same codings"


def test_segment_pages_count_independent_coders_only(study, sheet):
    place, _ = first_of(study, "missed", lambda t: t["code_2"].notna())
    before = segment_pages(study).pages
    coders = study.codings["coder"].nunique()
    write_round(study, read_decisions(study, sheet({place: {"decision": "second", **GOOD}}), TODAY))
    again = load_study(NAME)
    after = segment_pages(again).pages
    said = r"same code here</dt><dd>(\d+ of \d+) coders"
    counts = [re.findall(said, "".join(pages.values())) for pages in (before, after)]
    assert {each.split(" of ")[1] for each in counts[1]} == {str(coders)}, "the meeting is no further coder"
    assert Counter(counts[0]) == Counter(counts[1])
    reconciled = again.codings["round"].isin(again.info.reconciled_rounds)
    agree = agreeing_coders(again.codings, again.info.reconciled_rounds)
    assert agree[reconciled].isna().all()
    assert agree[~reconciled].notna().any()


def test_neither_takes_both_away_and_other_puts_another_code(study, sheet):
    place, table = first_of(study, "missed", lambda t: t["code_1"].notna())
    other = next(
        p
        for p in table.index[(table["kind"] == "missed") & (table["start"] != table.loc[place, "start"])]
        if p != place
    )
    instead = {"decision": "other", "decided_code": "financing", "decided_valence": "inhibits", **GOOD}
    filled = sheet({place: {"decision": "neither", **GOOD}, other: instead})
    write_round(study, read_decisions(study, filled, TODAY))
    held = load_study(NAME).codings.query("coder == 'consensus'")
    gone, new = table.loc[place], table.loc[other]
    assert held[(held["code"] == gone["code_1"]) & (held["start"] == gone["start_1"])].empty
    added = held[(held["code"] == "financing") & (held["start"] == new["start"]) & (held["end"] == new["end"])]
    assert added["valence"].tolist() == ["inhibits"]


def test_a_decision_on_direction_changes_only_the_direction(study, sheet):
    place, table = first_of(study, "other valence")
    row = table.loc[place]
    write_round(study, read_decisions(study, sheet({place: {"decision": "second", **GOOD}}), TODAY))
    held = load_study(NAME).codings.query("coder == 'consensus'")
    same = held[(held["code"] == row["code_1"]) & (held["start"] == row["start_1"]) & (held["end"] == row["end_1"])]
    assert set(same["valence"]) <= {row["valence_2"]}


def test_everything_that_is_wrong_is_told_at_once(study, sheet):
    kind = differences(study)["kind"]
    missed, valence = kind.index[kind == "missed"][:6], kind.index[kind == "other valence"][0]
    bad = {
        missed[0]: {"decision": "first", "decided_on": "2026-11-20"},
        missed[1]: {"decision": "perhaps", **GOOD},
        missed[2]: {"decision": "other", "decided_code": "no_such_code", **GOOD},
        missed[3]: {"decision": "first", "decided_on": "next week", "reason": "x"},
        missed[4]: {"reason": "a reason without a decision"},
        missed[5]: {"decision": "first", "decided_on": "2999-01-01", "reason": "x"},
        valence: {"decision": "both", **GOOD},
    }
    with pytest.raises(CrosscaseError) as caught:
        read_decisions(study, sheet(bad), TODAY)
    places = [problem.place for problem in caught.value.problems]
    assert len(places) == 7
    for number in (*missed, valence):
        assert any(place.startswith(f"decisions, row {number + 2},") for place in places)


def test_a_coding_cannot_stand_and_fall(study, sheet):
    table = differences(study)
    missed = table[(table["kind"] == "missed") & table["coding_id_1"].notna()]
    twice = missed[missed["coding_id_1"].duplicated(keep=False)].sort_values("coding_id_1")
    one, two = twice.index[:2]
    assert twice["coding_id_1"].iloc[0] == twice["coding_id_1"].iloc[1]
    with pytest.raises(CrosscaseError, match="stands or falls"):
        read_decisions(study, sheet({one: {"decision": "first", **GOOD}, two: {"decision": "second", **GOOD}}), TODAY)


@pytest.mark.long
@pytest.mark.parametrize(
    "reason", ['=HYPERLINK("http://x","y")', "@SUM(A1)", "a\nb\tc", "line\x0bbreak", "ünïcode 🙂", "x" * 9000, ',";"']
)
def test_hostile_reasons_stay_words(study, sheet, reason, tmp_path):
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    place, _ = first_of(study, "missed")
    cell = ILLEGAL_CHARACTERS_RE.sub("", f"'{reason}" if reason.startswith("=") else reason)
    write_round(study, read_decisions(study, sheet({place: {"decision": "first", **GOOD, "reason": cell}}), TODAY))
    assert check_study(NAME) == []
    kept = load_study(NAME).consensus_decisions["reason"].item()
    assert kept == " ".join(cell.split())
    export_differences(load_study(NAME), tmp_path / "again.xlsx")
    assert all(c.data_type != "f" for row in load_workbook(tmp_path / "again.xlsx")["decisions"].rows for c in row)


def test_a_day_may_come_as_a_cell_of_the_spreadsheet(study, sheet):
    place, _ = first_of(study, "missed")
    day = {"decision": "First ", "decided_on": dt.datetime(2026, 11, 20), "reason": "x"}
    found = read_decisions(study, sheet({place: day}), TODAY)
    assert found.loc[place, "decided_on"] == "2026-11-20"


def test_an_edited_or_repeated_row_is_refused(study, sheet):
    sheets = sheet({0: {"decision": "first", **GOOD}, 1: {"segment": "=cmd|' /C calc'!A0"}})
    sheets["decisions"] = pd.concat([sheets["decisions"], sheets["decisions"].iloc[[0]]], ignore_index=True)
    with pytest.raises(CrosscaseError) as caught:
        read_decisions(study, sheets, TODAY)
    assert {problem.rule for problem in caught.value.problems} == {
        "the difference exists in the study", "each difference has one row",
    }  # fmt: skip


def test_an_empty_meeting_and_another_workbook_are_refused(study, sheet):
    with pytest.raises(CrosscaseError, match="at least one difference"):
        read_decisions(study, sheet({}), TODAY)
    with pytest.raises(CrosscaseError, match="a sheet decisions"):
        read_decisions(study, {"other": pd.DataFrame({"a": ["b"]})}, TODAY)
    with pytest.raises(CrosscaseError, match="column segment"):
        read_decisions(study, {"decisions": pd.DataFrame({"a": ["b"]})}, TODAY)


def test_the_same_day_is_not_overwritten_by_accident(study, sheet):
    place, _ = first_of(study, "missed")
    decided = read_decisions(study, sheet({place: {"decision": "first", **GOOD}}), TODAY)
    first = write_round(study, decided)
    with pytest.raises(CrosscaseError, match="overwritten by accident"):
        write_round(load_study(NAME), decided)
    again = write_round(load_study(NAME), decided, replace=True)
    assert again == first
    held = load_study(NAME)
    assert (held.codings["coder"] == "consensus").sum() == first.n_codings
    assert held.info.reconciled_rounds == [first.round]


def test_from_the_command_line(study, tmp_path):
    file = tmp_path / "meeting.xlsx"
    done = CliRunner().invoke(main, ["consensus", "export", NAME, str(file)])
    assert done.exit_code == 0, done.output
    refused = CliRunner().invoke(main, ["consensus", "read", NAME, str(file)])
    assert refused.exit_code == 1
    assert "at least one difference" in refused.output
