"""What `study.yml` says about a study: its question, stance, coders, publications and named gaps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crosscase import yaml_text
from crosscase.errors import CrosscaseError, Problem, shortened, shown

Stance = Literal[
    "reflexive", "codebook", "coding_reliability", "constant_comparison", "grounded_theory", "framework",
    "content_analysis", "phenomenology", "thematic", "inductive", "unspecified",
]  # fmt: skip
Stage = Literal["abstract", "poster", "paper", "thesis", "record", "press", "report", "unpublished"]
Text = Annotated[str, Field(min_length=1)]
Worded = Literal["title", "question", "design"]
IMPORTED = "imported from a file"
QUESTION = "Not stated yet: write the research question here."


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Coder(_Strict):
    """Who coded: a person, or a program and then so called."""

    kind: Literal["person", "language_model", "rule"]
    description: str = ""


class Publication(_Strict):
    """One publication of the study."""

    stage: Stage
    citation: Text
    year: int | None = None
    doi: str | None = None


class Reflexivity(_Strict):
    """Who made a study and what coders were given; see `crosscase.study.trail` for what belongs where."""

    researchers: str = ""
    relation: str = ""
    instructions: str = ""
    unknown: list[str] = []


class StudyInfo(_Strict):
    """The content of `study.yml`.

    `year` is that of publication, `fieldwork` says when the material was collected. `ours` says of a title, question or
    design that its words are ours, and why; `not_stated` what the publications leave open, `not_in_file` what only the
    copy we hold lacks. `public` names the columns that are released although people may be known by them
    (`cases.label`, `memos`, `study.title` ...), or says `all`.
    """

    title: Text
    short_title: Text
    question: Text
    stance: Stance
    stance_note: str = ""
    design: str = ""
    country: str = ""
    sector: str = ""
    year: int | None = None
    fieldwork: str = ""
    case_noun: str = "case"
    case_noun_plural: str = "cases"
    authors: list[str] = []
    publications: list[Publication] = []
    coders: dict[str, Coder] = {}
    primary_coder: str | None = None
    reconciled_rounds: list[str] = []
    propositions: list[dict[str, str]] = []
    not_stated: list[str] = []
    not_in_file: list[str] = []
    ours: dict[Worded, Text] = {}
    reflexivity: Reflexivity = Reflexivity()
    licence: str = ""
    origin: str = ""
    public: Literal["all"] | list[str] = "all"


def read_info(path: Path) -> StudyInfo:
    """Read `study.yml`; `CrosscaseError` with all that is wrong: no file, no YAML, unknown keys, wrong values."""
    place = f"{path.parent.name}/study.yml"
    return _validated(_mapping(path, place), place)


def _mapping(path: Path, place: str) -> dict[str, Any]:
    """Return the mapping in a YAML file, empty where it holds something else."""
    try:
        raw = yaml_text.load(path.read_text(encoding="utf-8"), place)
    except FileNotFoundError:
        rule, remedy = "a study has a study.yml", "run `crosscase new NAME` to see one"
        raise CrosscaseError(Problem(place, rule, "none", remedy=remedy)) from None
    except UnicodeDecodeError as error:
        raise CrosscaseError(Problem(place, "the file is YAML in UTF-8", str(error))) from None
    return raw if isinstance(raw, dict) else {}


def _validated(content: dict[str, Any], place: str) -> StudyInfo:
    try:
        return StudyInfo.model_validate(content)
    except ValidationError as error:
        raise CrosscaseError([_problem(place, item) for item in error.errors()]) from None


def _problem(place: str, item: Mapping[str, Any]) -> Problem:
    key = shortened(".".join(str(part) for part in item["loc"]))
    allowed = item.get("ctx", {}).get("expected", "")
    if item["type"] == "extra_forbidden":
        allowed = ", ".join(StudyInfo.model_fields) if len(item["loc"]) == 1 else "the keys of the template"
        return Problem(f"{place}, key {key}", "only known keys", repr(key), allowed, "correct or delete the key")
    return Problem(f"{place}, key {key}", item["msg"], shown(item["input"]), str(allowed), "correct the value")


def blank_info(name: str) -> StudyInfo:
    """Return what `study.yml` says of a study of which nothing is said yet."""
    return StudyInfo(title=name, short_title=name, question=QUESTION, stance="unspecified")


def read_hidden_info(path: Path, info: StudyInfo, name: str) -> StudyInfo:
    """Return `study.yml` filled from the one under `restricted/`; what the public file says goes first.

    The id of the study stands for a title that is not public. `CrosscaseError` as `read_info`.
    """
    place = f"restricted/{name}/study.yml"
    hidden = _mapping(path, place)
    blank, content = blank_info(name), info.model_dump(exclude_unset=True)
    for key, value in hidden.items():
        if key != "coders" and getattr(info, key, None) == getattr(blank, key, None):
            content[key] = value
    coders = hidden.get("coders")
    for coder, words in coders.items() if isinstance(coders, dict) else ():
        if coder in content.get("coders", {}) and not content["coders"][coder].get("description"):
            content["coders"][coder]["description"] = words
    return _validated(content, place)
