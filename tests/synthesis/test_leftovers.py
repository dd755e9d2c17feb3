"""Best-fit framework synthesis: what is taken, what is left, what people decide, and the versions that follow."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import synthesis
from crosscase.errors import CrosscaseError

THEMES = pd.DataFrame(
    [
        ("a", "t", "T", None, "theme"),
        ("a", "t1", "T1", "t", "subtheme"),
        ("a", "t2", "T2", "t", "subtheme"),
        ("a", "u", "U", None, "theme"),
        ("a", "u1", "U1", "u", "factor"),
        ("a", "z", "Z", None, "theme"),
        ("a", "methods", "Methods", None, "frame"),
    ],
    columns=["study", "theme", "label", "parent", "kind"],
)
MAPS = pd.DataFrame(
    [("a", "t1", "own", "c", "mapper"), ("a", "u", "own", "d", "mapper"), ("a", "z", "other", "c", "mapper")],
    columns=["study", "theme", "framework", "construct", "mapper"],
)
PUBLISHED = pd.DataFrame(
    {"construct": ["c", "d"], "label": ["C", "D"], "parent": [None, "c"], "order": [1, 2], "source": ["book", "book"]}
)
CHANGES = pd.DataFrame(
    [
        ("own", 2, "added", "e", "E", "c", "three themes had no place", "the team", None, "a/z"),
        ("own", 3, "renamed", "d", "D or more", None, "wording", "the team", None, None),
        ("own", 3, "moved", "d", None, "e", "belongs there", "the team", None, None),
        ("else", 2, "removed", "c", None, None, "not used", "the team", None, None),
    ],
    columns=["framework", "version", "change", "construct", "label", "parent", "reason", "decided_by", "decided_on",
             "themes"],
)  # fmt: skip


def coverage(maps=MAPS, framework="own"):
    return synthesis.theme_coverage(THEMES, maps, framework)


def decision(**cells):
    base = {"study": "a", "theme": "z", "decision": "outside", "construct": None, "reason": "asks something else"}
    return pd.DataFrame([base | {"decided_by": "the team", "decided_on": None} | cells])


def test_a_theme_is_taken_by_itself_its_subthemes_or_the_theme_above():
    found = coverage().set_index("theme")["taken_by"].to_dict()
    assert found == {"t": "its subthemes", "t1": "itself", "t2": "", "u": "itself", "u1": "its theme", "z": ""}


def test_the_queue_holds_what_no_construct_takes():
    queue = synthesis.leftovers(coverage())
    assert queue["theme"].tolist() == ["t2", "z"]
    assert set(queue["status"]) == {"open"}


def test_decisions_stand_beside_the_leftovers_and_open_ones_come_first():
    queue = synthesis.leftovers(coverage(), decision())
    assert queue[["theme", "status"]].values.tolist() == [["t2", "open"], ["z", "decided"]]
    taken = pd.concat([MAPS, pd.DataFrame([("a", "z", "own", "e", "m")], columns=MAPS.columns)])
    assert synthesis.leftovers(coverage(taken), decision()).set_index("theme")["status"]["z"] == "taken since"


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"theme": "nowhere"}, "a theme of a study"),
        ({"decision": "perhaps"}, "known decision"),
        ({"reason": None}, "has a reason"),
        ({"decided_by": " "}, "has a decided_by"),
        ({"decision": "new_construct"}, "has a construct"),
    ],
)
def test_bad_decisions_are_refused(cells, word):
    with pytest.raises(CrosscaseError, match=word):
        synthesis.leftovers(coverage(), decision(**cells))


def test_map_rows_about_unknown_themes_are_refused():
    wrong = MAPS.assign(theme=["t1", "nowhere", "z"])
    with pytest.raises(CrosscaseError, match="nowhere"):
        coverage(wrong)


def test_fit_tells_a_priori_from_new_and_left():
    grown = pd.concat([MAPS, pd.DataFrame([("a", "z", "own", "e", "m")], columns=MAPS.columns)])
    fit = synthesis.framework_fit(coverage(grown), added=["e"]).iloc[0]
    assert fit[["n_themes", "n_a_priori", "n_new", "n_left"]].tolist() == [6, 4, 1, 1]
    assert fit["share_a_priori"] == pytest.approx(4 / 6)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["t", "t1", "t2", "u", "u1", "z"]), unique=True))
def test_leftovers_and_taken_themes_make_all_themes(mapped):
    maps = pd.DataFrame({"study": "a", "theme": mapped, "framework": "own", "construct": "c", "mapper": "m"})
    table = coverage(maps.astype("object"))
    fit = synthesis.framework_fit(table).iloc[0]
    assert fit["n_a_priori"] + fit["n_left"] == len(table) == 6
    assert len(synthesis.leftovers(table)) == fit["n_left"]
    assert not set(mapped) & set(synthesis.leftovers(table)["theme"])


def test_versions_build_on_each_other_and_the_published_one_stays():
    second = synthesis.framework_version(PUBLISHED, CHANGES, "own", 2)
    newest = synthesis.framework_version(PUBLISHED, CHANGES, "own").set_index("construct")
    assert second["construct"].tolist() == ["c", "d", "e"]
    assert newest["since"].to_dict() == {"c": 1, "d": 3, "e": 2}
    assert newest.loc["d", ["label", "parent"]].tolist() == ["D or more", "e"]
    assert newest.loc["e", "reason"] == "three themes had no place"
    assert PUBLISHED["construct"].tolist() == ["c", "d"]
    unchanged = synthesis.framework_version(PUBLISHED, CHANGES, "own", 1)
    assert synthesis.framework_diff(PUBLISHED, unchanged).empty


def test_the_diff_names_each_change_with_its_reason():
    newest = synthesis.framework_version(PUBLISHED, CHANGES, "own")
    diff = synthesis.framework_diff(PUBLISHED, newest)
    assert diff[["construct", "change", "before", "after"]].values.tolist() == [
        ["d", "renamed", "D", "D or more"],
        ["d", "moved", "c", "e"],
        ["e", "added", None, "E"],
    ]
    back = synthesis.framework_diff(newest, PUBLISHED)
    assert back.loc[back["construct"] == "e", "change"].tolist() == ["removed"]


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        ({"change": "painted"}, "known change"),
        ({"version": 1}, "published one"),
        ({"reason": ""}, "has a reason"),
        ({"construct": "c"}, "added construct is new"),
        ({"parent": "nowhere"}, "parent exists"),
        ({"change": "renamed", "construct": "nowhere"}, "changed construct exists"),
        ({"change": "removed", "construct": "c"}, "nothing stands below"),
        ({"label": None}, "has a label"),
    ],
)
def test_impossible_changes_are_refused(cells, word):
    changes = CHANGES.iloc[[0]].astype("object").assign(**cells)
    with pytest.raises(CrosscaseError, match=word):
        synthesis.framework_version(PUBLISHED, changes, "own")
