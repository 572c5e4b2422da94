"""Faults of this programme, kept for the operator: where they were raised, never what they said.

The text of an exception may quote a name, a password or a key, so only its kind and the lines of the programme
are written down, under the reference that the person sees.
"""

import contextlib
import datetime
import os
import secrets
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

from tashika_tui.delivery import FILE_MODE

# A few hundred faults; what is older goes.
_MAX_BYTES = 256 * 1024


def new_reference() -> str:
    """A fresh reference, short enough to be read out on the telephone."""
    return f"C-{secrets.token_hex(4).upper()}"


def record_nowhere(reference: str, error: BaseException) -> None:
    """Keeps nothing."""


def fault_lines(reference: str, error: BaseException, now: datetime.datetime) -> list[str]:
    """What is kept of a fault: when, which kind, and the lines that it came through."""
    lines = [f"{now.isoformat(timespec='seconds')} {reference} {type(error).__name__}"]
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}")
    return lines


def file_recorder(
    environment: Mapping[str, str], now: Callable[[], datetime.datetime]
) -> Callable[[str, BaseException], None]:
    """Keeps faults in `tashika/faults.log` of the user's state folder (XDG Base Directory Specification)."""

    def record(reference: str, error: BaseException) -> None:
        # A fault that can't be written down must not raise another one.
        with contextlib.suppress(OSError):
            _append(_path(environment), fault_lines(reference, error, now()))

    return record


def _path(environment: Mapping[str, str]) -> Path:
    state = environment.get("XDG_STATE_HOME") or ""
    home = Path(environment.get("HOME") or Path.home())
    folder = Path(state) if os.path.isabs(state) else home / ".local/state"
    return folder / "tashika" / "faults.log"


def _append(path: Path, lines: list[str]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    with open(descriptor, "ab") as stream:
        if os.fstat(descriptor).st_size > _MAX_BYTES:
            stream.truncate(0)
        stream.write(("\n".join(lines) + "\n").encode("utf-8", "backslashreplace"))
