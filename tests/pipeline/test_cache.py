"""A job runs again if and only if something it rests on means something else."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from crosscase import paths
from crosscase.pipeline import load_plan, run, stale

NORTH, SOUTH, TOTAL = "10_cases/north", "10_cases/south", "20_total/compendium"
ALL = {NORTH, SOUTH, TOTAL}
USED = '''"""Counts."""

def count(text):
    """Return how many."""
    return len(text.split())  # words


def twice(number):
    return 2 * number
'''


def quick(**options):
    return run(load_plan(), warm=False, progress=False, **options)


def done(report):
    assert report.ok, report.summary()
    return {timing.job for timing in report.done}


@pytest.fixture
def package(compendium, tmp_path, monkeypatch):
    """A copy of the package that a test may change, with two modules of which one notebook uses one."""
    copy = tmp_path / "src" / "crosscase"
    copy.mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "paths.py", "trace.py"):
        shutil.copy(Path(paths.__file__).parent / name, copy / name)
    (copy / "used.py").write_text(USED)
    (copy / "unused.py").write_text(USED)
    (copy / "words.txt").write_text("north south")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "src"))
    monkeypatch.setattr(paths, "source", lambda: copy)
    compendium.notebook(
        "10_cases", "study = 'north'\nseed = 0", "from crosscase import used", compendium.read, compendium.keep
    )
    return copy


def test_second_run_does_nothing_and_touching_changes_nothing(compendium):
    assert done(quick()) == ALL
    before = compendium.bytes_of_runs()
    for file in compendium.root.rglob("*"):
        os.utime(file, (1, 1))
    assert stale(load_plan()) == {}
    assert done(quick()) == set()
    assert compendium.bytes_of_runs() == before


def test_forced_run_gives_the_same_bytes(compendium):
    quick()
    before = compendium.bytes_of_runs()
    assert done(quick(force=True)) == ALL
    assert compendium.bytes_of_runs() == before


def test_state_holds_no_time_and_no_machine(compendium):
    quick()
    text = (compendium.results / "runs" / NORTH / "state.json").read_text()
    assert str(compendium.root) not in text
    assert "seconds" not in text
    assert json.loads(text)["reads"].keys() == {"data/studies/north/cases.csv"}


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def mutations(compendium, package):
    """Yield for every kind of input: what is changed, how, the jobs that must run for it, and the reason told."""
    root = compendium.root
    notebook = root / "notebooks" / "10_cases.ipynb"
    for study, job in (("north", NORTH), ("south", SOUTH)):
        table = root / "data" / "studies" / study / "cases.csv"
        yield f"table of {study}", lambda t=table: edit(t, "case\n", "case\nnew\n"), {job}, "cases.csv changed"
    for number, cell in enumerate(json.loads(notebook.read_text())["cells"]):
        text = "".join(cell["source"])
        change = lambda n=number: change_cell(notebook, n)  # noqa: E731
        yield f"cell {number} ({text[:12]!r})", change, {NORTH, SOUTH}, "the notebook changed"
    used = package / "used.py"
    for old, new in (("len(text.split())", "len(text.split()) + 1"), ("2 * number", "3 * number")):
        yield f"function {old}", lambda o=old, n=new: edit(used, o, n), {NORTH, SOUTH}, "module used.py changed"
    yield "module gone", used.unlink, {NORTH, SOUTH}, "module used.py is gone"
    yield "comment of a used module", lambda: edit(used, "# words", "# all words"), set(), ""
    yield "docstring of a used module", lambda: edit(used, "Return how", "Tell how"), set(), ""
    yield "other module", lambda: edit(package / "unused.py", "2 *", "3 *"), set(), ""
    yield (
        "module of all",
        lambda: edit(package / "errors.py", '"input"', '"inputs"'),
        ALL,
        "errors.py",
    )
    yield "file beside the modules", lambda: edit(package / "words.txt", "north", "east"), ALL, "words.txt changed"
    yield "lock", lambda: edit(root / "requirements.lock", "3.1.1", "3.1.2"), ALL, "environment lock"
    yield "parameter of all", lambda: parameters(compendium, seed=5), {NORTH, SOUTH}, "parameter seed changed"
    one = lambda: compendium.entry("10_cases").update(studies={"south": {"seed": 5}}) or compendium.write()  # noqa: E731
    yield "parameter of one", one, {SOUTH}, "parameter seed changed"
    yield "result", lambda: (paths.runs() / NORTH / "values.json").unlink(), {NORTH}, "its result values.json is gone"
    yield "state", lambda: (paths.runs() / SOUTH / "state.json").write_text("{"), {SOUTH}, "never run"
    yield "title in the plan", lambda: compendium.plan.update(title="Other") or compendium.write(), set(), ""


def change_cell(notebook, number):
    data = json.loads(notebook.read_text())
    data["cells"][number]["source"] = "".join(data["cells"][number]["source"]) + "\n# more"
    notebook.write_text(json.dumps(data))


def parameters(compendium, **values):
    compendium.entry("10_cases")["parameters"] = values
    compendium.write()


def snapshot(*folders):
    return {file: file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def restore(files, *folders):
    for folder in folders:
        for file in [file for file in folder.rglob("*") if file.is_file() and file not in files]:
            file.unlink()
    for file, content in files.items():
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)


def test_every_input_and_exactly_its_dependents(compendium, package):
    assert done(quick()) == ALL
    folders = (compendium.root, package)
    clean = snapshot(*folders)
    kept_plan = json.dumps(compendium.plan)
    count = 0
    for name, change, expected, reason in mutations(compendium, package):
        change()
        found = stale(load_plan())
        direct = {job for job, why in found.items() if not why.startswith("after ")}
        later = {job for job, why in found.items() if why.startswith("after ")}
        changes_parameters = name.startswith("parameter")
        # what the total reads is part of its key, so a parameter of the others concerns it at once
        assert direct == expected | ({TOTAL} if changes_parameters else set()), name
        assert later == ({TOTAL} - direct if expected else set()), name
        assert all(reason in found[job] for job in expected), (name, found)
        if changes_parameters:
            assert found[TOTAL] == "the jobs it reads, or their parameters, changed"
        restore(clean, *folders)
        compendium.plan = json.loads(kept_plan)
        count += 1
        assert stale(load_plan()) == {}, name
    assert count == 21


def test_dependents_rest_where_results_stay_the_same(compendium):
    quick()
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", compendium.read, compendium.keep, "# a closing remark")
    assert stale(load_plan())[TOTAL] == "after 10_cases/north, which runs again"
    assert done(quick()) == {NORTH, SOUTH}


def test_dependents_run_where_results_change(compendium):
    quick()
    compendium.study("north", ["a", "b", "c"])
    report = quick()
    assert done(report) == {NORTH, TOTAL}
    assert (compendium.results / "runs" / TOTAL / "total.txt").read_text() == "Sum: 4"
    assert {timing.job: timing.reason for timing in report.done} == {
        NORTH: "cases.csv changed",
        TOTAL: "results/runs/10_cases/north/values.json changed",
    }


def test_a_new_study_and_a_study_gone(compendium):
    quick()
    compendium.study("west", ["d"])
    assert done(quick()) == {"10_cases/west", TOTAL}
    shutil.rmtree(compendium.root / "data" / "studies" / "west")
    report = quick()
    assert done(report) == {TOTAL}
    assert report.removed == ["10_cases/west"]
    assert not (compendium.results / "runs" / "10_cases" / "west").exists()


def test_a_missing_file_that_was_looked_for_counts(compendium):
    look = "from crosscase import paths, trace\ntrace.note_read(paths.restricted() / 'text.txt')"
    compendium.notebook("30_text", "study = 'north'", look)
    quick()
    (compendium.root / "restricted").mkdir()
    (compendium.root / "restricted" / "text.txt").write_text("x")
    assert stale(load_plan()) == dict.fromkeys(("30_text/north", "30_text/south"), "restricted/text.txt is new")


def test_what_lies_in_results_by_chance_is_not_read(compendium):
    """A notebook reads only the results of the jobs that the plan puts before it, never its own earlier ones."""
    body = "from crosscase.publish.values import read_kept\nprint(sorted(read_kept().values))"
    compendium.notebook("20_total", "title = 'Sum'", body, compendium.collect)
    quick()
    before = compendium.bytes_of_runs()
    quick(force=True)
    assert compendium.bytes_of_runs() == before
    assert b"south.cases.number" in before[f"{TOTAL}/20_total.ipynb"]


def test_what_a_system_leaves_and_one_more_study_make_nothing_stale_that_did_not_ask(compendium):
    """A notebook of one study uses that study; one that lists all studies uses the list, not what else lies there."""
    info = "title: {0}\nshort_title: {0}\nquestion: What?\nstance: codebook\n"
    studies = compendium.root / "data" / "studies"
    for name in ("north", "south"):
        (studies / name / "study.yml").write_text(info.format(name))
        (studies / name / "memos").mkdir()
        (studies / name / "memos" / "one.md").write_text("A memo.\n")
    (compendium.root / "data" / "frameworks").mkdir()
    (compendium.root / "restricted" / "north").mkdir(parents=True)
    read = "from crosscase.study import load_study\none = load_study(study)\nprint(one.whole_memos(), one.level)"
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", compendium.read, compendium.keep, read)
    ask = "from crosscase.study import list_studies\nfrom crosscase.study.shared import list_frameworks\n"
    ask += "print(list_studies(), list_frameworks())"
    compendium.notebook("20_total", "title = 'Sum'", compendium.collect, after=[])
    compendium.notebook("30_list", "title = 'List'", ask, per="compendium", after=[])
    assert done(quick()) == ALL | {"30_list/compendium"}
    memos, restricted = studies / "north" / "memos", compendium.root / "restricted" / "north"
    for folder in (studies, studies / "north", memos, studies.parent / "frameworks", restricted):
        for name in (".DS_Store", "Thumbs.db", "desktop.ini", "._one.md", "~$one.md", ".~lock.one.md#"):
            (folder / name).write_bytes(b"\xff")
        (folder / ".Trash").mkdir()
    (studies / "README.txt").write_text("x")
    (studies / "no study yet").mkdir()
    assert stale(load_plan()) == {}
    compendium.study("west", ["d"])
    (studies / "west" / "study.yml").write_text(info.format("west"))
    found = {job: why for job, why in stale(load_plan()).items() if "west" not in job}
    assert found == {"30_list/compendium": "data/studies/*/study.yml changed"}
    (memos / "two.md").write_text("Another.\n")
    assert stale(load_plan())[NORTH] == "memos/*.md changed"
