"""What no count can say, as a table."""

from __future__ import annotations

import pandas as pd

from crosscase.saturation.stance import meaning_saturation


def meaning_row() -> pd.DataFrame:
    """Return the statement on meaning saturation as a table of one row."""
    return pd.DataFrame([{"measure": "meaning saturation", "state": "not computable", "reason": meaning_saturation()}])
