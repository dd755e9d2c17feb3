"""YAML that somebody wrote: what would grow, break or hide is refused by line, everywhere it is read."""

from __future__ import annotations

import pytest

from crosscase import yaml_text
from crosscase.errors import CrosscaseError, Problem, shown
from crosscase.pipeline.schema import parse
from crosscase.study.model import read_info

HEAD = "title: demo\nshort_title: demo\nquestion: x\nstance: unspecified\n"
LAUGHS = (
    HEAD
    + "x0: &a0 [lol, lol, lol]\n"
    + "".join(f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
)
LAUGHS += "design: *a9\n"
READERS = {
    "study": lambda path: read_info(path),
    "plan": lambda path: parse(path.read_text(encoding="utf-8"), path.name),
    "text": lambda path: yaml_text.load(path.read_text(encoding="utf-8"), path.name),
    "nodes": lambda path: yaml_text.node(path.read_text(encoding="utf-8"), path.name),
}


@pytest.fixture(params=sorted(READERS))
def problems(request, tmp_path):
    """Return a function that gives a text to a reader and returns what it says is wrong."""

    def given(text):
        path = tmp_path / "study.yml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(CrosscaseError) as error:
            READERS[request.param](path)
        assert len(str(error.value)) < 20_000
        return str(error.value)

    return given


def test_pieces_that_repeat_pieces_are_refused_by_line(problems):
    found = problems(LAUGHS)
    assert (
        "line 5: the YAML names no piece to repeat it (anchors & and aliases *); found &a0. Next: write it out" in found
    )
    assert "line 15: the YAML names no piece" in found
    assert "found *a9" in found


@pytest.mark.parametrize(
    "text", ["[" * 5_000, "a: " + "{b: " * 5_000, "- " * 5_000, "? " * 5_000, "a: " + "[" * 5_000 + "]" * 5_000]
)
def test_depth_is_refused_by_line(problems, text):
    assert "line 5: lists and mappings lie at most 20 deep; found more" in problems(HEAD + "design:\n" + text) or (
        "line 6: lists and mappings lie at most 20 deep; found more" in problems(HEAD + "design:\n  " + text)
    )


def test_broken_yaml_is_told_with_its_line(problems):
    long = HEAD + "design: [1\nlicence: x\n" + "y" * 100_000 + ": ["
    assert "study.yml, line 6: the file is YAML; found" in problems(long)
    assert "found" in problems("title: \x07")
    assert "at most 200,000 characters" in problems(f"title: {'x' * 200_000}")


@pytest.mark.parametrize(
    "value",
    ["!!timestamp 2020-99-99", "9" * 5_000, "!!int 1" + ":1" * 40_000, "!!python/name:os.system x", "!!binary é"],
)
def test_a_value_that_is_none_is_told_with_its_line(tmp_path, value):
    for read in ("study", "plan", "text"):
        path = tmp_path / "study.yml"
        path.write_text(f"title: x\nyear: {value}\n", encoding="utf-8")
        with pytest.raises(CrosscaseError, match="line 2: the file is YAML; found"):
            READERS[read](path)


def test_a_key_that_stands_twice_is_told_in_a_study_too(tmp_path):
    (tmp_path / "study.yml").write_text(HEAD + "coders:\n  a: {kind: person}\n  a: {kind: person}\ntitle: other\n")
    with pytest.raises(CrosscaseError) as error:
        read_info(tmp_path / "study.yml")
    assert [p.place.partition(", ")[2] for p in error.value.problems] == ["line 8, key title", "line 7, key a"]


def test_what_was_found_is_cut_short(tmp_path):
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) == "[[[...]]]"
    assert len(shown(["x" * 10**6] * 1_000)) <= 160
    assert len(shown({"x" * 10**6: 10**4_000})) <= 160
    (tmp_path / "study.yml").write_text(HEAD.replace("unspecified", f"[{'long, ' * 50_000}]"))
    with pytest.raises(CrosscaseError) as error:
        read_info(tmp_path / "study.yml")
    assert len(str(error.value)) < 1_000
    (tmp_path / "study.yml").write_text(HEAD + f'"{"k" * 90_000}": 1\n')
    with pytest.raises(CrosscaseError) as error:
        read_info(tmp_path / "study.yml")
    assert len(str(error.value)) < 2_000


def test_a_message_steers_no_terminal_and_names_no_home(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    told = str(Problem(f"a\x1b]0;x\x07{tmp_path}/b", "a rule", "\u202egpj.exe \x9b31m one\ntwo é\u00a0x", remedy="do"))
    assert told == "a\\x1b]0;x\\x07~/b: a rule; found \\u202egpj.exe \\x9b31m one\ntwo é\u00a0x. Next: do"
    assert len(str(Problem("p" * 10**6, "rule", "f" * 10**6))) < 2_000


def test_every_yaml_is_read_by_the_one_reader():
    """Outside of `yaml_text` nothing of `src/` loads or composes YAML itself."""
    from pathlib import Path

    source = Path(yaml_text.__file__).parent
    for path in source.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        for call in ("yaml.safe_load", "yaml.load", "yaml.compose", "yaml.parse", "yaml.full_load"):
            assert call not in text or path.name == "yaml_text.py", f"{path.name} reads YAML by {call}"


AS_TEXT = ("010", "yes", "off", "1:30", "2024-01-01", "=")


@pytest.mark.parametrize("text", [*AS_TEXT, "1e3", "-1.5E7", "~", ".5", "0x1f", "1_0"])
def test_a_text_written_is_the_text_read(text):
    assert yaml_text.load(yaml_text.dump({"a": text}), "x") == {"a": text}
    assert isinstance(yaml_text.load(f"a: {text}", "x")["a"], str) is (text in AS_TEXT)
