"""Executed notebooks as the same bytes every time: no clock, no machine, and the parameters as a card on top."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from crosscase.pipeline.private import tidy

CARD = "parameter-card"
INJECTED = "injected-parameters"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python", "file_extension": ".py", "mimetype": "text/x-python", "pygments_lexer": "ipython3"}
ADDRESS = re.compile(r"(?<= at )0x[0-9A-Fa-f]{6,}")
_RUN = re.compile(r"(?P<drive>[A-Za-z]:\\[^\s:\"']*\\ipykernel_\d+\\\d+\.py)|/[^\s:\"']*")
_CELL_FILE = re.compile(r"/ipykernel_\d+/\d+\.py")


KEPT = ("tags", "jupyter", "slideshow")
"""Metadata of a cell that say how it is shown; others hold times, programs and machines."""
DATA = re.compile(r"(data:[a-z/+]+;base64,[A-Za-z0-9+/=]*)")
"""A picture inside HTML: nothing in it is a path, and it is long."""


def card(title: str, parameters: dict[str, Any], declared: dict[str, dict[str, str]]) -> dict[str, Any]:
    """Return a Markdown cell that shows every parameter of a run with its value and its comment.

    `title` is what the run is, such as `20_coding/north`. `parameters`: name -> value of this run; those that it
    lacks have the default of the notebook. `declared` is what the parameters cell declares: name -> type, default,
    comment.

    >>> print(card("20_coding/north", {}, {"seed": {"default": "1", "comment": "of the bootstrap"}})["source"])
    **Parameters of this run** (20_coding/north)
    <BLANKLINE>
    | parameter | value | meaning |
    |---|---|---|
    | `seed` | `1` | of the bootstrap |
    """
    rows = [
        f"| `{name}` | `{_cell(repr(parameters[name]) if name in parameters else told['default'])}` "
        f"| {_cell(told['comment'])} |"
        for name, told in declared.items()
    ]
    lines = [f"**Parameters of this run** ({title})", "", "| parameter | value | meaning |", "|---|---|---|", *rows]
    return {"cell_type": "markdown", "id": CARD, "metadata": {"tags": [CARD]}, "source": "\n".join(lines)}


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("`", "'")


def normalise(notebook: Any, names: dict[str, str], source_has_ids: bool) -> dict[str, Any]:
    """Return an executed notebook as plain data without times, machine paths, addresses or random ids.

    `names`: path of this machine -> what stands for it, see `private.stand_ins`. `source_has_ids` says whether the
    cells of the stored notebook have ids; otherwise their numbers serve.
    """
    data = json.loads(json.dumps(notebook))
    data["metadata"] = {"kernelspec": KERNELSPEC, "language_info": LANGUAGE}
    data["nbformat"], data["nbformat_minor"] = 4, 5
    for number, cell in enumerate(data["cells"]):
        metadata = cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key in KEPT and value}
        cell["source"] = _cleaned(_text(cell["source"]), names)
        if INJECTED in metadata.get("tags", []):
            cell["id"] = INJECTED
        elif not source_has_ids:
            cell["id"] = f"cell-{number}"
        if cell["cell_type"] == "code":
            cell["outputs"] = [_plain(output, names) for output in _ordered(joined(cell["outputs"]))]
    return data


def dumps(notebook: dict[str, Any]) -> str:
    """Return the text of a notebook file, as Jupyter writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _ordered(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join printed text between two other outputs: first all of stdout, then all of stderr; their mixing is chance."""
    done: list[dict[str, Any]] = []
    streams: dict[str, str] = {}

    def flush() -> None:
        for name in sorted(streams, reverse=True):
            done.append({"output_type": "stream", "name": name, "text": streams[name]})
        streams.clear()

    for output in outputs:
        if output["output_type"] == "stream":
            streams[output["name"]] = streams.get(output["name"], "") + _text(output["text"])
        else:
            flush()
            done.append(output)
    flush()
    return done


def _text(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _plain(value: Any, names: dict[str, str], key: str = "") -> Any:
    """Replace machine paths, temporary files and addresses in every text of an output; images stay as they are."""
    if isinstance(value, dict):
        return {name: _plain(item, names, name) for name, item in value.items() if name != "transient"}
    if isinstance(value, list):
        return [_plain(item, names, key) for item in value]
    if not isinstance(value, str) or key in ("image/png", "image/jpeg", "application/pdf"):
        return value
    return "".join(part if DATA.match(part) else _cleaned(part, names) for part in DATA.split(value))


def _cleaned(text: str, names: dict[str, str]) -> str:
    return tidy(without_cell_files(ADDRESS.sub("0x…", text)), names)


def without_cell_files(text: str) -> str:
    """Return a text in which the temporary file of a cell is called `cell`; a long line costs what its length costs.

    >>> without_cell_files("in /tmp/ipykernel_7/123.py:3, not in /tmp/x.py")
    'in cell:3, not in /tmp/x.py'
    """
    if "ipykernel_" not in text:
        return text

    done, copied, at = [], 0, 0
    while found := _RUN.search(text, at):
        end = found.end()
        if not found["drive"]:
            ends = [file.end() for file in _CELL_FILE.finditer(found[0])]
            if not ends:  # its last letter may be that of a drive
                at = max(found.start() + 1, end - 1)
                continue
            end = found.start() + ends[-1]
        done += [text[copied : found.start()], "cell"]
        copied = at = end
    return "".join([*done, text[copied:]])


def returned(text: str) -> str:
    """Return a text whose lines begin again at their last carriage return, as a terminal shows them."""
    if "\r" not in text:
        return text
    return "\n".join(line[line.rfind("\r", 0, max(0, len(line) - 1)) + 1 :] for line in text.split("\n"))


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the outputs of a cell with each of its streams in one piece, where its first piece stood.

    The runner does this itself: nbclient's way costs the square of the length of a line.
    """
    texts: dict[str, list[str]] = {}
    done: list[dict[str, Any]] = []
    for output in outputs:
        if output["output_type"] != "stream":
            done.append(output)
            continue
        if output["name"] not in texts:
            done.append(dict(output))
        texts.setdefault(output["name"], []).append(_text(output["text"]))
    for output in done:
        if output["output_type"] == "stream":
            output["text"] = returned("".join(texts[output["name"]]))
    names = [output.get("name") for output in done]
    if ("stderr", "stdout") in itertools.pairwise(names):
        first = next(at for at, pair in enumerate(itertools.pairwise(names)) if pair == ("stderr", "stdout"))
        done[first], done[first + 1] = done[first + 1], done[first]
    return done
