"""Study to file to study: the identity on everything that the file can carry."""

from __future__ import annotations

import io
import os
import shutil
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from crosscase import tables
from crosscase.exchange import export_study, import_file, tabular
from crosscase.study import save_study
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from made import carried, paths_of, plain, studies
from named import load_study, texts_of

SCHEMAS = Path(__file__).resolve().parents[2] / "src" / "crosscase" / "exchange" / "schemas"
EXAMPLES = settings(
    max_examples=int(os.environ.get("CROSSCASE_EXAMPLES", "8")),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


def saved(made, name="one"):
    info, frames, memos, texts = made
    required = {"documents", "cases", "codebook", "codings"}
    frames = {n: tables.typed(frames.get(n, pd.DataFrame()), tables.schema(n)) for n in required | set(frames)}
    save_study(name, info, frames, memos=memos, texts=texts, replace=True)
    return load_study(name), texts


def there_and_back(home, made, to, **options):
    study, texts = saved(made)
    file = home / f"out.{to}"
    for old in (home / "data" / "studies" / "two", home / "restricted" / "two"):
        shutil.rmtree(old, ignore_errors=True)
    export_study(study, to, file, replace=True, **options)
    import_file(file, "two")
    assert check_study("two") == []
    return study, texts, load_study("two"), texts_of("two")


@EXAMPLES
@given(made=studies())
@pytest.mark.parametrize("profile", ["standard", pytest.param("nvivo", marks=pytest.mark.long)])
def test_refi_qda_project(home, made, profile):
    study, texts, back, found = there_and_back(home, made, "qdpx", profile=profile)
    before, after = carried(study, texts), carried(back, found)
    for part, content in before.items():
        assert after[part] == content, part
    assert back.info.title == study.info.title


@pytest.mark.long
@EXAMPLES
@given(made=studies())
def test_refi_qda_project_is_valid_and_the_same_bytes(home, made):
    study, _ = saved(made)
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "Project-mrt2019.xsd"))
    contents = []
    for name in ("a.qdpx", "b.qdpx"):
        export_study(study, "qdpx", home / name, replace=True)
        contents.append((home / name).read_bytes())
    assert contents[0] == contents[1]
    with zipfile.ZipFile(io.BytesIO(contents[0])) as archive:
        xml = archive.read("project.qde")
        assert xml.startswith(b"<?xml")
        assert {n.partition("/")[0] for n in archive.namelist()} <= {"project.qde", "sources"}
        assert not any(archive.read(n).startswith(b"\xef\xbb\xbf") for n in archive.namelist())
    schema.assertValid(etree.fromstring(xml))
    export_study(study, "qdc", home / "a.qdc", replace=True)
    etree.XMLSchema(etree.parse(SCHEMAS / "Codebook-mrt2019.xsd")).assertValid(etree.parse(home / "a.qdc"))


@pytest.mark.long
@EXAMPLES
@given(made=studies())
def test_codebook(home, made):
    study, _, back, _ = there_and_back(home, made, "qdc")
    for column in ("definition", "inclusion", "color"):
        expected = sorted(
            (paths_of(study)[c], plain(v) or "") for c, v in zip(study.codebook["code"], study.codebook[column])
        )
        found = sorted(
            (paths_of(back)[c], plain(v) or "") for c, v in zip(back.codebook["code"], back.codebook[column])
        )
        assert found == expected


@pytest.mark.long
@EXAMPLES
@given(made=studies())
def test_one_json_file(home, made):
    study, texts, back, found = there_and_back(home, made, "json", texts=True)
    assert found == texts
    assert back.info.public == []
    assert back.info.model_copy(update={"public": "all"}) == study.info
    assert {k: v.strip() for k, v in back.memos().items()} == {k: v.strip() for k, v in study.memos().items()}
    for name in ("documents", "cases", "codebook", "codings", "variables", "variable_values", "links", "sets"):
        pd.testing.assert_frame_equal(unsigned(back.table(name)), unsigned(study.table(name)))


def unsigned(frame):
    """The rows of a table without what an import makes anew: keyed hashes, permissions, ids that nobody has named."""
    new = ["hmac", "quotation_hmac", "release", "coding_id", "link", "row"]
    frame = frame.drop(columns=new, errors="ignore")
    return frame.sort_values(list(frame.columns), key=lambda cells: cells.astype("str"), ignore_index=True)


@pytest.mark.long
@EXAMPLES
@given(made=studies())
def test_workbook(home, made):
    study, _, back, _ = there_and_back(home, made, "xlsx")
    assert back.info.model_copy(update={"public": "all"}) == study.info
    for name in ("documents", "cases", "codebook", "codings", "variables", "variable_values", "links", "sets"):
        pd.testing.assert_frame_equal(unsigned(back.table(name)), unsigned(study.table(name)))


@pytest.mark.long
@EXAMPLES
@given(made=studies())
def test_table_of_segments(home, made):
    study, texts = saved(made)
    if study.codings.empty:
        return
    study, texts, back, found = there_and_back(home, made, "csv", texts=True)

    def seen(one, of):
        labels = dict(zip(one.cases["case"], one.cases["label"]))
        paths = paths_of(one)
        return sorted(
            (
                of[r.document][r.start : r.end].strip(),
                paths[r.code][-1],
                r.coder,
                labels.get(plain(r.case)) or "",
                plain(r.memo) or "",
            )
            for r in one.codings.itertuples()
            if of[r.document][r.start : r.end].strip()
        )

    spanned = back.codings[back.codings["start"].notna()]
    back._shown["codings"] = spanned.reset_index(drop=True)
    assert seen(back, found) == seen(study, texts)


@given(st.lists(st.text(st.sampled_from("> ab"), min_size=1).map(str.strip).filter(bool), min_size=1, max_size=4))
def test_a_path_of_codes_keeps_every_name_that_holds_its_separator(labels):
    path = tabular.PATH.join(tabular.as_step(label) for label in labels)
    assert [tabular.from_step(step) for step in path.split(tabular.PATH)] == labels
