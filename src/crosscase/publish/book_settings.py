"""What `book/_config.yml` and `book/_toc.yml` may say: nothing that leads out of the book or runs anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosscase import paths, yaml_text
from crosscase.errors import CrosscaseError, Problem
from crosscase.publish.addresses import INSIDE, broken_rule, named

CONFIG, CONTENTS = "_config.yml", "_toc.yml"
RUNS_NOTHING = "the settings of the book run nothing and load no program"
EXTENSIONS = named(
    "crosscase.publish.sphinx_ext jupyter_book myst_nb sphinx-mathjax-offline sphinx.ext.todo sphinx_book_theme "
    "sphinx_copybutton sphinx_design sphinx_external_toc sphinx_inline_tabs sphinx_togglebutton sphinxcontrib.bibtex"
)
SYNTAX = named(
    "amsmath attrs_block attrs_inline colon_fence deflist dollarmath fieldlist replacements smartquotes strikethrough "
    "tasklist"
)
"""Ways of writing that a book may add; `substitution`, which evaluates expressions, is not there."""
RUNNING = named(
    "announcement analytics binderhub_url colab_url comments deepnote_url extra_footer extra_navbar "
    "google_analytics_id html_additional_pages html_js_files html_search_scorer html_sidebars html_theme "
    "html_theme_path jupyterhub_url local_extensions mathjax2_config mathjax3_config mathjax_config mathjax_path "
    "myst_substitutions myst_url_schemes nb_custom_formats nb_execution_mode nb_render_plugin rst_epilog rst_prolog "
    "source_parsers source_suffix templates_path thebe thebe_config"
)
"""Settings that run something, load a program, or put markup on every page."""
_PATH = re.compile(r"(?:^|[\s\"'=])(?:\.\.[/\\]|[/~\\]|[A-Za-z]:[\\/])|[/\\]\.\.(?:[/\\]|$)")


def settings_problems() -> list[Problem]:
    """Return what breaks the rules in the settings and in the table of contents of the book."""
    return [*_each(CONFIG, _config), *_each(CONTENTS, _contents)]


def _each(name: str, look: object) -> list[Problem]:
    path = paths.book() / name
    try:
        node = yaml_text.node(path.read_text(encoding="utf-8"), f"book/{name}")
    except CrosscaseError as error:
        return list(error.problems)
    except (OSError, UnicodeDecodeError) as error:
        return [Problem(f"book/{name}", "the book has this file, in YAML", str(error), remedy="correct the file")]
    found = [] if node is None else yaml_text.scalars(node)
    return [problem for each in found for problem in look(*each)]  # type: ignore[operator]


def _config(keys: tuple[str, ...], line: int, value: str) -> Iterator[Problem]:
    place = f"book/{CONFIG}, line {line}"
    said = f"{': '.join(keys)}: {value}"
    if broken_rule(value, CONFIG, loaded=False) == INSIDE or _PATH.search(value) or value.lower().startswith("file:"):
        yield Problem(place, INSIDE, said, remedy="name a file of the folder book, from that folder")
    elif set(keys) & {"extensions", "extra_extensions"} and value not in EXTENSIONS:
        yield Problem(place, RUNS_NOTHING, said, ", ".join(sorted(EXTENSIONS)), "delete it")
    elif "myst_enable_extensions" in keys and value not in SYNTAX:
        yield Problem(place, RUNS_NOTHING, said, ", ".join(sorted(SYNTAX)), "delete it")
    elif "execute_notebooks" in keys and value != "off":
        yield Problem(place, RUNS_NOTHING, said, '"off"', "write off: crosscase runs the notebooks")
    elif (running := sorted(set(keys) & RUNNING)) and value not in ("", "null", "~", "false", "False"):
        yield Problem(place, RUNS_NOTHING, said, remedy=f"delete {running[0]}")


def _contents(keys: tuple[str, ...], line: int, value: str) -> Iterator[Problem]:
    place = f"book/{CONTENTS}, line {line}"
    if not keys or keys[-1] not in ("file", "root", "glob", "url"):
        return
    loaded = keys[-1] != "url"
    if rule := broken_rule(value, CONTENTS, loaded=loaded):
        remedy = "name a page of the folder book, from that folder" if loaded else "give an https address"
        yield Problem(place, rule, f"{keys[-1]}: {value}", remedy=remedy)
