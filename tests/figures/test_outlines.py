"""Text drawn from remembered outlines is the text that matplotlib draws, in the same place."""

from __future__ import annotations

import io
import re

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from crosscase.figures.ink.outlines import SHAPER, Words, natural_width
from crosscase.figures.ink.sheet import Sheet, text_width
from crosscase.figures.ink.style import FONT

LINES = ["Trust", "AV To fi − ◆ é", "x", " a b "]


def glyphs(figure: Figure) -> list[str]:
    """Return what an SVG draws of the texts: every placement and every glyph, in order."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return re.findall(r"<use [^>]*>|<g [^>]*transform=[^>]*>", out.getvalue())


def both(text: str, ha: str, rotation: float, weight: str, slant: str) -> tuple[Figure, Figure]:
    """Return the same line drawn by us and by matplotlib."""
    figures = []
    with mpl.rc_context({"font.family": FONT, "svg.fonttype": "path"}):
        for ours in (True, False):
            figure = Figure(figsize=(4, 3))
            if ours:
                words: Text = Words(
                    1.7, 1.1, text, family=FONT, size=9, weight=weight, slant=slant, ha=ha, color="#123456",
                    rotation=rotation,
                )  # fmt: skip
            else:
                words = Text(
                    1.7, 1.1, text, family=FONT, fontsize=9, fontweight=weight, fontstyle=slant, ha=ha, va="baseline",
                    color="#123456", rotation=rotation, rotation_mode="anchor", parse_math=False,
                )  # fmt: skip
            words.set_transform(figure.dpi_scale_trans)
            figure.add_artist(words)
            figures.append(figure)
    return figures[0], figures[1]


@pytest.mark.parametrize(("weight", "slant"), [("normal", "normal"), ("bold", "normal"), ("normal", "italic")])
@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("text", LINES)
def test_a_line_stands_where_matplotlib_would_put_it(text, ha, rotation, weight, slant):
    ours, theirs = (glyphs(figure) for figure in both(text, ha, rotation, weight, slant))
    assert len(ours) >= len(text.replace(" ", ""))
    assert ours == theirs


def ink(figure: Figure) -> np.ndarray:
    figure.set_dpi(300)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return 255 - np.asarray(canvas.buffer_rgba())[..., :3].astype(float).mean(axis=2)


@pytest.mark.parametrize(("ha", "rotation"), [("left", 0), ("center", 0), ("right", 90)])
def test_pixels_hold_as_much_ink_in_the_same_place(ha, rotation):
    ours, theirs = (ink(figure) for figure in both("Governance", ha, rotation, "normal", "normal"))
    assert ours.sum() == pytest.approx(theirs.sum(), rel=0.05)
    for axis in (0, 1):
        places = np.arange(ours.shape[1 - axis])
        middles = [(each.sum(axis=axis) * places).sum() / each.sum() for each in (ours, theirs)]
        assert middles[0] == pytest.approx(middles[1], abs=1.5)


def test_width_is_the_sum_of_what_is_drawn_and_grows_with_size():
    assert natural_width("mm", FONT) == pytest.approx(2 * natural_width("m", FONT), rel=0.05)
    assert text_width("mm", 18) == pytest.approx(2 * text_width("mm", 9))


def test_a_remembered_string_does_not_lose_a_glyph_that_one_picture_had_already():
    sheet = Sheet()
    for y in (0.2, 0.4):
        sheet.text(0.2, y, "abc")
    first = glyphs(sheet.finish(0.6))
    assert len([each for each in first if each.startswith("<use")]) == 6
    known = SHAPER.get_glyphs_with_font(SHAPER._get_font(Text("", 0, 0).get_fontproperties()), "abc")[1]
    assert len(known) == 3


def test_marks_are_drawn_by_layer_and_measured_in_inches_from_the_upper_left_corner():
    sheet = Sheet()
    sheet.rect(0, 0, 1, 1, fill="#ff0000", z=4)
    sheet.rect(0, 0, 2, 1, fill="#0000ff", z=3)
    figure = sheet.finish(3.0)
    figure.set_dpi(100)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    assert pixels[50, 50].tolist() == [255, 0, 0]
    assert pixels[50, 150].tolist() == [0, 0, 255]
    assert pixels[250, 50].tolist() == [255, 255, 255]
