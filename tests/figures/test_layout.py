"""Figures of many codes and cases stay on their page, and their alternative texts stay short."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from crosscase import figures
from crosscase.figures.ink.brief import MOST, brief, named, short


def _beside(name):
    spec = importlib.util.spec_from_file_location(f"figure_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


frames, legible = _beside("frames"), _beside("test_legible")
MINE = [
    "timeline", "inventory_bars", "drift", "influence_graph", "bridge", "valence_bars", "case_valence_panels",
    "effect_direction", "pattern_match", "forest", "drift_rounds", "saturation_curve", "xy_plot", "correspondence_map",
]  # fmt: skip
SIZES = {size: frames.every(size) for size in ("few", "some", "many")}


STAR = (
    pd.DataFrame({"factor": [f"f{i}" for i in range(40)], "label": [f"A cause with number {i}" for i in range(40)]}),
    pd.DataFrame({"source": [f"f{i}" for i in range(1, 30)], "target": "f0", "sign": "+"}),
)
HARD = {
    "one long curve": figures.saturation_curve(frames.curve(80, 1)),
    "many curves": figures.saturation_curve(frames.curve(3, 16)),
    "a star": figures.influence_graph(*STAR),
    "nothing but a star": figures.influence_graph(STAR[0].head(30), STAR[1]),
    "many factors alone": figures.influence_graph(STAR[0], STAR[1].head(2)),
    "cases on their own spots": figures.xy_plot(
        pd.DataFrame(
            {"case": frames.named(60), "x": [i / 60 for i in range(60)], "y": [i * 7 % 60 / 60 for i in range(60)]}
        )
    ),
    "a tall map": figures.correspondence_map(frames.placed(40)[0].eval("axis_2 = axis_2 * 9")),
    "many cases": figures.case_valence_panels(frames.themes(80, 8).assign(case=[f"Case {i % 40}" for i in range(80)])),
    "many columns": figures.meta_matrix(frames.words(3, 30)),
    "many years": figures.timeline(frames.events(30).assign(date=[str(1900 + 4 * i) for i in range(30)])),
    "nested bars": figures.valence_bars(
        frames.valence(90), parents={frames.named(90)[i]: "Trust" for i in range(20, 50)}
    ),
    "a long list": figures.co_occurrence(frames.pairs(40).assign(n=1)),
    "few numbers": figures.inventory_bars(frames.inventory(70).assign(unit="hours")),
    "codes of most units": figures.forest(frames.coefficients(60).assign(n_coded=range(60)), unit="sentences"),
}


@pytest.mark.parametrize(("look", "width"), legible.SIZES)
@pytest.mark.parametrize("name", legible.NAMES)
def test_no_figure_is_taller_than_the_page_of_its_look(name, look, width):
    assert frames.measured(SIZES["some"][name], look, width)[1] * 25.4 <= legible.TALLEST[look] + 1e-6


@pytest.mark.long
@pytest.mark.parametrize("look", legible.TALLEST)
@pytest.mark.parametrize("name", HARD)
def test_what_is_hard_to_hold_is_no_taller_either(name, look):
    assert frames.measured(HARD[name], look)[1] * 25.4 <= legible.TALLEST[look] + 1e-6


@pytest.mark.parametrize("name", HARD)
def test_what_is_measured_is_as_tall_as_what_is_drawn(name):
    assert HARD[name].draw("slide").get_size_inches().tolist() == pytest.approx(frames.measured(HARD[name], "slide"))


LONG = "A name that somebody wrote down in full, with all that belongs to it, " * 4


@pytest.mark.parametrize("name", MINE)
def test_alternative_text_is_short_with_names_of_any_length(name):
    drawing = SIZES["some"][name]
    columns = ["item", "label", "theme", "construct", "headline", "code", "name", "case", "method", "fact", "study"]
    longer = []
    for frame in drawing.arguments:
        named_here = [c for c in columns if c in frame and not (name == "influence_graph" and c != "label")]
        longer.append(frame.assign(**{c: frame[c].astype(str) + LONG for c in named_here}))
    words = getattr(figures, name)(*longer, **drawing.options).alt
    assert 0 < len(words) <= MOST


@settings(max_examples=4)
@given(st.integers(0, 2**31))
def test_a_study_of_sixty_codes_and_eight_cases_stays_on_its_page(seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    codes, cases = [f"{frames.WORDS[i % 10]} {i}" for i in range(60)], [f"Case {c}" for c in "ABCDEFGH"]
    counts = pd.DataFrame([(c, v, int(rng.poisson(1.5))) for c in codes for v in frames.VALENCES],
                          columns=["item", "valence", "n"])  # fmt: skip
    parents = {code: codes[int(rng.integers(6))] for code in codes[6:]}
    links = pd.DataFrame({name: rng.choice(values, 120) for name, values in
                          (("case", cases), ("code", codes), ("valence", frames.VALENCES))})  # fmt: skip
    links["theme"] = [f"Theme {i}" for i in range(120)]
    for drawing in (figures.valence_bars(counts, parents=parents), figures.bridge(links),
                    figures.case_valence_panels(links)):  # fmt: skip
        figure = drawing.draw()
        wide, tall = figure.get_size_inches() * 72
        found = legible.boxes(figure)
        assert tall / 72 * 25.4 <= 230.5
        assert not [b for b in found if b[3] > wide + 1 or b[4] > tall + 1]
        assert not legible.overlaps(found, slack=3.0)
        assert len(drawing.alt) <= MOST
        assert [t for t in figure.findobj(Text) if "not drawn" in t.get_text() or "more" in t.get_text()]


@given(st.lists(st.text(max_size=400), max_size=6))
def test_a_brief_text_is_never_longer_than_it_may_be(sentences):
    said = brief(*sentences)
    assert len(said) <= MOST
    if sentences and sentences[0] and len(sentences[0]) <= MOST:
        assert said.startswith(sentences[0])


@given(st.text(max_size=90), st.integers(2, 60))
def test_a_shortened_name_keeps_its_beginning(text, most):
    said = short(text, most)
    assert len(said) <= most
    assert " ".join(text.split()).startswith(said.removesuffix("…").rstrip())


def test_names_beyond_the_limit_are_counted():
    assert named(list("abcd"), 2) == "a, b and 2 more"
