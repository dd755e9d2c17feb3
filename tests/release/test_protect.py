"""Nothing restricted gets into a commit: what git ignores, and a hook that refuses the rest."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.release.kept import Kept
from crosscase.release.protect import KEPT, protect

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not here")


def git(folder, *arguments, check=True):
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(ROOT / "src")}
    who = {f"GIT_{kind}_{what}": "ann@example.org" for kind in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "CROSSCASE_"))}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment | quiet | who, capture_output=True, text=True, check=check
    )


@pytest.fixture
def repository(compendium):
    git(compendium, "init", "-q", "-b", "main")
    shutil.copyfile(ROOT / ".gitignore", compendium / ".gitignore")
    git(compendium, "add", ".")
    git(compendium, "commit", "-q", "-m", "begin")
    return compendium


def commit(folder, name, content, *, force=False):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", *(["-f"] if force else []), name)
    done = git(folder, "commit", "-m", "try", check=False)
    if done.returncode:
        git(folder, "reset", "-q")
        assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(
    "path",
    [
        "restricted",
        "restricted/demo/d1.txt",
        "restricted/demo/.d1.txt.part",
        "restricted/demo/cases.csv",
        "restricted/demo/key",
        "restricted/.demo-k3j2h1/d1.txt",
        "restricted/.demo-k3j2h1-old/d1.txt",
        "restricted/.cache/anything",
        "data/studies/.demo-k3j2h1/codings.csv",
        "data/studies/.demo-k3j2h1-old/codings.csv",
        ".out.csv-a1b2c3.part",
        "somewhere/.out.qdpx-a1b2c3.part",
        "study.qdpx",
        "study.xlsx",
        "study.json",
        "codings.csv",
        "results/.staging/10_documents+demo-1/values.json",
        "results/.book-source/index.md",
        "results/.cache/exits.json",
        "results/failed/10_documents/demo.ipynb",
    ],
)
def test_git_leaves_texts_and_what_is_made_of_them_alone(path):
    done = subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=ROOT, check=False)
    if done.returncode == 128:
        pytest.skip("not a git checkout")
    assert done.returncode == 0, path


@pytest.mark.parametrize(
    "path", ["data/studies/demo/codings.csv", "src/crosscase/study/restricted.py", "book/index.md"]
)
def test_what_belongs_in_the_repository_is_not_ignored(path):
    assert subprocess.run(["git", "check-ignore", "-q", "--no-index", path], cwd=ROOT, check=False).returncode


@pytest.mark.posix
def test_a_commit_that_holds_a_text_is_refused_with_file_and_next_step(repository, passage):
    assert "installed" in protect().done
    text = (repository / "restricted" / "demo" / "d1.txt").read_bytes()
    assert commit(repository, "notes.md", "Fine words.\n").returncode == 0
    refused = commit(repository, "notes.md", f"# Notes\n\nShe said: {passage}\n")
    assert refused.returncode == 1
    assert "notes.md, line 3" in refused.stderr
    assert "characters of d1.txt (demo)" in refused.stderr
    assert passage[10:50] not in refused.stderr
    refused = commit(repository, "restricted/demo/d1.txt", text, force=True)
    assert "restricted/demo/d1.txt: nothing under restricted/ is committed" in refused.stderr
    assert "git restore --staged -- restricted/demo/d1.txt" in refused.stderr
    assert "a copy of a file there" in commit(repository, "copy of it.bin", text).stderr
    assert commit(repository, "Restricted/x.md", "x", force=True).returncode == 1
    assert commit(repository, "päge.html", f"<p>{passage.replace('money', '<b>money</b>')}</p>").returncode == 1
    (repository / "restricted" / "demo" / "key").write_text("a1b2c3d4e5f60718293a4b5c6d7e8f90\n")
    refused = commit(repository, "docs/settings.json", '{"key": "a1b2c3d4e5f60718293a4b5c6d7e8f90"}')
    assert "docs/settings.json: no key is committed" in refused.stderr
    assert commit(repository, "more.md", "Other words.\n").returncode == 0


NAMES = "id,name\nc1,Ann of the Bakery\nc2,Bob\nc3,Cy\nc4,Dee\n"
DIGITS = "0123456789abcdef" * 4


def packed(kind, name, content):
    out = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
    else:
        with tarfile.open(fileobj=out, mode="w:gz") as archive:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
    return out.getvalue()


COPIES = {
    "names in a zip": packed("zip", "names.csv", NAMES),
    "names in a tar": packed("tar", "names.csv", NAMES),
    "notes in a zip": packed("zip", "a.yml", "title: A study of bread"),
    "one line more": f"{NAMES}\n",
    "one blank more": f" {NAMES}",
    "one row more": f"{NAMES}c5,Eve\n",
    "for another country": NAMES.replace(",", ";").replace("\n", "\r\n"),
    "three rows": "Look:\nc2,Bob\nc3,Cy\nc4,Dee\n",
    "one long row": "Look:\nc1,Ann of the Bakery at the mill\n",
    "in a notebook": json.dumps({"cells": [{"source": ["c2,Bob\n", "c3,Cy\n", "c4,Dee"]}]}, indent=1),
    "key in a zip": packed("zip", "hash.key", DIGITS),
    "key in a tar": packed("tar", "hash.key", DIGITS),
    "key in letters": base64.b64encode(DIGITS.encode()),
    "key in bytes": bytes.fromhex(DIGITS),
    "bytes of the key in letters": base64.b64encode(bytes.fromhex(DIGITS)),
    "key with colons": ":".join(DIGITS[n : n + 2] for n in range(0, 64, 2)).upper(),
    "export": json.dumps({"crosscase-study": 1, "name": "demo", "lev" + "el": "restricted"}, indent=1),
    "page": "<p>Built at the level restr" + "icted.</p>",
}


@pytest.mark.parametrize("what", COPIES)
def test_what_was_made_of_restricted_is_recognised(tmp_path, what):
    folder = tmp_path / "restricted" / "demo"
    folder.mkdir(parents=True)
    (folder / "names.csv").write_text(NAMES)
    (folder / "cases.csv").write_text("case,label\nc1,Ann of the Bakery at the mill\n")
    (folder / "study.yml").write_text("title: A study of bread\n")
    (folder / "hash.key").write_text(f"{DIGITS}\n")
    kept = Kept(tmp_path / "restricted")
    content = COPIES[what]
    found = kept.found_in("a.bin", content if isinstance(content, bytes) else content.encode())
    assert found is not None
    assert found[0].startswith("no key" if "key" in what else "nothing ")
    for other in (
        b"id,name\nc2,Bob\nc3,Cy\n",
        b"case,label\n",
        f'{{"level": "public", "a": "{DIGITS[::-1]}"}}'.encode(),
    ):
        assert kept.found_in("b.bin", other) is None


@pytest.mark.long
@pytest.mark.posix
def test_results_are_not_committed_and_tables_of_the_study_are(repository):
    protect()
    assert "nothing under results/" in commit(repository, "results/runs/a.csv", "a,b\n1,2\n", force=True).stderr
    (repository / "restricted" / "demo" / "hash.key").write_text(DIGITS)
    refused = commit(repository, "a.zip", packed("zip", "hash.key", DIGITS))
    assert "a.zip: no key is committed" in refused.stderr
    assert commit(repository, "docs/results/a.md", "words").returncode == 0


@pytest.mark.long
@pytest.mark.posix
def test_what_is_staged_counts_not_what_lies_in_the_folder(repository, passage):
    protect()
    (repository / "a.md").write_text(passage)
    git(repository, "add", "a.md")
    (repository / "a.md").write_text("changed again")
    assert git(repository, "commit", "-m", "try", check=False).returncode == 1
    git(repository, "add", "a.md")
    (repository / "a.md").write_text(passage)
    assert git(repository, "commit", "-m", "try", check=False).returncode == 0
    assert git(repository, "rm", "-q", "--cached", "a.md").returncode == 0
    assert git(repository, "commit", "-m", "take it out", check=False).returncode == 0


@pytest.mark.long
@pytest.mark.posix
def test_an_earlier_hook_is_kept_called_and_put_back(repository, passage):
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho earlier >&2\ntest ! -e stop\n")
    hook.chmod(0o755)
    assert KEPT in protect().done
    assert "renewed" in protect().done
    done = commit(repository, "a.md", "words")
    assert "earlier" in done.stderr
    assert done.returncode == 0
    (repository / "stop").write_text("")
    assert commit(repository, "b.md", "words").returncode == 1
    (repository / "stop").unlink()
    assert commit(repository, "b.md", passage).returncode == 1
    hook.with_name(KEPT).rename(hook.with_name("aside"))
    shutil.copy(hook.with_name("aside"), hook.with_name(KEPT))
    protect(remove=True)
    assert hook.read_text().startswith("#!/bin/sh\necho earlier")
    assert commit(repository, "c.md", passage).returncode == 0
    assert "no hook of crosscase" in protect(remove=True).done


@pytest.mark.posix
@pytest.mark.parametrize("remove", [False, True])
def test_an_earlier_hook_stays_where_a_rename_is_refused(repository, monkeypatch, remove):
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    (hooks / "pre-commit").write_text("#!/bin/sh\nexit 0\n")
    if remove:
        protect()
    before = {path.name: path.read_bytes() for path in hooks.iterdir()}
    monkeypatch.setattr("crosscase.renames.PATIENCE", 0.0)
    whole = os.replace

    def rename(source, target):
        if str(target).endswith("pre-commit") and (remove or str(source).endswith(".part")):
            raise PermissionError(13, "Access is denied", str(source), None, str(target))
        return whole(source, target)

    monkeypatch.setattr(os, "replace", rename)
    with pytest.raises((CrosscaseError, PermissionError)):
        protect(remove)
    assert {path.name: path.read_bytes() for path in hooks.iterdir()} == before


def test_two_earlier_hooks_are_not_overwritten(repository):
    hooks = repository / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", KEPT):
        (hooks / name).write_text("#!/bin/sh\n")
    with pytest.raises(CrosscaseError, match="never overwritten"):
        protect()
    assert (hooks / "pre-commit").read_text() == "#!/bin/sh\n"


@pytest.mark.long
@pytest.mark.posix
def test_hooks_of_another_folder_and_of_a_second_work_tree(repository, passage, tmp_path, monkeypatch):
    git(repository, "config", "core.hooksPath", "tools/hooks")
    assert protect().file == repository.resolve() / "tools" / "hooks" / "pre-commit"
    assert commit(repository, "a.md", passage).returncode == 1
    git(repository, "config", "core.hooksPath", str(tmp_path / "for all"))
    with pytest.raises(CrosscaseError, match="belong to this repository alone"):
        protect()
    assert not (tmp_path / "for all").exists()
    git(repository, "config", "--unset", "core.hooksPath")
    protect()
    second = tmp_path / "second tree"
    git(repository, "worktree", "add", "-q", "-b", "second", str(second))
    assert commit(second, "a.md", passage).returncode == 1
    assert commit(second, "b.md", "words").returncode == 0
    monkeypatch.setenv("CROSSCASE_HOME", str(second))
    assert protect().file == repository.resolve() / ".git" / "hooks" / "pre-commit"


@pytest.mark.long
@pytest.mark.posix
def test_a_compendium_inside_of_a_repository(compendium, passage, monkeypatch):
    outer = compendium.parent
    git(outer, "init", "-q")
    protect()
    assert commit(outer, "compendium/notes.md", passage).returncode == 1
    assert commit(outer, "compendium/restricted/demo/other.txt", "x", force=True).returncode == 1
    assert commit(outer, "other.md", "words").returncode == 0


@pytest.mark.posix
def test_an_environment_that_is_gone_refuses_and_says_what_to_do(repository):
    hook = protect().file
    hook.write_text(hook.read_text().replace(sys.executable, "/no/such/python"))
    refused = commit(repository, "a.md", "words")
    assert refused.returncode == 1
    assert "crosscase protect --remove" in refused.stderr


def test_outside_of_a_repository(compendium, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(compendium.parent))
    done = CliRunner().invoke(main, ["protect"])
    assert done.exit_code == 1
    assert "git init" in done.output


def test_a_study_is_committed_after_a_command_has_kept_it_as_it_was(repository, monkeypatch):
    """Its public tables of then lie under restricted/ too; what of them is public now is no copy, the rest is."""
    monkeypatch.setenv("CROSSCASE_HOME", str(repository))
    protect()
    table = repository / "data" / "studies" / "demo" / "cases.csv"
    table.write_text("case,label,kind\nk01,Tuesday group of Mill Lane,case\n", encoding="utf-8")
    kept = repository / "restricted" / "demo" / "before" / "2026-01-01-1" / "data" / "cases.csv"
    kept.parent.mkdir(parents=True)
    shutil.copyfile(table, kept)
    assert commit(repository, "data/studies/demo/cases.csv", table.read_bytes()).returncode == 0
    more = table.read_text(encoding="utf-8") + "k02,Friday group of Mill Lane,case\n"
    assert commit(repository, "data/studies/demo/cases.csv", more).returncode == 0
    neutral = commit(repository, "data/studies/demo/cases.csv", "case,kind\nk01,case\n")
    assert neutral.returncode == 0
    assert "rows of a table there" in commit(repository, "old.txt", "k01,Tuesday group of Mill Lane,case").stderr
    assert "a copy of a file there" in commit(repository, "old.tsv", kept.read_bytes()).stderr
