"""Whole simulated studies: participants nested in cases, with codings, codebook and documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crosscase.errors import Problem, raise_if
from crosscase.simulate.coders import check_counts, check_shares

SEGMENT_LENGTH = 200


@dataclass(frozen=True)
class SimulatedStudy:
    """Frames of one simulated study, and what is true of it.

    Parameters
    ----------
    codings, documents, codebook : DataFrame
        As the tables of a study; one document per participant.
    order : DataFrame
        Sampling order for saturation: `unit` (document), `order, case, role`.
    truth : DataFrame
        One row per code: `code, rate` (chance per segment of an average participant), `effect` (difference of the
        second group of cases from the first on the logit scale, 0 where none).
    cases : DataFrame
        One row per case: `case, group`.
    """

    codings: pd.DataFrame
    documents: pd.DataFrame
    codebook: pd.DataFrame
    order: pd.DataFrame
    truth: pd.DataFrame
    cases: pd.DataFrame


def _logit(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log(share / (1 - share))


def _names(prefix: str, number: int) -> NDArray[np.object_]:
    """Number the things of one kind so that they sort as they count."""
    width = len(str(number))
    return np.array([f"{prefix}{position + 1:0{width}d}" for position in range(number)], dtype=object)


def _check(options: dict[str, float], n_groups: int, n_affected: int) -> None:
    """Raise one error with everything that is wrong with the options of `codings`."""
    problems: list[Problem] = []
    check_counts(problems, **{name: int(value) for name, value in options.items() if name.startswith("n_")})
    check_shares(problems, prevalence=options["prevalence"], agreement=options["agreement"])
    problems += [
        Problem(name, "a standard deviation", f"{options[name]}", "0 or more")
        for name in ("code_sd", "case_sd", "participant_sd")
        if options[name] < 0
    ]
    if not 0 < options["prevalence"] < 1:
        problems.append(Problem("prevalence", "between 0 and 1", f"{options['prevalence']}", "above 0, below 1"))
    if n_groups > options["n_cases"]:
        problems.append(Problem("n_groups", "each group holds a case", f"{n_groups} for {options['n_cases']:g} cases"))
    if not 0 <= n_affected <= options["n_codes"]:
        problems.append(Problem("n_affected", "at most all codes", f"{n_affected} of {options['n_codes']:g}"))
    raise_if(problems)


def _segment_chances(
    rng: np.random.Generator,
    rates: NDArray[np.float64],
    shift: NDArray[np.float64],
    case_of: NDArray[np.int64],
    sds: tuple[float, float],
) -> NDArray[np.float64]:
    """Draw for each participant and code the chance that a segment holds the code."""
    n_cases, n_codes = shift.shape
    case_part = rng.normal(0, sds[0], (n_cases, n_codes)) if sds[0] else np.zeros((n_cases, n_codes))
    own_part = rng.normal(0, sds[1], (len(case_of), n_codes)) if sds[1] else np.zeros((len(case_of), n_codes))
    return 1 / (1 + np.exp(-(_logit(rates) + (shift + case_part)[case_of] + own_part)))


def _judgements(
    rng: np.random.Generator, chances: NDArray[np.float64], n_segments: int, n_coders: int, agreement: float
) -> tuple[NDArray[np.int64], ...]:
    """Draw which coder puts which code on which segment of which participant."""
    shape = (chances.shape[0], n_segments, chances.shape[1])
    here = chances[:, None, :]
    truth = rng.random(shape) < here
    found = []
    for _ in range(n_coders):
        copied = rng.random(shape) < np.sqrt(agreement)
        found.append(np.where(copied, truth, rng.random(shape) < here))
    participant, segment, code, coder = np.nonzero(np.stack(found, axis=-1))
    return participant, segment, code, coder


def _codings_frame(
    picked: tuple[NDArray[np.int64], ...],
    names: dict[str, NDArray[np.object_]],
    case: NDArray[np.object_],
    role: NDArray[np.object_],
) -> pd.DataFrame:
    """Write the drawn judgements as a codings frame."""
    participant, segment, code, coder = picked
    start = segment * SEGMENT_LENGTH
    none = pd.array([None] * len(code), dtype="string")
    return pd.DataFrame(
        {
            "coding_id": [f"k{number + 1}" for number in range(len(code))],
            "document": names["document"][participant],
            "start": pd.array(start, dtype="Int64"),
            "end": pd.array(start + SEGMENT_LENGTH - 1, dtype="Int64"),
            "code": names["code"][code],
            "coder": names["coder"][coder],
            "round": "1",
            "valence": "na",
            "theme": none,
            "case": case[participant],
            "role": role[participant],
            "role_mode": "voice",
            "paragraph": pd.array(segment + 1, dtype="Int64"),
            "locator": [f"paragraph {number + 1}" for number in segment],
            "memo": none,
        }
    )


def codings(
    *,
    n_cases: int = 4,
    n_participants: int = 8,
    n_segments: int = 30,
    n_codes: int = 20,
    n_coders: int = 1,
    n_roles: int = 2,
    n_groups: int = 2,
    prevalence: float = 0.05,
    agreement: float = 1.0,
    code_sd: float = 1.0,
    case_sd: float = 0.0,
    participant_sd: float = 1.0,
    effect: float = 0.0,
    n_affected: int = 0,
    seed: int = 0,
) -> SimulatedStudy:
    """Simulate a study: participants nested in cases, one document each, segments coded by one or more coders.

    The chance that a segment holds a code follows a logistic model with a normal part per case and per participant,
    so that segments of one participant and participants of one case resemble each other as in real studies.

    Parameters
    ----------
    n_cases, n_participants, n_segments : int
        Cases, participants per case, segments per participant.
    n_codes, n_coders, n_roles, n_groups : int
        Codes; coders; roles, taken in turn by the participants of a case; groups of cases, taken in turn by the cases.
    prevalence : float
        Chance per segment of an average code for an average participant, between 0 and 1.
    agreement : float
        Chance-corrected agreement of coders, given the participant; 1 for identical codings.
    code_sd, case_sd, participant_sd : float
        Standard deviations on the logit scale: between codes, between cases of one group, between participants.
    effect : float
        Difference of each further group of cases from the first on the logit scale, for the first `n_affected` codes;
        the k-th group differs by (k - 1) times as much.
    n_affected : int
        Number of codes with the effect; 0 for a study in which no hypothesis of difference holds.
    seed : int
        Seed of the generator.

    Returns
    -------
    SimulatedStudy

    Raises
    ------
    CrosscaseError
        For impossible sizes and shares, all together.

    Examples
    --------
    >>> study = codings(n_cases=2, n_participants=3, n_codes=5, seed=1)
    >>> len(study.documents), study.cases["group"].tolist(), study.codings["code"].isin(study.codebook["code"]).all()
    (6, ['group_1', 'group_2'], np.True_)
    """
    sizes = {"n_cases": n_cases, "n_participants": n_participants, "n_segments": n_segments, "n_codes": n_codes}
    sizes |= {"n_coders": n_coders, "n_roles": n_roles, "n_groups": n_groups}
    spread = {"code_sd": code_sd, "case_sd": case_sd, "participant_sd": participant_sd}
    _check({**sizes, **spread, "prevalence": prevalence, "agreement": agreement}, n_groups, n_affected)
    rng = np.random.default_rng(seed)
    rates = 1 / (1 + np.exp(-(_logit(np.array(prevalence)) + rng.normal(0, 1, n_codes) * code_sd)))
    group_of = np.arange(n_cases) % n_groups
    shift = np.outer(group_of, np.where(np.arange(n_codes) < n_affected, effect, 0.0))
    case_of = np.repeat(np.arange(n_cases), n_participants)
    chances = _segment_chances(rng, rates, shift, case_of, (case_sd, participant_sd))
    picked = _judgements(rng, chances, n_segments, n_coders, agreement)
    names = {
        "document": _names("p", len(case_of)),
        "code": _names("code_", n_codes),
        "coder": _names("coder_", n_coders),
    }
    case_names, groups = _names("case_", n_cases), _names("group_", n_groups)
    role = _names("role_", n_roles)[np.tile(np.arange(n_participants), n_cases) % n_roles]
    case = case_names[case_of]
    titles = [f"Simulated interview {name}" for name in names["document"]]
    return SimulatedStudy(
        codings=_codings_frame(picked, names, case, role),
        documents=documents_frame(names["document"], titles, case, n_segments * SEGMENT_LENGTH, n_segments),
        codebook=codebook_frame(names["code"]),
        order=_order_frame(rng, names["document"], case, role),
        truth=pd.DataFrame({"code": names["code"], "rate": rates, "effect": shift.max(axis=0)}),
        cases=pd.DataFrame({"case": case_names, "group": groups[group_of]}),
    )


def documents_frame(names: Any, titles: Any, case: Any, code_points: Any, paragraphs: Any) -> pd.DataFrame:
    """Describe the documents of a simulated study; there is no text behind them."""
    columns = {"document": names, "title": titles, "kind": "interview", "case": case, "language": "en", "date": None}
    columns |= {"stage": None, "code_points": code_points, "paragraphs": paragraphs, "sha256": None}
    return pd.DataFrame(columns | {"release": "open", "citation": None})


def codebook_frame(codes: Any) -> pd.DataFrame:
    """Write the codebook of a simulated study."""
    empty = dict.fromkeys(("parent", "definition", "inclusion", "exclusion", "example"))
    return pd.DataFrame({"code": codes, "label": codes} | empty)


def _order_frame(
    rng: np.random.Generator, names: NDArray[np.object_], case: NDArray[np.object_], role: NDArray[np.object_]
) -> pd.DataFrame:
    """Put the documents into a random sampling order."""
    return pd.DataFrame({"unit": names, "order": rng.permutation(len(names)) + 1, "case": case, "role": role})
