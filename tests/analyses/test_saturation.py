"""Saturation in sentences: refused where stance or material forbid it, and a demonstration wherever it is one."""

from types import SimpleNamespace

import pandas as pd
import pytest

from crosscase.analyses import saturation
from crosscase.study import list_studies, load_study

WITHIN = "As a demonstration within one published text: "
UNITS = pd.DataFrame({"document": "d", "kind": "paragraph", "unit": [str(n) for n in range(1, 9)]})


def study(codes, stance="codebook", cases=None, text=False):
    """Make a study of one coding per document (or paragraph of one document) and code."""
    cells = [(f"i{n}", code, n) for n, found in enumerate(codes, start=1) for code in found]
    codings = pd.DataFrame(cells, columns=["document", "code", "paragraph"]).astype({"paragraph": "Int64"})
    names = ["d"] if text else [f"i{n}" for n in range(1, len(codes) + 1)]
    where = dict(zip(names, cases)) if cases and not text else {}
    documents = pd.DataFrame({"document": names, "date": None, "case": [where.get(n) for n in names], "role": None})
    if text:
        of = dict(enumerate(cases or [], start=1))
        codings = codings.assign(document="d", case=[of.get(n) for n in codings["paragraph"]])
    codings = codings.assign(role=None) if text else codings.assign(case=None, role=None)
    return SimpleNamespace(
        info=SimpleNamespace(stance=stance),
        documents=documents,
        units=UNITS.head(len(codes)),
        primary_codings=lambda: codings.copy(),
        labels=lambda table: {"codebook": {"t": "Trust", "m": "Money"}, "cases": {"n": "North", "s": "South"}}.get(
            table, {}
        ),
    )


EIGHT = ["tm", "tm", "tm", "tm", "tm", "tm", "tm", "tmx"]
TEXT = study(EIGHT, text=True)


def test_measures_count_documents_and_what_is_still_to_come():
    rare = saturation.measures(study(["ta", "tb", "mc", "tm"]), resamples=20)
    assert rare.sentence.startswith(
        "5 codes were found in 4 documents; going by those in one or two documents only, at least 6 in all are "
        "expected (95 % interval 5 to "
    )
    full = saturation.measures(study(["tm"] * 6), resamples=20).sentence
    assert (
        full == "2 codes were found in 6 documents; going by those in one or two documents only, no more are expected."
    )
    uncoded = saturation.measures(study(["", "", ""]), resamples=20).sentence
    assert uncoded == "None of 3 documents is coded; saturation needs several that are."
    values = {value.id: value for value in rare.values}
    assert (values["saturation.codes_observed"].value, values["saturation.codes_observed"].n) == (5, 4)


def test_one_document_and_a_reflexive_stance_are_refused_in_one_sentence_without_a_table():
    one = saturation.measures(TEXT)
    assert one.refused == "One document only; saturation is counted over documents and needs several."
    reflexive = saturation.measures(study(EIGHT, "reflexive"))
    assert reflexive.refused == (
        "The stance of the study, reflexive thematic analysis, does not let codes be counted for saturation."
    )
    assert "Braun & Clarke" in reflexive.values[0].reason
    for result in (one, reflexive):
        assert [value.id for value in result.values] == ["saturation.codes_observed"]
        assert result.values[0].value is None
        assert result.frame.empty
        assert result.drawing is None


def test_the_stance_says_yes_or_no_and_why():
    yes, no = saturation.stance(study(EIGHT)), saturation.stance(study(EIGHT, "reflexive"))
    assert yes.sentence == "The stance of the study, codebook thematic analysis, lets codes be counted for saturation."
    assert "Guest" in yes.limits
    assert [yes.values[0].value, no.values[0].value] == ["yes", "no"]
    assert "information power" in no.refused


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (["tm"] * 9, "all 12 {}, and in none of these new codes came later."),
        (["tm"] * 9 + ["x"], "all 12 {}, and in all of these new codes came later."),
        (["t", "m"], "none of 12 {}, as 2 documents are too few."),
        ([*"abcdefghij"], "none of 12 {}, as new codes kept coming."),
        ([*"abcdef"], "none of 12 {}, as new codes kept coming or 6 documents are too few."),
    ],
)
def test_the_stopping_rule_is_met_or_not_and_says_what_came_later(codes, said):
    said = said.format("combinations of base, run and threshold")
    assert saturation.guest(study(codes)).sentence == f"The stopping rule is met in {said}"


def test_frequencies_name_ties_by_their_labels():
    tied = saturation.frequencies(study(["tm", "tm", "t"]))
    assert tied.sentence == "Most widespread of 2 codes: Trust, in 3 of 3 documents."
    assert saturation.frequencies(study(["tm", "tm"])).sentence == (
        "Most widespread of 2 codes: Money and Trust, in 2 of 2 documents."
    )
    uncoded = saturation.frequencies(study(["", ""])).sentence
    assert uncoded == "None of 2 documents is coded; saturation needs several that are."


