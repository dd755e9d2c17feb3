"""Agreement in sentences: right for none, one, many, undefined; refused where it may not be asked."""

import json
from types import SimpleNamespace

import pandas as pd
import pytest

from crosscase import agreement as coefficients
from crosscase import paths
from crosscase.analyses import agreement, planning, triangulation
from crosscase.analyses.compared import Compared
from crosscase.publish.keep import keeper
from crosscase.study import load_study

COLUMNS = ["document", "start", "end", "code", "coder", "round", "valence", "case"]
UNITS = pd.DataFrame(
    [("d", s, s + 10, f"1.{s // 10}", "sentence") for s in range(0, 60, 10)],
    columns=["document", "start", "end", "unit", "kind"],
)
DOCUMENTS = pd.DataFrame({"document": ["d"], "code_points": [60], "case": [None]})
CODEBOOK = pd.DataFrame({"code": ["a", "b"], "parent": None, "label": ["Apple", "Bread"]})


def codings(*rows):
    """Return codings of sentences: (sentence, code, coder), optionally valence, round."""
    full = [("d", 10 * s, 10 * s + 5, code, coder, *(more or ("promotes",))) for s, code, coder, *more in rows]
    frame = pd.DataFrame([(*row[:5], row[6] if len(row) > 6 else "1", row[5], None) for row in full], columns=COLUMNS)
    return frame.astype({"case": "object"})


SAME = codings(*((s, c, who) for s, c in ((0, "a"), (1, "b")) for who in "xy"))
APART = codings((0, "a", "x"), (0, "a", "y"), (1, "a", "x"), (1, "b", "y"), (2, "b", "x"))
ALONE = APART[APART["coder"] == "x"].reset_index(drop=True)


def study(rows=APART, *, stance="codebook", kinds=("person", "person"), reconciled=(), **tables):
    info = SimpleNamespace(
        stance=stance,
        reconciled_rounds=list(reconciled),
        coders={coder: SimpleNamespace(kind=kind) for coder, kind in zip("xyz", kinds)},
    )
    given = {"codings": rows, "units": UNITS, "documents": DOCUMENTS, "codebook": CODEBOOK} | tables
    labels = {"codebook": dict(zip(CODEBOOK["code"], CODEBOOK["label"]))}
    return SimpleNamespace(
        info=info, named=lambda frame: frame, labels=lambda table: labels.get(table, {}), coder_names=dict, **given
    )


def on_units(made, **options):
    return agreement.per_code(made, over="units", resamples=20, **options)


def test_the_finding_is_alpha_over_all_codes_with_its_n():
    said = on_units(study(SAME)).sentence
    assert said == "Over all codes coders agree beyond chance by alpha = 1.00 (1.00 to 1.00; 6 sentences, 2 coders)."
    found = on_units(study())
    values = {value.id: value for value in found.values}
    stacked = pd.concat(coefficients.presence(APART, UNITS, codes=["a", "b"]).values())
    expected = float(coefficients.krippendorff_alpha(stacked))
    assert values["agreement.overall.krippendorff_alpha"].value == pytest.approx(expected)
    assert values["agreement.overall.krippendorff_alpha"].n == 12
    assert f"alpha = {expected:.2f} (" in found.sentence
    kept = ["percent_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha", "gwet_ac1", "alpha_low"]
    assert list(values)[:7] == [f"agreement.overall.{name}" for name in (*kept, "alpha_high")]
    assert [values[f"agreement.{name}"].value for name in ("units", "codes", "codes.used")] == [6, 2, 2]


def test_an_undefined_alpha_says_why_and_so_does_each_value():
    everywhere = codings(*((s, "a", who) for s in range(6) for who in "xy"))
    found = on_units(study(everywhere, codebook=CODEBOOK.head(1)))
    assert found.sentence == "Over all codes alpha is undefined: one category only: no variation."
    values = {value.id.rpartition(".")[2]: value for value in found.values}
    assert (values["krippendorff_alpha"].value, values["krippendorff_alpha"].reason[:12]) == (None, "one category")
    assert values["percent_agreement"].value == 1.0


