"""What a study says of itself: its question, its tradition, its limits."""

from __future__ import annotations

import re

from crosscase.review.check import ALL, TIP, Check, Found
from crosscase.review.material import Material
from crosscase.review.printed import headings
from crosscase.review.sources import BRAUN_CLARKE_QUALITY, COREQ, SRQR
from crosscase.study.model import QUESTION

_LIMITS = re.compile(r"\blimit|\bcannot (?:be )?(?:shown|known|said)|\bnot here\b|\bhow sure\b", re.IGNORECASE)
_LIMIT = re.compile(r"\blimitations?\b|\blimits?\b", re.IGNORECASE)


def unlimited(material: Material) -> list[Found]:
    """Return one note where nothing says what the study cannot show."""
    book, codings, facts = material.table("codebook"), material.table("codings"), material.table("facts")
    names = book["code"].str.cat(book["label"], sep=" ", na_rep="").str.replace("_", " ")
    coded = codings["code"].isin(book.loc[names.str.contains(_LIMIT, na=False), "code"]).any()
    told = facts.loc[facts["status"].ne("not_stated"), "field"]
    stated = told.str.replace("_", " ").str.contains(_LIMIT, na=False).any()
    said = any(_LIMITS.search(each) for each in headings(material.prose))
    if coded or stated or said or material.info.not_stated:
        return []
    where = "write what is missing under not_stated in study.yml, and a section on limits in the chapter"
    return [Found(ALL, f"Nowhere is it said what the study cannot show: {where}.", "study.yml, key not_stated")]


def unasked(material: Material) -> list[Found]:
    """Return one note where no research question is written."""
    if material.info.question.strip() not in ("", QUESTION):
        return []
    return [Found(ALL, "No research question is written.", "study.yml, key question")]


def untold_stance(material: Material) -> list[Found]:
    """Return one note where the study does not say in which tradition it was analysed."""
    if material.info.stance != "unspecified":
        return []
    said = "It is open whether codes are one researcher's reading or judgements that others could repeat."
    return [Found(ALL, said, "study.yml, key stance", TIP)]


CHECKS = (
    Check(
        "R45",
        "limits missing",
        "Does nothing say what the study cannot show?",
        "Who knows the study best knows where it is weak; a reader cannot.",
        f"{SRQR}, item 19",
        unlimited,
    ),
    Check(
        "R46",
        "no research question",
        "Is there no research question?",
        "Themes answer a question; without it nobody can say whether they do.",
        f"{SRQR}, item 4",
        unasked,
    ),
    Check(
        "R47",
        "stance not stated",
        "Is the analytic tradition left open?",
        "What may be asked of codes, coders and saturation depends on it.",
        f"{COREQ}, item 9; {BRAUN_CLARKE_QUALITY}",
        untold_stance,
    ),
)
