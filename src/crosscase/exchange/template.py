"""Begin a study with nothing but commented templates."""

from __future__ import annotations

from pathlib import Path

from crosscase import tables, yaml_text
from crosscase.stances import STANCES
from crosscase.study import save_study
from crosscase.study.load import table_names
from crosscase.study.model import StudyInfo, blank_info
from crosscase.study.trail import PLACES, WRITTEN

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
    info = blank_info(name)
    required = [schema for schema in map(tables.schema, table_names()) if schema.required]
    frames = {schema.name: tables.empty(schema) for schema in required}
    return save_study(name, info, frames, extra={GUIDE: _guide(), "study.yml": _study_yml(info)})


def _study_yml(info: StudyInfo) -> str:
    said = info.model_dump(include={"title", "short_title", "question", "stance"})
    content = yaml_text.dump(said)
    stances = "\n".join(f"#   {key}: {stance.label}" for key, stance in STANCES.items())
    return (
        "# What this study is; every key is explained in HOW_TO_FILL.md.\n"
        + content
        + f"# The stance decides which analyses make sense; one of:\n{stances}\n"
        + "# What may be public of the columns by which people may be known (all where this key is not here):\n"
        + "# public: [cases.label, documents.title]\n"
        + "# Coders, each with the kind person, language_model or rule:\n"
        + "# coders:\n#   first-coder: {kind: person, description: who}\n"
        + _reflexivity()
    )


def _reflexivity() -> str:
    """Return the places of the trail that are keys of `study.yml`, as comments, each with what belongs there."""
    lines = ["# Who made the study; the book shows it with the decisions on the way (adjudications.csv,"]
    lines += ["# memo_decisions.csv, codebook_changes.csv):", "# reflexivity:"]
    said = ((name, f"{PLACES[name].belongs} ({PLACES[name].items})") for name in WRITTEN)
    lines += [f"#   {name}: {[text] if name == 'unknown' else text}" for name, text in said]
    return "\n".join(lines) + "\n"


def _guide() -> str:
    lines = ["# How to fill the tables", "", "Each table is a CSV file in UTF-8. A column marked * must be filled."]
    for schema in map(tables.schema, table_names()):
        need = "required" if schema.required else "optional"
        lines += ["", f"## {schema.name}.csv ({need})", "", schema.description, ""]
        for item in schema.fields:
            rules = item.get("constraints", {})
            star = "*" if rules.get("required") else ""
            enum = f" One of: {', '.join(rules['enum'])}." if "enum" in rules else ""
            lines.append(f"- `{item['name']}`{star}: {item['description']}{enum}")
    return "\n".join(lines) + "\n"
