"""A small study whose every number can be checked by hand, in a compendium of its own."""

import hashlib
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Trust grew slowly. Money came late.\n\nThe alderman helped us."
STUDY = """title: A small study
short_title: Small
question: What helps?
stance: codebook
coders:
  x: {kind: person}
  y: {kind: person}
primary_coder: x
"""
TABLES = {
    "cases": "case,label,kind,k,n,coverage\nnorth,North,case,,,complete\n"
    "south,South,case,,,partial\n"
    "both,Both,all,2,2,\n",
    "documents": "document,title,kind,case,code_points,sha256,release\n"
    f"one.txt,Interview one,interview,north,{len(TEXT)},{hashlib.sha256(TEXT.encode()).hexdigest()},verbatim\n",
    "codebook": "code,label,parent\nrelations,Relations,\ntrust,Trust,relations\nmoney,Money,\n",
    "codings": "coding_id,document,start,end,code,coder,valence,theme,case,role\n"
    "x1,one.txt,0,18,trust,x,promotes,working,north,nurse;client\n"
    "x2,one.txt,19,35,money,x,inhibits,funding,north,\n"
    "y1,one.txt,0,18,trust,y,promotes,working,north,\n",
    "themes": "theme,label,kind\nworking,Working together,theme\nfunding,Funding,theme\n",
    "roles": "role,label,kind\nnurse,Nurse,role\nclient,Client,role\n",
    "relations": "relation,source,target,sign,kind,directed\nr1,funding,working,+,stated,true\n",
    "quotations": "quotation,document,start,end,paraphrase,release\nq1,one.txt,0,18,Trust took time.,verbatim\n",
}


@pytest.fixture
def small(tmp_path, monkeypatch):
    """Return the folder of the small study; the compendium around it is the current one."""
    (tmp_path / "compendium.yml").write_text("title: Small\nstudies: all\nnotebooks: []\n")
    shutil.copytree(ROOT / "data" / "dictionary", tmp_path / "data" / "dictionary")
    shutil.copytree(ROOT / "data" / "frameworks", tmp_path / "data" / "frameworks")
    folder = tmp_path / "data" / "studies" / "small"
    folder.mkdir(parents=True)
    (folder / "study.yml").write_text(STUDY)
    for name, content in TABLES.items():
        (folder / f"{name}.csv").write_text(content)
    monkeypatch.setenv("CROSSCASE_HOME", str(tmp_path))
    return folder


@pytest.fixture
def text(small):
    """Return the path of the small study's text, in its place under restricted/."""
    path = small.parents[2] / "restricted" / "small" / "one.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(TEXT.encode())
    return path
