"""What the pages of a book are made of beside their own text: studies and kept results, each read once."""

from __future__ import annotations

from collections.abc import Mapping

from crosscase.publish.findings import Segment, segments
from crosscase.publish.segments import SegmentPages, segment_pages
from crosscase.publish.values import Kept, read_kept
from crosscase.study import Study, load_study


class BookData:
    """The studies of a book and what the notebooks kept, read when they are first asked for."""

    def __init__(self, kept: Kept | None = None) -> None:
        self._studies: dict[str, Study] = {}
        self._pages: dict[str, SegmentPages] = {}
        self._segments: dict[str, dict[str, Segment]] = {}
        self.labels: dict[tuple[str, str], Mapping[str, str]] = {}  # kind of ids and study -> id -> label
        self._kept = kept

    @property
    def kept(self) -> Kept:
        """What all finished runs have kept."""
        if self._kept is None:
            self._kept = read_kept()
        return self._kept

    def study(self, name: str) -> Study:
        """Return a study."""
        if name not in self._studies:
            self._studies[name] = load_study(name)
        return self._studies[name]

    def pages(self, study: str) -> SegmentPages:
        """Return the segment pages of a study."""
        if study not in self._pages:
            self._pages[study] = segment_pages(self.study(study))
        return self._pages[study]

    def segments(self, study: str) -> dict[str, Segment]:
        """Return each coding of a study by its id."""
        if study not in self._segments:
            self._segments[study] = segments(self.study(study))
        return self._segments[study]

    def add(self, study: Study, pages: SegmentPages) -> None:
        """Take over a study and its pages that somebody has read already."""
        self._studies[study.name], self._pages[study.name] = study, pages
