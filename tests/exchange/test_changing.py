"""Codes and cases renamed, joined and split: every table follows, a newer export too, and nothing written is lost."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file
from crosscase.exchange.changing import merge_codes, rename, split_code
from crosscase.study import before, load_study
from crosscase.study.check import check_study

CSV = (
    "document,case,quotation,code,coder\nd1,north,Nobody has time.,time,ann\nd1,north,Nobody has time.,hours,ann\n"
    "d2,south,They know us.,trust,ann\nd2,south,No hours.,hours,ann\n"
)


@pytest.fixture
def study(home, tmp_path):
    """Return a study of three codes, with a definition, a finding, a decision on a memo and a chapter that name one."""
    (tmp_path / "v1.csv").write_text(CSV)
    import_file(tmp_path / "v1.csv", "s")
    data, hidden = home / "data/studies/s", home / "restricted/s"
    (data / "codebook.csv").write_text("code,label,definition\nhours,hours,Counted\ntime,time,No time\ntrust,trust,\n")
    coding = load_study("s").codings.set_index("code").loc["time", "coding_id"]
    (data / "argument.csv").write_text(
        "finding,kind,strength,codes,segments,author,date\n"
        f"late,within_case,inferred,time;trust,{coding},c1,2026-01-01\n"
    )
    (hidden / "argument.csv").write_text("finding,heading,statement,looked_for\nlate,Late,time is short,all of it\n")
    (home / "book/studies").mkdir(parents=True)
    (home / "book/studies/s.md").write_text("# S\n\nSee `time` and lifetime.\n")
    return home


def newer(tmp_path):
    """Import a newer export with one document more."""
    (tmp_path / "v2.csv").write_text(CSV + "d3,west,Too late.,time,ann\n")
    return import_file(tmp_path / "v2.csv", "s", replace=True)


def test_a_code_is_renamed_in_every_table_and_a_newer_export_follows(study, tmp_path):
    done = rename("s", "code", "time", "lack-of-time", "Lack of time")
    assert {"codebook.code": 1, "codings.code": 1, "argument.codes": 1}.items() <= done.cells.items()
    assert "book/studies/s.md, line 3" in done.look
    newer(tmp_path)
    found = load_study("s")
    assert sorted(found.codebook["code"]) == ["hours", "lack-of-time", "trust"]
    row = found.codebook.set_index("code").loc["lack-of-time"]
    assert row[["label", "definition"]].tolist() == ["Lack of time", "No time"]
    assert found.codings["code"].value_counts()["lack-of-time"] == 2
    assert found.argument["codes"].tolist() == ["lack-of-time;trust"]
    assert [p for p in check_study("s") if "argument" not in p.place] == []


def test_codes_are_joined_and_what_only_one_can_say_is_named(study, tmp_path):
    done = merge_codes("s", ["time"], "hours")
    assert done.went == ("codebook/time, definition: No time",)
    found = load_study("s")
    assert sorted(found.codebook["code"]) == ["hours", "trust"]
    assert sorted(found.codings["code"]) == ["hours", "hours", "trust"]  # one place had both
    assert found.argument["segments"].isin(found.codings["coding_id"]).all()
    assert found.argument["codes"].tolist() == ["hours;trust"]
    newer(tmp_path)
    assert sorted(load_study("s").codings["code"]) == ["hours", "hours", "hours", "trust"]
    assert "time" not in set(load_study("s").codebook["code"])
    before.undo("s")
    before.undo("s")
    assert sorted(load_study("s").codebook["code"]) == ["hours", "time", "trust"]


def test_a_code_is_split_and_a_newer_export_does_not_take_that_back(study, tmp_path):
    south = {label: id for id, label in load_study("s").labels("cases").items()}["south"]
    split_code("s", "hours", "opening-hours", where={"case": south})
    newer(tmp_path)
    found = load_study("s")
    assert sorted(found.codings["code"]) == ["hours", "opening-hours", "time", "time", "trust"]
    assert found.codings.loc[found.codings["code"].eq("opening-hours"), "case"].tolist() == [south]


def test_a_case_is_renamed_by_its_label_and_a_newer_export_finds_it(study, tmp_path):
    rename("s", "case", "north", "the-north")
    newer(tmp_path)
    found = load_study("s")
    assert len(found.cases) == 3
    assert found.cases.set_index("case").loc["the-north", "label"] == "north"
    assert found.codings["case"].eq("the-north").sum() == 2


def test_what_cannot_be_done_is_refused_and_nothing_is_written(study):
    files = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    for do in (
        lambda: rename("s", "code", "time", "trust"),
        lambda: rename("s", "code", "nothing", "new"),
        lambda: rename("s", "case", "north", "The North"),
        lambda: rename("s", "code", "time", "a;b"),
        lambda: merge_codes("s", ["time"], "time"),
        lambda: split_code("s", "hours", "x"),
        lambda: split_code("s", "hours", "x", where={"memo": "a"}),
        lambda: split_code("s", "hours", "x", codings=["c999"]),
    ):
        with pytest.raises(CrosscaseError):
            do()
    assert files == {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}


def test_a_study_is_removed_after_a_list_and_a_question(study):
    run = CliRunner().invoke
    said = run(main, ["remove", "s"], input="n\n")
    assert "restricted/s" in said.output
    assert (study / "data/studies/s").is_dir()
    assert run(main, ["remove", "s"], input="y\n").exit_code == 0
    left = [path for path in study.rglob("*") if path.is_file() and "dictionary" not in path.parts]
    assert [path.name for path in left] == ["compendium.yml"]
    assert run(main, ["remove", "s"]).exit_code == 1


def test_the_commands(study):
    run = CliRunner().invoke
    assert "codings.code: 1 cell" in run(main, ["rename-code", "s", "time", "late"]).output
    assert run(main, ["merge-codes", "s", "late", "--into", "hours"]).exit_code == 0
    assert run(main, ["split-code", "s", "hours", "more", "--where", "coder=c1"]).exit_code == 0
    assert run(main, ["split-code", "s", "hours", "more", "--where", "coder"]).exit_code == 1
    assert run(main, ["rename-case", "s", "north", "n1", "--label", "N"]).exit_code == 0


def test_a_corrected_segment_is_accepted_and_a_newer_export_keeps_it(study, tmp_path):
    table = study / "data/studies/s/codings.csv"
    coding = load_study("s").codings.set_index("code").loc["trust"]
    table.write_text(table.read_text().replace(f"{coding['document']},0,13,trust", f"{coding['document']},5,13,trust"))
    assert next(p.remedy for p in check_study("s") if "quotation" in p.rule).startswith("if you corrected")
    done = CliRunner().invoke(main, ["check", "s", "--accept"])
    assert f"{coding['document']}, 5-13" in done.output
    newer(tmp_path)
    assert load_study("s").codings.set_index("code").loc["trust", "start"] == 5
    assert [p for p in check_study("s") if "argument" not in p.place] == []


def test_marks_of_a_merge_conflict_are_told_and_nothing_else(study):
    table = study / "data/studies/s/codebook.csv"
    head, *rows = table.read_text().splitlines()
    table.write_text("\n".join([head, "<<<<<<< HEAD", rows[0], "=======", *rows, ">>>>>>> ben", ""]))
    found = check_study("s")
    assert [problem.place for problem in found] == [f"data/studies/s/codebook.csv, line {n}" for n in (2, 4, 8)]
    assert "git add" in found[0].remedy


def test_no_export_goes_over_a_file_with_unread_changes(study, tmp_path):
    run = CliRunner().invoke
    command = ["export", "s", str(tmp_path / "out.json"), "--to", "json", "--replace"]
    assert [run(main, command).exit_code for _ in range(2)] == [0, 0]
    (tmp_path / "out.json").write_text((tmp_path / "out.json").read_text() + "\n")
    said = run(main, command)
    assert (said.exit_code, "nobody has read" in said.output) == (1, True)
    assert run(main, ["add", "s", str(tmp_path / "out.json")]).exit_code == 0
    assert run(main, command).exit_code == 0
