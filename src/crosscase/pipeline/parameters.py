"""Parameters of notebooks: what the parameters cell declares, and whether the plan's values fit it."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscase import yaml_text
from crosscase.errors import CrosscaseError, Problem, raise_if, shown

if TYPE_CHECKING:
    from crosscase.pipeline.job import Job

TAG = "parameters"
TYPES = {"int": int, "float": int | float, "str": str, "bool": bool, "list": list, "dict": dict}


def read_notebook(path: Path) -> dict[str, Any]:
    """Return a notebook as plain data.

    Raises `CrosscaseError` where the file is no notebook.
    """
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["cells"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise_if([Problem(f"notebooks/{path.name}", "a notebook is a Jupyter file", str(error), remedy="restore it")])
    return notebook


def source_of(cell: Mapping[str, Any]) -> str:
    """Return the text of a cell, which the file may hold as one string or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def parameters_cell(notebook: Mapping[str, Any]) -> str | None:
    """Return the text of the cell tagged `parameters`, or None."""
    for cell in notebook["cells"]:
        if TAG in cell.get("metadata", {}).get("tags", []) and cell["cell_type"] == "code":
            return source_of(cell)
    return None


def declared(path: Path) -> dict[str, dict[str, str]] | None:
    """Return what the parameters cell of a notebook declares: name -> type, default and comment.

    Papermill's own inspection is asked first; where its line-wise reading fails (an `=` inside a comment or a string),
    the syntax tree answers. The answer is remembered by the text of the cell.

    The keys are `type` (an annotation such as `int | None`, or the type of the default), `default` (as source text),
    `comment`; None where the notebook has no parameters cell.
    """
    from crosscase.pipeline.store import remembered

    cell = parameters_cell(read_notebook(path))
    if cell is None:
        return None
    key = hashlib.sha256(b"1" + cell.encode()).hexdigest()
    return remembered("parameters", key, lambda: _inspect(cell))


def _inspect(cell: str) -> dict[str, dict[str, str]]:
    """Combine papermill's inspection with the syntax tree, in the order of the cell."""
    seen = _by_papermill(cell)
    comments = _comments(cell)
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(cell).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, annotation, value = node.targets[0].id, "", node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            name, annotation, value = node.target.id, ast.unparse(node.annotation), node.value
        else:
            continue
        told = seen.get(name, {})
        kind = annotation or told.get("inferred_type_name", "None")
        found[name] = {
            "type": _type_of(value) if kind == "None" else kind.strip("\"'"),
            "default": ast.unparse(value),
            "comment": comments.get(node.end_lineno or node.lineno, "") or (told.get("help") or "").strip(),
        }
    return found


def _by_papermill(cell: str) -> dict[str, dict[str, Any]]:
    """Return papermill's own inspection of the cell."""
    from crosscase.pipeline.engine import quiet_papermill

    papermill = quiet_papermill()
    import nbformat

    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    node = nbformat.v4.new_code_cell(cell, metadata={"tags": [TAG]})
    return papermill.inspect_notebook(nbformat.v4.new_notebook(cells=[node], metadata=metadata))


def _comments(cell: str) -> dict[int, str]:
    """Return line number -> comment that ends that line."""
    tokens = tokenize.generate_tokens(io.StringIO(cell).readline)
    return {token.start[0]: token.string.lstrip("# ").rstrip() for token in tokens if token.type == tokenize.COMMENT}


def _type_of(value: ast.expr) -> str:
    try:
        return type(ast.literal_eval(value)).__name__
    except ValueError:
        return "None"


def fits(value: object, kind: str) -> bool:
    """Tell whether a value fits a declared type; an unknown type lets everything pass.

    `kind`: `int`, `float`, `str`, `bool`, `list`, `dict`, several of them joined by `|`, `Optional[...]`, with or
    without a type of elements (`list[str]`).

    >>> fits(3, "float"), fits(True, "int"), fits(None, "int | None"), fits("a", "list[str]")
    (True, False, True, False)
    """
    if kind in ("None", "NoneType", "Any"):  # a default of None restricts nothing
        return True
    if kind.startswith("Optional["):
        return value is None or fits(value, kind.removeprefix("Optional[").removesuffix("]"))
    if "|" in kind and "[" not in kind:
        parts = [part.strip() for part in kind.split("|")]
        return any(value is None if part in ("None", "NoneType") else fits(value, part) for part in parts)
    base, _, inner = kind.partition("[")
    base = base.lower()
    if base not in TYPES:
        return True
    right = isinstance(value, TYPES[base]) and (isinstance(value, bool) == (base == "bool"))
    if right and base == "list" and inner and isinstance(value, list):
        return all(fits(item, inner.removesuffix("]")) for item in value)
    return right


