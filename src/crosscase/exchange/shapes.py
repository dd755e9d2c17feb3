"""The shape of a table of coded segments: where its codes stand, one per row, in several columns, or as marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from crosscase.exchange.columns import CODE_RULES, FIELDS, SEVERAL, guess, not_found, plain

_YES = "true 1 1.0 1,0 yes x ✓ ✔ ja oui sí si sim da wahr vrai waar sant sand present"
_NO = "false 0 0.0 0,0 no n - nein non nee nej nei não falsch faux onwaar usant usann falsk absent"
YES, NO = frozenset(_YES.split()), frozenset(_NO.split())
_CODE = "|".join(sorted(map(re.escape, map(plain, FIELDS["code"].split("|"))), key=len, reverse=True))
_NUMBERED = re.compile(rf"(?:{_CODE}) \d+")
_CODER = re.compile(
    r"(?:coder|rater|annotator|judge|researcher|codierer|kodierer|kodiererin|forscher|codeur|chercheur|codeerder|"
    r"beoordelaar|kodare|forskare|forsker|codificador|codificatore) (?:\d{1,3}|[a-z])"
)
_CODE_OF = re.compile(r"(?:codes?|kodes?|koder|kod) (?:by |von |par |av |af |door )?(?P<name>\w[\w ]*)")
_AGREED = re.compile(
    r"(?:agreed|consensus|final|konsens\w*|consenso|accord|eindoordeel|samsyn|enighed|enighet)(?: \w+)?"
)


@dataclass(frozen=True)
class CodeColumn:
    """A column whose cells hold codes; `coder` and `round` where its heading says them."""

    heading: str
    coder: str | None = None
    round: str | None = None


@dataclass(frozen=True)
class Shape:
    """Which column holds what (`found`, field -> heading), where the codes stand, and how their cells are read.

    `marks` are columns of marks, heading -> code; `rule` is a key of `CODE_RULES`, or empty where it is to be found.
    """

    found: dict[str, str]
    codes: list[CodeColumn]
    marks: dict[str, str]
    rule: str = ""

    def told(self) -> dict[str, str]:
        """Return heading -> field, as a person could say it with `--map`."""
        told = {heading: field for field, heading in self.found.items() if field != "code"}
        for column in self.codes:
            told[column.heading] = "code_of_coder" if column.coder else self.rule or "code"
        return told | {heading: "marks_of_code" for heading in self.marks if not SEVERAL.match(heading)}


def shape_of(frame: pd.DataFrame, corrections: Mapping[str, str], place: str) -> Shape:
    """Return the shape of a table of coded segments.

    Parameters
    ----------
    frame : pandas.DataFrame
        Texts under their headings.
    corrections : mapping of str to str
        Heading -> field, as a person said it.
    place : str
        Name of the file.

    Raises
    ------
    CrosscaseError
        Where a correction means nothing, or no code or no segment is found; the message shows the shapes wanted.

    Examples
    --------
    >>> table = pd.DataFrame({"Statement": ["one"], "Coder 1": ["trust"], "Coder 2": ["time"]})
    >>> [column.coder for column in shape_of(table, {}, "a.csv").codes]
    ['Coder 1', 'Coder 2']
    """
    found = guess(frame, corrections, place)
    rule = next((field for field in corrections.values() if field in CODE_RULES), "")
    codes = _code_columns(frame, found, corrections)
    marks = {str(h): m["code"] for h in frame.columns if (m := SEVERAL.match(str(h)))} if not codes else {}
    if not codes and not marks:
        marks = _marks(frame, found, corrections)
    has_text = "quotation" in found or {"start", "end"} <= set(found)
    unit = found.pop("unit", None)
    if not has_text and (marks or any(column.coder for column in codes)):
        if unit is not None:
            found.setdefault("locator", unit)
        has_text = "locator" in found
    if not has_text or not (codes or marks):
        raise not_found(frame, found, place)
    return Shape(found, codes, marks, rule)


def _code_columns(frame: pd.DataFrame, found: Mapping[str, str], corrections: Mapping[str, str]) -> list[CodeColumn]:
    """Return the columns of codes: those of each coder, else those that a person named, else one or a numbered row."""
    used = {heading for field, heading in found.items() if field not in ("code", "unit")} | {
        heading for heading, field in corrections.items() if field == "-"
    }
    free = [str(heading) for heading in frame.columns if heading not in used]
    of_coders = [heading for heading in free if corrections.get(heading) == "code_of_coder"]
    if not of_coders and "code" not in found:
        of_coders = [heading for heading in free if _CODER.fullmatch(plain(heading))]
        of_coders = of_coders if len(of_coders) > 1 else _codes_of(frame, free)
    if of_coders and (len(of_coders) > 1 or corrections):
        agreed = [heading for heading in free if heading not in of_coders and _AGREED.fullmatch(plain(heading))]
        named = [CodeColumn(heading, _name(heading)) for heading in of_coders]
        return named + [CodeColumn(heading, heading, plain(heading)) for heading in agreed]
    said = [heading for heading, field in corrections.items() if field == "code" or field in CODE_RULES]
    if said:
        return [CodeColumn(heading) for heading in frame.columns if heading in said]
    if "code_path" in found and "code" in found:
        return [CodeColumn(found["code"])]
    if "codes_by_column" in found:
        return []
    numbered = [heading for heading in free if _NUMBERED.fullmatch(plain(heading)) and corrections.get(heading) is None]
    first = [found["code"]] if "code" in found else []
    return [
        CodeColumn(heading) for heading in dict.fromkeys([*first, *(numbered if len(numbered) > 1 or first else ())])
    ]


def _codes_of(frame: pd.DataFrame, free: list[str]) -> list[str]:
    """Return columns such as `Code (Ann)` and `Code (Ben)`, which hold the same codes."""
    known = {plain(word) for words in FIELDS.values() for word in words.split("|")}
    named = [
        heading
        for heading in free
        if plain(heading) not in known and (of := _CODE_OF.fullmatch(plain(heading))) and not of["name"].isdigit()
    ]
    values = [set(frame[heading].dropna()) for heading in named]
    shared = all(any(one & other for other in values if other is not one) for one in values)
    return named if len(named) > 1 and shared else []


def _name(heading: str) -> str:
    """Return the name of a coder in the heading of a column of codes."""
    found = re.fullmatch(r"(?i)(?:codes?|kodes?|koder|kod)\W+(?:(?:by|von|par|av|af|door)\s+)?(.+?)\W*", heading)
    return found[1] if found else heading


def _marks(frame: pd.DataFrame, found: Mapping[str, str], corrections: Mapping[str, str]) -> dict[str, str]:
    """Return the columns of marks, at least two that the guess found, or those that a person named."""
    said = {heading: heading for heading, field in corrections.items() if field == "marks_of_code"}
    if said:
        return said
    used = {*found.values(), *corrections}
    marks = {
        str(heading): str(heading)
        for heading in frame.columns
        if heading not in used and _only_marks(set(frame[heading].dropna()))
    }
    return marks if len(marks) > 1 else {}


def _only_marks(cells: set[str]) -> bool:
    plain_cells = {cell.strip().lower() for cell in cells}
    return bool(plain_cells) and plain_cells <= YES | NO


def is_marked(cell: object) -> bool:
    """Tell whether a cell of a column of marks says yes."""
    return isinstance(cell, str) and cell.strip().lower() in YES
