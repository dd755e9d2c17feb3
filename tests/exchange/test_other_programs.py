"""Projects shaped as other programs were seen to write them: ATLAS.ti, MAXQDA, NVivo, Quirkos and smaller ones."""

# ruff: noqa: E501  (tables stand as the programs write them)
from __future__ import annotations

import io
import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest

from crosscase.exchange import export_study, import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, text_of

WORDS = "one two three four five six seven eight nine ten"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def project(path, body, files=None, space=' xmlns="urn:QDA-XML:project:1.0"', origin="", name="project.qde"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            name,
            f'<?xml version="1.0" encoding="utf-8"?>\n<Project name="p" origin="{origin}"{space}>'
            '<Users><User guid="U1" name="Ada"/><User guid="U2" name="Bob"/></Users><CodeBook><Codes>'
            '<Code guid="C1" name="Trust" isCodable="true"/><Code guid="C2" name="Time" isCodable="false"/>'
            f"</Codes></CodeBook>{body}</Project>",
        )
        for entry, content in (files or {}).items():
            archive.writestr(entry, content)
    return path


def coding(user, code="C1", guid="k"):
    return f'<Coding guid="{guid}" creatingUser="{user}"><CodeRef targetGUID="{code}"/></Coding>'


def source(inside, key="S1", text=WORDS, name="Talk"):
    return f'<TextSource guid="{key}" name="{name}"><PlainTextContent>{text}</PlainTextContent>{inside}</TextSource>'


def rows(name, *columns):
    assert check_study(name) == []
    frame = load_study(name).codings[list(columns)]
    return sorted(map(tuple, frame.astype(object).where(frame.notna(), None).values.tolist()), key=str)


AREA = '<PDFSelection guid="{}" page="{}" firstX="10" firstY="20.6" secondX="30.2" secondY="40">{}</PDFSelection>'
SPAN = '<PlainTextSelection guid="{}" startPosition="{}" endPosition="{}">{}</PlainTextSelection>'


def pdf(areas, spans, beside=""):
    text = f'<Representation guid="R1"><PlainTextContent>{WORDS}</PlainTextContent>{spans}</Representation>'
    return f'<Sources><PDFSource guid="P1" name="Paper.pdf">{areas}{text}{beside}</PDFSource></Sources>'


def test_a_quotation_of_a_pdf_that_is_there_as_words_and_as_area_is_one(home, tmp_path):
    """ATLAS.ti: the same GUID twice, every coding twice; only the area has what Bob added."""
    both = coding("U1") + coding("U2")
    areas = AREA.format("q1", 0, both + coding("U2", "C2")) + AREA.format("q2", 1, coding("U1"))
    body = pdf(areas, SPAN.format("Q1", 4, 7, both) + SPAN.format("q3", 8, 13, coding("U1", "C2")))
    report = import_file(project(tmp_path / "a.qdpx", body, origin="ATLAS.ti"), "s")
    assert rows("s", "start", "end", "locator", "code", "coder") == [
        (4, 7, "page 1, rectangle 10,21-30,40", "time", "bob"),
        (4, 7, "page 1, rectangle 10,21-30,40", "trust", "ada"),
        (4, 7, "page 1, rectangle 10,21-30,40", "trust", "bob"),
        (8, 13, None, "time", "ada"),
        (None, None, "page 2, rectangle 10,21-30,40", "trust", "ada"),
    ]
    assert (report.counts["codings"], report.counts["codings in the file"]) == (5, 7)
    assert [n for what, n in report.counts.items() if "repeat another" in what] == [2]
    assert not [line for line in report.warnings if "same GUID" in line]
    written = export_study("s", "qdpx", home / "out.qdpx")
    assert [line for line in written.not_carried if "locator" in line and "(3 times)" in line]
    import_file(home / "out.qdpx", "t")
    assert rows("t", "start", "code", "coder") == rows("s", "start", "code", "coder")