WORDS = {"yes": True, "no": False, "on": True, "off": False}
"""What people write for true and false, where the notebook declares a `bool`."""


def meant(value: object, kind: str) -> object:
    """Return a value as its declared type means it: `yes` for a `bool`, `1e3` for an `int`; any other as it is.

    >>> meant("yes", "bool"), meant("yes", "str"), meant(1e3, "int"), meant(1.5, "int")
    (True, 'yes', 1000, 1.5)
    """
    if isinstance(value, list) and (inner := kind.partition("[")[2]) and kind.lower().startswith("list["):
        return [meant(item, inner.removesuffix("]")) for item in value]
    if fits(value, kind):
        return value
    if isinstance(value, str) and value.lower() in WORDS and fits(True, kind):
        return WORDS[value.lower()]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 and fits(1, kind):
        return int(value)
    return value


def checked(jobs: Iterable[Job]) -> list[Job]:
    """Return jobs with their parameters as the notebooks mean them; refuse what is not declared or has a wrong type.

    Raises `CrosscaseError`: a problem per notebook and parameter, with the closest declared name or the declared type.
    """
    problems: dict[str, Problem] = {}
    done: list[Job] = []
    known: dict[str, dict[str, dict[str, str]] | None] = {}
    for job in jobs:
        if job.notebook not in known:
            known[job.notebook] = declared(job.source)
        declares = known[job.notebook]
        if declares is None:
            place = f"notebooks/{job.notebook}.ipynb"
            rule = "a notebook has one cell tagged 'parameters' that gives each parameter a default"
            remedy = "tag the first code cell (in JupyterLab: property inspector, Cell tags)"
            problems[job.notebook] = Problem(place, rule, "no such cell", remedy=remedy)
            continue
        given = {name: meant(value, declares.get(name, {}).get("type", "")) for name, value in job.parameters.items()}
        done.append(replace(job, parameters=given))
        for name, value in given.items():
            if problem := _check(job.notebook, name, value, declares):
                problems.setdefault(f"{job.notebook} {name} {shown(value)}", problem)
    raise_if(list(problems.values()))
    return done


def _check(notebook: str, name: str, value: object, declares: dict[str, dict[str, str]]) -> Problem | None:
    place = f"notebook {notebook}, parameter {name}"
    if name not in declares:
        close = get_close_matches(name, declares, n=1, cutoff=0.5)
        remedy = f"did you mean {close[0]}?" if close else "correct the name, or declare it in the parameters cell"
        rule = "a notebook takes only the parameters that its parameters cell declares"
        return Problem(place, rule, repr(name), ", ".join(declares) or "none", remedy)
    if not _plain(value):
        found, remedy = f"{shown(value)} ({type(value).__name__})", "put it in quotes"
        return Problem(place, "a value is text, a number, true, false, null, a list or a mapping", found, remedy=remedy)
    kind, default = declares[name]["type"], declares[name]["default"]
    if fits(value, kind):
        return None
    rule, found = f"the value has the type {kind} of its default {default}", f"{shown(value)} ({type(value).__name__})"
    return Problem(place, rule, found, kind, "correct it in the plan or the command")


def _plain(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_plain, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(item) for key, item in value.items())
    return value is None or isinstance(value, str | bool | int | float)


def parse_override(notebooks: Iterable[Path], name: str, text: str) -> object:
    """Read a value given on the command line as the declared type demands.

    Of the `notebooks` that will get it, the first that declares the name decides. `name` and `text` are as typed in
    `name=value`. Returns the text itself for a parameter of type `str`; otherwise the value that YAML reads, or the
    text where only that fits.
    """
    kind = next((known[name]["type"] for path in notebooks if name in (known := declared(path) or {})), "None")
    if kind == "str":
        return text
    try:
        value = meant(yaml_text.load(text, name), kind)
    except CrosscaseError:
        return text
    return text if not fits(value, kind) and fits(text, kind) else value
