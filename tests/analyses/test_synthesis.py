"""The synthesis in sentences: studies are counted, ties are told, and who mapped is never left out."""

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crosscase.analyses import between, confidence, mapped, synthesis
from crosscase.study import list_studies

STUDIES = ["a", "b", "c"]
BY = "; mapped by one mapper, a language model."
CONSTRUCTS = pd.DataFrame(
    {"construct": ["t", "m", "r"], "label": ["Trust", "Money", "Rules"], "parent": None, "order": [1, 2, 3]}
)
MAPS = ["study", "theme", "framework", "construct", "direction", "confidence", "mapper"]


def rows(*cells, mapper="framework_mapper"):
    """Make a framework map of study, construct and direction; each row has a theme of its own."""
    made = [(s, f"{s}{n}", "f", c, way, "medium", mapper) for n, (s, c, way) in enumerate(cells)]
    return pd.DataFrame(made, columns=MAPS)


SOME = rows(
    ("a", "t", "barrier"),
    ("b", "t", "barrier"),
    ("c", "t", "facilitator"),
    ("a", "m", "facilitator"),
    ("b", "m", "facilitator"),
    ("a", "r", "condition"),
)


MAPPED = pd.DataFrame(
    {"study": ["a"] * 6 + ["b", "c"], "theme": list("uvwxyz01"), "kind": ["theme"] * 6 + ["factor"] * 2}
)


@pytest.fixture
def world(monkeypatch):
    """Put tables in the place of those of the studies; what is not given is empty."""

    def put(maps=SOME, **tables):
        known = {"framework_map": maps, "themes": MAPPED} | tables

        def stack(table, names=None):
            frame = known[table]
            return frame[frame["study"].isin(names or STUDIES)].reset_index(drop=True)

        for module in (mapped, synthesis, between, confidence):
            for name, fake in {
                "stack": stack,
                "load_framework": lambda name: CONSTRUCTS,
                "study_labels": lambda names: {name: f"Study {name}" for name in names},
                "load_shared": lambda name: known[name],
            }.items():
                if hasattr(module, name):
                    monkeypatch.setattr(module, name, fake)

    put()
    return put


def values(result):
    return {value.id: value.value for value in result.values}


def test_constructs_are_counted_over_studies(world):
    assert synthesis.constructs(STUDIES, "f").sentence == (
        "3 constructs of the framework f are reported in at least one of 3 studies, 1 of them in all and 1 in one only"
        + BY
    )
    assert synthesis.constructs(["a"], "f").sentence == "3 constructs of the framework f are reported in 1 study" + BY
    world(SOME.head(0))
    none = synthesis.constructs(STUDIES, "f")
    assert none.sentence == "No construct of the framework f is reported in any of 3 studies."
    assert none.empty


def test_segments_and_themes_of_one_study_count_once(world):
    world(rows(*[("a", "t", "barrier")] * 5, ("b", "m", "barrier")))
    result = synthesis.reported(STUDIES, "f")
    assert result.sentence == "Most widely reported of the framework f: Trust and Money, in 1 of 3 studies" + BY
    assert values(result) == {"f.also_condition": 0, "f.reported.t": 1, "f.reported.m": 1}


def test_a_condition_beside_a_barrier_is_told(world):
    world(rows(("a", "t", "barrier"), ("a", "t", "condition"), ("b", "t", "barrier")))
    result = synthesis.reported(STUDIES, "f")
    assert result.sentence.endswith(
        "1 has the same direction in each; in 1 cell a condition stands beside another direction" + BY
    )
    assert values(result) == {"f.also_condition": 1, "f.reported.t": 2}


def test_the_same_direction_in_each_study_is_counted(world):
    assert synthesis.reported(STUDIES, "f").sentence == (
        "Most widely reported of the framework f: Trust, in 3 of 3 studies; of 2 constructs that more than one study "
        "reports, 1 has the same direction in each" + BY
    )
    world(rows(("a", "t", "ambivalent"), ("b", "t", "ambivalent")))
    assert (
        "1 construct that more than one study reports, none has the same" in synthesis.reported(STUDIES, "f").sentence
    )


