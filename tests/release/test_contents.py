"""A passage is found in every kind of file, by content and not by ending, and its place is told so that it is found."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import quopri
import sqlite3
import struct
import tarfile
import zipfile
import zlib

import docx
import nbformat
import openpyxl
import pytest
from openpyxl.comments import Comment

from crosscase.release import contents
from crosscase.release.contents import Closed, decoded, pieces
from crosscase.release.gate import Gate
from crosscase.release.unreleased import Unreleased

PASSAGE = "Nobody told the neighbours that the money for the bakery would be gone by the end of May"
GATE = Unreleased({("demo", "d1.txt"): f"We met. {PASSAGE}. So be it."})


def places(name, content):
    return [problem.place for problem in Gate(GATE).problems([(name, content)])]


def zipped(parts, **options):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.comment = options.get("comment", b"")
    return out.getvalue()


def workbook(change):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "codes"
    sheet["A1"] = "code"
    change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hidden(book, sheet):
    other = book.create_sheet("aside")
    other.sheet_state = "hidden"
    other["B3"] = PASSAGE


def rich(book, sheet):
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    sheet["C2"] = CellRichText(PASSAGE[:20], TextBlock(InlineFont(b=True), PASSAGE[20:50]), PASSAGE[50:])


def word(change):
    document = docx.Document()
    document.add_paragraph("A report")
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def runs_of_words(document):
    paragraph = document.add_paragraph()
    for n in range(0, len(PASSAGE), 7):
        paragraph.add_run(PASSAGE[n : n + 7]).bold = n % 2 == 0


def notebook(change):
    node = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Title"), nbformat.v4.new_code_cell("1 + 1")]
    )
    change(node)
    return nbformat.writes(node).encode()


def printed(node):
    lines = [PASSAGE[:30] + "\n", PASSAGE[30:]]
    node.cells[1].outputs.append(nbformat.v4.new_output("stream", name="stdout", text="".join(lines)))


def shown(node):
    page = "<table><tr><td>" + PASSAGE.replace("money", "<b>mon</b>ey").replace("o", "&#111;") + "</td></tr></table>"
    node.cells[1].outputs.append(nbformat.v4.new_output("display_data", data={"text/html": page}))


def pictured(node):
    data = {"image/png": base64.encodebytes(png(b"tEXt", b"Description\0" + PASSAGE.encode())).decode()}
    node.cells[1].outputs.append(nbformat.v4.new_output("display_data", data=data))


def png(kind, data):
    def chunk(name, body):
        return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(kind, data)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
        + chunk(b"IEND", b"")
    )


def pdf(words="", title="", alt="", attached=b""):
    import typst

    quoted = json.dumps
    source = f"#set document(title: {quoted(title or 'A title')})\n#set page(width: 60mm)\n{words or 'Words.'}\n"
    if alt:
        source += f'#image(bytes({quoted(SVG)}), format: "svg", alt: {quoted(alt)})\n'
    if attached:
        source += f'#pdf.attach("note.txt", bytes({quoted(attached.decode())}))\n'
    return typst.compile(source.encode(), format="pdf")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'


def database():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE source (id INTEGER, fulltext TEXT)")
    connection.execute("INSERT INTO source VALUES (1, ?)", ["x" * 9000 + PASSAGE])
    connection.commit()
    return connection.serialize()


def tar(name, content):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


CSV = 'code,memo\nmoney,"late, they ""said"""\ntrust,"' + PASSAGE[:40] + "\n" + PASSAGE[40:] + '"\n'
SCRIPT = "Search.setIndex({docs:['a'],titles:['x'],text:\"" + PASSAGE.replace("e", "\\u0065") + '"})'
TSPANS = "".join(f'<tspan x="1" dy="2">{word} </tspan>' for word in PASSAGE.split())
PACKED = base64.b64encode(SVG.replace("<rect", f"<text>{PASSAGE}</text><rect").encode()).decode()
FILES = {
    "page.html": (
        f"<p>x</p>\n<p>{PASSAGE.replace('neighbours', '<em>neigh</em>bours')}</p>".encode(),
        "page.html, line 2",
    ),
    "alt.html": (f'<p>x\n</p>\n<img src="a.png" alt="{PASSAGE}">'.encode(), "alt.html, line 3"),
    "comment.html": (f"<p>x</p>\n<!-- {PASSAGE} -->".encode(), "comment.html, line 2"),
    "chapter.md": (f"# A\n\n> {PASSAGE[:33]}\n> {PASSAGE[33:]}\n".encode(), "chapter.md, line 3"),
    "plain.txt": (PASSAGE.upper().encode("utf-16"), "plain.txt"),
    "old.txt": (("é " + PASSAGE + " é").encode("latin-1"), "old.txt"),
    "codings.csv": (CSV.encode("utf-8-sig"), "codings.csv, row 3, column memo"),
    "values.json": (json.dumps([{"about": PASSAGE}], indent=1).encode(), "values.json, line 3"),
    "searchindex.js": (SCRIPT.encode(), "searchindex.js"),
    "figure.svg": (SVG.replace("<rect", f"<text>{TSPANS}</text>\n<rect").encode(), "figure.svg, line 1"),
    "titled.svg": (SVG.replace("<rect", f"<title>\n<![CDATA[{PASSAGE}]]></title><rect").encode(), "titled.svg, line 2"),
    "printed.ipynb": (notebook(printed), "printed.ipynb, cell 2, output"),
    "shown.ipynb": (notebook(shown), "shown.ipynb, cell 2, output"),
    "pictured.ipynb": (
        notebook(pictured),
        "pictured.ipynb, cell 2, output, packed (base64), tEXt of the picture",
    ),
    "cell.xlsx": (workbook(lambda b, s: s.__setitem__("C5", PASSAGE)), "cell.xlsx, sheet codes, cell C5"),
    "rich.xlsx": (workbook(rich), "rich.xlsx, sheet codes, cell C2"),
    "note.xlsx": (
        workbook(lambda b, s: setattr(s["B2"], "comment", Comment(PASSAGE, "ann"))),
        "note.xlsx, xl/comments/comment1.xml, note on cell B2",
    ),
    "hidden.xlsx": (workbook(hidden), "hidden.xlsx, sheet aside (hidden), cell B3"),
    "about.xlsx": (
        workbook(lambda b, s: setattr(b.properties, "description", PASSAGE)),
        "about.xlsx, properties of the file (docProps/core.xml)",
    ),
    "report.docx": (word(runs_of_words), "report.docx, paragraph 2"),
    "about.docx": (
        word(lambda d: setattr(d.core_properties, "subject", PASSAGE)),
        "about.docx, properties of the file (docProps/core.xml)",
    ),
    "header.docx": (
        word(lambda d: setattr(d.sections[0].header.paragraphs[0], "text", PASSAGE)),
        "header.docx, word/header1.xml",
    ),
    "project.qdpx": (zipped({"project.qde": "<Project/>", "sources/a.txt": PASSAGE}), "project.qdpx, sources/a.txt"),
    "inner.zip": (
        zipped({"a/outer.zip": zipped({"b.xlsx": workbook(lambda b, s: s.__setitem__("C5", PASSAGE))})}),
        "inner.zip, a/outer.zip, b.xlsx, sheet codes, cell C5",
    ),
    "named.zip": (zipped({f"{PASSAGE}.txt": "x"}), "named.zip, names in the archive"),
    "remarked.zip": (zipped({"a.txt": "x"}, comment=PASSAGE.encode()), "remarked.zip, comments of the archive"),
    "packed.gz": (gzip.compress(PASSAGE.encode()), "packed.gz, unpacked"),
    "packed.bz2": (bz2.compress(PASSAGE.encode()), "packed.bz2, unpacked"),
    "packed.xz": (lzma.compress(PASSAGE.encode()), "packed.xz, unpacked"),
    "packed.tar": (tar("a.txt", PASSAGE.encode()), "packed.tar, a.txt"),
    "data.sqlite": (database(), "data.sqlite, table source, row 1, column fulltext"),
    "text.png": (png(b"tEXt", b"Comment\0" + PASSAGE.encode()), "text.png, tEXt of the picture"),
    "small.png": (
        png(b"zTXt", b"Comment\0\0" + zlib.compress(PASSAGE.encode())),
        "small.png, zTXt of the picture",
    ),
    "wide.png": (
        png(b"iTXt", b"Comment\0\1\0en\0\0" + zlib.compress(PASSAGE.encode())),
        "wide.png, iTXt of the picture",
    ),
    "exif.png": (png(b"eXIf", b"II*\0" + b"\x01\xff" * 9 + PASSAGE.encode()), None),
    "photo.jpg": (
        b"\xff\xd8\xff\xfe" + struct.pack(">H", len(PASSAGE) + 2) + PASSAGE.encode() + b"\xff\xda\0\2\xff\xd9",
        "photo.jpg, notes of the picture",
    ),
    "behind.png": (png(b"tEXt", b"a\0b") + PASSAGE.encode(), "behind.png, behind the picture"),
    "poster.pdf": (pdf(words=PASSAGE), "poster.pdf, page 1"),
    "titled.pdf": (pdf(title=PASSAGE), None),
    "alt.pdf": (pdf(alt=PASSAGE), None),
    "attached.pdf": (pdf(attached=PASSAGE.encode()), None),
    "data.html": (f'<img src="data:image/svg+xml;base64,{PACKED}">'.encode(), "data.html, packed (base64)"),
    "unknown.bin": (b"\0\xff\xfe\x81" * 50 + PASSAGE.encode() + b"\0" * 9, "unknown.bin"),
    "wide.bin": (b"\x81\xff\0" * 51 + PASSAGE.encode("utf-16-le") + b"\xff", "wide.bin"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_passage_is_found_and_its_place_told(name):
    content, place = FILES[name]
    found = places(name, content)
    assert found
    assert all(each.startswith(name) for each in found)
    assert place is None or place in {each.removesuffix(", line 2") for each in found} | set(found)


@pytest.mark.parametrize("name", [name for name in FILES if "." in name])
def test_the_ending_of_the_name_hides_nothing(name):
    assert places("file.dat", FILES[name][0])


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_without_the_passage_goes_out(name):
    other = Unreleased({("demo", "d1.txt"): "Something else that was said at the second meeting, in the other town."})
    assert not Gate(other).problems([(name, FILES[name][0])])


HOSTILE = {
    "page before an archive": PASSAGE.encode() + zipped({}),
    "text behind an archive": zipped({"a.txt": "words"}) + PASSAGE.encode(),
    "folder with content": zipped({"folder/": PASSAGE}),
    "zlib and text": zlib.compress(b"words") + PASSAGE.encode(),
    "bzip2 and text": bz2.compress(b"words") + PASSAGE.encode(),
    "two of bzip2": bz2.compress(b"words") + bz2.compress(PASSAGE.encode()),
    "xz and text": lzma.compress(b"words") + PASSAGE.encode(),
    "zlib in base64": b"see " + base64.b64encode(zlib.compress(PASSAGE.encode())),
    "base64 in short lines": b"\n".join(
        base64.b64encode(PASSAGE.encode())[n : n + 40] for n in range(0, 4 * len(PASSAGE) // 3, 40)
    ),
    "hexadecimal": b"see " + PASSAGE.encode().hex().encode(),
    "hexadecimal with blanks": b"see " + PASSAGE.encode().hex(" ").upper().encode(),
    "quoted-printable": quopri.encodestring("".join(f"{c}é"[: 1 + (c in "aeiou")] for c in PASSAGE).encode()),
    "quoted-printable, all of it": "".join(f"={byte:02X}" for byte in PASSAGE.encode()).encode(),
    "style between words": PASSAGE.replace(" ", "<style>p {color: red}</style> ").encode(),
    "script between letters": "<script>let a = 1 < 2</script>".join(PASSAGE).encode(),
    "letters of a style sheet": "".join(f"\\{ord(c):x} " for c in PASSAGE).encode(),
    "long letters of a style sheet": "".join(f"\\{ord(c):06x}" for c in PASSAGE).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ways_around_are_looked_through(name):
    text = "".join(f"{c}é"[: 1 + (c in "aeiou")] for c in PASSAGE) if name == "quoted-printable" else PASSAGE
    assert Gate(Unreleased({("demo", "d1.txt"): f"We met. {text}. So be it."})).problems([("a.bin", HOSTILE[name])])


def test_bytes_that_belong_to_an_archive_are_no_text_outside_of_it():
    with zipfile.ZipFile(io.BytesIO(zipped({"ä.txt": "words", "b.txt": "more"}))) as archive:
        assert contents._outside(zipped({"ä.txt": "words", "b.txt": "more"}), archive) == b""


def test_a_locked_or_broken_archive_does_not_go_out():
    whole = zipped({"a.txt": PASSAGE * 9})
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.rindex(b"PK\x01\x02") + 8] |= 1
    for content in (bytes(locked), whole[:40] + b"\xff" * 20 + whole[60:], gzip.compress(PASSAGE.encode())[:-12]):
        problem = Gate(GATE).problems([("a.zip", content)])[0]
        assert problem.rule == "what goes out can be looked through"
        assert problem.remedy


def test_an_archive_that_never_ends_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(contents, "MOST", 10_000)
    with pytest.raises(Closed):
        list(pieces("a.zip", zipped({"a.txt": b"0" * 20_000})))
    with pytest.raises(Closed):
        list(pieces("a.gz", gzip.compress(b"0" * 20_000)))
    nested = b"x"
    for _ in range(contents.DEPTH + 2):
        nested = zipped({"a": nested})
    with pytest.raises(Closed):
        list(pieces("a.zip", nested))


def test_the_same_part_is_looked_at_once():
    seen = set()
    assert list(pieces("a.zip", zipped({"a": "words", "b": "words"}), seen))
    assert not list(pieces("b.zip", zipped({"a": "words", "b": "words"}), seen))


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"\0" * 30, b"SQLite format 3\0", b"BZh"]
)
def test_beginnings_without_an_end_are_no_crash(content):
    Gate(GATE).problems([("a", content)])
    assert isinstance(decoded(content), list)
