"""Small files and folders of programs for annotation, of transcripts and of hand-made tables, for `fuzz_readers`."""

# ruff: noqa: E501  (the files are written as their programs write them)
from __future__ import annotations

import json

TALK = "\U0001f600 The bus was late.\nWe walked.\n"
AT = TALK.index("bus")
DOCCANO = [
    {"id": 1, "text": TALK, "label": [[AT, AT + 3, "Transport"]], "participant": "P1"},
    {
        "id": 2,
        "text": TALK,
        "entities": [{"id": 1, "label": "Delay", "start_offset": AT, "end_offset": AT + 3}],
        "relations": [],
    },
    {"text": TALK, "spans": [{"start": AT, "end": AT + 3, "label": "Car"}], "_annotator_id": "ann", "answer": "accept"},
    {"text": "Other.", "accept": ["Calm"], "options": [{"id": "Calm"}], "answer": "reject"},
]


def _span(start: object, end: object, kind: str, label: object, **more: object) -> dict:
    return {"to_name": "t", "type": kind, "value": {"start": start, "end": end, kind: label, **more}}


def _task(data: dict, *results: dict, **more: object) -> dict:
    return {
        "id": 1,
        "data": data,
        "annotations": [{"completed_by": {"email": "ann@x"}, "result": list(results), **more}],
    }


