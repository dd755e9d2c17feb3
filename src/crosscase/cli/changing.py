"""Commands that change what a study is made of: rename, join and split codes, rename a case, take a study away."""

from __future__ import annotations

import click

from crosscase.cli.group import main
from crosscase.errors import Problem, raise_if

UNDO = "crosscase undo {0} takes it back; crosscase check {0} looks at the whole"


@main.command(name="rename-code")
@click.argument("study")
@click.argument("old")
@click.argument("new")
@click.option("--label", default="", help="A new label; otherwise it stays.")
def rename_code(study: str, old: str, new: str, label: str) -> None:
    """Give the code OLD (an id or label) of STUDY the id NEW in every table; a newer export follows."""
    _rename("code", study, old, new, label)


@main.command(name="rename-case")
@click.argument("study")
@click.argument("old")
@click.argument("new")
@click.option("--label", default="", help="A new label; otherwise it stays.")
def rename_case(study: str, old: str, new: str, label: str) -> None:
    """Give the case OLD (an id or label) of STUDY the id NEW in every table; a newer export follows."""
    _rename("case", study, old, new, label)


def _rename(kind: str, study: str, old: str, new: str, label: str) -> None:
    from crosscase.exchange.changing import rename

    click.echo(rename(study, kind, old, new, label).text())
    click.echo(UNDO.format(study))


@main.command(name="merge-codes")
@click.argument("study")
@click.argument("codes", nargs=-1, required=True)
@click.option("--into", required=True, help="The code that stays.")
def merge_codes(study: str, codes: tuple[str, ...], into: str) -> None:
    """Join CODES of STUDY into one that is there; codings that are the same then are one."""
    from crosscase.exchange.changing import merge_codes as join

    click.echo(join(study, codes, into).text())
    click.echo(UNDO.format(study))


@main.command(name="split-code")
@click.argument("study")
@click.argument("code")
@click.argument("new")
@click.option("--label", default="", help="Label of the new code.")
@click.option("--coding", "codings", multiple=True, metavar="ID", help="A coding that gets the new code (repeat).")
@click.option("--where", multiple=True, metavar="COLUMN=CELL", help="Codings that get it, such as case=k02 (repeat).")
def split_code(study: str, code: str, new: str, label: str, codings: tuple[str, ...], where: tuple[str, ...]) -> None:
    """Give some codings of CODE the code NEW, which is made where it is not there."""
    from crosscase.exchange.changing import split_code as split

    rule = "codings are chosen as COLUMN=CELL"
    raise_if(
        [Problem(f"--where {each}", rule, repr(each), "case=k02") for each in where if not all(each.partition("="))]
    )
    chosen = {each.partition("=")[0]: each.partition("=")[2] for each in where}
    click.echo(split(study, code, new, label=label, codings=codings, where=chosen).text())
    click.echo(UNDO.format(study))


@main.command()
@click.argument("study")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(study: str, yes: bool) -> None:
    """Take STUDY away: data, texts, results, posters, its chapter. The list comes first, then the question.

    This cannot be undone; what git has recorded stays there.
    """
    from crosscase.exchange.removing import removal
    from crosscase.exchange.removing import remove as take_away

    found = removal(study)
    click.echo(found.text())
    if not yes:
        click.confirm(f"Remove {study} for good?", abort=True)
    take_away(found)
    click.echo(f"removed: {study}")
