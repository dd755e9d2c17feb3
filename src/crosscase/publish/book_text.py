"""Text that is safe to print in the book: escaped, slugged, formatted; nothing a study is called can become markup."""

from __future__ import annotations

import difflib
import hashlib
import html
import math
import re
import unicodedata
from collections.abc import Iterable

import pandas as pd

_BIDI = dict.fromkeys([0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
ABSENT = "–"


def clean(text: object) -> str:
    """Return a text on one line, without control characters and without marks that turn the direction of writing.

    >>> clean("two\\nlines\\u202e!")
    'two lines!'
    """
    plain = "" if text is None or text is pd.NA or (isinstance(text, float) and math.isnan(text)) else str(text)
    plain = plain.translate(_BIDI)
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in plain).split())


def html_text(text: object) -> str:
    """Return a text for HTML content or a quoted attribute, also inside a fence of a Markdown page.

    >>> html_text('<b> "a" `x`')
    '&lt;b&gt; &quot;a&quot; &#96;x&#96;'
    """
    return html.escape(clean(text)).replace("`", "&#96;")


def isolated(text: object) -> str:
    """Return a text of a study for HTML, isolated so that its direction of writing stays its own."""
    return f"<bdi>{html_text(text)}</bdi>"


def md_text(text: object) -> str:
    """Return a text for Markdown in which no character means markup.

    >>> md_text("a *b* | c")
    'a &#42;b&#42; &#124; c'
    """
    return "".join(c if c.isalnum() or c == " " or ord(c) > 127 else f"&#{ord(c)};" for c in clean(text))


def slug(text: object) -> str:
    """Return a text as part of an anchor or file name: unchanged where it is plain, else readable and unique.

    >>> slug("a-12"), slug("Ärger & <Lust>")
    ('a-12', 'Arger-Lust-7e6a63')
    """
    raw = "" if text is None else str(text)
    if _PLAIN.fullmatch(raw) and len(raw) <= 80:
        return raw
    ascii_only = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode()
    readable = re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")[:40]
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{readable}-{digest}".lstrip("-")


def show_number(value: float) -> str:
    """Return a number as a table of the book prints it; the full precision stays in its title.

    >>> show_number(21.0), show_number(0.123456), show_number(90.5), show_number(12345.678), show_number(0.00012)
    ('21', '0.123', '90.50', '12,345.7', '0.00012')
    """
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value)}"
    if not math.isfinite(value):
        return ABSENT
    size = abs(value)
    form = ",.1f" if size >= 100 else ".2f" if size >= 1 else ".3f" if size >= 0.001 else ".2g"
    return format(value, form)


def closest(name: str, known: Iterable[str], limit: int = 5) -> str:
    """Return the known names that look most like one, for the message about an unknown one.

    >>> closest("demo.cout", ["demo.count", "demo.n"])
    'perhaps demo.count, demo.n'
    """
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=limit, cutoff=0.6)
    if near:
        return "perhaps " + ", ".join(near)
    if not names:
        return "none are kept yet"
    return ", ".join(names[:limit]) + (f" ... ({len(names)} in all)" if len(names) > limit else "")
