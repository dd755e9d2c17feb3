"""Tell what a file is by its content, and bring it in as a study: whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.exchange import look_alikes
from crosscase.exchange.adding import LetGo, add_files, nothing_goes
from crosscase.exchange.imported import Imported
from crosscase.exchange.neutral import neutralise
from crosscase.exchange.permission import in_vivo, sign, take_no_release, what_stays, withhold, written_counts
from crosscase.exchange.reading import (
    MAPPING,
    REPORT,
    Progress,
    digest_of,
    read,
    study_info,
    texts_of,
    without_collecting,
)  # fmt: skip
from crosscase.exchange.report import ImportReport
from crosscase.refusals import refused
from crosscase.study import StudyInfo, save_study
from crosscase.study.keys import KEY_FILE, new_key
from crosscase.study.model import blank_info
from crosscase.study.said import MEMOS, SAID, Said, memo_frame
from crosscase.study.save import check_name

OURS = ("question", "not_stated", "origin")
"""What an import writes into `study.yml` by itself."""


@without_collecting()
def import_file(
    path: Path,
    study_name: str | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    replace: bool = False,
    let_go: LetGo = nothing_goes,
) -> ImportReport:
    """Make a study of a file: tables in `data/studies/`, texts in `restricted/`, and a report.

    Parameters
    ----------
    path : pathlib.Path
        A project, codebook, table or document, or a folder of documents or tables.
    study_name : str, optional
        Id of the study; `study-1`, `study-2` ... where it is not given: a file's name may tell a person's.
    mapping : mapping of str to str, optional
        For tables: heading of a column -> what it holds, a field or how its codes are written; corrects the guess.
    dry_run : bool
        Whether to report only.
    progress : callable, optional
        Told the part that is done, 0 to 1.
    replace : bool
        Whether the file is a newer export of a study that is there: it is merged into it (`add_files`).
    let_go : callable, optional
        With `replace`: what of that which the file no longer has may go, as `add_files` takes it.

    Returns
    -------
    ImportReport
        What was read, left out, and looks wrong.

    Raises
    ------
    CrosscaseError
        Where the file is not understood, broken or hostile, or the study exists; then nothing is written.
    """
    path, name = Path(path), study_name or _free_name()
    check_name(name)
    if replace and (paths.studies() / name / "study.yml").is_file():
        how: dict[str, Any] = {"mapping": mapping, "dry_run": dry_run, "progress": progress, "let_go": let_go}
        return add_files(name, [path], whole=True, **how)
    _refuse_overwriting(name)
    found = read(path, name, mapping, progress)
    asked = take_no_release(found)
    nothing = [tables.empty(tables.schema(table)) for table in ("names", "documents")]
    info = neutralise(found, study_info(found, name), *nothing)
    key = new_key()
    sign(found, key)
    ours = _ours(info, name, found)
    held = withhold(found.frames, found.memos, texts_of(found), info.public)
    report = ImportReport(
        study=name,
        file=path.name,
        sha256=digest_of(path),
        format=found.format,
        origin=found.origin,
        counts=written_counts(found),
        left_out=found.left_out.texts(),
        warnings=found.warnings.texts(),
        positions=found.positions,
        mapping=found.mapping,
        notes=[*found.notes, *look_alikes.said(name, found.frames["codebook"]), *_advice(name, found)],
        asked=asked,
        restricted=what_stays(found, info, name, ours),
        in_vivo=in_vivo(found),
        withheld=len(held),
        names=found.frames["names"],
    )
    if not dry_run:
        report.folder = paths.studies() / name
        said = Said(found.format, {**found.frames, MEMOS.name: memo_frame(found.memos)})
        kept = {REPORT: report.text(), KEY_FILE: key.text(), SAID: said.text()}
        if found.mapping:
            kept[MAPPING] = json.dumps(found.mapping, indent=2, ensure_ascii=False) + "\n"
        beside: dict[str, Any] = {"extra": {REPORT: report.public_text()}, "kept": kept, "ours": ours, "withheld": held}
        try:
            save_study(name, info, found.frames, memos=found.memos, texts=found.texts, **beside)
        except OSError as error:
            place = "" if error.filename else f"data/studies/{name}"
            raise CrosscaseError(refused(error, place, "import again; nothing was kept")) from None
    if progress is not None:
        progress(1.0)
    return report


def _ours(info: StudyInfo, name: str, found: Imported) -> StudyInfo:
    """Return what of a new `study.yml` is not the file's but our own."""
    own = {key: getattr(info, key) for key in OURS} if found.info is None else {}
    return blank_info(name).model_copy(update=own)


def _free_name() -> str:
    """Return a study id that is not taken; the name of the file would tell what the file is called."""
    number = 1
    while (paths.studies() / f"study-{number}").exists() or (paths.restricted() / f"study-{number}").exists():
        number += 1
    return f"study-{number}"


def _advice(name: str, found: Imported) -> list[str]:
    """Tell what the reader of the report should know next."""
    notes = []
    if found.texts:
        notes.append(
            f"The texts are under restricted/{name}/ and no quotation is released: change the column release in "
            f"data/studies/{name}/documents.csv for what may be printed."
        )
    coders = found.frames["codings"]["coder"].nunique() if "codings" in found.frames else 0
    if coders > 1:
        notes.append(f"{coders} coders have coded; matrices count all of them unless study.yml names a primary_coder.")
    return notes


def _refuse_overwriting(name: str) -> None:
    problems, texts = [], paths.restricted() / name
    if (paths.studies() / name).exists():
        rule = "a study is never overwritten by accident"
        problems.append(Problem(f"data/studies/{name}", rule, "it exists", "another --study, or --replace"))
    if texts.is_dir() and any(texts.iterdir()):
        rule = "texts that are there already are never overwritten by accident"
        remedy = "choose another --study" if problems else f"put data/studies/{name}/ back, or choose another --study"
        problems.append(Problem(f"restricted/{name}", rule, "a folder with files", remedy=remedy))
    raise_if(problems)
