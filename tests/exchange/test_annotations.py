"""Programs for annotation: doccano, Prodigy, Label Studio, brat, INCEpTION and WebAnno, CATMA."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import detect, import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study, quoted, texts_of

TEXT = "\U0001f600 The bus was late.\nWe walked."
AT = TEXT.index("bus")


def rows(name):
    """Return code, coder and quotation of each coding; the study must be sound."""
    assert check_study(name) == []
    study, found = quoted(name)
    labels = dict(zip(study.codebook["code"], study.codebook["label"]))
    return list(zip([labels[code] for code in study.codings["code"]], study.codings["coder"], found))


def lines(path, *records):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "marks",
    [
        {"label": [[AT, AT + 3, "Transport"]]},
        {"labels": [[AT, AT + 3, "Transport"]]},
        {"entities": [{"id": 1, "label": "Transport", "start_offset": AT, "end_offset": AT + 3}], "relations": []},
        {"annotations": [{"label": "Transport", "start_offset": AT, "end_offset": AT + 3, "user": 7}]},
    ],
)
def test_doccano(home, tmp_path, marks):
    path = lines(tmp_path / "a.jsonl", {"id": 1, "text": TEXT, "participant": "P1", **marks}, {"id": 2, "text": "none"})
    assert detect(path) == "annotations"
    report = import_file(path, "s")
    assert report.origin == "doccano"
    assert [(code, words) for code, _, words in rows("s")] == [("Transport", "bus")]
    assert load_study("s").cases["label"].tolist() == ["P1"]
    assert len(load_study("s").documents) == 2


def test_doccano_and_its_like_with_a_file_for_each_coder_and_labels_of_whole_texts(home, tmp_path):
    lines(tmp_path / "in" / "ann.jsonl", {"id": 1, "text": TEXT, "label": ["Delay", "Travel"]})
    lines(tmp_path / "in" / "ben.jsonl", {"id": 1, "text": TEXT, "label": ["Delay"]})
    import_file(tmp_path / "in", "s")
    assert sorted(rows("s")) == [("Delay", "ann", TEXT), ("Delay", "ben", TEXT), ("Travel", "ann", TEXT)]
    assert len(load_study("s").documents) == 1


def test_prodigy(home, tmp_path):
    span = {"start": AT, "end": AT + 3, "label": "Transport"}
    report = import_file(
        lines(
            tmp_path / "a.jsonl",
            {"text": TEXT, "spans": [span], "_annotator_id": "db-ann", "answer": "accept"},
            {"text": TEXT, "spans": [span], "_annotator_id": "db-ben", "answer": "accept"},
            {"text": TEXT, "spans": [span], "_annotator_id": "db-cas", "answer": "reject"},
            {"text": "Other.", "accept": ["Calm"], "options": [{"id": "Calm"}], "answer": "accept"},
        ),
        "s",
    )
    assert rows("s")[:2] == [("Transport", "db-ann", "bus"), ("Transport", "db-ben", "bus")]
    assert rows("s")[2][::2] == ("Calm", "Other.")
    assert any("rejected" in line for line in report.left_out)


def task(data, *results, by=1, **more):
    return {"id": 1, "data": data, "annotations": [{"completed_by": by, "result": list(results), **more}]}


def span(start, end, *labels, type="labels", **more):
    return {"to_name": "t", "type": type, "value": {"start": start, "end": end, type: list(labels), **more}}


def test_label_studio_counts_as_browsers_do(home, tmp_path):
    path = tmp_path / "a.json"
    at = AT + 1
    choice = {"type": "taxonomy", "value": {"taxonomy": [["Mood", "Calm"]]}}
    found = [
        task({"text": TEXT, "filename": "talk"}, span(at, at + 3, "Transport", "Delay"), choice, by={"email": "ann@x"}),
        {**task({"text": TEXT, "filename": "talk"}, span(at, at + 3, "Delay"), by=2), "predictions": [{}]},
        task({"image": "https://x/y.png"}, span(0, 1, "Delay")),
        task({"text": "gone"}, span(0, 1, "Delay"), was_cancelled=True),
    ]
    path.write_text(json.dumps(found), encoding="utf-8")
    report = import_file(path, "s")
    assert sorted(rows("s")) == [
        ("Calm", "annx", TEXT),
        ("Delay", "annotator-2", "bus"),
        ("Delay", "annx", "bus"),
        ("Transport", "annx", "bus"),
    ] or {row[::2] for row in rows("s")} == {("Calm", TEXT), ("Delay", "bus"), ("Transport", "bus")}
    assert load_study("s").codings["coder"].nunique() == 2
    assert {"predictions of a model", "annotations that were cancelled"} <= set(report.left_out)


def test_label_studio_dialogues_pages_and_small_json(home, tmp_path):
    talk = [{"author": "I\U0001f600", "text": "Why?"}, {"author": "P", "text": "The bus was late."}]
    inside = {"startOffset": 4, "endOffset": 7}
    for name, record, wanted in (
        ("a", task({"dialogue": talk}, span("1", "1", "Bus", type="paragraphlabels", **inside)), "bus"),
        (
            "b",
            task(
                {"html": "<p>One</p><p>two</p>"},
                span("/p[1]/text()[1]", "/p[2]", "Two", type="hypertextlabels", globalOffsets={"start": 3, "end": 6}),
            ),
            "two",
        ),
        (
            "c",
            {"id": 4, "text": "One two", "label": [{"start": 4, "end": 7, "labels": ["Two"]}], "annotator": 3},
            "two",
        ),
    ):
        (tmp_path / f"{name}.json").write_text(json.dumps([record]), encoding="utf-8")
        import_file(tmp_path / f"{name}.json", name)
        assert [words for _, _, words in rows(name)] == [wanted]


def test_json_of_another_kind_is_refused_with_its_keys(home, tmp_path):
    (tmp_path / "a.json").write_text('[{"where": 1}]')
    with pytest.raises(CrosscaseError, match=r"doccano, Prodigy or Label Studio.*'where'"):
        import_file(tmp_path / "a.json", "s")
    (tmp_path / "b.json").write_text('{"text": "a')
    with pytest.raises(CrosscaseError, match="JSON in each line"):
        import_file(tmp_path / "b.json", "s")


def test_brat(home, tmp_path):
    folder = tmp_path / "in"
    for coder in ("ann", "ben"):
        (folder / coder).mkdir(parents=True)
        (folder / coder / "talk.txt").write_bytes(TEXT.replace("\n", "\r\n").encode())
    walked = TEXT.index("walked") + 1
    (folder / "ann" / "talk.ann").write_text(
        f"T1\tTransport {AT} {AT + 3}\tbus\nT2\tDelay {AT} {AT + 3};{walked} {walked + 6}\tbus walked\n"
        "#1\tAnnotatorNotes T1\tthe line 5\nA1\tNegated T1\nR1\tCause Arg1:T1 Arg2:T2\nT3\tbroken\n"
    )
    (folder / "ben" / "talk.ann").write_text(f"T1\tTransport {AT} {AT + 3}\tbus\n")
    assert detect(folder) == "brat"
    report = import_file(folder, "s")
    found = rows("s")
    assert sorted(found) == [
        ("Delay", "ann", "bus"),
        ("Delay", "ann", "walked"),
        ("Transport", "ann", "bus"),
        ("Transport", "ben", "bus"),
    ]
    assert len(load_study("s").documents) == 1
    assert load_study("s").codings["memo"].dropna().tolist() == ["the line 5"]
    told = " ".join(report.left_out + report.warnings)
    assert all(word in told for word in ("attributes", "relations", "several pieces", "without a sound place"))
    (folder / "ben" / "talk.txt").unlink()
    with pytest.raises(CrosscaseError, match=r"talk\.ann: the text lies beside"):
        import_file(folder, "t")


WEBANNO = """#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Code|value
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue
#T_RL=webanno.custom.Cause|kind|BT_webanno.custom.Code


