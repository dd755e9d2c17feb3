"""JupyterLab for one person at this machine: it listens on the loopback interface only, and asks for a token."""

from __future__ import annotations

import contextlib
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
from crosscase.pipeline.ending import PATIENCE, end, like_ctrl_c, not_disturbed

APART: dict[str, Any] = {"start_new_session": True}
"""Ctrl-C is ours to handle: JupyterLab would ask on the terminal whether it is meant, and be killed meanwhile."""
if os.name == "nt":
    APART = {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_OPENING = re.compile(r"--(?:\w+\.)?(ip|custom_display_url|allow_remote_access|allow_origin(?:_pat)?|sock)(?:=(.*))?")
_UNLOCKING = re.compile(
    r"--(?:\w+\.)?(token|password|hashed_password|identity_provider_class|allow_unauthenticated_access|"
    r"disable_check_xsrf|config|config_file|authenticate_prometheus)(?:=.*)?"
)


def lab_settings(folder: Path | None = None) -> dict[str, dict[str, object]]:
    """Return the settings of JupyterLab, read after a person's own, so that nobody else at any machine gets in.

    `folder` is what it shows; the folder of notebooks by default.
    """
    token = secrets.token_urlsafe(32)
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "allow_remote_access": False,
            "allow_origin": "",
            "allow_origin_pat": "",
            "allow_unauthenticated_access": False,
            "disable_check_xsrf": False,
            "root_dir": str(folder or paths.notebooks()),
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


def open_lab(place: Path, arguments: Sequence[str] = (), say: Callable[[str], Any] = print) -> int:
    """Open JupyterLab on a notebook or a folder; it ends with us, however we end, and its kernels with it.

    Parameters
    ----------
    place : pathlib.Path
        A notebook, which is opened in its folder, or a folder.
    arguments : sequence of str
        More arguments of JupyterLab.
    say : callable
        Takes a line for people: the token.

    Returns
    -------
    int
        The status of JupyterLab; 0 where a person ended it (Ctrl-C, a closed terminal).

    Raises
    ------
    CrosscaseError
        Where an argument would open it to others.
    """
    check_arguments(arguments)
    folder = place if place.is_dir() else place.parent
    shown = [] if place.is_dir() else [place.name]
    with tempfile.TemporaryDirectory(prefix="crosscase-lab-") as private:  # readable by this user alone
        file = Path(private) / "settings.json"
        file.touch(mode=0o600)
        settings = lab_settings(folder)
        file.write_text(json.dumps(settings), encoding="utf-8")
        say(f"Where a page asks for a token: {settings['IdentityProvider']['token']}")
        environment = os.environ | {paths.HOME_VARIABLE: str(paths.root())}
        script = Path(__file__).with_name("lab_server.py")
        command = [sys.executable, str(script), f"--config={file}", *shown, *arguments]
        process: subprocess.Popen[bytes] | None = None
        try:
            with like_ctrl_c():
                process = subprocess.Popen(command, env=environment, cwd=folder, stdin=subprocess.PIPE, **APART)
                return process.wait()
        except KeyboardInterrupt:
            say("JupyterLab ends, and its kernels with it.")
            return 0
        finally:
            with not_disturbed():
                if process is not None:
                    end_lab(process)


def end_lab(process: subprocess.Popen[bytes]) -> None:
    """End a JupyterLab that `open_lab` has started: it ends its kernels first; end it where it does not."""
    assert process.stdin is not None
    with contextlib.suppress(OSError):
        process.stdin.close()  # which it takes for the word to end, see `lab_server`
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        end(process)
