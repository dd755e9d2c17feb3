"""What a study rests on: its documents, its cases, what was collected, when, and what its publications leave open."""

from __future__ import annotations

import pandas as pd

from crosscase import documents as texts
from crosscase import figures, inventory, matrices
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result, answer
from crosscase.analyses.sentences import begin, count, listed, share, times, verb
from crosscase.analyses.values import Value, each_value
from crosscase.figures.time import FEWEST
from crosscase.study import Study


def sources(study: Study) -> Result:
    """Return the documents that were coded, and how many sentences they have.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> sources(load_study("nl-work-roadmap")).sentence
    'The study rests on 1 document with 149 sentences.'
    """
    sentences = int((study.units["kind"] == "sentence").sum())

    def says(frame: pd.DataFrame) -> str:
        of = f" with {count(sentences, 'sentence')}" if sentences else ""
        return f"The study rests on {count(len(frame), 'document')}{of}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value("documents.n", len(frame), "documents coded", unit="documents"),
            Value("documents.sentences", sentences, "sentences in the documents", unit="sentences"),
        ]

    frame, caption = inventory.sources_table(study.documents), f"Documents of the study (n = {len(study.documents)})."
    limits = "A text is sliced only where its SHA-256 is the one recorded here."
    return answer(study, frame, caption, says, limits, counts=counts)


def cases(study: Study) -> Result:
    """Return the cases, and the ways in which the source speaks about cases without naming one."""
    noun = study.info.case_noun_plural

    def says(frame: pd.DataFrame) -> str:
        groups = int((frame["kind"] != "case").sum())
        named = listed(list(frame.loc[frame["kind"] == "case", "label"].dropna()), 6)
        own = f"The study names {count(_cases(frame), study.info.case_noun, noun)}" + (f": {named}" if named else "")
        return f"{own}, and speaks {times(groups)} of several without naming them." if groups else f"{own}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        groups, about = frame[frame["kind"].eq("subset")].dropna(subset=["k"]), "how many they are: {label}"
        return [
            Value("cases.n", _cases(frame), f"individual {noun} compared", unit=noun),
            *each_value("cases", groups, "case", "k", about, noun, "n"),
        ]

    caption = f"Cases (n = {_cases(study.cases)}) and groups of cases whose members are unknown."
    return answer(study, study.cases, caption, says, counts=counts)


