"""SQLite files open wherever they lie: odd names, drives and folders of a network, links."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path, PureWindowsPath

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange.safe_sqlite import absolute, address, database

ODD = ["plain", "a b", "50%", "%41", "a#b", "a;b", "a&mode=rw", "étude", "李明", "it's", "a+b", "file:x", "-journal"]
ODD_ON_WINDOWS_REFUSED = ["a?b", "a?mode=rwc", 'a"b', "a\\b", "a\nb", "a:b"]


def make(path):
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE one (x)")
    connection.execute("INSERT INTO one VALUES (1)")
    connection.commit()
    connection.close()
    return path


@pytest.mark.parametrize("name", ODD if os.name == "nt" else ODD + ODD_ON_WINDOWS_REFUSED)
@pytest.mark.parametrize("folder", [False, True])
def test_a_file_of_any_name_opens_and_nothing_is_written(tmp_path, name, folder, monkeypatch):
    if os.name == "nt" and ":" in name:
        pytest.skip("no name of Windows")
    place = tmp_path / name if folder else tmp_path
    place.mkdir(exist_ok=True)
    path = make(place / "base.qda") if folder else make(tmp_path / name)
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.chdir(path.parent)
    for way in (path, Path(path.name)):
        with database(way) as base:
            assert [row["x"] for row in base.rows("one", ["x"])] == [1]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("path", "opened"),
    [
        (r"C:\Users\Ann Lee\a#1.qda", "C:/Users/Ann Lee/a#1.qda"),
        (r"Z:\project 50%\a.qda", "Z:/project 50%/a.qda"),
        (r"\\server\share\a.qda", "//server/share/a.qda"),
        (r"\\server.uni.example\home$\Ann Lee\a b.qda", "//server.uni.example/home$/Ann Lee/a b.qda"),
        (r"\\?\UNC\server\share\a.qda", "//server/share/a.qda"),
        (r"\\?\C:\long\a.qda", "C:/long/a.qda"),
    ],
)
def test_drives_and_servers_of_windows_become_what_sqlite_opens(path, opened):
    made = address(PureWindowsPath(path))
    scheme, authority, rest = made.partition("//")
    assert (scheme, authority) == ("file:", "//")
    assert rest.startswith("/")  # no server between the slashes: SQLite takes none there
    assert not set(rest) & set("#? \\")
    name = sqlite_name(made)
    assert name.removeprefix("/" if opened[1] == ":" else "") == opened
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):  # never `invalid uri authority`
        sqlite3.connect(f"{made}?mode=ro", uri=True).execute("SELECT 1 FROM sqlite_master")


def sqlite_name(uri):
    """Return the file that an address names, by the rules of SQLite: after the authority, escapes undone."""
    from urllib.parse import unquote

    return unquote(uri.removeprefix("file://").partition("?")[0].partition("#")[0])


def test_a_drive_of_a_network_stays_a_drive(monkeypatch, tmp_path):
    """`resolve` would make `//server/share` of it, and fails on drives that do not say where they lead."""
    monkeypatch.setattr(Path, "resolve", lambda *_, **__: pytest.fail("resolved"))
    path = make(tmp_path / "a.qda")
    assert absolute(path) == path
    with database(path) as base:
        assert base.tables == {"one"}


@pytest.mark.posix
def test_behind_a_link_lie_the_changes_of_the_file_itself(tmp_path):
    real = make(tmp_path / "real.qda")
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.qda"
    link.symlink_to(real)
    with database(link) as base:
        assert base.tables == {"one"}
    (tmp_path / "real.qda-wal").write_bytes(b"newest codings")
    with pytest.raises(CrosscaseError, match=r"real\.qda-wal"), database(link):
        pass
