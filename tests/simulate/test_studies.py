"""Simulated studies fit the tables of a study and hold the structure they promise."""

import numpy as np
import pytest

from crosscase.errors import CrosscaseError
from crosscase.saturation import presence_table
from crosscase.simulate import codings, large_study

COLUMNS = "coding_id document start end code coder round valence theme case role role_mode paragraph locator memo"
DOCUMENTS = "document title kind case language date stage code_points paragraphs sha256 release citation"


def rates(study):
    """Share of segments with the code, participant by code."""
    table = study.codings.groupby(["document", "code"]).size().unstack(fill_value=0)
    table = table.reindex(index=study.documents["document"], columns=study.codebook["code"], fill_value=0)
    return table.div(study.documents.set_index("document")["paragraphs"], axis=0)


def test_frames_fit_the_tables_of_a_study():
    study = codings(n_coders=2, agreement=0.7, seed=4)
    frame = study.codings
    assert frame.columns.tolist() == COLUMNS.split()
    assert study.documents.columns.tolist() == DOCUMENTS.split()
    assert frame["coding_id"].is_unique
    assert not frame.duplicated(["document", "start", "end", "code", "coder"]).any()
    assert (frame["start"] < frame["end"]).all()
    ends = frame["document"].map(study.documents.set_index("document")["code_points"])
    assert (frame["end"] <= ends).all()
    case_of = study.documents.set_index("document")["case"]
    assert (frame["case"] == frame["document"].map(case_of)).all()
    assert sorted(study.order["order"]) == list(range(1, len(study.documents) + 1))
    assert len(presence_table(frame, study.order)) == len(study.documents)


def test_average_code_has_the_promised_rate_and_no_spread_means_no_spread():
    study = codings(n_cases=4, n_participants=50, n_segments=40, prevalence=0.2, code_sd=0, participant_sd=0, seed=1)
    found = rates(study)
    assert found.to_numpy().mean() == pytest.approx(0.2, abs=0.005)
    assert found.var(ddof=1).mean() == pytest.approx(0.2 * 0.8 / 40, rel=0.1)


def test_participants_and_cases_differ_when_told_to():
    calm, own, shared = (
        rates(codings(n_cases=6, n_participants=20, participant_sd=p, case_sd=c, prevalence=0.2, code_sd=0, seed=2))
        for p, c in ((0, 0), (1, 0), (0, 1))
    )
    assert own.var().mean() > 3 * calm.var().mean()
    case = np.repeat(np.arange(6), 20)
    between = [table.groupby(case).mean().var().mean() for table in (calm, own, shared)]
    assert between[2] > 3 * between[1] > 3 * between[0]


def test_effect_touches_the_affected_codes_in_the_second_group_only():
    options = {"n_cases": 4, "n_participants": 40, "n_codes": 6, "n_affected": 2, "participant_sd": 0, "code_sd": 0}
    study = codings(**options, effect=1.5, prevalence=0.1, seed=3)
    group = study.documents["case"].map(study.cases.set_index("case")["group"]).to_numpy()
    found = rates(study).groupby(group).mean()
    expected = 1 / (1 + np.exp(-(np.log(0.1 / 0.9) + 1.5)))
    assert found.iloc[1, :2].tolist() == pytest.approx([expected] * 2, abs=0.03)
    assert found.iloc[1, 2:].tolist() == pytest.approx([0.1] * 4, abs=0.03)
    assert found.iloc[0].tolist() == pytest.approx([0.1] * 6, abs=0.03)
    assert study.truth["effect"].tolist() == [1.5, 1.5, 0, 0, 0, 0]


def test_coders_agree_fully_or_as_told():
    same = codings(n_coders=2, agreement=1, seed=5).codings
    one, other = (set(zip(part["document"], part["start"], part["code"])) for _, part in same.groupby("coder"))
    assert one == other
    apart = codings(n_coders=2, agreement=0.3, seed=5).codings
    one, other = (set(zip(part["document"], part["start"], part["code"])) for _, part in apart.groupby("coder"))
    assert one != other


def test_seed_makes_the_study_again():
    assert codings(seed=8).codings.equals(codings(seed=8).codings)
    assert not codings(seed=8).codings.equals(codings(seed=9).codings)


def test_impossible_studies_are_named_together():
    with pytest.raises(CrosscaseError) as caught:
        codings(n_cases=1, n_codes=0, prevalence=1, participant_sd=-1, n_affected=3)
    places = [problem.place for problem in caught.value.problems]
    assert places == ["n_codes", "participant_sd", "prevalence", "n_groups", "n_affected"]


def test_large_study_keeps_its_sizes_and_rules():
    study = large_study(n_segments=20_000, n_codings=40_000, n_documents=300, seed=6)
    frame = study.codings
    assert frame.columns.tolist() == COLUMNS.split()
    assert len(frame) == 40_000
    assert [frame[c].nunique() for c in ("code", "coder", "case")] == [200, 5, 30]
    assert not frame.duplicated(["document", "start", "code", "coder"]).any()
    spans = frame[["document", "start", "end"]].drop_duplicates().sort_values(["document", "start"])
    inside = spans["document"].eq(spans["document"].shift())
    assert (spans["start"] >= spans["end"].shift())[inside].all()
    ends = frame["document"].astype(str).map(study.documents.set_index("document")["code_points"])
    assert (frame["end"] <= ends).all()
    assert study.documents["paragraphs"].sum() == 20_000


def test_large_study_refuses_more_codings_than_fit():
    with pytest.raises(CrosscaseError, match="quarter"):
        large_study(n_segments=100, n_codings=100_000, n_documents=30)
