"""What the gate lets through, what it says, and that it costs nothing where no text is at hand."""

from __future__ import annotations

import shutil

import pytest

from crosscase import paths
from crosscase.errors import CrosscaseError
from crosscase.exchange.framework_sheet import export_framework
from crosscase.release import gate
from crosscase.release.at_hand import state
from crosscase.release.gate import check_files, current, put_file, told_safely
from crosscase.release.letters import letters
from crosscase.release.unreleased import Unreleased, unreleased
from crosscase.study import load_study, save_study


def save(study, **frames):
    names = ("cases", "documents", "codebook", "codings", "themes", "roles", "quotations", "facts")
    save_study(study.name, study.info, {name: study.table(name) for name in names} | frames, replace=True)


def refused(text, name="a.txt"):
    with pytest.raises(CrosscaseError) as caught:
        check_files([(name, text.encode())])
    return caught.value.problems


def test_texts_that_are_released_go_out_and_others_do_not(compendium, passage):
    assert list(unreleased().texts) == [("demo", "d1.txt")]
    check_files([("a.txt", b"Trust came first. Money came late.\nThe board said little.")])
    problem = refused(f"One.\n\n{passage}")[0]
    assert problem.place == "a.txt, line 3"
    assert problem.found == "90 characters of d1.txt (demo), from character 24 on"
    assert "documents.csv" in problem.remedy


def test_the_message_never_holds_the_words(compendium, passage):
    text = "\n".join(str(problem) for problem in refused(passage * 30, f"{passage[:30]}.txt"))
    assert passage[31:60] not in text


def test_a_passage_is_a_passage_in_whichever_study_it_is_printed(compendium, passage):
    assert refused(passage, "results/runs/50_cases/plain/x.csv")[0].found.endswith("(demo), from character 24 on")


def test_a_permission_that_is_given_or_taken_back_counts_at_once(compendium, passage):
    refused(passage)
    study = load_study("demo")
    documents = study.documents
    documents.loc[0, "release"] = "verbatim"
    save(study, documents=documents)
    check_files([("a.txt", passage.encode())])
    documents.loc[0, "release"] = "none"
    save(load_study("demo"), documents=documents)
    refused(passage)


def test_titles_names_and_terms_may_stand_and_sentences_may_not(compendium, passage):
    title, label = passage[:50], passage[44:]
    study = load_study("demo")
    documents, codebook, facts, codings = study.documents, study.codebook, study.facts, study.codings
    documents["citation"] = [f"Ann, {title}, 2018", None]
    save(study, documents=documents)
    check_files([("a.txt", f"1 {title} 2".encode())])
    assert refused(passage)[0].found.startswith("88 characters")
    codebook["label"] = [label, "Money"]
    save(load_study("demo"), codebook=codebook)
    check_files([("a.txt", passage.encode())])
    codebook["label"], codebook["definition"] = ["Trust", "Money"], [passage, passage]
    codings["memo"] = passage
    facts["value"] = f"It is said that {passage}, and that this was so in each of the towns."
    save(load_study("demo"), codebook=codebook, codings=codings, facts=facts, documents=study.documents)
    refused(passage)
    refused(title)


def test_what_one_study_calls_itself_opens_no_text_of_another(compendium, passage):
    study = load_study("plain")
    study.info = study.info.model_copy(update=dict.fromkeys(("title", "question", "design"), passage))
    codebook, facts = study.codebook, study.facts
    codebook["label"], facts["value"] = passage, passage
    save(study, codebook=codebook, facts=facts)
    assert refused(passage)[0].found.startswith("88 characters")


def test_a_study_that_repeats_a_text_and_names_it_opens_nothing(compendium, passage):
    text = (paths.restricted() / "demo" / "d1.txt").read_bytes().decode()
    twice = Unreleased({("a", "d1.txt"): text, ("demo", "d1.txt"): text}, {"a": [letters(passage)]})
    assert gate.Gate(twice).problems([("a.txt", passage.encode())])


def test_names_that_are_not_public_may_stand_where_they_are_shown_and_only_as_names(compendium, passage):
    study = load_study("demo")
    study.info = study.info.model_copy(update={"public": [], "title": passage})
    documents, codebook, facts = study.documents, study.codebook, study.facts
    documents["title"], codebook["label"] = passage[:50], passage[44:]
    save(study, documents=documents, codebook=codebook)
    check_files([("a.txt", passage.encode())])
    with paths.at_level("public"):
        assert refused(passage)[0].found.startswith("88 characters")

    text = (paths.restricted() / "demo" / "d1.txt").read_bytes().decode()
    long = text[text.index(passage) : text.index(" ropes")]
    study.info = study.info.model_copy(update=dict.fromkeys(("title", "question", "design"), long))
    documents["title"], documents["citation"], codebook["label"] = long, passage, long
    facts["value"], facts["source"] = passage, passage
    save(study, documents=documents, codebook=codebook, facts=facts)
    assert refused(passage)[0].found.startswith("88 characters")


