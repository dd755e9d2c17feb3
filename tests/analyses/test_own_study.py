"""Studies of one's own, as an import makes them: their numbers say no more than was seen and judged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from crosscase import documents, matrices
from crosscase.agreement import presence_agreement, unitizing_table
from crosscase.analyses import agreement, cases, coding, saturation, triangulation
from crosscase.exchange import import_file
from crosscase.exchange.framework_sheet import framework_frame
from crosscase.exchange.segments import read_segments
from crosscase.study import load_study

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "files"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Return what imports one of the files as a study in a compendium of its own."""
    folder = tmp_path / "home"
    shutil.copytree(ROOT / "data" / "dictionary", folder / "data" / "dictionary")
    for name in ("studies", "frameworks"):
        (folder / "data" / name).mkdir(parents=True)
    (folder / "compendium.yml").write_text("studies: []\n")
    monkeypatch.setenv("CROSSCASE_HOME", str(folder))

    def make(name: str | Path):
        import_file(FILES / name, "s")
        return load_study("s")

    return make


def test_two_coders_of_one_segment_meet_once(own):
    found = coding.co_occurrence(own("04_two_coders_one_segment.csv"))
    assert found.frame[["n", "n_a", "n_b"]].values.tolist() == [[1, 1, 1]]
    assert found.limits.endswith("a place counts once, however many coders marked it.")


@pytest.mark.parametrize(
    ("name", "both", "every"), [("05_shared_out.csv", 2, 8), ("02_two_coders.csv", 1, 7)], ids=["split", "cut"]
)
def test_a_table_of_quotations_has_no_coefficient_and_says_why(own, name, both, every):
    study = own(name)
    for ask in (agreement.per_code, agreement.marked, agreement.segments, agreement.presence, agreement.support):
        assert ask(study).refused.startswith("Only quotations are known: whether a coder left a passage uncoded")
    found = agreement.per_code(study)
    assert f"Two coders or more marked {both} of {every} passages as they were drawn" in found.sentence
    undefined = {value.id: value for value in found.values}["agreement.overall.krippendorff_alpha"]
    assert undefined.value is None
    assert undefined.reason == found.sentence


def test_what_one_coder_of_a_table_did_not_mark_is_no_difference(own):
    study = own("05_shared_out.csv")
    assert triangulation.differences(study).frame.empty
    assert triangulation.kinds_of_differences(study).frame["n"].sum() == 0
    said = triangulation.readings(study)
    assert said.sentence == "Of 2 sentences with any code, 2 are read alike."
    assert "passages are compared that all of their coders marked" in said.limits


def test_a_document_of_quotations_beside_whole_ones_is_left_out_and_the_sentence_says_so(own):
    study = own("05_shared_out.csv")
    path = study.folder / "documents.csv"
    whole = path.read_text(encoding="utf-8").replace(documents.QUOTATIONS_ONLY, "by hand", 1)
    path.write_text(whole, encoding="utf-8", newline="\n")
    found = agreement.per_code(load_study("s"), over="units", resamples=20)
    assert not found.refused
    assert found.sentence.endswith("; 1 of 2 documents holds quotations only and is left out.")
    assert "1 of 2 documents holds quotations only and is left out." in found.limits


def test_the_mark_of_quotations_is_the_one_that_the_reader_of_tables_writes():
    frame = read_segments(FILES / "02_two_coders.csv").frames["documents"]
    assert documents.quotations_only(frame) == frame["document"].tolist()


PARTS = [("d1", "x", "a"), ("d2", "y", "b"), ("d3", "x", "a"), ("d3", "y", "a")]


def test_coders_of_a_case_are_compared_on_the_documents_that_they_share():
    codings = pd.DataFrame(PARTS, columns=["document", "coder", "code"])
    links = pd.DataFrame({"document": ["d1", "d2", "d3"], "case": "k"})
    found = presence_agreement(codings, "case", cases=links).set_index("code")
    assert found["percent_agreement"].to_dict() == {"a": 1.0, "b": 1.0, "(all codes)": 1.0}
    apart = presence_agreement(codings.iloc[:2], "case", cases=links).set_index("code")
    assert apart["n_units"].tolist() == [0, 0, 0]
    own_cases = presence_agreement(codings.assign(case="k"), "case").set_index("code")
    assert own_cases["percent_agreement"].to_dict() == found["percent_agreement"].to_dict()


def test_segments_and_documents_beside_an_alpha_are_those_that_two_coders_judged():
    spans = pd.DataFrame(PARTS, columns=["document", "coder", "code"]).assign(start=0, end=9)
    sizes = pd.DataFrame({"document": ["d1", "d2", "d3"], "code_points": 20})
    found = unitizing_table(spans, sizes).set_index("code")
    assert found.loc["a", ["n_spans", "n_documents"]].tolist() == [2, 1]
    assert found.loc["b", ["n_spans", "n_documents"]].tolist() == [0, 1]


def test_coders_who_read_no_text_together_are_not_said_to_differ_nowhere(own, tmp_path):
    rows = "document,quotation,code,coder\nd1,We wait.,time,ann\nd2,We trust.,trust,ben\n"
    (tmp_path / "t.csv").write_text(rows, encoding="utf-8")
    study = own(tmp_path / "t.csv")
    for ask in (triangulation.differences, triangulation.kinds_of_differences, triangulation.confusion):
        assert ask(study).sentence == "No two coders are known to have read the same text: nobody can differ."


def test_saturation_counts_the_documents_that_are_coded(own):
    study = own("18_one_of_two_documents_coded.qdpx")
    for ask in (saturation.measures, saturation.curve, saturation.guest, saturation.frequencies):
        assert ask(study).refused == "1 of 2 documents is coded; saturation needs several that are."


