"""The roles and directives of the book, as one Sphinx extension; the chapters themselves stay plain MyST.

Roles: `value`, `sentence`, `quote`, `segment`, `from`, `finding`, `given`. Directives: `kept-figure`, `kept-table`,
`kept-matrix`, `findings`, `study-cards`, `study-facts`, `study-origin`, `study-gaps`, `not-stated`, `code-tree`,
`coded-cases`, `study-trail`, `trail`. Whatever they cannot resolve is collected with file and line and ends the build.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.search import js_index

from crosscase import paths
from crosscase.publish.book_text import html_text
from crosscase.publish.sphinx_ext import any_study, argument, kept, marks, matrix, roles, study, trail
from crosscase.publish.sphinx_ext.context import BookContext
from crosscase.publish.words import level_words

PLAIN = ("root_title", "pagetitle", "page_description", "author")
"""What the theme takes from pages and settings as plain text, and writes into every page."""
_APART = (
    r"(?:t[dhr]|thead|tbody|tfoot|table|caption|li|[uod]l|d[dt]|p|pre|h[1-6]|div|section|details|summary|figure|"
    r"figcaption|blockquote|option|svg|text|title|desc)"
)
_JOINED = re.compile(rf"(</{_APART}>|<br ?/?>)(?=\S)|(?<=[^\s>])(?=<{_APART}\b)")
"""Where two texts that are read apart stand together in HTML: a search would take their words for one."""
BARE = (
    "The folder book holds only the chapters; the pages that the notebooks make are added by the main job, which calls "
    "Jupyter Book itself: run `crosscase build` (or `crosscase build --only book` where the notebooks have run)."
)
STATIC = paths.source() / "publish" / "static"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register roles, directives, styles and the report of what went wrong; refuse the bare folder of chapters."""
    if Path(app.srcdir).resolve() == paths.book().resolve():
        raise SystemExit(BARE)  # an error would come with the calls of three programs
    context = BookContext(app)
    app.add_node(marks.ValueMark, html=(marks.visit_value, marks.depart_value), text=(marks.skip, marks.skip))
    for name, role in (roles.ROLES | argument.ROLES).items():
        app.add_role(name, role)
    for module in (any_study, argument, kept, matrix, study, trail):
        for name, directive in module.DIRECTIVES.items():
            app.add_directive(name, directive)
    _say_level(app, context.level)
    context.guard.connect()
    app.connect("builder-inited", _add_static)
    app.connect("builder-inited", lambda app: context.listen())
    app.connect("doctree-resolved", lambda app, doctree, page: separate(doctree))
    app.connect("html-page-context", _escape, priority=900)
    app.connect("build-finished", _escape_index)
    app.connect("build-finished", lambda app, error: context.write_report(error))
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}


def _say_level(app: Sphinx, level: str) -> None:
    """Let every page say at which level it was built, `public` or `restricted`: in its head, and at its foot."""
    mark = f'<meta name="crosscase-level" content="{html_text(level)}" />'
    foot = f'<p class="cc-level">{html_text(level_words(level))}</p>'

    def say(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
        context["metatags"] = f"{context.get('metatags', '')}\n{mark}"
        context["theme_extra_footer"] = foot

    app.connect("html-page-context", say)


def separate(doctree: nodes.document) -> None:
    """Part neighbouring cells, entries and paragraphs of raw HTML by a line break.

    Sphinx takes the words of its search from the text that is left when the tags are gone.
    """
    for node in doctree.findall(nodes.raw):
        if "html" in node.get("format", "").split():
            text = _JOINED.sub(lambda found: f"{found[0]}\n", node.astext())
            node.clear()
            node += nodes.Text(text)


def _escape(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Escape what the theme took as plain text and prints as it stands: the names of book, page, author."""
    for name in PLAIN:
        if text := context.get(name):
            context[name] = html_text(text)


def _escape_index(app: Sphinx, error: Exception | None) -> None:
    """Escape the headings in the search index, which the page of the search puts into itself as HTML."""
    file = Path(app.outdir) / "searchindex.js"
    if error or not file.is_file():
        return
    before, _, index = file.read_text(encoding="utf-8").partition("(")
    data = js_index.loads(f"{before}({index}")
    data["alltitles"] = {html_text(title): places for title, places in data["alltitles"].items()}
    file.write_text(js_index.dumps(data), encoding="utf-8", newline="\n")


def _add_static(app: Sphinx) -> None:
    app.config.html_static_path.append(str(STATIC))
    app.add_css_file("crosscase.css")
    app.add_js_file("crosscase.js", loading_method="defer")
