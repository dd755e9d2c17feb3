"""Whole simulated studies that claim something: themes, findings, quotations, relations, and the chapter on them.

Everything that such a study claims is borne out by its segments, so that a reader who finds a fault in it is mistaken.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crosscase.errors import Problem, raise_if
from crosscase.frames import choice
from crosscase.ids import join
from crosscase.simulate.chapter import chapter, kept_values
from crosscase.simulate.coders import check_counts, check_shares
from crosscase.stances import STANCES

SLOT, LENGTH, JITTER = 300, 120, 15
"""Code points from one segment to the next, of one segment, and by which coders cut differently."""
PER_CODE = 6
"""Segments that each code has at least."""
FIRST = 3
"""Segments of each code on which all coders agree, so that no code is one coder's."""
OPPOSITE = {"inhibits": "promotes", "promotes": "inhibits"}
WAYS = ("inhibits", "promotes", "condition", "ambivalent")
IN_FRAMEWORK = {"inhibits": "barrier", "promotes": "facilitator", "condition": "condition"}
NAME, DAY = "simulated", "2026-01-01"
Rows = list[dict[str, Any]]


@dataclass(frozen=True, eq=False)
class ClaimedStudy:
    """A simulated study with its claims.

    Parameters
    ----------
    name : str
        Its id.
    info : dict
        Content of its `study.yml`.
    frames : dict of str to pandas.DataFrame
        Its tables.
    prose : dict of str to str
        File -> text of its chapter.
    values : dict of str to dict
        Id -> record of the values that its chapter prints.
    memos : dict of str to str
        Its memos.
    """

    name: str
    info: dict[str, Any]
    frames: dict[str, pd.DataFrame]
    prose: dict[str, str]
    values: dict[str, dict[str, Any]]
    memos: dict[str, str] = field(default_factory=dict)


def claimed_study(
    *,
    stance: str = "codebook",
    n_cases: int = 3,
    n_documents: int = 2,
    n_roles: int = 4,
    n_themes: int = 4,
    n_coders: int = 2,
    agreement: float = 0.85,
    contrary: float = 0.1,
    seed: int = 0,
) -> ClaimedStudy:
    """Simulate a study whose claims are borne out by its segments.

    Each theme has one to three codes and one direction or none. Each of its segments carries that direction, but for a
    share that carries the opposite one; the finding on the theme names all of these. Every case, role and document has
    segments. Coders after the first repeat each coding with the chance of `agreement`.

    Parameters
    ----------
    stance : str
        Analytic stance of the study; it decides what the chapter prints.
    n_cases, n_documents, n_roles, n_themes, n_coders : int
        Cases, documents per case, roles, themes, coders; at least two cases, documents and roles.
    agreement : float
        Chance that another coder repeats a coding, 0 to 1.
    contrary : float
        Largest share of the segments of a code that carry the opposite direction, 0 to less than 0.5.
    seed : int
        Seed of the generator.

    Returns
    -------
    ClaimedStudy

    Raises
    ------
    CrosscaseError
        For impossible sizes and shares, all together.

    Examples
    --------
    >>> made = claimed_study(n_themes=2, contrary=0.4, seed=1)
    >>> sorted(set(made.frames["argument"]["kind"])), len(made.frames["cases"])
    (['cross_case', 'negative_case', 'rival'], 4)
    """
    sizes = {"n_cases": n_cases, "n_documents": n_documents, "n_roles": n_roles}
    problems: list[Problem] = []
    check_counts(problems, **sizes, n_themes=n_themes, n_coders=n_coders)
    check_shares(problems, agreement=agreement, contrary=contrary)
    problems += [Problem(name, "two or more", f"{size}") for name, size in sizes.items() if size == 1]
    if contrary >= 0.5:
        problems.append(Problem("contrary", "less than half of the segments", f"{contrary}", "below 0.5"))
    raise_if(problems)
    choice(stance, STANCES, "stance")
    rng = np.random.default_rng(seed)
    cases, roles = [f"case_{n + 1}" for n in range(n_cases)], [f"role_{n + 1}" for n in range(n_roles)]
    themes = _themes(rng, n_themes)
    codebook = _codebook(rng, themes)
    segments = _segments(rng, themes, codebook, cases, roles, n_documents, contrary)
    documents = _documents(rng, segments, cases, n_documents)
    coders = [f"coder_{n + 1}" for n in range(n_coders)]
    codings = _codings(rng, segments, coders, agreement)
    adjudications = _adjudications(rng, segments, coders)
    frames = {
        "cases": pd.DataFrame(
            [{"case": case, "label": case.replace("_", " "), "kind": "case", "coverage": "partial"} for case in cases]
            + [{"case": "every_case", "label": "All cases", "kind": "all", "k": n_cases, "n": n_cases}]
        ),
        "documents": documents,
        "roles": pd.DataFrame({"role": roles, "label": roles, "kind": "role"}),
        "codebook": codebook,
        "themes": themes,
        "codings": codings,
        "adjudications": adjudications,
        "codebook_changes": _changes(adjudications),
        "quotations": _quotations(rng, segments, cases),
        "relations": _relations(rng, themes),
        "framework_map": _framework_map(themes),
        "facts": _facts(),
        "outcomes": _outcomes(cases),
        "inventory": pd.DataFrame(
            [{"item": "talks", "stage": "paper", "method": "interview", "n": len(documents), "roles": join(roles)}]
        ),
        "argument": _argument(pd.concat([segments, _added(adjudications)], ignore_index=True), themes, cases),
    }
    frames = {name: frame for name, frame in frames.items() if not frame.empty}
    values = kept_values(rng, NAME, segments, documents, stance, n_coders)
    info = {
        "title": "A simulated study",
        "short_title": "Simulated",
        "question": "What helps people of several services to work together?",
        "stance": stance,
        "coders": {coder: {"kind": "rule", "description": "Simulated from the codebook."} for coder in coders}
        | {"judge": {"kind": "rule", "description": "Simulated; decided what coders left open."}},
        "primary_coder": coders[0],
        "not_stated": ["how people were chosen"],
    }
    memos = {"coder_1": "# Memo\n\nThe first theme is the widest one.\n"}
    return ClaimedStudy(NAME, info, frames, chapter(NAME, values, documents, frames["argument"]), values, memos)