def test_a_value_that_is_defined_has_no_reason_though_its_row_has_a_remark():
    rows = pd.concat([codings((0, "a", "x")), codings((3, "b", "y"), (3, "b", "z"))])
    found = on_units(study(rows, codebook=CODEBOOK.head(1)))
    table = found.frame.set_index(["code", "coefficient"])
    assert "1 of 3 pairs of coders undefined" in table.loc[(coefficients.OVERALL, "cohen_kappa"), "reason"]
    kappa = next(value for value in found.values if value.id.endswith("cohen_kappa"))
    assert (kappa.value, kappa.reason) == (0.0, "")


def test_one_document_gives_no_interval_over_documents_and_says_so():
    found = agreement.per_code(study(), resamples=20)
    values = {value.id: value for value in found.values}
    assert values["agreement.overall.alpha_low"].reason == "no interval: 1 document only"
    assert " to " not in found.sentence
    assert "over documents none can be given" in found.limits


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (study(stance="reflexive"), "no sign of quality"),
        (study(ALONE), "Fewer than two coders have coded; agreement needs two."),
        (
            study(units=UNITS.head(0), documents=DOCUMENTS.head(0)),
            "No text is known on which coders could be compared.",
        ),
    ],
    ids=["stance", "one coder", "no text"],
)
def test_what_may_not_be_asked_is_refused_in_a_sentence_with_its_values_undefined(made, why):
    results = [on_units(made), agreement.intervals(made), agreement.marked(made), agreement.segments(made)]
    results += [agreement.matched(made), agreement.characters(made), agreement.cuts(made), planning.units_needed(made)]
    for found in results:
        assert why in found.refused == found.sentence
        assert found.frame.empty
        assert found.drawing is None
    undefined = {value.id: value for found in results for value in found.values if value.value is None}
    assert {"agreement.advice", "agreement.overall.alpha_low", "unitizing.marked.alpha"} <= set(undefined)
    assert all(why in value.reason for value in undefined.values())
    counted = {value.id: value.value for value in results[0].values}
    assert counted["agreement.codes"] == 2, "what can be counted is counted"


def compared(made):
    known = on_units(made)
    return [
        known, agreement.intervals(made, known=known, over="units", resamples=20), agreement.marked(made),
        agreement.segments(made), agreement.matched(made), agreement.characters(made), agreement.cuts(made),
        agreement.directions(made), agreement.presence(made), agreement.support(made),
    ]  # fmt: skip


def test_no_number_of_language_models_stands_without_its_reservation():
    machines = compared(study(kinds=("language_model", "language_model")))
    for found in machines:
        assert found.sentence.endswith("; that is agreement of language models, no human reliability."), found.sentence
        assert found.limits.endswith("All coders are language models: their agreement is no human reliability.")
    for found in compared(study()):
        assert "language" not in found.sentence + found.limits


@pytest.mark.parametrize(
    ("kinds", "said", "reservation"),
    [
        (("person", "language_model"), "1 of 2 coders is a language model", "; 1 of 2 coders is a language model"),
        (
            ("rule", "language_model"),
            "All coders are language models and programs",
            "; that is agreement of language models and programs, no human reliability",
        ),
        (("rule", "rule"), "All coders are programs", "; that is agreement of programs, no human reliability"),
        (("person", "person"), "", ""),
        ((), "", ""),
    ],
)
def test_who_coded_is_told_where_not_all_are_people(kinds, said, reservation):
    made = Compared(study(kinds=kinds))
    assert made.reservation == reservation
    assert made.readers == (f"{said}." if said else "")
    assert made.reserved == (f"{said}: their agreement is no human reliability." if said else "")


def test_a_coder_of_a_round_that_is_not_compared_makes_no_reservation():
    rows = pd.concat([APART, codings((3, "a", "z", "promotes", "talk"))])
    made = Compared(study(rows, kinds=("person", "person", "language_model"), reconciled=["talk"]))
    assert (made.n_coders, made.who) == (2, "")


def test_each_comparison_is_said_with_its_number():
    made = study()
    said = {name: getattr(agreement, name)(made).sentence for name in ("marked", "matched", "cuts", "directions")}
    assert said["marked"].startswith("Coders mark the same text, whatever the code, by alpha = 0.")
    assert said["marked"].endswith("(5 segments, 2 coders).")
    assert said["matched"] == "40% of the segments of two coders have a match (1 pair of coders)."
    assert (
        said["directions"]
        == "Where two coders gave the same code, they saw the same direction in 100% of 1 pair of codings."
    )
    assert agreement.support(made).sentence == (
        "Both filled cells of document by code that several coders judged stand on all of them."
    )
    assert agreement.presence(made).sentence.startswith("Coders agree on the presence of a code in 100% of 2 cells")


