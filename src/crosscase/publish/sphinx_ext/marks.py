"""The node of a kept value, with its origin on hover and on focus."""

from __future__ import annotations

from typing import Any

from docutils import nodes

from crosscase.publish.book_text import html_text


class ValueMark(nodes.Inline, nodes.TextElement):
    """A printed value; attributes `href` (may be empty), `tip` (lines of the note) and `tip_id`."""


def visit_value(self: Any, node: ValueMark) -> None:
    """Open the value: a link where its notebook has a page, else a place that takes the keyboard's focus."""
    same = f'class="cc-value-text" aria-describedby="{node["tip_id"]}"'
    opening = f'<a {same} href="{html_text(node["href"])}">' if node["href"] else f'<span {same} tabindex="0">'
    self.body.append(f'<span class="cc-value">{opening}')


def depart_value(self: Any, node: ValueMark) -> None:
    """Close the value and add the note that hover and focus show."""
    lines = "".join(f"<span><b>{html_text(name)}</b> {html_text(text)}</span>" for name, text in node["tip"])
    closing = "</a>" if node["href"] else "</span>"
    self.body.append(f'{closing}<span class="cc-tip" role="tooltip" id="{node["tip_id"]}">{lines}</span></span>')


def skip(self: Any, node: nodes.Node) -> None:
    """Print the content alone."""
