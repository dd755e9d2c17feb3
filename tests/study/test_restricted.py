"""Text leaves restricted/ only where it is here, verified and released."""

import hashlib

import pytest

from crosscase.errors import CrosscaseError
from crosscase.study import load_study
from crosscase.study.restricted import add, quote, text_of


def test_released_and_present_text_is_shown(small, text):
    assert quote(load_study("small"), "one.txt", 0, 18).text == "Trust grew slowly."


def test_without_the_document_the_locator_stays(small):
    shown = quote(load_study("small"), "one.txt", 0, 18)
    assert shown.text is None
    assert shown.locator == "one.txt, 0-18"
    assert "not here" in shown.reason


@pytest.mark.parametrize("release", ["paraphrase", "none"])
def test_a_quotation_never_travels_further_than_its_permission(small, text, release):
    assert quote(load_study("small"), "one.txt", 0, 18, release).text is None
    path = small / "documents.csv"
    path.write_text(path.read_text().replace("verbatim", release))
    assert quote(load_study("small"), "one.txt", 0, 18, "verbatim").text is None


def test_a_changed_document_is_never_sliced(small, text):
    text.write_bytes(b"X" + text.read_bytes())
    with pytest.raises(CrosscaseError, match="SHA-256"):
        text_of(load_study("small"), "one.txt")


def test_content_decides_which_document_a_file_is(small, tmp_path, text):
    content = text.read_bytes()
    text.unlink()
    other = tmp_path / "downloaded (1).txt"
    other.write_bytes(content)
    assert add(load_study("small"), [other]) == ["one.txt"]
    assert text.read_bytes() == content


def test_a_foreign_file_is_refused_and_nothing_is_placed(small, tmp_path, text):
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_bytes(text.read_bytes())
    text.unlink()
    bad.write_text("another text")
    with pytest.raises(CrosscaseError, match=r"bad\.txt"):
        add(load_study("small"), [good, bad, tmp_path / "missing.txt"])
    assert not text.exists()


def test_no_path_leads_out_of_restricted(small, text):
    path = small / "documents.csv"
    path.write_text(path.read_text().replace("one.txt", "../../secret.txt"))
    with pytest.raises(CrosscaseError, match="stays inside"):
        text_of(load_study("small"), "../../secret.txt")


def test_what_has_no_text_is_verified_and_never_sliced(small):
    """A picture that is here: its segment keeps its locator, and a changed file is still refused."""
    picture = b"\x89PNG\r\n\x1a\n\xff\xfe"
    digest = hashlib.sha256(picture).hexdigest()
    table = small / "documents.csv"
    table.write_text(table.read_text() + f"two.png,A picture,picture,north,,{digest},verbatim\n")
    path = small.parents[2] / "restricted" / "small" / "two.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(picture)
    study = load_study("small")
    assert text_of(study, "two.png") is None
    shown = quote(study, "two.png", None, None)
    assert (shown.locator, shown.text, shown.reason) == ("two.png", None, "the document has no text")
    path.write_bytes(picture + b"x")
    with pytest.raises(CrosscaseError, match="SHA-256"):
        text_of(study, "two.png")


def test_a_text_that_is_no_text_is_a_message(small):
    content = b"caf\xe9"
    table = small / "documents.csv"
    digest = hashlib.sha256(content).hexdigest()
    table.write_text(table.read_text() + f"old.txt,Old,interview,north,4,{digest},verbatim\n")
    path = small.parents[2] / "restricted" / "small" / "old.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(CrosscaseError, match="byte 3"):
        text_of(load_study("small"), "old.txt")
