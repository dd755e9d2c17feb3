"""The sums behind the alphas for unitizing: lengths by code and code, and the coefficients as functions of them."""

from __future__ import annotations

import numpy as np

from crosscase.agreement.measures.estimator import Evaluate, Parts, ratio
from crosscase.agreement.spans.continuum import Continuum


def document_sums(continuum: Continuum) -> np.ndarray:
    """Return documents x sums, of which all alphas for unitizing are made.

    Paired lengths by code and code (0 is the gap), squares of the segments by code, squares of what of each segment the
    others marked too.
    """
    v, n = len(continuum.codes) + 1, len(continuum.documents)
    document, width = continuum.document, continuum.widths
    m = continuum.judged.sum(axis=1)[document]
    weight = np.where(m >= 2, width / np.maximum(m - 1, 1), 0.0)
    values, segments, known = _values(continuum)
    marked = (values > 0).sum(axis=0)
    lengths = np.zeros(n * v * v)
    square, overlap = np.zeros(n * v), np.zeros(n * v)
    for a in range(len(values)):
        for b in range(a + 1, len(values)):
            both = known[a] & known[b]
            cell = (document[both] * v + values[a][both]) * v + values[b][both]
            lengths += np.bincount(cell, weight[both], minlength=len(lengths))
    table = lengths.reshape(n, v, v)
    table = table + table.transpose(0, 2, 1)
    spans = continuum.spans
    several = continuum.judged.sum(axis=1) >= 2
    size = (spans["end"] - spans["start"]).to_numpy(float)
    counts = several[spans["document"]] & continuum.judged[spans["document"], spans["coder"]]
    cell = (spans["document"] * v + spans["code"]).to_numpy()
    square += np.bincount(cell, size**2 * counts, minlength=n * v)
    for a in range(len(values)):
        gap = known[a] & (values[a] == 0) & (m >= 2)
        square += np.bincount(document[gap] * v, width[gap], minlength=n * v)
        inside = segments[a] > 0
        shared = weight[inside] * (marked[inside] - 1)
        met = np.bincount(segments[a][inside] - 1, shared, minlength=len(spans))
        overlap += np.bincount(cell, met**2, minlength=n * v)
    return np.column_stack([table.reshape(n, v * v), square.reshape(n, v), overlap.reshape(n, v)])


def _values(continuum: Continuum) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
    spans = continuum.spans
    coders = range(len(continuum.coders))
    values = np.array([continuum.fill(spans["code"].to_numpy(), coder) for coder in coders])
    segments = [continuum.fill(np.arange(1, len(spans) + 1), coder) for coder in coders]
    known = np.array([continuum.known(coder) for coder in coders])
    width = values.size // max(len(coders), 1)
    return values.reshape(len(coders), width), segments, known.reshape(len(coders), width)


def _tables(sums: np.ndarray, valued: bool) -> tuple[np.ndarray, np.ndarray]:
    """Observed and expected lengths by code and code; with `valued` of matter that both coders marked."""
    v = round(np.sqrt(sums.shape[1] + 1.0) - 1.0)
    observed = sums[:, : v * v].reshape(-1, v, v)
    square = sums[:, v * v + v :] if valued else sums[:, v * v : v * v + v]
    if valued:
        observed, square = observed[:, 1:, 1:], square[:, 1:]
    margin = observed.sum(axis=2)
    total = margin.sum(axis=1)
    pairs = margin[:, :, None] * margin[:, None, :] - square[:, :, None] * np.eye(square.shape[1])
    scale = ratio(total, total**2 - square.sum(axis=1))
    return observed, pairs * scale[:, None, None]


def _disagreement(observed: np.ndarray, expected: np.ndarray) -> Parts:
    off = 1.0 - np.eye(observed.shape[1])
    total = observed.sum(axis=(1, 2))
    apart, chance = (observed * off).sum(axis=(1, 2)), (expected * off).sum(axis=(1, 2))
    return 1.0 - ratio(apart, chance), 1.0 - ratio(apart, total), 1.0 - ratio(chance, total)


def all_codes(sums: np.ndarray) -> Parts:
    """Evaluate u_alpha: spans, gaps and codes at once."""
    return _disagreement(*_tables(sums, valued=False))


def codes_where_marked(sums: np.ndarray) -> Parts:
    """Evaluate cu_alpha: the codes of matter that two coders marked."""
    return _disagreement(*_tables(sums, valued=True))


def marked_or_not(sums: np.ndarray) -> Parts:
    """Evaluate the binary form: marked or gap, whatever the code."""
    observed, expected = _tables(sums, valued=False)
    total = observed.sum(axis=(1, 2))
    apart, chance = 2.0 * observed[:, 0, 1:].sum(axis=1), 2.0 * expected[:, 0, 1:].sum(axis=1)
    return 1.0 - ratio(apart, chance), 1.0 - ratio(apart, total), 1.0 - ratio(chance, total)


def one_code(code: int) -> Evaluate:
    """Return the function that evaluates (k)u_alpha of one code, numbered from 1."""

    def evaluate(sums: np.ndarray) -> Parts:
        observed, expected = _tables(sums, valued=True)
        k = code - 1
        all_observed, all_expected = observed[:, :, k].sum(axis=1), expected[:, :, k].sum(axis=1)
        apart = ratio(all_observed - observed[:, k, k], all_observed)
        chance = ratio(all_expected - expected[:, k, k], all_expected)
        return 1.0 - ratio(apart, chance), 1.0 - apart, 1.0 - chance

    return evaluate


def coverage(sums: np.ndarray, continuum: Continuum, code: int) -> float:
    """Return the share of a code's matter (0: of any code's) that another coder marked too, with whatever code."""
    v = len(continuum.codes) + 1
    table = sums[:, : v * v].sum(axis=0).reshape(v, v)
    column = table[:, code] if code else table[:, 1:].sum(axis=1)
    return float(ratio(column[1:].sum(keepdims=True), column.sum(keepdims=True))[0])
