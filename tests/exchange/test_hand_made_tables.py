"""Tables as people and programs save them: lists of codes, empty and merged cells, shapes, encodings, stray marks."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from crosscase.analyses import coding
from crosscase.errors import CrosscaseError
from crosscase.exchange import export_study, import_file
from crosscase.spreadsheets import decoded
from crosscase.study import load_study as load_as_kept
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, quoted, texts_of


def put(folder, text, name="x.csv", encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def book(folder, sheets, merged=(), name="x.xlsx"):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
    made.save(folder / name)
    return folder / name


def found(name):
    """Return document, case, code, coder and words of each coding."""
    study, words = quoted(name)
    rows = study.codings.assign(words=words)
    rows = rows[["document", "case", "code", "coder", "words"]].astype(object)
    return sorted(tuple(None if cell != cell else cell for cell in row) for row in rows.values.tolist())


def codes(name):
    return [(row[2], row[4]) for row in found(name)]


ATLAS = "Number;Text Content;Document;Codes;{n};Comment\n1:1;one;a;Transport, Waiting;2;\n1:2;two;a;Waiting;1;\n"


@pytest.mark.parametrize("n", ["Number of Codes", "Anzahl Kodes", "Nombre de codes", "Aantal codes", "Antall koder",
                               "Antal koder"])  # fmt: skip
def test_a_list_of_codes_is_parted_as_the_number_of_codes_says(home, tmp_path, n):
    report = import_file(put(tmp_path, ATLAS.format(n=n)), "s")
    assert codes("s") == [("transport", "one"), ("waiting", "one"), ("waiting", "two")]
    assert [note for note in report.notes if "parted at commas" in note and "code_as_is" in note]


@pytest.mark.parametrize("mark", ["\n", ";", "|", ",", "/", "+"])
def test_any_separator_of_codes_is_settled_by_the_number(home, tmp_path, mark):
    cell = f'"a{mark}b"' if mark == "\n" else f"a{mark}b"
    import_file(put(tmp_path, f"Document\tCode\tQuotation\tNumber of codes\nd\t{cell}\tone\t2\nd\ta\ttwo\t1\n"), "s")
    assert codes("s") == [("a", "one"), ("a", "two"), ("b", "one")]


def test_names_that_hold_a_comma_are_put_together_as_the_number_says(home, tmp_path):
    rows = 'd,"Trust, in peers",one,1\nd,"Time, Trust, in peers",two,2\nd,"x, y, z",three,2\n'
    report = import_file(put(tmp_path, f"Document,Code,Quotation,Number of codes\n{rows}"), "s")
    assert codes("s")[:3] == [("time", "two"), ("trust-in-peers", "one"), ("trust-in-peers", "two")]
    assert [line for line in report.warnings if "row 4" in line and "codes_by_comma" in line]


def test_commas_without_a_number_part_only_codes_that_stand_elsewhere(home, tmp_path):
    head = "Document,Code,Quotation\n"
    import_file(put(tmp_path, head + 'd,"a, b",one\nd,a,two\nd,b,three\n'), "s")
    assert len(codes("s")) == 4
    report = import_file(put(tmp_path, head + 'd,"a, b",one\nd,a,two\n'), "t")
    assert len(codes("t")) == 2
    assert [line for line in report.warnings if "comma" in line and "--map" in line]
    import_file(tmp_path / "x.csv", "u", mapping={"Code": "codes_by_comma"})
    assert len(codes("u")) == 3


MARKED = "Document,Code,Segment\nT1,Time; pressure,one\nT1,Cost > benefit,two\nT1,AC\\DC,three\nT1,Std::vector,five\n"


def test_marks_in_names_of_codes_are_told_and_can_be_kept(home, tmp_path):
    report = import_file(put(tmp_path, MARKED), "s")
    told = [note for note in report.notes if "code_as_is" in note]
    assert len(told) == 2
    assert "'Time; pressure'" in told[0]
    assert "Cost > benefit" in told[1]
    assert told[1].startswith("3 ")
    import_file(tmp_path / "x.csv", "t", mapping={"Code": "code_as_is"})
    assert sorted(load_study("t").codebook["label"]) == ["AC\\DC", "Cost > benefit", "Std::vector", "Time; pressure"]


def test_codes_in_several_columns(home, tmp_path):
    import_file(put(tmp_path, "Document,Quotation,Code 1,Code 2\nd,one,a,b\nd,two,b,\n"), "s")
    assert codes("s") == [("a", "one"), ("b", "one"), ("b", "two")]


def test_merged_cells_are_filled_down_and_participants_are_documents(home, tmp_path):
    rows = [["Participant", "Site", "Quote", "Code"], ["P1", "North", "one", "time"], [None, None, "two", "trust"],
            ["P2", "South", "three", "time"], [None, None, "four", "trust"]]  # fmt: skip
    path = book(tmp_path, {"a": rows}, ["A2:A3", "B2:B3", "A4:A5", "B4:B5"])
    # fmt: off
    wanted = [("p1.txt", "north", "time", "not-named", "one"), ("p1.txt", "north", "trust", "not-named", "two"),
              ("p2.txt", "south", "time", "not-named", "three"), ("p2.txt", "south", "trust", "not-named", "four")]
    # fmt: on
    report = import_file(path, "s")
    assert found("s") == wanted
    assert not [line for line in report.warnings if "empty cells" in line]
    import_file(path, "t", mapping={"Participant": "document", "Site": "case"})
    assert found("t") == wanted


def test_a_merged_range_that_names_a_million_rows_costs_nothing(home, tmp_path, soon):
    path = book(tmp_path, {"a": [["Document", "Quote", "Code"], ["d", "one", "a"]]}, ["A2:A3"])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name).replace(b'"A2:A3"', b'"A2:A1048576"') for name in old.namelist()}
    assert any(b"A1048576" in content for content in parts.values())
    with zipfile.ZipFile(path, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content)
    import_file(path, "s")
    assert codes("s") == [("a", "one")]


def test_an_empty_cell_below_a_code_takes_it_and_is_named_with_its_row_in_the_sheet(home, tmp_path):
    rows = [["Code", "Quotation", "Document"], ["Transport", "one", "a"], [None, "two", "a"], [None] * 3,
            [None, "three", "b"], ["Waiting", "four", "b"]]  # fmt: skip
    report = import_file(book(tmp_path, {"a": rows}), "s")
    assert codes("s") == [("transport", "one"), ("transport", "two"), ("transport", "three"), ("waiting", "four")]
    assert [line for line in report.warnings if "code above" in line and "row 3; row 5" in line]


def test_an_empty_cell_in_a_column_of_codes_that_recur_is_no_code(home, tmp_path):
    report = import_file(put(tmp_path, "Document,Code,Quotation\nd,a,one\nd,,two\nd,a,three\n"), "s")
    assert codes("s") == [("a", "one"), ("a", "three")]
    assert [line for line in report.left_out if line == "rows without a code: row 3"]


def test_errors_of_the_spreadsheet_are_neither_words_nor_codes(home, tmp_path):
    rows = "d,#NAME?,one\nd,a,#WERT!\n#REF!,a,two\nd,a,three\n"
    report = import_file(put(tmp_path, f"Document,Code,Quotation\n{rows}"), "s")
    assert [words for _, words in codes("s")] == ["three", "two"]
    assert [line for line in report.left_out if "error" in line and "row 2, column 'Code': #NAME?" in line]
    assert [line for line in report.warnings if "rows without a document" in line and "row 4" in line]


CODEBOOKS = {
    "taguette": "tag,description,number of highlights\nTransport,How people travel.,12\nWaiting,Time lost.,3\n",
    "atlas": "Code,Comment,Code Group 1,Code Group 2\n"
    "Transport,How people travel.,Movement,\nWaiting,Time lost.,Movement,T\n",
    "nvivo": "Name;Description;Files;References\nTransport;How people travel.;2;12\nWaiting;Time lost.;1;3\n",
    "german": "Ein Kodebuch\nKode;Beschreibung;Ankerbeispiel\nTransport;How people travel.;x\nWaiting;Time lost.;y\n",
}  # fmt: skip


@pytest.mark.parametrize("program", CODEBOOKS)
def test_a_codebook_as_a_table_is_read(home, tmp_path, program):
    import_file(put(tmp_path, CODEBOOKS[program]), "s")
    rows = load_study("s").codebook[["label", "definition"]].values.tolist()
    assert rows == [["Transport", "How people travel."], ["Waiting", "Time lost."]]


def test_groups_of_codes_are_sets(home, tmp_path):
    import_file(put(tmp_path, CODEBOOKS["atlas"]), "s")
    sets = load_study("s").table("sets")[["label", "member"]].values.tolist()
    assert sets == [["Movement", "transport"], ["Movement", "waiting"], ["T", "waiting"]]


@pytest.mark.parametrize("head", ["Theme,Category,Code,Definition", "Level 1,Level 2,Level 3,Definition",
                                  "Ebene 1,Ebene 2,Ebene 3,Definition"])  # fmt: skip
def test_levels_in_columns_are_a_tree(home, tmp_path, head):
    rows = "Movement,,,all of it\n,On wheels,Bus,by bus\n,,Tram,\nHome,,Rooms,\n"
    import_file(put(tmp_path, f"{head}\n{rows}"), "s")
    frame = load_study("s").codebook.astype(object)
    assert dict(zip(frame["code"], frame["parent"].where(frame["parent"].notna(), None))) == {
        "movement": None, "on-wheels": "movement", "bus": "on-wheels", "tram": "on-wheels", "home": None,
        "rooms": "home",
    }  # fmt: skip
    assert frame.set_index("code").loc["movement", "definition"] == "all of it"


def test_a_codebook_on_a_second_sheet_defines_the_codes(home, tmp_path):
    sheets = {
        "coded": [["Document", "Quote", "Code"], ["d", "one", "a"]],
        "book": [["Code", "Definition"], ["a", "why"]],
    }
    import_file(book(tmp_path, sheets), "s")
    assert load_study("s").codebook[["code", "definition"]].values.tolist() == [["a", "why"]]


def test_coders_in_columns_and_what_they_agreed_on(home, tmp_path):
    rows = "ID,Statement,Coder 1,Coder 2,Agreed\n1,one,a,a,a\n2,two,b,a,b\n"
    import_file(put(tmp_path, rows), "s")
    assert [(code, coder) for _, _, code, coder, words in found("s") if words == "two"] == [
        ("a", "coder-2"), ("b", "Agreed"), ("b", "coder-1"),
    ]  # fmt: skip
    assert len(load_study("s").info.reconciled_rounds) == 1
    assert check_study("s") == []


@pytest.mark.parametrize("head", ["Code (Ann),Code (Ben)", "Codes by Ann,Codes by Ben"])
def test_names_of_coders_in_headings(home, tmp_path, head):
    import_file(put(tmp_path, f"Statement,{head}\none,a,b\ntwo,b,b\n"), "s")
    assert {coder for _, _, _, coder, _ in found("s")} == {"Ann", "Ben"}
    assert len(found("s")) == 4


def test_plain_names_of_coders_can_be_said(home, tmp_path):
    path = put(tmp_path, "Statement,Ann,Ben\none,a,b\ntwo,b,b\n")
    with pytest.raises(CrosscaseError, match=r"Coder 1, Coder 2.*unit, coder") as refused:
        import_file(path, "s")
    assert "code_of_coder" in str(refused.value)
    import_file(path, "s", mapping={"Ann": "code_of_coder", "Ben": "code_of_coder"})
    assert {coder for _, _, _, coder, _ in found("s")} == {"Ann", "Ben"}


def test_a_matrix_of_marks_is_read(home, tmp_path):
    import_file(put(tmp_path, "Unit,Coder,Transport,Waiting\nT1,Ann,1,0\nT1,Ben,1,1\nT2,Ben,0,0\n"), "s")
    rows = load_study("s").codings[["locator", "code", "coder"]].values.tolist()
    assert sorted(rows) == [["T1", "transport", "Ann"], ["T1", "transport", "Ben"], ["T1", "waiting", "Ben"]]
    import_file(put(tmp_path, "Dokument;Aussage;Weg;Warten\nd;one;ja;nein\nd;two;ja;ja\n"), "t")
    assert codes("t") == [("warten", "two"), ("weg", "one"), ("weg", "two")]


def test_the_same_columns_on_several_sheets_are_interviews_or_coders(home, tmp_path):
    head = ["Quote", "Code"]
    report = import_file(book(tmp_path, {"Anna": [head, ["one", "a"]], "Bert": [head, ["two", "b"]]}), "s")
    assert [(row[0], row[2]) for row in found("s")] == [("anna.txt", "a"), ("bert.txt", "b")]
    assert [note for note in report.notes if "taken for its document" in note]
    assert not report.left_out
    head = ["Document", "Quote", "Code"]
    rows = {"Anna": [head, ["d", "one", "a"], ["e", "x", "a"]], "Bert": [head, ["d", "one", "b"], ["e", "y", "a"]]}
    import_file(book(tmp_path, rows), "t")
    assert {row[3] for row in found("t")} == {"Anna", "Bert"}


def test_one_file_per_interview_makes_no_coders(home, tmp_path):
    (tmp_path / "all").mkdir()
    for name in ("one", "two"):
        put(tmp_path / "all", f"Document,Quotation,Code\n{name},words of {name},a\n", f"{name}.csv")
    import_file(tmp_path / "all", "s")
    assert {row[3] for row in found("s")} == {"not-named"}
    assert len({row[0] for row in found("s")}) == 2


def test_title_lines_above_the_header_do_not_decide_the_separator(home, tmp_path):
    text = "Export of segments, round 2, all coders, final\n\nDocument;Code;Segment\nT1;Trust;we met, twice\nT1;;\n"
    report = import_file(put(tmp_path, text), "s")
    assert codes("s") == [("trust", "we met, twice")]
    assert report.notes[0] == "Read with semicolons between the cells, with the header in row 3: x.csv."
    assert [line for line in report.left_out if line == "rows without a code: row 5"]


SAID = {
    "fr": "Document;Code;Citation\nEntretien Zoé;égalité;déjà, ça « va »",
    "de": "Dokument;Kode;Zitat\nGespräch;Vertrauen;Wir müssen, über Ärger",
    "nb": "Dokument;Kode;Sitat\nIntervju;Tillit;Vi møttes på sykehuset, Østfold",
    "da": "Dokument;Kode;Citat\nInterview;Tillid;Så mødtes vi, æbler",
    "sv": "Dokument;Kod;Citat\nIntervju;Förtroende;Vi möttes på sjukhuset, så",
    "nl": "Document;Code;Citaat\nGesprek;Vertrouwen;De geïnterviewde, één reünie",
    "en": "Document;Code;Segment\nTalk;Trust;A café, naïve",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", SAID)
def test_whatever_excel_saves_is_read_with_one_sentence(home, tmp_path, language, encoding):
    report = import_file(put(tmp_path, SAID[language] + "\n", encoding=encoding), "s")
    assert [words for _, words in codes("s")] == [SAID[language].rpartition(";")[2]]
    assert len([note for note in report.notes if note.startswith("Read ")]) == 1
    assert [line for line in report.warnings if "known coder" not in line] == []


def test_letters_that_no_western_language_has_are_counted():
    assert decoded("Привет, мир".encode("cp1251")).doubtful >= 4


def test_names_in_other_scripts_are_legible_and_no_repetitions(home, tmp_path):
    report = import_file(put(tmp_path, "Document,Code,Segment,Coder\n甲,信任,我們,乙\n甲,時間,很久,乙\n"), "s")
    assert report.warnings == []
    report = import_file(put(tmp_path, "Document,Code,Segment,Coder\n甲,家 > 他,我們,乙\n甲,工 > 他,很久,乙\n"), "t")
    assert [line for line in report.warnings if "more than once" in line and "'他'" in line]


def test_the_same_words_at_two_places_are_two_segments(home, tmp_path):
    rows = "1,T1,yes of course,Trust,3\n2,T1,yes of course,Time,41\n"
    import_file(put(tmp_path, f"ID,Document,Quotation Content,Codes,Reference\n{rows}"), "s")
    assert load_study("s").codings[["start", "end"]].values.tolist() == [[0, 13], [15, 28]]


def test_one_passage_that_two_coders_cut_differently_is_one_place(home, tmp_path):
    rows = 'a,The bus was late again.,t,Ann\na,The bus was late again,t,Ben\na,"We walked home, she and I.",n,Ann\n'
    import_file(put(tmp_path, f"Document,Segment,Code,Coder\n{rows}a,We walked home,n,Ben\n"), "s")
    assert texts_of("s")["a.txt"] == "The bus was late again.\n\nWe walked home, she and I."
    assert load_study("s").codings["start"].tolist() == [0, 0, 25, 25]


def test_a_quotation_mark_that_is_not_closed_swallows_no_rows(home, tmp_path):
    head = "Document,Code,Segment\n"
    for name, text in (
        ("s", 'T1,Trust,"we met\nT1,Time,long\n'),
        ("t", 'T1,Trust,"we met\nT1,Time,"long\nT2,Time,x\n'),
    ):
        report = import_file(put(tmp_path, head + text), name)
        assert ("trust", "we met") in codes(name)
        assert [line for line in report.warnings if "row 2" in line]
    with pytest.raises(CrosscaseError, match="row 3"):
        import_file(put(tmp_path, head + 'T1,Trust,"a, b"\nT1,Trust,"we met\nT1,Time,long\n'), "u")


def test_cells_beyond_the_header_are_never_cut_off(home, tmp_path):
    rows = 'T1,Trust,we met, twice\nT1,Time,long\nT2,Time,"quick", she said\n'
    with pytest.raises(CrosscaseError, match="rows 2, 4"):
        import_file(put(tmp_path, f"Document,Code,Segment\n{rows}"), "s")
    import_file(put(tmp_path, "Document,Code,Segment,\nT1,Trust,one,\n"), "s")
    import_file(put(tmp_path, "Document,Code,Segment\n1,T1,Trust,one\n2,T1,Time,two\n"), "t")
    assert codes("s") == [("trust", "one")]
    assert codes("t") == [("time", "two"), ("trust", "one")]


@pytest.mark.parametrize(("dates", "wanted"), [
    (["05/01/2023", "25/01/2023"], ["2023-01-05", "2023-01-25"]),
    (["5/1/23 2:05 PM", "1/25/23 9:00 AM"], ["2023-05-01T14:05", "2023-01-25T09:00"]),
    (["05-01-2023", "25-01-2023"], ["2023-01-05", "2023-01-25"]),
    (["5/1/2023", "6/1/2023"], [None, None]),
])  # fmt: skip
def test_the_column_settles_day_and_month(home, tmp_path, dates, wanted):
    rows = "".join(f"d,c{n},word {n},{when}\n" for n, when in enumerate(dates))
    import_file(put(tmp_path, f"document,code,quotation,date\n{rows}"), "s")
    read = load_study("s").codings.sort_values("code")["date"].astype(object)
    assert [None if when != when else when for when in read] == wanted


@pytest.mark.parametrize("table", [
    "document,start,end,quotation,code,coder\nd1.txt,8,24,Nobody has time.,time,ann\n",
    "Document,Quotation,Code,Coder\nD1,Nobody has time.,time,ann\n",
    "Document,Begin,End,Quotation,Code,Coder\nd1,1,1,Nobody  has time.,time,ann\n",
])  # fmt: skip
def test_a_table_of_codings_goes_on_the_texts_that_are_there(home, tmp_path, table):
    (tmp_path / "texts").mkdir()
    whole = "Before. Nobody has time. After that a long part that nobody coded."
    put(tmp_path / "texts", whole, "d1.txt")
    put(tmp_path / "texts", "Another one.", "d2.txt")
    import_file(tmp_path / "texts", "s")
    report = import_file(put(tmp_path, table), "s", replace=True)
    assert texts_of("s") == {"d1.txt": whole, "d2.txt": "Another one."}
    assert load_study("s").codings[["document", "start", "end"]].values.tolist() == [["d1.txt", 8, 24]]
    assert not [note for note in report.notes if "consists of its segments" in note]
    assert check_study("s") == []


def test_words_that_are_not_in_the_text_are_named_and_the_coding_stays(home, tmp_path):
    (tmp_path / "texts").mkdir()
    put(tmp_path / "texts", "yes. no. yes.", "d.txt")
    import_file(tmp_path / "texts", "s")
    path = put(tmp_path, "Document,Quotation,Code,Coder\nd,never said,a,x\nd,yes.,b,x\n")
    report = import_file(path, "s", replace=True)
    assert [line for line in report.warnings if "not in the text" in line and "never said" in line]
    assert [line for line in report.warnings if "more than once" in line and "yes." in line]
    assert len(load_study("s").codings) == 2
    assert texts_of("s") == {"d.txt": "yes. no. yes."}


def test_a_table_made_into_documents_is_made_anew(home, tmp_path):
    import_file(put(tmp_path, "document,quotation,code\nd,one,a\n"), "s")
    import_file(put(tmp_path, "document,quotation,code\nd,one,a\nd,two,a\n"), "s", replace=True)
    assert texts_of("s") == {"d.txt": "one\n\ntwo"}


def test_codes_of_one_name_below_two_codes_are_shown_with_the_code_above_and_stop_no_figure(home, tmp_path):
    rows = "T1,one,Home > Other\nT1,one,Transport\nT2,two,Work > Other\nT2,two,Transport\n"
    import_file(put(tmp_path, f"Document,Quotation,Code\n{rows}"), "s")
    study = load_as_kept("s")
    assert {"Home > Other", "Work > Other"} <= set(study.labels("codebook").values())
    assert coding.co_occurrence(study).figure() is not None
    export_study("s", "csv", tmp_path / "y.csv", texts=True)
    import_file(tmp_path / "y.csv", "t")
    assert sorted(load_study("t").codebook["label"]) == sorted(load_study("s").codebook["label"])
