"""Check a study as a whole and tell all that is wrong: types, rules, keys across tables, offsets, hashes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crosscase import documents, ids, matrices, paths, spreadsheets, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.study import levels
from crosscase.study.adjudication import adjudicated, adjudication_problems, placed
from crosscase.study.argument import argument_problems
from crosscase.study.check_levels import level_problems, public_note_problems
from crosscase.study.check_shared import closest, unknown_constructs
from crosscase.study.conflicts import conflict_problems
from crosscase.study.files import read_table
from crosscase.study.keys import Key, read_key, sign_quotations
from crosscase.study.load import NOT_TABLES, SILENT, table_names
from crosscase.study.model import StudyInfo, read_info
from crosscase.study.shared import list_frameworks, load_framework
from crosscase.study.texts import digest_problem, file_of
from crosscase.study.trail import trail_problems

Frames = dict[str, pd.DataFrame]


def check_study(name: str) -> list[Problem]:
    """Return everything that is wrong with a study; an empty list where nothing is."""
    folder = paths.studies() / name
    if not folder.is_dir():
        known = ", ".join(sorted(p.name for p in paths.studies().iterdir() if p.is_dir()))
        return [Problem(f"study {name!r}", "a study has a folder in data/studies", "none", known, "check the name")]
    if marked := conflict_problems([folder, paths.restricted() / name]):
        return marked
    problems: list[Problem] = []
    if found := ids.unfit(name, ids.LONGEST_STUDY):
        rule = "a study id is the name of a folder on every system"
        problems.append(Problem(f"study {name!r}", rule, found, remedy="rename its folder"))
    info = None
    try:
        info = read_info(folder / "study.yml")
    except CrosscaseError as error:
        problems += error.problems
    public = levels.ALL if info is None else info.public
    if outdated := [p for p in level_problems(name, info, folder) if "earlier import" in p.found]:
        return problems + outdated
    problems += level_problems(name, info, folder)
    frames = _frames(name, folder, public, problems)
    for table, frame in frames.items():
        problems += _foreign_problems(name, table, frame, frames)
    problems += _span_problems(name, frames)
    problems += _theme_problems(name, frames)
    if info is not None:
        problems += _info_problems(name, info, frames)
    problems += _framework_problems(name, frames) + _judged_problems(name, info, frames)
    problems += trail_problems(name, frames, _memos(name, folder), {} if info is None else info.coders)
    return problems + _text_problems(name, frames) + public_note_problems(name, public)


def assumed_of(name: str) -> list[str]:
    """Return one sentence for each table of a study that was not saved as the dictionary wants it."""
    said = []
    for folder, shown in ((paths.studies() / name, name), (paths.restricted() / name, f"restricted/{name}")):
        for table in table_names():
            path = folder / f"{table}.csv"
            if not path.is_file() or paths.withheld(path):
                continue
            try:
                assumed = spreadsheets.as_written(path.read_bytes(), tables.schema(table)).assumed
            except UnicodeDecodeError:
                continue
            if assumed:
                said.append(f"{shown}/{table}.csv is read as a spreadsheet program saved it: {', '.join(assumed)}")
    return said


def check_frameworks() -> list[Problem]:
    """Return everything that is wrong with the construct lists in `data/frameworks/`."""
    problems: list[Problem] = []
    for name in list_frameworks():
        try:
            frame = load_framework(name)
        except CrosscaseError as error:
            problems += error.problems
            continue
        frames, place = {"constructs": frame}, f"frameworks/{name}.csv"
        problems += _foreign_problems("frameworks", "constructs", frame, frames, place)
    return problems


def _frames(name: str, folder: Path, public: levels.Public, problems: list[Problem]) -> Frames:
    """Read every table with its rules, both parts of it; unknown files and missing required tables are problems."""
    frames: Frames = {}
    known = {f"{table}.csv" for table in table_names()}
    for path in sorted(folder.glob("*.csv")):
        if path.name not in known:
            place, rule = f"{name}/{path.name}", "only tables of the dictionary"
            problems.append(Problem(place, rule, "another", ", ".join(sorted(known)), "rename it"))
    for table in table_names():
        whole, path = tables.schema(table), folder / f"{table}.csv"
        schema = whole if public == levels.ALL else whole.part("public")
        if whole.level == "restricted":
            _kept(name, whole, None, problems)
            continue
        if not path.is_file():
            if schema.required:
                remedy = f"add it; `crosscase new` shows a template. {schema.description}"
                problems.append(Problem(f"{name}/{table}.csv", "the table is required", "no file", remedy=remedy))
            continue
        try:
            frame, found = tables.problems_in(read_table(path, schema), schema, f"{name}/{table}.csv")
        except CrosscaseError as error:
            problems += error.problems
            continue
        problems += found
        if frame is not None:
            kept = None if public == levels.ALL else _kept(name, whole, frame, problems)
            frames[table] = levels.named(levels.join(tables.typed(frame, whole), kept, whole), whole)
    return frames


def _kept(name: str, schema: tables.Schema, shown: pd.DataFrame | None, problems: list[Problem]) -> pd.DataFrame | None:
    """Read the part of a table that lies under `restricted/`; each of its rows belongs to one of `data/`."""
    path, place = paths.restricted() / name / f"{schema.name}.csv", f"restricted/{name}/{schema.name}.csv"
    if not (schema.restricted or schema.guarded) or paths.withheld(path) or not path.is_file():
        return None
    rules = schema if schema.level == "restricted" else schema.part("restricted")
    try:
        frame, found = tables.problems_in(read_table(path, rules), rules, place)
    except CrosscaseError as error:
        problems += error.problems
        return None
    problems += found
    if frame is None or shown is None:
        return frame
    key = list(schema.key)
    there = pd.MultiIndex.from_frame(shown[key].astype("str"))
    alone = ~pd.MultiIndex.from_frame(frame[key].astype("str")).isin(there)
    for row in frame.index[alone]:
        found_there = ", ".join(str(cell) for cell in frame.loc[row, key])
        rule = f"each row belongs to one of data/studies/{name}/{schema.name}.csv"
        problems.append(Problem(f"{place}, row {row + 2}", rule, repr(found_there), remedy="correct or delete it"))
    return frame


def _foreign_problems(name: str, table: str, frame: pd.DataFrame, frames: Frames, place: str = "") -> list[Problem]:
    """Each key that points into another table must exist there; lists are split first."""
    schema, problems = tables.schema(table), []
    for key in schema.foreign:
        column, target = key["fields"][0], key["reference"]["resource"]
        there = key["reference"]["fields"][0]
        if target in NOT_TABLES and target not in frames:
            continue
        known = set(frames[target][there].dropna()) if target in frames else set()
        if target == "themes" and not known and "codebook" in frames:  # the groups of codes are themes then
            known = set(matrices.themes_of_codes(frames["codebook"])["theme"])
        cells = frame[column].dropna()
        parts = ids.each(cells) if schema.is_list(column) else cells
        for row, value in parts[~parts.isin(known)].items():
            where = f"{place or f'{name}/{table}.csv'}, row {row + 2}, column {column}"
            allowed = closest(value, known)
            rule = f"the value is a {there} of {target}.csv"
            problems.append(Problem(where, rule, repr(value), allowed, f"correct it, or add it to {target}.csv"))
    return problems


def _span_problems(name: str, frames: Frames) -> list[Problem]:
    """Segments, quotations and units begin before they end, inside their document."""
    lengths = {}
    if "documents" in frames:
        rows = frames["documents"].dropna(subset=["code_points"])
        lengths = dict(zip(rows["document"], rows["code_points"].astype(int)))
    problems = []
    for table in ("codings", "quotations", "units", "adjudications", "paraphrases"):
        frame = frames.get(table)
        if frame is None:
            continue
        if table == "adjudications" and "codings" in frames:
            frame = placed(frame, frames["codings"])
        length = frame["document"].map(lengths).astype("Int64")
        empty = (frame["start"] >= frame["end"]).fillna(False)
        beyond = (frame["end"] > length).fillna(False) & ~empty
        half = frame["start"].isna() != frame["end"].isna()
        for row in frame.index[(empty | beyond | half).astype(bool)]:
            where = f"{name}/{table}.csv, row {row + 2}, columns start, end"
            found = f"{frame.at[row, 'start']}-{frame.at[row, 'end']}"
            allowed = f"0 <= start < end <= {length[row]}" if beyond[row] else "0 <= start < end, both or none"
            rule = f"the segment lies inside {frame.at[row, 'document']}"
            problems.append(Problem(where, rule, found, allowed, "correct the offsets"))
    for table in ("themes", "relations", "outcomes", "facts"):
        problems += _spans_column_problems(name, table, frames, lengths)
    return problems + _unlocated(name, frames)


def _spans_column_problems(name: str, table: str, frames: Frames, lengths: dict[str, int]) -> list[Problem]:
    frame, problems = frames.get(table), []
    if frame is None:
        return []
    for row, (document, spans) in frame[["document", "spans"]].dropna().iterrows():
        for text in ids.split(spans):
            start, end = ids.span(text) or (0, 1)  # what is no span, the dictionary names
            if not start < end <= lengths.get(document, end):
                where = f"{name}/{table}.csv, row {row + 2}, column spans"
                allowed = f"start < end <= {lengths.get(document, 'length')}"
                rule = f"the span lies inside {document}"
                problems.append(Problem(where, rule, text, allowed, "correct the offsets"))
    return problems


def _unlocated(name: str, frames: Frames) -> list[Problem]:
    """A coding has offsets, or a locator for what is not text."""
    codings = frames.get("codings")
    if codings is None:
        return []
    bare = codings["start"].isna() & codings["locator"].isna()
    rule, remedy = "a coding has start and end, or a locator", "add them"
    places = (f"{name}/codings.csv, row {row + 2}" for row in codings.index[bare])
    return [Problem(place, rule, "neither", remedy=remedy) for place in places]


def _theme_problems(name: str, frames: Frames) -> list[Problem]:
    """Trees of codes and themes hold no circle."""
    problems = []
    for table, key in (("codebook", "code"), ("themes", "theme")):
        if table not in frames:
            continue
        parents = dict(zip(frames[table][key], frames[table]["parent"]))
        for row, start in enumerate(frames[table][key]):
            seen, at = set(), start
            while isinstance(at, str) and at not in seen:
                seen.add(at)
                at = parents.get(at)
            if isinstance(at, str) and at == start:
                where = f"{name}/{table}.csv, row {row + 2}, column parent"
                found = f"{start!r} above itself"
                problems.append(Problem(where, "the tree has no circle", found, remedy="correct the parent"))
    return problems


def _info_problems(name: str, info: StudyInfo, frames: Frames) -> list[Problem]:
    """Coders of the codings are described; the primary coder has coded."""
    codings, problems = frames.get("codings"), []
    if codings is None:
        return []
    found = set(codings["coder"].dropna())
    for coder in sorted(found - set(info.coders)) if info.coders else []:
        row = int(codings.index[codings["coder"] == coder][0]) + 2
        where = f"{name}/codings.csv, row {row}, column coder"
        rule, allowed = "each coder is described in study.yml", closest(coder, set(info.coders))
        problems.append(Problem(where, rule, repr(coder), allowed, "add the coder there"))
    if info.primary_coder and info.primary_coder not in found:
        where, rule = f"{name}/study.yml, key primary_coder", "the primary coder has codings"
        problems.append(Problem(where, rule, repr(info.primary_coder), ", ".join(sorted(found))))
    return problems


def _judged_problems(name: str, info: StudyInfo | None, frames: Frames) -> list[Problem]:
    """Adjudications decide codings that are there; findings stand on codings that stand."""
    codings, decided = frames.get("codings"), frames.get("adjudications")
    primary = info.primary_coder if info is not None else None
    if codings is None or (decided is None and "argument" not in frames):
        return []
    problems = [] if decided is None else adjudication_problems(name, decided, codings, primary)
    if "argument" in frames and not problems:
        standing = codings if decided is None else adjudicated(codings, decided)
        facts = set(frames["facts"]["fact"]) if "facts" in frames else set()
        problems = argument_problems(f"{name}/argument.csv", frames["argument"], standing, facts)
    return problems


def _memos(name: str, folder: Path) -> set[str]:
    """Return the names of the memos of a study that are here."""
    places = [folder] if paths.level() == "public" else [folder, paths.restricted() / name]
    return {file.stem for place in places for file in (place / "memos").glob("*.md")}


def _framework_problems(name: str, frames: Frames) -> list[Problem]:
    """Each construct of the framework map and of the ratings exists in its framework."""
    return [
        problem
        for table in ("framework_map", "cfir_ratings")
        if table in frames
        for problem in unknown_constructs(frames[table], f"{name}/{table}.csv")
    ]


def _text_problems(name: str, frames: Frames) -> list[Problem]:
    """Where a restricted text is here, it is the one that was coded, and quotations still have their hashes."""
    rows, problems = frames.get("documents"), []
    if rows is None or paths.level() == "public":
        return []
    try:
        key = read_key(name)
    except CrosscaseError as error:
        return list(error.problems)
    codings = frames.get("codings", pd.DataFrame(columns=["document", "quotation_hmac"]))
    for row, document in rows.iterrows():
        path = file_of(name, str(document["document"]))
        if not path.is_file() or (pd.isna(document["sha256"]) and pd.isna(document["hmac"])):
            continue
        place, content = f"restricted/{name}/{path.name}", path.read_bytes()
        if different := digest_problem(document, content, key):
            rule = "the text is the one that was coded (SHA-256)"
            remedy = f"put the original back: `crosscase restricted add {name} FILE`"
            found, wanted = different
            problems.append(Problem(place, rule, found, f"{wanted} ({name}/documents.csv, row {row + 2})", remedy))
            continue
        if str(document["kind"]) not in SILENT:
            text = documents.normalise(content.decode("utf-8", errors="replace"))
            problems += _drift_problems(name, text, document, codings, key)
    return problems


def _drift_problems(name: str, text: str, document: pd.Series, codings: pd.DataFrame, key: Key | None) -> list[Problem]:
    problems = []
    if pd.notna(document["code_points"]) and len(text) != document["code_points"]:
        place = f"{name}/documents.csv, document {document['document']}, column code_points"
        problems.append(Problem(place, "the length is that of the text", str(document["code_points"]), str(len(text))))
    mine = codings[(codings["document"] == document["document"]) & codings["quotation_hmac"].notna()]
    if mine.empty or key is None:
        return problems
    now = sign_quotations(mine, {str(document["document"]): text}, key)
    for row in mine.index[now != mine["quotation_hmac"]]:
        place = f"{name}/codings.csv, row {row + 2}, column quotation_hmac"
        rule = "the quotation is the one that was imported"
        problems.append(
            Problem(
                place,
                rule,
                "another text",
                remedy=f"if you corrected the segment: `crosscase check {name} --accept`; else import again",
            )
        )
    return problems
