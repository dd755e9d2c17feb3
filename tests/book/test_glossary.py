"""The glossary: each word that a page explains is there, each word that is there is used, each in two sentences."""

import re
from functools import cache
from pathlib import Path

BOOK = Path(__file__).resolve().parents[2] / "book"
USED = re.compile(r"\{term\}`([^`]+)`")
ENTRY = re.compile(r"^(\S[^\n]*)\n((?: {2,}[^\n]+\n)+)", re.M)


@cache
def glossary():
    text = (BOOK / "glossary.md").read_text(encoding="utf-8")
    body = re.search(r"^```\{glossary\}\n(.*?)^```", text, re.M | re.S)[1].replace(":sorted:\n", "")
    return {term: " ".join(said.split()) for term, said in ENTRY.findall(body)}


@cache
def used():
    found = {}
    for path in sorted(BOOK.rglob("*.md")):
        for words in USED.findall(path.read_text(encoding="utf-8")):
            words = " ".join(words.split())
            term = re.search(r"<([^<>]+)>$", words)
            found.setdefault((term[1] if term else words).casefold(), set()).add(path.name)
    return found


def test_every_term_is_in_the_glossary():
    known = {term.casefold() for term in glossary()}
    assert len(known) > 40
    assert not {term: sorted(pages) for term, pages in used().items() if term not in known}


def test_every_word_of_the_glossary_is_used_on_another_page():
    outside = {term for term, pages in used().items() if pages - {"glossary.md"}}
    assert not [term for term in glossary() if term.casefold() not in outside]


def test_each_word_has_two_sentences():
    for term, said in glossary().items():
        assert len(re.findall(r"\.(?= |$)", said)) == 2, term
        assert said.endswith("."), term


def test_words_stand_in_order_and_once():
    terms = [term.casefold() for term in glossary()]
    assert terms == sorted(set(terms))


def test_the_first_mention_on_a_page_leads_there_and_no_other():
    for path in sorted(BOOK.glob("*.md")):
        terms = [
            " ".join(words.split()).rpartition("<")[2].rstrip(">")
            for words in USED.findall(path.read_text(encoding="utf-8"))
        ]
        assert len(terms) == len(set(terms)), path.name
