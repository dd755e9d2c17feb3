"""Coding, theme, framework, voice and role matrices, on a small study that can be checked by hand."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import matrices as m
from crosscase.errors import CrosscaseError
from crosscase.matrices.encoded import factorized


def codings(rows: list[tuple]) -> pd.DataFrame:
    """Codings from (case, code, start, end, valence, role, coder, theme)."""
    frame = pd.DataFrame(rows, columns=["case", "code", "start", "end", "valence", "role", "coder", "theme"])
    frame.insert(0, "coding_id", [f"c{i}" for i in range(1, len(frame) + 1)])
    frame["document"], frame["role_mode"], frame["paragraph"] = "d1", "voice", frame["start"] // 100
    return frame


@pytest.fixture
def study() -> pd.DataFrame:
    return codings(
        [
            ("north", "trust", 0, 10, "promotes", "nurse", "a", "bonds"),
            ("north", "trust", 5, 20, "inhibits", "nurse;manager", "a", "bonds"),
            ("north", "trust", 0, 10, "promotes", "nurse", "b", "bonds"),
            ("everyone", "money", 30, 40, "inhibits", None, "a", "funding"),
            ("two", "law", 50, 60, "condition", None, "a", None),
            ("someone", "pace", 70, 80, "na", None, "a", None),
            ("plan", "policy", 90, 95, "na", None, "a", None),
            (None, "trust", 200, 210, "na", None, "a", None),
        ]
    )


@pytest.fixture
def cases() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("north", "case", None, None, "partial"),
            ("south", "case", None, None, "complete"),
            ("west", "case", None, None, None),
            ("everyone", "all", None, None, None),
            ("two", "subset", 2, 3, None),
            ("someone", "unspecified", None, 3, None),
            ("plan", "context", None, None, None),
        ],
        columns=["case", "kind", "k", "n", "coverage"],
    )


THEMES = pd.DataFrame(
    [
        ("culture", None, "theme", None, "promotes", "interviews"),
        ("bonds", "culture", "subtheme", None, "promotes;inhibits", "interviews;documents"),
        ("funding", None, "theme", "south", "inhibits", "documents"),
        ("node", None, "factor", None, None, None),
    ],
    columns=["theme", "parent", "kind", "case", "valence", "voice"],
)


def state(cells: pd.DataFrame, case: str, code: str) -> tuple:
    row = cells[cells["case"].eq(case) & cells["code"].eq(code)].iloc[0]
    return row["state"], None if pd.isna(row["k"]) else row["k"], None if pd.isna(row["n"]) else row["n"]


@pytest.mark.parametrize(
    ("case", "code", "expected"),
    [
        ("north", "trust", ("present", None, None)),
        ("south", "trust", ("absent", None, None)),  # the source lists everything for south
        ("west", "trust", ("not_stated", None, None)),  # silence is no absence
        ("west", "money", ("count", 3, 3)),  # stated for all three cases together
        ("south", "money", ("count", 3, 3)),  # a statement about all beats the silence about one
        ("west", "law", ("count", 2, 3)),
        ("south", "law", ("absent", None, None)),
        ("west", "pace", ("not_stated", None, None)),  # some case, the source does not say which
        ("someone", "pace", ("count", None, 3)),
        ("everyone", "money", ("count", 3, 3)),
        ("plan", "policy", ("present", None, None)),
    ],
)
def test_the_four_states(study: pd.DataFrame, cases: pd.DataFrame, case: str, code: str, expected: tuple) -> None:
    assert state(m.coding_matrix(study, cases=cases), case, code) == expected


def test_counts_of_a_cell_by_hand(study: pd.DataFrame, cases: pd.DataFrame) -> None:
    cell = m.coding_matrix(study, cases=cases).set_index(["case", "code"]).loc[("north", "trust")]
    assert cell["n_codings"] == 3
    assert cell["n_segments"] == 2
    assert cell["n_characters"] == 20  # 0-10 and 5-20 merge
    assert cell["n_coders"] == 2
    assert (cell["n_promotes"], cell["n_inhibits"]) == (2, 1)
    assert cell["segments"] == "c1;c2;c3"
    assert pd.isna(cell["n_participants"])


def test_asked_but_not_mentioned_is_absent(study: pd.DataFrame, cases: pd.DataFrame) -> None:
    asked = pd.DataFrame({"case": ["west", "west", "north"], "participant": ["p1", "p2", "p3"]})
    cells = m.coding_matrix(study, cases=cases, asked=asked).set_index(["case", "code"])
    assert cells.loc[("west", "trust"), ["state", "n_asked", "note"]].tolist() == ["absent", 2, "asked, not mentioned"]
    assert cells.loc[("north", "trust"), "n_asked"] == 1


def test_several_roles_count_under_each_and_null_rows_keep_the_margin(study: pd.DataFrame) -> None:
    cells = m.coding_matrix(study, "role")
    trust = cells[cells["code"].eq("trust")]
    counts = {"none" if pd.isna(r) else r: n for r, n in zip(trust["role"], trust["n_codings"])}
    assert counts == {"nurse": 3, "manager": 1, "none": 1}
    pairs = m.coding_matrix(study, ("case", "role"))
    assert pairs["n_codings"].sum() == len(study) + 1
    assert m.wide(pairs, "n_codings").shape == (7, 5)


def test_document_rows_know_absence(study: pd.DataFrame) -> None:
    study.loc[0, "document"] = "d2"
    cells = m.coding_matrix(study, "document").set_index(["document", "code"])
    assert cells.loc[("d2", "money"), "state"] == "absent"


def test_unknown_options_cases_and_roles_are_refused_together(study: pd.DataFrame, cases: pd.DataFrame) -> None:
    with pytest.raises(CrosscaseError, match="rows"):
        m.coding_matrix(study, "region")
    with pytest.raises(CrosscaseError) as error:
        m.coding_matrix(study, cases=cases[~cases["case"].isin(["two", "plan"])])
    assert len(error.value.problems) == 2
    with pytest.raises(CrosscaseError, match="manager"):
        m.coding_matrix(study, "role", roles=pd.DataFrame({"role": ["nurse"]}))
    with pytest.raises(CrosscaseError, match="coverage"):
        m.coding_matrix(study, cases=cases.assign(coverage="most"))
    with pytest.raises(CrosscaseError, match="coder"):
        m.coding_matrix(study, coder="z")


LABELS = st.sampled_from(["x", "y", "z", None])
ROWS = st.lists(
    st.tuples(LABELS, st.sampled_from("abc"), st.integers(0, 50), st.integers(1, 30)), min_size=1, max_size=25
)


@settings(max_examples=25)
@given(ROWS)
def test_margins_equal_the_codings_and_spans_merge(rows: list[tuple]) -> None:
    frame = codings([(case, code, s, s + size, "na", None, "a", None) for case, code, s, size in rows])
    cells = m.coding_matrix(frame)
    assert cells["n_codings"].sum() == len(frame)
    assert sorted(";".join(s for s in cells["segments"] if s).split(";")) == sorted(frame["coding_id"])
    for (case, code), group in frame.groupby([frame["case"].fillna("?"), "code"]):
        cell = cells[cells["case"].fillna("?").eq(case) & cells["code"].eq(code)].iloc[0]
        covered = {p for s, e in zip(group["start"], group["end"]) for p in range(s, e)}
        assert cell["n_characters"] == len(covered)
        assert cell["n_segments"] == len(set(zip(group["start"], group["end"])))


@settings(max_examples=40)
@given(ROWS)
def test_count_matrix_equals_crosstab(rows: list[tuple]) -> None:
    frame = pd.DataFrame(rows, columns=["case", "code", "start", "size"]).dropna()
    if not len(frame):
        return
    expected = pd.crosstab(frame["case"], frame["code"])
    for kind in ("str", "category"):
        got = m.count_matrix(frame["case"].astype(kind), frame["code"].astype(kind))
        assert got.to_numpy().tolist() == expected.to_numpy().tolist()
        assert list(got.index) == list(expected.index)
    for shift in (0, 10**9):  # near and far integers take different ways
        numbers = frame["case"].map({"x": 3, "y": 3 + shift, "z": 7})
        got = m.count_matrix(numbers, frame["start"])
        pd.testing.assert_frame_equal(got, pd.crosstab(numbers, frame["start"]), check_names=False)


def test_themes_roll_up_and_bound_themes_are_present(study: pd.DataFrame, cases: pd.DataFrame) -> None:
    cells = m.theme_matrix(study, THEMES, cases=cases).set_index(["case", "theme"])
    assert cells.loc[("north", "culture"), "n_codings"] == cells.loc[("north", "bonds"), "n_codings"] == 3
    assert cells.loc[("south", "funding"), "state"] == "present"  # bound by the table, no segment
    assert cells.loc[("south", "funding"), "n_codings"] == 0
    flat = m.theme_matrix(study, THEMES, cases=cases, roll_up=False).set_index(["case", "theme"])
    assert flat.loc[("north", "culture"), "state"] == "not_stated"


def test_circles_of_themes_are_refused() -> None:
    with pytest.raises(CrosscaseError, match="circle"):
        m.ancestry(pd.DataFrame({"theme": ["a", "b"], "parent": ["b", "a"]}))


def test_triangulation_counts_claims_per_source() -> None:
    grid = m.wide(m.triangulation_matrix(THEMES), "state")
    assert grid.eq("present").sum().to_dict() == {"interviews": 1, "documents": 2}
    assert set(grid.index) == {"bonds", "funding"}  # the parent and the factor make no claim


def test_valence_by_theme_case_and_code(study: pd.DataFrame, cases: pd.DataFrame) -> None:
    table = m.valence_table(THEMES).set_index("theme")["direction"]
    assert table.to_dict() == {"bonds": "both", "funding": "hampers"}
    of_codes = m.valence_table(study, "code").set_index("code")
    assert of_codes.loc["trust", ["n_promotes", "n_inhibits", "direction"]].tolist() == [2, 1, "both"]
    counts = m.case_valence(THEMES, cases).set_index(["case", "valence"])
    assert counts.loc[("south", "inhibits"), ["n_themes", "state"]].tolist() == [1, "present"]
    assert counts.loc[("south", "promotes"), "state"] == "absent"
    assert counts.loc[("north", "promotes"), "state"] == "not_stated"
    with pytest.raises(CrosscaseError, match="valence"):
        m.valence_table(THEMES.assign(valence="good"))


def test_bridge_finds_the_code_that_hinders_here_and_promotes_there() -> None:
    rows = [
        ("a", "money", 0, 5, "inhibits", None, "x", "t1"),
        ("b", "money", 9, 12, "inhibits", None, "x", "t2"),
        ("b", "lead", 20, 25, "na", None, "x", "t3"),
        ("c", "lead", 30, 35, "inhibits", None, "x", "t4"),
    ]
    themes = pd.DataFrame(
        {
            "theme": ["t1", "t2", "t3", "t4"],
            "case": ["a", "b", "b", "c"],
            "valence": ["inhibits", "inhibits", "promotes", "inhibits"],
        }
    )
    codes = m.bridge(codings(rows), themes).codes.set_index("code")
    assert codes.loc["money", ["hinders", "promotes", "shared", "contrast"]].tolist() == ["a;b", "", True, False]
    assert codes.loc["lead", ["hinders", "promotes", "contrast", "segments"]].tolist() == ["c", "b", True, "c3;c4"]


def test_a_summary_goes_stale_when_a_segment_moves(study: pd.DataFrame, cases: pd.DataFrame) -> None:
    first = m.framework_matrix(study, cases, THEMES).set_index(["case", "theme"])
    told = pd.DataFrame({"case": ["north", "south"], "theme": ["bonds", "bonds"], "summary": ["They grew.", "Open."]})
    told["segments_hash"] = [first.loc[(c, t), "current_hash"] for c, t in zip(told["case"], told["theme"])]
    fresh = m.framework_matrix(study, cases, THEMES, told).set_index(["case", "theme"])
    assert fresh.loc[("north", "bonds"), "stale"] == False  # noqa: E712
    assert pd.isna(fresh.loc[("north", "funding"), "stale"])
    study.loc[0, "end"] = 11
    moved = m.framework_matrix(study, cases, THEMES, told)
    assert moved.loc[moved["stale"].fillna(False), ["case", "theme"]].values.tolist() == [["north", "bonds"]]
    with pytest.raises(CrosscaseError, match="no such") as error:
        m.framework_matrix(study, cases, THEMES, told.assign(theme="no such"))
    assert len(error.value.problems) == 1


def test_hash_does_not_hang_on_row_order(study: pd.DataFrame) -> None:
    assert m.segments_hash(study) == m.segments_hash(study.iloc[::-1])
    assert m.segments_hash(study) != m.segments_hash(study.drop(index=3))
    pairs = pd.DataFrame({"document": list("cbda"), "start": [2, 1, 4, 3], "end": [5, 6, 7, 8]})
    text = "a\t3\t8\nb\t1\t6\nc\t2\t5\nd\t4\t7"
    assert m.segments_hash(pairs) == hashlib.sha256(text.encode()).hexdigest()


def test_roles_sectors_and_the_subthemes_that_rest_on_one_label() -> None:
    themes = pd.DataFrame({"theme": ["money", "pay", "tax", "time"], "parent": [None, "money", "money", "money"]})
    roles = pd.DataFrame({"role": ["nurse", "doctor", "clerk"], "sector": ["care", "care", None]})
    quotes = pd.DataFrame(
        {"quotation": [1, 2, 3], "theme": ["pay", "pay", "tax"], "role": ["nurse", "doctor", "clerk"]}
    )
    out = m.role_sector(quotes, roles, themes)
    assert out.by_sector.set_index("theme").loc["pay", ["sector", "n_quotations"]].tolist() == ["care", 2]
    assert out.warnings[["theme", "warning"]].values.tolist() == [
        ["tax", "rests on one role"],
        ["time", "no quotation"],
    ]
    assert out.by_theme["n_quotations_parent"].tolist() == [3, 3, 3]
    with pytest.raises(CrosscaseError, match="pilot"):
        m.role_sector(quotes.assign(role="pilot"), roles, themes)


def test_methods_and_roles_keep_what_is_not_stated() -> None:
    inventory = pd.DataFrame({"method": ["interview", "interview", "visit"], "roles": ["nurse; parent", "nurse", None]})
    cells = m.method_role(inventory).set_index(["method", "role"])
    assert cells.loc[("interview", "nurse"), ["state", "n_items"]].tolist() == ["present", 2]
    assert cells.loc[("visit", "parent"), ["state", "roles_stated"]].tolist() == ["not_stated", False]
    assert m.method_role(inventory.tail(1))["state"].tolist() == ["not_stated"]


def test_no_coding_at_all_leaves_every_case_in_its_row_and_nothing_absent(
    study: pd.DataFrame, cases: pd.DataFrame
) -> None:
    cells = m.coding_matrix(study.iloc[:0], cases=cases, codes=["trust"])
    states = dict(zip(cells["case"], cells["state"]))
    assert {states["south"], states["north"]} == {"not_stated"}
    assert set(cells["note"]) == {"not sorted yet"}
    looked = m.coding_matrix(study, cases=cases, codes=["trust", "never"])
    assert "absent" in set(looked.loc[looked["code"].eq("never"), "state"])
    assert not len(m.coding_matrix(study.iloc[:0], ("case", "role"), cases=cases, codes=["trust"]))


def test_segments_without_offsets_are_counted_and_their_characters_stay_unknown(study: pd.DataFrame) -> None:
    study = study.astype({"start": "Int64", "end": "Int64"})
    study.loc[3, ["start", "end"]] = pd.NA
    cell = m.coding_matrix(study).set_index(["case", "code"]).loc[("everyone", "money")]
    assert cell["n_segments"] == 1
    assert pd.isna(cell["n_characters"])


@pytest.mark.parametrize("kind", ["str", object])
@pytest.mark.parametrize("own_objects", [False, True])
def test_quick_factorizing_equals_pandas(kind, own_objects) -> None:
    """Labels held once, labels made anew for each row, labels first seen late, and nulls."""
    rng = np.random.default_rng(3)
    names = np.array([f"code_{i}" for i in range(50)])
    pick = np.sort(rng.integers(0, 50, 30_000))
    values = [str(f"code_{i}") for i in pick] if own_objects else pd.Categorical.from_codes(pick, names).astype(object)
    column = pd.Series(values, dtype=kind)
    column.iloc[[5, 29_999]] = None
    codes, uniques = factorized(column)
    expected, labels = pd.factorize(column)
    assert (codes == expected).all()
    assert list(uniques) == list(labels)
    assert codes[5] == -1


def test_count_matrix_of_wide_integers_stays_small() -> None:
    ids = pd.Series([5, 900_000, 5, 3], dtype="int64")
    assert m.count_matrix(ids, ids).to_numpy().tolist() == [[1, 0, 0], [0, 2, 0], [0, 0, 1]]
    assert m.count_matrix(ids.astype("uint64"), ids - 10).sum().sum() == 4


def test_a_flat_codebook_is_applied_whole_and_a_code_that_only_groups_is_not():
    flat = pd.DataFrame({"code": ["a", "b"], "parent": [None, None]})
    assert m.applied_codes(flat, pd.DataFrame({"code": []})) == ["a", "b"]
    tree = pd.DataFrame({"code": ["top", "mid", "leaf"], "parent": [None, "top", "mid"]})
    assert m.applied_codes(tree, pd.DataFrame({"code": ["leaf"]})) == ["mid", "leaf"]
    assert m.applied_codes(tree, pd.DataFrame({"code": ["top"]})) == ["top", "mid", "leaf"]
