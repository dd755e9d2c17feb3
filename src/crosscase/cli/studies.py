"""Commands on the data of a study: begin one, check it, place its restricted texts."""

from __future__ import annotations

from pathlib import Path

import click

from crosscase.cli.group import main
from crosscase.errors import raise_if


@main.command()
@click.argument("study", required=False)
@click.option("--fix", is_flag=True, help="Move to restricted/ what nobody has released; key the hashes.")
@click.option("--accept", is_flag=True, help="Take segments of STUDY that you have corrected as they are now.")
def check(study: str | None, fix: bool, accept: bool) -> None:
    """Check the data of one STUDY, or of all: types, rules, keys between tables, offsets, hashes, what is public.

    Reports everything that is wrong at once, with file, row, column, rule, finding and remedy.
    """
    from crosscase.exchange import move_over
    from crosscase.exchange.changing import accept_segments
    from crosscase.study import list_studies
    from crosscase.study.check import check_frameworks, check_study
    from crosscase.study.check_shared import check_synthesis

    names = [study] if study else list_studies()
    for coding in accept_segments(study) if study and accept else ():
        click.echo(f"accepted: {coding}")
    for said in filter(None, map(move_over, names if fix else ())):
        click.echo(said)
    problems = [problem for name in names for problem in check_study(name)] + check_frameworks()
    problems += check_synthesis()
    raise_if(problems)
    click.echo(f"{len(names)} {'study' if len(names) == 1 else 'studies'} checked: no problem.")
    for name in names:
        for line in _missing(name):
            click.echo(f"- {name}: {line}")


def _missing(name: str) -> list[str]:
    """Say in plain words what a study lacks and what of it looks like a name and is public."""
    from crosscase.exchange import missing_words
    from crosscase.study import load_study
    from crosscase.study.check import assumed_of
    from crosscase.study.check_levels import looks_like_names

    return assumed_of(name) + missing_words(load_study(name)) + looks_like_names(name)


@main.command(name="release-columns")
@click.argument("study")
@click.argument("columns", nargs=-1, required=True)
@click.option("--back", is_flag=True, help="Move them to restricted/ again; what git has recorded stays recorded.")
def release_columns(study: str, columns: tuple[str, ...], back: bool) -> None:
    """Make COLUMNS of STUDY public by which people may be known, such as cases.label, memos, study.title; or all.

    \b
    crosscase release-columns my-study cases.label documents.title
    """
    from crosscase.exchange.moved import release_columns as release

    click.echo("no longer public:" if back else "public now:")
    click.echo(release(study, columns, back=back).text())


@main.group()
def restricted() -> None:
    """Texts that may not travel: they lie under restricted/ and are never put under version control."""


@restricted.command(name="add")
@click.argument("study")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def add(study: str, files: tuple[Path, ...]) -> None:
    """Verify FILES against the hashes of STUDY and place them under restricted/.

    The content decides which document a file is; its name does not matter. A file that is none of the study's
    documents is refused, and then nothing is placed.
    """
    from crosscase.study import load_study
    from crosscase.study.restricted import add as place

    for document in place(load_study(study), files):
        click.echo(f"placed: restricted/{study}/{document}")


@main.command()
@click.argument("name")
def new(name: str) -> None:
    """Make an empty study NAME with commented templates of its tables."""
    from crosscase.exchange import new_study

    folder = new_study(name)
    click.echo(f"made: {folder}\nNext: fill its tables, then `crosscase check {name}` says what is still missing.")
