"""The three lists of packages agree, the lock pins everything and names no address."""

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
PINS = {
    canonicalize_name(name): version for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE)
}


def requirements(*extras):
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    return [Requirement(text) for text in wanted]


def test_the_lock_satisfies_the_project():
    for requirement in requirements("test", "cluster", "setup"):
        version = PINS.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in requirements.lock"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement} but the lock has {version}"


def test_every_pin_has_hashes():
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    assert all("--hash=sha256:" in block for block in blocks if "==" in block)


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml", "environment.yml", "run.py", "Makefile"])
def test_no_address_of_an_index(name):
    text = (ROOT / name).read_text()
    assert not re.search(
        r"https?://|--index-url|--extra-index-url|--find-links|file://", text.replace("hashes --no-emit", "")
    )


def test_conda_environment_is_in_step():
    conda = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    ours = {canonicalize_name(r.name): str(r.specifier) for r in requirements("test", "cluster")}
    listed = [Requirement(item) for item in conda[-1]["pip"] if not item.startswith("-")]
    named = {"jupyterlab", "papermill", "pandas", "statsmodels", "pingouin", "jupyter-book", "nbval"}
    assert named == {canonicalize_name(r.name) for r in listed}
    for requirement in listed:
        assert str(requirement.specifier) == ours[canonicalize_name(requirement.name)], requirement.name
    python = next(item for item in conda if isinstance(item, str) and item.startswith("python"))
    assert set(python.removeprefix("python").split(",")) == set(PROJECT["requires-python"].split(","))


def test_the_bootstrap_supports_the_same_pythons():
    text = (ROOT / "run.py").read_text()
    assert "(3, 11), (3, 13)" in text
    assert PROJECT["requires-python"] == ">=3.11,<3.14"


def test_the_bootstrap_needs_only_the_standard_library():
    tree = ast.parse((ROOT / "run.py").read_text())
    names = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    names |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert names <= set(sys.stdlib_module_names)


def test_every_import_is_a_declared_dependency():
    """What src/ imports is in pyproject.toml itself, not there by another package's grace."""
    aliases = {
        "yaml": "pyyaml",
        "docx": "python-docx",
        "pypandoc": "pypandoc-binary",
        "dask": "distributed",
        "pyannote": "pyannote-core",
        "PIL": "matplotlib",
    }
    declared = {canonicalize_name(r.name) for r in requirements("test", "cluster", "setup", "gamma", "oracle")}
    bundled = {
        "sphinx",
        "docutils",
        "zmq",
        "jupyter_core",
    }  # parts of jupyter-book and jupyter-client that are their public face
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found = [node.module]
            for name in {item.split(".")[0] for item in found} - set(sys.stdlib_module_names) - {"crosscase"} - bundled:
                assert canonicalize_name(aliases.get(name, name)) in declared, f"{path.name} imports {name}"
