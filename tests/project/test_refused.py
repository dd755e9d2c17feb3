"""Whatever the system refuses, every command ends in one message: the file, what is the matter, what to do next."""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import subprocess
from pathlib import Path

import click
import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from crosscase import figures, paths, renames, trace
from crosscase.analyses.result import Result
from crosscase.cli import main
from crosscase.publish import poster
from crosscase.publish.keep import keeper
from crosscase.refusals import refused

ROOT = Path(__file__).resolve().parents[2]
STUDY, CASE = "no-fact-teams", "team_a"
SEGMENTS = "document,quotation,code,coder\none,Trust grew slowly.,trust,ann\none,Money came late.,money,ben\n"
CELLS = pd.DataFrame({"row": ["a"], "column": ["b"], "state": ["present"]})
ERRORS = {
    "held": (lambda path: PermissionError(errno.EACCES, "Permission denied", path), "close it in Excel"),
    "full": (lambda _: OSError(errno.ENOSPC, "No space left on device"), "make room"),
}


@pytest.fixture(scope="module")
def compendium(tmp_path_factory):
    """A compendium with an imported study, a kept figure, a repository of git, and workbooks that people filled."""
    root = tmp_path_factory.mktemp("refused")
    for part in ("data", "notebooks", "book", "compendium.yml", "requirements.lock"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, root / part)
    (root / "segments.csv").write_text(SEGMENTS, encoding="utf-8")
    (root / "more.csv").write_text(SEGMENTS + "one,Time was short.,time,ann\n", encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.HOME_VARIABLE, str(root))
        patch.setattr(trace, "_reads", {})
        for line in (
            f"import {root / 'segments.csv'} --study mine --quiet",
            "rename-code mine trust trusting",
            f"consensus export {STUDY} {root / 'meeting.xlsx'}",
            f"framework export {STUDY} {root / 'framework.xlsx'}",
            f"edit {STUDY} --to {root / 'edit.xlsx'}",
        ):
            done = CliRunner().invoke(main, line.split(" "), catch_exceptions=False)
            assert done.exit_code == 0, done.output
        (text,) = (root / "restricted" / "mine").glob("*.txt")
        shutil.copyfile(text, root / "text.txt")
        run = root / "results" / "runs" / "10_x" / "compendium"
        run.mkdir(parents=True)
        patch.setenv(paths.RUN_VARIABLE, str(run))
        keeper("demo")("matrix", Result(CELLS, "Cells.", draws=figures.matrix))
        (run / "state.json").write_text('{"notebook": "10_x", "parameters": {}}', encoding="utf-8")
    (root / "results" / "manifest.json").write_text("{}", encoding="utf-8")
    book = openpyxl.load_workbook(root / "meeting.xlsx")
    sheet = book["decisions"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for name, value in (("decision", "first"), ("reason", "clearer"), ("decided_on", "2024-05-06")):
        sheet.cell(2, columns[name], value)
    book.save(root / "meeting.xlsx")
    book = openpyxl.load_workbook(root / "edit.xlsx")
    book["Cases"]["B2"] = "Another name"
    book.save(root / "edit.xlsx")
    return root


@pytest.fixture
def refuse(compendium, monkeypatch):
    """Return a function that has every writing below the compendium refused."""
    monkeypatch.setenv(paths.HOME_VARIABLE, str(compendium))
    monkeypatch.setattr(renames, "PATIENCE", 0.0)
    monkeypatch.setattr(poster, "build_posters", lambda *_: [renames.write(paths.posters() / "x.pdf", b"%PDF")])

    def patch(make):
        def below(path):
            return isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(str(compendium))

        def guard(module, name, writes):
            whole = getattr(module, name)

            def asked(path, *more, **named):
                if below(path) and writes(path, *more, **named):
                    raise make(os.fsdecode(path))
                return whole(path, *more, **named)

            monkeypatch.setattr(module, name, asked)

        def for_writing(_, mode="r", *more, **named):
            return any(letter in mode for letter in "wax+")

        guard(io, "open", for_writing)
        guard(builtins, "open", for_writing)
        guard(os, "open", lambda _, flags=0, *more, **named: bool(flags & (os.O_CREAT | os.O_WRONLY | os.O_RDWR)))
        guard(os, "mkdir", lambda path, *more, **named: not os.path.exists(path))
        guard(os, "replace", lambda *more, **named: True)
        guard(os, "unlink", lambda *more, **named: False)

    return patch


def everything(root):
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files if path.suffix != ".pyc"}


