"""Which analytic stances allow agreement coefficients, with the source of the reason."""

from __future__ import annotations

from crosscase.errors import CrosscaseError, Problem

_BRAUN_CLARKE = "Braun & Clarke 2021, doi:10.1080/14780887.2020.1769238"
_MCDONALD = "McDonald, Schoenebeck & Forte 2019, doi:10.1145/3359174"
_OCONNOR = "O'Connor & Joffe 2020, doi:10.1177/1609406919899220"

_STANCES: dict[str, tuple[bool, str]] = {
    "reflexive": (
        False,
        "In reflexive thematic analysis codes come from one researcher's reading; agreement between coders is no sign "
        f"of quality. Read the codings side by side instead ({_BRAUN_CLARKE}).",
    ),
    "codebook": (
        True,
        "With a codebook settled before the comparison, agreement tells how far it is used in the same way "
        f"({_OCONNOR}).",
    ),
    "coding_reliability": (
        True,
        f"Independent coding with a fixed codebook is meant to be reproduced, so agreement is reported ({_OCONNOR}).",
    ),
    "constant_comparison": (
        True,
        "Codes change while documents are compared, so agreement counts only for rounds coded independently after the "
        "codebook was settled (Campbell, Quincy, Osserman & Pedersen 2013, doi:10.1177/0049124113500475).",
    ),
    "framework": (
        True,
        "Indexing applies an agreed framework; how far coders apply it alike can be reported (Gale, Heath, Cameron, "
        "Rashid & Redwood 2013, doi:10.1186/1471-2288-13-117).",
    ),
    "content_analysis": (
        True,
        "Content analysis asks for reproducible coding of independent coders (Krippendorff 2019, Content Analysis, "
        "4th ed., chapter 12, doi:10.4135/9781071878781).",
    ),
    "grounded_theory": (
        False,
        f"Codes are steps towards a theory and change with each reading, not judgements to be repeated ({_MCDONALD}).",
    ),
    "phenomenology": (
        False,
        f"The reading of lived experience is the researcher's own; repeated judgements are not its aim ({_MCDONALD}).",
    ),
}

STANCES = tuple(_STANCES)


def stance_allows(stance: str) -> tuple[bool, str]:
    """Tell whether agreement coefficients fit an analytic stance, and why.

    Parameters
    ----------
    stance : str
        One of `STANCES`.

    Returns
    -------
    allowed : bool
        Whether coefficients fit.
    reason : str
        One or two sentences with their source.

    Raises
    ------
    CrosscaseError
        For an unknown stance.

    References
    ----------
    Braun, V. & Clarke, V. (2021). One size fits all? What counts as quality practice in (reflexive) thematic
    analysis? Qualitative Research in Psychology 18, 328-352. doi:10.1080/14780887.2020.1769238
    McDonald, N., Schoenebeck, S. & Forte, A. (2019). Reliability and inter-rater reliability in qualitative research.
    Proceedings of the ACM on Human-Computer Interaction 3, article 72. doi:10.1145/3359174
    O'Connor, C. & Joffe, H. (2020). Intercoder reliability in qualitative research: debates and practical guidelines.
    International Journal of Qualitative Methods 19. doi:10.1177/1609406919899220

    Examples
    --------
    >>> stance_allows("reflexive")[0], stance_allows("codebook")[0]
    (False, True)
    """
    if stance not in _STANCES:
        raise CrosscaseError(Problem("stance", "unknown stance", repr(stance), ", ".join(STANCES)))
    return _STANCES[stance]
