"""A chapter reaches nothing outside the folder `book`: told by line, and held to while pages are read."""

from __future__ import annotations

import json
import os

import pytest

from crosscase.errors import CrosscaseError
from crosscase.publish import book, book_source
from crosscase.publish.addresses import ADDRESS, INSIDE, LIVE, broken_html, broken_rule
from crosscase.publish.book import build_book
from crosscase.publish.book_reach import notebook_problems, reach_problems, text_problems

TEXT = "../../../restricted/demo/d1.txt"
EVIL = f"""# Evil chapter

```{{include}} {TEXT}
```

```{{literalinclude}} {TEXT}
```

```{{raw}} html
:file: {TEXT}
```

{{download}}`text <{TEXT}>`

[link](file:///etc/passwd) [j](javascript:alert(1)) ![x]({TEXT})
"""
READS = [
    f"```{{include}} {TEXT}\n```",
    f":::{{include}} {TEXT}\n:::",
    "```{include} /../../restricted/demo/d1.txt\n```",
    f"```{{literalinclude}} {TEXT}\n:lines: 1-2\n```",
    f"```{{literalinclude}} a.py\n:diff: {TEXT}\n```",
    f"```{{raw}} html\n:file: {TEXT}\n```",
    f"```{{raw}} html\n---\nfile: {TEXT}\n---\n```",
    "```{raw} html\n:url: https://example.org/x.html\n```",
    f"```{{csv-table}} Title\n:file: {TEXT}\n```",
    f"```{{code-cell}}\n:load: {TEXT}\n```",
    f"```{{image}} {TEXT}\n```",
    f"```{{figure}} {TEXT}\nwords\n```",
    "```{image} /etc/passwd/../../../etc/passwd\n```",
    "```{image} file:///etc/passwd\n```",
    "```{image} C:\\\\secret.png\n```",
    "```{image} ~/secret.png\n```",
    f"```{{graphviz}} {TEXT}\n```",
    f"```{{card}} Title\n:img-top: {TEXT}\n```",
    f"````{{note}}\nwords\n\n```{{include}} {TEXT}\n```\n````",
    f"- a list\n\n  ```{{include}} {TEXT}\n  ```",
    f"> ```{{include}} {TEXT}\n> ```",
    f"{{download}}`{TEXT}`",
    f"{{download}}`words <{TEXT}>`",
    f"![picture]({TEXT})",
    "![picture](https://example.org/x.png)",
    "![picture](..%2F..%2F..%2Frestricted/demo/d1.txt)",
    f"![picture][ref]\n\n[ref]: {TEXT}",
    f"[words]({TEXT})",
    f"[words](path:{TEXT})",
    f"<{'path:' + TEXT}>",
    f'<img src="{TEXT}" alt="x">',
    f'a <img srcset="a.png 1x, {TEXT} 2x"> b',
]
LEADS = [
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](javascript%3Aalert(1))",
    "[a](file:///etc/passwd)",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](vbscript:x)",
    "<javascript:alert(1)>",
    "[a][b]\n\n[b]: javascript:alert(1)",
    "![x](a.png)\n\n```{image} a.png\n:target: javascript:alert(1)\n```",
    "```{button-link} javascript:alert(1)\n```",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="java\tscript:alert(1)">a</a>',
    '<form action="javascript:alert(1)"></form>',
]
RUNS = [
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "a <img src=x\nonerror=alert(1)> b",
    "<iframe src='a.html'></iframe>",
    "<iframe srcdoc='<script>'></iframe>",
    '<object data="a.html"></object>',
    '<meta http-equiv="refresh" content="0;url=https://example.org">',
    '<base href="https://example.org/">',
    '<link rel="stylesheet" href="https://example.org/x.css">',
    '<svg onload="alert(1)"></svg>',
    "<style>@import url(https://example.org/x.css);</style>",
    "<p style=\"background:url('https://example.org/x')\">a</p>",
    "```{raw} html\n<script>alert(1)</script>\n```",
    "```{eval-rst}\n.. include:: /etc/passwd\n```",
    "```{plot}\nimport os\n```",
]
FINE = [
    "```{include} _generated/results.md\n```",
    "```{include} /_generated/results.md\n```",
    "[page](../index.md) [outside](https://doi.org/10.1/x) <https://example.org> [mail](mailto:a@example.org)",
    "![picture](/_static/logo.svg) ![small](data:image/png;base64,AAAA)",
    "`{include} ../../../restricted/x` and a path ../../restricted in words",
    f"```text\n{{include}} {TEXT}\n<script>\n```",
    f"```{{code-block}} md\n[a]({TEXT}) <script>\n```",
    "```{kept-figure} demo.inventory.overview\n```",
    "```{list-table}\n* - a\n  - b\n```",
    "$x < y$ and $$a = b$$",
    '<details><summary>More</summary><p style="color: red">words</p></details>',
    '<a href="data/tables/demo.csv">CSV</a>',
    "```{raw} html\n<p>words</p>\n```",
]


