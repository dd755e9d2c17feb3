"""What a study rests on: its documents, its cases, what was collected, when, and what its publications leave open."""

from __future__ import annotations

import pandas as pd

from crosscase import documents as texts
from crosscase import figures, inventory, matrices
from crosscase.analyses.labels import used
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, listed, share, times
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

    return Result(
        inventory.sources_table(study.documents),
        f"Documents of the study (n = {len(study.documents)}).",
        says=says,
        limits="A text is sliced only where its SHA-256 is the one recorded here.",
        counts=lambda frame: [
            Value("documents.n", len(frame), "documents coded", unit="documents"),
            Value("documents.sentences", sentences, "sentences in the documents", unit="sentences"),
        ],
        names=study.named,
    )


def cases(study: Study) -> Result:
    """Return the cases, and the ways in which the source speaks about cases without naming one."""
    noun = study.info.case_noun_plural

    def says(frame: pd.DataFrame) -> str:
        groups = int((frame["kind"] != "case").sum())
        named = listed(list(frame.loc[frame["kind"] == "case", "label"].dropna()), 6)
        own = f"The study names {count(_cases(frame), study.info.case_noun, noun)}" + (f": {named}" if named else "")
        return f"{own}, and speaks {times(groups)} of several without naming them." if groups else f"{own}."

    return Result(
        study.cases,
        f"Cases (n = {_cases(study.cases)}) and groups of cases whose members are unknown.",
        says=says,
        counts=lambda frame: [Value("cases.n", _cases(frame), f"individual {noun} compared", unit=noun)],
        names=study.named,
    )


def collected(study: Study) -> Result:
    """Return what was collected, as each publication states it."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "What was collected is not stated."
        stated = share(int(frame["n"].notna().sum()), len(frame), "amount of material", "amounts of material")
        return f"{stated} that the publications speak of {'has' if len(frame) == 1 else 'have'} a number."

    return Result(
        study.inventory,
        "Data collected, one row per method and stage of publication, one panel per unit.",
        says=says,
        limits="A number that is not stated is marked, not drawn as zero; amounts of different units are never added.",
        draws=lambda frame: figures.inventory_bars(inventory.inventory_bars(frame)),
        counts=lambda frame: each_value(
            "inventory", frame, key="item", value="n", about="{label} ({stage})", unit="{unit}"
        ),
        names=study.named,
    )


def drift(study: Study) -> Result:
    """Return the same amount over the stages of publication, and whether the publications agree."""

    def says(frame: pd.DataFrame) -> str:
        both, moved = frame["measure"].nunique(), _moved(frame)
        if not both:
            return "No amount is stated in more than one publication."
        names = listed(list(frame.loc[frame["differs"], "measure"].unique()), 4)
        whole = share(moved, both, "amount")
        verb = "differs" if moved == 1 or not moved else "differ"
        return f"{whole} that more than one publication speaks of {verb} between them{f': {names}' if moved else ''}."

    return Result(
        inventory.drift(study.inventory),
        "Amounts that more than one publication of the study speaks of.",
        says=says,
        limits="Each amount has a line of its own: hours and counts share no scale.",
        draws=lambda frame: figures.drift(frame.rename(columns={"measure": "fact", "n": "value"})),
        counts=lambda frame: [
            Value("drift.n", _moved(frame), "amounts that differ between publications", unit="amounts")
        ],
        names=study.named,
    )


def sums(study: Study) -> Result:
    """Return whether the parts that a publication states add up to the whole that it states."""

    def says(frame: pd.DataFrame) -> str:
        known = frame.dropna(subset=["agrees"])
        off = known[~known["agrees"].astype(bool)]
        if known.empty:
            return "No publication states both a whole and all of its parts."
        found = listed([f"{r.label}: {r.parts} = {r.sum_of_parts:g}, not {r.stated:g}" for r in off.itertuples()], 3)
        of = f"{len(off)} of {count(len(known), 'stated whole')} {'is' if len(off) == 1 else 'are'}"
        return f"{of} not the sum of the parts ({found})." if len(off) else "All stated wholes are sums of their parts."

    return Result(
        inventory.arithmetic_check(study.inventory),
        "Stated wholes against the sums of their stated parts.",
        says=says,
        counts=lambda frame: each_value(
            "inventory.sum",
            frame,
            key="item",
            value="sum_of_parts",
            about="sum of the stated parts of: {label}",
            unit="{unit}",
            n="n_parts",
            reason="reason",
        ),
        names=study.named,
    )


def methods_by_role(study: Study) -> Result:
    """Return which roles gave data by which method."""
    cells = matrices.as_cells(matrices.method_role(study.inventory), "method", "role", value="n_items")

    def says(frame: pd.DataFrame) -> str:
        stated = frame[frame["state"] == "present"]
        if stated.empty:
            return ""
        roles, methods = stated["column"].nunique(), count(stated["row"].nunique(), "method")
        verb = "is" if roles == 1 else "are"
        return f"{share(roles, frame['column'].nunique(), 'role')} {verb} stated to have given data, by {methods}."

    return Result(
        cells,
        "Methods of data collection by role, as stated.",
        says=says,
        limits="A 1 says that it is stated, not how many took part; a role that is not named may have taken part.",
        draws=lambda frame: figures.matrix(
            frame,
            {name: str(name).replace("_", " ") for name in frame["row"].unique()},
            columns=used(study.labels("roles"), frame["column"]),
        ),
        names=study.named,
    )


def timeline(study: Study) -> Result:
    """Return the dated events that the publications state."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return "No event of the study is dated."
        if len(frame) < FEWEST:
            return listed([f"{row.label} ({row.date})" for row in frame.itertuples()]) + "."
        first, last = str(frame["date"].min())[:4], str(frame["date"].max())[:4]
        return f"{count(len(frame), 'event')} of the study are dated, from {first} to {last}."

    return Result(
        inventory.timeline(study.facts).rename(columns={"event": "label"}),
        "Dated events that the publications state, to the precision they give.",
        says=says,
        draws=figures.timeline,
        names=study.named,
    )


def facts(study: Study) -> Result:
    """Return every published fact with its place in the document."""
    return Result(
        study.facts,
        f"Published facts (n = {len(study.facts)}).",
        says=lambda frame: f"The publications state {count(len(frame), 'fact')} that can be checked.",
        counts=lambda frame: [Value("facts.n", len(frame), "published facts recorded", unit="facts")],
        names=study.named,
    )


def gaps(study: Study) -> Result:
    """Return what the publications leave open."""
    return Result(
        texts.gaps(study.info.not_stated),
        "What the publications do not state.",
        says=lambda frame: f"Not stated: {listed(list(frame['what']), 6)}." if len(frame) else "No gap is named.",
        counts=lambda frame: [Value("gaps.n", len(frame), "named gaps", unit="gaps")],
    )


def _cases(frame: pd.DataFrame) -> int:
    return int((frame["kind"] == "case").sum())


def _moved(frame: pd.DataFrame) -> int:
    return int(frame.loc[frame["differs"], "measure"].nunique())
