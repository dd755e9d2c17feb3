"""What acts on what: stated influences, effects by case, events in time, propositions, and codes that meet."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices, outcomes
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import count, each, leaders, listed, share, verb
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
    >>> graph(load_study("be-mentally-ill-offenders")).sentence
    'Of 11 stated influences, Collaboration is acted on in more passages than any other factor: 2.'
    """
    relations, nodes = study.relations, _graph(study).nodes.rename(columns={"node": "factor"})
    itself = study.themes.set_index("theme")["valence"].where(lambda valence: valence.isin(["promotes", "inhibits"]))
    total, unknown = len(relations), int((relations["sign"] == "?").sum())
    about = "relations whose sign the source does not give"
    told = comparison.relation_effects(relations, study.primary_codings())
    values = [
        Value("influence.n", total, "relations stated", unit="relations"),
        Value("influence.unknown_sign", unknown, about, unit="relations", n=total),
    ]

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        drawn = nodes.assign(valence=nodes["factor"].map(itself).astype(object), passages=nodes["passages_in"])
        return figures.influence_graph(drawn, frame)

    return answer(
        study,
        told[told["directed"]].reset_index(drop=True),
        "Stated influences; an unknown sign is drawn as unknown, a factor without influence stays visible.",
        lambda frame: graph_words(frame, dict(zip(nodes["factor"], nodes["label"]))),
        "The sign, as stated, says whether more gives more. The colour is ours: whether that is good or bad for what "
        "is sought, as far as the primary coding of its passage, or of another to the same factor, says so. How often "
        "an influence is stated does not say how strong it is.",
        draws=draws,
        counts=lambda _: values,
        refused=NO_INFLUENCE if relations.empty else "",
    )


def graph_words(relations: pd.DataFrame, labels: dict[str, str]) -> str:
    """Say which factor most passages tell to be acted on, and how many influences have no stated sign.

    Passages are counted, not arrows: a sentence that names four causes of one effect is one passage.

    Examples
    --------
    >>> relations = pd.DataFrame({"relation": ["r1", "r2"], "source": ["a", "b"], "target": "c", "sign": ["+", "?"]})
    >>> graph_words(relations, {"c": "Trust"})
    'Of 2 stated influences, Trust is acted on in more passages than any other factor: 2; 1 has no stated sign.'
    """
    if relations.empty:
        return "No stated influence has a direction."
    told = relations.assign(passage=comparison.passages(relations))
    arrive = told.groupby("target", sort=False)["passage"].nunique().rename("n").reset_index()
    named, top = leaders(arrive, "target", "n", labels)
    unknown = int(relations["sign"].eq("?").sum())
    signs = f"; {unknown} {SIGNS['?'][unknown != 1]}" if unknown else ""
    if len(relations) == 1:
        source = str(relations["source"].iloc[0])
        return f"One influence is stated, of {labels.get(source, source)} on {named[0]}{signs}."
    if top == 1:
        return f"Of {len(relations)} stated influences, no factor is acted on in more than one passage{signs}."
    where = (
        f"{listed(named, 3)} {verb(len(named))} acted on in more passages than any other factor: {top:g}{each(named)}"
    )
    return f"Of {len(relations)} stated influences, {where}{signs}."


def factors(study: Study) -> Result:
    """Return the factors with the number of stated influences in and out."""

    def counts(frame: pd.DataFrame) -> list[Value]:
        heads = comparison.graph_headlines(frame)
        into, out = "passages in which something acts on: {label}", "passages in which it acts on something: {label}"
        return [
            *each_value("influence", heads, "what", "names", "{what}", n="n", reason="reason"),
            *each_value("influence.in", frame, "factor", "passages_in", into, "passages"),
            *each_value("influence.out", frame, "factor", "passages_out", out, "passages"),
        ]

    def says(frame: pd.DataFrame) -> str:
        named, top = leaders(frame[frame["out_degree"].gt(0)], "label", "out_degree")
        alone = list(frame.loc[frame["isolated"].astype(bool), "label"])
        covered = list(frame.loc[frame["covered"].astype(bool), "label"]) if "covered" in frame else []
        acts = f"{listed(named, 3)} {verb(len(named), 'acts', 'act')} on the largest number of others"
        act = f"{acts}: {top:g} of {len(frame) - 1}" if top > 1 else "none acts on more than one other"
        out = f"Of {count(len(frame), 'factor')}, {act}" if named else f"No influence joins the {len(frame)} factors"
        out += f"; known only from a statement without direction: {listed(covered, 5)}" if covered else ""
        return out + (f"; without any stated influence: {listed(alone, 5)}." if alone else ".")

    nodes, caption = _graph(study).nodes, "Factors with the number of stated influences in and out."
    nodes = nodes.rename(columns={"node": "factor"})
    return answer(study, nodes, caption, says, counts=counts, if_empty=NO_INFLUENCE)


