"""Imports go down the stair and never up; drawing computes nothing; src/ never imports pingouin."""

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "crosscase"
FLOORS = {
    "arguments": 1, "errors": 1, "frames": 1, "ids": 1, "paths": 1, "refusals": 1, "renames": 1, "spreadsheets": 1,
    "stances": 1, "tables": 1, "terms": 1, "trace": 1, "yaml_text": 1,
    "documents": 2, "notes": 2, "inventory": 2, "outcomes": 2, "matrices": 2, "agreement": 2, "saturation": 2,
    "comparison": 2, "concordance": 2,
    "configurations": 2, "synthesis": 2, "simulate": 2, "calibration": 2,
    "figures": 2,
    "study": 3,
    "analyses": 4, "review": 4, "publish": 4, "exchange": 4, "release": 4,
    "pipeline": 5, "coding": 5,
    "cli": 6, "__main__": 7, "__init__": 0,
}  # fmt: skip
FILES = sorted(SOURCE.rglob("*.py"))


def room(path):
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
            if node.module == "crosscase":
                yield from (f"crosscase.{alias.name}" for alias in node.names)


def test_every_room_has_a_floor():
    assert {room(path) for path in FILES} <= set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_imports_go_down(path):
    here = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "crosscase" or len(parts) < 2 or parts[1] not in FLOORS:
            continue
        there = parts[1]
        if there != here:
            assert FLOORS[there] <= FLOORS[here], f"{path.name} imports {name}, which is above it"
            if FLOORS[there] == FLOORS[here] == 2:
                assert "figures" not in (here, there), f"{path.name} imports {name}: drawing and computing stay apart"


def test_rooms_of_one_floor_form_no_circle():
    arrows = {}
    for path in FILES:
        here = room(path)
        found = {name.split(".")[1] for name in imports(path) if name.startswith("crosscase.")}
        arrows.setdefault(here, set()).update((found & set(FLOORS)) - {here})
    while free := {name for name, below in arrows.items() if not below & set(arrows)}:
        arrows = {name: below for name, below in arrows.items() if name not in free}
    assert arrows == {}


def test_the_gate_knows_none_of_those_who_pass_it():
    """What looks through all that goes out stands below every room that writes for people."""
    for path in FILES:
        if room(path) == "release":
            rooms = {name.split(".")[1] for name in imports(path) if name.startswith("crosscase.")}
            assert not rooms & {"publish", "exchange", "pipeline", "cli", "figures"}, path.name


def module(path):
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_files_form_no_circle():
    """Inside a room too: neither imports inside of functions nor those for types alone lead back."""
    known = {module(path): path for path in FILES}
    arrows = {}
    for name, path in known.items():
        found = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                each = {f"{node.module}.{alias.name}" for alias in node.names}
                found |= {one if one in known else node.module for one in each}
            elif isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
        arrows[name] = (found & set(known)) - {name}
    while free := {name for name, below in arrows.items() if not below & set(arrows)}:
        arrows = {name: below for name, below in arrows.items() if name not in free}
    assert arrows == {}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_no_gpl_package_at_run_time(path):
    assert not {name.split(".")[0] for name in imports(path)} & {"pingouin", "krippendorff", "irrCAC"}


def test_pure_floor_touches_no_file():
    for path in FILES:
        if FLOORS[room(path)] != 2 or room(path) == "figures":
            continue
        names = {
            n.func.id
            for n in ast.walk(ast.parse(path.read_text()))
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
        assert not names & {"open", "print"}, f"{path.name} opens a file or prints"


def test_the_page_on_architecture_names_every_room_on_its_floor():
    docs = SOURCE.parents[1] / "docs"
    page, picture = (docs / "architecture.md").read_text("utf-8"), (docs / "images" / "stair.svg").read_text("utf-8")
    rows = [line.split("|")[1:3] for line in page.split("## Where")[0].splitlines() if line.startswith("| ")]
    told = {name: int(floor.strip()[0]) for floor, names in rows[1:] for name in re.findall(r"`(\w+)`", names)}
    assert told == {name: floor for name, floor in FLOORS.items() if not name.startswith("__")}
    assert [name for name in told if name not in re.findall(r"\w+", picture)] == []


MADE = {"results/", "restricted/"}


def test_the_page_on_architecture_leads_to_files_that_exist():
    page = (SOURCE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    places = re.findall(r"`((?:[\w]+/)+[\w.]*|\w+\.py)`", page)
    roots = (SOURCE, SOURCE.parents[1], SOURCE / "agreement")
    assert [place for place in places if place not in MADE and not any((root / place).exists() for root in roots)] == []
