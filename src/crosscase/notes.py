"""Notes and memos: their entries, and whether one repeats the words of the segment it stands on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

RUN = 5
"""Words in a row that a note shares with its segment by more than chance."""
WHOLE_SEGMENT, WHOLE_NOTE = 3, 4
"""Words of a short segment that stands whole in a note, and of a short note that stands whole in a segment."""
LONG_RUN = 7
"""The same for a memo beside whole documents, in which five words in a row also meet by chance."""
LONG = 20_000
"""Code points from which on the document of a segment stands for it."""
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")


def words(text: str) -> list[str]:
    """Return the words of a text, without case and marks; each sign of a script without spaces is one.

    Examples
    --------
    >>> words("It's LATE, twice-told; 信任")
    ['it', 's', 'late', 'twice', 'told', '信', '任']
    """
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def repeats(note: str, segment: str, run: int = RUN) -> bool:
    """Tell whether a note repeats its segment: the same words, the whole segment, or a run of its words.

    Parameters
    ----------
    note, segment : str
        What somebody wrote, and the words on which it stands.
    run : int
        Words in a row from which on the note repeats the segment; at least 2.

    Examples
    --------
    >>> repeats("They wait for money.", "so they wait for money, always"), repeats("Waiting", "so they wait for money")
    (True, False)
    >>> repeats("Yes", "Yes."), repeats("A clear yes to the plan", "Yes.")
    (True, False)
    """
    mine, theirs = words(note), words(segment)
    if not mine or not theirs:
        return False
    if mine == theirs:
        return True
    shorter = min(len(mine), len(theirs))
    if shorter >= run:
        return _share(mine, theirs, run)
    enough = WHOLE_SEGMENT if shorter == len(theirs) else WHOLE_NOTE
    return shorter >= enough and _share(mine, theirs, shorter)


def repeating(memos: Mapping[str, str], texts: Iterable[str], run: int = LONG_RUN) -> set[str]:
    """Return the names of the memos that share a run of words with any of some texts (whole documents)."""
    wanted: dict[tuple[str, ...], set[str]] = {}
    for name, text in memos.items():
        for piece in _runs(words(text), run):
            wanted.setdefault(piece, set()).add(name)
    found: set[str] = set()
    for text in texts if wanted else ():
        for piece in _runs(words(text), run):
            if piece in wanted:
                found |= wanted[piece]
    return found


def repeating_notes(codings: pd.DataFrame, texts: Mapping[str, str]) -> pd.Series:
    """Tell for each coding (`document, start, end, memo`) whether its note repeats its segment of a normalised text.

    Codings of documents that are not given repeat nothing.
    """
    found = pd.Series(False, index=codings.index)
    noted = codings[codings[["start", "end", "memo"]].notna().all(axis=1)]
    for document, mine in noted.groupby("document"):
        if (text := texts.get(str(document))) is None:
            continue
        long = mine["end"] - mine["start"] > LONG
        for row, start, end, memo in mine.loc[~long, ["start", "end", "memo"]].itertuples():
            found.at[row] = repeats(memo, text[int(start) : int(end)])
        if long.any():  # the whole document stands for segments that are about as long
            memos = {str(row): memo for row, memo in mine.loc[long, "memo"].items()}
            found |= found.index.astype("str").isin(repeating(memos, [text], RUN))
    return found


def repeating_cells(cells: pd.Series, texts: Iterable[str]) -> pd.Series:
    """Tell for each cell whether it shares a run of words with any of some texts (whole documents)."""
    said = {str(row): str(cell) for row, cell in cells.dropna().items()}
    return pd.Series(cells.index.astype("str").isin(repeating(said, texts)), index=cells.index)


def _runs(parts: list[str], run: int) -> Iterator[tuple[str, ...]]:
    return zip(*(parts[at:] for at in range(run)))


def _share(one: list[str], other: list[str], run: int) -> bool:
    return not set(_runs(one, run)).isdisjoint(_runs(other, run))


def holds(whole: list[str], part: list[str]) -> bool:
    """Tell whether words stand in a row somewhere among others.

    Examples
    --------
    >>> holds(["so", "we", "wait"], ["we", "wait"]), holds(["so", "we", "wait"], ["so", "wait"])
    (True, False)
    """
    return tuple(part) in set(_runs(whole, len(part))) if part else False


def memo_table(memos: Mapping[str, str]) -> pd.DataFrame:
    """Return the memos of a study as a table, one row per entry, so that they can be read beside the codings.

    Parameters
    ----------
    memos : mapping of str to str
        Name of the memo -> Markdown.

    Returns
    -------
    DataFrame
        `memo, entry, text`: each item of a list is an entry, and each other paragraph; headings are left out.

    Examples
    --------
    >>> memo_table({"coder_x": "# Memos\\n\\nWritten by x.\\n\\n- One thing.\\n- Another."})["text"].tolist()
    ['Written by x.', 'One thing.', 'Another.']
    """
    rows = []
    for name, text in memos.items():
        entries = [part for block in text.split("\n\n") for part in _entries(block)]
        rows += [{"memo": name, "entry": number, "text": entry} for number, entry in enumerate(entries, start=1)]
    return pd.DataFrame(rows, columns=["memo", "entry", "text"])


def _entries(block: str) -> list[str]:
    lines = [line.strip() for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    out: list[str] = []
    for line in lines:
        new = line.startswith(("- ", "* "))
        if new or not out:
            out.append(line[2:] if new else line)
        else:
            out[-1] += f" {line}"
    return [text.replace("**", "").replace("`", "") for text in out]
