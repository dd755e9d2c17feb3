"""Take a study out: one file in another format, and a report of what that format has no place for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from crosscase.errors import Problem, raise_if
from crosscase.exchange import own, qdpx_write, tabular
from crosscase.exchange.outgoing import Outgoing
from crosscase.exchange.report import ExportReport
from crosscase.release.gate import put_file
from crosscase.study import Study, load_study

WRITERS: dict[str, Callable[[Outgoing, Path], None]] = {"qdpx": qdpx_write.write_qdpx, "qdc": qdpx_write.write_qdc}
WRITERS |= {"csv": tabular.write_csv, "xlsx": own.write_workbook_of, "json": own.write_json}
TARGETS = tuple(WRITERS)
PROFILES = ("standard", "nvivo")


def export_study(
    study: Study | str,
    to: str,
    path: Path,
    *,
    texts: bool | None = None,
    anonymous: bool = False,
    profile: str = "standard",
    replace: bool = False,
) -> ExportReport:
    """Write a study to one file of another format.

    Parameters
    ----------
    study : Study or str
        The study or its id.
    to : {"qdpx", "qdc", "csv", "xlsx", "json"}
        REFI-QDA project, REFI-QDA codebook, table of coded segments, workbook with all tables, everything in one file.
    path : pathlib.Path
        The file.
    texts : bool, optional
        Whether texts (qdpx, json) or quotations (csv, xlsx) go into the file; by default only into a qdpx, which is
        of no use without, and not where it is anonymous.
    anonymous : bool
        Whether the file holds no names: coders are numbers, and of a study that has not released its names and notes,
        only what is public goes out.
    profile : {"standard", "nvivo"}
        For qdpx: positions and line ends as the standard has them, or as NVivo for Windows counts.
    replace : bool
        Whether a file of this name may be replaced.

    Returns
    -------
    ExportReport
        What was written, and what the format cannot carry.

    Raises
    ------
    CrosscaseError
        Where an option is unknown, the file exists, or a text is not the one that was coded; then nothing is written.
    """
    study = load_study(study) if isinstance(study, str) else study
    path = Path(path)
    problems = []
    if to not in TARGETS:
        problems.append(Problem("export", "the target is one of a list", repr(to), ", ".join(TARGETS)))
    if profile not in PROFILES:
        problems.append(Problem("export", "the profile is one of a list", repr(profile), ", ".join(PROFILES)))
    if profile != "standard" and to != "qdpx":
        problems.append(Problem("export", "a profile belongs to qdpx", f"{profile} for {to}", remedy="leave it out"))
    if path.exists() and not replace:
        problems.append(Problem(path.name, "a file is never overwritten by accident", "it exists", "another name"))
    if not path.parent.is_dir():
        problems.append(Problem(str(path.parent), "the folder of the file exists", "no such folder"))
    raise_if(problems)
    chosen = study.public_view() if anonymous and study.info.public != "all" else study
    out = Outgoing(chosen, (to == "qdpx" and not anonymous) if texts is None else texts, anonymous, profile)
    with_texts = [study.name] if out.texts and to != "qdc" else []
    put_file(path, lambda target: WRITERS[to](out, target), without=with_texts)
    if out.texts and to != "qdc" and any(True for _ in study.unreleased_texts()):
        remark = "the file holds texts of documents that are not released: keep it as you keep the texts themselves"
        out.warnings.add(remark)
    if to == "csv" and out.level == "restricted":
        out.warnings.add("the file holds names or notes that are not released, and a CSV file has no place to say so")
    return ExportReport(study.name, to, path, out.counts, out.not_carried.texts(), out.warnings.texts())
