"""Read a REFI-QDA project (`.qdpx`): one pass over its XML, one source at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import safe_xml
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder, Coding
from crosscase.exchange.imported import Imported
from crosscase.exchange.positions import expected_reading
from crosscase.exchange.qdpx_sources import SourceReader, children, local
from crosscase.exchange.refi import DIRECTIONS, ORIGIN, SOURCES, TYPES, from_description, plain_guid
from crosscase.exchange.safe_archive import Archive

Progress = Callable[[float], None]
CONTINUED = "continued by"
PIECES = ["User", "CodeBook", "Variable", "Case", *SOURCES, "Note", "Link", "Set", "Graph", "Project"]


def read_qdpx(path: Path, progress: Progress | None = None) -> Imported:
    """Return the study in a REFI-QDA project; `CrosscaseError` where archive or XML is broken, hostile or empty."""
    return assemble(collect_qdpx(path, progress))


def collect_qdpx(path: Path, progress: Progress | None = None) -> Builder:
    """Return what a project holds before tables are made of it; `CrosscaseError` as `read_qdpx`."""
    with Archive(path) as archive:
        name = project_name(archive)
        with archive.open(name) as stream:
            tag, attributes = safe_xml.root_tag(stream, f"{path.name}/{name}")
        if tag != "Project":
            place, rule = f"{path.name}/{name}", "the root element is Project"
            raise CrosscaseError(Problem(place, rule, ascii(tag)[:80], "Project"))
        origin = attributes.get("origin", "")
        builder = Builder("REFI-QDA project", origin, attributes.get("name") or path.stem, expected_reading(origin))
        reader = QdpxReader(archive, builder, name.rpartition("/")[0])
        total = max(1, archive.size(name))
        with archive.open(name) as stream:
            for element in safe_xml.pieces(stream, f"{path.name}/{name}", [f"{{*}}{tag}" for tag in PIECES]):
                reader.take(element)
                if progress is not None:
                    progress(min(1.0, stream.tell() / total))
        reader.finish()
    return builder


def project_name(archive: Archive) -> str:
    """Return the name of the XML in a project: `project.qde`, or the `.qde` nearest to the top."""
    if found := archive.find("project.qde"):
        return found
    others = sorted((n for n in archive.names() if n.lower().endswith(".qde")), key=lambda n: (n.count("/"), n))
    if not others:
        rule, remedy = "a REFI-QDA project holds project.qde", "export the project as REFI-QDA project (.qdpx)"
        raise CrosscaseError(Problem(archive.place, rule, "none", remedy=remedy))
    return others[0]


class QdpxReader:
    """Takes the pieces of a project and adds them to a builder; `folder` is that of the XML inside the archive."""

    def __init__(self, archive: Archive, builder: Builder, folder: str = "") -> None:
        self._archive, self._builder, self._folder = archive, builder, folder
        self._sources = SourceReader(builder, self._file, ours=builder.origin.startswith(ORIGIN))
        self._case_codes: dict[str, list[str]] = {}
        self._case_members: list[tuple[str, str, str]] = []
        self._set_members: list[tuple[str, str, str, list[str]]] = []
        self._links: list[tuple[str, str, str, str, str]] = []
        self._project_notes: list[str] = []
        self._code_notes: list[tuple[str, str]] = []
        self._ours = builder.trusted = builder.origin.startswith(ORIGIN)

    def take(self, element: Any) -> None:
        """Add one piece of the project."""
        tag = local(element)
        if tag in SOURCES:
            self._sources.source(element, tag)
        else:
            getattr(self, f"_{tag.lower()}")(element)

    def _file(self, reference: str) -> bytes | None:
        """Return the file behind a path of the project, None where it lies outside of it."""
        kind, _, rest = reference.partition("://")
        name = rest.lstrip("/") if kind in ("internal", "relative") and rest else reference
        if kind == "absolute" or not name:
            return None
        base = f"{self._folder}/" if self._folder else ""
        for spelled in dict.fromkeys((name, unquote(name))):
            for candidate in (f"{base}sources/{spelled}", f"{base}{spelled}"):
                if found := self._archive.find(candidate):
                    return self._archive.read(found)
        found = self._archive.find_anywhere(name)
        return self._archive.read(found) if found else None

    def _user(self, element: Any) -> None:
        label = element.get("name") or element.get("id")
        wanted = element.get("id") if self._ours else None
        self._builder.coder(plain_guid(element.get("guid")), label, wanted)

    def _codebook(self, element: Any) -> None:
        pending: list[tuple[Any, str | None]] = [
            (code, None) for codes in children(element, "Codes") for code in children(codes, "Code")
        ]
        pending.reverse()
        while pending:
            code, parent = pending.pop()
            key = plain_guid(code.get("guid"))
            text = next((d.text for d in children(code, "Description")), None) or ""
            definition, rules = from_description(text) if self._ours else (text, {})
            self._builder.code(key, code.get("name"), parent, definition, code.get("color"), **rules)
            self._code_notes += [(key, plain_guid(ref.get("targetGUID"))) for ref in children(code, "NoteRef")]
            pending += [(child, key) for child in reversed(list(children(code, "Code")))]

    def _variable(self, element: Any) -> None:
        text = next((d.text for d in children(element, "Description")), None)
        kind = TYPES.get(element.get("typeOfVariable", ""), "text")
        self._builder.variable(plain_guid(element.get("guid")), element.get("name"), kind, text)

    def _case(self, element: Any) -> None:
        key, name = plain_guid(element.get("guid")), (element.get("name") or "").strip()
        sources = [plain_guid(ref.get("targetGUID")) for ref in children(element, "SourceRef")]
        selections = [plain_guid(ref.get("targetGUID")) for ref in children(element, "SelectionRef")]
        values = list(children(element, "VariableValue"))
        if not name and len(sources) == 1 and not selections:
            self._sources.values("document", sources[0], values)
            self._builder.left_out.add("cases without a name that only carry the variables of one document")
            return
        text = next((d.text for d in children(element, "Description")), None)
        self._builder.case(key, name, None, text)
        self._sources.values("case", key, values)
        self._case_members += [(key, "document", guid) for guid in sources]
        self._case_members += [(key, "segment", guid) for guid in selections]
        for ref in children(element, "CodeRef"):
            self._case_codes.setdefault(plain_guid(ref.get("targetGUID")), []).append(key)

    def _note(self, element: Any) -> None:
        self._sources.note(element)

    def _link(self, element: Any) -> None:
        ends = plain_guid(element.get("originGUID")), plain_guid(element.get("targetGUID"))
        direction = DIRECTIONS.get(element.get("direction", ""), "")
        self._links.append(("link", element.get("name") or "", direction, *ends))

    def _set(self, element: Any) -> None:
        members = []
        for tag in ("MemberCode", "MemberSource", "MemberNote"):
            members += [plain_guid(m.get("targetGUID") or m.get("guid")) for m in children(element, tag)]
        text = next((d.text for d in children(element, "Description")), None) or ""
        self._set_members.append((plain_guid(element.get("guid")), element.get("name") or "", text, members))

    def _graph(self, element: Any) -> None:
        shown = {plain_guid(v.get("guid")): plain_guid(v.get("representedGUID")) for v in children(element, "Vertex")}
        for edge in children(element, "Edge"):
            ends = [shown.get(plain_guid(edge.get(end)), "") for end in ("sourceVertex", "targetVertex")]
            direction = DIRECTIONS.get(edge.get("direction", ""), "")
            self._links.append(("graph", element.get("name") or "graph", direction, ends[0], ends[1]))
        self._builder.left_out.add("layout of graphs (their lines are kept as links)", ascii(element.get("name") or ""))

    def _project(self, element: Any) -> None:
        self._builder.description = next((d.text for d in children(element, "Description")), None) or ""
        self._project_notes = [plain_guid(ref.get("targetGUID")) for ref in children(element, "NoteRef")]

    def finish(self) -> None:
        """Connect what the pieces say about each other."""
        self._sources.close()
        self._split_cases()
        self._join_continued()
        self._sources.attach_notes(self._code_notes, self._project_notes)
        for key, kind, guid in self._case_members:
            if kind == "document":
                self._builder.member(key, document=guid)
            elif guid in self._sources.selections:
                self._builder.member(key, segment=self._sources.selections[guid])
            else:
                self._builder.left_out.add("placements of a selection that is not there in a case")
        self._bare()
        things = self._things() if self._links or self._set_members else {}
        for kind, label, direction, origin, target in self._links:
            ends = things.get(origin), things.get(target)
            if ends[0] is None or ends[1] is None:
                self._builder.left_out.add("links to things that are not there")
            else:
                self._builder.link(kind, ends[0], ends[1], label, direction)
        for key, label, text, guids in self._set_members:
            members = [things[guid] for guid in guids if guid in things and things[guid][0] != "segment"]
            if len(members) < len(guids):
                self._builder.left_out.add("members of sets that are not there", n=len(guids) - len(members))
            self._builder.group(key, label, text, members)
        del self._sources  # it holds a method of this reader: without the circle all that was read is freed at once

    def _bare(self) -> None:
        """Name the selections that carry no code and that nothing refers to."""
        used = {guid for _, kind, guid in self._case_members if kind == "segment"}
        used |= {end for link in self._links for end in link[3:]} | self._sources.noted()
        coded = {coding[0] for coding in self._builder.codings}
        bare = [guid for guid in self._sources.bare if self._sources.selections[guid] not in coded]
        if lost := [guid for guid in bare if guid not in used]:
            self._builder.left_out.add("selections without a code", n=len(lost))

    def _things(self) -> dict[str, tuple[str, str]]:
        builder = self._builder
        things = {guid: ("segment", str(number)) for guid, number in self._sources.selections.items()}
        for kind, known in (("memo", builder.memos), ("code", builder.codes), ("case", builder.cases)):
            things |= {key: (kind, key) for key in known}
        return things | {key: ("document", key) for key in builder.documents}

    def _split_cases(self) -> None:
        """Take the cases out of the codebook, and codings with them as placements in a case.

        NVivo writes each case a second time as a code with the same GUID, nested as its folders of cases are.
        """
        builder = self._builder
        both = [key for key in builder.codes if key in builder.cases]
        for key in both:
            builder.cases[key].parent = self._above(key, builder.cases)
        for code in builder.codes.values():
            if code.parent in builder.cases:
                code.parent = self._above(str(code.parent), builder.codes, without=set(both))
        for key in both:
            del builder.codes[key]
        if not builder.cases:
            return
        kept: list[Coding] = []
        numbers: dict[int, int] = {}
        for number, coding in enumerate(builder.codings):
            segment, key, coder, date, _ = coding
            if key in builder.cases and key not in builder.codes:
                builder.member(key, segment=segment, coder=coder, date=date)
                continue
            numbers[number] = len(kept)
            kept.append(coding)
            for case in self._case_codes.get(key, ()):
                builder.member(case, segment=segment, coder=coder, date=date)
        builder.placing = len(builder.codings) - len(kept)
        builder.codings = kept
        self._sources.renumber(numbers)

    def _join_continued(self) -> None:
        """Take codings once where ATLAS.ti writes a quotation over two pages of a PDF as two that are linked."""
        builder, known = self._builder, self._sources.selections
        begins = {
            known[target]: known[origin]
            for _, label, _, origin, target in self._links
            if label.strip().lower() == CONTINUED and origin in known and target in known
        }
        if not begins:
            return
        there = {coding[:3] for coding in builder.codings}
        numbers: dict[int, int] = {}
        kept: list[Coding] = []
        for number, coding in enumerate(builder.codings):
            if (begins.get(coding[0]), *coding[1:3]) in there:
                builder.repeated += 1
                continue
            numbers[number] = len(kept)
            kept.append(coding)
        builder.codings = kept
        self._sources.renumber(numbers)

    def _above(self, key: str, among: Any, without: frozenset[str] | set[str] = frozenset()) -> str | None:
        seen, at = {key}, self._builder.codes[key].parent if key in self._builder.codes else None
        while at is not None and at not in seen:
            if at in among and at not in without:
                return at
            seen.add(at)
            at = self._builder.codes[at].parent if at in self._builder.codes else None
        return None
