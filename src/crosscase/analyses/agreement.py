"""How far independent coders agree: on units, on the segments as drawn, on directions, and on what matrices rest on."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from crosscase import agreement, figures
from crosscase.analyses.compared import Compared
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, share
from crosscase.analyses.values import Value
from crosscase.study import Study

ALPHA = "krippendorff_alpha"
RELIABLE = 0.667
"""Krippendorff's limit for tentative conclusions."""
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
    in_use = made.codings.loc[made.codings["code"].isin(codes), "code"].nunique()
    counted = [
        Value("agreement.units", len(units), f"units ({unit}) on which coders are compared", unit=f"{unit}s"),
        Value("agreement.codes", len(codes), "codes of the codebook that are compared", unit="codes"),
        Value("agreement.codes.used", in_use, "codes that any coder used", unit="codes"),
    ]
    caption = f"Agreement between coders per code (unit: {unit}; bootstrap over {over})."
    if reason := made.refusal(units):
        none = [
            Value(f"agreement.overall.{name}", None, f"{name} over all codes", n=0, reason=reason) for name in overall
        ]
        return refuse(reason, caption, [*none, *counted])
    table = agreement.agreement_table(
        made.codings, units, codes=codes, over=over, resamples=resamples, seed=seed, rounds=study.info.reconciled_rounds
    )

    def says(frame: pd.DataFrame) -> str:
        row = _over_all(frame).loc[ALPHA]
        if pd.isna(row["value"]):
            return f"Over all codes alpha is undefined: {row['reason']}."
        span = f"{row['low']:.2f} to {row['high']:.2f}; " if pd.notna(row["low"]) else ""
        compared = int(frame.loc[frame["code"] != agreement.OVERALL, "n_units"].max())
        on = f"{count(compared, unit)}, {count(int(row['n_coders']), 'coder')}"
        return (
            f"Over all codes coders agree beyond chance by alpha = {row['value']:.2f} ({span}{on}){made.reservation}."
        )

    def counts(frame: pd.DataFrame) -> list[Value]:
        rows = _over_all(frame)
        found = {name: (name, "value") for name in overall} | {f"alpha_{end}": (ALPHA, end) for end in ("low", "high")}
        values = []
        for name, (coefficient, column) in found.items():
            row, id, about = rows.loc[coefficient], f"agreement.overall.{name}", f"{name} over all codes"
            reason = row["reason"] if pd.isna(row[column]) else ""
            values.append(Value(id, row[column], about, n=int(row["n_units"]), form=".3f", reason=reason))
        return [*values, *counted]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        shown = study.named(agreement.forest_frame(frame, ALPHA))
        labels = used(study.labels("codebook"), shown["code"]) | {agreement.OVERALL: "All codes together"}
        return figures.forest(
            shown, labels, measure=agreement.MEASURES[ALPHA].label, overall=agreement.OVERALL, unit=f"{unit}s"
        )

    advice = f"Intervals: {agreement.reading_advice(table, over)}."
    limits = " ".join(filter(None, (READING.format(unit=unit), advice, made.reserved)))
    return Result(table, caption, says, draws, counts, limits, names=study.named)


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
        made.codings,
        units,
        codes=made.codes,
        known=table,
        over=over,
        resamples=resamples,
        seed=seed,
        rounds=study.info.reconciled_rounds,
    )
    return Result(
        both,
        caption,
        says=f"{advice[:1].upper()}{advice[1:]}{made.reservation}.",
        counts=lambda frame: [Value("agreement.advice", advice, about)],
        limits=made.reserved,
        names=study.named,
    )


def marked(study: Study) -> Result:
    """Return how far the coders' own segments cover the same text, whatever the code."""
    made, about = Compared(study), "alpha for unitizing of what was found worth any code"

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[0]
        if pd.isna(row["value"]):
            return f"How alike coders mark text is undefined: {row['reason']}."
        on = f"{count(int(row['n_spans']), 'segment')}, {count(int(row['n_coders']), 'coder')}"
        return f"Coders mark the same text, whatever the code, by alpha = {row['value']:.2f} ({on}){made.reservation}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        row = frame.iloc[0]
        n, reason = int(row["n_spans"]), str(row["reason"])
        return [Value("unitizing.marked.alpha", row["value"], about, n=n, form=".3f", reason=reason)]

    return _on_segments(
        made,
        agreement.marked_alike,
        "Alpha for unitizing of what was found worth any code.",
        says,
        limits="It does not say that the codes are the same.",
        counts=counts,
        undefined=[("unitizing.marked.alpha", about)],
    )


