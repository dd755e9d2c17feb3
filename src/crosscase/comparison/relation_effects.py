"""Whether a stated influence is good or bad for what the study asks about, from how its passage is coded."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need
from crosscase.ids import each, span, split

GOOD = {"promotes": 1, "inhibits": -1}
DIRECTED = ("promotes", "inhibits", "condition", "ambivalent")
NAMES = {number: name for name, number in GOOD.items()}
SIGNS = {"+": 1, "-": -1}


def relation_effects(relations: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Say of each relation whether its effect is good or bad, as far as the codings of its passage say so.

    A sign says whether more of the source gives more or less of the target, not whether that is welcome: more problems
    are no help. So the direction of the codings that overlap with the passage decides, where they agree and where the
    passage states no two signs; a passage that tells of a condition as well does not agree. What that tells of a target
    (a passage says that fewer shared goals hinder: shared goals are a help) holds for every other arrow to it, unless
    its passages disagree.

    Parameters
    ----------
    relations : DataFrame
        `source, target, sign (+, -, ?), document, spans`.
    codings : DataFrame
        `document, start, end, valence`; of one coder.

    Returns
    -------
    DataFrame
        The relations with `valence`: `promotes`, `inhibits`, or null where nothing says it.

    Examples
    --------
    >>> relations = pd.DataFrame({"source": ["power", "history"], "target": ["problems"] * 2, "sign": ["+", "-"]})
    >>> relations = relations.assign(document="d", spans=["0-9", "20-29"])
    >>> codings = pd.DataFrame({"document": ["d"], "start": [0], "end": [9], "valence": ["inhibits"]})
    >>> relation_effects(relations, codings)["valence"].tolist()
    ['inhibits', 'promotes']
    """
    check_arguments(relation_effects, locals())
    need(relations, ["source", "target", "sign", "document", "spans"], "relations")
    need(codings, ["document", "start", "end", "valence"], "codings")
    raise_if([
        Problem("relations, column spans", "a span is start-end in code points", repr(text), "such as 5-12")
        for text in each(relations["spans"]).unique() if not span(text)
    ])  # fmt: skip
    codings = codings[codings["valence"].isin(DIRECTED)]
    signs = relations.groupby(["document", "spans"], dropna=False)["sign"].transform("nunique")
    said = [_direction(row, codings) if one else None for row, one in zip(relations.to_dict("records"), signs.eq(1))]
    tells: dict[str, set[int]] = {}
    for target, sign, good in zip(relations["target"], relations["sign"], said):
        if good and sign in SIGNS:
            tells.setdefault(target, set()).add(SIGNS[sign] * good)
    for i, (target, sign) in enumerate(zip(relations["target"], relations["sign"])):
        if not said[i] and sign in SIGNS and len(tells.get(target, ())) == 1:
            said[i] = SIGNS[sign] * next(iter(tells[target]))
    return relations.assign(valence=[NAMES[good] if good else None for good in said])


def _direction(relation: dict[str, Any], codings: pd.DataFrame) -> int | None:
    """Return the one direction of the codings over a relation's passage, or none."""
    if not isinstance(relation["spans"], str):
        return None
    here = codings[codings["document"].eq(relation["document"])]
    found: set[str] = set()
    for start, end in filter(None, map(span, split(relation["spans"]))):
        found |= set(here.loc[here["start"].lt(end) & here["end"].gt(start), "valence"])
    return GOOD.get(found.pop()) if len(found) == 1 else None
