"""The command that reads a study again: what a second reader would ask of what it claims."""

from __future__ import annotations

import sys

import click

from crosscase.cli.group import level_option, main, width


@main.command()
@click.argument("study", required=False)
@click.option("--strict", is_flag=True, help="Status 1 where anything is worth a look.")
@level_option
def review(study: str | None, strict: bool) -> None:
    """Read STUDY, or all of them and the synthesis, as a kind second reader: what in their claims is worth a look.

    Each note says what was found, where, why it matters and who says so. A note that you have looked at and do not
    share is set aside by a row of review.csv in the folder of the study: check, subject (or all), reason, author, date.

    \b
    crosscase review my-study
    crosscase review my-study --strict
    """
    from crosscase.publish.review_page import read_again, review_counts
    from crosscase.review import LOOK, report
    from crosscase.study import list_studies

    readings = read_again([study] if study else list_studies(), whole=study is None)
    click.echo("\n".join(report(each.material, each.notes, width()) for each in readings), nl=False)
    if strict and review_counts(readings)[LOOK]:
        sys.exit(1)
