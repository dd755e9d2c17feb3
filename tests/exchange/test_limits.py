"""Inputs of at most a megabyte that took minutes or gigabytes: each is read in step with its size, or refused."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from crosscase import documents
from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file, names
from crosscase.exchange.docx_text import read_docx
from crosscase.exchange.html_text import text_of_html
from crosscase.exchange.limited import LimitError, environment, run
from crosscase.exchange.safe_archive import Archive
from crosscase.study import load_study

BOMB = Path(__file__).with_name("hostile") / "pdf_bomb.pdf"
MB = 1_000_000
SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def pdf(text):
    """Return a small sound PDF."""
    content = f"BT /F1 12 Tf 20 50 Td ({text}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 99]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, part) for n, part in enumerate(parts, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 6>>\n%%EOF\n"


def project(path, body, files=None):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", f'<?xml version="1.0"?><Project name="p" {SPACE}>{body}</Project>')
        for name, content in (files or {}).items():
            archive.writestr(name, content)
    return path


def database(path, script, rows=()):
    base = sqlite3.connect(path)
    base.executescript(script)
    for query, values in rows:
        base.executemany(query, values)
    base.commit()
    base.close()
    return path


QUALCODER = """
    CREATE TABLE project (databaseversion TEXT, memo TEXT); INSERT INTO project VALUES ('v8', '');
    CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT);
    CREATE TABLE code_cat (catid INTEGER, name TEXT, memo TEXT, supercatid INTEGER);
    CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER, color TEXT);
    CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner, date, memo);
"""
TAGUETTE = """
    CREATE TABLE projects (id, name, description); INSERT INTO projects VALUES (1, 'p', '');
    CREATE TABLE tags (id, project_id, path, description);
    CREATE TABLE documents (id, project_id, name, created, description, contents);
    CREATE TABLE highlights (id, document_id, start_offset, end_offset, snippet);
    CREATE TABLE highlight_tags (highlight_id, tag_id);
    CREATE TABLE commands (id, date, user_login, payload);
