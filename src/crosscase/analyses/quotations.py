"""Who is quoted on what, which themes rest on one role, and what so few quotations can carry."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices
from crosscase.analyses.result import Result, answer, refuse
from crosscase.analyses.sentences import begin, count, each, leaders, listed, share, verb
from crosscase.analyses.values import Value, each_value
from crosscase.comparison.results import ALPHA
from crosscase.study import Study

NONE = "The study has no index of quotations, so none are counted by theme or role."


def quotations(study: Study) -> Result:
    """Return the quotations by theme and role label, with the sector of each role."""
    n, caption = len(study.quotations), "Quotations by theme and role label."
    value = Value("quotations.n", n, "quotations in the index", unit="quotations")
    if not n:
        return refuse(NONE, caption, [value])

    def says(frame: pd.DataFrame) -> str:
        def ahead(column: str) -> str:
            numbers = frame.groupby(column, sort=False, as_index=False)["n"].sum()
            names, top = leaders(numbers, column, "n")
            return f"{listed(names, 3)} ({top:g}{each(names)})"

        said = f"The {count(n, 'quotation')} {verb(n, 'comes', 'come')} most often from {ahead('role_label')}"
        return f"{said} and {verb(n, 'stands', 'stand')} most often under {ahead('theme')}."

    frame = matrices.quotation_cells(_spread(study).by_role, study.themes, study.roles)
    return answer(study, frame, caption, says, draws=figures.quotation_matrix, counts=lambda _: [value])


def by_theme_and(study: Study, who: str) -> Result:
    """Return how many quotations each theme has from each role, or from each sector.

    Parameters
    ----------
    who : {"role", "sector"}
        Whom the themes are crossed with.
    """
    spread, n = _spread(study), len(study.quotations)

    def counts(frame: pd.DataFrame) -> list[Value]:
        number = int(frame[who].nunique())
        return [Value("quotations.sectors", number, "sectors quoted", unit="sectors")] if who == "sector" else []

    def says(frame: pd.DataFrame) -> str:
        numbers = frame.groupby(who, sort=False, as_index=False)["n_quotations"].sum()
        named, top = leaders(numbers, who, "n_quotations", study.labels("roles") if who == "role" else {})
        quoted = f"{count(len(numbers), who)} {verb(len(numbers))} quoted"
        return f"{quoted}, most of all {listed(named, 3)}: {top:g} of {count(n, 'quotation')}{each(named)}."

    frame, caption = getattr(spread, f"by_{who}"), f"Quotations by theme and {who} (n = {n})."
    return answer(study, frame, caption, says, counts=counts, refused="" if n else NONE)


def by_theme(study: Study) -> Result:
    """Return the quotations, roles and sectors behind each theme."""

    def says(frame: pd.DataFrame) -> str:
        quoted, theme = frame[frame["n_quotations"].gt(0)], ("theme at the finest level", "themes at the finest level")
        least, most = int(quoted["n_roles"].min()), int(quoted["n_roles"].max())
        by = count(most, "role") if least == most else f"{least} to {most} roles"
        return f"{share(len(quoted), len(frame), *theme)} {verb(len(quoted))} quoted, each by {by}."

    frame, caption = _spread(study).by_theme, "Quotations, roles and sectors behind each theme."
    return answer(study, frame, caption, says, refused=NONE if study.quotations.empty else "")


def thin_themes(study: Study) -> Result:
    """Return the themes that rest on one role label or on none."""
    spread, labels = _spread(study), study.labels("themes")

    def counts(frame: pd.DataFrame) -> list[Value]:
        one = frame[frame["warning"].eq("rests on one role")]
        about = "subthemes whose quotations all come from one role label"
        alone, single = int(one["n_quotations"].eq(1).sum()), "subthemes with one quotation, which has one role"
        return [
            Value("quotations.one_role", len(one), about, unit="subthemes", n=len(spread.by_theme)),
            Value("quotations.one_quotation", alone, single, unit="subthemes", n=len(one)),
        ]

    def says(frame: pd.DataFrame) -> str:
        one, none = (frame[frame["warning"].eq(words)] for words in ("rests on one role", "no quotation"))
        of = count(len(spread.by_theme), "theme")
        if frame.empty:
            return f"Each of {of} is quoted by two roles or more."
        names = listed([labels.get(theme, theme) for theme in one["theme"]], 5)
        own = [f"{len(one)} of {of} {verb(len(one), 'rests', 'rest')} on one role label: {names}"] * (len(one) > 0)
        if alone := int(one["n_quotations"].eq(1).sum()):
            own += [
                f"{alone} of them {verb(alone, 'has', 'have')} one quotation only, so that it could not be otherwise"
            ]
        rest = [f"{len(none)} of {of} {verb(len(none), 'has', 'have')} no quotation"] * (len(none) > 0)
        return f"{'; '.join(own + rest)}."

    caption, refused = "Themes that rest on one role label or on none.", NONE if study.quotations.empty else ""
    return answer(study, spread.warnings, caption, says, counts=counts, refused=refused)


def link_test(study: Study, permutations: int, seed: int) -> tuple[Result, Result]:
    """Return whether themes are carried by certain roles or sectors, and how strong a link so few quotations show.

    Role labels are permuted among the quotations.

    Parameters
    ----------
    permutations, seed : int
        Number of permutations, and their seed.
    """
    spoken = matrices.quotation_frame(study.quotations, study.themes, study.roles)
    found = comparison.quotation_test(spoken, by=("theme", "subtheme"), n_permutations=permutations, seed=seed)

    def counts(frame: pd.DataFrame) -> list[Value]:
        made = (
            ("test.p", "p_adjusted", "adjusted p of the permutation test", ".3f", "reason"),
            ("test.effect", "effect", "Cramer's V", ".2f", "reason"),
            ("carry", "statement", "what the quotations can carry", "", "no comparison is possible"),
        )
        told = (
            each_value(f"quotations.{name}", frame, "subject", column, f"{about}: {{subject}}", "", "n", form, reason)
            for name, column, about, form, reason in made
        )
        return [value for values in told for value in values]

    limits = "Quotations are treated as independent, though one participant may stand behind several."
    tests = "Permutation tests of role and sector by theme and by subtheme, one family."
    power = "How strong a link between speaker and theme or subtheme so few quotations would show."
    refused = NONE if study.quotations.empty else ""
    return (
        answer(study, found.tests, tests, link_words, limits, counts=counts, refused=refused),
        answer(study, found.power, power, power_words, limits, refused=refused),
    )


def link_words(tests: pd.DataFrame) -> str:
    """Say which links between speaker and theme the tests find.

    Examples
    --------
    >>> tests = pd.DataFrame({"subject": ["theme x role", "theme x sector"], "n": [21, 21], "p_adjusted": [0.03, 0.4],
    ...     "effect": [0.8, 0.5], "null_effect": [0.7, 0.5]})
    >>> link_words(tests)
    'Theme and role go together (V 0.80, by chance 0.70, adjusted p .030, n = 21); 1 of 2 tests finds no link.'
    """
    known = tests.dropna(subset=["p_adjusted"])
    if known.empty:
        return "The quotations allow no test: they have one role or one theme only."
    found = known[known["p_adjusted"].le(ALPHA)]
    said = [
        f"{row.subject.replace(' x ', ' and ')} go together (V {row.effect:.2f}, by chance {row.null_effect:.2f}, "
        f"adjusted p {_p(row.p_adjusted)}, n = {row.n:g})"
        for row in found.itertuples()
    ]
    rest = len(known) - len(found)
    if not said:
        least = f"smallest adjusted p {_p(known['p_adjusted'].min())}, n = {known['n'].max():g}"
        none = f"{share(0, len(known), 'test')} finds a link between who speaks and what about"
        return f"{none} ({least}), which does not show that there is none."
    more = f"; {rest} of {len(known)} tests {verb(rest, 'finds', 'find')} no link" if rest else ""
    return f"{begin(listed(said))}{more}."


def power_words(power: pd.DataFrame) -> str:
    """Say how strong a link must be to be found four times in five.

    Examples
    --------
    >>> power_words(pd.DataFrame({"subject": "theme x role", "strength": [0.5, 0.6], "power": [0.6, 0.9]}))
    'A link is found four times in five only where at least 60% of the quotations are aligned with their speaker.'
    """
    seen = power[power["power"].ge(0.8) & power["strength"].gt(0)].groupby("subject")["strength"].min()
    if seen.empty:
        return "So few quotations find no link of any strength four times in five."
    most = f", in the least sensitive of {power['subject'].nunique()} tests {seen.max():.0%}"
    rest = most if seen.max() > seen.min() else ""
    found = f"A link is found four times in five only where at least {seen.min():.0%} of the quotations"
    return f"{found} are aligned with their speaker{rest}."


def _p(p: float) -> str:
    return f"{p:.3f}".removeprefix("0")


def _spread(study: Study) -> matrices.RoleSector:
    return matrices.role_sector(study.quotations, study.roles, study.themes)
