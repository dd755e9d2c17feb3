"""Windows, macOS and Linux: line ends, what only POSIX has, and the jobs that try all three."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import click
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from crosscase import paths, yaml_text
from crosscase.cli import main
from crosscase.pipeline import load_plan
from crosscase.publish.book_reach import reach_problems
from crosscase.study import list_studies, load_study
from crosscase.study.shared import list_frameworks, load_framework

ROOT = Path(__file__).resolve().parents[2]
WORKFLOW = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
TRIGGERS = WORKFLOW[True]  # YAML takes the word `on` for true
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
POSIX = re.compile(
    r"\bos\.(kill|killpg|symlink|link|fork|mkfifo|geteuid|getuid|setsid|chown)\b|\bSIG(KILL|STOP|CONT|HUP|SEGV|QUIT)\b"
    r"|\.symlink_to\(|\b(import|from) (fcntl|resource|pwd|grp|termios)\b|(fcntl|resource)\.\w+\(|/proc/"
)
MARKED = re.compile(r"\bposix\b|\blinux\b")


def unmarked(text):
    """Yield the tests of a file, and what they share, that need POSIX without saying so."""
    body = ast.parse(text).body
    lines = text.splitlines()
    marks = [ast.unparse(each) for node in body for each in getattr(node, "decorator_list", [])]
    whole = [ast.unparse(node) for node in body if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node)]
    if any(map(MARKED.search, whole)):
        return
    for node in body:
        first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
        if not POSIX.search("\n".join(lines[first - 1 : node.end_lineno])):
            continue
        name = getattr(node, "name", f"line {node.lineno}")
        own = [ast.unparse(each) for each in getattr(node, "decorator_list", [])]
        if not any(map(MARKED.search, own if name.startswith("test_") else marks)):
            yield name


@pytest.mark.parametrize("path", sorted((ROOT / "tests").rglob("*.py")), ids=lambda path: path.name)
def test_a_test_that_needs_posix_says_so(path):
    if path != Path(__file__):
        text = path.read_text(encoding="utf-8")
        assert list(unmarked(text)) == [] or "makes no links here" in text, path.name


def test_an_unmarked_test_would_be_found():
    bare = "def test_a():\n    os.kill(1, 9)\n"
    assert list(unmarked(bare)) == ["test_a"]
    assert list(unmarked("@pytest.mark.posix\n" + bare)) == []
    assert list(unmarked("@pytest.mark.long\n" + bare)) == ["test_a"]
    assert list(unmarked("END = 'signal.SIGKILL'\n")) == ["line 1"]
    assert list(unmarked("END = 'signal.SIGKILL'\n@pytest.mark.posix\ndef test_a():\n    END\n")) == []


def test_every_file_is_text_with_lf_or_named_as_binary():
    """What is committed; a person's editor may write what it likes, as `.gitattributes` puts it right."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no copy of git")
    done = subprocess.run(["git", "ls-files", "-z", "--eol"], cwd=ROOT, capture_output=True, check=True)
    for entry in filter(None, done.stdout.decode("utf-8").split("\0")):
        about, _, name = entry.partition("\t")
        content, attributes = about.split()[0], about.partition("attr/")[2].split()
        if content == "i/-text":
            assert "-text" in attributes, f"{name} is no text: name its ending in .gitattributes"
        else:
            assert content in ("i/lf", "i/none"), f"{name}: {content}"
            assert "eol=lf" in attributes or "-text" in attributes, f"{name}: {attributes}"


@pytest.fixture
def with_crlf(tmp_path):
    """A copy of the compendium as an editor of Windows leaves it: every line ends in CR LF."""
    for part in ("data", "notebooks", "book", "compendium.yml", "requirements.lock"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, tmp_path / part)
    for path in tmp_path.rglob("*"):
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            path.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return tmp_path


def test_everything_of_ours_is_read_with_either_end_of_line(with_crlf, monkeypatch):
    def seen():
        studies = {name: load_study(name) for name in list_studies()}
        tables = {(name, t): each.whole(t) for name, each in studies.items() for t in ("codings", "facts", "codebook")}
        memos = {name: each.memos() for name, each in studies.items()}
        frameworks = {name: load_framework(name) for name in list_frameworks()}
        posters = sorted((paths.book() / "posters").glob("*.yml"))
        chapters = (
            reach_problems(),
            [yaml_text.data(yaml_text.node(p.read_text("utf-8"), p.name), p.name) for p in posters],
        )
        return tables, memos, frameworks, chapters, [job.id for job in load_plan().jobs()]

    monkeypatch.setenv(paths.HOME_VARIABLE, str(ROOT))
    here = seen()
    monkeypatch.setenv(paths.HOME_VARIABLE, str(with_crlf))
    there = seen()
    for one, two in ((here[0], there[0]), (here[2], there[2])):
        assert one.keys() == two.keys()
        for key in one:
            pd.testing.assert_frame_equal(one[key], two[key])
    assert (here[1], here[3], here[4]) == (there[1], there[3], there[4])
    for command in ("check", "list"):
        done = CliRunner().invoke(main, [command])
        assert done.exit_code == 0, done.output


def test_the_jobs_run_on_the_three_systems_and_every_python():
    matrices = [job["strategy"]["matrix"] for job in WORKFLOW["jobs"].values()]
    for matrix in matrices:
        assert set(matrix["system"]) == {"ubuntu-latest", "windows-latest", "macos-latest"}
    pythons = {*matrices[0]["python"], *(each["python"] for each in matrices[0]["include"])}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert pythons == {each.rsplit(" ", 1)[1] for each in project["classifiers"] if "Python :: 3." in each}


def test_the_jobs_may_read_and_nothing_else():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in WORKFLOW["jobs"].values())
    assert set(TRIGGERS) == {"push", "pull_request", "workflow_dispatch"}  # never pull_request_target
    for step in STEPS:
        if "uses" in step:
            assert re.fullmatch(r"actions/(checkout|setup-python|upload-artifact)@(v\d+|[0-9a-f]{40})", step["uses"])
        if step.get("uses", "").startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
        if step.get("uses", "").startswith("actions/setup-python"):
            assert step["with"]["cache"] == "pip"
            assert (ROOT / step["with"]["cache-dependency-path"]).is_file()


def test_the_jobs_call_only_commands_that_exist():
    called = [line for step in STEPS for line in step.get("run", "").splitlines()]
    assert {line.split()[2] for line in called} >= {"test", "book"}
    markers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    known = {each.partition(":")[0] for each in markers["markers"]}
    for line in called:
        assert line.startswith("python run.py "), line
        name, *options = re.sub(r'"[^"]*"', '""', line.partition(" | ")[0]).split()[2:]
        if name == "test":
            assert set(re.findall(r"\w+", re.search(r'-m "([^"]*)"', line)[1])) - {"not", "and"} <= known
            continue
        command = main.commands["build" if name == "book" else name]
        own = {flag for each in command.params if isinstance(each, click.Option) for flag in each.opts}
        assert set(options) <= own, line


def test_what_is_uploaded_is_what_a_build_makes():
    wanted = {paths.relative(folder) for folder in (paths.built_book(), paths.posters())}
    uploads = [step["with"]["path"].split() for step in STEPS if step.get("uses", "").startswith("actions/upload")]
    assert wanted in [set(each) for each in uploads]
