"""Whether a coefficient of agreement may be asked at all, and which of its intervals to read."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need
from crosscase.stances import verdict

FEW_DOCUMENTS, RARE = 30, 0.1
#: In how many of 100 simulated studies a 95 % interval of alpha over documents held the true value (median over the
#: designs of `data/calibration/agreement.csv`), by number of documents and share of the units that carry the code:
#: the bootstrap, the linearised interval. A test compares these with the table.
HELD = {
    3: {0.02: (22, 30), 0.1: (65, 88), 0.5: (74, 94)},
    10: {0.02: (32, 37), 0.1: (85, 87), 0.5: (90, 95)},
    30: {0.02: (63, 66), 0.1: (90, 91), 0.5: (92, 94)},
}


def why_not(stance: str, codings: pd.DataFrame, *over: pd.DataFrame) -> str:
    """Return why no coefficient of agreement may be asked, as a sentence; nothing where one may.

    Parameters
    ----------
    stance : str
        Analytic stance of the study.
    codings : pandas.DataFrame
        Codings that would be compared.
    *over : pandas.DataFrame
        Units, or lengths of documents, on which they would be.

    Examples
    --------
    >>> why_not("codebook", pd.DataFrame({"coder": ["x", "x"]}))
    'Fewer than two coders have coded; agreement needs two.'
    >>> why_not("codebook", pd.DataFrame({"coder": ["x", "y"]}))
    ''
    """
    check_arguments(why_not, locals())
    need(codings, ["coder"], "codings")
    allowed, reason = verdict(stance, "agreement")
    if not allowed:
        return reason
    if codings["coder"].nunique() < 2:
        return "Fewer than two coders have coded; agreement needs two."
    return "No text is known on which coders could be compared." if any(each.empty for each in over) else ""


def passages_marked(codings: pd.DataFrame) -> tuple[int, int, int]:
    """Count passages as coders drew them: all, those that two coders or more marked, those of them coded alike.

    Alike is a passage to which everybody who marked it gave the same codes. Where only quotations are known there is
    no other way to count: who did not mark a passage may never have seen it.

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, start, end, code, coder`.

    Examples
    --------
    >>> rows = [("d", 0, 4, "a", "x"), ("d", 0, 4, "a", "y"), ("d", 6, 9, "b", "x")]
    >>> passages_marked(pd.DataFrame(rows, columns=["document", "start", "end", "code", "coder"]))
    (2, 1, 1)
    """
    check_arguments(passages_marked, locals())
    need(codings, ["document", "start", "end", "code", "coder"], "codings")
    place = ["document", "start", "end"]
    read = codings.groupby([*place, "coder"])["code"].agg(frozenset).groupby(place).agg(["size", "nunique"])
    both = read["size"] > 1
    return len(read), int(both.sum()), int((both & read["nunique"].eq(1)).sum())


def interval_advice(n_documents: int, over: str, prevalence: float = 0.5) -> str:
    """Say in one sentence which interval to read, from the number of documents and how often a code is used.

    Parameters
    ----------
    n_documents : int
        Documents that two coders judged.
    over : {"documents", "units"}
        What the intervals vary.
    prevalence : float
        Share of the units that carry the code.

    Returns
    -------
    str
        Where the calibration has a design of about this size, with what both intervals held in it.

    Examples
    --------
    >>> interval_advice(1, "units")
    'one document: both intervals speak of its sentences alone, which depend on each other, so both are too narrow'
    >>> interval_advice(3, "documents").split("; ")[-1]
    'in simulated studies with 3 documents the bootstrap held the true value in 74 of 100, the linearised in 94'
    """
    check_arguments(interval_advice, locals())
    if n_documents <= 1:
        words = "one document: both intervals speak of its sentences alone, which depend on each other, "
        words += "so both are too narrow" if over == "units" else "and over documents none can be given"
    elif over == "units":
        words = "units of one document depend on each other: both intervals are too narrow; vary documents instead"
    elif n_documents < FEW_DOCUMENTS:
        words = f"fewer than {FEW_DOCUMENTS} documents: read the linearised interval; the bootstrap is too narrow"
    else:
        words = "read either; where they differ, the wider one"
    if prevalence <= RARE:
        words += "; the code is rare, and for rare codes neither holds as often as it says"
    if n_documents > 1 and over == "documents":
        size = max(known for known in HELD if known <= max(n_documents, min(HELD)))
        bootstrap, linearised = HELD[size][min(HELD[size], key=lambda share: abs(share - prevalence))]
        words += (
            f"; in simulated studies with {size} documents the bootstrap held the true value in {bootstrap} of 100, "
        )
        words += f"the linearised in {linearised}"
    return words


def reading_advice(table: pd.DataFrame, over: str) -> str:
    """Say how to read the intervals of an `agreement_table` over documents or units, or that none is given.

    Examples
    --------
    >>> reading_advice(pd.DataFrame({"n_documents": [12, 40]}), "documents").split(";")[0]
    'read either'
    >>> reading_advice(pd.DataFrame({"reason": ["the stance forbids it"]}), "documents")
    'no interval is given'
    """
    check_arguments(reading_advice, locals())
    known = table["n_documents"].dropna() if "n_documents" in table else pd.Series(dtype=float)
    return interval_advice(int(known.max()), over) if known.gt(0).any() else "no interval is given"
