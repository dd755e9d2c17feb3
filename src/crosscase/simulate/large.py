"""A large study as frames, for measuring speed; made in seconds, without meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crosscase.errors import Problem, raise_if
from crosscase.simulate.coders import check_counts
from crosscase.simulate.studies import codebook_frame, documents_frame


@dataclass(frozen=True)
class LargeStudy:
    """Frames of a large simulated study.

    Parameters
    ----------
    codings : DataFrame
        The columns of a codings frame, labels as categories.
    segments : DataFrame
        `document, start, end` of every segment, coded or not, in reading order.
    documents, codebook, order : DataFrame
        As in a simulated study.
    """

    codings: pd.DataFrame
    segments: pd.DataFrame
    documents: pd.DataFrame
    codebook: pd.DataFrame
    order: pd.DataFrame


def _labels(prefix: str, numbers: np.ndarray, n: int) -> pd.Categorical:
    """Name numbered things without writing out a million strings."""
    width = len(str(n))
    return pd.Categorical.from_codes(
        numbers.astype(np.int32), categories=pd.Index([f"{prefix}{i + 1:0{width}d}" for i in range(n)])
    )


def large_study(
    *,
    n_segments: int = 1_000_000,
    n_codings: int = 2_000_000,
    n_coders: int = 5,
    n_codes: int = 200,
    n_cases: int = 30,
    n_documents: int = 3_000,
    n_roles: int = 6,
    seed: int = 0,
) -> LargeStudy:
    """Make the frames of a large study: codings spread over segments, codes with unequal frequency.

    No coder puts one code twice on one segment. Segments lie in documents, documents in cases; code frequencies
    fall off like 1 / rank.

    Parameters
    ----------
    n_segments, n_codings, n_coders, n_codes, n_cases, n_documents, n_roles : int
        Sizes. Draws that repeat a coding are dropped and replaced, so that the number of codings is exact.
    seed : int
        Seed of the generator.

    Returns
    -------
    LargeStudy

    Raises
    ------
    CrosscaseError
        For sizes below 1, fewer segments than documents, fewer documents than cases, or more codings than a quarter of
        all that are possible.

    Examples
    --------
    >>> study = large_study(n_segments=1000, n_codings=2000, n_documents=30)
    >>> study.codings.shape, bool(study.codings.duplicated(["document", "start", "code", "coder"]).any())
    ((2000, 15), False)
    """
    problems: list[Problem] = []
    check_counts(problems, n_segments=n_segments, n_codings=n_codings, n_coders=n_coders, n_codes=n_codes)
    check_counts(problems, n_cases=n_cases, n_documents=n_documents, n_roles=n_roles)
    if not n_cases <= n_documents <= n_segments:
        problems.append(Problem("n_documents", "from the number of cases to that of segments", f"{n_documents}"))
    if n_codings > n_segments * n_coders * n_codes / 4:
        problems.append(Problem("n_codings", "at most a quarter of all possible codings", f"{n_codings}"))
    raise_if(problems)
    rng = np.random.default_rng(seed)
    segment, code, coder = _distinct(rng, n_codings, (n_segments, n_codes, n_coders))
    document_of = np.arange(n_segments) * n_documents // n_segments
    place = np.arange(n_segments) - np.searchsorted(document_of, document_of)
    length = rng.integers(20, 400, n_segments)
    end_all = np.cumsum(length)
    start_all = end_all - length
    start_all -= start_all[np.searchsorted(document_of, document_of)]
    case_of, role_of = np.arange(n_documents) * n_cases // n_documents, rng.integers(0, n_roles, n_documents)
    document = document_of[segment]
    frame = pd.DataFrame(
        {
            "coding_id": np.arange(1, n_codings + 1),
            "document": _labels("d", document, n_documents),
            "start": pd.array(start_all[segment], dtype="Int64"),
            "end": pd.array((start_all + length)[segment], dtype="Int64"),
            "code": _labels("code_", code, n_codes),
            "coder": _labels("coder_", coder, n_coders),
            "round": _labels("", np.zeros(n_codings), 1),
            "valence": pd.Categorical.from_codes(rng.integers(0, 3, n_codings), ["inhibits", "promotes", "na"]),
            "theme": _labels("theme_", code % 10, 10),
            "case": _labels("case_", case_of[document], n_cases),
            "role": _labels("role_", role_of[document], n_roles),
            "role_mode": pd.Categorical.from_codes(np.zeros(n_codings, np.int8), ["voice"]),
            "paragraph": pd.array(place[segment] + 1, dtype="Int64"),
            "locator": pd.Categorical.from_codes(np.full(n_codings, -1, np.int8), ["none"]),
            "memo": pd.Categorical.from_codes(np.full(n_codings, -1, np.int8), ["none"]),
        }
    )
    spans = pd.DataFrame(
        {"document": _labels("d", document_of, n_documents), "start": start_all, "end": start_all + length}
    )
    return LargeStudy(frame, spans, *_side_frames(document_of, case_of, role_of, length, (n_codes, n_cases, n_roles)))


def _distinct(rng: np.random.Generator, number: int, sizes: tuple[int, int, int]) -> tuple[np.ndarray, ...]:
    """Draw distinct (segment, code, coder) in order of the segments; codes fall off like 1 / rank."""
    n_segments, n_codes, n_coders = sizes
    falling = np.cumsum(1 / np.arange(1, n_codes + 1))
    keys = np.empty(0, dtype=np.int64)
    while len(keys) < number:
        more = int((number - len(keys)) * 1.05) + 100
        code = np.searchsorted(falling, rng.random(more) * falling[-1])
        segment, coder = rng.integers(0, n_segments, more), rng.integers(0, n_coders, more)
        keys = np.unique(np.concatenate([keys, (segment * n_codes + code) * n_coders + coder]))
    if len(keys) > number:
        keys = np.delete(keys, rng.choice(len(keys), len(keys) - number, replace=False))
    return keys // n_coders // n_codes, keys // n_coders % n_codes, keys % n_coders


def _side_frames(
    document_of: np.ndarray, case_of: np.ndarray, role_of: np.ndarray, length: np.ndarray, sizes: tuple[int, int, int]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Write documents, codebook and sampling order of a large study."""
    n_codes, n_cases, n_roles = sizes
    n_documents = len(case_of)
    name = _labels("d", np.arange(n_documents), n_documents)
    case, role = _labels("case_", case_of, n_cases), _labels("role_", role_of, n_roles)
    code_points = np.bincount(document_of, length, n_documents).astype(np.int64)
    documents = documents_frame(name, name, case, code_points, np.bincount(document_of, minlength=n_documents))
    codebook = codebook_frame(_labels("code_", np.arange(n_codes), n_codes))
    order = pd.DataFrame({"unit": name, "order": np.arange(1, n_documents + 1), "case": case, "role": role})
    return documents, codebook, order
