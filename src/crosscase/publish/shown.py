"""How a notebook shows a kept figure: the picture with its alternative text, or the sentence that says why none."""

from __future__ import annotations


class Shown:
    """A kept figure as a notebook shows it: the picture with its alternative text.

    Parameters
    ----------
    png : bytes
        The picture.
    alt, caption : str
        As kept.
    width : float
        Width on the screen in inches; the picture itself may be finer.
    """

    def __init__(self, png: bytes, alt: str, caption: str, width: float = 7.2) -> None:
        self.png, self.alt, self.caption, self.width = png, alt, caption, width

    def __repr__(self) -> str:
        return f"Figure: {self.caption}"

    def _repr_html_(self) -> str:
        import base64
        from html import escape

        picture = base64.b64encode(self.png).decode("ascii")
        size = f'width="{100 * self.width:.0f}" style="max-width:100%"'
        source = f'<img src="data:image/png;base64,{picture}" alt="{escape(self.alt)}" {size}>'
        return f'<figure style="margin:0">{source}<figcaption>{escape(self.caption)}</figcaption></figure>'


class NotDrawn:
    """A figure that has nothing to show, as a notebook shows it: the sentence that says why.

    Parameters
    ----------
    reason, caption : str
        Why nothing is drawn, and what the figure would show.
    """

    def __init__(self, reason: str, caption: str) -> None:
        self.reason, self.caption = reason, caption

    def __repr__(self) -> str:
        return f"Not drawn: {self.reason} ({self.caption})"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p>{escape(repr(self))}</p>"


def why_empty(alt: str) -> str:
    """Return why a figure has nothing to show, as its alternative text says; empty where it shows something.

    Examples
    --------
    >>> why_empty("Empty matrix: there are no rows to show."), why_empty("Three cells.")
    ('There are no rows to show.', '')
    """
    kind, mark, reason = alt.partition(": ")
    if not mark or not kind.startswith("Empty "):
        return ""
    return reason[:1].upper() + reason[1:]
