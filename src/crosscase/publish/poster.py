"""Posters: one page of vector graphics from the values and figures that the notebooks kept, set by typst, offline."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from crosscase import __version__, paths, renames
from crosscase.analyses.result import Result
from crosscase.analyses.sentences import count, listed
from crosscase.analyses.values import Value
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.publish.book_text import clean
from crosscase.publish.import_page import quotations_words
from crosscase.publish.poster_set import compile_page, compile_pages, qr_code
from crosscase.publish.poster_text import (
    ADDRESS,
    SENTENCES,
    WEB,
    PosterFigure,
    PosterText,
    Run,
    Sentence,
    kept_figure,
    read_poster,
)
from crosscase.publish.values import Kept
from crosscase.publish.words import level_words
from crosscase.release.gate import check_files
from crosscase.study import level_of, load_studies
from crosscase.study.model import QUESTION

TEMPLATE = Path(__file__).with_name("templates") / "poster.typ"
SYNTHESIS = "synthesis"
OPEN = "CC BY 4.0"
FONT = "DejaVu Sans"
FULL = ((52, 2.1), (46, 2.1), (46, 1.8), (46, 1.5), (46, 1.25))
COLUMNS = (56, 50, 46, 42, 38, 34, 32, 30)
LAYOUTS = (*(("full", size, grow) for size, grow in FULL), *(("columns", size, 1.02) for size in COLUMNS))
"""In the order in which they are tried: figures over the whole page or in two columns, the size of the text in points
of an A0 page (30 pt is read fluently from 1.5 m), and how far a figure may grow beyond its print size."""
TOO_MUCH = "poster-does-not-fit"


@dataclass(frozen=True)
class Page:
    """A page: width and height in millimetres, and what all sizes are multiplied by."""

    width: float
    height: float
    factor: float


PAGES: dict[str, Page] = {
    "a0": Page(841.0, 1189.0, 1.0),
    "a1": Page(594.0, 841.0, 594.0 / 841.0),
    "eposter": Page(841.0, 841.0 * 16 / 9, 1.0),
}
"""Sizes to choose from. A1 is A0 made smaller, to be read from 1.1 m; `eposter` has 9:16, for an upright screen."""


def build_posters(
    studies: Sequence[str] | None,
    kept: Kept,
    *,
    page: str = "a0",
    url: str = "",
    say: Callable[[str], Any] | None = None,
) -> list[Path]:
    """Build the poster of each study and, where the synthesis kept something, of the synthesis.

    Parameters
    ----------
    studies : sequence of str or None
        Ids; None builds all studies that kept something.
    kept : Kept
        What the notebooks kept.
    page : str
        `a0`, `a1` or `eposter`.
    url : str
        Printed as a QR code where the poster's file names no other.
    say : callable, optional
        Takes a line for people.

    Returns
    -------
    list of pathlib.Path
        The PDF files; a PNG preview lies beside each.

    Raises
    ------
    CrosscaseError
        With the problems of all posters.
    """
    out: list[Path] = []
    if url and not WEB.fullmatch(url):
        raise CrosscaseError(Problem("option url", ADDRESS, repr(url[:80]), "https://...", "give the whole address"))
    problems: list[Problem] = []
    for name in _names(studies, kept):
        try:
            text = poster_text(name, kept)
            fits = (paths.book() / "posters" / f"{name}.yml").is_file()
            text = replace(text, url=text.url or url)
            out.append(build_poster(text, paths.posters() / f"{name}.pdf", page=page, shorten=not fits))
        except CrosscaseError as error:
            problems += error.problems
    raise_if(problems)
    if say and out:
        say(f"posters: {len(out)} built ({page})")
    return out


def poster_text(name: str, kept: Kept) -> PosterText:
    """Return the words and figures of a poster: from `book/posters/<name>.yml`, else made from the study itself.

    `name` is a study id, or `synthesis`.
    """
    path = paths.book() / "posters" / f"{name}.yml"
    study = _study(name)
    text = read_poster(name, path, kept) if path.is_file() else _default(name, study, kept)
    text.authors = text.authors or (list(study.info.authors) if study else [])
    unnamed = _unnamed(study) if study else "A synthesis of published studies"
    by = "Study by " if study and text.authors else ""
    text.byline = clean(by + ", ".join(text.authors)) or unnamed
    if study and _coded_by_programs(study):
        text.byline += ". Coded again by language models, not by the authors; the headline is ours"
    text.level = study.level if study else level_of()
    text.footer = _footer(study)
    if text.level == "restricted":
        text.footer = [*text.footer, level_words(text.level)]
    return text


def printed(kept: Kept, page: str = "a0") -> Result:
    """Return what the posters print: every value, quotation and figure, with the notebook that made it.

    Parameters
    ----------
    kept : Kept
        What the notebooks kept.
    page : str
        `a0`, `a1` or `eposter`.

    Returns
    -------
    Result
        Its frame has one row per item: `poster, part, kind` (value, quote, figure), `id, text, unit, notebook, page`.
    """
    _page(page)
    rows: list[tuple[str, ...]] = []
    for name in _names(None, kept):
        text = poster_text(name, kept)
        for part, run in text.runs():
            if run.kind != "plain":
                record = kept.values.get(run.id, {})
                origin = (record.get("unit", ""), record.get("notebook", ""))
                rows.append((name, part, run.kind, run.id, run.text, *origin))
        for figure in text.figures:
            caption = "".join(run.text for run in figure.caption)
            notebook = kept.figures[figure.id].get("notebook", "")
            rows.append((name, "figures", "figure", figure.id, caption, "", notebook))
    frame = pd.DataFrame(rows, columns=["poster", "part", "kind", "id", "text", "unit", "notebook"])

    def says(frame: pd.DataFrame) -> str:
        if not kept.values and not kept.figures:
            return "The other notebooks have kept nothing yet that could be printed: run them first (crosscase build)."
        nouns = {"value": "value", "quote": "quotation", "figure": "figure"}
        kinds = [count(int(frame["kind"].eq(kind).sum()), noun) for kind, noun in nouns.items()]
        return f"Kept by notebooks and printed on {count(frame['poster'].nunique(), 'poster')}: {listed(kinds)}."

    return Result(
        frame.assign(page=page),
        "Values and figures printed on the posters.",
        says=says,
        counts=lambda frame: [
            Value("posters.n", frame["poster"].nunique(), "posters", unit="posters"),
            Value("items.n", len(frame), "values and figures printed on posters", unit="items"),
        ],
    )


def build_poster(
    text: PosterText, out: Path, *, page: str = "a0", shorten: bool = False, preview: float = 40.0
) -> Path:
    """Set one poster as PDF (tagged, PDF/UA-1) with a PNG preview; the same input gives the same bytes.

    Parameters
    ----------
    text : PosterText
        What it says.
    out : pathlib.Path
        The PDF file; the preview has the same name with `.png`.
    page : str
        `a0`, `a1` or `eposter`.
    shorten : bool
        Leave out the figures that do not fit on the page with those before them; otherwise that is an error.
    preview : float
        Dots per inch of the preview.

    Returns
    -------
    pathlib.Path
        The PDF file.

    Raises
    ------
    CrosscaseError
        Where the text does not fit on one page, or typst has a warning (a missing font, say).
    """
    size = _page(page)
    with tempfile.TemporaryDirectory(prefix="crosscase-poster-") as folder:
        here = Path(folder)
        (here / "poster.typ").write_bytes(TEMPLATE.read_bytes())
        if shorten:
            text = replace(text, figures=_that_fit(text, size, here))
        chosen = _fitting(text, size, here, LAYOUTS)
        if isinstance(chosen, str):
            found = f"{len(text.messages)} messages, {len(text.figures)} figures: {chosen} too tall on A0"
            rule, remedy = f"a poster fits one page ({page})", "leave out a figure or shorten the texts"
            raise CrosscaseError(Problem(f"poster {text.name}", rule, found, remedy=remedy))
        _write(text, size, *chosen, here)
        made = compile_page(here, "pdf", text.name)
        picture = compile_page(here, "png", text.name, ppi=preview)
        # the page, and what was set on it: words of a figure may be outlines on the page
        files = [*sorted(here.glob("*.svg")), here / "data.json"]
        parts = [(f"{paths.relative(out)} ({file.name})", file) for file in files]
        check_files([(paths.relative(out), made), *parts], [paths.book() / "posters" / f"{text.name}.yml"])
        out.parent.mkdir(parents=True, exist_ok=True)
        renames.write(out, made, then="build again")
        renames.write(out.with_suffix(".png"), picture, then="build again")
    return out


def _page(page: str) -> Page:
    if page not in PAGES:
        rule, known = "the size of a poster is known", ", ".join(PAGES)
        raise CrosscaseError(Problem("option page", rule, repr(page), known, "choose one of these"))
    return PAGES[page]


def _names(studies: Sequence[str] | None, kept: Kept) -> list[str]:
    """Return the posters to be built, in the order in which things were kept, the synthesis last."""
    owners = dict.fromkeys(key.split(".", 1)[0] for key in [*kept.values, *kept.figures])
    every = [name for name in owners if (paths.studies() / name / "study.yml").is_file()]
    chosen = [name for name in every if not studies or name in studies]
    return chosen + ([SYNTHESIS] if SYNTHESIS in owners else [])


def _study(name: str) -> Any:
    from crosscase.study import load_study

    return None if name == SYNTHESIS else load_study(name)


def _default(name: str, study: Any, kept: Kept) -> PosterText:
    """Make a poster for a study that has no poster file: its question, its key numbers, its figures."""
    mine = [record for key, record in kept.values.items() if key.startswith(f"{name}.")]
    numbers = [r for r in sorted(mine, key=_rank) if r.get("unit") and r["value"] and not isinstance(r["value"], str)]
    drawn = [record for key, record in kept.figures.items() if key.startswith(f"{name}.")]
    figures = [kept_figure(record["id"], kept) for record in sorted(drawn, key=_rank)[:8]]
    info = study.info if study else None
    title = info.short_title if info else "Synthesis across studies"
    question = info.question if info else "What do the studies report in common, and where do they differ?"
    constructs = "Constructs of published frameworks over all studies; studies are counted."
    methods = clean(info.design) if info else constructs
    messages: list[Sentence] = [(Run(r["text"], "value", r["id"]), Run(f" {_named(r)}")) for r in numbers[:6]]
    gaps = [clean(gap) for gap in info.not_stated[:6]] if info else []
    who = "The publications do not state" if info and info.publications else "Not stated yet"
    limits = (Run(f"{who}: {'; '.join(gaps)}."),) if gaps else ()
    finding = (Run(clean(question if question != QUESTION else title)),)
    return PosterText(name, clean(title), finding, (), (Run(methods),) if methods else (), limits, messages, figures)


def _rank(record: dict[str, Any]) -> bool:
    """Sort what answers the question before what describes the material."""
    return not str(record.get("notebook", "")).startswith(("50", "60"))


def _named(record: dict[str, Any]) -> str:
    """Return the unit and what it is about, without saying the same word twice."""
    unit, about = clean(record["unit"]), clean(record["about"])
    return about if unit.split(" ")[0].lower() in about.lower() else f"{unit}: {about}"


def _unnamed(study: Any) -> str:
    """Say why no author is named: a publication states none, or only the file we hold lacks them; else nothing."""
    if not study.info.publications:
        return ""
    lacking = any("author" in each.lower() for each in study.info.not_in_file)
    return "Authors not in the file we hold" if lacking else "Authors not stated in the publication"


def _coded_by_programs(study: Any) -> bool:
    return any(coder.kind == "language_model" for coder in study.info.coders.values())


def _footer(study: Any) -> list[str]:
    info = study.info if study else None
    lines = []
    if info and info.publications:
        lines.append("Sources: " + "; ".join(clean(item.citation) for item in info.publications) + ".")
    every = [study] if study else list(load_studies())
    if all(_coded_by_programs(each) for each in every):
        lines.append(
            "Coded by language models from one codebook: this shows the method on real documents and is no human "
            "reliability."
        )
    if study and (said := quotations_words(study)):
        lines.append(said)
    licence = clean(info.licence) if info else ""
    if not info and all(each.info.licence.startswith(OPEN) for each in every):
        licence = f"Text, figures and data: {OPEN}"
    made = f"Made with Crosscase {__version__}; each number is kept under an id."
    lines.append(f"Licence: {licence.rstrip('.')}. {made}" if licence else made)
    return lines


def _that_fit(text: PosterText, page: Page, folder: Path) -> list[PosterFigure]:
    """Return the figures, in their order, that fit on the page together with those before them."""
    figures: list[PosterFigure] = []
    for figure in text.figures:
        if not isinstance(_fitting(replace(text, figures=[*figures, figure]), page, folder, LAYOUTS[-1:]), str):
            figures.append(figure)
    return figures


def _fitting(
    text: PosterText, page: Page, folder: Path, layouts: Sequence[tuple[str, int, float]]
) -> tuple[str, int, float] | str:
    """Return the first layout with which everything stands on one page, or by how much the last one does not."""
    over = ""
    for layout in layouts:
        _write(text, page, *layout, folder)
        try:
            made = compile_pages(folder, "png", text.name, 2.0)
        except CrosscaseError as error:
            found = re.search(TOO_MUCH + r" by (\d+ mm)", str(error))
            if not found:
                raise
            over = found[1]
            continue
        if not isinstance(made, list):
            return layout
    return over or "more than a page"


def _write(text: PosterText, page: Page, layout: str, body: int, grow: float, folder: Path) -> None:
    """Write what the template reads: texts as plain strings, figures, the QR code."""
    margin, gutter = 28 * page.factor, 24 * page.factor
    column = (page.width - 2 * margin - gutter) / 2 / 25.4 * 72
    data = {name: getattr(text, name) for name in ("title", "authors", "byline", "footer", "url")}
    data |= {name: _runs(getattr(text, name)) for name in SENTENCES}
    data |= {"level": level_words(text.level), "finding-text": "".join(run.text for run in text.finding)}
    data |= {"messages": [_runs(message) for message in text.messages], "qr": qr_code(text.url, folder)}
    data |= {"figures": [_figure(f, i, folder, column / page.factor) for i, f in enumerate(text.figures)]}
    data |= {"font": FONT, "lang": "en", "layout": layout, "body": body, "grow": grow}
    data |= {"margin": margin, "gutter": gutter} | asdict(page)
    (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def _runs(sentence: Sentence) -> list[dict[str, str]]:
    return [{"text": run.text, "kind": run.kind} for run in sentence]


def _figure(figure: PosterFigure, number: int, folder: Path, column: float) -> dict[str, Any]:
    name = f"figure{number}.svg"
    (folder / name).write_bytes(figure.svg)
    shown = {"file": name, "alt": figure.alt, "caption": _runs(figure.caption)}
    return shown | {"width": figure.width, "wide": figure.width > column * 1.02}
