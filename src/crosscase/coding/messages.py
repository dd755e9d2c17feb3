"""What the page may ask for: each message is checked before anything is done; a wrong one is refused in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from crosscase.errors import CrosscaseError, Problem, shortened, shown

Id = Annotated[str, StringConstraints(min_length=1, max_length=400)]
Word = Annotated[str, StringConstraints(max_length=500)]
Prose = Annotated[str, StringConstraints(max_length=100_000)]
Place = Annotated[int, Field(ge=0, le=10**9)]
Valence = Literal["inhibits", "promotes", "condition", "neutral", "ambivalent", "na", ""]
Mode = Literal["voice", "about", "author", ""]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    id: Place = 0


class Start(_Message):
    """The page is open and wants everything but texts."""

    kind: Literal["start"]


class Open(_Message):
    """Show a document."""

    kind: Literal["open"]
    document: Id


class Code(_Message):
    """Put a code on a segment; a code that is not there is made."""

    kind: Literal["code"]
    document: Id
    start: Place
    end: Place
    code: Word = ""
    label: Word = ""
    parent: Word = ""


class _Cells(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    code: Id | None = None
    valence: Valence | None = None
    case: Word | None = None
    role: Word | None = None
    role_mode: Mode | None = None
    memo: Prose | None = None


class Change(_Message):
    """Change cells of a coding that were seen as `was`."""

    kind: Literal["change"]
    coding: Id
    was: _Cells
    now: _Cells


class Remove(_Message):
    """Take a coding away, as the page was last told of it."""

    kind: Literal["remove"]
    coding: Id


class NewCode(_Message):
    """Make a code."""

    kind: Literal["new_code"]
    label: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    parent: Word = ""


class _About(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    label: Word | None = None
    definition: Prose | None = None
    inclusion: Prose | None = None
    exclusion: Prose | None = None


class EditCode(_Message):
    """Change what the codebook says of a code."""

    kind: Literal["edit_code"]
    code: Id
    was: _About
    now: _About


class MoveCode(_Message):
    """Put a code below another one (or at the top), before a sibling or at the end."""

    kind: Literal["move_code"]
    code: Id
    parent: Word = ""
    before: Word = ""


class RenameCode(_Message):
    """Give a code another id, in every table."""

    kind: Literal["rename_code"]
    code: Id
    new: Id


class MergeCode(_Message):
    """Join a code into another one."""

    kind: Literal["merge_code"]
    code: Id
    into: Id


class RemoveCode(_Message):
    """Take a code away that nothing uses."""

    kind: Literal["remove_code"]
    code: Id


class Memo(_Message):
    """Write the memo of a document."""

    kind: Literal["memo"]
    document: Id
    was: Prose
    text: Prose


class Search(_Message):
    """Find words in all their forms, with what stands around them."""

    kind: Literal["search"]
    query: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    document: Word = ""


class Compare(_Message):
    """Show where two coders differ."""

    kind: Literal["compare"]


class Decide(_Message):
    """Decide one difference; an empty decision opens it again."""

    kind: Literal["decide"]
    segment: Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
    difference: Word
    decision: Literal["first", "second", "both", "neither", "other", ""]
    decided_code: Word = ""
    decided_valence: Valence = ""
    reason: Prose = ""


class WriteRound(_Message):
    """Write the decisions as a round."""

    kind: Literal["write_round"]
    replace: bool = False


class Undo(_Message):
    """Take the last step back, or do it again."""

    kind: Literal["undo", "redo"]


class Sync(_Message):
    """Tell what other windows have done."""

    kind: Literal["sync"]


Message = (
    Start | Open | Code | Change | Remove | NewCode | EditCode | MoveCode | RenameCode | MergeCode | RemoveCode
    | Memo | Search | Compare | Decide | WriteRound | Undo | Sync
)  # fmt: skip
_ADAPTER: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])


def read_message(raw: object) -> Message:
    """Return a message of the page; `CrosscaseError` with everything that is wrong with it.

    Examples
    --------
    >>> read_message({"kind": "open", "document": "d01"}).document
    'd01'
    """
    try:
        return _ADAPTER.validate_python(raw)
    except ValidationError as error:
        raise CrosscaseError([_problem(item) for item in error.errors()]) from None


def _problem(item: Mapping[str, Any]) -> Problem:
    place = shortened(".".join(str(part) for part in item["loc"])) or "message"
    allowed = str(item.get("ctx", {}).get("expected", ""))
    return Problem(f"page, {place}", shortened(item["msg"]), shown(item["input"], 60), shortened(allowed))
