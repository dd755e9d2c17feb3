"""Who is quoted on what, which themes rest on one role, and what so few quotations can carry."""

from __future__ import annotations

import pandas as pd

from crosscase import comparison, figures, matrices
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.sentences import count, leaders, listed, share
from crosscase.analyses.values import Value, each_value
from crosscase.comparison.results import ALPHA
from crosscase.study import Study

NONE = "The study has no index of quotations, so none are counted by theme or role."


def quotations(study: Study) -> Result:
    """Return the quotations by theme and role label, with the sector of each role."""
    caption, n = "Quotations by theme and role label.", len(study.quotations)
    values = [Value("quotations.n", n, "quotations in the index", unit="quotations")]
    if not n:
        return refuse(NONE, caption, values)
    frame = matrices.quotation_cells(_spread(study).by_role, study.themes, study.roles)

    def says(frame: pd.DataFrame) -> str:
        by_role = frame.groupby("role_label", sort=False, as_index=False)["n"].sum()
        by_theme = frame.groupby("theme", sort=False, as_index=False)["n"].sum()
        (who, often), (what, most) = leaders(by_role, "role_label", "n"), leaders(by_theme, "theme", "n")
        each = ("", " each")
        return (
            f"The {count(n, 'quotation')} {'comes' if n == 1 else 'come'} most often from {listed(who, 3)} ({often:g}"
            f"{each[len(who) > 1]}) and {'stands' if n == 1 else 'stand'} most often under {listed(what, 3)} ({most:g}"
            f"{each[len(what) > 1]})."
        )

    return Result(frame, caption, says=says, draws=figures.quotation_matrix, counts=lambda _: values, names=study.named)


def by_theme_and(study: Study, who: str) -> Result:
    """Return how many quotations each theme has from each role, or from each sector.

    Parameters
    ----------
    who : {"role", "sector"}
        Whom the themes are crossed with.
    """
    spread, n = _spread(study), len(study.quotations)
    table = spread.by_role if who == "role" else spread.by_sector
    caption, labels = f"Quotations by theme and {who} (n = {n}).", study.labels("roles") if who == "role" else {}

    def counts(frame: pd.DataFrame) -> list[Value]:
        number = int(frame[who].nunique())
        return [Value("quotations.sectors", number, "sectors quoted", unit="sectors")] if who == "sector" else []

    if not n:
        return refuse(NONE, caption, counts(table))

    def says(frame: pd.DataFrame) -> str:
        numbers = frame.groupby(who, sort=False, as_index=False)["n_quotations"].sum()
        named, top = leaders(numbers.assign(label=[labels.get(r, r) for r in numbers[who]]), "label", "n_quotations")
        each = " each" if len(named) > 1 else ""
        quoted = f"{count(len(numbers), who)} {'is' if len(numbers) == 1 else 'are'} quoted"
        return f"{quoted}, most of all {listed(named, 3)}: {top:g} of {count(n, 'quotation')}{each}."

    return Result(table, caption, says=says, counts=counts, names=study.named)


def by_theme(study: Study) -> Result:
    """Return the quotations, roles and sectors behind each theme."""
    caption = "Quotations, roles and sectors behind each theme."
    if study.quotations.empty:
        return refuse(NONE, caption)

    def says(frame: pd.DataFrame) -> str:
        quoted = frame[frame["n_quotations"].gt(0)]
        of = share(len(quoted), len(frame), "theme at the finest level", "themes at the finest level")
        least, most = int(quoted["n_roles"].min()), int(quoted["n_roles"].max())
        by = count(most, "role") if least == most else f"{least} to {most} roles"
        return f"{of} {'is' if len(quoted) == 1 else 'are'} quoted, each by {by}."

    return Result(_spread(study).by_theme, caption, says=says, names=study.named)


