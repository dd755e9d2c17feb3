"""Small frames for every figure, and the same with many rows, for the tests of legibility."""

from __future__ import annotations

import pandas as pd

from crosscase import figures
from crosscase.figures import Drawing
from crosscase.figures.ink.sheet import Measure
from crosscase.figures.ink.style import inches

WORDS = [
    "Mandate and steering bodies",
    "Coordinators and facilitators",
    "Trust",
    "Governance, monitoring and evaluation",
    "Roles_and_responsibilities_in_the_network",
    "Resources",
    "Interorganisational collaboration",
    "Law",
    "Professional background",
    "Learning time and adaptation of everyone who takes part",
]
VALENCES = ["inhibits", "promotes", "condition", "ambivalent", "neutral", "na"]
STATES = ["present", "absent", "count", "not_stated"]


def named(count: int) -> list[str]:
    """Names of different lengths, all different."""
    return [WORDS[i % len(WORDS)] + ("" if i < len(WORDS) else f" {i}") for i in range(count)]


def cells(rows: int, columns: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "row": row,
                "column": column,
                "state": STATES[(3 * i + 5 * j) % 4],
                "value": [None, 7, 120][(i + j) % 3],
                "k": [2, None, 11][(i * j) % 3],
                "n": [4, None, 15][(i * j) % 3],
                "valence": [*VALENCES, None][(i + 2 * j) % 7],
            }
            for i, row in enumerate(named(rows))
            for j, column in enumerate(named(columns))
        ]
    )


def inventory(rows: int) -> pd.DataFrame:
    units = ["interviews", "hours", "focus groups", "documents"]
    return pd.DataFrame(
        [
            {
                "method": name,
                "unit": units[i % min(rows, 4)],
                "amount": [21, 90.5, None, 3][i % 4],
                "status": ["stated", "derived", "not_stated", "stated"][i % 4],
            }
            for i, name in enumerate(named(rows))
        ]
    )


def facts(rows: int) -> pd.DataFrame:
    values: list[list[object]] = [
        [21, 21, 24],
        [2, None, 3],
        [90.5, 90.5, 90.5],
        ["multiple case", "comparative", None],
    ]
    return pd.DataFrame(
        [
            {"fact": name, "stage": stage, "value": value}
            for i, name in enumerate(named(rows))
            for stage, value in zip(["abstract", "paper", "thesis"], values[i % 4])
        ]
    )


def events(rows: int) -> pd.DataFrame:
    dates = ["2015-10", "2016-02-02", "2016", "2018-05-23/2018-05-25", "2021"]
    return pd.DataFrame(
        [
            {"date": dates[i % 5], "label": name, "stage": ["policy", "pilots", "dissemination"][i % 3]}
            for i, name in enumerate(named(rows))
        ]
    )


