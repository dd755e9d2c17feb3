"""What an export says, leaves out and never writes."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest
from lxml import etree

from crosscase.errors import CrosscaseError
from crosscase.exchange import TARGETS, export_study, import_file, new_study

sys.path.insert(0, str(Path(__file__).parent))
import fuzz_readers


@pytest.fixture
def study(home, tmp_path):
    with zipfile.ZipFile(io.BytesIO(fuzz_readers.qdpx())) as archive:
        files = {name: archive.read(name).replace(b'name="Ada"', b'name="Zelda"') for name in archive.namelist()}
    (tmp_path / "a.qdpx").write_bytes(fuzz_readers.packed(files))
    import_file(tmp_path / "a.qdpx", "s")
    return "s"


def everything_in(path):
    content = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(path) as archive:
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("to", TARGETS)
def test_anonymous_files_hold_no_name_of_a_coder(home, study, to):
    export_study(study, to, home / "named", anonymous=False, texts=True)
    export_study(study, to, home / "anonymous", anonymous=True, texts=True)
    if to != "qdc":
        assert b"zelda" in everything_in(home / "named").lower()
    assert b"zelda" not in everything_in(home / "anonymous").lower()


@pytest.mark.parametrize("to", ["csv", "xlsx", "json"])
def test_texts_stay_here_unless_asked_for(home, study, to):
    export_study(study, to, home / "without")
    assert b"nurse" not in everything_in(home / "without")
    report = export_study(study, to, home / "with", texts=True)
    assert b"nurse" in everything_in(home / "with")
    assert any("not released" in line for line in report.warnings)


def test_nvivo_profile_counts_as_nvivo_for_windows_does(home, study):
    export_study(study, "qdpx", home / "s.qdpx", profile="nvivo")
    with zipfile.ZipFile(home / "s.qdpx") as archive:
        root = etree.fromstring(archive.read("project.qde"))
        source = next(e for e in root.iter("{*}TextSource") if e.get("name") == "Interview")
        raw = archive.read("sources/" + source.get("plainTextPath").removeprefix("internal://"))
    assert raw.startswith(b"\xef\xbb\xbf")
    units = raw.decode("utf-8-sig").encode("utf-16-le")
    first = next(source.iterchildren("{*}PlainTextSelection"))
    start, end = int(first.get("startPosition")), int(first.get("endPosition"))
    assert units[2 * start : 2 * end].decode("utf-16-le") == "nurse"
    assert b"\r\n" in raw


def test_reports_say_what_a_target_cannot_carry(home, study):
    assert any("kind, language" in line for line in export_study(study, "qdpx", home / "s.qdpx").not_carried)
    assert any("codings" in line for line in export_study(study, "qdc", home / "s.qdc").not_carried)
    text = export_study(study, "csv", home / "s.csv").text()
    assert "## Not carried" in text
    assert "memos" in text


def test_documents_whose_text_is_not_here_are_named(home, study):
    for file in (home / "restricted" / "s").glob("*.txt"):
        file.unlink()
    report = export_study(study, "qdpx", home / "s.qdpx")
    assert any("text is not here" in line for line in report.not_carried)
    import_file(home / "s.qdpx", "t")


def test_unknown_options_and_places_are_refused_together(home, study):
    with pytest.raises(CrosscaseError) as error:
        export_study(study, "pdf", home / "no" / "s.pdf", profile="maxqda")
    assert len(error.value.problems) == 4
    new_study("empty")
    with pytest.raises(CrosscaseError, match="at least one code"):
        export_study("empty", "qdc", home / "e.qdc")
    assert not list(home.glob("*.qdc"))
    assert not list(home.glob(".*"))
