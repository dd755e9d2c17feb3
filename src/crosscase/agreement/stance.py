"""Which analytic stances allow agreement coefficients, with the source of the reason."""

from __future__ import annotations

from crosscase.stances import STANCES as ALL
from crosscase.stances import verdict

STANCES = tuple(ALL)


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
    return tuple(verdict(stance, "agreement"))  # type: ignore[return-value]
