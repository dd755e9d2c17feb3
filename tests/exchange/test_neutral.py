"""Neutral ids: no name is left in a public column, and what is an id already is believed of our own files only."""

from __future__ import annotations

import json

import pytest

from crosscase import tables
from crosscase.errors import CrosscaseError
from crosscase.exchange import export_study, import_file
from crosscase.study import load_study

TEXT = "Mrs Zonneveld of Oldtown said that the list was long."
NAMED = "zonneveld"


def study(**more):
    """Return a study in one JSON file, in which every id is a name."""
    content = {
        "documents": [{"document": "talk-zonneveld.txt", "title": "Talk", "kind": "interview", "release": "none",
                       "code_points": len(TEXT), "paragraphs": 1, "sentences": 1}],
        "codebook": [{"code": "wait", "label": "waiting", "definition": "time"}, {"code": "help", "label": "helping"}],
        "codings": [{"coding_id": f"zonneveld-{n}", "document": "talk-zonneveld.txt", "start": 0, "end": 13 + n,
                     "code": "wait", "coder": f"{who}-zonneveld", "paragraph": 1}
                    for n, who in enumerate(("jan", "ann"))],
        "cases": [{"case": "town-zonneveld", "label": "Town", "kind": "case"}],
        "themes": [{"theme": "about-zonneveld", "label": "About", "kind": "theme"}],
    } | more.pop("tables", {})  # fmt: skip
    shown = {}
    for name, rows in content.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        shown[name] = {"columns": columns, "rows": [[str(row.get(c, "")) for c in columns] for row in rows]}
    info = {"title": "T", "short_title": "T", "question": "Q", "stance": "unspecified"} | more.pop("info", {})
    return {"crosscase-study": 1, "info": info, "tables": shown, "texts": {"talk-zonneveld.txt": TEXT}} | more


def put(folder, content, name="x.json"):
    path = folder / name
    path.write_text(json.dumps(content))
    return path


def public_bytes(home, name="s"):
    files = [path for path in (home / "data" / "studies" / name).rglob("*") if path.is_file()]
    return "\n".join([str(path) + path.read_text() for path in files])


@pytest.mark.parametrize("name", tables.names())
def test_no_key_of_a_public_table_is_restricted(name):
    schema = tables.schema(name)
    assert schema.level == "restricted" or not set(schema.key) & set(schema.restricted)


def rated(home, folder):
    rows = [{"case": "town-zonneveld", "framework": "known", "construct": "A", "rating": "1", "rater": who,
             "round": "independent", "rationale": "said"}
            for who in ("jan-zonneveld", "guest zonneveld")]  # fmt: skip
    (home / "data/frameworks/known.csv").write_text("construct,label,parent,order,source\nA,A,,1,Somebody 2022\n")
    return put(folder, study(tables={"cfir_ratings": rows}))


def test_ratings_are_imported_and_raters_are_neutral(home, tmp_path):
    import_file(rated(home, tmp_path), "s")
    found = load_study("s")
    assert len(found.whole("cfir_ratings")) == 2
    assert set(found.whole("cfir_ratings")["rater"]) & set(found.codings["coder"])
    assert NAMED not in public_bytes(home)


def everywhere():
    """Tables in which a name stands in every column that holds ids, also of things that are not there."""
    doc, one, two = "talk-zonneveld.txt", "jan-zonneveld", "ann-zonneveld"
    link = {"kind": "link", "label": "L", "direction": "one_way"}
    ends = [("study", "zonneveld", "segment", f"{doc}#0-13"), ("coding", "zonneveld-1", "code", "wait"),
            ("case", "gone-zonneveld", "code", "wait"), ("code", "zonneveld", "code", "wait"),
            ("segment", f"{doc}#zonneveld", "code", "wait"), ("coding", "gone-zonneveld", "code", "wait")]  # fmt: skip
    decided = {"kind": "missed", "document": doc, "coding_id_1": "zonneveld-0", "coding_id_2": "gone-zonneveld",
               "decision": "other", "decided_on": "2021-02-02", "reason": "R"}  # fmt: skip
    return {
        "links": [link | {"link": f"l{n}", "source_kind": a, "source": b, "target_kind": c, "target": d}
                  for n, (a, b, c, d) in enumerate(ends)],
        "sets": [{"row": "r1", "set": "s", "label": "S", "member_kind": "", "member": "zonneveld"},
                 {"row": "r2", "set": "s", "label": "S", "member_kind": "case", "member": "gone-zonneveld"},
                 {"row": "r3", "set": "s", "label": "S", "member_kind": "case", "member": "town-zonneveld"}],
        "variables": [{"variable": "v-zonneveld", "label": "V", "type": "text"}],
        "variable_values": [{"unit": unit, "id": id, "variable": "v-zonneveld", "value": "x"}
                            for unit, id in (("case", "town-zonneveld"), ("document", "gone-zonneveld"))],
        "consensus_decisions": [
            decided | {"round": "with zonneveld", "segment": f"{doc}:{one}=-:{two}=wait@0-14", "decided_code": "help"},
            decided | {"round": "with zonneveld", "segment": f"{doc}#zonneveld", "decided_code": "zonneveld"},
        ],
        "framework_map": [{"theme": "about-zonneveld", "framework": frame, "construct": construct, "mapper": one,
                           "direction": "barrier", "confidence": "high", "rationale": "R"}
                          for frame, construct in (("known", "A"), ("known", "zonneveld"), ("zonneveld", "A"))],
        "facts": [{"fact": "f-zonneveld", "field": "x", "value": "v", "status": "stated", "stage": "paper",
                   "source": "S", "reproduced_by": "zonneveld"}],
    }  # fmt: skip