def test_mappers_are_counted_and_only_known_programs_are_called_so(world):
    world(rows(("a", "t", "barrier"), mapper="anna"))
    assert synthesis.constructs(STUDIES, "f").sentence.endswith("; mapped by one mapper.")
    two = pd.DataFrame({"mapper": ["anna", "framework_mapper"]})
    assert mapped.mappers(two) == "2 mappers"
    assert mapped.mappers(two.head(0)) == "nobody who is named"
    world()
    result = synthesis.maps(STUDIES)
    assert result.sentence == (
        "6 of 8 themes, subthemes and factors of 3 studies are themselves mapped to 1 framework by one mapper, a "
        "language model."
    )
    assert [(value.value, value.n) for value in result.values if value.id == "map.themes"] == [(6, 8)]


CODINGS = pd.DataFrame(
    [("a", "k1", "mix", "inhibits"), ("a", "k2", "mix", "inhibits"), ("b", "k3", "mix", "promotes"),
     ("b", "k4", "mix", "condition"), ("c", "k5", "mix", "neutral"), ("c", "k6", "law", "inhibits")],
    columns=["study", "coding_id", "code", "valence"],
)  # fmt: skip
BOOK = pd.DataFrame({"study": "a", "code": ["mix", "law"], "label": ["Mix of actors", "Law"], "parent": None})


def test_the_contrast_counts_studies_and_claims_no_reason(world):
    world(primary_codings=CODINGS, codebook=BOOK)
    result = between.contrast([*STUDIES, "d"], "mix")
    assert result.sentence == (
        "Of 4 studies, the code Mix of actors inhibits in 1 (Study a), promotes in 1 (Study b) and is a condition in 1 "
        "(Study b); in 1 it has none of these directions; in 1 it is not coded; studies differ in more than "
        "this, so the reason cannot be told from it."
    )
    assert values(result) == {"contrast.inhibits": 1, "contrast.required": 1}
    assert between.contrast(["c"], "law").sentence.startswith(
        "Of 1 study, the code law inhibits in 1 (Study c), promotes in none and is a condition in none; studies differ"
    )
    assert between.contrast(["a"], "law").sentence == "The code Law is used in none of 1 study."


def test_codes_are_counted_by_study(world):
    world(primary_codings=CODINGS, codebook=BOOK)
    assert between.codes(STUDIES).sentence == (
        "Of 2 codes with a direction in any of 3 studies, none has one in each; 1 has one in 2."
    )
    assert between.codes(["a"]).sentence == "Of 1 code with a direction in any of 1 study, 1 has one in each."
    world(primary_codings=CODINGS.head(0), codebook=BOOK)
    assert between.codes(STUDIES).sentence == "No code has a direction in any of 3 studies."


THEMES = pd.DataFrame(
    {"study": ["a", "a", "b"], "theme": ["a0", "z", "b1"], "label": ["A", "Z", "B"], "parent": None, "kind": "theme"}
)
DECISIONS = pd.DataFrame(
    columns=["framework", "study", "theme", "decision", "construct", "reason", "decided_by", "decided_on"]
)
FEW = rows(("a", "t", "barrier"), ("b", "t", "barrier"))


def test_leftovers_wait_until_people_decide(world):
    world(FEW, themes=THEMES, leftover_decisions=DECISIONS)
    assert confidence.left_over(STUDIES, "f").sentence == (
        "1 of 3 themes, subthemes and factors finds no construct of the framework f, and it waits for people to decide"
        + BY
    )
    decided = pd.DataFrame(
        [["f", "a", "z", "outside", None, "another question", "anna", None]], columns=DECISIONS.columns
    )
    world(FEW, themes=THEMES, leftover_decisions=decided)
    result = confidence.left_over(STUDIES, "f")
    assert "and none of them waits for people" in result.sentence
    assert values(result) == {"leftovers.open": 0}
    world(FEW, themes=THEMES[THEMES["theme"].ne("z")], leftover_decisions=DECISIONS)
    assert confidence.left_over(STUDIES, "f").sentence == (
        "Every theme, subtheme and factor of 3 studies finds a construct of the framework f" + BY
    )


def test_the_fit_goes_from_the_least_to_the_best_study(world):
    world(FEW, themes=THEMES)
    assert confidence.fit(STUDIES, "f").sentence == (
        "The framework f carries 2 of 3 themes, subthemes and factors as published, from 1 of 2 in Study a to 1 of 1 "
        "in Study b" + BY
    )
    world(FEW, themes=THEMES[THEMES["theme"].ne("z")])
    assert confidence.fit(STUDIES, "f").sentence.endswith(
        "2 of 2 themes, subthemes and factors as published, in each study alike" + BY
    )


