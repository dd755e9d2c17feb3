"""No public function of the six rooms of statistics ends in a traceback from inside, whatever it is given."""

import datetime
import importlib.util
import inspect
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase.errors import CrosscaseError

_spec = importlib.util.spec_from_file_location("valid_calls", Path(__file__).with_name("valid_calls.py"))
assert _spec is not None
assert _spec.loader is not None
valid_calls = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(valid_calls)

FUNCTIONS = valid_calls.public()
NOT_HERE = "agreement.gamma_agreement"  # its library is not installed, or draws for seconds on each call
MIXED = [1, "a", None, datetime.date(2020, 1, 1), b"x", 2.5, float("nan"), ("a",), ["a"]]
HOSTILE = {
    "empty frame": pd.DataFrame(),
    "wrong columns": pd.DataFrame({"wrong": [1, 2]}),
    "series": pd.Series(["a", "b"], index=["i", "i"]),
    "None": None,
    "empty text": "",
    "text": "a text",
    "fraction": 3.5,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "negative": -1,
    "zero": 0,
    "large": 2**63,
    "truth": True,
    "list": ["a", "b"],
    "empty list": [],
    "rows of two lengths": [["a", 1], [None]],
    "mixed": MIXED,
    "gaps": [None, float("nan")],
    "dict": {"a": 1},
    "set": {"a"},
    "date": datetime.date(2020, 1, 1),
    "bytes": b"bytes",
    "object": object(),
    "three dimensions": np.zeros((2, 2, 2)),
    "NA": pd.NA,
}
CELLS = {
    "mixed": MIXED,
    "NaN": [float("nan")],
    "None": [None],
    "infinity": [float("inf")],
    "text": ["text"],
    "fraction": [3.5],
    "negative": [-1],
    "large": [2**63],
    "date": [pd.Timestamp("2020-01-01")],
}


def shapes(frame):
    """Return what a table may look like that somebody made in a hurry."""
    if frame.shape[1] == 0:
        return {}
    return {
        "no rows": frame.iloc[:0],
        "no columns": frame.iloc[:, :0],
        "columns twice": pd.concat([frame, frame.iloc[:, :1]], axis=1),
        "rows twice": pd.concat([frame, frame]),
        "numbered columns": frame.set_axis(range(frame.shape[1]), axis=1),
        "columns of two levels": pd.concat({"a": frame}, axis=1),
    }


def spoilt(values, kind, column=0):
    """Return a frame or a series in which one column holds something else."""
    cells = [CELLS[kind][i % len(CELLS[kind])] for i in range(len(values))]
    new = pd.Series(cells, index=values.index, dtype=object if kind in ("mixed", "None") else None)
    if isinstance(values, pd.Series):
        return new
    out = values.copy()
    out[values.columns[column]] = new.to_numpy()
    return out


def run(name, arguments):
    """Call a function with warnings as errors."""
    positional, named, whole = [], {}, True
    for parameter in inspect.signature(FUNCTIONS[name]).parameters.values():
        if parameter.name not in arguments:
            whole = False
        elif parameter.kind is parameter.VAR_POSITIONAL:
            positional += arguments[parameter.name]
        elif parameter.kind is parameter.VAR_KEYWORD:
            named |= arguments[parameter.name]
        elif whole and parameter.kind is not parameter.KEYWORD_ONLY:
            positional.append(arguments[parameter.name])
        else:
            named[parameter.name] = arguments[parameter.name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = FUNCTIONS[name](*positional, **named)
        return list(found) if inspect.isgenerator(found) else found


def parameters(name):
    return [one for one in inspect.signature(FUNCTIONS[name]).parameters.values() if one.kind is not one.VAR_KEYWORD]


def tables(name):
    return [each for each in valid_calls.calls()[name].values() if isinstance(each, pd.DataFrame)]


def must_refuse(parameter, value):
    """Whether a value is plainly none of what the signature names."""
    hint = str(parameter.annotation)
    if parameter.kind is parameter.VAR_POSITIONAL:
        return False
    if re.fullmatch(r"(list|Sequence|Iterable|Collection)\[\w+\]|Names", hint) and isinstance(
        value, (str, bytes, float)
    ):
        return True
    if hint in ("int", "float", "Seed", "Count", "Whole", "Share"):
        return not isinstance(value, (int, float)) or isinstance(value, bool) or not abs(value) < float("inf")
    if hint in ("pd.DataFrame", "Values"):
        return not isinstance(value, pd.DataFrame)
    return hint == "str" and not isinstance(value, str)


def judge(name, changed, what):
    """Call a function with some arguments changed: it answers, or refuses in words that name an argument."""
    try:
        run(name, valid_calls.calls()[name] | changed)
    except CrosscaseError as error:
        text = str(error)
        known = [parameter.name for parameter in parameters(name)]
        known += [str(column) for table in tables(name) for column in table.columns]
        told = any(re.search(rf"(\b|_){word.rstrip('s')}", text) for word in [*known, "column", "cases", "expression"])
        assert told or name == NOT_HERE, f"{name}, {what}: names no argument: {text}"
    except Exception as error:
        raise AssertionError(f"{name}, {what}: {type(error).__name__}: {error}") from error
    else:
        for parameter in parameters(name):
            if parameter.name in changed and must_refuse(parameter, changed[parameter.name]):
                raise AssertionError(f"{name}, {what}: taken although it is no {parameter.annotation}")


def test_every_public_function_has_a_call_that_goes_well():
    assert sorted(valid_calls.calls()) == sorted(FUNCTIONS)
    for name in FUNCTIONS:
        if name != NOT_HERE:
            run(name, valid_calls.calls()[name])


@pytest.mark.long
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_wrong_value_is_refused_by_name_or_answered(name):
    if name == NOT_HERE and importlib.util.find_spec("pygamma_agreement"):
        pytest.skip("each call draws for seconds")
    valid = valid_calls.calls()[name]
    for parameter in parameters(name):
        values = HOSTILE
        if isinstance(valid.get(parameter.name), pd.DataFrame):
            values = values | shapes(valid[parameter.name])
        for what, value in values.items():
            value = (value,) if parameter.kind is parameter.VAR_POSITIONAL else value
            judge(name, {parameter.name: value}, f"{parameter.name}: {what}")


@st.composite
def spoilt_calls(draw):
    """One or two arguments of a function changed, among them single columns of its tables."""
    name = draw(st.sampled_from(sorted(set(FUNCTIONS) - {NOT_HERE, "agreement.kept_measures"})))
    valid, known = valid_calls.calls()[name], parameters(name)
    changed, told = {}, []
    for parameter in draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True)) if known else []:
        own = valid.get(parameter.name)
        if isinstance(own, (pd.DataFrame, pd.Series)) and own.size and draw(st.integers(0, 9)):
            kind = draw(st.sampled_from(sorted(CELLS)))
            column = draw(st.integers(0, own.shape[1] - 1)) if isinstance(own, pd.DataFrame) else 0
            changed[parameter.name] = spoilt(own, kind, column)
            told.append(f"{parameter.name}, column {column}: {kind}")
        else:
            what = draw(st.sampled_from(sorted(HOSTILE)))
            value = HOSTILE[what]
            changed[parameter.name] = (value,) if parameter.kind is parameter.VAR_POSITIONAL else value
            told.append(f"{parameter.name}: {what}")
    return name, changed, "; ".join(told)


@pytest.mark.long
@settings(deadline=None, max_examples=1500, derandomize=True)
@given(spoilt_calls())
def test_wrong_cells_and_several_wrong_values(call):
    judge(*call)
