"""What is kept: each record once, the list on disk whole, one picture for the file and the notebook."""

from __future__ import annotations

import base64
import io
import json
import re

import pandas as pd
import pytest
from PIL import Image

from crosscase import figures, paths
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.values import Value
from crosscase.errors import CrosscaseError
from crosscase.publish import keep
from crosscase.publish.keep import keeper

CELLS = pd.DataFrame({"row": ["trust", "money"], "column": "north", "state": ["present", "not_stated"]})


def of_value(name, number, about="x"):
    return Result(pd.DataFrame(), "Counts.", counts=lambda _: [Value(name, number, about)])


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUN_VARIABLE, str(tmp_path))
    return tmp_path


def test_records_are_added_to_the_list_as_if_it_were_written_anew(run):
    k = keeper("demo")
    for number in range(4):
        k(f"r.n{number}", of_value(f"a.n{number}", number, 'é ◆ "quoted"\nlines'))
        text = (run / "values.json").read_text(encoding="utf-8")
        records = json.loads(text)
        assert [record["id"] for record in records] == [f"demo.a.n{i}" for i in range(number + 1)]
        assert text == json.dumps(records, indent=1, ensure_ascii=False) + "\n"


def test_an_id_twice_in_a_run_is_refused_also_after_somebody_else_wrote(run):
    k = keeper("demo")
    k("a", of_value("a.b", 1))
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k("a", of_value("a.c", 2))
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k("b", of_value("a.b", 2))
    keep._ids.clear()  # as in a kernel that was started anew
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k("c", of_value("a.b", 2))
    records = json.loads((run / "values.json").read_text())
    (run / "values.json").write_text(json.dumps([*records, {"id": "demo.other.one"}], indent=1) + "\n")
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k("d", of_value("other.one", 2))
    k("e", of_value("c.d", 3))
    assert [record["id"] for record in json.loads((run / "values.json").read_text())] == [
        "demo.a.b", "demo.other.one", "demo.c.d"
    ]  # fmt: skip


def test_without_a_runner_a_result_replaces_its_former_self(tmp_path, monkeypatch):
    monkeypatch.delenv(paths.RUN_VARIABLE, raising=False)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    k = keeper("demo")
    for number in (1, 2):
        k("a", of_value("a.b", number))
    assert [r["value"] for r in json.loads((tmp_path / "results/scratch/values.json").read_text())] == [2]
    assert [r["id"] for r in json.loads((tmp_path / "results/scratch/results.json").read_text())] == ["demo.a"]


def test_a_notebook_shows_the_picture_that_is_kept_at_the_width_of_the_page(run):
    result = Result(CELLS, "Cells.", draws=lambda frame: figures.matrix(frame, {"trust": 'a "code"', "money": "b"}))
    keeper("demo")("f.x", result)
    kept = (run / "figures" / "demo.f.x.png").read_bytes()
    html = result.html(kept)
    assert base64.b64decode(re.search(r"base64,([^\"]*)", html)[1]) == kept
    picture = Image.open(io.BytesIO(kept))
    assert picture.mode == "RGB"
    assert picture.size[0] == int(7.2 * 150)
    assert round(picture.info["dpi"][0]) == 150
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert len(picture.getcolors(10**6)) > 2
    assert 'width="720"' in html
    assert "&quot;code&quot;" in html
    assert b"<svg" in (run / "figures" / "demo.f.x.svg").read_bytes()
    (record,) = json.loads((run / "figures.json").read_text())
    assert record == {"id": "demo.f.x", "alt": result.alt, "caption": "Cells."}
    assert json.loads((run / "tables.json").read_text())[0]["id"] == "demo.f.x"


def test_a_refused_question_and_an_empty_frame_keep_their_reason_and_no_picture(run):
    k = keeper("demo")
    k("no", refuse("One coder only.", "Agreement.", [Value("alpha", None, "alpha", reason="one coder")]))
    k("none", Result(CELLS.head(0), "Cells.", draws=figures.matrix))
    records = json.loads((run / "results.json").read_text())
    assert [record["refused"] for record in records] == ["One coder only.", "There are no rows to show."]
    assert [record["sentence"] for record in records] == [record["refused"] for record in records]
    assert [record["id"] for record in json.loads((run / "tables.json").read_text())] == ["demo.none"]
    assert [record["id"] for record in json.loads((run / "values.json").read_text())] == ["demo.alpha"]
    assert not (run / "figures").exists()
    assert not (run / "figures.json").exists()


def test_an_id_that_is_too_long_or_a_device_of_windows_is_refused():
    assert keeper("small").full_id("a" * 94) == "small." + "a" * 94
    for owner, name in (("small", "a" * 95), ("aux", "n"), ("com1", "n")):
        with pytest.raises(CrosscaseError, match="file on every system"):
            keeper(owner).full_id(name)
