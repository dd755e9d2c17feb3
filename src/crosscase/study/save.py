"""The one writer of the study data: a study appears whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import yaml

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem
from crosscase.study.model import StudyInfo

_PLAIN = re.compile(r"\w[\w.-]*(/\w[\w.-]*)*", re.ASCII)  # leads nowhere else, so that nothing need be resolved


def save_study(
    name: str,
    info: StudyInfo,
    frames: Mapping[str, pd.DataFrame],
    *,
    memos: Mapping[str, str] | None = None,
    texts: Mapping[str, str | bytes] | None = None,
    extra: Mapping[str, str] | None = None,
    replace: bool = False,
) -> Path:
    """Write a study under `data/studies/`, and its texts under `restricted/`, each by one rename.

    Parameters
    ----------
    name : str
        Id of the study.
    info : StudyInfo
        Content of `study.yml`.
    frames : mapping of str to pandas.DataFrame
        Table name -> frame with columns of the dictionary; empty optional tables are not written.
    memos : mapping of str to str, optional
        File name without ending -> Markdown.
    texts : mapping of str to str or bytes, optional
        Document -> content; goes to `restricted/` and nowhere else.
    extra : mapping of str to str, optional
        Other files beside the tables, such as the report of an import.
    replace : bool
        Whether a study of this name may be replaced.

    Returns
    -------
    pathlib.Path
        Folder of the study.

    Raises
    ------
    CrosscaseError
        Where the name is no safe folder name, the study exists and `replace` is False, or a frame has unknown columns.
    """
    check_name(name)
    target = paths.studies() / name
    if target.exists() and not replace:
        raise CrosscaseError(
            Problem(
                f"data/studies/{name}",
                "a study is never overwritten by accident",
                "it exists",
                remedy="choose another name",
            )
        )
    files: dict[str, str | bytes] = {"study.yml": dump_info(info)}
    for table, frame in frames.items():
        schema = tables.schema(table)
        if schema.required or not frame.empty:
            files[f"{table}.csv"] = tables.to_csv(frame, schema)
    files |= {f"memos/{memo}.md": text.rstrip("\n") + "\n" for memo, text in (memos or {}).items()}
    files |= dict(extra or {})
    new_texts = texts is not None and not (paths.restricted() / name).exists()
    if texts:
        _write_folder(paths.restricted() / name, dict(texts))
    try:
        _write_folder(target, files)
    except BaseException:
        if new_texts:
            shutil.rmtree(paths.restricted() / name, ignore_errors=True)
        raise
    return target


def dump_info(info: StudyInfo) -> str:
    """Return `study.yml` as text, keys in the model's order, empty keys left out."""
    content = info.model_dump(exclude_defaults=True)
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


def check_name(name: str) -> None:
    """Refuse a study id that is not a plain folder name.

    Raises
    ------
    CrosscaseError
        Where it holds anything but lower-case letters, digits and hyphens.
    """
    plain = name.replace("-", "").isalnum() and name.isascii() and name == name.lower() and not name.startswith("-")
    reserved = {"con", "prn", "aux", "nul", "synthesis", "poster", "compendium"}
    if not plain or name in reserved or len(name) > 60:
        raise CrosscaseError(
            Problem(
                f"study name {name!r}", "a study id is a plain folder name", allowed="a-z, 0-9 and hyphens, at most 60"
            )
        )


def safe_file(folder: Path, name: str) -> Path:
    """Return the path of a file inside a folder, refusing names that lead out of it.

    Raises
    ------
    CrosscaseError
        Where the name is absolute, climbs, or is empty.
    """
    path = (folder / name).resolve()
    if not name or not path.is_relative_to(folder.resolve()) or path == folder.resolve():
        raise CrosscaseError(
            Problem(f"file name {name!r}", "a file stays inside its study's folder", remedy="rename it")
        )
    return path


def _write_folder(target: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files into a new folder beside the target, then put it in the target's place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    made = {staging}
    try:
        for name, content in files.items():
            path = staging / name if _PLAIN.fullmatch(name) else safe_file(staging, name)
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        staging.chmod(0o755)
        if target.exists():
            old = staging.with_name(staging.name + "-old")
            os.replace(target, old)
            os.replace(staging, target)
            shutil.rmtree(old)
        else:
            os.replace(staging, target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
