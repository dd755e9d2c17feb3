"""Ids as a remark lists them."""

from __future__ import annotations

from collections.abc import Iterable

from crosscase.analyses.sentences import listed


def named(ids: Iterable[object], most: int = 0) -> str:
    """Return ids as a list in words, the first few of many.

    Examples
    --------
    >>> named(["s1", "s2", "s3", "s4"], 3), named([None])
    ('s1, s2, s3 and 1 more', 'None')
    """
    return listed([str(each) for each in ids], most)
