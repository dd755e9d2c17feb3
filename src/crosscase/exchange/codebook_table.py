"""A codebook as a table: of Taguette, ATLAS.ti, MAXQDA, NVivo, or made by hand with its levels in columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise

import pandas as pd

from crosscase.exchange import names
from crosscase.exchange.as_above import as_above
from crosscase.exchange.builder import Builder
from crosscase.exchange.columns import FIELDS, plain

HOLDS = {
    "code": f"{FIELDS['code']}|name|code label|navn|namn|nom|naam|nombre|nome|bezeichnung|benennung",
    "definition": f"{FIELDS['definition']}|{FIELDS['memo']}|code memo|code comment|memo text|erklärung|meaning",
    "inclusion": "inclusion|inclusion criteria|include|when to use|einschluss|einschlusskriterien|anwendung|"
    "critères d inclusion|inclusiecriteria|inklusjon|inklusion|inkluderar",
    "exclusion": "exclusion|exclusion criteria|exclude|when not to use|ausschluss|ausschlusskriterien|abgrenzung|"
    "critères d exclusion|exclusiecriteria|eksklusjon|eksklusion|exklusion",
    "example": "example|examples|example quote|anchor example|ankerbeispiel|beispiel|beispiele|exemple|exemples|"
    "voorbeeld|voorbeelden|eksempel|eksempler|exempel|ejemplo|esempio",
    "color": "color|colour|farbe|couleur|kleur|farge|farve|färg|cor|colore",
    "parent": "parent|parent code|parent name|obercode|oberkode|oberkategorie|code parent|bovenliggende code|"
    "overordnet kode|overkode|överordnad kod",
}
_COUNTED = (
    "number of highlights|grounded|density|files|references|frequency|frequencies|count|uses|häufigkeit|"
    "anzahl|fréquence|frequentie|frekvens|antall|antal|coded segments|documents"
)
COUNTED = frozenset(_COUNTED.split("|"))
_GROUP = re.compile(
    r"(?:code ?groups?|kode ?gruppen?|code ?gruppen?|groupes? de codes|codegroep\w*|kodgrupp\w*)(?: \d+)?"
)
_LEVEL = re.compile(r"(?:level|ebene|niveau|nivå|nivel|livello|stufe|code level) \d+")
RANKS = (
    "theme thema tema thème domain hauptkategorie",
    "category kategorie kategori catégorie categorie categoría",
    "subcategory unterkategorie underkategori subcategorie subtheme undertema",
    "code kode kod código codice",
    "subcode subkode underkode underkod",
)
_RANK = {word: rank for rank, words in enumerate(RANKS) for word in words.split()} | {
    "main category": 0, "sub category": 2, "sub theme": 2, "sub code": 4, "main theme": 0, "first order code": 3,
}  # fmt: skip


class CodebookColumns:
    """Which column of a codebook holds what; false where the table is none.

    Examples
    --------
    >>> CodebookColumns(pd.DataFrame(columns=["tag", "description", "number of highlights"])).found
    {'code': 'tag', 'definition': 'description'}
    >>> CodebookColumns(pd.DataFrame(columns=["Theme", "Code", "Definition"])).levels
    ['Theme', 'Code']
    """

    def __init__(self, frame: pd.DataFrame, corrections: Mapping[str, str] | None = None) -> None:
        said = {heading: field for heading, field in (corrections or {}).items() if heading in frame.columns}
        free = {plain(h): str(h) for h in reversed(list(frame.columns)) if h not in said}
        self.groups = [str(h) for h in frame.columns if h not in said and _GROUP.fullmatch(plain(h))]
        numbered = [str(h) for h in frame.columns if h not in said and _LEVEL.fullmatch(plain(h))]
        ranked = [str(h) for h in frame.columns if h not in said and plain(h) in _RANK]
        self.levels = numbered if len(numbered) > 1 else ranked if _is_rising(ranked) else []
        self.found = {field: heading for heading, field in said.items() if field in HOLDS}
        for field, headings in HOLDS.items():
            hit = next((free[h] for h in map(plain, headings.split("|")) if h in free), None)
            if field not in self.found and hit is not None and hit not in self.found.values():
                self.found[field] = hit
        if self.levels:
            self.found.pop("code", None)
        self.counted = [str(h) for h in frame.columns if plain(h) in COUNTED]
        rest = len(self.found) > ("code" in self.found)
        alone = "code" in self.found and len(frame.columns) == 1
        self._is_one = bool(self.levels) or (
            "code" in self.found and bool(rest or self.groups or self.counted or alone)
        )

    def __bool__(self) -> bool:
        return self._is_one

    def read(self) -> set[str]:
        """Return the headings that are read."""
        return {*self.found.values(), *self.groups, *self.levels}


def _is_rising(headings: list[str]) -> bool:
    ranks = [_RANK[plain(heading)] for heading in headings]
    return len(ranks) > 1 and all(one < other for one, other in pairwise(ranks))


def add_codes(
    frame: pd.DataFrame,
    columns: CodebookColumns,
    builder: Builder,
    add: Callable[[str, str, Mapping[str, str]], str],
    add_below: Callable[[list[str], str, Mapping[str, str]], str],
) -> None:
    """Add the codes of a codebook, level by level; empty cells of an upper level mean the one above.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    columns : CodebookColumns
        What it holds.
    builder : Builder
        Takes groups and remarks.
    add : callable
        Adds a code by its path, with definition and rules, and returns its key.
    add_below : callable
        The same for a code with the labels above it.
    """
    uppers: list[str | None] = [None] * max(len(columns.levels) - 1, 0)
    groups: dict[str, dict[str, None]] = {}
    parents = _parents(frame, columns)
    filled = frame
    if not columns.levels and "parent" in columns.found:
        heading = columns.found["parent"]
        cells = frame[heading].tolist()
        if above := as_above(cells):
            for number in above:
                cells[number] = cells[number - 1]
            filled = frame.assign(**{heading: cells})
            parents = _parents(filled, columns)
    for number, row in zip(filled.index, filled.to_dict("records")):
        text = {field: names.prose(row.get(heading)) for field, heading in columns.found.items()}
        if columns.levels:
            steps = _steps([names.label(row.get(heading)) or None for heading in columns.levels], uppers)
        else:
            steps = _above(names.label(row.get(columns.found["code"])), parents)
        if not steps:
            builder.left_out.add("rows without a code", f"row {number}")
            continue
        rules = {field: text[field] for field in ("inclusion", "exclusion", "example", "color") if text.get(field)}
        one = not columns.levels and len(steps) == 1
        definition = text.get("definition", "")
        key = add(steps[0], definition, rules) if one else add_below(steps, definition, rules)
        for heading in columns.groups:
            for part in re.split(r"[\n;]+", str(row.get(heading) or "")):
                if group := names.label(part):
                    groups.setdefault(group, {})[key] = None
    for group, members in groups.items():
        builder.group(f"codes {group}", group, "", [("code", key) for key in members])


def _steps(cells: list[str | None], uppers: list[str | None]) -> list[str]:
    """Return the path that a row names, with empty upper levels as in the row above, and remember its upper levels."""
    filled = [number for number, cell in enumerate(cells) if cell]
    if not filled:
        return []
    first, last = filled[0], filled[-1]
    path = [*uppers[:first], *cells[first : last + 1]]
    for number in range(len(uppers)):
        uppers[number] = path[number] if number < len(path) else None
    return [step for step in path if step]


def _parents(frame: pd.DataFrame, columns: CodebookColumns) -> dict[str, str]:
    """Return code -> the code above it, where a column says it."""
    if "parent" not in columns.found or "code" not in columns.found:
        return {}
    pairs = zip(frame[columns.found["code"]], frame[columns.found["parent"]])
    named = ((names.label(code), names.label(parent)) for code, parent in pairs)
    return {code: parent for code, parent in named if code and parent and code != parent}


def _above(code: str, parents: Mapping[str, str]) -> list[str]:
    path = [code] if code else []
    while path and path[0] in parents and parents[path[0]] not in path and len(path) < 50:
        path.insert(0, parents[path[0]])
    return path
