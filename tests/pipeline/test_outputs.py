"""Outputs of any shape: all of them arrive, cost what their size costs, and are cut beyond a limit, in words."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest

from crosscase.pipeline import load_plan, outputs, run, work
from crosscase.pipeline.outputs import Outputs, measured


def stream(text):
    return {"msg_type": "stream", "content": {"name": "stdout", "text": text}}


def shown(text, display_id=None, kind="display_data"):
    content = {"data": {"text/plain": text}, "metadata": {}}
    return {"msg_type": kind, "content": content | ({"transient": {"display_id": display_id}} if display_id else {})}


def take(kept, message, cell=0):
    """What the client of the runner does with a message."""
    if not kept.admit(message, cell):
        return None
    content = message["content"]
    display_id = (content.get("transient") or {}).get("display_id")
    if display_id:
        kept.update(display_id, content["data"], content["metadata"])
    if message["msg_type"] == "update_display_data":
        return None
    out = {"output_type": message["msg_type"], **{key: content[key] for key in content if key != "transient"}}
    if display_id:
        kept.name(out, display_id)
    return out


def one(compendium, *cells, **entry):
    """Run one notebook of some cells for one study; return the report and the executed notebook."""
    compendium.plan["notebooks"] = []
    compendium.notebook("90_long", "study = 'north'", *cells, **entry)
    report = run(load_plan(), jobs=load_plan().jobs(studies=["north"]), warm=entry.get("warm", False), progress=False)
    file = compendium.results / "runs" / "90_long" / "north" / "90_long.ipynb"
    return report, json.loads(file.read_text(encoding="utf-8"))["cells"] if file.exists() else None


def test_a_text_is_cut_at_the_limit_and_nothing_comes_after_it():
    kept = Outputs(limit=10)
    assert take(kept, stream("abcdefg"))["text"] == "abcdefg"
    assert take(kept, stream("éé"), 1)["text"] == "é"  # not half a letter
    assert take(kept, stream("x"), 1) is None
    assert take(kept, shown("y"), 2) is None
    assert list(kept.said) == [1, 2]
    assert len(kept.said[1]) == 1
    assert "50" not in kept.said[1][0]


def test_an_error_is_never_cut_away():
    kept = Outputs(limit=10)
    take(kept, stream("a" * 20))
    error = {"msg_type": "error", "content": {"ename": "E", "evalue": "v" * 90_000, "traceback": ["t" * 90_000] * 3}}
    assert take(kept, error)["ename"] == "E"
    assert len(str(error)) < 3 * outputs.LONGEST_ERROR


def test_what_was_replaced_or_cleared_does_not_count():
    kept = Outputs(limit=1_000)
    first = take(kept, shown("x" * 100, "a"))
    for number in range(100):
        take(kept, shown(str(number) * 50, "a", "update_display_data"))
    assert first["data"] == {"text/plain": "99" * 50}
    last = None
    for number in range(100):
        last = take(kept, stream(f"{number:100}"))
        kept.release([last])
    assert not kept.full
    take(kept, shown("y" * 2_000, "b", "update_display_data"))  # nobody displayed it: nothing is shown, nothing counts
    assert not kept.full


def test_an_update_is_one_step_in_however_many_places_and_counts_in_each():
    kept = Outputs(limit=10_000)
    places = [take(kept, shown("x", "a")) for _ in range(100)]
    assert len({id(place["data"]) for place in places}) == 1  # so one change changes all
    take(kept, shown("z" * 20, "a", "update_display_data"))
    assert all(place["data"] == {"text/plain": "z" * 20} for place in places)
    assert kept.size == 100 * measured([places[0]["data"], {}])[0]
    take(kept, shown("z" * 2_000, "a", "update_display_data"))  # two hundred thousand as it is written
    assert kept.full
    kept.release(places)
    assert kept.size == 0


def test_what_is_nested_too_deep_is_left_out_alone():
    deep = []
    for _ in range(5_000):
        deep = [deep]
    kept = Outputs()
    message = {"msg_type": "display_data", "content": {"data": {"application/json": deep}, "metadata": {}}}
    assert take(kept, message) is None
    assert "nested deeper than 100" in kept.said[0][0]
    assert take(kept, stream("a"))


@pytest.mark.parametrize("value", [{"a": [1, {"b": "é\n"}]}, [["x"] * 50] * 50, {"text/plain": "y" * 999}])
def test_the_measure_is_near_what_is_written(value):
    written = len(json.dumps(value, indent=1, ensure_ascii=False).encode())
    assert written / 2 < measured(value)[0] < 4 * written


def test_beyond_the_limit_outputs_are_cut_and_notebook_and_report_say_so(compendium, monkeypatch):
    monkeypatch.setattr(outputs, "LIMIT", 1_000)
    report, cells = one(compendium, "print('y' * 5_000)", "1", "print('after')\nx = 3")
    assert report.ok, report.summary()
    assert report.cut == {"90_long/north": [3, 4, 5]}
    assert "outputs left out" in report.summary()
    assert "90_long/north, cells 3, 4, 5" in report.summary()
    printed, said = cells[-3]["outputs"]
    assert printed["text"] == "y" * 1_000
    assert said["data"]["text/plain"].startswith("[cut here")
    assert json.loads((compendium.results / "run.json").read_text())["cut"] == report.cut


@pytest.mark.long
@pytest.mark.parametrize("warm", [False, True])
def test_no_output_is_lost_however_quickly_they_come(compendium, warm):
    """A kernel by itself throws outputs away that are not taken quickly, even the word that a cell has ended."""
    compendium.plan["notebooks"] = []
    code = "from IPython.display import display\nfor i in range(3_000): display({'text/plain': f'{i:09999}'}, raw=1)"
    compendium.notebook("90_many", "study = 'north'", code, time_limit=100)
    report = run(load_plan(), jobs=load_plan().jobs(studies=["north"]), warm=warm, progress=False)
    assert report.ok, report.summary()
    executed = json.loads((compendium.results / "runs/90_many/north/90_many.ipynb").read_text())
    assert [int(output["data"]["text/plain"][-9:]) for output in executed["cells"][-1]["outputs"]] == list(range(3_000))


def test_many_displays_under_one_id(compendium):
    code = "from IPython.display import display\nfor i in range(2_000): display(i, display_id='a')"
    report, cells = one(compendium, code, "display('end', display_id='a')", time_limit=100)
    assert report.ok, report.summary()
    assert {output["data"]["text/plain"] for output in cells[-2]["outputs"]} == {"'end'"}
    assert len(cells[-2]["outputs"]) == 2_000


def test_the_limit_of_time_covers_what_comes_after_the_cells(compendium, monkeypatch):
    from crosscase.pipeline import engine

    later = [0.0]
    clock = SimpleNamespace(monotonic=lambda: time.monotonic() + later[0])
    monkeypatch.setattr(engine, "time", clock)
    save = work._save

    def slowly(*args):
        save(*args)
        later[0] += 1_000.0

    monkeypatch.setattr(work, "_save", slowly)
    report, cells = one(compendium, "1", time_limit=500)
    (failure,) = report.failures
    assert "longer than its limit of 500 seconds" in failure.error
    assert cells is None


def test_a_long_error_is_told_in_short(compendium):
    report, _ = one(compendium, "raise ValueError('/' * 300_000)")
    (failure,) = report.failures
    assert failure.cell == 3
    assert failure.error.startswith("ValueError: ////")
    assert failure.error.endswith("more characters)")
    assert len(failure.error) < 3_000
