"""Projects as other programs write them: the same small study in every guise that was seen or must be expected."""

from __future__ import annotations

import sqlite3
import sys
import zipfile
from pathlib import Path

import pytest

from crosscase.exchange import import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, text_of

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
TEXT = "Zeile eins 😀 sagt wörtlich\nnoch etwas 😀 über die Pflege und mehr.\n" * 8
USER, CODE, SOURCE = "A1B2C3D4-0000-0000-0000-000000000001", "A1B2C3D4-0000-0000-0000-000000000002", "S-1"


def utf16(text):
    return len(text.encode("utf-16-le")) // 2


def project(
    path,
    raw,
    *,
    marks,
    origin="",
    folder="sources",
    name="project.qde",
    link="internal://{}.txt",
    braces=False,
    body="",
    mark=b"",
):
    """Write a project with one text; `marks` are positions as the file counts them."""
    wrap = (lambda guid: f"{{{guid}}}") if braces else (lambda guid: guid)
    selections = "".join(
        f'<PlainTextSelection guid="{wrap(f"sel-{n}")}" startPosition="{a}" endPosition="{b}"><Coding guid="c{n}" '
        f'creatingUser="{USER.lower()}"><CodeRef targetGUID="{wrap(CODE.lower())}"/></Coding></PlainTextSelection>'
        for n, (a, b) in enumerate(marks)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            name,
            mark
            + f'<?xml version="1.0" encoding="utf-8"?>\r\n<Project name="p" origin="{origin}" {SPACE}>'
            f'<Users><User guid="{wrap(USER)}" name="Ada"/></Users><CodeBook><Codes><Code guid="{wrap(CODE)}" '
            f'name="Care" isCodable="true"/></Codes></CodeBook><Sources><TextSource guid="{SOURCE}" name="Talk" '
            f'plainTextPath="{link.format(SOURCE)}">{selections}</TextSource>{body}</Sources></Project>'.encode(),
        )
        archive.writestr(f"{folder}/{SOURCE}.txt", raw)
    return path


def spans(word):
    at = [i for i in range(len(TEXT)) if TEXT.startswith(word, i)]
    return [(i, i + len(word)) for i in at]


def quoted(name):
    study = load_study(name)
    assert check_study(name) == []
    return [text_of(study, r.document)[r.start : r.end] for r in study.codings.itertuples()]


WANTED = spans("wörtlich") + spans("Pflege")


LONG = pytest.mark.long


@pytest.mark.parametrize("bom", [b"", pytest.param("\ufeff".encode(), marks=LONG)], ids=["plain", "mark"])
@pytest.mark.parametrize("crlf", [pytest.param(1, marks=LONG), 2])
@pytest.mark.parametrize("count", [len, utf16, lambda text: len(text.encode())], ids=["points", "utf16", "utf8"])
@pytest.mark.parametrize(
    "origin", ["", pytest.param("NVivo 12.6", marks=LONG), pytest.param("ATLAS.ti 23", marks=LONG)]
)
def test_positions_are_found_whatever_the_program_counts(home, tmp_path, origin, count, crlf, bom):
    def counted(at):
        return count(TEXT[:at].replace("\n", "\r\n" if crlf == 2 else "\n"))

    marks = [(counted(a), counted(b)) for a, b in WANTED]
    project(tmp_path / "a.qdpx", bom + TEXT.replace("\n", "\r\n").encode(), marks=marks, origin=origin)
    report = import_file(tmp_path / "a.qdpx", "s")
    assert sorted(quoted("s")) == sorted(["wörtlich"] * 8 + ["Pflege"] * 8)
    assert any("100.0% of the borders of 16 segments" in line for line in report.positions)


@pytest.mark.parametrize(
    "guise",
    [
        {"folder": "Sources"},
        {"folder": "SOURCES", "name": "My project.qde", "braces": True},
        {"name": "p/project.qde", "folder": "p/sources"},
        {"mark": "\ufeff".encode()},
        {"link": "relative:///{}.txt"},
        {"link": "{}.txt"},
    ],
    ids=str,
)
def test_guises_of_the_archive(home, tmp_path, guise):
    project(tmp_path / "a.qdpx", TEXT.encode(), marks=WANTED, **guise)
    report = import_file(tmp_path / "a.qdpx", "s")
    assert sorted(set(quoted("s"))) == ["Pflege", "wörtlich"]
    assert load_study("s").codings["coder"].unique().tolist() == ["ada"]
    assert report.left_out == []


