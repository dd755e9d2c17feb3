"""Nothing that a run leaves names this machine, its user or a key; and nobody else gets into what is started."""

from __future__ import annotations

import contextlib
import getpass
import json
import re
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path, PurePosixPath, PureWindowsPath
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.errors import CrosscaseError
from crosscase.pipeline import load_plan, private, run
from crosscase.pipeline.lab import check_arguments, lab_settings
from crosscase.pipeline.private import is_secret, stand_ins, tidy, without_secrets
from crosscase.pipeline.server import fixed_environment, runtime

KEY = "sk-0123456789abcdef"
TELL = """\
import getpass, json, os, socket, sys, warnings
from pathlib import Path, PureWindowsPath
here = Path.cwd()
print(here, repr(here), here.as_uri(), json.dumps({"at": str(here)}), json.dumps(json.dumps(str(here))))
print(Path.home() / "a.csv", Path.home().as_uri(), sys.executable, os.environ["CROSSCASE_RUN"])
print(r"C:\\Users\\Ann Lee\\b.csv", repr(r"C:\\Users\\Ann Lee\\b.csv"), PureWindowsPath("C:/Users/Ann/b.csv"))
print(repr(PureWindowsPath("C:/Users/Ann/b.csv")), "file:///C:/Users/Ann%20Lee/b.csv", "/home/ann/b.csv")
print(f"{getpass.getuser()}@{socket.gethostname()}:~$")
print({name: value for name, value in os.environ.items()})
warnings.warn(str(here))
"""
SHOW = """\
from pathlib import Path
from IPython.display import HTML, Markdown, display
display(HTML(f"<a href='{Path.home().as_uri()}/a.html'>x</a>"), Markdown(f"`{Path.cwd()}`"), {"path": Path.home()})
"""
FAIL = "open(str(Path.home() / 'no such file.csv'))"


def every_text(folder: Path) -> dict[str, str]:
    """Return what stands in every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "replace") for path in files}


def told(text: str, root: Path, home: Path) -> list[str]:
    """Return what a text tells about this machine."""
    plain = re.sub(r"\\+", "/", text).replace("%20", " ").replace("%C3%A9", "é")
    plain = plain.replace("/u00e9", "é")
    names = [str(root), str(home), KEY, "Ann Lee", "Users/Ann", "/home/ann", tempfile.gettempdir() + "/", sys.prefix]
    names.append(f"{getpass.getuser()}@{socket.gethostname()}")
    return [name for name in names if name in plain]


@pytest.fixture
def telling(compendium, monkeypatch, tmp_path):
    """A compendium whose notebook says everything it can about the machine, in a home of its own."""
    home = tmp_path / "home of Ann"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("SERVICE_API_KEY", KEY)
    monkeypatch.setenv("DATABASE_URL", f"postgres://ann:{KEY}@db/x")
    monkeypatch.setenv("PLAIN_NAME", "plain value")
    return compendium, home


@pytest.mark.parametrize("warm", [False, True])
def test_no_file_of_a_run_tells_about_the_machine(telling, warm):
    compendium, home = telling
    outside = home / "more.csv"
    outside.write_text("case\n", encoding="utf-8")
    note = "from crosscase import trace\ntrace.note_read(Path.home() / 'more.csv')"
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", compendium.read, compendium.keep, TELL, SHOW, note)
    report = run(load_plan(), warm=warm, progress=False)
    assert report.ok, report.summary()
    texts = every_text(compendium.results)
    assert {"run.json", "manifest.json", "runs/10_cases/north/state.json"} <= texts.keys()
    for name, text in texts.items():
        assert told(text, compendium.root, home) == [], name
    executed = texts["runs/10_cases/north/10_cases.ipynb"]
    assert "<compendium>/notebooks" in executed
    assert "plain value" in executed
    assert "SERVICE_API_KEY" not in executed
    assert "~/more.csv" in texts["runs/10_cases/north/state.json"]
    assert socket.gethostname() not in {each["where"].split(",")[0] for each in json.loads(texts["run.json"])["done"]}
    assert run(load_plan(), warm=False, progress=False).done == []
    outside.write_text("case\nnew\n", encoding="utf-8")
    assert {each.job for each in run(load_plan(), warm=False, progress=False).done} >= {"10_cases/north"}


def test_neither_does_a_failure_its_traceback_and_its_message(telling):
    compendium, home = telling
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", TELL, FAIL)
    report = run(load_plan(), warm=False, progress=False)
    assert len(report.failures) == 2
    assert "FileNotFoundError" in report.failures[0].error
    assert "'~/no such file.csv'" in report.failures[0].error
    assert told(report.summary(), compendium.root, home) == []
    texts = every_text(compendium.results)
    assert "failed/10_cases/north.ipynb" in texts
    for name, text in texts.items():
        assert told(text, compendium.root, home) == [], name


def test_a_home_is_known_however_it_is_written():
    for text, shown in {
        "/home/ann/x.csv": "~/x.csv",
        "'/Users/ann/x'": "'~/x'",
        "//home/ann/x": "~/x",
        "file:///home/ann/x": "~/x",
        "file://localhost/Users/ann": "~",
        r"C:\Users\ann": "~",
        r"C:\Users\Ann Lee\x.csv": r"~\x.csv",
        r"c:\\users\\Ann Lee\\x.csv": r"~\\x.csv",
        "WindowsPath('C:/Users/ann/x')": "WindowsPath('~/x')",
        "file:///C:/Users/Ann%20Lee/x": "~/x",
        "/var/folders/ab/cdef_1/T/x": "~/x",
    }.items():
        assert tidy(text, {}) == shown, text
    for text in ("https://example.org/home/ann/x", "data/home/x", "at home/ann", "a/Users/b", "see ~/home/x"):
        assert tidy(text, {}) == text


USERS = st.sampled_from(
    [
        "ann",
        "Ann Lee",
        "Müller",
        "Jörg Müller",
        "O'Brien",
        "Ann-Marie de Vries",
        "ann.lee",
        "ANNLEE~1",
        "Łukasz",
        "李明",
    ]
)
FOLDERS = st.sampled_from(
    ["C:\\Users\\{}",
     "d:\\users\\{}", "C:\\Documents and Settings\\{}", "\\\\?\\C:\\Users\\{}", "\\\\server\\Users\\{}",
     "\\\\server\\data$\\home\\{}", "/home/{}", "/Users/{}", "/mnt/c/Users/{}", "/c/Users/{}", "//server/homes/{}"]
)  # fmt: skip
RESTS = st.sampled_from(["", "data.csv", "my files/data 1.csv", "Desktop/étude/x.py"])


def written(path):
    """Return a path in every form in which programs write it."""
    kind = PureWindowsPath if "\\" in path else PurePosixPath
    slashes = path.replace("\\", "/")
    forms = [
        f"'{path}'",
        f'"{slashes}"',
        repr(path),
        ascii(path),
        repr(kind(path)),
        repr(kind(slashes)),
        repr(path.encode()),
    ]
    forms += [json.dumps({"at": path}), json.dumps(path, ensure_ascii=False), json.dumps(json.dumps(path))]
    forms += [repr(json.dumps(path)), json.dumps({"at": slashes}).replace("/", "\\/"), repr([path, "x"])]
    forms += [
        quote(path, ""),
        quote(slashes, ""),
        f"`{path}`",
        f"<a href='{quote(slashes)}'>",
        f'File "{path}", line 3',
    ]
    if not path.startswith("\\\\?"):
        forms += [kind(path).as_uri()]
        forms += [f"file://localhost/{quote(slashes.lstrip('/'))}"] * (not slashes.startswith("//"))
    return forms


def parts_of(name):
    """Return the words of a user's name, each as it may stand in a text."""
    words = [word for word in re.split(r"[\s'~.]", name) if len(word) > 2 or not word.isascii()]
    return {form for word in words for form in (word, ascii(word)[1:-1], quote(word), repr(word.encode())[2:-1])}


