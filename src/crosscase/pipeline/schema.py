"""What may stand in `compendium.yml`: its shape, its defaults, and what a person is told where it is wrong."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, ValidationError

from crosscase import yaml_text
from crosscase.errors import Problem, raise_if, shown

EXAMPLES = {
    "title": "title: Collaboration in five studies of integrated care",
    "studies": "studies: all, or a list of folder names below data/studies",
    "notebooks": "notebooks: [{notebook: 10_documents, title: Documents, per: study, reason: ...}]",
    "notebook": "notebook: 10_documents (the file name below notebooks, without .ipynb)",
    "per": "per: study, or per: compendium",
    "only": "only: [my-study] (this notebook runs for these studies)",
    "parameters": "parameters: {seed: 1, resamples: 1000}",
    "sweep": "sweep: {seed: [1, 2, 3], case: all} for a grid, or a list of parameter sets: [{seed: 1}, {seed: 2}]",
    "sweeps": "sweeps: {my-study: {seed: [1, 2, 3]}} (instead of sweep, for this study)",
    "after": "after: [10_documents, 20_coding]",
    "time_limit": "time_limit: 600 (seconds)",
    "memory_limit": "memory_limit: 4000 (megabytes)",
    "reason": "reason: why this notebook is part of the compendium, in one sentence",
    "tolerance": "tolerance: {my-study.agreement.alpha: 1.0e-6}",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


def _grid_is_lists(value: Any) -> Any:
    """Refuse a single value where a grid needs a list; only `case: all` stands for a list by itself."""
    if isinstance(value, dict):
        for name, values in value.items():
            if not isinstance(values, list) and (name, values) != ("case", "all"):
                raise ValueError(f"a grid gives each parameter a list of values; {name} has {shown(values)}")
    return value


Sweep = Annotated[dict[str, JsonValue] | list[dict[str, JsonValue]], BeforeValidator(_grid_is_lists)]


class Entry(_Strict):
    """One notebook of the plan."""

    notebook: str = Field(min_length=1)
    title: str = Field(min_length=1)
    per: Literal["study", "compendium"]
    reason: str = Field(min_length=1)
    only: list[str] = []
    parameters: dict[str, JsonValue] = {}
    studies: dict[str, dict[str, JsonValue]] = {}
    sweep: Sweep = []
    sweeps: dict[str, Sweep] = {}
    after: list[str] = []
    time_limit: float = Field(default=1800, gt=0)
    memory_limit: int | None = Field(default=None, ge=100)


class Schema(_Strict):
    """The whole plan."""

    title: str = Field(min_length=1)
    studies: Literal["all"] | list[str] = "all"
    notebooks: list[Entry] = Field(min_length=1)
    tolerance: dict[str, float] = {}


def parse(text: str, name: str) -> dict[str, Any]:
    """Return the plan as plain data with defaults filled in.

    `text`: YAML text of the plan. `name` is its file name, for messages. Raises `CrosscaseError` with all problems: no
    YAML, a key twice, an unknown key, a missing key, a wrong value.
    """
    node = yaml_text.node(text, name)
    problems = list(yaml_text.twice(node, name)) if node is not None else []
    data = yaml_text.data(node, name)
    if not isinstance(data, dict):
        raise_if([Problem(name, "the plan is a mapping with title, studies, notebooks", "something else")])
    try:
        return Schema.model_validate(data).model_dump()
    except ValidationError as error:
        problems += [_problem(dict(item), node, data, name) for item in error.errors()]
    finally:
        raise_if(problems)
    raise AssertionError("unreachable")


def _problem(error: dict[str, Any], node: yaml.Node | None, data: Any, name: str) -> Problem:
    """Say one finding of the validation in words: line, which notebook, key, rule, example."""
    from difflib import get_close_matches

    where = [part for part in error["loc"] if not (isinstance(part, str) and ("[" in part or part == "literal"))]
    line = _line(node, where)
    key = next((str(part) for part in reversed(where) if isinstance(part, str)), "plan")
    inside = "notebook entry" if "notebooks" in where and len(where) > 1 else "plan"
    place = f"{name}, line {line}"
    if inside == "notebook entry" and isinstance(where[1], int):
        entry = data["notebooks"][where[1]]
        title = entry.get("notebook", "?") if isinstance(entry, dict) else "?"
        place += f", notebooks entry {where[1] + 1} ({title})"
    place += f", key {key}"
    allowed_keys = Entry.model_fields if inside == "notebook entry" else Schema.model_fields
    if error["type"] == "extra_forbidden":
        close = get_close_matches(key, allowed_keys, n=1)
        remedy = f"did you mean {close[0]}?" if close else "remove it"
        rule, found = f"a {inside} has known keys only", f"unknown key {shown(key)}"
        return Problem(place, rule, found, ", ".join(allowed_keys), remedy)
    example = EXAMPLES.get(key, "")
    if error["type"] == "missing":
        return Problem(place, f"a {inside} needs the key {key}", "none", example, "add it")
    if "json" in error["type"]:
        found, allowed = shown(error["input"]), "text, a number, true, false, null, a list, a mapping with text as keys"
        return Problem(place, "a parameter is plain data", found, allowed, "put a date in quotes")
    return Problem(place, error["msg"].lower(), shown(error["input"]), f"for example {example}" if example else "")


def _line(node: yaml.Node | None, where: list[Any]) -> int:
    """Return the line of the innermost part of a place that stands in the text."""
    line = node.start_mark.line + 1 if node else 1
    for part in where:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            match = next(((key, value) for key, value in node.value if key.value == str(part)), None)
            if match is None:
                break
            line, node = match[0].start_mark.line + 1, match[1]
        else:
            break
    return line
