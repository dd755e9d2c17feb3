"""Arguments of the wrong type, refused by name before anything is computed: a function's type hints are the rule."""

from __future__ import annotations

import collections.abc as abc
import inspect
import math
import types
import typing
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from numbers import Integral, Real
from typing import Annotated, Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from crosscase.errors import Problem, raise_if, shown
from crosscase.frames import cell_problems, missing_columns, series_problems

MOST = 10**9


class Between:
    """What a number may be, both bounds included; a mark in type hints."""

    def __init__(self, low: float, high: float = math.inf) -> None:
        self.low, self.high = low, high

    def __str__(self) -> str:
        return f"{self.low:g} or more" if self.high == math.inf else f"{self.low:g} to {self.high:g}"


class Said:
    """How it is told what an argument may be, where its type alone would be told badly; a mark in type hints."""

    def __init__(self, words: str) -> None:
        self.words = words


class Has:
    """Columns that a frame must have; a mark in type hints."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self.columns = columns


Values = Annotated[pd.DataFrame, Said("a pandas DataFrame")]
"""A frame whose cells the function reads itself and tells one by one."""
Name = Annotated[Any, abc.Hashable]
"""What can stand for a person, a code or a category."""
Count = Annotated[int, Between(1, MOST)]
"""A whole number of at least one."""
Whole = Annotated[int, Between(0, MOST)]
"""A whole number, zero included."""
Seed = Annotated[int, Between(0)]
"""The start of random numbers."""
Share = Annotated[float, Between(0, 1)]
"""A share or a probability."""


def check_arguments(function: Callable[..., Any], given: Mapping[str, object], but: Iterable[str] = ()) -> None:
    """Refuse arguments that are not what the type hints of a function say, all of them in one report.

    It stands first in a function: `check_arguments(itself, locals())`. A single text is no list of texts, a number is
    finite, a truth value is no number, a frame has each column once.

    Parameters
    ----------
    function : callable
        The function whose hints hold; hints that say nothing (`Any`, no hint) are passed over.
    given : mapping of str to object
        Its arguments by name.
    but : iterable of str
        Arguments that the function itself checks, in words of its own.

    Raises
    ------
    CrosscaseError
        With one problem per argument.

    Examples
    --------
    >>> def shares(values: pd.DataFrame, studies: list[str], least: Count = 1) -> None:
    ...     check_arguments(shares, locals())
    >>> shares(pd.DataFrame(), ["a"])
    >>> shares(pd.DataFrame(), "a", 0)
    Traceback (most recent call last):
    crosscase.errors.CrosscaseError: studies: a list of texts is needed; found 'a'. Next: write ['a']
    least: a whole number, 1 to 1e+09 is needed; found 0
    """
    problems = [
        problem
        for name, rule in _rules(function)
        if name in given and name not in but
        for problem in rule.problems(name, given[name])
    ]
    raise_if(problems)


def is_count(value: object, least: int = 0) -> bool:
    """Whether a value is a whole number, in any kind of number, and no truth value.

    Examples
    --------
    >>> is_count(3), is_count(np.float64(3)), is_count(2.5), is_count(-1), is_count(True), is_count("3")
    (True, True, False, False, False, False)
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        return False
    number = float(value)
    return number.is_integer() and least <= number <= MOST


@dataclass(frozen=True)
class _Rule:
    """What one argument may be: how it is said, and how it is told."""

    said: str
    fits: Callable[[object], bool]
    listed: bool = False
    tables: bool = False
    columns: tuple[str, ...] = ()

    def problems(self, name: str, value: object) -> list[Problem]:
        if self.fits(value):
            if self.tables and isinstance(value, pd.DataFrame):
                return cell_problems(value, name) or missing_columns(value, self.columns, name)
            return series_problems(value, name) if self.tables and isinstance(value, pd.Series) else []
        found = shown(value) if _plain(value) else type(value).__name__
        remedy = f"write [{shown(value)}]" if self.listed and isinstance(value, str) and value else ""
        return [Problem(name, f"{self.said} is needed", found, remedy=remedy)]


def _plain(value: object) -> bool:
    return value is None or isinstance(value, (str, bytes, Real, list, tuple, set, frozenset, dict))


@cache
def _rules(function: Callable[..., Any]) -> tuple[tuple[str, _Rule], ...]:
    hints = typing.get_type_hints(function, include_extras=True)
    many = {name for name, one in inspect.signature(function).parameters.items() if one.kind is one.VAR_POSITIONAL}
    rules = (
        (name, _rule(types.GenericAlias(tuple, (hint, ...)) if name in many else hint)) for name, hint in hints.items()
    )
    return tuple((name, rule) for name, rule in rules if rule is not None and name != "return")


