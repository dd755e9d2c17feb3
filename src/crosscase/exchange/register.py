"""Tell what a file is by its content, and bring it in as a study: whole, or not at all."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.exchange import names
from crosscase.exchange.again import keep_what_people_wrote, known_study
from crosscase.exchange.formats import FORMATS, detect
from crosscase.exchange.imported import Imported
from crosscase.exchange.neutral import neutralise
from crosscase.exchange.permission import in_vivo, sign, take_no_release, what_stays, withhold, written_counts
from crosscase.exchange.placed import StandingText
from crosscase.exchange.report import ImportReport
from crosscase.exchange.standing import standing_texts
from crosscase.refusals import refused
from crosscase.study import Study, StudyInfo, levels, save_study
from crosscase.study.keys import KEY_FILE, new_key, read_key
from crosscase.study.model import IMPORTED, QUESTION, Coder, blank_info, read_info
from crosscase.study.save import check_name

Progress = Callable[[float], None]
REPORT = "import.md"
MAPPING = "import_map.json"
OURS = ("question", "not_stated", "origin")
"""What an import writes into `study.yml` by itself."""


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Pause the search for circles: an import makes millions of small tuples and no circles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_without_collecting()
def import_file(
    path: Path,
    study_name: str | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
    replace: bool = False,
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
        Whether a study of this name, and its texts, may be replaced.

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
    _refuse_overwriting(name, replace)
    kind = detect(path)
    remembered = _remembered(name) if mapping is None else {}
    standing = known_study(name) if replace else None
    texts = standing_texts(standing) if standing is not None and kind == "segments" else []
    try:
        found = _read(kind, path, {**remembered, **(mapping or {})}, progress, texts)
    except CrosscaseError:
        if not remembered:
            raise
        found = _read(kind, path, mapping or {}, progress, texts)
    asked = take_no_release(found)
    if standing is not None:
        _refuse_without_names(standing)
    info = neutralise(found, study_info(found, name), *_names_before(standing))
    if standing is not None:
        info = keep_what_people_wrote(standing, found, info)
    key = (read_key(name) if replace else None) or new_key()
    sign(found, key)
    ours = _ours(info, name, found) if standing is None else read_info(standing.folder / "study.yml")
    held = withhold(found.frames, found.memos, _texts_of(found), info.public)
    if info.public == levels.ALL and len(held):
        info = info.model_copy(update={"public": list(levels.releasable())})
    report = ImportReport(
        study=name,
        file=path.name,
        sha256=_digest(path),
        format=found.format,
        origin=found.origin,
        counts=written_counts(found),
        left_out=found.left_out.texts(),
        warnings=found.warnings.texts(),
        positions=found.positions,
        mapping=found.mapping,
        notes=[*found.notes, *_advice(name, found)],
        asked=asked,
        restricted=what_stays(found, info, name, ours),
        in_vivo=in_vivo(found),
        withheld=len(held),
        names=found.frames["names"],
    )
    if not dry_run:
        report.folder = paths.studies() / name
        kept = {REPORT: report.text(), KEY_FILE: key.text()}
        if found.mapping:
            kept[MAPPING] = json.dumps(found.mapping, indent=2, ensure_ascii=False) + "\n"
        beside: dict[str, Any] = {"extra": {REPORT: report.public_text()}, "kept": kept, "ours": ours, "withheld": held}
        try:
            save_study(name, info, found.frames, memos=found.memos, texts=found.texts, replace=replace, **beside)
        except OSError as error:
            place = "" if error.filename else f"data/studies/{name}"
            raise CrosscaseError(refused(error, place, "import again; nothing was kept")) from None
    if progress is not None:
        progress(1.0)
    return report


def _refuse_without_names(standing: Study) -> None:
    """Refuse to replace an imported study whose names are not at hand: its ids would be drawn anew.

    Tables that people wrote by hand name these ids; drawn anew they would stand for other cases.
    """
    if standing.info.public != levels.ALL and standing.info.origin.startswith(IMPORTED) and not standing.has("names"):
        rule = "a study is imported again where the names behind its ids are at hand"
        remedy = f"put restricted/{standing.name}/ back from the machine of the first import, or choose another --study"
        raise CrosscaseError(Problem(f"restricted/{standing.name}/names.csv", rule, "none", remedy=remedy))


def _texts_of(found: Imported) -> dict[str, str]:
    """Return the texts of what was read under the ids of their documents."""
    own = {PurePosixPath(file).stem: text for file, text in found.texts.items() if "/" not in file}
    return {document: text for document, text in own.items() if isinstance(text, str)}


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


def _names_before(standing: Study | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the names that neutral ids stand for, and the documents, of the study that is replaced."""
    if standing is None:
        return tables.empty(tables.schema("names")), tables.empty(tables.schema("documents"))
    return standing.whole("names"), standing.whole("documents")


def _read(
    kind: str, path: Path, mapping: Mapping[str, str], progress: Progress | None, texts: Sequence[StandingText] = ()
) -> Imported:
    """Read a file; what no reader foresaw becomes a message too, so that a person never meets a traceback."""
    try:
        return FORMATS[kind].read(path, mapping, progress, texts)
    except CrosscaseError:
        raise
    except Exception as error:
        rule, found = f"the file can be read as {FORMATS[kind].label}", ascii(f"{type(error).__name__}: {error}")[:200]
        remedy = "export it again; if that does not help, tell the maintainers, the reader did not foresee this"
        raise CrosscaseError(Problem(path.name, rule, found, remedy=remedy)) from error


def study_info(found: Imported, name: str) -> StudyInfo:
    """Return what `study.yml` says about an imported study, the unknown named as such."""
    if isinstance(found.info, StudyInfo):
        return found.info.model_copy(update={"public": []})
    title = found.title or name
    coded = list(dict.fromkeys(found.frames["codings"]["coder"])) if "codings" in found.frames else []
    return StudyInfo(
        title=title,
        short_title=title if len(title) <= 40 else title[:39].rstrip() + "…",
        question=QUESTION,
        stance="unspecified",
        design=names.prose(found.description)[:2000],
        coders={coder: Coder(kind=who.kind, description=who.description) for coder, who in found.coders.items()},
        primary_coder=coded[0] if len(coded) == 1 else None,
        not_stated=["research question", "analytic stance", "roles", "published facts"],
        origin=f"{IMPORTED} ({found.format})",
        reconciled_rounds=found.reconciled,
        public=[],
    )


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


def _refuse_overwriting(name: str, replace: bool) -> None:
    if replace:
        return
    problems, texts, other = [], paths.restricted() / name, "another --study, or --replace"
    if (paths.studies() / name).exists():
        rule = "a study is never overwritten by accident"
        problems.append(Problem(f"data/studies/{name}", rule, "it exists", other))
    if texts.is_dir() and any(texts.iterdir()):
        rule = "texts that are there already are never overwritten by accident"
        problems.append(Problem(f"restricted/{name}", rule, "a folder with files", other))
    raise_if(problems)


def _remembered(name: str) -> dict[str, str]:
    path = paths.restricted() / name / MAPPING
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
    for file in files:
        with file.open("rb") as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()
