"""Write REFI-QDA: projects and codebooks that are valid against the schema, the same bytes for the same study."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange.outgoing import Outgoing
from crosscase.exchange.qdpx_plan import Plan, make_plan
from crosscase.exchange.qdpx_write_sources import write_sources
from crosscase.exchange.refi import (
    CODEBOOK_SPACE,
    DIRECTIONS,
    ORIGIN,
    PROJECT_SPACE,
    SECTIONS,
    TYPES,
    guid,
    to_description,
)
from crosscase.exchange.xml_out import add, moment, text
from crosscase.publish.words import level_words

ORIGINS = {"standard": ORIGIN, "nvivo": f"{ORIGIN} (counting as NVivo for Windows)"}
CODING_COLUMNS = ("round", "valence", "theme", "role", "role_mode")
OTHER_TABLES = (
    "themes", "relations", "outcomes", "quotations", "facts", "framework_map", "inventory", "roles", "summaries",
)  # fmt: skip


def write_qdpx(out: Outgoing, path: Path) -> None:
    """Write a study as a REFI-QDA project: LF, UTF-8 without byte order mark, code points (or as the profile says)."""
    plan = make_plan(out)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes) -> None:
            archive.writestr(_entry(name), content)

        root = etree.Element(f"{{{PROJECT_SPACE}}}Project", nsmap={None: PROJECT_SPACE})
        root.set("name", text(out.study.info.title))
        root.set("origin", ORIGINS[out.profile])
        _users(root, plan)
        _codebook(add(root, "CodeBook") if len(plan.codebook) else None, plan.codebook, out, plan)
        _variables(root, plan)
        _cases(root, plan)
        write_sources(root, plan, put)
        _notes(root, plan, put)
        _links(root, plan)
        _sets(root, plan)
        if out.study.info.design:
            add(root, "Description", out.study.info.design)
        for memo in plan.notes_of.get(("study", "study"), ()):
            add(root, "NoteRef", targetGUID=plan.guid("memo", memo))
        put("project.qde", _document(root, out))
    _say_what_is_lost(out, plan)


def write_qdc(out: Outgoing, path: Path) -> None:
    """Write the codebook of a study as a REFI-QDA codebook, which the standard does not have without a code."""
    codebook = out.study.codebook
    if codebook.empty:
        raise CrosscaseError(Problem(out.study.name, "a REFI-QDA codebook holds at least one code", "none"))
    root = etree.Element(f"{{{CODEBOOK_SPACE}}}CodeBook", nsmap={None: CODEBOOK_SPACE}, origin=ORIGIN)
    _codebook(root, codebook, out, None)
    sets = out.study.table("sets")
    of_codes = sets[sets["member_kind"] == "code"]
    if not of_codes.empty:
        wrapper = add(root, "Sets")
        for name, members in of_codes.groupby("set", sort=False):
            first = members.iloc[0]
            group = add(wrapper, "Set", guid=guid(out.study.name, "set", name), name=text(first["label"]))
            if pd.notna(first["description"]):
                add(group, "Description", first["description"])
            for member in members["member"]:
                add(group, "MemberCode", guid=guid(out.study.name, "code", member))
    path.write_bytes(_document(root, out))
    out.counts["codes"] = len(codebook)
    for what, n in (("documents", len(out.study.documents)), ("codings", len(out.study.codings))):
        if n:
            out.not_carried.add(f"{what}: a codebook has codes only", n=n)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def _document(root: Any, out: Outgoing) -> bytes:
    """Return the XML of a file, which says in a comment at which level it was built."""
    root.addprevious(etree.Comment(f" {level_words(out.level)} "))
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8") + b"\n"


def _users(root: Any, plan: Plan) -> None:
    if plan.coders:
        users = add(root, "Users")
        ids = plan.out.coder_names()
        for coder, name in plan.coders.items():
            own = None if plan.out.anonymous else ids.get(coder, coder)
            add(users, "User", guid=plan.guid("coder", coder), name=name, id=own)


def _codebook(parent: Any, codebook: pd.DataFrame, out: Outgoing, plan: Plan | None) -> None:
    """Add the tree of codes; a parent that is missing or in a circle puts the code at the top."""
    if parent is None:
        return
    codes = add(parent, "Codes")
    rows = {row["code"]: row for row in codebook.to_dict("records")}
    below: dict[str | None, list[str]] = {}
    for code, row in rows.items():
        above = row["parent"] if row["parent"] in rows else None
        below.setdefault(above, []).append(code)
    pending = [(code, codes) for code in reversed(below.get(None, []))]
    while pending:
        code, at = pending.pop()
        row = rows[code]
        color = row["color"] if isinstance(row["color"], str) else None
        identifier = guid(out.study.name, "code", code)
        element = add(at, "Code", guid=identifier, name=text(row["label"]), isCodable="true", color=color)
        rules = {column: text(row[column]) for column in SECTIONS.values()}
        if about := to_description(text(row["definition"]), rules):
            add(element, "Description", about)
        for memo in plan.notes_of.get(("code", code), ()) if plan else ():
            add(element, "NoteRef", targetGUID=plan.guid("memo", memo))  # type: ignore[union-attr]
        pending += [(child, element) for child in reversed(below.get(code, []))]
    out.counts["codes"] = len(codebook)


def _variables(root: Any, plan: Plan) -> None:
    if plan.variables.empty:
        return
    wrapper = add(root, "Variables")
    types = {ours: theirs for theirs, ours in TYPES.items()}
    for row in plan.variables.to_dict("records"):
        kind = types[row["type"]]
        element = add(wrapper, "Variable", guid=plan.guid("variable", row["variable"]), name=text(row["label"]))
        element.set("typeOfVariable", kind)
        if text(row["description"]):
            add(element, "Description", row["description"])


def _cases(root: Any, plan: Plan) -> None:
    if plan.cases.empty:
        return
    wrapper = add(root, "Cases")
    for row in plan.cases.to_dict("records"):
        case = row["case"]
        element = add(wrapper, "Case", guid=plan.guid("case", case), name=text(row["label"]))
        if text(row["description"]):
            add(element, "Description", row["description"])
        plan.add_values(element, "case", case)
        for document in plan.documents_of.get(case, ()):
            add(element, "SourceRef", targetGUID=plan.guid("document", document))
        for selection in plan.selections_of.get(case, ()):
            add(element, "SelectionRef", targetGUID=selection)
    plan.out.counts["cases"] = len(plan.cases)


def _notes(root: Any, plan: Plan, put: Any) -> None:
    if not plan.memos and not plan.coding_memos:
        return
    wrapper = add(root, "Notes")
    index = plan.memo_index
    for memo, content in plan.memos.items():
        row = index.get(memo, {})
        identifier = plan.guid("memo", memo)
        coder = row.get("coder")
        path, user = f"internal://{identifier}.txt", plan.guid("coder", coder) if coder in plan.coders else None
        about = {"guid": identifier, "name": text(row.get("title") or memo), "plainTextPath": path}
        add(wrapper, "Note", **about, creatingUser=user, creationDateTime=moment(row.get("date")))
        put(f"sources/{identifier}.txt", plan.encoded(content))
    for identifier, content in plan.coding_memos.items():
        add(add(wrapper, "Note", guid=identifier), "PlainTextContent", content)
    plan.out.counts["memos"] = len(plan.memos)


def _links(root: Any, plan: Plan) -> None:
    if not plan.links:
        return
    wrapper = add(root, "Links")
    directions = {ours: theirs for theirs, ours in DIRECTIONS.items()}
    for number, (row, origin, target) in enumerate(plan.links):
        direction = directions.get(row["direction"]) if isinstance(row["direction"], str) else None
        element = add(wrapper, "Link", guid=plan.guid("link", row["link"], number), name=text(row["label"]) or None)
        for key, value in (("direction", direction), ("originGUID", origin), ("targetGUID", target)):
            if value:
                element.set(key, value)
    plan.out.counts["links"] = len(plan.links)


def _sets(root: Any, plan: Plan) -> None:
    if plan.sets.empty:
        return
    wrapper = add(root, "Sets")
    tags = {"code": "MemberCode", "document": "MemberSource", "memo": "MemberNote"}
    for name, members in plan.sets.groupby("set", sort=False):
        first = members.iloc[0]
        element = add(wrapper, "Set", guid=plan.guid("set", name), name=text(first["label"]))
        if pd.notna(first["description"]):
            add(element, "Description", first["description"])
        for kind, tag in tags.items():
            for member in members.loc[members["member_kind"] == kind, "member"]:
                if plan.exists(kind, member):
                    add(element, tag, targetGUID=plan.guid(kind, member))
        if n := int((members["member_kind"] == "case").sum()):
            plan.out.not_carried.add("cases as members of sets", n=n)
    plan.out.counts["sets"] = plan.sets["set"].nunique()


def _say_what_is_lost(out: Outgoing, plan: Plan) -> None:
    for column in CODING_COLUMNS:
        if n := int(out.study.codings[column].notna().sum()):
            out.not_carried.add(f"codings: {column}", n=n)
    codings = out.study.codings
    if n := int((codings["start"].notna() & codings["locator"].notna()).sum()):
        out.not_carried.add("codings: the locator (page, time) beside the place in a text", n=n)
    for table in OTHER_TABLES:
        if n := len(out.study.table(table)):
            out.not_carried.add(f"table {table}, rows", n=n)
    documents = out.study.documents
    for column in ("role", "participant", "stage", "citation", "release_reason"):
        if n := int(documents[column].notna().sum()):
            out.not_carried.add(f"documents: {column}", n=n)
    out.not_carried.add("kind, language and release of documents", n=len(documents)) if len(documents) else None
    if n := int((out.study.cases["kind"] != "case").sum()):
        out.not_carried.add("cases: what a row stands for, where it is no single case", n=n)
    if any(coder.kind != "person" for coder in out.study.info.coders.values()):
        out.not_carried.add("that a coder is no person")
    out.not_carried.add("research question, stance, publications and gaps of study.yml")
