"""Comparison of participants, cases, roles and accounts, shown on an invented study of eight teams."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures
from crosscase.analyses.labels import met
from crosscase.analyses.result import Result
from crosscase.analyses.river import Teams
from crosscase.analyses.sentences import begin, count, listed, verb
from crosscase.analyses.statistics import differing
from crosscase.analyses.values import Value, each_value
from crosscase.comparison.results import ALPHA

ORDERED = ["case", "outcome", "rank", "n_tied", "code", "state", "n_participants", "n_asked", "order_note"]
DESIGNS = {
    "most-similar different-outcome": "are most alike and differ in outcome",
    "most-different same-outcome": "are least alike and reached the same",
}
FITS = {
    "confirms": "the score confirms the account",
    "expands": "the score adds to it",
    "discords": "the two are at odds",
    "silent": "one of the two is silent",
}
OFF_MIDDLE = 0.3
OUTLINES = "Outlines: where a team would lie if other people had been drawn from it, 95 %."
ORDER_BY = "outcome, highest first; the team without a stated outcome comes last"


def teams(study: Teams) -> Result:
    """Return the teams with their outcomes, and how many of each role were asked."""
    asked = study.people.groupby(["case", "role"]).size().unstack(fill_value=0).add_prefix("n_").reset_index()

    def says(frame: pd.DataFrame) -> str:
        people = int(frame[[name for name in frame if str(name).startswith("n_")]].to_numpy().sum())
        silent = list(frame.loc[frame["outcome"].isna(), "label"])
        told = f"{count(people, 'person', 'people')} of {count(len(frame), 'team')} were asked"
        return f"{told}; the outcome of {listed(silent)} is not stated." if silent else f"{told}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        return [
            Value("cases", len(frame), "teams of the made-up example", unit="teams"),
            Value("people", len(study.people), "people of the made-up example", unit="people"),
        ]

    return Result(
        study.cases[["case", "label", "outcome"]].merge(asked, on="case", how="left"),
        "Made-up example: teams, their outcomes, and how many were asked.",
        says,
        counts=counts,
        limits="Neither the teams nor the people exist.",
    )


def ordered(study: Teams) -> Result:
    """Return the codes of the teams in the order of their outcome, as k of n asked."""
    codes = study.cells[["code"]].drop_duplicates().assign(parent=None)
    clustered = comparison.conceptually_clustered(study.cells, codes)

    def meta(frame: pd.DataFrame) -> pd.DataFrame:
        said = frame["n_participants"].where(frame["n_asked"].gt(0), 0)
        outcomes = frame[["case", "outcome"]].drop_duplicates()
        return comparison.meta_frame(frame.rename(columns={"code": "theme"}).assign(n_segments=said), outcomes)

    def draws(frame: pd.DataFrame) -> figures.Drawing:
        shown = meta(frame)
        return figures.meta_matrix(shown, met(study.labels, shown["case"]), order_by=ORDER_BY)

    def says(frame: pd.DataFrame) -> str:
        spoken = frame[frame["state"].eq("present")].groupby("code")["case"].nunique()
        n, least = frame["case"].nunique(), spoken[spoken.eq(spoken.min())]
        everywhere = list(spoken.index[spoken.eq(n)])
        told = f"{listed(everywhere) or 'No subject'} {'is' if len(everywhere) < 2 else 'are'} spoken of"
        told = f"{begin(told)} in each of {count(n, 'team')}"
        if spoken.empty or len(least) == len(everywhere):
            return f"{told}."
        return f"{told}; the fewest teams speak of {listed(list(least.index))} ({int(least.iloc[0])})."

    return Result(
        comparison.case_ordered(clustered, study.cases)[ORDERED],
        "Made-up example: case-ordered meta-matrix; how many of those asked spoke of it.",
        says,
        draws,
        limits=f"Ordered by {ORDER_BY}; a subject is absent only where all were asked about it.",
    )


def contrast(study: Teams) -> Result:
    """Return the codes of the teams that got far against those of the others."""

    def says(frame: pd.DataFrame) -> str:
        known = frame.dropna(subset=["gap"])
        if known.empty or not known["gap"].abs().max():
            return "No code differs between teams that got far and the others."
        top = known[known["gap"].abs().sub(known["gap"].abs().max()).abs() < 1e-9]
        both = "{code} ({k_high} of {n_high} that got far, {k_low} of {n_low} others)"
        said = [both.format(**row) for row in top.to_dict("records")]
        apart = list(known.loc[known["separates"], "code"])
        separate = f"{listed(apart) or 'no code'} {'separate' if len(apart) > 1 else 'separates'} the two"
        gap = f"{listed(said)} {verb(len(said), 'has', 'have')} the widest gap"
        return f"{begin(gap)}; {separate}{'' if apart else ' wholly'}."

    found = comparison.contrast_table(study.cells, study.groups)
    limits = "The team without a stated outcome is in no contrast."
    return Result(found, "Made-up example: teams that got far against others.", says, limits=limits)


def between(study: Teams, permutations: int, seed: int) -> Result:
    """Return whether any team differs in what its people speak of; people are exchanged between teams."""
    found = comparison.compare_groups(study.values, study.case_of, n_permutations=permutations, seed=seed)
    return Result(
        found,
        f"Made-up example: does any team differ? People exchanged between teams; {found['family'][0]}.",
        lambda frame: differing(frame, "Teams differ in", "people"),
        limits="People are exchanged, never segments: two segments of one person are no two observations.",
    )


def within(study: Teams, permutations: int, seed: int) -> Result:
    """Return whether roles differ in what they speak of; roles are exchanged within teams."""
    found = comparison.compare_roles(study.values, study.role_of, study.case_of, n_permutations=permutations, seed=seed)

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "adjusted p, roles: {subject}"
        return each_value("within.p", frame, "subject", "p_adjusted", about, form=".2g", reason="reason")

    return Result(
        found,
        f"Made-up example: do nurses and managers differ? Roles exchanged within teams; {found['family'][0]}.",
        lambda frame: differing(frame, "Nurses and managers differ in", "people"),
        counts=counts,
        limits="Roles are exchanged within their own team, so that a difference between teams cannot pass for one.",
    )


def far(study: Teams) -> Result:
    """Return whether teams that got far differ from the others; teams are exchanged."""
    found = comparison.permute_cases(study.means, study.groups)

    def counts(frame: pd.DataFrame) -> list[Value]:
        about, least = "p, four against three teams: {subject}", float(frame["smallest_p"].min())
        return [
            *each_value("far.p", frame, "subject", "p", about, n="n", form=".2g", reason="reason"),
            Value("far.smallest", least, "smallest p, four against three", form=".2g"),
        ]

    caption = f"Made-up example: four teams that got far against three; {found['family'][0]}."
    limits = "So few teams reach only a certain p, however far apart they are."
    return Result(found, caption, _verdict, counts=counts, limits=limits)


def fewer(study: Teams, without: str) -> Result:
    """Return the same without one of the teams that got far."""

    def counts(frame: pd.DataFrame) -> list[Value]:
        least = float(frame["smallest_p"].min())
        return [Value("fewer.smallest", least, "smallest p, three against three", form=".2f")]

    found = comparison.permute_cases(study.means.drop(index=without), study.groups)
    caption = "Made-up example: the same with three against three teams; no verdict is possible."
    return Result(found, caption, _verdict, counts=counts, limits="The pattern is shown, and no verdict given.")


def small_tests(study: Teams, seed: int) -> Result:
    """Return small tests on teams as one family; a model that would need more teams says so."""
    spoke = study.roles_that_speak("workload")
    shares = study.values["workload"].groupby([study.case_of, study.role_of]).mean().unstack()
    outcome = study.cases.set_index("case")["outcome"]
    coded = study.codings.assign(y=study.codings["code"].eq("trust").astype(int))
    tests = [
        comparison.cochran_q(spoke, seed=seed, subject="workload: nurses and managers of a team"),
        comparison.sign_test(shares["nurse"] - shares["manager"], "workload: more nurses than managers of a team"),
        comparison.kendall_tau(study.means["trust"], outcome, subject="trust and outcome"),
        comparison.multilevel_logistic(coded, "y", "role", subject="trust by role"),
    ]
    found = comparison.together(tests, "small tests on teams")
    return Result(
        found,
        f"Made-up example: {found['family'][0]}; a refused model says why.",
        lambda frame: differing(frame, "Small tests on teams find", "", "tests"),
        limits="A p that cannot fall below .05 whatever is found decides nothing; the smallest possible stands beside.",
    )


def pairs(study: Teams, attributes: list[str]) -> Result:
    """Return which teams to set side by side: alike with different outcomes, or unlike with the same."""

    def says(frame: pd.DataFrame) -> str:
        named = {words: _pair(frame, design, len(attributes)) for design, words in DESIGNS.items()}
        told = "; ".join(f"{pair} {words}" for words, pair in named.items() if pair)
        return f"{begin(told)}." if told else "No two teams can be paired."

    found = comparison.similar_pairs(study.cases.set_index("case")[attributes], study.groups)
    limits = "Alike means alike in what was recorded; the team without a stated outcome is in no pair."
    return Result(found, "Made-up example: most-similar and most-different pairs of teams.", says, limits=limits)


def claims(written: pd.DataFrame) -> Result:
    """Return what was predicted, what was found, and whether the prediction came first."""

    def says(frame: pd.DataFrame) -> str:
        timely = frame[frame["in_time"].eq(True)]
        known = timely[timely["match"].ne("not stated")]
        hit, late, silent = int(known["match"].eq("as predicted").sum()), _late(frame), len(timely) - len(known)
        rest = [f"{late} came too late to be {verb(late, 'a prediction', 'predictions')}"] * bool(late)
        rest += [f"of {silent} the outcome is not stated"] * bool(silent)
        told = f"{hit} of {count(len(known), 'prediction')} made in time came true"
        told = told if len(known) else "No prediction was made in time and could be checked"
        return f"{'; '.join([told, *rest])}."

    observed = ["observed", "opened"]
    return Result(
        comparison.pattern_matching(written.drop(columns=observed), written[["proposition", "case", *observed]]),
        "Made-up example: predicted, found, and whether the prediction came first.",
        says,
        counts=lambda frame: [Value("claims.late", _late(frame), "predictions written too late", n=len(frame))],
        limits="What was written when the case was already open is no prediction, whether it fits or not.",
    )


def rivals(weighed: pd.DataFrame) -> Result:
    """Return what else could explain a finding, weighed over the teams."""

    def says(frame: pd.DataFrame) -> str:
        said = [
            f"{listed([repr(name) for name in part['rival']])} {verb(len(part))} {standing}"
            for standing, part in frame.groupby("standing", sort=False)
        ]
        return f"Of {count(len(frame), 'rival explanation')}, {listed(said, 4)}." if said else "No rival was weighed."

    caption = "Made-up example: rival explanations of the finding on trust, over the teams."
    limits = "A rival that was not examined stands as firmly as before."
    return Result(comparison.rival_explanations(weighed), caption, says, limits=limits)


def joint(study: Teams, judged: pd.DataFrame) -> Result:
    """Return accounts beside survey scores, and whether people judged that they fit."""
    about = judged.assign(theme="trust")
    scores = study.cases[["case", "survey_trust", "survey_n"]].dropna().assign(theme="trust", measure="survey, 1 to 5")

    def says(frame: pd.DataFrame) -> str:
        fits = frame["fit"].value_counts()
        known = int(frame["fit"].isin(list(FITS)).sum())
        said = [f"in {fits[fit]} {words}" for fit, words in FITS.items() if fit in fits]
        left = len(frame) - known
        rest = f"; {count(left, 'team')} {verb(left, 'was', 'were')} not judged" if left else ""
        return f"Of {count(known, 'team')} judged, {listed(said, 4)}{rest}." if known else "No team was judged."

    fits = about.dropna(subset="fit")[["case", "theme", "fit", "rationale"]]
    numbers = scores.rename(columns={"survey_trust": "value", "survey_n": "n"})
    return Result(
        comparison.joint_display(about[["case", "theme", "finding"]], numbers, fits),
        "Made-up example: joint display of accounts and survey scores.",
        says,
        limits="Whether a score fits an account is for people to judge; no number is computed of it.",
    )


def inertia(study: Teams, mapped: comparison.Correspondence) -> Result:
    """Return what the two axes of the map carry, and whether teams differ at all in what they speak of."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"There is no map: {mapped.reason}."
        row = frame.iloc[0]
        differ = "more than chance explains" if row["p"] <= ALPHA else "no more than chance explains"
        of = f"p = {row['p']:.2g}, n = {int(row['n_participants'])} people in {count(int(row['n_cases']), 'team')}"
        carried = f"the two axes carry {row['axis_1'] + row['axis_2']:.0%} of the difference"
        return f"Teams differ in what they speak of {differ} ({of}); {carried}."

    def counts(frame: pd.DataFrame) -> list[Value]:
        reason = comparison.correspondence(study.values, study.case_of.where(study.case_of < "Team F")).reason
        return [Value("map.refused", reason, "what is said of five teams")]

    caption = "Made-up example: what the two axes carry, and its p."
    limits = "The p exchanges people between teams; below six teams neither map nor p is given."
    return Result(mapped.inertia, caption, says, counts=counts, limits=limits)


