"""A small compendium whose one text is not released, and passages of it in every dress."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest

from crosscase import paths

PASSAGE = "Nobody told the neighbours that the money for the bakery would be gone by the end of May"
TEXT = (
    f"At first we met weekly. {PASSAGE}, and then they stopped coming.\nThe board said “little” about it.\n"
    + "\n".join(
        f"Line {number} speaks of the {word} that we kept in the shed behind the old mill."
        for number, word in enumerate(("ropes", "barrels", "ladders", "kettles"), start=1)
    )
)


@pytest.fixture(scope="session")
def passage() -> str:
    """Words of the text that is not released."""
    return PASSAGE


@pytest.fixture
def compendium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small compendium of the book's tests; the text of its study `demo` may not travel."""
    place = Path(__file__).parents[1] / "book" / "small.py"
    spec = importlib.util.spec_from_file_location("small_compendium", place)
    assert spec is not None
    assert spec.loader is not None
    small = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(small)
    root = tmp_path / "compendium"
    monkeypatch.setenv(paths.HOME_VARIABLE, str(root))
    small.make(root)
    close(root, "demo", TEXT)
    return root


def close(root: Path, study: str, text: str) -> None:
    """Give a study another text for its first document, which nobody has released."""
    from crosscase.study import load_study, save_study
    from crosscase.study.load import table_names

    known = load_study(study)
    frames = {name: frame for name in table_names() if not (frame := known.table(name)).empty}
    documents = frames["documents"]
    documents.loc[0, ["release", "sha256"]] = ["paraphrase", hashlib.sha256(text.encode()).hexdigest()]
    documents["code_points"] = [len(text), 900]
    save_study(study, known.info, frames, texts={"d1.txt": text}, replace=True)
