"""Mutate whole files and read them: every outcome is a study that passes, or a `CrosscaseError`; nothing else counts.

As a program: `python tests/exchange/fuzz_readers.py 10000 [seed]`. The suite runs a smaller number.
"""

# ruff: noqa: E501  (the files are written as their programs write them)
from __future__ import annotations

import io
import random
import re
import sqlite3
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from crosscase.errors import CrosscaseError
from crosscase.exchange.formats import FORMATS, detect

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_seeds

SPICE = [
    b"\x00",
    b"\xff",
    b'"',
    b"<",
    b">",
    b"&#0;",
    b"-1",
    b"99999999999999999999",
    b"../",
    b"\xe2\x80\xae",
    b"NaN",
    b"{",
    b"]]>",
]
LINES = "the nurse meets the GP\r\neach week \U0001f600 caf\u00e9\n\nthe budget was cut\n"
USER, CODE, CHILD, CASE, TEXT, NOTE = (f"0000000{n}-0000-0000-0000-000000000000" for n in range(1, 7))


def qdpx() -> bytes:
    xml = f"""<?xml version="1.0" encoding="utf-8"?>
<Project name="p" origin="NVivo 20" xmlns="urn:QDA-XML:project:1.0"><Users><User guid="{USER}" name="Ada" id="A"/></Users>
<CodeBook><Codes><Code guid="{CODE}" name="A" isCodable="true" color="#ff0000"><Description>what</Description>
<Code guid="{{{CHILD}}}" name="B" isCodable="true"/><Code guid="{CASE}" name="North" isCodable="true"/></Code></Codes></CodeBook>
<Variables><Variable guid="{USER[:-1]}9" name="Size:n" typeOfVariable="Integer"/></Variables>
<Cases><Case guid="{CASE}" name="North"><VariableValue><VariableRef targetGUID="{USER[:-1]}9"/><IntegerValue>3</IntegerValue>
</VariableValue><SourceRef targetGUID="{TEXT}"/></Case></Cases>
<Sources><TextSource guid="{TEXT}" name="Interview" plainTextPath="internal://{TEXT}.txt" creatingUser="{USER}">
<PlainTextSelection guid="{TEXT[:-1]}1" startPosition="4" endPosition="9"><Description>d</Description>
<Coding guid="{TEXT[:-1]}2" creatingUser="{USER}" creationDateTime="2021-10-11T14:35:33Z"><CodeRef targetGUID="{CODE}"/>
<NoteRef targetGUID="{NOTE}"/></Coding></PlainTextSelection>
<PlainTextSelection guid="{TEXT[:-1]}3" startPosition="0" endPosition="70"><Coding guid="{TEXT[:-1]}4">
<CodeRef targetGUID="{CASE}"/></Coding></PlainTextSelection></TextSource>
<PictureSource guid="{TEXT[:-1]}5" name="Pic" path="internal://x.png"><PictureSelection guid="{TEXT[:-1]}6" firstX="0" firstY="0"
secondX="9" secondY="9"><Coding guid="{TEXT[:-1]}7"><CodeRef targetGUID="{CHILD}"/></Coding></PictureSelection></PictureSource>
<AudioSource guid="{TEXT[:-1]}8" name="Rec"><Transcript guid="{TEXT[:-1]}9"><PlainTextContent>one two</PlainTextContent>
<SyncPoint guid="{TEXT[:-1]}a" timeStamp="0" position="0"/><SyncPoint guid="{TEXT[:-1]}b" timeStamp="900" position="3"/>
<TranscriptSelection guid="{TEXT[:-1]}c" fromSyncPoint="{TEXT[:-1]}a" toSyncPoint="{TEXT[:-1]}b"><Coding guid="{TEXT[:-1]}d">
<CodeRef targetGUID="{CODE}"/></Coding></TranscriptSelection></Transcript></AudioSource></Sources>
<Notes><Note guid="{NOTE}" name="Memo"><PlainTextContent>a thought</PlainTextContent></Note></Notes>
<Links><Link guid="{NOTE[:-1]}1" originGUID="{CODE}" targetGUID="{NOTE}" direction="OneWay"/></Links>
<Sets><Set guid="{NOTE[:-1]}2" name="S"><MemberCode targetGUID="{CODE}"/></Set></Sets></Project>"""
    return packed(
        {"project.qde": xml.encode(), f"sources/{TEXT}.txt": LINES.encode("utf-8-sig"), "sources/x.png": b"\x89PNG"}
    )


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def database(script: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.db"
        base = sqlite3.connect(path)
        base.executescript(script)
        base.commit()
        base.close()
        return path.read_bytes()


TAGUETTE = """
CREATE TABLE projects (id INTEGER, name TEXT, description TEXT); INSERT INTO projects VALUES (1, 'P', 'about');
CREATE TABLE project_members (project_id INTEGER, user_login TEXT); INSERT INTO project_members VALUES (1, 'ada');
CREATE TABLE documents (id INTEGER, name TEXT, description TEXT, created TEXT, project_id INTEGER, contents TEXT);
INSERT INTO documents VALUES (1, 'd.html', '', '2020-01-01', 1, '<p>caf&eacute; one</p><p>two</p>');
CREATE TABLE tags (id INTEGER, project_id INTEGER, path TEXT, description TEXT);
INSERT INTO tags VALUES (1, 1, 'a', 'x'), (2, 1, 'a.b', '');
CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, end_offset INTEGER, snippet TEXT);
INSERT INTO highlights VALUES (1, 1, 6, 9, 'one'), (2, 1, 0, 5, 'caf');
CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER); INSERT INTO highlight_tags VALUES (1, 1), (1, 2);
CREATE TABLE commands (id INTEGER, date TEXT, user_login TEXT, project_id INTEGER, document_id INTEGER, payload TEXT);
INSERT INTO commands VALUES (1, '2020-01-01 10:00:00', 'ada', 1, 1, '{"type": "highlight_add", "highlight_id": 1}');
"""
QUALCODER = """
CREATE TABLE project (databaseversion TEXT, memo TEXT); INSERT INTO project VALUES ('v17', 'about');
CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT);
INSERT INTO source VALUES (1, 'a', 'one two three', NULL, 'm', 'ada', '2020-01-01'), (2, 'p.png', NULL, '/images/p.png', '', '', '');
CREATE TABLE code_cat (catid INTEGER, name TEXT, memo TEXT, supercatid INTEGER); INSERT INTO code_cat VALUES (1, 'A', '', NULL);
CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER, color TEXT, supercid INTEGER);
INSERT INTO code_name VALUES (1, 'B', 'x', 1, '#00ff00', NULL), (2, 'C', '', NULL, '', 1);
CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner, date, memo, important);
INSERT INTO code_text VALUES (1, 1, 'two', 4, 7, 'ada', '2020-01-01', 'n', 1);
CREATE TABLE code_image (id, x1, y1, width, height, cid, memo, date, owner, pdf_page);
INSERT INTO code_image VALUES (2, 1.0, 2, 3, 4, 2, '', '', 'bob', NULL);
CREATE TABLE code_av (id, pos0, pos1, cid, memo, date, owner); INSERT INTO code_av VALUES (2, 0, 900, 1, '', '', 'ada');
CREATE TABLE cases (caseid INTEGER, name TEXT, memo TEXT); INSERT INTO cases VALUES (1, 'North', 'x');
CREATE TABLE case_text (caseid, fid, pos0, pos1, owner, date); INSERT INTO case_text VALUES (1, 1, 0, 13, '', ''), (1, 1, 4, 7, '', '');
CREATE TABLE attribute_type (name, valuetype, memo); INSERT INTO attribute_type VALUES ('size', 'numeric', '');
CREATE TABLE attribute (name, attr_type, value, id); INSERT INTO attribute VALUES ('size', 'case', '3', 1);
CREATE TABLE journal (jid, name, jentry, date, owner); INSERT INTO journal VALUES (1, 'J', 'text', '2020-01-01', 'ada');
CREATE TABLE annotation (anid, fid, pos0, pos1, memo, owner, date); INSERT INTO annotation VALUES (1, 1, 0, 3, 'note', 'ada', '');
"""
RQDA = """
CREATE TABLE project (databaseversion TEXT, memo TEXT); INSERT INTO project VALUES ('0.2', '');
CREATE TABLE source (name TEXT, id INTEGER, file TEXT, memo TEXT, owner TEXT, date TEXT, status INTEGER);
INSERT INTO source VALUES ('a', 1, 'one two three', 'm', 'ada', '', 1), ('gone', 2, 'x', '', '', '', 0);
CREATE TABLE freecode (name TEXT, memo TEXT, owner TEXT, id INTEGER, status INTEGER, color TEXT);
INSERT INTO freecode VALUES ('A', 'x', 'ada', 1, 1, NULL), ('B', '', '', 2, 1, 'red');
CREATE TABLE codecat (name, catid, memo, status); INSERT INTO codecat VALUES ('Cat', 1, '', 1);
CREATE TABLE treecode (cid, catid, status); INSERT INTO treecode VALUES (1, 1, 1);
CREATE TABLE coding (cid, fid, seltext, selfirst REAL, selend REAL, status, owner, date, memo);
INSERT INTO coding VALUES (1, 1, 'two', 4.0, 7.0, 1, 'ada', 'Mon', ''), (1, 1, 'one', 0, 3, 0, 'ada', '', '');
CREATE TABLE cases (name, memo, id, status); INSERT INTO cases VALUES ('North', '', 1, 1);
CREATE TABLE caselinkage (caseid, fid, selfirst, selend, status, owner, date); INSERT INTO caselinkage VALUES (1, 1, 0, 13, 1, '', '');
CREATE TABLE attributes (name, class, memo, status); INSERT INTO attributes VALUES ('size', 'numeric', '', 1);
CREATE TABLE caseAttr (variable, value, caseID, status); INSERT INTO caseAttr VALUES ('size', '3', 1, 1);
"""
QDC = f"""<?xml version="1.0"?><CodeBook xmlns="urn:QDA-XML:codebook:0:4" origin="ATLAS.ti"><Codes>
<Code guid="{CODE}" name="A" isCodable="true" color="#AABBCCDD"><Description>d</Description><Code guid="{CHILD}" name="B"/></Code>
</Codes><Sets><Set guid="{NOTE}" name="S"><MemberCode guid="{CODE}"/></Set></Sets></CodeBook>"""
CSV = "Document name;Code;Segment;Begin;End;Created by;Comment\na;A\\B;the nurse;1;9;ada;x\na;C;caf\u00e9;3;4;bob;\nb;A;=1+1;;;ada;\n"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = f"""<w:document xmlns:w="{W}"><w:body><w:p><w:commentRangeStart w:id="0"/><w:r><w:t>The nurse</w:t></w:r>
<w:commentRangeEnd w:id="0"/><w:r><w:t> left.</w:t><w:tab/></w:r><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p></w:body></w:document>"""
COMMENTS = f"""<w:comments xmlns:w="{W}"><w:comment w:id="0" w:author="Ada" w:date="2020-01-01T10:00:00Z"><w:p><w:r><w:t>trust; time</w:t>
</w:r></w:p></w:comment></w:comments>"""


def seeds() -> dict[str, bytes]:
    """Return one small file per format that uses most of what its reader knows."""
    return {
        "a.qdpx": qdpx(),
        "a.qdc": QDC.encode(),
        "a.sqlite3": database(TAGUETTE),
        "a.qda": database(QUALCODER),
        "a.rqda": database(RQDA),
        "a.csv": CSV.encode("utf-8-sig"),
        "a.docx": packed({"word/document.xml": DOCUMENT.encode(), "word/comments.xml": COMMENTS.encode()}),
        "a.html": b"<html><head><title>t</title></head><body><p>one &eacute; two<br>x</p><script>1</script></body></html>",
        "a.txt": LINES.encode("utf-16"),
        "a.ods": packed({"mimetype": fuzz_seeds.MIMETYPE.encode(), "content.xml": fuzz_seeds.ODS.encode()}),
        **fuzz_seeds.files(),
    }


Content = bytes | dict[str, bytes]
"""A file, or the files of a folder by name."""


NUMBERS = [
    b"-1",
    b"0",
    b"1",
    b"3",
    b"40",
    b"2147483648",
    b"99999999999999999999",
    b"1e309",
    b"NaN",
    b"",
    "\u0663".encode(),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return content with a few bytes, pieces or its end changed; as often with some numbers of it, so that it parses."""
    data = bytearray(content)
    if chance.random() < 0.3 and (found := list(re.finditer(rb"\d+", content))):
        for place in sorted(
            chance.sample(found, min(len(found), chance.choice([1, 1, 2, 5]))), key=lambda m: -m.start()
        ):
            data[place.start() : place.end()] = chance.choice(NUMBERS)
        return bytes(data)
    for _ in range(chance.choice([1, 1, 1, 2, 4, 16])):
        if not data:
            break
        at, how = chance.randrange(len(data)), chance.randrange(7)
        if how == 0:
            data[at] = chance.randrange(256)
        elif how == 1:
            del data[at : at + chance.choice([1, 2, 8, 64])]
        elif how == 2:
            data[at:at] = chance.choice(SPICE)
        elif how == 3:
            data[at:at] = data[at : at + chance.choice([4, 32, 256])]
        elif how == 4:
            data[at] ^= 1 << chance.randrange(8)
        elif how == 5 and chance.random() < 0.2:
            del data[at:]
        else:
            other = chance.randrange(len(data))
            piece = data[other : other + 16]
            data[at : at + len(piece)] = piece
    return bytes(data)


def mutants(number: int, seed: int) -> Iterator[tuple[str, Content]]:
    """Yield mutants of all seeds in turn; archives are mutated inside as often as outside, folders in one file."""
    chance = random.Random(seed)
    originals: dict[str, Content] = {**seeds(), **fuzz_seeds.folders(seeds()["a.docx"])}
    for count in range(number):
        name = list(originals)[count % len(originals)]
        content = originals[name]
        if isinstance(content, dict):
            inside = chance.choice(list(content))
            yield name, content | {inside: _mutant(content[inside], chance)}
        else:
            yield name, _mutant(content, chance)


def _mutant(content: bytes, chance: random.Random) -> bytes:
    """Return content changed, an archive as often inside."""
    if zipfile.is_zipfile(io.BytesIO(content)) and chance.random() < 0.7:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {entry: archive.read(entry) for entry in archive.namelist()}
        inside = chance.choice(list(files))
        files[inside] = mutated(files[inside], chance)
        return packed(files)
    return mutated(content, chance)


def _written(folder: Path, name: str, content: Content) -> Path:
    """Write a file or a folder, and return its path."""
    for inside, part in content.items() if isinstance(content, dict) else [("", content)]:
        path = folder / name / inside if inside else folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(part)
    return folder / name


def run(number: int, seed: int = 0) -> tuple[Counter[str], list[str]]:
    """Read mutants; return how many ended how, and the traceback of each that ended wrongly."""
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        for name, content in (seeds() | fuzz_seeds.folders(seeds()["a.docx"])).items():
            path = _written(folder, name, content)  # whole, each is read: else nothing below says anything
            FORMATS[detect(path)].read(path, {}, None)
        for number_now, (name, content) in enumerate(mutants(number, seed)):
            path, kind = _written(folder, name, content), Path(name).suffix or name
            began = time.perf_counter()
            try:
                FORMATS[detect(path)].read(path, {}, None)
                outcomes[f"{kind} read"] += 1
            except CrosscaseError:
                outcomes[f"{kind} refused"] += 1
            except Exception:
                outcomes[f"{kind} WRONG"] += 1
                wrong.append(f"mutant {number_now} of seed {seed}, {name}\n{traceback.format_exc()}")
            if time.perf_counter() - began > 20:
                wrong.append(f"mutant {number_now} of seed {seed}, {name}: more than 20 seconds")
    return outcomes, wrong


if __name__ == "__main__":
    found, failures = run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    for outcome, n in sorted(found.items()):
        print(f"{n:>7} {outcome}")
    distinct = Counter(failure.splitlines()[-1] for failure in failures)
    print(f"{len(failures)} wrong endings: {dict(distinct)}")
    for failure in {f.splitlines()[-1]: f for f in failures}.values():
        print(failure)
    sys.exit(bool(failures))
