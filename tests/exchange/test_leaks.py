"""What an import publishes: ids, positions and the codebook; no name, no note, no hash that gives words back."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest

from crosscase import notes, paths, tables
from crosscase.errors import CrosscaseError
from crosscase.exchange import export_study, import_file, move_over, new_study, release_columns
from crosscase.study import load_study
from crosscase.study.check import check_study
from crosscase.study.check_levels import looks_like_names
from crosscase.study.keys import KEY_FILE, read_key
from crosscase.study.texts import file_of, read_verified

HERE = Path(__file__).parent / "files"
SHARED = Path(__file__).resolve().parents[3] / "shared"
OPEN = re.compile(  # ids, numbers, keyed hashes, languages, places of pictures and recordings
    r"[a-z]\d+(;[a-z]\d+)*|\d+(\.\d+)*|[0-9a-f]{64}|[a-z]{2,3}|true|false|[a-z]\d+#\d+-\d+|study"
    r"|(page -?\d+, )?rectangle [-\d,]+|\d+-\d+ ms|whole document|positions \d+-\d+"
)
ANNA = "Interview Anna Visser"
TALK = f"{ANNA}.txt"
WORDS = "Anna Visser lives in Winterswijk.\n\nYes.\n\nThe bus never comes on time here.\n"


def public_bytes(home):
    """Everything that git would take of the data."""
    return {path: path.read_bytes() for path in (home / "data" / "studies").rglob("*") if path.is_file()}


def strange_cells(study):
    """Cells of the public tables that are neither ids, numbers, terms of the dictionary nor the codebook's."""
    codes = set(study.whole("codebook")["code"])
    for path in sorted(study.folder.glob("*.csv")):
        schema = tables.schema(path.stem)
        if path.stem == "codebook":
            continue
        for row in csv.DictReader(path.open(encoding="utf-8")):
            for column, cell in row.items():
                terms = schema.constraint(column, "enum") or []
                pattern = schema.open_pattern(column)
                known = (
                    cell in terms or cell in codes or OPEN.fullmatch(cell) or (pattern and re.fullmatch(pattern, cell))
                )
                if cell and not known:
                    yield path.stem, column, cell


def secrets_of(study, file):
    """Every word that somebody could look for: segments, names, titles, file names."""
    found = {file.name, file.stem, *study.whole("names")["name"], *study.whole("documents")["title"]}
    found |= set(study.whole("cases")["label"]) | set(study.whole("variable_values")["value"].dropna())
    found |= set(study.whole("codings")["memo"].dropna()) | set(study.whole_memos().values())
    found |= {who.description for who in study.info.coders.values()} | {study.info.title}
    texts = {row["document"]: read_verified(study.name, row) for row in study.whole("documents").to_dict("records")}
    for row in study.whole("codings").itertuples():
        if pd.notna(row.start) and texts.get(row.document):
            found.add(texts[row.document][row.start : row.end])
    return {word.strip() for word in found if word and len(word.strip()) > 2 and not OPEN.fullmatch(word.strip())}


def held_back(home, study, file, report):
    """Assert that an attack with every secret finds nothing in what is public."""
    assert list(strange_cells(study)) == []
    everything = public_bytes(home)
    hashes = {digest for content in everything.values() for digest in re.findall(rb"[0-9a-f]{32,128}", content)}
    labels = {" ".join(notes.words(label)) for label in study.whole("codebook")["label"]}
    prose = [c.decode() for p, c in everything.items() if p.suffix != ".csv"]
    definitions = " ".join(study.whole("codebook")[["label", "definition"]].fillna("").to_numpy().ravel().tolist())
    for word in secrets_of(study, file):
        for way in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            assert way(word.encode()).hexdigest().encode() not in hashes
        if len(notes.words(word)) > 1:
            assert not [text for text in prose if word in text], word
            if " ".join(notes.words(word)) not in labels:
                assert word not in definitions, word
    told = {" ".join(notes.words(label)) for label in report.in_vivo}
    used = set(study.whole("codings")["code"])
    mine = dict(zip(study.whole("codebook")["code"], study.whole("codebook")["label"]))
    for code in used:
        words = " ".join(notes.words(mine[code]))
        if words and words in segments_of(study, code):
            assert words in told, words


