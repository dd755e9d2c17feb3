"""Studies made up by hypothesis, and what of a study a format must bring back."""

from __future__ import annotations

import hashlib
from collections import Counter

import pandas as pd
from hypothesis import strategies as st

from crosscase.documents import normalise
from crosscase.exchange import names
from crosscase.study import StudyInfo
from crosscase.study.model import Coder

HOSTILE = [
    "<script>alert(1)</script>",
    "=1+1",
    "'=1",
    "\u200fשלום",
    "a \"b\" 'c'",
    "-",
    "x" * 300,
    "a > b",
    "A;B",
    "CON",
]
LETTERS = st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cn", "Co"])
LABEL = st.one_of(st.sampled_from(HOSTILE), st.text(LETTERS, min_size=1, max_size=12)).map(names.label).filter(bool)
PROSE = st.text(st.one_of(LETTERS, st.just("\n")), min_size=1, max_size=40).map(names.prose).filter(bool)
WORDS = st.lists(st.sampled_from(["the", "nurse", "café", "😀", "GP", "\u05e9\u05dc", "e\u0301", "x\ty"]), min_size=1)
TEXT = st.lists(WORDS.map(" ".join), min_size=1, max_size=4).map("\n".join).map(normalise)
STAMP = st.sampled_from([None, "2021-10-11T14:35:33Z", "2024-02-29T00:00:00+01:00", "2024-02-29"])
VALUES = {"text": PROSE, "integer": st.integers(-99, 99).map(str), "boolean": st.sampled_from(["true", "false"])} | {
    "float": st.sampled_from(["1.5", "-0.25", "3"]),
    "date": st.just("2020-01-31"),
    "datetime": st.just("2020-01-31T10:00:00Z"),
}


def maybe(strategy):
    return st.one_of(st.none(), strategy)


@st.composite
def studies(draw):
    """Return `info, frames, memos, texts` of a study that uses everything REFI-QDA can carry."""
    texts = {f"d{n}.txt": text for n, text in enumerate(draw(st.lists(TEXT, min_size=1, max_size=3)))}
    cases = [f"case{n}" for n in range(draw(st.integers(0, 3)))]
    coders = [f"coder_{n}" for n in range(draw(st.integers(1, 3)))]
    codes = [f"code{n}" for n in range(draw(st.integers(1, 5)))]
    some_case = st.sampled_from([None, *cases])
    documents = [
        {
            "document": name,
            "title": draw(LABEL),
            "kind": "interview",
            "case": draw(some_case),
            "code_points": len(text),
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "release": "none",
        }
        for name, text in texts.items()
    ]
    codebook = [
        {
            "code": code,
            "label": draw(LABEL),
            "parent": draw(st.sampled_from([None, *codes[:n]])),
            "definition": draw(maybe(PROSE)),
            "inclusion": draw(maybe(st.just("when it is said"))),
            "color": draw(st.sampled_from([None, "#00ff7f"])),
        }
        for n, code in enumerate(codes)
    ]
    codings = []
    for number in range(draw(st.integers(0, 8))):
        name = draw(st.sampled_from(list(texts)))
        start = draw(st.integers(0, len(texts[name]) - 1))
        codings.append(
            {
                "coding_id": f"x{number}",
                "document": name,
                "start": start,
                "end": draw(st.integers(start + 1, len(texts[name]))),
                "code": draw(st.sampled_from(codes)),
                "coder": draw(st.sampled_from(coders)),
                "case": draw(some_case),
                "date": draw(STAMP),
                "memo": draw(maybe(PROSE)),
            }
        )
    memos = {f"memo{n}": draw(PROSE) for n in range(draw(st.integers(0, 2)))}
    frames = {
        "documents": documents,
        "cases": [{"case": c, "label": draw(LABEL), "kind": "case", "description": draw(maybe(PROSE))} for c in cases],
        "codebook": codebook,
        "codings": codings,
        "memo_index": [
            {"memo": m, "title": draw(LABEL), "coder": draw(st.sampled_from(coders)), "date": draw(STAMP)}
            for m in memos
        ],
        **draw(_side(list(texts), cases, codes, list(memos))),
    }
    info = StudyInfo(
        title=draw(LABEL),
        short_title="s",
        question="q",
        stance="unspecified",
        coders={coder: Coder(kind="person") for coder in coders},
    )
    return info, {name: pd.DataFrame(rows) for name, rows in frames.items() if rows}, memos, texts