def named_everywhere(home, folder):
    (home / "data/frameworks/known.csv").write_text("construct,label,parent,order,source\nA,A,,1,Somebody 2022\n")
    content = study(tables=everywhere(), info={"reconciled_rounds": ["with zonneveld"]})
    for row, name in zip(content["tables"]["codings"]["rows"], ("with zonneveld", "1")):
        row.append(name)
    content["tables"]["codings"]["columns"].append("round")
    return put(folder, content)


def test_no_name_is_left_in_any_public_column(home, tmp_path):
    report = import_file(named_everywhere(home, tmp_path), "s")
    assert NAMED not in public_bytes(home).lower()
    left_out = " ".join(report.left_out)
    assert "links to things that are not there (4 times)" in left_out
    for what in ("rows of framework_map", "values of variables", "members of sets"):
        assert what in left_out


def test_what_leads_to_something_leads_there_still(home, tmp_path):
    import_file(named_everywhere(home, tmp_path), "s")
    found = load_study("s")
    document = found.documents["document"][0]
    names = found.whole("names").set_index(["kind", "name"])["id"]
    codings = found.codings.set_index("coder")
    links = found.whole("links").set_index("source_kind")
    assert links.loc["study", ["source", "target"]].tolist() == ["study", f"{document}#0-13"]
    assert links.loc["coding", "source"] == codings.loc[names["coder", "ann-zonneveld"], "coding_id"]
    assert found.whole("sets")["member"].dropna().tolist() == found.cases["case"].tolist()
    assert found.whole("framework_map")["construct"].tolist() == ["A"]
    decisions = found.whole("consensus_decisions").sort_values("decided_code")
    one, two = (names["coder", who] for who in ("jan-zonneveld", "ann-zonneveld"))
    assert decisions["segment"].tolist() == [f"{document}:{one}=-:{two}=wait@0-14", f"{document}:difference 2"]
    assert decisions["coding_id_1"].tolist() == [codings.loc[one, "coding_id"]] * 2
    assert decisions["decided_code"].isna().tolist() == [False, True]


def test_rounds_get_one_name_in_tables_and_in_study_yml(home, tmp_path):
    file = named_everywhere(home, tmp_path)
    for replace in (False, True):
        import_file(file, "s", replace=replace)
        found = load_study("s")
        assert found.info.reconciled_rounds == ["round-1"]
        assert sorted(found.codings["round"]) == ["1", "round-1"]
        assert set(found.whole("consensus_decisions")["round"]) == {"round-1"}
        names = found.whole("names")
        assert names.loc[names["kind"] == "round", ["id", "name"]].to_numpy().tolist() == [
            ["round-1", "with zonneveld"]
        ]


def two_documents(one, two, **more):
    content = study(**more)
    rows = content["tables"]["documents"]["rows"]
    content["tables"]["documents"]["rows"] = [[one, *rows[0][1:]], [two, *rows[0][1:]]]
    for row, name in zip(content["tables"]["codings"]["rows"], (one, two)):
        row[1] = name
    content["texts"] = {one: TEXT, two: TEXT.upper()}
    return content


