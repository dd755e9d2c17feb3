"""A compendium small enough to check by hand, with names that try to break the book."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from pathlib import Path

import nbformat
import pandas as pd

from crosscase import figures, paths, tables
from crosscase.analyses.result import Result, refuse
from crosscase.analyses.values import Value
from crosscase.publish.keep import keeper
from crosscase.study import StudyInfo, save_study

REPOSITORY = Path(__file__).parents[2]
STUDY = "demo"
OF_ANY = ("glossary.md", "references.md", "trail.md")
"""Chapters of the book that hold for any study."""
HOSTILE = '<script>window.pwned=1</script> "north" `x` \u202etxet'
TEXT = "Trust came first. Money came late.\nThe board said little.\n"

CHAPTER = """# A demonstration

In {given}`2018` the team held {value}`demo.inventory.interviews|unit`, a share of {value}`demo.share.trust|n`.
What they missed was {value}`demo.inventory.hours`.

{quote}`demo.q1` And: {quote}`demo.q2` See {segment}`demo.a1|the first segment`.

Trust opened the way.{from}`demo.a1;a4` Of it: {finding}`demo.trust-first`.

```{findings} demo
```

```{findings} demo
:only: money-late
```

```{study-facts} demo
```

```{not-stated} demo
```

```{kept-figure} demo.inventory.overview
```

```{kept-table} demo.codes.counts
:columns: code, share, segments
```

```{kept-matrix} demo.matrix.codes
```
"""

DEFAULT = """% What every other study is shown by.

# {title}

{sentence}`{study}.meetings` It has {value}`{study}.inventory.interviews|unit`.

```{study-origin} {study}
```

```{kept-figure} {study}.meetings
```

```{kept-table} {study}.codes.counts
:columns: code, share
:fold: 1
```

```{code-tree} {study}
```

```{coded-cases} {study}
```

```{study-trail} {study}
```

