"""YAML that somebody wrote: looked through as a stream before anything is built of it.

A plain word is a number, true, false or null only where everybody takes it for one: `010`, `1:30`, `yes` and dates are
text, as in YAML 1.2, and `1e3` is a number.

YAML can name a piece and repeat it by its name, which makes gigabytes of a few hundred bytes; and it can be nested so
deeply that what reads it breaks off. Nothing of ours needs either, so both are refused, by line.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import Any

import yaml

from crosscase.errors import CrosscaseError, Problem, shortened

MAX_DEPTH = 20
MAX_CHARACTERS = 200_000
MAX_NUMBER = 64
MAX_PROBLEMS = 20
_TWICE = "a key stands once in its mapping"


class _Loader(yaml.SafeLoader):
    """The safe loader, which tells a number or date that is none as a problem of its line."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        if isinstance(node, yaml.ScalarNode) and node.tag in _NUMBERS and len(node.value) > MAX_NUMBER:
            rule = f"a number or a date has at most {MAX_NUMBER} characters"
            raise yaml.constructor.ConstructorError(None, None, rule, node.start_mark)
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, OverflowError, TypeError, AttributeError, LookupError) as error:
            problem = f"{type(error).__name__}: {error}"
            raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark) from None


class _Dumper(yaml.SafeDumper):
    """The safe writer, which puts quotes around a text that either YAML would take for something else."""


_PLAIN = (
    ("null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9]*(?:_[0-9]+)*|0x[0-9a-fA-F]+)\Z"), list("-+0123456789")),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:(?:[0-9]+(?:_[0-9]+)*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)|[0-9]+(?:_[0-9]+)*\.[0-9]*"
            r"|\.[0-9]+(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN))\Z"
        ),
        list("-+.0123456789"),
    ),
)
_Loader.yaml_implicit_resolvers = {}
for _kind, _form, _first in _PLAIN:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _form, _first)
    _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", _form, _first)
_NUMBERS = {f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "timestamp")}


def dump(content: Any, width: int = 80) -> str:
    """Return plain data as YAML that `load`, and any other reader, takes for the same data; keys in their order.

    >>> print(dump({"code": "010", "seed": 1000}), end="")
    code: '010'
    seed: 1000
    """
    return str(yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=width))


def load(text: str, place: str) -> Any:
    """Return what a YAML text says, as plain data.

    `CrosscaseError` where it is no YAML, too long, nested too deeply, uses anchors and aliases, or has a key twice; all
    of these at once, each with its line.

    Examples
    --------
    >>> load("a: [1, 2]", "x.yml")
    {'a': [1, 2]}
    >>> load("a: &x [1]\\nb: *x", "x.yml")
    Traceback (most recent call last):
    crosscase.errors.CrosscaseError: x.yml, line 1: the YAML names no piece to repeat it ...
    """
    found = node(text, place)
    if found is not None and (problems := list(twice(found, place))):
        raise CrosscaseError(problems[:MAX_PROBLEMS])
    return data(found, place)


def node(text: str, place: str) -> yaml.Node | None:
    """Return what a YAML text says as nodes, which know their lines; None for nothing. As `load`, but for twin keys."""
    _look_through(text, place)
    try:
        return yaml.compose(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        raise CrosscaseError(_broken(error, place)) from None


def data(root: yaml.Node | None, place: str) -> Any:
    """Return the plain data of nodes; `CrosscaseError` where a number or date is none, or a tag not of plain YAML."""
    if root is None:
        return None
    loader = _Loader("")
    try:
        return loader.construct_document(root)
    except (yaml.YAMLError, RecursionError) as error:
        raise CrosscaseError(_broken(error, place)) from None
    finally:
        loader.dispose()


def twice(root: yaml.Node, place: str) -> Iterator[Problem]:
    """Yield keys that stand twice in one mapping (YAML itself would take the last one silently)."""
    pending = [root]
    while pending:
        at = pending.pop()
        if isinstance(at, yaml.SequenceNode):
            pending += reversed(at.value)
        elif isinstance(at, yaml.MappingNode):
            seen: dict[Hashable, int] = {}
            for key, _ in at.value:
                if isinstance(key.value, str) and key.value in seen:
                    where = f"{place}, line {key.start_mark.line + 1}, key {shortened(key.value)}"
                    yield Problem(where, _TWICE, f"it also in line {seen[key.value]}", remedy="keep one")
                if isinstance(key.value, str):
                    seen[key.value] = key.start_mark.line + 1
            pending += [value for _, value in reversed(at.value)]


def _look_through(text: str, place: str) -> None:
    """Refuse what would grow or break a reader, before anything is built."""
    if len(text) > MAX_CHARACTERS:
        found = f"{len(text):,}"
        raise CrosscaseError(Problem(place, f"a YAML file has at most {MAX_CHARACTERS:,} characters", found))
    depth = 0
    problems: dict[int, Problem] = {}
    try:
        for event in yaml.parse(text, Loader=_Loader):
            anchor = getattr(event, "anchor", None)
            if anchor and len(problems) < MAX_PROBLEMS:
                line, mark = event.start_mark.line + 1, "*" if isinstance(event, yaml.AliasEvent) else "&"
                problems.setdefault(line, _named(f"{place}, line {line}", f"{mark}{shortened(anchor)}"))
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                where = f"{place}, line {event.start_mark.line + 1}"
                rule, remedy = f"lists and mappings lie at most {MAX_DEPTH} deep", "write it flatter"
                problems[-1] = Problem(where, rule, "more", remedy=remedy)
                break
    except (yaml.YAMLError, RecursionError) as error:
        if not problems:
            raise CrosscaseError(_broken(error, place)) from None
    if problems:
        raise CrosscaseError(list(problems.values()))


def _named(place: str, found: str) -> Problem:
    rule, remedy = "the YAML names no piece to repeat it (anchors & and aliases *)", "write it out where it is meant"
    return Problem(place, rule, found, remedy=f"{remedy}; a text that begins with & or * goes in quotes")


def _broken(error: Exception, place: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    where = f"{place}, line {mark.line + 1}" if mark else place
    found = shortened(getattr(error, "problem", None) or str(error) or type(error).__name__)
    return Problem(where, "the file is YAML", found, remedy="mend this line; mind the indentation")


def scalars(node: yaml.Node, keys: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int, str]]:
    """Yield keys, line (from 1) and text of every plain value below a node of YAML."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from scalars(value, (*keys, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from scalars(value, keys)
    elif isinstance(node, yaml.ScalarNode):
        yield keys, node.start_mark.line + 1, str(node.value)