def test_a_quotation_over_two_pages_of_a_pdf_is_one(home, tmp_path):
    body = pdf(AREA.format("q1", 0, coding("U1")) + AREA.format("q2", 1, coding("U1")), SPAN.format("q1", 4, 7, ""))
    body += '<Links><Link guid="l1" name="continued by" originGUID="q1" targetGUID="q2" direction="OneWay"/></Links>'
    report = import_file(project(tmp_path / "a.qdpx", body), "s")
    assert rows("s", "start", "code", "coder") == [(4, "trust", "ada")]
    assert (report.counts["codings"], report.counts["codings in the file"]) == (1, 2)
    assert report.left_out == ["pictures, recordings or PDFs that are not in the file: 'Paper.pdf'"]


def test_words_of_a_pdf_that_stand_beside_its_text_instead_of_in_it(home, tmp_path):
    body = pdf("", "", SPAN.format("q1", 4, 7, coding("U1")) + "<Nonsense/>")
    report = import_file(project(tmp_path / "a.qdpx", body), "s")
    assert rows("s", "start", "end", "code") == [(4, 7, "trust")]
    assert [line for line in report.left_out if "not known: 'Nonsense'" in line]


def test_a_coding_with_two_codes_is_two(home, tmp_path):
    two = '<Coding guid="k" creatingUser="U1"><CodeRef targetGUID="C1"/><CodeRef targetGUID="C2"/></Coding>'
    import_file(project(tmp_path / "a.qdpx", f"<Sources>{source(SPAN.format('q1', 0, 3, two))}</Sources>"), "s")
    assert rows("s", "code") == [("time",), ("trust",)]


