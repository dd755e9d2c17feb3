"""What a person wrote stays when a file is added or imported again; what would go is asked for, and kept."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.exchange import add_files, import_file
from crosscase.study import before, load_study
from crosscase.study.check import check_study

V1 = "document,case,quotation,code,coder\nd1,north,Nobody has time.,time,ann\nd2,south,They know us.,trust,ann\n"
V2 = V1 + "d3,west,We met every day.,trust,ann\n"
LONG = "Before. Nobody has time. After that a long part that nobody coded."


@pytest.fixture
def study(home, tmp_path):
    """Return a study of two interviews, with definitions, labels, a variable, a summary and a page written by hand."""
    file = tmp_path / "v1.csv"
    file.write_text(V1)
    import_file(file, "s")
    data, hidden = home / "data/studies/s", home / "restricted/s"
    (data / "codebook.csv").write_text("code,label,definition\ntime,Lack of time,No hours for it\ntrust,trust,\n")
    (hidden / "cases.csv").write_text((hidden / "cases.csv").read_text().replace("north", "The north"))
    case = load_study("s").labels("cases")
    north = next(id for id, label in case.items() if label == "The north")
    (data / "variables.csv").write_text("variable,type\nage,integer\n")
    (hidden / "variables.csv").write_text("variable,label\nage,Age\n")
    (data / "variable_values.csv").write_text(f"unit,id,variable\ncase,{north},age\n")
    (hidden / "variable_values.csv").write_text(f"unit,id,variable,value\ncase,{north},age,51\n")
    (data / "HOW_TO_FILL.md").write_text("my own notes\n")
    yml = data / "study.yml"
    yml.write_text(yml.read_text().replace("stance: unspecified", "stance: codebook"))
    assert check_study("s") == []
    return home


def test_a_newer_export_keeps_every_word_that_a_person_wrote(study, tmp_path):
    (tmp_path / "v2.csv").write_text(V2)
    report = import_file(tmp_path / "v2.csv", "s", replace=True)
    found = load_study("s")
    assert found.codebook.set_index("code").loc["time"][["label", "definition"]].tolist() == [
        "Lack of time",
        "No hours for it",
    ]
    assert sorted(found.cases["label"]) == ["The north", "south", "west"]
    assert found.variable_values["value"].tolist() == ["51"]
    assert found.info.stance == "codebook"
    assert (study / "data/studies/s/HOW_TO_FILL.md").read_text() == "my own notes\n"
    assert len(found.codings) == 3
    assert {"cases: 1 new", "codings: 1 new", "documents: 1 new"} <= set(report.changes)
    assert check_study("s") == []


def test_a_dry_run_tells_the_same_and_writes_nothing(study, tmp_path):
    (tmp_path / "v2.csv").write_text(V2)
    files = {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}
    report = add_files("s", [tmp_path / "v2.csv"], dry_run=True)
    assert "codings: 1 new" in report.changes
    assert files == {path: path.read_bytes() for path in study.rglob("*") if path.is_file()}


def test_codings_of_a_table_go_onto_the_text_that_is_there(home, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "d1.txt").write_text(LONG)
    import_file(tmp_path / "texts", "s")
    table = tmp_path / "coded.csv"
    for start, quotation in (("8,24", "Nobody has time."), (",", "a long part")):
        table.write_text(f"document,start,end,quotation,code,coder\nd1.txt,{start},{quotation},time,ann\n")
        import_file(table, "s", replace=True, let_go=lambda would: ["all"])
        found = load_study("s")
        assert (home / "restricted/s/d01.txt").read_text() == LONG
        rows = found.codings[["start", "end"]].astype(int).values.tolist()
        assert [LONG[start:end] for start, end in rows] == [quotation]
        assert found.codings["locator"].isna().all()
        assert check_study("s") == []


def test_what_is_not_in_the_text_stays_without_a_place_and_is_named(home, tmp_path):
    (tmp_path / "d1.txt").write_text(LONG)
    import_file(tmp_path / "d1.txt", "s")
    (tmp_path / "c.csv").write_text("document,quotation,code,coder\nd1.txt,nobody said this,time,ann\n")
    report = add_files("s", [tmp_path / "c.csv"])
    assert any("nobody said this" in line and "not in the text" in line for line in report.warnings), report.warnings
    assert load_study("s").codings["start"].isna().tolist() == [True]
    assert (home / "restricted/s/d01.txt").read_text() == LONG


def test_a_whole_text_takes_the_place_of_its_segments_and_no_text_is_shortened(home, tmp_path):
    (tmp_path / "c.csv").write_text("document,quotation,code,coder\nd1.txt,Nobody has time.,time,ann\n")
    import_file(tmp_path / "c.csv", "s")
    for text, stands in ((LONG, LONG), ("Nobody has time.", LONG), (LONG.replace("coded", "read"), None)):
        (tmp_path / "d1.txt").write_text(text)
        report = add_files("s", [tmp_path / "d1.txt"])
        rows = load_study("s").codings
        kept = (home / "restricted/s/d01.txt").read_text()
        assert [kept[int(rows["start"][0]) : int(rows["end"][0])]] == ["Nobody has time."]
        if stands is not None:
            assert kept == stands
        assert check_study("s") == []
    assert any(line.startswith("texts/d01: the file has another text") for line in report.changes)
    add_files("s", [tmp_path / "d1.txt"], let_go=lambda would: ["texts/d01"])
    assert (home / "restricted/s/d01.txt").read_text() == LONG.replace("coded", "read")
    assert check_study("s") == []


def test_what_the_file_no_longer_has_stays_until_it_is_let_go_and_undo_brings_it_back(study, tmp_path):
    file = tmp_path / "v2.csv"
    file.write_text(V1.replace("d2,south,They know us.,trust,ann\n", ""))
    report = import_file(file, "s", replace=True)
    assert len(load_study("s").codings) == 2
    assert any(line.startswith("codings: 1 no longer in the file: stays") for line in report.changes)
    asked = []
    import_file(file, "s", replace=True, let_go=lambda would: asked.extend(would) or ["all"])
    names = [name for name, _ in asked]
    assert {name.partition("/")[0] for name in names} == {"codings", "documents", "cases", "codebook"}
    found = load_study("s")
    assert (len(found.codings), len(found.documents), found.codebook["code"].tolist()) == (1, 1, ["time"])
    assert check_study("s") == []
    kept = sorted((study / "restricted/s/before").iterdir())
    assert "They know us." in "".join(p.read_text() for p in (study / "restricted/s").rglob("*.txt"))
    assert "south" in (kept[-1] / "restricted/cases.csv").read_text()
    before.undo("s")
    assert len(load_study("s").codings) == 2
    assert sorted(load_study("s").cases["label"]) == ["The north", "south"]
    assert check_study("s") == []


def test_an_undo_tells_what_was_edited_since_and_loses_none_of_it(study, tmp_path):
    (tmp_path / "v2.csv").write_text(V2)
    add_files("s", [tmp_path / "v2.csv"])
    table = study / "data/studies/s/codebook.csv"
    table.write_text(table.read_text().replace("trust,trust", "trust,Trusting"))
    assert before.edited("s", before.latest("s")) == ["data/codebook.csv"]
    done = before.undo("s")
    assert (done.edited, len(load_study("s").codings)) == (("data/codebook.csv",), 2)
    assert "Trusting" in (done.kept / "data/codebook.csv").read_text()
    assert not (study / "restricted/s/d333.txt").exists()
    with pytest.raises(CrosscaseError, match="nothing that is not undone yet"):
        before.undo("s")


def test_a_second_coder_and_a_second_round_come_in_beside_the_first(study, tmp_path):
    file = tmp_path / "ben.csv"
    file.write_text("document,quotation,code\nd1,Nobody has time.,money\n")
    add_files("s", [file], coder="ben", round="2")
    found = load_study("s")
    names = found.coder_names()
    assert sorted(names[coder] for coder in found.codings["coder"]) == ["ann", "ann", "ben"]
    assert found.codings.loc[found.codings["code"].eq("money"), "round"].tolist() == ["2"]
    assert check_study("s") == []
    add_files("s", [file], coder="ben", round="2")
    assert len(load_study("s").codings) == 3


def test_two_people_who_add_take_no_id_of_each_other(study, tmp_path):
    taken = []
    for name in ("d8", "d9"):
        row = f"{name},{name},Words {name}.,time,ann"
        (tmp_path / f"{name}.csv").write_text(f"document,case,quotation,code,coder\n{row}\n")
        add_files("s", [tmp_path / f"{name}.csv"])
        found = load_study("s")
        taken.append({*found.documents["document"], *found.cases["case"], *found.codings["coding_id"]})
        before.undo("s")
    assert len(taken[0] & taken[1]) == 6  # what both had before: two documents, two cases, two codings


def test_the_commands(study, tmp_path):
    (tmp_path / "v2.csv").write_text(V2)
    run = CliRunner().invoke
    done = run(main, ["add", "s", str(tmp_path / "v2.csv"), "--dry-run"])
    assert "codings: 1 new" in done.output
    assert "dry run" in done.output
    assert run(main, ["add", "s", str(tmp_path / "v2.csv")]).exit_code == 0
    assert run(main, ["undo", "s"]).output.startswith("undone: add v2.csv")
    assert run(main, ["undo", "s"]).exit_code == 1
    assert run(main, ["add", "none", str(tmp_path / "v2.csv")]).exit_code == 1
