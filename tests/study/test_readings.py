"""What is read in the embedded studies: no direction that a source does not give, nothing on silence, all told."""

import re
from pathlib import Path

import pandas as pd
import pytest

from crosscase.ids import split
from crosscase.publish.findings import ACROSS, addresses
from crosscase.study import list_studies, load_study
from crosscase.study.argument import typed_numbers
from crosscase.study.examples import load_example
from crosscase.study.shared import load_shared

ROOT = Path(__file__).resolve().parents[2]
STUDIES = sorted(path.parent.name for path in (ROOT / "data" / "studies").glob("*/study.yml"))
DIRECTIONS = {"barrier": "inhibits", "facilitator": "promotes"}
WORD = re.compile(r"[^\W_]+")
RUN = 6
"""Words in a row that a paraphrase may not share with its document."""
RULED = "## What the themes say"


@pytest.fixture(autouse=True)
def home(monkeypatch):
    monkeypatch.setenv("CROSSCASE_HOME", str(ROOT))


@pytest.fixture(params=STUDIES)
def study(request):
    return load_study(request.param)


def test_the_studies_are_the_ones_of_the_compendium():
    assert list_studies() == STUDIES
    assert len(STUDIES) == 5


def test_no_direction_where_the_sign_of_a_relation_is_unknown(study):
    unsigned = study.relations[study.relations["sign"].eq("?")]
    directed = dict(zip(study.themes["theme"], study.themes["valence"]))
    spans = {theme: set(split(cell)) for theme, cell in zip(study.themes["theme"], study.themes["spans"])}
    mapped = study.framework_map.groupby("theme")["direction"].agg(set).to_dict()
    for relation in unsigned.to_dict("records"):
        source = relation["source"]
        if spans.get(source, set()) <= set(split(relation["spans"])):  # the theme says no more than the relation
            assert directed.get(source) not in ("inhibits", "promotes"), relation["relation"]
            assert not mapped.get(source, set()) & set(DIRECTIONS), relation["relation"]


def test_no_theme_has_a_direction_against_its_own_note(study):
    noted = study.themes.dropna(subset=["valence_note"])
    for theme in noted.to_dict("records"):
        said = {word for word in ("inhibit", "promote", "condition") if word in theme["valence_note"]}
        if {"inhibit", "promote"} <= said:
            assert theme["valence"] == "ambivalent", theme["theme"]
        assert len(said) < 2 or theme["valence"] in ("ambivalent", "condition"), theme["theme"]


def test_a_theme_and_its_place_in_a_framework_point_the_same_way(study):
    valence = dict(zip(study.themes["theme"], study.themes["valence"]))
    for row in study.framework_map.to_dict("records"):
        theme, wanted = row["theme"], DIRECTIONS.get(row["direction"])
        if wanted and valence.get(theme) in DIRECTIONS.values():
            assert valence[theme] == wanted, theme


def test_no_condition_or_outcome_rests_on_silence(study):
    cells = load_example("configuration_cells")
    status = dict(zip(study.facts["fact"], study.facts["status"]))
    for cell in cells[cells["study"].eq(study.name)].to_dict("records"):
        assert status[cell["fact"]] in ("stated", "derived"), cell
    # a study of chronic disease says nothing of mental health care, and networks not yet mature may have come together
    if study.name.startswith("be-"):
        mine = cells[cells["study"].eq(study.name)]
        doubtful = {("be-chronic-care-pilots", "MENTAL"), ("be-mentally-ill-offenders", "GREW")}
        assert not doubtful & set(zip(mine["study"], mine["condition"]))


def test_every_segment_has_one_sentence_of_ours(study):
    places = ["document", "start", "end"]
    coded = pd.concat([study.codings, study.primary_codings()])[places].drop_duplicates()
    said = study.paraphrases.set_index(places)["paraphrase"]
    missing = [tuple(each) for each in coded.itertuples(index=False) if tuple(each) not in said.index]
    assert not missing
    for place, sentence in said.items():
        assert len(sentence.split()) >= 5, place
        assert sentence[0].isupper() or not sentence[0].isalpha(), place
        assert sentence.endswith("."), place


def test_no_paraphrase_repeats_its_document(study):
    seeds = ROOT.parent / "shared" / "seeds"
    if not seeds.is_dir():
        pytest.skip("the documents are not here")
    names = set(study.codings.loc[study.codings["code"].eq("bibliographic"), "start"])
    for document, start, sentence in study.paraphrases[["document", "start", "paraphrase"]].itertuples(index=False):
        words = WORD.findall((seeds / document).read_text(encoding="utf-8").lower())
        known = {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}
        said = WORD.findall(sentence.lower())
        runs = [said[at : at + RUN] for at in range(len(said) - RUN + 1) if tuple(said[at : at + RUN]) in known]
        assert start in names or not runs, (start, runs)


def test_every_correction_is_a_dated_round_of_adjudication_with_its_reason(study):
    decided = study.adjudications
    assert len(decided)
    assert decided["round"].str.fullmatch(r"adjudication-\d{4}-\d{2}-\d{2}").all()
    assert decided["paragraph"].notna().all()
    assert decided["reason"].str.split().str.len().ge(5).all()
    assert not set(decided["decided_by"]) & set(study.codings["coder"])


def test_every_finding_says_what_speaks_against_it(study):
    argument = study.argument
    assert len(argument) >= 5
    assert argument["against"].notna().mean() >= 0.5
    assert (argument["against"].notna() | argument["looked_for"].notna()).all()


def test_each_sentence_of_what_the_themes_say_is_tied_to_its_segments(study):
    chapter = (ROOT / "book" / "studies" / f"{study.name}.md").read_text(encoding="utf-8")
    _, _, rest = chapter.partition(f"{RULED}\n")
    told = re.split(r"^## ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    prose = re.sub(r"^(```|:::).*?^\1$", "", told, flags=re.MULTILINE | re.DOTALL)
    words = re.sub(r"\*\*.*?\*\*", "", re.sub(r"\{(?!from)\w+\}`[^`]+`", "X", prose))
    sentences = [each for each in re.split(r"(?<=[.!?])\s+", words.strip()) if each]
    assert len(sentences) >= 6
    assert [each for each in sentences if "{from}" not in each] == []
    standing = set(study.standing_codings()["coding_id"])
    for cell in re.findall(r"\{from\}`([^`]+)`", prose):
        assert {coding for _, coding in addresses(cell)} <= standing, cell


@pytest.mark.parametrize("poster", [*STUDIES, ACROSS])
def test_a_poster_is_headed_by_a_finding(poster):
    text = (ROOT / "book" / "posters" / f"{poster}.yml").read_text(encoding="utf-8")
    (head,) = re.findall(r"^finding: (.+)$", text, flags=re.MULTILINE)
    owner, _, finding = head.strip("\"'").removeprefix("{finding:").removesuffix("}").partition(".")
    assert owner == poster
    argument = load_shared("argument_across") if owner == ACROSS else load_study(owner).argument
    assert finding in set(argument["finding"])


def test_no_headline_holds_a_number_that_somebody_typed():
    for path in (ROOT / "book" / "studies").glob("*.md"):
        for head in re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert not typed_numbers(head), (path.name, head)
