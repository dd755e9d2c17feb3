"""Who decided and who the researchers are goes where coders and authors go, and nowhere else."""

from __future__ import annotations

import pandas as pd
import pytest

from crosscase import paths, yaml_text
from crosscase.exchange import export_study, import_file, new_study
from crosscase.study import StudyInfo, load_study, save_study
from crosscase.study.trail import PLACES, WRITTEN


@pytest.fixture
def decided(home):
    info = StudyInfo(
        title="A study", short_title="Study", question="What helps?", stance="codebook", authors=["Zelda Quick"],
        coders={"zelda": {"kind": "person"}}, reflexivity={"researchers": "Zelda is a nurse."},
    )  # fmt: skip
    codings = {
        "coding_id": ["c1"],
        "document": ["d.txt"],
        "start": [0],
        "end": [4],
        "code": ["trust"],
        "coder": ["zelda"],
    }
    memos = {"memo": ["m1"], "number": [1], "proposal": ["Part it."], "decision": ["put_off"], "reason": ["Later."]}
    changes = {"version": [2], "code": ["trust"], "column": ["label"], "before": ["Faith"], "after": ["Trust"]}
    day = {"decided_by": "zelda", "decided_on": "2019-05-02"}
    frames = {
        "documents": pd.DataFrame(
            {"document": ["d.txt"], "title": ["Talk"], "kind": ["interview"], "release": ["none"]}
        ),
        "codebook": pd.DataFrame({"code": ["trust"], "label": ["Trust"]}),
        "codings": pd.DataFrame(codings),
        "cases": pd.DataFrame({"case": ["north"], "label": ["North"], "kind": ["case"]}),
        "memo_decisions": pd.DataFrame(memos | day),
        "codebook_changes": pd.DataFrame(changes | {"reason": ["Clearer."]} | day),
    }
    save_study("s", info, frames, memos={"m1": "Part it."})
    return "s"


@pytest.mark.parametrize("to", ["json", "xlsx"])
def test_an_anonymous_file_names_nobody_who_decided(home, decided, to):
    export_study(decided, to, home / f"anonymous.{to}", anonymous=True)
    import_file(home / f"anonymous.{to}", "again")
    study = load_study("again")
    assert study.info.reflexivity.researchers == ""
    whole = [*study.memo_decisions["decided_by"], *study.codebook_changes["decided_by"], *study.codings["coder"]]
    assert len(set(whole)) == 1
    assert "elda" not in "".join(study.coder_names().values())


def test_decisions_and_reflexivity_come_back_from_a_named_file(home, decided):
    export_study(decided, "json", home / "named.json")
    import_file(home / "named.json", "again")
    study = load_study("again")
    assert study.info.reflexivity.researchers == "Zelda is a nurse."
    [row] = study.memo_decisions.to_dict("records")
    assert (row["proposal"], row["decision"], row["reason"]) == ("Part it.", "put_off", "Later.")
    assert row["memo"] in study.memos()
    public = (study.folder / "study.yml").read_text(encoding="utf-8")
    public += (study.folder / "memo_decisions.csv").read_text(encoding="utf-8")
    assert "nurse" not in public
    assert "Part it" not in public
    assert load_study("again").public_view().info.reflexivity.researchers == ""


def test_a_new_study_has_the_places_with_what_belongs_there(home):
    text = (new_study("mine") / "study.yml").read_text(encoding="utf-8")
    for name in WRITTEN:
        assert PLACES[name].belongs in text
        assert PLACES[name].items in text
    lines = text.split("\n")
    lines = [line.removeprefix("# ") for line in lines[lines.index("# reflexivity:") :]]
    about = yaml_text.load("\n".join(lines), "study.yml")["reflexivity"]
    assert set(about) == set(WRITTEN)
    StudyInfo(title="t", short_title="t", question="q", stance="codebook", reflexivity=about)
    guide = (paths.studies() / "mine" / "HOW_TO_FILL.md").read_text(encoding="utf-8")
    assert "## memo_decisions.csv" in guide


def test_what_was_decided_and_found_stands_on_the_same_segments_after_an_import(home, decided):
    folder = paths.studies() / decided
    (folder / "facts.csv").write_text("fact,field,value,status,stage,source\nF1,a,No,stated,paper,P\n")
    (folder / "adjudications.csv").write_text(
        "adjudication,round,decided_on,decided_by,change,coding_id,document,start,end,code,valence,reason\n"
        "J1,adjudication-2019-05-02,2019-05-02,zelda,changed,c1,,,,,promotes,Said so.\n"
        "J2,adjudication-2019-05-02,2019-05-02,zelda,added,,d.txt,4,9,trust,inhibits,Passed over.\n"
    )
    (folder / "argument.csv").write_text(
        "finding,heading,statement,kind,strength,codes,segments,against,author,date\n"
        "f1,Trust helps,It does.,within_case,stated,trust,J1,J2;F1,zelda,2019-05-02\n"
    )
    before = load_study(decided).primary_codings()
    export_study(decided, "json", home / "named.json")
    import_file(home / "named.json", "again")
    study = load_study("again")
    after = study.primary_codings()
    assert after["valence"].tolist() == before["valence"].tolist() == ["promotes", "inhibits"]
    (finding,) = study.argument.to_dict("records")
    assert [finding["segments"]] == after.loc[after["valence"].eq("promotes"), "coding_id"].tolist()
    coding, fact = finding["against"].split(";")
    assert [coding] == after.loc[after["valence"].eq("inhibits"), "coding_id"].tolist()
    assert [fact] == study.facts["fact"].tolist()
