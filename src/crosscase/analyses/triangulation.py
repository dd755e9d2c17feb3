"""What claims rest on, and how several coders read the same text: rounds, readings side by side, differences."""

from __future__ import annotations

import pandas as pd

from crosscase import agreement, figures, matrices, notes, stances
from crosscase.analyses.compared import Compared
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import begin, count, listed, low, most, share, times, verb
from crosscase.analyses.values import Value, each_value
from crosscase.study import Study

NOWHERE = "The coders nowhere differ."
WORDS = {
    "missed": "one found nothing there",
    "other code": "another code",
    "other boundary": "another boundary",
    "other valence": "another direction",
}
"""Kinds of differences, in words."""


def claims(study: Study) -> Result:
    """Return from which kind of source each claim comes, as the publication says: from the authors, or from others."""

    def says(frame: pd.DataFrame) -> str:
        voiced = frame[frame["state"] == "present"]
        number = voiced.groupby("column", as_index=False, sort=False).agg(n=("row", "nunique"))
        names, top = most(number, "column", "n")
        several = int(voiced.groupby("row")["column"].nunique().gt(1).sum())
        claims = share(several, voiced["row"].nunique(), "claim", does=("comes", "come"))
        return f"{claims} from more than one kind of source; most often they come from {names} ({top:.0f})."

    def counts(frame: pd.DataFrame) -> list[Value]:
        voiced = frame[frame["state"] == "present"]
        number = voiced.groupby("column", as_index=False).agg(n_claims=("row", "nunique"))
        return each_value("claims", number, "column", "n_claims", "claims that come from: {column}", "claims")

    cells = matrices.as_cells(matrices.triangulation_matrix(study.themes), "claim", "voice", value="n_voices")
    caption = "Claims by the source from which they come."
    if cells.empty:
        return refuse("Of no claim is it stated from whom it comes.", caption)
    return answer(
        study,
        cells,
        caption,
        says,
        "An empty cell says that no such source is named; it may still agree. Researchers word a theme, whoever it "
        "comes from.",
        draws=lambda frame: figures.matrix(frame, used(study.labels("themes"), frame["row"])),
        counts=counts,
    )


def stance(study: Study) -> Result:
    """Return whether the analytic stance of the study allows agreement to be counted, and why."""
    allowed, reason = stances.verdict(study.info.stance, "agreement")
    about = f"whether the stance ({study.info.stance}) allows agreement coefficients"
    value = Value("stance.agreement", "yes" if allowed else "no", about)
    caption = "Whether agreement coefficients fit the stance, and why."
    if not allowed:
        return refuse(reason, caption, [value])
    says = f"The stance of the study, {stances.STANCES[study.info.stance].label}, lets agreement be counted"
    return Result(pd.DataFrame(), caption, f"{says}: {low(reason)}", counts=lambda _: [value])


def rounds(study: Study) -> Result:
    """Return the rounds of coding, and which of them may be compared."""

    def says(frame: pd.DataFrame) -> str:
        kept, every = int(frame["used"].sum()), int(frame["n_codings"].sum())
        used_ = f"All {every:,} codings" if kept == every else f"{kept:,} of {count(every, 'coding')}"
        return f"{used_} from {count(len(frame), 'round')} enter the comparison."

    caption = "Rounds of coding, and which of them are compared."
    if study.codings.empty:
        return refuse("Nobody has coded.", caption)
    table, last = agreement.rounds_table(study.codings, study.info.reconciled_rounds), "the last independent round"
    limits = f"Coefficients rest on {last} of each coder; what was agreed in a discussion is not independent."
    return answer(study, table, caption, says, limits)


def treatments(study: Study, unit: str = "sentence") -> Result:
    """Return what was merged, counted once or left out before coders were compared.

    Parameters
    ----------
    unit : {"sentence", "paragraph", "document"}
        What is compared.
    """
    made = Compared(study)

    def says(frame: pd.DataFrame) -> str:
        told = [f"{row.treatment} ({row.n:,})" for row in frame.itertuples()]
        return f"Before coders were compared: {listed(told, 6)}." if told else "Nothing was merged or left out."

    table = agreement.treatments(made.codings, made.units(unit), codes=made.codes)
    return answer(study, table, "What was merged, counted once or left out before coders were compared.", says)


def readings(study: Study, unit: str = "sentence", most_listed: int = 20_000) -> Result:
    """Return the readings side by side, without any coefficient: the same text, and what each coder put there.

    Parameters
    ----------
    unit : {"sentence", "paragraph", "document"}
        What is laid beside each other.
    most_listed : int
        Units to list at most, in reading order; all of them are counted.
    """
    made = Compared(study)
    units = made.units(unit)
    counted = agreement.reading_counts(made.seen, units, codes=made.codes)

    def says(frame: pd.DataFrame) -> str:
        number = dict(zip(counted["reading"], counted["n"]))
        of = count(int(counted["n"].sum()), unit)
        words = {"alike": "read alike", "differs": "read differently", "one coder": "read by one coder only"}
        told = [f"{number[each]:,} {verb(number[each])} {words[each]}" for each in words if each in number]
        return f"Of {of} with any code, {listed(told)}."

    caption, about = f"What each coder put on the same {unit}.", f"units ({unit}) with any code, read: {{reading}}"
    if counted.empty:
        return refuse(f"No {unit} has a code.", caption)
    return answer(
        study,
        agreement.side_by_side(made.seen, units, codes=made.codes, most=most_listed),
        caption,
        says,
        _limits(made, "Neither reading is the standard for the other."),
        counts=lambda _: each_value("readings", counted, "reading", "n", about, f"{unit}s"),
    )