#Text=\U0001f600 The bus was late.
1-1\t0-2\t\U0001f600\t_\tSYM\t_\t_
1-2\t3-6\tThe\tDelay[1]\tDET\t_\t_
1-3\t7-10\tbus\tDelay[1]|Trans\\_port\\|car[2]\tNOUN\t_\t_
1-4\t11-14\tbus\t_\tVERB\t_\t_

#Text=We walked.
2-1\t21-23\tWe\t*\tPRON\t_\t_
2-2\t24-30\twalked\t_\tVERB\t_\t_
2-2.1\t24-28\twalk\tStep\t_\t_\t_
"""


def test_inception_and_webanno(home, tmp_path):
    folder = tmp_path / "in" / "annotation" / "talk.txt"
    folder.mkdir(parents=True)
    for coder in ("ann", "ben", "INITIAL_CAS"):
        (folder / f"{coder}.tsv").write_text(WEBANNO, encoding="utf-8")
    assert detect(tmp_path / "in") == "webanno"
    report = import_file(tmp_path / "in", "s")
    assert texts_of("s")["talk.txt"] == TEXT.replace("\n", " ")
    wanted = {("Delay", "The bus"), ("Trans_port|car", "bus"), ("Code", "We"), ("Step", "walk")}
    assert set(rows("s")) == {(code, coder, words) for code, words in wanted for coder in ("ann", "ben")}
    assert any("parts of speech" in line for line in report.left_out)
    path = tmp_path / "old.tsv"
    path.write_text("#FORMAT=WebAnno TSV 2\n")
    with pytest.raises(CrosscaseError, match="WebAnno TSV 3"):
        import_file(path, "t")


CATMA = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="en"><teiHeader><encodingDesc>
<fsdDecl xml:id="CATMA_S" n="Codes 2024"><fsDecl xml:id="CATMA_T1" n="x" type="CATMA_T1"><fsDescr>Travel</fsDescr></fsDecl>
<fsDecl xml:id="CATMA_T2" type="CATMA_T2" baseTypes="CATMA_T1"><fsDescr>Bus</fsDescr></fsDecl></fsdDecl></encodingDesc></teiHeader>
<text><body><ab type="catma"><ptr target="catma://CATMA_D#char=0,7" type="inclusion"/>
<seg ana="#CATMA_A1 #CATMA_A2"><ptr target="catma://CATMA_D#char=7,10" type="inclusion"/></seg>
<seg ana="#CATMA_A1"><ptr target="catma://CATMA_D#char=10,19" type="inclusion"/></seg>
<ptr target="catma://CATMA_D#char=19,31" type="inclusion"/></ab></body>
<fs xml:id="CATMA_A1" type="CATMA_T1"><f name="catma_markupauthor"><string>ann</string></f><f name="tone"><string>low</string></f></fs>
<fs xml:id="CATMA_A2" type="CATMA_T2"><f name="catma_markupauthor"><string>ben</string></f></fs></text></TEI>
"""  # noqa: E501


def test_catma(home, tmp_path):
    folder = tmp_path / "in" / "talk" / "annotationcollections"
    folder.mkdir(parents=True)
    (folder.parent / "talk.txt").write_text(TEXT, encoding="utf-8")
    (folder / "first.xml").write_text(CATMA, encoding="utf-8")
    assert detect(tmp_path / "in") == "catma"
    import_file(tmp_path / "in", "s")
    assert sorted(rows("s")) == [("Bus", "ben", "bus"), ("Travel", "ann", "bus was late")]
    study = load_study("s")
    assert dict(zip(study.codebook["label"], study.codebook["parent"].fillna(""))) == {"Travel": "", "Bus": "travel"}
    assert study.codings["memo"].dropna().tolist() == ["tone: low"]
    report = import_file(folder / "first.xml", "t")
    assert load_study("t").codings[["start", "end"]].values.tolist() == [[7, 10], [7, 19]]
    assert any("text is not in the file" in line for line in report.warnings)
    assert check_study("t") == []
    (tmp_path / "a.tar.gz").write_bytes(b"\x1f\x8b\x08 packed")
    with pytest.raises(CrosscaseError, match="unpack it"):
        import_file(tmp_path / "a.tar.gz", "u")
