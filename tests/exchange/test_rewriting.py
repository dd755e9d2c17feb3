"""A study is written again as it was read, or not at all: what somebody else wrote meanwhile is never gone."""

from __future__ import annotations

import pytest

from crosscase.errors import CrosscaseError
from crosscase.exchange import import_file
from crosscase.exchange.rewriting import rewrite
from crosscase.study import before, load_study
from crosscase.study.load import table_names

TABLE = "document,quotation,code,coder\nd,one,trust,ann\nd,two,time,ann\n"


@pytest.fixture
def study(home, tmp_path):
    (tmp_path / "a.csv").write_text(TABLE)
    import_file(tmp_path / "a.csv", "s")
    return load_study("s")


def with_definition(study):
    frames = {name: study.whole(name) for name in table_names()}
    return frames | {"codebook": frames["codebook"].assign(definition="by a command")}


@pytest.mark.parametrize("table", ["codings", "codebook"])
def test_what_was_written_meanwhile_stops_the_command_and_stays(study, home, table):
    frames = with_definition(study)
    path = home / "data" / "studies" / "s" / f"{table}.csv"
    header, first, *others = path.read_text().splitlines()
    now = "\n".join([header, first.replace("trust", "trusting", 1), *others, ""])
    assert now != path.read_text()
    path.write_text(now)
    with pytest.raises(CrosscaseError, match=rf"another {table}.csv.*run the command again"):
        rewrite(study, "a command", study.info, frames)
    assert path.read_text() == now
    assert not (home / "restricted" / "s" / "before").exists()


def test_a_study_that_is_as_it_was_is_written_and_one_undo_brings_it_back(study):
    rewrite(study, "a command", study.info, with_definition(study))
    assert set(load_study("s").codebook["definition"]) == {"by a command"}
    assert before.undo("s").what == "a command"
    assert load_study("s").codebook["definition"].isna().all()
    with pytest.raises(CrosscaseError, match="not undone yet"):
        before.latest("s")
