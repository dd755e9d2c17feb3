"""A finding taken apart: what it says, what stands for it and what against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crosscase.ids import split
from crosscase.review.material import Material


@dataclass(frozen=True, eq=False)
class Claim:
    """One finding of a study.

    Parameters
    ----------
    id, kind, strength, direction, looked_for : str
        Cells of its row, empty where there is nothing.
    said : str
        Heading and statement.
    codes, themes, segments, against : tuple of str
        Its lists.
    stands : pandas.DataFrame
        The codings that stand for it.
    place : str
        Where it stands.
    """

    id: str
    kind: str
    strength: str
    direction: str
    looked_for: str
    said: str
    codes: tuple[str, ...]
    themes: tuple[str, ...]
    segments: tuple[str, ...]
    against: tuple[str, ...]
    stands: pd.DataFrame
    place: str

    @property
    def whole(self) -> bool:
        """Whether each of its segments is a coding that stands; where one is not, `crosscase check` says so."""
        return bool(self.segments) and len(self.stands) == len(set(self.segments))


def claims(material: Material) -> Iterator[Claim]:
    """Yield the findings of a study."""
    codings = material.standing
    for row, finding in enumerate(material.findings.to_dict("records")):
        segments = tuple(split(finding["segments"]))
        yield Claim(
            id=_text(finding, "finding"),
            kind=_text(finding, "kind"),
            strength=_text(finding, "strength"),
            direction=_text(finding, "direction"),
            looked_for=_text(finding, "looked_for"),
            said=f"{_text(finding, 'heading')}. {_text(finding, 'statement')}",
            codes=tuple(split(finding["codes"])),
            themes=tuple(split(finding["themes"])),
            segments=segments,
            against=tuple(split(finding["against"])),
            stands=codings[codings["coding_id"].isin(segments)],
            place=f"argument.csv, row {row + 2}",
        )


def concerned(material: Material, claim: Claim) -> pd.DataFrame:
    """Return the codings of the primary coder that a finding tells of: its codes, in its themes and its cases.

    A finding within one case tells of that case; where its segments name none, of all.
    """
    mine = material.primary[material.primary["code"].isin(claim.codes)]
    if claim.themes:
        inside = {each for theme in claim.themes for each in material.below.get(theme, {theme})}
        mine = mine[mine["theme"].isin(inside)]
    cases = set(claim.stands["case"].dropna())
    return mine[mine["case"].isin(cases)] if claim.kind == "within_case" and cases else mine


def _text(finding: dict[str, Any], name: str) -> str:
    return finding[name].strip() if isinstance(finding[name], str) else ""
