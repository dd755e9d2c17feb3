"""The words of a poster: a small YAML file whose numbers and quotations are ids, checked line by line.

A file `book/posters/<study>.yml` (or `synthesis.yml`) has these keys; all but `title` and `finding` may be left out:

    title:     what the poster is about, one line
    finding:   the one sentence that is read from five metres
    question:  what was asked
    messages:  a list of sentences
    methods:   how it was done
    limits:    how sure this is
    figures:   a list of ids of kept figures, or of `id:` with `caption:`
    authors:   a list of names, instead of the study's
    url:       where data, code and book are found: printed as a QR code

In every sentence `{value:id}` prints a kept value, `{value:id|unit}` with its unit, `{value:id|n}` with its n,
`{quote:study.quotation}` a quotation or its paraphrase as its release allows, `{finding:study.finding}` the heading of
a finding of argument.csv, and `{given:2018}` a number that is typed on purpose. Any other digit, in title and finding
any number word, unknown id or key stops the build with file and line.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from matplotlib import rc_context

from crosscase import paths, trace, yaml_text
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.publish.book_reach import outward_link
from crosscase.publish.book_text import clean, closest
from crosscase.publish.findings import heading_of
from crosscase.publish.quotation import Refused, find_quotation
from crosscase.publish.recipes import kept_drawing
from crosscase.publish.values import Kept, printed_value
from crosscase.study.argument import typed_numbers

SENTENCES = ("finding", "question", "methods", "limits")
KEYS = ("title", *SENTENCES, "messages", "figures", "authors", "url")
FIGURE_KEYS = ("id", "caption")
ROLES = ("value", "quote", "finding", "given")
"""Points: no figure is drawn for a poster below this width; one that is narrower was drawn for the book, whose text of
8 pt becomes 24 pt when it is printed three times as large."""
LONGEST = {"title": 120, "finding": 170}
ADDRESS = "an address on a poster begins with http or https"
WEB = re.compile(r"https?://[^\s<>\"'`{}|\\^]+", re.IGNORECASE)
_ROLE = re.compile(r"\{(\w+):([^{}]*)\}")
_DIGITS = re.compile(r"(?<![\w&#])\d+(?:[.,:/–-]\d+)*")


@dataclass(frozen=True)
class Run:
    """A piece of a sentence."""

    text: str  # what is printed
    kind: str = "plain"  # `plain`, `value` or `quote`
    id: str = ""  # id of the value or quotation


Sentence = tuple[Run, ...]


@dataclass
class PosterFigure:
    """A figure on a poster: its id, its SVG, its size in points at print, what it shows."""

    id: str
    svg: bytes
    alt: str
    caption: Sentence
    width: float
    height: float


@dataclass
class PosterText:
    """The words and figures of one poster, with every id resolved."""

    name: str  # study id, or `synthesis`
    title: str = ""
    finding: Sentence = ()
    question: Sentence = ()
    methods: Sentence = ()
    limits: Sentence = ()
    messages: list[Sentence] = field(default_factory=list)
    figures: list[PosterFigure] = field(default_factory=list)  # in order of importance
    authors: list[str] = field(default_factory=list)  # names
    byline: str = ""
    footer: list[str] = field(default_factory=list)  # lines
    level: str = "public"  # or `restricted`: at which it was built
    url: str = ""

    def runs(self) -> Iterator[tuple[str, Run]]:
        """Go through every run with the part of the poster in which it stands."""
        for part in SENTENCES:
            yield from ((part, run) for run in getattr(self, part))
        for sentence in self.messages:
            yield from (("messages", run) for run in sentence)
        for figure in self.figures:
            yield from (("caption", run) for run in figure.caption)


class _Reader:
    """Reads one file and collects its problems."""

    def __init__(self, name: str, path: Path, kept: Kept) -> None:
        self.name, self.kept, self.problems = name, kept, list[Problem]()
        self.place = paths.relative(path) if path.is_relative_to(paths.root()) else path.name
        self.raw = trace.note_read(path).read_text(encoding="utf-8")
        self.lines = self.raw.split("\n")

    def fail(self, line: int, rule: str, found: str = "", allowed: str = "", remedy: str = "") -> None:
        self.problems.append(Problem(f"{self.place}, line {line}", rule, found, allowed, remedy))

    def root(self) -> dict[str, yaml.Node]:
        """Return key -> node."""
        node = yaml_text.node(self.raw, self.place)
        if not isinstance(node, yaml.MappingNode):
            self.fail(1, "a poster file is a list of `key: text`", remedy="see the words in docs, or delete the file")
            raise CrosscaseError(self.problems)
        return self.mapping(node, KEYS)

    def mapping(self, node: yaml.MappingNode, known: tuple[str, ...]) -> dict[str, yaml.Node]:
        """Return key -> node of a mapping, with unknown and doubled keys as problems."""
        out: dict[str, yaml.Node] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value not in known:
                self.fail(line, "only known keys", repr(key.value), ", ".join(known), "correct or delete the key")
            elif key.value in out:
                self.fail(line, "each key stands once", f"{key.value!r} twice", remedy="delete one")
            else:
                out[key.value] = value
        return out

    def text(self, node: yaml.Node | None, key: str) -> str:
        """Return the text of a node on one line."""
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node.start_mark.line + 1, f"{key} is text", "a list or keys", remedy="write one text")
            return ""
        text = clean(node.value)
        if key in LONGEST and len(_ROLE.sub("000", text)) > LONGEST[key]:
            rule = f"{key} has at most {LONGEST[key]} characters, to be read from afar"
            self.fail(node.start_mark.line + 1, rule, f"{len(text)}", remedy="shorten it")
        return text

    def items(self, node: yaml.Node | None, key: str) -> list[yaml.Node]:
        """Return the items of a list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.fail(node.start_mark.line + 1, f"{key} is a list", remedy="begin each item with a hyphen")
            return []
        return node.value

    def line_of(self, token: str, node: yaml.Node) -> int:
        """Return the line on which a piece of a text stands."""
        first, last = node.start_mark.line, node.end_mark.line + 1
        for number in range(first, min(last + 1, len(self.lines))):
            if token in self.lines[number]:
                return number + 1
        return first + 1

    def sentence(self, node: yaml.Node | None, key: str) -> Sentence:
        """Return a text as runs, every role resolved."""
        text, runs, at = self.text(node, key), list[Run](), 0
        if node is None:
            return ()
        for match in _ROLE.finditer(text):
            runs.append(self.plain(text[at : match.start()], node, key in LONGEST))
            runs.append(self.role(match[0], match[1], match[2].strip(), node))
            at = match.end()
        runs.append(self.plain(text[at:], node, key in LONGEST))
        return tuple(run for run in runs if run.text)

    def plain(self, text: str, node: yaml.Node, headline: bool = False) -> Run:
        for sign in set(text) & set("{}"):
            rule = "braces hold a role: {value:id}, {quote:id} or {given:number}"
            self.fail(self.line_of(sign, node), rule, text.strip()[:60])
        for digits in typed_numbers(text, headline=True) if headline else _DIGITS.findall(text):
            remedy = "print it with {value:id}; or, where it is typed on purpose, with {given:" + digits + "}"
            self.fail(self.line_of(digits, node), "a number comes from a kept value", repr(digits), remedy=remedy)
        return Run(text)

    def role(self, token: str, role: str, content: str, node: yaml.Node) -> Run:
        line = self.line_of(token, node)
        if role not in ROLES:
            self.fail(line, "the role is known", repr(role), ", ".join(ROLES))
            return Run("")
        if role == "finding":
            heading, known = heading_of(content)
            if heading is None:
                self.fail(line, "the id is that of a finding", repr(content), closest(content, known), "correct the id")
            return Run(clean(heading))
        if role == "given":
            return Run(content)
        return self.value(content, line) if role == "value" else self.quote(content, line)

    def value(self, content: str, line: int) -> Run:
        name, *extras = (part.strip() for part in content.split("|"))
        record = self.kept.values.get(name)
        if record is None:
            remedy = "correct the id, or keep the value in a notebook and run that again"
            self.fail(line, "the id is that of a kept value", repr(name), closest(name, self.kept.values), remedy)
            return Run("")
        if unknown := [extra for extra in extras if extra not in ("unit", "n")]:
            self.fail(line, "after the bar stands what else is printed", repr(unknown[0]), "unit, n")
        return Run(printed_value(record, set(extras) - {"whole"}), "value", name)

    def quote(self, content: str, line: int) -> Run:
        from crosscase.study import load_study

        name, _, key = content.partition(".")
        if not name or not (paths.studies() / name / "study.yml").is_file():
            self.fail(line, "the id begins with a study", repr(content), remedy="write {quote:study.quotation}")
            return Run("")
        found = find_quotation(load_study(name), key)
        if isinstance(found, Refused):
            self.fail(line, found.rule, repr(content), found.allowed, found.remedy)
            return Run("")
        row, quotation = found
        if quotation.text is not None:
            return Run(f"“{clean(quotation.text)}”", "quote", content)
        return Run(f"{clean(row['paraphrase'])} (paraphrase)", "quote", content)

    def address(self, node: yaml.Node | None) -> str:
        """Return the address that is printed as a QR code, which people open with their own devices."""
        text = self.text(node, "url")
        if node is not None and text and not WEB.fullmatch(text):
            remedy = "give the whole address, or leave it out"
            self.fail(node.start_mark.line + 1, ADDRESS, repr(text[:80]), "https://...", remedy)
        return text

    def figure(self, node: yaml.Node) -> PosterFigure | None:
        caption: Sentence = ()
        line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            keys = self.mapping(node, FIGURE_KEYS)
            name, caption = self.text(keys.get("id"), "id"), self.sentence(keys.get("caption"), "caption")
        else:
            name = self.text(node, "figure")
        if reason := self.kept.results.get(name, {}).get("refused"):
            self.fail(line, "a poster shows figures that have something to show", reason, remedy="name another figure")
            return None
        if name not in self.kept.figures:
            remedy = "correct the id, or keep the figure in a notebook and run that again"
            self.fail(line, "the id is that of a kept figure", repr(name), closest(name, self.kept.figures), remedy)
            return None
        return kept_figure(name, self.kept, caption)


