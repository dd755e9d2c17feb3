"""Rename, join and split codes, rename a case: every table follows, and so do newer exports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from crosscase import paths, tables
from crosscase.errors import CrosscaseError, Problem, raise_if
from crosscase.exchange.merging import Standing, standing_study
from crosscase.exchange.rewriting import rewrite
from crosscase.study.keys import read_key, sign_quotations
from crosscase.study.locked import alone
from crosscase.study.renaming import counted, renamed
from crosscase.study.said import MEMOS, SAID, Said

TABLE = {"code": "codebook", "case": "cases"}
COLUMNS = ("document", "case", "coder", "round", "theme", "valence", "role")
"""Columns of codings by which a code can be split."""
SAME = (
    "document",
    "start",
    "end",
    "locator",
    "code",
    "coder",
    "round",
    "valence",
    "theme",
    "case",
    "role",
    "role_mode",
)
MOST = 40


@dataclass(frozen=True)
class Done:
    """What a change did: cells by column, what a person should look at, words that went with a row."""

    cells: dict[str, int]
    look: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it as lines for people."""
        lines = [f"{column}: {n:,} {'cell' if n == 1 else 'cells'}" for column, n in self.cells.items()]
        lines += [f"no longer there (kept under before/): {words}" for words in self.went]
        if self.look:
            lines += ["", "Look at these, which are left as they are:", *(f"- {place}" for place in self.look)]
        return "\n".join(lines)


@alone
def rename(study: str, kind: str, old: str, new: str, label: str = "") -> Done:
    """Give a code or a case another id, in every table that names it.

    Parameters
    ----------
    study : str
        Id of the study.
    kind : {"code", "case"}
        What is renamed.
    old, new : str
        Its id (or label), and the id that it gets.
    label : str, optional
        A new label; without it the label stays, unless it was the id.

    Raises
    ------
    CrosscaseError
        Where there is no such code or case, `new` is taken, or breaks the rule of ids; then nothing is written.
    """
    standing = standing_study(study)
    id = _id(standing, kind, old)
    table, key = standing.frames[TABLE[kind]], tables.schema(TABLE[kind]).key[0]
    problems = _unfit(standing, kind, new, id)
    raise_if(problems)
    was = str(table.loc[table[key].eq(id), "label"].iloc[0])
    shown = label or (new if was == id else was)
    cells = counted(standing.frames, kind, id)
    state = _renamed(standing, kind, {id: new})
    frame = state.frames[TABLE[kind]]
    state.frames[TABLE[kind]] = frame.assign(label=frame["label"].mask(frame[key].eq(new), shown))
    look = places(study, [id, *([was] if shown != was and was != id else [])], state.memos)
    write_changed(state, f"rename-{kind} {id} {new}")
    return Done(cells, look)


@alone
def merge_codes(study: str, codes: Sequence[str], into: str) -> Done:
    """Join codes into one that is there: their codings get its id, codings that are the same then are one.

    What the joined codes say in the codebook fills what the one leaves empty; the rest is named and kept.

    Raises
    ------
    CrosscaseError
        Where there is no such code; then nothing is written.
    """
    standing = standing_study(study)
    target = _id(standing, "code", into)
    olds = [id for code in codes if (id := _id(standing, "code", code)) != target]
    if not olds:
        raise CrosscaseError(Problem("merge-codes", "two codes at least are joined", target))
    cells: dict[str, int] = {}
    for old in olds:
        for column, n in counted(standing.frames, "code", old).items():
            cells[column] = cells.get(column, 0) + n
    book = standing.frames["codebook"].set_index("code")
    row, went = book.loc[target].copy(), []
    for old in olds:
        for column in (c for c in book.columns if c not in ("label", "parent", "color") and pd.notna(book.at[old, c])):
            if pd.isna(row[column]):
                row[column] = book.at[old, column]
            elif row[column] != book.at[old, column]:
                went.append(f"codebook/{old}, {column}: {book.at[old, column]}")
    state = _renamed(standing, "code", dict.fromkeys(olds, target))
    rows = state.frames["codebook"]
    rows = rows[~standing.frames["codebook"]["code"].isin(olds)].set_index("code")
    rows.loc[target, list(row.index.drop("parent"))] = row.drop("parent")
    above = book["parent"].to_dict()
    at = above.get(target)
    while at in olds:
        at = above.get(at)
    rows.loc[target, "parent"] = at
    state.frames["codebook"] = tables.typed(rows.reset_index(), tables.schema("codebook"))
    twice = _join_codings(state)
    if twice:
        cells["codings that are the same now, taken once"] = twice
    names = [*olds, *(str(book.at[old, "label"]) for old in olds)]
    look = places(study, names, state.memos)
    write_changed(state, f"merge-codes {' '.join(olds)} into {target}")
    return Done(cells, look, tuple(went))