def _themes(rng: np.random.Generator, number: int) -> pd.DataFrame:
    """Draw themes with a direction, a note that agrees with it, and the place where each stands."""
    rows: Rows = []
    for n in range(number):
        way = WAYS[n % 2] if n < 2 else rng.choice([*WAYS, ""])
        note = str(rng.choice(_notes(way))) if way and rng.random() < 0.5 else None
        rows.append(
            {
                "theme": f"theme_{n + 1}",
                "label": f"Theme {n + 1}",
                "kind": "theme",
                "order": n + 1,
                "valence": way or None,
                "valence_note": note,
                "status": "stated",
            }
        )
    parts = [("methods", "Methods"), ("limitation", "Limitations")]
    frame = [{"theme": theme, "label": label, "kind": "frame", "status": "derived"} for theme, label in parts]
    return pd.DataFrame([*rows, *frame])


def _notes(way: str) -> list[str]:
    """Return notes that agree with a direction."""
    said = [f"mostly {way}", "The authors come back to it."]
    if way == "condition":
        said.append("Asked for by the plan; whether it helps or hampers is not said.")
    if way == "ambivalent":
        said.append("Meetings promote; the distance inhibits.")
    return said


def _codebook(rng: np.random.Generator, themes: pd.DataFrame) -> pd.DataFrame:
    """Draw one to three codes per theme, each with its own words, below a code that groups them."""
    words = [f"{a}{b}{c}" for a in ("ba", "ko", "mi", "tu", "re") for b in ("la", "so", "ni", "du") for c in "nrst"]
    rows: Rows = []
    for theme in themes.loc[themes["kind"].eq("theme"), "theme"]:
        rows.append({"code": f"about_{theme}", "label": f"About {theme}"})
        for n in range(int(rng.integers(1, 4))):
            code, said = f"{theme}_code_{n + 1}", " ".join(rng.choice(words, 8, replace=False))
            row = {"code": code, "label": code, "parent": f"about_{theme}", "definition": said}
            rows.append(row | {"inclusion": f"{said} told", "exclusion": "all else", "example": "somebody tells of it"})
    return pd.DataFrame(rows)