def rules(text: str, page: str = "studies/x.md") -> set[str]:
    return {problem.rule for problem in text_problems(text, "book/studies/x.md", page)}


@pytest.mark.parametrize("text", READS)
def test_what_reads_outside_is_refused(text):
    assert INSIDE in rules(text)


@pytest.mark.parametrize("text", LEADS)
def test_what_leads_elsewhere_than_a_page_or_the_web_is_refused(text):
    assert ADDRESS in rules(text)


@pytest.mark.parametrize("text", RUNS)
def test_what_runs_is_refused(text):
    assert LIVE in rules(text)


@pytest.mark.parametrize("text", FINE)
def test_what_stays_inside_is_let_through(text):
    assert rules(text) == set()


def test_the_head_of_a_chapter_sets_nothing():
    head = "---\ntitle: A\nmyst:\n  enable_extensions: [substitution]\nmystnb:\n  execution_mode: force\n---\n# A\n"
    found = text_problems(head, "book/a.md", "a.md")
    assert [(p.place, p.found) for p in found] == [("book/a.md, line 3", "'myst'"), ("book/a.md, line 5", "'mystnb'")]


def test_the_chapters_of_this_compendium_keep_the_rule():
    assert reach_problems() == []


@pytest.mark.posix
def test_every_problem_is_told_with_its_line_before_anything_is_rendered(compendium, monkeypatch):
    monkeypatch.setattr(book, "_render", lambda *_: pytest.fail("nothing may be rendered"))
    (compendium / "book" / "studies" / "demo.md").write_text(EVIL, encoding="utf-8")
    (compendium / "book" / "methods.md").write_text("# Methods\n\n[a](javascript:alert(1))\n", encoding="utf-8")
    secret = compendium / "restricted" / "demo" / "d1.txt"
    os.symlink(secret, compendium / "book" / "linked.md")
    os.symlink(secret.parent, compendium / "book" / "folder")
    contents = compendium / "book" / "_toc.yml"
    contents.write_text(contents.read_text("utf-8") + "      - file: ../restricted/demo/d1\n", encoding="utf-8")
    settings = compendium / "book" / "_config.yml"
    more = "    html_static_path: [../restricted]\n    nb_execution_mode: force\n"
    settings.write_text(settings.read_text("utf-8") + more, encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book()
    places = [problem.place for problem in caught.value.problems]
    lines = [f"book/studies/demo.md, line {n}" for n in (3, 6, 10, 13, 15, 15, 15)]
    assert [place for place in places if "demo.md" in place] == lines
    assert {"book/methods.md, line 3", "book/linked.md", "book/folder"} <= set(places)
    last = len(contents.read_text("utf-8").splitlines())
    assert f"book/_toc.yml, line {last}" in places
    last = len(settings.read_text("utf-8").splitlines())
    assert [p for p in places if "_config" in p] == [f"book/_config.yml, line {n}" for n in (last - 1, last)]
    assert all(problem.found and problem.remedy for problem in caught.value.problems)


@pytest.mark.long
def test_a_form_that_the_lines_do_not_tell_reads_nothing_either(compendium, monkeypatch):
    monkeypatch.setattr(book_source, "reach_problems", lambda: [])
    more = f"\n```{{eval-rst}}\n.. csv-table:: x\n   :file: {TEXT}\n.. raw:: html\n   :url: http://127.0.0.1:9/x\n```\n"
    (compendium / "book" / "studies" / "demo.md").write_text(EVIL + more, encoding="utf-8")
    (compendium / "book" / "methods.md").write_text("# M\n\n<img src=x onerror=alert(1)>\n", encoding="utf-8")
    (compendium / "book" / "cite.md").write_text(f"# C\n\n![x](../{TEXT[3:]})\n", encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book()
    told = {(problem.place.split(",")[0], problem.rule) for problem in caught.value.problems}
    assert ("book/studies/demo.md", INSIDE) in told
    assert ("book/studies/demo.md", "while a page is read, nothing is started and nothing is fetched") in told
    assert ("book/methods.md", LIVE) in told
    assert any(place == "book/cite.md" for place, _ in told)
    assert not list((compendium / "results").rglob("*.html"))
    assert str(compendium) not in str(caught.value)


def test_notebooks_are_under_the_same_rule(compendium, monkeypatch):
    monkeypatch.setattr(book, "_render", lambda *_: pytest.fail("nothing may be rendered"))
    path = compendium / "results/runs/10_documents/demo/10_documents.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0]["source"] = ["# Documents\n", "\n", f"![x]({TEXT})\n"]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        build_book()
    assert [(p.place, p.rule) for p in caught.value.problems] == [
        ("notebook 10_documents (demo), cell 1, line 3", INSIDE)
    ]
    raw = {"cells": [{"cell_type": "raw", "source": "<script>", "metadata": {}}]}
    assert [p.found for p in notebook_problems(raw, "a", "a.ipynb")] == ["a raw cell"]


def test_addresses_are_read_as_a_browser_reads_them():
    assert broken_rule("\x01java\nscript:x", "a.md", loaded=False) == ADDRESS
    assert broken_rule("//example.org/x.png", "a.md", loaded=True) == INSIDE
    assert broken_rule("a/../../b", "c.md", loaded=True) == INSIDE
    assert broken_rule("a/../b", "c.md", loaded=True) == ""
    assert list(broken_html("<p>a &lt;script&gt; b</p>", "a.md")) == []


def nested(count):
    begins = [f"{'`' * (3 + count - n)}{{note}}" for n in range(count)]
    return "\n".join([*begins, "words", *("`" * (4 + n) for n in range(count))])


def test_what_lies_too_deep_is_one_message_that_says_the_rule():
    assert not text_problems(nested(20), "book/a.md", "a.md")
    for count in (22, 400):
        (problem,) = text_problems(nested(count), "book/a.md", "a.md")
        assert (problem.place, problem.rule) == ("book/a.md, line 21", "directives lie at most 20 deep in each other")
    (problem,) = text_problems(f"---\ntitle: {'[' * 5000}\n---\n\n# A\n", "book/a.md", "a.md")
    assert "deep" in problem.rule


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '{"cells": ' + "[" * 100_000,
        "[1]",
        "3",
        '{"cells": 3}',
        '{"cells": [3]}',
        '{"cells": [{"cell_type": "markdown", "source": [4]}]}',
        '{"cells": [], "metadata": 3}',
        "\ufeff{",
    ],
)
def test_a_file_that_is_no_notebook_is_one_message(content, tmp_path, monkeypatch):
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a.ipynb").write_text(content, encoding="utf-8")
    (problem,) = [each for each in reach_problems() if each.place == "book/a.ipynb"]
    assert problem.rule.startswith("a notebook ")
