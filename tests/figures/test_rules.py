"""What pictures may not do: compare hours with interviews, praise a growing problem, show what no page holds."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Rectangle
from matplotlib.text import Text

from crosscase import figures
from crosscase.comparison import relation_effects
from crosscase.errors import CrosscaseError
from crosscase.figures.graphs.arrows import effect
from crosscase.figures.ink.style import ACCENT, MUTED, VALENCE

GOOD, BAD = (VALENCE[name].color.lower() for name in ("promotes", "inhibits"))


def texts(drawing, **how):
    return [t.get_text() for t in drawing.draw(**how).findobj(Text) if t.get_text().strip()]


def places(drawing, words):
    """Text -> its height on the page, from the top."""
    figure = drawing.draw()
    spots = {t.get_text(): t.get_position()[1] for t in figure.findobj(Text) if t.get_text() in words}
    assert set(spots) == set(words)
    return spots


def arrows(nodes, edges):
    figure = figures.influence_graph(nodes, edges).draw()
    return [to_hex(p.get_edgecolor()) for p in figure.findobj(PathPatch) if type(p) is PathPatch]


NODES = pd.DataFrame({"factor": ["a", "b"], "label": ["Power struggles", "Problems"]})


@pytest.mark.parametrize(
    ("sign", "target", "color"),
    [
        ("+", "inhibits", BAD),  # a problem that grows is no help
        ("-", "inhibits", GOOD),
        ("+", "promotes", GOOD),
        ("-", "promotes", BAD),
        ("+", None, MUTED),  # more of something of which nobody says whether it is welcome
        ("+", "condition", MUTED),
        ("?", "promotes", MUTED),
    ],
)
def test_the_colour_of_an_arrow_is_its_sign_times_what_its_target_is(sign, target, color):
    edges = pd.DataFrame({"source": ["a"], "target": ["b"], "sign": [sign]})
    assert arrows(NODES.assign(valence=[None, target]), edges) == [color]


def test_what_is_said_of_the_effect_goes_before_the_sign():
    edges = pd.DataFrame({"source": ["a"], "target": ["b"], "sign": ["?"], "valence": ["inhibits"]})
    assert arrows(NODES.assign(valence=[None, "promotes"]), edges) == [BAD]
    assert arrows(NODES, edges.assign(valence=None, sign="+")) == [MUTED]


def test_the_legend_of_a_graph_explains_signs_and_colours_that_occur_and_no_others():
    edges = pd.DataFrame({"source": ["a"], "target": ["b"], "sign": ["+"], "valence": ["inhibits"]})
    said = texts(figures.influence_graph(NODES, edges))
    assert "bad for what is sought" in said
    assert "more of the one, more of the other" in said
    assert not {"good for what is sought", "good or bad is not stated", "sign not stated"} & set(said)
    assert "itself a hindrance" in texts(figures.influence_graph(NODES.assign(valence=[None, "inhibits"]), edges))
    assert "0 are good for what is sought, 1 bad." in figures.influence_graph(NODES, edges).alt


@given(st.sampled_from("+-?"), st.sampled_from(["promotes", "inhibits", "neutral", None]))
def test_an_effect_turns_with_its_sign_and_is_unknown_without_one(sign, target):
    known = target in ("promotes", "inhibits")
    assert bool(effect(sign, target)) == (known and sign != "?")
    if known:
        assert {effect("+", target), effect("-", target)} == {"promotes", "inhibits"}


RELATIONS = pd.DataFrame(
    [
        ("power", "+", "problems", "0-9"),
        ("history", "-", "problems", "20-29"),
        ("change", "+", "ideas", "40-49"),
        ("change", "-", "clarity", "40-49"),
        ("law", "?", "trust", "60-69"),
        ("roles", "+", "problems", None),
    ],
    columns=["source", "sign", "target", "spans"],
).assign(document="d")


def coded(*rows):
    return pd.DataFrame(rows, columns=["start", "end", "valence"]).assign(document="d")


def test_the_coding_of_a_passage_says_whether_an_influence_is_good_and_its_other_arrows_follow():
    told = relation_effects(RELATIONS, coded((0, 9, "inhibits"), (40, 49, "inhibits"), (60, 69, "promotes")))
    assert told["valence"].astype(object).where(told["valence"].notna(), None).tolist() == [
        "inhibits", "promotes", None, None, "promotes", "inhibits"
    ]  # fmt: skip
    assert told.drop(columns="valence").equals(RELATIONS)


def test_codings_that_disagree_or_only_touch_say_nothing_of_an_influence():
    both = relation_effects(RELATIONS.head(1), coded((0, 9, "inhibits"), (5, 7, "promotes")))
    beside = relation_effects(RELATIONS.head(1), coded((9, 20, "inhibits"), (0, 9, "neutral")))
    elsewhere = relation_effects(RELATIONS.head(1), coded((0, 9, "inhibits")).assign(document="e"))
    asked = relation_effects(RELATIONS.head(1), coded((5, 7, "inhibits"), (0, 9, "condition")))
    for said in (both, beside, elsewhere, asked):
        assert said["valence"].isna().all()


def bars(*rows, **options):
    return figures.valence_bars(pd.DataFrame(rows, columns=["item", "valence", "n"]), **options)


NESTED = [("money", "inhibits", 2), ("grants", "inhibits", 6), ("wages", "promotes", 3), ("trust", "inhibits", 5)]


def test_bars_are_nested_below_their_parent_with_its_own_count_and_its_sum_apart():
    drawing = bars(*NESTED, parents={"grants": "money", "wages": "money"})
    spot = places(drawing, ["money", "itself", "grants", "wages", "trust"])
    assert spot["money"] < spot["itself"] < spot["grants"] < spot["wages"] < spot["trust"]
    said = texts(drawing)
    assert {"11", "8"} <= set(said)  # the sum of money, and of it what inhibits
    strips = [p for p in drawing.draw().findobj(Rectangle) if to_hex(p.get_facecolor()) in (GOOD, BAD)]
    assert len(strips) == 4  # a sum is figures, so that nothing is drawn twice
    assert "money" in drawing.alt.lower() or "grants (6)" in drawing.alt


def test_bars_are_sorted_most_first():
    spot = places(bars(("a", "inhibits", 2), ("b", "neutral", 9), ("c", "promotes", 4)), ["a", "b", "c"])
    assert spot["b"] < spot["c"] < spot["a"]


def test_other_directions_follow_in_the_same_bar():
    figure = bars(("a", "promotes", 2), ("a", "condition", 3), ("a", "ambivalent", 4)).draw()
    parts = sorted(
        (p.get_bbox() for p in figure.findobj(Rectangle) if p.get_height() == pytest.approx(0.16)), key=lambda b: b.x0
    )
    assert [round((b.x1 - b.x0) / (parts[0].x1 - parts[0].x0), 6) for b in parts] == [1, 1.5, 2]
    assert all(a.x1 == pytest.approx(b.x0) and a.y0 == b.y0 for a, b in pairwise(parts))


def test_items_that_count_one_each_are_a_list_and_no_bars():
    drawing = bars(*((name, "inhibits", 1) for name in "abc"))
    assert "Once each" in texts(drawing)
    assert not [p for p in drawing.draw().findobj(Rectangle) if p.get_height() == pytest.approx(0.16)]
    assert "Once each" not in texts(bars(("a", "inhibits", 1), ("b", "inhibits", 1)))


def test_an_item_without_a_count_is_named_and_not_drawn_as_zero():
    said = " ".join(texts(bars(("a", "inhibits", 2), rows={"a": "Law", "z": "Trust"})))
    assert "No segments: Trust." in said
    assert bars(("a", "inhibits", 0)).empty == "No coding carries a valence."


def test_parents_that_run_in_a_circle_lose_no_bar_to_an_endless_walk():
    drawing = bars(("a", "inhibits", 2), ("b", "inhibits", 3), ("c", "inhibits", 4), parents={"a": "b", "b": "a"})
    assert "c" in texts(drawing)


FOREST = pd.DataFrame(
    {"code": list("abc"), "estimate": [0.9, 0.5, 1.0], "low": None, "high": None, "n": 40, "n_coded": [5, 12, 4]}
)


def test_the_forest_draws_codes_that_five_units_carry_and_counts_the_rest():
    drawing = figures.forest(FOREST, measure="Krippendorff's alpha", unit="sentences")
    said = texts(drawing)
    assert {"a", "b"} <= set(said)
    assert "c" not in said
    assert "1 code coded in fewer than 5 sentences is not drawn: see the table." in " ".join(said)
    assert "1 code coded in fewer than 5 sentences is not drawn: see the table." in drawing.alt
    few = figures.forest(FOREST.assign(n_coded=1), unit="sentences")
    assert few.empty == "No code is coded in 5 sentences or more."
    assert "c" in texts(figures.forest(FOREST.drop(columns="n_coded")))


def test_the_row_of_all_codes_stays_however_few_units_carry_one():
    assert "c" in texts(figures.forest(FOREST, overall="c"))


def test_customary_limits_are_ticks_of_an_alpha_and_no_verdict():
    words = "0.67 and 0.80: customary limits, no verdict"
    assert words in texts(figures.forest(FOREST, measure="Krippendorff's alpha"))
    assert words not in texts(figures.forest(FOREST, measure="share of studies held"))
    assert words not in texts(figures.forest(FOREST, measure="alpha", limits=()))
    assert "0.95: customary limits, no verdict" in texts(figures.forest(FOREST, limits=(0.95,)))


def test_marks_of_coders_stand_apart_and_differ_in_shape_and_colour():
    shares = FOREST.head(1).assign(prevalence_anna=0.2, prevalence_ben=0.2, prevalence_carla=0.2)
    marks = [line for line in figures.forest(shares).draw().findobj(Line2D) if line.get_marker() not in ("None", "")]
    first = marks[:3]
    heights = sorted(line.get_ydata()[0] for line in first)
    assert min(b - a for a, b in pairwise(heights)) > first[0].get_markersize() / 72
    assert len({line.get_marker() for line in first}) == len({line.get_color() for line in first}) == 3


def test_a_forest_without_any_coefficient_gives_its_reason():
    none = FOREST.assign(estimate=None, reason="one coder", n_coded=9)
    assert figures.forest(none).empty == "One coder."


AMOUNTS = pd.DataFrame({"method": ["Talks", "Visits"], "unit": ["interviews", "hours"], "amount": [21, 213]})


def filled(drawing):
    return [p for p in drawing.draw().findobj(Rectangle) if to_hex(p.get_facecolor()) == ACCENT.lower()]


def test_hours_and_interviews_are_numbers_and_one_unit_is_bars():
    assert not filled(figures.inventory_bars(AMOUNTS))
    assert {"21", "213", "interviews", "hours"} <= set(texts(figures.inventory_bars(AMOUNTS)))
    one = sorted(p.get_width() for p in filled(figures.inventory_bars(AMOUNTS.assign(unit="hours"))))
    assert one[0] / one[1] == pytest.approx(21 / 213)
    silent = figures.inventory_bars(AMOUNTS.assign(amount=None))
    assert silent.empty == "No number is stated for what was collected: Talks and Visits."


def facts(*values):
    return pd.DataFrame({"fact": "x", "stage": [f"s{i}" for i in range(len(values))], "value": list(values)})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((21, None, 24), "+3 (+14 %)"),
        ((40, 30), "−10 (−25 %)"),
        ((0, 4), "+4"),
        (("two", "three"), "differs"),
        ((4, 5, 4), "differs"),  # back where it began, and yet they differ
    ],
)
def test_drift_prints_the_change_from_the_first_number(values, said):
    assert said in texts(figures.drift(facts(*values)))
    assert figures.drift(facts(*values)).alt.startswith("1 of 1 fact differs")


def test_a_fact_that_stays_or_is_stated_once_has_no_change():
    for values in ((7, 7.0), (7, None), (None, None)):
        assert figures.drift(facts(*values)).alt.startswith("0 of 1 fact differs between stages.")
        assert not [t for t in texts(figures.drift(facts(*values))) if "%" in t or t == "differs"]


@pytest.mark.parametrize("count", [1, 3, 4])
def test_fewer_than_four_events_are_a_sentence(count):
    events = pd.DataFrame({"date": [str(2015 + i) for i in range(count)], "label": list("abcd")[:count]})
    drawing = figures.timeline(events)
    assert bool(drawing.empty) == (count < 4)
    if count == 3:
        assert drawing.empty == "3 events alone are dated: 2015: a; 2016: b; 2017: c."


LINKS = pd.DataFrame({"case": ["A", "B"], "theme": ["x", "y"], "code": "trust", "valence": ["promotes", "inhibits"]})


def test_a_bridge_needs_two_cases():
    assert "trust" in texts(figures.bridge(LINKS))
    assert figures.bridge(LINKS.head(1)).empty == "One case alone ties its themes to codes: a bridge needs two."
    elsewhere = figures.bridge(LINKS.assign(code=["trust", "law"]), codes=["trust"])
    assert elsewhere.empty == "One case alone ties its themes to codes: a bridge needs two."


LEVELS = pd.DataFrame(
    {
        "construct": "Trust",
        "study": list("abcd"),
        "direction": "promotes",
        "confidence": ["high", "moderate", "low", None],
    }
)


def marks_of(drawing):
    return drawing.draw().findobj(lambda artist: type(artist).__name__ == "Polygon")


def test_confidence_is_filling_and_never_size():
    marks = marks_of(figures.effect_direction(LEVELS))
    assert len({round(p.get_path().get_extents().height, 6) for p in marks}) <= 2  # of the cells, and of the legend
    assert len({to_hex(p.get_facecolor()) for p in marks}) == 3  # full, pale, empty; one not assessed is pale, too
    said = texts(figures.effect_direction(LEVELS))
    assert {"high confidence", "moderate confidence", "low confidence", "confidence not assessed"} <= set(said)


def test_where_no_confidence_was_assessed_none_is_hinted_at():
    plain = figures.effect_direction(LEVELS.drop(columns="confidence"))
    assert not [t for t in texts(plain) if "confidence" in t]
    assert {to_hex(p.get_facecolor()) for p in marks_of(plain)} == {GOOD}


def test_a_condition_beside_another_direction_is_drawn():
    both = LEVELS.assign(also_condition=[True, False, False, False])
    assert len(marks_of(figures.effect_direction(both))) == len(marks_of(figures.effect_direction(LEVELS))) + 2
    assert "a condition besides" in texts(figures.effect_direction(both))
    assert figures.effect_direction(both).alt.endswith("In 1 cell a condition stands beside another direction.")


def test_silence_is_a_dot_and_what_speaks_both_ways_counts_on_both_sides():
    match = ["supported", "contradicted", "mixed", "silent", None]
    table = pd.DataFrame({"proposition": "Trust", "study": list("abcde"), "match": match})
    drawing = figures.pattern_match(table)
    assert drawing.alt == (
        "1 proposition in 5 studies: 1 of 5 cells speaks for it, 1 speaks against it, 1 speaks for and against it, "
        "1 does not speak of it, 1 nobody has looked. Most studies for: Trust (2). Something speaks against: Trust."
    )
    assert texts(drawing).count("2") == 2  # studies for, and against
    assert texts(drawing).count("?") == 2  # the cell that nobody has looked at, and the legend
    quiet = figures.pattern_match(table.assign(match="silent"))
    assert quiet.empty == "No study speaks of any proposition."


def test_a_graph_keeps_the_largest_components_and_counts_what_a_page_does_not_hold():
    names = [f"f{i}" for i in range(200)]
    nodes = pd.DataFrame({"factor": names, "label": [f"Factor {i}" for i in range(200)]})
    star = [(f"f{i}", "f0") for i in range(1, 6)]
    pairs = star + [(f"f{i}", f"f{i + 1}") for i in range(6, 198, 2)]
    edges = pd.DataFrame(pairs, columns=["source", "target"]).assign(sign="+")
    drawing = figures.influence_graph(nodes, edges)
    figure = drawing.draw()
    drawn = len([p for p in figure.findobj(PathPatch) if type(p) is PathPatch])
    assert f"{len(pairs) - drawn} more relations are not drawn: see the table." in texts(drawing)
    assert "(5 arrive)" in texts(drawing)
    assert figure.get_size_inches()[1] * 25.4 <= 230


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=12, unique=True))
def test_at_the_width_of_a_column_every_factor_stays_a_box_of_whole_words(pairs):
    nodes = pd.DataFrame(
        {"factor": [f"f{i}" for i in range(12)], "label": [f"Responsibilities {i}" for i in range(12)]}
    )
    edges = pd.DataFrame([(f"f{a}", f"f{b}") for a, b in pairs], columns=["source", "target"]).assign(sign="+")
    figure = figures.influence_graph(nodes, edges).draw("print", "85mm")
    wide = [p.get_path().get_extents().width for p in figure.findobj(FancyBboxPatch)]
    assert not wide or min(wide) > 0.9
    assert [t for t in figure.findobj(Text) if "Responsibilities" in t.get_text()]
    assert figure.findobj(Circle) or not len(edges)


def test_a_direction_that_is_none_is_refused():
    none = pd.DataFrame(columns=["source", "target", "sign"])
    with pytest.raises(CrosscaseError, match="'good'"):
        assert figures.influence_graph(NODES.assign(valence="good"), none).alt


def test_where_a_page_is_too_short_the_codes_of_most_units_are_drawn():
    many = pd.DataFrame(
        {"code": [f"code {i}" for i in range(60)], "estimate": 0.5, "low": None, "high": None, "n": 900}
    )
    drawing = figures.forest(many.assign(n_coded=range(5, 65)), overall="code 0")
    for look in ("book", "slide"):
        said = texts(drawing, look=look)
        assert {"code 0", "code 59"} <= set(said)
        assert "code 1" not in said
        assert any("more rows are not drawn" in text for text in said)
