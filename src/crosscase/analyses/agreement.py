"""How far independent coders agree: on units, on the segments as drawn, on directions, and on what matrices rest on."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crosscase import agreement, figures
from crosscase.analyses.compared import NOT_KNOWN, QUOTATIONS, Compared
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import begin, count, share
from crosscase.analyses.values import Value
from crosscase.study import Study

ALPHA = "krippendorff_alpha"
RELIABLE = 0.667
"""Krippendorff's limit for tentative conclusions."""
FEW = {
    "document": "With one document a code can hardly be missed.",
    "case": "It is undefined where only one coder names cases.",
}
READING = (
    "1 is full agreement, 0 no more than by chance; it does not say that a reading is right. No spread: they never "
    "differed, which few coded {unit}s do not prove."
)


def per_code(
    study: Study, unit: str = "sentence", *, over: str = "documents", resamples: int = 1000, seed: int = 20210401
) -> Result:
    """Return agreement on each code and over all codes, with the number of units beside each coefficient.

    Parameters
    ----------
    unit : {"sentence", "paragraph", "document"}
        What is compared.
    over : {"documents", "units"}
        What the intervals vary.
    resamples, seed : int
        Of the bootstrap.
    """
    made = Compared(study)
    units, codes = made.units(unit), made.codes
    overall = [*(measure.name for measure in agreement.kept_measures()), "alpha_low", "alpha_high"]
    in_use = made.read.loc[made.read["code"].isin(codes), "code"].nunique()
    counted = [
        Value("agreement.units", len(units), f"units ({unit}) on which coders are compared", unit=f"{unit}s"),
        Value("agreement.codes", len(codes), "codes of the codebook that are compared", unit="codes"),
        Value("agreement.codes.used", in_use, "codes that any coder used", unit="codes"),
    ]
    caption, stem = f"Agreement between coders per code (unit: {unit}; bootstrap over {over}).", "agreement.overall"
    if reason := made.refusal(units):
        reason = f"{reason} {made.passages}" if reason == QUOTATIONS else reason
        none = [Value(f"{stem}.{name}", None, f"{name} over all codes", n=0, reason=reason) for name in overall]
        return refuse(reason, caption, [*none, *counted])
    table = agreement.agreement_table(
        made.read, units, codes=codes, over=over, resamples=resamples, seed=seed, rounds=study.info.reconciled_rounds
    )

    def says(frame: pd.DataFrame) -> str:
        row = _over_all(frame).loc[ALPHA]
        if pd.isna(row["value"]):
            return f"Over all codes alpha is undefined: {row['reason']}."
        span = f"{row['low']:.2f} to {row['high']:.2f}; " if pd.notna(row["low"]) else ""
        compared = int(frame.loc[frame["code"] != agreement.OVERALL, "n_units"].max())
        on = f"{span}{count(compared, unit)}, {count(int(row['n_coders']), 'coder')}"
        return f"Over all codes coders agree beyond chance by alpha = {row['value']:.2f} ({on}){made.reservation}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        rows = _over_all(frame)
        found = {name: (name, "value") for name in overall} | {f"alpha_{end}": (ALPHA, end) for end in ("low", "high")}
        values = []
        for name, (coefficient, column) in found.items():
            row, about = rows.loc[coefficient], f"{name} over all codes"
            reason, n = row["reason"] if pd.isna(row[column]) else "", int(row["n_units"])
            values.append(Value(f"{stem}.{name}", row[column], about, n=n, form=".3f", reason=reason))
        return [*values, *counted]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        shown = study.named(agreement.forest_frame(frame, ALPHA))
        labels = used(study.labels("codebook"), shown["code"]) | {agreement.OVERALL: "All codes together"}
        measure = agreement.MEASURES[ALPHA].label
        return figures.forest(shown, labels, measure=measure, overall=agreement.OVERALL, unit=f"{unit}s")

    advice = f"{READING.format(unit=unit)} Intervals: {agreement.reading_advice(table, over)}."
    return answer(study, table, caption, says, made.limits(advice), draws=draws, counts=counts)


