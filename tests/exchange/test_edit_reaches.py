"""What a person enters in the workbook reaches matrices, framework and chapter: attributes, cases, roles, groups."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import openpyxl
import pytest

from crosscase.analyses import cases, coding
from crosscase.exchange import add_files, import_file
from crosscase.exchange.edit_study import export_edit, read_edit
from crosscase.study import load_study
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from workbooks import add, change, place, put, rows

ROOT = Path(__file__).resolve().parents[2]
CSV = (
    "document,quotation,code,coder\nAnna,Nobody has time.,time,ann\nBea,They know us.,trust,ann\n"
    "Carl,We wait for pay.,pay,ann\nDora,We trust.,trust,ann\n"
)


@pytest.fixture
def filled(home, tmp_path):
    """Return a study of four interviews into whose workbook cases, roles, attributes and groups of codes were put."""
    (tmp_path / "v1.csv").write_text(CSV)
    import_file(tmp_path / "v1.csv", "s")
    path = home / "s.xlsx"
    export_edit(load_study("s"), path)
    for name in ("North", "South"):
        add(path, "Cases", Case=name, Coverage="complete")
    add(path, "Roles", Role="Nurse")
    add(path, "Codebook", Code="Work")
    put(path, ("Codebook", "time", "Below", "Work"), ("Codebook", "pay", "Below", "Work"))
    for name, case in (("Anna", "North"), ("Bea", "North"), ("Carl", "South"), ("Dora", "South")):
        put(path, ("Documents", name, "Case", case), ("Documents", name, "Kind", "interview"))
    put(path, ("Documents", "Anna", "Role", "Nurse"))

    def attributes(book):
        page = book["Documents"]
        at = page.max_column
        for number, heading in enumerate(("Profession", "Site"), start=1):
            page.cell(1, at + number).value = heading
        for name, job, site in (("Anna", "nurse", "a"), ("Bea", "manager", "a"), ("Carl", "nurse", "b")):
            row = place(page, name, "Kind")[0]
            page.cell(row, at + 1).value, page.cell(row, at + 2).value = job, site

    change(path, attributes)
    read_edit("s", path)
    assert check_study("s") == []
    return path


def test_attributes_cases_roles_and_groups_reach_the_matrices(filled):
    study = load_study("s")
    states = coding.attribute_matrix(study).frame.set_index(["row", "column_label"])["state"]
    assert states["time", "Profession: nurse"] == "present"
    assert states["trust", "Profession: nurse"] == "absent"
    labels = study.labels("cases")
    found = coding.case_matrix(study).frame
    north = found[found["column"].map(labels).eq("North")].set_index("row")["state"]
    assert (north["time"], north["trust"]) == ("present", "present")
    assert study.primary_codings()["role"].notna().sum() == 1
    spoken = coding.role_matrix(study).frame
    assert spoken.loc[spoken["state"].eq("present"), "row"].tolist() == ["time"]
    themes = cases.framework(study).frame.set_index("column")["value"]
    assert themes.sum() == 2  # parents add up: time and pay are of the group Work


def test_a_summary_reaches_the_chart_that_the_default_chapter_prints(filled):
    path = filled.with_name("next.xlsx")
    export_edit(load_study("s"), path)
    page = openpyxl.load_workbook(path)["Summaries"]
    at = next(
        n for n in range(2, page.max_row + 1) if (page.cell(n, 2).value, page.cell(n, 3).value) == ("North", "Work")
    )
    put(path, ("Summaries", at, "Summary", "They lack hours."), ("Summaries", at, "By", "ann"))
    read_edit("s", path)
    study = load_study("s")
    chart = cases.chart(study).frame
    mine = chart[chart["written"].eq("summary")]
    assert mine["text"].tolist() == ["They lack hours."]
    assert not mine["stale"].any()
    chapter = (ROOT / "book" / "study.md").read_text(encoding="utf-8")
    shown = re.search(r"```\{kept-table\} \{study\}\.framework\n:columns: (.*)\n", chapter)
    assert shown
    assert {"case", "theme", "text", "written"} <= set(shown[1].split(", "))


def test_a_group_that_is_renamed_keeps_its_summaries(filled):
    path = filled.with_name("next.xlsx")
    export_edit(load_study("s"), path)
    at = next(n for n, row in enumerate(rows(path, "Summaries"), start=2) if row["Case"] == "South")
    put(
        path,
        ("Codebook", "Work", "Code", "Labour"),
        ("Summaries", at, "Theme", "Labour"),
        ("Summaries", at, "Summary", "Pay is late."),
    )
    read_edit("s", path)
    study = load_study("s")
    assert study.labels("themes") == {"work": "Labour"}
    assert study.summaries[["theme", "summary"]].values.tolist() == [["work", "Pay is late."]]


def test_a_text_that_is_added_later_joins_the_row_that_was_planned_for_it(filled, tmp_path):
    path = filled.with_name("next.xlsx")
    export_edit(load_study("s"), path)
    add(path, "Documents", Document="Interview with Eva", Kind="interview", Case="South")
    read_edit("s", path)
    (tmp_path / "Interview with Eva.txt").write_text("I am Eva. We wait.\n")
    add_files("s", [tmp_path / "Interview with Eva.txt"])
    found = load_study("s").documents
    [row] = found[found["title"].str.contains("Eva")].to_dict("records")
    assert (row["kind"], row["code_points"] > 0) == ("interview", True)
    assert check_study("s") == []
