"""The saturation table of a study, its groups, its stance and its bad input."""

import math

import pandas as pd
import pytest

from crosscase.errors import CrosscaseError
from crosscase.saturation import (
    STANCES,
    group_presence,
    meaning_saturation,
    presence_table,
    saturation_table,
    stance_allows,
)

CODINGS = pd.DataFrame(
    [
        ("i1", "trust"),
        ("i1", "money"),
        ("i1", "money"),
        ("i2", "trust"),
        ("i4", "time"),
        ("i4", "trust"),
        ("i3", "money"),
    ],
    columns=["document", "code"],
)
ORDER = pd.DataFrame(
    {
        "unit": ["i4", "i1", "i2", "i3", "i5"],
        "order": [4, 1, 2, 3, 5],
        "case": ["north", "north", "north", "south", None],
        "role": ["nurse", "nurse;manager", "manager", "nurse", "nurse"],
    }
)


def test_units_keep_their_order_and_silent_ones_stay():
    table = presence_table(CODINGS, ORDER)
    assert table.index.tolist() == ["i1", "i2", "i3", "i4", "i5"]
    assert table.columns.tolist() == ["money", "trust", "time"]
    assert table.sum(axis=1).tolist() == [2, 1, 1, 2, 0]


def test_sampling_order_rules_over_names():
    turned = ORDER.assign(order=[1, 5, 2, 3, 4])
    assert presence_table(CODINGS, turned).index.tolist() == ["i4", "i2", "i3", "i5", "i1"]
    assert presence_table(CODINGS, turned).columns.tolist() == ["time", "trust", "money"]


def test_another_column_may_hold_the_units():
    people = CODINGS.assign(participant=["p1", "p1", "p1", "p2", "p2", "p2", "p1"])
    order = pd.DataFrame({"unit": ["p2", "p1"], "order": ["2024-01-02", "2024-03-01"]})
    assert presence_table(people, order, unit="participant").sum(axis=1).tolist() == [2, 2]


def test_groups_count_their_own_units_and_codes():
    table = saturation_table(CODINGS, ORDER, by=["case", "role"], n_resamples=10)
    seen = table[table["measure"] == "codes_observed"].set_index(["grouped_by", "group"])
    assert seen["n_units"].to_dict() == {
        ("all", "all"): 5,
        ("case", "north"): 3,
        ("case", "south"): 1,
        ("role", "manager"): 2,
        ("role", "nurse"): 4,
    }
    assert seen["value"].tolist() == [3, 3, 1, 2, 3]
    assert seen["n_without_group"].tolist() == [0, 1, 1, 0, 0]
    south = table[table["group"] == "south"].set_index("measure")
    assert math.isnan(south["value"]["coverage"])
    assert south["reason"]["coverage"] == "too few units: 1, at least 2 needed"


def test_every_row_names_its_form_and_every_hole_its_reason():
    table = saturation_table(CODINGS, ORDER, by=["case", "role"], n_resamples=10)
    assert (table["form"].str.len() > 10).all()
    assert (table["reason"] != "").equals(table["value"].isna())


def test_group_tables_keep_the_sampling_order():
    groups = group_presence(presence_table(CODINGS, ORDER), ORDER, by="role")
    assert groups["nurse"].index.tolist() == ["i1", "i3", "i4", "i5"]


@pytest.mark.parametrize(
    ("codings", "order", "words"),
    [
        (CODINGS, ORDER[ORDER["unit"] != "i3"], "no place for i3"),
        (CODINGS, pd.concat([ORDER, ORDER.head(1)]), "i4 more than once"),
        (CODINGS, ORDER.assign(order=1), "break ties"),
        (CODINGS, ORDER.assign(order=[4, 1, 2, 3, None]), "none for i5"),
        (CODINGS.assign(code=None), ORDER, "7 empty cells"),
        (CODINGS.drop(columns="code"), ORDER, "codings, column code"),
        (CODINGS, ORDER.drop(columns=["unit", "order"]), "order, column order"),
    ],
)
def test_bad_input_is_named(codings, order, words):
    with pytest.raises(CrosscaseError, match=words):
        presence_table(codings, order)


def test_all_problems_of_one_input_come_together():
    with pytest.raises(CrosscaseError) as caught:
        presence_table(CODINGS.assign(code=None), ORDER.assign(order=1).head(3))
    assert len(caught.value.problems) == 3


def test_unknown_group_is_refused():
    with pytest.raises(CrosscaseError, match="case, role"):
        saturation_table(CODINGS, ORDER, by=["theme"])


def test_no_units_at_all():
    empty = saturation_table(CODINGS.head(0), ORDER.head(0), n_resamples=5).set_index("measure")
    assert empty["value"]["codes_observed"] == 0
    assert empty.drop("codes_observed")["value"].isna().all()


def test_reflexive_gets_no_verdict_and_the_source():
    allowed, reason = stance_allows("reflexive")
    assert not allowed
    assert "10.1080/2159676X.2019.1704846" in reason
    assert [stance for stance in STANCES if not stance_allows(stance)[0]] == ["reflexive", "phenomenology"]
    with pytest.raises(CrosscaseError, match="reflexive, codebook"):
        stance_allows("reflective")


def test_meaning_saturation_is_words():
    text = meaning_saturation()
    assert "not computable" in text
    assert "10.1177/1049732316665344" in text


@pytest.mark.parametrize("empty", ["", " ", "\t", None], ids=["nothing", "space", "tab", "missing"])
@pytest.mark.parametrize("kind", [object, "string", "category"])
def test_an_empty_code_or_unit_is_refused_as_elsewhere(empty, kind):
    rows = pd.DataFrame({"document": ["a", "b"], "code": pd.Series(["x", empty], dtype=kind)})
    order = pd.DataFrame({"unit": ["a", "b"], "order": [1, 2]})
    with pytest.raises(CrosscaseError, match="codings, column code: no empty cell; found 1 empty cells"):
        presence_table(rows, order)
    units = pd.DataFrame({"document": pd.Series(["a", empty], dtype=kind), "code": ["x", "y"]})
    with pytest.raises(CrosscaseError, match="column document: no empty cell; found 1 empty cells") as caught:
        presence_table(units, order.assign(unit=pd.Series(["a", empty], dtype=kind)))
    assert "order, column unit: each row names a unit; found 1 empty cells" in str(caught.value)
