"""With the real documents at hand, nothing that the notebooks keep repeats a passage of them, recipes included."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
LOOK = """
from crosscase import paths
from crosscase.release.gate import current
files = [(path.name, path) for path in sorted(paths.runs().rglob("*")) if path.is_file()]
gate = current()
print(len(gate.texts.texts), len(files), [str(problem) for problem in gate.problems(files)])
print(bool(gate.problems([("pasted", next(iter(gate.texts.texts.values()))[1000:1200].encode())])))
"""


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the source documents are not here")
def test_results_made_without_the_documents_repeat_none_of_their_passages(first, tmp_path):
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
