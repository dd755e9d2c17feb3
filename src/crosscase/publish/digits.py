"""Digits in the prose of a chapter that come from no role: numbers that should be kept values."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"^\s*(`{3,}|~{3,}|:{3,})\s*(.*)$")
_BLANKED = [
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"\{[A-Za-z][\w:+.-]*\}(`+)[^`](?:.|\n)*?\1"),
    re.compile(r"(`+)(?!`)(?:.|\n)*?[^`]\1(?!`)"),
    re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.S),
    re.compile(r"!?\[(?:[^\[\]]|\n)*\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)"),
    re.compile(r"\[\^?[^\[\]\n]*\]\[[^\[\]\n]*\]|\[\^[^\]\n]+\]:?"),
    re.compile(r"<[A-Za-z/!][^<>]*>|<https?:[^<>]*>"),
    re.compile(r"https?://\S+"),
    re.compile(r"\{#[^}]*\}"),
    re.compile(r"^\s*\([\w./:-]+\)=\s*$", re.M),
    re.compile(r"^\s*%.*$", re.M),
    re.compile(r"^(\s*(?:>\s*)*)\d{1,9}[.)](?=\s)", re.M),
    re.compile(r"^\s*\[[^\]\n]+\]:\s.*$", re.M),
]
_NUMBER = re.compile(r"(?<![\w&#])(?<![A-Z]-)(?:\d+(?:[.,:/–-]\d+)*)")
_PROSE_DIRECTIVES = re.compile(
    r"note|tip|warning|important|caution|attention|hint|danger|error|seealso|admonition|margin|sidebar|dropdown|card|"
    r"epigraph|pull-quote|topic|tab-item|tab-set|grid|grid-item|grid-item-card|div|container|figure"
)


@dataclass(frozen=True)
class Digits:
    """Digits that nobody computed."""

    place: str  # file and line
    digits: str  # what stands there
    line: str  # the line, shortened

    def __str__(self) -> str:
        return f"{self.place}: {self.digits!r} is typed by hand in: {self.line}"


def find_digits(text: str, place: str) -> list[Digits]:
    """Return the digits in the prose of a MyST chapter that come from no role.

    Code, links, roles, math, comments, HTML tags, front matter, anchors and the options of directives do not count;
    a name such as `A0` or `SHA-256` does not count either.

    `place` is its file, as the report prints it. One per number, in order.

    >>> [d.place + " " + d.digits for d in find_digits("We held {value}`x.n` talks.\\n\\nIn 12 towns.", "a.md")]
    ['a.md, line 3 12']
    """
    prose = _prose(text)
    for pattern in _BLANKED:
        prose = pattern.sub(_blank, prose)
    originals, found = text.split("\n"), []
    for number, line in enumerate(prose.split("\n"), start=1):
        for match in _NUMBER.finditer(line):
            original = originals[number - 1].strip()
            shown = original if len(original) <= 80 else original[:77] + "..."
            found.append(Digits(f"{place}, line {number}", match.group(), shown))
    return found


def _blank(match: re.Match[str]) -> str:
    return "".join("\n" if c == "\n" else " " for c in match.group())


def _prose(text: str) -> str:
    """Blank front matter, code, and the first line and options of directives; line numbers stay."""
    out: list[str] = []
    lines = text.split("\n")
    start = 0
    if lines[0].strip() == "---" and "---" in (line.strip() for line in lines[1:]):
        start = 1 + [line.strip() for line in lines[1:]].index("---") + 1
        out += [""] * start
    open_fences: list[tuple[str, bool]] = []  # the fence, and whether its content is prose
    in_options = False
    for line in lines[start:]:
        fence = _FENCE.match(line)
        silent = bool(open_fences) and not open_fences[-1][1]
        if fence and open_fences and line.strip() == line.strip()[0] * len(line.strip()):
            mark = open_fences[-1][0]
            if line.strip()[0] == mark[0] and len(line.strip()) >= len(mark):
                open_fences.pop()
                out.append("")
                continue
        if fence and not silent:
            name = re.match(r"\{([\w:-]+)\}", fence[2])
            open_fences.append((fence[1], name is not None and bool(_PROSE_DIRECTIVES.fullmatch(name[1]))))
            in_options = True
            out.append("")
            continue
        option = in_options and re.match(r"^\s*(:[\w-]+:|$)", line) is not None
        in_options = in_options and option
        out.append("" if silent or option else line)
    return "\n".join(out)