def intervals(
    study: Study,
    unit: str = "sentence",
    *,
    known: Result | None = None,
    over: str = "documents",
    resamples: int = 1000,
    seed: int = 20210401,
) -> Result:
    """Return both intervals of each coefficient beside each other, and which of them to read.

    Parameters
    ----------
    study, unit, over, resamples, seed
        As in `per_code`.
    known : Result, optional
        What `per_code` found with the same options, so that the bootstrap is drawn once.
    """
    made = Compared(study)
    units = made.units(unit)
    caption = f"Both intervals of each coefficient over {over}, and which of them to read."
    about = "which interval of the overall agreement to trust"
    if reason := made.refusal(units):
        return refuse(reason, caption, [Value("agreement.advice", None, about, reason=reason)])
    table = (known or per_code(study, unit, over=over, resamples=resamples, seed=seed)).frame
    advice = agreement.reading_advice(table, over)
    both = agreement.both_intervals(
        made.read,
        units,
        codes=made.codes,
        known=table,
        over=over,
        resamples=resamples,
        seed=seed,
        rounds=study.info.reconciled_rounds,
    )
    value, says = Value("agreement.advice", advice, about), f"{begin(advice)}{made.reservation}."
    return answer(study, both, caption, says, made.reserved, counts=lambda _: [value])


def marked(study: Study) -> Result:
    """Return how far the coders' own segments cover the same text, whatever the code."""
    made, name = Compared(study), "unitizing.marked.alpha"
    about = "alpha for unitizing of what was found worth any code"

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[0]
        if pd.isna(row["value"]):
            return f"How alike coders mark text is undefined: {row['reason']}."
        on = f"{count(int(row['n_spans']), 'segment')}, {count(int(row['n_coders']), 'coder')}"
        return f"Coders mark the same text, whatever the code, by alpha = {row['value']:.2f} ({on}){made.reservation}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        row = frame.iloc[0]
        return [Value(name, row["value"], about, n=int(row["n_spans"]), form=".3f", reason=str(row["reason"]))]

    caption = "Alpha for unitizing of what was found worth any code."
    if reason := made.refusal(made.spans, made.sizes):
        return refuse(reason, caption, [Value(name, None, about, reason=reason)])
    limits = made.limits("It does not say that the codes are the same.")
    return answer(study, agreement.marked_alike(made.spans, made.sizes), caption, says, limits, counts=counts)


def segments(study: Study) -> Result:
    """Return alpha for unitizing of each code by itself, on the segments as drawn."""
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        known = frame["u_alpha"].dropna()
        if known.empty:
            return "Alpha for unitizing is defined for no code."
        reaches = f"reaches {RELIABLE} for {int(known.ge(RELIABLE).sum())} of {count(len(known), 'code')} in use"
        return f"Alpha for unitizing {reaches}; its median is {known.median():.2f}{made.reservation}."

    return _on_segments(
        made,
        lambda: agreement.unitizing_table(made.spans, made.sizes, codes=made.codes),
        "Alpha for unitizing of each code by itself, on the segments as drawn.",
        says,
        "Codes that few segments carry hang on a handful of judgements.",
    )


def matched(study: Study, threshold: float = 0.5) -> Result:
    """Return how many segments of two coders match: same code, and at least a share of the text of both.

    Parameters
    ----------
    threshold : float
        Share of shared text, of both together, from which two segments are the same.
    """
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        known = frame.loc[frame["code"] == agreement.OVERALL, "specific_agreement"].dropna()
        if known.empty:
            return "No two coders have segments that could match."
        span = " to ".join(dict.fromkeys(f"{end:.0%}" for end in (known.min(), known.max())))
        return f"{span} of the segments of two coders have a match ({_pairs(len(known))}){made.reservation}."

    return _on_segments(
        made,
        lambda: agreement.overlap_agreement(made.spans, codes=made.codes, threshold=threshold),
        f"Segments that match where they share at least {threshold:.0%} of the text of both.",
        says,
        "There is no chance correction.",
    )


def characters(study: Study) -> Result:
    """Return kappa on code points, as commercial programs report it."""
    made, caption = Compared(study), "Kappa on code points, as commercial programs report it."

    def says(frame: pd.DataFrame) -> str:
        known = frame["kappa"].dropna()
        if known.empty:
            return "Kappa on code points is defined for no code."
        over = f"{count(len(known), 'comparison')} of two coders on one code"
        return f"Kappa on code points has a median of {known.median():.2f} over {over}{made.reservation}."

    def compare() -> pd.DataFrame:
        found = agreement.character_kappa(made.spans, made.sizes, codes=made.codes, by_document=False)
        return found.drop(columns="document")

    return _on_segments(made, compare, caption, says, "Text that nobody would code raises it.")


