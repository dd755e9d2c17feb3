"""The guide as pages: every link leads somewhere, the book holds every page, every key has its line."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
import yaml

from crosscase import yaml_text
from crosscase.cli import main
from crosscase.exchange import pdf_text, safe_archive, safe_xml, sheet_reader
from crosscase.pipeline import schema
from crosscase.publish import poster_text
from crosscase.publish.book_reach import text_problems
from crosscase.publish.sphinx_ext import any_study, argument, kept, matrix, roles, study, trail
from crosscase.study import model

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted(GUIDE.glob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
INLINE = re.compile(r"(?<!`)`(crosscase [^`]+)`(?!`)")
FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
LONGEST = 300
ROLES = set(roles.ROLES | argument.ROLES)
BLOCKS = {name: each for m in (any_study, argument, kept, matrix, study, trail) for name, each in m.DIRECTIVES.items()}
KEYS = {
    "keys-study.md": {
        "The study": set(model.StudyInfo.model_fields),
        "A coder": set(model.Coder.model_fields),
        "A publication": set(model.Publication.model_fields),
        "Who made it": set(model.Reflexivity.model_fields),
    },
    "keys-plan.md": {"The plan": set(schema.Schema.model_fields), "A notebook": set(schema.Entry.model_fields)},
    "keys-poster.md": {"The poster": set(poster_text.KEYS), "A figure": set(poster_text.FIGURE_KEYS)}
    | {"In a sentence": set(poster_text.ROLES)},
    "keys-chapter.md": {"Within a line": ROLES, "Blocks": set(BLOCKS)},
}
"""Page -> heading -> the keys, roles or directives that its table explains."""


def anchors(text: str) -> set[str]:
    """Return the anchors of the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(path):
    for address in LINK.findall(FENCED.sub("", path.read_text(encoding="utf-8"))):
        if address.startswith(("https://", "http://")):
            continue
        name, _, anchor = address.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), address
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), address


