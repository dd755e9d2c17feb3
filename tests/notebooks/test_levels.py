"""A study with names: whole on its holder's machine; at the level public the bytes of a machine without them."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

pytestmark = pytest.mark.long
ROOT = Path(__file__).resolve().parents[2]
PARTS = ("data/dictionary", "data/frameworks", "notebooks", "book", "requirements.lock")
OF_THIS_MACHINE = (".lock", ".cache", ".staging", ".book-source", "times.json", "run.json", "book.book.json")
NAMES = ("Winterswijk", "Lochem", "Visser", "Smit", "Carla", "Tjaard", "carla", "tjaard")
PLAN = """title: Talks
studies: all
notebooks:
  - {notebook: 20_coding, title: Coding, per: study, reason: To see who coded what.}
  - {notebook: 30_triangulation, title: Triangulation, per: study, reason: To see agreement.}
  - {notebook: 50_cases, title: Cases, per: study, reason: To compare cases.}
"""
ROWS = """document,case,quotation,code,coder,memo
Interview Anna Visser,Winterswijk,Nobody has any time for us here,time,Carla,said with a sigh
Interview Anna Visser,Winterswijk,We trust each other more than before,trust,Carla,
Interview Anna Visser,Winterswijk,Nobody has any time for us here,time,Tjaard,
Interview Ben Smit,Lochem,They come when we call,trust,Carla,short answer
Interview Ben Smit,Lochem,They come when we call,trust,Tjaard,
Interview Ben Smit,Lochem,The days are too short for a talk,time,Tjaard,
"""


def crosscase(folder, *arguments, **environment):
    command = [sys.executable, "-m", "crosscase", *arguments]
    env = os.environ | {"CROSSCASE_HOME": str(folder), "CI": "true"} | environment
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def outcome(folder):
    """Every byte of the results that is no note about this machine."""
    results = folder / "results"
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in sorted(results.rglob("*"))
        if path.is_file() and path.relative_to(results).parts[0] not in OF_THIS_MACHINE
    }


@pytest.fixture(scope="module")
def holder(tmp_path_factory):
    """The machine of a study's holder, where an import has put names apart."""
    folder = tmp_path_factory.mktemp("holder") / "étude"
    for part in PARTS:
        target = folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, target)
    shutil.rmtree(folder / "book" / "studies")
    other = Path("data", "studies", "no-fact-teams")  # a book of one study leaves chapters about others out
    shutil.copytree(ROOT / other, folder / other)
    (folder / "compendium.yml").write_text(PLAN, encoding="utf-8")
    table = folder.parent / "Visser and Smit.csv"
    table.write_text(ROWS, encoding="utf-8")
    crosscase(folder, "import", str(table), "--study", "talks")
    return folder


@pytest.fixture(scope="module")
def books(holder):
    """Results of the holder, then at the level public, then where nothing but the public part is."""
    build = ("build", "--study", "talks", "--quiet")
    crosscase(holder, *build)
    whole = outcome(holder)
    shutil.rmtree(holder / "results")
    crosscase(holder, *build, "--level", "public")
    public = outcome(holder)
    elsewhere = holder.parent / "elsewhere" / "étude"
    shutil.copytree(holder, elsewhere, ignore=shutil.ignore_patterns("restricted", "results"))
    crosscase(elsewhere, *build)
    return whole, public, outcome(elsewhere)


def test_the_level_public_gives_the_bytes_of_a_machine_without_names(books):
    _, public, elsewhere = books
    assert sorted(public) == sorted(elsewhere)
    assert [name for name in public if public[name] != elsewhere[name]] == []


def test_no_name_is_in_what_is_built_at_the_level_public(books):
    _, public, _ = books
    for name, content in public.items():
        found = [word for word in NAMES if re.search(rf"\b{word}\b".encode(), content)]
        assert not found, (name, found)


def test_the_holder_sees_every_name(books):
    whole, public, _ = books
    chapter = whole["book/studies/talks.html"].decode()
    assert "Winterswijk" in chapter
    assert "Lochem" in chapter
    segments = "".join(text.decode() for name, text in whole.items() if name.startswith("book/segments/"))
    assert "Interview Anna Visser" in segments
    assert "said with a sigh" in segments
    assert ">Carla<" in segments or ">carla<" in segments.lower()
    compared = whole["runs/30_triangulation/talks/30_triangulation.ipynb"].decode().lower()
    assert "carla" in compared
    assert "tjaard" in compared
    workbook = io.BytesIO(whole["runs/20_coding/talks/tables/talks.coders.xlsx"])
    assert set(pd.read_excel(workbook)["coder"].str.lower()) == {"carla", "tjaard"}
    shown = whole["runs/20_coding/talks/20_coding.ipynb"].decode().lower()
    assert "carla" in shown
    assert "k01" in public["book/studies/talks.html"].decode()


def test_pages_and_files_say_their_level(books):
    whole, public, _ = books
    for level, results in (("restricted", whole), ("public", public)):
        pages = {name: text.decode() for name, text in results.items() if re.match(r"book/[^_].*\.html$", name)}
        assert pages
        for name, page in pages.items():
            assert f'name="crosscase-level" content="{level}"' in page, name
            assert f"Built at the level {level}." in page, name
        assert results["book/data/LEVEL.txt"].decode() == f"Built at the level {level}.\n"
        drawn = results["runs/20_coding/talks/20_coding.ipynb"].decode()
        assert f'"level": "{level}"' in drawn
        assert f'"level": "{level}"' in results["manifest.json"].decode()
        pictures = [
            text for name, text in results.items() if name.startswith("runs/") and name.endswith((".svg", ".png"))
        ]
        assert pictures
        assert all(f"Built at the level {level}.".encode() in picture for picture in pictures)
