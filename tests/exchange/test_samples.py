"""Real projects: what they hold must arrive, and what is wrong in them must be named."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from crosscase.exchange import detect, export_study, import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from made import carried
from named import load_study, path_of, texts_of


def test_nvivo_mac_project_of_texts(home, samples):
    file = samples / "constructive-turn" / "constructive-turn.qdpx"
    assert detect(file) == "qdpx"
    report = import_file(file, "turn")
    expected = {"documents": 60, "codes": 104, "codings": 777, "cases": 68, "coders": 1, "memos": 19, "variables": 2}
    expected |= {"codings in the file": 874, "coders in the file": 4}
    assert {what: report.counts[what] for what in expected} == expected
    assert report.counts["codings that place a segment in a case"] == 97
    assert any("inside a word (190 times)" in line for line in report.warnings)
    named = next(line for line in report.warnings if "inside a word" in line).partition(": ")[2].split("; ")
    assert len(named) == 190
    assert any("80.6%" in line for line in report.positions)
    assert check_study("turn") == []
    study = load_study("turn")
    assert (len(study.documents), len(study.codebook), len(study.codings), len(study.cases)) == (60, 104, 777, 68)
    assert len(study.info.coders) == 4
    assert set(study.codings["case"].dropna()) == {"2010", "2015", "2021"}
    assert len(study.table("variable_values")) == 120
    for row in study.documents.itertuples():
        assert hashlib.sha256(path_of("turn", row.document).read_bytes()).hexdigest() == row.sha256
    assert not list((home / "data").rglob("*.txt"))


def test_nvivo_project_of_pictures(home, samples):
    report = import_file(samples / "memes" / "memes.qdpx", "memes")
    assert (report.counts["documents"], report.counts["codings"], report.counts["links"]) == (27, 176, 3)
    assert (report.counts["codes"], report.counts["cases"], report.counts["coders in the file"]) == (33, 1, 2)
    assert check_study("memes") == []
    study = load_study("memes")
    assert study.codings["start"].isna().all()
    assert study.codings["locator"].str.fullmatch(r"rectangle \d+,\d+-\d+,\d+").all()
    assert (study.documents["kind"] == "picture").all()


def test_taguette_project(home, samples):
    report = import_file(samples / "taguette" / "project.sqlite3", "tag")
    assert (report.counts["documents"], report.counts["codes"], report.counts["codings"]) == (2, 4, 4)
    assert report.left_out == ["highlights without a tag: 3"]
    assert check_study("tag") == []
    study = load_study("tag")
    text = texts_of("tag")[study.documents["document"][0]]
    quoted = [text[r.start : r.end] for r in study.codings.itertuples() if r.document == study.documents["document"][0]]
    assert quoted == ["we meet the GP"] * 2
    assert text.count("\n") == 1
    assert set(study.codings["coder"]) == {"admin"}
    assert study.codings["date"].str.startswith("2026-11-22T").all()
    parents = dict(zip(study.codebook["label"], study.codebook["parent"]))
    assert parents["barrier.funding"] == "barrier"


def test_codebook_and_tables_of_taguette(home, samples):
    folder = samples / "taguette"
    assert import_file(folder / "out_codebook.qdc", "book").counts["codes"] == 4
    report = import_file(folder / "out_highlights_.csv", "table")
    assert report.counts["codings"] == 4
    assert check_study("table") == check_study("book") == []
    assert report.mapping == {"document": "document", "tag": "code", "content": "quotation"}
    codings = load_study("table").codings
    assert codings["end"].sub(codings["start"]).eq(len("we meet the GP")).all()


@pytest.mark.long
@pytest.mark.parametrize("profile", ["standard", "nvivo"])
@pytest.mark.parametrize("sample", ["constructive-turn/constructive-turn.qdpx", "taguette/project.sqlite3"])
def test_a_sample_goes_out_and_comes_back(home, samples, sample, profile):
    import_file(samples / sample, "one")
    export_study("one", "qdpx", home / "out.qdpx", profile=profile)
    report = import_file(home / "out.qdpx", "two")
    assert report.left_out == []
    found = []
    for name in ("one", "two"):
        study = load_study(name)
        found.append(carried(study, texts_of(name)) | {"memberships": len(study.table("memberships"))})
    for part, content in found[0].items():
        assert found[1][part] == content, part


def test_pictures_go_out_and_come_back(home, samples):
    import_file(samples / "memes" / "memes.qdpx", "one")
    export_study("one", "qdpx", home / "out.qdpx")
    assert import_file(home / "out.qdpx", "two").left_out == []
    one, two = load_study("one"), load_study("two")
    columns = ["document", "locator", "code", "coder", "date"]
    assert two.codings[columns].equals(one.codings[columns])
    assert two.documents["sha256"].tolist() == one.documents["sha256"].tolist()
    assert len(two.table("links")) == len(one.table("links")) == 3
