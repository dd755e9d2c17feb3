"""Every page of the book says at which level it was built: in its head, and in words at its foot."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from crosscase.publish.book_text import html_text
from crosscase.publish.words import level_words


def connect(app: Sphinx, level: str) -> None:
    """Let each page of a build say its level, `public` or `restricted`."""
    mark = f'<meta name="crosscase-level" content="{html_text(level)}" />'
    foot = f'<p class="cc-level">{html_text(level_words(level))}</p>'

    def say(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        context["metatags"] = f"{context.get('metatags', '')}\n{mark}"
        context["theme_extra_footer"] = foot

    app.connect("html-page-context", say)
