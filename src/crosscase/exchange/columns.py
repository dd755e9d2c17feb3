"""What the columns of a table of coded segments mean: guessed from headings of known programs, corrected by people."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if

FIELDS = {
    "document": "document media title|file name|filename|document name|document|source name|source title|source|file|"
    "transcript|document group and name|media title|resource name|document title|interview|"
    "dokumentname|dokument|dokumenttitel|quelle|datei|dateiname|documentnaam|bron|bestand|bestandsnaam|"
    "nom du document|document nom|nom du fichier|fichier|nombre del documento|documento|nombre de archivo|archivo|"
    "fuente|nome do documento|nome do arquivo|arquivo|fonte|nome del documento|nome documento|nome del file",
    "quotation": "coded text|quotation content|quotation|segment|coded segment|excerpt copy|excerpt|text content|"
    "content|snippet|seltext|selected text|text|coded segments|reference text|quote|highlight|"
    "zitat|text segment|zitatinhalt|codiertes segment|kodiertes segment|codierte segmente|inhalt|codierter text|"
    "gecodeerd segment|gecodeerde segmenten|citaat|citaatinhoud|fragment|gecodeerde tekst|"
    "segment codé|segments codés|texte codé|texte encodé|contenu de la citation|citation|extrait|texte|"
    "segmento codificado|segmentos codificados|segmento|texto codificado|contenido de la cita|cita|texto|"
    "conteúdo da citação|citação|trecho|testo codificato|contenuto della citazione|citazione|testo",
    "code": "code|codes|code name|codes applied combined|code system|tag|tags|node|node name|theme code|"
    "hierarchical name|code path|codename|nodes|codesystem|keyword|keywords|quirk|quirks|label|"
    "kode|kodes|knoten|codewort|stichwort|codenaam|knooppunt|nœud|noeud|nom du code|système de codes|nom hiérarchique|"
    "código|códigos|nodo|nodos|nombre del código|sistema de códigos|nombre jerárquico|nó|nome do código|codice|codici",
    "coder": "coder|created by|author|user|owner|coded by|excerpt creator|initials|coder name|coder initials|"
    "coded by initials|creator|rater|annotator|bearbeiter|erstellt von|ersteller|codierer|autor|gemaakt door|auteur|"
    "codeur|créé par|codé par|utilisateur|creado por|codificado por|codificador|usuario|criado por|autore|creato da|"
    "modified by|geändert von|bearbeitet von|gewijzigd door|modifié par|modificado por|modificato da",
    "start": "start|begin|start position|from|start offset|selfirst|pos0|anfang|beginning|"
    "begin position|startposition|van|début|inicio|início|inizio",
    "end": "end|stop|end position|to|end offset|selend|pos1|ende|endposition|einde|eind|tot|fin|final|fim|fine",
    "case": "case|case name|participant|site|region|case label|fall|fallname|casus|cas|caso",
    "group": "document group|dokumentgruppe|documentgroep|groupe de documents|grupo de documentos|gruppo di documenti",
    "memo": "comment|memo|coding comment|notes|note|kommentar|remark|opmerking|opmerkingen|bemerkung|commentaire|"
    "comentario|comentário|commento",
    "date": "date|creation date|created|coded on|excerpt date|datum|creation date time|created on|"
    "erstellt|erstellt am|bearbeitet am|geändert am|aangemaakt|aangemaakt op|erstellungsdatum|"
    "date de création|créé|créé le|fecha|fecha de creación|creado|criado|criado em|data|data de criação|creato|"
    "modified|modified on",
    "locator": "locator|reference|page|excerpt range|position|paragraph reference|timestamp|referenz|référence|"
    "referencia|referência|riferimento",
    "definition": "definition|code definition|code description|description",
    "valence": "valence|direction",
    "round": "round|pass|phase",
    "theme": "theme|theme name|thema",
    "role": "role|stakeholder role|stakeholder|rolle|rol",
    "role_mode": "role mode",
    "code_label": "code label",
    "code_path": "code_path",
    "document_title": "document_title",
    "case_label": "case label",
    "weight": "weight|weight score|gewicht|gewichtung|poids|peso|ponderación",
    "codes_by_column": "",
}
SEVERAL = re.compile(r"^code:\s*(?P<code>.+?)\s+applied$", re.IGNORECASE)
NEEDED = ("code", "quotation or start and end")


def _plain(heading: object) -> str:
    return re.sub(r"[^\w]+", " ", str(heading).lower()).replace("_", " ").strip()


def guess(frame: pd.DataFrame, corrections: Mapping[str, str], place: str) -> dict[str, str]:
    """Return which column holds what, field -> heading, each once.

    Corrections (heading -> field, or `-` for a column that means nothing) win over the guess. `CrosscaseError` where a
    correction names no column or no field, or what is needed is not found; the message shows the guess.

    Examples
    --------
    >>> guess(pd.DataFrame(columns=["Document name", "Code", "Segment", "Created by"]), {}, "a.xlsx")
    {'document': 'Document name', 'quotation': 'Segment', 'code': 'Code', 'coder': 'Created by'}
    """
    corrected = _corrections(frame, corrections, place)
    free = {_plain(heading): heading for heading in reversed(list(frame.columns)) if heading not in corrections}
    found: dict[str, str] = {}
    for field, headings in FIELDS.items():
        if field in corrected.values():
            found[field] = next(heading for heading, to in corrected.items() if to == field)
            continue
        wanted = dict.fromkeys([_plain(field), *(_plain(h) for h in headings.split("|"))])
        hit = next((free[h] for h in wanted if h in free and free[h] not in found.values()), None)
        if hit is not None:
            found[field] = hit
    if "code" not in corrected.values() and any(SEVERAL.match(str(heading)) for heading in frame.columns):
        found.pop("code", None)
        found["codes_by_column"] = "Code: ... Applied"
    has_text = "quotation" in found or {"start", "end"} <= set(found)
    if not has_text or not ({"code", "codes_by_column"} & set(found)):
        raise _not_found(frame, found, place)
    return found


def _corrections(frame: pd.DataFrame, corrections: Mapping[str, str], place: str) -> dict[str, str]:
    problems = []
    headings = ", ".join(map(str, frame.columns))
    fields = ", ".join(field for field in FIELDS if field != "codes_by_column")
    kept = {}
    for heading, field in corrections.items():
        if field == "codes_by_column":
            continue
        if heading not in frame.columns:
            problems.append(Problem(f"{place}, column {heading!a}", "the table has the column", "no", headings))
        elif field not in FIELDS and field != "-":
            rule = "a column is one of the known fields, or - for none"
            problems.append(Problem(f"{place}, column {heading!a}", rule, repr(field), fields))
        elif field != "-":
            kept[heading] = field
    raise_if(problems)
    return kept


def _not_found(frame: pd.DataFrame, found: dict[str, str], place: str) -> CrosscaseError:
    shown = "; ".join(f"{field} = {heading}" for field, heading in found.items()) or "none recognised"
    rule, remedy = f"the table has columns for {' and '.join(NEEDED)}", "say what a column means: --map 'COLUMN=FIELD'"
    found_there = f"columns {', '.join(map(ascii, frame.columns[:30]))} ({shown})"
    return CrosscaseError(Problem(place, rule, found_there, ", ".join(FIELDS), remedy))
