"""The three lists of packages agree, the lock pins everything and names no address."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCK = (ROOT / "requirements.lock").read_text()
PINS = {}  # more than one version where a system has no wheel of the newest
for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE):
    PINS.setdefault(canonicalize_name(name), []).append(version)


def requirements(*extras):
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += PROJECT["optional-dependencies"][extra]
    return [Requirement(text) for text in wanted]


def test_the_lock_satisfies_the_project():
    for requirement in requirements("test", "cluster", "setup"):
        versions = PINS.get(canonicalize_name(requirement.name))
        assert versions is not None, f"{requirement.name} is not in requirements.lock"
        fits = [version for version in versions if requirement.specifier.contains(version, prereleases=True)]
        assert fits if requirement.marker else fits == versions, f"{requirement} but the lock has {versions}"


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
        "pdfminer": "pdfplumber",
    }
    declared = {canonicalize_name(r.name) for r in requirements("test", "cluster", "setup", "gamma", "oracle")}
    bundled = {
        "sphinx",
        "docutils",
        "markdown_it",
        "myst_parser",
        "zmq",
        "jupyter_core",
        "jupyter_server",
    }  # parts of jupyter-book, jupyter-client and jupyterlab that are their public face
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                found = [node.module]
            for name in {item.split(".")[0] for item in found} - set(sys.stdlib_module_names) - {"crosscase"} - bundled:
                assert canonicalize_name(aliases.get(name, name)) in declared, f"{path.name} imports {name}"


PLATFORMS = ("x86_64-manylinux_2_28", "aarch64-apple-darwin", "x86_64-apple-darwin", "x86_64-pc-windows-msvc")
DISTRIBUTIONS = packages_distributions()
OFFLINE = re.compile(r"dns error|error sending request|[Cc]onnect|timed out|[Nn]etwork|Temporary failure", re.DOTALL)


def resolve(file, platform, python, folder):
    """Ask uv whether everything in a list installs from wheels; return what it says where it does not."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        pytest.skip("uv is not installed")
    command = [uv, "pip", "install", "--dry-run", "--only-binary", ":all:", "--target", str(folder), "-r", str(file)]
    done = subprocess.run(
        [*command, "--python-platform", platform, "--python-version", python], capture_output=True, text=True
    )
    if done.returncode and OFFLINE.search(done.stderr) and "no wheel" not in done.stderr:
        pytest.skip("the package index cannot be reached")
    return done.stderr if done.returncode else ""


@pytest.mark.long
@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_lock_installs_from_wheels_on_every_platform(platform, tmp_path):
    for python in ("3.11", "3.12", "3.13"):
        assert resolve(ROOT / "requirements.lock", platform, python, tmp_path / "nothing") == ""


@pytest.mark.long
def test_a_package_without_a_wheel_would_be_found(tmp_path):
    (tmp_path / "one.txt").write_text("docopt==0.6.2\n")
    assert "docopt" in resolve(tmp_path / "one.txt", PLATFORMS[0], "3.12", tmp_path / "nothing")


def imported(text):
    """Return the top-level names that a piece of Python imports."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.split(".")[0]


def pieces():
    """Yield every piece of Python in the repository that a person or a test runs."""
    for folder in ("src", "tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield path.name, "".join(cell["source"])


def missing(text, neighbours=()):
    """Return what a piece of Python imports and the lock lacks."""
    names = set(imported(text)) - set(sys.stdlib_module_names) - {"crosscase", "tests", *neighbours}
    return sorted(n for n in names if not any(canonicalize_name(dist) in PINS for dist in DISTRIBUTIONS.get(n, [n])))


def test_every_import_anywhere_is_in_the_lock():
    """Where a package is asked for only if it is installed (`oracle`, `gamma`), `pytest.importorskip` says so."""
    neighbours = {path.stem for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")}
    lacking = {(name, *missing(text, neighbours)) for name, text in pieces() if missing(text, neighbours)}
    assert lacking <= OPTIONAL


# imported only where installed: `crosscase.agreement.gamma` says what to install; benchmarks compare with others
OPTIONAL: set[tuple[str, ...]] = {
    ("src/crosscase/agreement/spans/gamma.py", "pyannote", "pygamma_agreement"),
    ("benchmarks/agreement_bench.py", "krippendorff"),
    ("benchmarks/exchange_bench.py", "pyrefiqda"),
}


def test_an_import_that_the_lock_lacks_is_found():
    assert missing("import polars\nfrom pandas import DataFrame\nfrom crosscase import paths") == ["polars"]
