"""Forest plot, disagreement map and saturation curve say in words what they show and where they show nothing."""

import pandas as pd
import pytest
from matplotlib.text import Text

from crosscase import figures


def words(drawing, width=None):
    figure = drawing.draw(width=width)
    return " ".join(text.get_text() for text in figure.findobj(Text) if text.get_text().strip())


FOREST = pd.DataFrame(
    {"code": ["trust", "money"], "estimate": [1.0, 0.5], "low": [1.0, 0.1], "high": [1.0, 0.8], "n": [58, 58]}
)


def test_limits_that_do_not_differ_are_no_interval():
    said = words(figures.forest(FOREST))
    assert "1.00 (no spread)" in said
    assert "[1.00, 1.00]" not in said
    assert "0.50 [0.10, 0.80]" in said
    assert "highest trust 1.00 (n 58), lowest money 0.50 (n 58, 0.10 to 0.80)" in figures.forest(FOREST).alt


def test_the_forest_says_how_many_units_carry_the_code():
    counted = FOREST.assign(n_coded=[11, 1200], n=[58, 3480])
    said = words(figures.forest(counted))
    assert "coded of n" in said
    assert "11 of 58" in said
    assert "1,200 of 3,480" in said
    assert "trust 1.00 (n 11 of 58)" in figures.forest(counted).alt
    narrow = words(figures.forest(counted), width=3.4)
    assert "of" not in narrow.split()
    assert "3,480" in narrow


def test_the_interval_of_a_rare_code_is_drawn_apart_and_said_so():
    warning = "of a code on few units: interval not to be trusted"
    assert warning not in words(figures.forest(FOREST.assign(rare=False)))
    rare = FOREST.assign(rare=[True, False])
    assert warning in words(figures.forest(rare))
    assert "trust 1.00 (n 58, rare)" in figures.forest(rare).alt
    undefined = rare.assign(estimate=[None, 0.5], low=[None, 0.1], high=[None, 0.8])
    assert warning not in words(figures.forest(undefined))


def test_what_rounds_to_nothing_has_no_sign():
    said = words(figures.forest(FOREST.assign(low=[-0.001, -0.2])))
    assert "[0.00, 1.00]" in said
    assert "[−0.20, 0.80]" in said


def test_the_confusion_map_says_what_it_counts():
    frame = pd.DataFrame({"code_a": ["trust", "trust"], "code_b": ["trust", "money"], "n": [5, 2]})
    assert "Numbers of pairs of codings." in words(figures.confusion(frame))
    assert "Numbers of sentences." in words(figures.confusion(frame, counted="sentences"))
    assert "the same code in 5 of 7 sentences" in figures.confusion(frame, counted="sentences").alt


CURVE = pd.DataFrame(
    {"units": [1, 2, 1, 2, 2, 3, 4], "codes": [3, 5, 4, 5, 5, 6, 6.5],
     "part": ["real"] * 2 + ["rarefied"] * 2 + ["extrapolated"] * 3}
)  # fmt: skip


@pytest.mark.parametrize("part", ["rarefied", "extrapolated"])
def test_the_legend_promises_a_band_only_where_there_is_one(part):
    bands = {"rarefied": "band: what the order alone changes", "extrapolated": "band: how uncertain that is"}
    assert not any(band in words(figures.saturation_curve(CURVE)) for band in bands.values())
    drawn = CURVE["part"].eq(part)
    banded = CURVE.assign(low=(CURVE["codes"] - 1).where(drawn), high=(CURVE["codes"] + 1).where(drawn))
    said = words(figures.saturation_curve(banded))
    for name, band in bands.items():
        assert (band in said) == (name == part)


def test_an_empty_curve_gives_its_own_reason():
    empty, why = CURVE.head(0), "one document only"
    assert figures.saturation_curve(empty, reason=why).empty == "One document only."
    assert figures.saturation_curve(empty, reason="A sentence.").empty == "A sentence."
    assert "no unit has been coded" in figures.saturation_curve(empty).empty.lower()


def test_each_group_shows_its_number_of_units():
    frame = CURVE.assign(group="north", n_units=2)
    assert "north (n = 2)" in words(figures.saturation_curve(frame))
    assert "north (n = 2): 3 codes after 1" in figures.saturation_curve(frame).alt
    assert "(n = " not in words(figures.saturation_curve(CURVE.assign(group="north")))
