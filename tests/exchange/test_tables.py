"""Tables of coded segments: headings as programs write them in six languages, and every column read back."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from crosscase.exchange import export_study, import_file
from crosscase.study.check import check_study

sys.path.insert(0, str(Path(__file__).parent))
from named import load_study

MAXQDA_EN = ["Color", "Comment", "Document group", "Document name", "Code", "Begin", "End", "Weight score", "Segment",
             "Author", "Creation date"]  # fmt: skip
MAXQDA_DE = ["Farbe", "Kommentar", "Dokumentgruppe", "Dokumentname", "Code", "Anfang", "Ende", "Gewicht", "Segment",
             "Erstellt von", "Erstellt am"]  # fmt: skip
MAXQDA_NL = ["Kleur", "Opmerking", "Documentgroep", "Documentnaam", "Code", "Begin", "Einde", "Gewicht",
             "Gecodeerd segment", "Auteur", "Aangemaakt op"]  # fmt: skip
ATLAS_EN = ["ID", "Quotation Name", "Document", "Quotation Content", "Codes", "Reference", "Comment", "Created by",
            "Created"]  # fmt: skip
ATLAS_DE = ["ID", "Zitatname", "Dokument", "Zitatinhalt", "Kodes", "Referenz", "Kommentar", "Erstellt von", "Erstellt"]
NVIVO_EN = ["Hierarchical Name", "File Name", "Coded Text", "Coded By Initials", "Modified On"]
NVIVO_DE = ["Knoten", "Quelle", "Codierter Text", "Codierer"]
DEDOOSE = ["Media Title", "Excerpt Range", "Excerpt Creator", "Excerpt Date", "Excerpt Copy", "Codes Applied Combined"]
MAXQDA_FR = ["Couleur", "Commentaire", "Groupe de documents", "Nom du document", "Code", "Début", "Fin", "Poids",
             "Segment", "Créé par", "Date de création"]  # fmt: skip
ATLAS_ES = ["ID", "Nombre de la cita", "Documento", "Contenido de la cita", "Códigos", "Referencia", "Comentario",
            "Creado por", "Creado"]  # fmt: skip
ATLAS_PT = ["ID", "Documento", "Conteúdo da citação", "Códigos", "Referência", "Comentário", "Criado por"]
NVIVO_FR = ["Nom hiérarchique", "Nom du fichier", "Texte encodé", "Codé par"]
TELLING = {
    "document": {"Document name", "Dokumentname", "Documentnaam", "Document", "Dokument", "File Name", "Quelle",
                 "Media Title", "Nom du document", "Documento", "Nom du fichier"},
    "quotation": {"Segment", "Gecodeerd segment", "Quotation Content", "Zitatinhalt", "Coded Text", "Codierter Text",
                  "Excerpt Copy", "Contenido de la cita", "Conteúdo da citação", "Texte encodé"},
    "code": {"Code", "Codes", "Kodes", "Hierarchical Name", "Knoten", "Codes Applied Combined", "Códigos",
             "Nom hiérarchique"},
    "coder": {"Author", "Erstellt von", "Auteur", "Created by", "Coded By Initials", "Codierer", "Excerpt Creator",
              "Créé par", "Creado por", "Criado por", "Codé par"},
}  # fmt: skip
HEADINGS = [MAXQDA_EN, MAXQDA_DE, MAXQDA_NL, ATLAS_EN, ATLAS_DE, NVIVO_EN, NVIVO_DE, DEDOOSE]
HEADINGS += [MAXQDA_FR, ATLAS_ES, ATLAS_PT, NVIVO_FR]


@pytest.mark.parametrize("headings", HEADINGS, ids=lambda row: f"{row[1]}-{len(row)}")
def test_headings_of_programs_are_known(home, tmp_path, headings):
    cells = {"document": "talk", "quotation": "the nurse left", "code": "trust", "coder": "ada"}
    field = {heading: next((f for f, names in TELLING.items() if heading in names), None) for heading in headings}
    frame = pd.DataFrame([{heading: cells.get(field[heading] or "", "") for heading in headings}])
    frame.to_csv(tmp_path / "x.csv", index=False)
    import_file(tmp_path / "x.csv", "s")
    study = load_study("s")
    assert study.codings[["document", "start", "end", "code", "coder"]].values.tolist() == [
        ["talk.txt", 0, 14, "trust", "ada"]
    ]
    assert check_study("s") == []


ROWS = """document,code,quotation,coder,theme,role,role_mode,valence
a,trust,one two,x,Working together,Nurse;Client,voice,promotes
a,money,three,x,funding,nurse-2,about,inhibits
b,trust,four,x,Working together,,sideways,up
"""


def test_theme_role_and_mode_are_read_and_come_back(home, tmp_path):
    (tmp_path / "x.csv").write_text(ROWS)
    report = import_file(tmp_path / "x.csv", "s")
    study = load_study("s")
    wanted = [
        ["money", "funding", "nurse-2", "about", "inhibits"],
        ["trust", "working-together", "nurse;client", "voice", "promotes"],
        ["trust", "working-together", None, None, None],
    ]
    columns = ["code", "theme", "role", "role_mode", "valence"]

    def rows(study):
        frame = study.codings[columns].astype(object).where(study.codings[columns].notna(), None)
        return sorted(frame.values.tolist(), key=lambda row: (row[0], str(row[2] is None)))

    assert rows(study) == wanted
    assert dict(zip(study.themes["theme"], study.themes["label"])) == {
        "working-together": "Working together", "funding": "funding",
    }  # fmt: skip
    assert [line for line in report.left_out if "role_mode" in line and "sideways" in line]
    assert [line for line in report.left_out if "valence" in line and "up" in line]
    assert check_study("s") == []
    export_study("s", "csv", tmp_path / "y.csv", texts=True)
    import_file(tmp_path / "y.csv", "t")
    assert rows(load_study("t")) == wanted


def test_codes_of_one_name_in_one_place_stay_apart_and_the_loss_is_named(home, tmp_path):
    guid = "00000000-0000-0000-0000-0000000000{:02d}".format
    marks = "".join(
        f'<PlainTextSelection guid="{guid(20 + n)}" startPosition="{4 * n}" endPosition="{4 * n + 3}">'
        f'<Coding guid="{guid(30 + n)}"><CodeRef targetGUID="{guid(n)}"/></Coding></PlainTextSelection>'
        for n in (0, 1)
    )
    codes = "".join(f'<Code guid="{guid(n)}" name="Trust" isCodable="true"/>' for n in (0, 1))
    with zipfile.ZipFile(tmp_path / "a.qdpx", "w") as archive:
        archive.writestr(
            "project.qde",
            f'<Project name="p" xmlns="urn:QDA-XML:project:1.0"><CodeBook><Codes>{codes}</Codes></CodeBook><Sources>'
            f'<TextSource guid="{guid(9)}" name="T"><PlainTextContent>one two</PlainTextContent>{marks}</TextSource>'
            "</Sources></Project>",
        )
    report = import_file(tmp_path / "a.qdpx", "s")
    assert load_study("s").codings["code"].tolist() == ["trust", "trust-2"]
    assert [line for line in report.warnings if "same name in the same place" in line]
    written = export_study("s", "csv", tmp_path / "s.csv", texts=True)
    assert [line for line in written.not_carried if "same name in the same place" in line]


def test_groups_become_sets_and_columns_that_are_not_read_are_named(home, tmp_path):
    (tmp_path / "x.csv").write_text(
        "Color,Document group,Document name,Code,Segment,Coverage %\n●,Nurses,a,trust,one,3\n●,Nurses,b,trust,two,\n"
        "●,Doctors,c,trust,three,\n"
    )
    report = import_file(tmp_path / "x.csv", "s")
    sets = load_study("s").table("sets")[["label", "member"]].values.tolist()
    assert sets == [["Nurses", "a.txt"], ["Nurses", "b.txt"], ["Doctors", "c.txt"]]
    assert report.left_out == ["columns that are not read (say what one holds with --map) (2 times): Color; Coverage %"]
    export_study("s", "csv", tmp_path / "y.csv", texts=True)
    assert import_file(tmp_path / "y.csv", "t").left_out == []


def test_dates_with_dots_are_read_and_ambiguous_ones_are_named(home, tmp_path):
    rows = "\n".join(f"a,c{n},word {n},{when}" for n, when in enumerate(["01.05.2023", "5/1/2023", "2023-05-01", ""]))
    (tmp_path / "x.csv").write_text(f"document,code,quotation,date\n{rows}\n")
    report = import_file(tmp_path / "x.csv", "s")
    dates = load_study("s").codings.sort_values("code")["date"]
    assert dates.fillna("none").tolist() == ["2023-05-01", "none", "2023-05-01", "none"]
    assert [line for line in report.left_out if "dates of codings" in line and "5/1/2023" in line]
