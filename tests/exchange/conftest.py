"""A compendium of its own for each test, and the sample files where they are."""

from __future__ import annotations

import shutil
import signal
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


@pytest.fixture
def soon():
    """End a test that would take minutes of the processor on quadratic code, where the platform can."""

    def end(*_):
        raise AssertionError("this takes time out of proportion to its input")

    if not hasattr(signal, "SIGPROF"):
        yield
        return
    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, 90)  # time of this process, whatever else the machine does
    yield
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.signal(signal.SIGPROF, before)


@pytest.fixture
def monkeypatch_home(tmp_path_factory, monkeypatch):
    """Return who makes a compendium anew for each example of a property."""

    def make():
        folder = make_home(tmp_path_factory.mktemp("example") / "home")
        monkeypatch.setenv("CROSSCASE_HOME", str(folder))
        return folder

    return make