```{study-gaps} {study}
```
"""


def make(root: Path, with_text: bool = True) -> Path:
    """Write the compendium below `root`; the caller points CROSSCASE_HOME there."""
    root.mkdir(parents=True, exist_ok=True)
    (root / paths.PLAN).write_text("title: small\n", encoding="utf-8")
    shutil.copytree(REPOSITORY / "data" / "dictionary", root / "data" / "dictionary")
    (root / "data" / "frameworks").mkdir()
    shutil.copytree(REPOSITORY / "book", root / "book", ignore=shutil.ignore_patterns("studies"))
    for chapter in (root / "book").glob("*.md"):
        told = chapter.read_text(encoding="utf-8")
        if "_generated/" not in told and chapter.name not in OF_ANY:  # a chapter about the embedded studies
            chapter.write_text(f"# {chapter.stem.capitalize()}\n\nWords.\n", encoding="utf-8")
    (root / "book" / "index.md").write_text("# Small\n\n```{study-cards}\n```\n", encoding="utf-8")
    (root / "book" / "studies").mkdir()
    (root / "book" / "studies" / "demo.md").write_text(CHAPTER, encoding="utf-8")
    (root / "book" / "study.md").write_text(DEFAULT, encoding="utf-8")
    os.environ[paths.HOME_VARIABLE] = str(root)
    for name in (STUDY, "plain"):
        frames = _frames() | (_decided() if name == "plain" else {})
        memos = {"ann": "Two ideas."} if name == "plain" else None
        save_study(name, _info(name), frames, texts={"d1.txt": TEXT} if with_text else None, memos=memos)
    for name in (STUDY, "plain"):
        _keep(name)
    return root


def _info(name: str) -> StudyInfo:
    return StudyInfo(
        title="A study of trust",
        short_title="Demonstration" if name == STUDY else "<b>Plain</b> *study*",
        question="What helps <and> hinders?",
        stance="codebook",
        stance_note="the publication says so",
        year=2018,
        case_noun="town",
        case_noun_plural="towns",
        coders={
            "ann": {"kind": "person", "description": "first"},
            "bot": {"kind": "language_model", "description": "a program"},
        },
        primary_coder="ann",
        reflexivity={"researchers": "Two <nurses>.", "unknown": ["who typed"]} if name == "plain" else {},
        not_stated=["how many hours were observed"],
        not_in_file=["the year of the talks"],
        ours={"title": "the report has none"},
    )


def _frames() -> dict[str, pd.DataFrame]:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    documents = {"document": ["d1.txt", "d2.txt"], "title": ["Interview", "Report"], "language": "en"}
    documents |= {"kind": ["interview", "published report"], "release": ["verbatim", "paraphrase"]}
    documents |= {"code_points": [len(TEXT), 900], "paragraphs": [2, 9], "sha256": [digest, "0" * 64]}
    codings = {
        "coding_id": ["a1", "a2", "a3", "a4", "b1"],
        "document": ["d1.txt", "d1.txt", "d2.txt", "d1.txt", "d1.txt"],
        "start": [0, 18, 100, 35, 6],
        "end": [17, 34, 160, 57, 17],
        "code": ["trust", "money", "trust", "trust", "trust"],
        "coder": ["ann", "ann", "ann", "ann", "bot"],
        "round": "1",
        "valence": ["promotes", "inhibits", "promotes", "neutral", "promotes"],
        "theme": ["t1", "t1", "t1", None, "t1"],
        "case": ["north", "north", "south", "north", "north"],
        "role": ["mayor", None, None, "mayor", None],
        "role_mode": ["voice", None, None, "about", None],
        "paragraph": [1, 1, 4, 2, 1],
        "memo": ["Confidence was there at the start", "Funds were late", "Confidence grew", "Silence", None],
    }
    quotations = {"quotation": ["q1", "q2", "q3"], "document": ["d1.txt", "d2.txt", "d1.txt"], "role": "mayor"}
    quotations |= {"start": [0, 100, 35], "end": [17, 160, 57], "paragraph": [1, 4, 2]}
    quotations |= {
        "paraphrase": ["Confidence first", "It grew", "Silence"],
        "release": ["verbatim", "verbatim", "none"],
    }
    facts = {
        "fact": ["f1", "f2", "f3", "f4", "f5"],
        "field": "inventory",
        "value": ["three interviews", "four talks", "hours | pipes", "a lot of trust", "share of trust"],
        "number": [3, 4, 90.5, None, 0.67],
        "unit": "interviews",
        "status": "stated",
        "stage": "paper",
        "source": "Demo 2018",
        "reproduced_by": [
            "demo.inventory.interviews",
            "demo.inventory.interviews",
            "demo.gone",
            None,
            "demo.share.trust",
        ],
    }
    argument = {
        "finding": ["trust-first", "money-late"],
        "heading": ["Trust <b>opened</b> it", "Or was it the money?"],
        "statement": ["Trust helped in {value:demo.inventory.interviews|unit}.", "Late money explains it as well."],
        "kind": ["within_case", "rival"],
        "strength": ["concluded", "inferred"],
        "codes": ["trust", "money"],
        "segments": ["a1;a3", "a2"],
        "against": ["a2;f4", None],
        "looked_for": [None, "Money that came in time."],
        "author": "bot",
        "date": "2026-01-01",
    }
    decided = {
        "adjudication": ["j1"],
        "round": "adjudication-2026-01-01",
        "decided_on": "2026-01-01",
        "decided_by": "bot",
        "change": "changed",
        "coding_id": ["a4"],
        "valence": ["inhibits"],
        "reason": ["Silence <i>hampers</i> here."],
    }
    said = {"document": "d2.txt", "start": [100], "end": [160], "paraphrase": ["They grew surer of each other."]}
    return {
        "adjudications": pd.DataFrame(decided),
        "argument": pd.DataFrame(argument),
        "paraphrases": pd.DataFrame(said).assign(author="bot"),
        "cases": pd.DataFrame({"case": ["north", "south"], "label": [HOSTILE, "South"], "kind": "case"}),
        "documents": pd.DataFrame(documents),
        "codebook": pd.DataFrame(
            {
                "code": ["trust", "money"],
                "label": ["Trust between partners", "Money"],
                "definition": ["Being sure", None],
            }
        ),
        "codings": pd.DataFrame(codings),
        "themes": pd.DataFrame({"theme": ["t1"], "label": ["Beginnings"], "kind": "theme"}),
        "roles": pd.DataFrame({"role": ["mayor"], "label": ["Mayor"], "kind": "role"}),
        "quotations": pd.DataFrame(quotations),
        "facts": pd.DataFrame(facts),
    }


def _decided() -> dict[str, pd.DataFrame]:
    """What was decided on the way in one of the two studies."""
    day = {"decided_by": "ann", "decided_on": "2019-05-02"}
    adjudications = {
        "adjudication": ["j1", "j2", "j3"],
        "round": "meeting",
        "change": ["changed", "added", "withdrawn"],
        "coding_id": ["a2", None, "a4"],
        "document": [None, "d1.txt", None],
        "start": [None, 35, None],
        "end": [None, 57, None],
        "code": ["trust", "money", None],
        "valence": ["condition", None, None],
        "reason": ["It <must> be there.", "Passed over.", "Silence is none."],
    }
    memos = {
        "memo": ["ann", "ann"],
        "number": [1, 2],
        "codes": ["trust;money", None],
        "proposal": ["Part <them>.", "Stop."],
    }
    memos |= {"decision": ["put_off", "declined"], "reason": ["Later.", "No."]}
    changes = {"version": [2], "code": ["trust"], "column": ["definition"], "before": ["Being there"]}
    changes |= {"after": ["Being sure"], "reason": ["Too wide."]}
    tables_of = {"adjudications": adjudications, "memo_decisions": memos, "codebook_changes": changes}
    return {name: pd.DataFrame(columns | day) for name, columns in tables_of.items()}


def _keep(study: str) -> None:
    """Keep results as a run of one notebook would."""
    folder = paths.runs() / "10_documents" / study
    folder.mkdir(parents=True)
    os.environ[paths.RUN_VARIABLE] = str(folder)
    keep = keeper(study)
    values = [
        Value("inventory.interviews", 3, "Interviews <held>", unit="interviews", n=3),
        Value("inventory.hours", None, "Hours observed", reason="not stated"),
        Value("share.trust", 2 / 3, "Share of trust", form=".2f", n=3),
    ]
    counts = pd.DataFrame({"code": ["trust", "money"], "share": [2 / 3, 1 / 3], "segments": ["a1;a3;a4", "a2"]})
    codes = "Codes by share, n = 3 segments"
    keep("codes.counts", Result(counts, codes, counts=lambda _: values, headings={"share": "Share of segments"}))
    cells = pd.DataFrame(
        {
            "row": ["north", "north", "south", "south"],
            "column": ["trust", "money", "trust", "money"],
            "state": ["present", "present", "count", "not_stated"],
            "value": [2, 1, None, None],
            "k": [None, None, 1, None],
            "n": [None, None, 2, None],
            "segments": ["a1;a4", "a2", "a1;a3", None],
        }
    )
    keep("matrix.codes", Result(cells, "Codes by town"))
    keep("inventory.overview", Result(cells, "Three points", draws=figures.matrix))
    keep("meetings", refuse("Nothing meets <b>here</b>.", "Codes that meet."))
    del os.environ[paths.RUN_VARIABLE]
    cells_of_notebook = [
        nbformat.v4.new_markdown_cell("# Documents"),
        nbformat.v4.new_code_cell("1 + 1", execution_count=1, outputs=[]),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells_of_notebook)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / "10_documents.ipynb")
    state = {"notebook": "10_documents", "study": study, "parameters": {"study": study}}
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")


def columns(table: str) -> list[str]:
    """Return the columns of a table of the dictionary."""
    return tables.schema(table).columns
