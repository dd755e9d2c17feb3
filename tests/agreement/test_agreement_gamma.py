"""Gamma through its optional package: refused with a way out where it is absent, its own values where present."""

import importlib.util

import numpy as np
import pandas as pd
import pytest

from crosscase.agreement import gamma_agreement
from crosscase.errors import CrosscaseError

CODINGS = pd.DataFrame(
    [
        ("d", "x", 0, 5, "c"),
        ("d", "x", 8, 12, "k"),
        ("d", "y", 0, 5, "c"),
        ("d", "y", 8, 12, "k"),
        ("e", "x", 0, 4, "c"),
    ],
    columns=["document", "coder", "start", "end", "code"],
)


def test_without_the_package_the_way_out_is_named():
    if importlib.util.find_spec("pygamma_agreement"):
        pytest.skip("the package is installed")
    with pytest.raises(CrosscaseError, match=r"pygamma-agreement is installed.*unitizing_family") as caught:
        gamma_agreement(CODINGS)
    (problem,) = caught.value.problems
    assert 'python -m pip install "pygamma-agreement>=0.5" pyannote-core' in problem.remedy
    assert "\n" not in problem.remedy


def test_same_spans_have_no_disorder():
    pytest.importorskip("pygamma_agreement")
    before = np.random.get_state()[1].copy()
    found = gamma_agreement(CODINGS).set_index("document")
    assert found.loc["d", "gamma"] == pytest.approx(1.0)
    assert found.loc["d", "observed_disorder"] == pytest.approx(0.0)
    assert found.loc["e", "reason"] == "document coded by one coder"
    assert (np.random.get_state()[1] == before).all()


def test_records_of_one_text_without_a_name():
    pytest.importorskip("pygamma_agreement")
    first = CODINGS[CODINGS["document"] == "d"]
    found = gamma_agreement(first.drop(columns="document").to_dict("records"), samples=5)
    assert found["gamma"].tolist() == gamma_agreement(first, samples=5)["gamma"].tolist()
