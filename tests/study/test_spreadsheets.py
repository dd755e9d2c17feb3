"""Tables of a study as spreadsheet programs in several languages save them."""

from __future__ import annotations

import pytest

from crosscase import tables
from crosscase.spreadsheets import as_written
from crosscase.study import load_study
from crosscase.study.check import assumed_of, check_study


def saved(path, mark=";", encoding="cp1252", words=None, ends="\r\n"):
    """Save a table again as a spreadsheet program does; no cell of the small study holds a comma or mark."""
    text = path.read_text(encoding="utf-8").replace(",", mark)
    for word, other in (words or {}).items():
        text = text.replace(word, other)
    path.write_bytes(text.replace("\n", ends).encode(encoding))


@pytest.mark.parametrize(
    ("mark", "encoding"), [(";", "cp1252"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "mac_roman")]
)
def test_a_table_saved_by_excel_is_read_and_told_in_one_sentence(small, mark, encoding):
    with (small / "roles.csv").open("a", encoding="utf-8", newline="\n") as stream:
        stream.write("eldercare,Pflegende für Ältere,role\n")
    assert (check_study("small"), assumed_of("small")) == ([], [])
    before = load_study("small").table("roles")
    saved(small / "roles.csv", mark, encoding)
    assert check_study("small") == []
    assert load_study("small").table("roles").equals(before)
    [line] = assumed_of("small")
    assert line.startswith("small/roles.csv is read as")
    assert "between the cells" in line


LANGUAGES = {"de": ("WAHR", "FALSCH"), "fr": ("VRAI", "FAUX"), "nl": ("WAAR", "ONWAAR"), "nb": ("SANN", "USANN"),
             "da": ("SAND", "FALSK"), "sv": ("SANT", "FALSKT"), "en": ("TRUE", "FALSE")}  # fmt: skip


def schema_of(kind):
    for name in tables.names():
        of = tables.schema(name)
        for item in of.fields:
            if item["type"] == kind:
                return of, item["name"], of.key[0]
    raise AssertionError(kind)


@pytest.mark.parametrize("language", LANGUAGES)
def test_true_and_false_in_the_language_of_the_program(language):
    of, column, key = schema_of("boolean")
    yes, no = LANGUAGES[language]
    found = as_written(f"{key};{column}\na;{yes}\nb;{no}\n".encode("utf-8-sig"), of)
    assert found.text == f"{key},{column}\na,true\nb,false\n"
    assert found.assumed == ["with semicolons between the cells", "words for true and false"]


def test_decimal_commas_and_dates():
    of, column, key = schema_of("number")
    assert as_written(f"{key};{column}\na;0,25\nb;-1,5\n".encode(), of).text == f"{key},{column}\na,0.25\nb,-1.5\n"
    assert as_written(f'{key},{column}\na,"0,25"\n'.encode(), of).text == f"{key},{column}\na,0.25\n"
    of = tables.schema("documents")
    found = as_written(b"document;date\na;31.12.2021\nb;01.02.2022\n;\n", of)
    assert found.text == "document,date\na,2021-12-31\nb,2022-02-01\n"
    assert as_written(b"document,date\na,12/31/2021\nb,1/2/2022\n", of).text.split() == [
        "document,date", "a,2021-12-31", "b,2022-01-02",
    ]  # fmt: skip


def test_a_table_as_the_dictionary_wants_it_is_left_alone():
    text = 'document,title,date\na,"one; two, 3/4",2021\n'
    assert as_written(text.encode(), tables.schema("documents")) == (text, [])


def test_semicolons_open_no_door_to_what_is_not_released(small):
    (small / "study.yml").write_text((small / "study.yml").read_text(encoding="utf-8") + "public: []\n")
    told = [str(problem) for problem in check_study("small")]
    saved(small / "cases.csv")
    assert [str(problem) for problem in check_study("small")] == told
