"""JupyterLab for one person at this machine: it listens on the loopback interface only, and asks for a token."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from crosscase import paths
from crosscase.errors import Problem, raise_if

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OPENING = re.compile(r"--(?:\w+\.)?(ip|custom_display_url|allow_remote_access|allow_origin(?:_pat)?|sock)(?:=(.*))?")
_UNLOCKING = re.compile(
    r"--(?:\w+\.)?(token|password|hashed_password|identity_provider_class|allow_unauthenticated_access|"
    r"disable_check_xsrf|config|config_file|authenticate_prometheus)(?:=.*)?"
)


def lab_settings() -> dict[str, dict[str, object]]:
    """Return the settings of JupyterLab, read after a person's own, so that nobody else at any machine gets in."""
    token = secrets.token_urlsafe(32)
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "allow_remote_access": False,
            "allow_origin": "",
            "allow_origin_pat": "",
            "allow_unauthenticated_access": False,
            "disable_check_xsrf": False,
            "root_dir": str(paths.notebooks()),
        },
        "IdentityProvider": {"token": token},
        "PasswordIdentityProvider": {"token": token, "hashed_password": ""},
        "KernelManager": {"ip": "127.0.0.1"},
        "ConnectionFileMixin": {"ip": "127.0.0.1"},
    }


def check_arguments(arguments: Sequence[str]) -> None:
    """Refuse what would open JupyterLab to others.

    Raises `CrosscaseError` with each such argument.
    """
    problems = []
    for place, argument in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        if found := _OPENING.fullmatch(argument):
            value = following if found[2] is None else found[2]
            if found[1] != "ip" or value not in LOOPBACK:
                rule = "JupyterLab listens on this machine only"
                remedy = "leave it out; from another machine: ssh -L 8888:127.0.0.1:8888 HOST"
                problems.append(Problem("crosscase lab", rule, argument, "127.0.0.1", remedy))
        elif _UNLOCKING.fullmatch(argument):
            rule = "JupyterLab asks for a token that is made anew at each start"
            problems.append(Problem("crosscase lab", rule, argument.partition("=")[0], remedy="leave it out"))
    raise_if(problems)


def open_lab(arguments: Sequence[str], say: Callable[[str], Any] = print) -> int:
    """Open JupyterLab in the folder of notebooks and return its status.

    `arguments`: more arguments of JupyterLab. `say`: takes a line for people: the token. Raises `CrosscaseError` where
    an argument would open it to others.
    """
    check_arguments(arguments)
    with tempfile.TemporaryDirectory(prefix="crosscase-lab-") as folder:  # readable by this user alone
        file = Path(folder) / "settings.json"
        file.touch(mode=0o600)
        settings = lab_settings()
        file.write_text(json.dumps(settings), encoding="utf-8")
        say(f"Where a page asks for a token: {settings['IdentityProvider']['token']}")
        environment = os.environ | {paths.HOME_VARIABLE: str(paths.root())}
        command = [sys.executable, "-m", "jupyterlab", f"--config={file}", *arguments]
        return subprocess.call(command, env=environment)
