"""Which analytic stance a saturation verdict fits, and what no count of codes can say."""

from __future__ import annotations

from crosscase.errors import Problem, raise_if

STANCES = {
    "reflexive": (
        False,
        "In reflexive thematic analysis codes are made by the researcher's reading and can always be made anew; "
        "a point at which no new code appears is then no property of the data. No saturation verdict is given; "
        "explain the sample by its information power and show the memo trail (Braun & Clarke 2021, "
        "doi 10.1080/2159676X.2019.1704846).",
    ),
    "codebook": (
        True,
        "A shared codebook makes code saturation countable; it says that codes recur, not that they are understood "
        "(Guest, Namey & Chen 2020, doi 10.1371/journal.pone.0232076).",
    ),
    "coding_reliability": (
        True,
        "Codes are treated as recognisable in the data by several coders, so their recurrence over units can be "
        "counted (Guest, Namey & Chen 2020, doi 10.1371/journal.pone.0232076).",
    ),
    "constant_comparison": (
        True,
        "Code counts are shown as support only: theoretical saturation concerns the properties of categories and their "
        "relations, which counts do not show (Saunders et al. 2018, doi 10.1007/s11135-017-0574-8).",
    ),
    "framework": (
        True,
        "Codes set beforehand fill up early by design; read the counts together with the codes added later "
        "(a priori thematic saturation in Saunders et al. 2018, doi 10.1007/s11135-017-0574-8).",
    ),
}


def stance_allows(stance: str) -> tuple[bool, str]:
    """Tell whether a saturation verdict fits the analytic stance of a study, and why.

    Parameters
    ----------
    stance : str
        One of `STANCES`: reflexive, codebook, coding_reliability, constant_comparison, framework.

    Returns
    -------
    allowed : bool
        False for the reflexive stance.
    reason : str
        The reason with its source, to print beside the numbers or in their place.

    Raises
    ------
    CrosscaseError
        For a stance that is not known.

    References
    ----------
    Braun, V. & Clarke, V. (2021), Qualitative Research in Sport, Exercise and Health 13, 201-216,
    doi 10.1080/2159676X.2019.1704846. Saunders, B. et al. (2018), Quality & Quantity 52, 1893-1907,
    doi 10.1007/s11135-017-0574-8.

    Examples
    --------
    >>> stance_allows("reflexive")[0], stance_allows("codebook")[0]
    (False, True)
    """
    raise_if(
        []
        if stance in STANCES
        else [
            Problem("stance", "a known analytic stance", repr(stance), ", ".join(STANCES), "correct the study's stance")
        ]
    )
    return STANCES[stance]


def meaning_saturation() -> str:
    """State that meaning saturation is not computable, and what to do instead.

    Returns
    -------
    str
        The statement, to print where a reader might expect a number.

    References
    ----------
    Hennink, M. M., Kaiser, B. N. & Marconi, V. C. (2017), Qualitative Health Research 27, 591-608,
    doi 10.1177/1049732316665344.

    Examples
    --------
    >>> "not computable" in meaning_saturation()
    True
    """
    return (
        "Meaning saturation is not computable. Whether further units would add dimensions, nuance or a different "
        "understanding of a code cannot be seen from the presence of codes; in the study that introduced the "
        "distinction it came clearly later than code saturation (16 to 24 interviews against 9; Hennink, Kaiser & "
        "Marconi 2017, doi 10.1177/1049732316665344). Instead: show the dated memos and the changes of each code's "
        "definition unit by unit, and argue from them."
    )
