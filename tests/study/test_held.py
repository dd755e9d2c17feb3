"""A rename that the system refuses, because Excel or a virus scanner holds a file, loses nothing and is told."""

import os

import pytest
from click.testing import CliRunner

from crosscase import renames
from crosscase.cli import main
from crosscase.errors import CrosscaseError
from crosscase.study import load_study, save_study


@pytest.fixture
def refuse(monkeypatch):
    """Return a function that has renames onto some targets refused: all of them, or the first few."""
    monkeypatch.setattr("crosscase.renames.PATIENCE", 0.1, raising=False)
    whole = os.replace

    def refuse_renames(wanted, times=10**9, skip=0):
        seen = []

        def rename(source, target):
            if wanted(str(source), str(target)):
                seen.append(str(target))
                if skip < len(seen) <= skip + times:
                    raise PermissionError(13, "Access is denied", str(source), None, str(target))
            return whole(source, target)

        monkeypatch.setattr(os, "replace", rename)
        return seen

    return refuse_renames


def everything(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def again(name="small", **more):
    study = load_study(name)
    frames = {table: study.table(table) for table in ("cases", "documents", "codebook", "codings")}
    return save_study(name, study.info.model_copy(update={"title": "Other"}), frames, replace=True, **more)


@pytest.fixture
def split(small, text):
    """A study with names under restricted/, as an import leaves it."""
    study = load_study("small")
    frames = {table: study.table(table) for table in ("cases", "documents", "codebook", "codings")}
    info = study.info.model_copy(update={"public": []})
    save_study("small", info, frames, replace=True)
    return small


def test_a_rename_that_is_refused_for_a_moment_is_tried_again(small, refuse):
    seen = refuse(lambda _, target: target.endswith("small"), times=2)
    again()
    assert len(seen) == 3
    assert load_study("small").info.title == "Other"


@pytest.mark.parametrize("texts", [None, {"one.txt": "New."}])
@pytest.mark.parametrize("which", ["old aside", "new in place"])
def test_a_study_that_is_held_stays_as_it_was(split, refuse, which, texts):
    root = split.parents[2]
    before = everything(root)
    public = str(split)
    if which == "old aside":
        refuse(lambda source, _: source == public)
    else:
        refuse(lambda source, target: target == public and not source.endswith("-old"))
    with pytest.raises(CrosscaseError) as caught:
        again(texts=texts)
    assert everything(root) == before
    assert caught.value.problems[0].place == "data/studies/small"
    assert caught.value.problems[0].remedy == "close it in Excel, or whatever else has it open, then try again"


def test_of_a_new_study_that_could_not_be_written_nothing_is_left(split, text, refuse):
    root = split.parents[2]
    study = load_study("small")
    frames = {table: study.table(table) for table in ("cases", "documents", "codebook", "codings")}
    before = everything(root)
    for texts in ({}, {"texts": {"one.txt": "New."}}):
        refuse(lambda _, target: target.endswith(os.path.join("studies", "other")))
        with pytest.raises((CrosscaseError, OSError)):
            save_study("other", study.info, frames, **texts)
        assert not (root / "restricted" / "other").exists()
        assert everything(root) == before


def test_a_study_that_cannot_come_back_at_once_is_kept_and_named(small, refuse):
    refuse(lambda _, target: target == str(small))
    before = everything(small)
    with pytest.raises(CrosscaseError) as caught:
        again()
    (aside,) = small.parent.iterdir()
    assert everything(aside) == before
    assert f"data/studies/{aside.name}" in str(caught.value)
    assert len(aside.name) <= len(".small-old")


@pytest.mark.parametrize("place", ["data/studies", "restricted"])
def test_the_next_command_puts_it_back(split, text, monkeypatch, place):
    root = split.parents[2]
    before = everything(root)
    folder = root / place
    with monkeypatch.context() as patch:
        patch.setattr("crosscase.renames.PATIENCE", 0.0)
        whole = os.replace

        def rename(source, target):
            if str(target) == str(folder / "small"):
                raise PermissionError(13, "Access is denied", str(source), None, str(target))
            return whole(source, target)

        patch.setattr(os, "replace", rename)
        with pytest.raises(CrosscaseError):
            again(texts={"one.txt": text.read_bytes()})
    assert not (folder / "small").exists()
    done = CliRunner().invoke(main, ["check", "small"])
    assert f"{place}/small is back" in done.output
    assert everything(root) == before
    assert "back" not in CliRunner().invoke(main, ["check", "small"]).output


def test_what_could_not_be_deleted_never_comes_back(small, monkeypatch):
    monkeypatch.setattr("crosscase.renames.shutil.rmtree", lambda *_, **__: None)
    again()
    again()
    assert load_study("small").info.title == "Other"
    monkeypatch.undo()
    monkeypatch.setenv("CROSSCASE_HOME", str(small.parents[2]))
    names = {path.name for path in small.parent.iterdir()}
    assert names == {"small", ".small-gone", ".small-gone2"}
    small.rename(small.with_name("kept elsewhere"))
    assert renames.return_all() == []
    assert [path.name for path in small.parent.iterdir()] == ["kept elsewhere"]


def test_the_newest_of_several_comes_back(tmp_path):
    for name, content in ((".a-old", "1"), (".a-old2", "2"), (".a-old10", "10"), (".b.c-old", "b"), (".d-older", "d")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(content)
    (tmp_path / "d").mkdir()
    assert {path.name for path in renames.return_to(tmp_path)} == {"a", "b.c"}
    assert (tmp_path / "a" / "x").read_text() == "10"
    assert (tmp_path / ".a-old2").is_dir()
    assert (tmp_path / ".d-older").is_dir()


def test_what_somebody_else_has_put_back_stays(tmp_path):
    (tmp_path / "a").mkdir()
    renames.put_back(tmp_path / ".a-old", tmp_path / "a")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("file", ["study.yml", "note.txt"])
def test_a_file_under_restricted_that_is_held_stays_and_so_do_the_others(split, refuse, file):
    root = split.parents[2]
    before = everything(root)
    refuse(lambda _, target: target.endswith(f"restricted/small/{file}"))
    with pytest.raises(CrosscaseError) as caught:
        again(kept={"note.txt": "Written last."})
    assert everything(root) == before
    assert caught.value.problems[0].place == f"restricted/small/{file}"


def test_what_is_held_when_it_shall_come_back_lies_beside_its_place_and_is_named(split, refuse):
    folder = split.parents[2] / "restricted" / "small"
    before = everything(folder)
    first = next(name for name in before if name.endswith(".csv"))
    refuse(lambda _, target: target.endswith(f"restricted/small/{first}"), skip=1)
    whole = os.replace

    def last_refused(source, target):
        if str(target).endswith("restricted/small/note.txt"):
            raise PermissionError(13, "Access is denied", str(source), None, str(target))
        return whole(source, target)

    study = load_study("small")
    frames = {table: study.table(table) for table in ("cases", "documents", "codebook", "codings")}
    frames[first.removesuffix(".csv")] = frames[first.removesuffix(".csv")].iloc[:1]
    os.replace = last_refused
    try:
        with pytest.raises(CrosscaseError) as caught:
            save_study("small", study.info, frames, replace=True, kept={"note.txt": "Written last."})
    finally:
        os.replace = whole
    assert (folder / f"{first}.before").read_bytes() == before[first]
    assert f"restricted/small/{first}.before" in caught.value.problems[0].remedy
    assert {name: content for name, content in everything(folder).items() if name in before and name != first} == {
        name: content for name, content in before.items() if name != first
    }
