"""Find every place where a text repeats 40 characters of another one, however it is dressed up.

Texts are compared as rows of letters and digits (`letters`): case, accents, white space, line ends, hyphenation, soft
hyphens, quotes, dashes and ligatures part nothing. The length of a run is measured in the secret text: its characters
from the first to the last, white space as one, with the marks at its ends that stand in both.

**What is promised.** A run of `MEASURE` characters that holds `LETTERS` letters or digits is found. From each secret a
block of `BLOCK` letters is noted at every `STRIDE`-th place; a run of `BLOCK + STRIDE - 1 = LETTERS` letters holds one
of them whole, and every place of a searched text is looked at. (Of a block that a text repeats endlessly, places with
the same letters around them count once.) **What is reported is true**: a block is only a
hint, and the characters themselves are compared before a run is told. Prose has more than 28 letters in 40 characters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from crosscase.release.letters import folded, letters, positions, tidy

Key = tuple[str, str]
MEASURE = 40
LETTERS = 24
BLOCK = 20
STRIDE = LETTERS - BLOCK + 1
_PLACE = 28  # bits for the number of a block, the rest for its hash
_NUMBER = np.uint64((1 << _PLACE) - 1)
_MANY = 64  # places of one block beyond which those with the same surroundings count once
_LONGEST = 4096  # letters after which a run is long enough to be told
_CHUNK = 1 << 16
_PAIRS = 1 << 20  # places that are compared at once
_PAD = 32  # marks before and behind a row, so that nobody reads beyond it
_ONE, _OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


@dataclass(frozen=True)
class Run:
    """A stretch of a text (by its number) that repeats a stretch of a secret (study, document); white space is one."""

    text: int
    start: int
    end: int
    secret: Key
    begin: int
    stop: int
    length: int


class Secrets:
    """Texts whose runs are to be found in other texts: (study, document) -> text.

    Examples
    --------
    >>> secrets = Secrets({("s", "d1"): "Nobody told us that the money would be gone by the end of May."})
    >>> [(run.secret, run.length) for run in secrets.find(["“nobody told us that the money would\\nbe gone”"])]
    [(('s', 'd1'), 43)]
    """

    def __init__(self, texts: Mapping[Key, str]) -> None:
        first = {text: key for key, text in reversed(list(texts.items())) if text}  # what stands twice is told once
        self.texts = {key: text for text, key in reversed(list(first.items()))}
        rows = [letters(text) for text in self.texts.values()]
        self._keys = list(self.texts)
        self._starts = np.cumsum([_PAD, *(len(row) + 1 for row in rows)])[: len(rows)]
        self._row = _joined(rows, b"\0")
        self._positions: dict[int, np.ndarray] = {}
        self._note_blocks([len(row) for row in rows])

    def __bool__(self) -> bool:
        return bool(self._blocks.size)

    def _note_blocks(self, sizes: list[int]) -> None:
        """Note a block of each secret at every `STRIDE`-th letter: a bit for a first look, a table for the second."""
        at = [np.arange(start, start + size - BLOCK + 1, STRIDE) for start, size in zip(self._starts, sizes)]
        self._at = np.concatenate([*at, np.zeros(0, dtype="int64")]).astype("int64")
        if self._at.size >= 1 << _PLACE:
            raise ValueError("more secret text than there are numbers for its blocks")
        hashes = np.concatenate([_hash(self._row, part) for part in _parts(self._at)] or [np.zeros(0, dtype="uint64")])
        bits = min(30, max(16, int(hashes.size * 64).bit_length()))  # so many that few are set by chance
        self._shift = np.uint64(64 - bits)
        self._bitmap = np.zeros(1 << (bits - 3), dtype="uint8")
        place = (hashes >> self._shift).astype("int64")
        np.bitwise_or.at(self._bitmap, place >> 3, np.left_shift(1, place & 7).astype("uint8"))
        self._blocks = (hashes >> np.uint64(_PLACE) << np.uint64(_PLACE)) | np.arange(hashes.size, dtype="uint64")
        self._blocks.sort()
        self._drop_echoes()

    def _drop_echoes(self) -> None:
        """Of a block that stands in very many places, keep one place of each surrounding: of rows of aaaa, headings."""
        hashes = self._blocks >> np.uint64(_PLACE)
        first = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1]))) if hashes.size else np.zeros(0, int)
        counts = np.diff(np.concatenate((first, [hashes.size])))
        keep = np.ones(hashes.size, dtype=bool)
        for begin, count in zip(first[counts > _MANY].tolist(), counts[counts > _MANY].tolist()):
            at = self._at[(self._blocks[begin : begin + count] & _NUMBER).astype("int64")]
            around = np.arange(-LETTERS, LETTERS + BLOCK)
            letters_there = self._row[np.clip(at[:, None] + around, 0, self._row.size - 1)]
            _, one_of_each = np.unique(letters_there, axis=0, return_index=True)
            keep[begin : begin + count] = False
            keep[begin + one_of_each] = True
        self._blocks = self._blocks[keep]

    def find(self, texts: Sequence[str]) -> Iterator[Run]:
        """Yield the runs in some texts, by text and place; one that lies within another is left out.

        The texts are as people see them: entities, tags and escapes are resolved before (`views`).
        """
        if not self:
            return
        rows = [letters(text) for text in texts]
        row = _joined(rows, b"\1")
        starts = np.cumsum([_PAD, *(len(part) + 1 for part in rows)])
        pairs = self._pairs(row)
        if not pairs:
            return
        here, there = (np.concatenate(side) for side in zip(*pairs))
        here, there, size = self._long_enough(row, here, there)
        owner = np.searchsorted(starts, here, side="right") - 1
        known: dict[int, np.ndarray] = {}
        last = (-1, -1)
        for number, place, secret_place, count in zip(owner.tolist(), here.tolist(), there.tolist(), size.tolist()):
            if number not in known:
                known[number] = positions(texts[number])
            first = place - int(starts[number])
            end = first + (0 if count >= _LONGEST else count - 1)
            if last[0] == number and known[number][end] < last[1]:
                continue  # within the one before
            for run in self._measured(number, texts[number], known[number], first, secret_place, count):
                yield run
                last = (number, run.end)

    def _pairs(self, row: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return places of a row and of the secrets that hold the same block, by hash."""
        shift = np.uint64(_PLACE)
        pairs = []
        last = row.size - _PAD - BLOCK + 1
        for start in range(_PAD, last, _CHUNK):
            hashes = _hash(row, slice(start, min(start + _CHUNK, last)))
            bit = (hashes >> self._shift).astype("int64")
            seen = np.flatnonzero((self._bitmap[bit >> 3] >> (bit & 7).astype("uint8")) & 1)
            if not seen.size:
                continue
            low = hashes[seen] >> shift << shift
            first = np.searchsorted(self._blocks, low, side="left")
            there = self._blocks[np.minimum(first, self._blocks.size - 1)] >> shift << shift == low
            seen, first, low = seen[there], first[there], low[there]
            count = np.searchsorted(self._blocks, low | _NUMBER, side="right") - first
            if not seen.size:
                continue
            pieces = np.searchsorted(np.cumsum(count), np.arange(_PAIRS, count.sum() + _PAIRS, _PAIRS), side="left")
            for begin, end in pairwise(dict.fromkeys([0, *pieces.tolist(), count.size])):
                some = slice(begin, end)
                here = np.repeat(seen[some] + start, count[some])
                step = np.arange(here.size) - np.repeat(np.cumsum(count[some]) - count[some], count[some])
                numbers = self._blocks[np.repeat(first[some], count[some]) + step] & _NUMBER
                kept = self._begin(row, here, self._at[numbers.astype("int64")])
                if kept[0].size:
                    pairs.append(kept)
        return pairs

    def _begin(self, row: np.ndarray, here: np.ndarray, there: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Go back to where the letters begin to agree; a run is taken up at its first block and at no other.

        The eight letters before a block and the eight behind it are compared at once: bytes that agree are zero in the
        difference of two words, the last letter before the block in its highest byte.
        """
        mine, other = _words(row), _words(self._row)
        before = mine[here - 8] ^ other[there - 8]
        behind = mine[here + BLOCK] ^ other[there + BLOCK]
        left = np.zeros(here.size, dtype="int64")
        right = np.zeros(here.size, dtype="int64")
        for count in range(1, STRIDE):
            left += before >> np.uint64(64 - 8 * count) == 0
            right += behind << np.uint64(64 - 8 * count) == 0
        first = before >> np.uint64(64 - 8 * STRIDE) != 0
        keep = first & (left + right >= LETTERS - BLOCK)
        return (here - left)[keep], (there - left)[keep]

    def _long_enough(
        self, row: np.ndarray, here: np.ndarray, there: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Follow each pair to its end and leave out what cannot be 40 characters of its secret."""
        size = np.full(here.size, LETTERS, dtype="int64")
        for step, one, other in ((8, _words(row), _words(self._row)), (1, row, self._row)):
            alive = np.arange(here.size)
            while alive.size:
                alive = alive[one[here[alive] + size[alive]] == other[there[alive] + size[alive]]]
                size[alive] += step
                alive = alive[size[alive] < _LONGEST]
        owner = np.searchsorted(self._starts, there, side="right") - 1
        length = np.zeros(here.size, dtype="int64")
        for number in np.unique(owner).tolist():
            mine = np.flatnonzero(owner == number)
            at = np.concatenate(([-1], self._position(number), [len(self.texts[self._keys[number]])]))
            first = there[mine] - self._starts[number]
            length[mine] = at[first + size[mine] + 1] - at[first] - 1
        order = np.lexsort((there, -length, -size, here))
        order = order[length[order] >= MEASURE]
        told = np.stack([here[order], size[order], length[order]])  # the same words of several secrets are told once
        best = order[np.concatenate(([True], (told[:, 1:] != told[:, :-1]).any(axis=0)))] if order.size else order
        return here[best], there[best], size[best]

    def _position(self, number: int) -> np.ndarray:
        if number not in self._positions:
            self._positions[number] = positions(self.texts[self._keys[number]]).astype("int32")
        return self._positions[number]

    def _measured(self, number: int, text: str, at: np.ndarray, first: int, place: int, count: int) -> Iterable[Run]:
        """Compare the characters themselves, and yield what is long enough."""
        owner = int(np.searchsorted(self._starts, place, side="right")) - 1
        key = self._keys[owner]
        secret, secret_at, begin = self.texts[key], self._position(owner), place - int(self._starts[owner])
        plain = bool((self._row[place : place + count] < 128).all())  # one byte, one letter: nothing to compare
        same = [(0, count)] if plain else _equal(text, at, first, secret, secret_at, begin, count)
        for low, high in same:
            start, end = int(at[first + low]), int(at[first + high - 1]) + 1
            s_start, s_end = int(secret_at[begin + low]), int(secret_at[begin + high - 1]) + 1
            before = _common_end(_gap_before(text, at, first + low), _gap_before(secret, secret_at, begin + low))
            after = _common_begin(_gap_after(text, at, first + high), _gap_after(secret, secret_at, begin + high))
            length = len(tidy(secret[s_start:s_end])) + before + after
            if length >= MEASURE:
                yield Run(number, start, end, key, s_start, s_end, length)


def _parts(at: np.ndarray) -> Iterable[np.ndarray]:
    return (at[begin : begin + _CHUNK] for begin in range(0, at.size, _CHUNK))


def _joined(rows: Sequence[bytes], mark: bytes) -> np.ndarray:
    """Put rows behind each other, parted by a mark; secrets and searched texts have different ones."""
    return np.frombuffer(mark * _PAD + b"".join(row + mark for row in rows) + mark * _PAD, dtype="uint8")


def _words(row: np.ndarray) -> np.ndarray:
    """Return at each place of a row its next eight letters as one number."""
    return np.ndarray((row.size - 7,), dtype="<u8", buffer=row, strides=(1,))


def _hash(row: np.ndarray, at: np.ndarray | slice) -> np.ndarray:
    """Return a hash of the letters of the block at some places of a row."""
    words = _words(row)
    one, other, third = words[at], words[8:][at], words[BLOCK - 8 :][at]
    mixed = one * _ONE
    mixed ^= mixed >> np.uint64(29)
    mixed += other
    mixed *= _OTHER
    mixed ^= third
    mixed ^= mixed >> np.uint64(32)
    mixed *= _ONE
    return mixed


def _equal(
    text: str, at: np.ndarray, first: int, secret: str, secret_at: np.ndarray, begin: int, count: int
) -> list[tuple[int, int]]:
    """Return the stretches of a run whose letters are the same characters, not only the same bytes."""
    a, b = _characters(text, at[first : first + count]), _characters(secret, secret_at[begin : begin + count])
    if a == b:
        return [(0, count)]
    cuts = [-1, *(n for n, (one, other) in enumerate(zip(a, b)) if one != other), count]
    return [(low + 1, high) for low, high in pairwise(cuts) if high - low > LETTERS]


def _characters(text: str, at: np.ndarray) -> list[str]:
    """Return the folded letters at some places, each with its number within its character."""
    places = at.tolist()
    out, last, within = [], -1, 0
    full = len(folded(text[places[0]])) if places else 0
    # a run may begin inside a character that stands for several letters: then count from its end
    lead = next((n for n, place in enumerate(places) if place != places[0]), len(places))
    for place in places:
        within = within + 1 if place == last else (full - lead if last < 0 and lead < full else 0)
        plain = folded(text[place])
        out.append(plain[within] if within < len(plain) else "")
        last = place
    return out


def _gap_before(text: str, at: np.ndarray, number: int) -> str:
    begin = int(at[number - 1]) + 1 if number else 0
    return tidy(text[max(begin, int(at[number]) - 80) : int(at[number])])


def _gap_after(text: str, at: np.ndarray, number: int) -> str:
    end = int(at[number]) if number < at.size else len(text)
    return tidy(text[int(at[number - 1]) + 1 : min(end, int(at[number - 1]) + 81)])


def _common_begin(one: str, other: str) -> int:
    count = 0
    for a, b in zip(one, other):
        if a != b:
            break
        count += 1
    return count


def _common_end(one: str, other: str) -> int:
    return _common_begin(one[::-1], other[::-1])