def test_without_cases_nobody_judged_any():
    rows = APART.assign(case=["n", None, "n", None, None])
    assert agreement.presence(study(rows), "case").sentence == (
        "Agreement on presence per case is undefined: no case was judged by two coders."
    )
    assert agreement.support(study(rows), "case").sentence == (
        "The one filled cell of case by code stands on one coder, the only one to judge."
    )


@pytest.mark.parametrize(("stance", "kept"), [("codebook", "yes"), ("reflexive", "no")])
def test_the_stance_is_a_sentence_and_a_value_and_no_table(stance, kept, tmp_path, monkeypatch):
    found = triangulation.stance(study(stance=stance))
    assert [(value.id, value.value) for value in found.values] == [("stance.agreement", kept)]
    lets = "The stance of the study, codebook thematic analysis, lets agreement be counted: with a codebook settled"
    assert found.sentence.startswith(lets if kept == "yes" else "In reflexive thematic analysis codes come from")
    assert "doi:" in found.sentence
    assert bool(found.refused) == (kept == "no")
    assert "row" not in found.html()
    monkeypatch.setenv(paths.RUN_VARIABLE, str(tmp_path))
    keeper("demo")("stance.agreement", found)
    assert json.loads((tmp_path / "results.json").read_text())[0]["sentence"] == found.sentence
    assert not (tmp_path / "tables").exists(), "a sentence needs no table of one row"


def themes(*voices):
    rows = [(f"t{n}", None, voice) for n, voice in enumerate(voices)]
    return pd.DataFrame(rows, columns=["theme", "parent", "voice"])


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        ((), "Of no claim is it stated from whom it comes."),
        (
            ("nurses",),
            "Not one of 1 claim comes from more than one kind of source; most often they come from nurses (1).",
        ),
        (
            ("patients;nurses", "patients", "nurses"),
            "1 of 3 claims comes from more than one kind of source; most often they come from patients and nurses (2).",
        ),
    ],
)
def test_claims_are_counted_by_the_source_they_come_from(voices, said):
    found = triangulation.claims(study(themes=themes(*voices)))
    assert found.sentence == said
    counted = {value.id: value.value for value in found.values}
    assert counted == ({"claims.patients": 2, "claims.nurses": 2} if len(voices) == 3 else dict.fromkeys(counted, 1))


@pytest.mark.parametrize("name", ["nl-family-partnerships", "no-fact-teams"])
def test_what_the_authors_identify_is_said_by_nobody_else(name):
    """Conditions found by thematic analysis, and themes that a researcher makes and names, are nobody's voice."""
    one = load_study(name)
    assert one.themes["voice"].dropna().str.startswith("authors").all()
    assert not one.primary_codings()["role_mode"].eq("voice").any()
    assert "voice" not in triangulation.claims(one).sentence + triangulation.claims(one).caption


def test_rounds_and_treatments_say_what_enters():
    assert triangulation.rounds(study()).sentence == "All 5 codings from 1 round enter the comparison."
    rows = pd.concat([APART, codings((3, "a", "x", "promotes", "talk"))])
    assert triangulation.rounds(study(rows, reconciled=["talk"])).sentence == (
        "5 of 6 codings from 2 rounds enter the comparison."
    )
    assert triangulation.rounds(study(APART.head(0))).sentence == "Nobody has coded."
    assert triangulation.treatments(study()).sentence == "Nothing was merged or left out."
    twice = pd.concat([APART, APART.head(1)], ignore_index=True)
    assert triangulation.treatments(study(twice)).sentence == (
        "Before coders were compared: duplicate coding: counted once (1)."
    )