def _segments(
    rng: np.random.Generator,
    themes: pd.DataFrame,
    codebook: pd.DataFrame,
    cases: list[str],
    roles: list[str],
    n_documents: int,
    contrary: float,
) -> pd.DataFrame:
    """Draw the segments of the first coder: each code in each case, documents and roles in turn from a random one."""
    below = codebook.dropna(subset="parent")
    ways = dict(zip(themes["theme"], themes["valence"]))
    taken: dict[str, int] = {}
    rows: Rows = []
    for code, above in zip(below["code"], below["parent"]):
        theme = str(above).removeprefix("about_")
        number = max(PER_CODE, 2 * len(cases)) + int(rng.integers(0, 4))
        begin, voice = rng.integers(0, n_documents), rng.integers(0, len(roles))
        opposite = set(rng.choice(number, int(contrary * number * rng.random()), replace=False))
        for n in range(number):
            case = cases[n % len(cases)]
            document = f"{case}_talk_{(n // len(cases) + begin) % n_documents + 1}.txt"
            start = SLOT * taken.setdefault(document, 0)
            taken[document] += 1
            way = ways[theme] if pd.notna(ways[theme]) else "neutral"
            row = {"document": document, "start": start, "end": start + LENGTH, "code": code, "theme": theme}
            row |= {"valence": OPPOSITE.get(way, way) if n in opposite else way, "case": case, "odd": n in opposite}
            rows.append(row | {"role": roles[(n + voice) % len(roles)], "role_mode": "voice"})
    return pd.DataFrame(rows).assign(coding_id=[f"s{n + 1}" for n in range(len(rows))])


def _documents(rng: np.random.Generator, segments: pd.DataFrame, cases: list[str], n_documents: int) -> pd.DataFrame:
    """Describe the documents; each is as long as its segments need, and up to three times longer."""
    ends = segments.groupby("document")["end"].max()
    rows = [
        {
            "document": (name := f"{case}_talk_{n + 1}.txt"),
            "title": f"Talk {n + 1} in {case}",
            "kind": "interview",
            "case": case,
            "code_points": int((ends.get(name, 0) + SLOT) * rng.uniform(1, 3)),
            "release": "none",
        }
        for case in cases
        for n in range(n_documents)
    ]
    return pd.DataFrame(rows)


def _codings(rng: np.random.Generator, segments: pd.DataFrame, coders: list[str], agreement: float) -> pd.DataFrame:
    """Let further coders repeat the codings of the first, with boundaries of their own, or miss them; no odd one."""
    sure = segments.groupby("code").cumcount().lt(FIRST) | segments["odd"]
    parts = [segments.assign(coder=coders[0])]
    for coder in coders[1:]:
        mine = segments[sure | (rng.random(len(segments)) < agreement)]
        shift = rng.integers(-JITTER, JITTER + 1, (2, len(mine)))
        ids = [f"{coder}-{n + 1}" for n in range(len(mine))]
        cut = {"start": (mine["start"] + shift[0]).clip(lower=0), "end": mine["end"] + shift[1]}
        parts.append(mine.assign(coder=coder, coding_id=ids, **cut))
    return pd.concat(parts, ignore_index=True).drop(columns="odd").assign(round="1")


def _adjudications(rng: np.random.Generator, segments: pd.DataFrame, coders: list[str]) -> pd.DataFrame:
    """Add some codings that a judge found, each beside one of the same code, with its reason."""
    if len(coders) < 2:
        return pd.DataFrame()
    like = segments.iloc[rng.choice(len(segments), int(rng.integers(0, 4)), replace=False)]
    shifted = {"start": like["start"] + LENGTH + 20, "end": like["end"] + LENGTH + 20}
    why = "The passage says the same of the same people."
    made = like.drop(columns="odd").assign(**shifted, change="added", coding_id=None, reason=why, round="adjudication")
    return made.assign(adjudication=[f"j{n + 1}" for n in range(len(like))], decided_by="judge", decided_on=DAY)


def _changes(adjudications: pd.DataFrame) -> pd.DataFrame:
    """Say that each code of which a coding was added got a wider rule."""
    codes = [] if adjudications.empty else list(dict.fromkeys(adjudications["code"]))
    why = {"reason": "Passages were missed.", "decided_by": "judge", "decided_on": DAY}
    rows = [
        {"version": 2, "code": code, "column": "inclusion", "before": "told", "after": "all told"} for code in codes
    ]
    return pd.DataFrame([row | why for row in rows])


def _added(adjudications: pd.DataFrame) -> pd.DataFrame:
    if adjudications.empty:
        return adjudications
    return adjudications.assign(coding_id=adjudications["adjudication"])