def segments_of(study, code):
    texts = {row["document"]: read_verified(study.name, row) for row in study.whole("documents").to_dict("records")}
    return {
        " ".join(notes.words(texts[row.document][row.start : row.end]))
        for row in study.whole("codings").itertuples()
        if pd.notna(row.start) and texts.get(row.document) and code == row.code
    }


@pytest.fixture
def talk(tmp_path):
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / TALK).write_text(WORDS, encoding="utf-8")
    (folder / "Interview Ben Smit.txt").write_text("No.\n\nNobody has time.\n", encoding="utf-8")
    return folder


@pytest.fixture
def table(tmp_path):
    rows = [
        (ANNA, "Winterswijk", "Yes.", "agrees", "Carla", "she nods"),
        (ANNA, "Winterswijk", "the bus never comes", "the bus never comes", "Carla", "The bus never comes!"),
        ("Interview Ben Smit", "Lochem", "Nobody has time.", "time", "Dirk", "tired"),
    ]
    path = tmp_path / "Visser and Smit.csv"
    frame = pd.DataFrame(rows, columns=["document", "case", "quotation", "code", "coder", "memo"])
    frame.to_csv(path, index=False)
    return path


def test_a_name_in_a_file_name_reaches_nothing_public(home, talk):
    import_file(talk, "s")
    study = load_study("s")
    everything = b"".join(public_bytes(home).values())
    for word in (b"Anna", b"anna", b"Visser", b"visser", b"Winterswijk", b"Smit", b"talks"):
        assert word not in everything
    assert sorted(study.documents["document"]) == ["d01", "d02"]
    assert set(study.documents["title"]) == {TALK, "Interview Ben Smit.txt"}
    assert check_study("s") == []


def test_a_file_of_codings_without_a_study_name_does_not_give_its_name_away(home, table):
    report = import_file(table)
    assert report.study == "study-1"
    everything = b"".join(public_bytes(home).values())
    for word in (b"Visser", b"Smit", b"Winterswijk", b"Lochem", b"Carla", b"Dirk", b"nods", b"tired"):
        assert word not in everything
    assert report.in_vivo == ["the bus never comes"]
    study = load_study("study-1")
    assert set(study.cases["label"]) == {"Winterswijk", "Lochem"}
    assert set(study.coder_names().values()) == {"Carla", "Dirk"}
    held_back(home, study, table, report)


def test_no_guess_gives_a_segment_back(home, talk, table):
    import_file(table, "s")
    hashes = set(re.findall(r"[0-9a-f]{64}", (home / "data/studies/s/codings.csv").read_text()))
    assert len(hashes) == 3
    names, towns = ["Anna Visser", "Ben Smit"], ["Winterswijk", "Lochem"]
    guesses = {
        "Yes.",
        "Yes",
        "No.",
        *names,
        *towns,
        *(f"{n} from {t}" for n in names for t in towns),
        "the bus never comes",
    }
    for guess in guesses:
        for content in (guess, f"\0{guess}", f"d01\0{guess}"):
            assert hashlib.sha256(content.encode()).hexdigest() not in hashes
    key = read_key("s")
    assert "Yes" not in repr(key)
    assert re.fullmatch("<the key of a study>", repr(key))


@pytest.mark.posix
def test_the_key_is_nobody_elses(home, table):
    import_file(table, "s")
    path = home / "restricted" / "s" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    secret = path.read_text().strip()
    assert not [p for p, content in public_bytes(home).items() if secret.encode() in content]
    assert secret not in import_file(table, "t").text()


