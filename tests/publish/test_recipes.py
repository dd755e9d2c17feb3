"""A kept figure is drawn again from its recipe: the same bytes at its own size, another size on request."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import figures, paths, trace
from crosscase.analyses.result import Result
from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.figures.drawing import Drawing
from crosscase.figures.ink.style import inches
from crosscase.publish.keep import keeper
from crosscase.publish.recipes import FORMATS, dump_recipe, load_recipe, save_figure

CELLS = pd.DataFrame(
    {
        "row": ["trust", "trust", "money"],
        "column": ["north", "south", "north"],
        "state": ["present", "absent", "not_stated"],
    }
)
NODES = pd.DataFrame(
    {
        "factor": list("abcd"),
        "label": ["Multidisciplinary professionalisation", "Interinstitutionalisation", "Roles", "Trust"],
    }
)
EDGES = pd.DataFrame({"source": list("abc"), "target": list("bcd"), "sign": ["+", "-", "?"]})

scalars = st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(), st.text(max_size=5))
columns = st.one_of(
    st.lists(st.floats(), min_size=3, max_size=3).map(lambda cells: pd.Series(cells, dtype="float64")),
    st.lists(st.one_of(st.none(), st.integers(-9, 9)), min_size=3, max_size=3).map(
        lambda c: pd.Series(c, dtype="Int64")
    ),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=3, max_size=3).map(lambda c: pd.Series(c, dtype="boolean")),
    st.lists(st.one_of(st.none(), st.text(max_size=4)), min_size=3, max_size=3).map(
        lambda c: pd.Series(c, dtype="str")
    ),
    st.lists(scalars, min_size=3, max_size=3).map(lambda cells: pd.Series(cells, dtype="object")),
    st.lists(st.sampled_from(["x", "y", None]), min_size=3, max_size=3).map(
        lambda cells: pd.Series(pd.Categorical(cells, ["y", "x"], ordered=True))
    ),
)


def same(one, other):
    if isinstance(one, float):
        return isinstance(other, float) and (one == other or (np.isnan(one) and np.isnan(other)))
    return type(one) is type(other) and one == other


@settings(max_examples=60)
@given(st.lists(columns, min_size=1, max_size=4), st.sampled_from([None, ["c", "a", "b"], [3, 1, 2]]))
def test_a_frame_comes_back_from_a_recipe_as_it_was(parts, index):
    frame = pd.DataFrame(dict(enumerate(parts)))
    frame = frame if index is None else frame.set_axis(pd.Index(index, name="key"))
    back = load_recipe(dump_recipe(figures.matrix(frame))).arguments[0]
    pd.testing.assert_frame_equal(back, frame, check_exact=True)


@settings(max_examples=100)
@given(st.recursive(scalars, lambda inner: st.one_of(
    st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple),
    st.dictionaries(st.one_of(st.text(max_size=3), st.integers()), inner, max_size=3)), max_leaves=8))  # fmt: skip
def test_plain_values_come_back_as_they_were(value):
    text = dump_recipe(figures.co_occurrence(value, codes=value))
    again = load_recipe(text)
    (first,), options = again.arguments, again.options

    def equal(one, other):
        if isinstance(one, list | tuple):
            return type(one) is type(other) and len(one) == len(other) and all(map(equal, one, other))
        if isinstance(one, dict):
            return list(one) == list(other) and all(equal(one[key], other[key]) for key in one)
        return same(one, other)

    assert equal(value, first)
    assert equal(value, options["codes"])
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_a_recipe_holds_no_size_and_names_only_figures():
    text = dump_recipe(figures.matrix(CELLS))
    figures.matrix(CELLS).draw("print", "85mm")
    assert dump_recipe(load_recipe(text)) == text
    assert list(json.loads(text)) == ["draw", "arguments", "options"]
    for draw in ("os.system", "Drawing", "style", "nothing"):
        with pytest.raises(CrosscaseError, match=r"figure of crosscase\.figures"):
            load_recipe(text.replace("matrix", draw))
    with pytest.raises(CrosscaseError, match="arguments that it takes"):
        load_recipe('{"draw": "matrix", "arguments": [], "options": {"$map": [["width", 3]]}}')
    for broken in ("", "{", "[]", '{"draw": "matrix"}', '{"draw": "matrix", "arguments": [{"$x": 1}], "options": {}}'):
        with pytest.raises(CrosscaseError, match="recipe"):
            load_recipe(broken)
    with pytest.raises(TypeError, match="cannot hold"):
        dump_recipe(figures.matrix(object()))


@pytest.fixture
def run(tmp_path, monkeypatch):
    """A finished run that has kept two figures and has read nothing restricted."""
    monkeypatch.setattr(trace, "_reads", {})
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path))
    (tmp_path / "compendium.yml").write_text("title: t\n")
    (tmp_path / "data" / "studies").mkdir(parents=True)
    folder = tmp_path / "results" / "runs" / "10_x" / "compendium"
    folder.mkdir(parents=True)
    monkeypatch.setenv(paths.RUN_VARIABLE, str(folder))
    keep = keeper("demo")
    keep("matrix", Result(CELLS, "Cells by case.", draws=figures.matrix))
    graph = Result(EDGES, "What influences what.", draws=lambda frame: figures.influence_graph(NODES, frame))
    keep("graph", graph)
    keep("none", Result(CELLS.head(0), "No cells.", draws=figures.matrix))
    state = {"notebook": "10_x", "study": None, "parameters": {}, "products": {}}
    (folder / "state.json").write_text(json.dumps(state))
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.md").write_text("```{kept-figure} demo.matrix\n```\n")
    monkeypatch.delenv(paths.RUN_VARIABLE)
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_recipe_draws_the_bytes_that_were_kept(run, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "946684800")
    for name in ("demo.matrix", "demo.graph"):
        kept = (run / "figures" / f"{name}.svg").read_bytes()
        figure = load_recipe((run / "figures" / f"{name}.json").read_text()).draw()
        out = io.BytesIO()
        with mpl.rc_context({"svg.hashsalt": name}):
            about = {"Date": None, "Creator": None, "Description": "Built at the level public."}
            figure.savefig(out, format="svg", metadata=about)
        assert out.getvalue() == kept


def test_figures_are_listed_with_what_uses_them(run):
    told = CliRunner().invoke(main, ["figures", "cells"]).output
    assert "demo.matrix" in told
    assert "Cells by case." in told
    assert "used in book/index.md" in told
    assert "demo.graph" not in told


@pytest.mark.parametrize("kind", FORMATS)
def test_a_kept_figure_goes_out_in_any_format_and_width(run, kind):
    done = CliRunner().invoke(main, ["figure", "demo.matrix", f"out.{kind}", "--width", "85mm", "--dpi", "120"])
    assert done.exit_code == 0, done.output
    assert "85 x" in done.output
    content = (paths.root() / f"out.{kind}").read_bytes()
    start = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG", "tiff": b"II*\x00"}[kind]
    assert content.startswith(start)
    if kind == "svg":
        assert b">trust<" in content  # text that a journal can edit
        assert b"Built at the level public." in content
    if kind == "pdf":
        assert b"/Type3" not in content
        assert b"/FontFile2" in content
    again = CliRunner().invoke(main, ["figure", "demo.matrix", f"out.{kind}", "--width", "85mm"])
    assert again.exit_code == 1
    assert "never overwritten by accident" in again.output


def test_too_narrow_is_refused_with_the_least_width(run):
    done = CliRunner().invoke(main, ["figure", "demo.graph", "--width", "80mm"])
    assert done.exit_code == 1
    least = int(re.search(r"allowed: (\d+) mm or more", done.output)[1])
    assert 80 < least < 200
    assert not (paths.root() / "demo.graph.svg").exists()
    assert CliRunner().invoke(main, ["figure", "demo.graph", "--width", f"{least}mm"]).exit_code == 0


def test_unknown_ids_widths_and_looks_are_told(run):
    for arguments, words in (
        (["demo.matriks"], "demo.matrix"),
        (["demo.none"], "There are no rows to show."),
        (["demo.matrix", "--width", "85"], "a width is a number with its unit"),
        (["demo.matrix", "--width", "20mm"], "is wide enough"),
    ):
        done = CliRunner().invoke(main, ["figure", *arguments])
        assert done.exit_code == 1
        assert words in done.output
    assert inches("8.5cm") == pytest.approx(85 / 25.4)


def test_every_look_draws(tmp_path):
    drawing = load_recipe(dump_recipe(figures.matrix(CELLS)))
    assert isinstance(drawing, Drawing)
    widths = {look: drawing.draw(look).get_size_inches()[0] for look in ("book", "poster", "slide", "print")}
    assert widths["print"] == pytest.approx(180 / 25.4)
    assert widths["slide"] == pytest.approx(12)
    save_figure(drawing.draw("slide"), tmp_path / "a.pdf", "pdf", title="t")
    save_figure(drawing.draw("slide"), tmp_path / "b.pdf", "pdf", title="t")
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_drawing_imports_no_notebook_machinery():
    heavy = "('papermill', 'nbclient', 'sphinx')"
    code = f"import crosscase.publish.recipes, sys; print([m for m in sys.modules if m in {heavy}])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