@alone
def split_code(
    study: str, code: str, new: str, *, label: str = "", codings: Sequence[str] = (), where: Mapping[str, str] = {}
) -> Done:
    """Give some codings of a code a new code beside it; a newer export does not take that back.

    Parameters
    ----------
    study, code : str
        The study, and the code by id or label.
    new : str
        Id of the new code, which stands below the same parent; it may be there already.
    label : str, optional
        Its label, the id by default.
    codings : sequence of str, optional
        Codings by id.
    where : mapping of str to str, optional
        Column of codings -> cell: `document`, `case`, `coder`, `round`, `theme`, `valence` or `role`. A coding is taken
        where all of them hold.

    Raises
    ------
    CrosscaseError
        Where nothing is chosen, or what is named does not exist; then nothing is written.
    """
    standing = standing_study(study)
    id = _id(standing, "code", code)
    rows = standing.frames["codings"]
    mine = rows["code"].eq(id)
    problems = [] if new in set(standing.frames["codebook"]["code"]) else _unfit(standing, "code", new, id)
    for column in (column for column in where if column not in COLUMNS):
        problems.append(Problem(f"--where {column}", "a column of codings", repr(column), ", ".join(COLUMNS)))
    for strange in sorted({*codings} - set(rows.loc[mine, "coding_id"])):
        problems.append(Problem(f"--coding {strange}", f"a coding with the code {id}", "none"))
    raise_if(problems)
    taken = mine & (rows["coding_id"].isin(codings) if codings else bool(where))
    for column, cell in where.items():
        taken &= rows[column].astype("str").eq(cell).fillna(False).astype(bool)
    if not taken.any():
        rule, remedy = "some codings get the new code", "choose them with --coding or --where COLUMN=CELL"
        raise CrosscaseError(Problem(f"split-code {id}", rule, "none", remedy=remedy))
    frames = dict(standing.frames)
    frames["codings"] = rows.assign(code=rows["code"].mask(taken, new))
    book = frames["codebook"]
    if new not in set(book["code"]):
        parent = book.loc[book["code"].eq(id), "parent"].iloc[0]
        row = pd.DataFrame([{"code": new, "label": label or new, "parent": parent}])
        frames["codebook"] = tables.typed(pd.concat([book, row]), tables.schema("codebook")).reset_index(drop=True)
    state = replace(standing, frames=frames)
    argued = frames["argument"]["codes"].dropna()
    look = [f"argument.csv: {int(argued.str.contains(re.escape(id)).sum())} findings name {id}"] if len(argued) else []
    write_changed(state, f"split-code {id} {new}")
    return Done({"codings.code": int(taken.sum())}, (*look, *places(study, [id], standing.memos)))


@alone
def accept_segments(study: str) -> list[str]:
    """Take segments that a person has corrected as they are now: their hashes are made anew.

    Only on texts that are the ones that were coded.

    Returns
    -------
    list of str
        Each coding that was accepted, with its place.
    """
    standing, key = standing_study(study), read_key(study)
    rows = standing.frames["codings"]
    signed = rows[rows["quotation_hmac"].notna() & rows["start"].notna()]
    texts = {each: text for each in signed["document"].unique() if isinstance(text := standing.content(each), str)}
    if key is None or not texts:
        return []
    now = sign_quotations(signed, texts, key)
    other = now.index[now.notna() & now.ne(signed["quotation_hmac"])]
    if other.empty:
        return []
    cells = rows["quotation_hmac"].astype("object")
    cells[other] = now[other]
    codings = tables.typed(rows.assign(quotation_hmac=cells), tables.schema("codings"))
    write_changed(replace(standing, frames={**standing.frames, "codings": codings}), "check --accept")
    return [f"{row.coding_id}: {row.document}, {row.start}-{row.end}" for row in codings.loc[other].itertuples()]


def places(study: str, words: Sequence[str], memos: Mapping[str, str]) -> tuple[str, ...]:
    """Return where ids or labels are written in prose: memos, findings, chapters, posters, the plan, the synthesis."""
    found = []
    forms = [re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])") for word in dict.fromkeys(words) if word]
    for name, text in _prose(study, memos):
        for number, line in enumerate(text.splitlines(), start=1):
            if any(form.search(line) for form in forms):
                found.append(f"{name}, line {number}")
    return (*found[:MOST], *([f"and {len(found) - MOST} more"] if len(found) > MOST else []))


