"""Random edits of random cells of a workbook arrive exactly, and no other cell changes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscase import paths, tables, terms
from crosscase.exchange import names
from crosscase.exchange.edit_layout import LINE, LIST, REFERENCE, sheets, shown_names
from crosscase.exchange.edit_study import export_edit, read_edit
from crosscase.exchange.edit_write import tables_of
from crosscase.publish.cells import guard
from crosscase.study import before, load_study
from crosscase.study.load import table_names

sys.path.insert(0, str(Path(__file__).parent))
from made import HOSTILE, LABEL, PROSE

ROOT = Path(__file__).resolve().parents[2]
STUDY = "nl-work-roadmap"
WORDS = st.one_of(PROSE, st.sampled_from(HOSTILE).map(names.prose)).filter(lambda text: len(text) < 3000)


@pytest.fixture(scope="module")
def compendium(tmp_path_factory):
    """Return a copy of an embedded study, with its workbook."""
    home = tmp_path_factory.mktemp("edit") / "home"
    shutil.copytree(ROOT / "data" / "studies" / STUDY, home / "data" / "studies" / STUDY)
    for part in ("dictionary", "frameworks"):
        shutil.copytree(ROOT / "data" / part, home / "data" / part)
    shutil.copyfile(ROOT / "compendium.yml", home / "compendium.yml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(paths.HOME_VARIABLE, str(home))
        export_edit(load_study(STUDY), home / "first.xlsx")
        yield home


def edited(draw, column, sheet, of, named):
    """Return what a person could write into a cell, as the cell shows it and as the table keeps it."""
    match column.kind:
        case "term":
            word = draw(st.sampled_from(of.constraint(column.field, "enum")))
            return terms.said(word), word
        case "integer":
            number = draw(st.integers(1, 99))
            return draw(st.sampled_from([number, float(number), f"{number} "])), number
        case "number":
            number = draw(st.sampled_from([0.5, 3.25, 7.0]))
            return draw(st.sampled_from([number, str(number).replace(".", ",")])), number
        case "date":
            return draw(st.sampled_from([("2024-02-29", "2024-02-29"), (2024, "2024"), ("29.02.2024", "2024-02-29")]))
        case "reference":
            id, name = draw(st.sampled_from(sorted(named.of(column.of).items())))
            return name, id
        case "list":
            some = draw(
                st.lists(st.sampled_from(sorted(named.of(column.of).items())), min_size=1, max_size=3, unique=True)
            )
            return "; ".join(name for _, name in some), ";".join(id for id, _ in some)
        case "words":
            some = draw(st.lists(st.sampled_from(["a", "b c", "d"]), min_size=1, unique=True))
            return " ;".join(some), ";".join(some)
    if column.field in ("color", "language"):
        text = {"color": "#1f77b4", "language": "nl"}[column.field]
        return text, text
    text = draw(LABEL if column.kind == LINE else WORDS)
    return guard(text), text


@st.composite
def edits(draw, study):
    """Return edits by table, id and field: sheet, cell as typed, value as kept; no circles, no two of a name."""
    frames = tables_of(study)
    named = shown_names(frames, study.labels("themes"), {})
    out = {}
    for _ in range(draw(st.integers(1, 6))):
        sheet = draw(st.sampled_from([s for s in sheets() if len(frames[s.table]) and s.table != "summaries"]))
        column = draw(st.sampled_from([c for c in sheet.columns if c.field not in ("parent", "part_of")]))
        frame = frames[sheet.table]
        id = draw(st.sampled_from(sorted(frame[sheet.key])))
        if column.kind in (REFERENCE, LIST) and not named.of(column.of):
            continue
        typed, kept = edited(draw, column, sheet, tables.schema(sheet.table), named)
        taken = {name.casefold() for name in named.of(sheet.table).values()}
        if column.field == sheet.label and (
            kept.casefold() in taken or any(kept == value for *_, value in out.values())
        ):
            continue
        out[sheet.table, id, column.field] = (sheet, typed, kept)
    return out


@settings(max_examples=6)
@given(data=st.data())
def test_every_edit_arrives_and_no_other_cell_changes(compendium, data):
    study = load_study(STUDY)
    changes = data.draw(edits(study))
    was = {name: study.whole(name) for name in table_names()}
    path = compendium / "edited.xlsx"
    book = openpyxl.load_workbook(compendium / "first.xlsx")
    for (_, id, field), (sheet, typed, _) in changes.items():
        page = book[sheet.name]
        column = next(cell.column for cell in page[1] if cell.value == sheet.column(field).heading)
        row = next(row for row in range(2, page.max_row + 1) if page.cell(row, 1).value == id)
        page.cell(row, column).value = typed
    book.save(path)
    report = read_edit(STUDY, path)
    now = load_study(STUDY)
    for name in table_names():
        expected = was[name].astype("object").where(was[name].notna(), None)
        key = tables.schema(name).key[0]
        for (table, id, field), (_, _, kept) in changes.items():
            if table == name:
                expected.loc[expected[key].eq(id), field] = kept
        found = now.whole(name)
        found = found.astype("object").where(found.notna(), None)
        pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert report.written == any(
        was[table].set_index(tables.schema(table).key[0]).loc[id, field] is pd.NA
        or was[table].set_index(tables.schema(table).key[0]).loc[id, field] != kept
        for (table, id, field), (_, _, kept) in changes.items()
    )
    if report.written:
        before.undo(STUDY)
