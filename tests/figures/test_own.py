"""A figure that a person draws with matplotlib is kept beside the others, and says that it cannot be drawn anew."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from matplotlib.figure import Figure

from crosscase import figures, paths
from crosscase.analyses.result import Result
from crosscase.errors import CrosscaseError
from crosscase.publish.keep import keeper
from crosscase.publish.recipes import kept_drawing
from crosscase.publish.values import Kept

FRAME = pd.DataFrame({"year": [1, 2], "n": [2, 5]})


def mine(frame: pd.DataFrame) -> figures.Drawing:
    figure = Figure(figsize=(4, 2))
    figure.subplots().plot(frame["year"], frame["n"])
    return figures.own(figure, "Trust rises from 2 to 5.")


def test_a_figure_of_ones_own_is_kept_without_a_recipe(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.RUN_VARIABLE, str(tmp_path / "runs" / "x"))
    keeper("demo")("rise", Result(FRAME, "Trust over years.", draws=mine))
    folder = tmp_path / "runs" / "x"
    assert sorted(path.name for path in (folder / "figures").iterdir()) == ["demo.rise.png", "demo.rise.svg"]
    (record,) = json.loads((folder / "figures.json").read_text())
    assert record["alt"] == "Trust rises from 2 to 5."
    monkeypatch.setattr(paths, "runs", lambda: tmp_path / "runs")
    kept = Kept(figures={"demo.rise": record | {"run": "x"}}, results={})
    with pytest.raises(CrosscaseError, match=r"no recipe.*one's own"):
        kept_drawing("demo.rise", kept)


def test_it_has_one_size():
    drawing = mine(FRAME)
    assert drawing.draw().get_size_inches().tolist() == [4, 2]
    assert drawing.empty == ""
    for look, width in (("poster", None), ("book", "85mm")):
        with pytest.raises(CrosscaseError, match="one size"):
            drawing.draw(look, width)


@pytest.mark.parametrize("alt", ["", "  ", "x" * 301])
def test_it_needs_an_alternative_text_that_is_short(alt):
    with pytest.raises(CrosscaseError, match="alternative text"):
        figures.own(Figure(), alt)
