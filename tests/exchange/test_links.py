"""Links in a folder of a stranger: what leads out of it is refused by name, and never read, also in a race."""

from __future__ import annotations

import os
import sqlite3

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import folder as folders
from crosscase.exchange import import_file

SECRET = "these words lie outside of the folder"


@pytest.fixture
def place(tmp_path):
    """Return a folder to import, beside a text and a folder that are none of it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text(SECRET)
    (tmp_path / "outside" / "secret.csv").write_text(f"document,code,quotation\nd,c,{SECRET}\n")
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    return folder


def link(at, to, is_folder=False):
    try:
        at.symlink_to(to, target_is_directory=is_folder)
    except OSError:
        pytest.skip("this platform makes no links here")


def nothing_of_it(home):
    assert not [p for p in home.rglob("*") if p.is_file() and SECRET.encode() in p.read_bytes()]


@pytest.mark.parametrize("where", ["b.txt", "sub/b.txt", ".hidden.txt", "sub/deeper"])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_that_leads_out_of_a_folder_of_texts(home, place, where, absolute):
    (place / "a.txt").write_text("one")
    outside = place.parent / "outside"
    to = outside if where == "sub/deeper" else outside / "secret.txt"
    at = place / where
    link(at, to if absolute else os.path.relpath(to, at.parent), to.is_dir())
    with pytest.raises(CrosscaseError) as error:
        import_file(place, "s")
    assert f"in/{where}: nothing in a folder leads out of it; found a link to a place outside. Next: " in str(
        error.value
    )
    assert str(place.parent) not in str(error.value)
    nothing_of_it(home)
    assert not (home / "data" / "studies" / "s").exists()


def test_links_out_of_a_folder_of_tables_and_of_a_project(home, place):
    (place / "a.csv").write_text("document,code,quotation\nd,c,one\n")
    link(place / "b.csv", place.parent / "outside" / "secret.csv")
    with pytest.raises(CrosscaseError, match=r"in/b\.csv: nothing in a folder leads out of it"):
        import_file(place, "s")
    project = place.parent / "p.qda"
    (project / "images").mkdir(parents=True)
    base = sqlite3.connect(project / "data.qda")
    base.executescript(
        """
        CREATE TABLE project (databaseversion TEXT, memo TEXT); INSERT INTO project VALUES ('v8', '');
        CREATE TABLE source (id INTEGER, name TEXT, fulltext TEXT, mediapath TEXT, memo TEXT, owner TEXT, date TEXT);
        INSERT INTO source VALUES (1, 'p.png', NULL, '/images/p.png', '', 'a', '');
        CREATE TABLE code_name (cid INTEGER, name TEXT, memo TEXT, catid INTEGER, color TEXT);
        CREATE TABLE code_text (cid, fid, seltext, pos0, pos1, owner, date, memo);
        """
    )
    base.close()
    link(project / "images" / "p.png", place.parent / "outside" / "secret.txt")
    with pytest.raises(CrosscaseError, match=r"p\.qda/images/p\.png: nothing in a folder leads out of it"):
        import_file(project, "p")
    report = import_file(project / "data.qda", "q")
    assert any("files that are not in the project's folder" in line for line in report.left_out)
    nothing_of_it(home)


def test_links_that_stay_inside_and_the_path_that_was_typed_may_be_links(home, place):
    (place / "a.txt").write_text("one")
    link(place / "b.txt", "a.txt")
    link(place / "again", ".", is_folder=True)
    link(place.parent / "typed", place, is_folder=True)
    assert import_file(place.parent / "typed", "s").counts["documents"] == 2
    link(place.parent / "typed.txt", place / "a.txt")
    assert import_file(place.parent / "typed.txt", "t").counts["documents"] == 1


def test_a_file_that_becomes_a_link_while_it_is_read(home, place, monkeypatch):
    """The names were looked at, then one was changed: what was opened is compared with what lies in the folder."""
    (place / "a.txt").write_text("one")
    (place / "b.txt").write_text("two")
    listed = folders.files_below

    def then_changed(path):
        files = listed(path)
        (place / "b.txt").unlink()
        link(place / "b.txt", place.parent / "outside" / "secret.txt")
        return files

    monkeypatch.setattr("crosscase.exchange.texts.folder.files_below", then_changed)
    report = import_file(place, "s")
    assert report.counts["documents"] == 1
    assert any("in/b.txt: nothing in a folder leads out of it" in line for line in report.left_out)
    nothing_of_it(home)
    real = os.open

    def swapped(path, *rest, **more):
        """Open the file outside, while the name in the folder leads to the one inside again."""
        return real(place.parent / "outside" / "secret.txt" if str(path).endswith("a.txt") else path, *rest, **more)

    monkeypatch.setattr(os, "open", swapped)
    with pytest.raises(CrosscaseError, match="leads out of it"):
        folders.read(place / "a.txt", place)


@pytest.mark.posix
def test_a_pipe_is_no_document(home, place):
    (place / "a.txt").write_text("one")
    os.mkfifo(place / "b.txt")
    assert import_file(place, "s").counts["documents"] == 1
    with pytest.raises(CrosscaseError, match="what is read is a plain file"):
        folders.read(place / "b.txt", place)


def test_what_programs_hide_in_a_folder_is_passed_over(home, place):
    (place / "ann.csv").write_text("document,code,quotation\nd,c,one\n")
    for name in ("._ann.csv", "~$ben.xlsx", ".~lock.ann.csv#"):
        (place / name).write_bytes(b"\0\x05\x16\x07junk")
    assert import_file(place, "s").counts["codings"] == 1