def edges(study: Study) -> Result:
    """Return the stated influences drawn together, with sign, kind and place."""

    def says(frame: pd.DataFrame) -> str:
        joined = count(len(frame), "pair of cause and effect", "pairs of cause and effect")
        more = int(frame["n_relations"].gt(1).sum())
        again = f"; {more} {verb(more)} stated more than once" if more else ""
        return f"{joined}: {sign_words(frame['sign'])}{again}."

    caption = f"Stated influences (n = {len(study.relations)}) with sign, kind and place."
    return answer(study, _graph(study).edges, caption, says, MORE, if_empty=NO_INFLUENCE)


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

    def says(frame: pd.DataFrame) -> str:
        n, total = len(frame), count(len(study.relations), "stated relation")
        return f"{n} of {total} {verb(n, 'has', 'have')} no direction." if n else f"Each of {total} has a direction."

    caption = "Relations kept apart because they have no direction."
    if study.relations.empty:
        return refuse(NO_INFLUENCE, caption)
    return answer(study, _graph(study).apart, caption, says)


def effects(study: Study) -> Result:
    """Return the effects matrix: which cause is said to have which effect, case by case."""

    def says(frame: pd.DataFrame) -> str:
        own = int(frame["case"].notna().sum())
        of = f"Of {count(len(frame), 'stated effect')}, {sign_words(frame['effect'])}"
        return f"{of}; {own or 'none'} {'is' if own < 2 else 'are'} stated of a single {study.info.case_noun}."

    caption = "Effects matrix: which cause is said to have which effect, case by case."
    frame = comparison.labelled_effects(study.relations, study.labels("themes"))
    return answer(study, frame, caption, says, MORE, if_empty=NO_INFLUENCE)


def in_time(study: Study) -> Result:
    """Return the time-ordered matrix of the dated facts, in years."""

    def says(frame: pd.DataFrame) -> str:
        told = frame[frame["n_events"].gt(0)]
        years, n = sorted(told["period"].astype(str)), int(told["n_events"].sum())
        span = f"from {years[0]} to {years[-1]}" if years[0] != years[-1] else f"{'all ' * (n > 1)}in {years[0]}"
        whole = told["case"].eq(comparison.WHOLE).all()
        rest = f", none of a single {study.info.case_noun} by itself" if whole else ""
        return f"{count(n, 'event')} {verb(n)} dated, {span}{rest}."

    caption = "Time-ordered matrix of the dated facts, in years; no fact is dated for a single case unless it says so."
    frame = comparison.dated_events(study.facts, study.cases)
    return answer(study, frame, caption, says, if_empty="No event of the study is dated.")


def propositions(study: Study) -> Result:
    """Return the propositions written in advance against what was observed."""
    caption = "Propositions by case: predicted, observed, and whether the prediction came first."
    observed = outcomes.observations(outcomes.of_each(study.outcomes, study.cases))
    frame = comparison.match_propositions(study.info.propositions, observed)
    none = "The study states no proposition in advance, so nothing was predicted that could match."
    return answer(study, frame, caption, lambda frame: match_words(frame, study.info.case_noun_plural), if_empty=none)


def match_words(matches: pd.DataFrame, many: str) -> str:
    """Say how many predictions came out.

    Examples
    --------
    >>> match_words(pd.DataFrame({"match": ["as predicted", "not as predicted"]}), "teams")
    'Of 2 predictions for single teams, 1 came out as predicted and 1 not as predicted.'
    """
    numbers = [(int(matches["match"].eq(match).sum()), match) for match in ("as predicted", "not as predicted")]
    told = [f"{n} {match}" for n, match in numbers if n]
    silent = int(matches["match"].eq("not stated").sum())
    of = f"Of {count(len(matches), 'prediction')} for single {many}, "
    unknown = f"of {silent} it is not stated how {verb(silent, 'it', 'they')} came out"
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

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "pairs of codes that share paragraphs more often than by chance"
        return [Value("meetings.marked", int(frame["marked"].sum()), about, unit="pairs", n=len(frame))]

    return answer(
        study,
        frame,
        "Pairs of codes in one paragraph against codes dealt out over paragraphs.",
        lambda frame: meeting_words(matrices.named_pairs(frame, labels)),
        "Framed pairs meet more often than by chance. No participants are exchanged, so this says where to read "
        "and nothing about people.",
        draws=lambda frame: figures.co_occurrence(matrices.named_pairs(frame, labels), unit="paragraphs"),
        counts=counts,
        if_empty="Too few codes lie in known paragraphs often enough to meet, so nothing is held against chance.",
    )


def meeting_words(pairs: pd.DataFrame) -> str:
    """Say which codes share paragraphs more often than chance gives, or which do so most often.

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

    pair, marked = ("pair of codes", "pairs of codes"), pairs[pairs["marked"].astype(bool)]
    often = "paragraphs more often than by chance"
    if n := len(marked):
        names = listed([told(row) for _, row in marked.iterrows()], 4)
        return f"{n} of {count(len(pairs), *pair)} {verb(n, 'shares', 'share')} {often}: {names}."
    top, none = pairs[pairs["n"].eq(pairs["n"].max())], f"{share(0, len(pairs), *pair)} shares {often}"
    if len(top) > 1:
        most = f"{top['n'].iloc[0]:g} of {top['n_units'].iloc[0]:g} paragraphs"
        return f"{none}; {len(top)} pairs share most, {most} each."
    return f"{none}; most often {told(top.iloc[0])}."


def _graph(study: Study) -> comparison.Influence:
    return comparison.influence(study.relations, comparison.graph_themes(study.themes, study.relations))
