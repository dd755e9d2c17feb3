"""Roles compared within cases where participants are known, and the reason where they are not."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import Seed, check_arguments
from crosscase.comparison.permutation import compare_roles, unit_labels, unit_values
from crosscase.comparison.results import result_frame
from crosscase.frames import need, one_row

NO_PARTICIPANT = "no document names its participant, and segments of unknown speakers may not be exchanged"
ONE_ROLE = "fewer than two participants with one role and one case each"


def role_comparison(
    codings: pd.DataFrame, documents: pd.DataFrame, *, n_permutations: int = 9999, seed: Seed = 1
) -> pd.DataFrame:
    """Compare roles within cases where documents name their participants; otherwise say why it cannot be done.

    Parameters
    ----------
    codings : pandas.DataFrame
        `document, code, case, role`.
    documents : pandas.DataFrame
        `document, participant`, optionally `role, case` of that participant.
    n_permutations, seed : int
        As for `compare_roles`.

    Returns
    -------
    pandas.DataFrame
        As `compare_roles`; one row `all codes` with its `reason` where there is nothing to exchange.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": ["d"], "code": ["trust"], "case": ["a"], "role": ["nurse"]})
    >>> documents = pd.DataFrame({"document": ["d"], "participant": [None]})
    >>> role_comparison(codings, documents)["subject"].tolist()
    ['all codes']
    """
    check_arguments(role_comparison, locals())
    need(codings, ["document", "code", "case", "role"], "codings")
    need(documents, ["document", "participant"], "documents")
    one_row(documents, "document", "documents")
    people = documents.set_index("document")["participant"]
    frame = codings.assign(participant=codings["document"].map(people))
    frame = frame.dropna(subset=["participant", "role", "case"])
    if frame.empty:
        return result_frame([{"subject": "all codes", "n": 0, "reason": NO_PARTICIPANT}])
    values, roles, cases = unit_values(frame), unit_labels(frame, "role"), unit_labels(frame, "case")
    if len(values) < 2 or roles.nunique() < 2:
        return result_frame([{"subject": "all codes", "n": len(values), "reason": ONE_ROLE}])
    return compare_roles(values, roles, cases, n_permutations=n_permutations, seed=seed)