def test_rare_codes_are_counted():
    assert saturation.rare(study(["ta", "tb", "tb"])).sentence == (
        "Of 3 codes, 1 occurs in one document only and 1 in two."
    )
    none = saturation.rare(study(["tm", "tm", "tm"]))
    assert none.sentence == "Of 2 codes, none occurs in one document only and none in two."
    assert none.frame["units"].tolist() == [3]


def test_the_curve_says_when_half_and_when_the_last_came():
    drawn = saturation.curve(study(["t", "m", "t", "t"]))
    assert drawn.sentence == "Half of 2 codes had come after 1 of 4 documents; the last new one came with the 2nd."
    assert drawn.alt
    nothing = saturation.curve(study(["", ""]))
    assert nothing.refused == "None of 2 documents is coded; saturation needs several that are."


def test_documents_that_nobody_has_coded_do_not_count():
    half = saturation.measures(study(["abcdef", ""]), resamples=20)
    assert half.refused == "1 of 2 documents is coded; saturation needs several that are."
    some = saturation.measures(study(["ta", "", "tb", "mc", "tm"]), resamples=20)
    assert some.frame.equals(saturation.measures(study(["ta", "tb", "mc", "tm"]), resamples=20).frame)
    assert "1 document without a coding is not counted." in some.limits


def test_nothing_is_estimated_where_every_code_stands_in_one_document():
    found = saturation.measures(study(["abc", "de"]), resamples=20)
    why = "the units cover next to nothing (1 - Q1/U = 0.00): 5 of 5 codes stand in one unit only"
    assert found.sentence == f"5 codes were found in 2 documents; how many more there are cannot be estimated ({why})."
    rows = found.frame.set_index("measure").drop(["codes_observed", "guest"])
    assert rows["value"].isna().all()
    assert rows["reason"].str.contains(why, regex=False).any()
    curve = saturation.curve(study(["abc", "de"]))
    assert "extrapolated" not in set(curve.frame["part"])
    assert "cannot be estimated" in curve.limits


def test_curves_by_case_say_where_codes_still_came():
    cases = ["n", "n", "s", "s"]
    both = saturation.curve(study(["t", "m", "t", "t"], cases=cases), by="case")
    assert both.sentence == (
        "The last document still brought a new code for North, 1 of 2 cases or groups of cases with at least two "
        "documents."
    )
    flat = saturation.curve(study(["t", "t", "t", "t"], cases=cases), by="case")
    assert flat.sentence.startswith("The last document still brought a new code for none of 2 cases")
    one = saturation.curve(study(["t", "m", "t"], cases=["n", "n", "s"]), by="case")
    assert one.sentence.endswith(
        "brought a new code for North, the only case or group of cases with at least two documents."
    )
    alone = saturation.curve(study(["t", "m"], cases=["n", "s"]), by="case")
    assert alone.refused == "No case has two documents with a code, so that there is no curve."


@pytest.mark.parametrize("analysis", ["measures", "guest", "frequencies", "rare", "curve"])
def test_what_is_counted_within_one_text_is_a_demonstration_wherever_it_speaks(analysis):
    result = getattr(saturation, analysis)(TEXT, "paragraph")
    assert result.sentence.startswith(WITHIN)
    assert result.caption.startswith("Demonstration within one published text: ")
    assert result.limits.endswith(saturation.SHOWN_LIMITS)
    assert "document" not in result.sentence
    assert all(value.id.startswith("saturation.within.") for value in result.values)
    assert all(value.about.startswith("demonstration, not saturation of the study: ") for value in result.values)
    over_documents = getattr(saturation, analysis)(study(EIGHT))
    assert "emonstration" not in over_documents.sentence + over_documents.about


@pytest.mark.parametrize("name", list_studies())
def test_every_result_of_the_studies_says_something(name):
    loaded = load_study(name)
    results = [saturation.stance(loaded), saturation.meaning()]
    for unit in ("document", "paragraph"):
        results += [saturation.measures(loaded, unit, resamples=20), saturation.curve(loaded, unit, "case")]
        results += [getattr(saturation, each)(loaded, unit) for each in ("guest", "frequencies", "rare", "curve")]
    for result in results:
        assert result.sentence.endswith(".")
        assert not {"nan", "None", "<NA>"} & set(result.sentence.replace(",", " ").split())
        assert "_" not in result.sentence
        assert result._repr_html_()
        assert bool(result.refused) == result.frame.empty or result is results[0], "a stance is told without a table"
