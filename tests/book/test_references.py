"""The bibliography: what is cited exists, what stands there is named somewhere, and no DOI is a guess or a slip."""

import ast
import csv
import json
import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from pybtex.database import parse_file

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
DOI = re.compile(r"10\.\d{4,9}/[^\s\"'<>]+")
WELL_FORMED = re.compile(r"10\.\d{4,9}/[\x21-\x7e]+")


@cache
def entries():
    return parse_file(BOOK / "references.bib", "bibtex").entries


def plain(text):
    """Return a text without accents, as docstrings spell some names."""
    swapped = text.replace("ö", "oe").replace("ø", "o") if "Widl" in text else text
    return "".join(c for c in unicodedata.normalize("NFKD", swapped) if not unicodedata.combining(c)).casefold()


@cache
def pages():
    return {path: path.read_text(encoding="utf-8") for path in sorted(BOOK.rglob("*.md"))}


@cache
def cited():
    found = [
        (path, key.strip()) for path, text in pages().items() for keys in CITED.findall(text) for key in keys.split(",")
    ]
    for path in sorted((ROOT / "data" / "synthesis").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                found += [(path, key.strip()) for key in (row.get("source") or "").split(";") if key.strip()]
    return found


@cache
def sources():
    """Return every text in which a method is named beside the book: strings of the package, notebooks, frameworks."""
    texts = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        texts += [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        texts += ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
    texts += [path.read_text(encoding="utf-8") for path in sorted((ROOT / "data" / "frameworks").glob("*.csv"))]
    return [*texts, (ROOT / "data" / "examples" / "README.md").read_text(encoding="utf-8")]


def dois(text):
    for found in DOI.findall(text):
        doi = found.rstrip(".,;:`|\\")
        while doi.endswith(")") and doi.count(")") > doi.count("("):
            doi = doi[:-1].rstrip(".,;:`")
        yield doi


def family(entry):
    people = entry.persons.get("author") or entry.persons["editor"]
    return plain(" ".join(people[0].prelast_names + people[0].last_names))


def year(entry):
    return re.match(r"\d{4}", entry.fields["year"])[0]


def is_named(entry, text):
    return entry.fields.get("doi", "no doi") in text or (family(entry) in plain(text) and year(entry) in text)


def test_every_citation_has_an_entry():
    missing = [f"{path.relative_to(ROOT)}: {key}" for path, key in cited() if key not in entries()]
    assert cited()
    assert not missing


def test_every_entry_is_cited_or_named():
    used = {key for _, key in cited()}
    idle = [
        key for key, entry in entries().items() if key not in used and not any(is_named(entry, t) for t in sources())
    ]
    assert not idle


def test_every_publication_that_a_docstring_names_has_an_entry():
    known = {entry.fields["doi"].casefold() for entry in entries().values() if "doi" in entry.fields}
    named = {doi for text in sources() for doi in dois(text)}
    assert len(named) > 60
    assert not {doi for doi in named if doi.casefold() not in known}


def test_what_a_docstring_names_without_a_doi_has_an_entry_too():
    sections = [
        text.split("References\n", 1)[1] for text in sources() if re.search(r"^ *References\n *-+\n", text, re.M)
    ]
    assert len(sections) > 60
    lost = []
    for section in (section.split("Examples\n")[0] for section in sections):
        for named in set(re.findall(r"\((\d{4})\)", section)):
            of_year = [entry for entry in entries().values() if year(entry) == named]
            if not any(family(entry) in plain(section) for entry in of_year):
                lost.append(" ".join(section.split())[:90])
    assert not lost


def test_entries_are_whole_in_order_and_there_once():
    keys = re.findall(r"^@\w+\{(\w+),", (BOOK / "references.bib").read_text(encoding="utf-8"), re.M)
    assert keys == sorted(set(keys))
    assert keys == list(entries())
    for key, entry in entries().items():
        assert entry.persons.get("author") or entry.persons.get("editor"), key
        assert entry.fields.get("title"), key
        assert key.startswith(re.sub("[^a-z]", "", family(entry)) + year(entry)), key
    titles = [(plain(entry.fields["title"]), year(entry)) for entry in entries().values()]
    assert len(set(titles)) == len(titles)


def test_dois_are_well_formed_and_no_two_entries_share_one():
    found = [entry.fields["doi"] for entry in entries().values() if "doi" in entry.fields]
    assert all(WELL_FORMED.fullmatch(doi) and next(dois(doi)) == doi for doi in found if "<" not in doi)
    assert len({doi.casefold() for doi in found}) == len(found)


def test_authors_of_one_year_that_read_alike_are_told_apart():
    labels = {}
    for key in {key for _, key in cited()}:
        people = [" ".join(p.last_names) for p in entries()[key].persons.get("author", [])]
        shown = " and ".join(people) if len(people) < 3 else f"{people[0]} et al."
        labels.setdefault((shown, entries()[key].fields["year"]), []).append(key)
    assert not [keys for keys in labels.values() if len(keys) > 1]


@pytest.mark.parametrize(
    "name", ["valentijn2013", "damschroder2022", "ansell2008", "emerson2012", "lewin2018", "tong2007"]
)
def test_frameworks_and_checklists_are_cited_in_the_methods(name):
    assert name in {key for path, key in cited() if path.name == "methods.md"}
