"""What the cells of a notebook put out, up to a limit, at a cost that grows with its size and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LIMIT = 50_000_000
"""Bytes that the outputs of one notebook may have; what comes after is cut, and the notebook and the report say so."""
DEEPEST = 100
"""Levels of lists and mappings within one output; Python itself fails at some hundreds more."""
LEFT_OUT = f"outputs left out (beyond {LIMIT / 1e6:g} MB, or nested deeper than {DEEPEST} levels)"
LONGEST_ERROR = 20_000
"""Characters that are left of an error where the limit is reached: that there was one is never cut."""
CUT = "[cut here: the outputs of this notebook are longer than its limit of {limit:g} MB; what came after is not kept]"
TOO_DEEP = "[left out here: an output that is nested deeper than {deepest} levels]"
OUTPUTS = frozenset({"stream", "display_data", "execute_result", "update_display_data", "error"})


@dataclass
class _Shown:
    """What stands under one display id, wherever it was displayed: one object, so that an update is one step."""

    data: Any
    metadata: Any
    size: int
    places: int = 0


class Outputs:
    """The outputs of one notebook while it runs.

    `limit` is in bytes, `LIMIT` by default. What a notebook has cleared, or replaced by an update, does not count.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.limit = LIMIT if limit is None else limit
        self.size = 0  # bytes of what stands
        self.full = False  # whether something was cut: nothing comes after it
        self.said: dict[int, list[str]] = {}  # index of a cell -> what was left out there
        self._shown: dict[str, _Shown] = {}
        self._ids: dict[int, str] = {}  # output, by its identity -> its display id
        self._aside: list[tuple[Any, list[Any]]] = []  # cell and the outputs that were taken out of it

    def admit(self, message: dict[str, Any], cell: int) -> bool:
        """Tell whether an output is kept; of a text that passes the limit, the message then holds the beginning.

        `message` comes from the kernel, `cell` is the index of the cell.
        """
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            return self._error(content)
        size, deepest = measured(content["text"] if kind == "stream" else [content["data"], content["metadata"]])
        if deepest > DEEPEST:
            self._say(cell, TOO_DEEP.format(deepest=DEEPEST))
            return False
        known = self._shown.get((content.get("transient") or {}).get("display_id", ""))
        grows = (size - known.size) * known.places if known else 0
        grows += size if kind != "update_display_data" else 0
        room = 0 if self.full else self.limit - self.size
        if grows <= room and not self.full:
            self.size += grows
            if known:
                known.size = size
            return True
        self.full = True
        self._say(cell, CUT.format(limit=self.limit / 1e6))
        if kind != "stream" or room <= 0:
            return False
        content["text"] = content["text"].encode(errors="replace")[:room].decode(errors="ignore")
        self.size = self.limit
        return bool(content["text"])

    def _error(self, content: dict[str, Any]) -> bool:
        size, _ = measured([content["evalue"], content["traceback"]])
        if self.size + size > self.limit:
            content["evalue"] = beginning(content["evalue"])
            content["traceback"] = [beginning("\n".join(content["traceback"]))]
        self.size += min(size, self.limit)
        return True

    def _say(self, cell: int, note: str) -> None:
        if note not in self.said.setdefault(cell, []):
            self.said[cell].append(note)

    def name(self, output: Any, display_id: str) -> None:
        """Let an output show what stands under its display id, from now on and whenever that changes."""
        size, _ = measured([output["data"], output["metadata"]])
        shown = self._shown.setdefault(display_id, _Shown(output["data"], output["metadata"], size))
        shown.places += 1
        output["data"], output["metadata"] = shown.data, shown.metadata
        self._ids[id(output)] = display_id

    def update(self, display_id: str, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Replace what stands under a display id in every place; an id that nobody displayed is left alone."""
        if shown := self._shown.get(display_id):
            for old, new in ((shown.data, data), (shown.metadata, metadata)):
                old.clear()
                old.update(new)

    def release(self, outputs: list[Any]) -> None:
        """Forget outputs that are about to be cleared."""
        for output in outputs:
            if display_id := self._ids.pop(id(output), ""):
                shown = self._shown[display_id]
                shown.places -= 1
                self.size -= shown.size
            elif output["output_type"] != "error":
                text = output["output_type"] == "stream"
                self.size -= measured(output["text"] if text else [output["data"], output["metadata"]])[0]

    def take(self, cell: Any, index: int) -> None:
        """Take its outputs out of an executed cell, all but errors, and add what was left out.

        Papermill writes the whole notebook as text once more, for nobody.
        """
        notes = [_note(text) for text in self.said.get(index, [])]
        self._aside.append((cell, [*cell["outputs"], *notes]))
        cell["outputs"] = [output for output in cell["outputs"] if output["output_type"] == "error"]

    def put_back(self) -> None:
        """Put back what `take` has taken out."""
        for cell, outputs in self._aside:
            cell["outputs"] = outputs
        self._aside.clear()


def measured(value: Any) -> tuple[int, int]:
    """Return bytes and depth of plain data as it is written, with an indentation of one; no depth is too much.

    >>> measured("é"), measured({"a": [1, 2]})
    ((2, 0), (42, 2))
    """
    if isinstance(value, str):
        return _bytes(value), 0
    size, deepest, waiting = 0, 0, [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(item, dict):
            size += sum(map(_bytes, item)) + len(item) * (depth + 4)
            waiting += [(each, depth + 1) for each in item.values()]
        elif isinstance(item, list | tuple):
            waiting += [(each, depth + 1) for each in item]
        size += _bytes(item) + 4 if isinstance(item, str) else 8
        size += depth
    return size, deepest


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode(errors="replace"))


def beginning(text: str, longest: int = LONGEST_ERROR) -> str:
    """Return the beginning of a long text, and how much is missing.

    >>> beginning("abcdef", 4)
    'abcd … (2 more characters)'
    """
    return text if len(text) <= longest else f"{text[:longest]} … ({len(text) - longest:,} more characters)"


def _note(text: str) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {"text/plain": text}, "metadata": {}}