def segments(study: Study) -> Result:
    """Return alpha for unitizing of each code by itself, on the segments as drawn."""
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        known = frame.dropna(subset=["u_alpha"])
        if known.empty:
            return "Alpha for unitizing is defined for no code."
        enough = int(known["u_alpha"].ge(RELIABLE).sum())
        return (
            f"Alpha for unitizing reaches {RELIABLE} for {enough} of {count(len(known), 'code')} in use; its median is "
            f"{known['u_alpha'].median():.2f}{made.reservation}."
        )

    return _on_segments(
        made,
        lambda spans, sizes: agreement.unitizing_table(spans, sizes, codes=made.codes),
        "Alpha for unitizing of each code by itself, on the segments as drawn.",
        says,
        limits="Codes that few segments carry hang on a handful of judgements.",
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
        known = frame[frame["code"] == agreement.OVERALL].dropna(subset=["specific_agreement"])
        if known.empty:
            return "No two coders have segments that could match."
        low, high = known["specific_agreement"].min(), known["specific_agreement"].max()
        span = f"{low:.0%}" if f"{low:.0%}" == f"{high:.0%}" else f"{low:.0%} to {high:.0%}"
        return f"{span} of the segments of two coders have a match ({_pairs(len(known))}){made.reservation}."

    return _on_segments(
        made,
        lambda spans, sizes: agreement.overlap_agreement(spans, codes=made.codes, threshold=threshold),
        f"Segments that match where they share at least {threshold:.0%} of the text of both.",
        says,
        limits="There is no chance correction.",
    )


def characters(study: Study) -> Result:
    """Return kappa on code points, as commercial programs report it."""
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        known = frame["kappa"].dropna()
        if known.empty:
            return "Kappa on code points is defined for no code."
        return (
            f"Kappa on code points has a median of {known.median():.2f} over "
            f"{count(len(known), 'comparison')} of two coders on one code{made.reservation}."
        )

    return _on_segments(
        made,
        lambda spans, sizes: agreement.character_kappa(spans, sizes, codes=made.codes, by_document=False).drop(
            columns="document"
        ),
        "Kappa on code points, as commercial programs report it.",
        says,
        limits="Text that nobody would code raises it.",
    )


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
        lambda spans, sizes: agreement.boundary_similarity(spans, sizes, near=near),
        "How alike coders cut the text.",
        says,
        limits=f"Boundaries fewer than {near} code points apart count in part.",
    )


def directions(study: Study) -> Result:
    """Return whether two coders who gave the same code saw the same direction in it."""
    made = Compared(study)
    caption = "Agreement on the direction of codings whose code both coders gave."
    if reason := made.refusal():
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[-1]
        if pd.isna(row["percent_agreement"]):
            return f"No direction can be compared: {row['reason']}."
        beyond = f", alpha = {row[ALPHA]:.2f}" if pd.notna(row[ALPHA]) else ""
        on = count(int(row["n_pairs"]), "pair of codings", "pairs of codings")
        return (
            f"Where two coders gave the same code, they saw the same direction in {row['percent_agreement']:.0%} of "
            f"{on}{beyond}{made.reservation}."
        )

    limits = " ".join(filter(None, ("It rests on those codings alone.", made.reserved)))
    table = agreement.valence_agreement(made.codings, codes=made.codes)
    return Result(table, caption, says, limits=limits, names=study.named)


def presence(study: Study, by: str = "document") -> Result:
    """Return agreement on whether a code is present in a document or a case, on which the matrices rest.

    Parameters
    ----------
    by : {"document", "case"}
        Rows of the matrix.
    """
    made = Compared(study)
    caption = f"Agreement on the presence of each code per {by}."
    if reason := made.refusal():
        return refuse(reason, caption)

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[-1]
        if pd.isna(row["percent_agreement"]):
            return f"Agreement on presence per {by} is undefined: no {by} was judged by two coders."
        beyond = f", alpha = {row[ALPHA]:.2f}" if pd.notna(row[ALPHA]) else ""
        on = f"{int(row['n_units']):,} cells of {by} by code"
        how_often = f"{row['percent_agreement']:.0%}"
        return f"Coders agree on the presence of a code in {how_often} of {on}{beyond}{made.reservation}."

    few = {
        "document": "With one document a code can hardly be missed.",
        "case": "It is undefined where only one coder names cases.",
    }[by]
    table = agreement.presence_agreement(made.codings, by, codes=made.codes, cases=_cases(study, by))
    limits = " ".join(filter(None, (few, made.reserved)))
    return Result(table, caption, says, limits=limits, names=study.named)


def support(study: Study, by: str = "document") -> Result:
    """Return on how many coders each cell of a coding matrix stands.

    Parameters
    ----------
    by : {"document", "case"}
        Rows of the matrix.
    """
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        cells = frame[frame["n_coded"] > 0]
        several = cells[cells["n_judged"] > 1]
        if several.empty:
            filled, verb = share(len(cells), len(cells), "filled cell"), "stands" if len(cells) == 1 else "stand"
            return f"{filled} of {by} by code {verb} on one coder, the only one to judge."
        n = int((several["n_coded"] == several["n_judged"]).sum())
        full, verb = share(n, len(several), "filled cell"), "stands" if n <= 1 else "stand"
        return f"{full} of {by} by code that several coders judged {verb} on all of them{made.reservation}."

    table = agreement.presence_support(made.codings, by, codes=made.codes, cases=_cases(study, by))
    of = f"On how many coders each cell of {by} by code stands"
    caption = f"{of}, of those who named cases." if by == "case" else f"{of}."
    if not table["n_coded"].gt(0).any():
        return refuse(f"No cell of {by} by code is filled.", caption)
    return Result(table, caption, says, limits=made.reserved, names=study.named)


def _on_segments(
    made: Compared,
    compare: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame],
    caption: str,
    says: Callable[[pd.DataFrame], str],
    *,
    limits: str,
    counts: Callable[[pd.DataFrame], list[Value]] | None = None,
    undefined: list[tuple[str, str]] | None = None,
) -> Result:
    """Compare the segments as drawn, where the study allows it and there are texts."""
    if reason := made.refusal(made.spans, made.sizes):
        return refuse(reason, caption, [Value(id, None, about, reason=reason) for id, about in undefined or ()])
    return Result(
        compare(made.spans, made.sizes),
        caption,
        says,
        counts=counts,
        limits=" ".join(filter(None, (limits, made.reserved))),
        names=made.study.named,
    )


def _over_all(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an agreement table over all codes, by coefficient."""
    return table[table["code"] == agreement.OVERALL].set_index("coefficient")


def _cases(study: Study, by: str) -> pd.DataFrame | None:
    return agreement.case_links(study.documents) if by == "case" else None


def _pairs(number: int) -> str:
    return count(number, "pair of coders", "pairs of coders")
