"""Numbers in the text: percentages of few, and counts of texts of unlike length beside each other."""

from __future__ import annotations

import re

from crosscase.analyses.sentences import count
from crosscase.analyses.values import slug
from crosscase.review.check import Check, Found
from crosscase.review.material import Material
from crosscase.review.sources import MAXWELL, SANDELOWSKI
from crosscase.review.words import named

FEWEST = 10
"""How many a percentage is of, at least."""
LONGER = 2.0
"""How many times longer one text may be than another whose counts stand beside it."""
COUNTED = frozenset({"codings", "segments", "quotations", "mentions"})
"""Units of what grows with the length of a text."""
_SHARES = frozenset({"%", "percent", "per cent"})
_SHARE = re.compile(r"\d\s?(?:%|per ?cent)[^.;]*?(?:\bof|\bn\s?=)\s?(\d[\d,]*)")


def small_shares(material: Material) -> list[Found] | str:
    """Percentages of fewer than ten that chapter, poster or finding prints."""
    if not len(material.printed) and not material.prose:
        return "Neither chapter nor finding prints a number."
    values, sentences = material.kept.values, material.kept.sentences
    found = []
    for row in material.printed.drop_duplicates(["kind", "id"]).itertuples():
        record, n = values.get(row.id, {}), None
        if row.kind == "value" and (str(record.get("text", "")).endswith("%") or record.get("unit") in _SHARES):
            n = record.get("n")
        elif row.kind == "sentence" and (said := _SHARE.search(sentences.get(row.id, ""))):
            n = int(said[1].replace(",", ""))
        if n is not None and n < FEWEST:
            found.append(Found(str(row.id), f"It is a percentage of {n}.", str(row.place)))
    for finding, said in zip(material.findings["finding"], material.findings["statement"]):
        if (typed := _SHARE.search(str(said))) and int(typed[1].replace(",", "")) < FEWEST:
            place = material.row("argument", "finding", finding)
            found.append(Found(str(finding), f"It gives a percentage of {typed[1]}.", place))
    return found


def unlike_lengths(material: Material) -> list[Found] | str:
    """Counts of documents or cases of unlike length that stand beside each other."""
    lengths = _lengths(material)
    if len(material.documents) < 2:
        return "One document is coded, so no counts of several are compared."
    if not len(material.printed):
        return "Neither chapter nor finding prints a number."
    found = []
    for place, rows in material.printed[material.printed["kind"].eq("value")].groupby("paragraph", sort=False):
        beside: dict[str, dict[str, str]] = {}
        for each in rows["id"]:
            if material.kept.values.get(each, {}).get("unit") not in COUNTED:
                continue
            parts = each.split(".")
            for number, part in enumerate(parts):
                if part in lengths:
                    beside.setdefault(".".join([*parts[:number], "*", *parts[number + 1 :]]), {})[part] = each
        for names in beside.values():
            known = {lengths[part][1]: lengths[part][0] for part in names}
            if len(known) > 1 and max(known.values()) > LONGER * min(known.values()):
                said = f"{named(sorted(names.values()), 3)} count in texts of {named(_points(known.values()))}."
                found.append(Found(sorted(names.values())[0], said, str(place)))
    return found


def _points(lengths: object) -> list[str]:
    return [count(int(each), "character") for each in sorted(lengths)]  # type: ignore[call-overload]


def _lengths(material: Material) -> dict[str, tuple[float, frozenset[str]]]:
    """Return document or case, as it stands in an id -> length of its text, and the documents that hold it."""
    documents = material.table("documents").dropna(subset="code_points")
    long = dict(zip(documents["document"], documents["code_points"].astype(float)))
    out = {slug(each): (n, frozenset([each])) for each, n in long.items()}
    codings = material.primary
    for case in material.cases:
        held = frozenset(codings.loc[codings["case"].eq(case), "document"]) & set(long)
        held |= set(documents.loc[documents["case"].eq(case), "document"])
        if held:
            out[slug(case)] = (sum(long[each] for each in held), held)
    return out


CHECKS = (
    Check(
        "R38",
        "percentage of fewer than ten",
        "Is a percentage printed of fewer than ten?",
        "A percentage of so few sounds like a measurement; the two numbers say more.",
        f"{SANDELOWSKI}; {MAXWELL}",
        small_shares,
        across=True,
    ),
    Check(
        "R39",
        "counts of texts of unlike length",
        "Are counts compared whose texts are of unlike length?",
        "A long text has more segments than a short one, whatever it says.",
        f"{SANDELOWSKI} (misleading counting)",
        unlike_lengths,
        ("codings", "documents"),
    ),
)
