"""Check what is public of a study: nobody finds in `data/` what was not released, nor notes that repeat a text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.study import levels
from crosscase.study.files import read_table
from crosscase.study.load import Study, load_study, table_names
from crosscase.study.model import IMPORTED, StudyInfo, read_info

PLAIN_HASH = "quotation_sha256"
REPORTS = ("import.md", "import_map.json")
_FILE = re.compile(r"\.(txt|docx?|odt|rtf|pdf|html?|md|csv|xlsx?|jpe?g|png|mp3|wav|m4a|mp4|mov|qdpx)\b", re.IGNORECASE)
_TITLE = re.compile(
    r"\b(mr|mrs|ms|miss|dr|prof|mevr|mevrouw|dhr|meneer|herr|frau|madame|monsieur|mme|fru|herre)\b\.?\s+\w",
    re.IGNORECASE,
)
_TALK = "interview|gesprek|entretien|gespräch|intervju|samtale"
_NAMED = re.compile(rf"\b(?i:{_TALK})\s+(?i:(?:with|met|avec|mit|med)\s+)?[A-ZÀ-Þ][a-zà-ÿ]+")
_PERSON = re.compile(
    r"\b[A-ZÀ-Þ][a-zà-ÿ'’-]+(?:\s+(?:van|de|der|den|von|le|la|ten|ter|af|du))*\s+[A-ZÀ-Þ][a-zà-ÿ'’-]+\b"
)
_PLACE = re.compile(
    r"\w+(?:straat|straße|strasse|gata|gaten|veien|plein|weg)\b|\brue\s+\w|\bavenue\b|\b\d{4}\s?[A-Z]{2}\b"
    r"|\b(?:municipality|gemeente|commune|kommune|city|town|village) (?:of |van |de )?[A-ZÀ-Þ]\w+", re.IGNORECASE
)  # fmt: skip
SAID = {_FILE: "a file name", _TITLE: "a person's name", _NAMED: "a person's name", _PLACE: "a place"}
LOOKED_AT = ("label", "title", "participant", "coder", "rater", "mapper", "by", "raw_labels", "definition")
MOST, SHORTEST = 5, 4


def is_earlier(info: StudyInfo, folder: Path) -> bool:
    """Tell whether a study was imported when names and plain hashes still went to `data/`."""
    imported = info.origin.startswith(IMPORTED) or (folder / REPORTS[0]).is_file()
    return imported and "public" not in info.model_fields_set


def level_problems(name: str, info: StudyInfo | None, folder: Path) -> list[Problem]:
    """Return what stands in `data/` although nobody has released it, and releases of what does not exist."""
    path = folder / "codings.csv"
    plain = path.is_file() and PLAIN_HASH in _header(path)
    if plain or (info is not None and is_earlier(info, folder)):
        rule = "what an import publishes holds no name and no hash that can be guessed"
        found = "names, notes or plain hashes of an earlier import"
        remedy = f"`crosscase check {name} --fix` moves them to restricted/{name}/"
        return [Problem(f"data/studies/{name}", rule, found, remedy=remedy)]
    if info is None or info.public == levels.ALL:
        return []
    known, problems = levels.releasable(), []
    for column in (c for c in info.public if c not in known):
        rule = "what is released is a column that people may be known by"
        near = [c for c in known if c.partition(".")[0] == column.partition(".")[0]] or sorted(known)
        problems.append(Problem(f"{name}/study.yml, key public", rule, repr(column), ", ".join(near), "correct it"))
    for column, n in _unreleased(folder, info):
        rule, named = "what nobody has released lies under restricted/", column.replace(".", ".csv, column ")
        place = f"data/studies/{name}/{column}" if column == levels.MEMOS else f"{name}/{named}"
        release = f"`crosscase release-columns {name} {column}` where it may be public"
        remedy = f"{release}, else `crosscase check {name} --fix`"
        problems.append(Problem(place, rule, f"{n:,} cells", remedy=remedy))
    return problems


def _header(path: Path) -> list[str]:
    try:
        text = read_table(path, tables.schema(path.stem))
    except CrosscaseError:
        text = path.read_text(encoding="utf-8", errors="replace")
    return next(csv.reader(io.StringIO(text)), [])


def _unreleased(folder: Path, info: StudyInfo) -> Iterator[tuple[str, int]]:
    """Yield each column with cells in `data/` that is not released, and how many."""
    for table in table_names():
        schema, path = tables.schema(table), folder / f"{table}.csv"
        if not path.is_file() or not set(schema.restricted) & set(_header(path)):
            continue
        try:
            frame = tables.parse(read_table(path, schema), schema.part("public"))
        except (ValueError, KeyError):
            continue  # the check of the table tells what is wrong with it
        _, kept = levels.split(frame, schema, info.public)
        if kept is None:
            continue
        for column in (c for c in schema.restricted if c in kept):
            if n := int(kept[column].notna().sum()):
                yield f"{table}.{column}", n
    if not levels.is_released(info.public, levels.MEMOS) and (n := len(list((folder / "memos").glob("*.md")))):
        yield levels.MEMOS, n


def public_note_problems(name: str, public: levels.Public) -> list[Problem]:
    """Return the public notes that repeat a segment whose text is here and not released."""
    if public == levels.ALL or not levels.is_released(public, "codings", "memo") or paths.level() == "public":
        return []
    try:
        study = load_study(name)
        rows = study.whole("codings")[study.repeating_notes()]
        schema = tables.schema("codings")
        shown = tables.parse(read_table(study.folder / "codings.csv", schema), schema.part("public"))
    except (CrosscaseError, ValueError):
        return []
    open_ones = set(shown.loc[shown["memo"].notna(), "coding_id"])
    rule, remedy = "a public note says it in other words", f"`crosscase check {name} --fix` moves it to restricted/"
    return [
        Problem(f"{name}/codings.csv, coding {coding}, column memo", rule, "words of its segment", remedy=remedy)
        for coding in rows["coding_id"]
        if coding in open_ones
    ]


def looks_like_names(name: str) -> list[str]:
    """Return in words what is public of a study and looks like a person's name, a place or a file name.

    Told is each public id, label or definition that holds a name which lies under `restricted/` on this machine, and
    each that has the form of a name. Only a person can tell whether it may be public.
    """
    study = load_study(name)
    known = _restricted_names(study)
    lines: dict[str, dict[str, None]] = {}
    for place, cells in _public_cells(study):
        for cell in cells:
            kind = next((words for form, words in SAID.items() if form.search(cell)), "")
            kind = kind or ("a person's name" if not place.endswith("title") and _PERSON.search(cell) else "")
            if known is not None and (found := known.search(cell)):
                kind = f"what is restricted as a name ({found.group()})"
            if kind:
                lines.setdefault(f"{place}: {kind}", {})[cell] = None
    return [f"public, and looks like a name: {what}: {_some(list(cells))}" for what, cells in lines.items()]


def _restricted_names(study: Study) -> re.Pattern[str] | None:
    """Return a pattern of the names that lie under `restricted/` on this machine; None where there are none."""
    if study.info.public == levels.ALL or study.level == "public":
        return None
    cells = [*study.whole("documents")["title"], *study.whole("cases")["label"], *study.whole("names")["name"]]
    cells += [who.description for who in study.info.coders.values()]
    ids = {*study.whole("documents")["document"], *study.whole("cases")["case"]}
    plain = {str(cell) for cell in cells if cell and len(str(cell)) >= SHORTEST and cell not in ids}
    plain = {cell for cell in plain if any(letter.isalpha() for letter in cell)}
    words = "|".join(map(re.escape, sorted(plain, key=len, reverse=True)))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None


def _some(cells: list[str]) -> str:
    shown = "; ".join(repr(cell[:60]) for cell in cells[:MOST])
    return f"{shown} and {len(cells) - MOST:,} more" if len(cells) > MOST else shown


def _public_cells(study: Study) -> Iterator[tuple[str, list[str]]]:
    """Yield the public cells in which a name would stand, column by column: own ids, labels, definitions."""
    for table in table_names():
        schema, path = tables.schema(table), study.folder / f"{table}.csv"
        if not path.is_file():
            continue
        frame = tables.parse(read_table(path, schema), schema.part("public"))
        own = schema.key[0] if schema.key[0] in schema.ids or table == "codebook" else ""
        for column in (c for c in (own, *LOOKED_AT) if c in frame and (c != "coder" or table == "codings")):
            if schema.ids.get(column) != "coding":
                yield f"{table}.csv, column {column}", frame[column].dropna().astype("str").unique().tolist()
    if study.info.public != levels.ALL:
        typed = read_info(study.folder / "study.yml")
        yield "study.yml, key coders", [each for id, who in typed.coders.items() for each in (id, who.description)]
        for key in ("title", "short_title", "question", "stance_note", "design", "fieldwork", "origin"):
            yield f"study.yml, key {key}", [str(getattr(typed, key))]
