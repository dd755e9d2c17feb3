"""Which analytic stance a saturation verdict fits, and what no count of codes can say."""

from __future__ import annotations

from crosscase.arguments import check_arguments
from crosscase.stances import STANCES as ALL
from crosscase.stances import verdict

STANCES = tuple(ALL)


def stance_allows(stance: str) -> tuple[bool, str]:
    """Tell whether a saturation verdict fits the analytic stance of a study, and why.

    The reason names its source, to be printed beside the numbers or in their place; a stance that is none of `STANCES`
    is refused.

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
    check_arguments(stance_allows, locals())
    return tuple(verdict(stance, "saturation"))  # type: ignore[return-value]


def meaning_saturation() -> str:
    """State that meaning saturation is not computable, and why, where a reader might expect a number.

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
        "Meaning saturation is not computable: whether further units would add dimensions, nuance or a different "
        "understanding of a code cannot be seen from the presence of codes, and in the study that introduced the "
        "distinction it came clearly later than code saturation, after 16 to 24 interviews instead of 9 (Hennink, "
        "Kaiser & Marconi 2017, doi 10.1177/1049732316665344)."
    )
