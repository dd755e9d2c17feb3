"""Render an assembled source of the book with Sphinx, as Jupyter Book sets it up; what it finds goes into a report.

Called in this process, or run as a script in one of its own, which takes a line: source and folder, as JSON.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    Prepare = Callable[[Sphinx], None]

HTML = Path("_build") / "html"
"""Where the pages come to lie in the folder that is rendered into."""
DOCTREES = Path("_build") / ".doctrees"
SETTINGS_FILES = "DOCUTILSCONFIG"
"""Variable that names settings of docutils; nobody's own are read, neither of this machine nor of this person."""


def render(source: Path, folder: Path, stream: IO[str], prepare: Prepare | None = None) -> None:
    """Render the pages that are new or older than their source, and those that the environment there does not know.

    `source` is an assembled source, `folder` where the book goes, below `HTML`. `stream` takes what Sphinx says.
    `prepare` is given the application before anything is read.
    """
    config = _jupyter_book(source)
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    with _own_settings(), _rarely_tidied(), patch_docutils(None), docutils_namespace():
        app = Sphinx(
            srcdir=source,
            confdir=None,
            outdir=folder / HTML,
            doctreedir=folder / DOCTREES,
            buildername="html",
            confoverrides=config,
            status=stream,
            warning=stream,
            verbosity=1,
            keep_going=True,
        )
        if app.config["use_multitoc_numbering"] and "numbered: true" in _contents(app):
            app.setup_extension("sphinx_multitoc_numbering")
        if prepare:
            prepare(app)
        app.build()


def _contents(app: Sphinx) -> str:
    return yaml.dump(app.config.external_site_map.as_json())


def _config() -> Any:
    """Return the part of Jupyter Book that makes settings of Sphinx of those of the book."""
    left_out = "rfc3987_syntax"  # makes parsers for seconds, for formats that no setting uses
    new = left_out not in sys.modules
    if new:
        sys.modules[left_out] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("jupyter_book.config")
    finally:
        if new:
            del sys.modules[left_out]


def _jupyter_book(source: Path) -> dict[str, Any]:
    """Return the settings that Jupyter Book makes of those of the book."""
    ours = {
        "external_toc_path": (source / "_toc.yml").as_posix(),
        "latex_individualpages": False,
        "nitpicky": True,
    }
    config, _ = _config().get_final_config(user_yaml=source / "_config.yml", cli_config=ours, sourcedir=source)
    return config


@contextmanager
def _rarely_tidied() -> Iterator[None]:
    """Look for what nobody needs less often: pages are trees of small things that are looked at in vain each time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _own_settings() -> Iterator[None]:
    before = os.environ.get(SETTINGS_FILES)
    os.environ[SETTINGS_FILES] = ""
    try:
        yield
    finally:
        del os.environ[SETTINGS_FILES]
        if before is not None:
            os.environ[SETTINGS_FILES] = before


def get_ready() -> None:
    """Import what rendering needs: that takes a while, in which others can assemble what is rendered."""
    _config()
    for name in (
        *("sphinx.application", "sphinx.builders.html", "sphinx.util.docutils", "myst_nb", "sphinx_book_theme"),
        *("sphinx_external_toc", "sphinx_design", "sphinxcontrib.bibtex", "crosscase.publish.sphinx_ext"),
    ):
        importlib.import_module(name)


def main() -> int:
    """Render as a process of its own what standard input names, once it does; return the status.

    What stops it is told without calls of other programs.
    """
    try:
        get_ready()
        if not (asked := sys.stdin.readline().strip()):
            return 0
        source, folder = json.loads(asked)
        render(Path(source), Path(folder), sys.stdout)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
