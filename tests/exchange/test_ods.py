"""OpenDocument spreadsheets: as a workbook is read, with its merged cells and dates, within limits."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import detect, import_file
from crosscase.exchange.sheet_reader import read_tables
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, quoted

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def cell(text="", *, kind="string", **more):
    """Return a cell; `more` are attributes such as `number_columns_repeated` or `value`."""
    of = {"value": "office", "date_value": "office", "boolean_value": "office"}
    rest = "".join(f' {of.get(name, "table")}:{name.replace("_", "-")}="{value}"' for name, value in more.items())
    typed = f' office:value-type="{kind}"' if text or more.keys() & of.keys() else ""
    return f"<table:table-cell{typed}{rest}>{f'<text:p>{text}</text:p>' if text else ''}</table:table-cell>"


def row(*cells, repeated=1):
    return f'<table:table-row table:number-rows-repeated="{repeated}">{"".join(cells)}</table:table-row>'


def ods(path, *sheets, mimetype=MIMETYPE, **files):
    """Write a spreadsheet of sheets, each a name and its rows."""
    tables = "".join(f'<table:table table:name="{name}">{"".join(rows)}</table:table>' for name, rows in sheets)
    content = (
        f'<?xml version="1.0"?><office:document-content {SPACES}><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr("content.xml", content)
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return path


HEAD = row(*map(cell, ("document", "case", "quotation", "code", "coder", "date")), cell(number_columns_repeated=1000))
END = row(cell(number_columns_repeated=16384), repeated=1048570)
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "c">]><a xmlns="urn:oasis:names:tc:opendocument:xmlns:table:1.0">'
    "<table-row>&b;</table-row></a>"
)
COVERED = "<table:covered-table-cell/>"


def coded(path):
    return ods(
        path,
        (
            "Codings",
            [
                row(cell("A study of buses"), cell(number_columns_repeated=16383)),
                HEAD,
                row(
                    cell("d1", number_rows_spanned=2), cell("North"),
                    cell('The bus<text:s text:c="2"/>was <text:span>late</text:span>.<office:annotation>'
                         "<text:p>no word of it</text:p></office:annotation>"),
                    cell("Transport"), cell("Ann"), cell("11.10.2021", kind="date", date_value="2021-10-11T00:00:00"),
                ),
                row(COVERED, cell(), cell("We waited.</text:p><text:p>Long."), cell("Waiting"), cell("Ben")),
                row(cell(number_columns_repeated=16384), repeated=3),
                row(cell("7", kind="float", value="7"), cell(), cell("Money."), cell("Budget")),
                END,
            ],
        ),
        ("Empty", [END]),
    )  # fmt: skip


def test_a_spreadsheet_is_read_as_a_workbook_is(home, tmp_path):
    path = coded(tmp_path / "a.ods")
    assert detect(path) == "segments"
    import_file(path, "s")
    assert check_study("s") == []
    study, found = quoted("s")
    labels = dict(zip(study.codebook["code"], study.codebook["label"]))
    rows = zip(study.codings["document"], [labels[code] for code in study.codings["code"]], found)
    assert sorted(rows) == [
        ("7.txt", "Budget", "Money."),
        ("d1.txt", "Transport", "The bus  was late."),
        ("d1.txt", "Waiting", "We waited.\nLong."),
    ]
    assert load_study("s").codings["date"].dropna().tolist() == ["2021-10-11"]


def test_rows_keep_their_numbers_and_the_header_is_found_below_a_title(tmp_path):
    (table,) = read_tables(coded(tmp_path / "a.ods"))
    assert table.frame.index.tolist() == [3, 4, 8]
    assert table.frame["document"].tolist() == ["d1", "d1", "7"]
    assert list(table.frame.columns) == ["document", "case", "quotation", "code", "coder", "date"]


def test_its_name_does_not_matter_and_a_text_is_none(home, tmp_path):
    assert detect(coded(tmp_path / "a.bin")) == "segments"
    assert detect(ods(tmp_path / "b.ods", mimetype="application/vnd.oasis.opendocument.text")) == "documents"


@pytest.mark.parametrize(
    ("sheet", "found"),
    [
        ([row(*[cell("x")] * 2, cell("y", number_columns_repeated=999999999))], "columns"),
        ([row(cell("x"), cell("y"), repeated=999999999)], "row 999,999,999"),
        ([row(cell("x"), cell("y")), row(cell(), repeated=900000000), row(cell("z"))], "row 900,000,001"),
        ([row(cell(number_columns_repeated=99999999), cell("y"))], "columns"),
        ([row(*[cell("x", number_columns_repeated=1000)] * 2, repeated=1900000)], "2,000 columns"),
    ],
    ids=["columns", "rows", "empty rows", "empty columns", "cells"],
)
def test_what_is_repeated_without_end_is_refused(tmp_path, sheet, found):
    with pytest.raises(CrosscaseError, match=r"a table has at most .* rows") as caught:
        read_tables(ods(tmp_path / "bomb.ods", ("s", sheet)))
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"content.xml": "<office:document-content"}, "well-formed"),
        ({"content.xml": ENTITIES}, "no document type"),
        ({"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": "x"}, "has no password"),
        ({}, "content.xml"),
        ({"content.xml": "x" + " " * 200_000_000}, "times its packed size"),
    ],
    ids=["cut off", "entities", "password", "nothing", "bomb"],
)
def test_hostile_and_broken_ones_are_refused(tmp_path, files, told):
    path, out = tmp_path / "a.ods", io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"mimetype": MIMETYPE, **files}.items():
            archive.writestr(name, text)
    path.write_bytes(out.getvalue())
    with pytest.raises(CrosscaseError, match=told):
        read_tables(path)


def test_a_table_within_a_cell_and_a_senseless_count_change_nothing(tmp_path):
    inner = f'<table:table table:name="in">{row(cell("inner"))}</table:table>'
    outer = f"<table:table-cell>{inner}<text:p>one</text:p></table:table-cell>"
    sheet = [row(cell("a"), cell("b")), row(outer, cell("two", number_columns_repeated="many"))]
    (table,) = read_tables(ods(tmp_path / "a.ods", ("s", sheet)))
    assert table.frame.values.tolist() == [["one", "two"]]


@pytest.mark.parametrize("name", ["a.fods", "a.numbers", "a.xls"])
def test_tables_of_other_programs_get_the_way_out(tmp_path, name):
    content = {"a.fods": b"<?xml version='1.0'?><office:document/>", "a.xls": b"\xd0\xcf\x11\xe0" + b"x" * 600}
    if name in content:
        (tmp_path / name).write_bytes(content[name])
    else:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("Index/Document.iwa", "x")
    with pytest.raises(CrosscaseError, match=r"save it as .*\.xlsx"):
        detect(tmp_path / name)
