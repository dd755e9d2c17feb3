"""The consensus meeting: differences out as a workbook, decisions with date and reason back in as a dated round."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase import agreement, terms
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.publish.cells import neutral
from crosscase.publish.segments import locator, shown_texts
from crosscase.publish.sheets import write_workbook
from crosscase.publish.words import level_words
from crosscase.release.gate import put_file
from crosscase.study.load import Study

SHEET = "decisions"
FILLED = ("decision", "decided_code", "decided_valence", "decided_on", "reason")
NEEDED = ("segment", "kind", *FILLED)
HOW = [
    ("decision", "first: what coder_1 gave stands; second: what coder_2 gave stands (an empty side: no code)"),
    ("decision", "both: both codes stand (only where the kind is other code); neither: no code; other: see below"),
    ("decided_code", "with other: the code that stands instead"),
    ("decided_valence", "with other, where the kind is other valence: the direction; elsewhere it may be left out"),
    ("decided_on", "the day of the decision, as 2026-11-23"),
    ("reason", "why, in words; never a sentence of a document that may not travel"),
    ("rows left empty", "stay open: what they dispute is not in the round"),
]


def differences(study: Study) -> pd.DataFrame:
    """Return what two coders see differently in a study, from the independent rounds only, with a readable place.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    DataFrame
        The rows of `agreement.disagreements` with `place`.

    Raises
    ------
    CrosscaseError
        Where fewer than two coders have coded independently.
    """
    codings = agreement.located(agreement.independent(study.codings, study.info.reconciled_rounds), study.documents)
    if codings["coder"].nunique() < 2:
        rule, found = "two coders have coded independently", f"{codings['coder'].nunique()}"
        raise CrosscaseError(Problem(f"study {study.name}", rule, found))
    table = agreement.disagreements(codings)
    first = codings.drop_duplicates("coding_id").set_index("coding_id")["paragraph"]
    table["paragraph"] = table["coding_id_1"].fillna(table["coding_id_2"]).map(first)
    places = table[["document", "start", "end", "paragraph"]].assign(locator=None)
    table["place"] = [locator(row) for _, row in places.iterrows()]
    return table.drop(columns="paragraph")


def export_differences(study: Study, file: Path) -> int:
    """Write the differences of a study to a workbook with empty columns for the decisions.

    Parameters
    ----------
    study : Study
        The study.
    file : pathlib.Path
        Where the workbook goes.

    Returns
    -------
    int
        How many differences there are. A quotation stands beside its place only where it is here and released.
    """
    table = differences(study)
    shown = [text if text is not None else f"({reason})" for text, reason in shown_texts(study, table)]
    columns = [f"{name}_{side}" for side in (1, 2) for name in ("coder", "code", "start", "end", "valence")]
    titles = study.named(table[["document"]])["document"]
    places = [place.replace(id, title, 1) for place, id, title in zip(table["place"], table["document"], titles)]
    sides = study.named(table[columns])
    out = table[["segment", "kind"]].assign(place=places, quotation=shown, **{name: sides[name] for name in columns})
    out = out.assign(**dict.fromkeys(FILLED, None))
    guide = pd.DataFrame(HOW, columns=["column", "what to write"])
    about = {"title": f"Differences between coders: {study.info.short_title}", "note": level_words(study.level)}
    put_file(file, lambda target: write_workbook(target, {SHEET: out, "how to": guide}, **about))
    return len(out)


def read_decisions(study: Study, sheets: dict[str, pd.DataFrame], today: dt.date | None = None) -> pd.DataFrame:
    """Read the decisions of a meeting from the sheets of a workbook, and check them all.

    Parameters
    ----------
    study : Study
        The study.
    sheets : dict of str to DataFrame
        Name of a sheet -> its cells as texts, null where empty.
    today : datetime.date, optional
        No decision is later than that.

    Returns
    -------
    DataFrame
        The rows of `differences` with the filled columns; those without a decision keep them empty.

    Raises
    ------
    CrosscaseError
        With every problem of the file: columns, unknown or repeated segments, decisions, codes, dates, reasons, and
        decisions that contradict each other.
    """
    if SHEET not in sheets:
        raise CrosscaseError(Problem("workbook", f"a sheet {SHEET}", ", ".join(sheets) or "no filled sheet", SHEET))
    rows = sheets[SHEET].rename(columns=lambda name: str(name).strip().lower())
    raise_if([Problem(f"{SHEET}, column {name}", "the column exists", "none", remedy="export again and fill that in")
              for name in NEEDED if name not in rows])  # fmt: skip
    table = differences(study)
    keys = {(_key(row.segment), row.kind): place for place, row in enumerate(table.itertuples())}
    found: dict[int, tuple[int, dict[str, str]]] = {}
    problems: list[Problem] = []
    for number, row in enumerate(rows[list(NEEDED)].to_dict("records"), start=2):
        cells = {name: _plain(value) for name, value in row.items()}
        cells["decision"] = cells["decision"].lower()
        place = keys.get((_key(cells["segment"]), cells["kind"]))
        where = f"{SHEET}, row {number}"
        if place is None:
            problems.append(Problem(where, "the difference exists in the study", _short(cells["segment"]),
                                    remedy="the codings changed, or the row was edited: export again"))  # fmt: skip
        elif place in found:
            problems.append(Problem(where, "each difference has one row", f"again, first in row {found[place][0]}"))
        else:
            found[place] = (number, cells)
            problems += _row_problems(where, cells, set(study.codebook["code"]), today or dt.date.today())
    cells_of = [found.get(place, (0, {})) for place in range(len(table))]
    columns = {name: [cells.get(name) or None for _, cells in cells_of] for name in FILLED}
    filled = table.assign(**columns, row=[number for number, _ in cells_of])
    if not problems and filled["decision"].isna().all():
        problems.append(Problem(SHEET, "at least one difference is decided", "none", ", ".join(terms.DECISIONS)))
    raise_if(problems or _contradictions(filled))
    return filled.drop(columns="row")


def _row_problems(where: str, cells: dict[str, str], codes: set[str], today: dt.date) -> list[Problem]:
    decision, kind, problems = cells["decision"], cells["kind"], []
    if not decision:
        rule = "a filled row has a decision"
        return [Problem(f"{where}, column {name}", rule, _short(cells[name])) for name in FILLED if cells[name]]
    allowed = [word for word in terms.DECISIONS if word != "both" or kind == "other code"]
    allowed = [word for word in allowed if word != "neither" or kind != "other valence"]
    if decision not in allowed:
        place, rule = f"{where}, column decision", f"a decision on {kind}"
        problems.append(Problem(place, rule, _short(decision), ", ".join(allowed)))
    if not cells["reason"]:
        problems.append(Problem(f"{where}, column reason", "each decision has its reason", "none"))
    place, day = f"{where}, column decided_on", cells["decided_on"]
    try:
        if dt.datetime.strptime(day, "%Y-%m-%d").date() > today:
            problems.append(Problem(place, "a day that has come", day))
    except ValueError:
        problems.append(Problem(place, "a day", _short(day) or "none", "2026-11-23"))
    return problems + _other_problems(where, cells, codes)


def _other_problems(where: str, cells: dict[str, str], codes: set[str]) -> list[Problem]:
    """What `other` asks for, and what only `other` may have."""
    problems, other = [], cells["decision"] == "other"
    valence = cells["kind"] == "other valence"
    needed = {"decided_code": other and not valence, "decided_valence": other and valence}
    free = {"decided_code": needed["decided_code"], "decided_valence": other}
    known = {"decided_code": codes, "decided_valence": set(terms.VALENCES)}
    for name, value in ((name, cells[name]) for name in needed):
        place = f"{where}, column {name}"
        if value and not free[name]:
            problems.append(Problem(place, "only with the decision other", _short(value), "empty"))
        elif value and value not in known[name]:
            allowed = ", ".join(terms.VALENCES) if name == "decided_valence" else "a code of the codebook"
            problems.append(Problem(place, "a known word", _short(value), allowed))
        elif needed[name] and not value:
            problems.append(Problem(place, "the decision other says which", "empty"))
    return problems


def sides_of(row: dict[str, Any]) -> dict[str, tuple[str, str, str, int, int]]:
    """The codings of a difference, by side: coder, document, code, start, end."""
    return {
        word: (row[f"coder_{n}"], row["document"], row[f"code_{n}"], int(row[f"start_{n}"]), int(row[f"end_{n}"]))
        for word, n in (("first", 1), ("second", 2))
        if pd.notna(row[f"code_{n}"])
    }


def standing(row: dict[str, Any]) -> dict[tuple, bool]:
    """Whether each coding of a decided difference stands."""
    wins = {"first": {"first"}, "second": {"second"}, "both": {"first", "second"}}.get(row["decision"], set())
    return {side: word in wins for word, side in sides_of(row).items()}


def _contradictions(decided: pd.DataFrame) -> list[Problem]:
    """Find codings that one decision lets stand and another takes away, or that get two directions."""
    said: dict[tuple, tuple[Any, int]] = {}
    problems = []
    for row in decided[decided["decision"].notna()].to_dict("records"):
        valence = row["kind"] == "other valence"
        claims = {side: valence_of(row) for side in sides_of(row).values()} if valence else standing(row)
        for side, claim in claims.items():
            before, number = said.setdefault((valence, *side), (claim, row["row"]))
            if before != claim:
                rule = "a coding gets one direction" if valence else "a coding stands or falls"
                remedy = "leave one of the two rows empty, or decide both alike"
                other = f"{side[0]}'s {side[2]} otherwise in row {number}"
                problems.append(Problem(f"{SHEET}, row {row['row']}", rule, other, remedy=remedy))
    return problems


def valence_of(row: dict[str, Any]) -> Any:
    """The direction that a decision on direction gives both codings."""
    return {"first": row["valence_1"], "second": row["valence_2"]}.get(row["decision"], row["decided_valence"])


def _key(segment: object) -> str:
    """The id of a difference as a workbook gives it back."""
    return _plain(neutral(_plain(segment)))


def _plain(value: object) -> str:
    """A cell as one line of text: control characters and doubled blanks go, a day loses its midnight."""
    if value is None or (isinstance(value, float) and pd.isna(value)) or value is pd.NA:
        return ""
    text = "".join(c if unicodedata.category(c) != "Cc" else " " for c in str(value))
    return " ".join(text.split()).removesuffix(" 00:00:00")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
