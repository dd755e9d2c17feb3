"""The parts behind the book, checked by hand and by properties: digits, agreement counts, slugs, reproduction."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase.publish.book_text import clean, html_text, md_text, show_number, slug
from crosscase.publish.digits import find_digits
from crosscase.publish.reproduction import fact_counts, reproduction_table
from crosscase.publish.segments import agreeing_coders, segment_pages
from crosscase.publish.values import Kept
from crosscase.study import load_study

PROSE = """---
title: 7 things
---
(anchor-2)=
# Heading with 3 parts {#id-4}

Text with {value}`demo.n|unit`, `code 5`, [link 6](https://a.example/7), <https://b.example/8>, $x^9$ and 10 pigs.
In A0, SHA-256 and REFI-QDA nothing is counted; 1,234.5 or 90% are.

1. First
2. Second has 21

```python
x = 22
```

```{kept-table} demo.table-23
:rows: 24
```

:::{note} 25
:class: c-26
A note with 27 inside.

```{math}
28
```
Still 29.
:::

% comment 30
<!-- comment
31 -->
Years 2016-2018[^32] at https://c.example/33 end.

[^32]: Source 34
"""


def test_only_digits_in_prose_count_each_with_its_line():
    found = [(int(d.place.split()[-1]), d.digits) for d in find_digits(PROSE, "c.md")]
    assert found == [
        (5, "3"),
        (7, "10"),
        (8, "1,234.5"),
        (8, "90"),
        (11, "21"),
        (23, "27"),
        (28, "29"),
        (34, "2016-2018"),
        (36, "34"),
    ]


spans = st.lists(
    st.tuples(
        st.integers(0, 30), st.integers(1, 8), st.sampled_from("xy"), st.sampled_from("abc"), st.sampled_from("de")
    ),
    max_size=14,
)


@given(spans)
def test_agreeing_coders_are_those_with_an_overlap_of_the_same_code(rows):
    frame = pd.DataFrame(rows, columns=["start", "length", "code", "coder", "document"])
    frame["end"] = frame["start"] + frame["length"]
    expected = []
    for one in frame.itertuples():
        same = frame[(frame["code"] == one.code) & (frame["document"] == one.document)]
        over = same[(same["start"] < one.end) & (same["end"] > one.start)]
        expected.append(over["coder"].nunique())
    assert agreeing_coders(frame).tolist() == expected


@given(st.lists(st.text(max_size=12), unique=True, max_size=8))
def test_slugs_are_safe_and_differ_where_the_names_differ(names):
    slugs = [slug(name) for name in names]
    assert len(set(slugs)) == len(names)
    assert all(s and all(c.isascii() and (c.isalnum() or c in "._-") for c in s) for s in slugs)


@given(st.text(max_size=40))
def test_a_text_never_becomes_markup(text):
    assert not set(html_text(text)) & set("<>\"'`\n")
    assert not set(md_text(text)) & set("<>*_[]`|{}$\\\n!~^:")


def test_clean_takes_missing_values_and_line_ends():
    assert [clean(None), clean(pd.NA), clean(float("nan")), clean("a\r\nb\x00c")] == ["", "", "", "a b c"]


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (-2.5, "-2.50"), (1e-9, "1e-09"), (99.999, "100.00"), (float("inf"), "–")]
)
def test_numbers_are_short_and_never_silently_zero(number, text):
    assert show_number(number) == text


def compared(published: float | None, **record: object) -> tuple[str, str]:
    """The result and reason for one fact and one kept value."""

    class Fake:
        name = "s"
        facts = pd.DataFrame(
            {
                "fact": ["f"],
                "field": ["x"],
                "value": ["v"],
                "number": [published],
                "unit": [None],
                "status": ["stated"],
                "stage": ["paper"],
                "source": ["S"],
                "reproduced_by": ["s.v"],
                "not_reproducible": [None],
                "note": ["a remark"],
            }
        )

    kept = Kept(values={"s.v": {"reason": "", **record}} if record else {})
    row = reproduction_table([Fake()], kept).iloc[0]  # type: ignore[list-item]
    return row["result"], row["why"]


@pytest.mark.parametrize(
    ("published", "value", "expected"),
    [
        (21, 21, ("reproduced", "")),
        (21, 24, ("differs", "a remark")),
        (33, 33.3, ("differs", "a remark")),
        (33, 33.02, ("differs", "a remark")),
        (33.3, 100 / 3, ("reproduced", "after rounding to the published decimals")),
        (33.4, 100 / 3, ("differs", "a remark")),
        (0.125, 0.125, ("reproduced", "")),
        (2, True, ("not reproducible", "the kept value is no number")),
        (2, "two", ("not reproducible", "the kept value is no number")),
        (None, 3, ("no number", "the fact has no number to compare")),
    ],
)
def test_a_published_number_is_compared_with_the_kept_value(published, value, expected):
    assert compared(published, value=value) == expected


def test_what_was_not_kept_or_is_undefined_is_not_reproducible():
    assert compared(2.0) == ("not reproducible", "value not kept")
    assert compared(2.0, value=None, reason="one coder only") == ("not reproducible", "one coder only")


def test_facts_are_counted_by_their_result(compendium):
    from crosscase.publish.values import read_kept

    table = reproduction_table(["demo"], read_kept())
    assert dict(zip(table["fact"], table["result"])) == {
        "f1": "reproduced",
        "f2": "differs",
        "f3": "not reproducible",
        "f4": "no number",
        "f5": "reproduced",
    }
    assert sum(fact_counts(table).values()) == 4


def test_segments_are_spread_over_pages_and_every_address_exists(compendium):
    pages = segment_pages(load_study("demo"), per_page=1)
    assert list(pages.pages) == ["segments/demo/index", "segments/demo/page-1", "segments/demo/page-2"]
    assert set(pages.segments) == {"a1", "a2", "a3", "a4", "b1", "j1"}
    targets = [*pages.segments.values(), *(target for target, _ in pages.cells.values())]
    for target in targets:
        name, _, anchor = target.partition("#")
        assert f'id="{anchor}"' in pages.pages[name]
    assert pages.cells[("trust", "north")][1] == {"a1", "j1"}
    assert pages.cells[("t1", "south")] == ("segments/demo/index#theme-t1--case-south", frozenset({"a3"}))


def test_numbers_that_a_publication_prints_are_told_from_those_we_counted_in_it():
    from crosscase.publish.reproduction import reproduction_page

    row = {"study": "s", "fact": "f", "field": "x", "statement": "talks", "unit": "", "stage": "paper", "source": "S"}
    row |= {"published": 3.0, "computed": None, "result": "not reproducible", "why": "", "value_id": ""}
    rows = [
        {**row, "fact": "f1", "status": "stated", "computed": 3.0, "result": "reproduced", "value_id": "s.a"},
        {**row, "fact": "f2", "status": "derived", "computed": 3.0, "result": "reproduced", "value_id": "s.b"},
        {**row, "fact": "f3", "status": "stated"},
        {**row, "fact": "f4", "status": "not_stated", "published": None, "result": "no number"},
    ]
    text = reproduction_page(pd.DataFrame(rows), {"s": "A study"})
    assert "Of **3** numbers **2** come out again: 1 that a publication prints, and 1 that we counted" in text
    assert "**0** differ." in text
    assert "**1** facts have no number" in text
    lines = {
        key: next(line for line in text.split("\n") if f'id="fact-s-{key}"' in line) for key in ("f1", "f2", "f3", "f4")
    }
    assert "printed" in lines["f1"]
    assert "counted by us" in lines["f2"]
    assert "counted by us" not in lines["f3"]
    assert "(paper, not stated, f4)" in lines["f4"]


@pytest.mark.parametrize(
    ("doi", "citation", "expected"),
    [
        ("10.1/x", "A paper", "paper: A paper</bdi></li>"),  # no DOI: registrants have four digits or more
        ("10.1234/a(b)c", "A paper, doi:10.1234/a(b)c", 'A paper, <a href="https://doi.org/10.1234/a%28b%29c"'),
        ("10.1234/x", "A paper", '</bdi>, <a href="https://doi.org/10.1234/x" rel="noopener">doi:10.1234/x</a></li>'),
        ('10.1234/"><script>', "A paper", "paper: A paper</bdi></li>"),
        (None, "A <b>", "paper: A &lt;b&gt;</bdi></li>"),
    ],
)
def test_a_publication_links_to_its_doi_and_to_nothing_else(doi, citation, expected):
    from types import SimpleNamespace

    from crosscase.publish.sphinx_ext.study import _publications

    study = SimpleNamespace(
        info=SimpleNamespace(publications=[SimpleNamespace(stage="paper", citation=citation, doi=doi)])
    )
    said = _publications(study)  # type: ignore[arg-type]
    assert expected in said
    assert "<script>" not in said


@pytest.mark.parametrize(("text", "wanted"), [("x|whole", "91"), ("x|whole|unit", "91\u00a0codes"), ("x", "90.60")])
def test_decimals_that_say_nothing_are_left_out(monkeypatch, text, wanted):
    from types import SimpleNamespace

    from crosscase.publish.sphinx_ext import roles

    monkeypatch.setattr(roles, "value_mark", lambda role, record, text: text)
    record = {"text": "90.60", "value": 90.6, "unit": "codes", "n": 60}
    role = roles.ValueRole.__new__(roles.ValueRole)
    role.text = text
    monkeypatch.setattr(
        roles.ValueRole, "book", SimpleNamespace(kept=SimpleNamespace(values={"x": record})), raising=False
    )
    assert roles.ValueRole.run(role)[0] == [wanted]