@st.composite
def _side(draw, documents, cases, codes, memos):
    types = draw(st.lists(st.sampled_from(list(VALUES)), max_size=3))
    variables = [{"variable": f"v{n}", "label": draw(LABEL), "type": t} for n, t in enumerate(types)]
    owners = [("document", d) for d in documents] + [("case", c) for c in cases]
    values = [
        {"unit": unit, "id": owner, "variable": f"v{n}", "value": draw(VALUES[kind])}
        for n, kind in enumerate(types)
        for unit, owner in draw(st.lists(st.sampled_from(owners), unique=True, max_size=2))
    ]
    things = [*owners, *(("code", c) for c in codes), *(("memo", m) for m in memos)]
    links = []
    for number in range(draw(st.integers(0, 3))):
        source, target = draw(st.sampled_from(things)), draw(st.sampled_from(things))
        links.append(
            {"link": f"l{number}", "kind": "link", "label": draw(maybe(LABEL)), "source_kind": source[0]}
            | {"source": source[1], "target_kind": target[0], "target": target[1]}
            | {"direction": draw(st.sampled_from([None, "one_way", "associative", "bidirectional"]))}
        )
    for number, memo in enumerate(memos):
        owner = draw(st.sampled_from([("code", codes[0]), ("document", documents[0]), ("study", "study")]))
        links.append(
            {"link": f"n{number}", "kind": "memo", "source_kind": owner[0], "source": owner[1]}
            | {"target_kind": "memo", "target": memo, "label": None, "direction": None}
        )
    groups = [
        {"row": f"s{n}", "set": "set0", "label": "A set", "member_kind": kind, "member": member}
        for n, (kind, member) in enumerate([("code", codes[0]), ("document", documents[0])])
    ]
    return {
        "variables": variables,
        "variable_values": values,
        "links": links,
        "sets": groups if draw(st.booleans()) else [],
    }


def plain(value):
    return None if value is None or pd.isna(value) else value


def paths_of(study):
    rows = study.codebook.set_index("code")
    paths = {}
    for code in rows.index:
        steps, at = [], code
        while isinstance(at, str):
            steps.append(rows.at[at, "label"])
            at = rows.at[at, "parent"]
        paths[code] = tuple(reversed(steps))
    return paths


def carried(study, texts):
    """Return what REFI-QDA can carry of a study, with ids replaced by what they stand for."""
    paths = paths_of(study)
    titles = dict(zip(study.documents["document"], study.documents["title"]))
    own = dict(zip(study.documents["document"], study.documents["case"]))
    cases = dict(zip(study.cases["case"], study.cases["label"]))
    index = study.table("memo_index").set_index("memo")
    named = {
        "document": titles,
        "case": cases,
        "code": paths,
        "memo": dict(index["title"]),
        "study": {"study": "study"},
    }
    codings = Counter()
    for row in study.codings.itertuples():
        case = plain(row.case) or plain(own[row.document])
        codings[
            (
                titles[row.document],
                row.start,
                row.end,
                texts[row.document][row.start : row.end],
                paths[row.code],
                row.coder,
                cases.get(case),
                plain(row.date),
                plain(row.memo),
            )
        ] += 1
    variables = study.table("variables").set_index("variable")
    return {
        "documents": Counter((titles[d], texts[d]) for d in titles),
        "cases": Counter((r.label, plain(r.description)) for r in study.cases.itertuples()),
        "cases of documents": Counter((titles[d], cases.get(plain(c))) for d, c in own.items()),
        "codes": Counter(
            (paths[r.code], plain(r.definition), plain(r.inclusion), plain(r.color))
            for r in study.codebook.itertuples()
        ),
        "coders": set(study.info.coders),
        "codings": codings,
        "memos": Counter(
            (index.at[m, "title"], text.strip(), plain(index.at[m, "coder"]), plain(index.at[m, "date"]))
            for m, text in study.memos().items()
        ),
        "variables": Counter((r.label, r.type) for r in variables.itertuples()),
        "values": Counter(
            (r.unit, named[r.unit][r.id], variables.at[r.variable, "label"], r.value)
            for r in study.table("variable_values").itertuples()
        ),
        "links": Counter(
            (
                r.kind,
                plain(r.label),
                plain(r.direction),
                r.source_kind,
                named[r.source_kind][r.source],
                r.target_kind,
                named[r.target_kind][r.target],
            )
            for r in study.table("links").itertuples()
        ),
        "sets": Counter(
            (r.label, plain(r.member_kind), named.get(plain(r.member_kind), {}).get(r.member))
            for r in study.table("sets").itertuples()
        ),
    }