"""


def test_a_pdf_that_asks_for_gigabytes_is_refused_and_the_next_one_is_read(home, tmp_path, monkeypatch, soon):
    monkeypatch.setattr("crosscase.exchange.pdf_text.MEMORY", 256 * 1024**2)
    with pytest.raises(
        CrosscaseError, match=r"pdf_bomb\.pdf: a PDF is read within 120 seconds and 256 MB.*found.*Next"
    ):
        import_file(BOMB, "alone", dry_run=True)
    folder = tmp_path / "in"
    folder.mkdir()
    for name, content in (("a.pdf", pdf("first")), ("b.pdf", BOMB.read_bytes()), ("c.pdf", pdf("third"))):
        (folder / name).write_bytes(content)
    report = import_file(folder, "s")
    assert any("b.pdf: a PDF is read within" in line for line in report.left_out)
    texts = sorted(p.read_text(encoding="utf-8").strip() for p in (home / "restricted" / "s").rglob("*.txt"))
    assert texts == ["first", "third"]


def test_pdfs_in_a_project_are_stopped_too_and_not_tried_for_ever(home, tmp_path, monkeypatch, soon):
    monkeypatch.setattr("crosscase.exchange.pdf_text.MEMORY", 128 * 1024**2)
    monkeypatch.setattr("crosscase.exchange.pdf_text.MOST_STOPPED", 1)
    bombs = {f"sources/{n}.pdf": BOMB.read_bytes() + b"%%%d" % n for n in range(5)}
    body = "".join(f'<PDFSource guid="{n}" name="n{n}" path="internal://{n}.pdf"/>' for n in range(5))
    report = import_file(project(tmp_path / "a.qdpx", f"<Sources>{body}</Sources>", bombs), "s", dry_run=True)
    found = next(line for line in report.warnings if "PDFs whose text cannot be read (5 times)" in line)
    assert "were stopped, it was not tried" in found


def test_a_program_beside_us_has_limits_and_sees_no_keys(monkeypatch):
    monkeypatch.setenv("SOME_API_KEY", "secret")
    assert "SOME_API_KEY" not in environment()
    sizes = {"seconds": 60, "memory": 2**30, "output": 2**20}
    status, said, errors = run([sys.executable, "-c", "import os; print(os.environ)"], **sizes)
    assert (status, errors) == (0, "")
    assert b"secret" not in said
    for code, limits, found in (
        ("while True: print('x' * 9999)", {}, "of text"),
        ("x = bytearray(2**29); import time; time.sleep(60)", {"memory": 2**27}, "of memory"),
        ("import time; time.sleep(60)", {"seconds": 0.2}, "seconds"),
    ):
        with pytest.raises(LimitError, match=found):
            run([sys.executable, "-c", code], **{**sizes, **limits})


@pytest.mark.parametrize("piece", ["<a ", "<!-- ", "<![CDATA[", "<div>", "</", "&#", '<a b="', "<p><b>", "<?", "&amp"])
def test_html_is_read_in_linear_time(piece, soon):
    text_of_html("<html><body>" + piece * (MB // len(piece)))
    text_of_html("<html><body>" + piece * (MB // len(piece)), blocks=True)


def test_html_is_read_as_before():
    page = "<html><head><title>T</title><style>s</style></head><body>\n<h1>A &amp; b</h1><p>one<br>two é 😀 &lt;</p>"
    assert text_of_html(page + "</body></html>", blocks=True).text == "A & b\none\ntwo é 😀 <\n"
    piece = " <p>one</p>\n<p>caf&eacute; <b>x</b></p>"
    assert text_of_html(piece).with_lines() == (" \none\ncafé x", [1])


def test_word_documents_are_read_in_linear_time_and_bounded_memory(tmp_path, soon):
    def docx(body, comments=""):
        with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
            archive.writestr("word/comments.xml", f"<w:comments {W}>{comments}</w:comments>")
        return read_docx(tmp_path / "a.docx")

    run_ = "<w:r><w:t>one</w:t></w:r>"
    assert docx("<w:p>" * 50_000 + run_ + "</w:p>" * 50_000).text.startswith("one\n")
    hidden = f"<w:p><w:del>{run_}</w:del><w:pPr><w:rPr>{run_}</w:rPr></w:pPr><w:r><w:tab/><w:t>two</w:t></w:r></w:p>"
    marks = '<w:p><w:commentRangeStart w:id="1"/>' + run_ + '<w:commentRangeEnd w:id="1"/></w:p>'
    note = f'<w:comment w:id="1" w:author="Ada"><w:p>{run_}</w:p></w:comment>'
    found = docx(hidden + marks, note)
    assert found.text == "\ttwo\none\n"
    assert [(c.start, c.end, c.author, c.text) for c in found.comments] == [(5, 8, "Ada", "one\n")]


def test_xml_with_more_elements_than_memory_is_refused(home, tmp_path, monkeypatch):
    monkeypatch.setattr("crosscase.exchange.safe_xml.MAX_AT_ONCE", 10_000)
    path = project(tmp_path / "a.qdpx", "<x/>" * 30_000)
    with pytest.raises(CrosscaseError, match="at most 10,000 tags and attributes"):
        import_file(path, "s")
    source = '<TextSource guid="{}" name="T"><PlainTextContent>one</PlainTextContent></TextSource>'
    body = "".join(source.format(n) for n in range(3_000))
    assert import_file(project(tmp_path / "b.qdpx", f"<Sources>{body}</Sources>"), "t").counts["documents"] == 3_000


def test_one_entry_named_again_and_again_is_not_read_again_and_again(home, tmp_path, monkeypatch):
    monkeypatch.setattr("crosscase.exchange.builder.MAX_TEXTS", 100_000)
    body = "".join(f'<TextSource guid="{n}" name="n" plainTextPath="internal://a.txt"/>' for n in range(500))
    path = project(tmp_path / "a.qdpx", f"<Sources>{body}</Sources>", {"sources/a.txt": b"word " * 1000})
    with pytest.raises(CrosscaseError, match="all texts have at most 100,000 characters"):
        import_file(path, "s")
    with Archive(path, max_total=60_000) as archive:
        archive.read("sources/a.txt")
        with pytest.raises(CrosscaseError, match="named again and again"):
            [archive.read("sources/a.txt") for _ in range(20)]


def test_a_picture_is_kept_and_never_unpacked(home, tmp_path):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(MB))) + chunk(b"IEND", b"")
    body = '<Sources><PictureSource guid="1" name="P" path="internal://a.png"/></Sources>'
    import_file(project(tmp_path / "a.qdpx", body, {"sources/a.png": png}), "s")
    kept = [p.read_bytes() for p in (home / "restricted" / "s").rglob("*") if p.is_file()]
    assert png in kept


@pytest.mark.long
@pytest.mark.parametrize(
    "table",
    [
        "document,code,quotation,theme,role\n" + "".join(f"d,c,q,t {n},r {n}\n" for n in range(20_000)),
        'document,code,quotation,code_path\nd,c,q,"' + "a > " * (MB // 4) + '"\n',
        "document,code,quotation,coder\n" + "".join(f"d,c,q {n},!{n % 7}{'?' * (n % 90)}\n" for n in range(9_000)),
        'document,code,quotation\nd,c,"' + "." * MB + 'x"\n',
        'document,code,quotation\nd," ' + " " * MB + 'x",q\n',
        "document,code,quotation\n" + "".join(f"d?{'?' * n},c,q {n}\n" for n in range(1_000)),
    ],
    ids=["themes", "path", "coders", "dots", "blanks", "names"],
)
def test_tables_take_time_in_step_with_their_size(home, tmp_path, table, soon):
    (tmp_path / "a.csv").write_text(table, encoding="utf-8")
    import_file(tmp_path / "a.csv", "s", dry_run=True)


def test_a_table_that_is_wider_than_it_is_filled(home, tmp_path, monkeypatch):
    monkeypatch.setattr("crosscase.exchange.sheet_reader.MAX_CELLS", 1_000_000)
    heading = ",".join(["document", "code", "quotation", *(f"c{n}" for n in range(1_900))])
    (tmp_path / "a.csv").write_text(heading + "\nd,c,q" + "\nd" * 2_000, encoding="utf-8")
    with pytest.raises(CrosscaseError, match=r"a\.csv: a table has at most.*found 1,903 columns in row 2,002.*Next"):
        import_file(tmp_path / "a.csv", "s")


def workbook(path, rows="", *, before="", strings=""):
    cells = ("document", "code", "quotation"), ("d", "c", "=1+1")
    filled = "".join(
        f'<row r="{r}">'
        + "".join(f'<c r="{x}{r}" t="inlineStr"><is><t>{cell}</t></is></c>' for x, cell in zip("ABC", row))
        + "</row>"
        for r, row in enumerate(cells, start=1)
    )
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/></Types>',
        )
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        link = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
        one = f'<Relationship Id="rId1" Type="{office}/{{}}" Target="{{}}"/>'
        outside = (
            f'<Relationship Id="rId2" Type="{office}/externalLink" Target="file:///etc/passwd" TargetMode="External"/>'
        )
        archive.writestr("_rels/.rels", link.format(one.format("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", link.format(one.format("worksheet", "worksheets/sheet1.xml") + outside)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {SHEET} xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
            "</workbook>",
        )
        sheet = f'<worksheet {SHEET}><dimension ref="A1:XFD1048576"/><sheetData>{filled}{rows}</sheetData></worksheet>'
        archive.writestr("xl/worksheets/sheet1.xml", before + sheet)
        archive.writestr("xl/sharedStrings.xml", f"<sst {SHEET}>{strings}</sst>")
    return path


def test_hostile_workbooks(home, tmp_path, monkeypatch, soon):
    formula = (
        '<row r="9"><c r="A9"><f>HYPERLINK("http://x")</f><v>1</v></c><c r="B9" t="str"><f>x</f><v>=c</v></c></row>'
    )
    import_file(workbook(tmp_path / "a.xlsx", formula), "a")
    assert load_study("a").codebook["label"].tolist() == ["c"]
    laughs = '<?xml version="1.0"?><!--' + "x" * 6_000 + '--><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>'
    with pytest.raises(CrosscaseError, match="declares no document type"):
        import_file(workbook(tmp_path / "b.xlsx", before=laughs), "b")
    last = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
    assert import_file(workbook(tmp_path / "c.xlsx", last.format(1_048_576)), "c").counts["codings"] == 1
    with pytest.raises(CrosscaseError, match="a table has at most"):
        import_file(workbook(tmp_path / "d.xlsx", last.format(99_999_999_999)), "d")
    monkeypatch.setattr("crosscase.exchange.sheet_reader.MAX_CELLS", 100_000)
    far = "".join(f'<row r="{r}"><c r="BXX{r}"><v>1</v></c></row>' for r in range(3, 100))
    with pytest.raises(CrosscaseError, match="100,000 cells"):
        import_file(workbook(tmp_path / "e.xlsx", far), "e")
    monkeypatch.setattr("crosscase.exchange.sheet_reader.MAX_STRINGS", 100_000)
    monkeypatch.setattr("crosscase.exchange.safe_xml.FROM", 1_000)
    with pytest.raises(CrosscaseError, match=r"sharedStrings\.xml.*at most 100,000 tags"):
        import_file(workbook(tmp_path / "f.xlsx", strings="<si><t/></si>" * 40_000), "f")


@pytest.mark.long
def test_databases_take_time_in_step_with_their_size(home, tmp_path, soon):
    text = "\U0001f600" + "ab\r\n" * 100_000
    rows = [
        ("INSERT INTO source VALUES (1, 't', ?, NULL, '', 'a', '')", [(text,)]),
        ("INSERT INTO code_name VALUES (1, 'c', '', NULL, '')", [()]),
        ("INSERT INTO code_text VALUES (1, 1, 'zz', ?, ?, 'a', '', '')", [(n, n + 9) for n in range(200_000, 210_000)]),
        ("INSERT INTO code_cat VALUES (?, 'n', '', ?)", [(n, n + 1) for n in range(20_000)]),
    ]
    assert import_file(database(tmp_path / "a.qda", QUALCODER, rows), "a", dry_run=True).counts["codings"] == 10_000
    rows = [
        ("INSERT INTO documents VALUES (1, 1, 'd', '', '', ?)", [("<p>é" * 100_000,)]),
        ("INSERT INTO tags VALUES (?, 1, ?, '')", [(1, "t"), (2, "." * MB)]),
        ("INSERT INTO highlights VALUES (?, 1, ?, ?, 'zz')", [(n, n, n + 3) for n in range(10_000)]),
        ("INSERT INTO highlight_tags VALUES (?, 1)", [(n,) for n in range(10_000)]),
        ("INSERT INTO commands VALUES (1, '', 'a', ?)", [("[" * 500_000,)]),
    ]
    report = import_file(database(tmp_path / "a.sqlite3", TAGUETTE, rows), "b", dry_run=True)
    assert report.counts["codings"] == 10_000
    assert any("command log that cannot be read" in line for line in report.warnings)


@pytest.mark.parametrize(
    "trick",
    [
        "CREATE VIEW documents AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS id, "
        "1 AS project_id, 'n' AS name, hex(zeroblob(1000000)) AS contents FROM c",
        "CREATE VIRTUAL TABLE documents USING fts5(id, project_id, name, contents)",
    ],
    ids=["view", "virtual"],
)
def test_tables_that_a_database_computes_are_refused(home, tmp_path, trick):
    try:
        path = database(tmp_path / "a.sqlite3", f"{TAGUETTE} DROP TABLE documents; {trick};")
    except sqlite3.OperationalError:
        pytest.skip("this SQLite has no such tables")
    with pytest.raises(CrosscaseError, match="the table documents holds its rows; found a view or a virtual table"):
        import_file(path, "s")


def test_triggers_columns_that_are_computed_and_blobs_do_nothing(home, tmp_path):
    script = """
        CREATE TRIGGER t AFTER INSERT ON tags BEGIN DELETE FROM projects; END;
        DROP TABLE documents;
        CREATE TABLE documents (id, project_id, name, created, description, contents AS (hex(zeroblob(400000000))));
        INSERT INTO documents (id, project_id, name) VALUES (1, 1, 'd');
        INSERT INTO highlights VALUES (1, 1, zeroblob(5000000), zeroblob(10), x'ff');
        INSERT INTO highlight_tags VALUES (1, 1);
    """
    path = database(tmp_path / "a.sqlite3", TAGUETTE + script)
    before = path.read_bytes()
    report = import_file(path, "s", dry_run=True)
    assert report.counts["documents"] == 1
    assert path.read_bytes() == before


def test_a_database_that_repeats_itself_is_stopped(home, tmp_path, monkeypatch):
    monkeypatch.setattr("crosscase.exchange.safe_sqlite.MOST_MORE", 0)
    monkeypatch.setattr("crosscase.exchange.safe_sqlite.MOST_TIMES", 0.5)
    rows = [("INSERT INTO documents VALUES (1, 1, 'd', '', '', ?)", [("<p>x</p>" * 100_000,)])]
    with pytest.raises(CrosscaseError, match="a database holds what its size allows"):
        import_file(database(tmp_path / "a.sqlite3", TAGUETTE, rows), "s")


@pytest.mark.parametrize(
    "text",
    [
        "." * MB + "x",
        '."' * (MB // 2),
        "a" * MB + ". B",
        "a. " * (MB // 3),
        "." + '"' * MB,
        ("a" * 500 + ". b ") * 2000,
    ],
    ids=["dots", "quotes", "word", "small", "closing", "words"],
)
def test_sentences_are_found_in_linear_time(text, soon):
    assert documents.sentences(text)["end"].max() == len(text.rstrip())


def test_many_things_of_one_name_get_their_ids_at_once(soon):
    taken: set[str] = set()
    for _ in range(50_000):
        taken.add(names.unique("comment", taken))
    assert {"comment", "comment-2", "comment-50000"} <= taken


@pytest.mark.long
def test_large_archives_of_the_kind_zip64_are_read(home, tmp_path):
    """More entries than the old kind can count, and one whose sizes are written in the new way."""
    path = tmp_path / "a.qdpx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", f'<Project name="p" {SPACE}/>')
        for number in range(65_600):
            archive.writestr(zipfile.ZipInfo(f"sources/{number}"), b"")
    assert b"PK\x06\x06" in path.read_bytes()[-200:]
    assert import_file(path, "s", dry_run=True).counts["documents"] == 0
    with (
        zipfile.ZipFile(tmp_path / "b.qdpx", "w") as archive,
        archive.open("project.qde", "w", force_zip64=True) as stream,
    ):
        stream.write(f'<Project name="p" {SPACE}/>'.encode())
    assert import_file(tmp_path / "b.qdpx", "t", dry_run=True).counts["documents"] == 0


def test_hostile_archives_of_the_kind_zip64_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(65_600):
            archive.writestr(zipfile.ZipInfo(str(number)), b"")
    whole = path.read_bytes()
    lead = tmp_path / "b.zip"
    lead.write_bytes(b"PK\x03\x04" + b"x" * 100 + whole)
    with pytest.raises(CrosscaseError, match="an archive that lay inside of it"):
        Archive(lead)
    monkeypatch.setattr("crosscase.exchange.safe_archive.MAX_CONTENTS", 10_000)
    with pytest.raises(CrosscaseError, match="the table of contents has at most 10,000 bytes"):
        Archive(path)
    monkeypatch.undo()
    at = whole.rindex(b"PK\x06\x06")
    lies = bytearray(whole)
    lies[at + 40 : at + 48] = struct.pack("<Q", 2**62)
    with pytest.raises(CrosscaseError):
        Archive(io.BytesIO(bytes(lies)))
    with zipfile.ZipFile(path, "w") as archive, archive.open("x", "w", force_zip64=True) as stream:
        stream.write(b"x")
    lies = bytearray(path.read_bytes())
    at = lies.rindex(b"PK\x01\x02")
    lies[at + 24 : at + 28] = struct.pack("<L", 2**32 - 2)
    with pytest.raises(CrosscaseError, match="at most 1,073,741,824 bytes"):
        Archive(io.BytesIO(bytes(lies)))


def test_json_that_is_too_deep_is_told(home, tmp_path):
    (tmp_path / "a.json").write_text('{"crosscase-study": 1, "info": ' + "[" * 200_000 + "]" * 200_000 + "}")
    with pytest.raises(CrosscaseError, match=r"a\.json: the file is JSON"):
        import_file(tmp_path / "a.json", "s")
    deep = json.loads("[" * 500 + "]" * 500)
    content = {
        "crosscase-study": 1,
        "info": {"title": "x" * MB, "question": deep},
        "tables": {},
        "memos": {},
        "texts": {},
    }
    (tmp_path / "b.json").write_text(json.dumps(content))
    with pytest.raises(CrosscaseError) as error:
        import_file(tmp_path / "b.json", "s")
    assert len(str(error.value)) < 5_000


def test_nothing_of_ours_is_imported_to_read_a_pdf():
    """What is imported costs each import a start: the interpreter and the library, no frames."""
    code = "import sys, crosscase.exchange.pdf_child; print(sorted({m.split('.')[0] for m in sys.modules}))"
    code = code.replace("crosscase.exchange.pdf_child", "pdf_child, pypdfium2")
    folder = Path(sys.modules["crosscase.exchange.pdf_text"].__file__).parent
    found = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert not {"crosscase", "numpy", "pandas", "lxml"} & set(json.loads(found.replace("'", '"')))
