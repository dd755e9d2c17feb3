"""How much each coder coded."""

from __future__ import annotations

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.frames import need


def coder_summary(codings: pd.DataFrame) -> pd.DataFrame:
    """Count what each coder did: `coder, n_codings, n_segments` (different spans), `n_codes, n_documents`.

    Examples
    --------
    >>> codings = pd.DataFrame({"document": "d", "start": [0, 0], "end": [4, 4], "code": ["a", "b"], "coder": "x"})
    >>> coder_summary(codings).values.tolist()
    [['x', 2, 1, 2, 1]]
    """
    check_arguments(coder_summary, locals())
    need(codings, ["document", "start", "end", "code", "coder"], "codings")
    grouped = codings.groupby("coder", sort=True)
    spans = codings.drop_duplicates(["coder", "document", "start", "end"]).groupby("coder").size()
    return pd.DataFrame(
        {
            "n_codings": grouped.size(),
            "n_segments": spans,
            "n_codes": grouped["code"].nunique(),
            "n_documents": grouped["document"].nunique(),
        }
    ).reset_index()
