"""The notebooks of the main job: strictly the same outputs when run again, the same bytes in another surrounding."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
LOOK = """
from crosscase import paths
from crosscase.release.gate import current
files = [(path.name, path) for path in sorted(paths.runs().rglob("*")) if path.is_file()]
gate = current()
print(len(gate.texts.texts), len(files), [str(problem) for problem in gate.problems(files)])
print(bool(gate.problems([("pasted", next(iter(gate.texts.texts.values()))[1000:1200].encode())])))
"""
SANITIZE = """[memory address]
regex: 0x[0-9a-f]{6,}
replace: ADDRESS
"""


def executed(folder):
    """Return one executed copy of each notebook: of the richest study, or of the whole compendium."""
    runs = folder / "results" / "runs"
    return sorted([*runs.glob("*/nl-work-roadmap/*.ipynb"), *runs.glob("*/compendium/*.ipynb")])


@pytest.mark.long
def test_nbval_finds_the_same_outputs_again(first, tmp_path):
    """Every cell of one executed copy of each notebook runs again in a cold kernel and gives what is stored."""
    config = tmp_path / "sanitize.cfg"
    config.write_text(SANITIZE)
    notebooks = executed(first)
    assert {path.stem for path in notebooks} == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-sanitize-with", str(config), "-q", "-p", "no:xdist"]
    command += ["--override-ini=addopts=", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", *map(str, notebooks)]
    environment = {"CROSSCASE_HOME": str(first), "CROSSCASE_RUN": "", "PYTHONHASHSEED": "0", "TZ": "UTC"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == 0, done.stdout[-4000:]
    assert "passed" in done.stdout


def products(folder):
    files = [path for path in (folder / "results" / "runs").rglob("*") if path.is_file() and path.name != "job.json"]
    kept = {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {name: digest for name, digest in kept.items() if "times" not in name}


@pytest.mark.long
def test_a_second_run_elsewhere_gives_the_same_bytes(first, make):
    """Values, tables, figures, executed notebooks: another folder, time zone, locale, hash seed and cold kernels."""
    surrounding = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    second = make("second", "--study", "nl-work-roadmap", "--cold", **surrounding)
    two = products(second)
    one = {name: digest for name, digest in products(first).items() if "/nl-work-roadmap/" in name}
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


@pytest.fixture(scope="session")
def values(one):
    kept = {}
    for path in (one / "results" / "runs").rglob("values.json"):
        kept |= {record["id"]: record for record in json.loads(path.read_text())}
    return kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("themes.n", 4),
        ("themes.subthemes", 10),
        ("codings.quotations", 21),
        ("codings.quotations.motives_interests", 4),
        ("codings.quotations.collaboration", 7),
        ("codings.quotations.politics_finances_legislation", 7),
        ("codings.quotations.complexity_new_experiment", 3),
        ("codings.quotations.roles", 11),
        ("quotations.one_role", 5),
        ("quotations.one_quotation", 3),
        ("influence.n", 69),  # 34 before every cause that a sentence lists was read as one
        ("cases.two_regions_with_history", 2),
        ("progress.known", 4),  # shared savings: none of four, so not reached in each
        ("outcomes.funding_agreement.paper", 2),
        ("outcomes.agreement_made_or_intended.abstract", 3),
        ("outcomes.shared_savings.abstract", 0),
    ],
)
def test_published_numbers_of_the_work_roadmap(values, name, value):
    assert values[f"nl-work-roadmap.{name}"]["value"] == value


def test_what_is_not_stated_stays_undefined(values):
    record = values["nl-work-roadmap.inventory.results_interviews"]
    assert record["value"] is None
    assert record["text"] == "not stated"


@pytest.mark.parametrize("which", ["one", pytest.param("first", marks=pytest.mark.long)])
def test_every_figure_is_in_the_notebook_with_its_words(which, request):
    notebooks = executed(request.getfixturevalue(which))
    assert notebooks
    for path in notebooks:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        shown = [
            "".join(output["data"]["text/html"])
            for cell in cells
            for output in cell.get("outputs", [])
            if "<img" in "".join(output.get("data", {}).get("text/html", ""))
        ]
        kept = path.parent / "figures.json"
        if kept.exists():
            assert shown, path
        assert all('alt="' in html and 'alt=""' not in html for html in shown)


def test_a_second_run_does_nothing(one):
    command = [sys.executable, "-m", "crosscase", "run", "--study", "nl-work-roadmap"]
    environment = os.environ | {"CROSSCASE_HOME": str(one), "CI": "true"}
    done = subprocess.run(command, cwd=one, capture_output=True, text=True, env=environment)
    assert re.search(r"notebooks: 0 run, [1-9]\d* unchanged", done.stdout), done.stdout + done.stderr


@pytest.mark.long
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the source documents are not here")
def test_results_made_without_the_documents_repeat_none_of_their_passages(first, tmp_path):
    """With the real documents at hand, nothing that the notebooks keep repeats a passage, recipes included."""
    from crosscase.study import load_study

    folder = tmp_path / "compendium"
    shutil.copytree(first, folder, symlinks=True)
    for study in sorted(path.parent.name for path in (folder / "data" / "studies").glob("*/study.yml")):
        for document in load_study(study).documents["document"]:
            target = folder / "restricted" / study / document
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(SEEDS / document, target)
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"CROSSCASE_HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr
    looked, pasted = done.stdout.splitlines()
    documents, files, *problems = looked.split(" ", 2)
    assert (int(documents), problems) == (5, ["[]"])
    assert int(files) > 500
    assert pasted == "True"
