"""GRADE-CERQual evidence profiles: confidence as people judge it, with the facts on adequacy beside their judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need, stated
from crosscase.ids import join, split
from crosscase.synthesis.linking import codings_of_themes

COMPONENTS = ("methodological_limitations", "coherence", "adequacy", "relevance")
CONCERNS = ("no or very minor", "minor", "moderate", "serious")
OVERALL = ("high", "moderate", "low", "very low")
NOT_JUDGED = "not judged by people"
NO_VOICE = "nobody speaks in these segments: authors' words, or people spoken about"
FACTS = ["finding", "study", "n_themes", "n_segments", "n_documents", "n_cases", "n_voices", "segments"]
FACTS += ["linked_by", "reason"]


def check_judgements(
    judgements: pd.DataFrame, findings: Iterable[str], coders: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Check the judgements that people entered on findings.

    Parameters
    ----------
    judgements : pandas.DataFrame
        One row per finding and component: `finding, component` (`methodological_limitations`, `coherence`,
        `adequacy`, `relevance`, `overall`), `judgement` (concerns: `no or very minor`, `minor`, `moderate`,
        `serious`; overall: `high`, `moderate`, `low`, `very low`), `rationale, judge` (several joined by semicolons).
    findings : iterable of str
        The findings that there are.
    coders : mapping of str to str, optional
        Who is what: name -> `person`, `language_model`, `rule`.

    Returns
    -------
    pandas.DataFrame
        The judgements, unchanged.

    Raises
    ------
    CrosscaseError
        With every problem: unknown findings, components, judgements; no rationale or judge; a judge who is no person;
        a component judged twice.

    References
    ----------
    Lewin S et al. (2018). Applying GRADE-CERQual to qualitative evidence synthesis findings: introduction to the
    series. Implementation Science 13(Suppl 1):2, doi:10.1186/s13012-017-0688-3.

    Examples
    --------
    >>> judgements = pd.DataFrame({"finding": ["f"], "component": ["coherence"], "judgement": ["minor"],
    ...     "rationale": ["one study differs"], "judge": ["anna;ben"]})
    >>> len(check_judgements(judgements, ["f"]))
    1
    """
    check_arguments(check_judgements, locals())
    need(judgements, ["finding", "component", "judgement", "rationale", "judge"], "judgements")
    known, problems = set(findings), []
    for number, row in enumerate(judgements.to_dict("records"), start=2):
        place = f"cerqual, row {number}"
        if row["finding"] not in known:
            problems.append(Problem(place, "a finding of findings.csv", repr(row["finding"])))
        if row["component"] not in (*COMPONENTS, "overall"):
            allowed = ", ".join((*COMPONENTS, "overall"))
            problems.append(Problem(place, "a known component", repr(row["component"]), allowed))
        else:
            scale = OVERALL if row["component"] == "overall" else CONCERNS
            if row["judgement"] not in scale:
                rule = f"a judgement of {row['component']}"
                problems.append(Problem(place, rule, repr(row["judgement"]), ", ".join(scale)))
        problems += [
            Problem(place, f"a judgement has a {name}", "an empty cell", remedy="fill it")
            for name in ("rationale", "judge")
            if pd.isna(row[name]) or not str(row[name]).strip()
        ]
        for judge in split(row["judge"]):
            kind = (coders or {}).get(judge, "person")
            if kind != "person":
                problems.append(Problem(place, "people judge confidence", f"{judge}, a {kind}"))
    twice = judgements[judgements.duplicated(["finding", "component"])]
    problems += [
        Problem("cerqual", "each component of a finding is judged once", f"{f}, {c}", remedy="agree on one")
        for f, c in twice[["finding", "component"]].itertuples(index=False)
    ]
    raise_if(problems)
    return judgements


