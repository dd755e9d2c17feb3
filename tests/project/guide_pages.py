"""The guide as a person follows it: its blocks in order, and somebody who does what they say in a compendium.

A fence whose first word is `console` holds commands, one a line; `console fails` those that end with a status other
than 0. A plain `text` fence holds lines that the commands before it print. `python` runs. Other fences say what is done
with them: `write FILE` makes a file of it, `add FILE` puts it at its end, `set FILE` changes keys of YAML or columns of
a table (a column that holds ids or labels says which row; without one every row is meant), `fill FILE` does the same
with a workbook, whose first column says which row, `cell FILE [parameters]` is the next cell of a notebook, and
`shows FILE` stands in the file. A table whose first heading is `Write` gives stand-ins for ids: the coding of a coder
that begins with some words, or the document with a title.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import openpyxl
import yaml
from click.testing import CliRunner

from crosscase.cli import main
from crosscase.study import load_study

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
PARTS = ("compendium.yml", "data", "notebooks", "book", "docs/guide", "CITATION.cff", "requirements.lock", ".gitignore")
FENCE = re.compile(r"^(`{3,})(.*)$")
STAND_IN = re.compile(
    r"^\|\s*`(?P<name>[A-Z][A-Z0-9-]+)`\s*\|\s*(?P<coder>[^|]+?)\s*\|\s*(?P<words>[^|]+?)\s*\|$", re.MULTILINE
)
VERBS = ("write", "add", "set", "fill", "cell")
PERSON = {f"GIT_{kind}_{what}": "ann@example.org" for kind in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
PERSON |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "CI": "true"}
SLOW = ("build", "run", "reproduce")
ID = ("case", "code", "document", "theme", "role", "finding")
"""Columns that say which row is meant, beside labels; in a workbook the first column says it too."""


@dataclass(frozen=True)
class Block:
    """One fence of a page."""

    page: str
    line: int
    language: str
    does: tuple[str, ...]  # what stands after the language
    text: str
    before: str  # the prose between this block and the one before it

    def __str__(self) -> str:
        return f"docs/guide/{self.page}, line {self.line}"


def blocks(path: Path) -> list[Block]:
    """Return the fences of a page in order."""
    found, said, inside, mark = [], [], [], None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        match = FENCE.match(line)
        if mark is None and match:
            mark, info, start, inside = match[1], match[2].split(), number, []
        elif mark is not None and line.strip() == mark:
            language, *does = info or [""]
            found.append(Block(path.name, start, language, tuple(does), "\n".join(inside) + "\n", "\n".join(said)))
            mark, said = None, []
        else:
            (said if mark is None else inside).append(line)
    assert mark is None, f"{path.name}: a fence is not closed"
    return found


def copy(folder: Path) -> Path:
    """Make a fresh copy of the compendium: a clone, where git is at hand."""
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    for words in ("init -q", "add --all", "commit -q -m Start") if shutil.which("git") else ():
        subprocess.run(["git", *words.split()], cwd=folder, env=os.environ | PERSON, check=True)
    return folder


@dataclass
class Walk:
    """Somebody who follows pages in a compendium, which is the current folder."""

    home: Path
    builds: bool = True  # whether notebooks are run and books are built
    said: str = ""  # what the last commands printed
    names: dict[str, object] = field(default_factory=dict)  # of the Python blocks
    stand_ins: dict[str, tuple[str, str]] = field(default_factory=dict)

    def page(self, path: Path) -> None:
        """Follow one page from its beginning to its end."""
        self.names = {}
        for block in blocks(path):
            self.block(block)

    def block(self, block: Block) -> None:
        """Do what a block says."""
        self.stand_ins |= {m["name"]: (m["coder"], m["words"]) for m in STAND_IN.finditer(block.before)}
        if block.language == "console":
            self.said = "".join(self.command(block, line) for line in block.text.splitlines())
        elif block.does[:1] == ("shows",):
            assert set(block.text.splitlines()) <= set((ROOT / block.does[1]).read_text(encoding="utf-8").splitlines())
        elif block.does and block.does[0] in VERBS:
            getattr(self, block.does[0])(block, self.home / block.does[1])
        elif block.language == "text" and not block.does:
            seen = " ".join(self.said.split())
            for line in block.text.splitlines() if self.said else ():
                assert " ".join(line.split()) in seen, f"{block}: {line!r} is not printed, but:\n{self.said}"
        elif block.language == "python":
            exec(compile(block.text, str(block), "exec"), self.names)

    def command(self, block: Block, line: str) -> str:
        """Run one command; return what it printed."""
        program, *words = shlex.split(line)
        slow = program == "crosscase" and words[0] in SLOW
        if slow and not self.builds:
            return ""
        if program == "crosscase" and not slow:
            done = CliRunner().invoke(main, words, input="y\n")
            status, said = done.exit_code, done.output
            assert done.exception is None or isinstance(done.exception, SystemExit), (str(block), line, done.exception)
        else:
            command = [sys.executable, "-m", "crosscase", *words] if slow else [program, *words]
            ran = subprocess.run(command, cwd=self.home, capture_output=True, text=True, encoding="utf-8")
            status, said = ran.returncode, ran.stdout + ran.stderr
        assert (status != 0) == ("fails" in block.does), f"{block}: {line} ends with {status}:\n{said}"
        return said

    def filled(self, text: str) -> str:
        """Put ids of codings in the place of their stand-ins."""
        for name, (coder, words) in self.stand_ins.items():
            if name in text:
                text = text.replace(name, self.coding(coder, words))
        return text

    def coding(self, coder: str, words: str) -> str:
        """Return the id of the coding of a coder that begins with some words; for `document` that of a title."""
        if coder == "document":
            (found,) = {each["document"] for each in study().documents.to_dict("records") if each["title"] == words}
            return found
        said = (self.home / "codings.csv").read_text(encoding="utf-8-sig")
        rows = csv.DictReader(io.StringIO(said))
        (found,) = {r["coding_id"] for r in rows if r["coder"] == coder and r["quotation"].startswith(words)}
        return found

    def write(self, block: Block, path: Path) -> None:
        """Make a file of a block."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.filled(block.text), encoding="utf-8", newline="\n")

    def add(self, block: Block, path: Path) -> None:
        """Put a block at the end of a file."""
        assert path.is_file(), f"{block}: no {path.name}"
        path.write_text(path.read_text(encoding="utf-8") + self.filled(block.text), encoding="utf-8", newline="\n")

    def set(self, block: Block, path: Path) -> None:
        """Change keys of a YAML file, or columns of a table."""
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            out = io.StringIO()
            rows, names = changed(list(csv.DictReader(io.StringIO(text))), block.text)
            writer = csv.DictWriter(out, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
            text = out.getvalue()
        else:
            for key in yaml.safe_load(block.text):
                text = re.sub(rf"^{key}:.*\n(?:[ \-#].*\n)*", "", text, flags=re.MULTILINE)
            text += block.text
        path.write_text(text, encoding="utf-8", newline="\n")

    def fill(self, block: Block, path: Path) -> None:
        """Change cells of the first sheet of a workbook."""
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        head, *body = [list(row) for row in sheet.iter_rows(values_only=True)]
        rows, names = changed([dict(zip(head, row)) for row in body], block.text, first=True)
        for at, row in enumerate(rows, start=2):
            for number, name in enumerate(names, start=1):
                sheet.cell(at, number, row[name])
        book.save(path)

    def cell(self, block: Block, path: Path) -> None:
        """Add the next cell of a notebook, which is begun by its first cell."""
        if path.is_file() and not block.text.startswith("# "):
            notebook = nbformat.read(path, 4)
        else:
            notebook = nbformat.v4.new_notebook()
        kind = nbformat.v4.new_markdown_cell if block.language == "markdown" else nbformat.v4.new_code_cell
        tags = {"metadata": {"tags": ["parameters"]}} if "parameters" in block.does else {}
        notebook.cells.append(kind(block.text.rstrip("\n"), **tags))
        path.write_text(json.dumps(notebook), encoding="utf-8", newline="\n")


def changed(rows: list[dict[str, object]], text: str, first: bool = False) -> tuple[list[dict[str, object]], list[str]]:
    """Return the rows of a table with the cells that a block gives, and its columns."""
    given = list(csv.DictReader(io.StringIO(text)))
    names = list(dict.fromkeys([*(rows[0] if rows else given[0]), *given[0]]))
    keys = [n for at, n in enumerate(given[0]) if n in ID or n.endswith("_label") or (first and at == 0)]
    for change in given:
        hit = [row for row in rows if all(row[key] == change[key] for key in keys)]
        assert hit, f"no row for {change}"
        for row in hit:
            row |= change
    return [dict.fromkeys(names, "") | row for row in rows], names


def study(name: str = "shared-desk"):
    """Return the study of the tutorial as it stands."""
    return load_study(name)
