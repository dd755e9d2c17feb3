"""Building everything again elsewhere: a certificate where all is the same, the differences where it is not."""

from __future__ import annotations

import json

import pytest

from crosscase.errors import CrosscaseError
from crosscase.pipeline import load_plan, reproduce, run
from crosscase.pipeline.compare import compare_tables, same_figure

TABLE = """\
import os
from pathlib import Path
import matplotlib
matplotlib.use("agg")
from matplotlib.figure import Figure
run = Path(os.environ["CROSSCASE_RUN"])
for name in ("tables", "figures"):
    (run / name).mkdir()
(run / "tables" / f"{study}.share.csv").write_text(f"case,share\\na,{1 / 3}\\n")
figure = Figure(figsize=(1, 1))
figure.subplots().plot([1, 2])
figure.savefig(run / "figures" / f"{study}.line.svg", metadata={"Date": None})
figure.savefig(run / "figures" / f"{study}.line.png", metadata={"Software": None})
"""


@pytest.fixture
def built(compendium):
    compendium.notebook("30_table", "study = 'north'", TABLE)
    assert run(load_plan(), warm=False, progress=False).ok
    return compendium


def again(folder, **options):
    return reproduce(folder, warm=False, progress=False, **options)


@pytest.mark.long
def test_two_certificates_the_second_in_another_place_and_locale(built, tmp_path, monkeypatch):
    first = again(tmp_path / "again")
    assert first.ok
    assert first.compared == {"values": 2, "notebooks": 5, "figures": 4, "tables": 2}
    assert first.equal == first.compared
    assert first.identical_files == 11
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.setenv("TZ", "America/St_Johns")
    monkeypatch.setenv("PYTHONHASHSEED", "99")
    second = again(tmp_path / "noch einmal, größer")
    assert second.ok
    assert second.identical_files == 11
    text = (tmp_path / "noch einmal, größer" / "certificate.md").read_text(encoding="utf-8")
    assert "Reproduced" in text
    assert "| figures | 4 | 4 |" in text
    assert set(first.hashes.values()) == set(second.hashes.values())
    assert len(set(first.hashes.values())) == 1
    assert json.loads((tmp_path / "again" / "certificate.json").read_text())["reproduced"] is True


def test_differences_are_named(built, tmp_path):
    results = built.results
    manifest = json.loads((results / "manifest.json").read_text())
    manifest["values"]["north.cases.number"] = 3
    table = results / "runs" / "30_table" / "north" / "tables" / "north.share.csv"
    table.write_text("case,share\na,0.4\n")
    figure = results / "runs" / "30_table" / "south" / "figures" / "south.line.svg"
    figure.write_text(figure.read_text().replace("stroke-linejoin", "stroke-line", 1))
    for name in ("30_table/north/tables/north.share.csv", "30_table/south/figures/south.line.svg"):
        manifest["files"][f"runs/{name}"] = "0" * 64
    (results / "manifest.json").write_text(json.dumps(manifest))
    certificate = again(tmp_path / "again")
    assert not certificate.ok
    told = [str(difference) for difference in certificate.differences]
    assert told[0] == "value north.cases.number: recorded 3, now 2"
    assert "table runs/30_table/north/tables/north.share.csv" in told[1]
    assert "row 1, column share" in told[1]
    assert "another picture" in told[2]
    assert "Not reproduced: 3 differences" in certificate.text()


@pytest.mark.long
def test_tolerance_per_value(built, tmp_path):
    results = built.results
    manifest = json.loads((results / "manifest.json").read_text())
    manifest["values"].update({"north.cases.number": 2.0001, "south.cases.number": 1.0001})
    (results / "manifest.json").write_text(json.dumps(manifest))
    built.plan["tolerance"] = {"north.*": 0.001}
    built.write()
    certificate = again(tmp_path / "again")
    assert [difference.name for difference in certificate.differences] == ["south.cases.number"]


def test_what_cannot_be_reproduced(compendium, tmp_path):
    with pytest.raises(CrosscaseError, match="build them first"):
        again(tmp_path / "again")
    run(load_plan(), warm=False, progress=False)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(CrosscaseError, match="empty folder"):
        again(tmp_path / "full")
    compendium.notebook("10_cases", "study = 'north'\nseed = 0", "1 / 0")
    with pytest.raises(CrosscaseError, match="ZeroDivisionError"):
        again(tmp_path / "broken")


def test_a_drawing_is_the_same_under_other_names(tmp_path):
    one, two = tmp_path / "a.svg", tmp_path / "b.svg"
    one.write_text('<metadata>x</metadata><path id="m0123456789"/><use xlink:href="#m0123456789"/>')
    two.write_text('<path id="mabcdefabcd"/><use xlink:href="#mabcdefabcd"/>')
    assert same_figure(one, two)
    two.write_text('<path id="mabcdefabcd"/><use xlink:href="#mabcdefabcd" x="1"/>')
    assert not same_figure(one, two)


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ("a,b\n1,2.0000000001\n", ""),
        ("a,b\n1,2.1\n", "row 1, column b: '2.1' for '2.0'"),
        ("a,b\n", "0 rows for 1"),
        ("a,c\n1,2.0\n", "row 0, column b: 'c' for 'b'"),
    ],
)
def test_tables_are_compared_cell_by_cell(tmp_path, new, found):
    (tmp_path / "old.csv").write_text("a,b\n1,2.0\n")
    (tmp_path / "new.csv").write_text(new)
    assert compare_tables(tmp_path / "old.csv", tmp_path / "new.csv", 1e-9) == found
