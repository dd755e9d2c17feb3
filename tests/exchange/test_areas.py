"""Areas of PDF pages and texts that were withheld: words where they can be told, positions where they cannot."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from crosscase import matrices
from crosscase.exchange import import_file
from crosscase.exchange.qdpx_areas import Words
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_readers
from named import load_study, quoted

SPACE = 'xmlns="urn:QDA-XML:project:1.0"'
TEXT = "Good morning.\r\nThe bus was late again. We waited.\r\nWe walked. We waited.\r\n"


def area(number, name, page, *codes, box=(100, 700, 500, 720)):
    corners = 'firstX="{}" firstY="{}" secondX="{}" secondY="{}"'.format(*box)
    coded = "".join(
        f'<Coding guid="k{number}{code}" creatingUser="u"><CodeRef targetGUID="{code}"/></Coding>' for code in codes
    )
    return f'<PDFSelection guid="a{number}" name="{name}" page="{page}" {corners}>{coded}</PDFSelection>'


def project(path, areas, *, text=TEXT, pdf=None, origin="ATLAS.ti for Windows 9.1.3.0", kind="PDFSource"):
    codes = "".join(f'<Code guid="{code}" name="{code}" isCodable="true"/>' for code in ("bus", "wait"))
    words = '<Representation guid="r" plainTextPath="internal://t.txt"/>' if text is not None else ""
    body = f'<{kind} guid="d" name="Talk" path="internal://t.pdf">{"".join(areas)}{words}</{kind}>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project name="p" origin="{origin}" {SPACE}><Users><User guid="u" name="Ann"/></Users><CodeBook><Codes>'
            f"{codes}</Codes></CodeBook><Sources>{body}</Sources></Project>",
        )
        if text is not None:
            archive.writestr("sources/t.txt", text)
        if pdf is not None:
            archive.writestr("sources/t.pdf", pdf)
    return path


def test_an_area_gets_the_words_that_the_file_names_it_by(home, tmp_path):
    areas = [area(0, "The bus was  late again.", 0, "bus", "wait"), area(1, "We waited.", 1, "wait")]
    report = import_file(project(tmp_path / "a.qdpx", areas), "s")
    study, found = quoted("s")
    assert found == ["The bus was late again."] * 2
    assert study.codings["locator"].tolist() == [
        "page 1, rectangle 100,700-500,720",
        "page 1, rectangle 100,700-500,720",
        "page 2, rectangle 100,700-500,720",
    ]
    pairs = matrices.co_occurrence(study.codings, by="overlap")
    assert pairs[["code_a", "code_b", "n"]].values.tolist() == [["bus", "wait", 1]]
    unknown = [line for line in report.warnings if line.startswith("areas of PDF pages whose words are not known")]
    assert unknown == [
        "areas of PDF pages whose words are not known: they meet no other segment: "
        "talk.txt, page 2, rectangle 100,700-500,720"
    ]
    assert check_study("s") == []


@pytest.mark.parametrize("text", [TEXT.replace("waited", "wait-\r\ned", 1), None])
def test_an_area_gets_its_words_from_the_page(home, tmp_path, text):
    typst = pytest.importorskip("typst")
    source = "#set page(width: 400pt, height: 200pt, margin: 20pt)\n#set text(size: 12pt)\n"
    source += "Good morning.\n\nThe bus was late again.\n#pagebreak()\nWe walked.\n"
    (tmp_path / "t.typ").write_text(source)
    pdf = typst.compile(str(tmp_path / "t.typ"))
    areas = [
        area(0, "…", 0, "bus", box=(0, 140, 400, 165)),
        area(1, "", 1, "wait", box=(400, 200, 0, 0)),
        area(2, "", 7, "wait", box=(400, 200, 0, 0)),
    ]
    report = import_file(project(tmp_path / "a.qdpx", areas, text=text, pdf=pdf), "s")
    assert quoted("s")[1] == ["The bus was late again.", "We walked."]
    assert any("page 8" in line for line in report.warnings)


def test_pages_are_counted_from_one_whoever_wrote_the_file(home, tmp_path):
    for name, origin, pages, wanted in (
        ("a", "Another 1", (1, 2), (1, 2)),
        ("b", "Another 1", (0, 2), (1, 3)),
        ("c", "ATLAS.ti 24", (1, 2), (2, 3)),
        ("d", "Crosscase 1", (1, 2), (1, 2)),
    ):
        areas = [area(n, "nothing like it", page, "bus") for n, page in enumerate(pages)]
        import_file(project(tmp_path / f"{name}.qdpx", areas, origin=origin), name)
        found = [locator.partition(",")[0] for locator in load_study(name).codings["locator"]]
        assert found == [f"page {page}" for page in wanted]


def test_words_are_sought_in_time_that_grows_with_the_text(soon):
    words = Words("a" * 2_000_000 + " b")
    assert [words.find("a" * n) for n in range(1, 200)] == [None] * 199


@pytest.mark.parametrize("kind", ["TextSource", "AudioSource"])
def test_codings_on_a_text_that_was_withheld_stay(home, tmp_path, kind):
    mark = (
        '<PlainTextSelection guid="a" startPosition="14" endPosition="37"><Coding guid="k" creatingUser="u">'
        '<CodeRef targetGUID="bus"/></Coding></PlainTextSelection>'
    )
    if kind == "AudioSource":
        mark = f'<Transcript guid="t" plainTextPath="internal://gone.txt">{mark}</Transcript>'
    report = import_file(project(tmp_path / "a.qdpx", [mark], text=None, kind=kind), "s")
    study = load_study("s")
    assert study.codings[["start", "end", "code"]].values.tolist() == [[14, 37, "bus"]]
    assert report.counts["codings"] == 1
    assert any(line.startswith("documents whose text is not in the file") for line in report.warnings)
    assert any(line.startswith("segments whose text is not in the file, kept") for line in report.warnings)
    assert check_study("s") == []


@pytest.mark.parametrize("program", ["QUALCODER", "RQDA"])
def test_codings_on_a_text_that_a_database_does_not_hold_stay(home, tmp_path, program):
    script = getattr(fuzz_readers, program).replace("'one two three'", "NULL")
    path = tmp_path / ("data.qda" if program == "QUALCODER" else "a.rqda")
    path.write_bytes(fuzz_readers.database(script))
    import_file(path, "s")
    codings = load_study("s").codings
    assert [4, 7] in codings[["start", "end"]].dropna().values.tolist()
    assert check_study("s") == []