@pytest.mark.parametrize("names", [[], [{"kind": "participant", "id": "p02", "name": "Somebody"}]])
def test_what_has_the_form_of_an_id_is_believed_of_our_own_names_only(home, tmp_path, names):
    phone, long = "p0612345678", "c" + "5" * 5000
    content = study(tables={"names": names} if names else {})
    columns, rows = content["tables"]["documents"].values()
    columns.append("participant")
    rows[0].append(phone)
    content["tables"]["codings"]["rows"][0][5] = long
    import_file(put(tmp_path, content), "s")
    assert phone not in public_bytes(home)
    assert long not in public_bytes(home)
    assert "0612345678" not in public_bytes(home)


def test_an_id_of_a_table_of_segments_is_never_believed(home, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("document,code,quotation,coder,case\na,trust,one two,c5512,K1234\n")
    import_file(file, "s")
    assert "5512" not in public_bytes(home)
    assert "k1234" not in public_bytes(home).lower()


def test_two_documents_of_one_stem_keep_their_texts(home, tmp_path):
    import_file(put(tmp_path, two_documents("a", "a.txt")), "s")
    found = load_study("s")
    ids = found.whole("names").query("kind == 'document'").set_index("name")["id"]
    texts = {name: (home / "restricted" / "s" / f"{id}.txt").read_text() for name, id in ids.items()}
    assert texts == {"a": TEXT, "a.txt": TEXT.upper()}


def test_two_documents_of_one_name_stay_two_in_later_imports(home, tmp_path):
    names = [{"kind": "document", "id": id, "name": "talk.txt"} for id in ("d01", "d02")]
    file = put(tmp_path, two_documents("d01", "d02", tables={"names": names}))
    import_file(file, "s")
    first = load_study("s").whole("documents")[["document", "sha256"]]
    import_file(file, "s", replace=True)
    assert load_study("s").whole("documents")[["document", "sha256"]].equals(first)
    assert {path.read_text() for path in (home / "restricted" / "s").glob("d*.txt")} == {TEXT, TEXT.upper()}


@pytest.mark.parametrize("place", ["text", "label", "memo", "title", "integer", "infinite", "float", "digits"])
def test_what_json_can_hold_and_a_table_cannot_is_one_message_or_is_replaced(home, tmp_path, place):
    content, half = study(memos={"m": "note"}), "half \ud800 letter"
    if place == "text":
        content["texts"]["talk-zonneveld.txt"] = half + TEXT
    elif place == "label":
        content["tables"]["codebook"]["rows"][0][1] = half
    elif place == "memo":
        content["memos"]["m"] = half
    elif place == "title":
        content["info"]["title"] = half
    else:
        numbers = {"integer": 10**30, "infinite": 1e400, "float": 1e300, "digits": "9" * 25}
        content["tables"]["codings"]["rows"][0][2] = numbers[place]
        with pytest.raises(CrosscaseError, match="column start") as caught:
            import_file(put(tmp_path, content), "s")
        assert "did not foresee" not in str(caught.value)
        return
    import_file(put(tmp_path, content), "s")
    load_study("s")


def test_an_anonymous_export_says_no_rater(home, tmp_path):
    import_file(rated(home, tmp_path), "s")
    table = home / "data" / "studies" / "s" / "cfir_ratings.csv"
    lines = table.read_text().splitlines()
    coders = set(load_study("s").codings["coder"])
    for rater in set(load_study("s").whole("cfir_ratings")["rater"]) - coders:
        table.write_text("\n".join(lines).replace(f",{rater},", ",Guest Zonneveld,") + "\n")
    kept = home / "restricted" / "s" / "cfir_ratings.csv"
    kept.unlink(missing_ok=True)
    export_study("s", "json", tmp_path / "out.json", anonymous=True)
    shown = json.loads((tmp_path / "out.json").read_text())["tables"]["cfir_ratings"]
    raters = [row[shown["columns"].index("rater")] for row in shown["rows"]]
    assert sorted(name.split()[0] for name in raters) == ["coder", "rater"]


def test_our_own_export_keeps_its_ids_and_a_second_import_of_it_too(home, tmp_path):
    import_file(named_everywhere(home, tmp_path), "s")
    export_study("s", "json", tmp_path / "out.json")
    import_file(tmp_path / "out.json", "t")
    for replace in (False, True):
        if replace:
            import_file(tmp_path / "out.json", "t", replace=True)
        one, two = load_study("s"), load_study("t")
        for table in ("documents", "cases", "codings", "names", "consensus_decisions"):
            first, second = (
                each.whole(table).drop(columns=["hmac", "quotation_hmac"], errors="ignore") for each in (one, two)
            )
            key = list(tables.schema(table).key)
            assert first.sort_values(key, ignore_index=True).equals(second.sort_values(key, ignore_index=True)), table
        assert one.info.reconciled_rounds == two.info.reconciled_rounds
