"""What acts on what: stated influences, effects by case, events in time, propositions, and codes that meet."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices, outcomes
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, leaders, listed, share
from crosscase.analyses.values import Value, each_value
from crosscase.study import Study

MORE = "Signs say whether there is more or less of what is acted on, not whether that is good."
NO_INFLUENCE = "The study states no influence of one factor on another."
SIGNS = {"+": ("gives more", "give more"), "-": ("gives less", "give less")}
SIGNS |= {"mixed": ("goes both ways", "go both ways"), "?": ("has no stated sign", "have no stated sign")}
"""Sign -> what one relation does, and what many do."""


def graph(study: Study) -> Result:
    """Return the stated influences: which factor acts on which, with the sign the source gives.

    Examples
    --------
    >>> from crosscase.study import load_study
    >>> graph(load_study("nl-work-roadmap")).sentence
    'Of 34 stated influences, more arrive at Collaboration than at any other factor: 8; 5 have no stated sign.'
    """
    relations, nodes = study.relations, _graph(study).nodes.rename(columns={"node": "factor"})
    itself = study.themes.set_index("theme")["valence"].where(lambda valence: valence.isin(["promotes", "inhibits"]))
    caption = "Stated influences; an unknown sign is drawn as unknown, a factor without influence stays visible."
    values = [
        Value("influence.n", len(relations), "relations stated", unit="relations"),
        Value(
            "influence.unknown_sign",
            int((relations["sign"] == "?").sum()),
            "relations whose sign the source does not give",
            unit="relations",
            n=len(relations),
        ),
    ]
    if relations.empty:
        return refuse(NO_INFLUENCE, caption, values)
    told = comparison.relation_effects(relations, study.primary_codings())
    return Result(
        told[told["directed"]].reset_index(drop=True),
        caption,
        says=lambda frame: graph_words(frame, dict(zip(nodes["factor"], nodes["label"]))),
        limits="The sign says whether more gives more, the colour whether that is good or bad for what is sought, as "
        "far as the coding of its passage says so. How often an influence is stated does not say how strong it is.",
        draws=lambda frame: figures.influence_graph(
            nodes.assign(valence=nodes["factor"].map(itself).astype(object)), frame
        ),
        counts=lambda _: values,
        names=study.named,
    )


def graph_words(relations: pd.DataFrame, labels: dict[str, str]) -> str:
    """Say at which factor most stated influences arrive, and how many have no stated sign.

    Parameters
    ----------
    relations : pandas.DataFrame
        `source, target, sign`.
    labels : dict of str to str
        Factor -> label.

    Examples
    --------
    >>> relations = pd.DataFrame({"source": ["a", "b"], "target": ["c", "c"], "sign": ["+", "?"]})
    >>> graph_words(relations, {"c": "Trust"})
    'Of 2 stated influences, more arrive at Trust than at any other factor: 2; 1 has no stated sign.'
    """
    if relations.empty:
        return "No stated influence has a direction."
    arrive = relations.groupby("target", sort=False)["source"].size().rename("n").reset_index()
    named, top = leaders(arrive.assign(label=[labels.get(t, t) for t in arrive["target"]]), "label", "n")
    unknown = int(relations["sign"].eq("?").sum())
    signs = f"; {unknown} {SIGNS['?'][unknown != 1]}" if unknown else ""
    if len(relations) == 1:
        source = str(relations["source"].iloc[0])
        return f"One influence is stated, of {labels.get(source, source)} on {named[0]}{signs}."
    if top == 1:
        return f"Of {len(relations)} stated influences, no two arrive at the same factor{signs}."
    each = " each" if len(named) > 1 else ""
    where = f"more arrive at {listed(named, 3)} than at any other factor: {top:g}{each}"
    return f"Of {len(relations)} stated influences, {where}{signs}."


def factors(study: Study) -> Result:
    """Return the factors with the number of stated influences in and out."""
    nodes = _graph(study).nodes.rename(columns={"node": "factor"})
    caption = "Factors with the number of stated influences in and out."

    def counts(frame: pd.DataFrame) -> list[Value]:
        heads = comparison.graph_headlines(frame)
        about, unit = "influences on: {label}", "relations"
        return [
            *each_value("influence", heads, key="what", value="names", about="{what}", n="n", reason="reason"),
            *each_value("influence.in", frame, key="factor", value="in_degree", about=about, unit=unit),
        ]

    if nodes.empty:
        return refuse(NO_INFLUENCE, caption, counts(nodes))

    def says(frame: pd.DataFrame) -> str:
        named, top = leaders(frame[frame["out_degree"].gt(0)], "label", "out_degree")
        alone = list(frame.loc[frame["isolated"].astype(bool), "label"])
        verb = "acts" if len(named) == 1 else "act"
        act = f"{listed(named, 3)} {verb} on the largest number of others: {top:g} of {len(frame) - 1}"
        act = act if top > 1 else "none acts on more than one other"
        out = f"Of {count(len(frame), 'factor')}, {act}" if named else f"No influence joins the {len(frame)} factors"
        rest = f"; without any stated influence: {listed(alone, 5)}" if alone else ""
        return f"{out}{rest}."

    return Result(nodes, caption, says=says, counts=counts, names=study.named)


def edges(study: Study) -> Result:
    """Return the stated influences drawn together, with sign, kind and place."""
    caption = f"Stated influences (n = {len(study.relations)}) with sign, kind and place."
    frame = _graph(study).edges
    if frame.empty:
        return refuse(NO_INFLUENCE, caption)

    def says(frame: pd.DataFrame) -> str:
        joined = count(len(frame), "pair of cause and effect", "pairs of cause and effect")
        more = int(frame["n_relations"].gt(1).sum())
        again = f"; {more} {'is' if more == 1 else 'are'} stated more than once" if more else ""
        return f"{joined}: {sign_words(frame['sign'])}{again}."

    return Result(frame, caption, says=says, limits=MORE, names=study.named)


def sign_words(signs: pd.Series) -> str:
    """Return how many relations give more or less of what they act on, go both ways, or have no stated sign.

    Examples
    --------
    >>> sign_words(pd.Series(["+", "+", "?"]))
    '2 give more and 1 has no stated sign'
    """
    found = [(int(signs.eq(sign).sum()), words) for sign, words in SIGNS.items()]
    return listed([f"{n} {words[n != 1]}" for n, words in found if n])


def apart(study: Study) -> Result:
    """Return the relations kept apart because they have no direction."""
    caption, total = "Relations kept apart because they have no direction.", len(study.relations)
    if not total:
        return refuse(NO_INFLUENCE, caption)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"Each of {count(total, 'stated relation')} has a direction."
        return f"{len(frame)} of {count(total, 'stated relation')} {'has' if len(frame) == 1 else 'have'} no direction."

    return Result(_graph(study).apart, caption, says=says, names=study.named)


def effects(study: Study) -> Result:
    """Return the effects matrix: which cause is said to have which effect, case by case."""
    caption = "Effects matrix: which cause is said to have which effect, case by case."
    frame, one = comparison.labelled_effects(study.relations, study.labels("themes")), study.info.case_noun
    if frame.empty:
        return refuse(NO_INFLUENCE, caption)

    def says(frame: pd.DataFrame) -> str:
        own = int(frame["case"].notna().sum())
        of = f"Of {count(len(frame), 'stated effect')}, {sign_words(frame['effect'])}"
        return f"{of}; {own or 'none'} {'is' if own < 2 else 'are'} stated of a single {one}."

    return Result(frame, caption, says=says, limits=MORE, names=study.named)


def in_time(study: Study) -> Result:
    """Return the time-ordered matrix of the dated facts, in years."""
    caption = "Time-ordered matrix of the dated facts, in years; no fact is dated for a single case unless it says so."
    frame = comparison.dated_events(study.facts, study.cases)
    if frame.empty:
        return refuse("No event of the study is dated.", caption)

    def says(frame: pd.DataFrame) -> str:
        told = frame[frame["n_events"].gt(0)]
        years, n = sorted(told["period"].astype(str)), int(told["n_events"].sum())
        span = f"from {years[0]} to {years[-1]}" if years[0] != years[-1] else f"all in {years[0]}" * (n > 1)
        span = span or f"in {years[0]}"
        whole = told["case"].eq(comparison.WHOLE).all()
        rest = f", none of a single {study.info.case_noun} by itself" if whole else ""
        return f"{count(n, 'event')} {'is' if n == 1 else 'are'} dated, {span}{rest}."

    return Result(frame, caption, says=says, names=study.named)


def propositions(study: Study) -> Result:
    """Return the propositions written in advance against what was observed."""
    caption = "Propositions by case: predicted, observed, and whether the prediction came first."
    frame = comparison.match_propositions(study.info.propositions, outcomes.observations(study.outcomes))
    if frame.empty:
        return refuse("The study states no proposition in advance, so nothing was predicted that could match.", caption)

    many = study.info.case_noun_plural
    return Result(frame, caption, says=lambda frame: match_words(frame, many), names=study.named)


def match_words(matches: pd.DataFrame, many: str) -> str:
    """Say how many predictions came out.

    Parameters
    ----------
    matches : pandas.DataFrame
        `match` (as predicted, not as predicted, not stated).
    many : str
        What cases are called.

    Examples
    --------
    >>> match_words(pd.DataFrame({"match": ["as predicted", "not as predicted"]}), "teams")
    'Of 2 predictions for single teams, 1 came out as predicted and 1 not as predicted.'
    """
    numbers = [(int(matches["match"].eq(match).sum()), match) for match in ("as predicted", "not as predicted")]
    told = [f"{n} {match}" for n, match in numbers if n]
    silent = int(matches["match"].eq("not stated").sum())
    of = f"Of {count(len(matches), 'prediction')} for single {many}, "
    unknown = f"of {silent} it is not stated how {'it' if silent == 1 else 'they'} came out"
    if not told:
        return f"{of}{unknown}."
    told[0] = told[0].replace(" ", " came out ", 1)
    return f"{of}{listed(told)}" + (f", and {unknown}." if silent else ".")


def meetings(study: Study, seed: int) -> Result:
    """Return the codes that meet in a paragraph, against dealing the codes out over the paragraphs.

    Parameters
    ----------
    seed : int
        Seed of the permutations.
    """
    frame, labels = comparison.marked_pairs(study.primary_codings(), seed=seed), study.labels("codebook")
    caption = "Pairs of codes in one paragraph against codes dealt out over paragraphs."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "pairs of codes that share paragraphs more often than by chance"
        return [Value("meetings.marked", int(frame["marked"].sum()), about, unit="pairs", n=len(frame))]

    if frame.empty:
        reason = "Too few codes lie in known paragraphs often enough to meet, so nothing is held against chance."
        return refuse(reason, caption, counts(frame))
    return Result(
        frame,
        caption,
        says=lambda frame: meeting_words(matrices.named_pairs(frame, labels)),
        limits="Framed pairs meet more often than by chance. No participants are exchanged, so this says where to read "
        "and nothing about people.",
        draws=lambda frame: figures.co_occurrence(matrices.named_pairs(frame, labels), unit="paragraphs"),
        counts=counts,
        names=study.named,
    )


def meeting_words(pairs: pd.DataFrame) -> str:
    """Say which codes share paragraphs more often than chance gives, or which do so most often.

    Parameters
    ----------
    pairs : pandas.DataFrame
        `code_a, code_b` (labels), `n, n_units, expected, marked`.

    Examples
    --------
    >>> pairs = pd.DataFrame({"code_a": ["Pay"], "code_b": ["Time"], "n": [7], "n_units": [24], "expected": [2.31],
    ...     "marked": [True]})
    >>> meeting_words(pairs)
    '1 of 1 pair of codes shares paragraphs more often than by chance: Pay and Time (7 of 24 paragraphs, 2.3 expected).'
    """

    def told(row: pd.Series) -> str:
        where = f"{row['n']:g} of {row['n_units']:g} paragraphs, {row['expected']:.1f} expected"
        return f"{row['code_a']} and {row['code_b']} ({where})"

    of, marked = count(len(pairs), "pair of codes", "pairs of codes"), pairs[pairs["marked"].astype(bool)]
    if len(marked):
        verb = "shares" if len(marked) == 1 else "share"
        names = listed([told(row) for _, row in marked.iterrows()], 4)
        return f"{len(marked)} of {of} {verb} paragraphs more often than by chance: {names}."
    top = pairs[pairs["n"].eq(pairs["n"].max())]
    none = f"{share(0, len(pairs), 'pair of codes', 'pairs of codes')} shares paragraphs more often than by chance"
    if len(top) > 1:
        most = f"{top['n'].iloc[0]:g} of {top['n_units'].iloc[0]:g} paragraphs"
        return f"{none}; {len(top)} pairs share most, {most} each."
    return f"{none}; most often {told(top.iloc[0])}."


def _graph(study: Study) -> comparison.Influence:
    return comparison.influence(study.relations, comparison.graph_themes(study.themes, study.relations))
