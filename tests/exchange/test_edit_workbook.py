"""A study edited in a workbook: what was changed arrives, nothing else does, and nobody's work is lost."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from crosscase import paths
from crosscase import tables as dictionary
from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file
from crosscase.exchange.edit_layout import sheets
from crosscase.exchange.edit_study import export_edit, read_edit
from crosscase.study import before, load_study
from crosscase.study.check import check_study
from crosscase.study.load import list_studies, table_names

sys.path.insert(0, str(Path(__file__).parent))
from workbooks import ID, MEMORY, add, change, delete, place, put, rows

ROOT = Path(__file__).resolve().parents[2]
CSV = (
    "document,case,participant,role,quotation,code,coder\n"
    "Anna,north,Anna,nurse,Nobody has time.,time,ann\nBea,south,Bea,manager,They know us.,trust,ann\n"
    "Anna,north,Anna,nurse,We wait.,time,ann\n"
)
BOOK = (
    "code,label,parent,definition\nwork,Work,,\ntime,Lack of time,work,No hours for it\ntrust,Trust,,\n"
    "other-1,Other,work,\nother-2,Other,trust,=1+1\n"
)


def whole(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def made(session_home, tmp_path_factory):
    """Return a compendium with an imported study: a codebook of groups, roles, attributes and a summary."""
    home, tmp_path = session_home, tmp_path_factory.mktemp("in")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.HOME_VARIABLE, str(home))
        _make(home, tmp_path)
    return home


@pytest.fixture
def study(made, tmp_path, monkeypatch):
    """Return the workbook of the study, in a compendium of its own."""
    home = tmp_path / "home"
    shutil.copytree(made, home)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(home))
    export_edit(load_study("s"), home / "s.xlsx")
    return home / "s.xlsx"


def _make(home, tmp_path):
    (tmp_path / "v1.csv").write_text(CSV)
    import_file(tmp_path / "v1.csv", "s")
    data, hidden = home / "data/studies/s", home / "restricted/s"
    (data / "codebook.csv").write_text(BOOK)
    now = load_study("s")
    anna, bea = (now.documents.set_index("title").loc[name, "document"] for name in ("Anna", "Bea"))
    north = now.cases.set_index("label").loc["north", "case"]
    table = pd.read_csv(data / "documents.csv", dtype=str)
    table["case"], table["participant"] = [north if id == anna else None for id in table["document"]], "p07"
    table.to_csv(data / "documents.csv", index=False)
    with (hidden / "names.csv").open("a") as names:
        names.write("participant,p07,Anna A.\n")
    (data / "variables.csv").write_text("variable,type\nv01,integer\nv02,text\n")
    (hidden / "variables.csv").write_text("variable,label\nv01,Age\nv02,Kind\n")
    (data / "variable_values.csv").write_text(f"unit,id,variable\ndocument,{anna},v01\ndocument,{bea},v02\n")
    (hidden / "variable_values.csv").write_text(
        f"unit,id,variable,value\ndocument,{anna},v01,34\ndocument,{bea},v02,first\n"
    )
    (data / "summaries.csv").write_text(f"case,theme\n{north},work\n")
    (hidden / "summaries.csv").write_text(f"case,theme,summary,by\n{north},work,They wait for hours.,ann\n")
    assert check_study("s") == []


@pytest.fixture
def embedded(tmp_path, monkeypatch):
    home = tmp_path / "home"
    for part in ("studies", "dictionary", "frameworks"):
        shutil.copytree(ROOT / "data" / part, home / "data" / part)
    shutil.copyfile(ROOT / "compendium.yml", home / "compendium.yml")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(home))
    return home


def tables(name="s"):
    found = load_study(name)
    return {table: found.whole(table) for table in table_names()}


def differences(old, new):
    """Return every cell that differs, as table, key, column."""
    out = set()
    for table, frame in new.items():
        key = list(load_key(table))
        one, two = (each.set_index(key) for each in (old[table], frame))
        out |= {(table, id, "row") for id in set(one.index) ^ set(two.index)}
        for id in set(one.index) & set(two.index):
            for column in one.columns:
                a, b = one.loc[id, column], two.loc[id, column]
                if not (pd.isna(a) and pd.isna(b)) and a != b:
                    out.add((table, id, column))
    return out


def load_key(table):
    return dictionary.schema(table).key


# what an untouched workbook says


@pytest.mark.parametrize("name", [path.parent.name for path in sorted((ROOT / "data/studies").glob("*/study.yml"))])
def test_an_untouched_workbook_of_an_embedded_study_changes_no_byte(embedded, name):
    was = whole(embedded / "data")
    export_edit(load_study(name), embedded / f"{name}.xlsx")
    report = read_edit(name, embedded / f"{name}.xlsx")
    assert (report.sheets, report.notes, report.written) == ({}, [], False)
    assert whole(embedded / "data") == was


def test_one_changed_cell_of_an_embedded_study_changes_its_table_alone(embedded):
    was = whole(embedded / "data")
    for name in list_studies():
        path = embedded / f"{name}.xlsx"
        export_edit(load_study(name), path)
        first = rows(path, "Codebook")[0]["Code"]
        put(path, ("Codebook", first, "Definition", "In other words."))
        assert read_edit(name, path).written
    now = whole(embedded / "data")
    other = {file.as_posix() for file in now if now[file] != was.get(file)}
    assert other == {f"studies/{name}/codebook.csv" for name in list_studies()}
    assert set(now) == set(was)


def test_an_untouched_workbook_of_an_imported_study_changes_nothing(study):
    was = whole(study.parent)
    report = read_edit("s", study)
    assert (report.sheets, report.notes) == ({}, [])
    assert {file: c for file, c in whole(study.parent).items() if "results" not in file.parts} == {
        file: c for file, c in was.items() if "results" not in file.parts
    }


# what a person sees


def test_labels_stand_for_ids_and_twice_the_same_is_told_apart(study):
    book = openpyxl.load_workbook(study)
    assert book.sheetnames[:4] == ["How to", "Codebook", "Cases", "Documents"]
    codes = rows(study, "Codebook")
    assert [row["Code"] for row in codes] == ["Work", "Lack of time", "Work > Other", "Trust", "Trust > Other"]
    assert [row["Below"] for row in codes] == [None, "Work", "Work", None, "Trust"]
    assert codes[4]["Definition"] == "'=1+1"
    documents = {row["Document"]: row for row in rows(study, "Documents")}
    anna = documents["Anna"]
    assert (anna["Case"], anna["Role"], anna["Participant"], anna["Age"]) == ("north", None, "Anna A.", 34)
    assert documents["Bea"]["Kind (v02)"] == "first"  # a heading of its own
    page = book["Codebook"]
    assert page.column_dimensions["A"].hidden
    assert page.freeze_panes == "C2"
    assert page.cell(3, 2).alignment.indent > page.cell(2, 2).alignment.indent
    assert "means" in page.cell(1, place(page, 2, "Definition")[1]).comment.text
    assert all(cell.alignment.wrap_text for cell in page[2])
    assert book["lists"].sheet_state == book[MEMORY].sheet_state == "hidden"


def test_closed_words_and_names_have_lists(study):
    page = openpyxl.load_workbook(study)["Documents"]
    rules = {str(rule.sqref): rule.formula1 for rule in page.data_validations.dataValidation}
    kind, case = (page.cell(*place(page, 2, heading)).column_letter for heading in ("Kind", "Case"))
    assert any(f"{kind}2:" in where and "'lists'!" in formula for where, formula in rules.items())
    assert any(f"{case}2:" in where and formula.startswith("'Cases'!$B$2:") for where, formula in rules.items())


def test_summaries_stand_beside_the_words_they_rest_on(study):
    row = next(row for row in rows(study, "Summaries") if row["Case"] == "north" and row["Theme"] == "Work")
    assert row["Summary"] == "They wait for hours."
    assert row["Segments"] == 2
    assert "Nobody has time." in row["Quotations"]


def test_at_the_level_public_there_are_no_words_of_texts(study, monkeypatch):
    monkeypatch.setenv(paths.LEVEL_VARIABLE, "public")
    path = study.with_name("public.xlsx")
    export_edit(load_study("s"), path)
    assert all(row["Quotations"] is None for row in rows(path, "Summaries"))
    assert b"Nobody has time" not in b"".join(zipfile.ZipFile(path).read(n) for n in zipfile.ZipFile(path).namelist())


def test_a_column_of_the_dictionary_is_in_the_workbook_or_is_known_not_to_be(embedded):
    """What a person does not type: ids, positions, hashes, and what is counted of a text."""
    left = {
        f"{sheet.table}.{column}"
        for sheet in sheets()
        for column in dictionary.schema(sheet.table).columns
        if column not in {shown.field for shown in sheet.columns}
    }
    counted = ["code_points", "paragraphs", "sentences", "sha256", "hmac", "extractor"]
    assert left == {
        "codebook.code", "cases.case", "documents.document", "variables.variable", "themes.theme", "themes.spans",
        "roles.role", "summaries.segments_hash", "outcomes.row", "outcomes.outcome", "outcomes.fact",
        "outcomes.document", "outcomes.spans", "inventory.item", "inventory.fact",
    } | {f"documents.{each}" for each in counted}  # fmt: skip


# what a person changes


def test_cells_of_every_kind_arrive_and_no_other_cell_changes(study):
    old = tables()
    put(
        study,
        ("Codebook", "Trust", "Definition", "'=SUM is no formula"),
        ("Codebook", "Work > Other", "Code", "Work > Others"),
        ("Codebook", "Lack of time", "Below", "Trust"),
        ("Cases", "south", "Coverage", "complete"),
        ("Cases", "south", "Case", "The south"),
        ("Documents", "Bea", "Case", "north"),
        ("Documents", "Bea", "Kind", "focus group"),
        ("Documents", "Bea", "Date", dt.datetime(2026, 3, 1)),
        ("Documents", "Bea", "Age", 51),
        ("Documents", "Anna", "Age", 35.0),
        ("Documents", "Bea", "Participant", "Carl"),
    )
    report = read_edit("s", study)
    new = tables()
    ids = {table: dict(zip(old[table][column], old[table][key])) for table, key, column in (
        ("documents", "document", "title"), ("cases", "case", "label"))}  # fmt: skip
    anna, bea, south = ids["documents"]["Anna"], ids["documents"]["Bea"], ids["cases"]["south"]
    carl = new["names"].set_index("name").loc["Carl", "id"]
    assert differences(old, new) == {
        ("codebook", "trust", "definition"), ("codebook", "other-1", "label"), ("codebook", "time", "parent"),
        ("cases", south, "coverage"), ("cases", south, "label"), ("documents", bea, "case"),
        ("documents", bea, "kind"), ("documents", bea, "date"), ("documents", bea, "participant"),
        ("variable_values", ("document", bea, "v01"), "row"), ("variable_values", ("document", anna, "v01"), "value"),
        ("names", ("participant", carl), "row"),
    }  # fmt: skip
    code, document = new["codebook"].set_index("code"), new["documents"].set_index("document").loc[bea]
    assert code.loc["trust", "definition"] == "=SUM is no formula"
    assert code.loc["other-1", "label"] == "Others"
    assert (document["date"], document["kind"], document["participant"]) == ("2026-03-01", "focus group", carl)
    values = new["variable_values"].set_index(["id", "variable"])["value"]
    assert (values[bea, "v01"], values[anna, "v01"]) == ("51", "35")
    assert "Anna, Age: '34' is '35' now" in report.text()
    assert check_study("s") == []


def test_rows_that_a_person_adds_get_ids_and_can_be_named_at_once(study):
    add(study, "Codebook", Code="Pay", Below="New group")
    add(study, "Codebook", Code="New group")
    add(study, "Cases", Case="west")
    add(study, "Documents", Document="Dora", Kind="interview", Case="west", Age=60)
    add(study, "Roles", Role="porter")
    read_edit("s", study)
    found = load_study("s")
    codes = found.codebook.set_index("label")
    assert codes.loc["Pay", "parent"] == codes.loc["New group", "code"] == "new-group"
    west = found.cases.set_index("label").loc["west", "case"]
    assert west.startswith("k")
    assert west[1:].isdigit()
    dora = found.documents.set_index("title").loc["Dora"]
    assert (dora["case"], dora["release"]) == (west, "none")
    values = found.variable_values
    assert values[values["id"].eq(dora["document"])]["value"].tolist() == ["60"]
    assert check_study("s") == []


def test_a_workbook_that_is_read_twice_adds_nothing_twice(study):
    add(study, "Cases", Case="west")
    put(study, ("Documents", "Bea", "Participant", "Carl"))
    add(
        study,
        "Outcomes",
        **{"Outcome,_step_or_requirement": "Signed", "Kind": "outcome", "Case": "west", "State": "no"},
    )
    assert read_edit("s", study).written
    was = tables()
    report = read_edit("s", study)
    assert not report.written
    assert differences(was, tables()) == set()


def test_a_new_column_is_a_new_attribute(study):
    def more(book):
        page = book["Documents"]
        at = page.max_column + 1
        page.cell(1, at).value = "Years of service"
        page.cell(*(place(page, "Bea", "Kind")[0], at)).value = 12

    change(study, more)
    read_edit("s", study)
    found = load_study("s")
    new = found.variables.set_index("label").loc["Years of service"]
    assert new["type"] == "integer"
    values = found.variable_values
    assert values[values["variable"].eq(new["variable"])]["value"].tolist() == ["12"]


def test_an_emptied_value_of_an_attribute_is_empty(study):
    put(study, ("Documents", "Anna", "Age", None))
    report = read_edit("s", study)
    assert "Anna, Age: '34' is (empty) now" in report.text()
    values = load_study("s").variable_values
    assert values.loc[values["variable"].eq("v01"), "value"].isna().all()


def test_a_summary_is_written_with_the_fingerprint_of_what_was_seen(study):
    page = openpyxl.load_workbook(study)["Summaries"]
    at = next(
        n for n in range(2, page.max_row + 1) if (page.cell(n, 2).value, page.cell(n, 3).value) == ("south", "Work")
    )
    put(study, ("Summaries", at, "Summary", "Nothing there."), ("Summaries", at, "Date", "2026-03-01"))
    read_edit("s", study)
    found = load_study("s").summaries.set_index("summary")
    assert found.loc["Nothing there.", "date"] == "2026-03-01"
    assert len(found.loc["Nothing there.", "segments_hash"]) == 64
    assert pd.isna(found.loc["They wait for hours.", "segments_hash"])


def test_a_summary_written_of_segments_that_have_changed_since_must_be_read_again(study):
    at = next(n for n, row in enumerate(rows(study, "Summaries"), start=2) if row["Summary"])
    put(study, ("Summaries", at, "Summary", "They wait, and nobody comes."))
    table = study.parent / "data/studies/s/codings.csv"
    header, *lines = table.read_text().splitlines()
    kept = dict.fromkeys([*(line for line in lines if ",trust," in line), lines[0]])
    table.write_text("\n".join([header, *kept, ""]))
    assert read_edit("s", study).written
    path = study.with_name("b.xlsx")
    export_edit(load_study("s"), path)
    told = next(row for row in rows(path, "Summaries") if row["Summary"])
    assert told["To be read again"] == "the segments of this cell changed since it was summarised"


# what goes, and what others have done meanwhile


def test_what_would_go_is_asked_by_name_and_undo_brings_it_back(study):
    delete(study, "Codebook", "Trust > Other")
    asked = []
    report = read_edit("s", study, let_go=lambda would: asked.extend(would) or [])
    assert asked == [("codebook/other-2", "Trust > Other")]
    assert not report.written
    assert "Trust > Other (codebook/other-2)" in report.text()
    was = whole(study.parent / "data")
    assert read_edit("s", study, let_go=lambda would: ["codebook/other-2"]).written
    assert "other-2" not in set(load_study("s").codebook["code"])
    before.undo("s")
    assert whole(study.parent / "data") == was


def test_what_others_name_stays_and_a_document_takes_its_attributes_along(study):
    delete(study, "Codebook", "Lack of time")
    delete(study, "Documents", "Anna")
    was = tables()
    report = read_edit("s", study, let_go=lambda would: ["all"])
    assert not report.written
    assert differences(was, tables()) == set()
    assert "others name it" in report.text()
    add(study, "Documents", Document="Dora", Kind="interview", Age=7)
    read_edit("s", study)
    again = study.with_name("again.xlsx")
    export_edit(load_study("s"), again)
    delete(again, "Documents", "Dora")
    read_edit("s", again, let_go=lambda would: [name for name, words in would if words == "Dora"])
    found = load_study("s")
    assert sorted(found.documents["title"]) == ["Anna", "Bea"]
    assert set(found.variable_values["id"]) <= set(found.documents["document"])


def test_an_emptied_summary_is_asked_for(study):
    at = next(n for n, row in enumerate(rows(study, "Summaries"), start=2) if row["Summary"])
    put(study, ("Summaries", at, "Summary", None))
    asked = []
    read_edit("s", study, let_go=lambda would: asked.extend(would) or [])
    assert [words for _, words in asked] == ["north, Work: They wait for hours."]
    assert len(load_study("s").summaries) == 1


def test_edits_on_both_sides_meet_and_a_cell_that_both_changed_is_named(study):
    put(
        study,
        ("Codebook", "Trust", "Definition", "From the workbook"),
        ("Codebook", "Lack of time", "Definition", "Hours, from the workbook"),
    )
    table = study.parent / "data/studies/s/codebook.csv"
    table.write_text(
        "code,label,parent,definition,example\nwork,Work at large,,,\ntime,Lack of time,work,Hours from the file,\n"
        "trust,Trust,,,\nother-1,Other,work,,\nother-2,Other,trust,=1+1,\nmoney,Money,,,\n"
    )
    report = read_edit("s", study)
    found = load_study("s").codebook.set_index("code")
    assert found.loc["work", "label"] == "Work at large"
    assert found.loc["trust", "definition"] == "From the workbook"
    assert found.loc["time", "definition"] == "Hours from the file"
    assert "money" in found.index
    assert (
        "Lack of time, Definition: 'Hours from the file' stays, the workbook has 'Hours, from the workbook'"
        in report.text()
    )


def test_a_row_deleted_in_the_files_stays_deleted_and_its_edit_is_named(study):
    put(study, ("Codebook", "Trust > Other", "Example", "An edit"))
    table = study.parent / "data/studies/s/codebook.csv"
    table.write_text(table.read_text().replace("other-2,Other,trust,=1+1\n", ""))
    report = read_edit("s", study)
    assert "other-2" not in set(load_study("s").codebook["code"])
    assert "deleted in the files meanwhile" in report.text()


def test_what_was_changed_in_the_files_meanwhile_is_said_before_it_goes(study):
    delete(study, "Codebook", "Trust > Other")
    table = study.parent / "data/studies/s/codebook.csv"
    table.write_text(table.read_text().replace("=1+1", "A word of somebody else"))
    asked = []
    read_edit("s", study, let_go=lambda would: asked.extend(would) or [])
    assert asked == [("codebook/other-2", "Trust > Other, changed in the files meanwhile")]


def test_a_dry_run_tells_the_same_and_writes_nothing(study):
    put(study, ("Codebook", "Trust", "Definition", "New"))
    was = whole(study.parent)
    told = read_edit("s", study, dry_run=True).text()
    assert whole(study.parent) == was
    assert read_edit("s", study).text() == told


# what spreadsheet programs do to a file


def test_columns_in_another_order_hidden_ones_gone_rows_sorted(study):
    put(study, ("Codebook", "Trust", "Definition", "New"))

    def rearrange(book):
        for page in book.worksheets[1:-2]:
            table = [[cell.value for cell in row] for row in page.iter_rows()]
            at = table[0].index(ID)
            table = [row[:at] + row[at + 1 :] for row in table]
            table = [list(reversed(row)) for row in [table[0], *reversed(table[1:])]]
            page.delete_rows(1, page.max_row)
            page.delete_cols(1, page.max_column)
            for n, row in enumerate([["My title"], [], *table], start=1):
                for column, value in enumerate(row, start=1):
                    page.cell(n, column).value = value

    old = tables()
    change(study, rearrange)
    read_edit("s", study)
    assert differences(old, tables()) == {("codebook", "trust", "definition")}


def test_a_column_or_sheet_that_is_gone_stays_as_it_is_and_own_ones_are_not_read(study):
    def less(book):
        page = book["Codebook"]
        page.delete_cols(place(page, 2, "Definition")[1])
        page.cell(1, page.max_column + 1).value = "My remarks"
        del book["Roles"]
        book.create_sheet("Scratch")

    old = tables()
    change(study, less)
    report = read_edit("s", study)
    assert differences(old, tables()) == set()
    told = " ".join(report.notes)
    assert all(word in told for word in ("'Definition'", "My remarks", "Roles", "Scratch"))


def test_numbers_dates_and_blanks_as_programs_save_them_say_the_same(study):
    put(
        study,
        ("Documents", "Anna", "Date", "2026-05"),
        ("Documents", "Bea", "Language", "en"),
        ("Documents", "Bea", "Age", "007"),
    )
    read_edit("s", study)
    path = study.with_name("b.xlsx")
    export_edit(load_study("s"), path)
    put(
        path,
        ("Documents", "Anna", "Date", dt.datetime(2026, 5, 1)),
        ("Documents", "Anna", "Age", "34 "),
        ("Documents", "Bea", "Age", 7),
        ("Documents", "Bea", "Language", " en"),
        ("Codebook", "Trust", "Code", "Trust  ".rstrip() + " "),
        ("Cases", "north", "Kind", "Case"),
    )
    assert not read_edit("s", path).written


def test_dates_by_day_or_month_count_where_the_column_settles_them(study):
    put(study, ("Documents", "Anna", "Date", "31/12/2025"), ("Documents", "Bea", "Date", "05/01/2026"))
    read_edit("s", study)
    found = load_study("s").documents.set_index("title")["date"]
    assert (found["Anna"], found["Bea"]) == ("2025-12-31", "2026-01-05")
    path = study.with_name("b.xlsx")
    export_edit(load_study("s"), path)
    put(path, ("Documents", "Anna", "Date", "05/01/2026"))
    assert "the form of its column" in refused(path)[0]


def test_rows_of_a_sheet_that_was_formatted_to_its_end_are_no_rows(study):
    def far(book):
        book["Cases"].row_dimensions[900_000].height = 20
        book["Cases"].cell(300, 40).number_format = "@"

    put(study, ("Cases", "north", "Country", "Norway"))
    change(study, far)
    read_edit("s", study)
    assert load_study("s").cases.set_index("label").loc["north", "country"] == "Norway"


def test_formulas_count_with_what_they_gave_and_other_formulas_are_named(study):
    put(study, ("Documents", "Anna", "Age", "=30+5"))
    with pytest.raises(CrosscaseError, match=r"sheet Documents, row \d, column Age.*formula") as caught:
        read_edit("s", study)
    assert len(caught.value.problems) == 1
    part = "xl/worksheets/sheet4.xml"
    with zipfile.ZipFile(study) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert (
        b"<f>30+5</f><v></v>" in parts[part] or b"<f>30+5</f><v/>" in parts[part] or b"<f>30+5</f><v />" in parts[part]
    )
    parts[part] = parts[part].replace(b"<f>30+5</f><v></v>", b"<f>30+5</f><v>35</v>")
    parts[part] = parts[part].replace(b"<f>30+5</f><v/>", b"<f>30+5</f><v>35</v>")
    parts[part] = parts[part].replace(b"<f>30+5</f><v />", b"<f>30+5</f><v>35</v>")
    with zipfile.ZipFile(study, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    read_edit("s", study)
    assert "35" in set(load_study("s").variable_values["value"])


def test_a_text_that_looks_like_a_formula_is_one_nowhere(study):
    put(study, ("Cases", "north", "Description", "'=HYPERLINK(1)"))
    read_edit("s", study)
    assert "=HYPERLINK(1)" in set(load_study("s").cases["description"])
    path = study.with_name("b.xlsx")
    export_edit(load_study("s"), path)
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert next(row for row in rows(path, "Cases") if row["Case"] == "north")["Description"] == "'=HYPERLINK(1)"
    assert not read_edit("s", path).written


# what is refused, all of it at once


def refused(path, name="s"):
    was = whole(path.parent)
    with pytest.raises(CrosscaseError) as caught:
        read_edit(name, path, let_go=lambda would: ["all"])
    assert whole(path.parent) == was
    return [str(problem) for problem in caught.value.problems]


def test_every_cell_that_cannot_be_read_is_named_with_sheet_row_and_column(study):
    def error(book):
        page = book["Cases"]
        cell = page.cell(*place(page, "south", "Description"))
        cell.value, cell.data_type = "#REF!", "e"

    put(
        study,
        ("Documents", "Anna", "Kind", "chat"),
        ("Documents", "Anna", "Case", "nowhere"),
        ("Documents", "Anna", "Language", "English"),
        ("Documents", "Bea", "Date", "yesterday"),
        ("Documents", "Bea", "Kind", None),
        ("Cases", "north", "k", "many"),
        ("Cases", "south", "n", 0),
        ("Codebook", "Trust", "Colour", "red"),
        ("Codebook", "Trust", "Example", "x" * 32_767),
        ("Documents", "Anna", "Age", "x" * 32_767),
        ("Codebook", "Lack of time", "Code", None),
    )
    change(study, error)
    found = refused(study)
    places = [line.partition(":")[0] for line in found]
    page = openpyxl.load_workbook(study)["Documents"]
    anna, bea = place(page, "Anna", ID)[0], place(page, "Bea", ID)[0]
    assert set(places) == {
        f"sheet Documents, row {anna}, column Kind", f"sheet Documents, row {anna}, column Case",
        f"sheet Documents, row {anna}, column Language", f"sheet Documents, row {bea}, column Date",
        f"sheet Documents, row {bea}, column Kind", "sheet Cases, row 2, column k", "sheet Cases, row 3, column n",
        "sheet Cases, row 3, column Description", "sheet Codebook, row 5, column Colour",
        "sheet Codebook, row 5, column Example", f"sheet Documents, row {anna}, column Age",
        "sheet Codebook, row 3, column Code",
    }  # fmt: skip
    assert any("allowed: policy document, interview" in line for line in found)


def test_a_column_that_was_sorted_alone_is_refused(study):
    put(study, ("Cases", 2, "Case", "south"), ("Cases", 3, "Case", "north"))
    found = refused(study)
    assert len(found) == 2
    assert all("a row keeps its id" in line for line in found)


def test_rows_twice_unknown_ids_names_twice_circles_merged_cells(study):
    page = openpyxl.load_workbook(study)["Cases"]
    north = page.cell(2, 1).value
    add(study, "Cases", **{ID.replace(" ", "_"): north, "Case": "north"})
    add(study, "Cases", **{ID.replace(" ", "_"): "k999999", "Case": "west"})
    add(study, "Roles", Role="porter")
    add(study, "Roles", Role="porter")
    put(study, ("Codebook", "Work", "Below", "Lack of time"))
    found = "\n".join(refused(study))
    assert "sheet Cases, rows 2, 4: each row once" in found
    assert "sheet Cases, row 5" in found
    assert "each row has a name of its own" in found
    export = study.with_name("b.xlsx")
    export_edit(load_study("s"), export)
    put(export, ("Codebook", "Work", "Below", "Lack of time"))
    assert "nothing stands below itself" in "\n".join(refused(export))
    change(export, lambda book: book["Codebook"].merge_cells("C3:C4"))
    assert refused(export)[0].startswith("sheet Codebook, cells C3:C4: no cells are merged")


def test_a_copied_row_with_a_name_of_its_own_is_a_new_one(study):
    page = openpyxl.load_workbook(study)["Cases"]
    cells = {str(head.value).replace(" ", "_"): cell.value for head, cell in zip(page[1], page[2])}
    add(study, "Cases", **cells | {"Case": "north again"})
    read_edit("s", study)
    assert sorted(load_study("s").cases["label"]) == ["north", "north again", "south"]


def test_a_cell_of_the_framework_has_one_summary_which_stays_in_its_place(study):
    at = next(n for n, row in enumerate(rows(study, "Summaries"), start=2) if row["Summary"])
    add(study, "Summaries", Case="NORTH", Theme="Work", Summary="Another one.")
    put(study, ("Summaries", at + 1, "Case", "nowhere"), ("Summaries", at + 2, "By", "ann"))
    found = "\n".join(refused(study))
    assert "one summary for a case and a theme" in found
    assert f"sheet Summaries, row {at + 1}, column Case" in found
    assert f"sheet Summaries, row {at + 2}, column Summary: what has an author" in found


def test_heads_that_are_gone_or_twice(study):
    change(study, lambda book: book["Cases"].delete_rows(1))
    assert any("a sheet has its head" in line for line in refused(study))
    path = study.with_name("b.xlsx")
    export_edit(load_study("s"), path)

    def twice(book):
        page = book["Cases"]
        page.cell(1, place(page, 2, "k")[1]).value = "Kind"
        page = book["Codebook"]
        page.cell(1, place(page, 2, "Code")[1]).value = "Name"

    change(path, twice)
    found = "\n".join(refused(path))
    assert "'Kind' twice" in found
    assert "the column 'Code' is there" in found


def test_a_workbook_of_something_else_a_bomb_and_a_broken_file(study, tmp_path):
    book = openpyxl.Workbook()
    book.save(tmp_path / "other.xlsx")
    assert "crosscase edit" in refused(tmp_path / "other.xlsx")[0]
    (tmp_path / "text.xlsx").write_text("code,label\n")
    refused(tmp_path / "text.xlsx")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 40_000_000)
    assert "zip bomb" in refused(tmp_path / "bomb.xlsx")[0]
    change(study, lambda book: setattr(book[MEMORY]["A1"], "value", "changed"))
    assert "hidden sheet" in refused(study)[0]


def test_a_workbook_of_another_study(study, tmp_path):
    (tmp_path / "t.csv").write_text(CSV)
    import_file(tmp_path / "t.csv", "t")
    with pytest.raises(CrosscaseError, match="one of the study t"):
        read_edit("t", study)


@pytest.mark.parametrize("folder", ["data", "results", "book", "data/studies/s"])
def test_no_workbook_is_written_where_something_is_published(study, folder):
    (study.parent / folder).mkdir(exist_ok=True, parents=True)
    with pytest.raises(CrosscaseError, match="nothing is published"):
        export_edit(load_study("s"), study.parent / folder / "x.xlsx")
    assert not (study.parent / folder / "x.xlsx").exists()


def test_no_workbook_is_written_over_changes_that_nobody_has_read(study):
    put(study, ("Codebook", "Trust", "Definition", "New"))
    was = study.read_bytes()
    with pytest.raises(CrosscaseError, match="nobody has read"):
        export_edit(load_study("s"), study)
    assert study.read_bytes() == was
    read_edit("s", study)
    export_edit(load_study("s"), study)
    assert next(row for row in rows(study, "Codebook") if row["Code"] == "Trust")["Definition"] == "New"


def test_the_command(study, monkeypatch):
    monkeypatch.chdir(study.parent)
    run = CliRunner().invoke
    study.unlink()
    assert "written: s.xlsx" in run(main, ["edit", "s"]).output
    put(study, ("Codebook", "Trust", "Definition", "New"))
    delete(study, "Codebook", "Trust > Other")
    said = run(main, ["edit", "s", "--read", "s.xlsx", "--dry-run"]).output
    assert "Trust, Definition: (empty) is 'New' now" in said
    assert "--let-go NAME" in said
    done = run(main, ["edit", "s", "--read", "s.xlsx", "--let-go", "codebook/other-2"])
    assert (done.exit_code, "gone: Trust > Other" in done.output) == (0, True)
    assert run(main, ["undo", "s"]).exit_code == 0
    assert run(main, ["edit", "s", "--dry-run"]).exit_code == 1
    assert run(main, ["edit", "s", "--read", "s.xlsx", "--to", "x.xlsx"]).exit_code == 1
    assert run(main, ["edit", "s", "--to", "x.csv"]).exit_code == 1
    monkeypatch.chdir(study.parent / "data")
    assert "name another file with --to" in " ".join(run(main, ["edit", "s"]).output.split())


def test_rows_that_are_added_to_an_open_study_have_ids_made_of_their_names(embedded):
    path = embedded / "x.xlsx"
    export_edit(load_study("no-fact-teams"), path)
    add(path, "Cases", Case="Team É")
    add(path, "Documents", Document="Talk 1.docx", Kind="interview", Case="Team É", Participant="P1")
    add(path, "Themes", Theme="Nothing said yet", Below=rows(path, "Themes")[0]["Theme"], Kind="subtheme")
    add(
        path,
        "Inventory",
        Collected="Talks",
        Stage="paper",
        Method="interview",
        Unit="talks",
        Status="stated",
        Source="x",
    )
    read_edit("no-fact-teams", path)
    found = load_study("no-fact-teams")
    assert found.cases["case"].tolist()[-1] == "team-e"
    assert found.documents[["document", "case", "participant"]].values.tolist()[-1] == ["talk-1.txt", "team-e", "P1"]
    assert found.themes["theme"].tolist()[-1] == "nothing-said-yet"
    assert found.inventory["item"].tolist()[-1] == "talks"
    assert check_study("no-fact-teams") == []