def graph(nodes: int, edges: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A star, chains, a cycle, a loop and pairs, with every sign and kind; the rest of the nodes stands alone."""
    ids = [f"f{i}" for i in range(nodes)]
    pairs = [(i, 0) for i in range(1, min(9, nodes))] + [(i, i + 1) for i in range(9, min(13, nodes - 1))]
    pairs += [(13, 9), (14, 14)] if nodes > 15 else []
    pairs += [(i, i + 1) for i in range(15, nodes - 3, 2)]
    chosen = pairs[:edges]
    table = pd.DataFrame(
        [
            {
                "source": ids[a],
                "target": ids[b],
                "sign": "+-?"[i % 3],
                "kind": ["stated", "stated", "assumed", "proposed"][i % 4],
                "directed": a != b,
            }
            for i, (a, b) in enumerate(chosen)
        ]
    )
    return pd.DataFrame({"factor": ids, "label": named(nodes)}), table


def valence(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"item": name, "valence": v, "n": (5 * i + 3 * j) % 9}
            for i, name in enumerate(named(rows))
            for j, v in enumerate(VALENCES)
        ]
    )


def themes(rows: int, cases: int = 3) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "case": f"Team {'ABCDEFGH'[i % cases]}",
                "theme": name,
                "valence": VALENCES[i % 2],
                "code": f"Shared code {(i * 7) % max(rows // 2, 1)}",
            }
            for i, name in enumerate(named(rows))
        ]
    )


def quotations(rows: int, roles: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"theme": f"Theme {i // 3}", "subtheme": name, "sector": f"sector {j // 2}", "role": role, "n": (i * j) % 4}
            for i, name in enumerate(named(rows))
            for j, role in enumerate(named(roles))
        ]
    )


def directions(rows: int, studies: int = 5) -> pd.DataFrame:
    kinds = ["promotes", "inhibits", "mixed", "condition", "neutral", "not_stated"]
    return pd.DataFrame(
        [
            {
                "construct": name,
                "study": study,
                "direction": kinds[(i + 2 * j) % 6],
                "confidence": ["high", "moderate", "low", "very low", None][(i + j) % 5],
                "also_condition": (i + j) % 4 == 0,
                "n": i + j,
            }
            for i, name in enumerate(named(rows))
            for j, study in enumerate(named(studies))
        ]
    )


def coefficients(rows: int) -> pd.DataFrame:
    frame = pd.DataFrame({"code": named(rows)})
    frame["estimate"] = [0.9 - 0.05 * (i % 20) for i in range(rows)]
    frame["low"], frame["high"], frame["n"] = frame["estimate"] - 0.1, frame["estimate"] + 0.08, 14200
    frame["prevalence_coder_a"], frame["prevalence_coder_b"] = 0.11, 0.18
    frame["reason"] = ""
    frame.loc[1, ["estimate", "low", "high"]] = float("nan")
    frame.loc[1, "reason"] = "one category only: no coder gave the code"
    return frame


def rounds(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"round": r, "code": name, "value": None if (i + r) % 5 == 0 else ((i + r) % 10) / 10}
            for i, name in enumerate(named(rows))
            for r in (1, 2, 3)
        ]
    )


def pairs(rows: int) -> pd.DataFrame:
    codes = named(rows)
    return pd.DataFrame(
        [
            {"code_a": a, "code_b": b, "n": (i * 3 + j) % 13, "marked": (i + j) % 6 == 0}
            for i, a in enumerate(codes)
            for j, b in enumerate(codes[: i + 1])
        ]
    )


def curve(units: int, groups: int) -> pd.DataFrame:
    frames = []
    for g in range(groups):
        seen = [round(24 * (1 - 0.75**u), 2) for u in range(1, 2 * units)]
        frame = pd.DataFrame({"units": range(1, 2 * units), "codes": seen})
        frame["low"], frame["high"] = frame["codes"] - 2, frame["codes"] + 2
        for part, rows in (
            ("real", slice(0, units)),
            ("rarefied", slice(0, units)),
            ("extrapolated", slice(units - 1, None)),
        ):
            frames.append(frame.iloc[rows].assign(part=part, group=f"Region {g}" if groups > 1 else ""))
    return pd.concat(frames)


def members(rows: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": [f"case {i}" for i in range(rows)],
            "x": [None if i == 1 else ((7 * i) % 11) / 10 for i in range(rows)],
            "y": [((3 * i) % 11) / 10 for i in range(rows)],
        }
    )


def placed(rows: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    points = [(((7 * i) % 11) / 5 - 1, ((3 * i) % 7) / 4 - 0.6) for i in range(rows)]
    frame = pd.DataFrame(points, columns=["axis_1", "axis_2"])
    frame["name"], frame["kind"] = named(rows), [["case", "theme"][i % 2] for i in range(rows)]
    cases = frame[frame["kind"] == "case"].rename(columns={"name": "case"})
    steps = [(-0.2, 0), (0, 0.1), (0.2, 0), (0, -0.1)]
    parts = [cases.assign(axis_1=cases["axis_1"] + a, axis_2=cases["axis_2"] + b) for a, b in steps]
    return frame, pd.concat(parts).sort_values("case", kind="stable")[["case", "axis_1", "axis_2"]]


def progress(rows: int, steps: int) -> pd.DataFrame:
    states = ["unknown", "reached", "under_way", "not_reached"]
    return pd.DataFrame(
        [
            {"case": c, "step": s, "status": states[(i + j) % 4]}
            for i, c in enumerate(named(rows))
            for j, s in enumerate(named(steps))
        ]
    )


def matches(rows: int, studies: int = 5) -> pd.DataFrame:
    kinds = ["supported", "contradicted", "mixed", "silent", None]
    return pd.DataFrame(
        [
            {"proposition": name, "study": study, "match": kinds[(i + 2 * j) % 5]}
            for i, name in enumerate(named(rows))
            for j, study in enumerate(named(studies))
        ]
    )


def words(rows: int, columns: int) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"case": f"Case {i}", "column": c, "text": None if (i + j) % 5 == 0 else WORDS[(i + j) % 10]}
            for i in range(rows)
            for j, c in enumerate(named(columns))
        ]
    )


def measured(drawing: Drawing, look: str, width: float | str | None = None) -> tuple[float, float]:
    """Return width and height in inches of a drawing that is not drawn."""
    sheet = Measure(look, inches(width) if isinstance(width, str) else width)
    return tuple(drawing._paint(sheet, *drawing.arguments, **drawing.options).get_size_inches().tolist())


def every(size: str) -> dict[str, Drawing]:
    """Name -> drawing, of few rows or many."""
    n = {"few": 2, "some": 7, "many": 40}[size]
    few = min(n, 7)
    return {
        "matrix": figures.matrix(cells(n, few)),
        "inventory_bars": figures.inventory_bars(inventory(n)),
        "drift": figures.drift(facts(n)),
        "timeline": figures.timeline(events(max(n, 4))),
        "influence_graph": figures.influence_graph(*graph(max(n, 3) + (10 if n > 7 else 0), 34)),
        "valence_bars": figures.valence_bars(valence(n)),
        "case_valence_panels": figures.case_valence_panels(themes(n)),
        "bridge": figures.bridge(themes(n)),
        "quotation_matrix": figures.quotation_matrix(quotations(n, min(n, 11))),
        "effect_direction": figures.effect_direction(directions(n)),
        "pattern_match": figures.pattern_match(matches(n)),
        "forest": figures.forest(coefficients(n)),
        "drift_rounds": figures.drift_rounds(rounds(n)),
        "co_occurrence": figures.co_occurrence(pairs(n)),
        "confusion": figures.confusion(pairs(min(n, 12))),
        "saturation_curve": figures.saturation_curve(curve(few + 2, few)),
        "xy_plot": figures.xy_plot(members(min(n, 20))),
        "step_progress": figures.step_progress(progress(n, few)),
        "meta_matrix": figures.meta_matrix(words(n, few)),
        "correspondence_map": figures.correspondence_map(*placed(min(n, 12))),
    }
