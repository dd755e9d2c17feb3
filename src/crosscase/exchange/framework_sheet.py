"""The framework matrix as a spreadsheet: written out for people to summarise, checked and read back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from crosscase import ids, matrices, tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.exchange.rewriting import rewrite
from crosscase.publish.cells import unguard
from crosscase.publish.sheets import write_workbook
from crosscase.publish.words import level_words
from crosscase.release import written
from crosscase.release.gate import put_file
from crosscase.study import Study
from crosscase.study.load import table_names

READ = ["case", "theme", "summary", "by", "date", "current_hash"]
SHOWN = ["case", "case_label", "theme", "theme_label", "state", "n_segments", "notes"]
SHOWN += ["summary", "by", "date", "stale", "current_hash", "segments"]


def framework_frame(study: Study) -> pd.DataFrame:
    """Return the framework matrix of a study as it is edited: one row per cell, with paraphrases or notes for reading.

    Parameters
    ----------
    study : Study
        As `load_study` returns it.

    Returns
    -------
    pandas.DataFrame
        `case, case_label, theme, theme_label, state, n_segments, notes, summary, by, date, stale` (why a summary must
        be read again), `current_hash` (fingerprint of the segments as they are now; leave it as it is), `segments`.
    """
    codings = matrices.finding_codings(study.primary_codings(), study.themes)
    matrix = matrices.framework_matrix(codings, study.cases, matrices.finding_themes(study.themes), study.summaries)
    matrix = matrix[matrix["case"].notna()].reset_index(drop=True)
    place = ["document", "start", "end"]
    told = codings.merge(study.paraphrases[[*place, "paraphrase"]], how="left", on=place).set_index("coding_id")
    memos = told["paraphrase"].fillna(told["memo"]).dropna()
    held = [ids.split(cell) for cell in matrix["segments"]]
    matrix["notes"] = ["; ".join(dict.fromkeys(memos[i] for i in cell if i in memos.index)) for cell in held]
    matrix["stale"] = matrix["stale_reason"]
    matrix["state"] = matrix["state"].mask(matrix["note"].eq(matrices.NOT_SORTED), matrices.NOT_SORTED)
    for column, table in (("case", "cases"), ("theme", "themes")):
        matrix[f"{column}_label"] = matrix[column].map(study.labels(table))
    for column in ("by", "date"):
        matrix[column] = matrix.get(column, pd.NA)
    return matrix[SHOWN]


def export_framework(study: Study, path: Path) -> pd.DataFrame:
    """Write the framework matrix of a study to an Excel file, and return what was written."""
    frame = framework_frame(study)
    title = f"Framework matrix: {study.info.short_title}"
    note = level_words(study.level)
    put_file(path, lambda target: write_workbook(target, {"framework": frame}, title=title, note=note))
    return frame


def read_framework(study: Study, path: Path) -> pd.DataFrame:
    """Read summaries back from an Excel file, check them, and save them with the study.

    Only `summary`, `by` and `date` are taken over. A summary keeps the fingerprint of the segments that its writer saw:
    where they have changed since the file was written, it is saved and comes out as stale. A summary that was not
    edited keeps the fingerprint it had.

    Parameters
    ----------
    study : Study
        The study.
    path : pathlib.Path
        The edited file.

    Returns
    -------
    pandas.DataFrame
        The saved table `summaries`, with `stale`.

    Raises
    ------
    CrosscaseError
        With every problem: no Excel file, missing columns, cells that the matrix does not have or has twice, dates
        that are none, damaged fingerprints. Nothing is saved then.
    """
    frame = _read(path)
    now = framework_frame(study)
    _check(frame, now)
    old = study.summaries.set_index(["case", "theme"])
    rows = []
    for row in frame[frame["summary"].notna()].to_dict("records"):
        key = (row["case"], row["theme"])
        same = key in old.index and old.loc[key, "summary"] == row["summary"]
        mark = old.loc[key, "segments_hash"] if same else row["current_hash"]
        rows.append({c: row[c] for c in ("case", "theme", "summary", "by", "date")} | {"segments_hash": mark})
    schema = tables.schema("summaries")
    columns = list(schema.columns)
    summaries = pd.DataFrame(rows, columns=columns).astype("string")
    frames = {name: study.whole(name) for name in table_names()} | {"summaries": summaries}
    rewrite(study, f"framework read {path.name}", study.info, frames)
    written.note(path)
    hashes = now.set_index(["case", "theme"])["current_hash"]
    keys = zip(summaries["case"], summaries["theme"])
    return summaries.assign(stale=[mark != hashes[key] for mark, key in zip(summaries["segments_hash"], keys)])


def _read(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_excel(path, dtype="string", keep_default_na=False, na_values=[""])
    except Exception as error:
        rule = "the file is an Excel workbook"
        raise CrosscaseError(Problem(path.name, rule, str(error), ".xlsx", "save it as .xlsx")) from None
    if missing := [column for column in READ if column not in frame]:
        rule, found = "the columns of the exported file", f"no {', '.join(missing)}"
        raise CrosscaseError(Problem(path.name, rule, found, ", ".join(READ)))
    frame = frame.map(unguard).astype("string")
    frame["summary"] = frame["summary"].str.strip().replace("", pd.NA)
    frame["date"] = frame["date"].str[:10]
    return frame


def _check(frame: pd.DataFrame, now: pd.DataFrame) -> None:
    cells, seen, problems = set(zip(now["case"], now["theme"])), set(), []
    for number, row in enumerate(frame.to_dict("records"), start=2):
        key, place = (row["case"], row["theme"]), f"row {number}"
        if key not in cells:
            found = f"{key[0]}, {key[1]}"
            problems.append(Problem(place, "a cell of the framework matrix", found, remedy="correct it"))
        elif key in seen:
            problems.append(Problem(place, "one row per cell", f"{key[0]}, {key[1]} twice", remedy="join them"))
        seen.add(key)
        if pd.isna(row["summary"]):
            continue
        if pd.notna(row["date"]) and pd.isna(pd.to_datetime(row["date"], format="%Y-%m-%d", errors="coerce")):
            problems.append(Problem(f"{place}, column date", "a date", repr(row["date"]), "YYYY-MM-DD"))
        mark = row["current_hash"]
        if pd.isna(mark) or len(mark) != 64 or set(mark) - set("0123456789abcdef"):
            where, remedy = f"{place}, column current_hash", "export the sheet again and copy the summaries over"
            problems.append(Problem(where, "the exported fingerprint", repr(mark), "", remedy))
    raise_if(problems)
