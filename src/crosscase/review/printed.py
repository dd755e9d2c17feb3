"""What a chapter, a poster or a finding prints by id: values, sentences, figures, tables, findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from crosscase.ids import split

COLUMNS = ["place", "paragraph", "kind", "id", "options"]
_ROLE = re.compile(r"\{(value|sentence|quote|finding|from)\}`([^`]+)`")
_PLACEHOLDER = re.compile(r"\{(value|quote|finding):([^{}|]+)")
_DIRECTIVE = re.compile(r"^\s*(?:`{3,}|~{3,}|:{3,})\{([\w-]+)\}[ \t]*(\S*)")
_OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*)$")
_FIGURE = re.compile(r"^\s*-?\s*id:\s*(\S+)\s*$")
HEADING = re.compile(r"^\s*#+\s+(.*\S)")


def printed(prose: Mapping[str, str], findings: pd.DataFrame) -> pd.DataFrame:
    """Return what texts and findings print by id.

    Parameters
    ----------
    prose : mapping of str to str
        File -> MyST of a chapter, or YAML of a poster.
    findings : pandas.DataFrame
        `finding, heading, statement, values`.

    Returns
    -------
    pandas.DataFrame
        `place` (file and line), `paragraph` (what is read in one go), `kind` (name of the role or directive), `id`,
        `options` of a directive.

    Examples
    --------
    >>> text = "Of {value}`x.n|unit` one.\\n\\n```{findings} x\\n:only: a, b\\n```\\n"
    >>> printed({"x.md": text}, pd.DataFrame(columns=["finding", "statement", "values"]))[COLUMNS[2:]].values.tolist()
    [['value', 'x.n', ''], ['findings', 'x', 'only=a, b']]
    """
    rows = [row for place, text in prose.items() for row in _rows(place, text)]
    for finding in findings.to_dict("records"):
        place = f"argument.csv, finding {finding['finding']}"
        said = [found[2] for found in _PLACEHOLDER.finditer(str(finding["statement"]))]
        ids = dict.fromkeys([*(each.strip() for each in said), *split(finding["values"])])
        rows += [(place, place, "value", each, "") for each in ids]
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(place: str, text: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield what one text prints."""
    lines, paragraph = text.split("\n"), 1
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            paragraph = number + 1
        where, block = f"{place}, line {number}", f"{place}, line {paragraph}"
        if found := _DIRECTIVE.match(line):
            yield where, block, found[1], found[2], _options(lines[number:])
        if found := _FIGURE.match(line):
            yield where, block, "kept-figure", found[1], ""
        for pattern in (_ROLE, _PLACEHOLDER):
            for kind, ids in pattern.findall(line):
                parts = _addresses(ids) if kind == "from" else [ids.partition("|")[0].strip()]
                yield from ((where, block, kind, each, "") for each in parts)


def _addresses(text: str) -> list[str]:
    """Return each coding that a sentence comes from as `study.coding`; without a study it is of the one before it.

    >>> _addresses("a.A1; A2; b.B1")
    ['a.A1', 'a.A2', 'b.B1']
    """
    found, study = [], ""
    for part in split(text):
        before, dot, after = part.partition(".")
        study = before if dot else study
        found.append(f"{study}.{after if dot else part}")
    return found


def _options(lines: list[str]) -> str:
    """Return the options that stand below the first line of a directive."""
    found = []
    for line in lines:
        if (option := _OPTION.match(line)) is None:
            break
        found.append(f"{option[1]}={option[2].strip()}")
    return "\n".join(found)


def headings(prose: Mapping[str, str]) -> list[str]:
    """Return the headings of all texts.

    Examples
    --------
    >>> headings({"x.md": "# A study\\n\\nWords.\\n\\n## Limits\\n"})
    ['A study', 'Limits']
    """
    return [found[1] for text in prose.values() for line in text.split("\n") if (found := HEADING.match(line))]
