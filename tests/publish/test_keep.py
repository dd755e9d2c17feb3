"""What is kept: each record once, the list on disk whole, one picture for the file and the notebook."""

from __future__ import annotations

import base64
import io
import json
import re

import pytest
from matplotlib.figure import Figure
from PIL import Image

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.publish import keep
from crosscase.publish.keep import keeper


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUN_VARIABLE, str(tmp_path))
    return tmp_path


def test_records_are_added_to_the_list_as_if_it_were_written_anew(run):
    k = keeper("demo")
    for number in range(4):
        k.value(f"a.n{number}", number, about='é ◆ "quoted"\nlines', reason="")
        text = (run / "values.json").read_text(encoding="utf-8")
        records = json.loads(text)
        assert [record["id"] for record in records] == [f"demo.a.n{i}" for i in range(number + 1)]
        assert text == json.dumps(records, indent=1, ensure_ascii=False) + "\n"


def test_an_id_twice_in_a_run_is_refused_also_after_somebody_else_wrote(run):
    k = keeper("demo")
    k.value("a.b", 1, about="x")
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k.value("a.b", 2, about="x")
    keep._ids.clear()  # as in a kernel that was started anew
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k.value("a.b", 2, about="x")
    records = json.loads((run / "values.json").read_text())
    (run / "values.json").write_text(json.dumps([*records, {"id": "demo.other.one"}], indent=1) + "\n")
    with pytest.raises(CrosscaseError, match="kept once in a run"):
        k.value("other.one", 2, about="x")
    k.value("c.d", 3, about="x")
    assert [record["id"] for record in json.loads((run / "values.json").read_text())] == [
        "demo.a.b", "demo.other.one", "demo.c.d"
    ]  # fmt: skip


def test_without_a_runner_a_value_replaces_its_former_self(tmp_path, monkeypatch):
    monkeypatch.delenv(paths.RUN_VARIABLE, raising=False)
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    k = keeper("demo")
    for number in (1, 2):
        k.value("a.b", number, about="x")
    assert [r["value"] for r in json.loads((tmp_path / "results/scratch/values.json").read_text())] == [2]


@pytest.mark.parametrize(("inches", "shown"), [(5.0, 500), (7.2, 720), (14.6, 720)])
def test_a_notebook_shows_the_picture_that_is_kept_at_the_width_of_the_page(run, inches, shown):
    figure = Figure(figsize=(inches, 1.5))
    figure.add_axes((0.1, 0.2, 0.8, 0.7)).plot([1, 2])
    before = figure.dpi, figure.canvas
    html = keeper("demo").figure("f.x", figure, alt='a "line"', caption="A line")._repr_html_()
    assert (figure.dpi, figure.canvas) == before
    kept = (run / "figures" / "demo.f.x.png").read_bytes()
    assert base64.b64decode(re.search(r"base64,([^\"]*)", html)[1]) == kept
    picture = Image.open(io.BytesIO(kept))
    assert picture.mode == "RGB"
    assert picture.size == (int(inches * 150), 225)
    assert round(picture.info["dpi"][0]) == 150
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert len(picture.getcolors(10**6)) > 2
    assert f'width="{shown}"' in html
    assert 'alt="a &quot;line&quot;"' in html
    assert b"<svg" in (run / "figures" / "demo.f.x.svg").read_bytes()
