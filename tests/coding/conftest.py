"""A study that is being coded: two interviews under restricted/, one coder, nothing released."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from crosscase import documents, tables
from crosscase.study import save_study
from crosscase.study.keys import KEY_FILE, new_key
from crosscase.study.model import Coder, blank_info

ROOT = Path(__file__).resolve().parents[2]
FIRST = """INT: How did it begin?
ANNA: Nobody had time. We met in the corridor 🙂 and talked.
INT: And then?

ANNA: Then the alderman came, and <b>money</b> with her. We trusted her.
She never promised what she could not keep.
"""
SECOND = """INT: What helped?
BEN: Trust helped. Trusting each other takes time.
"""
CODES = [
    ("relations", "Relations", None), ("trust", "Trust", "relations"), ("time", "Time", None), ("money", "Money", None),
]  # fmt: skip


def make(folder: Path, name: str = "talks", texts: dict[str, str] | None = None, public="none") -> Path:
    """Write a compendium with one study; `CROSSCASE_HOME` must name the folder."""
    shutil.copytree(ROOT / "data" / "dictionary", folder / "data" / "dictionary", dirs_exist_ok=True)
    for each in ("studies", "frameworks"):
        (folder / "data" / each).mkdir(parents=True, exist_ok=True)
    (folder / "compendium.yml").write_text("studies: all\nnotebooks: []\n")
    (folder / "notebooks").mkdir(exist_ok=True)
    texts, key = texts or {"d01": FIRST, "d02": SECOND}, new_key()
    rows = [
        {"document": id, "title": f"Interview {n}", "kind": "interview", "case": "k1" if n == 1 else "k2",
         "language": "en", "code_points": len(text), "paragraphs": len(documents.paragraph_spans(text)),
         "hmac": key.sign(text, id), "release": "none"}
        for n, (id, text) in enumerate(texts.items(), start=1)
    ]  # fmt: skip
    frames = {
        "documents": rows,
        "cases": [{"case": "k1", "label": "North", "kind": "case"}, {"case": "k2", "label": "South", "kind": "case"}],
        "roles": [{"role": "r1", "label": "Nurse", "kind": "role"}, {"role": "r2", "label": "Client", "kind": "role"}],
        "codebook": [{"code": code, "label": label, "parent": parent} for code, label, parent in CODES],
        "codings": [],
    }
    typed = {
        table: tables.typed(pd.DataFrame(rows), tables.schema(table)) if rows else tables.empty(tables.schema(table))
        for table, rows in frames.items()
    }
    info = blank_info(name).model_copy(
        update={"coders": {"c1": Coder(kind="person"), "c2": Coder(kind="person")},
                "public": [] if public == "none" else public}
    )  # fmt: skip
    info = type(info).model_validate(info.model_dump() | {"public": info.public})
    files = {f"{id}.txt": text for id, text in texts.items()}
    save_study(name, info, typed, texts=files | {KEY_FILE: key.text()})
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("CROSSCASE_HOME", str(folder))
    return make(folder)


@pytest.fixture
def fresh_home(tmp_path_factory, monkeypatch):
    """Return who makes a compendium anew for each example of a property."""

    def again(**how):
        folder = tmp_path_factory.mktemp("example")
        monkeypatch.setenv("CROSSCASE_HOME", str(folder))
        return make(folder, **how)

    return again
