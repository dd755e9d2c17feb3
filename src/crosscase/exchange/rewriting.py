"""A study that stands written again: notes that repeat a text stay back, and what it was before is kept for an undo."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.permission import withhold
from crosscase.refusals import refused
from crosscase.study import Study, StudyInfo, before, levels, load_study, save_study
from crosscase.study.locked import locked
from crosscase.study.model import read_info
from crosscase.study.save import Withheld


def held_back(
    info: StudyInfo, frames: Mapping[str, pd.DataFrame], memos: Mapping[str, str], texts: Mapping[str, str]
) -> tuple[StudyInfo, Withheld]:
    """Return what stays back because it repeats a text that nobody has released, and `study.yml` as it is then."""
    held = withhold(frames, memos, texts, info.public)
    if info.public == levels.ALL and len(held):
        info = info.model_copy(update={"public": list(levels.releasable())})
    return info, held


def rewrite(
    study: Study,
    what: str,
    info: StudyInfo,
    frames: Mapping[str, pd.DataFrame],
    *,
    memos: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
    extra: Mapping[str, str | bytes] | None = None,
    kept: Mapping[str, str | bytes] | None = None,
    written: Collection[str] = (),
    gone: Collection[str] = (),
) -> Path:
    """Write a study again, whole or not at all; `crosscase undo` brings back what it was.

    Parameters
    ----------
    study : Study
        The study as it stands.
    what : str
        The command, for people: the name of what an undo takes back.
    info : StudyInfo
        `study.yml` as it is to be.
    frames : mapping of str to pandas.DataFrame
        Every table of the study.
    memos : mapping of str to str, optional
        Its memos; those that stand by default.
    texts : mapping of str to str, optional
        Document -> text, of those that are not released word by word; those that stand by default.
    extra, kept : mapping of str to str or bytes, optional
        Files that change beside the public tables, and under `restricted/`.
    written, gone : collection of str
        Files under `restricted/` beside tables and memos that are written, and that are taken away.

    Returns
    -------
    pathlib.Path
        Folder of the study.

    Raises
    ------
    CrosscaseError
        Where somebody has changed a table since `study` was read, or the system refuses to write; then the study
        stays as it is.
    """
    name = study.name
    with locked(name):
        _refuse_stale(study)
        return _rewritten(study, what, info, frames, memos, texts, extra, kept, written, gone)


def _refuse_stale(study: Study) -> None:
    """Refuse to write what was made of a study that somebody has changed since: what they wrote would be gone."""
    now = load_study(study.name)
    changed = [name for name in study.read_so_far() if not now.whole(name).equals(study.whole(name))]
    if changed:
        found = f"another {' and another '.join(f'{name}.csv' for name in changed)}"
        rule, remedy = "the study is as it was when the command read it", "run the command again; nothing was written"
        raise CrosscaseError(Problem(f"data/studies/{study.name}", rule, found, remedy=remedy))


def _rewritten(
    study: Study,
    what: str,
    info: StudyInfo,
    frames: Mapping[str, pd.DataFrame],
    memos: Mapping[str, str] | None,
    texts: Mapping[str, str] | None,
    extra: Mapping[str, str | bytes] | None,
    kept: Mapping[str, str | bytes] | None,
    written: Collection[str],
    gone: Collection[str],
) -> Path:
    name = study.name
    memos = study.whole_memos() if memos is None else memos
    info, held = held_back(info, frames, memos, dict(study.unreleased_texts()) if texts is None else texts)
    how: dict[str, Any] = {"extra": study.beside() | dict(extra or {}), "kept": kept, "gone": gone, "withheld": held}
    how |= {"memos": memos, "ours": read_info(study.folder / "study.yml"), "replace": True}
    was = before.keep_before(name, what, {*written, *gone})
    try:
        folder = save_study(name, info, frames, **how)
    except OSError as error:
        before.drop(was)
        place = "" if error.filename else f"data/studies/{name}"
        raise CrosscaseError(refused(error, place, "try again; the study is as it was")) from None
    except BaseException:
        before.drop(was)
        raise
    before.finish(name, was)
    return folder