def _rule(hint: Any) -> _Rule | None:
    """Return what a hint asks for; nothing where it says nothing."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if hint in (Any, object, ArrayLike):
        return None
    if origin is Annotated:
        inner, *marks = parts
        if abc.Hashable in marks:
            return _SIMPLE[abc.Hashable]
        rule, bounds = _rule(inner), next((mark for mark in marks if isinstance(mark, Between)), None)
        said = next((mark.words for mark in marks if isinstance(mark, Said)), "")
        has = next((mark.columns for mark in marks if isinstance(mark, Has)), ())
        if has and rule is not None:
            return replace(rule, columns=has)
        if rule is None or bounds is None:
            return _Rule(said, rule.fits, rule.listed) if rule is not None and said else rule
        return _Rule(
            f"{rule.said}, {bounds}",
            lambda value: rule.fits(value) and bounds.low <= value <= bounds.high,  # type: ignore
        )
    if origin in (typing.Union, types.UnionType):
        return _any_of([_rule(part) for part in parts])
    if origin is not None:
        return _container(origin, parts)
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if hint in (abc.Sequence, abc.Iterable, abc.Collection, abc.Mapping, list, tuple, set, frozenset, dict):
        return _container(hint, ())
    if isinstance(hint, type):
        return _Rule(_article(hint.__name__), lambda value: isinstance(value, hint))
    return None


def _any_of(rules: Sequence[_Rule | None]) -> _Rule | None:
    if None in rules:
        return None
    told = [rule for rule in rules if rule is not None and rule is not _SIMPLE[type(None)]]
    fits = [rule.fits for rule in rules if rule is not None]
    said = " or ".join(dict.fromkeys(rule.said for rule in told))
    one = told[0] if len(told) == 1 else _Rule(said, bool, any(rule.listed for rule in told))
    return replace(one, fits=lambda value: any(fit(value) for fit in fits))


def _container(origin: Any, parts: tuple[Any, ...]) -> _Rule | None:
    if origin is abc.Callable:
        return _Rule("a function", callable)
    if issubclass(origin, abc.Mapping):
        rule = _rule(parts[1]) if len(parts) == 2 else None
        said = f"a mapping of names to {_several(rule)}"
        return _Rule(said, lambda value: isinstance(value, Mapping) and _each(rule, value.values()))
    if origin is tuple and parts and parts[-1] is not Ellipsis:
        rule = _rule(parts[0])
        said, length = f"{len(parts)} {_several(rule)}", len(parts)
        return _Rule(said, lambda value: _ordered(value) and len(value) == length and _each(rule, value))  # type: ignore
    rule = _rule(parts[0]) if parts else None
    kept = _ordered if issubclass(origin, abc.Sequence) else _listed
    return _Rule(f"a list of {_several(rule)}", lambda value: kept(value) and _each(rule, value), True)


def _listed(value: object) -> bool:
    """Whether something is many things: no text, no mapping, no table."""
    many = isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping, pd.DataFrame))
    return many and getattr(value, "ndim", 1) == 1


def _ordered(value: object) -> bool:
    return _listed(value) and isinstance(value, (abc.Sequence, np.ndarray, pd.Series, pd.Index))


def _each(rule: _Rule | None, values: object) -> bool:
    if rule is None or not isinstance(values, abc.Sized):  # what can be read once only is left to the function
        return True
    return all(rule.fits(value) for value in values)  # type: ignore[attr-defined]


def _several(rule: _Rule | None) -> str:
    if rule is None:
        return "values"
    head, *rest = rule.said.split(" ", 1)
    words = rest[0] if rest and head in ("a", "an") else rule.said
    noun, comma, more = words.partition(",")
    return f"{noun}s{comma}{more}"


def _article(name: str) -> str:
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name}"


def _number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_)) and math.isfinite(value)


def _whole(value: object) -> bool:
    return isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))


def _name(value: object) -> bool:
    """Whether something can stand for a person, a code or a category: it can be looked up, and is no gap."""
    if not isinstance(value, Hashable) or value is None or value is pd.NA or value is pd.NaT:
        return False
    try:
        hash(value)
    except TypeError:
        return False
    return value == value


_SIMPLE: dict[Any, _Rule] = {
    type(None): _Rule("None", lambda value: value is None),
    bool: _Rule("True or False", lambda value: isinstance(value, (bool, np.bool_))),
    int: _Rule("a whole number", _whole),
    float: _Rule("a finite number", _number),
    str: _Rule("a text", lambda value: isinstance(value, str)),
    pd.DataFrame: _Rule("a pandas DataFrame", lambda value: isinstance(value, pd.DataFrame), tables=True),
    pd.Series: _Rule("a pandas Series", lambda value: isinstance(value, pd.Series), tables=True),
    np.ndarray: _Rule("an array", lambda value: isinstance(value, np.ndarray)),
    abc.Hashable: _Rule("a name", _name),
}
