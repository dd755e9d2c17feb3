"""Whether more material would have brought new codes, where the stance and the material of a study let one ask.

What is counted over the paragraphs of one published text is a demonstration, in sentence, caption and limits.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crosscase import figures
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import begin, count, listed, low, most
from crosscase.analyses.values import Value, each_value
from crosscase.saturation import (
    Sampling,
    code_frequencies,
    curves,
    frequency_counts,
    guest_table,
    meaning_saturation,
    sampled_over,
    saturation_table,
)
from crosscase.stances import STANCES, verdict
from crosscase.study import Study

SHOWN = "Demonstration within one published text: "
SHOWN_LIMITS = (
    "The author chose and ordered what stands in this text; it is not the saturation of the study, whose interviews "
    "are not seen."
)
THIN = "Nothing is drawn ahead: too few codes stand in more than one, so what is still to come cannot be estimated."
RECUR = "Codes that recur are not therefore understood."


def stance(study: Study) -> Result:
    """Return whether the analytic stance of a study allows a verdict on saturation."""
    allowed, reason = verdict(study.info.stance, "saturation")
    about = f"whether the stance ({study.info.stance}) allows a saturation verdict"
    value = Value("stance.saturation", "yes" if allowed else "no", about)
    caption = "Whether a saturation verdict fits the stance, and why."
    if not allowed:
        return refuse(reason, caption, [value])
    return Result(
        pd.DataFrame(),
        caption,
        says=f"The stance of the study, {STANCES[study.info.stance].label}, lets codes be counted for saturation.",
        limits=reason,
        counts=lambda _: [value],
    )


def measures(
    study: Study, unit: str = "document", *, coverage: float = 0.95, resamples: int = 500, seed: int = 20260401
) -> Result:
    """Return every measure of code saturation over the whole study, within each case and within each role.

    Parameters
    ----------
    unit : {"document", "paragraph"}
        What codes are counted over; the paragraphs of one published text are a demonstration.
    coverage : float
        Share of codes to be reached.
    resamples, seed : int
        Size and seed of the bootstrap.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> measures(load_study("nl-work-roadmap")).sentence
    'One document only; saturation is counted over documents and needs several.'
    """
    over = _over(study, unit)
    shown, name = unit == "paragraph", "saturation.within" if unit == "paragraph" else "saturation"
    caption = f"Every measure of code saturation over the {_units(over)}: all of them, by case and by role."
    about = f"{'demonstration, not saturation of the study: ' if shown else ''}{{measure}} over {over.noun}"
    if over.reason:
        about = about.format(measure="codes_observed")
        value = Value(f"{name}.codes_observed", None, about, n=len(over.order), form=".2f", reason=over.reason)
        return _refused(study, over, caption, [value])

    def says(frame: pd.DataFrame) -> str:
        whole = frame[frame["grouped_by"].eq("all")].set_index("measure")
        seen, more = whole.loc["codes_observed"], whole.loc["chao2_bias_corrected"]
        if not seen["value"]:
            return f"No code stands in any of the {count(int(seen['n_units']), _units(over, 1), _units(over))}."
        found = f"{count(int(seen['value']), 'code')} were found in {_counted(over)}; "
        if pd.isna(more["value"]):
            return f"{found}how many more there are cannot be estimated ({more['reason']})."
        by = f"going by those in one or two {_units(over)} only"
        if round(more["value"]) <= seen["value"]:
            return f"{found}{by}, no more are expected."
        span = f" ({100 * more['level']:g} % interval {more['low']:.0f} to {more['high']:.0f})"
        return f"{found}{by}, at least {more['value']:.0f} in all are expected{span if pd.notna(more['low']) else ''}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        whole = frame[frame["grouped_by"].eq("all")]
        return each_value(name, whole, "measure", "value", about, n="n_units", form=".2f", reason="reason")

    table = saturation_table(
        over.codings, over.order, unit="sampled", by=over.groups, target=coverage, n_resamples=resamples, seed=seed
    )
    return _result(table, over, caption, says, counts=counts)


def guest(study: Study, unit: str = "document") -> Result:
    """Return saturation by base, run and threshold (Guest, Namey & Chen 2020), every combination of the authors."""
    over = _over(study, unit)
    caption = f"Base size, run length and threshold of new information over the {_units(over)}; 6+2 says: reached with "
    caption += "six, confirmed by two more."

    def says(frame: pd.DataFrame) -> str:
        met = frame[frame["reached_at"].notna()]
        late, what = int(met["new_after"].gt(0).sum()), "combinations of base, run and threshold"
        if met.empty:
            few, came = f"{_counted(over)} are too few", "new codes kept coming"
            short = frame["reason"].str.startswith("too few")
            why = few if short.all() else f"{came} or {few}" if short.any() else came
            return f"The stopping rule is met in none of {len(frame)} {what}, as {why}."
        where = f"all {len(met)}" if len(met) == len(frame) else f"{len(met)} of {len(frame)}"
        after = "all" if late == len(met) else late or "none"
        return f"The stopping rule is met in {where} {what}, and in {after} of these new codes came later."

    limits = "Where new codes came later, the rule stops too early."
    return _counts(study, over, guest_table, caption, says, limits)


def frequencies(study: Study, unit: str = "document") -> Result:
    """Return in how many units each code occurs, and which unit brought it first."""
    over, labels = _over(study, unit), study.labels("codebook")

    def says(frame: pd.DataFrame) -> str:
        names, top = most(frame, "code", "units", labels=labels)
        if not names:
            return f"No code stands in any of the {_units(over)}."
        return f"Most widespread of {count(len(frame), 'code')}: {names}, in {top:.0f} of {_counted(over)}."

    caption = f"In how many {_units(over)} each code occurs, and which brought it first."
    return _counts(study, over, code_frequencies, caption, says, limits="Frequent is not important.")


def rare(study: Study, unit: str = "document") -> Result:
    """Return how many codes occur in exactly so many units, the numbers behind every estimate of what is missing."""
    over = _over(study, unit)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"No code stands in any of the {_units(over)}."
        once, twice = (int(frame.loc[frame["units"].eq(n), "codes"].sum()) for n in (1, 2))
        of = f"Of {count(int(frame['n_codes'].iloc[0]), 'code')}, {once or 'none'} {'occurs' if once < 2 else 'occur'}"
        return f"{of} in one {_units(over, 1)} only and {twice or 'none'} in two."

    caption = f"How many codes occur in exactly so many {_units(over)}."
    limits = "The more codes occur in one or two only, the more are still to come."
    return _counts(study, over, _frequency_counts, caption, says, limits=limits)


def curve(study: Study, unit: str = "document", by: str | None = None) -> Result:
    """Return the curve of codes in the order of collection, the one that any order would give, and what lies ahead.

    Parameters
    ----------
    unit : {"document", "paragraph"}
        What codes are counted over.
    by : {"case", "role"}, optional
        A curve for each case or role with at least two units.
    """
    over = _over(study, unit)
    caption = f"Codes found over the {_units(over)}" + (
        f" of each {by} with at least two." if by else f" (n = {len(over.order)})."
    )
    if over.reason:
        return _refused(study, over, caption)
    frame = curves(over, by)
    if frame.empty:
        none = f"No {by} has two {_units(over)} with a code" if by else f"No code stands in any of the {_units(over)}"
        return refuse(f"{none}, so that there is no curve.", _caption(over, caption))
    if by:
        frame = frame.replace({"group": study.labels(f"{by}s")})

    def says(frame: pd.DataFrame) -> str:
        real = frame[frame["part"].eq("real")]
        return _of_groups(real, over, by) if by else _of_all(real, over)

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        return figures.saturation_curve(frame, unit=_units(over))

    band = "In simulations the band ahead held what came in about 85 of 100 instead of 95."
    band = band if frame["part"].eq("extrapolated").any() else THIN
    groups = "So few units say little about one group." if by else band
    limits = f"Order: {over.order['ordered_by'].iloc[0]}. {groups}"
    return _result(frame, over, caption, says, limits, draws)


def meaning() -> Result:
    """Return why meaning saturation is not computed, and what to show instead."""
    trail = "the dated memos and the changes of each code's definition, unit by unit, are its trail"
    return refuse(meaning_saturation(), f"Meaning saturation; {trail}.")


def _of_all(real: pd.DataFrame, over: Sampling) -> str:
    total = real["codes"].max()
    half, last = (int(real.loc[real["codes"].ge(part), "units"].min()) for part in (total / 2, total))
    came = f"the last new one came with the {_nth(last)}"
    return f"Half of {count(int(total), 'code')} had come after {half} of {_counted(over)}; {came}."


def _of_groups(real: pd.DataFrame, over: Sampling, by: str) -> str:
    """Say in which groups the last unit still brought a new code."""
    steps = real.sort_values("units").groupby("group", sort=False)["codes"]
    still = steps.agg(lambda codes: codes.iloc[-1] > codes.iloc[-2])
    names, least = [str(name) for name in still.index[still]], f"with at least two {_units(over)}"
    group, groups = ("role", "roles") if by == "role" else ("case or group of cases", "cases or groups of cases")
    if len(still) == 1:
        brought = "brought a new code" if names else "brought no new code"
        return f"The last {_units(over, 1)} {brought} for {still.index[0]}, the only {group} {least}."
    last, of = f"The last {_units(over, 1)} still brought a new code for", f"{len(still)} {groups} {least}"
    return f"{last} {listed(names, 4)}, {len(names)} of {of}." if names else f"{last} none of {of}."


def _over(study: Study, unit: str) -> Sampling:
    return sampled_over(study.primary_codings(), study.documents, study.units, study.info.stance, unit)


def _frequency_counts(presence: pd.DataFrame) -> pd.DataFrame:
    table = frequency_counts(presence)
    return table[table["codes"].gt(0)].reset_index(drop=True)


def _counts(
    study: Study,
    over: Sampling,
    counted: Callable[[pd.DataFrame], pd.DataFrame],
    caption: str,
    says: Callable[[pd.DataFrame], str],
    limits: str,
) -> Result:
    """Return what is counted from the units by codes, or why nothing is."""
    if over.reason:
        return _refused(study, over, caption)
    return _result(counted(over.presence()), over, caption, says, limits)


def _result(
    frame: pd.DataFrame,
    over: Sampling,
    caption: str,
    says: Callable[[pd.DataFrame], str],
    limits: str = "",
    draws: Callable[[pd.DataFrame], figures.Drawing] | None = None,
    counts: Callable[[pd.DataFrame], list[Value]] | None = None,
) -> Result:
    """Return a result; one within one text is marked as a demonstration wherever it speaks."""
    shown = _shown(over)

    def said(frame: pd.DataFrame) -> str:
        return f"As a demonstration within one published text: {low(says(frame))}" if shown else says(frame)

    limits = " ".join(filter(None, (limits, _uncoded(over), SHOWN_LIMITS if shown else RECUR)))
    return Result(frame, _caption(over, caption), said, draws, counts, limits)


def _uncoded(over: Sampling) -> str:
    """Say how many documents do not count because nobody has coded them; nothing where all are coded."""
    n = over.uncoded
    return f"{count(n, 'document')} without a coding {'is' if n == 1 else 'are'} not counted." if n else ""


def _refused(study: Study, over: Sampling, caption: str, values: list[Value] | None = None) -> Result:
    """Say in one sentence why nothing is counted; the whole reason of a stance stands where the stance is asked."""
    stance, why = study.info.stance, f"{begin(over.reason)}."
    if not verdict(stance, "saturation").allowed:
        why = f"The stance of the study, {STANCES[stance].label}, does not let codes be counted for saturation."
    return refuse(why, _caption(over, caption), values or [])


def _caption(over: Sampling, caption: str) -> str:
    return SHOWN + low(caption) if _shown(over) else caption


def _shown(over: Sampling) -> bool:
    return over.noun != "documents"


def _units(over: Sampling, number: int = 2) -> str:
    return ("paragraph" if _shown(over) else "document") + "s"[: number != 1]


def _counted(over: Sampling) -> str:
    return count(len(over.order), _units(over, 1))


def _nth(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
