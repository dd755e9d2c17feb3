"""Words, their lines, terms, what stands beside them and where they occur, on texts that can be counted by hand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscase import concordance
from crosscase.concordance import collocations, kwic, occurrence, stop_words, terms, words
from crosscase.errors import CrosscaseError

LANGUAGES = [None, "en", "nl", "fr", "de", "es", "it", "pt", "no", "tr", "xx"]
TEXT = st.text(
    st.one_of(st.sampled_from("ab e'’-\n.\u0301\u00adé_1*中ไ"), st.characters(exclude_categories=("Cs",))), max_size=60
)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Don't co-operate", None, ["don't", "co-operate"]),
        ("l’hôpital d'aujourd'hui", "fr", ["l'", "hôpital", "d'", "aujourd'hui"]),
        ("dell'acqua", "it", ["dell'", "acqua"]),
        ("cafe\u0301 café", None, ["café", "café"]),
        ("कार्यक्रम शुरू", "hi", ["कार्यक्रम", "शुरू"]),
        ("多职业团队", "zh", list("多职业团队")),
        ("a_b 1.5", None, ["a", "b", "1", "5"]),
        ("-- ' ...", None, []),
        ("Zu\u00adsammen\u00adarbeit", "de", ["zusammenarbeit"]),
        ("İSTANBUL ISI", "tr", ["istanbul", "ısı"]),
        ("Straße STRASSE", "de", ["strasse", "strasse"]),
    ],
)
def test_what_a_word_is(text, language, found):
    assert words(text, language)["form"].tolist() == found


@given(text=TEXT, language=st.sampled_from(LANGUAGES))
def test_words_are_spans_of_their_text_in_order_and_apart(text, language):
    found = words(text, language)
    for row in found.itertuples():
        assert text[row.start : row.end].strip()
        assert concordance.words(text[row.start : row.end], language)["form"].tolist() == [row.form]
    assert (found["start"].to_numpy()[1:] >= found["end"].to_numpy()[:-1]).all()


@given(texts=st.dictionaries(st.sampled_from("abc"), TEXT), query=TEXT, language=st.sampled_from(LANGUAGES))
def test_lines_slice_to_their_match(texts, query, language):
    if not any(map(str.isalnum, query)) and "*" not in query:
        with pytest.raises(CrosscaseError, match="holds a word"):
            kwic(texts, query, language, 7)
        return
    found = kwic(texts, query, language, 7)
    order = {document: place for place, document in enumerate(texts)}
    places = [(order[row.document], row.start) for row in found.itertuples()]
    assert places == sorted(set(places))
    for row in found.itertuples():
        text = texts[row.document]
        assert row.match == text[row.start : row.end]
        assert len(row.left) == min(7, row.start)
        assert len(row.right) == min(7, len(text) - row.end)


@given(texts=st.dictionaries(st.sampled_from("abc"), TEXT), language=st.sampled_from(LANGUAGES))
def test_terms_add_up_to_the_words_and_each_is_found_as_often(texts, language):
    found = terms(texts, language)
    spoken = sum(any(map(str.isalpha, form)) for text in texts.values() for form in words(text, language)["form"])
    assert int(found["n"].sum()) == spoken if len(found) else spoken == 0
    for row in found.head(3).itertuples():
        lines = kwic(texts, row.term, language)
        assert len(lines) == row.n
        assert lines["document"].nunique() == row.n_documents


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("care", "en", ["Caring", "care", "cared"]),
        ("care", None, ["care"]),
        ("care", "xx", ["care"]),
        ('"care"', "en", ["care"]),
        ("“Caring”", "en", ["Caring"]),
        ("car*", None, ["Caring", "care", "cared"]),
        ("integrated care", "en", ["integrated, care"]),
        ("is *", "en", ["is integrated"]),
        ("nobody", "en", []),
    ],
)
def test_what_a_query_finds(query, language, found):
    text = "Caring is integrated, care\nwe cared"
    assert kwic({"d": text}, query, language)["match"].tolist() == found


def test_white_space_beside_a_match_is_a_space_and_its_width_is_kept():
    row = kwic({"d": "one\n\ttwo three"}, "two", width=3).iloc[0]
    assert (row["left"], row["match"], row["right"]) == ("e  ", "two", " th")


@pytest.mark.parametrize("query", ["", " ", "...", '""'])
def test_a_query_without_a_word_is_refused(query):
    for call in (kwic, collocations):
        with pytest.raises(CrosscaseError, match="a query holds a word"):
            call({"d": "text"}, query)
        with pytest.raises(CrosscaseError, match="a query holds a word"):
            call({}, query)


def test_terms_tell_what_they_are_typical_of():
    texts = {"a": "trust trust money x x x", "b": "trusted money money y y y", "c": "2020 money"}
    found = terms(texts, "en", groups={"a": "north", "b": "south"}).set_index("term")
    trust = found.loc["trust"]
    assert (trust["forms"], trust["n"], trust["n_documents"], trust["n_words"]) == ("trust;trusted", 3, 2, 14)
    assert (trust["group"], trust["n_group"], trust["n_words_group"]) == ("north", 2, 6)
    assert trust["per_1000"] == pytest.approx(3000 / 14)
    assert trust["log_ratio"] == pytest.approx(float(concordance.log_ratio(2, 1, 6, 8)))
    assert (found.loc["x", "reason"], pd.isna(found.loc["x", "log_ratio"])) == ("it stands nowhere else", True)
    assert "2020" not in found.index
    alone = terms({"a": "one two"}).iloc[0]
    assert alone["reason"] == "there is nothing to compare with"
    assert pd.isna(alone["log_likelihood"])


def test_languages_are_counted_apart_and_stop_words_stay_among_the_words():
    found = terms({"a": "die die trust", "b": "the die trust"}, {"a": "de", "b": "en"}, stop=stop_words("de"))
    assert found[["term", "language", "n", "n_words"]].values.tolist() == [
        ["the", "en", 1, 3],
        ["trust", "de", 1, 3],
        ["trust", "en", 1, 3],
    ]
    assert terms({"a": "the trust"}, "xx")["language"].isna().all()


def test_every_language_of_the_readers_has_stop_words_and_stems():
    for language in ("en", "nl", "fr", "de", "es", "it", "pt"):
        assert concordance.can_stem(language)
        assert len(stop_words(language)) >= 30
    assert "l'" not in stop_words("en")
    assert stop_words("xx") == stop_words(None) == frozenset()


def test_what_stands_beside_counts_each_place_once():
    text = "a trust b trust a. c c c c c c a"
    found = collocations({"d": text}, "trust", window=1, least=1).set_index("term")
    assert found.loc["b", ["n_near", "n_left", "n_right", "n", "n_query", "n_words"]].tolist() == [1, 1, 1, 1, 2, 10]
    assert found.loc["a", ["n_near", "n"]].tolist() == [2, 3]
    assert found.loc["a", "expected"] == pytest.approx(3 * 3 / 10)
    assert found.loc["a", "log_dice"] == pytest.approx(float(concordance.log_dice(2, 2, 3)))
    assert "c" not in found.index


@given(
    texts=st.dictionaries(st.sampled_from("abc"), st.text("ab \n", max_size=40), min_size=1), window=st.integers(1, 9)
)
def test_what_stands_beside_keeps_its_bounds(texts, window):
    found = collocations(texts, "a", window=window, least=1)
    for row in found.itertuples():
        assert row.n_near <= row.n_left + row.n_right
        assert max(row.n_left, row.n_right) <= row.n_near <= row.n
        assert row.log_dice <= 14 + 1e-9
    if len(found):
        assert int(found["n"].sum()) <= int(found["n_words"].iloc[0])


DOCUMENTS = pd.DataFrame(
    {
        "document": ["a", "b", "c", "d", "e", "f"],
        "case": ["north", "north", "south", "west", "all", None],
        "extractor": [None, None, None, "made of its coded segments", None, None],
    }
)
CASES = pd.DataFrame({"case": ["north", "south", "west", "east", "all"], "kind": [*["case"] * 4, "all"]})
TEXTS = {"a": "Trust, no money.", "b": "trusting", "d": "money", "e": "a word of money", "f": "nothing"}


def test_four_states_of_where_a_word_occurs():
    found = occurrence(TEXTS, ["trust", "money"], DOCUMENTS, "en", cases=CASES)
    states = found.set_index(["query", "unit", "id"])["state"].sort_index()
    assert states["trust", "document"].to_dict() == {
        "a": "present", "b": "present", "c": "not_stated", "d": "not_stated", "e": "absent", "f": "absent",
    }  # fmt: skip
    assert states["trust", "case"].to_dict() == {
        "north": "present", "south": "not_stated", "west": "not_stated", "east": "not_stated", "all": "not_stated",
    }  # fmt: skip
    assert states["money", "case"].to_dict() == {
        "north": "present", "south": "count", "west": "present", "east": "count", "all": "count",
    }  # fmt: skip


def test_rates_have_their_words_and_texts_beside_them():
    found = occurrence(TEXTS, "trust", DOCUMENTS, "en", cases=CASES).set_index(["unit", "id"])
    north = found.loc[("case", "north")]
    assert north[["n", "n_words", "n_documents", "n_with"]].tolist() == [2, 4, 2, 2]
    assert north["per_1000"] == pytest.approx(500)
    south = found.loc[("case", "south")]
    assert south[["n", "n_words", "per_1000"]].isna().all()
    assert south["n_documents"] == 0


def test_arguments_of_the_wrong_kind_are_refused_by_name():
    with pytest.raises(CrosscaseError, match="texts"):
        kwic(["a"], "b")
    with pytest.raises(CrosscaseError, match="width"):
        kwic({"a": "b"}, "b", width=-1)
    with pytest.raises(CrosscaseError, match="column case"):
        occurrence({}, "a", DOCUMENTS.drop(columns="case"))
