"""Shows the preview in a browser of this machine and of nobody else, and lets its pages ask for what is new.

Three things keep others out: it listens on the loopback interface only; each address begins with a token that is made
anew at each start, so that neither another user of this machine nor a page of another site knows one; and a request
must name this machine as the host, so that no name of another site that leads here (DNS rebinding) is served.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from crosscase import paths

HERE = "127.0.0.1"
STATE, SCRIPT = ".state", ".preview.js"
KINDS = {
    **{"html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"},
    **{"json": "application/json", "svg": "image/svg+xml", "png": "image/png", "txt": "text/plain; charset=utf-8"},
    **{"csv": "text/csv; charset=utf-8", "pdf": "application/pdf", "woff2": "font/woff2", "ico": "image/x-icon"},
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
NOTHING_LOADED, ASKS = "default-src 'none';", "default-src 'none'; connect-src 'self';"
"""How the policy of a page of the book begins, and how it does while its page may ask for what is new."""
WAIT = (
    "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'><title>{title}</title></head>"
    "<body style='font-family: sans-serif; margin: 4em'><h1>{title}</h1><p>{words}</p></body></html>\n"
)


@dataclass
class Said:
    """What the pages of a preview tell beside what they show."""

    doing: str = "The pages are made; this page shows the book as soon as it is there."  # empty where nothing is done
    problems: list[str] = field(default_factory=list)  # what is wrong, each with file and line
    notes: list[str] = field(default_factory=list)  # what may be looked at, such as a typed number


class Server:
    """Serves the files of a folder below an address that nobody guesses, until it is closed."""

    def __init__(self, site: Path) -> None:
        self.site, self.said, self.assets = site, Said(), ""
        self.token = secrets.token_urlsafe(24)
        self._http = ThreadingHTTPServer((HERE, 0), _handler(self))
        self._http.daemon_threads = True
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """The address of the first page."""
        return f"http://{HERE}:{self.port}/{self.token}/"

    def hosts(self) -> set[str]:
        """Return the names by which a request may call this machine."""
        return {f"{name}:{self.port}" for name in (HERE, "localhost")}

    def close(self) -> None:
        """Stop serving; nothing of it is left."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def file(self, path: str) -> Path | None:
        """Return the file of the site at a path below the token; None where it is none of the site."""
        parts = unquote(path).split("/")
        if any(part in ("..", ".") or part.startswith(".") or set(part) & set("\\:\0") for part in parts):
            return None
        place = self.site.joinpath(*[part for part in parts if part])
        place = place / "index.html" if not parts[-1] else place
        inside = place.resolve().is_relative_to(self.site.resolve())
        return place if inside and place.is_file() else None

    def stamp(self, path: str) -> str:
        """Return what changes where a page, or a picture or style of any page, does."""
        file = self.file(path)
        content = file.read_bytes() if file else b""
        return hashlib.sha256(content + self.assets.encode()).hexdigest()[:16]

    def state(self, path: str) -> bytes:
        """Return what a page asks for: its stamp, and what is said."""
        state = {"stamp": self.stamp(path)} | vars(self.said)
        return json.dumps(state, ensure_ascii=False).encode()

    def page(self, path: str, content: bytes) -> bytes:
        """Return a page with the script that asks for what is new; the file of the page is left as it is."""
        text = content.decode("utf-8").replace(NOTHING_LOADED, ASKS, 1)
        of = escape(json.dumps({"page": path, "stamp": self.stamp(path)}))
        script = f'<script src="/{self.token}/{SCRIPT}" data-preview="{of}" defer></script>'
        before, head, after = text.partition("</head>")
        return f"{before}{script}{head}{after}".encode()

    def missing(self, path: str) -> bytes:
        """Return a page in the place of one that is not there, or not yet."""
        words = self.said.doing or "The book has no such page."
        return self.page(path, WAIT.format(title="Preview", words=escape(words)).encode())


def _handler(server: Server) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version, sys_version = "crosscase", ""

        def do_GET(self) -> None:
            hosts = self.headers.get_all("Host") or []
            if len(hosts) != 1 or hosts[0].strip().lower() not in server.hosts():
                self.answer(HTTPStatus.MISDIRECTED_REQUEST, "txt", b"This is the preview of another machine.\n")
                return
            address = urlsplit(self.path)
            token, _, path = address.path.removeprefix("/").partition("/")
            if not secrets.compare_digest(token.encode(), server.token.encode()):
                words = b"Open the address that crosscase preview has printed.\n"
                self.answer(HTTPStatus.FORBIDDEN, "txt", words)
            elif path == STATE:
                page = parse_qs(address.query).get("page", [""])[0]
                self.answer(HTTPStatus.OK, "json", server.state(page))
            elif path == SCRIPT:
                script = paths.source() / "pipeline" / "preview.js"
                self.answer(HTTPStatus.OK, "js", script.read_bytes())
            else:
                self.show(path)

        do_HEAD = do_GET

        def show(self, path: str) -> None:
            file = server.file(path)
            try:
                content = file.read_bytes() if file else None
            except OSError:  # it went while it was asked for
                content = None
            if file is None or content is None:
                self.answer(HTTPStatus.NOT_FOUND, "html", server.missing(path))
                return
            kind = file.suffix.lower().removeprefix(".")
            self.answer(HTTPStatus.OK, kind, server.page(path, content) if kind == "html" else content)

        def answer(self, status: HTTPStatus, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", KINDS.get(kind, "application/octet-stream"))
            self.send_header("Content-Length", str(len(content)))
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing: an address holds the token."""

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:  # the browser has gone
                self.close_connection = True

    return Handler
