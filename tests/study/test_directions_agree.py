"""What a study says of a direction agrees in all of its tables: relations, themes, map, and the words beside them."""

import pytest

from crosscase.study import load_study

READ_AGAIN = ["be-mentally-ill-offenders", "be-chronic-care-pilots"]
MAPPED = {
    "inhibits": {"barrier"},
    "promotes": {"facilitator"},
    "condition": {"condition"},
    "ambivalent": {"ambivalent"},
}


@pytest.fixture(params=READ_AGAIN)
def study(request):
    return load_study(request.param)


def test_no_theme_has_a_direction_whose_relations_have_no_sign(study):
    signs = study.relations.groupby("source")["sign"].agg(set)
    directed = study.themes[study.themes["valence"].isin(["inhibits", "promotes"])]
    parts = dict(zip(study.themes["theme"], study.themes["parent"]))
    for theme in directed["theme"]:
        mine = [signs[source] for source in signs.index if theme in (source, parts.get(source))]
        assert not mine or set().union(*mine) != {"?"}, theme


def test_a_sign_that_the_sentence_does_not_give_is_derived_and_has_its_reason(study):
    read = study.relations[study.relations["note"].fillna("").str.contains("no sign")]
    assert set(read["kind"]) <= {"derived"}
    assert read["note"].str.contains("Read as").all()


def test_theme_and_map_give_one_direction(study):
    valence = dict(zip(study.themes["theme"], study.themes["valence"]))
    known = study.framework_map[study.framework_map["theme"].map(valence).notna()]
    for row in known.itertuples():
        assert row.direction in MAPPED.get(valence[row.theme], set()), (row.theme, row.framework)


def test_no_note_of_a_theme_names_another_direction(study):
    for row in study.themes.dropna(subset=["valence_note"]).itertuples():
        named = {word for word in MAPPED if word in row.valence_note.split("/")}
        assert named <= {row.valence}, row.theme


def test_a_demand_of_a_policy_text_and_a_list_of_traits_are_no_help():
    """Coordinators that a plan provides for, and traits that characterise pilots, are not reported to help."""
    of_the_plan = load_study("be-mentally-ill-offenders").primary_codings()
    plan = of_the_plan[of_the_plan["theme"].eq("mandate_framework")]
    assert set(plan["valence"]) == {"condition", "neutral"}
    pilots = load_study("be-chronic-care-pilots").primary_codings()
    traits = pilots[pilots["start"].between(2616, 2827)]
    assert len(traits) == 7
    assert set(traits["valence"]) == {"neutral"}


@pytest.mark.parametrize("name", READ_AGAIN)
def test_mixed_partners_are_trouble_and_value_on_whole_sentences(name):
    codings = load_study(name).primary_codings()
    mixed = codings[codings["code"].eq("actor_heterogeneity")]
    for valence in ("inhibits", "promotes"):
        part = mixed[mixed["valence"].eq(valence)]
        assert (part["end"] - part["start"]).max() > 100, valence
