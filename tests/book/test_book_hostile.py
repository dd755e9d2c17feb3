"""The whole book of one imported study in which every name is an attack: all of it text, none a tag."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import etree, html

from crosscase.publish.book_policy import OURS, SCRIPT, policy, protect

ROOT = Path(__file__).parents[2]
TITLE = (
    '<img src=x onerror=alert(5)>"><svg onload=alert(6)><x-evil data-evil="1">\u202e$\\href{javascript:alert(7)}{x}$'
)
FORMULA = "# How to cite\n\nWords and $x^2 < y$.\n\n$$\nz = \\frac{1}{2}\n$$\n"
OTHER = "nl-work-roadmap"  # a second study beside it, so that the book is one of some studies alone
SCHEMES = {"", "http", "https", "mailto"}
TAGS = {"x-evil", "iframe", "object", "embed", "base", "frame", "applet", "marquee", "foreignobject"}

pytestmark = pytest.mark.long


def hostile_project(path: Path) -> Path:
    """Write the project, its name the worst of all."""
    with zipfile.ZipFile(Path(__file__).with_name("labels_and_formulas.qdpx")) as archive:
        project = archive.read("project.qde").decode("utf-8")
    name = TITLE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    project = re.sub(r'<Project name="[^"]*"', lambda _: f'<Project name="{name}"', project, count=1)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("project.qde", project)
    return path


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A compendium into which the project was imported, with everything built."""
    root = tmp_path_factory.mktemp("hostile") / "compendium"
    for part in ("notebooks", "book", "data/dictionary", "data/frameworks", f"data/studies/{OTHER}"):
        shutil.copytree(ROOT / part, root / part)
    shutil.copyfile(ROOT / "requirements.lock", root / "requirements.lock")
    plan = yaml.safe_load((ROOT / "compendium.yml").read_text(encoding="utf-8"))
    plan["notebooks"] = [
        {key: value for key, value in each.items() if key != "studies"}
        for each in plan["notebooks"]
        if each["per"] == "study"
    ]
    (root / "compendium.yml").write_text(yaml.safe_dump(plan), encoding="utf-8")
    (root / "book" / "cite.md").write_text(FORMULA, encoding="utf-8")
    environment = os.environ | {"CROSSCASE_HOME": str(root), "CI": "true"}
    project = hostile_project(root.parent / "evil.qdpx")
    for arguments in (["import", str(project), "--study", "evil"], ["build", "--study", "evil"]):
        command = [sys.executable, "-m", "crosscase", *arguments]
        done = subprocess.run(command, env=environment, cwd=root, capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture(scope="module")
def pages(hostile: Path) -> dict[str, html.HtmlElement]:
    """Every page of the book, read as a browser reads it."""
    folder = hostile / "results" / "book"
    parser = html.HTMLParser(encoding="utf-8")
    return {
        path.relative_to(folder).as_posix(): html.document_fromstring(path.read_bytes(), parser=parser)
        for path in folder.rglob("*.html")
    }


def test_no_tag_and_no_attribute_of_any_page_comes_from_a_name(pages):
    assert {"index.html", "search.html", "genindex.html", "studies/evil.html", "results.html"} <= pages.keys()
    for name, tree in pages.items():
        for element in tree.iter(etree.Element):
            assert element.tag.lower() not in TAGS, (name, element.tag)
            for attribute, value in element.attrib.items():
                assert not re.match(r"on|srcdoc$|data-evil|formaction", attribute), (name, element.tag, attribute)
                if attribute in ("href", "src", "action", "xlink:href"):
                    plain = "".join(value.split()).lower()
                    picture = element.tag == "img" and plain.startswith("data:image/png;base64,")
                    assert picture or urlsplit(plain).scheme in SCHEMES, (name, value)
                    assert plain != "x", name
            if element.tag == "script" and not element.get("src"):
                assert OURS.fullmatch(element.text or ""), (name, element.text)
            if element.tag == "svg":
                assert element.getparent().tag != "h1", name
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", html.tostring(tree, encoding="unicode")), name


def test_the_name_of_the_project_is_read_as_text_on_the_first_page(pages):
    shown = " ".join(pages["index.html"].xpath("//article//h1")[0].text_content().split())
    assert shown.startswith("<img src=x onerror=alert(5)>”><svg onload=alert(6)><x-evil data-evil=”1”>$")
    home = pages["results.html"].find_class("bd-sidenav__home-link")[0]
    assert "<img src=x onerror=alert(5)>" in home.text_content()


def test_no_markup_of_a_name_was_carried_out(hostile, pages):
    said = {name: tree.text_content() for name, tree in pages.items()}
    assert not any("root:x:0" in text for text in said.values())
    chapter = pages["studies/evil.html"]
    assert not [a.get("href") for a in chapter.iter("a") if "alert(" in (a.get("href") or "")]
    assert "{{ 7*7 }}" in said["studies/evil.html"]


def test_headings_in_the_search_index_are_text_where_the_search_shows_them(hostile):
    text = (hostile / "results" / "book" / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    shown = [*index["titles"], *index["alltitles"], *index["docnames"], *index["filenames"]]
    assert any("&lt;img" in each for each in index["alltitles"])
    for each in shown:
        assert not list(html.fragment_fromstring(each, create_parent=True).iterdescendants()), each


def test_drawings_hold_no_program_and_lead_nowhere(hostile):
    drawings = [path for folder in ("book", "runs") for path in (hostile / "results" / folder).rglob("*.svg")]
    assert drawings
    for path in drawings:
        for element in etree.parse(io.BytesIO(path.read_bytes())).iter(etree.Element):
            name = etree.QName(element).localname.lower()
            assert name not in {"script", "foreignobject", "iframe", "a", "x-evil"}, (path, name)
            for attribute, value in element.attrib.items():
                local = etree.QName(attribute).localname.lower()
                assert not local.startswith("on"), (path, attribute)
                fine = value.startswith("#") or value.startswith("data:image/png")
                assert local != "href" or fine or element.tag.endswith("}resource"), (path, value)


def test_every_page_has_a_policy_that_allows_the_books_own_scripts_alone(pages):
    for name, tree in pages.items():
        found = tree.xpath('//head/meta[@http-equiv="Content-Security-Policy"]/@content')
        assert len(found) == 1, name
        assert found[0].startswith("default-src 'none'; script-src 'self' 'sha256-"), name
        assert "unsafe-eval" not in found[0]
        assert "script-src 'unsafe-inline'" not in found[0]
        before = [each.tag for each in tree.find("head").iterchildren() if each.tag == "script"]
        head = [each.tag for each in tree.find("head").iterchildren()]
        assert not before or head.index("script") > 1, name


def test_a_script_that_is_not_the_renderers_gets_no_permission(tmp_path):
    page = "<meta charset=\"utf-8\" /><script>let toggleHintShow = 'Show';</script><script>alert(1)</script>"
    words, strange = policy(page)
    assert words.count("sha256-") == 1
    assert strange == ["alert(1)"]
    assert not any(OURS.fullmatch(each) for each in ("alert(1)", "DOCUMENTATION_OPTIONS.pagename = 'a';alert(1);'';"))
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    assert protect(tmp_path) == ["a.html: alert(1)"]
    assert len(SCRIPT.findall((tmp_path / "a.html").read_text(encoding="utf-8"))) == 2


@pytest.mark.browser
def test_in_a_browser_nothing_runs_and_no_page_breaks_its_policy(visit, hostile, pages):
    folder = hostile / "results" / "book"
    for name in sorted(pages):
        visit.page.goto((folder / name).as_uri())
        visit.page.wait_for_timeout(50)
        assert visit.page.eval_on_selector_all("x-evil, img[src='x'], svg[onload]", "all => all.length") == 0, name
    for words in ("alert", "onerror", "script", "evil"):
        visit.page.goto(f"{(folder / 'search.html').as_uri()}?q={words}")
        visit.page.wait_for_selector("#search-results ul.search li a", timeout=60_000)
        visit.page.wait_for_timeout(300)
        assert visit.page.eval_on_selector_all("#search-results img, #search-results svg", "all => all.length") == 0
    assert visit.dialogs == []
    assert visit.complaints == []
    assert visit.outside == []


@pytest.mark.browser
def test_formulas_are_set_offline_and_only_where_a_chapter_writes_one(visit, hostile):
    visit.page.goto((hostile / "results" / "book" / "cite.html").as_uri())
    visit.page.wait_for_selector("article mjx-container", timeout=60_000)
    visit.page.wait_for_timeout(300)
    inside = "all => all.map(each => !!each.closest('.math'))"
    assert visit.page.eval_on_selector_all("mjx-container", inside) == [True, True]
    assert visit.page.eval_on_selector_all("a[href^=javascript]", "all => all.length") == 0
    assert visit.complaints == []


@pytest.mark.browser
def test_the_policy_stops_a_script_that_gets_into_a_page_all_the_same(visit, hostile, tmp_path):
    folder = tmp_path / "book"
    shutil.copytree(hostile / "results" / "book", folder)
    page = folder / "index.html"
    text = page.read_text(encoding="utf-8")
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script><iframe src='javascript:alert(3)'></iframe>"
    page.write_text(text.replace("<article", f"{attack}<article", 1), encoding="utf-8")
    visit.page.goto(page.as_uri())
    visit.page.wait_for_timeout(500)
    assert visit.dialogs == []
    assert len([each for each in visit.complaints if "Content Security Policy" in each]) >= 3
