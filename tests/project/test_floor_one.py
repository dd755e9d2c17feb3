"""The lists of words that the code knows, held to the data dictionary; lists of ids; the check of columns."""

import ast
from pathlib import Path, PureWindowsPath

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase import frames, ids, tables, terms
from crosscase.errors import CrosscaseError
from crosscase.figures.ink import style
from crosscase.publish.sphinx_ext import matrix

SOURCE = Path(__file__).resolve().parents[2] / "src" / "crosscase"
IDS = st.lists(st.text("abc01-", min_size=1, max_size=4), max_size=5)


@pytest.mark.parametrize("column", terms.IN_DICTIONARY)
def test_the_words_of_the_code_are_those_of_the_dictionary(column):
    table, _, name = column.partition(".")
    assert list(terms.IN_DICTIONARY[column]) == tables.schema(table).constraint(name, "enum")


def test_every_column_of_a_known_list_is_held():
    """A table that gets a column of valences, states or the like cannot have a list of its own."""
    known = {frozenset(words) for words in terms.IN_DICTIONARY.values()}
    for name in tables.names():
        for item in tables.schema(name).fields:
            words = frozenset(item.get("constraints", {}).get("enum", ()))
            if words in known:
                assert f"{name}.{item['name']}" in terms.IN_DICTIONARY


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_list_of_valences_or_states_is_written_a_second_time(path):
    if path.name == "terms.py":
        return
    whole = [set(words) for words in (terms.VALENCES, terms.DIRECTED, terms.STATES, terms.CASE_KINDS)]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            found = {each.value for each in node.elts if isinstance(each, ast.Constant)}
            assert found not in whole, f"{path.name}, line {node.lineno}: take it from crosscase.terms"


def test_every_word_that_is_drawn_has_its_mark():
    assert set(style.VALENCE) == set(terms.VALENCES)
    assert set(style.STATES) == set(matrix.STATES) == set(terms.STATES)


@given(IDS)
def test_what_is_joined_is_parted_again(names):
    assert ids.split(ids.join(names)) == names


@given(st.lists(st.one_of(st.none(), IDS.map(ids.join))))
def test_a_column_is_parted_as_its_cells_are(cells):
    column = pd.Series(cells, dtype="object")
    assert ids.each(column).tolist() == [each for cell in cells for each in ids.split(cell)]


def test_rows_of_a_list_keep_what_stands_beside_them():
    frame = pd.DataFrame({"code": ["a; b", "", None, "c"], "n": [1, 2, 3, 4]})
    out = ids.split_rows(frame, "code")
    assert out["n"].tolist() == [1, 1, 2, 3, 4]
    assert out["code"].tolist() == ["a", "b", pd.NA, pd.NA, "c"]


def test_every_missing_column_and_every_unknown_word_is_named_at_once():
    frame = pd.DataFrame({"case": ["a"], "state": ["maybe"]})
    with pytest.raises(CrosscaseError) as caught:
        frames.need(frame, ["case", "code", "coder"], "codings", {"state": terms.STATES, "valence": terms.VALENCES})
    places = [problem.place for problem in caught.value.problems]
    assert places == ["codings, column code", "codings, column coder", "codings, column state"]
    frames.need(frame.assign(state=None), ["case"], "codings", {"state": terms.STATES})


def test_what_is_no_frame_is_refused():
    with pytest.raises(CrosscaseError, match="DataFrame"):
        frames.need([1], [], "codings")


@pytest.mark.parametrize("name", ["com1", "AUX", "nul", "con.txt", "lpt9.csv", "COM¹", "lpt².x", "prn .txt", "CONIN$"])
def test_a_device_of_windows_is_no_name_of_a_file(name):
    assert "device" in ids.unfit(name)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a.", "a ", "a/b", "a\\b", "a:b", "a?", "a*", "a|b", "a\x00", "x" * 241]
)
def test_what_some_system_cannot_store_is_no_name_of_a_file(name):
    assert ids.unfit(name)


PLAIN = ["com", "com10", "console.txt", "auxiliary", "nul-study", "a.con", "x" * 240, "é b", ".hidden"]


@pytest.mark.parametrize("name", PLAIN)
def test_plain_names_are_names_of_files(name):
    assert ids.unfit(name) == ""


@given(st.text(st.characters(codec="utf-8"), max_size=260))
def test_a_name_that_fits_can_be_made_on_windows(name):
    if not ids.unfit(name):
        assert not PureWindowsPath(name).is_reserved()
        assert PureWindowsPath(name).name == name
        assert not set(name) & set('<>:"/\\|?*')
        assert name == name.rstrip(". ")
        assert len(name) <= ids.LONGEST_NAME


BARE = {"os.replace", "os.rename", "os.renames", "shutil.move"}


def bare_renames(text):
    """Yield the lines on which files are renamed by the system alone; a text's `replace` has two arguments."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in BARE:
            yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
            asked = node.func.attr == "replace" or (node.func.attr == "rename" and "Path" in ast.unparse(node))
            if asked and not node.keywords and ast.unparse(node.func) not in BARE:
                yield node.lineno


def test_every_file_is_renamed_where_a_refusal_is_tried_again():
    """A bare rename fails at once where Excel or a virus scanner holds a file; `renames` waits and rolls back."""
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0] in ("study", "exchange", "publish", "release", "pipeline", "cli"):
            assert list(bare_renames(path.read_text(encoding="utf-8"))) == [], path.relative_to(SOURCE)
    assert sorted(bare_renames("os.replace(a, b)\na.replace(b)\nPath(a).rename(b)\n'a'.replace('b', 'c')")) == [1, 2, 3]
