"""Who codes: a coder of the study, or a new one, under an id that says nothing where names are not released."""

from __future__ import annotations

import secrets

from crosscase import ids
from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.names import label, slug
from crosscase.exchange.neutral import RESERVED
from crosscase.study import levels
from crosscase.study.load import Study

ALONE = "coder"


def coder_of(study: Study, wanted: str | None) -> tuple[str, str]:
    """Return id and name of a coder.

    Parameters
    ----------
    study : Study
        The study.
    wanted : str or None
        A name or id; without one the primary coder, or the only one that the study has.

    Raises
    ------
    CrosscaseError
        Where several could be meant, or the name cannot be taken.
    """
    names = study.coder_names() | {coder: coder for coder in study.coders() if coder not in study.coder_names()}
    names = {id: name for id, name in names.items() if id not in RESERVED["coder"]}
    if wanted is None:
        if study.info.primary_coder in names:
            return str(study.info.primary_coder), names[str(study.info.primary_coder)]
        if len(names) > 1:
            rule, remedy = "the coding page knows who codes", 'say it: workbench("my-study", coder="anna")'
            raise CrosscaseError(Problem(f"study {study.name}", rule, "several coders", ", ".join(names), remedy))
        wanted = next(iter(names), ALONE)
    by_name = [id for id, name in names.items() if wanted in (id, name)]
    if by_name:
        return by_name[0], names[by_name[0]]
    name, plain = label(wanted), slug(wanted, ALONE)
    if not name or plain in RESERVED["coder"] or ids.unfit(plain):
        rule = "a coder has a name of their own"
        raise CrosscaseError(Problem("coder", rule, repr(wanted), "letters and digits", "choose another name"))
    if study.info.public == levels.ALL:
        return plain, plain
    while (id := f"c{secrets.randbelow(900_000) + 100_000}") in names:
        pass
    return id, name