def test_differences_are_counted_listed_and_named_by_kind():
    made = study()
    assert triangulation.differences(made).sentence == "Two coders differ twice (all listed here)."
    assert triangulation.differences(made, 1).sentence == "Two coders differ twice (the first 1 listed here)."
    kinds = triangulation.kinds_of_differences(made)
    assert kinds.sentence == "Two coders differ twice: one found nothing there (1) and another code (1)."
    values = {value.id: value.value for value in kinds.values}
    assert values["disagreements.n"] == 2
    assert values["disagreements.kind.other-code"] == 1
    for function in (triangulation.differences, triangulation.kinds_of_differences):
        assert function(study(SAME)).sentence == "The coders nowhere differ."
        assert function(study(ALONE)).refused == "One coder only: there is nobody to differ from."
        assert function(study(APART.head(0))).refused == "Nobody has coded."
    alone = triangulation.kinds_of_differences(study(ALONE)).values[0]
    assert (alone.id, alone.value, alone.reason) == ("disagreements.n", None, "one coder only")


def test_confusion_names_codes_exchanged_and_codes_given_by_one_only():
    found = triangulation.confusion(study())
    assert (
        found.sentence == "Most often exchanged: Apple with Bread (1); most often given by one coder only: Bread (1)."
    )
    alike = triangulation.confusion(study(SAME))
    assert alike.sentence == "The coders nowhere differ."
    assert alike.empty, "no picture of nothing"
    assert triangulation.confusion(study(ALONE)).refused == "One coder only: there is nobody to differ from."


def test_drift_tells_the_largest_move_and_silence_where_nobody_coded_twice():
    assert triangulation.drift(study()).sentence == "No coder coded in more than one round, so no move can be seen."
    later = codings((0, "a", "x", "promotes", "2"), (1, "a", "x", "promotes", "2"))
    found = triangulation.drift(study(pd.concat([ALONE, later])))
    assert found.sentence == "The largest move: x used Apple in 67%, then in 100% of the codings."


def test_readings_are_counted_by_how_they_were_read():
    found = triangulation.readings(study())
    assert found.sentence == "Of 3 sentences with any code, 1 is read alike and 2 are read differently."
    assert {value.id: value.value for value in found.values} == {"readings.alike": 1, "readings.differs": 2}
    assert len(triangulation.readings(study(), most_listed=1).frame) == 1
    assert triangulation.readings(study(APART.head(0))).sentence == "No sentence has a code."


def test_memos_are_entries_without_headings_and_marks():
    text = "# Memos\n\nWritten\nby x.\n\n- **One** thing,\n  told on.\n- `Another`."
    found = triangulation.memos(study(memos=lambda: {"m": text}))
    assert found.frame["text"].tolist() == ["Written by x.", "One thing, told on.", "Another."]
    assert found.sentence == "1 memo with 3 entries."
    assert triangulation.memos(study(memos=dict)).sentence == "The study has no memo."


def test_results_keep_their_names_and_draw_what_they_hold():
    often = pd.concat([codings(*((s, "a", who) for s in range(5) for who in "xy")), codings((5, "b", "x"))])
    found = on_units(study(often))
    assert found.drawing.name == "forest"
    assert "Apple 1.00" in found.alt
    assert "All codes together" in found.alt
    assert found.drawing.options["unit"] == "sentences"
    assert found.drawing.arguments[0]["code"].tolist() == ["a", "b", coefficients.OVERALL]


def test_units_are_planned_for_each_code_as_often_as_it_is_used():
    found = planning.units_needed(study(), width=0.3)
    shares = found.frame.set_index("code")["prevalence"]
    assert shares.to_dict() == pytest.approx({"a": 0.25, "b": 1 / 6})
    assert (found.frame["n_units"] == 6).all()
    easy, hard = sorted(found.frame["units"])
    assert found.sentence.startswith(
        "An interval of alpha 0.3 wide, where alpha is 0.8, takes two coders on the same sentences: "
        f"{easy} for Apple and {hard} for Bread; the 6 compared are enough for none of 2 codes"
    )
    assert {value.id: (value.value, value.n) for value in found.values} == {
        "planning.enough": (0, 2), "planning.least": (easy, 2), "planning.most": (hard, 2),
    }  # fmt: skip
    machines = planning.units_needed(study(kinds=("language_model", "language_model")))
    assert machines.limits.endswith("All coders are language models.")


def test_without_a_code_to_plan_for_it_says_so():
    everywhere = codings(*((s, "a", who) for s in range(6) for who in "xy"))
    found = planning.units_needed(study(everywhere, codebook=CODEBOOK.head(1)))
    assert found.sentence == "No code is used so that units could be planned for it."
    assert all(value.value is None and value.reason for value in found.values)
