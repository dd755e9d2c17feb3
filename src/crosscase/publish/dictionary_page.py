"""The data dictionary as a page of the book, from the same schemas that check the data."""

from __future__ import annotations

import re
from typing import Any

from crosscase import tables
from crosscase.publish.book_text import md_text


def dictionary_page() -> str:
    """Return the data dictionary as MyST, to be included in a chapter: one section per table, one row per column."""
    return "\n".join(_section(tables.schema(name)) for name in tables.names())


def _section(schema: tables.Schema) -> str:
    need = "Every study has this table." if schema.required else "A study may leave this table out."
    lines = [
        f"(table-{schema.name})=",
        f"## {md_text(schema.title)}\n",
        f"`{schema.name}.csv`. {_prose(schema.description)} {need} "
        f"Key: {', '.join(f'`{column}`' for column in schema.key)}.\n",
        "| Column | Type | Required | Meaning | Allowed |",
        "|---|---|---|---|---|",
    ]
    links = {key["fields"][0]: key["reference"] for key in schema.foreign}
    for item in schema.fields:
        rules = item.get("constraints", {})
        required = "yes" if rules.get("required") else ""
        meaning = _prose(item.get("description", ""))
        allowed = _allowed(rules, links.get(item["name"]))
        lines.append(f"| `{item['name']}` | {item['type']} | {required} | {meaning} | {allowed} |")
    return "\n".join(lines) + "\n"


def _prose(text: str) -> str:
    """Return a description as MyST in which only words between backticks are marked, as code.

    >>> _prose("kind `all` or *")
    'kind `all` or &#42;'
    """
    parts = re.split(r"(\s*`[^`|]+`\s*)", text)
    return "".join(part if number % 2 else md_text(part) for number, part in enumerate(parts))


def _allowed(rules: dict[str, Any], reference: dict[str, Any] | None) -> str:
    """Return the rules of a column in words."""
    words = []
    if values := rules.get("enum"):
        words.append(", ".join(f"`{md_text(value)}`" if value.isalnum() else md_text(value) for value in values))
    if pattern := rules.get("pattern"):
        words.append(f"pattern {md_text(pattern)}")
    if "minimum" in rules:
        words.append(f"at least {rules['minimum']}")
    if "maximum" in rules:
        words.append(f"at most {rules['maximum']}")
    if rules.get("unique"):
        words.append("each value once")
    if reference:
        words.append(
            f"a {md_text(reference['fields'][0])} of [{reference['resource']}](#table-{reference['resource']})"
        )
    return "; ".join(words)
