"""Who speaks, who is quoted, and what so few quotations can carry, in sentences."""

from dataclasses import replace

import pandas as pd
import pytest

from crosscase.analyses import quotations, roles
from crosscase.study import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("nl-work-roadmap")


def modes(*rows):
    frame = pd.DataFrame(rows, columns=["row", "column", "value"])
    return frame.assign(label=frame["row"].str.title(), sector="care", state="present")


def test_actors_are_told_by_voice_and_subject(study):
    found = roles.actor_mix(study)
    silent = modes(("nurse", "voice", 0), ("nurse", "about", 2), ("family", "voice", 0), ("family", "about", 2))
    assert replace(found, frame=silent).sentence == (
        "Of 2 roles, none speaks; 2 are spoken about, most often Nurse and Family (2 segments each)."
    )
    one = modes(("nurse", "voice", 1), ("nurse", "about", 0))
    assert replace(found, frame=one).sentence == (
        "Of 1 role, 1 speaks, most often Nurse (1 segment); none is spoken about."
    )


def test_perspectives_that_nobody_voices_are_no_views(study):
    found = roles.perspectives(study)
    silent = found.frame.assign(state="not_stated")
    assert replace(found, frame=silent).sentence == (
        "Not one of 72 cells of perspective by theme states a role's own voice."
    )
    assert roles.perspectives(load_study("be-chronic-care-pilots")).refused.startswith("No role speaks")


def test_quotations_are_counted_once_and_refused_without_an_index(study):
    assert quotations.quotations(study).sentence == (
        "The 21 quotations come most often from Mental health care professional (5) and stand most often under "
        "Collaboration and Politics, finances and legislation (7 each)."
    )
    teams = load_study("no-fact-teams")
    made = [quotations.quotations, quotations.by_theme, quotations.thin_themes]
    made += [lambda study, who=who: quotations.by_theme_and(study, who) for who in ("role", "sector")]
    assert {analysis(teams).refused for analysis in made} == {quotations.NONE}
    assert [value.value for value in quotations.quotations(teams).values] == [0]


def test_thin_themes_say_on_how_few_roles_they_rest(study):
    found = quotations.thin_themes(study)
    assert found.sentence.endswith("; 3 of them have one quotation only, so that it could not be otherwise.")
    assert {value.id: (value.value, value.n) for value in found.values}["quotations.one_quotation"] == (3, 5)
    none = found.frame.head(0)
    assert replace(found, frame=none).sentence == "Each of 10 themes is quoted by two roles or more."
    unquoted = found.frame.head(1).assign(warning="no quotation")
    assert replace(found, frame=unquoted).sentence == "1 of 10 themes has no quotation."


def links(*p):
    names = ["theme x role", "subtheme x sector"][: len(p)]
    frame = pd.DataFrame({"subject": names, "p_adjusted": p, "effect": 0.5, "null_effect": 0.4, "n": 21})
    return frame.astype({"p_adjusted": "float64"})


def test_links_that_are_not_found_are_not_denied():
    assert quotations.link_words(links(0.2, 0.4)) == (
        "Not one of 2 tests finds a link between who speaks and what about (smallest adjusted p .200, n = 21), which "
        "does not show that there is none."
    )
    assert quotations.link_words(links(0.05)).startswith("Theme and role go together (V 0.50, by chance 0.40")
    assert "only" in quotations.link_words(links(None))


def test_power_says_when_no_link_would_be_found():
    power = pd.DataFrame({"subject": ["x", "x", "y", "y"], "strength": [0.0, 0.5, 0.0, 0.7], "power": [0.9, 0.8, 0, 1]})
    assert quotations.power_words(power) == (
        "A link is found four times in five only where at least 50% of the quotations are aligned with their speaker, "
        "in the least sensitive of 2 tests 70%."
    )
    assert quotations.power_words(power.assign(power=0.5)).startswith("So few quotations find no link")


def test_roles_are_compared_within_cases_only_where_participants_are_known(study):
    found = roles.within_cases(study, 99, 1)
    assert found.refused.startswith("Roles cannot be compared within cases: no document names its participant")
    frame = pd.DataFrame({"subject": ["trust", "money"], "p": [0.01, 0.5], "p_adjusted": [0.02, 0.5], "n": 12})
    told = replace(found, refused="", says=lambda frame: roles.difference_words(frame, {"trust": "Trust"}))
    assert replace(told, frame=frame).sentence == (
        "Roles differ within cases in 1 of 2 codes: Trust (n = 12 participants)."
    )
    assert replace(told, frame=frame.assign(p_adjusted=0.9)).sentence.startswith("Not one of 2 codes differs")