def test_without_cases_the_documents_are_the_columns_and_each_code_says_how_often(own):
    study = own("11_no_cases.qdpx")
    found = coding.case_matrix(study)
    assert not found.refused
    assert found.frame[["row", "column", "state", "value"]].values.tolist() == [
        [code, document, "present", 1] for document in study.documents["document"] for code in study.codebook["code"]
    ]
    assert "2 of 2 each" in found.sentence
    assert coding.codebook(study).frame[["n_segments", "n_documents"]].values.tolist() == [[2, 2], [2, 2]]


TREE = """document,quotation,code,coder
d1,The nurse came late.,People > Nurses,ann
d1,The boss said no.,People > Bosses,ann
d2,We had no pay.,Money,ann
d2,Nobody asked us.,People,ann
"""


@pytest.fixture
def tree(own, tmp_path):
    """Return a study whose codes form a tree, and of which nobody has written themes."""
    (tmp_path / "tree.csv").write_text(TREE, encoding="utf-8")
    return own(tmp_path / "tree.csv")


def write(study, table, text):
    (study.folder / f"{table}.csv").write_text(text, encoding="utf-8", newline="\n")
    return load_study("s")


def test_groups_of_codes_are_themes_and_parents_add_up(tree):
    assert tree.themes[["theme", "kind", "status"]].values.tolist() == [["people", "theme", "derived"]]
    assert tree.whole("themes").empty
    assert sorted(tree.primary_codings()["theme"].fillna("")) == ["", "people", "people", "people"]
    assert coding.themes(tree).sentence == "The codebook groups its codes under 1 theme; no theme is published."
    found = cases.framework(tree).frame.set_index("column")
    d1, d2 = tree.documents.sort_values("title")["document"]
    assert found.loc[[d1, d2], "value"].tolist() == [2, 1]
    used = coding.codebook(tree).frame.set_index("code")
    assert used.loc["people", ["n_segments", "n_with_below"]].tolist() == [1, 3]


def test_themes_given_per_coding_stay_as_they_are(tree):
    rows = tree.whole("codings")
    rows["theme"] = ["care", None, None, None]
    write(tree, "themes", "theme,label,kind,status\ncare,Care,theme,stated\n")
    study = write(tree, "codings", rows.to_csv(index=False))
    assert study.primary_codings()["theme"].dropna().tolist() == ["care"]


def test_without_codings_of_themes_a_cell_is_not_sorted_yet_and_never_absent(tree):
    write(tree, "themes", "theme,label,kind,status\ncare,Care,theme,stated\n")
    documents_of = tree.whole("documents")
    write(tree, "cases", "case,kind,coverage\nnorth,case,complete\nsouth,case,complete\n")
    documents_of["case"] = ["north", "south"]
    study = write(tree, "documents", documents_of.to_csv(index=False))
    assert set(study.codings["case"]) == {"north", "south"}
    said = "The codings are not sorted yet: none stands under a theme, so that no cell is known."
    assert cases.framework(study).refused == said
    assert cases.chart(study).refused == said
    states = framework_frame(study)["state"].unique().tolist()
    assert states == ["not sorted yet"]


def test_a_summary_reaches_the_chart_though_nothing_is_coded_under_its_theme(tree):
    write(tree, "themes", "theme,label,kind,status\ncare,Care,theme,stated\n")
    write(tree, "cases", "case,kind\nnorth,case\n")
    hidden = tree.restricted / "summaries.csv"
    hidden.write_text("case,theme,summary\nnorth,care,They cared.\n", encoding="utf-8")
    write(tree, "summaries", "case,theme\nnorth,care\n")
    chart = cases.chart(load_study("s"))
    assert chart.frame[["case", "theme", "text", "written"]].values.tolist() == [
        ["north", "care", "They cared.", "summary"]
    ]


def test_codes_stand_by_the_attributes_of_those_who_speak(tree):
    d1, d2 = tree.documents.sort_values("title")["document"]
    write(tree, "variables", "variable,label,type\njob,Job,text\nsite,Site,text\n")
    rows = [("document", d1, "job", "nurse"), ("document", d2, "job", "boss"), ("document", d1, "site", "x")]
    values = pd.DataFrame(rows, columns=["unit", "id", "variable", "value"])
    study = write(tree, "variable_values", values.to_csv(index=False))
    found = coding.attribute_matrix(study)
    states = found.frame.set_index(["row", "column_label"])["state"]
    assert states["money", "Job: nurse"] == "absent"
    assert states["money", "Job: boss"] == "present"
    assert "Not shown, as they make no groups: Site." in found.limits
    assert found.drawing is not None


def test_attributes_of_cases_keep_what_is_known_only_together_and_ages_make_bands():
    cells = pd.DataFrame({"case": ["a", "b", "c"], "code": "t", "state": ["count", "not_stated", "absent"]})
    cells = cells.assign(n_segments=0, segments="")
    groups = pd.DataFrame({"unit": "case", "id": list("abc"), "group": ["g", "h", "i"], "label": ["G", "H", "I"]})
    assert matrices.attribute_matrix([cells], groups)["state"].tolist() == ["count", "not_stated", "absent"]
    ages = pd.DataFrame({"unit": "document", "id": [f"d{n}" for n in range(15)], "variable": "age"})
    ages["value"] = [str(20 + n) for n in range(15)]
    made, left = matrices.attribute_groups(ages, pd.DataFrame({"variable": ["age"], "label": ["Age"]}))
    assert made["label"].unique().tolist() == ["Age: 20 to 24", "Age: 25 to 29", "Age: 30 to 34"]
    assert left == []
