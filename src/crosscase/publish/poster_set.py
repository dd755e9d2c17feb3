"""Posters set by typst: the page compiled offline with our own fonts, and the QR code on it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from crosscase.errors import CrosscaseError, Problem, raise_if


def qr_code(url: str, folder: Path) -> str | None:
    """Write the QR code of an address into the folder of a poster and return its file name; None without address."""
    if not url:
        return None
    import segno

    segno.make(url, error="m", micro=False).save(
        str(folder / "qr.svg"), kind="svg", border=0, scale=4, xmldecl=False, svgns=True, nl=False
    )
    return "qr.svg"


def compile_page(folder: Path, kind: Literal["pdf", "png"], name: str, ppi: float | None = None) -> bytes:
    """Compile `poster.typ` of a folder and return its one page.

    Raises `CrosscaseError` where typst refuses it or warns.
    """
    made = compile_pages(folder, kind, name, ppi)
    return made[0] if isinstance(made, list) else made


def compile_pages(
    folder: Path, kind: Literal["pdf", "png"], name: str, ppi: float | None = None
) -> bytes | list[bytes]:
    """Compile; a warning of typst is an error here, since a missing font is only a warning there."""
    import matplotlib
    import typst

    try:
        made, warnings = typst.compile_with_warnings(
            str(folder / "poster.typ"),
            root=str(folder),
            font_paths=[str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")],
            ignore_system_fonts=True,
            format=kind,
            ppi=ppi,
            pdf_standards=["ua-1"] if kind == "pdf" else [],
            timestamp=0,
        )
    except typst.TypstError as error:
        raise CrosscaseError(Problem(f"poster {name}", "typst sets the poster", str(error))) from None
    rule = "typst sets the poster without a warning"
    raise_if([Problem(f"poster {name}", rule, str(each.message)) for each in warnings])
    return made or b""
