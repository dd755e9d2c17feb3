"""What a study collected, as its publications state it: drift over publications, sums that should agree, timeline."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from crosscase import ids
from crosscase.frames import need

STAGE_ORDER = ("poster", "abstract", "paper", "thesis", "report", "record", "press", "unpublished")

COUNTED = "counted from the documents at hand"
"""What the column `source` says of a row that was counted."""
METHODS = {
    "interview": ("interview", "interviews"),
    "focus group": ("focus_group", "focus groups"),
    "observation": ("observation", "observations"),
    "field notes": ("field_notes", "field notes"),
    "survey": ("survey", "surveys"),
    "policy document": ("document_analysis", "policy documents"),
    "published report": ("document_analysis", "published reports"),
    "conference abstract": ("document_analysis", "conference abstracts"),
    "repository record": ("document_analysis", "repository records"),
    "picture": ("other", "pictures"),
    "audio": ("other", "audio recordings"),
    "video": ("other", "video recordings"),
}
"""Kind of document -> the method by which it was collected, and its unit; `other` says no kind yet."""
NEW, STANDS, DIFFERS, BY_HAND = "new", "stands", "differs", "written by hand"


def drift(inventory: pd.DataFrame) -> pd.DataFrame:
    """Return the same amount over the stages of publication, wherever more than one stage speaks of it.

    Amounts are the same when method and unit are; parts of a whole are left out.

    Parameters
    ----------
    inventory : pandas.DataFrame
        Table `inventory`: `item, stage, method, label, n, unit, status, part_of, source`.

    Returns
    -------
    pandas.DataFrame
        One row per amount and stage: `measure` (method and unit), `unit`, `stage`, `n` (empty where not stated),
        `status`, `differs` (whether the stages that state a number state different ones), `source`.

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["a", "b"], "stage": ["abstract", "paper"], "method": "interview",
    ...     "label": "", "n": [52.0, 54.0], "unit": "interviews", "status": "stated", "part_of": None, "source": ""})
    >>> drift(frame)[["stage", "n", "differs"]].values.tolist()
    [['abstract', 52.0, True], ['paper', 54.0, True]]
    """
    whole = inventory[inventory["part_of"].isna()].copy()
    whole["measure"] = whole["method"].str.replace("_", " ") + " (" + whole["unit"] + ")"
    grouped = whole.groupby("measure", sort=False)
    whole = whole[grouped["stage"].transform("nunique") > 1].copy()
    whole["differs"] = whole.groupby("measure")["n"].transform(lambda n: n.dropna().nunique() > 1).astype(bool)
    whole["_order"] = whole["stage"].map({stage: place for place, stage in enumerate(STAGE_ORDER)})
    first = {measure: place for place, measure in enumerate(whole["measure"].drop_duplicates())}
    whole = whole.sort_values(["measure", "_order"], key=lambda c: c.map(first) if c.name == "measure" else c)
    return whole[["measure", "unit", "stage", "n", "status", "differs", "source"]].reset_index(drop=True)


def arithmetic_check(inventory: pd.DataFrame) -> pd.DataFrame:
    """Compare each stated whole with the sum of its stated parts, and with the sum of the smallest parts.

    Parameters
    ----------
    inventory : pandas.DataFrame
        Table `inventory`; `part_of` names the whole of each part.

    Returns
    -------
    pandas.DataFrame
        One row per whole: `item`, `label`, `unit`, `stated`, `parts` (in words), `n_parts`, `sum_of_parts`,
        `sum_of_smallest_parts`, `difference` (sum minus stated), `agrees` (empty where undefined), `reason`.

    Examples
    --------
    >>> frame = pd.DataFrame({"item": ["all", "one", "two"], "label": "", "unit": "hours", "n": [100.0, 35.0, 70.0],
    ...     "part_of": [None, "all", "all"], "source": ""})
    >>> arithmetic_check(frame)[["stated", "sum_of_parts", "difference", "agrees"]].values.tolist()
    [[100.0, 105.0, 5.0, False]]
    """
    known = inventory.set_index("item")
    rows = []
    for item in known.index.intersection(inventory["part_of"].dropna().unique(), sort=False):
        whole, parts = known.loc[item], inventory[inventory["part_of"] == item]
        reason = ""
        if (parts["unit"] != whole["unit"]).any():
            reason = "the parts have other units"
        elif parts["n"].isna().any() or pd.isna(whole["n"]):
            reason = "a number is not stated"
        total = float("nan") if reason else float(parts["n"].sum())
        rows.append(
            {
                "item": item,
                "label": whole["label"],
                "unit": whole["unit"],
                "stated": whole["n"],
                "parts": " + ".join(f"{n:g}" for n in parts["n"].dropna()),
                "n_parts": len(parts),
                "sum_of_parts": total,
                "sum_of_smallest_parts": float("nan") if reason else _leaves(inventory, item),
                "difference": total - whole["n"],
                "agrees": pd.NA if reason else bool(total == whole["n"]),
                "reason": reason,
            }
        )
    columns = ["item", "label", "unit", "stated", "parts", "n_parts", "sum_of_parts", "sum_of_smallest_parts"]
    frame = pd.DataFrame(rows, columns=[*columns, "difference", "agrees", "reason"])
    return frame.astype({"agrees": "boolean"})


def _leaves(inventory: pd.DataFrame, item: str) -> float:
    """Add up the parts that have no parts of their own."""
    parts = inventory[inventory["part_of"] == item]
    inner = set(inventory["part_of"].dropna())
    return float(sum(_leaves(inventory, row.item) if row.item in inner else row.n for row in parts.itertuples()))


def timeline(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the dated events of a study (table `facts`) in order of time.

    `date` (ISO 8601, to the precision known), `precision` (year, month or day), `event`, `stage`, `source`, `fact`.

    Examples
    --------
    >>> facts = pd.DataFrame({"fact": ["a", "b"], "date": ["2018-01", "2015"], "event": ["later", "first"],
    ...     "stage": "paper", "source": ""})
    >>> timeline(facts)[["event", "precision"]].values.tolist()
    [['first', 'year'], ['later', 'month']]
    """
    dated = facts[facts["date"].notna() & facts["event"].notna()].copy()
    dated["precision"] = dated["date"].str.len().map({4: "year", 7: "month", 10: "day"})
    dated = dated.sort_values("date", kind="stable")
    return dated[["date", "precision", "event", "stage", "source", "fact"]].reset_index(drop=True)


