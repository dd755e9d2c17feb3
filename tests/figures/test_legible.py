"""Every figure, with few rows and many, in the book and on a poster: nothing cut off or covered, nothing too tall."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from crosscase import figures
from crosscase.errors import CrosscaseError
from crosscase.figures.ink.sheet import broken_words

_spec = importlib.util.spec_from_file_location("figure_frames", Path(__file__).with_name("frames.py"))
assert _spec is not None
assert _spec.loader is not None
frames = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(frames)

EVERY = {size: frames.every(size) for size in ("few", "some", "many")}
NAMES = sorted(EVERY["few"])
TALLEST = {"book": 230, "print": 230, "slide": 6.75 * 25.4, "poster": 230 * 28 / 9}
LEAST = {"book": 7.9, "poster": 24.0, "slide": 15.9, "print": 6.9}
SIZES = [
    ("book", None),
    ("poster", None),
    ("print", "85mm"),
    pytest.param("poster", figures.POSTER_WIDE, marks=pytest.mark.long),
    pytest.param("slide", None, marks=pytest.mark.long),
    pytest.param("print", None, marks=pytest.mark.long),
]


Boxes = list[tuple[str, float, float, float, float]]
RENDERER = RendererAgg(1, 1, 72)
"""One for all, so that the words that come again are measured once."""


def boxes(figure: Figure) -> Boxes:
    """Text -> its box of ink in pixels: a tall font box is cut to what letters use."""
    figure.set_dpi(72)
    found = [
        (text.get_text(), text.get_window_extent(RENDERER)) for text in figure.findobj(Text) if text.get_text().strip()
    ]
    return [(words, box.x0, box.y0, box.x1, box.y1) for words, box in found]


def overlaps(found: Boxes, slack: float) -> list[str]:
    x0, y0, x1, y1 = np.array([each[1:] for each in found]).T
    across = (x0[:, None] + slack < x1) & (x0 + slack < x1[:, None])
    down = (y0[:, None] + slack < y1) & (y0 + slack < y1[:, None])
    return [f"{found[i][0]!r} on {found[k][0]!r}" for i, k in np.argwhere(np.triu(across & down, 1))]


def at_width(drawing: figures.Drawing, kind: str, asked: float | str | None) -> Figure:
    """Draw at a width, or at the least width that is told where this one is refused; no word is broken there."""
    try:
        return unbroken(drawing, kind, asked)
    except CrosscaseError as refused:
        least = re.fullmatch(r"(\d+) mm or more", refused.problems[0].allowed)
        if not least:
            raise
    return unbroken(drawing, kind, f"{least[1]}mm")


def unbroken(drawing: figures.Drawing, kind: str, asked: float | str | None) -> Figure:
    """Draw at a width, and look that no word is broken."""
    with broken_words() as words:
        figure = drawing.draw(kind, asked)
    assert not words
    return figure


@pytest.mark.parametrize("size", [pytest.param("few", marks=pytest.mark.long), "many"])
@pytest.mark.parametrize(("kind", "asked"), SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_no_text_is_cut_off_or_covered_and_no_word_broken(name, kind, asked, size):
    drawing = EVERY[size][name]
    figure = at_width(drawing, kind, asked)
    width, height = figure.get_size_inches() * 72
    found = boxes(figure)
    assert found
    assert height / 72 * 25.4 <= TALLEST[kind] + 1e-6
    out = [b for b in found if b[1] < -1 or b[2] < -1 or b[3] > width + 1 or b[4] > height + 1]
    assert not out, out[:5]
    covered = overlaps(found, slack=3.0 * figures.look(kind).scale)
    assert not covered, covered[:5]


@pytest.mark.parametrize("kind", LEAST)
@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_large_enough_to_be_read(name, kind):
    texts = EVERY["some"][name].draw(kind).findobj(Text)
    sizes = {t.get_text(): t.get_fontsize() for t in texts if t.get_text().strip()}
    assert min(sizes.values()) >= LEAST[kind], min(sizes.items(), key=lambda item: item[1])


@pytest.mark.parametrize("size", EVERY)
@pytest.mark.parametrize("name", NAMES)
def test_alternative_text_is_the_finding_in_a_few_sentences(name, size):
    words = EVERY[size][name].alt
    assert len(words) > 40
    assert words.endswith(".")
    assert "nan" not in words.lower().split()
    assert len(words) <= 300
    assert any(character.isdigit() for character in words)


@pytest.mark.parametrize("name", NAMES)
def test_a_frame_without_rows_is_never_drawn_but_says_why(name):
    full = EVERY["few"][name]
    empty = getattr(figures, name)(*[frame.iloc[:0] for frame in full.arguments])
    assert full.empty == ""
    assert empty.empty[0].isupper()
    assert empty.empty.endswith(".")
    assert empty.alt == ""
    with pytest.raises(CrosscaseError, match=re.escape(empty.empty.rstrip("."))):
        empty.draw()


@pytest.mark.parametrize("name", NAMES)
def test_the_same_drawing_gives_the_same_bytes_and_is_drawn_again_for_a_poster(name, tmp_path):
    import matplotlib as mpl

    drawing = EVERY["some"][name]
    written = []
    for turn in range(2):
        with mpl.rc_context({"svg.hashsalt": "test"}):
            drawing.draw().savefig(tmp_path / f"{turn}.svg", metadata={"Date": None, "Creator": None})
        written.append((tmp_path / f"{turn}.svg").read_bytes())
    assert written[0] == written[1]
    assert frames.measured(drawing, "poster")[0] == figures.POSTER_COLUMN
