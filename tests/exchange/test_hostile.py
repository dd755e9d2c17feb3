"""Hostile and broken files: one clear message, or a named warning; never a traceback, never a file outside."""

from __future__ import annotations

import json
import sqlite3
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import detect, export_study, import_file, new_study
from crosscase.exchange.safe_archive import Archive
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
G = "00000000-0000-0000-0000-0000000000{:02d}"


def project(path, body, files=None, head="", name="project.qde"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        xml = f'<?xml version="1.0" encoding="utf-8"?>{head}<Project name="p" {SPACE}>{body}</Project>'
        archive.writestr(name, xml)
        for entry, content in (files or {}).items():
            archive.writestr(entry, content)
    return path


def coded(text, selections, codes='<Code guid="{c}" name="A code" isCodable="true"/>'):
    """Return the body of a project with one text and selections with one coding each."""
    user, code, source = G.format(1), G.format(2), G.format(3)
    marks = "".join(
        f'<PlainTextSelection guid="{G.format(10 + n)}" startPosition="{a}" endPosition="{b}">'
        f'<Coding guid="{G.format(40 + n)}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'
        "</PlainTextSelection>"
        for n, (a, b) in enumerate(selections)
    )
    return (
        f'<Users><User guid="{user}" name="Ada"/></Users><CodeBook><Codes>{codes.format(c=code)}</Codes></CodeBook>'
        f'<Sources><TextSource guid="{source}" name="T"><PlainTextContent>{text}</PlainTextContent>{marks}</TextSource>'
        "</Sources>"
    )


def refused(home, path, words):
    before = sorted(p.relative_to(home) for p in home.rglob("*"))
    with pytest.raises(CrosscaseError) as error:
        import_file(path, "bad")
    assert words in str(error.value), str(error.value)
    assert sorted(p.relative_to(home) for p in home.rglob("*")) == before
    return error.value


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_zip_bomb(home, place):
    path = project(place / "a.qdpx", "", {"sources/x.txt": b"\0" * 30_000_000})
    refused(home, path, "zip bomb")


def test_declared_sizes_are_added_up(place):
    path = project(place / "a.qdpx", "", {f"sources/{n}.txt": b"x" * 1000 for n in range(20)})
    with pytest.raises(CrosscaseError, match="all entries together"):
        Archive(path, max_total=10_000)


@pytest.mark.parametrize("name", ["../../evil.txt", "/etc/evil", "..\\evil.txt", "C:/evil", "sources/../../evil"])
def test_names_that_lead_out_of_an_archive(home, place, name):
    refused(home, project(place / "a.qdpx", "", {name: b"x"}), "leads out of it")
    assert not list(place.parent.rglob("evil*"))


def test_links_encryption_and_names_twice_in_an_archive(home, place):
    path = project(place / "a.qdpx", "")
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("sources/link.txt")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    refused(home, path, "no entry is a link")
    path = project(place / "b.qdpx", "", {"sources/A.txt": b"1", "Sources/a.txt": b"2"})
    refused(home, path, "each name once")
    content = bytearray(project(place / "c.qdpx", "").read_bytes())
    at = content.rindex(b"PK\x01\x02")
    content[at + 8] |= 1
    (place / "c.qdpx").write_bytes(content)
    refused(home, place / "c.qdpx", "encrypted")


def test_what_fuzzing_found(home, place):
    """An entry without a name, and an Office file whose packed content is broken inside."""
    path = project(place / "a.qdpx", "", {"zz": b"x"})
    content = path.read_bytes()
    for mark, size, name in ((b"PK\x03\x04", 26, 30), (b"PK\x01\x02", 28, 46)):
        at = content.rindex(mark)
        content = content[: at + size] + b"\0\0" + content[at + size + 2 : at + name] + content[at + name + 2 :]
    (place / "a.qdpx").write_bytes(content)
    with pytest.raises(CrosscaseError):
        detect(place / "a.qdpx")
    with zipfile.ZipFile(place / "b.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w/>" + bytes(range(256)) * 20)
    broken = bytearray((place / "b.docx").read_bytes())
    broken[80:120] = b"\xff" * 40
    (place / "b.docx").write_bytes(broken)
    refused(home, place / "b.docx", "can be unpacked")


def test_entities_and_laughs(home, place):
    laughs = '<!DOCTYPE p [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    refused(home, project(place / "a.qdpx", "<Description>&b;</Description>", head=laughs), "document type")
    outside = '<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    refused(home, project(place / "b.qdpx", "<Description>&x;</Description>", head=outside), "document type")
    (place / "c.qdc").write_text(f'{outside}<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes/></CodeBook>')
    refused(home, place / "c.qdc", "document type")


def test_truncated_and_empty_files(home, place):
    whole = project(place / "a.qdpx", coded("one two", [(0, 3)])).read_bytes()
    for cut in (1, 10, len(whole) // 2, len(whole) - 5):
        (place / "cut.qdpx").write_bytes(whole[:cut])
        with pytest.raises(CrosscaseError):
            import_file(place / "cut.qdpx", "bad")
    (place / "zero.qdpx").write_bytes(b"")
    refused(home, place / "zero.qdpx", "0 bytes")
    refused(home, project(place / "n.qdpx", "", name="other.xml", files={"sources/a.txt": b""}), "project.qde")
    refused(home, place / "nothing.qdpx", "exists and can be read")


def test_an_archive_that_broke_off_after_a_word_file_inside_it(home, place):
    inner = project(place / "inner.docx", "", name="word/document.xml").read_bytes()
    path = place / "a.qdpx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("sources/a.docx", inner)
        archive.writestr("project.qde", "<Project/>" * 50)
    content = path.read_bytes()
    cut = content.index(b"PK\x03\x04", content.index(b"PK\x05\x06"))
    path.write_bytes(content[: cut + 20])
    refused(home, path, "complete zip archive")


def test_two_documents_with_one_guid_are_both_kept(home, place):
    body = coded("one two", [(0, 3)])
    start, end = body.index("<TextSource"), body.index("</Sources>")
    second = body[start:end].replace("one two", "six seven").replace(G.format(10), G.format(11))
    report = import_file(project(place / "a.qdpx", body[:end] + second + body[end:]), "s")
    study = load_study("s")
    assert study.codings[["document", "start"]].values.tolist() == [["t.txt", 0], ["t-2.txt", 0]]
    assert [line for line in report.warnings if "same GUID, both kept" in line]
    assert check_study("s") == []


def test_broken_database(home, place):
    path = place / "a.sqlite3"
    base = sqlite3.connect(path)
    for table in ("tags", "highlights", "highlight_tags", "projects"):
        base.execute(f"CREATE TABLE {table} (id INTEGER, name TEXT)")
    base.execute("INSERT INTO projects VALUES (1, 'x')")
    base.commit()
    base.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (place / "b.sqlite3").write_bytes(content)
    with pytest.raises(CrosscaseError):
        import_file(place / "b.sqlite3", "bad")
    (place / "c.sqlite3").write_bytes(b"SQLite format 3\x00" + b"\x00" * 500)
    refused(home, place / "c.sqlite3", "sound SQLite database")
    base = sqlite3.connect(place / "d.db")
    base.execute("CREATE TABLE other (x)")
    base.commit()
    base.close()
    refused(home, place / "d.db", "known format")


def test_a_database_that_a_program_still_has_open(home, place):
    base = sqlite3.connect(place / "a.db")
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("CREATE TABLE tags (x)")
    base.commit()
    refused(home, place / "a.db", "no changes lie beside the database")
    base.close()


NATIVE = (
    "hpr7 hpr6 atlcb acb atlproj atlproj22 atlproj25 nvp nvpx mx4 mx12 mx18 mx24 mqda mqtc mex22 ppj wpj qrk f4p tra"
)


def zipped(place):
    with zipfile.ZipFile(place / "any.zip", "w") as archive:
        archive.writestr("content.bin", b"of the program's own")
    return (place / "any.zip").read_bytes()


def test_native_files_in_a_folder_are_named_with_what_to_do(home, place):
    (place / "in").mkdir()
    (place / "in" / "a.mx20").write_bytes(b"\x01\x02 native")
    (place / "in" / "b.doc").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    told = str(refused(home, place / "in", "a.mx20"))
    assert "in MAXQDA, export" in told
    assert "save it as .docx" in told
    (place / "in" / "c.txt").write_text("one two")
    assert any("what to do with .doc" in line for line in import_file(place / "in", "s").left_out)


def test_wrong_ending_is_no_matter_and_native_files_get_their_remedy(home, place):
    path = project(place / "named.xlsx", coded("one two", [(0, 3)]))
    assert detect(path) == "qdpx"
    (place / "a.nvp").write_bytes(b"\x01\x02 native")
    assert "REFI-QDA project" in str(refused(home, place / "a.nvp", "known format"))
    for ending in NATIVE.split():
        for content in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"\x01\x02 native", zipped(place)):
            (place / f"a.{ending}").write_bytes(content)
            told = str(refused(home, place / f"a.{ending}", "known format"))
            assert "export the project as REFI-QDA project (.qdpx) and import that" in told
            assert ".docx" not in told
    (place / "b.qdpx").write_text("this is no project")
    refused(home, place / "b.qdpx", "begins as one")
    (place / "c.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    refused(home, place / "c.xls", "new kind")


def test_empty_project_becomes_an_empty_study(home, place):
    report = import_file(project(place / "a.qdpx", ""), "empty")
    assert report.counts["documents"] == 0
    assert check_study("empty") == []


def test_selections_outside_the_text_are_named(home, place):
    body = coded("one two", [(0, 3), (4, 99), (50, 60), (-3, 2), (5, 5), (6, 2), (10**30, 10**31)])
    report = import_file(project(place / "a.qdpx", body), "s")
    codings = load_study("s").codings
    assert codings[["start", "end"]].values.tolist() == [[0, 3], [4, 7]]
    assert any("cut off at its end" in line for line in report.warnings)
    assert any("outside their text" in line and "(4 times)" in line for line in report.left_out)
    assert check_study("s") == []


def test_twice_the_same_key_and_missing_things(home, place):
    codes = '<Code guid="{c}" name="A" isCodable="true"/><Code guid="{{{c}}}" name="B" isCodable="true"/>'
    body = coded("one two", [(0, 3)], codes)
    body = body.replace(f'<CodeRef targetGUID="{G.format(2)}"/>', '<CodeRef targetGUID="nowhere"/>', 0)
    body += f'<Links><Link guid="{G.format(90)}" originGUID="{G.format(2)}" targetGUID="{G.format(77)}"/></Links>'
    report = import_file(project(place / "a.qdpx", body), "s")
    assert any("two codes have the same key" in line for line in report.warnings)
    assert any("links to things that are not there" in line for line in report.left_out)
    gone = coded("one two", [(0, 3)]).replace(f'targetGUID="{G.format(2)}"', f'targetGUID="{G.format(66)}"')
    report = import_file(project(place / "b.qdpx", gone), "t")
    assert any("code is not in the codebook" in line for line in report.left_out)
    assert check_study("s") == check_study("t") == []


def test_circle_of_codes_in_a_database(home, place):
    path = place / "data.qda"
    base = sqlite3.connect(path)
    base.executescript(
        """
        CREATE TABLE project (databaseversion TEXT, memo TEXT);
        INSERT INTO project VALUES ('v8', 'about');
        CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT);
        INSERT INTO source VALUES (1, '../../x', 'one' || char(13) || char(10) || 'two', NULL, '', 'ada', '');
        CREATE TABLE code_cat (catid INTEGER, name TEXT, memo TEXT, supercatid INTEGER);
        INSERT INTO code_cat VALUES (1, 'A', '', 2), (2, 'B', '', 1);
        CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER, color TEXT);
        INSERT INTO code_name VALUES (1, 'C', 'what', 1, '#ff0000'), (2, 'D', NULL, 99, 'no colour');
        CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner, date, memo);
        INSERT INTO code_text VALUES (1, 1, 'two', 5, 8, 'ada', '2020-01-02 03:04:05', 'note');
        INSERT INTO code_text VALUES (1, 1, 'two', 'x', NULL, 'ada', 'never', 'note');
        """
    )
    base.commit()
    base.close()
    report = import_file(path, "s")
    assert any("circle" in line for line in report.warnings)
    study = load_study("s")
    assert study.codings[["start", "end", "coder", "date", "memo"]].values.tolist() == [
        [4, 7, "ada", "2020-01-02T03:04:05", "note"]
    ]
    assert check_study("s") == []
    texts = [
        p.name
        for p in (home / "restricted" / "s").rglob("*")
        if p.suffix not in (".csv", ".yml", ".key", ".md", ".json")
    ]
    assert [name for name in texts if "." in name] == ["d01.txt"]


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "&lt;script>x&lt;/script>",
        "a&quot;b'c",
        "one&#10;two",
        "\u202eevil\u202c",
        "=cmd|' /C calc'!A0",
        "'=1+1",
        "''=1",
    ],
)
def test_hostile_names_stay_data(home, place, name):
    body = coded("one two", [(0, 3)], f'<Code guid="{{c}}" name="{name}" isCodable="true"/>')
    import_file(project(place / "a.qdpx", body.replace('name="T"', f'name="{name}"')), "s")
    study = load_study("s")
    label, document = study.codebook["label"][0], study.documents["document"][0]
    assert not set("\n\r\u202e\u202c") & set(label)
    assert document.removesuffix(".txt").replace("-", "").isalnum()
    assert check_study("s") == []
    export_study("s", "csv", home / "s.csv")
    assert ",=cmd" not in (home / "s.csv").read_text(encoding="utf-8-sig")
    export_study("s", "xlsx", home / "s.xlsx")
    import_file(home / "s.xlsx", "t")
    assert load_study("t").codebook["label"][0] == label
    report = (home / "data" / "studies" / "s" / "import.md").read_text(encoding="utf-8")
    assert "<script>" not in report


