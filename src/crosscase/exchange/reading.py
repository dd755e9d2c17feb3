"""A file read by whichever reader knows it, and what `study.yml` says of it; nothing is written here."""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from crosscase import paths
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import names
from crosscase.exchange.formats import FORMATS, detect
from crosscase.exchange.imported import Imported
from crosscase.exchange.placed import StandingText
from crosscase.exchange.standing import standing_texts
from crosscase.study import Study, StudyInfo
from crosscase.study.model import IMPORTED, QUESTION, Coder

Progress = Callable[[float], None]
REPORT, MAPPING = "import.md", "import_map.json"


@contextmanager
def without_collecting() -> Iterator[None]:
    """Pause the search for circles: an import makes millions of small tuples and no circles."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def read(
    path: Path,
    name: str,
    mapping: Mapping[str, str] | None,
    progress: Progress | None,
    standing: Study | None = None,
) -> Imported:
    """Read a file for a study; columns are taken for what they were taken for the last time, where that fits.

    A table of codings goes on the texts that the `standing` study has. What no reader foresaw becomes a message too, so
    that a person never meets a traceback.
    """
    kind = detect(path)
    texts = standing_texts(standing) if standing is not None and kind in ("segments", "mixed") else []
    remembered = _remembered(name) if mapping is None else {}
    try:
        return _read(kind, path, {**remembered, **(mapping or {})}, progress, texts)
    except CrosscaseError:
        if not remembered:
            raise
        return _read(kind, path, mapping or {}, progress, texts)


def _read(
    kind: str, path: Path, mapping: Mapping[str, str], progress: Progress | None, texts: Sequence[StandingText]
) -> Imported:
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


def texts_of(found: Imported) -> dict[str, str]:
    """Return the texts of what was read under the ids of their documents."""
    own = {PurePosixPath(file).stem: text for file, text in found.texts.items() if "/" not in file}
    return {document: text for document, text in own.items() if isinstance(text, str)}


def _remembered(name: str) -> dict[str, str]:
    path = paths.restricted() / name / MAPPING
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in content.items()} if isinstance(content, dict) else {}


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, or of all files of a folder."""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink())
    for file in files:
        with file.open("rb") as stream:
            while part := stream.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()
