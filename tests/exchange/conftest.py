"""A compendium of its own for each test, and the sample files where they are."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SAMPLES = SHARED / "qda-samples"


def make_home(folder: Path) -> Path:
    shutil.copytree(ROOT / "data" / "dictionary", folder / "data" / "dictionary")
    for name in ("studies", "frameworks"):
        (folder / "data" / name).mkdir(parents=True)
    (folder / "compendium.yml").write_text("studies: []\n")
    return folder


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = make_home(tmp_path / "home")
    monkeypatch.setenv("CROSSCASE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def session_home(tmp_path_factory):
    return make_home(tmp_path_factory.mktemp("compendium") / "home")


@pytest.fixture
def samples():
    if not SAMPLES.is_dir():
        pytest.skip("the sample projects are not here")
    return SAMPLES
