"""Coders: whether they are described, whether they worked apart, and whether what is shown of them can be shown."""

from __future__ import annotations

import re

import pandas as pd

from crosscase.analyses.sentences import count, verb
from crosscase.review.check import ALL, COMPARED, Check, Found
from crosscase.review.material import SPAN, Material
from crosscase.review.sources import BRAUN_CLARKE_QUALITY, COREQ, GUEST, KRIPPENDORFF, KRIPPENDORFF_FEW, SRQR
from crosscase.review.words import named
from crosscase.stances import STANCES, verdict

FEW = 5
"""Units coded with a code below which agreement on it hangs on single judgements."""
COPIED = 20
"""Codings from which two coders who are alike to the letter are no accident."""
REPEATED = frozenset({"coding_reliability", "content_analysis"})
"""Stances whose codings are meant to be repeated by another coder."""
PER_CODE = ("agreement", "unitizing", "unitizing.characters", "unitizing.overlap", "valence.agreement")
"""Results whose table shows agreement code by code; their figures leave out what few units carry."""
OF = {"agreement": ("agreement.overall.", "agreement.code.", "unitizing."), "saturation": ("saturation.",)}
"""What a statistic is called in the ids of kept values."""
CLAIMED = {
    "agreement": re.compile(r"\b(?:kappa|alpha|agreement) (?:=|is|was|of) ?[\d{][^\s.;]*", re.IGNORECASE),
    "saturation": re.compile(r"\bsaturation (?:is|was|has been|had been) (?:reached|achieved|attained)", re.IGNORECASE),
}
"""How a statistic is claimed in words."""


def places(codings: pd.DataFrame) -> int:
    """Return on how many places of text codings lie; overlapping ones are one place.

    Examples
    --------
    >>> places(pd.DataFrame({"document": "d", "start": [0, 3, 9], "end": [5, 8, 12]}))
    2
    """
    spans = codings[SPAN].dropna().sort_values(SPAN)
    reach = spans.groupby("document")["end"].cummax().groupby(spans["document"]).shift()
    return int((reach.isna() | spans["start"].ge(reach)).sum())


def few_units(material: Material) -> list[Found] | str:
    """Codes coded in fewer than five places on which agreement is shown one by one."""
    names = {f"{material.name}.{each}" for each in PER_CODE}
    shown = material.printed[material.printed["kind"].eq("kept-table") & material.printed["id"].isin(names)]
    shown = shown[~shown["id"].isin(material.kept.refused)]
    one = material.printed[material.printed["id"].str.startswith(f"{material.name}.agreement.code.")]
    if shown.empty and one.empty:
        return "No agreement on single codes is shown."
    codings = material.table("codings")
    asked = None if len(shown) else {each.rpartition(".code.")[2].partition(".")[0] for each in one["id"]}
    where = shown["place"].iloc[0] if len(shown) else one["place"].iloc[0]
    counted = {str(code): places(rows) for code, rows in codings.groupby("code")}
    rare = {code: n for code, n in counted.items() if n < FEW and (asked is None or code in asked)}
    return [
        Found(code, f"Agreement on it is shown; it is coded in {count(n, 'place')}.", where) for code, n in rare.items()
    ]


def against_stance(material: Material) -> list[Found]:
    """Statistics that are printed although the stance of the study gives them no meaning."""
    found, stance = [], material.info.stance
    for what, names in OF.items():
        allowed, reason = verdict(stance, what)
        if allowed:
            continue
        begins = tuple(f"{material.name}.{name}" for name in names)
        rows = material.printed[material.printed["id"].str.startswith(begins) & material.printed["kind"].eq("value")]
        known = rows["id"].map(lambda each: material.kept.values.get(each, {}).get("value", "unknown"))
        rows = rows[known.notna()]
        if len(rows):
            ids = sorted(set(rows["id"]))
            said = f"{named(ids, 3)} {verb(len(ids))} printed. {reason}"
            found.append(Found(what, said, rows["place"].iloc[0]))
        found += [Found(what, f"{text!r} is said. {reason}", place) for place, text in _claimed(material, what)]
    return found


def _claimed(material: Material, what: str) -> list[tuple[str, str]]:
    """Return where a statistic is claimed in words: place, and the words."""
    texts = dict(material.prose)
    for finding, *said in material.findings[["finding", "heading", "statement"]].itertuples(index=False):
        texts[f"argument.csv, finding {finding}"] = "\n".join(map(str, said))
    lines = [(place, n, line) for place, text in texts.items() for n, line in enumerate(text.split("\n"), start=1)]
    met = [(place, n, found) for place, n, line in lines if (found := CLAIMED[what].search(line))]
    return [(place if place.startswith("argument") else f"{place}, line {n}", found[0]) for place, n, found in met]


def undescribed(material: Material) -> list[Found]:
    """Coders of whom nothing is said."""
    known = material.info.coders
    bare = [coder for coder in material.coders if coder not in known or not known[coder].description.strip()]
    said = "Nothing is said of who this is: what they know of the field, and what they were told."
    return [Found(coder, said, "study.yml, key coders") for coder in bare]


def alone(material: Material) -> list[Found]:
    """One coder, where the stance asks that another could repeat the coding."""
    if len(material.coders) != 1:
        return []
    label = STANCES[material.info.stance].label
    said = f"{material.coders[0]} coded alone; in the {label} another coder repeats at least a part."
    return [Found(ALL, said, "codings.csv")]


def copied(material: Material) -> list[Found] | str:
    """Pairs of coders whose codings are the same to the letter."""
    codings = material.independent
    made = {
        str(coder): frozenset(rows[[*SPAN, "code"]].itertuples(index=False, name=None))
        for coder, rows in codings.groupby("coder")
    }
    if len(made) < 2:
        return "One coder has coded on their own."
    found, names = [], sorted(made)
    for number, one in enumerate(names):
        for two in names[number + 1 :]:
            if made[one] == made[two] and len(made[one]) >= COPIED:
                said = f"{two} has the same {len(made[one])} codings to the letter: the two did not work apart."
                found.append(Found(one, said, "codings.csv"))
    return found


CHECKS = (
    Check(
        "R15",
        "agreement on few units",
        "Is agreement shown for a code that is coded in fewer than five places?",
        "So few judgements hold too little information: one more or less turns the coefficient.",
        KRIPPENDORFF_FEW,
        few_units,
        ("codings",),
        COMPARED,
    ),
    Check(
        "R16",
        "statistic against the stance",
        "Is a statistic shown that the stance of the study gives no meaning?",
        "Each tradition says what its codes are; a number that takes them for something else says nothing about them.",
        f"{BRAUN_CLARKE_QUALITY}; {GUEST}",
        against_stance,
    ),
    Check(
        "R17",
        "coder not described",
        "Is a coder left undescribed?",
        "What was seen depends on who looked; a reader must know who coded and with which instructions.",
        f"{COREQ}, items 1 to 8 and 24; {SRQR}, item 6",
        undescribed,
        ("codings",),
    ),
    Check(
        "R18",
        "one coder where two are needed",
        "Did one coder code alone although the stance asks for several?",
        "A coding that claims to be reproducible has been reproduced at least in part.",
        KRIPPENDORFF,
        alone,
        ("codings",),
        REPEATED,
    ),
    Check(
        "R19",
        "coders who are alike to the letter",
        "Are the codings of two coders the same to the letter?",
        "Agreement says something only where coders worked without each other.",
        KRIPPENDORFF,
        copied,
        ("codings",),
        COMPARED,
    ),
)
