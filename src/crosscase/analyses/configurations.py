"""Which combinations of conditions go with an outcome, as far as cases carry the question; and on a textbook example.

Each function says by `name` to whom its result belongs: `cases` (of the five studies) or `textbook`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from crosscase import configurations as qca
from crosscase import figures
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import begin, count, listed, verb
from crosscase.analyses.values import Value, each_value
from crosscase.configurations import TruthTable

NECESSARY = 0.9
"""Consistency from which a set is customarily looked at as necessary."""

KINDS = ("complex", "parsimonious", "intermediate")


def cells(judged: pd.DataFrame) -> Result:
    """Return the judged cells of case by condition, each with the published fact behind it."""

    def says(frame: pd.DataFrame) -> str:
        facts, studies = len(frame[["study", "fact"]].drop_duplicates()), frame["study"].nunique()
        rest = f"{count(len(frame), 'cell')} {verb(len(frame), 'rests', 'rest')} on {count(facts, 'published fact')}"
        return f"{rest} of {count(studies, 'study', 'studies')}." if len(frame) else "No fact fills a cell."

    caption = "Crisp conditions of the cases, each with the published fact behind it."
    limits = "A cell without a fact is not there; what is said of several cases together is filled in for each."
    return Result(judged, caption, says, limits=limits)


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

    caption = "Every cell of case by condition, with what was not judged."
    limits = "Silence is no membership of 0: a cell that no fact carries stays empty."
    return Result(qca.calibrate_rubric(judged, rubric)[1], caption, says, counts=counts, limits=limits)


def usable(judged: pd.DataFrame, rubric: pd.DataFrame) -> Result:
    """Return for each case which of its conditions are stated; only one with all of them enters a truth table.

    Parameters
    ----------
    judged, rubric : pandas.DataFrame
        As for `crosscase.configurations.calibrate_rubric`.
    """
    members = qca.calibrate_rubric(judged, rubric)[0]
    holes = members.isna()
    missing = [listed(list(members.columns[row]), len(members.columns)) for row in holes.to_numpy()]
    frame = pd.DataFrame({"case": members.index, "n_known": (~holes).sum(axis=1).to_numpy(), "missing": missing})

    def says(frame: pd.DataFrame) -> str:
        n, whole = len(frame), int(frame["missing"].eq("").sum())
        if whole == n:
            return f"All conditions are stated of each of {count(n, 'case')}."
        most, wanting = holes.sum(), int(holes.sum().max())
        names = listed(list(most[most.eq(wanting)].index))
        told = f"All conditions are stated of {whole or 'none'} of {count(n, 'case')}"
        rest = "" if whole else ", so there is no truth table"
        return f"{told}; most often missing: {names} ({count(wanting, 'case')}){rest}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        whole, n = int(frame["missing"].eq("").sum()), len(frame)
        return [Value("cases.used", whole, "cases of which all conditions are stated", unit="cases", n=n)]

    caption = "What is not stated of which case."
    limits = "What is not stated is neither in the set nor out of it, so such a case cannot enter a truth table."
    return Result(frame, caption, says, counts=counts, limits=limits)


def truth(table: TruthTable, name: str) -> Result:
    """Return the truth table: which configurations were observed, in which cases, with which outcome."""
    used, left = len(table.data), len(table.left_out)

    def says(frame: pd.DataFrame) -> str:
        rows = {mark: int(frame["OUT"].eq(mark).sum()) for mark in ("1", "0", "C", "?")}
        said = [f"{rows['1']} with {table.outcome}", f"{rows['0']} without"]
        said += [f"{rows['C']} contradictory"] * bool(rows["C"]) + [f"{rows['?']} with too few cases"] * bool(rows["?"])
        begin = f"{used} of {count(used + left, 'case')} can be used and"
        return f"{begin} make {count(len(frame), 'observed row')}: {listed(said)}." if used else "No case can be used."

    caption = _of(name, "truth table of the cases in which all cells are known.")
    limits = "A row without a case is a remainder: what would happen there nobody has seen."
    value = Value(f"{name}.used", used, "cases that can be used", unit="cases", n=used + left)
    return Result(table.rows.reset_index(), caption, says, counts=lambda _: [value], limits=limits)


def left_out(table: TruthTable, name: str) -> Result:
    """Return the cases that cannot be used, and why."""
    n = len(table.data) + len(table.left_out)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"All of {count(n, 'case')} can be used."
        sets = [*table.conditions, table.outcome.removeprefix("~")]
        holes = table.source.loc[table.source.index.astype(str).isin(frame["case"].astype(str)), sets].isna().sum()
        most, told = holes[holes.eq(holes.max()) & holes.gt(0)], f"{len(frame)} of {count(n, 'case')} cannot be used"
        if most.empty:
            return f"{told}."
        return f"{told}; most often missing: {listed(list(most.index))} ({count(int(most.iloc[0]), 'case')})."

    return Result(table.left_out, _of(name, "cases that cannot be used, and why."), says)


def diversity(table: TruthTable, name: str) -> Result:
    """Return how few of the possible configurations were observed."""

    def says(frame: pd.DataFrame) -> str:
        row = frame.iloc[0]
        seen = f"{row['n_observed']} of {count(int(row['n_possible']), 'possible configuration')}"
        note = f"; {row['note']}" if row["note"] else ""
        return f"{seen} {verb(row['n_observed'], 'was', 'were')} observed{note}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value(f"{name}.{which}", int(frame[f"n_{which}"].iloc[0]), f"{which} configurations", unit="rows")
            for which in ("possible", "observed")
        ]

    caption = _of(name, "how few configurations were observed.")
    return Result(qca.limited_diversity(table), caption, says, counts=counts)


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

    limits = "What does not vary makes no difference, and a skewed set easily looks sufficient or necessary."
    return Result(qca.skewness(table), _of(name, "spread of the cases over each set."), says, limits=limits)


def capacity(table: TruthTable, name: str) -> Result:
    """Return what a configurational analysis asks of its cases, and what these meet."""

    def says(frame: pd.DataFrame) -> str:
        unmet = list(frame.loc[~frame["met"], "demand"])
        told = f"The cases meet {len(frame) - len(unmet)} of {count(len(frame), 'demand')}"
        return f"{told}; not met: {listed(unmet, 6)}." if unmet else f"{told}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, met = "demands that the cases meet", int(frame["met"].sum())
        return [Value(f"{name}.demands_met", met, about, unit="demands", n=len(frame))]

    caption = _of(name, "what a configurational analysis asks, and what the cases meet.")
    return Result(qca.carrying_capacity(table), caption, says, counts=counts)


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
        differ = f"{verb(len(wrong), 'differs', 'differ')}: {listed(wrong)}"
        return f"{len(wrong)} of {count(len(frame), 'membership')} in {member} {differ}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, n = "memberships that differ from the published ones", int(off(frame).sum())
        return [Value("textbook.calibration.off", n, about, unit="cases", n=len(frame))]

    frame = published[["label", raw, member]].assign(computed=qca.calibrate(published[raw], anchors, log_odds=log_odds))
    caption = _of("textbook", "raw value, published membership, and membership as computed here.")
    limits = "Anchors are given by people who know the cases; another anchor is another set."
    return Result(frame, caption, says, counts=counts, limits=limits)


def necessity(table: TruthTable, name: str) -> Result:
    """Return how far each condition, and its absence, is necessary for the outcome."""

    def says(frame: pd.DataFrame) -> str:
        high = frame[frame["consistency"] >= NECESSARY]
        said = [f"{r.expression} ({r.consistency:.2f}, relevance {r.ron:.2f})" for r in high.itertuples()]
        of = f"of {count(len(frame), 'set')} reach{'es'[: 2 * (len(high) == 1)]} a consistency of {NECESSARY:.2f}"
        told = f"{len(high) or 'None'} {of} as necessary for {table.outcome}"
        return f"{told}: {listed(said)}." if said else f"{told}."

    caption = _of(name, "necessity of each condition and of its absence.")
    limits = "A set to which nearly every case belongs is easily necessary; its relevance is then low."
    return Result(qca.necessity(table.source, table.outcome), caption, says, limits=limits)


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
        tied, first_model = "tied models, {kind} solution", "consistency of the first model, {kind} solution"
        fits = {"form": ".2f", "reason": "reason"}
        return [
            *each_value(f"{stem}.models", rows, "kind", "n", tied, "models", reason="reason"),
            *each_value(f"{stem}.consistency", rows, "kind", "consistency", first_model, **fits),
        ]

    of = f" of {table.outcome}" if part else ""
    caption = _of(name, f"complex, parsimonious and intermediate solution{of}; all models.")
    limits = "The shorter a formula, the more it rests on configurations that nobody saw."
    return Result(qca.all_solutions(table, expected), caption, says, counts=counts, limits=limits)


def sweep(table: TruthTable, cuts: Sequence[float], name: str) -> Result:
    """Return how the parsimonious solution moves with the cut-off of consistency."""

    def says(frame: pd.DataFrame) -> str:
        changes, over = int(frame["changed"].sum()), f"Over {count(len(frame), 'cut-off')}"
        moved = f"changes {'once' if changes == 1 else f'{changes} times'}" if changes else "does not change"
        forms = frame["models"].replace("", None).fillna("no solution").str.replace("\n", " or ")
        runs = forms.ne(forms.shift()).cumsum()
        said = [f"{forms[part.index[0]]} ({_range(part)})" for _, part in frame["incl_cut"].groupby(runs)]
        return f"{over} the parsimonious solution {moved}: {listed(said, 6)}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, changes = "steps of the cut-off at which the models change", int(frame["changed"].sum())
        return [Value(f"{name}.sweep.changes", changes, about, unit="steps", n=len(frame))]

    frame = qca.cutoff_sweep(table.source, table.outcome, incl_cuts=cuts, include="?")
    limits = "A formula that holds at one cut-off alone is a formula about that cut-off."
    caption = _of(name, "how the parsimonious solution moves with the cut-off.")
    return Result(frame, caption, says, counts=counts, limits=limits)


def ranges(table: TruthTable, name: str) -> Result:
    """Return within which cut-offs the parsimonious solution stays the same, and without which cases it changes."""
    caption = _of(name, "ranges of the cut-offs within which the parsimonious solution stays the same.")
    about = "cases without which the parsimonious solution changes"
    if not table.rows["OUT"].eq("1").any():
        reason = f"{table.outcome} has no solution: no row reaches the cut-offs."
        return refuse(reason, caption, [Value(f"{name}.ranges.cases", None, about, reason=reason)])
    each = qca.leave_one_case_out(table, include="?")
    changed = list(each.loc[~each["same"], "case"])

    def says(frame: pd.DataFrame) -> str:
        rows = frame.set_index("what")
        incl, n = rows.loc["incl_cut"], rows.loc["n_cut"]
        cut = f"cut-offs of consistency {incl['bounds'].split()[0]} {incl['lowest']:.3f} up to {incl['highest']:.3f}"
        cases = f"{n['lowest']:g} to " if n["lowest"] < n["highest"] else ""
        told = f"The parsimonious solution stays the same with {cut}, and where a row needs {cases}"
        without = f"leaving out {listed(changed, 6)} in turn changes it" if changed else "no case left out changes it"
        return f"{told}{count(int(n['highest']), 'case')}; {without}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [Value(f"{name}.ranges.cases", len(changed), about, unit="cases", n=len(each))]

    limits = "A range says where nothing changes; how far a changed solution differs is another question."
    return Result(qca.cut_ranges(table, include="?"), caption, says, counts=counts, limits=limits)


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
        told = f"Of {count(inside, 'case')} in {expression}, {both} {verb(both, 'has', 'have')} {table.outcome}"
        return f"{'; '.join([f'{told} (n = {len(known)})', *kinds])}."

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        x_label, y_label = (f"membership in {what}" for what in (expression, table.outcome))
        return figures.xy_plot(frame, x_label=x_label, y_label=y_label)

    frame = spots.assign(label=[labels.get(case, case) for case in spots["case"]])
    limits = "On or above the diagonal a case speaks for sufficiency; those well below it are to be read again."
    return Result(frame, _of(name, f"each case in {expression}, and in {table.outcome}."), says, draws, limits=limits)


def _of(name: str, caption: str) -> str:
    return f"Textbook example: {caption}" if name == "textbook" else begin(caption)


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
