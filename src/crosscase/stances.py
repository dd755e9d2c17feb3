"""The analytic stances a study may have, and which analyses make sense under each, with the source of the reason."""

from __future__ import annotations

from typing import NamedTuple

from crosscase.errors import CrosscaseError, Problem

BRAUN_CLARKE_QUALITY = "Braun & Clarke 2021, doi:10.1080/14780887.2020.1769238"
BRAUN_CLARKE_SATURATION = "Braun & Clarke 2021, doi:10.1080/2159676X.2019.1704846"
MCDONALD = "McDonald, Schoenebeck & Forte 2019, doi:10.1145/3359174"
OCONNOR = "O'Connor & Joffe 2020, doi:10.1177/1609406919899220"
GUEST = "Guest, Namey & Chen 2020, doi:10.1371/journal.pone.0232076"
SAUNDERS = "Saunders et al. 2018, doi:10.1007/s11135-017-0574-8"


class Verdict(NamedTuple):
    """Whether an analysis fits a stance, and why."""

    allowed: bool
    reason: str


class Stance(NamedTuple):
    """One analytic stance: its name in words, and the verdict on two analyses."""

    label: str
    agreement: Verdict
    saturation: Verdict


_COUNTED = Verdict(
    True, f"Codes are counted over units; that says that they recur, not that they are understood ({GUEST})."
)
_SUPPORT = Verdict(
    True,
    "Code counts are shown as support only: theoretical saturation concerns the properties of categories and their "
    f"relations, which counts do not show ({SAUNDERS}).",
)
_UNSTATED_AGREEMENT = Verdict(
    True,
    "The study does not say whether its codes are one researcher's reading or judgements to be repeated; agreement is "
    f"shown as a description of the coders, not as a mark of quality ({OCONNOR}).",
)

STANCES: dict[str, Stance] = {
    "reflexive": Stance(
        "reflexive thematic analysis",
        Verdict(
            False,
            "In reflexive thematic analysis codes come from one researcher's reading; agreement between coders is no "
            f"sign of quality. Read the codings side by side instead ({BRAUN_CLARKE_QUALITY}).",
        ),
        Verdict(
            False,
            "In reflexive thematic analysis codes are made by the researcher's reading and can always be made anew; a "
            "point at which no new code appears is then no property of the data. No saturation verdict is given; "
            "explain the sample by its information power and show the memo trail "
            f"({BRAUN_CLARKE_SATURATION}).",
        ),
    ),
    "codebook": Stance(
        "codebook thematic analysis",
        Verdict(
            True,
            "With a codebook settled before the comparison, agreement tells how far it is used in the same way "
            f"({OCONNOR}).",
        ),
        Verdict(
            True,
            "A shared codebook makes code saturation countable; it says that codes recur, not that they are understood "
            f"({GUEST}).",
        ),
    ),
    "coding_reliability": Stance(
        "coding reliability approach",
        Verdict(
            True,
            "Independent coding with a fixed codebook is meant to be reproduced, so agreement is reported "
            f"({OCONNOR}).",
        ),
        Verdict(
            True,
            "Codes are treated as recognisable in the data by several coders, so their recurrence over units can be "
            f"counted ({GUEST}).",
        ),
    ),
    "constant_comparison": Stance(
        "constant comparison",
        Verdict(
            True,
            "Codes change while documents are compared, so agreement counts only for rounds coded independently after "
            "the codebook was settled (Campbell, Quincy, Osserman & Pedersen 2013, doi:10.1177/0049124113500475).",
        ),
        _SUPPORT,
    ),
    "grounded_theory": Stance(
        "grounded theory",
        Verdict(
            False,
            "Codes are steps towards a theory and change with each reading, not judgements to be repeated "
            f"({MCDONALD}).",
        ),
        _SUPPORT,
    ),
    "framework": Stance(
        "framework analysis",
        Verdict(
            True,
            "Indexing applies an agreed framework; how far coders apply it alike can be reported "
            "(Gale, Heath, Cameron, Rashid & Redwood 2013, doi:10.1186/1471-2288-13-117).",
        ),
        Verdict(
            True,
            "Codes set beforehand fill up early by design; read the counts together with the codes added later "
            f"(a priori thematic saturation in {SAUNDERS}).",
        ),
    ),
    "content_analysis": Stance(
        "qualitative content analysis",
        Verdict(
            True,
            "Content analysis asks for reproducible coding of independent coders (Krippendorff 2019, Content Analysis, "
            "4th ed., chapter 12, doi:10.4135/9781071878781).",
        ),
        _COUNTED,
    ),
    "phenomenology": Stance(
        "phenomenological analysis",
        Verdict(
            False,
            "The reading of lived experience is the researcher's own; repeated judgements are not its aim "
            f"({MCDONALD}).",
        ),
        Verdict(
            False,
            "The depth of single accounts decides, not the recurrence of codes; no saturation verdict is given "
            f"({SAUNDERS}).",
        ),
    ),
    "thematic": Stance("thematic analysis, its kind not stated", _UNSTATED_AGREEMENT, _COUNTED),
    "inductive": Stance("inductive analysis, its procedure not stated", _UNSTATED_AGREEMENT, _COUNTED),
    "unspecified": Stance("not stated", _UNSTATED_AGREEMENT, _COUNTED),
}


def verdict(stance: str, on: str) -> Verdict:
    """Return whether an analysis fits a stance, and why.

    Parameters
    ----------
    stance : str
        One of `STANCES`.
    on : {"agreement", "saturation"}
        The analysis.

    Raises
    ------
    CrosscaseError
        For an unknown stance.

    Examples
    --------
    >>> verdict("reflexive", "agreement").allowed, verdict("codebook", "agreement").allowed
    (False, True)
    """
    if stance not in STANCES:
        raise CrosscaseError(
            Problem("stance", "a known analytic stance", repr(stance), ", ".join(STANCES), "correct the study's stance")
        )
    return getattr(STANCES[stance], on)
