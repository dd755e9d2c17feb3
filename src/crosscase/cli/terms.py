"""The command on the words of a study's documents, for those who have the texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosscase.cli.group import main, width
from crosscase.errors import CrosscaseError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from crosscase.analyses.result import Result

TOP = 40
COLUMNS = {
    "terms": ["term", "n", "n_documents", "per_1000", "group", "log_likelihood", "log_ratio"],
    "where": ["query", "unit", "id", "state", "n", "n_words", "per_1000"],
    "lines": ["document", "left", "match", "right"],
    "beside": ["term", "n_near", "n", "expected", "log_likelihood", "log_dice"],
}


@main.command()
@click.argument("study")
@click.argument("words", nargs=-1)
@click.option("--lines", "how", flag_value="lines", help="Each place of the words, with the text around it.")
@click.option("--beside", "how", flag_value="beside", help="What stands beside the words.")
@click.option("--by", type=click.Choice(["document", "case"]), default="document", help="What terms are typical of.")
@click.option("--window", type=click.IntRange(1, 100), default=5, show_default=True, help="Words, for --beside.")
@click.option("--least", type=click.IntRange(1), default=2, show_default=True, help="How often a term occurs at least.")
@click.option("--all-words", is_flag=True, help="List the common words of the language too.")
@click.option("--top", type=click.IntRange(1), default=TOP, show_default=True, help="Rows shown; a file has them all.")
@click.option("--csv", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write the whole table to a file.")
@click.option("--replace", is_flag=True, help="Replace the file where it exists.")
def terms(
    study: str, words: tuple[str, ...], how: str | None, by: str, window: int, least: int, all_words: bool, top: int,
    file: Path | None, replace: bool,
) -> None:  # fmt: skip
    """Show the terms of STUDY; with WORDS, where each of these occurs, in all its forms.

    A phrase stands in quotation marks, a star for any letters. Words in "stopwords.txt" of the study (one a line) are
    not listed. The texts must be at hand; a file of their words goes under restricted/, or out of the compendium.

    \b
    crosscase terms my-study
    crosscase terms my-study trust "integrated care"
    crosscase terms my-study "integrat*" --lines
    """
    from crosscase.analyses import terms as ask
    from crosscase.study import load_study

    if file is not None:
        _refuse(file, replace)
    if how and not words:
        raise CrosscaseError(
            Problem(f"--{how}", "it needs a word", "none", remedy=f"crosscase terms {study} WORD --{how}")
        )
    kept = load_study(study)
    if how == "lines":
        found = [ask.kwic(kept, word) for word in words]
    elif how == "beside":
        found = [ask.collocations(kept, word, window, least=least, all_words=all_words) for word in words]
    elif words:
        found = [ask.occurrence(kept, list(words))]
    else:
        found = [ask.terms(kept, by, least=least, all_words=all_words)]  # type: ignore[arg-type]
    for result in found:
        _show(result, COLUMNS[how or ("where" if words else "terms")], top)
    if file is not None and not found[0].refused:
        _write(file, found, words if how else (), study)


def _refuse(file: Path, replace: bool) -> None:
    """Refuse a place from which words of unreleased texts would travel, and a file that is there."""
    from crosscase import paths

    place = file.resolve()
    if place.is_relative_to(paths.root()) and not place.is_relative_to(paths.restricted().resolve()):
        rule, remedy = (
            "words of texts are written where they do not travel",
            f"restricted/{file.name}, or another folder",
        )
        raise CrosscaseError(Problem(str(file), rule, "a place inside the compendium", remedy=remedy))
    if file.exists() and not replace:
        rule = "a file is never overwritten by accident"
        raise CrosscaseError(Problem(str(file), rule, "it exists", remedy="another FILE, or --replace"))


def _write(file: Path, found: list[Result], words: tuple[str, ...], study: str) -> None:
    import pandas as pd

    from crosscase.publish.cells import write_csv
    from crosscase.release.gate import put_file

    frames = [result.table for result in found]
    for word, frame in zip(words, frames):
        frame.insert(0, "query", word)
    whole = pd.concat(frames, ignore_index=True)
    put_file(file, lambda target: write_csv(whole, target), without=[study])
    click.echo(f"written: {file}, {len(whole):,} rows")


def _show(result: Result, columns: list[str], top: int) -> None:
    """Print a result: its sentence, the first rows of its table, and its limits."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(width=width(), highlight=False)
    console.print(Text(result.sentence))
    if result.refused:
        return
    frame, lines = result.table, columns == COLUMNS["lines"]
    rows = _fitted(frame.head(top)) if lines else frame.head(top)
    shown = Table(box=None, pad_edge=False)
    for name in columns:
        heading = result.headings.get(name, name.replace("_", " "))
        right = name == "left" or frame[name].dtype.kind in "iuf"
        shown.add_column(heading, justify="right" if right else "left", no_wrap=lines)
    for row in rows[columns].itertuples(index=False):
        shown.add_row(*map(Text, map(_cell, row)))
    if len(frame):
        console.print(shown)
    if len(frame) > top:
        console.print(Text(f"{len(frame) - top:,} more rows: --top {len(frame)}, or --csv FILE"))
    console.print(Text(result.about))


def _fitted(frame: pd.DataFrame) -> pd.DataFrame:
    """Return lines of a keyword with as much text around it as a line of the terminal takes."""
    names = frame["document"].astype(str).str[:16]
    match = frame["match"].str.replace(r"\s", " ", regex=True).str[:30]
    longest = sum(int(part.str.len().max()) for part in (names, match)) if len(frame) else 0
    room = max(10, (width() - longest - 6) // 2)
    return frame.assign(document=names, match=match, left=frame["left"].str[-room:], right=frame["right"].str[:room])


def _cell(cell: object) -> str:
    """Return a cell as a person reads it in a terminal."""
    import pandas as pd

    from crosscase.terms import STATES, said

    if pd.isna(cell):
        return ""
    if cell in STATES:
        return said(str(cell))
    return f"{cell:,.2f}" if isinstance(cell, float) else str(cell)
