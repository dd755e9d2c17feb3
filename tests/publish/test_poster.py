"""The poster: one page, vector, readable from afar, the same bytes twice; nothing on it that nobody kept."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pdfplumber
import pytest

from crosscase import figures
from crosscase.errors import CrosscaseError
from crosscase.publish import poster
from crosscase.publish.poster_text import Run, kept_figure, read_poster
from crosscase.publish.recipes import dump_recipe
from crosscase.publish.values import Kept

ROOT = Path(__file__).resolve().parents[2]
STUDY = "nl-work-roadmap"
WORDS = """title: Work and care in regions
finding: >
  Law and funding decide whether a road map
  is followed to its end.
question: What helps and what hampers?
messages:
  - Of {value:nl-work-roadmap.relations.n|unit} most end in collaboration.
  - "A motive: {quote:nl-work-roadmap.q01}"
methods: Published in {given:2024}; {value:nl-work-roadmap.quotes.n|n} were indexed.
limits: Who said what is known by role label only.
url: https://example.org/crosscase
figures:
  - nl-work-roadmap.panels
  - id: nl-work-roadmap.bars
    caption: Direction, with {value:nl-work-roadmap.quotes.n} quotations.
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A compendium with the data of one study and no results yet."""
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    monkeypatch.delenv("CROSSCASE_RUN", raising=False)
    (tmp_path / "compendium.yml").write_text("title: test\n", encoding="utf-8")
    (tmp_path / "book" / "posters").mkdir(parents=True)
    shutil.copytree(ROOT / "data" / "dictionary", tmp_path / "data" / "dictionary")
    shutil.copytree(ROOT / "data" / "studies" / STUDY, tmp_path / "data" / "studies" / STUDY)
    return tmp_path


@pytest.fixture
def kept(home):
    """Kept records as notebooks leave them: two values, and two figures with their recipes."""
    run = home / "results" / "runs" / "50_cases" / STUDY / "figures"
    run.mkdir(parents=True)
    origin = {"run": f"50_cases/{STUDY}", "notebook": "50_cases", "study": STUDY, "parameters": {}}
    values, drawn = {}, {}
    for name, number, unit in (("relations.n", 34, "influences"), ("quotes.n", 21, "quotations")):
        key = f"{STUDY}.{name}"
        about = f"{unit} in the article"
        values[key] = {
            "id": key,
            "value": number,
            "text": str(number),
            "unit": unit,
            "n": 7,
            "about": about,
            "reason": "",
        }
    themes = pd.DataFrame({"case": ["A", "B"], "theme": ["Money", "Trust"], "valence": ["inhibits", "promotes"]})
    bars = pd.DataFrame({"item": ["Money"] * 2, "valence": ["inhibits", "promotes"], "n": [3, 1]})
    plots = {"panels": figures.case_valence_panels(themes), "bars": figures.valence_bars(bars)}
    for name, drawing in plots.items():
        key = f"{STUDY}.{name}"
        (run / f"{key}.json").write_text(dump_recipe(drawing), encoding="utf-8")
        drawn[key] = {"id": key, "alt": f"Picture of {name}.", "caption": f"What {name} show."}
    return Kept(
        {key: record | origin for key, record in values.items()},
        {},
        {key: record | origin for key, record in drawn.items()},
    )


def write(home: Path, words: str) -> Path:
    path = home / "book" / "posters" / f"{STUDY}.yml"
    path.write_text(words, encoding="utf-8")
    return path


def test_words_come_from_kept_values_and_the_quotation_index(home, kept):
    text = read_poster(STUDY, write(home, WORDS), kept)
    assert text.title == "Work and care in regions"
    assert (
        "".join(run.text for run in text.finding) == "Law and funding decide whether a road map is followed to its end."
    )
    assert text.messages[0][1] == Run("34\u00a0influences", "value", f"{STUDY}.relations.n")
    assert text.messages[1][1].kind == "quote"
    assert text.messages[1][1].text.endswith("(paraphrase)")
    assert "".join(run.text for run in text.methods) == "Published in 2024; 21 (n\u00a0=\u00a07) were indexed."
    assert [figure.id for figure in text.figures] == [f"{STUDY}.panels", f"{STUDY}.bars"]


@pytest.mark.parametrize(
    ("old", "new", "line", "part"),
    [
        ("relations.n|unit", "relations.m|unit", 7, "kept value"),
        ("quotes.n|n}", "quotes.n|N}", 9, "after the bar"),
        ("nl-work-roadmap.q01", "nl-work-roadmap.q99", 8, "quotation index"),
        ("{quote:nl-work-roadmap.q01}", "{quote:no-such-study.q01}", 8, "begins with a study"),
        ("  - nl-work-roadmap.panels", "  - nl-work-roadmap.panel", 13, "kept figure"),
        ("limits:", "limit:", 10, "only known keys"),
        ("    caption:", "    legend:", 15, "only known keys"),
        ("is followed to its end", "is followed in 3 steps", 4, "'3'"),
        ("is followed to its end", "is followed by none", 4, "'none'"),
        ("Work and care in regions", "Work and care in four regions", 1, "'four'"),
        ("{quote:nl-work-roadmap.q01}", "{finding:nl-work-roadmap.no}", 8, "the id is that of a finding"),
        ("{given:2024}", "{year:2024}", 9, "role is known"),
        ("{given:2024}", "{given:2024", 9, "braces"),
        ("question: What helps and what hampers?", "question: [a, b]", 5, "is text"),
        ("url: https", "url: [https", 12, "YAML"),
        ("title: Work and care in regions\n", "", 1, "has a title"),
        ("Work and care in regions", "Work and care " * 12, 1, "at most"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(home, kept, old, new, line, part):
    assert old in WORDS
    with pytest.raises(CrosscaseError) as caught:
        read_poster(STUDY, write(home, WORDS.replace(old, new)), kept)
    told = [str(problem) for problem in caught.value.problems if part in str(problem)]
    assert told, str(caught.value)
    assert f"book/posters/{STUDY}.yml, line {line}" in told[0]


def test_all_problems_are_told_at_once(home, kept):
    words = WORDS.replace("relations.n", "relations.m").replace("q01", "q99").replace("limits:", "limit:")
    with pytest.raises(CrosscaseError) as caught:
        read_poster(STUDY, write(home, words), kept)
    assert len(caught.value.problems) == 3


def test_a_quotation_that_may_not_be_shown_stops_the_poster(home, kept):
    table = home / "data" / "studies" / STUDY / "quotations.csv"
    lines = table.read_text(encoding="utf-8").split("\n")
    lines[1] = re.sub(r"paraphrase$", "none", lines[1])
    table.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CrosscaseError, match="release none is never printed"):
        read_poster(STUDY, write(home, WORDS), kept)


def test_a_poster_is_one_a0_page_of_vectors_with_embedded_fonts(home, kept):
    write(home, WORDS)
    (path,) = poster.build_posters(None, kept)
    assert path == home / "results" / "poster" / f"{STUDY}.pdf"
    with pdfplumber.open(path) as pdf:
        (page,) = pdf.pages
        assert float(page.width) == pytest.approx(841 / 25.4 * 72, abs=0.1)
        assert float(page.height) == pytest.approx(1189 / 25.4 * 72, abs=0.1)
        assert not page.images
        assert all("DejaVuSans" in name for name in {char["fontname"] for char in page.chars})
        said = " ".join(page.extract_text(x_tolerance_ratio=0.25).split())
        sizes = {round(char["size"]) for char in page.chars}
    assert "34 influences most end in collaboration" in said.replace("\u00a0", " ")
    assert "Coded by language models from one codebook" in said
    assert "Licence: CC BY 4.0" in said
    assert min(sizes) >= 24
    assert max(sizes) >= 100
    assert path.with_suffix(".png").read_bytes()[:4] == b"\x89PNG"


def test_body_text_is_read_from_one_and_a_half_metres():
    assert min(size for _, size, _ in poster.LAYOUTS) >= 30


@pytest.mark.parametrize(("page", "ratio"), [("a0", 1189 / 841), ("a1", 841 / 594), ("eposter", 16 / 9)])
def test_pages_have_their_shape_and_the_same_bytes_twice(home, kept, page, ratio):
    write(home, WORDS)
    text = poster.poster_text(STUDY, kept)
    first = poster.build_poster(text, home / "a.pdf", page=page).read_bytes()
    assert poster.build_poster(text, home / "b.pdf", page=page).read_bytes() == first
    assert (home / "a.png").read_bytes() == (home / "b.png").read_bytes()
    with pdfplumber.open(home / "a.pdf") as pdf:
        assert float(pdf.pages[0].height / pdf.pages[0].width) == pytest.approx(ratio, rel=1e-3)


def test_an_unknown_page_is_refused(home, kept):
    with pytest.raises(CrosscaseError, match="a0, a1, eposter"):
        poster.printed(kept, page="a9")


def test_figures_are_drawn_from_their_recipes_at_the_size_of_a_poster(kept):
    for name in ("panels", "bars"):
        drawn = kept_figure(f"{STUDY}.{name}", kept)
        assert drawn.width == pytest.approx(figures.POSTER_COLUMN * 72, rel=1e-6)
        assert drawn.alt
    kept.path("figures", f"{STUDY}.bars", "json").unlink()
    with pytest.raises(CrosscaseError, match="has a recipe"):
        kept_figure(f"{STUDY}.bars", kept)


def test_a_study_without_a_poster_file_gets_one_made_from_itself(home, kept):
    text = poster.poster_text(STUDY, kept)
    assert "".join(run.text for run in text.messages[0]) == "34 influences in the article"
    assert len(text.figures) == 2
    (path,) = poster.build_posters([STUDY], kept)
    assert path.is_file()


@pytest.mark.parametrize(
    ("lacking", "said"), [("the authors", "Authors not in the file we hold"), ("the title", "Authors not stated in")]
)
def test_authors_that_only_our_file_lacks_are_not_said_to_be_missing_from_the_publication(home, kept, lacking, said):
    path = home / "data" / "studies" / STUDY / "study.yml"
    told = path.read_text(encoding="utf-8")
    told = re.sub(r"^authors:\n(- .*\n)+", "", told, flags=re.MULTILINE) + f"not_in_file:\n- {lacking}\n"
    path.write_text(told, encoding="utf-8")
    byline = poster.poster_text(STUDY, kept).byline
    assert byline.startswith(said)
    assert byline.endswith("; the headline is ours")


def test_too_much_for_one_page_is_said_and_shortened_only_where_nobody_chose(home, kept):
    text = poster.poster_text(STUDY, kept)
    text.figures = text.figures * 9
    with pytest.raises(CrosscaseError, match=r"mm too tall"):
        poster.build_poster(text, home / "x.pdf")
    assert poster.build_poster(text, home / "x.pdf", shorten=True).is_file()


def test_contents_lists_every_value_quotation_and_figure(home, kept):
    write(home, WORDS)
    result = poster.printed(kept)
    table = result.frame
    assert set(table["kind"]) == {"value", "quote", "figure"}
    assert list(table.loc[table["kind"].eq("figure"), "id"]) == [f"{STUDY}.panels", f"{STUDY}.bars"]
    assert table["poster"].unique().tolist() == [STUDY]
    assert result.sentence == "Kept by notebooks and printed on 1 poster: 3 values, 1 quotation and 2 figures."
    assert {value.id: value.value for value in result.values} == {"posters.n": 1, "items.n": len(table)}


def test_before_the_other_notebooks_it_says_what_to_run_first(home):
    assert "run them first (crosscase build)" in poster.printed(Kept()).sentence


def test_text_of_a_study_is_never_markup(home, kept):
    hostile = WORDS.replace("What helps and what hampers?", "'#panic(\"x\") $x$ *bold* <a> @ref \\ // [b]'")
    write(home, hostile)
    (path,) = poster.build_posters(None, kept)
    with pdfplumber.open(path) as pdf:
        assert '#panic("x")' in pdf.pages[0].extract_text(x_tolerance_ratio=0.25)


def test_there_is_no_qr_code_without_an_address(home, kept):
    write(home, WORDS.replace("url: https://example.org/crosscase\n", ""))
    text = poster.poster_text(STUDY, kept)
    assert text.url == ""
    with_url = poster.build_posters(None, kept, url="https://example.org/x")[0].read_bytes()
    without = poster.build_posters(None, kept)[0].read_bytes()
    assert with_url != without


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "/etc/passwd", "a b"])
def test_a_poster_leads_to_the_web_and_nowhere_else(home, kept, url):
    with pytest.raises(CrosscaseError) as caught:
        read_poster(STUDY, write(home, WORDS.replace("https://example.org/crosscase", f'"{url}"')), kept)
    assert [problem.place for problem in caught.value.problems] == [f"book/posters/{STUDY}.yml, line 11"]
    with pytest.raises(CrosscaseError, match="begins with http or https"):
        poster.build_posters(None, kept, url=url)


@pytest.mark.posix
def test_a_poster_file_that_lies_elsewhere_is_not_read(home, kept, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere") / "secret.yml"
    secret.write_text(WORDS, encoding="utf-8")
    path = home / "book" / "posters" / f"{STUDY}.yml"
    path.symlink_to(secret)
    with pytest.raises(CrosscaseError, match="a link that leads out of it"):
        read_poster(STUDY, path, kept)


def test_words_of_a_poster_are_no_commands_of_the_typesetter(home, kept):
    attack = '#read("/etc/passwd") #import "x.typ": * $sum$ #eval("1") <img src=x onerror=alert()> *b* \\u{41}'
    text = read_poster(STUDY, write(home, WORDS), kept)
    text.finding = text.question = text.methods = (Run(attack),)
    text.title, text.byline, text.footer = "#panic()", "@label", [attack]
    made = poster.build_poster(text, home / "results" / "poster" / "p.pdf", shorten=True)
    with pdfplumber.open(made) as document:
        said = " ".join((document.pages[0].extract_text() or "").split())
        assert "root:" not in said
        assert "#panic()" in said
        assert not [each["uri"] for each in document.pages[0].hyperlinks if not each["uri"].startswith("https://")]
        who = {str(value) for key, value in document.metadata.items() if key in ("Author", "Creator", "Producer")}
    import getpass

    assert not [each for each in who if getpass.getuser() == each]
