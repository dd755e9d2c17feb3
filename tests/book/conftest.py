"""A small compendium and its book, built once per test process."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from crosscase import paths
from crosscase.publish.book import BookReport, build_book


class SmallBook(NamedTuple):
    """The compendium, its rendered book and the report of the build."""

    root: Path
    folder: Path
    report: BookReport


@pytest.fixture(scope="session")
def small() -> ModuleType:
    """The module that writes the small compendium."""
    spec = importlib.util.spec_from_file_location("small_compendium", Path(__file__).with_name("small.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def compendium(small: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small compendium of its own for one test."""
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "compendium"))
    return small.make(tmp_path / "compendium")


@pytest.fixture(scope="session")
def small_book(small: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> SmallBook:
    """The book of a small compendium whose path holds a space and letters beyond ASCII; read only."""
    root = tmp_path_factory.mktemp("böok") / "with a space"
    before = os.environ.get(paths.HOME_VARIABLE)
    try:
        small.make(root)
        report = build_book()
    finally:
        os.environ.pop(paths.HOME_VARIABLE, None)
        if before is not None:
            os.environ[paths.HOME_VARIABLE] = before
    return SmallBook(root, root / "results" / "book", report)
