"""Elements of XML that hold whatever a study says: characters that XML cannot carry are dropped, dates are checked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pandas as pd
from lxml import etree

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def text(value: object) -> str:
    """Return a value as XML can hold it."""
    return "" if value is None or pd.isna(value) else _NOT_XML.sub("", str(value))


def moment(value: object) -> str | None:
    """Return a date as `xsd:dateTime`, or None where it is none.

    Examples
    --------
    >>> moment("2021-10-11"), moment("2021-10-11T14:35:33Z"), moment("2021-13-11")
    ('2021-10-11T00:00:00', '2021-10-11T14:35:33Z', None)
    """
    if not isinstance(value, str):
        return None
    full = {10: value + "T00:00:00", 16: value + ":00"}.get(len(value), value)
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", full):
        return None
    try:
        datetime.fromisoformat(full)
    except ValueError:
        return None
    return full


def add(parent: Any, tag: str, content: str | None = None, **attributes: str | None) -> Any:
    """Add an element with the attributes that have a value."""
    element = etree.SubElement(parent, f"{parent.tag.rpartition('}')[0]}}}{tag}")
    for key, value in attributes.items():
        if value is not None:
            element.set(key, text(value))
    if content is not None:
        element.text = text(content)
    return element
