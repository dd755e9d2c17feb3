"""Begin a study with nothing but commented templates, and tell in plain words what a study still lacks."""

from __future__ import annotations

from pathlib import Path

import yaml

from crosscase import tables
from crosscase.exchange.register import QUESTION
from crosscase.stances import STANCES
from crosscase.study import Study, StudyInfo, load_study, save_study

GUIDE = "HOW_TO_FILL.md"


def new_study(name: str) -> Path:
    """Make an empty study: `study.yml`, the required tables with their headers, and a guide to every column.

    Parameters
    ----------
    name : str
        Id of the study: a-z, 0-9 and hyphens.

    Returns
    -------
    pathlib.Path
        Its folder.

    Raises
    ------
    CrosscaseError
        Where the name is no safe folder name, or the study exists.
    """
    info = StudyInfo(title=name, short_title=name, question=QUESTION, stance="unspecified")
    required = [schema for schema in map(tables.schema, _tables()) if schema.required]
    frames = {schema.name: tables.empty(schema) for schema in required}
    return save_study(name, info, frames, extra={GUIDE: _guide(), "study.yml": _study_yml(info)})


def _tables() -> list[str]:
    from crosscase.study.load import table_names

    return table_names()


def _study_yml(info: StudyInfo) -> str:
    content = yaml.safe_dump(
        {"title": info.title, "short_title": info.short_title, "question": info.question, "stance": info.stance},
        sort_keys=False,
        allow_unicode=True,
    )
    stances = "\n".join(f"#   {key}: {stance.label}" for key, stance in STANCES.items())
    return (
        "# What this study is; every key is explained in HOW_TO_FILL.md.\n"
        + content
        + f"# The stance decides which analyses make sense; one of:\n{stances}\n"
        + "# Coders, each with the kind person, language_model or rule:\n"
        + "# coders:\n#   first-coder: {kind: person, description: who}\n"
    )


def _guide() -> str:
    lines = ["# How to fill the tables", "", "Each table is a CSV file in UTF-8. A column marked * must be filled."]
    for schema in map(tables.schema, _tables()):
        need = "required" if schema.required else "optional"
        lines += ["", f"## {schema.name}.csv ({need})", "", schema.description, ""]
        for item in schema.fields:
            rules = item.get("constraints", {})
            star = "*" if rules.get("required") else ""
            enum = f" One of: {', '.join(rules['enum'])}." if "enum" in rules else ""
            lines.append(f"- `{item['name']}`{star}: {item['description']}{enum}")
    return "\n".join(lines) + "\n"


def missing_words(study: Study | str) -> list[str]:
    """Return in plain words what a study still lacks, and what its lack means for the book.

    Parameters
    ----------
    study : Study or str
        The study or its id.
    """
    study = load_study(study) if isinstance(study, str) else study
    words = []
    if study.info.question == QUESTION:
        words.append("The research question is not written yet (study.yml, key question).")
    if study.info.stance == "unspecified":
        words.append(
            "The analytic stance is not stated (study.yml, key stance): agreement and saturation are shown with "
            "that reservation."
        )
    if not study.has("documents"):
        words.append("There are no documents: nothing can be counted yet.")
    if not study.has("codebook"):
        words.append("There is no codebook.")
    codings = study.codings
    if codings.empty:
        words.append("There are no codings: the chapters on coding, saturation and cases stay empty.")
        return words
    return words + _thin(study)


def _thin(study: Study) -> list[str]:
    """Tell what a study with codings lacks."""
    words, codings = [], study.codings
    without = int(codings["case"].isna().sum())
    if not study.has("cases"):
        words.append("There are no cases: cases cannot be compared.")
    elif without:
        words.append(f"{without:,} of {len(codings):,} codings belong to no case; matrices by case leave them out.")
    if codings["coder"].nunique() < 2:
        words.append("One coder only: there is no agreement to compute.")
    if not study.has("roles"):
        words.append("There are no roles (roles.csv): nothing is shown by stakeholder role.")
    if codings["valence"].isna().all():
        words.append("No coding has a valence: barriers and facilitators are not told apart.")
    if not study.has("themes"):
        words.append("There are no published themes (themes.csv): codes stand without a level above.")
    if not study.has("facts"):
        words.append("There are no published facts (facts.csv): nothing can be checked against a publication.")
    undefined = int(study.codebook["definition"].isna().sum())
    if undefined:
        words.append(f"{undefined:,} of {len(study.codebook):,} codes have no definition.")
    if (study.documents["release"] == "none").all():
        words.append("No document is released for quotation (documents.csv, column release): no quotation is printed.")
    other = int((study.documents["kind"] == "other").sum())
    if other:
        words.append(f"{other:,} documents have the kind 'other': say what they are (documents.csv, column kind).")
    return words
