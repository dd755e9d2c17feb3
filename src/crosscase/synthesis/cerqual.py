"""GRADE-CERQual evidence profiles: confidence as people judge it, with the facts on adequacy beside their judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from crosscase.arguments import check_arguments
from crosscase.errors import Problem, raise_if
from crosscase.frames import need
from crosscase.ids import join, split

COMPONENTS = ("methodological_limitations", "coherence", "adequacy", "relevance")
CONCERNS = ("no or very minor", "minor", "moderate", "serious")
OVERALL = ("high", "moderate", "low", "very low")
NOT_JUDGED = "not judged by people"
NO_VOICE = "nobody speaks in these segments: authors' words, or people spoken about"
FACTS = ["finding", "study", "n_themes", "n_segments", "n_documents", "n_cases", "n_voices", "segments", "reason"]


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
            problems.append(Problem(place, "a finding of argument.csv", repr(row["finding"])))
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


def adequacy_facts(evidence: pd.DataFrame, codings: pd.DataFrame) -> pd.DataFrame:
    """Count what stands for each finding within each study, for those who judge adequacy.

    Parameters
    ----------
    evidence : pandas.DataFrame
        `finding, study, coding_id`: the codings that stand for it, such as those of the side `for` of
        `argued_evidence`.
    codings : pandas.DataFrame
        Codings of several studies: `study, coding_id, document, start, end, theme, case, role, role_mode`.

    Returns
    -------
    pandas.DataFrame
        One row per finding and study: `finding, study, n_themes, n_segments` (places in the text, each once; never
        to be compared or added up between studies), `n_documents, n_cases, n_voices` (roles that speak), `segments`
        (ids of the codings), `reason` (codings that are not there; where nobody speaks).

    References
    ----------
    Glenton C et al. (2018). Applying GRADE-CERQual to qualitative evidence synthesis findings, paper 5: how to
    assess adequacy of data. Implementation Science 13(Suppl 1):14, doi:10.1186/s13012-017-0692-7.

    Examples
    --------
    >>> evidence = pd.DataFrame({"finding": "f", "study": "a", "coding_id": ["k1", "k2"]})
    >>> codings = pd.DataFrame({"study": ["a", "a"], "coding_id": ["k1", "k2"], "document": ["d", "d"],
    ...     "start": [0, 9], "end": [5, 12], "theme": ["x", "x"], "case": ["n", None], "role": ["nurse", None],
    ...     "role_mode": ["voice", "author"]})
    >>> adequacy_facts(evidence, codings)[["n_segments", "n_documents", "n_voices"]].values.tolist()
    [[2, 1, 1]]
    """
    check_arguments(adequacy_facts, locals())
    need(evidence, ["finding", "study", "coding_id"], "evidence")
    need(codings, ["study", "coding_id", "document", "start", "end", "theme", "case", "role", "role_mode"], "codings")
    rows = []
    for (finding, study), part in evidence.groupby(["finding", "study"], sort=False):
        here = codings[codings["study"].eq(study)]
        mine = here[here["coding_id"].isin(part["coding_id"])].drop_duplicates("coding_id")
        speaking = mine.loc[mine["role_mode"].eq("voice"), "role"].dropna()
        voices = {role for cell in speaking for role in split(cell)}
        absent = [each for each in part["coding_id"] if each not in set(mine["coding_id"])]
        notes = [f"no coding {', '.join(map(str, absent))}"] if absent else []
        notes += [NO_VOICE] if len(mine) and not voices else []
        n = [mine["theme"].nunique(), len(mine.drop_duplicates(["document", "start", "end"]))]
        n += [mine["document"].nunique(), mine["case"].nunique(), len(voices)]
        rows.append((finding, study, *n, join(mine["coding_id"]), "; ".join(notes)))
    return pd.DataFrame(rows, columns=FACTS)


def evidence_profile(
    findings: pd.DataFrame,
    facts: pd.DataFrame,
    judgements: pd.DataFrame,
    of: int,
    against: pd.DataFrame | None = None,
    appraised: Iterable[str] = (),
) -> pd.DataFrame:
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
    against : pandas.DataFrame, optional
        `finding, study`: where anything speaks against it, such as the rows `against` of `argued_evidence`.
    appraised : iterable of str
        Studies whose methodological limitations people have appraised (`appraisals`).

    Returns
    -------
    pandas.DataFrame
        One row per finding: `finding, statement, n_studies` (with a segment that stands for it), `of, studies,
        studies_against, n_documents, segments_by_study` (for example "north: 3; south: 1"), `n_voices` (roles that
        speak, summed over the studies), `not_appraised` (studies behind it that nobody has appraised),
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
    opposed = pd.DataFrame(columns=["finding", "study"]) if against is None else against
    need(opposed, ["finding", "study"], "against")
    known = set(appraised)
    entered = {(row["finding"], row["component"]): row for row in judgements.to_dict("records")}
    rows = []
    for finding, statement in findings[["finding", "statement"]].itertuples(index=False):
        mine = facts[facts["finding"].eq(finding) & facts["n_segments"].gt(0)]
        row = {"finding": finding, "statement": statement, "n_studies": mine["study"].nunique(), "of": of}
        row |= {"studies": join(mine["study"]), "n_documents": int(mine["n_documents"].sum())}
        row["studies_against"] = join(opposed.loc[opposed["finding"].eq(finding), "study"].drop_duplicates())
        row["not_appraised"] = join(study for study in mine["study"].drop_duplicates() if study not in known)
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
    base = ["finding", "statement", "n_studies", "of", "studies", "studies_against", "n_documents"]
    base += ["segments_by_study", "n_voices", "not_appraised"]
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
