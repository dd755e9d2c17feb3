"""Commands on figures that notebooks have kept: list them, and draw one anew for a journal, a slide, a poster."""

from __future__ import annotations

from pathlib import Path

import click

from crosscase.cli.group import main
from crosscase.errors import CrosscaseError, Problem

LOOKS, FORMATS = ("book", "poster", "slide", "print"), ("svg", "pdf", "png", "tiff")


@main.command()
@click.argument("identifier", metavar="ID")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--look", type=click.Choice(LOOKS), help="Sizes of text; print by default, or book without a width.")
@click.option("--width", metavar="85mm", help="Width with its unit; that of the look by default.")
@click.option("--to", "kind", type=click.Choice(FORMATS), help="Format; by the ending of FILE, else svg.")
@click.option("--dpi", type=click.FloatRange(36, 2400), default=600, show_default=True, help="Of png and tiff.")
@click.option("--replace", is_flag=True, help="Replace FILE where it exists.")
def figure(
    identifier: str, file: Path | None, look: str | None, width: str | None, kind: str | None, dpi: float, replace: bool
) -> None:
    """Draw the kept figure ID anew, in any size, without running a notebook.

    Text stays text, fonts are embedded. `crosscase figures` lists the ids.

    \b
    crosscase figure nl-work-roadmap.agreement --width 85mm --to pdf
    crosscase figure synthesis.contrast slide.png --look slide
    """
    from crosscase.figures.ink.style import inches
    from crosscase.publish.recipes import draw_kept

    ending = file.suffix.lower().lstrip(".") if file else ""
    chosen = kind or (ending if ending in FORMATS else "svg")
    target = file or Path(f"{identifier}.{chosen}")
    if target.exists() and not replace:
        rule = "a file is never overwritten by accident"
        raise CrosscaseError(Problem(str(target), rule, "it exists", remedy="another FILE, or --replace"))
    style = look or ("print" if width else "book")
    drawn = draw_kept(identifier, target, chosen, look=style, width=inches(width) if width else None, dpi=dpi)
    click.echo(f"drawn: {target} ({drawn})")


@main.command()
@click.argument("text", required=False, default="")
def figures(text: str) -> None:
    """List the kept figures with their captions and where they are used; only those that hold TEXT."""
    from crosscase.publish.recipes import uses
    from crosscase.publish.values import read_kept

    found = [
        record
        for name, record in sorted(read_kept().figures.items())
        if text.casefold() in f"{name} {record['caption']}".casefold()
    ]
    for record in found:
        click.echo(f"{record['id']}\n    {record['caption']}")
        if places := uses(record["id"]):
            click.echo(f"    used in {', '.join(places)}")
    click.echo(f"{len(found)} figures" if found else "no kept figure holds that; `crosscase build` makes them")