def places(study: Teams, mapped: comparison.Correspondence) -> Result:
    """Return the map of teams and codes: teams lie near the codes that they speak of more than others do."""
    edges = comparison.outlines(mapped.bootstrap)

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"There is no map: {mapped.reason}."
        sides = {"one side": frame["axis_1"] < -OFF_MIDDLE, "the other": frame["axis_1"] > OFF_MIDDLE}
        said = [f"{_near(frame[hit])} on {side}" for side, hit in sides.items() if hit.any()]
        return f"On the first axis lie {', '.join(said)}." if said else "All lie in the middle of the first axis."

    return Result(
        comparison.map_places(mapped, study.labels),
        "Made-up example: correspondence analysis of teams and codes.",
        says,
        lambda frame: figures.correspondence_map(frame, edges, note=OUTLINES),
        limits=f"{OUTLINES} Where outlines overlap, places must not be told apart.",
    )


def groups(study: Teams, found: comparison.Clustering) -> Result:
    """Return groups of teams by the codes they share."""

    def says(frame: pd.DataFrame) -> str:
        if frame.empty:
            return f"Teams are not grouped: {found.reason}."
        named = frame["case"].map(lambda case: study.labels.get(case, case))
        said = [listed(list(part), 8) for _, part in named.groupby(frame["cluster"])]
        form = f"{count(len(frame), 'team')} form {count(len(said), 'group')}"
        return f"By the codes they share, {form}: {'; '.join(said)}."

    limits = "Groups are always found; whether they hold is told by leaving codes out."
    return Result(found.clusters, "Made-up example: groups of teams by the codes they share.", says, limits=limits)