LABEL_STUDIO = [
    _task({"text": TALK, "filename": "talk"}, _span(AT + 1, AT + 4, "labels", ["Transport", "Delay"]),
          {"type": "taxonomy", "value": {"taxonomy": [["Mood", "Calm"]]}}),
    _task({"dialogue": [{"author": "I", "text": "Why?"}, {"author": "P", "text": "The bus was late."}]},
          _span("1", "1", "paragraphlabels", ["Bus"], startOffset=4, endOffset=7)),
    _task({"html": "<p>One</p><p>two</p>"},
          _span("/p[1]/text()[1]", "/p[2]", "hypertextlabels", ["Two"], globalOffsets={"start": 3, "end": 6}), was_cancelled=True),
    {"id": 4, "text": "One two", "label": [{"start": 4, "end": 7, "labels": ["Two"]}], "annotator": 3},
]  # fmt: skip
WEBANNO = """#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Code|value|note
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue
#T_RL=webanno.custom.Cause|kind|BT_webanno.custom.Code

#Text=\U0001f600 The bus was late.
1-1\t0-2\t\U0001f600\t_\t_\tSYM\t_\t_
1-2\t3-6\tThe\tDelay[1]\ta\\nb[1]\tDET\t_\t_
1-3\t7-10\tbus\tDelay[1]|Trans\\_port\\|car[2]\t_[1]|x[2]\tNOUN\t_\t_

#Text=We walked.
2-1\t21-23\tWe\t*\t_\tPRON\t_\t_
2-2.1\t24-28\twalk\tStep\t_\t_\t_\t_
"""
CATMA = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><encodingDesc>
<fsdDecl xml:id="CATMA_S" n="Codes 2024"><fsDecl xml:id="CATMA_T1" n="x" type="CATMA_T1"><fsDescr>Travel</fsDescr></fsDecl>
<fsDecl xml:id="CATMA_T2" type="CATMA_T2" baseTypes="CATMA_T1"><fsDescr>Bus</fsDescr></fsDecl></fsdDecl></encodingDesc></teiHeader>
<text><body><ab type="catma"><ptr target="catma://CATMA_D#char=0,7" type="inclusion"/>
<seg ana="#CATMA_A1 #CATMA_A2"><ptr target="catma://CATMA_D#char=7,10" type="inclusion"/></seg>
<ptr target="catma://CATMA_D#char=10,31" type="inclusion"/></ab></body>
<fs xml:id="CATMA_A1" type="CATMA_T1"><f name="catma_markupauthor"><string>ann</string></f><f name="tone"><string>low</string></f></fs>
<fs xml:id="CATMA_A2" type="CATMA_T2"><f name="catma_markuptimestamp"><string>2021-10-11T14:35:33.000+0200</string></f></fs></text></TEI>
"""
ANN = f"T1\tTransport {AT} {AT + 3}\tbus\nT2\tDelay {AT} {AT + 3};{AT + 4} {AT + 7}\tbus was\n#1\tAnnotatorNotes T1\tn\nA1\tNegated T1\nR1\tCause Arg1:T1 Arg2:T2\n"
VTT = "WEBVTT\n\nNOTE x\n\n1\n00:00:01.000 --> 00:00:02.000 align:start\n<v Ann>We <i>were</i>\n\n00:02.000 --> 00:03.000\n<v Ann>late &amp; lost.</v> <v Ben>Yes.</v>\n"
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nAnn: One.\r\n\r\n2\r\n00:00:02,000 --> 00:00:03,000\r\nAnn: Two\r\n"
CODERS = "Passage;Interview;Coder 1;Coder 2;Agreed\nNobody has time.;I1;time;time, money;time\nThey know us.;I1;trust;trust;trust\nNo money.;I2;;money;money\n"
PRESENCE = (
    "Interview,Quotation,Trust,Time,Money\nI1,Nobody has time.,0,1,0\nI1,They know us.,1,0,0\nI2,No money.,,1,1\n"
)
LEVELS = "Interview,Theme,Category,Code,Definition,Quote\nI1,Work,Time,Hours,what,Nobody has time.\n,,,Money,,No money.\nI2,,Trust,They,x,They know us.\n"
SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
ODS = f"""<?xml version="1.0"?><office:document-content {SPACES}><office:body><office:spreadsheet><table:table table:name="s">
<table:table-row><table:table-cell office:value-type="string"><text:p>document</text:p></table:table-cell><table:table-cell><text:p>quotation</text:p></table:table-cell><table:table-cell><text:p>code</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-rows-spanned="2"><text:p>d1</text:p></table:table-cell><table:table-cell><text:p>The<text:s text:c="2"/>bus<office:annotation><text:p>x</text:p></office:annotation></text:p></table:table-cell><table:table-cell office:value-type="float" office:value="7.5" table:number-columns-repeated="1"><text:p>7,5</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"""
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def files() -> dict[str, bytes]:
    """Return one small file per format that is no archive."""
    return {
        "doccano.jsonl": "".join(json.dumps(each) + "\n" for each in DOCCANO).encode(),
        "studio.json": json.dumps(LABEL_STUDIO).encode(),
        "webanno.tsv": WEBANNO.encode(),
        "catma.xml": CATMA.encode(),
        "talk.vtt": VTT.encode(),
        "talk.srt": SRT.encode("utf-16"),
        "coders.csv": CODERS.encode("cp1252"),
        "presence.csv": PRESENCE.encode(),
        "levels.csv": LEVELS.encode(),
    }


def folders(commented: bytes) -> dict[str, dict[str, bytes]]:
    """Return small folders, each file by its name in them; `commented` is a Word file with comments."""
    talk = TALK.encode()
    return {
        "brat": {
            "ann/talk.txt": talk,
            "ann/talk.ann": ANN.encode(),
            "ben/talk.txt": talk,
            "ben/talk.ann": ANN.encode(),
        },
        "inception": {f"annotation/talk.txt/{coder}.tsv": WEBANNO.encode() for coder in ("ann", "ben", "INITIAL_CAS")},
        "catma": {"talk/talk.txt": talk, "talk/annotationcollections/first.xml": CATMA.encode()},
        "word": {"one.docx": commented, "two.docx": commented, "three.txt": talk},
        "mixed": {
            "talk.txt": talk,
            "sub/talk.vtt": VTT.encode(),
            "coded.csv": b"document,start,end,quotation,code,coder\ntalk,6,9,bus,car,ann\ntalk.vtt,,,late,delay,ben\n",
            "people.csv": b"age,town\n31,Ghent\n",
        },
        "coders": {"ann.jsonl": json.dumps(DOCCANO[0]).encode(), "ben.jsonl": json.dumps(DOCCANO[1]).encode()},
    }