def test_the_same_answer_twice_has_two_hashes(home, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("document,quotation,code\na,Yes.,c\nb,Yes.,c\n")
    import_file(path, "s")
    assert load_study("s").codings["quotation_hmac"].nunique() == 2
    assert load_study("s").documents["hmac"].nunique() == 2


def test_ids_are_the_same_after_a_later_import(home, table):
    import_file(table, "s")
    before = load_study("s").whole("names")
    frame = pd.read_csv(table)
    frame.loc[len(frame)] = ["Interview Zoe", "Lochem", "Once.", "time", "Eva", None]
    frame.to_csv(table, index=False)
    import_file(table, "s", replace=True)
    after = load_study("s").whole("names")
    known = after.merge(before, on=["kind", "name"], suffixes=("", "_before"))
    assert len(known) == len(before)
    assert (known["id"] == known["id_before"]).all()
    assert len(after) == len(before) + 2
    assert check_study("s") == []


def test_ids_are_in_no_order_of_names(home, tmp_path):
    path = tmp_path / "x.csv"
    rows = "".join(f"Talk {number:02},words {number},c\n" for number in range(40))
    path.write_text("document,quotation,code\n" + rows)
    import_file(path, "s")
    study = load_study("s")
    assert study.documents["title"].tolist() == sorted(study.documents["title"])  # the holder sees the file's order
    assert study.documents["document"].tolist() != sorted(study.documents["document"])  # once in 40! this fails
    shown = pd.read_csv(home / "data/studies/s/documents.csv")["document"].tolist()
    assert shown == sorted(shown)
    assert pd.read_csv(home / "data/studies/s/codings.csv")["document"].is_monotonic_increasing


def test_without_restricted_the_study_still_reads(home, table):
    import_file(table, "s")
    shutil.rmtree(home / "restricted")
    study = load_study("s")
    assert study.level == "public"
    assert sorted(study.cases["label"]) == ["k01", "k02"]
    assert sorted(study.documents["title"]) == ["d01", "d02"]
    assert study.info.title == "s"
    assert study.codings["memo"].isna().all()
    assert check_study("s") == []


def test_the_level_public_reads_what_is_read_where_restricted_is_absent(home, table, monkeypatch):
    import_file(table, "s")
    assert load_study("s").level == "restricted"
    monkeypatch.setenv(paths.LEVEL_VARIABLE, "public")
    names = [path.stem for path in (home / "data/studies/s").glob("*.csv")]
    hidden = {name: load_study("s").table(name) for name in names}
    info = load_study("s").info
    shutil.rmtree(home / "restricted")
    monkeypatch.delenv(paths.LEVEL_VARIABLE)
    assert hidden
    for name, frame in hidden.items():
        pd.testing.assert_frame_equal(frame, load_study("s").table(name))
    assert info == load_study("s").info


def test_columns_are_released_and_taken_back(home, table):
    import_file(table, "s")
    release_columns("s", ["cases.label", "study.coders"])
    shown = (home / "data/studies/s/cases.csv").read_text()
    assert "Winterswijk" in shown
    assert "Carla" in (home / "data/studies/s/study.yml").read_text()
    assert load_study("s").info.public == ["cases.label", "study.coders"]
    assert check_study("s") == []
    release_columns("s", ["cases.label"], back=True)
    assert "Winterswijk" not in (home / "data/studies/s/cases.csv").read_text()
    assert set(load_study("s").cases["label"]) == {"Winterswijk", "Lochem"}
    with pytest.raises(CrosscaseError, match="people may be known by"):
        release_columns("s", ["cases.lable"])
    whole = release_columns("s", ["all"])
    assert whole.withheld == 1
    notes_shown = pd.read_csv(home / "data/studies/s/codings.csv")["memo"].dropna().tolist()
    assert sorted(notes_shown) == ["she nods", "tired"]  # the note that repeats its segment stays back
    assert check_study("s") == []


def test_what_stands_in_data_unreleased_is_told_and_moved(home, table):
    import_file(table, "s")
    path = home / "data/studies/s/cases.csv"
    path.write_text(path.read_text().replace("case,", "case,label,", 1).replace("k01,", "k01,Winterswijk,", 1).replace(
        "k02,", "k02,,", 1))  # fmt: skip
    told = " ".join(map(str, check_study("s")))
    assert "column label: what nobody has released lies under restricted/" in told
    assert "release-columns s cases.label" in told
    assert "moved from data/studies/s/" in move_over("s")
    assert check_study("s") == []
    assert "Winterswijk" not in path.read_text()
    assert move_over("s") == ""


def earlier(home):
    """A study as an earlier version imported it: names in ids, plain hashes, notes in data/."""
    folder, text = home / "data/studies/old", WORDS
    folder.mkdir()
    (folder / "memos").mkdir()
    (folder / "memos" / "first.md").write_text("Carla: Anna was tired\n")
    (folder / "import.md").write_text("# Import of old\n\n- file: Interview Anna Visser.txt\n")
    (folder / "import_map.json").write_text('{"memo": "Notes"}\n')
    (folder / "study.yml").write_text(
        "title: Talks with Anna Visser\nshort_title: Talks\nquestion: What helps?\nstance: codebook\n"
        "coders:\n  carla: {kind: person, description: Carla Bos}\nprimary_coder: carla\n"
        "origin: 'imported from a file (documents)'\n"
    )
    name = "interview-anna-visser.txt"
    digest = hashlib.sha256(text.encode()).hexdigest()
    segment = text[35:39]
    plain = hashlib.sha256(segment.encode()).hexdigest()
    row, coding = (
        f"{name},{TALK},interview,anna,{len(text)},{digest},none",
        f"c1,{name},35,39,agrees,carla,anna,{plain},Yes.",
    )
    files = {
        "documents": f"document,title,kind,case,code_points,sha256,release\n{row}\n",
        "cases": "case,label,kind\nanna,Anna Visser,case\n",
        "codebook": "code,label\nagrees,Agrees\n",
        "codings": f"coding_id,document,start,end,code,coder,case,quotation_sha256,memo\n{coding}\n",
        "memo_index": "memo,title,coder\nfirst,First,carla\n",
    }
    for table, content in files.items():
        (folder / f"{table}.csv").write_text(content)
    kept = home / "restricted/old"
    kept.mkdir(parents=True)
    (kept / name).write_text(text)
    return folder


def test_an_earlier_import_is_moved_over(home):
    folder = earlier(home)
    told = check_study("old")
    assert len(told) == 1
    assert "crosscase check old --fix" in str(told[0])
    with pytest.raises(CrosscaseError, match="check old --fix"):
        load_study("old").codings  # noqa: B018
    said = move_over("old")
    assert said.startswith("old: hashes are keyed now")
    assert "\n" not in said
    assert check_study("old") == []
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for word in (b"nna", b"isser", b"arla", b"Yes", b"tired", hashlib.sha256(b"Yes.").hexdigest().encode()):
        assert word not in everything
    study = load_study("old")
    assert study.info.question == "What helps?"
    assert (study.info.title, study.info.stance) == ("Talks with Anna Visser", "codebook")
    assert study.cases["label"].tolist() == ["Anna Visser"]
    assert study.documents["title"].tolist() == [TALK]
    assert study.coder_names() == {"c1": "carla"}
    assert list(study.whole_memos().values()) == ["Carla: Anna was tired\n"]
    assert study.whole("codings")["memo"].tolist() == ["Yes."]
    assert study.codings["memo"].isna().all()  # it repeats its segment
    assert (home / "restricted/old/import_map.json").is_file()
    assert file_of("old", "d01").name == "d01.txt"
    assert move_over("old") == ""


def test_a_file_releases_nothing(home):
    report = import_file(HERE / "released.json", "s")
    study = load_study("s")
    assert (study.documents["release"] == "none").all()
    assert study.info.public == []
    assert report.asked
    assert "verbatim" in " ".join(report.asked)
    assert "Asked for by the file" in report.text()


def test_a_comment_that_repeats_its_segment_is_not_shown_and_counted(home, tmp_path):
    import_file(HERE / "verbatim_comment.qdpx", "s")
    study = load_study("s")
    whole = study.whole("codings")
    assert whole["memo"].notna().any()
    assert study.repeating_notes()[whole["memo"].notna()].any()
    assert study.codings["memo"].notna().sum() == (whole["memo"].notna() & ~study.repeating_notes()).sum()
    said = whole.loc[study.repeating_notes(), "memo"].iloc[0]
    for to in ("csv", "xlsx", "json"):
        out = tmp_path / f"out.{to}"
        report = export_study("s", to, out, texts=False)
        assert any("repeat the words of their segment" in line for line in report.not_carried), to
        assert said.encode() not in out.read_bytes()
    report = export_study("s", "json", tmp_path / "with.json", texts=True)
    assert said in (tmp_path / "with.json").read_text(encoding="utf-8")


def test_a_memo_that_repeats_a_document_is_not_shown(home, table):
    import_file(table, "s")
    folder = home / "restricted/s/memos"
    folder.mkdir()
    (folder / "m01.md").write_text("She said: the bus never comes Nobody has time. as if\n")
    (folder / "m02.md").write_text("Own words about buses that stay away and people in a hurry.\n")
    study = load_study("s")
    assert "stay away" in study.memos()["m02"]
    text = next(text for _, text in study.unreleased_texts() if "bus" in text)
    (folder / "m01.md").write_text(" ".join(text.split()) + " I think\n")
    long = len(notes.words(text)) >= notes.LONG_RUN
    assert load_study("s").memos()["m01"].startswith("*Not shown") == long


def test_an_anonymous_export_holds_nothing_that_is_restricted(home, table, tmp_path):
    import_file(table, "s")
    for to in ("csv", "xlsx", "json", "qdpx"):
        out = tmp_path / f"out.{to}"
        export_study("s", to, out, anonymous=True, texts=False)
        content = fuzz_readers_bytes(out)
        for word in (b"Visser", b"visser", b"Winterswijk", b"Carla", b"carla", b"nods"):
            assert word not in content, (to, word)


def fuzz_readers_bytes(path):
    """All bytes of a file, those inside archives too."""
    import zipfile

    content = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            content += b"".join(archive.read(name) for name in archive.namelist())
    return content


def test_check_names_what_is_public_and_looks_like_a_name(home, table):
    import_file(table, "s")
    path = home / "data/studies/s/codebook.csv"
    path.write_text(path.read_text() + "x,What Carla Bos says in Winterswijk,,\n".replace(",,\n", "\n"))
    yml = home / "data/studies/s/study.yml"
    yml.write_text(yml.read_text().replace("question: 'Not stated yet: write the research question here.'",
                                           "question: How does Anna Visser wait?"))  # fmt: skip
    lines = " ".join(looks_like_names("s"))
    assert "Winterswijk" in lines
    assert "study.yml, key question" in lines
    release_columns("s", ["cases.label", "documents.title"])
    assert "documents.csv, column title" in " ".join(looks_like_names("s"))


def samples():
    """Every file that comes in: the sample projects and the small inputs, where they are."""
    if not SHARED.is_dir():
        return []
    found = [*sorted((SHARED / "qda-samples").glob("*/*.qdpx")), *sorted((SHARED / "qda-samples").glob("*/*.sqlite3"))]
    found += [
        p for p in sorted((SHARED / "cases").rglob("*")) if p.is_file() and p.suffix not in (".md", ".yml", ".ipynb")
    ]
    return [path for path in found if path.name not in ("pdf_bomb.pdf", "slow.html", "study_yaml_laughs.yml")]


@pytest.mark.long
@pytest.mark.parametrize("path", samples(), ids=lambda path: path.relative_to(SHARED).as_posix())
def test_a_dictionary_attack_on_what_is_public_finds_nothing(home, path):
    try:
        report = import_file(path, "s")
    except CrosscaseError:
        assert public_bytes(home) == {}
        return
    held_back(home, load_study("s"), path, report)


def test_thousands_of_segments_that_hold_a_whole_text_are_signed_once(home, monkeypatch):
    from crosscase.study import keys

    text = "one two three " * 3_000
    codings = pd.DataFrame({"document": "d01", "start": range(2_000), "end": len(text)})
    signed = []
    real = keys.Key.sign
    monkeypatch.setattr(
        keys.Key, "sign", lambda key, content, place: signed.append(len(content)) or real(key, content, place)
    )
    key = keys.new_key()
    first = keys.sign_quotations(codings, {"d01": text}, key)
    assert first.nunique() == 2_000
    assert sum(signed) == 2_000 * 32
    changed = keys.sign_quotations(codings, {"d01": text[:-2] + "! "}, key)
    assert (first != changed).all()


def test_a_note_on_a_long_segment_is_held_against_the_whole_document(home, tmp_path):
    words = " ".join(f"word{number}" for number in range(5_000))
    pd.DataFrame({"document": "a", "quotation": [words, words], "code": ["x", "y"], "coder": "c",
                  "memo": ["word100 word101 word102 word103 word104", "numbers in a row"]}
                 ).to_csv(tmp_path / "x.csv", index=False)  # fmt: skip
    import_file(tmp_path / "x.csv", "s")
    study = load_study("s")
    kept = dict(zip(study.whole("codings")["code"], study.whole("codings")["memo"]))
    shown = dict(zip(study.codings["code"], study.codings["memo"]))
    assert kept["x"].startswith("word100")
    assert pd.isna(shown["x"])
    assert shown["y"] == "numbers in a row"


def test_an_import_into_a_study_made_by_hand_releases_nothing(home, table):
    new_study("s")
    assert load_study("s").info.public == "all"
    import_file(table, "s", replace=True)
    assert load_study("s").info.public == []
    assert b"Winterswijk" not in b"".join(public_bytes(home).values())


def test_a_release_of_everything_is_said_and_stays(home, talk):
    import_file(talk, "s")
    release_columns("s", ["all"])
    assert "- documents.title" in (home / "data/studies/s/study.yml").read_text()
    assert "sha256" not in (home / "data/studies/s/documents.csv").read_text()  # of a short text it could be guessed
    assert TALK in (home / "data/studies/s/documents.csv").read_text()
    assert check_study("s") == []
    import_file(talk, "s", replace=True)
    assert TALK in (home / "data/studies/s/documents.csv").read_text()
    release_columns("s", ["all"], back=True)
    assert TALK not in (home / "data/studies/s/documents.csv").read_text()
    assert TALK in load_study("s").documents["title"].tolist()


PASSAGE = "The bus has not come for three weeks and nobody at the town hall answers when we call them about it"


def passage_table(tmp_path, memo="She says: " + PASSAGE):
    path = tmp_path / "k.csv"
    frame = pd.DataFrame({"document": ["a"], "quotation": [PASSAGE], "code": ["bus"], "coder": ["Kim"], "memo": [memo]})
    frame.to_csv(path, index=False)
    return path


def test_a_later_import_does_not_publish_what_a_release_held_back(home, tmp_path):
    path = passage_table(tmp_path)
    import_file(path, "k")
    for columns in (["codings.memo"], ["all"]):
        assert release_columns("k", columns).withheld >= 1
        report = import_file(path, "k", replace=True)
        assert PASSAGE.encode() not in b"".join(public_bytes(home).values())
        assert report.withheld >= 1
        assert "would be public" in report.text()


def test_memos_and_other_columns_that_repeat_a_text_stay_back(home, tmp_path):
    import_file(passage_table(tmp_path, "short"), "k")
    folder = home / "restricted/k"
    (folder / "memos").mkdir()
    (folder / "memos" / "mine.md").write_text(f"She said: {PASSAGE}\n")
    (home / "data/studies/k/cases.csv").write_text("case,kind\nk01,case\n")
    (folder / "cases.csv").write_text(f"case,label,description\nk01,North,{PASSAGE}\n")
    assert release_columns("k", ["memos", "cases.description", "cases.label"]).withheld == 2
    assert PASSAGE.encode() not in b"".join(public_bytes(home).values())
    assert "North" in (home / "data/studies/k/cases.csv").read_text()
    study = load_study("k")
    assert study.whole("cases")["description"].tolist() == [PASSAGE]
    assert PASSAGE in study.whole_memos()["mine"]


def test_a_definition_that_repeats_a_text_stays_back(home, tmp_path):
    path = passage_table(tmp_path, "short")
    frame = pd.read_csv(path).assign(**{"Code definition": PASSAGE})
    frame.to_csv(path, index=False)
    report = import_file(path, "k", mapping={"Code definition": "definition", **{c: c for c in frame if c[0] != "C"}})
    assert PASSAGE.encode() not in b"".join(public_bytes(home).values())
    assert load_study("k").codebook["definition"].tolist() == [PASSAGE]
    assert report.withheld == 1
    assert check_study("k") == []


@pytest.mark.parametrize("kind", ["audio", "video", "picture"])
def test_a_text_is_kept_back_whatever_kind_its_document_is_said_to_be(home, tmp_path, kind):
    import_file(passage_table(tmp_path), "k")
    table = home / "data/studies/k/documents.csv"
    table.write_text(table.read_text().replace(",other,", f",{kind},"))
    study = load_study("k")
    assert [text.strip() for _, text in study.unreleased_texts()] == [PASSAGE]
    assert study.codings["memo"].isna().all()


def test_keys_of_study_yml_are_taken_back(home, table):
    import_file(table, "s")
    release_columns("s", ["study.coders", "study.title", "memos"])
    yml = home / "data/studies/s/study.yml"
    assert "Visser and Smit" in yml.read_text()
    assert "Carla" in yml.read_text()
    release_columns("s", ["study.coders", "study.title"], back=True)
    assert "Visser and Smit" not in yml.read_text()
    assert "Carla" not in yml.read_text()
    study = load_study("s")
    assert study.info.title == "Visser and Smit"
    assert {who.description for who in study.info.coders.values()} == {"Carla", "Dirk"}


def test_a_release_of_one_document_is_not_taken_for_another_of_the_same_words(home, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("document,quotation,code\na,No never.,c\nb,No never.,c\n")
    import_file(path, "s")
    table = home / "data/studies/s/documents.csv"
    lines = table.read_text().splitlines()
    lines[2] = lines[2].replace(",none", ",verbatim")
    table.write_text("\n".join(lines) + "\n")
    import_file(path, "s", replace=True)
    assert sorted(pd.read_csv(table)["release"]) == ["none", "verbatim"]


def test_what_people_made_beside_a_file_survives_a_later_import(home, table):
    import_file(table, "s")
    folder, kept = home / "data/studies/s", home / "restricted/s"
    (kept / "memos").mkdir(exist_ok=True)
    (kept / "memos" / "analysis.md").write_text("What I think about buses that stay away.\n")
    (kept / "consent.pdf").write_bytes(b"%PDF-1.4 signed")
    (kept / "audio").mkdir()
    (kept / "audio" / "rec1.wav").write_bytes(b"RIFF....")
    codebook = folder / "codebook.csv"
    frame = pd.read_csv(codebook)
    frame.assign(definition=["Typed by hand"] * len(frame)).to_csv(codebook, index=False)
    (folder / "themes.csv").write_text("theme,kind\nt01,theme\n")
    (folder / "summaries.csv").write_text("case,theme,segments_hash\nk01,t01," + "0" * 64 + "\n")
    (kept / "summaries.csv").write_text("case,theme,summary,by,date\nk01,t01,Nobody comes,Carla,2024-05-01\n")
    import_file(table, "s", replace=True)
    study = load_study("s")
    assert study.whole_memos()["analysis"].startswith("What I think")
    assert (kept / "consent.pdf").read_bytes() == b"%PDF-1.4 signed"
    assert (kept / "audio" / "rec1.wav").is_file()
    assert set(study.codebook["definition"]) == {"Typed by hand"}
    assert study.table("summaries")["summary"].tolist() == ["Nobody comes"]


def test_without_the_names_a_study_is_neither_imported_again_nor_released(home, table):
    import_file(table, "s")
    before = public_bytes(home)
    shutil.rmtree(home / "restricted")
    with pytest.raises(CrosscaseError, match="names behind its ids"):
        import_file(table, "s", replace=True)
    with pytest.raises(CrosscaseError, match="at hand"):
        release_columns("s", ["cases.label"])
    assert public_bytes(home) == before


def test_an_id_that_stands_for_a_label_is_never_written_as_one(home, table):
    from crosscase.study import save_study
    from crosscase.study.load import table_names

    import_file(table, "s")
    shutil.copytree(home / "restricted", home / "vault")
    shutil.rmtree(home / "restricted")
    study = load_study("s")
    frames = {name: study.whole(name) for name in table_names()}
    save_study("s", study.info, frames, replace=True)
    shutil.rmtree(home / "restricted", ignore_errors=True)
    shutil.copytree(home / "vault", home / "restricted")
    assert set(load_study("s").cases["label"]) == {"Winterswijk", "Lochem"}
    assert "label" not in (home / "data/studies/s/cases.csv").read_text().splitlines()[0]


@pytest.mark.posix
def test_a_restricted_folder_may_be_a_link_into_a_vault(home, table, tmp_path):
    import_file(table, "s")
    vault = tmp_path / "vault"
    (home / "restricted/s").rename(vault)
    (home / "restricted/s").symlink_to(vault, target_is_directory=True)
    import_file(table, "s", replace=True)
    assert (home / "restricted/s").is_symlink()
    assert check_study("s") == []
    assert [p.name for p in (home / "restricted").iterdir()] == ["s"]
    assert len(list(tmp_path.glob(".vault*"))) == 0


def test_a_failed_replacement_leaves_texts_and_names_as_they_were(home, table, monkeypatch):
    from crosscase.study import save

    import_file(table, "s")
    before = {p: p.read_bytes() for p in home.rglob("*") if p.is_file()}
    real = save._write_folder

    def full(target, files, **how):
        if target.parent.name == "studies":
            raise OSError("No space left on device")
        return real(target, files, **how)

    monkeypatch.setattr(save, "_write_folder", full)
    with pytest.raises(CrosscaseError):
        import_file(table, "s", replace=True)
    assert {p: p.read_bytes() for p in home.rglob("*") if p.is_file()} == before


def test_an_anonymous_project_holds_no_text_unless_asked(home, table, tmp_path):
    import_file(table, "s")
    export_study("s", "qdpx", tmp_path / "a.qdpx", anonymous=True)
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.qdpx") as archive:
        assert not [name for name in archive.namelist() if name.endswith(".txt")]
