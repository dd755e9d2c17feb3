"""Read a folder of projects: the copies of one project that coders took away, each coded, as one study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crosscase.errors import CrosscaseError, Problem
from crosscase.exchange import folder, names
from crosscase.exchange.assemble import assemble
from crosscase.exchange.builder import Builder
from crosscase.exchange.imported import Imported
from crosscase.exchange.qdpx_read import collect_qdpx
from crosscase.exchange.qualcoder import collect_qualcoder
from crosscase.exchange.rqda import collect_rqda
from crosscase.exchange.taguette import collect_taguette

READERS: dict[str, Callable[[Path], Builder]] = {
    ".qdpx": collect_qdpx,
    ".qda": collect_qualcoder,
    ".rqda": collect_rqda,
    ".sqlite3": collect_taguette,
}
DIFFERENT = "documents of one name whose texts differ between the copies, kept apart"


def projects_of(path: Path) -> list[Path]:
    """Return the projects in a folder, files and the folders of QualCoder, by name."""
    files = [file for file in folder.files_of(path) if file.suffix.lower() in READERS]
    return sorted([*files, *(at.parent for at in path.glob("*.qda/data.qda"))])


def read_copies(path: Path, progress: Callable[[float], None] | None = None) -> Imported:
    """Return the study in the copies of one project.

    Documents are the same where their texts are and their keys or titles; codes where their keys and names or their
    places in the codebook are; coders by their names. A coding that copies share is taken once. Where each copy has one
    coder and all have the same name, the files name the coders. `CrosscaseError` where the projects are of different
    programs, or a project cannot be read.
    """
    projects = projects_of(path)
    problems: list[Problem] = []
    builders: dict[str, Builder] = {}
    for number, file in enumerate(projects, start=1):
        try:
            builders[file.stem] = READERS[file.suffix.lower()](file)
        except CrosscaseError as error:
            problems += error.problems
        if progress is not None:
            progress(number / (1 + len(projects)))
    if problems:
        raise CrosscaseError(problems)
    ways = {(builder.format, builder.expected) for builder in builders.values()}
    if len(ways) > 1:
        found = "; ".join(dict.fromkeys(f"{builder.format} of {builder.origin}" for builder in builders.values()))
        remedy = "join them in one of these programs, or import each as a study of its own"
        raise CrosscaseError(Problem(path.name, "the copies of a project are of one program", ascii(found), "", remedy))
    stems = _coders_by_file(builders)
    first, *others = builders.items()
    base = first[1]
    _name_coders(base, stems.get(first[0]))
    for stem, other in others:
        _name_coders(other, stems.get(stem))
        _Joined(base, other, stem).join()
    if others:
        base.notes.append(f"{len(builders)} copies of one project, joined: {', '.join(map(ascii, builders))}.")
    return assemble(base)


def _coders_by_file(builders: Mapping[str, Builder]) -> dict[str, str]:
    """Return the names of files as those of coders, where each copy has one coder and all are called the same."""
    labels = [{b.coders[c][1] for _, _, c, _, _ in b.codings if c in b.coders} for b in builders.values()]
    alike = len(builders) > 1 and all(len(found) == 1 for found in labels) and len(set.union(*labels)) == 1
    return {stem: stem for stem in builders} if alike else {}


def _name_coders(builder: Builder, name: str | None) -> None:
    if name is not None:
        used = {coder for _, _, coder, _, _ in builder.codings if coder in builder.coders}
        for coder in used:
            builder.coders[str(coder)] = (names.slug(name, "coder"), names.label(name))


class _Joined:
    """Adds one copy to what was read before; keys that mean other things there get the name of the copy before."""

    def __init__(self, base: Builder, other: Builder, stem: str) -> None:
        self._base, self._other, self._stem = base, other, stem
        self._keys: dict[str, dict[str, str]] = {}

    def join(self) -> None:
        """Add documents, codes, coders, cases, codings and all that refers to them."""
        base, other = self._base, self._other
        self._documents()
        self._codes()
        self._plain("coder", base.coders, other.coders, lambda found: found[1])
        for key, (_, label) in other.coders.items():
            if (new := self._keys["coder"][key]) not in base.coders:
                base.coder(new, label)
        self._plain("case", base.cases, other.cases, lambda found: found.label)
        for key, case in other.cases.items():
            if (new := self._keys["case"][key]) not in base.cases:
                base.case(new, case.label, self._of("case", case.parent), case.description)
        self._plain("memo", base.memos, other.memos, lambda found: found[:2])
        for key, (title, text, coder, when) in other.memos.items():
            if (new := self._keys["memo"][key]) not in base.memos:
                base.memo(new, title, text, self._of("coder", coder), when)
        self._codings()
        for key, (label, kind, about) in other.variables.items():
            base.variable(key, label, kind, about)
        for (unit, key, variable), value in other.values.items():
            base.value(unit, self._of(unit, key) or key, variable, value)
        for remarks, mine in ((other.left_out, base.left_out), (other.warnings, base.warnings)):
            for lines in remarks:
                mine.add(lines.what, self._stem, lines.n)

    def _of(self, kind: str, key: str | None) -> str | None:
        return None if key is None else self._keys.get(kind, {}).get(key, key)

    def _plain(self, kind: str, base: Mapping[str, Any], other: Mapping[str, Any], name: Callable[[Any], Any]) -> None:
        """Find what is the same by its key and name, or by its name alone."""
        by_name = {name(found): key for key, found in reversed(list(base.items()))}
        self._keys[kind] = {
            key: key
            if key in base and name(base[key]) == name(found)
            else by_name.get(name(found), self._new(key, base))
            for key, found in other.items()
        }

    def _new(self, key: str, taken: Mapping[str, Any]) -> str:
        return key if key not in taken else f"{self._stem} {key}"

    def _documents(self) -> None:
        base, other = self._base, self._other
        self._plain("document", base.documents, other.documents, lambda found: (found.title, found.raw))
        called = {document.title for document in base.documents.values()}
        for key, document in other.documents.items():
            new = self._keys["document"][key]
            if new in base.documents:
                continue
            if document.title in called:
                base.warnings.add(DIFFERENT, ascii(document.title))
            content = other.originals.get(document.original) if document.original else None
            suffix = (document.original or document.id).rpartition(".")[2]
            given: dict[str, Any] = {"text": document.raw, "original": content, "suffix": suffix}
            given |= {"kind": document.kind, "date": document.date, "extractor": document.extractor}
            base.document(new, document.title, language=document.language, **given)
            if key in other.pages:
                base.pages[new] = other.pages[key]

    def _codes(self) -> None:
        base, other = self._base, self._other
        there = {_path(base, key): key for key in base.codes}
        keys = self._keys["code"] = {}
        for key, code in other.codes.items():
            same = key in base.codes and base.codes[key].label == code.label
            keys[key] = key if same else there.get(_path(other, key), self._new(key, base.codes))
        for key, code in other.codes.items():
            if keys[key] not in base.codes:
                parent = self._of("code", code.parent)
                base.code(keys[key], code.label, parent, code.definition, code.color, **code.extra)

    def _codings(self) -> None:
        base, other = self._base, self._other
        there = {(base.segments[number], code, coder) for number, code, coder, _, _ in base.codings}
        shift = len(base.segments)
        base.segments += [(self._of("document", key) or key, *rest) for key, *rest in other.segments]  # type: ignore[misc]
        base.placed |= {number + shift: span for number, span in other.placed.items()}
        for number, (segment, code, coder, when, memo) in enumerate(other.codings):
            put = segment + shift, self._of("code", code) or code, self._of("coder", coder)
            if (base.segments[put[0]], *put[1:]) in there:
                base.repeated += 1
                continue
            extra: dict[str, Any] = other.coding_extra.get(number, {})
            base.coding(*put, when, memo, **extra)
        known = set(base.members)
        for case, document, segment_of, coder, when in other.members:
            at = None if segment_of is None else segment_of + shift
            member = (
                self._of("case", case) or case,
                self._of("document", document),
                at,
                self._of("coder", coder),
                when,
            )
            if member not in known:
                base.members.append(member)
        ends = {"segment": lambda key: str(int(key) + shift)}
        for kind, label, direction, source, target in other.links:
            moved = [(k, ends[k](key) if k in ends else self._of(k, key) or key) for k, key in (source, target)]
            if (link := (kind, label, direction, moved[0], moved[1])) not in base.links:
                base.links.append(link)
        for key, (label, about, members) in other.sets.items():
            if key not in base.sets:
                base.group(key, label, about, [(kind, self._of(kind, member) or member) for kind, member in members])


def _path(builder: Builder, key: str) -> tuple[str, ...]:
    """Return the names of a code and of those above it."""
    steps: list[str] = []
    seen: set[str] = set()
    at: str | None = key
    while at is not None and at in builder.codes and at not in seen:
        seen.add(at)
        steps.append(builder.codes[at].label)
        at = builder.codes[at].parent
    return tuple(steps)
