"""Texts without this machine: no absolute path, no name of a user, no key; and an environment without keys."""

from __future__ import annotations

import getpass
import json
import os
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from crosscase import paths
from crosscase.pipeline.homes import without_homes

SECRET = re.compile(
    r"TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|COOKIE|AUTH(?!OR)|(?:API|ACCESS|PRIVATE|ACCOUNT)_?KEY|_KEY$|_PAT$|"
    r"_DSN$|CONNECTION_STRING",
    re.IGNORECASE,
)
"""Names of environment variables whose values nobody else may see."""
_LOGIN = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s@]+@", re.IGNORECASE)
SHORTEST_SECRET = 8
HIDDEN = "<hidden>"
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


def is_secret(name: str, value: str = "") -> bool:
    """Tell whether an environment variable holds what nobody else may see.

    >>> is_secret("GITHUB_TOKEN"), is_secret("HTTPS_PROXY", "http://ann:pw@proxy:8080"), is_secret("LANG", "C")
    (True, True, False)
    """
    return bool(SECRET.search(name) or _LOGIN.match(value))


def without_secrets(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment without keys, tokens, passwords and addresses that hold a login."""
    return {name: value for name, value in environment.items() if not is_secret(name, value)}


def stand_ins(places: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what must not be seen -> what stands for it.

    `places`: more folders of this machine with the words for them.
    """
    known = dict(places or {}) | {
        str(paths.root()): "<compendium>",
        str(paths.source().parent): "<source>",
        sys.prefix: "<python>",
        sys.base_prefix: "<python>",
        str(Path.home()): "~",
        tempfile.gettempdir(): "<temporary>",
    }
    return known | {value: HIDDEN for name, value in os.environ.items() if _hidden(name, value)}


def _hidden(name: str, value: str) -> bool:
    plain = len(value) >= SHORTEST_SECRET and not any(character.isspace() for character in value)
    return plain and is_secret(name, value) and not os.path.exists(value)


def tidy(text: str, known: Mapping[str, str]) -> str:
    """Return a text in which what must not be seen is replaced, however it is written.

    `known`: as `stand_ins` returns it.

    >>> tidy("at /home/ann and 'C:/Users/ann'", {})
    "at ~ and '~'"
    >>> tidy("https://example.org/home/ann", {})
    'https://example.org/home/ann'
    """
    pattern, words = _patterns(tuple(known.items()))
    if pattern is not None and any(form in text for form in words):
        text = pattern.sub(lambda found: words[found[1] or found[2]], text)
    text = without_homes(text)
    who = _user()
    return who.sub("<user>", text) if who else text


@lru_cache(maxsize=64)
def _patterns(known: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str] | None, dict[str, str]]:
    """Return one pattern for every way of writing what is known, the longest first."""
    words: dict[str, str] = {}
    for name, word in known:
        if len(name) < 4:
            continue
        for form in _forms(name):
            words.setdefault(form, word)
    if not words:
        return None, {}
    ordered = sorted(words, key=len, reverse=True)
    keys = "|".join(re.escape(form) for form in ordered if words[form] == HIDDEN) or r"(?!)"
    folders = "|".join(re.escape(form) for form in ordered if words[form] != HIDDEN) or r"(?!)"
    start = r"(?:file://(?:localhost)?/?(?=/|[A-Za-z]:)|(?<![\w.~%-])|(?<=%2F|%5C|%22|%27))"
    return re.compile(rf"({keys})|{start}({folders})(?![\w%-])"), words


def _forms(name: str) -> list[str]:
    """Return a path or key as programs write it: as it is, with other slashes, escaped once or twice, as an address."""
    plain = [name, os.path.realpath(name) if os.path.isabs(name) else name]
    if _DRIVE.match(name):  # Windows tells capitals apart nowhere, and programs write a drive either way
        plain += [name[0].lower() + name[1:], name[0].upper() + name[1:], name.lower()]
    forms = [*plain, *(each.replace("\\", "/") for each in plain)]
    forms += [quote(each, safe) for each in forms for safe in ("/", "/:", "")]
    escaped = [json.dumps(each)[1:-1] for each in forms] + [repr(each)[1:-1] for each in forms]
    escaped += [form for each in forms if not each.isascii() for form in (ascii(each)[1:-1], repr(each.encode())[2:-1])]
    escaped += [each.replace("/", "\\/") for each in [*forms, *escaped] if "/" in each]
    twice = [json.dumps(each)[1:-1] for each in escaped]
    return list(dict.fromkeys([*forms, *escaped, *twice]))


@lru_cache(maxsize=1)
def _user() -> re.Pattern[str] | None:
    """Return a pattern of this user at this machine or in a variable, as prompts, logs and environments print them.

    The name alone may be a word.
    """
    try:
        user, host = getpass.getuser(), socket.gethostname()
    except (OSError, KeyError, ImportError):
        return None
    if not user or not host:
        return None
    name = re.escape(user)
    return re.compile(
        rf"(?<!\w){name}@{re.escape(host)}(?!\w)|(?<=USER=){name}(?!\w)|(?<=NAME=){name}(?!\w)"
        rf"|(?<=USER': '){name}(?=')|(?<=NAME': '){name}(?=')"
        rf'|(?<=USER": "){name}(?=")|(?<=NAME": "){name}(?=")'
    )
