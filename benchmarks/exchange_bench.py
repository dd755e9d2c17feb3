"""Measure the import of a large REFI-QDA project against a plain pass over its XML and against pyrefiqda.

`python benchmarks/exchange_bench.py [documents] [megabytes of text] [codings]`; by default 1,000, 50 and 100,000.
Every measurement runs in a process of its own, so that its peak memory is its own. The bar: the whole import (reading,
checking positions, neutral ids, a keyed hash of each segment, writing every table and text) takes at most seven times a
plain lxml pass over the same XML. Where
pyrefiqda lies in another environment, `PYREFIQDA_PYTHON` names its interpreter.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BAR = 7.0
REPEATS = 5
WORDS = [
    "the",
    "nurse",
    "of",
    "each",
    "region",
    "meets",
    "people",
    "who",
    "work",
    "in",
    "care",
    "and",
    "asks",
    "what",
    "they",
    "need,",
    "então",
    "é",
    "assim",
]


def generate(
    path: Path, n_documents: int, megabytes: float, n_codings: int, seed: int = 1, n_codes: int = 200, n_users: int = 4
) -> None:
    """Write a project with texts of words, nested codes, and segments that begin and end at words."""
    chance = random.Random(seed)

    def guid() -> str:
        return str(uuid.UUID(int=chance.getrandbits(128)))

    users = [guid() for _ in range(n_users)]
    codes = [guid() for _ in range(n_codes)]
    length = int(megabytes * 1e6 / n_documents)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        sources = []
        for number in range(n_documents):
            words, size = [], 0
            while size < length:
                word = chance.choice(WORDS) + ("\n" if chance.random() < 0.01 else "")
                words.append(word)
                size += len(word) + 1
            text = " ".join(words)
            key = guid()
            archive.writestr(f"sources/{key}.txt", text)
            marks = []
            for _ in range(n_codings // n_documents):
                start = text.rfind(" ", 0, chance.randrange(1, len(text) - 300)) + 1
                end = text.find(" ", start + chance.randrange(20, 250))
                marks.append(
                    f'<PlainTextSelection creatingUser="{users[0]}" creationDateTime="2021-10-11T14:35:33Z" '
                    f'guid="{guid()}" startPosition="{start}" endPosition="{end}" name=""><Coding '
                    f'creatingUser="{chance.choice(users)}" creationDateTime="2021-10-11T14:35:26Z" guid="{guid()}">'
                    f'<CodeRef targetGUID="{chance.choice(codes)}"/></Coding></PlainTextSelection>'
                )
            head = f'<TextSource guid="{key}" name="Interview {number}" plainTextPath="internal://{key}.txt">'
            sources.append(head + "".join(marks) + "</TextSource>")
        tree = "".join(
            f'<Code guid="{codes[n]}" name="code {n}" isCodable="true">'
            + "".join(f'<Code guid="{codes[n + m]}" name="code {n + m}" isCodable="true"/>' for m in range(1, 10))
            + "</Code>"
            for n in range(0, n_codes, 10)
        )
        people = "".join(f'<User guid="{user}" name="coder {n}"/>' for n, user in enumerate(users))
        archive.writestr(
            "project.qde",
            '<?xml version="1.0" encoding="utf-8"?><Project name="large" origin="generator" '
            f'xmlns="urn:QDA-XML:project:1.0"><Users>{people}</Users><CodeBook><Codes>{tree}</Codes></CodeBook>'
            f"<Sources>{''.join(sources)}</Sources></Project>",
        )


def plain_pass(path: Path) -> int:
    """Go over the XML once with lxml, forgetting each element."""
    from lxml import etree

    n = 0
    with zipfile.ZipFile(path) as archive, archive.open("project.qde") as stream:
        for _, element in etree.iterparse(stream, events=("end",)):
            n += 1
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return n


def read(path: Path) -> int:
    """Read the project into tables."""
    from crosscase.exchange.qdpx_read import read_qdpx

    return len(read_qdpx(path).frames["codings"])


def whole_import(path: Path) -> int:
    """Read the project and write the study."""
    from crosscase.exchange import import_file

    return import_file(path, "large", replace=True).counts["codings"]


def pyrefiqda(path: Path) -> int:
    """Load the project with pyrefiqda (XML only: it does not look at positions)."""
    from pyrefiqda import RefiProject  # type: ignore[import-not-found]

    with tempfile.TemporaryDirectory() as folder:
        project = RefiProject.load(str(path), folder)
    return int(project is not None)


MEASURED = {
    "plain lxml pass": plain_pass,
    "read into tables": read,
    "whole import": whole_import,
    "pyrefiqda": pyrefiqda,
}


def measure(name: str, path: Path) -> dict[str, float | str]:
    """Run one measurement in a process of its own; the modules are loaded before the clock starts."""
    python = os.environ.get("PYREFIQDA_PYTHON", sys.executable) if name == "pyrefiqda" else sys.executable
    command = [python, str(Path(__file__).resolve()), "--one", name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=path.parent)
    if done.returncode:
        return {"name": name, "error": (done.stderr.strip().splitlines() or ["?"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def interleaved(path: Path) -> list[dict[str, float | str]]:
    """Return for each measurement the run with the least CPU time: another load on the machine only ever adds.

    The measurements take turns, so that a busy minute falls on all of them.
    """
    runs = [[measure(name, path) for name in MEASURED] for _ in range(REPEATS)]
    return [min(turns, key=lambda run: float(run.get("cpu", "inf"))) for turns in zip(*runs)]


def one(name: str, path: Path) -> None:
    if name in ("read into tables", "whole import"):
        import pandera.pandas
        import py3langid

        import crosscase.exchange.qdpx_read

        py3langid.classify("warm")
        assert pandera.pandas
        assert crosscase.exchange.qdpx_read
    if name == "pyrefiqda":
        import pyrefiqda as loaded  # type: ignore[import-not-found]

        assert loaded
    began, cpu = time.perf_counter(), time.process_time()
    count = MEASURED[name](path)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"name": name, "seconds": took, "cpu": cpu, "peak_mb": peak, "count": count}))


def main(arguments: list[str]) -> int:
    sizes = [float(a) for a in arguments] + [1000, 50, 100_000][len(arguments) :]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        shutil.copytree(ROOT / "data" / "dictionary", home / "data" / "dictionary")
        (home / "data" / "studies").mkdir()
        (home / "compendium.yml").write_text("studies: []\n")
        os.environ["CROSSCASE_HOME"] = str(home)
        path = Path(folder) / "large.qdpx"
        generate(path, int(sizes[0]), sizes[1], int(sizes[2]))
        with zipfile.ZipFile(path) as archive:
            xml = archive.getinfo("project.qde").file_size / 1e6
        print(f"{int(sizes[0]):,} documents, {sizes[1]:g} MB of text, {int(sizes[2]):,} codings, {xml:.1f} MB of XML")
        results = interleaved(path)
    base = next(float(r["cpu"]) for r in results if r["name"] == "plain lxml pass")
    for result in results:
        if "error" in result:
            print(f"{result['name']:<18} not run: {result['error']}")
            continue
        print(
            f"{result['name']:<18} {result['seconds']:7.2f} s  CPU {result['cpu']:6.2f} s  "
            f"{float(result['cpu']) / base:5.1f} x  peak {result['peak_mb']:6.0f} MB  count {result['count']:,}"
        )
    whole = next((float(r["cpu"]) for r in results if r["name"] == "whole import" and "cpu" in r), float("inf"))
    print(f"bar: the whole import takes at most {BAR:g} x the plain pass; it takes {whole / base:.1f} x")
    return int(whole > BAR * base)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        sys.exit(main(sys.argv[1:]))
