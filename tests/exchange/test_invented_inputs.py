"""Small invented inputs, each for a whole kind of fault: what each of them gives, where they are at hand.

The kinds have tests of their own with inputs that are made there; here the files themselves are read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crosscase.analyses import coding
from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file
from crosscase.exchange.adding import add_files
from crosscase.study import load_study, save_study

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the invented inputs are not here")

READ = {
    "own/01-docx-folder": (2, 2, 4, 2),
    "own/02-merged-cells/merged.xlsx": (2, 4, 5, 1),
    "own/04-double-count/two_coders_one_segment.csv": (2, 4, 8, 2),
    "own/08-pdf-lines/three_sentences.pdf": (1, 0, 0, 0),
    "files/01_codes_by_comma.csv": (2, 3, 5, 1),
    "files/02_two_coders.csv": (2, 3, 8, 2),
    "files/03_merged_cells.xlsx": (2, 2, 4, 1),
    "files/06_atlasti_codes.csv": (0, 2, 0, 0),
    "files/06_taguette_codebook.csv": (0, 2, 0, 0),
    "files/08_word_folder": (2, 2, 2, 2),
    "files/09_pdf_areas.qdpx": (1, 2, 2, 1),
    "files/10_text_withheld.qdpx": (1, 2, 1, 1),
    "files/11_no_cases.qdpx": (2, 2, 4, 1),
    "files/12_brat": (1, 1, 1, 1),
    "files/12_doccano.jsonl": (1, 1, 1, 1),
    "files/12_inception.tsv": (1, 1, 1, 1),
    "files/12_label_studio.json": (1, 1, 1, 1),
    "files/12_prodigy.jsonl": (1, 1, 1, 1),
    "files/16_coders_in_columns.csv": (1, 2, 6, 3),
    "files/17_presence_matrix.csv": (1, 2, 3, 2),
    "files/18_one_of_two_documents_coded.qdpx": (2, 6, 6, 1),
    "files/20_same_name_below_two_codes.csv": (2, 5, 4, 1),
    "reports/s01-preamble-semicolon.csv": (1, 1, 1, 1),
    "reports/s03-macroman.csv": (1, 1, 1, 1),
    "reports/s03c-utf16le-nobom.csv": (1, 1, 1, 1),
    "reports/s04-merged-cells.xlsx": (2, 3, 5, 1),
    "reports/s05-excel-error-cells.xlsx": (1, 1, 1, 1),
    "reports/s07-word-answers.docx": (1, 1, 1, 1),
    "reports/s10-non-latin-codes.csv": (4, 4, 5, 4),
    "reports/s11-same-words-two-places.csv": (1, 2, 3, 1),
    "reports/s12-codes-with-marks.csv": (2, 14, 12, 1),
    "reports/s16-folder": (2, 14, 12, 1),
    "reports/s17-open-quote.csv": (2, 2, 4, 1),
    "reports/s21-folder-of-projects": (1, 2, 4, 2),
    "reports/s21b-folder-of-word": (1, 2, 2, 2),
    "reports/s30-rqda-mark-and-lines.rqda": (2, 3, 4, 1),
    "reports/s35-qualcoder-annotation.qda": (1, 1, 1, 1),
}
"""File -> documents, codes, codings, coders."""
TOLD = {
    "own/01-docx-folder": (),
    "files/01_codes_by_comma.csv": ("parted at commas", "code_as_is"),
    "files/03_merged_cells.xlsx": ("row 3", "row 5"),
    "files/10_text_withheld.qdpx": ("whose text is not in the file",),
    "reports/s03-macroman.csv": ("MacRoman",),
    "reports/s05-excel-error-cells.xlsx": ("row 4", "#NAME?"),
    "reports/s07-word-answers.docx": ("answers to comments",),
    "reports/s12-codes-with-marks.csv": ("'Time; pressure'", "'either | or'", "'Cost > benefit'", "code_as_is"),
    "reports/s17-open-quote.csv": ("row 2",),
    "reports/s21-folder-of-projects": ("2 copies of one project",),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_read(home, name):
    report = import_file(CASES / name, "s")
    study = load_study("s")
    coders = study.codings["coder"].nunique()
    assert (len(study.documents), len(study.codebook), len(study.codings), coders) == READ[name]
    told = "\n".join([*report.warnings, *report.left_out, *report.notes])
    assert [part for part in TOLD.get(name, ()) if part not in told] == []
    assert "occur more than once" not in told or name in (
        "files/20_same_name_below_two_codes.csv",
        "reports/s30-rqda-mark-and-lines.rqda",
    )


def test_codings_by_case(home):
    import_file(CASES / "reports/s04-merged-cells.xlsx", "s")
    study = load_study("s")
    by_case = study.named(study.codings)["case"].value_counts().to_dict()
    assert sorted(by_case.values()) == [2, 3]
    by_document = study.codings["document"].value_counts()
    assert sorted(by_document) == [2, 3]


def test_places_that_were_one_too_far(home):
    import_file(CASES / "reports/s30-rqda-mark-and-lines.rqda", "s")
    study = load_study("s")
    codings = study.named(study.codings)
    first = codings.groupby("document")[["start", "end"]].apply(lambda rows: sorted(map(tuple, rows.to_numpy())))
    assert [(3, 18), (23, 35), (39, 50)] in first.tolist()


def test_sentences_of_a_printed_page(home):
    import_file(CASES / "own/08-pdf-lines/three_sentences.pdf", "s")
    row = load_study("s").documents.iloc[0]
    assert (row["sentences"], row["paragraphs"]) == (3, 1)


def test_two_codes_of_two_coders_on_one_place_meet_once(home):
    import_file(CASES / "own/04-double-count/two_coders_one_segment.csv", "s")
    frame = coding.co_occurrence(load_study("s")).frame
    assert frame[["n", "n_a", "n_b"]].to_numpy().tolist() == [[1, 1, 1]]


@pytest.mark.parametrize(
    ("name", "words"),
    [("files/13_project.hpr7", ("REFI-QDA", "ATLAS.ti")), ("reports/s22-unquoted-commas.csv", ("rows 2, 5",))],
)
def test_what_is_refused_and_how(home, name, words):
    with pytest.raises(CrosscaseError) as caught:
        import_file(CASES / name, "s")
    assert [word for word in words if word not in str(caught.value)] == []
    assert not (home / "data" / "studies" / "s").exists()


def test_a_table_goes_on_the_texts_that_are_there(home):
    import_file(CASES / "own/07-texts-then-table/texts", "s")
    before = load_study("s").whole("documents")["hmac"].tolist()
    text = {path.name: path.read_bytes() for path in (home / "restricted" / "s").glob("*.txt")}
    report = import_file(CASES / "own/07-texts-then-table/coded.csv", "s", replace=True)
    study = load_study("s")
    assert {path.name: path.read_bytes() for path in (home / "restricted" / "s").glob("*.txt")} == text
    assert len(study.codings), report.text()
    assert study.codings["start"].notna().all(), report.text()
    assert study.whole("documents")["hmac"].tolist() == before


def test_what_a_person_wrote_stays_when_a_newer_table_comes(home):
    import_file(CASES / "own/03-replace/v1.csv", "s")
    study = load_study("s")
    frame = study.whole("codebook").assign(definition="in my own words")
    frames = {name: study.whole(name) for name in ("documents", "codings", "cases", "names")} | {"codebook": frame}
    save_study("s", study.info, frames, memos=study.whole_memos(), replace=True)
    report = add_files("s", [CASES / "own/03-replace/v2.csv"], whole=True)
    study = load_study("s")
    assert set(study.codebook["definition"]) == {"in my own words"}
    assert len(study.codings) == 3
    assert any(line.startswith("codings: 1 new") for line in report.changes), report.changes


def test_hidden_files_of_other_programs_are_passed_over(home, tmp_path):
    folder = shutil.copytree(CASES / "reports/s24-documents", tmp_path / "texts")
    import_file(folder, "s")
    study = load_study("s")
    names = set(study.named(study.documents)["document"])
    assert not [name for name in names if "~$" in name or "._" in name]
    assert any("inner" in name for name in names)