def thin_themes(study: Study) -> Result:
    """Return the themes that rest on one role label or on none."""
    spread, caption = _spread(study), "Themes that rest on one role label or on none."
    labels = study.labels("themes")

    def counts(frame: pd.DataFrame) -> list[Value]:
        one = int(frame["warning"].eq("rests on one role").sum())
        about = "subthemes whose quotations all come from one role label"
        return [Value("quotations.one_role", one, about, unit="subthemes", n=len(spread.by_theme))]

    if study.quotations.empty:
        return refuse(NONE, caption, counts(spread.warnings))

    def says(frame: pd.DataFrame) -> str:
        one, none = (frame[frame["warning"].eq(words)] for words in ("rests on one role", "no quotation"))
        of = count(len(spread.by_theme), "theme")
        if frame.empty:
            return f"Each of {of} is quoted by two roles or more."
        names = listed([labels.get(theme, theme) for theme in one["theme"]], 5)
        own = f"{len(one)} of {of} {'rests' if len(one) == 1 else 'rest'} on one role label" if len(one) else ""
        rest = f"{len(none)} of {of} {'has' if len(none) == 1 else 'have'} no quotation" if len(none) else ""
        return f"{'; '.join(filter(None, (f'{own}: {names}' if own else '', rest)))}."

    return Result(spread.warnings, caption, says=says, counts=counts, names=study.named)


def link_test(study: Study, permutations: int, seed: int) -> tuple[Result, Result]:
    """Return whether themes are carried by certain roles or sectors, and how strong a link so few quotations show.

    Role labels are permuted among the quotations.

    Parameters
    ----------
    permutations, seed : int
        Number of permutations, and their seed.
    """
    captions = (
        "Permutation tests of role and sector by theme and by subtheme, one family.",
        "How strong a link between speaker and theme or subtheme so few quotations would show.",
    )
    spoken = matrices.quotation_frame(study.quotations, study.themes, study.roles)
    found = comparison.quotation_test(spoken, by=("theme", "subtheme"), n_permutations=permutations, seed=seed)

    def counts(frame: pd.DataFrame) -> list[Value]:
        adjusted, size, carry = "adjusted p of the permutation test", "Cramer's V", "what the quotations can carry"
        none = "no comparison is possible"
        made = (
            ("test.p", "p_adjusted", adjusted, ".3f", "reason"),
            ("test.effect", "effect", size, ".2f", "reason"),
            ("carry", "statement", carry, "", none),
        )
        return [
            value
            for name, column, about, form, reason in made
            for value in each_value(
                f"quotations.{name}",
                frame,
                key="subject",
                value=column,
                about=f"{about}: {{subject}}",
                n="n",
                form=form,
                reason=reason,
            )
        ]

    if study.quotations.empty:
        return refuse(NONE, captions[0], counts(found.tests)), refuse(NONE, captions[1])
    limits = "Quotations are treated as independent, though one participant may stand behind several."
    return (
        Result(found.tests, captions[0], says=link_words, limits=limits, counts=counts),
        Result(found.power, captions[1], says=power_words, limits=limits),
    )


def link_words(tests: pd.DataFrame) -> str:
    """Say which links between speaker and theme the tests find.

    Parameters
    ----------
    tests : pandas.DataFrame
        `subject, n, p_adjusted, effect, null_effect, reason`.

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
        f"adjusted p {f'{row.p_adjusted:.3f}'.removeprefix('0')}, n = {row.n:g})"
        for row in found.itertuples()
    ]
    rest = len(known) - len(found)
    if not said:
        least = f"{known['p_adjusted'].min():.3f}".removeprefix("0")
        return (
            f"{share(0, len(known), 'test')} finds a link between who speaks and what about (smallest adjusted p "
            f"{least}, n = {known['n'].max():g}), which does not show that there is none."
        )
    words = listed(said) + (
        f"; {rest} of {len(known)} tests {'finds' if rest == 1 else 'find'} no link" if rest else ""
    )
    return f"{words[0].upper()}{words[1:]}."


def power_words(power: pd.DataFrame) -> str:
    """Say how strong a link must be to be found four times in five.

    Parameters
    ----------
    power : pandas.DataFrame
        `subject, strength, power`.

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


def _spread(study: Study) -> matrices.RoleSector:
    return matrices.role_sector(study.quotations, study.roles, study.themes)
