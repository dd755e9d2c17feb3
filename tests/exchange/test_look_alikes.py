"""Codes whose names look alike are named with the command that joins them, and no others are."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from crosscase.cli import main
from crosscase.exchange import import_file
from crosscase.exchange.adding import add_files
from crosscase.exchange.look_alikes import look_alikes
from crosscase.study import load_study

TABLE = "document,quotation,code,coder\n"


def pairs(*labels, parents=None):
    codes = [str(number) for number in range(len(labels))]
    return look_alikes(pd.DataFrame({"code": codes, "label": labels, "parent": parents or [None] * len(labels)}))


@pytest.mark.parametrize(
    "labels",
    [
        ("Trust", "trust"), ("Waiting time", "waiting-time"), ("Équipe", "equipe"), ("Waiting", "Wating"),
        ("Waiting", "Waitting"), ("Neighbours", "Nieghbours"), ("Organise", "Organize"), ("Trust", "trust."),
    ],
)  # fmt: skip
def test_names_in_another_spelling_look_alike(labels):
    assert pairs(*labels) == [("1", "0")]


@pytest.mark.parametrize(
    "labels",
    [
        ("Phase 1", "Phase 2"), ("Interview 11", "Interview 12"), ("cost", "lost"), ("Trust", "Time"),
        ("formal rules", "informal rules"), ("waiting", "awaitin"),
    ],
)  # fmt: skip
def test_other_names_do_not(labels):
    assert pairs(*labels) == []


def test_one_name_below_two_codes_is_no_slip():
    assert pairs("Home", "Work", "Other", "Other", parents=[None, None, "0", "1"]) == []


@given(st.text("abcdefgh", min_size=6, max_size=12), st.data())
def test_one_letter_more_less_or_other_is_always_seen(name, data):
    at = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from("xyz"))
    for other in (name[:at] + name[at + 1 :], name[:at] + letter + name[at + 1 :], name[:at] + letter + name[at:]):
        assert pairs(name, other) == [("1", "0")], other


def test_the_report_names_them_and_its_command_joins_them(home, tmp_path):
    (tmp_path / "a.csv").write_text(TABLE + "d,one,Waiting time,ann\nd,two,Wating time,ann\n")
    report = import_file(tmp_path / "a.csv", "s")
    (line,) = [line for line in report.notes if "look alike" in line]
    command = line.partition("crosscase ")[2].split()
    assert CliRunner().invoke(main, command).exit_code == 0
    study = load_study("s")
    assert study.codebook["label"].tolist() == ["Waiting time"]
    assert len(study.codings) == 2


def test_of_a_file_that_is_added_only_new_codes_are_compared(home, tmp_path):
    (tmp_path / "a.csv").write_text(TABLE + "d,one,Trust,ann\nd,two,trusts,ann\n")
    import_file(tmp_path / "a.csv", "s")
    (tmp_path / "b.csv").write_text(TABLE + "e,three,Neighbours,ann\n")
    assert not [line for line in add_files("s", [tmp_path / "b.csv"]).notes if "look alike" in line]
    (tmp_path / "c.csv").write_text(TABLE + "f,four,Neighbors,ann\n")
    assert [line for line in add_files("s", [tmp_path / "c.csv"]).notes if "'Neighbors'" in line]
