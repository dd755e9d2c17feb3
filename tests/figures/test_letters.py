"""Letters that no font has are refused by name; those that another font lends are drawn, also as text."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from matplotlib.figure import Figure

from crosscase import figures
from crosscase.errors import CrosscaseError
from crosscase.figures.ink import letters
from crosscase.figures.ink.sheet import broken_words, text_width, wrap
from crosscase.figures.ink.style import FONT
from crosscase.publish.recipes import save_figure

CHINESE = "信任与合作"


@pytest.fixture
def lent(monkeypatch):
    """A machine whose only other font is DejaVu Serif, which lends what we say that DejaVu Sans lacks."""
    own = letters.letters

    def fewer(family, weight="normal", slant="normal"):
        return own(family, weight, slant) - ({ord("ж")} if family == FONT else set())

    monkeypatch.setattr(letters, "lenders", lambda: ("DejaVu Serif",))
    monkeypatch.setattr(letters, "letters", fewer)
    letters.families.cache_clear()
    yield
    letters.families.cache_clear()


@pytest.fixture
def alone(monkeypatch):
    """A machine without a font that lends letters."""
    monkeypatch.setattr(letters, "lenders", lambda: ())
    letters.families.cache_clear()
    yield
    letters.families.cache_clear()


def cells(label: str) -> pd.DataFrame:
    return pd.DataFrame({"row": [label, "Law"], "column": "north", "state": ["present", "absent"]})


@pytest.mark.filterwarnings("ignore:Glyph")
def test_letters_that_no_font_has_are_named_with_their_place(alone):
    mine = figures.own(written(f"{CHINESE}\ue000"), "Words.")
    for drawing, place in ((figures.matrix(cells(f"{CHINESE}\ue000")), "figure matrix"), (mine, "figure of one's own")):
        with pytest.raises(CrosscaseError) as caught:
            drawing.draw()
        told = str(caught.value)
        assert told.startswith(place)
        assert "信 (U+4FE1 CJK UNIFIED IDEOGRAPH-4FE1)" in told
        assert "(U+E000)" in told
        assert CHINESE in told
        assert "letters of DejaVu Sans" in told
        assert "install a font" in told


@pytest.mark.parametrize("text", ["Trust", "Größe − ◆ é", "a\u202eb\u200d", "Ж λ א"])
def test_what_our_font_can_draw_asks_no_other(monkeypatch, text):
    monkeypatch.setattr(letters, "lenders", lambda: pytest.fail("no other font is asked"))
    letters.families.cache_clear()
    assert letters.families(text, FONT) == (FONT,)
    figures.matrix(cells(text)).draw()


def test_another_font_lends_its_letters_as_outlines_and_as_text(lent, tmp_path):
    figure = figures.matrix(cells("вежа")).draw()
    assert letters.families("вежа", FONT) == (FONT, "DejaVu Serif")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in ("svg", "pdf", "png"):
            save_figure(figure, tmp_path / f"a.{kind}", kind)
    text = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert ">вежа<" in text
    assert "'DejaVu Sans', 'DejaVu Serif'" in text
    assert b"/Type3" not in (tmp_path / "a.pdf").read_bytes()


@pytest.mark.skipif(not letters.families(CHINESE, FONT)[1:], reason="no font for Chinese on this machine")
def test_chinese_is_drawn_by_a_font_of_this_machine(tmp_path):
    import pdfplumber

    figure = figures.matrix(cells(CHINESE)).draw()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for kind in ("svg", "pdf", "png"):
            save_figure(figure, tmp_path / f"a.{kind}", kind)
        figure.savefig(tmp_path / "outlines.svg")
    assert f">{CHINESE}<" in (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert "<text" not in (tmp_path / "outlines.svg").read_text(encoding="utf-8")
    content = (tmp_path / "a.pdf").read_bytes()
    assert b"/Type3" not in content
    assert content.count(b"/FontFile2") == 2
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        assert CHINESE in pdf.pages[0].extract_text()


def test_words_without_spaces_break_between_their_letters_and_are_not_broken():
    with broken_words() as words:
        lines = wrap(CHINESE * 3, 0.5, 9)
    assert "".join(lines) == CHINESE * 3
    assert len(lines) > 1
    assert all(text_width(line, 9) <= 0.5 for line in lines)
    assert words == []


def written(text: str) -> Figure:
    figure = Figure(figsize=(3, 1))
    figure.text(0.1, 0.5, text)
    return figure
