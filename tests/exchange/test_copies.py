"""A folder of projects is what several coders made of one."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import detect, import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_readers
from named import load_study, quoted

TEXT = "we trusted them and they trusted us. Then it took long."


def project(path, coder, *spans, text=TEXT, codes="ab", source="S1", shared="", origin=""):
    """Write a copy: codes are named by their letter, `spans` are begin, end and code."""
    path.parent.mkdir(exist_ok=True)
    book = "".join(f'<Code guid="{source if code == "b" else "C"}{code}" name="{code}"/>' for code in codes)
    marks = "".join(
        f'<PlainTextSelection guid="{coder}{n}" startPosition="{a}" endPosition="{b}"><Coding creatingUser="U{coder}">'
        f'<CodeRef targetGUID="{source if code == "b" else "C"}{code}"/></Coding></PlainTextSelection>'
        for n, (a, b, code) in enumerate(spans)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project name="p" origin="{origin}" xmlns="urn:QDA-XML:project:1.0"><Users><User guid="U{coder}" '
            f'name="{coder}"/></Users><CodeBook><Codes>{book}</Codes></CodeBook><Sources><TextSource guid="{source}" '
            f'name="Talk"><PlainTextContent>{text}</PlainTextContent>{marks}{shared}</TextSource></Sources>'
            f'<Cases><Case guid="P" name="North"><SourceRef targetGUID="{source}"/></Case></Cases></Project>',
        )


def test_copies_of_one_project_are_one_study(home, tmp_path):
    folder = tmp_path / "in"
    shared = (
        '<PlainTextSelection guid="x" startPosition="3" endPosition="10"><Coding creatingUser="old">'
        '<CodeRef targetGUID="Ca"/></Coding></PlainTextSelection>'
    )
    project(folder / "Ann.qdpx", "Ann", (0, 15, "a"), (42, 54, "b"), shared=shared)
    project(folder / "Ben.qdpx", "Ben", (0, 15, "a"), (20, 35, "c"), codes="abc", shared=shared)
    project(folder / "Cas.qdpx", "Cas", (0, 15, "b"), source="S2")
    assert detect(folder) == "copies"
    report = import_file(folder, "s")
    study, found = quoted("s")
    rows = list(zip(study.codings["code"], study.codings["coder"], found))
    assert len(study.documents) == 1
    assert sorted(study.codebook["label"]) == ["a", "b", "c"]
    assert rows.count(("a", "ann", TEXT[:15])) == rows.count(("a", "ben", TEXT[:15])) == 1
    assert ("b", "cas", TEXT[:15]) in rows
    assert [words for _, _, words in rows].count("trusted") == 1
    assert study.documents["case"].tolist() == ["north"]
    assert any("3 copies of one project" in note for note in report.notes)
    assert check_study("s") == []


def test_copies_whose_texts_differ_stay_apart_and_are_named(home, tmp_path):
    project(tmp_path / "in" / "Ann.qdpx", "Ann", (0, 2, "a"))
    project(tmp_path / "in" / "Ben.qdpx", "Ben", (0, 3, "a"), text="They " + TEXT)
    report = import_file(tmp_path / "in", "s")
    assert len(load_study("s").documents) == 2
    assert any(line.startswith("documents of one name whose texts differ") for line in report.warnings)
    assert quoted("s")[1] == ["we", "The"]


def test_coders_of_one_name_are_told_by_their_files(home, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    script = fuzz_readers.QUALCODER.replace("'bob'", "'ada'").replace("'ada'", "'default'")
    for name in ("Ann", "Ben"):
        (folder / f"{name}.qda").mkdir()
        (folder / f"{name}.qda" / "data.qda").write_bytes(fuzz_readers.database(script))
    import_file(folder, "s")
    study = load_study("s")
    assert set(study.codings["coder"]) == {"ann", "ben"}
    assert len(study.documents) == 2
    assert study.codings["coder"].value_counts().nunique() == 1
    assert check_study("s") == []


def test_projects_of_different_programs_are_not_joined(home, tmp_path):
    project(tmp_path / "in" / "Ann.qdpx", "Ann", (0, 2, "a"), origin="NVivo 14")
    (tmp_path / "in" / "b.rqda").write_bytes(fuzz_readers.database(fuzz_readers.RQDA))
    with pytest.raises(CrosscaseError, match="copies of a project are of one program"):
        import_file(tmp_path / "in", "s")