def stability(found: comparison.Clustering) -> Result:
    """Return how much of the grouping stays when one code is left out."""

    def says(frame: pd.DataFrame) -> str:
        known = frame.dropna(subset=["adjusted_rand"]) if len(frame) else frame
        if known.empty:
            return f"Nothing was grouped: {found.reason}."
        least = float(known["adjusted_rand"].min())
        if least == 1:
            return f"The groups stay the same whichever of {count(len(known), 'code')} is left out."
        weak = list(known.loc[known["adjusted_rand"].eq(least), "theme"])
        same = int(known["adjusted_rand"].eq(1).sum())
        told = f"Without {listed(weak)} the agreement with the first grouping falls to {least:.2f}"
        return f"{told}; leaving out {same} of {count(len(known), 'code')} changes nothing."

    def counts(frame: pd.DataFrame) -> list[Value]:
        about = "lowest agreement of the groups when one code is left out"
        least = float(frame["adjusted_rand"].min()) if len(frame) else None
        return [Value("clusters.least", least, about, form=".2f", reason=found.reason)]

    caption = "Made-up example: how much of the grouping stays when one code is left out (1: all)."
    limits = "Groups that hang on a single code are groups by that code."
    return Result(found.stability, caption, says, counts=counts, limits=limits)


def _verdict(frame: pd.DataFrame) -> str:
    """What a comparison of groups of cases says; a smallest p above .05 allows no verdict."""
    least, n = float(frame["smallest_p"].min()), int(frame["n"].max())
    if least > ALPHA:
        return f"{count(n, 'team')} cannot reach a p below {least:.2g}, so that no verdict is given."
    told = differing(frame, "Teams that got far differ from the others in", "teams").removesuffix(".")
    return f"{told}; the least p that so few teams can reach is {least:.2g}."


def _late(frame: pd.DataFrame) -> int:
    return int(frame["in_time"].eq(False).sum())


def _pair(frame: pd.DataFrame, design: str, of: int) -> str:
    """Name the first pairs of a design, with the number of attributes in which they differ."""
    mine = frame[frame["design"].eq(design)]
    first = mine[mine["rank"].eq(mine["rank"].min())]
    if first.empty:
        return ""
    names = [f"{row.case_a} and {row.case_b}" for row in first.itertuples()]
    differ = sorted(first["n_different"].unique())
    return f"{' or '.join(names)} ({' or '.join(map(str, differ))} of {count(of, 'attribute')} different)"


def _near(places: pd.DataFrame) -> str:
    """Name the codes of one side of a map with its teams."""
    codes, teams = (list(places.loc[places["kind"].eq(kind), "name"]) for kind in ("theme", "case"))
    return f"{listed(codes, 6) or 'no code'} with {listed(teams, 8) or 'no team'}"
