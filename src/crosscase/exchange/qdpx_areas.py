"""Areas of PDF pages in a REFI-QDA project: which page, and which words of the text of the document lie in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crosscase.errors import CrosscaseError
from crosscase.exchange.builder import Builder
from crosscase.exchange.pdf_text import PdfReader
from crosscase.exchange.positions import cuts
from crosscase.exchange.refi import rectangle

NO_WORDS = "areas of PDF pages whose words are not known: they meet no other segment"
FROM_ZERO = "pages of areas counted from 0 in the file, from 1 here"
MOST = 20_000
_CUT_SHORT = ("...", "\u2026")
_PASSED_OVER = [*(code for code in range(0x3001) if chr(code).isspace()), *map(ord, "-\u00ad\u2010\ufffe")]
_WITHOUT = dict.fromkeys(_PASSED_OVER)
MOST_PLACES = 1000
MOST_LOOKED_THROUGH = 10**10


class Words:
    """A text in which words are sought, whatever white space and hyphens stand between their letters.

    Examples
    --------
    >>> words = Words("The bus was\\nlate. A bus came, and a train.")
    >>> words.find("was late."), words.find("bus"), words.find("bus", within=(19, 30))
    ((8, 17), None, (20, 23))
    """

    def __init__(self, text: str) -> None:
        self._text = text
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        self._at = np.flatnonzero(~np.isin(codes, _PASSED_OVER))
        self._letters = text.translate(_WITHOUT)

    def __len__(self) -> int:
        return len(self._letters)

    def find(self, words: str, within: tuple[int, int] | None = None) -> tuple[int, int] | None:
        """Return begin and end of words that stand once, as whole words, in the text or a span of it; else None."""
        letters = words.translate(_WITHOUT)
        low, high = np.searchsorted(self._at, within or (0, len(self._text))).tolist()
        found: list[tuple[int, int]] = []
        at = self._letters.find(letters, low, high) if letters else -1
        for _ in range(MOST_PLACES):
            if at < 0 or len(found) == 2:
                return found[0] if len(found) == 1 else None
            start, end = int(self._at[at]), int(self._at[at + len(letters) - 1]) + 1
            if not cuts(self._text, start, end):
                found.append((start, end))
            at = self._letters.find(letters, at + 1, high)
        return None


@dataclass
class Area:
    """One rectangle on a page, as the file has it, and the segment that it is."""

    segment: int
    document: str
    page: int
    corners: tuple[int, int, int, int]
    name: str

    def locator(self, shift: int) -> str:
        """Return where it lies, on the page counted from 1."""
        x1, y1, x2, y2 = map(str, self.corners)
        return rectangle((x1, y1), (x2, y2), str(self.page + shift))


class Areas:
    """Collects the areas of a project and, once all are known, finds pages and words.

    ATLAS.ti counts pages from 0, and so does a project that has an area on a page 0. An area gets the words that the
    file names it by, where these stand once in the text of the document; else the words that lie in it on the page,
    where the PDF is in the file. Two codes on the same words meet as any others do.
    """

    def __init__(self, builder: Builder, *, ours: bool) -> None:
        self._builder, self._ours = builder, ours
        self._areas: list[Area] = []

    def add(self, segment: int, document: str, page: int, corners: tuple[int, int, int, int], name: str) -> None:
        """Add one area."""
        self._areas.append(Area(segment, document, page, corners, name))

    def settle(self, pdfs: PdfReader) -> None:
        """Give each area its page and, where they can be told, its words."""
        builder = self._builder
        from_zero = not self._ours and ("atlas" in builder.origin.lower() or any(a.page == 0 for a in self._areas))
        if from_zero and self._areas:
            builder.notes.append(f"{FROM_ZERO[0].upper()}{FROM_ZERO[1:]}.")
        for area in self._areas:
            document, start, end, _ = builder.segments[area.segment]
            builder.segments[area.segment] = (document, start, end, area.locator(from_zero))
        by_document: dict[str, list[Area]] = {}
        for area in self._areas[:MOST]:
            if builder.segments[area.segment][1] is None:
                by_document.setdefault(area.document, []).append(area)
        for key, areas in by_document.items():
            text = builder.normalised(key)
            if text and text.strip():
                words = Words(text)
                most = MOST_LOOKED_THROUGH // (1 + len(words))
                areas = self._by_name(areas[:most], words) + areas[most:]
                areas = self._by_page(areas[:most], key, words, pdfs, int(not from_zero)) + areas[most:]
            for area in areas:
                builder.warnings.add(NO_WORDS, f"{builder.documents[key].id}, {area.locator(from_zero)}")

    def _by_name(self, areas: list[Area], words: Words) -> list[Area]:
        """Place the areas whose name stands once in the text; return the others."""
        left = []
        for area in areas:
            found = None if area.name.rstrip().endswith(_CUT_SHORT) else words.find(area.name)
            if found is None:
                left.append(area)
            else:
                self._builder.placed[area.segment] = found
        return left

    def _by_page(self, areas: list[Area], key: str, words: Words, pdfs: PdfReader, first: int) -> list[Area]:
        """Place the areas whose words on the page stand once in the text; return the others."""
        original = self._builder.documents[key].original
        content = self._builder.originals.get(original) if original else None
        if content is None or not areas:
            return areas
        try:
            there = pdfs.areas(content, [(a.page - first, *a.corners) for a in areas], self._builder.documents[key].id)
        except CrosscaseError as error:
            self._builder.warnings.add("PDFs whose text cannot be read", str(error.problems[0]))
            return areas
        starts = self._builder.pages.get(key, [])
        left = []
        for area, text in zip(areas, there):
            page, found = area.page - first, words.find(text)
            if found is None and 0 <= page < len(starts):
                end = starts[page + 1] if page + 1 < len(starts) else 2**62
                found = words.find(text, within=(starts[page], end))
            if found is None:
                left.append(area)
            else:
                self._builder.placed[area.segment] = found
        return left
