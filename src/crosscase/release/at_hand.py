"""Whether a text is at hand, and whether anything about the texts changed; asked at every build, so it is light."""

from __future__ import annotations

from crosscase import paths


def state() -> str:
    """Return what shows, without a text being read, that texts or permissions changed; empty where there is no text.

    The level belongs to it: names that are not public may stand in what is built as restricted, and only there.
    """
    folder = paths.restricted()
    texts = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    if not texts:
        return ""
    public = [path for pattern in ("*/*.csv", "*/study.yml") for path in paths.studies().glob(pattern)]
    program = (paths.source() / "release").glob("*.py")
    seen = [(path, path.stat()) for path in (*sorted(texts), *sorted(public), *sorted(program))]
    return "\n".join([str(folder), paths.level(), *(f"{path} {now.st_mtime_ns} {now.st_size}" for path, now in seen)])
