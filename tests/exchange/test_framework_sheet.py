"""The framework matrix goes to a spreadsheet and comes back: checked, nothing else of the study changed."""

import shutil

import pandas as pd
import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.exchange.framework_sheet import export_framework, framework_frame, read_framework
from crosscase.study import load_study

NAME = "no-fact-teams"


@pytest.fixture
def study(tmp_path, monkeypatch):
    home = paths.root()
    for part in ("studies", "dictionary", "frameworks"):
        shutil.copytree(home / "data" / part, tmp_path / "data" / part)
    shutil.copyfile(home / "compendium.yml", tmp_path / "compendium.yml")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    return load_study(NAME)


def edit(path, **cells):
    frame = pd.read_excel(path, dtype=object)
    for column, value in cells.items():
        frame.loc[0, column] = value
    frame.to_excel(path, index=False)


def test_a_summary_comes_back_and_the_rest_of_the_study_stays(study, tmp_path):
    before = {p.name: p.read_bytes() for p in study.folder.glob("*.csv")}
    sheet = tmp_path / "f.xlsx"
    export_framework(study, sheet)
    edit(sheet, summary="The team lacks people.", by="a reader", date="2026-01-31")
    saved = read_framework(study, sheet)
    assert saved["summary"].tolist() == ["The team lacks people."]
    assert saved["stale"].tolist() == [False]
    after = {p.name: p.read_bytes() for p in study.folder.glob("*.csv")}
    assert {k: v for k, v in after.items() if k != "summaries.csv"} == before
    again = framework_frame(load_study(NAME))
    assert again["summary"].dropna().tolist() == ["The team lacks people."]


def test_every_file_that_a_person_put_beside_the_tables_stays(study, tmp_path):
    kept = {"HOW_TO_FILL.md": b"a\r\nb", "findings.csv": b"mine", "drafts/old.txt": b"\xff\xfe", "memos/x.png": b"\x89"}
    for name, content in kept.items():
        (study.folder / name).parent.mkdir(exist_ok=True)
        (study.folder / name).write_bytes(content)
    sheet = tmp_path / "f.xlsx"
    export_framework(study, sheet)
    edit(sheet, summary="The team lacks people.", by="a reader", date="2026-01-31")
    read_framework(study, sheet)
    assert {name: (study.folder / name).read_bytes() for name in kept} == kept


def test_a_summary_written_from_other_segments_is_stale(study, tmp_path):
    sheet = tmp_path / "f.xlsx"
    export_framework(study, sheet)
    edit(sheet, summary="Old reading.", current_hash="0" * 64)
    assert read_framework(study, sheet)["stale"].tolist() == [True]
    stale = framework_frame(load_study(NAME)).dropna(subset=["summary"])["stale"]
    assert stale.tolist() == ["the segments of this cell changed since it was summarised"]


def test_unedited_sheet_keeps_the_old_fingerprint(study, tmp_path):
    sheet = tmp_path / "f.xlsx"
    export_framework(study, sheet)
    edit(sheet, summary="Old reading.", current_hash="0" * 64)
    read_framework(study, sheet)
    export_framework(load_study(NAME), sheet)
    assert read_framework(load_study(NAME), sheet)["stale"].tolist() == [True]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"case": "nowhere"}, "a cell of the framework matrix"),
        ({"summary": "x", "date": "yesterday"}, "a date"),
        ({"summary": "x", "current_hash": "abc"}, "the exported fingerprint"),
    ],
)
def test_bad_rows_are_refused_and_nothing_is_saved(study, tmp_path, cells, said):
    sheet = tmp_path / "f.xlsx"
    export_framework(study, sheet)
    edit(sheet, **cells)
    with pytest.raises(CrosscaseError, match=said):
        read_framework(study, sheet)
    assert load_study(NAME).summaries.empty


def test_a_file_that_is_no_workbook_is_refused(study, tmp_path):
    (tmp_path / "f.xlsx").write_text("case,theme\n", encoding="utf-8")
    with pytest.raises(CrosscaseError, match="Excel workbook"):
        read_framework(study, tmp_path / "f.xlsx")