def test_the_guide_stands_in_the_contents_of_the_book_once_and_whole():
    def files(entries):
        for entry in entries:
            yield entry.get("file", "")
            yield from files(entry.get("sections", []))

    contents = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text(encoding="utf-8"))
    (part,) = [part for part in contents["parts"] if part["caption"] == "Guide"]
    assert sorted(files(part["chapters"])) == sorted(f"guide/{path.stem}" for path in PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_says_first_what_one_can_do_after_it_and_is_no_longer_than_a_sitting(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("# ")
    assert lines[1] == ""
    assert lines[2].startswith("After this page ")
    assert len(lines) <= LONGEST


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_reaches_nothing_outside_the_guide(path):
    """It stands in every book, so it leads to no chapter that another book may not have."""
    text = path.read_text(encoding="utf-8")
    assert text_problems(text, path.name, f"guide/{path.name}") == []
    inside = {each.name for each in (*PAGES, *GUIDE.glob("*.png"))}
    addresses = LINK.findall(FENCED.sub("", text))
    assert {each.partition("#")[0] for each in addresses if not each.startswith("https://")} <= inside
    assert not any("#" in each for each in addresses), "the renderer makes no anchors of headings"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_has_no_command_that_is_not_followed(path):
    prose = FENCED.sub("", path.read_text(encoding="utf-8"))
    assert not re.search(r"^( {4}|\t)", prose, re.MULTILINE), "a box without a fence"


def test_no_page_repeats_a_passage_of_the_tutorial():
    """A book is refused that repeats 40 characters of a text that is not released, and the tutorial begins so."""

    def plain(text: str) -> str:
        return re.sub(r"\W+", "", text).casefold()

    pages = "\n".join(plain(path.read_text(encoding="utf-8")) for path in PAGES)
    for path in sorted((GUIDE / "tutorial" / "texts").iterdir()):
        text = plain(path.read_text(encoding="utf-8"))
        assert [text[at : at + 30] for at in range(len(text) - 29) if text[at : at + 30] in pages] == [], path.name


def test_nothing_in_the_guide_speaks_of_the_embedded_studies():
    names = [path.parent.name for path in (ROOT / "data" / "studies").glob("*/study.yml")]
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        assert [name for name in names if name in text] == [], path.name


def commands(path: Path) -> list[str]:
    """Return the commands that a page names within a line."""
    return INLINE.findall(FENCED.sub("", path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", [*PAGES, ROOT / "README.md"], ids=lambda path: path.stem)
def test_a_command_named_in_passing_is_one_with_these_options(path):
    for line in commands(path):
        words = shlex.split(line.replace(", or", " "))[1:]
        command: click.Command = main
        while isinstance(command, click.Group) and words and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert command is not main or words[0] in ("COMMAND", "--help"), line
        known = {name for option in command.params for name in [*option.opts, *option.secondary_opts]} | {"--help"}
        assert {word for word in words if word.startswith("-")} <= known, line


def test_every_command_is_told_of_in_the_guide():
    text = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
    for name, command in main.commands.items():
        each = [f"{name} {sub}" for sub in command.commands] if isinstance(command, click.Group) else [name]
        for words in each:
            assert f"crosscase {words}" in text or name in UNTOLD, f"crosscase {words} has no line in docs/guide"


UNTOLD: set[str] = set()
"""Commands that a person who uses the compendium needs not know."""


def tables(path: Path) -> dict[str, dict[str, str]]:
    """Return heading -> first cell of a row of the table below it -> the row."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for line in FENCED.sub("", path.read_text(encoding="utf-8")).split("\n"):
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif match := re.match(r"\| `([^`]+)` \|", line):
            found.setdefault(heading, {})[match[1]] = line
    return found


@pytest.mark.parametrize("name", KEYS)
def test_every_key_has_its_line_and_no_line_is_left_of_a_key_that_is_gone(name):
    found = tables(GUIDE / name)
    assert {heading: set(found[heading]) for heading in KEYS[name]} == KEYS[name]


def test_every_option_of_a_block_has_its_place_in_the_line_of_the_block():
    rows = tables(GUIDE / "keys-chapter.md")["Blocks"]
    for name, block in BLOCKS.items():
        assert {f":{option}:" for option in block.option_spec or {}} == set(re.findall(r":[a-z]+:", rows[name])), name


def test_every_word_of_a_closed_list_is_told():
    text = (GUIDE / "keys-study.md").read_text(encoding="utf-8")
    for words in (model.Stance, model.Stage, model.Coder.model_fields["kind"].annotation):
        assert [word for word in words.__args__ if f"`{word}`" not in text] == []


def examples() -> list[tuple[str, str]]:
    """Return the whole files that the pages on keys show: name and content."""
    fence = re.compile(r"^(`{3,})\w+ keys (\S+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
    return [(m[2], m[3]) for name in KEYS for m in fence.finditer((GUIDE / name).read_text(encoding="utf-8"))]


def test_the_files_that_pages_on_keys_show_are_right_and_hold_every_key():
    shown = dict(examples())
    told = yaml_text.load(shown["study.yml"], "study.yml")
    assert set(told) == set(model.StudyInfo.model_fields)
    assert model.StudyInfo.model_validate(told).coders["ann"].kind == "person"
    entries = schema.parse(shown["compendium.yml"], "compendium.yml")["notebooks"]
    assert set(yaml_text.load(shown["compendium.yml"], "")["notebooks"][1]) == set(entries[1])
    poster = yaml_text.load(shown["poster.yml"], "poster.yml")
    assert set(poster) == set(poster_text.KEYS)
    assert set(poster["figures"][1]) == set(poster_text.FIGURE_KEYS)
    assert set(re.findall(r"\{(\w+):", shown["poster.yml"])) == set(poster_text.ROLES)
    assert set(re.findall(r"\{([\w-]+)\}", shown["example.md"])) <= set(BLOCKS)


def test_the_limits_that_are_told_are_those_that_hold():
    text = (GUIDE / "limits.md").read_text(encoding="utf-8")
    for words in (
        f"at most {safe_archive.MAX_RATIO} times its packed size",
        f"at most {safe_xml.MAX_AT_ONCE:,} tags",
        f"within {pdf_text.SECONDS} seconds and {pdf_text.MEMORY // 1024**2:,} MB",
        f"at most {sheet_reader.MAX_ROWS:,} rows, {sheet_reader.MAX_COLUMNS:,} columns",
        f"and {sheet_reader.MAX_CELLS:,} cells",
        f"at most {yaml_text.MAX_DEPTH} deep",
    ):
        assert words in text, words
    page = (GUIDE / "keys-poster.md").read_text(encoding="utf-8")
    for key, most in poster_text.LONGEST.items():
        assert f"at most {most} characters" in next(line for line in page.split("\n") if line.startswith(f"| `{key}`"))
