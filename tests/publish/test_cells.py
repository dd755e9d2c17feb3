"""CSV files that people open: nothing in them is executed, and everything in them comes back."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.analyses.result import Result
from crosscase.publish.cells import csv_text, guard, neutral, read_csv, unguard, write_csv
from crosscase.publish.keep import keeper

LIVE = [
    "=SUM(A1)",
    "+1-555-1234",
    "-2+3",
    "@SUM(1+1)*cmd",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0bcmd",
    "\uff0d1+1",
    "\uff20SUM(A1)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://example.org","x")',
]
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def starts_live(cell: str) -> bool:
    """Tell whether a spreadsheet might take a cell for a formula."""
    return cell.strip("\u00a0\ufeff\u200b ").startswith(SIGNS)


@pytest.mark.parametrize("cell", LIVE)
def test_what_a_spreadsheet_would_run_gets_a_quote(cell):
    assert guard(cell) == neutral(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["a=b", "-", "+", "–", "'quoted'", "-0.5", "+3", "1e-9", "-.5E+10", "", "a\n=1", 3, None]
)
def test_what_is_no_formula_stays(cell):
    assert guard(cell) == cell


@given(st.text(st.sampled_from("'=+-@ \t\r\n1a\u00a0\ufeff\uff1d\u200b"), max_size=8))
def test_every_cell_is_harmless_and_comes_back(cell):
    guarded = str(guard(cell))
    assert unguard(guarded) == cell
    harmless = not starts_live(guarded) or len(cell.strip("\u00a0\ufeff\u200b \t\r\n")) < 2
    try:
        float(guarded)
    except ValueError:
        assert harmless


def test_a_table_comes_back_with_its_headings_and_its_numbers(tmp_path):
    frame = pd.DataFrame({"=code": [*LIVE, None], "-1": "x", "n": [-1.5] * (len(LIVE) + 1), "k": "-2"})
    write_csv(frame, tmp_path / "a.csv")
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf'=code,")
    header, *rows = csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert not [cell for row in rows for cell in row[:1] if starts_live(cell)]
    assert {row[2] for row in rows} == {"-1.5"}
    back = read_csv(tmp_path / "a.csv")
    assert list(back.columns) == ["=code", "-1", "n", "k"]
    assert back["=code"].dropna().tolist() == LIVE
    assert set(back["k"]) == {"-2"}
    assert csv_text(frame).splitlines()[0] == header[0] + ",-1,n,k"


@pytest.mark.parametrize("cell", ["a\r=cmd|' /C calc'!A0", "a\n=1+1", "a\r\n=1+1"])
def test_a_line_inside_a_cell_starts_no_row(tmp_path, cell):
    frame = pd.DataFrame({"a": [cell], f"b{cell}": ["c"]})
    write_csv(frame, tmp_path / "a.csv")
    text = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    assert text == f'a,"b{cell}"\n"{cell}",c\n'
    assert read_csv(tmp_path / "a.csv").equals(frame.astype(str))


def test_what_a_notebook_keeps_is_guarded_in_both_of_its_files(tmp_path, monkeypatch):
    import openpyxl

    monkeypatch.setenv("CROSSCASE_RUN", str(tmp_path))
    frame = pd.DataFrame({"=1+1": LIVE}, index=pd.Index(LIVE, name="@case"))
    keeper("demo")("codes", Result(frame, "Codes."))
    rows = list(csv.reader(io.StringIO((tmp_path / "tables/demo.codes.csv").read_text("utf-8-sig"), newline="")))
    sheet = openpyxl.load_workbook(tmp_path / "tables/demo.codes.xlsx").active
    cells = [cell for row in rows for cell in row]
    cells += [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert len(cells) == 2 * 2 * (len(LIVE) + 1)
    assert not [cell for cell in cells if starts_live(cell)]


def test_the_tables_of_a_sweep_are_guarded():
    from crosscase.pipeline.compared import _text

    text = _text([{"study": "a", "id": "a.b", "=set": "=1+1", "value": -0.25}])
    assert text == "\ufeffstudy,id,'=set,value\na,a.b,'=1+1,-0.25\n"
    assert _text([{"study": None, "id": None}]) == "\ufeffstudy,id\n"


def test_only_one_place_writes_csv_for_people():
    from crosscase import paths

    allowed = {"publish/cells.py", "tables.py", "exchange/own.py", "study/save.py"}
    # what files said and what a workbook held, kept for the next merge; the history of a coding page; a table coming in
    allowed |= {"study/said.py", "exchange/edit_memory.py", "study/coding_store.py", "spreadsheets.py"}
    writing = {
        path.relative_to(paths.source()).as_posix()
        for path in paths.source().rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in (".to_csv(", "csv.writer(", "csv.DictWriter("))
    }
    assert writing <= allowed