def test_what_nobody_judged_is_said_to_be_unjudged(world):
    codings = pd.DataFrame(
        [("a", "k1", "d", 0, 5, "a0", None, "nurse", "voice"), ("b", "k2", "d", 0, 5, "b1", None, None, "author")],
        columns=["study", "coding_id", "document", "start", "end", "theme", "case", "role", "role_mode"],
    )
    nobody = pd.DataFrame(columns=["finding", "component", "judgement", "rationale", "judge"])
    argument = pd.DataFrame(
        {"finding": ["t"], "heading": ["Trust carries"], "statement": ["It does."], "segments": ["a.k1;b.k2"],
         "against": ["b.k3"]}
    )  # fmt: skip
    appraisals = pd.DataFrame({"study": ["a"]})
    world(primary_codings=codings, cerqual=nobody, argument_across=argument, appraisals=appraisals)
    assert confidence.adequacy(STUDIES).sentence == (
        "Each of 1 finding rests on coded segments, in 2 pairs of finding and study; in 1 of these nobody speaks."
    )
    profile = confidence.profiles(STUDIES)
    assert profile.sentence == "People have judged the confidence in none of 1 finding."
    assert values(profile) == {"cerqual.findings": 1, "cerqual.judged": 0}
    row = profile.frame.iloc[0]
    assert row[["statement", "studies", "studies_against", "not_appraised"]].tolist() == [
        "Trust carries", "a;b", "b", "b",
    ]  # fmt: skip
    judged = pd.DataFrame([["t", "overall", "low", "thin", "anna"]], columns=nobody.columns)
    world(primary_codings=codings, cerqual=judged, argument_across=argument, appraisals=appraisals)
    assert confidence.profiles(STUDIES).sentence == "People have judged the confidence in 1 of 1 finding: 1 low."
    world(primary_codings=codings, cerqual=nobody, argument_across=argument.head(0), appraisals=appraisals)
    assert confidence.adequacy(STUDIES).refused == "Nobody has worded a finding across these studies."
    assert values(confidence.profiles(STUDIES)) == {"cerqual.findings": 0, "cerqual.judged": 0}


WAYS = st.sampled_from(["barrier", "facilitator", "condition", "ambivalent"])
CELLS = st.lists(st.tuples(st.sampled_from(STUDIES), st.sampled_from(["t", "m", "r"]), WAYS), max_size=8)


ALL = ("constructs", "reported")


@settings(max_examples=20)
@example(cells=[])
@given(cells=CELLS)
def test_any_map_makes_sentences_and_no_study_counts_twice(cells):
    maps = rows(*cells)
    table = mapped.construct_by_study(maps, CONSTRUCTS, "f", STUDIES)
    of = mapped.Mapped("f", table, dict(zip(STUDIES, STUDIES)), "x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(synthesis, "mapped", lambda studies, framework: of)
        results = {each: getattr(synthesis, each)(STUDIES, "f") for each in ALL}
    for result in results.values():
        assert result.sentence.endswith(".")
        assert not {"nan", "None"} & set(result.sentence.replace(";", " ").split())
    found = {construct for _, construct, _ in cells}
    first = f"{len(found)} construct" if found else "No construct"
    assert results["constructs"].sentence.startswith(first)
    top = max((len({study for study, c, _ in cells if c == construct}) for construct in found), default=0)
    assert f"in {top} of 3 studies" in results["reported"].sentence or not found


def test_every_result_of_the_embedded_studies_says_something():
    studies, results = list_studies(), []
    for framework in ("cfir2022", "rmic", "cgr2012"):
        results += [getattr(synthesis, each)(studies, framework) for each in ALL]
        assert all(result.sentence.endswith(BY) for result in results)
    results += [getattr(confidence, name)(studies, "cfir2022") for name in ("left_over", "fit", "ratings")]
    results += [confidence.profiles(studies), between.contrast(studies, "actor_heterogeneity")]
    for result in [*results, between.codes(studies), synthesis.maps(studies)]:
        assert result.sentence.endswith(".")
        assert not {"nan", "None", "<NA>"} & set(result.sentence.replace(",", " ").split())
        assert "_" not in result.sentence
        assert not any(study in result.sentence for study in studies)
        assert "segments" not in result.sentence
        assert result._repr_html_()
