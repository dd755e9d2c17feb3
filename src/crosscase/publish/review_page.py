"""The second reader in the book: every study and the synthesis read again, as one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from crosscase import paths, trace
from crosscase.publish.book_text import md_text
from crosscase.publish.default_chapter import TEMPLATE, study_chapter
from crosscase.publish.values import Kept, read_kept
from crosscase.review import (
    ALL,
    APART,
    ASIDE,
    CHECKS,
    HEADINGS,
    LOOK,
    PASSED,
    STATES,
    TIP,
    Computed,
    Material,
    Note,
    across,
    counts,
    material,
    review,
    together,
    unneeded,
)
from crosscase.study import Study, load_study

SYNTHESIS = ("synthesis.md", "index.md", "posters/synthesis.yml")
"""Files of the folder `book` that speak of all studies."""
SOME = (LOOK, TIP, ASIDE)
"""States whose notes are told in full."""


class Reading(NamedTuple):
    """A study as it was read again, and what is said of it."""

    material: Material
    notes: list[Note]


def read_again(studies: Sequence[Study | str], kept: Kept | None = None, *, whole: bool = False) -> list[Reading]:
    """Read studies as a second reader does, with their chapters, posters and kept values.

    Parameters
    ----------
    studies : sequence of Study or str
        Studies, or their ids.
    kept : Kept, optional
        What the notebooks kept; read where it is not given.
    whole : bool
        Whether the synthesis is read too.

    Returns
    -------
    list of Reading
        One per study, then the synthesis.

    Raises
    ------
    CrosscaseError
        Where there is no such study, or a table breaks its rules.
    """
    computed = _computed(read_kept() if kept is None else kept)
    loaded = [load_study(each) if isinstance(each, str) else each for each in studies]
    given = [material(study, _prose(study), computed) for study in loaded]
    readings = [Reading(each, review(each)) for each in given]
    if whole and (mine := across(loaded, _texts(SYNTHESIS), computed)).has("argument"):
        readings.append(Reading(mine, review(mine, [check for check in CHECKS.values() if check.across])))
    return readings


def _computed(kept: Kept) -> Computed:
    """Return what the second reader asks of the kept results."""
    sentences = {name: str(record.get("sentence", "")) for name, record in kept.results.items()}
    shown = kept.tables.keys() | kept.figures.keys()
    return Computed(kept.values, sentences, frozenset(kept.results.keys() - shown))


def _prose(study: Study) -> dict[str, str]:
    """Return the chapter of a study, the default one where none is written, and its poster."""
    texts = _texts((f"studies/{study.name}.md", f"posters/{study.name}.yml"))
    if f"book/studies/{study.name}.md" not in texts:
        texts[f"book/{TEMPLATE}"] = study_chapter(study)
    return texts


def _texts(files: Sequence[str]) -> dict[str, str]:
    """Return the files of the folder `book` that are there, by the name that a person knows."""
    places = {f"book/{name}": trace.note_read(paths.book() / name) for name in files}
    return {name: path.read_text(encoding="utf-8-sig") for name, path in places.items() if path.is_file()}


def review_counts(readings: Sequence[Reading]) -> dict[str, int]:
    """Return how many notes there are of each state, over all that was read."""
    return counts([note for reading in readings for note in reading.notes])


def review_page(readings: Sequence[Reading]) -> str:
    """Return what the second reader says as MyST, to be included in a chapter."""
    parts = [
        f"| | {' | '.join(HEADINGS[state] for state in STATES)} |",
        f"|---|{'---:|' * len(STATES)}",
        *(_row(reading) for reading in readings),
        "",
    ]
    for reading in readings:
        parts += [f"## {md_text(reading.material.info.short_title)}\n", *_study(reading)]
    return "\n".join([*parts, "## The questions\n", *_questions()]) + "\n"


def _row(reading: Reading) -> str:
    cells = " | ".join(str(n) for n in counts(reading.notes).values())
    return f"| {md_text(reading.material.info.short_title)} | {cells} |"


def _study(reading: Reading) -> Iterator[str]:
    """Yield what is said of one study."""
    by_state: Mapping[str, list[Note]] = {
        state: [note for note in reading.notes if note.state == state] for state in STATES
    }
    if not any(by_state[state] for state in SOME):
        yield "Nothing is worth a look.\n"
    for state in (state for state in SOME if by_state[state]):
        yield f"**{HEADINGS[state]}**\n"
        yield from _told(by_state[state])
        yield ""
    for state in (state for state in (PASSED, APART) if by_state[state]):
        yield f":::{{dropdown}} {HEADINGS[state]}: {len(by_state[state])}\n"
        yield from (f"- {_link(note.check.number)} {md_text(note.check.name)}{_why(note)}" for note in by_state[state])
        yield "\n:::\n"
    if left := unneeded(reading.material, reading.notes):
        yield f"Answers to notes that are not made: {md_text(', '.join(left))}.\n"


def _link(number: str) -> str:
    """Return the number of a check, as a link to its reason and source."""
    return f'<a href="#question-{number}">{number}</a>'


def _why(note: Note) -> str:
    return f": {md_text(note.said)}" if note.said else ""


def _told(notes: Sequence[Note]) -> Iterator[str]:
    """Yield notes as a list, check by check."""
    for check, mine in together(notes):
        yield f"- {_link(check.number)} {md_text(check.question)}"
        for subjects, note in mine:
            about = "" if subjects == [ALL] else f"{', '.join(f'`{md_code(each)}`' for each in subjects)}: "
            answer = f" *{md_text(note.answer)}*" if note.answer else ""
            yield f"  - {about}{md_text(note.said)} ({md_text(note.place)}){answer}"


def md_code(text: str) -> str:
    """Return an id for a code span.

    >>> md_code("a`b")
    "a'b"
    """
    return " ".join(text.split()).replace("`", "'").replace("|", "/")


def _questions() -> Iterator[str]:
    """Yield every check with its reason and source."""
    yield "| | Question | Why it is asked | Source |\n|---|---|---|---|"
    for check in CHECKS.values():
        place = f'<span id="question-{check.number}"></span>{check.number}'
        yield f"| {place} | {md_text(check.question)} | {md_text(check.reason)} | {md_text(check.source)} |"
