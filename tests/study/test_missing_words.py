"""What a study still lacks is said gap by gap, and what a study calls its coders and codes."""

import pandas as pd
import pytest

from crosscase.exchange import missing_words, new_study
from crosscase.study import load_study
from crosscase.study.names import with_names

SMALL = [
    "There are no published facts (facts.csv): nothing can be checked against a publication.",
    "None of the 3 codes has a definition (codebook.csv, column definition).",
]


def change(folder, table, before, after):
    path = folder / table
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))


def test_a_study_with_codings_lacks_what_it_lacks(small):
    assert missing_words("small") == missing_words(load_study("small")) == SMALL


@pytest.mark.parametrize(
    ("table", "before", "after", "words"),
    [
        ("study.yml", "stance: codebook", "stance: unspecified", "The analytic stance is not stated"),
        ("codings.csv", "funding,north", "funding,", "1 of 2 codings belong to no case"),
        ("codings.csv", "money,x", "money,y", None),
        ("codebook.csv", "code,label,parent", "code,label,definition", "2 of 3 codes have no definition"),
        ("documents.csv", "verbatim", "none", "No document is released for quotation"),
        ("documents.csv", "interview,north", "other,north", "1 document has the kind 'other'"),
    ],
)
def test_one_gap_more_is_one_sentence_more(small, table, before, after, words):
    change(small, table, before, after)
    if table == "codings.csv":
        change(small, "documents.csv", "interview,north", "interview,")
    found = missing_words("small")
    new = [each for each in found if each not in SMALL]
    assert ([each for each in new if each.startswith(words)] == new and len(new) == 1) if words else not new


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("cases.csv", "There are no cases (cases.csv"),
        ("roles.csv", "There are no roles (roles.csv)"),
        ("themes.csv", "There are no published themes (themes.csv)"),
        ("documents.csv", "There are no documents: nothing can be counted yet."),
        ("codebook.csv", "There is no codebook."),
    ],
)
def test_a_table_that_is_not_there_is_named(small, table, words):
    (small / table).unlink()
    assert [each for each in missing_words("small") if each.startswith(words)]


def test_a_coding_without_a_case_has_the_one_of_its_document(small):
    change(small, "codings.csv", "funding,north", "funding,")
    assert missing_words("small") == SMALL
    assert load_study("small").codings["case"].notna().all()
    assert load_study("small").whole("codings")["case"].isna().sum() == 1


def test_one_coder_no_valence_and_no_text(small):
    codings = pd.read_csv(small / "codings.csv")
    codings[codings["coder"] == "x"].assign(valence=None).to_csv(small / "codings.csv", index=False)
    change(small, "documents.csv", ",60,", ",,")
    words = " ".join(missing_words("small"))
    assert "One coder only: there is no agreement to compute." in words
    assert "No coding has a valence: barriers and facilitators are not told apart." in words
    assert "1 document has no text (pictures, recordings)" in words


def test_a_study_made_anew_lacks_its_question_first(small):
    new_study("fresh")
    words = missing_words("fresh")
    assert words[0] == "The research question is not written yet (study.yml, key question)."
    assert "There are no codings: the chapters on coding, saturation and cases stay empty." in words


def test_coders_are_those_who_coded_in_the_order_of_the_study(small):
    change(
        small,
        "study.yml",
        "  x: {kind: person}\n  y: {kind: person}",
        "  y: {kind: person}\n  z: {kind: person}\n  x: {kind: person}",
    )
    change(small, "codings.csv", "money,x", "money,a")
    study = load_study("small")
    assert study.coders() == ["y", "x", "a"]
    assert study.coder_names() == {"y": "y", "z": "z", "x": "x"}
    assert study.labels("codebook") == {"relations": "Relations", "trust": "Trust", "money": "Money"}
    assert study.labels("cases") == {"north": "North", "south": "South", "both": "Both"}


@pytest.mark.parametrize("kind", ["str", "object"])
def test_names_stand_for_ids_in_cells_lists_and_headings(kind):
    frame = pd.DataFrame({"coders": pd.Series(["c1; c2", "c2"], dtype=kind), "share_c1": [0.5, 1.0], "n": [1, 2]})
    assert with_names(frame, {"c1": "ann"}).to_dict("list") == {
        "coders": ["ann; c2", "c2"], "share_ann": [0.5, 1.0], "n": [1, 2]
    }  # fmt: skip
    assert with_names(frame, {}) is frame