def word(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        paragraph = f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{paragraph}</w:body></w:document>')
    return out.getvalue()


def test_texts_and_memos_that_have_only_a_styled_version(home, tmp_path):
    body = (
        '<Sources><TextSource guid="S1" name="T" richTextPath="internal://S1.docx">'
        + SPAN.format("q1", 4, 7, coding("U1"))
        + '</TextSource></Sources><Notes><Note guid="N1" name="Idea" richTextPath="internal://N1.docx"/></Notes>'
    )
    files = {"sources/s1.docx": word(WORDS), "sources/N1.docx": word("a thought")}
    report = import_file(project(tmp_path / "a.qdpx", body, files), "s")
    study = load_study("s")
    assert text_of(study, study.documents["document"][0])[4:7] == "two"
    assert study.memos() == {"idea": "a thought\n"}
    assert [line for line in report.warnings if "taken from their styled one (2 times)" in line]


@pytest.mark.parametrize(
    ("link", "entry"),
    [
        ("internal://My%20Talk.txt", "sources/My Talk.txt"),
        ("internal://sources/S1.txt", "Sources/S1.TXT"),
        ("internal:///S1.txt", "Sources/Internals/S1.txt"),
        ("internal://sub\\S1.txt", "sources/sub/S1.txt"),
    ],
)
@pytest.mark.parametrize("space", ["", ' xmlns="urn:QDA-XML:project:1.5"'])
def test_ways_to_name_a_file_and_a_namespace(home, tmp_path, link, entry, space):
    mark = SPAN.format("q1", 4, 7, coding("{u1}"))
    body = f'<Sources><TextSource guid="S1" name="T" plainTextPath="{link}">{mark}</TextSource></Sources>'
    path = project(tmp_path / "a.qdpx", body, {entry: WORDS}, space=space, name="Trial.qde")
    report = import_file(path, "s")
    assert rows("s", "start", "end", "code", "coder") == [(4, 7, "trust", "ada")]
    assert report.left_out == []
    assert report.warnings == []


TYPES = {
    "Text": ("TextValue", "rural &amp; far"),
    "Boolean": ("BooleanValue", "true"),
    "Integer": ("IntegerValue", "-3"),
    "Float": ("FloatValue", "2.50"),
    "Date": ("DateValue", "2020-02-29"),
    "DateTime": ("DateTimeValue", "2020-02-29T10:00:00Z"),
}


def test_values_of_every_type_on_cases_and_documents_come_in_and_go_out(home, tmp_path):
    variables = "".join(f'<Variable guid="V{t}" name="Person:{t}" typeOfVariable="{t}"/>' for t in TYPES)
    values = "".join(
        f'<VariableValue><VariableRef targetGUID="V{t}"/><{tag}>{value}</{tag}></VariableValue>'
        for t, (tag, value) in TYPES.items()
    )
    empty = '<VariableValue><VariableRef targetGUID="VText"/></VariableValue>'
    body = (
        f'<Variables>{variables}</Variables><Cases><Case guid="K1" name="North">{values}<SourceRef targetGUID="S1"/>'
        f'</Case><Case guid="K2">{values}<SourceRef targetGUID="S1"/></Case></Cases>'
        f"<Sources>{source(empty)}</Sources>"
    )
    import_file(project(tmp_path / "a.qdpx", body, origin="MAXQDA 24"), "s")
    assert check_study("s") == []
    wanted = {value.replace("&amp;", "&") for _, value in TYPES.values()}
    export_study("s", "qdpx", home / "b.qdpx")
    assert import_file(home / "b.qdpx", "t").left_out == []
    for name in ("s", "t"):
        study = load_study(name)
        found = study.table("variable_values")
        assert study.cases["label"].tolist() == ["North"]
        assert set(found["value"]) == wanted
        assert found.groupby("unit").size().to_dict() == {"case": 6, "document": 6}
        assert sorted(study.table("variables")["type"]) == sorted(t.lower() for t in TYPES)


def test_recordings_with_transcripts_keep_words_and_times(home, tmp_path):
    points = "".join(f'<SyncPoint guid="T{n}" timeStamp="{n * 1000}" position="{n * 4}"/>' for n in range(3))
    said = f'<TranscriptSelection guid="x1" fromSyncPoint="t1" toSyncPoint="T2">{coding("U1")}</TranscriptSelection>'
    body = (
        '<Sources><AudioSource guid="A1" name="Call.mp3" path="relative:///Call.mp3"><Transcript guid="TR1" '
        f'name="Call"><PlainTextContent>{WORDS}</PlainTextContent>{points}{said}</Transcript><AudioSelection '
        f'guid="x2" begin="21477" end="21477" name="21s">{coding("U2")}</AudioSelection></AudioSource>'
        '<VideoSource guid="B1" name="Walk" path="absolute:///C:/Users/ada/walk.mp4"><VideoSelection guid="x3" '
        'begin="0" end="5" name="0s"><Description>Look again</Description></VideoSelection></VideoSource>'
        f'<PictureSource guid="D1" name="Map.png"><TextDescription guid="TD"><PlainTextContent>{WORDS}'
        f"</PlainTextContent>{SPAN.format('x4', 0, 3, coding('U1'))}</TextDescription></PictureSource></Sources>"
    )
    report = import_file(project(tmp_path / "a.qdpx", body), "s")
    study = load_study("s")
    assert rows("s", "start", "end", "locator", "coder") == [
        (0, 3, None, "ada"),
        (4, 8, "1000-2000 ms", "ada"),
        (None, None, "21477-21477 ms", "bob"),
    ]
    assert list(study.memos().values()) == ["Look again\n"]
    assert [line for line in report.left_out if "not in the file (3 times)" in line]
    for row in study.documents.itertuples():
        assert (text_of(study, row.document) is None) == (row.kind != "other")
    assert "C:/Users" not in "".join(p.read_text() for p in (home / "data").rglob("*") if p.is_file())


def test_groups_graphs_notes_and_codes_of_cases(home, tmp_path):
    body = (
        '<Cases><Case guid="K1" name="North"><CodeRef targetGUID="C2"/></Case></Cases><Sources>'
        + source(SPAN.format("q1", 0, 3, coding("U1", "C2")) + SPAN.format("q2", 4, 7, coding("U1")))
        + '</Sources><Notes><Note guid="N1" name="Field notes"><PlainTextContent>we met there</PlainTextContent>'
        + SPAN.format("q3", 3, 6, coding("U2"))
        + '</Note></Notes><Sets><Set guid="G1" name="Group"><MemberSource targetGUID="S1"/><MemberNote '
        'targetGUID="N1"/><MemberCode targetGUID="gone"/></Set></Sets><Graphs><Graph guid="H1" name="Map"><Vertex '
        'guid="v1" representedGUID="C1" firstX="0" firstY="0"/><Vertex guid="v2" representedGUID="S1" firstX="1" '
        'firstY="1"/><Edge guid="e1" sourceVertex="v1" targetVertex="v2" direction="OneWay"/></Graph></Graphs>'
    )
    report = import_file(project(tmp_path / "a.qdpx", body), "s")
    study = load_study("s")
    assert rows("s", "start", "code", "coder", "case") == [
        (0, "time", "ada", "north"), (3, "trust", "bob", None), (4, "trust", "ada", None),
    ]  # fmt: skip
    assert study.documents["kind"].tolist() == ["other", "field notes"]
    assert sorted(study.table("sets")["member_kind"]) == ["document", "document"]
    links = study.table("links")[["kind", "source", "target"]].values.tolist()
    assert links == [["graph", "trust", "talk.txt"]]
    assert [line for line in report.left_out if "members of sets" in line]
    assert [line for line in report.left_out if "layout of graphs" in line]


QUALCODER = """
CREATE TABLE project (databaseversion text, date text, memo text, about text); INSERT INTO project VALUES ('v14', '', '', '');
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text,
  av_text_id integer, risid integer, unique(name));
INSERT INTO source VALUES (1, 'Talk', 'one two three', NULL, '', 'ada', '', NULL, 1);
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer);
INSERT INTO code_cat VALUES (1, 'People', 'ada', '', '', NULL);
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text);
INSERT INTO code_name VALUES (1, 'Nurse', '', 1, 'ada', '', '#999999');
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer,
  owner text, date text, memo text, avid integer, important integer);
INSERT INTO code_text VALUES (1, 1, 1, 'two', 4, 7, 'ada', '', '', NULL, 1);
CREATE TABLE code_av (avid integer primary key, id integer, pos0 integer, pos1 integer, cid integer, memo text, date text,
  owner text, important integer);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text);
INSERT INTO cases VALUES (1, 'North', '', 'ada', '');
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text,
  date text, memo text);
INSERT INTO case_text VALUES (1, 1, 1, 0, 13, 'ada', '', 'why she is here');
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
INSERT INTO attribute_type VALUES ('age', '', '', '', 'case', 'numeric'), ('mood', '', '', '', 'journal', 'character'),
  ('kind', '', '', '', 'file', 'character');
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text);
INSERT INTO attribute VALUES (1, 'age', 'case', '40', 1, '', ''), (2, 'mood', 'journal', 'low', 1, '', ''),
  (3, 'kind', 'file', 'call', 1, '', '');
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
INSERT INTO journal VALUES (1, 'Day one', 'text', '', 'ada');
CREATE TABLE ris (risid integer, tag text, longtag text, value text); INSERT INTO ris VALUES (1, 'TI', 'Title', 'x');
"""


def test_values_of_journals_never_become_values_of_documents(home, tmp_path):
    base = sqlite3.connect(tmp_path / "data.qda")
    base.executescript(QUALCODER)
    base.commit()
    base.close()
    report = import_file(tmp_path / "data.qda", "s")
    study = load_study("s")
    assert sorted(study.table("variable_values")[["unit", "value"]].values.tolist()) == [
        ["case", "40"], ["document", "call"],
    ]  # fmt: skip
    said = " ".join(report.left_out)
    for words in ("variables of memos: mood", "marks of importance", "bibliographic details", "placement of a text"):
        assert words in said
    assert [n for what, n in report.counts.items() if "categories" in what] == [1]


@pytest.mark.parametrize(("snippet", "warned"), [("one &amp; two", False), ("other words", True)])
def test_taguette_highlights_are_held_against_their_stored_words(home, tmp_path, snippet, warned):
    base = sqlite3.connect(tmp_path / "a.sqlite3")
    base.executescript(
        f"""
        CREATE TABLE projects (id INTEGER, name TEXT, description TEXT, created TEXT);
        INSERT INTO projects VALUES (1, 'P', '', '');
        CREATE TABLE documents (id INTEGER, name TEXT, description TEXT, filename TEXT, created TEXT,
          project_id INTEGER, text_direction TEXT, contents TEXT);
        INSERT INTO documents VALUES (1, 'd', '', '', '', 1, 'LEFT_TO_RIGHT', '<p>café</p><p>one &amp; two</p>');
        CREATE TABLE tags (id INTEGER, project_id INTEGER, path TEXT, description TEXT);
        INSERT INTO tags VALUES (1, 1, 'a', '');
        CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, end_offset INTEGER,
          snippet TEXT);
        INSERT INTO highlights VALUES (1, 1, 5, 14, '{snippet}');
        CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
        INSERT INTO highlight_tags VALUES (1, 1);
        """
    )
    base.commit()
    base.close()
    report = import_file(tmp_path / "a.sqlite3", "s")
    study = load_study("s")
    row = study.codings.iloc[0]
    assert text_of(study, row["document"])[row["start"] : row["end"]] == "one & two"
    assert bool([line for line in report.warnings if "another text" in line]) is warned


def test_a_thought_in_a_word_comment_is_a_memo_and_no_code(home, tmp_path):
    thought = "the absence of a rule is not the absence of a norm; compare this with the other one"
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        marked = '<w:commentRangeStart w:id="0"/><w:r><w:t>one two</w:t></w:r><w:commentRangeEnd w:id="0"/>'
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body><w:p>{marked}</w:p></w:body></w:document>'
        )
        note = f'<w:comment w:id="0" w:author="Ada"><w:p><w:r><w:t>{thought}</w:t></w:r></w:p></w:comment>'
        archive.writestr("word/comments.xml", f'<w:comments xmlns:w="{W}">{note}</w:comments>')
    report = import_file(tmp_path / "a.docx", "s")
    study = load_study("s")
    assert study.codings.empty
    assert list(study.memos().values()) == [f"{thought}\n"]
    assert [line for line in report.warnings if "kept as memos" in line]


