"""Workbooks: what goes in comes out of another program's reader, and nothing in them is executed."""

from __future__ import annotations

import datetime as dt
import zipfile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.analyses.result import Result
from crosscase.publish.keep import keeper
from crosscase.publish.sheets import LONGEST_CELL, write_workbook


def read(path) -> list[list[list[object]]]:
    book = openpyxl.load_workbook(path)
    return [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book]


def test_every_kind_of_cell_comes_back(tmp_path):
    frame = pd.DataFrame({
        "text": ["a <b> & \"c\"", " spaced ", "two\nlines", "é ◆ 漢", None],
        "number": [1, 2.5, 0.1, None, float("inf")],
        "mixed": [True, np.int64(7), np.float64(0.3), "#N/A", ""],
        "day": [dt.date(2020, 1, 2), dt.datetime(2021, 3, 4, 5, 6), pd.Timestamp("2022-01-01"), None, pd.NaT],
    })  # fmt: skip
    write_workbook(tmp_path / "a.xlsx", {"first": frame}, title="T & t")
    header, *rows = read(tmp_path / "a.xlsx")[0]
    assert header == ["text", "number", "mixed", "day"]
    assert [row[0] for row in rows] == ['a <b> & "c"', " spaced ", "two\nlines", "é ◆ 漢", None]
    assert [row[1] for row in rows] == [1, 2.5, 0.1, None, None]
    assert [row[2] for row in rows] == [True, 7, 0.3, "#N/A", None]
    assert [row[3] for row in rows] == [
        dt.datetime(2020, 1, 2), dt.datetime(2021, 3, 4, 5, 6), dt.datetime(2022, 1, 1), None, None
    ]  # fmt: skip
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book["first"]
    assert book.properties.title == "T & t"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert sheet["A1"].alignment.wrap_text
    assert not sheet["A2"].font.bold
    assert sheet.column_dimensions["A"].width == len('a <b> & "c"') + 2
    assert sheet.dimensions == "A1:D6"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_looks_like_a_formula_is_text(tmp_path, text):
    write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame({"c": [text]})})
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx").active["A2"]
    assert cell.data_type == "s"
    assert cell.value.startswith("'")


def test_names_of_sheets_are_made_possible_and_different(tmp_path):
    frame = pd.DataFrame({"c": [1]})
    write_workbook(tmp_path / "a.xlsx", {"a/b": frame, "a*b": frame, "x" * 40: frame, "Ü & <": frame})
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert names == ["a_b", "a_b1", "x" * 31, "Ü & <"]
    assert [sheet[1] for sheet in read(tmp_path / "a.xlsx")] == [[1]] * 4


def test_too_long_text_is_cut_and_what_xml_cannot_hold_is_left_out(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame({"c": ["x" * (LONGEST_CELL + 5), "a\x01\x0bb"]})})
    assert [row[0] for row in read(tmp_path / "a.xlsx")[0][1:]] == ["x" * LONGEST_CELL, "ab"]


def test_no_row_and_no_column_still_give_a_workbook(tmp_path):
    write_workbook(tmp_path / "a.xlsx", {"rows": pd.DataFrame({"c": []}), "columns": pd.DataFrame()})
    assert read(tmp_path / "a.xlsx")[0] == [["c"]]


def test_equal_tables_are_equal_files(tmp_path):
    for name in "ab":
        write_workbook(tmp_path / f"{name}.xlsx", {"s": pd.DataFrame({"c": [1.5, "x"]})}, title="t")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert {info.date_time[0] for info in book.infolist()} == {2000}
        assert b"place-holder" not in b"".join(book.read(name) for name in book.namelist())


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=12)


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXTS, st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, width=32)), max_size=5))
def test_whatever_the_text_it_comes_back(tmp_path, rows):
    write_workbook(tmp_path / "a.xlsx", {"s": pd.DataFrame(rows, columns=["text", "number"], dtype=object)})
    back = read(tmp_path / "a.xlsx")[0][1:]
    assert len(back) == len(rows)
    for (text, number), (seen, counted) in zip(rows, back):
        quoted = "'" + text if len(text) > 1 and text[0] in "=+-@" else text
        assert (seen or "") == quoted
        assert counted == (None if number in (float("inf"), -float("inf")) else pytest.approx(number, rel=1e-15))


def test_a_very_long_table_is_cut_in_the_workbook_only_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCASE_RUN", str(tmp_path))
    monkeypatch.setattr("crosscase.publish.keep.SHEET_ROWS", 3)
    frame = pd.DataFrame({"case": list("abcde"), "n": [1, 2, 3, 4, 5]})
    keeper("demo")("long", Result(frame, "Long."))
    rows = read(tmp_path / "tables" / "demo.long.xlsx")[0]
    assert len(rows) == 5
    assert rows[-1][0] == "2 more rows are in the CSV file of the same name."
    assert len(pd.read_csv(tmp_path / "tables" / "demo.long.csv")) == 5