def inventory_bars(inventory: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts of every stage with a label that says what and in which publication, for drawing.

    `method, label, unit, amount, status`; parts of a whole are left out.
    """
    whole = inventory[inventory["part_of"].isna()]
    several = whole["stage"].nunique() > 1
    label = whole["label"] + (" (" + whole["stage"] + ")" if several else "")
    return pd.DataFrame(
        {
            "method": whole["item"],
            "label": label,
            "unit": whole["unit"],
            "amount": whole["n"],
            "status": whole["status"],
        }
    ).reset_index(drop=True)


def sources_table(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the documents as a reader wants them: what each is, how long, how far its text may travel.

    `document, title, kind, language, date, code_points, paragraphs, sentences, release, release_reason`.
    """
    columns = ["document", "title", "kind", "language", "date", "code_points", "paragraphs", "sentences"]
    return documents[[*columns, "release", "release_reason"]].copy()


def from_documents(
    documents: pd.DataFrame, pages: pd.DataFrame, words: Mapping[str, int] | None = None
) -> pd.DataFrame:
    """Return rows of the table `inventory` counted from the documents: how many of a kind, participants, pages, words.

    Documents of the kind `other` are not counted: nobody has said what they are.

    Parameters
    ----------
    documents : pandas.DataFrame
        `document, kind, participant, role, date`.
    pages : pandas.DataFrame
        `document, page`.
    words : mapping of str to int, optional
        Document -> how many words its text has, where that is known.

    Returns
    -------
    pandas.DataFrame
        `item, stage, method, label, n, unit, status` (derived), `roles`, `source`, `note` (dates; of how many documents
        a number is known), in the order of the kinds of documents.

    Examples
    --------
    >>> documents = pd.DataFrame({"document": ["a", "b"], "kind": "interview", "participant": ["p1", "p1"],
    ...     "role": "nurse", "date": ["2024-05", "2024-03-01"]})
    >>> found = from_documents(documents, pd.DataFrame({"document": [], "page": []}))
    >>> found[["label", "n", "unit"]].values.tolist()
    [['Interviews', 2, 'interviews'], ['Interviews: participants', 1, 'participants']]
    """
    need(documents, ["document", "kind", "participant", "role", "date"], "documents")
    need(pages, ["document", "page"], "pages")
    rows = []
    for kind in (kind for kind in METHODS if documents["kind"].eq(kind).any()):
        mine = documents[documents["kind"].eq(kind)]
        names, known = set(mine["document"]), mine["participant"].dropna()
        printed = pages[pages["document"].isin(names)]
        counted = {name: n for name, n in (words or {}).items() if name in names}
        found = [
            ("", len(mine), METHODS[kind][1], len(mine), _collected(mine["date"])),
            ("participants", known.nunique(), "participants", len(known), None),
            ("pages", len(printed), "pages", printed["document"].nunique(), None),
            ("words", sum(counted.values()), "words", len(counted), None),
        ]
        rows += [_counted(kind, *each, mine) for each in found if each[3]]
    columns = ["item", "stage", "method", "label", "n", "unit", "status", "roles", "source", "note"]
    return pd.DataFrame(rows, columns=columns)


def _counted(kind: str, what: str, n: int, unit: str, of: int, note: str | None, mine: pd.DataFrame) -> dict:
    """Return one row: so many of a unit, known of so many documents of a kind."""
    method, plural = METHODS[kind]
    some = None if of == len(mine) else f"known of {of} of {len(mine)} documents"
    return {
        "item": "-".join(filter(None, ("documents", *kind.split(), what))),
        "stage": "unpublished",
        "method": method,
        "label": plural[0].upper() + plural[1:] + (f": {what}" if what else ""),
        "n": n,
        "unit": unit,
        "status": "derived",
        "roles": None if what else ids.join(dict.fromkeys(ids.each(mine["role"]).dropna())) or None,
        "source": COUNTED,
        "note": note or some,
    }


def _collected(dates: pd.Series) -> str | None:
    known = sorted(dates.dropna().astype(str))
    if not known:
        return None
    when = f"collected {known[0]}" if known[0] == known[-1] else f"collected from {known[0]} to {known[-1]}"
    return when if len(known) == len(dates) else f"{when} ({len(known)} of {len(dates)} dated)"


def beside_what_stands(counted: pd.DataFrame, inventory: pd.DataFrame) -> pd.DataFrame:
    """Return counted rows with what the inventory says already.

    Parameters
    ----------
    counted : pandas.DataFrame
        As of `from_documents`.
    inventory : pandas.DataFrame
        The table as it stands: `item, method, n, unit, source`.

    Returns
    -------
    pandas.DataFrame
        `counted` with `state` and `stands` (the number there). `new`: nothing is said. `stands`: the row is there with
        this number. `differs`: it is there with another number. `written by hand`: a person wrote a row for the same
        method and unit.

    Examples
    --------
    >>> counted = pd.DataFrame({"item": ["documents-interview"], "method": "interview", "n": [3], "unit": "interviews"})
    >>> beside_what_stands(counted, counted.assign(item="talks", n=4, source="report"))["state"].tolist()
    ['written by hand']
    """
    need(counted, ["item", "method", "n", "unit"], "counted")
    need(inventory, ["item", "method", "n", "unit", "source"], "inventory")
    same = dict(zip(inventory["item"], inventory["n"]))
    hand = inventory[inventory["source"].ne(COUNTED).fillna(True)]
    said = {(row.method, row.unit): row.n for row in hand.iloc[::-1].itertuples()}
    states, stands = [], []
    for row in counted.itertuples():
        there = same.get(row.item, said.get((row.method, row.unit), pd.NA))
        if row.item in same:
            states.append(STANDS if pd.notna(there) and there == row.n else DIFFERS)
        else:
            states.append(BY_HAND if (row.method, row.unit) in said else NEW)
        stands.append(there)
    return counted.assign(state=states, stands=pd.Series(stands, index=counted.index, dtype="object"))
