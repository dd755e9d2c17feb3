"""Neutral ids: no name is left in a public column, and what is an id already is believed of our own files only."""

from __future__ import annotations

import json

import pytest

from crosscase import tables
from crosscase.exchange import import_file
from crosscase.study import load_study

TEXT = "Mrs Zonneveld of Oldtown said that the list was long."
NAMED = "zonneveld"


def study(**more):
    """Return a study in one JSON file, in which every id is a name."""
    content = {
        "documents": [{"document": "talk-zonneveld.txt", "title": "Talk", "kind": "interview", "release": "none",
                       "code_points": len(TEXT), "paragraphs": 1, "sentences": 1}],
        "codebook": [{"code": "wait", "label": "waiting", "definition": "time"}, {"code": "help", "label": "helping"}],
        "codings": [{"coding_id": f"zonneveld-{n}", "document": "talk-zonneveld.txt", "start": 0, "end": 13 + n,
                     "code": "wait", "coder": f"{who}-zonneveld", "paragraph": 1}
                    for n, who in enumerate(("jan", "ann"))],
        "cases": [{"case": "town-zonneveld", "label": "Town", "kind": "case"}],
        "themes": [{"theme": "about-zonneveld", "label": "About", "kind": "theme"}],
    } | more.pop("tables", {})  # fmt: skip
    shown = {}
    for name, rows in content.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        shown[name] = {"columns": columns, "rows": [[str(row.get(c, "")) for c in columns] for row in rows]}
    info = {"title": "T", "short_title": "T", "question": "Q", "stance": "unspecified"} | more.pop("info", {})
    return {"crosscase-study": 1, "info": info, "tables": shown, "texts": {"talk-zonneveld.txt": TEXT}} | more


def put(folder, content, name="x.json"):
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def public_bytes(home, name="s"):
    files = [path for path in (home / "data" / "studies" / name).rglob("*") if path.is_file()]
    return "\n".join([str(path) + path.read_text() for path in files])


@pytest.mark.parametrize("name", tables.names())
def test_no_key_of_a_public_table_is_restricted(name):
    schema = tables.schema(name)
    assert schema.level == "restricted" or not set(schema.key) & set(schema.restricted)


def test_ratings_are_imported_and_raters_are_neutral(home, tmp_path):
    rows = [{"case": "town-zonneveld", "framework": "cfir2022", "construct": "Innovation", "rating": "1",
             "rater": who, "round": "independent", "rationale": "said"}
            for who in ("jan-zonneveld", "guest zonneveld")]  # fmt: skip
    (home / "data/frameworks/cfir2022.csv").write_text(
        "construct,label,parent,order,source\nInnovation,Innovation,,1,Somebody 2022\n"
    )
    import_file(put(tmp_path, study(tables={"cfir_ratings": rows})), "s")
    found = load_study("s")
    assert len(found.whole("cfir_ratings")) == 2
    assert set(found.whole("cfir_ratings")["rater"]) & set(found.codings["coder"])
    assert NAMED not in public_bytes(home)
