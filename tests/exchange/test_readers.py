"""Small files of each format, made here, with every number checked by hand."""

# ruff: noqa: E501  (headings stand as the programs write them)
from __future__ import annotations

import sys
from pathlib import Path

import pypandoc
import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import detect, import_file, missing_words, new_study
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_readers
from named import load_study, quoted, texts_of


@pytest.fixture
def seeds(tmp_path):
    for name, content in fuzz_readers.seeds().items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def quotations(home, name):
    return quoted(name)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.qdpx", "qdpx"),
        ("a.qdc", "qdc"),
        ("a.sqlite3", "taguette"),
        ("a.qda", "qualcoder"),
        ("a.rqda", "rqda"),
        ("a.csv", "segments"),
        ("a.docx", "word-comments"),
        ("a.html", "documents"),
        ("a.txt", "documents"),
    ],
)
def test_each_format_is_recognised_and_makes_a_sound_study(home, seeds, name, format):
    assert detect(seeds / name) == format
    report = import_file(seeds / name, "s")
    assert check_study("s") == []
    assert report.text() == (home / "restricted" / "s" / "import.md").read_text(encoding="utf-8")
    assert missing_words("s")


def test_project_with_everything(home, seeds):
    report = import_file(seeds / "a.qdpx", "s")
    study, found = quotations(home, "s")
    assert found == ["nurse", "one"]
    assert study.cases[["case", "label"]].values.tolist() == [["north", "North"]]
    assert study.documents["case"].tolist()[0] == "north"
    assert study.codings["case"].tolist()[0] == "north"
    assert study.codebook[["code", "parent", "color"]].fillna("").values.tolist() == [
        ["a", "", "#ff0000"],
        ["b", "a", ""],
    ]
    locators = study.codings["locator"].dropna().tolist()
    assert sorted(locators) == ["0-900 ms", "rectangle 0,0-9,9"]
    assert study.documents["kind"].tolist() == ["other", "picture", "audio", "other"]
    assert study.memos() == {"memo": "a thought\n"}
    assert set(study.table("links")["kind"]) == {"link", "memo"}
    assert study.table("variable_values")[["id", "value"]].values.tolist() == [["north", "3"]]
    assert any("placements" in what or "case" in what for what in report.counts)


def test_qualcoder(home, seeds):
    report = import_file(seeds / "a.qda", "s")
    study, found = quotations(home, "s")
    assert found == ["two"]
    assert set(study.codings["coder"]) == {"ada", "bob"}
    assert sorted(study.codings["locator"].dropna()) == ["0-900 ms", "rectangle 1,2-4,6"]
    assert study.codebook[["label", "parent"]].fillna("").values.tolist() == [["A", ""], ["B", "a"], ["C", "b"]]
    assert study.documents["case"].fillna("").tolist() == ["north", ""]
    assert any("importance" in line for line in report.left_out)


def test_qualcoder_positions_that_counted_utf16_are_put_right_by_the_stored_quotation(home, tmp_path):
    script = fuzz_readers.QUALCODER.replace("'one two three'", "'\U0001f600 two three'").replace(
        "4, 7, 'ada'", "3, 6, 'ada'"
    )
    (tmp_path / "data.qda").write_bytes(fuzz_readers.database(script))
    report = import_file(tmp_path / "data.qda", "s")
    assert quotations(home, "s")[1] == ["two"]
    assert any("corrected by the stored quotation" in line for line in report.warnings)


def test_rqda_leaves_deleted_rows_out(home, seeds):
    report = import_file(seeds / "a.rqda", "s")
    study, found = quotations(home, "s")
    assert found == ["two"]
    assert len(study.documents) == 1
    assert study.codebook[["label", "parent"]].fillna("").values.tolist() == [["Cat", ""], ["A", "cat"], ["B", ""]]
    assert study.documents["case"].tolist() == ["north"]
    assert sum("deleted rows" in line for line in report.left_out) == 2


