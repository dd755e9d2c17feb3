"""One very large study through all notebooks of a study: seconds, processor time and memory of each.

    python benchmarks/large_study_bench.py                # 1,000,000 segments, 2,000,000 codings, 5 coders, 200 codes
    python benchmarks/large_study_bench.py --segments 100000 --codings 200000
    python benchmarks/large_study_bench.py --only 30_triangulation --keep FOLDER

The study is generated: what it says means nothing. It has every table that a study can have, so that no notebook is
spared work: each document has a participant and a role, and there are themes, statements of influence, outcomes and
quotations. A segment is a sentence, five sentences make a paragraph. Coders code independently, so they differ almost
everywhere, which is the most there can be to list. Memory is what each kernel held at most, and what all processes of
the build held together at one time, read ten times a second; a page that processes share is counted for each of them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import yaml

from crosscase import paths
from crosscase.simulate.large import LargeStudy, large_study

HERE = Path(__file__).resolve().parent.parent
NAME = "large-study"
NOTEBOOKS = ("10_documents", "20_coding", "30_triangulation", "40_saturation", "50_cases")
GENERATED = "Generated for measuring"
THEMES, CASES = 40, 30
MEMORY = 2**20


def study_tables(made: LargeStudy) -> dict[str, pd.DataFrame]:
    """Return every table of the study: large ones from the generated frames, the others of the size people make."""
    codings = made.codings.drop(columns=["locator", "memo"])
    codings["coding_id"] = "c" + codings["coding_id"].astype("str")
    codings["paragraph"] = (codings["paragraph"] - 1) // 5 + 1
    first = codings["coder"].cat.codes == 0
    codings["theme"] = pd.Categorical.from_codes(
        np.where(first, codings["code"].cat.codes % THEMES, -1), [f"sub_{number:02d}" for number in range(THEMES)]
    )
    out = {"codings": codings, "units": units(made.segments)}
    out["cases"] = pd.DataFrame({"case": codings["case"].cat.categories, "kind": "case"}).assign(
        label=lambda t: t["case"]
    )
    roles = codings["role"].cat.categories
    out["roles"] = pd.DataFrame({"role": roles, "label": roles, "kind": "role"})
    out["roles"]["sector"] = [("health care", "social security")[number % 2] for number in range(len(roles))]
    out["codebook"] = codebook(list(codings["code"].cat.categories))
    documents = made.documents[["document", "title", "kind", "case", "language", "code_points"]].astype(
        {"document": "str", "title": "str", "case": "str"}
    )
    out["documents"] = documents.assign(
        role=made.order["role"].astype("str"), participant="p_" + documents["document"], release="none"
    )
    out |= themes_and_outcomes(list(out["cases"]["case"]), list(roles))
    return out | quotations(documents, list(roles))


def units(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences, which are the segments, and the paragraphs of five of them."""
    place = segments.groupby("document", observed=True).cumcount()
    paragraph = (place // 5 + 1).astype("str")
    sentences = segments.assign(kind="sentence", unit=paragraph + "." + (place % 5 + 1).astype("str"))
    blocks = segments.groupby(["document", paragraph.rename("unit")], observed=True, sort=False)
    paragraphs = blocks.agg(start=("start", "min"), end=("end", "max")).reset_index().assign(kind="paragraph")
    return pd.concat([sentences, paragraphs], ignore_index=True)[["document", "kind", "unit", "start", "end"]]


def codebook(codes: list[str]) -> pd.DataFrame:
    """Return ten groups and the codes below them."""
    groups = [{"code": f"group_{number}", "label": f"group_{number}"} for number in range(10)]
    below = [
        {"code": code, "label": code, "parent": f"group_{number % 10}", "definition": GENERATED}
        for number, code in enumerate(codes)
    ]
    return pd.DataFrame(groups + below)


def themes_and_outcomes(cases: list[str], roles: list[str]) -> dict[str, pd.DataFrame]:
    """Return themes, statements of influence, outcomes, facts and inventory, as large as a large study has them."""
    rng = np.random.default_rng(1)
    directions = ["promotes", "inhibits", "ambivalent"]
    themes = [{"theme": f"theme_{n}", "label": f"theme_{n}", "kind": "theme", "order": n + 1} for n in range(8)]
    themes += [
        {
            "theme": f"sub_{n:02d}",
            "label": f"sub_{n:02d}",
            "parent": f"theme_{n % 8}",
            "kind": "subtheme",
            "order": n + 9,
            "case": cases[n % len(cases)] if n % 2 else None,
            "valence": directions[n % 3],
            "voice": roles[n % len(roles)],
            "status": "stated",
        }
        for n in range(THEMES)
    ]
    pairs = [(a, b) for a, b in itertools.product(range(8), repeat=2) if a != b]
    relations = [
        {"relation": f"r{n}", "source": f"theme_{a}", "target": f"theme_{b}", "sign": "+-?"[n % 3], "kind": "stated"}
        | {"directed": True}
        for n, (a, b) in enumerate(pairs)
    ]
    kinds = ["outcome", "step", "requirement", "attribute"]
    outcomes = [
        {
            "row": f"o{number}_{case}",
            "outcome": f"o{number}",
            "label": f"Outcome {number}",
            "kind": kinds[number % 4],
            "order": number + 1,
            "case": case,
            "state": ["yes", "no"][rng.integers(0, 2)],
            "stage": "paper",
        }
        for number in range(16)
        for case in cases
    ]
    facts = [
        {"fact": f"f{n}", "field": f"field_{n % 20}", "value": str(n), "number": n, "status": "stated"}
        | {
            "stage": "paper",
            "source": GENERATED,
            "date": f"20{n % 20:02d}-01",
            "event": f"event {n}" if n < 20 else None,
        }
        for n in range(200)
    ]
    inventory = [
        {
            "item": f"i{n}",
            "stage": "paper",
            "method": "interview",
            "label": f"interviews {n}",
            "n": n,
            "unit": "interviews",
        }
        | {"status": "stated", "source": GENERATED, "roles": roles[n % len(roles)]}
        for n in range(20)
    ]
    told = {"themes": themes, "relations": relations, "outcomes": outcomes, "facts": facts, "inventory": inventory}
    return {name: pd.DataFrame(rows) for name, rows in told.items()}


def quotations(documents: pd.DataFrame, roles: list[str]) -> dict[str, pd.DataFrame]:
    """Return five hundred quotations, each of a document of its own."""
    chosen = documents.iloc[:: max(1, len(documents) // 500)]
    number = np.arange(len(chosen))
    rows = {
        "quotation": [f"q{n}" for n in number],
        "document": chosen["document"].to_numpy(),
        "start": 0,
        "end": 10,
        "theme": [f"sub_{n % THEMES:02d}" for n in number],
        "case": chosen["case"].to_numpy(),
        "role": [roles[n * 7 % len(roles)] for n in number],
        "words": 2,
        "paraphrase": GENERATED,
        "release": "none",
    }
    return {"quotations": pd.DataFrame(rows)}


def write(root: Path, given: argparse.Namespace) -> None:
    """Write the compendium: the study, the dictionary, and this repository's notebooks that run once per study."""
    from crosscase.study.model import StudyInfo
    from crosscase.study.save import save_study

    root.mkdir(parents=True)
    for name in ("notebooks", "data/dictionary", "data/frameworks"):
        shutil.copytree(HERE / name, root / name)
    shutil.copy(HERE / "requirements.lock", root)
    made = large_study(n_segments=given.segments, n_codings=given.codings, n_documents=given.documents, n_cases=CASES)
    coders = {coder: {"kind": "rule"} for coder in made.codings["coder"].cat.categories}
    about = {"title": "A large study", "short_title": "Large", "question": "Does it fit?", "stance": "content_analysis"}
    info = StudyInfo.model_validate(about | {"coders": coders, "primary_coder": next(iter(coders))})
    save_study(NAME, info, study_tables(made))
    chosen = [name for name in NOTEBOOKS if not given.only or name in given.only]
    entries = [{"notebook": name, "title": name, "per": "study", "reason": GENERATED} for name in chosen]
    plan = {"title": "A large study", "studies": [NAME], "notebooks": entries}
    (root / "compendium.yml").write_text(yaml.safe_dump(plan, sort_keys=False), encoding="utf-8")


class Watch(threading.Thread):
    """Reads memory and processor time of everything this process has started, until it is told to stop."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most: dict[str, float] = {}
        self.processor: dict[str, float] = {}
        self.together = 0.0
        self.stopping = threading.Event()

    def run(self) -> None:
        """Look ten times a second."""
        me = psutil.Process()
        while not self.stopping.wait(0.1):
            held = 0.0
            for process in me.children(recursive=True):
                try:
                    job = Path(process.environ().get(paths.RUN_VARIABLE, "")).name.split("+")[0]
                    own = process.memory_info().rss / MEMORY
                    times = process.cpu_times()
                except psutil.Error:
                    continue
                held += own
                self.most[job] = max(self.most.get(job, 0.0), own)
                self.processor[job] = max(self.processor.get(job, 0.0), times.user + times.system)
            self.together = max(self.together, held + me.memory_info().rss / MEMORY)


def measure(root: Path, workers: int) -> list[str]:
    """Build, and return the table of what it took."""
    from crosscase.pipeline import load_plan, run

    watch = Watch()
    watch.start()
    report = run(load_plan(), workers=workers, warm=False)  # so that each kernel tells whose it is
    watch.stopping.set()
    watch.join()
    lines = ["| notebook | seconds | of processor time | most memory, MB |", "|---|---:|---:|---:|"]
    for timing in sorted(report.done, key=lambda each: each.job):
        name = timing.job.split("/")[0]
        cells = f"{timing.seconds:.0f} | {watch.processor.get(name, 0):.0f} | {watch.most.get(name, 0):,.0f}"
        lines.append(f"| {name} | {cells} |")
    processor = sum(watch.processor.values())
    lines.append(f"| all, {workers} at a time | {report.seconds:.0f} | {processor:.0f} | {watch.together:,.0f} |")
    return [*lines, *(str(failure) for failure in report.failures)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=1_000_000)
    parser.add_argument("--codings", type=int, default=2_000_000)
    parser.add_argument("--documents", type=int, default=3_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", action="append", choices=NOTEBOOKS, help="only this notebook (repeat for more)")
    parser.add_argument("--keep", type=Path, help="a folder to build in and to leave; used again where it exists")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = given.keep or Path(folder) / "compendium"
        os.environ[paths.HOME_VARIABLE] = str(root)
        if not root.exists():
            begin = time.perf_counter()
            write(root, given)
            print(f"study written in {time.perf_counter() - begin:.0f} s")
        print("\n".join(measure(root, given.workers)))
        times = json.loads((root / "results" / "run.json").read_text(encoding="utf-8"))
        print(f"{given.segments:,} segments, {given.codings:,} codings; notebooks as of lock {times['crosscase']}")


if __name__ == "__main__":
    main()
