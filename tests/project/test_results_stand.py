"""No public function of the core answers otherwise than it did, unless somebody means it.

What is held here was computed by this very code: it does not say that an answer is right (the published values do, in
the tests of each room), only that it has changed. Every function is called as in the examples of its documentation,
with a made-up study that uses everything a study can hold, with each value an option allows, with rows in another
order or twice, without each column, and with a cell that is not stated; a refusal counts as an answer. Where a change
is meant, run `python tests/project/test_results_stand.py`, and the changed lines of `stand.json` go into that commit.
"""

from __future__ import annotations

import dataclasses
import hashlib
import importlib.util
import inspect
import json
import sys
import types
import typing
import warnings
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from crosscase.errors import CrosscaseError


def beside(name: str) -> ModuleType:
    """Import a file of this folder."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


valid_calls = beside("valid_calls")
RICH = beside("rich").frames()
FUNCTIONS = {name: each for name, each in valid_calls.public().items() if name != "agreement.gamma_agreement"}
"""All but the one whose library is no part of the environment."""
STAND = Path(__file__).with_name("stand.json")


WORDS = {
    "mode": ["voice", "about"],
    "by": ["case", "role", "theme", "code", "document"],
    "over": ["documents", "paragraphs"],
    "stance": ["codebook", "reflexive", "unspecified"],
    "rows": ["case", "role"],
    "coder": ["x"],
    "coders": [["x", "y"]],
    "codes": [["k", "l"]],
}
"""Values of options that are texts, and that several functions know."""


def again(row: pd.DataFrame) -> pd.DataFrame:
    """Return a row with another text in its last column of texts."""
    texts = [name for name in row.columns if isinstance(row[name].iloc[0], str)] if len(row) else []
    return row.assign(**{texts[-1]: "another"}) if texts and row.columns.is_unique else row


def options(hint: object) -> list[object]:
    """Return the values that a type names: of a `Literal`, a `bool`, or one of several types."""
    if hint is bool:
        return [False, True]
    if hint is type(None):
        return [None]
    inside = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Literal:
        return list(inside)
    either = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return [value for each in inside for value in options(each)] if either else []


def resolved(annotation: object, function: object) -> object:
    """Return the type that an annotation names; None where only a type checker knows it."""
    try:
        return (
            eval(annotation, sys.modules[function.__module__].__dict__) if isinstance(annotation, str) else annotation
        )
    except NameError:
        return None


def variants(name: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each way in which a function is called: a name, and the arguments."""
    function = FUNCTIONS[name]
    signature = inspect.signature(function)
    plain, *others = valid_calls.all_calls()[name]
    yield "as documented", plain
    for number, given in enumerate(others, 2):
        yield f"as documented, {number}", given
    wide = {key: RICH[key] for key, value in plain.items() if isinstance(value, pd.DataFrame) and key in RICH}
    if wide:
        yield "a whole study", plain | wide
    bases = {"": plain} | ({"a whole study, ": plain | wide} if wide else {})
    for key, parameter in signature.parameters.items():
        for value in [*options(resolved(parameter.annotation, function)), *WORDS.get(key, [])]:
            for base, given in bases.items():
                yield f"{base}{key}={value!r}", given | {key: value}
    for key, value in plain.items():
        if not isinstance(value, pd.DataFrame):
            continue
        yield f"{key} from below", plain | {key: value[::-1]}
        yield f"{key}, a row twice", plain | {key: pd.concat([value, again(value.iloc[:1])])}
        for column in value.columns:
            yield f"{key} without {column}", plain | {key: value.drop(columns=column)}
            blank = value.astype(object).where(value.notna(), None)
            blank.loc[blank.index[:1], column] = None
            yield f"{key} with no {column}", plain | {key: blank}


def told(value: object) -> str:
    """Put an answer into words: the same for the same answer on every machine."""
    if isinstance(value, pd.DataFrame):
        body = [told(list(row)) for row in value.itertuples(index=True, name=None)]
        return "\n".join([told(list(value.columns)), *body])
    if isinstance(value, pd.Series):
        return f"{value.name}: {told(list(value.items()))}"
    if isinstance(value, np.ndarray):
        return told(value.tolist())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [(field.name, getattr(value, field.name)) for field in dataclasses.fields(value)]
        return f"{type(value).__name__}({told(parts)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{told(key)}: {told(each)}" for key, each in value.items()) + "}"
    if isinstance(value, Set):
        return "{" + ", ".join(sorted(map(told, value))) + "}"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return "-" if np.isnan(value) else f"{0.0 if abs(value) < 1e-12 else float(value):.7g}"
    if value is None or value is pd.NA or value is pd.NaT:
        return "-"
    if isinstance(value, str):
        return value
    if isinstance(value, (Sequence, Iterator)):
        return "[" + ", ".join(map(told, value)) + "]"
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    return f"{type(value).__name__}({told(vars(value))})" if hasattr(value, "__dict__") else str(value)


def answer(name: str, given: dict[str, object]) -> str:
    """Call a function, and return what it says or why it refuses."""
    signature = inspect.signature(FUNCTIONS[name])
    bound = inspect.BoundArguments(signature, {key: given[key] for key in signature.parameters if key in given})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return told(FUNCTIONS[name](*bound.args, **bound.kwargs))
        except CrosscaseError as refused:
            return f"refused: {refused}"


def is_spoilt(way: str) -> bool:
    """Whether a way of calling leaves out a column or a cell, or gives the rows otherwise."""
    return any(words in way for words in (" without ", " with no ", " from below", ", a row twice"))


def answers(name: str, spoilt: bool | None = None) -> dict[str, str]:
    """Return way of calling -> a short mark of the answer; of spoilt frames, of others, or of all."""
    found = {}
    for way, given in variants(name):
        if spoilt is not None and is_spoilt(way) != spoilt:
            continue
        said = answer(name, given)
        found[way] = ("refused " if said.startswith("refused: ") else "") + hashlib.sha256(said.encode()).hexdigest()[
            :8
        ]
    return found


@pytest.mark.parametrize("part", ["ways to ask", pytest.param("spoilt", marks=[pytest.mark.long, pytest.mark.answers])])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_answer_stands(name, part):
    held = json.loads(STAND.read_text(encoding="utf-8"))[name]
    held = {way: mark for way, mark in held.items() if is_spoilt(way) == (part == "spoilt")}
    now = answers(name, spoilt=part == "spoilt")
    changed = [way for way in now | held if now.get(way) != held.get(way)]
    assert not changed, f"{name}, {changed[0]}: {answer(name, dict(variants(name)).get(changed[0], {}))}"


def test_what_is_held_is_what_there_is():
    held = json.loads(STAND.read_text(encoding="utf-8"))
    assert sorted(held) == sorted(FUNCTIONS)
    answered = {name for name, ways in held.items() if any(not mark.startswith("refused") for mark in ways.values())}
    assert answered == set(FUNCTIONS)


if __name__ == "__main__":
    new = {name: answers(name) for name in sorted(FUNCTIONS)}
    STAND.write_text(json.dumps(new, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(new)} functions, {sum(map(len, new.values()))} answers\n")