def test_a_file_outside_of_the_project_is_named_and_never_opened(home, tmp_path):
    (tmp_path / "S-1.txt").write_text("secret")
    link = f"absolute://{tmp_path}/{{}}.txt"
    report = import_file(project(tmp_path / "a.qdpx", TEXT.encode(), marks=WANTED, link=link), "s")
    assert not any("secret" in p.read_text(errors="replace") for p in home.rglob("*") if p.is_file())
    assert any("not in the file" in line for line in report.warnings)
    assert load_study("s").codings[["start", "end"]].values.tolist() == sorted(map(list, WANTED))
    assert check_study("s") == []


def test_two_documents_of_one_name_stay_two(home, tmp_path):
    body = f'<TextSource guid="S-2" name="Talk"><PlainTextContent>{"other words"}</PlainTextContent></TextSource>'
    import_file(project(tmp_path / "a.qdpx", TEXT.encode(), marks=WANTED[:1], body=body), "s")
    study = load_study("s")
    assert study.documents["title"].tolist() == ["Talk", "Talk"]
    assert [text_of(study, d) for d in study.documents["document"]] == [TEXT, "other words"]


VERSIONS = {
    8: ("id, name, fulltext, mediapath, memo, owner, date", "", "cid, fid, seltext, pos0, pos1, owner, date, memo"),
    11: ("id, name, fulltext, mediapath, memo, owner, date, av_text_id", "", "cid, fid, seltext, pos0, pos1, owner, "
         "date, memo, avid, important"),
    17: ("id, name, fulltext, mediapath, memo, owner, date, av_text_id, risid", ", supercid",
         "ctid, cid, fid, seltext, pos0, pos1, owner, date, memo, avid, important"),
}  # fmt: skip


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("folder", [True, False])
def test_versions_of_qualcoder(home, tmp_path, version, folder):
    source, code, coding = VERSIONS[version]
    place = tmp_path / "My study.qda"
    if folder:
        place.mkdir()
    base = sqlite3.connect(place / "data.qda" if folder else place)
    base.executescript(
        f"""
        CREATE TABLE project (databaseversion, date, memo, about);
        INSERT INTO project VALUES ('v{version}', '', '', '');
        CREATE TABLE source ({source});
        INSERT INTO source (id, name, fulltext, owner) VALUES (1, 'Talk', 'the nurse left', 'ada');
        CREATE TABLE code_cat (catid, name, owner, date, memo, supercatid);
        INSERT INTO code_cat (catid, name) VALUES (1, 'People');
        CREATE TABLE code_name (cid, name, memo, catid, owner, date, color{code});
        INSERT INTO code_name (cid, name, catid) VALUES (1, 'Nurse', 1);
        CREATE TABLE code_text ({coding});
        INSERT INTO code_text (cid, fid, seltext, pos0, pos1, owner) VALUES (1, 1, 'nurse', 4, 9, 'bob');
        """
    )
    base.commit()
    base.close()
    report = import_file(place, "s")
    assert quoted("s") == ["nurse"]
    study = load_study("s")
    assert study.codings["coder"].tolist() == ["bob"]
    assert dict(zip(study.codebook["label"], study.codebook["parent"]))["Nurse"] == "people"
    assert f"v{version}" in report.origin


def test_each_selection_keeps_its_own_codings(home, tmp_path):
    """Two codings on one selection and none on the next."""

    def selection(number, start, end, *codes):
        inside = "".join(
            f'<Coding guid="c{number}{n}"><CodeRef targetGUID="{code}"/></Coding>' for n, code in enumerate(codes)
        )
        place = f'guid="x{number}" startPosition="{start}" endPosition="{end}"'
        return f"<PlainTextSelection {place}>{inside}</PlainTextSelection>"

    marks = selection(1, 0, 3, "k1", "k2") + selection(2, 4, 7) + selection(3, 8, 13, "k2")
    body = f'<TextSource guid="S-2" name="Two"><PlainTextContent>one two three</PlainTextContent>{marks}</TextSource>'
    path = project(tmp_path / "a.qdpx", TEXT.encode(), marks=[], body=body)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("project.qde").decode()
    codes = '<Code guid="k1" name="K one" isCodable="true"/><Code guid="k2" name="K two" isCodable="true"/></Codes>'
    with zipfile.ZipFile(tmp_path / "b.qdpx", "w") as archive:
        archive.writestr("project.qde", xml.replace("</Codes>", codes))
        archive.writestr("sources/S-1.txt", TEXT)
    import_file(tmp_path / "b.qdpx", "s")
    rows = load_study("s").codings[["start", "end", "code"]].values.tolist()
    assert sorted(rows) == [[0, 3, "k-one"], [0, 3, "k-two"], [8, 13, "k-two"]]
