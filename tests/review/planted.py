"""For each check a small study in which one thing is wrong, made of a simulated one in which nothing is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from crosscase.review import Computed, Material
from crosscase.simulate import claimed_study
from crosscase.study import StudyInfo

NAME = "simulated"
CODE, CHAPTER = "theme_1_code_1", f"book/studies/{NAME}.md"


@dataclass
class Made:
    """A study that can be spoilt."""

    frames: dict[str, pd.DataFrame]
    info: dict[str, Any]
    prose: dict[str, str]
    values: dict[str, dict[str, Any]]
    memos: dict[str, str]

    def set(self, table: str, key: str, value: str, **cells: Any) -> None:
        """Change cells of one row."""
        frame = self.frames[table]
        for column, cell in cells.items():
            if column not in frame:
                frame[column] = None
            frame[column] = frame[column].astype("object")
            frame.loc[frame[key].eq(value), column] = cell

    def add(self, table: str, **cells: Any) -> None:
        """Add one row."""
        row = pd.DataFrame([cells])
        frame = self.frames.get(table)
        self.frames[table] = row if frame is None else pd.concat([frame, row], ignore_index=True)

    def drop(self, table: str, rows: pd.Series) -> None:
        """Take rows out."""
        self.frames[table] = self.frames[table][~rows].reset_index(drop=True)

    def code(self, id: str, **cells: Any) -> None:
        """Let every coder code one more place; the coding of the first has the id."""
        place = {"document": "case_1_talk_1.txt", "start": 90_000, "end": 90_100, "round": "1", "theme": "theme_1"}
        place |= {"code": CODE, "valence": "neutral", "case": "case_1", "role": "role_1", "role_mode": "voice", **cells}
        for number, coder in enumerate(["coder_1", "coder_2", "coder_3"]):
            self.add("codings", coding_id=id if not number else f"{id}-{coder}", coder=coder, **place)

    def find(self, id: str, *segments: str, **cells: Any) -> None:
        """Add a finding that stands on some segments."""
        row = {"heading": "It is so", "statement": "It is so.", "kind": "within_case", "strength": "stated"}
        row |= {"codes": CODE, "looked_for": "Passages that tell the contrary of it.", "author": "judge"}
        self.add("argument", finding=id, segments=";".join(segments), date="2026-01-01", **row | cells)

    def first(self, number: int, **cells: str) -> list[str]:
        """Return the ids of the first codings of the primary coder with some cells."""
        mine = self.frames["codings"]
        for column, cell in {"coder": "coder_1", **cells}.items():
            mine = mine[mine[column].eq(cell)]
        return mine["coding_id"].head(number).tolist()

    def where(self, table: str, **cells: str) -> pd.Series:
        """Tell which rows hold some cells."""
        frame = self.frames[table]
        rows = pd.Series(True, index=frame.index)
        for column, cell in cells.items():
            rows &= frame[column].eq(cell)
        return rows

    def material(self) -> Material:
        """Return it as the second reader has it."""
        info = StudyInfo(**self.info)
        return Material(NAME, info, self.frames, self.prose, Computed(self.values), self.memos)


def clean() -> Made:
    """Return a study in which nothing is wrong."""
    made = claimed_study(n_coders=3, contrary=0.3, seed=4)
    frames = {name: frame.copy() for name, frame in made.frames.items()}
    return Made(frames, made.info, dict(made.prose), dict(made.values), dict(made.memos))


def one_voice(made: Made) -> None:
    for table in ("codings", "quotations"):
        made.set(table, "theme", "theme_1", role="role_1")


def one_document(made: Made) -> None:
    frame = made.frames["codings"]
    rows = made.where("codings", theme="theme_1")
    frame.loc[rows, ["start", "end"]] += 100_000 * frame.loc[rows, ["document"]].rank(method="dense").to_numpy().astype(
        int
    )
    frame.loc[rows, "document"] = "case_1_talk_1.txt"


def no_segment(made: Made) -> None:
    made.add("themes", theme="bare", label="Bare", kind="theme", order=9, status="stated")


def twice(made: Made) -> None:
    made.add("themes", theme="again", label="Again", kind="theme", order=9, status="stated")
    same = made.frames["codings"][made.where("codings", theme="theme_1")]
    again = same.assign(theme="again", coding_id="again-" + same["coding_id"])
    made.frames["codings"] = pd.concat([made.frames["codings"], again], ignore_index=True)


def against_its_segments(made: Made) -> None:
    made.set("themes", "theme", "theme_1", valence="promotes", valence_note=None)
    made.drop("framework_map", made.where("framework_map", theme="theme_1"))


def hidden(made: Made) -> None:
    made.set("themes", "theme", "theme_1", valence_note=None)
    made.drop("argument", made.frames["argument"]["finding"].str.startswith("theme_1"))


def noted(made: Made) -> None:
    made.set("themes", "theme", "theme_1", valence_note="inhibits, meetings promote")


def mapped(made: Made) -> None:
    made.set("framework_map", "theme", "theme_1", direction="facilitator")


def unsigned(made: Made) -> None:
    made.set("relations", "source", "theme_1", sign="?")


def unused(made: Made) -> None:
    _code(made, "unused")


def lonely(made: Made) -> None:
    _code(made, "lonely")
    for n in range(6):
        made.code(f"x{n}", code="lonely", start=90_000 + 1_000 * n, end=90_100 + 1_000 * n)
    made.drop("codings", made.where("codings", code="lonely") & ~made.where("codings", coder="coder_2"))


def same_definition(made: Made) -> None:
    book = made.frames["codebook"].set_index("code")
    made.set("codebook", "code", "theme_2_code_1", definition=book.loc[CODE, "definition"])


def no_rule(made: Made) -> None:
    made.set("codebook", "code", CODE, exclusion=None)


def exchanged(made: Made) -> None:
    rows = made.where("codings", coder="coder_2", code=CODE)
    made.frames["codings"].loc[rows, "code"] = "theme_2_code_1"


def rare(made: Made) -> None:
    _code(made, "rare")
    made.code("x1", code="rare")


def reflexive(made: Made) -> None:
    made.info["stance"] = "reflexive"


def undescribed(made: Made) -> None:
    made.info["coders"]["coder_2"] = {"kind": "person", "description": ""}


def alone(made: Made) -> None:
    made.info["stance"] = "coding_reliability"
    made.drop("codings", ~made.where("codings", coder="coder_1"))


def copied(made: Made) -> None:
    made.drop("codings", made.where("codings", coder="coder_3"))
    mine = made.frames["codings"][made.where("codings", coder="coder_2")]
    copy = mine.assign(coder="coder_3", coding_id="copy-" + mine["coding_id"])
    made.frames["codings"] = pd.concat([made.frames["codings"], copy], ignore_index=True)


def unopposed(made: Made) -> None:
    made.set("argument", "finding", "time", looked_for="nothing")


def one_reading(made: Made) -> None:
    made.code("x1", start=91_000, end=91_100)
    made.code("x2", start=92_000, end=92_100)
    made.drop("codings", made.frames["codings"]["coding_id"].str.contains("^x[12]-"))
    made.find("alone", "x1", "x2")


def one_case(made: Made) -> None:
    made.code("x1")
    made.code("x2", start=91_000, end=91_100)
    made.find("narrow", "x1", "x2", kind="cross_case")


def framed(made: Made) -> None:
    made.code("x1", theme="methods")
    made.find("title", "x1")


def thin(made: Made) -> None:
    made.find("guess", *made.first(1, code=CODE), strength="inferred")


def crowded(made: Made) -> None:
    one, *others = made.first(4, code=CODE)
    for number, other in enumerate(others):
        made.find(f"again-{number}", one, other)


def no_rival(made: Made) -> None:
    made.drop("argument", made.where("argument", kind="rival"))


def upside_down(made: Made) -> None:
    made.code("x1", valence="promotes")
    against = made.frames["argument"].set_index("finding").loc["theme_1", "against"]
    made.set("argument", "finding", "theme_1", against=";".join(filter(None, [against, "x1"])))
    made.find("upside-down", "x1", direction="promotes", themes="theme_1")


def unweighed(made: Made) -> None:
    made.code("x1", valence="promotes")
    made.set("themes", "theme", "theme_1", valence=None, valence_note=None)


def silent(made: Made) -> None:
    made.set("argument", "finding", "time", heading="Nobody mentions money")


def not_stated(made: Made) -> None:
    made.set("argument", "finding", "time", values=f"{NAME}.began")


def both_sides(made: Made) -> None:
    made.set("argument", "finding", "time", against=made.frames["argument"]["segments"].iloc[-1].split(";")[0])


def untold(made: Made) -> None:
    made.prose[CHAPTER] = made.prose[CHAPTER].replace("```{findings} simulated", "```{study-facts} simulated")


def not_in_all(made: Made) -> None:
    made.set("themes", "theme", "theme_1", case="every_case")
    made.frames["codings"].loc[made.where("codings", theme="theme_1", case="case_3"), "case"] = None


def unquoted(made: Made) -> None:
    made.set("quotations", "case", "case_3", case=None)


def wordless(made: Made) -> None:
    made.add("cases", case="case_9", label="Case 9", kind="case", coverage="partial")


def loud(made: Made) -> None:
    roles = made.frames["quotations"]["role"].tolist()
    made.frames["quotations"]["role"] = [*(["role_1"] * (len(roles) - 3)), "role_2", "role_3", "role_4"]


def unheard(made: Made) -> None:
    made.add("roles", role="role_9", label="Role 9", kind="role")
    made.set("inventory", "item", "talks", roles="role_1;role_9")


def small_share(made: Made) -> None:
    made.values[f"{NAME}.share"] = made.values[f"{NAME}.share"] | {"n": 7}


def unlike_lengths(made: Made) -> None:
    documents = made.frames["documents"]
    documents.loc[made.where("documents", case="case_1"), "code_points"] *= 10
    made.prose[CHAPTER] += "\n{value}`simulated.segments.case_1` beside {value}`simulated.segments.case_2`.\n"


def one_sentence(made: Made) -> None:
    made.drop("relations", made.where("relations", target="theme_4"))
    same = {"document": "case_1_talk_1.txt", "spans": "9000-9100", "kind": "stated", "directed": True}
    made.add("relations", relation="x1", source="theme_1", target="theme_4", sign="-", **same)
    made.add("relations", relation="x2", source="theme_2", target="theme_4", sign="+", **same)


def contrary_signs(made: Made) -> None:
    place = {"document": "case_1_talk_1.txt", "kind": "stated", "directed": True}
    made.add("relations", relation="x1", source="theme_2", target="theme_4", sign="+", spans="9000-9100", **place)
    made.add("relations", relation="x2", source="theme_2", target="theme_4", sign="-", spans="9200-9300", **place)


def own_judge(made: Made) -> None:
    row = {"document": "case_1_talk_1.txt", "start": 95_000, "end": 95_100, "code": CODE, "valence": "inhibits"}
    why = {"reason": "The passage says the same of them.", "decided_on": "2026-01-01", "decided_by": "coder_1"}
    made.add("adjudications", adjudication="x1", round="adjudication", change="added", **row, **why)


def open_memo(made: Made) -> None:
    made.memos["coder_2"] = "# Memo\n\n- The first code should be split.\n"


def defined_anew(made: Made) -> None:
    seen = set(made.frames["adjudications"]["code"]) if "adjudications" in made.frames else set()
    code = next(code for code in made.frames["codings"]["code"] if code not in seen)
    change = {"version": 2, "column": "definition", "before": "old words", "after": "new words", "reason": "clearer"}
    made.add("codebook_changes", code=code, decided_by="judge", decided_on="2026-02-01", **change)


def unlimited(made: Made) -> None:
    made.info["not_stated"] = []
    made.prose[CHAPTER] = made.prose[CHAPTER].replace("## Limits", "## More")


def unasked(made: Made) -> None:
    made.info["question"] = "Not stated yet: write the research question here."


def untold_stance(made: Made) -> None:
    made.info["stance"] = "unspecified"


def _code(made: Made, code: str) -> None:
    words = {"definition": f"whatever is {code} in what they tell", "inclusion": code, "exclusion": "all else"}
    made.add("codebook", code=code, label=code, parent="about_theme_1", example=code, **words)


PLANTED: dict[str, tuple[Callable[[Made], None], str]] = {
    "R01": (one_voice, "theme_1"),
    "R02": (one_document, "theme_1"),
    "R03": (no_segment, "bare"),
    "R04": (twice, "theme_1"),
    "R05": (against_its_segments, "theme_1"),
    "R06": (hidden, "theme_1"),
    "R07": (noted, "theme_1"),
    "R08": (mapped, "theme_1"),
    "R09": (unsigned, "theme_1"),
    "R10": (unused, "unused"),
    "R11": (lonely, "lonely"),
    "R12": (same_definition, CODE),
    "R13": (no_rule, CODE),
    "R14": (exchanged, CODE),
    "R15": (rare, "rare"),
    "R16": (reflexive, "agreement"),
    "R17": (undescribed, "coder_2"),
    "R18": (alone, "all"),
    "R19": (copied, "coder_2"),
    "R20": (unopposed, "time"),
    "R21": (one_reading, "alone"),
    "R22": (one_case, "narrow"),
    "R23": (framed, "title"),
    "R24": (thin, "guess"),
    "R25": (crowded, ""),
    "R26": (no_rival, "all"),
    "R27": (upside_down, "upside-down"),
    "R28": (unweighed, "theme_1"),
    "R29": (silent, "time"),
    "R30": (not_stated, "time"),
    "R31": (both_sides, "time"),
    "R32": (untold, ""),
    "R33": (not_in_all, "theme_1"),
    "R34": (unquoted, "case_3"),
    "R35": (wordless, "case_9"),
    "R36": (loud, "role_1"),
    "R37": (unheard, "role_9"),
    "R38": (small_share, f"{NAME}.share"),
    "R39": (unlike_lengths, f"{NAME}.segments.case_1"),
    "R40": (one_sentence, "theme_4"),
    "R41": (contrary_signs, "x1"),
    "R42": (own_judge, "x1"),
    "R43": (open_memo, "coder_2"),
    "R44": (defined_anew, ""),
    "R45": (unlimited, "all"),
    "R46": (unasked, "all"),
    "R47": (untold_stance, "all"),
}
"""Number of a check -> what spoils a clean study, and what the note is about (empty: the first of many)."""
WITH = {"R35": {"R33", "R34"}}
"""Number of a check -> others that the same fault trips: a case without a word is not quoted either."""