def findings_from_constructs(cells: pd.DataFrame, least: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draft findings from the constructs that many studies report, for people to word and to judge.

    `cells` is what `construct_by_study` returns; at least `least` studies make a finding.

    Returns
    -------
    findings : pandas.DataFrame
        `finding` (the construct), `statement` (computed, to be worded by people), `origin`.
    evidence : pandas.DataFrame
        `finding, study, theme`: what stands behind it.

    Examples
    --------
    >>> cells = pd.DataFrame({"construct": ["c"], "label": ["Trust"], "study": ["a"], "reported": [True],
    ...     "direction": ["barrier"], "themes": ["x;y"]})
    >>> findings, evidence = findings_from_constructs(cells, 1)
    >>> findings["statement"].tolist(), evidence["theme"].tolist()
    (['Trust: reported in 1 of 1 studies (barrier in 1)'], ['x', 'y'])
    """
    check_arguments(findings_from_constructs, locals())
    need(cells, ["construct", "label", "study", "reported", "direction", "themes"], "cells")
    stated(cells, ["reported"], "cells")
    of, findings, evidence = cells["study"].nunique(), [], []
    for construct, part in cells[cells["reported"]].groupby("construct", sort=False):
        if part["study"].nunique() < least:
            continue
        ways = ", ".join(f"{way} in {n}" for way, n in part["direction"].value_counts(sort=False).items())
        statement = f"{part['label'].iloc[0]}: reported in {part['study'].nunique()} of {of} studies ({ways})"
        findings.append({"finding": construct, "statement": statement, "origin": "drafted from the framework map"})
        for study, themes in part[["study", "themes"]].itertuples(index=False):
            evidence += [{"finding": construct, "study": study, "theme": theme} for theme in split(themes)]
    return (
        pd.DataFrame(findings, columns=["finding", "statement", "origin"]),
        pd.DataFrame(evidence, columns=["finding", "study", "theme"]),
    )


def adequacy_facts(evidence: pd.DataFrame, codings: pd.DataFrame, themes: pd.DataFrame | None = None) -> pd.DataFrame:
    """Count what stands behind each finding within each study, for those who judge adequacy.

    Parameters
    ----------
    evidence : pandas.DataFrame
        `finding, study, theme`.
    codings : pandas.DataFrame
        Codings of several studies: `study, coding_id, document, start, end, theme, case, role, role_mode`.
    themes : pandas.DataFrame, optional
        `study, theme, parent`, optionally `document, spans`; with it segments of subthemes count for their theme, and
        where a theme has none, those at the places where the publication states it (`codings_of_themes`).

    Returns
    -------
    pandas.DataFrame
        One row per finding and study: `finding, study, n_themes, n_segments` (places in the text, each once; never
        to be compared or added up between studies), `n_documents, n_cases, n_voices` (roles that speak), `segments`
        (ids of the codings), `linked_by` ("theme", "place in the text"), `reason` (themes without a coded segment;
        where nobody speaks).

    References
    ----------
    Glenton C et al. (2018). Applying GRADE-CERQual to qualitative evidence synthesis findings, paper 5: how to
    assess adequacy of data. Implementation Science 13(Suppl 1):14, doi:10.1186/s13012-017-0692-7.

    Examples
    --------
    >>> evidence = pd.DataFrame({"finding": ["f"], "study": ["a"], "theme": ["x"]})
    >>> codings = pd.DataFrame({"study": ["a", "a"], "coding_id": ["k1", "k2"], "document": ["d", "d"],
    ...     "start": [0, 9], "end": [5, 12], "theme": ["x", "x"], "case": ["n", None], "role": ["nurse", None],
    ...     "role_mode": ["voice", "author"]})
    >>> adequacy_facts(evidence, codings)[["n_segments", "n_documents", "n_voices"]].values.tolist()
    [[2, 1, 1]]
    """
    check_arguments(adequacy_facts, locals())
    need(evidence, ["finding", "study", "theme"], "evidence")
    need(codings, ["study", "coding_id", "document", "start", "end", "theme", "case", "role", "role_mode"], "codings")
    if themes is not None:
        need(themes, ["study", "theme", "parent"], "themes")
    rows = []
    for (finding, study), part in evidence.groupby(["finding", "study"], sort=False):
        tree = None if themes is None else themes[themes["study"].eq(study)]
        linked = codings_of_themes(part["theme"].dropna(), codings[codings["study"].eq(study)], tree)
        mine = linked.drop_duplicates("coding_id")
        speaking = mine.loc[mine["role_mode"].eq("voice"), "role"].dropna()
        voices = {role for cell in speaking for role in split(cell)}
        uncoded = [theme for theme in part["theme"].dropna() if theme not in set(linked["wanted"])]
        notes = [f"no coded segment for {', '.join(map(str, uncoded))}"] if uncoded else []
        notes += [NO_VOICE] if len(mine) and not voices else []
        n = [part["theme"].nunique(), len(mine.drop_duplicates(["document", "start", "end"]))]
        n += [mine["document"].nunique(), mine["case"].nunique(), len(voices)]
        linked_by = join(mine["linked_by"].drop_duplicates())
        rows.append((finding, study, *n, join(mine["coding_id"]), linked_by, "; ".join(notes)))
    return pd.DataFrame(rows, columns=FACTS)


def evidence_profile(findings: pd.DataFrame, facts: pd.DataFrame, judgements: pd.DataFrame, of: int) -> pd.DataFrame:
    """Put judgements and facts of each finding side by side; what nobody judged stays empty and is named.

    The overall confidence is only ever what people entered: no rule turns components or counts into it.

    Parameters
    ----------
    findings : pandas.DataFrame
        `finding, statement`.
    facts : pandas.DataFrame
        As `adequacy_facts` returns them.
    judgements : pandas.DataFrame
        As `check_judgements` returns them; may be empty.
    of : int
        Studies in the synthesis.

    Returns
    -------
    pandas.DataFrame
        One row per finding: `finding, statement, n_studies` (with a segment behind it), `of, studies, n_documents`,
        `segments_by_study` (for example "north: 3; south: 1"), `n_voices` (roles that speak, summed over the studies),
        for each component and `overall` its judgement and `<component>_rationale`, `judges, not_judged` (components),
        `reason` ("not judged by people"), `note` (an overall confidence that asks for a word in the rationale).

    Examples
    --------
    >>> findings = pd.DataFrame({"finding": ["f"], "statement": ["Trust takes time."]})
    >>> facts = pd.DataFrame({"finding": ["f"], "study": ["a"], "n_segments": [3], "n_documents": [1],
    ...     "n_voices": [2]})
    >>> none = pd.DataFrame(columns=["finding", "component", "judgement", "rationale", "judge"])
    >>> evidence_profile(findings, facts, none, of=2)[["n_studies", "overall", "reason"]].values.tolist()
    [[1, None, 'not judged by people']]
    """
    check_arguments(evidence_profile, locals())
    need(findings, ["finding", "statement"], "findings")
    need(facts, ["finding", "study", "n_segments", "n_documents", "n_voices"], "facts")
    need(judgements, ["finding", "component", "judgement", "rationale", "judge"], "judgements")
    entered = {(row["finding"], row["component"]): row for row in judgements.to_dict("records")}
    rows = []
    for finding, statement in findings[["finding", "statement"]].itertuples(index=False):
        mine = facts[facts["finding"].eq(finding) & facts["n_segments"].gt(0)]
        row = {"finding": finding, "statement": statement, "n_studies": mine["study"].nunique(), "of": of}
        row |= {"studies": join(mine["study"]), "n_documents": int(mine["n_documents"].sum())}
        row["segments_by_study"] = "; ".join(f"{s}: {n}" for s, n in zip(mine["study"], mine["n_segments"]))
        row["n_voices"] = int(mine["n_voices"].sum())
        judged = {name: entered.get((finding, name)) for name in (*COMPONENTS, "overall")}
        for name, entry in judged.items():
            row[name] = entry["judgement"] if entry else None
            row[f"{name}_rationale"] = entry["rationale"] if entry else ""
        open_ones = [name for name, entry in judged.items() if entry is None]
        people = [j for entry in judged.values() if entry for j in split(entry["judge"])]
        row |= {"judges": join(dict.fromkeys(people)), "not_judged": join(open_ones)}
        row |= {"reason": NOT_JUDGED if "overall" in open_ones else "", "note": _note(row)}
        rows.append(row)
    names = [column for name in (*COMPONENTS, "overall") for column in (name, f"{name}_rationale")]
    base = ["finding", "statement", "n_studies", "of", "studies", "n_documents", "segments_by_study", "n_voices"]
    out = pd.DataFrame(rows, columns=[*base, *names, "judges", "not_judged", "reason", "note"])
    return out.astype(dict.fromkeys((*COMPONENTS, "overall"), "object"))


def _note(row: dict[str, object]) -> str:
    """Ask for a word where the overall confidence and the components seem to part."""
    concerns = [name for name in COMPONENTS if row[name] in ("moderate", "serious")]
    if row["overall"] == "high" and concerns:
        return f"high confidence beside concerns about {', '.join(concerns)}: the rationale says why"
    if row["overall"] in ("low", "very low") and not concerns and all(row[name] for name in COMPONENTS):
        return f"{row['overall']} confidence without moderate or serious concerns: the rationale says why"
    return ""
