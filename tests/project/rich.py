"""A made-up study that uses everything a study can hold: lists of codes, themes in themes, ties, what is not stated."""

from __future__ import annotations

import random

import pandas as pd

STUDIES, CASES, CODERS = ("a", "b"), ("m", "n", "o", "p"), ("x", "y", "z")
CODES = ("k", "l", "k.1", "q")
VALENCES = ("promotes", "inhibits", "neutral", "ambivalent", "condition", "na")


def frames() -> dict[str, pd.DataFrame]:
    """Return name of a parameter -> frame that fits it; always the same."""
    draw = random.Random(7)
    rows = []
    for number in range(60):
        document = f"d{number % 6}"
        start = draw.randrange(0, 180, 3)
        rows.append(
            {
                "study": "a" if number % 6 < 4 else "b",
                "coding_id": f"c{number:02}",
                "document": document,
                "start": start,
                "end": start + draw.choice((6, 10, 15)),
                "code": draw.choice((*CODES, "k; l")),
                "coder": draw.choice(CODERS),
                "round": draw.choice((1, 1, 2)),
                "case": CASES[number % 6] if number % 6 < 4 else draw.choice(("m", "m; n", None)),
                "theme": draw.choice(("t", "u", "v", "w", "u; v", None)),
                "role": draw.choice(("r", "s", "r; s", None)),
                "role_mode": draw.choice(("voice", "about", None)),
                "participant": draw.choice(("p1", "p2", "p3", None)),
                "valence": draw.choice(VALENCES),
                "memo": draw.choice(("seen twice", "", None)),
            }
        )
    codings = pd.DataFrame(rows)
    themes = pd.DataFrame(
        {
            "study": "a",
            "theme": ["t", "u", "v", "w", "x"],
            "parent": [None, "t", "t", None, "w"],
            "label": ["Trust", "Under trust", "Very trusting", "Work", "Extra work"],
            "kind": ["theme", "subtheme", "subtheme", "theme", "subtheme"],
            "order": [3, 1, 2, 5, 4],
            "voice": ["interviews", "documents", "interviews", None, "both"],
            "case": [None, "m", None, None, None],
            "valence": ["na", "promotes", "inhibits", "condition", "na"],
        }
    )
    roles = pd.DataFrame(
        {
            "role": ["s", "r", "z"],
            "label": ["Nurse", "Manager", "Nobody"],
            "sector": ["care", None, "work"],
            "kind": ["perspective", "perspective", "other"],
        }
    )
    cases = pd.DataFrame(
        {
            "study": "a",
            "case": [*CASES, "all"],
            "label": ["Mons", "Nord", "Oost", "Parijs", "Together"],
            "kind": ["case"] * 4 + ["aggregate"],
            "coverage": ["full", "partial", "none", "full", "full"],
            "order": range(5),
            "group": ["g", "g", "h", "h", None],
        }
    )
    codebook = pd.DataFrame(
        {
            "study": "a",
            "code": CODES,
            "label": ["Key", "Lock", "Small key", "Quay"],
            "parent": [None, None, "k", None],
            "definition": ["one", "two", None, "four"],
            "kind": "code",
            "order": range(4),
        }
    )
    documents = pd.DataFrame(
        {
            "study": "a",
            "document": [f"d{number}" for number in range(6)],
            "title": [f"Text {number}" for number in range(6)],
            "case": ["m", "n", "o", "p", None, "m"],
            "role": ["r", "s", None, "r", "s", None],
            "date": ["2020-01-02", "2020-01-01", None, "2021", "2022-05", "2020-03-01"],
            "code_points": 200,
            "paragraphs": 5,
        }
    )
    quotations = pd.DataFrame(
        {
            "quotation": [f"q{number}" for number in range(8)],
            "theme": ["u", "u", "v", "x", "x", "u", "v", None],
            "role": ["r", "s", None, "r", "z", "r", None, "s"],
            "n": 1,
        }
    )
    judged = pd.DataFrame(
        {
            "x": ["k", "l", "k", "k", None, "q", "l", "k"],
            "y": ["k", "l", "l", "k", "q", "q", None, "k"],
            "z": ["k", "k", "l", "k", "q", "l", "l", None],
        },
        index=[f"u{number}" for number in range(8)],
    )
    table = pd.DataFrame(
        {
            "A": [1, 1, 0, 0, 1, 0, 1],
            "B": [1, 0, 1, 0, 1, 1, 0],
            "C": [0, 1, 1, 0, 1, 0, 1],
            "Y": [1, 1, 0, 0, 1, 1, 0],
        },
        index=list("abcdefg"),
    )
    cells = pd.DataFrame(
        {
            "construct": ["c", "c", "d", "d", "e", "e"],
            "label": ["C", "C", "D", "D", "E", "E"],
            "domain": ["I", "I", "I", "I", "II", "II"],
            "study": list("ababab"),
            "reported": [True, False, True, True, False, False],
            "direction": ["barrier", None, "facilitator", "barrier", None, None],
            "n_themes": [2, 0, 1, 3, 0, 0],
            "confidence": ["high", None, "low", "medium", None, None],
            "themes": ["t; u", "", "v", "t; v; w", "", ""],
        }
    )
    return {
        "codings": codings,
        "themes": themes,
        "roles": roles,
        "cases": cases,
        "codebook": codebook,
        "documents": documents,
        "quotations": quotations,
        "ratings": judged,
        "values": judged,
        "judgements": judged,
        "data": table,
        "cells": cells,
    }
