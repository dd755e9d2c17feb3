"""Integers for labels: the position of each value among labels, and a code for each distinct value, quickly."""

from __future__ import annotations

import ctypes
import sys

import numpy as np
import pandas as pd

SAMPLE = 2_000
SHARED = sys.implementation.name == "cpython"  # an object's address stands for the object itself


def positions(values: pd.Series, labels: list[str]) -> np.ndarray:
    """Integer position of each value in `labels`; -1 where it is null or not among them."""
    index = pd.Index(labels, dtype=object)
    if isinstance(values.dtype, pd.CategoricalDtype):
        lookup = index.get_indexer(values.cat.categories.astype(object))
        codes = values.cat.codes.to_numpy()
        return np.where(codes < 0, -1, np.append(lookup, -1)[codes]).astype(np.int64)
    codes, uniques = factorized(values)
    lookup = index.get_indexer(uniques.astype(object))
    return np.append(lookup, -1)[codes].astype(np.int64)


def factorized(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Integer code per value (-1 for null) and the distinct values; as `pd.factorize`, quicker for repeated labels.

    A column of text that was read from a file, or made from categories, holds each label once in memory and refers to
    it in every row. Equal addresses then mean equal labels, and only the few distinct objects need to be compared. A
    column whose rows are objects of their own goes the ordinary way, which a sample of rows tells.
    """
    if not SHARED or len(values) < 10 * SAMPLE or not isinstance(values.dtype, (pd.StringDtype, np.dtype)):
        codes, uniques = pd.factorize(values)
        return codes, pd.Index(uniques)
    objects = np.ascontiguousarray(values.to_numpy())
    if objects.dtype != object:
        codes, uniques = pd.factorize(values)
        return codes, pd.Index(uniques)
    address = np.ctypeslib.as_array((ctypes.c_ssize_t * len(objects)).from_address(objects.ctypes.data))
    if len(pd.unique(address[:: len(address) // SAMPLE])) > SAMPLE // 2:
        codes, uniques = pd.factorize(values)
        return codes, pd.Index(uniques)
    same, addresses = pd.factorize(address)
    first = _first_rows(same[: 10 * SAMPLE])
    if len(first) < len(addresses):
        first = _first_rows(same)
    codes, uniques = pd.factorize(values.iloc[first])
    if bool((codes == np.arange(len(codes))).all()):
        return same, pd.Index(uniques)
    return codes[same], pd.Index(uniques)


def _first_rows(codes: np.ndarray) -> np.ndarray:
    """Row in which each code first occurs; codes are numbered by first appearance."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1))


def integer_codes(values: pd.Series) -> np.ndarray:
    """An integer of 0 or more for each distinct value (null included), by the quickest way; gaps may occur."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy().astype(np.int64) + 1
    if pd.api.types.is_integer_dtype(values.dtype) and not bool(values.isna().any()):
        numbers = values.to_numpy(dtype=np.int64)
        return numbers - numbers.min(initial=0)
    return factorized(values)[0].astype(np.int64) + 1


def combined_codes(frame: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """An integer for each distinct combination of values; gaps may occur."""
    out = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        code = integer_codes(frame[column])
        width = int(code.max(initial=0)) + 1
        if int(out.max(initial=0)) * width > 2**62:
            out = pd.factorize(out)[0].astype(np.int64)
        out = out * width + code
    return out
