"""Several codes on one unit: alpha for sets (multi-valued, Jaccard, MASI); the empty set is a judgement."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from crosscase.agreement.intervals import Interval
from crosscase.agreement.judgements.ratings import Ratings
from crosscase.agreement.judgements.read import Documents, as_frame, document_numbers
from crosscase.agreement.measures.alpha import alpha_estimator
from crosscase.agreement.measures.base import Coefficient, Measure, coefficient
from crosscase.agreement.measures.estimator import Estimator, Parts, ratio
from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem

#: resamples worked on at once: bounds the memory of the expected disagreement
BLOCK = 100


def jaccard_distance(a: Collection[Hashable], b: Collection[Hashable]) -> float:
    """One minus shared by all codes of two sets; 0 for two empty sets.

    Examples
    --------
    >>> jaccard_distance({"a", "b"}, {"b"})
    0.5
    """
    check_arguments(jaccard_distance, locals())
    first, second = frozenset(a), frozenset(b)
    return 1.0 - len(first & second) / len(first | second) if first | second else 0.0


def masi_distance(a: Collection[Hashable], b: Collection[Hashable]) -> float:
    """MASI distance: one minus Jaccard times 1 (same), 2/3 (one within the other), 1/3 (overlap), 0 (disjoint).

    Two empty sets are the same. `nltk` rounds 2/3 and 1/3 to .67 and .33, so that its third digit may differ.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation.
    Proceedings of LREC 2006, 831-836.

    Examples
    --------
    >>> round(masi_distance({"a", "b"}, {"b"}), 4)
    0.6667
    """
    check_arguments(masi_distance, locals())
    first, second = frozenset(a), frozenset(b)
    if first == second:
        return 0.0
    if not first & second:
        return 1.0
    monotone = 2 / 3 if first <= second or second <= first else 1 / 3
    return 1.0 - (1.0 - jaccard_distance(first, second)) * monotone


@dataclass(frozen=True, eq=False, repr=False)
class SetMeasure(Measure):
    """A measure of sets of codes, as `code_sets` makes them of codings; it is called like a function.

    Examples
    --------
    >>> frame = pd.DataFrame({"F": [{"b", "d"}, {"a", "b", "d"}, set(), {"a"}], "G": [{"d"}, {"b"}, {"a"}, None],
    ...                       "H": [None, {"b", "d"}, {"a"}, None]})
    >>> round(float(mv_alpha(frame)), 4)
    0.2866
    >>> frame = pd.DataFrame({"x": [{"a"}, {"a", "b"}, set()], "y": [{"a"}, {"b"}, set()]})
    >>> round(float(jaccard_alpha(frame)), 4), round(float(masi_alpha(frame)), 4)
    (0.7826, 0.7222)
    """

    variant: str = ""

    _called = """Parameters
    ----------
    data : DataFrame, 2-d array or list of rows
        Units x coders; each cell a set, list or tuple of codes, an empty one where judged without a code, NaN or None
        where not judged.
    documents : sequence, optional
        Document of each unit; without it the index level `document`.
    interval : Bootstrap, Linearised or None
        Confidence interval.

    Returns
    -------
    Coefficient

    Raises
    ------
    CrosscaseError
        For cells that are no sets.""".replace("\n    ", "\n")

    def __call__(self, data: Any, *, documents: Documents = None, interval: Interval | None = None) -> Coefficient:
        """Return the coefficient of sets; what stands for what is said in the help of the measure."""
        check_arguments(SetMeasure.__call__, locals())
        ratings = read_sets(data, documents)
        return coefficient(self.name, self.variant, ratings, self.estimator(ratings), interval)


def read_sets(data: Any, documents: Documents = None) -> Ratings:
    """Read units x coders of sets, lists or tuples (NaN or None: not judged); each distinct set is a category.

    Refused are cells that are no sets, and sets that name a code twice.
    """
    data = as_frame(data, "units x coders")
    cells = data.to_numpy(dtype=object)
    sets: list[frozenset[Hashable] | None] = []
    for value in cells.ravel():
        if isinstance(value, (set, frozenset, list, tuple, np.ndarray)):
            sets.append(frozenset(value))
            if len(frozenset(value)) != len(value):
                raise CrosscaseError(Problem("data, sets", "a set names each code once", repr(value)))
        elif value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
            sets.append(None)
        else:
            raise CrosscaseError(
                Problem("data, sets", "each cell is a set of codes, or missing", repr(value), "{'a', 'b'}, set(), NaN",
                        "put the codes of a unit into a set; an empty set where judged without a code")
            )  # fmt: skip
    kinds = sorted({each for each in sets if each is not None}, key=lambda each: (len(each), sorted(map(repr, each))))
    number = {each: place for place, each in enumerate(kinds)}
    codes = np.array([-1 if each is None else number[each] for each in sets], dtype=np.int64).reshape(cells.shape)
    groups = document_numbers(data, documents)
    return Ratings(codes, None, np.ones(len(codes)), tuple(kinds), tuple(data.columns), groups)


def _mv_estimator(ratings: Ratings) -> Estimator:
    codes = ratings.by_coder("mv_alpha")
    judged = (codes >= 0).sum(axis=1)
    paired = judged >= 2
    kinds = [frozenset(kind) for kind in ratings.categories]  # type: ignore[call-overload]
    labels = {label: place for place, label in enumerate(sorted({label for kind in kinds for label in kind}, key=repr))}
    # a row of zeros at the end stands for "not judged" (number -1)
    has = np.zeros((len(kinds) + 1, len(labels)))
    for place, kind in enumerate(kinds):
        has[place, [labels[label] for label in kind]] = 1.0
    sizes = has.sum(axis=1).astype(int)
    top = int(sizes.max(initial=0))
    of_size = (sizes[:, None] == np.arange(top + 1)).astype(float)
    of_size[-1] = 0.0
    observed = np.zeros(len(codes))
    for a, b in combinations(range(codes.shape[1]), 2):
        both = (codes[:, a] >= 0) & (codes[:, b] >= 0)
        first, second = codes[both, a], codes[both, b]
        total = sizes[first] + sizes[second]
        shared = (has[first] * has[second]).sum(axis=1)
        apart = np.where(total > 0, 1.0 - 2.0 * shared / np.where(total > 0, total, 1), 0.0)
        observed[both] += 2.0 * apart / (judged[both] - 1.0)
    counts = sum((np.column_stack([of_size, has])[codes[:, coder]] for coder in range(codes.shape[1])), np.zeros(()))
    columns = np.column_stack([observed, counts * paired[:, None]])

    def evaluate(sums: np.ndarray) -> Parts:
        size, label = sums[:, 1 : top + 2], sums[:, top + 2 :]
        n = size.sum(axis=1)
        blocks = [_expected(size[at : at + BLOCK], label[at : at + BLOCK]) for at in range(0, len(sums), BLOCK)]
        apart = ratio(sums[:, 0], n)
        chance = np.concatenate(blocks)
        return 1.0 - ratio(apart, chance), 1.0 - apart, 1.0 - chance

    member = np.arange(len(codes))
    return Estimator(
        columns, ratings.multiplicity, member, ratings.multiplicity, evaluate, None, paired, ratings.documents
    )


def _expected(size: np.ndarray, label: np.ndarray) -> np.ndarray:
    """Expected disagreement from the numbers of sets by size and of codes.

    The weights of all pairs of sets of sizes i and j with s shared codes are the coefficients of x^i y^j z^s in the
    product over codes of 1 + n x + n y + n (n - 1) x y z; the table is filled code by code.
    """
    resamples, top = size.shape[0], size.shape[1] - 1
    table = np.zeros((resamples, top + 1, top + 1, top + 1), dtype=np.result_type(size, label, float))
    table[:, 0, 0, 0] = 1.0
    for column in label.T:
        n = column[:, None, None, None]
        grown = table.copy()
        grown[:, 1:] += n * table[:, :-1]
        grown[:, :, 1:] += n * table[:, :, :-1]
        grown[:, 1:, 1:, 1:] += n * (n - 1.0) * table[:, :-1, :-1, :-1]
        table = grown
    i, j, s = np.indices((top + 1,) * 3)
    apart = np.where(i + j > 0, 1.0 - 2.0 * s / np.maximum(i + j, 1), 0.0)
    mean = ratio((table * apart).sum(axis=3), table.sum(axis=3))
    pairs = size[:, :, None] * size[:, None, :] * ~np.isnan(mean)
    n = size.sum(axis=1)
    return ratio((pairs * np.nan_to_num(mean)).sum(axis=(1, 2)), n * n)


mv_alpha = SetMeasure(
    "mv_alpha", "Multi-valued nominal alpha",
    "chance puts sets of the observed sizes together from the observed codes.",
    """Krippendorff, K. & Craggs, R. (2016). The reliability of multi-valued coding of data. Communication Methods and
Measures 10, 181-198. doi:10.1080/19312458.2016.1228863""",
    _mv_estimator, of="sets", needs_coders=True, variant="nominal",
)  # fmt: skip
jaccard_alpha = SetMeasure(
    "jaccard_alpha", "Alpha with the Jaccard distance",
    "Krippendorff's alpha on sets, one minus shared by all codes of two sets; chance draws whole sets.", "",
    lambda ratings: alpha_estimator(ratings, jaccard_distance), of="sets", variant="Jaccard distance",
)  # fmt: skip
masi_alpha = SetMeasure(
    "masi_alpha", "Alpha with the MASI distance",
    "Krippendorff's alpha on sets, the Jaccard distance weighed by inclusion; chance draws whole sets.",
    """Passonneau, R. (2006). Measuring agreement on set-valued items (MASI) for semantic and pragmatic annotation.
Proceedings of LREC 2006, 831-836.""",
    lambda ratings: alpha_estimator(ratings, masi_distance), of="sets", variant="MASI distance",
)  # fmt: skip
