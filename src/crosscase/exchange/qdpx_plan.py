"""What goes where in a REFI-QDA project: identifiers, selections, cases of selections, notes of things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from crosscase import paths
from crosscase.exchange import refi
from crosscase.exchange.outgoing import Outgoing
from crosscase.exchange.positions import Reading, from_code_points
from crosscase.exchange.qdpx_sources import WHOLE_LOCATOR
from crosscase.exchange.xml_out import add, moment
from crosscase.study.save import safe_file
from crosscase.study.texts import file_of

PROFILE = {"standard": Reading("code point", 2), "nvivo": Reading("utf-16", 2)}
MEDIA = ("picture", "audio", "video")
Key = tuple[str, Any, Any, str, str]


@dataclass
class Selection:
    """One selection of a source with its codings."""

    guid: str
    start: int | None
    end: int | None
    locator: str | None
    codings: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """Everything that a project file says, resolved, before it is written."""

    out: Outgoing
    coders: dict[str, str]
    codebook: pd.DataFrame
    cases: pd.DataFrame
    variables: pd.DataFrame
    sets: pd.DataFrame
    memos: dict[str, str]
    memo_index: dict[str, dict[str, Any]]
    documents: list[dict[str, Any]]
    texts: dict[str, str] = field(default_factory=dict)
    originals: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    selections: dict[str, dict[Key, Selection]] = field(default_factory=lambda: defaultdict(dict))
    documents_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    selections_of: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    coding_memos: dict[str, str] = field(default_factory=dict)
    notes_of: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    links: list[tuple[dict[str, Any], str, str]] = field(default_factory=list)
    values: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def guid(self, kind: str, *parts: object) -> str:
        """Return the GUID of a thing of this study."""
        return refi.guid(self.out.study.name, kind, *parts)

    def exists(self, kind: str, name: str) -> bool:
        """Tell whether the project will hold a thing."""
        known: dict[str, Any] = {
            "code": set(self.codebook["code"]),
            "case": set(self.cases["case"]),
            "memo": self.memos,
            "document": {row["document"] for row in self.documents},
        }
        return kind in known and name in known[kind]

    def encoded(self, content: str) -> bytes:
        """Return a text as the profile writes it."""
        if self.out.profile == "nvivo":
            return ("\ufeff" + content.replace("\n", "\r\n")).encode("utf-8")
        return content.encode("utf-8")

    def positions(self, document: str, offsets: list[int]) -> list[int]:
        """Return offsets of a document as the profile counts them."""
        text = self.texts[document]
        raw = "\ufeff" + text.replace("\n", "\r\n") if self.out.profile == "nvivo" else text
        return from_code_points(raw, np.asarray(offsets, np.int64), PROFILE[self.out.profile]).tolist()

    def add_values(self, element: Any, unit: str, name: str) -> None:
        """Add the values of variables of a case or document."""
        types = dict(zip(self.variables["variable"], self.variables["type"]))
        checks: dict[str, tuple[str, Callable[[str], object]]] = {
            "integer": ("IntegerValue", int),
            "boolean": ("BooleanValue", lambda v: {"true": 1, "false": 1, "0": 1, "1": 1}[v]),
            "float": ("FloatValue", _decimal),
            "date": ("DateValue", pd.Timestamp.fromisoformat),
        }
        for variable, value in self.values.get((unit, name), ()):
            holder = add(element, "VariableValue")
            add(holder, "VariableRef", targetGUID=self.guid("variable", variable))
            tag, check = checks.get(types[variable], ("TextValue", str))
            if types[variable] == "datetime" and moment(value) == value:
                tag = "DateTimeValue"
            try:
                check(value)
            except (ValueError, KeyError):
                self.out.warnings.add("values that do not fit the type of their variable, written as text", value[:40])
                tag = "TextValue"
            if types[variable] == "date" and len(value) != 10:
                tag = "TextValue"
            add(holder, tag, value)


def _decimal(value: str) -> float:
    if not value.strip().lstrip("+-").replace(".", "", 1).isdigit() or not value.isascii():
        raise ValueError(value)
    return float(value)


def make_plan(out: Outgoing) -> Plan:
    """Resolve a study into the parts of a project."""
    study = out.study
    index = {row["memo"]: row for row in study.table("memo_index").to_dict("records")}
    names = {coder: shown if out.anonymous else _shown(out, coder, shown) for coder, shown in out.coder_names().items()}
    plan = Plan(
        out, names, study.codebook, study.cases, study.table("variables"), study.table("sets"), out.memos(), index, []
    )
    _add_documents(plan)
    _add_codings(plan)
    _add_memberships(plan)
    for row in study.table("variable_values").dropna(subset=["value"]).to_dict("records"):
        plan.values[(row["unit"], row["id"])].append((row["variable"], row["value"]))
    _add_links(plan)
    return plan


def _shown(out: Outgoing, coder: str, fallback: str) -> str:
    from crosscase.exchange import names

    described = out.study.info.coders[coder].description if coder in out.study.info.coders else ""
    return described if described and names.slug(described, "coder") == fallback else fallback


def _add_documents(plan: Plan) -> None:
    out, study = plan.out, plan.out.study
    folder = paths.restricted() / study.name
    for row in study.documents.to_dict("records"):
        document, kind = row["document"], row["kind"]
        text = out.text(document, kind) if out.texts else None
        if text is not None:
            plan.texts[document] = text
        original = file_of(study.name, document) if kind in MEDIA else None
        pdf = safe_file(folder, f"originals/{document.removesuffix('.txt')}.pdf")
        original = pdf if original is None and pdf.is_file() else original
        if out.texts and original is not None and original.is_file():
            plan.originals[document] = (original.suffix.lstrip(".").lower(), original.read_bytes())
        if text is None and kind not in MEDIA and document not in plan.originals:
            n = int((study.codings["document"] == document).sum())
            out.not_carried.add("documents whose text is not here, with their codings", f"{document} ({n} codings)")
            continue
        plan.documents.append(row)
        if isinstance(row["case"], str):
            plan.documents_of[row["case"]].append(document)
    if any(not text.isascii() and max(text) > "\uffff" for text in plan.texts.values()) and out.profile == "standard":
        out.warnings.add(
            "texts hold characters above U+FFFF (emoji and others), which programs count differently: "
            "check the segments behind them, or use the profile nvivo for NVivo"
        )
    out.counts["documents"] = len(plan.documents)


def _kind_of(plan: Plan, document: str, start: Any, locator: Any) -> str | None:
    """Return how a segment can be written: as text, rectangle, time, the whole document, or not at all."""
    if pd.notna(start):
        return "text" if document in plan.texts else None
    if not isinstance(locator, str):
        return None
    if locator == WHOLE_LOCATOR:
        return "whole"
    kind = next(row["kind"] for row in plan.documents if row["document"] == document)
    found = refi.read_rectangle(locator)
    if found and (kind == "picture" if found[0] is None else kind not in MEDIA):
        return "rectangle"
    if refi.read_time(locator) and kind in ("audio", "video"):
        return "time"
    return None


def _add_codings(plan: Plan) -> None:
    own = {row["document"]: row["case"] for row in plan.documents}
    n = 0
    for row in plan.out.codings().to_dict("records"):
        document = row["document"]
        if document not in own:
            continue
        how = _kind_of(plan, document, row["start"], row["locator"])
        if how is None:
            plan.out.not_carried.add("codings on segments that have no place in the format", str(row["coding_id"]))
            continue
        case = row["case"] if isinstance(row["case"], str) and row["case"] != own[document] else ""
        selection = _selection(plan, document, how, row, case)
        if case and selection.guid not in plan.selections_of[case]:
            plan.selections_of[case].append(selection.guid)
        selection.codings.append(row)
        if isinstance(row["memo"], str):
            plan.coding_memos[plan.guid("coding memo", row["coding_id"])] = row["memo"]
        n += 1
    plan.out.counts["codings"] = n


def _selection(plan: Plan, document: str, how: str, row: dict[str, Any], case: str) -> Selection:
    spanned = how == "text"
    start, end = (int(row["start"]), int(row["end"])) if spanned else (None, None)
    locator = None if spanned else row["locator"]
    key = (how, start, end, locator or "", case)
    if key not in plan.selections[document]:
        identifier = plan.guid("selection", document, *key)
        plan.selections[document][key] = Selection(identifier, start, end, locator)
    return plan.selections[document][key]


def _add_memberships(plan: Plan) -> None:
    known = {row["document"] for row in plan.documents}
    for row in plan.out.study.table("memberships").to_dict("records"):
        document, case = row["document"], row["case"]
        if document not in known:
            continue
        if pd.isna(row["start"]) and not isinstance(row["locator"], str):
            if document not in plan.documents_of[case]:
                plan.documents_of[case].append(document)
            continue
        how = _kind_of(plan, document, row["start"], row["locator"])
        if how in (None, "whole"):
            plan.out.not_carried.add("placements of segments that have no place in the format")
            continue
        key_row = row | {"locator": row["locator"] if isinstance(row["locator"], str) else None}
        selection = _selection(plan, document, str(how), key_row, f"\0membership {row['membership']}")
        plan.selections_of[case].append(selection.guid)


def _add_links(plan: Plan) -> None:
    for row in plan.out.study.table("links").to_dict("records"):
        ends = [_end(plan, row[f"{side}_kind"], row[side]) for side in ("source", "target")]
        if row["kind"] == "memo" and row["target_kind"] == "memo" and ends[1] and row["source_kind"] != "case":
            if row["source_kind"] == "segment":
                if selection := _segment(plan, row["source"]):
                    selection.notes.append(row["target"])
                    continue
            elif ends[0] or row["source_kind"] == "study":
                plan.notes_of[(row["source_kind"], str(row["source"]))].append(row["target"])
                continue
        if ends[0] and ends[1]:
            plan.links.append((row, ends[0], ends[1]))
        else:
            plan.out.not_carried.add("links whose ends have no place in the format")


def _end(plan: Plan, kind: str, name: Any) -> str | None:
    if kind == "segment":
        selection = _segment(plan, name)
        return selection.guid if selection else None
    return plan.guid(kind, name) if isinstance(name, str) and plan.exists(kind, name) else None


def _segment(plan: Plan, name: Any) -> Selection | None:
    document, _, where = str(name).partition("#")
    if not plan.exists("document", document):
        return None
    start, _, end = where.partition("-")
    spanned = start.isdigit() and end.isdigit()
    row = {"start": int(start), "end": int(end), "locator": None} if spanned else {"start": pd.NA, "locator": where}
    how = _kind_of(plan, document, row["start"], row["locator"])
    if how in (None, "whole"):
        return None
    if spanned and not 0 <= int(start) < int(end) <= len(plan.texts[document]):
        return None
    wanted = (how, int(start), int(end), "") if spanned else (how, None, None, where)
    for key, selection in plan.selections[document].items():
        if key[:4] == wanted:
            return selection
    return _selection(plan, document, str(how), row, "")