def cuts(study: Study, near: int = 20) -> Result:
    """Return how alike coders cut the text.

    Parameters
    ----------
    near : int
        Code points within which two boundaries still count in part.
    """
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        mean = frame.iloc[-1]
        if pd.isna(mean["similarity"]):
            return f"How alike coders cut the text is undefined: {mean['reason']}."
        pairs = _pairs(int(frame["similarity"].iloc[:-1].notna().sum()))
        return f"Coders cut the text alike by {mean['similarity']:.2f} of 1, the mean of {pairs}{made.reservation}."

    return _on_segments(
        made,
        lambda: agreement.boundary_similarity(made.spans, made.sizes, near=near),
        "How alike coders cut the text.",
        says,
        f"Boundaries fewer than {near} code points apart count in part.",
    )


def directions(study: Study) -> Result:
    """Return whether two coders who gave the same code saw the same direction in it."""
    made, caption = Compared(study), "Agreement on the direction of codings whose code both coders gave."
    if reason := made.barred:
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[-1]
        if pd.isna(row["percent_agreement"]):
            return f"No direction can be compared: {row['reason']}."
        on = f"{count(int(row['n_pairs']), 'pair of codings', 'pairs of codings')}{_beyond(row)}"
        same = f"they saw the same direction in {row['percent_agreement']:.0%}"
        return f"Where two coders gave the same code, {same} of {on}{made.told}."

    table = agreement.valence_agreement(made.codings, codes=made.codes)
    return answer(study, table, caption, says, made.limits("It rests on those codings alone.", left=False))


def presence(study: Study, by: str = "document") -> Result:
    """Return agreement on whether a code is present in a document or a case, on which the matrices rest.

    Parameters
    ----------
    by : {"document", "case"}
        Rows of the matrix.
    """
    made, caption = Compared(study), f"Agreement on the presence of each code per {by}."
    if reason := made.refusal():
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[-1]
        if pd.isna(row["percent_agreement"]):
            return f"Agreement on presence per {by} is undefined: no {by} was judged by two coders."
        on = f"{row['percent_agreement']:.0%} of {int(row['n_units']):,} cells of {by} by code{_beyond(row)}"
        return f"Coders agree on the presence of a code in {on}{made.reservation}."

    table = agreement.presence_agreement(made.read, by, codes=made.codes, cases=_cases(study, by))
    return answer(study, table, caption, says, made.limits(FEW[by]))


def support(study: Study, by: str = "document") -> Result:
    """Return on how many coders each cell of a coding matrix stands; rows are those of `presence`."""
    made, stands = Compared(study), ("stands", "stand")

    def says(frame: pd.DataFrame) -> str:
        cells = frame[frame["n_coded"] > 0]
        several = cells[cells["n_judged"] > 1]
        if several.empty:
            filled = share(len(cells), len(cells), "filled cell")
            return f"{filled} of {by} by code {stands[len(cells) > 1]} on one coder, the only one to judge."
        n = int((several["n_coded"] == several["n_judged"]).sum())
        full = f"{share(n, len(several), 'filled cell')} of {by} by code that several coders judged"
        return f"{full} {stands[n > 1]} on all of them{made.reservation}."

    table = agreement.presence_support(made.read, by, codes=made.codes, cases=_cases(study, by))
    caption = f"On how many coders each cell of {by} by code stands{', of those who named cases' * (by == 'case')}."
    refused = "" if table["n_coded"].gt(0).any() else f"No cell of {by} by code is filled."
    refused = NOT_KNOWN if refused and made.quoted else refused
    return answer(study, table, caption, says, made.reserved, refused=refused)


def _on_segments(
    made: Compared,
    compare: Callable[[], pd.DataFrame],
    caption: str,
    says: Callable[[pd.DataFrame], str],
    limits: str,
) -> Result:
    """Compare the segments as drawn, where the study allows it and there are texts."""
    if reason := made.refusal(made.spans, made.sizes):
        return refuse(reason, caption)
    return answer(made.study, compare(), caption, says, made.limits(limits))


def _over_all(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an agreement table over all codes, by coefficient."""
    return table[table["code"] == agreement.OVERALL].set_index("coefficient")


def _beyond(row: pd.Series) -> str:
    return f", alpha = {row[ALPHA]:.2f}" if pd.notna(row[ALPHA]) else ""


def _cases(study: Study, by: str) -> pd.DataFrame | None:
    return agreement.case_links(study.documents) if by == "case" else None


def _pairs(number: int) -> str:
    return count(number, "pair of coders", "pairs of coders")