def differences(study: Study, most_listed: int = 20_000) -> Result:
    """Return each segment on which two coders differ, for the meeting that talks about them.

    Parameters
    ----------
    most_listed : int
        Differences to list at most, in reading order; all of them are counted.
    """
    made = Compared(study)
    if made.alone:
        return refuse(made.alone, "Segments on which two coders differ.")
    every = int(agreement.disagreement_counts(made.seen, codes=made.codes)["n"].sum())
    table = agreement.disagreements(made.seen, codes=made.codes, most=most_listed)

    def says(frame: pd.DataFrame) -> str:
        all_of = "all" if len(frame) == every else f"the first {len(frame):,}"
        return f"Two coders differ {times(every)} ({all_of} listed here)." if every else NOWHERE

    caption = f"Segments on which two coders differ ({len(table)} listed of {every})."
    return answer(study, table, caption, says, _limits(made, "A difference is material, no mistake."))


def kinds_of_differences(study: Study) -> Result:
    """Return the differences by kind and pair of coders: missed, other code, other boundary, other valence."""
    made = Compared(study)
    caption, about = "Differences by kind and pair of coders.", "differences between two coders on a segment"
    if made.alone:
        reason = "one coder only" if made.n_coders else "nobody has coded"
        return refuse(made.alone, caption, [Value("disagreements.n", None, about, unit="differences", reason=reason)])

    def by_kind(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.groupby("kind", as_index=False, sort=False).agg(n=("n", "sum"))

    def says(frame: pd.DataFrame) -> str:
        kinds = by_kind(frame).sort_values("n", ascending=False, kind="stable")
        told = [f"{WORDS[row.kind]} ({row.n:,})" for row in kinds.itertuples() if row.n]
        every = int(frame["n"].sum())
        return f"Two coders differ {times(every)}: {listed(told, 4)}." if every else NOWHERE

    def counts(frame: pd.DataFrame) -> list[Value]:
        of_kind, unit = "differences of the kind {kind}", "differences"
        every = Value("disagreements.n", int(frame["n"].sum()), about, unit=unit)
        return [every, *each_value("disagreements.kind", by_kind(frame), "kind", "n", of_kind, unit)]

    table = agreement.disagreement_counts(made.seen, codes=made.codes)
    return answer(study, table, caption, says, _limits(made, ""), counts=counts)


def confusion(study: Study) -> Result:
    """Return the codes on which coders differ most."""
    made, labels = Compared(study), study.labels("codebook")
    if made.alone:
        return refuse(made.alone, "Codes on which coders differ most.")

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return NOWHERE
        missed = frame["code_b"] == agreement.NOT_CODED
        swapped = frame[(frame["code_a"] != frame["code_b"]) & ~missed]
        both = zip(swapped["code_a"], swapped["code_b"])
        pairs = swapped.assign(pair=[f"{labels.get(a, a)} with {labels.get(b, b)}" for a, b in both])
        ways = {"exchanged": (pairs, "pair"), "given by one coder only": (frame[missed], "code_a")}
        found = [(words, *most(part, column, "n", labels=labels)) for words, (part, column) in ways.items()]
        told = [f"most often {words}: {names} ({top:.0f})" for words, names, top in found if names]
        return f"{begin('; '.join(told))}." if told else ""

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        shown = used(labels | {agreement.NOT_CODED: "not coded"}, frame[["code_a", "code_b"]].stack())
        return figures.confusion(frame, shown, first="one coder", second="the other, each pair once")

    return Result(
        agreement.confusion_frame(agreement.confusion(made.seen, codes=made.codes)),
        "Codes on which coders differ most: blue where both gave the code to the same text, orange where one gave that "
        "of the row and the other that of the column, or none.",
        says,
        draws,
        limits=_limits(made, "It shows where readings part, not which is right."),
    )


def drift(study: Study) -> Result:
    """Return how the use of codes moves over rounds of coding, where coders coded more than once."""
    codes, labels = Compared(study).codes, study.labels("codebook")

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "No coder coded in more than one round, so no move can be seen."
        ends = frame.groupby(["coder", "code"], sort=False)["share"].agg(["first", "last"]).reset_index()
        top = ends.loc[(ends["last"] - ends["first"]).abs().idxmax()]
        who, code = study.coder_names().get(top["coder"], top["coder"]), labels.get(top["code"], top["code"])
        return f"The largest move: {who} used {code} in {top['first']:.0%}, then in {top['last']:.0%} of the codings."

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        shown, label = used(labels, frame["code"]), "share of the coder's codings"
        return figures.drift_rounds(study.named(frame), shown, measure="share", label=label)

    caption = "How often each coder used each code, round by round."
    limits = "A move may be learning, other material, or drift."
    return answer(study, agreement.drift_over_rounds(study.codings, codes), caption, says, limits, draws=draws)


def memos(study: Study) -> Result:
    """Return what the coders noted while reading, entry by entry."""

    def says(frame: pd.DataFrame) -> str:
        return f"{count(frame['memo'].nunique(), 'memo')} with {count(len(frame), 'entry', 'entries')}."

    caption = "Memos of the study, entry by entry, as they were written."
    return answer(study, notes.memo_table(study.memos()), caption, says, if_empty="The study has no memo.")


def _limits(made: Compared, said: str) -> str:
    return " ".join(filter(None, (said, made.compared, made.readers)))
