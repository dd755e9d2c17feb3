"""What readers of annotation programs share: texts, labels on spans, and who put them there."""

from __future__ import annotations

from crosscase.exchange import names
from crosscase.exchange.builder import WHOLE, Builder

PIECES = "annotations in several pieces, a coding for each"


class Marks:
    """Adds texts and labelled spans to a builder; the same text under the same title is one document."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self._documents: dict[tuple[str, str], str] = {}
        self._numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        """Return the number of a text without a title: in the order of the file, each text once."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def document(self, title: str, text: str | None) -> str:
        """Return the key of a document, added where it is new; `text` is None where it is not in the file."""
        key = self._documents.get((title, text or ""))
        if key is None:
            key = self._documents[title, text or ""] = f"d{len(self._documents)}"
            self.builder.document(key, title, text=text, suffix="txt")
            if text is None:
                self.builder.warnings.add("documents whose text is not in the file", ascii(names.label(title)))
        return key

    def code(self, label: object, parent: str | None = None) -> str:
        """Return the key of a code, added where it is new."""
        shown = names.label(label) or "code without a name"
        key = f"{parent}\n{shown}" if parent else shown
        if key not in self.builder.codes:
            self.builder.code(key, shown, parent)
        return key

    def coder(self, name: object) -> str | None:
        """Return the key of a coder, added where it is new; None for nobody."""
        return self.builder.owner(name) if names.label(name) else None

    def mark(
        self,
        document: str,
        start: int | None,
        end: int | None,
        code: str,
        coder: str | None,
        date: str | None = None,
        memo: str | None = None,
    ) -> None:
        """Put a code on a span; on the whole document where start and end are None."""
        span = (0, WHOLE) if start is None and end is None else (start, end)
        self.builder.coding(self.builder.segment(document, *span), code, coder, date, memo)
