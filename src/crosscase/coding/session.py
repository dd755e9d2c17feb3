"""One window on a study: takes the messages of the page, does what they ask, and answers with what has changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crosscase.coding import meeting, messages, tree, view
from crosscase.coding.coder import coder_of
from crosscase.coding.messages import Message
from crosscase.concordance import kwic
from crosscase.errors import CrosscaseError, Problem, shortened
from crosscase.exchange.names import label, prose
from crosscase.refusals import refused
from crosscase.study import before
from crosscase.study.coding_store import CodingStore
from crosscase.study.edits import Conflict, Edit
from crosscase.study.locked import locked

SAID = {"memo": "note", "valence": "direction", "role_mode": "role"}
"""Columns of codings as the page calls them."""
MOST_FOUND = 1_000
MOST_STEPS = 200
Reply = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """What takes one step back: edits, a memo as it was, or the folder with the study as it was."""

    said: str
    edits: tuple[Edit, ...] = ()
    memo: tuple[str, str, str] | None = None
    folder: Path | None = None


@dataclass
class Session:
    """A coder at work on a study.

    Parameters
    ----------
    study : str
        Id of the study.
    coder : str, optional
        Name or id of who codes; without it the primary coder, or the only one.
    blind : bool
        Whether nothing of what other coders did is shown, for a second coder who codes independently.

    Examples
    --------
    `Session("my-study").handle({"kind": "start"})` answers with the documents, codes and codings.
    """

    study: str
    coder: str | None = None
    blind: bool = False
    now: Callable[[], dt.datetime] = dt.datetime.now
    back: list[Step] = field(default_factory=list)
    forth: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = CodingStore(self.study)
        self.me, self.my_name = coder_of(self.store.study, self.coder)
        self._seen: dict[str, view.Row] = {}
        self._codes: list[view.Row] = []
        self._noted = False
        self._documents = self.store.table("documents")
        self._version = self.store.version()

    def handle(self, raw: object) -> list[Reply]:
        """Return the answers to one message of the page; what is wrong with it is an answer too, never an exception."""
        number = raw.get("id", 0) if isinstance(raw, dict) else 0
        number = number if isinstance(number, int) and not isinstance(number, bool) else 0
        try:
            replies = self._done(messages.read_message(raw))
        except Conflict as error:
            conflict: Reply = {"place": error.problems[0].place, "theirs": error.theirs, "table": error.edit.table}
            conflict |= {"mine": None if error.edit.now is None else dict(error.edit.now), "message": raw}
            replies = [{"kind": "conflict", "said": str(error), **conflict}, *self._told("")]
        except CrosscaseError as error:
            replies = [{"kind": "problem", "said": [str(problem) for problem in error.problems]}]
        except OSError as error:
            replies = [{"kind": "problem", "said": [str(refused(error))]}]
        except Exception as error:  # whatever it is: the page is told that nothing was saved, and does not wait
            rule, remedy = "the step could be done", f"run `crosscase check {self.study}`; nothing was changed by it"
            problem = Problem("coding page", rule, f"{type(error).__name__}: {shortened(error)}", remedy=remedy)
            replies = [{"kind": "problem", "said": [str(problem)]}]
        return [{"re": number, **reply} for reply in replies]

    def _done(self, message: Message) -> list[Reply]:
        match message:
            case messages.Start():
                return self._start()
            case messages.Open():
                return self._document(message.document)
            case messages.Code():
                return self._code(message)
            case messages.Change():
                return self._change(message)
            case messages.Remove():
                self._mine(message.coding)
                was = self._seen.get(message.coding, {})
                return self._write([Edit("codings", message.coding, was, None)], "coding taken away")
            case messages.NewCode():
                edit = tree.new_code(self.store, message.label, message.parent)
                return self._write([edit], f"new code: {label(message.label)}")
            case messages.EditCode():
                was, now = _cells(message.was), _cells(message.now)
                return self._write([Edit("codebook", message.code, was, now)], "code changed")
            case messages.MoveCode():
                edit = tree.move_code(self.store, message.code, message.parent, message.before)
                return self._write([edit], "code moved")
            case messages.RemoveCode():
                self._open_eyes("take a code away")
                return self._write([tree.remove_code(self.store, message.code)], "code taken away")
            case messages.RenameCode():
                self._open_eyes("rename a code in every table")
                return self._whole(lambda: tree.rename(self.study, message.code, message.new))
            case messages.MergeCode():
                self._open_eyes("join codes")
                return self._whole(lambda: tree.merge(self.study, message.code, message.into))
            case messages.Memo():
                return self._memo(message)
            case messages.Search():
                return [self._search(message)]
            case messages.Compare():
                self._open_eyes("compare coders")
                return [meeting.shown(self.store)]
            case messages.Decide():
                self._open_eyes("decide differences")
                meeting.decide(self.store, message, self.now().date())
                return [{"kind": "told", "said": "decision saved"}]
            case messages.WriteRound():
                self._open_eyes("write a round")
                return [*self._whole(lambda: meeting.write(self.study, message.replace)), meeting.shown(self.store)]
            case messages.Undo():
                return self._undo(message.kind)
            case messages.Sync():
                return self._told("") if self.store.version() != self._version else []

    def _start(self) -> list[Reply]:
        self._seen, self._codes = self._visible(), view.codes_of(self.store)
        self._version = self.store.version()
        about = view.study_of(self.store, self.me, blind=self.blind)
        about["coders"] = {self.me: self.my_name} | about["coders"]
        progress = view.progress_of(about["documents"], self._seen, self.me)
        counts = view.counts_of(self._seen)
        return [{"kind": "study", **about, "progress": progress, "counts": counts, **self._steps()}]

    def _document(self, document: str) -> list[Reply]:
        text = self.store.text(document)
        if text is None:
            rule, remedy = "a text is coded where it is here", f"put it under restricted/{self.study}/"
            raise CrosscaseError(Problem(document, rule, "no text", remedy=remedy))
        memo = self.store.study.whole_memos().get(self._memo_name(document), "")
        told = self._told("")  # before the text, and not instead of it
        rows = [view.shown(row) for row in self._seen.values() if row["document"] == document]
        shown = {"document": document, "text": text, "codings": rows, "memo": memo.rstrip("\n")}
        return [*told, {"kind": "document", **shown}]

    def _code(self, message: messages.Code) -> list[Reply]:
        edits, codes = [], set(self.store.table("codebook")["code"])
        code = message.code
        if not code:
            edits.append(tree.new_code(self.store, message.label, message.parent))
            code = edits[0].key
        elif code not in codes:
            raise CrosscaseError(Problem(f"code {code!r}", "a code of the codebook", "none"))
        when = self.now().isoformat(timespec="seconds")
        coding = self.store.coding(message.document, message.start, message.end, code, self.me, date=when)
        if coding.key in self._visible():
            return [{"kind": "told", "said": "this segment has this code already", "coding": coding.key}]
        if not self._noted:
            self.store.add_coder(self.me, self.my_name)
            self._noted = True
        return [{**reply, "coding": coding.key} for reply in self._write([*edits, coding], f"coded: {code}")]

    def _change(self, message: messages.Change) -> list[Reply]:
        self._mine(message.coding)
        was, now = _cells(message.was), _cells(message.now)
        return self._write([Edit("codings", message.coding, was, now)], f"{_said(now)} saved")

    def _mine(self, coding: str) -> None:
        """Refuse to touch a coding that somebody else has made: theirs is theirs."""
        rows = self.store.table("codings")
        who = rows.loc[rows["coding_id"].eq(coding), "coder"]
        if len(who) and who.iloc[0] != self.me:
            rule, found = "a coder changes their own codings", "a coding that is not yours"
            remedy = "add your own, or open the page as that coder"
            raise CrosscaseError(Problem(f"coding {coding}", rule, found, remedy=remedy))

    def _open_eyes(self, what: str) -> None:
        if self.blind:
            rule, remedy = "blind coding shows and changes nothing of other coders", "open the page without blind=True"
            raise CrosscaseError(Problem(what, rule, "blind mode", remedy=remedy))

    def _write(self, edits: list[Edit], said: str, *, onto: list[Step] | None = None) -> list[Reply]:
        back = self.store.apply(edits)
        self._push(Step(said, tuple(back)), onto)
        return self._told(said)

    def _push(self, step: Step, onto: list[Step] | None = None) -> None:
        """Remember how to take a step back; a new step of the person ends what could be done again."""
        if onto is None:
            self.forth.clear()
            onto = self.back
        onto.append(step)
        del onto[:-MOST_STEPS]

    def _whole(self, change: Callable[[], str]) -> list[Reply]:
        """Do what rewrites the study as a whole; what it was is kept."""
        with locked(self.study):
            said = change()
            self._push(Step(said.splitlines()[0], folder=before.latest(self.study)))
        return self._told(said)

    def _undo(self, kind: str) -> list[Reply]:
        source, target = (self.back, self.forth) if kind == "undo" else (self.forth, self.back)
        if not source:
            return [{"kind": "told", "said": f"nothing to {kind}"}]
        step = source[-1]
        said = f"{'undone' if kind == 'undo' else 'done again'}: {step.said}"
        if step.folder is not None:
            self._undo_whole(step.folder)
            source.pop()
            self.forth.clear()
            return self._told(said)
        if step.memo is not None:
            name, was, text = step.memo
            self.store.save_memo(name, was, text)
            source.pop()
            target.append(Step(step.said, memo=(name, text, was)))
            document = name.removesuffix(f"-{self.me}") if self.blind else name
            return [{"kind": "memo", "document": document, "text": text}, *self._told(said)]
        try:
            replies = self._write(list(step.edits), step.said, onto=target)
        except Conflict:
            source.pop()  # somebody has gone on from there: asking for it again would say the same
            raise
        source.pop()
        return [{**reply, "said": said} if reply["kind"] == "changed" else reply for reply in replies] + [self._state()]

    def _undo_whole(self, folder: Path) -> None:
        with locked(self.study):
            if before.latest(self.study) != folder or (since := before.edited(self.study, folder)):
                rule, found = "what is taken back as a whole has not changed since", "later changes"
                found = ", ".join(since) if before.latest(self.study) == folder else found
                remedy = f"`crosscase undo {self.study}` takes it back all the same and keeps what stands now"
                raise CrosscaseError(Problem(f"study {self.study}", rule, found, remedy=remedy))
            before.undo(self.study)

    def _memo_name(self, document: str) -> str:
        return f"{document}-{self.me}" if self.blind else document

    def _memo(self, message: messages.Memo) -> list[Reply]:
        self.store.text(message.document)
        name, text = self._memo_name(message.document), prose(message.text)
        self.store.save_memo(name, message.was, text)
        self._push(Step("memo", memo=(name, text, message.was)))
        return [{"kind": "told", "said": "memo saved", "memo": text, "document": message.document}, self._state()]

    def _search(self, message: messages.Search) -> Reply:
        rows: list[view.Row] = []
        for document in self.store.rows("documents"):
            if message.document in ("", document["document"]) and "code_points" in document:
                text = self.store.text(document["document"])
                texts = {} if text is None else {document["document"]: text}
                found = kwic(texts, message.query, language=document.get("language"))
                rows += found.to_dict("records")
        return {"kind": "found", "query": message.query, "total": len(rows), "rows": rows[:MOST_FOUND]}

    def _visible(self) -> dict[str, view.Row]:
        rounds = self.store.study.info.reconciled_rounds
        return view.codings_of(self.store, self.me, blind=self.blind, rounds=rounds)

    def _steps(self) -> Reply:
        undo, redo = (steps[-1].said if steps else "" for steps in (self.back, self.forth))
        return {"undo": undo, "redo": redo}

    def _state(self) -> Reply:
        return {"kind": "steps", **self._steps()}

    def _told(self, said: str) -> list[Reply]:
        """Return what has changed since the page was told last, here or by somebody else."""
        self._version = self.store.version()
        rows, codes = self._visible(), view.codes_of(self.store)
        changed = [view.shown(row) for id, row in rows.items() if self._seen.get(id) != row]
        gone = [id for id in self._seen if id not in rows]
        reply: Reply = {"kind": "changed", "said": said, "rows": changed, "gone": gone, **self._steps()}
        if changed or gone:
            reply["progress"] = view.progress_of(self.store.rows("documents"), rows, self.me)
            reply["counts"] = view.counts_of(rows)
        if codes != self._codes:
            reply["codes"] = codes
        if self.store.table("documents") is not self._documents:
            self._documents = self.store.table("documents")
            reply["documents"] = view.documents_of(self.store)
            reply["progress"] = view.progress_of(reply["documents"], rows, self.me)
        self._seen, self._codes = rows, codes
        return [reply] if said or changed or gone or {"codes", "documents"} & set(reply) else []


def _said(cells: Iterable[str]) -> str:
    """Return columns as the page calls them."""
    return ", ".join(SAID.get(name, name) for name in cells)


def _cells(cells: Any) -> dict[str, Any]:
    """Return the cells that a message names; an empty text is an empty cell, a longer one has no control characters."""
    named = cells.model_dump(exclude_unset=True)
    plain = {name: prose(cell) if name in tree.PROSE else label(cell) for name, cell in named.items()}
    return {name: cell or None for name, cell in plain.items()}
