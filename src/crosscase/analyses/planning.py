"""How many units two coders would have to read: what to plan with, from how often the codes of a study are used."""

from __future__ import annotations

import pandas as pd

from crosscase import agreement
from crosscase.analyses.agreement import ALPHA, per_code
from crosscase.analyses.compared import Compared
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import count, listed
from crosscase.analyses.values import Value
from crosscase.study import Study


def units_needed(
    study: Study,
    unit: str = "sentence",
    *,
    known: Result | None = None,
    width: float = 0.2,
    assumed: float = 0.8,
    seed: int = 20210401,
) -> Result:
    """Return for each code how many units two coders must both read for an interval of alpha of this width.

    Parameters
    ----------
    study : Study
        Its codes are planned for as often as its coders used them.
    unit : {"sentence", "paragraph", "document"}
        What is compared.
    known : Result, optional
        What `agreement.per_code` found, so that agreement is not computed again.
    width, assumed : float
        Width of the 95 % interval, and the alpha assumed to hold.
    seed : int
        Of the simulation.
    """
    made, labels = Compared(study), study.labels("codebook")
    caption = f"Units ({unit}) that two coders must both read, per code, for a 95 % interval of alpha {width:g} wide."
    about = {"enough": "codes for which the units compared are enough", "least": "units needed for the easiest code",
             "most": "units needed for the hardest code"}  # fmt: skip
    if reason := made.refusal(made.units(unit)):
        return refuse(reason, caption, [Value(f"planning.{name}", None, what, reason=reason)
                                        for name, what in about.items()])  # fmt: skip
    table = (known or per_code(study, unit, over="units", resamples=1, seed=seed)).frame
    rows = table[table["coefficient"].eq(ALPHA) & table["code"].ne(agreement.OVERALL)].set_index("code")
    shares = rows.filter(regex="^prevalence_").mean(axis=1)
    found = agreement.units_for_width(shares, assumed, width, measure=ALPHA, seed=seed)
    found.insert(7, "n_units", rows["n_units"].to_numpy())

    def known_rows(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["units"].notna()].sort_values("units", kind="stable")

    def enough(frame: pd.DataFrame) -> int:
        return int((known_rows(frame)["units"] <= known_rows(frame)["n_units"]).sum())

    def says(frame: pd.DataFrame) -> str:
        rest = known_rows(frame)
        if rest.empty:
            return "No code is used so that units could be planned for it."
        ends = [f"{row.units:,} for {labels.get(row.code, row.code)}" for row in rest.iloc[[0, -1]].itertuples()]
        told = (
            f"An interval of alpha {width:g} wide, where alpha is {assumed:g}, takes two coders on the same {unit}s: "
        )
        of = f"{enough(frame) or 'none'} of {count(len(rest), 'code')}"
        have = f"the {int(rest['n_units'].max()):,} compared are enough for {of}"
        narrow = int(rest["note"].str.contains("too narrow").sum())
        more = f"; for {count(narrow, 'code')} the interval then still holds less often than it says" if narrow else ""
        return f"{told}{listed(list(dict.fromkeys(ends)))}; {have}{more}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        rest, why = known_rows(frame), "no code is used so that units could be planned for it"
        if rest.empty:
            return [Value(f"planning.{name}", None, what, reason=why) for name, what in about.items()]
        numbers = {"enough": enough(frame), "least": int(rest["units"].iloc[0]), "most": int(rest["units"].iloc[-1])}
        kinds = {"enough": "codes"}
        return [Value(f"planning.{name}", number, about[name], unit=kinds.get(name, f"{unit}s"), n=len(rest))
                for name, number in numbers.items()]  # fmt: skip

    limits = (
        f"Units are taken as independent, so that this is the least: {unit}s of one document depend on each other. "
        "How often a code is used is taken from these coders."
    )
    return answer(study, found, caption, says, " ".join(filter(None, (limits, made.readers))), counts=counts)
