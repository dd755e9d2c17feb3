"""A folder of texts and tables: the codings go onto the folder's own texts; a table without codings is named."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import detect, import_file
from crosscase.exchange.adding import add_files
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_readers
from named import load_as_kept, load_study, names_of, quoted, texts_of

D1 = "Before. Nobody has time. After that a long part that nobody coded.\n"
CODED = "document,quotation,code,coder\nd1.txt,Nobody has time.,time,ann\n"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "in"
    (path / "sub").mkdir(parents=True)
    (path / "d1.txt").write_text(D1, encoding="utf-8")
    (path / "sub" / "d2.txt").write_text("Money is short, nobody has time.\n", encoding="utf-8")
    return path


def rows():
    assert check_study("s") == []
    study, found = quoted("s")
    labels = dict(zip(study.codebook["code"], study.codebook["label"]))
    return sorted(zip(study.codings["document"], [labels[code] for code in study.codings["code"]], found))


def test_the_codings_go_onto_the_texts_of_the_folder(home, folder):
    (folder / "coded.csv").write_text(CODED + "d2,Money is short,money,ben\n", encoding="utf-8")
    assert detect(folder) == "mixed"
    import_file(folder, "s")
    assert texts_of("s") == {"d1.txt": D1, "sub-d2.txt": "Money is short, nobody has time.\n"}
    assert rows() == [("d1.txt", "time", "Nobody has time."), ("sub-d2.txt", "money", "Money is short")]
    assert list(load_study("s").codings[["document", "start", "end"]].iloc[0]) == ["d1.txt", 8, 24]


def test_a_table_in_a_folder_below_and_a_codebook_are_read_too(home, folder):
    (folder / "sub" / "coded.csv").write_text(CODED, encoding="utf-8")
    (folder / "codebook.csv").write_text("code,definition\ntime,Nobody has any\ntrust,They do\n", encoding="utf-8")
    import_file(folder, "s")
    assert len(rows()) == 1
    book = load_study("s").codebook.set_index("label")["definition"]
    assert book.to_dict() == {"time": "Nobody has any", "trust": "They do"}


def test_comments_of_word_and_a_table_are_read_together(home, folder):
    (folder / "talk.docx").write_bytes(fuzz_readers.seeds()["a.docx"])
    (folder / "coded.csv").write_text(CODED, encoding="utf-8")
    import_file(folder, "s")
    assert [(document, code) for document, code, _ in rows()] == [
        ("d1.txt", "time"), ("talk.txt", "time"), ("talk.txt", "trust"),
    ]  # fmt: skip


def test_a_table_without_codings_is_named_with_the_command_and_the_rest_is_read(home, folder):
    (folder / "people.csv").write_text("age,town\n31,Ghent\n40,Bergen\n", encoding="utf-8")
    (folder / "open.csv").write_text('document,code\n"d1.txt,time\n', encoding="utf-8")
    report = import_file(folder, "s")
    assert len(load_study("s").documents) == 2
    (told,) = [line for line in report.left_out if "crosscase add STUDY FILE" in line]
    assert "people.csv" in told
    assert rows() == []
    (folder / "coded.csv").write_text(CODED, encoding="utf-8")
    import_file(folder, "t")
    assert len(load_study("t").codings) == 1


def test_a_folder_added_to_a_study_uses_its_texts_too(home, folder, tmp_path):
    import_file(folder, "s")
    more = tmp_path / "more"
    more.mkdir()
    (more / "d3.txt").write_text("A third one.\n", encoding="utf-8")
    (more / "coded.csv").write_text(CODED + "d3,third,order,ann\n", encoding="utf-8")
    add_files("s", [more])
    assert rows() == [("d1.txt", "time", "Nobody has time."), ("d3.txt", "order", "third")]
    assert texts_of("s")["d1.txt"] == D1
    assert len(load_study("s").documents) == 3


def test_files_of_one_name_in_folders_of_two_coders_are_those_of_each(home, tmp_path):
    for coder in ("ann", "ben"):
        (tmp_path / "in" / coder).mkdir(parents=True)
        (tmp_path / "in" / coder / "coded.csv").write_text(CODED.replace(",ann", "").replace(",coder", ""))
    assert detect(tmp_path / "in") == "segments"
    import_file(tmp_path / "in", "s")
    assert sorted(names_of(load_as_kept("s"))["coder"].values()) == ["ann", "ben"]
    assert len(load_study("s").codings) == 2


def test_where_nothing_can_be_read_everything_wrong_is_told(home, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "people.csv").write_text("age,town\n31,Ghent\n", encoding="utf-8")
    (tmp_path / "in" / "broken.docx").write_bytes(b"no")
    (tmp_path / "in" / "broken.pdf").write_bytes(b"%PDF-1.4 no")
    with pytest.raises(CrosscaseError) as caught:
        import_file(tmp_path / "in", "s")
    assert "broken.pdf" in str(caught.value)
    assert "people.csv" in str(caught.value)
