"""The command line: talks to people, computes nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from crosscase import __version__
from crosscase.errors import CrosscaseError, Problem

STEPS = ("notebooks", "poster", "book")
CLUSTERS = ("slurm", "pbs", "sge", "lsf", "htcondor", "oar", "moab")


class Told(click.Group):
    """A group whose commands tell bad input as a list of problems, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; bad input ends it with status 1 and every problem on its own line."""
        try:
            return super().invoke(ctx)
        except CrosscaseError as error:
            tell(error.problems)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("\nStopped. What was finished stays; the next build goes on from there.", err=True)
            ctx.exit(130)


def tell(problems: Iterable[Problem]) -> None:
    """Print problems to standard error, one paragraph each."""
    problems = list(problems)
    count = f"{len(problems)} problems" if len(problems) != 1 else "1 problem"
    click.secho(f"{count}:", fg="red", bold=True, err=True)
    for problem in problems:
        click.echo(f"- {problem}", err=True)


@click.group(cls=Told, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", prog_name="crosscase")
def main() -> None:
    """Multi-case qualitative studies, from coded documents to a book and a poster.

    The main job is `crosscase build`: it checks the data, runs the notebooks that are stale, builds the posters and
    the book, and says where to open it. Work inside your copy of the compendium.
    """


@main.command()
@click.option("--study", "studies", multiple=True, metavar="STUDY", help="Only this study (repeat for more).")
@click.option("--only", type=click.Choice(STEPS), multiple=True, help="Only these steps; all three by default.")
@click.option("--force", is_flag=True, help="Run every notebook even where nothing has changed.")
@click.option("--workers", type=click.IntRange(1), help="Notebooks at the same time; the number of cores by default.")
@click.option("--cold", is_flag=True, help="Ordinary kernels instead of pre-imported ones (slower, same results).")
@click.option("--scheduler", metavar="tcp://HOST:PORT", help="Run the notebooks on this Dask scheduler's workers.")
@click.option("--cluster", type=click.Choice(CLUSTERS), help="Ask this queue for workers, through dask-jobqueue.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
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
@click.option("--force", is_flag=True, help="Run it even where nothing has changed.")
@click.option("--workers", type=click.IntRange(1), help="Notebooks at the same time.")
@click.option("--cold", is_flag=True, help="Ordinary kernels instead of pre-imported ones.")
def run(
    notebook: str | None,
    studies: tuple[str, ...],
    parameters: tuple[str, ...],
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
        studies=list(studies) or None,
        notebooks=[name] if name else None,
        overrides=_parameters(plan, name, parameters),
    )
    report = pipeline.run(plan, jobs=jobs, force=force, workers=workers, warm=False if cold else None)
    click.echo(report.summary())
    if not report.ok:
        sys.exit(1)


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
            problems.append(
                Problem(f"-p {pair}", "a parameter is given as NAME=VALUE", repr(pair), "-p unit=paragraph")
            )
    if problems:
        raise CrosscaseError(problems)
    return found


@main.command()
@click.argument("study", required=False)
def check(study: str | None) -> None:
    """Check the data of one STUDY, or of all: types, rules, keys between tables, offsets, hashes.

    Reports everything that is wrong at once, with file, row, column, rule, finding and remedy.
    """
    from crosscase.study import list_studies
    from crosscase.study.check import check_frameworks, check_study
    from crosscase.study.check_shared import check_synthesis

    names = [study] if study else list_studies()
    problems = [problem for name in names for problem in check_study(name)] + check_frameworks()
    problems += check_synthesis()
    if problems:
        raise CrosscaseError(problems)
    click.echo(f"{len(names)} {'study' if len(names) == 1 else 'studies'} checked: no problem.")
    for name in names:
        for line in _missing(name):
            click.echo(f"- {name}: {line}")


def _missing(name: str) -> list[str]:
    """Say in plain words what a study lacks and what its book will therefore not show."""
    from crosscase.exchange import missing_words
    from crosscase.study import load_study

    return missing_words(load_study(name))


@main.command(name="list")
def list_() -> None:
    """Show the plan: every notebook and study, and what is stale and why."""
    from crosscase import pipeline

    plan = pipeline.load_plan()
    reasons = pipeline.stale(plan)
    for job in plan.jobs():
        state = f"stale: {reasons[job.id]}" if job.id in reasons else "fresh"
        click.echo(f"{job.id:<52} {state}")
    click.echo(f"{len(reasons)} of {len(plan.jobs())} stale" if reasons else "nothing is stale")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def lab(arguments: tuple[str, ...]) -> None:
    """Open JupyterLab in the folder of notebooks, with the kernel of this environment; ARGUMENTS go to JupyterLab."""
    from crosscase import paths

    environment = os.environ | {paths.HOME_VARIABLE: str(paths.root())}
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={paths.notebooks()}", *arguments]
    sys.exit(subprocess.call(command, env=environment))


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


@main.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--study", metavar="NAME", help="Id of the new study; the file's name by default.")
@click.option("--dry-run", is_flag=True, help="Only report what would be read.")
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="Correct the guessed mapping of a column."
)
@click.option("--replace", is_flag=True, help="Import again: replace tables and texts, keep study.yml and releases.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def import_(file: Path, study: str | None, dry_run: bool, mapping: tuple[str, ...], replace: bool, quiet: bool) -> None:
    """Make a study of a coded project: FILE of NVivo, ATLAS.ti, MAXQDA, QualCoder, Taguette, RQDA, or a spreadsheet.

    Texts go to restricted/, never to data/. The report says what was read, what was left out and why, and which
    positions look wrong; it is kept as import.md beside the tables. Where the file cannot be read, nothing is written
    and the status is 1.

    \b
    crosscase import interviews.qdpx --study my-study
    crosscase import segments.xlsx --map "Column B=code" --map "Notes=memo"
    """
    from crosscase.exchange import import_file
    from crosscase.pipeline.steps import steps

    with steps("import", not quiet and sys.stderr.isatty()) as tell:
        report = import_file(
            file,
            study,
            mapping=_mapping(mapping),
            dry_run=dry_run,
            replace=replace,
            progress=lambda share: tell("read the file", share),
        )
    click.echo(report.terminal(_width()))
    if not dry_run:
        click.echo(f"\nNext: crosscase check {report.study}, then crosscase build --study {report.study}")


def _mapping(pairs: tuple[str, ...]) -> dict[str, str] | None:
    """Read COLUMN=FIELD pairs; the last equals sign parts them, so that a heading may hold one."""
    problems = [
        Problem(f"--map {pair}", "a column is given as COLUMN=FIELD", repr(pair), "--map 'Notes=memo'")
        for pair in pairs
        if not all(pair.rpartition("="))
    ]
    if problems:
        raise CrosscaseError(problems)
    return {pair.rpartition("=")[0]: pair.rpartition("=")[2] for pair in pairs} or None


def _width() -> int:
    """Return how many columns the terminal has, at most 100."""
    return min(shutil.get_terminal_size((100, 40)).columns, 100)


@main.command()
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--to", "kind", required=True, type=click.Choice(["qdpx", "qdc", "csv", "xlsx", "json"]), help="Format.")
@click.option("--profile", type=click.Choice(["standard", "nvivo"]), default="standard", help="Who will read it.")
@click.option("--anonymous", is_flag=True, help="Leave out names of users and local paths.")
@click.option(
    "--texts/--no-texts",
    default=None,
    help="Whether texts (qdpx, json) or quotations (csv, xlsx) go into the file; by default only into a qdpx.",
)
@click.option("--replace", is_flag=True, help="Replace FILE where it exists.")
def export(study: str, file: Path, kind: str, profile: str, anonymous: bool, texts: bool | None, replace: bool) -> None:
    """Write STUDY to FILE in another format, with a report of what the target cannot carry."""
    from crosscase.exchange import export_study
    from crosscase.study import load_study

    report = export_study(
        load_study(study), kind, file, texts=texts, anonymous=anonymous, profile=profile, replace=replace
    )
    click.echo(report.terminal(_width()))


@main.group()
def consensus() -> None:
    """The consensus meeting: differences between coders out as a workbook, decisions with date and reason back in."""


@consensus.command(name="export")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export_consensus(study: str, file: Path) -> None:
    """Write the differences between the coders of STUDY to the workbook FILE, with empty columns for the decisions."""
    from crosscase.publish.consensus import export_differences
    from crosscase.study import load_study

    click.echo(f"{export_differences(load_study(study), file)} differences written: {file}")


@consensus.command(name="read")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", type=click.Choice(["person", "language_model"]), default="person", help="Who decided.")
@click.option("--replace", is_flag=True, help="Replace the round of the same day.")
def read_consensus(study: str, file: Path, by: str, replace: bool) -> None:
    """Read the decisions from FILE and write them to STUDY as a dated round that is marked reconciled.

    Every problem of the file is told at once, and then nothing is written.
    """
    from crosscase.exchange.sheet_reader import read_sheets
    from crosscase.publish.consensus import read_decisions
    from crosscase.publish.consensus_round import write_round
    from crosscase.study import load_study

    known = load_study(study)
    click.echo(write_round(known, read_decisions(known, read_sheets(file)), by=by, replace=replace).text())


@main.group()
def framework() -> None:
    """The framework matrix as a spreadsheet: write it out, summarise its cells, read it back."""


@framework.command(name="export")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def framework_export(study: str, file: Path) -> None:
    """Write the framework matrix of STUDY to FILE (.xlsx), one row per cell, for people to summarise."""
    from crosscase.publish.framework_sheet import export_framework
    from crosscase.study import load_study

    frame = export_framework(load_study(study), file)
    click.echo(f"written: {file}, {len(frame)} cells, {frame['summary'].notna().sum()} of them summarised")


@framework.command(name="read")
@click.argument("study")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def framework_read(study: str, file: Path) -> None:
    """Check the summaries in FILE and save them with STUDY; a summary whose segments changed is told as stale."""
    from crosscase.publish.framework_sheet import read_framework
    from crosscase.study import load_study

    saved = read_framework(load_study(study), file)
    click.echo(f"saved: {len(saved)} summaries, {int(saved['stale'].sum())} of them stale")
    for row in saved[saved["stale"]].itertuples():
        click.echo(f"- stale: {row.case}, {row.theme}: its segments changed since the file was written")


if __name__ == "__main__":
    main()
