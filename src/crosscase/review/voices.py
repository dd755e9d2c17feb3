"""Who is heard: one voice far more than others, or not at all."""

from __future__ import annotations

from scipy.stats import binomtest

from crosscase.ids import each
from crosscase.review.check import TIP, Check, Found
from crosscase.review.material import Material
from crosscase.review.sources import COREQ, MAYS, SRQR
from crosscase.review.words import named

RARE = 0.001
"""Chance below which it is no accident that one of equal voices is quoted so often."""
VOICES = 3
"""Roles from which it can be told that one is quoted more than others."""


def loud(material: Material) -> list[Found] | str:
    """Roles quoted far more often than equal voices would be by chance."""
    roles = each(material.table("quotations")["role"])
    counts, n = roles.value_counts(), len(roles)
    if len(counts) < VOICES:
        return f"Fewer than {VOICES} roles are quoted."
    found = []
    for role, number in counts.items():
        chance = binomtest(int(number), n, 1 / len(counts), alternative="greater").pvalue * len(counts)
        if chance < RARE:
            said = f"{number} of {n} quotations are theirs, though {len(counts)} roles are quoted."
            found.append(Found(str(role), said, "quotations.csv, column role"))
    return found


def unheard(material: Material) -> list[Found] | str:
    """Roles from whom data come who nowhere speak."""
    inventory, roles = material.table("inventory"), material.table("roles")
    asked = dict.fromkeys(each(inventory["roles"]))
    unclear = set(roles.loc[roles["kind"].eq("unspecified"), "role"])  # a group that nobody could tell apart
    heard = set(material.voiced["role"])
    if not asked:
        return "The inventory does not say from whom data come."
    if not heard:
        return "No role speaks in what is coded."
    said = f"Data come from them, and they speak nowhere; heard are {named(sorted(heard), 4)}."
    mute = [role for role in asked if role not in heard | unclear]
    return [Found(role, said, "inventory.csv, column roles", TIP) for role in mute]


CHECKS = (
    Check(
        "R36",
        "one voice quoted above all",
        "Is one voice quoted far more than others?",
        "Quotations spread over participants show that a reading is not that of the most eloquent.",
        f"{COREQ}, item 29; {MAYS} (fair dealing)",
        loud,
        ("quotations",),
    ),
    Check(
        "R37",
        "participants who are not heard",
        "Is there a role from whom data come and who nowhere speaks?",
        "Who was asked should be heard, or it should be said why not.",
        f"{SRQR}, items 8 and 17",
        unheard,
        ("inventory", "codings"),
    ),
)
