"""Commands on the compendium as a whole: build it, run a notebook, show the plan, reproduce it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from crosscase.cli.group import level_option, main
from crosscase.errors import CrosscaseError, Problem, raise_if

STEPS = ("notebooks", "poster", "book")
CLUSTERS = ("slurm", "pbs", "sge", "lsf", "htcondor", "oar", "moab")


@main.command()
@click.option("--study", "studies", multiple=True, metavar="STUDY", help="Only this study (repeat for more).")
@click.option("--only", type=click.Choice(STEPS), multiple=True, help="Only these steps; all three by default.")
@click.option("--force", is_flag=True, help="Run every notebook even where nothing has changed.")
@click.option("--workers", type=click.IntRange(1), help="Notebooks at the same time; the number of cores by default.")
@click.option("--cold", is_flag=True, help="Ordinary kernels instead of pre-imported ones (slower, same results).")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Run the notebooks on this Dask scheduler's workers.")
@click.option("--cluster", type=click.Choice(CLUSTERS), help="Ask this queue for workers, through dask-jobqueue.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
@level_option
def build(
    studies: tuple[str, ...],
    only: tuple[str, ...],
    force: bool,
    workers: int | None,
    cold: bool,
    scheduler: str | None,
    cluster: str | None,
    quiet: bool,
) -> None:
    """Do the main job: check the data, run the notebooks, build the posters and the book.

    A second build runs only what has changed. A notebook that fails stops only those that need it.
    """
    from crosscase.pipeline.main_job import main_job

    report = main_job(
        list(studies) or None,
        steps=only or STEPS,
        force=force,
        workers=workers,
        warm=False if cold else None,
        scheduler=scheduler or cluster,
        progress=not quiet,
        say=click.echo,
    )
    click.echo(report.summary())
    if not report.ok:
        sys.exit(1)


@main.command()
@click.argument("notebook", required=False)
@click.option("--study", "studies", multiple=True, metavar="STUDY", help="Only for this study (repeat for more).")
@click.option("-p", "parameters", multiple=True, metavar="NAME=VALUE", help="Give a parameter another value.")
@click.option("--sweep", metavar="LABEL", help="Only this parameter set of its sweep, as `crosscase list` names it.")
@click.option("--force", is_flag=True, help="Run it even where nothing has changed.")
@click.option("--workers", type=click.IntRange(1), help="Notebooks at the same time.")
@click.option("--cold", is_flag=True, help="Ordinary kernels instead of pre-imported ones.")
@level_option
def run(
    notebook: str | None,
    studies: tuple[str, ...],
    parameters: tuple[str, ...],
    sweep: str | None,
    force: bool,
    workers: int | None,
    cold: bool,
) -> None:
    """Run one NOTEBOOK, or all of them, without building the book.

    Names and types of parameters are checked against the notebook's parameters cell.

    \b
    crosscase run 30_triangulation --study nl-work-roadmap
    crosscase run 30_triangulation --study nl-work-roadmap -p unit=paragraph
    """
    from crosscase import pipeline

    plan = pipeline.load_plan()
    name = notebook.removesuffix(".ipynb") if notebook else None
    jobs = plan.jobs(
        studies=list(studies) or None, notebooks=[name] if name else None, overrides=_parameters(plan, name, parameters)
    )
    jobs = jobs if sweep is None else _one_set(jobs, name, sweep)
    report = pipeline.run(plan, jobs=jobs, force=force, workers=workers, warm=False if cold else None)
    click.echo(report.summary())
    if not report.ok:
        sys.exit(1)


def _one_set(jobs: list[Any], notebook: str | None, label: str) -> list[Any]:
    """Leave out every other parameter set of a notebook."""
    labels = [job.sweep for job in jobs if job.notebook == notebook and job.sweep]
    if label not in labels:
        allowed = ", ".join(dict.fromkeys(labels)) or "none: the plan has no sweep of it"
        rule = "it names a parameter set of the notebook's sweep"
        raise CrosscaseError(Problem(f"--sweep {label}", rule, repr(label), allowed))
    return [job for job in jobs if job.notebook != notebook or job.sweep == label]


def _parameters(plan: Any, notebook: str | None, given: tuple[str, ...]) -> dict[str, Any]:
    """Read NAME=VALUE pairs, each value as the type that the notebook's parameters cell declares."""
    from crosscase import paths
    from crosscase.pipeline.parameters import parse_override

    names = [notebook] if notebook else [entry["notebook"] for entry in plan.entries]
    sources = [paths.notebooks() / f"{name}.ipynb" for name in names]
    found, problems = {}, []
    for pair in given:
        name, sign, value = pair.partition("=")
        if sign and name.isidentifier():
            found[name] = parse_override(sources, name, value)
        else:
            rule = "a parameter is given as NAME=VALUE"
            problems.append(Problem(f"-p {pair}", rule, repr(pair), "-p unit=paragraph"))
    raise_if(problems)
    return found


@main.command(name="list")
@level_option
def list_() -> None:
    """Show the plan: every notebook and study, and what is stale and why."""
    from crosscase import pipeline

    plan = pipeline.load_plan()
    reasons = pipeline.stale(plan)
    for job in plan.jobs():
        state = f"stale: {reasons[job.id]}" if job.id in reasons else "fresh"
        click.echo(f"{job.id:<52} {state}")
    click.echo(f"{len(reasons)} of {len(plan.jobs())} stale" if reasons else "nothing is stale")


@main.command()
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), help="Where the SVG goes.")
def graph(target: Path | None) -> None:
    """Draw the plan as a graph (SVG): data, notebooks, book and posters."""
    from crosscase import paths, pipeline

    path = target or paths.results() / "graph.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    pipeline.draw_graph(pipeline.load_plan(), path)
    click.echo(f"drawn: {path}")


@main.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def reproduce(folder: Path) -> None:
    """Build everything again from a clean state into FOLDER and compare it with what is recorded in results/.

    Prints a certificate of what came out the same, or the differences.
    """
    from crosscase import pipeline

    certificate = pipeline.reproduce(folder)
    click.echo(certificate.text())
    if not certificate.ok:
        sys.exit(1)