def _quotations(rng: np.random.Generator, segments: pd.DataFrame, cases: list[str]) -> pd.DataFrame:
    """Quote at least two segments of each case, and others by chance."""
    first = segments.groupby("case").cumcount().lt(2)
    quoted = segments[first | (rng.random(len(segments)) < 0.3)]
    ids = [f"q{n + 1}" for n in range(len(quoted))]
    columns = ["document", "start", "end", "theme", "case", "role"]
    return quoted[columns].assign(quotation=ids, paraphrase="Somebody tells of it.", release="paraphrase")


def _relations(rng: np.random.Generator, themes: pd.DataFrame) -> pd.DataFrame:
    """Let each theme act on the next, in a sentence of its own; the sign is open where a theme has no direction."""
    named = themes[themes["kind"].eq("theme")]
    signs = {"inhibits": "-", "promotes": "+"}
    names = named["theme"].tolist()
    return pd.DataFrame(
        [
            {
                "relation": f"r{n + 1}",
                "source": names[n],
                "target": names[n + 1],
                "sign": signs.get(named["valence"].iloc[n], "?"),
                "kind": "stated",
                "directed": True,
                "document": "case_1_talk_1.txt",
                "spans": f"{n * SLOT}-{n * SLOT + LENGTH}",
            }
            for n in range(len(names) - 1)
            if rng.random() < 0.8
        ]
    )


def _framework_map(themes: pd.DataFrame) -> pd.DataFrame:
    """Map themes that help, hamper or are a condition, in that direction."""
    rows = themes[themes["valence"].isin(list(IN_FRAMEWORK))]
    mapped = rows[["theme"]].assign(framework="cfir2022", construct="Inner Setting/Culture", confidence="medium")
    return mapped.assign(direction=rows["valence"].map(IN_FRAMEWORK), rationale="It fits the words of the construct.")


def _facts() -> pd.DataFrame:
    rows = [("f1", "steps", "One step was not taken", "stated"), ("f2", "dates", "When it began", "not_stated")]
    return pd.DataFrame(rows, columns=["fact", "field", "value", "status"]).assign(stage="paper", source="Simulated")


def _outcomes(cases: list[str]) -> pd.DataFrame:
    """Say of the first case that a step was not taken, as a fact states; of the others that it is not stated."""
    states = ["no", *["not_stated"] * (len(cases) - 1)]
    rows = pd.DataFrame({"row": [f"o{n + 1}" for n in range(len(cases))], "case": cases, "state": states})
    fact = ["f1", *[None] * (len(cases) - 1)]
    return rows.assign(outcome="step", label="A step", kind="step", order=1, fact=fact)


def _argument(segments: pd.DataFrame, themes: pd.DataFrame, cases: list[str]) -> pd.DataFrame:
    """Claim of each theme with a direction what its segments say; name what speaks against it, and a rival."""
    rows: Rows = []
    for theme, way in themes[["theme", "valence"]].dropna().itertuples(index=False):
        mine = segments[segments["theme"].eq(theme)]
        stands, against = mine[mine["valence"].eq(way)], mine[mine["valence"].ne(way)]
        everywhere = set(stands["case"]) == set(cases)
        where = "in all cases" if everywhere else "in several cases"
        rows.append(_finding(theme, f"The {theme} {way} {where}", "cross_case", stands, way, theme, against))
        if len(against):
            other = against["valence"].iloc[0]
            heading = f"In some places the {theme} {other}"
            rows.append(_finding(f"{theme}-exception", heading, "negative_case", against, "", theme, stands.head(2)))
    first = segments[segments["theme"].eq(themes["theme"].iloc[0])].iloc[2:5]
    rows.append(_finding("time", "Time alone may explain it", "rival", first, "", themes["theme"].iloc[0]))
    return pd.DataFrame(rows)


def _finding(
    id: str, heading: str, kind: str, stands: pd.DataFrame, way: str, theme: str, against: pd.DataFrame | None = None
) -> dict[str, Any]:
    """Return one row of the argument."""
    nothing = against is None or against.empty
    return {
        "finding": id,
        "heading": heading,
        "statement": f"{heading}, as people in several roles tell.",
        "kind": kind,
        "strength": "stated",
        "themes": theme,
        "codes": join(dict.fromkeys(stands["code"])),
        "direction": way or None,
        "segments": join(stands["coding_id"]),
        "against": None if against is None or nothing else join(against["coding_id"]),
        "looked_for": "Passages that tell the contrary of the theme in any case." if nothing else None,
        "author": "judge",
        "date": DAY,
    }
