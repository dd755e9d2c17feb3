"""Read a REFI-QDA codebook (`.qdc`) leniently: any namespace, order and attribute that vendors write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import safe_xml
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.imported import Imported
from crosscase.exchange.refi import ORIGIN, from_description, plain_guid


def read_qdc(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return a study that holds nothing but the codebook of a `.qdc` file; `CrosscaseError` where it is none."""
    with path.open("rb") as stream:
        root = safe_xml.root(stream, path.name)
    if _local(root).lower() != "codebook":
        raise CrosscaseError(Problem(path.name, "the root element is CodeBook", ascii(_local(root))[:80], "CodeBook"))
    origin = root.get("origin") or ""
    builder = Builder("REFI-QDA codebook", origin, path.stem)
    top = [code for codes in root if _local(codes) == "Codes" for code in codes if _local(code) == "Code"]
    pending: list[tuple[Any, str | None]] = [(code, None) for code in reversed(top)]
    while pending:
        element, parent = pending.pop()
        key = plain_guid(element.get("guid")) or f"code {len(builder.codes)}"
        text = next((c.text for c in element if _local(c) == "Description"), None) or element.get("description") or ""
        definition, rules = from_description(text) if origin.startswith(ORIGIN) else (text, {})
        builder.code(key, element.get("name"), parent, definition, element.get("color"), **rules)
        pending += [(child, key) for child in reversed(element) if _local(child) == "Code"]
    for group in (s for sets in root if _local(sets) == "Sets" for s in sets if _local(s) == "Set"):
        members = [plain_guid(m.get("guid") or m.get("targetGUID")) for m in group if _local(m) == "MemberCode"]
        about = next((c.text for c in group if _local(c) == "Description"), None)
        name = group.get("name")
        builder.group(plain_guid(group.get("guid")) or str(name), name, about, [("code", m) for m in members])
    if not builder.codes:
        builder.warnings.add("the codebook holds no code")
    builder.notes.append("A codebook alone: add documents and codings before its book can be built.")
    return assemble(builder)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
