"""The words of a study's documents: shown to those who have the texts, kept only of those that are released."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from crosscase import paths
from crosscase.analyses import terms
from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file
from crosscase.publish.keep import keeper
from crosscase.release.kept import LEVEL, Kept
from crosscase.study import load_study

ROOT = Path(__file__).resolve().parents[2]
NORTH = "The team trusted the trusting nurse. Trust grew while the quartermaster waited in the corridor.\n"
SOUTH = "The budget was short. The quartermaster had no budget and no trust in the budget.\n"


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    shutil.copytree(ROOT / "data" / "dictionary", folder / "data" / "dictionary")
    for name in ("studies", "frameworks"):
        (folder / "data" / name).mkdir(parents=True)
    (folder / "compendium.yml").write_text("studies: []\n")
    monkeypatch.setenv("CROSSCASE_HOME", str(folder))
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "north.txt").write_text(NORTH, encoding="utf-8")
    (texts / "south.txt").write_text(SOUTH, encoding="utf-8")
    import_file(texts, "s")
    return folder


def set_release(home, release):
    """Release the text from the north, as a person does in the table; return its id."""
    (north,) = [document for document, name in load_study("s").names("document").items() if name == "north.txt"]
    path = home / "data" / "studies" / "s" / "documents.csv"
    frame = pd.read_csv(path, dtype=str)
    frame["release"] = frame["release"].mask(frame["document"].eq(north), release)
    path.write_text(frame.to_csv(index=False), encoding="utf-8")
    return north


def everything(study):
    return [
        terms.terms(study, least=1),
        terms.collocations(study, "trust", least=1),
        terms.kwic(study, "trust"),
        terms.occurrence(study, ["trust", "quartermaster"]),
    ]


def test_those_who_have_the_texts_see_their_words(home):
    found, beside, lines, where = everything(load_study("s"))
    assert found.sentence.startswith("The 2 texts at hand have most often: trust (4), budget (3)")
    assert "the" not in set(found.frame["term"])
    assert lines.sentence == "'trust' has 4 places, in both texts at hand."
    assert where.sentence.startswith("'trust' has 4 places in 2 of 2 texts at hand; 'quartermaster' has 2 places")
    assert beside.sentence.startswith("Beside 'trust' stand most typically:")
    for result in (found, beside, lines, where):
        assert result.held == "It shows words of 2 texts that nobody has released."
        assert result.held in result._repr_html_().replace("&#x27;", "'")


def test_words_of_unreleased_texts_are_not_kept(home, monkeypatch, tmp_path):
    """At the prompt they are seen; neither there nor in a build do they come into results/."""
    keep = keeper("s")
    for number, result in enumerate(everything(load_study("s"))):
        with pytest.raises(CrosscaseError, match="shows words of unreleased texts"):
            keep(f"words.n{number}", result)
    monkeypatch.setenv(paths.RUN_VARIABLE, str(home / "results" / "runs" / "one"))
    for number, result in enumerate(everything(load_study("s"))):
        assert result.refused.startswith("No text of the study is released word by word")
        keep(f"words.n{number}", result)
    kept = [path for path in (home / "results").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"quartermaster" in path.read_bytes().lower()]


def test_a_notebook_that_shows_them_is_not_committed(home):
    """Where a person saves what JupyterLab shows, the hook of git knows it, though no passage is repeated."""
    for result in everything(load_study("s")):
        cell = {"output_type": "execute_result", "data": {"text/html": result._repr_html_()}}
        notebook = json.dumps({"cells": [{"cell_type": "code", "outputs": [cell]}]})
        assert Kept(home / "restricted").found_in("words.ipynb", notebook.encode()) == LEVEL


def test_a_build_reads_the_released_texts_only_and_says_so(home, monkeypatch):
    north = set_release(home, "verbatim")
    monkeypatch.setenv(paths.RUN_VARIABLE, str(home / "results" / "runs" / "one"))
    keep = keeper("s")
    for number, result in enumerate(everything(load_study("s"))):
        assert not result.held
        assert "1 text that nobody has released" in result.limits
        keep(f"words.n{number}", result)
    terms_kept = pd.read_csv(home / "results" / "runs" / "one" / "tables" / "s.words.n0.csv")
    assert "trust" in set(terms_kept["term"])
    assert "budget" not in set(terms_kept["term"])
    assert not [path for path in home.joinpath("results").rglob("*.csv") if b"budget" in path.read_bytes()]
    where = terms.occurrence(load_study("s"), "budget").frame.set_index("id")["state"]
    assert where.drop(north).eq("not_stated").all()
    set_release(home, "paraphrase")
    assert terms.terms(load_study("s")).refused


def test_at_the_public_level_no_text_is_at_hand(home, monkeypatch):
    monkeypatch.setenv(paths.LEVEL_VARIABLE, "public")
    for result in everything(load_study("s")):
        assert result.refused.startswith("No text of the study is at hand")


def test_words_of_ones_own_list_are_not_listed(home):
    assert "quartermaster" in set(terms.terms(load_study("s")).frame["term"])
    (home / "restricted" / "s" / "stopwords.txt").write_text("Quartermaster  # on every page\n\n# no word\n")
    assert "quartermaster" not in set(terms.terms(load_study("s")).frame["term"])
    assert "the" in set(terms.terms(load_study("s"), all_words=True).frame["term"])


def test_a_study_without_its_texts_says_where_they_go():
    assert "crosscase restricted add" in terms.kwic(load_study("no-fact-teams"), "team").sentence


def run(*arguments):
    return CliRunner().invoke(main, ["terms", "s", *arguments], env={"COLUMNS": "300"})


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ((), "typical of"),
        (("--by", "case"), "log-likelihood"),
        (("trust", "bud*"), "'bud*' has 3 places in 1 of 2 texts"),
        (("trust", "--lines"), "trusting"),
        (("trust", "--beside", "--least", "1"), "logDice"),
        (("nothere",), "'nothere' has no places in 0 of 2 texts"),
    ],
)
def test_the_command_shows_a_table_and_what_it_does_not_say(home, arguments, shown):
    done = run(*arguments)
    assert done.exit_code == 0, done.stderr
    assert shown in done.stdout
    assert "nobody has released" in " ".join(done.stdout.split())


def test_a_file_of_words_is_written_only_where_it_does_not_travel(home, tmp_path):
    for inside in ("data/words.csv", "results/words.csv", "book/words.csv", "words.csv", "data/studies/s/words.csv"):
        done = run("--csv", str(home / inside))
        assert done.exit_code == 1
        assert "where they do not travel" in done.stderr
        assert not (home / inside).exists()
    for place in (tmp_path / "words.csv", home / "restricted" / "words.csv"):
        assert run("trust", "--lines", "--csv", str(place)).exit_code == 0
        assert "trusting" in place.read_text(encoding="utf-8-sig")
        assert "it exists" in run("--csv", str(place)).stderr
    assert run("trust", "budget", "--lines", "--csv", str(tmp_path / "words.csv"), "--replace").exit_code == 0
    assert pd.read_csv(tmp_path / "words.csv")["query"].unique().tolist() == ["trust", "budget"]


def test_the_command_says_what_is_missing(home):
    assert "it needs a word" in run("--lines").stderr
    assert "a query holds a word" in run("...").stderr
    assert run("--csv", str(home / "none")).exit_code == 1
