"""The preview: seen by this machine alone, each change told, and nothing left when it ends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.pipeline import preview as module
from crosscase.pipeline.preview import Preview, Watch
from crosscase.pipeline.preview_server import Server

PAGE = (
    '<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'self'\"></head><body>Words</body></html>"
)


@pytest.fixture
def server(tmp_path):
    site = tmp_path / "folder" / "site"
    (site / "studies").mkdir(parents=True)
    (site / "index.html").write_text(PAGE, encoding="utf-8")
    (site / "studies" / "demo.html").write_text(PAGE, encoding="utf-8")
    (site / ".hidden.html").write_text("hidden", encoding="utf-8")
    (tmp_path / "folder" / "secret.html").write_text("secret", encoding="utf-8")
    served = Server(site)
    yield served
    served.close()


def ask(server, path, host=None, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True)
        for each in [f"127.0.0.1:{server.port}"] if host is None else host:
            connection.putheader("Host", each)
        connection.endheaders()
        answer = connection.getresponse()
        return SimpleNamespace(status=answer.status, text=answer.read().decode(), headers=answer.headers)
    finally:
        connection.close()


def test_a_page_is_served_with_the_script_and_its_file_is_left_as_it_is(server):
    for path in ("", "index.html", "studies/demo.html", "studies/demo.html?x=1"):
        answer = ask(server, f"/{server.token}/{path}")
        assert answer.status == 200
        assert f'<script src="/{server.token}/.preview.js"' in answer.text
        assert "default-src 'none'; connect-src 'self';" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
    assert (server.site / "index.html").read_text(encoding="utf-8") == PAGE
    assert "fetch(" in ask(server, f"/{server.token}/.preview.js").text
    assert ask(server, f"/{server.token}/", method="HEAD").text == ""


def test_it_listens_on_the_loopback_interface_only(server):
    assert server._http.socket.getsockname()[0] == "127.0.0.1"


HOSTS = [["evil.example"], ["evil.example:80"], [], ["127.0.0.1"], ["127.0.0.1:{port}", "evil.example"]]
OUTSIDE = """../secret.html %2e%2e/secret.html studies/../../secret.html ..%2fsecret.html ..%5csecret.html .hidden.html
%2fetc%2fpasswd C:%5csecret.html studies%00/demo.html studies"""


@pytest.mark.parametrize("host", HOSTS)
def test_a_request_that_calls_this_machine_by_another_name_is_refused(server, host):
    asked = [each.format(port=server.port) for each in host]
    for path in ("index.html", ".state?page=index.html", ".preview.js"):
        answer = ask(server, f"/{server.token}/{path}", host=asked)
        assert answer.status == 421
        assert "Words" not in answer.text


@pytest.mark.parametrize("path", ["/", "/index.html", "/wrong/index.html", "//index.html", "/.state"])
def test_without_the_token_nothing_is_shown(server, path):
    answer = ask(server, path)
    assert answer.status == 403
    assert server.token not in answer.text


@pytest.mark.parametrize("path", OUTSIDE.split())
def test_a_path_that_leads_out_of_the_site_is_refused(server, path):
    answer = ask(server, f"/{server.token}/{path}")
    assert answer.status == 404
    assert "secret<" not in answer.text
    assert "root:" not in answer.text


@pytest.mark.posix
def test_a_link_that_leads_out_of_the_site_is_not_followed(server):
    (server.site / "link.html").symlink_to(server.site.parent / "secret.html")
    assert ask(server, f"/{server.token}/link.html").status == 404


def test_a_page_learns_that_it_has_changed_and_what_is_wrong(server):
    def state(page):
        return json.loads(ask(server, f"/{server.token}/.state?page={page}").text)

    first, other = state("index.html"), state("studies/demo.html")
    assert f"{first['stamp']}" in ask(server, f"/{server.token}/index.html").text
    (server.site / "index.html").write_text(PAGE.replace("Words", "Other words"), encoding="utf-8")
    assert state("index.html")["stamp"] != first["stamp"]
    assert state("studies/demo.html")["stamp"] == other["stamp"]
    server.said.problems = ["book/studies/demo.md, line 3: wrong"]
    assert state("studies/demo.html")["problems"] == ["book/studies/demo.md, line 3: wrong"]
    server.assets = "a picture has changed"
    assert state("studies/demo.html")["stamp"] != other["stamp"]


def test_a_watch_tells_what_came_went_and_changed_and_passes_over_what_programs_leave(tmp_path):
    for name in ("stays.md", "changes.md", "goes.md"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    watch = Watch([tmp_path, tmp_path / "not there"])
    assert watch.changed() == set()
    (tmp_path / "comes").mkdir()
    (tmp_path / "comes" / "new.csv").write_text("a", encoding="utf-8")
    (tmp_path / "changes.md").write_text("other", encoding="utf-8")
    (tmp_path / "goes.md").unlink()
    for left in (".changes.md.swp", "changes.md~", "~$changes.md", "x.part"):
        (tmp_path / left).write_text("left", encoding="utf-8")
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "a.ipynb").write_text("{}", encoding="utf-8")
    assert {path.name for path in watch.changed()} == {"new.csv", "changes.md", "goes.md"}
    assert watch.changed() == set()


class Book:
    """Stands for the book: fails as long as it is told to."""

    def __init__(self, wrong=None):
        self.asked, self.wrong = [], wrong

    def update(self, changed, tell):
        self.asked.append(changed)
        if self.wrong:
            raise CrosscaseError(self.wrong)
        return ["studies/demo.html"]

    def digits(self):
        return ["book/methods.md, line 3: 12 pilots", "book/other.md, line 1: 5"]


@pytest.fixture
def running(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(Preview, "_run_notebooks", lambda self: setattr(self, "stale", False))
    for name in ("book", "data/studies/demo", "results/preview"):
        (tmp_path / name).mkdir(parents=True)
    said = []
    made = Preview(tmp_path / "results" / "preview", [], said.append)
    made.told = said
    yield made
    made.close()


def test_what_is_wrong_is_said_with_file_and_line_until_it_is_mended(running):
    problem = Problem("book/studies/demo.md, line 3", "the id is that of a kept value", "{value}`x`")
    running.book = Book(problem)
    running.turn()
    assert running.server.said.problems == [str(problem)]
    assert running.told[-1] == f"- {problem}"
    running.book.wrong = None
    (paths.book() / "methods.md").write_text("In 12 pilots.", encoding="utf-8")
    running.turn()
    assert running.book.asked[-1] == {paths.book() / "methods.md"}
    assert running.server.said.problems == []
    assert running.server.said.notes == ["A number that comes from no role: book/methods.md, line 3: 12 pilots"]


def test_notebooks_run_for_data_and_not_for_a_chapter(running):
    running.book = Book()
    running.turn()
    assert not running.stale
    ran = []
    running._run_notebooks = lambda: ran.append(1) or setattr(running, "stale", False)
    (paths.book() / "methods.md").write_text("Words.", encoding="utf-8")
    running.turn()
    assert ran == []
    (paths.studies() / "demo" / "codings.csv").write_text("x", encoding="utf-8")
    running.turn()
    assert ran == [1]


def test_a_study_that_is_not_there_is_named_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    monkeypatch.setattr(module, "Server", lambda *_: pytest.fail("nothing may start"))
    with pytest.raises(CrosscaseError, match="nobody"):
        module.preview(["nobody"])
    assert not paths.results().exists()


@pytest.mark.long
@pytest.mark.posix
@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_when_it_ends_nothing_is_left(tmp_path, number):
    psutil = pytest.importorskip("psutil")
    (tmp_path / "compendium.yml").write_text("title: empty\n", encoding="utf-8")
    for name in ("book", "notebooks", "data/studies"):
        (tmp_path / name).mkdir(parents=True)
    command = [sys.executable, "-m", "crosscase", "preview", "--no-browser"]
    places = os.pathsep.join([str(paths.source().parent), os.environ.get("PYTHONPATH", "")])
    env = os.environ | {paths.HOME_VARIABLE: str(tmp_path), "PYTHONPATH": places}
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True)
    guard = threading.Timer(120, process.kill)
    guard.start()
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        connection = http.client.HTTPConnection(address.split("/")[2], timeout=30)
        connection.request("GET", "/" + address.split("/", 3)[3])
        assert "Preview" in connection.getresponse().read().decode()
        connection.close()
        started = psutil.Process(process.pid).children(recursive=True)
        os.kill(process.pid, getattr(signal, number))
        process.communicate()
    finally:
        guard.cancel()
    assert process.returncode == 0
    assert not list((tmp_path / "results").glob(".preview-*"))
    assert not [each for each in started if each.is_running()]
