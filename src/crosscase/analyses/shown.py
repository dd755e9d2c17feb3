"""HTML and pixels by which a result shows itself in a notebook."""

from __future__ import annotations

import base64
import io
from html import escape

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from crosscase import ids

SHOWN_ROWS, SHOWN_IDS, SHOWN_LETTERS = 12, 3, 120
"""Rows, ids in a cell and letters in a cell that a notebook shows; the kept table has all."""

WIDEST = 7.2
"""Inches on the screen; the picture itself may be finer."""


def figure_html(png: bytes, alt: str, about: str) -> str:
    """Return a picture with its alternative text and caption as HTML."""
    width = min(WIDEST, _inches(png))
    size = f'width="{100 * width:.0f}" style="max-width:100%"'
    source = f'<img src="data:image/png;base64,{base64.b64encode(png).decode("ascii")}" alt="{escape(alt)}" {size}>'
    return f'<figure style="margin:0">{source}<figcaption>{escape(about)}</figcaption></figure>'


def table_html(frame: pd.DataFrame) -> str:
    """Return the first and last rows of a table as HTML, long cells shortened."""
    half = SHOWN_ROWS // 2
    shown = frame if len(frame) <= SHOWN_ROWS else pd.concat([frame.head(half), frame.tail(half)])
    cells = shown.astype(object).where(shown.notna(), "").map(_shortened)
    more = len(frame) - len(shown)
    rest = f"<p>{more} rows between the first and the last are not shown here.</p>" if more else ""
    table = cells.to_html(index=any(frame.index.names), border=0, justify="left")
    return f'<div style="overflow-x:auto">{table}</div>{rest}'


def _shortened(cell: object) -> object:
    """Return the first of many ids, or the beginning of a long text."""
    if not isinstance(cell, str):
        return cell
    parts = ids.split(cell)
    if len(parts) > SHOWN_IDS and " " not in parts[0]:
        return f"{', '.join(parts[:SHOWN_IDS])} and {len(parts) - SHOWN_IDS} more"
    return cell if len(cell) <= SHOWN_LETTERS else f"{cell[: SHOWN_LETTERS - 1].rstrip()}…"


def folded_html(title: str, inside: str) -> str:
    """Return HTML that opens on a click."""
    return f"<details><summary>{escape(title)}</summary>{inside}</details>"


def sentence_html(sentence: str) -> str:
    """Return a finding as HTML; nothing where there is none."""
    return f"<p><strong>{escape(sentence)}</strong></p>" if sentence else ""


def figure_png(figure: Figure, dpi: float = 150, note: str = "") -> bytes:
    """Return a figure as a picture of pixels; it has no transparent part, which would only cost time and room."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    canvas, before = figure.canvas, figure.dpi
    try:
        figure.set_dpi(dpi)
        drawn = FigureCanvasAgg(figure)
        drawn.draw()
        picture = Image.frombuffer("RGBA", drawn.get_width_height(), drawn.buffer_rgba(), "raw", "RGBA", 0, 1)
    finally:
        figure.set_dpi(before)
        figure.set_canvas(canvas)
    out, about = io.BytesIO(), PngInfo()
    if note:
        about.add_text("Description", note)
    picture.convert("RGB").save(out, "png", dpi=(dpi, dpi), compress_level=3, pnginfo=about)
    return out.getvalue()


def _inches(png: bytes) -> float:
    from PIL import Image

    with Image.open(io.BytesIO(png)) as picture:
        return float(picture.width / picture.info["dpi"][0])