@settings(deadline=None, max_examples=300)
@given(USERS, FOLDERS, RESTS)
def test_the_name_of_a_user_goes_from_a_path_in_every_form(user, folder, rest):
    turn = "\\" if "\\" in folder else "/"
    path = turn.join([folder.format(user), *([rest.replace("/", turn)] if rest else [])])
    for text in written(path):
        shown = tidy(f"see {text} there", {})
        assert not [part for part in parts_of(user) if part in shown], (text, shown)
        assert "~" in shown
        assert shown.startswith("see ")
        assert shown.endswith(" there")
        assert tidy(shown, {}) == shown


@settings(deadline=None)
@given(st.sampled_from([r"C:\work\my study", r"C:\Étude\x", r"\\server\share\Étude", "/srv/étude of cases/x"]))
def test_a_known_folder_goes_in_every_form(place):
    for text in [*written(place), *written(place[:1].lower() + place[1:])]:
        shown = tidy(f"see {text}", {place: "<here>"})
        assert "<here>" in shown, (text, shown)
        assert "tude" not in shown
        assert "my study" not in shown.replace("%20", " ")


def test_a_huge_text_costs_little():
    for text in (
        "/" * 300_000,
        "'/home/" * 40_000,
        "\\" * 300_000,
        "/Users/" + "a b" * 100_000,
        "C:/Users/a b " * 20_000,
    ):
        begin = time.process_time()
        tidy(text, {})
        assert time.process_time() - begin < 10  # seconds of work; where it is quadratic, hours


def test_the_name_of_this_user_goes_from_variables(monkeypatch):
    private._user.cache_clear()
    monkeypatch.setattr(private.getpass, "getuser", lambda: "ann")
    for text in ("USER=ann", "'USERNAME': 'ann'", '"LOGNAME": "ann"', "SUDO_USER=ann"):
        assert "ann" not in tidy(text, {}), text
    assert tidy("USER=anna", {}) == "USER=anna"
    assert tidy("an ann", {}) == "an ann"
    private._user.cache_clear()


