"""How often tests of differences between cases find a difference, where there is none and where there is one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from crosscase.calibration.summary import Each, design_seed, need_columns, refuse_unknown
from crosscase.comparison import case_means, compare_groups, permute_cases, unit_values
from crosscase.simulate import SimulatedStudy, rejection_rates
from crosscase.simulate.calibration import Test

QUESTIONS = {"any_case": "does any case differ from the others?", "two_groups": "do two groups of cases differ?"}
SIZES = ("n_cases", "n_participants", "n_segments", "n_codes", "case_sd", "participant_sd", "prevalence")


def _values(study: SimulatedStudy) -> pd.DataFrame:
    """Participant x code, presence; participants without any coding stay in, with nothing present."""
    codes = study.codebook["code"].tolist()
    found = unit_values(study.codings, unit="document", codes=codes)
    return found.reindex(study.documents["document"], fill_value=0.0)


def _cases(study: SimulatedStudy) -> pd.Series:
    return study.documents.set_index("document")["case"]


def _labels(study: SimulatedStudy, question: str) -> pd.Series:
    """Label of each participant: the case, or the group of the case."""
    cases = _cases(study)
    return cases if question == "any_case" else cases.map(study.cases.set_index("case")["group"])


def _smallest(p: pd.Series | np.ndarray) -> float:
    """Smallest p of a family; NaN where none is defined."""
    values = np.asarray(p, dtype=float)
    return math.nan if np.isnan(values).all() else float(np.nanmin(values))


def segment_chi_square(study: SimulatedStudy, seed: int = 0, *, question: str = "any_case") -> float:
    """Test segments as if they were independent, as many programs do: the warning example.

    Parameters
    ----------
    study : SimulatedStudy
        The study.
    seed : int
        Not used; there for the sake of `rejection_rates`.
    question : str
        Key of `QUESTIONS`.

    Returns
    -------
    float
        Smallest p of Pearson's chi-square (segments with and without the code by case or group of cases) over all
        codes, adjusted by Holm, so that only the dependence of segments remains as a fault; NaN where no code varies.

    Examples
    --------
    >>> from crosscase.simulate import codings
    >>> 0 <= segment_chi_square(codings(n_codes=3, prevalence=0.2, seed=1)) <= 1
    True
    """
    label = _labels(study, question)
    total = study.documents.set_index("document")["paragraphs"].groupby(label).sum()
    coded = study.codings.drop_duplicates(["document", "start", "code"])
    table = pd.crosstab(coded["code"], coded["document"].map(label)).reindex(columns=total.index, fill_value=0)
    p = []
    for counts in table.to_numpy():
        rest = total.to_numpy() - counts
        varies = counts.sum() and rest.sum()
        p.append(stats.chi2_contingency(np.vstack([counts, rest]), correction=False).pvalue if varies else math.nan)
    known = np.count_nonzero(~np.isnan(p))
    return float(min(1.0, known * _smallest(np.array(p)))) if known else math.nan  # what Holm makes of the smallest


def participants_exchanged(study: SimulatedStudy, seed: int, *, question: str, n_permutations: int) -> float:
    """Smallest maxT p of `compare_groups`: participants are exchanged between cases, or between groups of cases."""
    out = compare_groups(_values(study), _labels(study, question), n_permutations=n_permutations, seed=seed)
    return _smallest(out["p_adjusted"])


def cases_exchanged(study: SimulatedStudy, seed: int, *, n_permutations: int) -> float:
    """Smallest maxT p of `permute_cases` on the share of participants of each case who mention a code."""
    means = case_means(_values(study), _cases(study))
    groups = study.cases.set_index("case")["group"]
    return _smallest(permute_cases(means, groups, n_permutations=n_permutations, seed=seed)["p_adjusted"])


def group_tests(question: str, *, n_permutations: int = 999) -> dict[str, Test]:
    """Adapt the tests of `crosscase.comparison` that answer a question to `crosscase.simulate.rejection_rates`.

    Parameters
    ----------
    question : str
        Key of `QUESTIONS`.
    n_permutations : int
        Random permutations where not all are gone through.

    Returns
    -------
    dict
        Name to a function of (study, seed) that returns the smallest adjusted p over all codes. For two groups of
        cases, exchanging participants ignores that those of one case resemble each other: it is there as a warning,
        as is the chi-square on segments.

    Raises
    ------
    CrosscaseError
        For an unknown question.

    Examples
    --------
    >>> list(group_tests("two_groups"))
    ['cases exchanged, maxT', 'participants exchanged, maxT', 'chi-square on segments']
    """
    refuse_unknown("question", [question], QUESTIONS)
    participants = partial(participants_exchanged, question=question, n_permutations=n_permutations)
    naive = partial(segment_chi_square, question=question)
    tests: dict[str, Test] = {"participants exchanged, maxT": participants, "chi-square on segments": naive}
    if question == "two_groups":
        tests = {"cases exchanged, maxT": partial(cases_exchanged, n_permutations=n_permutations)} | tests
    return tests


def rejection_designs(
    question: str,
    *,
    n_cases: Sequence[int] = (4, 8),
    n_participants: Sequence[int] = (8,),
    n_codes: Sequence[int] = (1, 20),
    n_segments: Sequence[int] = (30,),
    prevalence: Sequence[float] = (0.05,),
    effect: Sequence[float] = (0.0,),
) -> pd.DataFrame:
    """Cross the settings of studies of several cases into a table of designs.

    Parameters
    ----------
    question : str
        Key of `QUESTIONS`. Where groups of cases are compared, cases of one group differ too (standard deviation .5
        on the logit scale); where any difference of cases is sought, they do not.
    n_cases, n_participants, n_codes, n_segments, prevalence : sequence
        Sizes, as the arguments of `crosscase.simulate.codings`.
    effect : sequence of float
        Difference between the groups on the logit scale in half of the codes (at least one); 0 where none. Only where
        groups are compared.

    Returns
    -------
    DataFrame
        One row per design: `question` and the arguments of `codings`.

    Examples
    --------
    >>> rejection_designs("any_case", n_cases=[3], n_codes=[1])["case_sd"].tolist()
    [0.0]
    """
    refuse_unknown("question", [question], QUESTIONS)
    rows = []
    for cases, participants, segments, codes, share, size in product(
        n_cases, n_participants, n_segments, n_codes, prevalence, effect
    ):
        rows.append(
            {"question": question, "n_cases": cases, "n_participants": participants, "n_segments": segments}
            | {"n_codes": codes, "n_groups": 2, "prevalence": share, "code_sd": 0.5}
            | {"case_sd": 0.0 if question == "any_case" else 0.5, "participant_sd": 1.0}
            | {"effect": size, "n_affected": max(codes // 2, 1) if size else 0}
        )
    return pd.DataFrame(rows)


def _one_design(design: dict[str, Any], n_permutations: int, alpha: float, n_simulations: int, seed: int) -> Any:
    """Simulate one design with its own seed."""
    tests = group_tests(design["question"], n_permutations=n_permutations)
    sizes = {name: value for name, value in design.items() if name != "question"}
    own = design_seed(seed, design)
    table = rejection_rates(tests, [sizes], alpha=alpha, n_simulations=n_simulations, seed=own)
    table.insert(0, "question", design["question"])
    table.insert(table.columns.get_loc("seed"), "n_permutations", n_permutations)
    return table


def calibrate_tests(
    designs: pd.DataFrame,
    *,
    n_permutations: int = 999,
    alpha: float = 0.05,
    n_simulations: int = 100,
    seed: int = 20210401,
    each: Each = map,
) -> pd.DataFrame:
    """Simulate how often the tests of differences between cases reject, over all codes of a study together.

    Parameters
    ----------
    designs : DataFrame
        As `rejection_designs` returns them; several can be put under each other.
    n_permutations : int
        Random permutations of each test.
    alpha : float
        Nominal level.
    n_simulations : int
        Simulated studies per design.
    seed, each
        As in `calibrate_agreement`.

    Returns
    -------
    DataFrame
        One row per design and test: the design, `test, measures` ("type-1 error" over the family of all codes, or
        "power"), `alpha, rate, rate_low, rate_high` (Monte Carlo error, Wilson), `n_simulations, n_undefined, words,
        n_permutations, seed`.

    Raises
    ------
    CrosscaseError
        For unknown questions, missing columns and impossible sizes.

    Examples
    --------
    >>> table = calibrate_tests(rejection_designs("any_case", n_cases=[3], n_codes=[1]), n_simulations=5)
    >>> table["test"].tolist()
    ['participants exchanged, maxT', 'chi-square on segments']
    """
    need_columns(designs, ["question", *SIZES])
    work = partial(_one_design, n_permutations=n_permutations, alpha=alpha, n_simulations=n_simulations, seed=seed)
    return pd.concat(each(work, designs.to_dict("records")), ignore_index=True)
