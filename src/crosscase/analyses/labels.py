"""Labels of the ids that occur in a result, as a study gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd


def used(labels: Mapping[str, str], ids: Iterable[object]) -> dict[str, str]:
    """Return the labels of the ids that occur, in the order of the labels; an id without a label stands for itself.

    Examples
    --------
    >>> used({"b": "Bee", "a": "Ay", "c": "Cee"}, ["a", "b", "z", None])
    {'b': 'Bee', 'a': 'Ay', 'z': 'z'}
    """
    found = [str(each) for each in dict.fromkeys(ids) if not pd.isna(each)]
    known = {name: label for name, label in labels.items() if name in set(found)}
    return known | {name: name for name in found if name not in known}


def met(labels: Mapping[str, str], ids: Iterable[object]) -> dict[str, str]:
    """Return the labels of the ids that occur, in the order in which they occur (cases by their outcome).

    Examples
    --------
    >>> met({"b": "Bee", "a": "Ay", "c": "Cee"}, ["a", "b", "a", "z"])
    {'a': 'Ay', 'b': 'Bee', 'z': 'z'}
    """
    return {str(name): labels.get(str(name), str(name)) for name in dict.fromkeys(ids) if not pd.isna(name)}