def test_paths_with_odd_letters_are_known_in_every_escape(tmp_path):
    place = tmp_path / "étude of \"cases\" & 'more'"
    known = {str(place): "<here>"}
    for form in (str(place), place.as_uri(), json.dumps(str(place)), json.dumps(json.dumps(str(place)))):
        shown = tidy(f"at {form}/a.csv", known)
        assert "<here>" in shown, form
        assert "tude" not in shown, form
    assert tidy(f"{place}-other", known) == f"{place}-other"


def test_keys_do_not_reach_a_kernel(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("HTTPS_PROXY", f"http://ann:{KEY}@proxy:1")
    assert KEY not in str(fixed_environment())
    assert without_secrets({"A": "b", "MY_TOKEN": "c"}) == {"A": "b"}
    assert not any(map(is_secret, ("PATH", "HOME", "LANG", "GIT_AUTHOR_NAME", "KEYBOARD", "MONKEY")))
    assert tidy(f"Bearer={KEY};", stand_ins()) == "Bearer=<hidden>;"


@pytest.mark.posix
def test_kernels_speak_where_nobody_else_can_listen(tmp_path):
    from crosscase.pipeline.kernels import Manager

    manager = Manager().prepare(tmp_path / "log", warm=False, memory_limit=None)
    assert not stat.S_IMODE(runtime().stat().st_mode) & 0o077
    assert manager.transport == "ipc"
    assert Path(manager.connection_file).parent == runtime()


@pytest.mark.parametrize(
    "argument",
    [
        "--ip=0.0.0.0",
        "--ServerApp.ip=*",
        "--ServerApp.allow_remote_access=True",
        "--ServerApp.allow_origin=*",
        "--IdentityProvider.token=",
        "--ServerApp.token=''",
        "--NotebookApp.password=x",
        "--ServerApp.allow_unauthenticated_access=True",
        "--config=mine.py",
    ],
)
def test_the_laboratory_is_not_opened_to_others(argument):
    with pytest.raises(CrosscaseError) as caught:
        check_arguments(["--no-browser", argument])
    assert len(caught.value.problems) == 1
    check_arguments(["--no-browser", "--port=8889", "--ip=127.0.0.1", "10_documents.ipynb"])
    with pytest.raises(CrosscaseError):
        check_arguments(["--ip", "0.0.0.0"])


def test_each_start_has_a_token_of_its_own(compendium):
    first, second = lab_settings(), lab_settings()
    assert first["ServerApp"]["ip"] == "127.0.0.1"
    assert len(str(first["IdentityProvider"]["token"])) > 30
    assert first["IdentityProvider"] != second["IdentityProvider"]


@pytest.mark.long
def test_a_real_laboratory_listens_here_alone_and_asks_even_where_the_person_said_otherwise(telling):
    psutil = pytest.importorskip("psutil")
    compendium, home = telling
    (home / ".jupyter").mkdir()
    open_to_all = "c.ServerApp.ip = '0.0.0.0'\nc.ServerApp.token = c.IdentityProvider.token = ''\n"
    (home / ".jupyter" / "jupyter_server_config.py").write_text(open_to_all, encoding="utf-8")
    command = [sys.executable, "-m", "crosscase", "lab", "--no-browser", "--allow-root", "--port=0"]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=compendium.root
    )
    try:
        said, end = "", time.monotonic() + 60
        while not (found := re.search(r"(http://[\d.]+:\d+)/lab", said)) and time.monotonic() < end:
            said += running.stdout.readline()
        assert found, said
        token = re.search(r"token: (\S+)", said)[1]
        every = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
        open_at = set()
        while not open_at and time.monotonic() < end:
            every = [psutil.Process(running.pid), *psutil.Process(running.pid).children(recursive=True)]
            open_at = {each.laddr.ip for one in every for each in one.net_connections() if each.status == "LISTEN"}
        assert open_at == {"127.0.0.1"}
        assert not [one for one in every if token in " ".join(one.cmdline())]
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{found[1]}/api/contents", timeout=10)
        assert refused.value.code == 403
        assert urllib.request.urlopen(f"{found[1]}/api/contents?token={token}", timeout=10).status == 200
    finally:
        for one in reversed(every if "every" in locals() else [psutil.Process(running.pid)]):
            with contextlib.suppress(psutil.NoSuchProcess):  # a child may have ended by itself
                one.kill()
        running.wait(timeout=10)
        running.stdout.close()


def test_nothing_is_left_of_a_certificate_or_a_staging_folder(compendium):
    assert run(load_plan(), warm=False, progress=False).ok
    shutil.rmtree(compendium.results / "runs")
    assert {path.name for path in compendium.results.iterdir()} <= {
        ".cache", ".lock", "manifest.json", "run.json", "times.json"
    }  # fmt: skip
