"""The inventory filled from the documents: counted, agreed to, undone; what a person wrote stays."""

from __future__ import annotations

import pandas as pd
import pytest
from click.testing import CliRunner

from crosscase import inventory
from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file
from crosscase.exchange.collected import fill_inventory, proposal
from crosscase.study import load_study
from crosscase.study.check import check_study


@pytest.fixture
def study(home, tmp_path):
    """Return a study of two interviews with one participant, a focus group and a text of which nobody said the kind."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for name, text in (("a", "one two"), ("b", "three four"), ("c", "five six"), ("d", "seven eight")):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    import_file(folder, "s")
    path = home / "data" / "studies" / "s" / "documents.csv"
    frame = pd.read_csv(path, dtype=str)
    frame["kind"] = ["interview", "interview", "focus group", "other"]
    frame["participant"] = ["p1", "p1", None, None]
    path.write_text(frame.to_csv(index=False), encoding="utf-8")
    return home


def numbers():
    frame = load_study("s").inventory
    return dict(zip(frame["item"], frame["n"]))


COUNTED = {
    "documents-interview": 2, "documents-interview-participants": 1, "documents-interview-words": 4,
    "documents-focus-group": 1, "documents-focus-group-words": 2,
}  # fmt: skip


def run(*arguments):
    done = CliRunner().invoke(main, ["inventory", "s", *arguments], env={"COLUMNS": "300"})
    assert done.exit_code == 0, done.output
    return done.output


def test_the_documents_are_counted_and_written_only_once_a_person_agrees(study):
    shown = run()
    assert "Interviews: participants" in shown
    assert "1 of the kind other are not counted" in shown
    assert "Nothing is written" in shown
    assert numbers() == {}
    assert "written: documents-focus-group" in run("--yes")
    assert numbers() == COUNTED
    assert "Nothing is new." in run("--yes")
    assert check_study("s") == []
    assert load_study("s").inventory["status"].eq("derived").all()
    CliRunner().invoke(main, ["undo", "s"])
    assert numbers() == {}


def test_what_a_person_wrote_stays_until_it_is_named(study):
    run("--yes")
    path = study / "data" / "studies" / "s" / "inventory.csv"
    path.write_text(
        path.read_text().replace("documents-interview,unpublished,interview,2", "documents-interview,paper,interview,3")
    )
    assert proposal(load_study("s")).set_index("item").loc["documents-interview", ["state", "stands"]].tolist() == [
        inventory.DIFFERS, 3,
    ]  # fmt: skip
    run("--yes")
    assert numbers()["documents-interview"] == 3
    with pytest.raises(CrosscaseError, match="documents-interview-words"):
        fill_inventory("s", ["documents-interview-words"])
    assert fill_inventory("s", ["documents-interview"]) == ["documents-interview"]
    row = load_study("s").inventory.set_index("item").loc["documents-interview"]
    assert (row["n"], row["stage"]) == (2, "paper")


def test_a_row_for_the_same_is_not_written_a_second_time(study):
    (study / "data/studies/s/inventory.csv").write_text(
        "item,stage,method,n,status,roles,fact\ntalks,paper,interview,4,stated,,\n", encoding="utf-8"
    )
    (study / "restricted/s/inventory.csv").write_text(
        "item,label,unit,source\ntalks,Talks,interviews,The report\n", encoding="utf-8"
    )
    found = proposal(load_study("s")).set_index("item")
    assert found.loc["documents-interview", ["state", "stands"]].tolist() == [inventory.BY_HAND, 4]
    run("--yes")
    assert numbers() == {"talks": 4} | {item: n for item, n in COUNTED.items() if item != "documents-interview"}


def test_of_how_many_documents_a_number_is_known_is_said():
    documents = pd.DataFrame(
        {"document": ["a", "b"], "kind": "interview", "participant": ["p1", None], "role": ["x;y", "y"],
         "date": ["2024-05", None]}
    )  # fmt: skip
    pages = pd.DataFrame({"document": ["b", "b"], "page": [1, 2]})
    found = inventory.from_documents(documents, pages, {"a": 10, "z": 99}).set_index("label")
    assert found["n"].tolist() == [2, 1, 2, 10]
    assert found["note"].tolist() == [
        "collected 2024-05 (1 of 2 dated)",
        *["known of 1 of 2 documents"] * 3,
    ]
    assert found.loc["Interviews", "roles"] == "x;y"
    assert inventory.from_documents(documents.iloc[:0], pages).empty
