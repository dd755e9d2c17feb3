"""The search of the book finds each word of a table on the page where it stands."""

from __future__ import annotations

import re

import pytest
from docutils import nodes
from lxml import html
from sphinx.search import js_index
from sphinx.search.en import SearchEnglish

from crosscase.publish.sphinx_ext import separate

CELLS = "//article//td | //article//th | //article//li[not(.//li)]"


def index_of(book):
    data = js_index.loads((book / "searchindex.js").read_text(encoding="utf-8"))
    as_list = {word: pages if isinstance(pages, list) else [pages] for word, pages in data["terms"].items()}
    titles = {word: pages if isinstance(pages, list) else [pages] for word, pages in data["titleterms"].items()}
    return data["docnames"], as_list, titles


def words_not_found(book):
    """Yield page and word for each word of a cell that does not lead to its page."""
    language = SearchEnglish({})
    names, terms, titles = index_of(book)
    for number, name in enumerate(names):
        page = html.parse(str(book / f"{name}.html"))
        for cell in page.xpath(CELLS):
            for hidden in cell.xpath(".//style | .//script | .//*[@role='tooltip']"):
                hidden.drop_tree()
            for word in language.split(cell.text_content()):
                stem = language.stem(word.lower())
                if language.word_filter(stem) and number not in {*terms.get(stem, ()), *titles.get(stem, ())}:
                    yield name, word


@pytest.mark.long
def test_every_word_of_a_table_leads_to_its_page(small_book):
    names, terms, _ = index_of(small_book.folder)
    assert len(names) > 5
    assert len(terms) > 100
    assert sorted(set(words_not_found(small_book.folder))) == []


@pytest.mark.parametrize(
    ("joined", "parted"),
    [
        ("<tr><td>one</td><td>two</td></tr>", ["one", "two"]),
        ('<th scope="row"><bdi>one</bdi></th><td class="x">2<br>two</td>', ["one", "2", "two"]),
        ("one<ul><li>two</li><li>three</li></ul>four", ["one", "two", "three", "four"]),
        ("<p>one</p><div>two</div>", ["one", "two"]),
        ("<text x='1'>one</text><text>two</text>", ["one", "two"]),
        ("<p>o<b>n</b>e</p>", ["one"]),
    ],
)
def test_what_is_read_apart_is_parted(joined, parted):
    document = nodes.document(None, None)
    document += nodes.raw("", joined, format="html")
    separate(document)
    (raw,) = document.findall(nodes.raw)
    assert re.sub(r"<[^<]+?>", "", raw.astext()).split() == parted


def test_what_is_no_html_stays():
    document = nodes.document(None, None)
    document += nodes.raw("", "a</td><td>b", format="latex")
    separate(document)
    assert document.astext() == "a</td><td>b"