def test_json_that_lies(home, place):
    new_study("model")
    export_study("model", "json", place / "a.json")
    content = json.loads((place / "a.json").read_text())
    content["texts"] = {"../../evil.txt": "x"}
    (place / "b.json").write_text(json.dumps(content))
    refused(home, place / "b.json", "plain file name")
    content["texts"], content["memos"] = {}, {"../evil": "x"}
    (place / "c.json").write_text(json.dumps(content))
    refused(home, place / "c.json", "plain file name")
    content["memos"], content["tables"]["nothing"] = {}, {"columns": ["a"], "rows": [["b"]]}
    (place / "d.json").write_text(json.dumps(content))
    refused(home, place / "d.json", "only tables of the dictionary")
    (place / "e.json").write_text('{"crosscase-study": 1' + "[" * 100_000)
    refused(home, place / "e.json", "JSON")


def test_workbook_with_entities(home, place):
    new_study("model")
    export_study("model", "xlsx", place / "a.xlsx")
    with zipfile.ZipFile(place / "a.xlsx") as old, zipfile.ZipFile(place / "b.xlsx", "w") as new:
        for item in old.namelist():
            content = old.read(item)
            if item == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
            new.writestr(item, content)
    refused(home, place / "b.xlsx", "no entities")


def test_a_study_or_its_texts_are_never_overwritten_by_accident(home, place):
    path = project(place / "a.qdpx", coded("one two", [(0, 3)]))
    import_file(path, "s")
    with pytest.raises(CrosscaseError, match="never overwritten"):
        import_file(path, "s")
    (home / "restricted" / "mine").mkdir()
    (home / "restricted" / "mine" / "a.txt").write_text("mine")
    with pytest.raises(CrosscaseError, match="texts that are there already"):
        import_file(path, "mine")
    assert (home / "restricted" / "mine" / "a.txt").read_text() == "mine"
    export_study("s", "json", home / "s.json")
    with pytest.raises(CrosscaseError, match="overwritten"):
        export_study("s", "json", home / "s.json")
    assert import_file(path, "dry", dry_run=True).folder is None
    assert not (home / "data" / "studies" / "dry").exists()


def test_nothing_is_half_written_when_the_disk_is_full(home, place, monkeypatch):
    path = project(place / "a.qdpx", coded("one two", [(0, 3)]))
    import crosscase.study.save as save

    real = save._write_folder

    def full(target, files, **how):
        if target.parent.name == "studies":
            raise OSError("No space left on device")
        real(target, files, **how)

    monkeypatch.setattr(save, "_write_folder", full)
    with pytest.raises((OSError, CrosscaseError)):
        import_file(path, "s")
    assert not (home / "data" / "studies" / "s").exists()
    assert not (home / "restricted" / "s").exists()