def read_poster(name: str, path: Path, kept: Kept) -> PosterText:
    """Read the words of one poster and resolve every id.

    `name` is a study id, or `synthesis`. Raises `CrosscaseError` with file and line of every unknown key or id,
    quotation that may not be shown, number typed by hand, missing title or finding.
    """
    if link := outward_link(path):
        raise CrosscaseError(link)
    reader = _Reader(name, path, kept)
    keys = reader.root()
    for must in ("title", "finding"):
        if must not in keys:
            reader.fail(1, f"a poster has a {must}", remedy=f"add `{must}: ...`")
    out = PosterText(name, title="".join(run.text for run in reader.sentence(keys.get("title"), "title")))
    for part in SENTENCES:
        setattr(out, part, reader.sentence(keys.get(part), part))
    out.messages = [reader.sentence(node, "message") for node in reader.items(keys.get("messages"), "messages")]
    figures = [reader.figure(node) for node in reader.items(keys.get("figures"), "figures")]
    out.figures = [figure for figure in figures if figure is not None]
    out.authors = [reader.text(node, "author") for node in reader.items(keys.get("authors"), "authors")]
    out.url = reader.address(keys.get("url"))
    raise_if(reader.problems)
    return out


def kept_figure(name: str, kept: Kept, caption: Sentence = ()) -> PosterFigure:
    """Return a kept figure for a poster, drawn from its recipe at the size of a poster.

    Raises `CrosscaseError` where the figure has no recipe.
    """
    record: dict[str, Any] = kept.figures[name]
    drawing = kept_drawing(name, kept)
    figure, out = drawing.draw("poster"), io.BytesIO()
    with rc_context({"svg.hashsalt": name}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    width, height = (float(each) * 72 for each in figure.get_size_inches())
    words = caption or (Run(clean(record["caption"])),)
    return PosterFigure(name, out.getvalue(), clean(drawing.alt), words, width, height)