def test_coders_who_are_in_no_list_stay_apart(home, tmp_path):
    marks = "".join(SPAN.format(f"q{n}", 0, 3, coding(user)) for n, user in enumerate(["U7", "U8", "U7", "U1"]))
    nameless = SPAN.format("q9", 4, 7, coding("").replace(' creatingUser=""', ""))
    report = import_file(project(tmp_path / "a.qdpx", f"<Sources>{source(marks + nameless)}</Sources>"), "s")
    assert sorted(load_study("s").codings["coder"]) == [
        "ada", "not-named", "unlisted-user-1", "unlisted-user-1", "unlisted-user-2",
    ]  # fmt: skip
    assert [line for line in report.warnings if "not among the users" in line and "(3 times)" in line]


CODEBOOKS = {
    "NVivo": '<CodeBook xmlns:xsd="http://www.w3.org/2001/XMLSchema" origin="NVivo" xmlns="urn:QDA-XML:codebook:1.0"><Codes>{}'
    "</Codes></CodeBook>",
    "ATLAS.ti": '<CodeBook origin="ATLAS.ti 9" xmlns="urn:QDA-XML:codebook:0:4"><Codes>{}</Codes><Sets><Set guid="G" '
    'name="Group"><MemberCode guid="C2"/></Set></Sets></CodeBook>',
    "MAXQDA": '<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="MAXQDA 2022"><Codes>{}</Codes><Sets/></CodeBook>',
    "Quirkos": '<ns0:CodeBook xmlns:ns0="urn:QDA-XML:codebook:1.0"><ns0:Codes>{}</ns0:Codes></ns0:CodeBook>',
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("program", CODEBOOKS)
def test_codebooks_of_programs(home, tmp_path, program, encoding):
    codes = (
        '<Code guid="{{C1}}" name="Fürsorge" isCodable="false" color="#80FF0000"><Description>what &amp; why'
        '</Description><Code guid="C2" name="Trust" isCodable="true" color="#0f0"/></Code>'
    )
    if program == "Quirkos":
        codes = (
            codes.replace("<Code", "<ns0:Code")
            .replace("</Code", "</ns0:Code")
            .replace("Description", "ns0:Description")
        )
    xml = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>' + CODEBOOKS[program].format(codes)
    (tmp_path / "a.qdc").write_text(xml.replace("{{", "{").replace("}}", "}"), encoding=encoding)
    report = import_file(tmp_path / "a.qdc", "s")
    book = load_study("s").codebook[["label", "parent", "definition", "color"]]
    assert book.astype(object).where(book.notna(), None).values.tolist() == [
        ["Fürsorge", None, "what & why", "#ff0000"],
        ["Trust", "fursorge", None, "#00ff00"],
    ]
    assert report.left_out == report.warnings == []
    assert check_study("s") == []