COMMANDS = {
    "build": ("build --quiet", "results"),
    "build the poster": ("build --quiet --only poster", "results/poster"),
    "build the book": ("build --quiet --only book", "results"),
    "run": ("run 10_documents", "results"),
    "import": ("import {root}/segments.csv --study other --quiet", "data/studies|restricted"),
    "import again": ("import {root}/segments.csv --study mine --replace --quiet", "data/studies|restricted"),
    **{f"export {kind}": (f"export {STUDY} {{root}}/out.{kind} --to {kind}", f"out.{kind}")
       for kind in ("qdpx", "qdc", "csv", "xlsx", "json")},
    "figure": ("figure demo.matrix {root}/out.svg", "out.svg"),
    "graph": ("graph --to {root}/plan.svg", "plan.svg"),
    "reproduce": ("reproduce {root}/again", "again"),
    "edit": (f"edit {STUDY} --to {{root}}/other.xlsx", "other.xlsx"),
    "edit read": (f"edit {STUDY} --read {{root}}/edit.xlsx", "data/studies|restricted"),
    "consensus export": (f"consensus export {STUDY} {{root}}/other.xlsx", "other.xlsx"),
    "consensus read": (f"consensus read {STUDY} {{root}}/meeting.xlsx", "data/studies|restricted"),
    "framework export": (f"framework export {STUDY} {{root}}/other.xlsx", "other.xlsx"),
    "framework read": (f"framework read {STUDY} {{root}}/framework.xlsx", "data/studies|restricted"),
    "release-columns": ("release-columns mine cases.label", "data/studies|restricted"),
    "restricted add": ("restricted add mine {root}/text.txt", "restricted/mine"),
    "add": ("add mine {root}/more.csv", "data/studies|restricted"),
    "undo": ("undo mine --yes", "data/studies|restricted"),
    "rename-code": ("rename-code mine money funding", "data/studies|restricted"),
    "rename-case": (f"rename-case {STUDY} {CASE} another", "data/studies|restricted"),
    "merge-codes": ("merge-codes mine money --into trusting", "data/studies|restricted"),
    "split-code": ("split-code mine money time --coding c000002", "data/studies|restricted"),
    "remove": ("remove mine --yes", "data/studies|restricted"),
    "terms": ("terms mine --csv {root}/restricted/words.csv", "restricted/words.csv"),
    "inventory": (f"inventory {STUDY} --yes", "data/studies|restricted"),
    "new": ("new empty", "data/studies"),
    "protect": ("protect", "pre-commit"),
    "preview": ("preview --no-browser", "results"),
    "lab": ("lab --no-browser", "lab"),
}  # fmt: skip
READ_ONLY = {"list", "figures", "check", "code", "review"}
"""Commands that write nothing, or nothing that they need, below the compendium."""


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_names_the_file_and_what_to_do(name, error, compendium, refuse):
    line, place = COMMANDS[name]
    make, advice = ERRORS[error]
    before = everything(compendium)
    refuse(make)
    done = CliRunner().invoke(main, [part.format(root=compendium) for part in line.split(" ")])
    assert done.exit_code == 1, done.output
    assert isinstance(done.exception, SystemExit), repr(done.exception)
    assert "1 problem:" in done.output
    told = done.output.split("1 problem:")[1]
    assert any(each in told.split(": ")[0] for each in place.split("|")), told
    assert advice in told
    assert told.count("Next:") == 1
    after = {path: content for path, content in everything(compendium).items() if not path.startswith("results/.")}
    assert after == {path: content for path, content in before.items() if not path.startswith("results/.")}


@pytest.mark.parametrize("name", ["list", "figures", "check"])
def test_what_only_reads_works_where_nothing_can_be_written(name, refuse):
    refuse(ERRORS["held"][0])
    done = CliRunner().invoke(main, [name])
    assert done.exit_code == 0, done.output


def leaves(group, before=""):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_no_command_is_left_out():
    tried = {line for line, _ in COMMANDS.values()}
    for name in set(leaves(main)) - READ_ONLY:
        assert any(line == name or line.startswith(f"{name} ") for line in tried), name


@pytest.mark.parametrize(
    ("error", "words", "next_step"),
    [
        (PermissionError(13, "Permission denied", "a.xlsx"), "does not permit", "close it in Excel"),
        (OSError(28, "No space left on device", "a.xlsx"), "disk is full", "make room"),
        (OSError(30, "Read-only file system", "a.xlsx"), "only be read", "a folder of your own"),
        (OSError(36, "File name too long", "a" * 300), "too long, ", "shorter folder"),
        (FileNotFoundError(2, "No such file or directory", "a.xlsx"), "no such file", "check the path"),
        (OSError(9999, "Strange"), "refused", "run the command again"),
        (OSError("no number"), "refused", "run the command again"),
        (shutil.Error([("a", "b.csv", "[Errno 28] no space")]), "refused", "run the command again"),
    ],
)
def test_the_words_of_the_system_become_plain(error, words, next_step):
    problem = refused(error)
    assert words in problem.found
    assert next_step in problem.remedy


@pytest.mark.parametrize(
    ("code", "length", "words"),
    [
        (32, 9, "open in another program"),
        (5, 9, "does not permit"),
        (112, 9, "disk is full"),
        (206, 300, "too long"),
        (3, 300, "too long"),
        (3, 9, "no such file"),
        (53, 9, "network drive"),
        (19, 9, "only be read"),
    ],
)
def test_so_do_the_numbers_of_windows(code, length, words):
    error = FileNotFoundError(2, "said by Windows", "x" * length)
    error.winerror = code
    assert words in refused(error).found


def test_a_file_on_its_way_is_told_by_the_name_that_it_will_have(tmp_path):
    for name in (".cases.csv.part", ".cases.csv-ab12cd_9.part", "cases.csv.123.456.part"):
        assert refused(PermissionError(13, "no", str(tmp_path / name))).place.endswith(f"{os.sep}cases.csv"), name
    for name in ("cases.csv", "counter.part.csv"):
        assert refused(PermissionError(13, "no", name)).place == name


def test_of_a_rename_the_file_that_is_held_is_named_and_inside_a_compendium_from_its_root(compendium, monkeypatch):
    monkeypatch.setenv(paths.HOME_VARIABLE, str(compendium))
    error = PermissionError(13, "no", "new.part", None, str(compendium / "data" / "old.csv"))
    assert refused(error).place == "data/old.csv"
    monkeypatch.delenv(paths.HOME_VARIABLE)
    monkeypatch.chdir(compendium.parent)
    assert refused(error).place == str(compendium / "data" / "old.csv")


def test_a_closed_pipe_is_no_problem_of_a_file(monkeypatch):
    def broken():
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr(main.commands["figures"], "callback", lambda **_: broken())
    told = CliRunner().invoke(main, ["figures"])
    assert "problem" not in told.output