def test_the_question_of_a_study_may_stand_where_all_of_it_is_public(compendium, passage):
    study = load_study("demo")
    study.info = study.info.model_copy(update={"question": passage})
    save(study)
    check_files([("a.txt", passage.encode())])
    study.info = study.info.model_copy(update={"public": ["study.question"]})
    save(study)
    refused(passage)


def test_where_the_words_came_from_is_told_too(compendium, passage, tmp_path):
    chapter = compendium / "book" / "studies" / "demo.md"
    chapter.write_text(f"# A\n\n{passage}\n", encoding="utf-8")
    with pytest.raises(CrosscaseError) as caught:
        check_files([("results/book/x.html", passage.encode())], [compendium / "book"])
    assert [p.place for p in caught.value.problems] == ["book/studies/demo.md, line 3", "results/book/x.html"]


def test_many_places_are_counted_not_listed(compendium, passage):
    with pytest.raises(CrosscaseError) as caught:
        check_files([(f"{n}.txt", f"{n} {passage}".encode()) for n in range(60)])
    assert len(caught.value.problems) == gate.TOLD + 1
    assert caught.value.problems[-1].found == "40 more, in 60 files in all"


def test_a_file_that_was_refused_is_refused_again(compendium, passage):
    for _ in range(2):
        refused(passage)
    check_files([("a.txt", b"words")])
    refused(passage)


def test_the_texts_are_read_once(compendium, passage, monkeypatch):
    assert current() is current()
    monkeypatch.setattr(gate, "unreleased", lambda: pytest.fail("the texts are read again"))
    refused(passage)


def test_without_a_text_nothing_is_read(compendium, passage, monkeypatch):
    shutil.rmtree(compendium / "restricted")
    monkeypatch.setattr(gate, "unreleased", lambda: pytest.fail("there is nothing to read"))
    monkeypatch.setattr(gate, "pieces", lambda *_: pytest.fail("there is nothing to look for"))
    assert state() == ""
    check_files([("a.txt", passage.encode())])


def test_nothing_that_is_made_of_the_texts_lies_outside_restricted(compendium, passage):
    before = {path for path in compendium.rglob("*") if "restricted" not in path.parts}
    refused(passage)
    assert {path for path in compendium.rglob("*") if "restricted" not in path.parts} == before


def test_a_file_is_whole_and_looked_through_or_stays_as_it_was(compendium, passage, tmp_path):
    target = tmp_path / "out.csv"
    put_file(target, lambda path: path.write_text("fine"))
    with pytest.raises(CrosscaseError):
        put_file(target, lambda path: path.write_text(passage))
    assert target.read_text() == "fine"
    assert sorted(p.name for p in tmp_path.glob("*.part")) == []


def test_a_message_that_repeats_a_passage_is_withheld(compendium, passage):
    assert told_safely("ValueError: no column 'x'", "10/demo") == "ValueError: no column 'x'"
    assert told_safely(f"ValueError: {passage}", "10/demo") == (
        "the message is withheld: it repeats 89 characters of d1.txt (demo), from character 24 on"
    )


@pytest.mark.parametrize("to", ["csv", "xlsx", "json"])
def test_an_export_is_looked_through_unless_texts_were_asked_for(compendium, passage, tmp_path, to):
    from crosscase.exchange import export_study

    study = load_study("demo")
    codings = study.codings
    codings["memo"] = f"“{passage.upper()}”"
    save(study, codings=codings)
    with pytest.raises(CrosscaseError) as caught:
        export_study("demo", to, tmp_path / f"a.{to}", texts=False)
    assert all(problem.place.startswith(f"a.{to}") for problem in caught.value.problems)
    assert not list(tmp_path.glob(f"*a.{to}*"))
    report = export_study("demo", to, tmp_path / f"a.{to}", texts=True)
    assert any("keep it as you keep the texts" in warning for warning in report.warnings)


def test_texts_asked_for_of_one_study_open_no_other(compendium, passage, tmp_path):
    from crosscase.exchange import export_study

    plain = load_study("plain")
    codings = plain.codings
    codings["memo"] = passage
    save(plain, codings=codings)
    with pytest.raises(CrosscaseError):
        export_study("plain", "csv", tmp_path / "a.csv", texts=True)


def test_a_working_sheet_is_looked_through(compendium, passage, tmp_path):
    study = load_study("demo")
    codings = study.codings
    codings["memo"] = passage
    save(study, codings=codings)
    with pytest.raises(CrosscaseError) as caught:
        export_framework(load_study("demo"), tmp_path / "a.xlsx")
    assert caught.value.problems[0].place.startswith("a.xlsx, sheet framework, cell ")
    assert not (tmp_path / "a.xlsx").exists()


def test_the_gate_is_the_only_reader_of_paths(compendium):
    assert state().startswith(str(paths.restricted()))