MARKED = "\ufeffone\r\ntwo three"


def test_mark_and_line_ends_move_nothing_in_rqda(home, tmp_path):
    script = fuzz_readers.RQDA.replace("'one two three'", f"'{MARKED}'").replace("4.0, 7.0", "6.0, 9.0")
    script = script.replace("(1, 1, 0, 13, 1, '', '')", "(1, 1, 6, 9, 1, '', '')")
    (tmp_path / "a.rqda").write_bytes(fuzz_readers.database(script))
    report = import_file(tmp_path / "a.rqda", "s")
    study, found = quotations(home, "s")
    assert found == ["two"]
    assert study.table("memberships")[["start", "end"]].values.tolist() == [[4, 7]]
    assert not any("another text" in line or "inside a word" in line for line in report.warnings)


def test_mark_and_line_ends_move_nothing_in_qualcoder(home, tmp_path):
    script = fuzz_readers.QUALCODER.replace("'one two three'", f"'{MARKED}'").replace("4, 7,", "6, 9,")
    script = script.replace("(1, 1, 0, 3, 'note'", "(1, 1, 6, 9, 'note'")
    (tmp_path / "data.qda").write_bytes(fuzz_readers.database(script))
    import_file(tmp_path / "data.qda", "s")
    study, found = quotations(home, "s")
    assert found == ["two"]
    links = study.table("links")
    assert "4-7" in [source.partition("#")[2] for source in links.loc[links["source_kind"] == "segment", "source"]]


def test_table_of_segments(home, seeds):
    report = import_file(seeds / "a.csv", "s")
    study, found = quotations(home, "s")
    assert sorted(found) == ["=1+1", "café", "the nurse"]
    assert study.codebook[["label", "parent"]].fillna("").values.tolist() == [["A", ""], ["B", "a"], ["C", ""]]
    assert set(study.codings["coder"]) == {"ada", "bob"}
    assert report.mapping["Segment"] == "quotation"
    assert any("consists of its segments" in line for line in report.notes)


