"""The texts that a study has already, so that a table of codings goes on them and shortens none."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from crosscase.exchange.placed import MADE, StandingText
from crosscase.study import Study
from crosscase.study.load import SILENT
from crosscase.study.texts import read_verified


def standing_texts(study: Study) -> list[StandingText]:
    """Return the whole texts of a study that are here, each with its original and pages.

    Documents that an earlier table was made into are none: the next table makes them anew. `CrosscaseError` where a
    text is not the one that was coded.
    """
    names, pages = study.names("document"), study.whole("pages")
    originals = {path.stem: path for path in sorted((study.restricted / "originals").glob("*")) if path.is_file()}
    found = []
    for row in study.whole("documents").to_dict("records"):
        if row["kind"] in SILENT or row["extractor"] == MADE:
            continue
        if (text := read_verified(study.name, row)) is not None:
            found.append(_standing(row, text, names, originals, pages))
    return found


def _standing(row: dict[str, Any], text: str, names: dict[str, str], originals: dict, pages: Any) -> StandingText:
    document = str(row["document"])
    name = names.get(document, document)
    title = row["title"] if isinstance(row["title"], str) else name
    original = originals.get(PurePosixPath(document).stem)
    mine = pages[pages["document"] == document].sort_values("page")
    return StandingText(
        title=title,
        text=text,
        known_as=frozenset({document, name, title}),
        kind=str(row["kind"]),
        extractor=row["extractor"] if isinstance(row["extractor"], str) else None,
        original=None if original is None else original.read_bytes(),
        suffix="" if original is None else original.suffix.lstrip("."),
        pages=[int(start) for start in mine["start"]],
    )