def _prose(study: str, memos: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, text in memos.items():
        yield f"memos/{name}.md", text
    files = [paths.book() / "studies" / f"{study}.md", *sorted((paths.book() / "posters").glob("*.yml")), paths.plan()]
    files += sorted((paths.studies().parent / "synthesis").glob("*.csv"))
    files += [folder / f"{table}.csv" for table in ("argument", "review") for folder in _folders(study)]
    for path in (path for path in files if path.is_file()):
        yield paths.relative(path), path.read_text(encoding="utf-8", errors="replace")


def _folders(study: str) -> tuple[Path, Path]:
    return paths.studies() / study, paths.restricted() / study


def _id(standing: Standing, kind: str, name: str) -> str:
    """Return the id of a code or case that is named by id or by a label which only one has."""
    frame, key = standing.frames[TABLE[kind]], tables.schema(TABLE[kind]).key[0]
    if frame[key].eq(name).any():
        return name
    found = frame.loc[frame["label"].eq(name), key].tolist()
    if len(found) == 1:
        return str(found[0])
    rule = f"a {kind} of {standing.study.name}, by its id or a label that only one has"
    allowed = ", ".join(found or frame[key].tolist()[:MOST])
    raise CrosscaseError(Problem(f"{kind} {name!r}", rule, f"{len(found)} with this label", allowed))


def _unfit(standing: Standing, kind: str, new: str, old: str) -> list[Problem]:
    schema = tables.schema(TABLE[kind])
    key, place = schema.key[0], f"new id {new!r}"
    if new != old and standing.frames[TABLE[kind]][key].eq(new).any():
        remedy = "`crosscase merge-codes` joins two codes" if kind == "code" else "choose another"
        return [Problem(place, f"the id of no other {kind}", "it is taken", remedy=remedy)]
    pattern = schema.constraint(key, "pattern")
    fits = re.match(pattern, new) and ";" not in new and "\n" not in new
    return [] if fits else [Problem(place, f"the id of a {kind} has a fixed form", repr(new), pattern)]


def _renamed(standing: Standing, kind: str, changes: Mapping[str, str]) -> Standing:
    """Return a study in which ids have other names, in what files have said too, and in what they will say."""
    said = standing.said
    frames = {name: frame for name, frame in standing.frames.items() if name != MEMOS.name}
    spoken = {name: frame for name, frame in said.frames.items() if name != MEMOS.name}
    spoken = renamed(spoken, kind, changes)
    if TABLE[kind] in spoken:
        key = tables.schema(TABLE[kind]).key[0]
        spoken[TABLE[kind]] = spoken[TABLE[kind]].drop_duplicates(key).reset_index(drop=True)
    known = {old: changes.get(new, new) for old, new in said.renamed.get(kind, {}).items()} | dict(changes)
    aliases = said.renamed | {kind: {old: new for old, new in known.items() if old != new}}
    both = {name: frame for name, frame in said.frames.items() if name == MEMOS.name}
    return replace(
        standing,
        frames=renamed(frames, kind, changes) | {MEMOS.name: standing.frames[MEMOS.name]},
        said=Said(said.format, spoken | both, aliases),
    )


def _join_codings(state: Standing) -> int:
    """Take codings that say the same once, here and in whatever names them; return how many went."""
    rows = state.frames["codings"]
    same = rows.groupby([column for column in SAME if column in rows], dropna=False, sort=False)
    first = same["coding_id"].transform("first")
    noted = rows["memo"].notna() & rows["memo"].ne(same["memo"].transform("first"))
    gone = rows["coding_id"].ne(first) & ~noted
    changes = dict(zip(rows.loc[gone, "coding_id"], first[gone]))
    state.frames["codings"] = rows[~gone].reset_index(drop=True)
    others = {name: frame for name, frame in state.frames.items() if name not in (MEMOS.name, "codings")}
    state.frames.update(renamed(others, "coding", changes))
    return int(gone.sum())


def write_changed(state: Standing, what: str) -> None:
    """Write a study that was changed as a whole; what it was before is kept."""
    info = state.info
    frames = {table: frame for table, frame in state.frames.items() if table != MEMOS.name}
    rewrite(state.study, what, info, frames, memos=state.memos, texts=state.texts(), kept={SAID: state.said.text()})
