"""Studies as the units: what the codings offer raters study by study."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import CrosscaseError, Problem
from crosscase.frames import need
from crosscase.synthesis.rating_aid import rating_aid


def aid_by_study(
    codings: pd.DataFrame,
    maps: pd.DataFrame,
    constructs: pd.DataFrame,
    framework: str,
    themes: pd.DataFrame,
    studies: list[str],
) -> pd.DataFrame:
    """Compute the aid to raters with each study taken as one case; frames as in `rating_aid`, with the column `study`.

    Examples
    --------
    >>> codings = pd.DataFrame({"study": ["a"], "coding_id": ["k1"], "document": ["d"], "case": [None],
    ...     "theme": ["t"], "valence": ["inhibits"], "role": ["nurse"], "role_mode": ["voice"], "coder": ["anna"]})
    >>> maps = pd.DataFrame({"study": ["a"], "theme": ["t"], "framework": ["f"], "construct": ["c"]})
    >>> constructs = pd.DataFrame({"construct": ["c"], "label": ["C"], "order": [1]})
    >>> themes = pd.DataFrame({"study": ["a"], "theme": ["t"], "parent": [None]})
    >>> aid_by_study(codings, maps, constructs, "f", themes, ["a"])[["case", "compatible"]].values.tolist()
    [['a', '-1']]
    """
    check_arguments(aid_by_study, locals())
    need(codings, ["study", "coding_id", "document", "theme", "valence", "role", "role_mode"], "codings")
    need(maps, ["study", "theme", "framework", "construct"], "maps")
    need(constructs, ["construct", "label", "order"], "constructs")
    need(themes, ["study", "theme", "parent"], "themes")
    parts = []
    for study in studies:
        mine = codings[codings["study"].eq(study)].assign(case=study)
        own, tree = maps[maps["study"].eq(study)], themes[themes["study"].eq(study)]
        parts.append(rating_aid(mine, own, constructs, [study], framework, tree))
    if not parts:
        raise CrosscaseError(Problem("studies", "at least one study", "none"))
    return pd.concat(parts, ignore_index=True)
