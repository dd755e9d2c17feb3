"""What codes are counted over: many documents in full, one document not, its paragraphs as a demonstration."""

import numpy as np
import pandas as pd
import pytest

from crosscase import saturation
from crosscase.errors import CrosscaseError


def interviews(n, seed=3):
    """Make n interviews with ten codes of falling frequency, in two cases and two roles."""
    rng = np.random.default_rng(seed)
    shares = np.linspace(0.9, 0.05, 10)
    cells = [(f"i{k:02d}", f"c{j}") for k in range(n) for j in np.flatnonzero(rng.random(10) < shares)]
    codings = pd.DataFrame(cells, columns=["document", "code"]).assign(case=None, role=None, paragraph=1)
    documents = pd.DataFrame({
        "document": [f"i{k:02d}" for k in range(n)], "date": None,
        "case": ["north" if k % 2 else "south" for k in range(n)], "role": ["nurse;manager"] + ["nurse"] * (n - 1),
    })  # fmt: skip
    return codings, documents


UNITS = pd.DataFrame({"document": ["d"] * 4, "kind": "paragraph", "unit": ["1", "2", "3", "10"]})
ONE = pd.DataFrame({"document": ["d"], "date": None, "case": None, "role": None})
TEXT = pd.DataFrame({
    "document": "d", "code": ["a", "a", "b", "c"], "case": ["north", None, "south", "north"],
    "role": ["nurse;doctor", None, "nurse", None], "paragraph": pd.array([1, 2, 10, None], dtype="Int64"),
})  # fmt: skip


def test_sixty_interviews_are_counted_over_documents():
    over = saturation.sampled_over(*interviews(60), UNITS, "codebook")
    assert over.reason == ""
    presence = over.presence()
    assert presence.shape == (60, 10)
    assert presence.index[0] == "i00"
    assert over.groups == ["case", "role"]


def test_the_curves_meet_where_all_units_are_seen():
    over = saturation.sampled_over(*interviews(60), UNITS, "codebook")
    curve = saturation.curves(over)
    last = curve[curve["units"] == 60].set_index("part")["codes"]
    assert last["real"] == last["rarefied"] == last["extrapolated"] == 10
    ahead = curve[curve["part"] == "extrapolated"]
    assert ahead["units"].tolist() == list(range(60, 121))
    assert (ahead["low"] <= ahead["codes"]).all()
    assert (ahead["codes"] <= ahead["high"]).all()
    by_case = saturation.curves(over, "case")
    assert by_case.groupby("group")["n_units"].first().to_dict() == {"north": 30, "south": 30}
    assert set(saturation.curves(over, "role")["group"]) == {"nurse"}, "one manager makes no curve"


def test_one_document_is_no_sample_and_says_so():
    over = saturation.sampled_over(TEXT, ONE, UNITS, "codebook")
    assert over.reason.startswith("one document only")
    assert saturation.curves(over).empty


def test_no_document_is_not_called_one():
    none = saturation.sampled_over(TEXT.head(0), ONE.head(0), UNITS, "codebook")
    assert none.reason.startswith("no document only") is True


def test_paragraphs_of_one_text_in_reading_order_with_their_cases():
    within = saturation.sampled_over(TEXT, ONE, UNITS, "codebook", "paragraph")
    assert within.order["unit"].tolist() == ["d 1", "d 2", "d 3", "d 10"]
    assert within.presence().sum(axis=1).tolist() == [1, 1, 0, 1], "a paragraph without codes counts as a unit"
    assert within.order["case"].tolist()[0] == "north"
    assert within.order["role"].tolist()[0] == "doctor;nurse"
    assert "c" not in set(within.codings["code"]), "a coding without a place is in no paragraph"


@pytest.mark.parametrize("unit", ["document", "paragraph"])
def test_a_reflexive_study_gets_no_count_anywhere(unit):
    over = saturation.sampled_over(TEXT, ONE, UNITS, "reflexive", unit)
    assert "Braun & Clarke" in over.reason
    assert saturation.curves(over).empty


def test_several_documents_need_no_demonstration():
    codings, documents = interviews(6)
    within = saturation.sampled_over(codings, documents, UNITS, "codebook", "paragraph")
    assert "several documents" in within.reason


def test_an_unknown_unit_is_refused():
    with pytest.raises(CrosscaseError, match="document, paragraph"):
        saturation.sampled_over(TEXT, ONE, UNITS, "codebook", "sentence")
