"""A passage that a notebook prints, a chapter pastes or a poster pastes stops the build; what stood there stays."""

from __future__ import annotations

import json

import nbformat
import pytest
import yaml
from click.testing import CliRunner

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.pipeline import exits, load_plan, run
from crosscase.publish.book import build_book
from crosscase.publish.poster import build_posters
from crosscase.publish.values import read_kept

KEEP = """\
import os
from pathlib import Path
(Path(os.environ["CROSSCASE_RUN"]) / "values.json").write_text("[]")
"""
PRINT = 'from crosscase import paths\nprint((paths.restricted() / study / "d1.txt").read_text()[20:130])'


def notebook(root, *cells):
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Documents", id="title")])
    node.cells.append(
        nbformat.v4.new_code_cell("study = 'demo'  # which", id="parameters", metadata={"tags": ["parameters"]})
    )
    node.cells += [nbformat.v4.new_code_cell(text, id=f"c{number}") for number, text in enumerate(cells)]
    (root / "notebooks").mkdir(exist_ok=True)
    nbformat.write(node, root / "notebooks" / "20_print.ipynb")
    entry = {"notebook": "20_print", "title": "Print", "per": "study", "reason": "to test"}
    plan = {"title": "small", "studies": ["demo"], "notebooks": [entry]}
    (root / "compendium.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    (root / "requirements.lock").write_text("pandas==3.1.1\n", encoding="utf-8")


def words_in(folder, passage):
    held = [path for path in folder.rglob("*") if path.is_file() and passage[5:60].encode() in path.read_bytes()]
    return [path.relative_to(folder).as_posix() for path in held]


def quiet(**options):
    return run(load_plan(), progress=False, workers=1, warm=False, **options)


def test_a_notebook_that_prints_a_passage_fails_and_its_earlier_results_stay(compendium, passage):
    notebook(compendium, KEEP)
    assert quiet().ok
    folder = compendium / "results" / "runs" / "20_print" / "demo"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    notebook(compendium, KEEP, PRINT)
    report = quiet()
    failure = report.failures[0]
    assert (
        "its results were not put in place: results/runs/20_print/demo/20_print.ipynb, cell 4, output" in failure.error
    )
    assert "characters of d1.txt (demo)" in failure.error
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert words_in(compendium / "results", passage) == []
    assert passage[5:60] not in report.summary()


def test_a_notebook_that_fails_leaves_no_passage_in_its_message_or_its_remains(compendium, passage):
    notebook(compendium, PRINT, PRINT.replace("print(", "raise ValueError("))
    failure = quiet().failures[0]
    assert failure.cell == 4
    assert failure.error.startswith("the message is withheld")
    assert not failure.executed
    assert words_in(compendium / "results", passage) == []


def test_a_notebook_that_fails_without_a_passage_is_left_for_inspection(compendium):
    notebook(compendium, "raise ValueError('no such case')")
    failure = quiet().failures[0]
    assert failure.error == "ValueError: no such case"
    assert (compendium / failure.executed).is_file()


def test_what_was_looked_through_is_not_looked_through_again(compendium, monkeypatch):
    notebook(compendium, KEEP)
    assert quiet().ok
    monkeypatch.setattr(exits, "remembered", lambda kind, key, look: {"clean": True} if known(key) else look())
    monkeypatch.setattr("crosscase.release.gate.check_folder", lambda *_: pytest.fail("looked through again"))
    report = quiet()
    assert report.ok
    assert report.fresh == ["20_print/demo"]


def known(key):
    return key in json.loads((paths.results() / ".cache" / "exits.json").read_text(encoding="utf-8"))


def test_results_that_stand_are_looked_through_when_a_permission_is_taken_back(compendium, passage):
    rows = compendium / "data" / "studies" / "demo" / "documents.csv"
    closed = rows.read_text(encoding="utf-8")
    rows.write_text(closed.replace("paraphrase", "verbatim", 1), encoding="utf-8")
    notebook(compendium, PRINT)
    assert quiet().ok
    rows.write_text(closed, encoding="utf-8")
    failure = quiet().failures[0]
    assert failure.error.startswith(
        "its results may not stay: results/runs/20_print/demo/20_print.ipynb, cell 3, output"
    )


@pytest.mark.long
def test_a_chapter_that_pastes_a_passage_is_named_with_its_line_and_the_earlier_book_stays(compendium, passage):
    report = build_book(["demo"])
    index = report.index.read_bytes()
    chapter = compendium / "book" / "studies" / "demo.md"
    text = chapter.read_text(encoding="utf-8")
    pasted = passage.replace("money", "*mo*ney")
    chapter.write_text(f"{text}\n> {pasted[:40]}\n> {pasted[40:]}\n", encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book(["demo"])
    places = [problem.place for problem in caught.value.problems]
    line = text.count("\n") + 2
    assert places[0] == f"book/studies/demo.md, line {line}"
    assert {place.split(",")[0] for place in places[1:]} == {"results/book/studies/demo.html"}
    assert report.index.read_bytes() == index
    assert words_in(compendium / "results", passage[50:]) == []
    assert [path.name for path in (compendium / "results").glob(".book*")] == []
    chapter.write_text(text, encoding="utf-8")
    assert build_book(["demo"]).index.read_bytes() == index


@pytest.mark.long
def test_alternative_text_and_table_of_a_kept_result_are_found_in_the_book(compendium, passage):
    folder = compendium / "results" / "runs" / "10_documents" / "demo"
    records = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    records[0]["alt"] = passage
    (folder / "figures.json").write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book(["demo"])
    assert any(problem.place.startswith("results/book/studies/demo.html, line") for problem in caught.value.problems)


def test_a_poster_that_pastes_a_passage_is_named_with_its_line_and_the_earlier_poster_stays(compendium, passage):
    words = {"title": "Money", "finding": "It came late.", "question": "Why?", "messages": ["It was late."]}
    words |= {"methods": "Talks.", "limits": "Few.", "figures": ["demo.inventory.overview"]}
    file = compendium / "book" / "posters" / "demo.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(words), encoding="utf-8")
    kept = read_kept()
    poster = build_posters(["demo"], kept)[0]
    before = poster.read_bytes()
    file.write_text(yaml.safe_dump(words | {"limits": passage}, width=10_000), encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_posters(["demo"], kept)
    places = [problem.place for problem in caught.value.problems]
    assert places[0].startswith("book/posters/demo.yml, line ")
    assert "results/poster/demo.pdf, page 1" in places
    assert poster.read_bytes() == before


def test_the_command_tells_file_and_place_without_a_traceback(compendium, passage):
    from crosscase.cli import main

    notebook(compendium, PRINT)
    done = CliRunner().invoke(main, ["run", "20_print", "--study", "demo", "--cold"])
    assert done.exit_code == 1
    assert "20_print.ipynb, cell 3, output" in done.output
    assert passage[:40] not in done.output
