"""Where a sign-in is remembered between commands: one file per server, for the user's eyes only."""

import datetime
import hashlib
import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tashika_tui.delivery import FILE_MODE, save
from tashika_tui.problems import LocalError

_FOLDER_MODE = 0o700

# A file that we wrote has some hundred bytes.
_MAX_FILE_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class SignIn:
    """A remembered session of one person at one server. `expire_time` is when it ends at the latest."""

    server: str
    login_name: str
    expire_time: datetime.datetime | None
    token: str = field(repr=False)


def remember(environment: Mapping[str, str], sign_in: SignIn) -> None:
    """Keeps the session for later commands, in place of an earlier one. Raises LocalError."""
    path = _path(environment, sign_in.server)
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise LocalError("problem.file_write", path=path, cause=error.strerror or "") from None
    expire = sign_in.expire_time.isoformat() if sign_in.expire_time else ""
    fields = {
        "server": sign_in.server,
        "login_name": sign_in.login_name,
        "expire_time": expire,
        "token": sign_in.token,
    }
    save(path, json.dumps(fields).encode("ascii"), overwrite=True)


def recall(environment: Mapping[str, str], server: str) -> SignIn | None:
    """The remembered session at this server, None where there is none.

    Raises LocalError if the file is not the user's alone, since somebody may have put it there, or read it.
    """
    path = _path(environment, server)
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise LocalError("problem.sign_in_file", path=path, cause=error.strerror or "") from None
    with open(descriptor, "rb") as stream:
        _check_owner(path, os.fstat(stream.fileno()))
        data = stream.read(_MAX_FILE_BYTES)
    return _parse(data, server)


def forget(environment: Mapping[str, str], server: str) -> None:
    """Deletes what is remembered of this server. Raises LocalError."""
    path = _path(environment, server)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise LocalError("problem.file_write", path=path, cause=error.strerror or "") from None


def _path(environment: Mapping[str, str], server: str) -> Path:
    """The file of one server, below XDG_STATE_HOME (XDG Base Directory Specification)."""
    state = environment.get("XDG_STATE_HOME") or ""
    # The specification tells to ignore relative paths.
    folder = (
        Path(state) if os.path.isabs(state) else Path(environment.get("HOME") or Path.home()) / ".local/state"
    )
    return folder / "tashika" / f"session-{hashlib.sha256(server.encode()).hexdigest()[:32]}.json"


def _check_owner(path: Path, status: os.stat_result) -> None:
    if not hasattr(os, "getuid"):
        return
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid != os.getuid() or mode & ~FILE_MODE or not stat.S_ISREG(status.st_mode):
        raise LocalError("problem.sign_in_open", path=path)


def _parse(data: bytes, server: str) -> SignIn | None:
    """The session of a file's bytes; None for what can't be read: signing in again writes it anew."""
    try:
        fields = json.loads(data)
        token, expire = fields["token"], fields["expire_time"]
        if fields["server"] != server or not (
            isinstance(token, str) and token.isascii() and token.isprintable()
        ):
            return None
        expire_time = datetime.datetime.fromisoformat(expire) if expire else None
        return SignIn(server, str(fields["login_name"]), expire_time, token)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
