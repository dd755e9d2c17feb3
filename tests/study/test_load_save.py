"""One reader, one writer: typed tables, round trip, nothing half-written, nothing outside the folder."""

import csv
import hashlib
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import tables, trace
from crosscase.errors import CrosscaseError
from crosscase.study import load_study, save_study, stack
from crosscase.study.check import check_study
from crosscase.study.model import read_info


def test_tables_are_typed_and_absent_ones_are_empty(small):
    study = load_study("small")
    assert study.codings["start"].dtype == "Int64"
    assert study.cases["k"].isna().tolist() == [True, True, False]
    assert study.outcomes.empty
    assert list(study.outcomes.columns) == tables.schema("outcomes").columns
    with pytest.raises(AttributeError, match="codings"):
        study.codigns  # noqa: B018


def test_primary_codings_are_those_of_the_primary_coder(small):
    assert load_study("small").primary_codings()["coding_id"].tolist() == ["x1", "x2"]


def test_what_is_read_is_noted_with_its_hash(small):
    load_study("small").table("codings")
    digest = hashlib.sha256((small / "codings.csv").read_bytes()).hexdigest()
    assert trace.reads()["data/studies/small/codings.csv"] == digest


def test_the_reader_refuses_a_broken_table(small):
    (small / "cases.csv").write_text("case,label,kind,k\nnorth,North,case,many\n")
    with pytest.raises(CrosscaseError, match="row 2, column k"):
        load_study("small").table("cases")


def test_an_unknown_study_is_told_with_the_known_ones(small):
    with pytest.raises(CrosscaseError, match="allowed: small"):
        load_study("smal")


def test_a_study_survives_the_round_trip(small):
    study = load_study("small")
    frames = {name: study.table(name) for name in ("cases", "documents", "codebook", "codings", "themes", "relations")}
    folder = save_study("copy", study.info, frames, memos={"note": "text"})
    again = load_study("copy")
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(again.table(name), frame)
    assert read_info(folder / "study.yml") == study.info
    assert again.memos() == {"note": "text\n"}
    assert stack("cases", ["small", "copy"])["study"].tolist() == ["small"] * 3 + ["copy"] * 3


@pytest.mark.parametrize("name", ["../evil", "Upper", "a/b", "", "con", "com1", "lpt9", "x" * 41, "-a"])
def test_names_that_are_no_folder_are_refused(small, name):
    study = load_study("small")
    with pytest.raises(CrosscaseError):
        save_study(name, study.info, {})


@pytest.mark.parametrize("file", ["aux", "com1.v2", "COM¹", "a:b", "x" * 241])
def test_a_memo_or_a_text_that_some_system_cannot_store_is_refused_with_its_name(small, file):
    study = load_study("small")
    for more in ({"memos": {file: "x"}}, {"texts": {f"{file}.txt": "x"}}, {"kept": {f"b/{file}": "x"}}):
        with pytest.raises(CrosscaseError, match="every system can have the file"):
            save_study("other", study.info, {"cases": study.cases}, **more)
    assert [path.name for path in small.parent.iterdir()] == ["small"]


def test_a_study_in_a_folder_that_windows_cannot_have_is_told(small):
    small.rename(small.with_name("aux"))
    assert "device of Windows" in str(check_study("aux")[0])


def test_a_failed_save_leaves_nothing(small):
    study = load_study("small")
    with pytest.raises(CrosscaseError, match="stays inside"):
        save_study("bad", study.info, {"cases": study.cases}, memos={"../../../evil": "x"})
    assert sorted(path.name for path in small.parent.iterdir()) == ["small"]
    with pytest.raises(CrosscaseError, match="never overwritten"):
        save_study("small", study.info, {})


@settings(max_examples=60)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip).filter(bool),
        min_size=1,
        max_size=5,
        unique=True,
    )
)
def test_any_text_survives_csv(codes):
    schema = tables.schema("codebook")
    frame = tables.typed(pd.DataFrame({"code": codes, "label": codes}), schema)
    text = tables.to_csv(frame, schema)
    again, problems = tables.problems_in(text, schema, "codebook.csv")
    assert [p for p in problems if "fixed form" not in p.rule] == []
    assert again["label"].tolist() == codes


@settings(max_examples=60)
@given(cells=st.lists(st.tuples(st.text(), st.one_of(st.none(), st.text(), st.just('a,"b"\r\nc'))), max_size=4))
def test_tables_are_quoted_as_the_csv_module_reads_them(cells):
    of = tables.schema("codebook")
    frame = pd.DataFrame({"code": [f"c{n}" for n in range(len(cells))], "label": [label for label, _ in cells]})
    frame["memo" if "memo" in of.columns else "definition"] = [about for _, about in cells]
    text = tables.to_csv(tables.typed(frame, of), of)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header[:2] == ["code", "label"]
    assert [row[1] for row in rows] == [label for label, _ in cells]
    if len(header) > 2:
        assert [row[2] for row in rows] == [about or "" for _, about in cells]


def test_names_of_a_table_that_a_study_no_longer_has_go_too(small):
    study = load_study("small")
    frames = {name: study.table(name) for name in ("cases", "documents", "codebook", "codings")}
    info = study.info.model_copy(update={"public": []})
    save_study("small", info, frames, replace=True)
    hidden = small.parents[2] / "restricted" / "small"
    assert (hidden / "cases.csv").is_file()
    save_study("small", info, {name: frame for name, frame in frames.items() if name != "cases"}, replace=True)
    assert not (hidden / "cases.csv").exists()


def test_remarks_in_study_yml_stay_until_it_says_something_else(small):
    path, study = small / "study.yml", load_study("small")
    path.write_bytes(b"# my remark\r\n" + path.read_bytes() + b"design: ''\n")
    was, frames = path.read_bytes(), {name: study.whole(name) for name in ("cases", "codebook", "codings", "documents")}
    save_study("small", load_study("small").info, frames, replace=True)
    assert path.read_bytes() == was
    save_study("small", study.info.model_copy(update={"country": "NL"}), frames, replace=True)
    assert b"country: NL" in path.read_bytes()
