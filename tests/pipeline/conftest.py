"""A small compendium to run: two studies, three notebooks per study, one that reads what they kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

READ = """\
from crosscase import paths, trace
text = trace.note_read(paths.studies() / study / "cases.csv").read_text(encoding="utf-8")
cases = text.split()[1:]
print(len(cases), "cases")
"""
KEEP = """\
import json, os
from pathlib import Path
run = Path(os.environ["CROSSCASE_RUN"])
record = {"id": f"{study}.cases.number", "value": len(cases) + seed, "text": str(len(cases))}
(run / "values.json").write_text(json.dumps([record]))
"""
COLLECT = """\
import json, os
from pathlib import Path
from crosscase import paths, trace
run = Path(os.environ["CROSSCASE_RUN"])
total = 0
for name in json.loads((run / "job.json").read_text())["after"]:
    file = trace.note_read(paths.runs() / name / "values.json")
    total += sum(record["value"] for record in json.loads(file.read_text()))
(run / "total.txt").write_text(f"{title}: {total}")
total
"""


class Compendium:
    """Writes and changes the parts of a compendium under a folder."""

    read, keep, collect = READ, KEEP, COLLECT

    def __init__(self, root: Path) -> None:
        self.root = root
        self.results = root / "results"
        (root / "notebooks").mkdir(parents=True)
        (root / "requirements.lock").write_text("pandas==3.1.1\n")
        self.plan: dict[str, Any] = {"title": "Two studies", "studies": "all", "notebooks": []}

    def study(self, name: str, cases: list[str]) -> None:
        folder = self.root / "data" / "studies" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.yml").write_text(f"title: {name}\n")
        (folder / "cases.csv").write_text("\n".join(["case", *cases]) + "\n")

    def notebook(self, name: str, parameters: str | None, *cells: str, **entry: Any) -> None:
        node = nbformat.v4.new_notebook()
        node.cells.append(nbformat.v4.new_markdown_cell(f"# {name}", id="title"))
        if parameters is not None:
            cell = nbformat.v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]})
            node.cells.append(cell)
        node.cells += [nbformat.v4.new_code_cell(text, id=f"c{number}") for number, text in enumerate(cells)]
        nbformat.write(node, self.root / "notebooks" / f"{name}.ipynb")
        others = [known for known in self.plan["notebooks"] if known["notebook"] != name]
        default = {"notebook": name, "title": name, "per": "study", "reason": "to test"}
        old = next((known for known in self.plan["notebooks"] if known["notebook"] == name), default)
        position = self.plan["notebooks"].index(old) if old in self.plan["notebooks"] else len(others)
        others.insert(position, old | entry)
        self.plan["notebooks"] = others
        self.write()

    def entry(self, name: str) -> dict[str, Any]:
        return next(entry for entry in self.plan["notebooks"] if entry["notebook"] == name)

    def write(self) -> None:
        text = yaml.safe_dump(self.plan, sort_keys=False, allow_unicode=True)
        (self.root / "compendium.yml").write_text(text, encoding="utf-8")

    def bytes_of_runs(self) -> dict[str, bytes]:
        runs = self.results / "runs"
        return {
            path.relative_to(runs).as_posix(): path.read_bytes() for path in sorted(runs.rglob("*")) if path.is_file()
        }


@pytest.fixture
def compendium(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compendium:
    made = Compendium(tmp_path / "a compendium é")
    monkeypatch.setenv("CROSSCASE_HOME", str(made.root))
    made.study("north", ["a", "b"])
    made.study("south", ["c"])
    made.notebook("10_cases", "study = 'north'  # which study\nseed = 0  # of the sampler", READ, KEEP)
    made.notebook("20_total", "title = 'Sum'  # heading", COLLECT, per="compendium", after=["10_cases"])
    return made