def collected(study: Study) -> Result:
    """Return what was collected, as each publication states it."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "What was collected is not stated."
        stated = share(int(frame["n"].notna().sum()), len(frame), "amount of material", "amounts of material")
        return f"{stated} that the publications speak of {verb(len(frame), 'has', 'have')} a number."

    return answer(
        study,
        study.inventory,
        "Data collected, one row per method and stage of publication, one panel per unit.",
        says,
        "A number that is not stated is marked, not drawn as zero; amounts of different units are never added.",
        draws=lambda frame: figures.inventory_bars(inventory.inventory_bars(frame)),
        counts=lambda frame: each_value("inventory", frame, "item", "n", "{label} ({stage})", "{unit}"),
    )


def drift(study: Study) -> Result:
    """Return the same amount over the stages of publication, and whether the publications agree."""

    def says(frame: pd.DataFrame) -> str:
        both, moved = frame["measure"].nunique(), _moved(frame)
        if not both:
            return "No amount is stated in more than one publication."
        names = listed(list(frame.loc[frame["differs"], "measure"].unique()), 4)
        whole = share(moved, both, "amount")
        rest = f"{'differ' if moved > 1 else 'differs'} between them{f': {names}' if moved else ''}"
        return f"{whole} that more than one publication speaks of {rest}."

    about = "amounts that differ between publications"
    return answer(
        study,
        inventory.drift(study.inventory),
        "Amounts that more than one publication of the study speaks of.",
        says,
        "Each amount has a line of its own: hours and counts share no scale.",
        draws=lambda frame: figures.drift(frame.rename(columns={"measure": "fact", "n": "value"})),
        counts=lambda frame: [Value("drift.n", _moved(frame), about, unit="amounts")],
    )


def sums(study: Study) -> Result:
    """Return whether the parts that a publication states add up to the whole that it states."""

    def says(frame: pd.DataFrame) -> str:
        known = frame.dropna(subset=["agrees"])
        off = known[~known["agrees"].astype(bool)]
        if known.empty:
            return "No publication states both a whole and all of its parts."
        found = listed([f"{r.label}: {r.parts} = {r.sum_of_parts:g}, not {r.stated:g}" for r in off.itertuples()], 3)
        of = f"{len(off)} of {count(len(known), 'stated whole')} {verb(len(off))}"
        return f"{of} not the sum of the parts ({found})." if len(off) else "All stated wholes are sums of their parts."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "sum of the stated parts of: {label}"
        return each_value("inventory.sum", frame, "item", "sum_of_parts", about, "{unit}", "n_parts", reason="reason")

    caption = "Stated wholes against the sums of their stated parts."
    return answer(study, inventory.arithmetic_check(study.inventory), caption, says, counts=counts)


def methods_by_role(study: Study) -> Result:
    """Return which roles gave data by which method."""
    cells = matrices.as_cells(matrices.method_role(study.inventory), "method", "role", value="n_items")

    def says(frame: pd.DataFrame) -> str:
        stated = frame[frame["state"] == "present"]
        if stated.empty:
            return ""
        roles = share(stated["column"].nunique(), frame["column"].nunique(), "role", does=("is", "are"))
        return f"{roles} stated to have given data, by {count(stated['row'].nunique(), 'method')}."

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        methods = {name: str(name).replace("_", " ") for name in frame["row"].unique()}
        return figures.matrix(frame, methods, used(study.labels("roles"), frame["column"]))

    caption = "Methods of data collection by role, as stated."
    limits = "A 1 says that it is stated, not how many took part; a role that is not named may have taken part."
    return answer(study, cells, caption, says, limits, draws=draws)


def timeline(study: Study) -> Result:
    """Return the dated events that the publications state."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "No event of the study is dated."
        if len(frame) < FEWEST:
            return listed([f"{row.label} ({row.date})" for row in frame.itertuples()]) + "."
        first, last = str(frame["date"].min())[:4], str(frame["date"].max())[:4]
        return f"{count(len(frame), 'event')} of the study are dated, from {first} to {last}."

    frame = inventory.timeline(study.facts).rename(columns={"event": "label"})
    caption = "Dated events that the publications state, to the precision they give."
    return answer(study, frame, caption, says, draws=figures.timeline)


def facts(study: Study) -> Result:
    """Return every published fact with its place in the document."""
    n = len(study.facts)
    says = f"The publications state {count(n, 'fact')} that can be checked."

    def counts(frame: pd.DataFrame) -> list[Value]:
        numbers = frame.dropna(subset=["number"]).fillna({"unit": ""})
        return [
            Value("facts.n", n, "published facts recorded", unit="facts"),
            *each_value("fact", numbers, "fact", "number", "{value} ({stage})", "{unit}"),
        ]

    return answer(study, study.facts, f"Published facts (n = {n}).", says, counts=counts)


def gaps(study: Study) -> Result:
    """Return what the publications leave open, and what only the copy held here lacks."""

    def says(frame: pd.DataFrame) -> str:
        told = [f"{state}: {listed(list(part['what']), 6)}." for state, part in frame.groupby("state", sort=False)]
        return " ".join(begin(each) for each in told) or "No gap is named."

    return Result(
        texts.gaps(study.info.not_stated, study.info.not_in_file),
        "What the publications do not state, or the file we hold lacks.",
        says=says,
        counts=lambda frame: [Value("gaps.n", len(frame), "named gaps", unit="gaps")],
    )


def _cases(frame: pd.DataFrame) -> int:
    return int((frame["kind"] == "case").sum())


def _moved(frame: pd.DataFrame) -> int:
    return int(frame.loc[frame["differs"], "measure"].nunique())
