"""The same study imported a second time: what people wrote stays, what changed in the project comes in."""

from __future__ import annotations

import sys
from pathlib import Path

from crosscase.exchange import import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study

ONE = "document,code,quotation,coder\na,trust,one two,x\nb,money,three,x\n"
TWO = "document,code,quotation,coder\na,trust,one two,x\nb,money,three four,y\n"


def test_a_second_import_keeps_question_stance_and_releases_of_unchanged_documents(home, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text(ONE)
    import_file(file, "s")
    folder = home / "data" / "studies" / "s"
    yml = folder / "study.yml"
    yml.write_text(
        yml.read_text().replace("stance: unspecified", "stance: codebook").replace(
            "Not stated yet: write the research question here.", "What helps?"
        )
    )  # fmt: skip
    table = folder / "documents.csv"
    table.write_text(table.read_text().replace(",none", ",verbatim").replace(",other,", ",interview,"))
    (folder / "themes.csv").write_text("theme,label,kind\nhelp,What helps,theme\n")
    file.write_text(TWO)
    report = import_file(file, "s", replace=True)
    study = load_study("s")
    assert (study.info.question, study.info.stance) == ("What helps?", "codebook")
    assert sorted(study.info.coders) == ["x", "y"]
    rows = study.documents.set_index("document")
    assert rows["release"].to_dict() == {"a.txt": "verbatim", "b.txt": "none"}
    assert rows["kind"].to_dict() == {"a.txt": "interview", "b.txt": "interview"}
    assert study.themes["label"].tolist() == ["What helps"]
    assert any("release was verbatim and is none" in line for line in report.changes)
    assert check_study("s") == []
