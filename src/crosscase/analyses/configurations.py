"""Which combinations of conditions go with an outcome, as far as cases carry the question; and on a textbook example.

Each function says by `name` to whom its result belongs: `cases` (of the five studies) or `textbook`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crosscase import configurations as qca
from crosscase import figures
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, listed
from crosscase.analyses.values import Value, each_value
from crosscase.configurations import TruthTable

NECESSARY = 0.9
"""Consistency from which a set is customarily looked at as necessary."""

KINDS = ("complex", "parsimonious", "intermediate")


def cells(judged: pd.DataFrame) -> Result:
    """Return the judged cells of case by condition, each with the published fact behind it."""

    def says(frame: pd.DataFrame) -> str:
        facts, studies = len(frame[["study", "fact"]].drop_duplicates()), frame["study"].nunique()
        rests = "rests" if len(frame) == 1 else "rest"
        of = f"{count(facts, 'published fact')} of {count(studies, 'study', 'studies')}"
        return f"{count(len(frame), 'cell')} {rests} on {of}." if len(frame) else "No fact fills a cell."

    return Result(
        judged,
        "Crisp conditions of the cases, each with the published fact behind it.",
        says=says,
        limits="A cell without a fact is not there; what is said of several cases together is filled in for each.",
    )


def record(judged: pd.DataFrame, rubric: pd.DataFrame, outcome: str) -> Result:
    """Return every cell of case by condition with its membership, and with what was not judged.

    Parameters
    ----------
    judged, rubric : pandas.DataFrame
        As for `crosscase.configurations.calibrate_rubric`.
    outcome : str
        The condition that is the outcome.
    """

    def known(frame: pd.DataFrame, name: str | None = None) -> int:
        return int(frame.loc[frame["condition"].eq(name) | (name is None), "membership"].notna().sum())

    def says(frame: pd.DataFrame) -> str:
        n = frame["case"].nunique()
        told = f"Published facts carry {known(frame)} of {count(len(frame), 'cell')} of case by condition"
        return f"{told}; the outcome ({outcome}) is known of {known(frame, outcome)} of {count(n, 'case')}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        n, about = frame["case"].nunique(), "cases with a stated outcome of their own"
        carried = "cells that a published fact carries"
        return [
            Value("cases.n", n, "cases of the five studies", unit="cases"),
            Value("cases.cells_known", known(frame), carried, unit="cells", n=len(frame)),
            Value("cases.outcome_known", known(frame, outcome), about, unit="cases", n=n),
        ]

    return Result(
        qca.calibrate_rubric(judged, rubric)[1],
        "Every cell of case by condition, with what was not judged.",
        says=says,
        limits="Silence is no membership of 0: a cell that no fact carries stays empty.",
        counts=counts,
    )


def truth(table: TruthTable, name: str) -> Result:
    """Return the truth table: which configurations were observed, in which cases, with which outcome."""
    used, left = len(table.data), len(table.left_out)

    def says(frame: pd.DataFrame) -> str:
        rows = {mark: int(frame["OUT"].eq(mark).sum()) for mark in ("1", "0", "C", "?")}
        said = [f"{rows['1']} with {table.outcome}", f"{rows['0']} without"]
        said += [f"{rows['C']} contradictory"] * bool(rows["C"]) + [f"{rows['?']} with too few cases"] * bool(rows["?"])
        begin = f"{used} of {count(used + left, 'case')} can be used and"
        return f"{begin} make {count(len(frame), 'observed row')}: {listed(said)}." if used else "No case can be used."

    return Result(
        table.rows.reset_index(),
        _of(name, "truth table of the cases in which all cells are known."),
        says=says,
        limits="A row without a case is a remainder: what would happen there nobody has seen.",
        counts=lambda frame: [Value(f"{name}.used", used, "cases that can be used", unit="cases", n=used + left)],
    )


def left_out(table: TruthTable, name: str) -> Result:
    """Return the cases that cannot be used, and why."""
    n = len(table.data) + len(table.left_out)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"All of {count(n, 'case')} can be used."
        sets = [*table.conditions, table.outcome.removeprefix("~")]
        holes = table.source.loc[table.source.index.astype(str).isin(frame["case"].astype(str)), sets].isna().sum()
        most = holes[holes.eq(holes.max()) & holes.gt(0)]
        why = (
            f"; most often missing: {listed(list(most.index))} ({count(int(most.iloc[0]), 'case')})"
            if len(most)
            else ""
        )
        return f"{len(frame)} of {count(n, 'case')} cannot be used{why}."

    return Result(table.left_out, _of(name, "cases that cannot be used, and why."), says=says)


def diversity(table: TruthTable, name: str) -> Result:
    """Return how few of the possible configurations were observed."""

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[0]
        seen = f"{row['n_observed']} of {count(int(row['n_possible']), 'possible configuration')}"
        were = "was" if row["n_observed"] == 1 else "were"
        return f"{seen} {were} observed" + (f"; {row['note']}." if row["note"] else ".")

    return Result(
        qca.limited_diversity(table),
        _of(name, "how few configurations were observed."),
        says=says,
        counts=lambda frame: [
            Value(f"{name}.possible", int(frame["n_possible"].iloc[0]), "possible configurations", unit="rows"),
            Value(f"{name}.observed", int(frame["n_observed"].iloc[0]), "observed configurations", unit="rows"),
        ],
    )


def spread(table: TruthTable, name: str) -> Result:
    """Return how the cases are spread over each set."""

    def says(frame: pd.DataFrame) -> str:
        fixed = frame["share_in"].isin([0.0, 1.0]) | frame["lowest"].eq(frame["highest"])
        skewed = frame["warning"].ne("") & ~fixed
        said = [
            f"{listed(list(frame.loc[hit, 'set']))} {one if hit.sum() == 1 else many}"
            for hit, one, many in ((fixed, "does not vary", "do not vary"), (skewed, "is skewed", "are skewed"))
            if hit.any()
        ]
        of = f"{count(len(frame), 'set')} in {count(int(frame['n_cases'].iloc[0]), 'case')}"
        return f"Of {of}, {'; '.join(said)}." if said else f"None of {of} is skewed."

    return Result(
        qca.skewness(table),
        _of(name, "spread of the cases over each set."),
        says=says,
        limits="What does not vary makes no difference, and a skewed set easily looks sufficient or necessary.",
    )


def capacity(table: TruthTable, name: str) -> Result:
    """Return what a configurational analysis asks of its cases, and what these meet."""

    about = "demands that the cases meet"

    def says(frame: pd.DataFrame) -> str:
        unmet = list(frame.loc[~frame["met"], "demand"])
        told = f"The cases meet {len(frame) - len(unmet)} of {count(len(frame), 'demand')}"
        return f"{told}; not met: {listed(unmet, 6)}." if unmet else f"{told}."

    return Result(
        qca.carrying_capacity(table),
        _of(name, "what a configurational analysis asks, and what the cases meet."),
        says=says,
        counts=lambda frame: [
            Value(f"{name}.demands_met", int(frame["met"].sum()), about, unit="demands", n=len(frame))
        ],
    )


def calibration(published: pd.DataFrame, raw: str, member: str, anchors: Sequence[float], log_odds: float) -> Result:
    """Return memberships as computed from raw values beside those that were published.

    Parameters
    ----------
    published : pandas.DataFrame
        Cases in the index; `label`, and the columns of raw values and of published memberships.
    raw, member : str
        These columns.
    anchors, log_odds
        As for `crosscase.configurations.calibrate`.
    """

    def off(frame: pd.DataFrame) -> pd.Series:
        return (frame["computed"].round(2) - frame[member]).abs().gt(0.005)

    def says(frame: pd.DataFrame) -> str:
        wrong = list(frame.loc[off(frame), "label"])
        if not wrong:
            return f"All {len(frame)} memberships in {member} are, to two decimals, the published ones."
        differ = "differs" if len(wrong) == 1 else "differ"
        return f"{len(wrong)} of {count(len(frame), 'membership')} in {member} {differ}: {listed(wrong)}."

    return Result(
        published[["label", raw, member]].assign(computed=qca.calibrate(published[raw], anchors, log_odds=log_odds)),
        _of("textbook", "raw value, published membership, and membership as computed here."),
        says=says,
        limits="Anchors are given by people who know the cases; another anchor is another set.",
        counts=lambda frame: [
            Value(
                "textbook.calibration.off",
                int(off(frame).sum()),
                "memberships that differ from the published ones",
                unit="cases",
                n=len(frame),
            )
        ],
    )


def necessity(table: TruthTable, name: str) -> Result:
    """Return how far each condition, and its absence, is necessary for the outcome."""

    def says(frame: pd.DataFrame) -> str:
        high = frame[frame["consistency"] >= NECESSARY]
        said = [f"{r.expression} ({r.consistency:.2f}, relevance {r.ron:.2f})" for r in high.itertuples()]
        of = f"of {count(len(frame), 'set')} reach{'es'[: 2 * (len(high) == 1)]} a consistency of {NECESSARY:.2f}"
        told = f"{len(high) or 'None'} {of} as necessary for {table.outcome}"
        return f"{told}: {listed(said)}." if said else f"{told}."

    return Result(
        qca.necessity(table.source, table.outcome),
        _of(name, "necessity of each condition and of its absence."),
        says=says,
        limits="A set to which nearly every case belongs is easily necessary; its relevance is then low.",
    )


def solutions(table: TruthTable, expected: str, name: str, part: str = "") -> Result:
    """Return the complex, the parsimonious and the intermediate solution with all tied models.

    Parameters
    ----------
    table : TruthTable
        From `crosscase.configurations.truth_table`.
    expected : str
        Directional expectations of the intermediate solution.
    name : str
        To whom it belongs.
    part : str
        Part of the ids of its values, where there is a second outcome.
    """
    stem = ".".join(filter(None, (name, part)))

    def says(frame: pd.DataFrame) -> str:
        if "term" not in frame:
            return f"{table.outcome} has no solution: {listed(list(frame['reason'].unique()))}."
        return f"Solutions of {table.outcome}: {'; '.join(_solution(frame, kind) for kind in KINDS)}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        whole = frame[frame["term"].eq("(model)")] if "term" in frame else frame.head(0)
        reason = frame.groupby("kind")["reason"].first()
        first = whole.drop_duplicates("kind").set_index("kind").reindex(KINDS)
        rows = pd.DataFrame(
            {
                "kind": KINDS,
                "n": whole.groupby("kind")["model"].nunique().reindex(KINDS).to_numpy() if len(whole) else None,
                "consistency": first["consistency"].to_numpy() if len(whole) else None,
                "reason": reason.reindex(KINDS).fillna("no model").to_numpy(),
            }
        ).astype({"n": "Int64"})
        about = "{kind} solution"
        return each_value(
            f"{stem}.models", rows, key="kind", value="n", about=f"tied models, {about}", unit="models", reason="reason"
        ) + each_value(
            f"{stem}.consistency",
            rows,
            key="kind",
            value="consistency",
            about=f"consistency of the first model, {about}",
            form=".2f",
            reason="reason",
        )

    of = f" of {table.outcome}" if part else ""
    return Result(
        qca.all_solutions(table, expected),
        _of(name, f"complex, parsimonious and intermediate solution{of}; all models."),
        says=says,
        limits="The shorter a formula, the more it rests on configurations that nobody saw.",
        counts=counts,
    )


def sweep(table: TruthTable, cuts: Sequence[float], name: str) -> Result:
    """Return how the parsimonious solution moves with the cut-off of consistency."""

    def says(frame: pd.DataFrame) -> str:
        changes, over = int(frame["changed"].sum()), f"Over {count(len(frame), 'cut-off')}"
        moved = "does not change" if not changes else f"changes {'once' if changes == 1 else f'{changes} times'}"
        forms = frame["models"].replace("", None).fillna("no solution").str.replace("\n", " or ")
        runs = forms.ne(forms.shift()).cumsum()
        said = [f"{forms[part.index[0]]} ({_range(part)})" for _, part in frame["incl_cut"].groupby(runs)]
        return f"{over} the parsimonious solution {moved}: {listed(said, 6)}."

    return Result(
        qca.cutoff_sweep(table.source, table.outcome, incl_cuts=cuts, include="?"),
        _of(name, "how the parsimonious solution moves with the cut-off."),
        says=says,
        limits="A formula that holds at one cut-off alone is a formula about that cut-off.",
        counts=lambda frame: [
            Value(
                f"{name}.sweep.changes",
                int(frame["changed"].sum()),
                "steps of the cut-off at which the models change",
                unit="steps",
                n=len(frame),
            )
        ],
    )


def memberships(table: TruthTable, expression: str, labels: Mapping[str, str], name: str) -> Result:
    """Return each case's membership in an expression and in the outcome."""
    spots = qca.xy_frame(table.source, expression, table.outcome)

    def says(frame: pd.DataFrame) -> str:
        known = frame[frame["region"].ne("missing")]
        if known.empty:
            return "No case has both memberships."
        kinds = [
            f"{listed(list(part['label']), 4)} {word}"
            for region, word in (("deviant in kind", "without the outcome"), ("not covered", "not covered by it"))
            if len(part := known[known["region"].eq(region)])
        ]
        both = int(known["region"].isin(["typical", "deviant in degree"]).sum())
        inside = both + int(known["region"].eq("deviant in kind").sum())
        have = "has" if both == 1 else "have"
        told = f"Of {count(inside, 'case')} in {expression}, {both} {have} {table.outcome}"
        return f"{told} (n = {len(known)}); {'; '.join(kinds)}." if kinds else f"{told} (n = {len(known)})."

    return Result(
        spots.assign(label=[labels.get(case, case) for case in spots["case"]]),
        _of(name, f"each case in {expression}, and in {table.outcome}."),
        says=says,
        limits="On or above the diagonal a case speaks for sufficiency; those well below it are to be read again.",
        draws=lambda frame: figures.xy_plot(
            frame, x_label=f"membership in {expression}", y_label=f"membership in {table.outcome}"
        ),
    )


def _of(name: str, caption: str) -> str:
    return f"Textbook example: {caption}" if name == "textbook" else caption[:1].upper() + caption[1:]


def _range(cuts: pd.Series) -> str:
    first, last = cuts.iloc[0], cuts.iloc[-1]
    return f"at {first:.2f}" if first == last else f"{first:.2f} to {last:.2f}"


def _solution(frame: pd.DataFrame, kind: str) -> str:
    """What is said of one solution: its formula, or how many models tie, or why there is none."""
    mine = frame[frame["kind"].eq(kind)]
    whole = mine[mine["term"].eq("(model)")] if "term" in mine else mine.head(0)
    if whole.empty:
        return f"{kind} none ({mine['reason'].iloc[0]})"
    if len(whole) > 1:
        return f"{kind} {len(whole)} tied models, which the cases cannot tell apart"
    terms = " + ".join(mine.loc[mine["term"].ne("(model)"), "term"])
    fit = f"consistency {whole['consistency'].iloc[0]:.2f}, coverage {whole['raw_coverage'].iloc[0]:.2f}"
    return f"{kind} {terms} ({fit})"
