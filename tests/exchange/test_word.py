"""Word documents as coders leave them: folders of them, answers to comments, notes, copies that were shared out."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from crosscase.exchange import import_file
from crosscase.exchange.docx_text import read_docx
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, quoted, texts_of

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
W15 = 'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"'


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def marked(number, text):
    return f'<w:commentRangeStart w:id="{number}"/>{run(text)}<w:commentRangeEnd w:id="{number}"/>'


def word(path, body, comments=(), answers=(), **parts):
    """Write a Word document; comments are author and text, `answers` pairs of their numbers."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        if comments:
            notes = "".join(
                f'<w:comment w:id="{n}" w:author="{author}" w:date="2024-01-01T10:00:00Z">'
                f'<w:p w14:paraId="{n:08X}">{run(text)}</w:p></w:comment>'
                for n, (author, text) in enumerate(comments)
            )
            archive.writestr("word/comments.xml", f"<w:comments {W} {W14}>{notes}</w:comments>")
        if answers:
            pairs = "".join(f'<w15:commentEx w15:paraId="{a:08x}" w15:paraIdParent="{b:08X}"/>' for a, b in answers)
            archive.writestr("word/commentsExtended.xml", f"<w15:commentsEx {W15}>{pairs}</w15:commentsEx>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return path


def test_a_folder_of_commented_documents_is_documents_codings_and_coders(home, tmp_path):
    folder = tmp_path / "in"
    said = [("Ann", "Time"), ("Ben", "time")]
    word(folder / "a.docx", f"<w:p>{marked(0, 'Nobody')}{marked(1, ' has time.')}</w:p>", said)
    word(folder / "b.docx", f"<w:p>{marked(0, 'We trust')}{run(' each other.')}</w:p>", [("Ben", "Trust; Hope")])
    word(folder / "c.docx", f"<w:p>{run('nothing said')}</w:p>")
    report = import_file(folder, "s")
    study, found = quoted("s")
    assert found == ["Nobody", " has time.", "We trust", "We trust"]
    assert study.codings["coder"].tolist() == ["ann", "ben", "ben", "ben"]
    assert set(study.codebook["label"]) == {"Time", "Trust", "Hope"}
    assert (report.counts["documents"], report.counts["codings"], report.counts["coders"]) == (3, 4, 2)
    assert not any("Documents without codings" in note for note in report.notes)
    assert check_study("s") == []


def test_copies_of_one_text_that_coders_commented_are_one_document(home, tmp_path):
    folder, body = tmp_path / "in", f"<w:p>{marked(0, 'we trusted')}{run(' them.')}</w:p>"
    word(folder / "ann.docx", body, [("Ann", "Trust")])
    word(folder / "ben.docx", body, [("Ben", "A comment that is much too long to be the name of any code at all")])
    word(folder / "cas.docx", body, [("Cas", "Hope")])
    report = import_file(folder, "s")
    study, found = quoted("s")
    assert len(study.documents) == 1
    assert found == ["we trusted", "we trusted"]
    assert set(study.codings["coder"]) == {"ann", "cas"}
    assert any("ben.docx as ann.docx" in warning and "cas.docx as ann.docx" in warning for warning in report.warnings)


@pytest.mark.parametrize("in_folder", [False, True])
def test_an_answer_to_a_comment_is_a_memo_and_no_code(home, tmp_path, in_folder):
    begin, end = '<w:commentRangeStart w:id="1"/>', '<w:commentRangeEnd w:id="1"/>'
    body = f"<w:p>{begin}{marked(0, 'we trusted')}{end}</w:p>"
    said = [("Ann", "Trust"), ("Ben", "I would say Hope")]
    path = word(tmp_path / "in" / "a.docx", body, said, [(1, 0)])
    report = import_file(path.parent if in_folder else path, "s")
    study = load_study("s")
    assert study.codings[["code", "coder"]].values.tolist() == [["trust", "ann"]]
    assert list(study.memos().values()) == ["I would say Hope\n"]
    assert any(warning.startswith("answers to comments, kept as memos") for warning in report.warnings)
    assert check_study("s") == []


def test_footnotes_and_endnotes_are_read_and_move_no_comment(home, tmp_path):
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"><w:p>{run("line")}</w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p>{run("What was meant.")}</w:p></w:footnote>'
        f'<w:footnote w:id="3"><w:p>{run("Deleted.")}</w:p></w:footnote></w:footnotes>'
    )
    ends = f'<w:endnotes {W}><w:endnote w:id="2"><w:p>{run("Who said so.")}</w:p></w:endnote></w:endnotes>'
    body = (
        f'<w:p>{run("The law came first.")}<w:r><w:footnoteReference w:id="2"/></w:r>{marked(0, " Then money")}'
        f'<w:r><w:endnoteReference w:id="2"/></w:r></w:p>'
    )
    path = word(tmp_path / "a.docx", body, [("Ann", "Money")], footnotes=notes, endnotes=ends)
    import_file(path, "s")
    assert texts_of("s")["a.txt"] == "The law came first.[1] Then money[2]\n[1] What was meant.\n[2] Who said so.\n"
    assert quoted("s")[1] == [" Then money"]
    assert read_docx(path, notes=False).text == "The law came first. Then money\n"


def test_folders_of_a_folder_are_read_and_hidden_ones_are_not(home, tmp_path):
    folder = tmp_path / "in"
    for name in ("top.txt", "north/a.txt", "north/deep/a.txt", ".git/b.txt", "north/~$c.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"words of {name}")
    import_file(folder, "s")
    assert load_study("s").documents["title"].tolist() == ["top.txt", "north/a.txt", "north/deep/a.txt"]
    only = tmp_path / "only"
    (folder / "north").rename(tmp_path / "north")
    only.mkdir()
    (tmp_path / "north").rename(only / "north")
    assert import_file(only, "t").counts["documents"] == 2


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<meta charset="windows-1251">', "cp1251"),
        ("<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=koi8-r'>", "koi8-r"),
        ('<?xml version="1.0" encoding="iso-8859-5"?>', "iso8859-5"),
        ('<meta charset="windows-1251">', "utf-8"),
        ('<meta charset="no-such-thing">', "utf-8"),
    ],
)
def test_a_page_is_read_in_the_encoding_that_it_names(home, tmp_path, head, encoding):
    page = f"{head}<html><body><p>мы встретились</p></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    import_file(tmp_path / "a.html", "s")
    assert texts_of("s")["a.txt"] == "мы встретились\n"
