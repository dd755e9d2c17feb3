"""What the columns of a table of coded segments mean: guessed from headings of known programs, corrected by people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from crosscase.errors import CrosscaseError, Problem, raise_if

FIELDS = {
    "document": "document media title|file name|filename|document name|document|source name|source title|source|file|"
    "transcript|document group and name|media title|resource name|document title|interview|"
    "dokumentname|dokument|dokumenttitel|quelle|datei|dateiname|documentnaam|bron|bestand|bestandsnaam|"
    "nom du document|document nom|nom du fichier|fichier|nombre del documento|documento|nombre de archivo|archivo|"
    "fuente|nome do documento|nome do arquivo|arquivo|fonte|nome del documento|nome documento|nome del file|"
    "dokumentnavn|dokumentnamn|kilde|källa|fil|filnavn|filnamn|intervju|entretien|entrevista|intervista|"
    "participant|teilnehmer|teilnehmende|befragte|deltaker|deltager|deltagare|deelnemer|respondent|informant|interviewee|"
    "interviewpartner|participante|partecipante|répondant",
    "quotation": "coded text|quotation content|quotation|segment|coded segment|excerpt copy|excerpt|text content|"
    "content|snippet|seltext|selected text|text|coded segments|reference text|quote|highlight|"
    "zitat|text segment|zitatinhalt|codiertes segment|kodiertes segment|codierte segmente|inhalt|codierter text|"
    "gecodeerd segment|gecodeerde segmenten|citaat|citaatinhoud|fragment|gecodeerde tekst|"
    "segment codé|segments codés|texte codé|texte encodé|contenu de la citation|citation|extrait|texte|"
    "segmento codificado|segmentos codificados|segmento|texto codificado|contenido de la cita|cita|texto|"
    "conteúdo da citação|citação|trecho|testo codificato|contenuto della citazione|citazione|testo|"
    "statement|utterance|sentence|answer|verbatim|aussage|äußerung|antwort|énoncé|réponse|uitspraak|antwoord|"
    "sitat|citat|utsagn|udsagn|uttalande|uttalelse|ytring|svar|utdrag|uddrag|tekst|kodet tekst|kodet segment|"
    "kodad text|kodat segment|kodede segmenter|kodade segment",
    "code": "code|codes|code name|codes applied combined|code system|tag|tags|node|node name|theme code|"
    "hierarchical name|code path|codename|nodes|codesystem|keyword|keywords|quirk|quirks|label|"
    "kode|kodes|knoten|codewort|stichwort|codenaam|knooppunt|nœud|noeud|nom du code|système de codes|nom hiérarchique|"
    "código|códigos|nodo|nodos|nombre del código|sistema de códigos|nombre jerárquico|nó|nome do código|codice|codici|"
    "koder|kod|kodenavn|kodnamn|étiquette|category|kategorie|kategori|catégorie|categorie|categoría|theme|thema|tema|thème",
    "coder": "coder|created by|author|user|owner|coded by|excerpt creator|initials|coder name|coder initials|"
    "coded by initials|creator|rater|annotator|bearbeiter|erstellt von|ersteller|codierer|autor|gemaakt door|auteur|"
    "codeur|créé par|codé par|utilisateur|creado por|codificado por|codificador|usuario|criado por|autore|creato da|"
    "modified by|geändert von|bearbeitet von|gewijzigd door|modifié par|modificado por|modificato da|"
    "researcher|forscher|forscherin|forsker|forskare|chercheur|chercheuse|onderzoeker|investigador|ricercatore|"
    "kodet av|kodet af|kodad av|opprettet av|oprettet af|skapad av|forfatter|författare|bruker|bruger|användare|"
    "gecodeerd door|codeerder|endret av|ændret af|ändrad av",
    "start": "start|begin|start position|from|start offset|selfirst|pos0|anfang|beginning|"
    "begin position|startposition|van|début|inicio|início|inizio|"
    "fra|från|begynnelse|startposisjon|startpunkt",
    "end": "end|stop|end position|to|end offset|selend|pos1|ende|endposition|einde|eind|tot|fin|final|fim|fine|"
    "slutt|slut|til|till|sluttposisjon",
    "case": "case|case name|participant|site|region|case label|fall|fallname|casus|cas|caso|"
    "fallbeispiel|tilfelle|kasus|sak|standort|lieu|établissement|locatie|instelling|sted|plats|ort|sitio|sito|"
    "participant|teilnehmer|deltaker|deltager|deltagare|deelnemer|participante|partecipante",
    "group": "document group|dokumentgruppe|documentgroep|groupe de documents|grupo de documentos|gruppo di documenti|"
    "dokumentgrupp|dokumentgrupper",
    "memo": "comment|memo|coding comment|notes|note|kommentar|remark|opmerking|opmerkingen|bemerkung|commentaire|"
    "comentario|comentário|commento|"
    "merknad|notat|anteckning|bemærkning|notiz|notities|note de codage",
    "date": "date|creation date|created|coded on|excerpt date|datum|creation date time|created on|"
    "erstellt|erstellt am|bearbeitet am|geändert am|aangemaakt|aangemaakt op|erstellungsdatum|"
    "date de création|créé|créé le|fecha|fecha de creación|creado|criado|criado em|data|data de criação|creato|"
    "modified|modified on|"
    "dato|opprettet|oprettet|skapad|endret|ændret|ändrad|opprettet dato|date modifiée",
    "locator": "locator|reference|page|excerpt range|position|paragraph reference|timestamp|referenz|référence|"
    "referencia|referência|riferimento|"
    "referanse|referens|verwijzing|side|sida|seite|pagina|avsnitt|absatz",
    "definition": "definition|code definition|code description|description|"
    "beschreibung|beschrijving|définition|definitie|beskrivelse|beskrivning|definisjon|definición|definizione",
    "valence": "valence|direction",
    "round": "round|pass|phase",
    "theme": "theme|theme name|thema|tema|thème",
    "role": "role|stakeholder role|stakeholder|rolle|rol|roll|rôle",
    "role_mode": "role mode",
    "code_label": "code label",
    "code_path": "code_path",
    "document_title": "document_title",
    "case_label": "case label",
    "weight": "weight|weight score|gewicht|gewichtung|poids|peso|ponderación|vekt|vikt|vægt",
    "n_codes": "number of codes|code count|codes count|anzahl kodes|anzahl codes|nombre de codes|aantal codes|"
    "antall koder|antal koder|número de códigos|numero di codici",
    "unit": "unit|unit id|segment id|id|nr|no|number|item|passage|einheit|eenheid|unité|enhet|enhed|unidad|unità",
    "codes_by_column": "",
}
CODE_RULES = {
    "code_as_is": "each cell is one code, marks and all",
    "code_or_above": "an empty cell means the code above",
    "codes_by_comma": ",",
    "codes_by_semicolon": ";",
    "codes_by_slash": "/",
    "codes_by_line": "\n",
}
WIDE = {
    "code_of_coder": "the codes that one coder gave, whose name is the heading",
    "marks_of_code": "a mark where the code in the heading is given",
}
"""What a person may say of a column with `--map`, beyond what it holds."""
SEVERAL = re.compile(r"^code:\s*(?P<code>.+?)\s+applied$", re.IGNORECASE)
SHAPES = (
    "the table is one row per coding (document, quotation, code, coder); or one row per segment with a column "
    "per coder (quotation, Coder 1, Coder 2) or a column of marks per code (unit, coder, one column for each code); "
    "or a codebook (code, definition)"
)


def plain(heading: object) -> str:
    """Return a heading in small letters, with single spaces in the place of all marks.

    Examples
    --------
    >>> plain("Code_path (old)")
    'code path old'
    """
    return re.sub(r"[^\w]+", " ", str(heading).lower()).replace("_", " ").strip()


_VOCABULARY = frozenset(
    plain(word) for field, words in FIELDS.items() if field != "unit" for word in (field, *words.split("|"))
)


def known(cells: Sequence[object]) -> int:
    """Return how many cells of a row are headings of a table of coded segments, each counted once.

    Examples
    --------
    >>> known(["Dokument", "Kode", "2", None]), known(["A report", "all coders"])
    (2, 0)
    """
    return len({word for cell in cells if isinstance(cell, str) and (word := plain(cell)) in _VOCABULARY})


def guess(frame: pd.DataFrame, corrections: Mapping[str, str], place: str) -> dict[str, str]:
    """Return which column holds what, field -> heading, each once; whether that is enough is not asked here.

    Corrections (heading -> field, or `-` for a column that means nothing) win over the guess; what they say of how
    codes are written (`CODE_RULES`) makes a column one of codes. `CrosscaseError` where a correction names no column or
    no field.

    Examples
    --------
    >>> guess(pd.DataFrame(columns=["Document name", "Code", "Segment", "Created by"]), {}, "a.xlsx")
    {'document': 'Document name', 'quotation': 'Segment', 'code': 'Code', 'coder': 'Created by'}
    """
    corrected = _corrections(frame, corrections, place)
    free = {plain(heading): heading for heading in reversed(list(frame.columns)) if heading not in corrections}
    found: dict[str, str] = {}
    for field, headings in FIELDS.items():
        if field in corrected.values():
            found[field] = next(heading for heading, to in corrected.items() if to == field)
            continue
        wanted = dict.fromkeys([plain(field), *(plain(h) for h in headings.split("|"))])
        hit = next((free[h] for h in wanted if h in free and free[h] not in found.values()), None)
        if hit is not None:
            found[field] = hit
    if "code" not in corrected.values() and any(SEVERAL.match(str(heading)) for heading in frame.columns):
        found.pop("code", None)
        found["codes_by_column"] = "Code: ... Applied"
    return found


def _corrections(frame: pd.DataFrame, corrections: Mapping[str, str], place: str) -> dict[str, str]:
    problems = []
    headings = ", ".join(map(str, frame.columns))
    kept = {}
    for heading, field in corrections.items():
        if field == "codes_by_column":
            continue
        if heading not in frame.columns:
            problems.append(Problem(f"{place}, column {heading!r}", "the table has the column", "no", headings))
        elif field not in {*FIELDS, *CODE_RULES, *WIDE, "-"}:
            rule = "a column is one of the known fields, or - for none"
            problems.append(Problem(f"{place}, column {heading!r}", rule, repr(field), _fields()))
        elif field != "-":
            kept[heading] = "code" if field in CODE_RULES else field
    raise_if(problems)
    return kept


def _fields() -> str:
    return ", ".join([*(field for field in FIELDS if field != "codes_by_column"), *CODE_RULES, *WIDE])


def not_found(frame: pd.DataFrame, found: Mapping[str, str], place: str) -> CrosscaseError:
    """Return the refusal of a table whose columns are not enough, with what was recognised and the shapes wanted."""
    shown = "; ".join(f"{field} = {heading}" for field, heading in found.items()) or "none recognised"
    found_there = f"columns {', '.join(map(repr, map(str, frame.columns[:30])))} ({shown})"
    remedy = "bring the table into one of these shapes, or say what a column means: --map 'COLUMN=FIELD'"
    return CrosscaseError(Problem(place, SHAPES, found_there, _fields(), remedy))