@pytest.mark.parametrize(
    ("header", "row", "fields"),
    [
        (
            "Color,Comment,Document group,Document name,Code,Beginning,End,Weight score,Segment,Modified by,Modified on",
            "●,,G,Interview 1,Care\\Trust,1,2,0,we trust them,ada,2020",
            {"Document name": "document", "Code": "code", "Segment": "quotation", "Modified by": "coder"},
        ),
        (
            "ID,Document,Quotation Name,Quotation Content,Codes,Reference,Created by",
            '1:1,D1,q,we trust them,"Trust\nTime",3,ada',
            {"Document": "document", "Codes": "code", "Quotation Content": "quotation", "Created by": "coder"},
        ),
        (
            "Media Title,Excerpt Range,Excerpt Creator,Excerpt Copy,Codes Applied Combined,Code: Trust Applied,Code: Time Applied",
            'T1,1-9,ada,we trust them,"Trust, Time",True,False',
            {"Media Title": "document", "Excerpt Copy": "quotation", "Excerpt Creator": "coder"},
        ),
        (
            "File Name;Hierarchical Name;Coded Text;Coder Initials",
            "F1;Nodes\\\\Care\\\\Trust;we trust them;AL",
            {"File Name": "document", "Hierarchical Name": "code", "Coded Text": "quotation"},
        ),
    ],
    ids=["MAXQDA", "ATLAS.ti", "Dedoose", "NVivo"],
)
def test_headings_of_known_programs(home, tmp_path, header, row, fields):
    (tmp_path / "a.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    report = import_file(tmp_path / "a.csv", "s")
    assert fields.items() <= report.mapping.items()
    study, found = quotations(home, "s")
    assert set(found) == {"we trust them"}
    assert "Trust" in set(study.codebook["label"])
    assert check_study("s") == []
    assert import_file(tmp_path / "a.csv", "s", replace=True).mapping == report.mapping


def test_one_file_per_coder_and_a_corrected_mapping_that_is_remembered(home, tmp_path):
    folder = tmp_path / "coders"
    folder.mkdir()
    for coder in ("ada", "bob"):
        (folder / f"{coder}.csv").write_text("where,what,words\nd,trust,we trust them\n", encoding="utf-8")
    with pytest.raises(CrosscaseError, match="--map"):
        import_file(folder, "s")
    columns = {"where": "document", "what": "code", "words": "quotation"}
    import_file(folder, "s", mapping=columns)
    study = load_study("s")
    assert set(study.codings["coder"]) == {"ada", "bob"}
    assert study.codings["start"].nunique() == 1
    assert import_file(folder, "s", replace=True).mapping == columns
    with pytest.raises(CrosscaseError, match="known fields"):
        import_file(folder, "s", mapping={"where": "nonsense"}, replace=True)


def test_word_comments(home, seeds):
    import_file(seeds / "a.docx", "s")
    study, found = quotations(home, "s")
    assert found == ["The nurse", "The nurse"]
    assert set(study.codebook["label"]) == {"trust", "time"}
    assert set(study.codings["coder"]) == {"ada"}
    assert texts_of("s")["a.txt"].strip() == "The nurse left."


def test_folder_of_documents(home, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_bytes("one\r\ntwo".encode("utf-16"))
    (folder / "b.html").write_text("<html><body><h1>T</h1><p>x</p></body></html>", encoding="utf-8")
    (folder / "c.rtf").write_text(r"{\rtf1\ansi one caf\'e9\par two}")
    (folder / "d.docx").write_bytes(b"PK\x03\x04 broken")
    (folder / "e.exe").write_bytes(b"MZ")
    pypandoc.convert_text("odt text", "odt", format="markdown", outputfile=str(folder / "f.odt"))
    report = import_file(folder, "s")
    study = load_study("s")
    texts = texts_of("s")
    assert texts["a.txt"] == "one\ntwo"
    assert texts["b.txt"] == "T\nx\n"
    assert texts["c.txt"].split() == ["one", "café", "two"]
    assert texts["f.txt"].strip() == "odt text"
    assert len(report.left_out) == 2
    assert study.documents["extractor"].notna().all()
    assert len(list((home / "restricted" / "s" / "originals").glob("d??.rtf"))) == 1
    assert check_study("s") == []


def test_pdf_keeps_columns_and_pages(home, tmp_path):
    typst = pytest.importorskip("typst")
    left, right = "alpha " * 60, "omega " * 60
    source = f"#set page(columns: 2, height: 8cm, width: 12cm)\n#set text(size: 8pt)\n{left}\n#colbreak()\n{right}\n#pagebreak()\nlast"
    (tmp_path / "a.typ").write_text(source)
    typst.compile(str(tmp_path / "a.typ"), output=str(tmp_path / "a.pdf"))
    import_file(tmp_path / "a.pdf", "s")
    text = texts_of("s")["a.txt"]
    words = text.split()
    assert words.index("omega") == 60
    assert "alpha" not in words[60:]
    pages = load_study("s").table("pages")
    assert text[pages["start"][1] : pages["end"][1]].strip() == "last"
    (tmp_path / "b.pdf").write_bytes((tmp_path / "a.pdf").read_bytes()[:300])
    with pytest.raises(CrosscaseError, match="sound PDF"):
        import_file(tmp_path / "b.pdf", "t")


def test_new_study_is_sound_and_says_what_it_lacks(home):
    new_study("mine")
    assert check_study("mine") == []
    words = " ".join(missing_words("mine"))
    assert "no documents" in words
    assert "no codebook" in words
    with pytest.raises(CrosscaseError, match="never overwritten"):
        new_study("mine")


@pytest.mark.long
def test_mutants_of_every_format_end_well(home):
    outcomes, wrong = fuzz_readers.run(270, seed=20)
    assert wrong == []
    assert sum(n for outcome, n in outcomes.items() if outcome.endswith("read")) > 40
