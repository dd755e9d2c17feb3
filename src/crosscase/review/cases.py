"""Cases: said to be all and seen in some, never quoted, or without a word."""

from __future__ import annotations

import re

from crosscase.analyses.sentences import count, verb
from crosscase.review.check import Check, Found
from crosscase.review.claims import claims
from crosscase.review.material import Material
from crosscase.review.sources import COREQ, MAYS, SRQR, YIN
from crosscase.review.words import named


def not_in_all(material: Material) -> list[Found] | str:
    """Themes and findings said to hold in all cases, without a segment in some of them."""
    cases = material.cases
    if len(cases) < 2:
        return "Fewer than two cases stand for themselves."
    found, codings = [], material.primary
    if not set(codings["case"].dropna()) & set(cases):
        return "No segment speaks of a case by itself."
    themes = material.table("themes")
    for theme in themes.loc[themes["case"].isin(material.together), "theme"]:
        seen = set(material.under(theme)["case"].dropna())
        if not seen & material.together and (bare := [case for case in cases if case not in seen]):
            said = f"It is said to hold in all, and no segment under it speaks of {named(bare, 4)}."
            found.append(Found(theme, said, material.row("themes", "theme", theme)))
    every = _every(material.info.case_noun, material.info.case_noun_plural)
    for claim in claims(material):
        seen = set(claim.stands["case"].dropna())
        if not every.search(claim.said) or seen & material.together:
            continue
        if bare := [case for case in cases if case not in seen]:
            said = f"It speaks of {every.search(claim.said)[0]!r}, and no segment of it of {named(bare, 4)}."  # type: ignore[index]
            found.append(Found(claim.id, said, claim.place))
    return found


def _every(one: str, many: str) -> re.Pattern[str]:
    """Return how one says that something holds in all cases."""
    nouns = "|".join(re.escape(noun) for noun in dict.fromkeys([many, one, "cases", "case"]) if noun)
    return re.compile(rf"\b(?:all|every|each|both)\b(?: of)?(?: the| these)?(?: \w+)? (?:{nouns})\b", re.IGNORECASE)


def unquoted(material: Material) -> list[Found] | str:
    """Cases of which nobody is quoted although people of other cases are."""
    quoted = material.table("quotations")["case"]
    seen, cases = set(quoted.dropna()), material.cases
    if not seen & set(cases) or len(cases) < 2:
        return "No quotation is tied to a case by itself."
    said = f"{count(int(quoted.isin(cases).sum()), 'quotation')} {verb(int(quoted.isin(cases).sum()), 'is', 'are')} "
    said += f"tied to {named([case for case in cases if case in seen], 4)}, and none to it."
    return [Found(case, said, material.row("cases", "case", case)) for case in cases if case not in seen]


def wordless(material: Material) -> list[Found] | str:
    """Cases without a segment although others have some."""
    placed = dict(zip(material.table("documents")["document"], material.table("documents")["case"]))
    seen = set(material.primary["case"].dropna()) | {placed.get(each) for each in material.primary["document"]}
    if not seen & set(material.cases):
        return "No segment speaks of a case by itself."
    said = "It is among the cases, and no segment speaks of it."
    return [Found(case, said, material.row("cases", "case", case)) for case in material.cases if case not in seen]


CHECKS = (
    Check(
        "R33",
        "case without a segment where all are meant",
        "Is something said of all cases that some of them show nowhere?",
        "All means each; a case without a segment is not known, and is said to be so.",
        f"{YIN} (replication)",
        not_in_all,
        ("cases", "codings"),
    ),
    Check(
        "R34",
        "case never quoted",
        "Is a case never quoted although others are?",
        "A reader who hears one place and not the other takes the one for both.",
        f"{COREQ}, item 29; {MAYS} (fair dealing)",
        unquoted,
        ("cases", "quotations"),
    ),
    Check(
        "R35",
        "case without a word",
        "Is there a case of which nothing is coded?",
        "A case that is counted and never shown makes the comparison look wider than it is.",
        f"{SRQR}, item 17",
        wordless,
        ("cases", "codings"),
    ),
)
