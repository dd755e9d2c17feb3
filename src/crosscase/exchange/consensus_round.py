"""The round that a consensus meeting leaves: what nobody disputed and what the meeting let stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from crosscase import agreement, tables
from crosscase.errors import Problem, raise_if
from crosscase.exchange.consensus import sides_of, standing, valence_of
from crosscase.exchange.rewriting import rewrite
from crosscase.study.load import Study, table_names
from crosscase.study.model import Coder

CODER, TABLE = "consensus", "consensus_decisions"


@dataclass(frozen=True)
class Outcome:
    """What came of reading decisions: the round written, differences decided and left open, codings, other changes."""

    round: str
    n_decided: int
    n_open: int
    n_codings: int
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Say it in words."""
        first = f"round {self.round}: {self.n_decided} differences decided, {self.n_open} left open"
        rest = f"{self.n_codings} codings; the round is marked reconciled, so no coefficient against chance rests on it"
        return "\n".join([first, rest, *self.notes])


def write_round(study: Study, decided: pd.DataFrame, *, by: str = "person", replace: bool = False) -> Outcome:
    """Write decisions as a reconciled round of the study, named by the day of the last decision.

    The round holds what nobody disputed and what the meeting let stand; disputed and undecided codings are not in it.

    Parameters
    ----------
    study : Study
        The study.
    decided : DataFrame
        As `read_decisions` returns it.
    by : {"person", "language_model"}
        Who decided.
    replace : bool
        Whether a round of that day may be replaced.

    Returns
    -------
    Outcome

    Raises
    ------
    CrosscaseError
        Where the round exists, or a coder of an independent round is called `consensus`.
    """
    done = decided[decided["decision"].notna()]
    name = f"{CODER}-{done['decided_on'].max()}"
    reconciled = study.info.reconciled_rounds
    problems = []
    mine = study.codings["coder"] == CODER
    if (mine & ~study.codings["round"].isin(reconciled)).any():
        problems.append(Problem(f"{study.name}/codings.csv", f"no independent coder is called {CODER}", CODER))
    if name in reconciled and not replace:
        problems.append(Problem(f"round {name}", "a round is never overwritten by accident", "it exists",
                                remedy="say --replace"))  # fmt: skip
    raise_if(problems)
    codings = _round_codings(study, decided, name)
    info = study.info.model_copy(update=_info(study, name, by))
    frames = {each: study.whole(each) for each in table_names()}
    kept = frames["codings"]
    types = {column: kind for column, kind in tables.schema("codings").dtypes.items() if column in kept}
    codings = codings.astype(types)
    frames["codings"] = pd.concat([kept[~(mine & (kept["round"] == name))], codings], ignore_index=True)
    old = frames[TABLE]
    frames[TABLE] = pd.concat([old[old["round"] != name], _decision_rows(done, name)], ignore_index=True)
    rewrite(study, f"consensus read, round {name}", info, frames)
    notes = () if study.info.primary_coder else (f"no primary coder was named: matrices now rest on {CODER}",)
    return Outcome(name, len(done), len(decided) - len(done), len(codings), notes)


def _info(study: Study, name: str, by: str) -> dict[str, Any]:
    rounds = [*(each for each in study.info.reconciled_rounds if each != name), name]
    changes: dict[str, Any] = {"reconciled_rounds": rounds}
    if study.info.coders:
        words = "Decisions of consensus meetings, made after the independent codings were compared."
        changes["coders"] = {**study.info.coders, CODER: Coder(kind=by, description=words)}  # type: ignore[arg-type]
    if study.info.primary_coder is None:
        changes["primary_coder"] = CODER
    return changes


def _round_codings(study: Study, decided: pd.DataFrame, name: str) -> pd.DataFrame:
    source = agreement.independent(study.codings, study.info.reconciled_rounds)
    stands: dict[tuple, bool] = {}
    valence: dict[tuple, Any] = {}
    disputed: set[tuple] = set()
    added: list[dict[str, Any]] = []
    for row in decided.to_dict("records"):
        sides = set(sides_of(row).values())
        if pd.isna(row["decision"]):
            disputed |= sides
        elif row["kind"] == "other valence":
            valence |= dict.fromkeys(sides, valence_of(row))
        else:
            stands |= standing(row)
            if row["decision"] == "other":
                added.append({"document": row["document"], "start": row["start"], "end": row["end"],
                              "code": row["decided_code"], "valence": row["decided_valence"],
                              "date": row["decided_on"], "memo": row["reason"]})  # fmt: skip
    days = decided["decided_on"].max()
    rows, spans = [], _merged(decided)
    for coding in source.to_dict("records"):
        side = _side(coding, spans)
        if stands.get(side, side not in disputed):
            fixed = {"document": side[1], "code": side[2], "start": side[3], "end": side[4], "date": days}
            rows.append(coding | fixed | {"valence": valence.get(side, coding["valence"]), "quotation_hmac": None})
    frame = pd.DataFrame([*rows, *added], columns=list(source.columns))
    place = ["document", "start", "end", "code"]
    frame = frame.drop_duplicates(place).sort_values(place, kind="stable", ignore_index=True)
    ids = [f"{name}-{number:04d}" for number in range(1, len(frame) + 1)]
    return frame.assign(coding_id=ids, coder=CODER, round=name)


def _merged(decided: pd.DataFrame) -> dict[tuple, list[tuple[int, int]]]:
    """The segments as compared, by coder, document and code: overlapping ones of one code by one coder were merged."""
    spans: dict[tuple, list[tuple[int, int]]] = {}
    for row in decided.to_dict("records"):
        for coder, document, code, start, end in sides_of(row).values():
            spans.setdefault((coder, document, code), []).append((start, end))
    return spans


def _side(coding: dict[str, Any], spans: dict[tuple, list[tuple[int, int]]]) -> tuple:
    """The side as which a coding was compared."""
    head = (coding["coder"], coding["document"], coding["code"])
    if pd.isna(coding["start"]):
        return (*head, None, None)
    place = (int(coding["start"]), int(coding["end"]))
    return (*head, *next((span for span in spans.get(head, []) if span[0] <= place[0] and place[1] <= span[1]), place))


def _decision_rows(done: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = [column for column in tables.schema(TABLE).columns if column != "round"]
    return done[columns].assign(round=name)
